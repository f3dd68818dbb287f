"""The page as a notebook: its cells run and its exercises are checked where they stand."""

import builtins
import json
import re
import symtable
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import verdicts
from axe_playwright_python.sync_playwright import Axe
from built_book import BOOK
from playwright.sync_api import Locator, Page, expect
from visits import Visit, new_visit

from nnlib.exercises import ORDER, exercises
from nnlib.exercises._exercise import Edit, Exercise

each_chapter = pytest.mark.parametrize("chapter", ORDER)
RIGHT = "def pre_activation(x, w, b):\n    return w @ x + b"


def path_of(chapter: str) -> str:
    return f"chapters/{ORDER.index(chapter) + 1:02}_{chapter}.html"


def box_of(page: Page, chapter: str, name: str) -> Locator:
    return page.locator(f'[data-exercise="{chapter}.{name}"]')


def check(box: Locator, code: str) -> str:
    """Type an answer, press Check, and read the verdict."""
    box.get_by_role("textbox", name="Your answer").fill(code)
    return press_check(box)


def press_check(box: Locator) -> str:
    status = box.get_by_role("status").last
    box.get_by_role("button", name="Check").click()
    expect(box.get_by_role("button", name="Check")).not_to_have_attribute("aria-disabled", "true")
    return status.inner_text()


def run(page: Page, number: int, source: str | None = None) -> str:
    """Run a cell of the page, with other code if there is any, and read what it prints."""
    cell = page.locator(f"#cell-{number}")
    if source is not None:
        cell.get_by_role("button", name=f"Edit cell {number}").click()
        cell.get_by_role("textbox").fill(source)
    cell.get_by_role("button", name=f"Run cell {number}").click()
    wait_for_rest(page)
    return " ".join(cell.locator(".cell_output").all_inner_texts())


def wait_for_rest(page: Page) -> None:
    """However long that takes: a whole chapter trains for minutes on a busy machine."""
    page.wait_for_function("() => !document.querySelector('.cell[aria-busy=true]')", timeout=0)


def first_runnable(page: Page) -> int:
    """The number of a cell of the page that has no output of its own."""
    return int(page.locator(".cell:has(.cell-tools)").first.get_attribute("id").split("-")[1])


@pytest.fixture
def chapter_page(browser, origins) -> Iterator[Callable[..., Visit]]:
    """A function that opens a chapter, over http or as a file without a network."""
    with ExitStack() as opened:

        def open_chapter(chapter: str, scheme: str = "http", mode: str = "light") -> Visit:
            visit = opened.enter_context(new_visit(browser, origins[scheme], mode))
            visit.page.route("**/mathjax/**", lambda route: route.fulfill(body=""))
            visit.page.context.set_offline(scheme == "file")
            visit.page.goto(f"{visit.origin}/{path_of(chapter)}")
            visit.page.locator(".cell > details.fold").evaluate_all(
                "(folds) => folds.forEach((fold) => (fold.open = true))"
            )
            return visit

        yield open_chapter


def globals_of(code: str) -> set[str]:
    """The names that the functions in the code take from outside."""
    tables = [symtable.symtable(code, "code", "exec")]
    found = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {name.get_name() for name in table.get_symbols() if name.is_global()}
    return found


def typed(one: Exercise) -> dict[str, str]:
    """What a reader would type: wrong answers that are edits of a solution without helpers."""
    known = globals_of(one.source()) | vars(builtins).keys() | {"np"}
    sources = {
        text: mistake.source(one.solve)
        for text, mistake in one._mistakes.items()
        if isinstance(mistake, Edit)
    }
    return {text: code for text, code in sources.items() if globals_of(code) <= known}


def first_function(chapter: str) -> tuple[str, Exercise]:
    """The exercise of a chapter with most wrong answers that can be typed."""
    functions = {n: one for n, one in exercises(chapter).items() if one.wants_function}
    return max(functions.items(), key=lambda pair: len(typed(pair[1])))


