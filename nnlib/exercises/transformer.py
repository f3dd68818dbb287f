"""Exercises of chapter 9: the feed-forward layer, GELU, LayerNorm, residuals, and the block."""

import math

import numpy as np

from nnlib.exercises._exercise import edit, exercise

# Two examples of four tokens with three features; and as many of each, where wrong products fit.
X_243 = np.array(
    [
        [[0.5, -1.2, 2.0], [1.0, 0.3, -0.7], [-2.1, 0.8, 0.4], [0.2, 1.9, -1.5]],
        [[3.0, -0.4, 0.1], [-0.6, 2.2, 1.1], [0.9, -1.7, -0.3], [1.4, 0.6, 0.7]],
    ]
)
X_33 = np.array([[1.0, 0.4, -2.0], [3.0, -1.0, 0.5], [-2.3, 4.0, 1.0]])

W_33 = np.array([[1.0, 2.0, 0.2], [-1.0, 0.5, 3.0], [4.0, -2.0, 1.5]])
V_33 = np.array([[0.3, -1.0, 0.7], [2.0, 0.4, -0.6], [-0.8, 1.2, 0.9]])


def _relu(z):
    return np.maximum(z, 0)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


@exercise
def feed_forward(x, W1, b1, W2, b2):
    """Two Dense layers with ReLU between: (..., D) to (..., D), through W1 of (hidden, D)."""
    hidden = np.maximum(x @ W1.T + b1, 0)
    return hidden @ W2.T + b2


W_53 = np.array(
    [[1.0, -0.5, 0.3], [0.2, 0.8, -1.0], [-0.7, 0.6, 0.9], [0.4, 1.1, 0.5], [-1.3, 0.1, 0.6]]
)
B_5 = np.array([0.1, -0.2, 0.3, -0.4, 0.25])
W_35 = np.array(
    [[0.6, -1.0, 0.4, 0.2, 1.5], [-0.3, 0.9, 1.2, -0.8, 0.1], [1.1, 0.5, -0.6, 0.7, -0.2]]
)
B_3 = np.array([0.05, -0.15, 0.2])
feed_forward.cases = (X_243, W_53, B_5, W_35, B_3), (X_33, W_33, B_3, V_33, -2 * B_3)
feed_forward.hints = (
    "Features are the last axis, so the same two layers serve x of any number of axes.",
    "A layer is x @ W.T + b. ReLU, np.maximum(z, 0), stands between the two.",
)
feed_forward.mistakes = {
    "ReLU is missing. Two Dense layers without it are one.":
        lambda x, W1, b1, W2, b2: (x @ W1.T + b1) @ W2.T + b2,
    "There is a ReLU at the end too. What is written may be negative: only the hidden layer has "
    "one.": lambda x, W1, b1, W2, b2: _relu(_relu(x @ W1.T + b1) @ W2.T + b2),
    "ReLU stands at the end. It belongs between the two layers.":
        lambda x, W1, b1, W2, b2: _relu((x @ W1.T + b1) @ W2.T + b2),
    "ReLU is applied to x. It belongs between the two layers.":
        edit("hidden @", "(_relu(x) @ W1.T + b1) @"),
    "b1 is missing.": edit(" + b1", ""),
    "b2 is missing.": edit(" + b2", ""),
    "Both biases are missing.": edit(" + b1", "", " + b2", ""),
    "b1 is added after ReLU. It belongs to the pre-activation.": edit("b1, 0)", "b1, 0 + b1)"),
    "The transposes are missing: rows of W are neurons, so a layer is x @ W.T + b.":
        lambda x, W1, b1, W2, b2: _relu(x @ W1 + b1) @ W2 + b2,
    "x is added to the result. That is a residual connection, which comes later.":
        edit("b2", "b2 + x"),
    "The hidden layer is the result. A second layer writes it back to D features.":
        edit(" @ W2.T + b2", ""),
    "The activation function is a sigmoid. ReLU is asked for: np.maximum(z, 0).":
        lambda x, W1, b1, W2, b2: _sigmoid(x @ W1.T + b1) @ W2.T + b2,
    "The activation function is tanh. ReLU is asked for: np.maximum(z, 0).":
        edit("hidden @", "np.tanh(x @ W1.T + b1) @"),
    "ReLU is turned round: it keeps what is positive, np.maximum, not np.minimum.":
        edit("maximum", "minimum"),
    "Signs are lost: that is the absolute value. ReLU makes a negative number 0, np.maximum(z, "
    "0).": lambda x, W1, b1, W2, b2: np.abs(x @ W1.T + b1) @ W2.T + b2,
    "A neuron that fires gives 1, as a step does. ReLU gives the pre-activation itself.":
        edit("hidden @", "(x @ W1.T + b1 > 0) @"),
    "That is np.maximum(z, 1). ReLU compares with 0.": edit("b1, 0)", "b1, 1)"),
    "Only the first layer is there, and without ReLU.": lambda x, W1, b1, W2, b2: x @ W1.T + b1,
    "Positions are averaged. Each has a result of its own.":
        lambda x, W1, b1, W2, b2: (_relu(x @ W1.T + b1) @ W2.T + b2).mean(axis=-2),
}  # fmt: skip


@exercise
def reach():
    """How many output vectors can change, after causal attention and after the feed-forward."""
    return 5, 1


