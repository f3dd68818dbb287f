"""An exercise judges an answer by what it computes, and names the mistake that it makes."""

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlib.exercises import _record
from nnlib.exercises._cards import Card, Solution, Verdict
from nnlib.exercises._diagnosis import diagnose, kind, leaves, same
from nnlib.exercises._running import (
    Outcome,
    Stopped,
    explain,
    nothing_returned,
    own_line,
    parameters,
    run,
    signature_problem,
)

TIME_LIMIT = 5.0


@dataclass(frozen=True, repr=False)
class Exercise:
    """One task. :func:`exercise` makes it from the solution; readers call the methods.

    The answer is a function where the solution takes arguments, and a value where it takes
    none. ``observe`` is for values with more than one right answer, such as weights: it
    says what the value, written in the given ``form``, does in each case, and that is compared.
    """

    solve: Callable
    hints: tuple[str, ...]
    mistakes: dict[str, Any]
    cases: tuple[tuple, ...] = ((),)
    start: Callable | None = None
    observe: Callable | None = None
    form: str = ""
    tolerance: float = 1e-6
    silent: bool = False
    _next_hint: list[int] = field(default_factory=lambda: [0])

    @property
    def name(self) -> str:
        return self.solve.__name__

    @property
    def chapter(self) -> str:
        return self.solve.__module__.rpartition(".")[2]

    @property
    def wants_function(self) -> bool:
        return bool(inspect.signature(self.solve).parameters)

    def __repr__(self) -> str:
        return f"Exercise {self.name}: .check(answer), .hint(), .solution()"

    def check(self, answer: Any = ...) -> Verdict:
        """Say whether the answer is right and, if it is not, what is wrong with it."""
        try:
            verdict = self._judge(answer)
        except Exception as error:  # an object that cannot even be looked at
            text = f"The checker cannot read this answer: {type(error).__name__}."
            verdict = self._verdict("wrong type", text)
        if verdict.status != "not attempted":
            _record.save(f"{self.chapter}.{self.name}", done=bool(verdict))
        return verdict

    def hint(self) -> Card:
        """The next hint. Each gives away a little more; after the last, the first again."""
        shown = self._next_hint[0]
        self._next_hint[0] = (shown + 1) % len(self.hints)
        return Card(f"Hint {shown + 1} of {len(self.hints)}", self.hints[shown])

    def solution(self) -> Solution:
        """A right answer, and why the common wrong ones are wrong."""
        wrong = "\n".join(f"- {text}" for text in self.mistakes)
        return Solution(self.name, f"Wrong answers, and what they are:\n\n{wrong}", self.source())

    def source(self) -> str:
        """The solution's own code, without decorator and docstring."""
        lines = textwrap.dedent(inspect.getsource(self.solve)).splitlines()
        function = ast.parse("\n".join(lines)).body[0]
        docstring = function.body[0]
        if not ast.get_docstring(function):
            return "\n".join(lines[function.lineno - 1 :])
        above = lines[function.lineno - 1 : docstring.lineno - 1]
        return "\n".join(above + lines[docstring.end_lineno :])

    def _judge(self, answer: Any) -> Verdict:
        """The ladder: from what cannot be compared, through what has a name, to numbers."""
        if _is_left_open(answer):
            return self._not_attempted()
        if callable(answer) != self.wants_function:
            return self._verdict("wrong type", self._wrong_kind(answer))
        if self.wants_function and (problem := signature_problem(answer, self._parameters())):
            return self._verdict("raised", problem)

        outcomes = self._outcomes(answer)
        right = self._outcomes(self.solve if self.wants_function else self.solve())
        if isinstance(outcomes[0].error, NotImplementedError):
            return self._not_attempted()
        if self.start and self._alike(outcomes, self._outcomes(self.start)):
            message = "It still does what the given code does. Where does that go wrong?"
            return self._verdict("not attempted", message)
        for case, outcome, want in zip(self.cases, outcomes, right, strict=False):
            if trouble := self._trouble(outcome, want, answer):
                comparable = trouble[0] in ("raised", "wrong type")
                known = self._known_mistake(outcomes) if comparable else ""
                status, message = ("known mistake", known) if known else trouble
                return self._verdict(status, message, self._call(answer, case))

        wrong = [
            i for i, pair in enumerate(zip(outcomes, right, strict=True)) if self._differ(*pair)
        ]
        if not wrong:
            return self._correct(outcomes)
        call = self._call(answer, self.cases[wrong[0]])
        if known := self._known_mistake(outcomes):
            return self._verdict("known mistake", known, call)
        return self._verdict(*self._diagnose(outcomes, right), call)

    def _outcomes(self, answer: Any) -> list[Outcome]:
        if self.wants_function:
            return run(answer, self.cases, limit=TIME_LIMIT)
        observe = functools.partial(self.observe or (lambda value: value), answer)
        return run(observe, self.cases, limit=TIME_LIMIT)

    def _trouble(self, outcome: Outcome, want: Outcome, answer: Any) -> tuple[str, str] | None:
        """What makes an outcome impossible to compare with the right one."""
        error = outcome.error
        if isinstance(error, Stopped):
            return "too slow", f"Stopped after {TIME_LIMIT:.0f} seconds. Does a loop ever end?"
        if error is not None and not self.wants_function:
            return "wrong type", f"Answer in the form {self.form}."
        if error is not None:
            where = own_line(error, answer)
            return "raised", "\n".join(filter(None, [explain(error), where]))
        if outcome.value is None and self.wants_function:
            return "returned None", nothing_returned(answer)
        if outcome.value is None:
            return "wrong type", "The answer is None. (print shows a number, and returns None.)"
        try:
            leaves(outcome.value, want.value)
        except TypeError as problem:
            return "wrong type", str(problem)
        if outcome.changed and not want.changed:
            return (
                "changed its argument",
                f"The call changed {outcome.changed}, which belongs to the caller. "
                "+=, pop, append and z[i] = ... write into the object itself: make a new one.",
            )
        return None

    def _differ(self, got: Outcome, want: Outcome) -> bool:
        return (self.silent and bool(got.warnings)) or not self._agree(got.value, want.value)

    def _agree(self, value: Any, other: Any) -> bool:
        pairs = zip(leaves(value, other), leaves(other, other), strict=True)
        return all(same(one, two, self.tolerance) for one, two in pairs)

    def _alike(self, outcomes: list[Outcome], others: list[Outcome]) -> bool:
        """Whether two answers did the same in every case, errors and warnings included."""
        return len(outcomes) == len(others) and all(map(self._same_deed, outcomes, others))

    def _same_deed(self, one: Outcome, other: Outcome) -> bool:
        if one.error is not None and other.error is not None:
            return explain(one.error) == explain(other.error)
        if one.error is not None or other.error is not None:
            return False
        if self.silent and one.warnings != other.warnings:
            return False
        try:
            return self._agree(one.value, other.value)
        except TypeError:
            return False

    def _known_mistake(self, outcomes: list[Outcome]) -> str:
        matches = (
            text
            for text, mistake in self.mistakes.items()
            if self._alike(outcomes, self._outcomes(mistake))
        )
        return next(matches, "")

    def _diagnose(self, outcomes: list[Outcome], right: list[Outcome]) -> tuple[str, str]:
        want = [leaves(outcome.value, outcome.value) for outcome in right]
        got = [leaves(g.value, w.value) for g, w in zip(outcomes, right, strict=True)]
        n_parts = max(map(len, want))  # a case may have fewer
        parts = [
            [
                (g[i], w[i], dict(zip(self._parameters(), case, strict=False)))
                for g, w, case in zip(got, want, self.cases, strict=True)
                if i < len(w)
            ]
            for i in range(n_parts)
        ]
        wrong = [
            i
            for i, pairs in enumerate(parts)
            if not all(same(g, w, self.tolerance) for g, w, _ in pairs)
        ]
        if not wrong:
            kinds = sorted(set().union(*(outcome.warnings for outcome in outcomes)))
            return "warned", f"The numbers are right, but NumPy warned: {', '.join(kinds)}."
        part = wrong[0]
        of_part, right_of_part, named = zip(*parts[part], strict=True)
        if isinstance(right_of_part[0], str):
            return "wrong value", "That is not the one. Take a hint, or read the section again."
        if not self.wants_function and not self.observe:
            return self._diagnose_value(got[0], want[0])
        status, message = diagnose(of_part, right_of_part, named, self.tolerance)
        return status, message if n_parts == 1 else f"Value {part + 1}: {message}"

    def _diagnose_value(self, got: list, want: list) -> tuple[str, str]:
        if any(isinstance(leaf, str) for leaf in want):
            return "wrong value", "That is not it. Take a hint, or read the section again."
        got, want = ([np.asarray(x, dtype=float) for x in values] for values in (got, want))
        pairs = list(zip(got, want, strict=True))

        def right(one, other) -> bool:
            return same(one, other, self.tolerance)

        if all(map(right, got[::-1], want)):
            return "transposed", "These are the right numbers in the wrong order."
        if all(map(right, [-g for g in got], want)):
            return "wrong sign", "The sign is wrong."
        if all(g.size == w.size and right(g.ravel(), w.ravel()) for g, w in pairs):
            return "wrong shape", "The number is right. Give it alone, not in a list or an array."
        marks = ["right" if right(g, w) else "wrong" for g, w in pairs]
        detail = f" Of the {len(marks)} numbers: {', '.join(marks)}." if "right" in marks else ""
        return "wrong value", f"That is not it.{detail} Take a hint, or compute it in a cell."

    def _parameters(self) -> list[str]:
        if self.wants_function:
            return parameters(self.solve, len(self.cases[0]))
        return parameters(self.observe, len(self.cases[0]) + 1)[1:] if self.observe else []

    def _wrong_kind(self, answer: Any) -> str:
        if self.wants_function:
            return f"check needs the function itself, without brackets, and it got {kind(answer)}."
        return "check needs the value, and it got a function. Call it first."

    def _not_attempted(self) -> Verdict:
        todo = "raise NotImplementedError" if self.wants_function else "..."
        return self._verdict("not attempted", f"Replace {todo} and run the cell again.")

    def _correct(self, outcomes: list[Outcome]) -> Verdict:
        count = {1: "", 2: " in both cases"}.get(len(outcomes), f" in all {len(outcomes)} cases")
        cases = f"Right{count}."
        warnings = sorted(set().union(*(outcome.warnings for outcome in outcomes)))
        noise = f" NumPy warned on the way: {', '.join(warnings)}." if warnings else ""
        return self._verdict("correct", cases + noise)

    def _verdict(self, status: str, message: str, call: str = "") -> Verdict:
        mark = {"correct": "✓", "not attempted": "○"}.get(status, "✗")
        state = "" if call else f": {status}"
        return Verdict(f"{mark} {call or self.name}{state}", message, status)

    def _call(self, answer: Any, case: tuple) -> str:
        if self.wants_function:
            return f"{self.name}({', '.join(map(_show, case))})"
        inputs = ", ".join(
            f"{name} = {_show(value)}" for name, value in zip(self._parameters(), case, strict=True)
        )
        return f"{self.name}: {_show(answer)}" + (f", with {inputs}" if inputs else "")


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


def exercise(**details: Any) -> Callable[[Callable], Exercise]:
    """Make an :class:`Exercise` from a function that is its solution."""
    return lambda solve: Exercise(solve, **details)
