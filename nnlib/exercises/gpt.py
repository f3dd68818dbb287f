"""Exercises of chapter 12: the parts of a GPT, its targets, its failures, how it writes."""

import math
from copy import deepcopy
from functools import cache

import numpy as np

from nnlib.backprop import Layer
from nnlib.descent import cross_entropy
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
from nnlib.gpt import GPT
from nnlib.language import TinyLanguage
from nnlib.matrices import softmax
from nnlib.training import Adam

VECTOR = "a vector has no rows and columns to swap"


@exercise
def shifted(rows):
    """Inputs (N, T) and targets (N, T) from rows of T + 1 tokens."""
    return rows[:, :-1], rows[:, 1:]


ROWS = np.array([[7, 3, 15, 0, 2], [1, 4, 9, 6, 18]])
shifted.cases = (ROWS,), (np.array([[3, 1, 2], [0, 5, 4], [6, 8, 7]]),), (ROWS[:, :2],)
shifted.start = edit("1:", ":-1")
shifted.hints = (
    "Write one row down, and under each token the one that should be predicted from it.",
    "The first target is the second token of the row, and the last target is its last token.",
)
shifted.mistakes = {
    "The targets are two tokens ahead. The next is one ahead.": edit(":-1", ":-2", "1:", "2:"),
    "That looks backwards: each target is the token before. x and y are exchanged.":
        lambda rows: (rows[:, 1:], rows[:, :-1]),
    "x still has the last token, which has no target: leave it out.": edit("[:, :-1]", ""),
    "x is one token shorter and y is not: y should leave out the first.": edit("[:, 1:]", ""),
    "Both lost their first token. x should lose its last one: it has no target.": edit(":-1", "1:"),
    "The first token became the target of the last one: np.roll goes round in a circle.":
        lambda rows: (rows, np.roll(rows, -1, axis=1)),
    "Only the last token of each row came back as a target. Every position has one: cut off the "
    "first column.": edit("1:", "-1"),
    "The targets are the tokens before. np.roll by +1 moves each token one place later: cut off "
    "the first column instead.": lambda rows: (rows[:, :-1], np.roll(rows, 1, axis=1)[:, :-1]),
    "The last target is the first token again: np.roll goes round in a circle. It should be the "
    "token that the row has left.": lambda rows: (rows[:, :-1], np.roll(rows[:, :-1], -1, axis=1)),
    "Nothing is cut off, and each token is its own target.": edit("[:, :-1]", "", "[:, 1:]", ""),
    "The targets are two tokens ahead, so the last input has none. The next token is one ahead.":
        edit("1:", "2:"),
    "Rows are cut, not columns: time is the second axis.": edit(":, :-1", ":-1", ":, 1:", "1:"),
    "Only the last token of each row is a target. Every position predicts its next token.":
        edit("1:", "-1:"),
    "x is right. Each target is the next id, not the next token: cut off the first column.":
        edit("[:, 1:]", "[:, :-1] + 1"),
    "x and y are each a column short at both ends. Only x loses the last, only y the first.":
        edit(":-1", "1:-1", "1:]", "1:-1]"),
}  # fmt: skip


@layer
class Tied(Layer):
    """Rows of V numbers times a table (V, D), and that times its transpose: (N, V) to (N, V)."""

    def __init__(self, vocab, d):
        super().__init__({"E": np.zeros((vocab, d))})

    def forward(self, x):
        self.x = x
        return x @ self.params["E"] @ self.params["E"].T

    def backward(self, dy):
        E = self.params["E"]
        self.grads["E"] += self.x.T @ (dy @ E)
        self.grads["E"] += dy.T @ (self.x @ E)
        return dy @ E @ E.T


Tied.cases = (
    ((5, 3), normal(4, 5, seed=12), normal(4, 5, seed=13)),
    ((3, 2), normal(2, 3, seed=14), normal(2, 3, seed=15)),
)
Tied.hints = (
    "Call the rows in between h = x E. Then y = h Eᵀ. Go back through the second product first.",
    "y = h Eᵀ is a Dense without biases whose W is E: it gives E the gradient dyᵀ h, and h the "
    "gradient dy E.",
    "h = x E gives E the gradient xᵀ dh, with dh = dy E. Add both to self.grads, with +=, and "
    "return dh Eᵀ.",
)
Tied.mistakes = {
    "Only the first product gives the table a gradient. It is used twice, and the second use "
    "counts too.": edit('        self.grads["E"] += dy.T @ (self.x @ E)\n', ""),
    "Only the second product gives the table a gradient. It is used twice, and the first use "
    "counts too.": edit('        self.grads["E"] += self.x.T @ (dy @ E)\n', ""),
    "The second gradient replaces the first. The table is used twice, so add: +=.":
        edit('self.grads["E"] += dy.T', 'self.grads["E"] = dy.T'),
    "The gradient replaces what stood in grads. Add to it, with +=, also the first part.":
        edit('self.grads["E"] += self.x.T', 'self.grads["E"] = self.x.T'),
    "The two gradients are averaged. A table that is used twice gets their sum.":
        edit("+= dy.T", "+= 0.5 * dy.T", "+= self.x.T", "+= 0.5 * self.x.T"),
    "The two uses are taken for equal: one gradient is counted twice. Derive each for itself.":
        edit("dy.T @ (self.x @ E)", "self.x.T @ (dy @ E)"),
    "The second product is taken for equal to the first, and its gradient counted twice. Derive "
    "each for itself.": edit("self.x.T @ (dy @ E)", "dy.T @ (self.x @ E)"),
    "The gradient stops after one product: dy E belongs to the rows in between. Pass it through "
    "the first product too.": edit("return dy @ E @ E.T", "return dy @ E"),
    "Only the second product is gone through: its gradient for the table, and dy E for the rows in "
    "between. Go through the first product too, with dh = dy E.":
        edit('        self.grads["E"] += self.x.T @ (dy @ E)\n', "", "dy @ E @ E.T", "dy @ E"),
    "The gradient for x goes back unchanged. Two products lie between x and y.":
        edit("return dy @ E @ E.T", "return dy"),
    "forward ends after the first product. Compare the rows with the table: times E.T.":
        edit('self.params["E"] @ self.params["E"].T', 'self.params["E"]'),
    "A product between numbers at the same place, *, is not the matrix product, @.":
        edit('x @ self.params["E"] @ self.params["E"].T',
             'x * (self.params["E"] @ self.params["E"].T).sum(axis=0)'),
    "The gradient is divided by the number of rows. Whether the loss is a mean is in dy already.":
        edit("dy.T @ (self.x @ E)", "dy.T @ (self.x @ E) / len(dy)",
             "self.x.T @ (dy @ E)", "self.x.T @ (dy @ E) / len(dy)"),
}  # fmt: skip


@exercise
def tied_gradient(ids, dx, dlogits, x_last):
    """The gradient (V, D) of an embedding that is used at both ends."""
    dE = sum(scores.T @ x for scores, x in zip(dlogits, x_last, strict=True))
    np.add.at(dE, ids, dx)
    return dE


IDS, IDS_2 = np.array([[2, 0, 2, 4], [1, 2, 0, 0]]), np.array([[3, 3], [0, 1], [1, 3]])
DX, X_LAST, DLOGITS = normal(2, 4, 3, seed=1), normal(2, 4, 3, seed=2), normal(2, 4, 5, seed=3)
DX_2, X_LAST_2, DLOGITS_2 = (
    normal(3, 2, 4, seed=4),
    normal(3, 2, 4, seed=5),
    normal(3, 2, 6, seed=6),
)
tied_gradient.cases = (IDS, DX, DLOGITS, X_LAST), (IDS_2, DX_2, DLOGITS_2, X_LAST_2)
tied_gradient.hints = (
    "E is used twice, so its gradient is a sum of two. Derive each as if the other use did not "
    "exist.",
    "At the output, logits = x_last @ E.T for every token: it is the dW of a Dense without bias. "
    "Flatten both to rows, or add up over the examples.",
    "At the input, row ids[n, t] of the gradient receives dx[n, t]. The same token may come "
    "several times: np.add.at(dE, ids, dx) adds each.",
)
tied_gradient.mistakes = {
    "Only the input is counted. E also makes the scores: dlogits and x_last belong to that.":
        edit("scores.T @", "0 * scores.T @"),
    "Only the output is counted. E also made the first x: dx belongs to its rows.":
        edit("    np.add.at(dE, ids, dx)\n", ""),
    "A token that occurs several times received only one of its gradients: dE[ids] += dx writes "
    "each row once. np.add.at adds every time.": edit("np.add.at(dE, ids, dx)", "dE[ids] += dx"),
    "The two gradients are averaged. A parameter that is used twice gets their sum.":
        edit("return dE", "return dE / 2"),
    "dx and x_last are exchanged: dx is the gradient at the input, x_last was multiplied by E.":
        edit("x_last", "dx", "ids, dx", "ids, x_last"),
    "The input's gradient is subtracted. They add up.": edit("ids, dx", "ids, -dx"),
    "The output's gradient is subtracted. They add up.": edit("scores.T", "-scores.T"),
    "dE[ids] = dx overwrites rows that already hold the output's part. Add, with np.add.at, so "
    "that a repeated token counts every time.": edit("np.add.at(dE, ids, dx)", "dE[ids] = dx"),
    "The output's part is not added up over the examples: flatten (N, T, ...) to rows first.":
        lambda ids, dx, dlogits, x_last: dlogits.swapaxes(1, 2) @ x_last,
    "The output's part of the first example only is there. Add up over all.":
        edit("zip(dlogits, x_last", "zip(dlogits[:1], x_last[:1]"),
    "The output's part stands on its side: E is (V, D), so it is dlogits.T @ x_last.":
        edit("scores.T @ x", "x.T @ scores"),
    "The gradient is divided by the number of tokens. dlogits and dx already hold the mean.":
        edit("return dE", "return dE / ids.size"),
    "The gradient is divided by the number of examples. dlogits and dx already hold the mean.":
        edit("return dE", "return dE / len(ids)"),
    "x_last is added to the rows of ids. It is what was multiplied by E: its gradient comes from "
    "dlogits.": edit("scores.T @", "0 * scores.T @", "ids, dx", "ids, dx + x_last"),
    "The output's part is divided by the number of tokens. dlogits already holds the mean.":
        edit("@ x ", "@ x / ids.size "),
    "The input's part is divided by the number of tokens. dx already holds the mean.":
        edit("ids, dx", "ids, dx / ids.size"),
}  # fmt: skip


