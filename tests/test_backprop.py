"""Every layer against finite differences, and the promises that all layers keep."""

import importlib
import pkgutil
import re

import numpy as np
import pytest

import nnlib
from nnlib.attention import CausalHeads, CausalSelfAttention
from nnlib.backprop import (
    Dense,
    Elementwise,
    Layer,
    LeakyReLU,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    gradcheck,
)
from nnlib.descent import cross_entropy
from nnlib.generalising import Dropout
from nnlib.gpt import GPT, LanguageModel, LooksBack
from nnlib.language import Embedding
from nnlib.modern import GroupedAttention, Llama, RMSNorm, SwiGLU
from nnlib.shapes import ShapeError
from nnlib.transformer import GELU, LayerNorm, Residual, Stack


def away_from_zero(rng, shape):
    """Inputs at which a kink at 0 does not disturb finite differences."""
    x = rng.normal(size=shape)
    return x + 0.1 * np.sign(x)


def small_network(rng):
    return Sequential(Dense(3, 5, rng=rng), Tanh(), Dense(5, 4, rng=rng), Sigmoid())


LAYERS = {
    Dense: (lambda rng: Dense(3, 2, rng=rng), lambda rng: rng.normal(size=(2, 4, 3))),
    Sigmoid: (lambda rng: Sigmoid(), lambda rng: rng.normal(size=(4, 3))),
    Tanh: (lambda rng: Tanh(), lambda rng: rng.normal(size=(4, 3))),
    ReLU: (lambda rng: ReLU(), lambda rng: away_from_zero(rng, (4, 3))),
    LeakyReLU: (lambda rng: LeakyReLU(0.2), lambda rng: away_from_zero(rng, (4, 3))),
    Sequential: (small_network, lambda rng: rng.normal(size=(6, 3))),
    Embedding: (lambda rng: Embedding(7, 3, rng=rng), lambda rng: rng.integers(7, size=(4, 5))),
    CausalSelfAttention: (
        lambda rng: CausalSelfAttention(6, 2, rng=rng),
        lambda rng: rng.normal(size=(4, 5, 6)),
    ),
    CausalHeads: (lambda rng: CausalHeads(2), lambda rng: rng.normal(size=(4, 5, 18))),
    GELU: (lambda rng: GELU(), lambda rng: 2 * rng.normal(size=(4, 3))),
    LayerNorm: (lambda rng: LayerNorm(3), lambda rng: rng.normal(size=(2, 4, 3))),
    Dropout: (lambda rng: Dropout(0.3, rng=rng), lambda rng: rng.normal(size=(2, 4, 3))),
    Residual: (lambda rng: Residual(Dense(3, 3, rng=rng)), lambda rng: rng.normal(size=(4, 3))),
    Stack: (lambda rng: Stack(7, 6, 4, 2, 2, rng=rng), lambda rng: rng.integers(7, size=(3, 5))),
    GPT: (lambda rng: GPT(7, 6, 4, 2, 2, rng=rng), lambda rng: rng.integers(7, size=(3, 5))),
    RMSNorm: (lambda rng: RMSNorm(3), lambda rng: rng.normal(size=(2, 4, 3))),
    SwiGLU: (lambda rng: SwiGLU(3, 5, rng=rng), lambda rng: rng.normal(size=(2, 4, 3))),
    GroupedAttention: (
        lambda rng: GroupedAttention(8, 4, 2, rng=rng),
        lambda rng: rng.normal(size=(2, 5, 8)),
    ),
    Llama: (
        lambda rng: Llama(7, 8, 4, 2, 2, 5, rng=rng),
        lambda rng: rng.integers(7, size=(3, 5)),
    ),
}
every_layer = pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)


def subclasses(cls):
    for child in cls.__subclasses__():
        yield child
        yield from subclasses(child)


def make(kind, rng):
    build, make_input = LAYERS[kind]
    layer = build(rng)
    for _, param, _ in layer.named_params():
        param += 0.3 * rng.normal(size=param.shape)  # no bias is 0, and no scale is 1
    return layer, make_input(rng)


def test_no_layer_escapes_these_tests():
    for module in pkgutil.iter_modules(nnlib.__path__, "nnlib."):
        importlib.import_module(module.name)
    ours = {
        cls
        for cls in subclasses(Layer)
        if re.match(r"nnlib\.(?!exercises|widgets)", cls.__module__)
    }
    abstract = {Elementwise, LanguageModel, LooksBack}  # these have no function of their own
    assert ours - abstract == set(LAYERS)


