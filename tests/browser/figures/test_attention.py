"""The head of attention of chapter 10."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from ipywidgets.embed import embed_data
from live_figure import PHONE, figure_with, numbers_agree, wait_for_life
from one_of_each import FIGURES
from small_figures import smaller

from nnlib import widgets
from nnlib.attention import CausalSelfAttention, attention, causal_mask, merge_heads
from nnlib.backprop import Dense
from nnlib.language import Embedding

LIVE = Path(__file__).parents[3] / "book" / "_static" / "live.js"
# Animal, place, many, and a fourth feature for what a token is told: near it are many.
WORDS = ["the", "cats", "near", "a", "tree"]
FEATURES = [[0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]]
PLACE, ANIMAL = [[0, 4, 0, 0]], [[1, 0, 0, 0]]
MANY = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]


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
        off = rng.permutation(n_heads * n_layers)[: k // 4 % 3].tolist()
        figure = widgets.Attention(
            layers,
            vocabulary,
            sentence=" ".join(vocabulary[i] for i in ids),
            scale=("1/√d", "none")[k // 2 % 2],
            mask=("causal", "none")[k // 3 % 2],
            off=off,
        )
        weights, probabilities = figure.run()

        names = "products", "queries", "keys", "values", "output", "added", "before", "after"
        found = {name: [] for name in names}
        x = words.predict(ids) + positions.params["W"][:t]
        for layer, shares in zip(attends, np.split(weights, n_layers), strict=True):
            q, k, v = layer.split(layer.qkv.predict(x))
            found["before"].append(x)
            for h, output in enumerate(shares @ v):
                on = len(found["added"]) not in off
                alone = merge_heads(np.where(np.arange(n_heads)[:, None, None] == h, output, 0))
                found["added"].append(on * (alone @ layer.out.params["W"].T))
                found["output"].append(output)
            found["products"].extend(q @ k.swapaxes(1, 2))
            for name, part in (("queries", q), ("keys", k), ("values", v)):
                found[name].extend(part)
            x = x + sum(found["added"][-n_heads:]) + layer.out.params["b"]
            found["after"].append(x)
        scaled = np.array(found["products"]) / (np.sqrt(size) if figure.scale == "1/√d" else 1)
        masked = np.where(causal_mask(t), scaled, -np.inf) if figure.mask == "causal" else scaled
        yield (
            given(figure, ids),
            {"scaled": scaled, "masked": masked, "weights": weights, **found}
            | {"bias": [layer.out.params["b"] for layer in attends]}
            | {"probabilities": probabilities},
        )


def heads_by_hand(rng):
    for k in range(20):
        n, t, d, width, features = 2 + k % 5, 1 + k % 4, 1 + k % 3, 1 + k % 2, 2 + k % 4
        sizes = (n, features), (d, features), (d, features), (width, features), (features, width)
        X, W_q, W_k, W_v, W_o = (rng.normal(size=size).astype("f") for size in sizes)
        if k % 3 == 0:
            W_v, W_o = rng.normal(size=(features, features)).astype("f"), None
        vocabulary, ids = list("abcdefgh")[:n], rng.integers(n, size=t)
        sentence = " ".join(vocabulary[i] for i in ids)
        figure = widgets.Attention.by_hand(vocabulary, X, W_q, W_k, W_v, W_o, sentence=sentence)
        x = X[ids].astype(float)
        q, k, v = (x @ W.astype(float).T for W in (W_q, W_k, W_v))
        output, weights = attention(q, k, v)
        added = output if W_o is None else output @ W_o.T
        yield (
            given(figure, ids),
            {"queries": [q], "keys": [k], "values": [v], "weights": [weights]}
            | {"output": [output], "added": [added], "before": [x], "after": [x + added]},
        )


def given(figure, ids):
    names = "heads", "widths", "context", "features", "predicts", "scale", "mask", "off"
    traits = {name: getattr(figure, name) for name in names}
    return {"ids": ids, "weights": figure.weights, "vocabulary": len(figure.vocabulary), **traits}


@pytest.fixture
def alone(browser):
    """A function that shows a figure in an empty page, with the script of the book's pages."""

    def show(figure, **options):
        page = browser.new_page(reduced_motion="reduce", **options)
        state = smaller(embed_data([figure], drop_defaults=False)["manager_state"])
        text = json.dumps(state).replace("</", "<\\/")
        page.set_content(
            f"<div data-model='{figure.model_id}'></div>"
            f"<script type='application/vnd.jupyter.widget-state+json'>{text}</script>"
            f"<script>{LIVE.read_text('utf-8')}</script>"
        )
        wait_for_life(page)
        opened.append(page)
        return page

    opened = []
    yield show
    for page in opened:
        page.close()


def by_hand(**traits):
    names = {"x": ["animal", "place", "many", "near many"], "q": ["animal"]}
    given = {"sentence": "the cats near a tree", "names": names} | traits
    return widgets.Attention.by_hand(WORDS, FEATURES, PLACE, ANIMAL, MANY, **given)


