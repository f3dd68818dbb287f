"""How an answer is judged: by what it computes, beside the right answer and the known mistakes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlib.exercises._cards import Verdict
from nnlib.exercises._diagnosis import Leaf, diagnose, kind, leaves, same
from nnlib.exercises._running import (
    Outcome,
    Stopped,
    call,
    explain,
    nothing_returned,
    own_line,
    parameters,
    run,
    signature_problem,
)

if TYPE_CHECKING:
    from nnlib.exercises._exercise import Exercise

TIME_LIMIT = 5.0


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """The verdict on an answer, whatever it is: no answer can make this fail."""
    try:
        return _judge(exercise, answer)
    except Exception as error:  # an object that cannot even be looked at
        text = f"The checker cannot read this answer: {type(error).__name__}."
        return _verdict(exercise, "wrong type", text)


def _judge(exercise: Exercise, answer: Any) -> Verdict:
    """The ladder: from what cannot be compared, through what has a name, to numbers."""
    if _is_left_open(answer):
        return _not_attempted(exercise)
    if callable(answer) != exercise.wants_function:
        return _verdict(exercise, "wrong type", _wrong_kind(answer, exercise.wants_function))
    if exercise.wants_function and (problem := signature_problem(answer, _names(exercise))):
        return _verdict(exercise, "raised", problem)

    outcomes = run(_function(exercise, answer), exercise.cases, limit=TIME_LIMIT)
    if isinstance(outcomes[0].error, NotImplementedError):
        return _not_attempted(exercise)
    if exercise.start and _alike(exercise, outcomes, _of_start(exercise)):
        message = "It still does what the given code does. Where does that go wrong?"
        return _verdict(exercise, "not attempted", message)
    pairs = [Pair(*pair) for pair in zip(exercise.cases, outcomes, _right(exercise), strict=False)]
    for pair in pairs:
        if trouble := _trouble(exercise, pair, answer):
            comparable = trouble[0] in ("raised", "wrong type")
            known = _known_mistake(exercise, outcomes) if comparable else ""
            status, message = ("known mistake", known) if known else trouble
            return _verdict(exercise, status, message, _show_call(exercise, answer, pair.case))

    wrong = [pair for pair in pairs if _differs(exercise, pair)]
    if not wrong:
        return _correct(exercise, outcomes)
    known = _known_mistake(exercise, outcomes)
    finding = ("known mistake", known) if known else _diagnose(exercise, pairs)
    return _verdict(exercise, *finding, _show_call(exercise, answer, wrong[0].case))


class Pair:
    """What an answer did in one case, beside what is right, and the parts of both values."""

    def __init__(self, case: tuple, outcome: Outcome, right: Outcome):
        self.case, self.outcome, self.right = case, outcome, right
        self.want = leaves(right.value, right.value)
        self.got: list[Leaf] = []
        self.problem = ""
        if outcome.error is None and outcome.value is not None:
            try:
                self.got = leaves(outcome.value, right.value)
            except TypeError as problem:
                self.problem = str(problem)

    def same(self, part: int, tolerance: float) -> bool:
        return same(self.got[part], self.want[part], tolerance)


def _function(exercise: Exercise, answer: Any) -> Callable:
    """What is called in each case: the answer, or what is to be seen of it."""
    if exercise.wants_function:
        return answer
    return functools.partial(exercise.observe or (lambda value: value), answer)


def _deeds(exercise: Exercise, answer: Any) -> list[Outcome]:
    """What an answer of the exercise itself does in each case; such an answer can be trusted."""
    return [call(_function(exercise, answer), case) for case in exercise.cases]


@functools.cache
def _right(exercise: Exercise) -> list[Outcome]:
    return _deeds(exercise, exercise.answer)


@functools.cache
def _of_start(exercise: Exercise) -> list[Outcome]:
    return _deeds(exercise, exercise.start)


@functools.cache
def _of_mistakes(exercise: Exercise) -> dict[str, list[Outcome]]:
    return {text: _deeds(exercise, mistake) for text, mistake in exercise.mistakes.items()}


def _known_mistake(exercise: Exercise, outcomes: list[Outcome]) -> str:
    known = _of_mistakes(exercise).items()
    return next((text for text, deeds in known if _alike(exercise, outcomes, deeds)), "")


def _alike(exercise: Exercise, outcomes: list[Outcome], others: list[Outcome]) -> bool:
    """Whether two answers did the same in every case, errors and warnings included."""
    same_deed = functools.partial(_same_deed, exercise)
    return len(outcomes) == len(others) and all(map(same_deed, outcomes, others))


def _same_deed(exercise: Exercise, one: Outcome, other: Outcome) -> bool:
    if one.error is not None and other.error is not None:
        return explain(one.error) == explain(other.error)
    if one.error is not None or other.error is not None:
        return False
    if exercise.silent and one.warnings != other.warnings:
        return False
    try:
        pairs = zip(leaves(one.value, other.value), leaves(other.value, other.value), strict=True)
    except TypeError:
        return False
    return all(same(*pair, exercise.tolerance) for pair in pairs)


def _differs(exercise: Exercise, pair: Pair) -> bool:
    if exercise.silent and pair.outcome.warnings:
        return True
    return not all(pair.same(part, exercise.tolerance) for part in range(len(pair.want)))


def _trouble(exercise: Exercise, pair: Pair, answer: Any) -> tuple[str, str] | None:
    """What makes an outcome impossible to compare with the right one."""
    outcome = pair.outcome
    error = outcome.error
    if isinstance(error, Stopped):
        return "too slow", f"Stopped after {TIME_LIMIT:.0f} seconds. Does a loop ever end?"
    if error is not None and not exercise.wants_function:
        return "wrong type", f"Answer in the form {exercise.form}."
    if error is not None:
        where = own_line(error, answer)
        return "raised", "\n".join(filter(None, [explain(error), where]))
    if outcome.value is None and exercise.wants_function:
        return "returned None", nothing_returned(answer)
    if outcome.value is None:
        return "wrong type", "The answer is None. (print shows a number, and returns None.)"
    if pair.problem:
        return "wrong type", pair.problem
    if outcome.changed and not pair.right.changed:
        return (
            "changed its argument",
            f"The call changed {outcome.changed}, which belongs to the caller. "
            "+=, pop, append and z[i] = ... write into the object itself: make a new one.",
        )
    return None


def _diagnose(exercise: Exercise, pairs: list[Pair]) -> tuple[str, str]:
    """A status and a text for values that are wrong, and that no mistake explains."""
    tolerance = exercise.tolerance
    n_parts = max(len(pair.want) for pair in pairs)
    for part in range(n_parts):
        having = [pair for pair in pairs if part < len(pair.want)]  # a case may have fewer
        if all(pair.same(part, tolerance) for pair in having):
            continue
        if isinstance(having[0].want[part], str):
            return "wrong value", "That is not the one. Take a hint, or read the section again."
        if not exercise.wants_function and not exercise.observe:
            return _diagnose_value(pairs[0], tolerance)
        status, message = diagnose(
            [pair.got[part] for pair in having],
            [pair.want[part] for pair in having],
            [dict(zip(_names(exercise), pair.case, strict=False)) for pair in having],
            tolerance,
        )
        return status, message if n_parts == 1 else f"Value {part + 1}: {message}"
    warnings = _warnings([pair.outcome for pair in pairs])
    return "warned", f"The numbers are right, but NumPy warned: {warnings}."


def _diagnose_value(pair: Pair, tolerance: float) -> tuple[str, str]:
    if any(isinstance(leaf, str) for leaf in pair.want):
        return "wrong value", "That is not it. Take a hint, or read the section again."
    got, want = ([np.asarray(x, dtype=float) for x in part] for part in (pair.got, pair.want))
    both = list(zip(got, want, strict=True))

    def right(one, other) -> bool:
        return same(one, other, tolerance)

    if all(map(right, got[::-1], want)):
        return "transposed", "These are the right numbers in the wrong order."
    if all(map(right, [-g for g in got], want)):
        return "wrong sign", "The sign is wrong."
    if all(g.size == w.size and right(g.ravel(), w.ravel()) for g, w in both):
        return "wrong shape", "The number is right. Give it alone, not in a list or an array."
    marks = ["right" if right(g, w) else "wrong" for g, w in both]
    detail = f" Of the {len(marks)} numbers: {', '.join(marks)}." if "right" in marks else ""
    return "wrong value", f"That is not it.{detail} Take a hint, or compute it in a cell."


def _names(exercise: Exercise) -> list[str]:
    """The names of what each case gives."""
    count = len(exercise.cases[0])
    if exercise.wants_function:
        return parameters(exercise.solve, count)
    return parameters(exercise.observe, count + 1)[1:] if exercise.observe else []


def _wrong_kind(answer: Any, wants_function: bool) -> str:
    if wants_function:
        return f"check needs the function itself, without brackets, and it got {kind(answer)}."
    return "check needs the value, and it got a function. Call it first."


def _not_attempted(exercise: Exercise) -> Verdict:
    todo = "raise NotImplementedError" if exercise.wants_function else "..."
    return _verdict(exercise, "not attempted", f"Replace {todo} and run the cell again.")


def _correct(exercise: Exercise, outcomes: list[Outcome]) -> Verdict:
    count = {1: "", 2: " in both cases"}.get(len(outcomes), f" in all {len(outcomes)} cases")
    warnings = _warnings(outcomes)
    noise = f" NumPy warned on the way: {warnings}." if warnings else ""
    return _verdict(exercise, "correct", f"Right{count}.{noise}")


def _warnings(outcomes: list[Outcome]) -> str:
    return ", ".join(sorted(set().union(*(outcome.warnings for outcome in outcomes))))


def _verdict(exercise: Exercise, status: str, message: str, shown: str = "") -> Verdict:
    mark = {"correct": "✓", "not attempted": "○"}.get(status, "✗")
    state = "" if shown else f": {status}"
    return Verdict(f"{mark} {shown or exercise.name}{state}", message, status)


def _show_call(exercise: Exercise, answer: Any, case: tuple) -> str:
    """The call that went wrong, as a reader would write it."""
    if exercise.wants_function:
        return f"{exercise.name}({', '.join(map(_show, case))})"
    named = zip(_names(exercise), case, strict=True)
    inputs = ", ".join(f"{name} = {_show(value)}" for name, value in named)
    return f"{exercise.name}: {_show(answer)}" + (f", with {inputs}" if inputs else "")


def _show(value: Any) -> str:
    try:
        return _text(value)
    except Exception:  # its repr fails, or it contains itself
        return kind(value)


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        if value.size > 24:
            return f"array of shape {value.shape}"
        return str(np.round(value, 4).tolist())
    if isinstance(value, list | tuple):
        inside = ", ".join(map(_text, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if callable(value):
        return getattr(value, "__name__", "function")
    return f"{value!r:.60}"


def _is_left_open(answer: Any) -> bool:
    if isinstance(answer, tuple | list):
        return any(map(_is_left_open, answer))
    return answer is ...
