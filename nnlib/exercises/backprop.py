"""Exercises of chapter 4: paths, layers, activations and losses, passed backwards."""

import numpy as np

from nnlib.exercises._engine import exercise

# Five examples, three inputs, two neurons; and as many of each, where wrong products fit too.
X_5 = np.array(
    [[3.5, 1.0, 2.0], [0.0, 1.0, 0.3], [1.0, 5.0, -2.0], [2.0, 0.0, 4.0], [-1.0, 0.5, 3.0]]
)
X_3 = np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.5], [-2.0, 4.0, 1.0]])
DZ_5 = np.array([[0.3, -0.2], [-0.41, 0.1], [0.25, 0.6], [-0.1, -0.7], [0.05, 0.37]])
DZ_3 = np.array([[0.2, -0.5, 0.31], [-0.4, 0.7, 0.1], [0.6, 0.13, -0.9]])
W_2 = np.array([[2.0, -1.0, 0.5], [-1.0, 3.0, 1.2]])
W_3 = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0], [4.0, -2.0, 1.5]])


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


@exercise(
    hints=(
        "At w = 3, what is z, and what is the slope of L for z?",
        "The slope of L for z is 2 (z − 1), that of z for w is 2. Multiply.",
    ),
    mistakes={
        "That is the slope of L for z. And z moves twice as fast as w: multiply by 2.": 10,
        "That is the slope of z for w alone. Multiply it by the slope of L for z.": 2,
        "That is 2 · 2. The slope of L for z still needs z − 1, which is 5.": 4,
        "That is the loss itself.": 25,
        "The slopes are multiplied along a path, not added.": 12,
        "z was taken for w: at w = 3, z is 6.": 8,
        "The slope of the square was forgotten: 2 (z − 1), not (z − 1)².": 50,
    },
)
def one_path():
    """The slope of (2 w − 1)² at w = 3."""
    z = 2 * 3
    return 2 * (z - 1) * 2


@exercise(
    cases=((np.array([0.7, -1.2, 2.5]),), (np.array([[0.1, 1.9], [-0.4, 3.0], [1.0, -2.2]]),)),
    hints=(
        "x acts along two paths: through the square, and through the sine.",
        "Hold one factor still at a time: 2 x · sin x along the first path, x² · cos x along the "
        "second.",
    ),
    mistakes={
        "The path through the sine is missing: add x² cos x.": lambda x: 2 * x * np.sin(x),
        "The path through the square is missing: add 2 x sin x.": lambda x: x**2 * np.cos(x),
        "That is the product of the two slopes. Paths add up, each with the other factor held "
        "still.": lambda x: 2 * x * np.cos(x),
        "The paths are subtracted. Add them.": lambda x: 2 * x * np.sin(x) - x**2 * np.cos(x),
        "The slope of x² is 2 x.": lambda x: x * np.sin(x) + x**2 * np.cos(x),
        "That is y itself. Its slope is asked for.": lambda x: x**2 * np.sin(x),
        "The slope of the sine is the cosine, and the sine stayed a sine.": (
            lambda x: 2 * x * np.sin(x) + x**2 * np.sin(x)
        ),
        "Those are the two slopes alone. Each is multiplied by the other factor.": (
            lambda x: 2 * x + np.cos(x)
        ),
    },
)
def used_twice(x):
    """The slope of x² sin x, for an array of any shape."""
    return 2 * x * np.sin(x) + x**2 * np.cos(x)


@exercise(
    cases=((DZ_5,), (DZ_3,)),
    hints=(
        "b is added to every row of the batch, so how many times does b_i appear in the loss?",
        "Each appearance contributes dz_ni. What do contributions along several paths do?",
        "They add up over the examples. Which axis is that, if rows are examples?",
    ),
    mistakes={
        "The sum runs over the neurons. b has one entry for each neuron, so add up over the "
        "batch: axis 0.": lambda dZ: dZ.sum(axis=1),
        "That is the mean over the batch. The 1/N is in dZ already; contributions add up.": (
            lambda dZ: dZ.mean(axis=0)
        ),
        "Everything is added together. Each neuron has its own bias.": lambda dZ: dZ.sum(),
        "The examples are not added up: db has the shape of b, not of Z.": lambda dZ: dZ,
        "Only the first example contributes. The bias is used by all of them.": lambda dZ: dZ[0],
        "Only the last example is left. Contributions add up: +=.": lambda dZ: dZ[-1],
        "keepdims keeps an axis that b does not have.": (lambda dZ: dZ.sum(axis=0, keepdims=True)),
        "The slope of z for b is 1, but it is multiplied by dZ.": (lambda dZ: np.ones(dZ.shape[1])),
        "Signs are lost: no absolute values.": lambda dZ: np.abs(dZ).sum(axis=0),
    },
)
def bias_gradient(dZ):
    """The gradient of the bias: (N, D_out) to (D_out,)."""
    return dZ.sum(axis=0)


