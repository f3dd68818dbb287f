"""Exercises of chapter 3: targets, losses, slopes, steps downhill, and training."""

import numpy as np

from nnlib.datasets import digits
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.matrices import softmax
from nnlib.neuron import sigmoid


@exercise
def one_hot(labels, n_classes):
    """Rows of zeros with a 1 at each label: (N,) to (N, n_classes)."""
    rows = np.zeros((len(labels), n_classes))
    rows[np.arange(len(labels)), labels] = 1
    return rows


one_hot.cases = (np.array([2, 0, 3]), 5), (np.array([1, 1, 0, 2]), 3)
one_hot.hints = (
    "Start with np.zeros((len(labels), n_classes)), and set one entry of each row to 1.",
    "Row i has its 1 in column labels[i]. np.eye(n_classes) has all possible rows.",
)
one_hot.mistakes = {
    "Rows and columns are swapped: each example is a row.": edit("return rows", "return rows.T"),
    "Classes count from 0: label 0 is column 0.": edit("labels] = 1", "labels - 1] = 1"),
    "The last class may be missing: use n_classes.": edit("n_classes", "labels.max() + 1"),
    "The label itself stands in the row. Put a 1 there.": edit("= 1", "= labels"),
    "Zeros and ones are swapped.": edit("return rows", "return 1 - rows"),
    "The ones stand on a diagonal. The label says which column.":
        edit("return rows", "return np.eye(len(labels), n_classes)"),
    "All rows have all the ones: a slice set whole columns, or [[0] * n] * N repeats a single "
    "row. Set one entry of each row, and make each row anew.": edit("np.arange(len(labels))", ":"),
    "A single index picks whole rows. Set the entry in row i and column labels[i].":
        edit("np.arange(len(labels)), ", ""),
    "The two indices are swapped: the row comes first, then the label.":
        edit("np.arange(len(labels)), labels", "labels, np.arange(len(labels))"),
    "Only the first row has its 1. Does a return stand inside the loop?":
        edit("np.arange(len(labels)), labels]", "0, labels[0]]"),
    "Only the last row has its 1. Set it inside the loop.":
        edit("np.arange(len(labels)), labels]", "-1, labels[-1]]"),
    "No entry was set to 1.": edit("= 1", "= 0"),
    "All labels share one row. Each needs its own.": edit("return rows", "return rows.max(axis=0)"),
    "np.eye has a row for each class: its size is n_classes.":
        edit("return rows", "return np.eye(len(labels))[labels]"),
    "Labels and columns are both lists here, and NumPy compares them in pairs. Make the labels a "
    "column first: labels[:, None].":
        lambda labels, n_classes: (labels == np.arange(n_classes)) * 1.0,
}  # fmt: skip
one_hot.equivalents = dict.fromkeys(
    (
        "rows = np.zeros((len(labels.T), n_classes))",
        "rows[np.arange(len(labels)), labels.T] = 1",
        "rows[np.arange(len(labels.T)), labels] = 1",
    ),
    "A list has nothing to transpose.",
)


@exercise
def squared_loss(a, y):
    """The mean over examples of the sum of squared differences: (N, K), (N, K) to a number."""
    return ((a - y) ** 2).sum(axis=1).mean()


squared_loss.cases = (
    (normal(4, 3, seed=1), np.eye(3)[[2, 1, 0, 1]]),
    (normal(3, 2, seed=2), normal(3, 2, seed=3)),
)
squared_loss.start = edit("((a - y) ** 2).sum(axis=1)", "(a - y)")
squared_loss.hints = (
    "Square the differences first: then nothing cancels, and there is a floor.",
    "Add up the squares of each example, axis 1, and take the mean of these sums.",
)
squared_loss.mistakes = {
    "The mean runs over all numbers. Take the mean of each example's sum.":
        edit("sum(axis=1).", ""),
    "The squares of all examples are added up. Take their mean.": edit("(axis=1).mean", ""),
    "Those are distances, without the square.": edit("((a - y) ** 2)", "np.abs(a - y)"),
    "The sum is squared, so errors of opposite sign cancel. Square each one first.":
        edit("((a - y) ** 2).sum(axis=1)", "((a - y).sum(axis=1) ** 2)"),
    "The root is not wanted here.": lambda a, y: np.linalg.norm(a - y, axis=1).mean(),
    "The root of the loss is not wanted here.": edit("mean()", "mean() ** 0.5"),
    "That is half of it. Some texts have a factor ½, not this one.": edit("mean()", "mean() / 2"),
    "* 2 doubles. ** 2 squares.": edit("**", "*"),
    "Brackets: only the target is squared.": edit("(a - y) ** 2", "a - y**2"),
    "Nothing is squared yet, so errors cancel.": edit("((a - y) ** 2)", "(a - y)"),
    "The mean is squared, after errors have cancelled. Square each one first.":
        edit("((a - y) ** 2).sum(axis=1).mean()", "(a - y).mean() ** 2"),
    "Those are distances, without the square, and the mean runs over all numbers.":
        edit("((a - y) ** 2).sum(axis=1)", "np.abs(a - y)"),
    "The mean loses its sign, after errors have cancelled. Square each one first.":
        edit("((a - y) ** 2).sum(axis=1).mean()", "abs((a - y).mean())"),
    "The sum is divided by the number of outputs, or the axes are swapped. Add up over the "
    "outputs, axis 1, and take the mean over the examples.": edit("axis=1", "axis=0"),
    "Those are sums for each output. Add up each row, axis 1.": edit("axis=1).mean()", "axis=0)"),
    "Those are means for each example. Add up each example, and take the mean of the sums.":
        edit("sum(axis=1).mean()", "mean(axis=1)"),
    "That is a square for each number. Add up, and take the mean.": edit(".sum(axis=1).mean()", ""),
    "That is the root of a mean over all numbers. Take no root, and the mean of the sums.":
        edit("sum(axis=1).mean()", "mean() ** 0.5"),
    "That is a difference of squares. Square the difference.":
        edit("(a - y) ** 2", "a**2 - y**2"),
    "Output and target are added. The error is their difference.": edit("a - y", "a + y"),
    "Those are the losses of the examples. Take their mean.": edit(".mean()", ""),
}  # fmt: skip
squared_loss.equivalents = {
    "return ((a - y) ** 2).sum(axis=-1).mean()": "Of two axes, 1 is the last.",
}


@exercise
def broadcast_shape():
    """The shape of a − y for outputs a of shape (32, 1) and targets y of shape (32,)."""
    return 32, 32