@every_layer
def test_backward_matches_finite_differences(kind, rng):
    layer, x = make(kind, rng)
    errors = gradcheck(layer, x, rng=rng)
    assert ("x" in errors) == (x.dtype.kind == "f")  # ids have no gradient
    assert set(errors) - {"x"} == {name for name, _, _ in layer.named_params()}
    assert max(errors.values()) < 1e-7, errors


@every_layer
def test_backward_adds_to_the_gradients(kind, rng):
    layer, x = make(kind, rng)
    dy = rng.normal(size=layer.predict(x).shape)
    layer.forward(x)
    layer.backward(dy)
    once = {name: grad.copy() for name, _, grad in layer.named_params()}
    layer.forward(x)
    layer.backward(dy)
    for name, _, grad in layer.named_params():
        np.testing.assert_allclose(grad, 2 * once[name])


@every_layer
def test_accumulating_adds_what_backward_adds(kind, rng):
    layer, x = make(kind, rng)
    dy = rng.normal(size=layer.forward(x).shape)
    layer.backward(dy)
    added = {name: grad.copy() for name, _, grad in layer.named_params()}
    layer.zero_grads()
    layer.forward(x)
    assert layer.accumulate(dy) is None
    for name, _, grad in layer.named_params():
        np.testing.assert_array_equal(grad, added[name])
    with pytest.raises(RuntimeError, match="needs a forward"):
        layer.accumulate(dy)


def test_a_dense_layer_without_biases_is_one_whose_biases_are_zero(rng):
    x, dy = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4, 5))
    bare, full = Dense(3, 5, rng=rng, bias=False), Dense(3, 5, rng=rng)
    full.params["W"][...] = bare.params["W"]
    assert [*bare.params] == [*bare.grads] == ["W"]
    np.testing.assert_array_equal(bare.forward(x), full.forward(x))
    np.testing.assert_array_equal(bare.backward(dy), full.backward(dy))
    np.testing.assert_array_equal(bare.grads["W"], full.grads["W"])
    assert max(gradcheck(bare, x, rng=rng).values()) < 1e-7


def test_accumulating_spares_the_gradient_of_the_input(rng, monkeypatch):
    network = Sequential(Dense(3, 5, rng=rng), Tanh(), Dense(5, 2, rng=rng))
    first, _, last = network
    network.forward(rng.normal(size=(4, 3)))
    asked = []
    for layer in (first, last):
        monkeypatch.setattr(
            layer, "backward", lambda dy, of=layer: asked.append(of) or Dense.backward(of, dy)
        )
    network.accumulate(np.ones((4, 2)))
    assert asked == [last]
    assert first.grads["W"].any()
    Sequential().accumulate(np.ones((4, 2)))  # nothing to add, nothing to refuse


@every_layer
def test_zeroing_gradients_keeps_their_arrays(kind, rng):
    layer, x = make(kind, rng)
    layer.backward(np.ones_like(layer.forward(x)))
    arrays = [grad for _, _, grad in layer.named_params()]
    layer.zero_grads()
    for before, (_, _, grad) in zip(arrays, layer.named_params(), strict=True):
        assert grad is before
        assert not grad.any()


@every_layer
def test_backward_needs_a_forward_of_its_own(kind, rng):
    layer, x = make(kind, rng)
    dy = np.ones_like(layer.forward(x))
    layer.backward(dy)
    with pytest.raises(RuntimeError, match=r"needs a forward\(\) first, one for each backward"):
        layer.backward(dy)


@every_layer
def test_prediction_keeps_nothing_for_a_backward(kind, rng):
    layer, x = make(kind, rng)
    dy = np.ones_like(layer.predict(x))
    with pytest.raises(RuntimeError, match="needs a forward"):
        layer.backward(dy)


@every_layer
def test_float32_stays_float32_forwards_and_backwards(kind, rng):
    layer, x = make(kind, rng)
    layer.astype(np.float32)
    y = layer.forward(x.astype(np.float32) if x.dtype.kind == "f" else x)
    dx = layer.backward(y)
    assert y.dtype == np.float32
    assert dx.dtype == np.float32 if x.dtype.kind == "f" else dx is None
    for _, param, grad in layer.named_params():
        assert param.dtype == grad.dtype == np.float32


@every_layer
def test_neither_input_nor_upstream_gradient_is_changed(kind, rng):
    layer, x = make(kind, rng)
    kept = x.copy()
    dy = rng.normal(size=layer.forward(x).shape)
    kept_dy = dy.copy()
    layer.backward(dy)
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_array_equal(dy, kept_dy)


