"""Exercises of chapter 3: targets, losses, steps downhill, finite differences."""

import numpy as np

from nnlib.exercises._exercise import exercise
from nnlib.matrices import softmax

Y = np.array([[0.4, 0.1, 0.5], [0.0, 0.9, -0.3], [1.2, -0.7, 0.25], [0.3, 0.6, 0.8]])
T = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
P = np.array([[0.2, 0.3, 0.5], [0.1, 0.85, 0.05], [0.6, 0.15, 0.25], [0.7, 0.2, 0.1]])
X = np.array([[1.0, 0.5], [-2.0, 0.3], [0.0, 1.5], [3.0, -1.0]])


@exercise
def one_hot(targets, n_classes):
    """Rows of zeros with a 1 at each label: (N,) to (N, n_classes)."""
    rows = np.zeros((len(targets), n_classes))
    rows[np.arange(len(targets)), targets] = 1
    return rows


def _ones_at(index):
    """Zeros with ones where ``index`` of the labels points."""

    def answer(targets, n_classes):
        rows = np.zeros((len(targets), n_classes))
        rows[index(targets)] = 1
        return rows

    return answer


one_hot.cases = (np.array([2, 0, 3]), 5), (np.array([1, 1, 0, 2]), 3)
one_hot.hints = (
    "Start with np.zeros((len(targets), n_classes)), and set one entry of each row to 1.",
    "Row i has its 1 in column targets[i]. np.eye(n_classes) has all possible rows.",
)
one_hot.mistakes = {
    "Rows and columns are swapped: each example is a row.":
        lambda targets, n_classes: np.eye(n_classes)[targets].T,
    "The classes are counted from 0: label 0 has its 1 in column 0.":
        lambda targets, n_classes: np.eye(n_classes)[targets - 1],
    "There are as many columns as the largest label needs. Use n_classes: a class may be missing "
    "in a batch.": lambda targets, n_classes: np.eye(targets.max() + 1)[targets] + 0.0,
    "The label itself stands in the row. Put a 1 there.":
        lambda targets, n_classes: np.eye(n_classes)[targets] * targets[:, None],
    "Zeros and ones are swapped.": lambda targets, n_classes: 1 - np.eye(n_classes)[targets],
    "Every row has its 1 on the diagonal. The label says which column.":
        lambda targets, n_classes: np.eye(len(targets), n_classes),
    "The whole columns were set to 1. Set one entry of each row.":
        _ones_at(lambda targets: (slice(None), targets)),
    "With a single index the labels pick whole rows. Set the entry in row i and column "
    "targets[i].": _ones_at(lambda targets: targets),
    "The two indices are swapped: the row comes first, and the label is the column.":
        _ones_at(lambda targets: (targets, np.arange(len(targets)))),
    "Only the first row has its 1. Does a return stand inside the loop?":
        _ones_at(lambda targets: (0, targets[0])),
    "No entry was set to 1.": lambda targets, n_classes: np.zeros((len(targets), n_classes)),
    "All labels share one row. Each example needs a row of its own.":
        lambda targets, n_classes: np.eye(n_classes)[targets].max(axis=0),
    "np.eye has a row for each class, so its size is n_classes, not the number of examples.":
        lambda targets, n_classes: np.eye(len(targets))[targets],
    "Labels and columns are both lists here, and NumPy compares them in pairs. Make the labels a "
    "column first: targets[:, None].":
        lambda targets, n_classes: (targets == np.arange(n_classes)) * 1.0,
}  # fmt: skip


@exercise
def squared_loss(y, target):
    """The mean over examples of the sum of squared differences: (N, K), (N, K) to a number."""
    return ((y - target) ** 2).sum(axis=1).mean()


def _signed(y, target):
    return (y - target).mean()