broadcast_shape.hints = (
    "NumPy reads shapes from the right: (32,) is taken for a row, (1, 32).",
    "The column has one number a row, and is repeated along its axis of length 1. So is the row.",
)
broadcast_shape.reason = (
    "NumPy compares shapes from the right, and (32,) becomes the row (1, 32). The column (32, 1) "
    "is repeated along its axis of length 1, and so is the row: every output meets every target. "
    "So 1,024 differences go into the loss where 32 are meant, and nothing complains."
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


cross_entropy.cases = (
    (softmax(normal(4, 3, seed=4)), np.eye(3)[[2, 1, 0, 1]]),
    (softmax(normal(2, 5, seed=5)), np.eye(5)[[3, 0]]),
)
cross_entropy.start = edit("-np", "np", " / len(targets)", "")
cross_entropy.hints = (
    "The logarithm of a probability is negative. Which sign makes the loss positive?",
    "The sum runs over all examples. What turns it into a mean?",
    "Divide by the number of examples, len(targets), and put a minus in front.",
)
cross_entropy.mistakes = {
    "The minus is missing: this is lowest where the right class has p = 0.": edit("-np", "np"),
    "That is the sum over the examples. Take the mean.": edit(" / len(targets)", ""),
    "That is divided by all numbers. Divide by len(targets).": edit("len(targets)", "targets.size"),
    "Divide by the number of examples, not of classes.": edit("len(targets)", "len(targets[0])"),
    "The logarithm to base 2 gives bits. Nats take np.log.": edit("log", "log2"),
    "The logarithm to base 10 is not the natural one.": edit("log", "log10"),
    "The logarithm of 0 is on the way, and is not finite. Take the logarithm of the "
    "probabilities, and multiply by the targets after that.":
        edit("targets * np.log(probabilities)", "probabilities * np.log(targets)"),
    "The minus is missing, and the mean runs over examples and classes.":
        edit("-np.sum", "np.mean", " / len(targets)", ""),
    "Softmax is applied to what are probabilities already.":
        edit("probabilities", "softmax(probabilities)"),
    "The logarithm is missing: that is the mean probability of the right class, negative.":
        edit("np.log(probabilities)", "probabilities"),
    "That is how much probability the right class lacks. Its surprise is −ln p.":
        lambda p, t: 1 - np.sum(t * p) / len(t),
    "The logarithm of 1 − p asks how surprised one is that the class is wrong.":
        edit("probabilities", "1 - probabilities"),
    "The logarithms are weighted with the probabilities themselves. Weight them with the targets.":
        edit("targets *", "probabilities *"),
    "@ brings each example together with every other one. Multiply in pairs: *.":
        edit("* np.log(probabilities)", "@ np.log(probabilities).T"),
    "The exponential stands where the logarithm belongs.": edit("log", "exp"),
    "That is the squared error. The surprise is asked for.":
        lambda p, t: np.sum((p - t) ** 2) / len(t),
    "That is a number for each class. Add up, and take the mean.": lambda p, t: -t * np.log(p),
    "Those are sums for each class. One number is asked for.":
        edit(")) / len(targets)", "), axis=0)"),
    "The mean runs over all classes. Multiply by the targets first.":
        lambda p, t: -np.mean(np.log(p)),
    "Without the targets all classes count. Only the right one does.": edit("targets * ", ""),
    "That is the logarithm of a mean, not a mean of logarithms.":
        lambda p, t: -np.log(np.sum(t * p) / len(t)),
    "That is the logarithm of a sum. Take logarithms first.": lambda p, t: -np.log(np.sum(t * p)),
    "That is e to the loss. Return the loss itself.":
        lambda p, t: np.exp(cross_entropy.solve(p, t)),
    "The wrong classes are asked for 1 − p as well. Softmax needs the right class only.":
        lambda p, t: -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p)) / len(t),
    "Those are the losses of the examples. Take their mean.":
        edit(")) / len(targets)", "), axis=1)"),
}  # fmt: skip
cross_entropy.equivalents = {
    "return -np.sum(targets * np.log(probabilities)) / len(probabilities)": "Both have N rows.",
}


@exercise
def softmax_twice():
    """The cross-entropy of one-hot outputs, all right, that are taken for ten scores."""
    return np.log(np.e + 9) - 1


softmax_twice.tolerance = 5e-4
softmax_twice.hints = (
    "The right output is 1 and the nine others are 0. cross_entropy takes them for scores.",
    "Softmax makes e¹ / (e¹ + 9 e⁰) of the 1. What is the surprise of that?",
    "−ln(e / (e + 9)), which is ln(e + 9) − 1.",
)
softmax_twice.reason = (
    "cross_entropy takes the outputs for scores, a 1 and nine zeros. Softmax makes e / (e + 9) of "
    "the 1, about 0.23, and the loss is −ln of that: ln(e + 9) − 1, about 1.46. Scores could go on "
    "growing, and probabilities end at 1."
)
softmax_twice.mistakes = {
    "So it would be if the 1 were taken for a probability. It is taken for a score.": 0,
    "That is the loss of a network that knows nothing. This one is always right.": 2.302585,
    "The 1 of the right class is missing: ln(e + 9) − 1.": 2.461150,
    "That is the probability which softmax makes of the 1. The loss is its surprise.": 0.231969,
    "That is the number of the statement. Compute it, to three decimals.": 1.46,
    "There are nine other classes, not ten.": 1.543040,
    "The score of the right class alone is not the loss: softmax divides by the sum.": 1,
}


@exercise
def numerical_slope(f, x, h):
    """The slope of f at x by a central difference of step h."""
    return (f(x + h) - f(x - h)) / (2 * h)


def _cube(x):
    return x**3


