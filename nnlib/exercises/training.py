"""Exercises of chapter 5: batches, first weights, optimisers, choices, and failures."""

import math
from itertools import pairwise

import numpy as np

from nnlib.exercises._exercise import exercise


@exercise
def cut_batches(X, y, order, batch_size):
    """Pairs of (rows of X, rows of y), batch_size at a time, in the given order."""
    pairs = []
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        pairs.append((X[rows], y[rows]))
    return tuple(pairs)


X_5 = np.array([[3.5, 1.0], [0.0, -1.0], [1.0, 5.0], [2.0, 0.3], [-1.0, 0.5]])
Y_5 = np.array([3, 1, 4, 0, 2])
X_3 = np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.5], [-2.0, 4.0, 1.0]])
Y_3 = np.array([7, 0, 2])


def _pairs(X, y, batch_size):
    starts = range(0, len(X), batch_size)
    return tuple((X[i : i + batch_size], y[i : i + batch_size]) for i in starts)


cut_batches.cases = (
    (X_5, Y_5, [2, 0, 4, 1, 3], 2),
    (X_3, Y_3, [1, 2, 0], 3),
    (X_5, Y_5, [4, 2, 3, 0, 1], 3),
)
cut_batches.hints = (
    "rows = order[0:batch_size] are the row numbers of the first batch. Which are those of the "
    "second?",
    "Go through range(0, len(order), batch_size): each number is where a batch starts.",
    "X[rows] and y[rows] take these rows, in this order. A slice that goes past the end is "
    "shorter, and no error.",
)
cut_batches.mistakes = {
    "The last batch is missing: it is smaller, and it counts too.": (
        lambda X, y, order, batch_size: _pairs(X[order], y[order], batch_size)[
            : len(X) // batch_size
        ]
    ),
    "The labels are not in the order of the images: use the same rows for both.": (
        lambda X, y, order, batch_size: tuple(
            (a, b)
            for (a, _), (_, b) in zip(
                _pairs(X[order], y, batch_size), _pairs(X, y, batch_size), strict=True
            )
        )
    ),
    "The images are not in the order of the labels: use the same rows for both.":
        lambda X, y, order, batch_size: _pairs(X, y[order], batch_size),
    "The order is not used: nothing is shuffled.":
        lambda X, y, order, batch_size: _pairs(X, y, batch_size),
    "Every batch starts one row after the last one, so they overlap. Start them batch_size "
    "apart.": (
        lambda X, y, order, batch_size: tuple(
            (X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(len(order))
        )
    ),
    "There are batch_size batches. Each batch should have batch_size rows.": (
        lambda X, y, order, batch_size: tuple(
            (X[rows], y[rows]) for rows in np.array_split(order, batch_size)
        )
    ),
    "Only the first batch came back: does a return stand inside the loop?":
        lambda X, y, order, batch_size: _pairs(X[order], y[order], batch_size)[:1],
    "The last batch is missing: the range ends one batch too early. Its end should be the "
    "number of rows.": (
        lambda X, y, order, batch_size: tuple(
            (X[order[i : i + batch_size]], y[order[i : i + batch_size]])
            for i in range(0, len(order) - batch_size, batch_size)
        )
    ),
    "The labels are missing: a pair is (X_batch, y_batch).":
        lambda X, y, order, batch_size: tuple(a for a, _ in _pairs(X[order], y, batch_size)),
    "The pairs are the wrong way round: images first, then labels.": (
        lambda X, y, order, batch_size: tuple(
            (b, a) for a, b in _pairs(X[order], y[order], batch_size)
        )
    ),
    "All rows came back as one batch.": lambda X, y, order, batch_size: ((X[order], y[order]),),
    "All rows came back together, as one pair. Cut them into batches.":
        lambda X, y, order, batch_size: (X[order], y[order]),
    "Every row came back on its own. A batch has batch_size of them.":
        lambda X, y, order, batch_size: tuple((X[i], y[i]) for i in order),
    "Images and labels came back in one long list. Put the two of a batch into a pair.": (
        lambda X, y, order, batch_size: tuple(
            part for pair in _pairs(X[order], y[order], batch_size) for part in pair
        )
    ),
    "All batches of images came back first, and then those of labels. A pair has both of one "
    "batch.": (
        lambda X, y, order, batch_size: tuple(
            zip(*_pairs(X[order], y[order], batch_size), strict=True)
        )
    ),
    "order is read as the place to which each row goes. It is the list of rows to take: "
    "X[order].": (
        lambda X, y, order, batch_size: _pairs(
            X[np.argsort(order)], y[np.argsort(order)], batch_size
        )
    ),
    "A batch ends one row too early. A slice leaves its end out already.": (
        lambda X, y, order, batch_size: tuple(
            (a[: batch_size - 1], b[: batch_size - 1])
            for a, b in _pairs(X[order], y[order], batch_size)
        )
    ),
    "Each slice ends at batch_size, so all batches after the first are empty. It ends "
    "batch_size after its start.": (
        lambda X, y, order, batch_size: tuple(
            (X[order[i:batch_size]], y[order[i:batch_size]])
            for i in range(0, len(order), batch_size)
        )
    ),
}  # fmt: skip


@exercise
def epochs_trained(steps, n_examples, batch_size):
    """How many epochs these steps are: one pass over the data is one epoch."""
    steps_in_a_pass = -(-n_examples // batch_size)  # rounded up
    return steps / steps_in_a_pass


def _passes_of_passes(steps, n_examples, batch_size):
    return steps / -(-n_examples // batch_size) / n_examples


epochs_trained.cases = (
    (900, 1437, 32),
    (45, 1437, 32),
    (7, 10, 4),
    (2, 10, 3),
    (12, 6, 1),
    (5, 50, 50),
)
epochs_trained.start = _passes_of_passes
epochs_trained.hints = (
    "One pass over the data is one epoch. How many epochs are N passes?",
    "N epochs. The number of passes is computed already.",
)
epochs_trained.mistakes = {
    "The smaller last batch of each epoch is a step too: round n_examples / batch_size up.":
        lambda steps, n_examples, batch_size: steps / (n_examples // batch_size),
    "That counts every step as a full batch. The last batch of an epoch is smaller, and a step "
    "all the same: round up.":
        lambda steps, n_examples, batch_size: steps * batch_size / n_examples,
    "That is the number of steps. An epoch has as many steps as there are batches.":
        lambda steps, n_examples, batch_size: steps,
    "However often the data are visited, that gives one epoch. Each visit is one.":
        lambda steps, n_examples, batch_size: 1,
    "That is the number of steps in one epoch. How many times does it fit into steps?":
        lambda steps, n_examples, batch_size: -(-n_examples // batch_size),
    "That would be so with batches of one. A step uses batch_size examples.":
        lambda steps, n_examples, batch_size: steps / n_examples,
    "Whole epochs only. The number need not be whole.":
        lambda steps, n_examples, batch_size: steps // -(-n_examples // batch_size),
    "The number of epochs is rounded up. It need not be whole.":
        lambda steps, n_examples, batch_size: math.ceil(steps / -(-n_examples // batch_size)),
    "Numerator and denominator are swapped.":
        lambda steps, n_examples, batch_size: -(-n_examples // batch_size) / steps,
    "There is one batch too many where the batches fit exactly: round n_examples / batch_size "
    "up, instead of adding 1.":
        lambda steps, n_examples, batch_size: steps / (n_examples // batch_size + 1),
    "The number of batches is rounded to the nearest. The smaller last batch is a step too: "
    "round up.": lambda steps, n_examples, batch_size: steps / round(n_examples / batch_size),
    "That is how many steps so many epochs are. Asked is the other way round: divide.":
        lambda steps, n_examples, batch_size: steps * -(-n_examples // batch_size),
    "That divides by the size of a batch. Divide by the number of batches in one pass.":
        lambda steps, n_examples, batch_size: steps / batch_size,
}  # fmt: skip


@exercise
def multiplications(sizes, batch_size):
    """How many multiplications a forward pass of a batch takes."""
    total = 0
    for d_in, d_out in pairwise(sizes):
        total += batch_size * d_in * d_out
    return total


def _one_example(sizes, batch_size):
    return sum(a * b for a, b in pairwise(sizes))


multiplications.cases = ([784, 16, 10], 32), ([5, 7, 3, 2], 4), ([6, 4], 9), ([8, 3, 5, 6], 7)
multiplications.start = _one_example
multiplications.hints = (
    "The inner loop counts the multiplications for one example. What does a second example need?",
    "Exactly as many again: every example meets every weight once.",
)
multiplications.mistakes = {
    "The biases are added, not multiplied.":
        lambda sizes, batch_size: batch_size * (_one_example(sizes, 1) + sum(sizes[1:])),
    "The batch is added. Each of its examples is multiplied with every weight.":
        lambda sizes, batch_size: batch_size + _one_example(sizes, 1),
    "Only the first layer is multiplied by the batch. All layers work on all examples.":
        lambda sizes, batch_size: ((batch_size - 1) * sizes[0] * sizes[1] + _one_example(sizes, 1)),
    "Only the numbers of neurons are added up. A layer has d_in times d_out weights.":
        lambda sizes, batch_size: batch_size * sum(sizes[1:]),
    "Only the first layer is counted: does a return stand inside the loop?":
        lambda sizes, batch_size: batch_size * sizes[0] * sizes[1],
    "That divides by the batch. Nothing is shared: each example needs its own products.":
        lambda sizes, batch_size: _one_example(sizes, 1) / batch_size,
    "All sizes are multiplied together. Each layer has its own product, and they add up.":
        lambda sizes, batch_size: batch_size * math.prod(sizes),
    "That is a training step, forwards and backwards. Asked is the forward pass.":
        lambda sizes, batch_size: 3 * batch_size * _one_example(sizes, 1),
    "Only the last layer is counted: = replaces what += would add to.":
        lambda sizes, batch_size: batch_size * sizes[-2] * sizes[-1],
    "Inputs and neurons are added. Every neuron multiplies every input: d_in times d_out.":
        lambda sizes, batch_size: batch_size * sum(a + b for a, b in pairwise(sizes)),
    "The batch is added in each layer. Each of its examples is multiplied with every weight.":
        lambda sizes, batch_size: (len(sizes) - 1) * batch_size + _one_example(sizes, 1),
    "The batch is multiplied in twice. Each example meets each weight once.":
        lambda sizes, batch_size: batch_size**2 * _one_example(sizes, 1),
    "The total is multiplied by the batch in each turn of the loop, so the first layers have it "
    "several times. Once is enough.": (
        lambda sizes, batch_size: sum(
            batch_size ** (len(sizes) - 1 - i) * a * b for i, (a, b) in enumerate(pairwise(sizes))
        )
    ),
    "The total is a product of the layers. They come one after the other: add.":
        lambda sizes, batch_size: batch_size * math.prod(a * b for a, b in pairwise(sizes)),
    "Only inputs and outputs count there. The hidden layers have weights too.":
        lambda sizes, batch_size: batch_size * sizes[0] * sizes[-1],
    "That counts multiplications and additions. Asked are the multiplications.":
        lambda sizes, batch_size: 2 * batch_size * _one_example(sizes, 1),
}  # fmt: skip


@exercise
def he_scale(d_in, d_out):
    """The standard deviation of first weights for ReLU."""
    return math.sqrt(2 / d_in)


he_scale.cases = (784, 16), (100, 300), (50, 50)
he_scale.hints = (
    "ReLU leaves half of the mean square. Which variance makes up for it?",
    "The variance is 2 / d_in. Asked is the standard deviation.",
    "The standard deviation is the square root of the variance.",
)
he_scale.mistakes = {
    "That is the variance. The standard deviation is its square root.":
        lambda d_in, d_out: 2 / d_in,
    "That is the scale for tanh. ReLU lets half of the mean square through: take 2 / d_in as the "
    "variance.": lambda d_in, d_out: math.sqrt(1 / d_in),
    "That is the variance for tanh. ReLU needs twice as much, and asked is the standard "
    "deviation.": lambda d_in, d_out: 1 / d_in,
    "That counts the neurons. A sum runs over the inputs: d_in.":
        lambda d_in, d_out: math.sqrt(2 / d_out),
    "That is Glorot's compromise. With d_in alone ReLU keeps the size forwards.":
        lambda d_in, d_out: math.sqrt(2 / (d_in + d_out)),
    "The 2 belongs under the root: it doubles the variance, not the scale.":
        lambda d_in, d_out: 2 / math.sqrt(d_in),
    "The root is taken of the 2 only. d_in belongs under it as well.":
        lambda d_in, d_out: math.sqrt(2) / d_in,
    "The fraction is upside down: more inputs need smaller weights.":
        lambda d_in, d_out: math.sqrt(d_in / 2),
    "The variance is halved instead of doubled.": lambda d_in, d_out: math.sqrt(0.5 / d_in),
    "That is where a uniform distribution with the right variance ends. Asked is the standard "
    "deviation.": lambda d_in, d_out: math.sqrt(6 / d_in),
    "d_in multiplies there. More inputs need smaller weights: divide.":
        lambda d_in, d_out: math.sqrt(2 * d_in),
    "That divides by the number of weights. A sum runs over the inputs: d_in.":
        lambda d_in, d_out: math.sqrt(2 / (d_in * d_out)),
    "That is the same for every layer. The more inputs, the smaller the weights.":
        lambda d_in, d_out: 0.01,
    "The variance is squared. The standard deviation is its square root.":
        lambda d_in, d_out: (2 / d_in) ** 2,
}  # fmt: skip


@exercise
def dead_share(Z):
    """The share of ReLU neurons that no image activates: (N, D) to a number."""
    return np.mean((Z <= 0).all(axis=0))


# One dead column, one that is 0 for ever, one that lives for a single image, and others.
Z_4 = np.array(
    [
        [-1.0, 0.0, -0.5, 2.0, -3.0],
        [-0.2, -0.7, 1.5, 0.4, -1.0],
        [-2.0, -1.0, -0.1, 1.0, -0.3],
        [-0.6, 0.0, -4.0, -0.5, -0.2],
    ]
)
Z_2 = np.array([[0.5, -1.0, -2.0], [-0.5, -0.3, 0.7]])
Z_DEAD = np.array([[-1.0, 0.0], [-0.3, 0.0], [-2.0, 0.0]])
dead_share.cases = (Z_4,), (Z_2,), (Z_4[:3, 1:4],), (Z_DEAD,)
dead_share.hints = (
    "A neuron is a column. When is it dead: if one entry is not positive, or if all are?",
    "(Z <= 0).all(axis=0) is True for each dead column.",
    "The mean of True and False is the share of True.",
)
dead_share.mistakes = {
    "That is the share of zeros among all activations. A neuron is dead if it answers 0 to every "
    "image.": lambda Z: np.mean(Z <= 0),
    "One silent answer is not death: a neuron is dead if all of its answers are 0.":
        lambda Z: np.mean((Z <= 0).any(axis=0)),
    "That asks each image whether all neurons are silent. A neuron is a column: axis 0.":
        lambda Z: np.mean((Z <= 0).all(axis=1)),
    "That is the number of dead neurons. Their share is asked for: divide by D.":
        lambda Z: (Z <= 0).all(axis=0).sum(),
    "A neuron at exactly 0 has slope 0 too: <= instead of <.":
        lambda Z: np.mean((Z < 0).all(axis=0)),
    "A pre-activation below 0 is silent too: ReLU makes it 0.":
        lambda Z: np.mean((Z == 0).all(axis=0)),
    "That is the share of neurons that live.": lambda Z: np.mean((Z > 0).any(axis=0)),
    "That judges by the mean pre-activation. One positive answer is enough to live.":
        lambda Z: np.mean(Z.mean(axis=0) <= 0),
    "That divides by the number of images. The share is among the D neurons.":
        lambda Z: (Z <= 0).all(axis=0).sum() / len(Z),
    "That says of each neuron whether it is dead. The share is the mean of these.":
        lambda Z: (Z <= 0).all(axis=0),
    "That is the share of zeros for each neuron. It is dead where that share is 1; then take the "
    "mean.": lambda Z: (Z <= 0).mean(axis=0),
    "That is the share of negative numbers. A neuron is dead if it answers 0 to every image.":
        lambda Z: np.mean(Z < 0),
    "Only the first image is looked at. A dead neuron is silent for all of them.":
        lambda Z: np.mean(Z[0] <= 0),
    "That asks whether all neurons are dead. Ask each column: axis=0, and then the mean.":
        lambda Z: (Z <= 0).all(),
}  # fmt: skip


@exercise
def momentum_step(w, v, g, lr, momentum):
    """New parameters and new velocity after one step of SGD with momentum."""
    v = momentum * v + g
    return w - lr * v, v


W_1 = np.array([2.0, -1.0, 0.5])
V_1 = np.array([0.3, -0.7, 1.1])
G_1 = np.array([-0.4, 0.9, 0.25])
W_2 = np.array([[1.0, -2.0, 0.3], [0.7, 4.0, -1.5]])
V_2 = np.array([[0.2, 0.1, -0.6], [-0.9, 0.4, 0.05]])
G_2 = np.array([[-1.3, 0.8, 0.1], [0.6, -0.2, 2.0]])
momentum_step.cases = (W_1, V_1, G_1, 0.1, 0.9), (W_2, V_2, G_2, 0.03, 0.5)
momentum_step.hints = (
    "Two lines, in this order: first the velocity, then the parameters.",
    "The new velocity is momentum * v + g. The parameters move by −lr times that.",
)
momentum_step.mistakes = {
    "The parameters move with the old velocity. Update v first, and use the new one.":
        lambda w, v, g, lr, momentum: (w - lr * v, momentum * v + g),
    "The gradient is multiplied by 1 − momentum: that is a running mean, as in Adam. Here it is "
    "added whole.": (
        lambda w, v, g, lr, momentum: (
            w - lr * (momentum * v + (1 - momentum) * g),
            momentum * v + (1 - momentum) * g,
        )
    ),
    "The learning rate is inside the velocity. Some texts do that; then v is another number. "
    "Here it multiplies v in the step.":
        lambda w, v, g, lr, momentum: (w - (momentum * v + lr * g), momentum * v + lr * g),
    "The learning rate is there twice, in the velocity and in the step.":
        lambda w, v, g, lr, momentum: (w - lr * (momentum * v + lr * g), momentum * v + lr * g),
    "That walks uphill: subtract.":
        lambda w, v, g, lr, momentum: (w + lr * (momentum * v + g), momentum * v + g),
    "The velocity has the sign of the step, and the step subtracts it once more.":
        lambda w, v, g, lr, momentum: (w - lr * (momentum * v - g), momentum * v - g),
    "There the velocity points downhill. Some texts do that; here it adds up gradients, and the "
    "step subtracts it.":
        lambda w, v, g, lr, momentum: (w + lr * (momentum * v - g), momentum * v - g),
    "momentum and 1 − momentum: the share momentum of the old velocity stays, and the gradient "
    "is added whole.": (
        lambda w, v, g, lr, momentum: (
            w - lr * ((1 - momentum) * v + momentum * g),
            (1 - momentum) * v + momentum * g,
        )
    ),
    "1 − momentum of the old velocity is kept. The share momentum stays.":
        lambda w, v, g, lr, momentum: (w - lr * ((1 - momentum) * v + g), (1 - momentum) * v + g),
    "momentum multiplies the gradient, and the old velocity is kept whole. It is the other way "
    "round.": lambda w, v, g, lr, momentum: (w - lr * (v + momentum * g), v + momentum * g),
    "The gradient is there twice: in the velocity, and once more in the step.":
        lambda w, v, g, lr, momentum: (w - lr * (momentum * v + 2 * g), momentum * v + g),
    "The old velocity came back, so it would never grow. Return the new one.":
        lambda w, v, g, lr, momentum: (w - lr * (momentum * v + g), v),
    "The gradient came back in the place of the velocity. Return the new velocity.":
        lambda w, v, g, lr, momentum: (w - lr * (momentum * v + g), g),
    "That is a step without momentum: v is not used.":
        lambda w, v, g, lr, momentum: (w - lr * g, v),
    "The step itself came back. Subtract it from w.":
        lambda w, v, g, lr, momentum: (lr * (momentum * v + g), momentum * v + g),
    "That is Nesterov's form, which looks one step ahead. Use the new velocity alone.": (
        lambda w, v, g, lr, momentum: (
            w - lr * (g + momentum * (momentum * v + g)),
            momentum * v + g,
        )
    ),
    "The old velocity is kept whole. Only the share momentum of it stays.":
        lambda w, v, g, lr, momentum: (w - lr * (v + g), v + g),
    "momentum multiplies the gradient as well. It belongs to the old velocity only.":
        lambda w, v, g, lr, momentum: (w - lr * momentum * (v + g), momentum * (v + g)),
    "The step uses the gradient alone, and the velocity is forgotten.":
        lambda w, v, g, lr, momentum: (w - lr * g, momentum * v + g),
    "There the velocity is the step itself, with its minus sign and learning rate. Some texts do "
    "that; here v adds up gradients.":
        lambda w, v, g, lr, momentum: (w + momentum * v - lr * g, momentum * v - lr * g),
    "The learning rate multiplies the gradient only. It multiplies the whole new velocity.":
        lambda w, v, g, lr, momentum: (w - momentum * v - lr * g, momentum * v + g),
    "The learning rate is missing in the step.":
        lambda w, v, g, lr, momentum: (w - (momentum * v + g), momentum * v + g),
    "The two are in the wrong order: w first, then v.":
        lambda w, v, g, lr, momentum: (momentum * v + g, w - lr * (momentum * v + g)),
}  # fmt: skip


@exercise
def first_step():
    """The first step of Adam without bias correction, in units of the learning rate."""
    return 0.1 / math.sqrt(0.001)


first_step.tolerance = 2e-3
first_step.hints = (
    "After one step m is 0.1 g, and s is 0.001 g².",
    "The step is m / √s = 0.1 g / (√0.001 |g|), times the learning rate.",
)
first_step.mistakes = {
    "That is with the bias correction.": 1,
    "That is m alone. It is divided by the root of s.": 0.1,
    "That is m / s. The root is missing.": 100,
    "The fraction is upside down.": 0.316,
    "The root was taken of m as well. Only s gets one.": 10,
    "m was corrected and s was not.": 31.62,
    "0.001 and 0.1 have changed places.": 0.00316,
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


S_1 = np.array([0.5, 0.02, 1.7])
S_2 = np.array([[0.4, 0.9, 0.03], [1.2, 0.07, 2.5]])


def _adam(
    w,
    g,
    m,
    s,
    t,
    lr,
    beta1,
    beta2,
    eps,
    *,
    correct=(True, True),
    root=True,
    eps_inside=False,
    square=None,
    swap=False,
    share=lambda beta, t: 1 - beta**t,
):
    if swap:
        beta1, beta2 = beta2, beta1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * (g**2 if square is None else square(m, g))
    m_hat = m / share(beta1, t) if correct[0] else m
    s_hat = s / share(beta2, t) if correct[1] else s
    below = np.sqrt(s_hat + eps * eps_inside) if root else s_hat
    return w - lr * m_hat / (below + eps * (not eps_inside)), m, s


adam_step.cases = (
    (W_1, G_1, V_1, S_1, 3, 0.1, 0.9, 0.99, 0.05),
    (W_2, G_2, V_2, S_2, 1, 0.02, 0.8, 0.95, 0.01),
)
adam_step.hints = (
    "Four lines: the running mean m, the running mean square s, both corrected, the step.",
    "m = beta1 * m + (1 − beta1) * g, and s the same with beta2 and g².",
    "Divide m by 1 − beta1**t and s by 1 − beta2**t for the step, and return m and s as they were "
    "before that.",
)
adam_step.mistakes = {
    "The bias correction is missing: divide m by 1 − beta1**t and s by 1 − beta2**t.":
        lambda *given: _adam(*given, correct=(False, False)),
    "s is not corrected: divide it by 1 − beta2**t.":
        lambda *given: _adam(*given, correct=(True, False)),
    "m is not corrected: divide it by 1 − beta1**t.":
        lambda *given: _adam(*given, correct=(False, True)),
    "The root is missing: divide by √s, so that the size of the gradient cancels.":
        lambda *given: _adam(*given, root=False),
    "eps is inside the root. It is added after the root is taken.":
        lambda *given: _adam(*given, eps_inside=True),
    "eps is missing.":
        lambda w, g, m, s, t, lr, beta1, beta2, eps: _adam(w, g, m, s, t, lr, beta1, beta2, 0),
    "The step uses m and s from before this step. Update them first.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: (
            w - lr * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps),
            beta1 * m + (1 - beta1) * g,
            beta2 * s + (1 - beta2) * g**2,
        )
    ),
    "t is one too large: the first step has t = 1, and it is given.":
        lambda w, g, m, s, t, *rest: _adam(w, g, m, s, t + 1, *rest),
    "beta1 and beta2 have changed places.": lambda *given: _adam(*given, swap=True),
    "That is the square of the mean. s is the mean of the squares: use g².":
        lambda *given: _adam(*given, square=lambda m, g: m**2),
    "The gradient is not squared in s.": lambda *given: _adam(*given, square=lambda m, g: g),
    "1 − beta2 is squared with the gradient. Square g alone.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: _adam(
            w, g, m, s, t, lr, beta1, beta2, eps, square=lambda m, g: (1 - beta2) * g**2
        )
    ),
    "The power is missing: beta times t. It is beta**t.":
        lambda *given: _adam(*given, share=lambda beta, t: 1 - beta * t),
    "That is the power of the difference. Take the power first: 1 − beta**t.":
        lambda *given: _adam(*given, share=lambda beta, t: (1 - beta) ** t),
    "The correction multiplies. m and s are too small at first: divide.":
        lambda *given: _adam(*given, share=lambda beta, t: 1 / (1 - beta**t)),
    "eps is added to the step and not to the root: brackets are missing below the fraction.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: (
            _adam(w, g, m, s, t, lr, beta1, beta2, 0)[0] + eps,
            *_adam(w, g, m, s, t, lr, beta1, beta2, 0)[1:],
        )
    ),
    "eps is added to √s before the correction. That order makes it another number: correct s, "
    "take the root, add eps.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: _adam(
            w, g, m, s, t, lr, beta1, beta2, eps / math.sqrt(1 - beta2**t)
        )
    ),
    "The new gradient is added whole, so m and s are sums. A running mean takes 1 − beta of it.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: (
            w
            - lr
            * ((beta1 * m + g) / (1 - beta1**t))
            / (np.sqrt((beta2 * s + g**2) / (1 - beta2**t)) + eps),
            beta1 * m + g,
            beta2 * s + g**2,
        )
    ),
    "The step itself came back. Subtract it from w.":
        lambda w, *rest: (w - _adam(w, *rest)[0], *_adam(w, *rest)[1:]),
    "The three are in another order: w first, then m, then s.":
        lambda *given: (*_adam(*given)[1:], _adam(*given)[0]),
    "The learning rate is missing.":
        lambda w, g, m, s, t, lr, *rest: _adam(w, g, m, s, t, 1.0, *rest),
    "That walks uphill: subtract.":
        lambda w, g, m, s, t, lr, *rest: _adam(w, g, m, s, t, -lr, *rest),
    "The corrected averages are returned, and would be corrected again in the next step. Return "
    "m and s as they are.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: (
            _adam(w, g, m, s, t, lr, beta1, beta2, eps)[0],
            (beta1 * m + (1 - beta1) * g) / (1 - beta1**t),
            (beta2 * s + (1 - beta2) * g**2) / (1 - beta2**t),
        )
    ),
    "beta and 1 − beta have changed places: the share beta of the old value stays.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: (
            w
            - lr
            * (((1 - beta1) * m + beta1 * g) / (1 - beta1**t))
            / (np.sqrt(((1 - beta2) * s + beta2 * g**2) / (1 - beta2**t)) + eps),
            (1 - beta1) * m + beta1 * g,
            (1 - beta2) * s + beta2 * g**2,
        )
    ),
    "The gradient itself stands in the step. Its running mean m belongs there.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: (
            w - lr * g / (np.sqrt((beta2 * s + (1 - beta2) * g**2) / (1 - beta2**t)) + eps),
            beta1 * m + (1 - beta1) * g,
            beta2 * s + (1 - beta2) * g**2,
        )
    ),
    "The correction divides by 1 − beta, without the power t. That is right in the first step "
    "only.": (
        lambda w, g, m, s, t, lr, beta1, beta2, eps: (
            w
            - lr
            * ((beta1 * m + (1 - beta1) * g) / (1 - beta1))
            / (np.sqrt((beta2 * s + (1 - beta2) * g**2) / (1 - beta2)) + eps),
            beta1 * m + (1 - beta1) * g,
            beta2 * s + (1 - beta2) * g**2,
        )
    ),
}  # fmt: skip