squared_loss.cases = (Y, T), (-Y[1:, 1:], T[:3, 1:])
squared_loss.start = _signed
squared_loss.hints = (
    "Square the differences first: then nothing cancels, and there is a floor.",
    "Add up the squares of each example, axis 1, and take the mean of these sums.",
)
squared_loss.mistakes = {
    "The mean runs over all numbers. Add up the outputs of each example, and take the mean over "
    "the examples only.": lambda y, target: ((y - target) ** 2).mean(),
    "The squares are added up over the examples too. Take the mean over the examples.":
        lambda y, target: ((y - target) ** 2).sum(),
    "Those are distances, without the square.":
        lambda y, target: np.abs(y - target).sum(axis=1).mean(),
    "The sum is squared, so errors of opposite sign still cancel. Square each one first.":
        lambda y, target: ((y - target).sum(axis=1) ** 2).mean(),
    "The root is not wanted here.":
        lambda y, target: np.sqrt(((y - target) ** 2).sum(axis=1)).mean(),
    "That is half of it. Some texts have a factor ½; this one has not.":
        lambda y, target: ((y - target) ** 2).sum(axis=1).mean() / 2,
    "* 2 doubles. ** 2 squares.": lambda y, target: ((y - target) * 2).sum(axis=1).mean(),
    "Nothing is squared yet, so errors of opposite sign still cancel.":
        lambda y, target: (y - target).sum(axis=1).mean(),
    "Add up before you square, and errors cancel. Square each difference first.":
        lambda y, target: (y - target).mean() ** 2,
    "Those are distances, without the square, and the mean runs over all numbers.":
        lambda y, target: np.abs(y - target).mean(),
    "The sign is taken from the sum, where errors have cancelled already. Square each difference "
    "first.": lambda y, target: abs((y - target).mean()),
    "The axes are swapped: add up over the outputs, axis 1, and take the mean over the examples.":
        lambda y, target: ((y - target) ** 2).sum(axis=0).mean(),
    "Those are sums for each output. Add up along each row, axis 1.":
        lambda y, target: ((y - target) ** 2).sum(axis=0),
    "Those are means for each example. Add up the squares of an example, and take the mean over "
    "the examples.": lambda y, target: ((y - target) ** 2).mean(axis=1),
    "That is a square for each number. The loss is one number: add up, then take the mean.":
        lambda y, target: (y - target) ** 2,
    "That is the root of a mean over all numbers. No root, and a mean over the examples.":
        lambda y, target: np.sqrt(((y - target) ** 2).mean()),
    "The difference of the squares is not the square of the difference.":
        lambda y, target: (y**2 - target**2).sum(axis=1).mean(),
    "Those are the losses of the examples. Take their mean.":
        lambda y, target: ((y - target) ** 2).sum(axis=1),
}  # fmt: skip


@exercise
def broadcast_shape():
    """The shape of y − target for y of shape (32, 1) and target of shape (32,)."""
    return 32, 32


broadcast_shape.hints = (
    "NumPy reads shapes from the right: (32,) is taken for a row, (1, 32).",
    "The column has one number a row, and is repeated along its axis of length 1. So is the row.",
)
broadcast_shape.mistakes = {
    "So it would be if each output met its own target. But a plain list counts as a row: every "
    "output meets every target.": (32, 1),
    "That is the shape of the target as a row. The column of outputs has 32 rows.": (1, 32),
    "64 would be both lists one after the other. Broadcasting repeats, it does not join.": (64, 1),
}


@exercise
def cross_entropy(probabilities, targets):
    """The mean surprise in nats: (N, K), one-hot (N, K) to a number."""
    return -np.sum(targets * np.log(probabilities)) / len(targets)


def _without_minus(probabilities, targets):
    return np.sum(targets * np.log(probabilities))


cross_entropy.cases = (P, T), (P[:3], T[1:])
cross_entropy.start = _without_minus
cross_entropy.hints = (
    "The logarithm of a probability is negative. Which sign makes the loss positive?",
    "The sum runs over all examples. What turns it into a mean?",
    "Divide by the number of examples, len(targets), and put a minus in front.",
)
cross_entropy.mistakes = {
    "The minus is missing: this is lowest where the right class has probability 0.":
        lambda p, t: np.sum(t * np.log(p)) / len(t),
    "That is the sum over the examples. Take the mean: divide by their number.":
        lambda p, t: -np.sum(t * np.log(p)),
    "The mean runs over examples and classes. Divide by the number of examples only.":
        lambda p, t: -np.mean(t * np.log(p)),
    "That is divided by the number of classes. Divide by the number of examples.":
        lambda p, t: -np.sum(t * np.log(p)) / t.shape[1],
    "The logarithm to base 2 gives bits. Nats take the natural logarithm, np.log.":
        lambda p, t: -np.sum(t * np.log2(p)) / len(t),
    "The logarithm to base 10 is not the natural one.":
        lambda p, t: -np.sum(t * np.log10(p)) / len(t),
    "The logarithm of 0 is on the way, and is not finite. Take the logarithm of the "
    "probabilities, and multiply by the targets after that.":
        lambda p, t: -np.sum(p * np.log(t)) / len(t),
    "The minus is missing, and the mean runs over examples and classes.":
        lambda p, t: np.mean(t * np.log(p)),
    "Softmax is applied to probabilities. They are probabilities already.":
        lambda p, t: -np.sum(t * np.log(softmax(p))) / len(t),
    "The logarithm is missing: that is the mean probability of the right class, negative.":
        lambda p, t: -np.sum(t * p) / len(t),
    "That is how much probability the right class lacks. Its surprise is −ln p.":
        lambda p, t: 1 - np.sum(t * p) / len(t),
    "The logarithm of 1 − p asks how surprised one is that the class is wrong.":
        lambda p, t: -np.sum(t * np.log(1 - p)) / len(t),
    "The logarithms are weighted with the probabilities themselves. Weight them with the targets.":
        lambda p, t: -np.sum(p * np.log(p)) / len(t),
    "@ brings each example together with every other one. Multiply in pairs: *.":
        lambda p, t: -np.sum(t @ np.log(p).T) / len(t),
    "The exponential stands where the logarithm belongs.":
        lambda p, t: -np.sum(t * np.exp(p)) / len(t),
    "That is the squared error. Here the surprise is asked for.":
        lambda p, t: ((p - t) ** 2).sum() / len(t),
    "That is a number for each example and class. Add up, and take the mean over the examples.":
        lambda p, t: -t * np.log(p),
    "Those are sums for each class. One number is asked for.":
        lambda p, t: -np.sum(t * np.log(p), axis=0),
    "The mean runs over all classes, right and wrong. Multiply by the targets first.":
        lambda p, t: -np.mean(np.log(p)),
    "Without the targets all classes count. Only the right one does.":
        lambda p, t: -np.sum(np.log(p)) / len(t),
    "That is the logarithm of the mean probability. Take the mean of the logarithms.":
        lambda p, t: -np.log(np.sum(p * t) / len(t)),
    "The wrong classes are asked for 1 − p as well. Softmax needs the right class only.":
        lambda p, t: -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p)) / len(t),
    "Those are the losses of the examples. Take their mean.":
        lambda p, t: -np.sum(t * np.log(p), axis=1),
}  # fmt: skip


