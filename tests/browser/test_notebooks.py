"""The notebooks as the build has run them."""

import json
from functools import cache
from pathlib import Path

import pytest
from built_book import BOOK

NOTEBOOKS = sorted((Path(__file__).parents[2] / "chapters").glob("*.ipynb"))
CACHE = BOOK.parent / ".jupyter_cache" / "executed"

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


@cache
def code(notebook: Path) -> list[dict]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def sources(cells: list[dict]) -> list[str]:
    return ["".join(cell["source"]) for cell in cells]


def as_run(notebook: Path) -> list[dict]:
    """The cells with their outputs, if it is these cells that the build has run."""
    for file in CACHE.glob("*/base.ipynb"):
        if sources(code(file)) == sources(code(notebook)):
            return code(file)
    raise LookupError(f"the build has not run {notebook.name} as it is: `make book`")


def kinds(cell: dict) -> set[str]:
    return {output["output_type"] for output in cell["outputs"]}


@every_notebook
def test_the_build_has_run_every_cell_as_it_is(notebook):
    counts = [cell["execution_count"] for cell in as_run(notebook)]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_the_planned_errors_are_raised_and_no_others(notebook):
    cells = as_run(notebook)
    source = code(notebook)
    planned = [c["id"] for c in source if "raises-exception" in c["metadata"].get("tags", [])]
    raised = [c["id"] for c, ran in zip(source, cells, strict=True) if "error" in kinds(ran)]
    assert raised == planned


@every_notebook
def test_no_cell_warns(notebook):
    """Not even one whose bar of progress the page leaves out."""
    for cell in as_run(notebook):
        said = [out for out in cell["outputs"] if out.get("name") == "stderr"]
        assert "Warning" not in "".join("".join(out["text"]) for out in said), cell["id"]
