"""The network of chapter 4, whose every number can be edited."""

import numpy as np
from live_figure import numbers_agree

from nnlib import widgets
from nnlib.descent import mean_squared_error, numerical_gradient


def run(given):
    """A network of three neurons: its loss, and all gradients."""
    traits = {name: np.asarray(value).tolist() for name, value in given.items()}
    network = widgets.Backprop(**traits).network()
    loss, dy = mean_squared_error(network.forward([given["x"]]), [[given["y"]]])
    dx = network.backward(dy)[0]
    dW_1, db_1, dW_2, db_2 = (grad.ravel() for *_, grad in network.named_params())
    return loss, {"dw": np.append(dW_1, dW_2), "db": np.append(db_1, db_2), "dx": dx}


def passes(rng):
    for _ in range(30):
        given = {"w": rng.normal(size=6), "b": rng.normal(size=3), "x": rng.normal(size=2)}
        given["y"] = rng.normal()
        loss, gradients = run(given)
        differences = []
        for name in ("w", "b", "x"):

            def loss_with(value, name=name, given=given):
                return run(given | {name: value})[0]

            differences.extend(numerical_gradient(loss_with, given[name]))
        yield given, {"loss": loss, **gradients, "differences": differences}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Backprop, passes(rng), tolerance=1e-9)


def test_backpropagation_goes_step_by_step_and_every_number_can_be_edited(live):
    page = live("04_backprop")
    figure = page.locator(".live").filter(has_text="To the loss")
    said = figure.locator(".live-result")
    following = figure.get_by_role("button", name="Next")
    assert said.inner_text() == "Step 0 of 24: nothing is computed yet"
    following.click()
    returns = figure.locator(".return")
    assert {way.get_attribute("opacity") for way in returns.all()} == {"0"}  # nothing goes back yet
    assert said.inner_text().startswith(
        "Step 1 of 24, forward: z₁ = w₁₁ · x₁ + w₁₂ · x₂ + b₁ = 0.8 · 1.5"
    )
    figure.get_by_role("button", name="To the loss").click()
    assert "L = (a₃ − y)² = (0.473 − 1)² = 0.278" in said.inner_text()
    assert {way.get_attribute("opacity") for way in returns.all()} == {"0"}
    figure.get_by_role("button", name="To the end").click()
    for row in figure.locator("tbody tr").all()[:-1]:
        _, gradient, difference = row.locator("td").all_inner_texts()
        assert gradient == difference != ""
    figure.get_by_role("spinbutton", name="w₃₁").fill("0")
    cells = [row.locator("td").nth(1).inner_text() for row in figure.locator("tbody tr").all()]
    assert [cells[row] for row in (0, 1, 6)] == ["0", "0", "0"]

    field = figure.get_by_role("spinbutton", name="x₂")
    field.fill("")  # an empty field changes nothing
    assert "dx₂ = dz₁ · w₁₂ + dz₂ · w₂₂" in said.inner_text()
    field.fill("0")
    page.keyboard.press("ArrowUp")
    figure.get_by_role("slider", name="step").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert said.inner_text().startswith("Step 21 of 24, backward: dw₂₂ = dz₂ · x₂")
    assert "· 0.1 = " in said.inner_text()
