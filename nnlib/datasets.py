"""The digits that the book learns to read, and the text that it learns to write."""

import gzip
import hashlib
import math
import os
import zlib
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nnlib.shapes import Array

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)

# The files of MNIST, each with its SHA-256 and the shape of the array inside.
FILES = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        (60_000, 28, 28),
    ),
    "train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        (60_000,),
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        (10_000, 28, 28),
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        (10_000,),
    ),
}


class Dataset(NamedTuple):
    """Examples as rows and their labels, divided for training and for testing.

    Attributes
    ----------
    x_train, x_test : ndarray of shape (N, 784)
        Images of 28 × 28 pixels, row by row, float64 between 0 (paper) and 1 (ink).
    y_train, y_test : ndarray of int of shape (N,)
        The digit that each image shows.
    """

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


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
    parts = _stored()
    return Dataset(
        _resample(parts["train_images"]),
        parts["train_labels"].astype(np.int64),
        _resample(parts["test_images"]),
        parts["test_labels"].astype(np.int64),
    )


def sheets() -> tuple[Array, Array]:
    """The sheet of paper that each image of :func:`digits` was cut from, a number from 0 to 13.

    The original file goes through one and the same row of digits 14 times, with a few left out:
    14 sheets, each filled in by one person. The description counts 13 people, so somebody seems
    to have filled in two.

    Returns
    -------
    tuple of ndarray of int of shape (N,)
        The sheets of the training images and of the test images.

    Examples
    --------
    >>> train, test = sheets()
    >>> train.shape, test.shape, len(set(train.tolist()) & set(test.tolist()))
    ((1437,), (360,), 14)
    """
    parts = _stored()
    return parts["train_sheets"].astype(np.int64), parts["test_sheets"].astype(np.int64)


def prose() -> str:
    """English to learn from: what this book says, without the mathematics.

    A line is a paragraph. The text is the state of one day, so it does not change with the book.

    Examples
    --------
    >>> text = prose()
    >>> len(text), text[:55]
    (239884, 'A neuron multiplies, adds, and answers with one number.')
    """
    packed = resources.files("nnlib").joinpath("data", "prose.txt.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8")


def meanings() -> dict[str, str]:
    """Words of this book, and what each means in at most fifty letters.

    Examples
    --------
    >>> words = meanings()
    >>> len(words), words["bias"]
    (32, 'A number that a neuron adds to its sum.')
    """
    text = resources.files("nnlib").joinpath("data", "meanings.txt").read_text(encoding="utf-8")
    return {word: meaning for word, _, meaning in (x.partition(": ") for x in text.splitlines())}


