"""The interpreter's library, NumPy and matplotlib as the page gets them: less of them, compiled.

From sources, the page would compile some 250 modules first, and that takes longer than all else.
What compiles them here is the page's own interpreter, in the Node that Playwright's package has.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path

import pyodide_files
from pyodide_files import CACHE, CORE, TABLE, VERSION, PyodideError, lock

COMPILER = Path(__file__).with_name("bytecode.mjs")
LIBRARY = "/lib/python314.zip"
PACKAGES = "/lib/python3.14/site-packages"

# Servers, processes, terminals, tools, and what C does faster: no reader of a page can use it.
NOT_OF_PYTHON = r"""
    __hello__ __phello__ _pydatetime _pyio _pyrepl/(?!__init__|pager|trace|types|utils).+
    antigravity asyncio/(?:proactor|windows).+ bdb cProfile compileall
    concurrent/futures/(?:interpreter|process) concurrent/interpreters configparser
    ctypes/macholib doctest
    encodings/(?!__init__|aliases|ascii|charmap|cp437|latin_1|unicode_escape|utf_).+
    fileinput ftplib getpass http/(?:cookiejar|cookies|server) imaplib logging/(?:config|handlers)
    mailbox modulefinder multiprocessing netrc nturl2path
    optparse pdb pickletools poplib profile pstats pty pyclbr pyodide/console rlcompleter sched
    site-packages smtplib sqlite3 ssl stringprep tabnanny this tomllib trace tty wave webbrowser
    wsgiref xml/dom xml/sax xmlrpc zipapp .+\.(?:bat|ctypes|ini|txt|typed) .+/fetch_macholib
"""
NOT_OF_NUMPY = r"""
    .+/tests .+_tests?\..+ .+\.(?:a|c|h|ini|md|pxd|pyi|pyx|typed) .+\.dist-info
    numpy/_configtool numpy/_core/(?:_simd\..+|cversions|include) numpy/_pyinstaller
    numpy/conftest numpy/doc numpy/f2py numpy/linalg/lapack_lite\..+ numpy/random/_examples
"""
NOT_OF_MATPLOTLIB = r"""
    .+/tests .+\.(?:md|pyi|typed) .+\.dist-info PIL/_(?:imagingft|imagingtk|webp)\..+
    PIL/(?:FpxImagePlugin|ImageTk|MicImagePlugin|_tkinter_finder) contourpy/util
    dateutil/(?:tz/win|tzwin|zoneinfo/.+\.gz) matplotlib/mpl-data/(?:images|sample_data)
    matplotlib/mpl-data/fonts/(?!ttf/(?:DejaVuSans(?:-Bold|-Oblique)?|cm.+)\.ttf|ttf/.+_DEJAVU).+
    matplotlib/backends/_?backend_(?:cairo|gtk|macosx|nbagg|pdf|pgf|ps|qt|tk|webagg|wx)(?!_core).*
    matplotlib/backends/(?:_tkagg|qt_compat)\..+ matplotlib/sphinxext matplotlib/testing
    pyparsing/(?:ai|diagram|tools)
