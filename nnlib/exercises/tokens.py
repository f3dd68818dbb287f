"""Exercises of chapter 8: pieces of text, examples made of them, counts, and drawn texts."""

from collections import Counter
from itertools import pairwise

import numpy as np

from nnlib.descent import one_hot
from nnlib.exercises._exercise import edit, exercise
from nnlib.matrices import softmax

SAME_ROW = "A row of numbers, transposed, is itself."


@exercise
def count_characters(data):
    """How many characters the bytes of a UTF-8 text are."""
    return sum(not 128 <= byte <= 191 for byte in data)


def _units_of_javascript(data):
    return len(bytes(data).decode().encode("utf-16-le")) // 2


count_characters.cases = (
    ([98, 195, 169],),
    (list("日本 🙂".encode()),),
    (list("¿Qué À\x7f€".encode()),),
    (list("naïve 🙂🙂".encode()),),
    (list("¿Qué?".encode()),),
    ([],),
)
count_characters.equivalents = {
    "return sum((not 128 <= byte <= 192 for byte in data))": "No byte of UTF-8 is 192.",
}
count_characters.hints = (
    "Each character has one first byte. Count those.",
    "A byte from 128 to 191 only goes on with a character. All other bytes are first bytes.",
    "sum(… for byte in data) counts for how many bytes something is true.",
)
count_characters.mistakes = {
    "Those are the bytes. A character can have up to four.": lambda data: len(data),
    "Those are the bytes that go on with a character. Count the others, which begin one.":
        edit("not ", ""),
    "Only characters of one byte are counted.": lambda data: sum(byte < 128 for byte in data),
    "Only characters of several bytes are counted. A byte below 128 is a character too.":
        lambda data: sum(byte > 191 for byte in data),
    "A byte of 128 can go on with a character too: from 128 to 191, both among them.":
        edit("128 <=", "128 <"),
    "A byte of 191 can go on with a character too: from 128 to 191, both among them.":
        edit("<= 191", "< 191"),
    "Each different character is counted once.":
        lambda data: len(set(bytes(data).decode())),
    "Characters of four bytes are counted twice, as JavaScript does. Each has one first byte.":
        _units_of_javascript,
}  # fmt: skip


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
def learn_merges(words, n, merge):
    """The n pairs that byte pair encoding merges, in order. A new token is 256 + its number."""
    merges = []
    for k in range(n):
        counts = Counter(pair for ids in words for pair in pairwise(ids))
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        words = [merge(ids, best, 256 + k) for ids in words]
    return merges


def _words(text):
    return [list(word.encode()) for word in text.split("|")]


def _each_word_once(words, n, merge):
    return learn_merges.solve([list(ids) for ids in dict.fromkeys(map(tuple, words))], n, merge)


def _across_words(words, n, merge):
    return learn_merges.solve([[i for ids in words for i in ids]], n, merge)


