"""What an exercise is: its solution, and what is known about the answers to it."""

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable
from typing import Any

from nnlib.exercises import _record
from nnlib.exercises._cards import Card, Solution, Verdict
from nnlib.exercises._judge import judge


class Exercise:
    """One task. :func:`exercise` makes it from the solution; readers call the methods.

    The answer is a function where the solution takes arguments, and a value where it takes
    none. ``observe`` is for values with more than one right answer, such as weights: it
    says what the value, written in the given ``form``, does in each case, and that is compared.
    ``equivalents`` has the single changes of the solution that leave it right, each as the line
    that it becomes, with the reason.
    """

    __slots__ = (
        "_mistakes",
        "_shown",
        "_start",
        "cases",
        "equivalents",
        "form",
        "hints",
        "observe",
        "silent",
        "solve",
        "tolerance",
    )  # an attribute that is misspelt is an error

    def __init__(self, solve: Callable):
        self.solve = solve
        self.cases: tuple[tuple, ...] = ((),)
        self.hints: tuple[str, ...] = ()
        self.mistakes = {}
        self.start = None
        self.observe: Callable | None = None
        self.form = ""
        self.equivalents: dict[str, str] = {}
        self.tolerance = 1e-4
        self.silent = False
        self._shown = 0

    @property
    def name(self) -> str:
        return self.solve.__name__

    @property
    def chapter(self) -> str:
        return self.solve.__module__.rpartition(".")[2]

    @property
    def wants_function(self) -> bool:
        return bool(inspect.signature(self.solve).parameters)

    @property
    def answer(self) -> Any:
        """The right answer."""
        return self._answer(self.solve)

    @property
    def start(self) -> Any:
        """The code that is to be repaired, if there is any."""
        return self._resolved(self._start)

    @start.setter
    def start(self, start: Any) -> None:
        self._start = start

    @property
    def mistakes(self) -> dict[str, Any]:
        """Wrong answers, each under the sentence that corrects it."""
        return {text: self._resolved(mistake) for text, mistake in self._mistakes.items()}

    @mistakes.setter
    def mistakes(self, mistakes: dict[str, Any]) -> None:
        self._mistakes = mistakes

    def __repr__(self) -> str:
        return f"Exercise {self.name}: .check(answer), .hint(), .solution()"

    def check(self, answer: Any = ...) -> Verdict:
        """Say whether the answer is right and, if it is not, what is wrong with it."""
        verdict = judge(self, answer)
        if verdict.status != "not attempted":
            _record.save(f"{self.chapter}.{self.name}", done=bool(verdict))
        return verdict

    def hint(self) -> Card:
        """The next hint. Each gives away a little more; after the last, the first again."""
        number = self._shown % len(self.hints)
        self._shown += 1
        return Card(f"Hint {number + 1} of {len(self.hints)}", self.hints[number])

    def solution(self) -> Solution:
        """A right answer, and why the common wrong ones are wrong."""
        wrong = "\n".join(f"- {text}" for text in self._mistakes)
        return Solution(self.name, self.source(), f"Wrong answers, and what they are:\n\n{wrong}")

    def source(self) -> str:
        """The solution's own code, without decorator and docstring."""
        return _source(self.solve)

    def _answer(self, function: Callable) -> Any:
        return function if self.wants_function else function()

    def _resolved(self, answer: Any) -> Any:
        return self._answer(answer.of(self.solve)) if isinstance(answer, Edit) else answer


class Edit:
    """A wrong answer that is the solution with some of its text replaced, below its first line."""

    def __init__(self, changes: list[tuple[str, str]]):
        self.changes = changes
        self._made: Callable | None = None

    def of(self, solve: Callable) -> Callable:
        """The function that the solution becomes, in the solution's own module."""
        if self._made is None:
            head, colon, body = _source(solve).partition(":\n")
            source = head + colon + self._applied(body, solve.__name__)
            file = f"<{solve.__module__}.{solve.__name__} with {self.changes}>"
            linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
            names: dict[str, Callable] = {}
            exec(compile(source, file, "exec"), solve.__globals__, names)
            self._made = names[solve.__name__]
            self._made.__module__ = solve.__module__
        return self._made

    def _applied(self, body: str, name: str) -> str:
        for old, new in self.changes:
            if (count := body.count(old)) != 1:
                raise ValueError(f"{name}: {old!r} stands {count} times in the solution, not once.")
            body = body.replace(old, new)
        return body


def edit(*texts: str) -> Edit:
    """The solution as somebody got it wrong: ``edit(old, new)``, or several such pairs."""
    return Edit(list(zip(texts[::2], texts[1::2], strict=True)))


def exercise(solve: Callable) -> Exercise:
    """Make an :class:`Exercise` from its solution. All else is assigned to it below."""
    return Exercise(solve)


def _source(function: Callable) -> str:
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    tree = ast.parse("\n".join(lines)).body[0]
    docstring = tree.body[0]
    if not ast.get_docstring(tree):
        return "\n".join(lines[tree.lineno - 1 :])
    above = lines[tree.lineno - 1 : docstring.lineno - 1]
    return "\n".join(above + lines[docstring.end_lineno :])
