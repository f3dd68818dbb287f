"""How the tests find a live figure in a page, and ask it for its numbers."""

import numpy as np
from playwright.sync_api import Browser, Locator, Page

from nnlib.backprop import Layer

FLOAT32 = 1e-4  # what images and weights that travel as float32 leave of the agreement

COMPUTE = """async ([text, given]) => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const { compute } = await import(url);
    return given.map(compute);
}"""


def figure_with(page: Page, text: str) -> Locator:
    return page.locator(".live", has_text=text)


def flat(model: Layer) -> np.ndarray:
    return np.concatenate([param.ravel() for _, param, _ in model.named_params()])


def plain(value):
    """Arrays as lists, so that the browser can have them."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return np.asarray(value).tolist()


def numbers_agree(browser: Browser, figure: type, pairs, tolerance: float = 1e-12) -> None:
    """The front end of a figure computes the same as the library.

    Each pair has what the front end is given, and what the library makes of it. The tolerance is
    for weights, images and arcs, which are float32, for training, which adds up rounding errors,
    for finite differences, which magnify the last digit, and for steps that diverge.
    """
    given, expected = zip(*pairs, strict=True)
    page = browser.new_page()
    found = page.evaluate(COMPUTE, [figure._esm, [plain(one) for one in given]])
    page.close()
    for mine, library in zip(found, expected, strict=True):
        for part in library if isinstance(library, dict) else [()]:
            np.testing.assert_allclose(
                mine[part] if part else mine,
                library[part] if part else library,
                rtol=tolerance,
                atol=tolerance,
            )
