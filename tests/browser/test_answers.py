"""What is folded below each exercise of the built book, and the page that lists them."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from nnlib.exercises import ORDER, exercises

EVERY = {
    (number, chapter, name): one
    for number, chapter in enumerate(ORDER, start=1)
    for name, one in exercises(chapter).items()
}
each_chapter = pytest.mark.parametrize("chapter", ORDER)


def label(chapter: str, name: str) -> str:
    return f"ex-{chapter}-{name.replace('_', '-')}"


def prose(text: str) -> str:
    return " ".join(text.replace("`", "").split())


@pytest.fixture(scope="module")
def opened(browser, origins) -> Iterator[Callable[[str], Page]]:
    """A function that opens a page of the book without running its scripts."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()

        def open_page(path: str) -> Page:
            page.goto(f"{origins['http']}/{path}")
            return page

        yield open_page


def answers(page: Page, chapter: str, name: str) -> Locator:
    return page.locator(f"[data-exercise='{chapter}.{name}'] > .answers")


@each_chapter
def test_the_folds_hold_all_that_is_known_about_an_exercise(opened, chapter):
    page = opened(f"chapters/{ORDER.index(chapter) + 1:02}_{chapter}.html")
    for name, one in exercises(chapter).items():
        box = answers(page, chapter, name)
        assert box.locator("details").count() == len(one.hints) + 2
        assert box.locator("details[open]").count() == 0
        shown = box.text_content()
        assert one.source() in shown, name
        for code in one.wrong_code().values():
            assert code in shown, name
        for text in [*one.hints, one.reason, *one.mistakes]:
            assert prose(text) in prose(shown), name


@each_chapter
def test_a_box_holds_each_exercise_and_says_what_is_checked(opened, chapter):
    page = opened(f"chapters/{ORDER.index(chapter) + 1:02}_{chapter}.html")
    boxes = page.locator("[data-exercise]")
    for box, name in zip(boxes.all(), exercises(chapter), strict=True):
        assert box.get_attribute("data-exercise") == f"{chapter}.{name}"
        expect(box.locator(f"> .exercise#{label(chapter, name)}")).to_have_count(1)
        called = f"ex.{name}.check({box.get_attribute('data-call')})"
        assert called in box.locator("> .tag_exercise").text_content()


def test_folds_are_printed_where_they_are_open(opened):
    page = opened("chapters/01_neuron.html")
    below = answers(page, "neuron", "pre_activation")
    solution = below.locator(".highlight")
    page.emulate_media(media="print")
    expect(below).to_be_hidden()
    below.locator("details").evaluate_all("folds => folds.forEach(fold => { fold.open = true; })")
    expect(solution).to_be_visible()
    page.emulate_media(media="screen")


def test_paper_is_light(opened):
    page = opened("chapters/01_neuron.html")
    page.locator("html").evaluate("html => html.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    ink = page.locator(".bd-article p").first.evaluate("p => getComputedStyle(p).color")
    assert ink == "rgb(31, 36, 48)"
    page.emulate_media(media="screen")


def test_the_list_leads_to_every_exercise(opened):
    page = opened("book/solutions.html")
    links = page.locator(".exercises a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links == [
        f"../chapters/{number:02}_{chapter}.html#{label(chapter, name)}"
        for number, chapter, name in EVERY
    ]
