"""What a reader meets in JupyterLab: cells that run, a checker, and figures that live."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from built_book import PATIENCE
from playwright.sync_api import expect

CHAPTERS = Path(__file__).parents[2] / "chapters"
PLAIN = {  # all cells in the page, scrolled into view or not, and no question about news
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
LIVE = """
from nnlib import widgets
figure = widgets.Neuron()
figure
%%
figure.b = 2.5
%%
print("Python has", figure.b, figure.activation)
%%
import numpy as np
detector = widgets.Detector(np.ones((1, 784)), ["page"])
detector
%%
detector.w = np.full(784, 0.5)
%%
print("Python has", detector.w.min(), detector.w.sum())
%%
from nnlib import datasets
from nnlib.backprop import Dense
digit = widgets.Digit(Dense(784, 10, rng=np.random.default_rng(0)))
digit
%%
digit.drawing = np.eye(28)
%%
placed = datasets.place(digit.drawing)
print("Drawn", digit.drawing.sum() > 28, np.abs(digit.input - placed).max() < 1e-6)
%%
learner = widgets.Learner(rng=np.random.default_rng(0))
learner
%%
learner.lr = 1.0
%%
learned = learner.after(0)[0].children["0"].params["W"]
learner.weights = learner.start
network, _ = learner.after(1)
print("Learned", learner.steps, np.abs(network.children["0"].params["W"] - learned).max() < 1e-6)
%%
from nnlib.attention import CausalSelfAttention
from nnlib.language import Embedding
rng = np.random.default_rng(0)
first = [Embedding(2, 4, rng=rng), Embedding(6, 4, rng=rng), CausalSelfAttention(4, 2, rng=rng)]
attention = widgets.Attention([*first, Dense(4, 2, rng=rng)], ["do", "re"])
attention
%%
attention.sentence = "do re do"
%%
print("Read", attention.sentence, attention.head, attention.token)
%%
from nnlib.gpt import GPT
from nnlib.language import TinyLanguage
gpt = GPT(68, 8, 8, 2, 1, rng=np.random.default_rng(0))
writer = widgets.Writer(gpt, TinyLanguage(), rng=np.random.default_rng(0))
seed = writer.seed
writer
%%
writer.text = "Mia sees"
%%
drawn = 48271 * seed % (2**31 - 1)
print("Written", len(writer.text.split()), writer.text[:12], writer.top_k, writer.seed == drawn)
"""
WRONG = "def pre_activation(x, w, b):\n    return w * x + b\n\n\n"


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[str]:
    """The address of a JupyterLab with two notebooks.

    One is chapter 1 with a wrong answer to one exercise, the other has live figures.
    """
    tmp_path = tmp_path_factory.mktemp("lab")
    for name, settings in PLAIN.items():
        file = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings))
    notebook = json.loads((CHAPTERS / "01_neuron.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "try-pre-activation")
    cell["source"] = WRONG + "ex.pre_activation.check(pre_activation)"
    (tmp_path / "01_neuron.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    blank = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    parts = [part.strip() for part in LIVE.split("%%")]
    notebook["cells"] = [blank | {"id": f"c{k}", "source": part} for k, part in enumerate(parts)]
    (tmp_path / "live.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    here = {"JUPYTER_CONFIG_DIR": tmp_path, "JUPYTERLAB_SETTINGS_DIR": tmp_path / "settings"}
    here["NNLIB_PROGRESS"] = tmp_path / "progress.json"
    options = ["--no-browser", "--allow-root", f"--port={address.rpartition(':')[2]}"]
    options += ["--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}"]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", *options],
        env=os.environ | {name: str(path) for name, path in here.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_it_answers(f"{address}/api")
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_until_it_answers(url: str) -> None:
    for _ in range(PATIENCE // 500):
        try:
            urllib.request.urlopen(url).close()
            return
        except urllib.error.URLError:
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not answer at {url}")


@pytest.fixture
def opened(browser, lab):
    """A function that opens a notebook of the lab."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)

    def open_notebook(name):
        page.goto(f"{lab}/lab/workspaces/{Path(name).stem}/tree/{name}")
        page.locator("text=Python 3 (ipykernel) | Idle").wait_for()
        return page

    yield open_notebook
    page.close()


