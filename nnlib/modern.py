"""Chapter 13: the modern block, which turns what it compares and gates what it thinks."""

import functools
import math
import os
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike

from nnlib._llama import Undrawn, fill, find_stored, read_config
from nnlib.attention import attention, attention_backward, merge_heads, split_heads
from nnlib.backprop import Child, Dense, Layer, Sequential
from nnlib.gpt import LanguageModel, LooksBack, Past
from nnlib.language import Embedding
from nnlib.shapes import Array, ShapeError, as_floats, expect_shape
from nnlib.transformer import Residual


class RMSNorm(Layer):
    """Each row gets a mean square of 1 over its features, and then a scale.

    Parameters
    ----------
    d : int
        The number of features.
    eps : float
        Added to the mean square, so that a row of zeros is not divided by 0.

    References
    ----------
    Zhang and Sennrich 2019, equation 4.

    Examples
    --------
    >>> RMSNorm(4).forward([[1.0, -1.0, 1.0, 1.0], [3.0, 4.0, 0.0, 0.0]]).round(3)
    array([[ 1. , -1. ,  1. ,  1. ],
           [ 1.2,  1.6,  0. ,  0. ]])
    """

    def __init__(self, d: int, eps: float = 1e-5) -> None:
        super().__init__(params={"gamma": np.ones(d)})
        self.eps = eps

    def forward(self, x: Array) -> Array:
        gamma = self.params["gamma"]
        x = np.asarray(x, dtype=gamma.dtype)
        expect_shape(x, (..., gamma.size), name="x")
        mean_square = np.vecdot(x, x)[..., None] / gamma.size
        inverse_rms = 1 / np.sqrt(mean_square + self.eps)
        x_hat = x * inverse_rms
        self._cache = x_hat, inverse_rms
        return x_hat * gamma

    def backward(self, dy: Array) -> Array:
        x_hat, inverse_rms = self._take_cache()
        expect_shape(dy, x_hat.shape, name="dy")
        self.grads["gamma"] += (dy * x_hat).sum(axis=tuple(range(dy.ndim - 1)))
        dx = dy * self.params["gamma"]  # so far the gradient for x_hat
        along = np.vecdot(dx, x_hat)[..., None] / dy.shape[-1]
        dx -= along * x_hat
        dx *= inverse_rms
        return dx


def rotate(x, positions, *, base: float = 10000.0, frequencies=None):
    """Turn pairs of features by angles that grow with the position: rotary positions.

    Feature ``i`` and feature ``i + d / 2`` are the two coordinates of a point, which turns by
    ``positions * base ** (-2 i / d)``. The dot product of two rows that are turned depends on how
    far apart they stand, and not on where.

    Parameters
    ----------
    x : array_like of shape (..., T, d)
        Queries or keys, with an even number of features.
    positions : array_like of shape (T,)
        The place of each row. The gradient turns back: ``rotate(dy, -positions)``.
    base : float
        The slowest pair turns by nearly ``1 / base`` from one position to the next.
    frequencies : array_like of shape (d / 2,), optional
        The angle of each pair from one position to the next, in place of what ``base`` gives.

    Returns
    -------
    ndarray of the shape of ``x``

    Raises
    ------
    ShapeError
        If the shapes do not fit together, or the features make no pairs.

    References
    ----------
    Su et al. 2021, section 3.2; halves in place of neighbours as in Llama's files.

    Examples
    --------
    >>> x = np.ones((3, 4))
    >>> rotate(x, [0, 1, 2], frequencies=[np.pi / 2, 0.0]).round(3)
    array([[ 1.,  1.,  1.,  1.],
           [-1.,  1.,  1.,  1.],
           [-1.,  1., -1.,  1.]])
    """
    (x,) = as_floats(x=x)
    expect_shape(x, (..., "T", "d"), name="x")
    *_, t, d = x.shape
    (positions,) = as_floats(positions=positions)
    expect_shape(positions, (t,), name="positions", x=x)
    of_base = rotary_frequencies(d, base)
    (frequencies,) = as_floats(frequencies=of_base if frequencies is None else frequencies)
    expect_shape(frequencies, of_base.shape, name="frequencies", x=x)
    return _turn(x, *_cos_sin(positions, frequencies, x.dtype))