@exercise(
    cases=((DZ_5, X_5), (DZ_3, X_3)),
    hints=(
        "dw_ij is the sum over the examples n of dz_ni · x_nj.",
        "A product adds up over the index in the middle. n must be second in the left factor.",
        "dZ.T has n second. The result has the shape of W, (D_out, D_in).",
    ),
    mistakes={
        "That is the transpose: row i of dW belongs to neuron i, as in W.": lambda dZ, X: X.T @ dZ,
        "The transpose is missing. The index of the examples must stand in the middle: dZ.T @ X.": (
            lambda dZ, X: dZ @ X
        ),
        "The wrong factor is transposed: that adds up over features, not over examples.": (
            lambda dZ, X: dZ @ X.T
        ),
        "That is divided by N. The 1/N is in dZ already.": lambda dZ, X: dZ.T @ X / len(X),
        "Only the first example contributes.": lambda dZ, X: np.outer(dZ[0], X[0]),
        "Only the last example is left. Contributions add up: +=.": (
            lambda dZ, X: np.outer(dZ[-1], X[-1])
        ),
        "The sums are multiplied, not the products added up: multiply in each example first.": (
            lambda dZ, X: np.outer(dZ.sum(axis=0), X.sum(axis=0))
        ),
        "The sign is wrong: the gradient is subtracted later, in the step.": (
            lambda dZ, X: -dZ.T @ X
        ),
        "Each example keeps its own table. Add up over the examples.": (
            lambda dZ, X: dZ[:, :, None] * X[:, None, :]
        ),
        "The factors are swapped, and none is transposed: dZ.T @ X.": lambda dZ, X: X @ dZ,
    },
)
def weight_gradient(dZ, X):
    """The gradient of the weights: (N, D_out), (N, D_in) to (D_out, D_in)."""
    return dZ.T @ X


def _transposed_again(dZ, W):
    return dZ @ W.T


@exercise(
    start=_transposed_again,
    cases=((DZ_5, W_2), (DZ_3, W_3)),
    hints=(
        "dx_nj is the sum over the neurons i of dz_ni · w_ij. Which index is added up?",
        "i is second in dZ and first in W already: no transpose is needed.",
    ),
    mistakes={
        "W stands on the left, so its columns met the rows of dZ. With rows as examples it is "
        "dZ @ W.": lambda dZ, W: W @ dZ,
        "That is the column form. Rows are asked for: dZ @ W.": lambda dZ, W: W.T @ dZ.T,
        "That is the column form of the forward pass.": lambda dZ, W: W @ dZ.T,
        "That is the mean over the neurons. Their wishes add up.": (
            lambda dZ, W: dZ @ W / W.shape[0]
        ),
        "That is divided by N. The 1/N is in dZ already.": lambda dZ, W: dZ @ W / len(dZ),
        "Only the first neuron is heard. Every neuron that x feeds has a wish.": (
            lambda dZ, W: np.outer(dZ[:, 0], W[0])
        ),
        "The examples are added up. Each example has its own dX.": (
            lambda dZ, W: (dZ @ W).sum(axis=0)
        ),
        "The sign is wrong.": lambda dZ, W: -dZ @ W,
    },
)
def input_gradient(dZ, W):
    """The gradient of a layer's inputs: (N, D_out), (D_out, D_in) to (N, D_in)."""
    return dZ @ W


A_RELU = np.array([[0.0, 1.5, 0.0], [2.0, 0.0, 0.7]])
D_RELU = np.array([[0.3, -0.8, 1.1], [-0.5, 0.9, 0.2]])


def _always_open(dA, A):
    return dA * (A >= 0)


