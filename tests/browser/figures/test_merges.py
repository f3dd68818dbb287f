"""The merges of chapter 8."""

from live_figure import numbers_agree
from playwright.sync_api import expect

from nnlib import widgets
from nnlib.datasets import prose
from nnlib.tokens import BPETokenizer

TEXT = prose()[:20_000]
TOKENIZER = BPETokenizer.train(TEXT, 456)
PAIRS = list(TOKENIZER.merges)
STRANGE = ["", " ", "  a  b ", "Don't we'll", "x² + 5½, 127", "Zoé 日本 🙂", "a_b -- c!?", "\ttab"]


def texts(rng):
    for i in range(200):
        start = rng.integers(len(TEXT) - 80)
        text = TEXT[start : start + rng.integers(1, 80)].replace("\n", " ")
        step = int(rng.integers(len(PAIRS) + 1))
        text = STRANGE[i] if i < len(STRANGE) else text
        ids = BPETokenizer(PAIRS[:step]).encode(text)
        given = {"text": text, "merges": [i for pair in PAIRS for i in pair], "step": step}
        yield given, ids


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Merges, texts(rng))


def test_the_reader_steps_through_the_merges_of_a_text_forwards_and_back(live):
    page = live("08_tokens")
    figure = page.locator(".live-merges")
    said = figure.locator(".live-result")
    shown = figure.locator(".token b")
    figure.get_by_label("text").fill("the the")
    figure.get_by_role("button", name="None").click()
    expect(said).to_have_text(
        "7 bytes, 7 tokens. No merge has changed the text: every byte is a token."
    )
    assert shown.all_inner_texts() == ["t", "h", "e", "␣", "t", "h", "e"]
    figure.get_by_role("button", name="Next merge").click()
    expect(said).to_contain_text("7 bytes, 6 tokens. The last one is merge 1 of ")
    expect(said).to_contain_text("␣ + t → ␣t")
    assert shown.all_inner_texts() == ["t", "h", "e", "␣t", "h", "e"]
    assert figure.locator(".new b").all_inner_texts() == ["␣t"]
    figure.get_by_role("button", name="Next merge").click()
    before = shown.all_inner_texts()
    figure.get_by_role("button", name="Next merge").click()
    figure.get_by_role("button", name="Back").click()
    assert shown.all_inner_texts() == before
    figure.get_by_role("button", name="All").click()
    assert shown.all_inner_texts()[-1] == "␣the"


def test_a_text_that_is_too_long_is_not_taken(live):
    page = live("08_tokens")
    figure = page.locator(".live-merges")
    field = figure.get_by_label("text")
    field.fill("日" * 40)
    expect(figure.locator(".live-result")).to_contain_text("120 bytes")
    field.fill("日" * 41)
    expect(figure.locator(".live-problem")).to_have_text(
        "These are 123 bytes, and there is room for 120."
    )
    expect(figure.locator(".live-result")).to_contain_text("120 bytes")
    field.fill("日")
    expect(figure.locator(".live-problem")).to_have_count(0)
    assert figure.locator(".token b").all_inner_texts()[:1] == ["<E6>"]
