"""Figures of chapter 10: who looks at whom, and how features become heads."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_rgba
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from nnlib.plots._style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    arrow,
    box,
    canvas,
)

CELL = 0.34
HATCHES = ("", "///", "...", "xxx")
STRONGEST = 0.55  # how opaque the weight 1 is: a number must stand out from its square
BEHIND = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
SHADES = LinearSegmentedColormap.from_list(
    "weights", [to_rgba(BLUE, 0), to_rgba(BLUE, STRONGEST)], N=10
)
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) - 0.5
PLUS = {"boxstyle": "circle,pad=0.1", "facecolor": PAPER, "edgecolor": MUTED}
KINDS = {"query": ORANGE, "key": PURPLE, "value": GREEN, "weight": BLUE, "handed": GREEN}


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
        Title to weights ``(T, T)``, from 0 to 1. Where a token is hidden and has no weight, nan:
        it is hatched.
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
    width = {1: 3.8, 2: 4.8, 3: 4.8}.get(columns, 7.2)
    shape = (width, rows * ((width - 0.5) / columns + 0.35))
    axes = plt.subplots(rows, columns, figsize=shape, squeeze=False, sharey=True)[1]
    for ax in axes.ravel()[len(patterns) :]:
        ax.axis("off")
    size = 9 if t <= 12 else 7
    turn = 90 if max(map(len, tokens)) > 2 else 0
    for number, (title, weights) in enumerate(patterns.items()):
        ax, lowest = axes.flat[number], number + columns >= len(patterns)
        _squares(ax, np.asarray(weights, dtype=float), 9 if columns == 1 else 7, numbers)
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
    scale = axes[0, 0].figure.colorbar(
        ScalarMappable(Normalize(0, 1), SHADES), ax=axes, ticks=(0, 0.5, 1),
        fraction=0.05, shrink=0.6 if rows == 1 else 0.4, aspect=14,
    )  # fmt: skip
    scale.ax.tick_params(labelsize=8, length=0)
    scale.outline.set_edgecolor(MUTED)
    return axes


def _squares(ax: Axes, weights: np.ndarray, size: float, numbers: bool) -> None:
    hidden = [Path(corner + SQUARE, closed=True) for corner in np.argwhere(np.isnan(weights.T))]
    if hidden:
        look = {"facecolor": "none", "edgecolor": FAINT, "linewidth": 0, "hatch": "////"}
        ax.add_patch(PathPatch(Path.make_compound_path(*hidden), **look))
    for (i, j), weight in np.ndenumerate(weights):
        if weight > 0.01:
            alpha = STRONGEST * min(weight, 1)
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=BLUE, alpha=alpha))
        if numbers and not np.isnan(weight):
            ax.text(j, i, f"{weight:.2f}", ha="center", va="center", fontsize=size)


def plot_lists(
    tokens: Sequence[str],
    rows: Mapping[str, np.ndarray],
    *,
    names: Sequence[str] = (),
    fan: tuple[int, str, str] | None = None,
    total: str = "",
) -> Axes:
    """Lists of numbers below their tokens, a row for each kind, each number in a cell.

    Parameters
    ----------
    tokens : list of str
        ``T`` tokens, from left to right.
    rows : dict
        Name to ``(T,)``, or to ``(T, n)``: n cells below each other. A cell is the stronger the
        larger its number is beside the others of its row, hatched where it is negative, and
        missing where it is nan.
    names : list of str
        What the cells of a row with several are called.
    fan : (int, str, str), optional
        A token, a row and a row: lines go from the token's cell in the first to all cells of the
        second.
    total : str
        What to call the sum of the last row, which stands at its end.
    """
    tables = {name: np.asarray(row, float).reshape(len(tokens), -1) for name, row in rows.items()}
    step, left, gap = 0.78, 1.2, 0.3
    height = sum(row.shape[1] * 0.27 + gap for row in tables.values()) + 0.3
    ax = canvas(left + step * len(tokens) + (0.8 if total else 0.1), height)
    middle = left + step * (np.arange(len(tokens)) + 0.5)
    for x, token in zip(middle, tokens, strict=True):
        ax.text(x, 0.17, token, ha="center", va="center", fontsize=11)
    y, places = 0.34, {}
    for name, row in tables.items():
        colour = KINDS.get(name.split()[0], MUTED)
        n, largest = row.shape[1], max(np.nanmax(np.abs(row)), 1e-9)
        places[name] = y
        for k, label in enumerate(names if n > 1 else (name,)):
            ax.text(left - 0.1, y + 0.27 * k + 0.135, label, ha="right", va="center",
                    fontsize=9, color=MUTED if n > 1 else colour)  # fmt: skip
        for (t, k), value in np.ndenumerate(row):
            if np.isfinite(value):
                _number(ax, float(middle[t]), y + 0.27 * k, float(value), colour, largest)
        y += 0.27 * n + gap
    if fan:
        asks, start, end = fan
        for x in middle:
            arrow(ax, (middle[asks], places[start] + 0.27), (x, places[end]), gap=0.02, width=0.9)
    if total:
        x = middle[-1] + 0.78
        ax.text(middle[-1] + 0.4, y - gap - 0.135, "=", ha="center", va="center")
        _number(ax, x, y - gap - 0.27, float(row.sum()), GREEN, 1)
        ax.text(x, y - gap - 0.38, total, ha="center", va="center", fontsize=9, color=GREEN)
    return ax


def _number(ax: Axes, x: float, y: float, value: float, colour: str, largest: float) -> None:
    """A cell around x with its top at y."""
    corner, size = (x - 0.26, y), {"width": 0.52, "height": 0.27}
    strength = 0.5 * abs(value) / largest
    ax.add_patch(Rectangle(corner, **size, facecolor=colour, alpha=strength, linewidth=0))
    if value < 0:
        ax.add_patch(Rectangle(corner, **size, facecolor="none", edgecolor=colour, hatch="////",
                               linewidth=0, alpha=0.7))  # fmt: skip
    ax.add_patch(Rectangle(corner, **size, facecolor="none", edgecolor=MUTED, linewidth=0.8))
    text = f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
    ax.text(x, y + 0.135, "0" if text == "−0" else text, ha="center", va="center", fontsize=9)


def plot_addition(
    lists: Mapping[str, np.ndarray], names: Sequence[str], *, signs: Sequence[str]
) -> Axes:
    """Lists side by side with signs between them, each number in a cell with its name."""
    step, left = 1.25, 0.95
    ax = canvas(left + step * len(lists), 0.27 * len(names) + 0.6)
    for k, name in enumerate(names):
        ax.text(left - 0.1, 0.585 + 0.27 * k, name, ha="right", va="center", fontsize=9,
                color=MUTED)  # fmt: skip
    for i, (title, values) in enumerate(lists.items()):
        x = left + step * (i + 0.5)
        ax.text(x, 0.25, title, ha="center", va="center", fontsize=9)
        for k, value in enumerate(values):
            _number(ax, x, 0.45 + 0.27 * k, float(value), KINDS.get(title.split()[0], MUTED), 1)
        if i:
            ax.text(x - step / 2, 0.45 + 0.135 * len(names), signs[i - 1], ha="center",
                    va="center", fontsize=13)  # fmt: skip
    return ax


def plot_flow() -> Axes:
    """One attention from the tokens to the sum, with the shape of every table."""
    ax = canvas(4.8, 2.75)
    parts = {
        "X": (0.5, 1.2, "$X$\n(T, D)", INK, 0.75),
        "Q": (1.65, 0.45, "$Q$\n(T, d)", ORANGE, 0.75),
        "K": (1.65, 1.2, "$K$\n(T, d)", PURPLE, 0.75),
        "V": (1.65, 1.95, "$V$\n(T, $d_v$)", GREEN, 0.75),
        "S": (2.75, 0.82, "scores $S$\n(T, T)", INK, 0.8),
        "P": (3.8, 0.82, "weights $P$\n(T, T)", BLUE, 0.85),
        "Y": (3.8, 1.95, "$Y$\n(T, $d_v$)", GREEN, 0.85),
    }
    for x, y, text, colour, width in parts.values():
        box(ax, x, y, text, colour, width=width, height=0.5)
    joins = (("X", "Q", "$W_q$"), ("X", "K", "$W_k$"), ("X", "V", "$W_v$"), ("Q", "S", ""),
             ("K", "S", ""), ("S", "P", ""), ("P", "Y", ""), ("V", "Y", ""))  # fmt: skip
    for start, end, label in joins:
        _join(ax, parts[start], parts[end], label)
    ax.text(3.25, 0.44, "softmax", ha="center", va="center", fontsize=9)
    ax.plot((0.5, 0.5, 4.35), (1.47, 2.55, 2.55), color=MUTED, linewidth=1.2)
    arrow(ax, (3.8, 2.2), (3.8, 2.46), gap=0)
    ax.text(3.86, 2.33, "$W_o$", fontsize=9, va="center")
    ax.text(3.8, 2.55, "+", ha="center", va="center", fontsize=13, bbox=PLUS, zorder=4)
    arrow(ax, (4.0, 2.55), (4.7, 2.55), gap=0)
    return ax


def _join(ax: Axes, start: tuple, end: tuple, label: str) -> None:
    """An arrow from the edge of a part to that of another."""
    (x, y, _, _, width), (to_x, to_y, _, _, to_width) = start, end
    if x == to_x:
        first, last = (x, y + 0.25), (to_x, to_y - 0.25)
    else:
        first, last = (x + width / 2, y), (to_x - to_width / 2, to_y)
    arrow(ax, first, last, gap=0)
    if label:
        ax.text((first[0] + last[0]) / 2, (first[1] + last[1]) / 2, label,
                ha="center", va="center", fontsize=9, bbox=BEHIND)  # fmt: skip


def plot_head_layer() -> Axes:
    """A layer of attention with three heads, with the shape of what flows."""
    ax = canvas(4.8, 2.3)
    parts = {
        "x": (0.42, 1.15, "$X$\n(T, D)", INK, 0.68),
        "qkv": (1.42, 1.15, "$Q$, $K$, $V$\n(T, D)", INK, 0.84),
        "merge": (3.42, 1.15, "side by side\n(T, D)", INK, 0.9),
        "out": (4.4, 1.15, "$Y$\n(T, D)", GREEN, 0.62),
    }
    heads = [
        (2.42, 0.45 + 0.7 * h, f"head {h}\n(T, D/H)", colour, 0.74)
        for h, colour in enumerate((BLUE, ORANGE, GREEN))
    ]
    for x, y, text, colour, width in (*parts.values(), *heads):
        box(ax, x, y, text, colour, width=width, height=0.5)
    _join(ax, parts["x"], parts["qkv"], "")
    for head in heads:
        _join(ax, parts["qkv"], head, "")
        _join(ax, head, parts["merge"], "")
    _join(ax, parts["merge"], parts["out"], "")
    ax.text(3.98, 1.0, "$W_o$", ha="center", va="center", fontsize=9)
    for x, text in ((1.93, "split"), (2.92, "merge")):
        ax.text(x, 0.12, text, ha="center", va="center", fontsize=9, color=MUTED)
    return ax


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
    wide = [max(v.shape[2] * CELL, 1.2) for v, _ in stacks.values()]
    ax = canvas(sum(wide) + 0.35 * len(wide) + 0.1, tall + 0.75)
    x = 0.2
    for (title, (values, groups)), width in zip(stacks.items(), wide, strict=True):
        ax.text(x + width / 2, 0.3, title, ha="center", va="center", color=INK, fontsize=9)
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
        x += width + 0.35
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
