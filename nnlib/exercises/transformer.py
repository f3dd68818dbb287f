"""Exercises of chapter 11: the feed-forward layer, GELU, LayerNorm, residuals, and the block."""

import copy
import math

import numpy as np

from nnlib.backprop import Dense, Layer, Sequential
from nnlib.descent import cross_entropy
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
from nnlib.matrices import softmax
from nnlib.neuron import relu, sigmoid
from nnlib.training import Adam
from nnlib.transformer import GELU, LayerNorm, Residual

VECTOR = "a vector has no rows and columns to swap"

# Two examples of four tokens with three features; and as many of each, where wrong products fit.
X_243, X_33 = normal(2, 4, 3, seed=1), normal(3, 3, seed=2)
W_33, V_33 = normal(3, 3, seed=3), normal(3, 3, seed=4)


@exercise
def feed_forward(x, W1, b1, W2, b2):
    """Two Dense layers with ReLU between: (..., D) to (..., D), through W1 of (hidden, D)."""
    hidden = np.maximum(x @ W1.T + b1, 0)
    return hidden @ W2.T + b2


feed_forward.cases = (
    (X_243, *(normal(5, 3, seed=5), normal(5, seed=6), normal(3, 5, seed=7), normal(3, seed=8))),
    (X_33, W_33, normal(3, seed=9), V_33, normal(3, seed=10)),
)
feed_forward.hints = (
    "Features are the last axis, so the same two layers serve x of any number of axes.",
    "A layer is x @ W.T + b. ReLU, np.maximum(z, 0), stands between the two.",
)
feed_forward.mistakes = {
    "ReLU is missing: two layers without it are one.":
        edit("np.maximum(x @ W1.T + b1, 0)", "x @ W1.T + b1"),
    "There is a ReLU at the end too. What is written may be negative: only the hidden layer has "
    "one.": edit("hidden @ W2.T + b2", "relu(hidden @ W2.T + b2)"),
    "ReLU stands at the end. It belongs between the two layers.":
        lambda x, W1, b1, W2, b2: relu((x @ W1.T + b1) @ W2.T + b2),
    "ReLU is applied to x. It belongs between the two layers.":
        edit("np.maximum(x @ W1.T + b1, 0)", "relu(x) @ W1.T + b1"),
    "b1 is missing.": edit(" + b1", ""),
    "b2 is missing.": edit(" + b2", ""),
    "Both biases are missing.": edit(" + b1", "", " + b2", ""),
    "b1 is added after ReLU. It belongs to the pre-activation.": edit("b1, 0)", "b1, 0 + b1)"),
    "The transposes are missing: a layer is x @ W.T + b.": edit("W1.T", "W1", "W2.T", "W2"),
    "W1 is not transposed: rows of W1 are neurons, x @ W1.T + b1.": edit("W1.T", "W1"),
    "W2 is not transposed: rows of W2 are neurons, hidden @ W2.T + b2.": edit("W2.T", "W2"),
    "x is added to the result. That is a residual connection: later.": edit("b2", "b2 + x"),
    "The hidden layer is the result. A second one leads back to D.": edit(" @ W2.T + b2", ""),
    "The activation function is a sigmoid. ReLU is asked for: np.maximum(z, 0).":
        edit("np.maximum(x @ W1.T + b1, 0)", "sigmoid(x @ W1.T + b1)"),
    "The activation function is tanh. ReLU is asked for: np.maximum(z, 0).":
        edit("np.maximum(x @ W1.T + b1, 0)", "np.tanh(x @ W1.T + b1)"),
    "ReLU is turned round: it keeps what is positive, np.maximum.": edit("maximum", "minimum"),
    "np.max(z, 0) is the largest along axis 0. That is np.maximum(z, 0).": edit("maximum", "max"),
    "Signs are lost: that is the absolute value. ReLU makes a negative number 0, np.maximum(z, "
    "0).": edit("np.maximum(x @ W1.T + b1, 0)", "np.abs(x @ W1.T + b1)"),
    "A neuron that fires gives 1, as a step does. ReLU gives the pre-activation itself.":
        edit("np.maximum(x @ W1.T + b1, 0)", "(x @ W1.T + b1 > 0)"),
    "That is np.maximum(z, 1). ReLU compares with 0.": edit("b1, 0)", "b1, 1)"),
    "Only the first layer is there, and without ReLU.": lambda x, W1, b1, W2, b2: x @ W1.T + b1,
    "Positions are averaged. Each has a result of its own.":
        edit("hidden @ W2.T + b2", "(hidden @ W2.T + b2).mean(axis=-2)"),
}  # fmt: skip
feed_forward.equivalents = {
    "hidden = np.maximum(x @ W1.T + b1.T, 0)": VECTOR,
    "return hidden @ W2.T + b2.T": VECTOR,
}


@exercise
def reach():
    """How many output vectors can change, after causal attention and after the feed-forward."""
    return 5, 1


reach.hints = (
    "In causal attention a token sees itself and the tokens before it. Who sees token 3?",
    "Tokens 3, 4, 5, 6 and 7 see token 3. And in the feed-forward layer each sees itself.",
)
reach.reason = (
    "Token 3 and the four after it see token 3 in causal attention, both ends counted: tokens 3 to "
    "7 are five. The other example has nothing to do with it. The feed-forward layer takes each "
    "token alone, so only the output of token 3 can change."
)
reach.mistakes = {
    "The causal mask is forgotten: tokens 0, 1 and 2 never see token 3.": (8, 1),
    "Who sees token 3? Token 3 itself, and all after it, up to token 7. Count again.": (4, 1),
    "The feed-forward layer looks at each position alone: only one output can change.": (5, 5),
    "The second number is too large: in feed-forward no other position is touched.": (5, 8),
    "Examples of a batch never see each other: the second example stays as it is.": (10, 2),
    "The second example stays as it is, and other positions in feed-forward too.": (5, 2),
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
    "The second example stays as it is: of its outputs none can change.": (10, 1),
}


@exercise
def memory():
    """Weights of one hidden neuron that adds 1 to feature 2 where features 0 and 1 are 1."""
    return [1, 1, 0], -1, [0, 0, 1]


def _write(answer, x):
    w, b, v = answer
    w, b, v = (np.reshape(part, n).astype(float) for part, n in ((w, 3), (b, ()), (v, 3)))
    return np.maximum(w @ x + b, 0) * v


memory.cases = tuple(
    (np.array(x, dtype=float),)
    for x in (
        *((1, 1, 0), (1, 0, 0), (0, 1, 0), (0, 0, 0)),
        *((1, 1, -2), (1, 0, 3), (0, 1, -40), (0, 0, 40)),
    )
)
memory.observe = _write
memory.form = "w, b, v: three numbers, one number, three numbers"
memory.hints = (
    "Which sum must the neuron see to fire, and which sums must leave it at 0?",
    "x_0 + x_1 is 2, 1 or 0. With b = −1 ReLU leaves 1 for the first and 0 for the others.",
    "v has a single entry that is not 0: the feature that is written.",
)
memory.reason = (
    "w @ x + b is x_0 + x_1 − 1: 1 if both are 1, and 0 or −1 otherwise, of which ReLU makes 0. "
    "The weight of feature 2 is 0, so that feature does not matter. v writes what is left into "
    "feature 2 and nothing elsewhere."
)
memory.mistakes = {
    "The neuron fires with one of the two features alone, and twice as much with both. Make b "
    "smaller.": ([1, 1, 0], 0, [0, 0, 1]),
    "Nothing is written: with both features the pre-activation is not above 0, or v is 0.":
        ([1, 1, 0], -2, [0, 0, 1]),
    "The bias has the wrong sign: now the neuron fires for everything.": ([1, 1, 0], 1, [0, 0, 1]),
    "Only feature 0 is looked at.": ([1, 0, 0], 0, [0, 0, 1]),
    "Only feature 1 is looked at.": ([0, 1, 0], 0, [0, 0, 1]),
    "The neuron reads feature 2, which should not matter.": ([1, 1, 1], -1, [0, 0, 1]),
    "What was found is written everywhere. Change feature 2 only.": ([1, 1, 0], -1, [1, 1, 1]),
    "It writes where it reads. Feature 2 should change, and no other.": ([1, 1, 0], -1, [1, 1, 0]),
    "It writes half of what was asked: at x = (1, 1, 0) the activation is ½, or v is.":
        ([1, 1, 0], -1.5, [0, 0, 1]),
    "It writes into feature 0. Counted from 0, 2 is the last.": ([1, 1, 0], -1, [1, 0, 0]),
    "It writes into feature 1. Counted from 0, 2 is the last.": ([1, 1, 0], -1, [0, 1, 0]),
    "It writes −1 where 1 is asked for.": ([1, 1, 0], -1, [0, 0, -1]),
    "It writes twice as much. It should write 1.": ([1, 1, 0], -1, [0, 0, 2]),
    "The neuron fires for one of the two features too, and it reads feature 2, which should not "
    "matter.": ([1, 1, 1], 0, [0, 0, 1]),
    "The neuron reads feature 2, which should not matter, and with the two others alone it never "
    "fires.": ([1, 1, 1], -2, [0, 0, 1]),
    "With one feature alone it still fires a little. Make b smaller.": ([1, 1, 0], -0.5, [0, 0, 1]),
}  # fmt: skip


