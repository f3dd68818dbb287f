"""Exercises of chapter 8: averages, queries and keys, masks, heads, and their gradients."""

import numpy as np

from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.matrices import softmax

X_4 = normal(4, 3, seed=1)
X_3 = normal(3, 3, seed=2)
# Five queries and four keys of three features, values of two; and as many of each, where wrong
# products fit too. In the last the scores of one query are large, and those of the other are not: a
# softmax without a shift overflows, and one with a single shift for all rows underflows.
Q_5, K_4, V_4 = normal(5, 3, seed=3), normal(4, 3, seed=4), normal(4, 2, seed=5)
Q_3, K_3, V_3 = normal(3, 3, seed=6), normal(3, 3, seed=7), normal(3, 3, seed=8)
Q_LARGE = np.array([[2500.0, -700.0], [0.4, -1.7]])
K_LARGE = np.array([[1.1, 0.4], [-0.3, 1.2], [0.9, 0.7]])
V_LARGE = normal(3, 2, seed=9)
LOOK = np.array(
    [
        [True, True, False, True],
        [False, True, True, True],
        [True, False, False, False],
        [True, True, True, True],
        [False, False, True, True],
    ]
)


@exercise
def past_averages(X):
    """The mean of the rows so far: (T, D) to (T, D)."""
    return np.cumsum(X, axis=0) / np.arange(1, len(X) + 1)[:, None]


def _halves(X):
    means = [X[0]]
    for x in X[1:]:
        means.append((means[-1] + x) / 2)
    return np.array(means)


past_averages.cases = (X_4,), (X_3,), (normal(5, 2, seed=10),)
past_averages.hints = (
    "Row 0 is the first row itself. Row 1 is half of the first two.",
    "Add up along the tokens, so far: np.cumsum(X, axis=0). Then divide row t by t + 1.",
    "The numbers 1 to T must stand in a column, so that each divides a row: [:, None].",
)
past_averages.mistakes = {
    "That is the mean of all tokens, the future included. Row t may use rows 0 to t only.":
        lambda X: np.tile(X.mean(axis=0), (len(X), 1)),
    "The sums so far are right. Each is to be divided by the number of its rows, t + 1.":
        lambda X: np.cumsum(X, axis=0),
    "Every row is divided by T. Row t is the mean of t + 1 rows.":
        lambda X: np.cumsum(X, axis=0) / len(X),
    "The token itself is left out. Row t is the mean of the rows 0 to t, t included.":
        lambda X: np.array([X[: max(t, 1)].mean(axis=0) for t in range(len(X))]),
    "That is the mean of the present and the future: the triangle stands upside down.":
        lambda X: np.array([X[t:].mean(axis=0) for t in range(len(X))]),
    "That goes along the features. Tokens stand in rows: axis 0.":
        lambda X: np.cumsum(X, axis=1) / np.arange(1, X.shape[1] + 1),
    "The columns of A were divided, not its rows. The numbers 1 to T must stand in a column: [:, "
    "None].": lambda X: (np.tri(len(X)) / np.arange(1, len(X) + 1)) @ X,
    "The matrix stands on its side: row t of A has its numbers on and before the diagonal.":
        lambda X: (np.tri(len(X)) / np.arange(1, len(X) + 1)[:, None]).T @ X,
    "That is the matrix A. The result is A @ X.":
        lambda X: np.tri(len(X)) / np.arange(1, len(X) + 1)[:, None],
    "That is one mean over all tokens. Each row is the mean of the rows so far.":
        lambda X: X.mean(axis=0),
    "Only the last two tokens are averaged. The whole past counts.":
        lambda X: np.array([X[max(t - 1, 0) : t + 1].mean(axis=0) for t in range(len(X))]),
    "That is X itself: nothing has been averaged.": lambda X: X,
    "np.cumsum without an axis runs through all numbers, row after row. Tokens stand in rows: "
    "axis=0.": lambda X: np.cumsum(X) / np.arange(1, X.size + 1),
    "The last row is missing. There is a mean for each of the T rows.":
        lambda X: np.array([X[:t].mean(axis=0) for t in range(1, len(X))]),
    "The features were averaged as well. Each feature has its own mean: axis=0.":
        lambda X: np.array([X[: t + 1].mean() for t in range(len(X))]),
    "Row t is divided by t. From row 0 to row t there are t + 1 rows.":
        lambda X: np.cumsum(X, axis=0) / np.maximum(np.arange(len(X)), 1)[:, None],
    "Softmax was applied to ones and zeros. A 0 still gets a share, so the future does.":
        lambda X: softmax(np.tri(len(X))) @ X,
    "That is the mean of the last mean and the new row, so the past counts less and less. All "
    "rows so far count the same.": _halves,
}  # fmt: skip


@exercise
def queries_keys_values(X, W_q, W_k, W_v):
    """(T, D) with weights (d, D), (d, D), (d_v, D) to (T, d), (T, d), (T, d_v)."""
    return X @ W_q.T, X @ W_k.T, X @ W_v.T


