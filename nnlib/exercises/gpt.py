"""Exercises of chapter 10: the parts of a GPT, its targets, its failures, and how it writes."""

import math

import numpy as np

from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import exercise

DX_2, X_LAST_2, DLOGITS_2 = (normal(3, 2, 4, seed=seed) for seed in (4, 5, 6))


@exercise
def tied_gradient(ids, dx, dlogits, x_last):
    """The gradient (V, D) of an embedding that is used at both ends."""
    V, D = dlogits.shape[-1], x_last.shape[-1]
    dE = dlogits.reshape(-1, V).T @ x_last.reshape(-1, D)
    np.add.at(dE, ids, dx)
    return dE


IDS = np.array([[2, 0, 2, 4], [1, 2, 0, 0]])
DX = normal(2, 4, 3, seed=1)
X_LAST = normal(2, 4, 3, seed=2)
DLOGITS = normal(2, 4, 5, seed=3)

IDS_2 = np.array([[3, 3], [0, 1], [1, 3]])


def _as_input(ids, dx, vocab):
    dE = np.zeros((vocab, dx.shape[-1]))
    np.add.at(dE, ids, dx)
    return dE


def _as_output(dlogits, x_last):
    return np.einsum("ntv,ntd->vd", dlogits, x_last)


def _overwritten(ids, dx, dlogits, x_last):
    dE = np.zeros((dlogits.shape[-1], dx.shape[-1]))
    dE[ids] += dx
    return dE


def _written_over(ids, dx, dlogits, x_last):
    dE = _as_output(dlogits, x_last)
    dE[ids] = dx
    return dE


tied_gradient.cases = (IDS, DX, DLOGITS, X_LAST), (IDS_2, DX_2, DLOGITS_2, X_LAST_2)
tied_gradient.hints = (
    "E is used twice, so its gradient is a sum of two. Derive each as if the other use did not "
    "exist.",
    "At the output, logits = x_last @ E.T for every token: flatten both to rows, and it is the dW "
    "of a Dense without bias.",
    "At the input, row ids[n, t] of the gradient receives dx[n, t]. The same token may come "
    "several times: np.add.at(dE, ids, dx) adds each.",
)
tied_gradient.mistakes = {
    "Only the input is counted. E also makes the scores: dlogits and x_last belong to that.":
        lambda ids, dx, dlogits, x_last: _as_input(ids, dx, dlogits.shape[-1]),
    "Only the output is counted. E also made the first x: dx belongs to its rows.":
        lambda ids, dx, dlogits, x_last: _as_output(dlogits, x_last),
    "A token that occurs several times received only one of its gradients: dE[ids] += dx writes "
    "each row once. np.add.at adds every time.": (
        lambda ids, dx, dlogits, x_last: (
            _overwritten(ids, dx, dlogits, x_last) + _as_output(dlogits, x_last)
        )
    ),
    "The two gradients are averaged. A parameter that is used twice gets their sum.": (
        lambda ids, dx, dlogits, x_last: (
            (_as_input(ids, dx, dlogits.shape[-1]) + _as_output(dlogits, x_last)) / 2
        )
    ),
    "dx and x_last are exchanged: dx is the gradient at the input, x_last the features that "
    "were multiplied by E.": (
        lambda ids, dx, dlogits, x_last: (
            _as_input(ids, x_last, dlogits.shape[-1]) + _as_output(dlogits, dx)
        )
    ),
    "One of the two gradients is subtracted. They add up.": (
        lambda ids, dx, dlogits, x_last: (
            _as_output(dlogits, x_last) - _as_input(ids, dx, dlogits.shape[-1])
        )
    ),
    "dE[ids] = dx overwrites rows that already hold the output's part. Add, with np.add.at, so "
    "that a repeated token counts every time.": _written_over,
    "The output's part is not added up over the examples: flatten (N, T, ...) to rows first.":
        lambda ids, dx, dlogits, x_last: dlogits.swapaxes(1, 2) @ x_last,
    "The gradient is divided by the number of tokens. dlogits and dx already hold the mean.": (
        lambda ids, dx, dlogits, x_last: (
            (_as_input(ids, dx, dlogits.shape[-1]) + _as_output(dlogits, x_last)) / ids.size
        )
    ),
    "x_last is added to the rows of ids. It is what was multiplied by E: its gradient comes from "
    "dlogits.": lambda ids, dx, dlogits, x_last: _as_input(ids, dx + x_last, dlogits.shape[-1]),
    "The output's part is divided by the number of tokens. dlogits already holds the mean.": (
        lambda ids, dx, dlogits, x_last: (
            _as_input(ids, dx, dlogits.shape[-1]) + _as_output(dlogits, x_last) / ids.size
        )
    ),
}  # fmt: skip


@exercise
def write_scale(d_in, n_blocks):
    """The standard deviation of first weights that write to the stream."""
    return math.sqrt(1 / d_in) / math.sqrt(2 * n_blocks)


