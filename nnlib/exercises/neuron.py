"""Exercises of chapter 1: weights, bias, answers, detectors, lines."""

import functools
import math

import numpy as np

from nnlib.datasets import digits
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
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
z_by_hand.reason = (
    "Each input meets its own weight: 0.5 · 2 = 1, 2 · (−1) = −2 and −1 · 3 = −3. Their sum is −4. "
    "The bias is added once: −4 + 1.5 = −2.5."
)
z_by_hand.mistakes = {
    "The bias is missing: z = w · x + b.": edit(" + 1.5", ""),
    "The bias is subtracted. It is added, whatever its sign.": edit("+ 1.5", "- 1.5"),
    "The sum is multiplied by the bias. The bias is added.": (0.5 * 2 + 2 * (-1) + (-1) * 3) * 1.5,
    "A sign is lost: 2 · (−1) is −2.": edit("2 * (-1)", "2 * 1"),
    "A sign is lost: −1 · 3 is −3.": edit("(-1) * 3", "1 * 3"),
    "Signs are lost (two products are negative), or every input met every weight.": 7.5,
    "The first product is missing: 0.5 · 2 is 1.": edit("0.5 * 2 + ", ""),
    "The second product is missing: 2 · (−1) is −2.": edit("2 * (-1) + ", ""),
    "The third product is missing: −1 · 3 is −3.": edit("(-1) * 3 + ", ""),
    "Inputs and weights are added. Each input is multiplied by its weight.": 7.0,
    "That is σ(z), an activation (next section). The question is z itself.": 0.0759,
    "That is tanh(z), an activation (a later section). The question is z itself.": -0.9866,
    "That is step(z) or ReLU(z), an activation (next section). The question is z itself.": 0.0,
}
z_by_hand.equivalents = {
    "return 0.5 * 2 + 2 / -1 + -1 * 3 + 1.5": "To divide by −1 is to multiply by it.",
}


@exercise
def pre_activation(x, w, b):
    """The pre-activation of one neuron: x and w of shape (D,), b a number."""
    return w @ x + b


pre_activation.cases = (
    (np.array([3.5, 1.0, 2.0]), np.array([2.0, -1.0, 1.0]), -4.0),
    (normal(4, seed=5), normal(4, seed=2), -2.5123),
    (normal(5, seed=3), normal(5, seed=4), 0.8731),
)
pre_activation.hints = (
    "w @ x multiplies in pairs and adds the products up. What is still missing?",
    "The bias is one number, and it is added once, after the sum.",
)
pre_activation.mistakes = {
    "The bias is missing: z = w · x + b.": edit(" + b", ""),
    "The bias is subtracted. It is added: the threshold is −b, not b.": edit("+ b", "- b"),
    "The bias may be positive too: add it as it is.": edit("+ b", "- abs(b)"),
    "The bias may be negative: add it as it is.": edit("+ b", "+ abs(b)"),
    "Only a negative bias is added. Add every bias.": edit("+ b", "+ min(b, 0)"),
    "The products are not added up: w * x has one for each input. Use w @ x.": edit("@", "*"),
    "The products are not added up (use w @ x), and the bias is missing.": edit("@ x + b", "* x"),
    "The bias is added once for each input. A neuron has one bias: add it after the sum.":
        edit("w @ x + b", "(w * x + b).sum()"),
    "The bias is added to the inputs. It is added to the sum.": edit("x + b", "(x + b)"),
    "The bias is added to the weights. It is added to the sum.": edit("w @ x + b", "(w + b) @ x"),
    "That is the mean of the products. Do not divide.": edit("w @ x", "(w * x).mean()"),
    "Weights and inputs are added. Multiply them in pairs.": edit("w @ x", "(w + x).sum()"),
    "Every input meets every weight. Input i meets weight i.":
        edit("w @ x", "np.outer(w, x).sum()"),
    "The sum is multiplied by the bias. The bias is added.": edit("+ b", "* b"),
    "The sum is subtracted from the bias. Add them.": edit("w @ x + b", "b - w @ x"),
    "@ is for arrays, and b is one number: w @ x + b.": edit("@ x + b", "* x @ b"),
    "That is σ(z), an activation. Return z itself.": lambda x, w, b: 1 / (1 + np.exp(-(w @ x + b))),
    "Negative z became 0, as by ReLU. Return z itself.": edit("w @ x + b", "max(0.0, w @ x + b)"),
    "Only the first product counts: the return stands in the loop.": edit("w @ x", "w[0] * x[0]"),
    "Only the last product is left. Add to the total with +=.": edit("w @ x", "w[-1] * x[-1]"),
    "The last input is left out: range(n) ends before n.": edit("w @ x", "w[:-1] @ x[:-1]"),
    "The first input is left out: positions are counted from 0.": edit("w @ x", "w[1:] @ x[1:]"),
    "Only three inputs are counted. A neuron may have any number.": edit("w @ x", "w[:3] @ x[:3]"),
    "This is always 4: it uses the chapter's x, w and b, not its own.": edit("w @ x + b", "4.0"),
    "That is tanh of z, an activation. Return z itself.": edit("w @ x + b", "np.tanh(w @ x + b)"),
    "That is step(z), an activation. Return z itself.": edit("w @ x + b", "float(w @ x + b > 0)"),
}  # fmt: skip
pre_activation.equivalents = {
    "return x @ w + b": "Two lists have the same dot product in either order.",
    "return w.T @ x + b": "A list has nothing to transpose.",
    "return w @ x.T + b": "A list has nothing to transpose.",
}


@exercise
def fires_above(sums, threshold):
    """1 for every weighted sum above the threshold, 0 for the others."""
    bias = -threshold
    return np.where(sums + bias > 0, 1.0, 0.0)