"""
NO_FORTRAN = {"numpy/f2py/__init__.py": b""}  # `from numpy import *` asks for it
# Of each folder the path that it has in the page, and how far it is optimised: 2 drops docstrings.
# Those of NumPy are what help() shows. Last, whether bytecode takes the place of the sources.
JOBS = [
    ("python", "", LIBRARY, 2, True),
    ("matplotlib", "", PACKAGES, 2, True),
    ("numpy", "", PACKAGES, 0, True),
    ("numpy", "numpy/ma", PACKAGES, 2, True),
    ("numpy", "numpy/polynomial", PACKAGES, 2, True),
]
OURS = [("read", "", PACKAGES, 0, False), ("run", "", PACKAGES, 2, True)]
LICENCE = re.compile(r".+\.dist-info/(?:licenses/.+|LICENSE[^/]*)")
NOTICE = f"""\
These files hold Pyodide {VERSION} (https://pyodide.org, Mozilla Public License 2.0) with CPython
(https://www.python.org, Python Software Foundation License) and with the packages below. What a
page does not need was left out, and Python was compiled. Nothing else was changed.
"""
FONTS = "matplotlib/fontlist.json"

Files = dict[str, bytes]


def archives() -> Files:
    """The archives and their licences, from the cache unless their recipe changed."""
    return cached("compiled", [], lambda: make(pyodide_files.files()))


def with_bytecode(sources: Files, read: re.Pattern) -> Files:
    """The sources compiled; those that somebody reads stay, with the bytecode beside them."""

    def made() -> Files:
        files = pyodide_files.files()
        core = {name: files[name] for name in CORE}
        kinds: dict[str, Files] = {"read": {}, "run": {}}
        for name, data in python.items():
            kinds["read" if read.fullmatch(name) else "run"][name] = data
        trees = compiled(kinds, core, OURS)
        return trees["read"] | bare(trees["run"])

    python = {name: data for name, data in sources.items() if name.endswith(".py")}
    parts = [read.pattern.encode(), *(name.encode() + data for name, data in python.items())]
    found = cached("ours", parts, made)
    return {name: data for name, data in sources.items() if name not in python} | found


def cached(kind: str, parts: Iterable[bytes], make: Callable[[], Files]) -> Files:
    """Files that are made from these parts, by the recipe that stands here."""
    recipe = [TABLE, Path(__file__), COMPILER]
    key = hashlib.sha256(b"\0".join([file.read_bytes() for file in recipe] + list(parts)))
    folder = CACHE / f"{kind}-{key.hexdigest()[:12]}"
    if not folder.exists():
        for old in CACHE.glob(f"{kind}-*"):
            shutil.rmtree(old)
        part = folder.with_suffix(".part")
        write(part, make())
        part.rename(folder)
    return read(folder)


def make(files: Files) -> Files:
    """The archives: what a reader needs of the distribution's files, compiled."""
    wheels = {name: data for name, data in files.items() if name.endswith(".whl")}
    numpy = {name: data for name, data in wheels.items() if name.startswith("numpy-")}
    others = {name: data for name, data in wheels.items() if name not in numpy}
    trees = {
        "python": cut([files["python_stdlib.zip"]], NOT_OF_PYTHON),
        "numpy": cut(numpy.values(), NOT_OF_NUMPY) | NO_FORTRAN,
        "matplotlib": fewer_fonts(cut(others.values(), NOT_OF_MATPLOTLIB)),
    }
    trees = compiled(trees, {name: files[name] for name in CORE}, JOBS)
    return {
        "python_stdlib.zip": zipped(bare(trees["python"])),
        "numpy.tar": tarred(bare(trees["numpy"])),
        "matplotlib.tar": tarred(bare(trees["matplotlib"])),
        "LICENSES.txt": licences(wheels).encode(),
    }


def licences(wheels: Files) -> str:
    """The licences of all packages."""
    texts = [NOTICE]
    for wheel, data in sorted(wheels.items()):
        archive = zipfile.ZipFile(io.BytesIO(data))
        for name in filter(LICENCE.fullmatch, archive.namelist()):
            heading = f"{wheel}: {name.partition('/')[2]}"
            text = archive.read(name).decode("utf-8", "replace")
            texts.append(f"{heading}\n{'=' * len(heading)}\n\n{text}")
    return "\n\n".join(texts)


def left_out(patterns: str) -> re.Pattern:
    """Whether a path is one of those, or lies below one."""
    return re.compile(f"(?:{'|'.join(patterns.split())})(?:/.*|\\.py)?")


def cut(archives: Iterable[bytes], patterns: str) -> Files:
    """The files in the archives, without those that the patterns leave out."""
    unwanted = left_out(patterns)
    return {
        name: archive.read(name)
        for archive in (zipfile.ZipFile(io.BytesIO(data)) for data in archives)
        for name in archive.namelist()
        if not name.endswith("/") and not unwanted.fullmatch(name)
    }


def fewer_fonts(files: Files) -> Files:
    """The same, where the list of fonts names only those that are there."""
    listed = json.loads(files[FONTS])
    listed["afmlist"] = []
    listed["ttflist"] = [
        font for font in listed["ttflist"] if f"matplotlib/mpl-data/{font['fname']}" in files
    ]
    return files | {FONTS: json.dumps(listed).encode()}


def compiled(trees: dict[str, Files], core: Files, jobs: list) -> dict[str, Files]:
    """The trees with bytecode in them."""
    with tempfile.TemporaryDirectory() as folder:
        pyodide, work = Path(folder, "pyodide"), Path(folder, "work")
        write(pyodide, core | {"pyodide-lock.json": lock()})
        for name, files in trees.items():
            write(work / name, files)
        run_node([COMPILER, pyodide, work, json.dumps(jobs)])
        return {name: read(work / name) for name in trees}


def bare(files: Files) -> Files:
    """The same without sources."""
    return {file: data for file, data in files.items() if not file.endswith(".py")}


def run_node(arguments: list) -> None:
    """Run a script in the Node that Playwright's package brings along."""
    name = "node.exe" if os.name == "nt" else "node"
    node = resources.files("playwright") / "driver" / name
    try:
        subprocess.run([node, *arguments], check=True, capture_output=True, encoding="utf-8")
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "")[-2000:]  # before that is the text of a long line
        raise PyodideError(
            f"Python cannot be compiled for the page: {node}: {said or error}\n"
            "Leave it out of the pages: make book PAGES=static"
        ) from None


def write(folder: Path, files: Files) -> None:
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def read(folder: Path) -> Files:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def by_kind(files: Files) -> list[tuple[str, bytes]]:
    """Like beside like, which compresses better."""
    return sorted(files.items(), key=lambda item: (item[0].rpartition(".")[2], item[0]))


def zipped(files: Files) -> bytes:
    """A zip without compression, for the pack compresses the whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in by_kind(files):
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def tarred(files: Files) -> bytes:
    """A tar, which a few lines of JavaScript unpack."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in by_kind(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


if __name__ == "__main__":
    try:
        archives()
    except PyodideError as error:
        sys.exit(f"\n{error}\n")
