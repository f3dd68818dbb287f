"""How an answer is judged: from what cannot be compared, through what has a name, to numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlib.exercises._cards import Verdict
from nnlib.exercises._deeds import Pair, differs, of_start, right, warnings_in
from nnlib.exercises._diagnosis import kind
from nnlib.exercises._finding import seen_cause, seen_difference
from nnlib.exercises._mistakes import alike, known_mistake, likely_mistake
from nnlib.exercises._running import run, signature_problem, unfinished
from nnlib.exercises._showing import show_call

if TYPE_CHECKING:
    from nnlib.exercises._exercise import Exercise

TIME_LIMIT = 5.0  # seconds, a hundred times what any known answer needs, in a page too
TRAINS = 8  # times as long, where the answer is judged by a training
CHANGED = (
    "It also changed {}, which belongs to the caller: +=, pop, append and a[i] = ... write into "
    "the object itself. Make a new one where the old one is still needed."
)


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """The verdict on an answer, whatever it is: no answer can make this fail."""
    try:
        with np.errstate(all="ignore"):
            return _judge(exercise, answer)
    except Exception as error:  # an object that cannot even be looked at
        text = f"The checker cannot read this answer: {type(error).__name__}."
        return Verdict("wrong type", text)


def _judge(exercise: Exercise, answer: Any) -> Verdict:
    """The ladder: from what cannot be compared, through what has a name, to numbers."""
    if _is_left_open(answer):
        return _not_attempted("...")
    if problem := _wrong_kind(exercise, answer):
        return Verdict("wrong type", problem)
    if exercise.wants_function and (problem := signature_problem(answer, exercise.inputs)):
        return Verdict("raised", problem)

    deed = exercise.deed(answer)
    limit = TIME_LIMIT * (TRAINS if exercise.accept else 1)
    outcomes = run(deed, exercise.cases, limit=limit, silent=exercise.silent)
    if type(error := outcomes[0].error) is NotImplementedError and not unfinished(error, answer):
        return _not_attempted("raise NotImplementedError")
    pairs = [Pair(*pair) for pair in zip(exercise.cases, outcomes, right(exercise), strict=False)]
    wrong = [pair for pair in pairs if differs(exercise, pair)]
    if not wrong:
        return _correct(pairs)
    status, message, pair = _finding(exercise, answer, pairs, wrong)
    return Verdict(status, message, show_call(exercise, answer, pair.case))


def _wrong_kind(exercise: Exercise, answer: Any) -> str:
    needs = f"check needs the {exercise.wants} itself, without brackets, and it got"
    if exercise.wants == "class" and not isinstance(answer, type):
        return f"{needs} {'a function' if callable(answer) else kind(answer)}."
    if exercise.wants == "function" and not callable(answer):
        return f"{needs} {kind(answer)}."
    if exercise.wants == "value" and callable(answer):
        return "check needs the value, and it got a function. Call it first."
    return ""


def _finding(
    exercise: Exercise, answer: Any, pairs: list[Pair], wrong: list[Pair]
) -> tuple[str, str, Pair]:
    """What is wrong, and in which case: a known mistake, a cause, or at least a difference."""
    if known := known_mistake(exercise, pairs):
        return "known mistake", known, wrong[0]
    if exercise.start and alike(exercise, pairs, of_start(exercise)):
        message = "It still does what the given code does. Where does that go wrong?"
        return "unchanged result", message, wrong[0]
    if likely := likely_mistake(exercise, pairs):
        return "known mistake", likely, wrong[0]
    status, message, pair = seen_cause(exercise, pairs) or (
        *seen_difference(exercise, answer, wrong[0]),
        wrong[0],
    )
    return status, " ".join(filter(None, [message, _side_effect([pair])])), pair


def _not_attempted(todo: str) -> Verdict:
    return Verdict("not attempted", f"Not attempted yet. Replace {todo} and check again.")


def _correct(pairs: list[Pair]) -> Verdict:
    count = {1: "", 2: " in both cases"}.get(len(pairs), f" in all {len(pairs)} cases")
    warnings = warnings_in(pairs)
    noise = f"NumPy warned on the way: {warnings}." if warnings else ""
    notes = [f"Right{count}.", noise, _side_effect(pairs)]
    return Verdict("correct", " ".join(filter(None, notes)))


def _side_effect(pairs: list[Pair]) -> str:
    name = next((pair.side_effect for pair in pairs if pair.side_effect), "")
    return CHANGED.format(name) if name else ""


def _is_left_open(answer: Any, depth: int = 8) -> bool:
    if isinstance(answer, tuple | list):
        return depth > 0 and any(_is_left_open(part, depth - 1) for part in answer)
    return answer is ...
