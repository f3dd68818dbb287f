"""Exercises of chapter 6: what each set is for, when to stop, what holds back, what to claim."""

import math
from functools import cache

import numpy as np

from nnlib.backprop import Dense, Layer, ReLU, Sequential
from nnlib.datasets import digits
from nnlib.descent import accuracy, cross_entropy
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
from nnlib.generalising import Dropout
from nnlib.training import Adam, he_normal, initialise, minibatches


@exercise
def three_sets(order, n_val, n_test):
    """Three parts of a shuffled order: training, validation and test."""
    n_train = len(order) - n_val - n_test
    return order[:n_train], order[n_train : n_train + n_val], order[n_train + n_val :]


def _from_the_end(order, n_val, n_test):
    return order[: -n_val - n_test], order[-n_val - n_test : -n_test], order[-n_test:]


three_sets.cases = (
    (np.array([6, 2, 9, 0, 7, 1, 4, 8, 3, 5]), 3, 2),
    (np.array([4, 0, 3, 6, 1, 5, 2]), 2, 1),
    (np.array([3, 1, 4, 0, 2]), 2, 0),
)
three_sets.hints = (
    "How many are left for training? What begins where the training part ends?",
    "order[:n_train] is the first part. The second one begins at n_train and has n_val entries.",
    "Where no test images are wanted, order[-0:] is the whole order: count from the front.",
)
three_sets.mistakes = {
    "Where n_test is 0, −0 is 0, and order[-0:] is everything. Count from the front.":
        _from_the_end,
    "The validation images are among the training images too.":
        edit("order[:n_train]", "order[: n_train + n_val]"),
    "All parts begin at the front, so they share images.":
        edit("order[n_train : n_train + n_val], order[n_train + n_val :]",
             "order[:n_val], order[:n_test]"),
    "The test images are among the validation images too.":
        edit("order[n_train : n_train + n_val]", "order[n_train:]"),
    "That is validation, test and training. Asked is training first, then validation, then test.": (
        lambda order, n_val, n_test: (
            order[:n_val], order[n_val : n_val + n_test], order[n_val + n_test :]
        )
    ),
    "That is test before validation. Asked is training, validation, test.": (
        lambda order, n_val, n_test: (
            order[: len(order) - n_val - n_test],
            order[len(order) - n_test :],
            order[len(order) - n_val - n_test : len(order) - n_test],
        )
    ),
    "The training part is the whole order. What is kept aside must not be trained on.":
        edit("order[:n_train]", "order"),
    "The parts are sorted, so nothing is shuffled any more. Cut order itself.": (
        lambda order, n_val, n_test: tuple(
            np.split(np.arange(len(order)), [len(order) - n_val - n_test, len(order) - n_test])
        )
    ),
}  # fmt: skip
three_sets.equivalents = dict.fromkeys(
    (
        "n_train = len(order.T) - n_val - n_test",
        "return (order.T[:n_train], order[n_train:n_train + n_val], order[n_train + n_val:])",
        "return (order[:n_train], order.T[n_train:n_train + n_val], order[n_train + n_val:])",
        "return (order[:n_train], order[n_train:n_train + n_val], order.T[n_train + n_val:])",
    ),
    "A row of numbers, transposed, is itself.",
)


@exercise
def choose_rate(rates, train_losses, val_losses, test_losses):
    """The learning rate with the lowest loss on the validation set."""
    return rates[np.argmin(val_losses)]


choose_rate.cases = (
    ([0.01, 0.03, 0.1, 0.3], [0.9, 0.4, 0.1, 0.05], [1.0, 0.5, 0.3, 0.6], [0.2, 0.7, 0.75, 0.65]),
    ([0.2, 0.05, 0.5], [0.7, 0.2, 0.8], [0.6, 0.9, 0.4], [0.2, 0.3, 0.5]),
    (
        [3.0, 1.0, 0.2, 0.1, 0.02],
        [5.0, 2.0, 0.4, 0.3, 0.1],
        [4.0, 2.0, 0.6, 0.5, 0.9],
        [4.5, 2.1, 0.75, 0.8, 0.3],
    ),
)
choose_rate.start = edit("val_losses", "test_losses")
choose_rate.hints = (
    "If the test set chooses, its score is no longer that of images nobody has looked at.",
    "And the training set? A network that memorises would win there.",
    "The third set is there for choices.",
)
choose_rate.mistakes = {
    "That chooses on the training set, where a network that memorises wins.": edit("val", "train"),
    "Validation and test are put together. Then the test set still chooses.":
        edit("val_losses", "np.add(val_losses, test_losses)"),
    "Training and validation are put together. The training loss rewards memorising.":
        edit("val_losses", "np.add(train_losses, val_losses)"),
    "All three are put together. Only the validation set is there for choices.":
        edit("val_losses", "np.sum([train_losses, val_losses, test_losses], axis=0)"),
    "That looks for the smallest gap between validation and test. Then the test set chooses.":
        edit("val_losses", "np.abs(np.subtract(val_losses, test_losses))"),
    "That looks for the smallest gap between training and validation. A network that learned "
    "nothing has none.": edit("val_losses", "np.abs(np.subtract(val_losses, train_losses))"),
    "That is one rate below the best one, to be safe. Asked is the best one of the list.": (
        edit(
            "rates[np.argmin(val_losses)]",
            "max(r for r in rates if r < rates[np.argmin(val_losses)])",
        )
    ),
    "That is the rate before the best one in the list. Asked is the best one.":
        edit("np.argmin(val_losses)", "np.argmin(val_losses) - 1"),
    "The learning rates are sorted, and the losses are not. Keep them in step.":
        edit("rates", "sorted(rates)"),
    "That is the highest loss. The lowest is best.": edit("argmin", "argmax"),
    "That is the position in the list. Return the learning rate that stands there.":
        edit("rates[np.argmin(val_losses)]", "np.argmin(val_losses)"),
    "That is the loss. Return the learning rate.": edit("rates[", "val_losses["),
    "That is the largest learning rate, whatever the losses are.":
        edit("rates[np.argmin(val_losses)]", "max(rates)"),
    "That is the smallest learning rate, whatever the losses are.": edit("val_losses", "rates"),
}  # fmt: skip


