"""Exercises of chapter 7: neurons and probes, permutations, contributions, confidence, attacks."""

import numpy as np

from nnlib.backprop import Layer
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
from nnlib.matrices import softmax
from nnlib.neuron import relu, sigmoid


@exercise
def decayed_weight(w, lr, weight_decay, steps):
    """A weight on a pixel that is always 0, after many steps of Adam with weight decay."""
    left = 1 - lr * weight_decay
    return w * left**steps


def _decay_in_the_gradient(w, lr, weight_decay, steps):
    m = v = 0.0
    for t in range(1, steps + 1):
        gradient = weight_decay * w
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w -= lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


decayed_weight.cases = (0.08, 0.1, 0.3, 5), (-0.3, 0.02, 0.5, 12), (1.7, 0.04, 2.5, 3)
decayed_weight.hints = (
    "The pixel is always 0. What is the gradient of a weight on it, Σ dz · x?",
    "0, so only the decay is left. In each step it takes away the share lr · weight_decay of what "
    "is there.",
    "After one step (1 − lr · weight_decay) of it is left. And after many?",
)
decayed_weight.mistakes = {
    "That is the weight without decay. The gradient is 0, but the decay needs no gradient.":
        edit(" * left**steps", ""),
    "The same amount is taken away each time. The decay takes a share of what is left.":
        edit("weight_decay", "weight_decay * steps", "**steps", ""),
    "That takes lr · weight_decay away each time. It is a share: of the weight, as it is by then.":
        edit("* left**steps", "- lr * weight_decay * steps"),
    "That is after one step.": edit("**steps", ""),
    "The learning rate is missing: the share per step is lr · weight_decay.": edit("lr * ", ""),
    "The weight decay is missing: the share per step is lr · weight_decay.":
        edit(" * weight_decay", ""),
    "The weight grows. Decay makes it smaller: 1 − lr · weight_decay.": edit("1 -", "1 +"),
    "That is what the decay has taken away. Asked is what is left.": edit("w *", "w - w *"),
    "lr · weight_decay is the share that a step takes. What it leaves is 1 minus that.":
        edit("1 - ", ""),
    "That is the exponential, which is close. Steps are taken one by one: a power.":
        edit("left**steps", "np.exp(-lr * weight_decay * steps)"),
    "No weight becomes exactly 0 by giving away a share each time.": edit("w * left**steps", "0.0"),
    "What one step leaves is multiplied by the number of steps. Each step multiplies what the "
    "step before it left: a power.": edit("**", " * "),
    "Adam moves a weight only where there is a gradient, and here it is 0.":
        edit("* left**steps", "- lr * steps"),
    "Adam's own steps are of about lr where there is a gradient. Here it is 0, and only the "
    "decay moves the weight.": edit("* left**steps", "- lr * np.sign(w) * steps"),
    "The decay is part of the gradient here, and Adam makes steps of about lr of it. It stands "
    "beside Adam's step, and takes its share of the weight itself.": _decay_in_the_gradient,
    "The weight itself is missing: that is the share of it that is left.": edit("w * ", ""),
    "That is one step too few.": edit("steps", "(steps - 1)"),
    "That is one step too many.": edit("steps", "(steps + 1)"),
    "The power stands at the weight decay alone. It belongs to the whole bracket.":
        edit("decay", "decay**steps", "left**steps", "left"),
    "The power stands at lr · weight_decay alone. It belongs to 1 − lr · weight_decay.":
        edit("lr * weight_decay", "(lr * weight_decay) ** steps", "left**steps", "left"),
    "The brackets are missing: ** binds before *, and * before −.":
        edit("left**steps", "1 - lr * weight_decay**steps"),
}  # fmt: skip


SAME_VECTOR = "A vector is its own transpose."


@exercise
def own_neurons(activations, labels, digit, threshold):
    """Which neurons answer above the threshold to most images of this digit, and of no other."""
    fires = activations > threshold
    share = np.array([fires[labels == k].mean(axis=0) for k in range(labels.max() + 1)])
    often = share > 0.5
    return often[digit] & (often.sum(axis=0) == 1)


def _activations(counts, shares, *, threshold, seed):
    """Images of each digit, of which a share in percent is above the threshold, and some at it."""
    rng = np.random.default_rng(seed)
    rows, labels = [], []
    for k, (count, row) in enumerate(zip(counts, shares, strict=True)):
        above = np.arange(count)[:, None] < np.round(count * np.array(row) / 100)
        strength = rng.uniform(0.1, 2.5, size=above.shape)
        strength[:, 2] *= 3  # rare and strong: its mean says something else than its share
        quiet = threshold * rng.choice([0, 0.6, 1], size=above.shape)
        quiet[:, 1] = 0
        rows.append(np.where(above, threshold + strength, quiet).round(1))
        labels += [k] * count
    order = rng.permutation(len(labels))
    return np.vstack(rows)[order], np.array(labels)[order]


