"""Figures of chapter 12: a GPT as a picture, how it learns, and how it chooses a word."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from nnlib.plots._style import (
    BLUE,
    CYCLE,
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
    label_ends,
)


def plot_gpt(tokens: Sequence[str], targets: Sequence[str], n_blocks: int) -> Axes:
    """From tokens at the top to the next tokens at the bottom, with the shape beside each stage.

    Thin arrows stand in the one stage where tokens receive something from others. The frame
    stands for ``n_blocks`` blocks, one after the other.
    """
    ax = canvas(6.6, 5.7)
    left, right = 0.72, 5.3
    columns = np.linspace(left + 0.62, right - 0.62, len(tokens))
    stages = [  # text, shape, colour, top, height, across
        ("row for the token + row for the position", "(N, T, D)", GREEN, 0.62, 0.4, False),
        ("+ attention(norm(x))", "(N, T, D)", ORANGE, 1.42, 0.86, True),
        ("+ MLP(norm(x))", "(N, T, D)", PURPLE, 2.54, 0.4, False),
        ("last LayerNorm", "(N, T, D)", PURPLE, 3.34, 0.4, False),
        ("dot product with each row of the embedding", "(N, T, V)", GREEN, 4.0, 0.4, False),
        ("softmax", "(N, T, V)", BLUE, 4.66, 0.4, False),
    ]
    frame = FancyBboxPatch(
        (left - 0.14, 1.28), right - left + 0.28, 1.8, boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=PAPER, edgecolor=MUTED, linestyle=(0, (4, 3)), linewidth=1.2, zorder=1,
    )  # fmt: skip
    ax.add_patch(frame)
    ax.text(0.3, 2.18, f"{n_blocks} ×\nblock", ha="center", va="center", fontweight="semibold")
    starts = [0.42, *(top + height for *_, top, height, _ in stages)]
    stops = [*(top for *_, top, _, _ in stages), 5.34]
    for x, token, target in zip(columns, tokens, targets, strict=True):
        ax.text(x, 0.28, token, ha="center", va="center", fontweight="semibold")
        for start, stop in zip(starts, stops, strict=True):
            arrow(ax, (x, start), (x, stop), gap=0.03)
        ax.text(x, 5.5, target, ha="center", va="center", color=BLUE)
    for text, shape, colour, top, height, across in stages:
        middle = top + height / 2
        place = {"width": right - left, "height": height, "size": 9.5}
        box(ax, (left + right) / 2, middle, "" if across else text, colour, **place)
        ax.text(5.98, middle, shape, ha="center", va="center", color=MUTED)
        if across:
            _fan(ax, columns, top + 0.06, top + 0.5, colour)
            ax.text((left + right) / 2, top + 0.68, text, ha="center", va="center",
                    fontsize=9.5, zorder=4)  # fmt: skip
    ax.text(5.98, 0.28, "ids (N, T)", ha="center", va="center", color=MUTED)
    ax.text(5.98, 5.5, "targets (N, T)", ha="center", va="center", color=MUTED)
    return ax


def _fan(ax: Axes, columns: np.ndarray, top: float, bottom: float, colour: str) -> None:
    """From each column an arrow to itself and to every later one."""
    thin = {"arrowstyle": "-|>,head_length=3,head_width=1.6", "zorder": 5}
    for i, start in enumerate(columns):
        for stop in columns[i:]:
            arrow(ax, (start, top), (stop, bottom), colour=colour, width=1, gap=0, **thin)


def plot_floor(losses: np.ndarray, levels: Mapping[str, float]) -> Axes:
    """A loss at each step, on logarithmic steps, and named heights to compare it with."""
    ax = plt.subplots(figsize=(5.5, 3.6))[1]
    ax.plot(np.arange(1, len(losses) + 1), losses, linewidth=1.2)
    for height, colour, style in zip(levels.values(), CYCLE[1:], STYLES[1:], strict=False):
        ax.plot([1, len(losses)], [height] * 2, color=colour, linestyle=style, linewidth=1.4)
    ax.set(xlabel="step", ylabel="loss (nats per token)", xscale="log", xlim=(1, len(losses)))
    ax.set_ylim(0, None)
    ax.grid(True)
    label_ends(ax, [f"{name} {height:.2f}" for name, height in levels.items()], ax.lines[1:])
    return ax


def plot_surprise(words: Sequence[str], surprises: Mapping[str, np.ndarray]) -> Axes:
    """The surprise at each word of a sentence, a bar beside a bar for each name."""
    ax = plt.subplots(figsize=(6.2, 3.2))[1]
    places, width = np.arange(len(words)), 0.8 / len(surprises)
    for i, (name, nats) in enumerate(surprises.items()):
        hatch = ("", "///", "...")[i % 3]
        shift = (i - (len(surprises) - 1) / 2) * width
        ax.bar(
            places + shift, nats, 0.9 * width, label=name, color=CYCLE[i], hatch=hatch,
            edgecolor=PAPER,
        )  # fmt: skip
    ax.set_xticks(places, labels=words)
    ax.set(ylabel="surprise (nats)", xlabel="the word that comes")
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(surprises))
    return ax


def plot_choices(words: Sequence[str], panels: Mapping[str, np.ndarray]) -> np.ndarray:
    """The same words under several distributions: a panel for each title.

    A bar of 0 is marked with a cross: that word cannot be drawn.
    """
    _, axes = plt.subplots(
        1, len(panels), figsize=(6.8, 0.2 * len(words) + 1.0), sharey=True, sharex=True
    )
    places = np.arange(len(words))
    for ax, (title, p) in zip(axes, panels.items(), strict=True):
        ax.barh(places, p, color=BLUE, height=0.7)
        out = np.flatnonzero(p == 0)
        if len(out):
            ax.plot(np.full(len(out), 0.03), out, "x", color=ORANGE, markersize=5)
        ax.set_title(title, fontsize=10)
        ax.set(xlabel="probability", xlim=(0, 1.02), xticks=(0, 0.5, 1))
        ax.tick_params(axis="y", length=0)
    axes[0].set_yticks(places, labels=words)
    axes[0].invert_yaxis()
    return axes


def plot_book(parts: Sequence[tuple[str, str]]) -> Axes:
    """What was built, one thing on top of the other: the number of a chapter, and what it gave."""
    ax = canvas(6.6, 0.5 * len(parts) + 0.25)
    colours = (BLUE, BLUE, *[ORANGE] * 5, *[GREEN] * 3, PURPLE)
    for i, (name, gave) in enumerate(parts):
        y = 0.5 * (len(parts) - i) - 0.1
        colour = colours[i % len(colours)]
        indent = 0.12 * i
        box(ax, 1.35 + indent / 2, y, "", colour, width=2.2 + indent, height=0.4)
        ax.text(0.42, y, f"{i + 1}", ha="center", va="center", color=colour, zorder=4)
        ax.text(0.62, y, name, va="center", fontweight="semibold", zorder=4)
        ax.text(2.62 + indent, y, gave, va="center", color=INK, fontsize=9.5)
    return ax


def plot_held_out(
    steps: np.ndarray,
    curves: Mapping[str, np.ndarray],
    levels: Mapping[str, float] | None = None,
    lowest: str = "",
) -> Axes:
    """Losses over the steps of a training, a named line each, and named heights beside them.

    Of the curve called ``lowest``, the lowest point is marked.
    """
    ax = plt.subplots(figsize=(4.8, 3.4))[1]
    for values, colour, style in zip(curves.values(), CYCLE, STYLES, strict=False):
        ax.plot(steps, values, color=colour, linestyle=style)
    for height in (levels or {}).values():
        ax.plot(steps[[0, -1]], [height] * 2, color=MUTED, linestyle=STYLES[3], linewidth=1.4)
    ax.set(xlabel="step", ylabel="loss (nats per token)", xlim=(0, steps[-1]))
    ax.grid(True)
    label_ends(ax, [*curves, *(levels or {})])
    if lowest:
        best = int(np.argmin(curves[lowest]))
        ax.plot(steps[best], curves[lowest][best], "D", color=INK, markersize=7, zorder=5)
    return ax


def plot_tuning(steps: np.ndarray, runs: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Fine-tuning seen twice: the share of right answers, and below it the loss on prose.

    Each run has a name and both rows of numbers, one for each of ``steps``.
    """
    axes = plt.subplots(2, 1, figsize=(4.8, 5.2), sharex=True)[1]
    names = ("right answers", "loss on prose (nats)")
    for ax, rows, name in zip(axes, zip(*runs.values(), strict=True), names, strict=True):
        for row, colour, style, mark in zip(rows, CYCLE, STYLES, "osD^", strict=False):
            ax.plot(steps, row, color=colour, linestyle=style, marker=mark, markersize=4)
        ax.set(ylabel=name, xlim=(0, steps[-1]))
        ax.grid(True)
    axes[0].set_ylim(0, 1.03)
    axes[1].set(xlabel="step of fine-tuning")
    label_ends(axes[1], list(runs))
    return axes
