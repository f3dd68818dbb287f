"""Chapter 9: a language whose entropy is known exactly, and a vector for each token.

The sentences of ``TinyLanguage`` come from a small automaton. Its state is what is still to be
said, and which words are remembered for it. Such a plan is a text of symbols. A
symbol is one of these, and a mark may follow it:

- a rule, such as ``SPOT``: one of its alternatives takes its place;
- a class, such as ``NAME``: one of its words is said, and with ``NAME*`` also remembered;
- a number, such as ``2``: the second word that is remembered is said again;
- ``SEE~2`` agrees with the second remembered word: ``SEES`` if that is singular, else ``SEE``;
- anything else is a word.
"""

import math
from bisect import bisect
from collections import defaultdict
from functools import cache
from itertools import accumulate

import numpy as np

from nnlib.backprop import Layer
from nnlib.shapes import Array, as_indices, expect_shape

State = tuple[str, tuple[str, ...]]  # the plan, and the words that are remembered
Arc = tuple[str, float, State]  # a word, its probability, and where it leads

# Within a class, the first word is the most frequent: shares are as 1/2 to 1/3 to 1/4 and so on.
WORDS = {
    "NAME": "Mia Ben Zoe Leo Ada Tom Ivy Max",
    "ANIMAL": "cat dog bird horse goat",
    "ANIMALS": "cats dogs birds horses goats",
    "PLACE": "house tree gate river",
    "PLACES": "houses trees gates rivers",
    "GIFT": "ball hat cake book",
    "KIND": "small red white black",
    "NEAR": "near behind under",
    "TWO": "two some",
    "SLEEP": "sleep sing wait run",
    "SLEEPS": "sleeps sings waits runs",
    "SEE": "see like follow hear",
    "SEES": "sees likes follows hears",
    "GIVES": "gives shows sends",
    "THANKS": "thanks hugs calls",
    "FEEDS": "feeds walks trains",
    "OTHER": "the a and .",
}
# The classes in plain words, those together that stand in the same place of a sentence.
PLAIN = {
    "NAME": "names",
    "ANIMAL": "animals, one",
    "ANIMALS": "animals, several",
    "PLACE": "places, one",
    "PLACES": "places, several",
    "GIFT": "gifts",
    "KIND": "adjectives",
    "NEAR": "near and the like",
    "TWO": "two and some",
    "SLEEP": "verbs, several do",
    "SEE": "verbs, several do",
    "SLEEPS": "verbs, one does",
    "SEES": "verbs, one does",
    "GIVES": "verbs, one does",
    "THANKS": "verbs, one does",
    "FEEDS": "verbs, one does",
    "OTHER": "the, a, and, full stop",
}
RULES = {
    "SENTENCE": {"NAME* PERSON": 0.7, "CREATURE DOES": 0.3},
    "PERSON": {
        "SEE~1 NAME* and 2 SEE~2 1": 0.35,
        "GIVES NAME* a THING and 2 THANKS 1": 0.3,
        "FEEDS CREATURE and the 2 SEE~2 1": 0.25,
        "SLEEP~1 NEAR SPOT": 0.1,
    },
    "DOES": {"NEAR SPOT SLEEP~1": 0.7, "SLEEP~1": 0.3},
    "CREATURE": {"the ANY": 0.5, "a ONE": 0.25, "TWO MANY": 0.25},
    "ANY": {"ANIMAL*": 0.35, "ANIMALS*": 0.35, "KIND EITHER": 0.3},
    "EITHER": {"ANIMAL*": 0.5, "ANIMALS*": 0.5},
    "ONE": {"ANIMAL*": 0.7, "KIND ANIMAL*": 0.3},
    "MANY": {"ANIMALS*": 0.7, "KIND ANIMALS*": 0.3},
    "THING": {"GIFT": 0.5, "KIND GIFT": 0.5},
    "SPOT": {"the WHERE": 0.6, "a PLACE": 0.2, "TWO PLACES": 0.2},
    "WHERE": {"PLACE": 0.5, "PLACES": 0.5},
}
START: State = ("SENTENCE .", ())