@layer
class AddPositions(Layer):
    """A row for each place, to be learned and added: (N, T, D) to (N, T, D), T up to context."""

    def __init__(self, context, d):
        super().__init__({"P": np.zeros((context, d))})

    def forward(self, x):
        return x + self.params["P"][: x.shape[1]]

    def backward(self, dy):
        self.grads["P"][: dy.shape[1]] += dy.sum(axis=0)
        return dy


AddPositions.cases = (
    ((6, 3), normal(2, 4, 3, seed=16), normal(2, 4, 3, seed=17)),
    ((3, 2), normal(4, 3, 2, seed=18), normal(4, 3, 2, seed=19)),
)
AddPositions.equivalents = dict.fromkeys(
    (
        "return x + self.params['P'][:x.T.shape[1]]",
        "self.grads['P'][:dy.T.shape[1]] += dy.sum(axis=0)",
    ),
    "The middle one of three axes stays in the middle.",
)
AddPositions.hints = (
    "A text of T tokens uses the first T rows of the table, and NumPy adds them to each of the N "
    "texts.",
    "What is added with slope 1 passes dy on as it is. Which rows of P had a part in it?",
    "All N texts used the same rows, so their gradients add up over axis 0, and only the first T "
    'rows receive something: self.grads["P"][: dy.shape[1]] += ….',
)
AddPositions.mistakes = {
    "The gradients of the N texts are averaged. Whether the loss is a mean is in dy already: add.":
        edit("sum(axis=0)", "mean(axis=0)"),
    "Only the first text gives a gradient. All N use the same rows: add up over axis 0.":
        edit("dy.sum(axis=0)", "dy[0]"),
    "Only the last text gives a gradient. All N use the same rows: add up over axis 0.":
        edit("dy.sum(axis=0)", "dy[-1]"),
    "The gradient is added up over the places too. Each place has a row of its own: axis 0 alone.":
        edit("sum(axis=0)", "sum(axis=(0, 1))"),
    "The gradient replaces what stood in grads. Add to it: +=.": edit("+=", "="),
    "The gradient of the positions is missing.":
        edit('        self.grads["P"][: dy.shape[1]] += dy.sum(axis=0)\n', ""),
    "The places count from the end of the table. The first token stands at place 0.":
        edit("[: x.shape[1]]", "[-x.shape[1] :]", "[: dy.shape[1]]", "[-dy.shape[1] :]"),
    "forward counts the places from the end of the table. The first token stands at place 0.":
        edit("[: x.shape[1]]", "[-x.shape[1] :]"),
    "The places count backwards. The first token stands at place 0.":
        edit("[: x.shape[1]]", "[: x.shape[1]][::-1]", "dy.sum(axis=0)", "dy.sum(axis=0)[::-1]"),
    "The whole table is added, and T may be smaller than the context: take its first T rows.":
        edit("[: x.shape[1]]", "", "[: dy.shape[1]]", ""),
    "len(x) is the number of texts, N. The number of places is x.shape[1].":
        edit("[: x.shape[1]]", "[: len(x)]", "[: dy.shape[1]]", "[: len(dy)]"),
    "The rows are multiplied. They are added.": edit("x + self", "x * self"),
    "Nothing goes back to x. A sum passes the gradient on, as it is, to both sides.":
        edit("return dy", "return 0 * dy"),
    "dy goes back summed over the texts. Each text keeps its own.":
        edit("return dy", "return dy.sum(axis=0)"),
}  # fmt: skip


@exercise
def spend():
    """Features, heads and blocks of a GPT with at most 5,000 parameters: three numbers."""
    return 16, 4, 1


@cache
def _sentences():
    """Rows of 25 words of TinyLanguage to train on, and others."""
    language, rng = TinyLanguage(), np.random.default_rng(0)
    number = {word: i for i, word in enumerate(language.vocabulary)}
    rows = np.empty((1200, 25), dtype=int)
    for row in rows:
        text = [".", *(word for words in language.sample(12, rng=rng) for word in words)]
        row[:] = [number[word] for word in text[:25]]
    return rows[:1000], rows[1000:]


def _spent(settings):
    """The parameters, whether heads share the features equally, and the loss after 200 steps."""
    d, n_heads, n_blocks = map(int, settings)
    size = 68 * d + 24 * d + n_blocks * (12 * d * d + 13 * d) + 2 * d
    possible = min(d, n_heads) > 0 <= n_blocks and d % n_heads == 0
    if size > 5000 or not possible:
        return size, possible, math.inf
    (rows, others), rng = _sentences(), np.random.default_rng(2)
    model = GPT(68, 24, d, n_heads, n_blocks, rng=rng).astype(np.float32)
    adam = Adam(0.02, beta2=0.99)
    for s in range(200):
        adam.lr = 0.02 * min(1, (s + 1) / 20) * (1 - s / 200)
        batch = rows[rng.integers(len(rows), size=8)]
        model.zero_grads()
        model.backward(cross_entropy(model.forward(batch[:, :-1]), batch[:, 1:])[1])
        adam.step(model)
    loss, _ = cross_entropy(model.predict(others[:, :-1]), others[:, 1:])
    return size, possible, float(loss)


spend.observe = _spent
spend.form = "d, n_heads, n_blocks"
spend.accept = (
    (
        lambda seen: seen[1],
        "The heads must share the features equally, and all three are whole numbers from 1 (blocks "
        "from 0).",
    ),
    (
        lambda seen: seen[0] <= 5000,
        "That has more than 5,000 parameters. Count V D + T D + L (12 D² + 13 D) + 2 D, with V = "
        "68 and T = 24.",
    ),
    (
        lambda seen: seen[2] < 2.9,
        "After 200 steps the loss is above 2.9. Without a block no token sees another, and through "
        "few features little passes, in one block or in many.",
    ),
    (
        lambda seen: seen[2] < 2.16,
        "After 200 steps the loss is not below 2.16, that of pairs. The features are too few for "
        "what must pass through them: rather one wide block than several narrow ones.",
    ),
)
spend.hints = (
    "The blocks cost 12 D² + 13 D each, the tables (68 + 24) D. What do one, two and four blocks "
    "leave for D?",
    "One block leaves D = 16, two leave 12, four leave 8. In 200 steps width is worth more than "
    "depth.",
    "16 features, one block, and a number of heads that divides 16.",
)
spend.reason = (
    "With one block, D = 16 costs 92 · 16 + 12 · 256 + 13 · 16 + 32 = 4,784 parameters, and after "
    "200 steps the loss is about 2. With four blocks D = 8 is left, and the loss is above 2.2. "
    "With no block at all the parameters could pay for 53 features, and the loss is above 3: no "
    "token sees another."
)
spend.equivalents = dict.fromkeys(
    ("return (16, 2, 1)", "return (16, 8, 1)"), "The number of heads hardly matters here."
)
spend.mistakes = {
    "Without a block no token sees another, so however many features there are, the loss stays "
    "above 2.9.": (48, 1, 0),
    "Four blocks leave 8 features, too few for what must pass through them in 200 steps.":
        (8, 2, 4),
    "Two blocks of 16 features have more than 5,000 parameters.": (16, 4, 2),
}  # fmt: skip


@exercise
def explanations():
    """Which of three explanations survives its control: "survives" or "fails" for each."""
    return "fails", "survives", "fails"


explanations.form = '"survives" or "fails", three times'
explanations.hints = (
    "An explanation fails if the loss falls where it says that it should not, or stays where it "
    "says that it should fall.",
    "The second model has as many parameters as the fourth, and the third as many too.",
    "Only one thing changes between the second model and the third: what a token sees. Nothing "
    "falls from the third to the fourth.",
)
explanations.reason = (
    "The second model has every parameter of the fourth and stays at 2.20, so parameters do not "
    "explain the fall to 1.76. The third sees earlier words and reaches 1.75, so seeing them "
    "explains it. The fourth may also choose among them, and is no better: for this step choosing "
    "explains nothing."
)
explanations.mistakes = {
    "The model that sees itself only has all parameters too, and stays at 2.20. So they alone "
    "explain nothing of the fall from there.": ("survives", "survives", "fails"),
    "The model with equal weights cannot choose, and is as good. Choosing explains nothing of "
    "this step.": ("fails", "survives", "survives"),
    "Seeing earlier words is all that changes from the second model to the third, and the loss "
    "falls by 0.4.": ("fails", "fails", "fails"),
    "It is the other way round for the last two: equal weights are as good as chosen ones, and "
    "they see earlier words.": ("fails", "fails", "survives"),
    "Go through the controls one by one: each keeps everything but one thing. What stays as good "
    "without a thing is not explained by it.": ("survives", "survives", "survives"),
    "The parameters are there in the second model, and it stays at 2.20. From the second to the "
    "third nothing changes but what a token sees.": ("survives", "fails", "fails"),
    "The parameters are there in the second model, and it stays at 2.20. And the third is as good "
    "as the fourth without choosing.": ("survives", "fails", "survives"),
}  # fmt: skip