@pytest.mark.parametrize("scheme", ["http", "file"])
@each_chapter
def test_an_exercise_is_solved_and_failed_in_its_editor(chapter_page, chapter, scheme):
    name, one = first_function(chapter)
    visit = chapter_page(chapter, scheme)
    box = box_of(visit.page, chapter, name)
    call = box.get_attribute("data-call")
    assert "not attempted" in press_check(box).lower()
    wrong = list(typed(one).items())
    for text, code in wrong if scheme == "file" else wrong[:3]:
        assert re.split(r"(?<=[.?])\s", text)[0] in check(box, code.replace(name, call)), text
    assert check(box, one.source().replace(name, call)).startswith("✓ Right")
    assert box.locator(".exercise-done").count() == 1
    assert len(wrong) > 10
    assert not visit.complaints, "\n".join(visit.complaints)


@each_chapter
def test_the_verdict_in_the_page_is_the_verdict_on_the_desktop(chapter_page, chapter):
    page = chapter_page(chapter, "file").page
    code = [
        Path(verdicts.__file__).read_text(encoding="utf-8"),
        "import json",
        f"desktop = json.loads({json.dumps(verdicts.verdicts(chapter))!r})",
        f"here = verdicts({chapter!r})",
        "for name, known in desktop.items():",
        "    for case, verdict in known.items():",
        "        if here[name][case] != verdict:",
        "            print(name, case, verdict, here[name][case], sep='\\n', end='\\n\\n')",
        "print(sum(map(len, here.values())), 'verdicts')",
    ]
    count = sum(len(verdicts.answers(one)) for one in exercises(chapter).values())
    assert run(page, first_runnable(page), "\n".join(code)).strip() == f"{count} verdicts"


@each_chapter
def test_every_cell_runs_in_the_page(chapter_page, chapter):
    visit = chapter_page(chapter, "file")
    page = visit.page
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    last = page.locator(".cell:has(.cell-tools)").last
    last.get_by_role("button", name=re.compile("Run all above")).click()
    wait_for_rest(page)
    known = json.loads(page.locator("#notebook").text_content())
    failed = {
        number: page.locator(f"#cell-{number} [data-kind=error]").all_inner_texts()
        for number in range(len(known))
        if page.locator(f"#cell-{number} [data-kind=error]").count()
    }
    planned = {i for i, cell in enumerate(known) if cell.get("fails")}
    assert failed.keys() <= planned, failed
    # Where an error does not come in a page, a note says so.
    assert all("note" in known[i].get("page", {}) for i in planned - failed.keys())
    assert not visit.complaints, "\n".join(visit.complaints)


def test_nothing_loads_before_a_button_is_pressed(chapter_page):
    visit = chapter_page("neuron")
    visit.page.wait_for_load_state("networkidle")
    assert not [r.url for r in visit.responses if "/python/" in r.url]
    run(visit.page, first_runnable(visit.page))
    packs = {Path(r.url).name for r in visit.responses if "/python/" in r.url}
    assert packs == {"core.js", "numpy.js", "nnlib.js"}


def test_the_cells_above_run_first(chapter_page):
    page = chapter_page("neuron").page
    number = first_runnable(page)
    after = int(page.locator(".cell:has(.cell-tools)").nth(1).get_attribute("id").split("-")[1])
    run(page, number, "twice = 2 * 21")
    assert run(page, after, "print(twice)").strip() == "42"
    page.locator(f"#cell-{number}").get_by_role("textbox").fill("twice = 7")
    assert run(page, after).strip() == "7"


def test_a_figure_is_drawn_as_the_page_draws_its_own(chapter_page):
    page = chapter_page("neuron", mode="dark").page
    figure = page.locator(".cell:has(.cell-tools):has(.plot)").first
    before = figure.locator(".plot text").all_inner_texts()
    caption = figure.locator("figcaption").inner_text()
    assert caption.startswith("Figure 1.")
    number = int(figure.get_attribute("id").split("-")[1])
    figure.locator(".plot").evaluate("plot => plot.dataset.old = true")
    run(page, number)
    expect(figure.locator(".plot:not([data-old])")).to_have_count(1)
    assert figure.locator(".plot text").all_inner_texts() == before
    assert len(figure.locator(".plot svg").get_attribute("aria-label")) > 15
    assert figure.locator("figure:has(.plot:not([data-old])) figcaption").inner_text() == caption


