"""Exercises of chapter 4: paths, layers, activations and losses, passed backwards."""

import numpy as np

from nnlib.exercises._exercise import exercise
from nnlib.neuron import sigmoid

# Five examples, three inputs, two neurons; and as many of each, where wrong products fit too.
X_5 = np.array(
    [[3.5, 1.0, 2.0], [0.0, 1.0, 0.3], [1.0, 5.0, -2.0], [2.0, 0.0, 4.0], [-1.0, 0.5, 3.0]]
)
X_3 = np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.5], [-2.0, 4.0, 1.0]])
DZ_5 = np.array([[1.3, -0.2], [-0.41, 0.1], [0.25, 0.6], [-0.1, -0.7], [0.05, 0.37]])
DZ_3 = np.array([[0.2, -0.5, 0.31], [-0.4, 0.7, 0.1], [0.6, 0.13, -0.9]])
W_2 = np.array([[2.0, -1.0, 0.5], [-1.0, 3.0, 1.2]])
W_3 = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0], [4.0, -2.0, 1.5]])


@exercise
def one_path():
    """The slope of (2 w − 1)² at w = 3."""
    z = 2 * 3
    return 2 * (z - 1) * 2


one_path.hints = (
    "At w = 3, what is z, and what is the slope of L for z?",
    "The slope of L for z is 2 (z − 1), that of z for w is 2. Multiply.",
)
one_path.mistakes = {
    "The slope of L for z alone is 2 (z − 1) = 10. And z moves twice as fast as w: multiply by 2.":
        10,
    "That is the slope of z for w alone. Multiply it by the slope of L for z.": 2,
    "That is 2 · 2. The slope of L for z still needs z − 1, which is 5.": 4,
    "That is the loss itself.": 25,
    "The slopes are multiplied along a path, not added.": 12,
    "z was taken for w: at w = 3, z is 6.": 8,
    "The slope of the square was forgotten: 2 (z − 1), not (z − 1)².": 50,
    "That is z − 1. The square has the slope 2 (z − 1), and z moves twice as fast as w.": 5,
    "The 1 was forgotten: the slope of L for z is 2 (z − 1).": 24,
    "That is z. The slope of L for w is asked for.": 6,
    "Each slope is there once only: 2 (z − 1) for the square, and 2 for z = 2 w.": 40,
    "The loss is 0 where z is 1. At w = 3, z is 6.": 0,
    "The two slopes were multiplied with themselves, not with each other.": 100,
}  # fmt: skip


@exercise
def used_twice(x):
    """The slope of x² sin x, for an array of any shape."""
    return 2 * x * np.sin(x) + x**2 * np.cos(x)


used_twice.cases = (
    (np.array([0.7, -1.2, 2.5]),),
    (np.array([[0.1, 1.9], [-0.4, 3.0], [1.0, -2.2]]),),
)
used_twice.hints = (
    "x acts along two paths: through the square, and through the sine.",
    "Hold one factor still at a time: 2 x · sin x along the first path, x² · cos x along the "
    "second.",
)
used_twice.mistakes = {
    "The path through the sine is missing: add x² cos x.": lambda x: 2 * x * np.sin(x),
    "The path through the square is missing: add 2 x sin x.": lambda x: x**2 * np.cos(x),
    "That is the product of the two slopes. Paths add up, each with the other factor held still.":
        lambda x: 2 * x * np.cos(x),
    "The paths are subtracted. Add them.": lambda x: 2 * x * np.sin(x) - x**2 * np.cos(x),
    "The slope of x² is 2 x.": lambda x: x * np.sin(x) + x**2 * np.cos(x),
    "The slope of x² is 2 x. The 2 is there, the x is not.":
        lambda x: 2 * np.sin(x) + x**2 * np.cos(x),
    "Slopes multiply along a path, and add over paths: a plus belongs between the two.":
        lambda x: 2 * x * np.sin(x) * x**2 * np.cos(x),
    "The slopes of both factors stand together on one path, and none on the other. Hold one "
    "factor still at a time.": lambda x: 2 * x * np.cos(x) + x**2 * np.sin(x),
    "On the path through the sine x² is held still. It is x² there, and not its slope.":
        lambda x: 2 * x * np.sin(x) + 2 * x * np.cos(x),
    "On the path through the sine x² is held still, with its square.":
        lambda x: 2 * x * np.sin(x) + x * np.cos(x),
    "On the path through the sine the factor x² is missing.":
        lambda x: 2 * x * np.sin(x) + np.cos(x),
    "On the path through the square its slope is missing: 2 x sin x.":
        lambda x: x**2 * np.sin(x) + x**2 * np.cos(x),
    "The slope of the sine is the cosine, without a minus.":
        lambda x: 2 * x * np.sin(x) - x**2 * np.sin(x),
    "Each slope is multiplied by its own function. Multiply it by the other factor.":
        lambda x: 2 * x * x**2 + np.cos(x) * np.sin(x),
    "The elements are added up. Each x has a slope of its own.":
        lambda x: np.sum(2 * x * np.sin(x) + x**2 * np.cos(x)),
    "That is y itself. Its slope is asked for.": lambda x: x**2 * np.sin(x),
    "The slope of the sine is the cosine, and the sine stayed a sine.":
        lambda x: 2 * x * np.sin(x) + x**2 * np.sin(x),
    "Those are the two slopes alone. Each is multiplied by the other factor.":
        lambda x: 2 * x + np.cos(x),
}  # fmt: skip