@exercise
def write_scale(d_in, n_blocks):
    """The standard deviation of first weights that write to the stream."""
    return math.sqrt(1 / d_in) / math.sqrt(2 * n_blocks)


write_scale.cases = (48, 3), (192, 12), (64, 1)
write_scale.hints = (
    "Dense draws with variance 1 / d_in. How many sums are added to the stream on its way?",
    "Each block adds two: 2 * n_blocks. For their sum to have the variance of one, each needs 1 / "
    "(2 n_blocks) of it.",
    "The standard deviation is the root of 1 / d_in / (2 n_blocks).",
)
write_scale.mistakes = {
    "That is the variance. Asked is the standard deviation, its root.":
        edit("math.sqrt(1 / d_in) / math.sqrt(2 * n_blocks)", "1 / d_in / (2 * n_blocks)"),
    "A block adds to the stream twice, after attention and after the MLP: 2 n_blocks.":
        edit("2 * n_blocks", "n_blocks"),
    "Variances add up, not standard deviations: the root of 2 n_blocks is enough.":
        edit("math.sqrt(2 * n_blocks)", "(2 * n_blocks)"),
    "That is the scale of any Dense. What is written to the stream is made smaller.":
        edit(" / math.sqrt(2 * n_blocks)", ""),
    "1 / d_in is a variance: take its root too.": edit("math.sqrt(1 / d_in)", "1 / d_in"),
    "The weights grow with the depth. More layers need smaller ones.": edit(") / math", ") * math"),
    "d_in stands above the line. More inputs make a larger sum, so each weight must be smaller.":
        edit("1 / d_in", "d_in"),
    "A block adds to the stream twice, and variances add up, not standard deviations: √(2 "
    "n_blocks) instead of n_blocks.": edit("math.sqrt(2 * n_blocks)", "n_blocks"),
    "/ 2 * n_blocks divides by 2 and multiplies by n_blocks. Put 2 * n_blocks in brackets, and "
    "take its root.": edit("math.sqrt(2 * n_blocks)", "2 * n_blocks"),
    "/ 2 * n_blocks divides by 2 and multiplies by n_blocks. Put 2 * n_blocks in brackets.":
        lambda d_in, n_blocks: math.sqrt(1 / d_in / 2 * n_blocks),
    "That is the variance of any Dense. Take the root, and make what is written to the stream "
    "smaller.": lambda d_in, n_blocks: 1 / d_in,
    "d_in is missing: a sum over d_in inputs needs variance 1 / d_in.": edit("1 / d_in", "1"),
    "The 2 has no root: both sums of each of n_blocks blocks count, √(2 n_blocks).":
        edit("math.sqrt(2 * n_blocks)", "(2 * math.sqrt(n_blocks))"),
}  # fmt: skip


@exercise
def loss_without_padding(nats, lengths):
    """The mean surprise of the real tokens: (N, T) and (N,) to a number."""
    real = np.arange(nats.shape[1]) < lengths[:, None]
    return nats[real].mean()


NATS = np.array([[1.5, 0.25, 2.0, 6.0, 7.0], [0.5, 1.0, 0.75, 3.0, 0.1], [2.2, 5.0, 9.0, 4.0, 8.0]])
loss_without_padding.cases = (
    (NATS, np.array([3, 5, 1])),
    (NATS[:2, :4], np.array([2, 3])),
    (NATS.T[:3, :3], np.array([1, 3, 2])),
)
loss_without_padding.start = edit("[real]", "")
loss_without_padding.hints = (
    "Which places count? In row n the first lengths[n] of them.",
    "real = np.arange(T) < lengths[:, None] has the shape (N, T), True where a token is real.",
    "nats[real] are the surprises of real tokens, from all rows: take their mean.",
)
loss_without_padding.mistakes = {
    "The sum is over real tokens, but it is divided by all places. Divide by the number of real "
    "tokens.": edit("mean()", "sum() / nats.size"),
    "Each row is averaged first, so a token of a short row counts more. Divide the sum over all "
    "real tokens by their number.":
        edit("nats[real].mean()", "((nats * real).sum(axis=1) / lengths).mean()"),
    "The sum over real tokens is divided by the number of rows. Divide by the number of real "
    "tokens.": edit("mean()", "sum() / len(nats)"),
    "That counts the padding and leaves out the tokens.": edit("[real]", "[~real]"),
    "One place too many in each row: indices start at 0, so < and not <=.": edit("<", "<="),
    "The surprises of the padding are still in the sum; only what it is divided by is right.":
        edit("nats[real].mean()", "nats.sum() / real.sum()"),
    "That is a mean for each row. Add up over all rows, then divide once.":
        edit("nats[real].mean()", "(nats * real).sum(axis=1) / lengths"),
    "That is a sum for each row. Add up over all rows, and divide by the number of real tokens.":
        edit("nats[real].mean()", "(nats * real).sum(axis=1)"),
    "The means of the rows are added up. Add up the surprises of all rows, and divide once, by "
    "the number of real tokens.":
        edit("nats[real].mean()", "((nats * real).sum(axis=1) / lengths).sum()"),
    "The sum over all rows is divided by the length of each row. Divide by the sum of lengths.":
        edit("mean()", "sum() / lengths"),
    "Every row is cut at the length of the shortest. Each row has a length of its own.":
        edit("[real]", "[:, : min(lengths)]"),
    "Every row is cut at the length of the longest, so shorter rows keep their padding.":
        edit("[real]", "[:, : max(lengths)]"),
    "Those are the surprises of the real tokens. Take their mean.": edit(".mean()", ""),
    "The last real token of each row is left out. It counts too.": edit("<", "< -1 +"),
    "The last places of each row were taken. The first lengths[n] are real.":
        edit("nats[real]", "nats[:, ::-1][real]"),
    "That is the sum. The loss is a mean: divide by the number of tokens.": edit("mean", "sum"),
    "That is the perplexity. The loss is the mean itself.":
        edit("nats[real].mean()", "np.exp(nats[real].mean())"),
}  # fmt: skip
loss_without_padding.equivalents = {"real = np.arange(nats.shape[1]) < lengths.T[:, None]": VECTOR}


@exercise
def lowest_loss():
    """The lowest loss when probabilities are taken for scores, V = 68."""
    return math.log(math.e + 67) - 1


lowest_loss.tolerance = 1.6e-4  # three decimals
lowest_loss.hints = (
    "The best that the model can do is p = 1 for the right token and 0 for the 67 others. Now "
    "take softmax of that.",
    "The right token gets e^1 / (e^1 + 67 e^0).",
    "The loss is minus the logarithm of that: ln(e + 67) − 1.",
)
lowest_loss.reason = (
    "The best that the model can hand over is 1 for the right word and 0 for the 67 others. "
    "Softmax of these gives the right word e¹ / (e¹ + 67 e⁰), about 0.039. The loss is −ln of "
    "that, ln(e + 67) − 1, about 3.244."
)
lowest_loss.mistakes = {
    "That would be so with scores, which grow without a limit. Probabilities end at 1, and "
    "softmax of 1 and 67 zeros is not 1 and zeros.": 0.0,
    "That is the loss of equal scores, ln 68. Here the right one has 1, others 0.": math.log(68),
    "That counts 68 zeros. The right token is one of the 68: 67 others.": edit("67", "68"),
    "That is the probability. The loss is minus its logarithm.": math.e / (math.e + 67),
    "That is the probability, to three decimals. The loss is minus its logarithm.": 0.039,
    "The numerator is e^1, whose logarithm is 1: subtract it.": edit(" - 1", ""),
    "That is the entropy of the language: the floor for the right loss.": 1.144,
    "The right token adds e^1 to the sum, and not 1: ln(e + 67), not ln 68.": edit("math.e", "1"),
    "The logarithm is to base 2. Losses are in nats.": (math.log(math.e + 67) - 1) / math.log(2),
    "The logarithm is to base 10. The book's losses are in nats.":
        math.log10(math.e + 67) - math.log10(math.e),
    "The sum has all 68 tokens in it, the right one with e^1 too: ln(e + 67), not ln 67.":
        edit("math.e + ", ""),
    "The sign is wrong: a loss is minus a logarithm, and above 0.": 1 - math.log(math.e + 67),
    "That is right as far as it goes, to two decimals. Give three.": 3.24,
    "That is right as far as it goes, to one decimal. Give three.": 3.2,
    "Rounded to three decimals it is smaller: ln(e + 67) − 1.": 3.245,
}  # fmt: skip


@exercise
def failing_runs():
    """The cause of each of the four runs."""
    return ("off-by-one targets", "no positions", "no mask", "softmax twice")


