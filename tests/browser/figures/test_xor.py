"""The two lines of chapter 1."""

import numpy as np
from live_figure import figure_with, numbers_agree

from nnlib import widgets
from nnlib.neuron import neuron, step
from nnlib.widgets.xor import CORNERS, THIRD


def lines(rng):
    for _ in range(100):
        angle, shift = rng.uniform(-180, 180, size=2), rng.uniform(-1, 1, size=2)
        for third, last in THIRD.items():
            figure = widgets.Xor(angle=list(angle), shift=list(shift), third=third)
            w, b = zip(*figure.neurons(), strict=True)
            hidden = np.stack([neuron(CORNERS, *each, step) for each in figure.neurons()], axis=1)
            answers = neuron(hidden, *last, step)
            given = {"angle": angle, "shift": shift, "third": third}
            yield given, {"w": np.stack(w), "b": b, "hidden": hidden, "answers": answers}


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Xor, lines(rng))


def test_its_lines_are_where_python_says(rng):
    figure = widgets.Xor(angle=[45, -135], shift=[0.5**0.5, -0.25])
    (w, b), _ = figure.neurons()
    np.testing.assert_allclose(w @ [1, 1] + b, 0, atol=1e-12)
    np.testing.assert_allclose(w, [0.5**0.5, 0.5**0.5])


def set_range(figure, label, value):
    figure.get_by_label(label, exact=True).fill(str(value))


def test_two_lines_and_a_third_neuron_make_xor(live):
    page = live("01_neuron")
    figure = figure_with(page, "turn line 1")
    said = figure.locator(".live-result")
    assert said.inner_text().startswith("Correct: 1 of 4 corners.")
    for line, angle in ((1, 45), (2, -135)):
        set_range(figure, f"turn line {line}", angle)
        set_range(figure, f"move line {line}", -0.35)
    assert said.inner_text().startswith("Correct: 4 of 4 corners: XOR.")
    figure.get_by_role("radio", name="1 or 2").check(force=True)
    assert said.inner_text().startswith("Correct: 2 of 4 corners.")


def test_a_line_is_moved_and_turned_by_its_handles(live):
    page = live("01_neuron")
    figure = figure_with(page, "turn line 1")
    figure.scroll_into_view_if_needed()
    move, turn = figure.locator(".handle").all()[:2]

    def pull(handle, right, down):
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + right, y + down, steps=5)
        page.mouse.up()

    pull(move, 40, 0)
    moved = float(figure.get_by_label("move line 1", exact=True).input_value())
    assert 0.45 < moved < 0.65
    pull(turn, -20, -60)
    assert figure.get_by_label("turn line 1", exact=True).input_value() != "0"
