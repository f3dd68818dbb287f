"""Exercises of chapter 7: fragments of words, tables of vectors, surprise, and positions."""

from collections import Counter
from itertools import combinations, pairwise

import numpy as np

from nnlib.exercises._exercise import exercise


@exercise
def most_frequent_pair(ids):
    """The pair of neighbours that occurs most often; of several, the smallest."""
    counts = Counter(pairwise(ids))
    most = max(counts.values())
    return min(pair for pair, count in counts.items() if count == most)


def _commonest(counts, tie=min):
    most = max(counts.values())
    return tie(pair for pair, count in counts.items() if count == most)


most_frequent_pair.cases = (
    ([3, 1, 2, 3, 1, 2, 5, 1, 2],),
    ([4, 2, 4, 2, 9, 7, 4, 9, 7, 5, 5],),
    ([1, 3, 2, 2, 1, 3, 2, 1, 3, 4, 4],),
    ([9, 6, 6, 6, 6, 3, 8, 3, 8, 0, 1, 0],),
    ([8, 0, 9, 1, 8, 0, 9, 1],),
    ([1, 9, 8, 5, 9, 8],),
    ([4, 7, 1, 4, 2, 5, 4, 7, 0, 4, 2],),
)
most_frequent_pair.hints = (
    "zip(ids, ids[1:]) gives every token with the one after it.",
    "Count these pairs in a dictionary or a Counter. Which count is the largest?",
    "Of all pairs with that count take the min.",
)
most_frequent_pair.mistakes = {
    "Of several pairs that are most frequent, that takes the largest. Take the smallest.":
        lambda ids: _commonest(Counter(pairwise(ids)), max),
    "Of several pairs that are most frequent, that takes the one that comes first in the text. "
    "Take the smallest.": lambda ids: max(counts := Counter(pairwise(ids)), key=counts.get),
    "That takes steps of two, and misses every second pair. Neighbours overlap.":
        lambda ids: _commonest(Counter(zip(ids[::2], ids[1::2], strict=False))),
    "Those are the two most frequent tokens. Count pairs of neighbours.":
        lambda ids: tuple(i for i, _ in Counter(ids).most_common(2)),
    "The last pair of the text is left out. Of n tokens there are n − 1 pairs.":
        lambda ids: _commonest(Counter(pairwise(ids[:-1]))),
    "That is the rarest pair.":
        lambda ids: min(counts := Counter(pairwise(ids)), key=lambda p: (counts[p], p)),
    "That is the smallest pair of all. It must be one of the most frequent.":
        lambda ids: min(pairwise(ids)),
    "The order within a pair is lost: (1, 2) and (2, 1) are different pairs.":
        lambda ids: _commonest(Counter(tuple(sorted(pair)) for pair in pairwise(ids))),
    "Pairs at any distance are counted. Only neighbours can be merged.":
        lambda ids: _commonest(Counter(combinations(ids, 2))),
    "That is the count. Asked is the pair.": lambda ids: max(Counter(pairwise(ids)).values()),
    "The pair has a count with it. Return the pair alone.":
        lambda ids: (_commonest(Counter(pairwise(ids))), max(Counter(pairwise(ids)).values())),
    "most_common gives a pair with its count, and of several the one that comes first in the "
    "text. Return the pair alone, and the smallest.":
        lambda ids: Counter(pairwise(ids)).most_common(1)[0],
    "Of several pairs only the first entries are compared. If those are equal too, the second "
    "ones decide.":
        lambda ids: min(counts := Counter(pairwise(ids)), key=lambda p: (-counts[p], p[0])),
}  # fmt: skip


@exercise
def merge_pair(ids, pair, new):
    """The tokens with new in the place of the pair, from left to right."""
    result, i = [], 0
    while i < len(ids):
        if tuple(ids[i : i + 2]) == pair:
            result.append(new)
            i += 2
        else:
            result.append(ids[i])
            i += 1
    return result


def _keeps_the_second(ids, pair, new):
    result = []
    for i in range(len(ids)):
        if tuple(ids[i : i + 2]) == pair:
            result.append(new)
        else:
            result.append(ids[i])
    return result


def _merge(ids, pair, new, times=None, same=lambda one, two: one == two, end=0):
    """The right answer, with places to go wrong."""
    result, i = [], 0
    while i < len(ids) - end:
        if same(tuple(ids[i : i + 2]), pair) and times != 0:
            result.append(new)
            i += 2
            times = None if times is None else times - 1
        else:
            result.append(ids[i])
            i += 1
    return result


def _removes_the_second(ids, pair, new):
    result = []
    for i in range(len(ids)):
        if tuple(ids[i : i + 2]) == pair:
            result.append(new)
        elif i and tuple(ids[i - 1 : i + 1]) == pair:
            continue
        else:
            result.append(ids[i])
    return result


