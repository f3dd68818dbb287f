"""Exercises of chapter 2: shapes, layers, batches, counting, softmax, approximation."""

from itertools import pairwise

import numpy as np

from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.neuron import relu, sigmoid


def _layers(*sizes, seed):
    """Weights and biases of a network of these sizes."""
    return [
        (normal(d_out, d_in, seed=seed + i), normal(d_out, seed=seed - i))
        for i, (d_in, d_out) in enumerate(pairwise(sizes), start=1)
    ]


# As many neurons as inputs, where wrong products fit too, and fewer.
SQUARE, BIAS_3 = normal(3, 3, seed=1), normal(3, seed=2)
WIDE, BIAS_2 = normal(2, 4, seed=3), normal(2, seed=4)


@exercise
def layer_shape():
    """The shape of W for 5 neurons and 3 inputs."""
    return 5, 3


layer_shape.hints = (
    "Each neuron has a row of its own. How many weights does it need?",
    "Rows first: one for each neuron. Columns: one for each input.",
)
layer_shape.reason = (
    "Row i of W belongs to neuron i, so 5 neurons make 5 rows. A neuron has one weight for each "
    "input, so a row has 3 numbers."
)
layer_shape.mistakes = {
    "Rows and columns are swapped. Row i belongs to neuron i, and there are 5 neurons.": (3, 5),
    "The bias is not part of W: it has a list of its own.": (5, 4),
    "W has a row for each neuron and a column for each input, and there are 3 inputs.": (5, 5),
    "W has a row for each neuron, and there are 5 neurons.": (3, 3),
    "That is the shape of the biases as a column. W has a column for each input.": (5, 1),
    "That is the shape of x as a column.": (3, 1),
}


@exercise
def column_shape():
    """The shape of a column vector of 784 numbers."""
    return 784, 1