def _stored() -> dict[str, Array]:
    with (
        resources.files("nnlib").joinpath("data", "digits.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        return {name: stored[name] for name in stored.files}


def _resample(images: Array) -> Array:
    """Counts (N, 8, 8) from 0 to 16 become rows of ink (N, 784) from 0 to 1."""
    where = (np.arange(28) - 4 + 0.5) * 8 / 20 - 0.5
    R = _cubic(where[:, None] - np.arange(8))
    return np.clip(R @ (images / 16) @ R.T, 0, 1).reshape(len(images), 28 * 28)


def _cubic(distance: Array) -> Array:
    """Weight of a sample at this distance (Keys 1981, equation 15)."""
    t = np.abs(distance)
    near = 1.5 * t**3 - 2.5 * t**2 + 1
    far = -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2
    return np.where(t < 1, near, np.where(t < 2, far, 0))


def place(drawings: Array, by: str = "mass") -> Array:
    """Drawings of any size and anywhere in their 28 × 28 pixels, in the layout of MNIST.

    The box around the ink is scaled until its longer side has 20 pixels. Then it is moved by
    whole pixels, until its centre of mass lies in the middle of the image.

    Parameters
    ----------
    drawings : array_like of shape (784,) or (N, 784)
        Ink between 0 and 1. Ink below three tenths of the darkest does not count for the box.
    by : {"mass", "box"}
        What is put into the middle: the centre of mass, as in MNIST, or the box itself.

    Returns
    -------
    ndarray of the shape of ``drawings``
        Each pixel is the mean ink of the part of the drawing that it covers. An image of MNIST
        comes back nearly as it was.

    Raises
    ------
    ValueError
        If ``by`` is neither of the two.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner 1998, section III.A.
    """
    if by not in ("mass", "box"):
        raise ValueError(f"place: by is {by!r}, expected 'mass' or 'box': what is in the middle.")
    drawings = np.asarray(drawings, dtype=np.float64)
    images = [_place(drawing, by) for drawing in drawings.reshape(-1, 28, 28)]
    return np.reshape(images, drawings.shape)


def _place(drawing: Array, by: str) -> Array:
    if not drawing.max() > 0:
        return np.zeros_like(drawing)
    inked = drawing > 0.3 * drawing.max()
    ends = [np.flatnonzero(inked.any(axis=1 - axis))[[0, -1]] + (0, 1) for axis in (0, 1)]
    scale = 20 / max(end - first for first, end in ends)
    edges = [math.floor((28 - scale * (end - first)) / 2) for first, end in ends]

    def put() -> Array:
        R, C = (
            _shares(first - edge / scale, scale)
            for (first, _), edge in zip(ends, edges, strict=True)
        )
        return R @ drawing @ C.T

    if by == "mass":
        image = put()
        for axis in (0, 1):
            centre = image.sum(axis=1 - axis) @ np.arange(28) / image.sum()
            edges[axis] += math.floor(14 - centre + 0.5)
    return put()


def vary(images: Array, *, rng: np.random.Generator) -> Array:
    """Each image as another hand might have written it: slanted, turned, wider, moved a little.

    Parameters
    ----------
    images : array_like of shape (N, 784)
        Ink between 0 and 1.
    rng : Generator
        Draws how much, for each image.

    Returns
    -------
    ndarray of shape (N, 784)
        New images, smoothly resampled; what would leave the 28 × 28 pixels is lost.
    """
    pixels = np.pad(np.reshape(images, (-1, 28, 28)), ((0, 0), (1, 1), (1, 1)))
    scale = 0.25, 0.12, 0.15, 0.07, 0.6, 0.6
    drawn = rng.normal(scale=scale, size=(len(pixels), 6)).T[..., None]
    slant, turn, width, height, lower, further = drawn
    down, right = (axis.ravel() for axis in np.mgrid[-13.5:14, -13.5:14])
    rows = np.exp(height) * down + turn * right + lower
    columns = np.exp(width) * right + slant * down + further
    # Between four pixels, each counts the more the nearer it is; outside is paper.
    rows, columns = np.clip(rows + 14.5, 0, 28.99), np.clip(columns + 14.5, 0, 28.99)
    i, j, n = rows.astype(int), columns.astype(int), np.arange(len(pixels))[:, None]
    u, v = rows - i, columns - j
    above = (1 - v) * pixels[n, i, j] + v * pixels[n, i, j + 1]
    below = (1 - v) * pixels[n, i + 1, j] + v * pixels[n, i + 1, j + 1]
    return (1 - u) * above + u * below


def _shares(start: float, scale: float) -> Array:
    """For each of 28 pixels, the shares of it that lie on each pixel of the drawing."""
    begin = start + np.arange(28)[:, None] / scale
    j = np.arange(28)
    overlap = np.minimum(begin + 1 / scale, j + 1) - np.maximum(begin, j)
    return np.maximum(overlap, 0) * scale


def mnist() -> Dataset:
    """60,000 handwritten digits to train on and 10,000 to test on: MNIST itself.

    The first call downloads 12 MB, and later calls find them in the cache. Where the environment
    variable ``NNLIB_DATA_DIR`` names a folder with the four ``.gz`` files, nothing is downloaded.
    Different people wrote the two parts.

    Returns
    -------
    Dataset
        Fresh arrays at each call, 440 MB of them.

    Raises
    ------
    FileNotFoundError
        If ``NNLIB_DATA_DIR`` names a folder without one of the files.
    ImportError
        If there is something to download and ``pooch`` is not installed.
    RuntimeError
        If no mirror delivers the files, for example because there is no network.
    ValueError
        If a file is not the one that LeCun and his colleagues published.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner 1998, Gradient-based learning applied to document
    recognition, section III.A.
    """
    named = os.environ.get("NNLIB_DATA_DIR")
    folder = Path(named).expanduser() if named else _download()
    train_images, train_labels, test_images, test_labels = (
        _read_idx(folder / name, *known) for name, known in FILES.items()
    )
    return Dataset(
        train_images.reshape(-1, 28 * 28) / 255,
        train_labels.astype(np.int64),
        test_images.reshape(-1, 28 * 28) / 255,
        test_labels.astype(np.int64),
    )


def _download() -> Path:
    """The cache folder, once all files are in it; each mirror adds what is still missing."""
    way_out = f"Or put {', '.join(FILES)} into a folder and name it in NNLIB_DATA_DIR."
    try:
        import pooch
    except ImportError:
        raise ImportError(
            "mnist: pooch is not installed, the download needs it. "
            f"Install it: pip install pooch tqdm.\n{way_out}"
        ) from None
    downloader = pooch.HTTPDownloader(progressbar=find_spec("tqdm") is not None, timeout=10)
    failures = []
    for mirror in MIRRORS:
        cache = pooch.create(
            path=pooch.os_cache("nnlib"),
            base_url=mirror,
            registry={name: sha256 for name, (sha256, _) in FILES.items()},
            retry_if_failed=1,
        )
        try:
            for name in FILES:
                cache.fetch(name, downloader=downloader)
            return cache.abspath
        except (OSError, ValueError) as error:
            failures.append(f"{mirror}{name}: {_reason(error)}")
    raise RuntimeError(
        "mnist: no mirror delivered the files, one is needed. Are you offline?\n"
        + "\n".join([*failures, way_out])
    )


def _reason(error: Exception) -> str:
    """Why a download failed, in a few words."""
    import requests

    match error:
        case requests.HTTPError(response=requests.Response() as response):
            return f"the server answered {response.status_code}."
        case requests.RequestException():
            return "no connection, or it broke off."
        case OSError():
            return f"it could not be stored: {error}"
        case _:
            return "what arrived has another SHA-256, so it is damaged or not MNIST."


def _read_idx(path: Path, sha256: str, shape: tuple[int, ...]) -> Array:
    """The bytes in a compressed IDX file, after making sure that they are the known ones."""
    if not path.is_file():
        raise FileNotFoundError(
            f"mnist: {path.parent} has no file {path.name}, needs {', '.join(FILES)}. "
            "Does NNLIB_DATA_DIR name the right folder?"
        )
    packed = path.read_bytes()
    got = hashlib.sha256(packed).hexdigest()
    if got != sha256:
        raise ValueError(
            f"mnist: {path} has SHA-256 {got}, needs {sha256}. "
            "It is damaged, cut short or another data set: fetch it again."
        )
    try:
        content = gzip.decompress(packed)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"mnist: {path} cannot be unpacked, needs a whole gzip file. Cause: {error}."
        ) from None
    # IDX: a number for bytes (8) and the count of axes, the length of each axis, the bytes.
    needs = [0x0800 + len(shape), *shape]
    start = 4 * len(needs)
    header = [int.from_bytes(content[i : i + 4], "big") for i in range(0, start, 4)]
    if header != needs:
        raise ValueError(
            f"mnist: {path} starts with {header}, needs {needs}: the magic number and the lengths "
            "of the axes. Is it another file under this name?"
        )
    if len(content) - start != math.prod(shape):
        raise ValueError(
            f"mnist: {path} has {len(content) - start} bytes after its header, "
            f"needs {math.prod(shape)}. Was it cut short?"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
