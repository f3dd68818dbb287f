"""Call a reader's function so that nothing it does can hurt the notebook."""

import contextlib
import copy
import ctypes
import dis
import inspect
import linecache
import re
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib.exercises._diagnosis import settle


class Stopped(BaseException):
    """Raised inside an answer that takes too long."""


@dataclass(frozen=True)
class Outcome:
    """What one call did: the value or the error, and what it left behind."""

    value: Any = None
    error: BaseException | None = None
    changed: str = ""
    warnings: frozenset[str] = frozenset()


def run(function: Callable, cases: Sequence[tuple], *, limit: float) -> list[Outcome]:
    """One outcome for each case, or fewer if the time limit (in seconds) ended the run.

    The calls happen in a thread of their own, so that an endless loop can be stopped.
    """
    outcomes: list[Outcome] = []
    deadline = time.monotonic() + limit
    finished = False
    lock = threading.Lock()

    def work() -> None:
        nonlocal finished
        with contextlib.suppress(Stopped):  # which may strike between two calls
            for case in cases:
                outcomes.append(call(function, case, catch=BaseException))
                if time.monotonic() > deadline:
                    break
            with lock:
                finished = True

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        thread.join(limit)
    finally:
        for _ in range(10):  # an exception that strikes inside a destructor is lost
            with lock:
                if thread.is_alive() and not finished:
                    _stop(thread)
            thread.join(0.1)
    done = outcomes[: len(cases)]
    if len(done) < len(cases) and not (done and isinstance(done[-1].error, Stopped)):
        done.append(Outcome(error=Stopped()))
    return done


def call(function: Callable, case: tuple, *, catch: type[BaseException] = Exception) -> Outcome:
    """What one call does, in the thread in which it is made."""
    warnings = set()
    try:
        given = copy.deepcopy(case)
        with np.errstate(all="call", under="ignore", call=lambda kind, _: warnings.add(kind)):
            value = settle(function(*given))
        changed = _changed(function, case, given)
    except catch as error:  # whatever it is, the reader is told and the notebook goes on
        return Outcome(error=error)
    return Outcome(value, changed=changed, warnings=frozenset(warnings))


def _changed(function: Callable, before: tuple, after: tuple) -> str:
    names = parameters(function, len(before))
    pairs = zip(names, before, after, strict=True)
    return next((name for name, old, new in pairs if not _equal(old, new)), "")


def _equal(old: Any, new: Any) -> bool:
    if type(old) is not type(new):
        return False
    if isinstance(old, np.ndarray):
        return old.shape == new.shape and old.tobytes() == new.tobytes()
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(map(_equal, old, new))
    return old is new or not isinstance(old, int | float | str) or old == new


def _stop(thread: threading.Thread) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Stopped)
    )


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
    """The error's own text, or what it means where NumPy's text is hard to read."""
    try:
        text = str(error)
    except Exception:
        return type(error).__name__
    for pattern, meaning in MEANINGS.items():
        if found := re.search(pattern, text, re.DOTALL):
            return meaning.format(*found.groups())
    return f"{type(error).__name__}: {text}"


MEANINGS = {
    r"^matmul: .*size (\d+) is different from (\d+)": (
        "The factors of this @ do not fit: the last axis of the left one has length {1}, "
        "and the right one has {0} rows."
    ),
    r"could not be broadcast together with shapes (\(.*?\)) (\(.*?\))": (
        "Arrays of shape {0} and {1} do not fit together, element by element."
    ),
    r"truth value of an array with more than one element": (
        "if, and, or, max and min ask one question about a whole array. "
        "np.where, np.maximum and np.minimum ask it for each element."
    ),
    r"only (?:0-dimensional|length-1|size-1) arrays can be converted": (
        "This function takes a single number, and it got an array. "
        "NumPy's functions, such as np.exp, take arrays."
    ),
}


def nothing_returned(function: Callable) -> str:
    """Why the result is None: no return was reached, or what stands after it gives None."""
    try:
        steps = list(dis.get_instructions(inspect.unwrap(function)))
    except Exception:
        steps = []
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


def own_line(error: BaseException, function: Callable) -> str:
    """The line of the reader's own code at which the error was raised."""
    try:
        called = function if hasattr(function, "__code__") else type(function).__call__
        file = inspect.unwrap(called).__code__.co_filename
    except Exception:
        return ""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == file:
            text = linecache.getline(frame.filename, frame.lineno or 0).strip()
            return f"line {frame.lineno}: {text}" if text else f"line {frame.lineno}"
    return ""
