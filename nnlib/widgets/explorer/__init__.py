"""The hidden neurons of a network: what each answers to, and what it votes for."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.backprop import Dense, ReLU, Sequential
from nnlib.shapes import ShapeError
from nnlib.understanding import separation
from nnlib.widgets._figure import Figure, Floats, Halves, front_end

MIDDLE = slice(4, 24)  # the pixels in which the digits stand
SHOWN = 8  # images in a row
SMALL = 10  # the height and width of an image that is shown, two pixels in one


class Explorer(Figure):
    """Choose a hidden neuron, and see when it answers, for which class it votes, and what it does.

    Parameters
    ----------
    model : Sequential
        ``Dense, ReLU, Dense``, from 784 inputs to scores. Its parameters are copied.
    images : array_like of shape (N, 784)
        What the neurons answer to.
    labels : array_like of int of shape (N,)
        What the images show; each class at least once.
    rng : Generator
        Draws the images that stand beside those with the strongest answers.
    neuron : int
        The neuron that is looked at.
    threshold : float
        Activations above it are counted.
    out : list of int
        The neurons that are taken out: their activations are 0.

    Attributes
    ----------
    living : list of int
        The L neurons that answer to some image. The others are 0 for all of them.
    activations : ndarray of shape (N * L,)
        What each of these answers to each image.
    clearest : list of K int
        The neuron that tells each class best from the others.
    effects : ndarray of shape (K * H,)
        The weights of the scores: row ``k`` says what each neuron adds to score ``k``.
    biases : ndarray of shape (K,)
        The biases of the scores.
    weights : bytes
        The weights of the neurons, two numbers of 4 bits in a byte.
    seen : list of int
        The images that are shown: the strongest answers of each neuron, and the sample.
    pictures : bytes
        The middle of each of these in small, in the same way.
    sample : list of int
        The images that were drawn at random.
    """

    _esm, _css = front_end("explorer")
    living = traitlets.List(traitlets.Int()).tag(sync=True)
    activations = Halves(-1)
    clearest = traitlets.List(traitlets.Int()).tag(sync=True)
    effects = Floats(-1)
    biases = Floats(-1)
    weights = traitlets.Bytes().tag(sync=True)
    seen = traitlets.List(traitlets.Int()).tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    sample = traitlets.List(traitlets.Int()).tag(sync=True)
    neuron = traitlets.Int(0).tag(sync=True)
    threshold = traitlets.Float(0.0).tag(sync=True)
    out = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, model, images, labels, *, rng, **traits):
        hidden, scores = _layers(model)
        images, labels = np.asarray(images, dtype=float), np.asarray(labels)
        if images.ndim != 2 or len(images) != len(labels):
            raise ShapeError(
                f"Explorer: images have shape {images.shape} and labels {labels.shape}, expected "
                "(N, 784) and (N,)."
            )
        W = hidden.params["W"]
        sample = rng.choice(len(images), size=min(SHOWN, len(images)), replace=False)
        answers = np.maximum(hidden.predict(images), 0)
        strongest = np.argsort(-answers, axis=0, kind="stable")[:SHOWN]
        seen = np.union1d(strongest, sample)
        middle = images[seen].reshape(-1, 28, 28)[:, MIDDLE, MIDDLE]
        pixels = middle.reshape(-1, SMALL, 2, SMALL, 2).mean(axis=(2, 4))
        living = np.flatnonzero(answers.any(axis=0))
        classes = range(len(scores.params["b"]))
        super().__init__(
            living=living.tolist(),
            activations=answers[:, living].ravel(),
            clearest=[int(separation(answers, labels == k).argmax()) for k in classes],
            effects=scores.params["W"].ravel(),
            biases=scores.params["b"],
            weights=_packed(8 + 7 * W / np.abs(W).max(axis=1, keepdims=True)),
            pictures=_packed(15 * pixels),
            labels=labels.tolist(),
            seen=seen.tolist(),
            sample=sample.tolist(),
            **traits,
        )

    def still(self):
        labels = np.array(self.labels)
        answers = self.activations.reshape(len(labels), -1)
        alive = self.neuron in self.living
        strengths = answers[:, self.living.index(self.neuron)] if alive else np.zeros(len(labels))
        votes = self.effects.reshape(len(self.biases), -1)[:, self.neuron]
        return plots.plot_unit(strengths, labels, votes, threshold=self.threshold)[0]


def _layers(model) -> tuple[Dense, Dense]:
    """The two layers, if this is a network that the page can run."""
    layers = list(model.children.values()) if isinstance(model, Sequential) else [model]
    match layers:
        case Dense() as hidden, ReLU(), Dense() as output if hidden.params["W"].shape[1] == 784:
            return hidden, output
    raise ValueError(
        f"Explorer: the model is {model}, needs Sequential(Dense, ReLU, Dense) from 784 inputs."
    )


def _packed(values: np.ndarray) -> bytes:
    """Numbers from 0 to 15, rounded, two in a byte."""
    low, high = np.round(values).astype(np.uint8).reshape(-1, 2).T
    return (low | high << 4).tobytes()
