"""Exercises of chapter 10: averages, queries and keys, masks, heads, and their gradients."""

from itertools import accumulate

import numpy as np

from nnlib.attention import CausalSelfAttention
from nnlib.backprop import Dense, Layer
from nnlib.descent import cross_entropy
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
from nnlib.language import Embedding
from nnlib.matrices import softmax
from nnlib.training import Adam

X_4, X_3 = normal(4, 3, seed=1), normal(3, 3, seed=2)
# Five queries and four keys of three features, values of two; and as many of each, where wrong
# products fit too. In the last the scores of one query are large, and those of the other are not: a
# softmax without a shift overflows, and one with a single shift for all rows underflows.
Q_5, K_4, V_4 = normal(5, 3, seed=3), normal(4, 3, seed=4), normal(4, 2, seed=5)
Q_3, K_3, V_3 = normal(3, 3, seed=6), normal(3, 3, seed=7), normal(3, 3, seed=8)
Q_LARGE = np.array([[2500.0, -700.0], [0.4, -1.7]])
K_LARGE, V_LARGE = np.array([[1.1, 0.4], [-0.3, 1.2], [0.9, 0.7]]), normal(3, 2, seed=9)


@exercise
def past_averages(X):
    """The mean of the rows so far: (T, D) to (T, D)."""
    return np.cumsum(X, axis=0) / np.arange(1, len(X) + 1)[:, None]


past_averages.cases = (X_4,), (X_3,), (normal(5, 2, seed=10),), (normal(1, 4, seed=37),)
past_averages.hints = (
    "Row 0 is the first row itself. Row 1 is half of the sum of the first two.",
    "Add up along the tokens, so far: np.cumsum(X, axis=0). Then divide row t by t + 1.",
    "The numbers 1 to T must stand in a column, so that each divides a row: [:, None].",
)
past_averages.mistakes = {
    "That is the mean of all tokens, the future included. Row t may use rows 0 to t only.":
        lambda X: np.tile(X.mean(axis=0), (len(X), 1)),
    "The sums so far are right. Each is to be divided by the number of its rows, t + 1.":
        edit(" / np.arange(1, len(X) + 1)[:, None]", ""),
    "Every row is divided by T. Row t is the mean of t + 1 rows.":
        edit("np.arange(1, len(X) + 1)[:, None]", "len(X)"),
    "The token itself is left out. Row t is the mean of the rows 0 to t, t included.":
        lambda X: np.array([X[: max(t, 1)].mean(axis=0) for t in range(len(X))]),
    "The token itself is left out, and row 0 is the mean of nothing: nan. X[:t] ends before row "
    "t, X[: t + 1] has it.": lambda X: (np.cumsum(X, axis=0) - X) / np.arange(len(X))[:, None],
    "That is the mean of the present and the future: the triangle stands upside down.":
        lambda X: np.array([X[t:].mean(axis=0) for t in range(len(X))]),
    "That goes along the features. Tokens stand in rows: axis 0.":
        lambda X: np.cumsum(X, axis=1) / np.arange(1, X.shape[1] + 1),
    "The sums run along the features. Tokens stand in rows: axis=0.": edit("axis=0", "axis=1"),
    "The columns of A were divided, not its rows. The numbers 1 to T must stand in a column: [:, "
    "None].": lambda X: (np.tri(len(X)) / np.arange(1, len(X) + 1)) @ X,
    "The numbers 1 to T stand in a row here: they divide columns, or do not fit. Make a column "
    "of them: [:, None].": edit("[:, None]", ""),
    "The matrix stands on its side: row t of A has its numbers on and before the diagonal.":
        lambda X: (np.tri(len(X)) / np.arange(1, len(X) + 1)[:, None]).T @ X,
    "That is the matrix A. The result is A @ X.": edit("np.cumsum(X, axis=0)", "np.tri(len(X))"),
    "That is one mean over all tokens. Each row has one, of those so far.":
        lambda X: X.mean(axis=0),
    "Only the last two tokens are averaged. The whole past counts.":
        lambda X: np.array([X[max(t - 1, 0) : t + 1].mean(axis=0) for t in range(len(X))]),
    "That is X itself: nothing has been averaged.": lambda X: X,
    "np.cumsum without an axis runs through all numbers, row after row. Tokens stand in rows: "
    "axis=0.": lambda X: np.cumsum(X) / np.arange(1, X.size + 1),
    "The last row is missing. There is a mean for each of the T rows.":
        lambda X: (np.cumsum(X, axis=0) / np.arange(1, len(X) + 1)[:, None])[:-1],
    "The features were averaged as well. Each feature has its own mean: axis=0.":
        lambda X: np.array([X[: t + 1].mean() for t in range(len(X))]),
    "Row t is divided by t. From row 0 to row t there are t + 1 rows.":
        edit("np.arange(1, len(X) + 1)", "np.maximum(np.arange(len(X)), 1)"),
    "Row t is divided by t, and row 0 by 0. From row 0 to row t there are t + 1 rows.":
        edit("np.arange(1, len(X) + 1)", "np.arange(len(X))"),
    "Softmax was applied to ones and zeros. A 0 still gets a share, so the future does.":
        lambda X: softmax(np.tri(len(X))) @ X,
    "That is the mean of the last mean and the new row, so the past counts less and less. All "
    "rows so far count the same.":
        lambda X: np.array(list(accumulate(X, lambda mean, x: (mean + x) / 2))),
    "The token itself is left out, and row 0 is empty. Row t is the mean of rows 0 to t, t too.":
        lambda X: np.tri(len(X), k=-1) / np.maximum(np.arange(len(X)), 1)[:, None] @ X,
    "Nothing is added up. Row t is a mean of t + 1 rows.": edit("np.cumsum(X, axis=0)", "X"),
}  # fmt: skip
past_averages.equivalents = {
    "return np.cumsum(X, axis=0) / np.arange(1, len(X) + 0.5)[:, None]":
        "arange ends with the T before T + ½, too",
}  # fmt: skip


@exercise
def attend(q, k, v):
    """Attention without a mask: (T_q, d), (T_k, d), (T_k, d_v) to (T_q, d_v)."""
    weights = softmax(q @ k.T / np.sqrt(q.shape[-1]))
    return weights @ v


def _exp(S):
    return np.exp(S - S.max(axis=-1, keepdims=True))


def _softmax_unshifted(S):
    return np.exp(S) / np.exp(S).sum(axis=-1, keepdims=True)