@exercise
def by_sheet(sheets, held_out):
    """The rows to train on, and those of the sheets that are kept aside."""
    aside = np.isin(sheets, held_out)
    return np.flatnonzero(~aside), np.flatnonzero(aside)


by_sheet.cases = (
    (np.array([2, 0, 1, 1, 2, 0, 3, 1]), [1, 3]),
    (np.array([5, 5, 4, 0, 7, 4, 4]), [4]),
    (np.array([1, 0, 2, 2, 0, 2]), [2, 0]),
)
by_sheet.hints = (
    "For each image, ask whether its sheet is one of those kept aside.",
    "A loop does it: for row, sheet in enumerate(sheets), put row into one of two lists.",
    "np.isin(sheets, held_out) says it for all at once, and np.flatnonzero gives the rows where "
    "an array is True.",
)
by_sheet.mistakes = {
    "The two are exchanged: first the rows to train on.":
        edit("np.flatnonzero(~aside), np.flatnonzero(aside)",
             "np.flatnonzero(aside), np.flatnonzero(~aside)"),
    "held_out has numbers of sheets, and they were taken for rows. Which rows are of these sheets?":
        edit("np.isin(sheets, held_out)", "np.isin(np.arange(len(sheets)), held_out)"),
    "Those are sheets. Asked are the rows, the positions of the images.":
        edit("np.flatnonzero(~aside), np.flatnonzero(aside)", "sheets[~aside], sheets[aside]"),
    "Only the first of the sheets is kept aside. There may be several.":
        edit("held_out)", "held_out[:1])"),
    "That is the answer of yes or no for each image. Asked are the rows.":
        edit("np.flatnonzero(~aside), np.flatnonzero(aside)", "~aside, aside"),
    "The rows kept aside are trained on as well.":
        edit("np.flatnonzero(~aside)", "np.arange(len(sheets))"),
    "The rows are counted from 1. Count from 0.":
        edit("np.flatnonzero(~aside), np.flatnonzero(aside)",
             "np.flatnonzero(~aside) + 1, np.flatnonzero(aside) + 1"),
    "Only one image of each sheet is kept aside. The others of the same hand are trained on.": (
        lambda sheets, held_out: (
            np.setdiff1d(np.arange(len(sheets)), [list(sheets).index(s) for s in held_out]),
            np.sort([list(sheets).index(s) for s in held_out]),
        )
    ),
}  # fmt: skip
by_sheet.equivalents = {
    "aside = np.isin(sheets.T, held_out)": "A row of numbers, transposed, is itself.",
}


@exercise
def leaked(x_train, x_test):
    """How many test images stand among the training images, number by number."""
    return sum((x_train == row).all(axis=1).any() for row in x_test)