write_scale.cases = (48, 2), (192, 12), (64, 1)
write_scale.hints = (
    "Dense draws with variance 1 / d_in. How many sums are added to the stream on its way?",
    "Each block adds two: 2 * n_blocks. For their sum to have the variance of one, each needs 1 / "
    "(2 n_blocks) of it.",
    "The standard deviation is the root of 1 / d_in / (2 n_blocks).",
)
write_scale.mistakes = {
    "That is the variance. Asked is the standard deviation, its root.":
        lambda d_in, n_blocks: 1 / (2 * n_blocks * d_in),
    "A block adds to the stream twice, after attention and after the MLP: 2 n_blocks.":
        lambda d_in, n_blocks: math.sqrt(1 / d_in / n_blocks),
    "Variances add up, not standard deviations: the root of 2 n_blocks is enough.":
        lambda d_in, n_blocks: math.sqrt(1 / d_in) / (2 * n_blocks),
    "That is the scale of any Dense. What is written to the stream is made smaller.":
        lambda d_in, n_blocks: math.sqrt(1 / d_in),
    "1 / d_in is a variance: take its root too.":
        lambda d_in, n_blocks: 1 / d_in / math.sqrt(2 * n_blocks),
    "The weights grow with the depth. More layers need smaller ones.":
        lambda d_in, n_blocks: math.sqrt(2 * n_blocks / d_in),
    "d_in stands above the line. More inputs make a larger sum, so each weight must be smaller.":
        lambda d_in, n_blocks: math.sqrt(d_in / (2 * n_blocks)),
    "A block adds to the stream twice, and variances add up, not standard deviations: √(2 "
    "n_blocks) instead of n_blocks.": lambda d_in, n_blocks: math.sqrt(1 / d_in) / n_blocks,
    "/ 2 * n_blocks divides by 2 and multiplies by n_blocks. Put 2 * n_blocks in brackets, and "
    "take its root.": lambda d_in, n_blocks: math.sqrt(1 / d_in) / 2 * n_blocks,
    "That is the variance of any Dense. Take the root, and make what is written to the stream "
    "smaller.": lambda d_in, n_blocks: 1 / d_in,
    "d_in is missing: a sum over d_in inputs needs 1 / d_in of the variance.":
        lambda d_in, n_blocks: math.sqrt(1 / (2 * n_blocks)),
}  # fmt: skip


@exercise
def shifted(rows):
    """Inputs (N, T) and targets (N, T) from rows of T + 1 tokens."""
    return rows[:, :-1], rows[:, 1:]


ROWS = np.array([[7, 3, 5, 0, 2], [1, 4, 9, 6, 8]])
ROWS_2 = np.array([[3, 1, 2], [0, 5, 4], [6, 8, 7]])


def _same_token(rows):
    return rows[:, :-1], rows[:, :-1]


shifted.cases = (ROWS,), (ROWS_2,), (ROWS[:, :2],)
shifted.start = _same_token
shifted.hints = (
    "Write one row down, and under each token the one that should be predicted from it.",
    "The first target is the second token of the row, and the last target is its last token.",
)
shifted.mistakes = {
    "The targets are two tokens ahead. The next token is one ahead.":
        lambda rows: (rows[:, :-2], rows[:, 2:]),
    "That looks backwards: each target is the token before. x and y are exchanged.":
        lambda rows: (rows[:, 1:], rows[:, :-1]),
    "x still has the last token, which has no target: leave it out.":
        lambda rows: (rows, rows[:, 1:]),
    "x is one token shorter and y is not: y should leave out the first.":
        lambda rows: (rows[:, :-1], rows),
    "Both lost their first token. x should lose its last one: it has no target.":
        lambda rows: (rows[:, 1:], rows[:, 1:]),
    "The first token became the target of the last one: np.roll goes round in a circle.":
        lambda rows: (rows, np.roll(rows, -1, axis=1)),
    "Only the last token of each row came back as a target. Every position has one: cut off the "
    "first column.": lambda rows: (rows[:, :-1], rows[:, -1]),
    "The targets are the tokens before. np.roll by +1 moves each token one place later: cut off "
    "the first column instead.": lambda rows: (rows[:, :-1], np.roll(rows, 1, axis=1)[:, :-1]),
    "The last target is the first token again: np.roll goes round in a circle. It should be the "
    "token that the row has left.": lambda rows: (rows[:, :-1], np.roll(rows[:, :-1], -1, axis=1)),
    "Nothing is cut off, and each token is its own target.": lambda rows: (rows, rows),
    "The targets are two tokens ahead, so the last input has none. The next token is one ahead.":
        lambda rows: (rows[:, :-1], rows[:, 2:]),
    "The rows are cut and not the columns: time is the second axis.":
        lambda rows: (rows[:-1], rows[1:]),
    "Only the last token of each row is a target. Every position predicts its next token.":
        lambda rows: (rows[:, :-1], rows[:, -1:]),
}  # fmt: skip


@exercise
def loss_without_padding(nats, lengths):
    """The mean surprise of the real tokens: (N, T) and (N,) to a number."""
    real = np.arange(nats.shape[1]) < np.asarray(lengths)[:, None]
    return nats[real].mean()


NATS = np.array([[1.5, 0.25, 2.0, 6.0, 7.0], [0.5, 1.0, 0.75, 3.0, 0.1], [2.2, 5.0, 9.0, 4.0, 8.0]])
LENGTHS = np.array([3, 5, 1])


def _real(nats, lengths):
    return np.arange(nats.shape[1]) < np.asarray(lengths)[:, None]


def _all_places(nats, lengths):
    return nats.mean()


