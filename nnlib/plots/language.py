"""Figures of chapter 9: an automaton, beliefs, losses against a floor, and word vectors."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    STYLES,
    arrow,
    canvas,
    label_ends,
    node,
)

# A mark for each class of words, filled or open, and the same in the live word map.
MARKS = [*zip("oss^^D+xDvvo", (1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0), strict=True)]
# One colour and one line for one thing, in every ladder.
RUNGS = {
    "counts, held-out": (ORANGE, "--"),
    "counts, counted": (PURPLE, ":"),
    "best possible": (GREEN, "-"),
    "network, held-out": (BLUE, "-."),
}


def plot_automaton(
    states: Mapping[str, tuple[float, float]], arcs: Sequence[tuple[str, str, str]]
) -> Axes:
    """States as circles at (column, row), and arcs from one to another, each with its label."""
    places = {name: (0.45 + 1.12 * x, 0.5 + 0.95 * y) for name, (x, y) in states.items()}
    width, height = np.max(list(places.values()), axis=0)
    ax = canvas(width + 0.4, height + 0.45)
    for start, end, label in arcs:
        one, two = np.array(places[start]), np.array(places[end])
        arrow(ax, one, two, gap=0.25)
        middle = one + 0.5 * (two - one)
        text = ax.text(*middle, label, ha="center", va="center", fontsize=9, color=BLUE)
        text.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})
    for name, (x, y) in places.items():
        node(ax, x, y, name, r=0.2)
    return ax


def plot_next(panels: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    """For each beginning the probabilities of some words that may follow, as bars."""
    rows = max(map(len, panels.values()))
    size = (4.8, 0.75 + 0.21 * rows)
    axes = plt.subplots(1, len(panels), figsize=size, squeeze=False, sharex=True)[1][0]
    for ax, (title, shares) in zip(axes, panels.items(), strict=True):
        ax.barh(list(shares), list(shares.values()), color=BLUE, height=0.7)
        for i, p in enumerate(shares.values()):
            ax.text(p + 0.04, i, f"{p:.2f}", va="center", fontsize=9)
        ax.set(title=title, xlim=(0, 1.45), xticks=(), ylim=(rows - 0.4, -0.6))
        ax.tick_params(axis="y", length=0, labelsize=9)
        ax.spines["bottom"].set_visible(False)
        ax.title.set_fontsize(9.5)
    return axes


def plot_surprises(p: np.ndarray) -> Axes:
    """Each token's share of the entropy: a box as wide as its probability, as high as −ln p."""
    ax = plt.subplots(figsize=(4.8, 2.6))[1]
    height, left = -np.log(p), np.cumsum(p) - p
    ax.bar(left, height, p, align="edge", color=BLUE, alpha=0.25, edgecolor=BLUE)
    for x, width, tall in zip(left, p, height, strict=True):
        ax.text(x + width / 2, tall + 0.05, f"{width * tall:.2f}", ha="center", va="bottom")
    ax.set(xlabel="probability, laid end to end", ylabel="surprise −ln p (nats)", xlim=(0, 1))
    ax.set_ylim(0, height.max() + 0.6)
    return ax


def plot_touching(x: np.ndarray) -> Axes:
    """The line x − 1, which touches ln x at 1 and lies above it elsewhere."""
    ax = plt.subplots(figsize=(4.8, 3))[1]
    line, log = ax.plot(x, x - 1, color=ORANGE, linestyle="--")[0], ax.plot(x, np.log(x))[0]
    ax.plot(1, 0, "o", color=INK, zorder=3)
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.set(xlabel="x", ylim=(-2.3, x[-1] - 0.8), xlim=(0, x[-1]))
    ax.grid(True)
    label_ends(ax, ["x − 1", "ln x"], [line, log])
    return ax


def plot_belief(beliefs: np.ndarray, crossed: np.ndarray, floor: float, at: float) -> Axes:
    """A cross-entropy over what is believed, and the part of it that is the entropy."""
    ax = plt.subplots(figsize=(4.8, 3))[1]
    curve = ax.plot(beliefs, crossed)[0]
    level = ax.plot(beliefs, np.full(len(beliefs), floor), color=GREEN, linestyle="--")[0]
    ax.fill_between(beliefs, floor, crossed, color=ORANGE, alpha=0.15, linewidth=0)
    ax.fill_between(beliefs, 0, floor, color=GREEN, alpha=0.12, linewidth=0)
    ax.plot(at, floor, "o", color=INK, zorder=3)
    ax.text(0.12, 0.45 * floor, "the entropy", color=INK)
    ax.text(0.12, 1.45 * floor, "the price", color=INK)
    ax.set(xlabel="q of the first token", ylabel="surprise (nats)", xlim=(0, 1), ylim=(0, None))
    label_ends(ax, ["H(p, q)", "H(p)"], [curve, level])
    return ax


