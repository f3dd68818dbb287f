"""The words of chapter 9."""

import re

import numpy as np
from live_figure import figure_with, numbers_agree

from nnlib import widgets


def tables(rng):
    for _ in range(40):
        n, size = int(rng.integers(3, 20)), int(rng.integers(2, 9))
        vectors = rng.normal(size=(n, size))
        chosen = int(rng.integers(n))
        lengths = np.linalg.norm(vectors, axis=1)
        cosines = vectors @ vectors[chosen] / (lengths * lengths[chosen])
        order = np.argsort(-cosines, kind="stable")
        yield (
            {"vectors": vectors.ravel(), "size": size, "chosen": chosen},
            {"cosines": cosines, "order": order[order != chosen]},
        )


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.WordMap, tables(rng))


def nearest(figure):
    return figure.locator("tbody button").all_inner_texts()


def test_a_word_is_found_by_typing_and_each_neighbour_leads_on(live):
    figure = figure_with(live("09_language"), "without decay")
    assert figure.locator(".chosen").inner_text() == "“Mia” (names)"
    figure.get_by_label("find a word").fill("ben")
    assert figure.locator(".chosen").inner_text() == "“Ben” (names)"
    assert len(nearest(figure)) == 6
    cosines = [
        float(text.replace("−", "-")) for text in figure.locator("td").all_inner_texts()[1::2]
    ]
    assert cosines == sorted(cosines, reverse=True)
    first = nearest(figure)[0]
    figure.locator("tbody button").first.click()
    assert figure.locator(".chosen").inner_text().startswith(f"“{first}”")


def test_the_networks_have_other_neighbours(live):
    figure = figure_with(live("09_language"), "without decay")
    figure.get_by_label("find a word").fill("Mia")
    found = []
    for network in ("untrained", "without decay", "with decay"):
        figure.get_by_role("radio", name=network, exact=True).check(force=True)
        classes = figure.locator("td").all_inner_texts()[::2]
        found.append(classes.count("names"))
    assert found[0] < 3
    assert found[2] > 4


def test_the_map_is_pointed_at_and_walked_with_arrow_keys(live):
    page = live("09_language")
    figure = figure_with(page, "without decay")
    drawing = figure.get_by_role("application")
    drawing.scroll_into_view_if_needed()
    figure.get_by_label("find a word").fill("dog")
    box = drawing.bounding_box()
    corner = re.search(r"Chosen: (.+?)\.", drawing.get_attribute("aria-label"))[1]
    page.mouse.click(box["x"] + 0.97 * box["width"], box["y"] + 0.9 * box["height"])
    pointed = re.search(r"Chosen: (.+?)\.", drawing.get_attribute("aria-label"))[1]
    assert corner == "dog" != pointed
    drawing.focus()
    seen = set()
    for key in ["ArrowLeft"] * 4 + ["ArrowUp"] * 4:
        page.keyboard.press(key)
        seen.add(re.search(r"Chosen: (.+?)\. Near", drawing.get_attribute("aria-label"))[1])
    assert len(seen) > 3
