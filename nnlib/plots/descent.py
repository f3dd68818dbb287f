"""Figures of chapter 3: losses, and walks on them."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import BLUE, CYCLE, MUTED, ORANGE


def plot_descent(x: np.ndarray, y: np.ndarray, paths: Mapping[str, tuple]) -> np.ndarray:
    """A loss over one parameter, and a walk on it in each panel: title to ``(points, losses)``."""
    axes = plt.subplots(1, len(paths), figsize=(6.8, 2.6), sharey=True)[1]
    for ax, (title, (points, losses)) in zip(axes, paths.items(), strict=True):
        ax.plot(x, y, color=MUTED, linewidth=1.5)
        ax.plot(points, losses, "o-", color=ORANGE, markersize=4, linewidth=1.2)
        ax.plot(points[0], losses[0], "o", color=BLUE, markersize=7)
        ax.set(title=title, xlabel="parameter w", xlim=(x[0], x[-1]), ylim=(0, y.max()))
        ax.grid(True)
    axes[0].set_ylabel("loss")
    return axes


def plot_contours(x1, x2, heights: np.ndarray, paths: Mapping[str, np.ndarray]) -> Axes:
    """A loss over two parameters as lines of equal height, and walks on it."""
    ax = plt.subplots(figsize=(5.6, 3.6))[1]
    ax.contour(x1, x2, heights, levels=14, colors=[MUTED], linewidths=0.8)
    for (label, path), colour in zip(paths.items(), CYCLE[1:], strict=False):
        ax.plot(*path.T, "o-", color=colour, markersize=3, linewidth=1.4)
        ax.annotate(label, path[-1], xytext=(-8, 10), textcoords="offset points", color=colour)
    ax.set(xlabel="parameter $w_1$", ylabel="parameter $w_2$")
    ax.set(xlim=(x1.min(), x1.max()), ylim=(x2.min(), x2.max()))
    return ax


def plot_loss(losses: Mapping[str, np.ndarray], *, ylabel: str = "loss (nats)") -> Axes:
    """Loss against step, one labelled curve for each run; runs may differ in length."""
    ax = plt.subplots()[1]
    for label, values in losses.items():
        (line,) = ax.plot(np.arange(len(values)), values)
        ax.annotate(label, (len(values), values[-1]), color=line.get_color(), va="center")
    ax.set(xlabel="step", ylabel=ylabel, ylim=(0, None))
    ax.grid(True)
    return ax
