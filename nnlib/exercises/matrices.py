"""Exercises of chapter 2: layers, maps, networks that do something, softmax, approximation."""

from functools import cache
from itertools import pairwise

import numpy as np

from nnlib.datasets import digits
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.matrices import dense
from nnlib.neuron import relu, sigmoid, step


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
def quarter_turn():
    """W of the layer that turns the plane by a quarter of a turn, against the clock."""
    return [[0, -1], [1, 0]]


def _moved(W, x):
    return np.asarray(W, dtype=float).reshape(2, 2) @ x


quarter_turn.cases = (np.array([1.0, 0.0]),), (np.array([0.0, 1.0]),), (np.array([2.0, -1.0]),)
quarter_turn.observe = _moved
quarter_turn.form = "[[w00, w01], [w10, w11]]"
quarter_turn.hints = (
    "Where does (1, 0) go in a quarter of a turn against the clock? And (0, 1)?",
    "(1, 0) goes to (0, 1), so (0, 1) is column 0. (0, 1) goes to (−1, 0), which is column 1.",
    "Write the two columns side by side, and read the rows off.",
)
quarter_turn.reason = (
    "Column 0 is where (1, 0) goes, (0, 1), and column 1 is where (0, 1) goes, (−1, 0). Side by "
    "side they make the rows (0, −1) and (1, 0)."
)
quarter_turn.mistakes = {
    "That turns with the clock. The place of (1, 0), which is (0, 1), is a column of W, no row.":
        [[0, 1], [-1, 0]],
    "That exchanges the two numbers: a mirror, not a turn. (0, 1) must go to (−1, 0).":
        [[0, 1], [1, 0]],
    "That is a mirror, not a turn. (1, 0) must go to (0, 1).": [[0, -1], [-1, 0]],
    "Nothing moves. (1, 0) must go to (0, 1).": [[1, 0], [0, 1]],
    "That is half a turn.": [[-1, 0], [0, -1]],
    "That mirrors left and right. (1, 0) must go to (0, 1).": [[-1, 0], [0, 1]],
    "That mirrors up and down. (1, 0) must go to (0, 1).": [[1, 0], [0, -1]],
    "That turns by an eighth of a turn, and stretches.": [[1, -1], [1, 1]],
}  # fmt: skip


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
    "That is every weight times every input: nothing is added up. W @ x adds up.":
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
def network(X, layers):
    """The scores of a network with sigmoids in its hidden layers: (N, D_in) to (N, D_out)."""
    A = X
    for W, b in layers[:-1]:
        A = sigmoid(A @ W.T + b)
    W, b = layers[-1]
    return A @ W.T + b


def _identity(z):
    return z


def _chain(X, layers, hidden=sigmoid, last=_identity):
    for W, b in layers[:-1]:
        X = hidden(X @ W.T + b)
    W, b = layers[-1]
    return last(X @ W.T + b)


