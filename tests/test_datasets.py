import gzip
import hashlib
import os
import re
import socket
import struct
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

import numpy as np
import pooch
import pytest

from nnlib import datasets
from nnlib.datasets import Dataset, digits, meanings, mnist, place, sheets, vary

SHA256 = {
    "train_images": "cb1c59dd6cccc6df55f4a6afc339f81869edb81eab083d4079924e29373ffe89",
    "train_labels": "0ec7042eca827bfe19fb4abc4a13285e2cc252ea46165b6eed9f80174ddccb81",
    "test_images": "dc5b170b84c56baf6fbd0aea139992a436bc467a5fb2d97e01eba469d9589942",
    "test_labels": "f5eadf3e6182575c5c69a16688ec40a3de4f1da0078c6b38d0e0ca79426c334e",
    "train_sheets": "f193758bd019183285965c488ac541f0841ce5813704264e2ca2ae3eaf05168d",
    "test_sheets": "875ae1ffbfe0d0f4f94dc40fd2fe1b46369d38116720f69aba37359afb728260",
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


def test_both_parts_have_images_of_every_sheet(data):
    for numbers, images in zip(sheets(), (data.x_train, data.x_test), strict=True):
        assert len(numbers) == len(images)
        assert set(numbers.tolist()) == set(range(14))
    assert np.bincount(np.concatenate(sheets())).min() > 120


def test_an_image_is_most_like_one_of_its_own_sheet(data):
    """A control of the numbers: by chance, 7 of 100 would be."""
    train, test = sheets()
    x = data.x_train
    distances = (x * x).sum(axis=1) - 2 * data.x_test @ x.T
    assert np.mean(train[distances.argmin(axis=1)] == test) > 0.4


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


TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = datasets.FILES


def idx(array, *, magic=None):
    magic = magic or 0x0800 + array.ndim
    return struct.pack(f">{1 + array.ndim}I", magic, *array.shape) + array.tobytes()


PIXELS = (np.arange(5 * 784) % 256).astype(np.uint8).reshape(5, 28, 28)
LABELS = np.array([5, 0, 4, 1, 9], dtype=np.uint8)
ARRAYS = {
    TRAIN_IMAGES: PIXELS[:3],
    TRAIN_LABELS: LABELS[:3],
    TEST_IMAGES: PIXELS[3:],
    TEST_LABELS: LABELS[3:],
}
TINY = {name: gzip.compress(idx(array), mtime=0) for name, array in ARRAYS.items()}

# How a server can go wrong, as status, promised length and body, and what is said about it.
GOOD = TINY[TRAIN_LABELS]
WRONG_MAGIC = gzip.compress(idx(LABELS[:3], magic=2051), mtime=0)
FAULTS = {
    "missing": ((404, 0, b""), "the server answered 404"),
    "overloaded": ((503, 0, b""), "the server answered 503"),
    "dies half-way": ((200, len(GOOD), GOOD[:20]), "no connection, or it broke off"),
    "cut short": ((200, 20, GOOD[:20]), "another SHA-256"),
    "corrupted": ((200, len(GOOD), GOOD[:-1] + b"!"), "another SHA-256"),
    "wrong magic": ((200, len(WRONG_MAGIC), WRONG_MAGIC), "another SHA-256"),
    "empty": ((200, 0, b""), "another SHA-256"),
}
every_fault = pytest.mark.parametrize(("answer", "reason"), FAULTS.values(), ids=FAULTS)


def know(monkeypatch, files, arrays=ARRAYS):
    """Take these files for the real ones."""
    known = {
        name: (hashlib.sha256(packed).hexdigest(), arrays[name].shape)
        for name, packed in files.items()
    }
    monkeypatch.setattr(datasets, "FILES", known)


def fill(folder, files):
    for name, packed in files.items():
        (folder / name).write_bytes(packed)


def listing(folder):
    return sorted(path.name for path in folder.rglob("*"))


def expect_tiny(data):
    np.testing.assert_array_equal(data.x_train, PIXELS[:3].reshape(3, 784) / 255)
    np.testing.assert_array_equal(data.y_train, LABELS[:3])
    np.testing.assert_array_equal(data.x_test, PIXELS[3:].reshape(2, 784) / 255)
    np.testing.assert_array_equal(data.y_test, LABELS[3:])


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Where downloads go, instead of the reader's own cache; the tiny files are the real ones."""
    know(monkeypatch, TINY)
    monkeypatch.delenv("NNLIB_DATA_DIR", raising=False)
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)
    return tmp_path / "cache" / "nnlib"


