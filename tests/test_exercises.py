import copy
import functools
import html
import inspect
import json
import math
import operator
import os
import pkgutil
import re
import subprocess
import sys
import threading
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from made_up import (
    MADE_UP,
    Affine,
    and_gate,
    axis_and_length,
    bias_gradient,
    cause_of_each,
    count,
    named_gradients,
    parameter_count,
    product,
    quiet_sigmoid,
    rate_and_loss,
    seeded,
    shape_of_output,
    size_of_network,
    weight_gradient,
    weights_and_bias,
    which_axis,
)

import nnlib.exercises
from nnlib.backprop import gradcheck
from nnlib.exercises import (
    ORDER,
    _deeds,
    _judge,
    exercises,
    gpt,
    matrices,
    modern,
    neuron,
    progress,
    transformer,
    understanding,
)
from nnlib.exercises._cards import Card, Verdict
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._showing import show_call
from nnlib.neuron import sigmoid

OURS = [one for chapter in ORDER for one in exercises(chapter).values()]


def each(exercises):
    ids = [f"{one.chapter}.{one.name}" for one in exercises]
    return pytest.mark.parametrize("one", exercises, ids=ids)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(_judge, "TIME_LIMIT", 0.2)


def check(one, answer, status):
    verdict = one.check(answer)
    assert verdict.status == status, verdict
    assert bool(verdict) is (status == "correct")
    return verdict


@each(MADE_UP + OURS)
def test_the_solution_is_correct(one):
    check(one, one.answer, "correct")


@each(MADE_UP + OURS)
def test_the_stub_is_not_attempted(one):
    def stub(*_):
        raise NotImplementedError

    class Stub:
        forward = __init__ = stub

    check(one, ..., "not attempted")
    assert one.check().status == "not attempted"
    if one.wants != "value":
        check(one, stub if one.wants_function else Stub, "not attempted")


@each(MADE_UP + OURS)
def test_each_known_mistake_is_rejected_with_its_own_name(one):
    for name, mistake in one.mistakes.items():
        assert check(one, mistake, "known mistake").message == name


@each([one for one in MADE_UP + OURS if one.start])
def test_the_code_to_repair_is_told_from_no_answer_and_from_a_wrong_one(one):
    verdict = check(one, one.start, "unchanged result")
    assert verdict.heading == "○ It still does what the given code does."
    assert verdict.call


def test_hints_come_one_by_one_and_then_again():
    for one in MADE_UP + OURS:
        assert len(one.hints) >= 2, one
        assert all(hint.strip() for hint in one.hints), one
        shown = [one.hint() for _ in range(2 * len(one.hints))]
        assert [card.message for card in shown] == [*one.hints, *one.hints], one
        assert shown[1].heading == f"Hint 2 of {len(one.hints)}"


@each(MADE_UP + OURS)
def test_the_code_that_the_solution_shows_is_right(one):
    code = one.solution().code
    assert "@" not in code.partition("\n")[0]
    assert not (one.solve.__doc__ and one.solve.__doc__ in code)
    names = {"np": np} | vars(sys.modules[one.solve.__module__])
    exec(code, names)
    check(one, names[one.name]() if one.wants == "value" else names[one.name], "correct")


def test_the_solution_keeps_its_comments():
    assert weight_gradient.source() == (
        "def weight_gradient(x, dz):\n    # Row i belongs to neuron i.\n    return dz.T @ x"
    )


def test_the_solution_says_why_wrong_answers_are_wrong():
    for one in MADE_UP + OURS:
        solution = one.solution()
        assert all(mistake in solution.message for mistake in one.mistakes), one
        assert list(one.wrong_code()) == list(one.mistakes)
        assert all(one.wrong_code().values()), one
        assert f"```python\n{solution.code}\n```" in solution._repr_markdown_()
        assert solution.code in repr(solution)


def test_a_value_comes_with_its_reason():
    for one in OURS:
        if one.wants == "value":
            assert len(one.reason.split()) >= 15, one
            assert one.reason in one.solution().message, one


def test_a_wrong_answer_is_shown_by_what_matters():
    assert bias_gradient.wrong_code() == {
        "summed over features": "return dy.sum(axis=1)",
        "summed over everything": "dy.sum()",
        "took the largest": "return dy.max(axis=0)",
        "summed the sizes": "return np.abs(dy).sum(axis=0)",
    }
    assert shape_of_output.wrong_code() == {
        "forgot the batch": "(3,)",
        "forgot the features": "(5, 1)",
    }
    assert parameter_count.wrong_code()["counted the neurons"] == "sum"
    one = exercise(product.solve)
    one.mistakes = {"divided": np.float64(4) / 3}
    assert one.wrong_code() == {"divided": "1.33333"}
    four = next(one for one in OURS if one.name == "four_detector")
    assert list(four.wrong_code().values()) == ["return w, 1000", "return w, -1000"]


def test_of_an_edit_the_lines_that_differ_are_shown():
    one = exercise(weights_and_bias.solve)
    one.mistakes = {
        "two": edit("2 * x", "x", "return W, b", "return b, W"),
        "one more": edit("return", "W = W / 2\n    return"),
        "one less": edit("    W, b = 2 * x, x.sum(axis=0)\n", ""),
    }
    assert one.wrong_code() == {
        "two": "W, b = x, x.sum(axis=0)\n…\nreturn b, W",
        "one more": "W = W / 2",
        "one less": "# without W, b = 2 * x, x.sum(axis=0)",
    }


def _total(dy):
    """Shown without this sentence."""
    return dy.sum()


def _mean(dy):
    mean = _total(dy) / dy.size
    return mean


def sum_of_all(dy):
    return dy.sum()


def test_functions_that_wrong_answers_call_are_shown():
    one = exercise(sum_of_all)
    one.mistakes = {"named": _mean, "called": lambda dy: 2 * _mean(dy)}
    body = "mean = _total(dy) / dy.size\nreturn mean"
    assert one.wrong_code() == {"named": body, "called": "2 * _mean(dy)"}
    assert one.helpers().split("\n\n") == [
        "def _total(dy):\n    return dy.sum()",
        "def _mean(dy):\n    mean = _total(dy) / dy.size\n    return mean",
    ]


def test_an_edit_is_the_solution_with_other_text():
    made = bias_gradient.mistakes["took the largest"]
    assert inspect.getsource(made) == "def bias_gradient(dy):\n    return dy.max(axis=0)"
    assert made is bias_gradient.mistakes["took the largest"]
    assert made.__globals__ is bias_gradient.solve.__globals__
    assert shape_of_output.mistakes["forgot the features"] == (5, 1)


def test_several_texts_are_edited_one_after_the_other():
    made = edit("dz.T", "x.T", "x.T @ x", "x.T @ dz").of(weight_gradient.solve)
    x, dz = weight_gradient.cases[0]
    np.testing.assert_array_equal(made(x, dz), x.T @ dz)


@pytest.mark.parametrize(("old", "count"), [("z", 0), ("dy", 0), ("s", 2)])
def test_a_text_to_edit_must_stand_once_in_the_solution(old, count):
    with pytest.raises(ValueError, match=f"bias_gradient: '{old}' stands {count} times"):
        edit("dy", "db", old, "1").of(bias_gradient.solve)


