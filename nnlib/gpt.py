"""Chapter 10: a GPT, which reads tokens, predicts the next one, and writes."""

import math
import os
from pathlib import Path
from typing import Self

import numpy as np

from nnlib._gpt2 import gpt2_tokenizer as gpt2_tokenizer
from nnlib._gpt2 import read_gpt2
from nnlib.attention import CausalSelfAttention, attention, causal_mask, merge_heads
from nnlib.backprop import Layer, Sequential
from nnlib.matrices import softmax
from nnlib.shapes import ShapeError, expect_shape
from nnlib.tokens import Embedding
from nnlib.transformer import LayerNorm, Residual, transformer_block

Array = np.ndarray


class GPT(Layer):
    """A generative pre-trained transformer: ids (N, T) to scores (N, T, V) for the next token.

    Embeddings of tokens and of positions are added; blocks with the norm first, and a last norm,
    work on them; the scores are dot products with the embeddings of the tokens, which are tied.

    Parameters
    ----------
    vocab : int
        The number of tokens V.
    context : int
        The largest number of tokens that the model can see.
    d : int
        The number of features D.
    n_heads, n_blocks : int
        The number of heads in a block, and of blocks.
    rng : Generator
        Draws the weights.

    References
    ----------
    Radford et al. 2019, section 2.3; Press and Wolf 2017 for the tied embedding.

    Examples
    --------
    >>> model = GPT(11, 8, 6, 2, 1, rng=np.random.default_rng(0))
    >>> model.predict(np.zeros((4, 5), dtype=int)).shape
    (4, 5, 11)
    """

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
        blocks = [transformer_block(d, n_heads, rng=rng) for _ in range(n_blocks)]
        for block in blocks:
            for residual in block.children.values():
                *_, last = residual.layer.children.values()
                write = last.out if isinstance(last, CausalSelfAttention) else last
                write.params["W"] /= math.sqrt(2 * n_blocks)  # so many layers add to the stream
        self.context = context
        self.tokens = Embedding(vocab, d, rng=rng)
        self.positions = Embedding(context, d, rng=rng)
        self.body = Sequential(*blocks, LayerNorm(d))
        super().__init__(
            children={"tokens": self.tokens, "positions": self.positions, "body": self.body}
        )

    def forward(self, ids: Array) -> Array:
        ids = self._as_ids(ids)
        x = self.tokens.forward(ids) + self.positions.forward(np.arange(ids.shape[1]))
        x = self.body.forward(x)
        self._cache = (x,)
        return x @ self.tokens.params["W"].T

    def backward(self, dlogits: Array) -> None:
        (x,) = self._take_cache()
        E = self.tokens.params["W"]
        expect_shape(dlogits, (*x.shape[:-1], len(E)), name="dlogits", where="GPT.backward")
        self.tokens.grads["W"] += dlogits.reshape(-1, len(E)).T @ x.reshape(-1, x.shape[-1])
        dx = self.body.backward(dlogits @ E)
        self.positions.backward(dx.sum(axis=0))
        self.tokens.backward(dx)

    def extend(self, ids: list[int], past: "Past") -> Array:
        """The scores (T, V) for further tokens, when ``past`` holds what was read before.

        The same numbers as the last rows of :meth:`forward` on everything that was read, at the
        price of the new tokens only.
        """
        ids = self._as_ids([ids], after=past.length)[0]
        end = past.length + len(ids)
        x = self.tokens.predict(ids) + self.positions.params["W"][past.length : end]
        x = _extend(self.body, x, past)
        past.length = end
        return x @ self.tokens.params["W"].T

    def generate(
        self,
        prompt: list[int],
        n_new: int,
        *,
        rng: np.random.Generator,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
    ) -> list[int]:
        """The prompt and ``n_new`` more tokens, each drawn from what the model predicts.

        The model sees at most the last ``context`` tokens. As long as that is all of them, the
        keys and values of earlier tokens are kept, and a new token costs one position. After that
        every token changes its position with each step, and all are computed anew.

        Parameters
        ----------
        prompt : list of int
            At least one token.
        n_new : int
            How many tokens to add.
        rng : Generator
            Draws the tokens.
        temperature, top_k, top_p
            As in :func:`next_token_distribution`.
        """
        if isinstance(prompt, str) or n_new < 0:
            raise ValueError(
                f"GPT.generate: got the prompt {prompt!r:.40} and n_new {n_new}, "
                "expected a list of ids and a number from 0. Encode text first."
            )
        ids = np.asarray(prompt).tolist()
        self._as_ids([ids[-self.context :]])
        self.tokens.predict(ids)  # refuses what is no token
        past = Past(self.context)
        for _ in range(n_new):
            if len(ids) <= self.context:
                logits = self.extend(ids[past.length :], past)[-1]
            else:
                logits = self.predict([ids[-self.context :]])[0, -1]
            p = next_token_distribution(logits, temperature=temperature, top_k=top_k, top_p=top_p)
            ids.append(int(rng.choice(len(p), p=p)))
        return ids

    def _as_ids(self, ids, *, after: int = 0) -> Array:
        try:
            ids = np.asarray(ids)
        except ValueError:
            raise ShapeError(
                "GPT: the rows of ids differ in length. Cut or pad them to one length."
            ) from None
        expect_shape(ids, ("N", "T"), name="ids", where="GPT")
        if not 0 < ids.shape[1] <= self.context - after:
            seen = f" after {after}" if after else ""
            raise ValueError(
                f"GPT: got {ids.shape[1]} tokens{seen}, "
                f"expected at least one and at most {self.context} in all, the context."
            )
        return ids

    def __repr__(self) -> str:
        (vocab, d), n_blocks = self.tokens.params["W"].shape, len(self.body.children) - 1
        return f"GPT(vocab={vocab}, context={self.context}, d={d}, n_blocks={n_blocks})"

    @classmethod
    def from_gpt2(cls, path: str | os.PathLike, *, n_heads: int | None = None) -> Self:
        """A model with the weights of GPT-2, from a ``.safetensors`` file of Hugging Face.

        Parameters
        ----------
        path : path
            For example ``model.safetensors``. A ``config.json`` beside it is read too.
        n_heads : int, optional
            The number of heads, which the weights do not tell. By default that of
            ``config.json``, or one for 64 features, as in every published GPT-2.

        Raises
        ------
        ImportError
            If the package ``safetensors`` is not installed.
        FileNotFoundError
            If there is no such file.
        ValueError
            If the file does not hold a GPT-2.

        References
        ----------
        Radford et al. 2019, Language Models are Unsupervised Multitask Learners.
        """
        arrays, n_heads = read_gpt2(Path(path), n_heads)
        (vocab, d), context = arrays["wte.weight"].shape, len(arrays["wpe.weight"])
        n_blocks = (len(arrays) - 4) // 12
        model = cls(vocab, context, d, n_heads, n_blocks, rng=_Zeros()).astype(np.float32)
        named = zip(model.named_params(), arrays.items(), strict=True)
        for (_, param, _), (name, array) in named:
            expect_shape(array, param.shape, name=name, where=f"from_gpt2 with {path}")
            param[...] = array
        return model


