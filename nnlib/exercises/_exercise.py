"""What an exercise is: its solution, and what is known about the answers to it."""

import ast
import difflib
import functools
import inspect
import linecache
import re
import sys
import textwrap
from collections.abc import Callable
from typing import Any

from nnlib.exercises import _record
from nnlib.exercises._cards import UNCHANGED, Card, Solution, Verdict
from nnlib.exercises._judge import judge
from nnlib.exercises._running import parameters
from nnlib.exercises._written import written


class Exercise:
    """One task. :func:`exercise` makes it from the solution; readers call the methods.

    The answer is a function where the solution takes arguments, and a value where it takes
    none. ``observe`` is for values with more than one right answer, such as weights: it
    says what the value, written in the given ``form``, does in each case, and that is compared.
    A value shows no way to it: its ``reason`` is the argument in words.
    Where many outcomes are right, as of a training, ``accept`` has pairs of a condition and of
    the sentence for an answer that does not meet it; then nothing is compared.
    ``silent`` is for tasks in which NumPy must not warn, and ``in_place = False`` for those in
    which the arguments must stay as they are; elsewhere that is only remarked.
    ``equivalents`` has the single changes of the solution that leave it right, each as the line
    that it becomes, with the reason.
    """

    __slots__ = (
        "_mistakes",
        "_parameters",
        "_shown",
        "_start",
        "accept",
        "cases",
        "equivalents",
        "form",
        "hints",
        "in_place",
        "observe",
        "reason",
        "silent",
        "solve",
        "tolerance",
        "wants",
    )  # an attribute that is misspelt is an error

    def __init__(self, solve: Callable):
        self.solve = solve
        self._parameters = list(inspect.signature(solve).parameters)
        self.wants = "function" if self._parameters else "value"
        self.cases: tuple[tuple, ...] = ((),)
        self.hints: tuple[str, ...] = ()
        self.mistakes = {}
        self.start = None
        self.observe: Callable | None = None
        self.form = ""
        self.reason = ""
        self.accept: tuple[tuple[Callable, str], ...] = ()
        self.equivalents: dict[str, str] = {}
        self.tolerance = 1e-4
        self.silent = False
        self.in_place = True
        self._shown = 0

    @property
    def name(self) -> str:
        return self.solve.__name__

    @property
    def chapter(self) -> str:
        return self.solve.__module__.rpartition(".")[2]

    @property
    def wants_function(self) -> bool:
        return self.wants == "function"

    @property
    def inputs(self) -> list[str]:
        """The names of what each case gives."""
        count = len(self.cases[0])
        if self.wants_function:
            return self._parameters[:count]
        return parameters(self.observe, count + 1)[1:] if self.observe else []

    def part_names(self) -> list[str]:
        """The names of the parts of the answer, where the solution returns several."""
        tree = ast.parse(self.source())
        returns = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
        made = next((value for value in returns if isinstance(value, ast.Tuple | ast.Dict)), None)
        values = getattr(made, "elts", getattr(made, "values", []))
        return [value.id for value in values if isinstance(value, ast.Name)]

    def deed(self, answer: Any) -> Callable:
        """What is called in each case: the answer, or what is to be seen of it."""
        if self.wants_function:
            return answer
        return functools.partial(self.observe or (lambda value: value), answer)

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
        if verdict.status not in UNCHANGED:
            code = written(self.name, answer)
            _record.save(f"{self.chapter}.{self.name}", done=bool(verdict), written=code)
        return verdict

    def hint(self) -> Card:
        """The next hint. Each gives away a little more; after the last, the first again."""
        number = self._shown % len(self.hints)
        self._shown += 1
        return Card(f"Hint {number + 1} of {len(self.hints)}", self.hints[number])

    def solution(self) -> Solution:
        """A right answer, and why the common wrong ones are wrong."""
        wrong = "\n".join(f"- {text}" for text in self._mistakes)
        texts = [self.reason, "Wrong answers, and what they are:", wrong]
        return Solution(self.name, self.source(), "\n\n".join(filter(None, texts)))

    def source(self) -> str:
        """The solution's own code, without decorator and docstring."""
        return _source(self.solve)

    def wrong_code(self) -> dict[str, str]:
        """What each wrong answer looks like, in short: its value, or the lines that matter."""
        return {text: self._short(mistake) for text, mistake in self._mistakes.items()}

    def helpers(self) -> str:
        """The functions of our own that the wrong answers call."""
        known = vars(sys.modules[self.solve.__module__])
        found: dict[str, str] = {}
        texts = list(self.wrong_code().values())
        while texts:
            names = re.findall(r"\b_[a-z]\w*", texts.pop())
            new = {name: known.get(name) for name in names if name not in found}
            found |= {name: _source(made) for name, made in new.items() if inspect.isfunction(made)}
            texts += [found[name] for name in new if name in found]
        return "\n\n".join(reversed(found.values()))

    def _short(self, mistake: Any) -> str:
        if self.wants == "value":
            value = self._resolved(mistake)
            text = f"{value:.6g}" if isinstance(value, float) else repr(value)
            if len(text) < 1000 or not isinstance(mistake, Edit):
                return text
        return mistake.changed(self.solve) if isinstance(mistake, Edit) else _body(mistake)

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
            source = self.source(solve)
            file = f"<{solve.__module__}.{solve.__name__} with {self.changes}>"
            linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
            names: dict[str, Callable] = {}
            exec(compile(source, file, "exec"), vars(sys.modules[solve.__module__]), names)
            self._made = names[solve.__name__]
            self._made.__module__ = solve.__module__
        return self._made

    def source(self, solve: Callable) -> str:
        """What the code of the solution becomes."""
        head, colon, body = _source(solve).partition(":\n")
        return head + colon + self._applied(body, solve.__name__)

    def changed(self, solve: Callable) -> str:
        """The lines that differ from the solution."""
        old, new = _source(solve).splitlines(), self.source(solve).splitlines()
        hunks = [
            textwrap.dedent("\n".join(new[j:end] or [f"# without {old[i].strip()}"]))
            for kind, i, _, j, end in difflib.SequenceMatcher(None, old, new, False).get_opcodes()
            if kind != "equal"
        ]
        return "\n…\n".join(hunks)

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
    (tree,) = ast.parse("\n".join(lines)).body
    assert isinstance(tree, ast.FunctionDef | ast.ClassDef)
    docstring = tree.body[0]
    if not ast.get_docstring(tree):
        return "\n".join(lines[tree.lineno - 1 :])
    above = lines[tree.lineno - 1 : docstring.lineno - 1]
    return "\n".join(above + lines[docstring.end_lineno :])


def _body(function: Callable) -> str:
    """The code of a function below its first line, or that of a lambda behind its colon."""
    if not inspect.isfunction(function) and not inspect.isclass(function):
        return function.__name__  # such as sum or np.tanh
    if inspect.isclass(function) or function.__name__ != "<lambda>":
        return textwrap.dedent(_source(function).partition(":\n")[2])
    lambdas = _lambdas(inspect.getfile(function))
    places = {(line, column) for line, _, column, _ in function.__code__.co_positions()}
    return lambdas[min(place for place in lambdas if place in places)]


@functools.cache
def _lambdas(file: str) -> dict[tuple[int, int], str]:
    """The lambdas of a file, each without its arguments, by the place where that begins."""
    lines = [line.encode() for line in linecache.getlines(file)]
    found = {}
    for node in ast.walk(ast.parse(b"".join(lines))):
        if isinstance(node, ast.Lambda):
            body = node.body
            text = lines[body.lineno - 1 : body.end_lineno]
            text[-1] = text[-1][: body.end_col_offset]
            text[0] = text[0][body.col_offset :]
            place = body.lineno, body.col_offset
            found[place] = inspect.cleandoc(b"".join(text).decode())
    return found
