"""The product of chapter 2."""

import pytest
from live_figure import numbers_agree

from nnlib import widgets
from nnlib.matrices import dense


def products(rng):
    for _ in range(200):
        n, d_in, d_out = rng.integers(1, 6, size=3)
        X, W = rng.normal(size=(n, d_in)), rng.normal(size=(d_out, d_in))
        b = rng.normal(size=d_out)
        yield {"X": X, "W": W, "b": b}, dense(X, W, b)


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Product, products(rng))


@pytest.mark.parametrize(("motion", "seconds"), [("reduce", "0s"), ("no-preference", "0.5s")])
def test_the_product_is_the_same_sum_in_both_forms(live, motion, seconds):
    page = live("02_matrices", reduced_motion=motion)
    figure = page.locator(".live-product")
    said = figure.locator(".live-result")
    for _ in range(5):
        figure.get_by_role("button", name="Next number").click()
    rows = said.inner_text()
    assert rows == "Example 2, neuron 1: 1 · (−1) + 5 · 3 + 0 · 1 + 0.5 = 14.5"
    figure.get_by_role("radio", name="in columns").check(force=True)
    assert said.inner_text() == rows
    assert "(2, 4)" in figure.text_content()
    for _ in range(2):
        figure.get_by_role("button", name="Next number").click()
    again = figure.get_by_role("button", name="Begin again")
    assert "8 of 8 numbers" in figure.locator("svg[role=img]").get_attribute("aria-label")
    again.click()
    assert "1 of 8 numbers" in figure.locator("svg[role=img]").get_attribute("aria-label")
    moving = figure.locator(".moves").first
    assert moving.evaluate("e => getComputedStyle(e).transitionDuration") == seconds
