"""The whole GPT against PyTorch, GPT-2 against transformers, and what a reader may rely on."""

import gc
import json
import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from nnlib import attention, gpt
from nnlib.descent import cross_entropy
from nnlib.gpt import GPT, Past, gpt2_tokenizer, next_token_distribution
from nnlib.language import TinyLanguage
from nnlib.modern import Llama
from nnlib.shapes import ShapeError
from nnlib.training import Adam, load, save
from nnlib.transformer import transformer_block

FIXTURES = Path(__file__).with_name("fixtures")
# Made by tests/fixtures/make_transformer_values.py with PyTorch 2.13.0.
TORCH = np.load(FIXTURES / "transformer_values.npz")
# Made by tests/fixtures/make_gpt2.py with transformers 5.23.0.
GPT2 = FIXTURES / "gpt2" / "model.safetensors"
EXPECTED = np.load(FIXTURES / "gpt2" / "expected.npz")

VOCAB, CONTEXT, D = 11, 7, 6


@pytest.fixture
def model(rng):
    """Two blocks, with weights large enough that every token has a say."""
    model = GPT(VOCAB, CONTEXT, D, 2, 2, rng=rng)
    for _, param, _ in model.named_params():
        param += 0.4 * rng.normal(size=param.shape)
    return model


@pytest.fixture
def ids(rng):
    return rng.integers(VOCAB, size=(4, 5))


def layers(model):
    yield model
    for child in model.children.values():
        yield from layers(child)


# The model


def test_loss_and_every_gradient_are_those_of_pytorch(model):
    for name, param, _ in model.named_params():
        param[...] = TORCH[f"gpt.param.{name}"]
    logits = model.forward(TORCH["gpt.in.ids"])
    np.testing.assert_allclose(logits, TORCH["gpt.logits"], atol=1e-10)
    loss, dlogits = cross_entropy(logits, TORCH["gpt.in.targets"])
    np.testing.assert_allclose(loss, TORCH["gpt.output"], atol=1e-10)
    assert model.backward(dlogits) is None
    for name, _, grad in model.named_params():
        np.testing.assert_allclose(grad, TORCH[f"gpt.grad.{name}"], atol=1e-10)


def count(vocab, context, d, n_blocks):
    return vocab * d + context * d + n_blocks * (12 * d**2 + 13 * d) + 2 * d


def test_the_number_of_parameters(model):
    assert sum(param.size for _, param, _ in model.named_params()) == count(VOCAB, CONTEXT, D, 2)
    assert count(50257, 1024, 768, 12) == 124_439_808  # GPT-2, the smallest


def test_the_embedding_of_tokens_is_used_at_both_ends_and_learns_from_both(model, ids, rng):
    ids[ids == 9] = 0
    logits = model.forward(ids)
    dlogits = rng.normal(size=logits.shape)
    model.backward(dlogits)
    embedded = model.tokens.predict(ids) + model.positions.predict(np.arange(5))
    features = model.norm.predict(model.blocks.predict(embedded))
    np.testing.assert_allclose(logits, features @ model.tokens.params["W"].T, atol=1e-12)
    from_scores = dlogits.reshape(-1, VOCAB).T @ features.reshape(-1, D)
    from_input = model.tokens.grads["W"] - from_scores
    read = np.isin(np.arange(VOCAB), ids)
    assert (np.abs(from_input[read]) > 1e-6).all()
    np.testing.assert_allclose(from_input[~read], 0, atol=1e-12)
    assert (np.abs(from_scores[9]) > 1e-6).all()


def test_first_weights_that_feed_the_residuals_shrink_with_depth():
    def stds(n_blocks):
        model = GPT(3, 3, 64, 2, n_blocks, rng=np.random.default_rng(0))
        first = {name: param.std() for name, param, _ in model.named_params()}
        return {name: first[f"blocks.0.{name}"] * 8 for name in SHRINK | dict.fromkeys(KEEP)}

    SHRINK = {"attend.out.W": 1, "think.write.W": 1 / 2}  # 1 / sqrt(d_in), times 8
    KEEP = {"attend.qkv.W": 1, "think.read.W": 1}
    for n_blocks in (1, 8):
        scaled = {name: std / math.sqrt(2 * n_blocks) for name, std in SHRINK.items()} | KEEP
        assert stds(n_blocks) == pytest.approx(scaled, rel=0.05)