def _softmax_shifted(S, axis):
    E = np.exp(S - S.max(axis=axis, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def _softmax_over_queries(S):
    return softmax(S.swapaxes(-1, -2)).swapaxes(-1, -2)


def _softmax_over_all(S):
    return softmax(S.ravel()).reshape(S.shape)


attend.cases = (Q_5, K_4, V_4), (Q_3, K_3, V_3), (Q_LARGE, K_LARGE, V_LARGE)
attend.hints = (
    "Three steps: scores, weights, a weighted mean of the values.",
    "The scores are q @ k.T, divided by the square root of the number of features.",
    "softmax works along each row already. Then weights @ v.",
)
attend.mistakes = {
    "The scale is missing: divide by √d, before softmax.": edit(" / np.sqrt(q.shape[-1])", ""),
    "The scores are divided by d. Their variance is d, so their size is √d.":
        edit("np.sqrt(q.shape[-1])", "q.shape[-1]"),
    "The scores are multiplied by √d. They are large already: divide.":
        edit("k.T / np", "k.T * np"),
    "Softmax runs over the queries. Each query shares out its attention over the keys: a row "
    "adds up to 1.": edit("softmax", "_softmax_over_queries"),
    "Keys are handed over. They only say where to look.": edit("weights @ v", "weights @ k"),
    "Queries are handed over. They only ask.": edit("weights @ v", "weights @ q"),
    "Queries and keys are swapped: rows of scores belong to queries.": edit("q @ k.T", "k @ q.T"),
    "Queries and keys are swapped, and queries are handed over: rows belong to queries; hand "
    "over v.": edit("q @ k.T", "k @ q.T", "weights @ v", "weights @ q"),
    "The transpose of k is missing: rows of q meet rows of k.": edit("k.T", "k"),
    "The weights are transposed. Their rows belong to the queries already.":
        edit("weights @ v", "weights.T @ v"),
    "Softmax is missing: the scores themselves were used as weights.": edit("softmax", ""),
    "Softmax is applied twice. Once gives weights.": edit("weights @ v", "softmax(weights) @ v"),
    "The division comes after softmax. The scores are to be divided, so before it.":
        edit("k.T / np.sqrt(q.shape[-1]))", "k.T) / np.sqrt(q.shape[-1])"),
    "The d in √d is the number of features, not of keys.": edit("q.shape[-1]", "len(k)"),
    "eˣ overflows for large scores. Subtract the largest of each row first, as softmax of the "
    "library does.": edit("softmax", "_softmax_unshifted"),
    "One maximum was subtracted from the whole table. Where rows differ by much, all of a row "
    "become 0, and 0 / 0 is nan. Subtract the largest of each row: max(axis=-1, keepdims=True).":
        edit("softmax(q", "_softmax_shifted(axis=None, S=q"),
    "The exponentials are not divided by their sum: rows add up to 1.": edit("softmax", "_exp"),
    "The exponentials are divided by the sum of the whole table. Each query has its own.":
        edit("softmax", "_exp", "weights @ v", "weights / weights.sum() @ v"),
    "The square root was taken of the scores. It is the root of d, the number of features.":
        edit("q @ k.T / np.sqrt(q.shape[-1])", "np.sqrt(q @ k.T)"),
    "The d in √d is the number of features, not of all entries.": edit("q.shape[-1]", "q.size"),
    "The d in √d is the number of features, not of queries.": edit("q.shape[-1]", "len(q)"),
    "The d in √d belongs to queries and keys, not to the values.": edit("q.shape", "v.shape"),
    "Softmax comes before the product with the values, not after it.":
        edit("softmax", "", "weights @ v", "softmax(weights @ v)"),
    "That is the plain mean of the values, the same for every query.":
        lambda q, k, v: np.tile(v.mean(axis=0), (len(q), 1)),
    "No mask is asked for here: every query may look at every key.":
        edit("softmax(q", "softmax(np.where(np.tri(len(q), len(k)), 0, -np.inf) + q"),
    "Only the best key is heard. Attention is a weighted mean over all keys.":
        edit("weights @ v", "v[weights.argmax(axis=1)]"),
    "These are the weights. They still have to mix the values.": edit("weights @ v", "weights"),
    "Those are output and weights. Drop the weights.": edit("weights @ v", "weights @ v, weights"),
    "That is softmax over the table, not over each row.": edit("softmax", "_softmax_over_all"),
    "The largest of each column was subtracted. Softmax goes along the rows: the largest of each "
    "row.": edit("softmax(q", "_softmax_shifted(axis=0, S=q"),
}  # fmt: skip
attend.equivalents = {
    "weights = softmax(q @ k.T / np.sqrt(k.shape[-1]))":
        "queries and keys have as many features",
}  # fmt: skip


@exercise
def with_positions(ids, E, R):
    """The vectors of the tokens with those of their places: (N, T) to (N, T, D)."""
    return E[ids] + R[: ids.shape[1]]


def _no_positions(ids, E, R):
    return E[ids]


with_positions.cases = (
    (np.array([[4, 0, 2], [1, 1, 3]]), normal(6, 4, seed=11), normal(5, 4, seed=12)),
    (np.array([[2, 4, 1], [0, 3, 2], [3, 3, 0]]), normal(5, 3, seed=13), normal(6, 3, seed=14)),
    (np.array([[1, 0, 3, 3, 2], [2, 1, 1, 0, 3]]), normal(4, 2, seed=15), normal(5, 2, seed=16)),
)
with_positions.start = _no_positions
with_positions.hints = (
    "The token at place t gets row t of R, whichever token it is.",
    "There are T places, so the first T rows of R are needed. E[ids] has the shape (N, T, D), and "
    "an addend of shape (T, D) is repeated for every text.",
)
with_positions.mistakes = {
    "R is looked up with the tokens. It has a row for each place: 0, 1, 2, …":
        edit(": ids.shape[1]", "ids"),
    "The positions are multiplied. Add them.": edit("+", "*"),
    "Every place gets the position 0.": edit(": ids.shape[1]", "0"),
    "R[T] is a single row, and every place gets it. The first T rows are R[:T].":
        edit(": ids", "ids"),
    "Positions are counted from 1. The first row of R belongs to the first token.":
        edit(": ids.shape[1]", "1 : ids.shape[1] + 1"),
    "Only the first text gets its positions. Every text has a place 0, a place 1 and so on.":
        lambda ids, E, R: E[ids] + R[: ids.shape[1]] * (np.arange(len(ids)) < 1)[:, None, None],
    "The positions run from right to left.": edit("shape[1]]", "shape[1]][::-1]"),
    "Positions count the texts of the batch here. They count the tokens of a text.":
        edit("R[: ids.shape[1]]", "R[: len(ids), None]"),
    "All rows of R are added, and there may be more of them than tokens in a text. Take the "
    "first T.": edit("R[: ids.shape[1]]", "R"),
    "As many rows of R are taken as there are texts. Take as many as a text has tokens.":
        edit("ids.shape[1]", "len(ids)"),
    "Those are positions without tokens.": edit("E", "0 * E"),
    "The positions are laid beside the vectors. They are added, so D stays D.": (
        edit(
            "E[ids] + R[: ids.shape[1]]",
            "np.concatenate([E[ids], R[: ids.shape[1]] + 0 * E[ids]], axis=-1)",
        )
    ),
    "The last rows of R are taken. Take the first T of them.":
        edit(": ids.shape[1]", "-ids.shape[1] :"),
    "The positions are subtracted. Add them.": edit("+", "-"),
    "The number of the place is added, and not its vector: row t of R.":
        edit("R[: ids.shape[1]]", "np.arange(ids.shape[1])[:, None]"),
}  # fmt: skip


@exercise
def masked_weights(S, mask):
    """Softmax of the scores over what each query may see: (T_q, T_k), bool (T_q, T_k)."""
    return softmax(np.where(mask, S, -np.inf))


LOOK = np.array(
    [
        [True, True, False, True],
        [False, True, True, True],
        [True, False, False, False],
        [True, True, True, True],
        [False, False, True, True],
    ]
)


def _after_softmax(S, mask):
    return softmax(S) * mask


# Rows with a large hidden score, with very small scores to see, and with scores of 0 to see.
masked_weights.cases = (
    (2 * normal(5, 4, seed=17), LOOK),
    (2 * normal(4, 4, seed=18), np.tri(4, dtype=bool)),
    (
        np.array(
            [[900.0, -300001.0, -299996.0], [-2.0, -3.0, 5.0], [0.5, 1.5, 2e9], [0.0, 0.0, 1.5]]
        ),
        np.array(
            [[False, True, True], [True, True, False], [True, True, False], [True, False, True]]
        ),
    ),
)
masked_weights.hints = (
    "Which score gets the weight 0 from softmax? e to the power of what is 0?",
    "Minus infinity where the mask is False, the score itself where it is True.",
    "softmax(np.where(mask, S, -np.inf)).",
)
masked_weights.mistakes = {
    "The mask is ignored.": lambda S, mask: softmax(S),
    "The mask is inverted: True means that a query may look.": edit("S, -np.inf", "-np.inf, S"),
    "The mask was added as 0 and 1. That raises what may be seen by 1, and hides nothing: what "
    "is added must be 0 or minus infinity.": lambda S, mask: softmax(S + mask),
    "The hidden scores are 0, as after a product with the mask, or nearly, as with −1e−9. And e⁰ "
    "= 1 is still a share: minus infinity hides.": edit("-np.inf", "0"),
    "0 times infinity is nan, so a product of the mask and minus infinity spoils what may be "
    "seen. np.where chooses without a product.": lambda S, mask: softmax(S + ~mask * -np.inf),
    "The mask came after softmax, so rows do not add up to 1. Mask the scores.": _after_softmax,
    "The mask came after softmax, and the rows were divided by their sums. That is right until a "
    "hidden score is so large that nothing is left for the others: 0 / 0 is nan. Put the mask "
    "into the scores.":
        lambda S, mask: _after_softmax(S, mask) / _after_softmax(S, mask).sum(axis=1)[:, None],
    "The hidden scores were multiplied by minus infinity. Of a negative one that makes plus "
    "infinity.": edit("mask, S, -np.inf", "mask, S, S * -np.inf"),
    "Plus infinity takes everything. Minus infinity hides.": edit("-np.inf", "np.inf"),
    "The hidden scores are −1. That is a score like others: only minus infinity gets the weight "
    "0.": edit("np.inf", "1"),
    "−1e9 was added, and one hidden score is larger than that. Nothing is larger than infinity: "
    "use minus infinity.": edit("-np.inf", "S - 1e9"),
    "The mask is inverted: −1e9 went to what may be seen.": lambda S, mask: softmax(S - 1e9 * mask),
    "The hidden scores are a number such as −100 or −1e4, and in one row those that may be seen "
    "are near −300000: there a hidden token gets everything. Use minus infinity.":
        edit("np.inf", "100"),
    "A score of 0 was hidden too. The mask should decide.": edit("mask, S", "mask & (S != 0), S"),
    "Minus infinity belongs into the scores, before softmax. A weight is never below 0.":
        lambda S, mask: np.where(mask, softmax(S), -np.inf),
    "S[mask] lays all that may be seen into one list.": lambda S, mask: softmax(S[mask]),
    "The table is transposed: rows are queries in S and in the mask.": edit("inf))", "inf)).T"),
    "That is the causal mask. Use the given one.": edit("mask", "np.tri(*S.shape, dtype=bool)"),
    "Softmax is missing: these are the masked scores.": edit("softmax", ""),
    "Softmax runs over the queries: each row adds to 1.": edit("softmax", "_softmax_over_queries"),
    "The exponentials are not divided by their sum: rows add up to 1.": edit("softmax", "_exp"),
    "All that may be seen has the same weight. The scores should decide.":
        lambda S, mask: mask / mask.sum(axis=1, keepdims=True),
    "A number such as −1e4 was added, and one hidden score is still larger than what may be "
    "seen. Nothing is larger than infinity.": edit("-np.inf", "S - 1e4"),
    "Where all scores are far below 0, their exponentials are 0, and 0 / 0 is nan. Subtract the "
    "largest that may be seen first, as softmax of the library does.":
        edit("softmax", "_softmax_unshifted"),
}  # fmt: skip


@exercise
def padded_weights(S, mask):
    """Masked weights, with zeros in the rows that may look at nothing: (T_q, T_k)."""
    some = mask.any(axis=1, keepdims=True)
    return softmax(np.where(mask | ~some, S, -np.inf)) * some


def _shares(weights):
    return weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)


# The large score is hidden.
PADDED = np.array(
    [[2.0, 1.0, -3.0], [0.5, -1.5, 4.0], [1.25, 0.0, -0.75], [500.0, 2.25, 0.75]], dtype=np.float32
)
padded_weights.cases = (
    (
        PADDED,
        np.array(
            [[True, False, True], [False, False, False], [True, True, True], [False, True, True]]
        ),
    ),
    (PADDED[:2], np.array([[False, False, False], [False, True, True]])),
    (PADDED.T, np.array([[True, True, True, False], [False] * 4, [False] * 4])),
)
padded_weights.silent = True
padded_weights.hints = (
    "Which rows have a True? mask.any(axis=1, keepdims=True) says so.",
    "Let rows without a True pass softmax unmasked, and multiply by 0 afterwards.",
    "np.where(mask, S, -np.inf) where there is something to see, S elsewhere. Then `* some`.",
)
padded_weights.mistakes = {
    "An empty row has equal weights here: it looks at everything that was to be hidden. So does "
    "−1e9: in float32 it absorbs the scores, and all become the same number.":
        lambda S, mask: softmax(np.where(mask, S, -1e9)),
    "A row without a True becomes nan: infinity minus infinity, or 0 / 0. And nan times 0 is "
    "still nan. Treat such rows by themselves.": edit(" | ~some", ""),
    "The exponentials of a row without a True are all 0, and 0 / 0 is nan. Treat such rows by "
    "themselves.": edit(" | ~some", "", "softmax", "_softmax_unshifted"),
    "The mask came after softmax. Empty rows are right; others do not add up to 1.": _after_softmax,
    "The mask is ignored.": lambda S, mask: softmax(S),
    "In rows without a True everything may be seen now. They should be zeros.": edit(" * some", ""),
    "In all rows the weights are 0.": lambda S, mask: np.zeros(S.shape),
    "The rows were divided by their sums. The sum of an empty row is 0, and so is that of a row "
    "whose hidden score is large: 0 / 0 is nan.":
        lambda S, mask: _after_softmax(S, mask) / _after_softmax(S, mask).sum(axis=1)[:, None],
    "The mask is inverted: True means that a query may look.": edit("S, -np.inf", "-np.inf, S"),
    "Rows without a True are gone. Keep them as zeros.":
        edit(" * some", "[some[:, 0]]", "mask | ~some", "mask"),
    "The rows with something to see lack their mask.": edit("some,", "mask,"),
    "The hidden scores are 0, as by a product. e⁰ = 1 is a share.": edit("-np.inf", "0"),
    "All rows are divided by one sum. Each has a sum of its own.":
        lambda S, mask: _after_softmax(S, mask) / _after_softmax(S, mask).sum(),
    "A row with a hidden token became zeros. Empty rows have no True.": edit("any", "all"),
    "The mask came after softmax. Where a hidden score is large, nothing is left for the others. "
    "Mask the scores.": lambda S, mask: _shares(_after_softmax(S, mask)),
    "e⁵⁰⁰ is too large for float32. Mask the scores, and let softmax subtract the largest.":
        lambda S, mask: _shares(np.exp(S) * mask),
}  # fmt: skip
padded_weights.equivalents = {
    "some = mask.any(axis=-1, keepdims=True)": "the last axis of a table is axis 1",
}  # fmt: skip


@exercise
def window_mask(t, width):
    """True for a token itself and the width − 1 tokens before it: bool (t, t)."""
    place = np.arange(t)
    back = place[:, None] - place
    return (back >= 0) & (back < width)


window_mask.cases = (5, 2), (4, 1), (3, 7), (6, 3)
window_mask.hints = (
    "Row t is the token that looks. How far back is column s, seen from there?",
    "place[:, None] - place is a table of t − s. Where is it between 0 and width − 1?",
    "Two conditions on a table are joined by &, each in brackets.",
)
window_mask.mistakes = {
    "That is the causal mask: the whole past. Only the last width tokens may be seen.":
        edit(" & (back < width)", ""),
    "The future may be seen: t − s must not be negative.": edit("(back >= 0) & ", ""),
    "The window is one too wide. The token itself is one of the width tokens.":
        edit("< width", "<= width"),
    "The window is one too narrow. The token itself and width − 1 before it may be seen.":
        edit("< width", "< width - 1"),
    "A token does not see itself. It is one of the width tokens.":
        edit(">= 0", "> 0"),
    "The window lies before the token. It ends with the token itself.":
        edit(">= 0", "> 0", "< width", "<= width"),
    "The table is transposed: rows look, so that is a window into the future.":
        edit("place[:, None] - place", "place - place[:, None]"),
    "The window reaches to both sides. What comes later is hidden.":
        edit("(back >= 0) & (back < width)", "np.abs(back) < width"),
    "The mask is inverted: True means that a query may look.":
        edit("(back >= 0) & (back < width)", "(back < 0) | (back >= width)"),
    "These are 0 and minus infinity, to be added to scores. Asked are booleans: True where a token "
    "may look.": edit("(back >= 0) & (back < width)",
                      "np.where((back >= 0) & (back < width), 0, -np.inf)"),
    "Only the token that stands width back may be seen. Between it and the token itself are "
    "others.": edit("(back >= 0) & (back < width)", "back == width"),
    "The first width tokens may be seen by all. The window moves along with the token.":
        edit("back < width", "place < width"),
    "The past is cut into blocks of width. The window moves along with each token.":
        edit("back < width", "place // width == place[:, None] // width"),
}  # fmt: skip


@exercise
def cross_attention(X, memory, real, W_q, W_k, W_v):
    """(T_q, D), (T_k, M), bool (T_k), weights (d, D), (d, M), (d_v, M) to (T_q, d_v)."""
    q, k, v = X @ W_q.T, memory @ W_k.T, memory @ W_v.T
    S = q @ k.T / np.sqrt(len(W_q))
    return softmax(np.where(real, S, -np.inf)) @ v


MEMORY = 2 * normal(4, 3, seed=46)
MEMORY[3] = 90, -80, 70  # what stands in the padding must not matter
cross_attention.cases = (
    (normal(3, 4, seed=41), normal(5, 2, seed=42), np.array([True, True, True, False, False]),
     normal(3, 4, seed=43), normal(3, 2, seed=44), normal(2, 2, seed=45)),
    (normal(4, 3, seed=47), MEMORY, np.array([True, True, True, False]),
     normal(2, 3, seed=48), normal(2, 3, seed=49), normal(3, 3, seed=50)),
    (normal(3, 3, seed=51), normal(3, 3, seed=52), np.array([True, False, True]),
     normal(3, 3, seed=53), normal(3, 3, seed=54), normal(3, 3, seed=55)),
)  # fmt: skip
cross_attention.hints = (
    "Who asks? X. Who is asked, and hands over? The memory, for keys and for values.",
    "The scores are (T_q, T_k), and real has an entry for each column. Where it is False, every "
    "row gets minus infinity.",
    "softmax(np.where(real, S, -np.inf)) @ v, with S = q @ k.T / √d.",
)
cross_attention.mistakes = {
    "The padding is not hidden: real is not used.": edit("np.where(real, S, -np.inf)", "S"),
    "The padding alone is seen: True marks a token that is real.":
        edit("real, S, -np.inf", "real, -np.inf, S"),
    "The rows of memory in the padding were set to 0. A score of 0 is a score, and still gets a "
    "share: minus infinity hides.":
        edit("q, k, v", "memory = memory * real[:, None]\n    q, k, v",
             "np.where(real, S, -np.inf)", "S"),
    "The hidden scores are 0. e⁰ = 1 is still a share: minus infinity hides.":
        edit("-np.inf", "0"),
    "There is nothing but nan. Is there a product with infinity? 0 times infinity is nan; np.where "
    "chooses without one. Or does softmax run over the queries, where all of a column is hidden?":
        edit("np.where(real, S, -np.inf)", "S + ~real * -np.inf"),
    "The mask came after softmax, so rows do not add up to 1. Mask the scores.":
        edit("softmax(np.where(real, S, -np.inf))", "(softmax(S) * real)"),
    "The keys are made of X. The memory is asked.": edit("memory @ W_k", "X @ W_k"),
    "The values are made of X. The memory hands over.": edit("memory @ W_v", "X @ W_v"),
    "All three are made of X: that is self-attention.":
        edit("memory @ W_k", "X @ W_k", "memory @ W_v", "X @ W_v"),
    "The memory asks, and X is asked. It is the other way round.":
        edit("q, k, v", "X, memory = memory, X\n    q, k, v"),
    "The queries are made of the memory. X asks.": edit("X @ W_q", "memory @ W_q"),
    "The scale is missing: divide by √d.": edit(" / np.sqrt(len(W_q))", ""),
    "The scores are divided by d. Divide by √d.": edit("np.sqrt(len(W_q))", "len(W_q)"),
    "The d in √d is the number of features of a query, the rows of W_q.":
        edit("len(W_q)", "X.shape[1]"),
    "A causal mask hides tokens here. The memory is another text, and all of it may be seen.":
        edit("np.where(real, S", "np.where(real & np.tri(*S.shape, dtype=bool), S"),
    "real was taken for the queries. It has an entry for each key, so it belongs to the columns.":
        lambda X, memory, real, W_q, W_k, W_v: (
            softmax(np.where(real[: len(X), None], (X @ W_q.T) @ (memory @ W_k.T).T, -np.inf))
            @ (memory @ W_v.T)
        ),
    "Those are the weights. They still have to mix the values.": edit(" @ v", ""),
    "The result has changed size with the padding taken out of X. Queries are not padded here.":
        lambda X, memory, real, W_q, W_k, W_v: cross_attention.solve(
            X[real[: len(X)]], memory, real, W_q, W_k, W_v
        ),
}  # fmt: skip
cross_attention.equivalents = {
    "S = q @ k.T / np.sqrt(len(W_k))": "queries and keys have as many features",
    "return softmax(np.where(real.T, S, -np.inf)) @ v": "a list of booleans, transposed, is itself",
}


@exercise
def heat_maps():
    """Which bug made each of five tables of weights."""
    return (
        "softmax over the queries",
        "mask after softmax",
        "no mask",
        "mask one place off",
        "scores times the mask",
    )


def _maps_with(*names):
    """The right answer with some entries changed: position, name, position, name …"""
    answer = list(heat_maps.answer)
    for place, name in zip(names[::2], names[1::2], strict=True):
        answer[place] = name
    return tuple(answer)


heat_maps.form = (
    'five of "no mask", "mask one place off", "mask after softmax", "scores times the mask", '
    '"softmax over the queries"'
)
heat_maps.hints = (
    "Add up the rows. Then add up the columns.",
    "In which tables is something above the diagonal? Is it a lot, a little, or the same number "
    "along a row?",
    "A hidden score of 0 is the same for all hidden tokens of a row, so their weights are equal.",
)
heat_maps.reason = (
    "In A each column adds up to 1 and the rows do not: softmax over the queries. In B the future "
    "has the weight 0 and the rows do not add up to 1, because the share of the future was thrown "
    "away after softmax. In C the future has any weights: no mask. In D each token sees the "
    "next one, and nothing beyond. In E the hidden weights of a row are all equal, as the weights "
    "of equal scores are: those scores were multiplied by 0."
)
heat_maps.mistakes = {
    "C and E are swapped. A score of 0 gives all hidden tokens of a row the same weight, and "
    "without a mask they differ.":
        _maps_with(2, "scores times the mask", 4, "no mask"),
    "A and B are swapped. In one of them the rows of the past are too small, in the other the "
    "columns add up to 1.":
        _maps_with(0, "mask after softmax", 1, "softmax over the queries"),
    "C and D are swapped. In one of them the first token sees all, in the other only one token "
    "too many.": _maps_with(2, "mask one place off", 3, "no mask"),
    "D and E are swapped. In D each token sees exactly one token of the future.":
        _maps_with(3, "scores times the mask", 4, "mask one place off"),
    "B and C are swapped. In B nothing comes from the future.":
        _maps_with(1, "no mask", 2, "mask after softmax"),
    "A and C are swapped. Add up the columns of both.":
        _maps_with(0, "no mask", 2, "softmax over the queries"),
    "A and D are swapped. Add up the rows of both.":
        _maps_with(0, "mask one place off", 3, "softmax over the queries"),
    "A and E are swapped. Add up the columns of both.":
        _maps_with(0, "scores times the mask", 4, "softmax over the queries"),
    "B and D are swapped. Add up the rows of both.":
        _maps_with(1, "mask one place off", 3, "mask after softmax"),
    "B and E are swapped. In B nothing comes from the future.":
        _maps_with(1, "scores times the mask", 4, "mask after softmax"),
    "That is the order of the list. Each has to be matched with a table.": (
        "no mask", "mask one place off", "mask after softmax", "scores times the mask",
        "softmax over the queries",
    ),
}  # fmt: skip


@exercise
def two_back():
    """The weights of the queries, with which every token looks two places back."""
    return 100 * np.eye(5, k=2)


def _looks(W_q, token):
    """Where this token looks most of all: 0.99 if firmly enough, and else 0.5 in all."""
    W_q = np.asarray(W_q, dtype=float)
    if W_q.shape != (5, 5):
        raise ValueError("W_q is a (5, 5) table")
    weights = softmax(W_q[: token + 1, token] / np.sqrt(5))
    most = np.isclose(weights, weights.max())
    return 0.99 * most if weights.max() > 0.99 else 0.5 * most / most.sum()


two_back.cases = (2,), (3,), (4,)
two_back.observe = _looks
two_back.form = "a (5, 5) table"
two_back.hints = (
    "Token t has position e_t, and its query is column t of W_q. It should be large in feature t "
    "− 2.",
    "So W_q[t − 2, t] is large and all else is 0: two steps above the diagonal.",
    "np.eye(5, k=2) has ones there. How large must they be, after the division by √5?",
)
two_back.reason = (
    "A query is column t of W_q, and it should be large in feature t − 2, where the key of that "
    "position has its 1. So W_q[t − 2, t] is large, the second diagonal above the main one. The "
    "score is 100 / √5, about 45, and the others are 0, so the weight is as good as 1."
)
two_back.mistakes = {
    "This looks one place back. Two are asked for.": 100 * np.eye(5, k=1),
    "This looks one place back, and not firmly. Two are asked for.": np.eye(5, k=1),
    "This looks three places back. Two are asked for.": 100 * np.eye(5, k=3),
    "Every token looks at itself.": 100 * np.eye(5),
    "Every token gives all that it sees the same weight: its query fits none of these keys, or all "
    "alike. Column t of W_q is the query of token t, and its large number stands in row t − 2.":
        100 * np.eye(5, k=-2),
    "Each token looks at the right place, but not enough: the numbers are too small to leave a "
    "weight of 0.99 after the division by √5.": np.eye(5, k=2),
    "Each token looks at the right place, token 2 firmly enough, and the later ones, which see "
    "more places, not yet: take larger numbers.": 12 * np.eye(5, k=2),
    "Each token looks at the right place. Only the last one, which sees the most places, gives "
    "it less than 0.99: take larger numbers.": 13 * np.eye(5, k=2),
    "The signs are wrong: each token looks away from the place two back.": -100 * np.eye(5, k=2),
    "Every token looks at the first.": 100 * np.eye(5)[:, :1] * np.ones((1, 5)),
    "Only token 2 looks back. 3 and 4 should too.": 100 * np.eye(5, k=2) * (np.arange(5) < 3),
    "Each token looks two back and at itself. One is enough.": 100 * (np.eye(5, k=2) + np.eye(5)),
    "Every token looks at itself, and not even firmly.": np.eye(5),
    "There is a nan, as from infinity times 0. Take a large number.": np.full((5, 5), np.nan),
}  # fmt: skip
two_back.equivalents = {
    f"return {size} * np.eye(5, k=2)": "any number that is large enough does it"
    for size in (50, 99, 101, 200)
}


@exercise
def first_token():
    """Weights of queries and of keys with which every token looks at the first one."""
    return np.full((1, 5), 100.0), np.eye(1, 5)


def _where_it_looks(weights, token):
    """Where this token looks most of all: 0.99 if firmly enough, and else 0.5 in all."""
    W_q, W_k = (np.asarray(part, dtype=float) for part in weights)
    if W_q.ndim != 2 or W_q.shape != W_k.shape or W_q.shape[1] != 5:
        raise ValueError("W_q and W_k are tables of the same shape, (d, 5)")
    scores = W_k[:, : token + 1].T @ W_q[:, token] / np.sqrt(len(W_q))
    share = softmax(scores)
    most = np.isclose(share, share.max())
    return 0.99 * most if share.max() > 0.99 else 0.5 * most / most.sum()


first_token.cases = (1,), (2,), (3,), (4,)
first_token.observe = _where_it_looks
first_token.form = "W_q, W_k, two tables of shape (d, 5)"
first_token.hints = (
    "All five ask the same, so all columns of W_q can be alike. Which key should fit?",
    "With d = 1 a query is one number and a key is one number. Let only the key of place 0 be "
    "different from 0.",
    "W_k is a 1 and four zeros. W_q is five times the same large number.",
)
first_token.reason = (
    "Column t of W_q is the query of place t, and column s of W_k the key of place s. With one "
    "feature, queries of 100 and keys of 1, 0, 0, 0, 0, the score of the first token is 100, and "
    "all others have 0. So nearly all of the weight goes to the first."
)
first_token.mistakes = {
    "Every token but the first shares its attention equally: all the keys are alike, or all the "
    "queries are 0. All should ask, and only the first place have a key that fits.":
        (np.full((1, 5), 100.0), np.ones((1, 5))),
    "Each token looks at the first one, but not enough: the score is too small for a weight of "
    "0.99.": (np.ones((1, 5)), np.eye(1, 5)),
    "The sign is wrong: each token looks at all but the first.":
        (np.full((1, 5), -100.0), np.eye(1, 5)),
    "Each token looks at itself, the last one that it sees. All should look at the first.":
        (10 * np.eye(5), 10 * np.eye(5)),
    "Each token looks at the one before it. It should look at the first.":
        (100 * np.eye(5, k=1), np.eye(5)),
    "There is a nan, as from infinity times 0. Take a large number.":
        (np.full((1, 5), np.nan), np.eye(1, 5)),
    "Token 1 looks firmly enough, and the later ones, which see more places, not yet: take a "
    "larger number.": (np.full((1, 5), 5.0), np.eye(1, 5)),
}  # fmt: skip
first_token.equivalents = {
    f"return (np.full((1, 5), {size}), np.eye(1, 5))": "any number that is large enough does it"
    for size in (50.0, 99.0, 101.0, 200.0)
}


@exercise
def split(x, n_heads):
    """Cut the features into heads: (N, T, D) to (N, H, T, D / H)."""
    N, T, D = x.shape
    return x.reshape(N, T, n_heads, D // n_heads).swapaxes(1, 2)


HEADS_6, HEADS_4 = normal(4, 5, 6, seed=19), normal(3, 2, 4, seed=20)
split.cases = (HEADS_6, 3), (HEADS_4, 2), (normal(2, 4, 8, seed=21), 2)
split.start = edit("T, n_heads, D // n_heads).swapaxes(1, 2)", "n_heads, T, D // n_heads)")
split.hints = (
    "A reshape keeps the order in which the numbers are read. Which axis is cut: T or D?",
    "First cut D into H pieces: (N, T, H, d). Then let two axes change places.",
    "x.reshape(N, T, n_heads, D // n_heads).swapaxes(1, 2).",
)
split.mistakes = {
    "The features are dealt out in turn: head h gets features h, h + H, and so on. It should get "
    "d neighbours: cut D into (H, d), not into (d, H).":
        edit("n_heads, D // n_heads).swapaxes(1, 2)", "-1, n_heads).transpose(0, 3, 1, 2)"),
    "D is cut into (d, H), and tokens change places with d. Cut it into (H, d).":
        edit("n_heads, D // n_heads", "D // n_heads, n_heads"),
    "The swap is missing: heads should stand before tokens.": edit(".swapaxes(1, 2)", ""),
    "Tokens and features changed places: the shape should be (N, H, T, d).":
        edit("swapaxes(1, 2)", "transpose(0, 2, 3, 1)"),
    "Heads and features swapped, not heads and tokens.": edit("swapaxes(1, 2)", "swapaxes(2, 3)"),
    "The heads stand first. The texts stay there.": edit("swapaxes(1, 2)", "transpose(2, 0, 1, 3)"),
    "x was transposed before the reshape. So features are spread over tokens: reshape first.":
        lambda x, n_heads: x.swapaxes(1, 2).reshape(len(x), n_heads, x.shape[1], -1),
    "Every head gets all features. Each gets D / H of them.":
        lambda x, n_heads: np.repeat(x[:, None], n_heads, axis=1),
    "The heads are in reverse order.": edit("(1, 2)", "(1, 2)[:, ::-1]"),
    "Only the first head is there.": edit("(1, 2)", "(1, 2)[:, :1]"),
}  # fmt: skip


@exercise
def self_attention(X, W_qkv, W_out, n_heads):
    """Causal attention with heads: (N, T, D), (3 D, D), (D, D) to (N, T, D)."""
    N, T, D = X.shape
    d = D // n_heads
    q, k, v = (
        part.reshape(N, T, n_heads, d).swapaxes(1, 2) for part in np.split(X @ W_qkv.T, 3, axis=-1)
    )
    S = q @ k.swapaxes(-1, -2) / np.sqrt(d)
    past = np.tri(T, dtype=bool)
    weights = softmax(np.where(past, S, -np.inf))
    return (weights @ v).swapaxes(1, 2).reshape(N, T, D) @ W_out.T


X_ZERO = normal(3, 4, 4, seed=28)
X_ZERO[:, 1] = 0  # so that scores of 0 are among those to see
self_attention.cases = (
    (normal(4, 5, 6, seed=25), normal(18, 6, seed=26), normal(6, 6, seed=27), 3),
    (X_ZERO, normal(12, 4, seed=29), normal(4, 4, seed=30), 2),
)
self_attention.hints = (
    "X @ W_qkv.T is (N, T, 3 D). Cut it in three along the last axis: np.split(..., 3, axis=-1).",
    "Split each part into heads. `@` treats all axes but the last two as a batch, and "
    "k.swapaxes(-1, -2) is the transpose of each table.",
    "Divide by the root of d = D / H, mask, softmax, times v. Then merge, and @ W_out.T.",
)
self_attention.mistakes = {
    "The mask is missing: tokens see the future.": edit("np.where(past, S, -np.inf)", "S"),
    "The mask is dropped in the last head: every head needs it.":
        edit("past, S", "past | np.eye(n_heads, 1, 1 - n_heads, dtype=bool)[:, :, None], S"),
    "The mask is dropped in the first head: every head needs it.":
        edit("past, S", "past | np.eye(n_heads, 1, dtype=bool)[:, :, None], S"),
    "Only the first head is masked: every head needs the mask.":
        edit("past, S", "past | ~np.eye(n_heads, 1, dtype=bool)[:, :, None], S"),
    "The mask is upside down: tokens see the future, not the past.": edit("past, S", "past.T, S"),
    "A token does not see itself: the diagonal belongs to the mask.":
        edit("np.tri(T, dtype=bool)", "np.tri(T, k=-1, dtype=bool) | np.diag(np.arange(T) < 1)"),
    "A token sees the next one too: np.tri without k=1.": edit("tri(T", "tri(T, k=1"),
    "The output projection is missing: after the merge comes @ W_out.T.": edit(" @ W_out.T", ""),
    "The transpose of W_out is missing.": edit("W_out.T", "W_out"),
    "The transpose of W_qkv is missing: X @ W_qkv.T.": edit("W_qkv.T", "W_qkv"),
    "The scale is missing.": edit(" / np.sqrt(d)", ""),
    "The scale is 1/√D. A head has d = D / H features.": edit("np.sqrt(d)", "np.sqrt(D)"),
    "The scores are divided by d, not by √d.": edit("np.sqrt(d)", "d"),
    "The scores are multiplied by √d.": edit("/ np", "* np"),
    "Queries and keys are swapped: queries come first, then keys.": edit("q, k, v", "k, q, v"),
    "Keys are handed over as values.": edit("weights @ v", "weights @ k"),
    "Queries are handed over as values.": edit("weights @ v", "weights @ q"),
    "Keys and values are swapped: queries come first, then keys.": edit("q, k, v", "q, v, k"),
    "The heads were split by a reshape alone, which mixes tokens: cut D into (H, d), then swap.":
        edit("T, n_heads, d).swapaxes(1, 2)", "n_heads, T, d)"),
    "The heads were merged by a reshape alone, which mixes tokens: swap first, then reshape.":
        edit("v).swapaxes(1, 2)", "v)"),
    "Heads were split and merged by a reshape alone. The shapes fit, and the tokens are mixed "
    "up: swap heads and tokens, both times.":
        edit("T, n_heads, d).swapaxes(1, 2)", "n_heads, T, d)", "v).swapaxes(1, 2)", "v)",),
    "The mask came after softmax: the rows of weights no longer add up to 1.":
        edit("np.where(past, S, -np.inf))", "S) * past"),
    "Softmax runs over the queries. Each query shares out its attention over the keys.":
        edit("softmax", "_softmax_over_queries"),
    "Softmax is missing.": edit("softmax(np.where(past, S, -np.inf))", "S * past"),
    "The mask was added as 0 and 1, which hides nothing. What is added must be 0 or minus "
    "infinity.": edit("np.where(past, S, -np.inf)", "S + past"),
    "Hidden scores are 0, as by a product with the mask. e⁰ = 1 is a share.": edit("-np.inf", "0"),
    "A score of 0 was hidden too, not only the future.": edit("past, S", "past & (S != 0), S"),
    "0 times infinity is nan, so a product of the mask and minus infinity spoils all. np.where "
    "chooses without a product.": edit("np.where(past, S, -np.inf)", "S + ~past * -np.inf"),
    "That is a single large head. Split the features into H of them.":
        edit("N, T, D = X.shape", "N, T, D, n_heads = *X.shape, 1"),
    "W_qkv was read as if queries, keys and values took turns, row by row. The first D rows make "
    "all queries, the next D all keys, the last D all values.":
        edit("np.split(X @ W_qkv.T, 3, axis=-1)", "(X @ W_qkv[i::3].T for i in range(3))"),
    "W_qkv was cut into heads first, and then each piece into query, key and value. (Some "
    "libraries store it like that.) Here the first D rows make the queries of all heads.":
        edit("X @ W_qkv.T", "(X @ W_qkv.T).reshape(N, T, n_heads, -1)"),
    "The mask is inverted: tokens see the future, and the last nothing.":
        edit("past, S", "~past, S"),
    "A token does not see itself, the first sees nothing: no k=-1.": edit("tri(T", "tri(T, k=-1"),
    "The features are dealt out in turn: head h gets h, h + H, and so on. Cut D into (H, d), not "
    "into (d, H).": edit("n_heads, d).swapaxes(1, 2)", "d, n_heads).transpose(0, 3, 1, 2)"),
    "The features are dealt out in turn, in the split and in the merge. Head h has d "
    "neighbours: cut D into (H, d), not into (d, H).": (
        edit(
            "n_heads, d).swapaxes(1, 2)",
            "d, n_heads).transpose(0, 3, 1, 2)",
            "v).swapaxes(1, 2)",
            "v).transpose(0, 2, 3, 1)",
        )
    ),
    "The merge shuffles the features of the heads together: first head 0, then head 1.":
        edit("v).swapaxes(1, 2)", "v).transpose(0, 2, 3, 1)"),
    "The d in √d is D / H, not the number of heads.": edit("np.sqrt(d)", "np.sqrt(n_heads)"),
    "The d in √d is D / H, not the number of tokens.": edit("np.sqrt(d)", "np.sqrt(T)"),
    "The scores are divided by D. Divide by √d, with d = D / H.": edit("np.sqrt(d)", "D"),
    "Queries and values are swapped: queries come first, values last.": edit("q, k, v", "v, k, q"),
    "X was added to the result. That is done around the layer.": edit("W_out.T", "W_out.T + X"),
    "The hidden scores are −1. Only minus infinity gets the weight 0.": edit("np.inf", "1"),
    "W_out stands on the wrong side: tokens are rows, @ W_out.T.":
        edit("return (", "return W_out @ (", " @ W_out.T", ""),
}  # fmt: skip


@layer
class MaskedSoftmax(Layer):
    """Weights of scores, with what the mask hides left out: (N, T_q, T_k) to the same."""

    def __init__(self, mask):
        super().__init__()
        self.mask = mask

    def forward(self, S):
        self.P = softmax(np.where(self.mask, S, -np.inf))
        return self.P

    def backward(self, dP):
        return self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))