def _keeps_the_first(ids, pair, new):
    result = []
    for i in ids:
        result.append(new if result and (result[-1], i) == pair else i)
    return result


def _from_the_right(ids, pair, new):
    return _merge(ids[::-1], pair[::-1], new)[::-1]


MERGE_CASES = (
    ([5, 1, 2, 7, 1, 2], (1, 2), 9),
    ([1, 1, 1], (1, 1), 4),
    ([1, 1, 1, 1, 1, 3, 1], (1, 1), 8),
    ([2, 1, 2, 6, 2, 1, 1], (1, 2), 11),
    ([3, 4, 5], (4, 3), 7),
)
merge_pair.cases = MERGE_CASES
merge_pair.start = _keeps_the_second
merge_pair.hints = (
    "Follow [5, 1, 2, 7] by hand. What happens at the 2, after the pair has been found?",
    "After a merge the next token to look at is two places further on. A for loop cannot skip; a "
    "while loop with i += 2 can.",
    "while i < len(ids): if the pair stands at i, append new and go on at i + 2; else append "
    "ids[i] and go on at i + 1.",
)
merge_pair.mistakes = {
    "The second token of a pair is left out, but it still begins a pair of its own: of [1, 1, 1] "
    "one 1 is used twice.": _removes_the_second,
    "Only the first occurrence is merged.": lambda ids, pair, new: _merge(ids, pair, new, times=1),
    "That goes from right to left. [1, 1, 1] becomes [new, 1].": _from_the_right,
    "The pair is merged in the other order as well: (2, 1) is not (1, 2).": (
        lambda ids, pair, new: _merge(
            ids, pair, new, same=lambda one, two: sorted(one) == sorted(two)
        )
    ),
    "The last token is lost when it is no part of a pair. Does the loop end too early?":
        lambda ids, pair, new: _merge(ids, pair, new, end=1),
    "The new token is dropped: the pair goes, and nothing comes in its place.":
        lambda ids, pair, new: [i for i in _merge(ids, pair, -1) if i != -1],
    "Two tokens are skipped after every step, also where nothing was merged.": (
        lambda ids, pair, new: [
            new if tuple(ids[i : i + 2]) == pair else ids[i] for i in range(0, len(ids), 2)
        ]
    ),
    "The pair is replaced by two new tokens. It becomes one.": (
        lambda ids, pair, new: [
            i for j in _merge(ids, pair, -1) for i in ([new, new] if j == -1 else [j])
        ]
    ),
    "Each token of the pair is replaced wherever it stands. Only both together are the pair.":
        lambda ids, pair, new: [new if i in pair else i for i in ids],
    "The first token of a pair stays. The new token takes the place of both.": _keeps_the_first,
    "The second token of a pair stays, and the last token of the text is lost.":
        lambda ids, pair, new: _keeps_the_second(ids, pair, new)[:-1],
    "Nothing is merged. (A list is never equal to a tuple: compare tuple(ids[i : i + 2]) with "
    "pair.)": lambda ids, pair, new: list(ids),
}  # fmt: skip


@exercise
def encode_merges(ids, merges):
    """The tokens of a word: merge number k makes token 256 + k, the earliest merge first."""
    for k, (left, right) in enumerate(merges):
        result = []
        for i in ids:
            if result and result[-1] == left and i == right:
                result[-1] = 256 + k
            else:
                result.append(i)
        ids = result
    return ids


def _in_order(ids, numbered):
    for pair, new in numbered:
        ids = _merge(ids, pair, new)
    return ids


def _leftmost_first(ids, merges):
    """Whatever can be merged furthest to the left, in whichever order it was learned."""
    table = {pair: 256 + k for k, pair in enumerate(merges)}
    ids = list(ids)
    while True:
        found = [i for i, pair in enumerate(pairwise(ids)) if pair in table]
        if not found:
            return ids
        i = found[0]
        ids[i : i + 2] = [table[ids[i], ids[i + 1]]]


def _until_nothing_changes(ids, merges):
    """Latest first, again and again."""
    table = [(pair, 256 + k) for k, pair in enumerate(merges)][::-1]
    before = None
    while ids != before:
        before = ids
        for pair, new in table:
            if _merge(ids, pair, new) != ids:
                ids = _merge(ids, pair, new)
                break
    return ids


def _one_of_each(ids, merges):
    for k, pair in enumerate(merges):
        ids = _merge(ids, pair, 256 + k, times=1)
    return ids


def _in_one_pass(ids, merges):
    """Every pair of the bytes that is in the list, from left to right, and nothing after that."""
    result, i = [], 0
    while i < len(ids):
        if tuple(ids[i : i + 2]) in merges:
            result.append(256 + merges.index(tuple(ids[i : i + 2])))
            i += 2
        else:
            result.append(ids[i])
            i += 1
    return result


