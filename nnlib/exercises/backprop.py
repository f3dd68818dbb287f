"""Exercises of chapter 4: paths, an engine, layers and losses, passed backwards."""

import numpy as np

from nnlib.backprop import Layer
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
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
    "3 was put in for z, but 3 is w: z is 6.": 8,
    "The slope of the square was forgotten: 2 (z − 1), not (z − 1)².": 50,
    "That is z − 1. The square has the slope 2 (z − 1), and z moves twice as fast as w.": 5,
    "The 1 was forgotten: the slope of L for z is 2 (z − 1).": 24,
    "Brackets: the slope of L for z is 2 (z − 1), not 2 z − 1. Or was (2 w − 1)² multiplied out? "
    "It is 4 w² − 4 w + 1.": 22,
    "Brackets: the slope of L for z is 2 (z − 1), not 2 z − 1. And z moves twice as fast as w.": 11,
    "That is z. The slope of L for w is asked for.": 6,
    "Each slope is there once only: 2 (z − 1) for the square, and 2 for z = 2 w.": 40,
    "The loss is 0 where z is 1. At w = 3, z is 6.": 0,
    "10 · 10? Multiply the slope of L for z, 10, by that of z for w, which is 2.": 100,
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
    "That is f itself. Its slope is asked for.": edit("2 * x * np.sin(x) + ", "", "cos", "sin"),
    "The slope of the sine is the cosine, and the sine stayed a sine.": edit("cos", "sin"),
    "Those are the two slopes alone. Each is multiplied by the other factor.":
        edit(" * np.sin(x)", "", "x**2 * ", ""),
    "np.gradient compares neighbours in the array. Each x has a slope of its own: use the "
    "formula.": lambda x: np.gradient(x**2 * np.sin(x)),
}  # fmt: skip


@exercise
def handed_on(x, df):
    """The gradient for x of f = u sin u with u = eˣ, from the gradient df: any shape."""
    u = np.exp(x)
    s = np.sin(u)
    du, ds = df * s, df * u
    du = du + ds * np.cos(u)
    return du * u


handed_on.cases = (
    (normal(4, seed=9), normal(4, seed=10)),
    (normal(3, 2, seed=11), normal(3, 2, seed=12)),
)
handed_on.start = edit("du = du", "dx = du * u\n    du = du", "return du * u", "return dx")
handed_on.hints = (
    "u has two paths to f, directly and through s. How much of du has arrived when dx is computed?",
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
    "df is not used. Each slope is multiplied by what arrives.": edit("df * s, df * u", "s, u"),
    "df is there twice on the second path. ds has it already.": edit("+ ds", "+ df * ds"),
    "The paths are subtracted. Add them.": edit("du + ds", "du - ds"),
    "The sine is taken of u, so its slope is cos u, not cos x.": edit("cos(u)", "cos(x)"),
    "The sine is taken of u, so its slope is cos u. s is its output.": edit("cos(u)", "cos(s)"),
    "The slope of the sine is missing on the second path: cos u.": edit(" * np.cos(u)", ""),
    "The factors are mixed up: the slope of u · s is s for u, and u for s.":
        edit("df * s, df * u", "df * u, df * s"),
    "The slope of the sine is the cosine, not −sin.": edit("+ ds * np.cos", "- ds * np.sin"),
    "The sine stayed a sine: its slope is the cosine.": edit("cos", "sin"),
    "The first path is handed on twice: once too early, and once with the whole du.":
        edit("du = du", "dx = du * u\n    du = du", "return", "return dx +"),
    "That is f, computed forwards. The slope is asked for.": edit("du * u", "u * s"),
}  # fmt: skip


@exercise
def weight_paths():
    """How many paths lead from one weight of the first layer of 784-16-16-10 to the loss."""
    return 16 * 10


weight_paths.hints = (
    "A weight of the first layer feeds one neuron of the first hidden layer. Where from there?",
    "To each of 16 neurons of the second hidden layer, and from each of them to 10 scores.",
)
weight_paths.reason = (
    "A weight leads to one neuron of the first hidden layer. From it an edge leads to each of the "
    "16 neurons of the second, and from each of those to each of the 10 scores: 16 · 10 = 160."
)
weight_paths.mistakes = {
    "That is from all pixels to all scores. One weight feeds one neuron of the first hidden "
    "layer.": 784 * 16 * 16 * 10,
    "A weight leads to one neuron of the first hidden layer, not to all 16 of them.": 16 * 16 * 10,
    "Choices along a path multiply: 16 neurons, and 10 scores from each.": 26,
    "That is from a weight of the second layer. One hidden layer more lies on the way.": 10,
    "From each of the 16 neurons 10 edges lead on.": 16,
    "It acts on every score, and on each along several paths.": 1,
    "The pixel is chosen already: the weight has its one pixel and its one neuron.": 784 * 160,
    "The first factor 16 is right. The last layer has 10 scores.": 16 * 16,
    "That is added: the neurons of both hidden layers and the scores. Choices multiply.": 42,
    "The scores need not be chosen twice: 16 neurons, and 10 scores from each.": 16 * 10 * 10,
}


@exercise
def gates():
    """The gradients of max(a b, c) + a for a, b and c, at a = 2, b = 3 and c = 4."""
    return 4, 2, 0