fires_above.cases = (
    (np.array([8.0, 9.99, 10.0, 10.01, 12.0, -5.0, -10.0, -12.0]), 10.0),
    (np.array([-3.0, -2.0, -1.0, 0.0, 3.0]), -2.0),
    (np.array([0.75, 0.25, -0.75, 0.5, 1.5, 12.0]), 0.5),
)
fires_above.start = edit("-threshold", "threshold")
fires_above.hints = (
    "With the code as it stands, for which sums is sums + 10 above 0?",
    "s > 10 means the same as s − 10 > 0. Which number is added to s?",
    "The bias is the negative of the threshold.",
)
fires_above.mistakes = {
    "It fires at the threshold too. Above 10 means s > 10, so compare with >.": edit(">", ">="),
    "It fires below the threshold: the sum has a minus.": edit("sums + bias", "-sums - bias"),
    "The minus stands before the whole sum, −(s + 10). Only the threshold has one: s − 10.":
        edit("-threshold", "threshold", "sums + bias", "-(sums + bias)"),
    "The threshold is ignored: this fires for every positive sum.": edit(" + bias", ""),
    "Signs are lost: −12 is far from 0, but not above 10.": edit("sums +", "np.abs(sums) +"),
    "The sign of the threshold is lost. It may be negative.": edit("-threshold", "-abs(threshold)"),
    "The threshold need not be a whole number.": edit("-threshold", "-int(threshold)"),
    "That is a smooth answer, the sigmoid. This neuron answers with 0 or 1 only.":
        lambda sums, threshold: 1 / (1 + np.exp(threshold - sums)),
    "That is z, the sum with its bias. Return 1 where it is above 0, 0 elsewhere.":
        edit("np.where(sums + bias > 0, 1.0, 0.0)", "sums + bias"),
    "Ones and zeros are swapped.": edit("1.0, 0.0", "0.0, 1.0"),
    "The threshold is fixed at 10. Use the argument.": edit("-threshold", "-10"),
    "np.sign gives −1 below the threshold. A silent neuron answers 0.":
        edit("np.where(sums + bias > 0, 1.0, 0.0)", "np.sign(sums + bias)"),
    "A silent neuron answers 0, not −1.": edit("1.0, 0.0", "1.0, -1.0"),
    "It passes z on where it fires, as ReLU would. To fire means 1.": edit("1.0", "sums + bias"),
    "It passes the sum on where it fires. To fire means 1.": edit("1.0", "sums"),
    "The sums above the threshold are returned. Answer 1 or 0 for every sum.":
        lambda sums, threshold: sums[sums > threshold],
    "np.where with a condition alone gives the positions where it is true. Give it 1.0 and 0.0 "
    "too.": edit(", 1.0, 0.0", ""),
    "Only the sums above the threshold got an answer. The others need theirs, a 0.":
        lambda sums, threshold: [1.0 for s in sums if s > threshold],
}  # fmt: skip
fires_above.equivalents = {
    "return np.where(sums + bias > 0, 1.0, 0)": "Beside 1.0 the 0 becomes 0.0.",
    "return np.where(sums.T + bias > 0, 1.0, 0.0)": "A list has nothing to transpose.",
}


@exercise
def thermostat():
    """Weight and bias of a sigmoid neuron that heats below 20 degrees."""
    return -4, 80


def _heat(weight_and_bias):
    """The weight, the bias, and the answers at 19, 20 and 21 degrees."""
    w, b = (float(np.squeeze(number)) for number in weight_and_bias)
    return w, b, *(float(a) for a in neuron([[19], [20], [21]], [w], b))


thermostat.observe = _heat
thermostat.form = "w, b"
thermostat.accept = (
    (
        lambda seen: seen[0] <= 0,
        "It answers more the warmer it is. What sign must the weight have?",
    ),
    (
        lambda seen: abs(seen[3] - 0.5) < 0.01,
        "At 20 degrees it does not answer 0.5. There z = 20 w + b must be 0.",
    ),
    (
        lambda seen: seen[2] >= 0.95,
        "At 19 degrees it answers less than 0.95. The curve must be steeper: a larger change of z "
        "for each degree.",
    ),
)
thermostat.hints = (
    "σ is 0.5 where z is 0. So 20 w + b = 0: which b belongs to a weight w?",
    "At 19 degrees z is then −w. For which z is σ(z) at least 0.95? Try some: σ(2) is 0.88.",
    "σ(3) is 0.953, so w = −3 or below will do, with b = −20 w.",
)
thermostat.reason = (
    "The answer must fall as the temperature rises, so w is negative. It is 0.5 where z = 20 w + b "
    "is 0, so b = −20 w. At 19 degrees z is 19 w − 20 w = −w, and σ(−w) is at least 0.95 from "
    "w = −2.95 downwards. With w = −4 it is 0.98."
)
thermostat.mistakes = {
    "It answers more the warmer it is: both signs are turned round.": (4, -80),
    "The bias is −20 w: with a weight of −4 it is 80, not −20.": (-4, -20),
    "The bias is −20 w: with a weight of −4 it is 80, not 20.": (-4, 20),
    "20 is the place where z is 0 only if b = −20 w. Here z is 0 at −20 degrees.": (-4, -80),
    "At 19 degrees that answers 0.73. A weight of −1 makes too flat a curve.": (-1, 20),
}


@exercise
def majority():
    """Three weights and a bias of a step neuron that fires if at least two inputs are 1."""
    return [1, 1, 1], -1.5


def _answer_of_a_neuron(weights_and_bias, x):
    w, b = weights_and_bias
    return neuron(x, w, b, activation=step)