def _keeps_seconds(ids, merges):
    for k, pair in enumerate(merges):
        ids = _keeps_the_second(ids, pair, 256 + k)
    return ids


MERGES = [(117, 103), (104, 256), (98, 117), (257, 115), (97, 98)]
encode_merges.cases = (
    ([104, 117, 103, 115], MERGES),
    ([98, 117, 103, 98, 117, 110], MERGES),
    ([97, 98, 117, 103, 97, 98, 117, 97, 98], MERGES),
    ([104, 117, 103, 115, 104, 117, 103, 115], MERGES),
    ([117, 103, 120, 117, 103], [*MERGES, (103, 120)]),
    ([120, 121], MERGES),
)
encode_merges.hints = (
    "Take the merges one after the other. Each is applied to the whole word.",
    "For merge number k put the token 256 + k in the place of the pair, as in the exercise before.",
    "for k, (left, right) in enumerate(merges): walk through the tokens from left to right; where "
    "the last one of the result is left and the next is right, replace it by 256 + k.",
)
encode_merges.mistakes = {
    "The merges are taken from the last to the first. Later ones are built on earlier ones.": (
        lambda ids, merges: _in_order(ids, [(pair, 256 + k) for k, pair in enumerate(merges)][::-1])
    ),
    "The merges are taken and numbered from the last to the first. Merge number 0 is the first "
    "of the list.": (
        lambda ids, merges: _in_order(ids, [(pair, 256 + k) for k, pair in enumerate(merges[::-1])])
    ),
    "Every merge makes token 256. Merge number k makes token 256 + k.":
        lambda ids, merges: _in_order(ids, [(pair, 256) for pair in merges]),
    "The new tokens are numbered from 0. Those numbers are bytes; merges begin at 256.":
        lambda ids, merges: _in_order(ids, [(pair, k) for k, pair in enumerate(merges)]),
    "The new tokens are numbered from 257. Merge number 0 makes token 256.":
        lambda ids, merges: _in_order(ids, [(pair, 257 + k) for k, pair in enumerate(merges)]),
    "That merges what stands furthest to the left. The merge that was learned first comes first, "
    "wherever it stands.": _leftmost_first,
    "Each merge is done only once in the word. It holds wherever its pair stands.": _one_of_each,
    "Only the first merge is done. Does a return stand inside the loop?":
        lambda ids, merges: _merge(ids, merges[0], 256),
    "That goes through the word once. Each merge needs a walk of its own: merges may be built on "
    "others, and an earlier one comes first wherever it stands.": _in_one_pass,
    "The second token of a merged pair stays. The new token takes the place of both.":
        _keeps_seconds,
    "The latest merge that is possible comes first. The earliest must.": _until_nothing_changes,
    "Every merge is applied to the bytes as they were. Go on with the result of the merge before.":
        lambda ids, merges: _merge(ids, merges[-1], 255 + len(merges)),
    "Nothing is merged.": lambda ids, merges: list(ids),
    "The last merge is left out.":
        lambda ids, merges: _in_order(ids, [(p, 256 + k) for k, p in enumerate(merges[:-1])]),
    "That is how many tokens there are. Asked are the tokens.":
        lambda ids, merges: len(_in_order(ids, [(p, 256 + k) for k, p in enumerate(merges)])),
}  # fmt: skip


@exercise
def embedding_shapes():
    """The shapes of the output, of the one-hot ids, and of the gradient of the table."""
    return (8, 5, 16), (8, 5, 68), (68, 16)


embedding_shapes.hints = (
    "Each of the 8 · 5 ids becomes a row of 16 numbers. The features are a new last axis.",
    "Written one-hot, each id becomes a row of 68. And a gradient always has the shape of its "
    "parameter.",
    "The table has a row for each of the 68 tokens: (68, 16).",
)
embedding_shapes.mistakes = {
    "The gradient has the shape of the table, (68, 16), and not that of the output: the places "
    "where a token stands are added up.": ((8, 5, 16), (8, 5, 68), (8, 5, 16)),
    "The table has a row for each token and a column for each feature: (68, 16).":
        ((8, 5, 16), (8, 5, 68), (16, 68)),
    "The first two are in the wrong order: the output has 16 features, and one-hot needs 68 "
    "places.": ((8, 5, 68), (8, 5, 16), (68, 16)),
    "The texts are not joined: ids of shape (8, 5) keep both of their axes.":
        ((40, 16), (40, 68), (68, 16)),
    "The output has a vector for every token of every text, and not one for each text.":
        ((8, 16), (8, 68), (68, 16)),
    "The new axis comes last: features are always the last axis.":
        ((16, 8, 5), (68, 8, 5), (68, 16)),
    "Texts come first, and tokens second: (8, 5), and not (5, 8).":
        ((5, 8, 16), (5, 8, 68), (68, 16)),
    "One-hot is by token: 68 places for each id, and not 16.": ((8, 5, 16), (8, 5, 16), (68, 16)),
    "The ids themselves are (8, 5). Written one-hot, each becomes a row of 68.":
        ((8, 5, 16), (8, 5), (68, 16)),
    "Only 5 rows at most get a gradient in one text, but the gradient has all 68 rows, many of "
    "them 0.": ((8, 5, 16), (8, 5, 68), (5, 16)),
}  # fmt: skip


