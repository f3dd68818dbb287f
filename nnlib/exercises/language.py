"""Exercises of chapter 9: an automaton, surprise, a floor, counts, tables of vectors and a map."""

import numpy as np

from nnlib.backprop import Layer
from nnlib.descent import cross_entropy
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer

SAME_VECTOR = "A vector is its own transpose."
LAST_OF_TWO = "The last axis of a matrix is axis 1."


@exercise
def sentence_probability(arcs, start, words):
    """How probable it is that an automaton says these words from a state on."""
    state, product = start, 1
    for word in words:
        possible = {said: (p, after) for said, p, after in arcs[state]}
        if word not in possible:
            return 0
        p, state = possible[word]
        product *= p
    return product


def _logarithm(arcs, start, words):
    product = sentence_probability.solve(arcs, start, words)
    return np.log(product) if product else -np.inf


def _from_any_state(arcs, start, words):
    every = [(said, p) for found in arcs.values() for said, p, _ in found]
    return np.prod([p for word in words for said, p in every if said == word])


SEES = {
    "s": [("Mia", 0.6, "M"), ("Ben", 0.4, "B")],
    "M": [("sees", 0.7, "x"), ("sleeps", 0.3, "z")],
    "B": [("sees", 0.2, "y"), ("sleeps", 0.8, "z")],
    "x": [("Ben", 1.0, "z")],
    "y": [("Mia", 1.0, "z")],
    "z": [(".", 1.0, "end")],
    "end": [],
}
RED = {
    "a": [("the", 0.9, "b"), ("Mia", 0.1, "c")],
    "b": [("red", 0.25, "b"), ("cat", 0.75, "c")],
    "c": [("runs", 0.35, "d"), ("sees", 0.65, "a")],
    "d": [],
}
sentence_probability.cases = (
    (SEES, "s", ["Mia", "sees", "Ben", "."]),
    (SEES, "B", ["sleeps", "."]),
    (SEES, "s", ["Mia", "sees", "Mia", "."]),
    (RED, "a", ["the", "red", "red", "cat", "sees", "Mia", "runs"]),
    (RED, "a", ["the"]),
)
sentence_probability.hints = (
    "Begin in the state start. Which arc has the first word, and where does it lead?",
    "Multiply the probabilities of the arcs, and go on from the state to which each leads.",
    "possible = {said: (p, after) for said, p, after in arcs[state]} finds an arc by its word. If "
    "the word is not among them, the sentence has probability 0.",
)
sentence_probability.mistakes = {
    "The probabilities are added. One thing and then another: multiply.":
        edit("product = start, 1", "product = start, 0", "product *= p", "product += p"),
    "The state never changes. Each word leads to a state, and the next word is looked for there.":
        edit("p, state = possible[word]", "p, _ = possible[word]"),
    "A word that cannot come was passed over. Then the whole sentence cannot be said: 0.":
        edit("return 0", "continue"),
    "That is the surprise, −ln of the probability. Asked is the probability.":
        lambda arcs, start, words: -_logarithm(arcs, start, words),
    "That is the logarithm of the probability.":
        _logarithm,
    "That is the probability of the last word alone. Multiply all of them.":
        edit("product *= p", "product = p"),
    "return stands inside the loop, so only the first word is looked at.":
        edit("        product *= p\n    return product",
             "        product *= p\n        return product"),
    "That is a mean for each word, the root of the product. Asked is the product.":
        edit("return product", "return product ** (1 / len(words))"),
    "Arcs of all states were taken. Only those of the state that has been reached count.":
        _from_any_state,
    "The walk begins in the first state of the dictionary. It begins in start.":
        edit("state, product = start, 1", "state, product = next(iter(arcs)), 1"),
}  # fmt: skip


@exercise
def entropy_by_hand():
    """The entropy of ½, ¼, ⅛, ⅛ in nats."""
    return (1 / 2 + 2 / 4 + 3 / 8 + 3 / 8) * np.log(2)


entropy_by_hand.tolerance = 4e-3
entropy_by_hand.hints = (
    "½ has the surprise ln 2, ¼ has ln 4 = 2 ln 2, and ⅛ has 3 ln 2.",
    "Weigh each surprise with its probability: ½ · 1 + ¼ · 2 + ⅛ · 3 + ⅛ · 3, all times ln 2.",
)
entropy_by_hand.reason = (
    "The surprises are ln 2, 2 ln 2, 3 ln 2 and 3 ln 2. Weighed with their probabilities they give "
    "(½ + ½ + ⅜ + ⅜) ln 2 = 1.75 ln 2, about 1.21 nats."
)
entropy_by_hand.mistakes = {
    "1.75 is the entropy in bits, with logarithms to base 2. In nats it is times ln 2.": 1.75,
    "The sign is lost: ln p is negative, and surprise is −ln p.": -1.75 * np.log(2),
    "That is the entropy of four even tokens, the most there can be.": np.log(4),
    "That is the plain mean of the four surprises. Frequent tokens count more: weigh each with "
    "its probability.": 2.25 * np.log(2),
    "That adds the surprises up. Weigh each with its probability.": 9 * np.log(2),
    "It is divided by 4. The probabilities are the weights already.": 1.75 * np.log(2) / 4,
    "That is the surprise of the likeliest token.": np.log(2),
    "One of the two tokens with ⅛ is missing.": 1.375 * np.log(2),
    "That is the perplexity. Asked is its logarithm.": 2**1.75,
}


@exercise
def divergence(p, q):
    """How far the cross-entropy of believing q is above the entropy of p, in nats."""
    seen = p > 0
    return np.sum(p[seen] * np.log(p[seen] / q[seen]))


def _entropy(p):
    return -np.sum(p[p > 0] * np.log(p[p > 0]))