class _Zeros:
    """In place of a generator where every weight will be read: nothing to draw."""

    def normal(self, scale: float, size: tuple) -> Array:
        return np.zeros(size, dtype=np.float32)


class Past:
    """The keys and values of the tokens so far, for every layer of attention.

    Parameters
    ----------
    context : int
        The largest number of tokens to remember.
    """

    def __init__(self, context: int) -> None:
        self.context = context
        self.length = 0
        self._stored: dict[Layer, tuple[Array, Array]] = {}

    def append(self, layer: Layer, k: Array, v: Array) -> tuple[Array, Array]:
        """Remember keys and values (H, T, d) of new tokens; returns those of all so far."""
        if layer not in self._stored:
            shape = (k.shape[0], self.context, k.shape[2])
            self._stored[layer] = np.empty(shape, k.dtype), np.empty(shape, v.dtype)
        keys, values = self._stored[layer]
        end = self.length + k.shape[1]
        keys[:, self.length : end], values[:, self.length : end] = k, v
        return keys[:, :end], values[:, :end]


def _extend(layer: Layer, x: Array, past: Past) -> Array:
    """The output of a layer for further tokens x (T, D); only attention looks back."""
    match layer:
        case Sequential():
            for child in layer.children.values():
                x = _extend(child, x, past)
            return x
        case Residual():
            return x + _extend(layer.layer, x, past)
        case CausalSelfAttention():
            q, k, v = layer.split(layer.qkv.predict(x))
            k, v = past.append(layer, k, v)
            new, all_so_far = q.shape[-2], k.shape[-2]
            mask = causal_mask(all_so_far)[-new:] if new > 1 else None  # one may see everything
            y, _ = attention(q, k, v, mask)
            return layer.out.predict(merge_heads(y))
        case _:
            return layer.predict(x)


def next_token_distribution(
    logits: Array,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """The probabilities (V,) from which the next token is drawn.

    Parameters
    ----------
    logits : ndarray of shape (V,)
        The scores for the next token.
    temperature : float
        The scores are divided by it. 0 leaves the best token alone, 1 changes nothing.
    top_k : int, optional
        Keep this many of the most probable tokens.
    top_p : float, optional
        Keep the fewest most probable tokens that together reach this probability.

    References
    ----------
    Holtzman et al. 2020, section 3.1, for ``top_p``; Fan et al. 2018 for ``top_k``.

    Examples
    --------
    >>> next_token_distribution(np.log([0.5, 0.3, 0.2]), top_k=2)
    array([0.625, 0.375, 0.   ])
    """
    where = "next_token_distribution"
    if not 0 <= temperature < math.inf:
        raise ValueError(f"{where}: temperature is {temperature}, expected a number from 0.")
    if top_k is not None and top_k < 1:
        raise ValueError(f"{where}: top_k is {top_k}, expected at least 1 token to keep.")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"{where}: top_p is {top_p}, expected above 0 and at most 1.")
    logits = np.asarray(logits, dtype=np.float64)
    expect_shape(logits, ("V",), name="logits", where=where)
    if temperature == 0:
        top_k, temperature = 1, 1.0
    scaled = logits
    if temperature != 1:
        with np.errstate(over="ignore"):  # minus infinity has probability 0, and right
            scaled = (logits - logits.max()) / temperature
    p = softmax(scaled)
    if top_k is None and top_p is None:
        return p
    order = np.argsort(-logits, kind="stable")
    if top_k is not None:
        p[order[top_k:]] = 0
        p /= p.sum()
    if top_p is not None:
        enough = np.searchsorted(p[order].cumsum(), top_p) + 1
        p[order[enough:]] = 0
        p /= p.sum()
    return p
