"""Turn input into arrays, and say clearly when an array has the wrong shape."""

from collections.abc import Callable
from types import EllipsisType

import numpy as np

Shape = tuple[int | str | EllipsisType, ...]
FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}


class ShapeError(ValueError):
    """An array has a shape that the computation cannot use."""


def as_floats(where: str, **values: object) -> tuple[np.ndarray, ...]:
    """The values as floating-point arrays of one dtype, in the order given.

    Arrays of floats keep their precision. Python numbers, lists and integers have none of
    their own: they take the widest of the others, or float64 where there is no other.

    Parameters
    ----------
    where : str
        The caller, for the error message.
    **values : array_like
        Each value under the name that the reader knows it by.

    Raises
    ------
    ShapeError
        If nested lists are not rectangular.
    ValueError
        If a value is not made of real numbers.

    Examples
    --------
    >>> x, w = as_floats("demo", x=np.ones(2, dtype=np.float32), w=[1, 2])
    >>> x.dtype, w.dtype
    (dtype('float32'), dtype('float32'))
    """
    dtypes = {getattr(value, "dtype", None) for value in values.values()}
    if len(dtypes) == 1 and dtypes <= FLOATS:
        return tuple(map(np.asarray, values.values()))
    arrays = {name: _as_array(where, name, value) for name, value in values.items()}
    floats = [
        array.dtype
        for name, array in arrays.items()
        if hasattr(values[name], "dtype") and array.dtype.kind == "f"
    ]
    dtype = np.result_type(*floats) if floats else np.float64
    return tuple(array.astype(dtype, copy=False) for array in arrays.values())


def _as_array(where: str, name: str, value: object) -> np.ndarray:
    try:
        array = np.asarray(value)
    except ValueError:
        raise ShapeError(
            f"{where}: {name} is a nested list whose rows differ in length, "
            "expected a rectangular array. Is a number missing in one row?"
        ) from None
    if array.dtype.kind not in "fiub":
        got = f"dtype {array.dtype}" if hasattr(value, "dtype") else f"{value!r:.60}"
        raise ValueError(
            f"{where}: {name} is {got}, expected real numbers. "
            "Text and None must become numbers before they reach a network."
        )
    return array


def expect_shape(array: np.ndarray, shape: Shape, *, name: str, where: str | Callable) -> None:
    """Raise :class:`ShapeError` unless ``array`` has this shape.

    Parameters
    ----------
    array : ndarray
        The array to look at.
    shape : tuple
        An integer stands for exactly that length, a string such as ``"N"`` for any length,
        and ``...`` in front for any number of leading axes.
    name : str
        The array, for the error message.
    where : str or bound method
        Who asks, for the error message. The text of a method is made only when it is needed.

    Examples
    --------
    >>> expect_shape(np.zeros((5, 3)), (..., 3), name="x", where="dense")
    >>> expect_shape(np.zeros((3, 5)), (..., 3), name="x", where="dense")
    Traceback (most recent call last):
        ...
    nnlib.shapes.ShapeError: dense: x has shape (3, 5), expected (..., 3).
    The last axis has length 5 where 3 is needed. The other axis has length 3: did you mean x.T?
    """
    if _fits(array.shape, shape):
        return
    raise ShapeError(
        f"{who(where)}: {name} has shape {array.shape}, expected {_text(shape)}.\n"
        + _cause(array.shape, shape, name)
    )


def who(where: str | Callable) -> str:
    """Who complains, as text: the caller's name, or that of a bound method."""
    return where if isinstance(where, str) else f"{where.__self__}.{where.__name__}"


def _fits(got: tuple[int, ...], shape: Shape) -> bool:
    if shape and shape[0] is ...:
        shape = shape[1:]
        got = got[-len(shape) :] if shape else ()
    if got == shape:
        return True
    if len(got) != len(shape):
        return False
    for length, want in zip(got, shape, strict=True):
        if want != length and not isinstance(want, str):
            return False
    return True


def _cause(got: tuple[int, ...], shape: Shape, name: str) -> str:
    lengths = [want for want in shape if want is not ...]
    if len(got) < len(lengths) or len(got) > len(lengths) == len(shape):
        return f"It has {_axes(len(got))} where {_axes(len(lengths))} must be."
    axis = max(
        i
        for i in range(-len(lengths), 0)
        if not isinstance(lengths[i], str) and lengths[i] != got[i]
    )
    which = "The last axis" if axis == -1 else f"Axis {len(got) + axis}"
    cause = f"{which} has length {got[axis]} where {lengths[axis]} is needed."
    if len(got) == 2 and _fits(got[::-1], shape):
        cause += f" The other axis has length {lengths[axis]}: did you mean {name}.T?"
    return cause


def _text(shape: Shape) -> str:
    axes = ["..." if axis is ... else str(axis) for axis in shape]
    return f"({', '.join(axes)}{',' * (len(axes) == 1)})"


def _axes(count: int) -> str:
    return {0: "no axis", 1: "one axis", 2: "two axes"}.get(count, f"{count} axes")