@pytest.fixture
def folder(cache, tmp_path, monkeypatch):
    """The folder that NNLIB_DATA_DIR names, with the four files."""
    path = tmp_path / "mine"
    path.mkdir()
    fill(path, TINY)
    monkeypatch.setenv("NNLIB_DATA_DIR", str(path))
    return path


class Mirrors:
    """Two mirrors of the tiny files; ``answers`` holds what a path gets, ``asked`` what it got."""

    def __init__(self):
        self.asked = []
        self.answers = {
            f"/{mirror}/{name}": (200, len(packed), packed)
            for mirror in ("first", "second")
            for name, packed in TINY.items()
        }


@pytest.fixture
def mirrors(cache, monkeypatch):
    state = Mirrors()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.asked.append(self.path)
            status, promised, body = state.answers[self.path]
            self.send_response(status)
            self.send_header("Content-Length", str(promised))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(datasets, "MIRRORS", (f"{url}/first/", f"{url}/second/"))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def go_offline(mirrors, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    urls = (f"http://127.0.0.1:{port}/first/", f"http://127.0.0.1:{port}/second/")
    return lambda: monkeypatch.setattr(datasets, "MIRRORS", urls)


def test_mnist_has_the_same_form_as_the_digits(folder):
    data = mnist()
    expect_tiny(data)
    assert isinstance(data, Dataset)
    assert [array.dtype for array in data] == [array.dtype for array in digits()]
    assert all(array.flags.writeable for array in data)


def test_the_named_folder_wins_and_nothing_is_downloaded(folder, mirrors, cache):
    expect_tiny(mnist())
    assert mirrors.asked == []
    assert not cache.exists()


def test_the_named_folder_may_start_at_home(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    monkeypatch.setenv("NNLIB_DATA_DIR", os.path.join("~", folder.name))
    expect_tiny(mnist())


@pytest.mark.parametrize("name", TINY)
def test_a_file_that_the_named_folder_lacks_is_named(folder, mirrors, name):
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError) as caught:
        mnist()
    assert f"mnist: {folder} has no file {name}, needs {', '.join(TINY)}." in str(caught.value)
    assert mirrors.asked == []


@pytest.mark.parametrize("name", TINY)
@pytest.mark.parametrize("damage", [lambda b: b[:-1] + b"!", lambda b: b[:20], lambda b: b""])
def test_a_damaged_file_is_refused_by_its_hash(folder, name, damage):
    (folder / name).write_bytes(damage(TINY[name]))
    path = re.escape(str(folder / name))
    with pytest.raises(ValueError, match=rf"^mnist: {path} has SHA-256 \w+, needs \w+\. It is"):
        mnist()


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (b"<html>Not found</html>", "cannot be unpacked"),
        (GOOD[:-9], "cannot be unpacked"),
        (GOOD[:10] + b"\xff" + GOOD[11:], "cannot be unpacked"),
        (WRONG_MAGIC, "starts with [2051, 3], needs [2049, 3]"),
        (gzip.compress(idx(LABELS[:2]), mtime=0), "starts with [2049, 2], needs [2049, 3]"),
        (gzip.compress(b"\0\0", mtime=0), "starts with [0, 0], needs [2049, 3]"),
        (gzip.compress(idx(LABELS[:3])[:-1], mtime=0), "has 2 bytes after its header, needs 3"),
        (gzip.compress(idx(LABELS[:3]) + b"!", mtime=0), "has 4 bytes after its header, needs 3"),
    ],
    ids=["page", "short", "broken", "images", "fewer", "empty", "cut", "longer"],
)
def test_a_file_that_does_not_hold_what_it_should_is_refused(folder, monkeypatch, packed, message):
    know(monkeypatch, TINY | {TRAIN_LABELS: packed})
    (folder / TRAIN_LABELS).write_bytes(packed)
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        mnist()
    assert str(caught.value).startswith(f"mnist: {folder / TRAIN_LABELS} ")