def test_the_future_does_not_change_the_past(model, ids, rng):
    before = model.predict(ids)
    for t in range(1, 5):
        changed = ids.copy()
        changed[:, t:] = (ids[:, t:] + rng.integers(1, VOCAB, size=(4, 5 - t))) % VOCAB
        after = model.predict(changed)
        np.testing.assert_allclose(after[:, :t], before[:, :t], atol=1e-12)
        assert (after[:, t:] != before[:, t:]).all()
        np.testing.assert_allclose(model.predict(ids[:, :t]), before[:, :t], atol=1e-12)


def test_the_order_of_tokens_matters(model):
    one, other = model.predict([[1, 2, 3, 4], [2, 1, 3, 4]])[:, -1]
    assert np.abs(one - other).max() > 1e-3


def test_permuting_the_batch_permutes_the_scores_and_keeps_the_gradients(model, ids, rng):
    order = rng.permutation(4)
    dlogits = rng.normal(size=(4, 5, VOCAB))
    logits = model.forward(ids)
    model.backward(dlogits)
    grads = [grad.copy() for _, _, grad in model.named_params()]
    model.zero_grads()
    np.testing.assert_allclose(model.forward(ids[order]), logits[order], atol=1e-12)
    model.backward(dlogits[order])
    for before, (_, _, grad) in zip(grads, model.named_params(), strict=True):
        np.testing.assert_allclose(grad, before, atol=1e-12)


def test_everything_stays_float32(model, ids, rng, monkeypatch):
    model.astype(np.float32)
    logits = model.forward(ids)
    _, dlogits = cross_entropy(logits, ids)
    model.backward(dlogits)
    Adam(lr=0.01).step(model)
    assert logits.dtype == dlogits.dtype == np.float32
    for name, param, grad in model.named_params():
        assert param.dtype == grad.dtype == np.float32, name
    past = Past(CONTEXT)
    assert model.extend([1, 2, 3], past).dtype == np.float32
    assert model.extend([4], past).dtype == np.float32
    for step in watch(monkeypatch, lambda: model.generate([1], 9, rng=rng)):
        assert step.dtype == np.float32


def first_edition(n_blocks):
    """The names that the parameters of a GPT had, in their order."""
    yield from ("tokens.W", "positions.W")
    for i in range(n_blocks):
        for norm, *dense in (("0.layer.0", "0.layer.1.qkv", "0.layer.1.out"), THINK):
            yield from (f"body.{i}.{norm}.gamma", f"body.{i}.{norm}.beta")
            yield from (f"body.{i}.{name}.{param}" for name in dense for param in "Wb")
    yield from (f"body.{n_blocks}.gamma", f"body.{n_blocks}.beta")


THINK = "1.layer.0", "1.layer.1", "1.layer.3"


@pytest.mark.parametrize("n_blocks", [1, 12])
def test_a_file_of_the_first_edition_still_loads(tmp_path, rng, n_blocks):
    old, model = (GPT(VOCAB, CONTEXT, D, 2, n_blocks, rng=rng) for _ in range(2))
    params = [param for _, param, _ in old.named_params()]
    np.savez(tmp_path / "old.npz", **dict(zip(first_edition(n_blocks), params, strict=True)))
    load(model, tmp_path / "old.npz")
    for (_, param, _), expected in zip(model.named_params(), params, strict=True):
        np.testing.assert_array_equal(param, expected)
    with pytest.raises(ValueError, match="belongs to another model"):
        load(GPT(VOCAB, CONTEXT, D, 2, n_blocks + 1, rng=rng), tmp_path / "old.npz")


def test_a_block_of_the_first_edition_still_loads(tmp_path, rng):
    old, block = (transformer_block(D, 2, rng=rng) for _ in range(2))
    names = [name.removeprefix("body.0.") for name in first_edition(1) if "layer" in name]
    params = [param for _, param, _ in old.named_params()]
    np.savez(tmp_path / "old.npz", **dict(zip(names, params, strict=True)))
    load(block, tmp_path / "old.npz")
    for (_, param, _), expected in zip(block.named_params(), params, strict=True):
        np.testing.assert_array_equal(param, expected)


def test_a_saved_model_comes_back(model, ids, tmp_path, rng):
    save(model, tmp_path / "model.npz")
    other = GPT(VOCAB, CONTEXT, D, 2, 2, rng=rng)
    load(other, tmp_path / "model.npz")
    np.testing.assert_array_equal(other.predict(ids), model.predict(ids))


def test_a_prediction_keeps_nothing_in_memory(model, ids):
    model.forward(ids)
    model.predict(ids)
    assert [layer for layer in layers(model) if layer._cache is not None] == []


