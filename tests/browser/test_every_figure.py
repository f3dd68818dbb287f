"""What holds for every live figure in the static page."""

from pathlib import Path

import pytest
from live_figure import CHAPTERS, CONTROLS, OPERATE, live_chapter

from benchmarks import controls
from nnlib import widgets


@pytest.fixture(scope="module", params=CHAPTERS)
def page(request, browser, origins):
    """A chapter with live figures, opened once for all tests here."""
    with live_chapter(browser, origins["http"], request.param) as page:
        yield page


def test_no_figure_escapes_these_tests():
    """Each has a file of its own, which compares its numbers with the library's."""
    here = Path(__file__).parent / "figures"
    expected = {here / f"test_{name.lower()}.py" for name in widgets.__all__}
    assert expected == set(here.glob("test_*.py"))
    for file in expected:
        assert "\ndef test_its_numbers_are_those_of_the_library(" in file.read_text(), file.name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_without_scripts_there_is_a_picture(browser, origins, chapter):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/{chapter}.html")
        pictures = page.locator("[data-model] svg[role=img]").all()
        assert pictures
        for picture in pictures:
            assert picture.is_visible()
            assert len(picture.get_attribute("aria-label")) > 60


def test_every_control_is_reached_with_the_tab_key_and_shows_it(page):
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


CHANGES = f"""(controls) => [...document.querySelectorAll(".live")].flatMap((figure) => {{
    const operate = {OPERATE};
    const watch = {{ subtree: true, childList: true, attributes: true, characterData: true }};
    const observer = new MutationObserver(() => {{}});
    observer.observe(figure, watch);
    const parts = figure.querySelectorAll("*").length;
    return [...figure.querySelectorAll(controls)].map((control) => {{
        const changes = Array.from({{ length: 7 }}, (_, i) => {{
            operate(control, i);
            return observer.takeRecords().length;
        }});
        const label = control.ariaLabel ?? control.parentElement.textContent;
        return [Math.max(...changes), parts, label];
    }});
}})"""


def test_a_control_changes_no_more_than_the_figure_has_parts(page):
    """Whoever draws everything anew, or twice, keeps a slow computer from answering in time.

    How long an answer takes is a matter for `make bench`.
    """
    found = page.evaluate(CHANGES, CONTROLS)
    assert max(changes for changes, *_ in found) > 0
    for changes, parts, label in found:
        assert changes <= parts, label


def test_what_every_control_costs_can_be_measured(live):
    page = live("02_matrices")
    found = controls.costs(page, rounds=1)
    assert len(found) == page.locator(".live").locator(CONTROLS).count()
    for cost in found:
        assert min(cost.times) > 0
        assert min(cost.empty) > 0
