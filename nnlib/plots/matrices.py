"""Figures of chapter 2: networks, layers, and matrices with their numbers."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from nnlib.plots._style import (
    BLUE,
    CYCLE,
    FAINT,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    arrow,
    canvas,
    node,
    number,
)

SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], dtype=float)


def plot_network(sizes: Sequence[int], *, shown: int = 7) -> Axes:
    """Layers of nodes, every node joined to every node of the next, and each layer's matrix."""
    ax = canvas(6.6, 4.1)
    columns = np.linspace(0.9, 5.7, len(sizes))
    places = [_places(size, shown) for size in sizes]
    for k in range(len(sizes) - 1):
        for y in places[k]:
            for end in places[k + 1]:
                ax.plot(columns[k : k + 2], (y, end), color=FAINT, linewidth=0.8, zorder=1)
        between = columns[k : k + 2].mean()
        shape = f"({sizes[k + 1]}, {sizes[k]})"
        ax.text(between, 0.16, f"layer {k + 1}", ha="center", color=MUTED, fontsize=10)
        ax.text(between, 0.38, f"$W^{{({k + 1})}}$ {shape}", ha="center", fontsize=10)
    for k, (x, size) in enumerate(zip(columns, sizes, strict=True)):
        colour = MUTED if k == 0 else BLUE
        for y in places[k]:
            node(ax, x, y, colour=colour, r=0.11)
        if size > shown:
            ax.plot([x] * 3, [1.83, 1.95, 2.07], "o", color=MUTED, markersize=2.2)
        kind = "inputs" if k == 0 else "outputs" if k == len(sizes) - 1 else f"hidden layer {k}"
        ax.text(x, 3.72, f"{size} {kind}" if k in (0, len(sizes) - 1) else kind, ha="center")
        if 0 < k < len(sizes) - 1:
            ax.text(x, 3.92, f"{size} neurons", ha="center", color=MUTED, fontsize=10)
    return ax


def _places(size: int, shown: int) -> np.ndarray:
    if size <= shown:
        return 1.95 + (np.arange(size) - (size - 1) / 2) * 0.38
    half = np.arange(shown // 2)
    return np.concatenate([1.95 - 0.42 - 0.38 * half[::-1], 1.95 + 0.42 + 0.38 * half])


def plot_indices(n_inputs: int, n_neurons: int, highlight: tuple[int, int]) -> Axes:
    """The connections of a layer with the names of their weights, one of them in orange."""
    ax = canvas(6.5, 3.0)
    inputs = 1.5 + (np.arange(n_inputs) - (n_inputs - 1) / 2) * 1.05
    neurons = 1.5 + (np.arange(n_neurons) - (n_neurons - 1) / 2) * 1.3
    for i, j in np.ndindex(n_neurons, n_inputs):
        chosen = (i, j) == highlight
        colour = ORANGE if chosen else MUTED
        arrow(ax, (1.4, inputs[j]), (5.1, neurons[i]), colour=colour, width=2.4 if chosen else 1.2)
        share = 0.32 if i else 0.68
        at = np.array([1.4, inputs[j]]) * (1 - share) + np.array([5.1, neurons[i]]) * share
        name = ax.text(*at, f"$w_{{{i}{j}}}$", color=colour, ha="center", va="center", zorder=5)
        name.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1})
    for j, y in enumerate(inputs):
        node(ax, 1.4, y, f"$x_{j}$")
        ax.text(0.95, y, f"input {j}", ha="right", va="center", color=MUTED)
    for i, y in enumerate(neurons):
        node(ax, 5.1, y, f"$z_{i}$", colour=BLUE)
        ax.text(5.55, y, f"neuron {i}", va="center", color=MUTED)
    return ax


def plot_layer(W: np.ndarray, x: np.ndarray, b: np.ndarray, z: np.ndarray) -> Axes:
    """``W x + b = z`` written out, each neuron's row, bias and result in one colour."""
    rows, columns = W.shape
    cell = 0.52
    ax = canvas(6.6, max(rows, columns) * cell + 1.0)
    middle = 0.55 + max(rows, columns) * cell / 2
    left = 0.75
    colours = np.array(CYCLE)[:rows, None]
    left = _matrix(ax, W, left, middle, cell, "W", np.repeat(colours, columns, axis=1))
    ink = np.full((columns, 1), INK)
    left = _matrix(ax, x[:, None], left + 0.35, middle, cell, "x", ink)
    ax.text(left + 0.21, middle, "+", ha="center", va="center", fontsize=14)
    left = _matrix(ax, b[:, None], left + 0.42, middle, cell, "b", colours)
    ax.text(left + 0.21, middle, "=", ha="center", va="center", fontsize=14)
    _matrix(ax, z[:, None], left + 0.42, middle, cell, "z", colours)
    for i in range(rows):
        y = middle + (i - (rows - 1) / 2) * cell
        ax.text(0.65, y, f"neuron {i}", ha="right", va="center", color=CYCLE[i], fontsize=9.5)
    return ax


