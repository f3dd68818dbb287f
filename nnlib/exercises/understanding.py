"""Exercises of chapter 6: weights, pixels and permutations, confidence, and inputs that fool."""

from itertools import pairwise

import numpy as np

from nnlib.exercises._exercise import exercise


def _softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@exercise
def decayed_weight(w, lr, weight_decay, steps):
    """A weight on a pixel that is always 0, after many steps of Adam with weight decay."""
    return w * (1 - lr * weight_decay) ** steps


decayed_weight.cases = (0.08, 0.1, 0.3, 5), (-0.3, 0.02, 0.5, 12)
decayed_weight.hints = (
    "The pixel is always 0. What is the gradient of a weight on it, Σ dz · x?",
    "0, so only the decay is left. In each step it takes away the share lr · weight_decay of what "
    "is there.",
    "After one step (1 − lr · weight_decay) of it is left. And after many?",
)
decayed_weight.mistakes = {
    "That is the weight without decay. The gradient is 0, but the decay needs no gradient.":
        lambda w, lr, weight_decay, steps: w,
    "The same amount is taken away each time. The decay takes a share of what is left.":
        lambda w, lr, weight_decay, steps: w * (1 - lr * weight_decay * steps),
    "That is after one step.": lambda w, lr, weight_decay, steps: w * (1 - lr * weight_decay),
    "The learning rate is missing: the share per step is lr · weight_decay.":
        lambda w, lr, weight_decay, steps: w * (1 - weight_decay) ** steps,
    "The weight decay is missing: the share per step is lr · weight_decay.":
        lambda w, lr, weight_decay, steps: w * (1 - lr) ** steps,
    "The weight grows. Decay makes it smaller: 1 − lr · weight_decay.":
        lambda w, lr, weight_decay, steps: w * (1 + lr * weight_decay) ** steps,
    "That is what the decay has taken away. Asked is what is left.":
        lambda w, lr, weight_decay, steps: w - w * (1 - lr * weight_decay) ** steps,
    "That is the exponential, which is close. Steps are taken one by one: a power.":
        lambda w, lr, weight_decay, steps: w * np.exp(-lr * weight_decay * steps),
    "No weight becomes exactly 0 by giving away a share each time.":
        lambda w, lr, weight_decay, steps: 0.0,
    "What one step leaves is multiplied by the number of steps. Each step multiplies what the "
    "step before it left: a power.":
        lambda w, lr, weight_decay, steps: w * (1 - lr * weight_decay) * steps,
    "Adam moves a weight only where there is a gradient, and here it is 0.":
        lambda w, lr, weight_decay, steps: w - lr * steps,
    "The weight itself is missing: that is the share of it that is left.":
        lambda w, lr, weight_decay, steps: (1 - lr * weight_decay) ** steps,
    "That is one step too few.":
        lambda w, lr, weight_decay, steps: w * (1 - lr * weight_decay) ** (steps - 1),
    "That is one step too many.":
        lambda w, lr, weight_decay, steps: w * (1 - lr * weight_decay) ** (steps + 1),
}  # fmt: skip


@exercise
def own_neurons(share, digit):
    """Which neurons fire for most images of this digit, and of no other: (K, H) to (H,)."""
    others = np.delete(share, digit, axis=0)
    return (share[digit] > 0.5) & (others.max(axis=0) <= 0.5)


# Shares of firing: four neurons, then five, then six; neuron 0 fires for everything.
SHARES = (
    np.array(
        [[0.9, 0.8, 0.1, 0.7], [0.95, 0.2, 0.6, 0.9], [0.8, 0.3, 0.7, 0.85], [0.7, 0.5, 0.2, 0.3]]
    ),
    np.array([[0.6, 0.1, 0.7, 0.0, 0.55], [0.9, 0.2, 0.1, 0.3, 0.56], [1.0, 0.97, 0.2, 0.4, 0.1]]),
    np.array(
        [
            [0.7, 0.3, 0.1, 0.6, 0.48, 0.35],
            [0.9, 0.8, 0.9, 0.95, 0.9, 0.45],
            [0.6, 0.3, 0.5, 0.7, 0.2, 0.1],
            [0.8, 0.4, 0.2, 0.05, 0.1, 0.2],
        ]
    ),
)


def _fires_for_it(share, digit):
    return share[digit] > 0.5


