"""GELU, LayerNorm, residuals and the block against PyTorch, and the promises that they keep."""

import math
from pathlib import Path

import numpy as np
import pytest

from nnlib.attention import CausalSelfAttention
from nnlib.backprop import Dense, Sequential, gradcheck
from nnlib.shapes import ShapeError
from nnlib.transformer import GELU, LayerNorm, Residual, Stack, gelu, transformer_block

# Made by tests/fixtures/make_transformer_values.py with PyTorch 2.13.0.
TORCH = np.load(Path(__file__).with_name("fixtures") / "transformer_values.npz")
PARTS = {
    "gelu": (lambda rng: GELU(), "x"),
    "layernorm": (lambda rng: LayerNorm(6), "input"),
    "block": (lambda rng: transformer_block(6, 2, rng=rng), "x"),
}


@pytest.mark.parametrize("part", PARTS)
def test_output_and_gradients_are_those_of_pytorch(part, rng):
    build, x = PARTS[part]
    layer = build(rng)
    for name, param, _ in layer.named_params():
        param[...] = TORCH[f"{part}.param.{name}"]
    y = layer.forward(TORCH[f"{part}.in.{x}"])
    np.testing.assert_allclose(y, TORCH[f"{part}.output"], atol=1e-10)
    dx = layer.backward(TORCH[f"{part}.dy"])
    np.testing.assert_allclose(dx, TORCH[f"{part}.grad.{x}"], atol=1e-10)
    for name, _, grad in layer.named_params():
        np.testing.assert_allclose(grad, TORCH[f"{part}.grad.{name}"], atol=1e-10)


def test_gelu_weights_its_input_with_the_normal_distribution():
    x = np.linspace(-8, 8, 1601)
    phi = np.array([(1 + math.erf(value / math.sqrt(2))) / 2 for value in x])
    y = GELU().predict(x)
    np.testing.assert_allclose(y, x * phi, atol=5e-4)
    np.testing.assert_allclose(y[x != 0] / x[x != 0], phi[x != 0], atol=2e-4)


def test_gelu_is_a_function_and_a_layer(rng):
    x = 3 * rng.normal(size=(4, 5))
    np.testing.assert_array_equal(gelu(x), GELU().forward(x))
    np.testing.assert_array_equal(gelu(x.tolist()), gelu(x))
    assert gelu(x.astype(np.float32)).dtype == np.float32


def test_gelu_in_the_form_with_tanh(rng):
    x = 3 * rng.normal(size=(4, 5))
    by_tanh = 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    np.testing.assert_allclose(GELU().predict(x), by_tanh, atol=1e-12)


def test_gelu_predicts_what_it_computes_forwards_even_for_a_number(rng):
    x = rng.normal(scale=3, size=(4, 5))
    layer = GELU()
    y = layer.forward(x)
    np.testing.assert_array_equal(layer.predict(x), y)
    np.testing.assert_allclose(layer.forward(float(x[2, 3])), y[2, 3])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gelu_and_its_slope_have_limits_without_a_warning(dtype):
    x = np.array([-1000.0, -50.0, -0.0, 0.0, 50.0, 1000.0], dtype=dtype)
    layer = GELU()
    np.testing.assert_array_equal(layer.forward(x), [0, 0, 0, 0, 50, 1000])
    np.testing.assert_array_equal(layer.backward(np.ones_like(x)), [0, 0, 0.5, 0.5, 1, 1])


def test_a_normalised_row_has_mean_0_and_variance_1(rng):
    y = LayerNorm(50).predict(7 + 3 * rng.normal(size=(4, 5, 50)))
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=-1), 1, atol=1e-5)


def test_layernorm_then_scales_and_shifts_each_feature(rng):
    layer = LayerNorm(3)
    x = rng.normal(size=(4, 3))
    plain = layer.predict(x)
    layer.params["gamma"][...] = [2.0, -1.0, 0.5]
    layer.params["beta"][...] = [0.0, 10.0, -3.0]
    np.testing.assert_allclose(layer.predict(x), plain * [2.0, -1.0, 0.5] + [0.0, 10.0, -3.0])


