"""Exercises of chapter 2: shapes, layers, batches, counting, softmax, approximation."""

from itertools import pairwise

import numpy as np

from nnlib.exercises._exercise import exercise
from nnlib.neuron import sigmoid

# Two neurons on three inputs, and as many neurons as inputs, where wrong products fit too.
WIDE = np.array([[2.0, -1.0, 0.5], [-1.0, 3.0, 1.0]])
SQUARE = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0], [4.0, -2.0, 1.5]])
BIAS_2 = np.array([-4.0312, 0.5117])
BIAS_3 = np.array([0.3113, -2.0241, 1.0532])
ROWS_5 = np.array(
    [[3.5, 1.0, 2.0], [0.0, 1.0, 0.0], [1.0, 5.0, -2.0], [2.0, 0.0, 4.0], [-1.0, 0.5, 3.0]]
)
ROWS_3 = np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.5], [-2.0, 4.0, 1.0]])


@exercise
def layer_shape():
    """The shape of W for 5 neurons and 3 inputs."""
    return 5, 3


layer_shape.hints = (
    "Each neuron has a row of its own. How many weights does it need?",
    "Rows first: one for each neuron. Columns: one for each input.",
)
layer_shape.mistakes = {
    "Rows and columns are swapped. Row i holds the weights of neuron i, and there are 5 neurons.":
        (3, 5),
    "The bias is not part of W: it has a list of its own.": (5, 4),
    "W has a row for each neuron and a column for each input, and there are 3 inputs.": (5, 5),
    "W has a row for each neuron, and there are 5 neurons.": (3, 3),
    "That is the shape of the biases as a column. W has a column for each input.": (5, 1),
    "That is the shape of x as a column.": (3, 1),
}  # fmt: skip


@exercise
def column_shape():
    """The shape of a column vector of 784 numbers."""
    return 784, 1


column_shape.hints = (
    "A shape is (rows, columns). How many columns does a column vector have?",
    "W is m × n, so the factor to its right must have n rows.",
)
column_shape.mistakes = {
    "That is the note's claim, 1 × n, a row. The rows of W have 784 entries, and each column of "
    "a 1 × 784 array has only one to meet them.": (1, 784),
    "A column has a single column.": (784, 784),
}


@exercise
def layer(x, W, b):
    """z = W x + b for one example: (D_in,), (D_out, D_in), (D_out,) to (D_out,)."""
    return W @ x + b


def _running_total(x, W, b):
    return np.cumsum(W @ x) + b


layer.cases = (
    (np.array([3.5, 1.0, 2.0]), WIDE, BIAS_2),
    (np.array([1.0, -2.0, 4.0]), SQUARE, BIAS_3),
)
layer.hints = (
    "Entry i of the result is the dot product of row i of W with x, plus b[i].",
    "W @ x computes all those dot products at once.",
)
layer.mistakes = {
    "The bias is missing: z = W x + b.": lambda x, W, b: W @ x,
    "The bias is subtracted. It is added.": lambda x, W, b: W @ x - b,
    "W is transposed: columns of W met x. Row i holds the weights of neuron i, so rows must meet "
    "x.": lambda x, W, b: W.T @ x + b,
    "x stands left of W, so columns of W met x. Row i holds the weights of neuron i: W @ x.":
        lambda x, W, b: x @ W + b,
    "The products are not added up. W * x only multiplies in pairs: use W @ x.":
        lambda x, W, b: W * x + b,
    "The products are not added up. W * x only multiplies in pairs, and the bias then went to "
    "whole rows.": lambda x, W, b: W * x + b[:, None],
    "The products of all neurons are added together. Each neuron has its own sum: axis 1.":
        lambda x, W, b: (W * x).sum() + b,
    "The sum runs down the columns, over neurons. It should run along each row: axis 1.":
        lambda x, W, b: (W * x).sum(axis=0) + b,
    "Only the first neuron is computed.": lambda x, W, b: W[0] @ x + b[0],
    "The biases are added up. Neuron i gets b[i] only.": lambda x, W, b: W @ x + b.sum(),
    "The bias is added to the inputs. It is added to the weighted sums.":
        lambda x, W, b: W @ (x + b),
    "That is σ(z). Return z itself.": lambda x, W, b: sigmoid(W @ x + b),
    "b[:, None] is a column, and NumPy repeats the sums along it. Plain b has the shape of W @ x.":
        lambda x, W, b: W @ x + b[:, None],
    "x became a column and b did not, so NumPy adds every bias to every sum. Plain x will do.":
        lambda x, W, b: W @ x[:, None] + b,
    "The bias is added once for each input. Add it after the inner loop.":
        lambda x, W, b: W @ x + len(x) * b,
    "The total runs on from one neuron to the next. Set it to 0 for each.": _running_total,
    "The last input is left out: range(n) stops before n already.":
        lambda x, W, b: W[:, :-1] @ x[:-1] + b,
    "Only the first neuron is computed: the return stands inside the loop.":
        lambda x, W, b: W[:1] @ x + b[:1],
    "Negative sums became 0, as ReLU would do. Return z itself.":
        lambda x, W, b: np.maximum(0, W @ x + b),
}  # fmt: skip


