"""A neuron with named inputs, which grows with the chapter: the sum, the bias, the answer."""

import traitlets

from nnlib import neuron, plots
from nnlib.widgets._figure import Figure, front_end

PARTS = ("sum", "bias", "activation")
ACTIVATIONS = ("step", "sigmoid", "relu")


class Umbrella(Figure):
    """Move inputs, weights and bias of one neuron, and see each number that it computes.

    Parameters
    ----------
    names : list of str
        What each input says.
    x : list of floats
        The inputs, from 0 to 5.
    w : list of floats
        A weight for each input.
    b : float
        The bias.
    activation : {"step", "sigmoid", "relu"}
        By its name in nnlib.neuron.
    parts : {"sum", "bias", "activation"}
        How much is shown: the weighted sum alone, with the bias, or all of the neuron.
    """

    _esm, _css = front_end("umbrella")
    names = traitlets.List(traitlets.Unicode(), ["clouds", "load", "walk"]).tag(sync=True)
    x = traitlets.List(traitlets.Float(), [3.5, 1.0, 2.0]).tag(sync=True)
    w = traitlets.List(traitlets.Float(), [2.0, -1.0, 1.0]).tag(sync=True)
    b = traitlets.Float(0.0).tag(sync=True)
    activation = traitlets.Enum(ACTIVATIONS, "step").tag(sync=True)
    parts = traitlets.Enum(PARTS, "activation").tag(sync=True)

    def still(self):
        shown = PARTS.index(self.parts)
        total = float(neuron.weighted_sum(self.x, self.w, 0.0))
        a = float(getattr(neuron, self.activation)(total + self.b))
        rest = {"b": self.b, "a": a} if shown == 2 else {"b": self.b} if shown else {}
        return plots.plot_neuron(self.x, self.w, **rest, names=self.names)
