"""An exercise in the page, with a stand-in for Python that answers when it is told to."""

import json

import pytest
from playwright.sync_api import expect

BOX = """
<div class="exercise-box" data-exercise="neuron.leaky_relu" data-call="mine">
  <div class="exercise admonition" id="ex-neuron-leaky-relu">
    <p class="admonition-title">Exercise 1.4 Write it</p></div>
  <div class="cell tag_exercise"><div class="cell_input"><div class="highlight-ipython3">
    <div class="highlight"><pre>def mine(z):
    raise NotImplementedError


ex.leaky_relu.check(mine)
</pre></div></div></div></div>
  <div class="answers"><details class="fold"><summary>Hint 1 of 2</summary>One</details>
    <details class="fold"><summary>Hint 2 of 2</summary>Two</details>
    <details class="fold"><summary>Solution</summary>The code</details>
    <details class="fold"><summary>Wrong answers</summary>Some</details></div>
</div>"""
GIVEN = "def mine(z):\n    raise NotImplementedError"
MINE = "def mine(z):\n    return z"
KEY = "nnlib.neuron.leaky_relu"

START = """async (markup) => {
    const { exerciseBox } = await import("/exercise.js");
    const { openRecord } = await import("/record.js");
    document.querySelector("main").innerHTML = markup;
    globalThis.asked = [];
    const python = {
        state: { state: "idle", text: "", fraction: null },
        watch(watcher) { watcher(this.state); },
        stop() { reject(new Error("Stopped.")); },
        check(question) {
            asked.push(question);
            return new Promise((...ends) => { [globalThis.reply, globalThis.reject] = ends; });
        },
    };
    const record = openRecord();
    for (const box of document.querySelectorAll("[data-exercise]")) {
        exerciseBox(box, { python, record, imports: "import numpy as np" });
    }
}"""
FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }"


class Box:
    def __init__(self, page, markup=BOX):
        self.page = page
        page.evaluate(START, markup)
        self.element = page.locator(".exercise-box").first
        self.area = self.element.get_by_role("textbox", name="Your answer")
        self.verdict = self.element.get_by_role("status")

    def button(self, name):
        return self.element.get_by_role("button", name=name, exact=True)

    def fold(self, number):
        return self.element.locator("details").nth(number)

    def reply(self, status, html="<b>So it is.</b>"):
        self.page.evaluate("(verdict) => reply(verdict)", {"status": status, "html": html})

    def kept(self):
        return json.loads(self.page.evaluate("(key) => localStorage.getItem(key)", KEY) or "null")


@pytest.fixture
def box(page):
    return Box(page)


def test_it_asks_for_the_verdict_on_what_is_written(box):
    expect(box.area).to_have_value(GIVEN)
    box.area.fill(MINE)
    box.area.press("Control+Enter")
    question = {"exercise": "neuron.leaky_relu", "imports": "import numpy as np"}
    assert box.page.evaluate("asked") == [question | {"code": MINE, "call": "mine"}]
    expect(box.verdict).to_be_empty()
    box.reply("correct")
    expect(box.verdict).to_have_text("So it is.")
    expect(box.element.locator(".admonition-title")).to_contain_text("done")
    assert box.kept() == {"state": "done", "answer": MINE, "call": "mine"}


@pytest.mark.parametrize(
    ("status", "state"),
    [("wrong", "tried"), ("not attempted", None), ("unchanged result", None)],
)
def test_only_a_judged_answer_counts_as_tried(box, status, state):
    box.area.fill(MINE)
    box.button("Check").click()
    box.reply(status)
    expect(box.verdict).to_have_text("So it is.")
    expect(box.element.locator(".admonition-title")).not_to_contain_text("done")
    assert box.kept().get("state") == state


def test_one_check_at_a_time_and_the_focus_stays(box):
    check = box.button("Check")
    check.focus()
    check.press("Enter")
    expect(check).to_have_attribute("aria-disabled", "true")
    check.press("Enter")
    assert len(box.page.evaluate("asked")) == 1
    box.reply("wrong")
    expect(check).to_have_attribute("aria-disabled", "false")
    expect(check).to_be_focused()
    check.press("Enter")
    assert len(box.page.evaluate("asked")) == 2
    expect(box.verdict).to_be_empty()


