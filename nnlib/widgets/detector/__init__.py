"""A neuron over 28 × 28 pixels, whose weights the reader paints."""

import traitlets

from nnlib import plots
from nnlib.neuron import step, weighted_sum
from nnlib.widgets._figure import Figure, Floats, front_end


class Detector(Figure):
    """Paint positive and negative weights, and see what the neuron answers to each image.

    Parameters
    ----------
    images : array_like of shape (N, 784)
        Ink is 1, paper is 0.
    names : list of N str
        What each image shows.
    w : array_like of shape (784,)
        The weights to start from.
    b : float
        The bias.
    """

    _esm, _css = front_end("detector")
    images = Floats(-1, 784)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    w = Floats(784)
    b = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, images, names, **traits):
        super().__init__(images=images, names=list(names), **traits)

    def still(self):
        sums = weighted_sum(self.images, self.w, 0.0)
        return plots.plot_detector(
            self.w, self.images, self.names, sums, -self.b, step(sums + self.b)
        )