@pytest.mark.parametrize(
    "made",
    [
        lambda rng: GPT(5, 4, 16, 2, 1, rng=rng),
        lambda rng: Llama(5, 16, 4, 2, 1, 24, rng=rng, context=4),
    ],
    ids=["GPT", "Llama"],
)
def test_it_learns_to_count_and_goes_on_past_its_context(made, rng):
    model = made(rng)
    counting = np.arange(12) % 5
    x = np.array([counting[i : i + 4] for i in range(5)])
    y = np.array([counting[i + 1 : i + 5] for i in range(5)])
    adam = Adam(lr=0.02)
    for _ in range(60):
        model.zero_grads()
        loss, dlogits = cross_entropy(model.forward(x), y)
        model.backward(dlogits)
        adam.step(model)
    assert loss < 0.1
    written = model.generate([2, 3], 10, rng=rng, temperature=0)
    assert written == [2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3]


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (np.zeros((2, CONTEXT + 1), dtype=int), r"8 tokens.*at most 7.*context"),
        (np.zeros((2, 0), dtype=int), r"0 tokens.*at least one"),
        ([[1, 2, VOCAB]], r"\b11\b"),
        ([[1, 2, -1]], r"-1"),
        ([[1.0, 2.0]], r"float|1\.0"),
        ([["the", "cat"]], r"<U3|str|text|the"),
        ([1, 2, 3], r"ids has shape \(3,\), expected \(N, T\)"),
        ([[[1, 2, 3]]], r"ids has shape \(1, 1, 3\), expected \(N, T\)"),
    ],
    ids=["too long", "empty", "unknown", "negative", "floats", "words", "no batch", "two batches"],
)
def test_what_cannot_be_read_is_refused_clearly(model, bad, text):
    with pytest.raises(ValueError, match=text) as error:
        model.forward(bad)
    assert len(str(error.value)) < 300


def test_an_upstream_gradient_of_another_shape_is_refused_clearly(model, ids):
    model.forward(ids)
    with pytest.raises(
        ShapeError, match=r"dlogits has shape \(4, 11\), expected \(4, 5, 11\)"
    ) as e:
        model.backward(np.zeros((4, VOCAB)))
    assert len(str(e.value)) < 300


def test_heads_must_share_the_features_equally(rng):
    with pytest.raises(ValueError, match="6 features cannot be shared equally by 4 heads"):
        GPT(VOCAB, CONTEXT, D, 4, 2, rng=rng)


# What each part is good for

LANGUAGE = TinyLanguage()
WORD = {word: i for i, word in enumerate(LANGUAGE.vocabulary)}
ROW = 64  # five sentences, of eleven words at most, and the full stop before them


def sentences_in_rows(n_rows, rng):
    """Rows that begin at a sentence and end anywhere: ids (n_rows, ROW + 1)."""
    rows = []
    for _ in range(n_rows):
        words = [word for sentence in LANGUAGE.sample(ROW, rng=rng) for word in sentence]
        rows.append([WORD[word] for word in [".", *words][: ROW + 1]])
    return np.array(rows)


def whole_sentences(n_rows, rng):
    """Ids (n_rows, ROW + 1), and the exact surprise of each target, nan where there is none."""
    rows = np.full((n_rows, ROW + 1), WORD["."])
    exact = np.full((n_rows, ROW), np.nan)
    for row, nats in zip(rows, exact, strict=True):
        n = 0
        for sentence in LANGUAGE.sample(5, rng=rng):
            for i, word in enumerate(sentence):
                nats[n] = -math.log(LANGUAGE.next_token_probabilities(sentence[:i])[WORD[word]])
                n += 1
                row[n] = WORD[word]
    return rows, exact


def how_far_above_the_floor(steps):
    """Loss minus exact surprise on fresh sentences, relative to it; and its standard error.

    The recipe is the notebook's, with longer rows. To copy what may be seen is learned sooner.
    """
    rng = np.random.default_rng(1)
    rows, (fresh, exact) = sentences_in_rows(3000, rng), whole_sentences(200, rng)
    model = GPT(len(WORD), ROW, 32, 4, 2, rng=rng).astype(np.float32)
    adam = Adam(lr=0.008, beta2=0.99)
    for s in range(steps):
        adam.lr = 0.008 * min(1, (s + 1) / 50) * (1 - s / steps)
        batch = rows[rng.integers(len(rows), size=16)]
        model.zero_grads()
        _, dlogits = cross_entropy(model.forward(batch[:, :-1]), batch[:, 1:])
        model.backward(dlogits)
        adam.step(model)

    logits = model.predict(fresh[:, :-1]).astype(np.float64)
    log_p = logits - logits.max(axis=-1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=-1, keepdims=True))
    nats = -np.take_along_axis(log_p, fresh[:, 1:, None], axis=-1)[..., 0]
    gap = np.where(np.isnan(exact), 0, nats - exact).sum(axis=1)  # of a row; rows are independent
    best = np.nansum(exact)
    return gap.sum() / best, gap.std() * math.sqrt(len(gap)) / best