def rotary_frequencies(d: int, base: float = 10000.0) -> Array:
    """The angles by which pairs turn from one position to the next: ``base ** (-2 i / d)``.

    Parameters
    ----------
    d : int
        The number of features, which is even.
    base : float
        As in :func:`rotate`.

    Returns
    -------
    ndarray of shape (d / 2,)
        The fastest first.

    Raises
    ------
    ShapeError
        If the features make no pairs.
    ValueError
        If the base is not above 0.

    Examples
    --------
    >>> rotary_frequencies(8).round(4)
    array([1.   , 0.1  , 0.01 , 0.001])
    """
    if d % 2:
        raise ShapeError(
            f"rotary_frequencies: {d} features make no pairs, expected an even number."
        )
    if base <= 0:
        raise ValueError(f"rotary_frequencies: base is {base}, expected a number above 0.")
    return base ** (-np.arange(0, d, 2) / d)


def _cos_sin(positions: Array, frequencies: Array, dtype: np.dtype) -> tuple[Array, Array]:
    """What _turn needs: cosines twice, and sines with both signs, each (T, d)."""
    angles = np.multiply.outer(positions, frequencies)  # in float64: positions may be large
    cos, sin = np.cos(angles), np.sin(angles)
    return (
        np.concatenate([cos, cos], axis=-1).astype(dtype),
        np.concatenate([-sin, sin], axis=-1).astype(dtype),
    )


def _turn(x: Array, cos: Array, sin: Array) -> Array:
    """``(x1 cos - x2 sin, x2 cos + x1 sin)``, in whole rows, since short loops are slow."""
    half = x.shape[-1] // 2
    y = np.empty(x.shape, x.dtype)
    y[..., :half], y[..., half:] = x[..., half:], x[..., :half]
    y *= sin
    y += x * cos
    return y


class SwiGLU(Layer):
    """A gate for every hidden feature: ``down(silu(gate(x)) * up(x))``, without biases.

    Parameters
    ----------
    d, d_hidden : int
        The number of features, and of hidden ones. With ``8 d / 3`` hidden ones it has the
        parameters of a layer that reads and writes ``4 d``.
    rng : Generator
        Draws the weights.

    References
    ----------
    Shazeer 2020, equation 6.

    Examples
    --------
    >>> layer = SwiGLU(3, 8, rng=np.random.default_rng(0))
    >>> [(name, W.shape) for name, W, _ in layer.named_params()]
    [('gate.W', (8, 3)), ('up.W', (8, 3)), ('down.W', (3, 8))]
    >>> layer.predict(np.ones((4, 5, 3))).shape
    (4, 5, 3)
    """

    gate, up, down = Child[Dense](), Child[Dense](), Child[Dense]()

    def __init__(self, d: int, d_hidden: int, *, rng: np.random.Generator) -> None:
        super().__init__()
        self.gate = Dense(d, d_hidden, rng=rng, bias=False)
        self.up = Dense(d, d_hidden, rng=rng, bias=False)
        self.down = Dense(d_hidden, d, rng=rng, bias=False)

    def forward(self, x: Array) -> Array:
        z, u = self.gate.forward(x), self.up.forward(x)
        s = _sigmoid(z)
        z *= s  # silu(z), whose slope is s (1 - z s) + z s
        h = 1 - z
        s *= h
        s += z
        self._cache = z, u, s
        return self.down.forward(np.multiply(z, u, out=h))

    def predict(self, x: Array) -> Array:
        z = self.gate.predict(x)
        z *= _sigmoid(z)
        z *= self.up.predict(x)
        return self.down.predict(z)

    def backward(self, dy: Array) -> Array:
        a, u, slope = self._take_cache()
        dh = self.down.backward(dy)
        dz = dh * u
        dz *= slope
        dh *= a  # and now the gradient for u
        dx = self.gate.backward(dz)
        dx += self.up.backward(dh)
        return dx


def _sigmoid(z: Array) -> Array:
    """``1 / (1 + exp(-z))`` in a single array."""
    s = np.negative(z)
    with np.errstate(over="ignore"):  # 1 / (1 + inf) is 0, and right
        np.exp(s, out=s)
    s += 1
    return np.divide(1, s, out=s)


