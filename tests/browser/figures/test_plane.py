"""The plane of chapter 2."""

import numpy as np
import pytest
from live_figure import figure_with, numbers_agree

from nnlib import neuron, widgets
from nnlib.matrices import forward

FUNCTIONS = {"none": lambda z: z, "relu": neuron.relu, "sigmoid": neuron.sigmoid}


def planes(rng):
    for _ in range(200):
        points, W, b = rng.normal(size=(5, 2)), rng.normal(size=(2, 2)), rng.normal(size=2)
        for activation, phi in FUNCTIONS.items():
            for applied in ("once", "twice"):
                layers = [(W, b)] * (1 + (applied == "twice"))
                given = {"points": points, "W": W.ravel(), "b": b}
                given |= {"activation": activation, "applied": applied}
                yield given, {"points": forward(points, layers, phi)}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Plane, planes(rng))


def gaps(rng):
    """How far apart two segments are, from how far they reach in every direction."""
    angles = np.linspace(0, 2 * np.pi, 20_001)
    ways = np.stack([np.cos(angles), np.sin(angles)])
    for _ in range(100):
        W, b = rng.normal(size=(2, 2)), rng.normal(size=2)
        for activation, phi in FUNCTIONS.items():
            corners = forward([[0, 1], [1, 0], [0, 0], [1, 1]], [(W, b)], phi) @ ways
            gap = np.max(corners[:2].min(axis=0) - corners[2:].max(axis=0))
            given = {"points": [], "W": W.ravel(), "b": b}
            yield given | {"activation": activation, "applied": "once"}, {"gap": max(gap, 0)}


def test_it_sees_whether_a_line_separates_the_corners(browser, rng):
    numbers_agree(browser, widgets.Plane, gaps(rng), tolerance=2e-3)


def test_only_a_bend_takes_the_exclusive_or_apart(live):
    page = live("02_matrices")
    figure = figure_with(page, "XOR apart").first
    said = figure.locator(".live-result")
    for name in ("as it was", "turn", "stretch", "slant", "flatten"):
        figure.get_by_role("button", name=name, exact=True).click()
        assert "No straight line separates" in said.inner_text()
    figure.get_by_role("button", name="XOR apart").click()
    assert "A straight line separates" in said.inner_text()
    assert "(1, 1) → (0.5, 0.5)" in said.inner_text()
    figure.get_by_role("radio", name="none").check(force=True)
    assert "No straight line separates" in said.inner_text()


@pytest.mark.parametrize(("activation", "bends"), [("none", False), ("sigmoid", True)])
def test_a_layer_twice_leaves_the_grid_straight_without_a_function(live, activation, bends):
    page = live("02_matrices")
    figure = figure_with(page, "XOR apart").first
    figure.get_by_role("button", name="turn", exact=True).click()
    figure.get_by_role("radio", name="twice").check(force=True)
    figure.get_by_role("radio", name=activation).check(force=True)
    spoken = figure.locator("svg[role=img]").nth(1).get_attribute("aria-label")
    assert ("The grid bends" in spoken) is bends
    lines = figure.locator("svg[role=img]").nth(1).locator(".grid")
    corners = [len(lines.nth(k).get_attribute("d").split("L")) for k in range(18)]
    assert (max(corners) > 2) is bends
