"""Chapter 6: be right on new images, with dropout and with images that move."""

import numpy as np

from nnlib.backprop import Layer
from nnlib.shapes import Array, as_floats, expect_shape


class Dropout(Layer):
    """Each number is dropped with probability ``p``, and what is left is divided by ``1 - p``.

    So the expected output is ``x``. ``predict`` drops nothing and returns ``x`` as it is.

    Parameters
    ----------
    p : float
        The probability of being dropped, from 0 up to, but not including, 1.
    rng : Generator
        Draws what is dropped, anew at every ``forward``.

    Raises
    ------
    ValueError
        If ``p`` is not in that range.

    References
    ----------
    Srivastava et al. 2014, scaled in training instead of in prediction (their section 10).

    Examples
    --------
    >>> layer = Dropout(0.5, rng=np.random.default_rng(1))
    >>> layer.forward([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    array([0., 4., 6., 8., 0., 0.])
    >>> layer.predict(np.array([1.0, 2.0, 3.0]))
    array([1., 2., 3.])
    """

    def __init__(self, p: float, *, rng: np.random.Generator) -> None:
        if not 0 <= p < 1:
            raise ValueError(
                f"Dropout: p is {p}, needs at least 0 and less than 1. It is the probability of "
                "being dropped: 0.2 drops a fifth."
            )
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x: Array) -> Array:
        (x,) = as_floats(x=x)
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.p
        mask = kept / x.dtype.type(1 - self.p)
        self._cache = (mask,)
        return x * mask

    def backward(self, dy: Array) -> Array:
        (mask,) = self._take_cache()
        expect_shape(dy, mask.shape, name="dy")
        return dy * mask

    def predict(self, x: Array) -> Array:
        self.forget()
        (x,) = as_floats(x=x)
        return x

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


def moved(images: Array, most: int, *, rng: np.random.Generator) -> Array:
    """Each image somewhere else: up to ``most`` pixels to each side, with paper where it was.

    Parameters
    ----------
    images : array_like of shape (N, 784)
        Ink between 0 and 1, on 28 × 28 pixels.
    most : int
        The largest distance, down or up and right or left, in whole pixels.
    rng : Generator
        Draws the two distances of each image; every one is equally likely.

    Returns
    -------
    ndarray of shape (N, 784)
        New images; what would leave the 28 × 28 pixels is lost.

    Examples
    --------
    >>> image = np.ones((1, 784))
    >>> np.array_equal(moved(image, 0, rng=np.random.default_rng(0)), image)
    True
    """
    (images,) = as_floats(images=images)
    padded = np.pad(images.reshape(-1, 28, 28), ((0, 0), (most, most), (most, most)))
    top, left = rng.integers(2 * most + 1, size=(2, len(padded)))
    new = [image[i : i + 28, j : j + 28] for image, i, j in zip(padded, top, left, strict=True)]
    return np.reshape(new, images.shape)
