"""Chapter 11: the transformer block, which attends and then thinks, around residual connections."""

import math

import numpy as np

from nnlib.attention import CausalSelfAttention
from nnlib.backprop import Child, Dense, Elementwise, Layer, Sequential
from nnlib.language import Embedding
from nnlib.shapes import Array, as_floats, expect_shape

SHARPNESS = math.sqrt(8 / math.pi)
CUBIC = 0.044715


def gelu(x):
    """``x Φ(x)``: a ReLU with a soft corner, in the form that GPT-2 uses.

    The normal distribution's ``Φ(x)`` is taken as ``sigmoid(√(8/π) (x + 0.044715 x³))``, which
    differs from it by less than 0.0002.

    Parameters
    ----------
    x : array_like of any shape

    Returns
    -------
    y : ndarray of the shape of ``x``

    References
    ----------
    Hendrycks and Gimpel 2016, section 2, where ``sigmoid(2 u)`` is ``(1 + tanh(u)) / 2``.

    Examples
    --------
    >>> gelu([-2.0, 0.0, 3.0]).round(3)
    array([-0.045,  0.   ,  2.996])
    """
    (x,) = as_floats(x=x)
    return x * _phi(x)


def _phi(x: Array) -> Array:
    """``1 / (1 + exp(z))`` with ``z = -SHARPNESS (x + CUBIC x³)``, in a single array."""
    z = np.square(x, out=np.empty_like(x))
    z *= -CUBIC * SHARPNESS
    z -= SHARPNESS
    z *= x
    with np.errstate(over="ignore"):  # 1 / (1 + inf) is 0, and right
        np.exp(z, out=z)
    z += 1
    return np.divide(1, z, out=z)


class GELU(Elementwise):
    """``y = gelu(x)``; its slope is ``Φ + y (1 - Φ) √(8/π) (1 + 3 · 0.044715 x²)``.

    The slope is computed forwards, where everything that it needs is at hand.
    """

    def apply(self, x: Array) -> tuple[Array, Array]:
        (x,) = as_floats(x=x)
        phi = _phi(x)
        y = x * phi
        slope = x * x
        slope *= 3 * CUBIC * SHARPNESS
        slope += SHARPNESS
        slope *= y
        slope *= 1 - phi
        slope += phi
        return y, slope

    def predict(self, x: Array) -> Array:
        self.forget()
        return gelu(x)


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
        expect_shape(x, (..., gamma.size), name="x")
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
        expect_shape(dy, x_hat.shape, name="dy")
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


class Residual(Sequential):
    """``y = x + f(x)``: the layers, one after the other, add to what is there.

    It is a :class:`Sequential` with one more path, so its layers have the names that they have
    there: ``attend.out.W``, and nothing between.

    References
    ----------
    He et al. 2016, equation 1.

    Examples
    --------
    >>> layer = Residual(norm=LayerNorm(3), write=Dense(3, 3, rng=np.random.default_rng(0)))
    >>> x = np.ones((4, 3))
    >>> bool(np.all(layer.predict(x) == x + layer["write"].params["b"]))
    True
    """

    def forward(self, x: Array) -> Array:
        return self._plus(x, super().forward(x))

    def predict(self, x: Array) -> Array:
        return self._plus(x, super().predict(x))

    def _plus(self, x: Array, y: Array) -> Array:
        expect_shape(y, np.shape(x), name="layer(x)")
        return np.asarray(x, dtype=y.dtype) + y

    def backward(self, dy: Array) -> Array:
        return dy + super().backward(dy)


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

    Examples
    --------
    >>> block = transformer_block(6, 2, rng=np.random.default_rng(0))
    >>> [name for name, param, _ in block.named_params() if param.ndim == 2]
    ['attend.qkv.W', 'attend.out.W', 'think.read.W', 'think.write.W']
    """
    attention = CausalSelfAttention(d, n_heads, rng=rng)
    read, write = Dense(d, 4 * d, rng=rng), Dense(4 * d, d, rng=rng)
    return Sequential(
        attend=Residual(norm=LayerNorm(d), **attention.children),
        think=Residual(norm=LayerNorm(d), read=read, gelu=GELU(), write=write),
    )


class Stack(Layer):
    """Blocks between a table of tokens and the same table: ids (N, T) to scores (N, T, V).

    Rows of tokens and of positions are added, blocks and a last norm work on them, and what
    leaves the norm is compared with the row of every token. The weights that write to the stream
    are divided by √(2 n_blocks), since so many layers add to it.

    Parameters
    ----------
    vocab, context : int
        The number of tokens, and of positions.
    d, n_heads, n_blocks : int
        The number of features, of heads in a block, and of blocks.
    rng : Generator
        Draws the weights.

    Examples
    --------
    >>> stack = Stack(11, 8, 6, 2, 1, rng=np.random.default_rng(0))
    >>> stack.predict(np.zeros((4, 5), dtype=int)).shape
    (4, 5, 11)
    """

    tokens, positions = Child[Embedding](), Child[Embedding]()
    blocks, norm = Child[Sequential](), Child[LayerNorm]()

    def __init__(
        self,
        vocab: int,
        context: int,
        d: int,
        n_heads: int,
        n_blocks: int,
        *,
        rng: np.random.Generator,
    ) -> None:
        super().__init__()
        blocks = [transformer_block(d, n_heads, rng=rng) for _ in range(n_blocks)]
        self.tokens = Embedding(vocab, d, rng=rng)
        self.positions = Embedding(context, d, rng=rng)
        self.blocks = Sequential(*blocks)
        self.norm = LayerNorm(d)
        for name, param, _ in self.blocks.named_params():
            if name.endswith(("attend.out.W", "think.write.W")):
                param /= math.sqrt(2 * n_blocks)

    def forward(self, ids: Array) -> Array:
        places = np.arange(np.shape(ids)[-1])
        x = self.tokens.forward(ids) + self.positions.forward(places)
        x = self.norm.forward(self.blocks.forward(x))
        self._cache = (x,)
        return x @ self.tokens.params["W"].T

    def backward(self, dlogits: Array) -> None:  # type: ignore[override]
        (x,) = self._take_cache()
        E = self.tokens.params["W"]
        expect_shape(dlogits, (*x.shape[:-1], len(E)), name="dlogits")
        self.tokens.grads["W"] += dlogits.reshape(-1, len(E)).T @ x.reshape(-1, x.shape[-1])
        dx = self.blocks.backward(self.norm.backward(dlogits @ E))
        self.positions.backward(dx.sum(axis=tuple(range(dx.ndim - 2))))
        self.tokens.backward(dx)
