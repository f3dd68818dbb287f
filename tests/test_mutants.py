"""No single slip turns a solution into another answer that its checker accepts."""

import sys

import pytest
from made_up import Affine
from mutants import compiled, mutants

from nnlib.exercises import ORDER, exercises
from nnlib.exercises._deeds import deeds, differs

EXERCISES = {
    f"{chapter}.{name}": exercise
    for chapter in ORDER
    for name, exercise in exercises(chapter).items()
}


def accepted(exercise, answer):
    """Whether the checker would say that the answer is right, and no more."""
    return not any(differs(exercise, pair) or pair.side_effect for pair in deeds(exercise, answer))


def survives(exercise, source):
    made = compiled(source, vars(sys.modules[exercise.solve.__module__]))
    if exercise.wants != "value":
        return accepted(exercise, made)
    try:
        return accepted(exercise, made())
    except Exception:
        return False


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_every_mutant_of_a_solution_is_rejected_or_listed_as_right(exercise, record_property):
    changes = dict(mutants(exercise.source()))
    record_property("mutants", len(changes))
    record_property("listed", len(exercise.equivalents))
    survivors = {change for change, source in changes.items() if survives(exercise, source)}
    assert survivors == set(exercise.equivalents)
    assert all(len(reason.split()) > 3 for reason in exercise.equivalents.values())


def test_every_mutant_of_a_layer_is_rejected():
    changes = dict(mutants(Affine.source()))
    assert "self.grads['W'] -= dy.T @ self.x" in changes
    survivors = {change for change, source in changes.items() if survives(Affine, source)}
    assert survivors == set()


def test_the_kinds_of_change():
    source = '''
def f(x, W, n):
    """Unchanged."""
    total = 0
    for row in x[1:]:
        if row[0] >= n:
            total += (row @ W.T).sum(axis=0)
    return total
'''
    changes = [change for change, _ in mutants(source)]
    for change in (
        "if row[0] > n:",
        "if True:",
        "if row[1] >= n:",
        "total -= (row @ W.T).sum(axis=0)",
        "total += (W.T @ row).sum(axis=0)",
        "total += (row @ W).sum(axis=0)",
        "total += (row.T @ W.T).sum(axis=0)",
        "total += (row @ W.T).mean(axis=0)",
        "total += (row @ W.T).sum(axis=1)",
        "for row in x[1 + 1:]:",
        "for row in W[1:]:",
        "total = 1",
        "without return total",
        "in the loop: return total",
    ):
        assert change in changes
    assert len(set(changes)) == len(changes)


def test_an_endless_loop_of_a_mutant_ends():
    with pytest.raises(RuntimeError, match="turns"):
        compiled("def f():\n    while True:\n        pass", {})()
