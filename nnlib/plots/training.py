"""Figures of chapter 5: what training costs, what layers do to sizes, and how runs go."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from nnlib.plots._style import (
    BLUE,
    MUTED,
    ORANGE,
    STYLES,
    label_ends,
)

NARROW = (4.8, 3.2)  # as wide as a telephone


def plot_cost(batch_sizes: np.ndarray, seconds: Mapping[str, np.ndarray]) -> np.ndarray:
    """The time of a step and of each example, over the batch size: a line for each name."""
    axes = plt.subplots(1, 2, figsize=(4.8, 2.7))[1]
    for (name, times), style in zip(seconds.items(), STYLES, strict=False):
        axes[0].plot(batch_sizes, 1e3 * times, "o", linestyle=style, markersize=4, label=name)
        axes[1].plot(batch_sizes, 1e6 * times / batch_sizes, "o", linestyle=style, markersize=4)
    axes[0].set(title="one step", ylabel="time (ms)")
    axes[1].set(title="each example", ylabel="time (µs)")
    axes[0].legend(frameon=False)
    for ax in axes:
        ax.set(xlabel="batch size", xscale="log")
        _plain_logarithms(ax)
        ax.set_xticks(batch_sizes[::2], labels=[f"{size:,}" for size in batch_sizes[::2]])
        ax.xaxis.set_minor_locator(NullLocator())
        ax.grid(True)
    return axes


def plot_layers(sizes: Mapping[str, np.ndarray], *, ylabel: str) -> Axes:
    """One number for each layer, on a logarithmic scale, and a labelled line for each network."""
    ax = plt.subplots(figsize=NARROW)[1]
    for values, style in zip(sizes.values(), STYLES, strict=False):
        ax.plot(np.arange(1, len(values) + 1), values, "o", linestyle=style, markersize=4)
    ax.set(xlabel="layer", ylabel=ylabel, yscale="log")
    depth = max(map(len, sizes.values()))
    ax.set_xlim(0.6, 1.42 * depth)
    ax.set_xticks(np.arange(1, depth + 1))
    ax.margins(y=0.12)  # room for a name above the highest curve
    ax.grid(True)
    label_ends(ax, list(sizes))
    return ax


def plot_runs(
    runs: Mapping[str, np.ndarray], *, ylabel: str = "loss (nats)", log: bool = False, mean: int = 1
) -> Axes:
    """A number against the step, one named curve for each run; ``mean`` steps are averaged."""
    ax = plt.subplots(figsize=NARROW)[1]
    for values, style in zip(runs.values(), cycle(STYLES)):
        smooth = np.convolve(values, np.ones(mean) / mean, mode="valid")
        ax.plot(np.arange(len(smooth)) + mean, smooth, linestyle=style, linewidth=1.5)
    ax.set(xlabel="step", ylabel=ylabel)
    if log:
        _plain_logarithms(ax)
    else:
        ax.set_ylim(0, None)
    ax.grid(True)
    if len(runs) > 1:
        label_ends(ax, list(runs))
    return ax


def plot_valleys(
    valleys: Mapping[str, tuple[np.ndarray, np.ndarray]], lowest: Sequence[float]
) -> np.ndarray:
    """The mean squared error over the two weights of a neuron, and a walk on it.

    ``valleys`` is name to ``(features, path)``, and the error is 0 at ``lowest``.
    """
    axes = plt.subplots(1, len(valleys), figsize=(4.8, 2.6), sharex=True, sharey=True)[1]
    w1, w2 = np.meshgrid(np.linspace(-2.6, 4.6, 120), np.linspace(-2.6, 4.6, 120))
    away = np.stack([w1 - lowest[0], w2 - lowest[1]], axis=-1)
    for ax, (name, (features, path)) in zip(axes, valleys.items(), strict=True):
        error = np.sqrt(np.mean((away @ features.T) ** 2, axis=-1))
        ax.contour(w1, w2, error, levels=9, colors=[MUTED], linewidths=0.8)
        ax.plot(*path.T, "o-", color=ORANGE, markersize=3.5, linewidth=1.4)
        ax.plot(*path[0], "o", color=BLUE, markersize=7)
        ax.plot(*lowest, "X", color=BLUE, markersize=7)
        ax.set(title=name, xlabel="weight $w_1$", aspect="equal")
    axes[0].set(ylabel="weight $w_2$")
    return axes


def plot_sweep(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    xlabel: str,
    ylabel: str,
    level: tuple[float, str] | None = None,
    log: bool = False,
    legend: str = "",
) -> Axes:
    """A score over a setting that grows by factors: label to ``(settings, scores)``.

    ``level`` is a height to compare with, and its name; with ``log`` the scores grow by factors;
    ``legend`` is where the names stand if the settings are too many to be named themselves.
    """
    ax = plt.subplots(figsize=NARROW)[1]
    for (label, (settings, scores)), style in zip(curves.items(), STYLES, strict=False):
        ax.plot(settings, scores, "o", linestyle=style, markersize=4, label=label)
    if level:
        _draw_level(ax, *level, right=0.99)
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale="log")
    if log:
        _plain_logarithms(ax)
    else:
        ax.set_ylim(0, None)
    if len(curves) > 1:
        ax.legend(frameon=False, loc=legend or "best")
    if level is None and not legend:
        ax.set_xticks(settings, labels=[str(setting) for setting in settings])
        ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(True)
    return ax


def plot_failure(losses: Mapping[str, np.ndarray], *, level: float) -> Axes:
    """A failing run and a healthy one, and the loss of guessing as a level.

    Where a run ends in nan, a cross stands at its last number, or on the level if it has none.
    """
    ax = plt.subplots(figsize=(4.8, 2.8))[1]
    for (label, values), colour, style in zip(
        losses.items(), (ORANGE, BLUE), ("-", "--"), strict=True
    ):
        finite = np.flatnonzero(np.isfinite(values))
        last = finite[-1] if len(finite) else 0
        line = len(finite) > 1
        ax.plot(values, color=colour, linestyle=style, linewidth=1.3, label=label * line)
        if last < len(values) - 1:
            height = values[last] if len(finite) else level
            name = "" if line else label
            ax.plot(last, height, "X", color=colour, markersize=9, linestyle="", label=name)
            where = "here" if last else "the first step"
            place = {"xytext": (8, 8), "textcoords": "offset points", "va": "bottom"}
            ax.annotate(f"nan from {where} on", (last, height), color=colour, **place)
    _draw_level(ax, level, "guessing", right=0.99)
    ax.set(xlabel="step", ylabel="loss (nats)")
    _plain_logarithms(ax)
    ax.grid(True)
    ax.legend(frameon=False)
    return ax


def _plain_logarithms(ax: Axes) -> None:
    """A logarithmic scale with numbers such as 0.5 and 20 instead of powers."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    between = (1.0,) if high > 1e3 * low else (1.0, 2.0, 5.0)
    ax.yaxis.set_major_locator(LogLocator(subs=between))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _draw_level(ax: Axes, height: float, name: str, right: float) -> None:
    ax.axhline(height, color=MUTED, linewidth=1, linestyle=":")
    ax.annotate(
        name, (right, height), xycoords=("axes fraction", "data"), color=MUTED, fontsize=10,
        xytext=(0, -3), textcoords="offset points", ha="right", va="top",
    )  # fmt: skip