P_D, Q_D = np.array([0.5, 0.0, 0.3, 0.2]), np.array([0.2, 0.35, 0.15, 0.3])
P_E, Q_E = np.array([0.15, 0.6, 0.25]), np.array([0.4, 0.25, 0.35])
P_F, Q_F = np.array([0.0, 0.1, 0.55, 0.0, 0.35]), np.array([0.3, 0.25, 0.05, 0.22, 0.18])
divergence.cases = (P_D, Q_D), (P_E, Q_E), (P_F, Q_F)
divergence.equivalents = {
    "seen = p.T > 0": SAME_VECTOR,
    "return np.sum(p.T[seen] * np.log(p[seen] / q[seen]))": SAME_VECTOR,
    "return np.sum(p[seen] * np.log(p.T[seen] / q[seen]))": SAME_VECTOR,
    "return np.sum(p[seen] * np.log(p[seen] / q.T[seen]))": SAME_VECTOR,
}
divergence.hints = (
    "The cross-entropy is −Σ p ln q. Subtract the entropy, −Σ p ln p.",
    "Where p is 0 nothing is added: 0 · ln 0 counts as 0, but NumPy makes nan of it.",
    "seen = p > 0, and then the sum of p[seen] * np.log(p[seen] / q[seen]).",
)
divergence.mistakes = {
    "That is the cross-entropy. Subtract the entropy of p.": edit("p[seen] / q", "1 / q"),
    "That is the entropy of p. Asked is by how much the cross-entropy is above it.":
        edit("p[seen] / q[seen]", "1 / p[seen]"),
    "The sign is turned: no belief is better than the truth.": edit("np.sum", "-np.sum"),
    "0 · ln 0 became nan. A token that never comes adds nothing: take those with p > 0.":
        lambda p, q: np.sum(p * np.log(p / q)),
    "p and q have changed places: tokens come as p says, and q is believed.":
        lambda p, q: np.sum(q * np.log(q / p)),
    "p and q have changed places in what is added up: tokens come as p says, and q is believed.":
        edit("p[seen] * np.log(p[seen] / q[seen])", "q[seen] * np.log(q[seen] / p[seen])"),
    "The logarithms are weighed with q. Tokens come as p says: weigh with p.":
        edit("p[seen] *", "q[seen] *"),
    "That is in bits. Natural logarithms give nats.": edit("np.log", "np.log2"),
    "The entropy of q is subtracted. Subtract that of p.":
        edit("p[seen] / q[seen]))", "1 / q[seen])) - _entropy(q)"),
    "That is the entropy of q minus that of p. Asked is the cross-entropy minus that of p.":
        lambda p, q: _entropy(q) - _entropy(p),
    "That is a mean over the tokens. The probabilities are the weights already: add up.":
        edit("np.sum(p", "1 / len(p) * np.sum(p"),
    "That is a mean over the tokens with p > 0. The probabilities are the weights already: add "
    "up.": edit("sum", "mean"),
    "That is cross-entropy divided by entropy. Asked is the difference.":
        edit("p[seen] / q[seen]))", "1 / q[seen])) / _entropy(p)"),
    "That is the sum of both. Asked is the difference.":
        edit("p[seen] / q[seen]))", "1 / q[seen])) + _entropy(p)"),
    "The logarithms are not weighed with p.": edit("p[seen] * ", ""),
    "The single terms are there. Add them up.":
        edit("np.sum(p[seen] * np.log(p[seen] / q[seen]))", "p[seen] * np.log(p[seen] / q[seen])"),
    "Signs are lost: where q is above p, a term is negative.":
        edit("np.log(p[seen] / q[seen])", "np.abs(np.log(p[seen] / q[seen]))"),
    "That is the entropy of p, and where p is 0 it became nan. Asked is by how much the "
    "cross-entropy is above it; take the tokens with p > 0.": lambda p, q: -np.sum(p * np.log(p)),
    "The sign is turned, and where p is 0 the sum became nan: take the tokens with p > 0.":
        lambda p, q: np.sum(p * np.log(q / p)),
}  # fmt: skip


@exercise
def perplexity(p):
    """exp of the mean surprise, from the probabilities of the tokens that came."""
    return np.exp(-np.mean(np.log(p)))


perplexity.cases = (
    (np.array([0.5, 0.1, 0.35, 0.02, 0.8]),),
    (np.array([0.25, 0.4]),),
    (np.array([0.9, 0.6, 0.05]),),
    (np.tile([0.3, 0.05, 0.2, 0.6], 200),),
)
perplexity.equivalents = {"return np.exp(-np.mean(np.log(p.T)))": SAME_VECTOR}
perplexity.hints = (
    "First the loss: the mean of −ln p.",
    "Then the exponential of it, once, at the end.",
)
perplexity.mistakes = {
    "That is the loss in nats. The perplexity is its exponential.":
        edit("np.exp(-np.mean(np.log(p)))", "-np.mean(np.log(p))"),
    "That is the loss in bits. The perplexity is 2 to the power of it.":
        edit("np.exp(-np.mean(np.log(p)))", "-np.mean(np.log2(p))"),
    "2 to the power of a loss in nats mixes two units. With ln goes exp; with log2 goes 2**.":
        edit("np.exp", "2 ** "),
    "exp of a loss in bits mixes two units. With log2 goes 2**.": edit("np.log", "np.log2"),
    "exp of a loss in logarithms to base 10 mixes two units. With log10 goes 10**.":
        edit("np.log", "np.log10"),
    "That is the exponential of the sum. Take the mean first, or longer texts look worse.":
        edit("mean", "sum"),
    "The root of a product is right for short texts. All p of a long one, multiplied, are too "
    "small for a number and become 0: add up logarithms instead.":
        lambda p: np.prod(p) ** (-1 / len(p)),
    "That is the mean of the exponentials, the mean of 1/p. The mean is taken of the logarithms, "
    "and exp comes last.": lambda p: np.mean(1 / p),
    "That is 1 over the mean probability. The mean is taken of the logarithms.":
        lambda p: 1 / np.mean(p),
    "The minus is missing: that is below 1, and no choice is among less than one token.":
        edit("-", ""),
    "The minus stands before exp, and makes the perplexity negative. It belongs to the "
    "logarithms.": edit("np.exp(-", "-np.exp("),
    "The logarithm is missing: the surprise of a token is −ln p.": edit("np.log(p)", "p"),
    "That is the exponential of −Σ p ln p, an entropy of numbers that are no distribution. Each "
    "token that came counts once: a plain mean.": edit("mean(", "sum(p * "),
    "That is the sum of 1/p. Take the mean of −ln p, and then exp.": lambda p: np.sum(1 / p),
    "Those are the perplexities of the single tokens. Take the mean of −ln p first, and then exp "
    "of that one number.": lambda p: 1 / p,
    "There is a p too many, in p ln p. Each token that came counts once: a mean of −ln p.":
        edit("mean(", "mean(p * "),
    "That is the perplexity of the last token alone.": lambda p: 1 / p[-1],
    "That takes the median. Take the mean, in which every token counts.": edit("mean", "median"),
    "That is the sum of the surprises. Take their mean, and then exp.":
        edit("np.exp(-np.mean(np.log(p)))", "-np.sum(np.log(p))"),
    "That is the probability of the whole text, all p multiplied. Take the mean of −ln p, and "
    "then exp.": edit("-np.mean", "np.sum"),
}  # fmt: skip