def test_what_is_written_during_a_check_stays_and_is_not_what_was_checked(box):
    box.area.fill(MINE)
    box.button("Check").click()
    box.area.fill(f"{MINE} + 1")
    box.page.evaluate(
        """() => {
            const set = Storage.prototype.setItem;
            globalThis.stored = [];
            Storage.prototype.setItem = function (key, text) {
                stored.push(JSON.parse(text));
                set.call(this, key, text);
            };
        }"""
    )
    box.reply("correct")
    expect(box.verdict).to_have_text("So it is.")
    first = {"state": "done", "answer": MINE, "call": "mine"}
    assert box.page.evaluate("stored[0]") == first
    expect(box.area).to_have_value(f"{MINE} + 1")
    box.page.wait_for_function("stored.length > 1")
    assert box.kept() == first | {"answer": f"{MINE} + 1"}


def test_what_the_answer_printed_stands_below_the_verdict(box):
    box.button("Check").click()
    box.page.evaluate("reply({ status: 'wrong', html: 'No.', said: '<1>\\n2' })")
    expect(box.verdict.locator("pre")).to_have_text("<1>\n2")


def test_a_check_can_be_stopped(box):
    box.button("Check").click()
    stop = box.button("Stop")
    stop.click()
    expect(box.verdict).to_have_text("Stopped.")
    expect(stop).to_be_hidden()
    expect(box.button("Check")).to_be_focused()


def test_hints_open_one_after_the_other(box):
    for number in 0, 1, 1:
        box.button("Hint").click()
        expect(box.fold(number).locator("summary")).to_be_focused()
        expect(box.fold(number)).to_have_attribute("open", "")
    expect(box.fold(2)).not_to_have_attribute("open", "")
    box.button("Solution").click()
    expect(box.fold(2)).to_have_attribute("open", "")
    expect(box.fold(2).locator("summary")).to_be_focused()


def test_what_is_not_in_the_book_has_no_button(page):
    start = BOX.index('<div class="answers">')
    box = Box(page, BOX[:start] + "</div>")
    expect(box.button("Check")).to_be_visible()
    expect(box.button("Hint")).to_have_count(0)
    expect(box.button("Solution")).to_have_count(0)


def test_a_reset_can_be_undone_until_something_is_written(box):
    box.area.fill(MINE)
    box.button("Reset").click()
    expect(box.area).to_have_value(GIVEN)
    assert box.kept() is None
    box.button("Undo reset").click()
    expect(box.area).to_have_value(MINE)
    assert box.kept()["answer"] == MINE
    box.button("Reset").click()
    box.area.press_sequentially("x")
    expect(box.button("Undo reset")).to_have_count(0)
    expect(box.button("Reset")).to_be_visible()


def test_what_is_written_is_there_on_the_next_visit(page):
    box = Box(page)
    box.area.fill(MINE)
    page.wait_for_function("(key) => localStorage.getItem(key)", arg=KEY)
    box.area.fill(f"{MINE}  # and more")
    page.reload()  # before the pause in which what was typed is stored
    again = Box(page)
    expect(again.area).to_have_value(f"{MINE}  # and more")
    expect(again.verdict).to_be_empty()


def test_the_name_of_the_exercise_is_not_kept_as_its_call(page):
    box = Box(page, BOX.replace('data-call="mine"', 'data-call="leaky_relu"'))
    box.area.fill(MINE)
    box.area.blur()
    assert box.kept() == {"answer": MINE}


def test_it_follows_another_tab(blank):
    one, other = Box(blank()), Box(blank())
    one.area.fill(MINE)
    one.button("Check").click()
    one.reply("correct")
    expect(other.area).to_have_value(MINE)
    expect(other.element.locator(".admonition-title")).to_contain_text("done")
    other.area.fill("other")
    other.button("Check").click()
    other.reply("wrong")
    expect(one.area).to_have_value("other")
    assert one.kept() == {"state": "done", "answer": "other", "call": "mine"}


def test_another_tab_does_not_take_away_what_is_being_written(box):
    box.page.evaluate(
        """(key) => {
            const area = document.querySelector("textarea");
            area.value = "mine";
            area.dispatchEvent(new Event("input"));
            localStorage.setItem(key, '{"state": "done", "answer": "theirs"}');
            dispatchEvent(new StorageEvent("storage", { key }));
        }""",
        KEY,
    )
    expect(box.area).to_have_value("mine")
    box.area.focus()
    box.area.blur()
    assert box.kept() == {"state": "done", "answer": "mine", "call": "mine"}


def test_a_full_storage_is_told_once(page):
    box = Box(page, BOX + BOX.replace("leaky_relu", "sigmoid"))
    page.evaluate(FULL)
    areas = page.get_by_role("textbox", name="Your answer")
    for i in range(2):
        areas.nth(i).fill(MINE)
        areas.nth(i).blur()
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("copy what you want to keep")
    expect(box.area).to_have_value(MINE)
