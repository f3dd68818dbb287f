"""Figures of chapter 1: neurons, activation functions, images and decisions."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from nnlib.plots._style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    STYLES,
    arrow,
    canvas,
    draw_signed,
    node,
    number,
)


def plot_neuron(
    x: Sequence[float],
    w: Sequence[float],
    b: float | None = None,
    z: float | None = None,
    a: float | None = None,
    *,
    names: Sequence[str] = (),
) -> Axes:
    """One neuron with its numbers: inputs, weights on the edges, sum; bias and activation if given.

    ``z`` is computed where it is left out.
    """
    height = max(2.2, 0.75 * len(x) + 0.5)
    ax = canvas(6.5 if a is not None else 4.6, height)
    middle, widest = height / 2, max(map(abs, w)) or 1.0
    for i, (value, weight) in enumerate(zip(x, w, strict=True)):
        y = middle + (i - (len(x) - 1) / 2) * 0.75
        colour = BLUE if weight >= 0 else ORANGE
        arrow(ax, (0.9, y), (3.1, middle), colour=colour, width=0.8 + 2.4 * abs(weight) / widest)
        node(ax, 0.9, y, number(value))
        ax.text(0.5, y, names[i] if names else f"$x_{i + 1}$", ha="right", va="center", color=MUTED)
        at_x, at_y = 0.9 + 0.42 * 2.2, y + 0.42 * (middle - y)
        label = ax.text(
            at_x, at_y, number(weight), color=colour, ha="center", va="center", zorder=5
        )
        label.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
    node(ax, 3.1, middle, "Σ", r=0.32)
    arrow(ax, (3.1, middle), (4.7, middle))
    total = sum(value * weight for value, weight in zip(x, w, strict=True))
    if b is not None:
        arrow(ax, (3.1, -0.1), (3.1, middle), colour=GREEN)
        ax.text(3.22, 0.22, f"bias {number(b)}", color=GREEN, va="center")
    z = total + (b or 0) if z is None else z
    ax.text(3.9, middle - 0.14, f"{'' if b is None else 'z = '}{number(z)}", ha="center")
    heads = [(0.9, "inputs"), (2.0, "weights"), (3.1, "sum" if b is None else "sum and bias")]
    if a is not None:
        node(ax, 4.7, middle, "φ", r=0.32)
        arrow(ax, (4.7, middle), (6.2, middle))
        ax.text(5.52, middle - 0.14, f"a = {number(round(a, 3))}", ha="center")
        heads.append((4.7, "function"))
    for at, text in heads:
        ax.text(at, height - 0.08, text, ha="center", va="bottom", color=MUTED, fontsize=10)
    return ax


def plot_curves(
    x: np.ndarray,
    curves: Mapping[str, np.ndarray],
    *,
    xlabel: str,
    ylabel: str,
    log: bool = False,
) -> Axes:
    """Curves over one axis, each in a line style of its own, with a legend where there is room."""
    ax = plt.subplots(figsize=(4.8, 3.2))[1]
    for (name, y), style in zip(curves.items(), STYLES, strict=False):
        ax.plot(x, y, linestyle=style, label=name)
    scale = "log" if log else "linear"
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale=scale, yscale=scale, xlim=(x[0], x[-1]))
    ax.grid(True)
    if any(curves):
        ax.legend(fontsize=10, handlelength=2.4, frameon=False)
    return ax


def plot_activations(
    z: np.ndarray,
    values: Mapping[str, np.ndarray],
    slopes: Mapping[str, np.ndarray] | None = None,
) -> np.ndarray:
    """A row of activation functions, and below each its slope where given, on common axes."""
    rows = [(values, BLUE, "activation a")]
    rows += [(slopes, ORANGE, "slope of a")] if slopes else []
    width = min(7.2, 1.6 * len(values))
    figure, axes = plt.subplots(
        len(rows),
        len(values),
        figsize=(width, 0.4 + 1.6 * len(rows)),
        sharex=True,
        sharey="row",
        squeeze=False,
    )
    for (curves, colour, ylabel), row in zip(rows, axes, strict=True):
        for name, ax in zip(values, row, strict=True):
            ax.plot(z, curves[name], color=colour)
            ax.axhline(0, color=MUTED, linewidth=0.8)
            ax.axvline(0, color=MUTED, linewidth=0.8)
            ax.grid(True)
        row[0].set(ylabel=ylabel)
    for name, ax in zip(values, axes[0], strict=True):
        ax.set_title(name)
    axes[0, 0].set(ylim=(-1.4, 2.4), xticks=(-3, 0, 3))
    if slopes:
        axes[1, 0].set(ylim=(-0.15, 1.25))
    figure.supxlabel("pre-activation z", fontsize=11)
    return axes


def plot_images(
    images: np.ndarray,
    titles: Sequence[str] = (),
    *,
    columns: int = 10,
    signed: bool = False,
    limit: float | None = None,
    width: float = 6.6,
) -> np.ndarray:
    """Images of 28 × 28 pixels from rows of 784 numbers: ink is white, paper is black.

    With ``signed`` the numbers are weights: blue is positive, orange and striped negative, pale
    zero, each image on its own scale, or all on one up to ``limit``. ``width`` is in inches.
    """
    images = np.atleast_2d(images)
    rows = -(-len(images) // columns)
    columns = min(columns, len(images))
    size = min(1.7, width / columns)
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(columns * size, rows * (size + 0.28 * bool(len(titles)))),
        squeeze=False,
    )
    for ax in axes.flat:
        ax.axis("off")
    for i, image in enumerate(images):
        if signed:
            draw_signed(axes.flat[i], image, limit)
        else:
            axes.flat[i].imshow(image.reshape(28, 28), interpolation="none", vmin=0, vmax=1)
        if len(titles):
            axes.flat[i].set_title(titles[i], fontsize=10)
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    return axes


def plot_pixels(image: np.ndarray, *, rows: slice, columns: slice) -> Axes:
    """One digit beside a window of its pixels with their numbers written in."""
    left, right = plt.subplots(1, 2, figsize=(4.8, 2.4), width_ratios=(1, 1.2))[1]
    picture = image.reshape(28, 28)
    left.imshow(picture, vmin=0, vmax=1, interpolation="none")
    window = picture[rows, columns]
    left.add_patch(
        Rectangle(
            (columns.start - 0.5, rows.start - 0.5),
            *window.shape[::-1],
            fill=False,
            edgecolor=ORANGE,
            linewidth=2,
        )
    )
    left.set(xlabel="column", ylabel="row", xticks=(0, 9, 18, 27), yticks=(0, 9, 18, 27))
    extent = (columns.start - 0.5, columns.stop - 0.5, rows.stop - 0.5, rows.start - 0.5)
    right.imshow(window, vmin=0, vmax=1, extent=extent, interpolation="none")
    for (i, j), value in np.ndenumerate(window):
        shade = "white" if value < 0.55 else "black"
        right.text(
            columns.start + j, rows.start + i, f"{value:.2f}", ha="center", va="center",
            color=shade, fontsize=7,
        )  # fmt: skip
    right.set(xlabel="column", xticks=range(columns.start, columns.stop))
    right.set(yticks=range(rows.start, rows.stop))
    return right


def plot_scores(scores: Mapping[str, np.ndarray], *, xlabel: str, threshold: float) -> Axes:
    """The score of every example as a dot, a row for each group, and the threshold as a line."""
    ax = plt.subplots(figsize=(4.8, 0.9 + 0.32 * len(scores)))[1]
    for row, values in enumerate(scores.values()):
        scatter = (np.arange(len(values)) * 0.618) % 1 - 0.5
        ax.plot(values, row + 0.6 * scatter, "o", markersize=2.2, alpha=0.5, color=BLUE)
    ax.axvline(threshold, color=ORANGE, linewidth=1.6)
    label = f"threshold {number(threshold)}"
    ax.text(threshold, -0.75, label, color=ORANGE, ha="center", va="bottom", fontsize=10)
    ax.set(xlabel=xlabel, yticks=range(len(scores)), yticklabels=list(scores), ylabel="digit")
    ax.invert_yaxis()
    return ax


def plot_detector(
    w: np.ndarray,
    images: np.ndarray,
    names: Sequence[str],
    sums: np.ndarray,
    threshold: float,
    fires: np.ndarray,
) -> Axes:
    """The weights of a neuron as an image, and its sum for each of a row of images."""
    left, right = plt.subplots(1, 2, figsize=(7, 2.9), width_ratios=(1, 1.7))[1]
    draw_signed(left, w)
    right.bar(range(len(sums)), sums, color=[BLUE if fire else MUTED for fire in fires])
    right.axhline(threshold, color=INK, linewidth=1.4, linestyle="--")
    right.set(ylabel="weighted sum", xticks=[])
    right.set_xlabel("image", labelpad=40)
    for k, (image, name) in enumerate(zip(images, names, strict=True)):
        place = (k / len(sums), -0.16, 0.9 / len(sums), 0.14)
        inset = right.inset_axes(place)
        inset.imshow(image.reshape(28, 28), vmin=0, vmax=1, interpolation="none")
        inset.set(xticks=[], yticks=[], xlabel=name)
        inset.xaxis.label.set_size(9)
    right.set_xlim(-0.45, len(sums) - 0.45)
    return right


def plot_decisions(panels: Mapping[str, dict], *, labels: Sequence[str]) -> np.ndarray:
    """Points in the plane of two inputs, and where a neuron fires: a panel for each title.

    Each panel has ``points`` and ``fires``, and may have ``w`` and ``b``. Filled points should
    fire, and the neuron does on the shaded side of the line on which ``w · x + b`` is zero. An
    arrow from the line shows the direction of ``w``.
    ``labels`` names both axes of each panel in turn.
    """
    axes = plt.subplots(1, len(panels), figsize=(2.4 * len(panels), 2.5), squeeze=False)[1][0]
    names = iter(labels)
    for ax, (title, panel) in zip(axes, panels.items(), strict=True):
        if "w" in panel:
            _shade(ax, panel["w"], panel["b"])
        for point, filled in zip(panel["points"], panel["fires"], strict=True):
            colour = INK if filled else PAPER
            ax.plot(*point, "o", markersize=10, markeredgecolor=INK, markerfacecolor=colour)
        ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=(0, 1), yticks=(0, 1), aspect="equal")
        ax.set(title=title, xlabel=next(names), ylabel=next(names))
    return axes


def _shade(ax: Axes, w: Sequence[float], b: float) -> None:
    x1, x2 = np.meshgrid(*[np.linspace(-0.5, 1.5, 201)] * 2)
    z = w[0] * x1 + w[1] * x2 + b
    ax.contourf(x1, x2, z, levels=[0, np.inf], colors=[FAINT])
    ax.contour(x1, x2, z, levels=[0], colors=[BLUE], linewidths=2)
    length = np.hypot(w[0], w[1])
    middle = np.array([0.5, 0.5])
    way = np.asarray(w) / max(length, 1e-9)
    away = -(way @ middle) - b / max(length, 1e-9)
    if length and abs(away) < 0.9:
        foot = middle + away * way
        arrow(ax, foot, foot + 0.24 * way, colour=GREEN, width=1.8, gap=0)
        beside = foot + 0.15 * way + 0.13 * np.array([way[1], -way[0]])
        ax.text(*beside, "$w$", color=GREEN, ha="center", va="center")