numerical_slope.cases = (_cube, 2.0, 0.1), (np.exp, 0.5, 0.2), (np.sin, -3.0, 0.2)
numerical_slope.hints = (
    "Take the values of f at x + h and at x − h. How far apart are these two points?",
    "They are 2 h apart. The slope is the difference of the values divided by that.",
)
numerical_slope.mistakes = {
    "That steps to the right only. Step to both sides.": edit("f(x - h)) / (2 * h)", "f(x)) / h"),
    "That steps to the left only. Step to both sides.": edit("f(x + h)", "f(x)", "(2 * h)", "h"),
    "The two points are 2 h apart, not h.": edit("(2 * h)", "h"),
    "The sign is wrong: right minus left.": edit("f(x + h) - f(x - h)", "f(x - h) - f(x + h)"),
    "Brackets: / 2 * h divides by 2 and multiplies by h.": edit("(2 * h)", "2 * h"),
    "The difference is not divided by anything.": edit(" / (2 * h)", ""),
    "Brackets: only f(x − h) is divided. Take the difference first.":
        edit("(f(x + h) - f(x - h))", "f(x + h) - f(x - h)"),
    "The difference is divided by 2 only. The two points are 2 h apart.": edit("(2 * h)", "2"),
    "The difference is divided by h². The two points are 2 h apart.": edit("(2 * h)", "h**2"),
    "The values are added. The slope is their difference, divided by 2 h.": edit("- f", "+ f"),
    "h is added to the values. Step first, and take the value of f there: f(x + h).":
        edit("f(x + h) - f(x - h)", "(f(x) + h) - (f(x) - h)"),
    "f(x) is multiplied by x + h. Step first, and take the value of f there: f(x + h).":
        edit("f(x + h) - f(x - h)", "f(x) * (x + h) - f(x) * (x - h)"),
    "That steps half as far as asked: x + h and x − h.":
        edit("x + h", "x + h / 2", "x - h", "x - h / 2", "(2 * h)", "h"),
    "That steps to one side only, and divides by twice the step.": edit("x - h", "x"),
    "That steps by 2 h to the right. Step h to each side.":
        edit("x + h", "x + 2 * h", "x - h", "x"),
    "The slope is measured at 0. Measure it at x.": edit("x + h", "h", "x - h", "-h"),
    "h is not used, but a step of your own. Use the one that is given.":
        lambda f, x, h: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
    "The slope may be negative: no absolute value.":
        edit("(f(x + h) - f(x - h))", "abs(f(x + h) - f(x - h))"),
    "The fraction is upside down: the difference of the values stands above.":
        lambda f, x, h: 2 * h / (f(x + h) - f(x - h)),
    "That is the mean of the two values. The slope is their difference, divided by 2 h.":
        edit("- f", "+ f", "(2 * h)", "2"),
    "That is the second derivative, how the slope changes.":
        lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2,
}  # fmt: skip


@exercise
def slope_by_rule(x):
    """The slope of 3 x² − 2/x + ln x at each of the positive numbers x."""
    return 6 * x + 2 / x**2 + 1 / x


slope_by_rule.cases = (np.array([0.5, 1.0, 2.0, 3.5]),), (np.array([0.3, 7.0]),)
slope_by_rule.hints = (
    "Take the three parts one by one: the slope of a sum is the sum of the slopes.",
    "The slope of x² is 2x, and a factor 3 stays in front. The slope of 1/x is −1/x².",
    "6x for the first part, and −2 · (−1/x²) for the second. The slope of ln x is 1/x.",
)
slope_by_rule.mistakes = {
    "That is the function itself. Its slope is asked for.":
        lambda x: 3 * x**2 - 2 / x + np.log(x),
    "The slope of 1/x is −1/x², so −2/x contributes +2/x².": edit("+ 2", "- 2"),
    "The factor 3 stays in front: 3 times 2x.": edit("6 * x", "2 * x"),
    "The slope of x² is 2x, so that of 3 x² is 6x.": edit("6 * x", "3 * x"),
    "The power falls by one: the slope of x² is 2x, not 2x².": edit("6 * x", "6 * x**2"),
    "The slope of 1/x is −1/x²: its power falls from −1 to −2.": edit("x**2", "x"),
    "The power falls from −1 to −2, not to 0: the slope of 1/x is −1/x².": edit("2 / x**2", "2"),
    "ln x has the slope 1/x, and not the other way round: the slope of 1/x is −1/x².":
        edit("+ 2 / x**2", "- 2 * np.log(x)"),
    "ln x has the slope 1/x, and not the other way round. The slope of 1/x is −1/x², and −2 · −1 "
    "is +2.": edit("2 / x**2", "2 * np.log(x)"),
    "The slope of −2/x is missing.": edit(" + 2 / x**2", ""),
    "The factor 2 of 2/x stays in front.": edit("2 / x**2", "1 / x**2"),
    "ln x is not its own slope, as eˣ is. The slope of ln x is 1/x.":
        edit("+ 1 / x", "+ np.log(x)"),
    "The slope of ln x is missing: 1/x.": edit(" + 1 / x", ""),
    "The slope of ln x is 1/x, which falls. eˣ is its own slope, ln x is not.":
        edit("+ 1 / x", "+ np.exp(x)"),
    "1/x² is the slope of −1/x. That of ln x is 1/x.": edit("+ 1 / x", "+ 1 / x**2"),
    "The parts are added up, and so are their slopes: ln x has the slope +1/x.":
        edit("+ 1 / x", "- 1 / x"),
}  # fmt: skip
slope_by_rule.equivalents = dict.fromkeys(
    (
        "return 6 * x.T + 2 / x ** 2 + 1 / x",
        "return 6 * x + 2 / x.T ** 2 + 1 / x",
        "return 6 * x + 2 / x ** 2 + 1 / x.T",
    ),
    "A list has nothing to transpose.",
)


@exercise
def update(w, gradient, lr):
    """The parameters after one step of gradient descent, of the shape of w."""
    return w - lr * gradient


update.cases = (
    (normal(4, seed=8), normal(4, seed=9), 0.1),
    (normal(2, 3, seed=10), normal(2, 3, seed=11), 0.03),
)
update.start = edit("- lr * gradient", "+ gradient")
update.hints = (
    "The gradient points uphill. Where do you want to go?",
    "How far is said by the learning rate: the step is lr times the gradient.",
)
update.mistakes = {
    "That goes uphill. Subtract.": edit("-", "+"),
    "The learning rate is not used: the step is lr times the gradient.": edit("lr * ", ""),
    "The learning rate is fixed at 0.1. Use the argument.": edit("lr *", "0.1 *"),
    "The step is divided by the learning rate. Multiply.": edit("lr * gradient", "gradient / lr"),
    "That is the step. Return the new parameters.": edit("w - ", "-"),
    "Only the sign is used. Steeper slopes make larger steps.":
        edit("gradient", "np.sign(gradient)"),
    "The parameters shrink too: lr is for the slope.":
        edit("w - lr * gradient", "lr * (w - gradient)"),
    "That is the size of the step. Subtract it from w.": edit("w - ", ""),
    "The gradient is missing: every parameter is lowered by lr.": edit(" * gradient", ""),
    "lr belongs to the gradient, not to the parameters.": edit("w - lr *", "lr * w -"),
    "A negative slope says: step to the right. Keep signs.": edit("gradient", "np.abs(gradient)"),
    "Parameters and gradient are swapped.": edit("w - lr * gradient", "gradient - lr * w"),
    "Every parameter has its own slope. Take no mean.": edit("gradient", "gradient.mean()"),
    "Every parameter has its own slope. Do not add them up.": edit("gradient", "gradient.sum()"),
    "The learning rate is subtracted too. Multiply by it.": edit("lr * gradient", "lr - gradient"),
    "That lowers each parameter by a share of itself, not of the slope.": edit("gradient", "w"),
    "The minus stands before the parameters. It belongs to the step.": edit("w - lr", "-w + lr"),
    "The parameters are multiplied by the gradient.": edit("gradient", "gradient * w"),
    "The gradient is divided by its length. A steeper slope makes a larger step.":
        edit("gradient", "gradient / np.linalg.norm(gradient)"),
}  # fmt: skip


