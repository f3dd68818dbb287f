"""Call a reader's function so that nothing it does can hurt the notebook."""

import copy
import dis
import inspect
import linecache
import re
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np

from nnlib.exercises import _watch
from nnlib.exercises._diagnosis import settle
from nnlib.exercises._limit import Stopped, within


@dataclass(frozen=True)
class Outcome:
    """What one call did: the value or the error, and what it left behind."""

    value: Any = None
    error: BaseException | None = None
    changed: str = ""
    warnings: frozenset[str] = frozenset()


def run(
    function: Callable, cases: Sequence[tuple], *, limit: float, silent: bool = False
) -> list[Outcome]:
    """One outcome for each case; if the time limit (in seconds) ends the run, fewer."""
    outcomes: list[Outcome] = []
    deadline = time.monotonic() + limit

    def work() -> None:
        for case in cases:
            outcome = call(function, case, catch=BaseException, silent=silent)
            if time.monotonic() > deadline:
                break
            outcomes.append(outcome)

    within(work, limit)
    return outcomes if len(outcomes) == len(cases) else [*outcomes, Outcome(error=Stopped())]


def call(
    function: Callable,
    case: tuple,
    *,
    catch: type[BaseException] = Exception,
    silent: bool = False,
) -> Outcome:
    """What one call does, in the thread in which it is made.

    Where NumPy must not warn, it is ``silent``, and warnings are seen on every machine.
    """
    warnings = set()
    try:
        given = copy.deepcopy(case)
        with np.errstate(all="call", under="ignore", call=lambda kind, _: warnings.add(kind)):
            value = settle(function(*given))
            if silent and not _watch.HAS_FLAGS:
                _watch.repeat(function, case)
        changed = _changed(function, case, given)
    except catch as error:  # whatever it is, the reader is told and the notebook goes on
        return Outcome(error=error)
    return Outcome(value, changed=changed, warnings=frozenset(warnings))


def _changed(function: Callable, before: tuple, after: tuple) -> str:
    pairs = enumerate(zip(before, after, strict=True))
    changed = next((i for i, (old, new) in pairs if not _equal(old, new)), None)
    return "" if changed is None else parameters(function, len(before))[changed]


def _equal(old: Any, new: Any) -> bool:
    if type(old) is not type(new):
        return False
    if isinstance(old, np.ndarray):
        return old.shape == new.shape and old.tobytes() == new.tobytes()
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(map(_equal, old, new))
    return old is new or not isinstance(old, int | float | str) or old == new


def parameters(function: Callable, count: int) -> list[str]:
    """The names of the first arguments, as the function's author calls them."""
    try:
        names = list(inspect.signature(function).parameters)
    except Exception:  # a callable may answer for its signature with anything
        names = []
    return [*names[:count], *(f"argument {i + 1}" for i in range(len(names), count))]


def signature_problem(function: Callable, wanted: list[str]) -> str:
    """Why the function cannot take these arguments, or nothing if it can."""
    try:
        takes = inspect.signature(function)
        text = str(takes)
    except Exception:
        return ""
    try:
        takes.bind(*wanted)
    except TypeError:
        return f"Your function takes {text}, and the arguments are ({', '.join(wanted)})."
    names = list(takes.parameters)[: len(wanted)]
    if names != wanted and sorted(names) == sorted(wanted):
        return (
            f"The arguments come in the order ({', '.join(wanted)}), "
            f"and your function takes them as ({', '.join(names)})."
        )
    return ""


def explain(error: BaseException) -> str:
    """The error's own text, or what it means where that is hard to read."""
    try:
        text = str(error)
    except Exception:
        return type(error).__name__
    for pattern, meaning in MEANINGS.items():
        if found := re.search(pattern, text, re.DOTALL):
            return meaning.format(*found.groups())
    return f"{type(error).__name__}: {text}"


