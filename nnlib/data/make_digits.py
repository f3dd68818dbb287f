"""Make digits.npz from scikit-learn's copy of the UCI digits.

Run by hand with scikit-learn 1.9.1; the book and its tests need only the result.
"""

import re
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

TEST_PER_CLASS = 36

digits = load_digits()
labels = "".join(map(str, digits.target))
starts = [run.start() for run in re.finditer(r"(?:0?1234567?8?9?){2,}", labels)]
sheets = np.searchsorted(starts, np.arange(len(labels)), side="right") - 1
assert len(starts) == 14
assert np.diff(starts).min() > 120
rng = np.random.default_rng(1797)
order = rng.permutation(len(digits.target))
test = np.concatenate([order[digits.target[order] == k][:TEST_PER_CLASS] for k in range(10)])
test = rng.permutation(test)
train = rng.permutation(order[~np.isin(order, test)])
np.savez_compressed(
    Path(__file__).with_name("digits.npz"),
    train_images=digits.images[train].astype(np.uint8),
    train_labels=digits.target[train].astype(np.uint8),
    test_images=digits.images[test].astype(np.uint8),
    test_labels=digits.target[test].astype(np.uint8),
    train_sheets=sheets[train].astype(np.uint8),
    test_sheets=sheets[test].astype(np.uint8),
)