gates.hints = (
    "Go backwards from the result, where the gradient is 1. What does a plus do with it?",
    "The plus hands 1 to the maximum and 1 to a. The maximum hands its 1 to the larger of 6 and 4.",
    "The product gets 1 and swaps: 3 for a, 2 for b. How much has arrived at a?",
)
gates.reason = (
    "The plus copies 1 to both sides. The maximum routes its 1 to a b, which is 6, and nothing to "
    "c. The product swaps: b = 3 for a, and a = 2 for b. Two paths meet at a: 3 + 1 = 4."
)
gates.mistakes = {
    "a is used twice. The path through the plus brings 1 more.": (3, 2, 0),
    "The path through the product is missing at a: it brings b = 3 more.": (1, 2, 0),
    "A maximum hands everything to the larger input. c is smaller than a b, and gets nothing.":
        (4, 2, 1),
    "A maximum hands everything to the larger input, and c is the smaller one. And a is used "
    "twice.": (3, 2, 1),
    "The maximum chose a b, which is 6, and not c, which is 4.": (1, 0, 1),
    "A product swaps: a gets the value of b, and b that of a. And a is used twice.": (3, 3, 0),
    "The value of c plays no part: a maximum hands on 1 or 0.": (4, 2, 4),
    "The paths that meet at a are added: 3 + 1. And the maximum is not c, so c gets nothing.":
        (3, 2, 4),
    "Those are the values themselves.": (2, 3, 4),
    "A product swaps the values, a plus does not multiply by anything.": (5, 2, 0),
}  # fmt: skip


@exercise
def sweep(tape, values):
    """The gradient of the last value for each value, where a tape says what each was made of."""
    grads = np.zeros(len(values))
    grads[-1] = 1
    for result, sign, left, right in reversed(tape):
        if sign == "+":
            grads[left] += grads[result]
            grads[right] += grads[result]
        else:
            grads[left] += values[right] * grads[result]
            grads[right] += values[left] * grads[result]
    return grads


def _diamond():
    tape = [(3, "*", 0, 1), (4, "+", 3, 2), (5, "*", 4, 3), (6, "+", 5, 2)]
    return tape, _run(tape, [2.0, -1.5, 0.5])


def _square():
    tape = [(2, "+", 0, 1), (3, "*", 2, 2), (4, "+", 3, 3), (5, "*", 0, 4)]
    return tape, _run(tape, [-0.6, 1.7])


def _run(tape, values):
    for _, sign, left, right in tape:
        a, b = values[left], values[right]
        values = [*values, a + b if sign == "+" else a * b]
    return values


sweep.cases = _diamond(), _square()
sweep.hints = (
    "The last value has the gradient 1. Which entry of the tape must be undone first?",
    "Go through reversed(tape). For a plus, the gradient of the result goes to both sides.",
    "For a product, each side gets the gradient of the result times the value of the other side. "
    "Add it: +=.",
)
sweep.mistakes = {
    "A value that is used twice loses a path: add with +=, do not replace with =.":
        lambda tape, values: _with_equals(tape, values),
    "The tape is read forwards. A value hands its gradient on before it has arrived: reversed.":
        edit("reversed(tape)", "tape"),
    "The sweep never begins: the last value has the gradient 1 for itself.":
        edit("grads[-1] = 1", "grads[-1] = 0"),
    "Every gradient starts at 1. Only the last one does, the others at 0.": edit("zeros", "ones"),
    "The sides of a product are not swapped: each gets the value of the other.":
        edit("grads[left] += values[right]", "grads[left] += values[left]",
             "grads[right] += values[left]", "grads[right] += values[right]"),
    "What arrives at a product is not passed on: multiply by the gradient of the result.":
        edit("values[right] * grads[result]", "values[right]",
             "values[left] * grads[result]", "values[left]"),
    "What arrives at a plus is not passed on: both sides get the gradient of the result.":
        lambda tape, values: _plus_of_one(tape, values),
    "A plus shares the gradient out. It copies it: each side gets all of it.":
        lambda tape, values: _plus_of_half(tape, values),
    "A plus is treated as a product.": edit('sign == "+"', "False"),
    "A product is treated as a plus.": edit('sign == "+"', "True"),
    "Plus and product are exchanged.": edit("==", "!="),
    "Only the left side receives a gradient.": lambda tape, values: _one_side(tape, values, 2),
    "Only the right side receives a gradient.": lambda tape, values: _one_side(tape, values, 3),
    "The gradient is multiplied by the result of the product. Each side gets the other side.":
        lambda tape, values: _times_result(tape, values),
    "Those are the values, computed forwards. Their gradients are asked for.":
        lambda tape, values: values,
}  # fmt: skip


def _with_equals(tape, values):
    grads = np.zeros(len(values))
    grads[-1] = 1
    for result, sign, left, right in reversed(tape):
        grads[left] = grads[result] * (1 if sign == "+" else values[right])
        grads[right] = grads[result] * (1 if sign == "+" else values[left])
    return grads