network.cases = (
    (normal(5, 4, seed=15), _layers(4, 3, 2, seed=30)),
    (normal(3, 3, seed=16), _layers(3, 3, 3, 3, seed=40)),
)
network.hints = (
    "Keep one variable for the activations. It starts as X.",
    "Loop over layers[:-1], which is all but the last: each turn replaces the activations by "
    "sigmoid(A @ W.T + b).",
    "After the loop, take W and b of layers[-1], and leave the sigmoid out.",
)
network.mistakes = {
    "The last layer has a sigmoid too. Its scores stay as they are.":
        lambda X, layers: _chain(X, layers, last=sigmoid),
    "The hidden layers have no sigmoid. Each of them ends with it.": edit("sigmoid", ""),
    "The biases are missing.": edit("W.T + b)", "W.T)", "return A @ W.T + b", "return A @ W.T"),
    "The bias of the last layer is missing.": edit("return A @ W.T + b", "return A @ W.T"),
    "The biases of the hidden layers are missing.": edit("W.T + b)", "W.T)"),
    "The bias is subtracted. It is added.":
        edit("W.T + b)", "W.T - b)", "return A @ W.T + b", "return A @ W.T - b"),
    "The bias is added after the sigmoid. It belongs inside.": edit("W.T + b)", "W.T) + b"),
    "The sigmoid is applied to a layer's inputs, not to its sum.":
        edit("sigmoid(A @ W.T + b)", "sigmoid(A) @ W.T + b"),
    "The transpose is missing: with rows as examples a layer is A @ W.T + b.":
        edit("sigmoid(A @ W.T", "sigmoid(A @ W", "return A @ W.T", "return A @ W"),
    "W @ A takes the examples for columns. They are rows: A @ W.T + b.":
        edit("sigmoid(A @ W.T", "sigmoid(W @ A", "return A @ W.T", "return W @ A"),
    "Every hidden layer got X. It gets the activations of the layer before.": edit("(A @", "(X @"),
    "The last layer got X. It gets the activations of the layer before.":
        edit("return A", "return X"),
    "Only the first layer was computed: the return stands inside the loop.":
        edit("    W, b = layers[-1]\n    return A @ W.T + b", "        return A"),
    "The layers are in reverse order.":
        lambda X, layers: network.solve(X, layers[::-1]),
    "The inputs go through a sigmoid too. Only the hidden layers do.":
        edit("A = X", "A = sigmoid(X)"),
    "The last layer has softmax. Return its scores as they are.":
        lambda X, layers: _chain(X, layers, last=softmax.solve),
    "That uses tanh. The sigmoid is asked for.": edit("sigmoid(A", "np.tanh(A"),
    "That uses ReLU. The sigmoid is asked for.": edit("sigmoid(A", "relu(A"),
    "The hidden layers have softmax. The sigmoid is asked for.":
        edit("sigmoid(A", "softmax.solve(A"),
    "Only two layers are computed. The list may have any length.":
        lambda X, layers: network.solve(X, [layers[0], layers[-1]]),
    "The last layer is left out.": edit("W, b = layers[-1]\n    return A @ W.T + b", "return A"),
    "The first layer is left out.": edit("layers[:-1]", "layers[1:-1]"),
    "The last layer is computed twice: the loop must leave it out.":
        edit("layers[:-1]", "layers"),
    "Negative scores became 0, as by ReLU. Return them as they are.":
        lambda X, layers: _chain(X, layers, last=relu),
}  # fmt: skip


def _box(top, bottom, left, right):
    image = np.zeros((28, 28))
    image[top:bottom, left:right] = 1
    return image.reshape(784)


_RING = _box(6, 22, 8, 20) - _box(9, 19, 11, 17)
_HALVES = _RING * _box(0, 28, 0, 14), _RING * _box(0, 28, 14, 28)


@exercise
def zero_reader(left, right, hole):
    """Both layers of a network 784-2-1 of step neurons that reads zeros, from three regions."""
    W_1 = np.stack([left, right]) - 2.75 * hole
    b_1 = [-12, -12]
    W_2, b_2 = [[1, 1]], [-1.5]
    return W_1, b_1, W_2, b_2


@cache
def _tested():
    """The test images, and which of them are zeros."""
    return digits().x_test, digits().y_test == 0


def _says_zero(layers):
    """For each test image whether its score is above 0."""
    W_1, b_1, W_2, b_2 = layers
    return dense(step(dense(_tested()[0], W_1, b_1)), W_2, b_2)[:, 0] > 0


def _found(layers):
    return sum(_says_zero(layers)[_tested()[1]])


def _alarms(layers):
    return sum(_says_zero(layers)[~_tested()[1]])


