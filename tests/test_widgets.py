"""Live figures seen from Python; tests/browser looks at their other side."""

import inspect
import re
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
import yaml
from one_of_each import (
    FIGURES,
    IMAGES,
    LABELS,
    LANGUAGE,
    READ,
    READER,
    RNG,
    VOCABULARY,
    WORDS,
    gpt,
    writer,
)
from traitlets import TraitError, TraitType

from nnlib import plots, widgets
from nnlib.attention import CausalSelfAttention, attention, causal_mask
from nnlib.backprop import Dense, Layer, ReLU, Sequential, Sigmoid
from nnlib.datasets import place
from nnlib.descent import numerical_gradient
from nnlib.gpt import next_token_distribution
from nnlib.language import Embedding, on_a_map
from nnlib.matrices import softmax
from nnlib.shapes import ShapeError
from nnlib.tokens import BPETokenizer
from nnlib.transformer import LayerNorm, transformer_block
from nnlib.widgets._figure import FOLDER, bundle
from nnlib.widgets.descent import LIMIT, LOSSES
from nnlib.widgets.learner import EDGE
from nnlib.widgets.neuron import CORNERS, GOALS
from nnlib.widgets.writer import SHOWN
from nnlib.widgets.xor import THIRD

every_figure = pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)


def test_no_figure_escapes_these_tests():
    assert list(FIGURES) == widgets.__all__


@every_figure
def test_a_figure_is_one_module_that_loads_nothing(make):
    module = make()._esm
    assert module.count("export default { render }") == 1
    assert not re.search(r"^\s*import\b|\bimport\(|fetch\(|require\(", module, re.MULTILINE)


@every_figure
def test_a_figure_without_scripts_is_a_picture_that_names_it(make):
    figure = make()
    with mpl.rc_context({"backend": "agg"}):
        plots.use_book_style()
        data, _ = figure._repr_mimebundle_()
    picture = ElementTree.fromstring(data["image/svg+xml"])
    assert picture.tag.endswith("svg")
    assert picture.get("data-model") == figure.model_id
    assert mpl._pylab_helpers.Gcf.get_num_fig_managers() == 0


@pytest.mark.parametrize("name", FIGURES)
def test_every_trait_of_a_figure_is_documented(name):
    figure = getattr(widgets, name)
    for trait in (key for key, value in vars(figure).items() if isinstance(value, TraitType)):
        assert re.search(rf"^{trait} : ", inspect.getdoc(figure), re.MULTILINE), trait


def test_every_file_belongs_to_a_figure():
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == {"shared", *map(str.lower, FIGURES)}
    reached = set()
    for name in FIGURES:
        reached |= closure(FOLDER / name.lower() / "figure.js")
        reached |= closure(FOLDER / name.lower() / "style.css")
    assert reached == {path for path in FOLDER.rglob("*") if path.suffix in {".js", ".css"}}


def closure(file):
    """The file, and those that it imports."""
    names = re.findall(
        r'^(?:import .*from|\} from|@import) "(.*)";$', file.read_text(), re.MULTILINE
    )
    return {file}.union(*(closure((file.parent / name).resolve()) for name in names))