def _swept(tape, values, parts):
    grads = np.zeros(len(values))
    grads[-1] = 1
    for result, sign, left, right in reversed(tape):
        to_left, to_right = parts(sign, grads[result], values[left], values[right], values[result])
        grads[left] += to_left
        grads[right] += to_right
    return grads


def _plus_of_one(tape, values):
    return _swept(tape, values, lambda s, g, a, b, y: (1, 1) if s == "+" else (b * g, a * g))


def _plus_of_half(tape, values):
    return _swept(
        tape, values, lambda s, g, a, b, y: (g / 2, g / 2) if s == "+" else (b * g, a * g)
    )


def _times_result(tape, values):
    return _swept(tape, values, lambda s, g, a, b, y: (g, g) if s == "+" else (y * g, y * g))


def _one_side(tape, values, side):
    grads = np.zeros(len(values))
    grads[-1] = 1
    for entry in reversed(tape):
        result, sign, left, right = entry
        other = values[right if side == 2 else left]
        grads[entry[side]] += grads[result] * (1 if sign == "+" else other)
    return grads


@exercise
def other_layout(dZ, X, W):
    """The gradients for X and W of Z = X W + b, with W of shape (D_in, D_out)."""
    dX = dZ @ W.T
    dW = X.T @ dZ
    return dX, dW


other_layout.cases = (
    (DZ_5, X_5, normal(4, 3, seed=40)),
    (DZ_3, X_3, W_SQUARE),
)
other_layout.hints = (
    "Write one entry: z_ni is the sum over j of x_nj w_ji. In which z does w_ji appear?",
    "dw_ji is the sum over n of x_nj dz_ni, and dx_nj is the sum over i of dz_ni w_ji.",
    "The index that is added up stands in the middle: X.T @ dZ, and dZ @ W.T.",
)
other_layout.mistakes = {
    "Those are the products of this book's layout. Here W is (D_in, D_out): write one entry out.":
        edit("dZ @ W.T", "dZ @ W", "X.T @ dZ", "dZ.T @ X"),
    "dX fits, dW is that of this book's layout: it must have the shape (D_in, D_out).":
        edit("X.T @ dZ", "dZ.T @ X"),
    "dW fits, dX is that of this book's layout: here i is second in W too.":
        edit("dZ @ W.T", "dZ @ W"),
    "The factors of dX are in the column form.": edit("dZ @ W.T", "(W @ dZ.T)"),
    "The factors of dX are swapped: the neurons must stand in the middle.":
        edit("dZ @ W.T", "W.T @ dZ"),
    "The transpose of X is missing in dW.": edit("X.T @ dZ", "X @ dZ"),
    "The wrong factor of dW is transposed: the examples must stand in the middle.":
        edit("X.T @ dZ", "X @ dZ.T"),
    "dW is divided by N. The 1/N is in dZ already.": edit("X.T @ dZ", "X.T @ dZ / len(X)"),
    "The two come back in the wrong order: dX first.": edit("return dX, dW", "return dW, dX"),
    "The signs are wrong: gradients are subtracted later, in the step.":
        edit("dZ @ W.T", "-dZ @ W.T", "X.T @ dZ", "-X.T @ dZ"),
    "The sign of dX is wrong.": edit("dZ @ W.T", "-dZ @ W.T"),
    "* multiplies in pairs. Both are matrix products: @.":
        edit("dZ @ W.T", "dZ * W.T", "X.T @ dZ", "X.T * dZ"),
    "dX is only W. It is multiplied by what arrives, dZ.": edit("dZ @ W.T", "W.T"),
    "dW is only X. It is multiplied by what arrives, dZ.": edit("X.T @ dZ", "X"),
}  # fmt: skip


@exercise
def centred_backward(dC):
    """The gradient for X, where C is X minus the mean of each column: (N, D) to (N, D)."""
    return dC - dC.mean(axis=0)


centred_backward.cases = (DZ_5,), (DZ_3,), (normal(2, 4, seed=41),)
centred_backward.hints = (
    "x_nj acts along two kinds of path: on c_nj directly, and through the mean on every c_mj.",
    "The direct path brings dc_nj. What is the slope of the mean m_j for x_nj?",
    "1/N. And m_j is subtracted from every row, so its own gradient is minus the column's sum.",
)
centred_backward.mistakes = {
    "Only the direct path is there. X also acts through the mean.": edit(" - dC.mean(axis=0)", ""),
    "Only the path through the mean is there. X also acts directly.":
        edit("dC - dC.mean(axis=0)", "-dC.mean(axis=0) + 0 * dC"),
    "The mean is subtracted, so its path has a minus.": edit("- dC", "+ dC"),
    "The slope of a mean is 1/N: that is the mean of dC, not its sum.": edit("mean", "sum"),
    "The mean in C was taken over the examples, axis 0.":
        edit("dC.mean(axis=0)", "dC.mean(axis=1, keepdims=True)"),
    "Each column has a mean of its own: axis 0.": edit("axis=0", ""),
    "Each x acts on all rows of its column through the mean, not on its own row alone.":
        edit("dC.mean(axis=0)", "dC / len(dC)"),
    "That is divided by N twice. The column of dC is added up, and divided by N once: its mean.":
        edit("mean(axis=0)", "mean(axis=0) / len(dC)"),
    "The sign is wrong.": edit("dC - dC.mean(axis=0)", "dC.mean(axis=0) - dC"),
    "dC is missing: that would be right only if every dc were 1.":
        edit("dC - dC.mean(axis=0)", "0 * dC"),
    "dC is missing: the slopes alone are 1 − 1/N.":
        edit("dC - dC.mean(axis=0)", "np.full(dC.shape, 1 - 1 / len(dC))"),
    "Only the mean came back, one number for each column.": edit("dC - ", ""),
}  # fmt: skip


