"""Exercises of chapter 5: batches, first weights, optimisers, rates, and failures."""

import functools
import math

import numpy as np

from nnlib import datasets
from nnlib.backprop import Dense, Layer, ReLU, Sequential
from nnlib.descent import cross_entropy
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
from nnlib.matrices import softmax
from nnlib.training import Adam, he_normal, initialise, minibatches

W_1, V_1, G_1 = normal(4, seed=1), normal(4, seed=2), normal(4, seed=3)
W_2, V_2, G_2 = normal(2, 3, seed=4), normal(2, 3, seed=5), normal(2, 3, seed=6)


@exercise
def cut_batches(X, y, order, batch_size):
    """Pairs of (rows of X, rows of y), batch_size at a time, in the given order."""
    pairs = []
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        pairs.append((X[rows], y[rows]))
    return tuple(pairs)


X_7, Y_7 = normal(7, 2, seed=7), np.array([8, 3, 9, 7, 0, 4, 6])
cut_batches.cases = (
    (X_7[:5], Y_7[:5], [2, 0, 4, 1, 3], 2),
    (X_7[:4], Y_7[:4], [3, 1, 0, 2], 4),
    (X_7, Y_7, [4, 2, 6, 3, 0, 5, 1], 3),
    (X_7[1:], Y_7[1:], [1, 5, 2, 4, 0, 3], 3),
    (X_7[4:], Y_7[4:], [1, 2, 0], 5),
)
cut_batches.equivalents = {
    "for start in range(0, len(X), batch_size):": "order has a number for each row of X.",
    "for start in range(0, len(y), batch_size):": "order has a number for each label.",
    "pairs.append((X[rows], y.T[rows]))": "y.T of a list is y itself.",
}
cut_batches.hints = (
    "rows = order[0:batch_size] are the row numbers of the first batch. Which are those of the "
    "second?",
    "Go through range(0, len(order), batch_size): each number is where a batch starts.",
    "X[rows] and y[rows] take these rows, in this order. A slice that goes past the end is "
    "shorter, and no error.",
)
cut_batches.mistakes = {
    "The last batch is missing: it is smaller, and it counts too.":
        edit("len(order)", "len(order) - batch_size + 1"),
    "The labels are not in the order of the images: use the same rows for both.":
        edit("y[rows]", "y[start : start + batch_size]"),
    "The images are not in the order of the labels: use the same rows for both.":
        edit("X[rows]", "X[start : start + batch_size]"),
    "The order is not used: nothing is shuffled.": edit("order[", "range(len(order))["),
    "Every batch starts one row after the last one, so they overlap. Start them batch_size apart.":
        edit(", batch_size)", ")"),
    "There are batch_size batches. Each batch should have batch_size rows.":
        edit("pairs)", "(X[rows], y[rows]) for rows in np.array_split(order, batch_size))"),
    "The rows are shared out evenly, as np.array_split does. Each batch has batch_size rows, and "
    "the last one the rest.":
        edit("pairs)", "(X[rows], y[rows]) for rows in np.array_split(order, len(pairs)))"),
    "Only the first batch came back: does a return stand inside the loop?":
        edit("    return", "        return"),
    "The first batch came back on its own, from inside the loop. Collect the pairs in a list, and "
    "return it after the loop.":
        edit("pairs.append((X[rows], y[rows]))", "return X[rows], y[rows]"),
    "The numbers of the batches are taken for row numbers. Batch k starts at row k · batch_size.":
        edit("range(0, len(order), batch_size)", "range(len(order) // batch_size)"),
    "The last batch is missing: the range ends one batch too early. Its end is the number of "
    "rows.": edit("len(order)", "len(order) - batch_size"),
    "There is one batch too many where the rows fit exactly. It is empty.":
        edit("len(order)", "len(order) + 1"),
    "The labels are missing: a pair is (X_batch, y_batch).": edit("(X[rows], y[rows])", "X[rows]"),
    "The pairs are the wrong way round: images first, then labels.":
        edit("X[rows], y[rows]", "y[rows], X[rows]"),
    "All rows came back as one batch.": edit("tuple(pairs)", "((X[order], y[order]),)"),
    "All rows came back together, as one pair. Cut them into batches.":
        edit("tuple(pairs)", "X[order], y[order]"),
    "Every row came back on its own. A batch has batch_size of them.":
        edit("pairs)", "(X[i], y[i]) for i in order)"),
    "Images and labels came back in one long list. Put the two of a batch into a pair.":
        edit("append((X[rows], y[rows]))", "extend((X[rows], y[rows]))"),
    "All batches of images came first, and then those of labels. A pair has both of one batch.":
        edit("pairs)", "zip(*pairs, strict=True))"),
    "order is read as the place to which each row goes. It is the list of rows to take: X[order].":
        edit("order[", "np.argsort(order)["),
    "A batch ends one row too early. A slice leaves its end out already.":
        edit("start + batch_size", "start + batch_size - 1"),
    "A batch ends one row too late, and the next one begins with that row again.":
        edit("start + batch_size", "start + batch_size + 1"),
    "Each slice ends at batch_size, so all batches after the first are empty. It ends batch_size "
    "after its start.": edit("start + batch_size", "batch_size"),
}  # fmt: skip


@exercise
def he_scale(d_in, d_out):
    """The standard deviation of first weights for ReLU."""
    return np.sqrt(2 / d_in)


he_scale.cases = (784, 16), (100, 300), (50, 50)
he_scale.hints = (
    "ReLU leaves half of the mean square. Which variance makes up for it?",
    "The variance is 2 / d_in. Asked is the standard deviation.",
    "The standard deviation is the square root of the variance.",
)
he_scale.mistakes = {
    "That is the variance. The standard deviation is its square root.": edit("np.sqrt", ""),
    "That is the scale for tanh. ReLU lets half of the mean square through: take 2 / d_in as the "
    "variance.": edit("2", "1"),
    "That is 1 / d_in, the variance for tanh. ReLU needs the root of 2 / d_in, and **1/2 is no "
    "root: **(1/2) is one.": edit("np.sqrt(2", "(1"),
    "That counts the neurons. A sum runs over the inputs: d_in.": edit("d_in", "d_out"),
    "That is Glorot's compromise. With d_in alone ReLU keeps the size forwards.":
        edit("d_in", "(d_in + d_out)"),
    "That is where Glorot's uniform distribution ends. ReLU needs 2 / d_in, as the variance.":
        edit("2 / d_in", "6 / (d_in + d_out)"),
    "The 2 belongs under the root: it doubles the variance, not the scale.":
        edit("np.sqrt(2 / d_in)", "2 / np.sqrt(d_in)"),
    "The root is taken of the 2 only. d_in belongs under it as well.": edit(" / d_in)", ") / d_in"),
    "The fraction is upside down: more inputs need smaller weights.": edit("2 / d_in", "d_in / 2"),
    "The variance is halved instead of doubled.": edit("2 /", "0.5 /"),
    "That is where a uniform distribution with the right variance ends. Asked is the standard "
    "deviation.": edit("2", "6"),
    "d_in multiplies there. More inputs need smaller weights: divide.": edit("/", "*"),
    "That divides by the number of weights. A sum runs over the inputs: d_in.":
        edit("d_in", "(d_in * d_out)"),
    "That is the same for every layer. More inputs need smaller weights.": lambda d_in, d_out: 0.01,
    "The variance is squared. The standard deviation is its square root.":
        edit("np.sqrt(2 / d_in)", "(2 / d_in) ** 2"),
}  # fmt: skip