@exercise
def nats_per_token(arcs, start):
    """The expected surprise of a sentence of an automaton over its expected length."""

    def to_come(state):
        if state is None:
            return 0
        return sum(p * (np.array([-np.log(p), 1]) + to_come(after)) for _, p, after in arcs[state])

    nats, length = to_come(start)
    return nats / length


def _mean_of_ratios(arcs, start):
    def sentences(state, p, length):
        if state is None:
            yield p, length
        else:
            for _, share, after in arcs[state]:
                yield from sentences(after, p * share, length + 1)

    return sum(p * -np.log(p) / length for p, length in sentences(start, 1.0, 0))


def _mean_of_states(arcs, start):
    return np.mean([sum(-p * np.log(p) for _, p, _ in found) for found in arcs.values()])


SLEEPS = {
    "s": [("Mia", 0.6, "M"), ("Ben", 0.4, "B")],
    "M": [("sees", 0.7, "x"), ("sleeps", 0.3, "z")],
    "B": [("sees", 0.2, "y"), ("sleeps", 0.8, "z")],
    "x": [("Ben", 1.0, "z")],
    "y": [("Mia", 1.0, "z")],
    "z": [(".", 1.0, None)],
}
LONG = {
    "a": [("hello", 0.15, None), ("the", 0.85, "b")],
    "b": [("red", 0.3, "c"), ("cat", 0.7, "d")],
    "c": [("cat", 0.5, "d"), ("dog", 0.5, "d")],
    "d": [("runs", 0.4, None), ("sees", 0.6, "e")],
    "e": [("Mia", 0.5, None), ("Ben", 0.3, None), ("Zoe", 0.2, None)],
}
nats_per_token.cases = (SLEEPS, "s"), (LONG, "a"), (LONG, "d")
nats_per_token.hints = (
    "Two numbers are to come in a state: nats and tokens. Write a function that returns both, and "
    "calls itself for the states to which the arcs lead.",
    "In state None nothing is to come: 0. Elsewhere each arc adds p times its own −ln p "
    "and 1, and p times what is to come after it.",
    "nats, length = to_come(start), and divide once, at the end.",
)
nats_per_token.mistakes = {
    "That is the expected surprise of a sentence. Divide by its expected length.":
        edit("return nats / length", "return nats"),
    "That is the expected length of a sentence. The surprise stands above it.":
        edit("return nats / length", "return length"),
    "Length over surprise: that is tokens for each nat. Asked are nats for each token.":
        edit("return nats / length", "return length / nats"),
    "That is the mean of the quotients of the sentences. In a long text the surprises are added "
    "up, and the lengths: divide the two sums.": _mean_of_ratios,
    "That is the plain mean of the entropies of the states. Some states are met more often than "
    "others.": _mean_of_states,
    "That is in bits. Natural logarithms give nats.": edit("np.log", "np.log2"),
    "The sign is lost: surprise is −ln p.": edit("-np.log(p), 1", "np.log(p), 1"),
    "The arcs are not weighed with their probabilities.": edit("p * (np.array", "(np.array"),
    "What is to come after the arc is missing: only the first word is counted.":
        edit(" + to_come(after)", ""),
    "That is weighed once too few: what comes after an arc comes with its probability too.":
        edit("p * (np.array([-np.log(p), 1]) + to_come(after))",
             "p * np.array([-np.log(p), 1]) + to_come(after)"),
    "The surprise of an arc is −ln p. The weight p is there already, once is enough.":
        edit("-np.log(p), 1", "-p * np.log(p), 1"),
    "That is the number of even choices, a perplexity. Asked are nats.":
        edit("return nats / length", "return np.exp(nats / length)"),
}  # fmt: skip


@exercise
def unseen_share(known, asked):
    """The share of the contexts in asked that do not occur in known."""
    seen = set(known)
    return sum(context not in seen for context in asked) / len(asked)