majority.cases = tuple(
    (np.array([first, second, third]),) for first in (0, 1) for second in (0, 1) for third in (0, 1)
)
majority.observe = _answer_of_a_neuron
majority.form = "([w1, w2, w3], b)"
majority.hints = (
    "No voice counts more than another. What does that say about the three weights?",
    "With weights of 1 the weighted sum is the number of ones. Above which number should it fire?",
    "Above 1.5, say: two or three ones are more, none or one are less.",
)
majority.reason = (
    "With three equal weights of 1 the weighted sum counts the ones. Two or three of them should "
    "make it fire, none or one should not, so the threshold lies between 1 and 2, and the bias is "
    "its negative."
)
majority.mistakes = {
    "It fires for a single 1 already: its threshold is too low.": ([1, 1, 1], -0.5),
    "It needs all three: with two ones z must be above 0, and here it is not.": ([1, 1, 1], -2.5),
    "It always fires. The bias is the negative of the threshold.": ([1, 1, 1], 1.5),
    "It never fires. Are the weights large enough for two of them to reach the threshold?":
        ([0.5, 0.5, 0.5], -1.5),
    "The first input decides alone: the other two cannot outvote it.": ([3, 1, 1], -2.5),
    "Only inputs 1 and 2 are asked. The third has a voice too.": ([1, 1, 0], -1.5),
    "That is the opposite: it fires for fewer than two ones.": ([-1, -1, -1], 1.5),
}  # fmt: skip


@exercise
def colour_weights():
    """The number of weights and of biases of one neuron over 32 × 32 colour images."""
    return 32 * 32 * 3, 1


colour_weights.hints = (
    "How many numbers does one image have, if each pixel has three?",
    "One weight lies over each number. How many biases has a neuron?",
)
colour_weights.reason = (
    "There are 32 · 32 = 1024 pixels with three numbers each, so 3072 inputs, and each input has a "
    "weight of its own. The bias is added once, to the sum, so there is one."
)
colour_weights.mistakes = {
    "Each pixel has three numbers, and each number has a weight.": (1024, 1),
    "The bias is added once, to the sum: a neuron has one, however many inputs it has.":
        (3072, 3072),
    "One bias for each colour is two too many: a neuron has one.": (3072, 3),
    "The bias is missing. A neuron has one.": (3072, 0),
    "Rows, columns and colours are added. Multiply: each row has a pixel in every column.": (67, 1),
    "These are grey images of 28 × 28. Count anew for 32 × 32 and three colours.": (784, 1),
    "That is 28 · 28 · 3. These images have 32 rows and 32 columns.": (2352, 1),
    "That is one row of pixels. There are 32 rows.": (96, 1),
    "The bias is counted among the weights. It is asked for on its own.": (3073, 1),
}  # fmt: skip


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
    "Rows and columns are swapped.": lambda row, column, size: column * size + row,
    "One too many: the position is counted from 0 too.": edit("column", "column + 1"),
    "One too few: column is counted from 0 already.": edit("column", "column - 1"),
    "row and column are counted from 0 already: do not take 1 away.":
        edit("row * size + column", "(row - 1) * size + column - 1"),
    "row and column are counted from 0, and so is the position: do not add 1.":
        edit("row * size + column", "(row + 1) * size + column + 1"),
    "A row has size pixels, not size − 1.": edit("size", "(size - 1)"),
    "A row has size pixels, not size + 1.": edit("size", "(size + 1)"),
    "Each row before this one has size pixels: multiply row by size.": edit(" * size", ""),
    "That is a rectangle. Count the whole rows before this one.": edit("size + ", ""),
    "That is a rectangle, both ends counted. Count the whole rows before this one.":
        lambda row, column, size: (row + 1) * (column + 1),
    "That is where the row begins. Go on to the column.": edit(" + column", ""),
    "Row 0 has no row before it.": edit("row", "(row + 1)"),
    "The size is fixed at 28. Use the argument.": edit("size", "28"),
    "Rows are counted from 0, so `row` rows come before it: take nothing away.":
        edit("row", "(row - 1)"),
}  # fmt: skip


@exercise
def best_threshold(sums, wanted):
    """The smallest of the whole numbers from −100 to 200 that divides the sums best."""
    best, best_quality = None, 0.0
    for t in range(-100, 201):
        quality = np.mean(sums[wanted] > t) + np.mean(sums[~wanted] <= t)
        if quality > best_quality:
            best, best_quality = t, quality
    return best


def _divided(offset, seed, count=12):
    """Some sums, the first few of them wanted and on the whole higher."""
    sums = 20 * normal(count, seed=seed) + offset
    wanted = np.arange(count) < 4
    return sums + 25 * wanted, wanted