learn_merges.cases = (
    (_words("hug| hug| hug| hugs| pug| pug| bun| bun"), 5, merge_pair.solve),
    (_words("aaaa| aaa|baab| b|ab|ab"), 4, merge_pair.solve),
    (_words("ab|ab|cd|cd| dc| ba|abc"), 4, merge_pair.solve),
    (_words("na|na|nana|nana|tn|tn|tn|t"), 2, merge_pair.solve),
)
learn_merges.hints = (
    "One merge first: count all pairs of neighbours in all words, and pick the best, as you did "
    "before for one list.",
    "Then put the new token in its place in every word: words = [merge(ids, pair, 256 + k) for ids "
    "in words].",
    "And count again, in the words as they are now. Do that n times.",
)
learn_merges.mistakes = {
    "The words stay as they were, so the same pair wins each time. Merge it in all words, and "
    "count again. (ids = … in a loop over words changes no word.)":
        edit("words = [merge(ids, best, 256 + k) for ids in words]", "pass"),
    "All pairs come from one count, before any merge. After each merge count again.": (
        lambda words, n, merge: sorted(
            counts := Counter(pair for ids in words for pair in pairwise(ids)),
            key=lambda pair: (-counts[pair], pair),
        )[:n]
    ),
    "Every new token gets the number 256. Merge number k makes token 256 + k.":
        edit("256 + k", "256"),
    "The new tokens are numbered from 257. The first free number is 256.":
        edit("256 + k", "257 + k"),
    "The new tokens are numbered from 0. Those numbers are bytes; the first free one is 256.":
        edit("256 + k", "k"),
    "Pairs are counted across the ends of words. A pair stands inside a word.": _across_words,
    "A word that occurs several times is counted once. Each time counts.": _each_word_once,
    "Of several pairs that are most frequent, that takes the largest. Take the smallest.":
        edit("min(counts, key=lambda pair: (-counts[pair], pair))",
             "max(counts, key=lambda pair: (counts[pair], pair))"),
    "Of several pairs that are most frequent, that takes the one that comes first in the text. "
    "Take the smallest.": edit("(-counts[pair], pair)", "-counts[pair]"),
    "That takes the rarest pair.": edit("-counts[pair], pair", "counts[pair], pair"),
    "Those are the new tokens. Asked are the pairs that they were made of.":
        edit("merges.append(best)", "merges.append(256 + k)"),
    "Those are the words after the merges. Asked are the pairs, in their order.":
        edit("return merges", "return [i for ids in words for i in ids]"),
    "The merges are in reverse order. The first one that is made comes first.":
        edit("return merges", "return merges[::-1]"),
    "Only the first merge came back. Does a return stand inside the loop?":
        edit("    return merges", "        return merges"),
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
def one_stream(texts, end):
    """All texts in one list, with the token end after each."""
    return [i for ids in texts for i in (*ids, end)]


one_stream.cases = (
    ([[5, 3, 8], [2], [7, 7]], 9),
    ([[1, 0], [], [4, 6, 2]], 30),
    ([[11, 12], [13]], 300),
)
one_stream.hints = (
    "Go through the texts, and put the tokens of each into one list.",
    "After the tokens of a text comes end, also after the last text.",
    "stream += ids adds all tokens of a list, and stream.append(end) adds one.",
)
one_stream.mistakes = {
    "The token stands only between texts. The last text has an end too, which the model must "
    "learn to write.": lambda texts, end: one_stream.solve(texts, end)[:-1],
    "The token stands before each text. It marks the end: put it after each.":
        edit("(*ids, end)", "(end, *ids)"),
    "The token stands once, at the very end. Each text has an end.":
        lambda texts, end: [*(i for ids in texts for i in ids), end],
    "The ends are missing. The model could not tell where a text begins.":
        edit("(*ids, end)", "ids"),
    "The token stands after every token. It comes after each text.":
        lambda texts, end: [j for ids in texts for i in ids for j in (i, end)],
    "An empty text is left out. It has an end as well.":
        edit("texts for", "filter(None, texts) for"),
    "Only the first text came back. Does a return stand inside the loop?":
        edit("in texts", "in texts[:1]"),
    "The texts are in reverse order.": edit("in texts", "in texts[::-1]"),
    "The token stands before each text and after it. It comes after each.":
        edit("(*ids, end)", "(end, *ids, end)"),
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
def windows(ids, size, stride):
    """Inputs and targets, (L,) to two of (N, size): windows that begin every stride tokens."""
    starts = np.arange(0, len(ids) - size, stride)
    places = starts[:, None] + np.arange(size)
    return ids[places], ids[places + 1]


def _first_window_only(ids, size, stride):
    return ids[None, :size], ids[None, 1 : size + 1]


def _next_window(ids, size, stride):
    rows = np.lib.stride_tricks.sliding_window_view(ids, size)[::stride]
    return rows[:-1], rows[1:]


STREAM = np.array([4, 9, 2, 7, 1, 8, 3, 6, 0, 5, 11, 12])
windows.cases = (
    (STREAM, 4, 2),
    (STREAM[:9], 3, 1),
    (STREAM[:10], 2, 3),
    (STREAM[:6], 5, 2),
    (STREAM[1:], 5, 5),
)
windows.equivalents = dict.fromkeys(
    (
        "starts = np.arange(0, len(ids.T) - size, stride)",
        "return (ids.T[places], ids[places + 1])",
        "return (ids[places], ids.T[places + 1])",
    ),
    SAME_ROW,
)
windows.hints = (
    "Where does the first window begin, where the second? The last one needs size tokens, and one "
    "more for its last target.",
    "for start in range(0, len(ids) - size, stride): the inputs are ids[start : start + size].",
    "The targets are the same piece, moved by one: ids[start + 1 : start + size + 1].",
)
windows.mistakes = {
    "The targets are the inputs. Each target is the token after its input.":
        edit("places + 1", "places"),
    "The last window is missing. It may end at the last token but one, whose target is the last.":
        edit("len(ids) - size,", "len(ids) - size - 1,"),
    "A window begins at every token. The stride says how far on the next one begins.":
        edit(", stride)", ")"),
    "The windows stand side by side: the stride is not used.": edit(", stride)", ", size)"),
    "Each window has one target, the token after it. Every input has a target of its own.":
        edit("ids[places + 1]", "ids[starts + size]"),
    "The last target of each window is its own first token. It is the next token of the stream: "
    "cut the targets from the stream too.":
        edit("ids[places + 1]", "np.roll(ids[places], -1, axis=1)"),
    "Each target is the token before its input.": edit("places + 1", "places - 1"),
    "Inputs and targets are exchanged: first the inputs.":
        edit("ids[places], ids[places + 1]", "ids[places + 1], ids[places]"),
    "Only the first window came back. Does a return stand inside the loop?": _first_window_only,
    "The targets are the next window, a whole stride further on. They are the next tokens.":
        _next_window,
    "A window stands in a column. Each window is a row: (N, size).":
        edit("ids[places], ids[places + 1]", "ids[places].T, ids[places + 1].T"),
    "Size and stride are exchanged.": lambda ids, size, stride: windows.solve(ids, stride, size),
    "Those are places. Asked are the tokens that stand there.":
        edit("ids[places], ids[places + 1]", "places, places + 1"),
}  # fmt: skip


@exercise
def apart(ids, n_held, size):
    """Windows of the stream without its last n_held tokens, and windows of these alone."""
    windows = np.lib.stride_tricks.sliding_window_view
    return windows(ids[:-n_held], size), windows(ids[-n_held:], size)


def _windows_over_the_border(ids, n_held, size):
    windows = np.lib.stride_tricks.sliding_window_view(ids, size)
    n = n_held - size + 1
    return windows[:-n], windows[-n:]


apart.cases = (
    (STREAM, 5, 3),
    (STREAM[:9], 4, 2),
    (STREAM[:11], 4, 4),
)
apart.start = _windows_over_the_border
apart.equivalents = dict.fromkeys(
    (
        "return (windows(ids.T[:-n_held], size), windows(ids[-n_held:], size))",
        "return (windows(ids[:-n_held], size), windows(ids.T[-n_held:], size))",
    ),
    SAME_ROW,
)
apart.hints = (
    "Write down the windows of [1, 2, 3, 4, 5, 6] with size 3, and hold out 3 tokens. Which tokens "
    "has the last window for training, and which the first one that is held out?",
    "A window that reaches over the border is in both parts with some of its tokens.",
    "Cut the stream first: ids[:-n_held] and ids[-n_held:]. Then make windows of each.",
)
apart.mistakes = {
    "The windows for training are right, and some that are held out reach into their tokens. Cut "
    "the stream before you make windows.": (
        lambda ids, n_held, size: (
            apart.solve(ids, n_held, size)[0],
            np.lib.stride_tricks.sliding_window_view(ids, size)[-n_held:],
        )
    ),
    "The windows for training go on to the end of the stream, through the tokens held out.":
        edit("ids[:-n_held]", "ids"),
    "The two parts are exchanged: first the windows for training.":
        lambda ids, n_held, size: apart.solve(ids, n_held, size)[::-1],
    "The first tokens are held out. Asked are the last ones.":
        edit("ids[:-n_held]", "ids[n_held:]", "ids[-n_held:]", "ids[:n_held]"),
    "The first n_held tokens are for training there. The last n_held are to be held out.":
        edit("ids[:-n_held]", "ids[:n_held]", "ids[-n_held:]", "ids[n_held:]"),
    "Those are the two parts of the stream. Asked are the windows of each.":
        lambda ids, n_held, size: (ids[:-n_held], ids[-n_held:]),
}  # fmt: skip


@exercise
def mass_functions():
    """Which of the four rows are probability mass functions."""
    return True, False, True, False


mass_functions.hints = (
    "A probability is never below 0. What must the four of them add up to?",
    "Add up each row. None below 0, and the sum 1: both must hold.",
)
mass_functions.reason = (
    "Probabilities are never negative and add up to 1. Rows 1 and 3 do both; a 0 is allowed. Row 2 "
    "adds up to 2, and row 4 adds up to 1 but has a −0.4."
)
mass_functions.mistakes = {
    "The second row has the sum 2, and a value above 1. No probability is above 1.":
        (True, True, True, False),
    "A token may have probability 0: it cannot come. The first row is allowed.":
        (False, False, True, False),
    "The fourth row has the sum 1, but a negative entry, and one above 1.":
        (True, False, True, True),
    "Equal probabilities are allowed: that is a model that knows nothing.":
        (True, False, False, False),
    "Two rows have an entry above 1. No probability is above 1.": (True, True, True, True),
    "Those are the rows that cannot be one.": (False, True, False, True),
}  # fmt: skip


@exercise
def pair_table(ids, V, little):
    """Row v: the probabilities of the next token after v, from counts with a little added."""
    counts = np.zeros((V, V))
    for token, after in pairwise(ids):
        counts[token, after] += 1
    return (counts + little) / (counts.sum(axis=1, keepdims=True) + V * little)


def _counted_once(ids, V, little):
    counts = np.zeros((V, V))
    counts[ids[:-1], ids[1:]] += 1
    return (counts + little) / (counts.sum(axis=1, keepdims=True) + V * little)


def _only_where_nothing(ids, V, little):
    counts = pair_table.solve(ids, V, 0.5) * (np.bincount(ids[:-1], minlength=V) + V / 2)[:, None]
    counts = np.where(counts < 0.75, little, counts - 0.5)
    return counts / counts.sum(axis=1, keepdims=True)


TEXT = np.array([0, 2, 1, 2, 1, 2, 2, 0, 1, 2, 1, 0, 2, 1])
pair_table.cases = (
    (TEXT, 4, 0.5),
    (TEXT[:9], 3, 0.25),
    (np.array([3, 0, 3, 0, 1, 1, 1, 4]), 6, 1.0),
)
pair_table.equivalents = {
    "for token, after in pairwise(ids.T):": SAME_ROW,
    "return (counts + little) / (counts.sum(axis=-1, keepdims=True) + V * little)":
        "The last axis of a matrix is axis 1.",
}  # fmt: skip
pair_table.hints = (
    "Begin with a table of zeros, (V, V), and count: at row token, column after, one more for each "
    "pair of neighbours.",
    "Then add little to every entry. What does a row add up to now?",
    "To its count and V times little. Divide each row by that: .sum(axis=1, keepdims=True) gives "
    "the sums as a column.",
)
pair_table.mistakes = {
    "counts[ids[:-1], ids[1:]] += 1 counts each pair once, however often it occurs: NumPy reads "
    "all entries first and writes them back at the end. Count in a loop.": _counted_once,
    "Rows and columns are exchanged: row v must say what comes after v.":
        edit("counts[token, after]", "counts[after, token]"),
    "Each column adds up to 1. Row v says what comes after v, so each row must: axis=1.":
        edit("axis=1", "axis=0"),
    "The whole table adds up to 1. After each token something comes: each row adds up to 1.":
        edit("counts.sum(axis=1, keepdims=True) + V * little",
             "counts.sum() + V * V * little"),
    "The rows add up to more than 1: little was added to V entries of a row, so its sum grows by "
    "V times little.": edit("V * little", "little"),
    "Little is added to the sums, but not to the counts: the rows add up to less than 1.":
        edit("counts + little", "counts"),
    "The little is missing: a pair that was never counted has probability 0.":
        edit("(counts + little)", "counts", " + V * little", ""),
    "The little is missing in the sums: the rows add up to more than 1.": edit(" + V * little", ""),
    "Little is added only where the count is 0. It is added to every count.": _only_where_nothing,
    "Those are counts. Divide each row by its sum.":
        edit(" / (counts.sum(axis=1, keepdims=True) + V * little)", ""),
    "Without keepdims=True the sums are a row, and NumPy divides column v by the sum of row v.":
        edit(", keepdims=True", ""),
    "The first token is paired with the last one: in Python ids[-1] is the last.":
        edit("pairwise(ids)", "zip(ids, np.roll(ids, -1))"),
    "That takes steps of two, and misses every second pair.":
        edit("pairwise(ids)", "zip(ids[::2], ids[1::2])"),
    "The last token of the text is counted in the sum of its row, though nothing comes after it.": (
        edit(
            "counts.sum(axis=1, keepdims=True)",
            "np.bincount(ids, minlength=V)[:, None]",
        )
    ),
    "That is the softmax of the counts. Divide each row by its sum.":
        edit("(counts + little) / (counts.sum(axis=1, keepdims=True) + V * little)",
             "softmax(counts + little)"),
    "The row is divided by its largest entry. Its sum makes probabilities of it.":
        lambda ids, V, little: (p := pair_table.solve(ids, V, little)) / p.max(1, keepdims=True),
}  # fmt: skip


@exercise
def draw(p, u):
    """The token in whose piece the number u falls, from 0 to 1 and the pieces end to end."""
    return np.sum(np.cumsum(p) <= u)


draw.cases = (
    (np.array([0.125, 0.5, 0.25, 0.125]), 0.3),
    (np.array([0.125, 0.5, 0.25, 0.125]), 0.625),
    (np.array([0.0, 0.25, 0.75]), 0.0),
    (np.array([0.25, 0.25, 0.0, 0.5]), 0.5),
    (np.array([0.5, 0.25, 0.125, 0.125]), 0.9),
    (np.array([0.5, 0.25, 0.25]), 0.125),
)
draw.equivalents = {
    "return np.sum(np.cumsum(p.T) <= u)": SAME_ROW,
}
draw.hints = (
    "Write down the ends of the pieces for p = [0.125, 0.5, 0.25, 0.125]. In which piece is 0.3?",
    "Go through the tokens and add up their probabilities. The first sum that is above u ends the "
    "piece of u.",
    "np.cumsum(p) gives all ends at once. How many of them are not above u?",
)
draw.mistakes = {
    "That is the most likely token, whatever u is. A text drawn like that goes round in circles.":
        lambda p, u: np.argmax(p),
    "A piece ends before its right end: where u is such an end, the next token has it.":
        edit("<=", "<"),
    "That is the token after it. Tokens are counted from 0.": edit("return ", "return 1 + "),
    "That compares u with each probability. Compare it with the ends of the pieces, the sums of "
    "the probabilities so far.": lambda p, u: np.argmax(p > u),
    "That is the token whose probability is nearest to u. u is a place on the line from 0 to 1.":
        lambda p, u: np.argmin(np.abs(p - u)),
    "That is the probability of the token. Asked is the token, its number.":
        lambda p, u: p[draw.solve(p, u)],
    "That counts the pieces that end after u. Count from the other side.": edit("<=", ">"),
    "All pieces are of the same length there. Piece v has the length p[v].":
        lambda p, u: int(u * len(p)),
    "The pieces are laid from the right end. The first one begins at 0.":
        lambda p, u: len(p) - 1 - draw.solve(p[::-1], u),
}  # fmt: skip


@exercise
def speak(P, first, length, rng):
    """A text of so many tokens: each is drawn from the row of the one before it."""
    ids = [first]
    while len(ids) < length:
        ids.append(rng.choice(len(P), p=P[ids[-1]]))
    return ids


FOLLOWS = np.array(
    [[0.0, 0.7, 0.3, 0.0], [0.5, 0.0, 0.25, 0.25], [0.0, 0.1, 0.2, 0.7], [0.6, 0.0, 0.0, 0.4]]
)
FIRST, LENGTH = 2, 2500


def _frequencies(ids):
    counts = np.zeros((4, 4))
    np.add.at(counts, (np.array(ids)[:-1], np.array(ids)[1:]), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _are_tokens(ids):
    ids = np.asarray(ids)
    return ids.dtype.kind in "iu" and ids.min() >= 0 and ids.max() < 4


speak.cases = tuple(
    (FOLLOWS, FIRST, LENGTH, np.random.default_rng(seed)) for seed in (3, 4)
)  # fmt: skip
speak.form = "a list of length tokens, each a whole number"
speak.accept = (
    (
        lambda ids: np.shape(ids) == (LENGTH,),
        "The text has another length. It must have `length` tokens, and the first is one of them.",
    ),
    (_are_tokens, "A token is a whole number from 0 to V − 1, the number of a row of P."),
    (lambda ids: ids[0] == FIRST, "The text does not begin with the token `first`."),
    (
        lambda ids: not _frequencies(ids)[FOLLOWS == 0].any(),
        "There are pairs in the text whose probability is 0. Draw each token from the row of the "
        "token before it.",
    ),
    (
        lambda ids: np.abs(_frequencies(ids) - FOLLOWS).max() < 0.09,
        "The pairs in the text are possible, but some come much more often than P says, and others "
        "too rarely. Is each token drawn with the probabilities of its row?",
    ),
)
speak.equivalents = {
    "ids.append(rng.choice(len(P.T), p=P[ids[-1]]))": "P has as many columns as rows.",
}
speak.hints = (
    "Begin with a list that has first in it. Which row of P says what may come next?",
    "The row of the last token: P[ids[-1]]. rng.choice(len(P), p=P[ids[-1]]) draws from it.",
    "Append what was drawn, and go on until the list has length tokens.",
)
speak.mistakes = {
    "The most likely token is taken each time, and the text goes round in a circle. Draw it.":
        edit("rng.choice(len(P), p=P[ids[-1]])", "P[ids[-1]].argmax()"),
    "Each token is drawn from the row of the first one. Use the row of the last token.":
        edit("ids[-1]", "first"),
    "All tokens are equally likely there: rng.choice needs p, the row of the last token.":
        edit(", p=P[ids[-1]]", ""),
    "That draws from a column. Row v has what comes after v.":
        edit("p=P[ids[-1]]", "p=P[:, ids[-1]] / P[:, ids[-1]].sum()"),
    "The text has one token too many. The first one counts.": edit("< length", "<= length"),
    "The first token is missing.": edit("return ids", "return ids[1:]"),
    "Whatever may come next is equally likely there. Use the probabilities themselves.":
        edit("p=P[ids[-1]]", "p=(P[ids[-1]] > 0) / (P[ids[-1]] > 0).sum()"),
    "A generator is made anew for each token, so each draw gets the same number. Use the rng that "
    "you are given.": edit("rng.choice", "np.random.default_rng(0).choice"),
}  # fmt: skip


@exercise
def never_seen(train, held_out, length):
    """Of all pieces of so many letters in held_out, the share that does not occur in train."""
    pieces = [held_out[t : t + length] for t in range(len(held_out) - length + 1)]
    return sum(piece not in train for piece in pieces) / len(pieces)


never_seen.cases = (
    ("the cat sees the dog", "the dog sees the cats", 3),
    ("abcabcabd", "abdbdab", 2),
    ("to be or not to be", "to be to be or not", 5),
    ("neuron", "neurons", 7),
    ("aabbaab", "abbabb", 1),
)
never_seen.hints = (
    "Cut held_out into all its pieces: one begins at each letter, as long as enough letters are "
    "left.",
    "held_out[t : t + length] is one, for t in range(len(held_out) - length + 1).",
    "A piece occurs in train if `piece in train`. Count those that do not, and divide by all.",
)
never_seen.mistakes = {
    "That is the share that was seen. Asked is the share that was not.": edit("not in", "in"),
    "Each different piece is counted once. Each place in the text counts.": (
        lambda train, held_out, length: np.mean([
            piece not in train
            for piece in {held_out[t : t + length] for t in range(len(held_out) - length + 1)}
        ])
    ),
    "The two texts are exchanged. The pieces come from held_out, and are looked for in train.":
        lambda train, held_out, length: never_seen.solve(held_out, train, length),
    "The pieces stand side by side. One begins at each letter.":
        edit("range(len(held_out) - length + 1)", "range(0, len(held_out) - length + 1, length)"),
    "The last piece is missing. A text of L letters has L − length + 1 pieces.":
        edit("length + 1)", "length)"),
    "At the end there are pieces that are too short. Stop where length letters are no longer left.":
        edit("range(len(held_out) - length + 1)", "range(len(held_out))"),
    "That is how many were not seen. Asked is the share.": edit(" / len(pieces)", ""),
    "That is in per cent. A share lies between 0 and 1.": edit("return ", "return 100 * "),
    "That divides by the letters of held_out. Divide by the number of its pieces.":
        edit("len(pieces)", "len(held_out)"),
    "The pieces have one letter too many.": (
        edit("t : t + length]", "t : t + length + 1]", "length + 1)]", "length)]")
    ),
    "The pieces of train are cut side by side, so most of them are missing. One begins at each "
    "letter.": (
        lambda train, held_out, length: np.mean([
            held_out[t : t + length]
            not in {train[s : s + length] for s in range(0, len(train), length)}
            for t in range(len(held_out) - length + 1)
        ])
    ),
}  # fmt: skip


@exercise
def back_off(context, counts):
    """The probabilities after the longest end of the context that was counted."""
    for start in range(len(context) + 1):
        end = context[start:]
        if end in counts:
            return counts[end] / counts[end].sum()


def _drops_the_end(context, counts):
    for stop in range(len(context), -1, -1):
        if context[:stop] in counts:
            return counts[context[:stop]] / counts[context[:stop]].sum()
    return None


COUNTED = {
    "": np.array([6, 5, 4, 1]),
    "t": np.array([1, 0, 3, 0]),
    "h": np.array([0, 4, 0, 1]),
    "e": np.array([2, 1, 0, 2]),
    "he": np.array([3, 0, 1, 0]),
    "th": np.array([0, 5, 1, 0]),
    "the": np.array([2, 0, 0, 3]),
}
back_off.cases = (
    ("the", COUNTED),
    ("she", COUNTED),
    ("ate", COUNTED),
    ("thx", COUNTED),
    ("h", COUNTED),
    ("", COUNTED),
    ("hth", COUNTED),
    ("the", {"": np.array([1, 3, 0, 2])}),
)
back_off.equivalents = {
    "for start in range(len(context) + 2):": "The empty text is always there and ends the search.",
}
back_off.hints = (
    "Look for the whole context first. If it was not counted, which letter is the furthest away, "
    "and can be left out?",
    'The first one: after "she" try "he", then "e", then "".',
    "for start in range(len(context) + 1): the end is context[start:]. The first that is in counts "
    "gives the answer.",
)
back_off.mistakes = {
    "The last letters are left out. They matter most, since they stand next to what comes: leave "
    "out the first ones.": _drops_the_end,
    "The shortest end comes first, so the context is never used. Begin with the whole context.":
        edit("range(len(context) + 1)", "range(len(context), -1, -1)"),
    "Where the whole context was not counted, nothing is used of it. A part of it may have been.":
        edit("range(len(context) + 1)", "(0, len(context))"),
    "Where the whole context was not counted, all letters are equally likely. A part of it may "
    "have been counted.": (
        lambda context, counts: (
            counts[context] / counts[context].sum() if context in counts else np.full(4, 0.25)
        )
    ),
    "Where the whole context was not counted, the last letter alone is used. There may be a longer "
    "end.": lambda context, counts: back_off.solve(
        context if context in counts else context[-1:], counts
    ),
    "Those are counts. Divide them by their sum.": edit(" / counts[end].sum()", ""),
    "That divides by the largest count. Divide by the sum.": edit(".sum()", ".max()"),
    "All ends that were counted are added up. Only the longest one counts.": (
        lambda context, counts: (
            total := sum(counts.get(context[s:], 0) for s in range(len(context) + 1))
        ) / total.sum()
    ),
    "The last letter alone is used. Begin with the whole context.":
        lambda context, counts: back_off.solve(context[-1:], counts),
}  # fmt: skip


@exercise
def train_table(inputs, targets, V):
    """Scores (V, V), trained: the softmax of row v says what comes after token v."""
    W = np.zeros((V, V))
    X, Y = one_hot(inputs, V), one_hot(targets, V)
    for _ in range(400):
        dz = (softmax(X @ W) - Y) / len(X)
        W -= 10 * X.T @ dz
    return W


def _chain(seed, table, length):
    rng = np.random.default_rng(seed)
    ids = [0]
    while len(ids) <= length:
        ids.append(int(rng.choice(len(table), p=table[ids[-1]])))
    return np.array(ids)


HABITS = np.array(
    [[0.1, 0.6, 0.2, 0.1], [0.25, 0.05, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.15, 0.2, 0.6, 0.05]]
)
SPOKEN = _chain(21, HABITS, 400)
SHARES = pair_table.solve(SPOKEN, 4, 0)


def _said(W):
    return softmax(np.asarray(W, dtype=float))


train_table.cases = ((SPOKEN[:-1], SPOKEN[1:], 4),)
train_table.equivalents = {
    **dict.fromkeys(
        (
            "W -= 11 * X.T @ dz",
            "W -= 20 * X.T @ dz",
            "W -= 5 * X.T @ dz",
            "W -= 9 * X.T @ dz",
            "for _ in range(200):",
            "for _ in range(399):",
            "for _ in range(401):",
            "for _ in range(800):",
        ),
        "Other steps, or more of them, train it as well.",
    ),
    **dict.fromkeys(
        (
            "X, Y = (one_hot(inputs, V), one_hot(targets.T, V))",
            "X, Y = (one_hot(inputs.T, V), one_hot(targets, V))",
        ),
        SAME_ROW,
    ),
}
train_table.form = "an array of scores of shape (V, V)"
train_table.accept = (
    (lambda W: np.shape(W) == (4, 4), "The scores are not an array of shape (V, V)."),
    (
        lambda W: np.isfinite(np.asarray(W, dtype=float)).all(),
        "There is an inf or a nan among the scores. Are the steps too large?",
    ),
    (
        lambda W: np.ptp(_said(W)) > 0.05,
        "Every row still says that all tokens are equally likely. Do the steps change W?",
    ),
    (
        lambda W: not np.allclose(_said(W), _said(W)[0], atol=0.02),
        "All rows say the same, so the token before is not used. Row v is trained by the pairs "
        "that begin with v.",
    ),
    (
        lambda W: np.abs(_said(W) - SHARES).max() < 0.03,
        "The softmax of a row is still far from what follows that token in the text. Train longer, "
        "or look at the gradient; or are the steps so large that the scores jump back and forth?",
    ),
)
train_table.hints = (
    "A token as input is a one-hot row, and X @ W picks its row of W: those are the scores. The "
    "targets are one-hot too.",
    "Softmax with cross-entropy has the gradient (P - Y) / N for the scores, as in chapter 4, and "
    "X.T @ dz for W.",
    "Some hundred steps, W -= 10 * X.T @ dz, from W = 0. The rate may be large, since each row "
    "gets only its share of the examples.",
)
train_table.mistakes = {
    "The steps go uphill. Subtract the gradient.": edit("W -=", "W +="),
    "The softmax is taken along the columns. Each row of scores becomes probabilities.":
        edit("softmax(X @ W)", "softmax((X @ W).T).T"),
    "Each target is the input: the table learns to repeat. The targets are the next tokens.":
        edit("one_hot(targets, V)", "one_hot(inputs, V)"),
    "Row v has what comes before v. The inputs choose the row.":
        lambda inputs, targets, V: train_table.solve(targets, inputs, V),
    "Those are the probabilities, and the checker takes the softmax of what it gets. Return the "
    "scores.": edit("return W", "return softmax(W)"),
    "Those are counts. Their softmax is not their share: the scores would be their logarithms.": (
        lambda inputs, targets, V: (
            pair_table.solve(np.append(inputs, targets[-1]), V, 0)
            * np.bincount(inputs, minlength=V)[:, None]
        )
    ),
    "The gradient is not divided by the number of examples, and such steps are far too large.":
        edit(" / len(X)", ""),
    "The gradient is transposed: row v of W belongs to the input v, so it is X.T @ dz.":
        edit("X.T @ dz", "dz.T @ X"),
    "The softmax is missing: scores are compared with targets.":
        edit("softmax(X @ W)", "X @ W"),
}  # fmt: skip
