"""What the small networks start from: the same images, and the same first weights."""

import itertools
from collections.abc import Iterable

import numpy as np

from nnlib import datasets

x, y, _, _ = datasets.digits()
X, Y = x[:1408], y[:1408]  # 44 batches of 32, or 22 of 64
X_32 = X.astype(np.float32)


def batches(*arrays: np.ndarray, size: int) -> list[tuple[np.ndarray, ...]]:
    """The rows of each array, ``size`` at a time."""
    return list(zip(*(np.split(array, len(array) // size) for array in arrays), strict=True))


def first_params(*sizes: int) -> list[np.ndarray]:
    """W and b of each layer in turn, in float64."""
    rng = np.random.default_rng(0)
    params = []
    for d_in, d_out in itertools.pairwise(sizes):
        params += [rng.normal(scale=d_in**-0.5, size=(d_out, d_in)), np.zeros(d_out)]
    return params


def copy_into(arrays: Iterable, params: Iterable[np.ndarray]) -> None:
    """Start from these parameters."""
    for array, param in zip(arrays, params, strict=True):
        array[...] = param