zero_reader.cases = ((*_HALVES, _box(11, 17, 12, 16)),)
zero_reader.form = "W_1, b_1, W_2, b_2"
zero_reader.accept = (
    (
        lambda layers: np.shape(layers[0]) == (2, 784),
        "W_1 needs the shape (2, 784): a row for each hidden neuron.",
    ),
    (
        lambda layers: np.shape(layers[1]) == (2,),
        "b_1 needs the shape (2,): a bias for each hidden neuron.",
    ),
    (
        lambda layers: np.shape(layers[2]) == (1, 2),
        "W_2 needs the shape (1, 2): one neuron, two inputs.",
    ),
    (
        lambda layers: np.shape(layers[3]) == (1,),
        "b_2 needs the shape (1,): a list with one bias.",
    ),
    (
        lambda layers: _found(layers) > 0,
        "It finds no zero. Either the hidden neurons are silent, and b_1 is too low, or what the "
        "output gets from both is not above its threshold.",
    ),
    (
        lambda layers: _alarms(layers) < 300,
        "It fires for nearly every image. Is each bias minus the threshold, and does the output "
        "ask for both neurons?",
    ),
    (
        lambda layers: _found(layers) >= 34,
        "It misses more than two of the 36 zeros. Which hidden neuron is silent for them? Raise "
        "its bias, let the hole count less, or let the output ask for less.",
    ),
    (
        lambda layers: _alarms(layers) <= 4,
        "It fires for more than four digits that are no zeros. Let the hole count more against "
        "them, lower the biases b_1, or let the output fire only if both neurons do.",
    ),
)
zero_reader.hints = (
    "One hidden neuron looks at the left half of the ring, the other at the right half. Ink in the "
    "hole speaks against both.",
    "W_1 = np.stack([left, right]) - 2.75 * hole. Look at the sums of some zeros and of other "
    "digits to choose b_1.",
    "The output should fire if both hidden neurons do. That is AND of chapter 1: weights 1 and 1, "
    "bias −1.5.",
)
zero_reader.reason = (
    "Each half of the ring has 66 pixels and the hole has 24, so a weight of −66/24 = −2.75 in the "
    "hole makes the weights of each neuron add up to 0. The bias −12 was chosen on the training "
    "images. The output wants both halves. That finds all 36 zeros, and 3 other digits."
)
zero_reader.mistakes = {
    "Nothing speaks against ink in the hole: it needs negative weights.":
        edit(" - 2.75 * hole", ""),
    "The output fires if one of the two does. Let it ask for both: a bias between −2 and −1.":
        edit("-1.5", "-0.5"),
    "The biases of the hidden neurons are the thresholds with a minus.":
        edit("[-12, -12]", "[12, 12]"),
    "It never fires: 1 + 1 is not above the threshold of the output.": edit("-1.5", "-2"),
    "It fires for all that is no zero. Turn the signs of the output round.":
        edit("[[1, 1]], [-1.5]", "[[-1, -1]], [1.5]"),
    "The hole speaks for a zero. Its weights must be negative.": edit("- 2.75", "+ 2.75"),
    "The biases of the hidden layer are 0: a weighted sum a little above 0 is enough to fire.":
        edit("[-12, -12]", "[0, 0]"),
}  # fmt: skip
zero_reader.equivalents = {
    "W_1 = np.stack([left, right]) - 2.75 * hole.T": "A list has nothing to transpose.",
    "W_1 = np.stack([left.T, right]) - 2.75 * hole": "A list has nothing to transpose.",
    "W_1 = np.stack([left, right.T]) - 2.75 * hole": "A list has nothing to transpose.",
} | dict.fromkeys(
    (
        "W_1 = np.stack([left, right]) - 3.75 * hole",
        "b_1 = [-13, -12]",
        "b_1 = [-11, -12]",
        "b_1 = [-24, -12]",
        "b_1 = [-12, -13]",
        "b_1 = [-12, -11]",
    ),
    "It still finds 34 zeros or more, and has at most 4 false alarms.",
)


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
def xor_matrices():
    """Both layers of a network 2-2-1 that computes XOR, with ReLU in the hidden layer."""
    return [([[1, 1], [1, 1]], [0, -1]), ([[1, -2]], [0])]


def _output_of_two_layers(layers, x):
    (W_1, b_1), (W_2, b_2) = layers
    return dense(relu(dense(x, W_1, b_1)), W_2, b_2)[0]


