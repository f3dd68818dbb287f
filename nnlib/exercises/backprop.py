"""Exercises of chapter 4: paths, layers, activations and losses, passed backwards."""

import numpy as np

from nnlib.descent import one_hot
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.matrices import softmax
from nnlib.neuron import sigmoid

# Five examples, four inputs, three neurons; and as many of each, where wrong products fit too.
X_5, DZ_5, W_3 = normal(5, 4, seed=1), normal(5, 3, seed=2), normal(3, 4, seed=3)
X_3, DZ_3, W_SQUARE = normal(3, 3, seed=4), normal(3, 3, seed=5), normal(3, 3, seed=6)


@exercise
def one_path():
    """The slope of (2 w − 1)² at w = 3."""
    z = 2 * 3
    return 2 * (z - 1) * 2


one_path.hints = (
    "At w = 3, what is z, and what is the slope of L for z?",
    "The slope of L for z is 2 (z − 1), that of z for w is 2. Multiply.",
)
one_path.reason = (
    "At w = 3, z is 6. The slope of L for z is 2 (z − 1) = 10, and that of z for w is 2. Slopes "
    "along a path multiply: 10 · 2 = 20."
)
one_path.mistakes = {
    "The slope of L for z alone is 2 (z − 1) = 10. z moves twice as fast as w: multiply by 2.": 10,
    "That is the slope of z for w alone. Multiply it by the slope of L for z.": 2,
    "2 · 2? The slope of L for z still needs z − 1, which is 5. Or 2 (3 − 1)? 3 is w, z is 6.": 4,
    "That is the loss itself.": 25,
    "10 + 2? Slopes multiply along a path. Or 2 z? The slope of L for z is 2 (z − 1), and that "
    "of z for w is missing.": 12,
    "z was taken for w: at w = 3, z is 6.": 8,
    "The slope of the square was forgotten: 2 (z − 1), not (z − 1)².": 50,
    "That is z − 1. The square has the slope 2 (z − 1), and z moves twice as fast as w.": 5,
    "The 1 was forgotten: the slope of L for z is 2 (z − 1).": 24,
    "Brackets: the slope of L for z is 2 (z − 1), not 2 z − 1. Or was (2 w − 1)² multiplied out? "
    "It is 4 w² − 4 w + 1.": 22,
    "Brackets: the slope of L for z is 2 (z − 1), not 2 z − 1. And z moves twice as fast as w.": 11,
    "That is z. The slope of L for w is asked for.": 6,
    "Each slope is there once only: 2 (z − 1) for the square, and 2 for z = 2 w.": 40,
    "The loss is 0 where z is 1. At w = 3, z is 6.": 0,
    "The two slopes were multiplied with themselves, not with each other.": 100,
}


@exercise
def used_twice(x):
    """The slope of x² sin x, for an array of any shape."""
    return 2 * x * np.sin(x) + x**2 * np.cos(x)


used_twice.cases = (normal(3, seed=7),), (2 * normal(4, 2, seed=8),)
used_twice.hints = (
    "x acts along two paths: through the square, and through the sine.",
    "Hold one factor still at a time: 2 x · sin x on the first path, x² · cos x on the second.",
)
used_twice.mistakes = {
    "The path through the sine is missing: add x² cos x.": edit(" + x**2 * np.cos(x)", ""),
    "The path through the square is missing: add 2 x sin x.": edit("2 * x * np.sin(x) + ", ""),
    "That is the product of the two slopes. Paths add up, each with the other factor held still.":
        edit("np.sin(x) + x**2 * ", ""),
    "One path is subtracted. Add it: the slope of sin x is cos x, with no minus.": edit("+", "-"),
    "The slope of x² is 2 x.": edit("2 * x *", "x *"),
    "The slope of x² is 2 x. The 2 is there, the x is not.": edit("2 * x *", "2 *"),
    "Slopes multiply along a path, and add over paths: put a plus between the two.": edit("+", "*"),
    "The slopes of both factors stand on one path. Hold one factor still at a time.":
        edit("sin", "cos", "x**2 * np.cos", "x**2 * np.sin"),
    "On the path through the sine x² is held still: x², not its slope.": edit("x**2", "2 * x"),
    "On the path through the sine x² is held still, with its square.": edit("x**2", "x"),
    "On the path through the sine the factor x² is missing.": edit("x**2 * ", ""),
    "On the path through the square its slope is missing: 2 x sin x.": edit("2 * x", "x**2"),
    "The slope of the sine is the cosine, not minus the sine.": edit("+", "-", "cos", "sin"),
    "Each slope is multiplied by its own function. Multiply it by the other factor.":
        edit("x**2 * np.cos", "np.sin(x) * np.cos", "np.sin(x) +", "x**2 +"),
    "The elements are added up. Each x has a slope of its own.": (
        edit("2 * x * np.sin(x) + x**2 * np.cos(x)", "np.sum(2 * x * np.sin(x) + x**2 * np.cos(x))")
    ),
    "That is y itself. Its slope is asked for.": edit("2 * x * np.sin(x) + ", "", "cos", "sin"),
    "The slope of the sine is the cosine, and the sine stayed a sine.": edit("cos", "sin"),
    "Those are the two slopes alone. Each is multiplied by the other factor.":
        edit(" * np.sin(x)", "", "x**2 * ", ""),
    "np.gradient compares neighbours in the array. Each x has a slope of its own: use the "
    "formula.": lambda x: np.gradient(x**2 * np.sin(x)),
}  # fmt: skip


