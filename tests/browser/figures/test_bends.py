"""The bends of chapter 2."""

import numpy as np
from live_figure import figure_with, numbers_agree

from nnlib import widgets
from nnlib.matrices import dense
from nnlib.neuron import relu
from nnlib.widgets.bends import END, TARGETS


def networks(rng):
    for _ in range(100):
        c, v, x = rng.uniform(0, END, 6), rng.normal(size=6), rng.uniform(0, END, 9)
        b = rng.normal()
        hidden = relu(dense(x[:, None], np.ones((6, 1)), -c))
        for target, curve in TARGETS.items():
            order = np.argsort(c)
            places = np.append(c[order], END)
            slopes = np.diff(curve(places)) / np.diff(places)
            follow = np.empty(6)
            follow[order] = np.diff(slopes, prepend=0)
            given = {"c": c, "v": v, "b": b, "x": x, "target": target}
            y = dense(hidden, v[None], [b])[:, 0]
            yield given, {"y": y, "v": follow, "b": curve(places[0])}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Bends, networks(rng), tolerance=1e-9)


def test_three_neurons_make_a_hat(live):
    page = live("02_matrices")
    figure = figure_with(page, "curve to follow")
    said = figure.locator(".live-result")
    figure.get_by_role("button", name="All weights 0").click()
    figure.get_by_role("radio", name="hat").check(force=True)
    assert "at most 1 away from the hat" in said.inner_text()
    figure.get_by_role("button", name="Follow the curve").click()
    assert "at most 0 away from the hat" in said.inner_text()
    weight = figure.get_by_label("weight v")
    for neuron, bend in (("0", "0"), ("1", "1"), ("2", "−2"), ("3", "1"), ("4", "0")):
        figure.get_by_role("radio", name=neuron, exact=True).check(force=True)
        assert weight.get_attribute("aria-valuetext") == bend


def test_a_bend_follows_the_pointer_and_the_keys(live):
    page = live("02_matrices")
    figure = figure_with(page, "curve to follow")
    place = figure.get_by_label("place c")
    figure.get_by_role("radio", name="4", exact=True).check(force=True)
    place.focus()
    page.keyboard.press("ArrowRight")
    assert place.get_attribute("aria-valuetext") == "4.05"
    box = figure.locator("svg[role=img]").first.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 60)
    page.mouse.up()
    assert figure.get_by_role("radio", name="3", exact=True).is_checked()
    assert place.get_attribute("aria-valuetext") == "3.6"