own_neurons.cases = (SHARES[0], 0), (SHARES[0], 1), (SHARES[1], 2), (SHARES[1], 0), (SHARES[2], 1)
own_neurons.start = _fires_for_it
own_neurons.hints = (
    "Neuron 0 of the first table fires for everything. Is it a neuron of digit 0?",
    "Two conditions: above one half in the row of the digit, and not above one half in any other "
    "row.",
    "np.delete(share, digit, axis=0) is the table without that row. Its largest number in each "
    "column must not be above 0.5.",
)
own_neurons.mistakes = {
    "The neuron that fires most for the digit is not its own if it fires for others as well.":
        lambda share, digit: np.arange(share.shape[1]) == share[digit].argmax(),
    "That asks for which digit each neuron fires most. It may fire for others as well.":
        lambda share, digit: share.argmax(axis=0) == digit,
    "The mean of the other digits may be low although the neuron fires for one of them.": (
        lambda share, digit: (
            (share[digit] > 0.5) & (np.delete(share, digit, axis=0).mean(axis=0) <= 0.5)
        )
    ),
    "One other digit that it is silent for is not enough. It must be silent for all others.": (
        lambda share, digit: (
            (share[digit] > 0.5) & (np.delete(share, digit, axis=0).min(axis=0) <= 0.5)
        )
    ),
    "Silent for the others is one half of it. The neuron must fire for the digit too.":
        lambda share, digit: np.delete(share, digit, axis=0).max(axis=0) <= 0.5,
    "The digit's own row is among the others, so nothing passes. Leave it out.":
        lambda share, digit: (share[digit] > 0.5) & (share.max(axis=0) <= 0.5),
    "That says whether there is one. Asked is which: an answer for each neuron.":
        lambda share, digit: bool(((share[digit] > 0.5) & ((share > 0.5).sum(axis=0) == 1)).any()),
    "Those are the numbers of the neurons. Give True or False for each neuron.": (
        lambda share, digit: np.flatnonzero((share[digit] > 0.5) & ((share > 0.5).sum(axis=0) == 1))
    ),
    "It fires most for this digit, but it may fire for most images of others as well.":
        lambda share, digit: (share[digit] > 0.5) & (share.argmax(axis=0) == digit),
    "Exactly one half is not more than half: > 0.5 for this digit, <= 0.5 for the others.": (
        lambda share, digit: (
            (share[digit] >= 0.5) & (np.delete(share, digit, axis=0).max(axis=0) < 0.5)
        )
    ),
    "Each neuron that belongs to one digit, whichever it is. Asked is for this one.":
        lambda share, digit: (share > 0.5).sum(axis=0) == 1,
    "That compares with the sum of the others. Compare each of them with one half.": (
        lambda share, digit: (
            (share[digit] > 0.5) & (np.delete(share, digit, axis=0).sum(axis=0) <= 0.5)
        )
    ),
}  # fmt: skip


@exercise
def shuffled_alike(x_train, x_test, order):
    """Both sets with their pixels in a new order: pixel order[k] comes to place k."""
    return x_train[:, order], x_test[:, order]


TRAIN = np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [0.9, 1.0, 0.0, 0.15]])
TEST = np.array([[0.05, 0.25, 0.35, 0.45], [0.55, 0.65, 0.75, 0.85]])
ORDER = np.array([2, 0, 3, 1])  # neither its own inverse nor a reversal


def _only_the_training(x_train, x_test, order):
    return x_train[:, order], x_test


shuffled_alike.cases = (
    (TRAIN, TEST, ORDER),
    (np.vstack([TRAIN, TEST[:1]]), TEST, np.array([1, 2, 0, 3])),
)
shuffled_alike.start = _only_the_training
shuffled_alike.hints = (
    "The network learns which weight belongs to which position. Where does pixel 0 of a test "
    "image go?",
    "It must go where pixel 0 of the training images went.",
)
shuffled_alike.mistakes = {
    "Only the test images are shuffled now. Both must be shuffled alike.":
        lambda x_train, x_test, order: (x_train, x_test[:, order]),
    "The test images are put in the opposite order. The same order for both.":
        lambda x_train, x_test, order: (x_train[:, order], x_test[:, np.argsort(order)]),
    "Nothing is shuffled. That gives a good accuracy, but it is another experiment.":
        lambda x_train, x_test, order: (x_train, x_test),
    "Both go back to the order before. order[k] says which pixel comes to place k.": (
        lambda x_train, x_test, order: (
            x_train[:, np.argsort(order)],
            x_test[:, np.argsort(order)],
        )
    ),
    "The test images are shuffled twice.":
        lambda x_train, x_test, order: (x_train[:, order], x_test[:, order][:, order]),
    "The colon is missing: that picks images, and not pixels.":
        lambda x_train, x_test, order: (x_train[order], x_test[order]),
    "The training images are put in the opposite order. The same order for both.":
        lambda x_train, x_test, order: (x_train[:, np.argsort(order)], x_test[:, order]),
    "The colon is missing for the test images: that picks images, and not pixels.":
        lambda x_train, x_test, order: (x_train[:, order], x_test[order]),
    "The two are in the wrong order: first the training images.":
        lambda x_train, x_test, order: (x_test[:, order], x_train[:, order]),
    "The training images are shuffled twice.":
        lambda x_train, x_test, order: (x_train[:, order][:, order], x_test[:, order]),
}  # fmt: skip


@exercise
def unshuffled(shuffled, order):
    """The images before shuffled = x[:, order]: (N, D) to (N, D)."""
    return shuffled[:, np.argsort(order)]


unshuffled.cases = (TRAIN, ORDER), (TRAIN.T, np.array([1, 2, 0]))
unshuffled.hints = (
    "Place k holds pixel order[k]. Where is pixel 0?",
    "Pixel 0 is at the place k for which order[k] is 0. np.argsort(order) finds that place for "
    "every pixel.",
)
unshuffled.mistakes = {
    "The order is applied once more. That shuffles what is shuffled; the way back is another "
    "order: np.argsort(order).": lambda shuffled, order: shuffled[:, order],
    "The colon is missing: that picks rows. The pixels are the columns.":
        lambda shuffled, order: shuffled[np.argsort(order)],
    "Reading backwards undoes a reversal, and no other order.":
        lambda shuffled, order: shuffled[:, ::-1],
    "order is read backwards. The way back says where each pixel went: np.argsort(order).":
        lambda shuffled, order: shuffled[:, order[::-1]],
    "Sorting the values orders the ink, and not the places.":
        lambda shuffled, order: np.sort(shuffled, axis=1),
    "Nothing has been undone.": lambda shuffled, order: shuffled,
    "The colon is missing, and the order is applied once more instead of undone: shuffled[:, "
    "np.argsort(order)].": lambda shuffled, order: shuffled[order],
}  # fmt: skip


