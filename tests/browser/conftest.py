"""Every page is visited twice: over http in light mode, and as a file in dark mode."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from built_book import BOOK, PATIENCE, find_chromium, open_page, served
from live_figure import live_chapter
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

expect.set_options(timeout=PATIENCE)

REDIRECT = "index.html"
PAGES = sorted(
    path.relative_to(BOOK).as_posix()
    for path in BOOK.rglob("*.html")
    if not path.relative_to(BOOK).parts[0].startswith("_")
)


class Visit:
    """A page of the book, and what went wrong or came over the wire since it was opened."""

    def __init__(self, page: Page, origin: str, mode: str) -> None:
        self.page = page
        self.path = ""
        self.origin = origin
        self.mode = mode
        self.complaints: list[str] = []
        self.responses: list[Response] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self._note_request)
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        page.on("response", self._note_response)

    def open(self, path: str) -> None:
        self.path = path
        open_page(self.page, f"{self.origin}/{path}")

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.wait_for_timeout(500)  # the theme waits 300 ms before it reacts

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.complaints.append(f"from elsewhere: {request.url}")

    def _note_response(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400:
            self.complaints.append(f"status {response.status}: {response.url}")


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


@contextmanager
def new_visit(browser: Browser, origin: str, mode: str) -> Iterator[Visit]:
    with browser.new_context(color_scheme=mode, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE)
        context.add_init_script(
            f"localStorage.setItem('mode', '{mode}'); localStorage.setItem('theme', '{mode}')"
        )
        yield Visit(context.new_page(), origin, mode)


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
