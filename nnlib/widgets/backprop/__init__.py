"""Backpropagation through a network of three neurons, one product after the other."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.backprop import Dense, Sequential, Sigmoid
from nnlib.descent import mean_squared_error
from nnlib.widgets._figure import Figure, front_end


def numbers(*values):
    """A trait for as many floats as there are values."""
    return traitlets.List(traitlets.Float(), values, minlen=len(values), maxlen=len(values))


class Backprop(Figure):
    """Step forwards to the loss of three sigmoid neurons, and back to all gradients.

    Neurons 1 and 2 see both inputs, and neuron 3 sees their activations.

    Parameters
    ----------
    x : list of two floats
        The inputs.
    w : list of six floats
        The weights of neuron 1, then those of neuron 2, then those of neuron 3.
    b : list of three floats
        The biases.
    y : float
        The target.
    step : int
        How many of the 24 steps are taken; the first seven go forwards.
    """

    _esm, _css = front_end("backprop")
    x = numbers(1.5, -1.0).tag(sync=True)
    w = numbers(0.8, 0.5, -0.6, 0.6, 2.0, -3.0).tag(sync=True)
    b = numbers(-0.3, 0.5, -0.5).tag(sync=True)
    y = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Int(0, min=0, max=24).tag(sync=True)

    def network(self):
        """The same network in layers of nnlib."""
        rng = np.random.default_rng(0)  # Dense asks for it; all that it draws is replaced
        network = Sequential(Dense(2, 2, rng=rng), Sigmoid(), Dense(2, 1, rng=rng), Sigmoid())
        params = self.w[:4], self.b[:2], self.w[4:], self.b[2:]
        for (_, param, _), values in zip(network.named_params(), params, strict=True):
            param[...] = np.reshape(values, param.shape)
        return network

    def still(self):
        layers = list(self.network().children.values())
        values, gradients = [np.array([self.x])], []
        for layer in layers:
            values.append(layer.forward(values[-1]))
        loss, gradient = mean_squared_error(values[-1], [[self.y]])
        for layer in reversed(layers):
            gradients.insert(0, gradient)
            gradient = layer.backward(gradient)

        z, a, (z_3,), (a_3,) = (value[0] for value in values[1:])
        dz, da, (dz_3,), (da_3,) = (gradient[0] for gradient in gradients)
        rows = zip((0, 1), self.w[4:], z, a, dz, da, strict=True)
        nodes, edges = {}, {}
        for row, w, z_i, a_i, dz_i, da_i in rows:
            name = row + 1
            nodes[f"z_{name}"] = (0, row, f"$z_{name}$", z_i, dz_i)
            nodes[f"a_{name}"] = (1, row, f"$a_{name}$", a_i, da_i)
            edges[f"z_{name}", f"a_{name}"] = (a_i * (1 - a_i), dz_i)
            edges[f"a_{name}", "z_3"] = (w, da_i)
        nodes["z_3"] = (2, 0.5, "$z_3$", z_3, dz_3)
        nodes["a_3"] = (3, 0.5, "$a_3$", a_3, da_3)
        nodes["L"] = (4, 0.5, "$L$", loss, 1)
        edges["z_3", "a_3"] = (a_3 * (1 - a_3), dz_3)
        edges["a_3", "L"] = (2 * (a_3 - self.y), da_3)
        return plots.plot_gradients(nodes, edges, width=8)