@exercise
def letters():
    """The cross-entropy in nats of a network that gives 26 letters the same probability."""
    return np.log(26)


letters.tolerance = 2e-3
letters.hints = (
    "Who knows nothing gives the same probability to each letter. Which?",
    "The surprise of a probability of 1/26 is −ln(1/26).",
)
letters.mistakes = {
    "That is the logarithm to base 2, in bits. Nats take the natural logarithm.": 4.70044,
    "That is the logarithm to base 10.": 1.4125,
    "The minus is missing: −ln(1/26) is positive.": -3.258097,
    "That is the probability. The loss is its surprise.": 0.0384615,
    "That is for ten classes.": 2.302585,
    "That is the number of letters. The loss is its logarithm.": 26,
    "One letter is right and 25 are not, but ignorance gives all 26 the same probability.":
        3.218876,
    "That is the probability of being wrong. The loss is the surprise of being right.": 0.9615,
    "Ignorance is no certainty: with a probability below 1 there is some surprise.": 0,
}  # fmt: skip


@exercise
def softmax_twice():
    """The cross-entropy of one-hot outputs, all right, that are taken for ten scores."""
    return np.log(np.e + 9) - 1


softmax_twice.tolerance = 2e-3
softmax_twice.hints = (
    "The right output is 1 and the nine others are 0. cross_entropy takes them for scores.",
    "Softmax makes e¹ / (e¹ + 9 e⁰) of the 1. What is the surprise of that?",
    "−ln(e / (e + 9)), which is ln(e + 9) − 1.",
)
softmax_twice.mistakes = {
    "So it would be if the 1 were taken for a probability. It is taken for a score.": 0,
    "That is the loss of a network that knows nothing. This one is always right.": 2.302585,
    "The 1 of the right class is missing: ln(e + 9) − 1.": 2.461161,
    "That is the probability which softmax makes of the 1. The loss is its surprise.": 0.231969,
    "There are nine other classes, not ten.": 1.543445,
    "The score of the right class alone is not the loss: softmax divides by the sum.": 1,
}


@exercise
def share_right(logits, targets):
    """The share of rows whose highest score stands at the label: (N, K), (N,) to a number."""
    return np.mean(np.argmax(logits, axis=1) == targets)


