"""Figures of chapter 3: losses, and walks on them."""

from collections.abc import Mapping
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import BLUE, CYCLE, MUTED, ORANGE, PAPER, STYLES, label_ends


def plot_descent(x: np.ndarray, y: np.ndarray, paths: Mapping[str, tuple]) -> np.ndarray:
    """A loss over one parameter, and a walk on it in each panel: title to ``(points, losses)``."""
    axes = plt.subplots(1, len(paths), figsize=(6.8, 2.6), sharey=True, squeeze=False)[1][0]
    for ax, (title, (points, losses)) in zip(axes, paths.items(), strict=True):
        ax.plot(x, y, color=MUTED, linewidth=1.5)
        ax.plot(points, losses, "o-", color=ORANGE, markersize=4, linewidth=1.2)
        ax.plot(points[0], losses[0], "o", color=BLUE, markersize=7)
        ax.set(
            title=title.replace("-", "−"),
            xlabel="parameter w",
            xlim=(x[0], x[-1]),
            ylim=(0, y.max()),
        )
        ax.grid(True)
    axes[0].set_ylabel("loss")
    return axes


def plot_contours(x1, x2, heights: np.ndarray, paths: Mapping[str, np.ndarray]) -> Axes:
    """A loss over two parameters as lines of equal height, and walks on it.

    Both axes have the same scale, so that a step is seen to cross the lines at right angles.
    """
    ratio = np.ptp(x2) / np.ptp(x1)
    ax = plt.subplots(figsize=(6.5, min(4.6, 6 * ratio + 1)))[1]
    ax.contour(x1, x2, heights, levels=14, colors=[MUTED], linewidths=0.8)
    for (label, path), colour, mark in zip(paths.items(), CYCLE[1:], "osD^v", strict=False):
        ax.plot(*path.T, f"{mark}-", color=colour, markersize=3.5, linewidth=1.4, label=label)
    ax.plot(*next(iter(paths.values()))[0], "o", color=BLUE, markersize=7)
    ax.set(xlabel="parameter $w_1$", ylabel="parameter $w_2$", aspect="equal")
    ax.set(xlim=(x1.min(), x1.max()), ylim=(x2.min(), x2.max()))
    ax.legend(loc="lower right", framealpha=1, facecolor=PAPER, edgecolor=PAPER)
    return ax


def plot_loss(losses: Mapping[str, np.ndarray], *, ylabel: str = "loss (nats)") -> Axes:
    """Loss against step, one labelled curve for each run; runs may differ in length."""
    ax = plt.subplots()[1]
    for values, style in zip(losses.values(), cycle(STYLES)):
        ax.plot(np.arange(len(values)), values, linestyle=style)
    ax.set(xlabel="step", ylabel=ylabel, ylim=(0, None))
    ax.grid(True)
    label_ends(ax, list(losses))
    return ax