@every_layer
def test_an_upstream_gradient_of_another_shape_is_refused(kind, rng):
    layer, x = make(kind, rng)
    layer.forward(x)
    with pytest.raises(ShapeError, match=r"backward: d\w+ has shape"):
        layer.backward(np.ones(3))


@every_layer
def test_permuting_the_batch_permutes_the_output(kind, rng):
    layer, x = make(kind, rng)
    order = rng.permutation(len(x))
    np.testing.assert_allclose(layer.predict(x[order]), layer.predict(x)[order])


def test_gradcheck_finds_a_wrong_gradient(rng):
    class Wrong(Dense):
        def backward(self, dy):
            dx = super().backward(dy)
            self.grads["b"] /= len(dy)
            return dx

    errors = gradcheck(Wrong(3, 2, rng=rng), rng.normal(size=(4, 3)), rng=rng)
    assert errors["b"] > 0.1
    assert max(errors["W"], errors["x"]) < 1e-7


def test_a_smaller_step_silences_the_false_alarm_of_a_kink_and_no_mistake(rng):
    class Wrong(ReLU):
        def times_slope(self, dy, kept):
            return 1.1 * super().times_slope(dy, kept)

    x = np.array([[0.5, -0.7, 3e-6]])
    alarms = {
        kind: [gradcheck(kind(), x, rng=rng, h=h)["x"] for h in (1e-5, 1e-6)]
        for kind in (ReLU, Wrong)
    }
    assert alarms[ReLU][0] > 1e-2
    assert alarms[ReLU][1] < 1e-7
    assert min(alarms[Wrong]) > 1e-2


def test_a_layer_that_is_used_twice_in_one_pass_is_refused(rng):
    layer = Dense(3, 3, rng=rng)
    y = layer.forward(layer.forward(rng.normal(size=(5, 3))))
    dy = layer.backward(y)
    with pytest.raises(RuntimeError, match="one for each backward"):
        layer.backward(dy)


def test_gradcheck_leaves_the_layer_as_it_was(rng):
    layer = Dense(3, 2, rng=rng).astype(np.float32)
    kept = layer.params["W"].copy()
    gradcheck(layer, rng.normal(size=(4, 3)), rng=rng)
    np.testing.assert_array_equal(layer.params["W"], kept)
    assert layer.params["W"].dtype == np.float32
    assert not layer.grads["W"].any()


def test_a_dense_layer_by_hand(rng):
    layer = Dense(2, 2, rng=rng)
    layer.params["W"][...] = [[1.0, 2.0], [3.0, 4.0]]
    layer.params["b"][...] = [0.5, -0.5]
    np.testing.assert_array_equal(layer.forward([[1.0, 10.0]]), [[21.5, 42.5]])
    np.testing.assert_array_equal(layer.backward(np.array([[1.0, -1.0]])), [[-2.0, -2.0]])
    np.testing.assert_array_equal(layer.grads["W"], [[1.0, 10.0], [-1.0, -10.0]])
    np.testing.assert_array_equal(layer.grads["b"], [1.0, -1.0])


def test_relu_has_slope_zero_at_zero():
    layer = ReLU()
    layer.forward(np.array([-1.0, 0.0, 1.0]))
    np.testing.assert_array_equal(layer.backward(np.ones(3)), [0.0, 0.0, 1.0])


def test_names_of_parameters_tell_where_they_are(rng):
    network = Sequential(Dense(3, 2, rng=rng), Sequential(Dense(2, 1, rng=rng)))
    assert [name for name, _, _ in network.named_params()] == ["0.W", "0.b", "1.0.W", "1.0.b"]
    assert repr(network) == "Sequential(Dense(W(2, 3), b(2,)), Sequential(Dense(W(1, 2), b(1,))))"


@pytest.fixture
def named(rng):
    """Two layers with numbers, and two with names."""
    return Sequential(Dense(3, 5, rng=rng), ReLU(), gate=Tanh(), write=Dense(5, 3, rng=rng))


def test_a_layer_is_found_by_position_by_name_and_in_turn(named):
    layers = list(named)
    assert [type(layer) for layer in layers] == [Dense, ReLU, Tanh, Dense]
    assert len(named) == 4
    assert [named[i] for i in range(4)] == layers
    assert [named[i] for i in range(-4, 0)] == layers
    assert [named[name] for name in ("0", "1", "gate", "write")] == layers
    names = [name for name, _, _ in named.named_params()]
    assert names == ["0.W", "0.b", "write.W", "write.b"]