# Neuron 0 answers to everything; some shares are exactly one half.
own_neurons.cases = (
    (
        *_activations(
            (10, 4, 6, 5),
            ([90, 80, 40, 70, 50, 80], [100, 25, 50, 75, 25, 25], [100, 0, 17, 83, 17, 50],
             [80, 20, 20, 20, 60, 40]),
            threshold=2.0, seed=1,
        ),
        0, 2.0,
    ),
    (
        *_activations(
            (4, 10, 8),
            ([75, 0, 50, 0, 0, 0, 25], [90, 20, 10, 80, 10, 0, 40],
             [100, 100, 25, 100, 50, 75, 62]),
            threshold=1.5, seed=2,
        ),
        2, 1.5,
    ),
    (
        *_activations(
            (5, 12, 4, 6),
            ([60, 20, 0, 60, 40, 40], [92, 83, 58, 92, 58, 42], [75, 25, 50, 75, 25, 0],
             [83, 50, 17, 0, 0, 17]),
            threshold=1.0, seed=3,
        ),
        1, 1.0,
    ),
)  # fmt: skip
own_neurons.equivalents = {
    "share = np.array([fires[labels.T == k].mean(axis=0) for k in range(labels.max() + 1)])":
        SAME_VECTOR,
    "share = np.array([fires[labels == k].mean(axis=0) for k in range(labels.T.max() + 1)])":
        SAME_VECTOR,
}  # fmt: skip
own_neurons.hints = (
    "Two conditions: above one half for the digit, and not above one half for any other digit.",
    "(activations > threshold)[labels == k].mean(axis=0) is the share of the images of k, for each "
    "neuron.",
    "Put the shares of all digits below each other, compare with 0.5, and count along the digits: "
    "exactly one, and it is this one.",
)
own_neurons.mistakes = {
    "Above one half for the digit is one of two conditions. The neuron may answer to others as "
    "well.": edit(" & (often.sum(axis=0) == 1)", ""),
    "0 is taken for the threshold. Whether a neuron answers at all says little; compare with "
    "threshold.": edit("> threshold", "> 0"),
    "An activation at the threshold is not above it: >.": edit("> threshold", ">= threshold"),
    "Never is more than was asked. It may be above the threshold for some images of another "
    "digit, as long as they are not more than half.":
        edit("(often.sum(axis=0) == 1)",
             "(np.delete(share, digit, axis=0).max(axis=0) == 0)"),
    "The other digits are thrown together. A neuron that answers to one of them passes unseen: "
    "take the share of each digit on its own.":
        edit("(often.sum(axis=0) == 1)", "(fires[labels != digit].mean(axis=0) <= 0.5)"),
    "The mean of the other shares may be low although one of them is high. Look at each.":
        edit("(often.sum(axis=0) == 1)",
             "(np.delete(share, digit, axis=0).mean(axis=0) <= 0.5)"),
    "That compares the mean activation. A few strong answers raise it; count the images that are "
    "above the threshold.":
        edit("fires = activations > threshold", "fires = activations", "share = np.array(",
             "share = threshold < np.array("),
    "That asks which images the answers belong to: whether more than half of the images above the "
    "threshold show the digit. Asked is the share of the images of a digit.":
        lambda activations, labels, digit, threshold: np.array(
            [np.mean(labels[a > threshold] == digit) > 0.5 for a in activations.T]
        ),
    "The digit has the largest share, and others may be above one half too.":
        edit("(often.sum(axis=0) == 1)", "(share.argmax(axis=0) == digit)"),
    "That asks for which digit the share is largest. It may be below one half, and others above "
    "it.": edit("often[digit] & (often.sum(axis=0) == 1)",
                "share.argmax(axis=0) == digit"),
    "Each neuron that belongs to one digit, whichever it is. Asked is for this one.":
        edit("often[digit] & ", ""),
    "Silent for the others is one half of it. It must be above the threshold for this digit too.":
        edit("often[digit] & (often.sum(axis=0) == 1)",
             "np.delete(share, digit, axis=0).max(axis=0) <= 0.5"),
    "No neuron passes at all. If the digit's own row is among the others, leave it out; and a "
    "digit without images has no share, but nan.":
        edit("(often.sum(axis=0) == 1)", "(share.max(axis=0) <= 0.5)"),
    "Exactly one half is not more than half: > 0.5.": edit("> 0.5", ">= 0.5"),
    "Exactly one half of the images of another digit is allowed: it is not more than half.":
        edit("(often.sum(axis=0) == 1)", "(np.delete(share, digit, axis=0).max(axis=0) < 0.5)"),
    "Those are the numbers of the neurons. Give True or False for each.":
        lambda *given: np.flatnonzero(own_neurons.solve(*given)),
    "That is how many there are. Asked is which: an answer for each neuron.":
        lambda *given: own_neurons.solve(*given).sum(),
    "or lets through what meets one of the two conditions. Both must hold: &.": edit("&", "|"),
}  # fmt: skip


@exercise
def pairs_in_order(values, inside):
    """The share of pairs in which the one inside the group has the larger number: one number."""
    over = values[inside][:, None] - values[~inside]
    return np.mean((over > 0) + 0.5 * (over == 0))


VALUES = np.array([1.5, 0.0, 3.0, 0.0, 2.6, 1.5, -0.5, 4.2])
GROUP = np.array([True, False, True, True, False, False, False, False])
pairs_in_order.cases = (
    (VALUES, GROUP),
    (normal(9, seed=71), np.array([0, 1, 1, 0, 0, 1, 1, 0, 1]) == 1),
    (normal(7, seed=72).round(0), np.array([1, 0, 0, 0, 1, 0, 0]) == 1),
)
pairs_in_order.equivalents = dict.fromkeys(
    (
        "over = values[inside.T][:, None] - values[~inside]",
        "over = values[inside][:, None] - values[~inside.T]",
        "over = values.T[inside][:, None] - values[~inside]",
        "over = values[inside][:, None] - values.T[~inside]",
    ),
    SAME_VECTOR,
)
pairs_in_order.hints = (
    "values[inside] are the numbers of the group, and values[~inside] all others.",
    "values[inside][:, None] - values[~inside] has a row for each one inside, and a column for "
    "each one outside.",
    "Where the difference is above 0 a pair counts 1, where it is 0 a half. Then the mean.",
)
pairs_in_order.mistakes = {
    "Equal pairs count as wrong. Each counts as half.": edit(" + 0.5 * (over == 0)", ""),
    "Equal pairs count as right. Each counts as half.": edit("0.5 * ", ""),
    "The difference is turned round: that is the share in which the one outside is larger.":
        edit("values[inside][:, None] - values[~inside]",
             "values[~inside][:, None] - values[inside]"),
    "That is a number of pairs. Asked is their share: divide by the number of all pairs.":
        edit("mean", "sum"),
    "That divides by all pairs of images. Only those of one inside and one outside count.":
        edit("np.mean((over > 0) + 0.5 * (over == 0))",
             "np.sum((over > 0) + 0.5 * (over == 0)) / len(values) ** 2"),
    "That is the difference of the two means. How far apart the numbers are does not matter, "
    "only which of the two is larger.":
        lambda values, inside: values[inside].mean() - values[~inside].mean(),
    "That compares everything in the group with all images, itself included. Pairs have one "
    "inside and one outside: values[~inside].": edit("[~inside]", ""),
    "That is the share of the group above the mean of the others. Compare each with each.":
        lambda values, inside: np.mean(values[inside] > values[~inside].mean()),
    "That is the share of the group above all others. Compare each with each.":
        lambda values, inside: np.mean(values[inside] > values[~inside].max()),
    "That is the accuracy for one threshold, the mean. The pairs need no threshold.":
        lambda values, inside: np.mean((values > values.mean()) == inside),
    "Each image outside is compared with one image inside. Every one inside meets every one "
    "outside: values[inside][:, None].":
        edit("values[inside][:, None]", "values[inside][0]"),
    "Those are all pairs. Give one number, their mean.":
        edit("np.mean((over > 0) + 0.5 * (over == 0))", "(over > 0) + 0.5 * (over == 0)"),
    "In percent? Give the share, between 0 and 1.":
        edit("np.mean", "100 * np.mean"),
}  # fmt: skip


