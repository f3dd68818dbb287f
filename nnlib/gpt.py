"""Chapter 12: a GPT, which reads tokens, predicts the next one, and writes."""

import math
import os
from pathlib import Path
from typing import Self, cast

import numpy as np
from numpy.typing import ArrayLike

from nnlib._gpt2 import gpt2_tokenizer as gpt2_tokenizer
from nnlib._gpt2 import names_in_gpt2, read_gpt2
from nnlib.attention import CausalHeads, attention, causal_mask, merge_heads
from nnlib.backprop import Child, Layer, Sequential
from nnlib.language import Embedding
from nnlib.matrices import softmax
from nnlib.shapes import Array, as_indices, caller, expect_shape
from nnlib.transformer import Residual, Stack


class LanguageModel(Layer):
    """Reads ids and scores every token as the next one; with a past, also a few at a time.

    A subclass has a ``context``, the table ``tokens``, ``blocks`` and a last ``norm``, and says
    how ids become features and features become scores.
    """

    context: float  # the largest number of tokens that the model can see, perhaps infinite
    tokens, blocks = Child[Embedding](), Child[Sequential]()

    def _embed(self, ids: Array, positions: Array) -> Array:
        """The features with which ids at these positions enter the blocks."""
        raise NotImplementedError

    def _scores(self, x: Array) -> Array:
        """The scores of all tokens, from the features that leave the last norm."""
        raise NotImplementedError

    def _past(self) -> "Past":
        """A past that is still empty."""
        return Past(self.context)

    def predict(self, ids: ArrayLike) -> Array:
        self.forget()
        ids = self._as_ids(ids, self.context)
        x = self._embed(ids, np.arange(ids.shape[1]))
        return self._scores(self.children["norm"].predict(self.blocks.predict(x)))

    def extend(self, ids: list[int], past: "Past") -> Array:
        """The scores (T, V) for further tokens, when ``past`` holds what was read before.

        The same numbers as the last rows of :meth:`forward` on everything that was read, at the
        price of the new tokens only.
        """
        limit = min(past.context, self.context) if past.window == math.inf else math.inf
        (new,) = self._as_ids([ids], limit, read=past.length)
        x = self._embed(new, past.length + np.arange(len(new)))
        x = self.children["norm"].predict(_extend(self.blocks, x, past))
        past.advance(len(new))
        return self._scores(x)

    def generate(
        self,
        prompt: list[int],
        n_new: int,
        *,
        rng: np.random.Generator,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        stop: int | list[int] | None = None,
    ) -> list[int]:
        """The prompt and up to ``n_new`` more tokens, each drawn from what the model predicts.

        The model sees at most the last ``context`` tokens. As long as that is all of them, the
        keys and values of earlier tokens are kept, and a new token costs one position. After that
        all are computed anew for each token, since what is kept tells of tokens that are no
        longer seen; in a GPT also every token's position changes.

        Parameters
        ----------
        prompt : list of int
            At least one token.
        n_new : int
            How many tokens to add at most.
        rng : Generator
            Draws the tokens.
        temperature, top_k, top_p
            As in :func:`next_token_distribution`.
        stop : int or list of int, optional
            Nothing is added after one of these tokens, so the text ends with it. In the prompt
            they stop nothing.
        """
        if isinstance(prompt, str) or n_new < 0:
            raise ValueError(
                f"{caller()}: got the prompt {prompt!r:.40} and n_new {n_new}, "
                "expected a list of ids and a number from 0. Encode text first."
            )
        ids = self._as_ids([prompt], math.inf)[0].tolist()
        ends = self._as_tokens([] if stop is None else stop, name="stop tokens")
        past = self._past()
        for _ in range(n_new):
            if len(ids) <= past.context:
                logits = self.extend(ids[past.length :], past)[-1]
            else:
                logits = self.predict([ids[-int(self.context) :]])[0, -1]
            p = next_token_distribution(logits, temperature=temperature, top_k=top_k, top_p=top_p)
            ids.append(int(rng.choice(len(p), p=p)))
            if ids[-1] in ends:
                break
        return ids

    def _as_tokens(self, values: object, *, name: str) -> Array:
        vocab = len(self.tokens.params["W"])
        return as_indices(values, vocab, name=name, what="token", source="tokenizer")

    def _as_ids(self, ids: object, limit: float, *, read: int = 0) -> Array:
        """The ids (N, T), if they are tokens, at least one in a row, and not too many."""
        ids = self._as_tokens(ids, name="ids")
        expect_shape(ids, ("N", "T"), name="ids")
        if not 0 < ids.shape[1] <= limit - read:
            seen = f" after {read}" if read else ""
            most = f" and at most {limit} in all, the context" if limit < math.inf else ""
            raise ValueError(
                f"{type(self).__name__}: got {ids.shape[1]} tokens{seen}, "
                f"expected at least one{most}."
            )
        return ids