@exercise
def yes_or_no(A, Y):
    """The gradient for z of the mean cross-entropy of yes or no, with a = σ(z): (N,), (N,)."""
    return (A - Y) / len(A)


yes_or_no.cases = (
    (sigmoid(normal(5, seed=46)), np.array([1.0, 0.0, 0.0, 1.0, 1.0])),
    (sigmoid(2 * normal(3, seed=47)), np.array([0.0, 0.0, 1.0])),
)
yes_or_no.equivalents = {
    "return (A - Y) / len(Y)": "A and Y have the same length.",
    "return (A.T - Y) / len(A)": "a vector has no rows and columns to swap",
    "return (A - Y.T) / len(A)": "a vector has no rows and columns to swap",
    "return (A - Y) / len(A.T)": "a vector has no rows and columns to swap",
}
yes_or_no.hints = (
    "First the slope for a: that of −y ln a is −y / a, and that of −(1 − y) ln(1 − a)?",
    "It is (1 − y) / (1 − a). Then multiply by the slope of the sigmoid, a (1 − a).",
    "−y (1 − a) + (1 − y) a. Multiply out: what is left? And 1/N for the mean.",
)
yes_or_no.mistakes = {
    "The 1/N is missing: the loss is a mean over the examples.": edit(" / len(A)", ""),
    "The sign is wrong: where the answer is too large, the slope is positive.":
        edit("A - Y", "Y - A"),
    "The sign is wrong, and the 1/N is missing.": edit("(A - Y) / len(A)", "Y - A"),
    "That is the slope for a. The slope of the sigmoid, a (1 − a), is still to come.":
        edit("(A - Y)", "((A - Y) / (A * (1 - A)))"),
    "That is the slope for a, and the 1/N is missing.":
        edit("(A - Y) / len(A)", "(A - Y) / (A * (1 - A))"),
    "There is a factor a (1 − a) too many: it cancels against the slope of the logarithm.":
        edit("(A - Y)", "(A - Y) * A * (1 - A)"),
    "Only the yes part is there. A no has a slope too.": edit("(A - Y)", "Y * (A - 1)"),
    "Only the no part is there. A yes has a slope too.": edit("(A - Y)", "(1 - Y) * A"),
    "The sign of the no part is wrong: ln(1 − a) falls where a grows.":
        edit("(A - Y)", "(Y * (A - 1) - (1 - Y) * A)"),
    "That is the loss. Its slope is asked for, one number for each z.":
        edit("(A - Y)", "-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))"),
    "The examples are added up. Each has a slope of its own.": edit("(A - Y)", "np.sum(A - Y)"),
    "There is a factor 2, as if the error were squared.": edit("(A - Y)", "2 * (A - Y)"),
    "The sigmoid is taken once more. A are its outputs already.": edit("A - Y", "sigmoid(A) - Y"),
}  # fmt: skip


@exercise
def whole_backward(X, Y, Z_1, A_1, Z_2, A_2, P, W_2, W_3):
    """All gradients of a network with two hidden layers of ReLU, under their names."""
    dZ_3 = (P - Y) / len(X)
    dW_3 = dZ_3.T @ A_2
    db_3 = dZ_3.sum(axis=0)
    dA_2 = dZ_3 @ W_3
    dZ_2 = dA_2 * (Z_2 > 0)
    dW_2 = dZ_2.T @ A_1
    db_2 = dZ_2.sum(axis=0)
    dA_1 = dZ_2 @ W_2
    dZ_1 = dA_1 * (Z_1 > 0)
    dW_1 = dZ_1.T @ X
    db_1 = dZ_1.sum(axis=0)
    return {
        "dZ_3": dZ_3,
        "dW_3": dW_3,
        "db_3": db_3,
        "dA_2": dA_2,
        "dZ_2": dZ_2,
        "dW_2": dW_2,
        "db_2": db_2,
        "dA_1": dA_1,
        "dZ_1": dZ_1,
        "dW_1": dW_1,
        "db_1": db_1,
    }


def _passed_forward(n, sizes, seed):
    """What the forward pass of a small network leaves behind, with some z that are exactly 0."""
    X, Z_1, Z_2 = (normal(n, size, seed=seed + k) for k, size in enumerate(sizes[:3]))
    for Z in (Z_1, Z_2):
        Z[np.arange(n) % 2 == 0, 0] = 0
    P = softmax(normal(n, sizes[3], seed=seed + 3))
    Y = np.eye(sizes[3])[np.arange(n) % sizes[3]]
    W_2 = normal(sizes[2], sizes[1], seed=seed + 4)
    W_3 = normal(sizes[3], sizes[2], seed=seed + 5)
    return X, Y, Z_1, np.maximum(Z_1, 0), Z_2, np.maximum(Z_2, 0), P, W_2, W_3


