"""Folded blocks: hidden notebook cells, hints and solutions all open and close alike."""

import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform

UNNAMED = "source"  # what _config.yml makes of a prompt that no cell has set
SUMMARIES = {"check": "Show the check", "drawing": "Show the code of this figure"}
LABEL = re.compile(r"\bex-[\w-]+")


def folded(summary: str, *content: nodes.Node, kind: str = "") -> list[nodes.Node]:
    opening = f'<details class="{" ".join(["fold", kind]).strip()}"><summary>{summary}</summary>'
    return [
        nodes.raw("", opening, format="html"),
        *content,
        nodes.raw("", "</details>", format="html"),
    ]


class FoldHiddenCells(SphinxPostTransform):
    """myst-nb gives its folds a label that differs from the text that one sees.

    A check and a figure's code are named as such. Where the text of a fold names an exercise by
    its label, one sees the exercise's number, and the code is left out where there are no
    solutions.
    """

    default_priority = 201  # after myst-nb has made them
    formats = ("html",)

    def run(self, **kwargs):
        numbers = self.env.toc_fignumbers.get(self.env.docname, {}).get("exercise", {})
        for node in list(self.document.findall(HideCodeCellNode)):
            prompt, kind = node["prompt_show"], ""
            if prompt == UNNAMED:
                kind = "check" if "tag_check" in node.parent["classes"] else "drawing"
                prompt = SUMMARIES[kind]
            summary = LABEL.sub(lambda label: ".".join(map(str, numbers[label[0]])), prompt)
            if self.config.solutions or not LABEL.search(prompt):
                node.parent.replace(node, folded(summary, *node.children, kind=kind))
            else:
                words = f"This code {summary.partition(': it ')[2]}, and is left out."
                note = nodes.paragraph("", "", nodes.emphasis("", words), classes=["left-out"])
                node.parent.replace(node, note)


def setup(app):
    app.add_post_transform(FoldHiddenCells)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