@layer
class TakenOut(Layer):
    """Set some columns to 0, forwards and backwards, and pass on the others: (N, H) to (N, H)."""

    def __init__(self, neurons):
        super().__init__()
        self.neurons = neurons

    def forward(self, x):
        y = x.copy()
        y[:, self.neurons] = 0
        return y

    def backward(self, dy):
        dx = dy.copy()
        dx[:, self.neurons] = 0
        return dx


TakenOut.in_place = False
TakenOut.cases = (
    (([1, 4],), normal(3, 6, seed=81), normal(3, 6, seed=82)),
    (([0],), normal(4, 3, seed=83), normal(4, 3, seed=84)),
    (([2, 0, 3],), normal(5, 4, seed=85), normal(5, 4, seed=86)),
)
TakenOut.equivalents = {
    "without super().__init__()": "The checker asks nothing of a layer without parameters.",
}
TakenOut.hints = (
    "Forwards: a copy of x, and in it 0 in the columns self.neurons.",
    "y[:, self.neurons] = 0 sets all of these columns.",
    "Backwards: a column that was set to 0 does not depend on x any more, so its gradient is 0. "
    "The others are passed on as they are.",
)
TakenOut.mistakes = {
    "The gradient goes through the neurons that are out. Their output is 0 whatever x is, so "
    "their gradient is 0.": edit("        dx[:, self.neurons] = 0\n", ""),
    "Those are rows, which are images. Neurons are columns: y[:, self.neurons].":
        edit("y[:, self.neurons]", "y[[n % len(y) for n in self.neurons]]"),
    "Only the neurons that are out are passed on. It is the other way round.":
        edit("y[:, self.neurons] = 0", "y = x - TakenOut.solve(self.neurons).forward(x)"),
    "The gradient passes where the neurons are out, and nowhere else. It is the other way round.":
        edit("dx[:, self.neurons] = 0", "dx = dy - TakenOut.solve(self.neurons).forward(dy)"),
    "The columns are removed. They stay, and are 0: the next layer has a weight for each of them.":
        edit("        y[:, self.neurons] = 0\n        return y",
             "        return np.delete(x, self.neurons, axis=1)"),
    "An array that came in is changed. Begin with a copy: x.copy(), and dy.copy().":
        edit("y = x.copy()", "y = x"),
    "What is left is made larger. That is dropout; here the others are passed on as they are.":
        edit("return y", "return y * x.shape[1] / (x.shape[1] - len(self.neurons))"),
    "The gradient is 1 where the neurons are left. It is dy there: the chain rule multiplies by "
    "what comes from above.": edit("dx = dy.copy()", "dx = np.ones_like(dy)"),
    "Only the first of the neurons is taken out.":
        edit("y[:, self.neurons]", "y[:, self.neurons[0]]"),
    "The gradient is 0 where the activation is 0 or below. That is the slope of ReLU; this layer "
    "has a slope of 1 or 0 by the number of the neuron.":
        edit("y = x.copy()", "y = x.copy()\n        self.x = x", "dx = dy.copy()",
             "dx = dy * (self.x > 0)"),
}  # fmt: skip


@exercise
def probe_and_control(x, y, x_new, rng):
    """What a probe says of x_new, and what one says that was trained on shuffled labels."""
    said = []
    for labels in (y, rng.permutation(y)):
        w, b = np.zeros(x.shape[1]), 0.0
        for _ in range(400):
            dz = (sigmoid(x @ w + b) - labels) / len(x)
            w -= 0.5 * dz @ x
            b -= 0.5 * dz.sum()
        said.append(x_new @ w + b > 0)
    return said[0], said[1]


TRUTH = np.arange(90) % 3 == 0


def _layer_of(way, seed):
    """Activations that tell a group by many neurons at once, each of which is a poor guide."""
    rng = np.random.default_rng(seed)
    y = np.concatenate([np.arange(120) % 3 == 0, TRUTH])
    a = relu(rng.normal(size=(len(y), 8)) + 2.5 * way**2 + np.where(y, 0.9, -0.9)[:, None] * way)
    return a[:120], y[:120].astype(int), a[120:], np.random.default_rng(seed + 1)


def _answers(result):
    """The two results, if each is True or False for every row of x_new."""
    first, second = (np.asarray(part) for part in result)
    return first, second


# In the first layer the bias decides, in the second the signs of the weights.
probe_and_control.cases = (
    _layer_of(np.array([1, 1, 1, 1, 1, 1, 0, 0]), 91),
    _layer_of(np.array([1, -1, -1, 1, 1, 0, 1, -1]), 93),
)
TRAINS_TOO = "Other steps, or more of them, train it as well."
FAR_APART = "Few answers lie near the border, so the outcome is as good."
probe_and_control.equivalents = {
    **dict.fromkeys(
        (
            "for _ in range(399):",
            "for _ in range(401):",
            "for _ in range(200):",
            "for _ in range(800):",
            "w -= 1.5 * dz @ x",
            "w -= 0.25 * dz @ x",
            "w -= 1.0 * dz @ x",
            "b -= 0.25 * dz.sum()",
            "b -= 1.5 * dz.sum()",
            "b -= 1.0 * dz.sum()",
            "w, b = (np.zeros(x.shape[1]), -1.0)",
            "w, b = (np.zeros(x.shape[1]), 1.0)",
            "dz = (sigmoid(x @ w + b) - labels) / len(x_new)",
            "dz = (sigmoid(x @ w + b) - labels) / len(x.T)",
            "dz = (sigmoid(x @ w + b) - labels) * len(x)",
        ),
        TRAINS_TOO,
    ),
    **dict.fromkeys(
        (
            "said.append(x_new @ w + b > -1)",
            "said.append(x_new @ w + b > 1)",
            "said.append(x_new @ w + b >= 0)",
        ),
        FAR_APART,
    ),
    **dict.fromkeys(
        (
            "w -= (0.5 * dz).T @ x",
            "for labels in (y, rng.permutation(y.T)):",
            "for labels in (y.T, rng.permutation(y)):",
            "said.append(x_new @ w.T + b > 0)",
            "dz = (sigmoid(x @ w.T + b) - labels) / len(x)",
        ),
        SAME_VECTOR,
    ),
    "dz = (sigmoid(x @ w + b) - labels) / len(y)": "There is a label for each row of x.",
    "w, b = (np.zeros(x_new.shape[1]), 0.0)": "All activations come from the same layer.",
    "w, b = (np.zeros(x.shape[1]), 0)": "A whole number becomes a fraction in the first step.",
}
probe_and_control.form = "predictions, predictions of the control, each of shape (M,)"
probe_and_control.accept = (
    (
        lambda result: all(part.shape == TRUTH.shape for part in _answers(result)),
        "Two results are asked for, each with an answer for every row of x_new.",
    ),
    (
        lambda result: all(np.isin(part, (0, 1)).all() for part in _answers(result)),
        "The answers are not True or False. The neuron says True where its sigmoid is above 0.5, "
        "which is where the sum is above 0.",
    ),
    (
        lambda result: np.mean(_answers(result)[0] == TRUTH) > 0.9,
        "The probe is right for 90 of 100 or less. Train it longer, or look at its gradient.",
    ),
    (
        lambda result: np.mean(_answers(result)[1] == TRUTH) <= 0.9,
        "The control is as right as the probe. Was it trained on shuffled labels, with x in its "
        "order?",
    ),
)
probe_and_control.hints = (
    "The neuron of chapter 3: z = x @ w + b, and for the cross-entropy dz = sigmoid(z) - y.",
    "dw = dz @ x / N and db = dz.mean(); some hundred steps with a rate of 0.5.",
    "Then the same once more from the beginning, with rng.permutation(y) in the place of y.",
)
probe_and_control.mistakes = {
    "The control is trained on the right labels too. Shuffle them: rng.permutation(y).":
        edit("rng.permutation(y)", "y"),
    "Both are trained on shuffled labels. The probe itself gets y as it is.":
        edit("(y, rng.permutation(y))", "(rng.permutation(y), rng.permutation(y))"),
    "The two are in the wrong order: first the probe.":
        edit("said[0], said[1]", "said[1], said[0]"),
    "The steps go uphill. Subtract the gradient.": edit("w -=", "w +=", "b -=", "b +="),
    "The probe is not trained: its weights are still 0.": edit("range(400)", "range(0)"),
    "The sigmoid is above 0 always. It says True above 0.5, which is where the sum is above 0.":
        edit("x_new @ w + b > 0", "sigmoid(x_new @ w + b) > 0"),
    "Those are the probabilities. Say True where they are above 0.5.":
        edit("x_new @ w + b > 0", "sigmoid(x_new @ w + b)"),
    "Those are the answers for x, which it was trained on. Ask for x_new.":
        edit("x_new @ w", "x @ w"),
    "The answers are the wrong way round: True is for the group, whose sum is above 0.":
        edit("+ b > 0", "+ b < 0"),
}  # fmt: skip