def test_each_text_to_edit_has_its_replacement():
    with pytest.raises(ValueError, match="shorter"):
        edit("dy", "db", "sum")


def test_an_attribute_that_is_misspelt_is_an_error():
    with pytest.raises(AttributeError, match="mistaks"):
        exercise(bias_gradient.solve).mistaks = {}


def loop_over_everything(X, W, b):
    Z = np.zeros((len(X), len(W)))
    for n in range(len(X)):
        for i in range(len(W)):
            for j in range(len(X[n])):
                Z[n, i] += W[i, j] * X[n, j]
            Z[n, i] += b[i]
    return Z


def sum_of_products(x, w, b):
    total = b
    for i in range(len(x)):
        total += x[i] * w[i]
    return total


def drop_the_tail(p, top_p):
    order = np.argsort(p)
    kept = np.array(p)
    kept[order[np.cumsum(p[order]) <= 1 - top_p]] = 0
    return kept / kept.sum()


def turn_by_complex_numbers(x, positions, base):
    half = x.shape[-1] // 2
    turns = np.exp(1j * np.outer(positions, base ** (-np.arange(half) / half)))
    y = (x[..., :half] + 1j * x[..., half:]) * turns
    return np.concatenate([y.real, y.imag], axis=-1)


OTHER_WAYS = [
    (neuron.pre_activation, sum_of_products),
    (neuron.pre_activation, lambda x, w, b: np.dot(x, w) + b),
    (neuron.pre_activation, lambda inputs, weights, bias: (inputs * weights).sum() + bias),
    (neuron.fires_above, lambda sums, threshold: [float(s > threshold) for s in sums]),
    (neuron.fires_above, lambda sums, threshold: sums > threshold),
    (neuron.fires_above, lambda sums, threshold: np.heaviside(sums - threshold, 0)),
    (neuron.sigmoid, lambda z: (1 + np.tanh(z / 2)) / 2),
    (neuron.sigmoid, sigmoid),
    (neuron.tanh, np.tanh),
    (neuron.tanh, lambda z: 2 * sigmoid(2 * z) - 1),
    (neuron.leaky_relu, lambda z, slope: np.maximum(z, slope * z)),
    (neuron.leaky_relu, lambda z, slope: np.vectorize(lambda v: v if v > 0 else slope * v)(z)),
    (neuron.ignore_brightness, lambda w: [each - sum(w) / len(w) for each in w]),
    (matrices.layer, lambda x, W, b: [w @ x + c for w, c in zip(W, b, strict=True)]),
    (matrices.layer, lambda x, W, b: x @ W.T + b),
    (matrices.dense_batch, lambda X, W, b: (W @ X.T).T + b),
    (matrices.dense_batch, lambda X, W, b: np.array([W @ x + b for x in X])),
    (matrices.dense_batch, lambda X, W, b: (W @ X.T + b[:, None]).T),
    (matrices.dense_batch, loop_over_everything),
    (matrices.columns_batch, lambda X, W, b: (X.T @ W.T + b).T),
    (matrices.columns_batch, lambda X, W, b: np.stack([W @ x + b for x in X.T], axis=1)),
    (matrices.count_parameters, count),
    (
        matrices.softmax,
        lambda z: np.stack([np.exp(s - max(s)) / sum(np.exp(s - max(s))) for s in z]),
    ),
    (matrices.fold_bias, lambda W, b: np.hstack([W, b[:, None]])),
    (matrices.fold_bias, lambda W, b: [[*w, c] for w, c in zip(W, b, strict=True)]),
    (matrices.collapse, lambda W_1, b_1, W_2, b_2: [W_2.dot(W_1), b_2 + W_2.dot(b_1)]),
    (matrices.layer_shape, [5, 3]),
    (matrices.layer_shape, np.ones((5, 3)).shape),
    (matrices.parameters_by_hand, 25450.0),
    (neuron.nand_neuron, ([-2, -2], 3)),
    (neuron.nand_neuron, (np.array([-1.0, -1.0]), np.float64(1.5))),
    (neuron.xor_neurons, [([1, 1], -0.5), ([1, 1], -1.5), ([1, -1], -0.5)]),
    (transformer.reach, np.array([5, 1])),
    (transformer.memory, ([3, 3, 0], -5, [0, 0, 1])),
    (transformer.gelu, lambda x: x / (1 + np.exp(-np.sqrt(8 / np.pi) * (x + 0.044715 * x**3)))),
    (
        transformer.layer_norm_backward,
        lambda g, h, s: (
            (len(g.T) * g - g.sum(-1)[..., None] - h * (g * h).sum(-1)[..., None]) / (len(g.T) * s)
        ),
    ),
    (transformer.block_flops, lambda t, d: sum(24 * d * d + 4 * t * d for _ in range(t))),
    (gpt.shifted, lambda rows: [np.delete(rows, -1, axis=1), np.delete(rows, 0, axis=1)]),
    (
        gpt.tied_gradient,
        lambda ids, dx, dlogits, x_last: sum(
            np.eye(dlogits.shape[-1])[i].T @ d + g.T @ x
            for i, d, g, x in zip(ids, dx, dlogits, x_last, strict=True)
        ),
    ),
    (gpt.keep_top_k, lambda p, k: np.where(p >= np.sort(p)[-k], p, 0) / np.sort(p)[-k:].sum()),
    (gpt.keep_top_p, drop_the_tail),
    (modern.turned, turn_by_complex_numbers),
    (
        modern.look_back,
        lambda s, d: (30 * np.ones(d), modern.rotate(30 * np.ones((1, d)), [s])[0]),
    ),
    (
        modern.to_halves,
        lambda W, n: [
            row for i in range(0, len(W), n) for j in (0, 1) for row in W[i + j : i + n : 2]
        ],
    ),
    (modern.hidden_width, lambda d, n: math.ceil(8 * d / 3 / n) * n),
    (modern.longer, [5, 0.02]),
    (gpt.with_temperature, lambda z, t: [1 / np.exp((z - one) / t).sum() for one in z]),
]


@pytest.mark.parametrize(
    ("one", "answer"), OTHER_WAYS, ids=[f"{one.chapter}.{one.name}" for one, _ in OTHER_WAYS]
)
def test_another_way_to_the_right_answer_is_correct(one, answer):
    check(one, answer, "correct")


def test_a_function_has_at_least_four_known_mistakes_and_a_value_one():
    for one in OURS:
        assert len(one.mistakes) >= (1 if one.wants == "value" else 4), one


def test_not_every_matrix_in_the_cases_is_square():
    for one in OURS:
        if one.name == "speak":  # what comes after what is a square table
            continue
        arrays = [value for case in one.cases for value in case if isinstance(value, np.ndarray)]
        matrices = [array for array in arrays if array.ndim == 2]
        assert not matrices or any(len(matrix) != len(matrix.T) for matrix in matrices), one


@pytest.mark.parametrize("chapter", ORDER)
def test_every_exercise_has_the_name_under_which_it_is_imported(chapter):
    assert all(one.name == name for name, one in exercises(chapter).items())
    assert all(one.chapter == chapter for one in exercises(chapter).values())