best_threshold.cases = (
    (np.array([9.0, 5.0, 5.0, 1.0]), np.array([True, True, False, False])),
    _divided(40.0, seed=3),
    _divided(-30.0, seed=8, count=30),
    (np.array([-99.5, -100.5, -110.0]), np.array([True, False, False])),
    (np.array([200.5, 150.0, 199.5, 140.0]), np.array([True, False, False, False])),
    (np.array([3.0, 4.0, 150.0, 210.0]), np.array([True, True, False, False])),
    (np.array([-90.0, -101.5]), np.array([True, False])),
    (np.array([201.5, 200.5, 3.0]), np.array([True, False, False])),
)
best_threshold.hints = (
    "Start with best = None and best_quality = 0. What should happen at each t whose quality is "
    "higher?",
    "for t in range(-100, 201): compute quality; if quality > best_quality, keep both t and "
    "quality.",
    "sums[wanted] > t is true or false for each wanted image, and np.mean makes a share of it. "
    "~wanted turns true into false.",
)
best_threshold.mistakes = {
    "The images are counted, not the shares: the many unwanted ones outweigh the few wanted.":
        edit("np.mean(sums[wanted] > t) + np.mean(sums[~wanted] <= t)",
             "np.sum((sums > t) == wanted)"),
    "To fire means above the threshold: sums[wanted] > t.":
        edit("sums[wanted] >", "sums[wanted] >="),
    "At the threshold the neuron is silent, which is right for the unwanted: sums[~wanted] <= t.":
        edit("<=", "<"),
    "Of several equally good ones the smallest is asked for. Keep a new one only if it is better.":
        edit("quality > best", "quality >= best"),
    "That is the quality, not the threshold that reaches it.":
        edit("return best", "return best_quality"),
    "Only the wanted ones are looked at, and the lowest threshold finds them all. (Or the return "
    "stands in the loop.) Count the unwanted that stay below too.":
        edit(" + np.mean(sums[~wanted] <= t)", ""),
    "Only the unwanted ones are looked at: the highest threshold silences them all.":
        edit("np.mean(sums[wanted] > t) + ", ""),
    "The loop ends at 199: range stops before its end.": edit("201", "200"),
    "The loop begins at 0. A threshold may be negative.": edit("-100, 201", "201"),
    "The last t wins. Keep t only if its quality is higher, and then keep that quality too.":
        lambda sums, wanted: 200,
    "The sides are swapped: the wanted should lie above the threshold, the others below.":
        edit("sums[wanted] > t", "sums[wanted] <= t", "sums[~wanted] <= t", "sums[~wanted] > t"),
    "That is the position of the threshold in the range. The threshold itself is 100 lower.":
        edit("return best", "return best + 100"),
    "That is the middle between the two means. Try every whole number.":
        lambda sums, wanted: (sums[wanted].mean() + sums[~wanted].mean()) / 2,
}  # fmt: skip
best_threshold.equivalents = {
    "best, best_quality = (None, 0)": "An integer 0 is as low as 0.0.",
    "best, best_quality = (None, -1.0)": "No quality is as low as 0, so the first t is kept.",
} | dict.fromkeys(
    (
        "quality = np.mean(sums.T[wanted] > t) + np.mean(sums[~wanted] <= t)",
        "quality = np.mean(sums[wanted.T] > t) + np.mean(sums[~wanted] <= t)",
        "quality = np.mean(sums[wanted] > t) + np.mean(sums.T[~wanted] <= t)",
        "quality = np.mean(sums[wanted] > t) + np.mean(sums[~wanted.T] <= t)",
    ),
    "A list has nothing to transpose.",
)


@exercise
def region_weights(top, bottom, left, right):
    """784 weights: +1 in a rectangle, −1 in a frame around it, 0 elsewhere."""
    w = np.zeros((28, 28))
    w[top - 1 : bottom + 1, left - 1 : right + 1] = -1
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
    "The surround is missing: nothing speaks against ink next to the region.": edit("= -1", "= 0"),
    "All outside is −1. Only the frame is.": edit("np.zeros((28, 28))", "-np.ones((28, 28))"),
    "The frame was filled last and covers the rectangle.": edit("right] = 1", "right] = -1"),
    "The frame lies inside the rectangle, on its edge. It belongs around it.": (
        lambda top, bottom, left, right: region_weights.solve(
            top + 1, bottom - 1, left + 1, right - 1
        )
    ),
    "Rows and columns are swapped: the row is the first index.": edit("w.reshape", "w.T.reshape"),
    "All is one row and one column too large: a slice stops before its end, and bottom and right "
    "are ends already.":
        lambda top, bottom, left, right: region_weights.solve(top, bottom + 1, left, right + 1),
    "The rectangle is one row and one column too large, and covers the frame there: bottom and "
    "right are ends already.":
        edit("[top:bottom, left:right]", "[top : bottom + 1, left : right + 1]"),
    "All is one row and one column too small: a slice stops before its end.":
        lambda top, bottom, left, right: region_weights.solve(top, bottom - 1, left, right - 1),
    "The rectangle is one row and one column too small: a slice stops before its end.":
        edit("[top:bottom, left:right]", "[top : bottom - 1, left : right - 1]"),
    "The signs are swapped. The rectangle needs +1, the frame −1.": edit("w.", "-w."),
    "The frame is positive too. Its weights are −1.": edit("= -1", "= 1"),
    "The frame is two pixels wide. One is asked for.": (
        edit(
            "top - 1",
            "top - 2",
            "bottom + 1",
            "bottom + 2",
            "left - 1",
            "left - 2",
            "right + 1",
            "right + 2",
        )
    ),
    "The corners of the frame are missing.":
        edit("left - 1 : right + 1]", "left:right] = w[top:bottom, left - 1 : right + 1]"),
    "That is a square. A neuron wants a list: reshape it to 784.": edit(".reshape(784)", ""),
    "The rectangle is 0: +1 and −1 were added. Assign with =.": edit("right] = 1", "right] += 1"),
    "The frame is missing below and on the right: it must run to bottom + 1 and right + 1.":
        edit("bottom + 1", "bottom", "right + 1", "right"),
    "The frame is missing above and on the left: it begins at top − 1 and left − 1.":
        edit("top - 1", "top", "left - 1", "left"),
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