@exercise
def handed_on(x, dy):
    """The gradient for x of y = u sin u with u = eˣ, from the gradient dy: any shape."""
    u = np.exp(x)
    s = np.sin(u)
    du, ds = dy * s, dy * u
    du = du + ds * np.cos(u)
    return du * u


handed_on.cases = (
    (normal(4, seed=9), normal(4, seed=10)),
    (normal(3, 2, seed=11), normal(3, 2, seed=12)),
)
handed_on.start = edit("du = du", "dx = du * u\n    du = du", "return du * u", "return dx")
handed_on.hints = (
    "u has two paths to y, directly and through s. How much of du has arrived when dx is computed?",
    "Finish du first: both paths, added up. Then hand it on to x.",
)
handed_on.mistakes = {
    "The second path wipes out the first: add to du, do not replace it.": edit("du + ds", "ds"),
    "The second path ends at u. It too goes on to x: finish du first, and multiply all of it by "
    "u.": edit("du = du +", "dx = du * u +", "return du * u", "return dx"),
    "The slope of eˣ is eˣ itself, u, and not x.": edit("du * u", "du * x"),
    "The slope of eˣ is eˣ. Powers have the form n xⁿ⁻¹.": edit("du * u", "du * x * np.exp(x - 1)"),
    "The slope of eˣ is eˣ, which is u: not e to the power u.": edit("du * u", "du * np.exp(u)"),
    "That is du. One step is left: multiply by the slope of eˣ, which is u.": edit("du * u", "du"),
    "dy is not used. Each slope is multiplied by what arrives.": edit("dy * s, dy * u", "s, u"),
    "dy is there twice on the second path. ds has it already.": edit("+ ds", "+ dy * ds"),
    "The paths are subtracted. Add them.": edit("du + ds", "du - ds"),
    "The sine is taken of u, so its slope is cos u, not cos x.": edit("cos(u)", "cos(x)"),
    "The sine is taken of u, so its slope is cos u. s is its output.": edit("cos(u)", "cos(s)"),
    "The slope of the sine is missing on the second path: cos u.": edit(" * np.cos(u)", ""),
    "The factors are mixed up: the slope of u · s is s for u, and u for s.":
        edit("dy * s, dy * u", "dy * u, dy * s"),
    "The slope of the sine is the cosine, not −sin.": edit("+ ds * np.cos", "- ds * np.sin"),
    "The sine stayed a sine: its slope is the cosine.": edit("cos", "sin"),
    "The first path is handed on twice: once too early, and once with the whole du.":
        edit("du = du", "dx = du * u\n    du = du", "return", "return dx +"),
    "That is y, computed forwards. The slope is asked for.": edit("du * u", "u * s"),
}  # fmt: skip


@exercise
def bias_gradient(dZ):
    """The gradient of the bias: (N, D_out) to (D_out,)."""
    return dZ.sum(axis=0)


