"""How far the reader is: beside each chapter, and on the page that says it all."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

SIDEBAR = """<nav class="bd-docs-nav"><a href="/book/how_to_use.html">How to use this book</a>
<a href="/chapters/01_neuron.html">1. The neuron</a> <a href="#">Your progress</a></nav>
<div id="progress-summary"><p>Without scripts</p></div><div id="progress-chapters"></div>"""
EXERCISES = {"01_neuron": ["neuron.step", "neuron.z_by_hand", "neuron.sigmoid"]}
TITLES = {"neuron.step": "1.1 Write a step"}

START = """async ([markup, exercises, titles]) => {
    const { openRecord } = await import("/record.js");
    const { sidebar, progressPage } = await import("/progress.js");
    document.querySelector("main").innerHTML = markup;
    const data = Object.assign(document.createElement("script"), {
        type: "application/json", id: "exercise-titles", textContent: JSON.stringify(titles),
    });
    document.head.append(data);
    globalThis.record = openRecord();
    sidebar(record, exercises);
    progressPage(record, exercises);
}"""


@pytest.fixture
def progress(page):
    page.evaluate(START, [SIDEBAR, EXERCISES, TITLES])
    return page


def choose(page, text):
    file = {"name": "any.json", "mimeType": "application/json", "buffer": text.encode()}
    page.get_by_label("Import").set_input_files(file)


def test_each_exercise_shows_its_state_as_soon_as_it_changes(progress):
    link = progress.get_by_role("link", name="1. The neuron")
    expect(link).to_have_accessible_name("1. The neuron 0 of 3 exercises done")
    progress.evaluate("record.set('neuron.step', { state: 'done' })")
    progress.evaluate("record.set('neuron.z_by_hand', { answer: '1' })")
    expect(link).to_have_accessible_name("1. The neuron 1 of 3 exercises done")
    expect(link).to_contain_text("1/3")
    expect(progress.get_by_text("1 of 3 exercises done (●), 1 begun (◐)")).to_be_visible()
    lines = progress.get_by_role("listitem")
    assert lines.all_text_contents() == [
        "●1.1 Write a step: done",
        "◐z by hand: begun",
        "○sigmoid: open",
    ]
    expect(lines.nth(1).get_by_role("link")).to_have_attribute(
        "href", "http://notebook.test/chapters/01_neuron.html#ex-neuron-z-by-hand"
    )


def test_what_is_exported_can_be_imported(progress):
    progress.evaluate("record.set('neuron.step', { state: 'done', answer: 'x' })")
    with progress.expect_download() as download:
        progress.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "nnlib-progress.json"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert json.loads(text) == {"neuron.step": {"state": "done", "answer": "x"}}
    progress.once("dialog", lambda dialog: dialog.accept())
    progress.get_by_role("button", name="Delete everything").click()
    said = progress.get_by_role("status")
    expect(said).to_have_text("Everything is deleted.")
    assert progress.evaluate("localStorage.length") == 0
    choose(progress, text)
    expect(said).to_have_text("1 exercise added, 0 changed, 0 as before.")
    assert progress.evaluate("record.get('neuron.step').answer") == "x"


def test_nothing_is_deleted_without_a_yes(progress):
    progress.evaluate("record.set('neuron.step', { state: 'done' })")
    asked = []
    progress.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    progress.get_by_role("button", name="Delete everything").click()
    assert "1 exercise" in asked[0]
    assert progress.evaluate("localStorage.length") == 1


def test_a_wrong_file_is_refused_in_words(progress):
    choose(progress, "[]")
    expect(progress.get_by_role("status")).to_contain_text("Nothing was changed.")
    expect(progress.get_by_label("Import")).to_have_value("")  # so it can be chosen again


def test_other_pages_have_only_the_sidebar(page):
    markup = SIDEBAR[: SIDEBAR.index("<div")]
    page.evaluate(START, [markup, EXERCISES, {}])
    expect(page.locator("main")).to_contain_text("0/3")
    expect(page.get_by_role("button")).to_have_count(0)
