"""Mini-batches, optimisers against PyTorch's numbers, and files that cannot break a model."""

import os
from pathlib import Path

import numpy as np
import pytest

from nnlib.backprop import Dense, Layer, LeakyReLU, ReLU, Sequential, Tanh
from nnlib.descent import cross_entropy, mean_squared_error
from nnlib.shapes import ShapeError
from nnlib.training import (
    SGD,
    Adam,
    clip_gradients,
    he_normal,
    initialise,
    instruments,
    load,
    minibatches,
    save,
    xavier_normal,
)

# Made by tests/fixtures/make_torch_values.py with PyTorch 2.13.0.
TORCH = np.load(Path(__file__).with_name("fixtures") / "torch_values.npz")
OPTIMISERS = {
    "sgd": lambda: SGD(lr=0.3),
    "momentum": lambda: SGD(lr=0.1, momentum=0.9),
    "adam": lambda: Adam(lr=0.02),
    "adamw": lambda: Adam(lr=0.02, beta1=0.8, beta2=0.95, weight_decay=0.1),
}
every_optimiser = pytest.mark.parametrize("name", OPTIMISERS)


@pytest.fixture
def network(rng):
    """The network of the fixture, with the parameters that PyTorch drew."""
    model = Sequential(
        *(Dense(6, 5, rng=rng), Tanh(), Dense(5, 4, rng=rng), ReLU()),
        *(Dense(4, 4, rng=rng), LeakyReLU(0.1), Dense(4, 3, rng=rng)),
    )
    for i, (_, param, _) in enumerate(model.named_params()):
        param[...] = TORCH[f"start.{i}"]
    return model


@pytest.mark.parametrize(
    ("loss_of", "target"), [(cross_entropy, "y"), (mean_squared_error, "target")]
)
def test_forward_loss_and_gradients_are_those_of_pytorch(network, loss_of, target):
    output = network.forward(TORCH["X"])
    np.testing.assert_allclose(output, TORCH["output"], atol=1e-10)
    loss, dy = loss_of(output, TORCH[target])
    dx = network.backward(dy)
    kind = loss_of.__name__
    np.testing.assert_allclose(loss, TORCH[f"{kind}.loss"], atol=1e-10)
    np.testing.assert_allclose(dx, TORCH[f"{kind}.dx"], atol=1e-10)
    for i, (_, _, grad) in enumerate(network.named_params()):
        np.testing.assert_allclose(grad, TORCH[f"{kind}.grad.{i}"], atol=1e-10)


def train(network, optimiser, steps):
    for _ in range(steps):
        network.zero_grads()
        _, dlogits = cross_entropy(network.forward(TORCH["X"]), TORCH["y"])
        network.backward(dlogits)
        optimiser.step(network)


@every_optimiser
def test_ten_steps_end_where_pytorch_ends(network, name):
    train(network, OPTIMISERS[name](), steps=10)
    for i, (_, param, _) in enumerate(network.named_params()):
        np.testing.assert_allclose(param, TORCH[f"{name}.{i}"], atol=1e-10)


@every_optimiser
def test_a_step_changes_parameters_in_place_and_keeps_float32(network, name):
    network.astype(np.float32)
    before = [param for _, param, _ in network.named_params()]
    train(network, OPTIMISERS[name](), steps=2)
    for kept, (_, param, _) in zip(before, network.named_params(), strict=True):
        assert param is kept
        assert param.dtype == np.float32


def test_an_optimiser_does_not_serve_two_models(network, rng):
    adam = Adam(lr=0.1)
    train(network, adam, steps=1)
    with pytest.raises(ShapeError, match="another model's memory"):
        adam.step(Sequential(Dense(2, 3, rng=rng)))


def test_an_epoch_has_every_row_once_and_keeps_rows_together(rng):
    x, y = np.arange(22).reshape(11, 2), np.arange(11)
    batches = list(minibatches(x, y, batch_size=4, rng=rng))
    assert [len(rows) for rows, _ in batches] == [4, 4, 3]
    seen = np.concatenate([labels for _, labels in batches])
    assert sorted(seen) == list(y)
    assert list(seen) != list(y)
    for rows, labels in batches:
        np.testing.assert_array_equal(rows, x[labels])


@pytest.mark.parametrize("arrays", [(), (np.zeros(3), np.zeros(4)), (np.zeros(3), 1.0)])
def test_rows_that_do_not_match_are_refused_at_once(arrays, rng):
    with pytest.raises(ShapeError, match="same number of rows"):
        minibatches(*arrays, batch_size=2, rng=rng)


def test_a_batch_needs_a_row(rng):
    with pytest.raises(ValueError, match="batch_size is 0"):
        minibatches(np.zeros(3), batch_size=0, rng=rng)


def test_clipping_scales_all_gradients_together(network):
    _, dlogits = cross_entropy(network.forward(TORCH["X"]), TORCH["y"])
    network.backward(dlogits)
    before = [grad.copy() for _, _, grad in network.named_params()]
    norm = np.sqrt(sum((grad**2).sum() for grad in before))

    assert clip_gradients(network, norm * 2) == pytest.approx(norm)
    for kept, (_, _, grad) in zip(before, network.named_params(), strict=True):
        np.testing.assert_array_equal(grad, kept)
    assert clip_gradients(network, norm / 4) == pytest.approx(norm)
    for kept, (_, _, grad) in zip(before, network.named_params(), strict=True):
        np.testing.assert_allclose(grad, kept / 4)