def test_no_module_of_exercises_is_forgotten():
    modules = {module.name for module in pkgutil.iter_modules(nnlib.exercises.__path__)}
    assert {name for name in modules if not name.startswith("_")} == set(ORDER)


def test_an_error_comes_with_the_last_line_of_the_reader_s_own_code():
    def helper(total):
        return np.linalg.inv(total)

    def broken(dy):
        return helper(dy.sum(axis=0))

    message = check(bias_gradient, broken, "raised").message
    line = helper.__code__.co_firstlineno + 1
    assert message.startswith("LinAlgError: ")
    assert message.endswith(f"\nline {line}: return np.linalg.inv(total)")


def test_a_helper_that_is_not_written_yet_is_named():
    def softmax(z):
        raise NotImplementedError

    def loss(dy):
        return softmax(dy).sum(axis=0)

    verdict = check(bias_gradient, loss, "raised")
    assert verdict.heading == "✗ softmax is called, and is not written yet."
    assert verdict.why == f"line {softmax.__code__.co_firstlineno + 1}: raise NotImplementedError"


def test_an_answer_that_asks_for_input_is_told_not_to():
    message = check(bias_gradient, lambda dy: input("dy? "), "raised").message
    assert message.startswith("input() waits for somebody to type")


ROW, TABLE = np.ones(3), np.ones((2, 3))
UNCLEAR = [
    (
        lambda: TABLE @ TABLE,
        "The factors of this product do not fit: the last axis of the left one has length 3, "
        "and the number of rows of the right one is 2.",
    ),
    (lambda: ROW @ 3.0, "One side of this @ is a single number."),
    (
        lambda: np.dot(ROW, TABLE),
        "The factors of this product do not fit: the last axis of the left one has length 3, "
        "and the number of rows of the right one is 2.",
    ),
    (lambda: TABLE + np.ones(2), "Arrays of shape (2,3) and (2,) do not fit together"),
    (lambda: operator.iadd(np.ones(3), TABLE), "+= and its like keep the shape"),
    (lambda: operator.setitem(np.ones(3), slice(2), ROW), "An array of shape (3,) does not fit"),
    (lambda: operator.setitem(np.ones(3), 0, [1, 2]), "A place for one number got several"),
    (lambda: TABLE[2][0], "There is no index 2 on axis 0: its length is 2,"),
    (lambda: [1][3], "There is no such index: the list is shorter."),
    (lambda: ROW[0, 1], "There are 2 indices, and the array's number of axes, a.ndim, is 1."),
    (lambda: ROW[0][1], "A single number got an index in square brackets."),
    (lambda: ROW.sum(axis=1), "There is no axis 1: the array has 1 in all"),
    (lambda: TABLE.reshape(4), "6 numbers cannot be laid out in the shape (4,)."),
    (lambda: np.hstack([TABLE, ROW]), "Arrays that are joined need equally many axes"),
    (lambda: np.hstack([TABLE, TABLE.T]), "The arrays that are joined have different lengths"),
    (lambda: ROW(1), "An array is followed by round brackets"),
    (lambda: list(ROW[0]), "A loop, or a function that goes through a list, got a single number."),
    (lambda: operator.xor(ROW, 2), "^ makes no power in Python"),
    (lambda: operator.xor(0.5, 2), "^ makes no power in Python"),
    (lambda: operator.sub([1, 2], 0.5), "Arithmetic and comparisons do not go through a list"),
    (lambda: operator.ge([1, 2], 0.5), "Arithmetic and comparisons do not go through a list"),
    (lambda: ROW.append(1.0), "An array cannot grow"),
    (lambda: np.zeros(2, 3), "A shape stands in brackets of its own"),
    (lambda: [a for a, b, c in [ROW[:2]]], "There are 3 names to fill"),
    (lambda: [a for a, b in [ROW]], "There are more values than the 2 names to fill"),
    (lambda: ROW[1.0], "An index or a count must be a whole number"),
    (lambda: range(2.0), "An index or a count must be a whole number"),
    (lambda: missing, "There is no missing. Is it spelt like that"),  # noqa: F821
    (lambda: bool(ROW > 0), "if, and, or, max and min ask one question about a whole array."),
    (lambda: math.exp(ROW), "This function takes a single number, and it got an array."),
    (lambda: [1, 2][: np.array([1, 2])], "An array stands where one whole number belongs"),
    (lambda: ROW[:0].max(), "There is no maximum of an array without numbers."),
    (lambda: [1].shape, "A list has no shape. np.array makes an array of it"),
]


@pytest.mark.parametrize(("wrong", "text"), UNCLEAR, ids=[text[:40] for _, text in UNCLEAR])
def test_an_error_that_is_hard_to_read_is_explained(wrong, text):
    assert check(bias_gradient, lambda dy: wrong(), "raised").message.startswith(text)


def test_a_name_that_is_used_too_early_is_explained():
    def answer(dy):
        total += dy  # noqa: F821
        return total

    message = check(bias_gradient, answer, "raised").message
    assert message.startswith("total is used before it has a value.")


@pytest.mark.parametrize(
    "error", [SystemExit, KeyboardInterrupt, StopIteration, GeneratorExit, MemoryError]
)
def test_no_error_escapes_from_an_answer(error):
    def broken(dy):
        raise error("on purpose")

    assert f"{error.__name__}: on purpose" in check(bias_gradient, broken, "raised").message


def test_an_error_that_cannot_be_printed_is_still_reported():
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError

    def broken(dy):
        raise Unprintable

    assert "Unprintable" in check(bias_gradient, broken, "raised").message


def test_endless_recursion_is_an_error_and_not_a_crash():
    def again(dy):
        return again(dy)

    assert "RecursionError" in check(bias_gradient, again, "raised").message


@pytest.mark.parametrize("answer", [lambda: 1, lambda a, b: 1, lambda *, dy: dy])
def test_a_function_with_other_arguments_is_told_which_it_needs(answer):
    message = check(bias_gradient, answer, "raised").message
    takes = inspect.signature(answer)
    assert message == f"Your function takes {takes}, and the arguments are (dy)."


@pytest.mark.parametrize(
    "answer",
    [
        lambda anything: anything.sum(axis=0),
        lambda dy, axis=0: dy.sum(axis),
        lambda *arguments: arguments[0].sum(axis=0),
        lambda dy: list(dy.sum(axis=0)),
        lambda dy: tuple(dy.sum(axis=0)),
        lambda dy: dy.sum(axis=0).astype(np.longdouble),
        lambda dy: np.array([sum(column) for column in zip(*dy, strict=True)]),
        functools.partial(np.sum, axis=0),
        np.add.reduce,
    ],
)
def test_any_way_to_the_right_numbers_is_correct(answer):
    check(bias_gradient, answer, "correct")


def test_a_class_and_a_method_are_functions_too():
    class Sum:
        def __call__(self, dy):
            return dy.sum(axis=0)

        def method(self, dy):
            return dy.sum(axis=0)

    check(bias_gradient, Sum(), "correct")
    check(bias_gradient, Sum().method, "correct")