share_right.cases = (
    (np.array([[0.1, 0.9, 0.3], [0.2, 1.5, 0.5], [2.0, 0.2, 0.7]]), np.array([1, 2, 0])),
    (
        np.array(
            [
                [4.0, 3.0, 3.5, -2.0],
                [-1.0, -0.5, 0.5, 2.5],
                [-1.5, 1.5, 0.5, 3.0],
                [0.0, -1.5, 2.5, 4.0],
                [0.0, -1.0, -1.5, 1.5],
            ]
        ),
        np.array([1, 0, 0, 1, 3]),
    ),
    (
        np.array([[-3.0, -1.0, -2.0], [-0.2, -4.0, -0.1], [-5.0, -2.5, -0.7]]),
        np.array([1, 2, 2]),
    ),
)
share_right.hints = (
    "np.argmax finds the position of the highest score. Along which axis?",
    "Compare the positions with targets, and take the mean of the comparison.",
)
share_right.mistakes = {
    "The highest score is sought in each column, over the examples. Each row is an example: axis "
    "1.": lambda logits, targets: np.mean(np.argmax(logits, axis=0) == targets),
    "That is the share of wrong answers.":
        lambda logits, targets: np.mean(np.argmax(logits, axis=1) != targets),
    "That is the number of right answers. Divide by the number of examples.":
        lambda logits, targets: np.sum(np.argmax(logits, axis=1) == targets),
    "The lowest score is sought.":
        lambda logits, targets: np.mean(np.argmin(logits, axis=1) == targets),
    "That is true and false for each example. Take the mean.":
        lambda logits, targets: np.argmax(logits, axis=1) == targets,
    "The highest score itself is compared with the label. Compare its position.":
        lambda logits, targets: np.mean(logits.max(axis=1) == targets),
    "That is the mean score of the right class.":
        lambda logits, targets: np.mean(logits[np.arange(len(targets)), targets]),
    "Those are the answers. Compare them with targets, and take the mean.":
        lambda logits, targets: np.argmax(logits, axis=1),
    "That is the mean of the answers. Compare them with targets first.":
        lambda logits, targets: np.mean(np.argmax(logits, axis=1)),
    "That is in per cent. A share lies between 0 and 1.":
        lambda logits, targets: 100 * np.mean(np.argmax(logits, axis=1) == targets),
    "That is divided by the number of classes. Divide by the number of examples.":
        lambda logits, targets: np.sum(np.argmax(logits, axis=1) == targets) / logits.shape[1],
    "That asks whether all of them are right. The share is the mean.":
        lambda logits, targets: np.all(np.argmax(logits, axis=1) == targets),
    "That is the mean probability of the right class. Count the answers that are right.":
        lambda logits, targets: np.mean(softmax(logits)[np.arange(len(targets)), targets]),
    "The scores are compared with the labels. The answer is the position of the highest score.":
        lambda logits, targets: np.mean(logits == targets),
    "Without an axis, argmax looks at the whole table. Use axis=1.":
        lambda logits, targets: np.mean(np.argmax(logits) == targets),
}  # fmt: skip


@exercise
def update(w, gradient, lr):
    """The parameters after one step of gradient descent, of the shape of w."""
    return w - lr * gradient


def _uphill(w, gradient, lr):
    return w + gradient


update.cases = (
    (np.array([0.5, -1.0, 2.0]), np.array([2.0, -0.3, 0.1]), 0.1),
    (
        np.array([[1.0, 0.0, 5.0], [-3.0, 4.0, 0.2]]),
        np.array([[0.5, -1.0, 3.0], [2.0, 0.7, -0.4]]),
        0.03,
    ),
)
update.start = _uphill
update.hints = (
    "The gradient points uphill. Where do you want to go?",
    "How far is said by the learning rate: the step is lr times the gradient.",
)
update.mistakes = {
    "That goes uphill. Subtract.": lambda w, gradient, lr: w + lr * gradient,
    "The learning rate is not used: the step is lr times the gradient.":
        lambda w, gradient, lr: w - gradient,
    "The step is divided by the learning rate. Multiply.":
        lambda w, gradient, lr: w - gradient / lr,
    "That is the step. Return the new parameters.": lambda w, gradient, lr: -lr * gradient,
    "Only the sign of the gradient is used. A steeper slope makes a larger step.":
        lambda w, gradient, lr: w - lr * np.sign(gradient),
    "The parameters shrink too: only the gradient is multiplied by lr.":
        lambda w, gradient, lr: lr * (w - gradient),
    "That is the size of the step. Subtract it from w.": lambda w, gradient, lr: lr * gradient,
    "The gradient is missing: every parameter is lowered by lr.": lambda w, gradient, lr: w - lr,
    "The learning rate belongs to the gradient, not to the parameters.":
        lambda w, gradient, lr: lr * w - gradient,
    "A negative slope says: step to the right. Keep the signs of the gradient.":
        lambda w, gradient, lr: w - lr * np.abs(gradient),
    "Parameters and gradient are swapped.": lambda w, gradient, lr: gradient - lr * w,
    "Every parameter has a slope of its own. Do not take their mean.":
        lambda w, gradient, lr: w - lr * gradient.mean(),
    "The learning rate is subtracted too. The step is lr times the gradient.":
        lambda w, gradient, lr: w - (lr + gradient),
    "That lowers each parameter by a share of itself. Where is the gradient?":
        lambda w, gradient, lr: w - lr * w,
    "The minus stands before the parameters. It belongs to the step.":
        lambda w, gradient, lr: lr * gradient - w,
    "The parameters are multiplied by the gradient.": lambda w, gradient, lr: w - lr * gradient * w,
}  # fmt: skip