ignore_brightness.in_place = False
ignore_brightness.cases = (
    (np.array([1.0, 1.0, 0.0, 4.0, -1.13]),),
    (np.array([0.5, -2.0, 3.0, 0.0, 0.0, 1.0, 8.0]),),
    (np.array([-3.0, 0.25, 0.0, -1.5]),),
)
ignore_brightness.hints = (
    "A uniform image of brightness c has the weighted sum c · (w_1 + … + w_D). When is that 0 for "
    "every c?",
    "The weights must add up to 0. If you subtract m from each of D weights, by how much does "
    "their sum fall?",
    "By D · m. So m is the sum divided by D.",
)
ignore_brightness.mistakes = {
    "Their sum is subtracted from each weight: D times too much.": edit("mean", "sum"),
    "Divided by their sum the weights add up to 1, not to 0.": edit("- w.mean", "/ w.sum"),
    "The weights are divided by their mean. Subtract it.": edit("-", "/"),
    "The mean is added. Subtract it.": edit("-", "+"),
    "The mean may be negative. Subtract it with its sign.": edit("w.mean()", "abs(w.mean())"),
    "The largest weight became 0. The sum must become 0.": edit("mean", "max"),
    "The smallest weight became 0. The sum must become 0.": edit("mean", "min"),
    "The median is subtracted. It does not make the sum 0.": edit("w.mean()", "np.median(w)"),
    "The weights are scaled too. Only subtract.": edit("w - w.mean()", "(w - w.mean()) / w.std()"),
    "That is the amount to subtract. Return the weights after subtracting it.": edit("w - ", ""),
    "The sum is divided by 784. Divide it by len(w).": edit("w.mean()", "w.sum() / 784"),
    "The sum is divided by one less than len(w).": edit("w.mean()", "w.sum() / (len(w) - 1)"),
    "Only the last weight changed. All change alike.": lambda w: np.append(w[:-1], -w[:-1].sum()),
    "Weights of 0 were left out. All change.": lambda w: np.where(w == 0, 0, w - w[w != 0].mean()),
    "The mean changes while the loop runs. Compute it once, before.": _running_mean,
}
ignore_brightness.equivalents = {
    "return w.T - w.mean()": "A list has nothing to transpose.",
    "return w - w.T.mean()": "A list has nothing to transpose.",
}


@exercise
def four_detector():
    """784 weights and a bias of a step neuron that finds fours."""
    data = digits()
    fours = data.y_train == 4
    mean_four = data.x_train[fours].mean(axis=0)
    mean_other = data.x_train[~fours].mean(axis=0)
    w = mean_four - mean_other
    return w, -8


@functools.cache
def _test_images():
    data = digits()
    return data.x_test, data.y_test == 4


def _found_and_false(weights_and_bias):
    """How many fours it finds among the test images, and for how many others it fires."""
    w, b = weights_and_bias
    images, fours = _test_images()
    fires = neuron(images, np.reshape(w, 784), b, activation=step) == 1
    return int(fires[fours].sum()), int(fires[~fours].sum())


four_detector.observe = _found_and_false
four_detector.form = "w, b with 784 weights"
four_detector.accept = (
    (lambda seen: seen[0] > 0, "It finds none of the fours of the test images."),
    (
        lambda seen: seen[1] <= 30,
        "It fires for more than 30 of the 324 other digits. Is there a weight against ink where a "
        "four has none? Or raise the threshold.",
    ),
    (
        lambda seen: seen[0] >= 30,
        "It finds fewer than 30 of the 36 fours. Lower the threshold, or look at where fours have "
        "ink.",
    ),
)
four_detector.hints = (
    "Look at two mean images: that of all fours, and that of all other digits. Where has a four "
    "more ink, where less?",
    "The difference of the two means is positive where ink speaks for a four, and negative where "
    "it speaks against.",
    "Take that difference as w, look at data.x_train @ w for the fours and for the others, and "
    "set b to the negative of a number between them.",
)
four_detector.reason = (
    "The difference of the two mean images has positive weights where fours have more ink than "
    "others, and negative ones where they have less. Its weighted sums on the training images are "
    "mostly above 8 for fours and below it for others, so b = −8."
)
four_detector.mistakes = {
    "It fires for every image. Is the bias the negative of the threshold?":
        edit("-8", "1000"),
    "It fires for none of the test images. Is the threshold too high, or are all weights 0?":
        edit("-8", "-1000"),
}  # fmt: skip
four_detector.equivalents = dict.fromkeys(
    ("return (w, -9)", "return (w, -7)"), "That threshold divides fours and others well too."
)


@exercise
def line_neuron():
    """Weights and bias of a step neuron whose line goes through (0, 3) and (2, 0)."""
    return [3, 2], -6


line_neuron.cases = tuple(
    (np.array(point),)
    for point in (
        [3, 3], [0, 0], [0, 3.05], [0, 2.95], [2.05, 0], [1.95, 0], [1, 1.55], [1, 1.45],
        [4, -2.95], [4, -3.05], [-2, 6.05], [-2, 5.95], [0.5, 0.1], [-2, 9], [9, -2], [1.2, 1.1],
    )
)  # fmt: skip
line_neuron.observe = _answer_of_a_neuron
line_neuron.form = "([w1, w2], b)"
line_neuron.hints = (
    "From (0, 3) to (2, 0) the line goes 2 to the right and 3 down. Which direction is "
    "perpendicular to that?",
    "At both points z is 0: 3 w2 + b = 0 and 2 w1 + b = 0. Choose b, and two weights follow.",
    "The neuron fires for (3, 3), so w points up and to the right: both weights are positive.",
)
line_neuron.reason = (
    "At (0, 3) and at (2, 0) z must be 0: 3 w2 + b = 0 and 2 w1 + b = 0. With b = −6 that gives "
    "w2 = 2 and w1 = 3, and at (3, 3) z is 9 + 6 − 6 = 9, so it fires there. Any positive multiple "
    "of the three numbers does the same."
)
line_neuron.mistakes = {
    "The line is right, but the neuron fires on the other side of it: turn all signs round.":
        ([-3, -2], 6),
    "Are the weights swapped? At (0, 3) z is 3 w2 + b, and at (2, 0) it is 2 w1 + b.":
        ([2, 3], -6),
    "It fires for (0.5, 0.1), short of the line. Is the bias missing? At (2, 0) z must be 0.":
        ([3, 2], 0),
    "The weights have opposite signs, so the line rises. It must fall, from (0, 3) to (2, 0).":
        ([2, -3], 0),
    "It fires for (0, 0) too, where z is b. There the neuron must be silent.": ([3, 2], 6),
    "The line is too near to the origin: at (2, 0) z must be 0, and at (0, 3) too.": ([3, 2], -3),
    "That line goes through (2, 0), but not through (0, 3), where z is 3 w2 + b.": ([1, 1], -2),
    "That line goes through (0, 3), but not through (2, 0), where z is 2 w1 + b.": ([1, 1], -3),
    "The line is too near to the origin, and w1 must be larger than w2: at (2, 0) z is 2 w1 + b, "
    "at (0, 3) it is 3 w2 + b.": ([2, 3], -1),
}  # fmt: skip


