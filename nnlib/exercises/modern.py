"""Exercises of chapter 13: rotary positions, RMSNorm, the gate, grouped heads, a small Llama."""

import numpy as np

from nnlib.attention import causal_mask
from nnlib.backprop import Dense, Layer, Sequential
from nnlib.descent import cross_entropy
from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise
from nnlib.exercises._layer import layer
from nnlib.language import Embedding
from nnlib.matrices import softmax
from nnlib.modern import GroupedAttention, rotate
from nnlib.training import Adam

VECTOR = "a vector has no rows and columns to swap"
ANY = "reshape finds the length for any negative number"


@exercise
def quarter_turns():
    """Four scores of a query and a key that turn by a quarter of a circle a place."""
    return 6, -7, -6, 7


quarter_turns.hints = (
    "A quarter turn makes (a, b) into (−b, a), and four of them are a full circle: five quarters "
    "do what one does.",
    "Turning both arrows alike changes neither their lengths nor the angle between them. So turn q "
    "by m − n quarters, and leave k where it is.",
    "For (6, 5) that is one quarter: (−2, 1), and its product with (4, 1) is −7.",
)
quarter_turns.reason = (
    "Both arrows turn by n quarters, which changes no score, and q by m − n quarters more. Those "
    "are 0, 1, 2 and −1 quarters: q becomes (1, 2), (−2, 1), (−1, −2) and (2, −1). The scores with "
    "k = (4, 1) are 6, −7, −6 and 7."
)
quarter_turns.mistakes = {
    "The arrows turn clockwise. Counterclockwise, a quarter turn makes (a, b) into (−b, a).":
        (6, 7, -6, -7),
    "The last distance is −1, not 1: the key stands after the query.": (6, -7, -6, -7),
    "At different places one arrow has turned further than the other, and the score is not that "
    "of q and k as they came.": (6, 6, 6, 6),
    "Only q turns there. The key turns too, by n quarters.": (-7, -6, 7, -7),
    "Only k turns there. The query turns too, by m quarters.": (7, 7, 7, -6),
    "The places are added. The key turns the same way as the query: what counts is m − n.":
        (-6, 7, 6, 7),
    "Two quarters are half a circle: (1, 2) becomes (−1, −2).": (6, -7, 6, 7),
    "A quarter turn exchanges the two numbers, and changes the sign of one: (−2, 1).":
        (6, 9, 6, 9),
    "The sign of the product matters: (−2, 1) and (4, 1) give −8 + 1.": (6, 7, 6, 7),
}  # fmt: skip


@exercise
def turned(x, positions, base):
    """Feature i turned with feature i + d / 2, the pair i by positions · base ** (−2 i / d)."""
    half = x.shape[-1] // 2
    angles = np.outer(positions, base ** (-np.arange(half) / half))
    first, second = x[..., :half], x[..., half:]
    a = first * np.cos(angles) - second * np.sin(angles)
    b = second * np.cos(angles) + first * np.sin(angles)
    return np.concatenate([a, b], axis=-1)


def _turned(pair, angles, x):
    """The features turned in pairs that ``pair`` makes of their numbers, (2, d / 2)."""
    y = np.array(x, dtype=float)
    (i, j), cos, sin = pair(np.arange(x.shape[-1])), np.cos(angles), np.sin(angles)
    y[..., i], y[..., j] = x[..., i] * cos - x[..., j] * sin, x[..., j] * cos + x[..., i] * sin
    return y


def _neighbours(numbers):
    return numbers[::2], numbers[1::2]


def _mirrored(numbers):
    return numbers[: len(numbers) // 2], numbers[: len(numbers) // 2 - 1 : -1]


def _interleaved(x):
    return np.stack(np.split(x, 2, axis=-1), axis=-1).reshape(x.shape)


def _angles(x, positions, base):
    return np.outer(positions, base ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1]))


X_246, X_54, X_32 = normal(2, 4, 6, seed=1), normal(5, 4, seed=2), normal(3, 2, seed=3)
X_38 = normal(3, 8, seed=4)
turned.cases = (
    (X_246, np.array([3, 4, 5, 6]), 10000.0),
    (X_54, np.array([0, 7, 2, 11, 3]), 50.0),
    (X_38, np.array([1, 2, 9]), 20.0),
    (X_32, np.array([1, 5, 2]), 10000.0),
)
turned.equivalents = {
    "angles = np.outer(positions.T, base ** (-np.arange(half) / half))": VECTOR,
}
turned.hints = (
    "Begin with the angles, a table (T, d/2): np.outer(positions, speeds). The pair 0 turns by 1 "
    "a place, and each later pair more slowly.",
    "speeds = base ** (-np.arange(half) / half), with half = d // 2, since 2i/d is i/half.",
    "x[..., :half] and x[..., half:] are the two features of all pairs. The first becomes first · "
    "cos − second · sin, the second becomes second · cos + first · sin; np.concatenate([…, …], "
    "axis=-1) puts them side by side.",
)
turned.mistakes = {
    "Neighbours are turned, feature 0 with feature 1. Asked for is feature i with feature i + d/2.":
        lambda x, positions, base: _turned(_neighbours, _angles(x, positions, base), x),
    "Neighbours were read as pairs, and the results were put into halves. Feature i turns with "
    "feature i + d/2.":
        edit("x[..., :half], x[..., half:]", "x[..., ::2], x[..., 1::2]"),
    "The results were put back as neighbours. They belong where the two features came from.":
        lambda x, positions, base: _interleaved(turned.solve(x, positions, base)),
    "Feature 0 is turned with the last one. Feature i turns with feature i + d/2.":
        lambda x, positions, base: _turned(_mirrored, _angles(x, positions, base), x),
    "The speeds begin at the wrong end: pair 0 is the fastest, and turns by 1 a place.":
        edit("-np.arange(half)", "-np.arange(half)[::-1]"),
    "The arrows turn the other way: the first is first · cos − second · sin.":
        edit(" - second *", " + second *", " + first *", " - first *"),
    "Both features get a minus sign. In the second it is a plus.": edit(" + first", " - first"),
    "Both features get a plus sign. In the first it is a minus.": edit(" - second", " + second"),
    "Later pairs turn faster here. base has a negative exponent.":
        edit("-np.arange(half)", "np.arange(half)"),
    "The exponent is −2i/d, and that is −i/half. Here it is half of that.":
        edit("arange(half) / half", "arange(half) / x.shape[-1]"),
    "The exponent is −2i/d. Here it is twice that: np.arange(0, d, 2) counts 2i already.":
        edit("arange(half) / half", "arange(half) / half * 2"),
    "The exponent is not divided by d: −2i/d.": edit("arange(half) / half", "arange(half)"),
    "The exponent is −2i, not divided by d.": edit("arange(half) / half", "arange(half) * 2"),
    "The first pair has i = 0, and turns by 1 a place.":
        edit("np.arange(half)", "np.arange(1, half + 1)"),
    "The second feature is made of the first one that is turned already. Both need the old one.":
        edit("b = second * np.cos(angles) + first", "b = second * np.cos(angles) + a"),
    "The base is not used: it is given, and not always 10,000.":
        edit("base **", "10000.0 **"),
    "All pairs turn at the same speed. Each has its own, base ** (−2i/d).":
        edit("base ** (-np.arange(half) / half)", "np.ones(half)"),
    "The two halves changed places: what was made of the first feature comes first.":
        edit("[a, b]", "[b, a]"),
    "cos and sin are exchanged: an angle of 0 must change nothing.": edit(
        "first * np.cos(angles) - second * np.sin(angles)",
        "first * np.sin(angles) - second * np.cos(angles)",
        "second * np.cos(angles) + first * np.sin(angles)",
        "second * np.sin(angles) + first * np.cos(angles)",
    ),
    "The positions are counted anew from 0. They are given, and may begin anywhere.":
        edit("outer(positions", "outer(np.arange(len(positions))"),
    "The positions are all one too large.": edit("outer(positions", "outer(positions + 1"),
    "The second half is left as it was. Both features of a pair turn.":
        edit("[a, b]", "[a, second]"),
    "The first half is left as it was. Both features of a pair turn.":
        edit("[a, b]", "[first, b]"),
    "The angles are in degrees here. np.cos takes a whole turn as 2π.":
        edit("np.outer(positions,", "np.pi / 180 * np.outer(positions,"),
    "The angles are in turns here. They are ways along the circle: without 2π.":
        edit("np.outer(positions,", "2 * np.pi * np.outer(positions,"),
    "Only the products with cos are there. The other feature of the pair takes part.":
        edit(" - second * np.sin(angles)", "", " + first * np.sin(angles)", ""),
    "What was turned is added to x. It takes the place of x.":
        edit("return np", "return x + np"),
    "The interval between speeds is wrong: dividing by half − 1 lets the last pair reach 1/base. "
    "The exponent is −i/half.": edit("(half) / half", "(half) / max(half - 1, 1)"),
}  # fmt: skip