unseen_share.cases = (
    (
        [("the", "cat"), ("a", "dog"), ("the", "cat"), ("two", "cats")],
        [("a", "dog"), ("a", "cat"), ("the", "dog"), ("a", "cat"), ("the", "cat")],
    ),
    ([("Mia",), ("Ben",), ("Zoe",)], [("Mia",), ("Mia",), ("Leo",), ("Ben",), ("Mia",), ("Ada",),
                                      ("Leo",)]),
    ([("a", "red"), ("the", "red")], [("a", "red"), ("the", "red"), ("the", "red")]),
)  # fmt: skip
unseen_share.hints = (
    "How many of the contexts in asked are not in known? A context that is asked twice counts "
    "twice.",
    "seen = set(known), and count with `context not in seen`. Divide by the number of all that are "
    "asked.",
)
unseen_share.mistakes = {
    "That is the share that was seen. Asked is the share that was not.": edit("not in", "in"),
    "Each context is counted once. One that is asked twice costs twice: go through the list, and "
    "not through a set.": edit("seen = set(known)", "seen, asked = set(known), set(asked)"),
    "known and asked have changed places: of those that are asked, which are not known?":
        edit("set(known)", "set(asked)", "in asked)", "in known)", "len(asked)", "len(known)"),
    "A context that is asked twice counts twice, above the line too: go through the list, and not "
    "through a set.": lambda known, asked: len(set(asked) - set(known)) / len(asked),
    "That is in percent. Asked is a share, from 0 to 1.":
        edit("sum(", "100 * sum("),
    "That is a number. Divide by how many are asked.": edit(" / len(asked)", ""),
    "It is divided by the number of known contexts. Divide by how many are asked.":
        edit("len(asked)", "len(known)"),
    "It is divided by the number of different contexts. Every time that one is asked counts.":
        edit("len(asked)", "len(set(asked))"),
}  # fmt: skip


@exercise
def ladder_causes():
    """What each of the four models does."""
    return (
        "learned nothing",
        "targets are the inputs",
        "memorised sentences",
        "ignores the words before",
    )


SAME, NOTHING = "targets are the inputs", "learned nothing"
ALONE, LEARNT = "ignores the words before", "memorised sentences"
ladder_causes.form = (
    'four of "targets are the inputs", "learned nothing", "ignores the words before", '
    '"memorised sentences"'
)
ladder_causes.hints = (
    "The floor is 1.144. Which runs are below it, where, and how can that be?",
    "Below the floor on held-out sentences, too: that is impossible for a language model, so it "
    "does not predict. Below it on training sentences only: it knows them by heart.",
    "4.22 is ln 68, and 3.65 is the rung of counting single words.",
)
ladder_causes.reason = (
    "Run 1 stays at ln 68 = 4.22, the surprise of a fair guess: it learned nothing. Run 2 is far "
    "below the floor of 1.144 on held-out sentences, too. No prediction can be, so it sees what it "
    "should predict: targets are inputs. Run 3 is below the floor only on its training sentences, "
    "and knows those by heart. Run 4 stands at 3.65, the rung of single words, so it ignores the "
    "words before."
)
ladder_causes.mistakes = {
    "Runs 1 and 4 are swapped. 4.22 is ln 68, the loss of guessing.":
        (ALONE, SAME, LEARNT, NOTHING),
    "Runs 2 and 3 are swapped. Sentences known by heart do not help with others, but run 2 is "
    "good on both.": (NOTHING, LEARNT, SAME, ALONE),
    "Runs 3 and 4 are swapped. In run 3 the two losses part.": (NOTHING, SAME, ALONE, LEARNT),
    "Runs 1 and 2 are swapped. 0.02 is not nothing: it is far too good.":
        (SAME, NOTHING, LEARNT, ALONE),
    "Runs 2 and 4 are swapped. Whoever ignores the past cannot be below the floor.":
        (NOTHING, ALONE, LEARNT, SAME),
    "Runs 1 and 3 are swapped. The loss of run 1 is ln 68 on all sentences.":
        (LEARNT, SAME, NOTHING, ALONE),
}  # fmt: skip


@exercise
def best_loss(joint):
    """The smallest expected loss of a model that sees the context, and nothing else."""
    before = joint.sum(axis=1, keepdims=True)
    met = joint > 0
    return -np.sum(joint[met] * np.log((joint / before)[met]))


def _joint(rows, columns, seed):
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 20, size=(rows, columns)) * (rng.random((rows, columns)) < 0.7)
    weights[:, 0] += 1
    return weights / weights.sum()


def _plain_entropy(p):
    return -np.sum(p[p > 0] * np.log(p[p > 0]))


best_loss.cases = (
    (np.array([[0.3, 0.1, 0.0], [0.05, 0.15, 0.4]]),),
    (_joint(4, 3, seed=1),),
    (_joint(3, 6, seed=2),),
)
best_loss.equivalents = {
    "before = joint.sum(axis=-1, keepdims=True)": LAST_OF_TWO,
}
best_loss.hints = (
    "In context c the best model says how probable each token is there: row c, divided by its sum.",
    "Its surprise is −ln of that share. How often does the pair of c and v come?",
    "before = joint.sum(axis=1, keepdims=True), and then −Σ joint · ln(joint / before), over the "
    "pairs that can come.",
)
best_loss.mistakes = {
    "That is the surprise of context and token together. The context is given: divide each row by "
    "its sum inside the logarithm.": edit("(joint / before)[met]", "joint[met]"),
    "That is the entropy of the tokens without a context, the sums of the columns. The model sees "
    "the context.": lambda joint: _plain_entropy(joint.sum(axis=0)),
    "That is the entropy of the contexts. Asked is the surprise of the token after them.":
        lambda joint: _plain_entropy(joint.sum(axis=1)),
    "The columns are divided by their sums: that is the best guess of the context from the token. "
    "Rows are contexts: axis=1.": edit("axis=1", "axis=0"),
    "All contexts count alike here. A frequent one counts more: weigh with joint itself.":
        edit("-np.sum(joint[met] *", "-1 / len(joint) * np.sum((joint / before)[met] *"),
    "The contexts are not weighed: those are their entropies, added up. Weigh with joint itself.":
        edit("joint[met] *", "(joint / before)[met] *"),
    "0 · ln 0 became nan. A pair that never comes adds nothing: take those with joint > 0.":
        edit("joint[met] * np.log((joint / before)[met])", "joint * np.log(joint / before)"),
    "That is in bits. Natural logarithms give nats.": edit("np.log(", "np.log2("),
    "The sign is lost: surprise is −ln p.": edit("-np.sum", "np.sum"),
    "That is a mean over the pairs. Their probabilities are the weights already: add up.":
        edit("np.sum", "np.mean"),
    "The surprises are not weighed with the probabilities of their pairs.":
        edit("joint[met] * ", ""),
}  # fmt: skip