reach.hints = (
    "In causal attention a token sees itself and the tokens before it. Who sees token 3?",
    "Tokens 3, 4, 5, 6 and 7 see token 3. And in the feed-forward layer each sees itself.",
)
reach.mistakes = {
    "The causal mask is forgotten: tokens 0, 1 and 2 never see token 3.": (8, 1),
    "Who sees token 3? Token 3 itself, and all after it, up to token 7. Count again.": (4, 1),
    "The feed-forward layer looks at each position alone: only one output can change.": (5, 5),
    "The second number is too large: in the feed-forward layer no other position is touched.":
        (5, 8),
    "Examples of a batch never see each other: the second example stays as it is.": (10, 2),
    "The second example stays as it is, and so do all other positions in the feed-forward layer.":
        (5, 2),
    "Neither layer is that far-reaching: attention has a mask, and the feed-forward layer works "
    "on each position alone.": (8, 8),
    "Attention lets later tokens see token 3. That is its purpose.": (1, 1),
    "Those are the right numbers of the wrong layers: attention comes first.": (1, 5),
    "Token 3 has an output of its own after the feed-forward layer, and that changes.": (5, 0),
    "Token 3 sees itself, in both layers: its own output changes too.": (4, 0),
    "All later tokens see token 3, but tokens 0, 1 and 2 do not, and the second example stays as "
    "it is.": (16, 1),
    "The tokens before token 3 are three, but they do not see it. Count token 3 and those after "
    "it.": (3, 1),
    "The second example stays as it is: of its eight outputs none can change.": (13, 1),
    "Tokens 3 to 7 are five, both ends counted.": (6, 1),
    "The feed-forward layer does not reach across tokens, and not across examples: one output "
    "can change.": (5, 16),
    "Not all 16: the second example stays as it is, attention has a mask, and the feed-forward "
    "layer works on each position alone.": (16, 16),
}  # fmt: skip


@exercise
def memory():
    """Weights of one hidden neuron that adds 1 to feature 2 where features 0 and 1 are 1."""
    return [1, 1, 0], -1, [0, 0, 1]


def _write(answer, x):
    w, b, v = answer
    w, v = np.asarray(w, dtype=float).reshape(3), np.asarray(v, dtype=float).reshape(3)
    return np.maximum(w @ x + float(b), 0) * v


memory.cases = tuple(
    (np.array(x),)
    for x in (
        (1.0, 1.0, 0.0),
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
        (0.0, 0.0, 0.0),
        (1.0, 1.0, -2.0),
        (1.0, 0.0, 3.0),
    )
)
memory.observe = _write
memory.form = "w, b, v: three numbers, one number, three numbers"
memory.hints = (
    "Which sum must the neuron see to fire, and which sums must leave it at 0?",
    "x_0 + x_1 is 2, 1 or 0. With b = −1 ReLU leaves 1 for the first and 0 for the others.",
    "v has a single entry that is not 0: the feature that is written.",
)
memory.mistakes = {
    "The neuron fires for one of the two features alone. A bias raises the bar.":
        ([1, 1, 0], 0, [0, 0, 1]),
    "The neuron never fires: with both features its pre-activation is 0.":
        ([1, 1, 0], -2, [0, 0, 1]),
    "The bias has the wrong sign: now the neuron fires for everything.": ([1, 1, 0], 1, [0, 0, 1]),
    "Only feature 0 is looked at.": ([1, 0, 0], 0, [0, 0, 1]),
    "Only feature 1 is looked at.": ([0, 1, 0], 0, [0, 0, 1]),
    "The neuron reads feature 2, which should not matter.": ([1, 1, 1], -1, [0, 0, 1]),
    "What was found is written into all features. Only feature 2 should change.":
        ([1, 1, 0], -1, [1, 1, 1]),
    "It writes where it reads. Feature 2 should change, and no other.": ([1, 1, 0], -1, [1, 1, 0]),
    "It writes half of what was asked: at x = (1, 1, 0) the neuron's activation is ½.":
        ([1, 1, 0], -1.5, [0, 0, 1]),
    "It writes into feature 0. Features count from 0: feature 2 is the last.":
        ([1, 1, 0], -1, [1, 0, 0]),
    "It writes into feature 1. Features count from 0: feature 2 is the last.":
        ([1, 1, 0], -1, [0, 1, 0]),
    "It writes −1 where 1 is asked for.": ([1, 1, 0], -1, [0, 0, -1]),
    "It writes twice as much as asked for: with both features the result should be 1.":
        ([1, 1, 0], -1, [0, 0, 2]),
    "The neuron fires for one of the two features too, and it reads feature 2, which should not "
    "matter.": ([1, 1, 1], 0, [0, 0, 1]),
    "The neuron reads feature 2, which should not matter, and with the two others alone it never "
    "fires.": ([1, 1, 1], -2, [0, 0, 1]),
    "With one of the two features the neuron still fires a little: the bar is too low.":
        ([1, 1, 0], -0.5, [0, 0, 1]),
}  # fmt: skip