@layer
class Standardise(Layer):
    """Inputs of mean 0 and size 1: each feature less its mean, over its scale."""

    def __init__(self, data, least):
        super().__init__()
        self.mean = data.mean(axis=0)
        spread = data.std(axis=0)
        self.scale = np.where(spread > least, spread, 1)

    def forward(self, x):
        return ((x - self.mean) / self.scale).astype(x.dtype)

    def backward(self, dy):
        return (dy / self.scale).astype(dy.dtype)


def _features(n, seed):
    """Rows of four features: one that varies much, two that vary little, one that never does."""
    data = normal(n, 4, seed=seed) * [3.0, 0.04, 0.6, 0.0] + [5.0, 0.2, -1.0, 0.7]
    return np.round(data, 3)


EVEN = np.array([[0.0, 1.0], [1.0, 5.0], [1.0, 0.0], [0.0, 2.0]])  # the first spread is 0.5
Standardise.cases = (
    ((_features(9, 31), 0.1), _features(5, 32), normal(5, 4, seed=33)),
    ((_features(6, 34), 0.02), _features(3, 35), normal(3, 4, seed=36)),
    ((EVEN, 0.5), EVEN[1:] + 0.25, normal(3, 2, seed=37)),
)
Standardise.equivalents = {
    "without super().__init__()": "The checker asks nothing of a layer without parameters.",
    "return ((x - self.mean) / self.scale).astype(x.T.dtype)": "x.T has the dtype of x.",
    "return (dy / self.scale).astype(dy.T.dtype)": "dy.T has the dtype of dy.",
}
Standardise.hints = (
    "data.mean(axis=0) and data.std(axis=0) have one number for each feature. Compute them once, "
    "in __init__, and keep them in self.",
    "np.where(spread > least, spread, 1) is the spread where there is enough of it, and else 1.",
    "forward subtracts and divides. backward multiplies by the slope, which is 1 / scale.",
    "If forward(x) has another dtype than x: .astype(x.dtype) at the end.",
)
Standardise.mistakes = {
    "The mean and the spread are those of x, of the batch that just came. They belong to the data "
    "of __init__, so that an image is treated alike in every batch.":
        edit("x - self.mean) / self.scale", "x - x.mean(axis=0)) / self.scale"),
    "The mean is one number for all features. Each feature has its own: axis=0.":
        edit("data.mean(axis=0)", "data.mean()"),
    "The spread is one number for all features. Each feature has its own: axis=0.":
        edit("data.std(axis=0)", "data.std()"),
    "The mean of each row is taken. A feature is a column: axis=0.":
        edit("data.mean(axis=0)", "data.mean(axis=1)"),
    "That divides by the variance. The spread is its root: std.": edit(".std(", ".var("),
    "A feature that hardly varies is divided by its spread all the same, and one that never does "
    "by 0. Divide by 1 where the spread is not above least.":
        edit("np.where(spread > least, spread, 1)", "spread"),
    "A spread below least becomes least, and what hardly varies is blown up. There the scale is 1.":
        edit("np.where(spread > least, spread, 1)", "np.maximum(spread, least)"),
    "The spread is that of a sample, divided by N − 1. Here it is data.std, which divides by N.":
        edit("data.std(axis=0)", "data.std(axis=0, ddof=1)"),
    "A tiny number keeps the quotient finite, and what hardly varies is blown up all the same. "
    "Where the spread is not above least, divide by 1.":
        edit("np.where(spread > least, spread, 1)", "spread + 1e-8"),
    "least is added to the spread. It is a bound: below it the scale is 1.":
        edit("np.where(spread > least, spread, 1)", "spread + least"),
    "Subtract the mean before you divide.":
        edit("(x - self.mean) / self.scale", "x / self.scale - self.mean"),
    "The mean is missing.": edit("x - self.mean", "x"),
    "The scale is missing in forward.":
        edit("((x - self.mean) / self.scale)", "(x - self.mean)"),
    "The mean is subtracted from the gradient too. Its slope is 0: only the scale counts.":
        edit("dy / self.scale", "(dy - self.mean) / self.scale"),
    "The gradient is multiplied by the scale. forward divides, so its slope is 1 / scale.":
        edit("dy / self.scale", "dy * self.scale"),
    "The gradient goes through unchanged. forward divides by the scale, so its slope is 1 / scale.":
        edit("dy / self.scale", "dy"),
}  # fmt: skip


@exercise
def dead_share(Z):
    """The share of ReLU neurons that no image activates: (N, D) to a number."""
    return np.mean((Z <= 0).all(axis=0))


# One dead column, one that is 0 at most, one that lives for a single image, and others.
Z_4 = np.array(
    [
        [-1.0, 0.0, -0.5, 2.0, 0.7],
        [-0.2, -0.7, -4.0, 0.4, -2.0],
        [-2.0, -1.0, -0.1, -1.0, -1.0],
        [-0.6, 0.0, 0.003, -0.5, -0.1],
    ]
)
Z_DEAD = np.array([[-1.0, 0.0], [-0.3, 0.0], [-2.0, 0.0]])
Z_1 = np.array([[0.4, -0.3, 0.0]])
dead_share.cases = (Z_4,), (Z_4[1:],), (normal(2, 3, seed=8),), (Z_DEAD,), (Z_1,)
dead_share.hints = (
    "A neuron is a column. When is it dead: if one entry is not positive, or if all are?",
    "(Z <= 0).all(axis=0) is True for each dead column.",
    "The mean of True and False is the share of True.",
)
dead_share.mistakes = {
    "That is the share of zeros among all activations. A neuron is dead if it answers 0 to every "
    "image.": edit(".all(axis=0)", ""),
    "One silent answer is not death: a dead neuron answers 0 to all images.": edit("all", "any"),
    "That asks each image whether all neurons are silent. A neuron is a column: axis 0.":
        edit("axis=0", "axis=1"),
    "That is the number of dead neurons. Asked is their share: divide by D.": edit("mean", "sum"),
    "A neuron at exactly 0 has slope 0 too: <= instead of <.": edit("<=", "<"),
    "A pre-activation below 0 is silent too: ReLU makes it 0.": edit("<=", "=="),
    "That is the share of neurons that live.": edit("<= 0).all", "> 0).any"),
    "That judges by the mean pre-activation. One positive answer is enough to live.":
        edit("(Z <= 0).all(axis=0)", "Z.mean(axis=0) <= 0"),
    "That divides by the number of images. The share is among the D neurons.":
        edit("mean((Z <= 0).all(axis=0))", "sum((Z <= 0).all(axis=0)) / len(Z)"),
    "That divides by the number of all entries. The share is among the D neurons.":
        edit("mean((Z <= 0).all(axis=0))", "sum((Z <= 0).all(axis=0)) / Z.size"),
    "That says of each neuron whether it is dead. Take the mean of these.": edit("np.mean", ""),
    "That is the share of zeros for each neuron. It is dead where that share is 1; then take the "
    "mean.": lambda Z: (Z <= 0).mean(axis=0),
    "That is the share of negative numbers. A neuron is dead if it answers 0 to every image.":
        edit("<= 0).all(axis=0)", "< 0)"),
    "Only the first image is looked at. A dead neuron is silent for all of them.":
        edit("(Z <= 0).all(axis=0)", "Z[0] <= 0"),
    "That asks whether all neurons are dead. Ask each column: axis=0, and then the mean.":
        edit("axis=0", ""),
}  # fmt: skip


