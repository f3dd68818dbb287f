"""What the checkers say of every answer that the book knows."""

from typing import Any

from nnlib.exercises import exercises
from nnlib.exercises._exercise import Exercise
from nnlib.exercises._judge import judge


def verdicts(chapter: str) -> dict[str, dict[str, list[str]]]:
    """For each exercise of a chapter and each known answer to it: status and message."""
    return {
        name: {case: _verdict(one, answer) for case, answer in answers(one).items()}
        for name, one in exercises(chapter).items()
    }


def answers(one: Exercise) -> dict[str, Any]:
    """The solution, the code to repair if there is any, and every mistake."""
    start = {"start": one.start} if one.start else {}
    return {"solution": one.answer, **start, **one.mistakes}


def _verdict(one: Exercise, answer: Any) -> list[str]:
    verdict = judge(one, answer)
    return [verdict.status, verdict.message]
