"""A neuron with two inputs: its line, and the surface of its answers."""

import traitlets

from nnlib import plots
from nnlib.widgets._figure import Figure, front_end

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GOALS = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "exclusive or": (0, 1, 1, 0)}
ACTIVATIONS = ("step", "sigmoid", "tanh", "relu", "leaky_relu")


class Neuron(Figure):
    """Move the weights and the bias, and see the line turn and the surface rise.

    Parameters
    ----------
    w : list of two floats
        The weights.
    b : float
        The bias.
    activation : {"step", "sigmoid", "tanh", "relu", "leaky_relu"}
        By its name in nnlib.neuron; the leaky one has slope 0.1.
    goal : {"and", "or", "exclusive or"}
        Which of the four corners should make the neuron fire.
    """

    _esm, _css = front_end("neuron")
    w = traitlets.List(traitlets.Float(), [1.0, 1.0], minlen=2, maxlen=2).tag(sync=True)
    b = traitlets.Float(-1.5).tag(sync=True)
    activation = traitlets.Enum(ACTIVATIONS, "sigmoid").tag(sync=True)
    goal = traitlets.Enum(tuple(GOALS), "and").tag(sync=True)

    def still(self):
        panel = {"points": CORNERS, "fires": GOALS[self.goal], "w": self.w, "b": self.b}
        return plots.plot_decisions({self.goal: panel}, labels=["$x_1$", "$x_2$"])[0]