@exercise
def rate_limit():
    """The smallest learning rate for which 5 w² is not approached."""
    return 2 / 10


rate_limit.hints = (
    "One step: w − η · 10 w. What is the new w in terms of the old one?",
    "It is (1 − 10 η) w. For which η is 1 − 10 η equal to −1?",
)
rate_limit.mistakes = {
    "There the walk arrives in a single step, since 1 − 10 η is 0. It comes closer up to twice "
    "that.": 0.1,
    "That is the limit for a slope of 2 w. Here the slope is 10 w.": 1.0,
    "That is the limit for a slope of 5 w. The slope of 5 w² is 10 w.": 0.4,
    "That is 10 divided by 2. It is the other way round.": 5.0,
    "That is the factor in the slope. The limit is 2 divided by it.": 10.0,
    "Up to ten times that, the walk still comes closer.": 0.02,
    "That is what 10 η must stay below. Divide by 10.": 2,
    "There 1 − 10 η is −4: the walk jumps across and lands four times as far away.": 0.5,
    "With a learning rate of 0 the walk stands still. The question is how large it may be.": 0,
    "There 1 − 10 η is ½, and the walk comes closer without jumping across.": 0.05,
    "Just below, the walk still comes closer, slowly. Where is the factor exactly −1?": 0.19,
}


@exercise
def descend(gradient, start, lr, steps):
    """The point after so many steps of gradient descent, of the shape of start."""
    w = start
    for _ in range(steps):
        w = w - lr * gradient(w)
    return w


def _gradient_of_a_bowl(w):
    return np.array([1.0, 4.0]) * (w - np.array([2.0, -1.0]))


def _gradient_of_a_hill(w):
    return np.cos(w)


def _walk(gradient, start, lr, steps, sign=-1.0):
    w = start
    for _ in range(steps):
        w = w + sign * lr * gradient(w)
    return w


def _always_from_the_start(gradient, start, lr, steps):
    slope = gradient(start)
    w = start
    for _ in range(steps):
        w = w - lr * slope
    return w


def _rate_halved(gradient, start, lr, steps):
    w = start
    for n in range(steps):
        w = w - lr / 2**n * gradient(w)
    return w


def _steps_alone(gradient, start, lr, steps):
    w = start
    for _ in range(steps):
        w = -lr * gradient(w)
    return w


def _path(gradient, start, lr, steps):
    return np.array([_walk(gradient, start, lr, n) for n in range(steps + 1)])


descend.cases = (
    (_gradient_of_a_bowl, np.array([0.0, 3.0]), 0.1, 7),
    (_gradient_of_a_hill, np.array([0.3, -2.0, 1.1]), 0.25, 3),
)
descend.hints = (
    "Keep the current point in a variable that starts as start.",
    "In a loop of steps turns, replace it by w − lr · gradient(w).",
)
descend.mistakes = {
    "That goes uphill. Subtract the gradient.":
        lambda gradient, start, lr, steps: _walk(gradient, start, lr, steps, sign=1.0),
    "One step is missing.":
        lambda gradient, start, lr, steps: _walk(gradient, start, lr, steps - 1),
    "That is one step too many.":
        lambda gradient, start, lr, steps: _walk(gradient, start, lr, steps + 1),
    "Only one step is taken: the return stands inside the loop.":
        lambda gradient, start, lr, steps: _walk(gradient, start, lr, 1),
    "The gradient is always that of the start. It changes with every step: call gradient(w) "
    "inside the loop.": _always_from_the_start,
    "The learning rate is not used.":
        lambda gradient, start, lr, steps: _walk(gradient, start, 1.0, steps),
    "That is the whole path. Return the last point.": _path,
    "The first point is missing, and the whole path is there. Return the last point alone.":
        lambda gradient, start, lr, steps: _path(gradient, start, lr, steps)[1:],
    "The walk begins at 0. Begin at start.":
        lambda gradient, start, lr, steps: _walk(gradient, 0 * start, lr, steps),
    "Each turn keeps only the step. Subtract it from the point: w − lr · gradient(w).":
        _steps_alone,
    "gradient is a function. Call it at the current point: gradient(w).":
        lambda gradient, start, lr, steps: start - lr * gradient,
    "The learning rate is divided by the number of steps. Each step has the full one.":
        lambda gradient, start, lr, steps: _walk(gradient, start, lr / steps, steps),
    "The learning rate shrinks on the way. Leave it as it is.": _rate_halved,
    "That walks on until it arrives. Take so many steps as steps says.":
        lambda gradient, start, lr, steps: _walk(gradient, start, lr, 2000),
    "That is the gradient at the end. Return the point.":
        lambda gradient, start, lr, steps: gradient(_walk(gradient, start, lr, steps)),
}  # fmt: skip