@exercise
def gelu(x):
    """GELU with tanh, as GPT-2 computes it: any shape."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


Z_WIDE = np.array([[-3.0, -1.1, -0.4], [0.6, 1.5, 2.8]])
gelu.cases = (Z_WIDE,), (np.array([-2.2, -0.9, -0.05, 0.3, 1.3]),)
gelu.start = edit("x**3", "x**2")
gelu.hints = (
    "Φ(−x) = 1 − Φ(x). So tanh of the argument must be odd: for −x the same as for x, but for the "
    "sign. Is it?",
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
    "The 1 is missing: (1 + tanh u) / 2 is a gate, tanh u goes below 0.": edit("1 + ", ""),
    "Half of the argument is lost: (1 + tanh u) / 2 is the sigmoid of 2u, not of u.":
        edit("np.tanh(", "np.tanh(0.5 * "),
    "The argument is doubled: ½ (1 + tanh u) and σ(2u) are the same gate, and only in the second "
    "form stands a 2.": edit("np.tanh(", "np.tanh(2 * "),
    "The cubic term is missing. That is a coarser approximation.": edit(" + 0.044715 * x**3", ""),
    "The constant is 0.044715: one zero was lost.": edit("0.044715", "0.44715"),
    "That is the exact GELU, with erf. It is a little different; asked for is the form with tanh.":
        lambda x: 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))),
    "That is another approximation, x σ(1.702 x). Asked for is the form with tanh.":
        lambda x: x * sigmoid(1.702 * x),
    "That is x σ(x), another function with a soft gate, called SiLU.": lambda x: x * sigmoid(x),
    "x · |x| is odd, as it must be, but the formula has x³.": edit("x**3", "x * np.abs(x)"),
    "|x|³ is even, as x² is: it makes x and −x differ by more than the sign. x³ is odd.":
        edit("x**3", "np.abs(x) ** 3"),
    "Only x is to the power of 3: 0.044715 stands outside, 0.044715 * x**3.":
        edit("0.044715 * x**3", "(0.044715 * x) ** 3"),
    "That is √(2π). The formula has √(2/π).": edit("2 / np.pi", "2 * np.pi"),
    "π slipped out of the root: √(2/π), not √2/π.":
        edit("np.sqrt(2 / np.pi)", "np.sqrt(2) / np.pi"),
    "The gate is turned round: open for negative x. It is 1 + tanh u.": edit("1 + ", "1 - "),
    "½ x multiplies the 1 only. It belongs before the whole bracket, ½ x (1 + tanh u).":
        edit("0.5 * x * (1 + ", "(0.5 * x + "),
    "Negative x became 0. GELU goes a little below 0 there: mend the x², and leave no half out.":
        edit("x**3", "x**2", "0.5 * x", "np.maximum(x, 0) * 0.5"),
    "The sign before the x² was changed. The power is what is wrong: x³.":
        edit("x + 0.044715 * x**3", "x - 0.044715 * x**2"),
    "That is ReLU.": relu,
    "x² in place of x³ stands in front as well now. Only the power in the bracket is wrong.":
        edit("0.5 * x *", "0.5 * x**2 *"),
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
    "The path through the sigmoid is missing: add it.": edit(" + 1.702 * x * s * (1 - s)", ""),
    "The path through the factor x in front is missing: add s.": edit("s + ", ""),
    "The slope of 1.702 x is 1.702: that factor is missing.": edit("+ 1.702", "+ 1"),
    "The second path has lost the x in front.": edit("x * s", "s"),
    "The paths are subtracted. Add them.": edit("s +", "s -"),
    "The paths are multiplied. Paths add up.": edit("s +", "s *"),
    "The slope of the sigmoid is s (1 − s): here 1 − s is missing.": edit(" * (1 - s)", ""),
    "The slope of the sigmoid is s (1 − s): here s is missing.": edit(" * s", ""),
    "That is the slope of x σ(x). 1.702 belongs in it.": edit("-1.702", "-1", "+ 1.702", "+ 1"),
    "The sigmoid is taken of x, and not of 1.702 x.": edit("-1.702", "-1"),
    "That is the function. Its slope is asked for.": edit("s + 1.702 * x * s * (1 - s)", "x * s"),
    "That is the slope of the gate σ(1.702 x) alone. y is x times the gate: two paths.":
        edit("s + 1.702 * x", "1.702"),
    "That is the slope of the sigmoid alone. y is x times a sigmoid of 1.702 x: two paths.":
        edit("s + 1.702 * x * s", "s"),
    "The slope of the x in front is 1, so its path gives s and not x.": edit("s +", "x +"),
    "The path through the x in front gives 1 times the sigmoid: s, and not 1.": edit("s +", "1 +"),
    "1.702 belongs to the other path: it is the slope of what stands inside the sigmoid.":
        edit("s + 1.702 * x", "1.702 * s + x"),
    "1.702 multiplies both paths. It belongs to the one through the sigmoid.":
        edit("s + 1.702 * x * s * (1 - s)", "1.702 * (s + x * s * (1 - s))"),
    "The second path has x², but y has the factor x once.": edit("* s", "* s * x"),
    "The second path takes the sigmoid of x. It is the sigmoid of 1.702 x there too.":
        edit("s * (1 - s", "sigmoid(x) * (1 - sigmoid(x)"),
    "The slope of the sigmoid is s (1 − s), not s (1 + s).": edit("- s", "+ s"),
    "The slope of the sigmoid is s (1 − s), not 1 − s²: a factor s got into the bracket.":
        edit("s * (1 - s)", "(1 - s * s)"),
    "The sign inside the sigmoid is wrong: σ(z) = 1 / (1 + e⁻ᶻ).": edit("-1.702", "1.702"),
    "That is the slope of ReLU.": edit("s + 1.702 * x * s * (1 - s)", "(x > 0) * 1.0"),
}  # fmt: skip


@layer
class SoftGate(Layer):
    """GELU with tanh, element by element, of any shape."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        u = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
        self.x, self.gate = x, 0.5 * (1 + np.tanh(u))
        return (x * self.gate).astype(x.dtype)

    def backward(self, dy):
        du = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * self.x**2)
        slope = self.gate + self.x * 2 * self.gate * (1 - self.gate) * du
        return (dy * slope).astype(dy.dtype)


