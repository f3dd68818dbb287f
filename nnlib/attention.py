"""Chapter 10: every token gathers what it needs from the tokens before it."""

import math

import numpy as np

from nnlib.backprop import Child, Dense, Layer, Sequential
from nnlib.matrices import softmax
from nnlib.shapes import Array, ShapeError, as_floats, expect_shape


def attention(q, k, v, mask=None):
    """Each query takes a weighted mean of the values: ``softmax(q kᵀ / √d) v``.

    The leading axes of ``q``, ``k`` and ``v`` are batches and heads, the same in all three. A mask
    may lack them.

    Parameters
    ----------
    q : array_like of shape (..., T_q, d)
        What each position asks for.
    k : array_like of shape (..., T_k, d)
        What each position offers to be found by.
    v : array_like of shape (..., T_k, d_v)
        What each position hands over.
    mask : array_like of bool of shape (..., T_q, T_k), optional
        True where a query may look at a key.

    Returns
    -------
    output : ndarray of shape (..., T_q, d_v)
    weights : ndarray of shape (..., T_q, T_k)
        Each row sums to 1 and is 0 where the mask is False.

    Raises
    ------
    ShapeError
        If the arrays do not fit together.
    ValueError
        If the mask is not made of booleans, or leaves a query nothing to look at.

    References
    ----------
    Vaswani et al. 2017, equation 1.

    Examples
    --------
    >>> q, k, v = np.zeros((2, 3)), np.zeros((4, 3)), np.eye(4)
    >>> attention(q, k, v, mask=[[True, False, False, False], [True, True, False, False]])[0]
    array([[1. , 0. , 0. , 0. ],
           [0.5, 0.5, 0. , 0. ]])
    """
    q, k, v = as_floats(q=q, k=k, v=v)
    expect_shape(q, (..., "T_q", "d"), name="q")
    *batch, _, d = q.shape
    expect_shape(k, (*batch, "T_k", d), name="k", q=q)
    expect_shape(v, (*batch, k.shape[-2], "d_v"), name="v", k=k)
    scores = (q * (1 / math.sqrt(q.shape[-1]))) @ k.swapaxes(-1, -2)
    if mask is not None:
        scores += _as_penalty(mask, scores)
    weights = softmax(scores)
    return weights @ v, weights


def attention_backward(dy: Array, q: Array, k: Array, v: Array, weights: Array) -> tuple:
    """The gradients for ``q``, ``k`` and ``v``, from the gradient ``dy`` for the output.

    Parameters
    ----------
    dy : ndarray of shape (..., T_q, d_v)
    q, k, v, weights : ndarray
        What :func:`attention` was given and what it returned. Where the mask was False, the
        weight is 0, and so is everything that passes through it.

    Returns
    -------
    dq, dk, dv : ndarray
        Of the shapes of ``q``, ``k`` and ``v``.
    """
    dv = weights.swapaxes(-1, -2) @ dy
    dscores = dy @ v.swapaxes(-1, -2)  # so far the gradient for the weights
    dscores -= np.vecdot(dscores, weights)[..., None]
    dscores *= weights
    dscores *= 1 / math.sqrt(q.shape[-1])
    return dscores @ k, dscores.swapaxes(-1, -2) @ q, dv


def _as_penalty(mask, scores: Array) -> Array:
    """0 where the mask allows to look and minus infinity where it does not."""
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise ValueError(
            f"attention: mask has dtype {mask.dtype}, expected bool: True where a query may look. "
            "Is it a mask of numbers to add or to multiply?"
        )
    lengths = zip(mask.shape[::-1], scores.shape[::-1], strict=False)
    if mask.ndim > scores.ndim or any(got not in (1, want) for got, want in lengths):
        raise ShapeError(
            f"attention: mask has shape {mask.shape}, expected (..., T_q, T_k) {scores.shape}."
        )
    if not mask.any(axis=-1).all():
        raise ValueError(
            "attention: the mask leaves a query nothing to look at. "
            "A row of weights must sum to 1, so every row needs a True."
        )
    return np.where(mask, scores.dtype.type(0), scores.dtype.type(-math.inf))