@exercise
def handed_on(x, dy):
    """The gradient for x of y = u sin u with u = eˣ, from the gradient dy: any shape."""
    u = np.exp(x)
    s = np.sin(u)
    du, ds = dy * s, dy * u
    du = du + ds * np.cos(u)
    return du * u


def _handed_on_too_early(x, dy):
    u = np.exp(x)
    s = np.sin(u)
    du, ds = dy * s, dy * u
    dx = du * u
    du = du + ds * np.cos(u)
    return dx


def _through(x, dy, *, first=1.0, second=1.0):
    """Both paths, each with a weight."""
    u = np.exp(x)
    return (first * dy * np.sin(u) + second * dy * u * np.cos(u)) * u


handed_on.cases = (
    (np.array([0.3, -0.8, 1.1]), np.array([0.7, -1.2, 2.5])),
    (
        np.array([[0.9, -0.1], [-1.4, 0.6], [0.2, 1.3]]),
        np.array([[1.1, -0.6], [0.4, 2.2], [-1.7, 0.3]]),
    ),
)
handed_on.start = _handed_on_too_early
handed_on.hints = (
    "u has two paths to y, directly and through s. How much of du has arrived when dx is computed?",
    "Finish du first: both paths, added up. Then hand it on to x.",
)
handed_on.mistakes = {
    "The second path wipes out the first: add to du, do not replace it.":
        lambda x, dy: _through(x, dy, first=0.0),
    "The slope of eˣ is eˣ itself, u, and not x.": lambda x, dy: _through(x, dy) / np.exp(x) * x,
    "The slope of eˣ is eˣ itself. Only powers of x have the form n xⁿ⁻¹.":
        lambda x, dy: _through(x, dy) / np.exp(x) * x * np.exp(x - 1),
    "That is du. One step is left: multiply by the slope of eˣ, which is u.":
        lambda x, dy: _through(x, dy) / np.exp(x),
    "dy is not used. The slope of y is multiplied by what arrives from above.":
        lambda x, dy: _through(x, np.ones_like(dy)),
    "The paths are subtracted. Add them.": lambda x, dy: _through(x, dy, second=-1.0),
    "The sine is taken of u, so its slope is cos u, not cos x.":
        lambda x, dy: ((dy * np.sin(np.exp(x)) + dy * np.exp(x) * np.cos(x)) * np.exp(x)),
    "The factors are mixed up: the slope of u · s is s for u, and u for s.":
        lambda x, dy: ((dy * np.exp(x) + dy * np.sin(np.exp(x)) * np.cos(np.exp(x))) * np.exp(x)),
    "The slope of the sine is the cosine, without a minus.":
        lambda x, dy: ((dy * np.sin(np.exp(x)) - dy * np.exp(x) * np.sin(np.exp(x))) * np.exp(x)),
    "The sine stayed a sine: its slope is the cosine.":
        lambda x, dy: ((dy * np.sin(np.exp(x)) + dy * np.exp(x) * np.sin(np.exp(x))) * np.exp(x)),
    "The first path is handed on twice: once too early, and once with the whole du.":
        lambda x, dy: _through(x, dy, first=2.0),
    "That is y, computed forwards. The slope is asked for.":
        lambda x, dy: np.exp(x) * np.sin(np.exp(x)),
}  # fmt: skip


@exercise
def bias_gradient(dZ):
    """The gradient of the bias: (N, D_out) to (D_out,)."""
    return dZ.sum(axis=0)