def strips(part):
    """The numbers of each strip that has some."""
    return [
        [float(text.replace("−", "-")) for text in row.locator("span").all_inner_texts()]
        for row in part.locator(".numbers:visible").all()
    ]


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Attention, readers(rng))
    numbers_agree(browser, widgets.Attention, heads_by_hand(rng))


def test_a_head_made_by_hand_is_followed_to_what_the_token_becomes(alone):
    page = alone(by_hand())
    asked, gives = page.locator("table").all()
    tree, query, *others = strips(asked)
    assert (tree, query) == ([0, 1, 0, 0], [4])
    assert (others[::2], others[1::2]) == (FEATURES, [[0], [1], [0], [0], [0]])
    assert asked.locator("td:visible", has_text="4.00").count() == 1
    titles = " ".join(asked.locator("thead").inner_text().split())
    assert titles == (
        "token that is asked x features animal place many near many k offers animal "
        "q · k does it fit?"
    )
    weight = np.exp(4) / (np.exp(4) + 4)
    taken = [0, 0, 0, pytest.approx(weight, abs=0.005)]
    assert strips(gives)[-1] == taken
    assert strips(page.locator(".addition")) == [[0, 1, 0, 0], taken, [0, 1, 0, taken[3]]]
    assert "near many" in page.locator(".addition").inner_text()
    assert page.locator(".live-result").inner_text().startswith("“tree” takes 93\xa0% from “cats”")
    assert page.get_by_role("radiogroup").count() == 1  # no scale, no mask, no choice of a head

    page.get_by_role("checkbox", name="the sum").press("Space")
    assert strips(page.locator(".addition")) == [[0, 1, 0, 0], [0] * 4, [0, 1, 0, 0]]


def test_words_that_occur_twice_have_their_places(alone):
    page = alone(by_hand(sentence="cats near the cats a tree"))
    names = ["cats₀", "near", "the", "cats₃", "a", "tree"]
    assert page.locator(".tokens label:visible").all_inner_texts() == names
    for table in page.locator("table").all():
        rows = table.locator("tbody tr:visible th").all_inner_texts()
        assert [name for name in rows if name in names] == names
    assert "takes 48\xa0% from “cats₀”, 48\xa0% from “cats₃”" in page.inner_text(".live-result")
    assert page.get_by_role("radio", name="cats, token 3").count() == 1


def test_scale_and_mask_of_a_head_made_by_hand_are_shown_where_they_can_be_changed(alone):
    page = alone(by_hand(switches=["mask"], scale="none"))
    head = page.locator("thead").first
    assert "no mask" in head.inner_text()
    assert "no scale" not in head.inner_text()
    page.get_by_role("radio", name="hide later tokens").check(force=True)
    page.get_by_role("radio", name="cats, token 1").check(force=True)
    assert page.locator("table").first.get_by_text("−∞", exact=True).count() == 3


def test_a_head_is_switched_off_with_the_keys_and_what_follows_changes(alone):
    figure = FIGURES["Attention"]()
    page = alone(figure)
    said = page.locator(".live-result")

    def expected(figure):
        shares = figure.run()[1][1]
        return [
            f"{figure.vocabulary[i]} ({100 * shares[i]:.0f}\xa0%)" for i in np.argsort(-shares)[:3]
        ]

    complete = expected(figure)
    assert re.match(r"In layer 1, head 1, “sleeps” takes \d+\s%", said.inner_text())
    assert said.inner_text().endswith(
        f"With all its heads, the model expects next: {', '.join(complete)}."
    )
    page.get_by_role("checkbox", name="layer 1, head 0").press("Space")
    figure.off = [4]
    assert page.get_by_role("radio", name="layer 1, head 0").locator("xpath=..").inner_text() == (
        "layer 1, head 0, off"
    )
    page.get_by_role("radio", name="layer 0, head 3").check(force=True)
    page.get_by_role("checkbox", name="layer 0, head 2").press("Space")
    figure.off = [2, 4]
    assert expected(figure) != complete
    assert said.inner_text().split("\n")[-1] == (
        "Without layer 0, head 2 and layer 1, head 0, the model expects next: "
        f"{', '.join(expected(figure))}. With all its heads: {', '.join(complete)}."
    )
    page.get_by_role("checkbox", name="layer 0, head 2").press("Space")
    assert "Without layer 1, head 0, the model" in said.inner_text()