@exercise
def weight_index():
    """Row and column of the weight from input 3 to neuron 1."""
    return 1, 3


weight_index.hints = (
    "Which belongs to a neuron, the row or the column?",
    "The row is the neuron that the connection leads to, and the column the input that it comes "
    "from.",
)
weight_index.mistakes = {
    "The indices are swapped: w_ij goes from input j to neuron i, so the neuron comes first.":
        (3, 1),
    "That counts from 1. Input 3 and neuron 1 are counted from 0 already.": (2, 4),
    "That subtracts 1 from each. Input 3 and neuron 1 are counted from 0 already.": (0, 2),
    "That is the shape of W, not an entry.": (3, 4),
    "The input is counted from 0 too: input 3 has column 3.": (1, 4),
}  # fmt: skip


@exercise
def weighted_sums(x, W):
    """The weighted sum of one neuron: x of shape (D, 1), W of shape (1, D), to (1, 1)."""
    return W @ x


def _outer(x, W):
    return x @ W


weighted_sums.cases = (
    (np.array([[1.0], [2.0], [-1.0], [0.5], [3.0]]), np.array([[2.0, 0.0, 1.0, -1.0, 0.5]])),
    (np.array([[4.0], [-2.0], [0.5], [1.0], [0.25]]), np.array([[1.0, 3.0, 2.137, 0.0, -1.0]])),
)
weighted_sums.start = _outer
weighted_sums.hints = (
    "The inner lengths must agree and vanish. Which are inner in x @ W, and which in W @ x?",
    "(5, 1) times (1, 5) is (5, 5): every input times every weight. (1, 5) times (5, 1) is (1, 1).",
)
weighted_sums.mistakes = {
    "That is the outer product, transposed. Transposing does not change that nothing is added "
    "up: put W on the left.": lambda x, W: W.T @ x.T,
    "All 25 products are added up. Input j meets only weight j.":
        lambda x, W: np.array([[(x @ W).sum()]]),
    "The products are right, but they are not added up.": lambda x, W: W * x.T,
    "The products are right, as a column, but they are not added up.": lambda x, W: W.T * x,
    "The number is right, without its axes. W @ x keeps them: (1, 1).": lambda x, W: (W @ x)[0, 0],
}  # fmt: skip


@exercise
def dense_batch(X, W, b):
    """Z = X Wᵀ + b: (N, D_in), (D_out, D_in), (D_out,) to (N, D_out)."""
    return X @ W.T + b