class Embedding(Layer):
    """A row of numbers for each token, to be learned.

    Parameters
    ----------
    vocab, d : int
        The number of tokens, and of features for each.
    rng : Generator
        Draws ``W`` from a normal distribution of variance ``1 / d``: rows of length about 1.

    Examples
    --------
    >>> embedding = Embedding(5, 3, rng=np.random.default_rng(0))
    >>> embedding.forward([[4, 0, 4, 1]]).shape
    (1, 4, 3)
    """

    def __init__(self, vocab: int, d: int, *, rng: np.random.Generator) -> None:
        super().__init__(params={"W": rng.normal(scale=1 / math.sqrt(d), size=(vocab, d))})

    def forward(self, ids: Array) -> Array:
        W = self.params["W"]
        ids = as_indices(ids, len(W), name="ids", what="token", source="tokenizer")
        self._cache = (ids,)
        return W[ids]

    def backward(self, dy: Array) -> None:  # type: ignore[override]
        """Add each row of ``dy`` to the gradient of its token. Ids have no gradient."""
        (ids,) = self._take_cache()
        W = self.params["W"]
        expect_shape(dy, (*ids.shape, W.shape[1]), name="dy")
        flat = ids.ravel()
        order = np.argsort(flat, kind="stable")  # equal ids become neighbours, and are summed
        rows = np.asarray(dy).reshape(-1, W.shape[1])[order]
        tokens, first = np.unique(flat[order], return_index=True)
        if len(tokens):
            self.grads["W"][tokens] += np.add.reduceat(rows, first, axis=0)


def on_a_map(table: Array) -> Array:
    """Each row of a table as a point: the two directions in which the rows spread most.

    Only directions count: every row gets the length 1, and then the mean row is taken away
    (principal component analysis, Pearson 1901).

    Parameters
    ----------
    table : ndarray of shape (V, D)

    Returns
    -------
    ndarray of shape (V, 2)

    Examples
    --------
    >>> on_a_map(np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 2.0, 0.0], [0, 0, 1.0]])).shape
    (4, 2)
    """
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    firm = np.sign(directions[np.arange(2), np.abs(directions[:2]).argmax(axis=1)])
    return centred @ (firm[:, None] * directions[:2]).T


