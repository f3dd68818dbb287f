"""The residual stream of chapter 11."""

import base64
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from built_book import BOOK
from live_figure import PHONE, figure_with, numbers_agree
from playwright.sync_api import expect

from nnlib import widgets
from nnlib.backprop import Dense, Sequential
from nnlib.gpt import GPT
from nnlib.language import Embedding
from nnlib.matrices import softmax
from nnlib.transformer import LayerNorm, transformer_block


def streams(rng):
    for k in range(32):
        n_heads, size, n_blocks = (int(n) for n in rng.integers(1, 4, size=3))
        d, vocabulary, t = n_heads * size, list("abcdefghij")[: 5 + k % 6], 1 + k % 7
        model = SimpleNamespace(
            tokens=Embedding(len(vocabulary), d, rng=rng),
            positions=Embedding(t + k % 2, d, rng=rng),
            blocks=Sequential(*(transformer_block(d, n_heads, rng=rng) for _ in range(n_blocks))),
            norm=LayerNorm(d),
        )
        if k % 3:
            model.scores = Dense(d, len(vocabulary), rng=rng)
        for layer in vars(model).values():
            for _, param, _ in layer.named_params():
                param[...] = (param + 0.4 * rng.normal(size=param.shape)).astype(np.float16)
        ids = rng.integers(len(vocabulary), size=t)
        figure = widgets.Stream(model, vocabulary, sentence=" ".join("abcdefghij"[i] for i in ids))
        figure.off = [name for name in figure.parts if rng.random() < 0.3 * (k % 3)]
        yield (
            {"vocab": len(vocabulary), "sizes": figure.sizes, "weights": figure.weights}
            | {"ids": ids, "off": figure.off},
            by_hand(model, ids, figure.off),
        )


def by_hand(model, ids, off):
    """Probabilities and lengths at each place, one layer of the library after the other."""
    x = model.tokens.predict(ids) + model.positions.predict(np.arange(len(ids)))
    places, added = [x], [x]
    for n, block in enumerate(model.blocks):
        attend, think = block["attend"], block["think"]
        heads = attend["heads"].predict(attend["qkv"].predict(attend["norm"].predict(x)))
        parts = np.split(heads, attend["heads"].n_heads, axis=-1)
        kept = [part * (f"attention {n}, head {h}" not in off) for h, part in enumerate(parts)]
        added.append(attend["out"].predict(np.concatenate(kept, axis=-1)))
        x = x + added[-1]
        places.append(x)
        added.append((think.predict(x) - x) * (f"MLP {n}" not in off))
        x = x + added[-1]
        places.append(x)
    last = np.array(places)[:, -1]
    normed = model.norm.predict(last)
    tied = not hasattr(model, "scores")
    scores = normed @ model.tokens.params["W"].T if tied else model.scores.predict(normed)
    return {
        "probabilities": softmax(scores),
        "added": np.linalg.norm(np.array(added)[:, -1], axis=-1),
        "lengths": np.linalg.norm(last, axis=-1),
    }


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Stream, streams(rng))


@pytest.fixture
def shown(origins):
    """The figure of the chapter, as Python has it."""
    source = (BOOK / "chapters" / "11_transformer.html").read_text(encoding="utf-8")
    states = re.search(r'widget-state\+json">(.*?)</script>', source, re.DOTALL)[1]
    for found in json.loads(states)["state"].values():
        traits = found["state"]
        if {"off", "sizes"} <= set(traits):
            buffers = {buffer["path"][0]: buffer["data"] for buffer in found["buffers"]}
            vocabulary, sizes = traits["vocabulary"], traits["sizes"]
            model = GPT(len(vocabulary), *sizes, rng=np.random.default_rng(0))
            kept = {name: traits[name] for name in ("sentence", "token", "off")}
            figure = widgets.Stream(model, vocabulary, **kept)
            figure.weights = np.frombuffer(base64.b64decode(buffers["weights"]), "<f2")
            return figure
    raise LookupError("chapter 11 has no Stream")


def rows_of(figure):
    """The cells of each place, without its name: added, stream, answer, and likely words."""
    rows = figure.locator("tbody tr").all()
    return [[" ".join(t.split()) for t in row.locator("td").all_text_contents()] for row in rows]