def test_returned_none():
    def sums(dy):
        dy.sum(axis=0)

    def sums_and_adds(dy):
        total = np.zeros(dy.shape[1])
        return np.add.at(total, slice(None), dy.sum(axis=0))

    verdict = check(bias_gradient, sums, "returned None")
    assert verdict.message == "It ended without a return, so the result is None."
    verdict = check(bias_gradient, sums_and_adds, "returned None")
    assert "np.add.at" in verdict.message


@pytest.mark.parametrize(
    "value",
    ["text", {"a": 1}, [[1, 2], [3]], [None], 1j, object(), iter([1]), (n for n in [1]), {1}, b"1"],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_numbers_is_a_wrong_type(value):
    message = check(bias_gradient, lambda dy: value, "wrong type").message
    assert message.startswith("Expected ")


def test_a_call_instead_of_a_function_and_the_other_way_round():
    message = check(bias_gradient, np.ones(3), "wrong type").message
    assert "needs the function itself, without brackets" in message
    assert "got a function" in check(product, lambda: 12, "wrong type").message


def test_the_number_of_values_is_part_of_the_type():
    message = check(weights_and_bias, lambda x: (x, x, x), "wrong type").message
    assert re.match("Expected 2 values.*, got 3", message)
    assert "separated by commas" in check(weights_and_bias, lambda x: 3.0, "wrong type").message
    assert "Expected text, got a number." in check(which_axis, 0, "wrong type").message


def test_the_value_that_cannot_be_compared_is_numbered():
    verdict = check(axis_and_length, ("columns", (3, 4)), "wrong type")
    assert verdict.message == "Value 2: Expected one number, got (3, 4)."


def test_an_argument_that_changes_is_named():
    def double(dy):
        dy *= 2
        return dy.sum(axis=0) / 2

    verdict = check(bias_gradient, double, "correct")
    assert verdict.why.startswith("It also changed dy, which belongs to the caller")
    assert "changed" not in check(bias_gradient, bias_gradient.solve, "correct").message


def test_an_argument_that_changes_may_be_why_the_result_is_wrong():
    def double(dy):
        dy *= 2
        return dy.sum(axis=0)

    assert "changed dy" in check(bias_gradient, double, "constant factor").why


def test_an_argument_may_have_to_stay_as_it_is():
    @exercise
    def doubled(x):
        return 2 * x

    def in_place(x):
        x *= 2
        return x

    doubled.cases = ((np.array([1.0, 2.0]),),)
    check(doubled, in_place, "correct")
    doubled.in_place = False
    message = check(doubled, in_place, "changed its argument").message
    assert message.startswith("The numbers are right, but an argument is not as it was.")
    assert "It also changed x" in message
    check(doubled, lambda x: x + x, "correct")
    doubled.mistakes = {"tripled": lambda x: 3 * x}

    def tripled_in_place(x):
        x *= 3
        return x

    _deeds.of_mistakes.cache_clear()
    check(doubled, tripled_in_place, "known mistake")


def test_a_change_without_a_return_is_no_answer():
    def center(dy):
        dy -= dy.mean(axis=0)

    message = check(bias_gradient, center, "returned None").message
    assert message.startswith("It ended without a return, so the result is None. It also changed")


@pytest.mark.parametrize(
    "change",
    [
        lambda sizes: sizes.append(1),
        lambda sizes: sizes.clear(),
        lambda sizes: operator.setitem(sizes, 0, 9),
        lambda sizes: operator.setitem(sizes, 0, None),
    ],
)
def test_a_list_that_changes_is_named(change):
    def answer(sizes):
        right = count(sizes)
        change(sizes)
        return right

    assert "changed sizes" in check(parameter_count, answer, "correct").message


@pytest.mark.parametrize("intruder", [None, 3, (None, None), (3, [4])], ids=repr)
def test_a_list_of_layers_that_changes_is_named(intruder):
    def answer(layers):
        right = size_of_network.solve(layers)
        layers[0] = intruder
        return right

    assert "changed layers" in check(size_of_network, answer, "correct").message


def test_transposed():
    message = check(weight_gradient, lambda x, dz: x.T @ dz, "transposed").message
    assert "rows and columns swapped" in message


def test_wrong_sign():
    check(bias_gradient, lambda dy: -dy.sum(axis=0), "wrong sign")


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (lambda dy: 2, "twice"),
        (lambda dy: 0.5, "half"),
        (lambda dy: len(dy), "3 times too large.* the length of axis 0 of dy"),
        (lambda dy: 1 / len(dy), "3 times too small.* the length of axis 0 of dy"),
        (lambda dy: len(dy.T) ** 0.5, "2.236 times too large.* square root .* axis 1 of dy"),
        (lambda dy: len(dy.T) ** -0.5, "2.236 times too small.* square root .* axis 1 of dy"),
        (lambda dy: -3.7, "-3.7 times what it should be"),
    ],
)
def test_a_constant_factor_is_named(factor, message):
    verdict = check(bias_gradient, lambda dy: factor(dy) * dy.sum(axis=0), "constant factor")
    assert re.search(message, verdict.message)


def test_wrong_shape():
    verdict = check(bias_gradient, lambda dy: dy.sum(axis=0, keepdims=True), "wrong shape")
    assert "The shape is (1, 5), expected (5,). The numbers are right" in verdict.message
    verdict = check(bias_gradient, lambda dy: dy, "wrong shape")
    assert verdict.message == "The shape is (3, 5), expected (5,). Axis 0 has not been added up."


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (np.abs, "Signs are lost"),
        (lambda db: np.maximum(db, 0), "Negative numbers have become 0"),
        (np.zeros_like, "Every number is 0"),
        (np.trunc, "Only whole numbers are left"),
        (lambda db: np.round(db, 1), "The numbers are rounded"),
        (lambda db: db[::-1], "The rows are in reverse order"),
        (lambda db: db[0], "Only the first row came back"),
        (lambda db: db[-1], "Only the last row came back"),
    ],
)
def test_what_became_of_the_right_answer_is_said(change, text):
    verdict = bias_gradient.check(lambda dy: change(dy.sum(axis=0)))
    assert text in verdict.message


def test_an_axis_that_was_added_up_is_said():
    verdict = weight_gradient.check(lambda x, dz: (dz.T @ x).sum(axis=1))
    assert "Axis 1 has been added up" in verdict.message


def test_a_transposition_with_a_wrong_sign_is_both():
    message = check(weight_gradient, lambda x, dz: -x.T @ dz, "transposed").message
    assert message == "Every sign is wrong, and rows and columns are swapped."


def only_first_case(answer, other):
    """The answer in the first case, and something else in all others."""
    first = weight_gradient.cases[0][0]
    return lambda x, dz: answer(x, dz) if np.array_equal(x, first) else other(x, dz)


@pytest.mark.parametrize("other", [lambda x, dz: dz.T @ x * np.nan, lambda x, dz: x @ x @ dz])
def test_a_cause_is_named_where_another_case_is_nan_or_raises(other):
    answer = only_first_case(lambda x, dz: -dz.T @ x, other)
    assert check(weight_gradient, answer, "wrong sign").message == "Every sign is wrong."


