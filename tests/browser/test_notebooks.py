"""The notebooks as the build has run them."""

import json
from functools import cache
from pathlib import Path

import pytest
from built_book import BOOK

NOTEBOOKS = sorted((Path(__file__).parents[2] / "chapters").glob("*.ipynb"))
AS_RUN = BOOK.parent / "jupyter_execute" / "chapters"

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


@cache
def code(notebook: Path) -> list[dict]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def kinds(cell: dict) -> set[str]:
    return {output["output_type"] for output in cell["outputs"]}


@every_notebook
def test_the_build_has_run_every_cell_as_it_is(notebook):
    cells = code(AS_RUN / notebook.name)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert [cell["source"] for cell in cells] == [cell["source"] for cell in code(notebook)]


@every_notebook
def test_the_planned_errors_are_raised_and_no_others(notebook):
    cells = code(AS_RUN / notebook.name)
    planned = [c["id"] for c in cells if "raises-exception" in c["metadata"].get("tags", [])]
    assert [cell["id"] for cell in cells if "error" in kinds(cell)] == planned


@every_notebook
def test_no_cell_warns(notebook):
    """Not even one whose bar of progress the page leaves out."""
    for cell in code(AS_RUN / notebook.name):
        said = [out for out in cell["outputs"] if out.get("name") == "stderr"]
        assert "Warning" not in "".join("".join(out["text"]) for out in said), cell["id"]
