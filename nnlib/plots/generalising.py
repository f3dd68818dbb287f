"""Figures of chapter 6: luck, curves of two sets, and runs beside each other."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import BLUE, INK, MUTED, ORANGE, STYLES

MARKS = "os^"


def plot_luck(first: np.ndarray, second: np.ndarray) -> Axes:
    """Shares of right guesses on two sets of images, a dot for each guesser; the best is named."""
    ax = plt.subplots(figsize=(4.8, 3.0))[1]
    best = int(np.argmax(first))
    ax.plot(first, second, "o", color=BLUE, alpha=0.35, markersize=4)
    ax.plot(first[best], second[best], "D", color=ORANGE, markersize=8)
    ax.axhline(0.1, color=MUTED, linewidth=1, linestyle=":")
    ax.annotate(
        "the chosen one",
        (first[best], second[best]),
        xytext=(0.98, 0.98),
        textcoords="axes fraction",
        color=ORANGE,
        ha="right",
        va="top",
        arrowprops={"arrowstyle": "-", "color": ORANGE, "shrinkB": 6},
    )
    ax.set(xlabel="right on the images that chose", ylabel="right on others")
    most = max(first.max(), second.max()) + 0.02
    ax.set(xlim=(0, most), ylim=(0, most))
    return ax


def plot_early(training: np.ndarray, validation: np.ndarray, best: int) -> Axes:
    """The loss on both sets after each epoch, and the epoch with the lowest validation loss."""
    ax = plt.subplots(figsize=(4.8, 3.2))[1]
    epochs = np.arange(1, len(training) + 1)
    for name, losses, style in (("training", training, "-"), ("validation", validation, "--")):
        (line,) = ax.plot(epochs, losses, linestyle=style)
        at = int(0.8 * len(epochs))
        place = {"xytext": (0, 6), "textcoords": "offset points", "ha": "center"}
        ax.annotate(name, (epochs[at], losses[at:].max()), color=line.get_color(), **place)
    ax.plot(best + 1, validation[best], "o", color=ORANGE, markersize=8)
    ax.axvline(best + 1, color=ORANGE, linewidth=1, linestyle=":")
    note = {"xytext": (6, -4), "textcoords": "offset points", "color": ORANGE, "va": "top"}
    ax.annotate(
        f"lowest: epoch {best + 1}", (best + 1, 1), xycoords=("data", "axes fraction"), **note
    )
    ax.set(xlabel="epoch", ylabel="loss (nats)", ylim=(0, None))
    ax.grid(True)
    return ax


def plot_held_back(scores: Mapping[str, np.ndarray]) -> Axes:
    """The accuracy in validation after each epoch, a named line for each remedy."""
    ax = plt.subplots(figsize=(4.8, 3.4))[1]
    for (name, values), style in zip(scores.items(), STYLES, strict=False):
        ax.plot(np.arange(1, len(values) + 1), values, linestyle=style, label=name, linewidth=1.6)
    ax.set(xlabel="epoch", ylabel="right in validation", ylim=(0.5, 1))
    ax.legend(frameon=False, ncols=2, loc="lower center", handlelength=2.6)
    ax.grid(True)
    return ax


def plot_tasks(tasks: Mapping[str, Mapping[str, Sequence[float]]]) -> Axes:
    """Accuracies of several runs as dots: a row for each network, a mark for each task."""
    ax = plt.subplots(figsize=(4.8, 2.6))[1]
    names = list(next(iter(tasks.values())))
    for (task, runs), mark, colour in zip(tasks.items(), MARKS, (BLUE, ORANGE, INK), strict=False):
        for row, name in enumerate(names):
            label = task if row == 0 else None
            rows = np.full(len(runs[name]), row)
            ax.plot(runs[name], rows, mark, color=colour, alpha=0.7, label=label)
    ax.set(xlabel="accuracy on test images", ylim=(len(names) - 0.4, -0.9), xlim=(None, 1))
    ax.set_yticks(range(len(names)), labels=names)
    ax.legend(frameon=False, ncols=2, loc="upper left")
    ax.grid(True, axis="x")
    return ax