@exercise
def shuffled_alike(x_train, x_test, order):
    """Both sets with their pixels in a new order: pixel order[k] comes to place k."""
    return x_train[:, order], x_test[:, order]


# Neither their own inverse nor a reversal, and to do them twice does not undo them.
ORDER_6, ORDER_5 = np.array([2, 5, 4, 0, 1, 3]), np.array([2, 4, 3, 1, 0])


def _only_the_training(x_train, x_test, order):
    return x_train[:, order], x_test


shuffled_alike.cases = (
    (normal(4, 6, seed=1), normal(3, 6, seed=2), ORDER_6),
    (normal(7, 5, seed=3), normal(5, 5, seed=4), ORDER_5),
)
shuffled_alike.start = _only_the_training
shuffled_alike.equivalents = {
    "return (x_train[:, order.T], x_test[:, order])": SAME_VECTOR,
    "return (x_train[:, order], x_test[:, order.T])": SAME_VECTOR,
}
shuffled_alike.hints = (
    "The network learns which weight belongs to which position. Where does pixel 0 of a test "
    "image go?",
    "It must go where pixel 0 of the training images went.",
)
shuffled_alike.mistakes = {
    "Only the test images are shuffled now. Both must be shuffled alike.":
        edit("x_train[:, order]", "x_train"),
    "The test images are put in the opposite order. The same order for both.":
        edit("x_test[:, order]", "x_test[:, np.argsort(order)]"),
    "Nothing is shuffled. That gives a good accuracy, but it is another experiment.":
        edit("x_train[:, order], x_test[:, order]", "x_train, x_test"),
    "Both go back to the order before. order[k] says which pixel comes to place k.":
        edit("return", "order = np.argsort(order)\n    return"),
    "The test images are shuffled twice.": edit("x_test[:, order]", "x_test[:, order][:, order]"),
    "The colon is missing: that picks images, and not pixels.":
        edit("x_train[:, order], x_test[:, order]", "x_train[order], x_test[order]"),
    "The training images are put in the opposite order. The same order for both.":
        edit("x_train[:, order]", "x_train[:, np.argsort(order)]"),
    "The colon is missing for the test images: that picks images, and not pixels.":
        edit("x_test[:, order]", "x_test[order]"),
    "The colon is missing for the training images: that picks images, and not pixels.":
        edit("x_train[:, order]", "x_train[order]"),
    "The two are in the wrong order: first the training images.":
        edit("x_train[:, order], x_test", "x_test[:, order], x_train"),
    "The training images are shuffled twice.":
        edit("x_train[:, order]", "x_train[:, order][:, order]"),
    "The test images get the order read backwards. The same order for both.":
        edit("x_test[:, order]", "x_test[:, order[::-1]]"),
    "Both results are the training images. The test images belong into the second.":
        edit("x_test", "x_train"),
}  # fmt: skip


@exercise
def unshuffled(shuffled, order):
    """The images before shuffled = x[:, order]: (N, D) to (N, D)."""
    return shuffled[:, np.argsort(order)]


unshuffled.cases = (normal(3, 6, seed=5), ORDER_6), (normal(5, 5, seed=6), ORDER_5)
unshuffled.equivalents = {"return shuffled[:, np.argsort(order.T)]": SAME_VECTOR}
unshuffled.hints = (
    "Place k holds pixel order[k]. Where is pixel 0?",
    "Pixel 0 is at the place k for which order[k] is 0. np.argsort(order) finds that place for "
    "every pixel.",
)
unshuffled.mistakes = {
    "The order is applied once more. That shuffles what is shuffled; the way back is another "
    "order: np.argsort(order).": edit("np.argsort(order)", "order"),
    "The colon is missing: that picks rows. The pixels are the columns.": edit("[:, ", "["),
    "Reading backwards undoes a reversal, and no other order.": edit("np.argsort(order)", "::-1"),
    "order is read backwards. The way back says where each pixel went: np.argsort(order).":
        edit("np.argsort(order)", "order[::-1]"),
    "Sorting the values orders the ink, and not the places.":
        lambda shuffled, order: np.sort(shuffled, axis=1),
    "Nothing has been undone. (np.sort(order) is 0, 1, 2, …, and that order changes nothing.)":
        edit("np.argsort(order)", ":"),
    "The colon is missing, and the order is applied once more instead of undone: shuffled[:, "
    "np.argsort(order)].": edit("[:, np.argsort(order)]", "[order]"),
    "The way back is taken twice.":
        edit("np.argsort(order)", "np.argsort(order)][:, np.argsort(order)"),
}  # fmt: skip


