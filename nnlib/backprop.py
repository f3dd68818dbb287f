"""Chapter 4: layers that remember what backpropagation needs, and pass gradients back."""

import copy
import math
from collections.abc import Iterator
from typing import Generic, Self, TypeVar, cast

import numpy as np

from nnlib.descent import numerical_gradient
from nnlib.neuron import leaky_relu, relu, sigmoid, tanh
from nnlib.shapes import Array, expect_shape


class Layer:
    """Something with parameters that computes forwards and passes gradients back.

    A layer owns arrays, other layers, or neither. ``forward`` ends by keeping in ``_cache``
    what ``backward`` will need, and ``backward`` begins by taking it, once. Gradients are
    added to ``grads``: what two passes bring before a step, each forward and then backward,
    both counts. A layer that is used twice inside one pass would need two memories; it has
    one, and the second ``backward`` is refused.

    Attributes
    ----------
    params : dict of str to ndarray
        Updated in place by an optimiser.
    grads : dict of str to ndarray
        The gradient of the loss for each parameter, under the same name.
    children : dict of str to Layer
        The layers inside this one. A :class:`Child` makes an attribute of one.
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
        """The gradient for ``x``, from the gradient ``dy`` for the output; adds to ``grads``.

        A layer of ids, which have no gradient, returns None.
        """
        raise NotImplementedError

    def accumulate(self, dy: Array) -> None:
        """Add to ``grads`` as ``backward`` does, when nobody needs the gradient for ``x``.

        The first layer of a network can save a matrix product: its ``x`` is data.
        """
        self.backward(dy)

    def predict(self, x: Array) -> Array:
        """The output for ``x`` when no backward will follow: afterwards nothing is kept.

        :class:`Sequential` lets each layer forget before it asks the next.
        """
        y = self.forward(x)
        self.forget()
        return y

    def forget(self) -> None:
        """Drop what a forward kept for a backward that will not come."""
        self._cache = None
        for child in self.children.values():
            child.forget()

    def named_params(self, prefix: str = "") -> Iterator[tuple[str, Array, Array]]:
        """Each parameter with its gradient, under a dotted name such as ``0.W``."""
        for name, param in self.params.items():
            yield prefix + name, param, self.grads[name]
        for name, child in self.children.items():
            yield from child.named_params(f"{prefix}{name}.")

    def zero_grads(self) -> None:
        """Set every gradient to 0, in place."""
        for grad in self.grads.values():
            grad.fill(0)
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


Kind = TypeVar("Kind", bound=Layer)


class Child(Generic[Kind]):
    """An attribute that stands for one of a layer's ``children``, which alone has it.

    Examples
    --------
    >>> class Twice(Layer):
    ...     first = Child[Layer]()
    ...
    ...     def __init__(self, layer):
    ...         super().__init__()
    ...         self.first = layer
    >>> Twice(ReLU()).children
    {'first': ReLU()}
    """

    def __set_name__(self, owner: type[Layer], name: str) -> None:
        self.name = name

    def __get__(self, layer: Layer, owner: type[Layer]) -> Kind:
        return cast(Kind, layer.children[self.name])

    def __set__(self, layer: Layer, child: Kind) -> None:
        layer.children[self.name] = child


class Dense(Layer):
    """Every output sees every input: ``y = W x + b`` (Goodfellow et al. 2016, section 6.1).

    Parameters
    ----------
    d_in, d_out : int
        The number of inputs and of outputs.
    rng : Generator
        Draws ``W`` from a normal distribution of variance ``1 / d_in``; ``b`` is 0.
    bias : bool
        Without it there is no ``b``: ``y = W x``.

    Examples
    --------
    >>> layer = Dense(3, 2, rng=np.random.default_rng(0))
    >>> layer.forward(np.ones((5, 3))).shape, layer.backward(np.ones((5, 2))).shape
    ((5, 2), (5, 3))
    """

    def __init__(
        self, d_in: int, d_out: int, *, rng: np.random.Generator, bias: bool = True
    ) -> None:
        W = rng.normal(scale=1 / math.sqrt(d_in), size=(d_out, d_in))
        super().__init__(params={"W": W, "b": np.zeros(d_out)} if bias else {"W": W})

    def forward(self, x: Array) -> Array:
        W = self.params["W"]
        d_out, d_in = W.shape
        x = np.asarray(x, dtype=W.dtype)
        expect_shape(x, (..., d_in), name="x")
        self._cache = (x,)
        y = x.reshape(-1, d_in) @ W.T  # all rows in one product
        if "b" in self.params:
            y += self.params["b"]
        return y.reshape(*x.shape[:-1], d_out)

    def backward(self, dy: Array) -> Array:
        self.accumulate(dy)
        d_out, d_in = self.params["W"].shape
        return (dy.reshape(-1, d_out) @ self.params["W"]).reshape(*dy.shape[:-1], d_in)

    def accumulate(self, dy: Array) -> None:
        (x,) = self._take_cache()
        d_out, d_in = self.params["W"].shape
        expect_shape(dy, (*x.shape[:-1], d_out), name="dy")
        dy_rows, x_rows = dy.reshape(-1, d_out), x.reshape(-1, d_in)
        self.grads["W"] += dy_rows.T @ x_rows
        if "b" in self.grads:
            self.grads["b"] += dy_rows.sum(axis=0)


class Elementwise(Layer):
    """A function of each element on its own, so that ``dx`` is ``dy`` times the slope.

    A subclass says what the function is, and what to keep for its slope.
    """

    def apply(self, x: Array) -> tuple[Array, Array]:
        """The function of ``x``, and what is kept: the slope, or what it follows from."""
        raise NotImplementedError

    def times_slope(self, dy: Array, kept: Array) -> Array:
        """``dy`` times the slope."""
        return dy * kept

    def forward(self, x: Array) -> Array:
        y, kept = self.apply(x)
        self._cache = (kept,)
        return y

    def backward(self, dy: Array) -> Array:
        (kept,) = self._take_cache()
        expect_shape(dy, kept.shape, name="dy")
        return self.times_slope(dy, kept)


class Sigmoid(Elementwise):
    """``y = 1 / (1 + exp(-x))``, element by element; its slope is ``y (1 - y)``."""

    def apply(self, x: Array) -> tuple[Array, Array]:
        y = sigmoid(x)
        return y, y

    def times_slope(self, dy: Array, y: Array) -> Array:
        return dy * y * (1 - y)


class Tanh(Elementwise):
    """``y = tanh(x)``, element by element; its slope is ``1 - y²``."""

    def apply(self, x: Array) -> tuple[Array, Array]:
        y = tanh(x)
        return y, y

    def times_slope(self, dy: Array, y: Array) -> Array:
        return dy * (1 - y * y)


class ReLU(Elementwise):
    """``y = max(0, x)``, element by element; its slope is 1 where ``x > 0``, and 0 elsewhere."""

    def apply(self, x: Array) -> tuple[Array, Array]:
        y = relu(x)
        return y, y > 0


class LeakyReLU(Elementwise):
    """``y = x`` where ``x > 0``, and ``slope * x`` elsewhere (Maas et al. 2013)."""

    def __init__(self, slope: float = 0.01) -> None:
        super().__init__()
        self.slope = slope

    def apply(self, x: Array) -> tuple[Array, Array]:
        return leaky_relu(x, self.slope), np.asarray(x) > 0

    def times_slope(self, dy: Array, positive: Array) -> Array:
        return np.where(positive, dy, self.slope * dy)


class Sequential(Layer):
    """Layers one after the other; the last one's gradient goes back through all of them.

    Parameters
    ----------
    *layers : Layer
        Their names are their numbers: ``"0"``, ``"1"`` and so on.
    **named : Layer
        Further layers, under their names.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> Sequential(Dense(3, 4, rng=rng), ReLU(), Dense(4, 2, rng=rng))
    Sequential(Dense(W(4, 3), b(4,)), ReLU(), Dense(W(2, 4), b(2,)))

    Layers are found by name, by position, and in turn.

    >>> model = Sequential(read=Dense(3, 4, rng=rng), gate=ReLU(), write=Dense(4, 3, rng=rng))
    >>> model["gate"], model[1], len(model)
    (ReLU(), ReLU(), 3)
    >>> [name for name, _, _ in model.named_params()]
    ['read.W', 'read.b', 'write.W', 'write.b']
    """

    def __init__(self, /, *layers: Layer, **named: Layer) -> None:
        super().__init__()
        for number, layer in enumerate(layers):
            self._add(str(number), layer)
        for name, layer in named.items():
            self._add(name, layer)

    def _add(self, name: str, layer: Layer) -> None:
        """Put a layer at the end."""
        if name in self.children or "." in name:
            raise ValueError(
                f"{type(self).__name__}: a layer is called {name!r}, expected a name without a dot "
                "that no other layer has. The first layers are called 0, 1 and so on."
            )
        self.children[name] = self._checked(name, layer)

    def __getitem__(self, which: int | str) -> Layer:
        return self.children[self._name(which)]

    def __setitem__(self, which: int | str, layer: Layer) -> None:
        name = self._name(which)
        self.children[name] = self._checked(name, layer)

    def _checked(self, name: str, layer: Layer) -> Layer:
        if isinstance(layer, Layer):
            return layer
        kind, cause = type(self).__name__, "Only layers have a forward and a backward."
        if isinstance(layer, type):
            cause = f"Are the parentheses missing: {layer.__name__}()?"
        elif isinstance(layer, list | tuple):
            cause = f"Hand its layers over one by one: {kind}(*layers)."
        raise TypeError(f"{kind}: layer {name} is {layer!r:.60}, expected a Layer. {cause}")

    def _name(self, which: int | str) -> str:
        """The name of the layer that is meant by a name or a position."""
        names = list(self.children)
        if isinstance(which, str) and which in names:
            return which
        if not isinstance(which, str | slice) and -len(names) <= which < len(names):
            return names[which]
        error = KeyError if isinstance(which, str) else IndexError
        raise error(
            f"{type(self).__name__}: there is no layer {which!r}, expected one of "
            f"{', '.join(names) or 'none'}, or a position, from 0 to {len(names) - 1}."
        )

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.children.values())

    def __len__(self) -> int:
        return len(self.children)

    def forward(self, x: Array) -> Array:
        for layer in self.children.values():
            x = layer.forward(x)
        return x

    def backward(self, dy: Array) -> Array:
        for layer in reversed(self.children.values()):
            dy = layer.backward(dy)
        return dy

    def accumulate(self, dy: Array) -> None:
        layers = list(self)
        for layer in reversed(layers[1:]):
            dy = layer.backward(dy)
        for first in layers[:1]:  # there may be none
            first.accumulate(dy)

    def predict(self, x: Array) -> Array:
        for layer in self.children.values():
            x = layer.predict(x)
        return x


def gradcheck(
    layer: Layer, x: Array, *, rng: np.random.Generator, h: float = 1e-5
) -> dict[str, float]:
    """How far the layer's gradients are from finite differences, for each parameter and for x.

    The loss is a weighted sum of the outputs with random weights, so that every output has an
    upstream gradient of its own. A copy of the layer is checked, in float64. Each forward runs
    on a fresh copy of that, so a layer that draws random numbers draws the same ones each time.

    Parameters
    ----------
    layer : Layer
        It is not changed.
    x : ndarray
        An input that the layer accepts. Integers, such as tokens, have no gradient.
    rng : Generator
        Draws the upstream gradient.
    h : float
        How far finite differences step to either side.

    Returns
    -------
    dict of str to float
        The largest error of each gradient, relative to its largest element (or to 0.01, if
        all are smaller). Below 1e-7 for a right gradient; 1e-2 and more for a wrong one.

    Notes
    -----
    At a kink, where a ReLU's input is nearer to 0 than ``h``, finite differences see one slope
    on each side and report neither: a false alarm. Another ``x`` silences it, and,
    where the input is not exactly 0, a smaller ``h``; neither silences a wrong gradient.
    ``backward`` is called once, on gradients that are 0, so a layer that replaces its gradients
    instead of adding to them is not found out.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> errors = gradcheck(Dense(3, 2, rng=rng), rng.normal(size=(4, 3)), rng=rng)
    >>> list(errors), max(errors.values()) < 1e-7
    (['W', 'b', 'x'], True)
    """
    layer = copy.deepcopy(layer).astype(np.float64)
    x = np.array(x, dtype=None if np.asarray(x).dtype.kind in "iu" else np.float64)
    layer.zero_grads()
    trial = copy.deepcopy(layer)
    dy = rng.normal(size=trial.forward(x).shape)
    dx = trial.backward(dy)
    grads = [grad for _, _, grad in trial.named_params()]

    def loss(x: Array) -> float:
        return float(np.vdot(copy.deepcopy(layer).forward(x), dy))

    errors = {}
    for (name, param, _), grad in zip(layer.named_params(), grads, strict=True):

        def loss_with(value: Array, param: Array = param) -> float:
            param[...] = value
            return loss(x)

        kept = param.copy()
        errors[name] = _relative_error(grad, numerical_gradient(loss_with, kept, h))
        param[...] = kept
    if x.dtype.kind == "f":
        errors["x"] = _relative_error(dx, numerical_gradient(loss, x, h))
    return errors


def _relative_error(analytic: Array, numeric: Array) -> float:
    expect_shape(np.asarray(analytic), numeric.shape, name="a gradient")
    size = max(np.abs(analytic).max(), np.abs(numeric).max(), 0.01)
    return float(np.abs(analytic - numeric).max() / size)
