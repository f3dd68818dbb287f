"""What the page keeps: in the browser's storage, in two tabs, and in a file."""

import json

import pytest

from nnlib.exercises import _record

OPEN = """async () => {
    const { openRecord } = await import("/record.js");
    globalThis.record = openRecord();
    globalThis.heard = [];
    record.onChange((exercise) => heard.push(exercise ?? null));
}"""
FULL = """() => {
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("forbidden", "SecurityError"); },
})"""
IMPORT = "(text) => { try { return record.importText(text); } catch (e) { return e.message; } }"

DONE = {"state": "done", "answer": "a = 1"}
TRIED = {"state": "tried", "answer": "b = 2", "call": "(b, 2)"}
OTHER = {"state": "tried", "answer": "c = 3"}


@pytest.fixture
def record(page):
    """The record in a page, whose methods are called by name."""
    page.evaluate(OPEN)
    return caller(page)


def caller(page):
    def call(method, *arguments):
        code = "([method, args]) => JSON.stringify(record[method](...args) ?? null)"
        return json.loads(page.evaluate(code, [method, arguments]))

    return call


def items(page):
    found = page.evaluate("Object.entries(localStorage)")
    return {key: json.loads(value) for key, value in found}


def test_an_entry_is_one_item_of_the_storage(page, record):
    record("set", "neuron.step", TRIED)
    assert items(page) == {"nnlib.neuron.step": TRIED}
    assert page.evaluate("heard") == ["neuron.step"]
    page.reload()
    page.evaluate(OPEN)
    assert record("get", "neuron.step") == TRIED


def test_what_was_done_before_an_exercise_moved_counts_where_it_is_now(page, record):
    (before, now), (other, elsewhere) = list(_record.MOVED.items())[:2]
    for name, entry in ((before, DONE), (now, OTHER), (other, TRIED)):
        page.evaluate(
            "([k, v]) => localStorage.setItem(k, v)", [f"nnlib.{name}", json.dumps(entry)]
        )
    page.evaluate(OPEN)
    assert items(page) == {f"nnlib.{now}": DONE, f"nnlib.{elsewhere}": TRIED}
    assert record("get", now) == DONE


def test_a_file_from_before_an_exercise_moved_counts_where_it_is_now(page, record):
    for before, now in _record.MOVED.items():
        page.evaluate(IMPORT, json.dumps({before: DONE}))
        assert record("get", now) == DONE
        assert record("get", before) is None


def test_what_is_done_stays_done_with_what_is_written_now(record):
    record("set", "neuron.step", DONE)
    record("set", "neuron.step", OTHER)
    assert record("get", "neuron.step") == {"state": "done", "answer": "c = 3"}


def test_what_was_not_checked_has_no_state(page, record):
    record("set", "neuron.step", {"answer": "a"})
    assert items(page) == {"nnlib.neuron.step": {"answer": "a"}}
    record("set", "neuron.step", {})
    assert items(page) == {}


def test_items_of_others_are_left_alone(page, record):
    page.evaluate("localStorage.setItem('theme', 'dark'); localStorage.setItem('nnlib.x', '{')")
    page.evaluate(OPEN)
    record("set", "neuron.step", DONE)
    record("clear")
    assert record("all") == {}
    assert page.evaluate("Object.keys(localStorage).sort()") == ["nnlib.x", "theme"]


@pytest.mark.parametrize("item", ["", "{", "null", "[]", '{"state": "best"}', '{"answer": 1}'])
def test_a_damaged_item_is_as_none(page, item):
    page.evaluate("(item) => localStorage.setItem('nnlib.neuron.step', item)", item)
    page.evaluate(OPEN)
    assert caller(page)("all") == {}


@pytest.fixture
def tabs(blank):
    """Two tabs with the same storage."""
    pages = [blank(), blank()]
    for page in pages:
        page.evaluate(OPEN)
    return pages


def test_two_tabs_know_the_same(tabs):
    one, other = tabs
    caller(one)("set", "neuron.step", DONE)
    other.wait_for_function("heard.length")
    assert caller(other)("all") == {"neuron.step": DONE}
    assert other.evaluate("heard") == ["neuron.step"]
    caller(other)("clear")
    one.wait_for_function("!record.get('neuron.step')")


