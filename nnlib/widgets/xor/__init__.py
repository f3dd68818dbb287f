"""Two neurons that draw a line each, and a third that sees only their answers."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.neuron import neuron, step
from nnlib.widgets._figure import Figure, front_end

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GOAL = (0, 1, 1, 0)
MIDDLE = np.array([0.5, 0.5])
THIRD = {"and": ([1, 1], -1.5), "or": ([1, 1], -0.5), "but not": ([1, -1], -0.5)}


class Xor(Figure):
    """Move two lines until a third neuron, which sees on which sides a corner lies, gives XOR.

    Parameters
    ----------
    angle : list of two floats
        The direction in which each of the first two neurons fires, in degrees from the first axis;
        its weights have length 1.
    shift : list of two floats
        How far the line of each lies from the middle of the four corners, in that direction.
    third : {"and", "or", "but not"}
        What the third neuron makes of the answers of the first and the second.
    """

    _esm, _css = front_end("xor")
    angle = traitlets.List(traitlets.Float(), [0.0, 90.0], minlen=2, maxlen=2).tag(sync=True)
    shift = traitlets.List(traitlets.Float(), [0.25, -0.25], minlen=2, maxlen=2).tag(sync=True)
    third = traitlets.Enum(tuple(THIRD), "and").tag(sync=True)

    def neurons(self) -> list[tuple[np.ndarray, float]]:
        """Weights and bias of the first two neurons."""
        turned = np.radians(self.angle)
        ways = np.stack([np.cos(turned), np.sin(turned)], axis=1)
        return [
            (w, float(-(w @ MIDDLE + shift))) for w, shift in zip(ways, self.shift, strict=True)
        ]

    def still(self):
        first, second = self.neurons()
        hidden = np.stack([neuron(CORNERS, *each, step) for each in (first, second)], axis=1)
        w, b = THIRD[self.third]
        panels = {
            "neuron 1": {"points": CORNERS, "fires": GOAL, "w": first[0], "b": first[1]},
            "neuron 2": {"points": CORNERS, "fires": GOAL, "w": second[0], "b": second[1]},
            "neuron 3": {"points": hidden, "fires": GOAL, "w": w, "b": b},
        }
        labels = ["$x_1$", "$x_2$"] * 2 + ["$a_1$", "$a_2$"]
        return plots.plot_decisions(panels, labels=labels)[0]
