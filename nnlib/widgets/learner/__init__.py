"""A small network that learns to tell two kinds of points apart, while you watch."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.backprop import Dense, ReLU, Sequential, Tanh
from nnlib.descent import cross_entropy
from nnlib.matrices import softmax
from nnlib.training import SGD
from nnlib.widgets._figure import Figure, Floats, flat, front_end

ACTIVATIONS = {"tanh": Tanh, "relu": ReLU}
EDGE = 2.6  # the plane reaches from -EDGE to EDGE


class Learner(Figure):
    """Train a network on points of the plane, step by step, with all points in each step.

    Parameters
    ----------
    data : {"circle", "clusters", "moons", "spirals"}
        Which points to learn.
    activation : {"tanh", "relu"}
        Of both hidden layers.
    lr : float
        The learning rate.
    sizes : list of int
        The number of inputs, which is 2, of the neurons of each layer, and of scores, also 2.
    names : list of str
        What the data sets are called.
    examples : array_like of shape (K, 3)
        The points of all data sets, equally many of each: two coordinates, and 0 or 1.
    start : array_like
        The parameters of all layers in a row, before the first step.
    rng : Generator
        Draws the points and the first weights.

    Attributes
    ----------
    weights : ndarray
        The parameters as they are now.
    steps : int
        How many steps have been made.
    """

    _esm, _css = front_end("learner")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    examples = Floats(-1, 3)
    data = traitlets.Unicode("moons").tag(sync=True)
    activation = traitlets.Enum(tuple(ACTIVATIONS), "tanh").tag(sync=True)
    lr = traitlets.Float(0.2).tag(sync=True)
    sizes = traitlets.List(traitlets.Int(), [2, 8, 8, 2]).tag(sync=True)
    start = Floats(-1)
    weights = Floats(-1)
    steps = traitlets.Int(0).tag(sync=True)

    def __init__(self, *, rng, **traits):
        sets = {name: draw(100, rng) for name, draw in SETS.items()}
        super().__init__(examples=np.vstack(list(sets.values())), names=list(sets), **traits)
        self.start = self.weights = flat(self.model(rng))

    def model(self, rng=None) -> Sequential:
        """The network with the parameters that it has now, or with new ones."""
        layers = []
        for d_in, d_out in zip(self.sizes, self.sizes[1:], strict=False):
            dense = Dense(d_in, d_out, rng=rng or np.random.default_rng())
            layers += [dense, ACTIVATIONS[self.activation]()]
        network = Sequential(*layers[:-1])
        if rng is None:
            rest = self.weights.astype(float)
            for _, param, _ in network.named_params():
                param[...] = rest[: param.size].reshape(param.shape)
                rest = rest[param.size :]
        return network

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """The chosen points, (N, 2), and their classes, (N,)."""
        chosen = np.split(self.examples.astype(float), len(self.names))[self.names.index(self.data)]
        return chosen[:, :2], chosen[:, 2].astype(int)

    def after(self, steps: int) -> tuple[Sequential, np.ndarray]:
        """The network as it will be after so many more steps, and the loss before each of them."""
        x, y = self.points()
        network, optimiser, losses = self.model(), SGD(self.lr), []
        for _ in range(steps):
            network.zero_grads()
            loss, dlogits = cross_entropy(network.forward(x), y)
            network.accumulate(dlogits)
            optimiser.step(network)
            losses.append(loss)
        return network, np.array(losses)

    def still(self):
        panels = {f"step {self.steps + n}": _plane(self.after(n)[0]) for n in (0, 500)}
        return plots.plot_plane(*self.points(), panels, edge=EDGE)[0]


def _plane(network: Sequential) -> np.ndarray:
    """How much more probable class 1 is than class 0, from the top left to the bottom right."""
    x1, x2 = np.meshgrid(np.linspace(-EDGE, EDGE, 81), np.linspace(EDGE, -EDGE, 81))
    p = softmax(network.predict(np.stack([x1, x2], axis=-1)))
    return p[..., 1] - p[..., 0]


def _rows(radius, angle, classes, noise, rng) -> np.ndarray:
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.column_stack([x + rng.normal(scale=noise, size=x.shape), classes])


def _circle(n, rng):
    y = np.arange(2 * n) % 2
    return _rows(np.where(y, 0.6, 1.8), rng.uniform(0, 2 * np.pi, 2 * n), y, 0.2, rng)


def _clusters(n, rng):
    k = np.arange(2 * n) % 4
    return _rows(np.full(2 * n, 1.7), np.pi / 4 + k * np.pi / 2, k % 2, 0.35, rng)


def _moons(n, rng):
    y = np.arange(2 * n) % 2
    rows = _rows(np.full(2 * n, 1.3), rng.uniform(0, np.pi, 2 * n) + np.pi * y, y, 0.13, rng)
    rows[:, :2] += np.where(y, 0.65, -0.65)[:, None] * [1, 0.5]
    return rows


def _spirals(n, rng):
    y, t = np.arange(2 * n) % 2, np.linspace(0.15, 1, 2 * n)
    return _rows(2.2 * t, 1.25 * 2 * np.pi * t + np.pi * y, y, 0.06, rng)


SETS = {"circle": _circle, "clusters": _clusters, "moons": _moons, "spirals": _spirals}
