"""A network that reads what is drawn, with everything that happens on the way."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.backprop import Dense, Layer, ReLU, Sequential
from nnlib.datasets import place
from nnlib.matrices import softmax
from nnlib.understanding import pixel_contributions
from nnlib.widgets._figure import Figure, Floats, Halves, front_end


class Digit(Figure):
    """Draw a digit, and see what a network makes of it.

    The drawing is prepared as MNIST was (:func:`nnlib.datasets.place`), and the network reads
    the result.

    Parameters
    ----------
    model : Sequential
        :class:`Dense` layers with :class:`ReLU` between them, from 784 inputs to scores. Its
        parameters are copied.
    examples : array_like of shape (N, 784)
        Images that can be drawn by a button. The first one is there at the start.
    names : list of N str
        What the examples show.
    explain : bool
        Whether the contributions of the pixels to a score are shown.
    drawing : array_like of shape (784,)
        What is drawn; ink is 1.
    by : {"mass", "box"}
        What is put into the middle of the input: the centre of mass, as in MNIST, or the box.
    output : int, optional
        The score that is explained; None for the highest one.
    rivalled : bool
        Whether the difference to the highest of the other scores is explained instead.

    Attributes
    ----------
    input : ndarray of shape (784,)
        What the network gets.
    sizes : list of int
        The number of inputs, and of the neurons of each layer.
    weights : bytes
        The parameters of all layers in a row, each a whole number from -127 to 127.
    scales : ndarray
        What these are multiplied by, for each row of a W and for each b. So a score is right to
        about a hundredth, and the page light.
    """

    _esm, _css = front_end("digit")
    sizes = traitlets.List(traitlets.Int()).tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    scales = Floats(-1)
    examples = Halves(-1, 784)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    explain = traitlets.Bool(False).tag(sync=True)
    drawing = Floats(784)
    input = Floats(784)
    by = traitlets.Enum(("mass", "box"), "mass").tag(sync=True)
    output = traitlets.Int(None, allow_none=True).tag(sync=True)
    rivalled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, model, examples=(), names=(), **traits):
        self._model = model
        sizes = _sizes(model)
        if len(examples):
            traits = {"examples": examples, "drawing": examples[0], **traits}
        weights, scales = _small(model)
        super().__init__(sizes=sizes, weights=weights, scales=scales, names=list(names), **traits)
        self._prepare()

    @traitlets.observe("drawing", "by")
    def _prepare(self, _=None):
        self.input = place(self.drawing, self.by)

    def still(self):
        scores = self._model.predict(self.input)
        best = scores.argmax()
        title = f"reads {best}: {softmax(scores)[best]:.0%}"
        if self.explain and self.input.any():
            chosen = best if self.output is None else self.output
            parts, _ = pixel_contributions(self._model, self.input, chosen)
            name = f"contributions to {chosen}"
            if self.rivalled:
                rival = next(k for k in scores.argsort()[::-1] if k != chosen)
                parts = parts - pixel_contributions(self._model, self.input, rival)[0]
                name = f"{chosen} and not {rival}"
            axes = plots.plot_explanations(self.input, {name: parts})
            axes[0].set_title(title, fontsize=10)
            return axes[0]
        titles = ["drawing", f"input, {title}"]
        return plots.plot_images([self.drawing, self.input], titles, columns=2).flat[0]


def _small(model: Layer) -> tuple[bytes, list[float]]:
    """The parameters of a network as whole numbers, and what to multiply them by."""
    rows = [row for _, param, _ in model.named_params() for row in np.atleast_2d(param)]
    scales = [float(np.abs(row).max() / 127) or 1.0 for row in rows]
    numbers = [np.round(row / scale) for row, scale in zip(rows, scales, strict=True)]
    return np.concatenate(numbers).astype(np.int8).tobytes(), scales


def _sizes(model: Layer) -> list[int]:
    """The sizes of the layers, if this is a network that the page can run."""
    layers = list(model.children.values()) if isinstance(model, Sequential) else [model]
    kinds = [Dense if k % 2 == 0 else ReLU for k in range(len(layers))]
    fits = len(layers) % 2 == 1 and all(map(isinstance, layers, kinds))
    if not fits or layers[0].params["W"].shape[1] != 784:
        raise ValueError(
            f"Digit: the model is {model}, needs Sequential(Dense, ReLU, Dense, ...) from 784 "
            "inputs to scores. The page cannot run other layers; softmax is its own affair."
        )
    return [784, *(len(layer.params["b"]) for layer in layers[::2])]
