"""The writer of chapter 12."""

import base64
import json
import re
from itertools import chain

import numpy as np
import pytest
from built_book import BOOK
from live_figure import PHONE, figure_with, numbers_agree, stop_the_clock
from playwright.sync_api import expect

from nnlib import widgets
from nnlib.gpt import GPT, next_token_distribution
from nnlib.language import TinyLanguage

LANGUAGE = TinyLanguage()
MODULUS = 2**31 - 1


def drawn(p, seed):
    seed = 48271 * seed % MODULUS
    return int(np.searchsorted(p.cumsum(), seed / MODULUS, side="right")), seed


def writers(rng):
    for k in range(24):
        heads, size, blocks = (int(n) for n in rng.integers(1, 4, size=3))
        words = list(chain(*LANGUAGE.sample(2, rng=rng)))[: k - 24 or None]
        sizes = [len(words) + 1 + k % 3, heads * size, heads, blocks]
        model = GPT(68, *sizes, rng=rng)
        for _, param, _ in model.named_params():
            param[...] = (param + 0.3 * rng.normal(size=param.shape)).astype("e")
        model.tokens.params["W"][rng.choice(68, 20)] = 0  # so many words have the same score, 0
        figure = widgets.Writer(
            model,
            LANGUAGE,
            rng=rng,
            temperature=(1.0, 0.0, 0.4, 2.0)[k % 4],
            top_k=int(rng.integers(1, 68)) if k % 3 else 68,
            top_p=rng.uniform(0.1, 1) if k % 5 else 1.0,
        )
        ids = [LANGUAGE.vocabulary.index(word) for word in [".", *words]]
        met = []
        for n, new in enumerate(ids[1:]):
            figure.text = " ".join(words[:n])
            p = figure.probabilities()
            met.append((p["model"][new], p["language"][new]))
        figure.text = " ".join(words)
        p = figure.probabilities()
        chosen, seed = drawn(p["drawn from"], figure.seed)
        surprises, exact = -np.log(np.reshape(met, (-1, 2))).T
        how = {"temperature": figure.temperature, "top_k": figure.top_k}
        how["top_p"] = figure.top_p if figure.top_p < 1 else None
        yield (
            {"vocab": 68, "sizes": sizes, "ids": ids, "seed": figure.seed, **how}
            | {"weights": figure.weights, "arcs": figure.arcs.ravel()},
            {"scores": model.predict([ids])[0, -1], "surprises": surprises, "exact": exact}
            | {"model": p["model"], "language": p["language"], "drawn": p["drawn from"]}
            | {"id": chosen, "seed": seed},
        )


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Writer, writers(rng), tolerance=1e-7)


@pytest.fixture(scope="module")
def written(origins):
    """The model of the Writer in chapter 12, its first text, and its seed."""
    source = (BOOK / "chapters" / "12_gpt.html").read_text(encoding="utf-8")
    states = re.search(r'widget-state\+json">(.*?)</script>', source, re.DOTALL)[1]
    for found in json.loads(states)["state"].values():
        if "entropy" in found["state"]:
            buffers = {buffer["path"][0]: buffer["data"] for buffer in found["buffers"]}
            numbers = np.frombuffer(base64.b64decode(buffers["weights"]), "<f2")
            traits = found["state"]
            model = GPT(68, *traits["sizes"], rng=np.random.default_rng())
            for _, param, _ in model.named_params():
                param[...] = numbers[: param.size].reshape(param.shape)
                numbers = numbers[param.size :]
            return model, traits["text"].split(), traits["seed"]
    raise LookupError("chapter 12 has no Writer")


def in_sight(figure):
    return figure.locator(".sheet > :is(.said, .never)").all_inner_texts()


LOOKS = """(e) => {
    window.looks = 0;
    new MutationObserver(() => window.looks++).observe(e, { subtree: true, characterData: true });
}"""


def run_of_twenty(figure, words):
    figure.get_by_role("button", name="Run", exact=True).click()
    figure.get_by_text(f"Mean of {words} words").first.wait_for()
    figure.get_by_role("button", name="Run", exact=True).wait_for()


def test_a_greedy_run_writes_what_generate_writes(live, written):
    """Where motion is unwelcome, Run writes twenty words at once."""
    model, start, _ = written
    page = live("12_gpt")
    figure = figure_with(page, "Next word")
    figure.get_by_label("temperature").fill("0")
    figure.locator(".live-result").evaluate(LOOKS)
    for words in (24, 31):
        run_of_twenty(figure, words)
    assert page.evaluate("window.looks") == 2, "it moved"
    ids = [LANGUAGE.vocabulary.index(word) for word in [".", *start]]
    expected = model.generate(ids, 27, rng=np.random.default_rng(), temperature=0)
    assert in_sight(figure) == [LANGUAGE.vocabulary[i] for i in expected[1:]]


