"""A browser for the benchmarks that look at the built book."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BROWSER_TESTS = Path(__file__).parents[1] / "tests" / "browser"


@contextmanager
def opened(what: str, needed: str) -> Iterator:
    """Chromium, or None where it, a package, or a file of the book is missing, which is said."""
    sys.path.append(str(BROWSER_TESTS))
    try:
        from built_book import BOOK, find_chromium
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError as error:
        print(f"\nThe {what} are left out. They need the package {error.name}.")
        yield None
        return
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None or not any(BOOK.glob(needed)):
            print(f"\nThe {what} are left out. They need Chromium, and the book: `make book`.")
            yield None
            return
        with playwright.chromium.launch(executable_path=executable) as browser:
            yield browser