queries_keys_values.cases = (
    (X_4, normal(2, 3, seed=11), normal(2, 3, seed=12), normal(5, 3, seed=13)),
    (X_3, normal(3, 3, seed=14), normal(3, 3, seed=15), normal(3, 3, seed=16)),
)
queries_keys_values.hints = (
    "Each is a dense layer without a bias. Which form has it for rows of tokens?",
    "q_t = W_q x_t for one token becomes X @ W_q.T for all of them.",
)
queries_keys_values.mistakes = {
    "W X belongs to tokens in columns. Here a token is a row of X: X @ W.T.":
        lambda X, W_q, W_k, W_v: (W_q @ X, W_k @ X, W_v @ X),
    "The transpose is missing. Row i of W makes feature i, so it is X @ W.T.":
        lambda X, W_q, W_k, W_v: (X @ W_q, X @ W_k, X @ W_v),
    "That has the right numbers with the tokens in columns. Here tokens are rows: X @ W.T.":
        lambda X, W_q, W_k, W_v: (W_q @ X.T, W_k @ X.T, W_v @ X.T),
    "Queries and keys are swapped.": edit("W_q.T, X @ W_k", "W_k.T, X @ W_q"),
    "Keys and values are swapped.": edit("W_k.T, X @ W_v", "W_v.T, X @ W_k"),
    "The keys are made with the weights of the queries. Each has weights of its own.":
        edit("W_k", "W_q"),
    "The keys are handed over as values. Values have weights of their own, W_v.":
        edit("W_v", "W_k"),
    "All three are made with W_q. Each has weights of its own.":
        lambda X, W_q, W_k, W_v: (X @ W_q.T,) * 3,
    "The order is Q, K, V.": lambda X, W_q, W_k, W_v: (X @ W_v.T, X @ W_k.T, X @ W_q.T),
    "The tokens themselves are handed over. Values are made of them: X @ W_v.T.":
        edit(" @ W_v.T", ""),
    "The division by √d belongs to the scores, not to Q, K and V.":
        lambda X, W_q, W_k, W_v: tuple(X @ W.T / np.sqrt(len(W)) for W in (W_q, W_k, W_v)),
}  # fmt: skip


@exercise
def attend(q, k, v):
    """Attention without a mask: (T_q, d), (T_k, d), (T_k, d_v) to (T_q, d_v)."""
    weights = softmax(q @ k.T / np.sqrt(q.shape[-1]))
    return weights @ v


def _scores(q, k):
    return q @ k.T / np.sqrt(q.shape[-1])


def _naive_softmax(S):
    with np.errstate(all="ignore"):
        E = np.exp(S)
        return E / E.sum(axis=-1, keepdims=True)


def _exps(S, shift):
    with np.errstate(all="ignore"):
        return np.exp(S - shift)


def _one_shift_for_all(S):
    E = _exps(S, S.max())
    with np.errstate(invalid="ignore"):
        return E / E.sum(axis=-1, keepdims=True)


def _undivided(S):
    return _exps(S, S.max(axis=-1, keepdims=True))


def _over_queries(S):
    return softmax(S.swapaxes(-1, -2)).swapaxes(-1, -2)


attend.cases = (Q_5, K_4, V_4), (Q_3, K_3, V_3), (Q_LARGE, K_LARGE, V_LARGE)
attend.hints = (
    "Three steps: scores, weights, a weighted mean of the values.",
    "The scores are q @ k.T, divided by the square root of the number of features.",
    "softmax works along each row already. Then weights @ v.",
)
attend.mistakes = {
    "The scale is missing: divide the scores by √d before softmax.":
        edit(" / np.sqrt(q.shape[-1])", ""),
    "The scores are divided by d. Their variance is d, so their size is √d.":
        edit("np.sqrt(q.shape[-1])", "q.shape[-1]"),
    "The scores are multiplied by √d. That makes them grow twice: divide.":
        edit("k.T / np", "k.T * np"),
    "Softmax runs over the queries. Each query shares out its attention over the keys: a row "
    "adds up to 1.": lambda q, k, v: _over_queries(_scores(q, k)) @ v,
    "The keys are handed over. They are for being found; the values are handed over.":
        edit("weights @ v", "weights @ k"),
    "Queries and keys are swapped: the rows of the scores belong to the queries.":
        edit("q @ k.T", "k @ q.T"),
    "Queries and keys are swapped, and the queries are handed over. The rows of the scores "
    "belong to the queries, and the values are handed over.":
        edit("q @ k.T", "k @ q.T", "weights @ v", "weights @ q"),
    "Softmax is missing: the scores themselves were used as weights.": edit("softmax", ""),
    "Softmax is applied twice. Its weights are weights already.":
        edit("weights @ v", "softmax(weights) @ v"),
    "The division comes after softmax. The scores are to be divided, so before it.":
        edit("k.T / np.sqrt(q.shape[-1]))", "k.T) / np.sqrt(q.shape[-1])"),
    "The d in √d is the number of features. That is the number of keys.":
        edit("q.shape[-1]", "len(k)"),
    "eˣ overflows for large scores. Subtract the largest of each row first, as softmax of the "
    "library does.": lambda q, k, v: _naive_softmax(_scores(q, k)) @ v,
    "One maximum was subtracted from the whole table. Where rows differ by much, all "
    "exponentials of a row become 0, and 0 / 0 is nan. Subtract the largest of each row: "
    "max(axis=-1, keepdims=True).": lambda q, k, v: _one_shift_for_all(_scores(q, k)) @ v,
    "The exponentials are not divided by their sum, so the weights of a query do not add up to 1.":
        lambda q, k, v: _undivided(_scores(q, k)) @ v,
    "The exponentials are divided by the sum of the whole table. Each query has a sum of its "
    "own: sum(axis=-1, keepdims=True).":
        lambda q, k, v: _undivided(_scores(q, k)) / _undivided(_scores(q, k)).sum() @ v,
    "The square root was taken of the scores. It is the root of d, the number of features.":
        edit("q @ k.T / np.sqrt(q.shape[-1])", "np.sqrt(q @ k.T)"),
    "The d in √d is the number of features. That is the number of all entries of q.":
        edit("q.shape[-1]", "q.size"),
    "The d in √d is the number of features. That is the number of queries.":
        edit("q.shape[-1]", "len(q)"),
    "The d in √d belongs to queries and keys. That is the number of features of the values.":
        edit("q.shape", "v.shape"),
    "Softmax comes before the product with the values, not after it.":
        lambda q, k, v: softmax(_scores(q, k) @ v),
    "That is the plain mean of the values, the same for every query.":
        lambda q, k, v: np.tile(v.mean(axis=0), (len(q), 1)),
    "No mask is asked for here: every query may look at every key.": (
        lambda q, k, v: (
            softmax(np.where(np.tri(len(q), len(k), dtype=bool), _scores(q, k), -np.inf)) @ v
        )
    ),
    "Only the best key is heard. Attention is a weighted mean over all keys.":
        lambda q, k, v: v[_scores(q, k).argmax(axis=1)],
    "These are the weights. They still have to mix the values: weights @ v.":
        edit("weights @ v", "weights"),
    "That is softmax over the whole table. Each query has its own: along the rows.":
        lambda q, k, v: softmax(_scores(q, k).ravel()).reshape(len(q), len(k)) @ v,
}  # fmt: skip