def is_close_to_the_floor(above, error):
    return -3 * error < above < 0.02


def test_a_gpt_comes_within_two_percent_of_the_entropy():
    assert is_close_to_the_floor(*how_far_above_the_floor(steps=1500))


def test_without_a_mask_a_gpt_falls_below_the_floor(monkeypatch):
    """Chapter 12 adds the other parts, one by one, and asserts what each of them brings."""
    monkeypatch.setattr(attention, "causal_mask", lambda t: np.ones((t, t), dtype=bool))
    above, error = how_far_above_the_floor(steps=300)
    assert not is_close_to_the_floor(above, error)
    assert above < -0.5


# Writing


def watch(monkeypatch, write):
    """The scores from which each token was drawn, while something is written."""
    seen = []

    def watched(logits, **how):
        seen.append(logits.copy())
        return next_token_distribution(logits, **how)

    with monkeypatch.context() as patch:
        patch.setattr(gpt, "next_token_distribution", watched)
        write()
    return seen


@pytest.mark.parametrize(("dtype", "atol"), [(np.float32, 1e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("length", [1, 3, CONTEXT, CONTEXT + 2])
def test_remembering_changes_no_score(model, rng, monkeypatch, dtype, atol, length):
    model.astype(dtype)
    prompt = rng.integers(VOCAB, size=length).tolist()
    written = []
    steps = watch(monkeypatch, lambda: written.extend(model.generate(prompt, 10, rng=rng)))
    assert len(steps) == 10
    for i, logits in enumerate(steps, start=length):
        anew = model.predict([written[:i][-CONTEXT:]])[0, -1]
        np.testing.assert_allclose(logits, anew, rtol=0, atol=atol)


@pytest.mark.parametrize(("dtype", "atol"), [(np.float32, 1e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("parts", [[7], [1] * 7, [3, 1, 2, 1], [2, 5]], ids=str)
def test_reading_in_parts_gives_the_scores_of_reading_at_once(model, rng, dtype, atol, parts):
    model.astype(dtype)
    ids = rng.integers(VOCAB, size=CONTEXT).tolist()
    past = Past(CONTEXT)
    ends = np.cumsum(parts)
    scores = [model.extend(ids[end - n : end], past) for n, end in zip(parts, ends, strict=True)]
    np.testing.assert_allclose(np.concatenate(scores), model.predict([ids])[0], rtol=0, atol=atol)


def test_a_new_token_costs_one_position_until_the_context_is_full(model, rng, monkeypatch):
    read = []

    def extend(ids, past):
        read.append(len(ids))
        return GPT.extend(model, ids, past)

    monkeypatch.setattr(model, "extend", extend)
    model.generate([3, 1, 4], 10, rng=rng)
    assert read == [3, 1, 1, 1, 1]


def test_the_past_is_remembered_as_it_was_computed(rng):
    k, v = rng.normal(size=(2, 3, 4, 5)).astype(np.float32)  # 3 heads, 4 tokens, 5 features
    past, layer = Past(CONTEXT), object()
    past.append(layer, k[:, :3], v[:, :3])
    past.advance(3)
    for kept, array in zip(past.append(layer, k[:, 3:], v[:, 3:]), (k, v), strict=True):
        assert kept.dtype == np.float32
        np.testing.assert_array_equal(kept, array)


def test_a_past_takes_no_more_than_the_context(model):
    past = Past(CONTEXT)
    model.extend([1, 2, 3, 4, 5], past)
    with pytest.raises(ValueError, match=r"3 tokens after 5.*at most 7"):
        model.extend([6, 7, 8], past)
    model.extend([6, 7], past)


def test_two_pasts_of_a_model_do_not_mix(model):
    one, other = Past(CONTEXT), Past(CONTEXT)
    model.extend([1, 2], one)
    model.extend([3, 4, 5], other)
    np.testing.assert_allclose(model.extend([6], one), model.predict([[1, 2, 6]])[0, -1:])


def test_greedy_writing_takes_the_best_token_each_time(model, rng):
    model.positions.params["W"] *= 4  # or it would repeat one token
    model.norm.params["beta"][...] = 0
    prompt = [3, 1, 4]
    expected = list(prompt)
    for _ in range(12):  # well past the context
        expected.append(int(model.predict([expected[-CONTEXT:]])[0, -1].argmax()))
    assert len(set(expected[3:])) > 1
    for how in ({"temperature": 0}, {"top_k": 1}, {"top_k": 1, "temperature": 5}, {"top_p": 1e-9}):
        assert model.generate(prompt, 12, rng=rng, **how) == expected, how


def test_a_seed_reproduces_what_is_written(model):
    first, again, other = (
        model.generate([3, 1, 4], 20, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_tokens_are_drawn_with_their_probabilities(model, rng):
    p = next_token_distribution(model.predict([[3, 1, 4]])[0, -1], temperature=1.5, top_k=5)
    drawn = [
        model.generate([3, 1, 4], 1, rng=rng, temperature=1.5, top_k=5)[-1] for _ in range(1000)
    ]
    shares = np.bincount(drawn, minlength=VOCAB) / 1000
    assert (np.abs(shares - p) <= 5 * np.sqrt(p * (1 - p) / 1000)).all()


@pytest.mark.parametrize("make", [list, tuple, np.array, lambda p: np.array(p, dtype=np.uint8)])
@pytest.mark.parametrize("length", [3, 10])
def test_what_is_written_begins_with_the_prompt_and_is_a_list_of_ints(model, rng, make, length):
    ids = rng.integers(VOCAB, size=length).tolist()
    prompt = make(ids)
    for n_new in (0, 1, 9):
        written = model.generate(prompt, n_new, rng=rng)
        assert type(written) is list
        assert {type(token) for token in written} == {int}
        assert written[:length] == ids
        assert len(written) == length + n_new
        assert all(0 <= token < VOCAB for token in written)
        assert written is not prompt
    assert list(prompt) == ids


@pytest.mark.parametrize("n_new", [1, 3, 12])
def test_writing_leaves_nothing_behind(model, rng, n_new):
    before = [param.copy() for _, param, _ in model.named_params()]
    model.generate([3, 1, 4], n_new, rng=rng)
    assert [layer for layer in layers(model) if layer._cache is not None] == []
    gc.collect()
    assert not [thing for thing in gc.get_objects() if type(thing) is Past]
    for kept, (_, param, grad) in zip(before, model.named_params(), strict=True):
        np.testing.assert_array_equal(param, kept)
        assert not grad.any()


def test_what_was_written_before_does_not_matter(model):
    def write():
        return model.generate([3, 1, 4], 12, rng=np.random.default_rng(5))

    expected = write()
    model.generate([7, 7], 12, rng=np.random.default_rng(6))
    assert write() == expected


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ([], r"0 tokens.*at least one"),
        ([3, VOCAB], r"\b11\b"),
        ([-1], r"-1"),
        ([1.0], r"float|1\.0"),
        (["the", "cat"], r"<U3|str|text|the"),
        ("the cat", r"Encode text first"),
        ([[1, 2]], r"ids has shape"),
    ],
)
def test_a_prompt_that_cannot_be_read_is_refused_clearly(model, rng, prompt, text):
    with pytest.raises(ValueError, match=text) as error:
        model.generate(prompt, 3, rng=rng)
    assert len(str(error.value)) < 300


WRONG = [
    *(("temperature", value) for value in (-0.1, math.nan, math.inf)),
    *(("top_k", value) for value in (0, -3)),
    *(("top_p", value) for value in (0, -0.5, 1.5, math.nan)),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_way_to_draw_is_refused_clearly(model, rng, name, value):
    text = rf"{name} is {value}, expected"
    with pytest.raises(ValueError, match=text):
        next_token_distribution([1.0, 2.0], **{name: value})
    with pytest.raises(ValueError, match=text):
        model.generate([1], 1, rng=rng, **{name: value})


# From scores to probabilities

SCORES = np.log([0.1, 0.4, 0.2, 0.3])


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, [0.1, 0.4, 0.2, 0.3]),
        ({"temperature": 0.5}, np.array([1, 16, 4, 9]) / 30),
        ({"temperature": 0}, [0, 1, 0, 0]),
        ({"top_k": 1}, [0, 1, 0, 0]),
        ({"top_k": 3}, np.array([0, 4, 2, 3]) / 9),
        ({"top_k": 4}, [0.1, 0.4, 0.2, 0.3]),
        ({"top_k": 99}, [0.1, 0.4, 0.2, 0.3]),
        ({"top_p": 0.39}, [0, 1, 0, 0]),
        ({"top_p": 0.41}, np.array([0, 4, 0, 3]) / 7),
        ({"top_p": 0.69}, np.array([0, 4, 0, 3]) / 7),
        ({"top_p": 0.71}, np.array([0, 4, 2, 3]) / 9),
        ({"top_p": 1}, [0.1, 0.4, 0.2, 0.3]),
        ({"top_k": 2, "top_p": 0.55}, [0, 1, 0, 0]),  # 4 / 7 of what top_k left
        ({"temperature": 0.5, "top_p": 0.52}, [0, 1, 0, 0]),  # 16 / 30, after the temperature
        ({"temperature": 0, "top_k": 3, "top_p": 0.9}, [0, 1, 0, 0]),
    ],
    ids=str,
)
def test_a_distribution_by_hand(how, expected):
    p = next_token_distribution(SCORES, **how)
    np.testing.assert_allclose(p, expected, atol=1e-12)
    np.testing.assert_allclose(next_token_distribution(SCORES - 1000, **how), expected, atol=1e-12)


HOW = [{}, {"temperature": 0.3}, {"top_k": 4}, {"top_p": 0.6}, {"top_k": 5, "top_p": 0.6}]


@pytest.mark.parametrize("how", HOW, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_probabilities_sum_to_1_follow_their_tokens_and_leave_the_scores(rng, how, dtype):
    scores = (3 * rng.normal(size=20)).astype(dtype)
    kept = scores.copy()
    p = next_token_distribution(scores, **how)
    np.testing.assert_array_equal(scores, kept)
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert (p >= 0).all()
    order = rng.permutation(20)
    np.testing.assert_allclose(next_token_distribution(scores[order], **how), p[order], atol=1e-15)


def test_among_equals_the_first_token_is_kept():
    assert next_token_distribution([1.0, 2.0, 2.0, 2.0], temperature=0).tolist() == [0, 1, 0, 0]
    assert next_token_distribution([1.0, 2.0, 2.0, 2.0], top_k=2).tolist() == [0, 0.5, 0.5, 0]
    assert next_token_distribution([2.0, 2.0, 2.0, 2.0], top_p=0.5).tolist() == [0.5, 0.5, 0, 0]


def test_the_best_token_is_found_where_probabilities_are_too_close_to_tell():
    assert next_token_distribution([0.0, 1e-17], temperature=0).tolist() == [0, 1]


@pytest.mark.parametrize("scale", [1, 1000])
def test_a_low_temperature_becomes_greedy_and_a_high_one_forgets(rng, scale):
    scores = scale * rng.normal(size=20)
    greedy = next_token_distribution(scores, temperature=0)
    for temperature in (1e-3, 1e-300, 5e-324):
        p = next_token_distribution(scores, temperature=temperature)
        np.testing.assert_allclose(p, greedy, atol=1e-6)
    p = next_token_distribution(scores, temperature=1e300)
    np.testing.assert_allclose(p, 1 / 20)


@pytest.mark.parametrize("shape", [(), (2, 3), (1, 3)])
def test_a_distribution_is_for_the_scores_of_one_token(shape):
    with pytest.raises(ShapeError, match="logits has shape"):
        next_token_distribution(np.zeros(shape))


# GPT-2


@pytest.fixture
def gpt2(tmp_path):
    """Writes changed weights of the small GPT-2, without a config.json."""

    def write(change=lambda stored: stored):
        path = tmp_path / "model.safetensors"
        save_file({name: np.ascontiguousarray(a) for name, a in change(stored()).items()}, path)
        return path

    return write


def stored():
    return load_file(GPT2)


def assert_same_scores(model, atol=1e-4):
    np.testing.assert_allclose(model.predict(EXPECTED["ids"]), EXPECTED["logits"], atol=atol)


@pytest.mark.parametrize("path", [GPT2, str(GPT2)], ids=["path", "text"])
def test_gpt2_scores_as_transformers_does(path):
    model = GPT.from_gpt2(path)
    assert_same_scores(model)
    for _, param, grad in model.named_params():
        assert param.dtype == grad.dtype == np.float32


def test_gpt2_writes_and_can_be_trained_further(rng):
    model = GPT.from_gpt2(GPT2)
    ids = EXPECTED["ids"]
    assert len(model.generate(ids[0].tolist(), 3, rng=rng)) == ids.shape[1] + 3
    losses = []
    for _ in range(5):
        model.zero_grads()
        loss, dlogits = cross_entropy(model.forward(ids[:, :-1]), ids[:, 1:])
        losses.append(loss)
        model.backward(dlogits)
        Adam(lr=0.01).step(model)
    assert losses[-1] < losses[0]


def without_prefix(stored):
    return {name.removeprefix("transformer."): array for name, array in stored.items()}


def as_published(stored):
    """No prefix, and the causal masks that the published file holds as well."""
    masks = {f"h.{i}.attn.bias": np.tri(9, dtype=np.float32)[None, None] for i in range(2)}
    return without_prefix(stored) | masks


@pytest.mark.parametrize("change", [dict, without_prefix, as_published])
def test_gpt2_comes_with_or_without_prefix_and_masks(gpt2, change):
    assert_same_scores(GPT.from_gpt2(gpt2(change), n_heads=5))


def test_weights_in_float16_are_read_as_float32(gpt2):
    path = gpt2(lambda stored: {name: a.astype(np.float16) for name, a in stored.items()})
    model = GPT.from_gpt2(path, n_heads=5)
    assert_same_scores(model, atol=0.05)
    assert all(param.dtype == np.float32 for _, param, _ in model.named_params())


def test_the_number_of_heads_is_said_or_in_the_config_or_one_for_64_features(gpt2):
    path = gpt2()
    with pytest.raises(ValueError, match=r"20 features and no config.json beside it.*n_heads="):
        GPT.from_gpt2(path)
    assert_same_scores(GPT.from_gpt2(path, n_heads=5))
    path.with_name("config.json").write_text(json.dumps({"n_head": 5}), encoding="utf-8")
    assert_same_scores(GPT.from_gpt2(path))
    four = GPT.from_gpt2(path, n_heads=4).predict(EXPECTED["ids"])
    assert np.abs(four - EXPECTED["logits"]).max() > 0.1
    with pytest.raises(ValueError, match="20 features cannot be shared equally by 3 heads"):
        GPT.from_gpt2(path, n_heads=3)


def test_without_a_config_128_features_have_2_heads(tmp_path, rng):
    shapes = {20: 128, 60: 384, 80: 512}
    wide = {
        name: 0.3 * rng.normal(size=[shapes.get(n, n) for n in array.shape]).astype(np.float32)
        for name, array in stored().items()
    }
    path = tmp_path / "model.safetensors"
    save_file(wide, path)
    scores = {n: GPT.from_gpt2(path, n_heads=n).predict(EXPECTED["ids"]) for n in (1, 2, None)}
    np.testing.assert_array_equal(scores[None], scores[2])
    assert np.abs(scores[None] - scores[1]).max() > 1e-3


@pytest.mark.parametrize("name", list(without_prefix(stored())))
def test_a_missing_tensor_is_named(gpt2, name):
    path = gpt2(lambda stored: {n: a for n, a in stored.items() if n != f"transformer.{name}"})
    with pytest.raises(ValueError, match=rf"model.safetensors has no {name}, so it is no"):
        GPT.from_gpt2(path, n_heads=5)


def test_a_tensor_of_another_shape_is_named(gpt2):
    path = gpt2(lambda stored: stored | {"transformer.h.1.mlp.c_fc.bias": np.zeros(81)})
    with pytest.raises(ShapeError, match=r"h.1.mlp.c_fc.bias has shape \(81,\), expected \(80,\)"):
        GPT.from_gpt2(path, n_heads=5)


def test_a_file_of_another_model_is_refused(gpt2):
    other = {"bert.embeddings.word_embeddings.weight": np.zeros((5, 4), dtype=np.float32)}
    with pytest.raises(ValueError, match=r"has no wte.weight, so it is no whole GPT-2"):
        GPT.from_gpt2(gpt2(lambda _: other))


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b"PK not this", lambda b: b[:-100]])
def test_what_is_no_safetensors_file_is_refused_by_name(tmp_path, damage):
    path = tmp_path / "model.safetensors"
    path.write_bytes(damage(GPT2.read_bytes()))
    with pytest.raises(ValueError, match=r"model.safetensors is no safetensors file, or damaged"):
        GPT.from_gpt2(path)


@pytest.mark.parametrize("name", ["missing.safetensors", "."])
def test_a_missing_file_is_named_with_what_to_do(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*download"):
        GPT.from_gpt2(tmp_path / name)


def test_a_missing_package_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(ImportError, match="pip install safetensors"):
        GPT.from_gpt2(GPT2)


def test_a_head_of_its_own_is_refused(gpt2):
    def untied(arrays):
        head = arrays["transformer.wte.weight"] + 1
        return arrays | {"lm_head.weight": head}

    with pytest.raises(ValueError, match=r"has a head of its own"):
        GPT.from_gpt2(gpt2(untied))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"config.json is no configuration"),
        ("[]", r"config.json is no configuration"),
        ('{"activation_function": "relu"}', r"relu.*expected.*gelu_new"),
        ('{"layer_norm_epsilon": 0.1}', r"0\.1.*expected"),
        ('{"n_layer": 3}', r"has no h\.2\.ln_1\.weight"),
    ],
)
def test_a_configuration_of_another_model_is_refused(tmp_path, text, message):
    path = tmp_path / "model.safetensors"
    path.write_bytes(GPT2.read_bytes())
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(ValueError, match=message):
        GPT.from_gpt2(path, n_heads=5)


def test_a_negative_number_of_new_tokens_is_refused(model, rng):
    with pytest.raises(ValueError, match="n_new -1"):
        model.generate([1], -1, rng=rng)


def test_rows_of_different_length_are_refused(model):
    with pytest.raises(ShapeError, match="differ in length"):
        model.forward([[1, 2], [3]])


def test_a_gpt_is_named_in_a_line(model):
    with pytest.raises(RuntimeError, match=r"^GPT\(vocab=11, .*\)\.backward\(\) needs"):
        model.backward(np.zeros((1, 1, 11)))


@pytest.mark.parametrize(
    ("text", "ids"),
    json.loads((GPT2.parent / "encoded.json").read_text(encoding="utf-8")).items(),
    ids=lambda value: repr(value)[:20],
)
def test_the_tokenizer_of_gpt2_equals_hugging_face(text, ids):
    tokenizer = gpt2_tokenizer(GPT2.parent)
    assert tokenizer.encode(text) == ids
    assert tokenizer.decode(ids) == text


def test_merges_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*merges.txt.*download"):
        gpt2_tokenizer(tmp_path)
    (tmp_path / "merges.txt").write_text("#version: 0.2\nt h\nthe x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 3 of .*'the x'"):
        gpt2_tokenizer(tmp_path)


# The end of a text


def test_the_tokenizer_of_gpt2_has_a_token_for_everything_that_the_model_can_write():
    tokenizer = gpt2_tokenizer(GPT2.parent)
    end = tokenizer.vocab_size - 1
    assert tokenizer.special == {"<|endoftext|>": end}
    assert end == 256 + len(tokenizer.merges)
    assert tokenizer.decode(range(tokenizer.vocab_size)).endswith("<|endoftext|>")
    assert end not in tokenizer.encode("one<|endoftext|>two")
    ids = tokenizer.encode("one<|endoftext|>two", special=True)
    assert ids == [*tokenizer.encode("one"), end, *tokenizer.encode("two")]


def test_with_as_many_merges_as_gpt2_the_end_of_a_text_is_50256(tmp_path):
    signs = [chr(code) for code in [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x144)]]
    pairs = [f"{left} {right}" for left in signs for right in signs][:50_000]
    (tmp_path / "merges.txt").write_text("\n".join(pairs), encoding="utf-8")
    assert gpt2_tokenizer(tmp_path).special == {"<|endoftext|>": 50256}


