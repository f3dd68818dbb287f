"""Figures of chapter 11: tokens side by side, residual streams, and what happens with depth."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import (
    BLUE,
    CYCLE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    STYLES,
    arrow,
    box,
    canvas,
    node,
)

COLOURS = {"LayerNorm": GREEN, "RMSNorm": GREEN, "attention": ORANGE}


def plot_lanes(tokens: Sequence[str]) -> Axes:
    """A lane for each token: attention reaches across lanes, the feed-forward layer does not."""
    ax = canvas(4.8, 0.66 * len(tokens) + 0.7)
    lanes = 0.62 + 0.66 * np.arange(len(tokens))
    box(ax, 1.85, lanes.mean(), "", ORANGE, width=1.36, height=lanes[-1] - lanes[0] + 0.56)
    for i, (y, token) in enumerate(zip(lanes, tokens, strict=True)):
        ax.text(0.62, y, token, ha="right", va="center", fontweight="semibold")
        for left, right in ((0.7, 1.17), (2.53, 2.97), (4.33, 4.76)):
            arrow(ax, (left, y), (right, y), colour=BLUE, width=2, gap=0)
        box(ax, 3.65, y, "two Dense layers", PURPLE, width=1.36)
        ax.plot((1.17, 2.53), (y, y), color=BLUE, linewidth=2, zorder=4, solid_capstyle="butt")
        for j, other in enumerate(lanes[: i + 1]):
            bend = 0.22 if j < i else -0.55
            bent = {"connectionstyle": f"arc3,rad={bend}", "zorder": 5}
            end = (1.86 + 0.17 * j, y - 0.04) if j < i else (1.74, y - 0.03)
            arrow(ax, (1.34, other), end, colour=ORANGE, width=1.2, gap=0, **bent)
    ax.text(1.85, 0.16, "attention: across", ha="center", va="center", color=ORANGE)
    ax.text(3.65, 0.16, "feed-forward: alone", ha="center", va="center", color=PURPLE)
    foot = lanes[-1] + 0.54
    for x, text in ((1.85, "from itself and before"), (3.65, "the same weights for each")):
        ax.text(x, foot, text, ha="center", va="center", color=MUTED, fontsize=10)
    return ax


def plot_gates(x: np.ndarray, gates: Mapping[str, np.ndarray]) -> np.ndarray:
    """Ways to open a gate, and below how far each is from the first."""
    size = {"figsize": (4.8, 4.4), "sharex": True, "height_ratios": (1.2, 1)}
    upper, lower = axes = plt.subplots(2, 1, **size)[1]
    exact, *_ = gates.values()
    for gate, style, colour in zip(gates.values(), STYLES, CYCLE, strict=False):
        upper.plot(x, gate, linestyle=style, color=colour)
        lower.plot(x, gate - exact, linestyle=style, color=colour)
    upper.set(ylabel="how far the gate is open", xlim=(x[0], x[-1]))
    lower.set(ylabel="difference to the first", xlabel="x")
    place = {"transform": upper.transAxes}
    heights = 0.88, 0.73, 0.58
    for name, style, colour, high in zip(gates, STYLES, CYCLE, heights, strict=False):
        upper.plot((0.04, 0.14), (high, high), linestyle=style, color=colour, **place)
        upper.text(0.16, high, name, va="center", color=colour, **place)
    for ax in axes:
        ax.grid(True)
    return axes


def plot_soft_gate(
    x: np.ndarray, values: Mapping[str, np.ndarray], slopes: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Two functions of one number in one panel, and their slopes in the other."""
    axes = plt.subplots(1, 2, figsize=(4.8, 2.8))[1]
    places = ((-2.9, 0.12), (-2.9, -0.4)), ((-2.9, 0.06), (0.75, 0.55))
    for ax, curves, spots in zip(axes, (values, slopes), places, strict=True):
        looks = ("--", MUTED), ("-", BLUE)
        for (name, y), (style, colour), at in zip(curves.items(), looks, spots, strict=True):
            ax.plot(x, y, linestyle=style, color=colour)
            ax.text(*at, name, color=colour)
        ax.set(xlabel="x", xlim=(x[0], x[-1]))
        ax.grid(True)
    axes[0].set(ylabel="y", ylim=(-0.6, None))
    axes[1].set_ylabel("slope of y")
    return axes