SoftGate.cases = (
    ((), 2 * normal(4, 3, seed=21), normal(4, 3, seed=22)),
    ((), np.array([[-2.2, -0.7, 0.4], [1.3, 2.6, -0.1]]), normal(2, 3, seed=23)),
    ((), normal(2, 3, 4, seed=24), normal(2, 3, 4, seed=25)),
)
SoftGate.equivalents = {
    "without super().__init__()": "The checker asks nothing of a layer without parameters.",
    "return (x * self.gate).astype(x.T.dtype)": "x.T has the dtype of x.",
    "return (dy * slope).astype(dy.T.dtype)": "dy.T has the dtype of dy.",
}
SoftGate.hints = (
    "forward computes u and the gate, ½ (1 + tanh u), and keeps x and the gate in self.",
    "Multiply swaps: the x in front gets dy times the gate, and the gate gets dy times x. Both "
    "paths end in x, so they add up.",
    "The slope of ½ (1 + tanh u) for u is 2 g (1 − g), with g the gate. Then u goes on to x: its "
    "slope is √(2/π) (1 + 3 · 0.044715 x²).",
    "If forward(x) has another dtype than x: .astype(x.dtype) at the end.",
)
SoftGate.mistakes = {
    "The path through the gate is missing: the gate depends on x too.":
        edit(" + self.x * 2 * self.gate * (1 - self.gate) * du", ""),
    "The path through the x in front is missing: its slope is the gate.":
        edit("self.gate + self.x * 2", "self.x * 2"),
    "The slope of u is missing in the path through the gate.": edit(" * (1 - self.gate) * du",
                                                                  " * (1 - self.gate)"),
    "The factor x in front is missing in the path through the gate.":
        edit("self.x * 2 * self.gate", "2 * self.gate"),
    "A factor 2 is missing: ½ (1 + tanh u) is σ(2u), and its slope for u is 2 g (1 − g).":
        edit("self.x * 2 * self.gate", "self.x * self.gate"),
    "The ½ of the gate is missing in its slope: ½ (1 − tanh² u), which is 2 g (1 − g).":
        edit("self.x * 2 * self.gate", "self.x * 4 * self.gate"),
    "The slope of x³ is 3 x²: the 3 is missing.": edit("3 * 0.044715", "0.044715"),
    "The slope of u has x³ where 3 x² belongs.": edit("3 * 0.044715 * self.x**2",
                                                     "0.044715 * self.x**3"),
    "The slope of u has lost its 1: x itself is in u too.": edit("(1 + 3 * 0.044715 * self.x**2)",
                                                               "(3 * 0.044715 * self.x**2)"),
    "The slope of u has lost its factor √(2/π).":
        edit("np.sqrt(2 / np.pi) * (1 + 3", "(1 + 3"),
    "The paths are multiplied. Paths add up.": edit("self.gate + self.x", "self.gate * self.x"),
    "dy is missing in backward: slopes are multiplied by what comes in.":
        edit("(dy * slope)", "slope"),
    "The gradient goes through unchanged. Multiply by the slope.": edit("(dy * slope)", "dy"),
    "backward multiplies by the gate's slope for tanh, 1 − tanh², with the gate in the place of "
    "tanh: the slope for u is 2 g (1 − g).":
        edit("2 * self.gate * (1 - self.gate)", "(1 - self.gate**2)"),
    "forward has x² where x³ belongs: u must change its sign with x.":
        edit("0.044715 * x**3", "0.044715 * x**2"),
    "The ½ is missing in the gate: it is a probability, at most 1.": edit("0.5 * (1 +", "(1 +"),
    "forward returns the gate. The layer multiplies it by x.":
        edit("(x * self.gate)", "self.gate"),
    "That is x σ(1.702 x), the quick approximation, or its slope. Asked for is the form with tanh.":
        edit("0.5 * (1 + np.tanh(u))", "sigmoid(1.702 * x)"),
}  # fmt: skip


@exercise
def residual_backward(dy, W):
    """The gradient for x, where y = x + x Wᵀ: (..., D), (D, D) to (..., D)."""
    return dy + dy @ W


residual_backward.cases = (normal(2, 4, 3, seed=11), W_33), (X_33, V_33), (X_243[0], V_33)
residual_backward.start = edit("dy + ", "")
residual_backward.hints = (
    "x reaches y along two paths. The given code follows one of them.",
    "The other path is x itself, with slope 1: dy comes through unchanged. Paths add up.",
)
residual_backward.mistakes = {
    "The path through the layer is lost: only x's own path is there.": edit(" + dy @ W", ""),
    "W is transposed. For rows of examples, x @ W.T passes back dy @ W.": edit("W", "W.T"),
    "W is transposed, and x's own path is still missing: the layer x @ W.T passes back dy @ W, "
    "and dy comes through beside it.": edit("dy + dy @ W", "dy @ W.T"),
    "W stands on the wrong side: rows are examples, dy @ W.": edit("dy @ W", "W @ dy"),
    "The mean of both paths is taken. Paths add up.": edit("dy + dy @ W", "(dy + dy @ W) / 2"),
    "The paths are multiplied. Paths add up.": edit("dy + dy @ W", "dy * (dy @ W)"),
    "The slope of x's own path is 1, and it meets dy: add dy, not 1.": edit("dy +", "1 +"),
    "dy is counted twice.": edit("dy +", "2 * dy +"),
    "The paths are subtracted. Add them.": edit("+", "-"),
    "1 + W adds 1 to every number of W. The path of x is the identity matrix: np.eye(D) + W, or "
    "dy by itself.": edit("dy + dy @ W", "dy @ (1 + W)"),
    "The sign of x's own path is wrong: y is x plus something.": edit("dy + dy @ W", "dy @ W - dy"),
    "The path through the layer is there twice, and x's own is missing.": edit("dy +", "dy @ W +"),
    "W is applied twice. Backwards each path passes W once, or not at all.": edit("@ W", "@ W @ W"),
}


@exercise
def pass_on(d):
    """First weights W1 (2 d, d) and W2 (d, 2 d) with W2 @ gelu(W1 @ x) equal to x."""
    half = np.eye(d)
    return np.vstack([half, -half]), np.hstack([half, -half])


def _through(answer, x):
    """What eleven layers with these first weights make of x."""
    W1, W2 = (np.asarray(part, dtype=float) for part in answer)
    for _ in range(11):
        x = W2 @ GELU().predict(W1 @ x)
    return x


X_4 = np.array([1.5, -0.8, 0.3, -2.1])
pass_on.cases = ((4,),)
pass_on.accept = (
    (
        lambda answer: len(answer) == 2,
        "Two matrices are asked for, W1 and W2, separated by a comma.",
    ),
    (lambda answer: np.shape(answer[0]) == (8, 4), "For d = 4, W1 needs the shape (8, 4)."),
    (lambda answer: np.shape(answer[1]) == (4, 8), "For d = 4, W2 needs the shape (4, 8)."),
    (
        lambda answer: np.isfinite(_through(answer, X_4)).all(),
        "After eleven such layers the numbers are too large for floats.",
    ),
    (
        lambda answer: np.linalg.norm(_through(answer, X_4)) > 1e-3,
        "After eleven such layers nearly nothing of x is left.",
    ),
    (
        lambda answer: np.allclose(_through(answer, X_4), X_4, atol=1e-4),
        "After eleven such layers x has become something else. Let one feature through first: "
        "which two neurons, and with which signs, make GELU(z) − GELU(−z) of it?",
    ),
)
pass_on.form = "of W1 and W2, as a pair"
pass_on.hints = (
    "GELU(z) = z Φ(z), and Φ(z) + Φ(−z) = 1. What is GELU(z) − GELU(−z)?",
    "It is z. So each feature takes two hidden neurons: one reads it, the other reads its "
    "negative. W2 subtracts the second from the first.",
    "np.eye(d) is the identity matrix; np.vstack([A, B]) puts B below A, and np.hstack([A, B]) "
    "puts it beside A.",
)
pass_on.equivalents = {}
pass_on.mistakes = {
    "W2 adds where it should subtract: GELU(z) + GELU(−z) is no longer z.":
        edit("np.hstack([half, -half])", "np.hstack([half, half])"),
    "Both halves of W1 read the same: what is negative in x is nearly lost in GELU.":
        edit("np.vstack([half, -half])", "np.vstack([half, half]) / 2",
             "np.hstack([half, -half])", "np.hstack([half, half])"),
    "W2 = W1ᵀ with the first half alone: GELU of a negative number is nearly 0, so its negative "
    "needs a neuron of its own.":
        edit("np.hstack([half, -half])", "np.hstack([half, 0 * half])"),
    "The difference is taken the other way round: each layer gives −x.": lambda d: _turned(d),
}  # fmt: skip


def _turned(d):
    return pass_on.solve(d)[0], -pass_on.solve(d)[1]