failing_runs.form = 'four of "no mask", "no positions", "off-by-one targets", "softmax twice"'
failing_runs.hints = (
    "Two of them are below the floor, which no honest model can be. One of the two reads the "
    "answer in its input, the other one is asked for the wrong answer.",
    "One cannot fall below 3.24, whatever it learns. One learns almost perfectly, and repeats the "
    "word that it has read.",
    "If the target is the input itself, copying is enough: the loss goes to 0, also on fresh text "
    "read in the same way, and the model repeats each word.",
)
failing_runs.reason = (
    "Runs 1 and 3 are far below the floor of 1.144, so both read the answer. Run 1 repeats the "
    "word that it has read: its target is its input. Run 3 looks ahead in training; when it writes "
    "there is nothing ahead, and no sense in it. Run 4 is stuck at 4.1, above 3.24, which softmax "
    "twice cannot beat. Run 2 writes sentences and yet stays above the floor: it misses something "
    "that the words alone do not tell, their positions."
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
    z = logits / temperature
    e = np.exp(z - z.max())
    return e / e.sum()


with_temperature.cases = (
    (np.array([2.0, -1.0, 0.5, 1.2, -0.3]), 0.5),
    (np.array([0.1, 3.0, 2.2, -2.0]), 1.7),
    (np.array([30000.0, -90000.0, 30001.5]), 2.0),
)
with_temperature.start = edit("logits / temperature", "logits")
with_temperature.hints = (
    "p / temperature divides all probabilities by the same number. What does p / p.sum() do to "
    "that?",
    "It undoes it. The scores have to be divided, before softmax.",
    "Take softmax of logits / temperature.",
)
with_temperature.mistakes = {
    "The probabilities do not sum to 1 any more: divided after softmax. Divide the scores, "
    "before it.": edit("logits / temperature", "logits", "e.sum()", "e.sum() / temperature"),
    "The scores are multiplied by the temperature. A high one should make them more equal: "
    "divide.": edit("/ temperature", "* temperature"),
    "The probabilities went through softmax a second time. Divide the scores, and take softmax "
    "once.": lambda logits, temperature: softmax(softmax(logits) / temperature),
    "The probabilities of the divided scores went through softmax a second time. Once is enough.":
        edit("e / e.sum()", "softmax(e / e.sum())"),
    "The power 1/τ of the probabilities does it too, but then they do not sum to 1: divide by "
    "their sum.": lambda logits, temperature: softmax(logits) ** (1 / temperature),
    "The exponentials are right, but do not sum to 1: divide by their sum.": edit(" / e.sum()", ""),
    "The exponentials have the temperature and their sum has not. Divide the scores first, and "
    "use them in both places.": edit("e.sum()", "np.exp(logits - logits.max()).sum()"),
    "The probabilities are divided once more at the end. Dividing the scores is enough.":
        edit("e.sum()", "e.sum() / temperature"),
    "Those are logarithms of probabilities. Leave the logarithm out.":
        edit("e / e.sum()", "np.log(e / e.sum())"),
    "The sign of the scores is turned: the worst token is likeliest.": edit("logits", "-logits"),
    "The scores are divided by the root of the temperature. Divide by the temperature.":
        edit("temperature", "np.sqrt(temperature)"),
    "The temperature is subtracted, which changes nothing: all scores move alike. Divide.":
        edit("z - z.max()", "logits - temperature"),
    "Those are divided scores. Softmax is missing.": edit("e / e.sum()", "z"),
    "The best token gets everything. That is greedy, and no temperature but 0 does it.":
        edit("e / e.sum()", "(z == z.max()) * 1.0"),
    "Large scores leave the range of numbers. Divide first, then subtract the largest of the "
    "divided scores, so that the largest exponent is 0.": edit("z - z.max()", "z"),
    "The largest was taken from the scores before they were divided, so at a high temperature "
    "all exponentials are 0: subtract the largest divided score.": edit("z.max()", "logits.max()"),
    "The exponential is missing: the divided scores were divided by their sum.":
        edit("np.exp(z - z.max())", "z"),
}  # fmt: skip
with_temperature.equivalents = {"z = logits.T / temperature": VECTOR}


@exercise
def keep_top_k(p, k):
    """The probabilities (V,) when only the k most probable tokens may be drawn."""
    best = np.argsort(-p)[:k]
    kept = np.zeros(len(p))
    kept[best] = p[best]
    return kept / kept.sum()


P = np.array([0.1, 0.4, 0.02, 0.25, 0.18, 0.05])
P_2 = np.array([0.35, 0.05, 0.15, 0.45])
keep_top_k.cases = (P, 3), (P_2, 2), (P, 1), (P_2, 4), (P[::-1], 5)
keep_top_k.hints = (
    "np.argsort(-p) is the list of tokens from the most to the least probable.",
    "Start from zeros, and copy the first k of that list: kept[best] = p[best].",
    "What is left sums to less than 1: divide by its sum.",
)
keep_top_k.mistakes = {
    "What is left does not sum to 1. Divide by its sum.": edit(" / kept.sum()", ""),
    "The least probable tokens were kept: argsort goes from small to large.": edit("-p", "p"),
    "The k least probable tokens are thrown away. Keep k tokens, and throw all others away.":
        edit("[:k]", "[: len(p) - k]"),
    "One token too many is kept.": edit(":k", ": k + 1"),
    "np.argsort(-p) is a list of tokens, the best first, and not the rank of each token. Its "
    "first k entries are the places to keep.": edit("[:k]", " < k"),
    "The first k tokens of the vocabulary were kept. Keep the k most probable.":
        edit("np.argsort(-p)[:k]", "np.arange(k)"),
    "The k most probable come back in a list of their own. Keep all V places, with 0 for the "
    "others: a place is a token.": edit("kept / kept.sum()", "p[best] / p[best].sum()"),
    "The k most probable come back in a list of their own, the largest last. Keep all V places, "
    "with 0 for the others.": edit("kept / kept.sum()", "np.sort(p[best]) / p[best].sum()"),
    "The k probabilities come back in a list of their own, and do not sum to 1. Keep all V "
    "places, with 0 for the others, and divide by the sum.": edit("kept / kept.sum()", "p[best]"),
    "The k probabilities come back in a list of their own, the largest last, and do not sum to "
    "1. Keep all V places, with 0 for the others.": edit("kept / kept.sum()", "np.sort(p)[-k:]"),
    "Those are the tokens themselves. Return a probability for each of the V tokens.":
        edit("kept / kept.sum()", "best"),
    "Those are the tokens themselves, the best last. Return a probability for each of the V.":
        edit("kept / kept.sum()", "best[::-1]"),
    "The probabilities come back sorted. Each belongs to its token: write them to their old "
    "places.": edit("kept / kept.sum()", "np.sort(kept / kept.sum())[::-1]"),
    "The k most probable were set to 0. Keep them, and set the others to 0.":
        edit("np.zeros(len(p))", "p.copy()", "= p[best]", "= 0"),
    "One token too few is kept.": edit(":k", ": k - 1"),
    "Only the token of rank k is kept. Keep all from the best down to it.": edit("[:k]", "[k - 1]"),
    "Everything is divided by the sum of the k best, but nothing is set to 0.":
        edit("return kept", "return p"),
    "What is left is divided by k. Divide by its sum, to sum to 1.": edit("kept.sum()", "k"),
    "What is left is divided by its largest. Divide by its sum, so that it sums to 1.":
        edit("kept.sum()", "kept.max()"),
    "The kept tokens went through softmax, which changes their proportions. Divide by the sum.":
        edit("zeros(len(p))", "full(len(p), -np.inf)", "kept / kept.sum()", "softmax(kept)"),
    "Nothing is thrown away.": edit("[:k]", ""),
    "The kept tokens are equally likely now. They keep their proportions: divide by the sum.":
        edit("= p[best]", "= 1"),
    "The kept tokens went through softmax, and so did the zeros, which became positive. Divide "
    "by the sum.": edit("kept / kept.sum()", "softmax(kept)"),
    "The sum of what was thrown away is spread equally. Divide by the sum of what is left.":
        edit("return kept / kept.sum()", "kept[best] += (1 - kept.sum()) / k\n    return kept"),
}  # fmt: skip
keep_top_k.equivalents = dict.fromkeys(
    (
        "best = np.argsort(-p.T)[:k]",
        "kept = np.zeros(len(p.T))",
        "kept[best] = p.T[best]",
    ),
    VECTOR,
)


@exercise
def keep_top_p(p, top_p):
    """The probabilities (V,) when only the fewest tokens that reach top_p may be drawn."""
    order = np.argsort(-p)
    reached = np.cumsum(p[order])
    inside = order[reached - p[order] < top_p]
    kept = np.zeros(len(p))
    kept[inside] = p[inside]
    return kept / kept.sum()


def _kept(p, where):
    kept = np.where(where, p, 0.0)
    return kept / max(kept.sum(), 1e-9)


def _sums(p):
    """The sum of each token and all that are more probable."""
    return np.array([p[p >= one].sum() for one in p])


def _tail_sums(p):
    """The sum of each token and all that are less probable."""
    return np.array([p[p <= one].sum() for one in p])


P_EXACT = np.array([3, 8, 1, 4]) / 16  # whose sums are without error
keep_top_p.cases = (
    *((P, 0.62), (P_2, 0.3), (P, 0.88), (P_2, 0.97)),
    *((P_EXACT, 0.75), (P_EXACT, 1.0), (P_EXACT, 0.5)),
)
keep_top_p.start = lambda p, top_p: _kept(p, _sums(p) <= top_p)
keep_top_p.hints = (
    "The kept tokens should reach top_p together. With p = [0.5, 0.3, 0.2] and top_p = 0.6, do "
    "they?",
    "The token that crosses the line belongs to them. A token is kept if the sum of all before it "
    "is still below top_p.",
    "np.cumsum(p[order]) - p[order] is the sum before each token.",
)
keep_top_p.mistakes = {
    "What is left does not sum to 1. Divide by its sum.": edit(" / kept.sum()", ""),
    "That keeps tokens whose own probability is at least top_p. Their sum, from the most "
    "probable on, should reach it.": lambda p, top_p: _kept(p, p >= top_p),
    "The sum runs through the vocabulary in its own order. Sort from the most probable on.":
        edit("np.argsort(-p)", "np.arange(len(p))"),
    "The sum starts from the least probable token. Sort the other way.": edit("-p)", "p)"),
    "One token too many: the one that crosses the line is the last.":
        edit("order[reached - p[order] < top_p]", "order[: (reached < top_p).sum() + 2]"),
    "Where the sum is just top_p, one token too many is kept: top_p is reached already.":
        edit("< top_p", "<= top_p"),
    "Where no sum is above top_p, as for 1, argmax finds nothing, and gives 0; and where a sum "
    "is just top_p, one token too many is kept. Ask for the first sum of at least top_p.":
        edit("order[reached - p[order] < top_p]", "order[: np.argmax(reached > top_p) + 1]"),
    "The token with which the sum is just top_p is lost now, and the one that crosses the line "
    "still is.": lambda p, top_p: _kept(p, _sums(p) < top_p),
    "The mask is made for the sorted tokens, and is used on the unsorted ones. order[mask] are "
    "the tokens to keep.": edit("order[reached - p[order] < top_p]", "reached - p[order] < top_p"),
    "The kept probabilities come back in a list of their own. Keep all V places, with 0 for the "
    "others: a place is a token.": edit("kept / kept.sum()", "p[inside] / p[inside].sum()"),
    "What is left is divided by top_p. It reaches more than that, because of the token that "
    "crosses the line: divide by its own sum.": edit("kept.sum()", "top_p"),
    "The kept tokens are equally likely now. They keep their proportions: divide by the sum.":
        edit("= p[inside]", "= 1"),
    "The kept tokens went through softmax, and so did the zeros, which became positive. Divide "
    "by the sum.": edit("kept / kept.sum()", "softmax(kept)"),
    "That keeps the tail: the tokens after the line, and the one that crosses it.":
        edit("reached - p[order] < top_p", "reached >= top_p"),
    "The sum runs through the vocabulary in its own order, and the token that crosses the line "
    "is lost. Sort from the most probable on.": lambda p, top_p: _kept(p, np.cumsum(p) <= top_p),
    "The sum starts from the least probable token, and keeps those below the line. Start from "
    "the most probable.": lambda p, top_p: _kept(p, _tail_sums(p) <= top_p),
    "From the least probable on, the tokens to throw away are those whose sum is at most 1 − "
    "top_p, not top_p.": lambda p, top_p: _kept(p, _tail_sums(p) > top_p),
    "Turned round: from the least probable on, the tokens whose sum is at most 1 − top_p are "
    "those to throw away, not those to keep.":
        lambda p, top_p: _kept(p, _tail_sums(p) <= 1 - top_p),
    "From the most probable on, the sum should reach top_p, and not 1 − top_p.":
        lambda p, top_p: _kept(p, _sums(p) <= 1 - top_p),
    "The token that crosses the line is still lost, and where nothing is kept, 0 / 0 gives nan.":
        edit("reached - p[order] < top_p", "reached <= top_p"),
    "The token that crosses the line is still lost, and what is left does not sum to 1.":
        edit("reached - p[order] < top_p", "reached <= top_p", " / kept.sum()", ""),
    "Everything is divided by the sum of the kept tokens, but nothing is set to 0.":
        edit("return kept", "return p"),
    "top_p is a probability to reach, and not a share of the vocabulary.":
        edit("order[reached - p[order] < top_p]", "order[: math.ceil(top_p * len(p))]"),
    "That keeps tokens whose own probability is at least 1 − top_p. Their sum, from the most "
    "probable on, should reach top_p.": lambda p, top_p: _kept(p, p >= 1 - top_p),
    "The probabilities come back sorted. Each belongs to its token: write them to their old "
    "places.": edit("kept / kept.sum()", "np.sort(kept / kept.sum())[::-1]"),
    "The most probable token is always kept now, but in other places the one that crosses the "
    "line is still lost.": lambda p, top_p: _kept(p, (_sums(p) <= top_p) | (p == p.max())),
    "Nothing is thrown away.": edit("[reached - p[order] < top_p]", ""),
}  # fmt: skip
keep_top_p.equivalents = dict.fromkeys(
    (
        "order = np.argsort(-p.T)",
        "reached = np.cumsum(p.T[order])",
        "inside = order[reached - p.T[order] < top_p]",
        "kept = np.zeros(len(p.T))",
        "kept[inside] = p.T[inside]",
    ),
    VECTOR,
)


@exercise
def write_greedily(scores, prompt, n_new):
    """The prompt and n_new more tokens, each the one with the largest score."""
    ids = list(prompt)
    for _ in range(n_new):
        ids.append(int(np.argmax(scores(ids))))
    return tuple(ids)


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


def _drawn(scores, prompt, n_new):
    rng, ids = np.random.default_rng(0), list(prompt)
    for _ in range(n_new):
        ids.append(int(rng.choice(len(NEXT), p=softmax(scores(ids)))))
    return tuple(ids)


write_greedily.cases = (_scores_of, [0], 5), (_scores_of, [3, 1], 4), (_scores_of, [2, 2, 0], 3)
write_greedily.start = _drawn
write_greedily.hints = (
    "Greedy means that nothing is drawn. Which token has the largest score?",
    "np.argmax(scores(ids)) is that token; it is appended in each round.",
)
write_greedily.mistakes = {
    "The token with the smallest score was taken.": edit("argmax", "argmin"),
    "Only the last token is shown to the model. Give it all that was written so far.":
        edit("scores(ids)", "scores(ids[-1:])"),
    "The model sees the prompt again and again, and not what it has written.":
        edit("scores(ids)", "scores(prompt)"),
    "The prompt is missing in front: return it with the new tokens.":
        edit("tuple(ids)", "tuple(ids[len(prompt) :])"),
    "A return stands inside the loop, so only one token is written.": edit("return", "    return"),
    "n_new counts the new tokens, without the prompt.": edit("n_new", "n_new - len(prompt)"),
    "One token too few.": edit("n_new", "n_new - 1"),
    "One token too many.": edit("n_new", "n_new + 1"),
    "np.max is the largest score. Its place, which is the token, is np.argmax.":
        edit("int(np.argmax(scores(ids)))", "np.max(scores(ids))"),
    "np.max is the largest score, and int cuts its decimals off. The token is np.argmax.":
        edit("argmax", "max"),
    "The token with the second largest score was taken.":
        edit("np.argmax(scores(ids))", "np.argsort(-scores(ids))[1]"),
    "np.argsort goes from small to large, so its first token has the smallest score, and its "
    "last the largest.": edit("np.argmax(scores(ids))", "np.argsort(scores(ids))[1]"),
    "The newest token is not shown to the model. Give it all that was written so far.":
        edit("scores(ids)", "scores(ids[:-1] or ids)"),
    "The model was asked once, and its n_new best tokens were written in a row. Ask it again "
    "after every token.":
        lambda scores, prompt, n_new: (*prompt, *np.argsort(-scores(prompt))[:n_new].tolist()),
    "That is only the last token. Return all of them, and the prompt in front.":
        edit("tuple(ids)", "tuple(ids[-1:])"),
    "That is one token, the last. Return all of them, and the prompt in front.":
        edit("tuple(ids)", "ids[-1]"),
    "New tokens stand in front. They come last: append.": edit("ids.append(", "ids.insert(0, "),
}  # fmt: skip


@exercise
def embed_further(ids, n_past, E, positions):
    """What enters the blocks (T, D) for further tokens, after n_past others."""
    T = len(ids)
    return E[ids] + positions[n_past : n_past + T]


E_6, POS_8 = normal(6, 3, seed=7), normal(8, 3, seed=8)
embed_further.cases = (
    *(([4, 1], 3, E_6, POS_8), ([2], 6, E_6, POS_8), ([0, 5, 5], 1, E_6, POS_8)),
    *((np.array([5, 0, 1, 5]), 4, E_6, POS_8), ([3, 2], 0, E_6, POS_8)),
)
embed_further.start = edit("n_past : n_past + T", ":T")
embed_further.hints = (
    "n_past tokens were read before. Which position does the next token stand at?",
    "Positions count from 0, so n_past tokens stand at 0 to n_past − 1, the next at n_past.",
    "The new ones stand at n_past to n_past + len(ids): a slice.",
)
embed_further.mistakes = {
    "All new tokens stand at the same place. Each stands one further than the one before.":
        edit("n_past : n_past + T", "n_past"),
    "One position too early: that place is taken by the last token of the past.":
        lambda ids, n_past, E, positions: E[ids] + positions[n_past - 1 + np.arange(len(ids))],
    "One position too early: a slice that begins at n_past − 1 has the last token of the past.":
        edit("n_past : n_past + T", "n_past - 1 : n_past + T - 1"),
    "One position too far: n_past tokens stand at 0 to n_past − 1.":
        edit("n_past : n_past + T", "n_past + 1 : n_past + T + 1"),
    "The slice ends at len(ids). Its end is a place: n_past + len(ids).": edit("n_past + T", "T"),
    "The slice has no end, so all places from n_past on are taken. The new tokens need len(ids) "
    "of them.": edit(": n_past + T", ":"),
    "Those are the places of the past. The new tokens come after them.":
        edit("n_past : n_past + T", ":n_past"),
    "The slice begins at 0. The new tokens begin at n_past.": edit("n_past : n_past", ": n_past"),
    "One place too many: a slice ends before its end, n_past + len(ids).": edit("+ T", "+ T + 1"),
    "One place too few: a slice ends before its end, n_past + len(ids).": edit("+ T", "+ T - 1"),
    "The token's own row is missing: add E[ids].": edit("E[ids] + ", ""),
    "The rows are multiplied. They are added.": edit("E[ids] +", "E[ids] *"),
    "The rows are laid side by side. They are added, so that D stays D.":
        edit("E[ids] + positions[n_past : n_past + T]", "np.c_[E[ids], positions[n_past:][:T]]"),
    "n_past was added to the tokens. The place belongs to the table of positions.":
        edit("E[ids]", "E[np.add(ids, n_past)]", "n_past : n_past + T", ":T"),
    "The positions are missing.": edit(" + positions[n_past : n_past + T]", ""),
    "The number of the place is added, and not its vector: its row of positions.": edit(
        "positions[n_past : n_past + T]", "np.arange(n_past, n_past + T)[:, None]"
    ),
    "The row of positions is looked up by the token. It depends on the place alone.":
        edit("n_past : n_past + T", "ids"),
    "The last rows of the table are taken. The new tokens follow the n_past tokens before them.":
        edit("n_past : n_past + T", "-T:"),
}  # fmt: skip


@exercise
def attend_with_cache(q, k, v):
    """The outputs (T, d) of causal attention, a token at a time, with remembered keys, values."""
    keys, values, outputs = [], [], []
    for query, key, value in zip(q, k, v, strict=True):
        keys.append(key)
        values.append(value)
        scores = np.array(keys) @ query / math.sqrt(len(query))
        weights = np.exp(scores - scores.max())
        weights /= weights.sum()
        outputs.append(weights @ np.array(values))
    return np.array(outputs)


def _rounds(see):
    """Round t attends to the keys and values that ``see`` leaves of all."""

    def answer(q, k, v):
        seen = (see(t, k, v) for t in range(len(q)))
        scale = math.sqrt(q.shape[1])
        return np.array([softmax(k @ x / scale) @ v for x, (k, v) in zip(q, seen, strict=True)])

    return answer


def _before_it_remembers(q, k, v):
    outputs = []
    for t in range(len(q)):
        scores = k[:t] @ q[t] / math.sqrt(q.shape[1])
        weights = np.exp(scores - scores.max())
        outputs.append(weights / weights.sum() @ v[:t])
    return np.array(outputs)


Q, K, V = normal(3, 5, 4, seed=9)
Q_2, K_2, V_2 = normal(3, 3, 2, seed=10)
Q_WIDE, K_WIDE, V_WIDE = normal(3, 4, 6, seed=11)
attend_with_cache.cases = (Q, K, V), (Q_2, K_2, V_2), (9000 * Q_WIDE, K_WIDE, V_WIDE)
attend_with_cache.start = edit(
    "keys.append(key)", "keys = [key]", "values.append(value)", "values = [value]"
)
attend_with_cache.hints = (
    "The first token may see one key, the second two. How many does this code have in round t?",
    "One in each round: the new ones take the place of the old ones, instead of coming after them.",
    "Keep two lists, append k[t] and v[t] to them, and attend to all that they hold.",
)
attend_with_cache.mistakes = {
    "In round 0 nothing is remembered yet. Append a token's key and value before it attends.":
        _before_it_remembers,
    "A token does not see itself. Append its key and value before it attends.": (
        lambda q, k, v: np.vstack(
            [0 * v[:1], _rounds(lambda t, k, v: (k[: t + 1], v[: t + 1]))(q[1:], k, v)]
        )
    ),
    "The keys are remembered and the values are not. Each weight needs its value.":
        edit("values.append(value)", "values = [value]"),
    "The values are remembered and the keys are not. Each value needs its weight.":
        edit("keys.append(key)", "keys = [key]"),
    "Every token sees the whole text, later tokens too. In round t there are t + 1 keys.":
        edit("np.array(keys)", "k", "np.array(values)", "v"),
    "The scores are not divided by √d.": edit(" / math.sqrt(len(query))", ""),
    "The scores are divided by √T. Divide by √d, with d the number of features.":
        edit("len(query)", "len(q)"),
    "The scores are divided by the root of the number of keys so far. Divide by √d, with d the "
    "number of features.": edit("len(query)", "len(keys)"),
    "The scores are divided by d. Divide by its root.": edit("math.sqrt(len(query))", "len(query)"),
    "The exponentials are not divided by their sum, so the weights do not sum to 1.":
        edit("        weights /= weights.sum()\n", ""),
    "Softmax is missing: the scores themselves weigh the values.":
        edit("np.exp(scores - scores.max())", "scores", "        weights /= weights.sum()\n", ""),
    "Every value gets the same weight. The query should choose.":
        edit("np.exp(scores - scores.max())", "np.ones(len(keys))"),
    "Only the last two keys and values are kept. Keep all from the first one on.":
        lambda q, k, v: _rounds(lambda t, k, v: (k[: t + 1][-2:], v[: t + 1][-2:]))(q, k, v),
    "Places that are not yet written hold zeros, and a score of 0 gets a weight too: cut the "
    "arrays at t + 1.":
        lambda q, k, v: _rounds(
            lambda t, k, v: [x * (np.arange(len(x)) <= t)[:, None] for x in (k, v)]
        )(q, k, v),
    "Keys are handed over. A key says where to look, and the value is what is handed over.":
        edit("append(value)", "append(key)"),
    "Keys and values are exchanged.": edit("zip(q, k, v", "zip(q, v, k"),
    "The first query asks in every round. Round t has q[t].": edit("@ query", "@ q[0]"),
    "The last query asks in every round. Round t has q[t].": edit("@ query", "@ q[-1]"),
    "Old queries and one new key: the other way round. The new query looks at all keys so far.":
        edit("zip(q, k, v", "zip(k, q, v"),
    "Each token sees itself and what comes later. In round t there are keys 0 to t.":
        lambda q, k, v: _rounds(lambda t, k, v: (k[t:], v[t:]))(q, k, v),
    "The mask came after softmax, so the weights of a row do not sum to 1 any more.":
        lambda q, k, v: _rounds(
            lambda t, k, v: (k, v * (np.arange(len(v)) <= t)[:, None])
        )(q, k, v),
    "That is the mean of the weighted values. The weights sum to 1, so add the values up.":
        edit("np.array(values)", "np.array(values) / len(keys)"),
    "eˣ overflows for large scores, and inf / inf is nan. Subtract the largest first.":
        edit("scores - scores.max()", "scores"),
    "Only the last token's output came back. All T are wanted.":
        edit("np.array(outputs)", "np.array(outputs[-1:])"),
    "Only the last token's output came back, as a vector. All T are wanted.":
        edit("np.array(outputs)", "outputs[-1]"),
    "Each token sees the next one too. In round t there are t + 1 keys.":
        lambda q, k, v: _rounds(lambda t, k, v: (k[: t + 2], v[: t + 2]))(q, k, v),
    "The scores are multiplied by √d. Divide by it.": edit("/ math", "* math"),
    "Only the best key is heard. The output is a weighted mean of all values so far.":
        edit("weights /= weights.sum()", "weights = weights == 1"),
}  # fmt: skip
attend_with_cache.equivalents = dict.fromkeys(
    (
        "scores = np.array(keys) @ query.T / math.sqrt(len(query))",
        "outputs.append(weights.T @ np.array(values))",
    ),
    VECTOR,
)


class _Next:
    """In place of a model: the next token of a list of tokens, always the same one."""

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, ids):
        return (self.factor * ids[-1] + len(ids)) % 7

    def __repr__(self):
        return "next_token"


