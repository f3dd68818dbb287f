"""Compare what an answer gave with what is right, and say in which way it differs."""

import math
import numbers
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import NoneType
from typing import Any

import numpy as np

Leaf = Any  # an array of numbers, or a text
ABSENT = np.empty(0)  # what stands for a part that a dictionary does not have
LARGEST = 10**6  # numbers in an answer; what is larger is not even copied


@dataclass(frozen=True)
class Foreign:
    """What stands for a value that is neither numbers nor text."""

    kind: str


def settle(value: Any, depth: int = 8) -> Any:
    """A copy that is safe to look at: numbers, text and arrays, in lists, tuples and dicts."""
    plain = (str, bool, int, float, Fraction, Decimal, NoneType)
    if type(value) in plain:
        return value
    if isinstance(value, np.str_):
        return str(value)
    if isinstance(value, list | tuple) and depth:
        parts = [settle(part, depth - 1) for part in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if type(value) is dict and depth and all(type(name) is str for name in value):
        return {name: settle(part, depth - 1) for name, part in value.items()}
    try:
        if _count(value) > LARGEST:
            return Foreign(kind(value))
        array = np.array(value)
    except Exception:
        return Foreign(kind(value))
    if array.dtype.kind == "U" and array.ndim:
        return array.tolist()
    return array if array.dtype.kind in "fiub" else Foreign(kind(value))


def _count(value: Any) -> int:
    if isinstance(value, np.ndarray | np.generic):
        return value.size
    return len(value) if hasattr(value, "__len__") else 1


def leaves(value: Any, want: Any) -> list[Leaf]:
    """The value as arrays and texts, in the structure of the right answer.

    Raises
    ------
    TypeError
        If the value cannot be compared with the right answer; the text is for the reader.
    """
    if isinstance(want, str):
        if not isinstance(value, str):
            raise TypeError(f"Expected text, got {kind(value)}.")
        return [words(value)]
    if isinstance(want, tuple):
        if not isinstance(value, tuple | list | np.ndarray) or getattr(value, "ndim", 1) == 0:
            raise TypeError(
                f"Expected {len(want)} values, separated by commas, got {kind(value)}."
                + _advice(value, want)
            )
        if len(value) != len(want):
            got = kind(value) if isinstance(value, np.ndarray) else str(len(value))
            values = "1 value" if len(want) == 1 else f"{len(want)} values, separated by commas"
            raise TypeError(f"Expected {values}, got {got}.")
        return [
            leaf
            for i, (got, each) in enumerate(zip(value, want, strict=True))
            for leaf in _leaves_of_part(i, got, each)
        ]
    if isinstance(want, dict):
        if not isinstance(value, dict):
            raise TypeError(f"Expected a dictionary with {', '.join(want)}, got {kind(value)}.")
        return [
            leaf
            for i, (name, each) in enumerate(want.items())
            for leaf in (_leaves_of_part(i, value[name], each) if name in value else [ABSENT])
        ]
    if isinstance(value, tuple) and len(value) > 1 and np.ndim(want) == 0:
        shown = str(value)
        got = shown if len(shown) < 40 else f"{len(value)} values, separated by commas"
        raise TypeError(f"Expected one number, got {got}.")
    return [_numbers_of(value, want)]


def _advice(value: Any, want: tuple) -> str:
    if isinstance(value, str):
        texts = any(isinstance(part, str) for part in want)
        return " Put each in quotes of its own." if texts else " Leave out the quotes."
    return " list(...) makes a list of it." if kind(value) == "a generator" else ""


def _leaves_of_part(i: int, value: Any, want: Any) -> list[Leaf]:
    try:
        return leaves(value, want)
    except TypeError as problem:
        raise TypeError(f"Value {i + 1}: {problem}") from None


def _numbers_of(value: Any, want: Any) -> np.ndarray:
    try:
        exact = isinstance(value, numbers.Rational | Decimal)
        whole = isinstance(value, numbers.Integral) and -(2**63) <= int(value) < 2**63
        array = np.asarray(float(value) if exact and not whole else value)
    except Exception:
        array = None
    if array is None or array.dtype.kind not in "fiub":
        raise TypeError(
            f"Expected {kind(want)}, got {_no_numbers(value)}.{_advice(value, (want,))}"
        )
    return array


def _no_numbers(value: Any) -> str:
    """What a value is that cannot be read as numbers."""
    if isinstance(value, tuple) and all(isinstance(part, np.ndarray) for part in value):
        return f"{len(value)} arrays, separated by commas"
    if isinstance(value, list | tuple):
        return f"{kind(value)} in which an entry is no number, or rows of different lengths"
    return kind(value)


def words(text: str) -> str:
    """The text without what nobody means: case, hyphens, quotes, spaces at the ends."""
    return " ".join(re.sub(r"[\W_]+", " ", text).casefold().split())


def same(got: Leaf, want: Leaf, tolerance: float) -> bool:
    """Whether two leaves agree, relative to the size of the right one."""
    if isinstance(got, str) or isinstance(want, str):
        return got == want
    return got.shape == want.shape and bool(np.all(_close(got, want, tolerance)))


def _close(got: np.ndarray, want: np.ndarray, tolerance: float) -> np.ndarray:
    """Which numbers agree. A whole number is never taken for its neighbour."""
    with np.errstate(all="ignore"):
        g, w = got.astype(float), want.astype(float)
        allowed = tolerance * (np.abs(w) + 1e-3)
        if want.dtype.kind in "iu":
            allowed = np.minimum(allowed, 0.1)
        return (np.abs(g - w) <= allowed) & np.isfinite(w) | (g == w) | np.isnan(g) & np.isnan(w)


def cause(
    got: Sequence[np.ndarray],
    want: Sequence[np.ndarray],
    named: Sequence[dict[str, Any]],
    tolerance: float,
) -> tuple[str, str, int] | None:
    """What became of the right arrays in every case: a status, a text, and the case it tells of.

    ``named`` holds the arguments of each case by name, to recognise a factor in them.
    """
    pairs = list(zip(got, want, strict=True))
    wrong = [i for i, (g, w) in enumerate(pairs) if not same(g, w, tolerance)]

    def became(change: Callable) -> bool:
        """Whether the answer is everywhere what this change makes of the right one."""
        return all(same(g, np.asarray(change(w)), tolerance) for g, w in pairs)

    if all(g.dtype.kind == "b" for g in got) and not all(np.isin(w, (0, 1)).all() for w in want):
        return "wrong value", TRUTH, wrong[0]
    pairs = [(g.astype(float), w.astype(float)) for g, w in pairs]
    for status, text, change in CHANGES:
        if became(change):
            return status, text, wrong[0]
    if factor := _factor(pairs, named):
        return "constant factor", factor, wrong[0]
    other_shape = next((i for i, (g, w) in enumerate(pairs) if g.shape != w.shape), None)
    if other_shape is not None:
        why = _lost_axis(pairs, became)
        text = f"{_shapes(*pairs[other_shape])} {why}"
        return ("wrong shape", text, other_shape) if why else None
    if text := _moved(pairs, tolerance):
        return "wrong value", text, wrong[0]
    return None


def difference(got: np.ndarray, want: np.ndarray, tolerance: float) -> tuple[str, str]:
    """A status and a text for a wrong array: its shape, or the number that is most wrong."""
    if got.shape != want.shape:
        return "wrong shape", _shapes(got, want)
    wrong = ~_close(got, want, tolerance)
    shown = want.dtype.kind == "b" and got.dtype.kind == "b"
    got, want = got.astype(float) + 0.0, want.astype(float) + 0.0  # a zero has no sign
    with np.errstate(all="ignore"):
        error = np.where(wrong, np.nan_to_num(np.abs(got - want), nan=np.inf), -1.0)
    where = tuple(map(int, np.unravel_index(np.argmax(error), error.shape)))
    start = f"At {list(where)} the" if where else "The"
    result, expected = _apart(got[where], want[where])
    if shown:
        result, expected = str(bool(got[where])), str(bool(want[where]))
    share = f"{wrong.sum()} of {got.size} numbers are wrong." if wrong.sum() > 1 else ""
    notes = [f"{start} result is {result}, expected {expected}.", share]
    if np.isnan(got[where]):
        notes.append("0 / 0, 0 * inf and inf - inf are nan.")
    elif len(place := np.argwhere(want == got[where])) == 1 and abs(got[where]) > 1e-6:
        notes.append(f"{result} belongs at {place[0].tolist()}.")
    return "wrong value", " ".join(filter(None, notes))


def _apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers in as few digits as show that they differ."""
    pairs = ((f"{one:.{digits}g}", f"{other:.{digits}g}") for digits in range(6, 18))
    return next(pair for pair in pairs if pair[0] != pair[1])


TRUTH = (
    "The answer is made of True and False, not of numbers. "
    "A comparison that is multiplied needs brackets: a * (b > 0)."
)
CHANGES: list[tuple[str, str, Callable]] = [
    ("wrong value", "Every number is 0.", np.zeros_like),
    (
        "transposed",
        "This is the transpose of the right answer: rows and columns swapped.",
        np.transpose,
    ),
    ("wrong sign", "Every sign is wrong.", np.negative),
    (
        "transposed",
        "Every sign is wrong, and rows and columns are swapped.",
        lambda w: -np.transpose(w),
    ),
    ("wrong value", "This is 1 minus the right answer.", lambda w: 1 - w),
    ("wrong value", "Signs are lost: negative numbers have become positive.", np.abs),
    ("wrong value", "Negative numbers have become 0.", lambda w: np.maximum(w, 0)),
    ("wrong value", "Only whole numbers are left: is an array of int on the way?", np.trunc),
    *(
        (
            "wrong value",
            "The numbers are rounded. Leave them as they are.",
            lambda w, digits=digits: np.round(w, digits),
        )
        for digits in range(1, 4)
    ),
    ("wrong value", "The rows are in reverse order.", lambda w: w[::-1] if w.ndim else w),
]


def _shapes(got: np.ndarray, want: np.ndarray) -> str:
    expected = f"{want.shape}" if want.ndim else "a single number"
    return f"The shape is {got.shape}, expected {expected}."


def _lost_axis(pairs: list[tuple[np.ndarray, np.ndarray]], became: Callable) -> str:
    if all(g.size == w.size and same(g.ravel(), w.ravel(), 1e-6) for g, w in pairs):
        return "The numbers are right: only the axes differ."
    if all(w.ndim for _, w in pairs):
        if became(lambda w: w[0]):
            return "Only the first row came back: does a return stand inside the loop?"
        if became(lambda w: w[-1]):
            return "Only the last row came back: does each turn of the loop replace the one before?"
        for axis in range(min(w.ndim for _, w in pairs)):
            if became(lambda w, axis=axis: w.sum(axis=axis)):
                return f"Axis {axis} has been added up."
    for axis in range(min(g.ndim for g, _ in pairs)):
        if all(same(g.sum(axis=axis), w, 1e-6) for g, w in pairs):
            return f"Axis {axis} has not been added up."
    return ""


def _moved(pairs: list[tuple[np.ndarray, np.ndarray]], tolerance: float) -> str:
    """Whether the right numbers stand in other places, or are all as much too large."""
    if max(len(np.unique(w)) for _, w in pairs) < 3:
        return ""
    if all(same(np.sort(g, axis=None), np.sort(w, axis=None), tolerance) for g, w in pairs):
        return "These are the right numbers in the wrong places."
    shift = np.concatenate([(g - w).ravel() for g, w in pairs])
    if same(shift, np.full_like(shift, shift[0]), 1e-6):
        return f"Every number is {abs(shift[0]):.4g} too {'large' if shift[0] > 0 else 'small'}."
    return ""


def _factor(pairs: list[tuple[np.ndarray, np.ndarray]], named: Sequence[dict[str, Any]]) -> str:
    ratios = [_ratio(g, w) for g, w in pairs]
    factors = [ratio for ratio in ratios if ratio is not None]
    if len(factors) < len(ratios) or np.allclose(factors, 1):
        return ""
    candidates = [dict(_numbers(arguments)) for arguments in named]
    for text in candidates[0]:
        values = [numbers_of_case.get(text, math.nan) for numbers_of_case in candidates]
        for way, power in (("large", 1), ("small", -1)):
            if np.allclose(factors, np.power(values, float(power)), rtol=1e-6):
                if text == "2":
                    return f"Every number is {'twice' if power == 1 else 'half'} what it should be."
                value = f"{values[0]:.4g}"
                return f"Every number is {value} times too {way}, and {value} is {text}."
    if np.allclose(factors, factors[0], rtol=1e-6):
        return f"Every number is {factors[0]:.4g} times what it should be."
    return ""


def _ratio(got: np.ndarray, want: np.ndarray) -> float | None:
    if got.shape != want.shape or not np.any(want) or not np.all(np.isfinite(got)):
        return None
    ratio = float(np.vdot(got, want) / np.vdot(want, want))
    fits = ratio != 0 and np.allclose(got, ratio * want, rtol=1e-6, atol=1e-9)
    return ratio if fits else None


def _numbers(arguments: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Numbers that a wrong factor could be, under names that mean something to the reader."""
    yield "2", 2.0
    for name, value in arguments.items():
        for axis, length in enumerate(np.shape(value) if isinstance(value, np.ndarray) else ()):
            yield f"the length of axis {axis} of {name}", float(length)
            yield f"the square root of the length of axis {axis} of {name}", math.sqrt(length)


def kind(value: Any) -> str:
    cls = type(value)
    if cls is Foreign:
        return value.kind
    if value is None:
        return "None"
    if issubclass(cls, np.ndarray):
        if value.ndim == 0 and value.dtype.kind in "fiub":
            return kind(value.item())
        kinds = {"O": "objects", "U": "text", "c": "complex numbers"}
        return f"an array of {kinds.get(value.dtype.kind, 'numbers')} of shape {value.shape}"
    if issubclass(cls, int | float | np.number) and cls is not bool:
        return "a number"
    article = "an" if cls.__name__[:1].lower() in tuple("aeio") else "a"
    return {"str": "text", "bool": "a truth value"}.get(cls.__name__, f"{article} {cls.__name__}")