column_shape.hints = (
    "A shape is (rows, columns). How many columns does a column vector have?",
    "W is m × n, so the factor to its right must have n rows.",
)
column_shape.reason = (
    "A column has a single column and as many rows as it has numbers, here 784. The product W A "
    "agrees: W has n columns, so A must have n rows."
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


layer.cases = (
    (normal(3, seed=5), SQUARE, BIAS_3),
    (normal(4, seed=6), WIDE, BIAS_2),
)
layer.hints = (
    "Entry i of the result is the dot product of row i of W with x, plus b[i].",
    "W @ x computes all those dot products at once.",
)
layer.mistakes = {
    "The bias is missing: z = W x + b.": edit(" + b", ""),
    "The bias is subtracted. It is added.": edit("+ b", "- b"),
    "W is transposed: columns of W met x. Row i holds the weights of neuron i.": edit("W", "W.T"),
    "x stands left of W, so columns of W met x. Rows must: W @ x.": edit("W @ x", "x @ W"),
    "W[j][i] runs down a column. Row i holds the weights of neuron i: W[i][j].":
        lambda x, W, b: [sum(W[j][i] * x[j] for j in range(len(x))) for i in range(len(b))] + b,
    "The products are not added up: use W @ x.": edit("@", "*"),
    "The products are not added up, and b went to whole rows: use W @ x.":
        edit("@ x + b", "* x + b[:, None]"),
    "All products are added up. Each neuron has its own sum: axis 1.":
        edit("W @ x", "(W * x).sum()"),
    "The sum runs over neurons. Sum along each row: axis 1.": edit("W @ x", "(W * x).sum(axis=0)"),
    "That is the mean of the products. Do not divide.": edit("W @ x", "(W * x).mean(axis=1)"),
    "Only the first neuron is computed.": edit("W @ x + b", "W[0] @ x + b[0]"),
    "The biases are added up. Neuron i gets b[i] only.": edit("+ b", "+ b.sum()"),
    "Every neuron got the first bias. Neuron i gets b[i].": edit("+ b", "+ b[0]"),
    "The bias is added to the inputs. It is added to the sums.": edit("x + b", "(x + b)"),
    "That is σ(z). Return z itself.": edit("W @ x + b", "sigmoid(W @ x + b)"),
    "b is a column, so NumPy repeats the sums along it. Plain b will do.":
        edit("+ b", "+ b[:, None]"),
    "Every sum got all the biases: x became a column (plain x will do), or a loop over the rows "
    "adds b where b[i] belongs.": edit("x", "x[:, None]"),
    "The bias is added once for each input. Add it after that loop.": edit("+ b", "+ len(x) * b"),
    "The total runs on from one neuron to the next. Set it to 0 for each.":
        edit("W @ x", "np.cumsum(W @ x)"),
    "Only the last product is left: add to the sum with +=.": edit("W @ x", "W[:, -1] * x[-1]"),
    "The last input is left out: range(n) ends before n.": edit("W @ x", "W[:, :-1] @ x[:-1]"),
    "Only the first neuron: the return stands in the loop.": edit("W @ x + b", "W[:1] @ x + b[:1]"),
    "Negative z became 0, as by ReLU. Return z itself.": edit("W @ x + b", "relu(W @ x + b)"),
}  # fmt: skip
layer.equivalents = {
    "return W @ x.T + b": "A list has nothing to transpose.",
    "return W @ x + b.T": "A list has nothing to transpose.",
}


@exercise
def weight_index():
    """Row and column of the weight from input 3 to neuron 1."""
    return 1, 3


weight_index.hints = (
    "Which belongs to a neuron, the row or the column?",
    "The row is the neuron that the connection leads to, and the column the input that it comes "
    "from.",
)
weight_index.reason = (
    "Row i holds the weights of neuron i, and in it place j belongs to input j. From input 3 to "
    "neuron 1 is row 1, column 3: the receiver comes first."
)
weight_index.mistakes = {
    "The indices are swapped: w_ij goes from input j to neuron i, the neuron comes first.": (3, 1),
    "That counts from 1. Input 3 and neuron 1 are counted from 0 already.": (2, 4),
    "That subtracts 1 from each. Input 3 and neuron 1 are counted from 0 already.": (0, 2),
    "That is the shape of W, not an entry.": (3, 4),
    "The input is counted from 0 too: input 3 has column 3.": (1, 4),
}


@exercise
def weighted_sums(x, W):
    """The weighted sum of one neuron: x of shape (D, 1), W of shape (1, D), to (1, 1)."""
    return W @ x


weighted_sums.cases = (
    (normal(5, 1, seed=7), normal(1, 5, seed=8)),
    (normal(5, 1, seed=9), normal(1, 5, seed=10)),
)
weighted_sums.start = edit("W @ x", "x @ W")
weighted_sums.hints = (
    "The inner lengths must agree and vanish. Which are inner in x @ W, and which in W @ x?",
    "(5, 1) times (1, 5) is (5, 5): every input times every weight. (1, 5) times (5, 1) is (1, 1).",
)
weighted_sums.mistakes = {
    "That is the outer product, transposed: nothing is added up. Put W on the left.":
        edit("W @ x", "W.T @ x.T"),
    "All products are added up. Input j meets weight j.":
        edit("W @ x", "np.array([[(x @ W).sum()]])"),
    "All products are added up, without axes. Input j meets weight j.":
        edit("W @ x", "(x @ W).sum()"),
    "The products are right, but they are not added up.": edit("W @ x", "W * x.T"),
    "The products are right, as a column, but they are not added up.": edit("W @ x", "W.T * x"),
    "The number is right, without its axes. W @ x keeps them.": edit("W @ x", "(W @ x)[0, 0]"),
}  # fmt: skip


@exercise
def dense_batch(X, W, b):
    """Z = X Wᵀ + b: (N, D_in), (D_out, D_in), (D_out,) to (N, D_out)."""
    return X @ W.T + b


dense_batch.cases = (
    (normal(5, 4, seed=11), WIDE, BIAS_2),
    (normal(3, 3, seed=12), SQUARE, BIAS_3),
)
dense_batch.hints = (
    "z_ni is the sum over j of x_nj · w_ij. A product sums over the second index of its left "
    "factor and the first of its right one.",
    "Turn W round, so that j comes first: W.T. And b of shape (D_out,) is added to every row by "
    "itself.",
)
dense_batch.mistakes = {
    "The transpose is missing. X @ W sums over the neurons: it is X @ W.T.": edit(".T", ""),
    "W.T @ x takes columns of W. Its rows must meet x: W @ x.":
        lambda X, W, b: [W.T @ x + b for x in X],
    "The bias is missing.": edit(" + b", ""),
    "The bias is subtracted. It is added.": edit("+ b", "- b"),
    "Example n got b[n]. Plain b is added to every row.": edit("+ b", "+ b[:, None]"),
    "That is the column form. Rows are asked for.": edit("X @ W.T + b", "W @ X.T + b[:, None]"),
    "That is the column form, with b along the wrong axis. Rows: X @ W.T + b.":
        edit("X @ W.T", "W @ X.T"),
    "W @ X cannot be formed for rows, unless the numbers happen to agree. Use X @ W.T.":
        edit("X @ W.T", "W @ X"),
    "W @ X takes the examples for columns: X @ W.T.": edit("X @ W.T + b", "W @ X + b[:, None]"),
    "Only the first example is computed.": edit("X @ W.T", "W @ X[0]"),
    "The examples are added up. Each keeps its row.":
        edit("X @ W.T + b", "(X @ W.T + b).sum(axis=0)"),
    "That is σ(Z). Return Z itself.": edit("X @ W.T + b", "sigmoid(X @ W.T + b)"),
    "Negative Z became 0, as by ReLU. Return Z itself.": edit("X @ W.T + b", "relu(X @ W.T + b)"),
    "reshape mixes the neurons. W.T turns rows into columns.":
        edit(".T", ".reshape(W.shape[::-1])"),
    "reshape does not turn the column form round; .T does.":
        edit("X @ W.T + b", "(W @ X.T + b[:, None]).reshape(len(X), -1)"),
    "Only the last example is left. Collect a row for each.": edit("X @ W.T", "W @ X[-1]"),
    "The product is divided by the number of examples. Take no mean.": edit(".T", ".T / len(X)"),
    "The biases are added up. Neuron i gets b[i] only.": edit("+ b", "+ b.sum()"),
    "The bias is added once for each input. Add it after that loop.":
        edit("+ b", "+ len(W[0]) * b"),
    "Every sum got all of b. Neuron i gets b[i] only.": edit("X @ W.T", "(X @ W.T)[:, :, None]"),
}  # fmt: skip
dense_batch.equivalents = {
    "return X @ W.T + b.T": "A list has nothing to transpose.",
}


@exercise
def columns_batch(X, W, b):
    """Z = W X + b with examples in columns: (D_in, N) to (D_out, N)."""
    return W @ X + b[:, None]


columns_batch.cases = (
    (normal(4, 5, seed=13), WIDE, BIAS_2),
    (normal(3, 3, seed=14), SQUARE, BIAS_3),
)
columns_batch.hints = (
    "The product itself is that for one example: W on the left, X on the right.",
    "b must be added to every column. As a column, b[:, None], it is.",
)
columns_batch.mistakes = {
    "Example n got b[n]. Neuron i has row i, so b must be a column: b[:, None].":
        edit("[:, None]", ""),
    "The bias is missing.": edit(" + b[:, None]", ""),
    "The bias is subtracted. It is added.": edit("+ b", "- b"),
    "That is the row form. One example is a column here.":
        edit("W @ X + b[:, None]", "X.T @ W.T + b"),
    "W is transposed. Row i of W holds the weights of neuron i: W @ X.": edit("W", "W.T"),
    "That takes the examples for rows: W @ X.": edit("W @ X + b[:, None]", "X @ W.T + b"),
    "That takes the examples for rows, and b is a column: W @ X.": edit("W @ X", "X @ W.T"),
    "X stands left of W: its rows met the columns of W. Put W on the left.": edit("W @ X", "X @ W"),
    "The biases are added up. Neuron i gets b[i] only.": edit("[:, None]", ".sum()"),
    "The bias is added once for each input. Add it after that loop.": edit("+ b", "+ len(X) * b"),
    "reshape does not turn the row form round; .T does.":
        edit("W @ X + b[:, None]", "(X.T @ W.T + b).reshape(len(b), -1)"),
    "Only the first example is computed.": edit("X + b[:, None]", "X[:, 0] + b"),
    "That is σ(Z). Return Z itself.": edit("W @ X + b[:, None]", "sigmoid(W @ X + b[:, None])"),
}  # fmt: skip
columns_batch.equivalents = {
    "return W @ X + b.T[:, None]": "A list has nothing to transpose.",
}


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


network.cases = (
    (normal(5, 4, seed=15), _layers(4, 3, 2, seed=30)),
    (normal(3, 3, seed=16), _layers(3, 3, 3, 3, seed=40)),
)
network.hints = (
    "Keep one variable for the activations. It starts as X.",
    "Loop over the layers: each turn replaces the activations by those of the next layer.",
    "In a loop over the layers, replace it by sigmoid(A @ W.T + b). Return it after the loop.",
)
network.mistakes = {
    "The last layer has no sigmoid. Every layer ends with it.":
        lambda X, layers: _chain(X, layers, last=_identity),
    "The hidden layers have no sigmoid.": lambda X, layers: _chain(X, layers, hidden=_identity),
    "There is no sigmoid at all. Every layer ends with it.": edit("sigmoid", ""),
    "The biases are missing.": edit(" + b", ""),
    "The bias is subtracted. It is added.": edit("+ b", "- b"),
    "The bias is added after the sigmoid. It belongs inside.": edit(" + b)", ") + b"),
    "The sigmoid is applied to a layer's inputs, not to its sum.":
        edit("A @ W.T + b)", "A) @ W.T + b"),
    "The transpose is missing: with rows as examples a layer is A @ W.T + b.": edit(".T", ""),
    "W @ A takes the examples for columns. They are rows: A @ W.T + b.": edit("A @ W.T", "W @ A"),
    "Every layer got X. It gets the activations of the layer before.": edit("(A", "(X"),
    "Only the first layer was computed: the return stands inside the loop.":
        edit("    return", "        return"),
    "The layers are in reverse order.": edit("layers:", "layers[::-1]:"),
    "The inputs go through a sigmoid too. Only the layers do.": edit("= X", "= sigmoid(X)"),
    "The last layer has softmax, not the sigmoid.":
        lambda X, layers: _chain(X, layers, last=softmax.solve),
    "That uses tanh. The sigmoid is asked for.": edit("sigmoid", "np.tanh"),
    "Every layer has softmax. The sigmoid is asked for.": edit("sigmoid", "softmax.solve"),
    "Only two layers are computed. The list may have any length.": edit("layers:", "layers[:2]:"),
    "The last layer is left out.": edit("layers:", "layers[:-1]:"),
    "The first layer is left out.": edit("layers:", "layers[1:]:"),
    "The sigmoid is applied twice at the end.": edit("return A", "return sigmoid(A)"),
    "Softmax on top is too much. Every layer ends with the sigmoid.":
        edit("return A", "return softmax.solve(A)"),
    "That uses ReLU. The sigmoid is asked for.": edit("sigmoid", "relu"),
    "The hidden layers use ReLU, not the sigmoid.":
        lambda X, layers: _chain(X, layers, hidden=relu),
}  # fmt: skip


@exercise
def collapse(W_1, b_1, W_2, b_2):
    """W and b of the one layer that equals two layers without activation function."""
    return W_2 @ W_1, W_2 @ b_1 + b_2


collapse.cases = (
    (normal(3, 2, seed=17), BIAS_3, normal(4, 3, seed=18), normal(4, seed=19)),
    (SQUARE, BIAS_3, normal(3, 3, seed=20), normal(3, seed=21)),
)
collapse.hints = (
    "Multiply out W_2 (W_1 x + b_1) + b_2. What stands before x?",
    "W_2 W_1 stands before x. The rest, W_2 b_1 + b_2, does not depend on x.",
)
collapse.mistakes = {
    "The matrices are swapped: x meets W_1 first, so W_1 stands on the right.":
        edit("W_2 @ W_1", "W_1 @ W_2"),
    "The layers are swapped: x meets W_1 first, and b_1 then meets W_2.":
        edit("W_2 @ W_1, W_2 @ b_1 + b_2", "W_1 @ W_2, W_1 @ b_2 + b_1"),
    "The matrices are swapped, and b_1 passes through the second layer too: W_2 b_1.":
        edit("W_2 @ W_1, W_2 @ b_1", "W_1 @ W_2, b_1"),
    "b_1 passes through the second layer too: it becomes W_2 b_1.": edit("W_2 @ b_1", "b_1"),
    "b_1 is lost.": edit("W_2 @ b_1 + ", ""),
    "b_2 is lost.": edit(" + b_2", ""),
    "The biases are swapped: b_1 meets W_2.": edit("W_2 @ b_1 + b_2", "W_1 @ b_2 + b_1"),
    "b_2 is added after everything: only b_1 meets W_2.": edit("b_1 + b_2", "(b_1 + b_2)"),
    "b_1 meets the second matrix, W_2, not the first.": edit("W_2 @ b_1", "W_1 @ b_1"),
    "That multiplies element by element. Layers are a matrix product.": edit("@ W_1", "* W_1"),
    "The matrices are added. Multiply them.": edit("@ W_1, W_2 @", "+ W_1,"),
    "The merged matrix is transposed. Its rows are neurons.": edit("W_2 @ W_1", "(W_2 @ W_1).T"),
    "The two biases are multiplied. b_1 is multiplied by W_2.": edit("W_2 @ b_1 +", "b_1 *"),
    "W and b are in the wrong order: return W first.":
        edit("W_2 @ W_1, W_2 @ b_1 + b_2", "W_2 @ b_1 + b_2, W_2 @ W_1"),
    "b_2 is subtracted. It is added.": edit("+ b_2", "- b_2"),
}  # fmt: skip
collapse.equivalents = {
    "return (W_2 @ W_1, W_2 @ b_1.T + b_2)": "A list has nothing to transpose.",
    "return (W_2 @ W_1, W_2 @ b_1 + b_2.T)": "A list has nothing to transpose.",
}


@exercise
def parameters_by_hand():
    """How many weights and biases 784-32-10 has."""
    return 784 * 32 + 32 + 32 * 10 + 10


parameters_by_hand.tolerance = 1e-6
parameters_by_hand.hints = (
    "Two layers: 784 inputs into 32 neurons, and 32 activations into 10 neurons.",
    "784 · 32 + 32 for the first. And for the second?",
)
parameters_by_hand.reason = (
    "Each neuron has one weight for each of its inputs, and one bias. The hidden layer has 32 · "
    "784 + 32 = 25,120 parameters and the output layer 10 · 32 + 10 = 330, together 25,450."
)
parameters_by_hand.mistakes = {
    "The biases are missing: one for each of the 42 neurons.": edit(" + 32 +", " +", " + 10", ""),
    "The biases of the output neurons are missing.": edit(" + 10", ""),
    "The biases of the hidden neurons are missing.": edit(" + 32 +", " +"),
    "Each neuron has a bias, not only each layer.": edit("+ 32 +", "+ 1 +", "+ 10", "+ 1"),
    "The inputs have no biases: they are not neurons.": edit("+ 10", "+ 10 + 784"),
    "28 · 28 is 784, not 728.": edit("784", "728"),
    "No input is joined directly to an output: add the counts of the layers.": 784 * 32 * 10,
    "That is the first layer. The second has parameters too.": edit(" + 32 * 10 + 10", ""),
    "The weights of the second layer are missing.": edit(" + 32 * 10", ""),
    "A bias is counted for each input of a layer. Each neuron has one.":
        edit("+ 32 +", "+ 784 +", "+ 10", "+ 32"),
    "That is 784-10, without the hidden layer.": 784 * 10 + 10,
    "Inputs and neurons are added. Every input is joined to every neuron: multiply.": 784 + 32 + 10,
    "That is 784-16-10. The hidden layer has 32 neurons here.": 12_730,
    "That is 784-16-16-10. Here one hidden layer has 32 neurons.": 13_002,
}  # fmt: skip


@exercise
def count_parameters(sizes):
    """How many weights and biases a fully connected network has."""
    weights = sum(d_in * d_out for d_in, d_out in pairwise(sizes))
    biases = sum(sizes[1:])
    return weights + biases


count_parameters.cases = ([784, 16, 16, 10],), ([784, 16, 10],), ([3, 5, 2, 4, 1],), ([7, 2],)
count_parameters.tolerance = 1e-6
count_parameters.start = edit("sum(sizes[1:])", "len(sizes) - 1")
count_parameters.hints = (
    "12,963 is 12,960 + 3. What are there three of?",
    "Each neuron has a bias. Which of the sizes count neurons?",
)
count_parameters.mistakes = {
    "The biases are missing.": edit(" + biases", ""),
    "The inputs are no neurons and have no biases: leave out the first size.": edit("[1:]", ""),
    "A bias is counted for each input of a layer. Each neuron has one.": edit("[1:]", "[:-1]"),
    "All sizes are multiplied. Only neighbours are joined.": lambda sizes: int(np.prod(sizes)),
    "The weights join each input of a layer to each neuron: multiply.": edit("*", "+"),
    "The last layer's biases are missing.": edit("[1:]", "[1:-1]"),
    "The first layer's biases are missing.": edit("[1:]", "[2:]"),
    "That is the number of inputs and neurons.": edit("weights + biases", "sum(sizes)"),
    "Only the biases are counted.": edit("weights + ", ""),
    "The counts are right, layer by layer. Add them up.":
        lambda sizes: [a * b + b for a, b in pairwise(sizes)],
    "Right for two layers of weights only. The list may have any length.":
        lambda sizes: sizes[0] * sizes[1] + sizes[1] + sizes[1] * sizes[-1] + sizes[-1],
    "Only the first layer counts: the return stands in the loop.":
        lambda sizes: count_parameters.solve(sizes[:2]),
    "Only the last layer is left. Add to the total with +=.":
        lambda sizes: count_parameters.solve(sizes[-2:]),
    "The last layer is left out: range(n) ends before.":
        lambda sizes: count_parameters.solve(sizes[:-1]),
    "This is 13,002 for every network. Use sizes.": edit("weights + biases", "13_002"),
    "A bias is counted for each layer. Each neuron has one.": edit("sum(sizes[1:])", "len(sizes)"),
    "A single bias is counted. Each neuron has one.": edit("sum(sizes[1:])", "1"),
}  # fmt: skip


@exercise
def softmax(z):
    """Softmax of each row, safe for scores of ±1000: (N, K) to (N, K)."""
    shift = z.max(axis=-1, keepdims=True)
    e = np.exp(z - shift)
    return e / e.sum(axis=-1, keepdims=True)


softmax.cases = (
    (normal(2, 5, seed=22),),
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
    "first.": edit(" - shift", ""),
    "The sums run down the columns, over examples. Each row is an example: axis −1.":
        edit("max(axis=-1", "max(axis=0", "sum(axis=-1", "sum(axis=0"),
    "The sums run down the columns, and the exponential overflows. Use axis −1, and subtract "
    "each row's largest score first.": edit(" - shift", "", "sum(axis=-1", "sum(axis=0"),
    "The sum runs over the whole array. Each row needs its own sum.":
        edit("max(axis=-1, keepdims=True)", "max()", "axis=-1, keepdims=True", ""),
    "The sum runs over all rows, and the exponential overflows. Each row needs its own sum, and "
    "its own shift.": edit(" - shift", "", "sum(axis=-1, keepdims=True)", "sum()"),
    "The sum runs over all rows. Each needs its own.": edit("sum(axis=-1, keepdims=True)", "sum()"),
    "The largest score of all rows is subtracted. In a much lower row every exponential is then "
    "0, and 0/0 is nan. Subtract each row's own.": edit("max(axis=-1, keepdims=True)", "max()"),
    "The mean score is subtracted. One far above it overflows.": edit("max", "mean"),
    "The smallest score is subtracted. One far above it overflows.": edit("max", "min"),
    "A fixed 1000 is subtracted. Lower rows then have only zeros: subtract each row's largest "
    "score.": edit("- shift", "- 1000"),
    "The scores are divided by the largest one. Subtract it.": edit("z - shift", "z / shift"),
    "The shift is in the numerator only. Use the same e below.": edit("e.sum", "np.exp(z).sum"),
    "Without keepdims=True the sums are a list, and NumPy matches it with the columns.":
        edit("sum(axis=-1, keepdims=True)", "sum(axis=-1)"),
    "Without keepdims=True the largest scores are a list, and NumPy matches it with the columns.":
        edit("max(axis=-1, keepdims=True)", "max(axis=-1)"),
    "Without keepdims=True the largest scores and the sums are lists, which NumPy cannot match "
    "with the rows.": edit("max(axis=-1, keepdims=True)", "max(axis=-1)", ", keepdims=True", ""),
    "Without keepdims=True the sums are a list, which NumPy cannot match with the rows. And e to "
    "the 1000 overflows.": edit(" - shift", "", "sum(axis=-1, keepdims=True)", "sum(axis=-1)"),
    "That is e to the sum. The sum of the exponentials is wanted.":
        lambda z: np.exp(z) / np.exp(z.sum(axis=-1, keepdims=True)),
    "The exponential is missing: negative scores would give negative probabilities.":
        lambda z: z / z.sum(axis=-1, keepdims=True),
    "That is the sigmoid of each score. Divide by the row's sum.": lambda z: sigmoid(z),
    "The exponentials are not divided by their sum.": edit(" / e.sum(axis=-1, keepdims=True)", ""),
    "The exponentials are divided by their mean. Divide by their sum.": edit("sum", "mean"),
    "Softmax is applied twice.": lambda z: softmax.solve(softmax.solve(z)),
    "That is the logarithm of softmax. Return the probabilities.":
        lambda z: z - np.logaddexp.reduce(z, axis=-1, keepdims=True),
    "Only the sums run down the columns. Axis −1 for both.": edit("sum(axis=-1", "sum(axis=0"),
    "The largest of each column is subtracted. Take axis −1.": edit("max(axis=-1", "max(axis=0"),
    "That is 1 for the largest score and 0 elsewhere. Softmax is softer.":
        lambda z: np.eye(z.shape[-1])[z.argmax(axis=-1)],
    "The exponent's sign is wrong: high scores get low probabilities.": lambda z: softmax.solve(-z),
}  # fmt: skip
softmax.equivalents = {
    "shift = z.max(axis=1, keepdims=True)": "Of two axes, 1 is the last.",
    "return e / e.sum(axis=1, keepdims=True)": "Of two axes, 1 is the last.",
}


@exercise
def lonely_softmax():
    """The softmax of a single score, 2.3."""
    return 1.0


lonely_softmax.tolerance = 5e-4
lonely_softmax.hints = (
    "Write the formula with a single score in the sum.",
    "Numerator and denominator are the same number.",
)
lonely_softmax.reason = (
    "With a single score the sum below the fraction has one term, the one that stands above it: "
    "e^z / e^z = 1, whatever z is. A probability that can only be 1 says nothing. The sum must run "
    "over all output neurons."
)
lonely_softmax.mistakes = {
    "That is the sigmoid of 2.3. Softmax divides by a sum, here of a single term.": 0.908877,
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
    "The biases are the first column, but the 1 is the last input.": edit("W, b", "b, W"),
    "The biases are a new row. Make them a column.": edit("column_stack", "vstack"),
    "The new column holds ones. They go to x, the biases here.": edit("b", "np.ones(len(W))"),
    "Biases are added to weights. Append a column.":
        edit("np.column_stack([W, b])", "W + b[:, None]"),
    "The bias has the wrong sign.": edit("b", "-b"),
    "The new column holds zeros. It must hold the biases.": edit("b", "np.zeros(len(W))"),
    "The result is transposed: keep one neuron a row.": edit("b])", "b]).T"),
    "append lays all numbers end to end. Each bias belongs at the end of its row.":
        edit("np.column_stack([W, b])", "np.append(W, b).reshape(len(W), -1)"),
    "b has one axis, W has two. Make b a column, b[:, None].": edit("column_stack", "hstack"),
    "b[None] is a row. It must be a column, b[:, None].":
        edit("np.column_stack([W, b])", "np.hstack([W, b[None]])"),
    "np.insert at −1 puts the biases before the last column.":
        edit("np.column_stack([W, b])", "np.insert(W, -1, b, axis=1)"),
    "np.append without an axis makes one long list. Append a column.":
        edit("np.column_stack([W, b])", "np.append(W, b)"),
}  # fmt: skip
fold_bias.equivalents = {
    "return np.column_stack([W, b.T])": "A list has nothing to transpose.",
}


@exercise
def hat():
    """The output weights of three ReLU neurons that make a hat on [0, 2]."""
    return 1, -2, 1


def _height(weights, x):
    v_0, v_1, v_2 = weights
    return v_0 * relu(x) + v_1 * relu(x - 1) + v_2 * relu(x - 2)


hat.cases = (-1.0,), (0.5,), (1.0,), (1.5,), (2.0,), (3.0,)
hat.observe = _height
hat.form = "(v_0, v_1, v_2)"
hat.hints = (
    "Between 0 and 1 only the first neuron is above 0, and the slope must be 1.",
    "Between 1 and 2 the slope must be −1. It is v_0 + v_1 there.",
    "From 2 on the slope must be 0, and it is v_0 + v_1 + v_2.",
)
hat.reason = (
    "Each neuron changes the slope where it opens. Up to 0 the slope is 0 and must become 1, so "
    "v_0 = 1. At 1 it goes from 1 to −1, so v_1 = −2. At 2 it goes from −1 back to 0, so v_2 = 1."
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
    "It rises up to x = 2. At x = 1 it must turn, and v_1 does that.": (1, 0, -1),
    "That hat is twice as high: at x = 1 it should be 1, and it is v_0 there.": (2, -4, 2),
    "That hat is half as high: at x = 1 it should be 1, and it is v_0 there.": (0.5, -1, 0.5),
    "It never bends. At x = 1 and at x = 2 it must.": (1, 0, 0),
    "All three weights bend it up. At x = 1 it must bend down.": (1, 1, 1),
}
