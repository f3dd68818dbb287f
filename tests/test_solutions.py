"""With SOLUTIONS=no the pages have hints, and no code that answers an exercise."""

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nnlib.exercises import exercises

ROOT = Path(__file__).parents[1]
NOTEBOOK = "chapters/01_neuron.ipynb"
PAGE = "chapters/01_neuron.html"
INDEX = """
# The book

```{only} solutions
With solutions.
```

```{only} not solutions
Without solutions.
```

```{toctree}
:numbered: 2
chapters/01_neuron
```
"""


SETTINGS = """
extensions = ["myst_nb", "sphinx_exercise", "folds", "solutions"]
html_theme = "basic"
myst_enable_extensions = ["colon_fence", "dollarmath"]
nb_execution_mode = "off"
numfig = True
"""


def build(folder, solutions):
    path = os.pathsep.join([str(ROOT / "book" / "_ext"), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", str(folder / "source"), str(folder / "out")],
        env=os.environ | {"SOLUTIONS": solutions, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def text(page):
    return html.unescape(re.sub("<[^>]*>", "", page.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """What is read with solutions, and what without, both built into one folder in turn."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "source" / "chapters").mkdir(parents=True)
    (folder / "source" / "conf.py").write_text(SETTINGS)
    (folder / "source" / "index.md").write_text(INDEX)
    (folder / "source" / NOTEBOOK).write_bytes((ROOT / NOTEBOOK).read_bytes())
    read = {}
    for solutions in ("yes", "no"):
        run = build(folder, solutions)
        assert run.returncode == 0, run.stderr
        out = folder / "out"
        read[solutions] = text(out / PAGE), text(out / "index.html"), (out / "_sources").exists()
    return read


def hidden_code():
    cells = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if answers(cell)]


def answers(cell):
    return "ex-" in cell["metadata"].get("mystnb", {}).get("code_prompt_show", "")


def test_hints_stay_where_solutions_are_left_out(pages):
    chapter, *_ = pages["no"]
    for exercise in exercises("neuron").values():
        for hint in exercise.hints:
            assert hint.replace("`", "") in chapter


def test_solutions_and_wrong_answers_are_left_out(pages):
    with_them, without = pages["yes"][0], pages["no"][0]
    for exercise in exercises("neuron").values():
        assert exercise.source() in with_them
        assert exercise.source() not in without
        for correction in exercise.mistakes:
            assert correction.replace("`", "") in with_them
            assert correction.replace("`", "") not in without


def test_cells_that_answer_an_exercise_lose_their_code_and_say_so(pages):
    with_them, without = pages["yes"][0], pages["no"][0]
    codes = hidden_code()
    assert len(codes) == 2
    for code in codes:
        assert code in with_them
        assert code not in without
    assert len(re.findall(r"This code answers exercise \d+\.\d+, and is left out\.", without)) == 2
    assert "This code answers" not in with_them


def test_the_notebooks_are_not_left_for_download(pages):
    assert pages["yes"][2]
    assert not pages["no"][2]


def test_a_page_can_say_which_book_it_is_in(pages):
    assert "With solutions." in pages["yes"][1]
    assert "Without solutions." in pages["no"][1]


def test_a_misspelt_choice_stops_the_build(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "conf.py").write_text(SETTINGS)
    run = build(tmp_path, "none")
    assert run.returncode != 0
    assert "SOLUTIONS is 'none', but it can only be yes or no." in run.stderr


def test_the_page_can_still_run_a_cell_whose_code_is_left_out(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    import page_notebook

    cells = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    hidden = [cell for cell in cells if answers(cell)]
    for cell, code in zip(hidden, hidden_code(), strict=True):
        assert page_notebook.known(cell, solutions=False) == {"source": code}
        assert page_notebook.known(cell, solutions=True) == {}