bias_gradient.cases = (DZ_5,), (DZ_3,)
bias_gradient.hints = (
    "b is added to every row of the batch, so how many times does b_i appear in the loss?",
    "Each appearance contributes dz_ni. What do contributions along several paths do?",
    "They add up over the examples. Which axis is that, if rows are examples?",
)
bias_gradient.mistakes = {
    "The sum runs over the neurons. b has one entry for each neuron, so add up over the batch: "
    "axis 0.": lambda dZ: dZ.sum(axis=1),
    "That is the mean over the batch. The 1/N is in dZ already; contributions add up.":
        lambda dZ: dZ.mean(axis=0),
    "Everything is added together. Each neuron has its own bias.": lambda dZ: dZ.sum(),
    "The examples are not added up: db has the shape of b, not of Z.": lambda dZ: dZ,
    "Only the first example contributes. The bias is used by all of them.": lambda dZ: dZ[0],
    "Only the last example is left. Contributions add up: +=.": lambda dZ: dZ[-1],
    "keepdims keeps an axis that b does not have.": lambda dZ: dZ.sum(axis=0, keepdims=True),
    "The slope of z for b is 1, but it is multiplied by dZ.": lambda dZ: np.ones(dZ.shape[1]),
    "Signs are lost: no absolute values.": lambda dZ: np.abs(dZ).sum(axis=0),
    "That counts the examples. It would be right if every dz were 1: dZ is missing.":
        lambda dZ: np.full(dZ.shape[1], float(len(dZ))),
    "That is multiplied by N. Each example contributes once.": lambda dZ: dZ.sum(axis=0) * len(dZ),
    "Nothing has been added to the zeros.": lambda dZ: np.zeros(dZ.shape[1]),
    "The sum runs over the neurons, and keepdims keeps their axis. Add up over the batch.":
        lambda dZ: dZ.sum(axis=1, keepdims=True),
    "db is a column here, as in texts with examples in columns. Our b is a plain list.":
        lambda dZ: dZ.sum(axis=0).reshape(-1, 1),
    "The sign is wrong: the gradient is subtracted later, in the step.": lambda dZ: -dZ.sum(axis=0),
    "Those are the sums so far, one for each example. Only the last one is asked for.":
        lambda dZ: np.cumsum(dZ, axis=0),
}  # fmt: skip


@exercise
def weight_gradient(dZ, X):
    """The gradient of the weights: (N, D_out), (N, D_in) to (D_out, D_in)."""
    return dZ.T @ X


weight_gradient.cases = (DZ_5, X_5), (DZ_3, X_3)
weight_gradient.hints = (
    "dw_ij is the sum over the examples n of dz_ni · x_nj.",
    "A product adds up over the index in the middle. n must be second in the left factor.",
    "dZ.T has n second. The result has the shape of W, (D_out, D_in).",
)
weight_gradient.mistakes = {
    "That is the transpose: row i of dW belongs to neuron i, as in W.": lambda dZ, X: X.T @ dZ,
    "The transpose is missing. The index of the examples must stand in the middle: dZ.T @ X.":
        lambda dZ, X: dZ @ X,
    "The wrong factor is transposed: that adds up over features, not over examples.":
        lambda dZ, X: dZ @ X.T,
    "That is divided by N. The 1/N is in dZ already.": lambda dZ, X: dZ.T @ X / len(X),
    "Only the first example contributes.": lambda dZ, X: np.outer(dZ[0], X[0]),
    "Only the last example is left. Contributions add up: +=.":
        lambda dZ, X: np.outer(dZ[-1], X[-1]),
    "The sums are multiplied, not the products added up: multiply in each example first.":
        lambda dZ, X: np.outer(dZ.sum(axis=0), X.sum(axis=0)),
    "The sign is wrong: the gradient is subtracted later, in the step.": lambda dZ, X: -dZ.T @ X,
    "Each example keeps its own table. Add up over the examples.":
        lambda dZ, X: dZ[:, :, None] * X[:, None, :],
    "The factors are swapped, and none is transposed: dZ.T @ X.": lambda dZ, X: X @ dZ,
    "That is the outer product of whole tables. Add up over the examples: dZ.T @ X.":
        lambda dZ, X: np.outer(dZ, X),
    "The factors are swapped, and the wrong one is transposed: dZ.T @ X.": lambda dZ, X: X @ dZ.T,
    "Both are transposed. The index of the examples must stand in the middle: dZ.T @ X.":
        lambda dZ, X: dZ.T @ X.T,
    "* multiplies in pairs. Every neuron meets every input: a matrix product.":
        lambda dZ, X: dZ * X,
    "dZ is missing. That would be right only if every dz were 1.":
        lambda dZ, X: np.ones((dZ.shape[1], 1)) * X.sum(axis=0),
    "X is missing. That would be right only if every input were 1.":
        lambda dZ, X: dZ.T @ np.ones_like(X),
    "That is the gradient of the bias. A weight is multiplied by its input.":
        lambda dZ, X: dZ.sum(axis=0),
    "The product of two means is not the sum of the products.":
        lambda dZ, X: np.outer(dZ.mean(axis=0), X.mean(axis=0)),
    "The slope of z for w is the input x, not a 1.":
        lambda dZ, X: np.ones((dZ.shape[1], X.shape[1])),
}  # fmt: skip


@exercise
def input_gradient(dZ, W):
    """The gradient of a layer's inputs: (N, D_out), (D_out, D_in) to (N, D_in)."""
    return dZ @ W


def _transposed_again(dZ, W):
    return dZ @ W.T