MaskedSoftmax.cases = (
    ((np.tri(3, 4, dtype=bool),), normal(4, 3, 4, seed=61), normal(4, 3, 4, seed=62)),
    ((LOOK[:4],), normal(2, 4, 4, seed=63), normal(2, 4, 4, seed=64)),
)
MaskedSoftmax.equivalents = {
    "without super().__init__()": "The checker asks nothing of a layer without parameters.",
}
MaskedSoftmax.hints = (
    "forward is the masked softmax from above. Keep the weights P in self: backward needs them.",
    "The slope of softmax needs no mask: where P is 0, P times anything is 0.",
    "backward: P * (dP - (dP * P).sum(axis=-1, keepdims=True)), with the P of forward.",
)
MaskedSoftmax.mistakes = {
    "The mask is not used in forward.": edit("np.where(self.mask, S, -np.inf)", "S"),
    "The mask is inverted: True means that a query may look.":
        edit("S, -np.inf", "-np.inf, S"),
    "The hidden scores are 0. e⁰ = 1 is still a share: minus infinity hides.":
        edit("-np.inf", "0"),
    "0 times infinity is nan. np.where chooses without a product.":
        edit("np.where(self.mask, S, -np.inf)", "S + ~self.mask * -np.inf"),
    "forward multiplies weights by the mask, after softmax, so rows do not add up to 1.":
        edit("softmax(np.where(self.mask, S, -np.inf))", "softmax(S) * self.mask"),
    "backward returns dP · P: the sum over the row is missing.":
        edit(" - (dP * self.P).sum(axis=-1, keepdims=True)", ""),
    "In backward the other scores are forgotten: each score moves every weight of its row.":
        edit("(dP - (dP * self.P).sum(axis=-1, keepdims=True))", "(1 - self.P) * dP"),
    "In backward the sum runs along axis 1, over the queries. Softmax went along the last axis.":
        edit("axis=-1, keepdims", "axis=1, keepdims"),
    "backward returns P (1 − P), a slope. It has to be multiplied by what arrives, dP, and each "
    "score moves every weight of its row.":
        edit("(dP - (dP * self.P).sum(axis=-1, keepdims=True))", "(1 - self.P)"),
    "In backward the factor P in front is missing.": edit("return self.P * (dP", "return (dP"),
    "In backward the sum is added. It is subtracted.": edit("(dP - (", "(dP + ("),
    "In backward the sum is a mean. The weights are in it already: add up.":
        edit("sum(axis", "mean(axis"),
    "backward hands dP on as it came.":
        edit("self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))", "dP"),
    "backward makes its weights of dP. Keep the weights of forward in self.":
        edit("return self.P * (dP", "P = softmax(np.where(self.mask, dP, -np.inf))\n"
             "        return P * (dP"),
    "backward puts minus infinity where the mask hides. The gradient is 0 there.":
        edit("return self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))",
             "dS = self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))\n"
             "        return np.where(self.mask, dS, -np.inf)"),
}  # fmt: skip


