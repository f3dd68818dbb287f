"""What chapter 6 adds to the library, and its one line to change for real MNIST."""

import ast
import json
import os
from pathlib import Path

import numpy as np
import pytest

from nnlib.backprop import Dense, Sequential, Tanh, gradcheck
from nnlib.generalising import Dropout, moved
from nnlib.transformer import Residual

NOTEBOOK = Path(__file__).parents[1] / "chapters" / "06_generalising.ipynb"
COMPLETE = ("imports", "network", "train", "split-code", "fit", "complete-train", "complete-once")


class Dice:
    """A generator whose numbers are known."""

    def __init__(self, numbers):
        self.numbers = np.array(numbers)

    def random(self, shape, dtype):
        assert self.numbers.shape == shape
        return self.numbers.astype(dtype)


X = np.array([[4.0, -2.0, 1.0], [3.0, 5.0, -6.0]])
DICE = Dice([[0.9, 0.1, 0.25], [0.2, 0.3, 0.99]])
DY = np.array([[1.0, 2.0, -3.0], [4.0, -5.0, 6.0]])


def test_what_is_kept_is_scaled_and_its_gradient_too():
    layer = Dropout(0.25, rng=DICE)
    np.testing.assert_allclose(layer.forward(X), [[16 / 3, 0, 4 / 3], [0, 20 / 3, -8]])
    np.testing.assert_allclose(layer.backward(DY), [[4 / 3, 0, -4], [0, -20 / 3, 8]])


def test_dropout_passes_back_through_the_mask_of_the_last_forward(rng):
    layer = Dropout(0.5, rng=rng)
    layer.forward(X)
    y = layer.forward(X)
    np.testing.assert_allclose(layer.backward(DY), DY * (y / X))


def test_the_expected_output_of_dropout_is_its_input(rng):
    x = np.full((400, 500), 3.0)
    y = Dropout(0.3, rng=rng).forward(x)
    np.testing.assert_allclose(y.mean(), 3, atol=0.02)
    np.testing.assert_allclose(np.mean(y == 0), 0.3, atol=0.005)
    np.testing.assert_allclose(np.unique(y), [0, 3 / 0.7])


def test_predict_drops_nothing_and_draws_nothing():
    layer = Dropout(0.9, rng=None)
    np.testing.assert_array_equal(layer.predict(X), X)


def test_a_forward_is_forgotten_by_predict(rng):
    layer = Dropout(0.5, rng=rng)
    layer.forward(X)
    layer.predict(X)
    with pytest.raises(RuntimeError, match="forward"):
        layer.backward(DY)


@pytest.mark.parametrize("kind", [Sequential, Residual])
def test_a_network_with_dropout_predicts_as_if_it_had_none(kind, rng):
    read, write = Dense(3, 4, rng=rng), Dense(4, 3, rng=rng)
    with_dropout = kind(read, Tanh(), Dropout(0.5, rng=rng), kind(write, Dropout(0.2, rng=rng)))
    without = kind(read, Tanh(), kind(write))
    if kind is Residual:  # dropout has the shape of its input, and so has a residual
        with_dropout = Residual(read, Tanh(), Dropout(0.5, rng=rng), write)
        without = Residual(read, Tanh(), write)
    np.testing.assert_array_equal(with_dropout.predict(X), without.predict(X))
    assert not np.allclose(with_dropout.forward(X), without.forward(X))


def test_gradcheck_lets_the_same_elements_drop_each_time(rng):
    model = Sequential(Dense(3, 6, rng=rng), Tanh(), Dropout(0.4, rng=rng), Dense(6, 2, rng=rng))
    assert max(gradcheck(model, X, rng=rng).values()) < 1e-7


def test_dropout_of_nothing_changes_nothing(rng):
    layer = Dropout(0, rng=rng)
    np.testing.assert_array_equal(layer.forward(X), X)
    np.testing.assert_array_equal(layer.backward(DY), DY)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropout_keeps_the_dtype(dtype, rng):
    layer = Dropout(0.3, rng=rng)
    assert layer.forward(X.astype(dtype)).dtype == dtype
    assert layer.backward(DY.astype(dtype)).dtype == dtype
    assert layer.predict(X.astype(dtype)).dtype == dtype


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, float("nan"), 50])
def test_a_probability_that_cannot_be_is_refused(p, rng):
    with pytest.raises(ValueError, match=r"Dropout: p is .*, needs at least 0 and less than 1"):
        Dropout(p, rng=rng)


def test_moved_images_are_whole_pixels_away_and_lose_what_leaves(rng):
    images = rng.random((40, 784))
    new = moved(images, 2, rng=rng).reshape(-1, 28, 28)
    padded = np.pad(images.reshape(-1, 28, 28), ((0, 0), (2, 2), (2, 2)))
    found = [
        [
            (i, j)
            for i in range(5)
            for j in range(5)
            if np.array_equal(big[i : i + 28, j : j + 28], image)
        ]
        for image, big in zip(new, padded, strict=True)
    ]
    assert all(len(places) == 1 for places in found)
    rows, columns = zip(*[place for (place,) in found], strict=True)
    assert set(rows) == set(columns) == set(range(5))
    assert moved(images.astype(np.float32), 3, rng=rng).dtype == np.float32


def complete_training(change):
    """The names that are left when the notebook has trained its complete networks."""
    names = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse(change("".join(cell["source"])))
            if cell["id"] not in COMPLETE:
                tree.body = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
            exec(compile(tree, cell["id"], "exec"), names)
    return names


def with_mnist_and_two_epochs(source):
    for old, new in (
        ("data = datasets.digits()", "data = datasets.mnist()"),
        ("epochs=20)", "epochs=2)"),
        ("range(3)", "range(1)"),
    ):
        source = source.replace(old, new)
    return source


def test_the_notebook_says_which_line_to_change_and_has_it_once():
    source = NOTEBOOK.read_text(encoding="utf-8")
    assert source.count("data = datasets.digits()") == 1
    assert source.count("data = datasets.mnist()") == 1


@pytest.mark.skipif(not os.environ.get("NNLIB_DATA_DIR"), reason="NNLIB_DATA_DIR is not set")
def test_the_notebook_trains_on_the_real_mnist_after_one_changed_line():
    names = complete_training(with_mnist_and_two_epochs)
    assert len(names["x_train"]) == 48_000
    assert min(names["tests"]["784-128-64-10"]) > 0.96
