"""Which of the known mistakes of an exercise an answer has made."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from nnlib.exercises._deeds import Pair, of_mistakes, wrong_parts
from nnlib.exercises._diagnosis import leaves, same
from nnlib.exercises._running import explain

if TYPE_CHECKING:
    from nnlib.exercises._exercise import Exercise


def known_mistake(exercise: Exercise, pairs: list[Pair]) -> str:
    """The sentence of the mistake that did the same."""
    return _first(alike, exercise, pairs)


def likely_mistake(exercise: Exercise, pairs: list[Pair]) -> str:
    """The sentence of a mistake that shows where there are numbers, or of two in two parts."""
    likely = _first(_alike_where_finite, exercise, pairs)
    return likely or (_mistakes_by_part(exercise, pairs) if exercise.wants == "function" else "")


def _first(matches: Callable, exercise: Exercise, pairs: list[Pair]) -> str:
    mistakes = of_mistakes(exercise).items()
    return next((text for text, others in mistakes if matches(exercise, pairs, others)), "")


def alike(exercise: Exercise, pairs: list[Pair], others: list[Pair]) -> bool:
    """Whether two answers did the same in every case, errors and warnings included."""
    same_deed = functools.partial(_same_deed, exercise)
    return len(pairs) == len(others) and all(map(same_deed, pairs, others))


def _same_deed(exercise: Exercise, one: Pair, other: Pair) -> bool:
    if one.outcome.error is not None and other.outcome.error is not None:
        return explain(one.outcome.error) == explain(other.outcome.error)
    if one.outcome.error is not None or other.outcome.error is not None:
        return False
    if exercise.silent and one.outcome.warnings != other.outcome.warnings:
        return False
    got, seen = one.got, other.got
    if got is None and seen is None:
        try:
            got, seen = (leaves(pair.outcome.value, other.outcome.value) for pair in (one, other))
        except TypeError:
            return False
    if got is None or seen is None:
        return False
    return all(same(*leaf, exercise.tolerance) for leaf in zip(got, seen, strict=True))


def _alike_where_finite(exercise: Exercise, pairs: list[Pair], others: list[Pair]) -> bool:
    """Whether a mistake shows in the finite numbers, beside cases that raise and beside nan."""
    shown = False
    if len(pairs) != len(others):
        return False
    for one, other in zip(pairs, others, strict=True):
        if one.outcome.error is not None and other.outcome.error is not None:
            continue
        if one.got is None or other.got is None:
            return False
        for got, seen, want in zip(one.got, other.got, one.want, strict=True):
            if isinstance(want, str) or got.shape != seen.shape:
                return False
            finite = np.isfinite(got) & np.isfinite(seen)
            if 2 * finite.sum() < finite.size or not same(
                got[finite], seen[finite], exercise.tolerance
            ):
                return False
            shown |= got.shape != want.shape or not same(
                got[finite], want[finite], exercise.tolerance
            )
    return shown


def _mistakes_by_part(exercise: Exercise, pairs: list[Pair]) -> str:
    """The sentences of mistakes that together explain every part that is wrong."""
    count = len(pairs[0].want)
    if count < 2 or any(pair.got is None or len(pair.want) != count for pair in pairs):
        return ""
    wrong = wrong_parts(exercise, pairs)
    found: dict[int, str] = {}
    for text, others in of_mistakes(exercise).items():
        if any(other.got is None for other in others) or len(others) != len(pairs):
            continue
        parts = wrong_parts(exercise, others)
        both = list(zip(pairs, others, strict=True))
        if all(same(a.got[i], b.got[i], exercise.tolerance) for i in parts for a, b in both):
            found |= {part: text for part in parts if part not in found}
    return " ".join(dict.fromkeys(found.values())) if set(found) == wrong else ""
