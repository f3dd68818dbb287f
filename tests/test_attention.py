"""Attention against a plain loop and PyTorch, and the promises that a language model rests on."""

import math
from pathlib import Path

import numpy as np
import pytest

from nnlib.attention import (
    CausalSelfAttention,
    attention,
    attention_backward,
    causal_mask,
    merge_heads,
    split_heads,
)
from nnlib.descent import numerical_gradient
from nnlib.shapes import ShapeError

# Made by tests/fixtures/make_transformer_values.py with PyTorch 2.13.0.
TORCH = np.load(Path(__file__).with_name("fixtures") / "transformer_values.npz")


@pytest.fixture
def qkv(rng):
    """4 queries among 6 keys of 5 features, whose values have 7, for 2 examples and 3 heads."""
    return (
        rng.normal(size=(2, 3, 4, 5)),
        rng.normal(size=(2, 3, 6, 5)),
        rng.normal(size=(2, 3, 6, 7)),
    )


@pytest.fixture
def mask(rng):
    """Hides key 1 from all, and others from some, so that every query sees something."""
    mask = rng.random((4, 6)) < 0.6
    mask[:, 1] = False
    mask[:, 2] = True
    return mask


def by_loop(q, k, v, mask):
    """One query and one key at a time."""
    output = np.zeros((*q.shape[:-1], v.shape[-1]))
    weights = np.zeros((*q.shape[:-1], k.shape[-2]))
    for n, h, t in np.ndindex(q.shape[:-1]):
        seen = [s for s in range(k.shape[-2]) if mask[t, s]]
        scores = [sum(q[n, h, t] * k[n, h, s]) / math.sqrt(q.shape[-1]) for s in seen]
        total = sum(math.exp(score) for score in scores)
        for s, score in zip(seen, scores, strict=True):
            weights[n, h, t, s] = math.exp(score) / total
            output[n, h, t] += weights[n, h, t, s] * v[n, h, s]
    return output, weights


def test_attention_equals_a_plain_loop(qkv, mask):
    for got, expected in zip(attention(*qkv, mask), by_loop(*qkv, mask), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-12)


def test_without_a_mask_every_query_sees_every_key(qkv):
    expected = by_loop(*qkv, np.ones((4, 6), dtype=bool))
    for got, want in zip(attention(*qkv), expected, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)


def test_attention_and_its_gradients_are_those_of_pytorch():
    q, k, v, mask = (TORCH[f"attention.in.{name}"] for name in ("q", "k", "v", "mask"))
    output, weights = attention(q, k, v, mask)
    np.testing.assert_allclose(output, TORCH["attention.output"], atol=1e-10)
    grads = attention_backward(TORCH["attention.dy"], q, k, v, weights)
    for grad, name in zip(grads, ("q", "k", "v"), strict=True):
        np.testing.assert_allclose(grad, TORCH[f"attention.grad.{name}"], atol=1e-10)


def test_weights_are_a_distribution_over_what_may_be_seen(qkv, mask):
    _, weights = attention(*qkv, mask)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    assert (weights[..., ~mask] == 0).all()
    assert (weights[..., mask] > 0).all()


def test_the_order_of_keys_does_not_matter_when_values_follow(qkv, rng):
    q, k, v = qkv
    order = rng.permutation(6)
    output, weights = attention(q, k[:, :, order], v[:, :, order])
    np.testing.assert_allclose(output, attention(q, k, v)[0], atol=1e-12)
    np.testing.assert_allclose(weights, attention(q, k, v)[1][..., order], atol=1e-12)


def test_equal_keys_share_the_attention_equally(qkv):
    q, k, v = qkv
    output, _ = attention(q, np.ones_like(k), v)
    np.testing.assert_allclose(output, np.broadcast_to(v.mean(axis=2, keepdims=True), output.shape))


def test_huge_scores_pick_the_best_key_without_overflow(qkv, mask):
    q, k, v = qkv
    output, weights = attention(1e6 * q, k, v, mask)
    scores = np.where(mask, q @ k.swapaxes(-1, -2), -math.inf)
    np.testing.assert_allclose(weights.max(axis=-1), 1)
    np.testing.assert_array_equal(weights.argmax(axis=-1), scores.argmax(axis=-1))
    assert np.isfinite(output).all()


def test_a_mask_applies_to_every_example_or_to_its_own(qkv, mask):
    q, k, v = qkv
    other = mask[::-1]
    each = np.stack([mask, other])[:, None]  # (2, 1, 4, 6): an example, every head
    output, _ = attention(q, k, v, each)
    np.testing.assert_allclose(output[0], attention(q[0], k[0], v[0], mask)[0])
    np.testing.assert_allclose(output[1], attention(q[1], k[1], v[1], other)[0])