def test_the_call_that_is_shown_is_the_one_that_the_message_is_about():
    answer = only_first_case(lambda x, dz: dz.T @ x + np.tri(*(dz.T @ x).shape), lambda x, dz: x)
    verdict = check(weight_gradient, answer, "wrong value")
    first_right = only_first_case(lambda x, dz: dz.T @ x, lambda x, dz: x)
    other = check(weight_gradient, first_right, "wrong shape")
    assert verdict.call != other.call
    assert show_call(weight_gradient, answer, weight_gradient.cases[0]) == verdict.call
    assert show_call(weight_gradient, answer, weight_gradient.cases[1]) == other.call


def test_a_single_number_beside_a_matrix_product_is_said():
    message = check(weight_gradient, lambda x, dz: dz.T @ 3, "raised").message
    assert message.startswith("One side of this @ is a single number.")


def test_truth_values_where_numbers_are_expected_are_said():
    message = check(weight_gradient, lambda x, dz: dz.T @ x > 0, "wrong value").message
    assert message.startswith("The answer is made of True and False, not of numbers.")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda db: np.roll(db, 1), "These are the right numbers in the wrong places."),
        (lambda db: db + 0.5, "Every number is 0.5 too large."),
        (lambda db: db - 0.25, "Every number is 0.25 too small."),
    ],
)
def test_numbers_that_have_moved_are_said(change, text):
    assert check(bias_gradient, lambda dy: change(dy.sum(axis=0)), "wrong value").message == text


def test_a_number_in_a_wrong_place_is_said():
    def spoiled(dy):
        result = dy.sum(axis=0)
        result[1] = result[4]
        return result

    message = check(bias_gradient, spoiled, "wrong value").message
    assert message == "At [1] the result is 0.72, expected 0.83. 0.72 belongs at [4]."


def test_numbers_that_differ_late_are_shown_with_enough_digits():
    @exercise
    def length(x):
        return float(x)

    length.cases, length.tolerance = ((1.39957,),), 1e-9
    message = check(length, lambda x: x + 2e-8, "wrong value").message
    assert message == "The result is 1.39957002, expected 1.39957."


@pytest.mark.parametrize("other", [np.nan, np.inf, "raise"])
@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    ("change", "text"),
    [
        (np.negative, "Every sign is wrong."),
        (lambda dW: 2 * dW, "Every number is twice what it should be."),
        (np.transpose, "This is the transpose of the right answer: rows and columns swapped."),
        (lambda dW: -dW.T, "Every sign is wrong, and rows and columns are swapped."),
    ],
)
def test_a_case_is_diagnosed_beside_one_that_cannot_be(change, text, place, other):
    def answer(x, dz):
        if len(x) == len(weight_gradient.cases[place][0]):
            return np.linalg.inv(x) if other == "raise" else np.full((3, 3), other)
        return change(dz.T @ x)

    verdict = weight_gradient.check(answer)
    assert verdict.message == text
    seen = weight_gradient.cases[1 - place]
    assert verdict.call.startswith(f"weight_gradient({seen[0].tolist()}")


def test_sentence_and_call_speak_of_the_same_case():
    def wrong_value_then_wrong_shape(x, dz):
        return np.ones((2, 3)) if len(x) == 5 else np.ones(4)

    verdict = check(weight_gradient, wrong_value_then_wrong_shape, "wrong value")
    assert verdict.call.startswith(f"weight_gradient({weight_gradient.cases[0][0].tolist()}")

    def wrong_axis(x, dz):
        return dz.T @ x if len(x) == 5 else (dz.T @ x).sum(axis=0)

    verdict = check(weight_gradient, wrong_axis, "wrong shape")
    assert verdict.message == "The shape is (2,), expected (6, 2)."
    assert verdict.call.startswith(f"weight_gradient({weight_gradient.cases[1][0].tolist()}")


@pytest.mark.parametrize(
    ("change", "status"), [(np.transpose, "transposed"), (np.atleast_3d, "wrong shape")]
)
def test_a_cause_is_told_of_a_case_in_which_it_shows(change, status):
    @exercise
    def doubled(x):
        return 2 * x

    doubled.cases = ((np.array([[1.0, 2], [2, 1]]),), (np.array([[1.0, 2], [3, 4]]),))

    def answer(x):
        return 2 * x if x[0, 1] == x[1, 0] else change(2 * x)

    assert check(doubled, answer, status).call == "doubled([[1.0, 2.0], [3.0, 4.0]])"


def test_an_error_is_not_taken_for_a_mistake_that_raises_another():
    other = exercise(bias_gradient.solve)
    other.cases, other.mistakes = bias_gradient.cases, {"too many": lambda dy: dy[0, 0, 0]}
    check(other, lambda dy: dy[7, 7, 7], "known mistake")
    check(other, lambda dy: dy[99], "raised")


def test_a_known_mistake_is_seen_beside_a_case_that_raises_otherwise():
    def in_a_loop(x, dz):
        if dz.shape[1] != 6:
            raise IndexError
        return weight_gradient.mistakes["forgot x"](x, dz)

    check(weight_gradient, in_a_loop, "raised")
    known = {"raises in the first case": lambda x, dz: in_a_loop(x, dz) if len(x) == 4 else x @ x}
    other = exercise(weight_gradient.solve)
    other.cases, other.mistakes = weight_gradient.cases, known
    check(other, in_a_loop, "known mistake")
    check(other, lambda x, dz: x @ x, "raised")
    check(other, lambda x, dz: 3 * in_a_loop(x, dz), "raised")


def test_a_known_mistake_is_seen_beside_nan():
    def with_nan(dy):
        total = dy.sum(axis=1)
        total[0] = np.nan
        return total

    message = check(bias_gradient, with_nan, "known mistake").message
    assert message == "summed over features"

    def mostly_nan(dy):
        total = dy.sum(axis=1)
        total[1:] = np.nan
        return total

    check(bias_gradient, mostly_nan, "wrong shape")
    right = bias_gradient.check(lambda dy: np.where(dy[0] > 0, dy.sum(axis=0), np.nan))
    assert right.status == "wrong value"
    assert "0 / 0, 0 * inf and inf - inf are nan." in right.message


def test_warnings_are_told_with_what_is_not_finite():
    def divided(dy):
        return dy.sum(axis=0) / np.zeros(1)

    assert "NumPy warned: divide by zero." in bias_gradient.check(divided).message


def test_two_known_mistakes_at_once_are_both_named():
    def both(x):
        return x, x.mean(axis=0)

    message = check(weights_and_bias, both, "known mistake").message
    assert message == "forgot to double W averaged b"
    message = check(weights_and_bias, lambda x: (x, x.max(axis=0)), "constant factor").message
    assert message == "W: Every number is half what it should be."


def test_parts_that_are_exchanged_are_named():
    @exercise
    def low_and_high(x):
        low, high = x.min(), x.max()
        return low, high

    low_and_high.cases = (np.array([1.0, 2.0, 4.0]),), (np.array([3.0, -1.0]),)
    message = check(low_and_high, lambda x: (x.max(), x.min()), "exchanged").message
    assert message == "low and high are exchanged."
    message = check(low_and_high, lambda x: (x.min(), 7.0), "wrong value").message
    assert message == "high: The result is 7, expected 4. Right: low."


