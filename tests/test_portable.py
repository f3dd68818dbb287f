"""What the page's Python lacks, threads and floating-point flags, changes no verdict."""

import math
import re
import signal
import sys
import threading
import types
import warnings
from _thread import interrupt_main
from pathlib import Path

import numpy as np
import pytest
from made_up import MADE_UP, bias_gradient, product

import nnlib
from nnlib.attention import attention
from nnlib.backprop import Dense, LeakyReLU, ReLU, Sequential, Sigmoid, Tanh
from nnlib.descent import accuracy, cross_entropy, gradient_descent, mean_squared_error, one_hot
from nnlib.exercises import ORDER, _deeds, _judge, _running, exercises
from nnlib.exercises._deeds import deeds
from nnlib.exercises._diagnosis import difference
from nnlib.exercises._limit import by_the_clock
from nnlib.exercises._running import call
from nnlib.exercises._watch import repeat
from nnlib.gpt import next_token_distribution
from nnlib.matrices import count_parameters, dense, fold_bias, softmax
from nnlib.neuron import leaky_relu, neuron, relu, sigmoid, step, tanh, weighted_sum
from nnlib.tokens import Embedding
from nnlib.transformer import GELU, LayerNorm, gelu
from nnlib.understanding import calibration, occlusion, pixel_contributions

OURS = [one for chapter in ORDER for one in exercises(chapter).values()]


class Clock(types.ModuleType):
    """What the page's worker gives to Python, made with a thread."""

    def __init__(self):
        super().__init__("page_clock")
        self.told = threading.Event()

    def interrupt_after(self, milliseconds):
        self.told.set()
        if milliseconds is not None:
            self.told = threading.Event()
            threading.Thread(target=self.tick, args=(self.told, milliseconds / 1000)).start()

    def tick(self, told, seconds):
        while not told.wait(seconds):
            interrupt_main()
            seconds = 0.1


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setitem(sys.modules, "page_clock", clock)
    monkeypatch.setattr(_running, "within", by_the_clock)
    monkeypatch.setattr(_judge, "TIME_LIMIT", 0.2)
    return clock


def test_without_threads_an_endless_loop_is_stopped_by_the_clock(clock):
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def endless(dy):
        seen.append(threading.current_thread())
        while True:
            pass

    assert bias_gradient.check(endless).status == "too slow"
    assert seen == [threading.main_thread()]
    assert signal.getsignal(signal.SIGINT) is before
    assert clock.told.is_set()
    assert bias_gradient.check(bias_gradient.answer)


def test_without_threads_an_answer_that_catches_what_stops_it_is_stopped_again(clock):
    caught = []

    def stubborn(dy):
        try:
            while True:
                pass
        except BaseException as error:
            caught.append(error)
        while True:
            pass

    assert bias_gradient.check(stubborn).status == "too slow"
    assert len(caught) == 1


def test_without_threads_recursion_that_never_ends_is_stopped(clock):
    def doubled(dy):
        try:
            doubled(dy)
        except RecursionError:
            doubled(dy)

    assert bias_gradient.check(doubled).status == "too slow"


@pytest.mark.parametrize("one", MADE_UP, ids=lambda one: one.name)
def test_without_threads_the_verdicts_are_the_same(clock, one):
    assert one.check(one.answer)
    for text, mistake in one.mistakes.items():
        assert one.check(mistake).message == text
    assert clock.told.is_set()


def watched_in(function, case):
    """What the watching arrays report, which is told by the flag 0 from what the processor does."""
    kinds = set()

    def note(kind, flag):
        if flag == 0:
            kinds.add(kind)

    with np.errstate(all="call", under="ignore", call=note):
        repeat(function, case)
    return kinds


@pytest.mark.parametrize("one", OURS, ids=lambda one: f"{one.chapter}.{one.name}")
def test_watching_arrays_see_what_the_processor_reports(one):
    for answer in (one.answer, *([one.start] if one.start else []), *one.mistakes.values()):
        deed = one.deed(answer)
        for case in one.cases:
            outcome = call(deed, case)
            if outcome.error is None:
                assert watched_in(deed, case) == outcome.warnings