@exercise
def rate_limit():
    """The smallest learning rate for which 5 w² is not approached."""
    return 2 / 10


rate_limit.hints = (
    "One step: w − η · 10 w. What is the new w in terms of the old one?",
    "It is (1 − 10 η) w. For which η is 1 − 10 η equal to −1?",
)
rate_limit.reason = (
    "One step makes w − η · 10 w = (1 − 10 η) w, so each step multiplies w by 1 − 10 η. That comes "
    "closer to 0 while the factor is between −1 and 1. At η = 0.2 it is −1: the walk jumps from w "
    "to −w and back."
)
rate_limit.mistakes = {
    "There 1 − 10 η is 0, and one step arrives. The walk comes closer up to twice that.": 0.1,
    "That is the limit for a slope of 2 w. Here the slope is 10 w.": 1.0,
    "That is the limit for a slope of 5 w. The slope of 5 w² is 10 w.": 0.4,
    "That is 10 divided by 2. It is the other way round.": 5.0,
    "That is the factor in the slope. The limit is 2 divided by it.": 10.0,
    "Below ten times that, the walk still comes closer.": 0.02,
    "That is what 10 η must stay below. Divide by 10.": 2,
    "There 1 − 10 η is −4: the walk jumps across and lands four times as far away.": 0.5,
    "With a learning rate of 0 the walk stands still. The question is how large it may be.": 0,
    "There 1 − 10 η is ½, and the walk comes closer without jumping across.": 0.05,
    "There 1 − 10 η is −0.9, and the walk still comes closer, slowly. Where is it −1?": 0.19,
}


@exercise
def share_right(logits, labels):
    """The share of rows whose highest score stands at the label: (N, K), (N,) to a number."""
    return np.mean(np.argmax(logits, axis=1) == labels)


share_right.cases = (
    (normal(7, 4, seed=6), np.array([1, 1, 1, 3, 1, 3, 0])),
    (normal(3, 3, seed=7) - 3, np.array([1, 2, 1])),
    (np.array([[0.4, 1.5, 0.9, 1.1, 3.5], [2.5, 0.0, 0.3, 2.9, 1.0]]), np.array([4, 3])),
)
share_right.hints = (
    "np.argmax finds the position of the highest score. Along which axis?",
    "Compare the positions with labels, and take the mean of the comparison.",
)
share_right.mistakes = {
    "The highest score is sought in each column. Seek in rows: axis 1.": edit("axis=1", "axis=0"),
    "That is the share of wrong answers.": edit("==", "!="),
    "That is the number of right answers. Divide by the number of examples.": edit("mean", "sum"),
    "The lowest score is sought.": edit("argmax", "argmin"),
    "That is true and false for each example. Take the mean.": edit("np.mean", ""),
    "The highest score itself is compared. Compare its position.": edit("argmax", "max"),
    "That is the mean score of the right class.": lambda z, t: np.mean(z[np.arange(len(t)), t]),
    "Those are the answers. Compare, and take the mean.": edit("np.mean(", "", " == labels)", ""),
    "That is the mean of the answers. Compare them with labels first.": edit(" == labels", ""),
    "That is in per cent. A share lies between 0 and 1.": edit("np.mean", "100 * np.mean"),
    "Divide by the number of examples, not of classes.":
        edit("mean", "sum", "== labels)", "== labels) / len(logits[0])"),
    "That asks whether all of them are right. The share is the mean.": edit("mean", "all"),
    "That asks whether any of them is right. The share is the mean.": edit("mean", "any"),
    "That is the mean probability of the label. Count the right answers.":
        lambda z, t: np.mean(softmax(z)[np.arange(len(t)), t]),
    "The right score must be the highest. Its p may be below ½.":
        lambda z, t: np.mean(softmax(z)[np.arange(len(t)), t] > 0.5),
    "The right score must be the highest, not above 0.":
        lambda z, t: np.mean(z[np.arange(len(t)), t] > 0),
    "The scores are compared with the labels. The answer is the position of the highest score.":
        edit("np.argmax(logits, axis=1)", "logits"),
    "Without an axis, argmax looks at the whole table. Use axis=1.": edit(", axis=1", ""),
}  # fmt: skip
share_right.equivalents = {
    "return np.mean(np.argmax(logits, axis=-1) == labels)": "Of two axes, 1 is the last.",
    "return np.mean(np.argmax(logits, axis=1) == labels.T)": "A list has nothing to transpose.",
}


@exercise
def steepest():
    """The step of length 0.1 that lowers the loss most at the gradient (3, −4), and its effect."""
    return [-0.06, 0.08], -0.5


steepest.tolerance = 5e-3
steepest.form = "[d1, d2], change"
steepest.hints = (
    "The best direction is the opposite of the gradient: (−3, 4), shortened to the length 0.1.",
    "The length of (−3, 4) is the root of 9 + 16. What must you multiply it by to make it 0.1?",
    "The change of the loss is the dot product of gradient and step.",
)
steepest.reason = (
    "The gradient has the length 5, so the step is −0.1/5 = −0.02 times the gradient: "
    "(−0.06, 0.08). The loss changes by 3 · (−0.06) + (−4) · 0.08 = −0.5, which is minus the "
    "length of the gradient times the length of the step."
)
steepest.mistakes = {
    "That is uphill. Downhill is the opposite of the gradient.": ([0.06, -0.08], 0.5),
    "That is uphill, and there the loss rises by 0.5.": ([0.06, -0.08], -0.5),
    "The step is right. The loss falls, so its change is negative.": ([-0.06, 0.08], 0.5),
    "That step has the length 0.5: 0.1 times the gradient, whose length is 5.":
        ([-0.3, 0.4], -2.5),
    "That step has the length 5. It should have the length 0.1.": ([-3, 4], -25),
    "That step has the length 1. It should have the length 0.1.": ([-0.6, 0.8], -5),
    "That step runs along a line of equal height: the loss does not change.": ([0.08, 0.06], 0),
    "The two entries are swapped: w₁ goes with the 3.": ([0.08, -0.06], 0.48),
    "The entries are swapped: w₁ goes with the 3, and it must fall.": ([-0.08, 0.06], -0.48),
    "Only one parameter moves. Both slopes can be used at once.": ([0, 0.1], -0.4),
    "The step is right. The change is the dot product of gradient and step.": ([-0.06, 0.08], -5),
    "The step is right. Its length is 0.1; the loss changes by the dot product with the "
    "gradient.": ([-0.06, 0.08], -0.1),
    "Each entry is as large as the other there. The step is in proportion to the gradient, entry "
    "by entry.": ([-0.0707, 0.0707], -0.495),
    "The signs of both entries must be opposite to the gradient's.": ([-0.06, -0.08], 0.14),
}  # fmt: skip