loss_without_padding.cases = (
    (NATS, LENGTHS),
    (NATS[:2, :4], np.array([2, 3])),
    (NATS.T[:3, :3], np.array([1, 3, 2])),
)
loss_without_padding.start = _all_places
loss_without_padding.hints = (
    "Which places count? In row n the first lengths[n] of them.",
    "real = np.arange(T) < lengths[:, None] has the shape (N, T), True where a token is real.",
    "nats[real] are the surprises of real tokens, from all rows: take their mean.",
)
loss_without_padding.mistakes = {
    "The sum is over real tokens, but it is divided by all places. Divide by the number of real "
    "tokens.": lambda nats, lengths: (nats * _real(nats, lengths)).sum() / nats.size,
    "Each row is averaged first, so a token of a short row counts more. Divide the sum over all "
    "real tokens by their number.": (
        lambda nats, lengths: np.mean(
            [row[:n].mean() for row, n in zip(nats, lengths, strict=True)]
        )
    ),
    "The sum over real tokens is divided by the number of rows. Divide by the number of real "
    "tokens.": lambda nats, lengths: (nats * _real(nats, lengths)).sum() / len(nats),
    "That counts the padding and leaves out the tokens.": (
        lambda nats, lengths: (
            nats[~_real(nats, lengths)].sum() / max(1, (~_real(nats, lengths)).sum())
        )
    ),
    "One place too many in each row: indices start at 0, so < and not <=.":
        lambda nats, lengths: nats[np.arange(nats.shape[1]) <= np.asarray(lengths)[:, None]].mean(),
    "The surprises of the padding are still in the sum; only what it is divided by is right.":
        lambda nats, lengths: nats.sum() / np.sum(lengths),
    "That is a mean for each row. Add up over all rows, then divide once.": (
        lambda nats, lengths: np.array(
            [row[:n].mean() for row, n in zip(nats, lengths, strict=True)]
        )
    ),
    "The means of the rows are added up. Add up the surprises of all rows, and divide once, by "
    "the number of real tokens.": (
        lambda nats, lengths: np.sum([row[:n].mean() for row, n in zip(nats, lengths, strict=True)])
    ),
    "Every row is cut at the length of the shortest. Each row has a length of its own.":
        lambda nats, lengths: nats[:, : min(lengths)].mean(),
    "Every row is cut at the length of the longest, so shorter rows keep their padding.":
        lambda nats, lengths: nats[:, : max(lengths)].mean(),
    "Those are the surprises of the real tokens. Take their mean.":
        lambda nats, lengths: nats[_real(nats, lengths)],
    "The last real token of each row is left out. It counts too.": (
        lambda nats, lengths: (
            (nats * _real(nats, lengths - 1)).sum() / _real(nats, lengths - 1).sum()
        )
    ),
    "That is the sum. The loss is a mean: divide by the number of real tokens.":
        lambda nats, lengths: nats[_real(nats, lengths)].sum(),
}  # fmt: skip


@exercise
def lowest_loss():
    """The lowest loss when probabilities are taken for scores, V = 68."""
    return math.log(math.e + 67) - 1


lowest_loss.tolerance = 2e-3
lowest_loss.hints = (
    "The best that the model can do is p = 1 for the right token and 0 for the 67 others. Now "
    "take softmax of that.",
    "The right token gets e^1 / (e^1 + 67 e^0).",
    "The loss is minus the logarithm of that: ln(e + 67) − 1.",
)
lowest_loss.mistakes = {
    "That would be so with scores, which grow without a limit. Probabilities end at 1, and "
    "softmax of 1 and 67 zeros is not 1 and zeros.": 0.0,
    "That is the loss of equal scores, ln 68. Here the right token has 1 and the others 0.":
        math.log(68),
    "That counts 68 zeros. The right token is one of the 68: 67 others.": math.log(math.e + 68) - 1,
    "That is the probability. The loss is minus its logarithm.": math.e / (math.e + 67),
    "The numerator is e^1, whose logarithm is 1: subtract it.": math.log(math.e + 67),
    "That is the entropy of the language: the floor for the right loss.": 1.144,
    "The right token adds e^1 to the sum, and not 1: ln(e + 67), not ln 68.": math.log(68) - 1,
    "The logarithm is to base 2. The book's losses are in nats.":
        (math.log(math.e + 67) - 1) / math.log(2),
    "The sum has all 68 tokens in it, the right one with e^1 too: ln(e + 67), not ln 67.":
        math.log(67) - 1,
    "The sign is wrong: a loss is minus a logarithm, and above 0.": 1 - math.log(math.e + 67),
}  # fmt: skip


@exercise
def failing_runs():
    """The cause of each of the four runs."""
    return ("off-by-one targets", "no positions", "no mask", "softmax twice")


SYMPTOMS = ("off-by-one targets", "no mask", "no positions", "softmax twice")
failing_runs.form = 'four of "no mask", "no positions", "off-by-one targets", "softmax twice"'
failing_runs.hints = (
    "Two of them are below the floor, which no honest model can be. One of the two reads the "
    "answer in its input, the other one is asked for the wrong answer.",
    "One cannot fall below 3.24, whatever it learns. One learns almost perfectly, and repeats the "
    "word that it has read.",
    "If the target is the input itself, copying is enough: the loss goes to 0, also on fresh text "
    "read in the same way, and the model repeats each word.",
)
failing_runs.mistakes = {
    "Runs 1 and 3 are exchanged. Copying your own token needs no look ahead, and then the model "
    "repeats it; without a mask it has learned to look at a token that is not there when it "
    "writes.": ("no mask", "no positions", "off-by-one targets", "softmax twice"),
    "Runs 2 and 4 are exchanged. Which of them cannot fall below ln(e + 67) − 1?":
        ("off-by-one targets", "softmax twice", "no mask", "no positions"),
    "Runs 1 and 4 are exchanged. A double softmax cannot reach 0.":
        ("softmax twice", "no positions", "no mask", "off-by-one targets"),
    "Runs 2 and 3 are exchanged. Without positions a model does worse than the floor; it does "
    "not cheat.": ("off-by-one targets", "no mask", "no positions", "softmax twice"),
    "Runs 1 and 2 are exchanged. Run 1 is far below the floor: without positions no model gets "
    "there.": ("no positions", "off-by-one targets", "no mask", "softmax twice"),
    "Runs 3 and 4 are exchanged. Without a mask the next token is there to be read, and the loss "
    "falls to almost 0.": ("off-by-one targets", "no positions", "softmax twice", "no mask"),
}  # fmt: skip