@layer
class RotaryScores(Layer):
    """Queries and keys side by side, (N, T, 2 d), to scores (N, T, T): turned, then compared."""

    def __init__(self, base):
        super().__init__()
        self.base = base

    def forward(self, x):
        q, k = np.split(x, 2, axis=-1)
        self.places = np.arange(x.shape[1])
        self.q = rotate(q, self.places, base=self.base)
        self.k = rotate(k, self.places, base=self.base)
        return self.q @ self.k.swapaxes(1, 2) / q.shape[2] ** 0.5

    def backward(self, dy):
        dq = rotate(dy @ self.k, -self.places, base=self.base)
        dk = rotate(dy.swapaxes(1, 2) @ self.q, -self.places, base=self.base)
        return np.concatenate([dq, dk], axis=-1) / dq.shape[2] ** 0.5


RotaryScores.cases = (
    ((50.0,), normal(2, 5, 8, seed=11), normal(2, 5, 5, seed=12)),
    ((10000.0,), normal(3, 4, 12, seed=13), normal(3, 4, 4, seed=14)),
)
RotaryScores.hints = (
    "forward: cut x in two, turn both parts with rotate(…, np.arange(T), base=self.base), and "
    "compare. Keep the turned queries and keys in self: the product was made of those.",
    "Without the turning, dq would be dy @ k / √d and dk would be dyᵀ @ q / √d. Here that gives "
    "the gradients of the turned queries and keys.",
    "The gradient is turned back by the same angle: rotate(…, -places, base=self.base). Then put "
    "both side by side with np.concatenate([dq, dk], axis=-1).",
    "If forward(x) has another dtype than x: np.sqrt of an integer is a float64, and d ** 0.5 is "
    "not.",
)
RotaryScores.equivalents = {
    "without super().__init__()": "The checker asks nothing of a layer without parameters.",
    "self.places = np.arange(x.T.shape[1])": "Of three axes the middle one stays in x.T.",
}
RotaryScores.mistakes = {
    "backward turns on where it should turn back: the angle is the opposite one.":
        edit("dy @ self.k, -self.places", "dy @ self.k, self.places",
             "@ self.q, -self.places", "@ self.q, self.places"),
    "backward does not turn back. The gradients of the turned queries and keys are not those of "
    "x.": edit("rotate(dy @ self.k, -self.places, base=self.base)", "dy @ self.k",
               "rotate(dy.swapaxes(1, 2) @ self.q, -self.places, base=self.base)",
               "dy.swapaxes(1, 2) @ self.q"),
    "The gradient of the keys is not turned back.":
        edit("rotate(dy.swapaxes(1, 2) @ self.q, -self.places, base=self.base)",
             "dy.swapaxes(1, 2) @ self.q"),
    "The gradient of the queries is not turned back.":
        edit("rotate(dy @ self.k, -self.places, base=self.base)", "dy @ self.k"),
    "backward multiplies by queries and keys as they came. The product in forward was made of the "
    "turned ones: keep those.":
        edit("self.q = rotate", "self.q, turned_q = q, rotate",
             "self.k = rotate", "self.k, turned_k = k, rotate",
             "self.q @ self.k.swapaxes(1, 2) / q", "turned_q @ turned_k.swapaxes(1, 2) / q"),
    "The keys are not turned in forward.":
        edit("rotate(k, self.places, base=self.base)", "k"),
    "The queries are not turned in forward.":
        edit("rotate(q, self.places, base=self.base)", "q"),
    "Nothing is turned in forward.":
        edit("rotate(k, self.places, base=self.base)", "k",
             "rotate(q, self.places, base=self.base)", "q"),
    "The keys are turned the other way in forward. Then places add up, and what counts is "
    "their difference.":
        edit("rotate(k, self.places", "rotate(k, -self.places"),
    "The base is not used: rotate(…, base=self.base).":
        edit("q, self.places, base=self.base", "q, self.places",
             "k, self.places, base=self.base", "k, self.places",
             "@ self.k, -self.places, base=self.base", "@ self.k, -self.places",
             "@ self.q, -self.places, base=self.base", "@ self.q, -self.places"),
    "The base is used in forward and forgotten in backward.":
        edit("@ self.k, -self.places, base=self.base", "@ self.k, -self.places",
             "@ self.q, -self.places, base=self.base", "@ self.q, -self.places"),
    "The scores are not divided by √d.":
        edit(" / q.shape[2] ** 0.5", "", " / dq.shape[2] ** 0.5", ""),
    "The scores are not divided by √d, though the gradients are.": edit(" / q.shape[2] ** 0.5", ""),
    "No mask is asked for: every query is compared with every key.":
        edit("self.q @ self.k.swapaxes(1, 2) / q.shape[2] ** 0.5",
             "np.where(np.tri(x.shape[1]), self.q @ self.k.swapaxes(1, 2) / q.shape[2] ** 0.5, "
             "-np.inf)"),
    "The scores are divided by the root of all features of x. A query has d of them, half.":
        edit("/ q.shape[2] ** 0.5", "/ x.shape[2] ** 0.5",
             "/ dq.shape[2] ** 0.5", "/ (2 * dq.shape[2]) ** 0.5"),
    "backward forgets √d: a constant factor forwards is the same factor backwards.":
        edit(" / dq.shape[2] ** 0.5", ""),
    "The scores are divided by d. Divide by its root.":
        edit("/ q.shape[2] ** 0.5", "/ q.shape[2]", "/ dq.shape[2] ** 0.5", "/ dq.shape[2]"),
    "x is turned as a whole, so features of a query are paired with those of a key. Cut x in two "
    "first, then turn.":
        edit("np.split(x, 2", "np.split(rotate(x, np.arange(x.shape[1]), base=self.base), 2",
             "rotate(q, self.places, base=self.base)", "q",
             "rotate(k, self.places, base=self.base)", "k"),
    "Both gradients are turned back as one, so features of a query are paired with those of a key. "
    "Turn each by itself.":
        edit("rotate(dy @ self.k, -self.places, base=self.base)", "dy @ self.k",
             "rotate(dy.swapaxes(1, 2) @ self.q, -self.places, base=self.base)",
             "dy.swapaxes(1, 2) @ self.q",
             "np.concatenate([dq, dk], axis=-1)",
             "rotate(np.concatenate([dq, dk], axis=-1), -self.places, base=self.base)"),
    "The first half of x is taken for keys. Queries come first.": edit("q, k = np", "k, q = np"),
    "The gradients are in the wrong order: the queries' first.": edit("[dq, dk]", "[dk, dq]"),
    "The gradient of the keys lacks a transpose: it adds up over queries, the rows of dy.":
        edit("dy.swapaxes(1, 2) @ self.q", "dy @ self.q"),
    "The gradient of the queries has a transpose too many: it adds up over keys, the columns of "
    "dy.": edit("rotate(dy @ self.k", "rotate(dy.swapaxes(1, 2) @ self.k"),
    "The slope for q is k, and for k it is q: each gradient needs the other factor.":
        edit("dy @ self.k", "dy @ self.q", "dy.swapaxes(1, 2) @ self.q",
             "dy.swapaxes(1, 2) @ self.k"),
}  # fmt: skip


@exercise
def look_back(s, d):
    """A query and a key, (d,) each, with which every token looks at the token s places before."""
    q = np.full(d, 9.0)
    return q, rotate(q[None], [s])[0]


N_LOOKING = 40


def _seen(answer):
    """How each of 40 tokens shares out its attention, when all have this query and this key."""
    q, k = (np.tile(np.asarray(part, dtype=float), (N_LOOKING, 1)) for part in answer)
    q, k = (rotate(x, np.arange(N_LOOKING)) for x in (q, k))
    scores = q @ k.T / np.sqrt(q.shape[1])
    return softmax(np.where(causal_mask(N_LOOKING), scores, -np.inf))


