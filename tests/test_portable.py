"""Integers of 32 bits, another order of equal numbers and less stack change no verdict."""

import re
from pathlib import Path

import numpy as np
import pytest
from made_up import product

import nnlib
from nnlib.attention import attention
from nnlib.backprop import Dense, LeakyReLU, ReLU, Sequential, Sigmoid, Tanh
from nnlib.descent import accuracy, cross_entropy, gradient_descent, mean_squared_error, one_hot
from nnlib.exercises import ORDER, _deeds, exercises
from nnlib.exercises._deeds import deeds
from nnlib.exercises._diagnosis import difference
from nnlib.gpt import next_token_distribution
from nnlib.language import Embedding
from nnlib.matrices import count_parameters, dense, fold_bias, softmax
from nnlib.neuron import leaky_relu, neuron, relu, sigmoid, step, tanh, weighted_sum
from nnlib.transformer import GELU, LayerNorm, gelu
from nnlib.understanding import calibration, occlusion, pixel_contributions

OURS = [one for chapter in ORDER for one in exercises(chapter).values()]


def narrow(value):
    """The same value with whole numbers of 32 bits, the page's default."""
    if isinstance(value, np.ndarray | np.integer) and value.dtype.kind in "iu":
        return value.astype(np.int32)
    if type(value) is int:
        return np.int32(value)
    return type(value)(map(narrow, value)) if type(value) in (list, tuple) else value


def narrow_arrays(value):
    """The same, but for Python's own numbers, which have no bound."""
    return narrow(value) if isinstance(value, np.ndarray) else value


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
        return narrow(one.solve(*map(narrow_arrays, case)))

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


argsort = np.argsort


def reversed_ties(a, axis=-1, kind=None):
    """np.argsort, on a machine that happens to leave equal numbers in reverse order."""
    if kind == "stable":
        return argsort(a, axis, kind=kind)
    a = np.flip(a, axis)
    return a.shape[axis] - 1 - argsort(a, axis, kind="stable")


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
