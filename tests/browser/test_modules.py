"""The modules of live figures, in a browser but outside the book."""

import base64

import pytest
from one_of_each import FIGURES

from nnlib.widgets._figure import FOLDER

HOME = "http://figures.test/"

# Renders a figure, ends it, and says how many listeners it had and how many are left.
LISTENERS = """async ([text, state]) => {
    for (const [name, value] of Object.entries(state)) {
        if (value?.base64 === undefined) continue;
        const bytes = Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0));
        state[name] = new DataView(bytes.buffer);
    }
    const listeners = new Set();
    const model = {
        get: (name) => state[name],
        set: (name, value) => { state[name] = value; },
        save_changes() {},
        on: (event, listener) => listeners.add(event + listener),
        off: (event, listener) => listeners.delete(event + listener),
    };
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const { default: figure } = await import(url);
    const end = new AbortController();
    figure.render({ model, el: document.createElement("div"), signal: end.signal });
    const before = listeners.size;
    end.abort();
    return [before, listeners.size];
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()

    def answer(route):
        name = route.request.url.removeprefix(HOME)
        if not name:
            route.fulfill(body="<!doctype html>", content_type="text/html")
        else:
            route.fulfill(path=FOLDER / name, content_type="text/javascript")

    page.route(f"{HOME}**", answer)
    page.goto(HOME)
    yield page
    page.close()


@pytest.mark.parametrize(
    "name", sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js"))
)
def test_a_module_loads_as_it_is(page, name):
    found = page.evaluate("async (name) => Object.keys(await import(name))", f"/{name}")
    if name.endswith("/figure.js"):
        assert found == ["compute", "default"]
    else:
        assert found


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_follows_its_traits_until_it_ends(page, name):
    figure = FIGURES[name]()
    state = {
        key: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for key, value in figure.get_state().items()
        if not key.startswith("_") and key != "layout"
    }
    before, after = page.evaluate(LISTENERS, [figure._esm, state])
    assert before > 0
    assert after == 0
