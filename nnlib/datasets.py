"""The digits that the book learns to read."""

from importlib import resources
from typing import NamedTuple

import numpy as np


class Dataset(NamedTuple):
    """Examples as rows and their labels, divided for training and for testing.

    Attributes
    ----------
    x_train, x_test : ndarray of shape (N, 784)
        Images of 28 × 28 pixels, row by row, float64 between 0 (paper) and 1 (ink).
    y_train, y_test : ndarray of int of shape (N,)
        The digit that each image shows.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def digits() -> Dataset:
    """1,437 handwritten digits to train on and 360 to test on, the same at every call.

    The originals have 8 × 8 pixels. They are resampled smoothly to 20 × 20 in the middle of
    28 × 28, the layout of MNIST, so they are blurred versions and no new detail appears.
    The test part holds 36 of each digit. The same 13 people wrote both parts.

    Returns
    -------
    Dataset
        Fresh arrays at each call: change them as you like.

    References
    ----------
    Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits, CC BY 4.0.

    Examples
    --------
    >>> x_train, y_train, x_test, y_test = digits()
    >>> x_train.shape, y_test.shape
    ((1437, 784), (360,))
    """
    with (
        resources.files("nnlib").joinpath("data", "digits.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        parts = {name: stored[name] for name in stored.files}
    return Dataset(
        _resample(parts["train_images"]),
        parts["train_labels"].astype(np.int64),
        _resample(parts["test_images"]),
        parts["test_labels"].astype(np.int64),
    )


def _resample(images: np.ndarray) -> np.ndarray:
    """Counts (N, 8, 8) from 0 to 16 become rows of ink (N, 784) from 0 to 1."""
    where = (np.arange(28) - 4 + 0.5) * 8 / 20 - 0.5
    R = _cubic(where[:, None] - np.arange(8))
    return np.clip(R @ (images / 16) @ R.T, 0, 1).reshape(len(images), 28 * 28)


def _cubic(distance: np.ndarray) -> np.ndarray:
    """Weight of a sample at this distance (Keys 1981, equation 15)."""
    t = np.abs(distance)
    near = 1.5 * t**3 - 2.5 * t**2 + 1
    far = -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    return np.where(t < 1, near, np.where(t < 2, far, 0))
