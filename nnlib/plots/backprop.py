"""Figures of chapter 4: gradients that flow back through a graph, and a plane that is learned."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import BLUE, INK, MUTED, ORANGE, PAPER, SIGNED, arrow, canvas, node, number

RADIUS, APART, MARGIN = 0.34, 0.11, 0.9


def plot_gradients(
    nodes: Mapping[str, tuple], edges: Mapping[tuple[str, str], tuple], *, width: float = 6.5
) -> Axes:
    """Values flow forwards through a graph, and gradients back along the same edges.

    Parameters
    ----------
    nodes : dict
        Name to ``(column, row, formula, value, gradient)``; the gradient may be None, for what
        does not change. The loss, or what stands for it, is the last node.
    edges : dict
        ``(from, to)`` to ``(slope, arriving)``: the slope of ``to`` for ``from``, and the
        gradient that arrives at ``from`` along this edge.
    """
    columns = max(column for column, *_ in nodes.values())
    rows = max(row for _, row, *_ in nodes.values())
    ax = canvas(width, 1.5 + 1.45 * rows)
    step = (width - 2 * MARGIN) / columns
    at = {
        name: np.array([MARGIN + step * column, 0.75 + 1.45 * row])
        for name, (column, row, *_) in nodes.items()
    }
    arrivals = {
        name: [arriving for (start, _), (_, arriving) in edges.items() if start == name]
        for name in nodes
    }
    for (start, end), (slope, arriving) in edges.items():
        several = len(arrivals[start]) > 1
        _edge(ax, at[start], at[end], slope, arriving if several else None)
    for name, (_, _, formula, value, gradient) in nodes.items():
        x, y = at[name]
        node(ax, x, y, number(round(value, 3)), r=RADIUS)
        ax.text(x, y - RADIUS - 0.12, formula, ha="center", va="bottom", color=INK)
        if gradient is not None:
            parts = " + ".join(number(round(part, 3)) for part in arrivals[name])
            total = number(round(gradient, 3))
            text = f"{parts} = {total}" if len(arrivals[name]) > 1 else total
            ax.text(x, y + RADIUS + 0.1, f"$d{name}$ = {text}", ha="center", va="top", color=ORANGE)
    return ax


def _edge(ax: Axes, start: np.ndarray, end: np.ndarray, slope: float, arriving: float | None):
    """A value goes forwards on one side, its gradient comes back on the other."""
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]]) * APART
    arrow(ax, start - across, end - across, colour=MUTED, gap=RADIUS + 0.06)
    arrow(ax, end + across, start + across, colour=ORANGE, width=2, gap=RADIUS + 0.06)
    text = f"× {number(round(slope, 3))}"
    if arriving is not None:
        between = " " if along[1] == 0 else "\n"  # a wide label would cover a slanted arrow
        text += f"{between}= {number(round(arriving, 3))}"
    label = ax.text(*((start + end) / 2 + across), text, color=ORANGE, ha="center", va="center")
    label.set(zorder=5, fontsize=10)
    label.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})


def plot_plane(
    x: np.ndarray, y: np.ndarray, panels: Mapping[str, np.ndarray], *, edge: float
) -> np.ndarray:
    """Points of two classes on a map of the answers for the whole plane: a panel for each title.

    A map holds numbers from −1, class 0, drawn in orange, to 1, class 1, drawn in blue; its first
    row is the top. The plane reaches from ``-edge`` to ``edge`` in both directions.
    """
    axes = plt.subplots(1, len(panels), figsize=(6.8, 3.3), squeeze=False)[1][0]
    for ax, (title, answers) in zip(axes, panels.items(), strict=True):
        extent = (-edge, edge, -edge, edge)
        ax.imshow(answers, cmap=SIGNED, vmin=-1.6, vmax=1.6, extent=extent)
        for kind, (colour, mark) in enumerate(((ORANGE, "s"), (BLUE, "o"))):
            style = {"color": colour, "markersize": 4, "markeredgecolor": PAPER}
            ax.plot(*x[y == kind].T, mark, markeredgewidth=0.5, **style)
        ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$")
    return axes


def plot_wishes(columns: Mapping[str, np.ndarray], total: float) -> np.ndarray:
    """Columns of arrows, one for each output; the last column is added up below, to the total."""
    count = len(next(iter(columns.values())))
    axes = plt.subplots(1, len(columns), figsize=(6.2, 3.6), sharey=True)[1]
    for ax, (title, values) in zip(axes, columns.items(), strict=True):
        for i, value in enumerate(values):
            _wish(ax, i, value)
        ax.axvline(0, color=MUTED, linewidth=1)
        ax.set(xlabel=title, ylabel="output", yticks=[*range(count), count + 1])
    _wish(axes[-1], count + 1, total, width=4)
    axes[0].set_yticklabels([*range(count), "added up"])
    axes[0].set(ylim=(count + 1.7, -0.7))
    return axes


def _wish(ax: Axes, row: float, value: float, *, width: float = 2) -> None:
    colour, mark = (ORANGE, "<") if value < 0 else (BLUE, ">")
    ax.plot([0, value], [row, row], color=colour, linewidth=width)
    ax.plot(value, row, mark, color=colour, markersize=3 + width)