@exercise
def descend(gradient, start, lr, steps):
    """The point after so many steps of gradient descent, of the shape of start."""
    w = start
    for _ in range(steps):
        w = w - lr * gradient(w)
    return w


def _gradient_of_a_bowl(w):
    return np.array([1.0, 4.0]) * (w - np.array([2.0, -1.0]))


descend.cases = (
    (_gradient_of_a_bowl, np.array([0.0, 3.0]), 0.1, 7),
    (np.cos, normal(2, 3, seed=12), 0.25, 3),
)
descend.hints = (
    "Keep the current point in a variable that starts as start.",
    "In a loop of steps turns, replace it by w − lr · gradient(w).",
)
descend.mistakes = {
    "That goes uphill. Subtract the gradient.": edit("w - lr", "w + lr"),
    "One step is missing.": edit("steps", "steps - 1"),
    "That is one step too many.": edit("steps", "steps + 1"),
    "Only one step counts: the return stands inside the loop, or each turn begins at start again.":
        edit("    return", "        return"),
    "Each turn steps off from start. Step off from where you are.": edit("w - lr", "start - lr"),
    "The gradient is always that of start. Call gradient(w).":
        edit("gradient(w)", "gradient(start)"),
    "The learning rate is not used.": edit("lr * ", ""),
    "That is the whole path. Return the last point.":
        lambda g, w, lr, steps: [descend.solve(g, w, lr, n) for n in range(steps + 1)],
    "That is the whole path, without start. Return the last point.":
        lambda g, w, lr, steps: [descend.solve(g, w, lr, n + 1) for n in range(steps)],
    "The walk begins at 0. Begin at start.": edit("= start", "= 0 * start"),
    "Each turn keeps only the step. It is w − lr · gradient(w).": edit("w - lr", "-lr"),
    "gradient is a function. Call it at the current point: gradient(w).": edit("(w)", ""),
    "lr is divided by steps. Each step has the full one.": edit("lr *", "lr / steps *"),
    "The learning rate shrinks. Leave it as it is.": edit("for _", "for n", "lr *", "lr / 2**n *"),
    "That walks on until it arrives. Take as many steps as steps says.": edit("steps", "2000"),
    "That is the gradient at the end. Return the point.": edit("return w", "return gradient(w)"),
    "That is how far the walk went. Return its end.": edit("return w", "return w - start"),
}  # fmt: skip