@exercise
def embedding_gradient(ids, dy, vocab):
    """The gradient of the table, (vocab, D): repeated tokens add up."""
    dE = np.zeros((vocab, dy.shape[1]))
    for t, i in enumerate(ids):
        dE[i] += dy[t]
    return dE


IDS = np.array([4, 0, 4, 1, 4, 1])
DY = np.array(
    [
        [0.7, -1.2, 0.4],
        [1.1, 0.3, -0.8],
        [-0.5, 2.1, 0.9],
        [0.2, -0.6, 1.4],
        [1.3, 0.8, -0.1],
        [-0.9, 0.45, 0.25],
    ]
)
IDS_SQUARE = np.array([2, 0, 2])
DY_SQUARE = np.array([[0.6, -1.1, 0.35], [1.7, 0.2, -0.4], [-0.3, 0.9, 1.25]])


def _add_up(ids, dy, vocab):
    dE = np.zeros((vocab, dy.shape[1]))
    np.add.at(dE, ids, dy)
    return dE


def _last_one_wins(ids, dy, vocab):
    dE = np.zeros((vocab, dy.shape[1]))
    dE[ids] = dy
    return dE


def _first_one_wins(ids, dy, vocab):
    dE = np.zeros((vocab, dy.shape[1]))
    dE[ids[::-1]] = dy[::-1]
    return dE


def _means(ids, dy, vocab):
    times = np.bincount(ids, minlength=vocab)[:, None]
    return _add_up(ids, dy, vocab) / np.maximum(times, 1)


def _by_place(ids, dy, vocab):
    dE = np.zeros((vocab, dy.shape[1]))
    dE[: len(dy)] = dy[:vocab]
    return dE


embedding_gradient.cases = (
    (IDS, DY, 7),
    (IDS_SQUARE, DY_SQUARE, 3),
    (np.array([1, 1, 1, 3]), DY[:4], 4),
)
embedding_gradient.hints = (
    "Begin with zeros of shape (vocab, D). Which row does dy[t] belong to?",
    "Add dy[t] to the row ids[t]. If a token stands in several places, its row gets all of them.",
    "for t, i in enumerate(ids): dE[i] += dy[t]. Without a loop: np.add.at(dE, ids, dy), or "
    "one_hot(ids, vocab).T @ dy.",
)
embedding_gradient.mistakes = {
    "A repeated token is counted once, at its last place. dE[ids] = dy and dE[ids] += dy both "
    "write only one row for each token; add them up one by one.": _last_one_wins,
    "A repeated token is counted once, at its first place. All of its places add up.":
        _first_one_wins,
    "That is the mean over the places of a token. They add up; a 1/N, if there is one, stands in "
    "the loss.": _means,
    "It is divided by the number of tokens. That is the business of the loss.":
        lambda ids, dy, vocab: _add_up(ids, dy, vocab) / len(ids),
    "The table lies on its side: a row for each token, (vocab, D).":
        lambda ids, dy, vocab: _add_up(ids, dy, vocab).T,
    "Those are the gradients at the places of the text, (T, D). Each goes into the row of its "
    "token.": lambda ids, dy, vocab: dy,
    "That is one row for each token that occurs. Rows of all others are there too, with 0.":
        lambda ids, dy, vocab: _add_up(ids, dy, vocab)[np.unique(ids)],
    "dy[t] went into row t. It belongs into the row of the token that stands there, ids[t].":
        _by_place,
    "That looks dy up in the table's way, dy[ids]. It is the other direction: row t of dy is "
    "added to row ids[t].": lambda ids, dy, vocab: dy[ids % len(dy)],
    "Row i of dy was added for token i. Row t of dy belongs to the token at place t: dE[ids[t]] "
    "+= dy[t].": lambda ids, dy, vocab: _add_up(ids, dy[ids], vocab),
    "The gradient has the shape of dy here. It has the shape of the table: vocab rows.":
        lambda ids, dy, vocab: _add_up(ids, dy, len(dy)),
    "That counts how often each token occurs. Add up its rows of dy.":
        lambda ids, dy, vocab: _add_up(ids, np.ones_like(dy), vocab),
    "The sign is turned. The gradient is dy itself; the minus comes with the step.":
        lambda ids, dy, vocab: -_add_up(ids, dy, vocab),
}  # fmt: skip