def _share(answer, back):
    """The least share that a token gives to the one so many places before it."""
    return np.diagonal(_seen(answer), -back).min()


def _favours(answer, back):
    """Whether every token gives most to the one so many places before it, and no other as much."""
    seen = _seen(answer)[back:]
    return (np.sort(seen)[:, -2] < np.diagonal(seen)).all()


look_back.cases = ((5, 16),)
look_back.form = "of q and k, as a pair"
look_back.accept = (
    (lambda answer: len(answer) == 2, "Two vectors are asked for, q and k, separated by a comma."),
    (
        lambda answer: all(np.shape(part) == (16,) for part in answer),
        "For d = 16, q and k each need the shape (16,).",
    ),
    (lambda answer: np.isfinite(_seen(answer)).all(), "The scores are too large for floats."),
    (
        lambda answer: _share(answer, 0) < 0.5,
        "Each token gives most of its attention to itself. At which angle of q and k, before they "
        "are turned, do they point the same way after it, 5 places apart?",
    ),
    (
        lambda answer: _favours(answer, 5),
        "Some token gives at least as much to another token as to the one 5 places before it. Each "
        "pair of k must point to where the same pair of q is after 5 places.",
    ),
    (
        lambda answer: _share(answer, 5) > 0.5,
        "The token 5 before gets the most from each, but not from each more than half. Make q and "
        "k longer: that stretches all scores.",
    ),
)
look_back.hints = (
    "The score is largest where turned query and turned key point the same way in every pair. The "
    "query stands s places after the key: it has turned s steps further.",
    "So give the key these s steps in advance: k is q, turned by s places. rotate takes (T, d) and "
    "(T,), so write rotate(q[None], [s])[0].",
    "Any q will do whose pairs are all there, such as np.ones(d), if it is long enough for the "
    "softmax: try 9 * np.ones(d).",
)
look_back.equivalents = dict.fromkeys(
    ("q = np.full(d, 10.0)", "q = np.full(d, 8.0)", "q = np.full(d, 18.0)", "q = np.full(d, 4.5)"),
    "Any length will do that is large enough for the softmax.",
) | {"return (q, rotate(q[None], [s])[-1])": "There is one row, the first and the last."}
look_back.mistakes = {
    "The key is turned back. It should be s steps ahead, as the query will be: rotate by s.":
        edit("[s]", "[-s]"),
    "Query and key are alike, so each token looks at itself.":
        edit("rotate(q[None], [s])[0]", "q"),
    "It looks in the right direction, but q and k are so short that softmax shares out nearly "
    "evenly. Make them longer.": edit("9.0", "1.0"),
    "Query and key are exchanged: the key has to be ahead.":
        edit("return q, rotate(q[None], [s])[0]", "return rotate(q[None], [s])[0], q"),
    "Both were turned by s, so their difference is 0 again, and each token looks at itself.":
        edit("return q,", "return rotate(q[None], [s])[0],"),
    "The key points away from where the query will be: its sign is wrong.":
        edit("return q, rotate", "return q, -rotate"),
    "Everything is 0, so every score is 0, and softmax shares out evenly.": edit("9.0", "0.0"),
    "The key is one step short: s places are s steps.": edit("[s]", "[s - 1]"),
    "The key is one step too far: s places are s steps.": edit("[s]", "[s + 1]"),
}  # fmt: skip