@exercise
def score_shapes():
    """The shapes of weights and output for q (8, 10, 16), k (8, 12, 16), v (8, 12, 20)."""
    q, k, v = np.zeros((8, 10, 16)), np.zeros((8, 12, 16)), np.zeros((8, 12, 20))
    weights = q @ k.swapaxes(-1, -2)
    return weights.shape, (weights @ v).shape


score_shapes.hints = (
    "Every query of a text has a weight for every key of the same text.",
    "The weights are (8, T_q, T_k). The product with v replaces T_k by the features of v.",
)
score_shapes.mistakes = {
    "The weights have a row for each query and a column for each key: (10, 12).":
        ((8, 12, 10), (8, 10, 20)),
    "The weights are right. The output has the features of the values, not of the queries.":
        ((8, 10, 12), (8, 10, 16)),
    "The weights are right. There is an output for each query, and not for each key.":
        ((8, 10, 12), (8, 12, 20)),
    "The output is right. In the weights the 16 features are added up: only queries and keys are "
    "left.": ((8, 10, 16), (8, 10, 20)),
    "There is no score between a query and another query. Rows are queries, columns keys.":
        ((8, 10, 10), (8, 10, 20)),
    "The batch is missing: each of the 8 texts has a table of its own.": ((10, 12), (10, 20)),
    "The two are in the wrong order: first the weights, then the output.":
        ((8, 10, 20), (8, 10, 12)),
    "Texts do not look at each other: the 8 stays a batch, and is there once.":
        ((8, 8, 10, 12), (8, 10, 20)),
}  # fmt: skip


@exercise
def masked_weights(S, mask):
    """Softmax of the scores over what each query may see: (T_q, T_k), bool (T_q, T_k)."""
    return softmax(np.where(mask, S, -np.inf))


def _after_softmax(S, mask):
    return softmax(S) * mask


def _renormalised(S, mask):
    with np.errstate(invalid="ignore"):
        weights = softmax(S) * mask
        return weights / weights.sum(axis=1, keepdims=True)


def _times_minus_infinity(S, mask):
    with np.errstate(invalid="ignore"):
        return softmax(S * np.where(mask, 1, -np.inf))


