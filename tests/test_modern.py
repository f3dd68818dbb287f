"""The modern block against PyTorch, a whole Llama against transformers, and their promises."""

import functools
import math
from pathlib import Path

import numpy as np
import pytest

from nnlib.backprop import Dense, Sequential, gradcheck
from nnlib.descent import cross_entropy
from nnlib.gpt import Past
from nnlib.modern import (
    GroupedAttention,
    Llama,
    RMSNorm,
    SwiGLU,
    modern_block,
    rotary_frequencies,
    rotate,
)
from nnlib.shapes import ShapeError
from nnlib.training import Adam, load, save
from nnlib.transformer import LayerNorm, Residual

# Made by tests/fixtures/make_modern_values.py with PyTorch 2.13.0 and transformers 5.23.0.
TORCH = np.load(Path(__file__).with_name("fixtures") / "modern_values.npz")
OTHER = {"d_head": 4, "base": 100.0, "window": 3, "bias": True}
LLAMA = 11, 8, 2
UNTIED = {"base": 500000.0, "tied": False, "d_head": 6, "bias": True}
PARTS = {
    "rmsnorm": (lambda rng: RMSNorm(12), 1e-10),
    "swiglu": (lambda rng: SwiGLU(12, 8, rng=rng), 1e-10),
    "grouped": (lambda rng: GroupedAttention(12, 6, 2, rng=rng), 1e-10),
    "other": (lambda rng: GroupedAttention(12, 6, 2, rng=rng, **OTHER), 1e-10),
    # transformers computes angles and norms in float32.
    "tied": (lambda rng: Llama(*LLAMA, 2, 2, 6, rng=rng, eps=1e-6), 1e-5),
    "untied": (lambda rng: Llama(*LLAMA, 1, 2, 6, rng=rng, eps=1e-6, **UNTIED), 1e-5),
}


@pytest.mark.parametrize("part", PARTS)
def test_output_and_gradients_are_those_of_pytorch(part, rng):
    build, tolerance = PARTS[part]
    close = functools.partial(np.testing.assert_allclose, rtol=tolerance, atol=tolerance)
    layer = build(rng)
    for name, param, _ in layer.named_params():
        param[...] = TORCH[f"{part}.param.{name}"]
    close(layer.forward(TORCH[f"{part}.in"]), TORCH[f"{part}.output"])
    dx = layer.backward(TORCH[f"{part}.dy"])
    if dx is not None:
        close(dx, TORCH[f"{part}.grad"])
    for name, _, grad in layer.named_params():
        close(grad, TORCH[f"{part}.grad.{name}"], err_msg=name)
    stored = {name for name in TORCH if name.startswith(f"{part}.param.")}
    assert stored == {f"{part}.param.{name}" for name, _, _ in layer.named_params()}


def test_turning_is_that_of_complex_numbers_in_pytorch():
    positions = np.array([0, 3, 4, 70, 1000])
    y = rotate(TORCH["rotate.in"], positions, base=500.0)
    np.testing.assert_allclose(y, TORCH["rotate.output"], atol=1e-10)
    dx = rotate(TORCH["rotate.dy"], -positions, base=500.0)
    np.testing.assert_allclose(dx, TORCH["rotate.grad"], atol=1e-10)


# RMSNorm


def test_a_normalised_row_has_mean_square_1(rng):
    y = RMSNorm(50).predict(7 + 3 * rng.normal(size=(4, 5, 50)))
    np.testing.assert_allclose((y * y).mean(axis=-1), 1, atol=1e-5)


def test_rmsnorm_keeps_the_mean_and_forgets_the_scale(rng):
    x = rng.normal(size=(4, 5, 6))
    layer = RMSNorm(6, eps=0.0)
    scales = np.array([0.01, 1, 3, 1000])[:, None, None]
    np.testing.assert_allclose(layer.predict(x * scales), layer.predict(x), atol=1e-10)
    np.testing.assert_allclose(layer.predict(-x), -layer.predict(x), atol=1e-10)
    assert np.abs(layer.predict(x + 1) - layer.predict(x)).max() > 0.1