def test_mnist_is_downloaded_once_and_then_read_without_a_network(mirrors, cache, go_offline):
    expect_tiny(mnist())
    assert mirrors.asked == [f"/first/{name}" for name in TINY]
    assert listing(cache) == sorted(TINY)
    go_offline()
    expect_tiny(mnist())


def test_a_damaged_file_in_the_cache_is_downloaded_again(mirrors, cache):
    mnist()
    mirrors.asked.clear()
    (cache / TEST_IMAGES).write_bytes(TINY[TEST_IMAGES][:-1])
    expect_tiny(mnist())
    assert mirrors.asked == [f"/first/{TEST_IMAGES}"]


@every_fault
def test_the_second_mirror_delivers_what_the_first_does_not(mirrors, cache, answer, reason):
    mirrors.answers[f"/first/{TRAIN_LABELS}"] = answer
    expect_tiny(mnist())
    assert listing(cache) == sorted(TINY)
    tried_twice = [f"/first/{TRAIN_LABELS}"] * 2
    rest = [f"/second/{name}" for name in (TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)]
    assert mirrors.asked == [f"/first/{TRAIN_IMAGES}", *tried_twice, *rest]


@every_fault
def test_a_download_that_fails_says_why_and_leaves_nothing(mirrors, cache, answer, reason):
    for mirror in ("first", "second"):
        mirrors.answers[f"/{mirror}/{TRAIN_LABELS}"] = answer
    with pytest.raises(RuntimeError) as caught:
        mnist()
    what, *failures, way_out = str(caught.value).splitlines()
    assert what.startswith("mnist: no mirror delivered the files")
    for mirror, failure in zip(datasets.MIRRORS, failures, strict=True):
        assert failure.startswith(f"{mirror}{TRAIN_LABELS}: ")
        assert reason in failure
    assert "NNLIB_DATA_DIR" in way_out
    assert listing(cache) == [TRAIN_IMAGES]


def test_offline_there_is_one_error_that_says_what_to_do(cache, go_offline):
    go_offline()
    with pytest.raises(RuntimeError, match="Are you offline") as caught:
        mnist()
    assert f"Or put {', '.join(TINY)} into a folder" in str(caught.value)
    assert "name it in NNLIB_DATA_DIR" in str(caught.value)
    assert caught.value.__context__ is None
    assert listing(cache) == []


def test_a_cache_that_cannot_be_written_is_named(mirrors, cache):
    cache.parent.write_text("a file where the folder should be")
    with pytest.raises(RuntimeError, match="could not be stored") as caught:
        mnist()
    assert str(cache.parent) in str(caught.value)
    assert mirrors.asked == []


def test_without_pooch_the_error_says_what_to_do(cache, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match=r"^mnist: pooch is not installed") as caught:
        mnist()
    assert "NNLIB_DATA_DIR" in str(caught.value)
    assert caught.value.__suppress_context__


def test_without_tqdm_there_is_no_progress_bar(mirrors, monkeypatch, capsys):
    monkeypatch.setattr("pooch.downloaders.tqdm", None)
    monkeypatch.setattr(datasets, "find_spec", lambda name: None)
    expect_tiny(mnist())
    assert "100%" not in capsys.readouterr().err


def test_with_tqdm_there_is_a_progress_bar(mirrors, capsys):
    mnist()
    assert "100%" in capsys.readouterr().err


def test_the_named_folder_needs_numpy_only(folder):
    program = (
        "import sys; sys.modules |= dict.fromkeys(['pooch', 'requests', 'tqdm']);"
        "from nnlib import datasets; datasets.FILES = eval(sys.argv[1]); datasets.mnist()"
    )
    subprocess.run([sys.executable, "-c", program, repr(datasets.FILES)], check=True)