@exercise
def layer_norm(x, gamma, beta, eps):
    """Normalise each vector over its features, then scale and shift: (..., D) to (..., D)."""
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    x_hat = (x - mean) / np.sqrt(variance + eps)
    return gamma * x_hat + beta


GAMMA_3, BETA_3 = np.array([1.5, -0.7, 2.0]), np.array([0.1, 0.4, -0.3])
# The last eps is larger than some variances.
layer_norm.cases = (
    (X_243, GAMMA_3, BETA_3, 0.1),
    (X_33, BETA_3 + 1, GAMMA_3, 0.03),
    (X_243[0], GAMMA_3, BETA_3, 0.7),
)
layer_norm.hints = (
    "Each vector alone: mean and variance run over the last axis. keepdims=True keeps it, so that "
    "they can be subtracted and divided.",
    "(x − mean) / √(variance + eps), then gamma times that, plus beta.",
)
layer_norm.mistakes = {
    "That divides by the variance. Take its square root.": edit("np.sqrt", ""),
    "gamma and beta are missing: scale and shift x_hat.": edit("gamma * x_hat + beta", "x_hat"),
    "beta is missing.": edit(" + beta", ""),
    "gamma is missing.": edit("gamma * ", ""),
    "gamma multiplies beta too.": edit("gamma * x_hat + beta", "gamma * (x_hat + beta)"),
    "gamma and beta are applied before the norm, which removes most of what they do.": (
        edit(
            "    mean",
            "    x = gamma * x + beta\n    mean",
            "return gamma * x_hat + beta",
            "return x_hat",
        )
    ),
    "Axis 0 is normalised: that is the batch. LayerNorm looks at the features of one vector.":
        edit("mean(axis=-1", "mean(axis=0", "var(axis=-1", "var(axis=0"),
    "The axis of the tokens is normalised, so that tokens influence each other. Features are the "
    "last axis.": edit("mean(axis=-1", "mean(axis=-2", "var(axis=-1", "var(axis=-2"),
    "One mean and one variance for the whole array: each vector needs its own.":
        edit("mean(axis=-1, keepdims=True)", "mean()", "var(axis=-1, keepdims=True)", "var()"),
    "eps stands outside the root. It belongs to the variance: √(variance + eps).":
        edit("np.sqrt(variance + eps)", "(np.sqrt(variance) + eps)"),
    "eps is missing.": edit(" + eps", ""),
    "eps is added to the variance, and does not replace it where it is small: √(variance + eps).":
        edit("variance + eps", "np.maximum(variance, eps)"),
    "The variance divides by D − 1 (ddof=1). The norm describes these D numbers, and divides by "
    "D.": edit("var(axis=-1", "var(ddof=1, axis=-1"),
    "eps is added to the standard deviation, and a second root is taken: √(variance + eps).":
        edit("(variance", "(np.sqrt(variance)"),
    "gamma and beta are swapped: gamma multiplies.": edit("gamma", "beta", "+ beta", "+ gamma"),
    "That is multiplied by the standard deviation. Divide by it.": edit("mean) / np", "mean) * np"),
    "Each feature is normalised over all tokens and examples: that is batch normalisation. "
    "LayerNorm looks at the features of one vector.": (
        lambda x, gamma, beta, eps: layer_norm.solve(
            x.reshape(-1, x.shape[-1]).T, gamma[:, None], beta[:, None], eps
        ).T.reshape(x.shape)
    ),
    "The mean is not subtracted.": edit("= (x - mean", "= (x"),
    "That divides by the root mean square of x and subtracts no mean: it is RMSNorm, a relative "
    "of LayerNorm.": edit("x.var", "(x * x).mean", "- mean) /", ") /"),
    "The sum was divided by nothing: the variance is a mean of squares, not their sum.":
        edit("x.var(", "((x - mean) ** 2).sum("),
    "That divides by the variance, and gamma and beta are missing: take the root, then scale and "
    "shift.": edit("np.sqrt", "", "gamma * x_hat + beta", "x_hat"),
    "That divides by the variance, and eps is missing: √(variance + eps).":
        edit("np.sqrt(variance + eps)", "variance"),
    "eps stands outside the root, and gamma and beta are missing.": (
        edit(
            "np.sqrt(variance + eps)", "(np.sqrt(variance) + eps)", "gamma * x_hat + beta", "x_hat"
        )
    ),
    "eps, gamma and beta are missing.": edit(" + eps", "", "gamma * x_hat + beta", "x_hat"),
    "eps is squared. It is added as it is: √(variance + eps).": edit("eps", "eps**2"),
    "eps is subtracted. It is added, so that the root is never 0.": edit("+ eps", "- eps"),
    "eps has a root of its own. It is added to the variance, under one root.":
        edit("np.sqrt(variance + eps)", "(np.sqrt(variance) + np.sqrt(eps))"),
    "eps is added to the quotient, and not under the root: a bracket is in the wrong place.":
        edit("variance + eps)", "variance) + eps"),
    "beta is subtracted. It is added.": edit("+ beta", "- beta"),
    "Only the mean is divided by the root: x − mean in brackets.": edit("(x - mean)", "x - mean"),
    "Axis 1 is normalised. In (N, T, D) that is the axis of the tokens: take the last, -1.":
        edit("mean(axis=-1", "mean(axis=1", "var(axis=-1", "var(axis=1"),
    "The mean has lost its axis, and is subtracted along another one: keepdims=True.":
        lambda x, gamma, beta, eps: gamma * (x - x.mean(-1)) / np.sqrt(x.var(-1) + eps) + beta,
    "eps is a lower bound of the standard deviation here. It is added to the variance.":
        edit("np.sqrt(variance + eps)", "np.maximum(np.sqrt(variance), eps)"),
}  # fmt: skip
layer_norm.equivalents = {
    "return gamma.T * x_hat + beta": VECTOR,
    "return gamma * x_hat + beta.T": VECTOR,
}


@exercise
def scale_and_shift_gradients(dy, x_hat):
    """The gradients of gamma and beta: (..., D), (..., D) to (D,) and (D,)."""
    leading = tuple(range(dy.ndim - 1))
    return (dy * x_hat).sum(axis=leading), dy.sum(axis=leading)


def _x_hat(x, eps):
    return layer_norm.solve(x, 1, 0, eps)


DY_243, DY_33 = normal(2, 4, 3, seed=12), normal(3, 3, seed=13)
scale_and_shift_gradients.cases = (
    (DY_243, _x_hat(X_243, 0.1)),
    (DY_33, _x_hat(X_33, 0.03)),
    (DY_243[1], _x_hat(X_243[0], 0.05)),
    (normal(2, 5, 3, 4, seed=14), normal(2, 5, 3, 4, seed=15)),
)
scale_and_shift_gradients.hints = (
    "gamma_j is used at every position of every example. What do contributions do?",
    "They add up over all axes but the last. y = gamma * x_hat + beta: the slope for gamma_j is "
    "x_hat, that for beta_j is 1.",
    "dy.reshape(-1, dy.shape[-1]) makes one long list of positions.",
)
scale_and_shift_gradients.mistakes = {
    "Only axis 0 is added up. Positions count too: every axis but the last.":
        edit("tuple(range(dy.ndim - 1))", "0"),
    "The features are added up. Each has its own gamma.": edit("tuple(range(dy.ndim - 1))", "-1"),
    "That is the mean over the positions. The 1/N is in dy already; contributions add up.":
        edit("x_hat).sum", "x_hat).mean", "dy.sum", "dy.mean"),
    "gamma's gradient is a mean over positions. Add up.": edit("x_hat).sum", "x_hat).mean"),
    "beta's gradient is a mean over positions. Add up.": edit("dy.sum", "dy.mean"),
    "Those are the right arrays in the wrong order: gamma's first.":
        edit("(dy * x_hat).sum(axis=leading), dy", "dy.sum(axis=leading), (dy * x_hat)"),
    "gamma's gradient has lost its factor x_hat.": edit(" * x_hat", ""),
    "beta's gradient has a factor x_hat. Its slope is 1.": edit(", dy", ", (dy * x_hat)"),
    "The sums are multiplied, not the products added up: multiply at each position first.":
        edit("dy *", "dy.sum(axis=leading) *"),
    "beta's gradient is the sum of dy, not of ones: each slope of 1 is multiplied by dy.":
        edit("dy.sum(axis=leading)", "np.ones(dy.shape[-1])"),
    "The sums are divided by the number of examples. The 1/N is in dy already.":
        edit("(dy * x_hat)", "(dy * x_hat / len(dy))", ", dy.", ", (dy / len(dy))."),
    "Axis -2 alone is added up. Examples count too: every axis but the last.":
        edit("tuple(range(dy.ndim - 1))", "-2"),
    "Axes 0 and 1 are added up, which is right for (N, T, D) only. For (T, D) that takes the "
    "features too: every axis but the last.": edit("tuple(range(dy.ndim - 1))", "(0, 1)"),
    "gamma's gradient has lost its factor dy: x_hat is the slope alone.": edit("dy * ", ""),
    "A product of matrices brings every feature together with every other. gamma_j meets "
    "feature j alone: multiply element by element, then add up.": (
        lambda dy, x_hat: (
            dy.reshape(-1, dy.shape[-1]).T @ x_hat.reshape(-1, dy.shape[-1]),
            dy.reshape(-1, dy.shape[-1]).sum(axis=0),
        )
    ),
    "Nothing is added up: a gradient has the shape of gamma.":
        edit(".sum(axis=leading), dy.sum(axis=leading)", ", dy"),
    "Everything is added together. Each feature has its own.": edit("ndim - 1))", "ndim))"),
}  # fmt: skip
scale_and_shift_gradients.equivalents = {
    "leading = tuple(range(x_hat.ndim - 1))": "dy and x_hat have as many axes",
    "leading = tuple(range(dy.T.ndim - 1))": "a transpose has as many axes",
}


