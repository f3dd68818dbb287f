"""The laws of the house: what belongs together, and what may import what."""

import ast
import contextlib
import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from threadpoolctl import threadpool_info, threadpool_limits

from nnlib.exercises import ORDER, _judge, exercises

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
NUMPY_ONLY = [slug for slug in ORDER if (ROOT / "nnlib" / f"{slug}.py").exists()]

DRAWS = re.compile(r"\b(plots\.(?!use_)|plot_|show_|plt\.|widgets\.)\w*\(")
SEEN_IN_THE_PAGE = {("book", "_static"), ("nnlib", "widgets")}

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def number_and_slug(notebook: Path) -> tuple[int, str]:
    number, slug = notebook.stem.split("_", 1)
    return int(number), slug


@cache
def cells(notebook: Path, kind: str = "") -> list[dict]:
    found = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if kind in ("", cell["cell_type"])]


def text(cell: dict) -> str:
    return "".join(cell["source"])


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def syntax(cell: dict) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(text(cell)))


def imports(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def repository_files() -> list[Path]:
    places = (path for path in ROOT.iterdir() if not re.match(r"\.|_build", path.name))
    found = (path for place in places for path in (place, *place.rglob("*")))
    return [path.relative_to(ROOT) for path in found if path.is_file()]


def test_exercises_and_notebooks_cover_the_same_chapters():
    assert [number_and_slug(notebook)[1] for notebook in NOTEBOOKS] == list(ORDER)


@every_notebook
def test_one_slug_has_four_places(notebook):
    number, slug = number_and_slug(notebook)
    assert ORDER.index(slug) + 1 == number
    for place in (f"nnlib/{slug}.py", f"nnlib/exercises/{slug}.py", f"tests/test_{slug}.py"):
        assert (ROOT / place).exists(), place
    module = (ROOT / "nnlib" / f"{slug}.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(module)).startswith(f"Chapter {number}: ")


@every_notebook
def test_a_notebook_imports_no_later_chapter(notebook):
    number, _ = number_and_slug(notebook)
    later = set(ORDER[number:])
    names = set().union(*(imports(syntax(cell)) for cell in cells(notebook, "code")))
    too_early = {name for name in names if name.startswith("nnlib.") and later & {*name.split(".")}}
    assert not too_early


@every_notebook
def test_a_notebook_is_stripped_and_its_cells_have_names(notebook):
    for cell in cells(notebook, "code"):
        assert cell["outputs"] == [], cell["id"]
        assert cell["execution_count"] is None, cell["id"]
    ids = [cell["id"] for cell in cells(notebook)]
    assert len(set(ids)) == len(ids)


@every_notebook
def test_a_notebook_is_short(notebook):
    for cell in cells(notebook, "code"):
        assert len(text(cell).splitlines()) <= 15, f"{cell['id']}: move it to the library"
    _, slug = number_and_slug(notebook)
    longer = {"gpt": 160, "modern": 120}  # two languages, and eighteen exercises
    assert len(cells(notebook)) <= longer.get(slug, 98)


@every_notebook
def test_a_notebook_that_trains_or_measures_uses_one_thread(notebook):
    """Or else small matrices take several times the processor time, and the laptop's fan runs."""
    code = "\n".join(text(cell) for cell in cells(notebook, "code"))
    if re.search(r"process_time|zero_grads", code):
        asked = re.search(r"^threadpool_limits\(.*$", code, re.MULTILINE)
        assert asked, "the notebook asks for no threadpool_limits"
        with threadpool_limits(2):
            exec(asked[0], {"threadpool_limits": threadpool_limits})
            assert {library["num_threads"] for library in threadpool_info()} <= {1}


@every_notebook
def test_a_cell_says_what_the_page_replaces_in_it(notebook):
    for cell in cells(notebook, "code"):
        page, source = cell["metadata"].get("page", {}), text(cell)
        assert page.keys() <= {"replace", "note", "seconds"}, cell["id"]
        for old, new in page.get("replace", []):
            assert source.count(old) == 1, f"{cell['id']}: {old!r}"
            source = source.replace(old, new)
        assert source == text(cell) or page["note"], cell["id"]
        ast.parse(source)


@every_notebook
def test_a_chapter_says_how_long_it_takes_so_that_the_first_page_can_add_it_up(
    notebook, monkeypatch
):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    taken = importlib.import_module("reading_time").times(notebook)
    assert 20 <= taken["read"] / 60 <= 150
    assert 20 <= taken["exercises"] / 60 <= 300
    # A minute is the bar, which the GPT that learns two languages does not reach yet.
    assert taken["run"] <= (90 if notebook.stem == "12_gpt" else 60)


def test_times_in_words_are_understood(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    seconds = importlib.import_module("reading_time").seconds
    assert seconds("an hour and a quarter") == 75 * 60
    assert seconds("three quarters of an hour") == 45 * 60
    assert seconds("70 minutes") == 70 * 60
    assert seconds("under half a minute") == 30
    with pytest.raises(ValueError, match="a while"):
        seconds("a while")


@every_notebook
def test_every_figure_has_a_description(notebook):
    for cell in cells(notebook, "code"):
        if DRAWS.search(text(cell)):
            alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) >= 30, f"{cell['id']}: metadata mystnb.image.alt is {alt!r}"
            assert len(alt.split()) >= 5, f"{cell['id']}: {alt!r} is not a sentence"


@every_notebook
def test_every_figure_has_a_caption_and_a_name_of_its_own(notebook):
    _, slug = number_and_slug(notebook)
    names = []
    for cell in cells(notebook, "code"):
        if DRAWS.search(text(cell)):
            figure = cell["metadata"].get("mystnb", {}).get("figure", {})
            caption, name = figure.get("caption", ""), figure.get("name", "")
            assert len(caption.split()) >= 4, f"{cell['id']}: its caption is {caption!r}"
            assert re.fullmatch(rf"fig-{slug}(-[a-z0-9]+)+", name), f"{cell['id']}: {name!r}"
            names.append(name)
    assert len(set(names)) == len(names)


@every_notebook
def test_a_chapter_asks_and_checks_its_exercises_in_order(notebook):
    _, slug = number_and_slug(notebook)
    names = list(exercises(slug))
    assert len(names) >= 12

    prose = "\n".join(map(text, cells(notebook, "markdown")))
    asked = re.findall(r"^:{3,}\{exercise\}.*\n:label: (\S+)$", prose, re.MULTILINE)
    assert asked == [f"ex-{slug}-{name.replace('_', '-')}" for name in names]

    code = "\n".join(map(text, cells(notebook, "code")))
    assert re.findall(r"\bex\.(\w+)\.check\(", code) == names


@every_notebook
def test_an_exercise_ends_its_cell_and_the_next_one_is_for_the_answer(notebook):
    """The page puts hints and solution below that."""
    _, slug = number_and_slug(notebook)
    for cell, after in pairwise(cells(notebook)):
        asked = re.findall(rf"^:label: ex-{slug}-(\S+)$", text(cell), re.MULTILINE)
        if asked:
            (name,) = asked
            assert text(cell).endswith(":::"), cell["id"]
            assert "exercise" in tags(after), cell["id"]
            assert f"ex.{name.replace('-', '_')}.check(" in text(after), cell["id"]


@every_notebook
def test_every_stub_and_all_given_code_is_known(notebook):
    """Runs imports, stubs and checks, and nothing else of the notebook."""
    _, slug = number_and_slug(notebook)
    namespace = {}
    verdicts = {}
    for cell in cells(notebook, "code"):
        tree = syntax(cell)
        if "exercise" not in tags(cell):
            tree.body = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
        exec(compile(tree, cell["id"], "exec"), namespace)
        if check := re.search(r"\bex\.(\w+)\.check\(.*\)", text(cell)):
            verdicts[check[1]] = eval(check[0], namespace).status
    assert verdicts == {
        name: "unchanged result" if one.start else "not attempted"
        for name, one in exercises(slug).items()
    }


def hidden(cell: dict) -> bool:
    return "hide-input" in tags(cell)


@every_notebook
def test_a_cell_is_folded_in_the_page_and_in_jupyterlab_alike(notebook):
    """It draws, or checks, or its fold names the exercises that it answers."""
    _, slug = number_and_slug(notebook)
    labels = {f"ex-{slug}-{name.replace('_', '-')}" for name in exercises(slug)}
    for cell in cells(notebook, "code"):
        data = cell["metadata"]
        assert data.get("jupyter", {}).get("source_hidden", False) == hidden(cell), cell["id"]
        summary = data.get("mystnb", {}).get("code_prompt_show", "")
        answered = re.findall(r"\bex-[\w-]+", summary)
        assert set(answered) <= labels, cell["id"]
        if answered:
            assert hidden(cell), cell["id"]
        elif hidden(cell):
            assert not summary, cell["id"]
            assert "check" in tags(cell) or DRAWS.search(text(cell)), cell["id"]


@every_notebook
def test_assertions_stand_in_folded_checks(notebook):
    for cell in cells(notebook, "code"):
        if "check" in tags(cell):
            assert hidden(cell), cell["id"]
        elif "remove-input" not in tags(cell):
            asserted = re.search(r"^\s*(assert\b|np\.testing\.)", text(cell), re.MULTILINE)
            assert not asserted, cell["id"]


@every_notebook
def test_a_number_that_a_check_compares_is_the_one_in_the_prose(notebook):
    """A check says assert f"{value:.1f} %" == "98.3 %", and the prose says 98.3 % too."""
    prose = "\n".join(map(text, cells(notebook, "markdown")))
    compared = 0
    for cell in cells(notebook, "code"):
        if "check" in tags(cell):
            for node in ast.walk(syntax(cell)):
                if isinstance(node, ast.Compare) and isinstance(node.left, ast.JoinedStr):
                    for said in node.comparators:
                        assert said.value in prose, f"{cell['id']}: {said.value!r}"
                        compared += 1
    assert compared


@every_notebook
def test_no_function_in_view_answers_an_exercise(notebook, monkeypatch):
    """Runs imports and functions of the cells that are not folded, and nothing else of them."""
    _, slug = number_and_slug(notebook)
    namespace = {}
    functions = {}
    for cell in cells(notebook, "code"):
        tree = syntax(cell)
        kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
        tree.body = [node for node in tree.body if isinstance(node, kinds)]
        with contextlib.suppress(NameError):  # a default that no cell has computed here
            exec(compile(tree, cell["id"], "exec"), namespace)
        if not hidden(cell) and "exercise" not in tags(cell):
            made = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
            functions |= {name: namespace[name] for name in made if name in namespace}
    monkeypatch.setattr(_judge, "TIME_LIMIT", 1)
    pasted = [
        (name, one.name)
        for name, function in functions.items()
        for one in exercises(slug).values()
        if one.wants_function and takes(function, one.cases[0]) and one.check(function)
    ]
    assert not pasted


def takes(function: Callable, case: tuple) -> bool:
    try:
        inspect.signature(function).bind(*case)
    except TypeError:
        return False
    return True


def test_mathematics_needs_numpy_only():
    imported = ", ".join(f"nnlib.{slug}" for slug in NUMPY_ONLY)
    code = f"import sys, {imported}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    packages = {name.partition(".")[0] for name in run.stdout.split()}
    assert "numpy" in packages
    assert not packages & {"matplotlib", "IPython", "ipywidgets", "anywidget"}


def test_the_import_contract_covers_all_mathematics():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (forbidden,) = (contract for contract in contracts if contract["type"] == "forbidden")
    assert {f"nnlib.{slug}" for slug in NUMPY_ONLY} <= set(forbidden["source_modules"])


def test_the_book_loads_nothing_from_elsewhere():
    elsewhere = re.compile(
        r"""//[^\s"'<>]+\.(m?js|css|woff2?)\b|jsdelivr|unpkg|cdnjs|googleapis""", re.IGNORECASE
    )
    for path in repository_files():
        if path == Path("_config.yml") or path.parts[:2] in SEEN_IN_THE_PAGE:
            found = elsewhere.search((ROOT / path).read_text(encoding="utf-8", errors="ignore"))
            assert not found, f"{path}: {found[0]}"


def test_no_file_is_large():
    large = {str(path) for path in repository_files() if (ROOT / path).stat().st_size > 1_000_000}
    assert not large


def test_the_landing_page_shows_what_the_checker_really_says():
    page = (ROOT / "book" / "intro.md").read_text(encoding="utf-8")
    namespace = {}
    exec(re.search(r"```python\n(.*?)\n```", page, re.DOTALL)[1], namespace)
    neuron = importlib.import_module("nnlib.exercises.neuron")
    verdict = neuron.pre_activation.check(namespace["pre_activation"])
    assert not verdict
    assert "\n\n".join(str(verdict).splitlines()) in page


def test_every_term_of_the_glossary_is_linked_from_a_chapter():
    page = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    terms = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", page, re.M)}
    chapters = "".join(text(cell) for notebook in NOTEBOOKS for cell in cells(notebook))
    assert set(re.findall(r"glossary\.md#([\w-]+)", chapters)) == terms
