"""Figures of chapter 7: weights, strengths, explanations, a space in two dimensions, confidence."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnlib.plots._style import BLUE, CYCLE, FAINT, INK, MUTED, ORANGE, PAPER, draw_signed

WIDTH = 4.8  # in inches: as wide as a phone can show


def plot_weights(rows: Sequence, names: Sequence[str]) -> np.ndarray:
    """Images of weights, a row of them for each name, all of 28 × 28 pixels.

    Positive weights are blue and solid, negative ones orange and striped, pale zero, each image on
    its own scale.
    """
    columns = len(rows[0])
    size = (WIDTH, len(rows) * WIDTH / max(columns, 3))
    axes = plt.subplots(len(rows), columns, figsize=size, squeeze=False)[1]
    for line, weights, name in zip(axes, rows, names, strict=True):
        for ax, image in zip(line, weights, strict=True):
            draw_signed(ax, image)
        beside = {"xytext": (-8, 0), "textcoords": "offset points", "rotation": 90}
        at = {"xycoords": "axes fraction", "ha": "center", "va": "center", "fontsize": 10}
        line[0].annotate(name, (0, 0.5), **beside, **at)
    axes[0, 0].figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    return axes


def plot_explanations(image: np.ndarray, maps: Mapping[str, np.ndarray]) -> np.ndarray:
    """An image beside maps of signed numbers for its pixels, each with the image's outline.

    Positive is blue and solid, negative orange and striped, pale zero, each map on its own scale.
    The maps are pale in both themes of the book, so the outline is black in both.
    """
    figure, axes = plt.subplots(-(-(1 + len(maps)) // 2), 2, squeeze=False)
    figure.set_size_inches(WIDTH, len(axes) * (WIDTH / 2 + 0.25))
    axes = axes.ravel()
    picture = image.reshape(28, 28)
    axes[0].imshow(picture, vmin=0, vmax=1, interpolation="none")
    axes[0].set_title("image", fontsize=10)
    for ax, (title, values) in zip(axes[1:], maps.items(), strict=False):
        draw_signed(ax, values)
        ax.contour(picture, levels=[0.5], colors=["black"], linewidths=0.8)
        ax.set_title(title, fontsize=10)
    for ax in axes:
        ax.axis("off")
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    return axes


def plot_unit(
    strengths: np.ndarray, labels: np.ndarray, votes: np.ndarray, *, threshold: float
) -> np.ndarray:
    """A neuron: how strongly it answers to images of each class, and its weight in each score.

    Classes are rows: on the left a dot for each image, with the share above the threshold; on the
    right a bar, striped where the vote is against the class.
    """
    left, right = plt.subplots(1, 2, figsize=(4.8, 3.1), sharey=True, width_ratios=(1.7, 1))[1]
    for k in range(len(votes)):
        own = strengths[labels == k]
        heights = k + 0.5 * ((np.arange(len(own)) * 0.618) % 1 - 0.5)
        above = own > threshold
        for part, colour in ((above, BLUE), (~above, MUTED)):
            _draw_dots(left, own[part], heights[part], colour)
        left.annotate(
            f"{above.mean():.0%}", (1, k), xycoords=("axes fraction", "data"), va="center",
            ha="right", fontsize=9, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    left.axvline(threshold, color=INK, linestyle="--", linewidth=1.2)
    left.set(xlabel="activation", ylabel="digit", yticks=range(len(votes)))
    left.set(xlim=(-0.3, 1.22 * max(strengths.max(), threshold, 1)))
    left.set_ylim(len(votes) - 0.5, -0.5)
    bars = right.barh(range(len(votes)), votes, height=0.6, color=BLUE)
    for bar, vote in zip(bars, votes, strict=True):
        if vote < 0:
            bar.set(facecolor=PAPER, edgecolor=ORANGE, hatch="//////", linewidth=1)
    right.axvline(0, color=MUTED, linewidth=0.8)
    right.set(xlabel="vote")
    return np.array([left, right])


def _draw_dots(ax: Axes, x: np.ndarray, y: np.ndarray, colour: str) -> None:
    """Dots as one line with round ends and gaps: a fifth of the text that markers would take."""
    ends = np.stack([np.column_stack([x, y]), np.column_stack([x + 1e-3, y])], axis=1)
    path = Path(ends.reshape(-1, 2), np.tile([Path.MOVETO, Path.LINETO], len(x)))
    path.should_simplify = False
    style = {"facecolor": "none", "edgecolor": colour, "linewidth": 2.6, "capstyle": "round"}
    style["snap"] = False  # or else what is shorter than a pixel is gone
    ax.add_patch(PathPatch(path, **style))


def plot_firing(panels: Mapping[str, np.ndarray]) -> np.ndarray:
    """For each class (row) and neuron (column): the share of images for which it fires."""
    figure, axes = plt.subplots(
        len(panels), 1, figsize=(WIDTH, 1.8 * len(panels)), sharex=True, squeeze=False
    )
    for ax, (title, shares) in zip(axes[:, 0], panels.items(), strict=True):
        picture = ax.imshow(shares, vmin=0, vmax=1, aspect="auto", interpolation="none")
        ax.set(ylabel="digit", yticks=range(0, len(shares), 3))
        ax.set_title(title, fontsize=10)
    axes[-1, 0].set(xlabel="hidden neuron")
    bar = figure.colorbar(picture, ax=axes, pad=0.02, ticks=(0, 0.5, 1))
    bar.set_label("share of images")
    return axes[:, 0]


def plot_space(panels: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Points in the plane, each drawn as the digit of its class: ``(points, labels)`` a panel."""
    size = (WIDTH, 0.3 + WIDTH / len(panels))
    axes = plt.subplots(1, len(panels), figsize=size, squeeze=False)[1][0]
    for ax, (title, (points, labels)) in zip(axes, panels.items(), strict=True):
        for k in np.unique(labels):
            x, y = points[labels == k].T
            colour = CYCLE[k % len(CYCLE)]
            ax.scatter(x, y, marker=f"${k}$", s=30, color=colour, linewidths=0)
        ax.set_title(title, fontsize=10)
        ax.set(xticks=[], yticks=[], aspect="equal", adjustable="datalim")
        ax.set_xlabel("first direction")
    axes[0].set_ylabel("second direction")
    return axes


def plot_calibration(panels: Mapping[str, tuple]) -> np.ndarray:
    """How often answers are right, against how sure they are: a panel for each title.

    Each panel is ``(confidence, accuracy, count)``, a number for each bin. On the dashed line
    the two agree. The number beside a dot says how many answers it stands for.
    """
    size = (WIDTH / 2 * len(panels), 2.8)
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