def written(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "figure.js"


def test_a_bundle_has_each_module_once_and_its_names_stay_its_own(tmp_path):
    shared = "const much = 2;\nexport function half(x) {\n  return x / much;\n}\n"
    part = 'import { half } from "./shared.js";\n\nexport const much = half(6);\n'
    figure = (
        'import { much } from "./part.js";\nimport {\n  half,\n} from "./shared.js";\n\n'
        "export const compute = () => half(much);\n"
    )
    text = bundle(written(tmp_path, shared=shared, part=part, figure=figure))
    assert text.count("const much = 2") == 1
    assert text.index("function half") < text.index("half(6)") < text.index("export const compute")
    assert "return { half };" in text
    assert not re.search(r"^import\b", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("figure", "part", "message"),
    [
        ('import { a } from "./other.js";', "", r"figure.js imports ./other.js, but there is no"),
        ('import { b } from "./part.js";', "const b = 1;", "part.js does not export b"),
        ('import a from "./part.js";', "", "does not understand 'import a from"),
        ('import * as a from "./part.js";', "", "does not understand 'import "),
        ("const a = await import('./part.js');", "", "does not understand"),
        ('export { a } from "./part.js";', "export const a = 1;", "does not understand 'export"),
        ('import { a } from "./part.js";', "export let a = 1;", "does not understand 'export let"),
        (
            'import { a } from "./part.js";',
            'import { b } from "./figure.js";\nexport const a = 1;',
            "in a circle: figure.js -> part.js -> figure.js",
        ),
    ],
)
def test_what_cannot_be_bundled_is_refused(tmp_path, figure, part, message):
    with pytest.raises(ImportError, match=message):
        bundle(written(tmp_path, figure=figure, part=part))


def selectors(sheet):
    """The selectors of a style sheet, each of which has a line of its own."""
    text = re.sub(r"/\*.*?\*/|@[^;{]*[;{]", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.strip() for head in re.findall(r"([^{}]+){", text) for line in head.split(",\n")]


@pytest.mark.parametrize("name", [name.lower() for name in FIGURES])
def test_the_looks_of_a_figure_are_its_own(name):
    own = f".live-{name} "
    assert [
        selector for selector in selectors(FOLDER / name / "style.css") if own not in selector
    ] == []
    assert f'el.classList.add("live", "live-{name}")' in (FOLDER / name / "figure.js").read_text()


def test_the_common_looks_are_those_of_more_than_one_figure():
    for sheet in (FOLDER / "shared").glob("*.css"):
        for kind in set(re.findall(r"\.([a-z][a-z-]+)", " ".join(selectors(sheet)))):
            users = [
                path.parent
                for path in FOLDER.glob("*/*.js")
                if re.search(rf'["\s]{kind}["\s]', path.read_text(encoding="utf-8"))
            ]
            assert FOLDER / "shared" in users or len(set(users)) > 1, kind


def constant(file, name):
    """A constant of a module, whose text is YAML too but for its comments."""
    source = re.sub(r" *//.*", "", (FOLDER / file).read_text(encoding="utf-8"))
    return yaml.safe_load(
        re.search(rf"const {name} = (.*?);$", source, re.MULTILINE | re.DOTALL)[1]
    )


def test_numbers_that_both_languages_have_are_the_same():
    assert constant("writer/choices.js", "SHOWN") == SHOWN
    assert constant("learner/plane.js", "EDGE") == EDGE
    assert constant("descent/walk.js", "LIMIT") == LIMIT
    assert constant("descent/walk.js", "MOST") == widgets.Descent.steps.max
    assert len(constant("backprop/pass.js", "STEPS")) == widgets.Backprop.step.max
    assert constant("shared/plane.js", "CORNERS") == list(map(list, CORNERS))
    assert constant("neuron/figure.js", "GOALS") == {k: list(v) for k, v in GOALS.items()}
    assert list(constant("neuron/figure.js", "NAMES")) == list(widgets.Neuron.activation.values)
    third = {name: [of["w"], of["b"]] for name, of in constant("xor/figure.js", "THIRD").items()}
    assert third == {name: list(of) for name, of in THIRD.items()}
    seen = re.findall(
        r"seen: (\[\[.*?\]\]|\[\n.*?\n    \]),",
        (FOLDER / "descent/losses.js").read_text(),
        re.DOTALL,
    )
    for text, (_, _, axes) in zip(seen, LOSSES.values(), strict=True):
        assert yaml.safe_load(text)[: len(axes)] == list(map(list, axes))


def declared(css, selector):
    block = re.search(rf"^ *{re.escape(selector)} {{(.*?)}}", css, re.MULTILINE | re.DOTALL)[1]
    return dict(re.findall(r"--([\w-]+): (.*?);", block))


def test_the_page_has_the_colours_of_the_drawings():
    css = (FOLDER.parents[1] / "book/_static/book.css").read_text(encoding="utf-8")
    light = declared(css, "html")
    dark = light | declared(css, 'html[data-theme="dark"]')
    for name, (_, shown, shown_in_the_dark) in plots.COLOURS.items():
        page = light[f"fig-{name}"].removeprefix("var(--").removesuffix(")")
        assert (light[page], dark[page]) == (shown, shown_in_the_dark), name


def test_weights_travel_as_bytes():
    figure = FIGURES["Detector"]()
    sent = figure.get_state("w")["w"]
    np.testing.assert_array_equal(np.frombuffer(sent, "<f4"), figure.w)
    figure.set_state({"w": memoryview(np.full(784, 0.5, "<f4").tobytes())})
    assert figure.w.dtype == np.float32
    np.testing.assert_array_equal(figure.w, 0.5)


def test_weights_cannot_be_changed_behind_the_page():
    figure = FIGURES["Detector"]()
    with pytest.raises(ValueError, match="read-only"):
        figure.w[0] = 1.0


@pytest.mark.parametrize("wrong", [np.ones(783), "text", None])
def test_weights_of_a_wrong_kind_are_refused(wrong):
    with pytest.raises(TraitError, match="w of a Detector"):
        FIGURES["Detector"]().w = wrong


def test_an_unknown_activation_is_refused():
    with pytest.raises(TraitError, match="activation"):
        widgets.Neuron(activation="softmax")


def test_a_digit_is_prepared_whenever_it_or_its_place_changes():
    figure = FIGURES["Digit"]()
    figure.drawing = np.eye(28)
    np.testing.assert_allclose(figure.input, place(np.eye(28).ravel()), rtol=1e-6)
    assert figure.input.sum() > 0
    figure.by = "box"
    np.testing.assert_allclose(figure.input, place(np.eye(28).ravel(), "box"), rtol=1e-6)


def test_an_empty_page_has_a_picture_too_without_the_style_of_the_book():
    figure = widgets.Digit(READER, explain=True)
    with mpl.rc_context({"backend": "agg"}):
        data, _ = figure._repr_mimebundle_()
    assert "svg" in data["image/svg+xml"]


@pytest.mark.parametrize(
    "layers",
    [
        [Dense(784, 6, rng=np.random.default_rng(0)), Sigmoid(), READER.children["2"]],
        [Dense(784, 6, rng=np.random.default_rng(0)), ReLU()],
        [Dense(64, 10, rng=np.random.default_rng(0))],
    ],
)
def test_a_network_that_the_page_cannot_run_is_refused(layers):
    with pytest.raises(ValueError, match="Digit: the model is"):
        widgets.Digit(Sequential(*layers))
    with pytest.raises(ValueError, match="Explorer: the model is"):
        widgets.Explorer(Sequential(*layers), IMAGES, LABELS, rng=np.random.default_rng(0))


def test_a_digit_reads_as_its_model_does_from_what_travels():
    figure = widgets.Digit(READER)
    numbers = np.frombuffer(figure.weights, dtype=np.int8).astype(float)
    lengths = [784] * 6 + [6] + [6] * 10 + [10]
    parameters = numbers * np.repeat(figure.scales, lengths)
    right = np.concatenate([param.ravel() for _, param, _ in READER.named_params()])
    np.testing.assert_allclose(parameters, right, atol=np.abs(right).max() / 250)


def test_an_explorer_sends_the_living_neurons_and_the_images_that_are_seen():
    figure = FIGURES["Explorer"]()
    answers = np.maximum(READER.children["0"].predict(IMAGES), 0)
    living = np.flatnonzero(answers.any(axis=0))
    assert figure.living == living.tolist()
    sent = figure.activations.reshape(20, -1)
    np.testing.assert_allclose(sent, answers[:, living], rtol=1e-3, atol=1e-6)
    assert set(figure.sample) <= set(figure.seen)
    assert set(np.argsort(-answers, axis=0)[:8].ravel()) <= set(figure.seen)
    levels = np.frombuffer(figure.pictures, dtype=np.uint8)
    first = np.array([levels[0] & 15, levels[0] >> 4])
    block = IMAGES[figure.seen[0]].reshape(28, 28)[4:6, 4:8]
    np.testing.assert_array_equal(
        first, np.round(15 * np.array([block[:, :2].mean(), block[:, 2:].mean()]))
    )
    with pytest.raises(ShapeError, match="Explorer: images have shape"):
        widgets.Explorer(READER, IMAGES, LABELS[1:], rng=np.random.default_rng(0))


def test_a_single_layer_is_a_network_too():
    assert widgets.Digit(Dense(784, 10, rng=np.random.default_rng(0))).sizes == [784, 10]


@pytest.mark.parametrize("data", ["circle", "clusters", "moons", "spirals"])
def test_a_learner_has_as_many_points_of_each_class_and_all_are_in_view(data):
    x, y = widgets.Learner(rng=np.random.default_rng(0), data=data).points()
    assert x.shape == (200, 2)
    assert np.bincount(y).tolist() == [100, 100]
    assert np.abs(x).max() < 2.6


def test_the_network_of_a_learner_has_its_weights():
    figure = FIGURES["Learner"]()
    np.testing.assert_array_equal(figure.start, figure.weights)
    figure.weights = np.arange(figure.start.size)
    W = figure.model().children["4"].params["W"]
    np.testing.assert_array_equal(W, np.arange(96, 112).reshape(2, 8))


@pytest.mark.parametrize("name", LOSSES)
def test_the_slopes_of_a_loss_are_its_own(name, rng):
    loss, gradient, seen = LOSSES[name]
    for w in rng.normal(scale=2, size=(10, len(seen))):
        np.testing.assert_allclose(gradient(w), numerical_gradient(loss, w), atol=1e-7)


def test_the_still_picture_of_a_plane_has_the_columns_while_they_are_the_layer():
    for activation, n_columns in ("none", 2), ("relu", 0):
        ax = widgets.Plane([[2, -1], [-1, 2]], activation=activation).still()
        assert len(ax.texts) == n_columns


def test_the_still_picture_of_bends_has_a_dot_at_each():
    ax = widgets.Bends(c=[0.0, 2.0, 5.0], v=[1.0, -2.0, 0.0], b=0.5, chosen="1").still()
    np.testing.assert_allclose(ax.lines[-1].get_xydata(), [[0, 0.5], [2, 2.5], [5, -0.5]])


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_a_still_picture(name):
    with mpl.rc_context({"backend": "agg"}):
        axes = widgets.Descent(name, steps=3).still()
        mpl.pyplot.close(axes.figure)
    assert axes.get_xlabel().startswith("parameter")


def test_a_figure_offers_only_losses_that_there_are():
    with pytest.raises(TraitError, match="losses"):
        widgets.Descent("mountain")


def test_attention_runs_the_model_that_it_was_given():
    figure = FIGURES["Attention"]()
    assert (figure.context, figure.features, figure.heads) == (5, 8, [4, 2])
    words, positions, first, second, output = READ
    x = words.predict([3, 4, 5]) + positions.params["W"][:3]
    x = x + first.predict(x)
    weights, probabilities = figure.run()
    q, k, v = second.split(second.qkv.predict(x))
    np.testing.assert_allclose(weights[4:], attention(q, k, v, causal_mask(3))[1])
    np.testing.assert_allclose(probabilities, softmax(output.predict(x + second.predict(x))))


def test_attention_runs_without_its_mask_and_without_its_scale():
    figure = FIGURES["Attention"]()
    words, positions, first, *_ = READ
    x = words.predict([3, 4, 5]) + positions.params["W"][:3]
    q, k, _ = first.split(first.qkv.predict(x))
    figure.mask = "none"
    np.testing.assert_allclose(figure.run()[0][:4], softmax(q @ k.swapaxes(1, 2) / np.sqrt(2)))
    figure.scale = "none"
    np.testing.assert_allclose(figure.run()[0][:4], softmax(q @ k.swapaxes(1, 2)))


def test_attention_runs_without_the_heads_that_are_off():
    figure = FIGURES["Attention"]()
    words, positions, first, second, output = READ
    x = words.predict([3, 4, 5]) + positions.params["W"][:3]
    heads = first.heads.predict(first.qkv.predict(x))
    heads[:, 2:4] = 0  # those of head 1
    x = x + first.out.predict(heads)
    x = x + second.out.params["b"]
    figure.off = [1, 4, 5]
    np.testing.assert_allclose(figure.run()[1], softmax(output.predict(x)))


def test_a_model_of_attention_need_not_predict():
    figure = widgets.Attention(READ[:3], VOCABULARY)
    assert not figure.predicts
    assert figure.run()[1] is None
    np.testing.assert_array_equal(figure.run()[0], np.ones((4, 1, 1)))


def test_a_head_made_by_hand_is_that_of_the_library():
    X, W_q, W_k, W_v, W_o = (RNG.normal(size=size) for size in HAND)
    figure = widgets.Attention.by_hand(list("abcd"), X, W_q, W_k, W_v, W_o, sentence="d a d")
    x = X[[3, 0, 3]]
    expected = attention(x @ W_q.T, x @ W_k.T, x @ W_v.T)[1]
    np.testing.assert_allclose(figure.run()[0], expected[None])
    assert figure.run()[1] is None
    assert (figure.mask, figure.switches, figure.widths) == ("none", [], [[2, 5]])
    assert figure.projected
    assert not widgets.Attention.by_hand(list("abcd"), X, W_q, W_k, np.eye(3)).projected


HAND = (4, 3), (2, 3), (2, 3), (5, 3), (3, 5)


@pytest.mark.parametrize(
    ("place", "size", "name"),
    [
        (0, (4,), "X"),
        (0, (3, 3), "the embedding"),
        (1, (2, 4), "W_q"),
        (2, (1, 3), "W_k"),
        (3, (5, 4), "W_v"),
        (4, (3, 4), "W_o"),
    ],
)
def test_a_head_made_by_hand_whose_parts_do_not_fit_is_refused(place, size, name):
    parts = [np.ones(size) for size in HAND]
    parts[place] = np.ones(size)
    with pytest.raises(ShapeError, match=name):
        widgets.Attention.by_hand(list("abcd"), *parts)


def test_a_head_made_by_hand_without_an_output_projection_adds_values_of_the_tokens_size():
    with pytest.raises(ShapeError, match=r"W_v has shape \(5, 3\), expected \(3, 3\)"):
        widgets.Attention.by_hand(list("abcd"), *[np.ones(size) for size in HAND[:4]])


def test_names_of_features_are_as_many_as_these():
    parts = [np.ones(size) for size in HAND]
    names = {"x": list("abc"), "q": list("ab"), "v": list("abcde")}
    assert widgets.Attention.by_hand(list("abcd"), *parts, names=names).names == names
    for name, wrong in names.items():
        with pytest.raises(TraitError, match=rf"has {len(wrong) + 1} for '{name}', needs"):
            widgets.Attention.by_hand(list("abcd"), *parts, names={name: [*wrong, "z"]})


@pytest.mark.parametrize("off", [[0, 6], [-1]])
def test_a_head_that_is_not_there_cannot_be_switched_off(off):
    with pytest.raises(TraitError, match=r"off of an Attention is .*, needs 0 to 5"):
        FIGURES["Attention"]().off = off


def test_a_model_with_one_layer_of_attention_may_be_a_layer_itself():
    model = Sequential(*READ[:3], READ[4])
    assert widgets.Attention(model, VOCABULARY).heads == [4]
    assert widgets.Attention(model, VOCABULARY).sentence == "the"


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Mia barks .", r"the word 'barks', needs words of its vocabulary: the, cat, "),
        ("", "has 0 words, needs 1 to 5"),
        ("the cat . the cat .", "has 6 words, needs 1 to 5"),
    ],
)
def test_a_sentence_that_attention_cannot_read_is_refused_and_changes_nothing(sentence, message):
    figure = FIGURES["Attention"]()
    with pytest.raises(TraitError, match=message):
        figure.sentence = sentence
    assert figure.sentence == "Mia sleeps ."