@exercise
def mass_functions():
    """Which of the four rows are probability mass functions."""
    return True, False, True, False


mass_functions.hints = (
    "A probability is never below 0. What must the four of them add up to?",
    "Add up each row. A density may have values above 1; probabilities of tokens cannot.",
)
mass_functions.mistakes = {
    "The second row has a value above 1, and the sum 2. A density may have the value 1.3, a "
    "probability may not.": (True, True, True, False),
    "A token may have probability 0: it cannot come. The first row is allowed.":
        (False, False, True, False),
    "The fourth row has the sum 1, but a negative entry, and one above 1.":
        (True, False, True, True),
    "Even probabilities are allowed: that is a model that knows nothing.":
        (True, False, False, False),
    "Two rows have an entry above 1. No probability is above 1.": (True, True, True, True),
    "Those are the rows that cannot be one.": (False, True, False, True),
}  # fmt: skip


@exercise
def next_token_pairs(ids):
    """Inputs and targets, (N, T) to two of (N, T − 1): each target is the next token."""
    return ids[:, :-1], ids[:, 1:]


BATCH = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 7], [8, 0, 3, 2, 4]])
next_token_pairs.cases = (BATCH,), (BATCH[:2, :3],), (np.array([[1, 2, 3], [4, 5, 6], [7, 8, 0]]),)
next_token_pairs.hints = (
    "Take one text, [3, 1, 4, 1, 5]. What is the target of 3? Of the last token?",
    "The inputs are all tokens but the last, and the targets all but the first.",
    "ids[:, :-1] leaves out the last column.",
)
next_token_pairs.mistakes = {
    "The targets are the inputs. The model would learn to repeat what it sees.":
        lambda ids: (ids[:, :-1], ids[:, :-1]),
    "The targets are the inputs, and nothing is shifted.": lambda ids: (ids, ids),
    "Shifted the wrong way: that predicts the token before.": lambda ids: (ids[:, 1:], ids[:, :-1]),
    "The last token is kept as an input. It has no target, so leave it out.":
        lambda ids: (ids, ids[:, 1:]),
    "np.roll brings the first token round to the end: the last target is the first token. Leave "
    "the last input out.": lambda ids: (ids, np.roll(ids, -1, axis=1)),
    "np.roll without an axis runs through all texts as if they were one. Leave out a column "
    "instead: [:, :-1] and [:, 1:].": lambda ids: (ids, np.roll(ids, -1)),
    "ids + 1 is the next number of the vocabulary, and not the next token of the text.":
        lambda ids: (ids[:, :-1], ids[:, :-1] + 1),
    "The first token is kept as a target. Nothing stands before it, so leave it out.":
        lambda ids: (ids[:, :-1], ids),
    "np.roll the wrong way: each target is the token before its input.":
        lambda ids: (ids, np.roll(ids, 1, axis=1)),
    "Shifted by two: a token between input and target is left out.":
        lambda ids: (ids[:, :-2], ids[:, 2:]),
    "That shifts the texts, and not the tokens. The colon for the first axis is missing.":
        lambda ids: (ids[:-1], ids[1:]),
    "Only the last token is predicted. Every token but the first is a target.":
        lambda ids: (ids[:, :-1], ids[:, -1]),
    "Everything is laid end to end. Texts stay rows: (N, T − 1).":
        lambda ids: (ids[:, :-1].ravel(), ids[:, 1:].ravel()),
}  # fmt: skip


@exercise
def entropy_by_hand():
    """The entropy of ½, ¼, ⅛, ⅛ in nats."""
    return (0.5 * 1 + 0.25 * 2 + 0.125 * 3 + 0.125 * 3) * np.log(2)


entropy_by_hand.tolerance = 4e-3
entropy_by_hand.hints = (
    "½ has the surprise ln 2, ¼ has ln 4 = 2 ln 2, and ⅛ has 3 ln 2.",
    "Weigh each surprise with its probability: ½ · 1 + ¼ · 2 + ⅛ · 3 + ⅛ · 3, all times ln 2.",
)
entropy_by_hand.mistakes = {
    "1.75 is the entropy in bits, with logarithms to base 2. In nats it is times ln 2.": 1.75,
    "The sign is lost: ln p is negative, and surprise is −ln p.": -1.75 * np.log(2),
    "That is the entropy of four even tokens, the most there can be.": np.log(4),
    "That is the plain mean of the four surprises. Frequent tokens count more: weigh each with "
    "its probability.": 2.25 * np.log(2),
    "That adds the surprises up. Weigh each with its probability.": 9 * np.log(2),
    "It is divided by 4. The probabilities are the weights already.": 1.75 * np.log(2) / 4,
    "That is the surprise of the likeliest token.": np.log(2),
    "One of the two tokens with ⅛ is missing.": 1.375 * np.log(2),
    "That is the perplexity. Asked is its logarithm.": 2**1.75,
}


