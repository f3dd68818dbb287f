"""A layer of ReLU neurons with one input: each bends the output at a place of its own."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.matrices import dense
from nnlib.neuron import relu
from nnlib.widgets._figure import Figure, front_end

END = 6  # the input runs from 0 to END
TARGETS = {
    "hat": lambda x: np.maximum(0, 1 - np.abs(x - 2)),
    "sine": np.sin,
    "parabola": lambda x: (x - 3) ** 2 / 4.5 - 1,
}


class Bends(Figure):
    """Move the bends of a network with one input, and follow a curve with their sum.

    Parameters
    ----------
    c : list of floats
        Where each neuron begins: neuron k computes ``relu(x - c[k])``.
    v : list of floats
        The weights of the output: by how much the slope changes there.
    b : float
        The bias of the output.
    target : {"hat", "sine", "parabola"}
        The curve to follow.
    chosen : str
        The number of the neuron that the sliders move.
    """

    _esm, _css = front_end("bends")
    c = traitlets.List(traitlets.Float(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).tag(sync=True)
    v = traitlets.List(traitlets.Float(), [0.0] * 6).tag(sync=True)
    b = traitlets.Float(0.0).tag(sync=True)
    target = traitlets.Enum(tuple(TARGETS), "hat").tag(sync=True)
    chosen = traitlets.Unicode("0").tag(sync=True)

    def parts(self, x):
        """What each neuron adds to the output: (N,) to (N, K)."""
        ones = np.ones((len(self.c), 1))
        return np.array(self.v) * relu(dense(np.reshape(x, (-1, 1)), ones, -np.array(self.c)))

    def still(self):
        x = np.linspace(0, END, 241)
        target = {self.target: TARGETS[self.target](x)}
        left, right = plots.plot_bends(x, self.parts(x), self.b, target)
        heights = self.parts(self.c).sum(axis=1) + self.b
        left.plot(self.c, heights, "o", markeredgecolor=plots.INK, color=plots.PAPER)
        right.lines[int(self.chosen)].set_linewidth(3)
        return left
