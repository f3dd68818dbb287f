"""The vote of chapter 4."""

import numpy as np
from live_figure import FLOAT32, figure_with, numbers_agree
from one_of_each import FIGURES

from nnlib import widgets


def votes(rng):
    figure = FIGURES["Vote"]()
    for k in range(30):
        figure.activations = np.maximum(rng.normal(size=(10, 16)), 0)
        figure.W, figure.b = rng.normal(size=(10, 16)), rng.normal(size=10)
        figure.example, figure.neuron = rng.integers(10), rng.integers(16)
        figure.view = ("one", "mean")[k % 2]
        chosen = range(10) if figure.view == "mean" else [figure.example]
        given = {"activations": figure.activations, "W": figure.W, "b": figure.b}
        yield given | {"chosen": list(chosen), "neuron": figure.neuron}, figure.votes()


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Vote, votes(rng), tolerance=FLOAT32)


def test_a_silent_neuron_hears_wishes_and_its_weights_none(live):
    page = live("04_backprop")
    figure = figure_with(page, "whose wishes")
    said = figure.locator(".live-result")
    figure.get_by_role("slider", name="digit").fill("3")
    figure.get_by_role("slider", name="neuron").fill("0")
    assert said.inner_text().startswith("Neuron 0, with activation 0, is asked to fall: 0.19")
    assert said.inner_text().endswith("It is silent: nothing is asked of its weights.")
    arriving = figure.locator("svg").nth(1)
    assert "added up −0.19" in arriving.get_attribute("aria-label")
    figure.get_by_role("slider", name="digit").fill("0")
    assert "silent" not in said.inner_text()
    figure.get_by_role("radio", name="mean of ten").check(force=True)
    assert said.inner_text().startswith("In the mean of ten images neuron 0 is asked")
