"""A head of attention at work: from one token's query to what it takes home, step by step."""

import math
from typing import Any

import numpy as np
import traitlets

from nnlib import plots
from nnlib.attention import CausalSelfAttention, attention, causal_mask, merge_heads
from nnlib.backprop import Dense, Layer
from nnlib.language import Embedding
from nnlib.matrices import softmax
from nnlib.shapes import expect_shape
from nnlib.widgets._figure import Figure, Floats, flat, front_end

ROOM = 24  # tokens


class Attention(Figure):
    """Choose the token that asks and the head, and follow its query to the weighted sum.

    The model adds the position of each token to its embedding, then the output of each layer of
    attention to what is there, and makes the scores of the next token of the result.

    Parameters
    ----------
    model : Layer or list of Layer
        An :class:`Embedding` of the words, one of the positions, one or several layers of
        :class:`CausalSelfAttention`, and a :class:`Dense` layer for the scores: the children of a
        layer, or a list. Their parameters are copied.
    vocabulary : list of str
        The words.
    sentence : str
        The text that is read, with a space between two words.
    token : int, optional
        The position of the token that asks; None for the last one.
    head : int
        Which head is shown; those of the first layer come first.
    scale : {"1/√d", "none"}
        What the products of queries and keys are multiplied by.
    mask : {"causal", "none"}
        Whether later tokens are hidden.

    Attributes
    ----------
    heads : list of int
        How many heads each layer has.
    context : int
        How many words can be read: one for each position, up to the 24 for which there is room.
    features : int
        The number of features of a token, D.
    weights : ndarray
        The parameters of the model in a row, in the order in which it uses them.
    """

    _esm, _css = front_end("attention")
    vocabulary = traitlets.List(traitlets.Unicode()).tag(sync=True)
    context = traitlets.Int().tag(sync=True)
    features = traitlets.Int().tag(sync=True)
    heads = traitlets.List(traitlets.Int()).tag(sync=True)
    weights = Floats(-1)
    sentence = traitlets.Unicode().tag(sync=True)
    token = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    head = traitlets.Int(0).tag(sync=True)
    scale = traitlets.Enum(("1/√d", "none"), "1/√d").tag(sync=True)
    mask = traitlets.Enum(("causal", "none"), "causal").tag(sync=True)

    def __init__(self, model, vocabulary, **traits):
        self._layers = _layers(model, len(vocabulary))
        words, positions, *attends, _ = self._layers
        places = positions.params["W"][:ROOM]
        parts = [flat(words), places.ravel(), *map(flat, self._layers[2:])]
        super().__init__(
            vocabulary=list(vocabulary),
            context=len(places),
            features=places.shape[1],
            heads=[layer.n_heads for layer in attends],
            weights=np.concatenate(parts),
            **{"sentence": vocabulary[0]} | traits,
        )

    @traitlets.validate("sentence")
    def _readable(self, proposal):
        words = proposal["value"].split()
        unknown = [word for word in words if word not in self.vocabulary]
        if unknown:
            raise traitlets.TraitError(
                f"sentence of an Attention has the word {unknown[0]!r}, "
                f"needs words of its vocabulary: {', '.join(self.vocabulary)}."
            )
        if not 1 <= len(words) <= self.context:
            raise traitlets.TraitError(
                f"sentence of an Attention has {len(words)} words, needs 1 to {self.context}: "
                "there are no more positions, or no more room."
            )
        return " ".join(words)

    @traitlets.validate("head")
    def _existing(self, proposal):
        if not 0 <= proposal["value"] < sum(self.heads):
            raise traitlets.TraitError(
                f"head of an Attention is {proposal['value']}, needs 0 to {sum(self.heads) - 1}: "
                "the heads of all layers are counted."
            )
        return proposal["value"]

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        """The model as the figure runs it, with its scale and its mask.

        Returns
        -------
        weights : ndarray of shape (heads, T, T)
        probabilities : ndarray of shape (T, V)
            Of the word after each token.
        """
        words, positions, *attends, output = self._layers
        ids = [self.vocabulary.index(word) for word in self.sentence.split()]
        x, found = words.predict(ids) + positions.params["W"][: len(ids)], []
        mask = causal_mask(len(ids)) if self.mask == "causal" else None
        for layer in attends:
            q, k, v = layer.split(layer.qkv.predict(x))
            undone = math.sqrt(q.shape[-1]) if self.scale == "none" else 1.0
            y, weights = attention(q * undone, k, v, mask)
            found.extend(weights)
            x = x + layer.out.predict(merge_heads(y))
        return np.array(found), softmax(output.predict(x))

    def still(self):
        names = [
            f"layer {layer}, head {head}" if len(self.heads) > 1 else f"head {head}"
            for layer, count in enumerate(self.heads)
            for head in range(count)
        ]
        panels = dict(zip(names, self.run()[0], strict=True))
        axes = plots.plot_attention(panels, self.sentence.split(), columns=4)
        axes[0, 0].figure.set_figheight(2.6 * len(axes))  # room for upright words
        return axes[0, 0]


def _layers(model, size: int) -> list[Any]:
    """The parts of the model, if they fit together and the page can run them."""
    layers: list[Any] = [*(model.children.values() if isinstance(model, Layer) else model)]
    kinds = [Embedding, Embedding, *[CausalSelfAttention] * (len(layers) - 3), Dense]
    if len(layers) < 4 or not all(map(isinstance, layers, kinds)):
        raise ValueError(
            f"Attention: the model has the parts {layers}, needs an Embedding of words, one of "
            "positions, layers of CausalSelfAttention, and a Dense layer for the scores. The page "
            "cannot run others."
        )
    words, positions, *attends, output = layers
    W = words.params["W"]
    d = W.shape[1]
    expect_shape(W, (size, d), name="the embedding", where=f"Attention with {size} words")
    where = f"Attention with {d} features"
    expect_shape(positions.params["W"], ("T", d), name="the positions", where=where)
    for layer in attends:
        expect_shape(layer.qkv.params["W"], (3 * d, d), name="qkv.W", where=where)
    expect_shape(output.params["W"], (size, d), name="W of the scores", where=where)
    return layers