whole_backward.cases = (
    _passed_forward(7, (5, 4, 3, 2), seed=50),
    _passed_forward(3, (3, 3, 3, 3), seed=60),
)
_ROWS = "every array of the batch has a row for each example"
_OPEN = "an activation of ReLU is positive exactly where its z is"
whole_backward.equivalents = {
    **{f"dZ_3 = (P - Y) / len({name})": _ROWS for name in ("Y", "Z_1", "A_1", "Z_2", "A_2", "P")},
    "dZ_2 = dA_2 * (A_2 > 0)": _OPEN,
    "dZ_1 = dA_1 * (A_1 > 0)": _OPEN,
}
whole_backward.hints = (
    "Begin at the loss: dZ_3 = (P - Y) / len(X). Check, and the verdict says what comes next.",
    "Each layer has three lines: dW and db from its dZ, and dA for the layer before.",
    "Between dA_2 and dZ_2 stands a ReLU: * (Z_2 > 0). Which array did the layer get as input?",
    "dW_3 = dZ_3.T @ A_2, db_3 = dZ_3.sum(axis=0), dA_2 = dZ_3 @ W_3, dZ_2 = dA_2 * (Z_2 > 0). "
    "Then the same once more, with 1 less everywhere.",
)
whole_backward.mistakes = {
    "dZ_3: The 1/N is missing, here and so everywhere below: the loss is a mean.":
        edit(" / len(X)", ""),
    "dZ_3: The sign is wrong, here and so everywhere below: it is P − Y.":
        edit("P - Y", "Y - P"),
    "dZ_3: That is the slope of −ln p for the probabilities. The scores are asked for.":
        edit("(P - Y)", "(-Y / P)"),
    "dZ_3: That divides by the number of classes, not of examples.": edit("len(X)", "len(P.T)"),
    "dZ_3: Softmax is applied once more. P are probabilities already.":
        edit("(P - Y)", "(softmax(P) - Y)"),
    "dW_3: That is its transpose. Row i belongs to neuron i: dZ_3.T @ A_2.":
        edit("dZ_3.T @ A_2", "A_2.T @ dZ_3"),
    "dW_3: The input of the last layer is A_2, and not Z_2.": edit("dZ_3.T @ A_2", "dZ_3.T @ Z_2"),
    "dW_3: That is divided by N. dZ_3 has the 1/N in it.": edit("@ A_2", "@ A_2 / len(X)"),
    "db_3: That is the mean. The 1/N is in dZ_3: add up.":
        edit("db_3 = dZ_3.sum", "db_3 = dZ_3.mean"),
    "db_3: The sum runs over the neurons. Add up over the examples, axis 0.":
        edit("db_3 = dZ_3.sum(axis=0)", "db_3 = dZ_3.sum(axis=1)"),
    "db_3: Examples are added up: sum(axis=0), as wherever something was broadcast.":
        edit("db_3 = dZ_3.sum(axis=0)", "db_3 = dZ_3"),
    "dA_2: W_3 is transposed. For rows it is dZ_3 @ W_3.": edit("dZ_3 @ W_3", "dZ_3 @ W_3.T"),
    "dA_2: The layer is passed, but its weights are missing: dZ_3 @ W_3.":
        edit("dZ_3 @ W_3", "dZ_3"),
    "dZ_2: The ReLU is missing: where Z_2 is not positive, nothing comes through.":
        edit(" * (Z_2 > 0)", ""),
    "dZ_2: Brackets: dA_2 * Z_2 is compared with 0: dA_2 * (Z_2 > 0).":
        edit("(Z_2 > 0)", "Z_2 > 0"),
    "dZ_2: ReLU itself stands where its slope belongs: 1 where Z_2 > 0.":
        edit("(Z_2 > 0)", "np.maximum(Z_2, 0)"),
    "dZ_2: At Z_2 = 0 the gate is open. This book takes the slope 0 there.":
        edit("(Z_2 > 0)", "(Z_2 >= 0)"),
    "dZ_2: The gate asks about the gradient. It asks whether Z_2 is positive.":
        edit("(Z_2 > 0)", "(dA_2 > 0)"),
    "dZ_2 and dZ_1: Both ReLUs are missing.": edit(" * (Z_2 > 0)", "", " * (Z_1 > 0)", ""),
    "dW_2: The input of the second layer is A_1, and not Z_1.": edit("@ A_1", "@ Z_1"),
    "dW_2: The input of the second layer is A_1. X is that of the first.":
        edit("@ A_1", "@ X"),
    "dW_2: It takes dZ_2, what the ReLU lets through, and not dA_2.":
        edit("dZ_2.T @ A_1", "dA_2.T @ A_1"),
    "db_2: It takes dZ_2, what the ReLU lets through, and not dA_2.":
        edit("dZ_2.sum", "dA_2.sum"),
    "dA_1: What goes on is dZ_2, and not dA_2: the ReLU lies between.":
        edit("dZ_2 @ W_2", "dA_2 @ W_2"),
    "dA_1: W_2 is transposed. For rows it is dZ_2 @ W_2.": edit("dZ_2 @ W_2", "dZ_2 @ W_2.T"),
    "dZ_1: The first ReLU is missing: where Z_1 is not positive, nothing comes through.":
        edit(" * (Z_1 > 0)", ""),
    "dZ_1: The gate belongs to this layer: Z_1, and not Z_2.": edit("(Z_1 > 0)", "(Z_2 > 0)"),
    "dZ_1: At Z_1 = 0 the gate is open. This book takes the slope 0 there.":
        edit("(Z_1 > 0)", "(Z_1 >= 0)"),
    "dW_1: That is its transpose. Row i belongs to neuron i: dZ_1.T @ X.":
        edit("dZ_1.T @ X", "X.T @ dZ_1"),
    "dW_1: Ones of the right shape are no gradient. As for every layer: dZ_1.T @ X.":
        edit("dZ_1.T @ X", "np.ones((len(Z_1.T), len(X.T)))"),
    "dW_1: It takes dZ_1, what the ReLU lets through, and not dA_1.":
        edit("dZ_1.T @ X", "dA_1.T @ X"),
    "db_1: It takes dZ_1, what the ReLU lets through, and not dA_1.":
        edit("dZ_1.sum", "dA_1.sum"),
    "Every db is a mean. The 1/N is in dZ_3: add up over the examples.":
        edit("dZ_3.sum", "dZ_3.mean", "dZ_2.sum", "dZ_2.mean", "dZ_1.sum", "dZ_1.mean"),
}  # fmt: skip