@pytest.mark.parametrize(
    "numbers",
    [
        np.where(causal_mask(4), 0.0, -math.inf),
        np.where(causal_mask(4), 0.0, -1e9),
        causal_mask(4).astype(float),
        causal_mask(4).astype(int),
        causal_mask(4).astype(int).tolist(),
    ],
    ids=["added", "nearly infinite", "multiplied", "integers", "lists"],
)
def test_a_mask_of_numbers_is_refused_because_its_meaning_is_a_guess(numbers, rng):
    x = rng.normal(size=(4, 3))
    with pytest.raises(
        ValueError, match=r"mask has dtype (float|int)64, expected bool: True where"
    ):
        attention(x, x, x, numbers)


@pytest.mark.parametrize("shape", [(6, 4), (4,), (4, 4), (2, 4, 6), (2, 2, 4, 6), (1, 2, 3, 4, 6)])
def test_a_mask_of_another_shape_is_refused(shape, qkv):
    with pytest.raises(ShapeError, match=r"attention: mask has shape .* \(2, 3, 4, 6\)"):
        attention(*qkv, np.ones(shape, dtype=bool))


def test_a_query_needs_something_to_look_at(qkv, mask):
    mask[2] = False
    with pytest.raises(ValueError, match=r"leaves a query nothing to look at.*needs a True"):
        attention(*qkv, mask)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("q", (5,)),
        ("q", (2, 3, 4, 6)),  # found at k, which does not fit
        ("k", (6, 5)),
        ("k", (1, 3, 6, 5)),
        ("k", (3, 2, 6, 5)),
        ("k", (2, 3, 5, 6)),
        ("v", (2, 3, 4, 7)),
        ("v", (6, 7)),
        ("v", (2, 1, 6, 7)),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(name, shape, qkv):
    arrays = dict(zip("qkv", qkv, strict=True)) | {name: np.zeros(shape)}
    with pytest.raises(ShapeError, match=r"attention.*: [qkv] has shape"):
        attention(**arrays)


def test_attention_takes_lists_and_keeps_float32(qkv, mask):
    lists = [array.tolist() for array in qkv]
    np.testing.assert_array_equal(attention(*lists, mask.tolist())[0], attention(*qkv, mask)[0])
    q, k, v = (array.astype(np.float32) for array in qkv)
    output, weights = attention(q, k, v, mask)
    assert output.dtype == weights.dtype == np.float32
    for grad in attention_backward(output, q, k, v, weights):
        assert grad.dtype == np.float32


def test_attention_and_its_backward_change_no_argument(qkv, mask, rng):
    output, weights = attention(*qkv, mask)
    arrays = [rng.normal(size=output.shape), *qkv, weights, mask]
    kept = [array.copy() for array in arrays]
    attention(*qkv, mask)
    attention_backward(*arrays[:-1])
    for array, before in zip(arrays, kept, strict=True):
        np.testing.assert_array_equal(array, before)


@pytest.mark.parametrize("masked", [True, False])
def test_attention_backward_matches_finite_differences(qkv, mask, rng, masked):
    mask = mask if masked else None
    output, weights = attention(*qkv, mask)
    dy = rng.normal(size=output.shape)
    grads = attention_backward(dy, *qkv, weights)
    for i, grad in enumerate(grads):

        def loss(array, i=i):
            arrays = [*qkv[:i], array, *qkv[i + 1 :]]
            return float(np.vdot(attention(*arrays, mask)[0], dy))

        np.testing.assert_allclose(grad, numerical_gradient(loss, qkv[i]), rtol=1e-6, atol=1e-9)


def test_no_gradient_reaches_what_nobody_may_see(qkv, mask, rng):
    output, weights = attention(*qkv, mask)
    _, dk, dv = attention_backward(rng.normal(size=output.shape), *qkv, weights)
    assert not dk[..., 1, :].any()
    assert not dv[..., 1, :].any()


@pytest.mark.parametrize("t", [0, 1, 5])
def test_a_causal_mask_shows_a_token_itself_and_the_past(t):
    mask = causal_mask(t)
    assert mask.dtype == bool
    assert mask.tolist() == [[key <= query for key in range(t)] for query in range(t)]


def test_a_head_holds_neighbouring_features_and_merging_undoes_splitting(rng):
    x = rng.normal(size=(4, 5, 6))
    heads = split_heads(x, 2)
    assert heads.shape == (4, 2, 5, 3)
    np.testing.assert_array_equal(heads[:, 1], x[:, :, 3:])
    np.testing.assert_array_equal(merge_heads(heads), x)
    np.testing.assert_array_equal(merge_heads(split_heads(x[0], 3)), x[0])


# Causal self-attention, the layer


@pytest.fixture
def layer(rng):
    layer = CausalSelfAttention(6, 2, rng=rng)
    for _, param, _ in layer.named_params():
        param += 0.5 * rng.normal(size=param.shape)
    return layer