@exercise(
    start=_always_open,
    cases=((D_RELU, A_RELU), (D_RELU.T, A_RELU.T)),
    hints=(
        "The output of a ReLU is never negative. For which elements is A >= 0 false?",
        "For none. The gate must be closed where the output is 0.",
    ),
    mistakes={
        "The slope alone is returned. Multiply it with dA, element by element.": (
            lambda dA, A: (A > 0) * 1.0
        ),
        "dA is passed where the output is 0, and stopped elsewhere: the other way round.": (
            lambda dA, A: dA * (A <= 0)
        ),
        "dA is multiplied by the output. The slope is 1 where the output is positive.": (
            lambda dA, A: dA * A
        ),
        "ReLU is applied to dA. Its sign does not matter, only whether A is positive.": (
            lambda dA, A: np.maximum(dA, 0)
        ),
        "Where both are positive only. The sign of dA does not matter.": (
            lambda dA, A: dA * ((A > 0) & (dA > 0))
        ),
        "That is a matrix product. An activation acts element by element: *.": (
            lambda dA, A: dA @ (A > 0).T
        ),
        "That is the slope ½ at 0. This book takes 0 there.": (
            lambda dA, A: dA * np.heaviside(A, 0.5)
        ),
    },
)
def relu_backward(dA, A):
    """The gradient for z from that for a = relu(z), given a: any shape."""
    return dA * (A > 0)


@exercise(
    cases=(
        (D_RELU, np.array([[0.1, 0.5, 0.9], [0.73, 0.02, 0.4]])),
        (np.array([2.0, -1.0, 0.5, 3.0]), np.array([0.3, 0.6, 0.95, 0.5])),
    ),
    hints=(
        "The slope of the sigmoid, in terms of its output, is a (1 − a).",
        "The chain rule multiplies it with dA, element by element.",
    ),
    mistakes={
        "A is the activation already. Taking its sigmoid again uses it as if it were z.": (
            lambda dA, A: dA * _sigmoid(A) * (1 - _sigmoid(A))
        ),
        "The slope alone is returned. Multiply it with dA.": lambda dA, A: A * (1 - A),
        "That is the slope of tanh. For the sigmoid it is a (1 − a).": (
            lambda dA, A: dA * (1 - A**2)
        ),
        "Half of the slope is missing: a (1 − a).": lambda dA, A: dA * A,
        "The factor a is missing: a (1 − a).": lambda dA, A: dA * (1 - A),
        "1 − a became 1 + a.": lambda dA, A: dA * A * (1 + A),
        "That divides by the slope. The chain rule multiplies.": lambda dA, A: dA / (A * (1 - A)),
        "The sign is wrong: a − 1 is negative.": lambda dA, A: dA * A * (A - 1),
        "dA is part of the slope now. The slope is made of A alone.": (lambda dA, A: A * (1 - dA)),
    },
)
def sigmoid_backward(dA, A):
    """The gradient for z from that for a = sigmoid(z), given a: any shape."""
    return dA * A * (1 - A)


P_4 = np.array([[0.2, 0.3, 0.5], [0.1, 0.85, 0.05], [0.6, 0.15, 0.25], [0.7, 0.2, 0.1]])
T_4 = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@exercise(
    cases=((P_4, T_4), (P_4[:2], T_4[2:])),
    hints=(
        "For one example the slope of score i is p_i − t_i.",
        "The loss is a mean over N examples. What does that do to each slope?",
    ),
    mistakes={
        "The 1/N is missing: the loss is a mean over the examples.": lambda P, T: P - T,
        "The sign is wrong: it is P − T.": lambda P, T: (T - P) / len(P),
        "The sign is wrong, and the 1/N is missing.": lambda P, T: T - P,
        "That is divided by the number of classes. Divide by the number of examples.": (
            lambda P, T: (P - T) / P.shape[1]
        ),
        "That is divided by the number of all entries. Divide by the number of examples.": (
            lambda P, T: (P - T) / P.size
        ),
        "The 1/N is there twice.": lambda P, T: (P - T) / len(P) ** 2,
        "That is the slope of −ln p for the probabilities. The scores have the softmax between.": (
            lambda P, T: -T / P / len(P)
        ),
        "There is a factor p (1 − p), as for a sigmoid with a squared error. Here there is none.": (
            lambda P, T: (P - T) * P * (1 - P) / len(P)
        ),
        "There is a factor 2, as if the error were squared.": lambda P, T: 2 * (P - T) / len(P),
        "The examples are added up. Each keeps its own row.": (
            lambda P, T: (P - T).sum(axis=0) / len(P)
        ),
        "Softmax is applied to probabilities. They are probabilities already.": (
            lambda P, T: (np.exp(P) / np.exp(P).sum(axis=1, keepdims=True) - T) / len(P)
        ),
    },
)
def logit_gradient(P, T):
    """The gradient of the mean cross-entropy for the scores: (N, K), (N, K) to (N, K)."""
    return (P - T) / len(P)