@exercise
def train_neuron(X, is_yes, lr, steps):
    """Weights (D,) and bias of a sigmoid neuron after some steps of gradient descent from zeros."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        error = sigmoid(X @ w + b) - is_yes
        w = w - lr * error @ X / len(X)
        b = b - lr * error.mean()
    return w, b


train_neuron.cases = (
    (normal(6, 3, seed=21), np.array([True, False, False, True, True, False]), 0.5, 4),
    (normal(5, 2, seed=22), np.array([False, True, False, False, False]), 2.0, 7),
)
train_neuron.hints = (
    "Start with np.zeros(X.shape[1]) for w and 0.0 for b. One turn of the loop is one step.",
    "In each turn compute a = sigmoid(X @ w + b), and the errors a − is_yes, one for each example.",
    "A weight has the slope error · input, averaged over the examples: error @ X / len(X). The "
    "bias counts as a weight on an input of 1.",
)
train_neuron.mistakes = {
    "That goes uphill. Subtract lr times the slopes.":
        edit("w - lr", "w + lr", "b - lr", "b + lr"),
    "The weights go uphill.": edit("w - lr", "w + lr"),
    "The bias goes uphill.": edit("b - lr", "b + lr"),
    "The slopes are sums here. The loss is a mean: divide by the number of examples.":
        edit(" / len(X)", "", "error.mean()", "error.sum()"),
    "The slope of the weights is a sum here, and that of the bias a mean.": edit(" / len(X)", ""),
    "The slope of the bias is a sum here, and that of the weights a mean.":
        edit("error.mean()", "error.sum()"),
    "Divide by the number of examples, not of inputs.": edit("len(X)", "X.shape[1]"),
    "The bias is never changed. It counts as a weight on an input of 1.":
        edit("lr * error.mean()", "0"),
    "The weights are never changed.": edit("lr * error @ X / len(X)", "0"),
    "The bias is missing in the pre-activation: X @ w + b.": edit("X @ w + b", "X @ w"),
    "The sigmoid is missing: the answer is a, not z.": edit("sigmoid(X @ w + b)", "(X @ w + b)"),
    "A step function has no slope to follow. The answer is sigmoid(z).":
        edit("sigmoid(X @ w + b)", "1.0 * (X @ w + b > 0)"),
    "The targets are missing: the error is a − y.": edit(" - is_yes", ""),
    "A factor a (1 − a) belongs to the squared error. The cross-entropy has none.":
        lambda X, is_yes, lr, steps: _train(X, is_yes, lr, steps, lambda a: a * (1 - a)),
    "There is a factor 2, as if the error were squared.":
        lambda X, is_yes, lr, steps: train_neuron.solve(X, is_yes, 2 * lr, steps),
    "The learning rate is missing.":
        edit("lr * error @", "error @", "lr * error.mean", "error.mean"),
    "One step is missing.": edit("range(steps)", "range(steps - 1)"),
    "That is one step too many.": edit("range(steps)", "range(steps + 1)"),
    "Only one step counts: the return stands inside the loop, or each turn begins at zero again.":
        edit("    return", "        return"),
    "The bias uses an error that is computed anew, after the weights have changed. Take both "
    "slopes at the same place, and change w and b then.":
        edit("lr * error.mean()", "lr * (sigmoid(X @ w + b) - is_yes).mean()"),
    "The weights use an error that is computed anew, after the bias has changed. Take both "
    "slopes at the same place, and change w and b then.":
        lambda X, is_yes, lr, steps: _bias_first(X, is_yes, lr, steps),
    "Start with zeros.": edit("np.zeros(X.shape[1]), 0.0", "np.ones(X.shape[1]), 0.0"),
    "The right answers are −1 and 1 here. They are 0 and 1.":
        edit("- is_yes", "- (2 * is_yes - 1)"),
    "That is a step after each example. Here each step uses the mean over all of them.":
        lambda X, is_yes, lr, steps: _one_by_one(X, is_yes, lr, steps),
    "The errors have lost their signs: an answer that is too low must be raised.":
        edit("sigmoid(X @ w + b) - is_yes", "np.abs(sigmoid(X @ w + b) - is_yes)"),
    "Every weight gets the same slope. Multiply the error by each weight's own input.":
        edit("error @ X / len(X)", "error.mean()"),
    "A number for each weight and a bias are asked for: return w, b.":
        edit("return w, b", "return w"),
}  # fmt: skip
train_neuron.equivalents = dict.fromkeys(
    (
        "error = sigmoid(X @ w.T + b) - is_yes",
        "error = sigmoid(X @ w + b) - is_yes.T",
        "w = w - (lr * error).T @ X / len(X)",
    ),
    "A list has nothing to transpose.",
) | {
    "w, b = (np.zeros(X.shape[1]), 0)": "The first step makes a float of it.",
    "w = w - lr * error @ X / len(is_yes)": "There is a right answer for each example.",
}


def _train(X, is_yes, lr, steps, factor):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        a = sigmoid(X @ w + b)
        error = (a - is_yes) * factor(a)
        w, b = w - lr * error @ X / len(X), b - lr * error.mean()
    return w, b


def _one_by_one(X, is_yes, lr, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        for x, yes in zip(X, is_yes, strict=True):
            error = sigmoid(x @ w + b) - yes
            w, b = w - lr * error * x, b - lr * error
    return w, b


def _bias_first(X, is_yes, lr, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        b = b - lr * (sigmoid(X @ w + b) - is_yes).mean()
        w = w - lr * (sigmoid(X @ w + b) - is_yes) @ X / len(X)
    return w, b


@exercise
def eight_neuron():
    """Weights (784,) and bias of a neuron that finds the eights among the digits."""
    data = digits()
    X, is_eight = data.x_train, data.y_train == 8
    w, b = np.zeros(784), 0.0
    for _ in range(200):
        error = sigmoid(X @ w + b) - is_eight
        w = w - 0.5 * error @ X / len(X)
        b = b - 0.5 * error.mean()
    return w, b


def _hits(answer):
    """How many eights of the test images a neuron finds, and how many false alarms it gives."""
    w, b = answer
    data = digits()
    fires = data.x_test @ np.asarray(w, dtype=float).reshape(784) + np.float64(b) > 0
    return int(sum(fires & (data.y_test == 8))), int(sum(fires & (data.y_test != 8)))


eight_neuron.observe = _hits
eight_neuron.form = "w, b, with w of shape (784,)"
eight_neuron.accept = (
    (lambda hits: hits[0] > 0 or hits[1] > 0, "It fires for none of the test images."),
    (lambda hits: hits[1] <= 8, "It gives more than 8 false alarms. Is it trained on the eights, "
     "and downhill?"),
    (lambda hits: hits[0] >= 20, "It finds fewer than 20 of the 36 eights. Walk further: with "
     "more steps or a larger rate."),
)  # fmt: skip
eight_neuron.hints = (
    "Call your train_neuron with data.x_train and data.y_train == 8.",
    "A rate of 0.1 and 100 steps find 4 of 36. How does the loss change if you walk on?",
    "A rate of 0.5 and 200 steps are enough.",
)
eight_neuron.reason = (
    "Nothing but the labels changes from digit to digit: the same loop, the same rate. Of the "
    "ten digits the eight is the one whose mean image is nearest to the mean of all others. Where "
    "these two differ little, the weights must grow larger to tell them apart, and that takes more "
    "steps."
)
eight_neuron.mistakes = {
    "It fires for none of the test images. Too few steps: the weights have hardly left 0.":
        edit("range(200)", "range(5)"),
    "Those are the weights of a neuron for zeros.": edit("== 8", "== 0", "range(200)", "range(60)"),
    "It fires for every image: the walk went uphill, or the bias is far too large.":
        edit("w - 0.5", "w + 0.5", "b - 0.5", "b + 0.5", "range(200)", "range(5)"),
    "Weights of 1 find ink of any form.": edit("return w, b", "return np.ones(784), -100.0"),
}  # fmt: skip
eight_neuron.equivalents = (
    dict.fromkeys(
        ("error = sigmoid(X @ w.T + b) - is_eight", "w = w - (0.5 * error).T @ X / len(X)"),
        "A list has nothing to transpose.",
    )
    | dict.fromkeys(
        (
            "w, b = (np.zeros(784), 0)",
            "w, b = (np.zeros(784), 1.0)",
            "w, b = (np.zeros(784), -1.0)",
            "without b = b - 0.5 * error.mean()",
            "b = b + 0.5 * error.mean()",
            "b = b - -0.5 * error.mean()",
            "b = b - 0 * error.mean()",
            "b = b - 0.25 * error.mean()",
            "b = b - 1.0 * error.mean()",
            "b = b - 1.5 * error.mean()",
        ),
        "Some pixels have ink in nearly every image, and their weights do the work of the bias.",
    )
    | dict.fromkeys(
        (
            "for _ in range(100):",
            "for _ in range(199):",
            "for _ in range(201):",
            "for _ in range(400):",
            "w = w - 0.25 * error @ X / len(X)",
            "w = w - 1.0 * error @ X / len(X)",
        ),
        "Another walk arrives as well.",
    )
)


@exercise
def weight_gradient(X, P, Y):
    """The gradient of the mean cross-entropy for W: (N, D), (N, K), (N, K) to (K, D)."""
    return (P - Y).T @ X / len(X)


weight_gradient.cases = (
    (normal(5, 4, seed=13), softmax(normal(5, 3, seed=14)), np.eye(3)[[2, 1, 0, 1, 2]]),
    (normal(2, 3, seed=15), softmax(normal(2, 4, seed=16)), np.eye(4)[[3, 1]]),
)
weight_gradient.hints = (
    "Entry (k, j) is the mean over the examples of (p_nk − y_nk) · x_nj.",
    "The sum over n needs n second in the left factor: (P − Y).T @ X.",
    "Then divide by the number of examples, len(X).",
)
weight_gradient.mistakes = {
    "That is the sum over the examples. The loss is a mean: / len(X).": edit(" / len(X)", ""),
    "The result is transposed: row k belongs to output k.": edit("(P - Y).T @ X", "X.T @ (P - Y)"),
    "The sign is wrong. Where p is too large, the score must fall.": edit("P - Y", "Y - P"),
    "The targets are missing: the error is P − Y.": edit(" - Y", ""),
    "The probabilities are missing: the error is P − Y.": edit("P - Y", "-Y"),
    "Divide by the number of examples, not of classes.": edit("len(X)", "P.shape[1]"),
    "That is divided by all numbers in P. Divide by len(X).": edit("len(X)", "P.size"),
    "That is divided by all numbers in X. Divide by len(X).": edit("len(X)", "X.size"),
    "Divide by the number of examples, not of inputs.": edit("len(X)", "X.shape[1]"),
    "A factor p (1 − p) belongs to sigmoids with a squared error. Softmax with cross-entropy has "
    "none.": edit("(P - Y)", "((P - Y) * P * (1 - P))"),
    "The transpose is missing, and the product cannot be formed: (P − Y).T @ X.": edit(".T", ""),
    "There is a factor 2, as if the error were squared.": edit("(P - Y)", "2 * (P - Y)"),
    "It is transposed, and the mean is missing.": edit("(P - Y).T @ X / len(X)", "X.T @ (P - Y)"),
    "The mean is missing, and the sign is wrong.": edit("P - Y", "Y - P", " / len(X)", ""),
    "The result is transposed, and the sign is wrong.": edit("(P - Y).T @ X", "X.T @ (Y - P)"),
    "The result is transposed, the sign is wrong, and the mean is missing.":
        edit("(P - Y).T @ X / len(X)", "X.T @ (Y - P)"),
    "The factors are swapped, and none is transposed.": edit("(P - Y).T @ X", "X @ (P - Y)"),
    "The wrong factor is transposed: examples must meet in the middle.": edit(".T @ X", " @ X.T"),
    "* multiplies in pairs. Each error meets each input of its example: use @.": edit(".T @", " *"),
    "That is the gradient of the scores. Go on to the weights, with X.": edit(".T @ X", ""),
    "That is the gradient of the biases. X is missing.": lambda X, P, Y: (P - Y).mean(axis=0),
    "The product of means is not the mean of products. Multiply in each example first.":
        lambda X, P, Y: np.outer((P - Y).mean(axis=0), X.mean(axis=0)),
    "Only the first example counts. Add up over all.": lambda X, P, Y: np.outer((P - Y)[0], X[0]),
    "Only the last example counts. Add up over all.": lambda X, P, Y: np.outer((P - Y)[-1], X[-1]),
    "The errors are squared. The slope is P − Y itself.": edit("(P - Y)", "((P - Y) ** 2)"),
    "The errors have lost their signs. Use P − Y itself.": edit("(P - Y)", "np.abs(P - Y)"),
    "That is the slope for the probabilities, not the scores.": edit("(P - Y)", "-(Y / P)"),
}  # fmt: skip
weight_gradient.equivalents = dict.fromkeys(
    ("return (P - Y).T @ X / len(P)", "return (P - Y).T @ X / len(Y)"),
    "All three have a row for each example.",
)


@exercise
def train(W, X, Y, lr, epochs):
    """The weights of softmax regression, (K, D), after a step for each example of each epoch."""
    for _ in range(epochs):
        for x, y in zip(X, Y, strict=True):
            gradient = np.outer(softmax(W @ x) - y, x)
            W = W - lr * gradient
    return W


def _step_an_epoch(W, X, Y, lr, epochs):
    for _ in range(epochs):
        W = W - lr * (softmax(X @ W.T) - Y).T @ X
    return W


train.cases = (
    (normal(3, 2, seed=17), normal(4, 2, seed=18), np.eye(3)[[2, 1, 0, 1]], 0.3, 2),
    (normal(2, 4, seed=19), normal(3, 4, seed=20), np.eye(2)[[1, 0, 1]], 0.1, 3),
)
train.start = edit("range(epochs)", "range(1)", "W - lr * gradient", "gradient")
train.hints = (
    "np.outer(p − y, x) is a gradient. What is done with a gradient, and with which sign?",
    "lr and epochs are never used. One pass over the examples is one epoch.",
    "Put a loop over the epochs around the loop over the examples, and step inside both: W = W − "
    "lr · gradient.",
)
train.mistakes = {
    "The gradient takes the place of the weights. Subtract lr times it.": edit("W - lr * ", ""),
    "The loss itself is subtracted. Its slope belongs there: np.outer(p − y, x).":
        edit("np.outer(softmax(W @ x) - y, x)", "-np.sum(y * np.log(softmax(W @ x)))"),
    "A step takes the place of the weights. Subtract it from them.": edit("W - lr", "-lr"),
    "lr times the gradient takes the place of the weights. Subtract it.": edit("W - ", ""),
    "Steps replace the weights, and the epochs are missing.":
        edit("range(epochs)", "range(1)", "W - lr", "-lr"),
    "lr times the gradient takes the place of the weights, and the epochs are missing.":
        edit("range(epochs)", "range(1)", "W - ", ""),
    "The learning rate is missing: subtract lr times the gradient.": edit("lr * ", ""),
    "The gradient is subtracted now. The learning rate and the epochs are still missing.":
        edit("range(epochs)", "range(1)", "lr * ", ""),
    "That goes uphill. Subtract the gradient.": edit("W - lr", "W + lr"),
    "That goes uphill, and only one epoch is walked. Subtract the gradient.":
        edit("range(epochs)", "range(1)", "W - lr", "W + lr"),
    "That goes uphill, and the learning rate is missing.": edit("W - lr * ", "W + "),
    "That goes uphill, and the learning rate and the epochs are still missing.":
        edit("range(epochs)", "range(1)", "W - lr * ", "W + "),
    "Only one epoch is walked. Is the loop over the epochs missing, or does the return stand "
    "inside it?": edit("range(epochs)", "range(1)"),
    "Only one step is taken: the return stands in the inner loop.":
        edit("    return", "            return"),
    "One epoch is missing.": edit("range(epochs)", "range(epochs - 1)"),
    "That is one epoch too many.": edit("range(epochs)", "range(epochs + 1)"),
    "The loops are swapped: an epoch goes through all examples before any comes again.":
        lambda W, X, Y, lr, epochs: train.solve(W, X.repeat(epochs, 0), Y.repeat(epochs, 0), lr, 1),
    "The examples come in reverse order. Go through them as they are given.":
        edit("zip(X, Y", "zip(X[::-1], Y[::-1]"),
    "That is one step an epoch, with the mean gradient. Here a step follows each example.":
        lambda W, X, Y, lr, epochs: _step_an_epoch(W, X, Y, lr / len(X), epochs),
    "The gradients of an epoch are added up before the step. Here a step follows each example.":
        _step_an_epoch,
    "All gradients are taken at the first weights. Take each at the weights of the moment.":
        lambda W, X, Y, lr, epochs: _step_an_epoch(W, X, Y, lr * epochs, 1),
    "Only the last example of an epoch makes a step. Step in the loop.":
        edit("            W =", "        W ="),
    "The softmax is missing: W @ x are scores, not p.": edit("softmax(W @ x)", "W @ x"),
    "The targets are missing: the error is p − y.": edit(" - y", ""),
    "Each step is divided by N. It has one example here.": edit("lr *", "lr / len(X) *"),
    "The table of products is transposed: row k belongs to output k.": edit("- y, x)", "- y, x).T"),
}  # fmt: skip
train.equivalents = {
    "gradient = np.outer(softmax(W @ x.T) - y, x)": "A list has nothing to transpose.",
}


@exercise
def read_curves():
    """The letters of the curves of the four causes, in the order in which these are listed."""
    return "C", "A", "D", "B"


read_curves.hints = (
    "Which curve does not start at ln 10? What must be different before the first step?",
    "Of the three others, a small rate makes a slow fall, and a large one makes the loss rise on "
    "the way.",
)
read_curves.reason = (
    "B starts far above ln 10: before the first step it is sure of wrong answers, as large random "
    "weights are. The three others start at ln 10, with weights of 0. C falls evenly and slowly, "
    "so its rate is small; D rises and falls, so its rate is too large; A falls fast at first and "
    "then ever more gently, and never rises."
)
read_curves.mistakes = {
    "The small and the good rate are swapped: a small rate falls more slowly.":
        ("A", "C", "D", "B"),
    "D starts at ln 10, so its first weights were 0. A loss that rises on the way has too large a "
    "rate.": ("C", "A", "B", "D"),
    "A loss that rises on the way has too large a rate. A small one never does that.":
        ("D", "A", "C", "B"),
    "A loss that rises on the way has too large a rate.": ("C", "D", "A", "B"),
    "The letters are given in the order of the alphabet. Give them in the order of the causes.":
        ("A", "B", "C", "D"),
}  # fmt: skip


@exercise
def stable_rate():
    """The largest of the rates 0.1, 0.2, … with which the loss never rises in 30 steps."""
    return 0.4


stable_rate.hints = (
    "Train with 0.1, 0.2, 0.3 and so on, 30 steps each from weights of 0, and keep the losses.",
    "np.diff(losses) has the change of the loss at each step. Is any of them positive?",
)
stable_rate.reason = (
    "With 0.4 all 29 changes of the loss are negative, and with 0.5 nine of them are positive, the "
    "first at the sixth step. The limit comes from the direction in which the loss is curved most, "
    "as in the narrow valley. It can be measured, and it changes on the way: where the loss is "
    "less curved, a larger rate becomes possible."
)
stable_rate.mistakes = {
    "With 0.5 the loss rises at the sixth step, for the first time.": 0.5,
    "Only tenths are asked for: the largest of 0.1, 0.2 and so on.": 0.45,
    "With 0.3 it never rises, and with a larger one neither.": 0.3,
    "With 0.2 it never rises, and with larger ones neither.": 0.2,
    "With 0.1 it never rises, and with larger ones neither.": 0.1,
    "With 0.7 the loss rises at the third step, for the first time.": 0.7,
    "With 0.6 the loss rises on the way. Look at every step, not at the last one only.": 0.6,
    "With 1 the loss ends low, but it has more than doubled on the way.": 1.0,
    "With 0.8 the loss rises on the way.": 0.8,
    "With 0.9 the loss rises on the way.": 0.9,
}


@exercise
def count_steps():
    """The steps in 20 epochs of 1,437 examples in batches of 32."""
    return -(-1437 // 32) * 20


count_steps.tolerance = 1e-5
count_steps.hints = (
    "1437 / 32 is a little less than 45. How many batches does one epoch have?",
    "45 batches, the last one with 29 examples. And twenty epochs?",
)
count_steps.reason = (
    "1437 / 32 is 44.9, so an epoch has 44 full batches and a last one of 29 examples: 45 steps. "
    "Twenty epochs have 45 · 20 = 900. One epoch is once through the data, and a step is one "
    "batch."
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
    "That is the number of full batches in one epoch. The last one is smaller.": 44,
    "That is one epoch, and a step is a whole number: 44 full batches and a smaller one.": 44.90625,
    "1437 / 32 is a little less than 45, so there is no batch number 46.": 920,
}
count_steps.equivalents = dict.fromkeys(
    ("return -(-1438 // 32) * 20", "return -(-1436 // 32) * 20"),
    "The last batch of an epoch has one example more or less.",
)


@exercise
def passes():
    """The forward passes of one gradient of 784-16-10 by central differences."""
    return 2 * ((784 + 1) * 16 + (16 + 1) * 10)


passes.tolerance = 1e-6
passes.hints = (
    "How many parameters has 784-16-10? Chapter 2 has the formula for a layer.",
    "12,730 parameters, and a step to each side for each.",
)
passes.reason = (
    "A central difference computes the loss on each side of one parameter: two forward passes. The "
    "network has (784 + 1) · 16 + (16 + 1) · 10 = 12,730 parameters, so one gradient takes 25,460."
)
passes.mistakes = {
    "That is the number of parameters. Each needs a step to both sides.": 12_730,
    "That is for 784-16-16-10.": 26_004,
    "That is for one-sided differences: a pass for each parameter, one in the middle.": 12_731,
    "The biases have slopes too.": 25_408,
    "28 · 28 is 784, not 728.": 23_668,
    "That is the number of parameters of 784-16-16-10.": 13_002,
    "Central differences do not need the value in the middle.": 25_461,
    "That is one pass for each weight. Biases count too, and a slope takes two passes.": 12_704,
    "That is for each parameter.": 2,
    "One forward pass computes the loss of all examples at once.": 36_586_020,
}