@layer
class Softplus(Layer):
    """y = ln(1 + eˣ), element by element, with its backward."""

    def forward(self, x):
        self.x = x
        return np.log(1 + np.exp(x))

    def backward(self, dy):
        return dy * sigmoid(self.x)


Softplus.cases = (
    ((), normal(4, 3, seed=70), normal(4, 3, seed=71)),
    ((), normal(5, 2, seed=72), normal(5, 2, seed=73)),
)
Softplus.hints = (
    "What does backward need that forward had? Keep it: self.x = x.",
    "Slope of ln u times slope of 1 + eˣ: 1 / (1 + eˣ) · eˣ.",
    "eˣ / (1 + eˣ) is the sigmoid of x. Multiply it by dy.",
)
Softplus.mistakes = {
    "backward: The slope of 1 + eˣ is missing. The slope of ln u is only the first factor.":
        edit("dy * sigmoid(self.x)", "dy / (1 + np.exp(self.x))"),
    "backward: The slope of ln u is missing: divide by 1 + eˣ.":
        edit("sigmoid(self.x)", "np.exp(self.x)"),
    "backward: dy is missing. A layer multiplies its slope by what arrives.": edit("dy * ", ""),
    "backward: dy goes through unchanged. The slope of the layer is missing.":
        edit("dy * sigmoid(self.x)", "dy"),
    "backward: x stands where the slope of ln(1 + eˣ) belongs.":
        edit("sigmoid(self.x)", "self.x"),
    "backward: y stands where the slope belongs. What is the slope of ln(1 + eˣ)?":
        edit("sigmoid(self.x)", "np.log(1 + np.exp(self.x))"),
    "backward: That is the slope of a sigmoid. Here the sigmoid is the slope.":
        edit("dy * sigmoid(self.x)", "dy * sigmoid(self.x) * (1 - sigmoid(self.x))"),
    "backward: The sigmoid of the output is taken. It is asked at x: keep the input.":
        edit("self.x = x\n        return np.log(1 + np.exp(x))",
             "self.x = np.log(1 + np.exp(x))\n        return self.x"),
    "backward: That is the slope of ReLU, which is a step. Softplus bends gently.":
        edit("sigmoid(self.x)", "(self.x > 0)"),
    "forward: The 1 is missing: ln eˣ is x.": edit("np.log(1 + np.exp(x))", "np.log(np.exp(x))"),
    "forward: The sign of x is wrong in the exponent.": edit("1 + np.exp(x)", "1 + np.exp(-x)"),
    "forward: That is ReLU. Softplus is ln(1 + eˣ).":
        edit("np.log(1 + np.exp(x))", "np.maximum(x, 0)"),
    "forward: That is the sigmoid. Softplus is ln(1 + eˣ).":
        edit("np.log(1 + np.exp(x))", "sigmoid(x)"),
    "backward: The sign is wrong.": edit("dy *", "-dy *"),
}  # fmt: skip


@layer
class Scale(Layer):
    """Each feature times a learned number: the parameter g of shape (D,)."""

    def __init__(self, d):
        super().__init__({"g": np.ones(d)})

    def forward(self, x):
        self.x = x
        return self.params["g"] * x

    def backward(self, dy):
        self.grads["g"] += (dy * self.x).sum(axis=0)
        return dy * self.params["g"]


