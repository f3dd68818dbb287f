"""Ten outputs that vote, and what arrives of it at one neuron of the hidden layer."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.backprop import Dense, ReLU, Sequential
from nnlib.descent import cross_entropy, one_hot
from nnlib.matrices import softmax
from nnlib.widgets._figure import Figure, Floats, front_end

HIDDEN, DIGITS, SIDE = 16, 10, 28
STEPS, RATE = 25, 0.1  # so few that the network is not sure of anything


class Vote(Figure):
    """See what each output wishes, and how the wishes add up at a hidden neuron.

    A network 784-16-10 is trained for a moment, and keeps one image of each digit to show.

    Parameters
    ----------
    x : array_like of shape (N, 784)
        Images to train with.
    targets : array_like of N int
        Their digits; each digit is there.
    rng : Generator
        Draws the first weights.
    example : int
        The digit that is shown.
    neuron : int
        The hidden neuron at which the wishes arrive.
    view : {"one", "mean"}
        One image, or the mean over all ten.

    Attributes
    ----------
    activations : ndarray of shape (10, 16)
        Of the hidden layer, a row for each image.
    W : ndarray of shape (10, 16)
        The weights of the last layer.
    b : ndarray of shape (10,)
        Its biases.
    images : ndarray of shape (10, 196)
        The images, with a quarter of their pixels.
    """

    _esm, _css = front_end("vote")
    activations = Floats(DIGITS, HIDDEN)
    W = Floats(DIGITS, HIDDEN)
    b = Floats(DIGITS)
    images = Floats(DIGITS, SIDE * SIDE // 4)
    example = traitlets.Int(3, min=0, max=DIGITS - 1).tag(sync=True)
    neuron = traitlets.Int(0, min=0, max=HIDDEN - 1).tag(sync=True)
    view = traitlets.Enum(("one", "mean"), "one").tag(sync=True)

    def __init__(self, x, targets, *, rng, **traits):
        x, targets = np.asarray(x), np.asarray(targets)
        network = Sequential(Dense(SIDE * SIDE, HIDDEN, rng=rng), ReLU())
        last = Dense(HIDDEN, DIGITS, rng=rng)
        _train(Sequential(network, last), x, targets)
        shown = x[[np.flatnonzero(targets == digit)[0] for digit in range(DIGITS)]]
        super().__init__(
            activations=network.predict(shown),
            W=last.params["W"],
            b=last.params["b"],
            images=shown.reshape(-1, SIDE // 2, 2, SIDE // 2, 2).mean(axis=(2, 4)),
            **traits,
        )

    def votes(self) -> dict[str, np.ndarray]:
        """Means over what is shown: p and wishes (10,), parts and weights (10,), total.

        ``parts`` are the wishes times their weights to the neuron, and ``weights`` the wishes
        for these weights themselves.
        """
        chosen = slice(None) if self.view == "mean" else [self.example]
        a = self.activations[chosen].astype(float)
        p = softmax(a @ self.W.astype(float).T + self.b)
        wishes = one_hot(np.arange(DIGITS)[chosen], DIGITS) - p
        mean = wishes.mean(axis=0)
        parts = mean * self.W[:, self.neuron]
        weights = (wishes * a[:, [self.neuron]]).mean(axis=0)
        found = {"p": p.mean(axis=0), "wishes": mean, "parts": parts, "weights": weights}
        return found | {"total": parts.sum()}

    def still(self):
        found = self.votes()
        wish = {"wish y − p": found["wishes"]}
        arriving = {f"wish × weight to neuron {self.neuron}": found["parts"]}
        return plots.plot_wishes(wish | arriving, found["total"])[0]


def _train(network: Sequential, x: np.ndarray, targets: np.ndarray) -> None:
    for _ in range(STEPS):
        network.zero_grads()
        _, dlogits = cross_entropy(network.forward(x), targets)
        network.accumulate(dlogits)
        for _, param, grad in network.named_params():
            param -= RATE * grad