dense_batch.cases = (ROWS_5, WIDE, BIAS_2), (ROWS_3, SQUARE, BIAS_3)
dense_batch.hints = (
    "z_ni is the sum over j of x_nj · w_ij. A product sums over the second index of its left "
    "factor and the first of its right one.",
    "Turn W round, so that j comes first: W.T. And b of shape (D_out,) is added to every row by "
    "itself.",
)
dense_batch.mistakes = {
    "The transpose is missing. X @ W sums over the neurons; with rows as examples it is X @ W.T.":
        lambda X, W, b: X @ W + b,
    "The bias is missing.": lambda X, W, b: X @ W.T,
    "The bias is subtracted. It is added.": lambda X, W, b: X @ W.T - b,
    "The bias is added along the wrong axis: example n got b[n]. Plain b is added to every row.":
        lambda X, W, b: X @ W.T + b[:, None],
    "That is the column form: one example a column. Rows are asked for, X @ W.T + b.":
        lambda X, W, b: W @ X.T + b[:, None],
    "W @ X.T is the column form, and b was then added along the wrong axis. Rows are asked for: "
    "X @ W.T + b.": lambda X, W, b: W @ X.T + b,
    "W @ X cannot be formed for rows, unless the numbers happen to agree: the inputs of an "
    "example lie along its row. Use X @ W.T.": lambda X, W, b: W @ X + b,
    "W @ X takes the examples for columns. They are rows: X @ W.T.":
        lambda X, W, b: W @ X + b[:, None],
    "Only the first example is computed.": lambda X, W, b: W @ X[0] + b,
    "The examples are added up. Each keeps its own row.": lambda X, W, b: (X @ W.T + b).sum(axis=0),
    "That is σ(Z). Return Z itself.": lambda X, W, b: sigmoid(X @ W.T + b),
    "reshape refills the shape row by row, and mixes the neurons. W.T turns rows into columns.":
        lambda X, W, b: X @ W.reshape(W.shape[::-1]) + b,
    "reshape does not turn the column form round; .T does.":
        lambda X, W, b: (W @ X.T + b[:, None]).reshape(len(X), -1),
    "Only the last example is left: each turn of the loop replaces z. Collect one row for each.":
        lambda X, W, b: W @ X[-1] + b,
    "The product is divided by the number of examples. A layer takes no mean.":
        lambda X, W, b: X @ W.T / len(X) + b,
    "The biases are added up. Neuron i gets b[i] only.": lambda X, W, b: X @ W.T + b.sum(),
}  # fmt: skip


@exercise
def columns_batch(X, W, b):
    """Z = W X + b with examples in columns: (D_in, N) to (D_out, N)."""
    return W @ X + b[:, None]


columns_batch.cases = (ROWS_5.T, WIDE, BIAS_2), (ROWS_3.T, SQUARE, BIAS_3)
columns_batch.hints = (
    "The product itself is that for one example: W on the left, X on the right.",
    "b must be added to every column. As a column, b[:, None], it is.",
)
columns_batch.mistakes = {
    "The bias is added along the wrong axis: example n got b[n]. Neuron i has a row, so b must "
    "be a column: b[:, None].": lambda X, W, b: W @ X + b,
    "The bias is missing.": lambda X, W, b: W @ X,
    "The bias is subtracted. It is added.": lambda X, W, b: W @ X - b[:, None],
    "That is the row form. Its transpose is asked for: one example a column.":
        lambda X, W, b: X.T @ W.T + b,
    "W is transposed. Row i of W holds the weights of neuron i: W @ X.":
        lambda X, W, b: W.T @ X + b[:, None],
    "That takes the examples for rows. They are columns: W @ X.": lambda X, W, b: X @ W.T + b,
    "X stands left of W, so its rows met the columns of W. Put W on the left.":
        lambda X, W, b: X @ W + b[:, None],
    "The biases are added up. Neuron i gets b[i] only.": lambda X, W, b: W @ X + b.sum(),
    "reshape does not turn the row form round; .T does.":
        lambda X, W, b: (X.T @ W.T + b).reshape(len(b), -1),
    "Only the first example is computed.": lambda X, W, b: W @ X[:, 0] + b,
}  # fmt: skip


@exercise
def network(X, layers):
    """The forward pass with a sigmoid after every layer: (N, D_in) to (N, D_out)."""
    A = X
    for W, b in layers:
        A = sigmoid(A @ W.T + b)
    return A


def _chain(X, layers, hidden=sigmoid, last=sigmoid):
    for W, b in layers[:-1]:
        X = hidden(X @ W.T + b)
    W, b = layers[-1]
    return last(X @ W.T + b)


def _identity(z):
    return z


def _without_bias(X, layers):
    for W, _ in layers:
        X = sigmoid(X @ W.T)
    return X


def _bias_outside(X, layers):
    for W, b in layers:
        X = sigmoid(X @ W.T) + b
    return X


def _activation_first(X, layers):
    for W, b in layers:
        X = sigmoid(X) @ W.T + b
    return X


def _not_transposed(X, layers):
    for W, b in layers:
        X = sigmoid(X @ W + b)
    return X


def _always_the_inputs(X, layers):
    for W, b in layers:
        A = sigmoid(X @ W.T + b)
    return A


