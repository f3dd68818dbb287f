"""A walk downhill on a loss over one or two parameters."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.backprop import Layer
from nnlib.training import SGD
from nnlib.widgets._figure import Figure, front_end

LIMIT = 1000  # a walk ends where the loss is larger: it diverges

# Of each loss: its values, its gradient, and the part of each axis that is seen.
LOSSES = {
    "parabola": (
        lambda w: (w[0] - 3) ** 2,
        lambda w: [2 * (w[0] - 3)],
        [(-4, 10)],
    ),
    "two valleys": (
        lambda w: w[0] ** 4 - 3 * w[0] ** 2 + w[0] + 4,
        lambda w: [4 * w[0] ** 3 - 6 * w[0] + 1],
        [(-2.2, 2.2)],
    ),
    "narrow valley": (
        lambda w: w[0] ** 2 / 2 + 5 * w[1] ** 2,
        lambda w: [w[0], 10 * w[1]],
        [(-9, 5), (-4.4, 4.4)],
    ),
    "saddle": (
        lambda w: w[0] ** 2 / 2 + (w[1] ** 2 - 1) ** 2 / 4,
        lambda w: [w[0], w[1] ** 3 - w[1]],
        [(-2.2, 2.2), (-1.4, 1.4)],
    ),
}


class Descent(Figure):
    """Walk downhill, step by step or in a run, from any start and with any learning rate.

    Parameters
    ----------
    losses : str, one or more
        Between which losses of chapter 3 the reader can choose: "parabola", "two valleys",
        "narrow valley" or "saddle".
    loss : str
        The one that is shown; the first of them unless it is named.
    start : list of two floats
        The first point; over one parameter only the first number counts.
    lr : float
        The learning rate.
    momentum : float, optional
        How much of the last step is kept; the reader can change it only if it is given.
    steps : int
        How many steps are taken, up to 100.
    """

    _esm, _css = front_end("descent")
    losses = traitlets.List(traitlets.Enum(tuple(LOSSES)), minlen=1).tag(sync=True)
    loss = traitlets.Enum(tuple(LOSSES)).tag(sync=True)
    start = traitlets.List(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)
    lr = traitlets.Float(0.1).tag(sync=True)
    momentum = traitlets.Float(None, allow_none=True).tag(sync=True)
    steps = traitlets.Int(0, min=0, max=100).tag(sync=True)

    def __init__(self, *losses, start=(0.0, 0.0), **traits):
        traits = {"loss": losses[0]} | traits
        super().__init__(losses=list(losses), start=list(start), **traits)

    def walk(self):
        """Every point on the way, the first one included: an array with one or two columns."""
        loss, gradient, seen = LOSSES[self.loss]
        point = Layer(params={"w": np.array(self.start[: len(seen)])})
        optimiser = SGD(self.lr, self.momentum or 0.0)
        w, path = point.params["w"], [np.array(self.start[: len(seen)])]
        while len(path) <= self.steps and loss(w) <= LIMIT:
            point.grads["w"][...] = gradient(w)
            optimiser.step(point)
            path.append(w.copy())
        return np.array(path)

    def still(self):
        loss, _, seen = LOSSES[self.loss]
        path, axes = self.walk(), [np.linspace(*ends, 200) for ends in seen]
        label = f"lr = {self.lr:g}"
        if len(axes) == 1:
            heights = loss(axes)
            return plots.plot_descent(*axes, heights, {label: (path[:, 0], loss(path.T))})[0]
        grid = np.meshgrid(*axes)
        return plots.plot_contours(*grid, loss(grid), {label: path})
