"""The file that keeps what is done and what was typed, on the desktop and for the page."""

import functools
import json
from pathlib import Path

import numpy as np
import pytest
from made_up import Affine, bias_gradient, product, which_axis

from nnlib.exercises import ORDER, _record, exercises, progress
from nnlib.exercises._written import LONGEST, written

slope = 0.1
table = [[1.0, 2.0], [3.0, 4.0]]


def twice(z):
    return 2 * z


def scaled(z, factor=slope):
    return factor * twice(z)


def column_sums(dy):
    # The loop is on purpose.
    return sum(row for row in dy) + 0 * scaled(0)


def kept(file):
    return json.loads(file.read_text(encoding="utf-8"))


def test_an_answer_is_kept_as_its_own_lines(progress_file):
    def bias_gradient_by_rows(dy):
        # The loop is on purpose.
        return sum(row for row in dy)

    bias_gradient.check(bias_gradient_by_rows)
    assert kept(progress_file) == {
        "made_up.bias_gradient": {
            "state": "done",
            "answer": "def bias_gradient_by_rows(dy):\n"
            "    # The loop is on purpose.\n"
            "    return sum(row for row in dy)",
            "call": "bias_gradient_by_rows",
        }
    }


def test_the_call_is_left_out_where_it_is_the_name(progress_file):
    product.check(13)
    assert kept(progress_file)["made_up.product"] == {"state": "tried", "answer": "product = 13"}


def run(name, kept):
    """What the code that was kept makes, in a notebook that has nothing but NumPy."""
    names = {"np": np, "functools": functools}
    exec(kept["answer"], names)
    return eval(kept.get("call", name), names)


def test_what_an_answer_uses_of_the_notebook_is_kept_before_it(rng):
    dy = rng.normal(size=(3, 5))
    again = run("bias_gradient", written("bias_gradient", column_sums))
    np.testing.assert_array_equal(again(dy), column_sums(dy))
    assert again is not column_sums


class Scaled(dict):
    factor = slope

    def forward(self, x):
        return self.factor * scaled(x)


@functools.cache
def decorated(z, offset=slope):
    return twice(z) + offset


def endless(n):
    return n and endless(n - 1)


@pytest.mark.parametrize("function", [decorated, endless, scaled, lambda z: slope + z])
def test_functions_do_the_same_after_they_were_kept(function):
    assert run("some", written("some", function))(3) == function(3)


def test_a_function_that_calls_itself_is_kept_once():
    assert written("some", endless)["answer"].count("def endless") == 1


def test_a_class_does_the_same_after_it_was_kept():
    again = run("some", written("some", Scaled))
    assert again is not Scaled
    assert again().forward(3) == Scaled().forward(3)


@pytest.mark.parametrize(
    "value",
    [
        *(12, -0.0, 1e-300, True, "rows", 'a"\\\ud800', None, 2 + 1j),
        *((), (1,), [], ([0.5, -1], 2.0), table),
    ],
    ids=repr,
)
def test_values_are_the_same_after_they_were_kept(value):
    again = run("some", written("some", value))
    assert repr(again) == repr(value)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int8, bool])
def test_arrays_are_the_same_after_they_were_kept(dtype):
    array = np.array([[0, 1, 2], [3, 4, 5]]).astype(dtype)
    weights, bias = run("some", written("some", (array, array[1, 1])))
    np.testing.assert_array_equal(weights, array, strict=True)
    assert type(bias) is type(array[1, 1].item())


def itself():
    inside = []
    inside.append(inside)
    return inside


class Hostile:
    def _refuse(self, *_, **__):
        raise RuntimeError("hostile")

    __getattr__ = __repr__ = __eq__ = __hash__ = __len__ = __iter__ = _refuse


class HostileCallable(Hostile):
    __call__ = Hostile._refuse


class NoMethods:
    pass


def renamed():
    pass


renamed.__name__ = "another"
two_on_a_line = [lambda z: z, lambda z: -z]


@pytest.mark.parametrize(
    "answer",
    [
        *(np.tanh, functools.partial(twice, 1), twice.__call__, int, NoMethods, renamed),
        *(two_on_a_line[0], eval("lambda z: z"), HostileCallable()),
        *(Hostile(), float("inf"), [float("nan")], {"a": 1}, itself(), 10**5000, object()),
        *("long" * LONGEST, np.zeros(LONGEST + 1), np.array([None, {}]), b"x" * LONGEST),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_nothing_is_kept_where_there_is_no_code(answer):
    assert written("some", answer) == {}


def test_what_has_no_code_is_recorded_all_the_same(progress_file):
    which_axis.check(float("inf"))
    assert kept(progress_file) == {"made_up.which_axis": {"state": "tried"}}


@pytest.mark.parametrize("chapter", ORDER)
def test_every_solution_is_kept(chapter):
    for name, exercise in exercises(chapter).items():
        assert written(name, exercise.answer).get("answer"), name


def test_a_wrong_answer_does_not_take_the_place_of_a_right_one(progress_file):
    product.check(12)
    product.check(13)
    assert kept(progress_file)["made_up.product"] == {"state": "done", "answer": "product = 12"}


def test_the_last_of_several_wrong_answers_is_kept(progress_file):
    product.check(13)
    product.check(14)
    assert kept(progress_file)["made_up.product"]["answer"] == "product = 14"


DONE = {"state": "done", "answer": "a = 1", "call": "a"}
TRIED = {"state": "tried", "answer": "b = 2"}
UNCHECKED = {"answer": "d = 4", "call": "d"}
NO_CALL = {"state": "done", "answer": "x = 1"}


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ({}, TRIED, TRIED),
        (DONE, TRIED, DONE),
        (TRIED, DONE, DONE),
        (DONE, {"state": "done", "answer": "c = 3"}, {"state": "done", "answer": "c = 3"}),
        (TRIED, TRIED | {"answer": "c = 3"}, {"state": "tried", "answer": "c = 3"}),
        (DONE, {"state": "done"}, DONE),
        (DONE, {"state": "tried"}, DONE),
        (TRIED, {"state": "done"}, {"state": "done", "answer": "b = 2"}),
        ({"state": "done"}, TRIED, {"state": "done", "answer": "b = 2"}),
        (UNCHECKED, TRIED, TRIED),
        (DONE, UNCHECKED, DONE),
        ({"state": "tried"}, UNCHECKED, UNCHECKED | {"state": "tried"}),
        ({}, UNCHECKED, UNCHECKED),
    ],
)
def test_of_two_records_the_better_state_stays_and_no_answer_is_lost(old, new, wanted):
    assert _record.merged(old, new) == wanted