def test_two_tokens_are_compared_feature_by_feature(alone):
    figure = FIGURES["Attention"]()
    page = alone(figure, **PHONE)
    assert page.locator(".pair").count() == 0  # two features or four have room in the tables
    rng = np.random.default_rng(4)
    model = [Embedding(3, 6, rng=rng), Embedding(4, 6, rng=rng), CausalSelfAttention(6, 1, rng=rng)]
    page = alone(widgets.Attention(model, ["do", "re", "mi"], sentence="do re mi"), **PHONE)
    pair, rows = page.locator(".pair"), page.locator("table").first.locator("tbody tr")
    page.get_by_role("radio", name="look at token 2, mi").focus()
    for s, word in ((1, "re"), (0, "do")):
        page.keyboard.press("ArrowUp")
        assert f"“mi” asks “{word}”" in pair.inner_text()
        query, key, products, value, share = strips(pair)
        np.testing.assert_allclose(products, np.multiply(query, key), atol=0.02)
        total = float(re.search(r"sum: (\S+)", pair.inner_text())[1].replace("−", "-"))
        np.testing.assert_allclose(total, sum(products), atol=0.04)
        assert rows.nth(s + 1).locator("td").nth(1).inner_text().replace("−", "-") == f"{total:.2f}"
        np.testing.assert_allclose(share, figure_weight(page, s) * np.array(value), atol=0.02)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def figure_weight(page, s):
    """The weight of a token, as it is written."""
    row = page.locator("table").nth(1).locator("tbody tr").nth(s + 1)
    return float(row.locator(".weight").inner_text())


def test_what_a_strip_shows_can_be_read(alone):
    page = alone(FIGURES["Attention"]())
    for part in page.locator(".strip[role=img]:visible").all():
        said = part.get_attribute("aria-label")
        assert re.fullmatch(r"[^:]+: (−?\d+\.\d\d(, )?)+", said)
        assert part.get_attribute("title") == said


def test_attention_follows_the_sentence_the_query_and_the_head(live):
    page = live("10_attention")
    figure = figure_with(page, "head 3")
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
    assert figure.locator("tbody tr").nth(7).inner_text().count("−∞") == 1
    figure.get_by_role("radio", name="and, token 6").check(force=True)
    assert figure.locator("tbody tr").nth(2).locator("td").all_inner_texts() == shown
    field.press("End")
    field.press("d")
    assert field.get_attribute("aria-invalid") == "false"
    assert note.count() == 0

    field.fill("mia gives ben a red hat and ben thanks Mia.")
    tokens = figure.locator(".tokens label:visible").all_inner_texts()
    assert " ".join(tokens) == "Mia₀ gives Ben₂ a red hat and Ben₇ thanks Mia₉ ."
    assert "“.” takes" in said.inner_text()  # the last token asks, as it did before
    rows = figure.locator("table").first.locator("tbody th:visible").all_inner_texts()
    assert rows == ["q of “.”", *tokens]


def test_attention_says_what_is_wrong_with_a_sentence_and_keeps_the_last_one(live):
    page = live("10_attention")
    figure = figure_with(page, "head 3")
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
    figure = figure_with(page, "head 3")
    said = figure.locator(".live-result")
    first, second = figure.locator("table").all()
    hidden = first.locator(".later")
    assert hidden.count() == 0
    figure.get_by_role("radio", name="and, token 6").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert "“a” takes" in said.inner_text()
    assert hidden.count() == 3
    assert [row.locator("td").nth(3).inner_text() for row in hidden.all()] == ["−∞"] * 3

    page.keyboard.press("Tab")  # to the heads
    heads = [said.inner_text()]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        heads.append(said.inner_text())
    assert sorted(re.search(r"In head (\d)", words)[1] for words in heads) == list("0123")

    def cells(row):
        asked, gives = (table.locator("tbody tr").nth(1 + row) for table in (first, second))
        texts = [*asked.locator("td").all_inner_texts()[1:], gives.locator("td").first.inner_text()]
        return [text.replace("−", "-") for text in texts]

    def off(name):
        group = figure.get_by_role("radiogroup", name=name)
        group.get_by_role("radio", name="off").check(force=True)

    product, score, masked, _ = cells(0)
    assert float(score) == pytest.approx(float(product) / 8**0.5, abs=0.01)
    assert masked == score
    off("scale")
    assert cells(0)[1] == cells(0)[0]
    off("mask")
    assert hidden.count() == 0
    assert "none hidden" in first.locator("thead").inner_text()
    assert "% come from later tokens" in said.inner_text().replace("\xa0", " ")
    assert cells(6)[2] == cells(6)[1] == cells(6)[0]
    assert sum(float(cells(row)[3]) for row in range(7)) == pytest.approx(1, abs=0.04)


def test_attention_is_used_with_a_finger(live):
    page = live("10_attention", **PHONE)
    figure = figure_with(page, "head 3")
    said = figure.locator(".live-result")
    figure.locator(".tokens label").nth(3).tap()
    assert "“a” takes" in said.inner_text()
    for head in range(4):
        figure.locator(".heads label").nth(head).tap()
        assert f"In head {head}, “a” takes" in said.inner_text()
    figure.get_by_label("sentence").tap()
    assert page.evaluate("document.activeElement.type") == "text"
