"""Figures of chapter 12: a GPT as a picture, how it learns, and how it chooses a word."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

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
    label_ends,
    node,
)


def plot_gpt(tokens: Sequence[str], targets: Sequence[str], n_blocks: int) -> Axes:
    """From tokens at the top to the next tokens at the bottom, a residual stream for each.

    A stage on the streams changes them, and one beside them adds to them. Thin arrows stand in the
    one stage where tokens receive something from others. The frame stands for ``n_blocks`` blocks,
    one after the other.
    """
    ax = canvas(4.8, 5.9)
    columns = np.linspace(0.98, 3.5, len(tokens))
    middle, width = columns.mean(), columns[-1] - columns[0] + 0.7
    frame = FancyBboxPatch(
        (0.58, 1.16), width + 0.1, 2.5, boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=PAPER, edgecolor=MUTED, linestyle=(0, (4, 3)), linewidth=1.2, zorder=1,
    )  # fmt: skip
    ax.add_patch(frame)
    ax.text(0.3, 2.4, f"{n_blocks} ×\nblock", ha="center", va="center", fontweight="semibold")
    for x, token, target in zip(columns, tokens, targets, strict=True):
        ax.text(x, 0.2, token, ha="center", va="center", fontweight="semibold")
        arrow(ax, (x, 0.36), (x, 0.6), gap=0.02)
        ax.plot((x, x), (0.8, 4.0), color=BLUE, linewidth=3, zorder=2, snap=False)
        for start, stop in ((4.3, 4.46), (4.86, 5.0), (5.3, 5.5)):
            arrow(ax, (x, start), (x, stop), gap=0.0)
        ax.text(x, 5.66, target, ha="center", va="center", color=BLUE)
    stages = (
        ("row of the token + row of the place", "(N, T, D)", GREEN, 0.8),
        ("LayerNorm", "(N, T, D)", GREEN, 4.14),
        ("dot product with each row of the table", "(N, T, V)", GREEN, 4.66),
        ("softmax", "(N, T, V)", PURPLE, 5.16),
    )
    for text, shape, colour, y in stages:
        box(ax, middle, y, text, colour, width=width, height=0.36, size=9.5)
        ax.text(4.4, y, shape, ha="center", va="center", color=MUTED, fontsize=9.5)
    _beside(ax, columns, ("LayerNorm", "attention"), ORANGE, 1.3)
    _beside(ax, columns, ("LayerNorm", "MLP"), PURPLE, 2.6)
    for y, text in ((0.2, "ids (N, T)"), (5.66, "(N, T)")):
        ax.text(4.4, y, text, ha="center", va="center", color=MUTED, fontsize=9.5)
    return ax


def _beside(ax: Axes, columns, names: tuple[str, str], colour: str, top: float) -> None:
    """What reads from the streams and adds to them; attention alone reaches across."""
    width = columns[-1] - columns[0] + 0.52
    box(ax, columns.mean(), top + 0.2, names[0], GREEN, width=width, height=0.26, size=9.5)
    box(ax, columns.mean(), top + 0.6, "", colour, width=width, height=0.48)
    for i, x in enumerate(columns):
        node(ax, x, top + 1.02, "+", colour=BLUE, r=0.1)
        thin = {"arrowstyle": "-|>,head_length=3,head_width=1.6", "zorder": 5}
        for stop in columns[i:] if names[1] == "attention" else [x]:
            ends = (x, top + 0.4), (stop, top + 0.82)
            arrow(ax, *ends, colour=colour, width=1, gap=0, **thin)
    ax.text(4.4, top + 0.6, names[1], ha="center", va="center", color=colour, fontsize=9.5)


def plot_rungs(rungs: Mapping[str, float], floor: float, controls: Mapping[str, float]) -> Axes:
    """Losses as dots, a row for each model, and a line where no model can be below.

    Controls are open marks. Each is named "row: kind", and a kind has a mark of its own.
    """
    ax = plt.subplots(figsize=(4.8, 0.34 * len(rungs) + 0.9))[1]
    places = np.arange(len(rungs))
    values = np.array(list(rungs.values()))
    ax.plot(values, places, color=BLUE, linewidth=1.2)
    ax.plot(values, places, "o", color=BLUE, markersize=7)
    kinds = list(dict.fromkeys(name.split(": ")[1] for name in controls))
    for name, loss in controls.items():
        of, kind = name.split(": ")
        mark = "Ds^"[kinds.index(kind)]
        first = kind not in ax.get_legend_handles_labels()[1]
        ax.plot(loss, list(rungs).index(of), mark, color=ORANGE, markerfacecolor=PAPER,
                markersize=7, label=kind if first else None)  # fmt: skip
    if controls:
        ax.legend(title="controls", frameon=False, loc="lower right", alignment="left")
    ax.axvline(floor, color=INK, linewidth=1.2, linestyle="--")
    ax.text(floor + 0.03, len(rungs) - 0.45, f"floor {floor:.2f}", va="center", fontsize=9.5)
    ax.set_yticks(places, labels=list(rungs))
    ax.set(xlabel="held-out loss (nats per token)", ylim=(len(rungs) - 0.2, -0.6))
    ax.set_xlim(1, None)
    ax.grid(True, axis="x")
    return ax


def plot_floor(losses: np.ndarray, levels: Mapping[str, float]) -> Axes:
    """A loss in training, a mean over 20 steps, and named heights to compare it with."""
    ax = plt.subplots(figsize=(4.8, 3.4))[1]
    smooth = np.convolve(losses, np.ones(20) / 20, mode="valid")
    ax.plot(np.arange(20, len(losses) + 1), smooth, linewidth=1.6)
    for height, colour, style in zip(levels.values(), CYCLE[1:], STYLES[1:], strict=False):
        ax.plot([1, len(losses)], [height] * 2, color=colour, linestyle=style, linewidth=1.4)
    ax.set(xlabel="step", ylabel="loss (nats per token)", xlim=(0, len(losses)), ylim=(0, 4.5))
    ax.grid(True)
    label_ends(ax, [f"{name} {height:.2f}" for name, height in levels.items()], ax.lines[1:])
    return ax


def plot_late(steps: np.ndarray, curves: Mapping[str, np.ndarray], slow: tuple[int, int]) -> Axes:
    """Surprise above the exact one over the steps, named curves, and a stretch of steps shaded."""
    ax = plt.subplots(figsize=(4.8, 3.2))[1]
    ax.axvspan(*slow, color=FAINT, linewidth=0)
    for values, style in zip(curves.values(), STYLES, strict=False):
        ax.plot(steps, values, linestyle=style, marker="o", markersize=3)
    ax.text(np.mean(slow), 2.75, "plateau", ha="center", color=MUTED)
    ax.set(xlabel="step", ylabel="above the language (nats)", xlim=(0, steps[-1]), ylim=(0, 3))
    ax.grid(True)
    label_ends(ax, list(curves))
    return ax


def plot_surprise(words: Sequence[str], surprises: Mapping[str, np.ndarray]) -> Axes:
    """The surprise at each word of a sentence, a bar beside a bar for each name.

    The first bars are full, the second pale, the third hollow.
    """
    ax = plt.subplots(figsize=(4.8, 3.2))[1]
    places, width = np.arange(len(words)), 0.8 / len(surprises)
    for i, (name, nats) in enumerate(surprises.items()):
        fill = (
            {"facecolor": CYCLE[i]},
            {"facecolor": CYCLE[i], "alpha": 0.45},
            {"facecolor": PAPER, "edgecolor": CYCLE[i], "linewidth": 1.2},
        )[i % 3]  # as hatches they would make a heavy picture
        shift = (i - (len(surprises) - 1) / 2) * width
        ax.bar(places + shift, nats, 0.85 * width, label=name, **fill)
    ax.set_xticks(places, labels=words, rotation=60 if len(words) > 6 else 0)
    ax.set(ylabel="surprise (nats)", xlabel="the word that comes")
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(surprises))
    return ax


def plot_looks(weights: np.ndarray, tokens: Sequence[str], heads: Sequence[str]) -> Axes:
    """Where one token looks: a row for each head, a column for each token, a weight in each.

    The colour is more or less transparent, so that it suits a light page and a dark one.
    """
    ax = plt.subplots(figsize=(4.8, 0.3 * len(heads) + 0.8))[1]
    for (row, column), weight in np.ndenumerate(weights):
        place = (column - 0.5, row - 0.5)
        ax.add_patch(Rectangle(place, 1, 1, facecolor=BLUE, alpha=0.55 * min(weight, 1)))
        ax.text(column, row, f"{weight:.2f}", ha="center", va="center", fontsize=9.5)
    ax.set(xlim=(-0.5, len(tokens) - 0.5), ylim=(len(heads) - 0.5, -0.5), xlabel="word looked at")
    ax.set_xticks(np.arange(len(tokens)), labels=tokens)
    ax.set_yticks(np.arange(len(heads)), labels=heads)
    ax.xaxis.set_label_position("top")
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.spines[:].set_visible(False)
    return ax


def plot_choices(words: Sequence[str], panels: Mapping[str, np.ndarray]) -> np.ndarray:
    """The same words under several distributions: a panel for each title.

    A bar of 0 is marked with a cross: that word cannot be drawn.
    """
    columns = 2 if len(panels) == 4 else len(panels)
    rows = -(-len(panels) // columns)
    size = (4.8, rows * (0.19 * len(words) + 0.5) + 0.4)
    _, axes = plt.subplots(rows, columns, figsize=size, sharey=True, sharex=True, squeeze=False)
    places = np.arange(len(words))
    for ax, (title, p) in zip(axes.flat, panels.items(), strict=False):
        ax.barh(places, p, color=BLUE, height=0.7)
        out = np.flatnonzero(p == 0)
        if len(out):
            ax.plot(np.full(len(out), 0.03), out, "x", color=ORANGE, markersize=5)
        ax.set_title(title, fontsize=10)
        ax.set(xlim=(0, 1.02), xticks=(0, 0.5, 1))
        ax.tick_params(axis="y", length=0)
    for ax in axes[-1]:
        ax.set_xlabel("probability")
    axes[0, 0].set_yticks(places, labels=words)
    axes[0, 0].invert_yaxis()
    return axes.ravel()


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
