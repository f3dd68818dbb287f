"""Exercises of chapter 5: batches, first weights, optimisers, choices, and failures."""

import math
from itertools import pairwise

import numpy as np

from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.matrices import softmax

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
def epochs_trained(steps, n_examples, batch_size):
    """How many epochs these steps are: one pass over the data is one epoch."""
    steps_in_a_pass = -(-n_examples // batch_size)  # rounded up
    return steps / steps_in_a_pass


epochs_trained.cases = (
    (900, 1437, 32),
    (45, 1437, 32),
    (7, 10, 4),
    (2, 10, 3),
    (12, 6, 1),
    (11, 10, 4),
    (5, 50, 50),
)
epochs_trained.start = edit("steps / steps_in_a_pass", "steps / steps_in_a_pass / n_examples")
epochs_trained.hints = (
    "One pass over the data is one epoch. How many epochs are N passes?",
    "N epochs. The number of passes is computed already.",
)
epochs_trained.mistakes = {
    "The smaller last batch of each epoch is a step too: round n_examples / batch_size up.":
        edit("-(-n_examples // batch_size)", "n_examples // batch_size"),
    "That counts every step as a full batch. The last batch of an epoch is smaller, and a step "
    "all the same: round up.": edit("-(-n_examples // batch_size)", "n_examples / batch_size"),
    "That is the number of steps. An epoch has as many steps as there are batches.":
        edit(" / steps_in_a_pass", ""),
    "However often the data are visited, that gives one epoch. Each visit is one.":
        edit("steps / steps_in_a_pass", "1"),
    "That is the number of steps in one epoch. How many times does it fit into steps?":
        edit("steps / ", ""),
    "That would be so with batches of one. A step uses batch_size examples.":
        edit("/ steps_in_a_pass", "/ n_examples"),
    "Whole epochs only. The number need not be whole.": edit("steps /", "steps //"),
    "The number of epochs is rounded up. It need not be whole.":
        edit("steps / steps_in_a_pass", "math.ceil(steps / steps_in_a_pass)"),
    "The number of epochs is rounded. It need not be whole.":
        edit("steps / steps_in_a_pass", "round(steps / steps_in_a_pass)"),
    "The fraction is upside down.": edit("steps / steps_in_a_pass", "steps_in_a_pass / steps"),
    "There is one batch too many where the batches fit exactly: round n_examples / batch_size "
    "up, instead of adding 1.":
        edit("-(-n_examples // batch_size)", "n_examples // batch_size + 1"),
    "The number of batches is rounded to the nearest. The smaller last batch is a step too: "
    "round up.": edit("-(-n_examples // batch_size)", "round(n_examples / batch_size)"),
    "That is how many steps so many epochs are. Asked is the other way round: divide.":
        edit("steps /", "steps *"),
    "That divides by the size of a batch. Divide by the number of batches in one pass.":
        edit("/ steps_in_a_pass", "/ batch_size"),
}  # fmt: skip


@exercise
def multiplications(sizes, batch_size):
    """How many multiplications a forward pass of a batch takes."""
    total = 0
    for d_in, d_out in pairwise(sizes):
        total += batch_size * d_in * d_out
    return total


multiplications.cases = ([784, 16, 10], 32), ([5, 7, 3, 2], 4), ([6, 4], 9), ([8, 3, 5, 6], 7)
multiplications.start = edit("batch_size * ", "")
multiplications.hints = (
    "The inner loop counts the multiplications for one example. What does a second example need?",
    "Exactly as many again: every example meets every weight once.",
)
multiplications.mistakes = {
    "The biases are added, not multiplied.": edit("d_in * d_out", "(d_in + 1) * d_out"),
    "The batch is added. Each of its examples is multiplied with every weight.":
        edit("batch_size * ", "", "return total", "return total + batch_size"),
    "Only the first layer is multiplied by the batch. All layers work on all examples.":
        edit("batch_size *", "(1 if total else batch_size) *"),
    "Only the neurons are added up. A layer has d_in times d_out weights.": edit("* d_in ", ""),
    "Only the first layer is counted: does a return stand inside the loop?":
        edit("    return", "        return"),
    "That divides by the batch. Nothing is shared: each example needs its own products.":
        edit("batch_size * d_in", "d_in / batch_size"),
    "All sizes are multiplied together. Each layer has its own product, and they add up.":
        edit("return total", "return batch_size * math.prod(sizes)"),
    "That is a step, forwards and backwards. Asked is the forward pass.": edit("+= ", "+= 3 * "),
    "Only the last layer is counted: = replaces what += would add to.": edit("+=", "="),
    "Inputs and neurons are added. Every neuron multiplies every input: d_in times d_out.":
        edit("d_in * d_out", "(d_in + d_out)"),
    "The batch is added in each layer. Each of its examples is multiplied with every weight.":
        edit("batch_size *", "batch_size +"),
    "The batch is multiplied in twice. Each example meets each weight once.":
        edit("batch_size", "batch_size**2"),
    "The total is multiplied by the batch in each turn of the loop, so the first layers have it "
    "several times. Once is enough.":
        edit("total += batch_size * d_in * d_out", "total = batch_size * (total + d_in * d_out)"),
    "The total is a product of the layers. They come one after the other: add.":
        edit("total = 0", "total = batch_size", "+= batch_size *", "*="),
    "Only inputs and outputs count there. The hidden layers have weights too.":
        edit("return total", "return batch_size * sizes[0] * sizes[-1]"),
    "That counts additions too. Asked are the multiplications.": edit("+= ", "+= 2 * "),
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
    "The gradient is multiplied by 1 − momentum: that is a running mean, as in Adam. Here it is "
    "added whole.": edit("+ g", "+ (1 - momentum) * g"),
    "The learning rate is inside the velocity. Some texts do that; then v is another number. "
    "Here it multiplies v in the step.": edit("+ g", "+ lr * g", "lr * v,", "v,"),
    "The learning rate is there twice, in the velocity and in the step.": edit("+ g", "+ lr * g"),
    "That walks uphill: subtract.": edit("w -", "w +"),
    "The velocity has the sign of the step, which is then subtracted once more.":
        edit("+ g", "- g"),
    "There the velocity points downhill. Some texts do that; here it adds up gradients, and the "
    "step subtracts it.": edit("+ g", "- g", "w -", "w +"),
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
    "There the velocity is the step itself, with its minus sign and learning rate. Some texts do "
    "that; here v adds up gradients.": edit("+ g", "- lr * g", "w - lr *", "w +"),
    "The learning rate multiplies the gradient only. It multiplies the whole new velocity.":
        edit("    v =", "    w = w - momentum * v - lr * g\n    v =", "w - lr * v, v", "w, v"),
    "The learning rate is missing in the step.": edit("lr * ", ""),
    "The two are in the wrong order: w first, then v.": edit("w - lr * v, v", "v, w - lr * v"),
    "Only w came back. The next step needs the new v as well.": edit("v, v", "v"),
    "Only v came back. Return the new w, and then v.": edit("w - lr * v, v", "v"),
    "momentum is fixed at 0.9. Use the argument.": edit("momentum *", "0.9 *"),
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


@exercise
def failures():
    """The cause of each failing run."""
    return "zero weights", "overfitting", "learning rate too large", "gradients not zeroed"


RATE, ZERO = "learning rate too large", "zero weights"
OVER, PILED = "overfitting", "gradients not zeroed"
failures.form = (
    'four of "overfitting", "zero weights", "gradients not zeroed", "learning rate too large"'
)
failures.hints = (
    "ln 10 is 2.303. Which run sits exactly there, from the first moment on?",
    "In which run do training and validation loss part?",
    "Two are left. One goes wild from the start and dies, the other learns first.",
)
failures.reason = (
    "Run 1 sits at ln 10 = 2.303 and never moves: with zero weights no activation and no gradient "
    "is passed on, so no weight ever moves. In run 2 the training loss falls and the validation "
    "loss rises: overfitting. Run 3 jumps to 18.7 at once and then stays at ln 10, dead: the rate "
    "is too large. Run 4 learns at first and goes wild only later, as steps do that grow with "
    "every gradient that is added and never zeroed."
)
failures.mistakes = {
    "Runs 3 and 4 are swapped. Which one learns at first, as momentum that never slows down "
    "would?": (ZERO, OVER, PILED, RATE),
    "Runs 1 and 3 are swapped. A leap is not what zero weights do: with them nothing moves.":
        (RATE, OVER, ZERO, PILED),
    "Runs 1 and 2 are swapped. In run 1 nothing is learned.": (OVER, ZERO, RATE, PILED),
    "Runs 2 and 4 are swapped. In run 4 both losses rise together; overfitting parts them.":
        (ZERO, PILED, RATE, OVER),
    "Runs 2 and 3 are swapped. In run 2 the training loss goes on falling to the end.":
        (ZERO, RATE, OVER, PILED),
    "Runs 1 and 4 are swapped. Run 1 never moves; gradients that pile up move everything.":
        (PILED, OVER, RATE, ZERO),
    "Three runs have changed places. Only zero weights give exactly ln 10 from the first moment "
    "to the last.": (RATE, OVER, PILED, ZERO),
    "Run 1 is right, and the other three have changed places. Where do training and validation "
    "loss part?": (ZERO, RATE, PILED, OVER),
    "Run 1 is right, and the other three have changed places. Where does the training loss fall "
    "to the end?": (ZERO, PILED, OVER, RATE),
    "Runs 3 and 4 are different: run 4 falls to 0.90 before it climbs.": (ZERO, OVER, RATE, RATE),
    "Runs 3 and 4 are different: run 3 leaps up at once.": (ZERO, OVER, PILED, PILED),
}  # fmt: skip