@exercise
def tiny_explanation():
    """Contributions of x = (1, 3, 0) and the bias share, for a tiny network."""
    return (6, -9, 0), 6.5


tiny_explanation.hints = (
    "Compute both pre-activations. Which of the two neurons is open?",
    "z is 2 · 1 − 1 · 3 + 4 · 0 + 2 = 1 and 1 · 1 + 0 · 3 − 2 · 0 − 5 = −4. Only the first is "
    "open, so the score is 3 times its z, plus 0.5.",
    "Its slopes are 3 · (2, −1, 4). Times the inputs; and the biases give 3 · 2 + 0.5.",
)
tiny_explanation.reason = (
    "The first neuron has z = 2 · 1 − 1 · 3 + 4 · 0 + 2 = 1 and is open; the second has −4 and is "
    "closed, so its weights and its bias count for nothing. The score is then 3 · (2 x_0 − x_1 + 4 "
    "x_2 + 2) + 0.5. Its slopes (6, −3, 12) times the inputs (1, 3, 0) are (6, −9, 0), and the "
    "biases leave 3 · 2 + 0.5 = 6.5. Together that is the score, 3.5."
)
tiny_explanation.mistakes = {
    "Those are the slopes. Multiply each by its input; that of the third pixel is 0.":
        ((6, -3, 12), 6.5),
    "The third pixel has no ink: slope times 0 is 0.": ((6, -9, 12), 6.5),
    "The closed neuron is counted. Where ReLU is closed, nothing comes through.":
        ((1, -9, 0), 31.5),
    "The bias of the first layer is missing: it comes through the open neuron, times 3.":
        ((6, -9, 0), 0.5),
    "The bias of the first layer goes through the weight 3 as well: 3 · 2 + 0.5.":
        ((6, -9, 0), 2.5),
    "The bias of the score is missing: 0.5.": ((6, -9, 0), 6),
    "The bias share is what the biases bring to the score: 3 · 2 + 0.5.": ((6, -9, 0), 0),
    "The second number is the whole score. The bias share is what is left of it without the "
    "contributions.": ((6, -9, 0), 3.5),
    "All biases are added up. That of an open neuron is multiplied by its weight in the score, "
    "and that of a closed one does not count.": ((6, -9, 0), -2.5),
    "The closed neuron is counted among the contributions.": ((1, -9, 0), 6.5),
    "Those are the contributions to z of the first neuron. The score takes 3 times that z.":
        ((2, -3, 0), 6.5),
    "The sign is lost: a pixel may speak against a score.": ((6, 9, 0), 6.5),
    "Those are the contributions to z of the first neuron. It counts 3 times in the score.":
        ((2, -3, 0), 2),
    "The closed neuron's bias is counted. Where ReLU is closed, no bias comes through.":
        ((6, -9, 0), 31.5),
    "Those are the contributions to z of the first neuron, and its bias. In the score both count "
    "3 times.":
        ((2, -3, 0), 2.5),
    "The second number is the sum of the contributions. The bias share is what is left of the "
    "score without them.": ((6, -9, 0), -3),
}  # fmt: skip


@exercise
def contributions(x, W1, b1, W2, b2, k):
    """What each input, and what the biases, contribute to score k of a ReLU network."""
    row = W2[k] * (W1 @ x + b1 > 0)
    return (row @ W1) * x, row @ b1 + b2[k]


def _score(x, W1, b1, W2, b2, k):
    return W2[k] @ relu(W1 @ x + b1) + b2[k]


def _drops(x, *rest):
    return np.array(
        [_score(x, *rest) - _score(x * (np.arange(len(x)) != j), *rest) for j in range(len(x))]
    )


def _contributions_to_probability(x, W1, b1, W2, b2, k):
    p = softmax(W2 @ relu(W1 @ x + b1) + b2)
    slope = p[k] * ((np.arange(len(p)) == k) - p)
    row = (slope @ W2) * (W1 @ x + b1 > 0)
    return (row @ W1) * x, row @ b1 + slope @ b2


def _network(n_inputs, n_hidden, n_scores, *, seed):
    shapes = (n_inputs,), (n_hidden, n_inputs), (n_hidden,), (n_scores, n_hidden), (n_scores,)
    return (normal(*shape, seed=seed + i) for i, shape in enumerate(shapes))