@exercise
def layer_norm_backward(dx_hat, x_hat, s):
    """The gradient of x: (..., D), (..., D), (..., 1) to (..., D)."""
    mean = dx_hat.mean(axis=-1, keepdims=True)
    along = (dx_hat * x_hat).mean(axis=-1, keepdims=True)
    return (dx_hat - mean - x_hat * along) / s


def _root(x, eps):
    return np.sqrt(x.var(axis=-1, keepdims=True) + eps)


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
    "The path through s is missing, or is 0: subtract x_hat times the mean of the products "
    "dx_hat * x_hat.": edit(" - x_hat * along", ""),
    "Only the direct path is there. Mean and s depend on x.": edit(" - mean - x_hat * along", ""),
    "Nothing is divided by s.": edit(" / s", ""),
    "Only the last term is divided by s: brackets.":
        edit("(dx_hat - mean - x_hat * along)", "dx_hat - mean - x_hat * along"),
    "Only the first term is divided by s: brackets.":
        edit("(dx_hat - mean - x_hat * along) / s", "dx_hat / s - mean - x_hat * along"),
    "That is multiplied by s. x was divided by s: so is its gradient.":
        edit("along) / s", "along) * s"),
    "That is divided by s². s is the standard deviation, and divides once.": edit("/ s", "/ s**2"),
    "The last path is divided by s³. That is so with x − mean in it; x_hat is divided by s "
    "already.": edit("along)", "along / s**2)"),
    "That is divided by √s. s is the root already.": edit("/ s", "/ np.sqrt(s)"),
    "That is divided by the number of examples. Each vector is normalised alone, and 1/N is in "
    "the loss.": edit("/ s", "/ s / len(s)"),
    "The means run over the batch, axis 0. They belong to one vector: the last axis.":
        edit("dx_hat.mean(axis=-1", "dx_hat.mean(axis=0", "t).mean(axis=-1", "t).mean(axis=0"),
    "The means run over the tokens. They belong to one vector: the last axis.":
        edit("dx_hat.mean(axis=-1", "dx_hat.mean(axis=-2", "t).mean(axis=-1", "t).mean(axis=-2"),
    "Those are sums over the features where means belong: the 1/D is missing.":
        edit("dx_hat.mean", "dx_hat.sum", "x_hat).mean", "x_hat).sum"),
    "The path through s has a sum over the features where a mean belongs: the 1/D is missing.":
        edit("x_hat).mean", "x_hat).sum"),
    "The path through the mean has a sum: the 1/D is missing.": edit("dx_hat.mean", "dx_hat.sum"),
    "The means run over the whole array. Each vector has its own: the last axis.":
        lambda dx_hat, x_hat, s: (dx_hat - dx_hat.mean() - x_hat * (dx_hat * x_hat).mean()) / s,
    "The means have lost their axis, so they do not fit, or go along another: keepdims=True.":
        lambda dx_hat, x_hat, s: (dx_hat - dx_hat.mean(-1) - x_hat * (dx_hat * x_hat).mean(-1)) / s,
    "The last path goes along x_hat: multiply its mean by x_hat.": edit("- x_hat *", "-"),
    "The last path goes along x_hat, and here along dx_hat.": edit("- x_hat", "- dx_hat"),
    "Paths through mean and s are added. Both take away.": edit("- mean - x_hat", "+ mean + x_hat"),
    "The path through s is added. The norm does not see a stretch, so that part is taken away.":
        edit("mean -", "mean +"),
    "The path through the mean is added. A mean is taken away.": edit("- mean", "+ mean"),
    "The sign is wrong.": edit("(dx_hat - mean", "-(dx_hat - mean"),
    "The last path is not divided by s: brackets.":
        edit("(dx_hat - mean - x_hat * along) / s", "(dx_hat - mean) / s - x_hat * along"),
    "The last path has the mean of dx_hat. It takes that of the products dx_hat * x_hat.":
        edit("x_hat * along", "x_hat * mean"),
}  # fmt: skip


@layer
class NormLayer(Layer):
    """LayerNorm over the last of any number of axes, with gamma and beta of shape (d,)."""

    def __init__(self, d, eps):
        super().__init__({"gamma": np.ones(d), "beta": np.zeros(d)})
        self.eps = eps

    def forward(self, x):
        mean = x.mean(axis=-1, keepdims=True)
        self.s = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.x_hat = (x - mean) / self.s
        return self.params["gamma"] * self.x_hat + self.params["beta"]

    def backward(self, dy):
        leading = tuple(range(dy.ndim - 1))
        self.grads["gamma"] += (dy * self.x_hat).sum(axis=leading)
        self.grads["beta"] += dy.sum(axis=leading)
        dx_hat = dy * self.params["gamma"]
        mean = dx_hat.mean(axis=-1, keepdims=True)
        along = (dx_hat * self.x_hat).mean(axis=-1, keepdims=True)
        return (dx_hat - mean - self.x_hat * along) / self.s


NormLayer.cases = (
    ((3, 0.1), X_243, normal(2, 4, 3, seed=31)),
    ((4, 0.03), normal(5, 4, seed=32), normal(5, 4, seed=33)),
    ((5, 0.5), normal(3, 2, 5, seed=34), normal(3, 2, 5, seed=35)),
)
NormLayer.equivalents = {
    "leading = tuple(range(dy.T.ndim - 1))": "a transpose has as many axes",
}
NormLayer.hints = (
    "You have the parts: the formula of layer_norm for forward, scale_and_shift_gradients and "
    "layer_norm_backward for backward. What must forward keep for them?",
    "Keep x_hat and s in self. gamma and beta stand in self.params, and their gradients are added "
    "to self.grads with +=.",
    "backward begins with dx_hat = dy * gamma. The three paths then lead from dx_hat to dx.",
)
NormLayer.mistakes = {
    "gamma is forgotten on the way back: dx_hat is dy times gamma.":
        edit('dx_hat = dy * self.params["gamma"]', "dx_hat = dy"),
    "The gradient of gamma replaces what was there. Add to it: +=.":
        edit('self.grads["gamma"] += ', 'self.grads["gamma"] = '),
    "The gradient of beta replaces what was there. Add to it: +=.":
        edit('self.grads["beta"] += ', 'self.grads["beta"] = '),
    "The gradients of gamma and beta are added up over axis 0 only. Every axis but the last.":
        edit("tuple(range(dy.ndim - 1))", "0"),
    "The gradient of gamma has lost its factor x_hat.": edit("(dy * self.x_hat).sum(", "dy.sum("),
    "The path through the mean is missing.": edit("dx_hat - mean -", "dx_hat -"),
    "The path through s is missing.": edit(" - self.x_hat * along", ""),
    "Mean and s are taken for constants: only the direct path is there.":
        edit(" - mean - self.x_hat * along", ""),
    "dx is not divided by s.": edit("along) / self.s", "along)"),
    "The means of backward run over the batch. They belong to one vector: the last axis.":
        edit("dx_hat.mean(axis=-1", "dx_hat.mean(axis=0",
             "self.x_hat).mean(axis=-1", "self.x_hat).mean(axis=0"),
    "Axis 0 is normalised: that is the batch. LayerNorm looks at the features of one vector.":
        edit("= x.mean(axis=-1", "= x.mean(axis=0", "x.var(axis=-1", "x.var(axis=0"),
    "eps is missing.": edit(" + self.eps", ""),
    "eps stands outside the root: √(variance + eps).":
        edit("keepdims=True) + self.eps)", "keepdims=True)) + self.eps"),
    "That divides by the variance. Take its square root.":
        edit("np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)",
             "x.var(axis=-1, keepdims=True) + self.eps"),
    "beta is missing in forward.": edit(' + self.params["beta"]', ""),
    "gamma is missing in forward.": edit('self.params["gamma"] * self.x_hat +', "self.x_hat +"),
    "The mean is not subtracted.": edit("(x - mean) / self.s", "x / self.s"),
}  # fmt: skip