@exercise
def numerical_slope(f, x, h):
    """The slope of f at x by a central difference of step h."""
    return (f(x + h) - f(x - h)) / (2 * h)


def _cube(x):
    return x**3


numerical_slope.cases = (_cube, 2.0, 0.1), (np.exp, 0.5, 0.2), (np.cos, 1.0, 0.05)
numerical_slope.hints = (
    "Take the values of f at x + h and at x − h. How far apart are these two points?",
    "They are 2 h apart. The slope is the difference of the values divided by that.",
)
numerical_slope.mistakes = {
    "That steps to one side only. Step to both: f(x + h) and f(x − h).":
        lambda f, x, h: (f(x + h) - f(x)) / h,
    "That steps to the left only. Step to both sides.": lambda f, x, h: (f(x) - f(x - h)) / h,
    "The two points are 2 h apart, not h.": lambda f, x, h: (f(x + h) - f(x - h)) / h,
    "The sign is wrong: right minus left.": lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h),
    "Brackets: / 2 * h divides by 2 and multiplies by h.":
        lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h,
    "The difference is not divided by anything.": lambda f, x, h: f(x + h) - f(x - h),
    "Brackets: only f(x − h) is divided. Take the difference first.":
        lambda f, x, h: f(x + h) - f(x - h) / (2 * h),
    "The difference is divided by 2 only. The two points are 2 h apart.":
        lambda f, x, h: (f(x + h) - f(x - h)) / 2,
    "The values are added. The slope is their difference, divided by 2 h.":
        lambda f, x, h: (f(x + h) + f(x - h)) / (2 * h),
    "h is added to the values. Step first, and take the value of f there: f(x + h).":
        lambda f, x, h: ((f(x) + h) - (f(x) - h)) / (2 * h),
    "That steps half as far as asked: x + h and x − h.":
        lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h,
    "That steps to one side only, and divides by twice the step.":
        lambda f, x, h: (f(x + h) - f(x)) / (2 * h),
    "That steps by 2 h to the right. Step by h to each side.":
        lambda f, x, h: (f(x + 2 * h) - f(x)) / (2 * h),
    "The slope is measured at 0. Measure it at x.": lambda f, x, h: (f(h) - f(-h)) / (2 * h),
    "h is not used, but a step of your own. Use the one that is given.":
        lambda f, x, h: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
    "The slope may be negative: no absolute value.":
        lambda f, x, h: abs(f(x + h) - f(x - h)) / (2 * h),
    "The fraction is upside down: the difference of the values stands above.":
        lambda f, x, h: 2 * h / (f(x + h) - f(x - h)),
    "That is the mean of the two values. The slope is their difference, divided by 2 h.":
        lambda f, x, h: (f(x + h) + f(x - h)) / 2,
    "That is the second derivative, how the slope changes.":
        lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2,
}  # fmt: skip


@exercise
def weight_gradient(X, P, T):
    """The gradient of the mean cross-entropy for W: (N, D), (N, K), (N, K) to (K, D)."""
    return (P - T).T @ X / len(X)