def _first_layer_only(X, layers):
    for W, b in layers:
        return sigmoid(X @ W.T + b)


def _softmax_at_the_end(X, layers):
    z = _chain(X, layers, last=_identity)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


TWO_LAYERS = [
    (np.vstack([WIDE, SQUARE[:2]]), np.array([0.5, -1.0, 2.0, 0.0])),
    (np.array([[1.0, -2.0, 0.5, 3.0], [0.0, 1.5, -1.0, 1.0]]), BIAS_2),
]
THREE_LAYERS = [(SQUARE, BIAS_3), (SQUARE.T / 2, -BIAS_3), (SQUARE[::-1], BIAS_3 / 2)]
network.cases = (ROWS_5, TWO_LAYERS), (ROWS_3, THREE_LAYERS)
network.hints = (
    "Keep one variable for the activations. It starts as X.",
    "Loop over the layers: each turn replaces the activations by those of the next layer.",
    "In a loop over the layers, replace it by sigmoid(A @ W.T + b). Return it after the loop.",
)
network.mistakes = {
    "The last layer has no sigmoid. Every layer ends with it, the last one too.":
        lambda X, layers: _chain(X, layers, last=_identity),
    "The hidden layers have no sigmoid. Every layer ends with it.":
        lambda X, layers: _chain(X, layers, hidden=_identity),
    "There is no sigmoid at all. Every layer ends with it.":
        lambda X, layers: _chain(X, layers, _identity, _identity),
    "The biases are missing.": _without_bias,
    "The bias is added after the sigmoid. It belongs inside: sigmoid(A @ W.T + b).": _bias_outside,
    "The sigmoid is applied to the inputs of each layer. It belongs around the sum.":
        _activation_first,
    "The transpose is missing: with rows as examples a layer is A @ W.T + b.": _not_transposed,
    "Every layer got the inputs X. From the second on, a layer gets the activations of the one "
    "before.": _always_the_inputs,
    "Only the first layer was computed: the return stands inside the loop.": _first_layer_only,
    "The layers are in reverse order.": lambda X, layers: _chain(X, layers[::-1]),
    "The last layer has softmax instead of the sigmoid.": _softmax_at_the_end,
    "That uses tanh. The sigmoid is asked for.":
        lambda X, layers: _chain(X, layers, np.tanh, np.tanh),
    "Only two layers are computed. The list may have any length.":
        lambda X, layers: _chain(X, layers[:2]),
    "The last layer is left out.": lambda X, layers: _chain(X, layers[:-1]),
    "The sigmoid is applied twice at the end.": lambda X, layers: sigmoid(_chain(X, layers)),
    "The last layer has softmax on top of its sigmoid. Only the sigmoid is asked for.":
        lambda X, layers: _softmax(_chain(X, layers)),
    "That uses ReLU. The sigmoid is asked for.":
        lambda X, layers: _chain(X, layers, *[lambda z: np.maximum(z, 0)] * 2),
    "The hidden layers use ReLU. Every layer ends with the sigmoid.":
        lambda X, layers: _chain(X, layers, hidden=lambda z: np.maximum(z, 0)),
}  # fmt: skip


@exercise
def collapse(W_1, b_1, W_2, b_2):
    """W and b of the one layer that equals two layers without activation function."""
    return W_2 @ W_1, W_2 @ b_1 + b_2


