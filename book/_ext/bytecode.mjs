// Compile Python with the interpreter of the page: node bytecode.mjs PYODIDE TREES JOBS, where JOBS
// is JSON, [[tree, folder in it, the tree's path in the page, level of optimisation, whether in the
// place of the sources], ...]
import { join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

const [pyodide, trees, jobs] = argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({
  indexURL: pyodide,
  env: { HOME: "/", PYTHONNODEBUGRANGES: "1" },
});
python.mountNodeFS("/trees", trees);
python.globals.set("jobs", jobs);
python.runPython(`
import compileall, json, py_compile
for tree, folder, path, optimize, legacy in json.loads(jobs):
    done = compileall.compile_dir(
        f"/trees/{tree}/{folder}", quiet=1, legacy=legacy, optimize=optimize,
        stripdir=f"/trees/{tree}", prependdir=path,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not done:
        raise SystemExit(f"{tree}/{folder}: cannot be compiled")
`);