weight_gradient.cases = (X, P, T), (X[:3], P[:3, :2], T[1:, :2])
weight_gradient.hints = (
    "Entry (k, j) is the mean over the examples of (p_nk − t_nk) · x_nj.",
    "The sum over n needs n second in the left factor: (P − T).T @ X.",
    "Then divide by the number of examples, len(X).",
)
weight_gradient.mistakes = {
    "That is the sum over the examples. The loss is a mean: divide by len(X).":
        lambda X, P, T: (P - T).T @ X,
    "The result is transposed: row k belongs to output k.": lambda X, P, T: X.T @ (P - T) / len(X),
    "The sign is wrong: it is P − T. Where p is too large, the score must fall.":
        lambda X, P, T: (T - P).T @ X / len(X),
    "The targets are missing: the error is P − T.": lambda X, P, T: P.T @ X / len(X),
    "The probabilities are missing: the error is P − T.": lambda X, P, T: -T.T @ X / len(X),
    "That is divided by the number of classes. Divide by the number of examples.":
        lambda X, P, T: (P - T).T @ X / P.shape[1],
    "The mean runs over all entries. Divide by the number of examples only.":
        lambda X, P, T: (P - T).T @ X / P.size,
    "That has a factor p (1 − p), as for sigmoids with half the squared error. Softmax with "
    "cross-entropy has none.": lambda X, P, T: ((P - T) * P * (1 - P)).T @ X / len(X),
    "The transpose is missing, and the product cannot be formed: (P − T).T @ X.":
        lambda X, P, T: (P - T) @ X / len(X),
    "There is a factor 2, as if the error were squared.":
        lambda X, P, T: 2 * (P - T).T @ X / len(X),
    "The mean is missing, and the result is transposed: row k belongs to output k.":
        lambda X, P, T: X.T @ (P - T),
    "The mean is missing, and the sign is wrong: it is P − T.": lambda X, P, T: (T - P).T @ X,
    "The factors are swapped, and none is transposed: (P − T).T @ X.":
        lambda X, P, T: X @ (P - T) / len(X),
    "The wrong factor is transposed: the examples must meet in the middle, (P − T).T @ X.":
        lambda X, P, T: (P - T) @ X.T / len(X),
    "* multiplies in pairs. Each error meets each input of its example: (P − T).T @ X.":
        lambda X, P, T: (P - T) * X / len(X),
    "That is divided by the number of inputs. Divide by the number of examples.":
        lambda X, P, T: (P - T).T @ X / X.shape[1],
    "That is the gradient of the scores. A weight is multiplied by its input: go on with X.":
        lambda X, P, T: (P - T) / len(X),
    "That is the gradient of the biases. A weight is multiplied by its input: X is missing.":
        lambda X, P, T: (P - T).mean(axis=0),
    "The product of two means is not the mean of the products. Multiply in each example first.":
        lambda X, P, T: np.outer((P - T).mean(axis=0), X.mean(axis=0)),
    "Only the first example counts. Add up over all of them.":
        lambda X, P, T: np.outer((P - T)[0], X[0]),
    "The errors are squared. The slope is P − T itself.":
        lambda X, P, T: ((P - T) ** 2).T @ X / len(X),
    "That is the slope for the probabilities. For the scores it is P − T.":
        lambda X, P, T: -(T / P).T @ X / len(X),
}  # fmt: skip


@exercise
def train(W, X, T, lr, epochs):
    """The weights of softmax regression, (K, D), after a step for each example of each epoch."""
    for _ in range(epochs):
        for x, t in zip(X, T, strict=True):
            gradient = np.outer(softmax(W @ x) - t, x)
            W = W - lr * gradient
    return W


W_32 = np.array([[0.2, -0.5], [0.4, 0.1], [-0.3, 0.7]])
W_23 = np.array([[0.5, -0.2, 0.3], [-0.4, 0.6, 0.1]])
X_23 = np.array([[1.2, -0.4, 0.8], [-0.6, 1.5, 0.2], [0.3, 0.9, -1.1]])
T_2 = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])


def _as_the_notes_say(W, X, T, lr, epochs):
    for x, t in zip(X, T, strict=True):
        W = np.outer(softmax(W @ x) - t, x)
    return W


def _trained(W, X, T, lr, epochs, *, step=lambda W, slope, lr: W - lr * slope, p=softmax):
    for _ in range(epochs):
        for x, t in zip(X, T, strict=True):
            W = step(W, np.outer(p(W @ x) - t, x), lr)
    return W


def _always_with_the_first_weights(W, X, T, lr, epochs):
    new = W
    for _ in range(epochs):
        for x, t in zip(X, T, strict=True):
            new = new - lr * np.outer(softmax(W @ x) - t, x)
    return new


def _example_by_example(W, X, T, lr, epochs):
    for x, t in zip(X, T, strict=True):
        for _ in range(epochs):
            W = W - lr * np.outer(softmax(W @ x) - t, x)
    return W


def _one_step_an_epoch(W, X, T, lr, epochs, mean=True):
    for _ in range(epochs):
        slope = (softmax(X @ W.T) - T).T @ X
        W = W - lr * (slope / len(X) if mean else slope)
    return W


