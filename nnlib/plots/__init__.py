"""Figures: data in, Axes out, and no mathematics. One module a chapter."""

from nnlib.plots._style import (
    BLUE,
    CYCLE,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SIGNED,
    use_book_style,
)
from nnlib.plots.backprop import plot_gradients
from nnlib.plots.descent import plot_contours, plot_descent, plot_loss
from nnlib.plots.matrices import (
    plot_bars,
    plot_indices,
    plot_layer,
    plot_network,
    plot_product,
    plot_transpose,
)
from nnlib.plots.neuron import (
    plot_activations,
    plot_curves,
    plot_decisions,
    plot_images,
    plot_neuron,
    plot_pixels,
    plot_scores,
)
from nnlib.plots.training import (
    plot_cost,
    plot_failure,
    plot_history,
    plot_layers,
    plot_sweep,
)
from nnlib.plots.understanding import plot_calibration, plot_explanations, plot_firing

__all__ = [
    "BLUE",
    "CYCLE",
    "FAINT",
    "GREEN",
    "INK",
    "MUTED",
    "ORANGE",
    "PAPER",
    "PURPLE",
    "SIGNED",
    "plot_activations",
    "plot_bars",
    "plot_calibration",
    "plot_contours",
    "plot_cost",
    "plot_curves",
    "plot_decisions",
    "plot_descent",
    "plot_explanations",
    "plot_failure",
    "plot_firing",
    "plot_gradients",
    "plot_history",
    "plot_images",
    "plot_indices",
    "plot_layer",
    "plot_layers",
    "plot_loss",
    "plot_network",
    "plot_neuron",
    "plot_pixels",
    "plot_product",
    "plot_scores",
    "plot_sweep",
    "plot_transpose",
    "use_book_style",
]