@layer
class PReLU(Layer):
    """Leaky ReLU with a slope of its own for each of d features, which is learned."""

    def __init__(self, d):
        super().__init__({"a": np.full(d, 0.25)})

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.params["a"] * x)

    def backward(self, dy):
        self.grads["a"] += np.where(self.x > 0, 0, dy * self.x).sum(axis=0)
        return np.where(self.x > 0, dy, self.params["a"] * dy)


PReLU.cases = (
    ((3,), normal(5, 3, seed=41), normal(5, 3, seed=42)),
    ((4,), normal(2, 4, seed=43), normal(2, 4, seed=44)),
)
PReLU.equivalents = {
    "return np.where(x >= 0, x, self.params['a'] * x)": "At 0 both are 0.",
    "self.grads['a'] += np.where(self.x >= 0, 0, dy * self.x).sum(axis=0)":
        "At 0 the product is 0 too.",
    "return np.where(self.x >= 0, dy, self.params['a'] * dy)":
        "At the kink either slope will do.",
    "super().__init__({'a': np.full(d, 1.25)})": "The checker sets the slopes itself.",
    "super().__init__({'a': np.full(d, -0.75)})": "The checker sets the slopes itself.",
    "super().__init__({'a': np.full(d, 0.5)})": "The checker sets the slopes itself.",
    "super().__init__({'a': np.full(d, 0.125)})": "The checker sets the slopes itself.",
}  # fmt: skip
PReLU.hints = (
    "np.where(x > 0, x, a * x) is the forward pass. Keep x: backward needs to know where it was "
    "positive.",
    "For x: the slope is 1 where x is positive, and a elsewhere. Multiply by dy.",
    "For a: the slope of a · x with respect to a is x, and only where x is negative. The same a "
    "serves all rows, so add over the rows, and add to self.grads with +=.",
)
PReLU.mistakes = {
    "The gradient of a counts the rows where x is positive. There a plays no part.":
        edit("np.where(self.x > 0, 0, dy * self.x)", "(dy * self.x)"),
    "The gradient of a is taken where x is positive. a multiplies x where it is negative.":
        edit("self.x > 0, 0, dy * self.x", "self.x > 0, dy * self.x, 0"),
    "x is missing in the gradient of a: the slope of a · x with respect to a is x.":
        edit("0, dy * self.x", "0, dy"),
    "dy is missing in the gradient of a.": edit("0, dy * self.x", "0, self.x"),
    "The gradient of a is added over the features. The same a serves all rows: axis=0.":
        edit("axis=0", "axis=1, keepdims=True"),
    "The gradient of a is one sum over everything. Each feature has its own a: axis=0.":
        edit("axis=0", ""),
    "The gradient of a is a mean over the rows. Whether the loss is a mean is in dy already: add.":
        edit("sum(axis=0)", "mean(axis=0)"),
    "The gradient of a replaces what was there. Add to it: +=.": edit("+=", "="),
    "Where x is negative nothing comes back. The slope there is a.":
        edit('self.params["a"] * dy', "0"),
    "dy goes back unchanged where x is negative. The slope there is a.":
        edit('self.params["a"] * dy', "dy"),
    "backward looks at the sign of dy. What counts is the sign of x.":
        edit("self.x > 0, dy", "dy > 0, dy"),
    "forward lets nothing through where x is negative. There it is a · x.":
        edit('self.params["a"] * x', "0"),
    "The two cases have changed places: where x is positive it goes through as it is.":
        edit("x > 0, x,", "x < 0, x,"),
    "a is there twice: a² · x. Where x is negative, forward returns a · x.":
        edit('x, self.params["a"] * x', 'x, self.params["a"] ** 2 * x'),
}  # fmt: skip


@exercise
def momentum_step(w, v, g, lr, momentum):
    """New parameters and new velocity after one step of SGD with momentum."""
    v = momentum * v + g
    return w - lr * v, v


momentum_step.cases = (W_1, V_1, G_1, 0.2, 0.9), (W_2, V_2, G_2, 0.03, 0.6)
momentum_step.hints = (
    "Two lines, in this order: first the velocity, then the parameters.",
    "The new velocity is momentum * v + g. The parameters move by −lr times that.",
)
momentum_step.mistakes = {
    "The parameters move with the old velocity. Update v first, and use the new one.":
        edit("v = momentum", "new = momentum", "v, v", "v, new"),
    "The gradient is multiplied by 1 − momentum, so that v is a mean of gradients. Here it is "
    "added whole.": edit("+ g", "+ (1 - momentum) * g"),
    "The learning rate is inside the velocity. Then v is another number: here it only adds up "
    "gradients, and the learning rate multiplies it in the step.":
        edit("+ g", "+ lr * g", "lr * v,", "v,"),
    "The learning rate is there twice, in the velocity and in the step.": edit("+ g", "+ lr * g"),
    "That walks uphill: subtract.": edit("w -", "w +"),
    "The velocity has the sign of the step, which is then subtracted once more.":
        edit("+ g", "- g"),
    "There the velocity points downhill. Here it adds up gradients as they are, and the step "
    "subtracts it.": edit("+ g", "- g", "w -", "w +"),
    "momentum and 1 − momentum: the share momentum of the old velocity stays, and the gradient "
    "is added whole.": edit("momentum * v + g", "(1 - momentum) * v + momentum * g"),
    "1 − momentum of the old velocity is kept. The share momentum stays.":
        edit("momentum * v", "(1 - momentum) * v"),
    "momentum multiplies the gradient, and the old velocity is kept whole. It is the other way "
    "round.": edit("momentum * v + g", "v + momentum * g"),
    "The gradient is there twice: in the velocity, and once more in the step.":
        edit("lr * v", "lr * (v + g)"),
    "The old velocity came back, so it would never grow. Return the new one.":
        edit("v = momentum", "new = momentum", "lr * v", "lr * new"),
    "The gradient came back instead of the velocity. Return the new velocity.":
        edit("v, v", "v, g"),
    "That is a step without momentum: v is unused.": edit("momentum * v + g", "v", "* v,", "* g,"),
    "The step itself came back. Subtract it from w.": edit("w - ", ""),
    "That is Nesterov's form, which looks one step ahead. Use the new velocity alone.":
        edit("lr * v", "lr * (momentum * v + g)"),
    "The old velocity is kept whole. Only the share momentum of it stays.": edit("momentum * ", ""),
    "momentum multiplies the gradient as well. It belongs to the old velocity only.":
        edit("v + g", "(v + g)"),
    "The step uses the gradient alone, and the velocity is forgotten.": edit("lr * v", "lr * g"),
    "There the velocity is the step itself, with its minus sign and learning rate. Here v adds up "
    "gradients.": edit("+ g", "- lr * g", "w - lr *", "w +"),
    "The learning rate multiplies the gradient only. It multiplies the whole new velocity.":
        edit("    v =", "    w = w - momentum * v - lr * g\n    v =", "w - lr * v, v", "w, v"),
    "The learning rate is missing in the step.": edit("lr * ", ""),
    "The two are in the wrong order: w first, then v.": edit("w - lr * v, v", "v, w - lr * v"),
    "Only w came back. The next step needs the new v as well.": edit("v, v", "v"),
    "Only v came back. Return the new w, and then v.": edit("w - lr * v, v", "v"),
    "momentum is fixed at 0.9. Use the argument.": edit("momentum *", "0.9 *"),
}  # fmt: skip