@exercise
def attention_gradients(dy, q, k, v, P):
    """(T_q, d_v), (T_q, d), (T_k, d), (T_k, d_v), (T_q, T_k) to the shapes of q, k and v."""
    dv = P.T @ dy
    dP = dy @ v.T
    dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[1])
    return dS @ k, dS.T @ q, dv


def _weights(q, k):
    return softmax(q @ k.T / np.sqrt(q.shape[1]))


attention_gradients.cases = (
    (normal(5, 2, seed=35), Q_5, K_4, V_4, _weights(Q_5, K_4)),
    (normal(3, 3, seed=36), Q_3, K_3, V_3, _weights(Q_3, K_3)),
)
attention_gradients.hints = (
    "Go from the bottom of the table to the top: dv and dP, then dS, then dq and dk.",
    "dP = dy @ v.T, and dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True)).",
    "dk and dv add up over the queries, so the queries must stand in the middle: dS.T @ q, P.T @ "
    "dy. And dq and dk both have the factor 1/√d.",
)
attention_gradients.mistakes = {
    "The 1/√d is missing: a constant factor forwards is the same factor backwards.":
        edit(" / np.sqrt(q.shape[1])", ""),
    "That is divided by d. The forward pass divided by √d, so the backward pass does.":
        edit("np.sqrt(q.shape[1])", "q.shape[1]"),
    "Backwards too it is a division by √d, not a multiplication.": edit("/ np.sqrt", "* np.sqrt"),
    "The d in √d is the number of features, not of keys.": edit("q.shape[1]", "len(k)"),
    "The d in √d is the number of features, not of queries.": edit("q.shape[1]", "len(q)"),
    "The d in √d belongs to queries and keys, not to the values.": edit("q.shape", "v.shape"),
    "The sum in dS is over all. Each row has its own.": edit("axis=-1, keepdims=True", ""),
    "The sum in dS has to be weighted: dP · P is added up, not dP alone.": edit(" * P", ""),
    "The 1/√d is missing in dk.": edit("dS.T @ q", "dS.T @ q * np.sqrt(q.shape[1])"),
    "The 1/√d is missing in dq.": edit("dS @ k", "dS @ k * np.sqrt(q.shape[1])"),
    "Values are not divided by √d, nor is dv.": edit("P.T @ dy", "P.T @ dy / np.sqrt(q.shape[1])"),
    "Softmax was skipped: dP was used in place of dS.":
        edit("P * (dP - (dP * P).sum(axis=-1, keepdims=True))", "dP"),
    "The sum over the row is missing in dS.": edit(" - (dP * P).sum(axis=-1, keepdims=True)", ""),
    "In dS the other scores are forgotten: P (1 − P) is the slope of a weight for its own score "
    "only.": edit("(dP * P).sum(axis=-1, keepdims=True)", "dP * P"),
    "The sum in dS runs over the queries. Softmax went along the rows.":
        edit("axis=-1, keepdims", "axis=0, keepdims"),
    "dk lacks a transpose: it adds up over queries, the rows of dS.": edit("dS.T @ q", "dS @ q"),
    "dq needs no transpose: it adds up over the keys, the columns of dS.": edit("dS @", "dS.T @"),
    "The transposes are the wrong way round: dq needs none, dk needs dS.T.":
        edit("dS @ k, dS.T @ q", "dS.T @ k, dS @ q"),
    "The slope for q is k, and for k it is q: each gradient needs the other factor.":
        edit("dS @ k, dS.T @ q", "dS @ q, dS.T @ k"),
    "dv lacks the transpose: all queries use a value: add up over them, P.T @ dy.":
        edit("P.T", "P"),
    "P is missing in dv: a wish passes in proportion to it.": edit("P.T", "np.ones_like(P).T"),
    "dP lacks the transpose: dy @ v.T adds up over the features of the values.": edit("v.T", "v"),
    "dq and dk are swapped.": edit("dS @ k, dS.T @ q", "dS.T @ q, dS @ k"),
    "The order is dq, dk, dv.": edit("dS @ k, dS.T @ q, dv", "dv, dS.T @ q, dS @ k"),
    "P is missing in dS: softmax multiplies by its weights.": edit("P * (dP - ", "(dP - "),
    "In dS P and dP have changed places: the factor in front is P, and the sum is taken from dP.":
        edit("P * (dP - ", "dP * (P - "),
    "In dS the sum is added. It is what others lose: subtract.": edit("dP - (", "dP + ("),
    "The sum in dS is a mean. The weights are in it already: add up.": edit("sum", "mean"),
    "dk and dv have changed places: the order is dq, dk, dv.": edit("dS.T @ q, dv", "dv, dS.T @ q"),
    "dv takes the gradient of the weights, dP. A value is weighed by P: P.T @ dy.":
        edit("return dS", "dv = dP.T @ dy\n    return dS"),
    "The sum has lost its axis, so it does not fit to dP, or goes along another one: "
    "keepdims=True.": edit(", keepdims=True", ""),
}  # fmt: skip
attention_gradients.equivalents = {
    "dS = P * (dP - (dP * P).sum(axis=1, keepdims=True)) / np.sqrt(q.shape[1])":
        "the last axis of a table is axis 1",
    "dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True)) / np.sqrt(k.shape[1])":
        "queries and keys have as many features",
}  # fmt: skip


