"""The field for code: its keys, its colours, and how it fits the page."""

import html
import json
import re
from pathlib import Path

import pytest
from IPython.lib.lexers import IPython3Lexer
from playwright.sync_api import expect
from pygments import highlight
from pygments.formatters import HtmlFormatter

from nnlib.exercises import ORDER, exercises

ROOT = Path(__file__).parents[3]

# Code with the caret | or with a selection between ‹ and ›, a key, and what it makes of both.
KEYS = [
    ("x = 1|", "Enter", "x = 1\n|"),
    ("def f(x):|", "Enter", "def f(x):\n    |"),
    ("if x:  # why?|", "Enter", "if x:  # why?\n    |"),
    ("    x = 1|", "Enter", "    x = 1\n    |"),
    ("    for i in x:|", "Enter", "    for i in x:\n        |"),
    ("    a[1:|2]", "Enter", "    a[1:\n        |2]"),
    ("  |  x", "Enter", "  \n  |  x"),
    ("‹x = 1›\ny", "Enter", "\n|\ny"),
    ("|", "Tab", "    |"),
    ("ab|", "Tab", "ab  |"),
    ("x = |1", "Tab", "x =     |1"),
    ("‹a\n\n  b›\nc", "Tab", "‹    a\n\n      b›\nc"),
    ("a‹b\nc\n›d", "Tab", "‹    ab\n    c›\nd"),
    ("‹    a\n  b\nc›", "Shift+Tab", "‹a\nb\nc›"),
    ("      a|", "Shift+Tab", "  a|"),
    ("  |    a", "Shift+Tab", "|  a"),
    ("a|", "Shift+Tab", "a|"),
    ("        |x", "Backspace", "    |x"),
    ("      |x", "Backspace", "    |x"),
    ("a\n    |", "Backspace", "a\n|"),
    ("a\n|b", "Backspace", "a|b"),
    ("a   |", "Backspace", "a  |"),
    ("  ‹  ›x", "Backspace", "  |x"),
]

MAKE = """async ({ source, label = "Your answer" }) => {
    const { editor } = await import("/editor.js");
    globalThis.heard = [];
    globalThis.made = editor({
        label, source, onInput: (text) => heard.push(text), onSubmit: () => heard.push(null),
    });
    document.querySelector("main").append(made.element);
}"""
SELECT = "(area, [start, end]) => area.setSelectionRange(start, end)"
SELECTION = "(area) => [area.selectionStart, area.selectionEnd]"
COLOUR = """async (codes) => {
    const { highlight } = await import("/highlight.js");
    return codes.map(highlight);
}"""


def make(page, source, **options):
    page.evaluate(MAKE, {"source": source, **options})
    return page.get_by_role("textbox")


def selection(marked):
    places = [match.start() - i for i, match in enumerate(re.finditer("[|‹›]", marked))]
    return [places[0], places[-1]]


def plain(marked):
    return re.sub("[|‹›]", "", marked)


@pytest.mark.parametrize(("before", "key", "after"), KEYS)
def test_a_key_changes_the_code_and_can_be_undone(page, before, key, after):
    area = make(page, plain(before))
    area.focus()
    area.evaluate(SELECT, selection(before))
    page.keyboard.press(key)
    assert area.input_value() == plain(after)
    assert area.evaluate(SELECTION) == selection(after)
    assert page.evaluate("heard.at(-1) ?? null") == (None if before == after else plain(after))
    page.keyboard.press("Control+z")
    assert area.input_value() == plain(before)


def test_it_submits_with_control_and_enter(page):
    area = make(page, "x = 1")
    area.press("Control+Enter")
    assert page.evaluate("heard") == [None]
    assert area.input_value() == "x = 1"