@exercise
def rmsprop_walk(w, slope, lr, beta, eps, steps):
    """Where so many steps of RMSProp lead from w."""
    s = 0.0
    for _ in range(steps):
        g = slope(w)
        s = beta * s + (1 - beta) * g**2
        w = w - lr * g / (np.sqrt(s) + eps)
    return w


def _bowl(w):
    """The gradient of a bowl whose steepness grows with each parameter."""
    steep = np.arange(1.0, 1 + w.size).reshape(w.shape)
    return steep * (w - 0.3)


rmsprop_walk.in_place = False
rmsprop_walk.cases = (
    (W_1, _bowl, 0.1, 0.8, 0.05, 4),
    (W_2, _bowl, 0.07, 0.6, 0.1, 3),
    (W_1[:3], _bowl, 0.2, 0.9, 0.02, 1),
)
rmsprop_walk.equivalents = {"s = 0": "0 and 0.0 are the same start."}
rmsprop_walk.hints = (
    "Before the loop: s, which is 0. In the loop three lines: the gradient at the w "
    "of now, the running mean square, the step.",
    "s = beta * s + (1 − beta) * g**2, and the step divides lr * g by √s + eps.",
    "w = w − … makes a new array, and leaves the one that you were given.",
)
rmsprop_walk.mistakes = {
    "The gradient is taken once, at the start. Each step needs the one at its own w.":
        edit("    for", "    g = slope(w)\n    for", "        g = slope(w)\n", ""),
    "s starts anew in each step, so nothing is remembered. Set it to 0 once, before the loop.":
        edit("        g =", "        s = 0.0\n        g ="),
    "s starts at 1. It starts at 0.": edit("s = 0.0", "s = 1.0"),
    "The gradient is not squared in s.": edit("g**2", "np.abs(g)"),
    "The root is missing: divide by √s + eps.": edit("np.sqrt(s)", "s"),
    "eps is inside the root. It is added after the root.":
        edit("np.sqrt(s) + eps", "np.sqrt(s + eps)"),
    "eps is missing.": edit("(np.sqrt(s) + eps)", "np.sqrt(s)"),
    "beta and 1 − beta have changed places: the share beta of the old value stays.":
        edit("beta * s + (1 - beta)", "(1 - beta) * s + beta"),
    "The squares are added up, and nothing is forgotten. Keep the share beta, and add 1 − beta of "
    "the new one.": edit("beta * s + (1 - beta) * g", "s + g"),
    "The new square is added whole. A running mean takes the share 1 − beta of it.":
        edit("(1 - beta) * ", ""),
    "The step divides by the s of before. Update s first.":
        edit("        s = beta * s + (1 - beta) * g**2\n", "",
             "+ eps)\n", "+ eps)\n        s = beta * s + (1 - beta) * g**2\n"),
    "s is divided by 1 − beta**t. That correction comes with Adam; RMSProp has none.": (
        edit("range(steps)", "range(1, steps + 1)", "for _", "for t", "sqrt(s)",
             "sqrt(s / (1 - beta**t))")
    ),
    "That walks uphill: subtract.": edit("w - lr", "w + lr"),
    "The learning rate is missing.": edit("lr * ", ""),
    "Only one step is made: does a return stand inside the loop?":
        edit("    return", "        return"),
    "Dividing by s is missing: that is plain gradient descent.":
        edit(" / (np.sqrt(s) + eps)", ""),
}  # fmt: skip


@exercise
def first_step():
    """The first step of Adam without bias correction, in units of the learning rate."""
    return 0.1 / np.sqrt(0.001)


first_step.tolerance = 2e-3
first_step.hints = (
    "After one step m is 0.1 g, and s is 0.001 g².",
    "The step is m / √s = 0.1 g / (√0.001 |g|), times the learning rate.",
)
first_step.reason = (
    "m starts at 0, so after one step it is 0.1 g, and s is 0.001 g². The step is the learning "
    "rate times 0.1 g / √(0.001 g²), and g cancels: 0.1 / √0.001 is about 3.16. With the "
    "correction m becomes g and s becomes g², and the step is the learning rate itself."
)
first_step.mistakes = {
    "That is with the bias correction.": 1,
    "m alone is 0.1. It is divided by the root of s, which is √0.001: s takes 0.001 of g².": 0.1,
    "That is m / s. The root is missing.": 100,
    "The fraction is upside down.": 0.316,
    "The root was taken of m as well. Only s gets one.": 10,
    "m was corrected and s was not.": 31.62,
    "m takes the share 1 − beta1 of the gradient, and not beta1.": 0.9 / math.sqrt(0.001),
    "0.001 and 0.1 have changed places, or m was multiplied by √s instead of divided.": 0.00316,
    "That is √s alone. m stands above it.": 0.0316,
    "beta and 1 − beta have changed places: a running mean that starts at 0 takes the share 1 − "
    "beta of the first gradient.": 0.9 / math.sqrt(0.999),
    "Two decimals are asked for.": 3.2,
    "That is the step after 5,000 gradients of 0, with the correction. Asked is the first step, "
    "without it.": 3.15,
}


