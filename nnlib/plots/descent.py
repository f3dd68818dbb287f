"""Figures of chapter 3: slopes, losses, walks on them, and a neuron that learns."""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from nnlib.plots._style import (
    BLUE,
    CYCLE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    STYLES,
    label_ends,
    number,
)

NAME = {"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.85}


def plot_named(
    x: np.ndarray,
    curves: Mapping[str, np.ndarray],
    *,
    at: Sequence[float],
    xlabel: str,
    ylabel: str,
    log: bool = False,
) -> Axes:
    """Curves over one axis, each with its name on it, at some share of its length."""
    ax = plt.subplots(figsize=(4.8, 3.1))[1]
    for (name, y), style, share in zip(curves.items(), STYLES, at, strict=False):
        (line,) = ax.plot(x, y, linestyle=style)
        k = round(share * (len(x) - 1))
        colour = line.get_color()
        ax.text(x[k], y[k], name, color=colour, ha="center", va="center", bbox=NAME)
    scale = "log" if log else "linear"
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale=scale, yscale=scale, xlim=(x[0], x[-1]))
    ax.grid(True)
    return ax


def plot_chords(f: Callable, x: np.ndarray, at: float, steps: Sequence[float]) -> Axes:
    """A curve and, for each step, the line through its points at both sides of one place."""
    ax = plt.subplots(figsize=(4.8, 3.1))[1]
    ax.plot(x, f(x), color=MUTED)
    for h, colour, style in zip(steps, (ORANGE, BLUE), STYLES, strict=False):
        ends = np.array([at - h, at + h])
        slope = float(np.diff(f(ends))[0] / (2 * h))
        ax.plot(x, f(ends[0]) + slope * (x - ends[0]), color=colour, linestyle=style, linewidth=1.4)
        ax.plot(ends, f(ends), "o", color=colour, markersize=6)
        words = f"h = {number(h)}: slope {slope:.3f}"
        offset, side = ((8, -16), "left") if colour == ORANGE else ((-4, 14), "right")
        place = {"xytext": offset, "textcoords": "offset points", "ha": side, "bbox": NAME}
        ax.annotate(words, (ends[1], f(ends[1])), color=colour, **place)
    low, high = f(x).min(), f(x).max()
    ax.set(xlabel="x", ylabel="f(x)", xlim=(x[0], x[-1]), ylim=(low - 0.3, high + 0.3))
    ax.grid(True)
    return ax