class GPT(LanguageModel, Stack):
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
        super().__init__(vocab, context, d, n_heads, n_blocks, rng=rng)
        self.context = context

    def forward(self, ids: ArrayLike) -> Array:
        return super().forward(self._as_ids(ids, self.context))

    def _embed(self, ids: Array, positions: Array) -> Array:
        return self.tokens.params["W"][ids] + self.positions.params["W"][positions]

    def _scores(self, x: Array) -> Array:
        return x @ self.tokens.params["W"].T

    def __repr__(self) -> str:
        (vocab, d), n_blocks = self.tokens.params["W"].shape, len(self.blocks)
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
        arrays, n_heads, n_blocks = read_gpt2(Path(path), n_heads)
        (vocab, d), context = arrays["wte.weight"].shape, len(arrays["wpe.weight"])
        zeros = cast(np.random.Generator, _Zeros())
        model = cls(vocab, context, d, n_heads, n_blocks, rng=zeros).astype(np.float32)
        theirs = names_in_gpt2(n_blocks)
        for name, param, _ in model.named_params():
            array = arrays[theirs[name]]
            expect_shape(array, param.shape, name=theirs[name], where=f"from_gpt2 with {path}")
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
        The largest number of tokens to read.
    window : int, optional
        How many tokens one sees, itself included. What no new token sees makes room for others,
        and there may be any number of them.
    """

    def __init__(self, context: float, window: float = math.inf) -> None:
        self.context = context if window == math.inf else math.inf
        self.window = window
        self.length = 0
        self._stored: dict[Layer, tuple[Array, int]] = {}  # and the position of the first

    def append(self, layer: Layer, k: Array, v: Array) -> tuple[Array, Array]:
        """Remember keys and values (H, T, d) of new tokens; returns all that these may see."""
        h, new, d = k.shape
        if layer not in self._stored:
            self._stored[layer] = np.empty((2, h, 0, d), k.dtype), self.length
        kept, first = self._stored[layer]
        end = self.length - first
        begin = 0 if self.window == math.inf else max(0, end - int(self.window) + 1)
        if end + new > kept.shape[2]:
            old, seen = kept, end - begin
            kept = np.empty((2, h, 2 * (seen + new), d), k.dtype)
            kept[:, :, :seen] = old[:, :, begin:end]
            self._stored[layer] = kept, self.length - seen
            begin, end = 0, seen
        kept[0, :, end : end + new], kept[1, :, end : end + new] = k, v
        return kept[0, :, begin : end + new], kept[1, :, begin : end + new]

    def advance(self, n: int) -> None:
        """Count ``n`` more tokens, when every layer has appended theirs."""
        self.length += n


class LooksBack(Layer):
    """A layer that itself goes on from a past, as attention with positions of its own must."""

    def extend(self, x: Array, past: Past) -> Array:
        """The outputs (T, D) for further tokens x (T, D), when ``past`` holds those before."""
        raise NotImplementedError


def _extend(layer: Layer, x: Array, past: Past) -> Array:
    """The output of a layer for further tokens x (T, D); only attention looks back."""
    match layer:
        case Sequential():
            y = x
            for child in layer:
                y = _extend(child, y, past)
            return x + y if isinstance(layer, Residual) else y
        case CausalHeads():
            q, k, v = layer.split(x)
            k, v = past.append(layer, k, v)
            new, all_so_far = q.shape[-2], k.shape[-2]
            mask = causal_mask(all_so_far)[-new:] if new > 1 else None  # one may see everything
            y, _ = attention(q, k, v, mask)
            return merge_heads(y)
        case LooksBack():
            return layer.extend(x, past)
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
    if not 0 <= temperature < math.inf:
        raise ValueError(f"{caller()}: temperature is {temperature}, expected a number from 0.")
    if top_k is not None and top_k < 1:
        raise ValueError(f"{caller()}: top_k is {top_k}, expected at least 1 token to keep.")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"{caller()}: top_p is {top_p}, expected above 0 and at most 1.")
    logits = np.asarray(logits, dtype=np.float64)
    expect_shape(logits, ("V",), name="logits")
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
