"""Calls and values, as a reader would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlib.exercises._diagnosis import kind

if TYPE_CHECKING:
    from nnlib.exercises._exercise import Exercise


def show_call(exercise: Exercise, answer: Any, case: tuple) -> str:
    """What went wrong, as a reader would write it."""
    if exercise.wants == "function":
        return f"{exercise.name}({', '.join(map(show, case))})"
    if exercise.wants == "class":
        arguments, x, dy, _ = case
        made = f"{exercise.name}({', '.join(map(show, arguments))})"
        return f"{made}, with x = {show(x)}, dy = {show(dy)}"
    return ", ".join(filter(None, [f"{exercise.name}: {show(answer)}", inputs(exercise, case)]))


def inputs(exercise: Exercise, case: tuple) -> str:
    """What a case gives, with its names, where the answer is not called with it."""
    named = zip(exercise.inputs, case, strict=True)
    text = ", ".join(f"{name} = {show(value)}" for name, value in named)
    return f"with {text}" if text else ""


def show(value: Any) -> str:
    """A value, shortened."""
    try:
        return _text(value)
    except Exception:  # its repr fails, or it contains itself
        return kind(value)


def _text(value: Any, depth: int = 8) -> str:
    if isinstance(value, np.ndarray):
        if value.size > 24:
            return f"array of shape {value.shape}"
        return str((np.round(value, 4) if value.dtype.kind == "f" else value).tolist())
    if isinstance(value, list | tuple):
        parts = [_text(part, depth - 1) for part in value] if depth else ["…"]
        if len(parts) > 24:
            parts = [*parts[:3], f"… ({len(parts)} in all)", parts[-1]]
        inside, comma = ", ".join(parts), "," if len(value) == 1 else ""
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{comma})"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.random.Generator):
        return "rng"
    if callable(value):
        return getattr(value, "__name__", "function")
    return f"{value!r:.60}"