ROWS = normal(7, 3, seed=3)
leaked.cases = (
    (ROWS[:5], np.array([ROWS[6], ROWS[2], ROWS[5], ROWS[2]])),
    (ROWS[[0, 1, 1, 3]], ROWS[[1, 4, 3, 0, 6]]),
    (ROWS[:4], np.array([ROWS[0][::-1], ROWS[1] + [0, 0, 0.01], ROWS[5]])),
    (np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]]), np.array([[1.0, 5.0], [1.0, 3.0]])),
    (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 4.0], [3.0, 4.0], [5.0, 2.0]])),
)
leaked.hints = (
    "Take one test image. How do you see whether it is among the training images?",
    "x_train == row compares row with every training image, number by number: (N, D) answers.",
    "An image is the same where all D answers of its row are True: .all(axis=1). One such image "
    "is enough: .any().",
)
leaked.mistakes = {
    "One equal number is enough there. All numbers of the two images must be equal.":
        edit("all(axis=1)", "any(axis=1)"),
    "Every image of the training set would have to be the same. One is enough.":
        edit(".any()", ".all()"),
    "The columns are compared instead of the images. Each row is an image: axis=1.":
        edit("axis=1", "axis=0"),
    "An image that stands twice in the training set is counted twice. Count test images.":
        edit(".any()", ".sum()"),
    "Only rows at the same position are compared. The order of the images means nothing.": (
        lambda x_train, x_test: sum(
            bool((a == b).all()) for a, b in zip(x_train, x_test, strict=False)
        )
    ),
    "The numbers are looked for one by one, anywhere in the training set. Compare whole images.":
        lambda x_train, x_test: np.isin(x_test, x_train).all(axis=1).sum(),
    "Images with the same sum need not be the same. Compare number by number.":
        lambda x_train, x_test: np.isin(x_test.sum(axis=1), x_train.sum(axis=1)).sum(),
    "That counts training images. An image that leaked may stand there more than once: count "
    "test images.": lambda x_train, x_test: leaked.solve(x_test, x_train),
    "Each image is counted once, though it stands twice in the test set. Count test images.":
        lambda x_train, x_test: leaked.solve(x_train, np.unique(x_test, axis=0)),
    "That is yes or no. Asked is how many.":
        lambda x_train, x_test: bool(leaked.solve(x_train, x_test)),
    "That is a share. Asked is how many.":
        lambda x_train, x_test: leaked.solve(x_train, x_test) / len(x_test),
    "Those are the images that did not leak. Asked are those that did.":
        lambda x_train, x_test: len(x_test) - leaked.solve(x_train, x_test),
}  # fmt: skip
leaked.equivalents = {
    "return sum(((x_train == row).all(axis=-1).any() for row in x_test))":
        "The last axis of a matrix is axis 1.",
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


def _before_rises(losses, patience):
    """The epoch before the first patience rises in a row, or the last one."""
    for epoch in range(len(losses) - patience):
        window = losses[epoch : epoch + patience + 1]
        if window == sorted(window):
            return epoch
    return len(losses) - 1


TRAINING = [2.2, 1.5, 1.1, 1.2, 1.15, 0.5, 0.4, 0.3, 0.2]
best_epoch.cases = (
    (TRAINING, [2.1, 1.6, 1.3, 1.4, 1.5, 1.35, 1.2, 1.1, 1.05], 3),
    (TRAINING[:7], [2.0, 1.7, 1.8, 1.6, 1.75, 1.7, 1.9], 2),
    (TRAINING[:8], [1.9, 1.5, 1.6, 1.7, 1.4, 1.45, 1.5, 1.3], 2),
    (TRAINING[:8], [1.9, 1.5, 1.6, 1.7, 1.4, 1.45, 1.5, 1.3], 3),
    (TRAINING, [2.0, 1.5, 1.6, 1.7, 1.4, 1.45, 1.5, 1.55, 1.2], 2),
    (TRAINING[:8], [2.0, 1.7, 1.8, 1.6, 1.75, 1.7, 1.5, 1.6], 3),
    (TRAINING[:6], [1.0, 0.9, 0.9, 0.9, 0.9, 0.5], 3),
    (TRAINING[:5], [1.5, 1.5, 1.6, 1.8, 1.7], 4),
    (TRAINING[:4], [1.3, 1.1, 1.2, 0.9], 1),
)
best_epoch.hints = (
    "Go through the epochs, and remember the best one so far.",
    "At each epoch that is not better, ask how many epochs have passed since the best one.",
    "When epoch − best == patience, stop looking, and return best.",
)
best_epoch.mistakes = {
    "That is the lowest training loss. It falls as long as the network memorises: look at the "
    "validation loss.": edit("return best", "return np.argmin(train_losses)"),
    "That is the last epoch. The network of the best epoch is kept.":
        edit("return best", "return len(val_losses) - 1"),
    "That is the lowest of all epochs. Training stops earlier, and never gets there.":
        edit("return best", "return np.argmin(val_losses)"),
    "That is the epoch at which training stops. Kept is the best one before it.":
        edit("return best", "return epoch"),
    "Where patience runs out, the epoch of the stop came back. Return the best one there too.":
        edit("break", "return epoch"),
    "An equal loss counts as better there, and training goes on. Better is lower: < and not <=.":
        edit("<", "<="),
    "That waits one epoch longer than patience.": edit("== patience", "> patience"),
    "That gives up one epoch too early: patience epochs in a row may be no better.":
        edit("== patience", "== patience - 1"),
    "That stops at the first rise. Wait longer.": edit("epoch - best == patience", "epoch > best"),
    "The epochs are counted from 1. Count from 0.": edit("return best", "return best + 1"),
    "That is the loss. The epoch is asked for.": edit("return best", "return val_losses[best]"),
    "The epochs without a better one are counted, but the count never starts again. Set it to 0 "
    "at each better epoch.": (
        edit(
            "best = 0",
            "best = waited = 0",
            "elif epoch - best == patience:",
            "elif epoch:\n            waited += 1\n        if waited == patience:",
        )
    ),
    "Each epoch is compared with the one before it. Compare it with val_losses[best].":
        edit("val_losses[best]", "val_losses[epoch - 1]"),
    "Each epoch is compared with the one before it. Compare it with the best one so far.":
        lambda train, val, patience: _before_rises(val, patience),
    "Each epoch is compared with the one before it, so training stops too late. Compare it with "
    "the best one so far.":
        lambda train, val, patience: np.argmin(val[: _before_rises(val, patience) + patience + 1]),
    "That is the epoch before the one at which training stops. Remember the best one.":
        edit("return best", "return epoch - 1"),
    "Training and validation loss are added. The training loss rewards memorising.":
        edit("return best", "return np.argmin(np.add(train_losses, val_losses))"),
    "That looks for the smallest gap between training and validation. A network that learned "
    "nothing has none.":
        edit("return best", "return np.argmin(np.abs(np.subtract(train_losses, val_losses)))"),
    "That follows the training loss. Patience is about the validation loss.":
        edit("enumerate(val", "enumerate(train", "< val_losses", "< train_losses"),
}  # fmt: skip


@exercise
def keep_best(w, gradient, val_loss, lr, steps):
    """Gradient descent, and of all its steps the weights with the lowest validation loss."""
    best = w
    for _ in range(steps):
        w = w - lr * gradient(w)
        if val_loss(w) < val_loss(best):
            best = w
    return best


class _Towards:
    """The gradient of a bowl whose lowest point is the target."""

    def __init__(self, target, name):
        self.target, self.name = target, name

    def __call__(self, w):
        return w - self.target

    def __repr__(self):
        return self.name


class _Distance(_Towards):
    """How far w is from the target, and a wave over it, so that the loss goes up and down."""

    def __init__(self, target, name, wave=0.0):
        super().__init__(target, name)
        self.wave = wave

    def __call__(self, w):
        return float(((w - self.target) ** 2).sum() + self.wave * np.sin(9 * w.sum()))


START, GOAL, OTHER = normal(2, 3, seed=11), 3 * normal(2, 3, seed=12), normal(2, 3, seed=13)
PASSED = START + 0.6 * (GOAL - START) + 0.2 * OTHER


def _better_than_the_last(w, gradient, val_loss, lr, steps):
    best = w
    for _ in range(steps):
        new = w - lr * gradient(w)
        if val_loss(new) < val_loss(w):
            best = new
        w = new
    return best


keep_best.cases = (
    (START, _Towards(GOAL, "gradient"), _Distance(PASSED, "val_loss"), 0.1, 30),
    (START, _Towards(GOAL, "gradient"), _Distance(PASSED, "val_loss", 2.0), 0.05, 40),
    (START, _Towards(GOAL, "gradient"), _Distance(GOAL, "val_loss"), 0.1, 5),
    (START, _Towards(GOAL, "gradient"), _Distance(START, "val_loss"), 0.2, 6),
    (np.ones((2, 3)), _Towards(np.zeros((2, 3)), "gradient"),
     _Distance(np.full((2, 3), 0.75), "val_loss"), 0.5, 3),
)  # fmt: skip
keep_best.in_place = False
keep_best.hints = (
    "Make the step, w = w − lr · gradient(w), and ask val_loss(w) after each one.",
    "Remember the best weights so far. They begin as the w that you are given.",
    "w = w - … makes a new array; w -= … would write into the one that you kept.",
)
keep_best.mistakes = {
    "That is where training ended. Return the weights of the best step. If you did keep them: -= "
    "writes into the array itself, so the kept one changes too. Make a new one, w = w - …":
        edit("return best", "return w"),
    "The start is never a candidate there. It may be better than all that follows.": (
        lambda w, gradient, val_loss, lr, steps: keep_best.solve(
            w - lr * gradient(w), gradient, val_loss, lr, steps - 1
        )
    ),
    "Each loss is compared with the one before it. Compare it with the lowest so far.":
        _better_than_the_last,
    "It stops at the first step that is no better. A later one may be better again.":
        edit("best = w\n    return", "best = w\n        else:\n            break\n    return"),
    "An equal loss counts as better there. Better is lower: < and not <=.":
        edit("val_loss(w) < ", "val_loss(w) <= "),
    "The weights after the last step are never a candidate there, or a step is missing.":
        edit("range(steps)", "range(steps - 1)"),
    "That keeps the worst step. Lower is better.": edit("val_loss(w) < ", "val_loss(w) > "),
    "The start came back, as if no step were better. A step is w − lr · gradient(w).":
        edit("w - lr", "w + lr"),
    "The learning rate is missing: w − lr · gradient(w).": edit("lr * ", ""),
    "That is the lowest validation loss. Asked are the weights that have it.":
        edit("return best", "return val_loss(best)"),
    "The validation set must not train: the step uses gradient, the comparison val_loss.": (
        lambda w, gradient, val_loss, lr, steps: keep_best.solve(
            w, lambda w: w - val_loss.target, val_loss, lr, steps
        )
    ),
}  # fmt: skip


@exercise
def settled():
    """Where pull and decay balance: the loss pulls with 0.3, decay takes 0.5 w."""
    return 0.3 / 0.5


settled.hints = (
    "Where the weight stands still, what a step adds is as much as what it takes away.",
    "η · 0.3 is added, η · 0.5 · w is taken away. For which w are the two equal?",
)
settled.reason = (
    "A step adds η · 0.3 and takes η · 0.5 · w away. The two are equal where 0.3 = 0.5 · w, so at "
    "w = 0.6, whatever η is. Below it the weight grows, above it shrinks. Without decay it would "
    "grow for ever."
)
settled.mistakes = {
    "The two were multiplied. Set what is added equal to what is taken away.": 0.15,
    "It shrinks only while more is taken away than the loss adds. Near 0 almost nothing is taken.":
        0.0,
    "The fraction is upside down: 0.3 = 0.5 · w.": 0.5 / 0.3,
    "The fraction is upside down. Solve 0.3 = 0.5 · w for w.": 1.67,
    "The loss pulls upwards: its slope is negative, and a step goes against the slope.": -0.6,
    "That is the difference of the two. Decay takes 0.5 times w, not 0.5.": -0.2,
    "That would be so with λ = 1. Here decay takes 0.5 · w.": 0.3,
    "That is the decay λ. At which w is λ · w as large as the pull?": 0.5,
    "Without decay the weight would grow for ever. With it, more is taken the larger it is.":
        math.inf,
}  # fmt: skip


@layer
class Drop(Layer):
    """Dropout: zeros at random, and the rest divided by 1 - p."""

    def __init__(self, p, rng):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        self.kept = self.rng.random(x.shape) >= self.p
        return x * self.kept / (1 - self.p)

    def backward(self, dy):
        return dy * self.kept / (1 - self.p)


Drop.cases = (
    ((0.4, np.random.default_rng(5)), normal(4, 3, seed=21), normal(4, 3, seed=22)),
    ((0.25, np.random.default_rng(6)), normal(3, 5, seed=23), normal(3, 5, seed=24)),
)
Drop.hints = (
    "forward draws a number for each element of x, and keeps the element where it is at least p.",
    "What backward needs is which elements were kept: remember that in self.",
    "Where an element was dropped, the output does not depend on it, so its gradient is 0. Where "
    "it was kept, the output is x / (1 − p): what is the slope?",
)
Drop.mistakes = {
    "Nothing is divided by 1 − p in forward, so the expected output is smaller than x.":
        edit("x * self.kept / (1 - self.p)", "x * self.kept"),
    "backward lacks the 1 / (1 − p): the slope of x / (1 − p) is 1 / (1 − p).":
        edit("dy * self.kept / (1 - self.p)", "dy * self.kept"),
    "backward passes everything on. Where an element was dropped, its gradient is 0.":
        edit("dy * self.kept / (1 - self.p)", "dy / (1 - self.p)"),
    "backward draws anew. What counts is what this forward kept.":
        edit("return dy * self.kept", "return dy * (self.rng.random(dy.shape) >= self.p)"),
    "p is the probability of being dropped, and here it is that of being kept.":
        edit(">=", "<", "x * self.kept / (1 - self.p)", "x * self.kept / self.p",
             "dy * self.kept / (1 - self.p)", "dy * self.kept / self.p"),
    "What should be kept is dropped: an element stays where its random number is at least p.":
        edit(">=", "<"),
    "The rest is divided by p. It is divided by what is kept on average, 1 − p.":
        edit("x * self.kept / (1 - self.p)", "x * self.kept / self.p",
             "dy * self.kept / (1 - self.p)", "dy * self.kept / self.p"),
    "The rest is multiplied by 1 − p, and becomes smaller still. Divide.":
        edit("x * self.kept / (1", "x * self.kept * (1", "dy * self.kept / (1",
             "dy * self.kept * (1"),
    "Whole rows are dropped. Each element has a number of its own.":
        edit("x.shape)", "(len(x), 1))"),
    "The same elements are dropped in every row. Each element has a number of its own.":
        edit("x.shape)", "x.shape[1:])"),
    "backward passes dy on as it is.":
        edit("dy * self.kept / (1 - self.p)", "dy"),
}  # fmt: skip
Drop.equivalents = {
    "without super().__init__()": "The checker asks nothing of a layer without parameters.",
    "self.kept = self.rng.random(x.shape) > self.p":
        "A random number with 53 bits is practically never p itself.",
}  # fmt: skip


@exercise
def old_predict(x, p):
    """What predict does if forward drops without dividing."""
    return (1 - p) * x


old_predict.cases = (normal(3, 4, seed=31), 0.2), (normal(2, 5, seed=32), 0.7)
old_predict.hints = (
    "In training, how large is the expected output for an element x, if it is not divided?",
    "With probability 1 − p it is x, otherwise 0. predict should give the next layer the mean.",
)
old_predict.mistakes = {
    "Then the next layer gets larger numbers than in training, where a share p of them was 0.":
        edit("(1 - p) * x", "x"),
    "p is the probability of being dropped. The expected output is (1 − p) · x.":
        edit("(1 - p) * x", "p * x"),
    "That makes the numbers larger still. In training they were smaller on average.":
        edit("(1 - p) * x", "x / (1 - p)"),
    "A fixed number is taken away. What is left on average is a share of x.":
        edit("(1 - p) * x", "x - p"),
    "predict must not draw: the same image gets the same answer each time.":
        edit("(1 - p) * x", "x * (np.random.default_rng(0).random(x.shape) >= p)"),
    "That divides by p. The expected output is (1 − p) · x.": edit("(1 - p) * x", "x / p"),
}  # fmt: skip


@exercise
def shifted(image, down, right):
    """The image moved by whole pixels, with zeros where it was: (H, W) to (H, W)."""
    h, w = image.shape
    most = max(abs(down), abs(right))
    padded = np.pad(image, most)
    return padded[most - down : most - down + h, most - right : most - right + w]


def _rolled(image, down, right):
    return np.roll(image, (down, right), axis=(0, 1))


PICTURE = np.abs(normal(4, 6, seed=41))
shifted.cases = (
    (PICTURE, 1, 2),
    (PICTURE, -2, 1),
    (np.abs(normal(5, 3, seed=42)), 0, -1),
    (np.abs(normal(3, 5, seed=43)), -1, 0),
    (PICTURE, 0, 0),
)
shifted.hints = (
    "What leaves the image on one side is lost; on the other side comes paper, zeros.",
    "Begin with np.zeros_like(image), and copy the part that stays. Or pad the image with zeros "
    "on all sides, and cut a window out of it.",
    "np.pad(image, n) puts n zeros on each side. The window that begins at row n shows the image "
    "as it was; for an image further down, does the window begin earlier or later?",
)
shifted.mistakes = {
    "What leaves on one side comes back on the other: np.roll goes in a circle. There, put zeros.":
        _rolled,
    "It moves the other way: down is towards the last row, right towards the last column.":
        edit("most - down : most - down + h, most - right : most - right + w",
             "most + down : most + down + h, most + right : most + right + w"),
    "Rows and columns are exchanged: down moves along axis 0, right along axis 1.":
        edit("most - down : most - down + h, most - right : most - right + w",
             "most - right : most - right + h, most - down : most - down + w"),
    "It moves up instead of down.":
        edit("most - down : most - down + h", "most + down : most + down + h"),
    "It moves left instead of right.":
        edit("most - right : most - right + w", "most + right : most + right + w"),
    "It moves down only.": edit("most - right : most - right + w", "most : most + w"),
    "It moves right only.": edit("most - down : most - down + h", "most : most + h"),
    "The image grew. Cut it to its old height and width.":
        edit("padded[most - down : most - down + h, most - right : most - right + w]", "padded"),
    "What comes in is a copy of the edge. There is paper, 0.":
        edit("np.pad(image, most)", 'np.pad(image, most, mode="edge")'),
}  # fmt: skip


@exercise
def recipe():
    """Weight decay and dropout for 120 images, a quarter of them with a wrong label."""
    return 3.0, 0.0


@cache
def _few_images():
    data, rng = digits(), np.random.default_rng(0)
    x, y = data.x_train.astype(np.float32), data.y_train
    y_few = y[:120].copy()
    wrong = rng.random(120) < 0.25
    y_few[wrong] = (y_few[wrong] + rng.integers(1, 10, size=wrong.sum())) % 10
    return x[:120], y_few, x[500:], y[500:]


def _trained(settings):
    """The mean accuracy of two networks on images that they never saw."""
    weight_decay, p = map(float, settings)
    x, y, unseen, answers = _few_images()
    right = []
    for seed in (3, 4):
        rng = np.random.default_rng(seed)
        read, write = Dense(784, 32, rng=rng), Dense(32, 10, rng=rng)
        model = Sequential(read, ReLU(), Dropout(p, rng=rng), write)
        initialise(model, he_normal, rng=rng)
        model.astype(np.float32)
        adam = Adam(0.003, weight_decay=weight_decay)
        for _ in range(100):
            for xb, yb in minibatches(x, y, batch_size=40, rng=rng):
                model.zero_grads()
                model.accumulate(cross_entropy(model.forward(xb), yb)[1])
                adam.step(model)
        right.append(accuracy(model.predict(unseen), answers))
    return weight_decay, float(np.mean(right))


recipe.observe = _trained
recipe.form = "weight_decay, p, with p from 0 to less than 1"
recipe.accept = (
    (lambda seen: seen[0] >= 0, "A negative weight decay makes weights grow."),
    (
        lambda seen: seen[1] > 0.5,
        "Fewer than half of the unseen images are right. The network is held back too much to "
        "learn: less decay, or less dropout.",
    ),
    (
        lambda seen: seen[1] > 0.67,
        "At most 67 of 100 unseen images are right. Without decay and dropout it is about 63: the "
        "network knows the wrong labels by heart. Hold it back more, or, if you did, less.",
    ),
)
recipe.hints = (
    "Decay near 1 holds the network back a little, and decay near 10 too much. p is a "
    "probability, below 1.",
    "Try one of the two with the other at 0, by factors of 2.",
    "With p = 0, every decay from about 1.5 to 5 will do.",
)
recipe.reason = (
    "With 120 images and a quarter of the labels wrong, a network that is not held back learns "
    "the wrong labels too, and about 63 of 100 unseen images are right. With a decay of 3 about "
    "74 are: what only one image asks for is not worth large weights."
)
recipe.mistakes = {
    "Nothing holds the network back, and it learns the wrong labels by heart.": (0.0, 0.0),
}
recipe.equivalents = dict.fromkeys(
    ("return (4.0, 0.0)", "return (2.0, 0.0)", "return (6.0, 0.0)", "return (1.5, 0.0)"),
    "This decay, too, holds the network back.",
) | {"return (3.0, 0)": "No dropout is no dropout, written with a dot or without."}


@exercise
def read_scores():
    """What four pairs of scores say: a word for each."""
    return "memorises", "learns too little", "leaks", "is fine"


read_scores.form = '"…", "…", "…", "…"'
read_scores.hints = (
    "Compare training and validation first. Which of the four is much better on its own images?",
    "Where both are low, more room or more training would help, and no remedy against memorising.",
    "In C the validation images are no measure of new ones. What do they share with the training "
    "images, and somebody else's not? In D something made training harder than validation.",
)
read_scores.reason = (
    "A knows its own images and few others: it memorises. B is bad even on its own images, so it "
    "learns too little. C is as good in validation as in training and fails with a new hand: what "
    "was kept aside was not new, it leaks. D drops neurons in training only, so the training "
    "score is measured with half of a network, and 93 of 100 new images are right: it is fine."
)
read_scores.mistakes = {
    "C is good on both, and fails with a new hand. Memorising shows already in validation.":
        ("memorises", "learns too little", "memorises", "is fine"),
    "In D validation is better than training, because only training drops neurons. Nothing leaks.":
        ("memorises", "learns too little", "leaks", "leaks"),
    "In D the training score is measured with half of the neurons. Does it learn too little, with "
    "93 of 100 new images right?":
        ("memorises", "learns too little", "leaks", "learns too little"),
    "A and B are exchanged: who is bad on the images it trained on has memorised nothing.":
        ("learns too little", "memorises", "leaks", "is fine"),
    "In B training and validation are alike, and both are low. Alike is not yet good.":
        ("memorises", "is fine", "leaks", "is fine"),
    "In C 74 of 100 digits of a new hand are right. What stood in validation was not new.":
        ("memorises", "learns too little", "is fine", "is fine"),
}  # fmt: skip


@exercise
def choose_size(sizes, accuracies, margin):
    """The smallest size whose accuracy is within the margin of the best."""
    good_enough = max(accuracies) - margin
    for size, reached in zip(sizes, accuracies, strict=True):
        if reached >= good_enough:
            return size


choose_size.cases = (
    ([2, 4, 8, 16, 32, 64], [0.31, 0.62, 0.91, 0.952, 0.968, 0.97], 0.01),
    ([8, 16, 32, 64, 128], [0.90, 0.9503, 0.93, 0.97, 0.965], 0.02),
    ([4, 16, 64, 397], [0.6, 0.94, 0.972, 0.969], 0.005),
    ([4, 8, 16, 32, 64], [0.5, 0.95, 0.97, 0.96, 0.9], 0.015),
    ([8, 16, 32, 64], [0.9, 0.905, 0.93, 0.97], 0.01),
    ([4, 8, 16, 32], [0.5, 0.75, 0.8125, 0.875], 0.125),
    ([4, 12, 16, 48], [0.6, 0.93, 0.9698, 0.97], 0.05),
    ([5, 10, 20], [0.97, 0.95, 0.96], 0.005),
)
choose_size.start = lambda sizes, accuracies, margin: (784 + 10) // 2
choose_size.hints = (
    "Which accuracy is the best? Which accuracies are at least that minus margin?",
    "Of the sizes that belong to these, return the smallest.",
)
choose_size.mistakes = {
    "That is the best one. A smaller one may be as good, within the margin.": edit(" - margin", ""),
    "That is the largest that is good enough. Asked is the smallest.":
        edit("zip(sizes, accuracies", "zip(sizes[::-1], accuracies[::-1]"),
    "That is the largest size of all. More neurons cost more, and need not be better.":
        edit("return size", "return sizes[-1]"),
    "That is the smallest size of all, however bad it is.": edit("return size", "return sizes[0]"),
    "That is the position in the list. Return the size that stands there.":
        edit("return size", "return sizes.index(size)"),
    "margin is taken as a share of the best accuracy. It is a distance: subtract it.":
        edit("- margin", "* (1 - margin)"),
    "margin is taken in per cent. It is a distance between accuracies, as they are.":
        edit("margin", "margin / 100"),
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
        edit("return size", "return sum(sizes) / len(sizes)"),
    "At most margin below the best: exactly margin below is good enough, too. >= instead of >.":
        edit(">=", ">"),
    "Each size is compared with the last one. The best may be another one.":
        edit("max(accuracies)", "accuracies[-1]"),
    "All sizes that are good enough came back. Asked is the smallest.": (
        lambda sizes, accuracies, margin: np.array(sizes)[
            np.array(accuracies) >= max(accuracies) - margin
        ]
    ),
    "That is the accuracy that is good enough. The size that reaches it is asked for.":
        edit("return size", "return good_enough"),
    "That is the accuracy. The size is asked for.": edit("return size", "return reached"),
    "That is the size in the middle. Look at the accuracies.":
        edit("return size", "return sizes[len(sizes) // 2]"),
}  # fmt: skip


@exercise
def images_needed(p, half_width):
    """How many test images make a share p certain to within half_width."""
    return int(np.ceil(p * (1 - p) / half_width**2))


images_needed.cases = (0.97, 0.009), (0.9, 0.004), (0.5, 0.03), (0.5, 0.125)
images_needed.hints = (
    "√(p (1 − p) / N) should be at most half_width. Square both sides.",
    "N is at least p (1 − p) / half_width². Images come whole: round up.",
)
images_needed.mistakes = {
    "Images come whole: round up.":
        edit("int(np.ceil(p * (1 - p) / half_width**2))", "p * (1 - p) / half_width**2"),
    "That is rounded down, and is then one image too few.": edit("np.ceil", "np.floor"),
    "That is rounded to the nearest whole number, which may be one image too few. Round up.":
        edit("np.ceil", "np.round"),
    "A whole number of images is enough as it is: there, 1 more is one too many. Round up.":
        edit("int(np.ceil(p * (1 - p) / half_width**2))",
             "int(p * (1 - p) / half_width**2) + 1"),
    "The half width is not squared. Square both sides of the inequality.":
        edit("half_width**2", "half_width"),
    "The root stayed. Square both sides.":
        edit("p * (1 - p) / half_width**2", "np.sqrt(p * (1 - p)) / half_width"),
    "The 1 − p is missing: near p = 1 there is little to be uncertain about.":
        edit("p * (1 - p)", "p"),
    "The p is missing: p (1 − p).": edit("p * (1 - p)", "(1 - p)"),
    "That is how uncertain half_width many images are. Solve for N.":
        edit("int(np.ceil(p * (1 - p) / half_width**2))", "np.sqrt(p * (1 - p) / half_width)"),
}  # fmt: skip


@exercise
def clearly_better(ours, theirs):
    """Whether the worst run of ours beats the best run of theirs."""
    return min(ours) > max(theirs)


clearly_better.cases = (
    ([0.97, 0.98, 0.965], [0.96, 0.95, 0.955]),
    ([0.97, 0.98, 0.95], [0.96, 0.94, 0.955]),
    ([0.99, 0.96, 0.97], [0.965, 0.95, 0.98]),
    ([0.93, 0.94, 0.95], [0.96, 0.97, 0.98]),
    ([0.95, 0.97, 0.96], [0.95, 0.94, 0.93]),
    ([0.96, 0.955, 0.95], [0.97, 0.90, 0.91]),
    ([0.90, 0.97, 0.98], [0.91, 0.92, 0.93]),
    ([0.96, 0.99, 0.97, 0.98], [0.95, 0.94]),
    ([0.95, 0.97, 0.98], [0.94, 0.96, 0.90]),
    ([0.91, 0.95, 0.96], [0.97, 0.94, 0.99]),
)
clearly_better.hints = (
    "Which run of ours must win against all of theirs? The one that is hardest for us.",
    "The worst of ours, min(ours), against the best of theirs, max(theirs).",
)
clearly_better.mistakes = {
    "The best of each is compared. One lucky run decides then: take the worst of ours.":
        edit("min(ours)", "max(ours)"),
    "The means are compared. They differ by chance, too: every run of ours has to win.":
        edit("min(ours) > max(theirs)", "np.mean(ours) > np.mean(theirs)"),
    "The worst of each is compared. Every run of ours has to win against every run of theirs.":
        edit("max(theirs)", "min(theirs)"),
    "The first runs are compared. Look at all of them.":
        edit("min(ours) > max(theirs)", "ours[0] > theirs[0]"),
    "Runs are compared in pairs. Every run of ours has to win against every run of theirs.": (
        lambda ours, theirs: all(a > b for a, b in zip(ours, theirs, strict=False))
    ),
    "A tie is not better: > and not >=.": edit(">", ">="),
    "That asks whether theirs are better.":
        edit("min(ours) > max(theirs)", "min(theirs) > max(ours)"),
    "Any of our runs that beats one of theirs is enough there. All have to win.":
        edit("min(ours) > max(theirs)", "max(ours) > min(theirs)"),
    "The worst of ours is compared with the mean of theirs. Their best run may be better still.":
        edit("max(theirs)", "np.mean(theirs)"),
}  # fmt: skip