@exercise
def with_temperature(logits, temperature):
    """The probabilities (V,) of scores that are divided by the temperature."""
    z = np.asarray(logits) / temperature
    e = np.exp(z - z.max())
    return e / e.sum()


LOGITS = np.array([2.0, -1.0, 0.5, 1.2, -0.3])
LOGITS_2 = np.array([0.1, 3.0, 2.2, -2.0])
BIG = np.array([9000.0, 8999.0, 9001.5])


def _softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def _late(logits, temperature):
    p = _softmax(logits) / temperature
    return p / p.sum()


def _unshifted(logits, temperature):
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(np.asarray(logits) / temperature)
        return e / e.sum()


with_temperature.cases = (LOGITS, 0.5), (LOGITS_2, 1.7), (BIG, 2.0)
with_temperature.start = _late
with_temperature.hints = (
    "p / temperature divides all probabilities by the same number. What does p / p.sum() do to "
    "that?",
    "It undoes it. The scores have to be divided, before softmax.",
    "Take softmax of logits / temperature.",
)
with_temperature.mistakes = {
    "The probabilities do not sum to 1 any more: divided after softmax. Divide the scores, "
    "before it.": lambda logits, temperature: _softmax(logits) / temperature,
    "The scores are multiplied by the temperature. A high one should make them more equal: "
    "divide.": lambda logits, temperature: _softmax(np.asarray(logits) * temperature),
    "The probabilities went through softmax a second time. Divide the scores, and take softmax "
    "once.": lambda logits, temperature: _softmax(_softmax(logits) / temperature),
    "The power 1/τ of the probabilities does it too, but then they do not sum to 1: divide by "
    "their sum.": lambda logits, temperature: _softmax(logits) ** (1 / temperature),
    "The exponentials are right, but they do not sum to 1: divide by their sum.":
        lambda logits, temperature: np.exp((logits - np.max(logits)) / temperature),
    "The exponentials have the temperature and their sum has not. Divide the scores first, and "
    "use them in both places.": (
        lambda logits, temperature: (
            np.exp((logits - np.max(logits)) / temperature) / np.exp(logits - np.max(logits)).sum()
        )
    ),
    "The probabilities are divided once more at the end. Dividing the scores is enough.":
        lambda logits, temperature: _softmax(np.asarray(logits) / temperature) / temperature,
    "Those are logarithms of probabilities. Leave the logarithm out.":
        lambda logits, temperature: np.log(_softmax(np.asarray(logits) / temperature)),
    "The sign of the scores is turned, so the worst token is the likeliest.":
        lambda logits, temperature: _softmax(-np.asarray(logits) / temperature),
    "The scores are divided by the root of the temperature. Divide by the temperature.":
        lambda logits, temperature: _softmax(np.asarray(logits) / np.sqrt(temperature)),
    "Those are divided scores. Softmax is missing.":
        lambda logits, temperature: np.asarray(logits) / temperature,
    "Large scores leave the range of numbers. Divide first, then subtract the largest of the "
    "divided scores, so that the largest exponent is 0.": _unshifted,
}  # fmt: skip


@exercise
def keep_top_k(p, k):
    """The probabilities (V,) when only the k most probable tokens may be drawn."""
    p = np.asarray(p)
    best = np.argsort(-p)[:k]
    kept = np.zeros(len(p))
    kept[best] = p[best]
    return kept / kept.sum()


P = np.array([0.1, 0.4, 0.02, 0.25, 0.18, 0.05])
P_2 = np.array([0.35, 0.05, 0.15, 0.45])


def _keep(p, keep):
    kept = np.where(keep, p, 0.0)
    return kept / kept.sum()


def _dropped(p, drop):
    kept = np.where(drop, 0.0, p)
    return kept / max(kept.sum(), 1e-9)


def _ranks(p):
    """0 for the most probable token, 1 for the next one, and so on."""
    return np.argsort(np.argsort(-np.asarray(p)))