@exercise
def warmed_up(model, x, y, lr, warm_up):
    """Train with Adam, one step for each batch, and return the losses: (steps,)."""
    adam, losses = Adam(lr / warm_up), []
    for batch, labels in zip(x, y, strict=True):
        model.zero_grads()
        loss, dscores = cross_entropy(model.forward(batch), labels)
        losses.append(loss)
        model.backward(dscores)
        adam.step(model)
        adam.lr = min(lr, adam.lr + lr / warm_up)
    return losses


def _tall(depth=10, d=12):
    """A post-norm stack of feed-forward layers, and 40 batches of four patterns under noise."""
    rng = np.random.default_rng(3)
    layers = []
    for _ in range(depth):
        think = Sequential(Dense(d, 4 * d, rng=rng), GELU(), Dense(4 * d, d, rng=rng))
        layers += [Residual(think), LayerNorm(d)]
    patterns, y = rng.normal(size=(4, d)), rng.integers(4, size=(40, 16))
    x = patterns[y] + 0.5 * rng.normal(size=(40, 16, d))
    return Sequential(*layers, Dense(d, 4, rng=rng)), x, y


warmed_up.cases = ((*_tall(), 0.012, 8),)
warmed_up.form = "of a list with a loss for each batch"
_FIRST = warmed_up.solve(*copy.deepcopy(warmed_up.cases[0]))[:4]
warmed_up.accept = (
    (
        lambda answer: np.shape(answer) == (40,),
        "There should be a loss for each of the 40 batches, taken before the step.",
    ),
    (
        lambda answer: np.isclose(answer[0], _FIRST[0], atol=1e-3),
        f"The first loss is not that of the given model, {_FIRST[0]:.3f}. It is taken on the first "
        "batch, before the first step.",
    ),
    (
        lambda answer: np.isclose(answer[1], _FIRST[1], atol=1e-3),
        "The first loss is right, the second is not. The first step has the rate lr / warm_up.",
    ),
    (
        lambda answer: np.allclose(answer[:4], _FIRST, atol=1e-3),
        "The first two losses are right, the next ones are not. Does the rate rise by lr / warm_up "
        "with every step, and are the gradients set to 0 before each?",
    ),
    (
        lambda answer: np.mean(answer[-10:]) < 0.3,
        "It begins well, and the loss at the end is above 0.3. After warm_up steps the rate is "
        "lr, and not more.",
    ),
)
warmed_up.hints = (
    "The loop is that of chapter 5: zero_grads, forward, cross_entropy, backward, step. Only the "
    "rate changes from step to step: adam.lr.",
    "In the first step the rate is lr / warm_up, in the next 2 lr / warm_up, until it is lr. There "
    "it stays.",
    "Begin with adam = Adam(lr / warm_up), once, before the loop. In the loop, set adam.lr: in "
    "step s, counted from 0, it is lr * min(1, (s + 1) / warm_up).",
)
warmed_up.mistakes = {
    "There is no warm-up: the first step has the full rate already.":
        edit("Adam(lr / warm_up)", "Adam(lr)"),
    "The first step has the rate 0. It has lr / warm_up, the next one twice that.":
        edit("Adam(lr / warm_up)", "Adam(0.0)"),
    "The rate goes on rising after warm_up steps. There it stays at lr.":
        edit("min(lr, adam.lr + lr / warm_up)", "adam.lr + lr / warm_up"),
    "The rate stays at lr / warm_up. It rises with every step.":
        edit("min(lr, adam.lr + lr / warm_up)", "lr / warm_up"),
    "The gradients are never set to 0, and those of all steps add up.":
        edit("        model.zero_grads()\n", ""),
    "The model never moves: adam.step(model) is missing.":
        edit("        adam.step(model)\n", ""),
    "Adam is made anew for every step, and forgets its means.":
        edit("        adam.step(model)", "        adam = Adam(adam.lr)\n        adam.step(model)"),
    "Every step takes the first batch. The step s takes x[s] and y[s].":
        edit("model.forward(batch), labels", "model.forward(x[0]), y[0]"),
    "The labels are those of the first batch.": edit("batch), labels", "batch), y[0]"),
    "The loss is taken after the step. It is asked for before.":
        edit("        losses.append(loss)\n", "", "        adam.lr = min", "        "
             "losses.append(cross_entropy(model.predict(batch), labels)[0])\n"
             "        adam.lr = min"),
    "The rate falls where a warm-up rises.":
        edit("Adam(lr / warm_up)", "Adam(lr)", "min(lr, adam.lr + lr / warm_up)",
             "max(0, adam.lr - lr / warm_up)"),
    "The step is plain descent without Adam.":
        edit("adam.step(model)", "[np.subtract(p, adam.lr * g, out=p) for _, p, g in "
             "model.named_params()]"),
}  # fmt: skip


@exercise
def survives():
    """The explanation that is left, and the run that speaks against each of the other two."""
    return "C", "still", "late"


survives.form = 'a letter and two runs, such as "A", "late", "late"'
survives.hints = (
    "What does A say about a run in which Adam's means are full before the first step that counts?",
    "What does B say about a run that takes up the full rate after 20 steps, for ten steps? In the "
    "run without warm-up ten steps at that rate are enough to do harm.",
    "In still the means are full and the weights are raw. In late the weights have moved, and the "
    "rate is the full one.",
)
survives.reason = (
    "If A were right, still would learn: after 30 steps the means are full. It fails as the run "
    "without warm-up does. If B were right, late would fail: without warm-up ten steps at the full "
    "rate do harm, and late has ten of them. It learns. C says that still fails and late learns, "
    "and that is what happens."
)
survives.mistakes = {
    "In still the means are full, and it fails all the same. So A is not what is left.":
        ("A", "late", "late"),
    "late runs at the full rate for ten steps, and learns. So the rate is not always too large: B "
    "is out.": ("B", "still", "still"),
    "C is right. But the runs are exchanged: which of them has full means, and which the full rate "
    "on weights that have moved?": ("C", "late", "still"),
    "C is right, and still speaks against A. But in still the full rate fails, as B says. Which "
    "run contradicts B?": ("C", "still", "still"),
    "C is right, and late speaks against B. But late says nothing about A: its small steps fill "
    "the means as well. Which run fills the means and nothing else?": ("C", "late", "late"),
    "A is contradicted by the run in which the means are full and which fails all the same.":
        ("A", "still", "late"),
    "B is contradicted by late, which runs at the full rate and learns.": ("B", "still", "late"),
    "late runs at the full rate, and learns, so B is out; and it says nothing about A.":
        ("B", "late", "still"),
    "In still the means are full, and it fails all the same: A is out.": ("A", "late", "still"),
    "In still the means are full, and it fails all the same. So A does not survive.":
        ("A", "still", "still"),
    "late runs at the full rate, and learns. So B does not survive.": ("B", "late", "late"),
}  # fmt: skip


