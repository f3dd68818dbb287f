"""Exercises of every kind, with nothing but their structure to be interesting."""

import itertools
import operator

import numpy as np

from nnlib.backprop import Layer
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer

HINTS = ("Which axis counts examples?", "Axis 0.")


@exercise
def bias_gradient(dy):
    """Sum over the batch."""
    return dy.sum(axis=0)


bias_gradient.cases = (normal(3, 5, seed=1),), (normal(7, 6, seed=2),)
bias_gradient.hints = HINTS
bias_gradient.start = lambda dy: dy[0]
bias_gradient.mistakes = {
    "summed over features": edit("axis=0", "axis=1"),
    "summed over everything": lambda dy: dy.sum(),
    "took the largest": edit("sum", "max"),
    "summed the sizes": edit("return dy", "return np.abs(dy)"),
}


@exercise
def weight_gradient(x, dz):
    """Sum of outer products."""
    # Row i belongs to neuron i.
    return dz.T @ x


weight_gradient.cases = (
    (normal(5, 3, seed=3), normal(5, 2, seed=4)),
    (normal(4, 2, seed=5), normal(4, 6, seed=6)),
)
weight_gradient.hints = HINTS
weight_gradient.mistakes = {
    "forgot to transpose": edit("dz.T", "dz"),
    "took the first example only": lambda x, dz: np.outer(dz[0], x[0]),
    "forgot x": lambda x, dz: dz.T @ np.ones_like(x),
    "forgot dz": lambda x, dz: np.ones_like(dz).T @ x,
}


@exercise
def weights_and_bias(x):
    W, b = 2 * x, x.sum(axis=0)

    return W, b


weights_and_bias.cases = (normal(3, 5, seed=1),), (normal(7, 6, seed=2),)
weights_and_bias.hints = HINTS
weights_and_bias.mistakes = {
    "swapped W and b": lambda x: (x.sum(axis=0), x),
    "forgot to double W": lambda x: (x, x.sum(axis=0)),
    "averaged b": edit("sum", "mean"),
    "summed over features": edit("axis=0", "axis=1"),
}


@exercise
def named_gradients(x, dz):
    dW = dz.T @ x
    db = dz.sum(axis=0)
    return {"dW": dW, "db": db}


named_gradients.cases = weight_gradient.cases
named_gradients.hints = HINTS
named_gradients.mistakes = {
    "averaged db": edit("sum", "mean"),
    "forgot to transpose": edit("dz.T @ x", "dz @ x.T"),
    "forgot dz": edit("dz.T", "np.ones_like(dz).T"),
    "summed over features": edit("axis=0", "axis=1"),
}


@exercise
def quiet_sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


quiet_sigmoid.cases = (np.array([0.0, 1.0, -2.0]),), (np.array([-1000.0, 1000.0]),)
quiet_sigmoid.silent = True
quiet_sigmoid.hints = HINTS
quiet_sigmoid.mistakes = {
    "computed the exponential of a large number": lambda z: 1 / (1 + np.exp(-z)),
    "forgot the minus": lambda z: 1 / (1 + np.exp(z)),
    "forgot the 1": lambda z: 1 / np.exp(-np.abs(z)),
    "computed tanh": np.tanh,
}


@exercise
def parameter_count(sizes):
    return count(sizes)


def count(sizes):
    return sum((d_in + 1) * d_out for d_in, d_out in itertools.pairwise(sizes))


parameter_count.cases = ([3, 4, 2],), ([1, 1],)
parameter_count.hints = HINTS
parameter_count.mistakes = {
    "forgot the biases": lambda sizes: sum(map(operator.mul, sizes, sizes[1:])),
    "counted the neurons": sum,
    "counted the layers": lambda sizes: len(sizes) - 1,
    "left the first layer out": edit("sizes", "sizes[1:]"),
}


@exercise
def size_of_network(layers):
    return sum(W.size + b.size for W, b in layers)


_LAYERS = [(normal(2, 3, seed=7), normal(2, seed=8)), (normal(4, 2, seed=9), normal(4, seed=10))]
size_of_network.cases = ((_LAYERS,),)
size_of_network.hints = HINTS
size_of_network.mistakes = {f"answered {n}": (lambda layers, n=n: n) for n in range(4)}


