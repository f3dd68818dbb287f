"""A GPT that writes, a word at a time, beside the exact probabilities of its language."""

from collections.abc import Iterator

import numpy as np
import traitlets

from nnlib import plots
from nnlib.backprop import Layer
from nnlib.gpt import GPT, next_token_distribution
from nnlib.language import TinyLanguage
from nnlib.matrices import softmax
from nnlib.widgets._figure import Figure, Floats, Halves, flat, front_end

SHOWN = 12  # words in the list


class Writer(Figure):
    """Let a GPT write, and choose how: with temperature, top-k and top-p, or word by word.

    The model sees a full stop before the text, and both together have room in its context.

    Parameters
    ----------
    model : GPT
        With the words of the language as its tokens. Its parameters are copied.
    language : TinyLanguage
        Knows the exact probabilities, for a text that it can write.
    text : str
        What is written so far: words of the language, with spaces between them.
    temperature, top_k, top_p
        As in :func:`nnlib.gpt.next_token_distribution`; by default nothing is changed.
    rng : Generator
        Draws the seed.

    Attributes
    ----------
    temperature : float
        From 0, greedy.
    top_k : int
        How many words are kept at most.
    top_p : float
        What probability the kept words must reach; 1 keeps all words.
    seed : int
        The state of the generator that draws the next word, from 1 to 2³¹ - 2: each draw
        multiplies it by 48271, modulo 2³¹ - 1 (Park and Miller 1988).
    vocabulary : list of str
        The words of the language.
    sizes : list of int
        Of the model: context, features, heads and blocks.
    weights : ndarray
        All parameters in a row, rounded to float16.
    arcs : ndarray of shape (A, 4)
        What the language may say: a state, a word, its probability, and the next state.
    entropy : float
        Of the language, in nats per token.
    """

    _esm, _css = front_end("writer")
    vocabulary = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sizes = traitlets.List(traitlets.Int()).tag(sync=True)
    weights = Halves(-1)
    arcs = Floats(-1, 4)
    entropy = traitlets.Float().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    temperature = traitlets.Float(1.0, min=0.0).tag(sync=True)
    top_k = traitlets.Int(min=1).tag(sync=True)
    top_p = traitlets.Float(1.0, min=0.01, max=1.0).tag(sync=True)
    seed = traitlets.Int(1, min=1, max=2**31 - 2).tag(sync=True)

    def __init__(self, model, language, *, rng, **traits):
        self._model, self._language = model, language
        super().__init__(
            vocabulary=language.vocabulary,
            sizes=_sizes(model, language),
            weights=flat(model),
            arcs=_arcs(language),
            entropy=language.entropy(),
            seed=int(rng.integers(1, 2**31 - 1)),
            **{"top_k": len(language.vocabulary)} | traits,
        )

    @traitlets.validate("text")
    def _known(self, proposal):
        words = proposal["value"].split()
        unknown = next((word for word in words if word not in self.vocabulary), None)
        if unknown is not None:
            raise traitlets.TraitError(
                f"The text of a Writer has {unknown!r}, which is not a word of the language."
            )
        room = self.sizes[0] - 1  # the full stop in front takes a place too
        if len(words) > room:
            raise traitlets.TraitError(
                f"The text of a Writer has {len(words)} words, and its model has room for {room}."
            )
        return " ".join(words)

    def probabilities(self) -> dict[str, np.ndarray]:
        """Of each next word (V,): the model's, the exact ones if there are any, the chosen ones."""
        words = self.text.split()
        ids = [self.vocabulary.index(word) for word in [".", *words]]
        scores = self._model.predict([ids])[0, -1]
        top_p = self.top_p if self.top_p < 1 else None
        drawn = next_token_distribution(
            scores, temperature=self.temperature, top_k=self.top_k, top_p=top_p
        )
        sentence = " ".join(words).rpartition(".")[2].split()
        try:
            exact = {"language": self._language.next_token_probabilities(sentence)}
        except ValueError:  # the language never writes this
            exact = {}
        return {"model": softmax(scores.astype(float)), **exact, "drawn from": drawn}

    def still(self):
        panels = self.probabilities()
        likely = np.argsort(-panels["model"], kind="stable")[:SHOWN]
        shown = {title: p[likely] for title, p in panels.items()}
        axes = plots.plot_choices([self.vocabulary[i] for i in likely], shown)
        axes[0].figure.suptitle(f"after: {self.text or 'nothing'}", fontsize=10)
        return axes[0]


def _sizes(model: GPT, language: TinyLanguage) -> list[int]:
    """Context, features, heads and blocks, if this is a model that the page can run."""
    words = len(language.vocabulary)
    if isinstance(model, GPT):
        (vocab, d), n_blocks = model.tokens.params["W"].shape, len(model.blocks)
        heads = {layer.n_heads for layer in _inside(model) if hasattr(layer, "n_heads")}
        if vocab == words and len(heads) == 1:
            sizes = [model.context, d, *heads, n_blocks]
            complete = GPT(vocab, *sizes, rng=np.random.default_rng())
            if repr(model.blocks) == repr(complete.blocks):
                return sizes
    raise ValueError(
        f"Writer: the model is {model}, needs a GPT for the {words} words of the language. "
        "The page cannot run one of which a part was replaced or taken away."
    )


def _inside(layer: Layer) -> Iterator[Layer]:
    yield layer
    for child in layer.children.values():
        yield from _inside(child)


def _arcs(language: TinyLanguage) -> list[tuple]:
    states = {state: number for number, state in enumerate(language.states)}
    words = {word: number for number, word in enumerate(language.vocabulary)}
    return [
        (states[state], words[word], share, states[after])
        for state, arcs in language.states.items()
        for word, share, after in arcs
    ]
