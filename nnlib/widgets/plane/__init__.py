"""A layer with two inputs and two neurons as a map of the plane: a grid, before and after."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.matrices import forward
from nnlib.neuron import relu, sigmoid
from nnlib.widgets._figure import Figure, front_end

ACTIVATIONS = {"none": lambda z: z, "relu": relu, "sigmoid": sigmoid}
ARROWS = ("(1, 0)", "(0, 1)"), ("column 0", "column 1")
EDGE = 3  # both drawings reach from -EDGE to EDGE
NAMES = {"none": "no φ", "relu": "ReLU", "sigmoid": "sigmoid"}


class Plane(Figure):
    """Change ``W``, ``b`` and φ of a layer, and see where it sends every point of the plane.

    Parameters
    ----------
    W : array_like of shape (2, 2)
        Row ``i`` holds the weights of neuron ``i``; as a trait it is a flat list, row by row.
    b : list of two floats
        The biases.
    activation : {"none", "relu", "sigmoid"}
        φ, applied to each of the two numbers.
    applied : {"once", "twice"}
        How often the layer is applied, its outputs being its next inputs.
    """

    _esm, _css = front_end("plane")
    W = traitlets.List(traitlets.Float(), [1.0, 0.0, 0.0, 1.0], minlen=4, maxlen=4).tag(sync=True)
    b = traitlets.List(traitlets.Float(), [0.0, 0.0], minlen=2, maxlen=2).tag(sync=True)
    activation = traitlets.Enum(tuple(ACTIVATIONS), "none").tag(sync=True)
    applied = traitlets.Enum(("once", "twice"), "once").tag(sync=True)

    def __init__(self, W=((1, 0), (0, 1)), **traits):
        super().__init__(W=np.ravel(W).astype(float).tolist(), **traits)

    def moved(self, points):
        """Where points of shape (..., 2) go."""
        layers = [(np.reshape(self.W, (2, 2)), self.b)] * (1 + (self.applied == "twice"))
        return forward(points, layers, ACTIVATIONS[self.activation])

    def still(self):
        how = NAMES[self.activation] + (", twice" if self.applied == "twice" else "")
        maps = {"before": lambda x: x, f"after: {how}": self.moved}
        named = ARROWS if self.activation == "none" else ()
        return plots.plot_maps(maps, edge=EDGE, arrows=named)[1]