collapse.cases = (
    (np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]]), BIAS_3, WIDE, BIAS_2),
    (SQUARE, BIAS_3, ROWS_3, np.array([2.0, 0.0, -1.0])),
)
collapse.hints = (
    "Multiply out W_2 (W_1 x + b_1) + b_2. What stands before x?",
    "W_2 W_1 stands before x. The rest, W_2 b_1 + b_2, does not depend on x.",
)
collapse.mistakes = {
    "The matrices are in the wrong order: x meets W_1 first, so W_1 stands next to it, on the "
    "right of W_2.": lambda W_1, b_1, W_2, b_2: (W_1 @ W_2, W_2 @ b_1 + b_2),
    "b_1 passes through the second layer too: it becomes W_2 b_1.":
        lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, b_1 + b_2),
    "b_1 is lost.": lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, b_2),
    "b_2 is lost.": lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, W_2 @ b_1),
    "b_2 is added after everything. It is b_1 that meets a matrix, W_2.":
        lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, W_1 @ b_2 + b_1),
    "b_1 meets the second matrix, W_2, not the first.":
        lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, W_1 @ b_1 + b_2),
    "That multiplies element by element. Layers one after the other are a matrix product.":
        lambda W_1, b_1, W_2, b_2: (W_2 * W_1, W_2 @ b_1 + b_2),
    "The matrices are added. Layers one after the other are a product.":
        lambda W_1, b_1, W_2, b_2: (W_2 + W_1, b_1 + b_2),
    "The merged matrix is transposed: its rows should be neurons of the second layer.":
        lambda W_1, b_1, W_2, b_2: ((W_2 @ W_1).T, W_2 @ b_1 + b_2),
    "The two biases are multiplied. The second layer multiplies b_1 by its matrix W_2.":
        lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, b_1 * b_2),
    "W and b are in the wrong order: return W first.":
        lambda W_1, b_1, W_2, b_2: (W_2 @ b_1 + b_2, W_2 @ W_1),
    "b_2 is subtracted. It is added.": lambda W_1, b_1, W_2, b_2: (W_2 @ W_1, W_2 @ b_1 - b_2),
}  # fmt: skip


@exercise
def parameters_by_hand():
    """How many weights and biases 784-32-10 has."""
    return 784 * 32 + 32 + 32 * 10 + 10


parameters_by_hand.hints = (
    "Two layers: 784 inputs into 32 neurons, and 32 activations into 10 neurons.",
    "784 · 32 + 32 for the first. And for the second?",
)
parameters_by_hand.mistakes = {
    "The biases are missing: one for each of the 42 neurons.": 25_408,
    "The biases of the output neurons are missing.": 25_440,
    "The biases of the hidden neurons are missing.": 25_418,
    "There is one bias for each neuron, not one for each layer.": 25_410,
    "The inputs have no biases: they are not neurons.": 26_234,
    "28 · 28 is 784, not 728.": 23_658,
    "No input is joined directly to an output: add the counts of the layers.": 250_880,
    "That is the first layer. The second has parameters too.": 25_120,
    "The weights of the second layer are missing.": 25_130,
    "A bias was counted for each input of a layer. It is one for each neuron.": 26_224,
    "That is 784-10, without the hidden layer.": 7_850,
}


@exercise
def count_parameters(sizes):
    """How many weights and biases a fully connected network has."""
    weights = sum(d_in * d_out for d_in, d_out in pairwise(sizes))
    biases = sum(sizes[1:])
    return weights + biases


def _one_bias_a_layer(sizes):
    return sum(d_in * d_out for d_in, d_out in pairwise(sizes)) + len(sizes) - 1


count_parameters.cases = ([784, 16, 16, 10],), ([784, 16, 10],), ([3, 5, 2, 4, 1],), ([7, 2],)
count_parameters.start = _one_bias_a_layer
count_parameters.hints = (
    "12,963 is 12,960 + 3. What are there three of?",
    "Each neuron has a bias. Which of the sizes count neurons?",
)
count_parameters.mistakes = {
    "The biases are missing.": lambda sizes: sum(a * b for a, b in pairwise(sizes)),
    "The inputs were given biases too. They are not neurons: leave out the first size.":
        lambda sizes: sum(a * b for a, b in pairwise(sizes)) + sum(sizes),
    "A bias was counted for each input of a layer. It is one for each neuron.":
        lambda sizes: sum(a * b + a for a, b in pairwise(sizes)),
    "The sizes are multiplied all together. Only neighbouring layers are joined.":
        lambda sizes: int(np.prod(sizes)),
    "The weights join each input of a layer to each neuron: multiply, not add.":
        lambda sizes: sum(a + b + b for a, b in pairwise(sizes)),
    "The last layer's biases are missing.":
        lambda sizes: sum(a * b for a, b in pairwise(sizes)) + sum(sizes[1:-1]),
    "Only the biases are counted.": lambda sizes: sum(sizes[1:]),
    "The counts are right, layer by layer. Add them up.":
        lambda sizes: [a * b + b for a, b in pairwise(sizes)],
    "Right for two layers of weights only. The list may have any length.":
        lambda sizes: sizes[0] * sizes[1] + sizes[1] + sizes[1] * sizes[-1] + sizes[-1],
    "Only the first layer is counted: the return stands inside the loop.":
        lambda sizes: sizes[0] * sizes[1] + sizes[1],
    "Only the last layer is left: each turn of the loop replaces the total. Add to it with +=.":
        lambda sizes: sizes[-2] * sizes[-1] + sizes[-1],
    "The last layer is left out: range(n) stops before n already.":
        lambda sizes: sum(a * b + b for a, b in pairwise(sizes[:-1])),
    "This is 13,002 for every network. Use sizes.": lambda sizes: 13_002,
    "One bias is counted for each number in sizes. Each neuron has one.":
        lambda sizes: sum(a * b for a, b in pairwise(sizes)) + len(sizes),
}  # fmt: skip


