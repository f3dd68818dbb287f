import functools
import html
import inspect
import json
import operator
import pkgutil
import re
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
    and_gate,
    axis_and_length,
    bias_gradient,
    count,
    parameter_count,
    product,
    quiet_sigmoid,
    shape_of_output,
    size_of_network,
    weight_gradient,
    weights_and_bias,
    which_axis,
)

import nnlib.exercises
from nnlib.exercises import (
    ORDER,
    _judge,
    exercises,
    gpt,
    matrices,
    neuron,
    progress,
    transformer,
)
from nnlib.exercises._cards import Card, Verdict
from nnlib.exercises._exercise import edit, exercise
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

    check(one, ..., "not attempted")
    assert one.check().status == "not attempted"
    if one.wants_function:
        check(one, stub, "not attempted")


@each(MADE_UP + OURS)
def test_each_known_mistake_is_rejected_with_its_own_name(one):
    for name, mistake in one.mistakes.items():
        assert check(one, mistake, "known mistake").message == name


@each([one for one in MADE_UP + OURS if one.start])
def test_the_code_to_repair_is_not_attempted_until_it_changes(one):
    assert "It still does" in check(one, one.start, "not attempted").message


@each(MADE_UP + OURS)
def test_hints_come_one_by_one_and_then_again(one):
    assert len(one.hints) >= 2
    assert all(hint.strip() for hint in one.hints)
    shown = [one.hint() for _ in range(2 * len(one.hints))]
    assert [card.message for card in shown] == [*one.hints, *one.hints]
    assert shown[1].heading == f"Hint 2 of {len(one.hints)}"


@each(MADE_UP + OURS)
def test_the_code_that_the_solution_shows_is_right(one):
    code = one.solution().code
    assert "@exercise" not in code
    assert not (one.solve.__doc__ and one.solve.__doc__ in code)
    names = {"np": np} | vars(sys.modules[one.solve.__module__])
    exec(code, names)
    check(one, names[one.name] if one.wants_function else names[one.name](), "correct")


def test_the_solution_keeps_its_comments():
    assert weight_gradient.source() == (
        "def weight_gradient(x, dz):\n    # Row i belongs to neuron i.\n    return dz.T @ x"
    )


@each(MADE_UP + OURS)
def test_the_solution_says_why_wrong_answers_are_wrong(one):
    solution = one.solution()
    assert list(one.wrong_code()) == list(one.mistakes)
    assert all(one.wrong_code().values())
    assert all(mistake in solution.message for mistake in one.mistakes)
    assert f"```python\n{solution.code}\n```" in solution._repr_markdown_()
    assert solution.code in repr(solution)


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


def total(dy):
    return dy.sum()


def test_functions_that_wrong_answers_call_are_shown():
    one = exercise(total)
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
    (gpt.with_temperature, lambda z, t: [1 / np.exp((z - one) / t).sum() for one in z]),
]


@pytest.mark.parametrize(
    ("one", "answer"), OTHER_WAYS, ids=[f"{one.chapter}.{one.name}" for one, _ in OTHER_WAYS]
)
def test_another_way_to_the_right_answer_is_correct(one, answer):
    check(one, answer, "correct")


@each(OURS)
def test_a_function_has_at_least_four_known_mistakes_and_a_value_one(one):
    assert len(one.mistakes) >= (4 if one.wants_function else 1)


@each([one for one in OURS if one.wants_function])
def test_not_every_matrix_in_the_cases_is_square(one):
    arrays = [value for case in one.cases for value in case if isinstance(value, np.ndarray)]
    matrices = [array for array in arrays if array.ndim == 2]
    assert not matrices or any(len(matrix) != len(matrix.T) for matrix in matrices)


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


def test_factors_that_do_not_fit_are_explained():
    message = check(weight_gradient, lambda x, dz: x @ dz.T @ dz.T, "raised").message
    assert message.startswith("The factors of this @ do not fit: the last axis of the left one has")
    assert "length 3, and the right one has 2 rows." in message


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

    assert "changed dy" in check(bias_gradient, double, "changed its argument").message
    check(bias_gradient, bias_gradient.solve, "correct")


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

    assert "changed sizes" in check(parameter_count, answer, "changed its argument").message


@pytest.mark.parametrize("intruder", [None, 3, (None, None), (3, [4])], ids=repr)
def test_a_list_of_layers_that_changes_is_named(intruder):
    def answer(layers):
        right = size_of_network.solve(layers)
        layers[0] = intruder
        return right

    assert "changed layers" in check(size_of_network, answer, "changed its argument").message


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
    assert verdict.message.startswith("Value 2: ")


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


def test_weights_are_judged_by_what_the_neuron_does():
    check(and_gate, ([10, 10], -15), "correct")
    check(and_gate, (np.array([2.0, 1.0]), -2.5), "correct")
    check(and_gate, ([5, 5], -1), "known mistake")
    verdict = check(and_gate, ([1, -1], 0), "wrong value")
    assert "with x = [1, 0]" in verdict.heading


def test_warnings_count_only_where_silence_is_the_task():
    def noisy(z):
        np.exp(np.array([1000.0]))
        return quiet_sigmoid.solve(z)

    assert "overflow" in check(quiet_sigmoid, noisy, "warned").message
    relaxed = exercise(quiet_sigmoid.solve)
    relaxed.cases = quiet_sigmoid.cases
    assert "NumPy warned on the way: overflow." in check(relaxed, noisy, "correct").message


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
    card = Verdict("a < b", "W @ x & <b>", "wrong value")
    assert html.escape("W @ x & <b>") in card._repr_html_()
    assert html.escape("a < b") in card._repr_html_()
    assert repr(card) == str(card) == "a < b\nW @ x & <b>"


def test_only_a_correct_verdict_is_true():
    assert Verdict("", "", "correct")
    for status in ("wrong value", "known mistake", "not attempted", "too slow"):
        assert not Verdict("", "", status)


def test_the_heading_shows_the_call_that_went_wrong():
    verdict = parameter_count.check(lambda sizes: 0)
    assert verdict.heading == "✗ parameter_count([3, 4, 2])"
    assert parameter_count.check(count).heading == "✓ parameter_count: correct"
    assert product.check().heading == "○ product: not attempted"


def recorded(file):
    return json.loads(file.read_text(encoding="utf-8"))


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
