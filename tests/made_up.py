"""Exercises of every kind, with nothing but their structure to be interesting."""

import itertools
import operator

import numpy as np

from nnlib.exercises._engine import exercise


def normal(*shape):
    return np.random.default_rng(shape).normal(size=shape)


HINTS = ("Which axis counts examples?", "Axis 0.")


@exercise(
    cases=((normal(3, 5),), (normal(7, 6),)),
    hints=HINTS,
    mistakes={
        "summed over features": lambda dy: dy.sum(axis=1),
        "summed over everything": lambda dy: dy.sum(),
        "took the largest": lambda dy: dy.max(axis=0),
        "summed the sizes": lambda dy: np.abs(dy).sum(axis=0),
    },
    start=lambda dy: dy[0],
)
def bias_gradient(dy):
    """Sum over the batch."""
    return dy.sum(axis=0)


@exercise(
    cases=((normal(5, 3), normal(5, 2)), (normal(4, 2), normal(4, 6))),
    hints=HINTS,
    mistakes={
        "forgot to transpose": lambda x, dz: dz @ x,
        "took the first example only": lambda x, dz: np.outer(dz[0], x[0]),
        "forgot x": lambda x, dz: dz.T @ np.ones_like(x),
        "forgot dz": lambda x, dz: np.ones_like(dz).T @ x,
    },
)
def weight_gradient(x, dz):
    """Sum of outer products."""
    # Row i belongs to neuron i.
    return dz.T @ x


@exercise(
    cases=((normal(3, 5),), (normal(7, 6),)),
    hints=HINTS,
    mistakes={
        "swapped W and b": lambda x: (x.sum(axis=0), x),
        "forgot to double W": lambda x: (x, x.sum(axis=0)),
        "averaged b": lambda x: (2 * x, x.mean(axis=0)),
        "summed over features": lambda x: (2 * x, x.sum(axis=1)),
    },
)
def weights_and_bias(x):
    W, b = 2 * x, x.sum(axis=0)

    return W, b


@exercise(
    cases=((np.array([0.0, 1.0, -2.0]),), (np.array([-1000.0, 1000.0]),)),
    hints=HINTS,
    mistakes={
        "computed the exponential of a large number": lambda z: 1 / (1 + np.exp(-z)),
        "forgot the minus": lambda z: 1 / (1 + np.exp(z)),
        "forgot the 1": lambda z: 1 / np.exp(-np.abs(z)),
        "computed tanh": np.tanh,
    },
    silent=True,
)
def quiet_sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@exercise(
    cases=(([3, 4, 2],), ([1, 1],)),
    hints=HINTS,
    mistakes={
        "forgot the biases": lambda sizes: sum(map(operator.mul, sizes, sizes[1:])),
        "counted the neurons": sum,
        "counted the layers": lambda sizes: len(sizes) - 1,
        "left the first layer out": lambda sizes: count(sizes[1:]),
    },
)
def parameter_count(sizes):
    return count(sizes)


def count(sizes):
    return sum((d_in + 1) * d_out for d_in, d_out in itertools.pairwise(sizes))


@exercise(
    cases=(([(normal(2, 3), normal(2)), (normal(4, 2), normal(4))],),),
    hints=HINTS,
    mistakes={f"answered {n}": (lambda layers, n=n: n) for n in range(4)},
)
def size_of_network(layers):
    return sum(W.size + b.size for W, b in layers)


@exercise(hints=HINTS, mistakes={"forgot the batch": (3,), "forgot the features": (5, 1)})
def shape_of_output():
    return 5, 3


@exercise(hints=HINTS, mistakes={"added": 7})
def product():
    return 12


@exercise(hints=HINTS, mistakes={"that is the other one": "rows"})
def which_axis():
    return "columns"


@exercise(hints=HINTS, mistakes={"that is the other one": ("rows", 4)})
def axis_and_length():
    return "columns", 3


@exercise(
    cases=tuple((np.array([a, b]),) for a in (0, 1) for b in (0, 1)),
    observe=lambda answer, x: float(x @ np.asarray(answer[0]) + answer[1] > 0),
    hints=HINTS,
    mistakes={"that is OR": ([1, 1], -0.5), "that always fires": ([1, 1], 1)},
)
def and_gate():
    return [1, 1], -1.5


MADE_UP = [
    bias_gradient,
    weight_gradient,
    weights_and_bias,
    quiet_sigmoid,
    parameter_count,
    size_of_network,
    shape_of_output,
    product,
    which_axis,
    axis_and_length,
    and_gate,
]