def plot_streams(streams: Mapping[str, Sequence]) -> Axes:
    """Residual streams from left to right, a row for each title.

    A stream is a list. A text is a box that stands on the stream itself; a tuple is a branch,
    its name before its boxes, which reads from the stream and adds its result to it.
    """
    height = 1.62
    ax = canvas(4.8, height * len(streams))
    for row, (title, parts) in enumerate(streams.items()):
        y, top = height * (row + 1) - 0.42, height * row + 0.2
        ax.text(0.08, top, title, va="center", fontweight="semibold")
        _stream(ax, parts, y)
    return ax


def _stream(ax: Axes, parts: Sequence, y: float) -> None:
    """One stream at the height ``y``, its boxes shared out over the width."""
    shares = [sum(map(_wide, part[1:])) + 0.45 if isinstance(part, tuple) else _wide(part)
              for part in parts]  # fmt: skip
    start, end = 0.52, 4.38
    gap = (end - start - sum(shares)) / len(shares)
    ax.plot((start - 0.25, end), (y, y), color=BLUE, linewidth=4, zorder=2, snap=False)
    arrow(ax, (end - 0.05, y), (end + 0.28, y), colour=BLUE, width=4, gap=0)
    ax.text(start - 0.3, y, "$x$", ha="right", va="center")
    x = start + gap / 2
    for part, share in zip(parts, shares, strict=True):
        if isinstance(part, tuple):
            _branch(ax, part, x, x + share, y)
        else:
            box(ax, x + share / 2, y, part, COLOURS.get(part, PURPLE), width=share - 0.12)
        x += share + gap


def _branch(ax: Axes, branch: Sequence[str], left: float, right: float, y: float) -> None:
    """From the stream up, through the boxes, and down to a plus on the stream."""
    name, *boxes = branch
    above, plus = y - 0.66, right - 0.14
    ax.text((left + plus) / 2, above - 0.36, name, ha="center", va="center", fontweight="semibold")
    ax.plot((left, left), (y, above), color=INK, linewidth=1.4, zorder=1)
    ax.plot((left, plus), (above, above), color=INK, linewidth=1.4, zorder=1)
    ax.plot(left, y, "o", color=BLUE, markersize=7, zorder=3)
    arrow(ax, (plus, above), (plus, y - 0.14), colour=INK, gap=0)
    node(ax, plus, y, "+", colour=BLUE, r=0.14)
    for x, text, side in ((left - 0.06, "reads", "left"), (plus + 0.14, "adds", "right")):
        ax.text(x, y + 0.27, text, ha=side, va="center", color=MUTED, fontsize=9.5)
    x = left + 0.12
    for text in boxes:
        wide = _wide(text)
        box(ax, x + wide / 2, above, text, COLOURS.get(text, PURPLE), width=wide - 0.12)
        x += wide


def _wide(text: str) -> float:
    return 0.23 + 0.068 * max(map(len, text.split("\n")))


def plot_depth(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    *,
    ylabel: str,
    xlabel: str = "layer",
    log: bool = True,
) -> np.ndarray:
    """Sizes layer by layer, a panel for each title.

    Each curve has shape (layers,), or (draws, layers) for several draws of the weights.
    """
    _, axes = plt.subplots(1, len(panels), figsize=(4.8, 3.2), sharey=True, squeeze=False)
    for ax, (title, curves) in zip(axes[0], panels.items(), strict=True):
        for (label, sizes), style in zip(curves.items(), STYLES, strict=False):
            sizes = np.atleast_2d(sizes)
            layers = np.arange(1, sizes.shape[1] + 1)
            lines = ax.plot(layers, sizes.T, linestyle=style, color=CYCLE[len(ax.texts)])
            for line in lines if len(sizes) > 1 else ():
                line.set(linewidth=1, alpha=0.8)
            at = len(layers) // 4
            name = ax.annotate(
                label,
                (layers[at], np.median(sizes[:, at])),
                xytext=(0, 9),
                textcoords="offset points",
                color=CYCLE[len(ax.texts)],
                ha="center",
            )
            name.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1})
        ax.set(title=title, xlabel=xlabel, xlim=(1, len(layers)))
        ax.set(**{"yscale": "log"} if log else {"ylim": (0, None)})
        ax.grid(True)
    axes[0, 0].set_ylabel(ylabel)
    return axes[0]