input_gradient.cases = (DZ_5, W_2), (DZ_3, W_3)
input_gradient.start = _transposed_again
input_gradient.hints = (
    "dx_nj is the sum over the neurons i of dz_ni · w_ij. Which index is added up?",
    "i is second in dZ and first in W already: no transpose is needed.",
)
input_gradient.mistakes = {
    "W stands on the left, so its columns met the rows of dZ. With rows as examples it is dZ @ W.":
        lambda dZ, W: W @ dZ,
    "That is the column form. Rows are asked for: dZ @ W.": lambda dZ, W: W.T @ dZ.T,
    "That is the column form of the forward pass.": lambda dZ, W: W @ dZ.T,
    "That is the mean over the neurons. Their wishes add up.": lambda dZ, W: dZ @ W / W.shape[0],
    "That is divided by N. The 1/N is in dZ already.": lambda dZ, W: dZ @ W / len(dZ),
    "Only the first neuron is heard. Every neuron that x feeds has a wish.":
        lambda dZ, W: np.outer(dZ[:, 0], W[0]),
    "The examples are added up. Each example has its own dX.": lambda dZ, W: (dZ @ W).sum(axis=0),
    "The sign is wrong.": lambda dZ, W: -dZ @ W,
    "dZ is transposed instead of W. Neither needs it.": lambda dZ, W: dZ.T @ W,
    "Both are transposed. Neither needs it: dZ @ W.": lambda dZ, W: dZ.T @ W.T,
    "W stands on the left, and is transposed. With rows as examples it is dZ @ W.":
        lambda dZ, W: W.T @ dZ,
    "* multiplies in pairs. Every input hears every neuron: a matrix product.":
        lambda dZ, W: dZ * W,
    "dZ is missing: the slope of z for x is W, and it is multiplied by dZ.": lambda dZ, W: W,
    "dZ is missing. That would be right only if every dz were 1.":
        lambda dZ, W: np.ones_like(dZ) @ W,
    "The inputs are added up. Each input of each example has its own slope.":
        lambda dZ, W: (dZ @ W).sum(axis=1),
    "The sums are multiplied, not the products added up.":
        lambda dZ, W: np.outer(dZ.sum(axis=1), W.sum(axis=0)),
}  # fmt: skip


@exercise
def relu_backward(dA, A):
    """The gradient for z from that for a = relu(z), given a: any shape."""
    return dA * (A > 0)


A_RELU = np.array([[0.0, 1.5, 0.0], [2.0, 0.0, 0.2]])
D_RELU = np.array([[0.3, -1.8, 1.1], [-0.5, 0.9, 0.2]])


def _always_open(dA, A):
    return dA * (A >= 0)


relu_backward.cases = (D_RELU, A_RELU), (D_RELU.T, A_RELU.T)
relu_backward.start = _always_open
relu_backward.hints = (
    "The output of a ReLU is never negative. For which elements is A >= 0 false?",
    "For none. The gate must be closed where the output is 0.",
)
relu_backward.mistakes = {
    "The slope alone is returned. Multiply it with dA, element by element.":
        lambda dA, A: (A > 0) * 1.0,
    "dA is passed where the output is 0, and stopped elsewhere: the other way round.":
        lambda dA, A: dA * (A <= 0),
    "dA is multiplied by the output. The slope is 1 where the output is positive.":
        lambda dA, A: dA * A,
    "ReLU is applied to dA. Its sign does not matter, only whether A is positive.":
        lambda dA, A: np.maximum(dA, 0),
    "Where both are positive only. The sign of dA does not matter.":
        lambda dA, A: dA * ((A > 0) & (dA > 0)),
    "That is a matrix product. An activation acts element by element: *.":
        lambda dA, A: dA @ (A > 0).T,
    "A is the output of a ReLU and never negative, so everything is 0 now.":
        lambda dA, A: dA * (A < 0),
    "That is A itself. What goes back is dA, where A is positive.": lambda dA, A: A * 1.0,
    "A goes back where it is positive. It should be dA.": lambda dA, A: np.where(A > 0, A, dA),
    "The slope 1 comes back alone where A is positive. Multiply it with dA.":
        lambda dA, A: np.where(A > 0, 1.0, dA),
    "That passes a hundredth of dA where A is 0, as a leaky ReLU does. ReLU passes nothing.":
        lambda dA, A: np.where(A > 0, dA, 0.01 * dA),
    "The border is at 0: small positive outputs pass dA too.": lambda dA, A: dA * (A > 0.5),
    "That is the slope of the sigmoid. A ReLU has slope 1 or 0.": lambda dA, A: dA * A * (1 - A),
    "That is the slope of tanh. A ReLU has slope 1 or 0.": lambda dA, A: dA * (1 - A**2),
    "if asks one question about the whole array. Ask it for each element: (A > 0).":
        lambda dA, A: dA if A > 0 else 0,
    "Only the elements that pass are left. Keep the others, as zeros.": lambda dA, A: dA[A > 0],
    "The sign of dA is lost.": lambda dA, A: np.abs(dA) * (A > 0),
    "That is the slope ½ at 0. This book takes 0 there.": lambda dA, A: dA * np.heaviside(A, 0.5),
}  # fmt: skip


