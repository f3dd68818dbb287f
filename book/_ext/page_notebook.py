"""Make the pages notebooks: the script that runs their cells, and what it must know of each."""

import json
import re
from pathlib import Path

from docutils import nodes
from folds import LABEL
from rjsmin import jsmin
from solutions import TITLE
from sphinx.transforms.post_transforms import SphinxPostTransform

from nnlib.exercises import ORDER, exercises
from nnlib.widgets._figure import bundle

LIVE = re.compile(r"\bwidgets\.[A-Z]")  # a live figure stays the page's own
PROMISING = ("chapters/", "book/intro", "book/how_to_use", "book/progress", "book/teach")
WITHOUT_PYTHON = (
    "This copy of the book has no Python in its pages. Where the text says Run or Check, open the "
    "chapter in JupyterLab."
)
SOURCE = Path(__file__).parents[1] / "notebook"


def known(cell: dict, solutions: bool) -> dict:
    """What the page must know of a code cell and cannot see in it."""
    tags = cell["metadata"].get("tags", [])
    entry = {"page": cell["metadata"].get("page"), "exercise": "exercise" in tags}
    entry["fails"] = "raises-exception" in tags
    entry["live"] = bool(LIVE.search("".join(cell["source"])))
    prompt = cell["metadata"].get("mystnb", {}).get("code_prompt_show", "")
    if not solutions and LABEL.search(prompt):
        entry["source"] = "".join(cell["source"])
    return {name: value for name, value in entry.items() if value}


def code_cells(notebook: Path) -> list[tuple[int, dict]]:
    """The code cells of a notebook, each with its place among all cells."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [(i, cell) for i, cell in enumerate(cells) if cell["cell_type"] == "code"]


def embedded(name: str, value: object) -> str:
    """Data for the page's scripts."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<script type="application/json" id="{name}">{text}</script>'


class NameCells(SphinxPostTransform):
    """Give each code cell an id by its place, and tell the page what it cannot see."""

    default_priority = 10  # while the cells still are where the notebook has them
    formats = ("html",)

    def run(self, **kwargs):
        notebook = Path(self.env.doc2path(self.env.docname))
        if not self.config.page_python or notebook.suffix != ".ipynb":
            return
        cells = code_cells(notebook)
        numbers = {place: number for number, (place, _) in enumerate(cells)}
        for node in self.document.findall(nodes.container):
            if node.get("nb_element") == "cell_code":
                node["ids"].append(f"cell-{numbers[node['cell_index']]}")
        solutions = self.config.solutions
        data = embedded("notebook", [known(cell, solutions) for _, cell in cells])
        self.document += nodes.raw("", data, format="html")


class SayWhatIsMissing(SphinxPostTransform):
    """Tell the reader of a copy without Python that the buttons of the text are not there."""

    default_priority = 10
    formats = ("html",)

    def run(self, **kwargs):
        if not self.config.page_python and self.env.docname.startswith(PROMISING):
            note = nodes.note("", nodes.paragraph("", WITHOUT_PYTHON))
            next(self.document.findall(nodes.title)).parent.insert(1, note)


def titles(env) -> dict[str, str]:
    """The number and the title of each exercise, by its name."""
    found = {}
    for page in chapters():
        numbers = env.toc_fignumbers[f"chapters/{page}"]["exercise"]
        notebook = json.loads(Path(env.srcdir, "chapters", f"{page}.ipynb").read_text("utf-8"))
        prose = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        for title, label in TITLE.findall(prose):
            chapter, name = label.removeprefix("ex-").replace("-", "_").split("_", 1)
            found[f"{chapter}.{name}"] = f"{'.'.join(map(str, numbers[label]))} {title}"
    return found


class NameExercises(SphinxPostTransform):
    """Tell the page Your progress what each exercise is called."""

    default_priority = 10
    formats = ("html",)

    def run(self, **kwargs):
        if self.config.page_python and self.env.docname == "book/progress":
            data = embedded("exercise-titles", titles(self.env))
            self.document += nodes.raw("", data, format="html")


def chapters() -> dict[str, list[str]]:
    """The exercises of each chapter, by the name of its page."""
    return {
        f"{number:02}_{chapter}": [f"{chapter}.{name}" for name in exercises(chapter)]
        for number, chapter in enumerate(ORDER, start=1)
    }


def add_script(app):
    if not app.config.page_python:
        return
    listed = json.dumps(chapters(), separators=(",", ":"))
    app.add_js_file(None, body=listed, id="exercises", type="application/json")
    app.add_js_file("notebook.js", defer="defer")
    app.add_css_file("notebook.css")


def write_script(app):
    script = Path(app.outdir, "_static", "notebook.js")
    if not app.config.page_python:
        script.unlink(missing_ok=True)
        return
    script.parent.mkdir(parents=True, exist_ok=True)
    text = f"(() => {{\n{bundle(SOURCE / 'main.js')}}})();\n"
    script.write_text(jsmin(text), encoding="utf-8")


def setup(app):
    app.connect("builder-inited", add_script)
    app.connect("builder-inited", write_script)
    app.add_post_transform(NameCells)
    app.add_post_transform(NameExercises)
    app.add_post_transform(SayWhatIsMissing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