def plot_circle(
    before: np.ndarray, after: np.ndarray, upstream: np.ndarray, passed: np.ndarray
) -> Axes:
    """Vectors of three features, seen along the direction in which all three are equal.

    ``before`` and ``after`` are (n, 2): a normalisation moves the one to the other, and each
    point of ``after`` has an arrow for the gradient that comes in and one for what goes on.
    """
    ax = plt.subplots(figsize=(4.6, 4.6))[1]
    angle = np.linspace(0, 2 * np.pi, 181)
    ax.plot(*(np.hypot(*after[0]) * np.array([np.cos(angle), np.sin(angle)])), color=FAINT, lw=3)
    for start, end, comes, goes in zip(before, after, upstream, passed, strict=True):
        ax.plot(*np.stack([start, end]).T, color=MUTED, linewidth=1, linestyle=":")
        arrow(ax, end, end + comes, colour=MUTED, gap=0, linestyle=(0, (3, 2)), width=1.6)
        arrow(ax, end, end + goes, colour=ORANGE, gap=0, width=2.4)
        ax.plot(*np.stack([end + comes, end + goes]).T, color=FAINT, linewidth=1)
    ax.plot(*before.T, "o", markerfacecolor=PAPER, markeredgecolor=BLUE, markersize=7, zorder=3)
    ax.plot(*after.T, "o", color=BLUE, markersize=7, zorder=3)
    for points, name, colour in (
        (before, "before", BLUE),
        (after, "after", BLUE),
        (after + upstream, "comes in", MUTED),
        (after + passed, "goes on", ORANGE),
    ):
        left = {"xytext": (-7, -3), "ha": "right"} if name == "after" else {"xytext": (7, -3)}
        ax.annotate(name, points[0], color=colour, va="top", textcoords="offset points", **left)
    limit = 1.15 * max(np.abs(before).max(), np.abs(after + upstream).max())
    ax.set(aspect="equal", xlim=(-limit, limit), ylim=(-limit, limit))
    ax.set(xlabel="first direction", ylabel="second direction")
    return ax


def plot_facts(losses: Mapping[str, np.ndarray], floors: Mapping[str, float]) -> Axes:
    """Losses by step, averaged over twenty, with levels to compare them with."""
    ax = plt.subplots(figsize=(4.8, 3.6))[1]
    for (name, values), style in zip(losses.items(), STYLES, strict=False):
        smooth = np.convolve(values, np.full(20, 0.05), mode="valid")
        ax.plot(np.arange(len(smooth)) + 20, smooth, linestyle=style, label=name)
    for (name, level), style in zip(floors.items(), ((0, (1, 1)), (0, (1, 4))), strict=True):
        ax.axhline(level, color=MUTED, linewidth=1.4, linestyle=style, label=name)
    ax.set(xlabel="step", ylabel="loss (nats)", ylim=(-0.03, None))
    ax.legend(loc="lower right", fontsize=9.5, frameon=False, bbox_to_anchor=(1, 0.06))
    ax.grid(True)
    return ax


def plot_shares(x: np.ndarray, parts: Mapping[str, np.ndarray], *, xlabel: str) -> Axes:
    """Parts of a whole, stacked to 1, over a logarithmic axis; the names stand in the areas."""
    ax = plt.subplots(figsize=(4.8, 3.2))[1]
    total = sum(parts.values())
    below = np.zeros_like(total, dtype=float)
    for (label, part), colour in zip(parts.items(), CYCLE, strict=False):
        above = below + part / total
        ax.fill_between(x, below, above, color=colour, alpha=0.25, linewidth=0)
        ax.plot(x, above, color=colour, linewidth=1.2)
        at = int(np.argmax(part / total * _not_at_the_edge(len(x))))
        middle = (below[at] + above[at]) / 2
        ax.text(x[at], middle, label, ha="center", va="center")
        below = above
    ax.set(xlabel=xlabel, ylabel="share of the FLOPs", xscale="log")
    ax.set(xlim=(x[0], x[-1]), ylim=(0, 1))
    return ax


def _not_at_the_edge(n: int) -> np.ndarray:
    inside = np.zeros(n)
    inside[n // 5 : -(n // 5)] = 1
    return inside
