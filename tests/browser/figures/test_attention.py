"""The head of attention of chapter 10."""

import re

import numpy as np
import pytest
from live_figure import PHONE, figure_with, numbers_agree

from nnlib import widgets
from nnlib.attention import CausalSelfAttention, causal_mask, merge_heads
from nnlib.backprop import Dense
from nnlib.language import Embedding


def readers(rng):
    for k in range(40):
        t, context, size, n_heads, n_layers = 1 + k % 7, 7, 1 + k % 3, 1 + k % 4, 1 + k % 2
        d, vocabulary = size * n_heads, list("abcdefghij")[: 5 + k % 6]
        words, positions = (Embedding(n, d, rng=rng) for n in (len(vocabulary), context))
        attends = [CausalSelfAttention(d, n_heads, rng=rng) for _ in range(n_layers)]
        layers = [words, positions, *attends, Dense(d, len(vocabulary), rng=rng)]
        for layer in layers:
            for _, param, _ in layer.named_params():
                param[...] = (param + rng.normal(scale=0.5, size=param.shape)).astype("f")
        ids = rng.integers(len(vocabulary), size=t)
        figure = widgets.Attention(
            layers,
            vocabulary,
            sentence=" ".join(vocabulary[i] for i in ids),
            scale=("1/√d", "none")[k // 2 % 2],
            mask=("causal", "none")[k // 3 % 2],
        )
        weights, probabilities = figure.run()

        products, values, taken = [], [], []
        x = words.predict(ids) + positions.params["W"][:t]
        for layer, shares in zip(attends, np.split(weights, n_layers), strict=True):
            queries, keys, v = layer.split(layer.qkv.predict(x))
            products.extend(queries @ keys.swapaxes(1, 2))
            values.extend(v)
            taken.extend(shares @ v)
            x = x + layer.out.predict(merge_heads(shares @ v))
        scaled = np.array(products) / (np.sqrt(size) if figure.scale == "1/√d" else 1)
        masked = np.where(causal_mask(t), scaled, -np.inf) if figure.mask == "causal" else scaled
        sizes = {"vocabulary": len(vocabulary), "context": context, "features": d}
        how = {"scale": figure.scale, "mask": figure.mask}
        yield (
            {"ids": ids, "weights": figure.weights, "heads": figure.heads, **how, **sizes},
            {"products": products, "scaled": scaled, "masked": masked, "weights": weights}
            | {"output": taken, "values": values, "probabilities": probabilities},
        )


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Attention, readers(rng))


def test_attention_follows_the_sentence_the_query_and_the_head(live):
    page = live("10_attention")
    figure = figure_with(page, "token that asks")
    said, field = figure.locator(".live-result"), figure.get_by_label("sentence")
    assert re.search(r"In head \d, “and” takes \d+\s% from “Ben”", said.inner_text())
    assert re.search(r"expects next: Ben \(\d+\s%\)", said.inner_text())
    shown = figure.locator("tbody tr").nth(2).locator("td").all_inner_texts()

    field.press("End")
    field.press("Backspace")  # Mia gives Ben a red hat an
    note = figure.get_by_text("The model does not know “an”. It knows: and")
    assert note.is_visible()
    assert field.get_attribute("aria-invalid") == "true"
    figure.get_by_role("radio", name="hat, token 5").check(force=True)
    assert field.input_value() == "Mia gives Ben a red hat an"
    assert figure.locator("tbody tr").nth(6).inner_text().count("−∞") == 1
    figure.get_by_role("radio", name="and, token 6").check(force=True)
    assert figure.locator("tbody tr").nth(2).locator("td").all_inner_texts() == shown
    field.press("End")
    field.press("d")
    assert field.get_attribute("aria-invalid") == "false"
    assert note.count() == 0

    field.fill("mia gives ben a red hat and ben thanks Mia.")
    tokens = figure.locator(".tokens label:visible").all_inner_texts()
    assert " ".join(tokens) == "Mia gives Ben a red hat and Ben thanks Mia ."
    assert "“.” takes" in said.inner_text()  # the last token asks, as it did before
    assert figure.locator("tbody th:visible").all_inner_texts() == tokens


def test_attention_says_what_is_wrong_with_a_sentence_and_keeps_the_last_one(live):
    page = live("10_attention")
    figure = figure_with(page, "token that asks")
    said, field = figure.locator(".live-result"), figure.get_by_label("sentence")
    before = said.inner_text()
    for typed, message in (
        ("", "Write a word. The model knows: Mia Ben Zoe"),
        ("the elephant", "The model does not know “elephant”. It knows: Mia Ben Zoe"),
        ("the goad", "The model does not know “goad”. It knows: goat goats"),
        (" ".join(["the cat"] * 9), "These are 18 tokens, and the model reads 16 at most."),
    ):
        field.fill(typed)
        note = figure.get_by_text(message)
        assert note.first.is_visible()
        note.nth(1).wait_for(state="attached")  # it is spoken, too
        assert said.inner_text() == before
        assert field.input_value() == typed


def test_attention_is_used_with_the_keys_and_loses_its_mask_and_its_scale(live):
    page = live("10_attention")
    figure = figure_with(page, "token that asks")
    said = figure.locator(".live-result")
    hidden = figure.locator(".steps .later")
    assert hidden.count() == 0
    figure.get_by_role("radio", name="and, token 6").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert "“a” takes" in said.inner_text()
    assert hidden.count() == 3
    assert [row.locator("td").nth(2).inner_text() for row in hidden.all()] == ["−∞"] * 3

    page.keyboard.press("Tab")  # to the heads
    heads = [said.inner_text()]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        heads.append(said.inner_text())
    assert sorted(re.search(r"In head (\d)", words)[1] for words in heads) == list("0123")

    def cells(row):
        texts = figure.locator("tbody tr").nth(row).locator("td").all_inner_texts()
        return [text.replace("−", "-") for text in texts]

    def off(name):
        group = figure.get_by_role("radiogroup", name=name)
        group.get_by_role("radio", name="off").check(force=True)

    product, score, masked, *_ = cells(0)
    assert float(score) == pytest.approx(float(product) / 8**0.5, abs=0.01)
    assert masked == score
    off("scale")
    assert cells(0)[1] == cells(0)[0]
    off("mask")
    assert hidden.count() == 0
    assert "none hidden" in figure.locator("thead").inner_text()
    assert "% come from later tokens" in said.inner_text().replace("\xa0", " ")
    assert cells(6)[2] == cells(6)[1] == cells(6)[0]
    assert sum(float(cells(row)[3]) for row in range(7)) == pytest.approx(1, abs=0.04)


def test_attention_is_used_with_a_finger(live):
    page = live("10_attention", **PHONE)
    figure = figure_with(page, "token that asks")
    said = figure.locator(".live-result")
    figure.locator(".tokens label").nth(3).tap()
    assert "“a” takes" in said.inner_text()
    for head in range(4):
        figure.locator(".heads label").nth(head).tap()
        assert f"In head {head}, “a” takes" in said.inner_text()
    figure.get_by_label("sentence").tap()
    assert page.evaluate("document.activeElement.type") == "text"
