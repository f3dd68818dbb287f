"""What it costs to operate a live figure, beside a control to which nothing listens."""

from typing import NamedTuple

import numpy as np

from benchmarks import chromium

# A turn is twenty events, because a browser's clock is coarse. Reading where the figure is makes
# the browser lay out the page.
TURNS = """([controls, rounds]) => [...document.querySelectorAll(".live")].flatMap((figure) => {
    const operate = %s;
    const turn = (control) => {
        const start = performance.now();
        for (let i = 0; i < 20; i++) {
            operate(control, i);
            figure.getBoundingClientRect();
        }
        return (performance.now() - start) / 20;
    };
    return [...figure.querySelectorAll(controls)].map((control) => {
        const empty = control.cloneNode(false);
        empty.removeAttribute("name");
        control.after(empty);
        const times = Array.from({ length: rounds }, () => [turn(control), turn(empty)]);
        empty.remove();
        return [control.ariaLabel ?? control.parentElement.textContent, times];
    });
})"""


class Cost(NamedTuple):
    """Milliseconds that an event takes at a control, and at an empty copy of it, each round."""

    label: str
    times: tuple[float, ...]
    empty: tuple[float, ...]


def costs(page, rounds: int) -> list[Cost]:
    """Of every control of every figure in a page."""
    from live_figure import CONTROLS, OPERATE

    found = page.evaluate(TURNS % OPERATE, [CONTROLS, rounds])
    return [Cost(label, *zip(*times, strict=True)) for label, times in found]


def report(rounds: int = 10) -> None:
    """Print the dearest control of every chapter of the built book."""
    with chromium.opened("controls", "chapters/*.html") as browser:
        if browser is None:
            return
        from built_book import BOOK
        from live_figure import CHAPTERS, wait_for_life

        print("\nThe dearest control of each chapter, beside one to which nothing listens")
        print(f"{'':16}{'ratio':>7}   {'quartiles':14}{'an event':>11}")
        for chapter in CHAPTERS:
            page = browser.new_page(reduced_motion="reduce")
            page.goto(f"{BOOK.as_uri()}/chapters/{chapter}.html")
            wait_for_life(page)
            dearest = max(costs(page, rounds), key=lambda cost: np.median(cost.times))
            print(line(chapter, dearest))
            page.close()


def line(chapter: str, cost: Cost) -> str:
    """A line of the table."""
    ratios = np.divide(cost.times, cost.empty)
    low, ratio, high = np.quantile(ratios, [0.25, 0.5, 0.75])
    quartiles = f"{low:.0f} to {high:.0f}"
    milliseconds = np.median(cost.times)
    return f"{chapter:16}{ratio:7.0f}   {quartiles:14}{milliseconds:8.2f} ms   {cost.label[:30]}"
