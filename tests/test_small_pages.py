"""What the build leaves out of figures so that pages stay light, and what it must keep."""

import importlib
import json
import re
from pathlib import Path

import pytest

from nnlib import widgets

MARKS = "".join(f'<use href="#m" x="{x}" y="1" style="fill: #1f5fa8"/>' for x in range(4))
DRAWING = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 36">
<defs><path id="m" d="M0 0h1"/></defs><g>{MARKS}</g><g>{MARKS}</g><g>{MARKS}</g></svg>"""


@pytest.fixture
def built(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "book" / "_ext")
    return importlib.import_module


def test_marks_of_one_style_leave_it_to_their_group(built):
    drawn = built("figure_html").inline(DRAWING, "Four marks", "f")
    assert drawn.count("<use") == 12
    assert not re.search(r"<use[^>]*(style|class)=", drawn)
    assert drawn.count("var(--fig-blue)") == 1


def test_marks_that_fade_together_are_left_as_they_are(built):
    faded = DRAWING.replace("fill: #1f5fa8", "opacity: 0.5")
    drawn = built("figure_html").inline(faded, "Four marks", "f")
    assert len(re.findall(r"<use[^>]*class=", drawn)) == 12


@pytest.mark.parametrize("name", widgets.__all__)
def test_the_module_of_a_figure_is_smaller_and_still_a_module(built, name):
    given = {"state": {"id": {"state": {"_esm": getattr(widgets, name)._esm, "x": 1}}}}
    made = built("small_figures").smaller(json.loads(json.dumps(given)))["state"]["id"]["state"]
    assert made["x"] == 1
    assert len(made["_esm"]) < 0.9 * len(given["state"]["id"]["state"]["_esm"])
    assert "export default" in made["_esm"]
    assert not re.search(r"^\s*//", made["_esm"], re.MULTILINE)


NESTED = re.compile(r"\$\{[^}`]*`")  # a template in a hole of another


def scripts():
    root = Path(__file__).parents[1]
    return [*root.glob("nnlib/widgets/**/*.js"), *root.glob("book/*/*.js")]


def test_what_is_shortened_keeps_its_texts(built):
    """rjsmin knows templates, but no template in a template: it drops spaces from the inner one."""
    jsmin = built("small_figures").jsmin
    assert jsmin("x = `one ( two`;") == "x=`one ( two`;"
    nested = "x = `${y ? `one ( two` : z}`;"
    assert "one(two" in jsmin(nested), "templates may be nested again"
    assert NESTED.search(nested)
    assert len(scripts()) > 50
    assert [file.name for file in scripts() if NESTED.search(file.read_text("utf-8"))] == []
