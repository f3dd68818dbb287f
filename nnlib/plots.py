"""Figures: data in, Axes out, and no mathematics."""

import importlib.util
from collections.abc import Mapping, Sequence
from importlib import resources
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

# The book replaces each of these colours by one that suits the reader's theme.
PAPER, INK, MUTED, FAINT = "#fffefb", "#1f2430", "#7a8190", "#e4e2da"
BLUE, ORANGE, GREEN, PURPLE = "#1f5fa8", "#c2570c", "#2f7d4f", "#7a4aa8"
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, "#b3261e", "#a67c00")

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


def _canvas(width: float, height: float) -> Axes:
    """An empty drawing area in inches, with the origin at the top left."""
    figure = plt.figure(figsize=(width, height))
    figure.set_layout_engine("none")
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.axis("off")
    return ax


def _number(value: float) -> str:
    """Up to four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def _node(ax: Axes, x: float, y: float, text: str = "", *, colour: str = INK, r: float = 0.27):
    ax.add_patch(Circle((x, y), r, facecolor=PAPER, edgecolor=colour, linewidth=1.6, zorder=3))
    ax.text(x, y, text, ha="center", va="center", zorder=4)


def _arrow(ax: Axes, start, end, *, colour: str = MUTED, width: float = 1.4, gap: float = 0.36):
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    along = (end - start) / np.hypot(*(end - start))
    arrow = FancyArrowPatch(
        start + gap * along,
        end - gap * along,
        arrowstyle="-|>,head_length=3.5,head_width=2",
        shrinkA=0,
        shrinkB=0,
        color=colour,
        linewidth=width,
    )
    ax.add_patch(arrow)


def plot_neuron(x: Sequence[float], w: Sequence[float], b: float, z: float, a: float) -> Axes:
    """One neuron with its numbers: inputs, weights on the edges, bias, sum and activation."""
    height = max(2.2, 0.75 * len(x) + 0.5)
    ax = _canvas(6.5, height)
    middle, widest = height / 2, max(map(abs, w))
    for i, (value, weight) in enumerate(zip(x, w, strict=True)):
        y = middle + (i - (len(x) - 1) / 2) * 0.75
        colour = BLUE if weight >= 0 else ORANGE
        _arrow(ax, (0.9, y), (3.1, middle), colour=colour, width=0.8 + 2.4 * abs(weight) / widest)
        _node(ax, 0.9, y, _number(value))
        ax.text(0.5, y, f"$x_{i + 1}$", ha="right", va="center", color=MUTED)
        at_x, at_y = 0.9 + 0.42 * 2.2, y + 0.42 * (middle - y)
        label = ax.text(
            at_x, at_y, _number(weight), color=colour, ha="center", va="center", zorder=5
        )
        label.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
    _arrow(ax, (3.1, -0.1), (3.1, middle), colour=GREEN)
    ax.text(3.22, 0.22, f"bias {_number(b)}", color=GREEN, va="center")
    _node(ax, 3.1, middle, "Σ", r=0.32)
    _arrow(ax, (3.1, middle), (4.7, middle))
    ax.text(3.9, middle - 0.14, f"z = {_number(z)}", ha="center")
    _node(ax, 4.7, middle, "φ", r=0.32)
    _arrow(ax, (4.7, middle), (6.2, middle))
    ax.text(5.52, middle - 0.14, f"a = {_number(round(a, 3))}", ha="center")
    for at, text in ((0.9, "inputs"), (2.0, "weights"), (3.1, "sum and bias"), (4.7, "function")):
        ax.text(at, height - 0.08, text, ha="center", va="bottom", color=MUTED, fontsize=10)
    return ax


def plot_curves(
    x: np.ndarray,
    curves: Mapping[str, np.ndarray],
    *,
    xlabel: str,
    ylabel: str,
    log: bool = False,
) -> Axes:
    """Curves over one axis, each labelled at its right end, with a different line style."""
    ax = plt.subplots()[1]
    styles = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
    for y, style in zip(curves.values(), styles, strict=False):
        ax.plot(x, y, linestyle=style)
    scale = "log" if log else "linear"
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale=scale, yscale=scale, xlim=(x[0], x[-1]))
    ax.grid(True)
    to_axes = ax.transData - ax.transAxes
    ends = [to_axes.transform((x[-1], y[-1]))[1] for y in curves.values()]
    for line, label, height in zip(ax.lines, curves, _kept_apart(ends, 0.09), strict=True):
        ax.text(1.01, height, label, color=line.get_color(), va="center", transform=ax.transAxes)
    return ax


def _kept_apart(heights: Sequence[float], gap: float) -> np.ndarray:
    """The heights, moved as far as labels need to stand clear of each other."""
    kept = np.array(heights, dtype=float)
    order = np.argsort(kept, kind="stable")
    for below, above in pairwise(order):
        kept[above] = max(kept[above], kept[below] + gap)
    return kept - (kept - np.array(heights)).mean()


def plot_activations(
    z: np.ndarray, values: Mapping[str, np.ndarray], slopes: Mapping[str, np.ndarray]
) -> np.ndarray:
    """A row of activation functions, and below each its slope, on common axes."""
    figure, axes = plt.subplots(
        2, len(values), figsize=(7.2, 3.6), sharex=True, sharey="row", squeeze=False
    )
    for column, name in enumerate(values):
        top, bottom = axes[:, column]
        top.plot(z, values[name], color=BLUE)
        bottom.plot(z, slopes[name], color=ORANGE)
        top.set_title(name)
        for ax in (top, bottom):
            ax.axhline(0, color=MUTED, linewidth=0.8)
            ax.axvline(0, color=MUTED, linewidth=0.8)
            ax.grid(True)
    axes[0, 0].set(ylabel="activation a", ylim=(-1.4, 2.4))
    axes[1, 0].set(ylabel="slope of a", ylim=(-0.15, 1.25), xticks=(-3, 0, 3))
    figure.supxlabel("pre-activation z", fontsize=11)
    return axes


def plot_images(
    images: np.ndarray, titles: Sequence[str] = (), *, columns: int = 10, signed: bool = False
) -> np.ndarray:
    """Images of 28 × 28 pixels from rows of 784 numbers: ink is white, paper is black.

    With ``signed`` the numbers are weights: blue is positive, orange negative, pale zero, each
    image on its own scale.
    """
    images = np.atleast_2d(images)
    rows = -(-len(images) // columns)
    columns = min(columns, len(images))
    size = min(1.7, 6.6 / columns)
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(columns * size, rows * (size + 0.28 * bool(len(titles)))),
        squeeze=False,
    )
    for ax in axes.flat:
        ax.axis("off")
    for i, image in enumerate(images):
        limit = float(np.abs(image).max())
        style = {"cmap": SIGNED, "vmin": -limit} if signed else {"vmin": 0}
        style["vmax"] = limit if signed else 1
        axes.flat[i].imshow(image.reshape(28, 28), interpolation="none", **style)
        if len(titles):
            axes.flat[i].set_title(titles[i], fontsize=10)
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
    return axes


def plot_pixels(image: np.ndarray, *, rows: slice, columns: slice) -> Axes:
    """One digit beside a window of its pixels with their numbers written in."""
    left, right = plt.subplots(1, 2, figsize=(6.6, 3.2), width_ratios=(1, 1.25))[1]
    picture = image.reshape(28, 28)
    left.imshow(picture, vmin=0, vmax=1, interpolation="none")
    window = picture[rows, columns]
    left.add_patch(
        Rectangle(
            (columns.start - 0.5, rows.start - 0.5),
            *window.shape[::-1],
            fill=False,
            edgecolor=ORANGE,
            linewidth=2,
        )
    )
    left.set(xlabel="column", ylabel="row", xticks=(0, 9, 18, 27), yticks=(0, 9, 18, 27))
    extent = (columns.start - 0.5, columns.stop - 0.5, rows.stop - 0.5, rows.start - 0.5)
    right.imshow(window, vmin=0, vmax=1, extent=extent, interpolation="none")
    for (i, j), value in np.ndenumerate(window):
        shade = "white" if value < 0.55 else "black"
        right.text(
            columns.start + j, rows.start + i, f"{value:.2f}", ha="center", va="center",
            color=shade, fontsize=8,
        )  # fmt: skip
    right.set(xlabel="column", xticks=range(columns.start, columns.stop))
    right.set(yticks=range(rows.start, rows.stop))
    return right


def plot_scores(scores: Mapping[str, np.ndarray], *, xlabel: str, threshold: float) -> Axes:
    """The score of every example as a dot, a row for each group, and the threshold as a line."""
    ax = plt.subplots(figsize=(6.5, 0.9 + 0.36 * len(scores)))[1]
    for row, values in enumerate(scores.values()):
        scatter = (np.arange(len(values)) * 0.618) % 1 - 0.5
        ax.plot(values, row + 0.6 * scatter, "o", markersize=2.2, alpha=0.5, color=BLUE)
    ax.axvline(threshold, color=ORANGE, linewidth=1.6)
    label = f"threshold {_number(threshold)}"
    ax.text(threshold, -0.75, label, color=ORANGE, ha="center", va="bottom", fontsize=10)
    ax.set(xlabel=xlabel, yticks=range(len(scores)), yticklabels=list(scores), ylabel="digit")
    ax.invert_yaxis()
    return ax


def plot_decisions(panels: Mapping[str, dict], *, labels: Sequence[str]) -> np.ndarray:
    """Points in the plane of two inputs, and where a neuron fires: a panel for each title.

    Each panel has ``points`` and ``fires``, and may have ``w`` and ``b``. Filled points should
    fire, and the neuron does on the shaded side of the line on which ``w · x + b`` is zero.
    ``labels`` names both axes of each panel in turn.
    """
    axes = plt.subplots(1, len(panels), figsize=(2.9 * len(panels), 2.9), squeeze=False)[1][0]
    names = iter(labels)
    for ax, (title, panel) in zip(axes, panels.items(), strict=True):
        if "w" in panel:
            _shade(ax, panel["w"], panel["b"])
        for point, filled in zip(panel["points"], panel["fires"], strict=True):
            colour = INK if filled else PAPER
            ax.plot(*point, "o", markersize=10, markeredgecolor=INK, markerfacecolor=colour)
        ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=(0, 1), yticks=(0, 1), aspect="equal")
        ax.set(title=title, xlabel=next(names), ylabel=next(names))
    return axes


def _shade(ax: Axes, w: Sequence[float], b: float) -> None:
    x1, x2 = np.meshgrid(*[np.linspace(-0.5, 1.5, 201)] * 2)
    z = w[0] * x1 + w[1] * x2 + b
    ax.contourf(x1, x2, z, levels=[0, np.inf], colors=[FAINT])
    ax.contour(x1, x2, z, levels=[0], colors=[BLUE], linewidths=2)


def plot_network(sizes: Sequence[int], *, shown: int = 7) -> Axes:
    """Layers of nodes, every node joined to every node of the next, and each layer's matrix."""
    ax = _canvas(6.6, 4.1)
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
            _node(ax, x, y, colour=colour, r=0.11)
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
    ax = _canvas(6.5, 3.0)
    inputs = 1.5 + (np.arange(n_inputs) - (n_inputs - 1) / 2) * 1.05
    neurons = 1.5 + (np.arange(n_neurons) - (n_neurons - 1) / 2) * 1.3
    for i, j in np.ndindex(n_neurons, n_inputs):
        chosen = (i, j) == highlight
        colour = ORANGE if chosen else MUTED
        _arrow(ax, (1.4, inputs[j]), (5.1, neurons[i]), colour=colour, width=2.4 if chosen else 1.2)
        share = 0.32 if i else 0.68
        at = np.array([1.4, inputs[j]]) * (1 - share) + np.array([5.1, neurons[i]]) * share
        name = ax.text(*at, f"$w_{{{i}{j}}}$", color=colour, ha="center", va="center", zorder=5)
        name.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1})
    for j, y in enumerate(inputs):
        _node(ax, 1.4, y, f"$x_{j}$")
        ax.text(0.95, y, f"input {j}", ha="right", va="center", color=MUTED)
    for i, y in enumerate(neurons):
        _node(ax, 5.1, y, f"$z_{i}$", colour=BLUE)
        ax.text(5.55, y, f"neuron {i}", va="center", color=MUTED)
    return ax


