"""Exercises of chapter 6: what each set is for, when to stop, and what size to take."""

import numpy as np

from nnlib.exercises._exercise import edit, exercise


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
def choose_size(sizes, accuracies, margin):
    """The smallest size whose accuracy is within the margin of the best."""
    good_enough = max(accuracies) - margin
    for size, accuracy in zip(sizes, accuracies, strict=True):
        if accuracy >= good_enough:
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
    "That is the accuracy. The size is asked for.": edit("return size", "return accuracy"),
    "That is the size in the middle. Look at the accuracies.":
        edit("return size", "return sizes[len(sizes) // 2]"),
}  # fmt: skip