bias_gradient.cases = (DZ_5,), (DZ_3,), (normal(1, 4, seed=13),)
bias_gradient.hints = (
    "b is added to every row of the batch, so how many times does b_i appear in the loss?",
    "Each appearance contributes dz_ni. What do contributions along several paths do?",
    "They add up over the examples. Which axis is that, if rows are examples?",
)
bias_gradient.mistakes = {
    "The sum runs over the neurons. b has one for each: add up the batch, axis 0.": edit("0", "1"),
    "That is the mean. The 1/N is in dZ already; contributions add up.": edit("sum", "mean"),
    "Everything is added together. Each neuron has its own bias.": edit("axis=0", ""),
    "The examples are not added up: db has the shape of b, not of Z.": edit(".sum(axis=0)", ""),
    "Only the first example contributes. The bias is used by all of them.": lambda dZ: dZ[0],
    "Only the last example is left. They add up: +=.": lambda dZ: dZ[-1],
    "keepdims keeps an axis that b does not have.": edit("0", "0, keepdims=True"),
    "The slope of z for b is 1, but it is multiplied by dZ.": lambda dZ: np.ones(dZ.shape[1]),
    "Signs are lost: no absolute values.": lambda dZ: np.abs(dZ).sum(axis=0),
    "That counts the examples. It would be right if every dz were 1: dZ is missing.":
        lambda dZ: np.full(dZ.shape[1], float(len(dZ))),
    "That is multiplied by N. Each example contributes once.": edit("dZ", "len(dZ) * dZ"),
    "Nothing has been added to the zeros.": lambda dZ: np.zeros(dZ.shape[1]),
    "The sum runs over the neurons, and keepdims keeps their axis. Add up over the batch.":
        edit("0", "1, keepdims=True"),
    "db is a column here, as in texts with examples in columns. Our b is a plain list.":
        edit("axis=0)", "axis=0)[:, None]"),
    "The sign is wrong: the gradient is subtracted later, in the step.": edit("dZ", "-dZ"),
    "Those are the sums so far, row by row. Only the last is asked for.": edit("sum", "cumsum"),
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
    "That is the transpose: row i of dW is neuron i, as in W.": edit("dZ.T @ X", "X.T @ dZ"),
    "The transpose is missing. The examples must stand in the middle: dZ.T @ X.": edit(".T", ""),
    "The wrong one is transposed: that adds up inputs, not examples.": edit("dZ.T @ X", "dZ @ X.T"),
    "That is divided by N. The 1/N is in dZ already.": edit("X", "X / len(X)"),
    "Only the first example contributes.": lambda dZ, X: np.outer(dZ[0], X[0]),
    "Only the last example is left. They add up: +=.": lambda dZ, X: np.outer(dZ[-1], X[-1]),
    "The sums are multiplied, not the products added up: multiply in each example first.":
        lambda dZ, X: np.outer(dZ.sum(axis=0), X.sum(axis=0)),
    "The sign is wrong: the gradient is subtracted later, in the step.": edit("dZ", "-dZ"),
    "Each example keeps its own table. Add them up.": lambda dZ, X: dZ[:, :, None] * X[:, None, :],
    "The factors are swapped, and none is transposed: dZ.T @ X.": edit("dZ.T @ X", "X @ dZ"),
    "That is one large outer product. Add up examples: dZ.T @ X.": lambda dZ, X: np.outer(dZ, X),
    "The factors are swapped, the wrong one transposed: dZ.T @ X.": edit("dZ.T @ X", "X @ dZ.T"),
    "Both are transposed. The examples must stand in the middle: dZ.T @ X.": edit("X", "X.T"),
    "* multiplies in pairs. Every neuron meets every input: a matrix product.": edit(".T @", " *"),
    "* multiplies in pairs, with .T or without. Every neuron meets every input: @.": edit("@", "*"),
    "dZ is missing. That would be right only if every dz were 1.": edit("dZ", "np.ones_like(dZ)"),
    "X is missing. That would be right only if every input were 1.": edit("X", "np.ones_like(X)"),
    "That is db, of the bias. Weights multiply their inputs.": edit("T @ X", "sum(axis=0)"),
    "The product of two means is not the sum of the products.":
        lambda dZ, X: np.outer(dZ.mean(axis=0), X.mean(axis=0)),
    "The slope of z for w is the input x, not 1.": lambda dZ, X: np.ones((dZ.shape[1], X.shape[1])),
}  # fmt: skip


@exercise
def input_gradient(dZ, W):
    """The gradient of a layer's inputs: (N, D_out), (D_out, D_in) to (N, D_in)."""
    return dZ @ W


