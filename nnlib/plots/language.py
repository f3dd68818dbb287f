"""Figures of chapter 9: an automaton, losses against a floor, and word vectors."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import (
    BLUE,
    CYCLE,
    MUTED,
    PAPER,
    STYLES,
    arrow,
    canvas,
    node,
)

MARKERS = ("o", "s", "^", "D", "v", "P")


def plot_automaton(
    states: Mapping[str, tuple[float, float]], arcs: Sequence[tuple[str, str, str]]
) -> Axes:
    """States as circles at (column, row), and arcs from one to another, each with its label."""
    places = {name: (0.6 + 1.75 * x, 0.55 + 0.95 * y) for name, (x, y) in states.items()}
    width, height = np.max(list(places.values()), axis=0)
    ax = canvas(width + 0.6, height + 0.45)
    for start, end, label in arcs:
        one, two = np.array(places[start]), np.array(places[end])
        arrow(ax, one, two, gap=0.27)
        middle = one + 0.5 * (two - one)
        text = ax.text(*middle, label, ha="center", va="center", fontsize=10, color=BLUE)
        text.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
    for name, (x, y) in places.items():
        node(ax, x, y, name, r=0.22)
    return ax


def plot_ladder(
    lengths: Sequence[int], curves: Mapping[str, Sequence[float]], *, floor: float, top: float
) -> Axes:
    """Losses over the length of the n-grams, above a floor and below guessing."""
    ax = plt.subplots()[1]
    for (label, losses), style in zip(curves.items(), STYLES, strict=False):
        ax.plot(lengths, losses, "o", linestyle=style, markersize=4, label=label)
    for height, name, x, side in (
        (top, "uniform", lengths[-1], "right"),
        (floor, "entropy of the language", lengths[0], "left"),  # below the curves where they start
    ):
        ax.axhline(height, color=MUTED, linestyle=":", linewidth=1.4)
        ax.text(x, height, name, color=MUTED, ha=side, va="bottom", fontsize=10)
    ax.set(xlabel="words in an n-gram, n", ylabel="loss (nats per token)", xticks=lengths)
    ax.set_ylim(0, 1.1 * top)
    ax.grid(True)
    ax.legend(frameon=False, loc="upper right", bbox_to_anchor=(1, 0.93))
    return ax


def plot_words(points: np.ndarray, groups: Mapping[str, Mapping[str, Sequence[int]]]) -> Axes:
    """Words as marks in the plane, a colour and a mark for each group.

    A group has classes, each with the rows of its words; a class is named at its middle.
    """
    ax = plt.subplots(figsize=(5.5, 4.9))[1]
    span = np.ptp(points, axis=0)
    names, spots, lift = [], [], 0.02 * span[1]
    for (group, classes), colour, marker in zip(groups.items(), CYCLE, MARKERS, strict=False):
        rows = [row for rows in classes.values() for row in rows]
        ax.plot(*points[rows].T, marker, color=colour, markersize=5, linestyle="", label=group)
        names += [(name, colour) for name in classes]
        for words in map(list, classes.values()):
            x, y = points[words].T
            spots.append((x.mean(), y.max() + lift, y.min() - 3 * lift))
    ax.set(xlabel="first direction", ylabel="second direction")
    ax.margins(0.08)
    ax.grid(True)
    places = _clear(spots, points, span * (0.16, 0.05))
    for (name, colour), place in zip(names, places, strict=True):
        ax.text(*place, name, ha="center", va="bottom", color=colour, fontsize=8)
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=9)
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
