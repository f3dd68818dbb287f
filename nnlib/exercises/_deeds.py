"""What answers do in each case of an exercise, and whether it is right."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from nnlib.exercises._diagnosis import leaves, same
from nnlib.exercises._running import Outcome, call

if TYPE_CHECKING:
    from nnlib.exercises._exercise import Exercise


class Pair:
    """What an answer did in one case, beside what is right, and the parts of both values."""

    def __init__(self, case: tuple, outcome: Outcome, right: Outcome):
        self.case, self.outcome, self.right = case, outcome, right
        self.want = leaves(right.value, right.value)
        self.got: Any = None  # a list of leaves, where the answer gave something to compare
        self.problem = ""
        if outcome.error is None and outcome.value is not None:
            try:
                self.got = leaves(outcome.value, right.value)
            except TypeError as problem:
                self.problem = str(problem)

    @property
    def side_effect(self) -> str:
        """The name of an argument that the answer changed, if the right answer does not."""
        return "" if self.right.changed else self.outcome.changed

    def right_parts(self, tolerance: float) -> list[bool]:
        both = zip(self.got or [], self.want, strict=False)
        return [same(got, want, tolerance) for got, want in both]


def deeds(exercise: Exercise, answer: Any) -> list[Pair]:
    """What an answer does in each case, where it can be trusted to end."""
    cases = zip(exercise.cases, _outcomes(exercise, answer), right(exercise), strict=True)
    return [Pair(*each) for each in cases]


@functools.cache
def right(exercise: Exercise) -> list[Outcome]:
    return _outcomes(exercise, exercise.answer)


def _outcomes(exercise: Exercise, answer: Any) -> list[Outcome]:
    deed = exercise.deed(answer)
    return [call(deed, case, silent=exercise.silent) for case in exercise.cases]


@functools.cache
def of_start(exercise: Exercise) -> list[Pair]:
    return deeds(exercise, exercise.start)


@functools.cache
def of_mistakes(exercise: Exercise) -> dict[str, list[Pair]]:
    return {text: deeds(exercise, mistake) for text, mistake in exercise.mistakes.items()}


def differs(exercise: Exercise, pair: Pair) -> bool:
    """Whether an answer is wrong in this case."""
    if pair.got is None or (exercise.silent and pair.outcome.warnings):
        return True
    if pair.side_effect and not exercise.in_place:
        return True
    if exercise.accept:
        return bool(unmet(exercise, pair))
    return not all(pair.right_parts(exercise.tolerance))


def unmet(exercise: Exercise, pair: Pair) -> str:
    """What the first condition says that the answer does not meet."""
    for condition, sentence in exercise.accept:
        try:
            met = bool(condition(pair.outcome.value))
        except Exception:
            return f"Answer in the form {exercise.form}."
        if not met:
            return sentence
    return ""


def wrong_parts(exercise: Exercise, pairs: list[Pair]) -> set[int]:
    marks = (pair.right_parts(exercise.tolerance) for pair in pairs)
    return {part for rights in marks for part, right in enumerate(rights) if not right}


def warnings_in(pairs: list[Pair]) -> str:
    return ", ".join(sorted(set().union(*(pair.outcome.warnings for pair in pairs))))