input_gradient.cases = (DZ_5, W_3), (DZ_3, W_SQUARE)
input_gradient.start = edit("W", "W.T")
input_gradient.hints = (
    "dx_nj is the sum over the neurons i of dz_ni · w_ij. Which index is added up?",
    "i is second in dZ and first in W already: no transpose is needed.",
)
input_gradient.mistakes = {
    "W stands on the left: its columns meet rows of dZ. It is dZ @ W.": edit("dZ @ W", "W @ dZ"),
    "That is the column form. Rows are asked for: dZ @ W.": edit("dZ @ W", "W.T @ dZ.T"),
    "That is the column form of the forward pass.": edit("dZ @ W", "W @ dZ.T"),
    "That is the mean over the neurons. Their wishes add up.": edit("W", "W / len(W)"),
    "That is divided by N. The 1/N is in dZ already.": edit("W", "W / len(dZ)"),
    "Only the first neuron is heard. All have a wish.": lambda dZ, W: np.outer(dZ[:, 0], W[0]),
    "The examples are added up. Each has its own dX.": edit("dZ @ W", "(dZ @ W).sum(axis=0)"),
    "The sign is wrong.": edit("dZ", "-dZ"),
    "dZ is transposed instead of W. Neither needs it.": edit("dZ", "dZ.T"),
    "Both are transposed. Neither needs it: dZ @ W.": edit("dZ @ W", "dZ.T @ W.T"),
    "W stands on the left, and is transposed. For rows it is dZ @ W.": edit("dZ @ W", "W.T @ dZ"),
    "* multiplies in pairs. Every input hears every neuron: a matrix product.": edit("@", "*"),
    "dZ is missing: the slope of z for x is W, and it is multiplied by dZ.": edit("dZ @ ", ""),
    "dZ is missing. That would be right only if every dz were 1.": edit("dZ", "np.ones_like(dZ)"),
    "The inputs are added up. Each has its own slope.": edit("dZ @ W", "(dZ @ W).sum(axis=1)"),
    "The sums are multiplied, not the products added up.":
        lambda dZ, W: np.outer(dZ.sum(axis=1), W.sum(axis=0)),
}  # fmt: skip


@exercise
def relu_backward(dA, A):
    """The gradient for z from that for a = relu(z), given a: any shape."""
    return dA * (A > 0)


relu_backward.cases = (
    (normal(4, 3, seed=14), np.maximum(normal(4, 3, seed=15), 0)),
    (normal(5, seed=16), np.array([0.7, 0.0, 0.003, 1.0, 5.2])),
)
relu_backward.start = edit(">", ">=")
relu_backward.hints = (
    "The output of a ReLU is never negative. For which elements is A >= 0 false?",
    "For none. The gate must be closed where the output is 0.",
)
relu_backward.mistakes = {
    "The slope alone is returned. Multiply it with dA, element by element.": edit("dA * ", ""),
    "Brackets: dA * A is compared with 0: dA * (A > 0).": edit("(A > 0)", "A > 0"),
    "dA passes where the output is 0, and stops elsewhere: the other way round.": edit(">", "<="),
    "dA is multiplied by the output. The slope is 1 where A is positive.": edit("(A > 0)", "A"),
    "ReLU is applied to dA, or the gate asks about dA. It asks whether A is positive.":
        edit("dA * (A > 0)", "np.maximum(dA, 0)"),
    "Where both are positive. The sign of dA does not matter.": edit("A > 0", "(A > 0) & (dA > 0)"),
    "ReLU acts element by element: *, not @.": edit("* (A > 0)", "@ (A > 0).T"),
    "A is the output of a ReLU and never negative, so everything is 0 now.": edit(">", "<"),
    "That is A itself. What goes back is dA, where A is positive.": edit("dA * (A > 0)", "A"),
    "A goes back where it is positive. It should be dA.": lambda dA, A: np.where(A > 0, A, dA),
    "A 1 goes back where A is positive. It should be dA.": lambda dA, A: np.where(A > 0, 1.0, dA),
    "That passes a hundredth of dA where A is 0, as a leaky ReLU does. ReLU passes nothing.":
        lambda dA, A: np.where(A > 0, dA, 0.01 * dA),
    "The border is at 0: small positive outputs pass dA too.": edit("0", "0.5"),
    "That is the slope of the sigmoid. A ReLU has slope 1 or 0.": edit("(A > 0)", "A * (1 - A)"),
    "That is the slope of tanh. A ReLU has slope 1 or 0.": edit("A > 0", "1 - A**2"),
    "if asks one question of an array. Ask each element: A > 0.": lambda dA, A: dA if A > 0 else 0,
    "Only the elements that pass are left. Keep the others, as zeros.": lambda dA, A: dA[A > 0],
    "The sign of dA is lost.": edit("dA", "np.abs(dA)"),
    "That is the slope ½ at 0. This book takes 0 there.": edit("(A > 0)", "np.heaviside(A, 0.5)"),
}  # fmt: skip


@exercise
def sigmoid_backward(dA, A):
    """The gradient for z from that for a = sigmoid(z), given a: any shape."""
    return dA * A * (1 - A)


