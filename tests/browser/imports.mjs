// Import every module of the packs in Node: node imports.mjs FOLDER/
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

const PACKAGES = "/lib/python3.14/site-packages";

const [, , folder] = argv;
const { loadPyodide } = await import(pathToFileURL(`${folder}pyodide.mjs`));
const python = await loadPyodide({ indexURL: folder, env: { HOME: "/", MPLBACKEND: "agg" } });
for (const name of ["numpy", "matplotlib"]) {
  const tar = new Uint8Array(readFileSync(`${folder}${name}.tar`));
  python.unpackArchive(tar, "tar", { extractDir: PACKAGES });
}
python.globals.set("packages", PACKAGES);
python.runPython(`
import importlib, pathlib, warnings, zipfile

warnings.simplefilter("ignore")
files = [name for name in zipfile.ZipFile("/lib/python314.zip").namelist()]
files += [str(file.relative_to(packages)) for file in pathlib.Path(packages).rglob("*.pyc")]
names = {
    file.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")
    for file in files if file.endswith(".pyc") and "__main__" not in file
}
failed = []
for name in sorted(names):
    try:
        importlib.import_module(name)
    except Exception as error:
        failed.append(f"{name}: {error!r}")
if failed:
    raise ImportError("; ".join(failed))

from numpy import *
`);