@exercise
def nand_neuron():
    """Weights and bias of a step neuron that fires unless both inputs are 1."""
    return [-1, -1], 1.5


nand_neuron.cases = CORNERS
nand_neuron.observe = _answer_of_a_neuron
nand_neuron.form = "([w1, w2], b)"
nand_neuron.hints = (
    "It should fire for (0, 0), where z is just b. What sign must b have?",
    "Each input that is 1 should lower z: with one of them z must stay above 0, with both it must "
    "not.",
    "AND has weights (1, 1) and bias −1.5. This neuron is its opposite.",
)
nand_neuron.reason = (
    "At (0, 0) z is the bias alone, so the bias must be positive. One input that is 1 leaves z = "
    "1.5 − 1 = 0.5, still above 0; both make it 1.5 − 2 = −0.5. It is AND with every sign turned "
    "round."
)
nand_neuron.mistakes = {
    "That is AND: it fires only when both inputs are 1. Make the weights negative, and b "
    "positive, large enough for one weight and too small for two.": ([1, 1], -1.5),
    "One input alone silences it. With one of them z must stay above 0.": ([-1, -1], 0.5),
    "It always fires. With both inputs at 1, z must not be above 0.": ([1, 1], 1.5),
    "It never fires. For (0, 0) z is b, so b must be positive.": ([-1, -1], -1.5),
    "That is OR: it fires when an input is 1. Negative weights silence it.": ([1, 1], -0.5),
    "It is silent for (1, 0) too: input 1 silences it alone, input 2 has no say.": ([-1, 0], 0.5),
    "It is silent for (0, 1) too: input 2 silences it alone, input 1 has no say.": ([0, -1], 0.5),
    "It is silent for (1, 0) and not for (1, 1): input 2 needs a negative weight.": ([-1, 1], 0.5),
    "It is silent for (0, 1) and not for (1, 1): input 1 needs a negative weight.": ([1, -1], 0.5),
}
nand_neuron.equivalents = dict.fromkeys(
    ("return ([-0.5, -1], 1.5)", "return ([-1, -0.5], 1.5)"),
    "One weight is still too small, and both are enough.",
)


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
only_first.reason = (
    "z = x1 − x2 − 0.5. It is 0.5 at (1, 0). It is −0.5 at (0, 0) and at (1, 1), and −1.5 at (0, "
    "1): input 2 speaks as strongly against as input 1 speaks for."
)
only_first.mistakes = {
    "It fires for (0, 1): the two inputs are mixed up.": ([-1, 1], -0.5),
    "It also fires for (1, 1). Input 2 must be able to outweigh input 1.": ([1, 0], -0.5),
    "It fires for (0, 0) too, where z is b, and for (1, 1), where it is w1 + w2 + b.":
        ([1, -1], 0.5),
    "That is OR. Give input 2 a negative weight.": ([1, 1], -0.5),
    "That is AND. Give input 2 a negative weight.": ([1, 1], -1.5),
    "It never fires. At (1, 0) z is w1 + b, and it must be above 0.": ([1, -1], -1.0),
    "It always fires. At (0, 0) z is b, which must not be above 0.": ([1, -1], 1.5),
    "It also fires for (0, 0), where z is b.": ([0, -1], 0.5),
    "That is the opposite: it fires for every corner except (1, 0).": ([-1, 1], 0.5),
    "That is NAND: it also fires for (0, 0) and (0, 1).": ([-1, -1], 1.5),
    "It fires for (0, 0) alone. At (0, 0) z is b, and at (1, 0) w1 + b.": ([-1, -1], 0.5),
}  # fmt: skip
only_first.equivalents = dict.fromkeys(
    (
        "return ([1, -1], -0.25)",
        "return ([1, -1], -0)",
        "return ([1, -2], -0.5)",
        "return ([1, -0.5], -0.5)",
    ),
    "It still fires for (1, 0) alone.",
)


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
xor_neurons.reason = (
    "The first fires for (1, 0) alone and the second, with its weights swapped, for (0, 1) alone. "
    "XOR is true in just these two corners, so the third has to fire when either of them does, "
    "which is OR: at most one of the two is 1, and 1 − 0.5 is above 0."
)
xor_neurons.mistakes = {
    "That computes OR: it also fires for (1, 1).": (([1, 1], -0.5), ([1, 1], -1.5), ([1, 1], -0.5)),
    "That computes AND: it is silent for (1, 0) and (0, 1).":
        (([1, 1], -1.5), ([1, 1], -1.5), ([1, 1], -0.5)),
    "It never fires. Check each neuron alone, for each corner.":
        edit("[1, 1], -0.5", "[1, 1], -1.5"),
    "That is the opposite: it fires when both are equal.": edit("[1, 1], -0.5", "[-1, -1], 0.5"),
    "It fires for (1, 0) only. What do the first two answer at (0, 1), and what should they?":
        edit("[1, 1]", "[1, -1]"),
    "It fires for (0, 1) only. What do the first two answer at (1, 0), and what should they?":
        edit("[1, 1]", "[-1, 1]"),
    "It always fires. Check each neuron alone, for each corner.":
        edit("[1, 1], -0.5", "[1, 1], 0.5"),
    "That is NAND: it also fires for (0, 0).": (([-1, -1], 1.5), ([-1, -1], 1.5), ([1, 1], -0.5)),
    "It fires for (0, 0) only. Check each of the three alone, for each corner.":
        (([-1, -1], 0.5), ([-1, -1], 0.5), ([1, 1], -0.5)),
    "It is silent for (1, 0) only. What do the first two neurons answer there?":
        (([-1, 1], 0.5), ([-1, 1], -0.5), ([1, 1], -0.5)),
    "It is silent for (0, 1) only. What do the first two neurons answer there?":
        (([1, -1], -0.5), ([1, -1], 0.5), ([1, 1], -0.5)),
}  # fmt: skip
xor_neurons.equivalents = dict.fromkeys(
    (
        "return (([1, -1], -0.25), ([-1, 1], -0.5), ([1, 1], -0.5))",
        "return (([1, -1], -0), ([-1, 1], -0.5), ([1, 1], -0.5))",
        "return (([1, -1], -0.5), ([-1, 1], -0.25), ([1, 1], -0.5))",
        "return (([1, -1], -0.5), ([-1, 1], -0), ([1, 1], -0.5))",
        "return (([1, -1], -0.5), ([-1, 1], -0.5), ([2, 1], -0.5))",
        "return (([1, -1], -0.5), ([-1, 1], -0.5), ([1, 2], -0.5))",
        "return (([1, -1], -0.5), ([-1, 1], -0.5), ([1, 1], -0.25))",
        "return (([1, -1], -0.5), ([-1, 1], -0.5), ([1, 1], -0))",
        "return (([1, -2], -0.5), ([-1, 1], -0.5), ([1, 1], -0.5))",
        "return (([1, -0.5], -0.5), ([-1, 1], -0.5), ([1, 1], -0.5))",
        "return (([1, -1], -0.5), ([-2, 1], -0.5), ([1, 1], -0.5))",
        "return (([1, -1], -0.5), ([-0.5, 1], -0.5), ([1, 1], -0.5))",
    ),
    "Each of the three still fires for the same corners.",
)