@layer
class Memory(Layer):
    """Attention to n keys and values that are parameters: (T, d) to (T, d_v)."""

    def __init__(self, n, d, d_v):
        super().__init__({"K": np.zeros((n, d)), "V": np.zeros((n, d_v))})

    def forward(self, q):
        self.q = q
        self.P = softmax(q @ self.params["K"].T)
        return self.P @ self.params["V"]

    def backward(self, dy):
        self.grads["V"] += self.P.T @ dy
        dP = dy @ self.params["V"].T
        dS = self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))
        self.grads["K"] += dS.T @ self.q
        return dS @ self.params["K"]


Memory.cases = (
    ((4, 3, 2), normal(5, 3, seed=71), normal(5, 2, seed=72)),
    ((3, 3, 3), normal(3, 3, seed=73), normal(3, 3, seed=74)),
)
Memory.equivalents = {
    "dS = self.P * (dP - (dP * self.P).sum(axis=1, keepdims=True))":
        "the last axis of a table is axis 1",
}  # fmt: skip
Memory.hints = (
    "K and V are in self.params, made in __init__. forward keeps q and the weights P.",
    "Go through the table of this section from the bottom to the top, without the √d.",
    "V gets P.T @ dy, and K gets dS.T @ q, both with +=. What is returned is dS @ K.",
)
Memory.mistakes = {
    "The gradients replace those that are there. Add to them: +=.":
        edit('self.grads["V"] +=', 'self.grads["V"][...] =', 'self.grads["K"] +=',
             'self.grads["K"][...] ='),
    "The gradient of V replaces the one that is there. Add to it: +=.":
        edit('self.grads["V"] +=', 'self.grads["V"][...] ='),
    "The gradient of K replaces the one that is there. Add to it: +=.":
        edit('self.grads["K"] +=', 'self.grads["K"][...] ='),
    "The scores are divided by √d, in forward and in backward. Here they are not divided.":
        edit('K"].T)', 'K"].T / np.sqrt(len(q[0])))', "keepdims=True))",
             "keepdims=True)) / np.sqrt(len(self.q[0]))"),
    "forward divides by √d. Here the scores are not divided.":
        edit('K"].T)', 'K"].T / np.sqrt(len(q[0])))'),
    "Softmax is missing in forward.": edit("softmax(q @ self.params[\"K\"].T)",
                                           "q @ self.params[\"K\"].T"),
    "Softmax runs over the queries. Each query shares out its attention over the n keys.":
        edit("softmax(", "_softmax_over_queries("),
    "backward takes dP for dS: softmax was skipped.":
        edit("dS = self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))", "dS = dP"),
    "In dS the sum over the row is missing.":
        edit(" - (dP * self.P).sum(axis=-1, keepdims=True)", ""),
    "In dS the other scores are forgotten: P (1 − P) is the slope of a weight for its own score "
    "only.": edit("(dP * self.P).sum(axis=-1, keepdims=True)", "dP * self.P"),
    "In dS the sum runs over the queries. Softmax went along the rows.":
        edit("axis=-1, keepdims", "axis=0, keepdims"),
    "In dS the factor P is missing.": edit("dS = self.P * (dP", "dS = (dP"),
    "The gradient of K is multiplied by the keys. It needs the other factor of the score, q.":
        edit('dS.T @ self.q', 'dS.T @ dS @ self.params["K"]'),
    "The gradient of V lacks the weights: P.T @ dy.":
        edit("self.P.T @ dy", "np.ones_like(self.P).T @ dy"),
    "The gradient for q is multiplied by q. It needs the other factor of the score, K.":
        edit('return dS @ self.params["K"]', "return dS @ dS.T @ self.q"),
    "What is returned is dS, the gradient of the scores. q is one product further back.":
        edit('return dS @ self.params["K"]', "return dS"),
}  # fmt: skip


