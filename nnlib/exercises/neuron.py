"""Exercises of chapter 1: weights, bias, activation functions, detectors, lines."""

import math

import numpy as np

from nnlib.exercises._exercise import exercise
from nnlib.neuron import neuron, step

CORNERS = tuple((np.array(corner),) for corner in ([0, 0], [0, 1], [1, 0], [1, 1]))


@exercise
def z_by_hand():
    """The pre-activation for inputs (2, −1, 3), weights (0.5, 2, −1) and bias 1.5."""
    return 0.5 * 2 + 2 * (-1) + (-1) * 3 + 1.5


z_by_hand.tolerance = 2e-3
z_by_hand.hints = (
    "Multiply in pairs: 0.5 · 2, then 2 · (−1), then −1 · 3.",
    "The products are 1, −2 and −3. Add them up, and then add the bias.",
)
z_by_hand.mistakes = {
    "The bias is missing: z = w · x + b.": -4.0,
    "The bias is subtracted. It is added; a negative bias makes the sum smaller.": -5.5,
    "A sign is lost: 2 · (−1) is −2.": 1.5,
    "A sign is lost: −1 · 3 is −3.": 3.5,
    "Signs are lost: two of the three products are negative.": 7.5,
    "That is σ(z), an activation (next section). The question is z itself.": 0.0759,
    "That is step(z) or ReLU(z), an activation (next section). The question is z itself.": 0.0,
}


@exercise
def pre_activation(x, w, b):
    """The pre-activation of one neuron: x and w of shape (D,), b a number."""
    return w @ x + b


pre_activation.cases = (
    (np.array([3.5, 1.0, 2.0]), np.array([2.0, -1.0, 1.0]), -4.0),
    (np.array([-1.0, 0.5, 2.0, 3.0]), np.array([0.3, 4.0, -2.0, 1.0]), -2.5123),
)
pre_activation.hints = (
    "w @ x multiplies in pairs and adds the products up. What is still missing?",
    "The bias is one number, and it is added once, after the sum.",
)
pre_activation.mistakes = {
    "The bias is missing: z = w · x + b.": lambda x, w, b: w @ x,
    "The bias is subtracted. It is added: the threshold is −b, not b.": lambda x, w, b: w @ x - b,
    "The products are not added up: w * x has one number for each input, and a neuron has a "
    "single weighted sum. Use w @ x.": lambda x, w, b: w * x + b,
    "The bias is added once for each input. A neuron has one bias: add it after the sum.":
        lambda x, w, b: (w * x + b).sum(),
    "The bias is added to the inputs. It is added to the weighted sum.":
        lambda x, w, b: w @ (x + b),
    "That is the mean of the products. A weighted sum is not divided by anything.":
        lambda x, w, b: (w * x).mean() + b,
    "Weights and inputs are added. Each input is multiplied by its weight.":
        lambda x, w, b: (w + x).sum() + b,
    "Every input meets every weight. Input i meets only weight i.":
        lambda x, w, b: np.outer(w, x).sum() + b,
    "The sum is multiplied by the bias. The bias is added.": lambda x, w, b: (w @ x) * b,
    "That is σ(z), an activation (next section). Return z itself.":
        lambda x, w, b: 1 / (1 + np.exp(-(w @ x + b))),
    "Negative sums became 0, as ReLU (next section) would do. Return z itself.":
        lambda x, w, b: max(0.0, w @ x + b),
    "Only the first product is counted: the return stands inside the loop.":
        lambda x, w, b: x[0] * w[0] + b,
    "Only the last product is left: each turn of the loop replaces the total. Add to it with +=.":
        lambda x, w, b: x[-1] * w[-1] + b,
    "The last input is left out: range(n) stops before n already.":
        lambda x, w, b: w[:-1] @ x[:-1] + b,
    "The first input is left out: positions are counted from 0.": lambda x, w, b: w[1:] @ x[1:] + b,
    "Only three inputs are counted. A neuron may have any number.":
        lambda x, w, b: w[:3] @ x[:3] + b,
    "This is 4 whatever the arguments are: the function uses the chapter's x, w and b, not its "
    "own.": lambda x, w, b: 4.0,
    "That is tanh of z, an activation. Return z itself.": lambda x, w, b: np.tanh(w @ x + b),
    "That is step(z), an activation. Return z itself.": lambda x, w, b: float(w @ x + b > 0),
}  # fmt: skip