def expected_rows(shown):
    p, stream = shown.run()
    first, _ = shown.run(off=[])
    answer = first[-1].argmax()
    added = np.diff(stream, axis=0, prepend=0)
    for place in range(len(p)):
        was = f" was {first[place, answer]:.2f}" if shown.off else ""
        words = np.argsort(-p[place], kind="stable")[:3]
        yield [
            f"{np.linalg.norm(added[place]):.2f}",
            f"{np.linalg.norm(stream[place]):.2f}",
            f"{p[place, answer]:.2f}{was}",
            " ".join(f"{shown.vocabulary[i]} {p[place, i]:.2f}" for i in words),
        ]


def agree(figure, shown):
    assert rows_of(figure) == list(expected_rows(shown))


def answer_of(shown):
    p = shown.run(off=[])[0][-1]
    return f"“{shown.vocabulary[p.argmax()]}” ({p.max():.2f})"


def opened(live, **options):
    page = live("11_transformer", **options)
    return page, figure_with(page, "last token that is read")


def test_the_table_follows_the_sentence_the_token_and_the_switches(live, shown):
    _, figure = opened(live)
    agree(figure, shown)
    said = figure.locator(".live-result")
    assert answer_of(shown) in said.inner_text()
    figure.get_by_label("sentence").fill("Mia gives ben a red hat and Ben thanks")
    shown.sentence = "Mia gives Ben a red hat and Ben thanks"
    figure.get_by_role("radio", name="and, token 6").check(force=True)
    shown.token = 6
    agree(figure, shown)
    assert figure.locator(".later:visible").all_inner_texts() == ["Ben", "thanks"]
    assert "After “Mia gives Ben a red hat and” the model" in said.inner_text()
    figure.get_by_role("radio", name="thanks, token 8").check(force=True)
    shown.token = None
    for part in (shown.parts[-1], shown.parts[0]):
        figure.get_by_role("checkbox", name=part, exact=True).uncheck()
        shown.off = [name for name in shown.parts if name in (*shown.off, part)]
        agree(figure, shown)
        without = ", ".join(shown.off).replace(", head", " head")
        assert f"Without {without}: " in said.inner_text()
        assert answer_of(shown) in said.inner_text()
    figure.get_by_role("button", name="Switch all on").click()
    shown.off = []
    agree(figure, shown)


def test_it_says_from_where_on_the_answer_is_the_most_likely_word(live, shown):
    _, figure = opened(live)
    spoken = figure.locator(".unseen[aria-live]")
    for sentence in (
        "Mia sees Ben and",
        "Mia walks two white dogs and the",
        "the cats near the gate",
    ):
        figure.get_by_label("sentence").fill(sentence)
        last = sentence.count(" ")
        figure.get_by_role("radio", name=f", token {last}").check(force=True)
        shown.sentence, shown.token = sentence, None
        p, _ = shown.run(off=[])
        first = next(k for k in range(len(p)) if (p[k:].argmax(1) == p[-1].argmax()).all())
        there = p[first, p[-1].argmax()]
        words = f"from {shown.places[first]} on ({there:.2f} there)."
        assert words in figure.locator(".live-result").inner_text()
        expect(spoken).to_contain_text(words)


def test_it_is_used_with_the_keys_and_says_what_it_cannot_read(live, shown):
    page, figure = opened(live)
    last = shown.parts[-1]
    figure.get_by_role("checkbox", name=last, exact=True).focus()
    page.keyboard.press("Space")
    shown.off = [last]
    agree(figure, shown)
    assert rows_of(figure)[-1][0] == "0.00"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # switch all on
    shown.off = []
    agree(figure, shown)
    figure.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowLeft")
    shown.token = len(shown.words()) - 2
    agree(figure, shown)
    figure.get_by_label("sentence").fill("Mia sees the goad")
    assert figure.get_by_text(
        "The model does not know “goad”. It knows: goat goats"
    ).first.is_visible()
    agree(figure, shown)


def test_it_is_used_with_a_finger(live, shown):
    _, figure = opened(live, **PHONE)
    figure.locator(".live-segments label").nth(1).tap()
    shown.token = 1
    figure.locator(".parts label").nth(0).tap()
    shown.off = shown.parts[:1]
    agree(figure, shown)
    assert figure.locator(".off").all_inner_texts() == [shown.off[0].split(", ")[1]]