@exercise
def tiny_explanation():
    """Contributions of x = (1, 3, 0) and the bias share, for a tiny network."""
    return (6, -9, 0), 6.5


tiny_explanation.hints = (
    "Compute both pre-activations. Which of the two neurons is open?",
    "z is 2 · 1 − 1 · 3 + 4 · 0 + 2 = 1 and 1 · 1 + 0 · 3 − 2 · 0 − 5 = −4. Only the first is "
    "open, so the score is 3 · z1 + 0.5.",
    "Its slopes are 3 · (2, −1, 4). Times the inputs; and the biases give 3 · 2 + 0.5.",
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
    "Those are the contributions to z1. The score takes 3 times z1.": ((2, -3, 0), 6.5),
    "The sign is lost: a pixel may speak against a score.": ((6, 9, 0), 6.5),
    "Those are the contributions to z1. It counts 3 times in the score.": ((2, -3, 0), 2),
    "The closed neuron's bias is counted. Where ReLU is closed, no bias comes through.":
        ((6, -9, 0), 31.5),
}  # fmt: skip


@exercise
def contributions(x, W1, b1, W2, b2, k):
    """What each input, and what the biases, contribute to score k of a ReLU network."""
    row = W2[k] * (W1 @ x + b1 > 0)
    return (row @ W1) * x, row @ b1 + b2[k]


X_D = np.array([0.7, 0.0, 1.3, -0.4])
W1_D = np.array([[1.2, -0.7, 0.5, 0.3], [-1.1, 0.9, 0.2, 0.8], [0.4, 0.6, -0.8, -1.5]])
B1_D = np.array([0.3, -0.6, 0.25])
W2_D = np.array([[0.9, -1.4, 2.0], [-0.8, 0.5, 1.1]])
B2_D = np.array([0.2, -0.35])
# The second neuron stands exactly at 0: its output and its slope are 0.
X_K = np.array([1.0, 2.0, -1.0])
W1_K = np.array([[0.5, 1.5, -0.6], [1.0, -1.0, 0.5], [-0.3, 0.8, 0.4]])
B1_K = np.array([-0.2, 1.5, 0.7])
W2_K = np.array([[1.3, 0.6, -0.9], [0.4, -2.0, 0.35], [-0.5, 0.7, 1.6]])
B2_K = np.array([0.1, -0.4, 0.9])


def _parts(x, W1, b1, W2, b2, k, gate=lambda z: z > 0):
    """The row of W2 with the gate, for wrong answers that differ in one place."""
    return W2[k] * gate(W1 @ x + b1)


def _gated(gate):
    def answer(x, W1, b1, W2, b2, k):
        row = _parts(x, W1, b1, W2, b2, k, gate)
        return (row @ W1) * x, row @ b1 + b2[k]

    return answer


def _contributions_to_probability(x, W1, b1, W2, b2, k):
    p = _softmax(W2 @ np.maximum(W1 @ x + b1, 0) + b2)
    slope = p[k] * ((np.arange(len(p)) == k) - p)
    row = (slope @ W2) * (W1 @ x + b1 > 0)
    return (row @ W1) * x, row @ b1 + slope @ b2