# The second neuron stands exactly at 0: its output and its slope are 0.
X_0, B_0 = np.array([1.0, 2.0, -1.0]), np.array([-0.2, 1.5, 0.7])
W_0 = np.array([[0.5, 1.5, -0.6], [1.0, -1.0, 0.5], [-0.3, 0.8, 0.4]])
contributions.cases = (
    (*_network(4, 3, 2, seed=10), 1),
    (X_0, W_0, B_0, normal(3, 3, seed=20), normal(3, seed=21), 2),
    (*_network(5, 6, 4, seed=30), 0),
)
contributions.equivalents = dict.fromkeys(
    (
        "row = W2[k] * (W1 @ x.T + b1 > 0)",
        "row = W2[k] * (W1 @ x + b1.T > 0)",
        "return (row @ W1 * x.T, row @ b1 + b2[k])",
        "return (row.T @ W1 * x, row @ b1 + b2[k])",
        "return (row @ W1 * x, b1 @ row + b2[k])",
        "return (row @ W1 * x, row.T @ b1 + b2[k])",
        "return (row @ W1 * x, row @ b1.T + b2[k])",
        "return (row @ W1 * x, row @ b1 + b2.T[k])",
    ),
    "A vector is its own transpose, and may stand on either side of another.",
)
contributions.hints = (
    "Which neurons are open at x? z1 = W1 @ x + b1 says it.",
    "The score is Σ_i W2[k, i] · open_i · (Σ_j W1[i, j] x_j + b1_i) + b2[k]. Collect what belongs "
    "to each x_j.",
    "row = W2[k] * (z1 > 0); the contributions are (row @ W1) * x, and the rest is row @ b1 + "
    "b2[k].",
)
contributions.mistakes = {
    "Those are the slopes: how fast the score would rise. Multiply by x.":
        edit("(row @ W1) * x", "row @ W1"),
    "ReLU is missing: closed neurons pass nothing on.": edit(" * (W1 @ x + b1 > 0)", ""),
    "The closed neurons are counted, and not the open ones.": edit("> 0", "<= 0"),
    "A neuron at exactly 0 counts as open. Its output is 0; this book takes it as closed.":
        edit("> 0", ">= 0"),
    "The activation stands where its slope belongs: 1 if the neuron is open, 0 if closed.":
        edit("(W1 @ x + b1 > 0)", "relu(W1 @ x + b1)"),
    "The biases of the hidden neurons are missing: they come through with the row of W2.":
        edit("row @ b1 + ", ""),
    "The bias of the score itself is missing: b2[k].": edit(" + b2[k]", ""),
    "The biases of closed neurons are counted. Nothing of a closed neuron comes through.":
        edit("row @ b1", "W2[k] @ b1"),
    "All biases are added up. Those of open neurons are multiplied by the row of W2, and those of "
    "closed ones do not count.": edit("row @ b1", "b1.sum()"),
    "Signs are lost: a pixel may speak against a score.":
        edit("(row @ W1) * x", "np.abs((row @ W1) * x)"),
    "Those are slopes, not yet times x; and the biases of the hidden neurons are missing.":
        edit("(row @ W1) * x, row @ b1", "row @ W1, 0"),
    "The second number is the whole score. The bias share is what is left of it without the "
    "contributions.": edit("row @ b1", "row @ (W1 @ x + b1)"),
    "That explains the probability. Softmax is not made of straight pieces, so there nothing "
    "adds up; explain the score.": _contributions_to_probability,
    "That is added up over all scores. One score is asked for: the row W2[k].":
        edit("W2[k]", "W2.sum(axis=0)", "b2[k]", "b2.sum()"),
    "ReLU is missing in the contributions: closed neurons pass nothing on.":
        edit("row @ W1", "W2[k] @ W1"),
    "The bias share is missing: what the biases bring through the open neurons, and b2[k].":
        edit("row @ b1 + b2[k]", "0.0"),
    "Only the biases of open neurons count, but they are not multiplied by the row of W2.":
        edit("row @ b1", "(W1 @ x + b1 > 0) @ b1"),
    "The second number is the score of an empty page, where x is 0 and other neurons are open: "
    "ReLU stands around the biases alone. A neuron is open if its whole z is positive.":
        edit("row @ b1", "W2[k] @ relu(b1)"),
    "The row of W2 is missing: each neuron counts in the score with its own weight.":
        edit("W2[k] * ", ""),
    "W1 @ x decides which neurons are open, without the bias. Open means that W1 @ x + b1 is "
    "positive.":
        edit("x + b1", "x"),
    "W2[:, k] is a column: what neuron k does to all scores. Score k has the row W2[k].":
        edit("W2[k]", "W2[:, k]"),
    "Those are the drops of the score when one pixel at a time is painted over. Where a ReLU "
    "changes with it, a drop is not the contribution: multiply the slope by x.":
        edit("(row @ W1) * x", "_drops(x, W1, b1, W2, b2, k)"),
    "The score drops like that when one pixel at a time is painted over, and what the drops "
    "leave of it is no bias share: ReLUs change on the way. A contribution is slope times x.":
        lambda *given: (_drops(*given), _score(*given) - _drops(*given).sum()),
    "The score drops like that when one pixel at a time is painted over, and it is the second "
    "number when all are. ReLUs change on the way; a contribution is slope times x.":
        lambda x, *rest: (_drops(x, *rest), _score(0 * x, *rest)),
    "The row of W2 is missing in the contributions: each neuron counts in the score with its own "
    "weight.": edit("row @ W1", "(W1 @ x + b1 > 0) @ W1"),
    "ReLU is missing in the contributions, and what they leave of the score is no bias share. "
    "Closed neurons pass nothing on.":
        edit("row @ W1", "W2[k] @ W1", "row @ b1", "row @ (W1 @ x + b1) - W2[k] @ W1 @ x"),
    "The two are in the wrong order: first the contributions, then the bias share.":
        edit("(row @ W1) * x, row @ b1 + b2[k]", "row @ b1 + b2[k], (row @ W1) * x"),
}  # fmt: skip


@exercise
def black_pixel():
    """The contribution of a pixel without ink and slope 5, and the rise for 0.1 of ink."""
    return 0, 0.5


black_pixel.hints = (
    "A contribution is slope times input. What is the input?",
    "The slope says what happens when the input changes: 0.1 more of it moves the score by 0.1 · "
    "slope.",
)
black_pixel.reason = (
    "A contribution is slope times input, and the input is 0: nothing, however steep the slope. "
    "The slope tells what a change would do: 0.1 more ink raises the score by 0.1 · 5 = 0.5."
)
black_pixel.mistakes = {
    "5 is the slope, not the contribution. The pixel is 0, and slope times input is 0.": (5, 0.5),
    "The contribution is 0, and still the score rises with the ink: by slope times ink.": (0, 0),
    "The contribution is for the pixel as it is, without ink.": (0.5, 0.5),
    "The slope is for a whole unit of ink. The pixel gets a tenth of it.": (0, 5),
    "0.1 is the ink. The score rises by slope times ink.": (0, 0.1),
    "That is slope divided by ink. The score rises by slope times ink.": (0, 50),
    "Both numbers are the slope. A contribution is slope times the ink that is there, and the "
    "rise is slope times the ink that comes.": (5, 5),
    "The two are in the wrong order: first the contribution, then the rise.": (0.5, 0),
}


@exercise
def occlusion_map(score, image, size):
    """How much score(image) drops with a square painted over, for each place of the square."""
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    drops = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            painted = image.copy()
            painted[i : i + size, j : j + size] = 0
            drops[i, j] = score(image) - score(painted)
    return drops


def _weighted(image):
    rows, columns = np.indices(image.shape)
    return float(np.sum(image * (rows + 1) * (2.0 - columns)) + np.max(image) ** 2)


def _strongest_row(image):
    return float(image.sum(axis=1).max() - 0.3 * image[0, 0])


