// Python behind the page: started when it is first needed, ended when it is told to stop.

import { loadPack } from "./packs.js";
import { keepSnapshot, keptSnapshot } from "./snapshots.js";

const LONGEST = 60_000; // milliseconds after which a check that cannot be interrupted is ended
const SOON = 1000; // milliseconds after which another interpreter is made ready, in case of Stop
const SHARES = { core: 0.5, numpy: 0.2, nnlib: 0.05 }; // of the way to the first result

const BROKE =
  "Python broke down, as it does when a function calls itself without end, or when a part of " +
  "NumPy or nnlib is changed. It starts again, and what the cells had defined is gone.";

class Stopped extends Error {
  message = "Stopped. What the cells had defined is gone.";
}

/** A worker with questions that wait for their answers. */
class Interpreter {
  constructor(code, listen) {
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.waiting = new Map();
    this.count = 0;
    this.worker.onmessage = ({ data }) => (data.event ? listen(data.event) : this.settle(data));
    this.worker.onerror = (event) => this.end(new Error(event.message));
  }

  settle({ id, result, error }) {
    const { resolve, reject } = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  }

  ask(deed, rest) {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, deed, ...rest });
    });
  }

  end(error) {
    this.ended = error;
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

class Kernel {
  constructor(folder) {
    this.folder = folder;
    this.packs = {};
    this.watchers = new Set();
    this.listen = () => {};
    this.turn = Promise.resolve();
    this.state = { state: "idle", text: "", fraction: null };
  }

  /** Tell the watcher of every change of state, beginning with the state as it is. */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher(this.state);
    return () => this.watchers.delete(watcher);
  }

  become(state, text, fraction = null) {
    this.state = { state, text, fraction };
    for (const watcher of this.watchers) watcher(this.state);
  }

  /** A pack's files, loaded once. */
  pack(name) {
    this.packs[name] ??= loadPack(this.folder, name).catch((error) => {
      delete this.packs[name];
      throw error;
    });
    return this.packs[name];
  }

  /** The interpreter with NumPy and nnlib, started if there is none. */
  ready() {
    if (this.starting) return this.starting;
    const starting = this.start().catch((error) => {
      if (this.starting === starting) this.starting = null;
      this.become("idle", "");
      throw error;
    });
    return (this.starting = starting);
  }

  async start() {
    const attempt = (this.attempt = Symbol("attempt"));
    const text = this.wasm ? "Starting Python again" : "Loading Python";
    this.become("loading", text);
    const interpreter = await this.another((fraction) => this.become("loading", text, fraction));
    if (this.attempt !== attempt) throw new Stopped();
    this.coming = null;
    return (this.interpreter = interpreter);
  }

  /** The interpreter that comes next: made once, and kept until it is needed. */
  another(tell) {
    this.coming ??= this.fresh(tell).catch((error) => {
      this.coming = null;
      throw error;
    });
    return this.coming;
  }

  /** A new interpreter with NumPy and nnlib. */
  async fresh(tell) {
    const core = await this.load(tell);
    const { "pyodide.asm.wasm": code, "worker.js": script, version, ...files } = core;
    this.version = new TextDecoder().decode(version);
    this.wasm ??= await WebAssembly.compile(code);
    this.snapshot ??= await keptSnapshot(this.version);
    const interpreter = await this.wake(script, { files, wasm: this.wasm });
    tell(0.9);
    for (const name of ["numpy", "nnlib"]) {
      await interpreter.ask("install", { files: await this.pack(name) });
    }
    await interpreter.ask("open");
    return interpreter;
  }

  /** All packs that a check needs; the answer is what is in the first. */
  async load(tell) {
    let fraction = 0;
    const [core] = await Promise.all(
      Object.keys(SHARES).map(async (name) => {
        const files = await this.pack(name);
        tell((fraction += SHARES[name]));
        return files;
      }),
    );
    return core;
  }

  /** Start an interpreter from a snapshot, or from nothing, and then take one for the next. */
  async wake(script, given) {
    const interpreter = new Interpreter(script, (event) => this.listen(event));
    try {
      const made = await interpreter.ask("start", { ...given, snapshot: this.snapshot });
      if (made) keepSnapshot(this.version, (this.snapshot = made));
      return interpreter;
    } catch (error) {
      if (!this.snapshot) throw error;
      this.snapshot = null; // a damaged one
      interpreter.end(error);
      return this.wake(script, given);
    }
  }

  /** One after the other: what is asked while Python works waits for its turn. */
  inTurn(deed) {
    const result = this.turn.then(deed);
    this.turn = result.catch(() => {});
    return result;
  }

  async call(method, args) {
    const interpreter = await this.ready();
    const long = setTimeout(() => this.another(() => {}).catch(() => {}), SOON);
    try {
      return await interpreter.ask("call", { method, args });
    } catch (error) {
      if (error instanceof Stopped) throw error;
      console.warn(error.message);
      this.stop();
      throw new Error(BROKE);
    } finally {
      clearTimeout(long);
    }
  }

  /** The verdict on an answer. */
  check(request) {
    return this.inTurn(async () => {
      await this.ready();
      this.become("busy", "Checking");
      const late = setTimeout(() => this.stop(), LONGEST);
      try {
        return await this.call("check", request);
      } finally {
        clearTimeout(late);
        this.rest();
      }
    });
  }

  /** Run a cell after those above that it needs; onEvent hears of all that comes of it. */
  run({ sources, fails, target, everything }, onEvent) {
    return this.inTurn(async () => {
      await this.ready();
      this.become("busy", "Running");
      this.listen = onEvent;
      try {
        const { order, draws } = await this.call("plan", { sources, target, everything });
        if (draws) await this.prepareToDraw();
        for (const number of order) {
          onEvent({ cell: number, kind: "start" });
          const { error, memory } = await this.call("run", { number, source: sources[number] });
          onEvent({ cell: number, kind: "end", text: error });
          if (memory) this.stop();
          if (error && !fails[number]) return;
        }
      } finally {
        this.listen = () => {};
        this.rest();
      }
    });
  }

  async prepareToDraw() {
    const { interpreter } = this;
    if (interpreter.draws) return;
    const text = "Loading what draws";
    this.become("loading", text, 0.3);
    const files = await this.pack("matplotlib");
    this.become("loading", text, 0.7);
    await interpreter.ask("install", { files });
    await interpreter.ask("call", { method: "draw", args: {} });
    interpreter.draws = true;
    this.become("busy", "Running");
  }

  rest() {
    if (this.starting) this.become("ready", "");
  }

  /** End what runs, at once, and go on with another interpreter. */
  stop() {
    if (!this.starting) return;
    this.attempt = this.starting = null;
    this.interpreter?.end(new Stopped());
    this.interpreter = null;
    this.inTurn(() => this.ready().then(() => this.rest())).catch(() => {});
  }
}

export function pageKernel(folder) {
  return new Kernel(folder);
}
