"""The hidden neurons of chapter 7."""

import re

import numpy as np
from live_figure import figure_with, numbers_agree

from nnlib import widgets
from nnlib.descent import accuracy


def layers(rng):
    for k in range(40):
        n, hidden, classes = rng.integers(12, 30), rng.integers(2, 9), rng.integers(2, 6)
        activations = np.maximum(rng.normal(size=(n, hidden)), 0).round(1)
        labels = np.arange(n) % classes
        effects, biases = rng.normal(size=(classes, hidden)), rng.normal(size=classes)
        neuron, out = int(rng.integers(hidden)), rng.permutation(hidden)[: k % 3]
        threshold = float(rng.choice(activations[:, neuron]))
        kept = activations.copy()
        kept[:, out] = 0
        own = activations[:, neuron]
        yield (
            {
                "activations": activations.ravel(),
                "labels": labels,
                "effects": effects.ravel(),
                "biases": biases,
                "neuron": neuron,
                "threshold": threshold,
                "out": out,
            },
            {
                "strengths": own,
                "votes": effects[:, neuron],
                "shares": [(own[labels == k] > threshold).mean() for k in range(classes)],
                "strongest": np.argsort(-own, kind="stable"),
                "right": n * accuracy(kept @ effects.T + biases, labels),
            },
        )


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Explorer, layers(rng))


def test_a_neuron_is_chosen_counted_and_taken_out(live):
    page = live("07_understanding")
    figure = figure_with(page, "Put all back")
    said = figure.locator(".live-result")
    figure.get_by_role("slider", name="neuron").fill("1")
    figure.get_by_role("slider", name="threshold").fill("2")
    assert (
        "Neuron 1 is above 2 for 94 % of the images of 6 and for at most 14 % of any other digit."
        in said.inner_text()
    )
    assert "353 of 360 images are read right with all neurons." in said.inner_text()
    figure.get_by_role("button", name="Take neuron 1 out").click()
    assert "352 of 360 images are read right without neuron 1." in said.inner_text()
    figure.get_by_role("slider", name="neuron").fill("2")
    figure.get_by_role("button", name="Take neuron 2 out").click()
    assert "without neuron 1, 2." in said.inner_text()
    figure.get_by_role("button", name="Put neuron 2 back").click()
    figure.get_by_role("button", name="Put all back").click()
    assert "with all neurons" in said.inner_text()


STRENGTHS = """(row) => [...row.querySelectorAll("span")].map((e) => Number(e.textContent))"""


def test_the_strongest_answers_stand_in_order_and_belong_to_their_images(live):
    page = live("07_understanding")
    figure = figure_with(page, "Put all back")
    figure.get_by_role("button", name="go to the neuron that tells 6 best").click()
    assert figure.get_by_role("slider", name="neuron").input_value() == "1"
    top, sample = figure.locator(".images").all()
    strengths = top.evaluate(STRENGTHS)
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[0] > max(sample.evaluate(STRENGTHS))
    assert top.get_by_role("img", name="an image of 6").count() == 8


def test_the_threshold_is_dragged(live):
    page = live("07_understanding")
    figure = figure_with(page, "Put all back")
    drawing = figure.locator("svg").first
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    shares = []
    for part in (0.15, 0.35):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + 0.5 * box["height"])
        page.mouse.down()
        page.mouse.up()
        label = drawing.get_attribute("aria-label")
        shares.append([int(share) for share in re.findall(r"(\d+) %", label)])
    assert np.all(np.array(shares[0]) >= shares[1])
    assert shares[0] != shares[1]
