"""The solutions page, made from the functions that check the reader's answers.

``{solutions} neuron`` gives every exercise of nnlib.exercises.neuron a section; its hints, its
solution and the wrong answers stay folded until opened. In the chapters, each exercise ends
with a link to its section.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from folds import folded
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx_exercise.nodes import is_exercise_node

from nnlib.exercises import exercises

TITLE = re.compile(r"\{exercise\} *(.*)\n:label: *(\S+)")


def titles(notebook: Path) -> dict[str, str]:
    """The title of each exercise by its label, as the notebook states them."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return {label: title for source in sources for title, label in TITLE.findall(source)}


def prose(text: str) -> list[nodes.Node]:
    """Text in which only `code` between backticks is markup, as in the hints."""
    parts = re.split("`+([^`]+)`+", " ".join(text.split()))
    return [nodes.literal(p, p) if i % 2 else nodes.Text(p) for i, p in enumerate(parts) if p]


def paragraph(*content: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *content)


class Solutions(SphinxDirective):
    """One section for each exercise of a chapter."""

    required_arguments = 1

    def run(self):
        (chapter,) = self.arguments
        (notebook,) = Path(self.env.srcdir, "chapters").glob(f"*_{chapter}.ipynb")
        self.env.note_dependency(str(notebook))
        title_of = titles(notebook)
        sections = []
        for name, exercise in exercises(chapter).items():
            slug = f"{chapter}-{name.replace('_', '-')}"
            title = title_of.get(f"ex-{slug}", name)
            sections.append(self.section(slug, title, exercise))
        return sections

    def section(self, slug: str, title: str, exercise) -> nodes.section:
        heading, _ = self.state.inline_text(title, self.lineno)
        section = nodes.section("", nodes.title("", "", *heading), names=[f"sol-{slug}"])
        self.state.document.note_explicit_target(section)
        task = exercise.solve.__doc__.split("\n\n")[0]
        section += paragraph(self.link(f"ex-{slug}"), nodes.Text(". "), *prose(task))
        for number, hint in enumerate(exercise.hints, start=1):
            section += folded(f"Hint {number} of {len(exercise.hints)}", paragraph(*prose(hint)))
        source = exercise.source()
        section += folded("Solution", nodes.literal_block(source, source, language="python"))
        if exercise.mistakes:
            items = (nodes.list_item("", paragraph(*prose(text))) for text in exercise.mistakes)
            section += folded("Wrong answers, and what they are", nodes.bullet_list("", *items))
        return section

    def link(self, label: str) -> addnodes.pending_xref:
        """A link to the exercise, by its number."""
        return addnodes.pending_xref(
            "",
            nodes.inline("", label),
            refdoc=self.env.docname,
            refdomain="std",
            reftype="numref",
            reftarget=label,
            refexplicit=False,
            refwarn=True,
        )


class FinishExercises(SphinxPostTransform):
    """Tidy the exercise's title, and link to its solution where there is one."""

    default_priority = 30  # after sphinx-exercise has made the titles
    formats = ("html",)

    def run(self, **kwargs):
        labels = self.env.domains["std"].anonlabels
        for exercise in self.document.findall(is_exercise_node):
            title, content = exercise.children
            if len(title.children) > 1:  # drop the parentheses around the reader's title
                title.children = title.children[1:-1]
            content["ids"].clear()  # one and the same for every exercise
            target = exercise["label"].replace("ex-", "sol-", 1)
            if target in labels:
                place = (self.app.builder, self.env.docname, *labels[target])
                link = make_refnode(*place, nodes.Text("Hints and solution"))
                content += nodes.paragraph("", "", link, classes=["to-solution"])


def setup(app):
    app.add_directive("solutions", Solutions)
    app.add_post_transform(FinishExercises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
