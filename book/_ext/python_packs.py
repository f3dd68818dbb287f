"""Python for the page, in packs: scripts that the page loads when the reader asks for Python.

A page that was opened from a file may load scripts and nothing else, so a pack is one call, with
the base64 of each file's gzip.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata, resources
from pathlib import Path

import pyodide_files
import python_archives
from python_archives import Files, tarred
from sphinx.errors import ExtensionError

BOOK = Path(__file__).parents[1]
NOTEBOOK = BOOK / "notebook"
LIBRARY = BOOK.parent / "nnlib"
# Live figures are the page's own; grading, the makers of data and the rest cannot run there.
AT_HOME = re.compile(
    r"nnlib/(?:widgets/.*|data/make_\w+\.py|exercises/_(?:grade|_main__)\.py)"
    r"|tqdm/(?:contrib/.*|(?:dask|keras|rich|tk)\.py)|.*\.(?:js|css|md|pyc)"
)
EXERCISES = re.compile(r"nnlib/exercises/[a-z]\w*\.py")
READ = re.compile(r"nnlib/[a-z]\w*\.py")  # inspect.getsource shows them


def packs() -> dict[str, Files]:
    """Of each pack the files. The page unpacks every tar where Python finds packages."""
    files = pyodide_files.files()
    made = python_archives.archives()
    core = {name: files[name] for name in pyodide_files.CORE}
    core["python_stdlib.zip"] = made["python_stdlib.zip"]
    core["pyodide-lock.json"] = pyodide_files.lock()
    core["worker.js"] = (NOTEBOOK / "worker.js").read_bytes()
    core["version"] = fingerprint(core).encode()
    ours = compiled(library())
    plots = {name: ours.pop(name) for name in list(ours) if name.startswith("nnlib/plots/")}
    return {
        "core": core,
        "numpy": {"numpy.tar": made["numpy.tar"]},
        "nnlib": {"nnlib.tar": tarred(ours)},
        "matplotlib": {
            "matplotlib.tar": made["matplotlib.tar"],
            "drawing.tar": tarred(typeface() | plots),
        },
    }


def compiled(files: Files) -> Files:
    """The same with bytecode, but for the exercises: of those a page needs one chapter."""
    exercises = {name: data for name, data in files.items() if EXERCISES.fullmatch(name)}
    others = {name: data for name, data in files.items() if name not in exercises}
    return exercises | python_archives.with_bytecode(others, READ)


def library() -> Files:
    """nnlib, tqdm and the page's own modules, as far as a page needs them."""
    found = {
        file.relative_to(LIBRARY.parent).as_posix(): file.read_bytes()
        for file in LIBRARY.rglob("*")
        if file.is_file()
    }
    for file in metadata.files("tqdm"):
        if file.suffix == ".py" and file.parts[0] == "tqdm":
            found[file.as_posix()] = file.read_binary()
    for file in BOOK / "_ext" / "figure_html.py", *NOTEBOOK.glob("*.py"):
        found[file.name] = file.read_bytes()
    return {name: data for name, data in found.items() if not AT_HOME.fullmatch(name)}


def typeface() -> Files:
    """The typeface of the figures, in the package where nnlib.plots looks for it."""
    package = "font_source_sans_pro"
    fonts = [f"SourceSansPro-{style}.ttf" for style in ("Regular", "It", "Semibold", "Bold")]
    wanted = ["__init__.py", *(f"files/{name}" for name in ("LICENSE.txt", *fonts))]
    return {f"{package}/{name}": (resources.files(package) / name).read_bytes() for name in wanted}


def packed(name: str, files: Files) -> str:
    """The script that brings the files."""
    encoded = {
        file: base64.b64encode(gzip.compress(data, mtime=0)).decode()
        for file, data in files.items()
    }
    return f"pythonPack({json.dumps(name)}, {json.dumps(encoded)});\n"


def fingerprint(files: Files) -> str:
    """A hash of what the script is made from."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for name, data in files.items():
        digest.update(f"\0{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def write_pack(file: Path, files: Files) -> None:
    """Write the script, unless it was made from the same files before."""
    stamp = f"// {fingerprint(files)}\n"
    if file.exists():
        with file.open(encoding="utf-8") as script:
            if script.readline() == stamp:
                return
    file.write_text(stamp + packed(file.stem, files), encoding="utf-8")


def write_packs(folder: Path) -> None:
    """Write all packs, and the licences of what is in them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = packs()
    with ThreadPoolExecutor() as pool:
        list(pool.map(write_pack, [folder / f"{name}.js" for name in made], made.values()))
    (folder / "LICENSES.txt").write_bytes(python_archives.archives()["LICENSES.txt"])


def write(app):
    folder = Path(app.outdir, "_static", "python")
    if not app.config.page_python:
        shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        write_packs(folder)
    except pyodide_files.PyodideError as error:
        raise ExtensionError(str(error), modname="python_packs") from None


def wanted() -> bool:
    """Whether the pages run Python: not after `make book PAGES=static`."""
    pages = os.environ.get("PAGES", "")
    if pages not in {"", "static"}:
        raise ExtensionError(f"PAGES is {pages!r}, but it can only be static: no Python in pages.")
    return not pages


def setup(app):
    app.add_config_value("page_python", wanted(), "env")
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    write_packs(Path(sys.argv[1]))
