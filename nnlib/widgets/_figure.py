"""What live figures have in common: one front end for Jupyter and for the static page."""

import io
import re
from pathlib import Path

import anywidget
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.axes import Axes

from nnlib.backprop import Layer
from nnlib.plots import COLOURS

FOLDER = Path(__file__).parent
IMPORT = re.compile(r'^import \{([^{}]*)\} from "([^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
SHEET = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)
# What the bundler does not understand: in any module, and in one that another imports.
STRAY = r"^import\b.*|^export (?:\*|\{[^}]*\} from).*|^.*\bimport\(.*"
STRAY_INSIDE = STRAY + r"|^export\b.*"


def front_end(name: str) -> tuple[str, str]:
    """The module of a figure and its style sheet."""
    looks = palette() + style(FOLDER / name / "style.css")
    return bundle(FOLDER / name / "figure.js"), looks


def palette() -> str:
    """The colours of a figure: those of the page, or else its own, for Jupyter's two themes."""
    light, dark = [], []
    for name, (_, shown, shown_in_the_dark) in COLOURS.items():
        own = f"var(--jp-layout-color0, {shown})" if name == "paper" else shown
        light.append(f"--live-{name}: var(--fig-{name}, {own});")
        if name != "paper":
            dark.append(f"--live-{name}: {shown_in_the_dark};")
    in_the_dark = '[data-jp-theme-light="false"] .live'
    return f".live {{ {' '.join(light)} }}\n{in_the_dark} {{ {' '.join(dark)} }}\n"


def bundle(entry: Path) -> str:
    """A JavaScript module with all that it imports, because a trait cannot import a file.

    Each imported module becomes the value of a function, so that its other names stay its own.
    """
    exports: dict[Path, list[str]] = {}
    parts: list[str] = []

    def linked(file: Path, above: tuple[Path, ...]) -> str:
        def bind(found: re.Match) -> str:
            source = _beside(file, found[2])
            if source in above:
                circle = " -> ".join(path.name for path in (*above[above.index(source) :], source))
                raise ImportError(f"{file}: modules import each other in a circle: {circle}.")
            if source not in exports:
                include(source, (*above, source))
            names = [name.strip() for name in found[1].split(",") if name.strip()]
            if missing := [name for name in names if name not in exports[source]]:
                raise ImportError(f"{file}: {found[2]} does not export {', '.join(missing)}.")
            return f"const {{ {', '.join(names)} }} = ${list(exports).index(source)};"

        return IMPORT.sub(bind, file.read_text(encoding="utf-8"))

    def include(file: Path, above: tuple[Path, ...]) -> None:
        text = linked(file, above)
        exports[file] = EXPORT.findall(text)
        text = _understood(EXPORT.sub("", text), STRAY_INSIDE, file)
        names = ", ".join(exports[file])
        parts.append(f"const ${len(parts)} = (() => {{\n{text}return {{ {names} }};\n}})();\n")

    text = linked(entry.resolve(), (entry.resolve(),))
    return "\n".join([*parts, _understood(text, STRAY, entry)])


def style(sheet: Path) -> str:
    """A style sheet, with the text of those that it imports in their place."""
    return SHEET.sub(
        lambda found: style(_beside(sheet, found[1])), sheet.read_text(encoding="utf-8")
    )


def _beside(file: Path, name: str) -> Path:
    source = (file.parent / name).resolve()
    if not source.is_file():
        raise ImportError(f"{file} imports {name}, but there is no such file.")
    return source


def _understood(text: str, stray: str, file: Path) -> str:
    if found := re.search(stray, text, re.MULTILINE):
        raise ImportError(
            f"{file}: the bundler does not understand {found[0]!r}. It knows "
            '`import { a, b } from "./file.js";` and `export` before a function, const or class.'
        )
    return text


def flat(model: Layer) -> np.ndarray:
    """The parameters of a network in a row: W and b of the first layer, and so on."""
    return np.concatenate([param.ravel() for _, param, _ in model.named_params()])


class Figure(anywidget.AnyWidget):
    """A figure that responds to the reader, and that can draw itself for a page without scripts."""

    def still(self) -> Axes:
        """The figure as it is now, drawn with nnlib.plots; one Axes of it is enough."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        with plt.rc_context({"figure.constrained_layout.use": True}):  # as in the book's style
            drawn = self.still().figure
        picture = io.StringIO()
        drawn.savefig(picture, format="svg", metadata={"Date": None})
        plt.close(drawn)
        # The static page shows the picture, and puts this figure in its place if it can.
        named = picture.getvalue().replace("<svg ", f'<svg data-model="{self.model_id}" ', 1)
        return data | {"image/svg+xml": named}, metadata


class Floats(traitlets.TraitType):
    """A float32 array that travels as bytes.

    It cannot be changed in place, because the front end would not hear of it.
    """

    kind = "<f4"

    def __init__(self, *shape: int):
        self.shape = shape  # -1 where any length will do
        super().__init__(np.zeros([max(size, 0) for size in shape], dtype=np.float32))
        self.tag(sync=True, to_json=self._sent, from_json=self._received)

    def validate(self, obj, value):
        """A copy that is safe from changes."""
        try:
            array = np.array(value, self.kind).astype(np.float32).reshape(self.shape)
        except (TypeError, ValueError):
            raise traitlets.TraitError(
                f"{self.name} of a {type(obj).__name__} needs numbers of shape {self.shape}."
            ) from None
        array.setflags(write=False)
        return array

    def _sent(self, array: np.ndarray, _) -> bytes:
        return array.astype(self.kind).tobytes()

    def _received(self, data, _) -> np.ndarray:
        return np.frombuffer(data, dtype=self.kind)


class Halves(Floats):
    """A float32 array that travels as float16, with three digits: half the bytes in the page."""

    kind = "<f2"


def readable(sentence: str, figure: str, vocabulary: list[str], room: int) -> str:
    """The sentence with single spaces, if a figure can read it: known words, and room for them."""
    words = sentence.split()
    unknown = [word for word in words if word not in vocabulary]
    if unknown:
        raise traitlets.TraitError(
            f"sentence of {figure} has the word {unknown[0]!r}, "
            f"needs words of its vocabulary: {', '.join(vocabulary)}."
        )
    if not 1 <= len(words) <= room:
        raise traitlets.TraitError(
            f"sentence of {figure} has {len(words)} words, needs 1 to {room}: "
            "there are no more positions, or no more room."
        )
    return " ".join(words)