Z = np.array([1000.0, -1000.0, 0.0])
M = np.array([[1e200, 2.0, 0.0], [3.0, -1e200, 1e300]])
SEEN = """
    np.exp(z)                           overflow
    np.exp(-abs(z))
    1 / z                               divide by zero
    z / 0                               divide by zero, invalid value
    np.log(z)                           divide by zero, invalid value
    np.log1p(z / 1000 - 1)              divide by zero, invalid value
    np.log(z, where=z > 0)
    z**400                              overflow
    (0 * z) ** -1.0                     divide by zero
    z - np.inf + np.inf                 invalid value
    z * np.nan
    np.sqrt(z)                          invalid value
    1 / (z * 1e-320)                    overflow, divide by zero
    m @ m.T                             overflow
    m @ [np.inf, 1, 1]
    m @ [np.inf, 0, 0] * 0              invalid value
    (m * 1e100).sum()                   overflow
    (m * 1e8).sum(axis=0, where=m < 1e300)
    np.cumsum(m * 1e108)                overflow
    np.multiply.reduce(m, axis=None)
    np.prod(m[:, :1] ** 2)              overflow
    np.subtract.outer(1e8 * m, -1e8 * m)    overflow
    np.add.at(z, [0, 1], [1e300, 2])
    np.add.at(z, [0], [np.inf])
    np.multiply.at(z, [0], 1e306)       overflow
    m.var(axis=0)                       overflow
    np.divide(1, z, out=np.zeros(3), where=z != 0)
    np.where(z == 0, 0, 1 / z)          divide by zero
    np.multiply(z, 1e306, out=z)        overflow
    z.__imul__(1e306)                   overflow
    z.astype(int) / 0                   divide by zero, invalid value
    z.astype(int) // 0                  divide by zero
    z.astype(int) % 0                   divide by zero
    z // 0                              divide by zero, invalid value
    np.divmod(z, 0)                     divide by zero, invalid value
    [1 / np.exp(v) for v in z]          overflow, divide by zero
    np.array([np.exp(v) for v in z])    overflow
    sum(v**2 for v in m[0])             overflow
    max(m[0]) ** 2                      overflow
    z.sum() / 0                         invalid value
    np.asarray(z) / 0                   divide by zero, invalid value
    np.array(z) / 0                     divide by zero, invalid value
    np.full(3, 1e300) ** 2              overflow
    np.stack([z, z]) / 0                divide by zero, invalid value
    np.concatenate([z, z]) ** 200       overflow
    z[z > 5].copy().reshape(1, 1) / 0   divide by zero
    np.arange(3) / 0                    divide by zero, invalid value
    math.exp(-z[0]) / z[2]              invalid value
"""


@pytest.mark.parametrize("line", SEEN.strip().splitlines(), ids=str.split)
def test_what_watching_arrays_see(line):
    code, _, expected = line.strip().partition("   ")
    function = eval(f"lambda z, m: {code}", {"np": np, "math": math})
    expected = set(filter(None, expected.strip().split(", ")))
    assert watched_in(function, (Z, M)) == expected
    with warnings.catch_warnings(action="ignore"):
        assert call(function, (Z, M)).warnings == expected


def test_what_the_answer_itself_silences_is_not_reported():
    def silenced(z):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(z))

    assert watched_in(silenced, (Z,)) == set()


def test_a_repeated_call_changes_nothing_and_is_not_heard(capsys):
    makers = np.array, np.asarray, np.zeros

    def loud(z, parts):
        print(z)
        z += 1
        parts[0][:] = 0
        parts.append(1)
        raise ValueError(z)

    z, parts = np.ones(3), [np.ones(2)]
    repeat(loud, (z, parts))
    np.testing.assert_array_equal(z, np.ones(3))
    np.testing.assert_array_equal(parts, [np.ones(2)])
    assert (np.array, np.asarray, np.zeros) == makers
    assert capsys.readouterr() == ("", "")


def numbers(value, dtype):
    """The same value with each whole number in an array in this dtype."""
    if isinstance(value, np.ndarray | np.integer) and value.dtype.kind in "iu":
        return value.astype(dtype)
    if type(value) in (list, tuple):
        return type(value)(numbers(part, dtype) for part in value)
    return value


def narrow(value):
    """A result in which nothing whole is wider than in the page."""
    if type(value) is int:
        return np.int32(value)
    if type(value) in (list, tuple):
        return type(value)(map(narrow, value))
    return numbers(value, np.int32)


@pytest.mark.parametrize(
    "one", [one for one in OURS if one.wants_function], ids=lambda one: f"{one.chapter}.{one.name}"
)
def test_integers_of_32_bits_are_as_good_as_those_of_64(one):
    for pair in deeds(one, one.answer):
        whole = [
            want for want in pair.want if isinstance(want, np.ndarray) and want.dtype.kind in "iu"
        ]
        assert all(np.all(abs(want) < 2**31) for want in whole)

    def answer(*case):
        return narrow(one.solve(*numbers(case, np.int32)))

    assert one.check(answer).status == "correct"


LARGE = np.array([2**30, -(2**31), 2**31 - 1, 5], np.int32)
ONES = np.ones(4, np.int32)
IDS = np.array([2, 0, 3, 3], np.int32)
TABLE = np.diag(LARGE)


def a_network():
    rng = np.random.default_rng(0)
    return Sequential(Dense(4, 9, rng=rng), ReLU(), Dense(9, 4, rng=rng))