def plot_batch(X: np.ndarray, W: np.ndarray, b: np.ndarray, Z: np.ndarray) -> Axes:
    """``X Wᵀ + b = Z`` written out, each neuron's column, bias and results in one colour."""
    cell = 0.5
    highest = max(*X.shape, len(W)) * cell
    ax = canvas(6.6, highest + 1.0)
    middle = 0.55 + highest / 2
    colours = np.array(CYCLE)[None, : len(W)]
    left = _matrix(ax, X, 0.3, middle, cell, "X", np.full(X.shape, INK))
    left = _matrix(ax, W.T, left + 0.35, middle, cell, "W^T", colours.repeat(X.shape[1], axis=0))
    ax.text(left + 0.21, middle, "+", ha="center", va="center", fontsize=14)
    left = _matrix(ax, b[None], left + 0.42, middle, cell, "b", colours, shape=b.shape)
    ax.text(left + 0.21, middle, "=", ha="center", va="center", fontsize=14)
    _matrix(ax, Z, left + 0.42, middle, cell, "Z", colours.repeat(len(X), axis=0))
    return ax


def _matrix(ax: Axes, values, left, middle, cell, name, colours, shape=None) -> float:
    """Draw one matrix, each number in its colour; return the right edge."""
    rows, columns = values.shape
    top = middle - rows * cell / 2
    for (i, j), value in np.ndenumerate(values):
        x, y = left + j * cell, top + i * cell
        ax.add_patch(Rectangle((x, y), cell, cell, facecolor=PAPER, edgecolor=FAINT, linewidth=1))
        ax.text(x + cell / 2, y + cell / 2, number(value), ha="center", va="center",
                color=colours[i, j], fontweight="semibold")  # fmt: skip
    outline = Rectangle((left, top), columns * cell, rows * cell, fill=False, edgecolor=INK)
    ax.add_patch(outline)
    ax.text(left + columns * cell / 2, top - 0.13, f"${name}$", ha="center", va="bottom")
    shape = str(shape or values.shape)
    ax.text(left + columns * cell / 2, top + rows * cell + 0.1, shape, ha="center", va="top",
            color=MUTED, fontsize=9.5)  # fmt: skip
    return left + columns * cell


def plot_transpose(W: np.ndarray) -> Axes:
    """A matrix beside its transpose, each row of the matrix in one colour."""
    rows, columns = W.shape
    cell = 0.52
    ax = canvas(6.6, max(rows, columns) * cell + 1.0)
    middle = 0.55 + max(rows, columns) * cell / 2
    colours = np.array([CYCLE[i] for i in range(rows)])
    _matrix(ax, W, 1.2, middle, cell, "W", np.repeat(colours[:, None], columns, axis=1))
    _matrix(ax, W.T, 4.0, middle, cell, "W^T", np.repeat(colours[None, :], columns, axis=0))
    return ax


def plot_product(factors: Sequence[tuple[str, tuple[str, str], tuple[float, float]]]) -> Axes:
    """A product as rectangles: ``(name, (rows, columns), (height, width))`` for each factor.

    The last entry is the result. Lengths that must agree are drawn in one colour.
    """
    height = 0.9 + max(size[0] for *_, size in factors)
    ax = canvas(6.6, height)
    colours = dict(zip(_letters(factors), CYCLE, strict=False))
    gap = 1.1
    total = sum(size[1] for *_, size in factors) + gap * (len(factors) - 1)
    left = (6.6 - total) / 2
    for k, (name, (rows, columns), (tall, wide)) in enumerate(factors):
        top = (height - tall) / 2 + 0.1
        ax.add_patch(Rectangle((left, top), wide, tall, facecolor=FAINT, edgecolor=INK))
        ax.text(left + wide / 2, top + tall / 2, name, ha="center", va="center", fontsize=13)
        ax.text(left + wide / 2, top - 0.1, columns, ha="center", color=colours[columns])
        ax.text(left - 0.1, top + tall / 2, rows, ha="right", va="center", color=colours[rows])
        left += wide + gap
        sign = "" if k == len(factors) - 1 else "=" if k == len(factors) - 2 else "@"
        ax.text(left - 0.68 * gap, height / 2 + 0.1, sign, ha="center", va="center", fontsize=14)
    return ax


