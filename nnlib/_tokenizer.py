"""What a ``tokenizer.json`` of Hugging Face holds: a byte-level BPE, and what is around it."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial, reduce
from heapq import heappop, heappush
from itertools import groupby
from pathlib import Path

from nnlib._patterns import WHITE, compiled
from nnlib.shapes import as_indices, caller

GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
END = "<|endoftext|>"
SPACES = "".join(chr(code) for first, last in WHITE for code in range(first, last + 1))

FORMS = ("NFC", "NFD", "NFKC", "NFKD")

Split = Callable[[str], list[str]]


@cache
def byte_characters() -> dict[int, str]:
    """The character that stands for each byte in such files, those that can be printed first.

    They stand for themselves, the others for characters from U+0100 on.
    """
    printed = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = sorted(set(range(256)) - set(printed))
    codes = [*printed, *range(0x100, 0x100 + len(hidden))]
    return dict(zip([*printed, *hidden], map(chr, codes), strict=True))


class Tokenizer:
    r"""A byte-level BPE from a file, made by :func:`nnlib.tokens.read_tokenizer`.

    Added tokens are found in the text first. What is between them is normalised, split by the
    patterns of the file, turned into bytes, and merged.

    Attributes
    ----------
    vocab_size : int
        One more than the largest id: as many rows as a table of tokens needs.
    special : dict of str to int
        The special tokens by name.
    vocabulary : list of bytes
        What each token stands for, and for an added one its name.
    before, after : list of int
        What the file's template puts around a text. ``encode`` leaves that to you.
    """

    def __init__(self, stored: dict) -> None:
        _expect_nothing(stored, "truncation", "padding")
        self._normalise = _normalizer(stored.get("normalizer"))
        self._splits = _splits(stored.get("pre_tokenizer"))
        _parts(stored.get("decoder"), "decoder", ["ByteLevel"])
        self._merges = _Merges(stored["model"])
        self._words: dict[str, list[int]] = {}

        added = stored.get("added_tokens") or []
        ids = {token["content"]: token["id"] for token in added} | self._merges.ids
        normal, plain = (
            [token for token in added if bool(token.get("normalized")) == wanted]
            for wanted in (True, False)
        )
        self._before = _Finder(plain, ids, str)
        self._after = _Finder(normal, ids, self._normalise)
        self.special = {t["content"]: ids[t["content"]] for t in added if t.get("special")}
        self.vocab_size = max(ids.values(), default=-1) + 1
        self.vocabulary = [b""] * self.vocab_size
        for token, i in self._merges.ids.items():
            self.vocabulary[i] = _bytes(token)
        for token in added:
            self.vocabulary[ids[token["content"]]] = token["content"].encode()
        self.before, self.after = _template(stored.get("post_processor"))

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        """The tokens of the text. What a word becomes is remembered.

        Parameters
        ----------
        text : str
            Any text that UTF-8 can hold.
        special : bool
            Whether the name of a special token becomes that token, as in the tokenizers library.
            With False it is text as any other: nobody who writes a text can put a special token
            into it. Added tokens that are not special are always found.
        """
        _expect_text(text)
        ids = []
        for piece, found in self._find(text, special):
            ids += self._encode_text(piece) if found is None else [found]
        return ids

    def _find(self, text: str, special: bool) -> Iterator[tuple[str, int | None]]:
        """The added tokens of the text, and the normalised text between them."""
        for piece, found in self._before.find(text, special):
            if found is None:
                yield from self._after.find(self._normalise(piece), special)
            else:
                yield piece, found

    def _encode_text(self, text: str) -> list[int]:
        words = [text]
        for split in self._splits:
            words = [part for word in words for part in split(word) if part]
        ids = []
        for word in words:
            if word not in self._words:
                self._words[word] = self._merges.encode(word)
            ids += self._words[word]
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """The text that these tokens stand for, and the names of special ones.

        Bytes that are no UTF-8 become U+FFFD, so every list of tokens can be read.
        """
        known = as_indices(list(ids), self.vocab_size, name="ids", what="token", source="tokenizer")
        return b"".join(self.vocabulary[i] for i in known).decode(errors="replace")


def read(path: Path) -> Tokenizer:
    """The tokenizer in a file or in a folder; ``read_tokenizer`` says more."""
    names = ("tokenizer.json", "merges.txt")
    files = [path / name for name in names] if path.is_dir() else [path]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise FileNotFoundError(
            f"read_tokenizer: there is no file {files[0]}. It needs tokenizer.json of a model, or "
            "merges.txt of a GPT-2, which you can download from Hugging Face."
        )
    try:
        return Tokenizer(_from_merges(file) if file.suffix == ".txt" else _from_json(file))
    except (AttributeError, KeyError, TypeError, json.JSONDecodeError, UnicodeError) as error:
        raise ValueError(
            f"read_tokenizer: {file} is no tokenizer, or damaged ({error!r:.80})."
        ) from None
    except ValueError as error:
        raise ValueError(f"read_tokenizer: {file} {error}.") from None


def _from_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _from_merges(path: Path) -> dict:
    """What a ``tokenizer.json`` would hold, from GPT-2's two files or from its merges alone."""
    lines = path.read_text(encoding="utf-8").split("\n")
    merges = [line for line in lines if line and not line.startswith("#version")]
    vocab_file = path.with_name("vocab.json")
    if vocab_file.is_file():
        vocab = _from_json(vocab_file)
    else:
        products = (merge.replace(" ", "") for merge in merges)
        tokens = dict.fromkeys([*byte_characters().values(), *products, END])
        vocab = {token: i for i, token in enumerate(tokens)}
    return {
        "added_tokens": [{"id": vocab[END], "content": END, "special": True}] * (END in vocab),
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
        "model": {"vocab": vocab, "merges": merges},
    }


