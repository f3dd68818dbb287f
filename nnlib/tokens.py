"""Chapter 8: text becomes tokens."""

import math
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np

from nnlib._tokenizer import Tokenizer, read
from nnlib.language import Embedding as Embedding  # these two stood here in the first edition
from nnlib.language import TinyLanguage as TinyLanguage
from nnlib.shapes import Array, as_indices

Pair = tuple[int, int]


class CharTokenizer:
    """One token for each character that occurs in a text, in the order of their code points.

    Parameters
    ----------
    text : str
        Has every character that will ever be encoded.

    Examples
    --------
    >>> tokenizer = CharTokenizer("hello")
    >>> tokenizer.vocabulary, tokenizer.encode("hole")
    (['e', 'h', 'l', 'o'], [1, 3, 2, 0])
    """

    def __init__(self, text: str) -> None:
        self.vocabulary = sorted(set(text))
        self._ids = {char: i for i, char in enumerate(self.vocabulary)}

    @property
    def vocab_size(self) -> int:
        """The number of tokens."""
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """The token of each character."""
        unknown = next((char for char in text if char not in self._ids), None)
        if unknown is not None:
            raise ValueError(
                f"CharTokenizer.encode: the text has {unknown!r}, expected one of the "
                f"{self.vocab_size} known characters. Did the first text lack it?"
            )
        return [self._ids[char] for char in text]

    def decode(self, ids: Iterable[int]) -> str:
        """The characters that these tokens stand for."""
        ids = _as_ids(list(ids), self.vocab_size)
        return "".join(self.vocabulary[i] for i in ids)