keep_top_k.cases = (P, 3), (P_2, 2), (P, 1), (P_2, 4)
keep_top_k.hints = (
    "np.argsort(-p) is the list of tokens from the most to the least probable.",
    "Start from zeros, and copy the first k of that list: kept[best] = p[best].",
    "What is left sums to less than 1: divide by its sum.",
)
keep_top_k.mistakes = {
    "What is left does not sum to 1. Divide by its sum.":
        lambda p, k: np.where(_ranks(p) < k, p, 0.0),
    "The least probable tokens were kept: argsort goes from small to large.":
        lambda p, k: _keep(p, _ranks(p) >= len(p) - k),
    "One token too many is kept.": lambda p, k: _keep(p, _ranks(p) <= k),
    "np.argsort(-p) is a list of tokens, the best first, and not the rank of each token. Its "
    "first k entries are the places to keep.": lambda p, k: _keep(p, np.argsort(-p) < k),
    "The first k tokens of the vocabulary were kept. Keep the k most probable.":
        lambda p, k: _keep(p, np.arange(len(p)) < k),
    "The k most probable come back in a list of their own. Keep all V places, with 0 for the "
    "others: a place is a token.": lambda p, k: np.sort(p)[::-1][:k] / np.sort(p)[::-1][:k].sum(),
    "The k probabilities come back in a list of their own, and do not sum to 1. Keep all V "
    "places, with 0 for the others, and divide by the sum.":
        lambda p, k: np.asarray(p)[np.argsort(-np.asarray(p))[:k]],
    "Those are the tokens themselves. Return a probability for each of the V tokens.":
        lambda p, k: np.argsort(-np.asarray(p))[:k],
    "The probabilities come back sorted. Each belongs to its token: write them to their old "
    "places.": lambda p, k: np.sort(_keep(p, _ranks(p) < k))[::-1],
    "The k most probable were set to 0. Keep them, and set the others to 0.":
        lambda p, k: _keep(p, _ranks(p) >= k),
    "One token too few is kept.": lambda p, k: _keep(p, _ranks(p) < k - 1),
    "Only the token of rank k is kept. Keep all from the most probable down to it.":
        lambda p, k: _keep(p, _ranks(p) == k - 1),
    "Everything is divided by the sum of the k best, but nothing is set to 0.":
        lambda p, k: p / np.asarray(p)[_ranks(p) < k].sum(),
    "What is left is divided by k. Divide by its sum, so that it sums to 1.":
        lambda p, k: np.where(_ranks(p) < k, p, 0.0) / k,
    "The kept tokens went through softmax, which changes their proportions. Divide by the sum.":
        lambda p, k: _softmax(np.where(_ranks(p) < k, p, -np.inf)),
    "Nothing is thrown away.": lambda p, k: p / np.sum(p),
    "The kept tokens are equally likely now. They keep their proportions: divide by the sum.":
        lambda p, k: (_ranks(p) < k) / k,
    "The kept tokens went through softmax, and so did the zeros, which became positive. Divide "
    "by the sum.": lambda p, k: _softmax(np.where(_ranks(p) < k, p, 0.0)),
    "The sum of what was thrown away is spread equally. Divide by the sum of what is left.":
        lambda p, k: np.where(_ranks(p) < k, p + (1 - np.asarray(p)[_ranks(p) < k].sum()) / k, 0.0),
}  # fmt: skip


@exercise
def keep_top_p(p, top_p):
    """The probabilities (V,) when only the fewest tokens that reach top_p may be drawn."""
    order = np.argsort(-p)
    before = np.cumsum(p[order]) - p[order]
    inside = order[before < top_p]
    kept = np.zeros(len(p))
    kept[inside] = p[inside]
    return kept / kept.sum()


def _before(p):
    """The sum of all that is more probable than each token."""
    order = np.argsort(-p)
    before = np.zeros(len(p))
    before[order] = np.cumsum(p[order]) - p[order]
    return before


def _without_the_crossing(p, top_p):
    order = np.argsort(-p)
    kept = np.zeros(len(p))
    inside = order[np.cumsum(p[order]) <= top_p]
    kept[inside] = p[inside]
    return kept / max(kept.sum(), 1e-9)


