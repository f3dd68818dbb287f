"""Figures of chapter 7: explanations of one image, neurons at work, and confidence."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from nnlib.plots._style import BLUE, FAINT, MUTED, ORANGE, PAPER, SIGNED


def plot_explanations(image: np.ndarray, maps: Mapping[str, np.ndarray]) -> np.ndarray:
    """An image beside maps of signed numbers for its pixels, each with the image's outline.

    Blue is positive, orange negative, pale zero, each map on its own scale. The maps are pale in
    both themes of the book, so the outline is black in both.
    """
    columns = 1 + len(maps)
    figure, axes = plt.subplots(1, columns, figsize=(6.8, 6.8 / columns + 0.3))
    picture = image.reshape(28, 28)
    axes[0].imshow(picture, vmin=0, vmax=1, interpolation="none")
    axes[0].set_title("image", fontsize=10)
    for ax, (title, values) in zip(axes[1:], maps.items(), strict=True):
        limit = float(np.abs(values).max())
        ax.imshow(
            values.reshape(28, 28), cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="none"
        )
        ax.contour(picture, levels=[0.5], colors=["black"], linewidths=0.8)
        ax.set_title(title, fontsize=10)
    for ax in axes:
        ax.axis("off")
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    return axes


def plot_firing(shares: np.ndarray) -> Axes:
    """For each class (row) and neuron (column): the share of images for which it fires."""
    figure, ax = plt.subplots(figsize=(6.8, 2.4))
    picture = ax.imshow(shares, vmin=0, vmax=1, aspect="auto", interpolation="none")
    ax.set(xlabel="hidden neuron", ylabel="digit", yticks=range(len(shares)))
    bar = figure.colorbar(picture, ax=ax, pad=0.02, ticks=(0, 0.5, 1))
    bar.set_label("share of images")
    return ax


def plot_calibration(panels: Mapping[str, tuple]) -> np.ndarray:
    """How often answers are right, against how sure they are: a panel for each title.

    Each panel is ``(confidence, accuracy, count)``, a number for each bin. On the dashed line
    the two agree. The number beside a dot says how many answers it stands for.
    """
    size = (3.3 * len(panels), 3.2)
    axes = plt.subplots(1, len(panels), figsize=size, sharey=True, squeeze=False)[1][0]
    for ax, (title, (confidence, accuracy, count)) in zip(axes, panels.items(), strict=True):
        ax.plot([0, 1], [0, 1], "--", color=MUTED, linewidth=1.2)
        for sure, right, number in zip(confidence, accuracy, count, strict=True):
            if number:
                ax.plot([sure, sure], [sure, right], color=ORANGE, linewidth=1.6)
                ax.plot(sure, right, "o", color=BLUE, markersize=6)
                label = ax.annotate(
                    f"{number:.0f}", (sure, right), xytext=(0, -13), textcoords="offset points",
                    ha="center", va="center", color=MUTED, fontsize=8,
                )  # fmt: skip
                label.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.6})
        ax.set(title=title, xlabel="confidence", xlim=(0, 1.04), ylim=(-0.08, 1.04))
        ax.grid(True, color=FAINT)
    axes[0].set_ylabel("share of right answers")
    return axes