masked_weights.cases = (
    (2 * normal(5, 4, seed=17), LOOK),
    (2 * normal(4, 4, seed=18), np.tri(4, dtype=bool)),
    (
        np.array([[900.0, -1200.0, -1195.0], [-2.0, -3.0, 5.0], [0.5, 1.5, 2e9]]),
        np.array([[False, True, True], [True, True, False], [True, True, False]]),
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
    "= 1 is still a share: minus infinity hides.": lambda S, mask: softmax(S * mask),
    "The mask came after softmax, so the rows no longer add up to 1. Put it into the scores.":
        _after_softmax,
    "The mask came after softmax, and the rows were divided by their sums. That is right until a "
    "hidden score is so large that nothing is left for the others: 0 / 0 is nan. Put the mask "
    "into the scores.": _renormalised,
    "The hidden scores were multiplied by minus infinity, which makes plus infinity of a "
    "negative one. Put minus infinity in their place.": _times_minus_infinity,
    "The hidden scores are −1. That is a score like others: only minus infinity gets the weight "
    "0.": edit("np.inf", "1.0"),
    "−1e9 was added, and one hidden score is larger than that. Nothing is larger than infinity: "
    "use minus infinity.": edit("-np.inf", "S - 1e9"),
    "The mask is inverted: −1e9 was added where a query may look.":
        lambda S, mask: softmax(S - 1e9 * mask),
    "The hidden scores are −100, and in one row those that may be seen are near −1200: there a "
    "hidden token gets everything. Use minus infinity.": edit("np.inf", "100.0"),
    "Minus infinity belongs into the scores, before softmax. A weight is never below 0.":
        lambda S, mask: np.where(mask, softmax(S), -np.inf),
    "S[mask] lays what may be seen into one long list, so the rows are lost.":
        lambda S, mask: softmax(S[mask]),
    "The table is transposed: rows are queries in S and in the mask.": edit("inf))", "inf)).T"),
    "That is the causal mask. Use the one that is given.":
        edit("mask", "np.tri(*S.shape, dtype=bool)"),
    "Softmax is missing: these are the masked scores.": lambda S, mask: np.where(mask, S, -np.inf),
    "Softmax runs over the queries. Each row adds up to 1.":
        lambda S, mask: _over_queries(np.where(mask, S, -np.inf)),
}  # fmt: skip


@exercise
def padded_weights(S, mask):
    """Masked weights, with zeros in the rows that may look at nothing: (T_q, T_k)."""
    some = mask.any(axis=1, keepdims=True)
    return softmax(np.where(mask | ~some, S, -np.inf)) * some


PADDED = np.array([[2.0, 1.0, -3.0], [0.5, -1.5, 4.0], [1.25, 0.25, -0.75]], dtype=np.float32)


def _minus_infinity(S, mask):
    with np.errstate(invalid="ignore"):
        return softmax(np.where(mask, S, -np.inf))


padded_weights.cases = (
    (PADDED, np.array([[True, False, True], [False, False, False], [True, True, True]])),
    (PADDED[:2], np.array([[False, False, False], [False, True, True]])),
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
        lambda S, mask: softmax(S + np.where(mask, 0, -1e9).astype(np.float32)),
    "A row without a True becomes nan: infinity minus infinity, or 0 / 0. Treat such rows by "
    "themselves.": _minus_infinity,
    "The mask came after softmax. Empty rows are right; the others no longer add up to 1.":
        _after_softmax,
    "The mask is ignored.": lambda S, mask: softmax(S),
    "In rows without a True everything may be seen now. They should be zeros.": edit(" * some", ""),
    "In all rows the weights are 0.": lambda S, mask: np.zeros(S.shape),
    "The rows were divided by their sums, and the sum of an empty row is 0: 0 / 0 is nan.":
        lambda S, mask: (softmax(S) * mask) / (softmax(S) * mask).sum(axis=1, keepdims=True),
    "The mask is inverted: True means that a query may look.":
        lambda S, mask: _minus_infinity(S, ~mask),
    "The rows without a True are gone. Keep them, as zeros.":
        lambda S, mask: _minus_infinity(S, mask)[mask.any(axis=1)],
    "The rows with something to see lack their mask: only empty rows are zeros.":
        edit("some,", "mask,"),
    "The scores were multiplied by the mask: a hidden score of 0 still gets a share.":
        edit("np.inf", "S * mask"),
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


_CAUSES = (
    "no mask",
    "softmax over the queries",
    "no scale",
    "mask dropped in one head",
    "no positions",
)


def _swapped(i, j):
    answer = list(_CAUSES)
    answer[i], answer[j] = answer[j], answer[i]
    return tuple(answer)


causes.hints = (
    "Which of the five can bring a loss below the entropy?",
    "A sum of 1 tells along which axis softmax ran. Saturated weights have no slope.",
    "In the fourth model three heads keep the past from moving. What does the other one lack? And "
    "which model would not notice that words change places?",
)
causes.mistakes = {
    "The first and the fourth are swapped. In model 4 three heads of four do not leak, so their "
    "mask is there.": _swapped(0, 3),
    "The second and the third are swapped. Without the scale the rows still add up to 1.":
        _swapped(1, 2),
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
    "That is the order of the list. Each has to be matched with what was observed.": (
        (
            "no mask",
            "mask dropped in one head",
            "no positions",
            "no scale",
            "softmax over the queries",
        )
    ),
}  # fmt: skip


@exercise
def split(x, n_heads):
    """Cut the features into heads: (N, T, D) to (N, H, T, D / H)."""
    N, T, D = x.shape
    return x.reshape(N, T, n_heads, D // n_heads).swapaxes(1, 2)


def _reshape_alone(x, n_heads):
    N, T, D = x.shape
    return x.reshape(N, n_heads, T, D // n_heads)


HEADS_6, HEADS_4 = normal(2, 5, 6, seed=19), normal(3, 2, 4, seed=20)
split.cases = (HEADS_6, 3), (HEADS_4, 2), (normal(2, 4, 8, seed=21), 2)
split.start = _reshape_alone
split.hints = (
    "A reshape keeps the order in which the numbers are read. Which axis is cut: T or D?",
    "First cut D into H pieces: (N, T, H, d). Then let two axes change places.",
    "x.reshape(N, T, n_heads, D // n_heads).swapaxes(1, 2).",
)
split.mistakes = {
    "The features are dealt out in turn: head h gets features h, h + H, and so on. It should get "
    "d neighbours: cut D into (H, d), not into (d, H).":
        lambda x, n_heads: x.reshape(*x.shape[:2], -1, n_heads).transpose(0, 3, 1, 2),
    "The swap is missing: the shape is (N, T, H, d), and heads should stand before tokens.":
        lambda x, n_heads: x.reshape(*x.shape[:2], n_heads, -1),
    "Tokens and features changed places: the shape should be (N, H, T, d).":
        lambda x, n_heads: x.reshape(*x.shape[:2], n_heads, -1).transpose(0, 2, 3, 1),
    "The heads stand first: the texts stay in front, (N, H, T, d).":
        lambda x, n_heads: x.reshape(*x.shape[:2], n_heads, -1).transpose(2, 0, 1, 3),
    "x was transposed before the reshape. So features are spread over tokens: reshape first.": (
        lambda x, n_heads: x.swapaxes(1, 2).reshape(
            len(x), n_heads, x.shape[1], x.shape[2] // n_heads
        )
    ),
    "Every head gets all features. Each gets D / H of them.":
        lambda x, n_heads: np.repeat(x[:, None], n_heads, axis=1),
    "The heads are in reverse order.":
        lambda x, n_heads: x.reshape(*x.shape[:2], n_heads, -1).swapaxes(1, 2)[:, ::-1],
    "Only the first head is there.": lambda x, n_heads: x[:, None, :, : x.shape[2] // n_heads],
}  # fmt: skip


@exercise
def merge(y):
    """Lay the heads side by side: (N, H, T, d) to (N, T, H d)."""
    return y.swapaxes(1, 2).reshape(y.shape[0], y.shape[2], -1)


merge.cases = (
    (normal(2, 3, 5, 2, seed=22),),
    (normal(3, 2, 4, 2, seed=23),),
    (normal(2, 2, 2, 2, seed=24),),
)
merge.hints = (
    "Undo the two steps of the split in reverse order.",
    "Swap heads and tokens back, to (N, T, H, d). Only then lay the last two axes together.",
)
merge.mistakes = {
    "A reshape alone reads head by head, and mixes the tokens up: swap heads and tokens first.":
        edit(".swapaxes(1, 2)", ""),
    "The features of the heads are shuffled together: first head 0, then head 1.":
        edit("swapaxes(1, 2", "transpose(0, 2, 3, 1"),
    "The heads are added up. They are laid side by side.": lambda y: y.sum(axis=1),
    "The heads are averaged. They are laid side by side.": lambda y: y.mean(axis=1),
    "Heads and tokens are swapped. The last two axes still have to become one.":
        lambda y: y.swapaxes(1, 2),
    "Tokens and features were swapped, not heads and tokens.":
        lambda y: y.swapaxes(2, 3).reshape(y.shape[0], y.shape[2], -1),
    "The heads are in reverse order.": edit("return y", "return y[:, ::-1]"),
    "Only the first head is left.": lambda y: y[:, 0],
    "The heads stand one after the other along the tokens, (N, H T, d). Lay them side by side "
    "along the features.": lambda y: y.reshape(y.shape[0], -1, y.shape[3]),
    "Two texts were mixed: the axis of the texts must stay where it is.":
        lambda y: y.swapaxes(0, 2).reshape(y.shape[0], y.shape[2], -1),
}  # fmt: skip


@exercise
def self_attention(X, W_qkv, W_out, n_heads):
    """Causal attention with heads: (N, T, D), (3 D, D), (D, D) to (N, T, D)."""
    N, T, D = X.shape
    q, k, v = (
        part.reshape(N, T, n_heads, D // n_heads).swapaxes(1, 2)
        for part in np.split(X @ W_qkv.T, 3, axis=-1)
    )
    S = q @ k.swapaxes(-1, -2) / np.sqrt(D // n_heads)
    weights = softmax(np.where(np.tri(T, dtype=bool), S, -np.inf))
    return (weights @ v).swapaxes(1, 2).reshape(N, T, D) @ W_out.T


def _layer(
    X,
    W_qkv,
    W_out,
    n_heads,
    *,
    look=None,
    scale=None,
    order=(0, 1, 2),
    weights_of=softmax,
    cut=None,
    join=None,
    project=True,
):
    """The layer with one part replaced."""
    N, T, D = X.shape
    parts = np.split(X @ W_qkv.T, 3, axis=-1)
    cut = cut or (lambda x: x.reshape(N, T, n_heads, -1).swapaxes(1, 2))
    join = join or (lambda y: y.swapaxes(1, 2).reshape(N, T, -1))
    q, k, v = (cut(parts[i]) for i in order)
    S = q @ k.swapaxes(-1, -2) * (1 / np.sqrt(D // n_heads) if scale is None else scale(D, n_heads))
    look = np.tri(T, dtype=bool) if look is None else look(T, n_heads)
    y = join(weights_of(np.where(look, S, -np.inf)) @ v)
    return y @ W_out.T if project else y


def _but(**changed):
    return lambda X, W_qkv, W_out, n_heads: _layer(X, W_qkv, W_out, n_heads, **changed)


def _one_head_sees_all(t, n_heads):
    look = np.tile(np.tri(t, dtype=bool), (n_heads, 1, 1))
    look[-1] = True
    return look


def _first_head_sees_all(t, n_heads):
    return _one_head_sees_all(t, n_heads)[::-1]


def _only_the_first_head_is_masked(t, n_heads):
    look = np.ones((n_heads, t, t), dtype=bool)
    look[0] = np.tri(t)
    return look


def _split_by_reshape(X, W_qkv, W_out, n_heads):
    N, T, _ = X.shape
    return _layer(X, W_qkv, W_out, n_heads, cut=lambda x: x.reshape(N, n_heads, T, -1))


def _merge_by_reshape(X, W_qkv, W_out, n_heads):
    N, T, _ = X.shape
    return _layer(X, W_qkv, W_out, n_heads, join=lambda y: y.reshape(N, T, -1))


def _both_by_reshape(X, W_qkv, W_out, n_heads):
    N, T, _ = X.shape
    return _layer(
        X,
        W_qkv,
        W_out,
        n_heads,
        cut=lambda x: x.reshape(N, n_heads, T, -1),
        join=lambda y: y.reshape(N, T, -1),
    )


def _everywhere(t, n):
    return np.ones((t, t), dtype=bool)


def _masked_by(weights_of):
    """The layer with weights made from the scores and the mask, (T, T) of ones and zeros."""

    def layer(X, W_qkv, W_out, n_heads):
        mask = np.tri(X.shape[1])
        changed = {"look": _everywhere, "weights_of": lambda S: weights_of(S, mask)}
        return _layer(X, W_qkv, W_out, n_heads, **changed)

    return layer


_weights_masked_late = _masked_by(lambda S, mask: softmax(S) * mask)
_mask_added = _masked_by(lambda S, mask: softmax(S + mask))
_mask_multiplied = _masked_by(lambda S, mask: softmax(S * mask))


def _quietly(S):
    with np.errstate(invalid="ignore"):
        return softmax(S)


def _interleaved(X, W_qkv, W_out, n_heads):
    rows = np.concatenate([W_qkv[i::3] for i in range(3)])
    return _layer(X, rows, W_out, n_heads)


def _head_by_head(X, W_qkv, W_out, n_heads):
    pieces = W_qkv.reshape(n_heads, 3, -1, W_qkv.shape[1])
    return _layer(X, pieces.swapaxes(0, 1).reshape(W_qkv.shape), W_out, n_heads)


def _dealt_out(X, W_qkv, W_out, n_heads):
    N, T, _ = X.shape
    return _layer(
        X,
        W_qkv,
        W_out,
        n_heads,
        cut=lambda x: x.reshape(N, T, -1, n_heads).transpose(0, 3, 1, 2),
    )


def _merged_in_turn(X, W_qkv, W_out, n_heads):
    N, T, D = X.shape
    return _layer(X, W_qkv, W_out, n_heads, join=lambda y: y.transpose(0, 2, 3, 1).reshape(N, T, D))


def _dealt_both_times(X, W_qkv, W_out, n_heads):
    N, T, D = X.shape
    return _layer(
        X,
        W_qkv,
        W_out,
        n_heads,
        cut=lambda x: x.reshape(N, T, -1, n_heads).transpose(0, 3, 1, 2),
        join=lambda y: y.transpose(0, 2, 3, 1).reshape(N, T, D),
    )


def _one_head(X, W_qkv, W_out, n_heads):
    return _layer(X, W_qkv, W_out, 1)


self_attention.cases = (
    (normal(2, 5, 6, seed=25), normal(18, 6, seed=26), normal(6, 6, seed=27), 3),
    (normal(3, 4, 4, seed=28), normal(12, 4, seed=29), normal(4, 4, seed=30), 2),
)
self_attention.hints = (
    "X @ W_qkv.T is (N, T, 3 D). Cut it in three along the last axis: np.split(..., 3, axis=-1).",
    "Split each part into heads. `@` treats all axes but the last two as a batch, and "
    "k.swapaxes(-1, -2) is the transpose of each table.",
    "Divide by the root of d = D / H, mask, softmax, times v. Then merge, and @ W_out.T.",
)
self_attention.mistakes = {
    "The mask is missing: tokens see the future.": _but(look=_everywhere),
    "The mask is dropped in the last head: every head needs it.": _but(look=_one_head_sees_all),
    "The mask is dropped in the first head: every head needs it.": _but(look=_first_head_sees_all),
    "Only the first head is masked: every head needs the mask.":
        _but(look=_only_the_first_head_is_masked),
    "The mask is upside down: tokens see themselves and the future, and not the past.":
        _but(look=lambda t, n: np.tri(t, dtype=bool).T),
    "A token does not see itself: the diagonal belongs to the mask.": (
        _but(
            look=lambda t, n: (
                np.tri(t, k=-1, dtype=bool) | (np.arange(t) + np.arange(t)[:, None] < 1)
            )
        )
    ),
    "The output projection is missing: after the merge comes @ W_out.T.": _but(project=False),
    "The transpose of W_out is missing.":
        lambda X, W_qkv, W_out, n_heads: _layer(X, W_qkv, W_out.T, n_heads),
    "The scale is missing.": _but(scale=lambda D, n: 1.0),
    "The scale is 1/√D. Each head's dot product has d = D / H terms only.":
        _but(scale=lambda D, n: 1 / np.sqrt(D)),
    "The scores are divided by d, not by √d.": _but(scale=lambda D, n: n / D),
    "The scores are multiplied by √d.": _but(scale=lambda D, n: np.sqrt(D // n)),
    "Queries and keys are swapped: the first D rows of W_qkv make queries.": _but(order=(1, 0, 2)),
    "Keys are handed over as values.": _but(order=(0, 1, 1)),
    "Keys and values are swapped: queries come first, then keys, then values.":
        _but(order=(0, 2, 1)),
    "The heads were split by a reshape alone, which mixes tokens: cut D into (H, d), then swap.":
        _split_by_reshape,
    "The heads were merged by a reshape alone, which mixes tokens: swap first, then reshape.":
        _merge_by_reshape,
    "Heads were split and merged by a reshape alone. The shapes fit, and the tokens are mixed "
    "up: swap heads and tokens, both times.": _both_by_reshape,
    "The mask came after softmax: the rows of weights no longer add up to 1.": _weights_masked_late,
    "Softmax runs over the queries. Each query shares out its attention over the keys.":
        _but(weights_of=_over_queries),
    "The mask was added as 0 and 1, which hides nothing. What is added must be 0 or minus "
    "infinity.": _mask_added,
    "The scores were multiplied by the mask: a hidden score of 0 still gets e⁰ = 1 of the share.":
        _mask_multiplied,
    "That is a single large head. Split the features into H of them.": _one_head,
    "W_qkv was read as if queries, keys and values took turns, row by row. The first D rows make "
    "all queries, the next D all keys, the last D all values.": _interleaved,
    "W_qkv was cut into heads first, and then each piece into query, key and value. (Some "
    "libraries store it like that.) Here the first D rows make the queries of all heads.":
        _head_by_head,
    "The mask is inverted: tokens see the future only, and the last one sees nothing.":
        _but(look=lambda t, n: ~np.tri(t, dtype=bool), weights_of=_quietly),
    "A token does not see itself, and the first one sees nothing: np.tri without k=-1.":
        _but(look=lambda t, n: np.tri(t, k=-1, dtype=bool), weights_of=_quietly),
    "The features are dealt out in turn: head h gets h, h + H, and so on. Cut D into (H, d), not "
    "into (d, H).": _dealt_out,
    "The features are dealt out in turn, in the split and in the merge. Head h has d neighbours: "
    "cut D into (H, d), not into (d, H).": _dealt_both_times,
    "The merge shuffles the features of the heads together: first head 0, then head 1.":
        _merged_in_turn,
    "The d in √d is D / H. That is the number of heads.": _but(scale=lambda D, n: n**-0.5),
    "The scores are divided by D. Divide by √d, with d = D / H.": _but(scale=lambda D, n: 1 / D),
    "Queries and values are swapped: queries come first, then keys, then values.":
        _but(order=(2, 1, 0)),
    "X was added to the result. That is done around the layer, and not in it.":
        lambda X, W_qkv, W_out, n_heads: _layer(X, W_qkv, W_out, n_heads) + X,
}  # fmt: skip


@exercise
def two_back():
    """The weights of the queries, with which every token looks two places back."""
    return 100 * np.eye(5, k=2)


def _looks(W_q, token):
    """The weights of this token for itself and those before, without what is below 0.01."""
    W_q = np.asarray(W_q, dtype=float)
    if W_q.shape != (5, 5):
        raise ValueError("W_q is a (5, 5) table")
    S = np.eye(5) @ W_q.T / np.sqrt(5)
    weights = softmax(S[token, : token + 1])
    return np.where(weights > 0.99, 1.0, np.where(weights < 0.01, 0.0, weights))


two_back.cases = (2,), (3,), (4,)
two_back.observe = _looks
two_back.form = "a (5, 5) table"
two_back.hints = (
    "Token t has position e_t, and its query is column t of W_q. It should be large in feature t "
    "− 2.",
    "So W_q[t − 2, t] is large and all else is 0: two steps above the diagonal.",
    "np.eye(5, k=2) has ones there. How large must they be, after the division by √5?",
)
two_back.mistakes = {
    "This looks one place back. Two are asked for.": 100 * np.eye(5, k=1),
    "This looks three places back. Two are asked for.": 100 * np.eye(5, k=3),
    "Every token looks at itself.": 100 * np.eye(5),
    "Every token looks at all that it sees alike: its query is 0 there. Column t of W_q is the "
    "query of token t, and its large number stands in row t − 2.": 100 * np.eye(5, k=-2),
    "Each token looks at the right place, but not enough: the numbers are too small to leave a "
    "weight of 0.99 after the division by √5.": np.eye(5, k=2),
    "The signs are the wrong way round: each token looks away from the place two back.":
        -100 * np.eye(5, k=2),
    "Every token looks at the first.": 100 * np.eye(5)[:, :1] * np.ones((1, 5)),
}  # fmt: skip


@exercise
def score_gradient(dP, P):
    """The gradient for the scores of a softmax: (..., T_q, T_k) twice, to the same."""
    return P * (dP - (dP * P).sum(axis=-1, keepdims=True))


P_5, DP_5 = softmax(normal(5, 4, seed=31)), normal(5, 4, seed=32)
P_H, DP_H = softmax(normal(2, 3, 3, seed=33)), normal(2, 3, 3, seed=34)
score_gradient.cases = (DP_5, P_5), (DP_H, P_H)
score_gradient.hints = (
    "A weight moves with its own score and with all others of its row, because the row adds up to "
    "1.",
    "From each dP subtract the mean of its row, with the weights P. Then multiply by P.",
    "P * (dP - (dP * P).sum(axis=-1, keepdims=True)).",
)
score_gradient.mistakes = {
    "The other scores are forgotten: P (1 − P) is the slope of a weight for its own score only. "
    "Each score moves every weight of its row.": lambda dP, P: dP * P * (1 - P),
    "The sum over the row is missing.": lambda dP, P: dP * P,
    "The sum runs over the queries. Softmax went along the rows: axis −1.":
        lambda dP, P: P * (dP - (dP * P).sum(axis=-2, keepdims=True)),
    "The sum runs along axis 1. With a batch in front that is over the queries: use axis −1.":
        edit("axis=-1, keepdims", "axis=1, keepdims"),
    "The sum runs along axis 0. Softmax went along the rows: axis −1.":
        edit("axis=-1, keepdims", "axis=0, keepdims"),
    "That is the plain mean of dP · P. The weights of the mean are in it already: add up.":
        edit("sum", "mean"),
    "dP and P have changed places: the factor in front is P, and the sum is taken from dP.":
        edit("P * (dP", "dP * (P"),
    "The sum has to be weighted: dP · P is added up, not dP alone.": edit(" * P", ""),
    "That subtracts the plain mean. The mean has the weights P.": edit("(dP * P).sum", "dP.mean"),
    "The factor P in front is missing.": lambda dP, P: dP - (dP * P).sum(axis=-1, keepdims=True),
    "The sum is added. Raising a score takes weight away from the others: subtract.":
        edit("P)", "-P)"),
    "The sign is wrong.": edit("return P", "return -P"),
    "The sum is over the whole table. Each row has its own.": edit("True))", "True).sum())"),
    "dP is missing: P (1 − P) is a slope, and it has to be multiplied by what arrives.":
        lambda dP, P: P * (1 - P),
    "P − T belongs to softmax together with cross-entropy. Here it stands alone.":
        lambda dP, P: P - dP,
    "The sum is subtracted after the multiplication by P. It is inside the brackets.":
        edit("P * (", "(P * "),
}  # fmt: skip


@exercise
def attention_gradients(dy, q, k, v, P):
    """(T_q, d_v), (T_q, d), (T_k, d), (T_k, d_v), (T_q, T_k) to the shapes of q, k and v."""
    dv = P.T @ dy
    dP = dy @ v.T
    dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[1])
    return dS @ k, dS.T @ q, dv


attention_gradients.cases = (
    (normal(5, 2, seed=35), Q_5, K_4, V_4, softmax(_scores(Q_5, K_4))),
    (normal(3, 3, seed=36), Q_3, K_3, V_3, softmax(_scores(Q_3, K_3))),
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
    "The d in √d is the number of features. That is the number of keys.":
        edit("q.shape[1]", "len(k)"),
    "The d in √d is the number of features. That is the number of queries.":
        edit("q.shape[1]", "len(q)"),
    "The d in √d belongs to queries and keys. That is the number of features of the values.":
        edit("q.shape", "v.shape"),
    "The sum in dS is over the whole table. Each row has its own.":
        edit("axis=-1, keepdims=True", ""),
    "The sum in dS has to be weighted: dP · P is added up, not dP alone.": edit(" * P", ""),
    "The 1/√d is missing in dk.": edit("dS.T @ q", "dS.T @ q * np.sqrt(q.shape[1])"),
    "The 1/√d is missing in dq.": edit("dS @ k", "dS @ k * np.sqrt(q.shape[1])"),
    "Values are not divided by √d, so dv is not either.":
        edit("P.T @ dy", "P.T @ dy / np.sqrt(q.shape[1])"),
    "Softmax was skipped: dP was used in place of dS.":
        edit("P * (dP - (dP * P).sum(axis=-1, keepdims=True))", "dP"),
    "The sum over the row is missing in dS.": edit(" - (dP * P).sum(axis=-1, keepdims=True)", ""),
    "In dS the other scores are forgotten: P (1 − P) is the slope of a weight for its own score "
    "only.": edit("(dP * P).sum(axis=-1, keepdims=True)", "dP * P"),
    "The sum in dS runs over the queries. Softmax went along the rows.":
        edit("axis=-1, keepdims", "axis=0, keepdims"),
    "dk lacks a transpose: it adds up over the queries, which are the rows of dS.":
        edit("dS.T @ q", "dS @ q"),
    "dq needs no transpose: it adds up over the keys, the columns of dS.": edit("dS @", "dS.T @"),
    "The transposes are the wrong way round: dq needs none, dk needs dS.T.":
        edit("dS @ k, dS.T @ q", "dS.T @ k, dS @ q"),
    "The slope for q is k, and for k it is q: each gradient needs the other factor.":
        edit("dS @ k, dS.T @ q", "dS @ q, dS.T @ k"),
    "dv lacks the transpose: a value is used by all queries, so add up over them, P.T @ dy.":
        edit("P.T", "P"),
    "P is missing in dv: a query hands its wish on in proportion to its weight.":
        edit("P.T", "np.ones_like(P).T"),
    "dP lacks the transpose: dy @ v.T adds up over the features of the values.": edit("v.T", "v"),
    "dq and dk are swapped.": edit("dS @ k, dS.T @ q", "dS.T @ q, dS @ k"),
    "The order is dq, dk, dv.": edit("dS @ k, dS.T @ q, dv", "dv, dS.T @ q, dS @ k"),
}  # fmt: skip