@exercise
def pair_scores(x, y, vocab):
    """A table of scores that predicts y, the next word, from x, the word before."""
    counts = np.zeros((vocab, vocab))
    np.add.at(counts, (x, y), 1)
    return np.log(counts + 0.1)


def _pairs(n, seed):
    """Two words in a row, of a language in which each of twelve words is followed by a few."""
    rng = np.random.default_rng(seed)
    table = np.random.default_rng(0).random((12, 12)) ** 6
    table /= table.sum(axis=1, keepdims=True)
    x = rng.choice(12, p=np.arange(1, 13) / 78, size=n)
    return x, np.array([rng.choice(12, p=table[i]) for i in x])


UNSEEN_X, UNSEEN_Y = _pairs(2000, seed=9)


def _loss_of(scores):
    scores = np.asarray(scores, dtype=float)
    return cross_entropy(scores[UNSEEN_X], UNSEEN_Y)[0]


def _turned(scores):
    return _loss_of(np.transpose(scores))


pair_scores.cases = ((*_pairs(600, seed=1), 12),)
pair_scores.form = "a table of numbers of shape (vocab, vocab)"
pair_scores.accept = (
    (lambda scores: np.shape(scores) == (12, 12), "The table has a row of scores for each word "
     "before: its shape is (vocab, vocab)."),
    (lambda scores: np.isfinite(_loss_of(scores)), "The held-out loss is not finite. Does a pair "
     "that was never counted have the score −∞? Add a little to every count."),
    (lambda scores: _loss_of(scores) < 1.67 or _turned(scores) >= 1.67, "The table lies on its "
     "side: turned over, it would do. Row x has the scores of the words after x."),
    (lambda scores: _loss_of(scores) < 2.47, "The held-out loss is no better than ln 12 = 2.48, "
     "that of a fair guess. (If you train it: table[x] -= … moves a repeated word only once. "
     "np.subtract.at(table, x, …) moves it every time.)"),
    (lambda scores: _loss_of(scores) < 1.67, "The held-out loss is above 1.67. The true "
     "probabilities have 1.50. Are they scores, whose softmax gives the probabilities? Does every "
     "pair count? "
     "(If you train it: with a larger rate, or for longer? Far too long is no good either: what "
     "was never counted becomes too dear.)"),
)  # fmt: skip
MORE_OR_LESS = "A little more or less that is added to every count does as well."
pair_scores.equivalents = {
    "np.add.at(counts, (x.T, y), 1)": SAME_VECTOR,
    "np.add.at(counts, (x, y.T), 1)": SAME_VECTOR,
    "np.add.at(counts, (x, y), 2)": "All counts doubled are the same shares.",
    "np.add.at(counts, (x, y), 0.5)": "All counts halved are the same shares.",
    "return np.log(counts + 1.1)": MORE_OR_LESS,
    "return np.log(counts + 0.2)": MORE_OR_LESS,
    "return np.log(counts + 0.05)": MORE_OR_LESS,
}
pair_scores.hints = (
    "Train it: the gradient of the table is what cross_entropy gives for table[x], added up in the "
    "rows x. A few hundred steps will do, with a rate from 1 to 10.",
    "Or think of where training must end: softmax of row x gives the shares with which words "
    "followed x.",
    "Shares are counts divided by their sum, and softmax divides by the sum: scores may be the "
    "logarithms of the counts, with a little added to each, because ln 0 is −∞.",
)
pair_scores.mistakes = {
    "Those are counts, and softmax is still to come. Scores are their logarithms.":
        edit("np.log(counts + 0.1)", "counts"),
    "Those are probabilities, and softmax is still to come. Scores are their logarithms.":
        edit("np.log(counts + 0.1)", "counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)"),
    "The table lies on its side. Row x has the scores of the words after x.":
        edit("(x, y)", "(y, x)"),
    "A pair that was never counted has the score −∞, and the surprise is infinite when it comes. "
    "Add a little to every count.": edit("counts + 0.1", "counts"),
    "A pair that comes more than once is counted once: += on picked places. np.add.at adds up.":
        edit("np.add.at(counts, (x, y), 1)", "counts[x, y] += 1"),
    "The word before is ignored: every row has the same scores.":
        edit("np.log(counts + 0.1)",
             "np.log(counts.sum(axis=0) + 0.1) + np.zeros((vocab, 1))"),
    "The sign is lost: a frequent pair has a high score.":
        edit("np.log(counts + 0.1)", "-np.log(counts + 0.1)"),
    "All scores are equal: that is a fair guess.":
        edit("np.add.at(counts, (x, y), 1)", "pass"),
}  # fmt: skip


@exercise
def embedding_shapes():
    """The shapes of the output, of the one-hot ids, and of the gradient of the table."""
    return (8, 5, 16), (8, 5, 68), (68, 16)