@pytest.mark.parametrize("head", [-1, 6])
def test_a_head_that_is_not_there_is_refused(head):
    with pytest.raises(TraitError, match=f"head of an Attention is {head}, needs 0 to 5"):
        FIGURES["Attention"]().head = head


@pytest.mark.parametrize(
    "layers", [[], READ[:2] + READ[4:], READ[1:], [*READ, ReLU()], [*READ[:3], ReLU(), READ[4]]]
)
def test_a_model_that_is_not_made_of_attention_is_refused(layers):
    with pytest.raises(ValueError, match="Attention: the model has the parts"):
        widgets.Attention(layers, VOCABULARY)


@pytest.mark.parametrize(
    ("place", "layer", "message"),
    [
        (0, Embedding(7, 8, rng=RNG), "the embedding"),
        (1, Embedding(5, 4, rng=RNG), "the positions"),
        (3, CausalSelfAttention(4, 2, rng=RNG), "qkv.W"),
        (4, Dense(8, 7, rng=RNG), "the scores"),
    ],
)
def test_a_model_for_attention_whose_parts_do_not_fit_is_refused(place, layer, message):
    with pytest.raises(ShapeError, match=message):
        widgets.Attention([*READ[:place], layer, *READ[place + 1 :]], VOCABULARY)


