"""Python for the page, in packs: scripts that the page loads when the reader presses Run."""

import base64
import gzip
import io
import json
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pyodide_files

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "book" / "notebook"
PURE = "tqdm", "threadpoolctl"  # from the installed environment


def lock(pinned: dict) -> bytes:
    """The lock file of the packages that travel."""
    return json.dumps({"info": pinned["info"], "packages": pinned["packages"]}).encode()


def archive(files: dict[str, bytes]) -> bytes:
    """A zip whose bytes depend on nothing but the files; the pack compresses them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for name, data in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def library() -> dict[str, bytes]:
    """nnlib, what it needs beside NumPy, and the Python that runs in the page."""
    files = {
        str(file.relative_to(ROOT)): file.read_bytes()
        for file in (ROOT / "nnlib").rglob("*")
        if file.is_file() and file.suffix not in {".js", ".css", ".pyc", ".md"}
    }
    for name in PURE:
        for file in metadata.files(name):
            if file.suffix == ".py" and ".." not in file.parts:
                files[str(file)] = file.read_binary()
    for file in [ROOT / "book/_ext/figure_html.py", *NOTEBOOK.glob("*.py")]:
        files[file.name] = file.read_bytes()
    return files


def packs() -> dict[str, dict[str, bytes]]:
    """Of each pack the files."""
    pinned = pyodide_files.table()
    wheels = {
        package["file_name"]: pyodide_files.read(package["file_name"])
        for package in pinned["packages"].values()
    }
    numpy = {name: wheels.pop(name) for name in list(wheels) if name.startswith("numpy-")}
    core = {name: pyodide_files.read(name) for name in pyodide_files.CORE}
    core["pyodide-lock.json"] = lock(pinned)
    if (NOTEBOOK / "worker.js").exists():
        core["worker.js"] = (NOTEBOOK / "worker.js").read_bytes()
    return {
        "core": core,
        "numpy": numpy,
        "nnlib": {"nnlib.zip": archive(library())},
        "matplotlib": wheels,
    }


def script(name: str, files: dict[str, bytes]) -> str:
    """The pack as a script: one call with the base64 of each file's gzip."""
    encoded = {
        file: base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
        for file, data in files.items()
    }
    return f"pythonPack({json.dumps(name)}, {json.dumps(encoded, indent=0)});\n"


def python_packs(folder: Path) -> None:
    """Write the packs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, files in packs().items():
        (folder / f"{name}.js").write_text(script(name, files), encoding="utf-8")


if __name__ == "__main__":
    python_packs(Path(sys.argv[1]))