def _letters(factors) -> list[str]:
    return list(dict.fromkeys(text for _, shape, _ in factors for text in shape))


def plot_bars(values: np.ndarray, labels: Sequence[str], *, xlabel: str, ylabel: str) -> Axes:
    """One bar for each value, the largest in the accent colour."""
    ax = plt.subplots(figsize=(6.5, 2.4))[1]
    largest = int(np.argmax(values))
    ax.bar(labels, values, color=[ORANGE if i == largest else BLUE for i in range(len(values))])
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return ax


def plot_maps(
    maps: Mapping[str, Callable], *, edge: float = 3, arrows: Sequence[Sequence[str]] = ()
) -> np.ndarray:
    """The plane after each map: a grid, the unit square, and the corners of the exclusive or.

    A map takes points of shape (N, 2) to points of shape (N, 2).
    ``arrows`` has two names for each map, of the arrows to where (1, 0) and (0, 1) go.
    """
    size = 6.8 / max(len(maps), 2)
    figsize = size * len(maps), size + 0.2
    axes = plt.subplots(1, len(maps), figsize=figsize, squeeze=False)[1][0]
    samples = np.linspace(-2, 2, 41)
    corners = np.array([[0, 0], [1, 1], [0, 1], [1, 0]])
    border = np.concatenate([np.linspace(p, q, 20, endpoint=False) for p, q in pairwise(SQUARE)])
    names = iter(arrows)
    for ax, (title, move) in zip(axes, maps.items(), strict=True):
        ax.fill(*_corners(move(border)).T, color=BLUE, alpha=0.2, linewidth=0)
        for c in np.linspace(-2, 2, 9):
            style = {"color": MUTED, "linewidth": 1.4 if c == 0 else 0.6}
            for line in (np.full(41, c), samples), (samples, np.full(41, c)):
                ax.plot(*_corners(move(np.column_stack(line))).T, **style)
        for point, colour in zip(move(corners), (PAPER, PAPER, INK, INK), strict=True):
            ax.plot(*point, "o", markersize=7, markeredgecolor=INK, markerfacecolor=colour)
        if arrows:
            _arrows_of_units(ax, *move(SQUARE[[0, 1, 3]]), names=next(names))
        ax.set(xlim=(-edge, edge), ylim=(-edge, edge), xticks=(-2, 0, 2), yticks=(-2, 0, 2))
        ax.set(aspect="equal", title=title, xlabel="first number")
    axes[0].set_ylabel("second number")
    return axes


def _arrows_of_units(ax: Axes, origin, *tips, names: Sequence[str]) -> None:
    """Arrows from where the origin goes, unless they are too short to be seen."""
    for tip, name, colour in zip(tips, names, (BLUE, ORANGE), strict=True):
        length = np.hypot(*(tip - origin))
        if length > 0.5:
            arrow(ax, origin, tip, colour=colour, width=2, gap=0.14, zorder=3)
            x, y = tip + 0.5 * (tip - origin) / length
            said = ax.text(x, y, name, color=colour, ha="center", va="center", fontsize=9)
            said.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1})


def _corners(places: np.ndarray) -> np.ndarray:
    """The points of a path without those on the straight line between their neighbours."""
    before, after = np.diff(places, axis=0)[:-1], np.diff(places, axis=0)[1:]
    turns = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > 1e-9
    return places[np.concatenate([[True], turns, [True]])]


def plot_bends(
    x: np.ndarray, parts: np.ndarray, bias: float, target: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The sum of what ReLU neurons add, beside a curve to follow; and each of them alone.

    ``parts`` has a column for each neuron.
    """
    left, right = plt.subplots(1, 2, figsize=(6.6, 2.7), sharex=True)[1]
    for name, y in target.items():
        left.plot(x, y, color=ORANGE, linestyle="--", label=name)
    left.plot(x, parts.sum(axis=1) + bias, color=BLUE, label="sum")
    right.plot(x, parts, color=BLUE, linewidth=1.2)
    left.legend(frameon=False, loc="best", fontsize=10)
    left.set(xlabel="input x", ylabel="output", xlim=(x[0], x[-1]))
    right.set(xlabel="input x", title="what each neuron adds")
    left.set(title=f"the sum of {parts.shape[1]} neurons and the bias")
    for ax in (left, right):
        ax.axhline(0, color=MUTED, linewidth=0.8)
    return np.array([left, right])