@exercise
def sigmoid_backward(dA, A):
    """The gradient for z from that for a = sigmoid(z), given a: any shape."""
    return dA * A * (1 - A)


sigmoid_backward.cases = (
    (D_RELU, np.array([[0.1, 0.5, 0.9], [0.73, 0.02, 0.4]])),
    (np.array([2.0, -1.0, 0.5, 3.0]), np.array([0.3, 0.6, 0.95, 0.5])),
)
sigmoid_backward.hints = (
    "The slope of the sigmoid, in terms of its output, is a (1 − a).",
    "The chain rule multiplies it with dA, element by element.",
)
sigmoid_backward.mistakes = {
    "A is the activation already. Taking its sigmoid again uses it as if it were z.":
        lambda dA, A: dA * sigmoid(A) * (1 - sigmoid(A)),
    "The slope alone is returned. Multiply it with dA.": lambda dA, A: A * (1 - A),
    "That is the slope of tanh. For the sigmoid it is a (1 − a).": lambda dA, A: dA * (1 - A**2),
    "The factor 1 − a is missing: a (1 − a).": lambda dA, A: dA * A,
    "The factor a is missing: a (1 − a).": lambda dA, A: dA * (1 - A),
    "1 − a became 1 + a.": lambda dA, A: dA * A * (1 + A),
    "A is the activation already, and its sigmoid is taken once more for the first factor.":
        lambda dA, A: dA * sigmoid(A) * (1 - A),
    "Brackets: only A is multiplied, and A is subtracted at the end.": lambda dA, A: dA * A * 1 - A,
    "dA belongs to both parts: dA (a − a²).": lambda dA, A: dA * A - A * A,
    "That is added. The chain rule multiplies.": lambda dA, A: dA + A * (1 - A),
    "dA stands in the brackets. The slope is a (1 − a), made of A alone.":
        lambda dA, A: dA * A * (1 - dA),
    "¼ is the slope at z = 0 only. Elsewhere it is a (1 − a).": lambda dA, A: dA * 0.25,
    "That is the slope of ReLU. For the sigmoid it is a (1 − a).": lambda dA, A: dA * (A > 0),
    "dA is there twice.": lambda dA, A: dA * dA * A * (1 - A),
    "The factor a is there twice.": lambda dA, A: dA * A**2 * (1 - A),
    "The factor 1 − a is there twice.": lambda dA, A: dA * A * (1 - A) ** 2,
    "That is a matrix product. An activation acts element by element: *.":
        lambda dA, A: dA @ (A * (1 - A)).T,
    "The elements are added up. Each has its own slope.": lambda dA, A: np.sum(dA * A * (1 - A)),
    "That divides by the slope. The chain rule multiplies.": lambda dA, A: dA / (A * (1 - A)),
    "The sign is wrong: a − 1 is negative.": lambda dA, A: dA * A * (A - 1),
    "dA is part of the slope now. The slope is made of A alone.": lambda dA, A: A * (1 - dA),
}  # fmt: skip


@exercise
def logit_gradient(P, T):
    """The gradient of the mean cross-entropy for the scores: (N, K), (N, K) to (N, K)."""
    return (P - T) / len(P)


P_4 = np.array([[0.2, 0.3, 0.5], [0.1, 0.85, 0.05], [0.6, 0.15, 0.25], [0.7, 0.2, 0.1]])
T_4 = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
Y_4 = np.array([[0.4, -0.6, 1.5], [0.3, 0.9, -1.2], [1.7, 0.1, 0.25], [-0.8, 0.2, 0.6]])
logit_gradient.cases = (P_4, T_4), (P_4[:2], T_4[2:])
logit_gradient.hints = (
    "For one example the slope of score i is p_i − t_i.",
    "The loss is a mean over N examples. What does that do to each slope?",
)
logit_gradient.mistakes = {
    "The 1/N is missing: the loss is a mean over the examples.": lambda P, T: P - T,
    "The sign is wrong: it is P − T.": lambda P, T: (T - P) / len(P),
    "The sign is wrong, and the 1/N is missing.": lambda P, T: T - P,
    "That is divided by the number of classes. Divide by the number of examples.":
        lambda P, T: (P - T) / P.shape[1],
    "That is divided by the number of all entries. Divide by the number of examples.":
        lambda P, T: (P - T) / P.size,
    "The 1/N is there twice.": lambda P, T: (P - T) / len(P) ** 2,
    "Brackets: only T is divided by N.": lambda P, T: P - T / len(P),
    "That is multiplied by N. Divide.": lambda P, T: (P - T) * len(P),
    "The targets are missing.": lambda P, T: P / len(P),
    "1 is subtracted from every probability. Subtract it at the right class only: P − T.":
        lambda P, T: (P - 1) / len(P),
    "Only the right class is left. The scores of the wrong classes have slopes too: p.":
        lambda P, T: (P - T) * T / len(P),
    "The difference is squared. The slope is P − T itself.": lambda P, T: (P - T) ** 2 / len(P),
    "That is the slope of −ln p for the probabilities, and the 1/N is missing. The scores have "
    "the softmax between.": lambda P, T: -T / P,
    "Those are parts of the loss. Its slope is asked for.": lambda P, T: -T * np.log(P) / len(P),
    "That is the loss. Its slope is asked for, one number for each score.":
        lambda P, T: -np.sum(T * np.log(P)) / len(P),
    "There is a factor p (1 − p), as for a sigmoid, and the 1/N is missing.":
        lambda P, T: (P - T) * P * (1 - P),
    "The classes are added up. Each score has its own slope.": lambda P, T: (P - T).mean(axis=1),
    "The examples are added up, and the 1/N is missing. Each keeps its own row.":
        lambda P, T: (P - T).sum(axis=0),
    "That is the slope of −ln p for the probabilities. The scores have the softmax between.":
        lambda P, T: -T / P / len(P),
    "There is a factor p (1 − p), as for a sigmoid with a squared error. Here there is none.":
        lambda P, T: (P - T) * P * (1 - P) / len(P),
    "There is a factor 2, as if the error were squared.": lambda P, T: 2 * (P - T) / len(P),
    "The examples are added up. Each keeps its own row.": lambda P, T: (P - T).sum(axis=0) / len(P),
    "Softmax is applied to probabilities. They are probabilities already.":
        lambda P, T: (np.exp(P) / np.exp(P).sum(axis=1, keepdims=True) - T) / len(P),
}  # fmt: skip


