"""The modules of the page's notebook, in a browser but outside the book."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from built_book import PATIENCE
from playwright.sync_api import BrowserContext, Page, Route

HOME = "http://notebook.test/"
BOOK = Path(__file__).parents[3] / "book"
BLANK = """<!doctype html><html lang="en" data-theme="light"><title>A page</title>
<link rel="stylesheet" href="/book.css"><link rel="stylesheet" href="/notebook.css">
<main class="bd-article"></main>"""


def answer(route: Route) -> None:
    name = route.request.url.removeprefix(HOME)
    if name.endswith(".js"):
        route.fulfill(path=BOOK / "notebook" / name, content_type="text/javascript")
    elif name.endswith(".css"):
        route.fulfill(path=BOOK / "_static" / name, content_type="text/css")
    else:
        route.fulfill(body=BLANK, content_type="text/html")


@pytest.fixture
def context(browser) -> Iterator[BrowserContext]:
    """A visitor of its own, with its own storage."""
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        context.route(f"{HOME}**", answer)
        yield context


@pytest.fixture
def blank(context) -> Callable[[], Page]:
    """A function that opens one more tab."""

    def open_tab() -> Page:
        page = context.new_page()
        page.goto(HOME)
        return page

    return open_tab


@pytest.fixture
def page(blank) -> Page:
    return blank()
