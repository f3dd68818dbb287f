"""A vector figure as HTML that follows the colours and the fonts of its page.

An SVG behind an ``<img>`` cannot see the page's theme. Inside the page it can: the colours of
nnlib.plots become CSS variables, which book.css defines for light and for dark.
"""

import re
from collections import Counter
from xml.etree import ElementTree

from nnlib.plots import COLOURS

NAMES = {drawn: name for name, (drawn, _, _) in COLOURS.items()}
PAINT = ("fill", "stroke", "stop-color")
SMALLEST = 0.7  # a figure is not scaled below this; it scrolls instead


def themed(style: str) -> str:
    """A style in which the colours and the typeface are those of the page, as book.css has it."""
    style = re.sub("font-family: '(Source Sans Pro|DejaVu Sans)'(; )?", "", style)
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
    if result.get("transform", "").startswith("rotate(-0 "):
        del result["transform"]
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


def gather_styles(root: ElementTree.Element) -> None:
    """Give a style that all marks of a group have to the group, which passes it on."""
    for group in root.iter("g"):
        styles = {child.get("style") for child in group}
        if len(group) > 2 and len(styles) == 1 and all(child.tag == "use" for child in group):
            (style,) = styles
            if style and "style" not in group.attrib and not re.search(r"(^|; ?)opacity:", style):
                group.set("style", style)
                for child in group:
                    del child.attrib["style"]


def state_styles_once(root: ElementTree.Element, name: str) -> None:
    """Give every style that several elements have a class of the figure's own."""
    counts = Counter(element.get("style") for element in root.iter())
    several = [style for style, count in counts.items() if style and count > 2]
    classes = {style: f"{name}-{number}" for number, style in enumerate(several)}
    for element in root.iter():
        if element.get("style") in classes:
            element.set("class", classes[element.attrib.pop("style")])
    if classes:
        sheet = ElementTree.Element("style")
        sheet.text = "".join(f".{label} {{{style}}}" for style, label in classes.items())
        root.insert(0, sheet)


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
    gather_styles(root)
    state_styles_once(root, name)
    box = root.get("viewBox")
    width = float(box.split()[2]) * 96 / 72
    style = f"width: {width:.0f}px; min-width: {SMALLEST * width:.0f}px"
    model = root.get("data-model")  # of a live figure, for live.js
    live = f' data-model="{model}"' if model else ""
    root.attrib = {"role": "img", "aria-label": alt, "viewBox": box, "style": style}
    svg = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
    return f'<div class="plot"{live}>{svg}</div>'