def test_an_error_names_the_line_of_the_reader(chapter_page):
    page = chapter_page("neuron").page
    printed = run(page, first_runnable(page), "a = 1\nb = a / 0\n")
    assert printed.split("\n") == ["ZeroDivisionError: division by zero", "Line 2: b = a / 0"]
    box = box_of(page, "neuron", "pre_activation")
    assert "Line 2" in check(box, "def pre_activation(x, w, b):\n    return (x @ w + b\n")
    assert "There is no pre_activation" in check(box, "z = 1")
    other = box_of(page, "neuron", "flat_sigmoid")
    assert "imported before the answer" in check(other, "flat_sigmoid = sigmoid(1.0)")


HERE = {
    "print('a', end='')\nprint('b')": "ab",
    "for i in range(3):\n    print(f'\\r{i} of 3', end='')": "2 of 3",
    "print('\\033[31mred\\033[0m')": "red",
    "print('x' * 10**6)": "x" * 99_900 + "\n…",
    "list(range(10**5))": repr([*range(10**5)])[:100_000] + "\n…",
    "1\n2; # nothing": "",
    "class A:\n    def __repr__(self): return 'A'\n    def _repr_html_(self): pass\nA()": "A",
    "class A:\n    def _repr_html_(self): return '<b>a</b>'\ndisplay(A(), 1)": "a\n1",
    "import pickle\nclass A: pass\ntype(pickle.loads(pickle.dumps(A()))).__name__": "'A'",
    "from tqdm.notebook import tqdm\nfor _ in tqdm(range(3), desc='d'): print('.')": ".\n.\n.",
    "import matplotlib.pyplot as plt\nplt.plot([2])\nplt.close()": "",
    "class E(Exception):\n    __str__ = None\nraise E": (
        "E: <exception str() failed>\nLine 3: raise E"
    ),
    "e = ValueError('a')\ne.add_note('b')\nraise e": "ValueError: a\nb\nLine 3: raise e",
    "def f(:": "SyntaxError: invalid syntax\nLine 1: def f(:",
}
NOT_HERE = {
    "import torch": "Other packages need JupyterLab",
    "!pip install torch": "IPython's",
    "%matplotlib inline": "IPython's",
    "print?": "IPython's",
    ">>> 1 + 1": "Leave out",
    "from IPython.display import display": "without an import",
    "input('Your name?')": "nobody can",
    "import threading\nthreading.Thread(target=print).start()": "cannot start threads",
    "import subprocess\nsubprocess.run(['ls'])": "cannot start threads",
    "import asyncio\nasync def f(): pass\nasyncio.run(f())": "cannot await",
    "await f()": "cannot await",
    "from urllib.request import urlopen\nurlopen('https://example.com')": "cannot go online",
    "open('my.csv')": "sees only files",
}


def test_what_a_cell_shows_and_says(chapter_page):
    visit = chapter_page("neuron")
    number = first_runnable(visit.page)
    for code, shown in HERE.items():
        assert run(visit.page, number, code).strip() == shown, code
    for code, said in NOT_HERE.items():
        assert said in run(visit.page, number, code), code
    assert not visit.complaints, "\n".join(visit.complaints)


def test_figures_stand_where_they_are_shown(chapter_page):
    page = chapter_page("neuron").page
    number = first_runnable(page)
    code = "import matplotlib.pyplot as plt\nfigure = plt.figure()\nprint(1)\nplt.show()\nprint(2)"
    run(page, number, code)
    outputs = page.locator(f"#cell-{number} .output")
    kinds = "each => each.map(({ dataset, firstChild }) => dataset.kind ?? firstChild.className)"
    assert outputs.evaluate_all(kinds) == ["stdout", "plot", "stdout"]
    run(page, number, "plt.plot([1, 2])\nplt.title('a')\nfigure")
    assert outputs.evaluate_all(kinds) == ["plot", "plot"]
    assert "ValueError" in run(page, number, "plt.plot([1], [1, 2])")


