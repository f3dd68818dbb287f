"""Exercises of chapter 8: fragments of words, and what comes next."""

from collections import Counter
from itertools import pairwise

import numpy as np

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