@exercise
def adam_step(w, g, m, s, t, lr, beta1, beta2, eps):
    """New parameters and both running means after one step of Adam."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(s_hat) + eps), m, s


adam_step.cases = (
    (W_1, G_1, V_1, normal(4, seed=9) ** 2, 3, 0.3, 0.8, 0.95, 0.02),
    (W_2, G_2, V_2, normal(2, 3, seed=10) ** 2, 1, 0.07, 0.7, 0.9, 0.01),
)
adam_step.hints = (
    "Four lines: the running mean m, the running mean square s, both corrected, the step.",
    "m = beta1 * m + (1 − beta1) * g, and s the same with beta2 and g².",
    "Divide m by 1 − beta1**t and s by 1 − beta2**t for the step, and return m and s as they were "
    "before that.",
)
adam_step.mistakes = {
    "The bias correction is missing: divide m by 1 − beta1**t and s by 1 − beta2**t.":
        edit("m_hat /", "m /", "s_hat)", "s)"),
    "s is not corrected: divide it by 1 − beta2**t.": edit("s_hat)", "s)"),
    "m is not corrected: divide it by 1 − beta1**t.": edit("m_hat /", "m /"),
    "The root is missing: divide by √s, so that the size of the gradient cancels.":
        edit("np.sqrt(s_hat)", "s_hat"),
    "eps is inside the root. It is added after the root.": edit("s_hat) + eps", "s_hat + eps)"),
    "eps is missing.": edit(" + eps", ""),
    "The step uses m and s from before this step. Update them first.": (
        edit("m = beta1", "new_m = beta1", "s = beta2", "new_s = beta2", ", m, s", ", new_m, new_s")
    ),
    "t is one too large: the first step has t = 1, and it is given.":
        edit("1**t", "1 ** (t + 1)", "2**t", "2 ** (t + 1)"),
    "t is one too small: the first step has t = 1, and then that divides by 0.":
        edit("1**t", "1 ** (t - 1)", "2**t", "2 ** (t - 1)"),
    "beta1 and beta2 have changed places.": lambda *a: adam_step.solve(*a[:6], a[7], a[6], a[8]),
    "That is the square of the mean. s is the mean of the squares: use g².": edit("g**2", "m**2"),
    "The gradient is not squared in s.": edit("g**2", "g"),
    "1 − beta2 is squared with the gradient. Square g alone.":
        edit("(1 - beta2) * g**2", "((1 - beta2) * g) ** 2"),
    "The power is missing: beta times t. It is beta**t.":
        edit("beta1**t", "beta1 * t", "beta2**t", "beta2 * t"),
    "That is the power of the difference. Take the power first: 1 − beta**t.":
        edit("(1 - beta1**t)", "(1 - beta1) ** t", "(1 - beta2**t)", "(1 - beta2) ** t"),
    "The correction multiplies. m and s are too small: divide.": edit("m /", "m *", "s /", "s *"),
    "eps is added to the step and not to the root: brackets are missing below the fraction.":
        edit("(np.sqrt(s_hat) + eps)", "np.sqrt(s_hat) + eps"),
    "eps is added to √s before the correction. That order makes it another number: correct s, "
    "take the root, add eps.":
        edit("np.sqrt(s_hat) + eps", "(np.sqrt(s) + eps) / np.sqrt(1 - beta2**t)"),
    "The new gradient is added whole, so m and s are sums. A running mean takes 1 − beta of it.":
        edit("(1 - beta1) * ", "", "(1 - beta2) * ", ""),
    "The step itself came back. Subtract it from w.": edit("w - ", ""),
    "The three are in another order: w first, then m, then s.":
        edit("return", "return m, s,", "eps), m, s", "eps)"),
    "s came back before m: w first, then m, then s.": edit(", m, s", ", s, m"),
    "The learning rate is missing.": edit("lr * ", ""),
    "That walks uphill: subtract.": edit("w -", "w +"),
    "The corrected averages are returned, and would be corrected again in the next step. Return "
    "m and s as they are.": edit(", m, s", ", m_hat, s_hat"),
    "beta and 1 − beta have changed places: the share beta of the old value stays.": (
        edit(
            "beta1 * m + (1 - beta1)",
            "(1 - beta1) * m + beta1",
            "beta2 * s + (1 - beta2)",
            "(1 - beta2) * s + beta2",
        )
    ),
    "The gradient itself stands in the step. Its mean m belongs there.": edit("m_hat /", "g /"),
    "The correction divides by 1 − beta, without the power t. That is right in the first step "
    "only.": edit("beta1**t", "beta1", "beta2**t", "beta2"),
}  # fmt: skip


@exercise
def update_ratios(before, after):
    """How long each change is, beside the matrix that it changes."""
    return [
        np.linalg.norm(new - old) / np.linalg.norm(old)
        for old, new in zip(before, after, strict=True)
    ]


update_ratios.cases = (
    ([W_2, V_1], [W_2 + 0.01 * G_2, V_1 - 0.002 * G_1]),
    ([V_2, G_2, W_1[:3]], [V_2 - 0.3 * W_2, 1.1 * G_2, W_1[:3] + 0.05]),
)
update_ratios.hints = (
    "For each pair of arrays: how long is their difference, and how long is the old one?",
    "np.linalg.norm(new - old) / np.linalg.norm(old), for each pair of zip(before, after).",
)
update_ratios.mistakes = {
    "The lengths are subtracted. A step that turns a matrix keeps its length: take the length of "
    "the difference.": edit("norm(new - old)", "norm(new) - np.linalg.norm(old)",
                            "        np.linalg.norm", "        (np.linalg.norm",
                            " / np", ") / np"),
    "That divides by the new matrix. Divide by the one before the step.":
        edit("norm(old)\n", "norm(new)\n"),
    "The fraction is upside down: change over weight.":
        edit("norm(new - old)", "norm(old)", "/ np.linalg.norm(old)\n",
             "/ np.linalg.norm(new - old)\n"),
    "That is the length of each change. Divide it by the length of the matrix.":
        edit(" / np.linalg.norm(old)", ""),
    "That is the quotient of the two lengths. The change is new − old.":
        edit("norm(new - old)", "norm(new)"),
    "Each element is compared with its own weight, and then averaged. A weight near 0 spoils that: "
    "divide the two lengths.":
        lambda before, after: [
            np.mean(abs((n - o) / o)) for o, n in zip(before, after, strict=True)
        ],
    "The squares are there without their root. A length is the root of the sum of squares.":
        edit("norm(new - old) / np.linalg.norm(old)\n",
             "norm(new - old) ** 2 / np.linalg.norm(old) ** 2\n"),
    "The sizes of the numbers are added without squares. A length is the root of the sum of "
    "squares.": lambda before, after: [
            np.abs(n - o).sum() / np.abs(o).sum() for o, n in zip(before, after, strict=True)
        ],
    "Only the largest numbers are compared. A length is the root of the sum of all squares.":
        lambda before, after: [
            np.abs(n - o).max() / np.abs(o).max() for o, n in zip(before, after, strict=True)
        ],
    "All matrices are taken together. Each has a ratio of its own.":
        lambda before, after: float(
            sum(np.sum((n - o) ** 2) for o, n in zip(before, after, strict=True)) ** 0.5
            / sum(np.sum(o**2) for o in before) ** 0.5
        ),
}  # fmt: skip


@exercise
def rate_at(step, steps, peak, warmup):
    """The learning rate of a step, counted from 0: up to the peak, then down in a line."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (steps - step) / (steps - warmup)


