"""Chapter 4: layers that remember what backpropagation needs, and pass gradients back."""

import copy
import math
from collections.abc import Iterator
from typing import Self

import numpy as np

from nnlib.descent import numerical_gradient
from nnlib.neuron import leaky_relu, relu, sigmoid, tanh
from nnlib.shapes import expect_shape

Array = np.ndarray


class Layer:
    """Something with parameters that computes forwards and passes gradients back.

    A layer owns arrays, other layers, or neither. ``forward`` ends by keeping in ``_cache``
    what ``backward`` will need, and ``backward`` begins by taking it, once. Gradients are
    added to ``grads``, so that a layer that is used twice receives both.

    Attributes
    ----------
    params : dict of str to ndarray
        Updated in place by an optimiser.
    grads : dict of str to ndarray
        The gradient of the loss for each parameter, under the same name.
    children : dict of str to Layer
        The layers inside this one.
    """

    def __init__(
        self, params: dict[str, Array] | None = None, children: dict[str, "Layer"] | None = None
    ) -> None:
        self.params = params or {}
        self.grads = {name: np.zeros(p.shape, p.dtype) for name, p in self.params.items()}
        self.children = children or {}
        self._cache: tuple | None = None

    def forward(self, x: Array) -> Array:
        """The layer's output for the input ``x``."""
        raise NotImplementedError

    def backward(self, dy: Array) -> Array:
        """The gradient for ``x``, from the gradient ``dy`` for the output; adds to ``grads``."""
        raise NotImplementedError

    def accumulate(self, dy: Array) -> None:
        """Add to ``grads`` as ``backward`` does, when nobody needs the gradient for ``x``.

        The first layer of a network can save a matrix product: its ``x`` is data.
        """
        self.backward(dy)

    def predict(self, x: Array) -> Array:
        """The output for ``x`` when no backward will follow: nothing is kept in memory."""
        y = self.forward(x)
        self.forget()
        return y

    def forget(self) -> None:
        """Drop what a forward kept for a backward that will not come."""
        self._cache = None
        for child in self.children.values():
            child.forget()

    def named_params(self, prefix: str = "") -> Iterator[tuple[str, Array, Array]]:
        """Each parameter with its gradient, under a dotted name such as ``body.0.W``."""
        for name, param in self.params.items():
            yield prefix + name, param, self.grads[name]
        for name, child in self.children.items():
            yield from child.named_params(f"{prefix}{name}.")

    def zero_grads(self) -> None:
        """Set every gradient to 0, in place."""
        for grad in self.grads.values():
            grad[...] = 0
        for child in self.children.values():
            child.zero_grads()

    def astype(self, dtype: np.typing.DTypeLike) -> Self:
        """Turn every parameter and gradient into this dtype; returns the layer itself."""
        for name, param in self.params.items():
            self.params[name] = param.astype(dtype, copy=False)
            self.grads[name] = self.grads[name].astype(dtype, copy=False)
        for child in self.children.values():
            child.astype(dtype)
        return self

    def _take_cache(self) -> tuple:
        if self._cache is None:
            raise RuntimeError(f"{self}.backward() needs a forward() first, one for each backward.")
        cache, self._cache = self._cache, None
        return cache

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name}{param.shape}" for name, param in self.params.items())
        inside = ", ".join(map(repr, self.children.values()))
        return f"{type(self).__name__}({', '.join(filter(None, [shapes, inside]))})"


class Dense(Layer):
    """Every output sees every input: ``y = W x + b`` (Goodfellow et al. 2016, section 6.1).

    Parameters
    ----------
    d_in, d_out : int
        The number of inputs and of outputs.
    rng : Generator
        Draws ``W`` from a normal distribution of variance ``1 / d_in``; ``b`` is 0.

    Examples
    --------
    >>> layer = Dense(3, 2, rng=np.random.default_rng(0))
    >>> layer.forward(np.ones((5, 3))).shape, layer.backward(np.ones((5, 2))).shape
    ((5, 2), (5, 3))
    """

    def __init__(self, d_in: int, d_out: int, *, rng: np.random.Generator) -> None:
        W = rng.normal(scale=1 / math.sqrt(d_in), size=(d_out, d_in))
        super().__init__(params={"W": W, "b": np.zeros(d_out)})

    def forward(self, x: Array) -> Array:
        W, b = self.params["W"], self.params["b"]
        x = np.asarray(x, dtype=W.dtype)
        expect_shape(x, (..., W.shape[1]), name="x", where=self.forward)
        self._cache = (x,)
        y = x @ W.T
        y += b
        return y

    def backward(self, dy: Array) -> Array:
        self.accumulate(dy)
        return dy @ self.params["W"]

    def accumulate(self, dy: Array) -> None:
        (x,) = self._take_cache()
        d_out, d_in = self.params["W"].shape
        expect_shape(dy, (*x.shape[:-1], d_out), name="dy", where=self.backward)
        dy_rows, x_rows = dy.reshape(-1, d_out), x.reshape(-1, d_in)
        self.grads["W"] += dy_rows.T @ x_rows
        self.grads["b"] += dy_rows.sum(axis=0)


