"""The colours and the typeface of the book, and small parts that drawings share."""

import importlib.util
from collections.abc import Iterator, Sequence
from importlib import resources

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.transforms import Bbox

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
SHADES = 8  # on each side of zero: few of them make small files


def use_book_style() -> None:
    """Draw as the book does: vector figures in its colours and its typeface."""
    typeface = _typeface()
    plt.rcParams.update(
        {
            "figure.figsize": (5.5, 3.2),  # fits a phone, see book/_ext/figure_html.py
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


def label_ends(ax: Axes, labels: Sequence[str], lines: Sequence[Line2D] | None = None) -> None:
    """Each curve's name beside it, inside the axes, and as far right as there is room."""
    ax.get_xlim(), ax.get_ylim()  # from now on a number has its place on the screen
    grid = np.linspace(ax.bbox.x0, ax.bbox.x1, 100)
    curves = {line: _on_the_screen(line, grid) for line in ax.lines}
    placed: list[Bbox] = []
    for line, label in zip(lines or ax.lines, labels, strict=True):
        if not label:
            continue
        name = ax.text(0, 0, label, color=line.get_color(), ha="right", va="bottom")
        name.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.5, "alpha": 0.8})

        def crowding(place: Bbox, curve: np.ndarray = curves[line]) -> float:
            early = np.nanmax(grid[np.isfinite(curve)]) - place.x1
            covered = sum(place.padded(3).overlaps(other) for other in placed)
            crossed = sum(_crossings(place.padded(3), grid, other) for other in curves.values())
            return 0.5 * abs(early) + _away(place, grid, curve) + 60 * crossed + 1e4 * covered

        size = name.get_window_extent().size
        corner = Bbox.from_bounds(ax.bbox.x0, ax.bbox.y1 - size[1], *size)
        places = _places(curves[line], grid, ax.bbox, size)
        placed.append(min(places, key=crowding, default=corner))
        name.set_position(ax.transData.inverted().transform((placed[-1].x1, placed[-1].y0)))


def _on_the_screen(line: Line2D, grid: np.ndarray) -> np.ndarray:
    """The heights of a curve over points on the screen, and nan where it is not."""
    x, y = line.axes.transData.transform(line.get_xydata()).T
    drawn = np.isfinite(x) & np.isfinite(y)
    return np.interp(grid, x[drawn], y[drawn], left=np.nan, right=np.nan)


def _places(curve: np.ndarray, grid: np.ndarray, inside: Bbox, size: np.ndarray) -> Iterator[Bbox]:
    """Boxes inside the axes, above and below a curve, that do not touch it."""
    width, height = size
    for right in grid[::-3][grid[::-3] > grid[0] + width] - 4:
        under = curve[(grid >= right - width) & (grid <= right)]
        if np.isfinite(under).any():
            for low in (np.nanmax(under) + 4, np.nanmin(under) - 4 - height):
                if inside.y0 + 2 < low < inside.y1 - 2 - height:
                    yield Bbox.from_bounds(right - width, low, width, height)


def _crossings(box: Bbox, grid: np.ndarray, curve: np.ndarray) -> int:
    """How many pieces of a curve run through a box."""
    low, high = np.minimum(curve[1:], curve[:-1]), np.maximum(curve[1:], curve[:-1])
    under = (grid[1:] > box.x0) & (grid[:-1] < box.x1)
    return int((under & (low < box.y1) & (high > box.y0)).sum())


def _away(box: Bbox, grid: np.ndarray, curve: np.ndarray) -> float:
    """How far from a box the curve comes that it stands beside."""
    under = (grid > box.x0) & (grid < box.x1)
    return float(np.nanmax(np.abs(curve[under] - (box.y0 + box.y1) / 2)))


def draw_signed(ax: Axes, values: np.ndarray, most: float | None = None) -> None:
    """784 signed numbers as an image of few colours; of a negative pixel the upper half is drawn.

    The strongest colours stand for ``most``, or for the largest of the numbers.
    """
    levels = np.round(SHADES * values / (most or np.abs(values).max() or 1))
    halves = np.repeat(levels.reshape(28, 28), 2, axis=0)
    halves[1::2] = np.maximum(halves[1::2], 0)
    ax.imshow(
        halves, cmap=SIGNED, vmin=-SHADES, vmax=SHADES, interpolation="none", aspect="equal",
        extent=(-0.5, 27.5, 27.5, -0.5),
    )  # fmt: skip
    ax.axis("off")