IN_THE_LIBRARY = {
    "weighted_sum": lambda like: weighted_sum(like(LARGE), like(ONES), like(LARGE)[2]),
    "neuron": lambda like: neuron(like(LARGE), like(-ONES), 0, activation=relu),
    **{f.__name__: lambda like, f=f: f(like(LARGE)) for f in (step, sigmoid, tanh, relu, gelu)},
    "leaky_relu": lambda like: leaky_relu(like(LARGE)),
    "dense": lambda like: dense(like(LARGE), like(TABLE), like(LARGE)),
    "softmax": lambda like: softmax(like(LARGE)),
    "fold_bias": lambda like: fold_bias(like(TABLE), like(LARGE)),
    "mean_squared_error": lambda like: mean_squared_error(like(LARGE), like(-ONES)),
    "cross_entropy": lambda like: cross_entropy(like(TABLE), IDS),
    "accuracy": lambda like: accuracy(like(TABLE), IDS),
    "gradient_descent": lambda like: gradient_descent(lambda x: 2 * x, like(LARGE), lr=1, steps=3),
    "attention": lambda like: attention(like(TABLE), like(ONES[:, None] * LARGE), like(TABLE)),
    "next_token_distribution": lambda like: next_token_distribution(like(LARGE), top_p=0.9),
    "a network": lambda like: a_network().forward(like(LARGE[None])),
    "occlusion": lambda like: occlusion(a_network(), like(LARGE), 1, size=1),
    "pixel_contributions": lambda like: pixel_contributions(a_network(), like(LARGE), 1),
    **{
        kind.__name__: lambda like, kind=kind: kind().forward(like(LARGE))
        for kind in (Sigmoid, Tanh, ReLU, LeakyReLU, GELU)
    },
    "LayerNorm": lambda like: LayerNorm(4).forward(like(LARGE)),
}


@pytest.mark.parametrize("compute", IN_THE_LIBRARY.values(), ids=IN_THE_LIBRARY)
def test_large_integers_of_32_bits_do_not_wrap_around(compute):
    got, expected = (compute(like) for like in (lambda x: x, lambda x: x.astype(float)))
    parts = (value if isinstance(value, tuple) else (value,) for value in (got, expected))
    for one, other in zip(*parts, strict=True):
        np.testing.assert_allclose(one, other)


def test_parameters_are_counted_without_a_bound():
    assert count_parameters(np.array([2**16, 2**16], np.int32)) == (2**16 + 1) * 2**16


def test_classes_and_ids_may_have_32_bits():
    np.testing.assert_array_equal(one_hot(IDS, 4), np.eye(4)[IDS])
    embedding = Embedding(4, 3, rng=np.random.default_rng(0))
    embedding.forward(IDS[None])
    embedding.backward(np.ones((1, 4, 3)))
    np.testing.assert_array_equal(embedding.grads["W"][:, 0], np.bincount(IDS, minlength=4))
    assert calibration(np.eye(4), IDS, bins=np.int32(2)).count.tolist() == [0, 4]


def reversed_ties(a, axis=-1, kind=None):
    """np.argsort, on a machine that happens to leave equal numbers in reverse order."""
    if kind == "stable":
        return argsort(a, axis, kind=kind)
    a = np.flip(a, axis)
    return a.shape[axis] - 1 - argsort(a, axis, kind="stable")


argsort = np.argsort


SORTING = [
    one
    for one in OURS
    if "argsort" in "".join([one.source(), one.helpers(), *one.wrong_code().values()])
]


@pytest.mark.parametrize("one", SORTING, ids=lambda one: f"{one.chapter}.{one.name}")
def test_no_verdict_depends_on_the_order_of_equal_numbers(one, monkeypatch):
    monkeypatch.setattr(np, "argsort", reversed_ties)
    _deeds.of_mistakes.cache_clear()
    assert one.check(one.answer)
    for text, mistake in one.mistakes.items():
        assert one.check(mistake).message == text


def test_a_zero_has_no_sign_in_a_message():
    _, text = difference(np.array([-0.0, 1.0]), np.array([2.0, 1.0]), 1e-4)
    assert text == "At [0] the result is 0, expected 2."


def test_the_library_sorts_so_that_equal_numbers_stay_in_order():
    modules = list(Path(nnlib.__file__).parent.glob("*.py"))
    calls = [
        call for file in modules for call in re.findall(r"\.argsort\(.*", file.read_text("utf8"))
    ]
    assert len(calls) >= 2
    assert all('kind="stable"' in call for call in calls)


def test_what_contains_itself_is_looked_at_to_a_depth():
    inside = []
    inside.append(inside)
    assert product.check(inside).call == f"product: {'[' * 9}…{']' * 9}"
