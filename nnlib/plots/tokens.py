"""Figures of chapter 8: texts cut into tokens, windows on a stream, and a table of pairs."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from nnlib.plots._style import BLUE, INK, MUTED, ORANGE, PAPER, box, canvas

WIDTH = 4.8
LETTER, EDGE, LINE = 0.083, 0.11, 0.36  # in inches: a letter, what a box adds to it, a line
PALE = LinearSegmentedColormap.from_list("pale", [PAPER, BLUE])


def plot_tokens(rows: Mapping[str, Sequence[str]]) -> Axes:
    """Texts as boxes, one for each token, below their names; a space (␣) is drawn as a bracket."""
    lines = {name: _broken(pieces) for name, pieces in rows.items()}
    height = sum(LINE * (1 + len(broken)) for broken in lines.values()) + 0.1
    ax = canvas(WIDTH, height)
    y = 0.0
    for name, broken in lines.items():
        y += LINE
        ax.text(0.05, y - 0.12, name, color=MUTED, fontsize=9, va="center")
        for line in broken:
            x = 0.05
            for piece in line:
                _draw_token(ax, x, y + 0.17, piece)
                x += _width(piece) + 0.04
            y += LINE
    return ax


def _width(piece: str) -> float:
    return EDGE + LETTER * max(len(piece), 1)


def _broken(pieces: Sequence[str]) -> list[list[str]]:
    """Lines of tokens that fit."""
    lines: list[list[str]] = [[]]
    for piece in pieces:
        if lines[-1] and sum(_width(p) + 0.04 for p in [*lines[-1], piece]) > WIDTH - 0.05:
            lines.append([])
        lines[-1].append(piece)
    return lines


def _draw_token(ax: Axes, x: float, y: float, piece: str) -> None:
    width = _width(piece)
    box(ax, x + width / 2, y, "", MUTED, width=width, height=0.27)
    text = piece.lstrip("␣")
    spaces = len(piece) - len(text)
    for k in range(spaces):
        left, right = x + EDGE / 2 + LETTER * (k + 0.1), x + EDGE / 2 + LETTER * (k + 0.9)
        bracket = [left, left, right, right], [y + 0.02, y + 0.07, y + 0.07, y + 0.02]
        ax.plot(*bracket, color=INK, linewidth=1.1, zorder=4)
    begin = x + EDGE / 2 + LETTER * spaces
    style = {"va": "center", "fontsize": 9.5, "color": INK, "zorder": 4}
    if spaces:
        ax.text(begin, y + 0.005, text, ha="left", **style)
    else:
        ax.text(x + width / 2, y + 0.005, text, ha="center", **style)


def plot_windows(tokens: Sequence[str], starts: Sequence[int], size: int) -> Axes:
    """A stream of words, and below it windows: inputs in whole boxes, targets in dashed ones."""
    column = WIDTH / (len(tokens) + 0.1)
    ax = canvas(WIDTH, 0.5 + 0.78 * len(starts))

    def row(y: float, first: int, words: Sequence[str], colour: str, style: str = "-") -> None:
        for k, word in enumerate(words):
            x = column * (first + k + 0.55)
            box(ax, x, y, word, colour, width=0.9 * column, height=0.26, size=8.5)
            ax.patches[-1].set_linestyle(style)

    row(0.25, 0, tokens, MUTED)
    for n, start in enumerate(starts):
        y = 0.68 + 0.78 * n
        row(y, start, tokens[start : start + size], BLUE)
        row(y + 0.3, start + 1, tokens[start + 1 : start + size + 1], ORANGE, "--")
        side = start + size + 1 < len(tokens) - 2
        x, align = (
            (column * (start + size + 1.2), "left") if side else (column * start - 0.05, "right")
        )
        ax.text(x, y, "inputs", color=BLUE, fontsize=9, ha=align, va="center")
        ax.text(x, y + 0.3, "targets", color=ORANGE, fontsize=9, ha=align, va="center")
    return ax


def plot_pairs(table: np.ndarray, names: Sequence[str]) -> Axes:
    """Row v: the shares of what follows token v, from pale for 0 to dark for the largest."""
    figure, ax = plt.subplots(figsize=(WIDTH, 4.5))
    picture = ax.imshow(table, cmap=PALE, vmin=0, interpolation="none")
    places = range(len(names))
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xticks(places, names, fontsize=8.5)
    ax.set_yticks(places, names, fontsize=8.5)
    for label in ax.get_xticklabels():
        label.set_rotation(90 if len(label.get_text()) > 1 else 0)
    ax.tick_params(length=0, pad=2)
    ax.set(xlabel="next letter", ylabel="letter")
    bar = figure.colorbar(picture, ax=ax, pad=0.02, shrink=0.8)
    bar.set_label("share of the row")
    return ax