rate_at.cases = (
    (0, 100, 0.04, 10), (3, 100, 0.04, 10), (9, 100, 0.04, 10), (10, 100, 0.04, 10),
    (55, 100, 0.04, 10), (99, 100, 0.04, 10), (0, 30, 0.5, 0), (7, 20, 0.3, 5), (1, 7, 0.2, 3),
)  # fmt: skip
rate_at.hints = (
    "Two cases: an if for the first warmup steps, and a line for the others.",
    "On the way up the share of the peak is 1/warmup in step 0, and 1 in step warmup − 1.",
    "On the way down the share is (steps − step) / (steps − warmup): 1 in step warmup, and not "
    "quite 0 in the last one.",
)
rate_at.mistakes = {
    "The first step has the rate 0, so it is lost. Step 0 has the share 1 / warmup of the peak.":
        edit("(step + 1)", "step"),
    "The warm-up is missing. In the first warmup steps the rate rises.": edit("< warmup", "< 0"),
    "The rate stays at the peak after the warm-up. Let it fall to the end.":
        edit("peak * (steps - step) / (steps - warmup)", "peak"),
    "The rate falls as if it had begun to in step 0, so it jumps where the warm-up ends. The line "
    "begins at step warmup.": edit("(steps - warmup)", "steps"),
    "The warm-up rises over all steps. It takes warmup of them.":
        edit("(step + 1) / warmup", "(step + 1) / steps"),
    "The warm-up is one step too long: step warmup has the peak already, by the second line.":
        edit("step < warmup", "step <= warmup", "/ warmup\n", "/ (warmup + 1)\n"),
    "That is the share of the peak. Multiply by the peak.":
        edit("peak * (step +", "(step +", "peak * (steps", "(steps"),
    "The rate rises to the end. After the warm-up it falls: steps − step.":
        edit("(steps - step)", "(step - warmup)"),
    "The two are multiplied in the first steps. During the warm-up the rate only rises.":
        edit("(step + 1) / warmup", "(step + 1) / warmup * (steps - step) / steps"),
    "The last step has the rate 0, so it is lost. The line reaches 0 one step after the end.":
        edit("(steps - step) / (steps - warmup)", "(steps - 1 - step) / (steps - 1 - warmup)"),
    "The rate is one step ahead on the way down: in step warmup it should be the peak, and in the "
    "last step not yet 0.": edit("(steps - step)", "(steps - step - 1)"),
    "The way down is multiplied in from the start, so the peak is never reached. It begins at step "
    "warmup.":
        lambda step, steps, peak, warmup:
            peak * min((step + 1) / warmup, 1) * (steps - step) / steps,
    "The way down is a cosine. That is common too; here it is a straight line.":
        edit("peak * (steps - step) / (steps - warmup)",
             "peak * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2"),
}  # fmt: skip


@exercise
def plan():
    """The learning rates of 180 steps that reach a loss below 0.06."""
    up = np.linspace(0.001, 0.04, 20)
    down = np.linspace(0.04, 0.001, 160)
    return list(up) + list(down)


PLANNED, GOAL = 180, 0.06


@functools.cache
def _digits():
    data = datasets.digits()
    return data.x_train.astype(np.float32), data.y_train


def _trained(rates):
    """The number of rates, the smallest, the largest, and the loss that they lead to."""
    x, y = _digits()
    rates = np.array(rates, dtype=float)
    if rates.shape != (PLANNED,) or not np.isfinite(rates).all():
        return float(rates.size), -1.0, 0.0, math.inf
    rng = np.random.default_rng(0)
    model = Sequential(Dense(784, 32, rng=rng), ReLU(), Dense(32, 10, rng=rng))
    initialise(model, he_normal, rng=rng)
    model.astype(np.float32)
    optimiser = Adam(0.0)
    batches = [b for _ in range(4) for b in minibatches(x, y, batch_size=32, rng=rng)]
    for lr, (xb, yb) in zip(rates, batches, strict=True):
        optimiser.lr = lr
        model.zero_grads()
        model.accumulate(cross_entropy(model.forward(xb), yb)[1])
        optimiser.step(model)
    loss = cross_entropy(model.predict(x), y)[0]
    return float(rates.size), rates.min(), rates.max(), loss


plan.observe = _trained
plan.form = "a list of 180 learning rates, one for each step"
plan.accept = (
    (lambda seen: seen[0] == PLANNED, "The plan needs 180 rates, one for each step."),
    (lambda seen: seen[1] >= 0, "A rate is negative, or no number. A negative one walks uphill."),
    (lambda seen: seen[2] <= 1, "A rate is above 1. With Adam a step would be as long as that."),
    (lambda seen: seen[3] < 1, "The loss at the end is above 1: the rates break the network, or "
     "hardly move it. Look at the sweep for the order of size."),
    (lambda seen: seen[3] < 0.12, "The network learns, and its loss at the end is above 0.12: a "
     "constant rate can do better than that."),
    (lambda seen: seen[3] < GOAL, "The loss at the end is below 0.12, and not below 0.06. Does the "
     "rate rise first, to a peak that is higher than the best constant rate, and does it fall to "
     "the end?"),
)  # fmt: skip
plan.equivalents = {
    "up = np.linspace(0, 0.04, 20)": "A rate of 0 loses one step only.",
    "up = np.linspace(0.0005, 0.04, 20)": "Where the way up begins hardly matters.",
    "up = np.linspace(0.002, 0.04, 20)": "Where the way up begins hardly matters.",
    "up = np.linspace(0.001, 0, 20)": "Tiny steps at first do what a way up does.",
    "up = np.linspace(0.001, 0.02, 20)": "The way up may end below the peak.",
    "up = np.linspace(0.001, 0.08, 20)": "The way up may end above the peak.",
    "down = np.linspace(0.04, 0, 160)": "Whether the last rate is 0 hardly matters.",
    "down = np.linspace(0.04, 0.0005, 160)": "Where the way down ends hardly matters.",
    "down = np.linspace(0.04, 0.002, 160)": "Where the way down ends hardly matters.",
}
plan.hints = (
    "Which constant rate does best? Try a peak some four times as high.",
    "Give the first 20 steps to the way up, and all others to the way down.",
    "rates = [rate_at(step, 180, 0.04, 20) for step in range(180)], with your own rate_at.",
)
plan.reason = (
    "The best constant rates end near 0.1 after 180 steps: what is high enough to be quick is too "
    "high to settle. A warm-up over 20 steps makes a peak of 0.04 bearable, and the way down lets "
    "the network settle at the end. Peaks from 0.02 to 0.06 do, with many kinds of decay."
)
plan.mistakes = {
    "All rates are 0.01, about the best constant rate. It is too high to settle at the end, and "
    "too low to be quick: let it rise and fall.": edit("list(up) + list(down)", "[0.01] * 180"),
    "All rates are 0.001: 180 steps of that size do not get far.":
        edit("list(up) + list(down)", "[0.001] * 180"),
    "All rates are 0.04. Without a warm-up and a decay that is too high.":
        edit("list(up) + list(down)", "[0.04] * 180"),
    "The rate falls from 0.04 at once. The first steps need a warm-up, so that Adam has seen some "
    "gradients before its steps are large.":
        edit("list(up) + list(down)", "np.linspace(0.04, 0.0, 180).tolist()"),
}  # fmt: skip


@exercise
def clip_together(grads, max_norm):
    """All gradients times one factor, so that their common length is at most max_norm."""
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    factor = min(1.0, max_norm / norm)
    return tuple(factor * g for g in grads)


