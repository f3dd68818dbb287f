"""Which cells of a page run when one is asked for, in whatever order the reader asks."""

import contextlib
import io
import json
import random
import sys
from pathlib import Path
from unittest.mock import MagicMock

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "notebook"))

from dependencies import before, read  # noqa: E402
from history import History  # noqa: E402

CASES = {
    "what it uses": (["a = 1", "b = 2", "a"], [0]),
    "what that uses": (["a = 1", "b = a", "b"], [0, 1]),
    "the last value": (["a = 1", "a = 2", "a"], [1]),
    "what changes it": (["a = []", "a.append(1)", "a[0] = 2", "a"], [0, 1, 2]),
    "what a function calls later": (
        ["def f():\n    return g()", "def g(): return 1", "f()"],
        [0, 1],
    ),
    "what is deleted": (["a = 1", "del a", "a"], [0, 1]),
    "nothing for a local name": (["a = 1", "def f(a):\n    return a", "f(2)"], [1]),
    "no other check": (
        ["import numpy as np\na = 1", "np.testing.assert_equal(a, 1)", "np.sum(a)"],
        [0],
    ),
    "who draws in turn": (
        ["import numpy as np\nrng = np.random.default_rng(1)", "rng.normal()", "rng.normal()"],
        [0, 1],
    ),
    "nothing for code that cannot be read": (["a = 1", "a = = 2", "a"], [0]),
    "a name in a string with escapes": (["a = 1", r"print(f'\r{a}', end='')"], [0]),
}


@pytest.mark.parametrize(("sources", "order"), CASES.values(), ids=CASES)
def test_the_cells_above_run_that_a_cell_needs(sources, order):
    assert before(read(sources), len(sources) - 1) == order


class Page:
    """Cells that a reader runs one by one."""

    def __init__(self, sources):
        self.sources, self.namespace = sources, {}
        self.history = History(self.namespace)

    def press(self, target):
        """The cells that ran, and what the last printed."""
        order = self.history.plan(self.sources, target)
        for i in order:
            self.history.begin(i)
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(self.sources[i], self.namespace)
            self.namespace |= {"plots": MagicMock(), "widgets": MagicMock()}
            self.history.end(i)
        return order, printed.getvalue()


def test_what_ran_does_not_run_again():
    page = Page(["a = 1", "b = a", "print(b)"])
    assert [page.press(2)[0] for _ in range(2)] == [[0, 1, 2], [2]]


def test_what_was_changed_runs_again_with_all_that_hangs_on_it():
    page = Page(["a = 1", "c = 5", "b = a", "print(b, c)"])
    page.press(3)
    page.sources[0] = "a = 7"
    assert page.press(3) == ([0, 2, 3], "7 5\n")


def test_a_name_that_was_given_another_value_below_gets_that_from_above_again():
    page = Page(["a = 1", "print(a)", "a = 2", "print(a)"])
    assert [page.press(i) for i in (1, 3, 1)] == [([0, 1], "1\n"), ([2, 3], "2\n"), ([0, 1], "1\n")]


def test_what_changes_a_value_does_not_change_it_twice():
    page = Page(["a = []", "a.append(1)\nprint(a)", "print(len(a))"])
    assert [page.press(i)[1] for i in (1, 1, 2, 1)] == ["[1]\n", "[1]\n", "1\n", "[1]\n"]


def test_a_cell_draws_the_same_random_numbers_again():
    sources = ["from numpy.random import default_rng\nrng = default_rng(1)"]
    page = Page([*sources, "print(rng.random())", "print(rng.random())", "print(rng.random())"])
    first = {i: page.press(i)[1] for i in (3, 2, 1)}
    assert len({*first.values()}) == 3
    assert {i: page.press(i) for i in (1, 3, 2)} == {i: ([i], first[i]) for i in first}
    page.sources[2] = "print(rng.random(2))"
    assert page.press(3)[1] not in first.values()
    page.sources[0] = page.sources[0].replace("1", "2")
    assert page.press(1)[1] not in first.values()


def cells_of(chapter):
    [notebook] = ROOT.glob(f"chapters/??_{chapter}.ipynb")
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exercise = {"exercise", "raises-exception"} & set(cell["metadata"].get("tags", []))
            yield "" if exercise else "".join(cell["source"])


def test_the_cells_of_a_chapter_run_in_any_order_and_print_the_same():
    page = Page(list(cells_of("matrices")))
    written = [i for i, source in enumerate(page.sources) if source and "timeit." not in source]
    whole = {i: page.press(i)[1] for i in written}
    choose = random.Random(1)
    for i in choose.choices(written, k=60):
        assert page.press(i)[1] == whole[i], i
    assert sum(map(bool, whole.values())) > 5