@exercise
def write_until(next_token, prompt, n_new, stop):
    """The prompt and at most n_new more tokens; after stop nothing is added."""
    ids = list(prompt)
    for _ in range(n_new):
        ids.append(next_token(ids))
        if ids[-1] == stop:
            break
    return ids


def _without_limit(next_token, prompt, stop):
    return write_until.solve(next_token, prompt, 60, stop)


def _asked_before(next_token, prompt, n_new, stop):
    ids = list(prompt)
    while ids[-1] != stop and len(ids) < len(prompt) + n_new:
        ids.append(next_token(ids))
    return ids


write_until.cases = (
    (_Next(3), [4, 1], 12, 6),
    (_Next(2), [5], 3, 9),
    (_Next(3), [6, 2, 6], 8, 6),
    (_Next(3), [4, 1], 0, 1),
    (_Next(5), [0, 3], 6, 5),
)
write_until.start = edit("        if ids[-1] == stop:\n            break\n", "")
write_until.hints = (
    "When is there nothing more to write? Ask it after each token that was added.",
    "The token that stops stays in the text: append it first, and break then.",
    "Only what was written stops. A stop token inside the prompt, or at its end, does not.",
)
write_until.mistakes = {
    "The token that stops is left out. It belongs to the text: whoever reads on must know that "
    "there is an end.": lambda next_token, prompt, n_new, stop: (
        (ids := write_until.solve(next_token, prompt, n_new, stop))[
            : len(ids) - (len(ids) > len(prompt) and ids[-1] == stop)
        ]
    ),
    "A stop token at the end of the prompt stops everything there. Ask after each new token.":
        _asked_before,
    "The prompt has been searched too: a stop token in it stops nothing. Look at new tokens only.":
        edit("ids[-1] == stop", "stop in ids"),
    "The text ends at the first stop token, wherever that is. One in the prompt stops nothing: "
    "look at new tokens only.": lambda next_token, prompt, n_new, stop: (
        (ids := write_until.solve(next_token, prompt, n_new, -1))[
            : ids.index(stop) + 1 if stop in ids else None
        ]
    ),
    "Only the new tokens came back. The text begins with the prompt.":
        edit("return ids", "return ids[len(prompt) :]"),
    "n_new counts the new tokens, and not the whole text.":
        edit("range(n_new)", "range(n_new - len(prompt))"),
    "One token too many follows the one that stops.":
        edit("ids[-1] == stop", "len(ids) > len(prompt) + 1 and ids[-2] == stop"),
    "It goes on until the stop token comes, however long that takes. n_new is the limit.":
        lambda next_token, prompt, n_new, stop: _without_limit(next_token, prompt, stop),
    "All tokens are drawn for the prompt alone. Each sees those before it.":
        edit("next_token(ids)", "next_token(prompt)"),
    "Nothing but the last new token is added. Keep all of them.":
        edit("ids.append(next_token(ids))", "ids = [*prompt, next_token(ids)]"),
}  # fmt: skip


