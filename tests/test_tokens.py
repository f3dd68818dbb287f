"""Tokenizers against another implementation, and positions."""

import json
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.tokens import (
    BPETokenizer,
    CharTokenizer,
    sinusoidal_positions,
    split_words,
    visible,
)

ROOT = Path(__file__).parents[1]
# Made by tests/fixtures/make_bpe_values.py with tokenizers 0.23.3.
REFERENCE = json.loads((ROOT / "tests/fixtures/bpe_values.json").read_text(encoding="utf-8"))
PROSE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TRAINED = BPETokenizer.train(PROSE, 500)
BOTH = {"characters": CharTokenizer(PROSE), "bytes": TRAINED}
both = pytest.mark.parametrize("tokenizer", BOTH.values(), ids=BOTH.keys())


# Tokenizers


@both
def test_a_text_comes_back(tokenizer):
    ids = tokenizer.encode(PROSE)
    assert {type(i) for i in ids} == {int}
    assert set(ids) <= set(range(tokenizer.vocab_size))
    assert tokenizer.decode(ids) == tokenizer.decode(np.array(ids)) == PROSE


@both
def test_nothing_is_no_token(tokenizer):
    assert tokenizer.encode("") == []
    assert tokenizer.decode([]) == ""


@both
@pytest.mark.parametrize("wrong", [-1, 10**6])
def test_an_unknown_id_is_named(tokenizer, wrong):
    with pytest.raises(ValueError, match=rf"decode: there is no token {wrong}, expected 0 to"):
        tokenizer.decode([0, wrong])


@both
@pytest.mark.parametrize("wrong", ["text", [0.0], [True]])
def test_ids_are_integers(tokenizer, wrong):
    with pytest.raises(ValueError, match=r"decode: the ids have dtype .*, expected int"):
        tokenizer.decode(wrong)


def test_characters_are_numbered_in_order():
    tokenizer = CharTokenizer("banana")
    assert tokenizer.vocabulary == ["a", "b", "n"]
    assert tokenizer.vocab_size == 3
    assert tokenizer.encode("nab") == [2, 0, 1]


def test_an_unknown_character_is_named():
    with pytest.raises(ValueError, match=r"CharTokenizer.encode: the text has 'é', expected"):
        CharTokenizer("cafe").encode("café")


@given(st.text())
def test_any_text_comes_back_from_bytes(text):
    assert "".join(split_words(text)) == text
    assert BPETokenizer([]).encode(text) == list(text.encode())
    assert TRAINED.decode(TRAINED.encode(text)) == text


def test_half_a_character_has_no_code():
    with pytest.raises(ValueError, match="surrogates not allowed"):
        TRAINED.encode("\ud800")


def test_bytes_that_are_no_text_are_shown_as_such():
    assert TRAINED.decode([0xC3]) == "\ufffd"
    assert TRAINED.decode([0xC3, 0xA9]) == "é"


@pytest.mark.parametrize(("text", "ids"), REFERENCE["cases"])
def test_bytes_merge_as_in_another_implementation(text, ids):
    assert BPETokenizer(REFERENCE["merges"]).encode(text) == ids


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Don't say 5x  now!", ["Don", "'t", " say", " 5", "x", " ", " now", "!"]),
        ("a\n\n  b", ["a", "\n\n ", " b"]),
        ("x² + 5½Ⅷa ٣", ["x", "²", " +", " 5½Ⅷ", "a", " ٣"]),
        ("snake_case", ["snake", "_", "case"]),
        ("日本 naïve e\u0301", ["日本", " naïve", " e", "\u0301"]),
        ("  ", ["  "]),
    ],
)
def test_words_keep_the_space_before_them(text, pieces):
    assert split_words(text) == pieces


def slow_merges(text, n_merges):
    """Byte pair encoding as it is told: count everything anew for each merge."""
    words = [list(word.encode()) for word in split_words(text)]
    merges = []
    for new in range(256, 256 + n_merges):
        pairs = Counter(pair for word in words for pair in pairwise(word))
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word in words:
            i = 0
            while i < len(word) - 1:
                if (word[i], word[i + 1]) == best:
                    word[i : i + 2] = [new]
                i += 1
    return merges


@pytest.mark.parametrize("text", [PROSE[:3000], "aaaa aaa aaaaaaa", "abab babab " * 3, "é日🙂" * 4])
def test_training_counts_as_if_anew_for_each_merge(text):
    tokenizer = BPETokenizer.train(text, 256 + 120)
    assert list(tokenizer.merges) == slow_merges(text, 120)


def test_the_most_frequent_pair_comes_first_and_smaller_ids_break_ties():
    tokenizer = BPETokenizer.train("xyxy cd ab", 258)
    assert tokenizer.vocabulary[256:] == [b"xy", b" a"]
    assert tokenizer.encode("xyz") == [256, ord("z")]