class Sigmoid(Layer):
    """``y = 1 / (1 + exp(-x))``, element by element; its slope is ``y (1 - y)``."""

    def forward(self, x: Array) -> Array:
        y = sigmoid(x)
        self._cache = (y,)
        return y

    def backward(self, dy: Array) -> Array:
        (y,) = self._take_cache()
        expect_shape(dy, y.shape, name="dy", where=self.backward)
        return dy * y * (1 - y)


class Tanh(Layer):
    """``y = tanh(x)``, element by element; its slope is ``1 - y²``."""

    def forward(self, x: Array) -> Array:
        y = tanh(x)
        self._cache = (y,)
        return y

    def backward(self, dy: Array) -> Array:
        (y,) = self._take_cache()
        expect_shape(dy, y.shape, name="dy", where=self.backward)
        return dy * (1 - y * y)


class ReLU(Layer):
    """``y = max(0, x)``, element by element; its slope is 1 where ``x > 0``, and 0 elsewhere."""

    def forward(self, x: Array) -> Array:
        y = relu(x)
        self._cache = (y > 0,)
        return y

    def backward(self, dy: Array) -> Array:
        (positive,) = self._take_cache()
        expect_shape(dy, positive.shape, name="dy", where=self.backward)
        return dy * positive


class LeakyReLU(Layer):
    """``y = x`` where ``x > 0``, and ``slope * x`` elsewhere (Maas et al. 2013)."""

    def __init__(self, slope: float = 0.01) -> None:
        super().__init__()
        self.slope = slope

    def forward(self, x: Array) -> Array:
        y = leaky_relu(x, self.slope)
        self._cache = (np.asarray(x) > 0,)
        return y

    def backward(self, dy: Array) -> Array:
        (positive,) = self._take_cache()
        expect_shape(dy, positive.shape, name="dy", where=self.backward)
        return np.where(positive, dy, self.slope * dy)


class Sequential(Layer):
    """Layers one after the other; the last one's gradient goes back through all of them.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> Sequential(Dense(3, 4, rng=rng), ReLU(), Dense(4, 2, rng=rng))
    Sequential(Dense(W(4, 3), b(4,)), ReLU(), Dense(W(2, 4), b(2,)))
    """

    def __init__(self, *layers: Layer) -> None:
        super().__init__(children={str(number): layer for number, layer in enumerate(layers)})

    def forward(self, x: Array) -> Array:
        for layer in self.children.values():
            x = layer.forward(x)
        return x

    def backward(self, dy: Array) -> Array:
        for layer in reversed(self.children.values()):
            dy = layer.backward(dy)
        return dy

    def accumulate(self, dy: Array) -> None:
        layers = list(self.children.values())
        for layer in reversed(layers[1:]):
            dy = layer.backward(dy)
        for first in layers[:1]:  # there may be none
            first.accumulate(dy)


def gradcheck(layer: Layer, x: Array, *, rng: np.random.Generator) -> dict[str, float]:
    """How far the layer's gradients are from finite differences, for each parameter and for x.

    The loss is a weighted sum of the outputs with random weights, so that every output has an
    upstream gradient of its own. A copy of the layer is checked, in float64.

    Parameters
    ----------
    layer : Layer
        It is not changed.
    x : ndarray
        An input that the layer accepts. Integers, such as tokens, have no gradient.
    rng : Generator
        Draws the upstream gradient.

    Returns
    -------
    dict of str to float
        The largest error of each gradient, relative to its largest element (or to 0.01, if
        all are smaller). Below 1e-7 for a right gradient.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> errors = gradcheck(Dense(3, 2, rng=rng), rng.normal(size=(4, 3)), rng=rng)
    >>> list(errors), max(errors.values()) < 1e-7
    (['W', 'b', 'x'], True)
    """
    layer = copy.deepcopy(layer).astype(np.float64)
    x = np.array(x, dtype=None if np.asarray(x).dtype.kind in "iu" else np.float64)
    dy = rng.normal(size=layer.forward(x).shape)
    layer.zero_grads()
    dx = layer.backward(dy)

    def loss(x: Array) -> float:
        return float(np.vdot(layer.predict(x), dy))

    errors = {}
    for name, param, grad in layer.named_params():

        def loss_with(value: Array, param: Array = param) -> float:
            param[...] = value
            return loss(x)

        kept = param.copy()
        errors[name] = _relative_error(grad, numerical_gradient(loss_with, kept))
        param[...] = kept
    if x.dtype.kind == "f":
        errors["x"] = _relative_error(dx, numerical_gradient(loss, x))
    return errors


def _relative_error(analytic: Array, numeric: Array) -> float:
    expect_shape(np.asarray(analytic), numeric.shape, name="a gradient", where="gradcheck")
    size = max(np.abs(analytic).max(), np.abs(numeric).max(), 0.01)
    return float(np.abs(analytic - numeric).max() / size)
