"""Chapter 2: a layer of neurons is one matrix, and a network is a list of layers."""

import itertools
import operator
from collections.abc import Callable, Sequence

import numpy as np

from nnlib.neuron import sigmoid
from nnlib.shapes import ShapeError, as_floats, expect_shape


def dense(x, W, b):
    """The pre-activations ``z = W x + b`` of a layer, for one example or a batch of rows.

    Parameters
    ----------
    x : array_like of shape (..., D_in)
        Inputs; features on the last axis.
    W : array_like of shape (D_out, D_in)
        Row ``i`` holds the weights of neuron ``i``.
    b : array_like of shape (D_out,)
        One bias for each neuron.

    Returns
    -------
    z : ndarray of shape (..., D_out)

    Raises
    ------
    ShapeError
        If the three shapes do not belong together.

    References
    ----------
    Goodfellow et al. 2016, section 6.1.

    Examples
    --------
    >>> dense(np.ones((5, 3)), W=np.ones((2, 3)), b=np.zeros(2)).shape
    (5, 2)
    """
    x, W, b = as_floats(x=x, W=W, b=b)
    expect_shape(W, ("D_out", "D_in"), name="W")
    d_out, d_in = W.shape
    expect_shape(b, (d_out,), name="b", W=W)
    expect_shape(x, (..., d_in), name="x", W=W)
    return x @ W.T + b


def forward(x, layers: Sequence[tuple], activation: Callable = sigmoid):
    """The output of a network: each layer's activations are the next layer's inputs.

    Parameters
    ----------
    x : array_like of shape (..., D_in)
        Inputs of the first layer.
    layers : sequence of (W, b)
        The weights and biases of each layer, in order.
    activation : callable
        φ, applied element by element after every layer.

    Returns
    -------
    a : ndarray of shape (..., D_out)
        Activations of the last layer.

    Raises
    ------
    ShapeError
        If a layer does not accept what the layer before it gives; names the layer.
    ValueError
        If a layer is not a pair of numeric arrays; names the layer.

    Examples
    --------
    >>> layers = [(np.ones((4, 3)), np.zeros(4)), (np.ones((2, 4)), np.zeros(2))]
    >>> forward(np.ones((5, 3)), layers).shape
    (5, 2)
    """
    (a,) = as_floats(x=x)
    layers = list(layers)
    for number, layer in enumerate(layers, start=1):
        where = f"forward, layer {number} of {len(layers)}"
        if not isinstance(layer, tuple | list) or len(layer) != 2:
            raise ValueError(
                f"{where}: expected a pair (W, b). "
                "layers is a list of pairs, such as [(W1, b1), (W2, b2)]."
            )
        try:
            z = dense(a, *layer)
        except ValueError as error:
            raise type(error)(f"{where}: {error}") from None
        a = activation(z)
    return a


def count_parameters(sizes: Sequence[int]) -> int:
    """How many weights and biases a fully connected network has.

    Parameters
    ----------
    sizes : sequence of int
        The number of inputs, then the number of neurons in each layer.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one is not a positive integer.

    Examples
    --------
    >>> count_parameters([784, 16, 16, 10])
    13002
    """
    try:
        counts = [operator.index(size) for size in sizes]
    except TypeError:
        counts = []
    if len(counts) < 2 or min(counts) < 1:
        raise ValueError(
            f"count_parameters: sizes is {sizes!r:.60}, expected at least two positive integers: "
            "the number of inputs and the number of neurons in each layer, such as [784, 16, 10]."
        )
    return sum((d_in + 1) * d_out for d_in, d_out in itertools.pairwise(counts))


def fold_bias(W, b):
    """Weights and bias in one matrix: ``fold_bias(W, b) @ [x, 1]`` equals ``W x + b``.

    Parameters
    ----------
    W : array_like of shape (D_out, D_in)
        Row ``i`` holds the weights of neuron ``i``.
    b : array_like of shape (D_out,)
        One bias for each neuron.

    Returns
    -------
    ndarray of shape (D_out, D_in + 1)
        The bias is the last column: the weight of an input that is always 1.

    Raises
    ------
    ShapeError
        If ``W`` is not a matrix, or ``b`` has not one entry for each of its rows.

    Examples
    --------
    >>> fold_bias([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0])
    array([[1., 2., 5.],
           [3., 4., 6.]])
    """
    W, b = as_floats(W=W, b=b)
    expect_shape(W, ("D_out", "D_in"), name="W")
    expect_shape(b, (W.shape[0],), name="b", W=W)
    return np.column_stack([W, b])


def softmax(z):
    """``exp(z_i) / Σ_j exp(z_j)`` over the last axis: scores become probabilities.

    Parameters
    ----------
    z : array_like of shape (..., K)
        Scores. A score of minus infinity gets probability 0.

    Returns
    -------
    p : ndarray of shape (..., K)
        Not negative, and each row sums to 1.

    Raises
    ------
    ShapeError
        If there is no score to choose from.

    Notes
    -----
    Subtracting the largest score of each row changes nothing, because it multiplies
    numerator and denominator by the same number. It keeps every exponent at or below 0.

    References
    ----------
    Goodfellow et al. 2016, equation 6.29; section 4.1 for the shift.

    Examples
    --------
    >>> softmax([[0.0, 0.0], [1000.0, -1000.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    (z,) = as_floats(z=z)
    expect_shape(z, (..., "K"), name="z")
    if z.shape[-1] == 0:
        raise ShapeError(f"softmax: z has shape {z.shape}, expected at least one score a row.")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        p = z - z.max(axis=-1, keepdims=True)
        np.exp(p, out=p)
        p /= p.sum(axis=-1, keepdims=True)
        return p