def test_the_layer_and_its_gradients_are_those_of_pytorch(rng):
    layer = CausalSelfAttention(6, 2, rng=rng)
    for name, param, _ in layer.named_params():
        param[...] = TORCH[f"causal.param.{name}"]
    y = layer.forward(TORCH["causal.in.x"])
    np.testing.assert_allclose(y, TORCH["causal.output"], atol=1e-10)
    dx = layer.backward(TORCH["causal.dy"])
    np.testing.assert_allclose(dx, TORCH["causal.grad.x"], atol=1e-10)
    for name, _, grad in layer.named_params():
        np.testing.assert_allclose(grad, TORCH[f"causal.grad.{name}"], atol=1e-10)


@pytest.mark.parametrize("t", range(1, 5))
def test_the_future_does_not_change_the_past(layer, rng, t):
    x = rng.normal(size=(4, 5, 6))
    changed = x.copy()
    changed[:, t:] = 100 * rng.normal(size=(4, 5 - t, 6))
    before, after = layer.predict(x), layer.predict(changed)
    np.testing.assert_allclose(after[:, :t], before[:, :t], atol=1e-12)
    assert (after[:, t:] != before[:, t:]).all()
    np.testing.assert_allclose(layer.predict(x[:, :t]), before[:, :t], atol=1e-12)


@pytest.mark.parametrize("t", range(1, 5))
def test_what_the_past_wants_does_not_reach_later_tokens(layer, rng, t):
    dy = rng.normal(size=layer.forward(rng.normal(size=(4, 5, 6))).shape)
    dy[:, t:] = 0
    dx = layer.backward(dy)
    assert (dx[:, t:] == 0).all()
    assert (dx[:, :t] != 0).all()


def test_every_token_hears_from_every_earlier_one(layer, rng):
    x = rng.normal(size=(1, 5, 6))
    last = layer.predict(x)[0, -1]
    for t in range(5):
        changed = x.copy()
        changed[:, t] += 1
        assert np.abs(layer.predict(changed)[0, -1] - last).max() > 1e-3


@pytest.mark.parametrize("part", [0, 6, 12], ids=["queries", "keys", "values"])
def test_heads_are_independent(layer, rng, part):
    x = rng.normal(size=(4, 5, 6))
    layer.out.params["W"][...] = np.eye(6)  # shows the heads as they are: features 0-2 and 3-5
    layer.out.params["b"][...] = 0
    before = layer.predict(x)
    layer.qkv.params["W"][part + 3 : part + 6] += rng.normal(size=(3, 6))
    after = layer.predict(x)
    np.testing.assert_array_equal(after[..., :3], before[..., :3])
    assert (after[:, 1:, 3:] != before[:, 1:, 3:]).all()


def test_the_first_token_can_only_listen_to_itself(layer, rng):
    x = rng.normal(size=(4, 5, 6))
    W, b = layer.qkv.params["W"], layer.qkv.params["b"]
    values = x[:, 0] @ W[12:].T + b[12:]
    np.testing.assert_allclose(layer.predict(x)[:, 0], layer.out.predict(values), atol=1e-12)


def test_attention_alone_does_not_know_the_order_of_the_past(layer, rng):
    x = rng.normal(size=(4, 5, 6))
    shuffled = x[:, [2, 0, 3, 1, 4]]
    np.testing.assert_allclose(layer.predict(shuffled)[:, -1], layer.predict(x)[:, -1], atol=1e-12)


def test_the_number_of_heads_changes_the_result_and_not_the_parameters(rng):
    x = rng.normal(size=(4, 5, 6))
    layers = [CausalSelfAttention(6, n, rng=np.random.default_rng(1)) for n in (1, 2, 3, 6)]
    for one in layers:
        assert sum(param.size for _, param, _ in one.named_params()) == 4 * 6 * 6 + 4 * 6
    outputs = [one.predict(x)[:, 1:] for one in layers]
    for output in outputs[1:]:
        assert np.abs(output - outputs[0]).max() > 1e-3


@pytest.mark.parametrize("shape", [(5, 6), (0, 5, 6), (2, 3, 5, 6), (4, 1, 6)])
def test_any_leading_axes_are_a_batch(layer, rng, shape):
    x = rng.normal(size=shape)
    y = layer.forward(x)
    dx = layer.backward(np.ones(shape))
    assert y.shape == dx.shape == shape
    for index in np.ndindex(shape[:-2]):
        np.testing.assert_allclose(y[index], layer.predict(x[index]), atol=1e-12)


@pytest.mark.parametrize("n_heads", [4, 12, 0, -2])
def test_heads_must_share_the_features_equally(n_heads, rng):
    with pytest.raises(
        ValueError, match=rf"6 features cannot be shared equally by {n_heads} heads"
    ):
        CausalSelfAttention(6, n_heads, rng=rng)


@pytest.mark.parametrize("shape", [(6,), (4, 5, 7), (4, 6, 5), ()])
def test_an_input_of_another_shape_is_refused(layer, shape):
    with pytest.raises(ShapeError, match=r"forward: x has shape"):
        layer.forward(np.zeros(shape))
