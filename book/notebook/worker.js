// Runs Python for a page: a classic worker, because a page opened from a file may make no other.
// Pyodide tells a classic worker by importScripts, and refuses it, although all that it needs from
// a module worker is import(), which works here for a blob.

self.importScripts = () => {
  throw new Error("this worker imports modules");
};

// What NumPy and nnlib import of Python's own: in the snapshot, it need not be loaded again.
const EARLY = `import ctypes, datetime, decimal, difflib, fractions, hmac, html, numbers, pickle
import platform, secrets, symtable, sysconfig, unicodedata, zipfile`;

const PACKAGES = "/lib/python3.14/site-packages";

let python = null;
let kernel = null;
let until = Infinity;

/** Pyodide looks here now and then whether to interrupt Python: it is a clock instead of a flag. */
const clock = {
  get 0() {
    if (Date.now() < until) return 0;
    until = Date.now() + 100; // and again, in case this one is caught
    return 2;
  },
  set 0(_) {},
};

const page = {
  interrupt_after(milliseconds) {
    until = milliseconds === undefined ? Infinity : Date.now() + milliseconds;
  },
  post(event) {
    postMessage({ event: JSON.parse(event) });
  },
};

function moduleOf(bytes) {
  return import(URL.createObjectURL(new Blob([bytes], { type: "text/javascript" })));
}

/** Start the interpreter: from a snapshot of its memory if there is one, which is then not asked. */
async function start({ files, wasm, snapshot }) {
  self.fetch = async (url) => new Response(files[String(url).split("/").pop()]);
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    instance: await WebAssembly.instantiate(wasm, imports),
    module: wasm,
  });
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    moduleOf(files["pyodide.mjs"]),
    moduleOf(files["pyodide.asm.mjs"]),
  ]);
  python = await loadPyodide({
    indexURL: "https://packs.invalid/",
    createPyodideModule,
    lockFileContents: new TextDecoder().decode(files["pyodide-lock.json"]),
    ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
  });
  if (!snapshot) python.runPython(EARLY);
  const made = snapshot ? null : python.makeMemorySnapshot();
  python.setInterruptBuffer(clock);
  python.registerJsModule("page_clock", { interrupt_after: page.interrupt_after });
  python.registerJsModule("page", page);
  return made;
}

/** The text in a field of a tar. */
function field(tar, from, length) {
  return String.fromCharCode(...tar.subarray(from, from + length)).split("\0")[0];
}

/** The files of a tar: names with their bytes. */
function* filesOf(tar) {
  for (let at = 0; tar[at];) {
    const folder = field(tar, at + 345, 155);
    const name = field(tar, at, 100);
    const size = parseInt(field(tar, at + 124, 12), 8);
    yield [folder ? `${folder}/${name}` : name, tar.subarray(at + 512, at + 512 + size)];
    at += 512 + 512 * Math.ceil(size / 512);
  }
}

/** Unpack archives where Python finds them. */
function install({ files }) {
  const made = new Set();
  for (const tar of Object.values(files)) {
    for (const [name, bytes] of filesOf(tar)) {
      const path = `${PACKAGES}/${name}`;
      const folder = path.slice(0, path.lastIndexOf("/"));
      if (!made.has(folder)) python.FS.mkdirTree(folder);
      made.add(folder);
      python.FS.writeFile(path, bytes, { canOwn: true });
    }
  }
  python.runPython("import importlib; importlib.invalidate_caches()");
}

/** Import NumPy, nnlib and what answers the page. */
function open() {
  kernel = python.pyimport("kernel");
}

function call({ method, args }) {
  const answer = kernel[method](JSON.stringify(args));
  return JSON.parse(answer);
}

const deeds = { start, install, open, call };

onmessage = async ({ data: { id, deed, ...rest } }) => {
  try {
    const result = await deeds[deed](rest);
    postMessage({ id, result }, result?.buffer ? [result.buffer] : []);
  } catch (error) {
    postMessage({ id, error: String(error?.message ?? error) });
  }
};