train.cases = (W_32, X, T, 0.3, 2), (W_23, X_23, T_2, 0.1, 3)
train.start = _as_the_notes_say
train.hints = (
    "np.outer(p − t, x) is a gradient. What is done with a gradient, and with which sign?",
    "lr and epochs are never used. One pass over the examples is one epoch.",
    "Put a loop over the epochs around the loop over the examples, and step inside both: W = W − "
    "lr · gradient.",
)
train.mistakes = {
    "The gradient still takes the place of the weights. Subtract lr times the gradient from them.":
        lambda W, X, T, lr, epochs: _trained(W, X, T, lr, epochs, step=lambda W, slope, lr: slope),
    "A step takes the place of the weights. Subtract it from them.": (
        lambda W, X, T, lr, epochs: _trained(
            W, X, T, lr, epochs, step=lambda W, slope, lr: -lr * slope
        )
    ),
    "The learning rate is missing: subtract lr times the gradient.": (
        lambda W, X, T, lr, epochs: _trained(
            W, X, T, lr, epochs, step=lambda W, slope, lr: W - slope
        )
    ),
    "That goes uphill. Subtract the gradient.":
        lambda W, X, T, lr, epochs: _trained(W, X, T, -lr, epochs),
    "Only one epoch is walked. Is the loop over the epochs missing, or does the return stand "
    "inside it?": lambda W, X, T, lr, epochs: _trained(W, X, T, lr, 1),
    "Only one step is taken: the return stands inside the loop over the examples.":
        lambda W, X, T, lr, epochs: _trained(W, X[:1], T[:1], lr, 1),
    "One epoch is missing.": lambda W, X, T, lr, epochs: _trained(W, X, T, lr, epochs - 1),
    "The loops are swapped: an epoch goes through all examples before any comes again.":
        _example_by_example,
    "That is one step an epoch, with the mean gradient. Here a step follows each example.":
        _one_step_an_epoch,
    "The gradients of an epoch are added up before the step. Here a step follows each example.":
        lambda W, X, T, lr, epochs: _one_step_an_epoch(W, X, T, lr, epochs, mean=False),
    "The gradients are all taken at the first weights. Take each one at the weights as they are "
    "by then.": _always_with_the_first_weights,
    "Only the last example of each epoch makes a step. Step inside the loop over the examples.":
        lambda W, X, T, lr, epochs: _trained(W, X[-1:], T[-1:], lr, epochs),
    "The softmax is missing: W @ x are scores, and the error is p − t.":
        lambda W, X, T, lr, epochs: _trained(W, X, T, lr, epochs, p=lambda z: z),
    "Each step is divided by N. There is one example in a step here.":
        lambda W, X, T, lr, epochs: _trained(W, X, T, lr / len(X), epochs),
    "The table of products is transposed: row k belongs to output k.":
        lambda W, X, T, lr, epochs: W - lr * np.outer(X[0], softmax(W @ X[0]) - T[0]),
}  # fmt: skip


@exercise
def count_steps():
    """The steps in 20 epochs of 1,437 examples in batches of 32."""
    return -(-1437 // 32) * 20


count_steps.tolerance = 1e-5
count_steps.hints = (
    "1437 / 32 is a little less than 45. How many batches does one epoch have?",
    "45 batches, the last one with 29 examples. And twenty epochs?",
)
count_steps.mistakes = {
    "The last batch of each epoch is left out. It is smaller, and it counts.": 880,
    "That is one epoch. There are twenty.": 45,
    "That is the number of examples seen. A step uses 32 of them.": 28_740,
    "That is the number of epochs. Each has many steps.": 20,
    "A step is a whole number: the last batch of each epoch is a step of its own.": 898.125,
    "Every epoch ends with a smaller batch: round up in each epoch, not at the end.": 899,
    "A step is a whole number, and the last batch of each epoch counts as one.": 898,
    "That is one step for each example of an epoch.": 1437,
    "32 is the size of a batch, not the number of batches.": 640,
    "That is the number of full batches in one epoch. The last one is smaller, and there are "
    "twenty epochs.": 44,
    "That is one epoch, and a step is a whole number: 44 full batches and a smaller one.": 44.90625,
    "1437 / 32 is a little less than 45, so there is no batch number 46.": 920,
}


@exercise
def passes():
    """The forward passes of one gradient of 784-16-10 by central differences."""
    return 2 * ((784 + 1) * 16 + (16 + 1) * 10)


passes.hints = (
    "How many parameters has 784-16-10? Chapter 2 counted them.",
    "12,730 parameters, and a step to each side for each.",
)
passes.mistakes = {
    "That is the number of parameters. Each needs a step to both sides.": 12_730,
    "That is for 784-16-16-10.": 26_004,
    "That is for one-sided differences: one pass for each parameter, and one in the middle.":
        12_731,
    "The biases have slopes too.": 25_408,
    "28 · 28 is 784, not 728.": 23_668,
    "That is the number of parameters of 784-16-16-10.": 13_002,
    "Central differences do not need the value in the middle.": 25_461,
    "That is one pass for each weight. The biases have slopes too, and each slope takes two "
    "passes.": 12_704,
    "That is for each parameter.": 2,
    "One forward pass computes the loss of all examples at once.": 36_586_020,
}  # fmt: skip