def test_the_name_of_a_parameter_is_the_way_to_it(rng):
    model = GPT(7, 6, 4, 2, 2, rng=rng)
    for name, param, grad in model.named_params():
        *way, last = name.split(".")
        layer = model
        for step in way:
            layer = layer.children[step]
        assert layer.params[last] is param
        assert layer.grads[last] is grad


@pytest.mark.parametrize("which", [2, -2, "gate"])
def test_a_layer_is_replaced_everywhere_at_once(named, which, rng):
    x = rng.normal(size=(4, 3))
    named[which] = Sigmoid()
    assert isinstance(named["gate"], Sigmoid)
    assert isinstance(named.children["gate"], Sigmoid)
    expected = named["write"].predict(Sigmoid().predict(named[1].predict(named[0].predict(x))))
    np.testing.assert_array_equal(named.predict(x), expected)
    np.testing.assert_array_equal(named.forward(x), expected)


def test_a_child_is_an_attribute_and_one_of_the_children_and_never_two_things(rng):
    model = GPT(7, 6, 4, 2, 2, rng=rng)
    assert list(model.children) == ["tokens", "positions", "blocks", "norm"]
    model.norm = replaced = LayerNorm(4)
    assert model.children["norm"] is model.norm is replaced
    model.children["blocks"] = Sequential()
    assert model.blocks is model.children["blocks"]
    assert not set(model.children) & set(vars(model))


@pytest.mark.parametrize(
    ("which", "kind"),
    [
        *((wrong, IndexError) for wrong in (4, -5, slice(2))),
        *((wrong, KeyError) for wrong in ("read", "2")),
    ],
)
def test_a_layer_that_is_not_there_is_refused_with_those_that_are(named, which, kind):
    message = re.escape(f"there is no layer {which!r}, expected one of 0, 1, gate, write, or")
    with pytest.raises(kind, match=message):
        named[which]
    with pytest.raises(kind, match=message):
        named[which] = ReLU()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Sequential([ReLU(), Tanh()]), r"layer 0 is \[ReLU\(\), .*one by one: .*\*layers"),
        (lambda: Sequential(ReLU(), gate=Tanh), r"layer gate is <class .*missing: Tanh\(\)\?"),
        (lambda: Residual(ReLU(), np.tanh), r"Residual: layer 1 is <ufunc 'tanh'>, expected a La"),
        (lambda: Sequential(ReLU()).__setitem__(0, Tanh), r"layer 0 is <class .*Tanh\(\)"),
    ],
)
def test_what_is_no_layer_is_refused(build, message):
    with pytest.raises(TypeError, match=message):
        build()


@pytest.mark.parametrize("name", ["0", "a.b"])
def test_a_name_that_is_taken_or_has_a_dot_is_refused(name):
    with pytest.raises(ValueError, match=f"Sequential: a layer is called '{name}', expected"):
        Sequential(ReLU(), **{name: Tanh()})


@every_layer
def test_a_prediction_is_what_a_forward_gives(kind, rng):
    layer, x = make(kind, rng)
    expected = x if kind is Dropout else layer.forward(x)  # which drops nothing in a prediction
    np.testing.assert_array_equal(layer.predict(x), expected)


def test_a_wrong_input_is_named_with_its_layer(rng):
    with pytest.raises(ShapeError, match=r"Dense\(W\(2, 3\), b\(2,\)\).forward: x has shape"):
        Sequential(Dense(3, 2, rng=rng)).forward(np.ones((3, 5)))


def test_a_network_by_hand_equals_the_same_network_in_layers(rng):
    X, y = rng.normal(size=(7, 3)), rng.integers(4, size=7)
    network = Sequential(Dense(3, 5, rng=rng), ReLU(), Dense(5, 4, rng=rng))
    loss, dlogits = cross_entropy(network.forward(X), y)
    dX = network.backward(dlogits)
    W1, b1, W2, b2 = (param for _, param, _ in network.named_params())

    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2.T + b2
    P = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
    dZ2 = (P - np.eye(4)[y]) / 7
    dZ1 = (dZ2 @ W2) * (Z1 > 0)
    by_hand = [dZ1.T @ X, dZ1.sum(axis=0), dZ2.T @ A1, dZ2.sum(axis=0)]

    assert loss == pytest.approx(-np.log(P[np.arange(7), y]).mean(), abs=1e-12)
    np.testing.assert_allclose(dX, dZ1 @ W1, atol=1e-12)
    for (_, _, grad), expected in zip(network.named_params(), by_hand, strict=True):
        np.testing.assert_allclose(grad, expected, atol=1e-12)
