"""The colours and the typeface of the book, and small parts that drawings share."""

import importlib.util
from collections.abc import Sequence
from importlib import resources
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

# Each colour as it is drawn, and what the page puts in its place in the light and the dark theme,
# where words have it too and need more contrast.
COLOURS = {
    "paper": ("#fffefb", "#fffefb", "#17191e"),
    "ink": ("#1f2430", "#1f2430", "#e3e0d7"),
    "muted": ("#7a8190", "#5c6370", "#a2a7b1"),
    "faint": ("#e4e2da", "#e4e2da", "#353a44"),
    "blue": ("#1f5fa8", "#1f5fa8", "#82b4ef"),
    "orange": ("#c2570c", "#b34f0a", "#ee9a5e"),
    "green": ("#2f7d4f", "#2b7449", "#7cc299"),
    "purple": ("#7a4aa8", "#7a4aa8", "#c3a1e8"),
    "red": ("#b3261e", "#b3261e", "#f0908a"),
    "gold": ("#a67c00", "#8a6700", "#dfba55"),
}
_drawn = tuple(drawn for drawn, _, _ in COLOURS.values())
(PAPER, INK, MUTED, FAINT), CYCLE = _drawn[:4], _drawn[4:]
BLUE, ORANGE, GREEN, PURPLE, *_ = CYCLE
# As many line styles, so that curves can be told apart without colour.
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))

# Negative weights are orange, positive ones blue, zero is pale: readable without red and green.
SIGNED = LinearSegmentedColormap.from_list("signed", [ORANGE, "#f3efe6", BLUE])


def use_book_style() -> None:
    """Draw as the book does: vector figures in its colours and its typeface."""
    typeface = _typeface()
    plt.rcParams.update(
        {
            "figure.figsize": (6.5, 3.4),
            "figure.facecolor": PAPER,
            "figure.constrained_layout.use": True,
            "axes.facecolor": PAPER,
            "axes.edgecolor": MUTED,
            "axes.labelcolor": INK,
            "axes.prop_cycle": plt.cycler(color=CYCLE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 11,
            "font.family": typeface,
            "font.size": 11,
            "grid.color": FAINT,
            "image.cmap": "gray",
            "lines.linewidth": 2,
            "mathtext.fontset": "custom",
            "mathtext.rm": typeface,
            "mathtext.it": f"{typeface}:italic",
            "mathtext.bf": f"{typeface}:bold",
            "mathtext.cal": typeface,
            "svg.fonttype": "none",
            "svg.hashsalt": "nnlib",
            "text.color": INK,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
        }
    )
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside Jupyter
        return
    set_matplotlib_formats("svg", metadata={"Date": None})


def _typeface() -> str:
    if importlib.util.find_spec("font_source_sans_pro") is None:
        return "DejaVu Sans"
    for style in ("Regular", "It", "Semibold", "Bold"):
        file = resources.files("font_source_sans_pro") / "files" / f"SourceSansPro-{style}.ttf"
        with resources.as_file(file) as path:
            font_manager.fontManager.addfont(path)
    return "Source Sans Pro"


def canvas(width: float, height: float) -> Axes:
    """An empty drawing area in inches, with the origin at the top left."""
    figure = plt.figure(figsize=(width, height))
    figure.set_layout_engine("none")
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.axis("off")
    return ax


def number(value: float) -> str:
    """Up to four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def node(ax: Axes, x: float, y: float, text: str = "", *, colour: str = INK, r: float = 0.27):
    ax.add_patch(Circle((x, y), r, facecolor=PAPER, edgecolor=colour, linewidth=1.6, zorder=3))
    ax.text(x, y, text, ha="center", va="center", zorder=4)


def arrow(
    ax: Axes, start, end, *, colour: str = MUTED, width: float = 1.4, gap: float = 0.36, **style
) -> None:
    """From start to end, with a gap at both; style goes to the patch."""
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    along = (end - start) / np.hypot(*(end - start))
    arrow = FancyArrowPatch(
        start + gap * along,
        end - gap * along,
        shrinkA=0,
        shrinkB=0,
        color=colour,
        linewidth=width,
        **{"arrowstyle": "-|>,head_length=3.5,head_width=2"} | style,
    )
    ax.add_patch(arrow)


def box(
    ax: Axes, x, y, text: str, colour: str, *, width: float, height: float = 0.44, size: float = 9
) -> None:
    """A rounded box around its middle, with a text in it."""
    frame = FancyBboxPatch(
        (x - width / 2, y - height / 2),
        width,
        height,
        boxstyle="round,pad=0,rounding_size=0.07",
        facecolor=PAPER,
        edgecolor=colour,
        linewidth=1.6,
        zorder=3,
    )
    ax.add_patch(frame)
    ax.text(x, y, text, ha="center", va="center", fontsize=size, linespacing=1.05, zorder=4)


def label_ends(ax: Axes, labels: list[str], lines=None) -> None:
    """Each curve's name at its right end, moved apart where they would touch."""
    lines = lines or ax.lines
    to_axes = ax.transData - ax.transAxes
    ends = [to_axes.transform((line.get_xdata()[-1], line.get_ydata()[-1]))[1] for line in lines]
    for line, label, height in zip(lines, labels, _kept_apart(ends, 0.09), strict=True):
        ax.text(1.01, height, label, color=line.get_color(), va="center", transform=ax.transAxes)


def _kept_apart(heights: Sequence[float], gap: float) -> np.ndarray:
    """The heights, moved as far as labels need to stand clear of each other."""
    kept = np.array(heights, dtype=float)
    order = np.argsort(kept, kind="stable")
    for below, above in pairwise(order):
        kept[above] = max(kept[above], kept[below] + gap)
    return kept - (kept - np.array(heights)).mean()