IMAGE = np.array([[0.2, 0.9, 0.4, 0.0], [0.7, 0.1, 0.8, 0.5], [0.3, 0.6, 1.0, 0.25]])
occlusion_map.cases = (
    (_weighted, IMAGE, 2),
    (_strongest_row, IMAGE[:, :3], 2),
    (_strongest_row, IMAGE, 1),
    (_weighted, normal(6, 5, seed=40), 3),
)
occlusion_map.hints = (
    "For each place of the square: copy the image, paint the square over, and ask for the score.",
    "The top left corner goes through image.shape[0] - size + 1 rows, and as many columns for the "
    "width.",
    "The drop is score(image) - score(painted), positive where the square held evidence.",
)
occlusion_map.mistakes = {
    "The sign is wrong: a drop is the score before minus the score after.":
        edit("score(image) - score(painted)", "score(painted) - score(image)"),
    "That is the score that is left. Asked is how much it drops.": edit("score(image) - ", ""),
    "The squares of earlier places are still painted over. Begin with a copy of the whole image "
    "each time.": (
        edit(
            "drops =",
            "painted = image.copy()\n    drops =",
            "            painted = image.copy()\n",
            "",
        )
    ),
    "The square is painted with ink. Paint it over with 0.": edit("] = 0", "] = 1"),
    "The square is painted with the mean of the image. Paint it over with 0.":
        edit("] = 0", "] = image.mean()"),
    "That paints over everything except the square.":
        edit("] = 0", "] = 0\n            painted = image - painted"),
    "That is the score of the square alone.":
        edit("] = 0", "] = 0\n            painted = image - painted", "score(image) - ", ""),
    "Signs are lost: where the score rises, the drop is negative.":
        edit("score(image) - score(painted)", "abs(score(image) - score(painted))"),
    "One pixel of each square is painted over, the one at its top left.":
        edit("i : i + size, j : j + size", "i, j"),
    "The last place in each direction is missing: there are R - size + 1 rows of places.":
        edit("[0] - size + 1", "[0] - size", "[1] - size + 1", "[1] - size"),
    "The square reaches over the edge at some places. Stop where it still fits.":
        edit("[0] - size + 1", "[0]", "[1] - size + 1", "[1]"),
    "The square jumps by its own size. It moves on by one pixel, so that places overlap.":
        lambda score, image, size: occlusion_map.solve(score, image, size)[::size, ::size],
    "A slice ends where its second number says: image[i : size] is shorter than size. Paint "
    "image[i : i + size, j : j + size].": edit("i : i + size, j : j + size", "i:size, j:size"),
    "The square is one pixel too large in each direction. A slice leaves its end out.":
        edit("i + size, j : j + size", "i + size + 1, j : j + size + 1"),
    "Whole rows are painted over. The square needs a slice for the columns too.":
        edit(", j : j + size", ""),
    "Whole columns are painted over. The square needs a slice for the rows too.":
        edit("i : i + size,", ":,"),
    "Rows and columns are exchanged: the first index of an image is the row.":
        edit("i : i + size, j : j + size", "j : j + size, i : i + size"),
    "That is the ink in each square. Ask score for the images before and after.":
        edit("score(image) - score(painted)", "image[i : i + size, j : j + size].sum()"),
    "return stands inside the loops, so only one place is done.":
        edit("    return", "            return"),
    "The drop is divided by the size of the square. Leave it as it is.":
        edit("score(image) - score(painted)", "(score(image) - score(painted)) / size**2"),
    "That is a quotient. A drop is a difference.":
        edit("score(image) - score(painted)", "score(painted) / score(image)"),
    "The drop is divided by the score before. Leave it as it is.":
        edit("score(image) - score(painted)", "1 - score(painted) / score(image)"),
    "The square is one pixel too small in each direction. A slice leaves its end out.":
        edit("i + size, j : j + size", "i + size - 1, j : j + size - 1"),
    "The square is painted with the mean of what it covers. Paint it over with 0.":
        edit("] = 0", "] = painted[i : i + size, j : j + size].mean()"),
}  # fmt: skip


@exercise
def doubled_scores():
    """The probability of the first class for scores (1, 0), doubled."""
    return np.exp(2) / (np.exp(2) + 1)


doubled_scores.tolerance = 0.004
doubled_scores.hints = (
    "The scores become 2 and 0. Compute softmax of them.",
    "e² / (e² + 1), with e² ≈ 7.389.",
)
doubled_scores.reason = (
    "The scores become 2 and 0, so softmax gives e² / (e² + 1), about 0.88. Only the difference of "
    "the scores counts, and it has doubled. The order is the same as before, and the model merely "
    "sounds surer."
)
doubled_scores.mistakes = {
    "A probability cannot be above 1. Double the scores, and take softmax then.": 1.462,
    "The answer stays the same. Its probability does not: softmax sees the difference grow.": 0.731,
    "That is rounded to one decimal. Asked are two.": 0.9,
    "That halves the scores.": 0.622,
    "That is the probability of the other class.": 0.119,
    "That is the square of the probability.": 0.534,
    "That is for scores of 4 and 0.": 0.982,
    "That belongs to the other class.": 0.12,
    "The probability is squared. Double the scores, and take softmax then.": 0.53,
    "Give it as a number between 0 and 1.": 88,
    "That is 1 − e⁻². The other class has e⁻² / (e⁻² + 1): divide by both exponentials.": 0.865,
}


@exercise
def calibration_error(probabilities, targets, bins):
    """The expected calibration error: (N, K), (N,) and a number of bins to one number."""
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    error = 0
    for m in range(bins):
        inside = (sure > m / bins) & (sure <= (m + 1) / bins)
        if inside.any():
            gap = sure[inside].mean() - right[inside].mean()
            error += inside.mean() * abs(gap)
    return error


