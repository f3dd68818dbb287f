"""How the tests find a live figure, operate it, and ask it for its numbers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from built_book import BOOK, PATIENCE
from playwright.sync_api import Browser, Locator, Page

from nnlib.backprop import Layer

CHAPTERS = sorted(
    path.stem for path in (BOOK / "chapters").glob("*.html") if "live.js" in path.read_text("utf-8")
)
PHONE = {"has_touch": True, "viewport": {"width": 390, "height": 900}}
CONTROLS = "input, button, [tabindex='0'][data-lm-suppress-shortcuts]"
FLOAT32 = 1e-4  # what images and weights that travel as float32 leave of the agreement

# Each time i, the control is given something else to do.
OPERATE = """(control, i) => {
    if (control.type === "range") {
        const share = ((i * 0.618) % 1) * (control.max - control.min);
        control.value = Number(control.min) + share;
        control.dispatchEvent(new Event("input"));
    } else if (control.type === "text") {
        control.value = control.value.split(" ").reverse().join(" ");
        control.dispatchEvent(new Event("input"));
    } else if (control.matches("input, button")) {
        control.checked = false;
        control.click();
    } else {
        control.dispatchEvent(new KeyboardEvent("keydown", { key: ["ArrowRight", " "][i % 2] }));
    }
}"""

# As text, because Playwright takes its time for every single number; JSON has no infinity.
COMPUTE = """async ([text, given]) => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const { compute } = await import(url);
    return JSON.stringify(JSON.parse(given).map(compute), (_, value) => {
        if (ArrayBuffer.isView(value)) return Array.from(value);
        return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
    });
}"""


def wait_for_life(page: Page) -> None:
    """Wait until no figure is a still picture any more."""
    page.wait_for_function("!document.querySelector('[data-model]')")


@contextmanager
def live_chapter(browser: Browser, origin: str, name: str, **options) -> Iterator[Page]:
    """A chapter with live figures, but without formulas: they take most of the time to open it."""
    with browser.new_context(**{"reduced_motion": "reduce"} | options) as context:
        context.set_default_timeout(PATIENCE)
        context.route("**/mathjax/**", lambda route: route.abort())
        page = context.new_page()
        page.goto(f"{origin}/chapters/{name}.html")
        wait_for_life(page)
        yield page


def stop_the_clock(page: Page) -> None:
    """From now on time passes only where a test says so, however busy the computer is."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def figure_with(page: Page, text: str) -> Locator:
    return page.locator(".live", has_text=text)


def flat(model: Layer) -> np.ndarray:
    return np.concatenate([param.ravel() for _, param, _ in model.named_params()])


def numbers_agree(browser: Browser, figure: type, pairs, tolerance: float = 1e-12) -> None:
    """The front end of a figure computes the same as the library.

    Each pair has what the front end is given, and what the library makes of it. The tolerance is
    for weights, images and arcs, which are float32, for training, which adds up rounding errors,
    for finite differences, which magnify the last digit, and for steps that diverge.
    """
    given, expected = zip(*pairs, strict=True)
    text = json.dumps(given, default=lambda array: array.tolist())
    page = browser.new_page()
    found = json.loads(page.evaluate(COMPUTE, [figure._esm, text]))
    page.close()
    for mine, library in zip(found, expected, strict=True):
        for part in library if isinstance(library, dict) else [()]:
            np.testing.assert_allclose(
                np.array(mine[part] if part else mine, dtype=float),
                library[part] if part else library,
                rtol=tolerance,
                atol=tolerance,
            )
