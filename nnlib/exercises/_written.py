"""An answer as the code that makes it, so that it can be kept, and run again elsewhere."""

import ast
import functools
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

import numpy as np

LONGEST = 10_000  # characters of a value, and elements of an array: nobody types more


def written(name: str, answer: Any) -> dict[str, str]:
    """``{"answer": code}``, and ``call`` where that is not the name; nothing where none is found.

    Before the answer come the functions and plain values of the notebook that it uses.
    """
    try:
        if not callable(answer):
            return {"answer": f"{name} = {_literal(answer)}"}
        called, code = _definition(name, answer)
        used: dict[str, str] = {called: ""}
        _gather(code, _function(answer).__globals__, used)
    except Exception:  # the answer can be any object, and this is a convenience
        return {}
    parts = [*filter(None, used.values()), code]
    return {"answer": "\n\n\n".join(parts)} | ({} if called == name else {"call": called})


def _literal(value: Any) -> str:
    """The value as one would type it."""
    if isinstance(value, np.ndarray) and value.size <= LONGEST:
        return f"np.array({_literal(value.tolist())}, dtype={value.dtype.name!r})"
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) in (list, tuple) and len(value) <= LONGEST:
        inside = ", ".join(map(_literal, value))
        text = f"[{inside}]" if type(value) is list else f"({inside}{',' * (len(value) == 1)})"
        most = 25 * LONGEST  # of elements with all their digits
    elif type(value) in (int, float, complex, bool, str, bytes, type(None)):
        text = repr(value)
        ast.literal_eval(text)  # inf and nan are no literals
        most = LONGEST
    else:
        raise ValueError("nobody types this value")
    if len(text) > most:
        raise ValueError("nobody types this value")
    return text


def _function(made: Callable) -> FunctionType:
    """The function itself, or the first method of a class."""
    methods = vars(made).values() if isinstance(made, type) else [made]
    functions = map(inspect.unwrap, filter(callable, methods))
    return next(function for function in functions if isinstance(function, FunctionType))


def _definition(name: str, made: Callable) -> tuple[str, str]:
    """What a function or class is called, and its code. A lambda gets the name."""
    code = _function(made).__code__
    source = "".join(linecache.getlines(code.co_filename))
    line, called = code.co_firstlineno, made.__name__
    if called == "<lambda>":
        (node,) = (node for node in _nodes(source, ast.Lambda) if node.lineno == line)
        return name, f"{name} = {ast.unparse(node)}"
    spans = {
        _first_line(node): node.end_lineno
        for node in _nodes(source, ast.FunctionDef, ast.ClassDef)
        if node.name == called and _first_line(node) <= line <= node.end_lineno
    }
    first = max(spans)  # the innermost
    return called, textwrap.dedent("\n".join(source.split("\n")[first - 1 : spans[first]]))


def _nodes(source: str, *kinds: type[ast.AST]) -> list[Any]:
    return [node for node in _tree(source) if isinstance(node, kinds)]


@functools.lru_cache(maxsize=8)
def _tree(source: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source)))


def _first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min(part.lineno for part in [node, *node.decorator_list])


def _gather(code: str, known: dict[str, Any], used: dict[str, str]) -> None:
    """Add what stands in the same notebook and is used in the code, and what that uses, first."""
    for name in _names(compile(code, "<answer>", "exec")):
        if name not in known or name in used or name.startswith("__"):
            continue
        used[name] = ""  # it may use itself
        if text := _made_here(name, known):
            _gather(text, known, used)
            del used[name]
            used[name] = text


def _made_here(name: str, known: dict[str, Any]) -> str:
    value = known[name]
    try:
        if not callable(value):
            return f"{name} = {_literal(value)}"
        if value.__module__ != known["__name__"]:
            return ""
        called, code = _definition(name, value)
        return code if called == name else ""
    except Exception:
        return ""


def _names(code: CodeType) -> Iterator[str]:
    """The names of all that a piece of code uses, and of attributes."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