def test_merges_refuse_a_text_without_room_and_bytes_in_another_order():
    figure = FIGURES["Merges"]()
    with pytest.raises(
        TraitError, match="text of a Merges has 123 bytes, and there is room for 120"
    ):
        figure.text = "日" * 41
    assert figure.text == "hugs é 日"
    with pytest.raises(ValueError, match="token v of this tokenizer is not byte v"):
        widgets.Merges(BPETokenizer([], bytes(reversed(range(256)))))


def test_a_writer_refuses_what_is_no_word_and_what_is_too_much():
    with pytest.raises(TraitError, match="text of a Writer has 'dgo', which is not a word"):
        writer(text="the dgo")
    with pytest.raises(TraitError, match="has 12 words, and its model has room for 11"):
        writer(text="the " * 12)
    figure = writer(text=" the  dogs ")
    assert figure.text == "the dogs"


def without_mlp():
    model = gpt()
    model.blocks = Sequential(*(block["attend"] for block in model.blocks))
    return model


@pytest.mark.parametrize("model", [READER, gpt(vocab=WORDS + 1), without_mlp()])
def test_a_gpt_that_the_page_cannot_run_is_refused(model):
    with pytest.raises(ValueError, match=r"Writer: .* needs a GPT for the 68 words"):
        writer(model)