Scale.cases = (
    ((3,), normal(4, 3, seed=74), normal(4, 3, seed=75)),
    ((2,), normal(5, 2, seed=76), normal(5, 2, seed=77)),
)
Scale.hints = (
    "Write one entry: y_nd = g_d x_nd. A product swaps: what arrives at g_d?",
    "g was broadcast over the examples. What does that become on the way back?",
    'self.grads["g"] += (dy * self.x).sum(axis=0), and dy * self.params["g"] goes on.',
)
Scale.mistakes = {
    "The gradient of g replaces what stood there. Add to it: +=.": edit("+=", "[...] ="),
    "The gradient of g is a mean. The 1/N is in dy already: add up.": edit("sum", "mean"),
    "The gradient of g: dy is missing. A product hands dy times the other factor to each side.":
        edit("dy * self.x", "self.x"),
    "The gradient of g: x is missing. A product hands dy times the other factor to each side.":
        edit("(dy * self.x)", "dy"),
    "The gradient of g: All features are added up. Each has a number of its own: axis 0.":
        edit("sum(axis=0)", "sum()"),
    "The gradient of g has the shape of g. g was broadcast over the examples, so add up over them: "
    "sum(axis=0).": edit("(dy * self.x).sum(axis=0)", "dy * self.x"),
    "The gradient of g is never added to grads.":
        edit('self.grads["g"] += (dy * self.x).sum(axis=0)', "pass"),
    "backward: dy goes on unchanged. A product hands on dy times the other factor, g.":
        edit('return dy * self.params["g"]', "return dy"),
    "backward: x goes on times dy. That belongs to g; x gets dy times g.":
        edit('return dy * self.params["g"]', "return dy * self.x"),
    "backward: dy is divided by g. A product hands on dy times g.":
        edit('dy * self.params', "dy / self.params"),
    "forward: g is added. It should multiply.": edit('["g"] * x', '["g"] + x'),
    "forward: x comes out unchanged: g is missing.": edit('self.params["g"] * x', "x"),
    "forward keeps the output. backward needs the input: self.x = x.":
        edit('self.x = x', 'self.x = self.params["g"] * x'),
}  # fmt: skip


@exercise
def broken():
    """Which gradient gradcheck convicts in three layers: "W", "b", "x" or "none"."""
    return "none", "x", "b"


broken.hints = (
    "Run gradcheck on each of the three, with an input such as rng.normal(size=(4, 3)).",
    "A right gradient has an error below 1e-7. Which of W, b and x is far above?",
    "One of the three passes with all gradients right. What does gradcheck never do twice?",
)
broken.reason = (
    "LayerA sets its gradients to 0 before it adds to them. gradcheck calls backward once, on "
    "gradients that are 0 anyway: nothing is convicted. LayerB applies ReLU in forward and forgets "
    "it in backward, so only what it hands on, the gradient of x, is wrong. In LayerC the first "
    "example is missing in db."
)
broken.mistakes = {
    "LayerA loses what an earlier backward added, that is true. But gradcheck calls backward once, "
    "and sees no difference. Run it.": ("W", "x", "b"),
    "LayerA loses what was added to db before. But gradcheck calls backward once, and sees no "
    "difference. Run it.": ("b", "x", "b"),
    "LayerA hands the right dx on: only what stood in grads is lost. Run it.": ("x", "x", "b"),
    "In LayerB dW is right: W multiplied relu(x), and that is kept. What it hands on lacks the "
    "ReLU.": ("none", "W", "b"),
    "LayerB keeps relu(x), and dW and db need just that. What it hands on lacks the ReLU.":
        ("none", "none", "b"),
    "LayerC: look at db. The first example is missing in it.": ("none", "x", "none"),
    "LayerC: dW is a product over all examples, as it should be. Look at db.": ("none", "x", "W"),
    "In LayerB and in LayerC the two are exchanged.": ("none", "b", "x"),
}  # fmt: skip


@exercise
def kept_numbers():
    """How many numbers 784-128-64-10 with ReLU keeps for the backward pass of 100 images."""
    return 100 * (784 + 2 * 128 + 2 * 64)


kept_numbers.hints = (
    "A Dense layer keeps its input. A ReLU keeps one number for each z. Who keeps what, from the "
    "left?",
    "For one image: 784, then 128 gates and 128 activations, then 64 gates and 64 activations.",
    "And a batch has 100 images.",
)
kept_numbers.reason = (
    "For one image the three Dense layers keep their inputs, 784, 128 and 64 numbers, and the two "
    "ReLUs one number for each z, 128 and 64: 1,168 together. A batch of 100 keeps 116,800."
)
kept_numbers.mistakes = {
    "That is for one image. A batch of 100 keeps a row for each.": 784 + 2 * 128 + 2 * 64,
    "The ReLUs keep something too: a number for each z.": 100 * (784 + 128 + 64),
    "The Dense layers keep their inputs too.": 100 * (128 + 64),
    "The scores are kept by nobody: the loss turned them into dZ at once.":
        100 * (784 + 2 * 128 + 2 * 64 + 10),
    "Those are the parameters. They are there in any case, and do not depend on the batch.":
        784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10,
    "The first layer keeps its input as well, the 784 pixels.": 100 * (2 * 128 + 2 * 64),
    "The input is kept by the first layer only; a ReLU keeps a number for each z, not for each x.":
        100 * (2 * 784 + 2 * 128 + 64),
    "Each layer was counted once. The hidden sizes appear twice: at the ReLU, and at the Dense "
    "behind it. And the scores are kept by nobody.": 100 * (784 + 128 + 64 + 10),
}  # fmt: skip