@exercise
def squared_gradient(Y, T):
    """The gradient of the mean squared error for the outputs: (N, K), (N, K) to (N, K)."""
    return 2 * (Y - T) / len(Y)


squared_gradient.cases = (Y_4, T_4), (Y_4[1:, :2], T_4[:3, 1:])
squared_gradient.hints = (
    "For one number, what is the slope of (y − t)² for y?",
    "It is 2 (y − t), and each example counts for 1/N.",
)
squared_gradient.mistakes = {
    "The 2 is missing: the slope of a square d² is 2 d.": lambda Y, T: (Y - T) / len(Y),
    "The 1/N is missing: the loss is a mean over the examples.": lambda Y, T: 2 * (Y - T),
    "The 2 and the 1/N are missing.": lambda Y, T: Y - T,
    "The sign is wrong: where y is too large, the slope is positive.":
        lambda Y, T: 2 * (T - Y) / len(Y),
    "The sign is wrong, and the 1/N is missing.": lambda Y, T: 2 * (T - Y),
    "The sign is wrong, and the 2 is missing.": lambda Y, T: (T - Y) / len(Y),
    "The sign is wrong, and the 2 and the 1/N are missing.": lambda Y, T: T - Y,
    "Those are the squares. The slope of d² is 2 d.": lambda Y, T: (Y - T) ** 2,
    "Those are the squares, each for 1/N. The slope of d² is 2 d.":
        lambda Y, T: (Y - T) ** 2 / len(Y),
    "Brackets: only T is divided by N.": lambda Y, T: 2 * Y - T / len(Y),
    "The square is still there: the slope of d² is 2 d.": lambda Y, T: 2 * (Y - T) ** 2 / len(Y),
    "That is divided by the number of all entries. The loss is a mean over the examples.":
        lambda Y, T: 2 * (Y - T) / Y.size,
    "That is divided by the number of outputs. Divide by the number of examples.":
        lambda Y, T: 2 * (Y - T) / Y.shape[1],
    "The 1/N is there twice.": lambda Y, T: 2 * (Y - T) / len(Y) ** 2,
    "That is the slope of y² alone. The targets are missing.": lambda Y, T: 2 * Y / len(Y),
    "That is the slope of a distance. The squares make it 2 (y − t).":
        lambda Y, T: np.sign(Y - T) / len(Y),
    "The examples are added up. Each keeps its own row.":
        lambda Y, T: 2 * (Y - T).sum(axis=0) / len(Y),
    "The outputs are added up. Each has its own slope.":
        lambda Y, T: 2 * (Y - T).sum(axis=1) / len(Y),
    "That is the loss. Its slope is asked for, one number for each output.":
        lambda Y, T: np.sum((Y - T) ** 2) / len(Y),
    "There is a factor y (1 − y), as if Y were sigmoids and their z were asked for.":
        lambda Y, T: 2 * (Y - T) * Y * (1 - Y) / len(Y),
}  # fmt: skip


@exercise
def first_layer(X, Z_1, W_2, dZ_2):
    """The gradient of the first weights of a two-layer network with ReLU: (D_1, D_0)."""
    dA_1 = dZ_2 @ W_2
    dZ_1 = dA_1 * (Z_1 > 0)
    return dZ_1.T @ X


Z_1_BATCH = np.array(
    [[0.4, -1.0, 2.0], [-0.3, 0.0, 0.1], [1.1, -0.2, -0.5], [0.6, 0.9, -1.4], [-2.0, 0.3, 0.7]]
)
INPUTS = X_5[:, :2] - 0.4