def press_and_stop(page: Page, number: int, code: str, words: str) -> Locator:
    """Run the code in a cell, and stop it when it shows the words."""
    cell = page.locator(f"#cell-{number}")
    cell.get_by_role("button", name=f"Edit cell {number}").click()
    cell.get_by_role("textbox").fill(code)
    cell.get_by_role("button", name=f"Run cell {number}").click()
    cell.locator(":scope > :is(.cell_output, .running)").get_by_text(words).first.wait_for()
    cell.get_by_role("button", name="Stop").click()
    wait_for_rest(page)
    return cell.locator(".cell_output")


def test_a_flood_of_output_is_cut_off_and_stays_when_it_is_stopped(chapter_page):
    page = chapter_page("neuron").page
    flood = "import sys\nwhile True:\n    print('flood')\n    print('more', file=sys.stderr)"
    output = press_and_stop(page, first_runnable(page), flood, "flood")
    expect(output).to_contain_text("Stopped")
    assert 0 < output.inner_text().count("flood") < 1000


def test_it_can_be_stopped_while_something_loads(chapter_page):
    page = chapter_page("neuron").page
    number = first_runnable(page)
    run(page, number, "print(1)")
    output = press_and_stop(page, number, "import matplotlib", "Loading what draws")
    expect(output).to_contain_text("Stopped")
    assert run(page, number, "print(6 * 7)").strip() == "42"


def test_what_an_answer_prints_stands_below_its_verdict(chapter_page):
    page = chapter_page("neuron").page
    box = box_of(page, "neuron", "pre_activation")
    printed = check(box, RIGHT.replace("return", "print('x' * 2**20)\n    return"))
    assert printed.startswith("✓ Right")
    assert len(printed) < 200_000
    assert printed.count("x") > 1000
    assert "x" not in check(box, RIGHT)


def test_an_answer_that_breaks_the_checker_is_said_and_the_page_goes_on(chapter_page):
    page = chapter_page("neuron").page
    box = box_of(page, "neuron", "pre_activation")
    check(box, f"ex.pre_activation = None\n{RIGHT}")
    assert "broke down" in check(box, RIGHT)
    assert check(box, RIGHT).startswith("✓ Right")


def test_an_endless_answer_ends_and_the_page_goes_on(chapter_page):
    page = chapter_page("neuron").page
    box = box_of(page, "neuron", "pre_activation")
    endless = "def pre_activation(x, w, b):\n    while True:\n        pass\n"
    assert "did not end in time" in check(box, endless)
    assert "It was stopped after 10 seconds" in check(box, "while True:\n    pass\n")
    assert check(box, RIGHT).startswith("✓ Right")


def test_stop_ends_an_endless_cell_at_once(chapter_page):
    page = chapter_page("neuron").page
    number = first_runnable(page)
    cell = page.locator(f"#cell-{number}")
    cell.get_by_role("button", name=f"Edit cell {number}").click()
    stubborn = "while True:\n    try:\n        pass\n    except BaseException:\n        pass"
    cell.get_by_role("textbox").fill(stubborn)
    cell.get_by_role("button", name=f"Run cell {number}").click()
    cell.get_by_text("Running").wait_for()
    cell.get_by_role("button", name="Stop").click()
    expect(cell.locator(".cell_output")).to_contain_text("Stopped")
    assert run(page, number, "print(6 * 7)").strip() == "42"