@pytest.mark.skipif(not os.environ.get("NNLIB_DATA_DIR"), reason="NNLIB_DATA_DIR is not set")
def test_the_real_mnist_is_read():
    data = mnist()
    assert [array.shape for array in data] == [(60000, 784), (60000,), (10000, 784), (10000,)]
    np.testing.assert_array_equal(data.y_train[:10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    np.testing.assert_array_equal(data.y_test[:10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    assert np.bincount(data.y_test).tolist() == [
        *(980, 1135, 1032, 1010, 982),
        *(892, 958, 1028, 974, 1009),
    ]
    assert data.x_train.min() == data.x_test.min() == 0
    assert data.x_train.max() == data.x_test.max() == 1


def drawn(rows, columns):
    image = np.zeros((28, 28))
    image[rows, columns] = np.random.default_rng(0).uniform(0.5, 1, size=(28, 28))[rows, columns]
    return image.ravel()


@pytest.mark.parametrize("by", ["mass", "box"])
@pytest.mark.parametrize(
    "drawing",
    [drawn(slice(0, 7), slice(21, 26)), drawn(slice(1, 28), slice(3, 8)), drawn(5, slice(2, 28))],
)
def test_a_placed_drawing_has_the_layout_of_mnist(drawing, by):
    image = place(drawing, by).reshape(28, 28)
    rows, columns = (np.flatnonzero(image.max(axis=axis) > 0.2) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1)
    if by == "mass":
        centre = image.sum(axis=1) @ np.arange(28), image.sum(axis=0) @ np.arange(28)
        np.testing.assert_allclose(centre / image.sum(), 14, atol=0.51)
    else:
        middles = [(part[0] + part[-1]) / 2 for part in (rows, columns)]
        np.testing.assert_allclose(middles, 13.5, atol=1)


def test_a_drawing_is_placed_alike_wherever_it_stood():
    here, there = drawn(slice(3, 13), slice(2, 12)), np.zeros((28, 28))
    there[10:20, 15:25] = here.reshape(28, 28)[3:13, 2:12]
    np.testing.assert_allclose(place(here), place(there.ravel()), atol=1e-12)


def test_what_is_placed_stays_when_it_is_placed_again():
    image = place(drawn(slice(4, 24), slice(8, 20)))
    np.testing.assert_allclose(place(image), image, atol=1e-12)


def test_an_empty_page_is_placed_as_an_empty_page():
    np.testing.assert_array_equal(place(np.zeros((2, 784))), np.zeros((2, 784)))


@pytest.mark.parametrize("by", ["centre of mass", "Box", None, 0])
def test_what_is_neither_mass_nor_box_is_refused(by):
    with pytest.raises(ValueError, match=r"place: by is .*, expected 'mass' or 'box'"):
        place(np.zeros(784), by=by)


def test_varied_images_differ_a_little_and_keep_their_ink():
    images = digits().x_train[:50]
    new = vary(images, rng=np.random.default_rng(0))
    assert new.shape == images.shape
    assert new.min() >= 0
    assert new.max() <= 1
    assert np.abs(new - images).max(axis=1).min() > 0.1
    assert abs(new.sum() / images.sum() - 1) < 0.1
    alike = [np.corrcoef(pair)[0, 1] for pair in zip(new, images, strict=True)]
    assert 0.5 < np.median(alike) < 0.99


def test_of_an_empty_page_there_are_only_empty_variants():
    np.testing.assert_array_equal(vary(np.zeros((3, 784)), rng=np.random.default_rng(0)), 0)


@pytest.mark.skipif(not os.environ.get("NNLIB_DATA_DIR"), reason="NNLIB_DATA_DIR is not set")
def test_nearly_every_image_of_mnist_is_placed_where_it_is():
    images = mnist().x_test[:2000]
    kept = np.abs(place(images) - images).max(axis=1) < 1e-9
    assert kept.mean() > 0.99


def test_every_meaning_is_short_and_belongs_to_one_word():
    words = meanings()
    assert len(words) == len(set(words.values())) == 32
    for word, meaning in words.items():
        assert word == word.strip().lower()
        assert meaning.endswith(".")
        assert 10 < len(meaning) <= 50
