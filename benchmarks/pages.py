"""How long a reader of the built book waits for Python in a page, and for each chapter's code."""

import gzip
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import chromium

ROOT = Path(__file__).parents[1]
BOX = '[data-exercise="neuron.pre_activation"]'
NEXT = "[data-exercise='matrices.count_parameters']"
MEGABYTE = 1e6

# Press, wait until something happened, and say how many milliseconds it took.
TIMED = """async ([selector, press, done]) => {
    const root = document.querySelector(selector);
    const start = performance.now();
    root.querySelector(press).click();
    await new Promise((resolve) => {
        const look = () => (root.querySelector(done) ? resolve() : requestAnimationFrame(look));
        look();
    });
    return performance.now() - start;
}"""
LONGEST = """() => {
    const cells = [...document.querySelectorAll("[data-seconds]")];
    const { dataset, id } = cells.sort((a, b) => b.dataset.seconds - a.dataset.seconds)[0];
    return [Number(dataset.seconds), id];
}"""
CHECK = ".exercise-tools button"
VERDICT = "[role=status]:not(:empty)"


def report(rounds: int = 5) -> None:
    """Print what a reader waits for, the size of what is loaded, and the chapters' code."""
    with chromium.opened("pages", "_static/python/core.js") as browser:
        if browser is None:
            return
        from built_book import BOOK, served

        with served() as http:
            waits(browser, {"http": http, "file": BOOK.as_uri()}, rounds)
            sizes(BOOK / "_static" / "python")
            chapters(browser, BOOK.as_uri())


def waits(browser, origins: dict[str, str], rounds: int) -> None:
    """Each wait in turn, in a fresh visit each round."""
    print("\nSeconds that a reader waits: median, and the range")
    for scheme, origin in origins.items():
        found: dict[str, list[float]] = {}
        for _ in range(rounds):
            for what, seconds in visit(browser, origin).items():
                found.setdefault(what, []).append(seconds)
        for what, times in found.items():
            middle = statistics.median(times)
            print(f"{scheme:5} {what:40}{middle:7.2f}   {min(times):.2f} to {max(times):.2f}")


def visit(browser, origin: str) -> dict[str, float]:
    """From the first press of a visit to the next page of it."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{origin}/chapters/01_neuron.html")
        page.wait_for_load_state("networkidle")
        answer = "def pre_activation(x, w, b):\n    return w @ x + b"
        page.locator(f"{BOX} textarea").fill(answer)
        seconds = {"press to first verdict": timed(page, BOX)}
        seconds["next check"] = timed(page, BOX)
        seconds["stopped at once, and the next verdict"] = stopped(page, 500)
        seconds["stopped after 4 s, and the next verdict"] = stopped(page, 4000)
        page.goto(f"{origin}/chapters/02_matrices.html")
        page.wait_for_load_state("networkidle")
        seconds["next page, press to first verdict"] = timed(page, NEXT)
        return seconds


def timed(page, box: str) -> float:
    """From the press of Check to a verdict."""
    page.locator(f"{box} [role=status]").last.evaluate("verdict => verdict.replaceChildren()")
    return page.evaluate(TIMED, [box, CHECK, VERDICT]) / 1000


def stopped(page, after: float) -> float:
    """From Stop, in an endless cell that has run for some milliseconds, to the next verdict."""
    cell = page.locator("#cell-0")
    cell.get_by_role("button", name="Edit cell 0").click()
    cell.get_by_role("textbox").fill("while True:\n    pass")
    cell.get_by_role("button", name="Run cell 0").click()
    cell.get_by_role("button", name="Stop").wait_for()
    page.wait_for_timeout(after)
    start = time.perf_counter()
    cell.get_by_role("button", name="Stop").click()
    timed(page, BOX)
    return time.perf_counter() - start


def sizes(folder: Path) -> None:
    """What is loaded on the first press, as a server sends it."""
    print("\nMegabytes of the packs: as they are, and as a server sends them (gzip)")
    for pack in sorted(folder.glob("*.js")):
        text = pack.read_bytes()
        sent = len(gzip.compress(text, 6)) / MEGABYTE
        print(f"{pack.stem:12}{len(text) / MEGABYTE:7.2f}{sent:7.2f}")


def chapters(browser, origin: str) -> None:
    """Each chapter's whole code, in Python and in the page, one after the other."""
    print("\nSeconds for a chapter's whole code: desktop, page, and the page's longest cell")
    for notebook in sorted((ROOT / "chapters").glob("*.ipynb")):
        own, (all_cells, longest, cell) = desktop(notebook), in_page(browser, origin, notebook.stem)
        print(f"{notebook.stem:20}{own:7.1f}{all_cells:7.1f}{longest:7.1f}  {cell}", flush=True)


def desktop(notebook: Path) -> float:
    """A fresh Python that runs the cells one after the other, without Jupyter."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["import matplotlib", "matplotlib.use('svg')", "from matplotlib import pyplot as plt"]
    code += ["import contextlib, io"]
    for cell in cells:
        if cell["cell_type"] == "code":
            code += [
                "with contextlib.suppress(Exception):",
                f"    exec({''.join(cell['source'])!r}, globals())",
                "for n in plt.get_fignums(): plt.figure(n).savefig(io.BytesIO())",
                "plt.close('all')",
            ]
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "\n".join(code)], cwd=ROOT, check=True, capture_output=True
    )
    return time.perf_counter() - start


def in_page(browser, origin: str, name: str) -> tuple[float, float, str]:
    """All cells of a page whose Python has started, and the longest of them with its address."""
    page = browser.new_page()
    page.set_default_timeout(0)
    page.goto(f"{origin}/chapters/{name}.html")
    press(page, page.get_by_role("button", name="Run cell").first)
    start = time.perf_counter()
    press(page, page.get_by_role("button", name="Run all above").last)
    seconds = time.perf_counter() - start
    longest, cell = page.evaluate(LONGEST)
    page.close()
    return seconds, longest, cell


def press(page, button) -> None:
    """Press a button of a cell that is shown on hover only, and wait until Python rests."""
    button.dispatch_event("click")
    page.wait_for_function("() => !document.querySelector('.cell[aria-busy=true]')")
