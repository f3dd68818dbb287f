"""A visit to a page of the book, which notes what goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

from built_book import PATIENCE, open_page
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response


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


@contextmanager
def new_visit(browser: Browser, origin: str, mode: str) -> Iterator[Visit]:
    with browser.new_context(color_scheme=mode, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE)
        context.add_init_script(
            f"localStorage.setItem('mode', '{mode}'); localStorage.setItem('theme', '{mode}')"
        )
        yield Visit(context.new_page(), origin, mode)