def test_layernorm_forgets_the_offset_and_the_scale_of_a_row(rng):
    x = rng.normal(size=(4, 5, 6))
    layer = LayerNorm(6, eps=0.0)
    np.testing.assert_allclose(layer.predict(x + 100), layer.predict(x), atol=1e-10)
    scales = np.array([0.01, 1, 3, 1000])[:, None, None]
    np.testing.assert_allclose(layer.predict(x * scales), layer.predict(x), atol=1e-10)
    np.testing.assert_allclose(layer.predict(-x), -layer.predict(x), atol=1e-10)


def test_layernorm_looks_at_one_row_at_a_time(rng):
    x = rng.normal(size=(4, 5, 6))
    layer = LayerNorm(6)
    np.testing.assert_allclose(layer.predict(x)[2, 3], layer.predict(x[2, 3]), atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("value", [0.0, -7.0, 1000.0])
def test_a_constant_row_becomes_beta(value, dtype):
    layer = LayerNorm(4)
    layer.params["beta"][...] = [1.0, 2.0, 3.0, 4.0]
    layer.astype(dtype)
    y = layer.forward(np.full((2, 4), value, dtype=dtype))
    np.testing.assert_array_equal(y, [[1, 2, 3, 4]] * 2)
    assert np.isfinite(layer.backward(np.ones((2, 4), dtype=dtype))).all()


def test_the_gradient_of_layernorm_has_no_part_that_the_forward_forgets(rng):
    layer = LayerNorm(6, eps=0.0)
    x = rng.normal(size=(4, 6))
    layer.forward(x)
    dx = layer.backward(rng.normal(size=(4, 6)))
    np.testing.assert_allclose(dx.sum(axis=-1), 0, atol=1e-12)  # along a shift of the row
    np.testing.assert_allclose((dx * x).sum(axis=-1), 0, atol=1e-12)  # along its scale


@pytest.mark.parametrize("shape", [(), (2,), (3, 4)])
def test_layernorm_refuses_another_number_of_features(shape):
    with pytest.raises(ShapeError, match=r"LayerNorm\(.*\).forward: x has shape"):
        LayerNorm(3).forward(np.zeros(shape))


def test_around_a_layer_of_zeros_a_residual_is_the_identity(rng):
    layer = Residual(Dense(3, 3, rng=rng))
    layer[0].params["W"][...] = 0
    x, dy = rng.normal(size=(2, 4, 3))
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(dy), dy)


def test_a_residual_adds_its_layer_on_the_way_and_on_the_way_back(rng):
    inside = Dense(3, 3, rng=rng)
    layer = Residual(inside)
    x, dy = rng.normal(size=(2, 4, 3))
    np.testing.assert_allclose(layer.forward(x), x + inside.predict(x))
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(dy), dy + dy @ inside.params["W"])


@pytest.mark.parametrize("d_out", [1, 2])
def test_a_residual_refuses_a_layer_that_changes_the_shape(d_out, rng):
    layer = Residual(Dense(3, d_out, rng=rng))
    with pytest.raises(
        ShapeError, match=r"Residual\(Dense.*has shape \(4, \d\), expected \(4, 3\)"
    ):
        layer.forward(np.zeros((4, 3)))


def test_a_residual_takes_several_layers_with_and_without_names(rng):
    norm, read = LayerNorm(3), Dense(3, 3, rng=rng)
    x, dy = rng.normal(size=(2, 4, 3))
    one, other = Residual(Sequential(norm, read)), Residual(norm, read=read)
    names = [name for name, _, _ in other.named_params()]
    assert names == ["0.gamma", "0.beta", "read.W", "read.b"]
    np.testing.assert_array_equal(one.predict(x), x + read.predict(norm.predict(x)))
    np.testing.assert_array_equal(other.predict(x), one.predict(x))
    one.forward(x)
    dx = one.backward(dy)
    other.forward(x)
    np.testing.assert_array_equal(other.backward(dy), dx)


@pytest.fixture
def block(rng):
    block = transformer_block(6, 2, rng=rng)
    for _, param, _ in block.named_params():
        param += 0.3 * rng.normal(size=param.shape)
    return block


def test_a_block_attends_and_then_thinks_each_normalised_first(rng):
    kinds = [[type(layer) for layer in half] for half in transformer_block(6, 2, rng=rng)]
    heads = [type(layer) for layer in CausalSelfAttention(6, 2, rng=rng)]
    assert kinds == [[LayerNorm, *heads], [LayerNorm, Dense, GELU, Dense]]


