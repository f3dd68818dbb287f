"""Photograph a chapter of the built book for the README.

python tests/browser/screenshot.py [page [section]]

Writes book/screenshot.png: 1280 by 900, in light mode. The page is the first chapter unless
it is named, such as chapters/01_neuron.html; a section is named by the end of its address.
"""

import sys

from built_book import BOOK, find_chromium, open_page
from playwright.sync_api import sync_playwright

path = sys.argv[1] if len(sys.argv) > 1 else "chapters/01_neuron.html"
section = sys.argv[2] if len(sys.argv) > 2 else ""
with (
    sync_playwright() as playwright,
    playwright.chromium.launch(executable_path=find_chromium(playwright)) as browser,
    browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light") as page,
):
    open_page(page, f"{BOOK.as_uri()}/{path}")
    if section:
        page.locator(f"[id='{section}']").evaluate("element => element.scrollIntoView()")
    page.screenshot(path=BOOK.parents[1] / "book" / "screenshot.png")