@exercise
def fires_above(sums, threshold):
    """1 for every weighted sum above the threshold, 0 for the others."""
    bias = -threshold
    return np.where(sums + bias > 0, 1.0, 0.0)


def _bias_is_the_threshold(sums, threshold):
    return np.where(sums + threshold > 0, 1.0, 0.0)


fires_above.cases = (
    (np.array([8.0, 9.9, 10.0, 10.1, 12.0, -5.0, -10.0, -12.0]), 10.0),
    (np.array([-3.0, -2.0, -1.0, 0.0, 3.0]), -2.0),
)
fires_above.start = _bias_is_the_threshold
fires_above.hints = (
    "With the code as it stands, for which sums is sums + 10 above 0?",
    "s > 10 means the same as s − 10 > 0. Which number is added to s?",
    "The bias is the negative of the threshold.",
)
fires_above.mistakes = {
    "It fires at the threshold too. Above 10 means s > 10, so compare with >.":
        lambda sums, threshold: np.where(sums >= threshold, 1.0, 0.0),
    "It fires below the threshold and is silent above it: the sum itself has a minus sign.":
        lambda sums, threshold: np.where(threshold - sums > 0, 1.0, 0.0),
    "The threshold is ignored: this fires for every positive sum.":
        lambda sums, threshold: np.where(sums > 0, 1.0, 0.0),
    "That is a smooth answer, the sigmoid. This neuron answers with 0 or 1 only.":
        lambda sums, threshold: 1 / (1 + np.exp(threshold - sums)),
    "That is z, the sum with its bias. Return 1 where it is above 0, and 0 elsewhere.":
        lambda sums, threshold: sums - threshold,
    "Ones and zeros are swapped.": lambda sums, threshold: np.where(sums > threshold, 0.0, 1.0),
    "The threshold is fixed at 10. Use the argument.":
        lambda sums, threshold: np.where(sums > 10, 1.0, 0.0),
    "np.sign gives −1 below the threshold. A silent neuron answers 0.":
        lambda sums, threshold: np.sign(sums - threshold),
    "It passes z on where it fires, as ReLU would. To fire means 1.":
        lambda sums, threshold: np.maximum(sums - threshold, 0),
    "It passes the sum on where it fires. To fire means 1.":
        lambda sums, threshold: np.where(sums > threshold, sums, 0.0),
    "The sums above the threshold are returned. Answer 1 or 0 for every sum.":
        lambda sums, threshold: sums[sums > threshold],
}  # fmt: skip


@exercise
def leaky_relu(z, slope):
    """z where it is positive, slope times z elsewhere."""
    return np.where(z > 0, z, slope * z)


def _leaky_with_if(z, slope):
    return z if z > 0 else slope * z


leaky_relu.cases = (
    (np.array([-3.0, -0.5, 0.0, 0.5, 2.0]), 0.1),
    (np.array([[-4.0, 1.0, 3.0], [-1.0, 5.0, -2.0]]), 0.2537),
)
leaky_relu.hints = (
    "np.where(condition, this, that) picks element by element.",
    "The condition is z > 0. What is returned where it holds, and what elsewhere?",
)
leaky_relu.mistakes = {
    "The two sides are swapped: positive z passes unchanged, the rest is scaled down.":
        lambda z, slope: np.where(z > 0, slope * z, z),
    "Negative z gives slope · z, which is negative. There is a minus sign too many.":
        lambda z, slope: np.where(z > 0, z, -slope * z),
    "Negative z gives slope · z, a line, not the constant slope.":
        lambda z, slope: np.where(z > 0, z, slope),
    "That is plain ReLU. The slope is never used.": lambda z, slope: np.maximum(z, 0),
    "Everything is multiplied by the slope, positive z too.": lambda z, slope: slope * z,
    "ReLU first, and then the slope: negative z is gone before the slope can act.":
        lambda z, slope: slope * np.maximum(z, 0),
    "The slope is added to negative z. It is multiplied.":
        lambda z, slope: np.where(z > 0, z, z + slope),
    "if and max ask one question about a whole array. np.where asks it for each element.":
        _leaky_with_if,
    "The slope is fixed at 0.01. Use the argument.": lambda z, slope: np.where(z > 0, z, 0.01 * z),
    "That is the slope of leaky ReLU at z. Return its value.":
        lambda z, slope: np.where(z > 0, 1.0, slope),
    "Positive z is counted twice: slope · z is for the rest only.":
        lambda z, slope: np.maximum(z, 0) + slope * z,
}  # fmt: skip


