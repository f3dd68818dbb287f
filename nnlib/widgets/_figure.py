"""What live figures have in common: one front end for Jupyter and for the static page."""

import io
from pathlib import Path

import anywidget
import matplotlib.pyplot as plt
import numpy as np
import traitlets

from nnlib.backprop import Layer

FOLDER = Path(__file__).parent


def front_end(name: str, *helpers: str) -> str:
    """The module of a figure, behind the parts that all figures share, and some of them.

    It is one text, because what travels to the page as a trait cannot import a file.
    """
    return _joined(".js", "_shared", *helpers, name)


def style(*names: str) -> str:
    """The looks that all figures share, and then those of one figure."""
    return _joined(".css", "_shared", *names)


def _joined(suffix: str, *parts: str) -> str:
    return "\n".join((FOLDER / (part + suffix)).read_text(encoding="utf-8") for part in parts)


def flat(model: Layer) -> np.ndarray:
    """The parameters of a network in a row: W and b of the first layer, and so on."""
    return np.concatenate([param.ravel() for _, param, _ in model.named_params()])


class Figure(anywidget.AnyWidget):
    """A figure that responds to the reader, and that can draw itself for a page without scripts."""

    _css = style()

    def still(self) -> None:
        """Draw the figure as it is now, with nnlib.plots."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        with plt.rc_context({"figure.constrained_layout.use": True}):  # as in the book's style
            self.still()
        picture = io.StringIO()
        plt.savefig(picture, format="svg", metadata={"Date": None})
        plt.close()
        # The static page shows the picture, and puts this figure in its place if it can.
        named = picture.getvalue().replace("<svg ", f'<svg data-model="{self.model_id}" ', 1)
        return data | {"image/svg+xml": named}, metadata


class Array(traitlets.TraitType):
    """A float32 array that travels as bytes.

    It cannot be changed in place, because the front end would not hear of it.
    """

    def __init__(self, *shape: int):
        self.shape = shape  # -1 where any length will do
        super().__init__(np.zeros([max(size, 0) for size in shape], dtype=np.float32))
        self.tag(sync=True, to_json=_to_bytes, from_json=_from_bytes)

    def validate(self, obj, value):
        """A copy that is safe from changes."""
        try:
            array = np.array(value, dtype=np.float32).reshape(self.shape)
        except (TypeError, ValueError):
            raise traitlets.TraitError(
                f"{self.name} of a {type(obj).__name__} needs numbers of shape {self.shape}."
            ) from None
        array.setflags(write=False)
        return array


def _to_bytes(array: np.ndarray, _) -> bytes:
    return array.astype("<f4").tobytes()


def _from_bytes(data, _) -> np.ndarray:
    return np.frombuffer(data, dtype="<f4")
