"""The turning queries and keys of chapter 13."""

import re

import numpy as np
from live_figure import figure_with, numbers_agree

from nnlib import widgets
from nnlib.modern import rotate


def turned_by_degrees(x, degrees):
    """Each pair of features i and i + d / 2 as a complex number, which is turned."""
    pairs = (x[: len(degrees)] + 1j * x[len(degrees) :]) * np.exp(1j * np.deg2rad(degrees))
    return np.concatenate([pairs.real, pairs.imag])


def turns(rng):
    for case in range(60):
        d = (4, 6)[case % 2]
        q, k, ahead = rng.normal(size=d), rng.normal(size=d), rng.uniform(-180, 180, size=d // 2)
        (m, n), base = rng.integers(25, size=2), rng.uniform(2, 10000)
        start = turned_by_degrees(k, ahead)
        query, key = (rotate(x[None], [at], base=base)[0] for x, at in ((q, m), (start, n)))
        distances = np.arange(-24, 24.25, 0.25)
        scores = rotate(np.tile(q, (len(distances), 1)), distances, base=base) @ start
        found = {
            "query": query,
            "key": key,
            "products": (query * key).reshape(2, -1).sum(axis=0),
            "score": query @ key,
            "scores": scores,
        }
        given = {"q": q, "k": k, "ahead": ahead, "m": int(m), "n": int(n), "base": base}
        assert np.isclose(scores[4 * (m - n + 24)], query @ key)
        yield given, found


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Rotary, turns(rng))


def test_the_score_stays_where_both_move_and_changes_where_one_does(live):
    page = live("13_modern")
    figure = figure_with(page, "Both one on").first
    said = figure.locator(".live-result")
    plane = figure.get_by_label("Pair 0, 1 a place")
    before, arrows = said.inner_text(), plane.get_attribute("aria-label")
    assert re.match(r"m − n = −?\d+\. Score: ", before)

    figure.get_by_role("button", name="Both one on").press("Enter")
    assert said.inner_text() == before
    moved = plane.get_attribute("aria-label")
    assert moved != arrows
    assert moved.split(", ")[-2:] == arrows.split(", ")[-2:]  # the angle between, and the product
    figure.get_by_role("button", name="Both one back").press("Enter")
    assert plane.get_attribute("aria-label") == arrows

    figure.get_by_label("query at m").press("ArrowRight")
    assert said.inner_text() != before
    figure.get_by_label("key at n").press("ArrowRight")
    assert said.inner_text() == before


def test_both_stop_together_at_the_end_of_the_text(live):
    page = live("13_modern")
    figure = figure_with(page, "Both one on").first
    before = figure.locator(".live-result").inner_text()
    for _ in range(30):
        figure.get_by_role("button", name="Both one on").press("Enter")
    places = [int(figure.get_by_label(name).input_value()) for name in ("query at m", "key at n")]
    assert max(places) == 24
    assert figure.locator(".live-result").inner_text() == before
