"""The walks of chapters 3 and 5."""

import numpy as np
import pytest
from live_figure import PHONE, numbers_agree

from nnlib import widgets
from nnlib.descent import gradient_descent
from nnlib.widgets.descent import LOSSES


def walks(rng):
    for name, (loss, gradient, seen) in LOSSES.items():
        for momentum in (None, *rng.random(30)):
            start, lr, steps = rng.normal(size=2), rng.uniform(0, 0.3), int(rng.integers(1, 15))
            given = {"start": start.tolist(), "lr": lr, "momentum": momentum, "steps": steps}
            path = widgets.Descent(name, **given).walk()
            if momentum is None:
                settings = {"lr": lr, "steps": len(path) - 1}
                plain = gradient_descent(gradient, start[: len(seen)], **settings)
                np.testing.assert_allclose(path, plain)
            yield given | {"loss": name}, {"path": path, "losses": loss(path.T)}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Descent, walks(rng), tolerance=1e-9)


def test_a_walk_overshoots_and_diverges_and_says_so(live):
    page = live("03_descent")
    figure = page.locator(".live").first
    said, rate = figure.locator(".live-result"), figure.get_by_label("learning rate")
    assert said.inner_text().endswith("slope −1.007. The last step overshot.")
    rate.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert rate.get_attribute("aria-valuetext") == "1.05"
    figure.get_by_role("button", name="Run").click()
    assert "beyond 1000" in said.inner_text()
    figure.get_by_role("button", name="Start again").click()
    assert said.inner_text() == "Step 0: w = 0, loss 9, slope −6."
    figure.get_by_role("button", name="Step").click()
    assert said.inner_text().startswith("Step 1: w = 6.3, ")
    for _ in range(11):
        rate.press("ArrowLeft")
    assert said.inner_text().endswith("slope 0. Here the slope is 0, and the walk stands still.")


def test_another_loss_keeps_the_number_of_steps_and_the_first_one_its_start(live):
    page = live("03_descent")
    figure = page.locator(".live").nth(1)
    said, rate = figure.locator(".live-result"), figure.get_by_label("learning rate")
    there = said.inner_text()
    assert there.startswith("Step 30: w = ")
    figure.get_by_role("radio", name="narrow valley").check(force=True)
    assert said.inner_text().startswith("Step 30: w = (−")
    rate.fill("0.22")
    assert "It diverges" in said.inner_text()
    figure.get_by_role("radio", name="two valleys").check(force=True)
    assert said.inner_text() == there


def test_a_walk_starts_where_mouse_or_finger_or_keys_put_it(live):
    page = live("03_descent", **PHONE)
    figure = page.locator(".live").nth(1)
    figure.get_by_role("radio", name="narrow valley").check(force=True)
    said, field = figure.locator(".live-result"), figure.locator(".field")
    figure.get_by_role("button", name="Start again").click()
    assert said.inner_text().startswith("Step 0: w = (−8, 1.5), ")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(*middle)
    assert said.inner_text().startswith("Step 0: w = (−2, 0), ")
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], box["y"] - 50, steps=5)
    page.mouse.up()
    assert said.inner_text().startswith("Step 0: w = (−2, 4.4), ")
    figure.get_by_label("start w₁").focus()
    page.keyboard.press("ArrowLeft")
    assert said.inner_text().startswith("Step 0: w = (−2.1, 4.4), ")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_run_takes_its_time_unless_the_reader_prefers_stillness(live, motion):
    page = live("05_training", reduced_motion=motion)
    figure = page.locator(".live").filter(has_text="momentum")
    said, run = figure.locator(".live-result"), figure.get_by_role("button", name="Run")
    figure.get_by_role("button", name="Start again").click()
    run.click()
    if motion == "reduce":
        assert said.inner_text().startswith("Step 100: ")
    else:
        stop = figure.get_by_role("button", name="Stop")
        assert said.get_attribute("aria-live") == "off"
        page.wait_for_function(
            "!document.querySelector('.live-result').textContent.includes('Step 0')"
        )
        stop.click()
    assert run.is_visible()
    assert said.get_attribute("aria-live") == "polite"
