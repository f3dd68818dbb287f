"""What holds for every live figure in the static page."""

import json
import re
from pathlib import Path

import pytest
from built_book import BOOK

from nnlib import widgets

PAGES = sorted(path for path in (BOOK / "chapters").glob("*.html") if "live.js" in path.read_text())
CONTROLS = "input, button, [tabindex='0'][data-lm-suppress-shortcuts]"

every_page = pytest.mark.parametrize("path", [f"chapters/{page.name}" for page in PAGES])


def test_no_figure_escapes_these_tests():
    """Each has a file of its own, which compares its numbers with the library's."""
    here = Path(__file__).parent / "figures"
    expected = {here / f"test_{name.lower()}.py" for name in widgets.__all__}
    assert expected == set(here.glob("test_*.py"))
    for file in expected:
        assert "\ndef test_its_numbers_are_those_of_the_library(" in file.read_text(), file.name


@every_page
def test_every_figure_comes_to_life(visitor, path):
    visitor.open(path)
    notebook = BOOK.parents[1] / "chapters" / f"{path[9:-5]}.ipynb"
    source = json.loads(notebook.read_text(encoding="utf-8"))
    calls = [re.findall(r"\bwidgets\.[A-Z]", "".join(cell["source"])) for cell in source["cells"]]
    assert visitor.page.locator(".live").count() == sum(map(len, calls))
    assert visitor.page.locator("[data-model]").count() == 0
    assert not visitor.complaints, "\n".join(visitor.complaints)


@every_page
def test_without_scripts_there_is_a_picture(browser, origins, path):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/{path}")
        pictures = page.locator("[data-model] svg[role=img]").all()
        assert pictures
        for picture in pictures:
            assert picture.is_visible()
            assert len(picture.get_attribute("aria-label")) > 60


@every_page
def test_every_control_is_reached_with_the_tab_key_and_shows_it(visitor, path):
    visitor.open(path)
    page = visitor.page
    for figure in page.locator(".live").all():
        stops = figure.locator(CONTROLS).evaluate_all(
            """(all) => all.filter((e) => e.type !== "radio" || e.checked).map((e, i) => {
                e.dataset.stop = i;
                return e.hasAttribute("data-lm-suppress-shortcuts");
            })"""
        )
        assert all(stops), "a control from which JupyterLab would take the keys"
        figure.locator("[data-stop='0']").focus()
        page.keyboard.press("Shift+Tab")
        for stop in range(len(stops)):
            page.keyboard.press("Tab")
            reached, outline = page.evaluate(
                """() => {
                    const e = document.activeElement;
                    const seen = e.type === "radio" ? e.nextElementSibling : e;
                    return [e.dataset.stop, getComputedStyle(seen).outlineStyle];
                }"""
            )
            assert reached == str(stop)
            assert outline != "none"
        figure.locator("[data-stop]").evaluate_all(
            "(all) => all.forEach((e) => e.removeAttribute('data-stop'))"
        )


MEDIANS = """(controls) => [...document.querySelectorAll(".live")].flatMap((figure) =>
    [...figure.querySelectorAll(controls)].map((control) => {
        const times = Array.from({ length: 21 }, (_, i) => {
            const start = performance.now();
            if (control.type === "range") {
                const share = ((i * 0.618) % 1) * (control.max - control.min);
                control.value = Number(control.min) + share;
                control.dispatchEvent(new Event("input"));
            } else if (control.type === "text") {
                control.value = control.value.split(" ").reverse().join(" ");
                control.dispatchEvent(new Event("input"));
            } else if (control.matches("input, button")) {
                control.checked = false;
                control.click();
            } else {
                const key = ["ArrowRight", " "][i % 2];
                control.dispatchEvent(new KeyboardEvent("keydown", { key }));
            }
            figure.getBoundingClientRect();  // waits for the layout
            return performance.now() - start;
        });
        const label = control.ariaLabel ?? control.parentElement.textContent;
        return [times.sort((p, q) => p - q)[10], label];
    }))"""


@every_page
def test_every_control_answers_within_a_frame(visitor, path):
    """On a computer half as fast as this one, which gets five attempts: it may be busy."""
    visitor.open(path)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 2})
    for _ in range(5):
        milliseconds, label = max(visitor.page.evaluate(MEDIANS, CONTROLS))
        if milliseconds < 16:
            break
    print(f"{path}: {milliseconds:.1f} ms at most, for {label}")
    assert milliseconds < 16, label
