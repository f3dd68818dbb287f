"""Chapter 5: mini-batches, optimisers, and networks that survive on disk."""

import math
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from nnlib.backprop import Layer
from nnlib.shapes import Array, ShapeError, expect_shape


def minibatches(*arrays: Array, batch_size: int, rng: np.random.Generator) -> Iterator[tuple]:
    """One epoch: every row once, in random order, a batch at a time.

    Parameters
    ----------
    *arrays : ndarray of shape (N, ...)
        Rows at the same position belong together and stay together.
    batch_size : int
        Rows in a batch; the last batch may have fewer.
    rng : Generator
        Draws the order.

    Yields
    ------
    tuple of ndarray
        The same rows of each array.

    Raises
    ------
    ShapeError
        If the arrays do not have the same number of rows.

    Examples
    --------
    >>> x, y = np.arange(10).reshape(5, 2), np.arange(5)
    >>> [len(by) for bx, by in minibatches(x, y, batch_size=2, rng=np.random.default_rng(0))]
    [2, 2, 1]
    """
    arrays = tuple(map(np.asarray, arrays))
    rows = [array.shape[:1] for array in arrays]
    if not rows or () in rows or len(set(rows)) != 1:
        raise ShapeError(
            f"minibatches: the arrays have shapes {', '.join(str(a.shape) for a in arrays)}, "
            "expected the same number of rows in each."
        )
    if batch_size < 1:
        raise ValueError(f"minibatches: batch_size is {batch_size}, expected at least 1.")
    return _batches(arrays, batch_size, rng.permutation(len(arrays[0])))


def _batches(arrays: tuple, batch_size: int, order: Array) -> Iterator[tuple]:
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield tuple(array[rows] for array in arrays)