def test_who_stops_a_long_run_goes_on_with_an_interpreter_that_is_there(chapter_page):
    page = chapter_page("neuron").page
    number = first_runnable(page)
    run(page, number, "print(1)")
    [first] = page.workers
    with page.expect_worker() as another:
        cell = page.locator(f"#cell-{number}")
        cell.get_by_role("textbox").fill("while True:\n    pass")
        cell.get_by_role("button", name=f"Run cell {number}").click()
    with first.expect_event("close"):  # a busy worker takes a while to end
        cell.get_by_role("button", name="Stop").click()
        assert run(page, number, "print(6 * 7)").strip() == "42"
    assert page.workers == [another.value]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import numpy as np\na = []\nwhile True:\n    a.append(np.ones(10**7))", "MemoryError"),
        ("import sys\nsys.setrecursionlimit(10**6)\ndef f():\n    f()\nf()", "broke down"),
    ],
    ids=["memory", "recursion"],
)
def test_what_kills_python_is_said_and_the_page_goes_on(chapter_page, code, message):
    page = chapter_page("neuron").page
    number = first_runnable(page)
    assert message in run(page, number, code)
    assert run(page, number, "print(6 * 7)").strip() == "42"


def test_what_was_typed_and_done_stays(chapter_page):
    page = chapter_page("neuron").page
    box = box_of(page, "neuron", "pre_activation")
    check(box, RIGHT)
    page.reload()
    assert box.get_by_role("textbox").input_value() == RIGHT
    assert box.locator(".exercise-done").count() == 1


def test_two_tabs_agree(chapter_page):
    first = chapter_page("neuron").page
    second = first.context.new_page()
    second.goto(first.url)
    check(
        box_of(first, "neuron", "pre_activation"), "def pre_activation(x, w, b): return w @ x + b"
    )
    expect(box_of(second, "neuron", "pre_activation").locator(".exercise-done")).to_have_count(1)


@pytest.mark.parametrize("damage", ["missing", "cut", "changed"])
def test_a_damaged_pack_is_said_by_name(chapter_page, damage):
    page = chapter_page("neuron").page
    pack = (BOOK / "_static/python/numpy.js").read_text(encoding="utf-8")
    broken = {"cut": pack[: len(pack) // 2], "changed": pack[:5000] + "AAAA" + pack[5004:]}

    def answer(route):
        if damage == "missing":
            route.fulfill(status=404, body="not found")
        else:
            route.fulfill(body=broken[damage], content_type="text/javascript")

    page.route("**/python/numpy.js*", answer)
    box = box_of(page, "neuron", "pre_activation")
    assert "numpy.js" in press_check(box)
    page.unroute("**/python/numpy.js*")
    assert "not attempted" in press_check(box).lower()


DAMAGE = """async () => {
    const settled = (request) => new Promise((done) => {
        request.onsuccess = () => done(request.result);
    });
    const database = await settled(indexedDB.open("nnlib"));
    const store = database.transaction("nnlib", "readwrite").objectStore("nnlib");
    const kept = await settled(store.get("latest"));
    const size = kept.snapshot.length;
    await settled(store.put({ ...kept, snapshot: kept.snapshot.fill(7) }, "latest"));
    return size;
}"""


def test_a_damaged_snapshot_is_replaced(chapter_page):
    page = chapter_page("neuron").page
    box = box_of(page, "neuron", "pre_activation")
    assert check(box, RIGHT).startswith("✓ Right")
    assert page.evaluate(DAMAGE) > 10**7
    page.reload()
    assert press_check(box).startswith("✓ Right")


def test_the_keyboard_is_enough(chapter_page):
    page = chapter_page("neuron").page
    box = box_of(page, "neuron", "pre_activation")
    box.get_by_role("textbox").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("def pre_activation(x, w, b):\nreturn w @ x + b")
    page.keyboard.press("Control+Enter")
    expect(box.get_by_role("status").last).to_contain_text("Right")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(box.get_by_role("button", name="Check")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_is_accessible_when_it_is_used(chapter_page, mode, width):
    visit = chapter_page("neuron", mode=mode)
    visit.resize(width)
    page = visit.page
    check(box_of(page, "neuron", "pre_activation"), RIGHT.replace("return", "print(x); return"))
    run(page, first_runnable(page), "1 / 0")
    found = [
        f"{violation['id']}: {node['html']}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert not found, "\n".join(found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
