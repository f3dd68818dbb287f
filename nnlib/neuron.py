"""Chapter 1: a neuron is a weighted sum, a bias and an activation function."""

from collections.abc import Callable

import numpy as np

from nnlib.shapes import as_floats, expect_shape


def weighted_sum(x, w, b):
    """The pre-activation ``z = w · x + b`` of one neuron, for one example or a batch.

    Parameters
    ----------
    x : array_like of shape (..., D)
        Inputs; features on the last axis.
    w : array_like of shape (D,)
        One weight for each input.
    b : float
        The bias. The sum clears zero where ``w · x`` clears ``-b``.

    Returns
    -------
    z : ndarray of shape (...)
        One number for each example; a NumPy scalar for a single example.

    Raises
    ------
    ShapeError
        If the last axis of ``x`` is not as long as ``w``, or ``b`` is not one number.

    References
    ----------
    Rosenblatt 1958; Nielsen 2015, chapter 1, "Perceptrons".

    Examples
    --------
    >>> float(weighted_sum([2.0, 1.0], w=[3.0, -1.0], b=-4.0))
    1.0
    >>> weighted_sum(np.ones((5, 2)), w=[3.0, -1.0], b=-4.0).shape
    (5,)
    """
    x, w, b = as_floats(x=x, w=w, b=b)
    expect_shape(w, ("D",), name="w")
    expect_shape(x, (..., w.size), name="x")
    expect_shape(b, (), name="b")
    return x @ w + b


def step(z):
    """1 where ``z`` is above 0, and 0 elsewhere: the neuron fires or it does not.

    Parameters
    ----------
    z : array_like of any shape
        Pre-activations.

    Returns
    -------
    a : ndarray of the shape of ``z``
        Zeros and ones; NaN stays NaN.

    References
    ----------
    McCulloch and Pitts 1943; Nielsen 2015, equation 1.

    Examples
    --------
    >>> step([-0.1, 0.0, 0.1])
    array([0., 0., 1.])
    """
    (z,) = as_floats(z=z)
    return np.heaviside(z, 0.0)


def sigmoid(z):
    """``1 / (1 + exp(-z))``: a smooth step from 0 to 1, with slope ``a (1 - a)``.

    Parameters
    ----------
    z : array_like of any shape
        Pre-activations.

    Returns
    -------
    a : ndarray of the shape of ``z``
        Strictly between 0 and 1 until the precision of the dtype runs out.

    Notes
    -----
    The exponents below are never positive, so nothing overflows. Numerator and denominator
    are multiplied by ``exp(z)`` where ``z`` is negative.

    References
    ----------
    Nielsen 2015, equation 3.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    (z,) = as_floats(z=z)
    with np.errstate(under="ignore"):
        return np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))


def tanh(z):
    """``(exp(z) - exp(-z)) / (exp(z) + exp(-z))``: from -1 to 1, with slope ``1 - a²``.

    Parameters
    ----------
    z : array_like of any shape
        Pre-activations.

    Returns
    -------
    a : ndarray of the shape of ``z``
        The sigmoid stretched to be centred on zero: ``tanh(z) = 2 sigmoid(2 z) - 1``.

    References
    ----------
    LeCun et al. 1998, section 4.4.

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 1000.0])
    array([-1.,  0.,  1.])
    """
    (z,) = as_floats(z=z)
    return np.tanh(z)


def relu(z):
    """``max(0, z)``: the rectified linear unit.

    Parameters
    ----------
    z : array_like of any shape
        Pre-activations.

    Returns
    -------
    a : ndarray of the shape of ``z``
        ``z`` where it is positive, and 0 elsewhere. The slope at 0 is taken as 0.

    References
    ----------
    Nair and Hinton 2010; Glorot et al. 2011.

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    (z,) = as_floats(z=z)
    return np.maximum(z, 0.0)


def leaky_relu(z, slope=0.01):
    """``z`` where it is positive, and ``slope * z`` elsewhere.

    Parameters
    ----------
    z : array_like of any shape
        Pre-activations.
    slope : float
        Small and positive, so that a silent neuron still passes a little on.

    Returns
    -------
    a : ndarray of the shape of ``z``

    References
    ----------
    Maas et al. 2013.

    Examples
    --------
    >>> leaky_relu([-2.0, 0.0, 3.0], slope=0.25)
    array([-0.5,  0. ,  3. ])
    """
    z, slope = as_floats(z=z, slope=slope)
    expect_shape(slope, (), name="slope")
    return np.maximum(z, 0.0) + slope * np.minimum(z, 0.0)


def neuron(x, w, b, activation: Callable = sigmoid):
    """One neuron: ``a = φ(w · x + b)``.

    Parameters
    ----------
    x : array_like of shape (..., D)
        Inputs; features on the last axis.
    w : array_like of shape (D,)
        One weight for each input.
    b : float
        The bias.
    activation : callable
        φ, applied to each pre-activation.

    Returns
    -------
    a : ndarray of shape (...)
        One activation for each example.

    Raises
    ------
    ShapeError
        As :func:`weighted_sum`.

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> neuron(X, w=[1.0, 1.0], b=-1.5, activation=step)
    array([0., 0., 0., 1.])
    """
    return activation(weighted_sum(x, w, b))