@exercise
def causes():
    """What is wrong with five models, from what was observed."""
    return (
        "no mask",
        "softmax over the queries",
        "no scale",
        "mask dropped in one head",
        "no positions",
    )


def _swapped(i, j):
    answer = list(causes.answer)
    answer[i], answer[j] = answer[j], answer[i]
    return tuple(answer)


causes.form = (
    'five of "no mask", "mask dropped in one head", "no positions", "no scale", '
    '"softmax over the queries"'
)
causes.hints = (
    "Which of the five can bring a loss below the entropy?",
    "A sum of 1 tells along which axis softmax ran. Saturated weights have no slope.",
    "In the fourth model three heads keep the past from moving. What does the other one lack? And "
    "which model would not notice that words change places?",
)
causes.reason = (
    "Model 1 is below the entropy of the language, so it sees the words that it should predict: "
    "no mask. In model 2 the sum of 1 runs along the columns, so softmax ran over the queries. In "
    "model 3 a score adds up 512 products and is about √512 in size, so softmax saturates: no "
    "scale. In model 4 the future leaks through one head of four: its mask was dropped. In model 5 "
    "the order of the past is invisible, because nothing tells the model positions."
)
causes.mistakes = {
    "The first and the fourth are swapped. In model 4 three heads of four do not leak, so their "
    "mask is there.": _swapped(0, 3),
    "The second and the third are swapped. Without the scale rows add up to 1.": _swapped(1, 2),
    "Look at the first two again. Columns that add up to 1 tell where softmax ran; a loss below "
    "the entropy tells that the answer was seen.": _swapped(0, 1),
    "Look at the first and the third again. Saturated weights before training come from large "
    "scores, and a loss below the entropy from the future.": _swapped(0, 2),
    "The third and the fourth are swapped. A leak has nothing to do with the scale, and "
    "saturated weights have nothing to do with the mask.": _swapped(2, 3),
    "The first and the last are swapped. Without positions a model does worse than it could, and "
    "does not cheat.": _swapped(0, 4),
    "The last two are swapped. Without a mask in one head tokens see too much, but they still "
    "notice the order; without positions they cannot.": _swapped(3, 4),
    "The second and the fourth are swapped. Sums tell along which axis softmax ran; a leak in "
    "one head of four tells of its mask.": _swapped(1, 3),
    "The second and the last are swapped. Sums tell along which axis softmax ran; without "
    "positions nobody notices that words change places.": _swapped(1, 4),
    "The third and the last are swapped. Large scores saturate softmax; without positions nobody "
    "notices that words change places.": _swapped(2, 4),
    "That is the order of the list. Each has to be matched with what was observed.":
        tuple(sorted(causes.answer)[i] for i in (1, 0, 2, 3, 4)),
}  # fmt: skip


