"""The embedding, and a language known exactly."""

import math
from collections import Counter

import numpy as np
import pytest

from nnlib import tokens
from nnlib.language import RULES, START, WORDS, Embedding, TinyLanguage, on_a_map
from nnlib.shapes import ShapeError


def test_names_of_the_first_edition_are_found_where_they_were():
    assert tokens.Embedding is Embedding
    assert tokens.TinyLanguage is TinyLanguage


# The embedding; tests/test_backprop.py has what all layers promise


def test_an_embedding_looks_rows_up_and_adds_their_gradients_up(rng):
    embedding = Embedding(5, 2, rng=rng)
    W = embedding.params["W"]
    np.testing.assert_array_equal(embedding.forward([[3, 0, 3]]), W[None, [3, 0, 3]])
    assert embedding.backward(np.array([[[1.0, 2.0], [4.0, 8.0], [16.0, 32.0]]])) is None
    expected = [[4.0, 8.0], [0.0, 0.0], [0.0, 0.0], [17.0, 34.0], [0.0, 0.0]]
    np.testing.assert_array_equal(embedding.grads["W"], expected)


def test_an_embedding_is_a_product_with_one_hot_rows(rng):
    embedding = Embedding(7, 3, rng=rng)
    ids = rng.integers(7, size=(4, 5))
    one_hot = np.eye(7)[ids]
    dy = rng.normal(size=(4, 5, 3))
    np.testing.assert_allclose(embedding.forward(ids), one_hot @ embedding.params["W"])
    embedding.backward(dy)
    np.testing.assert_allclose(embedding.grads["W"], np.einsum("ntv,ntd->vd", one_hot, dy))


@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3, 4)])
def test_ids_of_any_shape_are_embedded(shape, rng):
    embedding = Embedding(5, 2, rng=rng)
    y = embedding.forward(np.zeros(shape, dtype=int))
    assert y.shape == (*shape, 2)
    embedding.backward(np.ones_like(y))
    np.testing.assert_array_equal(embedding.grads["W"][0], [math.prod(shape)] * 2)


def test_rows_of_an_embedding_have_length_about_one(rng):
    lengths = np.linalg.norm(Embedding(200, 48, rng=rng).params["W"], axis=1)
    assert abs(lengths.mean() - 1) < 0.05


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([0, 5], r"Embedding\(W\(5, 2\)\).forward: there is no token 5, expected 0 to 4"),
        ([-1], "there is no token -1"),
        ([0.0], "the ids have dtype float64, expected int"),
        (["a"], "the ids have dtype <U1, expected int"),
        ([True], "the ids have dtype bool, expected int"),
        (None, "the ids have dtype object, expected int"),
    ],
)
def test_what_is_no_token_is_refused(ids, text, rng):
    with pytest.raises(ValueError, match=text):
        Embedding(5, 2, rng=rng).forward(ids)


def test_texts_of_different_length_are_no_batch(rng):
    with pytest.raises(ShapeError, match="lists of different lengths"):
        Embedding(5, 2, rng=rng).forward([[0, 1], [2]])


# The language


@pytest.fixture(scope="module")
def language():
    return TinyLanguage()


@pytest.fixture(scope="module")
def sentences(language):
    return language.sample(120_000, rng=np.random.default_rng(7))


def beginnings(language):
    """One shortest beginning for each state of the automaton."""
    found = {START: []}
    waiting = [START]
    for state in waiting:
        for word, _, after in language.states[state]:
            if after not in found:
                found[after] = [*found[state], word]
                waiting.append(after)
    return found


def test_every_rule_shares_out_everything():
    for alternatives in RULES.values():
        assert math.fsum(alternatives.values()) == pytest.approx(1, abs=1e-12)


def test_the_vocabulary_is_what_the_automaton_says(language):
    assert len(set(language.vocabulary)) == len(language.vocabulary)
    assert 50 <= len(language.vocabulary) <= 80
    said = {word for arcs in language.states.values() for word, _, _ in arcs}
    assert said == set(language.vocabulary)
    assert language.classes.keys() == WORDS.keys()


def test_after_each_beginning_there_is_one_state(language):
    for arcs in language.states.values():
        words = [word for word, _, _ in arcs]
        assert len(set(words)) == len(words)
        assert all((word == ".") == (after == START) for word, _, after in arcs)


def test_probabilities_add_up_after_every_beginning(language):
    prefixes = beginnings(language)
    assert prefixes.keys() == language.states.keys()
    for state, prefix in prefixes.items():
        p = language.next_token_probabilities(prefix)
        assert p.shape == (len(language.vocabulary),)
        assert p.sum() == pytest.approx(1, abs=1e-12)
        likely = {language.vocabulary[i]: p[i] for i in np.flatnonzero(p)}
        assert likely == {word: share for word, share, _ in language.states[state]}


def test_every_sentence_ends_with_its_only_full_stop(language, sentences):
    lengths = Counter(map(len, sentences))
    assert all(sentence.index(".") == len(sentence) - 1 for sentence in sentences)
    assert len(lengths) > 5
    assert max(lengths) <= 11


def test_entropy_is_the_mean_surprise_of_a_long_sample(language, sentences):
    surprise = {
        (state, word): (-math.log(share), after)
        for state, arcs in language.states.items()
        for word, share, after in arcs
    }
    totals = []
    for sentence in sentences:
        state, total = START, 0.0
        for word in sentence:
            nats, state = surprise[state, word]
            total += nats
        totals.append(total)
    tokens = sum(map(len, sentences))
    assert tokens > 990_000
    spread = np.std(np.array(totals) - language.entropy() * np.array([*map(len, sentences)]))
    error = sum(totals) / tokens - language.entropy()
    assert abs(error) < 4 * spread * math.sqrt(len(sentences)) / tokens < 0.01


