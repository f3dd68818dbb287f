"""The book's typefaces and icons, cut to what it uses and served from its own folder.

The licences reserve the names of the originals, so the cut fonts carry others.
"""

import hashlib
import re
from importlib import resources
from pathlib import Path

from fontTools import subset

LETTERS = [*range(0x20, 0x180), *range(0x370, 0x400), *range(0x2010, 0x2714)]
STYLES = {"Regular": "400", "It": "400; font-style: italic", "Semibold": "600 700"}
TYPEFACES = {
    "Book Serif": ("font_source_serif_pro", "SourceSerifPro"),
    "Book Sans": ("font_source_sans_pro", "SourceSansPro"),
}
ICONS = [
    "angle-left", "angle-right", "angle-down", "arrow-up", "bars", "chevron-down",
    "chevron-right", "circle-half-stroke", "code", "download", "file", "file-pdf",
    "list", "magnifying-glass", "moon", "sun", "xmark",
]  # fmt: skip
ICON_FONT = "theme/pydata_sphinx_theme/static/vendor/fontawesome/webfonts/fa-solid-900.ttf"
FACE = (
    '@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: {display}; '
    'src: url("fonts/{file}") format("woff2"); }}\n'
)


def faces():
    """Of each face the original, the new file, what CSS calls it, its weight, what to keep."""
    for family, (package, stem) in TYPEFACES.items():
        for style, weight in STYLES.items():
            original = resources.files(package) / "files" / f"{stem}-{style}.ttf"
            file = f"{family.replace(' ', '')}-{style}.woff2"
            yield original, file, family, weight, {"unicodes": LETTERS}
    original = resources.files("pydata_sphinx_theme") / ICON_FONT
    yield original, "BookIcons.woff2", "Font Awesome 6 Free", "900", {"glyphs": ICONS}


def cut(original: Path, target: Path, keep: dict) -> None:
    """Write a compressed copy, renamed, with its copyright and its licence."""
    options = subset.Options(flavor="woff2", hinting=False, name_IDs=[0, 1, 2, 13, 14])
    font = subset.load_font(original, options)
    cutter = subset.Subsetter(options)
    cutter.populate(**keep)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = target.stem
    subset.save_font(font, target, options)


def write(app):
    """Write the fonts and their style sheet, unless this very file wrote them before."""
    static = Path(app.outdir, "_static")
    sheet, folder = static / "fonts.css", static / "fonts"
    recipe = f"/* {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()} */\n"
    if sheet.exists() and sheet.read_text(encoding="utf-8").startswith(recipe):
        return
    folder.mkdir(parents=True, exist_ok=True)
    rules = [recipe]
    for original, file, family, weight, keep in faces():
        cut(original, folder / file, keep)
        display = "swap" if family in TYPEFACES else "block"
        rules.append(FACE.format(family=family, weight=weight, display=display, file=file))
    for package, stem in TYPEFACES.values():
        licence = resources.files(package) / "files" / "LICENSE.txt"
        (folder / f"{stem}-LICENSE.txt").write_bytes(licence.read_bytes())
    sheet.write_text("".join(rules), encoding="utf-8")


def drop_other_icons(app, exception):
    """Take out of the theme's style sheet the names of two thousand icons."""
    sheet = Path(app.outdir, "_static", "styles", "pydata-sphinx-theme.css")
    if not sheet.exists():  # another builder than html
        return
    rule = re.compile(r'(?:\.fa-[\w-]+:before,?)+\{content:"[^"]*"\}')
    used = {f".fa-{name}:before" for name in ICONS}
    cut = rule.sub(
        lambda hit: hit[0] if used & set(re.split("[,{]", hit[0])) else "",
        sheet.read_text(encoding="utf-8"),
    )
    sheet.write_text(cut, encoding="utf-8")


def setup(app):
    app.connect("builder-inited", write)
    app.connect("build-finished", drop_other_icons)
    app.add_css_file("fonts.css", priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