@exercise
def pre_norm_block(x, norm_1, attend, norm_2, think):
    """Attend, then think, each normalised first and added to the stream: any (..., T, D)."""
    y = x + attend(norm_1(x))
    return y + think(norm_2(y))


def norm_1(x):
    return _x_hat(x, 0.1)


def attend(x):
    return np.cumsum(x, axis=-2) / np.arange(1, x.shape[-2] + 1)[:, None]


def norm_2(x):
    return norm_1(x) * GAMMA_3 + 0.2


def think(x):
    return np.tanh(x @ W_33)


pre_norm_block.cases = tuple((x, norm_1, attend, norm_2, think) for x in (X_243, X_33, X_243[1]))
pre_norm_block.hints = (
    "Two steps, one for each half of the block. Each adds something to x.",
    "Pre-norm: what is added is layer(norm(x)). The second half reads what the first has made.",
)
pre_norm_block.mistakes = {
    "Both residual connections are missing: each half replaces x instead of adding to it.":
        edit("x + attend", "attend", "y + think", "think"),
    "The first residual connection is missing: attention adds to x.": edit("x + attend", "attend"),
    "The second residual connection is missing: add to the stream.": edit("y + think", "think"),
    "The second half adds to the x from before attention: what attention added is lost.":
        edit("y + think", "x + think"),
    "That is post-norm: the norm comes after the sum. Pre-norm normalises what a layer reads.": (
        lambda x, norm_1, attend, norm_2, think: norm_2(
            norm_1(x + attend(x)) + think(norm_1(x + attend(x)))
        )
    ),
    "The norms stand on the stream itself, so that x does not pass untouched. Add to x, not to "
    "norm(x).": edit("x + attend", "norm_1(x) + attend", "y + think", "norm_2(y) + think"),
    "The norms come after the layers. In pre-norm they come before: layer(norm(x)).":
        edit("attend(norm_1(x))", "norm_1(attend(x))", "think(norm_2(y))", "norm_2(think(y))"),
    "The norms are missing.": edit("norm_2(y)", "y", "norm_1(x)", "x"),
    "The second norm is missing.": edit("norm_2(y)", "y"),
    "The first norm is missing.": edit("norm_1(x)", "x"),
    "The first norm is used twice. Each half has its own.": edit("norm_2", "norm_1"),
    "The second norm is used twice. Each half has its own.": edit("norm_1", "norm_2"),
    "The two norms are swapped.": edit("norm_1(x)", "norm_2(x)", "norm_2(y)", "norm_1(y)"),
    "Both halves read the same x, side by side. The feed-forward layer should see what attention "
    "has gathered.": edit("norm_2(y)", "norm_2(x)"),
    "The feed-forward layer comes first. Gather, then think.":
        edit("attend(norm_1(x))", "think(norm_2(x))", "think(norm_2(y))", "attend(norm_1(y))"),
    "The layers are swapped, and the norms are not. Gather, then think.":
        edit("attend", "think", "+ think(norm_2", "+ attend(norm_2"),
    "The feed-forward layer reads what attention gave, and not the stream with it added.":
        edit("x + attend", "attend", "y + think", "x + think"),
    "x itself is normalised first, and attention adds to that. Add to x, not to norm_1(x).":
        edit("x + attend", "norm_1(x) + attend"),
    "x is added twice. The stream has it already.": edit("y + think", "x + y + think"),
    "The second half adds to norm_2 of the stream.": edit("y + think", "norm_2(y) + think"),
    "The feed-forward layer reads what attention gave, and not the stream: norm_2 belongs to x "
    "and that together.": edit("norm_2(y)", "norm_2(attend(norm_1(x)))"),
    "The stream is normalised once more after the second half. In pre-norm no norm stands on the "
    "stream.": edit("y + think(norm_2(y))", "norm_2(y + think(norm_2(y)))"),
    "Each half has two norms, one before the layer and one on the stream after it. Pre-norm has "
    "the first alone.": (
        edit(
            "x + attend(norm_1(x))",
            "norm_1(x + attend(norm_1(x)))",
            "y + think(norm_2(y))",
            "norm_2(y + think(norm_2(y)))",
        )
    ),
    "Norms and residual connections are missing.":
        edit("x + attend(norm_1(x))", "attend(x)", "y + think(norm_2(y))", "think(y)"),
    "What a layer gives is multiplied, not added: a plus sign joins it to the stream.":
        edit("x + attend", "x * attend", "y + think", "y * think"),
    "Only the first half is there, with its norm after the sum, as in post-norm.":
        lambda x, norm_1, attend, norm_2, think: norm_1(x + attend(x)),
    "Only the first half is there.": edit(" + think(norm_2(y))", ""),
    "Only the second half is there. First comes attention.": edit(" + attend(norm_1(x))", ""),
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
    "4 D are missing: two norms have gamma and beta, or qkv and out have biases.":
        lambda d: 12 * d * d + 9 * d,
    "The biases of the Dense layers are missing.": edit(" + biases", ""),
    "2 D are missing: two norms have gamma and beta each, or the bias of qkv has 3 D.":
        edit("3 * d +", "d +"),
    "out is missing, the Dense layer after the heads.": lambda d: 11 * d * d + 12 * d,
    "qkv makes queries, keys and values: 3 D.": lambda d: 10 * d * d + 11 * d,
    "The hidden layer has 4 D neurons, not D.": lambda d: 6 * d * d + 10 * d,
    "That is attention alone. Feed-forward layer and norms are missing.":
        lambda d: 4 * d * d + 4 * d,
    "That is attention and its norm. The other half is missing.": lambda d: 4 * d * d + 6 * d,
    "That is the feed-forward layer. Attention and norms are missing.": lambda d: 8 * d * d + 5 * d,
    "That counts three norms. The final LayerNorm stands after the last block and is part of "
    "none.": lambda d: 12 * d * d + 15 * d,
    "One D is missing: each Dense layer that writes D features has a bias of D numbers, and there "
    "are two.": lambda d: 12 * d * d + 12 * d,
    "gamma, beta and the biases count as one number each, not as D.": lambda d: 12 * d * d + 13,
    "Those are FLOPs and biases mixed: a weight is one parameter, though it costs two FLOPs.":
        lambda d: 24 * d * d + 13 * d,
    "A Dense layer from D to D has D² weights, not D.": lambda d: 12 * d + 13 * d,
    "3 D are missing: the bias of the hidden layer has 4 D numbers, or that of qkv has 3 D.":
        edit("3 * d + ", ""),
    "One D is too many. Biases have 3 D + D + 4 D + D, norms 4 D.": lambda d: 12 * d * d + 14 * d,
    "The feed-forward part has two Dense layers: a second, 4 D to D.": lambda d: 8 * d * d + 12 * d,
    "The two norms have gamma and beta each. There are no weights between features in them.":
        lambda d: 14 * d * d + 9 * d,
    "3 D are too many: the last layer writes D features, so its bias has D numbers, not 4 D.":
        lambda d: 12 * d * d + 16 * d,
    "5 D are missing: the biases of the feed-forward layer.": lambda d: 12 * d * d + 8 * d,
}  # fmt: skip


@exercise
def block_flops(t, d):
    """The FLOPs of one forward pass of T tokens through a block of width D."""
    dense_layers = 2 * (3 * d * d + d * d + 4 * d * d + 4 * d * d)
    scores_and_sums = 2 * t * d + 2 * t * d
    return t * (dense_layers + scores_and_sums)