def test_the_worst_element_is_shown():
    def spoiled(x, dz):
        result = dz.T @ x
        result[0, 1] += 0.001
        result[1, 0] = 7
        return result

    message = check(weight_gradient, spoiled, "wrong value").message
    right = weight_gradient.solve(*weight_gradient.cases[0])[1, 0]
    assert message.startswith(f"At [1, 0] the result is 7, expected {right:.6g}.")
    assert "2 of 6 numbers are wrong" in message


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_shown_first(value):
    def spoiled(dy):
        result = dy.sum(axis=0)
        result[0] = 1e6
        result[3] = value
        return result

    message = check(bias_gradient, spoiled, "wrong value").message
    assert message.startswith(f"At [3] the result is {value}, expected ")


@pytest.mark.parametrize("value", [1e308, -1e308, 10**25])
def test_numbers_of_any_size_are_compared_in_silence(value):
    for one in (bias_gradient, weight_gradient, quiet_sigmoid):
        check(one, lambda *arguments, one=one: one.solve(*arguments) + value, "wrong value")


def test_a_difference_between_the_tolerances_is_a_wrong_value():
    strict = exercise(bias_gradient.solve)
    strict.cases = bias_gradient.cases
    strict.tolerance = 1e-9
    check(strict, lambda dy: dy.sum(axis=0) * (1 + 1e-8), "wrong value")
    check(strict, lambda dy: dy.sum(axis=0) + 1e-8, "wrong value")


def test_the_part_that_is_wrong_is_named():
    verdict = check(weights_and_bias, lambda x: (2 * x, 2 * x.sum(axis=0)), "constant factor")
    assert verdict.message == "b: Every number is twice what it should be. Right: W."


def test_a_dictionary_is_judged_from_the_top_part_by_part():
    def answering(factor=1, **others):
        return lambda x, dz: {"db": dz.sum(axis=0), "dW": factor * dz.T @ x} | others

    check(named_gradients, answering(more=3), "correct")
    message = check(named_gradients, lambda x, dz: {"dW": dz.T @ x}, "wrong value").message
    assert message == "db: It is not in the dictionary yet. Right: dW."
    message = check(named_gradients, answering(3), "constant factor").message
    assert message == "dW: Every number is 3 times what it should be. Right: db."
    message = check(named_gradients, answering(db="0"), "wrong type").message
    assert message.startswith("db: Expected an array")
    message = check(named_gradients, lambda x, dz: dz.T @ x, "wrong type").message
    assert message.startswith("Expected a dictionary with dW, db, got an array")


def test_cases_may_have_different_numbers_of_parts():
    @exercise
    def growing(n):
        return tuple(np.arange(i + 1.0) for i in range(n))

    growing.cases = (1,), (3,)
    verdict = check(
        growing, lambda n: [np.arange(min(i, 1) + 1.0) for i in range(n)], "wrong shape"
    )
    assert verdict.message.startswith("Value 3: ")


def test_an_answer_with_a_gap_is_not_attempted():
    check(shape_of_output, (5, ...), "not attempted")
    check(and_gate, ([1, ...], ...), "not attempted")


def test_numbers_may_be_written_in_any_way():
    for twelve in (12, 12.0, Fraction(24, 2), Decimal(12), np.float32(12), np.array(12)):
        check(product, twelve, "correct")
    assert "alone" in check(product, [12], "wrong shape").message
    assert "quotes" in check(product, "12", "wrong type").message


def test_a_value_of_none_is_a_wrong_type():
    check(product, None, "wrong type")


def test_arguments_in_another_order_are_noticed():
    message = check(weight_gradient, lambda dz, x: dz.T @ x, "raised").message
    assert "in the order (x, dz)" in message


def test_wrong_values():
    assert "wrong order" in check(shape_of_output, (3, 5), "transposed").message
    check(product, -12, "wrong sign")
    check(product, 13, "wrong value")
    check(which_axis, " Columns\n", "correct")
    check(which_axis, "diagonals", "wrong value")
    check(axis_and_length, ("Columns", 3.0), "correct")
    check(axis_and_length, ("columns", 4), "wrong value")
    check(axis_and_length, ("columns", True), "wrong value")


def test_the_parts_of_a_value_that_are_right_are_said():
    message = check(shape_of_output, (5, 7), "wrong value").message
    assert message == "1 of 2 is right: the first. Take a hint, or compute it in a cell."
    message = check(shape_of_output, (6, 7), "wrong value").message
    assert message == "That is not it. Take a hint, or compute it in a cell."
    message = check(axis_and_length, ("rows", 3), "wrong value").message
    assert message == "1 of 2 is right: the second. Take a hint, or read the section again."
    message = check(understanding.tiny_explanation, ((6, -9, 0), 8), "wrong value").message
    assert message.startswith("3 of 4 are right: the first, the second and the third.")


@pytest.mark.parametrize("text", ["Off-by-one", "off by one", "“off by one”", " OFF–BY–ONE. "])
def test_a_text_is_right_in_any_case_with_any_hyphens_and_quotes(text):
    check(cause_of_each, (text, "no mask"), "correct")
    check(cause_of_each, np.array([text, "no mask"]), "correct")


def test_a_text_that_is_none_of_the_answers_gets_the_list():
    message = check(cause_of_each, ("off by two", "no mask"), "wrong value").message
    assert message == (
        '"off by two" is none of the answers to choose from. '
        'They are "no mask", "no scale", "off-by-one".'
    )
    message = check(cause_of_each, ("no mask", "no mask"), "wrong value").message
    assert message.startswith("1 of 2 is right: the second.")
    message = check(cause_of_each, "no mask", "wrong type").message
    assert message == (
        "Expected 2 values, separated by commas, got text. Put each in quotes of its own."
    )


def test_what_is_wrong_with_the_form_is_said():
    message = check(shape_of_output, "(5, 3)", "wrong type").message
    assert message == "Expected 2 values, separated by commas, got text. Leave out the quotes."
    message = check(weights_and_bias, lambda x: (v for v in x), "wrong type").message
    assert message.endswith("got a generator. list(...) makes a list of it.")
    assert "got an Exercise" in check(product, product, "wrong type").message
    message = check(product, (1, 2), "wrong type").message
    assert message == "Expected one number, got (1, 2)."


def test_a_whole_number_is_not_taken_for_its_neighbour():
    @exercise
    def parameters():
        return 25_450

    check(parameters, 25_449, "wrong value")
    check(parameters, 25_450.0, "correct")
    message = check(parameters, 25_449, "wrong value").message
    assert message == "That is not it. Take a hint, or compute it in a cell."


def test_an_answer_of_too_few_digits_is_close():
    @exercise
    def entropy():
        return 3.2447

    check(entropy, 3.2449, "correct")
    message = check(entropy, 3.2, "wrong value").message
    assert message == "That is close, but not close enough. Keep more digits on the way."
    message = check(entropy, 3.0, "wrong value").message
    assert message == "That is not it. Take a hint, or compute it in a cell."