@exercise
def divergence(p, q):
    """How far the cross-entropy of believing q is above the entropy of p, in nats."""
    seen = p > 0
    return np.sum(p[seen] * np.log(p[seen] / q[seen]))


P_D = np.array([0.5, 0.0, 0.3, 0.2])
Q_D = np.array([0.2, 0.35, 0.15, 0.3])
P_E = np.array([0.15, 0.6, 0.25])
Q_E = np.array([0.4, 0.25, 0.35])


def _plogp(p, log=np.log):
    known = p > 0
    return float(np.sum(p[known] * log(p[known])))


divergence.cases = (P_D, Q_D), (P_E, Q_E), (Q_D, Q_D)
divergence.hints = (
    "The cross-entropy is −Σ p ln q. Subtract the entropy, −Σ p ln p.",
    "Where p is 0 nothing is added: 0 · ln 0 counts as 0, but NumPy makes nan of it.",
    "seen = p > 0, and then the sum of p[seen] * np.log(p[seen] / q[seen]).",
)
divergence.mistakes = {
    "That is the cross-entropy. Subtract the entropy of p.": lambda p, q: -np.sum(p * np.log(q)),
    "That is the entropy of p. Asked is by how much the cross-entropy is above it.":
        lambda p, q: -_plogp(p),
    "The sign is turned: no belief is better than the truth.":
        lambda p, q: np.sum(p * np.log(q)) - _plogp(p),
    "0 · ln 0 became nan. A token that never comes adds nothing: take those with p > 0.":
        lambda p, q: np.sum(p * np.log(p / q)),
    "p and q have changed places: tokens come as p says, and q is believed.":
        lambda p, q: np.sum(q * (np.log(q) - np.log(np.maximum(p, 1e-300)))),
    "That is in bits. Natural logarithms give nats.":
        lambda p, q: (_plogp(p) - np.sum(p * np.log(q))) / np.log(2),
    "The entropy of q is subtracted. Subtract that of p.":
        lambda p, q: _plogp(q) - np.sum(p * np.log(q)),
    "That is a mean over the tokens. The probabilities are the weights already: add up.":
        lambda p, q: (_plogp(p) - np.sum(p * np.log(q))) / len(p),
    "That is a mean over the tokens with p > 0. The probabilities are the weights already: add "
    "up.": lambda p, q: (_plogp(p) - np.sum(p * np.log(q))) / np.sum(p > 0),
    "That is cross-entropy divided by entropy. Asked is the difference.":
        lambda p, q: np.sum(p * np.log(q)) / _plogp(p),
    "That is the sum of both. Asked is the difference.":
        lambda p, q: -_plogp(p) - np.sum(p * np.log(q)),
    "The logarithms are not weighed with p.": lambda p, q: np.sum(np.log(p[p > 0] / q[p > 0])),
}  # fmt: skip


@exercise
def perplexity(p):
    """exp of the mean surprise, from the probabilities of the tokens that came."""
    return np.exp(-np.mean(np.log(p)))


GIVEN = np.array([0.5, 0.1, 0.35, 0.02, 0.8])
perplexity.cases = (GIVEN,), (np.array([0.25, 0.4]),), (np.array([0.9, 0.6, 0.05]),)
perplexity.hints = (
    "First the loss: the mean of −ln p.",
    "Then the exponential of it, once, at the end.",
)
perplexity.mistakes = {
    "That is the loss in nats. The perplexity is its exponential.": lambda p: -np.mean(np.log(p)),
    "2 to the power of a loss in nats mixes two units. With ln goes exp; with log2 goes 2**.":
        lambda p: 2 ** -np.mean(np.log(p)),
    "exp of a loss in bits mixes two units. With log2 goes 2**.":
        lambda p: np.exp(-np.mean(np.log2(p))),
    "That is the exponential of the sum. Take the mean first, or longer texts look worse.":
        lambda p: np.exp(-np.sum(np.log(p))),
    "That is the mean of the exponentials, the mean of 1/p. The mean is taken of the logarithms, "
    "and exp comes last.": lambda p: np.mean(1 / p),
    "That is 1 over the mean probability. The mean is taken of the logarithms.":
        lambda p: 1 / np.mean(p),
    "The minus is missing: that is below 1, and no choice is among less than one token.":
        lambda p: np.exp(np.mean(np.log(p))),
    "That is the exponential of Σ p ln p, an entropy of numbers that are no distribution. Each "
    "token that came counts once: a plain mean.": lambda p: np.exp(-np.sum(p * np.log(p))),
    "That is the sum of 1/p. Take the mean of −ln p, and then exp.": lambda p: np.sum(1 / p),
    "Those are the perplexities of the single tokens. Take the mean of −ln p first, and then exp "
    "of that one number.": lambda p: 1 / p,
    "There is a p too many, in p ln p. Each token that came counts once: a mean of −ln p.":
        lambda p: np.exp(-np.mean(p * np.log(p))),
    "That is the perplexity of the last token alone.": lambda p: 1 / p[-1],
}  # fmt: skip