embedding_shapes.hints = (
    "Each of the 8 · 5 ids becomes a row of 16 numbers. The features are a new last axis.",
    "Written one-hot, each id becomes a row of 68. And a gradient always has the shape of its "
    "parameter.",
    "The table has a row for each of the 68 tokens: (68, 16).",
)
embedding_shapes.reason = (
    "Each of the 8 · 5 ids becomes a row of 16 numbers: (8, 5, 16). One-hot, each becomes a row as "
    "long as the vocabulary: (8, 5, 68). A gradient has the shape of its parameter, and the table "
    "has a row of 16 numbers for each of the 68 tokens, whatever the batch."
)
embedding_shapes.mistakes = {
    "The gradient has the shape of the table, (68, 16), and not that of the output: the places "
    "where a token stands are added up.": ((8, 5, 16), (8, 5, 68), (8, 5, 16)),
    "The table has a row for each token and a column for each feature: (68, 16).":
        ((8, 5, 16), (8, 5, 68), (16, 68)),
    "The first two are in the wrong order: the output has 16 features, and one-hot needs 68 "
    "places.": ((8, 5, 68), (8, 5, 16), (68, 16)),
    "The texts are not joined: ids of shape (8, 5) keep both of their axes.":
        ((40, 16), (40, 68), (68, 16)),
    "The output has a vector for every token of every text, and not one for each text.":
        ((8, 16), (8, 68), (68, 16)),
    "The new axis comes last: features are always the last axis.":
        ((16, 8, 5), (68, 8, 5), (68, 16)),
    "Texts come first, and tokens second: (8, 5), and not (5, 8).":
        ((5, 8, 16), (5, 8, 68), (68, 16)),
    "One-hot is by token: 68 places for each id, and not 16.": ((8, 5, 16), (8, 5, 16), (68, 16)),
    "The ids themselves are (8, 5). Written one-hot, each becomes a row of 68.":
        ((8, 5, 16), (8, 5), (68, 16)),
    "Only 5 rows at most get a gradient in one text, but the gradient has all 68 rows, many of "
    "them 0.": ((8, 5, 16), (8, 5, 68), (5, 16)),
}  # fmt: skip


@exercise
def embedding_gradient(ids, dy, vocab):
    """The gradient of the table, (vocab, D): repeated tokens add up."""
    dE = np.zeros((vocab, dy.shape[1]))
    for t, i in enumerate(ids):
        dE[i] += dy[t]
    return dE


def _first_one_wins(ids, dy, vocab):
    dE = np.zeros((vocab, dy.shape[1]))
    dE[ids[::-1]] = dy[::-1]
    return dE


embedding_gradient.cases = (
    (np.array([4, 0, 4, 1, 4, 1]), normal(6, 3, seed=1), 7),
    (np.array([2, 0, 2]), normal(3, 3, seed=2), 3),
    (np.array([1, 1, 1, 3]), normal(4, 5, seed=3), 4),
    (np.array([0, 2, 3, 2, 0, 1, 2]), normal(7, 2, seed=4), 5),
)
embedding_gradient.equivalents = {"for t, i in enumerate(ids.T):": SAME_VECTOR}
embedding_gradient.hints = (
    "Begin with zeros of shape (vocab, D). Which row does dy[t] belong to?",
    "Add dy[t] to the row ids[t]. If a token stands in several places, its row gets all of them.",
    "for t, i in enumerate(ids): dE[i] += dy[t]. Without a loop: np.add.at(dE, ids, dy), or "
    "one_hot(ids, vocab).T @ dy.",
)
embedding_gradient.mistakes = {
    "A repeated token is counted once, at its last place. dE[ids] = dy and dE[ids] += dy both "
    "write only one row for each token; add them up one by one.": edit("+=", "="),
    "A repeated token is counted once, at its first place. All of its places add up.":
        _first_one_wins,
    "That is the mean over the places of a token. They add up; a 1/N, if there is one, stands in "
    "the loss.": edit("dy[t]", "dy[t] / np.sum(ids == i)"),
    "That is the mean over the places of a token, and nan for a token that has none. They add "
    "up: no place, no gradient.":
        edit("return dE", "return dE / np.bincount(ids, minlength=vocab)[:, None]"),
    "It is divided by the number of tokens. That is the business of the loss.":
        edit("return dE", "return dE / len(ids)"),
    "sum without an axis adds up the features as well. Each has its own: sum(axis=0).":
        edit("dy[t]", "dy[t].sum()"),
    "The table lies on its side: a row for each token, (vocab, D).":
        edit("return dE", "return dE.T"),
    "Those are the gradients at the places of the text, (T, D). Each goes into the row of its "
    "token.": edit("return dE", "return dy"),
    "That is one row for each token that occurs. Rows of all others are there too, with 0.":
        edit("return dE", "return dE[np.unique(ids)]"),
    "dy[t] went into row t. It belongs into the row of the token that stands there, ids[t].":
        edit("enumerate(ids)", "enumerate(range(min(len(ids), vocab)))"),
    "That looks dy up in the table's way, dy[ids]. It is the other direction: row t of dy is "
    "added to row ids[t].": lambda ids, dy, vocab: dy[ids],
    "Row i of dy was added for token i. Row t of dy belongs to the token at place t: dE[ids[t]] "
    "+= dy[t].": edit("dy[t]", "dy[i]"),
    "The gradient has the shape of dy here. It has the shape of the table: vocab rows.":
        edit("(vocab, dy.shape[1])", "dy.shape"),
    "That counts how often each token occurs. Add up its rows of dy.": edit("dy[t]", "1"),
    "The sign is turned. The gradient is dy itself; the minus comes with the step.":
        edit("+=", "-="),
    "return stands inside the loop, so only the first token is done.":
        edit("    return", "        return"),
    "The table ends at the largest token of this text. It has a row for every token: vocab rows.":
        edit("(vocab, ", "(ids.max() + 1, "),
}  # fmt: skip


@layer
class Padded(Layer):
    """A table of vectors W in which token 0 fills up short texts: its vector is 0, and stays so."""

    def __init__(self, vocab, d):
        super().__init__({"W": np.zeros((vocab, d))})

    def forward(self, ids):
        self.ids = ids
        self.real = (ids > 0)[..., None]
        return self.params["W"][ids] * self.real

    def backward(self, dy):
        np.add.at(self.grads["W"], self.ids, dy * self.real)


