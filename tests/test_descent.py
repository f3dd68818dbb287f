"""Losses and their gradients, finite differences, and walking downhill."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.datasets import digits
from nnlib.descent import (
    accuracy,
    cross_entropy,
    gradient_descent,
    mean_squared_error,
    numerical_gradient,
    one_hot,
)
from nnlib.exercises.descent import stable_rate, train_neuron
from nnlib.shapes import ShapeError

LOSSES = {
    "mean_squared_error": (mean_squared_error, lambda rng, shape: rng.normal(size=shape)),
    "cross_entropy": (cross_entropy, lambda rng, shape: rng.integers(shape[-1], size=shape[:-1])),
}
every_loss = pytest.mark.parametrize(("loss", "make_target"), LOSSES.values(), ids=LOSSES)
SHAPES = [(4,), (5, 3), (2, 3, 4)]


@every_loss
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_gradient_of_a_loss_matches_finite_differences(loss, make_target, shape, rng):
    y, target = rng.normal(size=shape), make_target(rng, shape)
    _, dy = loss(y, target)
    numeric = numerical_gradient(lambda y: loss(y, target)[0], y)
    np.testing.assert_allclose(dy, numeric, rtol=1e-7, atol=1e-9)


@every_loss
def test_a_loss_is_a_mean_over_the_batch(loss, make_target, rng):
    y, target = rng.normal(size=(6, 3)), make_target(rng, (6, 3))
    once, dy = loss(y, target)
    twice, dy_twice = loss(np.concatenate([y, y]), np.concatenate([target, target]))
    assert twice == pytest.approx(once)
    np.testing.assert_allclose(dy_twice[:6], dy / 2)


@every_loss
def test_float32_stays_float32(loss, make_target, rng):
    y = rng.normal(size=(5, 3)).astype(np.float32)
    target = make_target(rng, (5, 3))
    target = target.astype(np.float32) if target.dtype.kind == "f" else target
    value, dy = loss(y, target)
    assert isinstance(value, float)
    assert dy.dtype == np.float32


@every_loss
def test_a_loss_changes_neither_of_its_arguments(loss, make_target, rng):
    y, target = rng.normal(size=(5, 3)), make_target(rng, (5, 3))
    before = y.copy(), target.copy()
    loss(y, target)
    np.testing.assert_array_equal((y, target)[0], before[0])
    np.testing.assert_array_equal((y, target)[1], before[1])


@every_loss
def test_a_mean_over_no_example_is_refused(loss, make_target, rng):
    with pytest.raises(ShapeError, match="no example"):
        loss(np.empty((0, 3)), make_target(rng, (0, 3)))


def test_mean_squared_error_of_an_example_by_hand():
    loss, dy = mean_squared_error([[0.5, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    assert loss == 0.25 + 1.0
    np.testing.assert_array_equal(dy, [[-1.0, 2.0, 0.0]])


@pytest.mark.parametrize("shape", [(4, 1), (4,), (1, 3), (3, 4)])
def test_mean_squared_error_refuses_shapes_that_would_broadcast(shape):
    with pytest.raises(ShapeError, match="target has shape"):
        mean_squared_error(np.zeros((4, 3)), np.zeros(shape))


def test_a_network_that_knows_nothing_loses_log_v():
    assert cross_entropy(np.zeros((3, 10)), [4, 0, 9])[0] == pytest.approx(np.log(10))


def test_cross_entropy_by_hand():
    loss, dlogits = cross_entropy([np.log([1.0, 2.0, 5.0])], [2])
    assert loss == pytest.approx(-np.log(5 / 8))
    np.testing.assert_allclose(dlogits, [[1 / 8, 2 / 8, 5 / 8 - 1]])


def test_cross_entropy_is_exact_where_the_exponential_overflows():
    with np.errstate(all="raise"):
        loss, dlogits = cross_entropy([[1000.0, -1000.0], [1000.0, -1000.0]], [0, 1])
    assert loss == 1000.0
    np.testing.assert_array_equal(dlogits, [[0.0, 0.0], [0.5, -0.5]])


@given(st.floats(-500, 500))
def test_cross_entropy_does_not_see_a_shift_of_all_scores(shift):
    logits = np.array([[0.3, -1.0, 2.0]])
    assert cross_entropy(logits + shift, [1])[0] == pytest.approx(cross_entropy(logits, [1])[0])


@pytest.mark.parametrize(
    ("targets", "text"),
    [
        ([0, 3], "there is no class 3, expected 0 to 2"),
        ([-1, 0], "there is no class -1"),
        ([0.0, 1.0], "dtype float64, expected int"),
        ([[1, 0, 0], [0, 1, 0]], "Are the targets one-hot"),
        ([0], "one class for each row"),
    ],
)
def test_cross_entropy_says_what_is_wrong_with_the_targets(targets, text):
    with pytest.raises(ValueError, match=text):
        cross_entropy(np.zeros((2, 3)), targets)


def test_one_hot_has_its_one_at_the_class():
    np.testing.assert_array_equal(one_hot([[1, 0]], 3), [[[0, 1, 0], [1, 0, 0]]])


def test_accuracy_counts_examples_and_not_scores():
    logits = [[0.1, 0.9], [0.8, 0.2], [0.4, 0.6]]
    assert accuracy(logits, [1, 0, 0]) == pytest.approx(2 / 3)
    with pytest.raises(ShapeError, match="targets has shape"):
        accuracy(logits, [[1], [0], [0]])


def test_numerical_gradient_leaves_the_point_where_it_was(rng):
    x = rng.normal(size=(2, 3))
    kept = x.copy()
    gradient = numerical_gradient(lambda x: (x**3).sum(), x)
    np.testing.assert_allclose(gradient, 3 * x**2, rtol=1e-6)
    np.testing.assert_array_equal(x, kept)


def test_numerical_gradient_of_a_number_is_a_number():
    assert numerical_gradient(np.sin, 0.3) == pytest.approx(np.cos(0.3))


def test_central_differences_are_best_at_a_middling_h():
    def error(h):
        return abs(numerical_gradient(np.exp, 1.0, h=h) - np.e)

    assert error(1e-5) < error(1e-1)
    assert error(1e-5) < error(1e-13)


def test_gradient_descent_keeps_every_point():
    path = gradient_descent(lambda x: 2 * x, [1.0, -2.0], lr=0.1, steps=4)
    assert path.shape == (5, 2)
    np.testing.assert_allclose(path, np.array([1.0, -2.0]) * 0.8 ** np.arange(5)[:, None])


def test_a_learning_rate_that_is_too_large_diverges():
    path = gradient_descent(lambda x: 2 * x, 1.0, lr=1.1, steps=20)
    assert np.all(np.abs(path[1:]) > np.abs(path[:-1]))


def test_gradient_descent_refuses_a_gradient_of_another_shape():
    with pytest.raises(ShapeError, match="the gradient has shape"):
        gradient_descent(lambda x: x[:1], [1.0, 2.0], lr=0.1, steps=1)


def found_by_neurons(lr, steps):
    """How many test images of each digit a neuron finds that is trained for it alone."""
    data = digits()
    neurons = [train_neuron.solve(data.x_train, data.y_train == k, lr, steps) for k in range(10)]
    return [sum((data.x_test @ w + b > 0) & (data.y_test == k)) for k, (w, b) in enumerate(neurons)]


def test_the_chapter_says_how_many_digits_a_neuron_finds():
    short = found_by_neurons(0.1, 100)
    assert (short[0], short[8]) == (35, 4)
    long = found_by_neurons(0.5, 200)
    assert (long[8], long[9]) == (23, 31)
    assert sorted(long)[:2] == [23, 31]


def test_the_exercise_names_the_largest_quiet_rate_and_says_what_others_do():
    data = digits()

    def changes(lr):
        W, b, losses = np.zeros((10, 784)), np.zeros(10), []
        for _ in range(30):
            loss, dz = cross_entropy(data.x_train @ W.T + b, data.y_train)
            W, b = W - lr * dz.T @ data.x_train, b - lr * dz.sum(axis=0)
            losses.append(loss)
        return np.diff(losses)

    assert (changes(stable_rate.answer) < 0).all()
    too_fast = changes(0.5) > 0
    assert (too_fast.argmax(), too_fast.sum()) == (5, 9)
    assert (changes(0.7) > 0).argmax() == 2
    assert np.log(10) + np.cumsum(changes(1.0)).max() > 2 * np.log(10)
