"""Figures of chapter 5: what training costs, what layers do to sizes, and how runs go."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from nnlib.plots._style import BLUE, MUTED, ORANGE, STYLES, label_ends


def plot_cost(batch_sizes: np.ndarray, seconds: Mapping[str, np.ndarray]) -> np.ndarray:
    """The time of a step and of each example, over the batch size: a line for each name."""
    axes = plt.subplots(1, 2, figsize=(6.8, 3.0))[1]
    for (name, times), style in zip(seconds.items(), STYLES, strict=False):
        axes[0].plot(batch_sizes, 1e3 * times, "o", linestyle=style, markersize=4, label=name)
        axes[1].plot(batch_sizes, 1e6 * times / batch_sizes, "o", linestyle=style, markersize=4)
    axes[0].set(title="one step", ylabel="time (ms)")
    axes[1].set(title="each example", ylabel="time (µs)")
    axes[0].legend(frameon=False)
    for ax in axes:
        ax.set(xlabel="batch size", xscale="log", yscale="log")
        ax.set_xticks(batch_sizes, labels=[f"{size:,}" for size in batch_sizes])
        ax.xaxis.set_minor_locator(NullLocator())
        ax.grid(True)
    return axes


def plot_layers(sizes: Mapping[str, np.ndarray], *, ylabel: str) -> Axes:
    """One number for each layer, on a logarithmic scale, and a labelled line for each network."""
    ax = plt.subplots()[1]
    for values, style in zip(sizes.values(), STYLES, strict=False):
        ax.plot(np.arange(1, len(values) + 1), values, "o", linestyle=style, markersize=4)
    ax.set(xlabel="layer", ylabel=ylabel, yscale="log")
    ax.set_xticks(np.arange(1, max(map(len, sizes.values())) + 1))
    ax.grid(True)
    label_ends(ax, list(sizes))
    return ax


def plot_sweep(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    xlabel: str,
    ylabel: str,
    level: tuple[float, str] | None = None,
    log: bool = False,
) -> Axes:
    """A score over a setting that grows by factors: label to ``(settings, scores)``.

    ``level`` is a height to compare with, and its name; with ``log`` the scores grow by factors.
    """
    ax = plt.subplots()[1]
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
        ax.legend(frameon=False)
    if level is None:
        ax.set_xticks(settings, labels=[str(setting) for setting in settings])
        ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(True)
    return ax


def plot_history(training: np.ndarray, validation: np.ndarray, best: int) -> Axes:
    """The loss on both sets after each epoch, and the epoch with the lowest validation loss."""
    ax = plt.subplots()[1]
    epochs = np.arange(1, len(training) + 1)
    ax.plot(epochs, training)
    ax.plot(epochs, validation, linestyle="--")
    ax.plot(best + 1, validation[best], "o", color=ORANGE, markersize=8)
    ax.axvline(best + 1, color=ORANGE, linewidth=1, linestyle=":")
    note = {"xytext": (6, 0), "textcoords": "offset points", "color": ORANGE, "va": "top"}
    at_top = {"xy": (best + 1, 1), "xycoords": ("data", "axes fraction")}
    ax.annotate(f"lowest: epoch {best + 1}", **at_top, **note)
    ax.set(xlabel="epoch", ylabel="loss (nats)", ylim=(0, None))
    ax.grid(True)
    label_ends(ax, ["training", "validation"], lines=ax.lines[:2])
    return ax


def plot_failure(losses: Mapping[str, np.ndarray], *, level: float) -> Axes:
    """A failing run and the one with the remedy, and the loss of guessing as a level.

    Where a run ends in nan, a cross stands at its last number, or on the level if it has none.
    """
    ax = plt.subplots(figsize=(6.5, 2.9))[1]
    ends = []
    for (label, values), colour, style in zip(
        losses.items(), (ORANGE, BLUE), ("-", "--"), strict=True
    ):
        finite = np.flatnonzero(np.isfinite(values))
        last = finite[-1] if len(finite) else 0
        ax.plot(values, color=colour, linestyle=style, linewidth=1.3)
        ends.append((label, colour, last, values[last] if len(finite) else level))
        if last < len(values) - 1:
            ax.plot(last, ends[-1][3], "X", color=colour, markersize=9)
    _draw_level(ax, level, "guessing")
    ax.set(xlabel="step", ylabel="loss (nats)")
    _plain_logarithms(ax)
    ax.grid(True)
    for label, colour, last, height in ends:
        stopped = last < max(map(len, losses.values())) - 1
        where = "here" if last else "the first step"
        text = f"{label}: nan from {where} on" if stopped else label
        place = {"xytext": (8, 8 if stopped else 0), "textcoords": "offset points"}
        va = "bottom" if stopped else "center"
        ax.annotate(text, (last, height), color=colour, va=va, **place)
    return ax


def _plain_logarithms(ax: Axes) -> None:
    """A logarithmic scale with numbers such as 0.5 and 20 instead of powers."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    between = (1.0,) if high > 1e3 * low else (1.0, 2.0, 5.0)
    ax.yaxis.set_major_locator(LogLocator(subs=between))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _draw_level(ax: Axes, height: float, name: str, right: float = 0.82) -> None:
    ax.axhline(height, color=MUTED, linewidth=1, linestyle=":")
    ax.annotate(
        name, (right, height), xycoords=("axes fraction", "data"), color=MUTED, fontsize=10,
        xytext=(0, -3), textcoords="offset points", ha="right", va="top",
    )  # fmt: skip