block_flops.cases = (10, 6), (256, 384)  # the answers fit into 32 bits
block_flops.hints = (
    "Each weight of the four Dense layers is used once a token, and one use is one multiplication "
    "and one addition.",
    "That gives 2 · 12 D² a token. Beside it, each token has T scores, each a dot product over "
    "all D features of its heads, and T values to add up.",
    "Scores cost 2 T D a token, and so do the sums. Then take it T times.",
)
block_flops.mistakes = {
    "A multiplication and an addition count as two.": lambda t, d: 12 * t * d * d + 2 * t * t * d,
    "The Dense layers have half of what they need: each multiplication has an addition, or the "
    "hidden layer has 4 D neurons, not D.": lambda t, d: 12 * t * d * d + 4 * t * t * d,
    "That is for one token. There are T.": lambda t, d: 24 * d * d + 4 * t * d,
    "Scores and sums of values are missing: they cost 4 T D a token.": lambda t, d: 24 * t * d * d,
    "Each of T tokens has T scores: that grows with T².": lambda t, d: 24 * t * d * d + 4 * t * d,
    "2 T² D are missing: scores and sums of values are two products, each with additions; and "
    "all T² scores are computed, those too that the mask hides.": edit(" + 2 * t * d", ""),
    "out is missing, the Dense layer after the heads.": edit(" + d * d", ""),
    "qkv makes queries, keys and values: 3 D.": lambda t, d: 20 * t * d * d + 4 * t * t * d,
    "That counts the feed-forward layer alone.": lambda t, d: 16 * t * d * d,
    "A Dense layer from D to D has D² weights, and each is used once a token: D² there, not D.":
        lambda t, d: 24 * t * d + 4 * t * t * d,
    "The Dense layers are counted for one token. Each of the T tokens goes through them.":
        lambda t, d: 24 * d * d + 4 * t * t * d,
    "A multiplication and an addition count as two, and scores and sums of values are missing.":
        lambda t, d: 12 * t * d * d,
    "The Dense layers work on each token alone: T of them, and not T².":
        lambda t, d: 24 * t * t * d * d + 4 * t * t * d,
    "Those are parameters. FLOPs are sums and products.": lambda t, d: 12 * d * d + 13 * d,
    "Scores and sums cost 2 T² D each: 4, not 8.": lambda t, d: 24 * t * d * d + 8 * t * t * d,
    "That counts attention alone.": lambda t, d: 8 * t * d * d + 4 * t * t * d,
    "The half that the mask hides is left out. All T² scores are computed, and then hidden.":
        lambda t, d: 24 * t * d * d + 2 * t * (t + 1) * d,
    "Every parameter is counted as a weight of a Dense layer. Biases and norms are left out.":
        lambda t, d: 2 * t * (12 * d * d + 13 * d) + 4 * t * t * d,
    "A score needs all D features: D is missing.": lambda t, d: 24 * t * d * d + 4 * t * t,
    "qkv and out are missing, the Dense layers of attention.":
        lambda t, d: 16 * t * d * d + 4 * t * t * d,
}  # fmt: skip


@exercise
def missing_parts():
    """Which part is missing in stack A, and which in stack B."""
    return "norm", "residual"


missing_parts.form = 'two of "activation", "mask", "norm", "residual"'


def _meant(answer):
    """The words of the task for what a reader calls a part: a LayerNorm is a norm."""
    names = {"norm": "norm", "resid": "residual", "skip": "residual", "mask": "mask"}
    names |= {"activation": "activation", "gelu": "activation"}
    return tuple(
        next((name for key, name in names.items() if key in str(part).lower()), str(part))
        for part in answer
    )


missing_parts.observe = _meant
missing_parts.accept = (
    (
        lambda parts: set(parts) <= {"activation", "mask", "norm", "residual"},
        "Name each part with one of the four words of the task.",
    ),
    (
        lambda parts: parts == ("norm", "residual"),
        "Not both are right. In A the stream grows, in B the tokens become alike.",
    ),
)
missing_parts.hints = (
    "Which part keeps the stream from growing? Which part keeps what a token was before attention "
    "averaged it?",
    "In A the stream has grown more than ten times in eight blocks. In B its size is fine, and "
    "all tokens have become one and the same mean.",
)
missing_parts.reason = (
    "A keeps tokens partly apart, so the residual path is there, but its stream grows more than "
    "tenfold in eight blocks: nothing brings the size back before each part reads it, so the norm "
    "is missing. In B the size is fine, and all tokens have become one: without the residual path "
    "only averages of averages are left of them."
)
missing_parts.mistakes = {
    "The other way round: a norm would stop the growth of A, and adding to what is there would "
    "keep the tokens of B apart.": ("residual", "norm"),
    "A is right. B's sizes are fine, so its norms are there; but its tokens were averaged away, "
    "and nothing kept what they had been.": ("norm", "norm"),
    "B is right. In A sizes grow without end: adding alone never shrinks.":
        ("residual", "residual"),
    "A is right. Without the activation B would compute less, but its tokens would still be told "
    "apart.": ("norm", "activation"),
    "A is right. With a mask or without one, attention takes means. In B nothing keeps what a "
    "token was before.": ("norm", "mask"),
    "B is right. The activation keeps nothing small: GELU grows like x.":
        ("activation", "residual"),
    "B is right. The mask decides who sees whom, not how A grows.": ("mask", "residual"),
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
def lens(x, layers, norm, E):
    """What would be said after each layer: (T, D) to (1 + len(layers), V), for the last token."""
    seen = [softmax(norm(x)[-1] @ E.T)]
    for f in layers:
        x = x + f(x)
        seen.append(softmax(norm(x)[-1] @ E.T))
    return np.array(seen)


def _mixed(x):
    return np.tanh(attend(x) @ V_33)


E_53 = normal(5, 3, seed=41)
lens.cases = (
    (X_243[0], [attend, think], norm_2, E_53),
    (X_243[1][:3], [think, _mixed, attend], norm_1, E_53),
)
lens.equivalents = {
    "seen = [softmax(norm(x)[-1].T @ E.T)]": VECTOR,
    "seen.append(softmax(norm(x)[-1].T @ E.T))": VECTOR,
}
lens.hints = (
    "What is looked at first is the embedding itself, before any layer. And a layer adds.",
    "norm(x) @ E.T compares every row with every embedding. Of the scores you need the last row, "
    "and softmax makes probabilities of them.",
    "The norm is for looking only: the next layer reads x, not norm(x).",
)
lens.mistakes = {
    "The norm is missing. The scores of a GPT are taken after the last norm.":
        edit("[softmax(norm(x)[-1] @ E.T)]", "[softmax(x[-1] @ E.T)]",
             "append(softmax(norm(x)[-1] @ E.T))", "append(softmax(x[-1] @ E.T))"),
    "The stream itself was normalised: x = norm(x). Look through the norm, and leave x as it is.":
        edit("x = x + f(x)", "x = norm(x) + f(norm(x))"),
    "Each layer replaces the stream. It adds to it: x + f(x).": edit("x = x + f(x)", "x = f(x)"),
    "The first look is missing, at the embedding before any layer.":
        edit("return np.array(seen)", "return np.array(seen[1:])"),
    "The last look is missing, after the last layer.":
        edit("return np.array(seen)", "return np.array(seen[:-1])"),
    "Only the last look is there. A row for each look is asked for, 1 + len(layers) in all.":
        edit("return np.array(seen)", "return np.array(seen[-1:])"),
    "Those are scores. Softmax makes probabilities of them.":
        edit("[softmax(norm(x)[-1] @ E.T)]", "[norm(x)[-1] @ E.T]",
             "append(softmax(norm(x)[-1] @ E.T))", "append(norm(x)[-1] @ E.T)"),
    "That is the prediction of the first token. The last row has seen the whole text.":
        edit("[softmax(norm(x)[-1] @ E.T)]", "[softmax(norm(x)[0] @ E.T)]",
             "append(softmax(norm(x)[-1] @ E.T))", "append(softmax(norm(x)[0] @ E.T))"),
    "Every layer reads the embedding. It reads the stream with what the layers before it added.": (
        lambda x, layers, norm, E: np.array(
            [softmax(norm(z)[-1] @ E.T) for z in (x, *(x + f(x) for f in layers))]
        )
    ),
    "What a layer adds is looked at. Look at the stream, with all that was added before.":
        edit("x = x + f(x)", "added = f(x)\n        x = x + added",
             "append(softmax(norm(x)", "append(softmax(norm(added)"),
    "Softmax runs over the places. It belongs to the tokens of the vocabulary.":
        edit("[softmax(norm(x)[-1] @ E.T)]", "[norm(x)[-1] @ E.T]",
             "append(softmax(norm(x)[-1] @ E.T))", "append(norm(x)[-1] @ E.T)",
             "return np.array(seen)", "return softmax(np.array(seen).T).T"),
}  # fmt: skip