@exercise
def reversal():
    """How many layers, and which learning rate, for a text that is said again backwards."""
    return 1, 0.01


class _Reader(Layer):
    """Words and places, layers of attention that are added, scores of the next token."""

    def __init__(self, vocab, t, d, depth, *, rng):
        words, places = Embedding(vocab, d, rng=rng), Embedding(t, d, rng=rng)
        self.attends = [CausalSelfAttention(d, 1, rng=rng) for _ in range(depth)]
        self.words, self.places, self.out = words, places, Dense(d, vocab, rng=rng)
        layers = (words, places, *self.attends, self.out)
        super().__init__(children={str(i): child for i, child in enumerate(layers)})

    def forward(self, ids):
        x = self.words.forward(ids) + self.places.forward(np.arange(ids.shape[1]))
        for attend in self.attends:
            x = x + attend.forward(x)
        return self.out.forward(x)

    def backward(self, dy):
        dx = self.out.backward(dy)
        for attend in reversed(self.attends):
            dx = dx + attend.backward(dx)
        self.places.backward(dx.sum(axis=0))
        self.words.backward(dx)


def _there_and_back(n, rng):
    """Four of ten tokens, each different, and then the same from the last to the first."""
    there = rng.permuted(np.tile(np.arange(10), (n, 1)), axis=1)[:, :4]
    return np.concatenate([there, there[:, ::-1]], axis=1)


