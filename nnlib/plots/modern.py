"""Figures of chapter 13: arrows that turn, gates, shared heads, and runs side by side."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Arc, Circle, Rectangle

from nnlib.plots._style import (
    BLUE,
    CYCLE,
    FAINT,
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


def plot_turn(vector: Sequence[float], angle: float) -> Axes:
    """An arrow before and after a turn, each as a walk along two axes that turn with it.

    The angle is in radians, counterclockwise.
    """
    x, y = vector
    ax = plt.subplots(figsize=(4.4, 3.9))[1]
    for turn, colour, style, name in ((0, MUTED, "--", "before"), (angle, BLUE, "-", "after")):
        first = np.array([np.cos(turn), np.sin(turn)])
        second = np.array([-np.sin(turn), np.cos(turn)])
        corner, tip = x * first, x * first + y * second
        for start, stop in ((0 * tip, corner), (corner, tip)):
            ax.plot(*np.stack([start, stop]).T, color=colour, linestyle=":", linewidth=1.4)
        arrow(ax, (0, 0), tip, colour=colour, width=2.4, gap=0, linestyle=style)
        for middle, way, off in ((corner / 2, x, -second), ((corner + tip) / 2, y, first)):
            ax.text(*(middle + 0.28 * off), f"{way:g}", color=colour, ha="center", va="center")
        ax.text(*(tip + 0.3 * first), name, color=colour, ha="left", va="center")
    wide = 1.3 * x
    ax.add_patch(Arc((0, 0), wide, wide, theta2=np.degrees(angle), color=ORANGE, linewidth=1.8))
    half = 0.62 * wide * np.array([np.cos(angle / 2), np.sin(angle / 2)])
    ax.text(*half, "θ", color=ORANGE, ha="center", va="center", fontsize=12)
    reach = 1.3 * np.hypot(x, y)
    ax.set(aspect="equal", xlim=(-0.55 * reach, reach), ylim=(-0.2 * reach, reach))
    ax.set(xlabel="first feature", ylabel="second feature")
    ax.grid(True)
    return ax


def plot_hands(angles: np.ndarray, places: Sequence[str], pairs: Sequence[str]) -> Axes:
    """A clock for each place and each pair, with a hand that began on the right.

    ``angles`` is (places, pairs), in radians and counterclockwise.
    """
    ax = canvas(4.8, 0.62 * len(places) + 0.62)
    columns = 1.35 + (4.5 - 1.35) * np.arange(len(pairs)) / max(len(pairs) - 1, 1)
    for x, name in zip(columns, pairs, strict=True):
        ax.text(x, 0.26, name, ha="center", va="center", color=MUTED, fontsize=10)
    for row, (y, name) in enumerate(zip(0.82 + 0.62 * np.arange(len(places)), places, strict=True)):
        ax.text(0.95, y, name, ha="right", va="center")
        for x, angle in zip(columns, angles[row], strict=True):
            ax.add_patch(Circle((x, y), 0.26, facecolor=PAPER, edgecolor=FAINT, linewidth=1.6))
            tip = x + 0.24 * np.cos(angle), y - 0.24 * np.sin(angle)
            arrow(ax, (x, y), tip, colour=BLUE, width=1.8, gap=0)
    return ax


def plot_tables(tables: Mapping[str, np.ndarray]) -> np.ndarray:
    """Scores as squares: a row for each query, a column for each key, a panel for each title.

    Positive scores are blue and filled, negative ones are orange and stand as small squares; the
    stronger the colour, the larger the number.
    """
    axes = plt.subplots(1, len(tables), figsize=(4.8, 2.75), sharey=True, squeeze=False)[1][0]
    for ax, (title, table) in zip(axes, tables.items(), strict=True):
        most = np.abs(table).max()
        for (row, column), value in np.ndenumerate(table):
            strength = round(8 * abs(value) / most) / 8
            side, colour = (1.0, BLUE) if value > 0 else (0.6, ORANGE)
            corner = column - side / 2, row - side / 2
            if strength:
                ax.add_patch(Rectangle(corner, side, side, facecolor=colour, alpha=0.8 * strength))
        n = len(table)
        ax.set(
            xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), aspect="equal", xlabel="place of the key"
        )
        ax.set_title(title, fontsize=10)
        ax.spines[:].set(visible=True, color=FAINT)
    axes[0].set_ylabel("place of the query")
    return axes


def plot_gated() -> Axes:
    """The MLP of chapter 12 and the gated one, from the input on the left to the output."""
    ax = canvas(4.8, 3.3)
    for y, title in ((0.2, "MLP with GELU"), (1.45, "SwiGLU")):
        ax.text(0.08, y, title, va="center", fontweight="semibold")
    high, upper, lower = 0.72, 1.98, 2.82
    middle = (upper + lower) / 2
    for y in (high, middle):
        ax.text(0.16, y, "$x$", ha="center", va="center")
    for start, stop in (((0.26, high), (0.5, high)), ((1.5, high), (1.78, high)),
                        ((2.58, high), (3.32, high)), ((4.32, high), (4.7, high))):  # fmt: skip
        arrow(ax, start, stop, gap=0)
    box(ax, 1.0, high, "read\nD to 4D", PURPLE, width=1.0)
    box(ax, 2.18, high, "GELU", ORANGE, width=0.8)
    box(ax, 3.82, high, "write\n4D to D", PURPLE, width=1.0)
    for y, name in ((upper, "gate"), (lower, "up")):
        arrow(ax, (0.26, middle), (0.5, y), gap=0.03)
        box(ax, 1.0, y, f"{name}\nD to hidden", PURPLE, width=1.0)
    arrow(ax, (1.5, upper), (1.78, upper), gap=0)
    box(ax, 2.18, upper, "SiLU", ORANGE, width=0.8)
    ax.plot((2.58, 2.95), (upper, upper), color=MUTED, linewidth=1.4)
    ax.plot((1.5, 2.95), (lower, lower), color=MUTED, linewidth=1.4)
    for y, end in ((upper, middle - 0.17), (lower, middle + 0.17)):
        arrow(ax, (2.95, y), (2.95, end), gap=0)
    node(ax, 2.95, middle, "×", colour=ORANGE, r=0.17)
    arrow(ax, (3.12, middle), (3.32, middle), gap=0)
    box(ax, 3.82, middle, "down\nhidden to D", PURPLE, width=1.0)
    arrow(ax, (4.32, middle), (4.7, middle), gap=0)
    return ax


def plot_groups(n_heads: int, shared: Mapping[str, int]) -> Axes:
    """Heads of queries above, and below them the heads of keys and values that they ask."""
    height = 1.28
    ax = canvas(4.8, height * len(shared))
    places = 0.5 + 3.9 * np.arange(n_heads) / max(n_heads - 1, 1)
    for row, (title, n_groups) in enumerate(shared.items()):
        top = height * row
        ax.text(0.08, top + 0.18, title, va="center", fontweight="semibold")
        for keys in np.split(places, n_groups):
            below = keys.mean()
            for x in keys:
                ax.plot((x, below), (top + 0.5, top + 1.0), color=MUTED, linewidth=1.2, zorder=1)
                node(ax, x, top + 0.5, "q", colour=BLUE, r=0.15)
            box(ax, below, top + 1.0, "k, v", ORANGE, width=0.4, height=0.28)
    return ax


def plot_tries(runs: Mapping[str, Sequence[float]], floor: float, *, xlabel: str) -> Axes:
    """Every run as a mark, a row for each model with a bar at its mean, and a line for the floor.

    Names that begin with "control" have open marks.
    """
    ax = plt.subplots(figsize=(4.8, 0.36 * len(runs) + 0.9))[1]
    for row, (name, values) in enumerate(runs.items()):
        control = name.startswith("control")
        colour = ORANGE if control else BLUE
        ax.plot(values, np.full(len(values), row), "D" if control else "o", color=colour,
                markerfacecolor=PAPER if control else colour, markersize=6)  # fmt: skip
        ax.plot([np.mean(values)] * 2, (row - 0.3, row + 0.3), color=colour, linewidth=1.4)
    ax.axvline(floor, color=INK, linewidth=1.2, linestyle="--")
    ax.text(floor, len(runs) - 0.42, " floor", va="center", fontsize=9.5)
    ax.set_yticks(range(len(runs)), labels=[name.removeprefix("control: ") for name in runs])
    ax.set(xlabel=xlabel, ylim=(len(runs) - 0.15, -0.6))
    ax.grid(True, axis="x")
    return ax


def plot_places(curves: Mapping[str, np.ndarray], edge: int) -> Axes:
    """A number for each place of a text, a curve for each model, and an edge for training."""
    ax = plt.subplots(figsize=(4.8, 3.2))[1]
    for values, style, colour in zip(curves.values(), STYLES, CYCLE, strict=False):
        ax.plot(np.arange(len(values)), values, linestyle=style, color=colour)
    longest = max(map(len, curves.values()))
    ax.axvline(edge, color=MUTED, linewidth=1, linestyle=STYLES[3])
    ax.set(xlabel="place in the text", ylabel="above the language (nats)", xlim=(0, longest - 1))
    ax.set_ylim(0, None)
    ax.grid(True)
    label_ends(ax, list(curves), ax.lines[: len(curves)])
    return ax


def plot_caches(times: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Axes:
    """Milliseconds for a token over the tokens in the cache: a named line each."""
    ax = plt.subplots(figsize=(4.8, 3.2))[1]
    for (tokens, values), style in zip(times.values(), STYLES, strict=False):
        ax.plot(tokens, values, "o", linestyle=style, markersize=4)
    ax.set(xlabel="tokens in the cache", ylabel="time for one more (ms)", ylim=(0, None))
    ax.grid(True)
    label_ends(ax, list(times))
    return ax
