"""The models that a figure of attention can show: learned ones, and a head made by hand."""

from typing import Any, NamedTuple

import numpy as np

from nnlib.attention import CausalSelfAttention
from nnlib.backprop import Child, Dense, Layer
from nnlib.language import Embedding
from nnlib.shapes import Array, as_floats, expect_shape


class Head(Layer):
    """One head of given matrices: what the figure uses of a :class:`CausalSelfAttention`.

    Parameters
    ----------
    W_q, W_k : ndarray of shape (d, D)
    W_v : ndarray of shape (d_v, D)
    W_o : ndarray of shape (D, d_v)
    """

    qkv, out = Child[Dense](), Child[Dense]()
    n_heads = 1

    def __init__(self, W_q: Array, W_k: Array, W_v: Array, W_o: Array) -> None:
        self.d = len(W_q)
        qkv = given(np.concatenate([W_q, W_k, W_v]))
        super().__init__(children={"qkv": qkv, "out": given(W_o)})

    def split(self, qkv: Array) -> list[Array]:
        """Queries, keys and values: (T, 2 d + d_v) to (1, T, d) twice and (1, T, d_v)."""
        return [part[None] for part in np.split(qkv, [self.d, 2 * self.d], axis=-1)]


class Parts(NamedTuple):
    """What the figure runs."""

    words: Embedding
    positions: Embedding
    attends: list[Any]
    output: Dense | None


def given(W: Array) -> Dense:
    """A dense layer with these weights and no biases."""
    layer = Dense(*W.shape[::-1], rng=np.random.default_rng(0))
    layer.params["W"][...] = W
    return layer


def by_hand(X, W_q, W_k, W_v, W_o, room: int) -> list[Layer]:
    """The parts of a model with one head and no positions, which says nothing of the next word."""
    X, W_q, W_k, W_v = as_floats(X=X, W_q=W_q, W_k=W_k, W_v=W_v)
    expect_shape(X, ("words", "D"), name="X")
    (n, D), rng = X.shape, np.random.default_rng(0)
    expect_shape(W_q, ("d", D), name="W_q", X=X)
    expect_shape(W_k, (len(W_q), D), name="W_k", W_q=W_q)
    expect_shape(W_v, ("d_v" if W_o is not None else D, D), name="W_v", X=X)
    (W_o,) = as_floats(W_o=np.eye(D) if W_o is None else W_o)
    expect_shape(W_o, (D, len(W_v)), name="W_o", W_v=W_v)
    words, positions = Embedding(n, D, rng=rng), Embedding(room, D, rng=rng)
    words.params["W"][...] = X
    positions.params["W"][...] = 0
    return [words, positions, Head(W_q, W_k, W_v, W_o)]


def parts_of(model, size: int) -> Parts:
    """The parts of the model, if they fit together and the page can run them."""
    layers: list[Any] = [*(model.children.values() if isinstance(model, Layer) else model)]
    output = layers.pop() if layers and isinstance(layers[-1], Dense) else None
    kinds: list[Any] = [Embedding, Embedding, *[CausalSelfAttention | Head] * (len(layers) - 2)]
    if len(layers) < 3 or not all(map(isinstance, layers, kinds)):
        raise ValueError(
            f"Attention: the model has the parts {[*layers, *filter(None, [output])]}, needs an "
            "Embedding of words, one of positions, layers of CausalSelfAttention, and perhaps a "
            "Dense layer for the scores. The page cannot run others."
        )
    words, positions, *attends = layers
    W = words.params["W"]
    d = W.shape[1]
    expect_shape(W, (size, d), name="the embedding", where=f"Attention with {size} words")
    where = f"Attention with {d} features"
    expect_shape(positions.params["W"], ("T", d), name="the positions", where=where)
    for layer in attends:
        rows = "rows" if isinstance(layer, Head) else 3 * d
        expect_shape(layer.qkv.params["W"], (rows, d), name="qkv.W", where=where)
    if output is not None:
        expect_shape(output.params["W"], (size, d), name="W of the scores", where=where)
    return Parts(words, positions, attends, output)
