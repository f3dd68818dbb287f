"""Put the notebooks' vector figures into the page, where they follow its colours and its fonts.

An SVG behind an ``<img>`` cannot see the page's theme. Inside the page it can: the colours of
nnlib.plots become CSS variables, which book.css defines for light and for dark.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from nnlib.plots import COLOURS

NAMES = {drawn: name for name, (drawn, _, _) in COLOURS.items()}
PAINT = ("fill", "stroke", "stop-color")
SMALLEST = 0.7  # a figure is not scaled below this; it scrolls instead

logger = logging.getLogger(__name__)


def themed(style: str) -> str:
    """A style in which the colours and the typeface are those of the page."""
    style = re.sub("'(Source Sans Pro|DejaVu Sans)'", "'Book Sans'", style)
    return re.sub(
        "#[0-9a-f]{6}",
        lambda hit: f"var(--fig-{NAMES[hit[0]]})" if hit[0] in NAMES else hit[0],
        style,
    )


def rounded(numbers: str) -> str:
    """Coordinates cut to hundredths of a point."""
    return re.sub(r"(\.\d\d)\d+", r"\1", " ".join(numbers.split()))


def attributes(element, ids: dict[str, str]) -> dict[str, str]:
    """The element's attributes as HTML takes them: no namespaces, ids of the figure's own."""
    result = {name.rpartition("}")[2]: text for name, text in element.items()}
    paint = [f"{name}: {result.pop(name)}" for name in PAINT if result.get(name) in NAMES]
    if paint or "style" in result:
        result["style"] = themed("; ".join([*paint, result.get("style", "")]).strip("; "))
    for name in {"d", "x", "y", "points"} & result.keys():
        result[name] = rounded(result[name])
    if result.get("id") not in ids:
        result.pop("id", None)
    for name, text in result.items():
        if name == "id":
            result[name] = ids[text]
        elif name == "href" and text.startswith("#"):
            result[name] = "#" + ids[text[1:]]
        else:
            result[name] = re.sub(r"url\(#([\w.-]+)\)", lambda hit: f"url(#{ids[hit[1]]})", text)
    return result


def inline(source: str, alt: str, name: str) -> str:
    """The figure as HTML, as wide as it was drawn where there is room."""
    root = ElementTree.fromstring(source)
    used = dict.fromkeys(re.findall(r'(?:url\(|href=")#([\w.-]+)', source))
    ids = {old: f"{name}-{number}" for number, old in enumerate(used)}
    for element in list(root.iter()):
        for child in list(element):
            if child.tag.endswith(("}metadata", "}style")):
                element.remove(child)
        element.tag = element.tag.rpartition("}")[2]
        element.text = (element.text or "").strip() or None
        element.tail = (element.tail or "").strip() or None
        element.attrib = attributes(element, ids)
    for group in root.iter("g"):  # a thousand markers state their common style once
        styles = {child.get("style") for child in group}
        if len(group) > 1 and len(styles) == 1 and all(child.tag == "use" for child in group):
            group.set("style", styles.pop() or "")
            for child in group:
                child.attrib.pop("style", None)
    box = root.get("viewBox")
    width = float(box.split()[2]) * 96 / 72
    style = f"width: {width:.0f}px; min-width: {SMALLEST * width:.0f}px"
    model = root.get("data-model")  # of a live figure, for live.js
    live = f' data-model="{model}"' if model else ""
    root.attrib = {"role": "img", "aria-label": alt, "viewBox": box, "style": style}
    return f'<div class="plot"{live}>{ElementTree.tostring(root, encoding="unicode")}</div>'


class InlineFigures(SphinxPostTransform):
    """Replace every SVG that a notebook made."""

    default_priority = 200
    formats = ("html",)

    def run(self, **kwargs):
        for image in list(self.document.findall(nodes.image)):
            file = Path(self.app.srcdir, image["uri"].lstrip("/"))
            if file.suffix != ".svg" or "jupyter_execute" not in file.parts:
                continue
            if not image.get("alt"):
                logger.warning("a figure without alternative text", location=image)
            figure = inline(file.read_text("utf-8"), image.get("alt", ""), f"f{file.stem[:6]}")
            image.replace_self(nodes.raw("", figure, format="html"))


def setup(app):
    app.add_post_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