def test_a_writer_knows_what_the_page_needs():
    model = gpt()
    figure = writer(model)
    assert figure.sizes == [12, 8, 2, 2]
    embeddings = model.tokens.params["W"].ravel().astype(np.float16)
    np.testing.assert_array_equal(figure.weights[: 8 * WORDS], embeddings)
    assert figure.entropy == LANGUAGE.entropy()
    assert figure.top_k == WORDS


def walked(arcs, words):
    """What may come after some words, by the table that the page has."""
    state = 0
    for word in words:
        here = arcs[arcs[:, 0] == state]
        (state,) = here[here[:, 1] == LANGUAGE.vocabulary.index(word), 3]
    found = np.zeros(WORDS)
    here = arcs[arcs[:, 0] == state]
    found[here[:, 1].astype(int)] = here[:, 2]
    return found


def test_the_table_of_a_writer_is_the_language(rng):
    arcs = writer().arcs
    for words in LANGUAGE.sample(60, rng=rng):
        for end in range(len(words) + 1):
            exact = LANGUAGE.next_token_probabilities(words[:end])
            np.testing.assert_allclose(walked(arcs, words[:end]), exact, atol=1e-7)


def test_a_writer_shows_model_language_and_choice():
    model = gpt()
    figure = writer(model, text="Mia sees Ben and Ben sees Mia . the", temperature=0.5, top_p=0.9)
    found = figure.probabilities()
    ids = [LANGUAGE.vocabulary.index(word) for word in [".", *figure.text.split()]]
    scores = model.predict([ids])[0, -1]
    np.testing.assert_allclose(found["model"], next_token_distribution(scores), atol=1e-12)
    np.testing.assert_array_equal(found["language"], LANGUAGE.next_token_probabilities(["the"]))
    drawn = next_token_distribution(scores, temperature=0.5, top_p=0.9)
    np.testing.assert_allclose(found["drawn from"], drawn, atol=1e-12)