Z1_5 = np.array([[0.4, -1.0, 2.0], [-0.3, 0.8, 0.1], [1.1, -0.2, -0.5], [0.6, 0.9, -1.4],
                 [-2.0, 0.3, 0.7]])  # fmt: skip
INPUTS = X_5[:, :2] - 0.4


def _given_up(X, Z1, W2, dZ2):
    return np.ones((Z1.shape[1], X.shape[1]))


@exercise(
    start=_given_up,
    cases=((INPUTS, Z1_5, W_2, DZ_5), (X_3, Z1_5[:3], W_3, DZ_3)),
    hints=(
        "Three steps back: through the second layer, through ReLU, through the first layer.",
        "dA1 = dZ2 @ W2, and dZ1 = dA1 * (Z1 > 0).",
        "dW1 is then what it is for every layer: dZ1.T @ X.",
    ),
    mistakes={
        "ReLU is missing: where Z1 is not positive, nothing comes through.": (
            lambda X, Z1, W2, dZ2: (dZ2 @ W2).T @ X
        ),
        "The gate of ReLU is open where Z1 is negative: the other way round.": (
            lambda X, Z1, W2, dZ2: ((dZ2 @ W2) * (Z1 <= 0)).T @ X
        ),
        "ReLU itself stands where its slope belongs. The slope is 1 where Z1 > 0.": (
            lambda X, Z1, W2, dZ2: ((dZ2 @ W2) * np.maximum(Z1, 0)).T @ X
        ),
        "That is the transpose: row i of dW1 belongs to neuron i.": (
            lambda X, Z1, W2, dZ2: X.T @ ((dZ2 @ W2) * (Z1 > 0))
        ),
        "W2 is transposed. With rows as examples dA1 is dZ2 @ W2.": (
            lambda X, Z1, W2, dZ2: ((dZ2 @ W2.T) * (Z1 > 0)).T @ X
        ),
        "The second layer is skipped: only the slope of ReLU and X are there.": (
            lambda X, Z1, W2, dZ2: (Z1 > 0).T @ X * 1.0
        ),
        "That is divided by N. dZ2 has the 1/N in it.": (
            lambda X, Z1, W2, dZ2: ((dZ2 @ W2) * (Z1 > 0)).T @ X / len(X)
        ),
        "That is dZ1. One step is left: through the first layer, dZ1.T @ X.": (
            lambda X, Z1, W2, dZ2: (dZ2 @ W2) * (Z1 > 0)
        ),
        "ReLU is applied to the gradient. The gate asks whether Z1 is positive.": (
            lambda X, Z1, W2, dZ2: np.maximum(dZ2 @ W2, 0).T @ X
        ),
        "The gate of ReLU is taken once more, on the inputs.": (
            lambda X, Z1, W2, dZ2: ((dZ2 @ W2) * (Z1 > 0)).T @ np.maximum(X, 0)
        ),
    },
)
def first_layer(X, Z1, W2, dZ2):
    """The gradient of the first weights of a two-layer network with ReLU: (D_1, D_0)."""
    dA1 = dZ2 @ W2
    dZ1 = dA1 * (Z1 > 0)
    return dZ1.T @ X


@exercise(
    hints=(
        "A gradient has the shape of the thing itself. What is the shape of A1?",
        "One row for each example of the batch, one column for each hidden neuron.",
    ),
    mistakes={
        "That is the shape of W1. A1 has a row for each example.": (16, 784),
        "Rows and columns are swapped: an example is a row.": (16, 32),
        "That is the shape of the scores. A1 belongs to the hidden layer.": (32, 10),
        "That is the shape of the inputs.": (32, 784),
        "That is the shape of W2.": (10, 16),
    },
)
def gradient_shape():
    """The shape of the gradient for the hidden activations of 784-16-10, batch 32."""
    return 32, 16


@exercise(
    hints=(
        "backward adds to grads. What is in grads after the first call? After the second?",
        "g, then g + g, then one more.",
    ),
    mistakes={
        "That would be so if backward replaced the gradients. It adds.": 1,
        "That is after the second backward.": 2,
        "They are added up, not doubled each time.": 4,
        "That counts what three steps used together. Asked is what stands in grads at the end.": 6,
        "They are added up, not multiplied.": 8,
        "Nothing sets them to zero.": 0,
    },
)
def forgotten_zero():
    """How many times g stands in grads after three backwards without zeroing."""
    return 3
