"""Contestants that compute the same thing, and how long each of them takes."""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

NNLIB, PYTORCH, SCIKIT_LEARN = "nnlib", "PyTorch eager", "scikit-learn"
TRANSFORMERS, NAIVE, PRODUCTS = "transformers", "naive NumPy", "matrix products"


class Workload(NamedTuple):
    """The same work, done by several contestants.

    Attributes
    ----------
    what : str
        The work, in a line.
    target : float
        How long nnlib may take, relative to the reference.
    steps : int
        How many steps a contestant does when it is its turn.
    rounds : int
        How often each of them has its turn.
    contestants : dict of str to callable
        Each is a generator: it sets up a model, always with the same first weights, and yields
        a number, such as the loss, after every step. One that is not installed raises
        ModuleNotFoundError.
    remarks : dict of str to str
        On those that do not do the same work, and so cannot be checked: what they do.
    reference : str
        The contestant whose time the others' are divided by. Where it is not installed, the
        naive one.
    """

    what: str
    target: float
    steps: int
    rounds: int
    contestants: dict[str, Callable[[], Iterator]]
    remarks: dict[str, str] = {}  # noqa: RUF012
    reference: str = PYTORCH


def installed(workload: Workload) -> Workload:
    """The workload with those contestants only that can be imported here."""
    contestants = {}
    for name, contestant in workload.contestants.items():
        try:
            next(contestant())
        except ModuleNotFoundError:
            continue
        contestants[name] = contestant
    return workload._replace(contestants=contestants)


def check(workload: Workload) -> None:
    """Refuse to time contestants that compute different things.

    What they yield is compared in the mean over a turn. A wrong gradient or a wrong optimiser
    shows from the second step on.

    Raises
    ------
    AssertionError
        If one of them does not agree with the naive one, or the reference where there is none.
    """
    model = NAIVE if NAIVE in workload.contestants else workload.reference
    want = _means(workload, model)
    for name in workload.contestants.keys() - workload.remarks.keys() - {model}:
        np.testing.assert_allclose(
            _means(workload, name), want, rtol=1e-4, err_msg=f"{name} computes something else"
        )


def _means(workload: Workload, name: str, turns: int = 3) -> np.ndarray:
    yielded = itertools.islice(workload.contestants[name](), turns * workload.steps)
    return np.reshape(list(yielded), (turns, workload.steps)).mean(axis=1)


def measure(workload: Workload, rounds: int) -> dict[str, np.ndarray]:
    """Seconds for a step of each contestant, once for each round.

    They take turns, forwards and backwards, so that a slow moment of the machine meets all of
    them. Everyone sets up anew in each round, so that nobody keeps the luck of where its arrays
    lie in memory. Time is that of the processor: what other programs take of it is not counted.
    """
    turns = list(workload.contestants.items())
    times = {name: np.empty(rounds) for name in workload.contestants}
    for number in tqdm(range(rounds), desc=workload.what[:2], leave=False):
        for name, contestant in turns:
            steps = contestant()
            _take(workload.steps, steps)  # caches and memory get warm
            start = time.process_time()
            _take(workload.steps, steps)
            times[name][number] = (time.process_time() - start) / workload.steps
        turns.reverse()
    return times


def _take(count: int, steps: Iterator[float]) -> None:
    for _ in range(count):
        next(steps)


def table(workload: Workload, times: dict[str, np.ndarray]) -> str:
    """A line for each contestant, the fastest first."""
    reference = workload.reference if workload.reference in times else NAIVE
    ratios = {
        name: np.quantile(seconds / times[reference], [0.25, 0.5, 0.75])
        for name, seconds in times.items()
    }
    lines = [f"{'':16}{'ratio':>7}   {'quartiles':13}{'a step':>12}"]
    for name, (low, ratio, high) in sorted(ratios.items(), key=lambda item: item[1][1]):
        line = f"{name:16}{ratio:7.2f}   {low:.2f} to {high:.2f}"
        line = f"{line:38}{np.median(times[name]) * 1e6:10,.0f} µs"
        remark = workload.remarks.get(name, "")
        if (name, reference) == (NNLIB, workload.reference):
            remark = f"target {workload.target:.2f}"
        lines.append(f"{line}   {remark}".rstrip())
    return "\n".join(lines)