@exercise
def learn_xor(X, Y, W_1, b_1, W_2, b_2, lr, steps):
    """The loss before each step of training the network 2-5-1 on XOR."""
    losses = []
    for _ in range(steps):
        A_1 = np.tanh(X @ W_1.T + b_1)
        A_2 = sigmoid(A_1 @ W_2.T + b_2)
        losses.append(-np.mean(Y * np.log(A_2) + (1 - Y) * np.log(1 - A_2)))
        dZ_2 = (A_2 - Y) / len(X)
        dZ_1 = dZ_2 @ W_2 * (1 - A_1**2)
        W_2 = W_2 - lr * dZ_2.T @ A_1
        b_2 = b_2 - lr * dZ_2.sum(axis=0)
        W_1 = W_1 - lr * dZ_1.T @ X
        b_1 = b_1 - lr * dZ_1.sum(axis=0)
    return losses


CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
UNLIKE = np.array([[0.0], [1.0], [1.0], [0.0]])
XOR_START = normal(5, 2, seed=116), normal(5, seed=117), normal(1, 5, seed=118), np.array([0.2])
learn_xor.cases = ((CORNERS, UNLIKE, *XOR_START, 0.5, 400),)
learn_xor.form = "of a list with a loss for each step"
_FIRST = learn_xor.solve(*learn_xor.cases[0][:-1], 3)
learn_xor.accept = (
    (
        lambda answer: np.shape(answer) == (400,),
        "There should be a loss for each of the 400 steps, taken before the step.",
    ),
    (
        lambda answer: np.isclose(answer[0], _FIRST[0], atol=1e-3),
        f"The first loss is not that of the given parameters, {_FIRST[0]:.3f}. Look at the forward "
        "pass and at the loss, and take it before the step.",
    ),
    (
        lambda answer: np.allclose(answer[:3], _FIRST, atol=1e-3),
        "The first loss is right, the next ones are not. A gradient is wrong, or the step is: "
        "check each gradient against numerical_gradient.",
    ),
    (lambda answer: answer[-1] < 0.05, "The loss is not below 0.05 at the end."),
)
_SHAPE = "a vector has no rows and columns to swap"
learn_xor.equivalents = {
    "A_1 = np.tanh(X @ W_1.T + b_1.T)": _SHAPE,
    "A_2 = sigmoid(A_1 @ W_2.T + b_2.T)": _SHAPE,
    "b_1 = b_1.T - lr * dZ_1.sum(axis=0)": _SHAPE,
    "b_2 = b_2.T - lr * dZ_2.sum(axis=0)": _SHAPE,
    "dZ_2 = (A_2 - Y) / len(Y)": "X and Y have a row for each of the four corners",
}
learn_xor.hints = (
    "The hidden layer is tanh, the output a sigmoid with the cross-entropy of yes or no. What is "
    "dZ_2?",
    "dZ_2 = (A_2 - Y) / len(X), and dZ_1 = dZ_2 @ W_2 * (1 - A_1**2).",
    "Compute every gradient first. Then take the steps: W_2 = W_2 - lr * dZ_2.T @ A_1, and so on.",
)
learn_xor.mistakes = {
    "dZ_1 is computed with the new W_2. The forward pass used the old one: step at the end.":
        edit("        dZ_1 = dZ_2 @ W_2 * (1 - A_1**2)\n", "",
             "        W_1 = W_1", "        dZ_1 = dZ_2 @ W_2 * (1 - A_1**2)\n        W_1 = W_1"),
    "The slope of tanh is missing in dZ_1: 1 − a².": edit(" * (1 - A_1**2)", ""),
    "The slope of tanh is 1 − a². That one belongs to a sigmoid.":
        edit("(1 - A_1**2)", "A_1 * (1 - A_1)"),
    "tanh is taken once more: A_1 are its outputs already.":
        edit("A_1**2", "np.tanh(A_1) ** 2"),
    "dZ_2 still has the slope of the sigmoid in it: with the cross-entropy it cancels.":
        edit("(A_2 - Y) / len(X)", "(A_2 - Y) * A_2 * (1 - A_2) / len(X)"),
    "The 1/N is missing in dZ_2: the loss is a mean over four corners.":
        edit("(A_2 - Y) / len(X)", "(A_2 - Y)"),
    "Training climbs. Is dZ_2 A − Y, and is each gradient subtracted?":
        edit("A_2 - Y) /", "Y - A_2) /"),
    "The biases never step.": edit("b_2 - lr * dZ_2.sum(axis=0)", "b_2",
                                   "b_1 - lr * dZ_1.sum(axis=0)", "b_1"),
    "The first layer never learns: W_1 and b_1 step too.":
        edit("W_1 - lr * dZ_1.T @ X", "W_1", "b_1 - lr * dZ_1.sum(axis=0)", "b_1"),
    "The minus of the cross-entropy is missing.": edit("-np.mean", "np.mean"),
    "The losses are sums. The loss is a mean over the corners.": edit("np.mean", "np.sum"),
    "The hidden layer is tanh, not a sigmoid.":
        edit("A_1 = np.tanh(X @ W_1.T + b_1)", "A_1 = sigmoid(X @ W_1.T + b_1)"),
}  # fmt: skip