class TinyLanguage:
    """English-like sentences about people, animals, places and gifts.

    A verb agrees with its subject across the words between them, and who acts in the first half
    of a sentence is acted on in the second. So the next word depends on words far back, and on
    their order. After every beginning there is one state, which makes all probabilities exact.

    Attributes
    ----------
    classes : dict of str to list of str
        Words that behave alike, the most frequent first.
    vocabulary : list of str
        The words of all classes. The full stop is one of them.
    kinds : dict of str to str
        For each word its class in plain words.
    states : dict
        For each state of the automaton its arcs: a word, its probability, the next state.

    Examples
    --------
    >>> language = TinyLanguage()
    >>> for sentence in language.sample(3, rng=np.random.default_rng(7)):
    ...     print(*sentence)
    Ivy trains two cats and the cats follow Ivy .
    Ben follows Mia and Mia likes Ben .
    Ivy runs near the houses .
    >>> len(language.vocabulary), round(language.entropy(), 3)
    (68, 1.144)
    """

    def __init__(self) -> None:
        self.classes = {kind: words.split() for kind, words in WORDS.items()}
        self.vocabulary = [word for words in self.classes.values() for word in words]
        self.kinds = {w: PLAIN[kind] for kind, words in self.classes.items() for w in words}
        self.states: dict[State, list[Arc]] = {}
        waiting = [START]
        for state in waiting:  # the list grows while we walk along it
            if state not in self.states:
                self.states[state] = _arcs(*state)
                waiting += [after for _, _, after in self.states[state]]
        self._sums = {
            state: list(accumulate(share for _, share, _ in arcs))[:-1]
            for state, arcs in self.states.items()
        }

    def sample(self, n_sentences: int, *, rng: np.random.Generator) -> list[list[str]]:
        """Independent sentences, each a list of words that ends with the full stop."""
        sentences = []
        for _ in range(n_sentences):
            sentence: list[str] = []
            state = START
            while not sentence or state != START:
                drawn = bisect(self._sums[state], rng.random())
                word, _, state = self.states[state][drawn]
                sentence.append(word)
            sentences.append(sentence)
        return sentences

    def entropy(self) -> float:
        """The expected surprise of a sentence over its expected length: nats per token.

        On whole sentences of this language, no model has a smaller expected cross-entropy
        (Shannon 1948).
        """

        @cache
        def still_to_come(state: State) -> Array:
            nats_and_tokens = np.zeros(2)
            for _, share, after in self.states[state]:
                nats_and_tokens += share * np.array([-math.log(share), 1])
                if after != START:
                    nats_and_tokens += share * still_to_come(after)
            return nats_and_tokens

        nats, tokens = still_to_come(START)
        return float(nats / tokens)

    def ngrams(self, n: int) -> dict[tuple[str, ...], float]:
        """The n-grams of an endless text, each with the share that it has.

        As in counting, full stops fill up the n-grams at the beginning of a sentence.

        Parameters
        ----------
        n : int
            Words in a row, at least 1.

        Returns
        -------
        dict of tuple of str to float
            Their sum is 1.

        Examples
        --------
        >>> pairs = TinyLanguage().ngrams(2)
        >>> round(sum(p for (first, _), p in pairs.items() if first == "."), 3)
        0.12
        """
        expected: defaultdict[tuple[str, ...], float] = defaultdict(float)
        now = {(START, (".",) * (n - 1)): 1.0}
        while now:
            later: defaultdict[tuple[State, tuple[str, ...]], float] = defaultdict(float)
            for (state, before), p in now.items():
                for word, share, after in self.states[state]:
                    expected[*before, word] += p * share
                    if after != START:
                        later[after, (*before, word)[1:]] += p * share
            now = later
        length = sum(expected.values())  # of a sentence
        return {gram: times / length for gram, times in expected.items()}

    def next_token_probabilities(self, prefix: list[str]) -> Array:
        """The probability of each word after these, in the order of ``vocabulary``.

        Parameters
        ----------
        prefix : list of str
            The beginning of a sentence, or nothing. Whole sentences may stand before it.

        Returns
        -------
        ndarray of shape (V,)

        Raises
        ------
        ValueError
            If a word cannot stand where it does; the first such word is named.
        """
        state = START
        for i, word in enumerate(prefix):
            possible = {said: after for said, _, after in self.states[state]}
            if word not in possible:
                raise ValueError(
                    f"TinyLanguage: {word!r} cannot follow {' '.join(prefix[:i]) or 'nothing'!r}, "
                    f"expected one of: {', '.join(possible)}."
                )
            state = possible[word]
        shares = {word: share for word, share, _ in self.states[state]}
        return np.array([shares.get(word, 0.0) for word in self.vocabulary])


def _arcs(plan: str, memory: tuple[str, ...]) -> list[Arc]:
    """What can be said now: each word, its probability, and the state after it."""
    symbol, _, rest = plan.partition(" ")
    if symbol in RULES:
        return [
            (word, share * part, after)
            for alternative, share in RULES[symbol].items()
            for word, part, after in _arcs(f"{alternative} {rest}", memory)
        ]
    remember = symbol.endswith("*")
    kind, _, subject = symbol.removesuffix("*").partition("~")
    if subject and not memory[int(subject) - 1].endswith("s"):
        kind += "S"
    if kind.isdigit():
        kind = memory[int(kind) - 1]
    weights = {word: 1 / (k + 2) for k, word in enumerate(WORDS.get(kind, kind).split())}
    if remember:  # no word twice
        weights = {word: weight for word, weight in weights.items() if word not in memory}
    return [
        (
            word,
            weight / sum(weights.values()),
            _state(rest, (*memory, word) if remember else memory),
        )
        for word, weight in weights.items()
    ]


def _state(plan: str, memory: tuple[str, ...]) -> State:
    """After the last word everything begins anew."""
    return (plan, memory) if plan else START
