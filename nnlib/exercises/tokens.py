"""Exercises of chapter 8: fragments of words, tables of vectors, surprise, and positions."""

from collections import Counter
from itertools import pairwise

import numpy as np

from nnlib.exercises._cases import normal
from nnlib.exercises._exercise import edit, exercise


@exercise
def most_frequent_pair(ids):
    """The pair of neighbours that occurs most often; of several, the smallest."""
    counts = Counter(pairwise(ids))
    most = max(counts.values())
    return min(pair for pair, count in counts.items() if count == most)


def _without_overlap(ids):
    counts = {pair: len(ids) - len(merge_pair.solve(ids, pair, -1)) for pair in pairwise(ids)}
    return min(counts, key=lambda pair: (-counts[pair], pair))


most_frequent_pair.cases = (
    ([3, 1, 2, 3, 1, 2, 5, 1, 2],),
    ([4, 2, 4, 2, 9, 7, 4, 9, 7, 5, 5],),
    ([1, 3, 2, 2, 1, 3, 2, 1, 3, 4, 4],),
    ([9, 6, 6, 6, 6, 3, 8, 3, 8, 0, 1, 0],),
    ([8, 0, 9, 1, 8, 0, 9, 1],),
    ([1, 9, 8, 5, 9, 8],),
    ([4, 7, 1, 4, 2, 5, 4, 7, 0, 4, 2],),
    ([8, 0, 1, 9, 8, 5, 9],),
    ([7, 7, 7, 2, 5, 2, 5],),
    ([256, 10, 3, 9, 300, 10, 3, 9, 300, 41],),
    ([300, 10, 9, 300, 10],),
)
most_frequent_pair.hints = (
    "zip(ids, ids[1:]) gives every token with the one after it.",
    "Count these pairs in a dictionary or a Counter. Which count is the largest?",
    "Of all pairs with that count take the min.",
)
most_frequent_pair.mistakes = {
    "Of several pairs that are most frequent, that takes the largest. Take the smallest.":
        edit("min(", "max("),
    "Of several pairs that are most frequent, that takes the one that comes first in the text. "
    "Take the smallest.": lambda ids: max(counts := Counter(pairwise(ids)), key=counts.get),
    "Of several pairs that are most frequent, that takes the one that comes last in the text. "
    "Take the smallest.": lambda ids: sorted(counts := Counter(pairwise(ids)), key=counts.get)[-1],
    "Of several pairs that are most frequent, that takes the first in a set, which has no order. "
    "Take the smallest.": lambda ids: max(set(pairs := list(pairwise(ids))), key=pairs.count),
    "That takes steps of two, and misses every second pair. Neighbours overlap.":
        edit("pairwise(ids)", "zip(ids[::2], ids[1::2])"),
    "Of 6 6 6 one pair is counted, as when merging. Here every two neighbours count, also where "
    "they overlap.": _without_overlap,
    "The last token is paired with the first: in Python ids[-1] is the last one. Of n tokens "
    "there are n − 1 pairs.": edit("pairwise(ids)", "zip(ids[-1:] + ids, ids)"),
    "Those are the two most frequent tokens. Count pairs of neighbours.":
        lambda ids: tuple(i for i, _ in Counter(ids).most_common(2)),
    "The last pair of the text is left out. Of n tokens there are n − 1 pairs.":
        edit("ids)", "ids[:-1])"),
    "That is the rarest pair.": edit("max", "min"),
    "That is the smallest pair of all. It must be one of the most frequent.":
        edit(" if count == most", ""),
    "The order within a pair is lost: (1, 2) and (2, 1) are different pairs.":
        edit("pairwise(ids)", "map(tuple, map(sorted, pairwise(ids)))"),
    "Pairs at any distance are counted. Only neighbours can be merged.":
        edit("pairwise(ids)", "((i, j) for t, i in enumerate(ids) for j in ids[t + 1 :])"),
    "That is the count. Asked is the pair.":
        edit("min(pair for pair, count in counts.items() if count == most)", "most"),
    "The pair has a count with it. Return the pair alone.":
        edit("return ", "return most_frequent_pair.solve(ids), most\n    return"),
    "most_common gives a pair with its count, and of several the one that comes first in the "
    "text. Return the pair alone, and the smallest.":
        lambda ids: Counter(pairwise(ids)).most_common(1)[0],
    "Of several pairs only the first entries are compared. If those are equal too, the second "
    "ones decide.": edit("min(pair", "min((pair", "most)", "most), key=lambda pair: pair[0])"),
    "Of several pairs the sums are compared. Compare the first entries, and then the second.":
        edit("min(pair", "min((pair", "most)", "most), key=sum)"),
    "Tokens are compared as text, where 10 comes before 9. Compare the numbers.":
        edit("min(pair", "min((pair", "most)", "most), key=lambda pair: [*map(str, pair)])"),
    "That is the rarest pair, the first of several.":
        lambda ids: min(counts := Counter(pairwise(ids)), key=counts.get),
    "Of several pairs the second entries are compared before the first.":
        edit("min(pair", "min((pair", "most)", "most), key=lambda pair: pair[::-1])"),
    "The two tokens of the pair have changed places.":
        lambda ids: most_frequent_pair.solve(ids)[::-1],
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


def _removes_the_second(ids, pair, new):
    here = [one == pair for one in zip(ids, [*ids[1:], None], strict=True)]
    return [
        new if here[i] else token
        for i, token in enumerate(ids)
        if here[i] or i == 0 or not here[i - 1]
    ]


def _as_text(ids, pair, new):
    text = " ".join(map(str, ids)).replace(f"{pair[0]} {pair[1]}", str(new))
    return [int(i) for i in text.split()]


merge_pair.cases = (
    ([5, 1, 2, 7, 1, 2], (1, 2), 9),
    ([1, 1, 1], (1, 1), 4),
    ([1, 1, 1, 1, 1, 3, 1], (1, 1), 8),
    ([2, 1, 2, 6, 2, 1, 1], (1, 2), 11),
    ([3, 4, 5], (4, 3), 7),
    ([11, 2, 1, 25, 1, 2, 21], (1, 2), 30),
    ([301, 97, 300, 97, 300, 5], (97, 300), 302),
    ([6], (6, 6), 10),
)
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
    "Only the first occurrence is merged.":
        edit("result.append(new)\n            i += 2", "return [*result, new, *ids[i + 2 :]]"),
    "That goes from right to left. [1, 1, 1] becomes [new, 1].":
        lambda ids, pair, new: merge_pair.solve(ids[::-1], pair[::-1], new)[::-1],
    "The pair is merged in the other order as well: (2, 1) is not (1, 2).":
        edit("== pair", "in (pair, pair[::-1])"),
    "The last token is lost when it is no part of a pair. Does the loop end too early?":
        edit("< len(ids)", "< len(ids) - 1"),
    "The last token is appended after the loop, even when it went into a pair.":
        edit("< len(ids)", "< len(ids) - 1", "return result", "return [*result, ids[-1]]"),
    "The new token is dropped: the pair goes, and nothing comes in its place.":
        edit("result.append(new)", "pass"),
    "Two tokens are skipped after every step, also where nothing was merged.": edit("+= 1", "+= 2"),
    "The pair is replaced by two new tokens. It becomes one.":
        edit("append(new)", "extend([new, new])"),
    "Each token of the pair is replaced wherever it stands. Only both together are the pair.":
        lambda ids, pair, new: [new if i in pair else i for i in ids],
    "The first token of a pair stays. The new token takes the place of both.":
        edit("append(new)", "extend([ids[i], new])"),
    "The second token of a pair stays, and the last token of the text is lost.":
        lambda ids, pair, new: _keeps_the_second(ids, pair, new)[:-1],
    "Nothing is merged. (A list is never equal to a tuple: compare tuple(ids[i : i + 2]) with "
    "pair.)": edit("tuple(ids[i : i + 2])", "ids[i : i + 2]"),
    "Tokens are replaced in a text, where 11 2 has a 1 2 in it. Compare numbers.": _as_text,
    "Only the first token is compared. Both together are the pair.":
        edit("tuple(ids[i : i + 2]) == pair", "ids[i] == pair[0]"),
    "Tokens that are no part of a pair are lost. They stay as they are.":
        edit("result.append(ids[i])", "pass"),
    "That is how many tokens there are. Asked are the tokens.":
        edit("return result", "return len(result)"),
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


def _leftmost_first(ids, merges):
    """Whatever can be merged furthest to the left, in whichever order it was learned."""
    ids = list(ids)
    while found := [i for i, pair in enumerate(pairwise(ids)) if pair in merges]:
        i = found[0]
        ids[i : i + 2] = [256 + merges.index((ids[i], ids[i + 1]))]
    return ids


def _latest_first(ids, merges):
    """The latest merge that is possible, again and again."""
    while found := [k for k, pair in enumerate(merges) if pair in pairwise(ids)]:
        ids = merge_pair.solve(ids, merges[found[-1]], 256 + found[-1])
    return ids


def _longest_first(ids, merges):
    """From left to right, the longest token that the bytes to come begin with."""
    spelt = {i: [i] for i in range(256)}
    for k, (left, right) in enumerate(merges):
        spelt[256 + k] = spelt[left] + spelt[right]
    result = []
    while ids:
        fitting = [i for i, text in spelt.items() if ids[: len(text)] == text]
        result.append(max(fitting, key=lambda i: len(spelt[i])))
        ids = ids[len(spelt[result[-1]]) :]
    return result


def _in_one_pass(ids, merges):
    """Every pair of the bytes that is in the list, from left to right, and nothing after that."""
    result = []
    while ids:
        pair = tuple(ids[:2])
        result.append(256 + merges.index(pair) if pair in merges else ids[0])
        ids = ids[2 if pair in merges else 1 :]
    return result


def _merged_as_text(ids, merges):
    for k, pair in enumerate(merges):
        ids = _as_text(ids, pair, 256 + k)
    return ids


MERGES = [(117, 103), (104, 256), (98, 117), (257, 115), (97, 98)]
encode_merges.cases = (
    ([104, 117, 103, 115], MERGES),
    ([98, 117, 103, 98, 117, 110], MERGES),
    ([97, 98, 117, 103, 97, 98, 117, 97, 98], MERGES),
    ([104, 117, 103, 115, 104, 117, 103, 115], MERGES),
    ([117, 103, 120, 117, 103], [*MERGES, (103, 120)]),
    ([120, 121], MERGES),
    ([117, 103, 117, 103], MERGES),
    ([97, 97, 97, 97, 97, 97, 97, 98], [(97, 97), (256, 256), (97, 98)]),
    ([132, 116, 32, 116], [(32, 116)]),
    ([97, 98, 99, 100], [(99, 100), (98, 99), (97, 257), (97, 98)]),
)
encode_merges.hints = (
    "Take the merges one after the other. Each is applied to the whole word.",
    "For merge number k put the token 256 + k in the place of the pair, as in the exercise before.",
    "for k, (left, right) in enumerate(merges): walk through the tokens from left to right; where "
    "the last one of the result is left and the next is right, replace it by 256 + k.",
)
encode_merges.mistakes = {
    "The merges are taken from the last to the first. Later ones are built on earlier ones.":
        edit("enumerate(merges)", "reversed(list(enumerate(merges)))"),
    "The merges are taken and numbered from the last to the first. Merge number 0 is the first "
    "of the list.": edit("enumerate(merges)", "enumerate(merges[::-1])"),
    "Every merge makes token 256. Merge number k makes token 256 + k.": edit("256 + k", "256"),
    "The new tokens are numbered from 0. Those numbers are bytes; merges begin at 256.":
        edit("256 + k", "k"),
    "The new tokens are numbered from 257. Merge number 0 makes token 256.":
        edit("256 + k", "257 + k"),
    "That merges what stands furthest to the left. The merge that was learned first comes first, "
    "wherever it stands.": _leftmost_first,
    "That takes the longest token that fits, from left to right. Byte pair encoding makes the "
    "merges in the order in which they were learned.": _longest_first,
    "Each merge is done only once in the word. It holds wherever its pair stands.":
        edit("if result and", "if 256 + k not in result and result and"),
    "Only the first merge is done. Does a return stand inside the loop?":
        edit("    ids = result\n    return ids", "    return result"),
    "That goes through the word once. Each merge needs a walk of its own: merges may be built on "
    "others, and an earlier one comes first wherever it stands.": _in_one_pass,
    "The second token of a merged pair stays. The new token takes the place of both.":
        edit("result[-1] = 256 + k", "result[-1:] = 256 + k, i"),
    "The latest merge that is possible comes first. The earliest must.": _latest_first,
    "Every merge is applied to the bytes as they were. Go on with the result of the merge before.":
        edit("    ids = result\n    return ids", "return result"),
    "Nothing is merged.": lambda ids, merges: list(ids),
    "The last merge is left out.": edit("enumerate(merges)", "enumerate(merges[:-1])"),
    "That is how many tokens there are. Asked are the tokens.":
        edit("return ids", "return len(ids)"),
    "Tokens are replaced in a text, where 132 116 has a 32 116 in it. Compare numbers.":
        _merged_as_text,
    "Each merge goes from right to left. Of three equal tokens the first two are merged.": (
        edit(
            "in ids:",
            "in ids[::-1]:",
            "== left and i == right",
            "== right and i == left",
            "ids = result",
            "ids = result[::-1]",
        )
    ),
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
embedding_shapes.reason = (
    "Each of the 8 · 5 ids becomes a row of 16 numbers: (8, 5, 16). One-hot, each becomes a row as "
    "long as the vocabulary: (8, 5, 68). A gradient has the shape of its parameter, and the table "
    "has a row of 16 numbers for each of the 68 tokens, whatever the batch."
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


SAME_VECTOR = "A vector is its own transpose."


def _first_one_wins(ids, dy, vocab):
    dE = np.zeros((vocab, dy.shape[1]))
    dE[ids[::-1]] = dy[::-1]
    return dE


embedding_gradient.cases = (
    (np.array([4, 0, 4, 1, 4, 1]), normal(6, 3, seed=1), 7),
    (np.array([2, 0, 2]), normal(3, 3, seed=2), 3),
    (np.array([1, 1, 1, 3]), normal(4, 5, seed=3), 4),
    (np.array([0, 2, 3, 2, 0, 1, 2]), normal(7, 2, seed=4), 5),
)
embedding_gradient.equivalents = {"for t, i in enumerate(ids.T):": SAME_VECTOR}
embedding_gradient.hints = (
    "Begin with zeros of shape (vocab, D). Which row does dy[t] belong to?",
    "Add dy[t] to the row ids[t]. If a token stands in several places, its row gets all of them.",
    "for t, i in enumerate(ids): dE[i] += dy[t]. Without a loop: np.add.at(dE, ids, dy), or "
    "one_hot(ids, vocab).T @ dy.",
)
embedding_gradient.mistakes = {
    "A repeated token is counted once, at its last place. dE[ids] = dy and dE[ids] += dy both "
    "write only one row for each token; add them up one by one.": edit("+=", "="),
    "A repeated token is counted once, at its first place. All of its places add up.":
        _first_one_wins,
    "That is the mean over the places of a token. They add up; a 1/N, if there is one, stands in "
    "the loss.": edit("dy[t]", "dy[t] / np.sum(ids == i)"),
    "That is the mean over the places of a token, and nan for a token that has none. They add "
    "up: no place, no gradient.":
        edit("return dE", "return dE / np.bincount(ids, minlength=vocab)[:, None]"),
    "It is divided by the number of tokens. That is the business of the loss.":
        edit("return dE", "return dE / len(ids)"),
    "sum without an axis adds up the features as well. Each has its own: sum(axis=0).":
        edit("dy[t]", "dy[t].sum()"),
    "The table lies on its side: a row for each token, (vocab, D).":
        edit("return dE", "return dE.T"),
    "Those are the gradients at the places of the text, (T, D). Each goes into the row of its "
    "token.": edit("return dE", "return dy"),
    "That is one row for each token that occurs. Rows of all others are there too, with 0.":
        edit("return dE", "return dE[np.unique(ids)]"),
    "dy[t] went into row t. It belongs into the row of the token that stands there, ids[t].":
        edit("enumerate(ids)", "enumerate(range(min(len(ids), vocab)))"),
    "That looks dy up in the table's way, dy[ids]. It is the other direction: row t of dy is "
    "added to row ids[t].": lambda ids, dy, vocab: dy[ids],
    "Row i of dy was added for token i. Row t of dy belongs to the token at place t: dE[ids[t]] "
    "+= dy[t].": edit("dy[t]", "dy[i]"),
    "The gradient has the shape of dy here. It has the shape of the table: vocab rows.":
        edit("(vocab, dy.shape[1])", "dy.shape"),
    "That counts how often each token occurs. Add up its rows of dy.": edit("dy[t]", "1"),
    "The sign is turned. The gradient is dy itself; the minus comes with the step.":
        edit("+=", "-="),
    "return stands inside the loop, so only the first token is done.":
        edit("    return", "        return"),
    "The table ends at the largest token of this text. It has a row for every token: vocab rows.":
        edit("(vocab, ", "(ids.max() + 1, "),
}  # fmt: skip


@exercise
def mass_functions():
    """Which of the four rows are probability mass functions."""
    return True, False, True, False


mass_functions.hints = (
    "A probability is never below 0. What must the four of them add up to?",
    "Add up each row. A density may have values above 1; probabilities of tokens cannot.",
)
mass_functions.reason = (
    "Probabilities are never negative and add up to 1. Rows 1 and 3 do both; a 0 is allowed. Row 2 "
    "adds up to 2, and row 4 adds up to 1 but has a −0.4."
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


next_token_pairs.cases = (
    (np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 7], [8, 0, 3, 2, 4]]),),
    (np.array([[3, 1, 4], [9, 2, 6]]),),
    (np.array([[1, 2, 3], [4, 5, 6], [7, 8, 0]]),),
    (np.array([[5, 2], [0, 7], [11, 4]]),),
)
next_token_pairs.hints = (
    "Take one text, [3, 1, 4, 1, 5]. What is the target of 3? Of the last token?",
    "The inputs are all tokens but the last, and the targets all but the first.",
    "ids[:, :-1] leaves out the last column.",
)
next_token_pairs.mistakes = {
    "The targets are the inputs. The model would learn to repeat what it sees.":
        edit(", 1:", ", :-1"),
    "The targets are the inputs, and nothing is shifted.": lambda ids: (ids, ids),
    "Shifted the wrong way: that predicts the token before.": lambda ids: (ids[:, 1:], ids[:, :-1]),
    "The last token is kept as an input. It has no target, so leave it out.":
        edit("ids[:, :-1]", "ids"),
    "np.roll brings the first token round to the end: the last target is the first token. Leave "
    "the last input out.": lambda ids: (ids, np.roll(ids, -1, axis=1)),
    "np.roll without an axis runs through all texts as if they were one. Leave out a column "
    "instead: [:, :-1] and [:, 1:].": lambda ids: (ids, np.roll(ids, -1)),
    "ids + 1 is the next number of the vocabulary, and not the next token of the text.":
        edit(", 1:]", ", :-1] + 1"),
    "The first token is kept as a target. Nothing stands before it, so leave it out.":
        edit("ids[:, 1:]", "ids"),
    "np.roll the wrong way: each target is the token before its input.":
        lambda ids: (ids, np.roll(ids, 1, axis=1)),
    "Shifted by two: a token between input and target is left out.": edit("-1", "-2", "1:", "2:"),
    "That shifts the texts, and not the tokens. The colon for the first axis is missing.":
        lambda ids: (ids[:-1], ids[1:]),
    "Only the last token is predicted. Every token but the first is a target.": edit("1:", "-1"),
    "Everything is laid end to end. Texts stay rows: (N, T − 1).":
        edit(":-1]", ":-1].ravel()", "1:]", "1:].ravel()"),
    "Both are the targets. The inputs are all tokens but the last.": edit(":-1", "1:"),
}  # fmt: skip


@exercise
def entropy_by_hand():
    """The entropy of ½, ¼, ⅛, ⅛ in nats."""
    return (1 / 2 + 2 / 4 + 3 / 8 + 3 / 8) * np.log(2)


entropy_by_hand.tolerance = 4e-3
entropy_by_hand.hints = (
    "½ has the surprise ln 2, ¼ has ln 4 = 2 ln 2, and ⅛ has 3 ln 2.",
    "Weigh each surprise with its probability: ½ · 1 + ¼ · 2 + ⅛ · 3 + ⅛ · 3, all times ln 2.",
)
entropy_by_hand.reason = (
    "The surprises are ln 2, 2 ln 2, 3 ln 2 and 3 ln 2. Weighed with their probabilities they give "
    "(½ + ½ + ⅜ + ⅜) ln 2 = 1.75 ln 2, about 1.21 nats."
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


def _entropy(p):
    return -np.sum(p[p > 0] * np.log(p[p > 0]))


P_D, Q_D = np.array([0.5, 0.0, 0.3, 0.2]), np.array([0.2, 0.35, 0.15, 0.3])
P_E, Q_E = np.array([0.15, 0.6, 0.25]), np.array([0.4, 0.25, 0.35])
P_F, Q_F = np.array([0.0, 0.1, 0.55, 0.0, 0.35]), np.array([0.3, 0.25, 0.05, 0.22, 0.18])
divergence.cases = (P_D, Q_D), (P_E, Q_E), (P_F, Q_F)
divergence.equivalents = {
    "seen = p.T > 0": SAME_VECTOR,
    "return np.sum(p.T[seen] * np.log(p[seen] / q[seen]))": SAME_VECTOR,
    "return np.sum(p[seen] * np.log(p.T[seen] / q[seen]))": SAME_VECTOR,
    "return np.sum(p[seen] * np.log(p[seen] / q.T[seen]))": SAME_VECTOR,
}
divergence.hints = (
    "The cross-entropy is −Σ p ln q. Subtract the entropy, −Σ p ln p.",
    "Where p is 0 nothing is added: 0 · ln 0 counts as 0, but NumPy makes nan of it.",
    "seen = p > 0, and then the sum of p[seen] * np.log(p[seen] / q[seen]).",
)
divergence.mistakes = {
    "That is the cross-entropy. Subtract the entropy of p.": edit("p[seen] / q", "1 / q"),
    "That is the entropy of p. Asked is by how much the cross-entropy is above it.":
        edit("p[seen] / q[seen]", "1 / p[seen]"),
    "The sign is turned: no belief is better than the truth.": edit("np.sum", "-np.sum"),
    "0 · ln 0 became nan. A token that never comes adds nothing: take those with p > 0.":
        lambda p, q: np.sum(p * np.log(p / q)),
    "p and q have changed places: tokens come as p says, and q is believed.":
        lambda p, q: np.sum(q * np.log(q / p)),
    "p and q have changed places in what is added up: tokens come as p says, and q is believed.":
        edit("p[seen] * np.log(p[seen] / q[seen])", "q[seen] * np.log(q[seen] / p[seen])"),
    "The logarithms are weighed with q. Tokens come as p says: weigh with p.":
        edit("p[seen] *", "q[seen] *"),
    "That is in bits. Natural logarithms give nats.": edit("np.log", "np.log2"),
    "The entropy of q is subtracted. Subtract that of p.":
        edit("p[seen] / q[seen]))", "1 / q[seen])) - _entropy(q)"),
    "That is the entropy of q minus that of p. Asked is the cross-entropy minus that of p.":
        lambda p, q: _entropy(q) - _entropy(p),
    "That is a mean over the tokens. The probabilities are the weights already: add up.":
        edit("np.sum(p", "1 / len(p) * np.sum(p"),
    "That is a mean over the tokens with p > 0. The probabilities are the weights already: add "
    "up.": edit("sum", "mean"),
    "That is cross-entropy divided by entropy. Asked is the difference.":
        edit("p[seen] / q[seen]))", "1 / q[seen])) / _entropy(p)"),
    "That is the sum of both. Asked is the difference.":
        edit("p[seen] / q[seen]))", "1 / q[seen])) + _entropy(p)"),
    "The logarithms are not weighed with p.": edit("p[seen] * ", ""),
    "The single terms are there. Add them up.":
        edit("np.sum(p[seen] * np.log(p[seen] / q[seen]))", "p[seen] * np.log(p[seen] / q[seen])"),
    "Signs are lost: where q is above p, a term is negative.":
        edit("np.log(p[seen] / q[seen])", "np.abs(np.log(p[seen] / q[seen]))"),
    "That is the entropy of p, and where p is 0 it became nan. Asked is by how much the "
    "cross-entropy is above it; take the tokens with p > 0.": lambda p, q: -np.sum(p * np.log(p)),
    "The sign is turned, and where p is 0 the sum became nan: take the tokens with p > 0.":
        lambda p, q: np.sum(p * np.log(q / p)),
}  # fmt: skip


@exercise
def perplexity(p):
    """exp of the mean surprise, from the probabilities of the tokens that came."""
    return np.exp(-np.mean(np.log(p)))


perplexity.cases = (
    (np.array([0.5, 0.1, 0.35, 0.02, 0.8]),),
    (np.array([0.25, 0.4]),),
    (np.array([0.9, 0.6, 0.05]),),
    (np.tile([0.3, 0.05, 0.2, 0.6], 200),),
)
perplexity.equivalents = {"return np.exp(-np.mean(np.log(p.T)))": SAME_VECTOR}
perplexity.hints = (
    "First the loss: the mean of −ln p.",
    "Then the exponential of it, once, at the end.",
)
perplexity.mistakes = {
    "That is the loss in nats. The perplexity is its exponential.":
        edit("np.exp(-np.mean(np.log(p)))", "-np.mean(np.log(p))"),
    "That is the loss in bits. The perplexity is 2 to the power of it.":
        edit("np.exp(-np.mean(np.log(p)))", "-np.mean(np.log2(p))"),
    "2 to the power of a loss in nats mixes two units. With ln goes exp; with log2 goes 2**.":
        edit("np.exp", "2 ** "),
    "exp of a loss in bits mixes two units. With log2 goes 2**.": edit("np.log", "np.log2"),
    "exp of a loss in logarithms to base 10 mixes two units. With log10 goes 10**.":
        edit("np.log", "np.log10"),
    "That is the exponential of the sum. Take the mean first, or longer texts look worse.":
        edit("mean", "sum"),
    "The root of a product is right for short texts. All p of a long one, multiplied, are too "
    "small for a number and become 0: add up logarithms instead.":
        lambda p: np.prod(p) ** (-1 / len(p)),
    "That is the mean of the exponentials, the mean of 1/p. The mean is taken of the logarithms, "
    "and exp comes last.": lambda p: np.mean(1 / p),
    "That is 1 over the mean probability. The mean is taken of the logarithms.":
        lambda p: 1 / np.mean(p),
    "The minus is missing: that is below 1, and no choice is among less than one token.":
        edit("-", ""),
    "The minus stands before exp, and makes the perplexity negative. It belongs to the "
    "logarithms.": edit("np.exp(-", "-np.exp("),
    "The logarithm is missing: the surprise of a token is −ln p.": edit("np.log(p)", "p"),
    "That is the exponential of Σ p ln p, an entropy of numbers that are no distribution. Each "
    "token that came counts once: a plain mean.": edit("mean(", "sum(p * "),
    "That is the sum of 1/p. Take the mean of −ln p, and then exp.": lambda p: np.sum(1 / p),
    "Those are the perplexities of the single tokens. Take the mean of −ln p first, and then exp "
    "of that one number.": lambda p: 1 / p,
    "There is a p too many, in p ln p. Each token that came counts once: a mean of −ln p.":
        edit("mean(", "mean(p * "),
    "That is the perplexity of the last token alone.": lambda p: 1 / p[-1],
    "That takes the median. Take the mean, in which every token counts.": edit("mean", "median"),
    "That is the sum of the surprises. Take their mean, and then exp.":
        edit("np.exp(-np.mean(np.log(p)))", "-np.sum(np.log(p))"),
    "That is the probability of the whole text, all p multiplied. Take the mean of −ln p, and "
    "then exp.": edit("-np.mean", "np.sum"),
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
ladder_causes.form = (
    'four of "targets are the inputs", "learned nothing", "ignores the words before", '
    '"memorised sentences"'
)
ladder_causes.hints = (
    "The floor is 1.144. Which runs are below it, where, and how can that be?",
    "Below the floor on sentences that it never saw: that is impossible for a language model, so "
    "it does not predict. Below it on training sentences only: it knows them by heart.",
    "4.22 is ln 68, and 3.65 is the rung of counting single words.",
)
ladder_causes.reason = (
    "Run 1 stays at ln 68 = 4.22, the surprise of a fair guess: it learned nothing. Run 2 is far "
    "below the floor of 1.144 on sentences that it never saw. No prediction can be, so it sees "
    "what it should predict: targets are inputs. Run 3 is below the floor only on sentences that "
    "it has met, and knows those by heart. Run 4 stands at 3.65, the rung of single words, so it "
    "ignores the words before."
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


def _no_positions(ids, E, P):
    return E[ids]


with_positions.cases = (
    (np.array([[4, 0, 2], [1, 1, 3]]), normal(6, 4, seed=11), normal(5, 4, seed=12)),
    (np.array([[2, 4, 1], [0, 3, 2], [3, 3, 0]]), normal(5, 3, seed=13), normal(6, 3, seed=14)),
    (np.array([[1, 0, 3, 3, 2], [2, 1, 1, 0, 3]]), normal(4, 2, seed=15), normal(5, 2, seed=16)),
)
with_positions.start = _no_positions
with_positions.hints = (
    "The token at place t gets row t of P, whichever token it is.",
    "There are T places, so the first T rows of P are needed. E[ids] has the shape (N, T, D), and "
    "an addend of shape (T, D) is repeated for every text.",
)
with_positions.mistakes = {
    "P is looked up with the tokens. It has a row for each place: 0, 1, 2, …":
        edit(": ids.shape[1]", "ids"),
    "The positions are multiplied. Add them.": edit("+", "*"),
    "Every place gets the position 0.": edit(": ids.shape[1]", "0"),
    "P[T] is a single row, and every place gets it. The first T rows are P[:T].":
        edit(": ids", "ids"),
    "Positions are counted from 1. The first row of P belongs to the first token.":
        edit(": ids.shape[1]", "1 : ids.shape[1] + 1"),
    "Only the first text gets its positions. Every text has a place 0, a place 1 and so on.":
        lambda ids, E, P: E[ids] + P[: ids.shape[1]] * (np.arange(len(ids)) < 1)[:, None, None],
    "The positions run from right to left.": edit("shape[1]]", "shape[1]][::-1]"),
    "Positions count the texts of the batch here. They count the tokens of a text.":
        edit("P[: ids.shape[1]]", "P[: len(ids), None]"),
    "All rows of P are added, and there may be more of them than tokens in a text. Take the "
    "first T.": edit("P[: ids.shape[1]]", "P"),
    "As many rows of P are taken as there are texts. Take as many as a text has tokens.":
        edit("ids.shape[1]", "len(ids)"),
    "Those are positions without tokens.": edit("E", "0 * E"),
    "The positions are laid beside the vectors. They are added, so D stays D.": (
        edit(
            "E[ids] + P[: ids.shape[1]]",
            "np.concatenate([E[ids], P[: ids.shape[1]] + 0 * E[ids]], axis=-1)",
        )
    ),
    "The last rows of P are taken. Take the first T of them.":
        edit(": ids.shape[1]", "-ids.shape[1] :"),
    "The positions are subtracted. Add them.": edit("+", "-"),
    "The number of the place is added, and not its vector: row t of P.":
        edit("P[: ids.shape[1]]", "np.arange(ids.shape[1])[:, None]"),
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


def _by_column(t, d, exponents):
    angles = np.outer(np.arange(t), 10000.0**exponents)
    return np.where(np.arange(d) % 2 == 0, np.sin(angles), np.cos(angles))


def _pairs_overlap(t, d):
    table = np.zeros((t, d))
    for i in range(d // 2):
        angles = np.arange(t) * 10000 ** (-2 * i / d)
        table[:, i : i + 2] = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    return table


# In the last, an angle stands so near to a quarter turn that another base shows in its cosine.
sinusoidal.cases = (5, 6), (4, 4), (3, 8), (130, 4)
sinusoidal.hints = (
    "The pairs are i = 0, …, d/2 − 1. Their speeds are 10000 ** (-2 * i / d).",
    "np.outer(np.arange(t), speeds) has all angles, of shape (t, d/2).",
    "Even columns, table[:, 0::2], get the sines, odd ones, table[:, 1::2], the cosines.",
)
sinusoidal.mistakes = {
    "All columns are sines. Odd columns get the cosine of the same angle.": edit("cos", "sin"),
    "All columns are cosines. Even columns get the sine.": edit("sin", "cos"),
    "Sine and cosine have changed places.": edit("sin", "tan", "cos", "sin", "tan", "cos"),
    "The 2 is missing in the exponent: −2 i / d, with i counting pairs.": edit("-2 *", "-"),
    "The 2 stands there twice. Does i count columns already, or is d halved?": edit("-2", "-4"),
    "The number of the column stands where the number of the pair belongs: i is 0 for the first "
    "two columns, 1 for the next two.": lambda t, d: _by_column(t, d, -2 * np.arange(d) / d),
    "The d is missing in the exponent: −2 i / d.": edit(" / d", ""),
    "The sign of the exponent is turned: the speeds fall from 1.": edit("-2", "2"),
    "Each column has a speed of its own. The sine and the cosine of a pair share one.":
        lambda t, d: _by_column(t, d, -np.arange(d) / d),
    "The brackets are missing: ** binds before *, so that only the 2 stands in the exponent.":
        edit("(-2 * np.arange(d // 2) / d)", "-2 * np.arange(d // 2) / d"),
    "All sines come first, then all cosines. They alternate here. (Some texts do it like that; "
    "it is only another order of the columns.)": edit("0::2", ": d // 2", "1::2", "d // 2 :"),
    "Positions are counted from 1. The first position is 0.":
        edit("np.arange(t)", "np.arange(1, t + 1)"),
    "The base is 10000. Here it is 1000.": edit("10000", "1000"),
    "The base is 10000. Here it is e.": edit("10000.0 ** (", "np.exp("),
    "The odd columns are empty. They get the cosines.": edit("np.cos(angles)", "0"),
    "Pair i stands in the columns i and i + 1, so each pair writes over the one before. It "
    "belongs in 2 i and 2 i + 1.": _pairs_overlap,
    "Only the sines are there, d/2 columns. Beside each stands the cosine of its pair.":
        edit("return table", "return table[:, ::2]"),
    "All rows are the same. t is how many positions there are; the position is the number of the "
    "row: 0, 1, 2, …": edit("np.outer(np.arange(t), speeds)", "t * speeds"),
    "The table lies on its side: a row for each position.": edit("return table", "return table.T"),
    "Pairs are counted from 1. The fastest pair, i = 0, has the speed 1.":
        edit("np.arange(d // 2)", "np.arange(1, d // 2 + 1)"),
    "Positions run from 0 to 1 here. They are whole numbers: 0, 1, 2, …":
        edit("np.arange(t)", "np.arange(t) / t"),
    "The last pair gets the speed 1/10000: that is another rule, with d/2 − 1 below the line. "
    "Here it is −2 i / d.": edit("-2 * np.arange(d // 2) / d", "-np.arange(d // 2) / (d // 2 - 1)"),
    "There is a 2π too many. The angle is the position times the speed.":
        edit("speeds)", "2 * np.pi * speeds)"),
}  # fmt: skip
