"""The residual stream of a small transformer: what it would say if it ended at each place."""

from collections.abc import Mapping

import numpy as np
import traitlets

from nnlib import plots
from nnlib.attention import CausalHeads
from nnlib.backprop import Dense, Layer, Sequential
from nnlib.gpt import GPT
from nnlib.matrices import softmax
from nnlib.shapes import expect_shape
from nnlib.transformer import LayerNorm, transformer_block
from nnlib.widgets._figure import Figure, Halves, flat, front_end, readable

ROOM = 24  # tokens
NEEDS = (
    "needs `tokens` and `positions`, each an Embedding or an array of rows, `blocks`, a Sequential "
    "or list of transformer_block with as many heads each, `norm`, a LayerNorm, and `scores`, a "
    "Dense layer, if the scores are not products with the embeddings. The page cannot run others."
)


class Stream(Figure):
    """Look into the stream after each layer, through the last norm and the scores.

    The answer is the word that the whole model gives most probability. The reader sees how
    probable it is at each place, and can switch off heads and MLPs. A head that is off hands over
    zeros, so that a layer of attention without heads still adds its bias; an MLP that is off adds
    nothing. What is off is off at every position.

    Parameters
    ----------
    model : GPT, or another Layer, mapping or object
        With children, keys or attributes of these names:

        - ``tokens``, an :class:`Embedding` of the words, or its array (V, D);
        - ``positions``, an :class:`Embedding` of the positions, or an array (T, D); both are added;
        - ``blocks``, a :class:`Sequential` or a list of :func:`transformer_block`, all with the
          same number of heads;
        - ``norm``, the last :class:`LayerNorm`;
        - ``scores``, a :class:`Dense` layer from D to V. Without it, the scores are dot products
          with the embeddings of the words.

        The parameters are copied, as float16.
    vocabulary : list of str
        The words.
    sentence : str
        The text that is read, with a space between two words; the model sees nothing before it.
    token : int, optional
        The position of the last token that is read; None for the end of the sentence.
    off : list of str
        The parts that are switched off, such as "attention 0, head 1" or "MLP 0".

    Attributes
    ----------
    sizes : list of int
        Of the model: context, at most the 24 tokens for which there is room, features, heads,
        and blocks.
    weights : ndarray
        The parameters of the model in a row, in the order of the names above.
    places : list of str
        The places in the stream: "the embedding", "attention 0", "MLP 0", and so on.
    parts : list of str
        What can be switched off.
    """

    _esm, _css = front_end("stream")
    vocabulary = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sizes = traitlets.List(traitlets.Int()).tag(sync=True)
    weights = Halves(-1)
    sentence = traitlets.Unicode().tag(sync=True)
    token = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    off = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, model, vocabulary, **traits):
        sizes, weights = _read(model, len(vocabulary))
        super().__init__(
            vocabulary=list(vocabulary),
            sizes=sizes,
            weights=weights,
            **{"sentence": vocabulary[0]} | traits,
        )

    @property
    def places(self) -> list[str]:
        """The places in the stream, from the first to the last."""
        n_blocks = self.sizes[-1]
        layers = [f"{name} {n}" for n in range(n_blocks) for name in ("attention", "MLP")]
        return ["the embedding", *layers]

    @property
    def parts(self) -> list[str]:
        """The names of what can be switched off."""
        _, _, n_heads, n_blocks = self.sizes
        heads = [f"attention {n}, head {h}" for n in range(n_blocks) for h in range(n_heads)]
        return heads + [f"MLP {n}" for n in range(n_blocks)]

    @traitlets.validate("sentence")
    def _readable(self, proposal):
        return readable(proposal["value"], "a Stream", self.vocabulary, self.sizes[0])

    @traitlets.validate("off")
    def _existing(self, proposal):
        unknown = [name for name in proposal["value"] if name not in self.parts]
        if unknown:
            raise traitlets.TraitError(
                f"off of a Stream has {unknown[0]!r}, needs parts of the model: "
                f"{'; '.join(self.parts)}."
            )
        return proposal["value"]

    def words(self) -> list[str]:
        """The words that are read."""
        words = self.sentence.split()
        return words if self.token is None else words[: self.token + 1]

    def run(self, off: list[str] | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The model as the figure runs it, on what is read.

        Parameters
        ----------
        off : list of str, optional
            The parts that are switched off, in place of those of the figure.

        Returns
        -------
        probabilities : ndarray of shape (places, V)
            Of the next word, if the model ended there.
        stream : ndarray of shape (places, D)
            What is there.
        """
        model, W, b = self._model()
        _switch(model, self.sizes[2], self.off if off is None else off)
        ids = np.array([self.vocabulary.index(word) for word in self.words()])
        x = model.tokens.predict(ids) + model.positions.predict(np.arange(len(ids)))
        stream = [x[-1]]
        for block in model.blocks:
            for layer in block.children.values():
                x = layer.predict(x)
                stream.append(x[-1])
        return softmax(model.norm.predict(np.array(stream)) @ W.T + b), np.array(stream)

    def _model(self) -> tuple[GPT, np.ndarray, np.ndarray]:
        """The model with the numbers that travel, and W and b of its scores."""
        model = GPT(len(self.vocabulary), *self.sizes, rng=np.random.default_rng(0))
        rest = self.weights
        for _, param, _ in model.named_params():
            param[...] = rest[: param.size].reshape(param.shape)
            rest = rest[param.size :]
        E = model.tokens.params["W"]
        if not rest.size:
            return model, E, np.zeros(len(E))
        return model, rest[: E.size].reshape(E.shape), rest[E.size :]

    def still(self):
        shown, _ = self.run()
        answer = self.run(off=[])[0][-1].argmax()
        likely = [self.vocabulary[p.argmax()] for p in shown]
        labels = [f"{place}: {word}" for place, word in zip(self.places, likely, strict=True)]
        panels = {f"“{self.vocabulary[answer]}”": shown[:, answer], "this word": shown.max(axis=1)}
        axes = plots.plot_choices(labels, panels)
        axes[0].figure.suptitle(f"after: {' '.join(self.words())}", fontsize=10)
        return axes[0]


def _switch(model: GPT, n_heads: int, off: list[str]) -> None:
    """Let some parts of the model add nothing."""
    for n, block in enumerate(model.blocks):
        attend, think = block.children.values()
        W = attend.children["out"].params["W"]
        heads = W.reshape(len(W), n_heads, -1)  # a view
        for h in range(n_heads):
            heads[:, h] *= f"attention {n}, head {h}" not in off
        for param in think.children["write"].params.values():
            param *= f"MLP {n}" not in off


def _part(model, name: str):
    """The part of a model with this name: a child, an item or an attribute; None without one."""
    inside = model.children if isinstance(model, Layer) else model
    found = inside.get(name) if isinstance(inside, Mapping) else None
    return getattr(model, name, None) if found is None else found


def _table(part) -> np.ndarray:
    """The rows of an embedding."""
    return np.asarray(part.params["W"] if isinstance(part, Layer) else part)


def _read(model, vocab: int) -> tuple[list[int], np.ndarray]:
    """The sizes of the model and its parameters in a row, if the page can run it."""
    names = "tokens", "positions", "blocks", "norm", "scores"
    tokens, positions, blocks, norm, scores = (_part(model, name) for name in names)
    blocks = list(blocks) if isinstance(blocks, Sequential | list | tuple) else []
    heads = {_heads(block) for block in blocks}
    complete = tokens is not None and positions is not None and isinstance(norm, LayerNorm)
    if not complete or len(heads) != 1 or 0 in heads or not isinstance(scores, Dense | None):
        raise ValueError(f"Stream: the model is {model}, {NEEDS}")
    E, P = _table(tokens), _table(positions)[:ROOM]
    where = f"Stream with {vocab} words"
    expect_shape(E, (vocab, "D"), name="tokens", where=where)
    d = E.shape[1]
    expect_shape(P, ("T", d), name="positions", where=where)
    expect_shape(norm.params["gamma"], (d,), name="norm", where=where)
    block = transformer_block(d, *heads, rng=np.random.default_rng())
    if any(repr(found) != repr(block) for found in blocks):
        raise ValueError(f"Stream: the model is {model}, {NEEDS}")
    rows = [E.ravel(), P.ravel(), *map(flat, blocks), flat(norm)]
    if scores is not None:
        expect_shape(scores.params["W"], (vocab, d), name="scores", where=where)
        rows.append(flat(scores))
    return [len(P), d, *heads, len(blocks)], np.concatenate(rows)


def _heads(block) -> int:
    """How many heads a transformer_block has; 0 for another layer."""
    heads = _part(_part(block, "attend"), "heads")
    return heads.n_heads if isinstance(heads, CausalHeads) else 0
