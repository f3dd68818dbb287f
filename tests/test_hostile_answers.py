"""Nothing that a reader passes to a checker can make it fail, or wait for ever."""

import functools
import itertools
import operator
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import MADE_UP, Affine, and_gate, bias_gradient, product

from nnlib.exercises import ORDER, _judge, exercises
from nnlib.exercises._cards import Verdict

OURS = [one for chapter in ORDER for one in exercises(chapter).values()]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(_judge, "TIME_LIMIT", 0.2)


class Hostile:
    """Raises from every special method that Python may call on its own."""

    def _refuse(self, *_, **__):
        raise RuntimeError("hostile")

    __array__ = __eq__ = __repr__ = __len__ = __bool__ = __iter__ = __getattr__ = _refuse
    __float__ = __int__ = __index__ = __hash__ = __deepcopy__ = __reduce_ex__ = __str__ = _refuse


class NegativeLength:
    def __len__(self):
        return -1


class Masquerade:
    @property
    def __class__(self):
        raise RuntimeError("who am I?")


class OddSignature:
    @property
    def __signature__(self):
        raise RuntimeError("no signature")

    def __call__(self, *_):
        return 1


def itself():
    inside = []
    inside.append(inside)
    return inside


def wrapped_in_itself(*_):
    raise ValueError("on purpose")


wrapped_in_itself.__wrapped__ = wrapped_in_itself


def without_printable_default(a, b, c, d, e, f, g=Hostile()):  # noqa: B008
    return 1


def generator(*_):
    yield 1


async def coroutine(*_):
    return 1


def leaves(*_):
    sys.exit()


VALUES = {
    "None": None,
    "truth values": np.array([True, False, True]),
    "text": "<b>text</b>",
    "surrogate": "\ud800",
    "bytes": b"bytes",
    "dict": {"a": 1},
    "set": {1, 2},
    "recursive list": itself(),
    "recursive tuple": (itself(), itself()),
    "recursive dict": dict.fromkeys("a", itself()),
    "deep list": functools.reduce(lambda inside, _: [inside], range(500), []),
    "ragged": [[1, 2], [3]],
    "ragged pair": ([[1], [2, 3]], 1),
    "empty list": [],
    "huge": 10**400,
    "larger than printable": 10**5000,
    "pair of huge": (10**400, -(10**400)),
    "list of float and huge": [1.0, 10**400],
    "NaN": np.full((3, 5), np.nan),
    "infinite": np.full(5, np.inf),
    "empty array": np.empty((0, 3)),
    "many axes": np.ones((1,) * 32),
    "objects": np.array([None, "a", 1.0], dtype=object),
    "hostile objects": np.full(1, None),
    "scalar object": np.array(Hostile, dtype=object),
    "texts": np.array(["a", "b"]),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "durations": np.array([1], dtype="timedelta64[s]"),
    "records": np.zeros(2, dtype="f8, i4"),
    "masked": np.ma.array([1.0, 2.0], mask=[True, False]),
    "larger than memory": np.broadcast_to(0.0, sys.maxsize // 9),
    "longer than memory": range(10**15),
    "complex": 1j,
    "object": object(),
    "hostile": Hostile(),
    "pair of hostile": (Hostile(), Hostile()),
    "list of hostile": [Hostile()],
    "masquerade": Masquerade(),
    "endless": itertools.count(),
    "negative length": NegativeLength(),
    "generator": (n for n in [1]),
    "lock": threading.Lock(),
    "module": sys,
    "memory": memoryview(b"abc"),
    "slice": slice(None),
    "NotImplemented": NotImplemented,
    "error": ValueError("a value"),
}

FUNCTIONS = {
    **{f"{n} arguments": eval(f"lambda {', '.join('abcdef'[:n])}: 1") for n in range(7)},
    "keyword only": lambda *, a: a,
    "keywords": lambda **named: named,
    "type": int,
    "list": list,
    "class": Hostile,
    "error class": ValueError,
    "print": print,
    "len": len,
    "max": max,
    "iter": iter,
    "type of": type,
    "ufunc": np.add,
    "divide": np.divide,
    "array": np.array,
    "partial": functools.partial(pow, 2),
    "cache": functools.cache(lambda *_: 1),
    "vectorize": np.vectorize(lambda x: x),
    "method": "text".join,
    "getter": operator.itemgetter(0),
    "generator function": generator,
    "coroutine function": coroutine,
    "exit": leaves,
    "odd signature": OddSignature(),
    "wrapped in itself": wrapped_in_itself,
    "unprintable default": without_printable_default,
    "returns a function": lambda *_: len,
    "returns its arguments": lambda *arguments: arguments,
}

VALUES["hostile objects"][0] = Hostile()


def returning(value):
    return lambda *_: value


RETURNING = {f"returns {name}": returning(value) for name, value in VALUES.items()}
EVERYTHING = VALUES | FUNCTIONS | RETURNING


def assert_rejected(verdict):
    assert isinstance(verdict, Verdict)
    assert not verdict
    assert repr(verdict)
    assert verdict._repr_html_()
    return verdict


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.parametrize("name", EVERYTHING)
def test_no_answer_makes_the_checker_fail(name):
    for one in MADE_UP:
        assert_rejected(one.check(EVERYTHING[name]))


@pytest.mark.parametrize("name", VALUES)
def test_no_layer_makes_the_checker_fail(name):
    class ForwardGives(Affine.solve):
        def forward(self, x):
            return VALUES[name]

    class BackwardGives(Affine.solve):
        def backward(self, dy):
            return VALUES[name]

    class HasParameters(Affine.solve):
        def __init__(self, *_):
            self.params = self.grads = VALUES[name]

    class HasGradients(Affine.solve):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self.grads = dict.fromkeys("Wb", VALUES[name])

    for layer in (ForwardGives, BackwardGives, HasParameters, HasGradients):
        assert_rejected(Affine.check(layer))


@pytest.mark.parametrize("one", OURS, ids=lambda one: f"{one.chapter}.{one.name}")
def test_no_value_makes_an_exercise_of_the_book_fail(one):
    for value in VALUES.values():
        assert_rejected(_judge.judge(one, returning(value) if one.wants_function else value))


def filled(names):
    if isinstance(names, str):
        return VALUES[names]
    return type(names)(map(filled, names))


@given(
    st.recursive(
        st.sampled_from(sorted(VALUES)),
        lambda inside: st.lists(inside) | st.tuples(inside, inside),
        max_leaves=4,
    )
)
def test_no_nesting_of_values_makes_the_checker_fail(names):
    value = filled(names)
    for one in MADE_UP:
        assert_rejected(_judge.judge(one, returning(value) if one.wants_function else value))


class SlowToRead:
    def __array__(self, *_, **__):
        while True:
            time.sleep(0.01)


class Endless:
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return 1.0


@pytest.mark.parametrize("kind", [SlowToRead, Endless])
def test_a_value_that_takes_too_long_to_read_is_not_waited_for(kind):
    before = threading.enumerate()
    assert assert_rejected(bias_gradient.check(returning(kind()))).status == "too slow"
    assert assert_rejected(and_gate.check(kind())).status == "wrong type"
    assert assert_rejected(product.check(kind())).status == "too slow"
    assert threading.enumerate() == before
