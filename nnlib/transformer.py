"""Chapter 9: the transformer block, which attends and then thinks, around residual connections."""

import math

import numpy as np

from nnlib.attention import CausalSelfAttention
from nnlib.backprop import Dense, Layer, Sequential
from nnlib.shapes import as_floats, expect_shape

Array = np.ndarray


class GELU(Layer):
    """``y = x Φ(x)``, a ReLU with a soft corner, in the form that GPT-2 uses.

    The normal distribution's ``Φ(x)`` is taken as ``sigmoid(√(8/π) (x + 0.044715 x³))``, which
    differs from it by less than 0.0002. The slope is computed forwards, where everything that it
    needs is at hand.

    References
    ----------
    Hendrycks and Gimpel 2016, section 2, where ``sigmoid(2 u)`` is ``(1 + tanh(u)) / 2``.
    """

    C = math.sqrt(8 / math.pi)

    def forward(self, x: Array) -> Array:
        (x,) = as_floats("GELU.forward", x=x)
        phi = self._phi(x)
        y = x * phi
        # The slope is phi + y (1 - phi) C (1 + 3 * 0.044715 x²).
        slope = x * x
        slope *= 3 * 0.044715 * self.C
        slope += self.C
        slope *= y
        slope *= 1 - phi
        slope += phi
        self._cache = (slope,)
        return y

    def predict(self, x: Array) -> Array:
        (x,) = as_floats("GELU.predict", x=x)
        return x * self._phi(x)

    def _phi(self, x: Array) -> Array:
        z = np.square(x, out=np.empty_like(x))
        z *= -0.044715 * self.C
        z -= self.C
        z *= x
        with np.errstate(over="ignore"):  # 1 / (1 + inf) is 0, and right
            np.exp(z, out=z)
        z += 1
        return np.divide(1, z, out=z)

    def backward(self, dy: Array) -> Array:
        (slope,) = self._take_cache()
        expect_shape(dy, slope.shape, name="dy", where=self.backward)
        return dy * slope


class LayerNorm(Layer):
    """Each row gets mean 0 and variance 1 over its features, and then a scale and a shift.

    Parameters
    ----------
    d : int
        The number of features.
    eps : float
        Added to the variance, so that a constant row is not divided by 0.

    References
    ----------
    Ba, Kiros and Hinton 2016, equation 4.

    Examples
    --------
    >>> LayerNorm(3).forward([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]).round(3)
    array([[-1.225,  0.   ,  1.225],
           [-1.225,  0.   ,  1.225]])
    """

    def __init__(self, d: int, eps: float = 1e-5) -> None:
        super().__init__(params={"gamma": np.ones(d), "beta": np.zeros(d)})
        self.eps = eps

    def forward(self, x: Array) -> Array:
        gamma, beta = self.params["gamma"], self.params["beta"]
        x = np.asarray(x, dtype=gamma.dtype)
        expect_shape(x, (..., gamma.size), name="x", where=self.forward)
        d = gamma.size
        x_hat = x - x.sum(axis=-1, keepdims=True) / d
        variance = np.vecdot(x_hat, x_hat)[..., None] / d
        inverse_std = 1 / np.sqrt(variance + self.eps)
        x_hat *= inverse_std
        self._cache = x_hat, inverse_std
        y = x_hat * gamma
        y += beta
        return y

    def backward(self, dy: Array) -> Array:
        x_hat, inverse_std = self._take_cache()
        expect_shape(dy, x_hat.shape, name="dy", where=self.backward)
        batch = tuple(range(dy.ndim - 1))
        self.grads["gamma"] += (dy * x_hat).sum(axis=batch)
        self.grads["beta"] += dy.sum(axis=batch)
        d = dy.shape[-1]
        dx = dy * self.params["gamma"]  # so far the gradient for x_hat
        along = np.vecdot(dx, x_hat)[..., None] / d
        dx -= dx.sum(axis=-1, keepdims=True) / d
        dx -= along * x_hat
        dx *= inverse_std
        return dx


class Residual(Layer):
    """``y = x + layer(x)``: the layer adds to what is there (He et al. 2016, equation 1)."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        super().__init__(children={"layer": layer})

    def forward(self, x: Array) -> Array:
        y = self.layer.forward(x)
        expect_shape(y, np.shape(x), name="layer(x)", where=self.forward)
        return np.asarray(x, dtype=y.dtype) + y

    def backward(self, dy: Array) -> Array:
        return dy + self.layer.backward(dy)


def transformer_block(d: int, n_heads: int, *, rng: np.random.Generator) -> Sequential:
    """Attend, then think, each normalised first and around a residual: (N, T, D) to (N, T, D).

    Parameters
    ----------
    d : int
        The number of features.
    n_heads : int
        The number of heads of attention.
    rng : Generator
        Draws the weights.

    References
    ----------
    Vaswani et al. 2017, section 3.1, with the norm before each layer (Xiong et al. 2020).
    """
    attend = Sequential(LayerNorm(d), CausalSelfAttention(d, n_heads, rng=rng))
    think = Sequential(LayerNorm(d), Dense(d, 4 * d, rng=rng), GELU(), Dense(4 * d, d, rng=rng))
    return Sequential(Residual(attend), Residual(think))