@exercise
def clip_together(grads, max_norm):
    """All gradients times one factor, so that their common length is at most max_norm."""
    norm = math.sqrt(sum(np.sum(g**2) for g in grads))
    factor = min(1.0, max_norm / norm)
    return tuple(factor * g for g in grads)


def _lengths(grads):
    return [np.linalg.norm(g) for g in grads]


def _shrunk(grads, max_norm, length):
    return tuple(g * min(1, max_norm / length) for g in grads)


def _together(grads):
    return math.sqrt(sum(np.sum(g**2) for g in grads))


G_LIST = [G_2, np.array([3.0, -0.4]), np.array([0.05])]
clip_together.cases = (
    (G_LIST, 1.5),
    ([G_1, 2 * G_1, np.array([[0.3], [-1.2]])], 100.0),
    ([G_2, G_2.T], 2.0),
)
clip_together.hints = (
    "The common length is the root of the sum of all squares, over all arrays.",
    "If it is larger than max_norm, multiply every array by max_norm / length; if not, leave them.",
)
clip_together.mistakes = {
    "Each array is clipped by itself. That turns the direction: use one factor for all.": (
        lambda grads, max_norm: tuple(
            g * min(1, max_norm / n) for g, n in zip(grads, _lengths(grads), strict=True)
        )
    ),
    "Each number is clipped by itself. That turns the direction: scale all together.":
        lambda grads, max_norm: tuple(np.clip(g, -max_norm, max_norm) for g in grads),
    "Short gradients are made longer. Scale only if the length is above max_norm.":
        lambda grads, max_norm: tuple(g * (max_norm / _together(grads)) for g in grads),
    "The lengths of the arrays are added. Add their squares, and take the root at the end.":
        lambda grads, max_norm: _shrunk(grads, max_norm, sum(_lengths(grads))),
    "The root is missing: that is the square of the length.":
        lambda grads, max_norm: _shrunk(grads, max_norm, _together(grads) ** 2),
    "The length becomes 1, whatever max_norm is: multiply by max_norm as well.": (
        lambda grads, max_norm: tuple(
            g / _together(grads) if _together(grads) > max_norm else g for g in grads
        )
    ),
    "That looks at the longest array only. The length is that of all arrays together.":
        lambda grads, max_norm: _shrunk(grads, max_norm, max(_lengths(grads))),
    "Nothing is scaled.": lambda grads, max_norm: tuple(grads),
    "The length becomes 1, whatever max_norm is, and short gradients are made longer.":
        lambda grads, max_norm: tuple(g / _together(grads) for g in grads),
    "The factor is upside down: max_norm / length.":
        lambda grads, max_norm: tuple(g * min(1, _together(grads) / max_norm) for g in grads),
    "max where min belongs: long gradients stay as they are, and short ones become longer.":
        lambda grads, max_norm: tuple(g * max(1, max_norm / _together(grads)) for g in grads),
    "That looks at the largest number. The length is the root of the sum of all squares.":
        lambda grads, max_norm: _shrunk(grads, max_norm, max(np.abs(g).max() for g in grads)),
    "The squares are missing: that adds up the numbers without their signs.":
        lambda grads, max_norm: _shrunk(grads, max_norm, sum(np.abs(g).sum() for g in grads)),
    "The lengths of the arrays are added without squares. Square each of them first.":
        lambda grads, max_norm: _shrunk(grads, max_norm, math.sqrt(sum(_lengths(grads)))),
    "That is the mean of the lengths. The length of all arrays together is asked for.":
        lambda grads, max_norm: _shrunk(grads, max_norm, np.mean(_lengths(grads))),
    "All came back as one long list. Keep the shapes.": (
        lambda grads, max_norm: np.concatenate(
            [g.ravel() for g in _shrunk(grads, max_norm, _together(grads))]
        )
    ),
    "All gradients are thrown away where they are too long. Scale them.":
        lambda grads, max_norm: tuple(g * (_together(grads) <= max_norm) for g in grads),
}  # fmt: skip