def test_a_writer_has_no_exact_probabilities_after_what_is_never_written():
    figure = writer(text="Mia cat near")
    assert set(figure.probabilities()) == {"model", "drawn from"}
    figure.text += " ."
    np.testing.assert_array_equal(
        figure.probabilities()["language"], LANGUAGE.next_token_probabilities([])
    )


def stream(model, **traits):
    return widgets.Stream(model, LANGUAGE.vocabulary, **{"sentence": "Mia sees Ben and"} | traits)


def small_parts():
    model = gpt()
    return {name: model.children[name] for name in ("tokens", "positions", "blocks", "norm")}


def test_a_stream_ends_with_what_the_model_predicts():
    model = gpt()
    ids = [LANGUAGE.vocabulary.index(word) for word in ["Mia", "sees", "Ben", "and"]]
    expected = softmax(model.predict([ids])[0])
    np.testing.assert_allclose(stream(model).run()[0][-1], expected[-1], rtol=5e-3)
    np.testing.assert_allclose(stream(model, token=1).run()[0][-1], expected[1], rtol=5e-3)
    without = stream(model, off=["MLP 1"])
    model.blocks[1]["think"]["write"].params["W"][:] = 0
    model.blocks[1]["think"]["write"].params["b"][:] = 0
    expected = softmax(model.predict([ids])[0, -1])
    np.testing.assert_allclose(without.run()[0][-1], expected, rtol=5e-3)


