"""Chapter 7: look inside a trained network, and test what it has learned."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from nnlib.backprop import Dense, Layer, LeakyReLU, ReLU, Sequential
from nnlib.descent import cross_entropy, one_hot
from nnlib.shapes import Array, ShapeError, as_floats, expect_shape


def weight_images(model: Layer) -> Array:
    """The weights of each neuron of the first layer, to be drawn as an image.

    Returns
    -------
    ndarray of shape (D_out, D_in)
        A copy; row ``i`` belongs to neuron ``i``, a number for each input.

    Raises
    ------
    ValueError
        If the model does not begin with a :class:`Dense` layer.
    """
    first = next(_leaves(model), None)
    if not isinstance(first, Dense):
        raise ValueError(
            f"weight_images: the first layer is {first}, needs Dense. "
            "Only its weights belong to one input each."
        )
    return first.params["W"].copy()


def separation(values, inside) -> Array:
    """How well numbers tell two groups apart: the share of pairs that stand in order.

    Of all pairs of one example inside the group and one outside, it is the share in which the
    one inside has the larger number; an equal pair counts as half. 1 is perfect, 0.5 is chance.
    Its usual name is AUC, the area under the ROC curve.

    Parameters
    ----------
    values : array_like of shape (N,) or (N, H)
        A number for each example, or for each example and neuron.
    inside : array_like of bool of shape (N,)
        Which examples are in the group.

    Returns
    -------
    ndarray of shape () or (H,)

    Examples
    --------
    >>> float(separation([3.0, 2.0, 1.0, 0.0], [True, False, True, False]))
    0.75
    """
    (values,) = as_floats(values=values)
    inside = np.asarray(inside, dtype=bool)
    expect_shape(inside, values.shape[:1], name="inside")
    if inside.all() or not inside.any():
        raise ValueError("separation: all examples are on one side, needs both.")
    over = values[inside][:, None] - values[~inside][None]
    return ((np.sign(over) + 1) / 2).mean(axis=(0, 1))


def between_groups(points, labels) -> float:
    """The share of the spread of points that lies between groups, and not within them.

    Spread is the sum of the squared distances from the mean: of all points from their common
    mean, and within a group from the group's own. 1 where each group is a single point, and near
    0 where all groups have the same mean.

    Parameters
    ----------
    points : array_like of shape (N, D)
        A point for each example.
    labels : array_like of int of shape (N,)
        The group of each example.

    Examples
    --------
    >>> between_groups([[0.0], [2.0], [4.0], [6.0]], [0, 0, 1, 1])
    0.8
    """
    (points,) = as_floats(points=points)
    expect_shape(points, ("N", "D"), name="points")
    labels = np.asarray(labels)
    expect_shape(labels, points.shape[:1], name="labels")
    around = points - points.mean(axis=0)
    within = points.copy()
    for label in np.unique(labels):
        within[labels == label] -= points[labels == label].mean(axis=0)
    return float(1 - np.sum(within**2) / np.sum(around**2))


def input_gradient(model: Layer, x, output) -> Array:
    """How fast an output rises with each input: its slopes at ``x``.

    The model is left as it was, its gradients included. (A forward that still waits for its
    backward is lost.)

    Parameters
    ----------
    model : Layer
        Takes (N, D_in) to (N, K).
    x : array_like of shape (D_in,) or (N, D_in)
        One input, or a batch.
    output : int or array_like of int of shape (N,)
        Which output, for all inputs or for each of them.

    Returns
    -------
    ndarray of the shape of ``x``

    References
    ----------
    Simonyan et al. 2014, section 3.

    Examples
    --------
    >>> model = Dense(3, 2, rng=np.random.default_rng(0))
    >>> bool(np.all(input_gradient(model, np.ones(3), output=1) == model.params["W"][1]))
    True
    """
    return _slopes(model, x, lambda z: _chosen(z, output))


def pixel_contributions(model: Layer, x, output) -> tuple[Array, Array]:
    """What each input, and what the biases, contribute to an output. The sum is the output.

    At a given input every ReLU is either open or closed, so the network is affine there:
    an output is the sum of its slopes times the inputs, and of its slopes times the biases.

    Parameters
    ----------
    model : Layer
        :class:`Dense`, :class:`ReLU` and :class:`LeakyReLU`, in :class:`Sequential`.
    x : array_like of shape (D_in,) or (N, D_in)
        One input, or a batch.
    output : int or array_like of int of shape (N,)
        Which output, for all inputs or for each of them.

    Returns
    -------
    contributions : ndarray of the shape of ``x``
        Slope times input; 0 where the input is 0.
    bias_share : ndarray of shape () or (N,)
        The same for the biases of all layers, added up.

    Raises
    ------
    ValueError
        If the model has another kind of layer, for which the sum does not hold.

    References
    ----------
    Montúfar et al. 2014, for the affine pieces.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> model = Sequential(Dense(3, 4, rng=rng), ReLU(), Dense(4, 2, rng=rng))
    >>> x = rng.normal(size=(5, 3))
    >>> contributions, bias_share = pixel_contributions(model, x, output=1)
    >>> np.allclose(contributions.sum(axis=1) + bias_share, model.predict(x)[:, 1])
    True
    """
    for layer in _leaves(model):
        if not isinstance(layer, Dense | ReLU | LeakyReLU):
            raise ValueError(
                f"pixel_contributions: the model has {layer}, needs Dense, ReLU and LeakyReLU "
                "only. Elsewhere an output is not the sum of slopes times inputs."
            )
    shares = []

    def note(layer: Layer, dz: Array) -> None:
        if isinstance(layer, Dense):
            shares.append(dz @ layer.params["b"])

    x = np.asarray(x)
    slopes = _slopes(model, x, lambda z: _chosen(z, output), note)
    return slopes * x, np.sum(shares, axis=0).reshape(x.shape[:-1])


def occlusion(model: Layer, x, output: int, *, size: int = 5) -> Array:
    """How much an output falls when a square around each pixel is painted over.

    Parameters
    ----------
    model : Layer
        Takes (N, D) to (N, K).
    x : array_like of shape (D,)
        A square image, row by row.
    output : int
        Which output.
    size : int
        Height and width of the black square. What reaches over the edge is cut off.

    Returns
    -------
    ndarray of shape (D,)
        For each pixel, the output for the image minus that with the square around this pixel.

    References
    ----------
    Zeiler and Fergus 2014, section 4.2.
    """
    x = np.asarray(x)
    side = math.isqrt(x.size)
    if x.ndim != 1 or side * side != x.size:
        raise ShapeError(
            f"occlusion: x has shape {x.shape}, expected one square image row by row, as (784,)."
        )
    painted = np.repeat(x.reshape(1, side, side), x.size, axis=0)
    for number, image in enumerate(painted):
        row, column = divmod(number, side)
        top, left = row - size // 2, column - size // 2
        image[max(top, 0) : top + size, max(left, 0) : left + size] = 0
    scores = model.predict(np.vstack([x, painted.reshape(x.size, x.size)]))[:, output]
    return scores[0] - scores[1:]


class Calibration(NamedTuple):
    """Confidence and accuracy, for bins of equal width; NaN where a bin is empty.

    Attributes
    ----------
    confidence, accuracy : ndarray of shape (bins,)
        The mean probability of the answers in a bin, and the share of right answers.
    count : ndarray of int of shape (bins,)
        How many answers are in a bin.
    """

    confidence: Array
    accuracy: Array
    count: Array  # type: ignore[assignment]  # a tuple has a method of this name

    @property
    def error(self) -> float:
        """The gap between confidence and accuracy, averaged over all answers.

        The expected calibration error (Guo et al. 2017, equation 3).
        """
        gaps = np.abs(self.confidence - self.accuracy)
        return float(np.nansum(gaps * self.count) / self.count.sum())


def calibration(probabilities, targets, bins: int = 10) -> Calibration:
    """Compare how sure a model is with how often it is right.

    Parameters
    ----------
    probabilities : array_like of shape (N, K)
        Rows that sum to 1. The largest of a row is the confidence of its answer.
    targets : array_like of int of shape (N,)
        The index of the right class.
    bins : int
        Bin ``m`` of M holds confidences above ``m / M`` and up to ``(m + 1) / M``.

    Returns
    -------
    Calibration

    References
    ----------
    Guo et al. 2017, section 2.

    Examples
    --------
    >>> p = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.6, 0.4]])
    >>> found = calibration(p, [0, 1, 0, 0], bins=2)
    >>> found.confidence, found.accuracy, found.count
    (array([ nan, 0.75]), array([ nan, 0.75]), array([0, 4]))
    """
    (probabilities,) = as_floats(probabilities=probabilities)
    expect_shape(probabilities, ("N", "K"), name="probabilities")
    targets = np.asarray(targets)
    expect_shape(targets, probabilities.shape[:1], name="targets")
    if len(targets) == 0 or np.abs(probabilities.sum(axis=1) - 1).max() > 1e-4:
        raise ValueError(
            "calibration: the rows do not sum to 1, needs probabilities, at least one row. "
            "Are they scores? Apply softmax."
        )
    surest = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    which = np.clip(np.ceil(surest * bins).astype(int) - 1, 0, bins - 1)
    count, total, hits = (
        np.bincount(which, weights, minlength=bins) for weights in (None, surest, right)
    )
    with np.errstate(invalid="ignore"):
        return Calibration(total / count, hits / count, count)


def best_temperature(logits, targets) -> float:
    """The T for which ``softmax(logits / T)`` has the lowest cross-entropy.

    Every score is divided by the same number, so no answer changes, only how sure it is.

    Parameters
    ----------
    logits : array_like of shape (N, K)
        Scores for examples that the model has not been trained on.
    targets : array_like of int of shape (N,)
        The index of the right class.

    Returns
    -------
    float
        Between 0.01 and 100. Above 1 where the model is too sure of itself.

    References
    ----------
    Guo et al. 2017, section 4.2.
    """
    (logits,) = as_floats(logits=logits)
    low, high = 0.01, 100.0
    for _ in range(60):
        # The loss is convex in 1 / T, so its slope says on which side the lowest point lies.
        temperature = math.sqrt(low * high)
        _, dz = cross_entropy(logits / temperature, targets)
        if np.vdot(dz, logits) > 0:
            low = temperature
        else:
            high = temperature
    return temperature


def dream(model: Layer, start, target, *, lr: float, steps: int) -> Array:
    """Change an input step by step, until the model takes it for ``target``.

    Gradient descent on the cross-entropy, with the parameters held still and the input moved.

    Parameters
    ----------
    model : Layer
        Takes (N, D) to scores (N, K).
    start : array_like of shape (D,) or (N, D)
        Where to begin. It is not changed.
    target : int or array_like of int of shape (N,)
        The wanted class, for all inputs or for each of them.
    lr, steps : float, int
        The learning rate, and how many steps.

    Returns
    -------
    ndarray of the shape of ``start``
        Between 0 and 1.

    References
    ----------
    Simonyan et al. 2014, section 2.
    """
    (x,) = as_floats(start=start)
    x = x.copy()
    for _ in range(steps):
        x -= lr * _slopes(model, x, lambda z: _loss_gradient(z, target))
        np.clip(x, 0, 1, out=x)
    return x


def adversarial(model: Layer, x, targets, *, eps: float, steps: int = 1) -> Array:
    """Inputs that differ from ``x`` by at most ``eps`` each, and for which the loss is higher.

    Parameters
    ----------
    model : Layer
        Takes (N, D) to scores (N, K).
    x : array_like of shape (D,) or (N, D)
        One input or a batch, between 0 and 1.
    targets : int or array_like of int of shape (N,)
        The right class.
    eps : float
        How far each input may move.
    steps : int
        1 for the fast gradient sign method; more steps, each along the sign of a new gradient,
        find stronger examples.

    Returns
    -------
    ndarray of the shape of ``x``
        Between 0 and 1.

    References
    ----------
    Goodfellow et al. 2015, section 4; Madry et al. 2018, section 2.1, for several steps.
    """
    (x,) = as_floats(x=x)
    moved = x
    stride = eps if steps == 1 else 2.5 * eps / steps  # far enough to turn round on the way
    for _ in range(steps):
        uphill = _slopes(model, moved, lambda z: _loss_gradient(z, targets))
        moved = np.clip(moved + stride * np.sign(uphill), x - eps, x + eps).clip(0, 1)
    return moved


def _slopes(model: Layer, x, start: Callable, note: Callable | None = None) -> Array:
    """The gradient for ``x`` of what begins backwards with ``start(outputs)``.

    ``note(layer, dy)`` sees each layer with the gradient for its output.
    """
    x = np.asarray(x)
    rows = np.atleast_2d(x)
    kept = [grad.copy() for _, _, grad in model.named_params()]
    d = start(model.forward(rows))
    for layer in reversed(list(_leaves(model))):
        if note:
            note(layer, d)
        d = layer.backward(d)
    for before, (_, _, grad) in zip(kept, model.named_params(), strict=True):
        grad[...] = before
    return d.reshape(x.shape)


def _leaves(model: Layer) -> Iterator[Layer]:
    """The layers of nested Sequentials, in order."""
    if isinstance(model, Sequential):
        for child in model.children.values():
            yield from _leaves(child)
    else:
        yield model


def _chosen(z: Array, output) -> Array:
    """Slopes of the chosen outputs for all outputs: 1 for itself, 0 for the others."""
    return one_hot(np.broadcast_to(output, len(z)), z.shape[1]).astype(z.dtype)


def _loss_gradient(z: Array, targets) -> Array:
    """The gradient of each example's own loss, not of the mean."""
    return len(z) * cross_entropy(z, np.broadcast_to(targets, len(z)))[1]
