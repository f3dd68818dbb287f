"""Scores and the probabilities that softmax makes of them."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.matrices import softmax
from nnlib.widgets._figure import Figure, front_end


class Softmax(Figure):
    """Move scores, add a number to all of them or multiply them, and see the probabilities.

    Parameters
    ----------
    z : list of floats
        The scores.
    names : list of str
        What each score is for.
    shift : float
        What is added to every score.
    factor : float
        What every score is multiplied by, before the shift.
    """

    _esm, _css = front_end("softmax")
    z = traitlets.List(traitlets.Float(), [2.0, 1.0, 0.0]).tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), ["0", "1", "2"]).tag(sync=True)
    shift = traitlets.Float(0.0).tag(sync=True)
    factor = traitlets.Float(1.0).tag(sync=True)

    def __init__(self, z, names, **traits):
        super().__init__(z=np.asarray(z, dtype=float).tolist(), names=list(names), **traits)

    def still(self):
        scores = self.factor * np.array(self.z) + self.shift
        named = [
            f"{name}\nscore {score:.4g}".replace("-", "−")
            for name, score in zip(self.names, scores, strict=True)
        ]
        return plots.plot_bars(softmax(scores), named, xlabel="", ylabel="probability")