def _given_up(X, Z_1, W_2, dZ_2):
    return np.ones((Z_1.shape[1], X.shape[1]))


first_layer.cases = (INPUTS, Z_1_BATCH, W_2, DZ_5), (X_3, Z_1_BATCH[:3], W_3, DZ_3)
first_layer.start = _given_up
first_layer.hints = (
    "Three steps back: through the second layer, through ReLU, through the first layer.",
    "dA_1 = dZ_2 @ W_2, and dZ_1 = dA_1 * (Z_1 > 0).",
    "dW_1 is then what it is for every layer: dZ_1.T @ X.",
)
first_layer.mistakes = {
    "ReLU is missing: where Z_1 is not positive, nothing comes through.":
        lambda X, Z_1, W_2, dZ_2: (dZ_2 @ W_2).T @ X,
    "The gate of ReLU is open where Z_1 is negative: the other way round.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (Z_1 <= 0)).T @ X,
    "Only where Z_1 is negative something comes through. It should be where it is positive.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (Z_1 < 0)).T @ X,
    "ReLU itself stands where its slope belongs. The slope is 1 where Z_1 > 0.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * np.maximum(Z_1, 0)).T @ X,
    "That is the transpose: row i of dW_1 belongs to neuron i.":
        lambda X, Z_1, W_2, dZ_2: X.T @ ((dZ_2 @ W_2) * (Z_1 > 0)),
    "W_2 is transposed. With rows as examples dA_1 is dZ_2 @ W_2.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2.T) * (Z_1 > 0)).T @ X,
    "The second layer is skipped: only the slope of ReLU and X are there.":
        lambda X, Z_1, W_2, dZ_2: (Z_1 > 0).T @ X * 1.0,
    "That is divided by N. dZ_2 has the 1/N in it.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (Z_1 > 0)).T @ X / len(X),
    "That is dZ_1. One step is left: through the first layer, dZ_1.T @ X.":
        lambda X, Z_1, W_2, dZ_2: (dZ_2 @ W_2) * (Z_1 > 0),
    "ReLU is applied to the gradient. The gate asks whether Z_1 is positive.":
        lambda X, Z_1, W_2, dZ_2: np.maximum(dZ_2 @ W_2, 0).T @ X,
    "At Z_1 = 0 the gate is open. This book takes the slope 0 there: >, not >=.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (Z_1 >= 0)).T @ X,
    "Z_1 itself stands where the slope of ReLU belongs. The slope is 1 where Z_1 > 0.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * Z_1).T @ X,
    "That is the slope of the sigmoid. The hidden layer is one of ReLU.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * sigmoid(Z_1) * (1 - sigmoid(Z_1))).T @ X,
    "That is the gradient of the second weights, dW_2. Go on to the first layer.":
        lambda X, Z_1, W_2, dZ_2: dZ_2.T @ np.maximum(Z_1, 0),
    "That is the gradient of the first biases. A weight is multiplied by its input.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (Z_1 > 0)).sum(axis=0),
    "W_2 stands on the left. With rows as examples dA_1 is dZ_2 @ W_2.":
        lambda X, Z_1, W_2, dZ_2: ((W_2 @ dZ_2) * (Z_1 > 0)).T @ X,
    "The last transpose is missing: dZ_1.T @ X.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (Z_1 > 0)) @ X,
    "The second layer and ReLU are skipped: that is dZ_2.T @ X.":
        lambda X, Z_1, W_2, dZ_2: dZ_2.T @ X,
    "The gate is a product element by element, *, and not a matrix product.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) @ (Z_1 > 0)).T @ X,
    "The gate asks about the inputs. It should ask about Z_1.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (X > 0)).T @ X,
    "That is dA_1. ReLU and the first layer are left.": lambda X, Z_1, W_2, dZ_2: dZ_2 @ W_2,
    "The sign is wrong: the gradient is subtracted later, in the step.":
        lambda X, Z_1, W_2, dZ_2: -((dZ_2 @ W_2) * (Z_1 > 0)).T @ X,
    "The gate of ReLU is taken once more, on the inputs.":
        lambda X, Z_1, W_2, dZ_2: ((dZ_2 @ W_2) * (Z_1 > 0)).T @ np.maximum(X, 0),
}  # fmt: skip


@exercise
def one_step(X, T, W_1, W_2, lr):
    """Both matrices after one step, for two layers of sigmoids and the squared error."""
    A_1 = sigmoid(X @ W_1.T)
    A_2 = sigmoid(A_1 @ W_2.T)
    dA_2 = 2 * (A_2 - T) / len(X)
    dZ_2 = dA_2 * A_2 * (1 - A_2)
    dA_1 = dZ_2 @ W_2
    dZ_1 = dA_1 * A_1 * (1 - A_1)
    return W_1 - lr * dZ_1.T @ X, W_2 - lr * dZ_2.T @ A_1


