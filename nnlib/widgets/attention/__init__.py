"""A head of attention at work: from one token's query to what is added to the token."""

import math

import numpy as np
import traitlets

from nnlib import plots
from nnlib.attention import attention, causal_mask, merge_heads
from nnlib.matrices import softmax
from nnlib.widgets._figure import Figure, Floats, flat, front_end, readable
from nnlib.widgets.attention import parts

ROOM = 24  # tokens


class Attention(Figure):
    """Choose the token that asks and the head, and follow its query to what the token becomes.

    The model adds the position of each token to its embedding, then the output of each layer of
    attention to what is there. If it has a layer of scores, it says what comes next.

    Parameters
    ----------
    model : Layer or list of Layer
        An :class:`Embedding` of the words, one of the positions, one or several layers of
        :class:`CausalSelfAttention`, and perhaps a :class:`Dense` layer for the scores of the next
        token: the children of a layer, or a list. Their parameters are copied.
        For a head that you make by hand, see :meth:`by_hand`.
    vocabulary : list of str
        The words.
    sentence : str
        The text that is read, with a space between two words.
    token : int, optional
        The position of the token that asks; None for the last one.
    asked : int, optional
        The position of the token whose key and value are shown number by number; None for the one
        with the largest weight.
    head : int
        Which head is shown; those of the first layer come first.
    off : list of int
        The heads that are switched off: what they take home is not added to the token.
    scale : {"1/√d", "none"}
        What the products of queries and keys are multiplied by.
    mask : {"causal", "none"}
        Whether later tokens are hidden.
    switches : list of {"scale", "mask"}
        Which of the two the reader can change. What is off and cannot be changed is not shown.
    names : dict of str to list of str
        What the features are called, if they are few: "x" those of a token, "q" those of queries
        and keys, "v" those of values. Others have no names.

    Attributes
    ----------
    heads : list of int
        How many heads each layer has.
    widths : list of list of int
        For each layer how many features a query has, and how many a value.
    context : int
        How many words can be read: one for each position, up to the 24 for which there is room.
    features : int
        The number of features of a token, D.
    predicts : bool
        Whether the model has scores for the next word.
    projected : bool
        Whether a matrix stands between the sum of a head and the token.
    weights : ndarray
        The parameters of the model in a row, in the order in which it uses them.
    """

    _esm, _css = front_end("attention")
    vocabulary = traitlets.List(traitlets.Unicode()).tag(sync=True)
    context = traitlets.Int().tag(sync=True)
    features = traitlets.Int().tag(sync=True)
    heads = traitlets.List(traitlets.Int()).tag(sync=True)
    widths = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    predicts = traitlets.Bool().tag(sync=True)
    projected = traitlets.Bool().tag(sync=True)
    weights = Floats(-1)
    sentence = traitlets.Unicode().tag(sync=True)
    token = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    asked = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    head = traitlets.Int(0).tag(sync=True)
    off = traitlets.List(traitlets.Int()).tag(sync=True)
    scale = traitlets.Enum(("1/√d", "none"), "1/√d").tag(sync=True)
    mask = traitlets.Enum(("causal", "none"), "causal").tag(sync=True)
    switches = traitlets.List(traitlets.Enum(("scale", "mask")), ["scale", "mask"]).tag(sync=True)
    names = traitlets.Dict(
        traitlets.List(traitlets.Unicode()), key_trait=traitlets.Enum(("x", "q", "v"))
    ).tag(sync=True)

    def __init__(self, model, vocabulary, **traits):
        self._parts = parts.parts_of(model, len(vocabulary))
        words, positions, attends, output = self._parts
        places = positions.params["W"][:ROOM]
        unit = np.eye(places.shape[1])
        last = [] if output is None else [output]
        rows = [flat(words), places.ravel(), *map(flat, [*attends, *last])]
        super().__init__(
            vocabulary=list(vocabulary),
            context=len(places),
            features=places.shape[1],
            heads=[layer.n_heads for layer in attends],
            widths=[_widths(layer) for layer in attends],
            predicts=output is not None,
            projected=any(not np.array_equal(layer.out.params["W"], unit) for layer in attends),
            weights=np.concatenate(rows),
            **{"sentence": vocabulary[0]} | traits,
        )

    @classmethod
    def by_hand(cls, vocabulary, X, W_q, W_k, W_v, W_o=None, *, room=8, **traits):
        """The figure of one head whose matrices you write down.

        There are no positions and no guess of the next word. Unless you say otherwise, nothing is
        masked, and the reader cannot change mask and scale.

        Parameters
        ----------
        vocabulary : list of str
            The words.
        X : array_like of shape (V, D)
            The features of each word.
        W_q, W_k : array_like of shape (d, D)
        W_v : array_like of shape (d_v, D)
        W_o : array_like of shape (D, d_v), optional
            Makes what is added to a token of the weighted sum. Without it the sum itself is added,
            and ``d_v`` must be D.
        room : int
            How many words can be read, up to 24.
        **traits
            As for the class.

        Examples
        --------
        >>> X, W = [[1.0, 0.0], [0.0, 1.0]], [[0.0, 4.0]]  # an animal, a place
        >>> figure = Attention.by_hand(["cats", "tree"], X, W, [[1.0, 0.0]], np.eye(2))
        >>> figure.sentence = "cats tree"
        >>> figure.run()[0].round(2)  # only "tree" asks for something
        array([[[0.5 , 0.5 ],
                [0.98, 0.02]]])
        """
        model = parts.by_hand(X, W_q, W_k, W_v, W_o, room)
        return cls(model, vocabulary, **{"mask": "none", "switches": []} | traits)

    @traitlets.validate("sentence")
    def _readable(self, proposal):
        return readable(proposal["value"], "an Attention", self.vocabulary, self.context)

    @traitlets.validate("head", "off")
    def _existing(self, proposal):
        value = proposal["value"]
        for head in [value] if isinstance(value, int) else value:
            if not 0 <= head < sum(self.heads):
                raise traitlets.TraitError(
                    f"{proposal['trait'].name} of an Attention is {value}, needs 0 to "
                    f"{sum(self.heads) - 1}: the heads of all layers are counted."
                )
        return value

    @traitlets.validate("names")
    def _fitting(self, proposal):
        d, d_v = np.array(self.widths).T
        for name, sizes in (("x", [self.features]), ("q", d), ("v", d_v)):
            found = proposal["value"].get(name)
            if found is not None and any(len(found) != size for size in sizes):
                raise traitlets.TraitError(
                    f"names of an Attention has {len(found)} for {name!r}, needs {sizes[0]}: "
                    "one for each feature."
                )
        return proposal["value"]

    def run(self) -> tuple[np.ndarray, np.ndarray | None]:
        """The model as the figure runs it, with its scale, its mask and the heads that are on.

        Returns
        -------
        weights : ndarray of shape (heads, T, T)
        probabilities : ndarray of shape (T, V), or None
            Of the word after each token, if the model has scores for it.
        """
        words, positions, attends, output = self._parts
        ids = [self.vocabulary.index(word) for word in self.sentence.split()]
        x = words.predict(ids) + positions.params["W"][: len(ids)]
        found: list[np.ndarray] = []
        mask = causal_mask(len(ids)) if self.mask == "causal" else None
        for layer in attends:
            q, k, v = layer.split(layer.qkv.predict(x))
            undone = math.sqrt(q.shape[-1]) if self.scale == "none" else 1.0
            y, weights = attention(q * undone, k, v, mask)
            y[[len(found) + h in self.off for h in range(len(y))]] = 0
            found.extend(weights)
            x = x + layer.out.predict(merge_heads(y))
        return np.array(found), None if output is None else softmax(output.predict(x))

    def still(self):
        names = [
            f"layer {layer}, head {head}" if len(self.heads) > 1 else f"head {head}"
            for layer, count in enumerate(self.heads)
            for head in range(count)
        ]
        alone = len(names) == 1
        panels = dict(zip(["weights"] if alone else names, self.run()[0], strict=True))
        axes = plots.plot_attention(panels, self.sentence.split(), columns=4, numbers=alone)
        axes[0, 0].figure.set_figheight(2.6 * len(axes))  # room for upright words
        return axes[0, 0]


def _widths(layer) -> list[int]:
    """How many features a query and a value of each head have."""
    d_v = layer.out.params["W"].shape[1] // layer.n_heads
    return [(len(layer.qkv.params["W"]) // layer.n_heads - d_v) // 2, d_v]
