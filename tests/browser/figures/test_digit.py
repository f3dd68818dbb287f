"""The drawn digit of chapters 6 and 7."""

import re
from itertools import pairwise

import numpy as np
from live_figure import FLOAT32, PHONE, figure_with, flat, numbers_agree, stop_the_clock

from nnlib import widgets
from nnlib.backprop import Dense, ReLU, Sequential
from nnlib.datasets import place
from nnlib.matrices import softmax
from nnlib.understanding import pixel_contributions


def digits(rng):
    for k in range(40):
        hidden = rng.integers(1, 20, size=k % 3).tolist()
        layers = [Dense(*pair, rng=rng) for pair in pairwise([784, *hidden, 10])]
        model = Sequential(*[part for layer in layers for part in (layer, ReLU())][:-1])
        for _, param, _ in model.named_params():
            param[...] += 0.1 * rng.normal(size=param.shape)
        rows, columns = np.sort(rng.choice(29, size=(2, 2), replace=True), axis=1) + [[0, 1]] * 2
        drawing = np.zeros((28, 28))
        drawing[slice(*rows), slice(*columns)] = rng.random((28, 28))[slice(*rows), slice(*columns)]
        by, output, rivalled = ("mass", "box")[k % 2], (None, k % 10)[k % 2], k % 3 == 0
        given = {"drawing": drawing.ravel(), "by": by, "weights": flat(model), "output": output}
        image = place(drawing.ravel(), by)
        scores = model.predict(image)
        chosen = int(scores.argmax()) if output is None else output
        contributions, bias = pixel_contributions(model, image, chosen)
        if rivalled:
            rival = next(k for k in scores.argsort()[::-1] if k != chosen)
            others, other_bias = pixel_contributions(model, image, rival)
            contributions, bias = contributions - others, bias - other_bias
        yield (
            given | {"sizes": [784, *hidden, 10], "rivalled": rivalled},
            {
                "input": image,
                "scores": scores,
                "probabilities": softmax(scores),
                "chosen": chosen,
                "rival": rival if rivalled else np.nan,
                "contributions": contributions,
                "bias": bias,
            },
        )


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Digit, digits(rng), tolerance=FLOAT32)


def seven(page, grid):
    """Draw a seven with the mouse."""
    box = grid.bounding_box()
    corners = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]
    (x, y), *others = [
        (box["x"] + u * box["width"], box["y"] + v * box["width"]) for u, v in corners
    ]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=3)
    page.mouse.up()


INK = """(e) => [...e.querySelectorAll("rect[fill]")]
    .map((square) => Number(square.getAttribute("fill").match(/\\d+/)?.[0] ?? 0) / 255)"""
INPUT = """(e) => [...e.getContext("2d").getImageData(0, 0, 28, 28).data]
    .filter((_, k) => k % 4 === 0).map((byte) => byte / 255)"""


def test_a_drawn_digit_is_placed_and_read_and_its_score_explained(live):
    page = live("07_understanding")
    figure = figure_with(page, "Clear")
    grid, said = figure.get_by_role("application"), figure.locator(".live-result")
    figure.get_by_role("button", name="Clear").click()
    assert "Nothing is drawn yet." in said.inner_text()
    grid.scroll_into_view_if_needed()
    seven(page, grid)
    drawn = np.array(grid.evaluate(INK))[:784]
    for by, words in (("box", "its box"), ("mass", "its centre of mass")):
        figure.get_by_role("radio", name=words).check(force=True)
        given = figure.locator("canvas").evaluate(INPUT)
        np.testing.assert_allclose(given, place(drawn, by), atol=0.01)
    assert re.search(r"The network reads \d: [\d.]+ %\.", said.inner_text())

    figure.get_by_role("radio", name="4", exact=True).check(force=True)
    figure.get_by_role("radio", name="nothing").check(force=True)
    sums = re.search(r"Pixels (.*) \+ biases (.*) = (.*), the score of 4\.", said.inner_text())
    pixels, biases, score = (float(part.replace("−", "-")) for part in sums.groups())
    assert round(pixels + biases - score, 2) == 0
    assert figure.get_by_role("img", name="Contributions of the pixels: for 4").count() == 1

    figure.get_by_role("radio", name="its strongest rival").check(force=True)
    words = re.search(r"the score of 4 minus that of (\d)\.", said.inner_text())
    assert figure.get_by_text(f"4 and not {words[1]}").is_visible()
    figure.get_by_role("button", name="Clear").click()
    assert re.search(r"From its biases alone the network says \d: ", said.inner_text())
    assert "Pixels 0.00 + biases" in said.inner_text()


def test_the_answer_is_spoken_when_the_pen_rests(live):
    page = live("06_generalising")
    figure = figure_with(page, "Clear")
    figure.get_by_role("button", name="Clear").click()
    spoken = figure.locator(".unseen[aria-live=polite]").last
    figure.get_by_text("Nothing is drawn yet.").nth(1).wait_for(state="attached")
    stop_the_clock(page)
    grid = figure.get_by_role("application")
    grid.focus()
    page.keyboard.press("Space")
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    assert "Nothing" in spoken.text_content()
    assert "row 19, column 13, pen down" in figure.text_content()
    drawn = np.array(grid.evaluate(INK))[:784].reshape(28, 28)
    assert np.flatnonzero(drawn[:, 13] == 1).tolist() == list(range(12, 21))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    np.testing.assert_array_equal(drawn.ravel(), grid.evaluate(INK)[:784])
    page.clock.run_for(1000)
    assert spoken.text_content() == figure.locator(".live-result").inner_text().splitlines()[0]


def test_a_finger_draws_and_does_not_scroll(live):
    page = live("06_generalising", **PHONE)
    figure = figure_with(page, "Clear")
    figure.get_by_role("button", name="Clear").click()
    grid = figure.get_by_role("application")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    page.touchscreen.tap(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    assert sum(ink > 0 for ink in grid.evaluate(INK)) > 4
    assert grid.evaluate("e => getComputedStyle(e).touchAction") == "none"
