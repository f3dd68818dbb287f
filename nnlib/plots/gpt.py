"""Figures of chapter 10: a GPT as a picture, how it learns, where it looks, and how it draws."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

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
)


def plot_gpt(tokens: Sequence[str], targets: Sequence[str], n_blocks: int) -> Axes:
    """From tokens at the top to the next tokens at the bottom, with the shape beside each stage.

    ``n_blocks`` is the number of blocks that the middle box stands for.
    """
    stages = [
        ("row of the embedding for the token + row for the position", "(N, T, D)", GREEN),
        (f"{n_blocks} × block: + attention(norm(x)), then + MLP(norm(x))", "(N, T, D)", ORANGE),
        ("last LayerNorm", "(N, T, D)", PURPLE),
        ("dot product with the embedding of each of the V tokens", "(N, T, V)", GREEN),
        ("softmax: probabilities for the next token", "(N, T, V)", BLUE),
    ]
    ax = canvas(6.6, 0.68 * len(stages) + 1.5)
    left, right = 0.5, 5.3
    columns = np.linspace(left + 0.4, right - 0.4, len(tokens))
    tops = 0.82 + 0.68 * np.arange(len(stages))
    for x, token, target in zip(columns, tokens, targets, strict=True):
        ax.text(x, 0.3, token, ha="center", va="center", fontweight="semibold")
        for top, below in zip([0.38, *tops + 0.2], [*tops - 0.2, tops[-1] + 0.6], strict=True):
            arrow(ax, (x, top), (x, below), gap=0.04)
        ax.text(x, tops[-1] + 0.76, target, ha="center", va="center", color=BLUE)
    for y, (text, shape, colour) in zip(tops, stages, strict=True):
        box(ax, (left + right) / 2, y, text, colour, width=right - left, height=0.4, size=10)
        ax.text(5.95, y, shape, ha="center", va="center", color=MUTED)
    ax.text(5.95, 0.3, "ids (N, T)", ha="center", va="center", color=MUTED)
    ax.text(5.95, tops[-1] + 0.76, "targets (N, T)", ha="center", va="center", color=MUTED)
    return ax


def plot_floor(losses: np.ndarray, levels: Mapping[str, float]) -> Axes:
    """A loss at each step, on logarithmic steps, and named heights to compare it with."""
    ax = plt.subplots(figsize=(6.5, 3.8))[1]
    ax.plot(np.arange(1, len(losses) + 1), losses, linewidth=1.2)
    for (name, height), colour, style in zip(levels.items(), CYCLE[1:], STYLES[1:], strict=False):
        ax.axhline(height, color=colour, linestyle=style, linewidth=1.4)
        ax.annotate(
            f"{name} {height:.2f}",
            (1.01, height),
            xycoords=("axes fraction", "data"),
            va="center",
            color=colour,
        )
    ax.set(xlabel="step", ylabel="loss (nats per token)", xscale="log", xlim=(1, len(losses)))
    ax.set_ylim(0, None)
    ax.grid(True)
    return ax


def plot_surprise(words: Sequence[str], surprises: Mapping[str, np.ndarray]) -> Axes:
    """The surprise at each word of a sentence, a bar beside a bar for each name."""
    ax = plt.subplots(figsize=(6.8, 3.0))[1]
    places, width = np.arange(len(words)), 0.8 / len(surprises)
    for i, (name, nats) in enumerate(surprises.items()):
        hatch = "" if i == 0 else "///"
        shift = (i - (len(surprises) - 1) / 2) * width
        ax.bar(
            places + shift, nats, 0.9 * width, label=name, color=CYCLE[i], hatch=hatch,
            edgecolor=PAPER,
        )  # fmt: skip
    ax.set_xticks(places, labels=words)
    ax.set(ylabel="surprise (nats)", xlabel="the word that comes")
    ax.legend(frameon=False)
    return ax


def plot_patterns(words: Sequence[str], weights: np.ndarray) -> np.ndarray:
    """The weights (L, H, T, T) of attention: a row of panels a block, a panel a head."""
    n_blocks, n_heads = weights.shape[:2]
    figure, axes = plt.subplots(
        n_blocks,
        n_heads,
        figsize=(6.8, 2.1 * n_blocks + 0.5),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for (block, head), ax in np.ndenumerate(axes):
        ax.imshow(weights[block, head], cmap="gray_r", vmin=0, vmax=1)
        ax.set_title(f"block {block + 1}, head {head + 1}", fontsize=9)
        ax.tick_params(length=0, labelsize=8)
        ax.tick_params(axis="x", rotation=90)
    axes[0, 0].set_xticks(range(len(words)), labels=words)
    axes[0, 0].set_yticks(range(len(words)), labels=words)
    figure.supxlabel("looks at", fontsize=10)
    figure.supylabel("this word", fontsize=10)
    return axes


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
    colours = (BLUE, BLUE, ORANGE, ORANGE, ORANGE, ORANGE, GREEN, GREEN, GREEN, PURPLE)
    for i, (name, gave) in enumerate(parts):
        y = 0.5 * (len(parts) - i) - 0.1
        colour = colours[i % len(colours)]
        indent = 0.12 * i
        box(ax, 1.35 + indent / 2, y, "", colour, width=2.2 + indent, height=0.4)
        ax.text(0.42, y, f"{i + 1}", ha="center", va="center", color=colour, zorder=4)
        ax.text(0.62, y, name, va="center", fontweight="semibold", zorder=4)
        ax.text(2.62 + indent, y, gave, va="center", color=INK, fontsize=9.5)
    return ax
