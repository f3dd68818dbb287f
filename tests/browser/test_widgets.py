"""Live figures in the static page: the library's numbers, and controls for every reader."""

import base64
import json
import re
from itertools import pairwise

import numpy as np
import pytest
from built_book import BOOK
from playwright.sync_api import expect

from nnlib import neuron, widgets
from nnlib.attention import CausalSelfAttention, attention, causal_mask, merge_heads
from nnlib.backprop import Dense, ReLU, Sequential
from nnlib.datasets import place
from nnlib.descent import cross_entropy, gradient_descent, mean_squared_error, numerical_gradient
from nnlib.gpt import GPT, next_token_distribution
from nnlib.matrices import dense, softmax
from nnlib.tokens import Embedding, TinyLanguage
from nnlib.training import SGD
from nnlib.understanding import pixel_contributions
from nnlib.widgets.descent import LOSSES

PAGES = sorted(path for path in (BOOK / "chapters").glob("*.html") if "live.js" in path.read_text())
CONTROLS = "input, button, [tabindex='0'][data-lm-suppress-shortcuts]"

every_page = pytest.mark.parametrize("path", [f"chapters/{page.name}" for page in PAGES])


# The numbers: many random inputs, with what the library makes of each.


def neurons(rng):
    for _ in range(200):
        x, w, b = rng.normal(scale=3, size=(5, 2)), rng.normal(scale=3, size=2), rng.normal()
        z = neuron.weighted_sum(x, w, b)
        for activation in ("step", "sigmoid", "tanh", "relu", "leaky_relu"):
            slope = {"slope": 0.1} if activation == "leaky_relu" else {}
            a = getattr(neuron, activation)(z, **slope)
            yield {"x": x, "w": w, "b": b, "activation": activation}, {"z": z, "a": a}


def detectors(rng):
    for _ in range(30):
        images, w = rng.random((3, 784), "f"), rng.normal(size=784).astype("f")
        b = rng.normal(scale=10)
        sums = neuron.weighted_sum(images, w, 0.0)
        given = {"images": images.ravel(), "w": w, "b": b}
        yield given, {"sums": sums, "a": neuron.neuron(images, w, b, neuron.step)}


def products(rng):
    for _ in range(200):
        n, d_in, d_out = rng.integers(1, 6, size=3)
        X, W = rng.normal(size=(n, d_in)), rng.normal(size=(d_out, d_in))
        b = rng.normal(size=d_out)
        yield {"X": X, "W": W, "b": b}, dense(X, W, b)


def digits(rng):
    for k in range(40):
        hidden = rng.integers(1, 20, size=k % 3).tolist()
        layers = [Dense(*pair, rng=rng) for pair in pairwise([784, *hidden, 10])]
        model = Sequential(*[part for layer in layers for part in (layer, ReLU())][:-1])
        for _, param, _ in model.named_params():
            param[...] += 0.1 * rng.normal(size=param.shape)
        rows, columns = np.sort(rng.choice(29, size=(2, 2), replace=True), axis=1) + [[0, 1]] * 2
        drawing = np.zeros((28, 28))
        drawing[slice(*rows), slice(*columns)] = rng.random((28, 28))[slice(*rows), slice(*columns)]
        by, output = ("mass", "box")[k % 2], (None, k % 10)[k % 2]
        weights = np.concatenate([param.ravel() for _, param, _ in model.named_params()])
        given = {"drawing": drawing.ravel(), "by": by, "weights": weights, "output": output}
        image = place(drawing.ravel(), by)
        scores = model.predict(image)
        chosen = int(scores.argmax()) if output is None else output
        contributions, bias = pixel_contributions(model, image, chosen)
        yield (
            given | {"sizes": [784, *hidden, 10]},
            {
                "input": image,
                "scores": scores,
                "probabilities": softmax(scores),
                "chosen": chosen,
                "contributions": contributions,
                "bias": bias,
            },
        )