X_STEP = np.array([[0.9, -0.4], [-1.3, 0.8], [0.5, 1.6], [1.1, 0.2]])
W_1_STEP = np.array([[0.7, -0.3], [-0.5, 1.1], [0.2, 0.4]])
W_2_STEP = np.array([[1.3, -0.8, 0.6], [-0.4, 0.9, 1.5], [0.3, 0.5, -1.1]])


def _stepped(X, T, W_1, W_2, lr, *, slope=True, late=True, two=2.0, hidden=True, own=True):
    """One step, right, or with one thing or another left out."""
    A_1 = sigmoid(X @ W_1.T)
    A_2 = sigmoid(A_1 @ W_2.T)
    dZ_2 = two * (A_2 - T) / len(X) * (A_2 * (1 - A_2) if slope else 1)
    new_W_2 = W_2 - lr * dZ_2.T @ A_1
    back = W_2 if late else new_W_2
    dA_1 = dZ_2 @ back if own else (two * (A_2 - T) / len(X)) @ back
    dZ_1 = dA_1 * (A_1 * (1 - A_1) if hidden else 1)
    return W_1 - lr * dZ_1.T @ X, new_W_2


def _updated_too_early(X, T, W_1, W_2, lr):
    return _stepped(X, T, W_1, W_2, lr, slope=False, late=False)


one_step.cases = (
    (X_STEP, T_4, W_1_STEP, W_2_STEP, 0.7),
    (X_STEP[1:], T_4[:3, 1:], W_1_STEP, W_2_STEP[1:], 1.2),
)
one_step.start = _updated_too_early
one_step.hints = (
    "Follow the forward pass backwards, line by line. Which line has no partner?",
    "Between Z_2 and A_2 stands a sigmoid, and its slope is A_2 (1 − A_2).",
    "dA_1 asks how the loss depended on A_1 in the forward pass. Which W_2 was used there?",
)
one_step.mistakes = {
    "The slope of the last sigmoid is in, but dA_1 is still computed with the new W_2. The "
    "forward pass used the old one.": lambda *case: _stepped(*case, late=False),
    "W_2 waits for its update now. But the slope of the last sigmoid is missing: dZ_2 = dA_2 · "
    "A_2 (1 − A_2).": lambda *case: _stepped(*case, slope=False),
    "dW_2 has the slope of the last sigmoid, but what goes on to dA_1 has not: use dZ_2 for both.":
        lambda *case: _stepped(*case, own=False),
    "dW_2 has the slope of the last sigmoid, but what goes on to dA_1 has not, and it meets the "
    "new W_2.": lambda *case: _stepped(*case, own=False, late=False),
    "The slope of the hidden sigmoid has gone missing.":
        lambda *case: _stepped(*case, hidden=False),
    "The 2 of the squared error has gone missing.": lambda *case: _stepped(*case, two=1.0),
    "The 1/N has gone missing: the loss is a mean over the examples.":
        lambda X, *rest: _stepped(X, *rest, two=2.0 * len(X)),
    "That goes uphill. Subtract the gradients.":
        lambda X, T, W_1, W_2, lr: _stepped(X, T, W_1, W_2, -lr),
    "The learning rate has gone missing.": lambda X, T, W_1, W_2, lr: _stepped(X, T, W_1, W_2, 1.0),
    "The two matrices come back in the wrong order: W_1 first.":
        lambda *case: _stepped(*case)[::-1],
}  # fmt: skip


@exercise
def gradient_shape():
    """The shape of the gradient for the hidden activations of 784-16-10, batch 32."""
    return 32, 16


gradient_shape.hints = (
    "A gradient has the shape of the thing itself. What is the shape of A_1?",
    "One row for each example of the batch, one column for each hidden neuron.",
)
gradient_shape.mistakes = {
    "That is the shape of W_1. A_1 has a row for each example.": (16, 784),
    "Rows and columns are swapped: an example is a row.": (16, 32),
    "That is the shape of the scores. A_1 belongs to the hidden layer.": (32, 10),
    "That is the shape of the inputs.": (32, 784),
    "That is the shape of W_2.": (10, 16),
    "That is the shape of W_1, transposed. A_1 has a row for each example.": (784, 16),
    "That is the shape of W_2, transposed. A_1 has a row for each example.": (16, 10),
    "That is the shape for one example. The batch has 32, a row each.": (1, 16),
}


@exercise
def forgotten_zero():
    """How many times g stands in grads after three backwards without zeroing."""
    return 3


forgotten_zero.hints = (
    "backward adds to grads. What is in grads after the first call? After the second?",
    "g, then g + g, then one more.",
)
forgotten_zero.mistakes = {
    "That would be so if backward replaced the gradients. It adds.": 1,
    "That is after the second backward.": 2,
    "They are added up, not doubled each time.": 4,
    "That counts what three steps used together. Asked is what stands in grads at the end.": 6,
    "They are added up, not multiplied.": 8,
    "Nothing sets them to zero.": 0,
}
