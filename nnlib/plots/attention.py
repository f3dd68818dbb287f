"""Figures of chapter 10: who looks at whom, and how features become heads."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from nnlib.plots._style import BLUE, FAINT, GREEN, INK, MUTED, ORANGE, PURPLE, SIGNED, canvas

CELL = 0.4
HATCHES = ("", "///", "...", "xxx")


def plot_attention(
    patterns: Mapping[str, np.ndarray],
    tokens: Sequence[str],
    *,
    numbers: bool = False,
    columns: int = 3,
) -> np.ndarray:
    """Attention weights as squares, the darker the larger: a panel for each title.

    The token of a row looks at the tokens of the columns. The squares are drawn in one colour
    that is more or less transparent, so that they suit a light page and a dark one.

    Parameters
    ----------
    patterns : dict
        Title to weights ``(T, T)``, from 0 to 1.
    tokens : list of str
        What stands at both axes, ``T`` of them.
    numbers : bool
        Whether to write each weight into its square.
    columns : int
        The most panels in a row. Rows that stand above each other share their labels.
    """
    t = len(tokens)
    columns = min(columns, len(patterns))
    rows = -(-len(patterns) // columns)
    width = {1: 3.9, 2: 6.6}.get(columns, 7.2)
    shape = (width, rows * (width / columns + 0.35))
    axes = plt.subplots(rows, columns, figsize=shape, squeeze=False, sharey=True)[1]
    for ax in axes.ravel()[len(patterns) :]:
        ax.axis("off")
    size = 9 if t <= 12 else 7
    turn = 90 if max(map(len, tokens)) > 2 else 0
    strength = 0.55 if numbers else 1  # a number must stand out from its square
    for number, (title, weights) in enumerate(patterns.items()):
        ax, lowest = axes.flat[number], number + columns >= len(patterns)
        for i, j in np.argwhere(np.asarray(weights) > 0.005):
            weight = float(weights[i, j])
            alpha = strength * min(weight, 1)
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=BLUE, alpha=alpha))
            if numbers:
                ax.text(j, i, f"{weight:.2f}", ha="center", va="center", fontsize=9)
        ax.set(xlim=(-0.5, t - 0.5), ylim=(t - 0.5, -0.5), aspect="equal")
        ax.set_xticks(range(t), tokens if lowest else [""] * t, rotation=turn, fontsize=size)
        ax.set_yticks(range(t), tokens, fontsize=size)
        ax.set_xticks(np.arange(t + 1) - 0.5, minor=True)
        ax.set_yticks(np.arange(t + 1) - 0.5, minor=True)
        ax.grid(True, which="minor", color=FAINT, linewidth=0.6)
        ax.tick_params(which="both", length=0)
        ax.set_axisbelow(True)
        ax.set_xlabel("looks at" if lowest else "")
        ax.set_title(title, fontsize=10)
    for ax in axes[:, 0]:
        ax.set_ylabel("token")
    return axes


def plot_heads(tables: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Axes:
    """Tables of numbers beside each other, each cell in the colour and hatch of its group.

    Parameters
    ----------
    tables : dict
        Title to ``(values, groups)``, both ``(rows, columns)`` or ``(heads, rows, columns)``;
        tables of several heads stand below each other. Groups count from 0.
    """
    stacks = {
        title: (np.atleast_3d(values.T).T, np.atleast_3d(groups.T).T)
        for title, (values, groups) in tables.items()
    }
    tall = max(len(v) * (v.shape[1] * CELL + 0.35) for v, _ in stacks.values())
    wide = [max(v.shape[2] * CELL, 1.5) for v, _ in stacks.values()]
    ax = canvas(sum(wide) + 0.6 * len(wide) + 0.4, tall + 0.75)
    x = 0.5
    for (title, (values, groups)), width in zip(stacks.items(), wide, strict=True):
        ax.text(x + width / 2, 0.3, title, ha="center", va="center", color=INK, fontsize=10)
        height = len(values) * (values.shape[1] * CELL + 0.35) - 0.35
        top = 0.6 + (tall - 0.35 - height) / 2
        left = x + (width - values.shape[2] * CELL) / 2
        for h, table in enumerate(values):
            if len(values) > 1:
                middle = top + values.shape[1] * CELL / 2
                ax.text(left - 0.08, middle, f"head {h}", color=MUTED, ha="right", va="center",
                        fontsize=8)  # fmt: skip
            for (i, j), value in np.ndenumerate(table):
                _cell(ax, left + j * CELL, top + i * CELL, f"{value:02d}", int(groups[h, i, j]))
            top += values.shape[1] * CELL + 0.35
        x += width + 0.6
    return ax


def _cell(ax: Axes, x: float, y: float, text: str, group: int) -> None:
    colour = (BLUE, ORANGE, GREEN, PURPLE)[group % 4]
    size = {"width": CELL, "height": CELL}
    ax.add_patch(Rectangle((x, y), **size, facecolor=colour, alpha=0.22))
    hatch = HATCHES[group % 4]
    if hatch:
        ax.add_patch(
            Rectangle((x, y), **size, facecolor="none", edgecolor=colour, hatch=hatch,
                      linewidth=0, alpha=0.35)
        )  # fmt: skip
    ax.add_patch(Rectangle((x, y), **size, facecolor="none", edgecolor=MUTED, linewidth=0.8))
    ax.text(x + CELL / 2, y + CELL / 2, text, ha="center", va="center", color=INK, fontsize=10)


def plot_positions(positions: np.ndarray) -> Axes:
    """Position vectors as the rows of a picture: blue is positive, orange negative, pale zero."""
    figure, ax = plt.subplots(figsize=(6.5, 3.2))
    picture = ax.imshow(
        positions, cmap=SIGNED, vmin=-1, vmax=1, aspect="auto", interpolation="none"
    )
    ax.set(xlabel="feature", ylabel="position")
    figure.colorbar(picture, ax=ax, pad=0.02, ticks=(-1, 0, 1))
    return ax