@exercise
def flat_sigmoid():
    """By how much σ(z) rises when z rises by 0.1, where σ(z) = 0.9."""
    a = 0.9
    return a * (1 - a) * 0.1


flat_sigmoid.tolerance = 0.04
flat_sigmoid.hints = (
    "The slope is a (1 − a). How large is it at a = 0.9?",
    "The slope says how much a rises for each unit of z, and z rises by 0.1 only.",
)
flat_sigmoid.mistakes = {
    "That is the slope itself. z rises by 0.1, so a rises by a tenth of it.": 0.09,
    "That uses the slope at the steepest point, ¼. At a = 0.9 the curve is flatter.": 0.025,
    "The slope is a (1 − a), not 1 − a. (If you rounded: three decimals are asked for.)": 0.01,
    "That is the slope of tanh, 1 − a². For the sigmoid it is a (1 − a).": 0.019,
    "a does not rise as fast as z: the curve is nearly flat there.": 0.1,
    "That is the activation itself. The question is by how much it rises.": 0.9,
    "That takes 0.9 for z. It is a already: the slope is a (1 − a).": 0.0206,
}


@exercise
def sigmoid(z):
    """The sigmoid of an array of any shape, exact and silent at ±1000."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def _sigmoid_one_number(z):
    return 1 / (1 + math.exp(-z))


def _sigmoid_with_if(z):
    return 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z))


def _sigmoid_where(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


sigmoid.cases = (
    (np.array([-2.0, -0.1, 0.0, 0.5, 3.0]),),
    (np.array([[-1000.0, 30.0, 0.2], [-5.0, 1000.0, -0.7]]),),
)
sigmoid.silent = True
sigmoid.hints = (
    "Which of the two forms is safe for positive z, and which for negative z?",
    "np.where computes both sides for every element. Compute one exponential that is safe for "
    "every z: its exponent must never be positive.",
    "With e = np.exp(-np.abs(z)), the answer is 1 / (1 + e) for z ≥ 0 and e / (1 + e) elsewhere.",
)
sigmoid.mistakes = {
    "The values are right, but np.exp(-z) overflows at z = −1000, and NumPy warns. For negative "
    "z use the other form.": lambda z: 1 / (1 + np.exp(-z)),
    "This form is safe for negative z only: at z = 1000 it is infinity divided by infinity, nan.":
        lambda z: np.exp(z) / (1 + np.exp(z)),
    "The values are right, but np.where computes both sides for every element, so both overflow "
    "somewhere. Make the exponent itself safe before np.where.": _sigmoid_where,
    "The sign of the exponent is wrong: this falls from 1 to 0. It is np.exp(-z).":
        lambda z: 1 / (1 + np.exp(z)),
    "Brackets: 1 / 1 + np.exp(-z) divides first. Put 1 + np.exp(-z) in brackets.":
        lambda z: 1 / 1 + np.exp(-z),
    "That is tanh, which runs from −1 to 1.": lambda z: np.tanh(z),
    "e / (1 + e) is right for negative z only. For positive z it is 1 / (1 + e).":
        lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))),
    "1 / (1 + e) is right for positive z only. For negative z it is e / (1 + e).":
        lambda z: 1 / (1 + np.exp(-np.abs(z))),
    "math.exp takes a single number. np.exp takes an array.": _sigmoid_one_number,
    "if asks one question about a whole array. np.where asks it for each element.":
        _sigmoid_with_if,
    "That divides by a sum over all elements. Each element of a sigmoid stands alone.":
        lambda z: np.exp(z) / np.exp(z).sum(),
    "That is the step function. The sigmoid rises smoothly.": lambda z: np.where(z > 0, 1.0, 0.0),
    "That is the slope of the sigmoid, a (1 − a). Return a.":
        lambda z: (1 - np.tanh(z / 2) ** 2) / 4,
}  # fmt: skip


@exercise
def tanh(z):
    """The hyperbolic tangent of an array of any shape, exact and silent at ±1000."""
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


def _coth(z):
    return (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))


tanh.cases = (
    (np.array([-2.0, -0.3, 0.0, 0.5, 3.0]),),
    (np.array([[-1000.0, 2.0, 0.1], [-5.0, 1000.0, -0.7]]),),
)
tanh.start = _coth
tanh.silent = True
tanh.hints = (
    "At z = 0 the figure shows 0. What does the formula divide by there?",
    "The numerator must vanish at 0, and the denominator must not.",
    "For the edges: the library's sigmoid is safe, and tanh is a stretched sigmoid. Or look for "
    "tanh in NumPy.",
)
tanh.mistakes = {
    "The formula is right now, but it overflows: at z = ±1000 it is infinity divided by "
    "infinity, nan.": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "The sign is wrong: tanh is positive for positive z.": lambda z: -np.tanh(z),
    "That is the sigmoid, which runs from 0 to 1. tanh(z) is 2 σ(2z) − 1.":
        lambda z: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))),
    "A factor 2 is missing inside: tanh(z) is 2 σ(2z) − 1, and this is 2 σ(z) − 1.":
        lambda z: np.tanh(z / 2),
    "That is σ(2z). Stretch it to run from −1 to 1: 2 σ(2z) − 1.": lambda z: (1 + np.tanh(z)) / 2,
    "That is the hyperbolic sine: the denominator is the sum of both exponentials, not 2.":
        lambda z: (np.exp(z) - np.exp(-z)) / 2,
    "Brackets: without them only np.exp(-z) is divided.":
        lambda z: np.exp(z) - np.exp(-z) / (np.exp(z) + np.exp(-z)),
    "The formula is right now, but e to the 2000 overflows: at z = 1000 it is infinity divided "
    "by infinity, nan.": lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1),
    "The formula is right now, but e to the 2000 overflows: at z = −1000 it is infinity divided "
    "by infinity, nan.": lambda z: (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z)),
    "The sign is lost: for negative z the answer is negative. Multiply by np.sign(z).":
        lambda z: np.abs(np.tanh(z)),
    "That is the slope of tanh, 1 − a². Return a.": lambda z: 1 - np.tanh(z) ** 2,
}  # fmt: skip


@exercise
def pixel_count():
    """The number of inputs for 28 × 28 pixels, and for 24 × 24."""
    return 28 * 28, 24 * 24


pixel_count.hints = (
    "Each of the 28 rows has 28 pixels. How many is that?",
    "Multiply the number of rows by the number of columns.",
)
pixel_count.mistakes = {
    "728 is 26 · 28. Multiply 28 by 28 again.": (728, 576),
    "24 · 24 is not 728 either. 728 fits neither square.": (784, 728),
    "Neither square has 728 pixels: 728 is 26 · 28.": (728, 728),
    "Rows and columns are added. Each row has a pixel in every column: multiply.": (56, 48),
    "That is the length of one side.": (28, 24),
}


@exercise
def pixel_index(row, column, size):
    """The position of a pixel after flattening, row by row."""
    return row * size + column


pixel_index.cases = (3, 5, 28), (0, 7, 28), (27, 27, 28), (2, 1, 5)
pixel_index.hints = (
    "How many pixels come before the first pixel of row 1? Before that of row 2?",
    "Before row `row` there are row · size pixels. How many more until `column`?",
)
pixel_index.mistakes = {
    "Rows and columns are swapped: this lays the columns end to end, not the rows.":
        lambda row, column, size: column * size + row,
    "One too many: the position is counted from 0, like row and column.":
        lambda row, column, size: row * size + column + 1,
    "row and column are counted from 0 already: do not take 1 away.":
        lambda row, column, size: (row - 1) * size + column - 1,
    "A row has size pixels, not size − 1.": lambda row, column, size: row * (size - 1) + column,
    "A row has size pixels, not size + 1.": lambda row, column, size: row * (size + 1) + column,
    "Each row that lies before counts with all its pixels: multiply row by size.":
        lambda row, column, size: row + column,
    "That is a number of pixels in a rectangle. Count the whole rows before this one.":
        lambda row, column, size: row * column,
    "Row 0 has no row before it.": lambda row, column, size: (row + 1) * size + column,
    "The size is fixed at 28. Use the argument.": lambda row, column, size: row * 28 + column,
    "Row `row` has `row` rows before it, because rows are counted from 0: do not take 1 away.":
        lambda row, column, size: (row - 1) * size + column,
}  # fmt: skip


@exercise
def region_weights(top, bottom, left, right):
    """784 weights: +1 in a rectangle, −1 in a frame around it, 0 elsewhere."""
    w = np.zeros((28, 28))
    w[top - 1 : bottom + 1, left - 1 : right + 1] = -1
    w[top:bottom, left:right] = 1
    return w.reshape(784)


def _frame(rows, columns, *, inside=1.0, around=-1.0, elsewhere=0.0, margin=1):
    w = np.full((28, 28), elsewhere)
    w[rows[0] - margin : rows[1] + margin, columns[0] - margin : columns[1] + margin] = around
    w[slice(*rows), slice(*columns)] = inside
    return w.reshape(784)


def _frame_short(top, bottom, left, right):
    w = np.zeros((28, 28))
    w[top - 1 : bottom, left - 1 : right] = -1
    w[top:bottom, left:right] = 1
    return w.reshape(784)


def _frame_without_corners(top, bottom, left, right):
    w = np.zeros((28, 28))
    w[top - 1 : bottom + 1, left:right] = -1
    w[top:bottom, left - 1 : right + 1] = -1
    w[top:bottom, left:right] = 1
    return w.reshape(784)


region_weights.cases = (6, 22, 8, 20), (3, 7, 10, 12), (1, 4, 20, 27)
region_weights.hints = (
    "Start with np.zeros((28, 28)). A slice such as w[top:bottom, left:right] = 1 fills a "
    "rectangle.",
    "Fill the larger rectangle with −1 first, and then the smaller one inside it with 1.",
    "The larger one has rows top − 1 to bottom and columns left − 1 to right, both included. At "
    "the end: reshape(784).",
)
region_weights.mistakes = {
    "The surround is missing: nothing speaks against ink next to the rectangle.":
        lambda top, bottom, left, right: _frame((top, bottom), (left, right), around=0.0),
    "Everything outside is −1. Only the frame next to the rectangle should be.":
        lambda top, bottom, left, right: _frame((top, bottom), (left, right), elsewhere=-1.0),
    "The frame covers the rectangle: it was filled last. Fill it first.":
        lambda top, bottom, left, right: _frame((top, bottom), (left, right), inside=-1.0),
    "Rows and columns are swapped: the first index of w is the row.":
        lambda top, bottom, left, right: _frame((left, right), (top, bottom)),
    "The rectangle is one row and one column too large: a slice stops before its end, and bottom "
    "and right are ends already.":
        lambda top, bottom, left, right: _frame((top, bottom + 1), (left, right + 1)),
    "The rectangle is one row and one column too small: a slice stops before its end.":
        lambda top, bottom, left, right: _frame((top, bottom - 1), (left, right - 1)),
    "The signs are swapped. The rectangle needs +1, the frame −1.":
        lambda top, bottom, left, right: -_frame((top, bottom), (left, right)),
    "The frame is positive too. Its weights are −1.":
        lambda top, bottom, left, right: _frame((top, bottom), (left, right), around=1.0),
    "The frame is two pixels wide. One is asked for.":
        lambda top, bottom, left, right: _frame((top, bottom), (left, right), margin=2),
    "The corners of the frame are missing.": _frame_without_corners,
    "The weights are right, as a square. A neuron wants a list: reshape it to 784.":
        lambda top, bottom, left, right: _frame((top, bottom), (left, right)).reshape(28, 28),
    "The rectangle is 0: the +1 and the −1 were added. Assign with = instead.":
        lambda top, bottom, left, right: _frame((top, bottom), (left, right), inside=0.0),
    "The frame is missing below and on the right: a slice stops before its end, so it must run "
    "to bottom + 1 and right + 1.": _frame_short,
}  # fmt: skip


@exercise
def ignore_brightness(w):
    """The weights, all changed by the same amount, so that they add up to 0."""
    return w - w.mean()


def _running_mean(w):
    w = w.copy()
    for i in range(len(w)):
        w[i] -= w.mean()
    return w


ignore_brightness.cases = (
    (np.array([1.0, 1.0, 0.0, 4.0, -1.13]),),
    (np.array([0.5, -2.0, 3.0, 0.0, 0.0, 1.0, 8.0]),),
)
ignore_brightness.hints = (
    "A uniform image of brightness c has the weighted sum c · (w_1 + … + w_D). When is that 0 for "
    "every c?",
    "The weights must add up to 0. If you subtract m from each of D weights, by how much does "
    "their sum fall?",
    "By D · m. So m is the sum divided by D.",
)
ignore_brightness.mistakes = {
    "The sum of the weights is subtracted from each of them: that is D times too much.":
        lambda w: w - w.sum(),
    "The weights are divided by their sum. Then they add up to 1, not to 0.": lambda w: w / w.sum(),
    "The weights are divided by their mean. Subtract it.": lambda w: w / w.mean(),
    "The mean is added. Subtract it.": lambda w: w + w.mean(),
    "The largest weight is subtracted. The sum must become 0, not the largest weight.":
        lambda w: w - w.max(),
    "The smallest weight is subtracted. The sum must become 0, not the smallest weight.":
        lambda w: w - w.min(),
    "The median is subtracted. It does not make the sum 0; the mean does.":
        lambda w: w - np.median(w),
    "The weights were scaled as well. Only subtract.": lambda w: (w - w.mean()) / w.std(),
    "That is the right amount to subtract. Return the weights after subtracting it.":
        lambda w: w.mean(),
    "The sum is divided by 784. Divide by the number of weights, len(w).":
        lambda w: w - w.sum() / 784,
    "The mean changes while the loop runs. Compute it once, before.": _running_mean,
}  # fmt: skip


@exercise
def nand_neuron():
    """Weights and bias of a step neuron that fires unless both inputs are 1."""
    return [-1, -1], 1.5


def _answer_of_a_neuron(weights_and_bias, x):
    w, b = weights_and_bias
    return neuron(x, w, b, activation=step)


nand_neuron.cases = CORNERS
nand_neuron.observe = _answer_of_a_neuron
nand_neuron.form = "([w1, w2], b)"
nand_neuron.hints = (
    "It should fire for (0, 0), where z is just b. What sign must b have?",
    "Each input that is 1 should lower z: with one of them z must stay above 0, with both it must "
    "not.",
    "AND has weights (1, 1) and bias −1.5. This neuron is its opposite.",
)
nand_neuron.mistakes = {
    "That is AND: it fires only when both inputs are 1. Make the weights negative, and b "
    "positive, large enough for one weight and too small for two.": ([1, 1], -1.5),
    "That neuron is silent as soon as one input is 1. One alone must not silence it: z must stay "
    "above 0.": ([-1, -1], 0.5),
    "That neuron always fires. With both inputs at 1, z must not be above 0.": ([1, 1], 1.5),
    "That neuron never fires. For (0, 0) z is b, so b must be positive.": ([-1, -1], -1.5),
    "That is OR: it fires when an input is 1. Negative weights let inputs silence it.":
        ([1, 1], -0.5),
    "The second input has no say: with (0, 1) and with (0, 0) it answers alike, and it is silent "
    "for (1, 0).": ([-1, 0], 0.5),
    "The first input has no say: it is silent for (0, 1).": ([0, -1], 0.5),
}  # fmt: skip


@exercise
def only_first():
    """Weights and bias of a step neuron that fires only for (1, 0)."""
    return [1, -1], -0.5


only_first.cases = CORNERS
only_first.observe = _answer_of_a_neuron
only_first.form = "([w1, w2], b)"
only_first.hints = (
    "Input 1 should speak for firing, and input 2 against it. What signs have the weights?",
    "At (0, 0) z is b, and it must not be above 0; at (1, 0) z is w1 + b, and it must be.",
)
only_first.mistakes = {
    "It fires for (0, 1): the two inputs are mixed up.": ([-1, 1], -0.5),
    "It also fires for (1, 1). Input 2 must be able to outweigh input 1.": ([1, 0], -0.5),
    "It also fires for (0, 0) and (1, 1). At (0, 0) z is b, and at (1, 1) w1 + w2 + b.":
        ([1, -1], 0.5),
    "That is OR. Give input 2 a negative weight.": ([1, 1], -0.5),
    "That is AND. Give input 2 a negative weight.": ([1, 1], -1.5),
    "It never fires. At (1, 0) z is w1 + b, and it must be above 0.": ([1, -1], -1.0),
    "It always fires. At (0, 0) z is b, which must not be above 0.": ([1, -1], 1.5),
    "It also fires for (0, 0), where z is b.": ([0, -1], 0.5),
}  # fmt: skip


@exercise
def xor_neurons():
    """Three step neurons, the third on top of the others, that compute XOR."""
    return ([1, -1], -0.5), ([-1, 1], -0.5), ([1, 1], -0.5)


def _answer_of_three_neurons(neurons, x):
    first, second, third = neurons
    hidden = np.array([_answer_of_a_neuron(first, x), _answer_of_a_neuron(second, x)])
    return _answer_of_a_neuron(third, hidden)


xor_neurons.cases = CORNERS
xor_neurons.observe = _answer_of_three_neurons
xor_neurons.form = "([w1, w2], b), ([w1, w2], b), ([w1, w2], b)"
xor_neurons.hints = (
    "Let the first neuron fire only for (1, 0): you have built it in the last exercise.",
    "Let the second fire only for (0, 1): the same with the weights swapped.",
    "The third should fire when one of them does. That is OR.",
)
xor_neurons.mistakes = {
    "That computes OR: it also fires for (1, 1).": (([1, 1], -0.5), ([1, 1], -1.5), ([1, 1], -0.5)),
    "That computes AND: it is silent for (1, 0) and (0, 1).":
        (([1, 1], -1.5), ([1, 1], -1.5), ([1, 1], -0.5)),
    "It never fires. Check each of the three alone, for each corner.":
        (([1, -1], -0.5), ([-1, 1], -0.5), ([1, 1], -1.5)),
    "That is the opposite of XOR: it fires when both inputs are equal.":
        (([1, -1], -0.5), ([-1, 1], -0.5), ([-1, -1], 0.5)),
    "It fires for (1, 0) only: the second neuron has no say, or the wrong one.":
        (([1, -1], -0.5), ([-1, 1], -0.5), ([1, -1], -0.5)),
    "It fires for (0, 1) only: the first neuron has no say, or the wrong one.":
        (([1, -1], -0.5), ([-1, 1], -0.5), ([-1, 1], -0.5)),
    "It always fires. Check each of the three alone, for each corner.":
        (([1, -1], -0.5), ([-1, 1], -0.5), ([1, 1], 0.5)),
    "That computes NAND: it also fires for (0, 0).":
        (([-1, -1], 1.5), ([-1, -1], 1.5), ([1, 1], -0.5)),
}  # fmt: skip
