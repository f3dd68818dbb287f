"""Chapter 3: a loss says how wrong a model is, and its gradient which way is less wrong."""

import math
from collections.abc import Callable

import numpy as np

from nnlib.shapes import Array, ShapeError, as_floats, as_indices, caller, expect_shape


def mean_squared_error(y, target):
    """Mean over examples of the sum of squared differences over the outputs.

    Parameters
    ----------
    y : array_like of shape (..., K)
        Outputs of the model; outputs on the last axis, examples on all axes before it.
    target : array_like of the same shape
        What the outputs should have been.

    Returns
    -------
    loss : float
        0 for a model that is always right; never negative.
    dy : ndarray of shape (..., K)
        Gradient of the loss: ``2 (y - target) / N`` for N examples.

    Raises
    ------
    ShapeError
        If the shapes differ. Shapes that would broadcast are refused too.

    References
    ----------
    Nielsen 2015, equation 6, without its factor 1/2.

    Examples
    --------
    >>> loss, dy = mean_squared_error([[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 2.0]])
    >>> loss
    2.5
    >>> dy
    array([[ 1.,  0.],
           [ 0., -2.]])
    """
    y, target = as_floats(y=y, target=target)
    expect_shape(y, (..., "K"), name="y")
    expect_shape(target, y.shape, name="target", y=y)
    n_examples = _count_examples(y.shape[:-1])
    difference = y - target
    loss = float(np.vdot(difference, difference)) / n_examples
    return loss, difference * (2 / n_examples)


def cross_entropy(logits, targets):
    """Mean negative log-probability of the target class, in nats.

    Parameters
    ----------
    logits : array_like of shape (..., V)
        Unnormalised scores.
    targets : array_like of int of shape (...)
        The index of the right class.

    Returns
    -------
    loss : float
        ``log(V)`` for a model that knows nothing; 0 for a model that is always right.
    dlogits : ndarray of shape (..., V)
        Gradient of the loss: (probabilities - one_hot(targets)) / number of targets.

    Raises
    ------
    ShapeError
        If ``logits`` is not ``targets`` with one more axis.
    ValueError
        If a target is not the index of a class.

    References
    ----------
    Goodfellow et al. 2016, section 6.2.2.3.

    Examples
    --------
    >>> loss, dlogits = cross_entropy(np.zeros((2, 4)), [0, 3])
    >>> round(loss, 4)
    1.3863
    >>> dlogits
    array([[-0.375,  0.125,  0.125,  0.125],
           [ 0.125,  0.125,  0.125, -0.375]])
    """
    (logits,) = as_floats(logits=logits)
    expect_shape(logits, (..., "V"), name="logits")
    targets = _as_classes(targets, logits.shape[-1])
    if targets.shape != logits.shape[:-1]:
        raise ShapeError(
            f"cross_entropy: targets has shape {targets.shape}, expected {logits.shape[:-1]}: "
            f"one class for each row of logits {logits.shape}. Are the targets one-hot?"
        )
    n_targets = _count_examples(targets.shape)
    right = np.arange(n_targets), targets.ravel()
    with np.errstate(over="ignore", under="ignore"):
        shifted = logits.reshape(n_targets, -1) - logits.max(axis=-1).reshape(n_targets, 1)
        dlogits = np.exp(shifted)
        total = dlogits.sum(axis=-1, keepdims=True)
        dlogits /= total  # the probabilities, as in softmax
    loss = float(np.log(total).sum() - shifted[right].sum()) / n_targets
    dlogits[right] -= 1
    dlogits /= n_targets
    return loss, dlogits.reshape(logits.shape)


def one_hot(targets, n_classes: int):
    """Rows of zeros with a single 1 at the target class.

    Parameters
    ----------
    targets : array_like of int of shape (...)
        The index of the right class.
    n_classes : int
        The number of classes.

    Returns
    -------
    ndarray of shape (..., n_classes)

    Examples
    --------
    >>> one_hot([2, 0], n_classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return np.eye(n_classes)[_as_classes(targets, n_classes)]


def accuracy(logits, targets) -> float:
    """The share of examples whose highest score is that of the target class.

    Parameters
    ----------
    logits : array_like of shape (..., V)
        Scores or probabilities.
    targets : array_like of int of shape (...)
        The index of the right class.

    Examples
    --------
    >>> accuracy([[2.0, 1.0], [0.0, 3.0]], [0, 0])
    0.5
    """
    (logits,) = as_floats(logits=logits)
    expect_shape(logits, (..., "V"), name="logits")
    targets = _as_classes(targets, logits.shape[-1])
    expect_shape(targets, logits.shape[:-1], name="targets")
    _count_examples(targets.shape)
    return float(np.mean(logits.argmax(axis=-1) == targets))


def numerical_gradient(f: Callable, x, h: float = 1e-5):
    """The gradient of ``f`` at ``x`` by central differences, two calls for each element.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``x`` and returns one number.
    x : array_like of any shape
        Where to take the gradient. It is not changed.
    h : float
        How far to step to either side.

    Returns
    -------
    ndarray of the shape of ``x``
        ``(f(x + h) - f(x - h)) / (2 h)`` for each element on its own.

    References
    ----------
    Press et al. 2007, section 5.7.

    Examples
    --------
    >>> numerical_gradient(lambda x: x[0] ** 2 * x[1], [3.0, 2.0]).round(6)
    array([12.,  9.])
    """
    (x,) = as_floats(x=x)
    x = x.astype(np.float64)  # a copy, to step in; float32 has too few digits for differences
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        here = x[index]
        x[index] = here + h
        above = f(x)
        x[index] = here - h
        below = f(x)
        x[index] = here
        gradient[index] = (above - below) / (2 * h)
    return gradient


def gradient_descent(gradient: Callable, start, *, lr: float, steps: int):
    """Walk downhill: ``x - lr * gradient(x)``, again and again.

    Parameters
    ----------
    gradient : callable
        Takes a point and returns the gradient there, of the same shape.
    start : array_like of any shape
        The first point.
    lr : float
        The learning rate.
    steps : int
        How many steps to take.

    Returns
    -------
    path : ndarray of shape (steps + 1, ...)
        Every point on the way, the first one included.

    Examples
    --------
    >>> gradient_descent(lambda x: 2 * x, 1.0, lr=0.25, steps=3)
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    (x,) = as_floats(start=start)
    path = [x]
    for _ in range(steps):
        slope = np.asarray(gradient(x))
        expect_shape(slope, x.shape, name="the gradient")
        x = x - lr * slope
        path.append(x)
    return np.array(path)


def _as_classes(targets: object, n_classes: int) -> Array:
    return as_indices(targets, n_classes, name="targets", what="class", source="data set")


def _count_examples(axes: tuple[int, ...]) -> int:
    n_examples = math.prod(axes)
    if n_examples == 0:
        raise ShapeError(
            f"{caller()}: there is no example to take a mean over, the axes are {axes}."
        )
    return n_examples