def causal_mask(t: int) -> Array:
    """True where a token may look: at itself and at the tokens before it.

    Examples
    --------
    >>> causal_mask(3)
    array([[ True, False, False],
           [ True,  True, False],
           [ True,  True,  True]])
    """
    return np.tri(t, dtype=bool)


def split_heads(x: Array, n_heads: int) -> Array:
    """Cut the features into equal parts, one a head: (..., T, D) to (..., H, T, D / H)."""
    *batch, d = x.shape
    return x.reshape(*batch, n_heads, d // n_heads).swapaxes(-3, -2)


def merge_heads(x: Array) -> Array:
    """Undo :func:`split_heads`: (..., H, T, d) to (..., T, H d)."""
    x = x.swapaxes(-3, -2)
    *batch, n_heads, d = x.shape
    return x.reshape(*batch, n_heads * d)


class CausalHeads(Layer):
    """Several heads of attention, in which no token sees a later one: (N, T, 3 D) to (N, T, D).

    It has no parameters. Queries, keys and values come in one row: first the queries of all heads,
    then their keys, then their values.

    Parameters
    ----------
    n_heads : int
        Each head works with ``D / n_heads`` of the features.

    References
    ----------
    Vaswani et al. 2017, section 3.2.2; masked as in section 3.2.3.
    """

    def __init__(self, n_heads: int) -> None:
        super().__init__()
        self.n_heads = n_heads

    def forward(self, qkv: Array) -> Array:
        q, k, v = self.split(qkv)
        y, weights = attention(q, k, v, causal_mask(q.shape[-2]))
        self._cache = q, k, v, weights
        return merge_heads(y)

    def split(self, qkv: Array) -> tuple[Array, Array, Array]:
        """Queries, keys and values of all heads: (..., T, 3 D) to three of (..., H, T, D / H)."""
        h, d = self.n_heads, qkv.shape[-1] // 3
        expect_shape(qkv[..., :d], (..., "T", d), name="x")
        heads = split_heads(qkv, 3 * h)
        return heads[..., :h, :, :], heads[..., h : 2 * h, :, :], heads[..., 2 * h :, :, :]

    def backward(self, dy: Array) -> Array:
        q, k, v, weights = self._take_cache()
        *batch, h, t, d = q.shape
        expect_shape(dy, (*batch, t, h * d), name="dy")
        parts = attention_backward(split_heads(dy, h), q, k, v, weights)
        return merge_heads(np.concatenate(parts, axis=-3))


class CausalSelfAttention(Sequential):
    """Tokens ask, are found and hand over, and none sees a later one: (N, T, D) to (N, T, D).

    Parameters
    ----------
    d : int
        The number of features.
    n_heads : int
        Each head works with ``d / n_heads`` of the features.
    rng : Generator
        Draws the weights.

    Notes
    -----
    One product makes queries, keys and values: of the ``3 d`` rows of ``qkv.W`` the first ``d``
    make the queries of all heads, then come keys and values.

    References
    ----------
    Vaswani et al. 2017, section 3.2.2; masked as in section 3.2.3.

    Examples
    --------
    >>> layer = CausalSelfAttention(6, 2, rng=np.random.default_rng(0))
    >>> layer
    CausalSelfAttention(Dense(W(18, 6), b(18,)), CausalHeads(), Dense(W(6, 6), b(6,)))
    >>> layer.predict(np.ones((4, 5, 6))).shape
    (4, 5, 6)
    """

    qkv, heads, out = Child[Dense](), Child[CausalHeads](), Child[Dense]()

    def __init__(self, d: int, n_heads: int, *, rng: np.random.Generator) -> None:
        if n_heads < 1 or d % n_heads:
            raise ValueError(
                f"CausalSelfAttention: {d} features cannot be shared equally by {n_heads} heads. "
                "d must be a multiple of n_heads."
            )
        qkv, out = Dense(d, 3 * d, rng=rng), Dense(d, d, rng=rng)
        super().__init__(qkv=qkv, heads=CausalHeads(n_heads), out=out)

    @property
    def n_heads(self) -> int:
        """The number of heads."""
        return self.heads.n_heads

    def split(self, qkv: Array) -> tuple[Array, Array, Array]:
        """As :meth:`CausalHeads.split`."""
        return self.heads.split(qkv)