def test_one_pair_of_numbers_is_shown_whole():
    @exercise
    def pair(x):
        return tuple(x)

    pair.cases = ([3, 7],), ([4, 2],)
    message = check(pair, lambda x: [x[0], 5], "wrong value").message
    assert message == "The result is (3, 5), expected (3, 7)."


def test_truth_values_are_shown_as_such():
    @exercise
    def positive(x):
        return x > 0

    positive.cases = ((np.array([1, -1, 2]),),)
    message = check(positive, lambda x: x > 1, "wrong value").message
    assert message == "At [0] the result is False, expected True."


def test_a_list_that_is_no_array_is_explained():
    @exercise
    def ids(x):
        return list(x)

    ids.cases = (([5, 1],),)
    for answer in ([5, (1, 2)], [[1, 2], [3]], [5, None]):
        message = check(ids, lambda x, answer=answer: answer, "wrong type").message
        assert message == (
            "Expected a list, got a list in which an entry is no number, or rows of different "
            "lengths."
        )


@each([one for one in OURS if one.wants_function])
def test_an_answer_in_float32_is_correct(one):
    def single(value):
        if isinstance(value, list | tuple):
            return type(value)(map(single, value))
        is_double = isinstance(value, np.ndarray) and value.dtype == np.float64
        return value.astype(np.float32) if is_double else value

    check(one, lambda *case: single(one.solve(*map(single, case))), "correct")


def test_weights_are_judged_by_what_the_neuron_does():
    check(and_gate, ([10, 10], -15), "correct")
    check(and_gate, (np.array([2.0, 1.0]), -2.5), "correct")
    check(and_gate, ([5, 5], -1), "known mistake")
    verdict = check(and_gate, ([1, -1], 0), "wrong value")
    assert verdict.message == "With x = [1, 0]: the result is 1, expected 0."


def test_warnings_count_only_where_silence_is_the_task():
    def noisy(z):
        np.exp(np.array([1000.0]))
        return quiet_sigmoid.solve(z)

    assert "overflow" in check(quiet_sigmoid, noisy, "warned").message
    relaxed = exercise(quiet_sigmoid.solve)
    relaxed.cases = quiet_sigmoid.cases
    assert "NumPy warned on the way: overflow." in check(relaxed, noisy, "correct").message


def test_an_outcome_is_judged_by_the_conditions_it_has_to_meet():
    check(rate_and_loss, (0.3, 0.05), "correct")
    check(rate_and_loss, [np.float32(3), 0], "correct")
    message = check(rate_and_loss, (0.3, 0.5), "wrong value").message
    assert message == "The loss is not below 0.1. Train longer."
    message = check(rate_and_loss, (-1, 0.5), "wrong value").message
    assert message == "The rate is not positive."
    message = check(rate_and_loss, (np.ones(2), 0.5), "wrong value").message
    assert message == "Answer in the form rate, loss."
    check(rate_and_loss, 0.3, "wrong type")
    check(seeded, lambda seed: 0.01 * seed, "correct")
    verdict = check(seeded, lambda seed: 0.06 * seed, "wrong value")
    assert verdict.message == "The number is not below 0.1."
    assert verdict.call == "seeded(2)"


@pytest.mark.parametrize("one", [one for one in MADE_UP + OURS if one.wants == "class"])
def test_the_gradients_of_a_layer_are_those_of_finite_differences(one):
    for arguments, x, _ in copy.deepcopy(one._cases):
        errors = gradcheck(one.solve(*arguments), x, rng=np.random.default_rng(0))
        assert max(errors.values()) < 1e-7


def variant(*changes):
    """The layer that is made up, with some of its text replaced."""
    return edit(*changes).of(Affine.solve)


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (
            variant("return x @", "return -x @"),
            "wrong value",
            "forward(x): At [3, 1] the result is 1.36726, expected -0.821682.",
        ),
        (
            variant('return dy @ self.params["W"]', 'return -dy @ self.params["W"]'),
            "wrong sign",
            "backward(dy): Every sign is wrong. "
            "Right: forward(x), the gradient of W, the gradient of b.",
        ),
        (
            variant("dy.T @ self.x", "2 * dy.T @ self.x", "dy @", "-dy @"),
            "constant factor",
            "the gradient of W: Every number is twice what it should be. "
            "Right: forward(x), the gradient of b.",
        ),
        (
            variant("sum(axis=0)", "sum()"),
            "wrong value",
            "the gradient of b: At [",
        ),
        (
            variant(
                *("self.x = x", 'self.x = getattr(self, "x", x)'),
                *("@ self.x", "@ self.x[: len(dy)]"),
            ),
            "wrong value",
            "the gradient of W, the second time: At [",
        ),
        (
            variant("return x @", "return np.float64(1) * x.astype(float) @"),
            "wrong value",
            "the dtype of forward(x): It is float64, and should be float32. Right: forward(x), ",
        ),
        (variant('"b": np', '"c": np'), "raised", "ValueError: The parameters are {'W': (2, 3),"),
        (
            variant('return dy @ self.params["W"]', "raise NotImplementedError"),
            "raised",
            "backward is called, and is not written yet.",
        ),
        (variant("return x @", "x @"), "wrong type", "forward(x): Expected an array"),
    ],
)
def test_a_layer_is_judged_line_by_line_from_the_top(answer, status, message):
    verdict = check(Affine, answer, status)
    assert verdict.message.startswith(message)
    assert verdict.call.startswith("Affine(3, 2, ")


def test_a_layer_needs_no_more_than_parameters_and_gradients():
    class Plain:
        def __init__(self, d_in, d_out, rng):
            self.params = {"b": np.ones(d_out), "W": np.ones((d_out, d_in))}
            self.grads = {"b": np.zeros(d_out), "W": np.zeros((d_out, d_in))}

        forward = Affine.solve.forward
        backward = Affine.solve.backward

    check(Affine, Plain, "correct")
    message = check(Affine, lambda d_in, d_out, rng: Plain, "wrong type").message
    assert message == "check needs the class itself, without brackets, and it got a function."
    message = check(Affine, Plain(3, 2, None), "wrong type").message
    assert message.endswith("and it got a Plain.")


def test_what_an_answer_prints_is_shown(capsys):
    def talkative(dy):
        print("dy is", dy.shape)
        return dy.sum(axis=0)

    check(bias_gradient, talkative, "correct")
    assert "dy is (3, 5)" in capsys.readouterr().out


def endless(dy):
    while True:
        pass


def asleep(dy):
    time.sleep(0.5)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("slow", [endless, asleep])
def test_an_answer_that_takes_too_long_is_stopped(slow):
    before = threading.enumerate()
    check(bias_gradient, slow, "too slow")
    assert threading.enumerate() == before


def trained(seconds):
    """A rate and a loss, which are judged by a training that takes this long."""
    slow = exercise(rate_and_loss.solve)
    slow.form, slow.accept = rate_and_loss.form, rate_and_loss.accept
    slow.observe = lambda answer: (time.sleep(seconds), answer)[1]
    return slow


