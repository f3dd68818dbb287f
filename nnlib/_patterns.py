"""The split patterns of tokenizer files, which name Unicode's categories, for Python's ``re``."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby

# Unicode's white space. Python's \s has U+001C to U+001F besides.
WHITE = [(9, 13), (32, 32), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)]
WHITE += [(0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)]
EVERYWHERE = r"""
    \\[pP] \{ (?P<category> \^?\w+ ) \}
  | \\ (?P<kind> [sSdD] )
  | \\ (?: [nrtfv] | u[0-9a-fA-F]{4} | \W )
"""
OUTSIDE = (
    EVERYWHERE
    + r"""
  | (?P<bracket> \[ \^? (?!\]) )
  | \( (?: \? (?: [:=!>] | <[=!] | i: ) )? (?!\?)
  | (?P<odd> \\.? | [\[^$] | \( \?.? | \{ [^}]* \} \+ )
  | (?P<plain> . )
"""
)
INSIDE = (
    EVERYWHERE
    + r"""
  | (?P<bracket> \] )
  | (?P<odd> \\.? | \[ | && )
  | (?P<plain> . )
"""
)

Ranges = list[tuple[int, int]]


def compiled(pattern: str) -> re.Pattern:
    r"""A pattern as Oniguruma reads it, which the tokenizers library uses, for Python.

    Python's ``re`` has no ``\p{L}`` and ``\p{N}``, and another ``\s``. They become ranges of
    characters. Characters that this Python's Unicode does not know yet belong to no category.
    What ``re`` would read otherwise is refused.

    Examples
    --------
    >>> compiled(r" ?\p{L}+|\p{N}{1,3}").findall("год 2026½")
    ['год', '202', '6½']
    """
    try:
        return re.compile("".join(_translate(pattern)))
    except re.error as error:
        raise ValueError(
            f"has the pattern {pattern!r}, which Python cannot read: {error}"
        ) from None


def _translate(pattern: str) -> Iterator[str]:
    """Its parts for Python: all of them as they are, but those that stand for many characters."""
    inside = False  # of brackets
    at = 0
    while found := _syntax(inside).match(pattern, at):
        text, at = found[0], found.end()
        if found["odd"]:
            raise ValueError(f"has the pattern {pattern!r}, whose {text!r} is not supported")
        if found["category"] or found["kind"]:
            ranges = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _ranges(found))
            text = ranges if inside else f"[{ranges}]"
        elif inside and found["plain"] and text in "&|~":  # Python warns of them
            text = f"\\{text}"
        inside ^= bool(found["bracket"])
        yield text


@cache
def _syntax(inside: bool) -> re.Pattern:
    return re.compile(INSIDE if inside else OUTSIDE, re.VERBOSE | re.DOTALL)


def _ranges(found: re.Match) -> Ranges:
    """The characters that ``\\p{L}``, ``\\s`` and the like stand for."""
    if kind := found["kind"]:
        ranges = WHITE if kind in "sS" else _characters("Nd")
        return _others(ranges) if kind.isupper() else ranges
    name = found["category"].removeprefix("^")
    ranges = _characters(name)
    if not ranges:
        raise ValueError(
            f"has a pattern with \\p{{{name}}}, which is not supported: "
            "expected a general category such as L or Nd"
        )
    return _others(ranges) if found[0].startswith("\\P") != ("^" in found[0]) else ranges


@cache
def _characters(category: str) -> Ranges:
    """Where the characters of a category are, or of all that begin with its letter."""
    return [(first, last) for name, first, last in _runs() if name.startswith(category)]


@cache
def _runs() -> list[tuple[str, int, int]]:
    """Neighbours of one category: it, the first and the last of them."""
    runs = []
    first = 0
    for category, run in groupby(map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))):
        after = first + sum(1 for _ in run)
        runs.append((category, first, after - 1))
        first = after
    return runs


def _others(ranges: Ranges) -> Ranges:
    """All other characters."""
    firsts = [0, *(last + 1 for _, last in ranges)]
    lasts = [*(first - 1 for first, _ in ranges), sys.maxunicode]
    return [(first, last) for first, last in zip(firsts, lasts, strict=True) if first <= last]
