"""Exercises in which the reader writes a layer: a class with forward and backward."""

import copy
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.backprop import Layer
from nnlib.exercises._diagnosis import settle
from nnlib.exercises._exercise import Exercise

FORWARD, BACKWARD, AGAIN, SINGLE = range(4)


class LayerExercise(Exercise):
    """A task whose answer is a class. :func:`layer` makes it from the class that solves it.

    A case gives the arguments of the class, ``x`` and ``dy``. It becomes one for ``forward``,
    one in which ``backward`` follows, one in which both follow once more, and one in float32:
    what comes first is right before the next is looked at. Ids, an ``x`` of integers, have no
    gradient, so what ``backward`` returns is not looked at then.
    """

    __slots__ = ("_cases",)

    solve: Callable[..., Layer]

    def __init__(self, solve: Callable[..., Layer]):
        super().__init__(solve)
        self.wants = "class"

    @property
    def cases(self) -> tuple[tuple, ...]:
        """Each case once for every stage."""
        return tuple((*case, stage) for case in self._cases for stage in range(SINGLE + 1))

    @cases.setter
    def cases(self, cases: tuple[tuple, ...]) -> None:
        self._cases = cases

    @property
    def answer(self) -> Callable[..., Layer]:
        return self.solve

    @property
    def inputs(self) -> list[str]:
        return ["arguments", "x", "dy", "stage"]

    def part_names(self) -> list[str]:
        arguments, x, _ = copy.deepcopy(self._cases[0])
        grads = [f"the gradient of {name}" for name in _params(self.solve(*arguments))]
        handed_on = [] if _ids(x) else ["backward(dy)"]
        once = ["forward(x)", *grads, *handed_on]
        again = [f"{name}, the second time" for name in once]
        return [*once, *again, *(f"the dtype of {name}" for name in ("forward(x)", *handed_on))]

    def deed(self, answer: Any) -> Callable:
        return functools.partial(_use, answer, self.solve)

    def _answer(self, made: Callable) -> Any:
        return made


def layer(solve: Callable[..., Layer]) -> LayerExercise:
    """Make an :class:`Exercise` from the class that solves it."""
    return LayerExercise(solve)


def _use(
    cls: Callable, solve: Callable, arguments: tuple, x: np.ndarray, dy: np.ndarray, stage: int
) -> tuple:
    """What the layer gives up to this stage."""
    like = solve(*copy.deepcopy(arguments))
    model = _begun(cls, arguments, like)
    seen = [settle(model.forward(x))]
    if stage >= BACKWARD:
        seen += _backwards(model, like, x, dy)
    if stage >= AGAIN:
        seen.append(settle(model.forward(x[1:])))
        seen += _backwards(model, like, x[1:], dy[1:])
    if stage >= SINGLE:
        Layer.astype(model, np.float32)
        runs = (model.forward, x), (model.backward, dy)
        for run, given in runs[:1] if _ids(x) else runs:
            single = given if _ids(given) else given.astype(np.float32)
            seen.append(str(getattr(run(single), "dtype", "no array")))
    return tuple(seen)


def _backwards(model: Layer, like: Layer, x: np.ndarray, dy: np.ndarray) -> list:
    """The gradients after a backward pass, and what it hands on, where there is a gradient."""
    dx = settle(model.backward(dy))
    return [*_grads(model, like), *([] if _ids(x) else [dx])]


def _ids(x: np.ndarray) -> bool:
    return x.dtype.kind == "i"


def _begun(cls: Callable, arguments: tuple, like: Layer) -> Layer:
    """The reader's layer. It and the solution get the same parameters, none of them 0."""
    model = cls(*arguments)
    for name in ("params", "grads", "children"):
        if not hasattr(model, name):
            setattr(model, name, {})
    mine, right = _params(model), _params(like)
    shapes, expected = ({name: p.shape for name, p in params.items()} for params in (mine, right))
    if shapes != expected:
        raise ValueError(
            f"The parameters are {shapes}, expected {expected}. They stand in the dictionary "
            "params, and super().__init__({...}) of a Layer puts them there."
        )
    for name, param in mine.items():
        right[name] += 0.3 * np.sin(1.0 + np.arange(param.size)).reshape(param.shape)
        param[...] = right[name]
    return model


def _params(model: Layer) -> dict[str, np.ndarray]:
    return {name: param for name, param, _ in Layer.named_params(model)}


def _grads(model: Layer, like: Layer) -> list:
    grads = {name: grad for name, _, grad in Layer.named_params(model)}
    return [settle(grads[name]) for name in _params(like)]
