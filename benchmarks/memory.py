"""How much memory predict needs beside forward: it forgets each layer before the next."""

import tracemalloc
from collections.abc import Callable

import numpy as np

from nnlib.backprop import Sequential
from nnlib.transformer import transformer_block

TARGET = 1 / 3


def peak(work: Callable[[], object]) -> int:
    """The most bytes that were taken at once while something is computed."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def ratio(n_blocks: int = 12) -> float:
    """The peak of predict over that of forward, for a stack of blocks."""
    rng = np.random.default_rng(0)
    blocks = Sequential(*(transformer_block(32, 4, rng=rng) for _ in range(n_blocks)))
    x = rng.normal(size=(4, 64, 32))
    return peak(lambda: blocks.predict(x)) / peak(lambda: blocks.forward(x))


def of_predict() -> None:
    """The ratio, beside its target."""
    print(f"\nMemory: 12 blocks, the peak of predict over that of forward\n{'':16}{'ratio':>7}")
    print(f"{'nnlib':16}{ratio():7.2f}   target {TARGET:.2f}")
