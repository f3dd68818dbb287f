"""Folded blocks: hidden notebook cells, hints and solutions all open and close alike."""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform


def folded(summary: str, *content: nodes.Node) -> list[nodes.Node]:
    opening = f'<details class="fold"><summary>{summary}</summary>'
    return [
        nodes.raw("", opening, format="html"),
        *content,
        nodes.raw("", "</details>", format="html"),
    ]


class FoldHiddenCells(SphinxPostTransform):
    """myst-nb gives its folds a label that differs from the text that one sees."""

    default_priority = 201  # after myst-nb has made them
    formats = ("html",)

    def run(self, **kwargs):
        for node in list(self.document.findall(HideCodeCellNode)):
            node.parent.replace(node, folded(node["prompt_show"], *node.children))


def setup(app):
    app.add_post_transform(FoldHiddenCells)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
