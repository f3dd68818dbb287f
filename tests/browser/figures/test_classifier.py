"""The neuron in training of chapter 3."""

import numpy as np
from live_figure import figure_with, numbers_agree

from nnlib import widgets


def trainings(rng):
    for _ in range(40):
        x, by_hand, steps = rng.random((30, 2)), rng.normal(size=3), int(rng.integers(0, 40))
        is_yes = x @ [1, -1] + 0.2 * rng.normal(size=30) > 0
        given = {"weights": (3 * rng.normal(size=3)).tolist(), "lr": rng.uniform(0.1, 60)}
        figure = widgets.Classifier(x, is_yes, by_hand=by_hand, **given)
        x, is_yes = figure.examples()
        weights, losses = figure.after(steps)
        fires = x @ weights[:2] + weights[2] > 0
        counts = {"found": sum(fires & is_yes), "alarms": sum(fires & ~is_yes)}
        yield (
            given | {"x": x, "y": is_yes.astype(int), "steps": steps},
            {"weights": weights, "losses": losses} | counts,
        )


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Classifier, trainings(rng), tolerance=1e-9)


def test_its_points_travel_in_two_bytes_each_and_come_back(rng):
    x, is_yes = rng.random((50, 2)), rng.random(50) > 0.6
    figure = widgets.Classifier(x, is_yes, by_hand=[1, 1, -1])
    assert len(figure.points) == 2 * x.size
    found, yes = figure.examples()
    np.testing.assert_allclose(found, np.concatenate([x[is_yes], x[~is_yes]]), atol=1e-5)
    assert sum(yes) == sum(is_yes)


def test_weights_set_by_hand_find_more_zeros_than_learned_ones(live):
    page = live("03_descent")
    figure = figure_with(page, "hand-set weights")
    said = figure.locator(".live-result")
    assert said.inner_text().startswith("Step 0: loss 0.693, 1295 of 1437 right.")
    figure.get_by_role("button", name="Put my hand-set weights here").click()
    assert "1413 of 1437 right. Found 140 of 142 zeros, with 22 false alarms." in said.inner_text()
    figure.get_by_role("button", name="Start again").click()
    for hundred in range(1, 6):
        figure.get_by_role("button", name="Run").click()
        said.get_by_text(f"Step {hundred}00: ").wait_for()
        figure.get_by_role("button", name="Run").wait_for()
    assert said.inner_text().startswith("Step 500: loss 0.0353, 1420 of 1437 right.")
    assert "Found 133 of 142 zeros, with 8 false alarms." in said.inner_text()


def test_a_large_rate_throws_the_loss_up(live):
    page = live("03_descent")
    figure = figure_with(page, "hand-set weights")
    figure.get_by_label("learning rate").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    figure.get_by_role("button", name="Step", exact=True).click()
    assert figure.locator(".live-result").inner_text().startswith("Step 1: loss 1.56, 1295 of")
