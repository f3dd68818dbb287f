"""Overflow, division by zero and invalid values, seen in the numbers themselves.

NumPy asks the processor whether they happened, and WebAssembly has no answer: there NumPy never
warns. So a call is repeated with arrays that look at what each operation makes of its operands.
The second call tells what NumPy would warn of, and nothing else of it counts.

What NumPy makes of them is watched too, and so are the arrays that an answer makes of its own.
Not seen are numbers outside of arrays that it made with ``float`` or ``np.float64``, overflow
inside ``np.dot``, ``np.outer`` and ``np.einsum``, and what ``astype`` cannot hold.
"""

import contextlib
import copy
import functools
import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy import asarray  # this one makes plain arrays at all times
from numpy.lib.mixins import NDArrayOperatorsMixin

HAS_FLAGS = sys.platform != "emscripten"
MAKERS = (
    *("arange", "array", "asarray", "ascontiguousarray", "empty", "eye", "full", "identity"),
    *("linspace", "ones", "tri", "zeros"),
)
MODES = {"divide by zero": "divide", "overflow": "over", "invalid value": "invalid"}
POLES: dict[np.ufunc, Callable] = {
    **dict.fromkeys((np.divide, np.floor_divide, np.divmod), lambda _, y: y == 0),
    **dict.fromkeys((np.power, np.float_power, np.reciprocal), lambda x, *_: x == 0),
    **dict.fromkeys((np.log, np.log2, np.log10, np.log1p, np.arctanh), lambda _: True),
}
DIVISIONS = np.floor_divide, np.remainder, np.fmod, np.divmod


def repeat(function: Callable, case: tuple) -> None:
    """Call the function again, so that NumPy warns as it does where the processor has flags."""
    silence = io.StringIO()
    with (
        contextlib.redirect_stdout(silence),
        contextlib.redirect_stderr(silence),
        contextlib.suppress(Exception),
        _makers_watched(),
    ):
        function(*watched(copy.deepcopy(case)))


def watched(value: Any) -> Any:
    """The same numbers, which report what happens to them."""
    if type(value) is np.ndarray:
        return value.view(WatchedArray)
    if type(value) is np.float64:
        return WatchedNumber(value)
    return type(value)(map(watched, value)) if type(value) in (list, tuple) else value


def _plain(value: Any) -> Any:
    if isinstance(value, WatchedArray):
        return value.view(np.ndarray)
    if isinstance(value, WatchedNumber):
        return np.float64(value)
    return value


@contextlib.contextmanager
def _makers_watched() -> Iterator[None]:
    makers = {name: getattr(np, name) for name in MAKERS}
    try:
        for name, make in makers.items():
            setattr(np, name, _watching(make))
        yield
    finally:
        for name, make in makers.items():
            setattr(np, name, make)


def _watching(make: Callable) -> Callable:
    return functools.wraps(make)(lambda *given, **named: watched(make(*given, **named)))


def _operate(
    self: Any, ufunc: np.ufunc, method: str, *given: Any, out: tuple = (), **named: Any
) -> Any:
    """Do what NumPy would do, and report what it would have heard from the processor."""
    operands = tuple(map(_plain, given))
    named = {name: _plain(value) for name, value in named.items()}
    places = {"out": tuple(map(_plain, out))} if out else {}
    before = copy.deepcopy(operands) if out or method == "at" else operands
    with np.errstate(all="ignore"):
        result = getattr(ufunc, method)(*operands, **named, **places)
        kinds = _kinds(ufunc, method, before, operands[0] if method == "at" else result, named)
    modes, report = dict(np.geterr()), np.geterrcall()
    for kind in kinds:
        if modes[MODES[kind]] == "call" and callable(report):
            report(kind, 0)
    if out:
        return out if len(out) > 1 else out[0]
    return watched(result)


class WatchedArray(np.ndarray):
    __array_ufunc__ = _operate

    def __array_function__(self, *call: Any) -> Any:
        return watched(super().__array_function__(*call))

    def __getitem__(self, key: Any) -> Any:
        return watched(super().__getitem__(key))


# A number is not changed in place: without __iadd__, Python takes __add__.
OPERATORS = {
    name: it
    for name, it in vars(NDArrayOperatorsMixin).items()
    if callable(it) and (not name.startswith("__i") or name == "__invert__")
}


class WatchedNumber(np.float64):
    """Without the mixin as a base: NumPy reads the dtype off the first one."""

    vars().update(OPERATORS)
    __array_ufunc__ = _operate
    __hash__ = np.float64.__hash__


def _kinds(
    ufunc: np.ufunc, method: str, operands: tuple, result: Any, named: dict[str, Any]
) -> set[str]:
    """What happened, as shown by values that are not finite where the operands are."""
    elementwise = method == "__call__" and ufunc.signature is None
    results = result if isinstance(result, tuple) else (result,)
    if elementwise and ufunc in DIVISIONS and asarray(results[0]).dtype.kind in "iu":
        return {"divide by zero"} if np.any(asarray(operands[1]) == 0) else set()
    asked = named.get("where", True) if elementwise else True
    has_pole = elementwise and ufunc in POLES
    pole = asarray(POLES[ufunc](*map(asarray, operands)) if has_pole else False)
    was_nan, was_infinite = (
        _reached(ufunc, method, [_marked(test, each) for each in operands], named)
        for test in (np.isnan, np.isinf)
    )
    kinds = set()
    for values in results:
        invalid = _marked(np.isnan, values) & ~was_nan & asked
        infinite = _marked(np.isinf, values) & ~was_nan & ~was_infinite & asked
        if np.any(invalid):
            kinds.add("invalid value")
        if np.any(infinite & pole):
            kinds.add("divide by zero")
        if np.any(infinite & ~pole) or (not elementwise and np.any(invalid & ~was_infinite)):
            kinds.add("overflow")
    return kinds


def _marked(test: Callable, values: Any) -> np.ndarray:
    values = asarray(values)
    return test(values) if values.dtype.kind in "fc" else np.zeros_like(values, bool)


def _reached(ufunc: np.ufunc, method: str, marks: list[np.ndarray], named: dict[str, Any]) -> Any:
    """Which results depend on an operand that is marked."""
    if method == "__call__" and ufunc.signature is None:
        return functools.reduce(np.logical_or, marks)
    if method in ("reduce", "accumulate", "outer"):
        kept = {name: named[name] for name in ("axis", "keepdims", "where") if name in named}
        return getattr(np.logical_or, method)(*marks, **kept)
    if ufunc is np.matmul:
        left, right = (mark.astype(float) for mark in marks)
        return (left @ np.ones_like(right) + np.ones_like(left) @ right) > 0
    return np.any([mark.any() for mark in marks])