class GroupedAttention(LooksBack):
    """Causal attention with rotary positions, whose heads share keys and values in groups.

    Of the queries' heads, ``n_heads / n_kv_heads`` that follow one another look at the same keys
    and values: head ``h`` at those of head ``h // (n_heads / n_kv_heads)``.

    Parameters
    ----------
    d : int
        The number of features.
    n_heads, n_kv_heads : int
        The number of heads that ask, and of those that are found and hand over.
    rng : Generator
        Draws the weights.
    d_head : int, optional
        The features of a head, an even number. By default ``d / n_heads``.
    base, frequencies
        As in :func:`rotate`.
    window : int, optional
        How many tokens one sees, itself and those right before it. By default all.
    bias : bool
        Whether the four matrices have biases.

    References
    ----------
    Ainslie et al. 2023, section 2.2; Su et al. 2021; Beltagy et al. 2020 for the window.

    Examples
    --------
    >>> layer = GroupedAttention(12, 6, 2, rng=np.random.default_rng(0))
    >>> [(name, W.shape) for name, W, _ in layer.named_params()]
    [('q.W', (12, 12)), ('k.W', (4, 12)), ('v.W', (4, 12)), ('out.W', (12, 12))]
    >>> layer.predict(np.ones((3, 5, 12))).shape
    (3, 5, 12)
    """

    q, k, v, out = Child[Dense](), Child[Dense](), Child[Dense](), Child[Dense]()

    def __init__(
        self,
        d: int,
        n_heads: int,
        n_kv_heads: int,
        *,
        rng: np.random.Generator,
        d_head: int | None = None,
        base: float = 10000.0,
        frequencies: ArrayLike | None = None,
        window: int | None = None,
        bias: bool = False,
    ) -> None:
        super().__init__()
        d_head = _checked_d_head(d, n_heads, n_kv_heads, d_head)
        if window is not None and window < 1:
            raise ValueError(
                f"GroupedAttention: window is {window}, expected at least 1: a token sees itself."
            )
        if frequencies is None:
            frequencies = rotary_frequencies(d_head, base)
        self.frequencies = np.asarray(frequencies, dtype=np.float64)
        expect_shape(self.frequencies, (d_head // 2,), name="frequencies")
        self.n_heads, self.n_kv_heads, self.window = n_heads, n_kv_heads, window
        for name, n in (("q", n_heads), ("k", n_kv_heads), ("v", n_kv_heads)):
            self.children[name] = Dense(d, n * d_head, rng=rng, bias=bias)
        self.out = Dense(n_heads * d_head, d, rng=rng, bias=bias)

    def forward(self, x: Array) -> Array:
        expect_shape(np.asarray(x), (..., "T", "D"), name="x")
        t = np.shape(x)[-2]
        q, k, v = self.q.forward(x), self.k.forward(x), self.v.forward(x)
        q, k, v, turn = self._turned(q, k, v, start=0)
        y, weights = attention(q, k, v, self._visible(t, t))
        self._cache = q, k, v, weights, turn
        return self.out.forward(self._merged(y))

    def backward(self, dy: Array) -> Array:
        q, k, v, weights, (cos, sin) = self._take_cache()
        dy = self._grouped(split_heads(self.out.backward(dy), self.n_heads))
        dq, dk, dv = attention_backward(dy, q, k, v, weights)
        dq, dk = _turn(self._ungrouped(dq), cos, -sin), _turn(dk, cos, -sin)
        dx = self.q.backward(merge_heads(dq))
        dx += self.k.backward(merge_heads(dk))
        dx += self.v.backward(merge_heads(dv))
        return dx

    def extend(self, x: Array, past: Past) -> Array:
        q, k, v = self.q.predict(x), self.k.predict(x), self.v.predict(x)
        q, k, v, _ = self._turned(q, k, v, start=past.length)
        k, v = past.append(self, k, v)
        y, _ = attention(q, k, v, self._visible(len(x), k.shape[-2], past.window))
        return self.out.predict(self._merged(y))

    def _turned(self, q: Array, k: Array, v: Array, start: int) -> tuple:
        """Heads of queries, in groups, and of keys, both turned, and of values; and the turn."""
        stop = start + q.shape[-2]
        turn = _cos_sin_between(start, stop, self.frequencies.tobytes(), q.dtype)
        q = _turn(split_heads(q, self.n_heads), *turn)
        k = _turn(split_heads(k, self.n_kv_heads), *turn)
        return self._grouped(q), k, split_heads(v, self.n_kv_heads), turn

    def _grouped(self, x: Array) -> Array:
        """The heads of a group below each other: (..., H, T, d) to (..., G, H / G T, d)."""
        *batch, h, t, d = x.shape
        return x.reshape(*batch, self.n_kv_heads, h // self.n_kv_heads * t, d)

    def _ungrouped(self, x: Array) -> Array:
        """Undo :meth:`_grouped`."""
        *batch, g, rows, d = x.shape
        return x.reshape(*batch, self.n_heads, g * rows // self.n_heads, d)

    def _merged(self, y: Array) -> Array:
        return merge_heads(self._ungrouped(y))

    def _visible(self, new: int, n_keys: int, window: float = math.inf) -> Array | None:
        """Which of the keys, the last of them its own, each new token sees; None for all."""
        window = min(window, self.window or math.inf)
        if new == 1 and n_keys <= window:
            return None
        mask = np.tri(new, n_keys, n_keys - new, dtype=bool)
        if window < n_keys:
            mask &= ~np.tri(new, n_keys, n_keys - new - int(window), dtype=bool)
        return np.tile(mask, (self.n_heads // self.n_kv_heads, 1))


@functools.lru_cache(maxsize=4)
def _cos_sin_between(start: int, stop: int, frequencies: bytes, dtype: np.dtype) -> tuple:
    """Those of the positions from ``start`` on: every block of a model asks for the same."""
    return _cos_sin(np.arange(start, stop), np.frombuffer(frequencies), dtype)


def _checked_d_head(d: int, n_heads: int, n_kv_heads: int, d_head: int | None) -> int:
    if n_heads < 1 or n_kv_heads < 1 or n_heads % n_kv_heads:
        raise ValueError(
            f"GroupedAttention: {n_kv_heads} heads of keys cannot be shared equally by {n_heads}. "
            "n_heads must be a multiple of n_kv_heads."
        )
    if d_head is None and d % n_heads:
        raise ValueError(
            f"GroupedAttention: {d} features cannot be shared equally by {n_heads} heads. "
            "Make d a multiple of n_heads, or say how many features a head has: d_head=."
        )
    d_head = d // n_heads if d_head is None else d_head
    if d_head < 2 or d_head % 2:
        raise ValueError(
            f"GroupedAttention: a head has {d_head} features, expected an even number: "
            "they are turned in pairs."
        )
    return d_head


def modern_block(
    d: int,
    n_heads: int,
    n_kv_heads: int,
    d_hidden: int,
    *,
    rng: np.random.Generator,
    eps: float = 1e-5,
    **attention: Any,
) -> Sequential:
    """Attend, then think, each normalised first and around a residual: (N, T, D) to (N, T, D).

    Parameters
    ----------
    d : int
        The number of features.
    n_heads, n_kv_heads : int
        The number of heads of queries, and of keys and values.
    d_hidden : int
        The number of hidden features of the gated layer.
    rng : Generator
        Draws the weights.
    eps : float
        As in :class:`RMSNorm`.
    **attention
        Further arguments of :class:`GroupedAttention`: ``d_head``, ``base``, ``window``…

    References
    ----------
    Touvron et al. 2023, section 2.2, with grouped heads (Ainslie et al. 2023).

    Examples
    --------
    >>> block = modern_block(12, 6, 2, 32, rng=np.random.default_rng(0))
    >>> [name for name, _, _ in block["think"].named_params()]
    ['norm.gamma', 'swiglu.gate.W', 'swiglu.up.W', 'swiglu.down.W']
    """
    return Sequential(
        attend=Residual(
            norm=RMSNorm(d, eps),
            attention=GroupedAttention(d, n_heads, n_kv_heads, rng=rng, **attention),
        ),
        think=Residual(norm=RMSNorm(d, eps), swiglu=SwiGLU(d, d_hidden, rng=rng)),
    )


class Llama(LanguageModel):
    """A GPT of modern blocks: ids (N, T) to scores (N, T, V) for the next token.

    There is no table of positions: attention turns queries and keys by theirs. The weights that
    write to the stream are divided by √(2 n_blocks), since so many layers add to it.

    Parameters
    ----------
    vocab : int
        The number of tokens V.
    d : int
        The number of features D.
    n_heads, n_kv_heads : int
        The number of heads of queries in a block, and of keys and values.
    n_blocks, d_hidden : int
        The number of blocks, and of hidden features in each.
    rng : Generator
        Draws the weights.
    base : float
        As in :func:`rotate`.
    tied : bool
        Whether the scores are dot products with the embeddings of the tokens, or with the rows
        of a ``head`` of its own.
    context : int, optional
        The largest number of tokens that the model can see. By default there is no limit.
    eps : float
        As in :class:`RMSNorm`.
    **attention
        Further arguments of :class:`GroupedAttention`: ``d_head``, ``window``, ``frequencies``…

    Notes
    -----
    When it writes on past its context, keys that were turned need not be turned again, since only
    distances count. But keys and values of the second block and later ones tell of all that their
    token saw, also of tokens that have left the context since. So the past slides where these
    cannot reach the newest token, ``n_blocks * (window - 1) < context`` with the context for a
    window where there is none: in a model of one block, or with a narrow window, and always where
    there is a window and no context. Elsewhere everything is computed anew for each token.

    References
    ----------
    Touvron et al. 2023, section 2.2.

    Examples
    --------
    >>> model = Llama(11, 12, 6, 2, 1, 32, rng=np.random.default_rng(0))
    >>> model.predict(np.zeros((4, 5), dtype=int)).shape
    (4, 5, 11)
    """

    norm = Child[RMSNorm]()

    def __init__(
        self,
        vocab: int,
        d: int,
        n_heads: int,
        n_kv_heads: int,
        n_blocks: int,
        d_hidden: int,
        *,
        rng: np.random.Generator,
        base: float = 10000.0,
        tied: bool = True,
        context: int | None = None,
        eps: float = 1e-5,
        **attention: Any,
    ) -> None:
        super().__init__()
        self.context = math.inf if context is None else context
        self.window = attention.get("window") or math.inf
        sizes = d, n_heads, n_kv_heads, d_hidden
        attention |= {"base": base, "eps": eps}
        blocks = [modern_block(*sizes, rng=rng, **attention) for _ in range(n_blocks)]
        self.tokens = Embedding(vocab, d, rng=rng)
        self.blocks = Sequential(*blocks)
        self.norm = RMSNorm(d, eps)
        if not tied:
            self.children["head"] = Dense(d, vocab, rng=rng, bias=False)
        for name, param, _ in self.blocks.named_params():
            if name.endswith(("attention.out.W", "swiglu.down.W")):
                param /= math.sqrt(2 * n_blocks)

    @property
    def head(self) -> Layer | None:
        """The layer that makes scores, where it is not the table of tokens."""
        return self.children.get("head")

    def forward(self, ids: ArrayLike) -> Array:
        x = self.tokens.forward(self._as_ids(ids, self.context))
        x = self.norm.forward(self.blocks.forward(x))
        self._cache = (x,)
        return self.head.forward(x) if self.head else x @ self.tokens.params["W"].T

    def backward(self, dlogits: Array) -> None:  # type: ignore[override]
        (x,) = self._take_cache()
        E = self.tokens.params["W"]
        expect_shape(dlogits, (*x.shape[:-1], len(E)), name="dlogits")
        if self.head:
            dx = self.head.backward(dlogits)
        else:
            self.tokens.grads["W"] += dlogits.reshape(-1, len(E)).T @ x.reshape(-1, x.shape[-1])
            dx = dlogits @ E
        self.tokens.backward(self.blocks.backward(self.norm.backward(dx)))

    def _embed(self, ids: Array, positions: Array) -> Array:
        return self.tokens.params["W"][ids]

    def _scores(self, x: Array) -> Array:
        return self.head.predict(x) if self.head else x @ self.tokens.params["W"].T

    def _past(self) -> Past:
        """One that slides where nothing from outside the context reaches the newest token.

        A block passes on what is up to ``window - 1`` tokens away, and all blocks together so
        many times that. What keys and values tell of tokens further away would not be there if
        they were computed anew from the last ``context`` tokens.
        """
        window = min(self.window, self.context)
        if len(self.blocks) * (window - 1) < self.context:
            return Past(self.context, window)
        return Past(self.context)

    def __repr__(self) -> str:
        (vocab, d), n_blocks = self.tokens.params["W"].shape, len(self.blocks)
        return f"Llama(vocab={vocab}, d={d}, n_blocks={n_blocks})"

    @classmethod
    def from_llama(cls, path: str | os.PathLike) -> Self:
        """A model with the weights of a Llama, in float32, from the files of Hugging Face.

        Parameters
        ----------
        path : path
            ``model.safetensors``, or ``model.safetensors.index.json`` where the weights are in
            several files, or the folder with them. ``config.json`` beside it is read too, and
            may be of transformers 5 or from before. Weights are stored as float32, float16 or
            bfloat16.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If the files do not hold a Llama, or ``config.json`` has a key that changes what the
            model computes and is not supported: its name is in the message.

        References
        ----------
        The class ``LlamaForCausalLM`` of the transformers library, version 5.23.
        """
        path = Path(path)
        stored = find_stored(path)
        config = path / "config.json" if path.is_dir() else path.with_name("config.json")
        model = cls(**read_config(config, stored), rng=cast(np.random.Generator, Undrawn()))
        fill(model, stored, path)
        return model