Padded.cases = (
    ((5, 3), np.array([[4, 1, 4, 0], [1, 2, 0, 0], [4, 4, 1, 2]]), normal(3, 4, 3, seed=10)),
    ((4, 2), np.array([[3, 3, 0], [0, 1, 3]]), normal(2, 3, 2, seed=11)),
)
Padded.hints = (
    "forward looks up W[ids]. Where ids is 0, the result is 0: multiply by ids > 0, with a last "
    "axis for the features.",
    "backward adds each row of dy to the gradient of its token, and that of token 0 gets nothing. "
    "Ids have no gradient, so nothing is returned.",
    'np.add.at(self.grads["W"], ids, dy * real) with real = (ids > 0)[..., None].',
)
Padded.mistakes = {
    "forward: Token 0 has a vector here. It fills up short texts, and its vector is 0.":
        edit('self.params["W"][ids] * self.real', 'self.params["W"][ids]'),
    "The gradient of W: Token 0 gets a gradient. Its row is never used: multiply dy by the same 0 "
    "and 1.": edit("dy * self.real)", "dy)"),
    "The gradient of W: A repeated token is counted once. += on picked rows writes only one row "
    "for each token: np.add.at.":
        edit('np.add.at(self.grads["W"], self.ids, dy * self.real)',
             'self.grads["W"][self.ids] += dy * self.real'),
    "The gradient of W replaces what stood there. Add to it.":
        edit('np.add.at(self.grads["W"]',
             'self.grads["W"][...] = 0\n        np.add.at(self.grads["W"]'),
    "The gradient of W is a mean. The 1/N is in dy already: add up.":
        edit("dy * self.real)", "dy * self.real / len(dy))"),
    "The gradient of W: It took the parameters in the place of dy.":
        edit("dy * self.real)", 'self.params["W"][self.ids] * self.real)'),
    "The gradient of W is never added to grads.":
        edit('np.add.at(self.grads["W"], self.ids, dy * self.real)', "pass"),
    "The gradient of W: The sign is turned. The minus comes with the step.":
        edit("dy * self.real)", "-dy * self.real)"),
    "The gradient of W went into params. A step changes those, later.":
        edit('self.grads["W"]', 'self.params["W"]'),
}  # fmt: skip


@layer
class Joined(Layer):
    """The vectors of T words side by side, and one dense layer without bias: tables E and W."""

    def __init__(self, vocab, d, length):
        super().__init__({"E": np.zeros((vocab, d)), "W": np.zeros((vocab, length * d))})

    def forward(self, ids):
        self.ids = ids
        self.x = self.params["E"][ids].reshape(len(ids), -1)
        return self.x @ self.params["W"].T

    def backward(self, dy):
        self.grads["W"] += dy.T @ self.x
        dx = (dy @ self.params["W"]).reshape(*self.ids.shape, -1)
        np.add.at(self.grads["E"], self.ids, dx)


Joined.cases = (
    ((5, 2, 3), np.array([[4, 1, 4], [1, 1, 0], [2, 4, 1], [0, 4, 4]]), normal(4, 5, seed=12)),
    ((4, 3, 2), np.array([[3, 3], [0, 1], [1, 3]]), normal(3, 4, seed=13)),
)
ANY_NEGATIVE = "NumPy takes one negative length, whichever, for the one that it is to find."
Joined.equivalents = {
    "self.x = self.params['E'][ids].reshape(len(ids), -2)": ANY_NEGATIVE,
    "dx = (dy @ self.params['W']).reshape(*self.ids.shape, -2)": ANY_NEGATIVE,
}
Joined.hints = (
    "E[ids] has the shape (N, T, D). One reshape lays the T vectors of each example side by side.",
    "backward is the mirror: dW as in a dense layer, dy @ W for the long row, reshape it to "
    "(N, T, D), and add each vector to the row of its word.",
    'dx = (dy @ self.params["W"]).reshape(*ids.shape, -1), then np.add.at(self.grads["E"], ids, '
    "dx).",
)
Joined.mistakes = {
    "The gradient of E: A repeated word is counted once. += on picked rows writes only one row for "
    "each word: np.add.at.":
        edit('np.add.at(self.grads["E"], self.ids, dx)', 'self.grads["E"][self.ids] += dx'),
    "The gradient of E: A word that two examples have at the same place is counted once there. += "
    "on picked rows writes only one row for each word: np.add.at.":
        edit('np.add.at(self.grads["E"], self.ids, dx)',
             'for t in range(self.ids.shape[1]):\n'
             '            self.grads["E"][self.ids[:, t]] += dx[:, t]'),
    "The gradient of E: The vectors are cut in the wrong order. First the places, then the "
    "features: the shape (N, T, D).":
        edit("reshape(*self.ids.shape, -1)",
             "reshape(len(dy), -1, self.ids.shape[1]).swapaxes(1, 2)"),
    "The gradient of W replaces what stood there. Add to it: +=.":
        edit('self.grads["W"] +=', 'self.grads["W"][...] ='),
    "The gradient of E replaces what stood there. Add to it.":
        edit('np.add.at(self.grads["E"]',
             'self.grads["E"][...] = 0\n        np.add.at(self.grads["E"]'),
    "The gradient of W is never added to grads.":
        edit('self.grads["W"] += dy.T @ self.x', "pass"),
    "The gradient of E is never added to grads.":
        edit('np.add.at(self.grads["E"], self.ids, dx)', "pass"),
    "The gradient of E: dy passes W on its way back. dy @ W.":
        edit('(dy @ self.params["W"])', "self.x"),
    "The gradient of W is a mean. The 1/N is in dy already: add up.":
        edit("dy.T @ self.x", "dy.T @ self.x / len(dy)"),
    "forward: The vectors lie side by side from the last word to the first. Keep the order of the "
    "words.":
        edit('self.params["E"][ids].reshape', 'self.params["E"][ids[:, ::-1]].reshape'),
    "forward: The features are laid out first, and the places second. Side by side means vector "
    "after vector.":
        edit('self.params["E"][ids].reshape',
             'self.params["E"][ids].swapaxes(1, 2).reshape'),
}  # fmt: skip