def plot_ladder(
    lengths: Sequence[int], curves: Mapping[str, Sequence[float]], *, floor: float, top: float
) -> Axes:
    """Losses over the length of the n-grams, above a floor and below guessing."""
    ax = plt.subplots(figsize=(4.8, 3.6))[1]
    lines = []
    for (label, losses), style in zip(curves.items(), STYLES, strict=False):
        colour, line = RUNGS.get(label, (INK, style))
        lines += ax.plot(lengths, losses, "o", color=colour, linestyle=line, markersize=4)
    for height, name, x, side in (
        (top, "uniform", lengths[-1], "right"),
        (floor, "floor: the entropy", lengths[0], "left"),  # below the curves where they start
    ):
        ax.axhline(height, color=MUTED, linestyle="-", linewidth=1)
        ax.text(x, height - 0.05, name, color=MUTED, ha=side, va="top", fontsize=10)
    ax.set(xlabel="words in an n-gram, n", ylabel="loss (nats per token)", xticks=lengths)
    ax.set_ylim(0, 1.05 * top)
    ax.grid(True)
    label_ends(ax, list(curves), lines)
    return ax


def plot_word_pairs(table: np.ndarray, classes: Mapping[str, int]) -> Axes:
    """How probable each word is after each: a row for the word before, a column for the next.

    The classes, each with its number of words, are parted by lines and named at the rows.
    """
    ax = plt.subplots(figsize=(4.8, 3.8))[1]
    sizes = np.array(list(classes.values()))
    ends = sizes.cumsum()
    ax.imshow(np.sqrt(table), cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    for end in ends[:-1] - 0.5:
        ax.axhline(end, color=ORANGE, linewidth=0.4)
        ax.axvline(end, color=ORANGE, linewidth=0.4)
    ax.set_yticks(ends - sizes / 2 - 0.5, list(classes), fontsize=7)
    ax.tick_params(length=0)
    ax.set(xlabel="next word, in the same order", ylabel="word before", xticks=())
    return ax


def plot_words(
    points: np.ndarray, classes: Mapping[str, Sequence[int]], words: Sequence[str]
) -> Axes:
    """Words as marks in the plane, a mark for each class, named with its first word."""
    ax = plt.subplots(figsize=(4.8, 4.6))[1]
    span = np.ptp(points, axis=0)
    lift = 0.02 * span[1]
    spots, names = [], []
    for i, (name, rows) in enumerate(classes.items()):
        marker, filled = MARKS[i % len(MARKS)]
        style = {"markerfacecolor": BLUE if filled else PAPER, "markeredgecolor": BLUE}
        ax.plot(*points[list(rows)].T, marker, markersize=5, linestyle="", **style)
        x, y = points[list(rows)].T
        spots.append((x.mean(), y.max() + lift, y.min() - 3 * lift))
        names.append(f"{name}: {words[rows[0]]}")
    ax.set(xlabel="first direction", ylabel="second direction")
    ax.margins(0.12)
    ax.grid(True)
    places = _clear(spots, points, span * (0.27, 0.05))
    for name, place in zip(names, places, strict=True):
        ax.text(*place, name, ha="center", va="bottom", fontsize=8)
    return ax


def _clear(spots: Sequence, marks: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A place for each label above or below its marks, clear of all marks and other labels."""
    placed: list[np.ndarray] = []
    for x, above, below in spots:
        steps = np.arange(40)[:, None] * (size[1] / 4)
        for y in np.ravel(np.hstack([above + steps, below - steps])):  # the nearest first
            place = np.array([x, y])
            low, high = place - np.array([0.6, 0.2]) * size, place + np.array([0.6, 1]) * size
            covers = ((marks > low) & (marks < high)).all(axis=1).any()
            if not covers and not any((abs(place - p) < size).all() for p in placed):
                break
        placed.append(place)
    return np.array(placed)