def test_rmsnorm_of_rows_without_a_mean_is_layernorm(rng):
    x = rng.normal(size=(4, 5, 6))
    x -= x.mean(axis=-1, keepdims=True)
    norm, other = RMSNorm(6), LayerNorm(6)
    np.testing.assert_allclose(norm.forward(x), other.forward(x), atol=1e-12)
    dy = rng.normal(size=x.shape)
    dx = norm.backward(dy)
    np.testing.assert_allclose(dx - dx.mean(axis=-1, keepdims=True), other.backward(dy), atol=1e-12)


def test_rmsnorm_by_hand():
    layer = RMSNorm(2, eps=0.0)
    layer.params["gamma"][...] = [2.0, -1.0]
    np.testing.assert_allclose(layer.forward([[7.0, 1.0]]), [[2.8, -0.2]])  # the root is 5
    # The gradient for x_hat = (1.4, 0.2) is (2, 0); its part along x_hat is 1.4 x_hat.
    np.testing.assert_allclose(layer.backward(np.array([[1.0, 0.0]])), [[0.008, -0.056]])
    np.testing.assert_allclose(layer.grads["gamma"], [1.4, 0.0])


def test_the_eps_of_rmsnorm_stands_under_the_root():
    np.testing.assert_allclose(RMSNorm(2, eps=16.0).predict([[3.0, 3.0]]), [[0.6, 0.6]])