@exercise
def to_halves(W, d_head):
    """Rows for pairs of neighbours, (H · d_head, D), in the order for pairs of halves."""
    pairs = W.reshape(-1, d_head // 2, 2, W.shape[1])
    return pairs.swapaxes(1, 2).reshape(W.shape)


to_halves.cases = (
    (normal(12, 5, seed=21), 6),
    (normal(8, 8, seed=22), 4),
    (normal(16, 3, seed=23), 8),
)
to_halves.equivalents = {"pairs = W.reshape(-2, d_head // 2, 2, W.shape[1])": ANY}
to_halves.hints = (
    "Take one head with d_head = 6. Its rows now belong to the features 0, 1, 2, 3, 4, 5 of the "
    "pairs (0, 1), (2, 3), (4, 5). Which row must come first, which second, and which fourth?",
    "The first features of all pairs come first, then the second ones: rows 0, 2, 4, 1, 3, 5, and "
    "that in every head.",
    "reshape gives the rows three axes, (heads, pairs, 2). Exchange the last two with swapaxes, "
    "and reshape back.",
)
to_halves.mistakes = {
    "That is the way back, from halves to neighbours.":
        edit("d_head // 2, 2, W", "2, d_head // 2, W"),
    "The rows of all heads were sorted together. Each head keeps its own rows.":
        lambda W, d_head: np.concatenate([W[::2], W[1::2]]),
    "The columns were sorted. The features of queries and keys are the rows of W.":
        lambda W, d_head: np.concatenate([W[:, ::2], W[:, 1::2]], axis=1),
    "The second features come first. The first half holds the first feature of each pair.":
        lambda W, d_head: np.concatenate(
            [half for head in W.reshape(-1, d_head, W.shape[1]) for half in (head[1::2], head[::2])]
        ),
    "Nothing has changed its place: exchange the axes between the two reshapes.":
        edit(".swapaxes(1, 2)", ""),
    "Heads and pairs were exchanged: leave the heads first, and exchange the last two axes.":
        edit("swapaxes(1, 2)", "swapaxes(0, 1)"),
    "Heads and the two features of a pair were exchanged: leave the heads first.":
        edit("swapaxes(1, 2)", "swapaxes(0, 2)"),
    "Neighbours were exchanged, row 0 with row 1. The first features of all pairs come first.":
        lambda W, d_head: W.reshape(-1, 2, W.shape[1])[:, ::-1].reshape(W.shape),
}  # fmt: skip


@exercise
def unmoved():
    """Whose output stays as it is when x is doubled, when 5 is added, when its sign changes."""
    return "both", "LayerNorm", "neither"


unmoved.form = 'three of "RMSNorm", "LayerNorm", "both", "neither"'
unmoved.hints = (
    "Take x = (1, 3). RMSNorm divides it by √5, and LayerNorm makes (−1, 1) of it. Try 2 x, x + 5 "
    "and −x.",
    "A norm that divides by a size takes a stretch away. One that subtracts the mean takes a shift "
    "away. And is a size ever negative?",
)
unmoved.reason = (
    "Both divide by a size that doubles with x, so 2 x gives what x gives. LayerNorm subtracts the "
    "mean, and with it the 5; RMSNorm does not, so there the 5 stays and changes all shares. With "
    "−x the sizes stay, since they are roots of squares, and both outputs change their sign."
)
unmoved.mistakes = {
    "RMSNorm subtracts no mean, so a 5 that is added stays.": ("both", "both", "neither"),
    "RMSNorm divides by the root mean square, and that doubles with x as well.":
        ("LayerNorm", "LayerNorm", "neither"),
    "LayerNorm divides by the standard deviation, and that doubles with x as well.":
        ("RMSNorm", "LayerNorm", "neither"),
    "A size is never negative: it is the root of squares. So the sign of x stays in the output.":
        ("both", "LayerNorm", "both"),
    "Names exchanged in the second: LayerNorm is the one that subtracts the mean.":
        ("both", "RMSNorm", "neither"),
    "Adding 5 to all numbers changes the mean and nothing else. Who subtracts it?":
        ("both", "neither", "neither"),
    "A doubled x has a doubled size, and is divided by it.": ("neither", "LayerNorm", "neither"),
    "RMSNorm keeps the sign of x: it divides by a root.": ("both", "LayerNorm", "RMSNorm"),
    "LayerNorm keeps the sign of x − mean: it divides by a root.":
        ("both", "LayerNorm", "LayerNorm"),
    "Not all changes are taken away: RMSNorm knows no mean, and neither of the two drops a sign.":
        ("both", "both", "both"),
}  # fmt: skip


@layer
class RootMeanSquare(Layer):
    """RMSNorm over the last of any number of axes, with gamma of shape (d,)."""

    def __init__(self, d, eps):
        super().__init__({"gamma": np.ones(d)})
        self.eps = eps

    def forward(self, x):
        self.r = np.sqrt((x * x).mean(axis=-1, keepdims=True) + self.eps)
        self.x_hat = x / self.r
        return self.params["gamma"] * self.x_hat

    def backward(self, dy):
        leading = tuple(range(dy.ndim - 1))
        self.grads["gamma"] += (dy * self.x_hat).sum(axis=leading)
        dx_hat = dy * self.params["gamma"]
        along = (dx_hat * self.x_hat).mean(axis=-1, keepdims=True)
        return (dx_hat - self.x_hat * along) / self.r


RootMeanSquare.cases = (
    ((3, 0.1), normal(2, 4, 3, seed=31), normal(2, 4, 3, seed=32)),
    ((4, 0.03), normal(5, 4, seed=33), normal(5, 4, seed=34)),
    ((5, 0.5), normal(3, 2, 5, seed=35), normal(3, 2, 5, seed=36)),
)
RootMeanSquare.equivalents = {
    "leading = tuple(range(dy.T.ndim - 1))": "a transpose has as many axes",
}
RootMeanSquare.hints = (
    "forward: r is the root of the mean of the squares plus eps, over the last axis with "
    "keepdims=True. Keep r and x_hat = x / r in self.",
    "Two paths lead from x to x_hat: directly, and through r. There is no path through a mean, for "
    "none is subtracted.",
    "With dx_hat = dy * gamma, the gradient for x is (dx_hat − x_hat · mean(dx_hat · x_hat)) / r. "
    "gamma gets dy · x_hat, added up over all axes but the last, with +=.",
)
RootMeanSquare.mistakes = {
    "The mean is subtracted in forward. RMSNorm divides by the root mean square alone.":
        edit("self.r =", "x = x - x.mean(axis=-1, keepdims=True)\n        self.r ="),
    "The mean is subtracted, forwards and backwards: that is LayerNorm without a shift. RMSNorm "
    "subtracts none.":
        edit("self.r =", "x = x - x.mean(axis=-1, keepdims=True)\n        self.r =",
             "(dx_hat - self", "(dx_hat - dx_hat.mean(axis=-1, keepdims=True) - self"),
    "forward divides by the standard deviation, which is measured from the mean. RMSNorm takes the "
    "mean of x² itself.":
        edit("(x * x).mean(axis=-1, keepdims=True) + self.eps",
             "x.var(axis=-1, keepdims=True) + self.eps"),
    "eps stands outside the root: √(mean + eps).":
        edit("keepdims=True) + self.eps)", "keepdims=True)) + self.eps"),
    "eps is added to x / r. It belongs to the mean, under the root.":
        edit("keepdims=True) + self.eps)", "keepdims=True))",
             "x / self.r", "x / self.r + self.eps"),
    "eps is missing.": edit(" + self.eps", ""),
    "The root is missing: divide by √(mean + eps).":
        edit("np.sqrt((x * x).mean(axis=-1, keepdims=True) + self.eps)",
             "(x * x).mean(axis=-1, keepdims=True) + self.eps"),
    "The squares are added up. RMSNorm takes their mean: divide by d.":
        edit("(x * x).mean(", "(x * x).sum("),
    "The squares are missing: that is the mean of x, not of x².": edit("(x * x).mean", "x.mean"),
    "One size for the whole array. Each vector has its own: axis=-1.":
        edit("(x * x).mean(axis=-1, keepdims=True)", "(x * x).mean()"),
    "The mean runs over axis 0, the batch. It belongs to one vector: the last axis.":
        edit("(x * x).mean(axis=-1", "(x * x).mean(axis=0"),
    "The mean runs over the tokens. It belongs to one vector: the last axis.":
        edit("(x * x).mean(axis=-1", "(x * x).mean(axis=-2"),
    "gamma is missing in forward.": edit('self.params["gamma"] * self.x_hat\n', "self.x_hat\n"),
    "gamma is forgotten on the way back: dx_hat is dy times gamma.":
        edit('dx_hat = dy * self.params["gamma"]', "dx_hat = dy"),
    "The gradient of gamma replaces what was there. Add to it: +=.":
        edit('self.grads["gamma"] += ', 'self.grads["gamma"] = '),
    "The gradient of gamma is added up over axis 0 only. Every axis but the last.":
        edit("tuple(range(dy.ndim - 1))", "0"),
    "The gradient of gamma has lost its factor x_hat.": edit("(dy * self.x_hat).sum(", "dy.sum("),
    "The gradient of gamma has x in place of x_hat.":
        edit("(dy * self.x_hat).sum(", "(dy * self.x_hat * self.r).sum("),
    "r is taken for a constant: it depends on x, and that path is missing.":
        edit(" - self.x_hat * along", ""),
    "In backward the mean of dx_hat is taken away too. That belongs to LayerNorm, whose forward "
    "subtracts a mean.":
        edit("(dx_hat - self", "(dx_hat - dx_hat.mean(axis=-1, keepdims=True) - self"),
    "In backward the last path goes along x_hat, and here along dx_hat.":
        edit("- self.x_hat * along", "- dx_hat * along"),
    "In backward the mean is taken of dx_hat. It is that of the products dx_hat · x_hat.":
        edit("(dx_hat * self.x_hat).mean", "dx_hat.mean"),
    "In backward stands a sum over the features where a mean belongs: the 1/d is missing.":
        edit("(dx_hat * self.x_hat).mean", "(dx_hat * self.x_hat).sum"),
    "The mean of backward runs over the batch. It belongs to one vector: the last axis.":
        edit("self.x_hat).mean(axis=-1", "self.x_hat).mean(axis=0"),
    "dx is not divided by r.": edit("along) / self.r", "along)"),
    "dx is multiplied by r. x was divided by r: so is its gradient.":
        edit("along) / self.r", "along) * self.r"),
    "The path through r is added. The norm does not see a stretch, so that part is taken away.":
        edit("dx_hat - self", "dx_hat + self"),
    "Only the last path is divided by r: brackets.":
        edit("(dx_hat - self.x_hat * along) / self.r", "dx_hat - self.x_hat * along / self.r"),
    "The last path lacks a factor 1/r: with x_hat in it it is divided by r, and with x by r³.":
        edit("(dx_hat - self.x_hat * along) / self.r", "dx_hat / self.r - self.x_hat * along"),
    "The last path is divided by r³. That is so with x in it; x_hat is divided by r already.":
        edit("self.x_hat * along)", "self.x_hat * along / self.r**2)"),
}  # fmt: skip


@layer
class GatedFeedForward(Layer):
    """Rows x (T, d), through gate and up, (hidden, d), and back through down, (d, hidden)."""

    def __init__(self, d, hidden):
        up, down = np.ones((hidden, d)), np.zeros((d, hidden))
        super().__init__({"gate": np.zeros((hidden, d)), "up": up, "down": down})

    def forward(self, x):
        self.x = x
        self.g = x @ self.params["gate"].T
        self.u = x @ self.params["up"].T
        self.s = 1 / (1 + np.exp(-self.g))
        self.h = self.g * self.s * self.u
        return self.h @ self.params["down"].T

    def backward(self, dy):
        self.grads["down"] += dy.T @ self.h
        dh = dy @ self.params["down"]
        du = dh * self.g * self.s
        dg = dh * self.u * (self.s + self.g * self.s * (1 - self.s))
        self.grads["gate"] += dg.T @ self.x
        self.grads["up"] += du.T @ self.x
        return dg @ self.params["gate"] + du @ self.params["up"]


GatedFeedForward.cases = (
    ((3, 5), 2 * normal(4, 3, seed=41), normal(4, 3, seed=42)),
    ((4, 4), 2 * normal(5, 4, seed=43), normal(5, 4, seed=44)),
    ((3, 2), 3 * normal(2, 3, seed=45), normal(2, 3, seed=46)),
)
GatedFeedForward.hints = (
    "forward: g = x @ gate.T and u = x @ up.T are two Dense layers side by side. SiLU(g) = g · s "
    "with s = 1 / (1 + e⁻ᵍ). Keep what backward needs: x, g, s, u and the product h = g · s · u.",
    "Go back through the last layer first: down gets dyᵀ @ h, and h gets dh = dy @ down. A product "
    "of two things passes each the gradient times the other.",
    "u gets dh · SiLU(g). g gets dh · u · the slope of SiLU, s + g s (1 − s).",
    "x is read twice, so its gradient is a sum: dg @ gate + du @ up. And gate gets dgᵀ @ x, up "
    "gets duᵀ @ x, with +=.",
)
GatedFeedForward.mistakes = {
    "g and u are exchanged: SiLU belongs to what gate makes of x, and up makes u.":
        edit('g = x @ self.params["gate"].T', 'g = x @ self.params["up"].T',
             'u = x @ self.params["up"].T', 'u = x @ self.params["gate"].T',
             'grads["gate"] += dg', 'grads["up"] += dg',
             'grads["up"] += du', 'grads["gate"] += du',
             'dg @ self.params["gate"] + du @ self.params["up"]',
             'dg @ self.params["up"] + du @ self.params["gate"]'),
    "g and u are exchanged in forward: SiLU belongs to what gate makes of x.":
        edit('g = x @ self.params["gate"].T', 'g = x @ self.params["up"].T',
             'u = x @ self.params["up"].T', 'u = x @ self.params["gate"].T'),
    "The gradients of gate and up are exchanged.":
        edit('grads["gate"] += dg', 'grads["up"] += dg',
             'grads["up"] += du', 'grads["gate"] += du'),
    "On the way back to x, gate and up are exchanged: g came from gate, u from up.":
        edit('dg @ self.params["gate"] + du @ self.params["up"]',
             'dg @ self.params["up"] + du @ self.params["gate"]'),
    "The gate is the sigmoid alone. SiLU is g times that: g · s.":
        edit("h = self.g * self.s", "h = self.s",
             "dh * self.g * self.s", "dh * self.s",
             "(self.s + self.g * self.s * (1 - self.s))", "self.s * (1 - self.s)"),
    "In forward the gate is the sigmoid alone. SiLU is g times that: g · s.":
        edit("h = self.g * self.s", "h = self.s"),
    "The activation function is missing in forward: SiLU(g) times u.":
        edit("h = self.g * self.s", "h = self.g"),
    "The activation function is missing, forwards and backwards: SiLU(g) times u.":
        edit("h = self.g * self.s", "h = self.g",
             "dh * self.g * self.s", "dh * self.g",
             "dh * self.u * (self.s + self.g * self.s * (1 - self.s))",
             "dh * self.u"),
    "The gate is ReLU. SiLU is g times the sigmoid of g.":
        edit("1 / (1 + np.exp(-self.g))", "1.0 * (self.g > 0)"),
    "SiLU(g) and u are added. They are multiplied.":
        edit("self.s * self.u", "self.s + self.u"),
    "u is missing in forward: SiLU(g) times what up makes of x.":
        edit("self.s * self.u", "self.s"),
    "SiLU is applied to u too. It passes as it is.":
        edit("self.s * self.u", "self.s * self.u / (1 + np.exp(-self.u))"),
    "The slope of SiLU is missing: g gets dh · u times that slope.":
        edit(" * (self.s + self.g * self.s * (1 - self.s))", ""),
    "The slope of SiLU is taken for s. SiLU(g) depends on g twice: s + g s (1 − s).":
        edit("(self.s + self.g * self.s * (1 - self.s))", "self.s"),
    "The path through the factor g is missing in the slope of SiLU: add s.":
        edit("(self.s + self.g * self.s", "(self.g * self.s"),
    "The slope is that of the sigmoid. That of g · s is s + g s (1 − s).":
        edit("(self.s + self.g * self.s * (1 - self.s))", "self.s * (1 - self.s)"),
    "SiLU itself stands where its slope belongs.":
        edit("(self.s + self.g * self.s * (1 - self.s))", "self.g * self.s"),
    "The gate gets no gradient: it depends on x too, through gate.":
        edit('        self.grads["gate"] += dg.T @ self.x\n', "",
             'dg @ self.params["gate"] + ', ""),
    "The path through the gate does not reach x: add dg @ gate.":
        edit('dg @ self.params["gate"] + ', ""),
    "The path through u does not reach x: add du @ up.":
        edit(' + du @ self.params["up"]', ""),
    "The gradient of u lacks a factor: dh · SiLU(g).":
        edit("dh * self.g * self.s", "dh"),
    "The gradient of u has the sigmoid where SiLU belongs: dh · g · s.":
        edit("dh * self.g * self.s", "dh * self.s"),
    "The gradient of g lacks u: each factor of a product gets the other.":
        edit("dh * self.u *", "dh *"),
    "The gradient of down replaces what was there. Add to it: +=.":
        edit('grads["down"] +=', 'grads["down"] ='),
    "The gradient of gate replaces what was there. Add to it: +=.":
        edit('grads["gate"] +=', 'grads["gate"] ='),
    "The gradient of up replaces what was there. Add to it: +=.":
        edit('grads["up"] +=', 'grads["up"] ='),
    "All three gradients replace what was there. Add to them: +=.":
        edit('grads["down"] +=', 'grads["down"] =', 'grads["gate"] +=', 'grads["gate"] =',
             'grads["up"] +=', 'grads["up"] ='),
    "down got u where the gated product belongs: dyᵀ @ h.":
        edit("dy.T @ self.h", "dy.T @ self.u"),
    "The constant 1.702 belongs to the quick GELU. SiLU has none.":
        edit("np.exp(-self.g)", "np.exp(-1.702 * self.g)",
             "self.s + self.g * self.s", "self.s + 1.702 * self.g * self.s"),
    "The sign inside the sigmoid is wrong: 1 / (1 + e⁻ᵍ).":
        edit("np.exp(-self.g)", "np.exp(self.g)"),
}  # fmt: skip


@exercise
def hidden_width(d, multiple):
    """The least multiple at which three matrices have as many weights as two of width 4 d."""
    return -(-8 * d // (3 * multiple)) * multiple


hidden_width.cases = (4096, 256), (96, 64), (13, 10), (33, 1)
hidden_width.hints = (
    "Two matrices between d and 4 d have 8 d² weights. Three between d and h have 3 d h. At which "
    "h are those as many?",
    "At h = 8 d / 3. Divide that by the multiple, round up, and multiply again.",
    "-(-a // b) is a / b rounded up, in whole numbers.",
)
hidden_width.mistakes = {
    "Three matrices of width 4 d have half as many weights again. Make them narrower.":
        lambda d, multiple: -(-4 * d // multiple) * multiple,
    "That is 4 d, the width of the layer with two matrices.": lambda d, multiple: 4 * d,
    "It is rounded down, so there are fewer weights than before: round up.":
        lambda d, multiple: 8 * d // (3 * multiple) * multiple,
    "It is rounded to the nearest multiple. The least one that is enough is asked for: round up.":
        lambda d, multiple: round(8 * d / 3 / multiple) * multiple,
    "8 d / 3 is not yet a multiple: round up to the next one.": lambda d, multiple: 8 * d / 3,
    "8 d / 3 is cut off. It should be a multiple: round up to the next one.":
        lambda d, multiple: 8 * d // 3,
    "8 d / 3 is rounded up to a whole number. It should be a multiple: round up to the next one.":
        lambda d, multiple: -(-8 * d // 3),
    "The factor is 2/3 of 4 d, not of d.": edit("8 * d", "2 * d"),
    "Where 8 d / 3 is a multiple itself, it is enough: here comes one multiple more.":
        lambda d, multiple: (8 * d // (3 * multiple) + 1) * multiple,
    "That is the number of multiples. Multiply by the multiple again.":
        edit(" // (3 * multiple)) * multiple", " // (3 * multiple))"),
    "Two matrices of the old layer have 8 d² weights together, not 4 d².": edit("8 * d", "4 * d"),
}  # fmt: skip


@layer
class RepeatedHeads(Layer):
    """Each key head for a group of query heads: (N, G, T, d) to (N, group · G, T, d)."""

    def __init__(self, group):
        super().__init__()
        self.group = group

    def forward(self, x):
        return np.repeat(x, self.group, axis=1)

    def backward(self, dy):
        n, heads, t, d = dy.shape
        groups = dy.reshape(n, heads // self.group, self.group, t, d)
        return groups.sum(axis=2)


RepeatedHeads.cases = (
    ((2,), normal(2, 3, 4, 5, seed=51), normal(2, 6, 4, 5, seed=52)),
    ((3,), normal(3, 2, 2, 3, seed=53), normal(3, 6, 2, 3, seed=54)),
)
RepeatedHeads.equivalents = {
    "without super().__init__()": "The checker asks nothing of a layer without parameters.",
}
RepeatedHeads.hints = (
    "With group = 2 the query heads 0 and 1 use key head 0, and 2 and 3 use key head 1: 0 0 1 1, "
    "and not 0 1 0 1. Heads are axis 1.",
    "np.repeat(x, group, axis=1) repeats each head in its place. np.tile repeats the whole row.",
    "What is used several times gets the sum of what comes back. dy.reshape(N, G, group, T, d) has "
    "an axis for the members of a group.",
)
RepeatedHeads.mistakes = {
    "The heads come in the wrong order, 0 1 0 1: that is np.tile. Query head h uses key head h // "
    "group: 0 0 1 1.":
        edit("np.repeat(x, self.group, axis=1)", "np.tile(x, (1, self.group, 1, 1))",
             "heads // self.group, self.group, t", "self.group, heads // self.group, t",
             "axis=2", "axis=1"),
    "forward repeats in the wrong order, 0 1 0 1, as np.tile does. Query head h uses key head h // "
    "group: 0 0 1 1.":
        edit("np.repeat(x, self.group, axis=1)", "np.tile(x, (1, self.group, 1, 1))"),
    "backward adds up heads that are a row apart, as for np.tile. A group stands side by side.":
        edit("heads // self.group, self.group, t", "self.group, heads // self.group, t",
             "axis=2", "axis=1"),
    "backward takes the mean of a group. What is used several times gets the sum.":
        edit("groups.sum", "groups.mean"),
    "backward takes one of a group. All of them used the same head: add up.":
        edit("groups.sum(axis=2)", "groups[:, :, 0]"),
    "backward takes the largest of a group. All of them used the same head: add up.":
        edit("groups.sum", "groups.max"),
    "backward takes the last of a group. All of them used the same head: add up.":
        edit("groups.sum(axis=2)", "groups[:, :, -1]"),
    "The tokens are repeated. Heads are axis 1.":
        edit("np.repeat(x, self.group, axis=1)", "np.repeat(x, self.group, axis=2)"),
    "The examples are repeated. Heads are axis 1.":
        edit("np.repeat(x, self.group, axis=1)", "np.repeat(x, self.group, axis=0)"),
    "The features are repeated. Heads are axis 1.":
        edit("np.repeat(x, self.group, axis=1)", "np.repeat(x, self.group, axis=3)"),
    "Without an axis np.repeat makes one long row. Heads are axis 1.":
        edit("self.group, axis=1)", "self.group)"),
    "backward hands dy on as it came, with all its heads. Add up those of a group.":
        edit("return groups.sum(axis=2)", "return dy"),
    "forward divides what it repeats. Each query head gets the whole key.":
        edit("return np.repeat(x,", "return np.repeat(x / self.group,"),
}  # fmt: skip


@exercise
def grouped_scores(Q, K, n_heads):
    """Scores (H, T, T) of H query heads, Q (T, H d), with fewer key heads, K (T, G d)."""
    T, D = Q.shape
    d = D // n_heads
    q = Q.reshape(T, n_heads, d).swapaxes(0, 1)
    k = K.reshape(T, -1, d).swapaxes(0, 1)
    k = np.repeat(k, n_heads // len(k), axis=0)
    return q @ k.swapaxes(1, 2) / np.sqrt(d)


grouped_scores.cases = (
    (normal(5, 24, seed=61), normal(5, 8, seed=62), 6),
    (normal(3, 8, seed=63), normal(3, 4, seed=64), 4),
    (normal(4, 6, seed=65), normal(4, 6, seed=66), 2),
)
grouped_scores.equivalents = {"k = K.reshape(T, -2, d).swapaxes(0, 1)": ANY}
grouped_scores.start = edit("np.sqrt(d)", "np.sqrt(D)")
grouped_scores.hints = (
    "Go through the lines with n_heads = 6, D = 24 and two key heads, and write the shape of each "
    "array beside it. All of them are right. So which number is not?",
    "A score is a sum of products, and is divided by the root of their number. How many are there "
    "in one head?",
)
grouped_scores.mistakes = {
    "The scores are not divided by √d.": edit(" / np.sqrt(d)", ""),
    "The scores are divided by d. Divide by its root.": edit("np.sqrt(d)", "d"),
    "The scores are divided by the root of the number of tokens. A product has d features.":
        edit("np.sqrt(d)", "np.sqrt(T)"),
    "The scores are divided by the root of the number of heads. A product has d features.":
        edit("np.sqrt(d)", "np.sqrt(n_heads)"),
    "The scores are divided by the root of all features of the keys. A product has d of them, "
    "those of one head.": edit("np.sqrt(d)", "np.sqrt(K.shape[1])"),
    "The heads are repeated in the wrong order now, 0 1 0 1. That line was right: np.repeat gives "
    "0 0 1 1.": edit("np.repeat(k, n_heads // len(k), axis=0)",
                     "np.tile(k, (n_heads // len(k), 1, 1))"),
    "The order of the heads was changed, and it was right. The wrong number is still there: D in "
    "place of d.": edit("np.repeat(k, n_heads // len(k), axis=0)",
                        "np.tile(k, (n_heads // len(k), 1, 1))", "np.sqrt(d)", "np.sqrt(D)"),
    "The scores are multiplied by √d. Divide by it.": edit("/ np", "* np"),
    "Softmax comes later. The scores are asked for.":
        edit("q @ k.swapaxes(1, 2) / np.sqrt(d)", "softmax(q @ k.swapaxes(1, 2) / np.sqrt(d))"),
    "reshape alone cut the tokens apart. Cut the features, then exchange the axes, as it was.":
        edit("Q.reshape(T, n_heads, d).swapaxes(0, 1)", "Q.reshape(n_heads, T, d)",
             "K.reshape(T, -1, d).swapaxes(0, 1)", "K.reshape(-1, T, d)"),
}  # fmt: skip


@exercise
def cache_bytes(d, n_heads, n_kv_heads, n_blocks, t, size):
    """The bytes of the keys and values of t tokens, at ``size`` bytes a number."""
    d_head = d // n_heads
    return 2 * n_blocks * t * n_kv_heads * d_head * size


cache_bytes.cases = (576, 9, 3, 30, 2048, 2), (24, 6, 1, 5, 7, 8)  # they fit into 32 bits
cache_bytes.hints = (
    "Begin with one token in one block: which vectors are kept of it, how many, and of what width?",
    "A key and a value for each of n_kv_heads heads, of d / n_heads numbers each. Then all tokens, "
    "all blocks, and the bytes of a number.",
)
cache_bytes.mistakes = {
    "Keys are counted, or values. Both are kept: twice as much.": edit("2 * n_blocks", "n_blocks"),
    "That counts a key and a value for every query head. Only n_kv_heads are kept.":
        edit("n_kv_heads * d_head", "d"),
    "Those are numbers, not bytes: times size.": edit(" * size", ""),
    "Those are numbers, not bytes, and of all query heads: only n_kv_heads are kept.":
        edit("n_kv_heads * d_head * size", "d"),
    "That is one block. Every block has keys and values of its own.": edit("n_blocks * ", ""),
    "That is one token. There are t.": edit("t * n_kv", "n_kv"),
    "A head has d / n_heads numbers, not d.": edit("* d_head", "* d"),
    "Queries are counted too. They are used once, and are not kept.": edit("2 * n", "3 * n"),
    "That grows with t². A cache has keys and values of t tokens; the scores are not kept.":
        edit("t * n_kv", "t * t * n_kv"),
    "Those are bits. A byte has eight.": edit("2 * n", "16 * n"),
    "That counts a key for every query head, and no values. Both are kept, of n_kv_heads.":
        edit("2 * n_blocks", "n_blocks", "n_kv_heads * d_head", "d"),
    "It counts heads, and leaves out how wide they are.": edit(" * d_head", ""),
}  # fmt: skip


@exercise
def next_scores(q, k, cached):
    """Scores (T, P + T) of T new tokens with all keys, and those keys, (P + T, d), turned."""
    positions = len(cached) + np.arange(len(k))
    keys = np.concatenate([cached, rotate(k, positions)])
    return rotate(q, positions) @ keys.T / np.sqrt(q.shape[1]), keys


def _cached(p, d, seed):
    return rotate(normal(p, d, seed=seed), np.arange(p))


next_scores.cases = (
    (normal(1, 6, seed=71), normal(1, 6, seed=72), _cached(4, 6, 73)),
    (normal(3, 4, seed=74), normal(3, 4, seed=75), _cached(2, 4, 76)),
    (normal(4, 4, seed=77), normal(4, 4, seed=78), _cached(4, 4, 79)),
)
next_scores.equivalents = dict.fromkeys(
    (
        "return (rotate(q, positions) @ keys.T / np.sqrt(cached.shape[1]), keys)",
        "return (rotate(q, positions) @ keys.T / np.sqrt(k.shape[1]), keys)",
        "positions = len(cached) + np.arange(len(q))",
    ),
    "Queries and keys have as many features, and come from as many tokens.",
)
next_scores.start = edit("len(cached) + ", "")
next_scores.hints = (
    "Four tokens are in the cache, and one is new. Which position has it in the text?",
    "Its position is 4, since counting begins at 0. Which one does the given code take?",
    "The keys of the cache were turned when they came, and stay. Only the positions of the new "
    "tokens are wrong.",
)
next_scores.mistakes = {
    "The keys of the cache are turned a second time. They were turned before they were stored.": (
        lambda q, k, cached: _all_turned(q, np.concatenate([cached, k]), len(cached))
    ),
    "The keys of the cache are turned a second time, and the query's position begins anew.": (
        lambda q, k, cached: _all_turned(q, np.concatenate([cached, k]), 0)
    ),
    "The keys of the cache are turned a second time for the scores, and the new ones are stored as "
    "they came. Turn each key once, before it is stored.":
        edit("[cached, rotate(k, positions)]", "[cached, k]",
             "@ keys.T", "@ rotate(keys, np.arange(len(keys))).T"),
    "The new tokens are not turned.":
        edit("rotate(k, positions)]", "k]", "rotate(q, positions) @", "q @"),
    "The new keys are stored as they came. Turn them first: later they are only read.":
        edit("rotate(k, positions)]", "k]"),
    "The queries are not turned.": edit("rotate(q, positions) @", "q @"),
    "The keys are at the right positions, and the queries begin anew at 0.":
        edit("rotate(q, positions)", "rotate(q, np.arange(len(q)))"),
    "The queries are at the right positions, and the keys begin anew at 0.":
        edit("rotate(k, positions)", "rotate(k, np.arange(len(k)))"),
    "The positions begin one too late. The first new token has as many before it as are cached.":
        edit("len(cached) + ", "len(cached) + 1 + "),
    "The positions begin one too early. The first new token has as many before it as are cached.":
        edit("len(cached) + ", "len(cached) - 1 + "),
    "All new tokens have the same position. Each stands one after the other.":
        edit("len(cached) + np.arange(len(k))", "np.full(len(k), len(cached))"),
    "The new keys stand before the cached ones. They come after them.":
        edit("[cached, rotate(k, positions)]", "[rotate(k, positions), cached]"),
    "The cached keys are left out. The new tokens look at all that came before.":
        edit("np.concatenate([cached, rotate(k, positions)])", "rotate(k, positions)"),
    "Only the cached keys are there. A token sees itself, too.":
        edit("np.concatenate([cached, rotate(k, positions)])", "cached"),
    "No mask is asked for: the scores of all keys.":
        edit("rotate(q, positions) @ keys.T / np.sqrt(q.shape[1]), keys",
             "np.where(np.tri(len(q), len(keys), len(cached)), "
             "rotate(q, positions) @ keys.T / np.sqrt(q.shape[1]), -np.inf), keys"),
    "The scores are not divided by √d. That part was right.": edit(" / np.sqrt(q.shape[1])", ""),
    "Everything is counted backwards from the newest token. Its keys stay, so positions must too.":
        edit("len(cached) + np.arange(len(k))", "np.arange(len(k)) - len(cached)"),
    "The whole cache was turned on by the new tokens. Keys that are stored stay as they are.":
        edit("[cached, rotate(k", "[rotate(cached, np.full(len(cached), len(k))), rotate(k"),
}  # fmt: skip


def _all_turned(q, keys, first):
    keys = rotate(keys, np.arange(len(keys)))
    return rotate(q, first + np.arange(len(q))) @ keys.T / np.sqrt(q.shape[1]), keys


@exercise
def farthest(window, n_blocks):
    """How many places back the farthest token stands that the last output depends on."""
    return n_blocks * (window - 1)


farthest.cases = (4096, 32), (3, 2), (5, 1)
farthest.hints = (
    "Draw window = 3 and two blocks. Which tokens does the last one read in the second block, and "
    "which had the farthest of those read in the first?",
    "Each block reaches window − 1 places further back than the one above it.",
)
farthest.mistakes = {
    "A window of w tokens holds the token itself and w − 1 before it.":
        edit("(window - 1)", "window"),
    "That is one block. What a token reads has itself read further back, in the block below.":
        edit("n_blocks * ", ""),
    "Steps add up and do not multiply: each block reaches window − 1 places further.":
        lambda window, n_blocks: (window - 1) ** n_blocks,
    "That is the number of tokens, with the last one. How many places back is the farthest?":
        edit("(window - 1)", "(window - 1) + 1"),
    "Windows overlap in one token: each block adds window − 1 places, not the last one alone.":
        lambda window, n_blocks: n_blocks * window - 1,
    "Also the first block reaches back: there are n_blocks steps.":
        edit("n_blocks *", "(n_blocks - 1) *"),
    "That is one block, and the token itself is counted.": lambda window, n_blocks: window,
    "Windows do not double with each block: each adds window − 1 places.":
        lambda window, n_blocks: (window - 1) * 2 ** (n_blocks - 1),
}  # fmt: skip


@exercise
def longer():
    """A base and a learning rate: learned on 16 tokens, right on 48."""
    return 10.0, 0.01


BACK, SHORT, LONG = 5, 16, 48


def _right(model, ids):
    """How often the model says which token stood five places back, at the last ten places."""
    said = model.predict(ids).argmax(axis=2)
    return float((said[:, -10:] == ids[:, -BACK - 10 : -BACK]).mean())


def _looks_back(settings):
    """The shares of right answers on short and long texts, after 150 steps on short ones."""
    base, lr = map(float, settings)
    if not 0 < base < np.inf > lr > 0:
        return 0.0, 0.0
    rng = np.random.default_rng(5)
    words, out = Embedding(10, 16, rng=rng), Dense(16, 10, rng=rng)
    attend = GroupedAttention(16, 1, 1, rng=rng, base=base)
    model, adam = Sequential(words, attend, out).astype(np.float32), Adam(lr)
    for _ in range(150):
        ids = rng.integers(10, size=(16, SHORT))
        model.zero_grads()
        scores = model.forward(ids)
        dscores = np.zeros_like(scores)
        dscores[:, BACK:] = cross_entropy(scores[:, BACK:], ids[:, :-BACK])[1]
        model.backward(dscores)
        adam.step(model)
    return tuple(_right(model, rng.integers(10, size=(100, t))) for t in (SHORT, LONG))


longer.observe = _looks_back
longer.form = "base, lr"
longer.accept = (
    (lambda seen: seen[0] > 0, "Base and learning rate are numbers above 0."),
    (
        lambda seen: seen[0] > 0.95,
        "Not even texts of 16 tokens are right after 150 steps. Change the learning rate, by "
        "factors of 3.",
    ),
    (
        lambda seen: seen[1] > 0.95,
        "Texts of 16 tokens are right, and texts of 48 are not. Which distances from 16 to 47 does "
        "the fastest pair take for 5, and how many other pairs turn fast, but not as fast? A "
        "learning rate that is too large can do the same.",
    ),
)
longer.hints = (
    "The fastest pair turns by 1 a place, with every base. After how many places has "
    "it gone once round, and three times?",
    "Three times round are 18.85, nearly 19 places. So to this pair distance 24 looks "
    "like distance 5. Within 16 tokens that never shows.",
    "Other pairs tell 24 from 5 if they turn fast too, but not as fast. Try bases between 3 and "
    "30, and a learning rate of 0.01.",
)
longer.reason = (
    "Within 16 tokens the fastest pair is enough to tell 5 from all other distances. But 19 places "
    "are nearly three turns of it, so in longer texts 24 and 43 look like 5. With base 1 all pairs "
    "turn alike. With 10,000 the trained model looks at 5, 24 and 43: nothing within 16 tokens "
    "speaks against that. With base 10 the next pairs turn by 0.75, 0.56 and 0.42 a place, and it "
    "looks at 5 alone."
)
longer.mistakes = {
    "With base 1 all pairs turn alike, and none tells distance 24 from distance 5.": (1.0, 0.01),
    "With base 10,000 the trained model looks 24 and 43 places back as well: 19 places are "
    "nearly three turns of the fastest pair.": (10000.0, 0.01),
    "The learning rate is so small that nothing has been learned after 150 steps.": (10.0, 1e-5),
}  # fmt: skip
longer.equivalents = dict.fromkeys(
    (
        "return (11.0, 0.01)",
        "return (9.0, 0.01)",
        "return (20.0, 0.01)",
        "return (5.0, 0.01)",
        "return (10.0, 0.02)",
        "return (10.0, 0.005)",
    ),
    "This base, or this learning rate, does it too.",
)


@exercise
def diagnoses():
    """What is wrong with six models, from what was observed."""
    return "halves", "repeat", "positions", "base", "norm", "scale"


def _instead(**named):
    """The right answer with other words at some places: a=… is the first place."""
    return tuple(
        named.get(place, word) for place, word in zip("abcdef", diagnoses.answer, strict=True)
    )


diagnoses.form = 'six of "base", "halves", "mask", "norm", "positions", "repeat", "scale"'
diagnoses.hints = (
    "At place 0 nothing is turned, and a single token gives itself all its attention, whatever "
    "the scores are. So which mistakes show in a text of one token?",
    "With as many key heads as query heads nothing is repeated. And whoever reads the whole text "
    "at once needs no cache.",
    "Wrong pairs spoil every distance. With a wrong base the first pair turns as it should, and "
    "the others are off by an angle that grows with the distance. A wrong scale leaves the order.",
)
diagnoses.reason = (
    "A and F are right on one token, so it is the scores that are off: in F the order of the keys "
    "is right, so all scores have a wrong factor; in A it is not, from the second token on, so "
    "the wrong features are paired. D begins nearly right and gets worse with the distance: "
    "angles that grow, a wrong base. B and E are wrong on one token already; with as many key "
    "heads as query heads B is right, so the repeating was wrong, and E is not. C is wrong only "
    "where a cache is used."
)
diagnoses.mistakes = {
    "A and F are exchanged. A wrong scale leaves the order of the keys as it is.":
        _instead(a="scale", f="halves"),
    "A and D are exchanged. A wrong base turns the first pair as it should, so near tokens are "
    "nearly right.": _instead(a="base", d="halves"),
    "B and E are exchanged. With as many key heads as query heads nothing is repeated.":
        _instead(b="norm", e="repeat"),
    "D and F are exchanged. A wrong scale is as wrong for near tokens as for far ones.":
        _instead(d="scale", f="base"),
    "C is right where the whole text is read at once, and places that are wrong only with a "
    "cache begin anew there. What is wrong with D shows without a cache.":
        _instead(c="base", d="positions"),
    "C and A are exchanged. Pairs of the wrong features are wrong without a cache as well.":
        _instead(a="positions", c="halves"),
    "C is right where the whole text is read at once. Without a mask it would not be.":
        _instead(c="mask"),
    "Without a mask A would be right when it reads token by token: no later token is there yet.":
        _instead(a="mask"),
    "Without a mask D would be right when it reads token by token: no later token is there yet.":
        _instead(d="mask"),
    "F orders the keys as it should, so it sees the right ones: the mask is there.":
        _instead(f="mask"),
    "B is wrong on one token, and there a mask hides nothing.": _instead(b="mask"),
    "E is wrong on one token, and there a mask hides nothing.": _instead(e="mask"),
    "A has D's word, D has F's and F has A's. Which of them orders the keys as it should?":
        _instead(a="base", d="scale", f="halves"),
    "A has F's word, F has D's and D has A's. Which of them is nearly right for near tokens?":
        _instead(a="scale", d="halves", f="base"),
}  # fmt: skip


@exercise
def llama_parameters(vocab, d, n_heads, n_kv_heads, n_blocks, d_hidden):
    """How many numbers a Llama learns whose head is its table of tokens."""
    attention = 2 * d * d + 2 * d * n_kv_heads * (d // n_heads)
    block = attention + 3 * d * d_hidden + 2 * d
    return vocab * d + n_blocks * block + d


llama_parameters.cases = (
    (49152, 576, 9, 3, 30, 1536),  # 134,515,008: SmolLM2-135M
    (11, 12, 6, 2, 3, 20),
)
llama_parameters.hints = (
    "Count one block: four matrices of attention, three of the gated layer, two norms. There are "
    "no biases anywhere.",
    "Queries and out have d² each. Keys and values have n_kv_heads · d / n_heads rows of d numbers "
    "each. The gated layer has 3 d · d_hidden, and a norm has d.",
    "Outside the blocks: the table of tokens, once, and the last norm.",
)
llama_parameters.mistakes = {
    "Keys and values have fewer heads than queries: d · n_kv_heads · d / n_heads each.":
        edit("2 * d * n_kv_heads * (d // n_heads)", "2 * d * d"),
    "The gated layer has three matrices: gate, up and down.":
        edit("3 * d * d_hidden", "2 * d * d_hidden"),
    "The head is counted a second time. Here it is the table of tokens.":
        edit("vocab * d +", "2 * vocab * d +"),
    "The last norm is missing, after the last block.": edit("* block + d", "* block"),
    "The norms of the blocks are missing: two, of d numbers each.": edit(" + 2 * d\n", "\n"),
    "All norms are missing: two a block and a last one, of d numbers each.":
        edit(" + 2 * d\n", "\n", "block + d", "block"),
    "A block has two norms.": edit(" + 2 * d\n", " + d\n"),
    "RMSNorm has a scale and no shift: d numbers, not 2 d.":
        edit(" + 2 * d\n", " + 4 * d\n", "block + d", "block + 2 * d"),
    "The table of tokens is missing.": edit("vocab * d + ", ""),
    "There are n_blocks blocks.": edit("n_blocks * block", "block"),
    "out is missing, which mixes the heads.": edit("2 * d * d +", "d * d +"),
    "Keys and values are two matrices: one of them is missing.":
        edit("2 * d * n_kv_heads", "d * n_kv_heads"),
    "A head has d / n_heads features, not d / n_kv_heads.":
        edit("n_kv_heads * (d // n_heads)", "n_heads * (d // n_kv_heads)"),
    "A head has d / n_heads features, not d.": edit(" * (d // n_heads)", " * d"),
    "There are biases in the count. None of these layers has one.":
        edit("+ 2 * d\n", "+ 2 * d + 2 * d + 2 * n_kv_heads * (d // n_heads) + 2 * d_hidden + d\n"),
    "There are numbers for positions in the count. Rotary positions learn nothing.":
        edit("vocab * d +", "vocab * d + 2048 * d +"),
}  # fmt: skip


@exercise
def tokens_a_second(n_params, size, cache, batch, bandwidth):
    """The most tokens a second of all texts together, with one cache of ``cache`` bytes a text."""
    read = n_params * size + batch * cache
    return batch * bandwidth / read


tokens_a_second.cases = (
    (134_515_008, 2, 47_185_920, 1, 20e9),
    (134_515_008, 2, 47_185_920, 8, 20e9),
    (7000, 4, 900, 3, 1e6),
)
tokens_a_second.hints = (
    "How many bytes does one step read: the weights once, and the cache of each text?",
    "A step takes those bytes divided by the bandwidth, and gives a token to each text.",
)
tokens_a_second.mistakes = {
    "The weights are read once for all texts, not once for each.":
        edit("n_params * size + batch * cache", "batch * (n_params * size + cache)"),
    "Each text has a cache of its own.": edit("batch * cache", "cache"),
    "The caches are read too.": edit(" + batch * cache", ""),
    "A parameter takes size bytes.": edit("n_params * size", "n_params"),
    "A parameter takes size bytes, and the caches are read too.":
        edit("n_params * size + batch * cache", "n_params"),
    "That is one text, and its cache is left out. A step gives a token to each text, and reads the "
    "caches too.": edit(" + batch * cache", "", "batch * bandwidth", "bandwidth"),
    "That is one text. A step gives a token to each.": edit("batch * bandwidth", "bandwidth"),
    "That is the time a token takes. Its inverse is asked for.":
        edit("batch * bandwidth / read", "read / (batch * bandwidth)"),
    "That is the time of a step. Tokens a second are asked for.":
        edit("batch * bandwidth / read", "read / bandwidth"),
    "Every parameter takes two FLOPs a token, but reading is what takes the time: count each byte "
    "once.": edit("n_params * size", "2 * n_params * size"),
    "Only the caches are read there. The weights are needed for every token.":
        edit("n_params * size + batch * cache", "batch * cache"),
}  # fmt: skip