keep_top_p.cases = (P, 0.62), (P_2, 0.3), (P, 0.88), (P_2, 0.97)
keep_top_p.start = _without_the_crossing
keep_top_p.hints = (
    "The kept tokens should reach top_p together. With p = [0.5, 0.3, 0.2] and top_p = 0.6, do "
    "they?",
    "The token that crosses the line belongs to them. A token is kept if the sum of all before it "
    "is still below top_p.",
    "np.cumsum(p[order]) - p[order] is the sum before each token.",
)
keep_top_p.mistakes = {
    "What is left does not sum to 1. Divide by its sum.":
        lambda p, top_p: np.where(_before(p) < top_p, p, 0.0),
    "That keeps tokens whose own probability is at least top_p. Their sum, from the most "
    "probable on, should reach it.": (
        lambda p, top_p: (
            np.where(p >= top_p, p, 0.0) / max(np.where(p >= top_p, p, 0.0).sum(), 1e-9)
        )
    ),
    "The sum runs through the vocabulary in its own order. Sort from the most probable on.":
        lambda p, top_p: _keep(p, np.cumsum(p) - p < top_p),
    "The sum starts from the least probable token. Sort the other way.":
        lambda p, top_p: _keep(p, _before_ascending(p) < top_p),
    "One token too many: the one that crosses the line is the last.":
        lambda p, top_p: _keep(p, _ranks(p) <= (_before(p) < top_p).sum()),
    "The mask is made for the sorted tokens, and is used on the unsorted ones. order[mask] are "
    "the tokens to keep.":
        lambda p, top_p: _dropped(p, ~(np.cumsum(np.sort(p)[::-1]) - np.sort(p)[::-1] < top_p)),
    "The kept probabilities come back in a list of their own. Keep all V places, with 0 for the "
    "others: a place is a token.": (
        lambda p, top_p: (
            np.sort(p)[::-1][: (_before(p) < top_p).sum()]
            / np.sort(p)[::-1][: (_before(p) < top_p).sum()].sum()
        )
    ),
    "What is left is divided by top_p. It reaches more than that, because of the token that "
    "crosses the line: divide by its own sum.":
        lambda p, top_p: np.where(_before(p) < top_p, p, 0.0) / top_p,
    "The kept tokens are equally likely now. They keep their proportions: divide by the sum.":
        lambda p, top_p: (_before(p) < top_p) / (_before(p) < top_p).sum(),
    "The kept tokens went through softmax, and so did the zeros, which became positive. Divide "
    "by the sum.": lambda p, top_p: _softmax(np.where(_before(p) < top_p, p, 0.0)),
    "That keeps the tail: the tokens after the line, and the one that crosses it.":
        lambda p, top_p: _keep(p, _before(p) + p >= top_p),
    "The sum runs through the vocabulary in its own order, and the token that crosses the line "
    "is lost. Sort from the most probable on.": lambda p, top_p: _dropped(p, np.cumsum(p) > top_p),
    "The sum starts from the least probable token, and keeps those below the line. Start from "
    "the most probable.": lambda p, top_p: _dropped(p, _before_ascending(p) + p > top_p),
    "From the least probable on, the tokens to throw away are those whose sum is at most 1 − "
    "top_p, not top_p.": lambda p, top_p: _dropped(p, _before_ascending(p) + p <= top_p),
    "Turned round: from the least probable on, the tokens whose sum is at most 1 − top_p are "
    "those to throw away, not those to keep.":
        lambda p, top_p: _dropped(p, _before_ascending(p) + p > 1 - top_p),
    "From the most probable on, the sum should reach top_p, and not 1 − top_p.":
        lambda p, top_p: _dropped(p, _before(p) + p > 1 - top_p),
    "The token that crosses the line is still lost, and where nothing is kept, 0 / 0 gives nan.":
        lambda p, top_p: _keep(p, _before(p) + p <= top_p),
    "The token that crosses the line is still lost, and what is left does not sum to 1.":
        lambda p, top_p: np.where(_before(p) + p <= top_p, p, 0.0),
    "Everything is divided by the sum of the kept tokens, but nothing is set to 0.":
        lambda p, top_p: p / np.asarray(p)[_before(p) < top_p].sum(),
    "top_p is a probability to reach, and not a share of the vocabulary.":
        lambda p, top_p: _keep(p, _ranks(p) < math.ceil(top_p * len(p))),
    "That keeps tokens whose own probability is at least 1 − top_p. Their sum, from the most "
    "probable on, should reach top_p.": lambda p, top_p: _dropped(p, p < 1 - top_p),
    "The probabilities come back sorted. Each belongs to its token: write them to their old "
    "places.": lambda p, top_p: np.sort(_keep(p, _before(p) < top_p))[::-1],
    "The most probable token is always kept now, but in other places the one that crosses the "
    "line is still lost.": lambda p, top_p: _keep(p, (_before(p) + p <= top_p) | (_ranks(p) == 0)),
    "Nothing is thrown away.": lambda p, top_p: p / p.sum(),
}  # fmt: skip


@exercise
def write_greedily(scores, prompt, n_new):
    """The prompt and n_new more tokens, each the one with the largest score."""
    ids = list(prompt)
    for _ in range(n_new):
        ids.append(int(np.argmax(scores(ids))))
    return tuple(ids)


def _before_ascending(p):
    order = np.argsort(p)
    before = np.zeros(len(p))
    before[order] = np.cumsum(p[order]) - p[order]
    return before


# What follows each token, as scores: rows are the last token.
NEXT = np.array(
    [
        [0.1, 1.3, 1.2, -1.0],
        [0.9, -2.0, 0.8, 1.0],
        [1.5, 0.3, 0.2, 1.4],
        [0.2, 0.1, 0.4, 0.3],
    ]
)


def _scores_of(ids):
    return NEXT[ids[-1]] + 0.25 * (len(ids) % 2) * NEXT[ids[0]]


def _drawn(scores, prompt, n_new, rng):
    ids = list(prompt)
    for _ in range(n_new):
        ids.append(int(rng.choice(len(NEXT), p=_softmax(scores(ids)))))
    return tuple(ids)


def _write(choose, see, keep_prompt=True):
    def write(scores, prompt, n_new):
        ids = list(prompt)
        for _ in range(n_new):
            ids.append(int(choose(scores(see(ids, prompt)))))
        return tuple(ids if keep_prompt else ids[len(prompt) :])

    return write


def _largest(scores, prompt, n_new):
    ids = list(prompt)
    for _ in range(n_new):
        ids.append(np.max(scores(ids)))
    return tuple(ids)


def _start_write(scores, prompt, n_new):
    return _drawn(scores, prompt, n_new, np.random.default_rng(0))


def _once(scores, prompt, n_new):
    order = np.argsort(-scores(list(prompt)))
    return (*prompt, *(int(i) for i in order[:n_new]))