def test_a_file_from_the_page_joins_the_record(progress_file, tmp_path):
    product.check(12)
    page = tmp_path / "from the page.json"
    page.write_text(json.dumps({"made_up.product": TRIED, "neuron.step": DONE, "old.form": "done"}))
    progress(add=page)
    assert kept(progress_file) == {
        "made_up.product": {"state": "done", "answer": "product = 12"},
        "neuron.step": DONE,
        "old.form": {"state": "done"},
    }


def test_the_record_is_saved_for_the_page(progress_file, tmp_path):
    product.check(12)
    progress(save=tmp_path / "new folder" / "mine.json")
    assert kept(tmp_path / "new folder" / "mine.json") == kept(progress_file)


def test_what_joined_counts(tmp_path):
    chapter = ORDER[0]
    first = next(iter(exercises(chapter)))
    file = tmp_path / "page.json"
    file.write_text(json.dumps({f"{chapter}.{first}": DONE}))
    assert f"1 of {len(exercises(chapter))}" in progress(add=file).message
    assert f"1 of {len(exercises(chapter))}" in progress().message


@pytest.mark.parametrize("content", ["", "{", "[]", '"done"', "[" * 100_000, "\ufeff{"])
def test_a_file_that_is_no_record_is_refused_and_changes_nothing(progress_file, tmp_path, content):
    product.check(12)
    before = progress_file.read_bytes()
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.json is not a record of exercises"):
        progress(add=wrong)
    assert progress_file.read_bytes() == before


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        progress(add=tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("done", {"state": "done"}),
        ({"state": "done", "answer": 3, "call": "x"}, {"state": "done"}),
        ({"state": "done", "answer": " \n", "call": "x"}, {"state": "done"}),
        ({"state": "done", "answer": "x = 1", "call": None, "more": 1}, NO_CALL),
        ({"state": "open", "answer": "x = 1"}, {}),
        (UNCHECKED, UNCHECKED),
        ({"state": None, "answer": "x = 1"}, {"answer": "x = 1"}),
        ({"state": ["done"]}, {}),
        *((value, {}) for value in (None, 3, [], ["done"], True, "nonsense", {})),
    ],
    ids=repr,
)
def test_what_means_nothing_in_an_entry_is_left_out(progress_file, value, wanted):
    progress_file.write_text(json.dumps({"made_up.a": DONE, "made_up.b": value}))
    assert _record.load() == {"made_up.a": DONE} | ({"made_up.b": wanted} if wanted else {})


@pytest.mark.parametrize(
    "name", ["", "step", "neuron.step.", "a b.c", "=1+1", "neuron.schrit\u0308t"]
)
def test_what_is_no_name_of_an_exercise_is_left_out(progress_file, name):
    progress_file.write_text(json.dumps({name: DONE, "made_up.a": DONE}))
    assert _record.load() == {"made_up.a": DONE}


def test_what_was_done_before_an_exercise_moved_counts_where_it_is_now(progress_file):
    done, tried = {"state": "done", "answer": "a = 1"}, {"state": "tried", "answer": "b = 2"}
    (before, now), (other, elsewhere) = list(_record.MOVED.items())[:2]
    progress_file.write_text(json.dumps({before: done, now: tried, other: "tried"}))
    assert _record.load() == {now: done, elsewhere: {"state": "tried"}}
    for name in _record.MOVED.values():
        chapter, _, exercise = name.partition(".")
        assert exercise in exercises(chapter)


def test_a_byte_order_mark_is_no_reason_to_lose_a_record(progress_file):
    progress_file.write_text(json.dumps({"made_up.a": DONE}), encoding="utf-8-sig")
    assert _record.load() == {"made_up.a": DONE}


def test_an_interrupted_write_leaves_the_record_as_it_was(progress_file, monkeypatch):
    product.check(13)
    before = progress_file.read_bytes()

    def half(self, text, **_):
        self.write_bytes(text[: len(text) // 2].encode())
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_text", half)
    product.check(12)
    assert progress_file.read_bytes() == before
    assert list(progress_file.parent.iterdir()) == [progress_file]
    with pytest.raises(OSError, match="disk full"):
        progress(save=progress_file.parent / "elsewhere.json")


def test_a_tilde_in_the_place_of_the_record_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("NNLIB_PROGRESS", "~/here/mine.json")
    Affine.check(Affine.solve)
    assert kept(tmp_path / "here" / "mine.json")["made_up.Affine"]["state"] == "done"