sigmoid_backward.cases = (
    (normal(4, 3, seed=17), sigmoid(normal(4, 3, seed=18))),
    (normal(5, seed=19), sigmoid(2 * normal(5, seed=20))),
)
sigmoid_backward.hints = (
    "The slope of the sigmoid, in terms of its output, is a (1 − a).",
    "The chain rule multiplies it with dA, element by element.",
)
sigmoid_backward.mistakes = {
    "A is the activation already. Taking its sigmoid again uses it as if it were z.":
        edit("* A", "* sigmoid(A)", "- A", "- sigmoid(A)"),
    "A is the activation already, and its sigmoid is taken once more for the first factor.":
        edit("* A", "* sigmoid(A)"),
    "The slope alone is returned. Multiply it with dA.": edit("dA * ", ""),
    "That is the slope of tanh. For a sigmoid it is a (1 − a).": edit("A * (1 - A)", "(1 - A**2)"),
    "The factor 1 − a is missing: a (1 − a).": edit(" * (1 - A)", ""),
    "The factor a is missing: a (1 − a).": edit("* A ", ""),
    "1 − a became 1 + a.": edit("-", "+"),
    "Brackets: only A is multiplied, and A is subtracted at the end.": edit("(1 - A)", "1 - A"),
    "dA belongs to both parts: dA (a − a²).": edit("A * (1 - A)", "A - A**2"),
    "That is added. The chain rule multiplies.": edit("dA *", "dA +"),
    "dA stands in the brackets. The slope is a (1 − a), made of A alone.": edit("- A", "- dA"),
    "¼ is the slope at z = 0 only. Elsewhere it is a (1 − a).": edit("A * (1 - A)", "0.25"),
    "That is the slope of ReLU. For a sigmoid it is a (1 − a).": edit("A * (1 - A)", "(A > 0)"),
    "dA is there twice.": edit("dA", "dA**2"),
    "The factor a is there twice.": edit("* A", "* A**2"),
    "The factor 1 − a is there twice.": edit("A)", "A) ** 2"),
    "A sigmoid acts element by element: *, not @.": lambda dA, A: dA @ (A * (1 - A)).T,
    "The elements are added up. Each has its own slope.": lambda dA, A: np.sum(dA * A * (1 - A)),
    "That divides by the slope. The chain rule multiplies.": lambda dA, A: dA / (A * (1 - A)),
    "The sign is wrong: a − 1 is negative.": edit("1 - A", "A - 1"),
    "dA is part of the slope now. The slope is made of A alone.": edit("dA * ", "", "- A", "- dA"),
}  # fmt: skip


@exercise
def logit_gradient(P, T):
    """The gradient of the mean cross-entropy for the scores: (N, K), (N, K) to (N, K)."""
    return (P - T) / len(P)


logit_gradient.cases = (
    (softmax(normal(5, 3, seed=21)), one_hot([2, 1, 0, 1, 1], 3)),
    (softmax(normal(2, 4, seed=22)), one_hot([3, 0], 4)),
)
logit_gradient.equivalents = {"return (P - T) / len(T)": "P and T have the same shape."}
logit_gradient.hints = (
    "For one example the slope of score i is p_i − t_i.",
    "The loss is a mean over N examples. What does that do to each slope?",
)
logit_gradient.mistakes = {
    "The 1/N is missing: the loss is a mean over the examples.": edit(" / len(P)", ""),
    "The sign is wrong: it is P − T.": edit("P - T", "T - P"),
    "The sign is wrong, and the 1/N is missing.": edit("(P - T) / len(P)", "T - P"),
    "That divides by the number of classes, not of examples.": edit("len(P)", "P.shape[1]"),
    "That divides by the number of entries, not of examples.": edit("len(P)", "P.size"),
    "The 1/N is there twice.": edit("len(P)", "len(P) ** 2"),
    "Brackets: only T is divided by N.": edit("(P - T)", "P - T"),
    "That is multiplied by N. Divide.": edit("/", "*"),
    "The targets are missing.": edit("(P - T)", "P"),
    "1 is subtracted everywhere. Subtract it at the right class only: P − T.": edit("T", "1"),
    "Only the right class is left. The wrong classes have slopes too: p.": edit("T)", "T) * T"),
    "The difference is squared. The slope is P − T itself.": edit("T)", "T) ** 2"),
    "Those are parts of the loss. Its slope is asked for.": edit("(P - T)", "-T * np.log(P)"),
    "That is the loss. Its slope is asked for, one number for each score.":
        edit("(P - T)", "-np.sum(T * np.log(P))"),
    "That is the slope of −ln p for the probabilities. The scores have the softmax between.":
        edit("(P - T)", "-T / P"),
    "That is the slope of −ln p for the probabilities, and the 1/N is missing. The scores have "
    "the softmax between.": edit("(P - T) / len(P)", "-T / P"),
    "That divides by p (1 − p), as for a probability of yes or no. For scores it is P − T.":
        edit("T)", "T) / (P * (1 - P))"),
    "There is a factor p (1 − p), as for a sigmoid with a squared error. Here there is none.":
        edit("T)", "T) * P * (1 - P)"),
    "There is a factor p (1 − p), and the 1/N is missing.": edit("/ len(P)", "* P * (1 - P)"),
    "There is a factor 2, as if the error were squared.": edit("(P - T)", "2 * (P - T)"),
    "The classes are added up, and cancel. Each has its own slope.": edit("T)", "T).sum(axis=1)"),
    "The examples are added up. Each keeps its own row.": edit("T)", "T).sum(axis=0)"),
    "The examples are added, without 1/N. Each keeps its row.": edit(" / len(P)", ".sum(axis=0)"),
    "Softmax is applied once more. P are probabilities already.": edit("(P -", "(softmax(P) -"),
}  # fmt: skip