class _Encode:
    """In place of a tokenizer: a token for each byte."""

    def __call__(self, text):
        return list(text.encode())

    def __repr__(self):
        return "encode"


@exercise
def conversation(turns, special, encode):
    """The tokens of a conversation: for each turn who speaks, the text, and the end."""
    ids = []
    for who, text in turns:
        ids += [special[who], *encode(text), special["end"]]
    return ids


SPECIAL = {"question": 300, "answer": 301, "end": 302}
TURNS = [("question", "Why?"), ("answer", "So."), ("question", "No."), ("answer", "Yes.")]
conversation.cases = (
    (TURNS, SPECIAL, _Encode()),
    ([("answer", "Ask me."), ("question", "<|end|>"), ("question", "?")], SPECIAL, _Encode()),
    (
        [("question", "1 + 1"), ("answer", "2")],
        {"end": 256, "answer": 257, "question": 258},
        _Encode(),
    ),
)
conversation.hints = (
    "Write the list for one turn first. Which three parts has it?",
    "[special[who], *encode(text), special[\"end\"]]: the star puts the tokens of the text into "
    "the list one by one.",
    "Do that for each turn, and join the lists: ids += ...",
)  # fmt: skip
conversation.mistakes = {
    "The name of the one who speaks is written out as text. It is one token: special[who].":
        edit("special[who], ", '*encode(f"<|{who}|>"), '),
    "The end is written out as text. It is one token: special[\"end\"].":
        edit('special["end"]', '*encode("<|end|>")'),
    "No turn has an end, so the model never learns to stop.": edit(', special["end"]', ""),
    "The end stands once, after the last turn. Every turn has one: there the model has to stop.":
        edit(', special["end"]', "", "return ids", 'return [*ids, special["end"]]'),
    "Nobody can see who speaks. Each turn begins with special[who].": edit("special[who], ", ""),
    "The end of a turn is missing where a question ends. Every turn has one.":
        edit('special["end"]]', '*[special["end"]] * (who == "answer")]'),
    "Question and answer are taken to alternate. Look at who speaks in each turn.": (
        lambda turns, special, encode: conversation.solve(
            [(("question", "answer")[i % 2], text) for i, (_, text) in enumerate(turns)],
            special, encode,
        )
    ),
    "The one who speaks comes after the text. The token in front tells the model whose turn it is.":
        edit("special[who], *encode(text)", "*encode(text), special[who]"),
    "The name of a special token that somebody typed became that token, so anybody can end a "
    "turn. What is typed is text.": (
        lambda turns, special, encode: [
            i
            for who, text in turns
            for i in (special[who], *(encode(text) if text != "<|end|>" else [special["end"]]),
                      special["end"])
        ]
    ),
    "Only the last turn came back. Add each to what is there.": edit("ids += ", "ids = "),
    "Only the first turn came back. return stands inside the loop.":
        edit("    return ids", "        return ids"),
}  # fmt: skip