@exercise
def ladder_causes():
    """What each of the four models does."""
    return (
        "learned nothing",
        "targets are the inputs",
        "memorised sentences",
        "ignores the words before",
    )


SAME, NOTHING = "targets are the inputs", "learned nothing"
ALONE, LEARNT = "ignores the words before", "memorised sentences"
ladder_causes.hints = (
    "The floor is 1.144. Which runs are below it, where, and how can that be?",
    "Below the floor on sentences that it never saw: that is impossible for a language model, so "
    "it does not predict. Below it on training sentences only: it knows them by heart.",
    "4.22 is ln 68, and 3.65 is the rung of counting single words.",
)
ladder_causes.mistakes = {
    "Runs 1 and 4 are swapped. 4.22 is ln 68, the loss of guessing.":
        (ALONE, SAME, LEARNT, NOTHING),
    "Runs 2 and 3 are swapped. Sentences known by heart do not help with others, but run 2 is "
    "good on both.": (NOTHING, LEARNT, SAME, ALONE),
    "Runs 3 and 4 are swapped. In run 3 the two losses part.": (NOTHING, SAME, ALONE, LEARNT),
    "Runs 1 and 2 are swapped. 0.02 is not nothing: it is far too good.":
        (SAME, NOTHING, LEARNT, ALONE),
    "Runs 2 and 4 are swapped. Whoever ignores the past cannot be below the floor.":
        (NOTHING, ALONE, LEARNT, SAME),
    "Runs 1 and 3 are swapped. The loss of run 1 is ln 68 on all sentences.":
        (LEARNT, SAME, NOTHING, ALONE),
}  # fmt: skip


@exercise
def with_positions(ids, E, P):
    """The vectors of the tokens with those of their places: (N, T) to (N, T, D)."""
    return E[ids] + P[: ids.shape[1]]


E_TABLE = np.array(
    [[0.3, -1.2, 0.8], [1.5, 0.4, -0.6], [-0.7, 0.9, 0.1], [0.2, -0.3, 1.1], [2.1, 0.6, -1.4]]
)
P_TABLE = np.array(
    [[0.05, 0.1, -0.2], [0.4, -0.15, 0.3], [-0.35, 0.25, 0.6], [0.7, -0.8, 0.45], [0.9, 0.55, -0.5]]
)
TEXTS = np.array([[4, 0, 2], [1, 1, 3]])
TEXTS_SQUARE = np.array([[2, 4, 1], [0, 3, 2], [3, 3, 0]])


def _no_positions(ids, E, P):
    return E[ids]


with_positions.cases = (TEXTS, E_TABLE, P_TABLE), (TEXTS_SQUARE, E_TABLE, P_TABLE)
with_positions.start = _no_positions
with_positions.hints = (
    "The token at place t gets row t of P, whichever token it is.",
    "There are T places, so the first T rows of P are needed. E[ids] has the shape (N, T, D), and "
    "an addend of shape (T, D) is repeated for every text.",
)
with_positions.mistakes = {
    "P is looked up with the tokens. It has a row for each place: 0, 1, 2, …":
        lambda ids, E, P: E[ids] + P[ids],
    "The positions are multiplied. Add them.": lambda ids, E, P: E[ids] * P[: ids.shape[1]],
    "Every place gets the position 0.": lambda ids, E, P: E[ids] + P[0],
    "P[T] is a single row, and every place gets it. The first T rows are P[:T].":
        lambda ids, E, P: E[ids] + P[ids.shape[1]],
    "Positions are counted from 1. The first row of P belongs to the first token.":
        lambda ids, E, P: E[ids] + P[1 : ids.shape[1] + 1],
    "Only the first text gets its positions. Every text has a place 0, a place 1 and so on.":
        lambda ids, E, P: E[ids] + P[: ids.shape[1]] * (np.arange(len(ids)) < 1)[:, None, None],
    "The positions run from right to left.": lambda ids, E, P: E[ids] + P[: ids.shape[1]][::-1],
    "Positions count the texts of the batch here. They count the tokens of a text.":
        lambda ids, E, P: E[ids] + P[: len(ids)][:, None],
    "Those are positions without tokens.":
        lambda ids, E, P: np.broadcast_to(P[: ids.shape[1]], (*ids.shape, P.shape[1])),
    "The positions are laid beside the vectors. They are added, so D stays D.": (
        lambda ids, E, P: np.concatenate(
            [E[ids], np.broadcast_to(P[: ids.shape[1]], (*ids.shape, P.shape[1]))], axis=-1
        )
    ),
    "The last rows of P are taken. Take the first T of them.":
        lambda ids, E, P: E[ids] + P[-ids.shape[1] :],
    "The positions are subtracted. Add them.": lambda ids, E, P: E[ids] - P[: ids.shape[1]],
    "The number of the place is added, and not its vector: row t of P.":
        lambda ids, E, P: E[ids] + np.arange(ids.shape[1])[:, None],
}  # fmt: skip