def test_a_tab_that_heard_nothing_keeps_what_the_other_did(tabs):
    one, other = tabs
    other.evaluate("addEventListener('storage', (e) => e.stopImmediatePropagation(), true)")
    other.evaluate(OPEN)  # its listener comes after the one that keeps silent
    caller(one)("set", "neuron.step", DONE)
    caller(other)("set", "neuron.step", OTHER)
    assert items(one) == {"nnlib.neuron.step": {"state": "done", "answer": "c = 3"}}


def test_a_full_storage_is_named_and_loses_nothing_in_the_tab(page, record):
    record("set", "neuron.step", DONE)
    assert page.evaluate("record.problem") is None
    page.evaluate(FULL)
    record("set", "neuron.step", {"state": "done", "answer": "new"})
    record("set", "neuron.sigmoid", TRIED)
    record("set", "neuron.sigmoid", {"answer": "later"})
    assert "full" in page.evaluate("record.problem")
    assert record("all") == {
        "neuron.sigmoid": {"state": "tried", "answer": "later"},
        "neuron.step": {"state": "done", "answer": "new"},
    }
    assert json.loads(record("exportText")) == record("all")


def test_a_forbidden_storage_is_named_and_loses_nothing_in_the_tab(page):
    page.add_init_script(FORBIDDEN)
    page.reload()
    page.evaluate(OPEN)
    record = caller(page)
    assert "does not let the page store" in page.evaluate("record.problem")
    record("set", "neuron.step", TRIED)
    record("set", "neuron.step", DONE)
    assert record("all") == {"neuron.step": DONE}


# What is here, what the file has, what is here afterwards, and what is said about it.
MERGES = [
    (None, TRIED, TRIED, "added"),
    (None, "done", {"state": "done"}, "added"),
    (TRIED, DONE, DONE, "changed"),
    (DONE, TRIED, DONE, "same"),
    (TRIED, OTHER, OTHER, "changed"),
    (TRIED, TRIED, TRIED, "same"),
    (TRIED, "done", TRIED | {"state": "done"}, "changed"),
    ({"state": "done"}, TRIED, TRIED | {"state": "done"}, "changed"),
    ({"answer": "a"}, {"state": "tried"}, {"state": "tried", "answer": "a"}, "changed"),
    ({"answer": "a"}, TRIED, TRIED, "changed"),
]


@pytest.mark.parametrize(("here", "added", "after", "said"), MERGES)
def test_a_file_joins_what_is_here(record, here, added, after, said):
    if here:
        record("set", "neuron.step", here)
    counts = record("importText", json.dumps({"neuron.step": added}))
    assert record("all") == {"neuron.step": after}
    assert counts == {"added": 0, "changed": 0, "same": 0} | {said: 1}


@pytest.mark.parametrize(
    ("here", "added"), [(h, a) for h, a, _, _ in MERGES if h and isinstance(a, dict)]
)
def test_a_file_joins_as_in_jupyterlab(record, here, added):
    record("set", "neuron.step", here)
    record("importText", json.dumps({"neuron.step": added}))
    assert record("get", "neuron.step") == _record.merged(here, added)


WRONG = [
    ("", "not JSON"),
    ("PNG", "not JSON"),
    ("null", "no exercises"),
    ("[]", "no exercises"),
    ('"done"', "no exercises"),
    ('{"cells": []}', "“cells”"),
    ('{"neuron.step": "best"}', "“neuron.step”"),
    ('{"neuron.step": null}', "“neuron.step”"),
    ('{"neuron.step": {"state": "done", "answer": 1}}', "“neuron.step”"),
    ('{"neuron.sigmoid": "done", "neuron.step": []}', "“neuron.step”"),
    ('{"__proto__": {"state": "done"}}', "“__proto__”"),
]


@pytest.mark.parametrize(("text", "complaint"), WRONG)
def test_a_wrong_file_is_refused_and_changes_nothing(page, record, text, complaint):
    record("set", "neuron.step", TRIED)
    message = page.evaluate(IMPORT, text)
    assert message.startswith("This is not a file of progress")
    assert complaint in message
    assert record("all") == {"neuron.step": TRIED}


def test_what_is_exported_is_read_in_jupyterlab(record, tmp_path):
    record("set", "neuron.step", DONE)
    record("set", "matrices.layer", TRIED)
    record("set", "neuron.sigmoid", {"answer": "not checked"})
    file = tmp_path / "nnlib-progress.json"
    file.write_text(record("exportText"), encoding="utf-8")
    assert _record.read(file) == record("all")
    _record.write(file, _record.read(file))
    counts = record("importText", file.read_text(encoding="utf-8"))
    assert counts == {"added": 0, "changed": 0, "same": 3}
