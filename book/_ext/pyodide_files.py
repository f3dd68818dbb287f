"""The files of Pyodide that travel with the book: which bytes are right, and where to get them.

One number is trusted: the sha512 of npm's package. `python book/_ext/pyodide_files.py TARBALL`
compares it, and writes the table of hashes beside this module.
"""

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from http.client import HTTPException
from pathlib import Path

VERSION = "314.0.3"
INTEGRITY = (
    "sha512-sK40My6m8tmBUYtYH9au9rXUeh9x0wfahtHdOlGmJxZD"
    "sKBGKtP6KznyFB2+u/klbQTdDionR0uaVd176zVQzQ=="
)
CORE = "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"
# What NumPy and matplotlib need; the lock file names more, for PDF and for pandas.
PACKAGES = (
    "numpy",
    "matplotlib", "contourpy", "cycler", "kiwisolver", "packaging", "pillow", "pyparsing",
    "python-dateutil", "six",
)  # fmt: skip
TABLE = Path(__file__).with_suffix(".json")
CACHE = Path(__file__).parents[2] / ".pyodide"  # beside .venv
DISTRIBUTION = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
NPM = f"https://cdn.jsdelivr.net/npm/pyodide@{VERSION}/"  # has the core only
PATIENCE = 4  # seconds for the first answer

# A wheel on PyPI that carries the same bytes. It is not installed.
CARRIER = (
    "open-webui==0.12.4 "
    "--hash=sha256:02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
)
CARRIED = "open_webui/frontend/pyodide/"

Read = Callable[[str], bytes]


class PyodideError(Exception):
    """Pyodide cannot be had, or it is not what it should be."""


def table() -> dict[str, dict]:
    """What the lock file says of the interpreter, and the sha256 of every file that travels."""
    return json.loads(TABLE.read_text(encoding="utf-8"))


def lock() -> bytes:
    """Pyodide's list of packages. It is empty, because the page unpacks its packages by itself."""
    return json.dumps({"info": table()["info"], "packages": {}}).encode()


def checked(name: str, data: bytes, sha256: str, source: str) -> bytes:
    """The bytes, if they are the right ones."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise PyodideError(
            f"{name} from {source} is not the file of Pyodide {VERSION}: its sha256 is {found}, "
            f"and {sha256} is needed. It is damaged or of another version: remove it."
        )
    return data


def files() -> dict[str, bytes]:
    """All files, which are kept in the cache."""
    named = os.environ.get("NNLIB_PYODIDE")
    if named and not Path(named).is_dir():
        raise PyodideError(f"NNLIB_PYODIDE is {named}, but there is no such folder.")
    folders = [named, str(CACHE)] if named else [str(CACHE)]
    sources = {folder: reader(Path(folder)) for folder in folders}
    sources |= {DISTRIBUTION: from_distribution(), CARRIER.split()[0]: from_pypi()}
    found = gather(table()["files"], sources)
    for name, data in found.items():
        if not (CACHE / name).exists():
            keep(CACHE / name, data)
    return found


def gather(wanted: dict[str, str], sources: dict[str, Read]) -> dict[str, bytes]:
    """Of each file the bytes, from the first source that has it, if they are right."""
    found = {}
    for name, sha256 in wanted.items():
        source, data = first(name, sources)
        found[name] = checked(name, data, sha256, source)
    return found


def first(name: str, sources: dict[str, Read]) -> tuple[str, bytes]:
    """The first source that has the file, and what it has."""
    tried = []
    for source, read in sources.items():
        try:
            return source, read(name)
        except OSError as error:
            tried.append(f"  {source}: {error}\n")
    raise PyodideError(
        f"{name} of Pyodide {VERSION}, which runs Python in the page, cannot be had:\n"
        f"{''.join(tried)}Connect to the network, or name a folder with Pyodide's full "
        "distribution in NNLIB_PYODIDE, or leave Python out of the pages: make book PAGES=static"
    )


def reader(folder: Path) -> Read:
    """A source that is a folder."""
    return lambda name: (folder / name).read_bytes()


def keep(file: Path, data: bytes) -> None:
    """Write a file at once or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.write_bytes(data)
    part.replace(file)


def from_distribution() -> Read:
    """The official distribution, which is not asked again once it does not answer."""
    refused: list[OSError] = []

    def read(name: str) -> bytes:
        if refused:
            raise refused[0]
        try:
            return download((NPM if name in CORE else DISTRIBUTION) + name)
        except OSError as error:
            refused.append(error)
            raise

    return read


def download(address: str) -> bytes:
    """What is at the address. The search for a name has no time limit of its own."""
    answer: list = []

    def open_it() -> None:
        try:
            answer.append(urllib.request.urlopen(address, timeout=PATIENCE))
        except OSError as error:
            answer.append(error)

    thread = threading.Thread(target=open_it, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if not answer:
        raise TimeoutError(f"no answer in {PATIENCE} seconds")
    if isinstance(answer[0], OSError):
        raise answer[0]
    try:
        with answer[0] as response:
            return response.read()
    except HTTPException as error:
        raise OSError(f"broke off: {error!r}") from None


def from_pypi() -> Read:
    """The wheel on PyPI, downloaded when it is first asked."""
    members: dict[str, bytes] = {}

    def read(name: str) -> bytes:
        if not members:
            members.update(carried(table()["files"]))
        return members[name]

    return read


def carried(names: Iterable[str]) -> dict[str, bytes]:
    """The files in the wheel; nothing else of it is kept."""
    print(f"Getting Pyodide out of {CARRIER.split()[0]} on PyPI: 106 MB, once.", flush=True)
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        requirement = Path(folder, "requirement.txt")
        requirement.write_text(CARRIER, encoding="utf-8")
        done = subprocess.run(
            [*installer(folder), "--no-deps", "--require-hashes", "-r", requirement],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise OSError(done.stderr.strip())
        for wheel in Path(folder).glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(folder, [CARRIED + name for name in names])
        return {name: Path(folder, CARRIED, name).read_bytes() for name in names}


def installer(folder: str) -> list[str]:
    """The start of a command that puts a wheel, or what is in it, into the folder.

    It is the tool that made this environment, for it knows where its packages come from.
    """
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip", "download", "--no-cache-dir", "--dest", folder]
        return [*pip, "--only-binary=:all:", "--ignore-requires-python"]
    if uv := shutil.which("uv"):
        unpack = [uv, "pip", "install", "--no-cache", "--python", sys.executable]
        return [*unpack, "--target", folder, "--only-binary=:all:", "--python-version=3.12"]
    raise OSError("neither pip nor uv is there to download it")


def pin(tarball: Path) -> dict[str, dict]:
    """The table, from npm's package."""
    data = tarball.read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found != INTEGRITY:
        raise PyodideError(f"{tarball} has the hash {found}, but {INTEGRITY} is needed.")
    with tarfile.open(tarball) as package:
        core = {name: package.extractfile(f"package/{name}").read() for name in CORE}
        lock = json.load(package.extractfile("package/pyodide-lock.json"))
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in core.items()}
    for name in PACKAGES:
        package = lock["packages"][name]
        hashes[package["file_name"]] = package["sha256"]
    return {"info": lock["info"], "files": hashes}


if __name__ == "__main__":
    pinned = pin(Path(sys.argv[1]))
    TABLE.write_text(json.dumps(pinned, indent=2) + "\n", encoding="utf-8")
