"""The neuron with named inputs of chapter 1."""

from live_figure import numbers_agree

from nnlib import neuron, widgets


def neurons(rng):
    for _ in range(100):
        x, w, b = rng.normal(scale=3, size=4), rng.normal(scale=3, size=4), rng.normal()
        z = neuron.weighted_sum(x, w, b)
        for activation in ("step", "sigmoid", "relu"):
            a = getattr(neuron, activation)(z)
            given = {"x": x, "w": w, "b": b, "activation": activation}
            yield given, {"products": x * w, "sum": x @ w, "z": z, "a": a}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Umbrella, neurons(rng))


def test_the_figure_grows_with_the_chapter(live):
    page = live("01_neuron")
    first, second, third = page.locator(".live-umbrella").all()
    assert first.locator(".live-result").inner_text() == "Weighted sum: 7 + (−1) + 2 = 8."
    assert first.get_by_label("bias b", exact=True).count() == 0
    assert second.get_by_role("radio").count() == 0
    assert third.get_by_role("radio").count() == 3

    first.get_by_label("load", exact=True).press("ArrowRight")
    assert first.locator(".live-result").inner_text() == "Weighted sum: 7 + (−1.5) + 2 = 7.5."
    second.get_by_label("bias b", exact=True).press("ArrowRight")
    assert "8 + (−9.5) = −1.5 is not above 0: it is silent." in second.inner_text()
    for _ in range(4):
        second.get_by_label("bias b", exact=True).press("ArrowRight")
    assert "8 + (−7.5) = 0.5 is above 0: it fires." in second.inner_text()
    third.get_by_role("radio", name="ReLU").check(force=True)
    assert "z = 8 + (−4) = 4, and a = 4." in third.inner_text()