write_greedily.cases = (_scores_of, [0], 5), (_scores_of, [3, 1], 4), (_scores_of, [2, 2, 0], 3)
write_greedily.start = _start_write
write_greedily.hints = (
    "Greedy means that nothing is drawn. Which token has the largest score?",
    "np.argmax(scores(ids)) is that token; it is appended in each round.",
)
write_greedily.mistakes = {
    "The token with the smallest score was taken.": _write(np.argmin, lambda ids, prompt: ids),
    "Only the last token is shown to the model. Give it all that was written so far.":
        _write(np.argmax, lambda ids, prompt: ids[-1:]),
    "The model sees the prompt again and again, and not what it has written.":
        _write(np.argmax, lambda ids, prompt: list(prompt)),
    "The prompt is missing in front: return it with the new tokens.":
        _write(np.argmax, lambda ids, prompt: ids, keep_prompt=False),
    "A return stands inside the loop, so only one token is written.":
        lambda scores, prompt, n_new: (*prompt, int(np.argmax(scores(list(prompt))))),
    "n_new counts the new tokens, without the prompt.": (
        lambda scores, prompt, n_new: _write(np.argmax, lambda ids, prompt: ids)(
            scores, prompt, n_new - len(prompt)
        )
    ),
    "One token too few.": (
        lambda scores, prompt, n_new: _write(np.argmax, lambda ids, prompt: ids)(
            scores, prompt, n_new - 1
        )
    ),
    "One token too many.": (
        lambda scores, prompt, n_new: _write(np.argmax, lambda ids, prompt: ids)(
            scores, prompt, n_new + 1
        )
    ),
    "np.max is the largest score. Its place, which is the token, is np.argmax.":
        lambda scores, prompt, n_new: _largest(scores, prompt, n_new),
    "The token with the second largest score was taken.":
        _write(lambda scores: np.argsort(-scores)[1], lambda ids, prompt: ids),
    "The newest token is not shown to the model. Give it all that was written so far.":
        _write(np.argmax, lambda ids, prompt: ids[:-1] or ids),
    "The model was asked once, and its n_new best tokens were written in a row. Ask it again "
    "after every token.": _once,
}  # fmt: skip


@exercise
def embed_further(ids, n_past, E, positions):
    """What enters the blocks (T, D) for further tokens, after n_past others."""
    T = len(ids)
    return E[ids] + positions[n_past : n_past + T]


E_6 = normal(6, 3, seed=7)
POS_8 = normal(8, 3, seed=8)


def _from_zero(ids, n_past, E, positions):
    return E[ids] + positions[: len(ids)]


embed_further.cases = ([4, 1], 3, E_6, POS_8), ([2], 6, E_6, POS_8), ([0, 5, 5], 1, E_6, POS_8)
embed_further.start = _from_zero
embed_further.hints = (
    "n_past tokens were read before. Which position does the next token stand at?",
    "Positions count from 0, so n_past tokens stand at 0 to n_past − 1, the next at n_past.",
    "The new ones stand at n_past to n_past + len(ids): a slice.",
)
embed_further.mistakes = {
    "All new tokens stand at the same place. Each stands one further than the one before.":
        lambda ids, n_past, E, positions: E[ids] + positions[n_past],
    "One position too early: that place is taken by the last token of the past.":
        lambda ids, n_past, E, positions: E[ids] + positions[n_past - 1 : n_past - 1 + len(ids)],
    "One position too far: n_past tokens stand at 0 to n_past − 1.":
        lambda ids, n_past, E, positions: E[ids] + positions[n_past + 1 : n_past + 1 + len(ids)],
    "The slice ends at len(ids). Its end is a place too: n_past + len(ids).":
        lambda ids, n_past, E, positions: E[ids] + positions[n_past : len(ids)],
    "The slice has no end, so all places from n_past on are taken. The new tokens need len(ids) "
    "of them.": lambda ids, n_past, E, positions: E[ids] + positions[n_past:],
    "Those are the places of the past. The new tokens come after them.":
        lambda ids, n_past, E, positions: E[ids] + positions[:n_past],
    "The slice begins at 0. The new tokens begin at n_past.":
        lambda ids, n_past, E, positions: E[ids] + positions[: n_past + len(ids)],
    "One place too many: a slice of len(ids) places ends before n_past + len(ids).":
        lambda ids, n_past, E, positions: E[ids] + positions[n_past : n_past + len(ids) + 1],
    "The token's own row is missing: add E[ids].":
        lambda ids, n_past, E, positions: positions[n_past : n_past + len(ids)],
    "The rows are multiplied. They are added.":
        lambda ids, n_past, E, positions: E[ids] * positions[n_past : n_past + len(ids)],
    "The rows are laid side by side. They are added, so that D stays D.": (
        lambda ids, n_past, E, positions: np.concatenate(
            [E[ids], positions[n_past : n_past + len(ids)]], axis=-1
        )
    ),
    "n_past was added to the tokens. The place belongs to the table of positions.":
        lambda ids, n_past, E, positions: E[np.asarray(ids) + n_past] + positions[: len(ids)],
    "The positions are missing.": lambda ids, n_past, E, positions: E[ids],
    "The row of positions is looked up by the token. It depends on the place alone.":
        lambda ids, n_past, E, positions: E[ids] + positions[ids],
    "The last rows of the table are taken. The new tokens follow the n_past tokens before them.":
        lambda ids, n_past, E, positions: E[ids] + positions[-len(ids) :],
}  # fmt: skip


@exercise
def attend_with_cache(q, k, v):
    """The outputs (T, d) of causal attention, a token at a time, with remembered keys, values."""
    keys, values, outputs = [], [], []
    for t in range(len(q)):
        keys.append(k[t])
        values.append(v[t])
        scores = np.array(keys) @ q[t] / math.sqrt(q.shape[1])
        weights = np.exp(scores - scores.max())
        weights /= weights.sum()
        outputs.append(weights @ np.array(values))
    return np.array(outputs)