def test_the_parameters_of_a_block_have_names_that_say_what_they_are(block):
    assert [name for name, _, _ in block.named_params()] == [
        *("attend.norm.gamma", "attend.norm.beta"),
        *("attend.qkv.W", "attend.qkv.b", "attend.out.W", "attend.out.b"),
        *("think.norm.gamma", "think.norm.beta"),
        *("think.read.W", "think.read.b", "think.write.W", "think.write.b"),
    ]


def test_a_block_has_12_d_squared_and_13_d_parameters(block):
    assert sum(param.size for _, param, _ in block.named_params()) == 12 * 6**2 + 13 * 6


def test_a_block_by_hand(block, rng):
    x = rng.normal(size=(4, 5, 6))
    attend, think = block
    norm_1, *parts = attend
    norm_2, up, gelu, down = think
    x_1 = x + Sequential(*parts).predict(norm_1.predict(x))
    y = x_1 + down.predict(gelu.predict(up.predict(norm_2.predict(x_1))))
    np.testing.assert_allclose(block.predict(x), y, atol=1e-12)


def test_a_block_whose_last_layers_are_zero_is_the_identity(block, rng):
    for last in (block["attend"]["out"], block["think"]["write"]):
        for param in last.params.values():
            param[...] = 0
    x, dy = rng.normal(size=(2, 4, 5, 6))
    np.testing.assert_array_equal(block.forward(x), x)
    np.testing.assert_array_equal(block.backward(dy), dy)


def test_what_a_row_has_in_common_passes_a_block_unseen(block, rng):
    x = rng.normal(size=(4, 5, 6))
    np.testing.assert_allclose(block.predict(x + 5), block.predict(x) + 5, atol=1e-10)


def test_in_a_stack_of_blocks_the_future_does_not_change_the_past(rng):
    blocks = Sequential(*(transformer_block(6, 2, rng=rng) for _ in range(3)))
    x = rng.normal(size=(4, 5, 6))
    changed = x.copy()
    changed[:, 3:] = 10 * rng.normal(size=(4, 2, 6))
    before, after = blocks.predict(x), blocks.predict(changed)
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-12)
    assert (after[:, 3:] != before[:, 3:]).all()


def test_an_output_of_a_block_has_a_gradient_for_the_past_only(block, rng):
    dy = np.zeros_like(block.forward(rng.normal(size=(4, 5, 6))))
    dy[:, 2] = rng.normal(size=(4, 6))
    dx = block.backward(dy)
    assert (dx[:, 3:] == 0).all()
    assert (dx[:, :3] != 0).all()


@pytest.fixture
def stack(rng):
    stack = Stack(9, 5, 6, 2, 2, rng=rng)
    for _, param, _ in stack.named_params():
        param += 0.3 * rng.normal(size=param.shape)
    return stack


def test_every_gradient_of_a_stack_agrees_with_finite_differences(stack, rng):
    errors = gradcheck(stack, rng.integers(9, size=(3, 4)), rng=rng)
    assert len(errors) == 2 + 12 * 2 + 2
    assert max(errors.values()) < 1e-7


def test_a_stack_by_hand(stack, rng):
    ids = rng.integers(9, size=(3, 4))
    E, P = stack.tokens.params["W"], stack.positions.params["W"]
    x = stack.norm.predict(stack.blocks.predict(E[ids] + P[:4]))
    np.testing.assert_allclose(stack.predict(ids), x @ E.T, atol=1e-12)


def test_a_stack_takes_one_text_as_it_takes_many(stack, rng):
    ids = rng.integers(9, size=(3, 4))
    dscores = rng.normal(size=(3, 4, 9))
    stack.forward(ids)
    stack.backward(dscores)
    together = [grad.copy() for _, _, grad in stack.named_params()]
    stack.zero_grads()
    for text, d in zip(ids, dscores, strict=True):
        stack.forward(text)
        stack.backward(d)
    for (name, _, grad), both in zip(stack.named_params(), together, strict=True):
        np.testing.assert_allclose(grad, both, atol=1e-10, err_msg=name)


def test_a_stack_begins_with_small_steps_on_the_stream():
    one, many = (Stack(9, 5, 64, 2, n, rng=np.random.default_rng(0)) for n in (1, 8))
    for half, write in (("attend", "out"), ("think", "write")):
        small, large = (m.blocks[0][half][write].params["W"].std() for m in (many, one))
        assert small == pytest.approx(large / math.sqrt(8), rel=0.1)