@exercise
def softmax(z):
    """Softmax of each row, safe for scores of ±1000: (N, K) to (N, K)."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _softmax(z, axis=-1, shift=True):
    e = np.exp(z - z.max(axis=axis, keepdims=True)) if shift else np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)


def _shift_numerator_only(z):
    return np.exp(z - z.max(axis=-1, keepdims=True)) / np.exp(z).sum(axis=-1, keepdims=True)


def _without_keepdims(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def _max_without_keepdims(z):
    e = np.exp(z - z.max(axis=-1))
    return e / e.sum(axis=-1, keepdims=True)


softmax.cases = (
    (np.array([[2.0, 1.0, -1.0], [0.5, 3.0, 0.0]]),),
    (np.array([[1000.0, 999.0, 998.0], [-1000.0, -1001.0, -1003.0], [0.0, 1000.0, -1000.0]]),),
)
softmax.silent = True
softmax.hints = (
    "First e to each score, then the sum of each row, with keepdims=True, then divide.",
    "Before the exponential, subtract from each row its own largest score: z.max(axis=-1, "
    "keepdims=True).",
)
softmax.mistakes = {
    "Right for small scores, but e to the 1000 overflows. Subtract each row's largest score "
    "first.": lambda z: _softmax(z, shift=False),
    "The sums run down the columns, over examples. Each row is an example: axis −1.":
        lambda z: _softmax(z, axis=0),
    "The sums run down the columns, over examples, and the exponential overflows. Use axis −1, "
    "and subtract each row's largest score first.": lambda z: _softmax(z, axis=0, shift=False),
    "The sum runs over the whole array. Each row is an example and needs its own sum.":
        lambda z: _softmax(z, axis=None),
    "The sum runs over the whole array, and the exponential overflows. Each row needs its own "
    "sum, and its own shift.": lambda z: np.exp(z) / np.exp(z).sum(),
    "The largest score of the whole array is subtracted. In a row with much lower scores every "
    "exponential is then 0, and 0/0 is nan. Subtract each row's own.":
        lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=-1, keepdims=True),
    "The shift is in the numerator only. Use the same exponentials below.": _shift_numerator_only,
    "Without keepdims=True the sums are a list, and NumPy matches it with the columns.":
        _without_keepdims,
    "Without keepdims=True the largest scores are a list, and NumPy matches it with the columns.":
        _max_without_keepdims,
    "That is e to the sum. The sum of the exponentials is wanted.":
        lambda z: np.exp(z) / np.exp(z.sum(axis=-1, keepdims=True)),
    "The exponential is missing: negative scores would give negative probabilities.":
        lambda z: z / z.sum(axis=-1, keepdims=True),
    "That is the sigmoid of each score. Softmax divides by the sum over the row.":
        lambda z: sigmoid(z),
    "The exponentials are not divided by their sum.":
        lambda z: np.exp(z - z.max(axis=-1, keepdims=True)),
    "Without keepdims=True the largest scores and the sums are lists, and NumPy cannot match "
    "them with the rows.": lambda z: (lambda e: e / e.sum(axis=-1))(np.exp(z - z.max(axis=-1))),
    "Softmax is applied twice.": lambda z: _softmax(_softmax(z)),
    "That is the logarithm of softmax. Return the probabilities.": (
        lambda z: (
            z
            - z.max(axis=-1, keepdims=True)
            - np.log(np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))
        )
    ),
    "Right shift, but the sums run down the columns. Each row is an example: axis −1.":
        lambda z: (lambda e: e / e.sum(axis=0))(np.exp(z - z.max(axis=-1, keepdims=True))),
    "The largest score of each column is subtracted. Take the largest of each row, axis −1.":
        lambda z: (lambda e: e / e.sum(axis=-1, keepdims=True))(np.exp(z - z.max(axis=0))),
    "That is 1 for the largest score and 0 elsewhere. Softmax is softer.":
        lambda z: np.eye(z.shape[-1])[z.argmax(axis=-1)],
    "The sign of the exponent is wrong: the highest score gets the lowest probability.":
        lambda z: _softmax(-z),
}  # fmt: skip


@exercise
def lonely_softmax():
    """The softmax of a single score, 2.3."""
    return 1.0


lonely_softmax.tolerance = 5e-4
lonely_softmax.hints = (
    "Write the formula with a single score in the sum.",
    "Numerator and denominator are the same number.",
)
lonely_softmax.mistakes = {
    "That is the sigmoid of 2.3. Softmax divides by the sum over the scores, and here there is "
    "only one.": 0.908877,
    "That is e to the 2.3, the numerator. Divide it by the sum.": 9.974182,
    "That is z. Softmax divides e to the z by the sum of such terms.": 2.3,
    "That would need a second score with the same value.": 0.5,
    "The probabilities add up to 1, and this is the only one.": 0.0,
    "That would need ten equal scores. Here there is one.": 0.1,
}


@exercise
def fold_bias(W, b):
    """W and b in one matrix for inputs with a 1 appended: (D_out, D_in + 1)."""
    return np.column_stack([W, b])


fold_bias.cases = (WIDE, BIAS_2), (SQUARE, BIAS_3)
fold_bias.hints = (
    "The 1 is appended at the end of x. Where must the biases stand to meet it?",
    "In the last column: np.column_stack([W, b]).",
)
fold_bias.mistakes = {
    "The biases are the first column, but the 1 is the last input.":
        lambda W, b: np.column_stack([b, W]),
    "The biases are a new row, as if they were another neuron. They are a new column.":
        lambda W, b: np.vstack([W, b]),
    "The new column holds ones. The 1 is appended to x; the biases go into the matrix.":
        lambda W, b: np.column_stack([W, np.ones(len(W))]),
    "The biases are added to the weights. They need a column of their own.":
        lambda W, b: W + b[:, None],
    "The bias has the wrong sign.": lambda W, b: np.column_stack([W, -b]),
    "The new column holds zeros. It must hold the biases.":
        lambda W, b: np.column_stack([W, np.zeros(len(W))]),
    "The result is transposed: keep one neuron a row.": lambda W, b: np.column_stack([W, b]).T,
    "append lays all numbers end to end, so the reshape puts them into wrong rows. Each bias "
    "belongs at the end of its own row.": lambda W, b: np.append(W, b).reshape(len(W), -1),
    "b has one axis and W has two. Make b a column first, b[:, None], or use np.column_stack.":
        lambda W, b: np.hstack([W, b]),
    "The biases stand before the last column: np.insert at −1 does that. They come after it.":
        lambda W, b: np.insert(W, -1, b, axis=1),
}  # fmt: skip


@exercise
def hat():
    """The output weights of three ReLU neurons that make a hat on [0, 2]."""
    return 1, -2, 1


hat.hints = (
    "Between 0 and 1 only the first neuron is above 0, and the slope must be 1.",
    "Between 1 and 2 the slope must be −1. It is v_0 + v_1 there.",
    "From 2 on the slope must be 0, and it is v_0 + v_1 + v_2.",
)
hat.mistakes = {
    "That rises to 1 and stays there. The weights are not the slopes of the pieces but the bends "
    "between them, and from slope 1 to slope −1 the bend is −2.": (1, -1, 0),
    "It falls below 0 after 2: the last neuron must bend it back.": (1, -2, 0),
    "Those are the heights at 0, 1 and 2. The weights are the bends of the slope.": (0, 1, 0),
    "From 2 on the slope is v_0 + v_1 + v_2, and it must be 0.": (1, -2, 2),
    "The slope between 1 and 2 is v_0 + v_1. It must be −1.": (1, -1, 1),
    "That is the hat upside down.": (-1, 2, -1),
    "v_1 has the wrong sign: after x = 1 the hat must fall.": (1, 2, 1),
    "v_2 has the wrong sign: at x = 2 the falling line must bend up, to slope 0.": (1, -2, -1),
}
