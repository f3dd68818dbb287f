"""Exercises, one module for each chapter: ``from nnlib.exercises import neuron as ex``."""

import importlib
from os import PathLike

from nnlib.exercises import _record
from nnlib.exercises._cards import Card
from nnlib.exercises._exercise import Exercise

ORDER = (
    "neuron",
    "matrices",
    "descent",
    "backprop",
    "training",
    "generalising",
    "understanding",
    "tokens",
    "language",
    "attention",
    "transformer",
    "gpt",
    "modern",
)


def exercises(chapter: str) -> dict[str, Exercise]:
    """The exercises of a chapter by name, in the order of the chapter."""
    module = importlib.import_module(f"nnlib.exercises.{chapter}")
    return {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}


def progress(*, add: str | PathLike[str] = "", save: str | PathLike[str] = "") -> Card:
    """What you have done, a chapter a row. The record is a file on this machine.

    ``add`` names a file that the book's page Your progress exported: what is done and written
    there joins the record. ``save`` names a file to write, which that page imports.
    """
    if add:
        _record.add(add)
    record = _record.load()
    if save:
        _record.write(save, record)
    rows = []
    for chapter in ORDER:
        names = list(exercises(chapter))
        states = [record.get(f"{chapter}.{name}", {}).get("state", "open") for name in names]
        marks = "".join({"done": "●", "tried": "◐"}.get(state, "○") for state in states)
        done = states.count("done")
        left = [name for name, state in zip(names, states, strict=True) if state != "done"]
        next_one = f"   next: {left[0]}" if left else "   complete"
        rows.append(f"{chapter:<14}{marks}  {done} of {len(names)}{next_one}")
    return Card("● done   ◐ tried   ○ open", "\n".join(rows))