def test_instruments_read_what_the_next_step_will_do(network):
    scores = network.forward(TORCH["X"])
    network.accumulate(cross_entropy(scores, TORCH["y"])[1])
    read = instruments(network, TORCH["X"], scores, lr=0.3)
    assert read["largest score"] == abs(scores).max()
    before = network[2].params["W"].copy()
    SGD(lr=0.3).step(network)
    moved = np.linalg.norm(network[2].params["W"] - before) / np.linalg.norm(before)
    assert read["update / weight, layer 2"] == pytest.approx(moved)
    size = np.sqrt((network[2].grads["W"] ** 2).mean())
    assert read["size of dW, layer 2"] == pytest.approx(size)


def test_instruments_count_units_with_one_answer_and_bear_weights_of_zero(rng):
    model = Sequential(Dense(2, 4, rng=rng), ReLU(), Dense(4, 3, rng=rng))
    x = rng.normal(size=(5, 2))
    model[0].params["b"][...] = [-100, -100, -100, 100]
    model[2].params["W"][...] = 0
    read = instruments(model, x, model.forward(x), lr=1.0)
    assert read["one answer"] == 0.75
    assert np.isnan(read["update / weight, layer 2"])
    assert read["update / weight, layer 1"] == 0


def test_momentum_leaves_a_valley_in_which_plain_descent_stays():
    for momentum, end in ((0.0, 1.131), (0.8, -1.301)):
        point = Layer(params={"w": np.array([2.0])})
        optimiser = SGD(lr=0.02, momentum=momentum)
        for _ in range(100):
            w = point.params["w"]
            point.grads["w"][...] = 4 * w**3 - 6 * w + 1
            optimiser.step(point)
        assert point.params["w"][0] == pytest.approx(end, abs=0.002)


def test_a_saved_model_comes_back(network, tmp_path, rng):
    save(network, tmp_path / "model.npz")
    other = Sequential(
        *(Dense(6, 5, rng=rng), Tanh(), Dense(5, 4, rng=rng), ReLU()),
        *(Dense(4, 4, rng=rng), LeakyReLU(0.1), Dense(4, 3, rng=rng)),
    )
    load(other, tmp_path / "model.npz")
    np.testing.assert_array_equal(other.predict(TORCH["X"]), network.predict(TORCH["X"]))


def test_a_save_that_fails_leaves_the_old_file(network, tmp_path, monkeypatch):
    file = tmp_path / "model.npz"
    save(network, file)
    old = file.read_bytes()

    def fails(*args, **kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="the disk is full"):
        save(network, file)
    assert file.read_bytes() == old
    assert list(tmp_path.iterdir()) == [file]


def small(rng, d_in=2):
    return Sequential(Dense(d_in, 3, rng=rng))


@pytest.mark.parametrize(
    ("make_other", "text"),
    [
        (lambda rng: small(rng, d_in=4), r"0.W has shape \(3, 2\), expected \(3, 4\)"),
        (lambda rng: Dense(2, 3, rng=rng), "belongs to another model"),
        (lambda rng: small(rng).astype(np.float32), "has dtype float64, expected float32"),
    ],
)
def test_a_file_of_another_model_changes_nothing(make_other, text, tmp_path, rng):
    save(small(rng), tmp_path / "model.npz")
    other = make_other(rng)
    before = [param.copy() for _, param, _ in other.named_params()]
    with pytest.raises(ValueError, match=text) as error:
        load(other, tmp_path / "model.npz")
    assert "model.npz" in str(error.value)
    for kept, (_, param, _) in zip(before, other.named_params(), strict=True):
        np.testing.assert_array_equal(param, kept)


def test_what_is_no_file_of_parameters_is_refused_by_name(tmp_path, rng):
    file = tmp_path / "model.npz"
    save(small(rng), file)
    whole = file.read_bytes()
    np.save(tmp_path / "array.npy", np.zeros(3))
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, **{"0.W": np.array([None], dtype=object)})
    array = (tmp_path / "array.npy").read_bytes()
    for content in (b"", b"not a file of arrays", whole[:-40], array, pickled.read_bytes()):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=r"model\.npz is no file of parameters"):
            load(small(rng), file)
    with pytest.raises(FileNotFoundError):
        load(small(rng), tmp_path / "missing.npz")


@pytest.mark.parametrize(("draw", "variance"), [(he_normal, 2 / 300), (xavier_normal, 2 / 500)])
def test_the_scale_of_first_weights(draw, variance, rng):
    W = draw((200, 300), rng=rng)
    assert W.shape == (200, 300)
    assert W.var() == pytest.approx(variance, rel=0.03)
    assert abs(W.mean()) < 4 * (variance / W.size) ** 0.5


def test_initialising_keeps_the_arrays_and_empties_the_biases(rng):
    model = Sequential(Dense(3, 4, rng=rng), Sequential(ReLU(), Dense(4, 2, rng=rng)))
    before = {name: (param, param.copy()) for name, param, _ in model.named_params()}
    for name, (param, _) in before.items():
        if name.endswith("b"):
            param += 1
    initialise(model, he_normal, rng=rng)
    for name, param, _ in model.named_params():
        array, old = before[name]
        assert param is array
        assert not param.any() if name.endswith("b") else (param != old).all()