def plot_slopes(panels: Mapping[str, tuple]) -> np.ndarray:
    """For each name a function, its measured slopes as dots, and the rule for them as a line.

    A panel is ``(x, values, rule, where, measured)``; the first three and the last two belong
    together.
    """
    columns = 3
    rows = -(-len(panels) // columns)
    axes = plt.subplots(rows, columns, figsize=(4.8, 1.75 * rows), squeeze=False)[1]
    for ax, (title, (x, values, rule, where, measured)) in zip(
        axes.flat, panels.items(), strict=True
    ):
        ax.axhline(0, color=MUTED, linewidth=0.8)
        ax.plot(x, values, color=BLUE)
        ax.plot(x, rule, "--", color=ORANGE, linewidth=1.4)
        ax.plot(where, measured, "o", color=ORANGE, markersize=4)
        ax.set_title(title)
        ax.set_xlabel("x", fontsize=8)
        ax.grid(True)
        ax.tick_params(labelsize=8)
    return axes


def plot_directions(angles: np.ndarray, changes: np.ndarray, rule: np.ndarray) -> Axes:
    """What small steps in all directions do to a loss: measured as dots, the rule as a line."""
    ax = plt.subplots(figsize=(4.8, 3))[1]
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.plot(angles, rule, color=BLUE, linewidth=1.4)
    ax.plot(angles, changes, "o", color=ORANGE, markersize=4)
    for place, words, up in ((0, "along the gradient", -1), (180, "against it", 1)):
        at = float(np.interp(place, angles, rule))
        style = {"textcoords": "offset points", "ha": "center", "va": "center", "bbox": NAME}
        ax.annotate(words, (place, at), (0, 22 * up), **style)
    ax.set(xlabel="angle between step and gradient, in degrees", ylabel="change of the loss")
    ax.set(xlim=(angles[0], angles[-1]), xticks=range(-90, 271, 90))
    ax.grid(True)
    return ax


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
    """A loss over two parameters as lines of equal height, shaded where it is higher, and walks.

    Both axes have the same scale, so that a step is seen to leave its line at a right angle.
    """
    ratio = np.ptp(x2) / np.ptp(x1)
    ax = plt.subplots(figsize=(4.8, min(4.6, 4.4 * ratio + 1)))[1]
    levels = plt.MaxNLocator(8).tick_values(heights.min(), heights.max())
    _shade(ax, x1, x2, heights)
    lines = ax.contour(x1, x2, heights, levels=levels, colors=[MUTED], linewidths=0.8)
    ax.clabel(lines, levels[1::2], fontsize=8, colors=[INK], fmt=number)
    for (label, path), colour, mark in zip(paths.items(), CYCLE[1:], "osD^v", strict=False):
        ax.plot(*path.T, f"{mark}-", color=colour, markersize=3.5, linewidth=1.4, label=label)
    ax.plot(*next(iter(paths.values()))[0], "o", color=BLUE, markersize=7)
    ax.set(xlabel="parameter $w_1$", ylabel="parameter $w_2$", aspect="equal")
    ax.set(xlim=(x1.min(), x1.max()), ylim=(x2.min(), x2.max()))
    ax.legend(loc="lower right", framealpha=1, facecolor=PAPER, edgecolor=PAPER)
    return ax


def plot_loss(losses: Mapping[str, np.ndarray], *, ylabel: str = "loss (nats)") -> Axes:
    """Loss against step, one labelled curve for each run; runs may differ in length."""
    ax = plt.subplots(figsize=(4.8, 3))[1]
    for values, style in zip(losses.values(), cycle(STYLES)):
        ax.plot(np.arange(len(values)), values, linestyle=style)
    ax.set(xlabel="step", ylabel=ylabel, ylim=(0, None))
    ax.grid(True)
    label_ends(ax, list(losses))
    return ax


def plot_loss_panels(losses: Mapping[str, np.ndarray]) -> np.ndarray:
    """The loss of each run in a panel of its own, on common axes."""
    figure = {"figsize": (4.8, 3.4), "sharex": True, "sharey": True, "squeeze": False}
    axes = plt.subplots(2, -(-len(losses) // 2), **figure)[1]
    for ax, (title, values) in zip(axes.flat, losses.items(), strict=True):
        ax.plot(np.arange(len(values)), values, color=BLUE, linewidth=1.5)
        ax.axhline(np.log(10), color=MUTED, linewidth=0.8, linestyle="--")
        ax.text(0.5, 0.94, title, transform=ax.transAxes, ha="center", va="top", fontweight="bold")
        ax.grid(True)
    for ax in axes[-1]:
        ax.set_xlabel("step")
    for ax in axes[:, 0]:
        ax.set(ylabel="loss (nats)", ylim=(0, None))
    return axes


def plot_training(
    x: np.ndarray,
    is_yes: np.ndarray,
    neurons: Mapping[str, np.ndarray],
    losses: np.ndarray,
    *,
    names: Sequence[str] = ("yes", "no"),
    inputs: Sequence[str] = ("$x_1$", "$x_2$"),
) -> np.ndarray:
    """Examples in the plane of two inputs with the lines of neurons (w1, w2, b), and a loss."""
    size = {"figsize": (6.6, 3.4), "width_ratios": (1.1, 1)}
    left, right = axes = plt.subplots(1, 2, **size)[1]
    faint = {"markersize": 3, "alpha": 0.6, "rasterized": True}  # a thousand marks weigh a lot
    left.plot(*x[~is_yes].T, "x", color=MUTED, label=names[1], **faint)
    left.plot(*x[is_yes].T, "o", color=BLUE, markersize=3.5, label=names[0])
    for (name, (w1, w2, b)), style in zip(neurons.items(), STYLES, strict=False):
        ends = np.array([-5.0, 5.0])
        colour = INK if style == "-" else GREEN
        left.plot(ends, -(w1 * ends + b) / w2, color=colour, linestyle=style, label=name)
    left.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel=inputs[0], ylabel=inputs[1])
    left.legend(fontsize=8, loc="lower left", facecolor=PAPER, edgecolor=FAINT, framealpha=1)
    right.plot(losses, color=INK)
    right.set(xlabel="step", ylabel="loss", ylim=(0, None))
    right.grid(True)
    return axes


def _shade(ax: Axes, x1, x2, heights: np.ndarray) -> None:
    """A small picture under the lines: the higher the ground, the less of the paper is seen."""
    few = heights[:: max(1, len(heights) // 50), :: max(1, heights.shape[1] // 50)]
    veil = np.empty((*few.shape, 4))
    veil[..., :3] = to_rgb(MUTED)
    veil[..., 3] = 0.5 * (few - few.min()) / (np.ptp(few) or 1)
    ends = (x1.min(), x1.max(), x2.min(), x2.max())
    ax.imshow(veil, extent=ends, origin="lower", interpolation="none", aspect="equal")