@exercise
def sinusoidal(t, d):
    """Sines in the even columns, cosines in the odd ones: (t, d)."""
    speeds = 10000.0 ** (-2 * np.arange(d // 2) / d)
    angles = np.outer(np.arange(t), speeds)
    table = np.empty((t, d))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles)
    return table


def _waves(t, d, *, first=0, even=np.sin, odd=np.cos, speed=None, halves=False):
    pairs = np.arange(d // 2)
    speeds = 10000.0 ** (-2 * pairs / d) if speed is None else speed(pairs, d)
    angles = np.outer(np.arange(first, first + t), speeds)
    if halves:
        return np.hstack([even(angles), odd(angles)])
    table = np.empty((t, d))
    table[:, 0::2], table[:, 1::2] = even(angles), odd(angles)
    return table


sinusoidal.cases = (5, 6), (4, 4), (3, 8)
sinusoidal.hints = (
    "The pairs are i = 0, …, d/2 − 1. Their speeds are 10000 ** (-2 * i / d).",
    "np.outer(np.arange(t), speeds) has all angles, of shape (t, d/2).",
    "Even columns, table[:, 0::2], get the sines, odd ones, table[:, 1::2], the cosines.",
)
sinusoidal.mistakes = {
    "All columns are sines. Odd columns get the cosine of the same angle.":
        lambda t, d: _waves(t, d, odd=np.sin),
    "All columns are cosines. Even columns get the sine.": lambda t, d: _waves(t, d, even=np.cos),
    "Sine and cosine have changed places.": lambda t, d: _waves(t, d, even=np.cos, odd=np.sin),
    "The 2 is missing in the exponent: −2 i / d, with i counting pairs.":
        lambda t, d: _waves(t, d, speed=lambda i, d: 10000.0 ** (-i / d)),
    "The 2 stands there twice. Does i count columns already, or is d halved?":
        lambda t, d: _waves(t, d, speed=lambda i, d: 10000.0 ** (-4 * i / d)),
    "The number of the column stands where the number of the pair belongs: i is 0 for the first "
    "two columns, 1 for the next two.": (
        lambda t, d: np.where(
            np.arange(d) % 2 == 0,
            np.sin(np.outer(np.arange(t), 10000.0 ** (-2 * np.arange(d) / d))),
            np.cos(np.outer(np.arange(t), 10000.0 ** (-2 * np.arange(d) / d))),
        )
    ),
    "The d is missing in the exponent: −2 i / d.":
        lambda t, d: _waves(t, d, speed=lambda i, d: 10000.0 ** (-2.0 * i)),
    "The sign of the exponent is turned: the speeds fall from 1.":
        lambda t, d: _waves(t, d, speed=lambda i, d: 10000.0 ** (2 * i / d)),
    "Each column has a speed of its own. The sine and the cosine of a pair share one.": (
        lambda t, d: np.where(
            np.arange(d) % 2 == 0,
            np.sin(np.outer(np.arange(t), 10000.0 ** (-np.arange(d) / d))),
            np.cos(np.outer(np.arange(t), 10000.0 ** (-np.arange(d) / d))),
        )
    ),
    "All sines come first, then all cosines. They alternate here. (Some texts do it like that; "
    "it is only another order of the columns.)": lambda t, d: _waves(t, d, halves=True),
    "Positions are counted from 1. The first position is 0.": lambda t, d: _waves(t, d, first=1),
    "The base is 10000. Here it is 1000.":
        lambda t, d: _waves(t, d, speed=lambda i, d: 1000.0 ** (-2 * i / d)),
    "The odd columns are empty. They get the cosines.":
        lambda t, d: _waves(t, d, odd=np.zeros_like),
    "Only the sines are there, d/2 columns. Beside each stands the cosine of its pair.":
        lambda t, d: _waves(t, d)[:, ::2],
    "All rows are the same. t is how many positions there are; the position is the number of the "
    "row: 0, 1, 2, …": lambda t, d: np.tile(_waves(t + 1, d)[-1], (t, 1)),
    "The table lies on its side: a row for each position.": lambda t, d: _waves(t, d).T,
    "Pairs are counted from 1. The fastest pair, i = 0, has the speed 1.":
        lambda t, d: _waves(t, d, speed=lambda i, d: 10000.0 ** (-2 * (i + 1) / d)),
}  # fmt: skip