class BPETokenizer:
    r"""Byte pair encoding on bytes: a token for each of the 256 bytes, and one for each merge.

    Text becomes words, words become UTF-8 bytes, and then neighbours merge as they did in
    training, the earliest merge first. Every text can be encoded, since every byte is a token.

    Parameters
    ----------
    merges : iterable of (int, int)
        The two tokens that become one: merge number k makes token ``256 + k``.
    alphabet : bytes
        The 256 bytes in the order of their tokens.
    special : str or iterable of str
        Names of tokens that stand for no text, such as ``<|endoftext|>``. They come last.

    Attributes
    ----------
    vocabulary : list of bytes
        What each token stands for, and for a special one its name.
    merges : dict of (int, int) to int
        The two tokens and the one that they become, in the order of training.
    special : dict of str to int
        The special tokens by name.

    References
    ----------
    Sennrich et al. 2016, section 3.2; on bytes, inside words, as in Radford et al. 2019.

    Examples
    --------
    >>> tokenizer = BPETokenizer.train("low lower lowest", vocab_size=259)
    >>> tokenizer.vocabulary[256:]
    [b'lo', b'low', b' low']
    >>> tokenizer.encode("low slow")
    [257, 32, 115, 257]

    A special token is put in by its number, or by its name where that is asked for:

    >>> tokenizer = BPETokenizer(tokenizer.merges, special="<|end|>")
    >>> tokenizer.special, tokenizer.encode("low<|end|>", special=True)
    ({'<|end|>': 259}, [257, 259])
    """

    def __init__(
        self,
        merges: Iterable[Pair],
        alphabet: bytes = bytes(range(256)),
        special: str | Iterable[str] = (),
    ) -> None:
        if sorted(alphabet) != list(range(256)):
            raise ValueError(
                f"BPETokenizer: the alphabet has {len(set(alphabet))} different bytes in "
                f"{len(alphabet)} places, expected each of the 256 bytes once."
            )
        self.vocabulary = [bytes([byte]) for byte in alphabet]
        self.merges: dict[Pair, int] = {}
        for left, right in merges:
            if not 0 <= min(left, right) <= max(left, right) < self.vocab_size:
                raise ValueError(
                    f"BPETokenizer: a merge joins tokens {left} and {right}, expected numbers "
                    f"from 0 to {self.vocab_size - 1}. A merge needs what is there before it."
                )
            self.merges[left, right] = self.vocab_size
            self.vocabulary.append(self.vocabulary[left] + self.vocabulary[right])
        self._bytes = {byte: i for i, byte in enumerate(alphabet)}
        self._words: dict[str, list[int]] = {}
        names = _names(special)
        self.special = {name: i for i, name in enumerate(names, start=self.vocab_size)}
        self.vocabulary += [name.encode() for name in names]
        longest_first = sorted(map(re.escape, names), key=len, reverse=True)
        self._special = re.compile(f"({'|'.join(longest_first)})") if names else None

    @classmethod
    def train(cls, text: str, vocab_size: int, special: str | Iterable[str] = ()) -> Self:
        """Merge the most frequent pair of neighbours, again and again.

        Of several pairs that are most frequent, the one with the smallest numbers is merged.
        Pairs are counted inside words, so that no token reaches from one word into the next.

        Parameters
        ----------
        text : str
            What the merges are learned from.
        vocab_size : int
            At least 256, and one more for each special token, all of which it counts. The
            vocabulary stays smaller if nothing is left to merge.
        special : str or iterable of str
            The names of special tokens. In ``text`` they are text as any other.
        """
        special = _names(special)
        n_merges = vocab_size - 256 - len(special)
        if n_merges < 0:
            beside = f" and {len(special)} special tokens" if special else ""
            raise ValueError(
                f"BPETokenizer.train: vocab_size is {vocab_size}, expected at least "
                f"{256 + len(special)}. Every byte is a token before the first merge{beside}."
            )
        times = Counter(split_words(text))
        words = {word: list(word.encode()) for word in times}
        frequency: Counter[Pair] = Counter()
        where: defaultdict[Pair, set[str]] = defaultdict(set)
        for word, ids in words.items():
            for pair in pairwise(ids):
                frequency[pair] += times[word]
                where[pair].add(word)

        merges: list[Pair] = []
        while len(merges) < n_merges and (most := max(frequency.values(), default=0)):
            best = min(pair for pair, count in frequency.items() if count == most)
            for word in where.pop(best):  # only these words change
                before, after = words[word], _merge(words[word], best, 256 + len(merges))
                for pair in pairwise(before):
                    frequency[pair] -= times[word]
                for pair in pairwise(after):
                    frequency[pair] += times[word]
                    where[pair].add(word)
                words[word] = after
            merges.append(best)
        return cls(merges, special=special)

    @property
    def vocab_size(self) -> int:
        """The number of tokens."""
        return len(self.vocabulary)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """The tokens of the text. What a word becomes is remembered.

        Parameters
        ----------
        text : str
            Any text.
        special : bool
            Whether the name of a special token becomes that token. By default it is text as any
            other: nobody who writes a text can put a special token into it.
        """
        pieces = self._special.split(text) if special and self._special else [text]
        ids = []
        for i, piece in enumerate(pieces):  # every second one is a name
            ids += [self.special[piece]] if i % 2 else self._encode_text(piece)
        return ids

    def _encode_text(self, text: str) -> list[int]:
        ids = []
        for word in split_words(text):
            if word not in self._words:
                self._words[word] = self._encode_word(word)
            ids += self._words[word]
        return ids

    def _encode_word(self, word: str) -> list[int]:
        ids = [self._bytes[byte] for byte in word.encode()]
        while len(ids) > 1:
            earliest = min(pairwise(ids), key=lambda pair: self.merges.get(pair, math.inf))
            if earliest not in self.merges:
                break
            ids = _merge(ids, earliest, self.merges[earliest])
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """The text that these tokens stand for, and the names of special ones.

        Bytes that are no UTF-8 become U+FFFD, so every list of tokens can be read.
        """
        ids = _as_ids(list(ids), self.vocab_size)
        return b"".join(self.vocabulary[i] for i in ids).decode(errors="replace")