xor_matrices.cases = tuple((np.array(corner),) for corner in ([0, 0], [0, 1], [1, 0], [1, 1]))
xor_matrices.observe = _output_of_two_layers
xor_matrices.form = "[(W_1, b_1), (W_2, b_2)]"
xor_matrices.hints = (
    "Let the first hidden neuron count the inputs that are 1: weights 1 and 1, bias 0. What is "
    "wrong with its answers?",
    "Only (1, 1) gives 2 where 0 is wanted. Let the second neuron be 1 there, and 0 elsewhere: "
    "weights 1 and 1, and which bias?",
    "With the bias −1 it is relu(2 − 1) = 1 for (1, 1). The output takes it away twice: weights "
    "1 and −2.",
)
xor_matrices.reason = (
    "The first neuron counts how many inputs are 1: 0, 1, 1, 2. The second is 1 for (1, 1) alone. "
    "The output takes the second away twice from the first, which leaves 0, 1, 1, 0."
)
xor_matrices.mistakes = {
    "At (1, 1) the output is 2. The second neuron has no say: its weight is 0, or its bias is so "
    "low that it never fires.": edit("[1, -2]", "[1, 0]"),
    "That is OR: at (1, 1) the output is 1. If the first neuron counts 2 there, the second must "
    "take away 2.": edit("-2", "-1"),
    "The second neuron fires for (0, 1) and (1, 0) too. Its bias must be lower.":
        edit("[0, -1]", "[0, 0]"),
    "That is the opposite: it is 1 where both inputs are equal.":
        edit("[[1, -2]], [0]", "[[-1, 2]], [1]"),
    "That is the opposite sign: the answers are 0 and −1.": edit("[1, -2]", "[-1, 2]"),
    "The output counts in steps of 2. Halve its weights.": edit("[1, -2]", "[2, -4]"),
    "That is AND: it is 1 for (1, 1) alone.": edit("[1, -2]", "[0, 1]"),
    "The output's bias is one for a step neuron. The answers must be 0 and 1: bias 0.":
        edit("[1, -2]], [0]", "[1, -2]], [-0.5]"),
}  # fmt: skip


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
def half_and_quarters():
    """Three scores to which softmax gives 1/2, 1/4 and 1/4."""
    return np.log(2), 0, 0


