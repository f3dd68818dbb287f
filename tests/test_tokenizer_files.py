"""Tokenizers of other models, read from their files, beside the tokenizers library."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from made_up_texts import made_up_texts

from nnlib._patterns import compiled
from nnlib.gpt import gpt2_tokenizer
from nnlib.tokens import read_tokenizer

FIXTURES = Path(__file__).parent / "fixtures"
# Made by tests/fixtures/make_tokenizers.py with tokenizers 0.23.3.
STORED = json.loads((FIXTURES / "tokenizers.json").read_text(encoding="utf-8"))
EXPECTED = np.load(FIXTURES / "tokenizers.npz")
TEXTS = made_up_texts(1000, seed=0)
FOX = "The quick brown fox, naïve café 日本語 🙂  3.14\r\n"

each = pytest.mark.parametrize("name", STORED)


@pytest.fixture
def read(tmp_path):
    """Reads a tokenizer that is stored with changes."""

    def write(name="gpt2", **changes):
        path = tmp_path / "tokenizer.json"
        path.write_text(json.dumps(STORED[name] | changes), encoding="utf-8")
        return read_tokenizer(path)

    return write


def model(name="gpt2", **changes):
    return {"model": STORED[name]["model"] | changes}


def added(**changes):
    token = {"id": 440, "content": "<x>", "special": True} | changes
    return {"added_tokens": [token]}


def expected(name, special):
    lengths = EXPECTED[f"{name}-{special}-lengths"]
    ids = np.split(EXPECTED[f"{name}-{special}"], lengths.cumsum()[:-1])
    return [list(i) for i in ids]


@each
@pytest.mark.parametrize("special", [True, False])
def test_a_thousand_texts_have_the_ids_of_the_library(read, name, special):
    tokenizer = read(name)
    want = expected(name, special)
    assert len(want) == (1000 if special else 100)
    for text, ids in zip(TEXTS, want, strict=False):
        assert tokenizer.encode(text, special=special) == ids, repr(text)


@pytest.mark.parametrize("name", ["gpt2", "smollm2", "llama3"])
def test_a_text_comes_back(read, name):
    tokenizer = read(name)
    for text in [*TEXTS, "x" * 5000, " " * 5000]:
        assert tokenizer.decode(tokenizer.encode(text)) == text
        assert tokenizer.decode(np.array(tokenizer.encode(text, special=False))) == text


def test_a_normal_form_comes_back_in_place_of_the_text(read):
    qwen, roberta = read("qwen2"), read("roberta")
    assert qwen.decode(qwen.encode("cafe\u0301")) == "café"
    assert roberta.decode(roberta.encode("ﬁVE ΟΔΟΣ")) == " five οδοσ"


def test_special_tokens_are_found_unless_told_otherwise(read):
    tokenizer = read("several")
    assert tokenizer.special == {"<|a|>": 440, "<|a|><|a|>": 441}
    assert tokenizer.vocab_size == len(tokenizer.vocabulary) == 442
    assert tokenizer.encode("<|a|><|a|><|a|>") == [441, 440]
    assert max(tokenizer.encode("<|a|><|a|><|a|>", special=False)) < 440
    assert tokenizer.decode([441, 440]) == "<|a|><|a|><|a|>"


def test_what_the_template_puts_around_a_text_is_told_and_not_added(read):
    tokenizer = read("llama3")
    assert (tokenizer.before, tokenizer.after) == ([443], [])
    assert 443 not in tokenizer.encode("a text")
    around = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<x>"}}, {"Sequence": {"id": "A"}}]
        + [{"SpecialToken": {"id": "<y>"}}] * 2,
        "special_tokens": {"<x>": {"ids": [1, 2]}, "<y>": {"ids": [3]}},
    }
    both = {"type": "Sequence", "processors": [{"type": "ByteLevel"}, around]}
    tokenizer = read(post_processor=both)
    assert (tokenizer.before, tokenizer.after) == ([1, 2], [3, 3])


@pytest.mark.parametrize("name", ["gpt2", "smollm2"])
def test_merges_are_strings_or_pairs(read, name):
    merges = STORED[name]["model"]["merges"]
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in merges]
    strings = [" ".join(pair) for pair in pairs]
    as_pairs, as_strings = (read(name, **model(name, merges=m)) for m in (pairs, strings))
    assert as_pairs.encode(FOX) == as_strings.encode(FOX) == read(name).encode(FOX)
    assert len(as_pairs.encode(FOX)) < len(read(name, **model(name, merges=[])).encode(FOX))


def test_a_word_of_the_vocabulary_needs_no_merges_where_the_file_says_so(read):
    whole = model()["model"]["vocab"] | {"quick": 440}
    changes = {"added_tokens": [], **model(vocab=whole, ignore_merges=True)}
    assert read(**changes).encode("quick") == [440]
    changes["model"]["ignore_merges"] = False
    assert 440 not in read(**changes).encode("quick")


@pytest.mark.parametrize(
    ("behavior", "invert", "pieces"),
    [
        ("Isolated", False, ["ab", "-", "-", "c"]),
        ("Isolated", True, ["ab", "-", "-", "c"]),
        ("Contiguous", False, ["ab", "--", "c"]),
        ("Removed", False, ["ab", "c"]),
        ("Removed", True, ["-", "-"]),
    ],
)
@pytest.mark.parametrize("pattern", [{"String": "-"}, {"Regex": r"[^\p{L}]"}])
def test_a_split_keeps_or_drops_what_it_finds(read, pattern, behavior, invert, pieces):
    split = {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}
    raw = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
    vocab = model()["model"]["vocab"] | {"ab": 440, "--": 441, "ab-": 442, "-c": 443}
    whole = model(vocab=vocab, merges=[], ignore_merges=True)
    sequence = {"type": "Sequence", "pretokenizers": [split, raw]}
    tokenizer = read(**whole, pre_tokenizer=sequence, added_tokens=[])
    ids = tokenizer.encode("ab--c")
    assert [tokenizer.vocabulary[i].decode() for i in ids] == pieces


# Files


def test_a_folder_has_a_file_or_merges_of_a_gpt2(tmp_path):
    folder = FIXTURES / "gpt2"
    ours, theirs = read_tokenizer(folder), gpt2_tokenizer(folder)
    for text in [*TEXTS[:100], "one<|endoftext|>two"]:
        assert ours.encode(text, special=False) == theirs.encode(text)
        assert ours.encode(text) == theirs.encode(text, special=True)
    assert (ours.special, ours.vocabulary) == (theirs.special, theirs.vocabulary)

    (tmp_path / "merges.txt").write_bytes((folder / "merges.txt").read_bytes())
    vocab = {token: 340 - i for token, i in read_tokenizer(folder)._merges.ids.items()}
    (tmp_path / "vocab.json").write_text(json.dumps(vocab), encoding="utf-8")
    backwards = read_tokenizer(str(tmp_path))
    assert backwards.encode(FOX) == [340 - i for i in ours.encode(FOX)]
    assert backwards.special == {"<|endoftext|>": 0}

    (tmp_path / "tokenizer.json").write_text(json.dumps(STORED["several"]), encoding="utf-8")
    assert read_tokenizer(tmp_path).special == {"<|a|>": 440, "<|a|><|a|>": 441}


@pytest.mark.parametrize("name", [".", "nothing.json"])
def test_a_missing_file_is_named_with_what_to_do(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=r"read_tokenizer: there is no file .*download"):
        read_tokenizer(tmp_path / name)


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b"{}", b'{"model": 3}', b"\xff", b'{"pre_tokenizer": {}}', b"null"]
)
def test_what_is_no_tokenizer_is_refused_by_name(tmp_path, damage):
    path = tmp_path / "tokenizer.json"
    path.write_bytes(damage)
    with pytest.raises(ValueError, match=r"^read_tokenizer: .*tokenizer\.json (is no|has no) "):
        read_tokenizer(path)


UNSUPPORTED = {
    "the normalizer 'Strip'": {"normalizer": {"type": "Strip"}},
    "the normalizer 'Nmt'": {
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Nmt"}]}
    },
    "the pre_tokenizer 'Metaspace'": {"pre_tokenizer": {"type": "Metaspace"}},
    "no pre_tokenizer ByteLevel": {"pre_tokenizer": {"type": "Digits", "individual_digits": True}},
    "the behavior 'MergedWithNext'": {
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"String": " "},
            "behavior": "MergedWithNext",
            "invert": False,
        }
    },
    "the decoder 'WordPiece'": {"decoder": {"type": "WordPiece"}},
    "the post_processor 'BertProcessing'": {"post_processor": {"type": "BertProcessing"}},
    "the model 'Unigram'": model(type="Unigram"),
    "dropout 0.1": model(dropout=0.1),
    "continuing_subword_prefix '##'": model(continuing_subword_prefix="##"),
    "end_of_word_suffix '</w>'": model(end_of_word_suffix="</w>"),
    "truncation": {"truncation": {"max_length": 5}},
    "padding": {"padding": {"pad_id": 0}},
    "the token '<x>' with single_word": added(single_word=True),
}


@pytest.mark.parametrize("what", UNSUPPORTED)
def test_what_is_not_supported_is_refused_by_name(read, what):
    changes = dict(UNSUPPORTED[what])
    if what == "the behavior 'MergedWithNext'":
        changes["pre_tokenizer"] = {
            "type": "Sequence",
            "pretokenizers": [changes["pre_tokenizer"], STORED["gpt2"]["pre_tokenizer"]],
        }
    with pytest.raises(ValueError, match=rf"^read_tokenizer: .*has {re.escape(what)}"):
        read(**changes)


def test_a_merge_that_cannot_be_is_refused(read):
    for merge in (["a", "zzz"], ["z", "z"], "a b c", "a"):
        text = re.escape(repr(merge))
        with pytest.raises(ValueError, match=rf"has {text} as merge 0, expected two tokens"):
            read(**model(merges=[merge]))


def test_a_byte_without_a_token_is_named_when_it_comes(read):
    vocab = {token: i for token, i in model()["model"]["vocab"].items() if token != "z"}
    merges = [pair for pair in model()["model"]["merges"] if "z" not in "".join(pair)]
    tokenizer = read(**model(vocab=vocab, merges=merges))
    assert tokenizer.decode(tokenizer.encode("fun")) == "fun"
    with pytest.raises(ValueError, match=r"Tokenizer\.encode: the text has the byte 0x7A"):
        tokenizer.encode("puzzle")


@pytest.mark.parametrize("text", ["\ud83d", "a\udc80", "\ude42\ud83d"])
def test_half_a_surrogate_pair_is_no_text(read, text):
    with pytest.raises(ValueError, match=r"Tokenizer\.encode: the text has '\\ud.* at [01], half"):
        read().encode(text)


@pytest.mark.parametrize("text", [None, b"bytes", ["a"]])
def test_what_is_no_text_is_refused(read, text):
    with pytest.raises(ValueError, match=r"Tokenizer\.encode: got .*, expected text"):
        read().encode(text)


@pytest.mark.parametrize("wrong", [-1, 441])
def test_an_unknown_id_is_named(read, wrong):
    with pytest.raises(ValueError, match=rf"decode: there is no token {wrong}, expected 0 to 440"):
        read().decode([0, wrong])


# Patterns


@pytest.mark.parametrize(
    "pattern",
    [
        r"\w+",
        r"\bx",
        r"^a",
        r"a$",
        r"[a[b]]",
        r"[a&&b]",
        r"[]a]",
        r"\p{Han}",
        r"\p{",
        r"(?i)a",
        r"(?<n>a)",
        r"\h",
        r"\1",
        r"a{1,3}+",
        r"(a",
        r"\x41",
    ],
)
def test_a_pattern_that_python_would_read_otherwise_is_refused(pattern):
    with pytest.raises(ValueError, match=r"^has (a|the) pattern .*"):
        compiled(pattern)


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        (r"\s", "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"),
        (r"[^\S\r\n]", "\t\x0b\x0c \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"),
        (r"\p{N}", "07٣½²Ⅷ①"),
        (r"\d", "07٣"),
        (r"\p{L}", "aébsSſ日ªʻǅ𝔘𐌰"),
        (r"[\p{Lt}_]", "ǅ_"),
        (r"\P{^L}", "aébsSſ日ªʻǅ𝔘𐌰"),
        (r"\p{M}", "\u0301\ufe0f"),
        (r"[\P{L}a]", None),
        (r"(?i:S)", "sSſ"),
        (r"[一-龥]", "日"),
        (r"[$.|~&#*+?(){}-]", "$.|~&#*+?(){}-"),
    ],
)
def test_a_pattern_matches_the_characters_of_its_categories(pattern, matched):
    some = "aéb日ªʻǅ𝔘𐌰07٣½²Ⅷ①_\u0301\ufe0fsSſ$.|~&#*+?(){}-🙂\x1c\x1f\u200b\ufeff"
    some += "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
    if matched is None:
        matched = [c for c in some if c == "a" or not c.isalpha()]
    assert {c for c in some if compiled(pattern).fullmatch(c)} == set(matched)