def test_the_gradient_of_rmsnorm_has_no_part_along_the_row(rng):
    layer = RMSNorm(6, eps=0.0)
    x = rng.normal(size=(4, 6))
    layer.forward(x)
    np.testing.assert_allclose((layer.backward(rng.normal(size=(4, 6))) * x).sum(-1), 0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_row_of_zeros_stays_zero(dtype):
    layer = RMSNorm(4).astype(dtype)
    np.testing.assert_array_equal(layer.forward(np.zeros((2, 4), dtype=dtype)), 0)
    dx = layer.backward(np.ones((2, 4), dtype=dtype))
    assert dx.dtype == dtype
    np.testing.assert_allclose(dx, 1 / math.sqrt(1e-5), rtol=1e-6)


@pytest.mark.parametrize("shape", [(), (2,), (3, 4)])
def test_rmsnorm_refuses_another_number_of_features(shape):
    with pytest.raises(ShapeError, match=r"RMSNorm\(.*\).forward: x has shape"):
        RMSNorm(3).forward(np.zeros(shape))


# Rotary positions


def test_feature_i_turns_with_feature_i_plus_half():
    x = np.array([[1.0, 10.0, 0.0, 0.0]])
    np.testing.assert_allclose(
        rotate(x, [1], frequencies=[math.pi / 2, math.pi]), [[0, -10, 1, 0]], atol=1e-12
    )


def test_angles_grow_with_the_position_and_shrink_with_the_pair():
    x = np.tile([1.0, 1.0, 1.0, 0.0, 0.0, 0.0], (3, 1))
    y = rotate(x, [0, 1, 7], base=1000.0)
    angles = np.arctan2(y[:, 3:], y[:, :3])
    np.testing.assert_allclose(angles, np.outer([0, 1, 7], [1, 0.1, 0.01]) % (2 * np.pi), atol=0.9)
    np.testing.assert_allclose(angles[:2], np.outer([0, 1], [1, 0.1, 0.01]), atol=1e-12)


def test_only_the_distance_counts(rng):
    q, k = rng.normal(size=(2, 2, 5, 8))
    positions = np.array([0, 2, 3, 11, 12])

    def scores(start):
        return rotate(q, start + positions) @ rotate(k, start + positions).swapaxes(-1, -2)

    np.testing.assert_allclose(scores(1000), scores(0), atol=1e-10)
    assert np.abs(scores(0) - q @ k.swapaxes(-1, -2)).max() > 0.1


def test_turning_keeps_lengths_and_turns_back(rng):
    x = rng.normal(size=(2, 3, 5, 8))
    positions = rng.integers(100, size=5)
    y = rotate(x, positions)
    np.testing.assert_allclose(np.vecdot(y, y), np.vecdot(x, x))
    np.testing.assert_allclose(rotate(y, -positions), x, atol=1e-12)


def test_the_gradient_of_a_turn_is_a_turn_back(rng):
    x, dy = rng.normal(size=(2, 3, 5, 8))
    positions, h = np.array([3, 1, 4, 1, 5]), 1e-6
    dx = rotate(dy, -positions)
    for _ in range(3):
        step = rng.normal(size=x.shape)
        ahead, behind = rotate(x + h * step, positions), rotate(x - h * step, positions)
        slope = np.vdot(ahead - behind, dy) / (2 * h)
        np.testing.assert_allclose(np.vdot(dx, step), slope, rtol=1e-7)


def test_turning_keeps_its_argument_and_the_precision(rng):
    x = rng.normal(size=(3, 4)).astype(np.float32)
    before = x.copy()
    y = rotate(x, np.arange(3))
    np.testing.assert_array_equal(x, before)
    assert y.dtype == np.float32
    far = rotate(x, [10**6, 10**6 + 1, 10**6 + 2])
    exact = rotate(x.astype(np.float64), [10**6, 10**6 + 1, 10**6 + 2])
    np.testing.assert_allclose(far, exact, atol=1e-6)


@pytest.mark.parametrize(
    ("x", "positions", "text"),
    [
        (np.zeros((3, 5)), [0, 1, 2], "5 features make no pairs"),
        (np.zeros((3, 4)), [0, 1], r"positions has shape \(2,\), expected \(3,\)"),
        (np.zeros(4), [0], r"x has shape \(4,\), expected \(\.\.\., T, d\)"),
    ],
    ids=["odd", "positions", "no rows"],
)
def test_what_cannot_be_turned_is_refused(x, positions, text):
    with pytest.raises(ShapeError, match=text):
        rotate(x, positions)


def test_frequencies_of_another_number_are_refused():
    with pytest.raises(ShapeError, match=r"frequencies has shape \(3,\), expected \(2,\)"):
        rotate(np.zeros((3, 4)), [0, 1, 2], frequencies=[1, 2, 3])


def test_a_base_that_gives_no_frequencies_is_refused():
    with pytest.raises(
        ValueError, match="rotary_frequencies: base is 0, expected a number above 0"
    ):
        rotate(np.zeros((3, 4)), [0, 1, 2], base=0)


def test_places_in_words_are_refused():
    with pytest.raises(ValueError, match=r"rotate: positions is .*expected real numbers"):
        rotate(np.zeros((2, 4)), ["first", "second"])


def test_frequencies_fall_from_1_to_nearly_one_over_the_base():
    np.testing.assert_allclose(rotary_frequencies(6, 1000.0), [1, 0.1, 0.01])


# SwiGLU


def test_swiglu_by_hand():
    layer = SwiGLU(1, 1, rng=np.random.default_rng(0))
    for dense, w in (("gate", 2.0), ("up", 3.0), ("down", 5.0)):
        layer.children[dense].params["W"][...] = w
    x, s = 0.7, 1 / (1 + math.exp(-1.4))
    np.testing.assert_allclose(layer.forward([[x]]), [[5 * (2 * x * s) * (3 * x)]])
    slope = s + 2 * x * s * (1 - s)
    dx = layer.backward(np.array([[1.0]]))
    np.testing.assert_allclose(dx, [[5 * (2 * slope * 3 * x + 2 * x * s * 3)]])


def test_a_gate_predicts_what_it_computes_forwards(rng):
    layer = SwiGLU(3, 5, rng=rng)
    x = rng.normal(size=(2, 4, 3))
    np.testing.assert_array_equal(layer.predict(x), layer.forward(x))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gate_has_limits_without_a_warning(dtype):
    layer = SwiGLU(1, 1, rng=np.random.default_rng(0)).astype(dtype)
    for dense in layer.children.values():
        dense.params["W"][...] = 1
    y = layer.forward(np.array([[-1000.0], [0.0], [1000.0]], dtype=dtype))
    np.testing.assert_allclose(y, [[0], [0], [1e6]], atol=1e-12)
    np.testing.assert_allclose(layer.backward(np.ones((3, 1), dtype)), [[0], [0], [2000]])


# Grouped heads


def spread(layer, rng, scale=0.3):
    """The layer, with parameters away from their trivial start."""
    for _, param, _ in layer.named_params():
        param += scale * rng.normal(size=param.shape)
    return layer


def test_grouped_heads_by_hand(rng):
    """Head by head, token by token: head h looks at key head h // 3."""
    layer = spread(GroupedAttention(12, 6, 2, rng=rng, d_head=4), rng)
    x = rng.normal(size=(5, 12))
    q, k, v = (x @ layer.children[name].params["W"].T for name in "qkv")
    y = np.zeros((5, 24))
    for h in range(6):
        mine, theirs = slice(4 * h, 4 * h + 4), slice(4 * (h // 3), 4 * (h // 3) + 4)
        for t in range(5):
            query = rotate(q[t : t + 1, mine], [t])[0]
            keys = rotate(k[: t + 1, theirs], np.arange(t + 1))
            e = np.exp(keys @ query / math.sqrt(4))
            y[t, mine] = e / e.sum() @ v[: t + 1, theirs]
    np.testing.assert_allclose(layer.predict(x), y @ layer.out.params["W"].T, atol=1e-12)


def test_a_group_for_each_head_is_a_copy_of_the_keys_for_each_head(rng):
    grouped, full = (GroupedAttention(12, 6, n, rng=rng) for n in (2, 6))
    for name in ("q", "out"):
        full.children[name].params["W"][...] = grouped.children[name].params["W"]
    for name in ("k", "v"):
        heads = grouped.children[name].params["W"].reshape(2, 2, 12)
        full.children[name].params["W"][...] = np.repeat(heads, 3, axis=0).reshape(12, 12)
    x = rng.normal(size=(3, 5, 12))
    np.testing.assert_allclose(grouped.predict(x), full.predict(x), atol=1e-12)


def test_the_future_does_not_change_the_past_of_grouped_heads(rng):
    layer = spread(GroupedAttention(12, 6, 2, rng=rng), rng)
    x = rng.normal(size=(4, 5, 12))
    changed = x.copy()
    changed[:, 3:] += 1
    before, after = layer.predict(x), layer.predict(changed)
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-12)
    assert (after[:, 3:] != before[:, 3:]).all()


def test_a_window_ends_right_before_its_tokens(rng):
    layer = spread(GroupedAttention(12, 6, 2, rng=rng, window=2), rng)
    x = rng.normal(size=(5, 12))
    for t in range(1, 5):
        alone = layer.predict(x[t - 1 : t + 1])[-1]  # only distances count
        np.testing.assert_allclose(layer.predict(x)[t], alone, atol=1e-12)


def test_a_window_that_sees_everything_changes_nothing(rng):
    wide, free = (
        GroupedAttention(12, 6, 2, rng=np.random.default_rng(1), window=window)
        for window in (5, None)
    )
    x = rng.normal(size=(3, 5, 12))
    np.testing.assert_array_equal(wide.predict(x), free.predict(x))


def test_frequencies_take_the_place_of_the_base(rng):
    one, other = (
        GroupedAttention(12, 3, 1, rng=np.random.default_rng(1), **how)
        for how in ({"base": 50.0}, {"frequencies": rotary_frequencies(4, 50.0)})
    )
    x = rng.normal(size=(3, 5, 12))
    np.testing.assert_array_equal(one.predict(x), other.predict(x))


@pytest.mark.parametrize(
    ("sizes", "how", "text"),
    [
        ((12, 6, 4), {}, "4 heads of keys cannot be shared equally by 6"),
        ((12, 0, 1), {}, "1 heads of keys cannot be shared equally by 0"),
        ((12, 5, 5), {}, "12 features cannot be shared equally by 5 heads"),
        ((12, 4, 2), {}, "a head has 3 features, expected an even number"),
        ((12, 4, 2), {"d_head": 0}, "a head has 0 features"),
        ((12, 6, 2), {"window": 0}, "window is 0, expected at least 1"),
        ((12, 6, 2), {"frequencies": [1.0, 0.1]}, r"frequencies has shape \(2,\), expected \(1,\)"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(sizes, how, text, rng):
    with pytest.raises(ValueError, match=text):
        GroupedAttention(*sizes, rng=rng, **how)


def test_grouped_heads_refuse_what_is_no_text(rng):
    layer = GroupedAttention(12, 6, 2, rng=rng)
    with pytest.raises(ShapeError, match=r"GroupedAttention.*x has shape \(12,\)"):
        layer.forward(np.zeros(12))
    with pytest.raises(ShapeError, match=r"x has shape \(5, 11\), expected \(\.\.\., 12\)"):
        layer.forward(np.zeros((5, 11)))


# The block


def test_a_modern_block_attends_and_then_thinks_each_normalised_first(rng):
    block = spread(modern_block(12, 6, 2, 8, rng=rng), rng)
    x = rng.normal(size=(4, 5, 12))
    attend, think = block
    assert [*attend.children, *think.children] == ["norm", "attention", "norm", "swiglu"]
    x_1 = x + attend["attention"].predict(attend["norm"].predict(x))
    y = x_1 + think["swiglu"].predict(think["norm"].predict(x_1))
    np.testing.assert_allclose(block.predict(x), y, atol=1e-12)


def test_the_parameters_of_a_modern_block_have_names_that_say_what_they_are(rng):
    block = modern_block(12, 6, 2, 8, rng=rng, bias=True)
    assert [name for name, _, _ in block.named_params()] == [
        "attend.norm.gamma",
        *(f"attend.attention.{name}.{param}" for name in ("q", "k", "v", "out") for param in "Wb"),
        "think.norm.gamma",
        *(f"think.swiglu.{name}.W" for name in ("gate", "up", "down")),
    ]


def test_a_block_hands_its_options_to_its_parts(rng):
    block = modern_block(12, 6, 2, 8, rng=rng, eps=0.5, d_head=4, window=3, base=100.0)
    attention = block["attend"]["attention"]
    assert block["attend"]["norm"].eps == block["think"]["norm"].eps == 0.5
    assert attention.window == 3
    np.testing.assert_allclose(attention.frequencies, [1, 0.1])


# The model

VOCAB = 11


def llama(n_blocks=2, **how):
    """A small one, in float64, in which every token has a say."""
    rng = np.random.default_rng(5)
    return spread(Llama(VOCAB, 12, 6, 2, n_blocks, 8, rng=rng, **how), rng)


@pytest.fixture
def ids(rng):
    return rng.integers(VOCAB, size=(4, 5))


@pytest.mark.parametrize("how", [{}, {"tied": False, "bias": True}, {"window": 2}], ids=str)
def test_every_gradient_of_a_llama_agrees_with_finite_differences(how, rng):
    model = spread(Llama(5, 4, 2, 1, 2, 3, rng=rng, d_head=4, **how), rng)
    errors = gradcheck(model, rng.integers(5, size=(2, 4)), rng=rng)
    assert max(errors.values()) < 1e-7, errors


def test_the_number_of_parameters():
    def count(vocab, d, n_heads, n_kv_heads, n_blocks, d_hidden, tied=True):
        d_kv = d // n_heads * n_kv_heads
        block = 2 * d * d + 2 * d * d_kv + 3 * d * d_hidden + 2 * d
        return vocab * d * (1 if tied else 2) + n_blocks * block + d

    for tied in (True, False):
        model = llama(tied=tied)
        counted = sum(param.size for _, param, _ in model.named_params())
        assert counted == count(VOCAB, 12, 6, 2, 2, 8, tied)
    assert count(49152, 576, 9, 3, 30, 1536) == 134_515_008  # SmolLM2-135M


def test_a_llama_by_hand(ids):
    model = llama()
    E = model.tokens.params["W"]
    x = model.norm.predict(model.blocks.predict(E[ids]))
    np.testing.assert_allclose(model.predict(ids), x @ E.T, atol=1e-12)
    model = llama(tied=False)
    x = model.norm.predict(model.blocks.predict(model.tokens.params["W"][ids]))
    head = model.children["head"].params["W"]
    np.testing.assert_allclose(model.predict(ids), x @ head.T, atol=1e-12)


def test_a_tied_table_learns_what_table_and_head_learn_together(ids, rng):
    tied, untied = llama(), llama(tied=False)
    theirs = {name: param for name, param, _ in untied.named_params()}
    for name, param, _ in tied.named_params():
        theirs[name][...] = param
    theirs["head.W"][...] = theirs["tokens.W"]
    dlogits = rng.normal(size=(4, 5, VOCAB))
    np.testing.assert_allclose(untied.forward(ids), tied.forward(ids), atol=1e-12)
    untied.backward(dlogits)
    tied.backward(dlogits)
    both = untied.tokens.grads["W"] + untied.head.grads["W"]
    np.testing.assert_allclose(tied.tokens.grads["W"], both, atol=1e-12)
    for name, _, grad in [*tied.named_params()][1:]:
        other = {name: grad for name, _, grad in untied.named_params()}[name]
        np.testing.assert_allclose(grad, other, atol=1e-12, err_msg=name)


def test_what_a_llama_says_of_a_text_does_not_depend_on_where_it_begins(ids):
    """Without a table of places: a token that sees nothing else gets the same scores anywhere."""
    model = llama(window=1)
    same = np.full((1, 5), 3)
    np.testing.assert_allclose(model.predict(same)[0], np.tile(model.predict([[3]])[0], (5, 1)))


def test_the_order_of_tokens_matters():
    one, other = llama().predict([[1, 2, 3, 4], [2, 1, 3, 4]])[:, -1]
    assert np.abs(one - other).max() > 1e-3


def test_first_weights_that_write_to_the_stream_shrink_with_depth():
    one, many = (Llama(3, 64, 4, 2, n, 64, rng=np.random.default_rng(0)) for n in (1, 8))
    for half, layer, write in (("attend", "attention", "out"), ("think", "swiglu", "down")):
        small, large = (
            m.blocks[0][half][layer].children[write].params["W"].std() for m in (many, one)
        )
        assert small == pytest.approx(large / math.sqrt(8), rel=0.1)


def test_everything_stays_float32(ids):
    model = llama(tied=False, bias=True).astype(np.float32)
    logits = model.forward(ids)
    _, dlogits = cross_entropy(logits, ids)
    model.backward(dlogits)
    Adam(lr=0.01).step(model)
    assert logits.dtype == dlogits.dtype == np.float32
    for name, param, grad in model.named_params():
        assert param.dtype == grad.dtype == np.float32, name
    past = Past(9)
    assert model.extend([1, 2, 3], past).dtype == np.float32
    assert model.extend([4], past).dtype == np.float32


def test_a_saved_llama_comes_back(ids, tmp_path, rng):
    model = llama()
    save(model, tmp_path / "model.npz")
    other = Llama(VOCAB, 12, 6, 2, 2, 8, rng=rng)
    load(other, tmp_path / "model.npz")
    np.testing.assert_array_equal(other.predict(ids), model.predict(ids))


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (np.zeros((2, 8), dtype=int), r"Llama: got 8 tokens, expected .* at most 7 in all"),
        (np.zeros((2, 0), dtype=int), r"0 tokens.*at least one"),
        ([[1, 2, VOCAB]], r"\b11\b"),
        ([[1.0, 2.0]], "float"),
        ([1, 2, 3], r"ids has shape \(3,\), expected \(N, T\)"),
    ],
    ids=["too long", "empty", "unknown", "floats", "no batch"],
)
def test_what_cannot_be_read_is_refused_clearly(bad, text):
    for read in (llama(context=7).forward, llama(context=7).predict):
        with pytest.raises(ValueError, match=text) as error:
            read(bad)
        assert len(str(error.value)) < 300


def test_without_a_context_there_is_no_limit_and_no_infinity_in_the_message():
    model = llama()
    assert model.predict(np.zeros((1, 300), dtype=int)).shape == (1, 300, VOCAB)
    with pytest.raises(ValueError, match=r"Llama: got 0 tokens, expected at least one\.$"):
        model.predict(np.zeros((1, 0), dtype=int))


def test_an_upstream_gradient_of_another_shape_is_refused_clearly(ids):
    model = llama()
    model.forward(ids)
    with pytest.raises(ShapeError, match=r"dlogits has shape \(4, 11\), expected \(4, 5, 11\)"):
        model.backward(np.zeros((4, VOCAB)))


def test_a_model_describes_itself():
    assert repr(llama()) == "Llama(vocab=11, d=12, n_blocks=2)"


# Writing

SLIDES = {
    "a window": {"window": 3, "n_blocks": 2},
    "one block": {"context": 7, "n_blocks": 1},
    "a window that the context holds": {"context": 7, "window": 3, "n_blocks": 3},
    "a window of one": {"window": 1, "context": 2, "n_blocks": 3},
}
STAYS = {
    "no limit": {},
    "a context": {"context": 7, "n_blocks": 2},
    "a window that reaches out of the context": {"context": 6, "window": 3, "n_blocks": 3},
}


def last_scores(model, ids):
    """What the model says after these ids, computed anew from what it may see."""
    seen = ids if model.context == math.inf else ids[-model.context :]
    return model.predict([seen])[0, -1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("how", SLIDES.values(), ids=SLIDES)
def test_where_the_past_slides_it_gives_the_scores_of_reading_anew(how, rng, dtype):
    model = llama(**how).astype(dtype)
    ids = rng.integers(VOCAB, size=40).tolist()
    past = model._past()
    assert past.window < math.inf
    end = 0
    for n in (1, 1, 4, 1, 9, 1, 1, 1, 2, 1, 1, 1, 1, 1, 12, 1, 1):
        scores = model.extend(ids[end : end + n], past)
        for i, got in enumerate(scores):
            np.testing.assert_allclose(
                got,
                last_scores(model, ids[: end + i + 1]),
                atol=1e-10 if dtype == np.float64 else 1e-4,
            )
        end += n
    assert past.length == end == 40


@pytest.mark.parametrize("how", [*SLIDES.values(), *STAYS.values()], ids=[*SLIDES, *STAYS])
def test_every_token_is_drawn_from_what_the_model_says_of_its_context(how):
    model = llama(**how)
    written = model.generate([1, 2, 3], 25, rng=np.random.default_rng(1))
    rng = np.random.default_rng(1)
    anew = [1, 2, 3]
    for _ in range(25):
        scores = last_scores(model, anew)
        p = np.exp(scores - scores.max())
        anew.append(int(rng.choice(VOCAB, p=p / p.sum())))
    assert written == anew


@pytest.mark.parametrize("how", STAYS.values(), ids=STAYS)
def test_where_tokens_from_outside_the_context_would_be_heard_nothing_slides(how):
    past = llama(**how)._past()
    assert past.window == math.inf
    assert past.context == how.get("context", math.inf)


def test_a_slid_past_would_differ_where_it_is_not_allowed(rng):
    """With two blocks, old keys tell of tokens that the context no longer holds."""
    model = llama(context=7)
    ids = rng.integers(VOCAB, size=12).tolist()
    past = Past(7, window=7)
    got = model.extend(ids, past)[-1]
    assert np.abs(got - last_scores(model, ids)).max() > 1e-4


def test_a_new_token_costs_one_position_for_as_long_as_anyone_likes(rng, monkeypatch):
    read = []
    model = llama(n_blocks=1, context=4)
    extend = model.extend
    monkeypatch.setattr(
        model, "extend", lambda ids, past: read.append(len(ids)) or extend(ids, past)
    )
    model.generate([3, 1, 4], 30, rng=rng)
    assert read == [3, *[1] * 29]


def test_the_past_holds_the_heads_of_groups_only_and_no_more_than_two_windows(rng):
    model = llama(window=3)
    past = model._past()
    for token in rng.integers(VOCAB, size=50).tolist():
        model.extend([token], past)
    for kept, _ in past._stored.values():
        two, heads, tokens, d_head = kept.shape
        assert (two, heads, d_head) == (2, 2, 2)
        assert tokens <= 6


def test_a_past_grows_with_the_text_and_not_with_the_number_that_may_come(rng):
    model = llama()
    model.generate([1], 10**9, rng=rng, stop=list(range(VOCAB)))
    past = Past(10**12)
    model.extend([1, 2, 3], past)
    assert all(kept.nbytes < 10_000 for kept, _ in past._stored.values())


def test_a_context_ends_where_nothing_slides():
    model = llama(context=7)
    past = Past(20)
    model.extend([1, 2, 3, 4, 5], past)
    with pytest.raises(ValueError, match=r"Llama: got 3 tokens after 5.*at most 7"):
        model.extend([6, 7, 8], past)


def test_a_changed_block_still_goes_on_from_its_past(rng):
    """As when somebody puts a layer of their own around or beside those of the block."""
    model = llama()
    model.blocks.children["2"] = Residual(RMSNorm(12), Sequential(Dense(12, 12, rng=rng)))
    past = model._past()
    ids = [1, 2, 3, 4, 5, 6]
    scores = [model.extend([token], past)[0] for token in ids]
    np.testing.assert_allclose(scores, model.predict([ids])[0], atol=1e-12)