def test_a_stream_takes_every_model_with_the_right_names():
    parts, expected = small_parts(), stream(gpt()).run()[0]
    as_layer = Layer(children=parts)
    as_object = SimpleNamespace(**parts)
    of_arrays = parts | {name: parts[name].params["W"] for name in ("tokens", "positions")}
    in_a_list = parts | {"blocks": list(parts["blocks"])}
    for model in (parts, as_layer, as_object, of_arrays, in_a_list):
        np.testing.assert_array_equal(stream(model).run()[0], expected)


def test_a_stream_takes_scores_of_their_own():
    parts = small_parts()
    scores = Dense(8, WORDS, rng=np.random.default_rng(5))
    scores.params["b"][:] = np.linspace(-1, 1, WORDS)
    places = stream(parts | {"scores": scores})
    last = parts["norm"].predict(places.run()[1])
    np.testing.assert_allclose(places.run()[0], softmax(scores.predict(last)), rtol=5e-3)


def test_a_stream_reads_as_many_words_as_there_is_room_for():
    figure = stream(gpt(context=40), sentence="the " * 24)
    assert figure.sizes[0] == 24
    with pytest.raises(TraitError, match="sentence of a Stream has 25 words, needs 1 to 24"):
        figure.sentence = "the " * 25
    with pytest.raises(TraitError, match="sentence of a Stream has the word 'dgo', needs words"):
        figure.sentence = "the dgo"


def test_a_stream_switches_off_only_parts_that_there_are():
    figure = stream(gpt())
    assert figure.parts[:2] == ["attention 0, head 0", "attention 0, head 1"]
    assert figure.parts[-1] == "MLP 1"
    assert figure.places[1:3] == ["attention 0", "MLP 0"]
    with pytest.raises(TraitError, match="off of a Stream has 'MLP 2', needs parts of the model"):
        figure.off = ["MLP 2"]


def two_numbers_of_heads():
    rng = np.random.default_rng(0)
    return {"blocks": [transformer_block(8, heads, rng=rng) for heads in (2, 4)]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"tokens": None},
        {"positions": None},
        {"norm": None},
        {"norm": ReLU()},
        {"blocks": None},
        {"blocks": Sequential()},
        {"blocks": [READ[2]]},
        {"blocks": [gpt().blocks[0]["attend"]]},
        {"scores": ReLU()},
        two_numbers_of_heads(),
    ],
)
def test_a_model_of_other_parts_has_no_stream_to_be_seen(wrong):
    with pytest.raises(ValueError, match=r"Stream: the model is .* needs `tokens` and `positions`"):
        stream(small_parts() | wrong)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("tokens", Embedding(WORDS + 1, 8, rng=RNG)),
        ("positions", Embedding(12, 4, rng=RNG)),
        ("norm", LayerNorm(4)),
        ("scores", Dense(8, WORDS - 1, rng=RNG)),
    ],
)
def test_a_model_whose_parts_do_not_fit_has_no_stream_to_be_seen(name, part):
    with pytest.raises(ShapeError, match=name):
        stream(small_parts() | {name: part})


@pytest.mark.parametrize(("trait", "value"), [("word", "xyz"), ("network", "third")])
def test_a_word_map_refuses_what_it_does_not_have(trait, value):
    figure = FIGURES["WordMap"]()
    before = getattr(figure, trait)
    with pytest.raises(TraitError, match=f"no {trait} '{value}', expected one of"):
        setattr(figure, trait, value)
    assert getattr(figure, trait) == before


@pytest.mark.parametrize("shapes", [[(2, 3)], [(3, 3), (3, 2)], [(3,)]])
def test_tables_that_do_not_fit_are_no_word_map(shapes):
    given = {str(k): np.ones(shape) for k, shape in enumerate(shapes)}
    with pytest.raises(ShapeError, match="a row for each word in every table"):
        widgets.WordMap(given, {"a": "x", "b": "x", "c": "y"})


def test_a_word_map_sends_directions_and_places():
    figure = FIGURES["WordMap"]()
    vectors = figure.vectors.reshape(2, 5, 3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=-1), 1, rtol=1e-6)
    np.testing.assert_allclose(figure.places.reshape(2, 5, 2)[0], on_a_map(vectors[0]), atol=1e-6)
    assert figure.classes == ["other", "animal", "animals", "name"]
    assert figure.kind == [0, 1, 2, 3, 3]
