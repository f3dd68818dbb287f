"""Every page is visited twice: over http in light mode, and as a file in dark mode."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from built_book import BOOK, PATIENCE, find_chromium, served
from live_figure import live_chapter
from playwright.sync_api import Browser, Page, expect, sync_playwright
from visits import Visit, new_visit

expect.set_options(timeout=PATIENCE)

REDIRECT = "index.html"
PAGES = sorted(
    path.relative_to(BOOK).as_posix()
    for path in BOOK.rglob("*.html")
    if not path.relative_to(BOOK).parts[0].startswith("_")
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            stop = pytest.fail if os.environ.get("NNLIB_REQUIRE_BROWSER") == "1" else pytest.skip
            stop("no Chromium found: install one, or name it in NNLIB_CHROMIUM")
        with playwright.chromium.launch(executable_path=executable) as browser:
            yield browser


@pytest.fixture(scope="session")
def origins() -> Iterator[dict[str, str]]:
    if not (BOOK / REDIRECT).exists():
        pytest.fail("there is no book in _build/html: run `make book`")
    with served() as address:
        yield {"http": address, "file": BOOK.as_uri()}


@pytest.fixture(scope="module", params=["http-light", "file-dark"])
def way(request, origins) -> tuple[str, str]:
    scheme, mode = request.param.split("-")
    return origins[scheme], mode


@pytest.fixture(scope="module", params=[path for path in PAGES if path != REDIRECT] or [REDIRECT])
def visit(request, browser, way) -> Iterator[Visit]:
    """One page of the book, opened once for all tests that look at it."""
    with new_visit(browser, *way) as visit:
        visit.open(request.param)
        yield visit


@pytest.fixture
def live(browser, origins) -> Iterator[Callable[..., Page]]:
    """A function that opens a chapter with live figures."""
    with ExitStack() as opened:

        def open_chapter(name: str, **options) -> Page:
            chapter = live_chapter(browser, origins["http"], name, **options)
            return opened.enter_context(chapter)

        yield open_chapter


@pytest.fixture
def visitor(browser, way) -> Iterator[Visit]:
    """For a test that goes its own way."""
    with new_visit(browser, *way) as visit:
        yield visit