def xavier_normal(shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
    """Weights of variance ``2 / (d_in + d_out)``, for tanh and other slopes of 1 at 0.

    Parameters
    ----------
    shape : (d_out, d_in)
        The shape of ``W``.
    rng : Generator
        Draws from a normal distribution of mean 0.

    References
    ----------
    Glorot and Bengio 2010, equation 12.
    """
    d_out, d_in = shape
    return rng.normal(scale=math.sqrt(2 / (d_in + d_out)), size=shape)


def he_normal(shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
    """Weights of variance ``2 / d_in``, for ReLU, which lets half of its inputs through.

    Parameters
    ----------
    shape : (d_out, d_in)
        The shape of ``W``.
    rng : Generator
        Draws from a normal distribution of mean 0.

    References
    ----------
    He et al. 2015, equation 10.
    """
    _, d_in = shape
    return rng.normal(scale=math.sqrt(2 / d_in), size=shape)


def initialise(model: Layer, draw: Callable, *, rng: np.random.Generator) -> None:
    """Draw every weight matrix of the model anew, and set every bias to 0, in place.

    Parameters
    ----------
    draw : callable
        :func:`he_normal`, :func:`xavier_normal`, or another function of a shape and ``rng``.

    Examples
    --------
    >>> from nnlib.backprop import Dense
    >>> model = Dense(784, 100, rng=np.random.default_rng(0))
    >>> initialise(model, he_normal, rng=np.random.default_rng(1))
    >>> round(float(model.params["W"].var() * 784), 1)
    2.0
    """
    for name, param, _ in model.named_params():
        if name.rpartition(".")[2] == "W":
            param[...] = draw(param.shape, rng=rng)
        elif name.rpartition(".")[2] == "b":
            param[...] = 0


class SGD:
    """Gradient descent with momentum: ``v = momentum * v + g``, then ``p -= lr * v``.

    Parameters
    ----------
    lr : float
        The learning rate.
    momentum : float
        How much of the last step is kept; 0 is plain gradient descent.

    References
    ----------
    Polyak 1964; in the form of Sutskever et al. 2013, with the learning rate outside.
    """

    def __init__(self, lr: float, momentum: float = 0.0) -> None:
        self.lr, self.momentum = lr, momentum
        self._velocity: dict[str, Array] = {}

    def step(self, model: Layer) -> None:
        """Change every parameter of the model by its gradient, in place."""
        for name, param, grad in model.named_params():
            if self.momentum:
                velocity = _state(self._velocity, name, param)
                velocity *= self.momentum
                velocity += grad
                grad = velocity
            param -= self.lr * grad


class Adam:
    """Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay.

    Keeps two weighted sums per parameter, by name: of the gradients and of their squares, in which
    every step counts ``beta`` times as much as the next. A sum divided by the sum of its weights
    is the paper's running average, corrected for its start at 0. The divisions are taken into the
    learning rate, as at the end of the paper's section 2.

    Parameters
    ----------
    lr : float
        The learning rate, about the size of a step.
    beta1, beta2 : float
        How slowly the two sums forget.
    eps : float
        Keeps the quotient finite where gradients vanish.
    weight_decay : float
        The share of each parameter that is taken away per unit of ``lr``
        (Loshchilov and Hutter 2019, algorithm 2).
    """

    def __init__(
        self,
        lr: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        self.lr, self.beta1, self.beta2 = lr, beta1, beta2
        self.eps, self.weight_decay = eps, weight_decay
        self.t = 0
        self._change: dict[str, Array] = {}  # memory to work in
        self._total: dict[str, Array] = {}
        self._square: dict[str, Array] = {}

    def step(self, model: Layer) -> None:
        """Change every parameter of the model by its gradient, in place."""
        self.t += 1
        sum_weight = (1 - self.beta1**self.t) / (1 - self.beta1)
        square_weight = math.sqrt((1 - self.beta2**self.t) / (1 - self.beta2))
        for name, param, grad in model.named_params():
            total = _state(self._total, name, param)
            square = _state(self._square, name, param)
            change = _state(self._change, name, param)

            # m = (1 - beta1) * total and v = (1 - beta2) * square are the paper's averages, so
            # m_hat = total / sum_weight and sqrt(v_hat) = sqrt(square) / square_weight.
            total *= self.beta1
            total += grad

            np.multiply(grad, grad, out=change)
            square *= self.beta2
            square += change

            np.sqrt(square, out=change)
            change += self.eps * square_weight
            np.divide(total, change, out=change)
            change *= self.lr * square_weight / sum_weight
            if self.weight_decay:
                param *= 1 - self.lr * self.weight_decay
            param -= change


def _state(store: dict[str, Array], name: str, param: Array) -> Array:
    """What the optimiser remembers of a parameter: zeros at first."""
    if name not in store:
        store[name] = np.zeros_like(param)
    expect_shape(store[name], param.shape, name=name, where="step with another model's memory")
    return store[name]


def clip_gradients(model: Layer, max_norm: float) -> float:
    """Scale all gradients together, so that their common length is at most ``max_norm``.

    Returns
    -------
    float
        The length before (Pascanu et al. 2013, algorithm 1).
    """
    grads = [grad for _, _, grad in model.named_params()]
    norm = math.sqrt(sum(float(np.vdot(grad, grad)) for grad in grads))
    if norm > max_norm:
        for grad in grads:
            grad *= max_norm / norm
    return norm


@np.errstate(all="ignore")
def instruments(model: Layer, x: Array, scores: Array, lr: float) -> dict[str, float]:
    """What to read when a run fails: after ``accumulate``, and before the step.

    Parameters
    ----------
    model : Sequential
        Its last layer gives the scores.
    x : ndarray of shape (N, D)
        The batch.
    scores : ndarray of shape (N, K)
        What the model made of it.
    lr : float
        A step is taken for ``lr`` times the gradient, as in plain gradient descent.

    Returns
    -------
    dict of str to float
        The largest score; the share of hidden units with one answer to all of ``x``; and for each
        weight matrix the root mean square of its gradient, and the length of its update beside
        its own.

    Examples
    --------
    >>> from nnlib.backprop import Dense, Sequential
    >>> model = Sequential(Dense(3, 2, rng=np.random.default_rng(0)))
    >>> x = np.eye(3)
    >>> list(instruments(model, x, model.forward(x), lr=0.1))
    ['largest score', 'one answer', 'size of dW, layer 1', 'update / weight, layer 1']
    """
    found = {"largest score": float(np.abs(scores).max()), "one answer": 0.0}
    same, hidden = [], x
    dense = []
    for layer in model.children.values():
        hidden = layer.predict(hidden)
        if layer.params:
            dense.append(layer)
        else:
            same.append(np.ptp(hidden, axis=0) == 0)
    if same:
        found["one answer"] = float(np.mean(np.concatenate(same)))
    for number, layer in enumerate(dense, 1):
        W, dW = layer.params["W"], layer.grads["W"]
        update = lr * float(np.linalg.norm(dW)) / float(np.linalg.norm(W) or np.nan)
        found[f"size of dW, layer {number}"] = float(np.sqrt(np.mean(dW**2)))
        found[f"update / weight, layer {number}"] = update
    return found


def save(model: Layer, path: str | os.PathLike) -> None:
    """Write every parameter of the model to a ``.npz`` file, under its dotted name.

    The file appears whole or not at all: what stood there before stays until the new one is
    complete.
    """
    path = Path(path)
    params = {name: param for name, param, _ in model.named_params()}
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as draft:
        try:
            np.savez(draft, **params)  # type: ignore[arg-type]
            draft.flush()
            os.fsync(draft.fileno())
        except BaseException:
            draft.close()
            os.unlink(draft.name)
            raise
    os.replace(draft.name, path)


# What the first edition called the parts of a GPT, and what they are called now.
RENAMED = {
    r"\b0\.layer\.0\.": "attend.norm.",
    r"\b0\.layer\.1\.": "attend.",
    r"\b1\.layer\.0\.": "think.norm.",
    r"\b1\.layer\.1\.": "think.read.",
    r"\b1\.layer\.3\.": "think.write.",
    r"^body\.(\d+)\.(?=attend|think)": r"blocks.\1.",
    r"^body\.\d+\.": "norm.",
}


def _renamed(name: str) -> str:
    for old, new in RENAMED.items():
        name = re.sub(old, new, name)
    return name


def load(model: Layer, path: str | os.PathLike) -> None:
    """Read the parameters that :func:`save` wrote into the model.

    A file of the first edition, which numbered the parts of a GPT, can be read too.

    Everything is checked before anything is changed: a file that does not fit leaves the model
    as it was.

    Raises
    ------
    ValueError
        If the file is not such a file, or holds other names, shapes or dtypes than the model.
    """
    path = Path(path)
    with path.open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as arrays:
                stored = {name: arrays[name] for name in arrays.files}
        except Exception as error:
            raise ValueError(
                f"load: {path} is no file of parameters that save() wrote. "
                f"Is it damaged, or something else? ({error})"
            ) from None
    wanted = {name: param for name, param, _ in model.named_params()}
    renamed = {_renamed(name): array for name, array in stored.items()}
    if renamed.keys() == wanted.keys():
        stored = renamed
    missing, extra = wanted.keys() - stored.keys(), stored.keys() - wanted.keys()
    if missing or extra:
        raise ValueError(
            f"load: {path} belongs to another model. "
            f"It lacks {sorted(missing)} and has {sorted(extra)} besides."
        )
    for name, param in wanted.items():
        expect_shape(stored[name], param.shape, name=name, where=f"load from {path}")
        if stored[name].dtype != param.dtype:
            raise ValueError(
                f"load: {name} in {path} has dtype {stored[name].dtype}, expected {param.dtype}. "
                "Use model.astype first."
            )
    for name, param in wanted.items():
        param[...] = stored[name]
