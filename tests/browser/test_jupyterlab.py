"""What a reader meets in JupyterLab: all cells run, and the checker names a mistake."""

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

CHAPTERS = Path(__file__).parents[2] / "chapters"
PLAIN = {  # all cells in the page, scrolled into view or not, and no question about news
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WRONG = "def pre_activation(x, w, b):\n    return w * x + b\n\n\n"


@pytest.fixture
def lab(tmp_path) -> Iterator[str]:
    """The address of a JupyterLab with chapter 1, in which one exercise has a wrong answer."""
    for name, settings in PLAIN.items():
        file = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings))
    notebook = json.loads((CHAPTERS / "01_neuron.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "try-pre-activation")
    cell["source"] = WRONG + "ex.pre_activation.check(pre_activation)"
    (tmp_path / "01_neuron.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    here = {"JUPYTER_CONFIG_DIR": tmp_path, "JUPYTERLAB_SETTINGS_DIR": tmp_path / "settings"}
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
        server.wait(20)


def wait_until_it_answers(url: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(url).close()
            return
        except urllib.error.URLError:
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not answer at {url}")


def test_all_cells_run_and_a_wrong_answer_is_named(browser, lab):
    page = browser.new_page()
    page.goto(f"{lab}/lab/tree/01_neuron.ipynb")
    page.locator("text=Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.wait_for_function(
        """() => {
            const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
            return prompts.length > 20 && prompts.every((p) => /\\d/.test(p.textContent));
        }""",
        timeout=90_000,
    )

    verdict = page.locator(".jp-OutputArea-output", has_text="✗ pre_activation")
    assert "a neuron has a single weighted sum" in verdict.inner_text()
    errors = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    assert errors.count() == 1, "only the planned error may fail"
    page.close()