def test_entropy_is_the_sum_over_all_sentences(language):
    """Every sentence that there is, one by one."""

    def walk(state, probability, length):
        for _, share, after in language.states[state]:
            if after == START:
                yield probability * share, length + 1
            else:
                yield from walk(after, probability * share, length + 1)

    every = np.array(list(walk(START, 1.0, 0)))
    p, lengths = every.T
    assert p.sum() == pytest.approx(1)
    assert -(p @ np.log(p)) / (p @ lengths) == pytest.approx(language.entropy(), rel=1e-12)


@pytest.mark.parametrize("prefix", ["", "Mia", "Ben sees Mia and Mia", "the cats near"])
def test_frequencies_in_a_sample_are_the_probabilities(prefix, language, sentences):
    prefix = prefix.split()
    p = language.next_token_probabilities(prefix)
    followers = [s[len(prefix)] for s in sentences if s[: len(prefix)] == prefix]
    assert len(followers) > 200
    counts = Counter(followers)
    for word, probability in zip(language.vocabulary, p, strict=True):
        spread = math.sqrt(probability * (1 - probability) / len(followers))
        assert abs(counts[word] / len(followers) - probability) <= 5 * spread


def following(language, text):
    p = language.next_token_probabilities(text.split())
    return {word: share for word, share in zip(language.vocabulary, p, strict=True) if share}


def test_another_sentence_may_follow_a_whole_one(language):
    assert following(language, "two birds sing .") == following(language, "")


def test_verbs_agree_across_the_words_between(language):
    plural, singular = WORDS["SLEEP"].split(), WORDS["SLEEPS"].split()
    assert list(following(language, "the red cats near the house")) == plural
    assert list(following(language, "a cat behind two trees")) == singular


def test_the_order_of_two_names_decides_who_comes_next(language):
    assert following(language, "Mia sees Ben and") == {"Ben": 1}
    assert following(language, "Ben sees Mia and") == {"Mia": 1}


@pytest.mark.parametrize(
    ("prefix", "word"),
    [
        ("sees", "sees"),
        ("Mia sees Mia and", "Mia"),
        ("Mia sees the", "the"),
        ("the cats sings .", "sings"),
        (". Mia", "."),
        ("Mia flies xyz", "flies"),
    ],
)
def test_the_first_impossible_word_is_named(prefix, word, language):
    with pytest.raises(ValueError, match=rf"^TinyLanguage: '{word}' cannot follow"):
        language.next_token_probabilities(prefix.split())


def test_the_same_rng_gives_the_same_sentences(language):
    first, second = (language.sample(20, rng=np.random.default_rng(3)) for _ in range(2))
    assert first == second != language.sample(20, rng=np.random.default_rng(4))
    assert language.sample(0, rng=np.random.default_rng(0)) == []


def test_ngrams_are_the_shares_of_a_long_sample(language, sentences):
    for n in (1, 2, 4):
        exact = language.ngrams(n)
        assert math.fsum(exact.values()) == pytest.approx(1, abs=1e-12)
        counts = Counter()
        for words in sentences:
            padded = ["."] * (n - 1) + words
            counts.update(tuple(padded[t : t + n]) for t in range(len(words)))
        assert counts.keys() <= exact.keys()
        for gram, times in counts.most_common(100):
            share = times / counts.total()
            assert share == pytest.approx(exact[gram], rel=5 / math.sqrt(times))


def mean_surprise(language, n):
    """Of the best model that sees the n - 1 words before each token."""
    grams, before = language.ngrams(n), Counter()
    for gram, p in grams.items():
        before[gram[:-1]] += p
    return -math.fsum(p * math.log(p / before[gram[:-1]]) for gram, p in grams.items())


def test_each_further_word_of_context_helps(language):
    ladder = [mean_surprise(language, n) for n in (1, 2, 3, 5, 11)]
    assert math.log(len(language.vocabulary)) > 1.1 * ladder[0]
    assert ladder[0] > 1.5 * ladder[1]
    assert ladder[1] > 1.3 * ladder[2]
    assert ladder[2] > 1.15 * ladder[3]
    assert ladder[3] > 1.1 * ladder[4]
    assert ladder[4] == pytest.approx(language.entropy(), rel=1e-12)


def test_every_word_has_its_class_in_plain_words(language):
    assert list(language.kinds) == language.vocabulary
    assert language.kinds["cats"] == "animals, several" != language.kinds["cat"]
    assert language.kinds["gives"] == language.kinds["sees"] != language.kinds["see"]


# The map of words


def test_rows_are_mapped_to_the_two_directions_in_which_they_spread_most(rng):
    table = rng.normal(size=(30, 5)) * (1, 6, 0.1, 2, 0.3)
    points = on_a_map(table)
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-12)
    spread = (points**2).sum(axis=0)
    assert spread[0] > spread[1]
    np.testing.assert_allclose(points[:, 0] @ points[:, 1], 0, atol=1e-10)
    for direction in rng.normal(size=(200, 5)):
        assert ((centred @ direction) ** 2).sum() / (direction @ direction) < spread[0] + 1e-12


def test_only_the_directions_of_the_rows_count(rng):
    table = rng.normal(size=(12, 4))
    np.testing.assert_allclose(on_a_map(table * rng.uniform(1, 3, size=(12, 1))), on_a_map(table))