contributions.cases = (X_D, W1_D, B1_D, W2_D, B2_D, 1), (X_K, W1_K, B1_K, W2_K, B2_K, 1)
contributions.hints = (
    "Which neurons are open at x? z1 = W1 @ x + b1 says it.",
    "The score is Σ_i W2[k, i] · open_i · (Σ_j W1[i, j] x_j + b1_i) + b2[k]. Collect what belongs "
    "to each x_j.",
    "row = W2[k] * (z1 > 0); the contributions are (row @ W1) * x, and the rest is row @ b1 + "
    "b2[k].",
)
contributions.mistakes = {
    "Those are the slopes: how fast the score would rise. Multiply by x.": (
        lambda x, W1, b1, W2, b2, k: (
            _parts(x, W1, b1, W2, b2, k) @ W1,
            _parts(x, W1, b1, W2, b2, k) @ b1 + b2[k],
        )
    ),
    "ReLU is missing: closed neurons pass nothing on.": _gated(lambda z: z > -np.inf),
    "The closed neurons are counted, and not the open ones.": _gated(lambda z: z <= 0),
    "A neuron at exactly 0 counts as open. Its output is 0; this book takes it as closed.":
        _gated(lambda z: z >= 0),
    "The activation stands where its slope belongs: 1 if the neuron is open, 0 if closed.":
        _gated(lambda z: np.maximum(z, 0)),
    "The biases of the hidden neurons are missing: they come through with the row of W2.":
        lambda x, W1, b1, W2, b2, k: ((_parts(x, W1, b1, W2, b2, k) @ W1) * x, b2[k]),
    "The bias of the score itself is missing: b2[k].": (
        lambda x, W1, b1, W2, b2, k: (
            (_parts(x, W1, b1, W2, b2, k) @ W1) * x,
            _parts(x, W1, b1, W2, b2, k) @ b1,
        )
    ),
    "The biases of closed neurons are counted. Nothing of a closed neuron comes through.":
        lambda x, W1, b1, W2, b2, k: ((_parts(x, W1, b1, W2, b2, k) @ W1) * x, W2[k] @ b1 + b2[k]),
    "All biases are added up. Those of the hidden neurons are multiplied by the row of W2 and by "
    "their gates.":
        lambda x, W1, b1, W2, b2, k: ((_parts(x, W1, b1, W2, b2, k) @ W1) * x, b1.sum() + b2[k]),
    "Signs are lost: a pixel may speak against a score.": (
        lambda x, W1, b1, W2, b2, k: (
            np.abs((_parts(x, W1, b1, W2, b2, k) @ W1) * x),
            _parts(x, W1, b1, W2, b2, k) @ b1 + b2[k],
        )
    ),
    "Those are slopes, not yet times x; and the biases of the hidden neurons are missing.":
        lambda x, W1, b1, W2, b2, k: (_parts(x, W1, b1, W2, b2, k) @ W1, b2[k]),
    "The second number is the whole score. The bias share is what is left of it without the "
    "contributions.": (
        lambda x, W1, b1, W2, b2, k: (
            (_parts(x, W1, b1, W2, b2, k) @ W1) * x,
            W2[k] @ np.maximum(W1 @ x + b1, 0) + b2[k],
        )
    ),
    "That explains the probability. Softmax is not made of straight pieces, so there nothing "
    "adds up; explain the score.": _contributions_to_probability,
    "That is added up over all scores. One score is asked for: the row W2[k].": (
        lambda x, W1, b1, W2, b2, k: (
            ((W2.sum(axis=0) * (W1 @ x + b1 > 0)) @ W1) * x,
            (W2.sum(axis=0) * (W1 @ x + b1 > 0)) @ b1 + b2.sum(),
        )
    ),
    "ReLU is missing in the contributions: closed neurons pass nothing on.":
        lambda x, W1, b1, W2, b2, k: ((W2[k] @ W1) * x, _parts(x, W1, b1, W2, b2, k) @ b1 + b2[k]),
    "The bias share is missing: what the biases bring through the open neurons, and b2[k].":
        lambda x, W1, b1, W2, b2, k: ((_parts(x, W1, b1, W2, b2, k) @ W1) * x, 0.0),
    "The hidden biases are gated, but not multiplied by the row of W2.": (
        lambda x, W1, b1, W2, b2, k: (
            (_parts(x, W1, b1, W2, b2, k) @ W1) * x,
            (W1 @ x + b1 > 0) @ b1 + b2[k],
        )
    ),
    "ReLU stands around the biases alone. A neuron is open if its whole z is positive.": (
        lambda x, W1, b1, W2, b2, k: (
            (_parts(x, W1, b1, W2, b2, k) @ W1) * x,
            W2[k] @ np.maximum(b1, 0) + b2[k],
        )
    ),
    "The row of W2 is missing: each neuron counts in the score with its own weight.":
        lambda x, W1, b1, W2, b2, k: (((W1 @ x + b1 > 0) @ W1) * x, (W1 @ x + b1 > 0) @ b1 + b2[k]),
    "The gate asks W1 @ x, without the bias. Open means that W1 @ x + b1 is positive.": (
        lambda x, W1, b1, W2, b2, k: (
            ((W2[k] * (W1 @ x > 0)) @ W1) * x,
            (W2[k] * (W1 @ x > 0)) @ b1 + b2[k],
        )
    ),
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
    rows, columns = image.shape
    drops = np.zeros((rows - size + 1, columns - size + 1))
    for i in range(rows - size + 1):
        for j in range(columns - size + 1):
            painted = image.copy()
            painted[i : i + size, j : j + size] = 0
            drops[i, j] = score(image) - score(painted)
    return drops


IMAGE = np.array([[0.2, 0.9, 0.4, 0.0], [0.7, 0.1, 0.8, 0.5], [0.3, 0.6, 1.0, 0.25]])
IMAGE_SQUARE = np.array([[0.9, 0.15, 0.4], [0.35, 0.7, 0.05], [0.6, 0.2, 0.85]])


def _weighted(image):
    rows, columns = np.indices(image.shape)
    return float(np.sum(image * (rows + 1) * (2.0 - columns)) + np.max(image) ** 2)


def _strongest_row(image):
    return float(image.sum(axis=1).max() - 0.3 * image[0, 0])


def _over_squares(each):
    def answer(score, image, size):
        rows, columns = np.array(image.shape) - size + 1
        return np.array(
            [
                [
                    each(score, image, (slice(i, i + size), slice(j, j + size)))
                    for j in range(columns)
                ]
                for i in range(rows)
            ]
        )

    return answer


def _one_place_short(score, image, size):
    return occlusion_map.solve(score, image, size)[:-1, :-1]


def _beyond_the_edge(score, image, size):
    rows, columns = image.shape
    return np.array(
        [
            [
                score(image) - score(_painted(image, (slice(i, i + size), slice(j, j + size))))
                for j in range(columns)
            ]
            for i in range(rows)
        ]
    )


def _painted(image, square, ink=0.0):
    image = image.copy()
    image[square] = ink
    return image


def _only(image, square):
    image, inside = np.zeros_like(image), image[square]
    image[square] = inside
    return image


def _first_place_only(score, image, size):
    drops = np.zeros_like(occlusion_map.solve(score, image, size))
    drops[0, 0] = occlusion_map.solve(score, image, size)[0, 0]
    return drops


def _never_repaired(score, image, size):
    before, image = score(image), image.copy()
    rows, columns = np.array(image.shape) - size + 1
    drops = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            image[i : i + size, j : j + size] = 0
            drops[i, j] = before - score(image)
    return drops


occlusion_map.cases = (
    (_weighted, IMAGE, 2),
    (_strongest_row, IMAGE_SQUARE, 2),
    (_strongest_row, IMAGE, 1),
)
occlusion_map.hints = (
    "For each place of the square: copy the image, paint the square over, and ask for the score.",
    "The top left corner goes through image.shape[0] - size + 1 rows, and as many columns for the "
    "width.",
    "The drop is score(image) - score(painted), positive where the square held evidence.",
)
occlusion_map.mistakes = {
    "The sign is wrong: a drop is the score before minus the score after.":
        _over_squares(lambda score, image, square: score(_painted(image, square)) - score(image)),
    "That is the score that is left. Asked is how much it drops.":
        _over_squares(lambda score, image, square: score(_painted(image, square))),
    "The squares of earlier places are still painted over. Begin with a copy of the whole image "
    "each time.": _never_repaired,
    "The square is painted with ink. Paint it over with 0.": (
        _over_squares(
            lambda score, image, square: score(image) - score(_painted(image, square, 1.0))
        )
    ),
    "That paints over everything except the square.":
        _over_squares(lambda score, image, square: score(image) - score(_only(image, square))),
    "That is the score of the square alone.":
        _over_squares(lambda score, image, square: score(_only(image, square))),
    "Signs are lost: where the score rises, the drop is negative.": (
        _over_squares(
            lambda score, image, square: abs(score(image) - score(_painted(image, square)))
        )
    ),
    "One pixel of each square is painted over, the one at its top left.": (
        _over_squares(
            lambda score, image, square: (
                score(image) - score(_painted(image, (square[0].start, square[1].start)))
            )
        )
    ),
    "The last place in each direction is missing: there are R - size + 1 rows of places.":
        _one_place_short,
    "The square reaches over the edge at some places. Stop where it still fits.": _beyond_the_edge,
    "A slice ends where its second number says: image[i : size] is shorter than size. Paint "
    "image[i : i + size, j : j + size].": (
        _over_squares(
            lambda score, image, square: (
                score(image)
                - score(_painted(image, tuple(slice(s.start, s.stop - s.start) for s in square)))
            )
        )
    ),
    "The square is one pixel too large in each direction. A slice leaves its end out.": (
        _over_squares(
            lambda score, image, square: (
                score(image)
                - score(_painted(image, tuple(slice(s.start, s.stop + 1) for s in square)))
            )
        )
    ),
    "Whole rows are painted over. The square needs a slice for the columns too.": (
        _over_squares(lambda score, image, square: score(image) - score(_painted(image, square[0])))
    ),
    "Rows and columns are exchanged: the first index of an image is the row.": (
        _over_squares(
            lambda score, image, square: score(image) - score(_painted(image, square[::-1]))
        )
    ),
    "That is the ink in each square. Ask score for the images before and after.":
        _over_squares(lambda score, image, square: image[square].sum()),
    "return stands inside the loops, so only one place is done.": _first_place_only,
    "The drop is divided by the size of the square. Leave it as it is.": (
        _over_squares(
            lambda score, image, square: (
                (score(image) - score(_painted(image, square))) / image[square].size
            )
        )
    ),
    "That is a quotient. A drop is a difference.":
        _over_squares(lambda score, image, square: score(_painted(image, square)) / score(image)),
}  # fmt: skip


@exercise
def graded_outputs(logits):
    """The outputs of a network as probabilities: (N, K) to (N, K)."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


LOGITS = np.array([[2.0, -1.0, 0.5, 1.1], [0.3, 0.2, -0.4, 0.1], [-3.0, 4.0, 3.5, 0.0]])
LOGITS_FAR = np.array([[1000.0, 999.0, 998.5], [-2.0, -1.0, -1.5], [-1500.0, 0.0, 900.0]])


def _nine_zeros_and_a_one(logits):
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


graded_outputs.cases = (LOGITS,), (LOGITS_FAR,)
graded_outputs.start = _nine_zeros_and_a_one
graded_outputs.silent = True
graded_outputs.hints = (
    "np.eye and argmax make a label out of the scores: all doubt is gone. Which function of "
    "chapter 2 keeps it?",
    "Softmax over each row. Subtract the largest score of the row first.",
)
graded_outputs.mistakes = {
    "Those are the scores. They do not sum to 1.": lambda logits: logits,
    "Rounding takes the doubt away again.": lambda logits: np.round(_softmax(logits)),
    "Softmax runs over the examples. Each row must sum to 1: axis=1.":
        lambda logits: _softmax(logits, axis=0),
    "Softmax runs over the whole table. Each row must sum to 1 on its own.":
        lambda logits: _softmax(logits.ravel()).reshape(logits.shape),
    "The exponentials overflow. Subtract the largest score of each row first.":
        lambda logits: np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True),
    "One largest score is subtracted from all rows, and small rows become 0 / 0. Each row has "
    "its own.": (
        lambda logits: (
            np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum(1, keepdims=True)
        )
    ),
    "The mean of each row is subtracted, and a score far above it overflows. Subtract the "
    "largest.": (
        lambda logits: (
            np.exp(logits - logits.mean(axis=1, keepdims=True))
            / np.exp(logits - logits.mean(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
        )
    ),
    "The exponentials are not divided by their sum, so the rows do not sum to 1.":
        lambda logits: np.exp(logits - logits.max(axis=1, keepdims=True)),
    "A sigmoid of each score on its own: the rows do not sum to 1.":
        lambda logits: np.exp(np.minimum(logits, 0)) / (1 + np.exp(-np.abs(logits))),
    "Dividing by the sum makes no probabilities of scores: some are negative.":
        lambda logits: logits / logits.sum(axis=1, keepdims=True),
    "Softmax is applied twice. Probabilities were taken for scores.":
        lambda logits: _softmax(_softmax(logits)),
    "Those are logarithms of the probabilities.": lambda logits: np.log(_softmax(logits)),
    "That is only the confidence. All outputs of each row are asked for.":
        lambda logits: _softmax(logits).max(axis=1),
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
doubled_scores.mistakes = {
    "A probability cannot be above 1. Double the scores, and take softmax then.": 1.462,
    "The answer stays the same. Its probability does not: softmax sees the difference grow.": 0.731,
    "That halves the scores.": 0.622,
    "That is the probability of the other class.": 0.119,
    "That is the square of the probability.": 0.534,
    "That is for scores of 4 and 0.": 0.982,
    "That belongs to the other class.": 0.12,
    "The probability is squared. Double the scores, and take softmax then.": 0.53,
    "Give it as a number between 0 and 1.": 88,
    "Softmax needs both exponentials below the line: e² + 1.": 0.865,
}


@exercise
def calibration_error(probabilities, targets, bins):
    """The expected calibration error: (N, K), (N,) and a number of bins to one number."""
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    error = 0.0
    for m in range(bins):
        inside = (sure > m / bins) & (sure <= (m + 1) / bins)
        if inside.any():
            gap = abs(sure[inside].mean() - right[inside].mean())
            error += gap * inside.sum() / len(targets)
    return error


# In the first table one bin is empty, and over- and under-confident bins cancel in part.
P_CAL = np.array(
    [
        [0.62, 0.3, 0.08],
        [0.1, 0.68, 0.22],
        [0.05, 0.0, 0.95],
        [0.97, 0.02, 0.01],
        [0.2, 0.33, 0.47],
        [0.35, 0.41, 0.24],
        [0.9, 0.04, 0.06],
    ]
)
T_CAL = np.array([0, 1, 0, 0, 2, 1, 1])
P_FOUR = np.array(
    [
        [0.5, 0.2, 0.2, 0.1],
        [0.1, 0.75, 0.1, 0.05],
        [0.3, 0.26, 0.24, 0.2],
        [0.02, 0.01, 0.96, 0.01],
        [0.04, 0.06, 0.01, 0.89],
        [0.25, 0.15, 0.55, 0.05],
    ]
)
T_FOUR = np.array([0, 3, 0, 2, 3, 1])


def _bins(probabilities, targets, bins, *, sure=None, right=None, combine=None):
    sure = probabilities.max(axis=1) if sure is None else sure(probabilities, targets)
    right = right or (lambda p, t: p.argmax(axis=1) == t)
    right = right(probabilities, targets)
    edges = np.linspace(0, 1, bins + 1)
    gaps, counts = [], []
    for low, high in pairwise(edges):
        inside = (sure > low) & (sure <= high)
        if inside.any():
            gaps.append(sure[inside].mean() - right[inside].mean())
            counts.append(inside.sum())
    gaps, counts = np.array(gaps), np.array(counts)
    if combine:
        return combine(gaps, counts)
    return np.sum(np.abs(gaps) * counts) / len(targets)


calibration_error.cases = (P_CAL, T_CAL, 4), (P_FOUR, T_FOUR, 5)
calibration_error.hints = (
    "The confidence of an answer is the largest probability of its row; it is right where argmax "
    "is the target.",
    "For each bin that is not empty: the mean confidence, minus the share of right answers, "
    "without its sign.",
    "Weight each gap by the share of all examples that are in the bin, and add up.",
)
calibration_error.mistakes = {
    "The gaps are averaged without weights. A bin with one answer must not count as much as one "
    "with a hundred.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda gaps, counts: np.abs(gaps).mean()
        )
    ),
    "The gaps are added up without weights. Weight each by the share of the examples in its bin.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda gaps, counts: np.abs(gaps).sum()
        )
    ),
    "The gaps are averaged over all bins, empty ones too. Weight each by the share of the "
    "examples in its bin.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda gaps, counts: np.abs(gaps).sum() / bins
        )
    ),
    "Ten bins are used whatever bins says.":
        lambda probabilities, targets, bins: _bins(probabilities, targets, 10),
    "An answer is right where argmax equals the target; here the wrong ones are counted.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, right=lambda p, t: p.argmax(axis=1) != t
        )
    ),
    "The largest probability is compared with the target. Its place is the answer: argmax.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, right=lambda p, t: p.max(axis=1) == t
        )
    ),
    "The gaps keep their signs, so too sure and not sure enough cancel. Take absolute values "
    "bin by bin.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda g, c: np.sum(g * c) / np.sum(c)
        )
    ),
    "The bins cancel before the absolute value is taken. Take it bin by bin.": (
        lambda probabilities, targets, bins: abs(
            _bins(probabilities, targets, bins, combine=lambda g, c: np.sum(g * c) / np.sum(c))
        )
    ),
    "That is the probability of the right class. The confidence is the largest of the row, "
    "whether it is right or not.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, sure=lambda p, t: p[np.arange(len(t)), t]
        )
    ),
    "That is the largest gap. Asked is the weighted mean.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda g, c: np.abs(g).max()
        )
    ),
    "The gaps are squared. Take absolute values.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda g, c: np.sum(g**2 * c) / np.sum(c)
        )
    ),
    "The weighted gaps are added up, and not divided by the number of examples.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda g, c: np.sum(np.abs(g) * c)
        )
    ),
    "The sum is divided by the number of bins. Divide by the number of examples.": (
        lambda probabilities, targets, bins: _bins(
            probabilities, targets, bins, combine=lambda g, c: np.sum(np.abs(g) * c) / bins
        )
    ),
    "The gap is taken for each answer on its own, so a good answer must be 100 % sure. Take "
    "means in each bin first.": (
        lambda probabilities, targets, bins: np.mean(
            np.abs(probabilities.max(axis=1) - (probabilities.argmax(axis=1) == targets))
        )
    ),
    "That is 1 minus the accuracy: the confidence is missing.":
        lambda probabilities, targets, bins: np.mean(probabilities.argmax(axis=1) != targets),
    "An empty bin became nan. Leave empty bins out.": lambda probabilities, targets, bins: np.nan,
}  # fmt: skip


@exercise
def with_temperature(logits, temperature):
    """Probabilities at a temperature τ: (N, K) to (N, K)."""
    z = logits / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


with_temperature.cases = (LOGITS, 2.5), (np.array([[4.0, -2.0], [0.5, 3.0], [1.0, 1.2]]), 0.4)
with_temperature.hints = (
    "A temperature above 1 makes answers less sure: the scores move closer together.",
    "Divide the scores by it, then softmax over each row.",
)
with_temperature.mistakes = {
    "That is softmax of τ times the scores. A high temperature must bring them closer: divide.":
        lambda logits, temperature: _softmax(logits * temperature),
    "The temperature comes after softmax, so the rows no longer sum to 1. Divide the scores.":
        lambda logits, temperature: _softmax(logits) / temperature,
    "The temperature is lost. To add it to all scores of a row, or to divide a row of "
    "exponentials that then must sum to 1, changes nothing. Divide the scores.":
        lambda logits, temperature: _softmax(logits),
    "Probabilities are divided and given to softmax, so softmax is applied twice.":
        lambda logits, temperature: _softmax(_softmax(logits) / temperature),
    "It is subtracted. That changes no difference between scores, all that softmax sees.":
        lambda logits, temperature: logits - temperature,
    "Those are the scores. Softmax is still missing.":
        lambda logits, temperature: (logits / temperature),
    "Softmax runs over the examples. Each row must sum to 1.":
        lambda logits, temperature: _softmax(logits / temperature, axis=0),
    "Softmax runs over the whole table. Each row must sum to 1 on its own.":
        lambda logits, temperature: _softmax((logits / temperature).ravel()).reshape(logits.shape),
    "Raising probabilities to the power 1 / τ is a good start; make each row sum to 1 again.":
        lambda logits, temperature: _softmax(logits) ** (1 / temperature),
    "Above the line the scores are divided, and below it they are not.": (
        lambda logits, temperature: (
            np.exp(logits / temperature) / np.exp(logits).sum(axis=1, keepdims=True)
        )
    ),
    "That is only the confidence. All outputs of each row are asked for.":
        lambda logits, temperature: _softmax(logits / temperature).max(axis=1),
    "The exponentials are not divided by their sum, so the rows do not sum to 1.":
        lambda logits, temperature: np.exp(logits / temperature),
    "That is the opposite power: τ where 1 / τ belongs.":
        lambda logits, temperature: _softmax(logits) ** temperature,
}  # fmt: skip


@exercise
def dream_step(x, gradient, lr):
    """One step of an image towards a lower loss for the target: any shape."""
    return np.clip(x - lr * gradient, 0, 1)


INK = np.array([[0.2, 0.95, 0.0, 0.5, 1.0], [0.9, 0.05, 0.6, 0.3, 0.0]])
SLOPE = np.array([[1.3, -0.8, 0.04, 0.0, 2.5], [-3.0, 0.7, -0.02, 0.9, -1.6]])
dream_step.cases = (INK, SLOPE, 0.3), (INK[0], -SLOPE[1], 1.0)
dream_step.hints = (
    "The gradient points to where the loss rises. Which way should the image go, so that the loss "
    "for the target falls?",
    "x - lr * gradient; and ink is a number from 0 to 1.",
)
dream_step.mistakes = {
    "The step goes uphill, away from the target: the gradient is that of the loss. Subtract.":
        lambda x, gradient, lr: np.clip(x + lr * gradient, 0, 1),
    "Ink is a number from 0 to 1: clip the image after the step.":
        lambda x, gradient, lr: x - lr * gradient,
    "Uphill, and without a limit: subtract, and clip.": lambda x, gradient, lr: x + lr * gradient,
    "The step is clipped, and the image is not. Ink may still leave the range.":
        lambda x, gradient, lr: x - np.clip(lr * gradient, 0, 1),
    "Only the sign of the gradient is used. Steep pixels should move further.":
        lambda x, gradient, lr: np.clip(x - lr * np.sign(gradient), 0, 1),
    "The learning rate is missing.": lambda x, gradient, lr: np.clip(x - gradient, 0, 1),
    "That is clipped between −1 and 1. Ink is not negative.":
        lambda x, gradient, lr: np.clip(x - lr * gradient, -1, 1),
    "Negative ink is removed, but ink above 1 is not.":
        lambda x, gradient, lr: np.maximum(x - lr * gradient, 0),
    "Ink above 1 is cut off, but negative ink is not.":
        lambda x, gradient, lr: np.minimum(x - lr * gradient, 1),
    "That is the step alone. Begin at the image.":
        lambda x, gradient, lr: np.clip(-lr * gradient, 0, 1),
    "The gradient is scaled to length 1. Take it as it is, times the learning rate.":
        lambda x, gradient, lr: np.clip(x - lr * gradient / np.linalg.norm(gradient), 0, 1),
    "The image is stretched to fill 0 to 1. Clip it: what is in range stays.": (
        lambda x, gradient, lr: (
            (x - lr * gradient - (x - lr * gradient).min())
            / ((x - lr * gradient).max() - (x - lr * gradient).min())
        )
    ),
    "Slope times input is a contribution. The step is made of the slope alone.":
        lambda x, gradient, lr: np.clip(x - lr * gradient * x, 0, 1),
}  # fmt: skip


@exercise
def sign_step(x, gradient, eps):
    """The fast gradient sign method: any shape, from 0 to 1."""
    return np.clip(x + eps * np.sign(gradient), 0, 1)


sign_step.cases = (INK, SLOPE, 0.1), (INK[1], -SLOPE[0], 0.25)
sign_step.hints = (
    "To do harm, the loss must rise. And every pixel may move by eps, however small its slope.",
    "np.sign(gradient) is +1 or −1, or 0 where the slope is 0.",
    "Add eps times the sign, then clip to [0, 1].",
)
sign_step.mistakes = {
    "The step goes downhill: that makes the network surer of the right class. Add.":
        lambda x, gradient, eps: np.clip(x - eps * np.sign(gradient), 0, 1),
    "The sign is missing: pixels with small slopes hardly move, and steep ones move by more than "
    "eps.": lambda x, gradient, eps: np.clip(x + eps * gradient, 0, 1),
    "Ink is a number from 0 to 1: clip the image after the step.":
        lambda x, gradient, eps: x + eps * np.sign(gradient),
    "Downhill, and without a limit: add, and clip.":
        lambda x, gradient, eps: x - eps * np.sign(gradient),
    "The gradient is cut off at eps. Small slopes must move by the whole eps too: take the sign.":
        lambda x, gradient, eps: np.clip(x + np.clip(gradient, -eps, eps), 0, 1),
    "The gradient is scaled to length 1. Here each pixel has its own limit: take the sign.":
        lambda x, gradient, eps: np.clip(x + eps * gradient / np.linalg.norm(gradient), 0, 1),
    "The gradient is scaled by its largest element. Every pixel may move by the whole eps.":
        lambda x, gradient, eps: np.clip(x + eps * gradient / np.abs(gradient).max(), 0, 1),
    "Only pixels with a positive slope move. Where the slope is negative, ink must go.":
        lambda x, gradient, eps: np.clip(x + eps * (gradient > 0), 0, 1),
    "Where the slope is 0 there is no reason to move: the sign of 0 is 0.":
        lambda x, gradient, eps: np.clip(x + eps * np.where(gradient >= 0, 1, -1), 0, 1),
    "The slope 0 counts as negative. The sign of 0 is 0.":
        lambda x, gradient, eps: np.clip(x + eps * np.where(gradient > 0, 1, -1), 0, 1),
    "That is clipped between −1 and 1. Ink is not negative.":
        lambda x, gradient, eps: np.clip(x + eps * np.sign(gradient), -1, 1),
    "Negative ink is removed, but ink above 1 is not.":
        lambda x, gradient, eps: np.maximum(x + eps * np.sign(gradient), 0),
    "Where the slope is 0, 0 / 0 is nan. np.sign knows that the sign of 0 is 0.":
        lambda x, gradient, eps: np.clip(x + eps * gradient / np.abs(gradient), 0, 1),
    "eps is missing: whole pixels are switched on and off.":
        lambda x, gradient, eps: np.clip(x + np.sign(gradient), 0, 1),
    "That is the disturbance alone. Add it to the image.":
        lambda x, gradient, eps: eps * np.sign(gradient),
}  # fmt: skip