def plot_layer(W: np.ndarray, x: np.ndarray, b: np.ndarray, z: np.ndarray) -> Axes:
    """``W x + b = z`` written out, each neuron's row, bias and result in one colour."""
    rows, columns = W.shape
    cell = 0.52
    ax = _canvas(6.6, max(rows, columns) * cell + 1.0)
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


def _matrix(ax: Axes, values, left, middle, cell, name, colours) -> float:
    """Draw one matrix, each number in its colour; return the right edge."""
    rows, columns = values.shape
    top = middle - rows * cell / 2
    for (i, j), value in np.ndenumerate(values):
        x, y = left + j * cell, top + i * cell
        ax.add_patch(Rectangle((x, y), cell, cell, facecolor=PAPER, edgecolor=FAINT, linewidth=1))
        ax.text(x + cell / 2, y + cell / 2, _number(value), ha="center", va="center",
                color=colours[i, j], fontweight="semibold")  # fmt: skip
    outline = Rectangle((left, top), columns * cell, rows * cell, fill=False, edgecolor=INK)
    ax.add_patch(outline)
    ax.text(left + columns * cell / 2, top - 0.13, f"${name}$", ha="center", va="bottom")
    shape = f"({rows}, {columns})"
    ax.text(left + columns * cell / 2, top + rows * cell + 0.1, shape, ha="center", va="top",
            color=MUTED, fontsize=9.5)  # fmt: skip
    return left + columns * cell


