"""A neuron with two inputs in training: its points, its line and its loss, while you watch."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.descent import gradient_descent
from nnlib.neuron import sigmoid
from nnlib.widgets._figure import Figure, front_end

STEPS = 65_535  # between 0 and 1: a coordinate travels in two bytes


class Classifier(Figure):
    """Train a sigmoid neuron on points between 0 and 1, with all points in each step.

    Parameters
    ----------
    x : array_like of shape (N, 2)
        Both inputs of each example, between 0 and 1.
    is_yes : array_like of bool of shape (N,)
        Whether the right answer is yes.
    names : list of two str
        What the examples with the answers yes and no are called.
    axes : list of two str
        What the two inputs are called.
    by_hand : list of three floats
        Two weights and a bias that somebody has set by hand.
    lr : float
        The learning rate.

    Attributes
    ----------
    points : bytes
        Both inputs of all examples, those with the answer yes first, in two bytes each.
    count : int
        How many examples have the answer yes.
    weights : list of three floats
        Both weights and the bias as they are now.
    steps : int
        How many steps have been made.
    """

    _esm, _css = front_end("classifier")
    points = traitlets.Bytes().tag(sync=True)
    count = traitlets.Int().tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), ["yes", "no"]).tag(sync=True)
    axes = traitlets.List(traitlets.Unicode(), ["first input", "second input"]).tag(sync=True)
    by_hand = traitlets.List(traitlets.Float(), minlen=3, maxlen=3).tag(sync=True)
    weights = traitlets.List(traitlets.Float(), [0.0] * 3, minlen=3, maxlen=3).tag(sync=True)
    lr = traitlets.Float(10.0).tag(sync=True)
    steps = traitlets.Int(0).tag(sync=True)

    def __init__(self, x, is_yes, *, by_hand, **traits):
        x, is_yes = np.asarray(x, dtype=float), np.asarray(is_yes, dtype=bool)
        rows = np.concatenate([x[is_yes], x[~is_yes]])
        packed = np.rint(STEPS * rows).astype("<u2").tobytes()
        given = {"points": packed, "count": int(is_yes.sum()), "by_hand": list(by_hand)}
        super().__init__(**given, **traits)

    def examples(self) -> tuple[np.ndarray, np.ndarray]:
        """Both inputs of each example, (N, 2), and whether the right answer is yes, (N,)."""
        x = np.frombuffer(self.points, dtype="<u2").reshape(-1, 2) / STEPS
        return x, np.arange(len(x)) < self.count

    def after(self, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """The weights after so many more steps, and the loss before each of them and at the end."""
        x, is_yes = self.examples()

        def gradient(weights):
            error = sigmoid(x @ weights[:2] + weights[2]) - is_yes
            return np.array([*(error @ x), error.sum()]) / len(x)

        path = gradient_descent(gradient, self.weights, lr=self.lr, steps=steps)
        z = np.where(is_yes, -1, 1) * (path[:, :2] @ x.T + path[:, 2:])
        return path[-1], np.logaddexp(0, z).mean(axis=1)

    def still(self):
        weights, losses = self.after(500)
        lines = {"after 500 steps": weights, "by hand": np.array(self.by_hand)}
        words = {"names": self.names, "inputs": self.axes}
        return plots.plot_training(*self.examples(), lines, losses, **words)[0]