def test_words_are_drawn_from_what_the_last_column_shows(live, written):
    """After some words were taken back too."""
    model, words, seed = written
    words = [*words[:-1], "the", "dogs"]
    page = live("12_gpt")
    figure = figure_with(page, "Next word")
    figure.get_by_role("button", name="Remove last", exact=True).click()
    figure.get_by_label("add words").fill("the dogs")
    figure.get_by_role("button", name="Add", exact=True).click()
    figure.get_by_label("temperature").fill("1.5")
    figure.get_by_label("top-k").fill("30")
    figure.get_by_label("top-p").fill("0.9")
    ids = [LANGUAGE.vocabulary.index(word) for word in [".", *words]]
    how = {"temperature": 1.5, "top_k": 30, "top_p": 0.9}
    for _ in range(20):
        p = next_token_distribution(model.predict([ids])[0, -1], **how)
        assert figure.locator("output", has_text=f"{(p > 0).sum()} word").count()
        best = LANGUAGE.vocabulary[p.argmax()].replace(".", "full stop")
        row = figure.get_by_role("group").get_by_role("button").first
        assert re.fullmatch(rf"{best}, model .* drawn from {p.max():.2f}", heard(row))
        new, seed = drawn(p, seed)
        ids.append(new)
        figure.get_by_role("button", name="Next word", exact=True).click()
        assert in_sight(figure)[-1] == LANGUAGE.vocabulary[new]


def heard(row):
    return " ".join(row.text_content().split())


def test_a_sentence_is_written_by_hand_and_compared_with_the_language(live):
    page = live("12_gpt")
    figure = figure_with(page, "Next word")
    said, field = figure.locator(".live-result"), figure.get_by_label("add words")
    figure.get_by_role("button", name="Clear", exact=True).click()
    assert said.inner_text().strip() == "Nothing is written yet. A sentence begins."
    figure.get_by_role("button", name="Remove last", exact=True).click()  # there is none
    field.focus()
    page.keyboard.type("mia GIVES Ben a\n")
    assert in_sight(figure) == ["Mia", "gives", "Ben", "a"]
    assert field.input_value() == ""
    exact = LANGUAGE.next_token_probabilities(in_sight(figure))
    for row in figure.get_by_role("group").get_by_role("button").all()[:8]:
        word, _, shares = row.text_content().partition(", model ")
        share = exact[LANGUAGE.vocabulary.index(word)]
        assert f", language {share:.2f}" in shares

    row = figure.get_by_role("group").get_by_role("button", name=re.compile("^ball"))
    row.focus()
    page.keyboard.press("Enter")
    assert in_sight(figure)[-1] == "ball"
    surprise = -np.log(exact[LANGUAGE.vocabulary.index("ball")])
    assert f"for the language {surprise:.2f}." in said.inner_text()
    spoken = figure.locator(".unseen[aria-live]")
    expect(spoken).to_have_text(said.inner_text().replace("\n", " "))

    figure.get_by_label("temperature").focus()
    page.keyboard.press("Home")
    assert figure.get_by_role("group").get_by_text("✕ cut").count() == 11
    assert figure.locator("output", has_text=re.compile("^1 word$")).count() == 1


def test_the_language_says_what_it_never_writes_and_the_model_goes_on(live):
    page = live("12_gpt")
    figure = figure_with(page, "Next word")
    said, field = figure.locator(".live-result"), figure.get_by_label("add words")
    opening = LANGUAGE.next_token_probabilities([]).max()
    for words, verdict, exact in (
        ("cat", "The language never writes it here.", "–"),
        ("cat", "The language never writes it here.", "–"),  # after a cat, wherever it stands
        ("sees", "The language has no sentence that begins like this.", "–"),
        ("Ben.", "The language has no sentence that begins like this.", f"{opening:.2f}"),
        ("Zoe dgo", "", ""),
    ):
        field.fill(words)
        page.keyboard.press("Enter")
        assert verdict in said.inner_text()
        first = figure.get_by_role("group").get_by_role("button").first
        assert exact in first.locator(".share-1").inner_text()
    assert figure.locator(".never").all_inner_texts() == ["cat", "cat"]
    assert "The model does not know “dgo”. It knows: dog dogs" in figure.inner_text()
    assert field.input_value() == "Zoe dgo"
    figure.get_by_role("button", name="Remove last", exact=True).click()
    assert in_sight(figure)[-3:] == ["cat", "sees", "Ben"]


def test_a_run_writes_word_by_word_until_it_is_stopped_and_a_tap_appends(live):
    page = live("12_gpt", reduced_motion="no-preference", **PHONE)
    figure = figure_with(page, "Next word")
    said, spoken = figure.locator(".live-result"), figure.locator(".unseen[aria-live]")
    expect(spoken).to_contain_text("Mean of 4")
    stop_the_clock(page)
    figure.get_by_role("button", name="Run", exact=True).click()
    for words in range(6, 9):
        page.clock.run_for(350)
        assert f"Mean of {words} words" in said.inner_text()
    assert "Mean of 4" in spoken.text_content()
    figure.get_by_role("button", name="Stop", exact=True).click()
    words = in_sight(figure)
    assert len(words) == 8
    page.clock.run_for(800)
    assert "Mean of 8" in spoken.text_content()
    assert in_sight(figure) == words
    row = figure.get_by_role("group").get_by_role("button").nth(2)
    row.tap()
    assert len(in_sight(figure)) == len(words) + 1


def test_a_text_ends_where_the_model_cannot_see_all_of_it(live):
    page = live("12_gpt")
    figure = figure_with(page, "Next word")
    figure.get_by_label("add words").fill("Mia sees Ben and Ben sees Mia . " * 30)
    figure.get_by_role("button", name="Add", exact=True).click()
    for name in ("Next word", "Run"):
        figure.get_by_role("button", name=name, exact=True).click()
        figure.get_by_role("button", name="Run", exact=True).wait_for()
        said = figure.locator(".live-result").inner_text()
        assert "Mean of 31 words" in said
        assert "The text is full: the model cannot see more." in said