@exercise
def best_epoch(train_losses, val_losses, patience):
    """The epoch with the lowest validation loss before patience runs out."""
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        elif epoch - best == patience:
            break
    return best


def _stop(losses, patience, *, late=0):
    """The best epoch, and the epoch at which training stops."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience + late:
            return best, epoch
    return best, len(losses) - 1


def _impatient(losses, patience):
    """The best epoch, if patience is the number of bad epochs in all."""
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch:
            waited += 1
            if waited == patience:
                break
    return best


def _rising(losses, patience):
    """Stops where the loss has risen patience times in a row: the epoch before, and that one."""
    risen = 0
    for epoch in range(1, len(losses)):
        risen = risen + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if risen == patience:
            return epoch - patience, epoch
    return len(losses) - 1, len(losses) - 1


TRAINING_1 = [2.0, 1.5, 1.1, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15]
VALIDATION_1 = [2.1, 1.6, 1.3, 1.4, 1.5, 1.35, 1.2, 1.1, 1.05]
TRAINING_2 = [2.2, 1.4, 0.9, 0.95, 0.5, 0.45, 0.47]
VALIDATION_2 = [2.0, 1.7, 1.8, 1.6, 1.75, 1.7, 1.9]
VALIDATION_3 = [1.9, 1.5, 1.6, 1.7, 1.4, 1.45, 1.5, 1.3]
TRAINING_4 = [2.2, 1.4, 0.9, 0.95, 0.92, 0.5, 0.45, 0.4, 0.3]
VALIDATION_4 = [2.0, 1.5, 1.6, 1.7, 1.4, 1.45, 1.5, 1.55, 1.2]
VALIDATION_5 = [2.0, 1.7, 1.8, 1.6, 1.75, 1.7, 1.5, 1.6]
best_epoch.cases = (
    (TRAINING_1, VALIDATION_1, 3),
    (TRAINING_2, VALIDATION_2, 2),
    (TRAINING_1[:8], VALIDATION_3, 2),
    (TRAINING_1[:8], VALIDATION_3, 3),
    (TRAINING_4, VALIDATION_4, 2),
    (TRAINING_1[:8], VALIDATION_5, 3),
)
best_epoch.hints = (
    "Go through the epochs, and remember the best one so far.",
    "At each epoch that is not better, ask how many epochs have passed since the best one.",
    "When epoch − best == patience, stop looking, and return best.",
)
best_epoch.mistakes = {
    "That is the lowest training loss. It falls as long as the network memorises: look at the "
    "validation loss.": lambda train, val, patience: int(np.argmin(train)),
    "That is the last epoch. The network of the best epoch is kept.":
        lambda train, val, patience: len(val) - 1,
    "That is the lowest of all epochs. Training stops earlier, and never gets there.":
        lambda train, val, patience: int(np.argmin(val)),
    "That is the epoch at which training stops. Kept is the best one before it.":
        lambda train, val, patience: _stop(val, patience)[1],
    "That waits one epoch longer than patience.":
        lambda train, val, patience: _stop(val, patience, late=1)[0],
    "That gives up one epoch too early: patience epochs in a row may be no better.":
        lambda train, val, patience: _stop(val, patience, late=-1)[0],
    "That stops at the first rise. Wait for patience epochs.":
        lambda train, val, patience: _stop(val, 1)[0],
    "The epochs are counted from 1. Count from 0.":
        lambda train, val, patience: _stop(val, patience)[0] + 1,
    "That is the loss. The number of the epoch is asked for.":
        lambda train, val, patience: val[_stop(val, patience)[0]],
    "The epochs without a better one are counted, but the count never starts again. Set it to 0 "
    "at each better epoch.": lambda train, val, patience: _impatient(val, patience),
    "Each epoch is compared with the one before it. Compare it with the best one so far.":
        lambda train, val, patience: _rising(val, patience)[0],
    "Each epoch is compared with the one before it, so training stops too late. Compare it with "
    "the best one so far.":
        lambda train, val, patience: int(np.argmin(val[: _rising(val, patience)[1] + 1])),
    "That is the epoch before the one at which training stops. Remember the best one.":
        lambda train, val, patience: _stop(val, patience)[1] - 1,
    "Training and validation loss are added. The training loss rewards memorising.":
        lambda train, val, patience: int(np.argmin(np.add(train, val))),
    "That looks for the smallest gap between training and validation. A network that learned "
    "nothing has none.":
        lambda train, val, patience: int(np.argmin(np.abs(np.subtract(train, val)))),
    "That follows the training loss. Patience is about the validation loss.":
        lambda train, val, patience: _stop(train, patience)[0],
}  # fmt: skip


@exercise
def choose_rate(rates, train_losses, val_losses, test_losses):
    """The learning rate with the lowest loss on the validation set."""
    return rates[np.argmin(val_losses)]


def _flattering(rates, train_losses, val_losses, test_losses):
    return rates[np.argmin(test_losses)]


choose_rate.cases = (
    ([0.01, 0.03, 0.1, 0.3], [0.9, 0.4, 0.1, 0.05], [1.0, 0.5, 0.3, 0.6], [0.2, 0.6, 0.7, 2.0]),
    ([0.2, 0.05, 0.5], [0.7, 0.3, 0.8], [0.4, 0.9, 0.6], [0.5, 0.3, 0.2]),
    (
        [3.0, 1.0, 0.2, 0.1, 0.02],
        [5.0, 2.0, 0.4, 0.3, 0.1],
        [4.0, 2.0, 0.5, 0.6, 0.9],
        [4.5, 2.1, 0.7, 0.8, 0.3],
    ),
)
choose_rate.start = _flattering
choose_rate.hints = (
    "If the test set chooses, its score is no longer that of images nobody has looked at.",
    "And the training set? A network that memorises would win there.",
    "The third set is there for choices.",
)
choose_rate.mistakes = {
    "That chooses on the training set, where a network that memorises wins.":
        lambda rates, train, val, test: rates[np.argmin(train)],
    "Validation and test are put together. Then the test set still chooses.":
        lambda rates, train, val, test: rates[np.argmin(np.add(val, test))],
    "Training and validation are put together. The training loss rewards memorising.":
        lambda rates, train, val, test: rates[np.argmin(np.add(train, val))],
    "All three are put together. Only the validation set is there for choices.":
        lambda rates, train, val, test: rates[np.argmin(np.add(train, np.add(val, test)))],
    "That is the largest learning rate, whatever the losses are.":
        lambda rates, train, val, test: max(rates),
    "That looks for the smallest gap between validation and test. Then the test set chooses.":
        lambda rates, train, val, test: rates[np.argmin(np.abs(np.subtract(val, test)))],
    "The learning rates are sorted, and the losses are not. Keep them in step.":
        lambda rates, train, val, test: sorted(rates)[np.argmin(val)],
    "That is the highest loss. The lowest is best.":
        lambda rates, train, val, test: rates[np.argmax(val)],
    "That is the position in the list. Return the learning rate that stands there.":
        lambda rates, train, val, test: np.argmin(val),
    "That is the loss. Return the learning rate.": lambda rates, train, val, test: min(val),
    "That looks for the smallest gap between training and validation. A network that learned "
    "nothing has none.":
        lambda rates, train, val, test: rates[np.argmin(np.abs(np.subtract(val, train)))],
    "That is the smallest learning rate, whatever the losses are.":
        lambda rates, train, val, test: min(rates),
}  # fmt: skip


@exercise
def choose_size(sizes, accuracies, margin):
    """The smallest size whose accuracy is within the margin of the best."""
    good_enough = max(accuracies) - margin
    for size, accuracy in zip(sizes, accuracies, strict=True):
        if accuracy >= good_enough:
            return size


def _rule_of_thumb(sizes, accuracies, margin):
    return (784 + 10) // 2


def _good(sizes, accuracies, margin):
    return [n for n, a in zip(sizes, accuracies, strict=True) if a >= max(accuracies) - margin]


choose_size.cases = (
    ([2, 4, 8, 16, 32, 64], [0.31, 0.62, 0.91, 0.952, 0.968, 0.97], 0.01),
    ([8, 16, 32, 64, 128], [0.90, 0.9503, 0.93, 0.97, 0.965], 0.02),
    ([4, 16, 64, 397], [0.6, 0.94, 0.972, 0.969], 0.005),
    ([4, 8, 16, 32, 64], [0.5, 0.95, 0.97, 0.96, 0.9], 0.015),
    ([8, 16, 32, 64], [0.9, 0.905, 0.93, 0.97], 0.01),
    ([4, 8, 16, 32], [0.5, 0.75, 0.8125, 0.875], 0.125),
)
choose_size.start = _rule_of_thumb
choose_size.hints = (
    "Which accuracy is the best? Which accuracies are at least that minus margin?",
    "Of the sizes that belong to these, return the smallest.",
)
choose_size.mistakes = {
    "That is the best one. A smaller size may be as good, within the margin.":
        lambda sizes, accuracies, margin: sizes[int(np.argmax(accuracies))],
    "That is the largest size that is good enough. The smallest is asked for.":
        lambda sizes, accuracies, margin: _good(sizes, accuracies, margin)[-1],
    "That is the largest size of all. More neurons cost more, and need not be better.":
        lambda sizes, accuracies, margin: sizes[-1],
    "That is the smallest size of all, however bad it is.":
        lambda sizes, accuracies, margin: sizes[0],
    "That is the position in the list. Return the size that stands there.":
        lambda sizes, accuracies, margin: sizes.index(_good(sizes, accuracies, margin)[0]),
    "margin is taken as a share of the best accuracy. It is a distance: subtract it.": (
        lambda sizes, accuracies, margin: next(
            n for n, a in zip(sizes, accuracies, strict=True) if a >= max(accuracies) * (1 - margin)
        )
    ),
    "That stops where the next size is no more than margin better. A later one may be.": (
        lambda sizes, accuracies, margin: next(
            (
                n
                for n, a, b in zip(sizes, accuracies, accuracies[1:], strict=False)
                if b <= a + margin
            ),
            sizes[-1],
        )
    ),
    "That is another rule of thumb: the mean of the sizes. Look at the accuracies.":
        lambda sizes, accuracies, margin: sum(sizes) / len(sizes),
    "At most margin below the best: exactly margin below is good enough, too. <= instead of <.": (
        lambda sizes, accuracies, margin: next(
            n for n, a in zip(sizes, accuracies, strict=True) if a > max(accuracies) - margin
        )
    ),
    "Each size is compared with the last one. The best may be another one.": (
        lambda sizes, accuracies, margin: next(
            n for n, a in zip(sizes, accuracies, strict=True) if a >= accuracies[-1] - margin
        )
    ),
    "All sizes that are good enough came back. The smallest is asked for.": _good,
    "That is the accuracy that is good enough. The size that reaches it is asked for.":
        lambda sizes, accuracies, margin: max(accuracies) - margin,
    "That is the size in the middle. Look at the accuracies.":
        lambda sizes, accuracies, margin: sizes[len(sizes) // 2],
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


def _surprises(z, y, *, largest=lambda z: z.max(axis=1, keepdims=True), axis=1):
    """Minus the logarithm of the probability of each right class."""
    shifted = z - largest(z)
    log_total = np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return (log_total - shifted)[np.arange(len(y)), y]


def _safe_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _right_probabilities(z, y):
    return _safe_softmax(z)[np.arange(len(y)), y]


safe_loss.cases = (
    (np.array([[0.3, -1.2, 2.0, 0.4], [1.5, 0.2, -0.7, 0.9]]), np.array([1, 3])),
    (np.array([[1000.0, 0.0], [-1000.0, -999.5], [3.0, 4.5]]), np.array([1, 0, 0])),
    (np.array([[0.5, -1000.0, 2.0], [1.0, 0.3, -0.2], [-3.0, 0.1, 0.7]]), np.array([1, 2, 2])),
)
safe_loss.start = _overflowing
safe_loss.silent = True
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
        lambda z, y: -np.mean(np.log(_right_probabilities(z, y))),
    "A floor under the probabilities hides the trouble: a wrong answer that is quite certain "
    "should cost 1000 nats here, and not 27.6. Use ln(a / b) = ln a − ln b.":
        lambda z, y: -np.mean(np.log(np.maximum(_right_probabilities(z, y), 1e-12))),
    "The largest score of the whole batch is subtracted. In a row far below it every exponential "
    "is rounded to 0: take the largest of each row.":
        lambda z, y: np.mean(_surprises(z, y, largest=np.max)),
    "The largest score of each class is subtracted. Take that of each row: axis 1.":
        lambda z, y: np.mean(_surprises(z, y, largest=lambda z: z.max(axis=0))),
    "The exponentials are added over the examples. Each example has its own sum: axis 1.":
        lambda z, y: np.mean(_surprises(z, y, axis=0)),
    "The losses of the examples are added. The loss is their mean: divide by N.":
        lambda z, y: np.sum(_surprises(z, y)),
    "That is divided by N and by the number of classes. The mean is over the N examples.":
        lambda z, y: np.sum(_surprises(z, y)) / z.size,
    "The minus sign is missing: the loss is minus the logarithm of a probability.":
        lambda z, y: -np.mean(_surprises(z, y)),
    "Softmax is applied twice: to the scores, and to its own probabilities.":
        lambda z, y: np.mean(_surprises(_safe_softmax(z), y)),
    "The largest score is subtracted in the sum only. Subtract it from the score of the right "
    "class too.": (
        lambda z, y: np.mean(
            np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1)) - z[np.arange(len(y)), y]
        )
    ),
    "That is the loss of each example. Take their mean.": _surprises,
    "Score minus the logarithm of the sum, without subtracting the largest score: e^1000 "
    "overflows.": lambda z, y: np.mean(_surprises(z, y, largest=lambda z: 0.0)),
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


def _piled_up(w, gradient, batches, lr):
    total = np.zeros_like(w)
    for batch in batches:
        total += gradient(w, batch)
        w = w - lr * total
    return w


def _averaged(w, gradient, batches, lr):
    total = np.zeros_like(w)
    for n, batch in enumerate(batches, 1):
        total += gradient(w, batch)
        w = w - lr * total / n
    return w


def _lost(w, gradient, batches, lr):
    for batch in batches:
        w = -lr * gradient(w, batch)
    return w


def _one_step(w, gradient, batches, lr):
    return w - lr * sum(gradient(w, batch) for batch in batches)


def _stale(w, gradient, batches, lr):
    for batch in batches:
        total = np.zeros_like(w)
        w = w - lr * total
        total += gradient(w, batch)
    return w


BATCHES = (
    np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.5]]),
    np.array([[-2.0, 4.0, 1.0]]),
    np.array([[0.5, 0.5, -3.0], [1.0, 2.0, 0.0]]),
    np.array([[2.5, -0.5, 1.0]]),
)
zeroed_steps.cases = (
    (W_1, _slope, BATCHES, 0.1),
    (np.array([0.2, 3.0, -1.0]), _slope, BATCHES[::-1][:3], 0.3),
)
zeroed_steps.start = _piled_up
zeroed_steps.hints = (
    "What is in total when the second batch comes? Should it be?",
    "Set it to zero at the start of each step, inside the loop.",
)
zeroed_steps.mistakes = {
    "All gradients are taken at the w of the beginning. Take each at the w that the step before "
    "it reached.": _one_step,
    "That is the mean of all gradients at the same w, and one step. There is one step for each "
    "batch.": (
        lambda w, gradient, batches, lr: (
            w - lr * sum(gradient(w, batch) for batch in batches) / len(batches)
        )
    ),
    "The gradients are set to zero between backward and step: nothing is left to step with.":
        _stale,
    "Only the first batch makes a step: does a return stand inside the loop?":
        lambda w, gradient, batches, lr: w - lr * gradient(w, batches[0]),
    "Only the last batch makes a step.":
        lambda w, gradient, batches, lr: w - lr * gradient(w, batches[-1]),
    "That walks uphill: subtract.":
        lambda w, gradient, batches, lr: _walk(w, gradient, batches, -lr),
    "The sum is divided by the number of batches, and it is still a sum of old gradients.":
        lambda w, gradient, batches, lr: _piled_up(w, gradient, batches, lr / len(batches)),
    "The learning rate is missing.":
        lambda w, gradient, batches, lr: _walk(w, gradient, batches, 1.0),
    "Each gradient is divided by the number of examples in its batch. It is a mean already.": (
        lambda w, gradient, batches, lr: _walk(
            w, lambda w, batch: gradient(w, batch) / len(batch), batches, lr
        )
    ),
    "Each gradient is divided by the number of batches. Every batch makes a whole step.":
        lambda w, gradient, batches, lr: _walk(w, gradient, batches, lr / len(batches)),
    "Each step uses the mean of all gradients so far. Old gradients belong to an old w: set them "
    "to zero.": _averaged,
    "The old w is lost: subtract the step from it.":
        lambda w, gradient, batches, lr: _lost(w, gradient, batches, lr),
    "Each gradient makes its step twice.":
        lambda w, gradient, batches, lr: _walk(w, gradient, batches, 2 * lr),
}  # fmt: skip


@exercise
def failures():
    """The cause of each failing run."""
    return "zero weights", "overfitting", "learning rate too large", "gradients not zeroed"


def _walk(w, gradient, batches, lr):
    for batch in batches:
        w = w - lr * gradient(w, batch)
    return w


RATE, ZERO = "learning rate too large", "zero weights"
OVER, PILED = "overfitting", "gradients not zeroed"
failures.hints = (
    "ln 10 is 2.303. Which run sits exactly there, from the first moment on?",
    "In which run do training and validation loss part?",
    "Two are left. One goes wild from the start and dies, the other learns first.",
)
failures.mistakes = {
    "Runs 3 and 4 are swapped. Which one learns at first, as momentum that never slows down "
    "would?": (ZERO, OVER, PILED, RATE),
    "Runs 1 and 3 are swapped. A leap is not what zero weights do: with them nothing moves.":
        (RATE, OVER, ZERO, PILED),
    "Runs 1 and 2 are swapped. In run 1 nothing is learned, on either set.":
        (OVER, ZERO, RATE, PILED),
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
}  # fmt: skip