def test_training_stops_at_the_size_or_when_nothing_is_left():
    assert TRAINED.vocab_size == 500
    assert BPETokenizer.train("", 300).vocab_size == 256
    assert BPETokenizer.train("abc", 300).vocabulary[256:] == [b"ab", b"abc"]
    with pytest.raises(ValueError, match="vocab_size is 255, expected at least 256"):
        BPETokenizer.train("abc", 255)


def test_a_tokenizer_comes_back_from_its_merges():
    restored = BPETokenizer(TRAINED.merges)
    assert restored.vocabulary == TRAINED.vocabulary
    assert restored.encode(PROSE) == TRAINED.encode(PROSE)


def test_bytes_may_have_another_order():
    alphabet = bytes(reversed(range(256)))
    tokenizer = BPETokenizer([(255 - ord("h"), 255 - ord("i"))], alphabet)
    assert tokenizer.encode("hi!") == [256, 255 - ord("!")]
    assert tokenizer.decode([256, 255 - ord("!")]) == "hi!"
    with pytest.raises(ValueError, match="2 different bytes in 3 places"):
        BPETokenizer([], alphabet=b"aab")


def test_a_merge_needs_tokens_that_exist_by_then():
    with pytest.raises(ValueError, match="joins tokens 257 and 3, expected numbers from 0 to 256"):
        BPETokenizer([(1, 2), (257, 3)])


@pytest.mark.parametrize(
    ("piece", "seen"),
    [
        (b" hug", "␣hug"),
        (b"a\n ", "a⏎␣"),
        ("日".encode(), "日"),
        (b"\xe6\x97", "<E6><97>"),
        (b"", ""),
    ],
)
def test_a_token_is_shown_with_its_spaces_and_half_a_character_by_its_bytes(piece, seen):
    assert visible(piece) == seen


# Positions


@pytest.mark.parametrize("d", [1, 2, 7, 8])
def test_positions_are_sines_and_cosines_of_falling_speed(d):
    positions = sinusoidal_positions(11, d)
    assert positions.shape == (11, d)
    for position in (0, 3, 10):
        for column in range(d):
            angle = position / 10000 ** (2 * (column // 2) / d)
            wave = math.cos if column % 2 else math.sin
            assert positions[position, column] == pytest.approx(wave(angle), abs=1e-12)


# Special tokens

NAMES = ("<|end|>", "<|question|>", "<|end|>s")
SPECIAL = BPETokenizer.train(PROSE, 500, special=NAMES)


def test_special_tokens_come_last_and_count():
    assert SPECIAL.vocab_size == 500
    assert SPECIAL.special == {"<|end|>": 497, "<|question|>": 498, "<|end|>s": 499}
    assert list(SPECIAL.merges) == list(TRAINED.merges)[:-3]
    assert BPETokenizer(TRAINED.merges, special=NAMES).vocab_size == 503
    assert TRAINED.special == {}


@given(st.lists(st.one_of(st.text(), st.sampled_from(NAMES))).map("".join))
def test_nobody_can_write_a_special_token_into_a_text(text):
    ids = SPECIAL.encode(text)
    assert not set(ids) & set(SPECIAL.special.values())
    assert SPECIAL.decode(ids) == SPECIAL.decode(SPECIAL.encode(text, special=True)) == text


def test_names_become_special_tokens_where_that_is_asked_for():
    ids = SPECIAL.encode("<|end|>why?<|end|>s<|question|><|end|>", special=True)
    why = SPECIAL.encode("why?")
    assert ids == [497, *why, 499, 498, 497]
    assert SPECIAL.encode("<|end|", special=True) == SPECIAL.encode("<|end|")
    assert TRAINED.encode("<|end|>", special=True) == TRAINED.encode("<|end|>")


def test_words_beside_a_special_token_are_cut_as_at_the_end_of_a_text():
    before, after = "some more  ", "  words"
    ids = SPECIAL.encode(f"{before}<|end|>{after}", special=True)
    assert ids == [*SPECIAL.encode(before), 497, *SPECIAL.encode(after)]


@given(st.lists(st.integers(0, SPECIAL.vocab_size - 1)))
def test_every_list_of_tokens_can_be_read(ids):
    assert isinstance(SPECIAL.decode(ids), str)


def test_a_special_token_may_be_named_alone_and_by_any_sign():
    tokenizer = BPETokenizer([], special="[a.*")
    assert tokenizer.special == {"[a.*": 256}
    assert tokenizer.encode("[a.*b[abc", special=True) == [256, *b"b[abc"]
    assert tokenizer.decode([256, 98]) == "[a.*b"


@pytest.mark.parametrize("names", [("a", "a"), ("", "a"), ""])
def test_special_tokens_have_names_of_their_own(names):
    with pytest.raises(ValueError, match=r"special tokens are \[.*, expected names"):
        BPETokenizer([], special=names)


def test_every_special_token_needs_a_place_in_the_vocabulary():
    with pytest.raises(ValueError, match=r"257, expected at least 258.*and 2 special tokens"):
        BPETokenizer.train("abc", 257, special=("<|a|>", "<|b|>"))
    assert BPETokenizer.train("abc", 258, special=("<|a|>", "<|b|>")).merges == {}
