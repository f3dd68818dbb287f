"""Arrays that watch their numbers see what NumPy hears from the processor."""

import math
import operator
import warnings

import numpy as np
import pytest

from nnlib.exercises import ORDER, exercises
from nnlib.exercises._running import call
from nnlib.exercises._watch import repeat

OURS = [one for chapter in ORDER for one in exercises(chapter).values()]


def watched_in(function, case):
    """What the watching arrays report, which is told by the flag 0 from what the processor does."""
    kinds = set()

    def note(kind, flag):
        if flag == 0:
            kinds.add(kind)

    with np.errstate(all="call", under="ignore", call=note):
        repeat(function, case)
    return kinds


@pytest.mark.parametrize("one", OURS, ids=lambda one: f"{one.chapter}.{one.name}")
def test_watching_arrays_see_what_the_processor_reports(one):
    for answer in (one.answer, *([one.start] if one.start else []), *one.mistakes.values()):
        deed = one.deed(answer)
        for case in one.cases:
            outcome = call(deed, case)
            if outcome.error is None:
                assert watched_in(deed, case) == outcome.warnings


Z = np.array([1000.0, -1000.0, 0.0])
M = np.array([[1e200, 2.0, 0.0], [3.0, -1e200, 1e300]])
SEEN = """
    np.exp(z)                           overflow
    np.exp(-abs(z))
    1 / z                               divide by zero
    z / 0                               divide by zero, invalid value
    np.log(z)                           divide by zero, invalid value
    np.log1p(z / 1000 - 1)              divide by zero, invalid value
    np.log(z, where=z > 0)
    z**400                              overflow
    (0 * z) ** -1.0                     divide by zero
    z - np.inf + np.inf                 invalid value
    z * np.nan
    np.sqrt(z)                          invalid value
    1 / (z * 1e-320)                    overflow, divide by zero
    m @ m.T                             overflow
    m @ [np.inf, 1, 1]
    m @ [np.inf, 0, 0] * 0              invalid value
    (m * 1e100).sum()                   overflow
    (m * 1e8).sum(axis=0, where=m < 1e300)
    np.cumsum(m * 1e108)                overflow
    np.multiply.reduce(m, axis=None)
    np.prod(m[:, :1] ** 2)              overflow
    np.subtract.outer(1e8 * m, -1e8 * m)    overflow
    np.add.at(z, [0, 1], [1e300, 2])
    np.add.at(z, [0], [np.inf])
    np.multiply.at(z, [0], 1e306)       overflow
    m.var(axis=0)                       overflow
    np.divide(1, z, out=np.zeros(3), where=z != 0)
    np.where(z == 0, 0, 1 / z)          divide by zero
    np.multiply(z, 1e306, out=z)        overflow
    z.__imul__(1e306)                   overflow
    z.astype(int) / 0                   divide by zero, invalid value
    z.astype(int) // 0                  divide by zero
    z.astype(int) % 0                   divide by zero
    z // 0                              divide by zero, invalid value
    np.divmod(z, 0)                     divide by zero, invalid value
    [1 / np.exp(v) for v in z]          overflow, divide by zero
    np.array([np.exp(v) for v in z])    overflow
    sum(v**2 for v in m[0])             overflow
    operator.iadd(z[2], 1.0) / 0        divide by zero
    max(m[0]) ** 2                      overflow
    z.sum() / 0                         invalid value
    np.asarray(z) / 0                   divide by zero, invalid value
    np.array(z) / 0                     divide by zero, invalid value
    np.full(3, 1e300) ** 2              overflow
    np.stack([z, z]) / 0                divide by zero, invalid value
    np.concatenate([z, z]) ** 200       overflow
    z[z > 5].copy().reshape(1, 1) / 0   divide by zero
    np.arange(3) / 0                    divide by zero, invalid value
    math.exp(-z[0]) / z[2]              invalid value
"""


@pytest.mark.parametrize("line", SEEN.strip().splitlines(), ids=str.split)
def test_what_watching_arrays_see(line):
    code, _, expected = line.strip().partition("   ")
    function = eval(f"lambda z, m: {code}", {"np": np, "math": math, "operator": operator})
    expected = set(filter(None, expected.strip().split(", ")))
    assert watched_in(function, (Z, M)) == expected
    with warnings.catch_warnings(action="ignore"):
        assert call(function, (Z, M)).warnings == expected


def test_what_the_answer_itself_silences_is_not_reported():
    def silenced(z):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(z))

    assert watched_in(silenced, (Z,)) == set()


def test_a_repeated_call_changes_nothing_and_is_not_heard(capsys):
    makers = np.array, np.asarray, np.zeros

    def loud(z, parts):
        print(z)
        z += 1
        parts[0][:] = 0
        parts.append(1)
        raise ValueError(z)

    z, parts = np.ones(3), [np.ones(2)]
    repeat(loud, (z, parts))
    np.testing.assert_array_equal(z, np.ones(3))
    np.testing.assert_array_equal(parts, [np.ones(2)])
    assert (np.array, np.asarray, np.zeros) == makers
    assert capsys.readouterr() == ("", "")
