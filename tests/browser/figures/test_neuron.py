"""The neuron of chapter 1."""

from live_figure import figure_with, numbers_agree

from nnlib import neuron, widgets


def neurons(rng):
    for _ in range(200):
        x, w, b = rng.normal(scale=3, size=(5, 2)), rng.normal(scale=3, size=2), rng.normal()
        z = neuron.weighted_sum(x, w, b)
        for activation in ("step", "sigmoid", "tanh", "relu", "leaky_relu"):
            slope = {"slope": 0.1} if activation == "leaky_relu" else {}
            a = getattr(neuron, activation)(z, **slope)
            yield {"x": x, "w": w, "b": b, "activation": activation}, {"z": z, "a": a}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Neuron, neurons(rng))


def test_the_neuron_says_how_many_corners_are_right(live):
    page = live("01_neuron")
    figure = figure_with(page, "filled corners")
    said = figure.locator(".live-result")
    assert said.inner_text().startswith("Correct: 3 of 4 corners. A ring marks a wrong one.")
    assert figure.get_by_role("radio", name="tanh").count() == 0
    figure.get_by_role("radio", name="or", exact=True).check(force=True)
    assert "Correct: 4 of 4 corners." in said.inner_text()
    bias = figure.get_by_label("bias b")
    bias.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    assert bias.get_attribute("aria-valuetext") == "−1.5"
    assert "2 of 4 corners" in said.inner_text()
    assert "(1, 1): 0.622" in said.text_content()