@exercise
def sigmoid(z):
    """The sigmoid of an array of any shape, silent at ±1000."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


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
    "The exponent must never be positive: np.exp(-np.abs(z)).": edit("-np.abs", "np.abs"),
    "The exponent's sign is wrong: this falls. It is np.exp(-z).": lambda z: 1 / (1 + np.exp(z)),
    "Brackets: 1 / 1 + np.exp(-z) divides first.": lambda z: 1 / 1 + np.exp(-z),
    "Brackets: without them 1 + e is not the denominator.": edit("(1.0 + e)", "1.0 + e"),
    "That is tanh, which runs from −1 to 1.": lambda z: np.tanh(z),
    "For positive z it is 1 / (1 + e), not e / (1 + e).": edit("1.0, e", "e, e"),
    "For negative z it is e / (1 + e), not 1 / (1 + e).": edit("1.0, e", "1.0, 1.0"),
    "The forms are swapped: 1 / (1 + e) is for z ≥ 0.": edit("1.0, e", "e, 1.0"),
    "math.exp takes a single number. np.exp takes an array.": lambda z: 1 / (1 + math.exp(-z)),
    "if asks one question about a whole array. np.where asks it for each element.":
        lambda z: 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)),
    "That divides by a sum over all z. Each stands alone.": lambda z: np.exp(z) / np.exp(z).sum(),
    "That is the step function. The sigmoid rises smoothly.": lambda z: np.where(z > 0, 1.0, 0.0),
    "That is the slope of the sigmoid, a (1 − a). Return a.":
        edit("np.where(z >= 0, 1.0, e) / (1.0 + e)", "e / (1.0 + e) ** 2"),
}  # fmt: skip
sigmoid.equivalents = {
    "return np.where(z > 0, 1.0, e) / (1.0 + e)": "At 0 both sides are 1.",
}


@exercise
def leaky_relu(z, slope):
    """z where it is positive, slope times z elsewhere."""
    return np.where(z > 0, z, slope * z)


leaky_relu.cases = (
    (np.array([-3.0, -0.5, -0.02, 0.0, 0.04, 0.5, 2.0]), 0.1),
    (np.array([[-4.0, 0.13, 3.0], [-1.0, 5.0, -0.2]]), 0.2537),
)
leaky_relu.hints = (
    "np.where(condition, this, that) picks element by element.",
    "The condition is z > 0. What is returned where it holds, and what elsewhere?",
)
leaky_relu.mistakes = {
    "Positive z must pass unchanged: sides swapped, or a minimum.": edit("> 0", "< 0"),
    "The boundary is 0, not the slope.": edit("> 0", "> slope"),
    "The boundary is 0, not 0.1.": edit("> 0", "> 0.1"),
    "Negative z gives slope · z, which is negative: a minus too many.": edit("slope", "-slope"),
    "Negative z gives slope · z, a line, not the constant slope.": edit(" * z", ""),
    "Negative z is divided by the slope. Multiply.": edit("slope * z", "z / slope"),
    "That is plain ReLU. The slope is never used.": edit("slope * z", "0"),
    "Everything is multiplied by the slope, positive z too.": edit("z, slope", "slope * z, slope"),
    "Negative z passes unchanged. It is multiplied by the slope.": edit("slope * ", ""),
    "ReLU first, and then the slope: negative z is gone before the slope can act.":
        lambda z, slope: slope * np.maximum(z, 0),
    "The slope is added to negative z. It is multiplied.": edit("*", "+"),
    "The slope is subtracted from negative z. It is multiplied.": edit("slope * z", "z - slope"),
    "if and max ask one question about a whole array. np.where asks it for each element.":
        lambda z, slope: z if z > 0 else slope * z,
    "The slope is fixed at 0.01. Use the argument.": edit("slope", "0.01"),
    "That is the slope of leaky ReLU at z. Return its value.": edit("z, slope * z", "1.0, slope"),
    "Positive z counts twice. slope · z is for the rest.": edit("z, slope", "z + slope * z, slope"),
}  # fmt: skip
leaky_relu.equivalents = {
    "return np.where(z >= 0, z, slope * z)": "At 0 both sides are 0.",
}


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
flat_sigmoid.reason = (
    "The slope of σ is a (1 − a), here 0.9 · 0.1 = 0.09. It says how much a rises for each unit of "
    "z, and z rises by 0.1 only: 0.09 · 0.1 = 0.009."
)
flat_sigmoid.mistakes = {
    "That is the slope itself. z rises by 0.1, so a rises by a tenth of it.": edit(" * 0.1", ""),
    "That uses the slope at the steepest point, ¼. At a = 0.9 the curve is flatter.": 0.025,
    "That is the slope at the steepest point. At a = 0.9 it is a (1 − a).": 0.25,
    "The slope is a (1 − a), not 1 − a. (If you rounded: three decimals are asked for.)": 0.01,
    "That is tanh's slope, 1 − a². The sigmoid's is a (1 − a).": edit("a * (1 - a)", "(1 - a**2)"),
    "That is 1 − a, or by how much z rises. The curve is flatter: its slope is a (1 − a).": 0.1,
    "That is a itself, before or after the rise (or the slope, divided by 0.1). The question is by "
    "how much a rises.": 0.9,
    "That takes 0.9 for z. It is a already: the slope is a (1 − a).": 0.0206,
    "That takes 0.9 for z, and is the slope itself. The slope is a (1 − a).": 0.2055,
    "The slope is a (1 − a), not a².": edit("(1 - a)", "a"),
}


@exercise
def tanh(z):
    """The hyperbolic tangent of an array of any shape, silent at ±1000."""
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


tanh.cases = (
    (np.array([-2.0, -0.3, 0.0, 0.5, 3.0]),),
    (np.array([[-1000.0, 2.0, 0.1], [-5.0, 1000.0, -0.7]]),),
)
tanh.start = lambda z: (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))
tanh.silent = True
tanh.hints = (
    "At z = 0 the figure shows 0. What does the formula divide by there?",
    "The numerator must vanish at 0, and the denominator must not.",
    "For the edges: nnlib.neuron has a sigmoid that is safe, and tanh is a stretched sigmoid. Or "
    "look for tanh in NumPy.",
)
tanh.reason = (
    "At z = 0 the given formula divides by 0. Elsewhere its numerator is further from 0 than its "
    "denominator, so it never lies between −1 and 1: it is upside down. With e = e^(−2z), "
    "2 σ(2z) − 1 is 2 / (1 + e) − 1 = (1 − e) / (1 + e). For z ≥ 0 that is safe, because e is then "
    "at most 1. For negative z, take the value at −z with a minus."
)
tanh.mistakes = {
    "The formula is right, but at z = ±1000 it is infinity divided by infinity, nan.":
        lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "The values are right, but the sigmoid inside overflows at z = −1000. Use a safe one.":
        lambda z: 2 / (1 + np.exp(-2 * z)) - 1,
    "The sign is wrong: tanh is positive for positive z.": edit("np.sign", "-np.sign"),
    "The sign is wrong, and it overflows: at z = ±1000 it is infinity divided by infinity, nan.":
        lambda z: (np.exp(-z) - np.exp(z)) / (np.exp(z) + np.exp(-z)),
    "That is the sigmoid. tanh(z) is 2 σ(2z) − 1.": lambda z: (1 + np.tanh(z / 2)) / 2,
    "A factor 2 is missing: this is 2 σ(z) − 1, not 2 σ(2z) − 1.": edit("2 * ", ""),
    "A factor 2 is missing in 2 σ(2z) − 1, and it overflows.": lambda z: 2 / (1 + np.exp(-z)) - 1,
    "That is σ(2z). Stretch it to run from −1 to 1: 2 σ(2z) − 1.": lambda z: (1 + np.tanh(z)) / 2,
    "That is 2 σ(2z), which runs from 0 to 2. Subtract 1.": lambda z: 1 + np.tanh(z),
    "Brackets: 2 σ(2z) − 1 multiplies first, and subtracts 1 after that.": lambda z: np.tanh(z) - 1,
    "That is the hyperbolic sine: divide by the sum.": lambda z: (np.exp(z) - np.exp(-z)) / 2,
    "Brackets: without them only np.exp(-z) is divided.":
        lambda z: np.exp(z) - np.exp(-z) / (np.exp(z) + np.exp(-z)),
    "The formula is right, but at z = 1000 it is infinity divided by infinity, nan.":
        lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1),
    "The formula is right, but at z = −1000 it is infinity divided by infinity, nan.":
        lambda z: (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z)),
    "The sign of z is lost. Multiply by np.sign(z).": edit("np.sign(z) * ", ""),
    "It is still upside down: that is 1 / tanh(z).": lambda z: 1 / np.tanh(z),
    "That is the slope of tanh, 1 − a². Return a.": lambda z: 1 - np.tanh(z) ** 2,
}  # fmt: skip
