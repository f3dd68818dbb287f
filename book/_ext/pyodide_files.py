"""The files of Pyodide that travel with the book: where they come from, and which bytes are right.

One number is trusted: the sha512 of npm's package. `python book/_ext/pyodide_files.py TARBALL`
compares it and writes the table of the files' hashes beside this module.
"""

import base64
import hashlib
import json
import os
import sys
import tarfile
from pathlib import Path

VERSION = "314.0.3"
INTEGRITY = "sha512-sK40My6m8tmBUYtYH9au9rXUeh9x0wfahtHdOlGmJxZDsKBGKtP6KznyFB2+u/klbQTdDionR0uaVd176zVQzQ=="
CORE = "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"
TABLE = Path(__file__).with_name("pyodide_files.json")


class WrongBytes(Exception):
    """A file is not what it should be."""


def table() -> dict:
    """The lock file's head, the core's hashes, and of each package what the lock file says."""
    return json.loads(TABLE.read_text(encoding="utf-8"))


def hashes(pinned: dict) -> dict[str, str]:
    """The sha256 of every file that travels."""
    wheels = {package["file_name"]: package["sha256"] for package in pinned["packages"].values()}
    return pinned["core"] | wheels


def checked(name: str, data: bytes, sha256: str, source: str) -> bytes:
    """The bytes, if they are the right ones."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise WrongBytes(
            f"{name} from {source} has the sha256 {found}, but {sha256} is needed: "
            f"it is damaged or not from Pyodide {VERSION}. Remove it, or get it again."
        )
    return data


def read(name: str) -> bytes:
    """A file of Pyodide, from the first source that has it."""
    folder = Path(os.environ["NNLIB_PYODIDE"])
    return checked(name, (folder / name).read_bytes(), hashes(table())[name], str(folder))


def needed(packages: dict, *names: str) -> dict:
    """These packages and what they depend on, by name."""
    found: dict = {}
    rest = list(names)
    while rest:
        name = rest.pop()
        if name not in found:
            found[name] = packages[name]
            rest += packages[name]["depends"]
    return dict(sorted(found.items()))


def pin(tarball: Path) -> dict:
    """The table, from npm's package."""
    data = tarball.read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found != INTEGRITY:
        raise WrongBytes(f"{tarball} has the hash {found}, but {INTEGRITY} is needed.")
    with tarfile.open(tarball) as package:
        files = {name: package.extractfile(f"package/{name}").read() for name in CORE}
        lock = json.load(package.extractfile("package/pyodide-lock.json"))
    return {
        "info": lock["info"],
        "core": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "packages": needed(lock["packages"], "numpy", "matplotlib"),
    }


if __name__ == "__main__":
    TABLE.write_text(json.dumps(pin(Path(sys.argv[1])), indent=1) + "\n", encoding="utf-8")