@exercise
def cosines(E):
    """The cosine of each pair of rows of a table: (V, V)."""
    unit = E / np.linalg.norm(E, axis=1, keepdims=True)
    return unit @ unit.T


cosines.cases = (normal(4, 3, seed=20),), (normal(3, 5, seed=21),), (5 * normal(6, 2, seed=22),)
cosines.equivalents = {
    "unit = E / np.linalg.norm(E, axis=-1, keepdims=True)": LAST_OF_TWO,
}
cosines.hints = (
    "The dot products of all pairs of rows are one product of matrices, E @ E.T.",
    "Divide each by both lengths: np.linalg.norm(E, axis=1) has the lengths of the rows.",
    "Or give every row the length 1 first: E / np.linalg.norm(E, axis=1, keepdims=True).",
)
cosines.mistakes = {
    "Those are dot products. Divide by both lengths.": edit("unit @ unit.T", "E @ E.T"),
    "Only one of the two lengths is divided by, that of the left row.":
        edit("unit @ unit.T", "unit @ E.T"),
    "Only one of the two lengths is divided by, that of the right row.":
        edit("unit @ unit.T", "E @ unit.T"),
    "One length is divided by twice. It is one for each of the two rows.":
        lambda E: E @ E.T / (E**2).sum(axis=1),
    "The columns got the length 1. Vectors are rows: axis=1.": edit("axis=1", "axis=0"),
    "All numbers of the table are one vector here. Each row has its own length: axis=1.":
        edit("norm(E, axis=1, keepdims=True)", "norm(E)"),
    "Each row is divided by the sum of its numbers. Its length is the root of the sum of squares.":
        edit("np.linalg.norm(E, axis=1, keepdims=True)", "E.sum(axis=1, keepdims=True)"),
    "It is divided by the squares of the lengths. The root is missing.":
        edit("np.linalg.norm(E, axis=1, keepdims=True)", "(E**2).sum(axis=1, keepdims=True)"),
    "Those are the cosines of the features, (D, D). Compare rows: unit @ unit.T.":
        edit("unit @ unit.T", "unit.T @ unit"),
    "Those are distances. Asked are cosines.":
        lambda E: np.linalg.norm(E[:, None] - E[None], axis=-1),
    "Those are angles. Asked are their cosines.":
        edit("return unit @ unit.T", "return np.arccos(np.clip(unit @ unit.T, -1, 1))"),
    "The means of the rows are taken away first. That is a correlation; a cosine keeps the "
    "vectors as they are.": lambda E: np.corrcoef(E),
}  # fmt: skip


@exercise
def analogy(E, a, b, c):
    """The token nearest, by its cosine, to E[b] − E[a] + E[c]; a, b and c do not count."""
    target = E[b] - E[a] + E[c]
    fit = E @ target / np.linalg.norm(E, axis=1)
    fit[[a, b, c]] = -np.inf
    return fit.argmax()


def _table(seed, n=12, d=3):
    return (
        np.random.default_rng(seed).normal(size=(n, d)).round(2) * np.linspace(0.5, 3, n)[:, None]
    )


# Without leaving any out, the nearest would be a in two of them, b in the next two, then c.
analogy.cases = (
    (_table(30), 3, 5, 9),
    (_table(31), 1, 3, 5),
    (_table(31), 0, 2, 1),
    (_table(32), 0, 1, 5),
    (_table(30), 0, 1, 7),
    (_table(31), 0, 1, 2),
    (_table(34), 11, 0, 3),
    (_table(35), 5, 6, 1),
)
analogy.equivalents = {
    "fit = E @ target.T / np.linalg.norm(E, axis=1)": SAME_VECTOR,
    "fit = E @ target / np.linalg.norm(E, axis=-1)": LAST_OF_TWO,
}
analogy.hints = (
    "The step from a to b is E[b] − E[a]. Make it from c: where do you arrive?",
    "The cosine with every row is E @ target divided by the lengths of the rows. The length of the "
    "target is the same for all, so it changes no order.",
    "Set the three that do not count to −np.inf, and take argmax.",
)
analogy.mistakes = {
    "a, b and c were not left out. The nearest is often c or b itself.":
        edit("    fit[[a, b, c]] = -np.inf\n", ""),
    "Only c was left out. a and b do not count either.": edit("[[a, b, c]]", "[c]"),
    "The step is made the wrong way round: from a to b is E[b] − E[a].":
        edit("E[b] - E[a] + E[c]", "E[a] - E[b] + E[c]"),
    "Those are dot products, and long rows win. Divide by the lengths of the rows.":
        edit(" / np.linalg.norm(E, axis=1)", ""),
    "That is the token farthest away: argmax.": edit("-np.inf", "np.inf", "argmax", "argmin"),
    "That is the nearest by distance. Asked is the cosine.":
        edit("E @ target / np.linalg.norm(E, axis=1)",
             "-np.linalg.norm(E - target, axis=1)"),
    "That starts from b once more. Begin at c, and make the step from a to b.":
        edit("+ E[c]", "+ E[b]"),
    "The rows got the length 1 before the step. The step is made with the vectors as they are.":
        edit("target = E[b] - E[a] + E[c]",
             "E = E / np.linalg.norm(E, axis=1, keepdims=True)\n    target = E[b] - E[a] + E[c]"),
    "c is missing: that is the token nearest to the step itself.": edit(" + E[c]", ""),
    "That is the value of the cosine. Asked is the number of the token: argmax.":
        edit("fit.argmax()", "fit.max() / np.linalg.norm(target)"),
}  # fmt: skip