MEANINGS = {
    r"^matmul: Input operand [01] does not have enough dimensions": (
        "One side of this @ is a single number. @ needs arrays; numbers are multiplied with *."
    ),
    r"^matmul: .*size (\d+) is different from (\d+)": (
        "The factors of this product do not fit: the last axis of the left one has length {1}, "
        "and the number of rows of the right one is {0}."
    ),
    r"^shapes .* not aligned: (\d+) .* != (\d+)": (
        "The factors of this product do not fit: the last axis of the left one has length {0}, "
        "and the number of rows of the right one is {1}."
    ),
    r"could not be broadcast together with shapes (\(.*?\)) (\(.*?\))": (
        "Arrays of shape {0} and {1} do not fit together, element by element."
    ),
    r"^non-broadcastable output operand with shape (\(.*?\)) .* shape (\(.*?\))": (
        "+= and its like keep the shape of the array on the left, {0}. "
        "What is added makes it {1}: write a = a + b."
    ),
    r"^could not broadcast input array from shape (\(.*?\)) into shape (\(.*?\))": (
        "An array of shape {0} does not fit into a place of shape {1}."
    ),
    r"^setting an array element with a sequence": (
        "A place for one number got several, or the rows of an array have different lengths."
    ),
    r"^index (-?\d+) is out of bounds for axis (\d+) with size (\d+)": (
        "There is no index {0} on axis {1}: its length is {2}, and counting begins at 0. "
        "Are two indices exchanged, or does a loop run over another length?"
    ),
    r"^(list|tuple) index out of range": (
        "There is no such index: the {0} is shorter. Counting begins at 0."
    ),
    r"^too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed": (
        "There are {1} indices, and the array's number of axes, a.ndim, is {0}."
    ),
    r"^invalid index to scalar|'(?:numpy\.)?(?:float|int)\w*' object is not subscriptable": (
        "A single number got an index in square brackets."
    ),
    r"axis (\d+) is out of bounds for array of dimension (\d+)": (
        "There is no axis {0}: the array has {1} in all, and counting begins at 0."
    ),
    r"^cannot reshape array of size (\d+) into shape (\(.*?\))": (
        "{0} numbers cannot be laid out in the shape {1}."
    ),
    r"index 0 has (\d+) dimension\(s\) and the array at index \d+ has (\d+) dimension": (
        "Arrays that are joined need equally many axes; the first has {0}, another has {1}. "
        "b[:, None] makes a column of b, and b[None] a row."
    ),
    r"along dimension (\d+), the array at index 0 has size (\d+) and .* has size (\d+)": (
        "The arrays that are joined have different lengths along axis {0}: {1} and {2}."
    ),
    r"^'numpy.ndarray' object is not callable": (
        "An array is followed by round brackets, as if it were a function. "
        "Indices stand in square brackets, and a product needs its *."
    ),
    r"^'(?:numpy\.)?(?:float|int)\w*' object is not iterable": (
        "A loop, or a function that goes through a list, got a single number."
    ),
    r"^Cannot interpret '\d+' as a data type": (
        "A shape stands in brackets of its own: np.zeros((3, 5)), not np.zeros(3, 5)."
    ),
    r"bitwise_xor|^unsupported operand type\(s\) for \^:": (
        "^ makes no power in Python: the square of d is d**2."
    ),
    r"^unsupported operand type\(s\) for .*'list'|not supported between instances of .*'list'": (
        "Arithmetic and comparisons do not go through a list element by element. "
        "np.array makes an array of it, and they do."
    ),
    r"^'numpy.ndarray' object has no attribute 'append'": (
        "An array cannot grow: append to a list, and make an array of it at the end."
    ),
    r"^not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)": (
        "There are {0} names to fill, before = or after for, and the number of values is {1}."
    ),
    r"^too many values to unpack \(expected (\d+)": (
        "There are more values than the {0} names to fill, before = or after for."
    ),
    r"^list indices must be integers|^only integers, slices|be interpreted as an integer": (
        "An index or a count must be a whole number: // divides without a rest, and int cuts."
    ),
    r"^name '(.*?)' is not defined": (
        "There is no {0}. Is it spelt like that, and made or imported before the answer?"
    ),
    r"^cannot access local variable '(.*?)'": "{0} is used before it has a value.",
    r"truth value of an array with more than one element": (
        "if, and, or, max and min ask one question about a whole array. "
        "np.where, np.maximum and np.minimum ask it for each element."
    ),
    r"only (?:0-dimensional|length-1|size-1) arrays can be converted": (
        "This function takes a single number, and it got an array. "
        "NumPy's functions, such as np.exp, take arrays."
    ),
    r"^only integer scalar arrays can be converted": (
        "An array stands where one whole number belongs, as in a slice or as the index of a list."
    ),
    r"^zero-size array to reduction operation (max|min)imum": (
        "There is no {0}imum of an array without numbers."
    ),
    r"^'(list|tuple)' object has no attribute '(.*?)'": (
        "A {0} has no {1}. np.array makes an array of it, and len says how long it is."
    ),
    r"^raw_input was called|^EOF when reading a line|^pytest: reading from stdin": (
        "input() waits for somebody to type, and nobody will. Use the arguments instead."
    ),
}


def unfinished(error: BaseException, answer: Callable) -> str:
    """Which function is not written yet, or nothing if it is the first of the answer itself."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    name = frame.f_code.co_name
    return name if frame.f_code not in _codes(answer) or name == "backward" else ""


def nothing_returned(answer: Callable) -> str:
    """Why the result is None: no return was reached, or what stands after it gives None."""
    steps = [step for code in _codes(answer) for step in dis.get_instructions(code)]
    before = [None, *(step.argval if step.opname == "LOAD_CONST" else step for step in steps)]
    if any(
        (step.opname == "RETURN_VALUE" and value is not None)
        or (step.opname == "RETURN_CONST" and step.argval is not None)
        for step, value in zip(steps, before, strict=False)
    ):
        return (
            "The result is None: either no return was reached, or what stands after it gives None. "
            "np.add.at, append, sort and print do their work and return None; call them on a line "
            "of their own, and return what they changed."
        )
    return "It ended without a return, so the result is None."


def own_line(error: BaseException, answer: Callable) -> str:
    """The line of the reader's own code at which the error was raised."""
    files = {code.co_filename for code in _codes(answer)}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename in files:
            text = linecache.getline(frame.filename, frame.lineno or 0).strip()
            return f"line {frame.lineno}: {text}" if text else f"line {frame.lineno}"
    return ""


def _codes(answer: Callable) -> list[CodeType]:
    """The reader's code: that of a function, or of the methods of a class."""
    try:
        if isinstance(answer, type):
            methods = vars(answer).values()
            return [method.__code__ for method in methods if hasattr(method, "__code__")]
        called = answer if hasattr(answer, "__code__") else type(answer).__call__
        return [inspect.unwrap(called).__code__]
    except Exception:  # whatever it is, it has no code to look at
        return []