LAST_AXIS = "The second of two axes is the last."
# One answer stands on a border, alone in the bins on both sides; another is certain, and wrong.
P_SURE = np.array([[0.5, 0.3, 0.2], [0.0, 1.0, 0.0], [0.05, 0.05, 0.9], [0.8, 0.12, 0.08]])
# In the first three, bins are empty, and over- and under-confident ones cancel in part.
calibration_error.cases = (
    (softmax(normal(7, 3, seed=63)), np.array([0, 1, 0, 0, 2, 1, 1]), 4),
    (softmax(normal(6, 4, seed=125)), np.array([0, 3, 0, 2, 3, 1]), 5),
    (softmax(2 * normal(13, 5, seed=263)), np.array([3, 1, 4, 1, 0, 2, 2, 3, 0, 4, 1, 0, 2]), 3),
    (P_SURE, np.array([0, 2, 2, 1]), 4),
)
calibration_error.equivalents = {
    "sure = probabilities.max(axis=-1)": LAST_AXIS,
    "right = probabilities.argmax(axis=-1) == targets": LAST_AXIS,
    "right = probabilities.argmax(axis=1) == targets.T": SAME_VECTOR,
}
calibration_error.hints = (
    "The confidence of an answer is the largest probability of its row; it is right where argmax "
    "is the target.",
    "For each bin that is not empty: the mean confidence, minus the share of right answers, "
    "without its sign.",
    "Weight each gap by the share of all examples that are in the bin, and add up.",
)
calibration_error.mistakes = {
    "The gaps are averaged without weights. A bin with one answer must not count as much as one "
    "with a hundred.":
        edit("inside.mean() * abs(gap)", "abs(gap) / np.unique(np.ceil(sure * bins)).size"),
    "The gaps are added up without weights. Weight each by the share of the examples in its bin.":
        edit("inside.mean() * ", ""),
    "The gaps are averaged over all bins, empty ones too. Weight each by the share of the "
    "examples in its bin.": edit("inside.mean() * abs(gap)", "abs(gap) / bins"),
    "Ten bins are used whatever bins says.": edit("error = 0", "error, bins = 0, 10"),
    "Each bin has as many answers. They are to be of equal width: from m / bins to (m + 1) / "
    "bins.": (
        edit(
            "m in range(bins)",
            "part in np.array_split(np.argsort(sure), bins)",
            "(sure > m / bins) & (sure <= (m + 1) / bins)",
            "np.isin(np.arange(len(sure)), part)",
        )
    ),
    "An answer with confidence 1 is in no bin. The last bin holds its upper end too.":
        edit("> m", ">= m", "<= (", "< ("),
    "An answer on the border of two bins is in both of them. Let each bin hold one of its ends.":
        edit("> m", ">= m"),
    "An answer on the border of two bins is in none of them. Let each bin hold one of its ends.":
        edit("<= (", "< ("),
    "The middle of the bin stands for the confidence. Take the mean of those that are in it.":
        edit("sure[inside].mean()", "(m + 0.5) / bins"),
    "Each bin is compared with the accuracy of all answers. Take the answers in the bin.":
        edit("right[inside]", "right"),
    "An answer is right where argmax equals the target; here the wrong ones are counted.":
        edit("== targets", "!= targets"),
    "The largest probability is compared with the target. Its place is the answer: argmax.":
        edit("argmax", "max"),
    "The gaps keep their signs, so too sure and not sure enough cancel. Take absolute values bin "
    "by bin.": edit("abs(gap)", "gap"),
    "The bins cancel before the absolute value is taken. Take it bin by bin.":
        edit("abs(gap)", "gap", "return error", "return abs(error)"),
    "That is the probability of the right class. The confidence is the largest of the row, "
    "whether it is right or not.":
        edit("probabilities.max(axis=1)", "probabilities[np.arange(len(targets)), targets]"),
    "That is the largest gap. Asked is the weighted mean.":
        edit("+= inside.mean() * abs(gap)", "= max(error, abs(gap))"),
    "The gaps are squared. Take absolute values.": edit("abs(gap)", "gap**2"),
    "That is the root of the mean square. Take absolute values of the gaps.":
        edit("abs(gap)", "gap**2", "return error", "return np.sqrt(error)"),
    "The weighted gaps are added up, and not divided by the number of examples.":
        edit("inside.mean()", "inside.sum()"),
    "The sum is divided by the number of bins. Divide by the number of examples.":
        edit("inside.mean()", "inside.sum() / bins"),
    "The gap is taken for each answer on its own, so a good answer must be 100 % sure. Take "
    "means in each bin first.": edit("return error", "return np.mean(np.abs(sure - right))"),
    "That is 1 minus the accuracy: the confidence is missing.":
        edit("return error", "return 1 - right.mean()"),
    "An empty bin became nan. Leave empty bins out.":
        edit("if inside.any():", "if not inside.any():\n            error = np.nan\n        else:"),
    "The last bin is left out: range(bins) counts from 0 to bins − 1.":
        edit("range(bins)", "range(bins - 1)"),
    "The first bin is left out. range(bins) counts from 0.": edit("range(bins)", "range(1, bins)"),
    "Only answers that are too sure are counted. Those that are not sure enough have a gap too: "
    "take absolute values.": edit("abs(gap)", "max(gap, 0)"),
    "Only answers that are not sure enough are counted. Those that are too sure have a gap too: "
    "take absolute values.": edit("abs(gap)", "max(-gap, 0)"),
}  # fmt: skip


@exercise
def sign_step(x, gradient, eps):
    """The fast gradient sign method: any shape, from 0 to 1."""
    return np.clip(x + eps * np.sign(gradient), 0, 1)


INK = np.array([[0.2, 0.95, 0.0, 0.5, 1.0], [0.9, 0.05, 0.6, 0.3, 0.0]])
SLOPE = np.array([[1.3, -0.8, 0.04, 0.0, 2.5], [-3.0, 0.7, -0.02, 0.9, -1.6]])
sign_step.cases = (INK, SLOPE, 0.1), (INK[1], -SLOPE[0], 0.25)
sign_step.hints = (
    "To do harm, the loss must rise. And every pixel may move by eps, however small its slope.",
    "np.sign(gradient) is +1 or −1, or 0 where the slope is 0.",
    "Add eps times the sign, then clip to [0, 1].",
)
sign_step.mistakes = {
    "The step goes downhill: that makes the network surer of the right class. Add.":
        edit("x +", "x -"),
    "The sign is missing: pixels with small slopes hardly move, and steep ones move by more than "
    "eps.": edit("np.sign(gradient)", "gradient"),
    "Ink is a number from 0 to 1: clip the image after the step.":
        edit("np.clip(", "", ", 0, 1)", ""),
    "Downhill, and without a limit: add, and clip.": edit("np.clip(x +", "x -", ", 0, 1)", ""),
    "The disturbance is clipped, and the image is not. Ink may still leave the range.":
        edit("np.clip(x + ", "x + np.clip("),
    "The gradient is cut off at eps. Small slopes must move by the whole eps too: take the sign.":
        edit("eps * np.sign(gradient)", "np.clip(gradient, -eps, eps)"),
    "The gradient is scaled to length 1. Here each pixel has its own limit: take the sign.":
        edit("np.sign(gradient)", "gradient / np.linalg.norm(gradient)"),
    "The gradient is scaled by its largest element. Every pixel may move by the whole eps.":
        edit("np.sign(gradient)", "gradient / np.abs(gradient).max()"),
    "Only pixels with a positive slope move. Where the slope is negative, ink must go.":
        edit("np.sign(gradient)", "(gradient > 0)"),
    "Where the slope is 0 there is no reason to move: the sign of 0 is 0.":
        edit("np.sign(gradient)", "np.where(gradient >= 0, 1, -1)"),
    "The slope 0 counts as negative. The sign of 0 is 0.":
        edit("np.sign(gradient)", "np.where(gradient > 0, 1, -1)"),
    "Negative ink is removed, but ink above 1 is not.": edit("clip", "maximum", ", 1", ""),
    "Only ink above 1 is cut off, as when clipped between −1 and 1. Ink is not negative.":
        edit("clip", "minimum", "0, ", ""),
    "Where the slope is 0, 0 / 0 is nan. np.sign knows that the sign of 0 is 0.":
        edit("np.sign(gradient)", "gradient / np.abs(gradient)"),
    "eps is missing: whole pixels are switched on and off.": edit("eps * ", ""),
    "That is the disturbance alone. Add it to the image.": edit("np.clip(x + ", "", ", 0, 1)", ""),
    "Downhill, and without the sign: add eps times the sign of the gradient.":
        edit("+ eps * np.sign(gradient)", "- eps * gradient"),
}  # fmt: skip