@exercise
def shape_of_output():
    return 5, 3


shape_of_output.hints = HINTS
shape_of_output.mistakes = {
    "forgot the batch": (3,),
    "forgot the features": edit("3", "1"),
}


@exercise
def product():
    return 12


product.hints = HINTS
product.mistakes = {"added": 7}


@exercise
def which_axis():
    return "columns"


which_axis.hints = HINTS
which_axis.mistakes = {"that is the other one": "rows"}


@exercise
def axis_and_length():
    return "columns", 3


axis_and_length.hints = HINTS
axis_and_length.mistakes = {"that is the other one": ("rows", 4)}


@exercise
def cause_of_each():
    return "off-by-one", "no mask"


cause_of_each.hints = HINTS
cause_of_each.mistakes = {
    "that has no mask": ("no mask", "off-by-one"),
    "that is scaled": ("no scale", "no scale"),
}


@exercise
def and_gate():
    return [1, 1], -1.5


and_gate.cases = tuple((np.array([a, b]),) for a in (0, 1) for b in (0, 1))
and_gate.observe = lambda answer, x: float(x @ np.asarray(answer[0]) + answer[1] > 0)
and_gate.hints = HINTS
and_gate.mistakes = {"that is OR": ([1, 1], -0.5), "that always fires": ([1, 1], 1)}


@exercise
def rate_and_loss():
    """A learning rate that works, and the loss that it reached."""
    return 0.5, 0.01


rate_and_loss.hints = HINTS
rate_and_loss.form = "rate, loss"
rate_and_loss.accept = (
    (lambda answer: answer[0] > 0, "The rate is not positive."),
    (lambda answer: 0 <= answer[1] < 0.1, "The loss is not below 0.1. Train longer."),
)
rate_and_loss.mistakes = {"that is the loss before training": (0.5, 2.3)}


@exercise
def seeded(seed):
    """A number below 0.1, from a generator with this seed."""
    return np.random.default_rng(seed).random() / 10


seeded.cases = (0,), (1,), (2,)
seeded.hints = HINTS
seeded.accept = (
    (lambda number: number >= 0, "The number is negative."),
    (lambda number: number < 0.1, "The number is not below 0.1."),
)
seeded.mistakes = {
    "negative": lambda seed: -1,
    "not divided": edit(" / 10", ""),
    "multiplied": edit("/", "*"),
    "counted from 1": lambda seed: seed + 1,
}


@layer
class Affine(Layer):
    """Weights and a bias."""

    def __init__(self, d_in, d_out, rng):
        super().__init__({"W": rng.normal(size=(d_out, d_in)), "b": np.zeros(d_out)})

    def forward(self, x):
        # Kept for backward.
        self.x = x
        return x @ self.params["W"].T + self.params["b"]

    def backward(self, dy):
        self.grads["W"] += dy.T @ self.x
        self.grads["b"] += dy.sum(axis=0)
        return dy @ self.params["W"]


Affine.cases = (
    ((3, 2, np.random.default_rng(0)), normal(5, 3, seed=11), normal(5, 2, seed=12)),
    ((2, 4, np.random.default_rng(1)), normal(3, 2, seed=13), normal(3, 4, seed=14)),
)
Affine.hints = HINTS
Affine.mistakes = {
    "forgot to add the bias": edit(' + self.params["b"]', ""),
    "averaged b": edit("sum", "mean"),
    "overwrote the gradient of W": edit('["W"] +=', '["W"] ='),
    "passed dy on": edit('return dy @ self.params["W"]', "return dy"),
    "forgot to transpose": edit("dy.T @ self.x", "dy @ self.x"),
}


MADE_UP = [
    bias_gradient,
    weight_gradient,
    weights_and_bias,
    named_gradients,
    quiet_sigmoid,
    parameter_count,
    size_of_network,
    shape_of_output,
    product,
    which_axis,
    axis_and_length,
    cause_of_each,
    and_gate,
    rate_and_loss,
    seeded,
    Affine,
]