@pytest.mark.parametrize("n_new", [4, 12])
def test_a_text_ends_with_the_token_that_stops_it(model, n_new):
    def write(n_new, **stop):
        return model.generate([3, 1], n_new, rng=np.random.default_rng(5), **stop)

    whole = write(n_new)
    new = whole[2:]
    for token in range(VOCAB):
        end = 2 + new.index(token) + 1 if token in new else len(whole)
        assert write(n_new, stop=token) == write(n_new, stop=[token]) == whole[:end]
    first = 2 + min(new.index(new[1]), new.index(new[-1])) + 1
    assert write(n_new, stop=[new[1], new[-1]]) == whole[:first]
    assert write(n_new, stop=[]) == write(n_new, stop=None) == whole
    assert write(n_new, stop=np.array(new)) == whole[:3]


def test_a_token_in_the_prompt_stops_nothing(model, rng):
    assert len(model.generate([3, 3], 1, rng=rng, stop=3)) == 3
    assert model.generate([3], 0, rng=rng, stop=3) == [3]


def test_the_cache_is_as_good_with_a_stop(model):
    for seed in range(20):
        written = model.generate([1], 9, rng=np.random.default_rng(seed), stop=[2, 3])
        assert written == model.generate([1], len(written) - 1, rng=np.random.default_rng(seed))
        assert not set(written[1:-1]) & {2, 3}


@pytest.mark.parametrize(
    ("stop", "text"),
    [
        (VOCAB, "there is no token 11, expected 0 to 10. Are the stop tokens of another"),
        ([0, -1], "there is no token -1"),
        ("<|end|>", "the stop tokens have dtype <U7, expected int"),
        (1.0, "dtype float64"),
    ],
)
def test_a_stop_is_a_token(model, rng, stop, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        model.generate([1], 3, rng=rng, stop=stop)