class _Merges:
    """The vocabulary, and which pairs of its tokens become one, in the order of their ranks."""

    def __init__(self, model: dict) -> None:
        if (kind := model.get("type", "BPE")) != "BPE":
            raise ValueError(f"has the model {kind!r}, which is not supported, expected BPE")
        _expect_nothing(model, "dropout", "continuing_subword_prefix", "end_of_word_suffix")
        self.ids: dict[str, int] = model["vocab"]
        self._whole_words = bool(model.get("ignore_merges"))
        self._ranks: dict[tuple[int, int], int] = {}
        self._products: list[int] = []
        for rank, merge in enumerate(model["merges"]):
            pair = merge.split(" ") if isinstance(merge, str) else merge
            if len(pair) != 2 or not {*pair, "".join(pair)} <= self.ids.keys():
                raise ValueError(
                    f"has {merge!r:.60} as merge {rank}, expected two tokens of its vocabulary "
                    "that together are a third"
                )
            self._ranks[self.ids[pair[0]], self.ids[pair[1]]] = rank
            self._products.append(self.ids["".join(pair)])

    def encode(self, word: str) -> list[int]:
        """The tokens of a word in the characters of bytes.

        Of all neighbours, those of the earliest rank merge first, and of several such pairs the
        leftmost. A token stays at the place where it begins, and ``after`` says where it ends.
        """
        if self._whole_words and word in self.ids:
            return [self.ids[word]]
        ids = self._of_characters(word)
        before, after = list(range(-1, len(ids) - 1)), list(range(1, len(ids) + 1))
        waiting: list[tuple[int, int]] = []

        def wait(left: int, right: int) -> None:
            if left >= 0 and right < len(ids) and (ids[left], ids[right]) in self._ranks:
                heappush(waiting, (self._ranks[ids[left], ids[right]], left))

        for i in range(len(ids) - 1):
            wait(i, i + 1)
        while waiting:
            rank, i = heappop(waiting)
            j = after[i]
            if j == len(ids) or self._ranks.get((ids[i], ids[j])) != rank:
                continue  # one of the two has merged since
            ids[i], ids[j] = self._products[rank], -1
            after[i] = after[j]
            if after[i] < len(ids):
                before[after[i]] = i
            wait(before[i], i)
            wait(i, after[i])
        return [i for i in ids if i >= 0]

    def _of_characters(self, word: str) -> list[int]:
        try:
            return [self.ids[character] for character in word]
        except KeyError as error:
            (byte,) = _bytes(error.args[0])
            raise ValueError(
                f"Tokenizer.encode: the text has the byte 0x{byte:02X}, for which this vocabulary "
                "has no token. Was it trained without the alphabet of all bytes?"
            ) from None


class _Finder:
    """Finds added tokens in a text, the leftmost first, and of those the longest."""

    def __init__(
        self, tokens: list[dict], ids: dict[str, int], normalise: Callable[[str], str]
    ) -> None:
        self._tokens: dict[str, tuple[int, dict]] = {}
        for token in tokens:
            name = token["content"]
            _expect_nothing(token, "single_word", where=f"the token {name!r} with ")
            self._tokens[normalise(name)] = (ids[name], token)
        self._tokens.pop("", None)
        names = sorted(map(re.escape, self._tokens), key=len, reverse=True)
        self._pattern = re.compile("|".join(names) or r"(?!)")

    def find(self, text: str, special: bool) -> Iterator[tuple[str, int | None]]:
        """Each token with its id, and the texts between them with None."""
        end = 0
        for found in self._pattern.finditer(text):
            i, stored = self._tokens[found[0]]
            if stored.get("special") and not special:
                continue
            start, stop = found.span()
            if stored.get("lstrip"):
                start = max(end, len(text[:start].rstrip(SPACES)))
            if stored.get("rstrip"):
                stop = len(text) - len(text[stop:].lstrip(SPACES))
            if end < start:
                yield text[end:start], None
            yield text[start:stop], i
            end = stop
        if end < len(text):
            yield text[end:], None