def test_the_keyboard_can_leave_it_as_it_says(page):
    area = make(page, "x")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    expect(area).to_have_accessible_description(re.compile("Escape, then Tab"))
    area.focus()
    expect(page.get_by_text("Escape, then Tab")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.keyboard.press("Tab")
    expect(area).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(area).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(area).not_to_be_focused()


def test_nothing_moves_when_it_gets_the_focus(page):
    area = make(page, "x")
    page.evaluate("document.querySelector('main').append(document.createElement('hr'))")
    for width in 1280, 390:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.activeElement.blur()")
        before = page.locator("hr").bounding_box()
        area.focus()
        assert page.locator("hr").bounding_box() == before


def test_it_has_its_name_and_no_other_help(page):
    area = make(page, "x", label="Code of cell 12")
    expect(area).to_have_accessible_name("Code of cell 12")
    for name in "autocapitalize", "autocomplete", "autocorrect":
        expect(area).to_have_attribute(name, "off")
    expect(area).to_have_attribute("spellcheck", "false")


def test_it_grows_with_its_lines_and_scrolls_sideways(page):
    page.set_viewport_size({"width": 390, "height": 900})
    area = make(page, "x")
    height = area.bounding_box()["height"]
    area.focus()
    page.keyboard.press("End")
    page.keyboard.type("\n" * 9 + "y" * 200)
    assert area.bounding_box()["height"] > 5 * height
    shown = page.locator(".editor pre")
    assert area.bounding_box() == shown.bounding_box()
    assert area.evaluate("(e) => [e.scrollTop, e.scrollLeft]") == [0, 0]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    right = page.evaluate("document.querySelector('.editor-sheet').scrollLeft")
    assert right > 0, "the caret is out of sight"


def test_both_layers_set_the_same_type(page):
    make(page, "x")
    styles = page.evaluate(
        """() => ["pre", "textarea"].map((name) => {
            const style = getComputedStyle(document.querySelector(`.editor ${name}`));
            const names = ["font", "letterSpacing", "wordSpacing", "padding", "borderWidth",
                "tabSize", "textIndent", "whiteSpace", "boxSizing", "fontVariantLigatures"];
            return names.map((name) => style[name]);
        })"""
    )
    assert styles[0] == styles[1]


def test_its_code_is_printed(page):
    make(page, "x = 1  # " + "long " * 100)
    page.emulate_media(media="print")
    expect(page.get_by_role("textbox")).to_be_hidden()
    shown = page.locator(".editor pre")
    expect(shown).to_be_visible()
    width = page.viewport_size["width"]
    assert shown.bounding_box()["width"] <= width


def test_colours_follow_what_is_typed(page):
    area = make(page, "")
    area.press_sequentially("return <1>")
    assert page.locator(".editor pre").inner_html() == (
        '<span class="k">return</span> &lt;<span class="mi">1</span>&gt;\n'
    )
    page.evaluate("made.value = 'None'")
    assert page.locator(".editor pre").inner_html() == '<span class="k">None</span>\n'


# What the chapters do not use, and a reader may.
UNUSED = """@layer
async def f(x: int = 0x1F, *, y=1_000.5e-3, z=.5):
    global a, b
    yield lambda: await_ @ x, f"{x = } {y!r:>{z}} {{}} {d['a'] != 1}", rb'\\'', None
    nonlocal_ = x.T @A if not x is y else (yield)
    class B: __slots__ = ''
"""


def every_code():
    yield UNUSED
    for notebook in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])
    for chapter in ORDER:
        for exercise in exercises(chapter).values():
            yield exercise.source()
            yield from exercise.wrong_code().values()


def colours():
    """The classes to which book.css gives one colour, by class; ink is none."""
    sheet = (ROOT / "book" / "_static" / "book.css").read_text(encoding="utf-8")
    rules = re.findall(r"\.highlight :is\((\.[^)]*)\) \{\s*color: var\(--(\w+)\)", sheet)
    named = {name.strip(" ."): colour for names, colour in rules for name in names.split(",")}
    assert len(named) > 20
    return {name: colour for name, colour in named.items() if colour != "ink"}


def coloured(markup, known):
    """Each letter with its colour. White space has none that one sees."""
    letters, name = [], ""
    for opened, closed, text in re.findall(r'<(?:span class="(\w+)"|(/span))>|([^<]+)', markup):
        name = "" if closed else opened or name
        letters += [(c, known.get(name)) for c in html.unescape(text) if not c.isspace()]
    return letters


def test_its_colours_are_those_of_the_page(page):
    known, codes = colours(), list(every_code())
    found = page.evaluate(COLOUR, codes)
    for code, markup in zip(codes, found, strict=True):
        expected = highlight(code, IPython3Lexer(), HtmlFormatter(nowrap=True))
        assert coloured(markup, known) == coloured(expected, known), code


UNFINISHED = "'", '"""a', "f'{", "f'{x:", "f'{{", "f'{a[0]}", "'\\", "1_", "0x", "@", "é = 'ü'"


@pytest.mark.parametrize("code", [*UNFINISHED, "<b>&amp;", "a\n\n  b\n"])
def test_colours_keep_every_letter(page, code):
    [markup] = page.evaluate(COLOUR, [code])
    assert html.unescape(re.sub("</?span[^>]*>", "", markup)) == code