@exercise
def gelu(x):
    """GELU with tanh, as GPT-2 computes it: any shape."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


Z_WIDE = np.array([[-3.0, -1.1, -0.4], [0.6, 1.5, 2.8]])
gelu.cases = (Z_WIDE,), (np.array([-2.2, -0.9, -0.05, 0.3, 1.3]),)
gelu.start = edit("x**3", "x**2")
gelu.hints = (
    "Φ(−x) = 1 − Φ(x). Is tanh of the given argument odd, as it must be for that?",
    "x + 0.044715 x² is not odd: it differs for x and −x by more than the sign. x³ is odd.",
)
gelu.mistakes = {
    "The constant 0.044715 in front of x³ is missing.": edit("0.044715 * ", ""),
    "The factor √(2/π) is missing.": edit("np.sqrt(2 / np.pi) * ", ""),
    "The root is missing: √(2/π), not 2/π.": edit("np.sqrt(2 / np.pi)", "2 / np.pi"),
    "That is √(π/2): the fraction is upside down.": edit("2 / np.pi", "np.pi / 2"),
    "The factor √(2/π) multiplies x alone. It belongs before the whole bracket.":
        edit("(x + 0.044715 * x**3)", "x + 0.044715 * x**3"),
    "The ½ is missing: the gate goes from 0 to 2.": edit("0.5 * ", ""),
    "The x in front is missing: that is the gate, which x has to pass.": edit("0.5 * x", "0.5"),
    "The 1 is missing: (1 + tanh u) / 2 is a gate, tanh u alone is negative for x < 0.":
        edit("1 + ", ""),
    "Half of the argument is lost: (1 + tanh u) / 2 is the sigmoid of 2u, not of u.":
        edit("np.tanh(", "np.tanh(0.5 * "),
    "The cubic term is missing. That is another approximation, and a coarser one.":
        edit(" + 0.044715 * x**3", ""),
    "The constant is 0.044715: one zero was lost.": edit("0.044715", "0.44715"),
    "That is the exact GELU, with erf. It is a little different; asked for is the form with tanh.":
        lambda x: 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))),
    "That is another approximation, x σ(1.702 x). Asked for is the form with tanh.":
        lambda x: x * _sigmoid(1.702 * x),
    "That is x σ(x), another function with a soft gate, called SiLU.": lambda x: x * _sigmoid(x),
    "x · |x| is odd, as it must be, but the formula has x³.": edit("x**3", "x * np.abs(x)"),
    "|x|³ is even, as x² is: it makes x and −x differ by more than the sign. x³ is odd.":
        edit("x**3", "np.abs(x) ** 3"),
    "Only x is to the power of 3: 0.044715 stands outside, 0.044715 * x**3.":
        edit("0.044715 * x**3", "(0.044715 * x) ** 3"),
    "That is √(2π). The formula has √(2/π).": edit("2 / np.pi", "2 * np.pi"),
    "π has slipped out of the root: √(2/π), not √2/π.":
        edit("np.sqrt(2 / np.pi)", "np.sqrt(2) / np.pi"),
    "The gate is turned round: 1 − tanh u is open for negative x. It is 1 + tanh u.":
        edit("1 + ", "1 - "),
    "½ x multiplies the 1 only. It belongs before the whole bracket, ½ x (1 + tanh u).":
        edit("0.5 * x * (1 + ", "(0.5 * x + "),
    "Negative x became 0. GELU goes a little below 0 there: mend the x², and leave no half out.":
        edit("x**3", "x**2", "0.5 * x", "np.maximum(x, 0) * 0.5"),
    "The sign before the x² was changed. The power is what is wrong: x³.":
        edit("x + 0.044715 * x**3", "x - 0.044715 * x**2"),
    "That is ReLU.": _relu,
}  # fmt: skip


@exercise
def quick_gelu_slope(x):
    """The slope of x · sigmoid(1.702 x): any shape."""
    s = 1 / (1 + np.exp(-1.702 * x))
    return s + 1.702 * x * s * (1 - s)


quick_gelu_slope.cases = (Z_WIDE,), (np.array([-2.2, -0.9, 0.3, 1.3]),)
quick_gelu_slope.hints = (
    "x stands in two places: in front, and inside the sigmoid. Each is a path.",
    "With s = σ(1.702 x): the first path gives s; in the second the slope of the sigmoid, s (1 − "
    "s), is multiplied by 1.702 and by the x in front.",
)
quick_gelu_slope.mistakes = {
    "The path through the sigmoid is missing: add x · 1.702 · s (1 − s).":
        edit(" + 1.702 * x * s * (1 - s)", ""),
    "The path through the factor x in front is missing: add s.": edit("s + ", ""),
    "The slope of 1.702 x is 1.702: that factor is missing.": edit("+ 1.702", "+ 1"),
    "The second path has lost the x in front.": edit("* s", "* s / x"),
    "The paths are subtracted. Add them.": edit("s +", "s -"),
    "The paths are multiplied. Paths add up.":
        lambda x: 1.702 * _sigmoid(1.702 * x) ** 2 * (1 - _sigmoid(1.702 * x)),
    "The slope of the sigmoid is s (1 − s): here the factor 1 − s is missing.": edit(" - s", ""),
    "The slope of the sigmoid is s (1 − s): here the factor s is missing.": edit(" * s", ""),
    "That is the slope of x σ(x). The 1.702 belongs into the sigmoid too.":
        edit("-1.702", "-1", "+ 1.702", "+ 1"),
    "That is the function itself. Its slope is asked for.": lambda x: x * _sigmoid(1.702 * x),
    "That is the slope of the gate σ(1.702 x) alone. y is x times the gate: two paths.":
        lambda x: 1.702 * _sigmoid(1.702 * x) * (1 - _sigmoid(1.702 * x)),
    "That is the slope of the sigmoid alone. y is x times a sigmoid of 1.702 x: two paths.":
        lambda x: _sigmoid(1.702 * x) * (1 - _sigmoid(1.702 * x)),
    "The slope of the x in front is 1, so its path gives s and not x.": edit("s +", "x +"),
    "The path through the x in front gives 1 times the sigmoid: s, and not 1.":
        lambda x: 1 + 1.702 * x * _sigmoid(1.702 * x) * (1 - _sigmoid(1.702 * x)),
    "1.702 belongs to the other path: it is the slope of what stands inside the sigmoid.":
        lambda x: _sigmoid(1.702 * x) * (1.702 + x * (1 - _sigmoid(1.702 * x))),
    "1.702 multiplies both paths. It belongs to the one through the sigmoid.":
        lambda x: 1.702 * _sigmoid(1.702 * x) * (1 + x * (1 - _sigmoid(1.702 * x))),
    "The second path has x², but y has the factor x once.": edit("* s", "* s * x"),
    "The second path takes the sigmoid of x. It is the sigmoid of 1.702 x there too.":
        edit("s * (1 - s", "_sigmoid(x) * (1 - _sigmoid(x)"),
    "The slope of the sigmoid is s (1 − s), not s (1 + s).": edit("- s", "+ s"),
    "That is the slope of ReLU.": lambda x: (x > 0) * 1.0,
}  # fmt: skip


@exercise
def residual_backward(dy, W):
    """The gradient for x, where y = x + x Wᵀ: (..., D), (D, D) to (..., D)."""
    return dy + dy @ W


def _lost_path(dy, W):
    return dy @ W


residual_backward.cases = (X_243 - 0.1, W_33), (X_33, V_33), (X_243[0], V_33)
residual_backward.start = _lost_path
residual_backward.hints = (
    "x reaches y along two paths. The given code follows one of them.",
    "The other path is x itself, with slope 1: dy comes through unchanged. Paths add up.",
)
residual_backward.mistakes = {
    "The path through the layer is lost: only x's own path is there.": lambda dy, W: dy * 1.0,
    "W is transposed. With rows as examples, the layer x @ W.T passes back dy @ W.":
        edit("W", "W.T"),
    "W is transposed, and x's own path is still missing: the layer x @ W.T passes back dy @ W, "
    "and dy comes through beside it.": lambda dy, W: dy @ W.T,
    "The mean of both paths is taken. Paths add up.": lambda dy, W: (dy + dy @ W) / 2,
    "The paths are multiplied. Paths add up.": lambda dy, W: dy * (dy @ W),
    "The slope of x's own path is 1, but it is multiplied by dy: add dy, not 1.":
        lambda dy, W: 1 + dy @ W,
    "dy is counted twice.": lambda dy, W: 2 * dy + dy @ W,
    "The paths are subtracted. Add them.": lambda dy, W: dy - dy @ W,
    "1 + W adds 1 to every number of W. The path of x is the identity matrix: np.eye(D) + W, or "
    "dy by itself.": lambda dy, W: dy @ (1 + W),
    "The sign of the path through x is wrong: y is x plus something.": lambda dy, W: dy @ W - dy,
    "The path through the layer is there twice, and x's own is missing.": edit("dy +", "dy @ W +"),
}  # fmt: skip


@exercise
def layer_norm(x, gamma, beta, eps):
    """Normalise each vector over its features, then scale and shift: (..., D) to (..., D)."""
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    x_hat = (x - mean) / np.sqrt(variance + eps)
    return gamma * x_hat + beta


GAMMA_3, BETA_3 = np.array([1.5, -0.7, 2.0]), np.array([0.1, 0.4, -0.3])


def _norm(x, gamma, beta, eps, axis=-1, ddof=0):
    mean = x.mean(axis=axis, keepdims=True)
    variance = x.var(axis=axis, keepdims=True, ddof=ddof)
    return (x - mean) / np.sqrt(variance + eps) * gamma + beta


layer_norm.cases = (
    (X_243, GAMMA_3, BETA_3, 0.1),
    (X_33, BETA_3 + 1, GAMMA_3, 0.03),
    (X_243[0], GAMMA_3, BETA_3, 0.05),
)
layer_norm.hints = (
    "Each vector alone: mean and variance run over the last axis. keepdims=True keeps it, so that "
    "they can be subtracted and divided.",
    "(x − mean) / √(variance + eps), then gamma times that, plus beta.",
)
layer_norm.mistakes = {
    "That divides by the variance. Take its square root.":
        edit("np.sqrt(variance", "(x.var(-1, keepdims=True)"),
    "gamma and beta are missing: scale and shift what was normalised.":
        edit("gamma * x_hat + beta", "x_hat"),
    "beta is missing.": edit(" + beta", ""),
    "gamma is missing.": edit("gamma * ", ""),
    "gamma multiplies beta too. Scale first, then shift.": edit("beta", "beta * gamma"),
    "gamma and beta are applied before the norm, which removes most of what they do.":
        lambda x, gamma, beta, eps: _norm(x * gamma + beta, 1, 0, eps),
    "Axis 0 is normalised: that is the batch. LayerNorm looks at the features of one vector.":
        lambda x, gamma, beta, eps: _norm(x, gamma, beta, eps, axis=0),
    "The axis of the tokens is normalised, so that tokens influence each other. Features are the "
    "last axis.": lambda x, gamma, beta, eps: _norm(x, gamma, beta, eps, axis=-2),
    "One mean and one variance for the whole array: each vector needs its own.":
        lambda x, gamma, beta, eps: _norm(x, gamma, beta, eps, axis=None),
    "eps stands outside the root. It belongs to the variance: √(variance + eps).":
        edit("np.sqrt(variance", "(x.std(-1, keepdims=True)"),
    "eps is missing.": edit(" + eps", ""),
    "The variance divides by D − 1 (ddof=1). The norm describes these D numbers, and divides by "
    "D.": lambda x, gamma, beta, eps: _norm(x, gamma, beta, eps, ddof=1),
    "eps is added to the standard deviation, and a second root is taken: √(variance + eps).":
        edit("(variance", "(np.sqrt(variance)"),
    "gamma and beta are swapped: gamma multiplies, beta is added.":
        lambda x, gamma, beta, eps: _norm(x, beta, gamma, eps),
    "That is multiplied by the standard deviation. Divide by it.": edit("mean) / np", "mean) * np"),
    "Each feature is normalised over all tokens and examples: that is batch normalisation. "
    "LayerNorm looks at the features of one vector.":
        lambda x, gamma, beta, eps: _norm(x, gamma, beta, eps, axis=tuple(range(x.ndim - 1))),
    "The mean is not subtracted.": edit("= (x - mean", "= (x"),
    "That divides by the root mean square of x and subtracts no mean: it is RMSNorm, a relative "
    "of LayerNorm.": edit("x_hat +", "x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) +"),
    "The sum was divided by nothing: the variance is a mean of squares, not their sum.":
        edit("mean) ** 2).mean", "x.mean(-1, keepdims=True)) ** 2).sum"),
    "That divides by the variance, and gamma and beta are missing: take the root, then scale and "
    "shift.":
        edit("np.sqrt(variance", "(x.var(-1, keepdims=True)", "gamma * x_hat + beta", "x_hat"),
    "That divides by the variance, and eps is missing: √(variance + eps).":
        edit("np.sqrt(variance + eps)", "variance"),
    "eps stands outside the root, and gamma and beta are missing.":
        edit("np.sqrt(variance", "(x.std(-1, keepdims=True)", "gamma * x_hat + beta", "x_hat"),
    "eps is missing, and so are gamma and beta.": lambda x, gamma, beta, eps: _norm(x, 1, 0, 0),
    "eps is squared. It is added as it is: √(variance + eps).": edit("eps", "eps**2"),
    "eps is subtracted. It is added, so that the root is never 0.": edit("eps", "-eps"),
    "eps has a root of its own. It is added to the variance, under one root.":
        edit("np.sqrt(variance + eps", "(x.std(-1, keepdims=True) + eps**0.5"),
    "eps is added to the result, and not under the root: a bracket is missing.":
        lambda x, gamma, beta, eps: _norm(x, gamma, beta + eps, 0),
    "beta is subtracted. It is added.": edit("beta", "-beta"),
    "Only the mean is divided by the root: put x − mean in brackets.": (
        lambda x, gamma, beta, eps: (
            gamma * (x - x.mean(-1, keepdims=True) / np.sqrt(x.var(-1, keepdims=True) + eps)) + beta
        )
    ),
    "Axis 1 is normalised. In (N, T, D) that is the axis of the tokens: take the last, -1.":
        lambda x, gamma, beta, eps: _norm(x, gamma, beta, eps, axis=1),
    "The mean has lost its axis, and is subtracted along another one: keepdims=True.":
        edit("x_hat +", "(x - x.mean(-1)) / np.sqrt(x.var(-1) + eps) +"),
}  # fmt: skip


@exercise
def scale_and_shift_gradients(dy, x_hat):
    """The gradients of gamma and beta: (..., D), (..., D) to (D,) and (D,)."""
    leading = tuple(range(dy.ndim - 1))
    return (dy * x_hat).sum(axis=leading), dy.sum(axis=leading)


DY_243 = np.round(np.cos(1.7 * np.arange(24)).reshape(2, 4, 3), 2)
DY_33 = np.array([[0.2, -0.5, 0.31], [-0.4, 0.7, 0.1], [0.6, 0.13, -0.9]])


def _x_hat(x, eps):
    return _norm(x, 1, 0, eps)


scale_and_shift_gradients.cases = (
    (DY_243, _x_hat(X_243, 0.1)),
    (DY_33, _x_hat(X_33, 0.03)),
    (DY_243[1], _x_hat(X_243[0], 0.05)),
)
scale_and_shift_gradients.hints = (
    "gamma_j is used at every position of every example. What do contributions do?",
    "They add up over all axes but the last. y = gamma * x_hat + beta: the slope for gamma_j is "
    "x_hat, that for beta_j is 1.",
    "dy.reshape(-1, dy.shape[-1]) makes one long list of positions.",
)
scale_and_shift_gradients.mistakes = {
    "Only axis 0 is added up. Positions count too: every axis but the last.":
        edit("dy.ndim - ", ""),
    "The features are added up. Each feature has its own gamma and beta.":
        lambda dy, x_hat: ((dy * x_hat).sum(axis=-1), dy.sum(axis=-1)),
    "That is the mean over the positions. The 1/N is in dy already; contributions add up.": (
        lambda dy, x_hat: (
            (dy * x_hat).reshape(-1, dy.shape[-1]).mean(axis=0),
            dy.reshape(-1, dy.shape[-1]).mean(axis=0),
        )
    ),
    "Those are the right arrays in the wrong order: gamma's first.": (
        lambda dy, x_hat: (
            dy.reshape(-1, dy.shape[-1]).sum(axis=0),
            (dy * x_hat).reshape(-1, dy.shape[-1]).sum(axis=0),
        )
    ),
    "gamma's gradient has lost its factor x_hat.": edit(" * x_hat", ""),
    "beta's gradient has a factor x_hat. The slope of y for beta is 1.":
        edit(", dy", ", (dy * x_hat)"),
    "The sums are multiplied, not the products added up: multiply at each position first.":
        edit("dy *", "dy.reshape(-1, dy.shape[-1]).sum(axis=0) *"),
    "beta's gradient is the sum of dy, not of ones: each slope of 1 is multiplied by dy.":
        edit("dy.sum(axis=leading", "np.ones(dy.shape[-1]"),
    "The sums are divided by the number of examples. The 1/N is in dy already.": (
        lambda dy, x_hat: (
            (dy * x_hat).reshape(-1, dy.shape[-1]).sum(axis=0) / len(dy),
            dy.reshape(-1, dy.shape[-1]).sum(axis=0) / len(dy),
        )
    ),
    "Axis -2 alone is added up. Examples count too: every axis but the last.":
        lambda dy, x_hat: ((dy * x_hat).sum(axis=-2), dy.sum(axis=-2)),
    "Axes 0 and 1 are added up, which is right for (N, T, D) only. For (T, D) that takes the "
    "features too: every axis but the last.": edit("range(dy.ndim -", "(0,"),
    "gamma's gradient has lost its factor dy: x_hat is the slope alone.": edit("dy * ", ""),
    "A product of matrices brings every feature together with every other. gamma_j meets "
    "feature j alone: multiply element by element, then add up.": (
        lambda dy, x_hat: (
            dy.reshape(-1, dy.shape[-1]).T @ x_hat.reshape(-1, dy.shape[-1]),
            dy.reshape(-1, dy.shape[-1]).sum(axis=0),
        )
    ),
    "Nothing is added up: a gradient has the shape of gamma.": lambda dy, x_hat: (dy * x_hat, dy),
    "Everything is added together. Each feature has its own gamma and beta.":
        edit("ndim - 1))", "ndim))"),
}  # fmt: skip


@exercise
def layer_norm_backward(dx_hat, x_hat, s):
    """The gradient of x: (..., D), (..., D), (..., 1) to (..., D)."""
    mean = dx_hat.mean(axis=-1, keepdims=True)
    along = (dx_hat * x_hat).mean(axis=-1, keepdims=True)
    return (dx_hat - mean - x_hat * along) / s


def _root(x, eps):
    return np.sqrt(x.var(axis=-1, keepdims=True) + eps)


def _mean(x, axis=-1):
    return x.mean(axis=axis, keepdims=True)


layer_norm_backward.cases = (
    (DY_243, _x_hat(X_243, 0.1), _root(X_243, 0.1)),
    (DY_33, _x_hat(X_33, 0.03), _root(X_33, 0.03)),
    (DY_243[1], _x_hat(X_243[0], 0.05), _root(X_243[0], 0.05)),
)
layer_norm_backward.hints = (
    "Three paths lead from x to x_hat: directly, through the mean, and through s.",
    "The second takes the mean of dx_hat away, the third x_hat times the mean of dx_hat * x_hat.",
    "Means over the last axis with keepdims=True, and all three are divided by s.",
)
layer_norm_backward.mistakes = {
    "The path through the mean is missing: subtract the mean of dx_hat.": edit(" - mean", ""),
    "The path through s is missing: subtract x_hat times the mean of dx_hat * x_hat.":
        edit(" - x_hat * along", ""),
    "Only the direct path is there. The mean and s depend on x too.":
        lambda dx_hat, x_hat, s: dx_hat / s,
    "Nothing is divided by s.": edit("/ s", "/ s * s"),
    "Only the last term is divided by s: brackets.": edit("dx_hat - mean", "(dx_hat - mean) * s"),
    "Only the first term is divided by s: brackets.":
        lambda dx_hat, x_hat, s: dx_hat / s - _mean(dx_hat) - x_hat * _mean(dx_hat * x_hat),
    "That is multiplied by s. x was divided by s forwards, and so is its gradient.":
        edit("along) / s", "along) * s"),
    "That is divided by s². s is the standard deviation, and divides once.": edit("/ s", "/ s**2"),
    "That is divided by √s. s is the root already.": edit("/ s", "/ np.sqrt(s)"),
    "That is divided by the number of examples. Each vector is normalised alone, and 1/N is in "
    "the loss.": edit("/ s", "/ s / len(s)"),
    "The means run over the batch, axis 0. They belong to one vector: the last axis.":
        lambda dx_hat, x_hat, s: (dx_hat - _mean(dx_hat, 0) - x_hat * _mean(dx_hat * x_hat, 0)) / s,
    "The means run over the tokens. They belong to one vector: the last axis.": (
        lambda dx_hat, x_hat, s: (
            (dx_hat - _mean(dx_hat, -2) - x_hat * _mean(dx_hat * x_hat, -2)) / s
        )
    ),
    "Those are sums over the features where means belong: the 1/D is missing.": (
        lambda dx_hat, x_hat, s: (
            (
                dx_hat
                - dx_hat.sum(-1, keepdims=True)
                - x_hat * (dx_hat * x_hat).sum(-1, keepdims=True)
            )
            / s
        )
    ),
    "The path through s has a sum over the features where a mean belongs: the 1/D is missing.": (
        lambda dx_hat, x_hat, s: (
            (dx_hat - _mean(dx_hat) - x_hat * (dx_hat * x_hat).sum(-1, keepdims=True)) / s
        )
    ),
    "The means run over the whole array. Each vector has its own: the last axis.":
        lambda dx_hat, x_hat, s: (dx_hat - dx_hat.mean() - x_hat * (dx_hat * x_hat).mean()) / s,
    "The last path goes along x_hat: multiply its mean by x_hat.":
        edit("- x_hat", "- x_hat / x_hat"),
    "The last path goes along x_hat, and here along dx_hat.": edit("- x_hat", "- dx_hat"),
    "The paths through the mean and through s are added. Both take away.":
        lambda dx_hat, x_hat, s: (dx_hat + _mean(dx_hat) + x_hat * _mean(dx_hat * x_hat)) / s,
    "The path through s is added. A longer vector is divided by more: it takes away.":
        edit("mean -", "mean +"),
}  # fmt: skip


@exercise
def missing_parts():
    """Which part is missing in stack A, and which in stack B."""
    return "norm", "residual"


missing_parts.hints = (
    "Which part keeps the stream from growing? Which part keeps what a token was before attention "
    "averaged it?",
    "In A the stream has grown more than ten times in eight blocks. In B its size is fine, and "
    "all tokens have become one and the same mean.",
)
missing_parts.mistakes = {
    "The other way round: a norm would stop the growth of A, and adding to what is there would "
    "keep the tokens of B apart.": ("residual", "norm"),
    "A is right. B's sizes are fine, so its norms are there; but its tokens were averaged away, "
    "and nothing kept what they had been.": ("norm", "norm"),
    "B is right. In A sizes grow without end, and adding alone never shrinks anything.":
        ("residual", "residual"),
    "A is right. Without the activation B would compute less, but its tokens would still be told "
    "apart.": ("norm", "activation"),
    "A is right. With a mask or without one, attention takes means. In B nothing keeps what a "
    "token was before.": ("norm", "mask"),
    "B is right. The activation does not keep the stream of A small: GELU grows like x.":
        ("activation", "residual"),
    "B is right. The mask decides who sees whom. It does not make the stream of A grow.":
        ("mask", "residual"),
    "Neither. In A sizes grow without end: what would set them back? In B the tokens have become "
    "one mean: what would keep them apart?": ("activation", "norm"),
    "Neither. The mask decides who sees whom, and nothing else; and B's sizes are fine, so its "
    "norms are there.": ("mask", "norm"),
    "A has its residual connections, or it would not grow. And in B a mask would not keep tokens "
    "apart: attention takes means with it too.": ("residual", "mask"),
    "A has its residual connections, or it would not grow. And in B an activation would not "
    "bring back what the means have mixed.": ("residual", "activation"),
}  # fmt: skip


@exercise
def pre_norm_block(x, norm_1, attend, norm_2, think):
    """Attend, then think, each normalised first and added to the stream: any (..., T, D)."""
    x = x + attend(norm_1(x))
    return x + think(norm_2(x))


def norm_1(x):
    return (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 0.1)


def attend(x):
    return np.cumsum(x, axis=-2) / np.arange(1, x.shape[-2] + 1)[:, None]


def norm_2(x):
    return norm_1(x) * np.array([1.5, -0.7, 2.0]) + 0.2


def think(x):
    return np.tanh(x @ np.array([[1.0, 2.0, 0.2], [-1.0, 0.5, 3.0], [0.4, -2.0, 1.5]]))


pre_norm_block.cases = tuple((x, norm_1, attend, norm_2, think) for x in (X_243, X_33, X_243[1]))
pre_norm_block.hints = (
    "Two steps, one for each half of the block. Each adds something to x.",
    "Pre-norm: what is added is layer(norm(x)). The second half reads what the first has made.",
)
pre_norm_block.mistakes = {
    "Both residual connections are missing: each half replaces x instead of adding to it.":
        edit("x + attend", "attend", "x + think", "think"),
    "The first residual connection is missing: attention adds to x.": edit("x + attend", "attend"),
    "The second residual connection is missing: the feed-forward layer adds to the stream.":
        edit("x + think", "think"),
    "The second half adds to the x from before attention: what attention added is lost.":
        lambda x, norm_1, attend, norm_2, think: x + think(norm_2(x + attend(norm_1(x)))),
    "That is post-norm: the norm comes after the sum. Pre-norm normalises what a layer reads.": (
        lambda x, norm_1, attend, norm_2, think: norm_2(
            norm_1(x + attend(x)) + think(norm_1(x + attend(x)))
        )
    ),
    "The norms stand on the stream itself, so that x does not pass untouched. Add to x, not to "
    "norm(x).": (
        lambda x, norm_1, attend, norm_2, think: (
            norm_2(norm_1(x) + attend(norm_1(x))) + think(norm_2(norm_1(x) + attend(norm_1(x))))
        )
    ),
    "The norms come after the layers. In pre-norm they come before: layer(norm(x)).": (
        lambda x, norm_1, attend, norm_2, think: (
            x + norm_1(attend(x)) + norm_2(think(x + norm_1(attend(x))))
        )
    ),
    "The norms are missing.": edit("norm_2(x)", "x", "norm_1(x)", "x"),
    "The second norm is missing.": edit("norm_2(x)", "x"),
    "The first norm is missing.": edit("norm_1(x)", "x"),
    "The first norm is used twice. Each half has its own.": edit("norm_2", "norm_1"),
    "The two norms are swapped.": (
        lambda x, norm_1, attend, norm_2, think: (
            x + attend(norm_2(x)) + think(norm_1(x + attend(norm_2(x))))
        )
    ),
    "Both halves read the same x, side by side. The feed-forward layer should see what attention "
    "has gathered.":
        lambda x, norm_1, attend, norm_2, think: x + attend(norm_1(x)) + think(norm_2(x)),
    "The feed-forward layer comes first. Gather, then think.": (
        lambda x, norm_1, attend, norm_2, think: (
            x + think(norm_2(x)) + attend(norm_1(x + think(norm_2(x))))
        )
    ),
    "The feed-forward layer reads what attention gave, and not the stream with it added.":
        lambda x, norm_1, attend, norm_2, think: x + think(norm_2(attend(norm_1(x)))),
    "x itself is normalised first, and attention adds to that. Add to x, not to norm_1(x).": (
        lambda x, norm_1, attend, norm_2, think: (
            norm_1(x) + attend(norm_1(x)) + think(norm_2(norm_1(x) + attend(norm_1(x))))
        )
    ),
    "x is added twice. The second half adds to the stream, which has x in it.": (
        lambda x, norm_1, attend, norm_2, think: (
            x + x + attend(norm_1(x)) + think(norm_2(x + attend(norm_1(x))))
        )
    ),
    "The second half adds to norm_2 of the stream. Add to the stream itself.": (
        lambda x, norm_1, attend, norm_2, think: (
            norm_2(x + attend(norm_1(x))) + think(norm_2(x + attend(norm_1(x))))
        )
    ),
    "The feed-forward layer reads what attention gave, and not the stream: norm_2 belongs to x "
    "and that together.": (
        lambda x, norm_1, attend, norm_2, think: (
            x + attend(norm_1(x)) + think(norm_2(attend(norm_1(x))))
        )
    ),
    "The stream is normalised once more after the second half. In pre-norm no norm stands on "
    "the stream.": (
        lambda x, norm_1, attend, norm_2, think: norm_2(
            x + attend(norm_1(x)) + think(norm_2(x + attend(norm_1(x))))
        )
    ),
    "Each half has two norms, one before the layer and one on the stream after it. Pre-norm has "
    "the first alone.": (
        lambda x, norm_1, attend, norm_2, think: norm_2(
            norm_1(x + attend(norm_1(x))) + think(norm_2(norm_1(x + attend(norm_1(x)))))
        )
    ),
    "Norms and residual connections are missing.":
        lambda x, norm_1, attend, norm_2, think: think(attend(x)),
    "What a layer gives is multiplied, not added: a plus sign joins it to the stream.":
        edit("= x +", "= x *", "+ think", "* think"),
    "Only the first half is there, with its norm after the sum, as in post-norm.":
        lambda x, norm_1, attend, norm_2, think: norm_1(x + attend(x)),
    "Only the first half is there.": edit(" + think(norm_2(x))", ""),
}  # fmt: skip


@exercise
def block_parameters(d):
    """How many numbers the block of width D learns."""
    weights = 3 * d * d + d * d + 4 * d * d + 4 * d * d
    biases = 3 * d + d + 4 * d + d
    return weights + biases + 4 * d


block_parameters.cases = (6,), (768,)
block_parameters.hints = (
    "A Dense layer from D_in to D_out has D_in · D_out weights and D_out biases. There are four: "
    "qkv, out, and two of the feed-forward layer.",
    "qkv goes from D to 3D, out from D to D, then D to 4D and 4D to D. A norm has gamma and beta, "
    "D numbers each, and there are two norms.",
)
block_parameters.mistakes = {
    "Those are the weights. Biases and norms are missing.": lambda d: 12 * d * d,
    "The norms are missing: two of them, with gamma and beta.": lambda d: 12 * d * d + 9 * d,
    "The biases of the Dense layers are missing.": edit(" + biases", ""),
    "2 D are missing: there are two norms, each with gamma and beta.": edit("3 * d +", "d +"),
    "out is missing, the Dense layer after the heads.": lambda d: 11 * d * d + 12 * d,
    "qkv makes queries, keys and values: three times D.": lambda d: 10 * d * d + 11 * d,
    "The hidden layer has 4 D neurons, not D.": lambda d: 6 * d * d + 10 * d,
    "That is attention alone. The feed-forward layer and the norms are missing.":
        lambda d: 4 * d * d + 4 * d,
    "That is attention and its norm. The feed-forward layer and its norm are missing.":
        lambda d: 4 * d * d + 6 * d,
    "That is the feed-forward layer alone. Attention and the norms are missing.":
        lambda d: 8 * d * d + 5 * d,
    "That counts three norms. The final LayerNorm stands after the last block and is part of "
    "none.": lambda d: 12 * d * d + 15 * d,
    "D are missing: each Dense layer that writes D features has a bias of D numbers, and there "
    "are two.": lambda d: 12 * d * d + 12 * d,
    "Each of gamma, beta and the biases is counted as one number, not D of them.":
        lambda d: 12 * d * d + 13,
    "Those are FLOPs and biases mixed: a weight is one parameter, though it costs two FLOPs.":
        lambda d: 24 * d * d + 13 * d,
    "A Dense layer from D to D has D² weights, not D.": lambda d: 12 * d + 13 * d,
    "The bias of the hidden layer has 4 D numbers.": edit("3 * d + ", ""),
}  # fmt: skip


@exercise
def block_flops(t, d):
    """The FLOPs of one forward pass of T tokens through a block of width D."""
    dense_layers = 2 * (3 * d * d + d * d + 4 * d * d + 4 * d * d)
    scores_and_sums = 2 * t * d + 2 * t * d
    return t * (dense_layers + scores_and_sums)


block_flops.cases = (10, 6), (1024, 768)
block_flops.hints = (
    "Each weight of the four Dense layers is used once a token, and one use is one multiplication "
    "and one addition.",
    "That gives 2 · 12 D² a token. Beside it, each token has T scores, each a dot product over "
    "all D features of its heads, and T values to add up.",
    "Scores cost 2 T D a token, and so do the sums. Then take it T times.",
)
block_flops.mistakes = {
    "A multiplication and an addition count as two.": lambda t, d: 12 * t * d * d + 2 * t * t * d,
    "That is for one token. There are T.": lambda t, d: 24 * d * d + 4 * t * d,
    "Scores and sums of values are missing: they cost 4 T D a token.": lambda t, d: 24 * t * d * d,
    "Each of the T tokens has T scores: that part grows with T².":
        lambda t, d: 24 * t * d * d + 4 * t * d,
    "2 T² D are missing: scores and sums of values are two products, and each multiplication has "
    "an addition.": edit(" + 2 * t * d", ""),
    "out is missing, the Dense layer after the heads.": edit(" + d * d", ""),
    "qkv makes queries, keys and values: three times D.":
        lambda t, d: 20 * t * d * d + 4 * t * t * d,
    "The hidden layer has 4 D neurons, not D.": lambda t, d: 12 * t * d * d + 4 * t * t * d,
    "That counts the feed-forward layer alone.": lambda t, d: 16 * t * d * d,
    "A Dense layer from D to D has D² weights, and each is used once a token: D² there, not D.":
        lambda t, d: 24 * t * d + 4 * t * t * d,
    "The Dense layers are counted for one token. Each of the T tokens goes through them.":
        lambda t, d: 24 * d * d + 4 * t * t * d,
    "A multiplication and an addition count as two, and scores and sums of values are missing.":
        lambda t, d: 12 * t * d * d,
    "The Dense layers work on each token alone: T of them, and not T².":
        lambda t, d: 24 * t * t * d * d + 4 * t * t * d,
    "Those are parameters. A FLOP is a multiplication or an addition.":
        lambda t, d: 12 * d * d + 13 * d,
    "Scores cost 2 T² D, and so do the sums of values: 4 T² D, not 8.":
        lambda t, d: 24 * t * d * d + 8 * t * t * d,
    "That counts attention alone.": lambda t, d: 8 * t * d * d + 4 * t * t * d,
    "The half that the mask hides is left out. All T² scores are computed, and then hidden.":
        edit("= 2 * t", "= 2"),
    "Every parameter is counted as a weight of a Dense layer. Biases and norms are left out.":
        lambda t, d: 2 * t * (12 * d * d + 13 * d) + 4 * t * t * d,
    "A score needs all D features, and a sum of values too: D is missing.":
        lambda t, d: 24 * t * d * d + 4 * t * t,
}  # fmt: skip