def plot_transpose(W: np.ndarray) -> Axes:
    """A matrix beside its transpose, each row of the matrix in one colour."""
    rows, columns = W.shape
    cell = 0.52
    ax = _canvas(6.6, max(rows, columns) * cell + 1.0)
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
    ax = _canvas(6.6, height)
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


def plot_descent(x: np.ndarray, y: np.ndarray, paths: Mapping[str, tuple]) -> np.ndarray:
    """A loss over one parameter, and a walk on it in each panel: title to ``(points, losses)``."""
    axes = plt.subplots(1, len(paths), figsize=(6.8, 2.6), sharey=True)[1]
    for ax, (title, (points, losses)) in zip(axes, paths.items(), strict=True):
        ax.plot(x, y, color=MUTED, linewidth=1.5)
        ax.plot(points, losses, "o-", color=ORANGE, markersize=4, linewidth=1.2)
        ax.plot(points[0], losses[0], "o", color=BLUE, markersize=7)
        ax.set(title=title, xlabel="parameter w", xlim=(x[0], x[-1]), ylim=(0, y.max()))
        ax.grid(True)
    axes[0].set_ylabel("loss")
    return axes


def plot_contours(x1, x2, heights: np.ndarray, paths: Mapping[str, np.ndarray]) -> Axes:
    """A loss over two parameters as lines of equal height, and walks on it."""
    ax = plt.subplots(figsize=(5.6, 3.6))[1]
    ax.contour(x1, x2, heights, levels=14, colors=[MUTED], linewidths=0.8)
    for (label, path), colour in zip(paths.items(), CYCLE[1:], strict=False):
        ax.plot(*path.T, "o-", color=colour, markersize=3, linewidth=1.4)
        ax.annotate(label, path[-1], xytext=(-8, 10), textcoords="offset points", color=colour)
    ax.set(xlabel="parameter $w_1$", ylabel="parameter $w_2$")
    ax.set(xlim=(x1.min(), x1.max()), ylim=(x2.min(), x2.max()))
    return ax


def plot_loss(losses: Mapping[str, np.ndarray], *, ylabel: str = "loss (nats)") -> Axes:
    """Loss against step, one labelled curve for each run; runs may differ in length."""
    ax = plt.subplots()[1]
    for label, values in losses.items():
        (line,) = ax.plot(np.arange(len(values)), values)
        ax.annotate(label, (len(values), values[-1]), color=line.get_color(), va="center")
    ax.set(xlabel="step", ylabel=ylabel, ylim=(0, None))
    ax.grid(True)
    return ax