clip_together.in_place = False
clip_together.cases = (
    ([G_2, np.array([3.0, -0.4]), np.array([0.05])], 1.5),
    ([G_1, 2 * W_1, np.array([[0.3], [-1.2]])], 100.0),
    ([G_2, W_2.T], 0.2),
)
clip_together.hints = (
    "The common length is the root of the sum of all squares, over all arrays.",
    "If it is larger than max_norm, multiply every array by max_norm / length; if not, leave them.",
)
clip_together.mistakes = {
    "Each array is clipped by itself. That turns the direction: use one factor for all.":
        edit("factor *", "min(1.0, max_norm / np.linalg.norm(g)) *"),
    "Each number is clipped by itself. That turns the direction: scale all together.":
        edit("factor * g", "np.clip(g, -max_norm, max_norm)"),
    "Short gradients are made longer. Scale only if the length is above max_norm.":
        edit("min(1.0, max_norm / norm)", "max_norm / norm"),
    "The lengths of the arrays are added. Add their squares, and take the root at the end.":
        edit("np.sqrt(sum(np.sum(g**2)", "(sum(np.linalg.norm(g)"),
    "The root is missing: that is the square of the length.": edit("np.sqrt", ""),
    "The length becomes 1, whatever max_norm is: multiply by max_norm as well.":
        edit("min(1.0, max_norm / norm)", "1 / norm if norm > max_norm else 1"),
    "That looks at the longest array only. The length is that of all arrays together.":
        edit("sum(np", "max(np"),
    "Nothing is scaled.": edit("factor * ", ""),
    "The length becomes 1, whatever max_norm is, and short gradients are made longer.":
        edit("min(1.0, max_norm / norm)", "1 / norm"),
    "The factor is upside down: max_norm / length.": edit("max_norm / norm", "norm / max_norm"),
    "max where min belongs: long gradients stay, and short ones become longer.": edit("min", "max"),
    "That looks at the largest number. The length is the root of the sum of all squares.":
        edit("np.sqrt(sum(np.sum(g**2)", "(max(np.max(np.abs(g))"),
    "The squares are missing: that adds up the numbers without their signs.":
        edit("np.sqrt(sum(np.sum(g**2)", "(sum(np.sum(np.abs(g))"),
    "The numbers are added before they are squared. Square each of them.": edit("g**2)", "g) ** 2"),
    "The lengths of the arrays are added without squares. Square each of them first.":
        edit("np.sum(g**2)", "np.linalg.norm(g)"),
    "That is the mean of the lengths. The length of all arrays together is asked for.":
        edit("np.sqrt(sum(np.sum(g**2)", "np.mean(list(np.linalg.norm(g)"),
    "That is the root of the mean square. The length is the root of the sum.":
        edit("for g in grads))", "for g in grads) / sum(g.size for g in grads))"),
    "Each array gives the mean of its squares. The length is the root of the sum of them all.":
        edit("np.sum", "np.mean"),
    "All came back as one long list. Keep the shapes.":
        lambda grads, n: np.concatenate([g.ravel() for g in clip_together.solve(grads, n)]),
    "All gradients are thrown away where they are too long. Scale them.":
        edit("min(1.0, max_norm / norm)", "norm <= max_norm"),
}  # fmt: skip


RATE, SLOW, ZERO = "learning rate too large", "learning rate too small", "zero weights"
VANISHING, OVERFLOW, PILED = "vanishing gradients", "overflow", "gradients not zeroed"


@exercise
def failures():
    """The cause of each exhibit."""
    return (
        "learning rate too large",
        "zero weights",
        "vanishing gradients",
        "overflow",
        "gradients not zeroed",
    )


failures.form = "five texts, each of them one of the six suspects"
failures.hints = (
    "Which suspect makes the loss nan? Which one learns at first?",
    "Exhibits 2 and 3 have nearly the same curve. In one of them all scores of the first step are "
    "0, and in the other the size of dW falls from layer to layer, on the way back.",
    "Exhibits 1 and 5 both go up. Compare update / weight in the first step with that of the "
    "healthy run.",
)
failures.reason = (
    "1: all is in order at the start, but update / weight is above 1 in the first layer, and at "
    "the end units are dead: the rate. 2: all scores are exactly 0, and every hidden unit gives "
    "one answer before anything was learned: zero weights. 3: units answer differently, no weight "
    "is 0, and the size of dW falls from the last layer to the first: vanishing gradients. 4: the "
    "largest score is in the hundreds before the first step, and e to that power is beyond "
    "float32: overflow. 5: all "
    "is healthy at the start, and dW is many times larger at the end: gradients pile up."
)
failures.mistakes = {
    "Exhibits 1 and 5 are swapped. In exhibit 5 the first step is like that of the healthy run, "
    "and the loss falls at first.": (PILED, ZERO, VANISHING, OVERFLOW, RATE),
    "Exhibits 2 and 3 are swapped. Where gradients vanish the scores are not 0, and units answer "
    "differently to different images.": (RATE, VANISHING, ZERO, OVERFLOW, PILED),
    "Exhibit 2 has no vanishing gradients: they would be small, and these are exactly 0, like all "
    "scores of the first step.": (RATE, VANISHING, VANISHING, OVERFLOW, PILED),
    "Exhibit 3 has weights: its scores are not 0, and units answer differently to different "
    "images. Read the size of dW from the last layer to the first.":
        (RATE, ZERO, ZERO, OVERFLOW, PILED),
    "Exhibit 3 would wake up with a larger rate, if every layer had a gradient of ordinary size. "
    "Read the size of dW from the last layer to the first.":
        (RATE, ZERO, SLOW, OVERFLOW, PILED),
    "The weights of exhibit 2 do not move at any rate: every dW is exactly 0.":
        (RATE, SLOW, VANISHING, OVERFLOW, PILED),
    "The loss of exhibit 1 is large and finite. Overflow gives nan.":
        (OVERFLOW, ZERO, VANISHING, OVERFLOW, PILED),
    "Exhibit 4 is nan before the first step is made, so no rate can have done it. Look at the "
    "largest score.": (RATE, ZERO, VANISHING, RATE, PILED),
    "Exhibit 5 learns for a while at this rate, which is that of the healthy run. What grows?":
        (RATE, ZERO, VANISHING, OVERFLOW, RATE),
    "Exhibit 1 leaps in its first steps, before gradients could pile up. How much does the first "
    "step change?": (PILED, ZERO, VANISHING, OVERFLOW, PILED),
}  # fmt: skip


@exercise
def safe_loss(z, y):
    """The mean cross-entropy of scores (N, K) and labels (N,), for scores of any size."""
    shifted = z - z.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(log_total - shifted[np.arange(len(y)), y])


def _overflowing(z, y):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y]))