def _normalizer(stored: dict | None) -> Callable[[str], str]:
    """The function that brings a text into the form that the tokens have."""
    steps: list[Callable[[str], str]] = []
    for part in _parts(stored, "normalizer", [*FORMS, "Lowercase"]):
        kind = part["type"]
        steps.append(_lower if kind == "Lowercase" else partial(unicodedata.normalize, kind))
    return lambda text: reduce(lambda so_far, step: step(so_far), steps, text)


def _lower(text: str) -> str:
    return "".join(map(str.lower, text))  # a sigma does not look around whether it is the last


def _splits(stored: dict | None) -> list[Split]:
    """The functions that cut a text in pieces; one of them makes bytes of it."""
    parts = _parts(stored, "pre_tokenizer", ["ByteLevel", "Split", "Digits"])
    if not any(part["type"] == "ByteLevel" for part in parts):
        raise ValueError("has no pre_tokenizer ByteLevel, expected a byte-level BPE")
    return [_split(part) for part in parts]


def _split(part: dict) -> Split:
    if part["type"] == "ByteLevel":
        cut = _cut(GPT2) if part.get("use_regex", True) else lambda text: [text]
        spaced = part["add_prefix_space"]
        return lambda text: [
            _characters(word)
            for word in cut(f" {text}" if spaced and not text.startswith(" ") else text)
        ]
    if part["type"] == "Digits":
        return _cut(r"\p{N}", "Isolated" if part["individual_digits"] else "Contiguous")
    pattern, behavior = part["pattern"], part["behavior"]
    if behavior not in ("Isolated", "Removed", "Contiguous"):
        raise ValueError(f"has the behavior {behavior!r} of a Split, which is not supported")
    plain = re.escape(pattern["String"]) if "String" in pattern else None
    return _cut(plain or pattern["Regex"], behavior, bool(part["invert"]))


def _cut(pattern: str, behavior: str = "Isolated", invert: bool = False) -> Split:
    """Cut where a match of the pattern begins and where it ends.

    ``Contiguous`` leaves neighbours of one kind together, ``Removed`` drops the matches; with
    ``invert``, matches are what is between the matches.
    """
    matches = compiled(pattern)

    def cut(text: str) -> list[str]:
        pieces, end = [], 0
        for found in matches.finditer(text):
            pieces += [(text[end : found.start()], invert), (found[0], not invert)]
            end = found.end()
        pieces.append((text[end:], invert))
        if behavior == "Contiguous":
            runs = groupby((piece for piece in pieces if piece[0]), key=lambda piece: piece[1])
            return ["".join(piece for piece, _ in run) for _, run in runs]
        return [piece for piece, matched in pieces if not (matched and behavior == "Removed")]

    return cut


def _template(stored: dict | None) -> tuple[list[int], list[int]]:
    """The special tokens that the file puts before a text and after it."""
    before: list[int] = []
    after: list[int] = []
    for part in _parts(stored, "post_processor", ["ByteLevel", "TemplateProcessing"]):
        side = before
        for item in part.get("single", []):
            if "Sequence" in item:
                side = after
            else:
                side += part["special_tokens"][item["SpecialToken"]["id"]]["ids"]
    return before, after


INSIDE = {
    "normalizer": "normalizers",
    "pre_tokenizer": "pretokenizers",
    "post_processor": "processors",
    "decoder": "decoders",
}


def _parts(stored: dict | None, role: str, supported: list[str]) -> list[dict]:
    """What plays this role, one after the other; others than the supported are refused."""
    if stored is None:
        return []
    if stored["type"] == "Sequence":
        return [part for inner in stored[INSIDE[role]] for part in _parts(inner, role, supported)]
    if stored["type"] not in supported:
        raise ValueError(
            f"has the {role} {stored['type']!r}, which is not supported, "
            f"expected {' or '.join(supported)}"
        )
    return [stored]


def _expect_nothing(stored: dict, *keys: str, where: str = "") -> None:
    """Raise ValueError if one of the keys says something, since it would change the tokens."""
    for key in keys:
        if stored.get(key):
            raise ValueError(f"has {where}{key} {stored[key]!r:.60}, which is not supported")


def _expect_text(text: object) -> None:
    if not isinstance(text, str):
        raise ValueError(f"{caller()}: got {text!r:.40}, expected text.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{caller()}: the text has {text[error.start]!r} at {error.start}, half of a surrogate "
            "pair, expected text that UTF-8 can hold. Was a character cut in two?"
        ) from None


def _characters(text: str) -> str:
    """The bytes of a text, as the characters that stand for them."""
    return text.encode().decode("latin-1").translate(byte_characters())


@cache
def _codes_of_bytes() -> dict[int, int]:
    return {ord(character): byte for byte, character in byte_characters().items()}


def _bytes(token: str) -> bytes:
    """What a token stands for."""
    if all(ord(character) in _codes_of_bytes() for character in token):
        return token.translate(_codes_of_bytes()).encode("latin-1")
    return token.encode()