@exercise
def squared_gradient(Y, T):
    """The gradient of the mean squared error for the outputs: (N, K), (N, K) to (N, K)."""
    return 2 * (Y - T) / len(Y)


squared_gradient.cases = (
    (normal(5, 3, seed=23), normal(5, 3, seed=24)),
    (normal(3, 4, seed=25), normal(3, 4, seed=26)),
)
squared_gradient.equivalents = {"return 2 * (Y - T) / len(T)": "Y and T have the same shape."}
squared_gradient.hints = (
    "For one number, what is the slope of (y − t)² for y?",
    "It is 2 (y − t), and each example counts for 1/N.",
)
squared_gradient.mistakes = {
    "The 2 is missing: the slope of a square d² is 2 d.": edit("2 * ", ""),
    "The 1/N is missing: the loss is a mean over the examples.": edit(" / len(Y)", ""),
    "The 2 and the 1/N are missing.": edit("2 * (Y - T) / len(Y)", "Y - T"),
    "The sign is wrong: where y is too large, the slope is positive.": edit("Y - T", "T - Y"),
    "The sign is wrong, and the 1/N is missing.": edit("(Y - T) / len(Y)", "(T - Y)"),
    "The sign is wrong, and the 2 is missing.": edit("2 * (Y - T)", "(T - Y)"),
    "The sign is wrong, and the 2 and the 1/N are missing.": edit("2 * (Y - T) / len(Y)", "T - Y"),
    "Those are the squares. The slope of d² is 2 d.": edit("2 * (Y - T) / len(Y)", "(Y - T) ** 2"),
    "Those are squares, each for 1/N. The slope of d² is 2 d.": edit("2 * (Y - T)", "(Y - T) ** 2"),
    "Brackets: only T is divided by N.": edit("(Y - T)", "Y - T"),
    "The square is still there: the slope of d² is 2 d.": edit("T)", "T) ** 2"),
    "That divides by the number of entries, not of examples.": edit("len(Y)", "Y.size"),
    "That divides by the number of outputs, not of examples.": edit("len(Y)", "Y.shape[1]"),
    "The 1/N is there twice.": edit("len(Y)", "len(Y) ** 2"),
    "The 2 divides. The slope of d² is 2 d: it multiplies.": edit("2 * (Y - T)", "(Y - T) / 2"),
    "That is the slope of y² alone. The targets are missing.": edit("(Y - T)", "Y"),
    "That is the slope of a distance. The squares make it 2 (y − t).": edit("2 * (Y", "np.sign(Y"),
    "The examples are added up. Each keeps its own row.": edit("T)", "T).sum(axis=0)"),
    "The outputs are added up. Each has its own slope.": edit("T)", "T).sum(axis=1)"),
    "That is the loss. Its slope is asked for, one number for each output.":
        edit("2 * (Y - T)", "np.sum((Y - T) ** 2)"),
    "There is a factor y (1 − y), as if Y were sigmoids and their z were asked for.":
        edit("T)", "T) * Y * (1 - Y)"),
}  # fmt: skip


@exercise
def first_layer(X, Z_1, W_2, dZ_2):
    """The gradient of the first weights of a two-layer network with ReLU: (D_1, D_0)."""
    dA_1 = dZ_2 @ W_2
    dZ_1 = dA_1 * (Z_1 > 0)
    return dZ_1.T @ X