safe_loss.cases = (
    (np.array([[0.3, -1.2, 2.0, 0.4], [1.5, 0.2, -0.7, 0.9]]), np.array([1, 3])),
    (np.array([[1000.0, 0.0], [-1000.0, -999.5], [3.0, 4.5]]), np.array([1, 0, 0])),
    (np.array([[0.5, -1000.0, 2.0], [1.0, 0.3, -0.2], [-3.0, 0.1, 0.7]]), np.array([1, 2, 2])),
    (np.array([[-1000.0, -999.0, 1000.0, -998.5], [0.2, 0.6, 1.1, -0.4]]), np.array([3, 0])),
)
safe_loss.start = _overflowing
safe_loss.silent = True
safe_loss.equivalents = {
    "shifted = z - z.max(axis=-1, keepdims=True)": "The last axis of a table is axis 1.",
    "log_total = np.log(np.exp(shifted).sum(axis=-1))": "The last axis of a table is axis 1.",
    "return np.mean(log_total - shifted[np.arange(len(z)), y])": "z has a row for each label.",
    "return np.mean(log_total - shifted[np.arange(len(y.T)), y])": "y.T of a list is y itself.",
    "return np.mean(log_total - shifted[np.arange(len(y)), y.T])": "y.T of a list is y itself.",
}
safe_loss.hints = (
    "First the overflow: you may subtract the largest score of each row from the whole row. Which "
    "probabilities are then still rounded to 0?",
    "The logarithm of a fraction is a difference: ln(e^z / total) = z − ln(total). So no "
    "probability is needed.",
    "With shifted = z − (largest of its row): the loss of a row is ln(sum of exp(shifted)) − "
    "shifted[right class].",
)
safe_loss.mistakes = {
    "The largest score is subtracted, and that mends exp. But a small probability is still "
    "rounded to 0, and its logarithm is minus infinity: use ln(a / b) = ln a − ln b.":
        lambda z, y: -np.mean(np.log(softmax(z)[np.arange(len(y)), y])),
    "A floor under the probabilities hides the trouble: a wrong answer that is quite certain "
    "should cost 1000 nats here, and not 27.6. Use ln(a / b) = ln a − ln b.":
        lambda z, y: -np.mean(np.log(np.maximum(softmax(z)[np.arange(len(y)), y], 1e-12))),
    "The warnings are silenced, and the loss is still not finite. Subtract the largest score of "
    "each row.": lambda z, y: np.errstate(all="ignore")(_overflowing)(z, y),
    "The scores are cut off at ±500. Then 1000 counts as 500: subtract the largest score instead.":
        edit("z - z.max(axis=1, keepdims=True)", "np.clip(z, -500, 500)"),
    "The largest score of the whole batch is subtracted. In a row far below it every exponential "
    "is rounded to 0: take the largest of each row.": edit("axis=1, keepdims=True", ""),
    "The largest score of each class is subtracted. Take that of each row: axis 1.":
        edit("axis=1, keepdims=True", "axis=0"),
    "The largest scores are a list there. keepdims=True makes them a column, one for each row.":
        edit(", keepdims=True", ""),
    "The mean is subtracted. The largest score can still overflow: take that.": edit("max", "mean"),
    "The smallest score is subtracted, and the largest overflows all the more.": edit("max", "min"),
    "The exponentials are added over the examples. Each example has its own sum: axis 1.":
        edit("sum(axis=1)", "sum(axis=0)"),
    "The exponentials are added over the examples, for each class. Each example has its own sum.":
        edit("sum(axis=1)", "sum(axis=0)[y]"),
    "exp is taken of the sum. Take it of each score, and add up afterwards.":
        edit("np.exp(shifted).sum(axis=1)", "np.exp(shifted.sum(axis=1))"),
    "The losses of the examples are added. The loss is their mean.": edit("mean", "sum"),
    "That is divided by N and by the number of classes. The mean is over the N examples.":
        edit("np.mean(", "len(y) / z.size * np.mean("),
    "The minus is missing: the loss is minus the logarithm.": edit("np.mean", "-np.mean"),
    "Softmax is applied twice: to the scores, and to its own probabilities.":
        lambda z, y: safe_loss.solve(softmax(z), y),
    "The largest score is subtracted in the sum only. Subtract it from the score of the right "
    "class too.": edit("- shifted[", "- z["),
    "shifted[:, y] takes every label in every row. Each row has its own: shifted[np.arange(N), "
    "y].": edit("np.arange(len(y))", ":"),
    "All classes are averaged. Only the right class of each row counts.":
        edit("log_total - shifted[np.arange(len(y)), y]", "log_total[:, None] - shifted"),
    "That is the loss of each example. Take their mean.": edit("np.mean", ""),
    "Score minus the logarithm of the sum, without subtracting the largest score: e^1000 "
    "overflows.": edit(" - z.max(axis=1, keepdims=True)", ""),
}  # fmt: skip


@exercise
def zeroed_steps(w, gradient, batches, lr):
    """The parameters after one step for each batch."""
    for batch in batches:
        total = np.zeros_like(w)
        total += gradient(w, batch)
        w = w - lr * total
    return w


def _slope(w, batch):
    """The slope of the mean squared distance between w and the rows of the batch."""
    return 2 * (w - np.mean(batch, axis=0))


zeroed_steps.in_place = False
zeroed_steps.cases = (
    (W_1, _slope, [normal(n, 4, seed=10 + n) for n in (2, 1, 4, 3)], 0.1),
    (W_2, _slope, [normal(n, 2, 3, seed=20 + n) for n in (4, 1, 2)], 0.3),
)
PILING = (
    "for batch in batches:\n        total = np.zeros_like(w)",
    "total = np.zeros_like(w)\n    for batch in batches:",
)
zeroed_steps.start = edit(*PILING)
zeroed_steps.hints = (
    "What is in total when the second batch comes? Should it be?",
    "Set it to zero at the start of each step, inside the loop.",
)
zeroed_steps.mistakes = {
    "All gradients are taken at the w of the beginning. Take each at the w that the step before "
    "it reached.": lambda w, g, batches, lr: w - lr * sum(g(w, batch) for batch in batches),
    "That is the mean of all gradients at the same w, and one step. There is one step for each "
    "batch.":
        lambda w, g, batches, lr: w - lr * sum(g(w, batch) for batch in batches) / len(batches),
    "The gradients are set to zero between backward and step: nothing is left to step with.":
        edit("        w =", "        total = np.zeros_like(w)\n        w ="),
    "Only the first batch makes a step: does a return stand inside the loop?":
        edit("    return", "        return"),
    "Only the last batch makes a step.": edit("batches:", "batches[-1:]:"),
    "That walks uphill: subtract.": edit("w -", "w +"),
    "The sum is divided by the number of batches, and it is still a sum of old gradients.":
        edit(*PILING, "lr *", "lr / len(batches) *"),
    "The learning rate is missing.": edit("lr * ", ""),
    "Each gradient is divided by the number of examples in its batch. It is a mean already.":
        edit("lr *", "lr / len(batch) *"),
    "Each gradient is divided by the number of batches. Every batch makes a whole step.":
        edit("lr *", "lr / len(batches) *"),
    "Each step uses the mean of all gradients so far. Old gradients belong to an old w: set them "
    "to zero.":
        edit(*PILING, "batch in batches", "n, batch in enumerate(batches, 1)", "lr *", "lr / n *"),
    "The old w is lost: subtract the step from it.": edit("w - lr", "-lr"),
    "Each gradient makes its step twice.": edit("lr *", "2 * lr *"),
}  # fmt: skip
