import hashlib
from importlib import resources

import numpy as np
import pytest

from nnlib.datasets import Dataset, digits

SHA256 = {
    "train_images": "cb1c59dd6cccc6df55f4a6afc339f81869edb81eab083d4079924e29373ffe89",
    "train_labels": "0ec7042eca827bfe19fb4abc4a13285e2cc252ea46165b6eed9f80174ddccb81",
    "test_images": "dc5b170b84c56baf6fbd0aea139992a436bc467a5fb2d97e01eba469d9589942",
    "test_labels": "f5eadf3e6182575c5c69a16688ec40a3de4f1da0078c6b38d0e0ca79426c334e",
}


@pytest.fixture(scope="module")
def data():
    return digits()


@pytest.fixture(scope="module")
def stored():
    with np.load(resources.files("nnlib") / "data" / "digits.npz", allow_pickle=False) as file:
        return dict(file)


def test_the_digits_are_rows_of_784_pixels(data):
    assert isinstance(data, Dataset)
    assert [array.shape for array in data] == [(1437, 784), (1437,), (360, 784), (360,)]
    assert [array.dtype for array in data] == [np.float64, np.int64, np.float64, np.int64]


@pytest.mark.parametrize("name", ["x_train", "x_test"])
def test_ink_is_between_0_and_1(data, name):
    x = getattr(data, name)
    assert x.min() == 0
    assert x.max() == 1


def test_every_digit_is_equally_frequent(data):
    np.testing.assert_array_equal(np.bincount(data.y_test), [36] * 10)
    counts = np.bincount(data.y_train)
    assert len(counts) == 10
    assert counts.min() >= 138
    assert counts.max() <= 147


def test_the_labels_are_not_sorted(data):
    assert len(set(data.y_train[:50])) == len(set(data.y_test[:50])) == 10


def test_the_stored_arrays_never_change(stored):
    found = {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in stored.items()}
    assert found == SHA256


def test_no_test_image_is_a_training_image(data):
    seen = {row.tobytes() for row in data.x_train}
    assert len(seen) == len(data.x_train)
    assert not any(row.tobytes() in seen for row in data.x_test)


def test_the_digits_are_the_same_at_every_call(data):
    for array, again in zip(data, digits(), strict=True):
        np.testing.assert_array_equal(array, again)


def test_changing_the_digits_does_not_leak_into_the_next_call(data):
    for array in digits():
        array[...] = 7
    assert digits().x_train.max() == 1
    assert digits().y_test[0] == data.y_test[0]


def test_resampling_keeps_the_ink_and_the_middle(data, stored):
    ink = stored["train_images"].sum(axis=(1, 2)) / 16 * (20 / 8) ** 2
    np.testing.assert_allclose(data.x_train.sum(axis=1), ink, rtol=0.06)
    images = data.x_train.reshape(-1, 28, 28)
    assert images[:, 4:24, 4:24].sum() > 0.97 * images.sum()
    assert images[:, [0, 1, -2, -1]].max() < 0.01
    assert images[:, :, [0, 1, -2, -1]].max() < 0.01


def test_a_centroid_classifier_reads_most_of_the_digits(data):
    centroids = np.stack([data.x_train[data.y_train == k].mean(axis=0) for k in range(10)])
    distances = ((data.x_test[:, None] - centroids) ** 2).sum(axis=-1)
    assert np.mean(distances.argmin(axis=1) == data.y_test) > 0.85
