"""A layer for a batch, one number after the other, with the examples in rows or in columns."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.matrices import dense
from nnlib.widgets._figure import Figure, front_end


class Product(Figure):
    """Step through ``X Wᵀ + b``, and turn it into ``W X + b`` at any moment.

    Parameters
    ----------
    X : array_like of shape (N, D_in)
        One example a row.
    W : array_like of shape (D_out, D_in)
        Row ``i`` holds the weights of neuron ``i``.
    b : array_like of shape (D_out,)
        One bias for each neuron.
    form : {"rows", "columns"}
        How the examples are written.
    steps : int
        How many numbers of the result are computed, example by example.
    """

    _esm, _css = front_end("product")
    X = traitlets.List[list[float]]().tag(sync=True)
    W = traitlets.List[list[float]]().tag(sync=True)
    b = traitlets.List[float]().tag(sync=True)
    form = traitlets.Enum(("rows", "columns"), "rows").tag(sync=True)
    steps = traitlets.Int(1).tag(sync=True)

    def __init__(self, X, W, b, **traits):
        arrays = (np.asarray(array, dtype=float).tolist() for array in (X, W, b))
        super().__init__(**dict(zip("XWb", arrays, strict=True)), **traits)

    def still(self):
        X, W, b = (np.array(values) for values in (self.X, self.W, self.b))
        return plots.plot_batch(X, W, b, dense(X, W, b))