half_and_quarters.tolerance = 1e-3
half_and_quarters.observe = lambda scores: softmax.solve(np.reshape(scores, 3))
half_and_quarters.form = "(z_0, z_1, z_2)"
half_and_quarters.hints = (
    "Only differences count, so let the last two scores be 0. How much higher must the first be?",
    "e to the difference is the ratio of two probabilities, and that must be 2.",
    "The number to which e must be raised to give 2 is np.log(2), the natural logarithm.",
)
half_and_quarters.reason = (
    "The first probability is twice each of the others, so e to the difference of the scores must "
    "be 2, and the difference is the natural logarithm of 2, about 0.693. The last two scores are "
    "equal. Whatever is added to all three changes nothing."
)
half_and_quarters.mistakes = {
    "A difference of 1 makes the first e = 2.7 times as likely, also where its score is twice as "
    "high. It should be 2 times.": (2, 1, 1),
    "Those are the probabilities. Softmax raises e to the scores first.": (0.5, 0.25, 0.25),
    "Equal scores have equal probabilities.": (1, 1, 1),
    "That is rounded too much: three decimals are asked for.": (0.7, 0, 0),
    "That is the logarithm to base 10. The natural one is np.log.": (0.30103, 0, 0),
    "The first must be the highest.": edit("np.log(2)", "-np.log(2)"),
    "A difference of 2 makes it e² = 7.4 times as likely. It should be 2 times.": (2, 0, 0),
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
def hat():
    """The output weights of three ReLU neurons that make a hat on [0, 3], 3 high at x = 2."""
    return 1.5, -4.5, 3


def _height(weights, x):
    v_0, v_1, v_2 = weights
    return v_0 * relu(x) + v_1 * relu(x - 2) + v_2 * relu(x - 3)


hat.cases = (-1.0,), (1.0,), (2.0,), (2.5,), (3.0,), (5.0,)
hat.observe = _height
hat.form = "(v_0, v_1, v_2)"
hat.hints = (
    "Between 0 and 2 only the first neuron is above 0. What slope rises by 3 over a length of 2?",
    "Between 2 and 3 the slope must be −3. It is v_0 + v_1 there.",
    "From 3 on the slope must be 0, and it is v_0 + v_1 + v_2.",
)
hat.reason = (
    "Each neuron changes the slope where it begins. Up to 0 the slope is 0 and must become 3/2, so "
    "v_0 = 1.5. At 2 it goes from 1.5 to −3, so v_1 = −4.5. At 3 it goes from −3 back to 0, so "
    "v_2 = 3."
)
hat.mistakes = {
    "Those are the slopes of the pieces. The weights are the bends between them, and from slope "
    "1.5 to slope −3 the bend is −4.5.": (1.5, -3, 0),
    "It falls below 0 after 3: the last neuron must bend it back.": (1.5, -4.5, 0),
    "Those are the heights at 0, 2 and 3. The weights are the bends of the slope.": (0, 3, 0),
    "The slope between 2 and 3 is v_0 + v_1. It must be −3, as it falls by 3 over a length of 1.":
        (1.5, -3, 1.5),
    "The slope between 2 and 3 is v_0 + v_1, and must be −3. At x = 3 it bends back by 3.":
        (1.5, -3, 3),
    "The rise of 3 takes a length of 2: its slope is 1.5.": (3, -6, 3),
    "From 3 on the slope is v_0 + v_1 + v_2, and it must be 0.": (1.5, -4.5, 4.5),
    "It stays at 3 from x = 2 on. It must fall.": (1.5, -1.5, 0),
    "That is the hat upside down.": (-1.5, 4.5, -3),
    "v_1 has the wrong sign: after x = 2 the hat must fall.": (1.5, 4.5, 3),
    "v_2 has the wrong sign: at x = 3 the falling line must bend up, to slope 0.": (1.5, -4.5, -3),
    "Those are the weights of the hat with equal sides. This one has slopes 1.5 and −3.":
        (1, -2, 1),
    "That hat is a third as high: at x = 2 it should be 3.": (0.5, -1.5, 1),
    "It never bends. At x = 2 and at x = 3 it must.": (1.5, 0, 0),
}  # fmt: skip


@exercise
def bends(c, y):
    """The output weights of n ReLU neurons whose sum meets n + 1 points, (n + 1,) each."""
    slopes = np.diff(y) / np.diff(c)
    return np.diff(slopes, prepend=0)


bends.cases = (
    (np.array([0.0, 1.0, 3.0, 3.5]), np.array([1.0, 2.0, -1.0, 0.5])),
    (np.array([-1.0, 0.5, 1.0, 4.0, 6.0]), np.array([0.5, -2.0, 3.0, 3.0, 1.0])),
)
bends.hints = (
    "First the slope between each point and the next: rise over run.",
    "np.diff takes the differences of neighbours: np.diff(y) / np.diff(c).",
    "A weight is the new slope minus the old one, and before the first point the slope is 0: "
    "np.diff(slopes, prepend=0).",
)
bends.mistakes = {
    "Those are the slopes. A weight is by how much the slope changes at its point.":
        edit("np.diff(slopes, prepend=0)", "slopes"),
    "The first weight is missing: before the first point the slope is 0.": edit(", prepend=0", ""),
    "The first weight is 0. It must bend from slope 0 to the first slope.":
        edit("prepend=0", "prepend=slopes[0]"),
    "The run is missing: a slope is the rise divided by the run.": edit(" / np.diff(c)", ""),
    "The slopes are upside down: rise over run.":
        edit("np.diff(y) / np.diff(c)", "np.diff(c) / np.diff(y)"),
    "The weights have the wrong sign: the new slope minus the old one.":
        edit("return np", "return -np"),
    "The slopes are added up. Take their differences.":
        edit("np.diff(slopes, prepend=0)", "np.cumsum(slopes)"),
    "Those are the heights. A weight is by how much the slope changes.":
        edit("np.diff(slopes, prepend=0)", "y[:-1]"),
    "Those are the rises. Divide by the runs, then take the differences.":
        edit("np.diff(slopes, prepend=0)", "np.diff(y)"),
    "A last weight bends back to slope 0 after the last point. Only n weights are asked for.":
        edit("prepend=0", "prepend=0, append=0"),
    "The slope is y / c, which is that of a line from the origin. Use differences.":
        edit("np.diff(y) / np.diff(c)", "(y / np.where(c, c, 1))[:-1]"),
    "The 0 is at the end: that is the slope after the last point. It belongs in front.":
        edit("prepend", "append"),
}  # fmt: skip
bends.equivalents = {
    "slopes = np.diff(y.T) / np.diff(c)": "A list has nothing to transpose.",
    "slopes = np.diff(y) / np.diff(c.T)": "A list has nothing to transpose.",
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