@pytest.mark.usefixtures("impatient")
def test_a_training_has_longer_and_is_no_loop_of_the_reader():
    check(trained(0.4), rate_and_loss.answer, "correct")
    assert "much else to do" in check(trained(2), rate_and_loss.answer, "too slow").message


@pytest.mark.usefixtures("impatient")
def test_an_answer_that_refuses_to_stop_is_left_behind():
    enough = threading.Event()
    own = []

    def stubborn(dy):
        own.append(threading.current_thread())
        while not enough.is_set():
            try:
                time.sleep(0.01)
            except BaseException:
                continue

    check(bias_gradient, stubborn, "too slow")
    (thread,) = own
    assert thread.is_alive()
    enough.set()
    thread.join()


def test_a_verdict_is_escaped_in_the_notebook_and_plain_elsewhere():
    verdict = product.check("<script>alert('&')</script>")
    assert "<script>" not in verdict._repr_html_()
    verdict = Verdict("wrong value", "a < b. W @ x & <b>", "f(x < y)")
    for text in ("✗ a < b.", "W @ x & <b>", "f(x < y)"):
        assert f">{html.escape(text)}</" in verdict._repr_html_()
    assert repr(verdict) == str(verdict) == "✗ a < b.\nW @ x & <b>\nThe call: f(x < y)"


def test_only_a_correct_verdict_is_true():
    assert Verdict("correct", "")
    for status in ("wrong value", "known mistake", "not attempted", "too slow"):
        assert not Verdict(status, "")


def test_a_verdict_says_what_is_wrong_then_why_and_last_the_call():
    verdict = Verdict("wrong value", "Is 0.5 it? No. Look at np.exp(-z)\nline 3: x", "f(1)")
    assert (verdict.heading, verdict.why) == ("✗ Is 0.5 it?", "No. Look at np.exp(-z)\nline 3: x")
    assert verdict._repr_html_().endswith(
        "<details><summary>The call</summary>"
        '<div style="white-space: pre-wrap">f(1)</div></details></div>'
    )
    assert "<details>" not in Verdict("correct", "Right.")._repr_html_()
    assert repr(Verdict("correct", "Right.")) == "✓ Right."


def test_the_call_that_went_wrong_is_shown():
    assert parameter_count.check(lambda sizes: 0).call == "parameter_count([3, 4, 2])"
    assert parameter_count.check(count).heading == "✓ Right in both cases."
    assert product.check().heading == "○ Not attempted yet."
    assert and_gate.check(([-2.5], 1)).call == "and_gate: ([-2.5], 1), with x = [0, 0]"
    assert shape_of_output.check((-2.5,)).call == "shape_of_output: (-2.5,)"


def test_booleans_and_all_that_is_long_in_a_call_are_readable():
    @exercise
    def masked(mask, x):
        return np.sum(x, where=mask)

    masked.cases = ((np.array([True, False]), np.array([1.23456, 2])),)
    assert masked.check(lambda mask, x: x.sum()).call == "masked([True, False], [1.2346, 2.0])"
    masked.cases = ((np.full(30, True), np.ones(30)),)
    _deeds.right.cache_clear()
    call = masked.check(lambda mask, x: 0).call
    assert call == "masked(array of shape (30,), array of shape (30,))"
    masked.cases = (([*np.full(30, True)], [1, *np.ones(29)]),)
    _deeds.right.cache_clear()
    mask, x = "[True, True, True, … (30 in all), True]", "[1, 1.0, 1.0, … (30 in all), 1.0]"
    assert masked.check(lambda mask, x: 0).call == f"masked({mask}, {x})"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_every_card_prints_on_any_code_page(encoding):
    code = r"""if True:
        from nnlib.exercises import neuron, progress
        print(neuron.z_by_hand.check(2.5), neuron.z_by_hand.check(-2.5), neuron.z_by_hand.check())
        print(neuron.sigmoid.check(lambda z: 1 / z), neuron.z_by_hand.solution(), progress())
        print(neuron.z_by_hand.check("√½\N{SNOWMAN}\ud800"))
    """
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )
    printed = run.stdout.decode(encoding)
    for line in ("x The sign is wrong.", "+ Right.", "o Not attempted yet.", "# done"):
        assert line in printed


def recorded(file):
    record = json.loads(file.read_text(encoding="utf-8"))
    return {exercise: entry["state"] for exercise, entry in record.items()}


def test_progress_is_recorded_and_what_is_done_stays_done(progress_file):
    product.check(13)
    assert recorded(progress_file) == {"made_up.product": "tried"}
    product.check(12)
    which_axis.check("rows")
    product.check(13)
    done = {"made_up.product": "done", "made_up.which_axis": "tried"}
    assert recorded(progress_file) == done
    assert list(progress_file.parent.iterdir()) == [progress_file]


def test_what_is_not_attempted_is_not_recorded(progress_file):
    product.check()
    bias_gradient.check(lambda dy: dy[0])
    product.solution()
    assert not progress_file.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"done"',
        b'{"made_up.product": []}',
        b'{"made_up.product": null}',
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:40]),
)
def test_a_corrupt_record_is_replaced(progress_file, content):
    progress_file.write_bytes(content)
    assert isinstance(progress(), Card)
    check(product, 12, "correct")
    assert recorded(progress_file) == {"made_up.product": "done"}


@pytest.mark.parametrize("chapter", ORDER)
@pytest.mark.parametrize("state", [[], {}, None, 3, "nonsense"], ids=repr)
def test_a_state_that_means_nothing_counts_as_open(progress_file, chapter, state):
    names = list(exercises(chapter))
    progress_file.write_text(json.dumps({f"{chapter}.{name}": state for name in names}))
    assert f"0 of {len(names)}" in progress().message


@pytest.mark.parametrize("place", ["file/progress.json", "file/deep/progress.json", "folder", ""])
def test_a_record_that_cannot_be_written_is_no_reason_to_fail(tmp_path, monkeypatch, place):
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    monkeypatch.setenv("NNLIB_PROGRESS", str(tmp_path / place))
    check(product, 12, "correct")
    assert isinstance(progress(), Card)


@pytest.mark.parametrize("place", ["/", ".", "/dev/null/progress.json", "bad\udcffname"])
def test_a_record_in_an_odd_place_is_no_reason_to_fail(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NNLIB_PROGRESS", place)
    check(product, 12, "correct")


def test_a_folder_without_permission_is_no_reason_to_fail(progress_file, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    check(product, 12, "correct")


def test_without_platformdirs_the_checker_still_works(monkeypatch):
    monkeypatch.delenv("NNLIB_PROGRESS")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    check(product, 12, "correct")
    assert isinstance(progress(), Card)


@pytest.mark.parametrize("chapter", ORDER)
def test_progress_has_a_row_for_each_chapter(chapter):
    names = list(exercises(chapter))
    first = exercises(chapter)[names[0]]
    first.check(first.answer)
    row = progress().message.splitlines()[ORDER.index(chapter)]
    assert row.split()[0] == chapter
    assert f"1 of {len(names)}" in row
    assert f"next: {names[1]}" in row
