"""The packs in the built book: the pinned bytes, compiled, and light enough."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from functools import cache
from pathlib import Path

import pyodide_files
import pytest
import python_archives
from built_book import BOOK

PACKS = BOOK / "_static" / "python"
IMPORTS = Path(__file__).with_name("imports.mjs")
HEAVIEST = 8_500_000  # bytes of what an exercise loads, as a server sends it


@cache
def unpacked(name: str) -> dict[str, bytes]:
    script = (PACKS / f"{name}.js").read_text(encoding="utf-8")
    _, call = script.split("\n", 1)
    pack, files = json.loads(f"[{call.strip().removeprefix('pythonPack(').removesuffix(');')}]")
    assert pack == name
    return {file: gzip.decompress(base64.b64decode(text)) for file, text in files.items()}


def members(data: bytes) -> dict[str, bytes]:
    """The files of a zip or a tar."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


def test_the_interpreter_is_the_one_that_is_pinned():
    pinned = pyodide_files.table()["files"]
    for name in "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm":
        assert hashlib.sha256(unpacked("core")[name]).hexdigest() == pinned[name]


@pytest.mark.parametrize(
    ("pack", "file"),
    [("core", "python_stdlib.zip"), ("numpy", "numpy.tar"), ("matplotlib", "matplotlib.tar")],
)
def test_what_starts_python_is_compiled(pack, file):
    found = members(unpacked(pack)[file])
    compiled = [data for name, data in found.items() if name.endswith(".pyc")]
    assert len(compiled) > 100
    assert not [name for name in found if name.endswith(".py")]
    (magic,) = {data[:4] for data in compiled}
    assert magic[2:] == b"\r\n"
    assert {data[4:8] for data in compiled} == {b"\1\0\0\0"}, "Python would look for the sources"


def test_every_module_that_travels_can_be_imported(tmp_path):
    files = unpacked("core") | unpacked("numpy") | unpacked("matplotlib")
    python_archives.write(tmp_path, files)
    python_archives.run_node([IMPORTS, f"{tmp_path}/"])


def test_what_an_exercise_loads_is_light():
    weights = [len(gzip.compress((PACKS / f"{name}.js").read_bytes()))
               for name in ("core", "numpy", "nnlib")]  # fmt: skip
    assert sum(weights) <= HEAVIEST


def test_the_licences_travel_with_the_packs():
    licences = (PACKS / "LICENSES.txt").read_text(encoding="utf-8")
    for name in pyodide_files.table()["files"]:
        if name.endswith(".whl"):
            assert f"\n{name}: " in licences
