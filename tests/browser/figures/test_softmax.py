"""The softmax of chapter 2."""

from live_figure import figure_with, numbers_agree

from nnlib import widgets
from nnlib.matrices import softmax


def scores(rng):
    for _ in range(200):
        z, shift, factor = rng.normal(scale=5, size=4), rng.normal(), rng.exponential()
        moved = factor * z + shift
        yield {"z": z, "shift": shift, "factor": factor}, {"scores": moved, "p": softmax(moved)}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Softmax, scores(rng))


def pressed(page, slider, key, times):
    slider.focus()
    for _ in range(times):
        page.keyboard.press(key)


def test_a_shift_leaves_the_probabilities_and_a_factor_does_not(live):
    page = live("02_matrices")
    figure = figure_with(page, "multiply all by")
    drawing = figure.locator("svg[role=img]")
    before = drawing.get_attribute("aria-label")
    assert "score 2, 66.5 %" in before
    pressed(page, figure.get_by_label("add to all"), "ArrowRight", 7)
    assert drawing.get_attribute("aria-label") == before.replace("score 2", "score 2.7").replace(
        "score 1", "score 1.7"
    ).replace("score 0", "score 0.7")
    pressed(page, figure.get_by_label("multiply all by"), "ArrowRight", 10)
    assert "score 4.7, 86.7 %" in drawing.get_attribute("aria-label")
    assert "has 2 more than" in figure.locator(".live-result").inner_text()
    assert "7.39 times as likely" in figure.locator(".live-result").inner_text()
