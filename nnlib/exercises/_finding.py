"""What is wrong with an answer that no known mistake explains, in words for the reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlib.exercises._deeds import Pair, unmet, warnings_in, wrong_parts
from nnlib.exercises._diagnosis import ABSENT, Leaf, cause, difference, same, words
from nnlib.exercises._limit import Stopped
from nnlib.exercises._running import explain, nothing_returned, own_line, unfinished
from nnlib.exercises._showing import inputs, show

if TYPE_CHECKING:
    from nnlib.exercises._exercise import Exercise


def seen_cause(exercise: Exercise, pairs: list[Pair]) -> tuple[str, str, Pair] | None:
    """What happened to the right values, as seen in all cases that gave finite numbers."""
    if exercise.accept or (exercise.wants == "value" and not exercise.observe):
        return None
    seen = [pair for pair in pairs if pair.got is not None and all(map(_is_finite, pair.got))]
    wrong = wrong_parts(exercise, seen)
    if not wrong:
        return None
    if exchange := _exchanged(exercise, seen, wrong):
        return exchange
    part = min(wrong)
    having = [pair for pair in seen if part < len(pair.want)]  # a case may have fewer
    if isinstance(having[0].want[part], str) or any(pair.got[part] is ABSENT for pair in having):
        return None
    found = cause(
        [pair.got[part] for pair in having],
        [pair.want[part] for pair in having],
        [dict(zip(exercise.inputs, pair.case, strict=False)) for pair in having],
        exercise.tolerance,
    )
    if not found:
        return None
    status, text, i = found
    return status, _in_part(exercise, having[i], part, text), having[i]


def _is_finite(leaf: Leaf) -> bool:
    return isinstance(leaf, str) or bool(np.isfinite(leaf).all())


def _are_numbers(parts: list[Leaf]) -> bool:
    return all(isinstance(leaf, np.ndarray) and leaf.ndim == 0 for leaf in parts)


def _exchanged(
    exercise: Exercise, pairs: list[Pair], wrong: set[int]
) -> tuple[str, str, Pair] | None:
    if len(wrong) != 2 or any(len(pair.want) <= max(wrong) for pair in pairs):
        return None
    for i, j in (sorted(wrong), sorted(wrong, reverse=True)):
        if not all(same(pair.got[i], pair.want[j], exercise.tolerance) for pair in pairs):
            return None
    one, other = (_part_name(exercise, pairs[0], part) for part in sorted(wrong))
    return "exchanged", f"{one} and {other} are exchanged.", pairs[0]


def seen_difference(exercise: Exercise, answer: Any, pair: Pair) -> tuple[str, str]:
    """A status and a text for one case: why it cannot be compared, or what is wrong in it."""
    if pair.got is None:
        return _trouble(exercise, answer, pair)
    if exercise.accept:
        return "wrong value", unmet(exercise, pair)
    if exercise.wants == "value" and not exercise.observe:
        return _difference_of_value(exercise, pair)
    rights = pair.right_parts(exercise.tolerance)
    warnings = warnings_in([pair])
    if all(rights) and pair.side_effect:
        return "changed its argument", "The numbers are right, but an argument is not as it was."
    if all(rights):
        return "warned", f"The numbers are right, but NumPy warned: {warnings}."
    part = rights.index(False)
    got, want = pair.got[part], pair.want[part]
    if got is ABSENT:
        return "wrong value", _in_part(exercise, pair, part, "It is not in the dictionary yet.")
    if isinstance(want, str):
        return "wrong value", _in_part(exercise, pair, part, f"It is {got}, and should be {want}.")
    status, text = difference(got, want, exercise.tolerance)
    if len(pair.want) > 1 and not exercise.part_names() and _are_numbers(pair.got + pair.want):
        one, other = (tuple(leaf.item() for leaf in part) for part in (pair.got, pair.want))
        return status, f"The result is {show(one)}, expected {show(other)}."
    if warnings and not _is_finite(got):
        text += f" NumPy warned: {warnings}."
    return status, _in_part(exercise, pair, part, text)


def _trouble(exercise: Exercise, answer: Any, pair: Pair) -> tuple[str, str]:
    """What makes an outcome impossible to compare with the right one."""
    error = pair.outcome.error
    if isinstance(error, Stopped):
        ours = exercise.wants == "value"  # so the work that took long is not the reader's
        asked = "Has the computer much else to do?" if ours else "Does a loop ever end?"
        return "too slow", f"It did not end in time, and was stopped. {asked}"
    if error is not None and exercise.wants == "value":
        return "wrong type", f"Answer in the form {exercise.form}."
    if error is not None:
        text = explain(error)
        if type(error) is NotImplementedError and (helper := unfinished(error, answer)):
            text = f"{helper} is called, and is not written yet."
        return "raised", "\n".join(filter(None, [text, own_line(error, answer)]))
    if pair.problem:
        number = re.match(r"Value (\d+)", pair.problem)
        name = _part_name(exercise, pair, int(number[1]) - 1) if number else ""
        return "wrong type", name + pair.problem[len(number[0]) if number else 0 :]
    if exercise.wants == "value":
        return "wrong type", "The answer is None. (print shows a number, and returns None.)"
    return "returned None", nothing_returned(answer)


def _in_part(exercise: Exercise, pair: Pair, part: int, text: str) -> str:
    """The text about one part of an answer, with the part, the case, and what is right."""
    if exercise.observe:
        given = inputs(exercise, pair.case)
        text = f"W{given[1:]}: {text[0].lower()}{text[1:]}" if given else text
    if len(pair.want) == 1 and exercise.wants != "class":
        return text
    rights = [
        _part_name(exercise, pair, i)
        for i, right in enumerate(pair.right_parts(exercise.tolerance))
        if right
    ]
    text = f"{_part_name(exercise, pair, part)}: {text}"
    return f"{text} Right: {', '.join(rights)}." if rights else text


def _part_name(exercise: Exercise, pair: Pair, part: int) -> str:
    names = exercise.part_names()
    return names[part] if len(names) >= len(pair.want) else f"Value {part + 1}"


def _difference_of_value(exercise: Exercise, pair: Pair) -> tuple[str, str]:
    """What can be said of a value that is wrong without giving the right one away."""
    tolerance = exercise.tolerance
    rights = pair.right_parts(tolerance)
    if any(isinstance(leaf, str) for leaf in pair.want):
        if others := [
            text for text in _texts(pair.outcome.value) if words(text) not in _choices(exercise)
        ]:
            choices = ", ".join(f'"{text}"' for text in _choices(exercise).values())
            return (
                "wrong value",
                f'"{others[0]}" is none of the answers to choose from. They are {choices}.',
            )
        what = _share(rights) or "That is not the one."
        return "wrong value", f"{what} Take a hint, or read the section again."
    both = list(zip(pair.got, pair.want, strict=True))
    if all(same(-got.astype(float), want, tolerance) for got, want in both):
        return "wrong sign", "The sign is wrong."
    if all(g.size == w.size and same(g.ravel(), w.ravel(), tolerance) for g, w in both):
        return "wrong shape", "The number is right. Give it alone, not in a list or an array."
    if len(both) > 1 and _are_numbers(pair.got + pair.want):
        got, want = (np.sort(np.array(part, dtype=float)) for part in (pair.got, pair.want))
        if same(got, want, tolerance):
            return "transposed", "These are the right numbers in the wrong order."
    if all(want.dtype.kind == "f" and same(got, want, 0.02) for got, want in both):
        return "wrong value", "That is close, but not close enough. Keep more digits on the way."
    what = _share(rights) or "That is not it."
    return "wrong value", f"{what} Take a hint, or compute it in a cell."


ORDINALS = "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"


def _share(rights: list[bool]) -> str:
    """How many parts of an answer are right, and which."""
    if not any(rights):
        return ""
    which = [f"the {name}" for name, right in zip(ORDINALS, rights, strict=False) if right]
    verb = "is" if len(which) == 1 else "are"
    listed = " and ".join(filter(None, [", ".join(which[:-1]), *which[-1:]]))
    return f"{sum(rights)} of {len(rights)} {verb} right: {listed}."


def _choices(exercise: Exercise) -> dict[str, str]:
    """The texts that can be an answer, each as it is compared and as it is written."""
    answers = [exercise.answer, *exercise.mistakes.values()]
    texts = sorted({text for answer in answers for text in _texts(answer)})
    return {words(text): text for text in texts}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return (
        [text for part in value for text in _texts(part)] if isinstance(value, tuple | list) else []
    )