Q, K, V = normal(3, 5, 4, seed=9)
Q_2, K_2, V_2 = normal(3, 3, 2, seed=10)


def _attend(q, k, v):
    return _softmax(k @ q / math.sqrt(len(q))) @ v


def _only_the_last(q, k, v):
    outputs = []
    for t in range(len(q)):
        keys, values = k[t : t + 1], v[t : t + 1]
        weights = _softmax(keys @ q[t] / math.sqrt(q.shape[1]))
        outputs.append(weights @ values)
    return np.array(outputs)


attend_with_cache.cases = (Q, K, V), (Q_2, K_2, V_2)
attend_with_cache.start = _only_the_last
attend_with_cache.hints = (
    "The first token may see one key, the second two. How many does this code have in round t?",
    "One in each round: the new ones take the place of the old ones, instead of coming after them.",
    "Keep two lists, append k[t] and v[t] to them, and attend to all that they hold.",
)
attend_with_cache.mistakes = {
    "A token does not see itself. Append its key and value before it attends.": (
        lambda q, k, v: np.array(
            [np.zeros(v.shape[1])] + [_attend(q[t], k[:t], v[:t]) for t in range(1, len(q))]
        )
    ),
    "Every token sees the whole text, later tokens too. In round t there are t + 1 keys.":
        lambda q, k, v: np.array([_attend(row, k, v) for row in q]),
    "The scores are not divided by √d.":
        lambda q, k, v: np.array([_softmax(k[: t + 1] @ q[t]) @ v[: t + 1] for t in range(len(q))]),
    "The scores are divided by √T. Divide by √d, with d the number of features.": (
        lambda q, k, v: np.array(
            [_softmax(k[: t + 1] @ q[t] / math.sqrt(len(q))) @ v[: t + 1] for t in range(len(q))]
        )
    ),
    "The scores are divided by the root of the number of keys so far. Divide by √d, with d the "
    "number of features.": (
        lambda q, k, v: np.array(
            [_softmax(k[: t + 1] @ q[t] / math.sqrt(t + 1)) @ v[: t + 1] for t in range(len(q))]
        )
    ),
    "The scores are divided by d. Divide by its root.": (
        lambda q, k, v: np.array(
            [_softmax(k[: t + 1] @ q[t] / q.shape[1]) @ v[: t + 1] for t in range(len(q))]
        )
    ),
    "The exponentials are not divided by their sum, so the weights do not sum to 1.": (
        lambda q, k, v: np.array(
            [np.exp(k[: t + 1] @ q[t] / math.sqrt(q.shape[1])) @ v[: t + 1] for t in range(len(q))]
        )
    ),
    "Softmax is missing: the scores themselves weigh the values.": (
        lambda q, k, v: np.array(
            [k[: t + 1] @ q[t] / math.sqrt(q.shape[1]) @ v[: t + 1] for t in range(len(q))]
        )
    ),
    "Every value gets the same weight. The query should choose.":
        lambda q, k, v: np.array([v[: t + 1].mean(axis=0) for t in range(len(q))]),
    "Only the last two keys and values are kept. Keep all from the first one on.": (
        lambda q, k, v: np.array(
            [
                _attend(q[t], k[max(0, t - 1) : t + 1], v[max(0, t - 1) : t + 1])
                for t in range(len(q))
            ]
        )
    ),
    "Places that are not yet written hold zeros, and a score of 0 gets a weight too: cut the "
    "arrays at t + 1.": (
        lambda q, k, v: np.array(
            [
                _attend(
                    q[t],
                    k * (np.arange(len(k)) <= t)[:, None],
                    v * (np.arange(len(v)) <= t)[:, None],
                )
                for t in range(len(q))
            ]
        )
    ),
    "Keys are handed over. A key says where to look, and the value is what is handed over.":
        lambda q, k, v: np.array([_attend(q[t], k[: t + 1], k[: t + 1]) for t in range(len(q))]),
    "Keys and values are exchanged.":
        lambda q, k, v: np.array([_attend(q[t], v[: t + 1], k[: t + 1]) for t in range(len(q))]),
    "The first query asks in every round. Round t has q[t].":
        lambda q, k, v: np.array([_attend(q[0], k[: t + 1], v[: t + 1]) for t in range(len(q))]),
    "Old queries and one new key: the other way round. The new query looks at all keys so far.":
        lambda q, k, v: np.array([_attend(k[t], q[: t + 1], v[: t + 1]) for t in range(len(q))]),
    "Each token sees itself and what comes later. In round t there are keys 0 to t.":
        lambda q, k, v: np.array([_attend(q[t], k[t:], v[t:]) for t in range(len(q))]),
    "The mask came after softmax, so the weights of a row do not sum to 1 any more.": (
        lambda q, k, v: np.array(
            [
                _softmax(k @ q[t] / math.sqrt(q.shape[1]))[: t + 1] @ v[: t + 1]
                for t in range(len(q))
            ]
        )
    ),
    "That is the mean of the weighted values. The weights sum to 1, so add the values up.": (
        lambda q, k, v: np.array(
            [_attend(q[t], k[: t + 1], v[: t + 1]) / (t + 1) for t in range(len(q))]
        )
    ),
    "Only the last token's output came back. All T are wanted.":
        lambda q, k, v: _attend(q[-1], k, v)[None],
}  # fmt: skip
