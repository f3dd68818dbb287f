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

COLOURS = {"LayerNorm": GREEN, "attention": ORANGE}


def plot_lanes(tokens: Sequence[str]) -> Axes:
    """A lane for each token: attention reaches across lanes, the feed-forward layer does not."""
    ax = canvas(6.6, 0.66 * len(tokens) + 0.7)
    lanes = 0.62 + 0.66 * np.arange(len(tokens))
    box(ax, 2.45, lanes.mean(), "", ORANGE, width=1.5, height=lanes[-1] - lanes[0] + 0.56)
    for i, (y, token) in enumerate(zip(lanes, tokens, strict=True)):
        ax.text(0.98, y, token, ha="right", va="center", fontweight="semibold")
        arrow(ax, (1.08, y), (1.7, y), colour=BLUE, width=2, gap=0)
        arrow(ax, (3.2, y), (3.98, y), colour=BLUE, width=2, gap=0)
        box(ax, 4.72, y, "two Dense layers", PURPLE, width=1.48)
        arrow(ax, (5.46, y), (6.3, y), colour=BLUE, width=2, gap=0)
        ax.plot((1.7, 3.2), (y, y), color=BLUE, linewidth=2, zorder=4, solid_capstyle="butt")
        for j, other in enumerate(lanes[:i]):
            bent = {"connectionstyle": "arc3,rad=0.22", "zorder": 5}
            end = 2.5 + 0.2 * j, y - 0.04
            arrow(ax, (1.95, other), end, colour=ORANGE, width=1.2, gap=0, **bent)
    ax.text(2.45, 0.16, "attention: across", ha="center", va="center", color=ORANGE)
    ax.text(4.72, 0.16, "feed-forward: alone", ha="center", va="center", color=PURPLE)
    foot = lanes[-1] + 0.54
    for x, text in ((2.45, "gathers from tokens before"), (4.72, "the same weights for each")):
        ax.text(x, foot, text, ha="center", va="center", color=MUTED, fontsize=10)
    return ax


def plot_streams(streams: Mapping[str, Sequence]) -> Axes:
    """Residual streams from left to right, a row for each title.

    A stream is a list. A text is a box that stands on the stream itself; a tuple is a branch,
    its name before its boxes, which reads from the stream and adds its result to it.
    """
    height = 1.62
    ax = canvas(6.6, height * len(streams))
    for row, (title, parts) in enumerate(streams.items()):
        y, top = height * (row + 1) - 0.42, height * row + 0.2
        ax.text(0.08, top, title, va="center", fontweight="semibold")
        _stream(ax, parts, y)
    return ax


def _stream(ax: Axes, parts: Sequence, y: float) -> None:
    """One stream at the height ``y``, its boxes shared out over the width."""
    shares = [sum(map(_wide, part[1:])) + 0.45 if isinstance(part, tuple) else _wide(part)
              for part in parts]  # fmt: skip
    start, end = 0.52, 6.16
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
    panels: Mapping[str, Mapping[str, np.ndarray]], *, ylabel: str, xlabel: str = "layer"
) -> np.ndarray:
    """Sizes layer by layer on a logarithmic scale, a panel for each title.

    Each curve has shape (layers,), or (draws, layers) for several draws of the weights.
    """
    _, axes = plt.subplots(1, len(panels), figsize=(6.8, 3.2), sharey=True, squeeze=False)
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
        ax.set(title=title, xlabel=xlabel, yscale="log", xlim=(1, len(layers)))
        ax.grid(True)
    axes[0, 0].set_ylabel(ylabel)
    return axes[0]


def plot_circle(
    before: np.ndarray, after: np.ndarray, upstream: np.ndarray, passed: np.ndarray
) -> np.ndarray:
    """Vectors of three features, seen along the direction in which all three are equal.

    ``before`` and ``after`` are (n, 2): a normalisation moves the one to the other, and each
    point of ``after`` has an arrow for the gradient that comes in and one for what goes on.
    """
    axes = plt.subplots(1, 3, figsize=(6.9, 2.6), sharex=True, sharey=True)[1]
    radius = np.hypot(*after[0])
    angle = np.linspace(0, 2 * np.pi, 181)
    ring = radius * np.cos(angle), radius * np.sin(angle)
    clouds = {"before": before, "after": after, "gradients": after}
    for ax, (title, points) in zip(axes, clouds.items(), strict=True):
        ax.plot(*ring, color=FAINT, linewidth=3)
        ax.plot(*points.T, "o", color=BLUE, markersize=5, zorder=3)
        if title == "after":
            moves = np.stack([before, after])
            ax.plot(moves[..., 0], moves[..., 1], color=MUTED, linewidth=1, linestyle=":")
        ax.set_title(title, pad=14)
        ax.set(aspect="equal", xticks=(-2, 0, 2), yticks=(-2, 0, 2))
        ax.set(xlabel="first direction")
    axes[0].set_ylabel("second direction")
    for arrows, label, x, colour, style in (
        (upstream, "comes in", 0.0, MUTED, (0, (2, 1.5))),
        (passed, "goes on", 0.52, ORANGE, "-"),
    ):
        for point, along in zip(after, arrows, strict=True):
            end = point + along
            arrow(axes[2], point, end, colour=colour, gap=0, linestyle=style, zorder=2)
        place = {"transform": axes[2].transAxes, "clip_on": False}
        axes[2].plot(
            (x, x + 0.12), (1.0, 1.0), color=colour, linestyle=style, linewidth=1.4, **place
        )
        axes[2].text(x + 0.15, 1.0, label, va="center", color=colour, fontsize=9, **place)
    limit = 1.1 * max(np.abs(before).max(), np.abs(after + upstream).max(), radius)
    axes[0].set(xlim=(-limit, limit), ylim=(-limit, limit))
    return axes


def plot_shares(x: np.ndarray, parts: Mapping[str, np.ndarray], *, xlabel: str) -> Axes:
    """Parts of a whole, stacked to 1, over a logarithmic axis; the names stand in the areas."""
    ax = plt.subplots(figsize=(6.5, 3.2))[1]
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
