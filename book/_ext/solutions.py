"""Hints, solution and wrong answers below each exercise, from the functions that check answers.

All of them stay folded until opened, in the chapter itself. ``{solutions}`` on a page of its own
lists the exercises of all chapters, each a link to its place. After ``make book SOLUTIONS=no``
only the hints are there, and neither the code of cells that answer an exercise (folds.py) nor the
notebooks to download, which have it.
"""

import json
import os
import re
import shutil
from html import escape
from pathlib import Path

from docutils import nodes
from folds import folded
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import is_exercise_node

from nnlib.exercises import ORDER, exercises

TITLE = re.compile(r"\{exercise\} *(.*)\n:label: *(\S+)")


def named(chapter: str) -> dict[str, object]:
    """The exercises of a chapter, each under its label's end, such as neuron-z-by-hand."""
    return {f"{chapter}-{name.replace('_', '-')}": e for name, e in exercises(chapter).items()}


def prose(text: str) -> list[nodes.Node]:
    """Text in which only `code` between backticks is markup, as in the hints."""
    parts = re.split("`+([^`]+)`+", " ".join(text.split()))
    return [nodes.literal(p, p) if i % 2 else nodes.Text(p) for i, p in enumerate(parts) if p]


def paragraph(*content: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *content)


def code(source: str) -> nodes.literal_block:
    return nodes.literal_block(source, source, language="python")


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def plain(source: str) -> nodes.raw:
    """Code without colours: there is much of it."""
    return raw(f"<pre>{escape(source)}</pre>")


def folds(exercise, solutions: bool) -> nodes.container:
    """All that is known about an exercise, one fold each, or the hints alone."""
    box = nodes.container(classes=["answers"])
    for number, hint in enumerate(exercise.hints, start=1):
        box += folded(f"Hint {number} of {len(exercise.hints)}", paragraph(*prose(hint)))
    if not solutions:
        return box
    reason = [paragraph(*prose(exercise.reason))] if exercise.reason else []
    box += folded("Solution", code(exercise.source()), *reason)
    items = [
        nodes.list_item("", plain(wrong), paragraph(*prose(text)))
        for text, wrong in exercise.wrong_code().items()
    ]
    helpers = exercise.helpers()
    below = [paragraph(nodes.Text("Used in them:")), plain(helpers)] if helpers else []
    box += folded(
        "Wrong answers, and what they are",
        nodes.bullet_list("", *items, classes=["wrong-answers"]),
        *below,
    )
    return box


def opening(exercise, cell: nodes.Node) -> nodes.raw:
    """Where the box of an exercise begins: its name, and what its cell hands to the checker."""
    source = cell.next_node(nodes.literal_block).astext()
    call = re.search(rf"ex\.{exercise.name}\.check\((.*)\)", source, re.DOTALL)[1]
    name = f"{exercise.chapter}.{exercise.name}"
    return raw(f'<div class="exercise-box" data-exercise="{name}" data-call="{escape(call)}">')


class Solutions(SphinxDirective):
    """The exercises of all chapters, one line each."""

    def run(self):
        return [self.section(number, chapter) for number, chapter in enumerate(ORDER, start=1)]

    def section(self, number: int, chapter: str) -> nodes.section:
        (notebook,) = Path(self.env.srcdir, "chapters").glob(f"*_{chapter}.ipynb")
        self.env.note_dependency(str(notebook))
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        heading = prose[0].partition("\n")[0].removeprefix("# ")
        titles = {label: title for source in prose for title, label in TITLE.findall(source)}
        section = nodes.section("", nodes.title("", f"{number}. {heading}"), names=[chapter])
        self.state.document.note_explicit_target(section)
        lines = [self.line(slug, titles[f"ex-{slug}"]) for slug in named(chapter)]
        section += nodes.bullet_list("", *lines, classes=["exercises"])
        return section

    def line(self, slug: str, title: str) -> nodes.list_item:
        """A link by the exercise's number, and its title."""
        words, _ = self.state.inline_text(title, self.lineno)
        link = addnodes.pending_xref(
            "",
            nodes.inline("", slug),
            refdoc=self.env.docname,
            refdomain="std",
            reftype="numref",
            reftarget=f"ex-{slug}".lower(),  # Sphinx keeps labels so
            refexplicit=False,
            refwarn=True,
        )
        return nodes.list_item("", paragraph(link, nodes.Text(" "), *words), ids=[f"sol-{slug}"])


class FinishExercises(SphinxPostTransform):
    """Put an exercise, its cell and its folds into one box, and tidy the exercise's title."""

    default_priority = 30  # after sphinx-exercise has made the titles
    formats = ("html",)

    def run(self, **kwargs):
        known = {}
        if self.env.docname.startswith("chapters/"):
            known = named(self.env.docname.partition("_")[2])
        for exercise in list(self.document.findall(is_exercise_node)):
            title, content = exercise.children
            if len(title.children) > 1:  # drop the parentheses around the reader's title
                title.children = title.children[1:-1]
            content["ids"].clear()  # one and the same for every exercise
            solved = known[exercise["label"].removeprefix("ex-")]
            cell = exercise.next_node(descend=False, siblings=True)
            below = folds(solved, self.config.solutions)
            box = [opening(solved, cell), exercise, cell, below, raw("</div>")]
            section, place = exercise.parent, exercise.parent.index(exercise)
            section[place : place + 2] = box


def wanted() -> bool:
    """Whether the pages have solutions: not after `make book SOLUTIONS=no`."""
    solutions = os.environ.get("SOLUTIONS", "yes")
    if solutions not in {"yes", "no"}:
        raise ExtensionError(f"SOLUTIONS is {solutions!r}, but it can only be yes or no.")
    return solutions == "yes"


def leave_notebooks_out(app, config):
    if not config.solutions:
        config.html_copy_source = False
        config.html_theme_options["use_download_button"] = False


def remove_notebooks(app):
    if not app.config.solutions:
        shutil.rmtree(Path(app.outdir, "_sources"), ignore_errors=True)


def setup(app):
    app.add_config_value("solutions", wanted(), "env")
    if wanted():
        app.tags.add("solutions")  # for {only} in pages
    app.connect("config-inited", leave_notebooks_out)
    app.connect("builder-inited", remove_notebooks)
    app.add_directive("solutions", Solutions)
    app.add_post_transform(FinishExercises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
