"""The detector of chapter 1."""

from live_figure import FLOAT32, PHONE, figure_with, numbers_agree

from nnlib import neuron, widgets


def detectors(rng):
    for _ in range(30):
        images, w = rng.random((3, 784), "f"), rng.normal(size=784).astype("f")
        b = rng.normal(scale=10)
        sums = neuron.weighted_sum(images, w, 0.0)
        given = {"images": images.ravel(), "w": w, "b": b}
        yield given, {"sums": sums, "a": neuron.neuron(images, w, b, neuron.step)}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Detector, detectors(rng), tolerance=FLOAT32)


def test_the_detector_is_painted_by_keyboard_mouse_and_touch(live):
    page = live("01_neuron", **PHONE)
    figure = figure_with(page, "All to 0")
    said, grid = figure.locator(".live-result"), figure.get_by_role("application")
    assert said.inner_text() == "Threshold 69. The neuron fires for 0, 6, 9, ink."
    painted = "(e) => e.querySelectorAll('[fill*=orange]').length"

    grid.focus()
    page.keyboard.press("Space")
    assert grid.evaluate(painted) == 9
    assert "row 13, column 13, weight −5.5" in figure.text_content()
    page.keyboard.press("Shift+ArrowDown")
    assert grid.evaluate(painted) == 12
    assert said.inner_text() == "Threshold 69. The neuron fires for 0."

    figure.get_by_label("bias b").fill("-37")
    assert said.inner_text().startswith("Threshold 37.")
    figure.get_by_role("button", name="Start again").click()
    assert grid.evaluate(painted) == 0
    assert said.inner_text() == "Threshold 69. The neuron fires for 0, 6, 9, ink."
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    corner = box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"]
    page.touchscreen.tap(*corner)
    assert grid.evaluate(painted) == 9
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0] + 0.5 * box["width"], corner[1], steps=20)
    page.mouse.up()
    assert grid.evaluate(painted) > 30