def _reverses(settings):
    """The number of layers, and how often the second half is right after 200 steps."""
    depth, lr = settings
    if int(depth) != depth or not 0 <= depth <= 4:
        raise ValueError("the number of layers is a whole number from 0 to 4")
    rng = np.random.default_rng(5)
    model, adam = _Reader(10, 7, 32, int(depth), rng=rng).astype(np.float32), Adam(float(lr))
    for _ in range(200):
        ids = _there_and_back(32, rng)
        model.zero_grads()
        model.backward(cross_entropy(model.forward(ids[:, :-1]), ids[:, 1:])[1])
        adam.step(model)
    ids = _there_and_back(300, rng)
    right = model.predict(ids[:, :-1]).argmax(axis=2) == ids[:, 1:]
    return int(depth), float(right[:, 3:].mean())


reversal.observe = _reverses
reversal.form = "layers, lr"
reversal.accept = (
    (
        lambda seen: seen[1] > 0.5,
        "After 200 steps it is right for at most half of the tokens of the second half. Is there "
        "a layer of attention, and is the learning rate large enough, and not too large?",
    ),
    (
        lambda seen: seen[1] > 0.9,
        "After 200 steps it is right for at most 90 of 100 tokens of the second half. Change the "
        "learning rate, by factors of 3.",
    ),
    (
        lambda seen: seen[0] < 2,
        "It works, and with fewer layers too. Where a token has to look depends here on its "
        "place alone.",
    ),
)
reversal.hints = (
    "At place 5, which place holds the token that comes next? Does the answer depend on the "
    "tokens?",
    "The place alone says where to look, so a head like that of two_back can do it.",
    "One layer. Learning rates from 0.003 to 0.03 are worth a try.",
)
reversal.reason = (
    "Places are numbered from 0, and the token at place t of the second half is that of place "
    "7 − t. So the token at place t, whose successor is wanted, has to look at place 6 − t, "
    "whatever the tokens are: the query needs only the position, and one layer is enough. With a "
    "learning rate of 0.01 nearly all tokens of the second half are right after 200 steps."
)
reversal.mistakes = {
    "There is no layer of attention, so no token knows anything of the others.": (0, 0.01),
    "The learning rate is so small that nothing has been learned after 200 steps.": (1, 1e-5),
}
reversal.equivalents = dict.fromkeys(
    ("return (1, 0.02)", "return (1, 0.005)"),
    "This learning rate, too, is neither too small nor too large.",
)


@exercise
def sinusoidal(t, d):
    """Sines in the even columns, cosines in the odd ones: (t, d)."""
    speeds = 10000.0 ** (-2 * np.arange(d // 2) / d)
    angles = np.outer(np.arange(t), speeds)
    table = np.empty((t, d))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)
    return table


def _by_column(t, d, exponents):
    angles = np.outer(np.arange(t), 10000.0**exponents)
    return np.where(np.arange(d) % 2 == 0, np.sin(angles), np.cos(angles))


def _pairs_overlap(t, d):
    table = np.zeros((t, d))
    for i in range(d // 2):
        angles = np.arange(t) * 10000 ** (-2 * i / d)
        table[:, i : i + 2] = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    return table


# In the last, an angle stands so near to a quarter turn that another base shows in its cosine.
sinusoidal.cases = (5, 6), (4, 4), (3, 8), (130, 4)
sinusoidal.hints = (
    "The pairs are i = 0, …, d/2 − 1. Their speeds are 10000 ** (-2 * i / d).",
    "np.outer(np.arange(t), speeds) has all angles, of shape (t, d/2).",
    "Even columns, table[:, 0::2], get the sines, odd ones, table[:, 1::2], the cosines.",
)
sinusoidal.mistakes = {
    "All columns are sines. Odd columns get the cosine of the same angle.": edit("cos", "sin"),
    "All columns are cosines. Even columns get the sine.": edit("sin", "cos"),
    "Sine and cosine have changed places.": edit("sin", "tan", "cos", "sin", "tan", "cos"),
    "The 2 is missing in the exponent: −2 i / d, with i counting pairs.": edit("-2 *", "-"),
    "The 2 stands there twice. Does i count columns already, or is d halved?": edit("-2", "-4"),
    "The number of the column stands where the number of the pair belongs: i is 0 for the first "
    "two columns, 1 for the next two.": lambda t, d: _by_column(t, d, -2 * np.arange(d) / d),
    "The d is missing in the exponent: −2 i / d.": edit(" / d", ""),
    "The sign of the exponent is turned: the speeds fall from 1.": edit("-2", "2"),
    "Each column has a speed of its own. The sine and the cosine of a pair share one.":
        lambda t, d: _by_column(t, d, -np.arange(d) / d),
    "The brackets are missing: ** binds before *, so that only the 2 stands in the exponent.":
        edit("(-2 * np.arange(d // 2) / d)", "-2 * np.arange(d // 2) / d"),
    "All sines come first, then all cosines. They alternate here. (Some texts do it like that; "
    "it is only another order of the columns.)": edit("0::2", ": d // 2", "1::2", "d // 2 :"),
    "Positions are counted from 1. The first position is 0.":
        edit("np.arange(t)", "np.arange(1, t + 1)"),
    "The base is 10000. Here it is 1000.": edit("10000", "1000"),
    "The base is 10000. Here it is e.": edit("10000.0 ** (", "np.exp("),
    "The odd columns are empty. They get the cosines.": edit("np.cos(angles)", "0"),
    "Pair i stands in the columns i and i + 1, so each pair writes over the one before. It "
    "belongs in 2 i and 2 i + 1.": _pairs_overlap,
    "Only the sines are there, d/2 columns. Beside each stands the cosine of its pair.":
        edit("return table", "return table[:, ::2]"),
    "All rows are the same. t is how many positions there are; the position is the number of the "
    "row: 0, 1, 2, …": edit("np.outer(np.arange(t), speeds)", "t * speeds"),
    "The table lies on its side: a row for each position.": edit("return table", "return table.T"),
    "Pairs are counted from 1. The fastest pair, i = 0, has the speed 1.":
        edit("np.arange(d // 2)", "np.arange(1, d // 2 + 1)"),
    "Positions run from 0 to 1 here. They are whole numbers: 0, 1, 2, …":
        edit("np.arange(t)", "np.arange(t) / t"),
    "The last pair gets the speed 1/10000: that is another rule, with d/2 − 1 below the line. "
    "Here it is −2 i / d.": edit("-2 * np.arange(d // 2) / d", "-np.arange(d // 2) / (d // 2 - 1)"),
    "There is a 2π too many. The angle is the position times the speed.":
        edit("speeds)", "2 * np.pi * speeds)"),
}  # fmt: skip
