"""What holds for every page of the built book."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_book import BOOK

LIMIT = 2_500_000

# Formulas that MathJax did not typeset, could not parse, or shows in red as unknown macros.
FAILED_MATHS = """() => [
    ...[...document.querySelectorAll(".math")].filter((e) => !e.querySelector("mjx-container")),
    ...document.querySelectorAll("mjx-merror, [data-mjx-error], mjx-mtext[style*='red']"),
].map((e) => e.outerHTML.slice(0, 200))"""

UNDESCRIBED_PICTURES = """() => [...document.querySelectorAll("img, svg")]
    .filter((e) => !e.closest("[aria-hidden=true]") && e.getAttribute("alt") !== "")
    .filter((e) => {
        const label = document.getElementById(e.getAttribute("aria-labelledby"))
            ?? e.querySelector(":scope > title");
        const name = e.getAttribute("alt") ?? e.getAttribute("aria-label") ?? label?.textContent;
        return (name ?? "").trim().length < 15;
    })
    .map((e) => e.outerHTML.slice(0, 200))"""

CAPTIONS = """() => [...document.querySelectorAll(".cell_output :is(.plot, .live)")]
    .filter((e) => !e.matches(".on-paper"))
    .map((e) => e.closest("figure")?.querySelector("figcaption")?.textContent.trim())"""

SHARP_EDGES = """() => [...document.querySelectorAll(".plot, .pst-scrollable-table-container")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1)
    .filter((e) => getComputedStyle(e).getPropertyValue("--fade-right") === "0px")
    .map((e) => e.outerHTML.slice(0, 200))"""

UNFIT_FOR_PAPER = """() => {
    const seen = (e) => e.getClientRects().length > 0;
    const all = (selector) => [...document.querySelectorAll(selector)];
    const frame = ".bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, footer";
    const controls = ".bd-article :is(button, input, textarea, .live, .fold:not([open]))";
    const found = all(`${frame}, ${controls}`).filter(seen);
    const empty = (figure) => ![...figure.querySelectorAll(".plot svg")].some(seen);
    found.push(...all(".cell_output figure").filter(empty));
    const [red] = getComputedStyle(document.body).backgroundColor.match(/\\d+/);
    if (red < 240) found.push(document.body);
    return found.map((e) => e.outerHTML.slice(0, 200));
}"""

MISSING_ICONS = """() => [...document.querySelectorAll("[class^='fa-'], [class*=' fa-']")]
    .filter((e) => getComputedStyle(e, "::before").content === "none")
    .map((e) => e.outerHTML.slice(0, 200))"""

BEYOND_THE_EDGE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
        .filter((e) => e.getBoundingClientRect().right > width)
        .map((e) => e.outerHTML.slice(0, 200));
}"""


def test_it_opens_without_complaint(visit):
    assert not visit.complaints, "\n".join(visit.complaints)


def axe(mode: str) -> dict:
    """What to look for: in the dark theme only what has to do with colours can be another."""
    colours = {"runOnly": ["color-contrast", "link-in-text-block"]}
    return {"resultTypes": ["violations"]} | (colours if mode == "dark" else {})


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible(visit, width):
    visit.resize(width)
    assert visit.page.evaluate("document.documentElement.dataset.theme") == visit.mode
    serious = [
        f"{violation['id']}: {node['html']}"
        for violation in Axe().run(visit.page, options=axe(visit.mode)).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert not serious, "\n".join(serious)


def test_it_fits_a_phone(visit):
    visit.resize(390)
    found = visit.page.evaluate(BEYOND_THE_EDGE)
    assert not found, "\n".join(found)


def test_what_goes_on_beyond_the_edge_of_a_phone_fades_there(visit):
    visit.resize(390)
    found = visit.page.evaluate(SHARP_EDGES)
    assert not found, "\n".join(found)


def test_it_shows_no_warnings(visit):
    assert visit.page.locator(".output.stderr").all_inner_texts() == []


def test_its_formulas_are_typeset(visit):
    found = visit.page.evaluate(FAILED_MATHS)
    assert not found, "\n".join(found)


def test_its_pictures_are_described(visit):
    found = visit.page.evaluate(UNDESCRIBED_PICTURES)
    assert not found, "\n".join(found)


def test_its_figures_are_numbered_and_have_captions(visit):
    if not visit.path.startswith("chapters/"):
        return
    found = visit.page.evaluate(CAPTIONS)
    chapter = int(Path(visit.path).stem.partition("_")[0])
    for number, caption in enumerate(found, start=1):
        assert caption, found
        assert re.match(rf"Figure {chapter}\.{number} \S+ \S+ \S+ \S+", caption), found
    assert found


def test_it_prints_its_figures_in_light_colours_and_no_controls(visit):
    visit.page.emulate_media(media="print")
    found = visit.page.evaluate(UNFIT_FOR_PAPER)
    visit.page.emulate_media(media="screen")
    assert not found, "\n".join(found)


def test_its_icons_are_there(visit):
    found = visit.page.evaluate(MISSING_ICONS)
    assert not found, "\n".join(found)


def test_it_is_light(visit):
    sizes = {response.url: len(response.body()) for response in visit.responses}
    largest = sorted(sizes, key=sizes.get, reverse=True)
    assert sum(sizes.values()) <= LIMIT, "\n".join(f"{sizes[url]:>9,} {url}" for url in largest)


def test_its_figures_come_to_life(visit):
    source = (BOOK.parents[1] / visit.path).with_suffix(".ipynb")
    if not source.exists():
        source = source.with_suffix(".md")
    text = source.read_text(encoding="utf-8") if source.exists() else ""
    calls = re.findall(r"\bwidgets\.[A-Z]", text)
    assert visit.page.locator(".live").count() == len(calls)
    assert visit.page.locator("[data-model]").count() == 0


def test_the_search_finds_a_chapter(visitor):
    visitor.open("search.html?q=threshold")
    visitor.page.locator("#search-results a[href*='chapters/']").first.wait_for()
    assert not visitor.complaints, "\n".join(visitor.complaints)


def test_the_first_page_leads_into_the_book(visitor):
    visitor.page.goto(f"{visitor.origin}/index.html")
    visitor.page.wait_for_url("**/book/intro.html")
    assert not visitor.complaints, "\n".join(visitor.complaints)