Z_1_BATCH = normal(5, 4, seed=27)
Z_1_BATCH[[0, 2, 3], [1, 0, 3]] = 0
first_layer.cases = (
    (normal(5, 2, seed=28), Z_1_BATCH, W_3, DZ_5),
    (X_3, normal(3, 3, seed=29), W_SQUARE, DZ_3),
)
first_layer.start = lambda X, Z_1, W_2, dZ_2: np.ones((Z_1.shape[1], X.shape[1]))
first_layer.hints = (
    "Three steps back: through the second layer, through ReLU, through the first layer.",
    "dA_1 = dZ_2 @ W_2, and dZ_1 = dA_1 * (Z_1 > 0).",
    "dW_1 is then what it is for every layer: dZ_1.T @ X.",
)
first_layer.mistakes = {
    "ReLU is missing: where Z_1 is not positive, nothing comes through.": edit(" * (Z_1 > 0)", ""),
    "Brackets: dA_1 * Z_1 is compared with 0: dA_1 * (Z_1 > 0).": edit("(Z_1 > 0)", "Z_1 > 0"),
    "The gate is open where Z_1 is not positive: the other way round.": edit(">", "<="),
    "The gate is open only where Z_1 is negative: the other way round.": edit(">", "<"),
    "ReLU itself stands where its slope belongs. The slope is 1 where Z_1 > 0.":
        edit("(Z_1 > 0)", "np.maximum(Z_1, 0)"),
    "That is the transpose: row i of dW_1 belongs to neuron i.": edit("dZ_1.T @ X", "X.T @ dZ_1"),
    "W_2 is transposed. For rows dA_1 is dZ_2 @ W_2.": edit("W_2", "W_2.T"),
    "The second layer is skipped: only the slope of ReLU and X are there.": edit("dA_1 * ", ""),
    "That is divided by N. dZ_2 has the 1/N in it.": edit("X", "X / len(X)"),
    "That is dZ_1. One step is left: through the first layer, dZ_1.T @ X.": edit(".T @ X", ""),
    "ReLU is applied to dA_1, or the gate asks about dA_1. It asks whether Z_1 is positive.":
        edit("dA_1 * (Z_1 > 0)", "np.maximum(dA_1, 0)"),
    "At Z_1 = 0 the gate is open. This book takes the slope 0 there: >, not >=.": edit(">", ">="),
    "Z_1 stands where the slope of ReLU belongs: 1 where Z_1 > 0.": edit("(Z_1 > 0)", "Z_1"),
    "That is the slope of the sigmoid. The hidden layer is one of ReLU.":
        edit("(Z_1 > 0)", "sigmoid(Z_1) * (1 - sigmoid(Z_1))"),
    "That is the gradient of the second weights, dW_2. Go on to the first layer.":
        edit("dZ_1.T @ X", "dZ_2.T @ np.maximum(Z_1, 0)"),
    "That is db_1, of the biases. Weights multiply their inputs.": edit("T @ X", "sum(axis=0)"),
    "W_2 stands on the left. For rows dA_1 is dZ_2 @ W_2.": edit("dZ_2 @ W_2", "W_2 @ dZ_2"),
    "The last transpose is missing: dZ_1.T @ X.": edit(".T", ""),
    "The second layer and ReLU are skipped: that is dZ_2.T @ X.": edit("dZ_1.", "dZ_2."),
    "The gate is a product element by element, *, and not a matrix product.": edit("* (", "@ ("),
    "The gate asks about the inputs. It should ask about Z_1.": edit("(Z_1", "(X"),
    "That is dA_1. ReLU and the first layer are left.": edit("dZ_1.T @ X", "dA_1"),
    "The sign is wrong: the gradient is subtracted later, in the step.": edit("X", "-X"),
    "The gate of ReLU is taken once more, on the inputs.": edit("X", "np.maximum(X, 0)"),
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


one_step.cases = (
    (X_5, normal(5, 2, seed=30), W_3, normal(2, 3, seed=31), 0.7),
    (X_3, normal(3, 3, seed=32), W_SQUARE, normal(3, 3, seed=33), 1.4),
)
one_step.start = edit(" * A_2 * (1 - A_2)", "", "dZ_2 @ W_2", "dZ_2 @ (W_2 - lr * dZ_2.T @ A_1)")
one_step.equivalents = {"dA_2 = 2 * (A_2 - T) / len(T)": "X and T have a row for each example."}
one_step.hints = (
    "Follow the forward pass backwards, line by line. Which line has no partner?",
    "Between Z_2 and A_2 stands a sigmoid, and its slope is A_2 (1 − A_2).",
    "dA_1 asks how the loss depended on A_1 in the forward pass. Which W_2 was used there?",
)
one_step.mistakes = {
    "The slope of the last sigmoid is in, but dA_1 is still computed with the new W_2. The "
    "forward pass used the old one.": edit("dZ_2 @ W_2", "dZ_2 @ (W_2 - lr * dZ_2.T @ A_1)"),
    "W_2 waits for its update now. But the slope of the last sigmoid is missing: dZ_2 = dA_2 · "
    "A_2 (1 − A_2).": edit(" * A_2 * (1 - A_2)", ""),
    "dW_2 has the slope of the last sigmoid, but what goes on to dA_1 has not: use dZ_2 for both.":
        edit("dZ_2 @", "dA_2 @"),
    "dW_2 has the slope of the last sigmoid, but what goes on to dA_1 has not, and it meets the "
    "new W_2.": edit("dZ_2 @ W_2", "dA_2 @ (W_2 - lr * dZ_2.T @ A_1)"),
    "dA_1 has the slope of the last sigmoid, dW_2 has not: use dZ_2.": edit("dZ_2.T", "dA_2.T"),
    "A_2 is the activation already. Its sigmoid is taken once more in the slope.":
        edit("* A_2 * (1 - A_2)", "* sigmoid(A_2) * (1 - sigmoid(A_2))"),
    "A_2 − T is the start after softmax with cross-entropy. A squared error has a 2, a 1/N, and "
    "the slope of the sigmoid.": edit("dA_2 * A_2 * (1 - A_2)", "A_2 - T"),
    "dZ_2 is (A_2 − T) / N, as after softmax with cross-entropy. A squared error has a 2, and "
    "the slope of the sigmoid.": edit("2 * (A_2", "(A_2", " * A_2 * (1 - A_2)", ""),
    "The 2 and the 1/N have gone missing.": edit("2 * (A_2 - T) / len(X)", "A_2 - T"),
    "The slope of the hidden sigmoid has gone missing.": edit(" * A_1 * (1 - A_1)", ""),
    "The 2 of the squared error has gone missing.": edit("2 * (A_2", "(A_2"),
    "The 1/N has gone missing: the loss is a mean over the examples.": edit(" / len(X)", ""),
    "That goes uphill. Subtract the gradients.": edit("W_1 -", "W_1 +", "W_2 -", "W_2 +"),
    "W_2 comes back as it was. It is to step too, after its last use.":
        edit("W_2 - lr * dZ_2.T @ A_1", "W_2"),
    "The learning rate has gone missing.": edit("lr * dZ_1", "dZ_1", "lr * dZ_2", "dZ_2"),
    "Those are the gradients. Subtract lr times them.": edit("W_1 - lr * ", "", "W_2 - lr * ", ""),
    "The two matrices come back in the wrong order: W_1 first.":
        edit("W_1 - lr * dZ_1.T @ X, ", "", "@ A_1", "@ A_1, W_1 - lr * dZ_1.T @ X"),
    "Only W_1 came back. Return the new W_2 as well.": edit(", W_2 - lr * dZ_2.T @ A_1", ""),
    "Only W_2 came back. Return the new W_1 before it.": edit("W_1 - lr * dZ_1.T @ X, ", ""),
}  # fmt: skip


@exercise
def gradient_shape():
    """The shape of the gradient for the hidden activations of 784-16-10, batch 32."""
    return 32, 16


gradient_shape.hints = (
    "A gradient has the shape of the thing itself. What is the shape of A_1?",
    "One row for each example of the batch, one column for each hidden neuron.",
)
gradient_shape.reason = (
    "There is one slope for each number of A_1, so dA_1 has the shape of A_1: a row for each of "
    "the 32 examples, and a column for each of the 16 hidden neurons."
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
forgotten_zero.reason = (
    "backward adds to what stands in `grads`. The first call leaves g there, the second makes it g "
    "+ g, and the third one more: 3 g. The steps grow longer from one to the next."
)
forgotten_zero.mistakes = {
    "That would be so if backward replaced the gradients. It adds.": 1,
    "That is after the second backward.": 2,
    "They are added up, not doubled each time.": 4,
    "That counts what three steps used together. Asked is what stands in grads at the end.": 6,
    "They are added up, not multiplied.": 8,
    "Nothing sets them to zero.": 0,
}
