"""The learner of chapter 4."""

import re

import numpy as np
from live_figure import figure_with, flat, numbers_agree, stop_the_clock

from nnlib import widgets


def learners(rng):
    figure = widgets.Learner(rng=rng)
    for k in range(24):
        figure.data, figure.activation = figure.names[k % 4], ("tanh", "relu")[k // 4 % 2]
        figure.lr, figure.weights = rng.uniform(0.05, 0.5), flat(figure.model(rng))
        (x, y), (learned, losses) = figure.points(), figure.after(3 * k)
        given = {"x": x, "y": y, "weights": figure.weights, "sizes": figure.sizes}
        yield (
            given | {"activation": figure.activation, "lr": figure.lr, "steps": 3 * k},
            {"weights": flat(learned), "losses": losses},
        )


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Learner, learners(rng), tolerance=1e-8)


def test_the_learner_learns_and_starts_again(live):
    """Where motion is unwelcome, Run makes a hundred steps and shows the last."""
    page = live("04_backprop")
    figure = figure_with(page, "Start again")
    said = figure.locator(".live-result")
    start = said.inner_text()
    assert start.startswith("Step 0:")
    figure.get_by_role("button", name="Step").click()
    assert said.inner_text().startswith("Step 1:")
    for steps in (101, 201):
        figure.get_by_role("button", name="Run").click()
        figure.get_by_text(f"Step {steps}:").first.wait_for()
        figure.get_by_role("button", name="Run").wait_for()
    _, losses = widgets.Learner(rng=np.random.default_rng(4)).after(202)
    assert f"loss {losses[-1]:.3g}," in said.inner_text()
    figure.get_by_role("radio", name="circle").check(force=True)
    assert said.inner_text().startswith("Step 0:")
    figure.get_by_role("radio", name="moons").check(force=True)
    assert said.inner_text() == start


def steps(said):
    return int(re.match(r"Step (\d+):", said)[1])


def test_a_running_learner_moves_until_it_is_stopped(live):
    page = live("04_backprop", reduced_motion="no-preference")
    figure = figure_with(page, "Start again")
    said = figure.locator(".live-result")
    stop_the_clock(page)
    figure.get_by_role("button", name="Run").click()
    page.clock.run_for(100)
    early = said.inner_text()
    page.clock.run_for(300)
    later = said.inner_text()
    assert 0 < steps(early) < steps(later)
    figure.get_by_role("button", name="Stop").click()
    stopped = said.inner_text()
    page.clock.run_for(300)
    assert said.inner_text() == stopped


def test_a_tie_counts_as_half_right(live):
    """All scores are alike where a rate of 2.5 has silenced a whole layer."""
    page = live("04_backprop")
    figure = figure_with(page, "Start again")
    figure.get_by_role("radio", name="spirals").check(force=True)
    figure.get_by_role("radio", name="ReLU").check(force=True)
    figure.get_by_role("slider", name="learning rate").fill("2.5")
    for _ in range(15):
        figure.get_by_role("button", name="Run").click()
        figure.get_by_role("button", name="Run").wait_for()
    assert "loss 0.693, 100 of 200 points right" in figure.locator(".live-result").inner_text()
