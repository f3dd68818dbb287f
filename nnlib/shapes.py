"""Turn input into arrays, and say clearly when an array has the wrong shape."""

import sys
from types import EllipsisType, FrameType

import numpy as np

Array = np.ndarray
Shape = tuple[int | str | EllipsisType, ...]
FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}


class ShapeError(ValueError):
    """An array has a shape that the computation cannot use."""


def as_floats(**values: object) -> tuple[Array, ...]:
    """The values as floating-point arrays of one dtype, in the order given.

    Arrays of floats keep their precision. Python numbers, lists and integers have none of
    their own: they take the widest of the others, or float64 where there is no other.

    Parameters
    ----------
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
    >>> x, w = as_floats(x=np.ones(2, dtype=np.float32), w=[1, 2])
    >>> x.dtype, w.dtype
    (dtype('float32'), dtype('float32'))
    """
    dtypes = {getattr(value, "dtype", None) for value in values.values()}
    if len(dtypes) == 1 and dtypes <= FLOATS:
        return tuple(map(np.asarray, values.values()))
    arrays = {name: _as_array(name, value) for name, value in values.items()}
    floats = [
        array.dtype
        for name, array in arrays.items()
        if hasattr(values[name], "dtype") and array.dtype.kind == "f"
    ]
    dtype = np.result_type(*floats) if floats else np.float64
    return tuple(array.astype(dtype, copy=False) for array in arrays.values())


def _as_array(name: str, value: object) -> Array:
    try:
        array = np.asarray(value)
    except ValueError:
        raise ShapeError(
            f"{caller()}: {name} is a nested list whose rows differ in length, "
            "expected a rectangular array. Is a number missing in one row?"
        ) from None
    if array.dtype.kind not in "fiub":
        got = f"dtype {array.dtype}" if hasattr(value, "dtype") else f"{value!r:.60}"
        raise ValueError(
            f"{caller()}: {name} is {got}, expected real numbers. "
            "Text and None must become numbers before they reach a network."
        )
    return array


def as_indices(values: object, n: int, *, name: str, what: str, source: str) -> Array:
    """The values as an array of integers, each of them an index from 0 to ``n - 1``.

    Parameters
    ----------
    values : array_like of int
        Of any shape.
    n : int
        How many things there are to choose from.
    name, what, source : str
        The values, one such thing, and what counts them, for the error message.

    Raises
    ------
    ShapeError
        If nested lists are not rectangular.
    ValueError
        If a value is no integer, or there is nothing at it.

    Examples
    --------
    >>> def decode(ids):
    ...     return as_indices(ids, 3, name="ids", what="token", source="tokenizer")
    >>> decode([[2, 0]])
    array([[2, 0]])
    >>> decode([[3, 0]])
    Traceback (most recent call last):
        ...
    ValueError: decode: there is no token 3, expected 0 to 2. Are the ids of another tokenizer?
    """
    try:
        indices = np.asarray(values)
    except ValueError:
        raise ShapeError(
            f"{caller()}: the {name} are lists of different lengths, expected one length for all. "
            "Cut or fill up the rows that differ in length."
        ) from None
    if indices.size == 0:
        indices = indices.astype(np.int64)
    if indices.dtype.kind not in "iu":
        cause = "Is it text?" if indices.dtype.kind in "USO" else "Are they scores, or one-hot?"
        raise ValueError(
            f"{caller()}: the {name} have dtype {indices.dtype}, expected int: "
            f"the index of each {what}. {cause}"
        )
    outside = (indices < 0) | (indices >= n)
    if outside.any():
        raise ValueError(
            f"{caller()}: there is no {what} {indices[outside][0]}, expected 0 to {n - 1}. "
            f"Are the {name} of another {source}?"
        )
    return indices


def expect_shape(
    array: Array, shape: Shape, *, name: str, where: str | None = None, **given: Array
) -> None:
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
    where : str, optional
        Who asks, for the error message. By default the function that called.
    **given : ndarray
        What the shape follows from, for the error message.

    Examples
    --------
    >>> def dense(x, W):
    ...     expect_shape(x, (..., W.shape[1]), name="x", W=W)
    ...     return x @ W.T
    >>> dense(np.zeros((3, 5)), W=np.zeros((2, 3)))
    Traceback (most recent call last):
        ...
    nnlib.shapes.ShapeError: dense with W (2, 3): x has shape (3, 5), expected (..., 3).
    The last axis has length 5 where 3 is needed. The other axis has length 3: did you mean x.T?
    """
    if array.shape == shape or _fits(array.shape, shape):
        return
    beside = ", ".join(f"{name} {array.shape}" for name, array in given.items())
    raise ShapeError(
        f"{where or caller()}{beside and f' with {beside}'}: "
        f"{name} has shape {array.shape}, expected {_text(shape)}.\n"
        + _cause(array.shape, shape, name)
    )


def caller() -> str:
    """Who complains: the function that called a check, and of a method also its object.

    It is found only when it is needed. Private functions are passed over, and methods that an
    object calls itself: what counts is the call that came from outside.
    """
    frame = sys._getframe(1)
    while frame.f_back and (
        _is_private(frame) or _owner(frame.f_back) is _owner(frame) is not None
    ):
        frame = frame.f_back
    owner, name = _owner(frame), frame.f_code.co_name
    if owner is None:
        return name
    described = type(owner).__repr__ is not object.__repr__
    return f"{owner if described else type(owner).__name__}.{name}"


def _is_private(frame: FrameType) -> bool:
    return frame.f_globals is globals() or frame.f_code.co_name.startswith("_")


def _owner(frame: FrameType) -> object:
    """The object whose method this is, if it is one."""
    return frame.f_locals.get("self")


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