def read_tokenizer(path: str | os.PathLike) -> Tokenizer:
    """The tokenizer of a model that others trained, from its ``tokenizer.json``.

    It is a byte-level BPE as above, with what such files add: the pattern that splits a text in
    words, a normal form, tokens that were added later, and a template.

    Parameters
    ----------
    path : path
        The file, or a folder with it, or one with ``merges.txt`` of a GPT-2.

    Returns
    -------
    Tokenizer
        With ``encode``, ``decode``, ``vocab_size`` and ``special`` as :class:`BPETokenizer`. The
        ids are those of the tokenizers library with ``add_special_tokens=False``: special tokens
        in a text are found, unless you say ``special=False``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file holds something else, or something that is not supported, which is named.

    References
    ----------
    The tokenizers library, version 0.23.
    """
    return read(Path(path))


def _names(special: str | Iterable[str]) -> list[str]:
    """The names of special tokens, if no two are equal and none is empty."""
    names = [special] if isinstance(special, str) else list(special)
    if len(set(names)) < len(names) or not all(names):
        raise ValueError(
            f"BPETokenizer: the special tokens are {names!r:.80}, "
            "expected names that are not empty, and each once."
        )
    return names


def _merge(ids: list[int], pair: Pair, new: int) -> list[int]:
    """The ids with ``new`` in place of the pair, from left to right."""
    merged: list[int] = []
    for i in ids:
        if merged and (merged[-1], i) == pair:
            merged[-1] = new
        else:
            merged.append(i)
    return merged


def visible(piece: bytes) -> str:
    """A token for the eye: a space as ␣, a line end as ⏎, bytes that are no text by their numbers.

    Examples
    --------
    >>> visible(b" hug"), visible("é".encode()), visible(b"\\xc3")
    ('␣hug', 'é', '<C3>')
    """
    try:
        return piece.decode().replace(" ", "␣").replace("\n", "⏎")
    except UnicodeDecodeError:
        return "".join(f"<{byte:02X}>" for byte in piece)


def split_words(text: str) -> list[str]:
    """The text in pieces: words, numbers, punctuation, each with the space before it.

    References
    ----------
    The pattern of GPT-2 (Radford et al. 2019), which Python's ``re`` cannot express. Pieces
    differ from GPT-2's only for ancient numerals beyond U+FFFF (letters here), for U+001C to
    U+001F (spaces here), and for characters that this Python does not know yet.

    Examples
    --------
    >>> split_words("Don't say 5x  now!")
    ['Don', "'t", ' say', ' 5', 'x', ' ', ' now', '!']
    """
    return _word_pattern().findall(text)


@cache
def _word_pattern() -> re.Pattern:
    # \d has the decimal digits of all scripts, but not numbers such as ½, ² and Ⅷ.
    numbers = "".join(c for c in map(chr, range(0x10000)) if c.isnumeric() and not c.isalpha())
    return re.compile(
        r"'(?:[sdmt]|ll|ve|re)"
        rf"| ?[^\W\d_{numbers}]+"
        rf"| ?[\d{numbers}]+"
        r"| ?(?:[^\s\w]|_)+"
        r"|\s+(?!\S)|\s+"  # of several spaces, the last one belongs to the next word
    )


def sinusoidal_positions(t: int, d: int) -> Array:
    """A vector for each position: sines and cosines from fast to slow.

    Returns
    -------
    ndarray of shape (t, d)
        Even columns ``2 i`` are ``sin(position / 10000^(2 i / d))``, odd ones its cosine.

    References
    ----------
    Vaswani et al. 2017, section 3.5.

    Examples
    --------
    >>> sinusoidal_positions(3, 2).round(3)
    array([[ 0.   ,  1.   ],
           [ 0.841,  0.54 ],
           [ 0.909, -0.416]])
    """
    angles = np.arange(t)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    positions = np.empty((t, d))
    positions[:, 0::2] = np.sin(angles)
    positions[:, 1::2] = np.cos(angles[:, : d // 2])
    return positions


def _as_ids(ids: object, vocab_size: int) -> Array:
    return as_indices(ids, vocab_size, name="ids", what="token", source="tokenizer")