@exercise
def answer_mask(ids, answer, end):
    """For each target, which are ids[1:], whether it belongs to an answer: (T - 1,)."""
    counts, inside = [], False
    for before in ids[:-1]:
        inside = before == answer or (inside and before != end)
        counts.append(inside)
    return np.array(counts)


def _of_tokens(ids, answer, end):
    """For each token whether it belongs to an answer, the end included."""
    return [False, *answer_mask.solve(ids, answer, end)]


def _first_only(ids, answer, end):
    ids = list(ids)
    stop = ids.index(end, ids.index(answer)) if end in ids[ids.index(answer) :] else len(ids)
    return np.array([ids.index(answer) < i <= stop for i in range(1, len(ids))])


answer_mask.cases = (
    ([300, 87, 63, 302, 301, 83, 46, 302, 300, 78, 302, 301, 89, 90, 302], 301, 302),
    ([300, 5, 6, 302, 301, 7, 8, 302, 302, 302, 302], 301, 302),
    ([8, 3, 9, 8, 4, 4, 7, 1], 8, 9),
    ([2, 5, 1, 0, 3, 1, 2, 6], 0, 1),
)
answer_mask.hints = (
    "Write the row of tokens, and below each the one that must be predicted from it. Which of "
    "these targets does the model have to be able to write?",
    "The first word of the answer is predicted from the token <|answer|>, and <|end|> from the "
    "last word. Both count; the token <|answer|> itself is nobody's prediction.",
    "Go through the pairs (before, target). An answer begins where before == answer, and it is "
    "over where before == end.",
)
answer_mask.mistakes = {
    "Off by one: that says which inputs belong to an answer. Target number t is ids[t + 1].":
        lambda ids, answer, end: np.array(_of_tokens(ids, answer, end)[:-1]),
    "There is one place too many: T tokens have T − 1 targets.":
        lambda ids, answer, end: np.array(_of_tokens(ids, answer, end)),
    "The end does not count there, so the model never learns to stop.":
        lambda ids, answer, end: answer_mask.solve(ids, answer, end)
        & (np.array(ids[1:]) != end),
    "The token that begins an answer counts there too. The program writes that one, and not the "
    "model.": lambda ids, answer, end: answer_mask.solve(ids, answer, end)
        | (np.array(ids[1:]) == answer),
    "Everything after the first answer counts there, later questions too. An answer ends.":
        edit("inside and before != end", "inside"),
    "Only the first answer counts there. A conversation has several.": _first_only,
    "The first word of an answer does not count there. It is predicted from the token <|answer|>.":
        lambda ids, answer, end: answer_mask.solve(ids, answer, end)
        & (np.array(ids[:-1]) != answer),
    "That is the mask of everything but the answers.":
        edit("np.array(counts)", "~np.array(counts)"),
    "Only the first word of each answer counts there.":
        edit("before == answer or (inside and before != end)", "before == answer"),
    "Those are the places that count. Asked is True or False for each target.":
        edit("np.array(counts)", "np.flatnonzero(counts)"),
    "Those are the tokens that count. Asked is True or False for each target.":
        edit("np.array(counts)", "np.array(ids[1:])[counts]"),
}  # fmt: skip


@exercise
def answer_loss(logits, targets, mask):
    """The mean surprise of the targets that count, and its gradient for the scores (N, T, V)."""
    p = softmax(logits)
    right = np.take_along_axis(p, targets[..., None], axis=-1)[..., 0]
    loss = -np.log(right)[mask].mean()
    one_hot = targets[..., None] == np.arange(logits.shape[-1])
    dlogits = (p - one_hot) * mask[..., None] / mask.sum()
    return {"loss": loss, "dlogits": dlogits}


