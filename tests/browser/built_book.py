"""The built book, a server for it, and a browser to open it with."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, Playwright

# How many milliseconds to wait for what should come at once: nothing fails for being slow.
PATIENCE = 300_000
BOOK = Path(__file__).parents[2] / "_build" / "html"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """The book over http, at the address that this gives."""
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(QuietHandler, directory=str(BOOK))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def find_chromium(playwright: Playwright) -> str | None:
    """NNLIB_CHROMIUM if it is set, and otherwise the first Chromium of this machine."""
    if chosen := os.environ.get("NNLIB_CHROMIUM"):
        return chosen
    candidates = (
        playwright.chromium.executable_path,
        "/usr/bin/chromium",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    )
    return next(filter(None, map(shutil.which, candidates)), None)


def open_page(page: Page, url: str) -> None:
    """Go there, and wait until the formulas and letters are in their final place."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.evaluate("async () => { await window.MathJax?.startup?.promise }")
    page.evaluate("async () => { await document.fonts.ready }")