def learners(rng):
    figure = widgets.Learner(rng=rng)
    for k in range(24):
        figure.data, figure.activation = figure.names[k % 4], ("tanh", "relu")[k // 4 % 2]
        (x, y), model, lr = figure.points(), figure.model(rng), rng.uniform(0.05, 0.5)
        weights = np.concatenate([param.ravel() for _, param, _ in model.named_params()])
        how = {"sizes": figure.sizes, "activation": figure.activation, "lr": lr, "steps": 3 * k}
        optimiser, losses = SGD(lr), []
        for _ in range(3 * k):
            model.zero_grads()
            loss, dlogits = cross_entropy(model.forward(x), y)
            model.backward(dlogits)
            optimiser.step(model)
            losses.append(loss)
        learned = np.concatenate([param.ravel() for _, param, _ in model.named_params()])
        given = {"x": x, "y": y, "weights": weights}
        yield given | how, {"weights": learned, "losses": losses}


def walks(rng):
    for name, (loss, gradient, seen) in LOSSES.items():
        for momentum in (None, *rng.random(30)):
            start, lr, steps = rng.normal(size=2), rng.uniform(0, 0.3), int(rng.integers(1, 15))
            given = {"start": start.tolist(), "lr": lr, "momentum": momentum, "steps": steps}
            path = widgets.Descent(name, **given).walk()
            if momentum is None:
                settings = {"lr": lr, "steps": len(path) - 1}
                plain = gradient_descent(gradient, start[: len(seen)], **settings)
                np.testing.assert_allclose(path, plain)
            yield given | {"loss": name}, {"path": path, "losses": loss(path.T)}


def run(given):
    """A network of three neurons: its loss, and all gradients."""
    network = widgets.Backprop(**plain(given)).network()
    loss, dy = mean_squared_error(network.forward([given["x"]]), [[given["t"]]])
    dx = network.backward(dy)[0]
    dW_1, db_1, dW_2, db_2 = (grad.ravel() for *_, grad in network.named_params())
    return loss, {"dw": np.append(dW_1, dW_2), "db": np.append(db_1, db_2), "dx": dx}


def passes(rng):
    for _ in range(30):
        given = {"w": rng.normal(size=6), "b": rng.normal(size=3), "x": rng.normal(size=2)}
        given["t"] = rng.normal()
        loss, gradients = run(given)
        differences = []
        for name in ("w", "b", "x"):

            def loss_with(value, name=name, given=given):
                return run(given | {name: value})[0]

            differences.extend(numerical_gradient(loss_with, given[name]))
        yield given, {"loss": loss, **gradients, "differences": differences}


def readers(rng):
    for k in range(40):
        t, context, size, n_heads, n_layers = 1 + k % 7, 7, 1 + k % 3, 1 + k % 4, 1 + k % 2
        d, vocab = size * n_heads, 5 + k % 6
        attends = [CausalSelfAttention(d, n_heads, rng=rng) for _ in range(n_layers)]
        words, positions = Embedding(vocab, d, rng=rng), Embedding(context, d, rng=rng)
        layers = [words, positions, *attends, output := Dense(d, vocab, rng=rng)]
        params = [param for layer in layers for _, param, _ in layer.named_params()]
        for param in params:
            param[...] = (param + rng.normal(scale=0.5, size=param.shape)).astype("f")
        ids = rng.integers(vocab, size=t)
        scale, mask = ("1/√d", "none")[k // 2 % 2], ("causal", "none")[k // 3 % 2]

        steps = {name: [] for name in ("products", "scaled", "masked", "weights", "output")}
        x, values = words.predict(ids) + positions.params["W"][:t], []
        for layer in attends:
            q, k, v = layer.split(layer.qkv.predict(x))
            products = q @ k.swapaxes(1, 2)
            scaled = products / np.sqrt(size) if scale == "1/√d" else products
            allowed = causal_mask(t) if mask == "causal" else np.ones((t, t), bool)
            stretched = q * np.sqrt(size) if scale == "none" else q
            y, weights = attention(stretched, k, v, allowed)
            masked = np.where(allowed, scaled, -np.inf)
            for name, found in zip(steps, (products, scaled, masked, weights, y), strict=True):
                steps[name].extend(found)
            values.extend(v)
            x = x + layer.out.predict(merge_heads(y))
        sizes = {"vocabulary": vocab, "context": context, "features": d}
        flat = np.concatenate([param.ravel() for param in params])
        yield (
            {"ids": ids, "weights": flat, "heads": [n_heads] * n_layers}
            | {"scale": scale, "mask": mask, **sizes},
            {"values": values, "probabilities": softmax(output.predict(x)), **steps},
        )


LANGUAGE = TinyLanguage()
MODULUS = 2**31 - 1


def in_float64(vocab, sizes, rng, numbers=None):
    """A GPT with float32 parameters, random ones or those of a figure, that counts in float64."""
    model = GPT(vocab, *sizes, rng=rng)
    for name, param, _ in model.named_params():
        if numbers is None:
            drawn = param + 0.3 * rng.normal(size=param.shape)
            param[...] = drawn.astype("f")
            if name == "tokens.W":
                param[rng.choice(vocab, 20)] = 0  # so many words have the same score, 0
        else:
            param[...], numbers = numbers[: param.size].reshape(param.shape), numbers[param.size :]
    return model


def drawn(p, seed):
    seed = 48271 * seed % MODULUS
    return int(np.searchsorted(p.cumsum(), seed / MODULUS, side="right")), seed


def writers(rng):
    for k in range(24):
        heads, size, blocks = (int(n) for n in rng.integers(1, 4, size=3))
        sentences = LANGUAGE.sample(2, rng=rng)
        words = [word for sentence in sentences for word in sentence][: k - 24 or None]
        ids = [LANGUAGE.vocabulary.index(word) for word in [".", *words]]
        sizes = [len(ids) + k % 3, heads * size, heads, blocks]
        model = in_float64(68, sizes, rng)
        scores = model.predict([ids])[0]
        p = softmax(scores)
        exact = [LANGUAGE.next_token_probabilities(words[:n]) for n in range(len(ids))]
        how = {
            "temperature": (1.0, 0.0, 0.4, 2.0)[k % 4],
            "top_k": int(rng.integers(1, 68)) if k % 3 else None,
            "top_p": rng.uniform(0.1, 1) if k % 5 else None,
        }
        figure = widgets.Writer(model, LANGUAGE, rng=rng)
        choice = next_token_distribution(scores[-1], **how)
        chosen, seed = drawn(choice, figure.seed)
        given = {"vocab": 68, "sizes": sizes, "ids": ids, "seed": figure.seed, **how}
        places = np.arange(len(words)), ids[1:]
        yield (
            given | {"weights": figure.weights, "arcs": figure.arcs.ravel()},
            {
                "scores": scores[-1],
                "surprises": -np.log(p[:-1][places]),
                "exact": -np.log(np.array(exact)[:-1][places]),
                "model": p[-1],
                "language": exact[-1],
                "drawn": choice,
                "id": chosen,
                "seed": seed,
            },
        )


NUMBERS = {
    "Attention": readers,
    "Backprop": passes,
    "Descent": walks,
    "Detector": detectors,
    "Digit": digits,
    "Learner": learners,
    "Neuron": neurons,
    "Product": products,
    "Writer": writers,
}
# Weights, images and arcs are float32; training adds up rounding errors, finite differences magnify
# the last digit, and so do steps that diverge. All others agree to 1e-12.
TOLERANCE = {
    "Backprop": 1e-9,
    "Descent": 1e-9,
    "Detector": 1e-4,
    "Digit": 1e-4,
    "Learner": 1e-8,
    "Writer": 1e-7,
}


def plain(value):
    """Arrays as lists, so that the browser can have them."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return np.asarray(value).tolist()


def test_no_figure_escapes_these_tests():
    assert list(NUMBERS) == widgets.__all__


@pytest.mark.parametrize("name", NUMBERS)
def test_its_numbers_are_those_of_the_library(browser, rng, name):
    given, expected = zip(*map(plain_pair, NUMBERS[name](rng)), strict=True)
    page = browser.new_page()
    found = page.evaluate(
        """async ([text, given]) => {
            const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
            const { compute } = await import(url);
            return given.map(compute);
        }""",
        [getattr(widgets, name)._esm, given],
    )
    page.close()
    tolerance = TOLERANCE.get(name, 1e-12)
    for mine, library in zip(found, expected, strict=True):
        for part in library if isinstance(library, dict) else [()]:
            np.testing.assert_allclose(
                mine[part] if part else mine,
                library[part] if part else library,
                rtol=tolerance,
                atol=tolerance,
            )


def plain_pair(pair):
    return plain(pair[0]), plain(pair[1])


# The page.


@every_page
def test_every_figure_comes_to_life(visitor, path):
    visitor.open(path)
    notebook = BOOK.parents[1] / "chapters" / f"{path[9:-5]}.ipynb"
    source = json.loads(notebook.read_text(encoding="utf-8"))
    calls = [re.findall(r"\bwidgets\.[A-Z]", "".join(cell["source"])) for cell in source["cells"]]
    assert visitor.page.locator(".live").count() == sum(map(len, calls))
    assert visitor.page.locator("[data-model]").count() == 0
    assert not visitor.complaints, "\n".join(visitor.complaints)


@every_page
def test_without_scripts_there_is_a_picture(browser, origins, path):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/{path}")
        pictures = page.locator("[data-model] svg[role=img]").all()
        assert pictures
        for picture in pictures:
            assert picture.is_visible()
            assert len(picture.get_attribute("aria-label")) > 60


@every_page
def test_every_control_is_reached_with_the_tab_key_and_shows_it(visitor, path):
    visitor.open(path)
    page = visitor.page
    for figure in page.locator(".live").all():
        stops = figure.locator(CONTROLS).evaluate_all(
            """(all) => all.filter((e) => e.type !== "radio" || e.checked).map((e, i) => {
                e.dataset.stop = i;
                return e.hasAttribute("data-lm-suppress-shortcuts");
            })"""
        )
        assert all(stops), "a control from which JupyterLab would take the keys"
        figure.locator("[data-stop='0']").focus()
        page.keyboard.press("Shift+Tab")
        for stop in range(len(stops)):
            page.keyboard.press("Tab")
            reached, outline = page.evaluate(
                """() => {
                    const e = document.activeElement;
                    const seen = e.type === "radio" ? e.nextElementSibling : e;
                    return [e.dataset.stop, getComputedStyle(seen).outlineStyle];
                }"""
            )
            assert reached == str(stop)
            assert outline != "none"
        figure.locator("[data-stop]").evaluate_all(
            "(all) => all.forEach((e) => e.removeAttribute('data-stop'))"
        )


MEDIANS = """(controls) => [...document.querySelectorAll(".live")].flatMap((figure) =>
    [...figure.querySelectorAll(controls)].map((control) => {
        const times = Array.from({ length: 21 }, (_, i) => {
            const start = performance.now();
            if (control.type === "range") {
                const share = ((i * 0.618) % 1) * (control.max - control.min);
                control.value = Number(control.min) + share;
                control.dispatchEvent(new Event("input"));
            } else if (control.type === "text") {
                control.value = control.value.split(" ").reverse().join(" ");
                control.dispatchEvent(new Event("input"));
            } else if (control.matches("input, button")) {
                control.checked = false;
                control.click();
            } else {
                const key = ["ArrowRight", " "][i % 2];
                control.dispatchEvent(new KeyboardEvent("keydown", { key }));
            }
            figure.getBoundingClientRect();  // waits for the layout
            return performance.now() - start;
        });
        const label = control.ariaLabel ?? control.parentElement.textContent;
        return [times.sort((p, q) => p - q)[10], label];
    }))"""


@every_page
def test_every_control_answers_within_a_frame(visitor, path):
    """On a computer half as fast as this one, which gets five attempts: it may be busy."""
    visitor.open(path)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 2})
    for _ in range(5):
        milliseconds, label = max(visitor.page.evaluate(MEDIANS, CONTROLS))
        if milliseconds < 16:
            break
    print(f"{path}: {milliseconds:.1f} ms at most, for {label}")
    assert milliseconds < 16, label


def figure_with(page, text):
    return page.locator(".live", has_text=text)


def test_the_neuron_says_how_many_corners_are_right(visitor):
    visitor.open("chapters/01_neuron.html")
    figure = figure_with(visitor.page, "weight w₁")
    said = figure.locator(".live-result")
    assert "3 of 4 corners" in said.inner_text()
    figure.get_by_role("radio", name="or", exact=True).check(force=True)
    assert "4 of 4 corners" in said.inner_text()
    bias = figure.get_by_label("bias b")
    bias.focus()
    for _ in range(10):
        visitor.page.keyboard.press("ArrowLeft")
    assert bias.get_attribute("aria-valuetext") == "−1.5"
    assert "2 of 4 corners" in said.inner_text()
    assert "(1, 1): 0.622" in said.text_content()


def test_the_detector_is_painted_by_keyboard_mouse_and_touch(browser, origins):
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/01_neuron.html")
        figure = figure_with(page, "All to 0")
        said, grid = figure.locator(".live-result"), figure.get_by_role("application")
        assert said.inner_text() == "Threshold 69. The neuron fires for 0, 6, 9, ink."
        painted = "(e) => e.querySelectorAll('[fill*=orange]').length"

        grid.focus()
        page.keyboard.press("Space")
        assert grid.evaluate(painted) == 9
        assert "row 13, column 13, weight −5.5" in figure.text_content()
        page.keyboard.press("Shift+ArrowDown")
        assert grid.evaluate(painted) == 12
        assert said.inner_text() == "Threshold 69. The neuron fires for 0."

        figure.get_by_role("button", name="Start again").click()
        assert grid.evaluate(painted) == 0
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        corner = box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"]
        page.touchscreen.tap(*corner)
        assert grid.evaluate(painted) == 9
        page.mouse.move(*corner)
        page.mouse.down()
        page.mouse.move(corner[0] + 0.5 * box["width"], corner[1], steps=20)
        page.mouse.up()
        assert grid.evaluate(painted) > 30


@pytest.mark.parametrize(("motion", "seconds"), [("reduce", "0s"), ("no-preference", "0.5s")])
def test_the_product_is_the_same_sum_in_both_forms(browser, origins, motion, seconds):
    with browser.new_context(reduced_motion=motion) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/02_matrices.html")
        figure = figure_with(page, "Next number")
        said = figure.locator(".live-result")
        for _ in range(5):
            figure.get_by_role("button", name="Next number").click()
        rows = said.inner_text()
        assert rows == "Example 2, neuron 1: 1 · (−1) + 5 · 3 + 0 · 1 + 0.5 = 14.5"
        figure.get_by_role("radio", name="in columns").check(force=True)
        assert said.inner_text() == rows
        assert "(2, 4)" in figure.text_content()
        moving = figure.locator(".live-moves").first
        assert moving.evaluate("e => getComputedStyle(e).transitionDuration") == seconds


def seven(page, grid):
    """Draw a seven with the mouse."""
    box = grid.bounding_box()
    corners = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]
    (x, y), *others = [
        (box["x"] + u * box["width"], box["y"] + v * box["width"]) for u, v in corners
    ]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=3)
    page.mouse.up()


INK = """(e) => [...e.querySelectorAll("rect[fill]")]
    .map((square) => Number(square.getAttribute("fill").match(/\\d+/)?.[0] ?? 0) / 255)"""
INPUT = """(e) => [...e.getContext("2d").getImageData(0, 0, 28, 28).data]
    .filter((_, k) => k % 4 === 0).map((byte) => byte / 255)"""


def test_a_drawn_digit_is_placed_and_read_and_its_score_explained(visitor):
    visitor.open("chapters/06_understanding.html")
    figure = figure_with(visitor.page, "Clear")
    grid, said = figure.get_by_role("application"), figure.locator(".live-result")
    figure.get_by_role("button", name="Clear").click()
    assert "Nothing is drawn yet." in said.inner_text()
    grid.scroll_into_view_if_needed()
    seven(visitor.page, grid)
    drawn = np.array(grid.evaluate(INK))[:784]
    for by, words in (("box", "its box"), ("mass", "its centre of mass")):
        figure.get_by_role("radio", name=words).check(force=True)
        given = figure.locator("canvas").evaluate(INPUT)
        np.testing.assert_allclose(given, place(drawn, by), atol=0.01)
    assert re.search(r"The network reads \d: [\d.]+ %\.", said.inner_text())

    figure.get_by_role("radio", name="4", exact=True).check(force=True)
    sums = re.search(r"Pixels (.*) \+ biases (.*) = (.*), the score of 4\.", said.inner_text())
    pixels, biases, score = (float(part.replace("−", "-")) for part in sums.groups())
    assert round(pixels + biases - score, 3) == 0


def test_the_answer_is_spoken_when_the_pen_rests(visitor):
    visitor.open("chapters/05_training.html")
    figure = figure_with(visitor.page, "Clear")
    figure.get_by_role("button", name="Clear").click()
    spoken = figure.locator(".unseen[aria-live=polite]").last
    figure.get_by_text("Nothing is drawn yet.").nth(1).wait_for(state="attached")
    grid = figure.get_by_role("application")
    grid.focus()
    visitor.page.keyboard.press("Space")
    for _ in range(6):
        visitor.page.keyboard.press("ArrowDown")
    assert "Nothing" in spoken.text_content()
    assert "row 19, column 13, pen down" in figure.text_content()
    drawn = np.array(grid.evaluate(INK))[:784].reshape(28, 28)
    assert np.flatnonzero(drawn[:, 13] == 1).tolist() == list(range(12, 21))
    visitor.page.keyboard.press("Space")
    visitor.page.keyboard.press("ArrowRight")
    np.testing.assert_array_equal(drawn.ravel(), grid.evaluate(INK)[:784])
    visitor.page.wait_for_timeout(1000)
    assert spoken.text_content() == figure.locator(".live-result").inner_text().splitlines()[0]


def test_a_finger_draws_and_does_not_scroll(browser, origins):
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/05_training.html")
        figure = figure_with(page, "Clear")
        figure.get_by_role("button", name="Clear").click()
        grid = figure.get_by_role("application")
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        page.touchscreen.tap(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
        assert sum(ink > 0 for ink in grid.evaluate(INK)) > 4
        assert grid.evaluate("e => getComputedStyle(e).touchAction") == "none"


def test_the_learner_learns_and_starts_again(visitor):
    """Where motion is unwelcome, Run makes a hundred steps and shows the last."""
    visitor.open("chapters/04_backprop.html")
    figure = figure_with(visitor.page, "Start again")
    said = figure.locator(".live-result")
    start = said.inner_text()
    assert start.startswith("Step 0:")
    figure.get_by_role("button", name="Step").click()
    assert said.inner_text().startswith("Step 1:")
    for steps in (101, 201):
        figure.get_by_role("button", name="Run").click()
        figure.get_by_text(f"Step {steps}:").first.wait_for()
        figure.get_by_role("button", name="Run").wait_for()
    _, losses = widgets.Learner(rng=np.random.default_rng(4)).after(202)
    assert f"loss {losses[-1]:.3g}," in said.inner_text()
    figure.get_by_role("radio", name="circle").check(force=True)
    assert said.inner_text().startswith("Step 0:")
    figure.get_by_role("radio", name="moons").check(force=True)
    assert said.inner_text() == start


def test_a_running_learner_moves_until_it_is_stopped(browser, origins):
    with browser.new_context(reduced_motion="no-preference") as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/04_backprop.html")
        figure = figure_with(page, "Start again")
        said = figure.locator(".live-result")
        figure.get_by_role("button", name="Run").click()
        page.wait_for_function(
            "(e) => /Step [4-9]\\d:/.test(e.textContent)", arg=said.element_handle()
        )
        figure.get_by_role("button", name="Stop").click()
        stopped = said.inner_text()
        page.wait_for_timeout(300)
        assert said.inner_text() == stopped


def test_a_walk_overshoots_and_diverges_and_says_so(visitor):
    visitor.open("chapters/03_descent.html")
    figure = visitor.page.locator(".live").first
    said, rate = figure.locator(".live-result"), figure.get_by_label("learning rate")
    assert said.inner_text().endswith("slope −1.007. The last step overshot.")
    rate.focus()
    for _ in range(3):
        visitor.page.keyboard.press("ArrowRight")
    assert rate.get_attribute("aria-valuetext") == "1.05"
    figure.get_by_role("button", name="Run").click()
    assert "beyond 1000" in said.inner_text()
    figure.get_by_role("button", name="Start again").click()
    assert said.inner_text() == "Step 0: w = 0, loss 9, slope −6."
    figure.get_by_role("button", name="Step").click()
    assert said.inner_text().startswith("Step 1: w = 6.3, ")


def test_a_walk_starts_where_mouse_or_finger_or_keys_put_it(browser, origins):
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/03_descent.html")
        figure = page.locator(".live").nth(1)
        figure.get_by_role("radio", name="narrow valley").check(force=True)
        said, field = figure.locator(".live-result"), figure.locator(".live-field")
        assert said.inner_text().startswith("Step 0: w = (−8, 1.5), ")
        field.scroll_into_view_if_needed()
        box = field.bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.touchscreen.tap(*middle)
        assert said.inner_text().startswith("Step 0: w = (−2, 0), ")
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0], box["y"] - 50, steps=5)
        page.mouse.up()
        assert said.inner_text().startswith("Step 0: w = (−2, 4.4), ")
        figure.get_by_label("start w₁").focus()
        page.keyboard.press("ArrowLeft")
        assert said.inner_text().startswith("Step 0: w = (−2.1, 4.4), ")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_run_takes_its_time_unless_the_reader_prefers_stillness(browser, origins, motion):
    with browser.new_context(reduced_motion=motion) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/05_training.html")
        figure = page.locator(".live").filter(has_text="momentum")
        said, run = figure.locator(".live-result"), figure.get_by_role("button", name="Run")
        figure.get_by_role("button", name="Start again").click()
        run.click()
        if motion == "reduce":
            assert said.inner_text().startswith("Step 100: ")
        else:
            stop = figure.get_by_role("button", name="Stop")
            assert said.get_attribute("aria-live") == "off"
            page.wait_for_function(
                "!document.querySelector('.live-result').textContent.includes('Step 0')"
            )
            stop.click()
        assert run.is_visible()
        assert said.get_attribute("aria-live") == "polite"


def test_backpropagation_goes_step_by_step_and_every_number_can_be_edited(visitor):
    visitor.open("chapters/04_backprop.html")
    figure = visitor.page.locator(".live").filter(has_text="To the loss")
    said = figure.locator(".live-result")
    following = figure.get_by_role("button", name="Next")
    assert said.inner_text() == "Step 0 of 24: nothing is computed yet"
    following.click()
    assert said.inner_text().startswith(
        "Step 1 of 24, forward: z₁ = w₁₁ · x₁ + w₁₂ · x₂ + b₁ = 0.8 · 1.5"
    )
    figure.get_by_role("button", name="To the loss").click()
    assert "L = (a₃ − t)² = (0.473 − 1)² = 0.278" in said.inner_text()
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
    visitor.page.keyboard.press("ArrowUp")
    figure.get_by_role("slider", name="step").focus()
    for _ in range(3):
        visitor.page.keyboard.press("ArrowLeft")
    assert said.inner_text().startswith("Step 21 of 24, backward: dw₂₂ = dz₂ · x₂")
    assert "· 0.1 = " in said.inner_text()


def test_attention_follows_the_sentence_the_query_and_the_head(visitor):
    visitor.open("chapters/08_attention.html")
    page = visitor.page
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
    tokens = figure.locator(".live-tokens label:visible").all_inner_texts()
    assert " ".join(tokens) == "Mia gives Ben a red hat and Ben thanks Mia ."
    assert "“.” takes" in said.inner_text()  # the last token asks, as it did before
    assert figure.locator("tbody th:visible").all_inner_texts() == tokens


def test_attention_says_what_is_wrong_with_a_sentence_and_keeps_the_last_one(visitor):
    visitor.open("chapters/08_attention.html")
    figure = figure_with(visitor.page, "token that asks")
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


def test_attention_is_used_with_the_keys_and_loses_its_mask_and_its_scale(visitor):
    visitor.open("chapters/08_attention.html")
    page = visitor.page
    figure = figure_with(page, "token that asks")
    said = figure.locator(".live-result")
    hidden = figure.locator(".live-steps .live-later")
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


def test_attention_is_used_with_a_finger(browser, origins):
    with browser.new_context(has_touch=True, viewport={"width": 390, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/chapters/08_attention.html")
        figure = figure_with(page, "token that asks")
        said = figure.locator(".live-result")
        figure.locator(".live-tokens label").nth(3).tap()
        assert "“a” takes" in said.inner_text()
        for head in range(4):
            figure.locator(".live-heads label").nth(head).tap()
            assert f"In head {head}, “a” takes" in said.inner_text()
        figure.get_by_label("sentence").tap()
        assert page.evaluate("document.activeElement.type") == "text"


CHAPTER_10 = "chapters/10_gpt.html"


@pytest.fixture(scope="module")
def written(origins):
    """The model of the Writer in chapter 10, its first text, and its seed."""
    source = (BOOK / CHAPTER_10).read_text(encoding="utf-8")
    states = re.search(r'widget-state\+json">(.*?)</script>', source, re.DOTALL)[1]
    for found in json.loads(states)["state"].values():
        if "entropy" in found["state"]:
            buffers = {buffer["path"][0]: buffer["data"] for buffer in found["buffers"]}
            numbers = np.frombuffer(base64.b64decode(buffers["weights"]), "<f4")
            traits = found["state"]
            model = in_float64(68, traits["sizes"], np.random.default_rng(), numbers)
            return model, traits["text"].split(), traits["seed"]
    raise LookupError("chapter 10 has no Writer")


def in_sight(figure):
    return figure.locator(".live-sheet > :is(.live-said, .live-never)").all_inner_texts()


LOOKS = """(e) => {
    window.looks = 0;
    new MutationObserver(() => window.looks++).observe(e, { subtree: true, characterData: true });
}"""


def run_of_twenty(figure, words):
    figure.get_by_role("button", name="Run", exact=True).click()
    figure.get_by_text(f"Mean of {words} words").first.wait_for()
    figure.get_by_role("button", name="Run", exact=True).wait_for()


def test_a_greedy_run_writes_what_generate_writes(visitor, written):
    """Where motion is unwelcome, Run writes twenty words at once."""
    model, start, _ = written
    visitor.open(CHAPTER_10)
    figure = figure_with(visitor.page, "Next word")
    figure.get_by_label("temperature").fill("0")
    figure.locator(".live-result").evaluate(LOOKS)
    for words in (24, 44, 63):
        run_of_twenty(figure, words)
    assert visitor.page.evaluate("window.looks") == 3, "it moved"
    ids = [LANGUAGE.vocabulary.index(word) for word in [".", *start]]
    expected = model.generate(ids, 59, rng=np.random.default_rng(), temperature=0)
    assert in_sight(figure) == [LANGUAGE.vocabulary[i] for i in expected[1:]]


def test_words_are_drawn_from_what_the_last_column_shows(visitor, written):
    """After some words were taken back too."""
    model, words, seed = written
    words = [*words[:-1], "the", "dogs"]
    visitor.open(CHAPTER_10)
    figure = figure_with(visitor.page, "Next word")
    figure.get_by_role("button", name="Remove last", exact=True).click()
    figure.get_by_label("add words").fill("the dogs")
    figure.get_by_role("button", name="Add", exact=True).click()
    figure.get_by_label("temperature").fill("1.5")
    figure.get_by_label("top-k").fill("30")
    figure.get_by_label("top-p").fill("0.9")
    ids = [LANGUAGE.vocabulary.index(word) for word in [".", *words]]
    how = {"temperature": 1.5, "top_k": 30, "top_p": 0.9}
    for _ in range(30):
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


def test_a_sentence_is_written_by_hand_and_compared_with_the_language(visitor):
    visitor.open(CHAPTER_10)
    page = visitor.page
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


def test_the_language_says_what_it_never_writes_and_the_model_goes_on(visitor):
    visitor.open(CHAPTER_10)
    page = visitor.page
    figure = figure_with(page, "Next word")
    said, field = figure.locator(".live-result"), figure.get_by_label("add words")
    opening = LANGUAGE.next_token_probabilities([]).max()
    for words, verdict, exact in (
        ("cat", "The language never writes it here.", "–"),
        ("sees", "The language has no sentence that begins like this.", "–"),
        ("Ben.", "The language has no sentence that begins like this.", f"{opening:.2f}"),
        ("Zoe dgo", "", ""),
    ):
        field.fill(words)
        page.keyboard.press("Enter")
        assert verdict in said.inner_text()
        first = figure.get_by_role("group").get_by_role("button").first
        assert exact in first.locator(".live-share-1").inner_text()
    assert figure.locator(".live-never").all_inner_texts() == ["cat"]
    assert "The model does not know “dgo”. It knows: dog dogs" in figure.inner_text()
    assert field.input_value() == "Zoe dgo"
    figure.get_by_role("button", name="Remove last", exact=True).click()
    assert in_sight(figure)[-3:] == ["cat", "sees", "Ben"]


def test_a_run_writes_word_by_word_until_it_is_stopped_and_a_tap_appends(browser, origins):
    options = {"has_touch": True, "viewport": {"width": 390, "height": 900}}
    with browser.new_context(reduced_motion="no-preference", **options) as context:
        page = context.new_page()
        page.goto(f"{origins['http']}/{CHAPTER_10}")
        figure = figure_with(page, "Next word")
        figure.get_by_role("button", name="Run", exact=True).click()
        page.wait_for_function(
            "(e) => /Mean of [7-9] words/.test(e.textContent)",
            arg=figure.locator(".live-result").element_handle(),
        )
        spoken = figure.locator(".unseen[aria-live]")
        expect(spoken).to_contain_text("Mean of 4")
        figure.get_by_role("button", name="Stop", exact=True).click()
        words = in_sight(figure)
        expect(spoken).to_contain_text(f"Mean of {len(words)}")
        page.wait_for_timeout(800)
        assert in_sight(figure) == words
        row = figure.get_by_role("group").get_by_role("button").nth(2)
        row.tap()
        assert len(in_sight(figure)) == len(words) + 1


def test_a_text_ends_where_the_model_cannot_see_all_of_it(visitor):
    visitor.open(CHAPTER_10)
    figure = figure_with(visitor.page, "Next word")
    figure.get_by_label("add words").fill("Mia sees Ben and Ben sees Mia . " * 30)
    figure.get_by_role("button", name="Add", exact=True).click()
    for name in ("Next word", "Run"):
        figure.get_by_role("button", name=name, exact=True).click()
        figure.get_by_role("button", name="Run", exact=True).wait_for()
        said = figure.locator(".live-result").inner_text()
        assert "Mean of 63 words" in said
        assert "The text is full: the model cannot see more." in said