LOGITS, TARGETS = normal(3, 4, 5, seed=31), np.array([[4, 0, 2, 2], [1, 1, 3, 0], [0, 4, 3, 2]])
MASK = np.array(
    [[False, True, True, False], [True, False, False, False], [False, True, True, True]]
)
answer_loss.cases = (
    (LOGITS, TARGETS, MASK),
    (normal(2, 3, 4, seed=32), np.array([[3, 0, 1], [2, 2, 0]]), MASK[:2, 1:]),
    (normal(1, 4, 3, seed=33), np.array([[2, 0, 1, 1]]), MASK[2:]),
)
answer_loss.hints = (
    "Begin with the loss on everything: softmax, and −ln of the probability of each target. "
    "Then keep those that count, and take their mean.",
    "The gradient of one surprise is p − one_hot. What is it where a place does not count?",
    "The mean divides by the number of places that count, mask.sum(), and so does the gradient. "
    "mask[..., None] has an axis more, for all V scores of a place.",
    "Or in two lines: cross_entropy(logits[mask], targets[mask]) gives the loss, and the gradient "
    "for the places that count. All others are zeros.",
)
answer_loss.mistakes = {
    "Loss and gradient are divided by the number of all places. Divide by those that count.":
        edit("[mask].mean()", "[mask].sum() / mask.size", "mask.sum()", "mask.size"),
    "The loss is right. The gradient is divided by the number of all places: divide by those that "
    "count.": edit("mask.sum()", "mask.size"),
    "The gradient is right. The loss is divided by the number of all places: divide by those that "
    "count.": edit("[mask].mean()", "[mask].sum() / mask.size"),
    "Places that do not count have a gradient too. There it is 0.":
        edit(" * mask[..., None]", ""),
    "Nothing is left out: that is the loss on everything.":
        edit("[mask].mean()", ".mean()", " * mask[..., None] / mask.sum()", " / mask.size"),
    "That leaves out the answers, and counts the rest.":
        edit("[mask]", "[~mask]", "* mask[..., None] / mask.sum()",
             "* ~mask[..., None] / (~mask).sum()"),
    "The surprises are added up. The loss is their mean, and the gradient is that of the mean.":
        edit("[mask].mean()", "[mask].sum()", " / mask.sum()", ""),
    "The gradient is that of the sum. The loss is a mean: divide by the number of places that "
    "count.": edit(" / mask.sum()", ""),
    "Each row is averaged first, so a token of a short answer counts more.":
        edit("-np.log(right)[mask].mean()",
             "(-(np.log(right) * mask).sum(axis=1) / mask.sum(axis=1)).mean()"),
    "The scores of places that do not count are set to 0. Then these places still count, with "
    "equal probabilities.": lambda logits, targets, mask: answer_loss.solve(
        logits * mask[..., None], targets, np.ones_like(mask)
    ),
    "The gradient has the places that count only. It has the shape of logits, with zeros at the "
    "others.": edit('"dlogits": dlogits', '"dlogits": dlogits[mask]'),
    "The sign of the loss is wrong: a surprise is −ln p.": edit("-np.log", "np.log"),
    "The sign of the gradient is wrong: it is p − one_hot.": edit("p - one_hot", "one_hot - p"),
    "Scores stand where probabilities belong: softmax is missing in the gradient.":
        edit("(p - one_hot)", "(logits - one_hot)"),
    "Without p: the gradient of a surprise is p − one_hot.": edit("p - one_hot", "-1 * one_hot"),
    "Without one_hot: the gradient of a surprise is p − one_hot.": edit("p - one_hot", "p"),
    "That is a loss for each place. Take the mean of those that count.":
        edit("-np.log(right)[mask].mean()", "-np.log(right) * mask"),
}  # fmt: skip

answer_loss.equivalents = {
    "right = np.take_along_axis(p, targets[..., None], axis=-1)[..., -1]":
        "The last axis has one element there, so the first is the last.",
    "dlogits = (p - one_hot) * mask[..., None] / mask.T.sum()":
        "The sum of all elements does not depend on their order.",
}  # fmt: skip


@exercise
def keep_step(steps, right, prose, at_least):
    """Of the steps with enough right answers, the one with the lowest loss on prose."""
    good = [i for i in range(len(steps)) if right[i] >= at_least]
    return steps[min(good, key=lambda i: prose[i])]


keep_step.cases = (
    ([0, 50, 100, 150, 200], [0.0, 0.62, 0.96, 0.91, 0.87], [2.9, 3.8, 4.6, 4.4, 4.7], 0.9),
    ([0, 20, 40, 60, 80, 100], [0.0, 0.5, 0.75, 0.7, 0.85, 0.9], [2.9, 3.0, 3.3, 3.2, 3.4, 3.5],
     0.75),
    ([10, 30, 70], [0.8, 0.9, 1.0], [3.9, 3.6, 3.7], 0.8),
    ([5, 10, 20, 40], [0.1, 0.3, 0.6, 0.7], [3.1, 3.3, 3.9, 4.5], 0.6),
)  # fmt: skip
keep_step.hints = (
    "Two curves, two wishes: one is a condition, the other is to be as good as possible.",
    "Which steps have at least `at_least` of the answers right? Look at these only.",
    "Of these, take the one with the lowest loss on prose, and return its step.",
)
keep_step.mistakes = {
    "That is the lowest loss on prose of all. It is lowest before anything was learned.":
        edit(" if right[i] >= at_least", ""),
    "That is the step with the most right answers. Enough is enough: of those with enough, take "
    "the one that forgot least.":
        edit("min(good, key=lambda i: prose[i])", "max(good, key=lambda i: right[i])"),
    "That is the first step with enough right answers. A later one may have forgotten less.":
        edit("min(good, key=lambda i: prose[i])", "good[0]"),
    "That is the last step with enough right answers. An earlier one may have forgotten less.":
        edit("min(good, key=lambda i: prose[i])", "good[-1]"),
    "That is the last step. Training may have gone on for too long.":
        edit("steps[min(good, key=lambda i: prose[i])]", "steps[-1]"),
    "Exactly at_least is enough: >= and not >.": edit(">=", ">"),
    "The position is one among the steps with enough right answers, and steps has all of them.":
        edit("steps[min(good, key=lambda i: prose[i])]",
             "steps[good.index(min(good, key=lambda i: prose[i]))]"),
    "That is the position in the list. Return the step.":
        edit("steps[min(good, key=lambda i: prose[i])]", "min(good, key=lambda i: prose[i])"),
    "That is the loss on prose. Return the step.": edit("steps[min", "prose[min"),
    "That is the share of right answers. Return the step.": edit("steps[min", "right[min"),
    "That is the highest loss on prose. Lower is better.": edit("min(good", "max(good"),
    "The steps with too few right answers were looked at.": edit(">=", "<="),
    "That is the largest difference between the two curves. A share and a loss have no common "
    "measure.": lambda steps, right, prose, at_least: steps[
        int(np.argmax(np.subtract(right, prose)))
    ],
}  # fmt: skip

keep_step.equivalents = dict.fromkeys(
    (
        "good = [i for i in range(len(prose)) if right[i] >= at_least]",
        "good = [i for i in range(len(right)) if right[i] >= at_least]",
    ),
    "The three lists have the same length.",
)


@exercise
def rehearsal():
    """A learning rate, and how many of the 16 rows of a batch are old text."""
    return 0.02, 8


def _counting(up, start):
    """Rows that count up from their first token, or after token 10 down from the second."""
    if up:
        return (start[:, None] + np.arange(8)) % 10
    return np.insert((start[:, None] - np.arange(7)) % 10, 0, 10, axis=1)


def _step(model, adam, rows):
    model.zero_grads()
    model.backward(cross_entropy(model.forward(rows[:, :-1]), rows[:, 1:])[1])
    adam.step(model)


@cache
def _counts_up():
    rng = np.random.default_rng(0)
    model, adam = GPT(11, 7, 16, 2, 1, rng=rng).astype(np.float32), Adam(0.02, beta2=0.99)
    for _ in range(120):
        _step(model, adam, _counting(True, rng.integers(10, size=16)))
    return model


def _taught(settings):
    """Whether the settings make sense; the losses, new and old, after 60 steps with them."""
    lr, n_old = float(settings[0]), int(settings[1])
    if not lr > 0 or n_old != settings[1] or not 0 <= n_old <= 16:
        return 0.0, 9.0, 9.0
    rng, model, adam = np.random.default_rng(1), deepcopy(_counts_up()), Adam(lr, beta2=0.99)
    for _ in range(60):
        start = rng.integers(10, size=16)
        rows = _counting(True, start[:n_old]), _counting(False, start[n_old:])
        _step(model, adam, np.concatenate(rows))
    new, old = _counting(False, np.arange(10)), _counting(True, np.arange(10))
    losses = (
        float(cross_entropy(model.predict(rows[:, :-1])[:, first:], rows[:, 1 + first :])[0])
        for rows, first in ((new, 1), (old, 0))
    )
    return 1.0, *losses


rehearsal.observe = _taught
rehearsal.form = "lr, rows, with rows from 0 to 16"
rehearsal.accept = (
    (
        lambda seen: seen[0] == 1,
        "The learning rate is above 0, and rows is a whole number from 0 to 16.",
    ),
    (
        lambda seen: min(seen) < 0.1,
        "Neither of the two losses is below 0.1. With too high a learning rate both tasks are "
        "lost; with too low a one, 60 steps change too little.",
    ),
    (
        lambda seen: seen[1] < 0.1,
        "Counting down is not learned: its loss is not below 0.1. Are there new rows in a batch? "
        "And a learning rate can be too low for 60 steps, or too high to settle.",
    ),
    (
        lambda seen: seen[2] < 0.1,
        "Counting up is forgotten: its loss is not below 0.1 any more. More rows of each batch "
        "have to be old text.",
    ),
)
rehearsal.hints = (
    "What does the model forget with 0 old rows, and what can it learn with 16?",
    "Take half of the rows, and try learning rates by factors of 3: 0.001, 0.003, 0.01, …",
    "With 8 old rows, every learning rate from about 0.01 to 0.05 will do.",
)
rehearsal.reason = (
    "Without old rows the loss on them rises to about 8: nothing holds on to what the weights "
    "knew. With 16 nothing new is there to learn from. With 8 and a learning rate of 0.02 both "
    "losses fall below 0.1 within 60 steps; with 0.001 the steps are too small to learn "
    "the new task in 60, and with 0.3 so large that both are lost."
)
rehearsal.mistakes = {
    "Without old rows counting up is forgotten: nothing holds on to it. Mix some in.": (0.02, 0),
    "With 16 old rows nothing new is read, so nothing new is learned.": (0.02, 16),
}
rehearsal.equivalents = dict.fromkeys(
    ("return (0.01, 8)", "return (0.04, 8)", "return (0.02, 4)"),
    "This learning rate, or share of old rows, does it too.",
) | dict.fromkeys(
    ("return (0.02, 7)", "return (0.02, 9)"),
    "One row more or fewer makes next to no difference.",
)