def test_all_cells_run_and_a_wrong_answer_is_named(opened):
    page = opened("01_neuron.ipynb")
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.wait_for_function(
        """() => {
            // The prompt of a cell whose source is hidden has no number.
            const shown = ".jp-CodeCell .jp-InputPrompt:not(.jp-Placeholder-prompt)";
            const prompts = [...document.querySelectorAll(shown)];
            return prompts.length > 20 && prompts.every((p) => /\\d/.test(p.textContent));
        }"""
    )

    verdict = page.locator(".jp-OutputArea-output", has_text="The products are not added up")
    assert verdict.inner_text().startswith("✗ ")
    assert "pre_activation(" not in verdict.inner_text()
    verdict.locator("summary").click()
    assert "pre_activation(" in verdict.inner_text()
    errors = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    assert errors.count() == 1, "only the planned error may fail"
    assert page.locator(".live").count() == 6


def run(page, number):
    page.locator(".jp-CodeCell .jp-InputPrompt").nth(number).click()
    page.keyboard.press("Shift+Enter")


def test_what_a_figure_shows_and_what_python_has_are_the_same(opened):
    page = opened("live.ipynb")
    run(page, 0)
    neuron = page.locator(".live")
    bias = neuron.get_by_label("bias b")
    assert bias.get_attribute("aria-valuetext") == "−1.5"
    run(page, 1)
    page.wait_for_function("document.querySelector('.live').textContent.includes('2.5')")

    neuron.get_by_role("radio", name="ReLU", exact=True).check(force=True)
    bias.focus()
    page.keyboard.press("ArrowRight")
    assert bias.get_attribute("aria-valuetext") == "2.6"
    run(page, 2)
    page.locator("text=Python has 2.6 relu").wait_for()

    run(page, 3)
    detector = page.locator(".live").nth(1)
    assert "Threshold 0" in detector.inner_text()
    run(page, 4)
    detector.locator("text=392").wait_for()

    detector.get_by_role("application").focus()
    page.keyboard.press("Space")
    run(page, 5)
    page.locator("text=Python has -5.5 338.0").wait_for()

    run(page, 6)
    digit = page.locator(".live").nth(2)
    digit.locator("text=Nothing is drawn yet.").first.wait_for()
    run(page, 7)
    digit.locator("text=The network reads").first.wait_for()
    digit.get_by_role("application").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    run(page, 8)
    page.locator("text=Drawn True True").wait_for()

    run(page, 9)
    learner = page.locator(".live").nth(3)
    learner.locator("text=Step 0").first.wait_for()
    run(page, 10)
    page.wait_for_function("document.querySelectorAll('.live')[3].textContent.includes('rate1')")
    learner.get_by_role("button", name="Step").click()
    run(page, 11)
    page.locator("text=Learned 1 True").wait_for()

    run(page, 12)
    attention = page.locator(".live").nth(4)
    field = attention.get_by_label("sentence")
    assert field.input_value() == "do"
    run(page, 13)
    attention.locator("text=“do₂” takes").first.wait_for()
    expect(field).to_have_value("do re do")
    field.press("End")
    page.keyboard.type(" re d", delay=20)
    assert attention.get_by_text("The model does not know “d”. It knows: do").first.is_visible()
    attention.get_by_role("radio", name="head 1").focus()
    page.keyboard.press("Space")
    attention.get_by_role("radio", name="re, token 3").focus()
    page.keyboard.press("ArrowLeft")
    run(page, 14)
    page.locator("text=Read do re do re 1 2").wait_for()

    run(page, 15)
    writer = page.locator(".live").nth(5)
    writer.locator("text=Nothing is written yet.").first.wait_for()
    run(page, 16)
    writer.locator("text=Surprise at “sees”").first.wait_for()
    writer.get_by_label("add words").fill("Ben")
    page.keyboard.press("Enter")
    writer.get_by_label("top-k").focus()
    page.keyboard.press("ArrowLeft")
    writer.get_by_role("button", name="Next word").click()
    run(page, 17)
    page.locator("text=Written 4 Mia sees Ben 67 True").wait_for()
