"""Exercises of chapter 9: tables of vectors, surprise, a floor and a ladder."""

import numpy as np

from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise


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


SAME_VECTOR = "A vector is its own transpose."


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
    "That is the exponential of Σ p ln p, an entropy of numbers that are no distribution. Each "
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
    "Below the floor on sentences that it never saw: that is impossible for a language model, so "
    "it does not predict. Below it on training sentences only: it knows them by heart.",
    "4.22 is ln 68, and 3.65 is the rung of counting single words.",
)
ladder_causes.reason = (
    "Run 1 stays at ln 68 = 4.22, the surprise of a fair guess: it learned nothing. Run 2 is far "
    "below the floor of 1.144 on sentences that it never saw. No prediction can be, so it sees "
    "what it should predict: targets are inputs. Run 3 is below the floor only on sentences that "
    "it has met, and knows those by heart. Run 4 stands at 3.65, the rung of single words, so it "
    "ignores the words before."
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
