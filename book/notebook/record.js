// What the reader has written and done: one item of the browser's storage for each exercise, and
// one file to carry it elsewhere. Nothing leaves this machine by itself.

const PREFIX = "nnlib.";
const NAME = /^\w+\.\w+$/;
const MOVED = {
  // exercises that stand in another chapter now; _record.py has the same
  "training.best_epoch": "generalising.best_epoch",
  "training.choose_rate": "generalising.choose_rate",
  "training.choose_size": "generalising.choose_size",
  "tokens.embedding_shapes": "language.embedding_shapes",
  "tokens.embedding_gradient": "language.embedding_gradient",
  "tokens.entropy_by_hand": "language.entropy_by_hand",
  "tokens.divergence": "language.divergence",
  "tokens.perplexity": "language.perplexity",
  "tokens.ladder_causes": "language.ladder_causes",
  "tokens.with_positions": "attention.with_positions",
  "tokens.sinusoidal": "attention.sinusoidal",
};
const RANK = ["tried", "done"]; // an answer that was not checked yet has no state
const HERE = "What you write stays only as long as this page is open: copy what you want to keep.";
const FORBIDDEN = `This browser does not let the page store anything. ${HERE}`;
const FULL = `The browser's storage is full. ${HERE}`;

const rank = (entry) => RANK.indexOf(entry?.state);

/** An entry as it is kept, or nothing where it is not one. */
function understood(value) {
  const { state, answer, call } = typeof value === "string" ? { state: value } : (value ?? {});
  const strings = [state, answer, call].every((part) => part === undefined || isText(part));
  if (!strings || (state !== undefined && !RANK.includes(state))) return undefined;
  return state || answer !== undefined ? { state, answer, call } : undefined;
}

const isText = (value) => typeof value === "string";

/** The better state, and of two equal ones the added, with an answer where there is any. */
function merged(old, added) {
  const [worse, better] = rank(added) < rank(old) ? [added, old] : [old, added];
  const { answer, call } = better.answer === undefined ? (worse ?? {}) : better;
  return { state: better.state, answer, call };
}

function parsed(text) {
  try {
    return understood(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The entries of an exported file; an error says what is wrong with it. */
function entriesOf(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("This is not a file of progress: it is not JSON.");
  }
  if (found === null || typeof found !== "object" || Array.isArray(found)) {
    throw new Error("This is not a file of progress: it holds no exercises by their names.");
  }
  const entries = Object.entries(found).map(([exercise, value]) => [exercise, understood(value)]);
  for (const [exercise, entry] of entries) {
    if (NAME.test(exercise) && entry) continue;
    throw new Error(
      `This is not a file of progress: at “${exercise.slice(0, 60)}” it should say ` +
        "“done” or “tried”, and may hold the answer as text.",
    );
  }
  return entries.map(([exercise, entry]) => [MOVED[exercise] ?? exercise, entry]);
}

/** The storage, or undefined where the browser forbids it. */
function allowed(storage) {
  try {
    const found = storage ?? window.localStorage;
    found.getItem(PREFIX);
    return found;
  } catch {
    return undefined;
  }
}

/** The record of this browser; what cannot be stored is kept as long as the page is open. */
class Record {
  #storage;
  #entries = new Map();
  #unstored = new Set();
  #listeners = new Set();

  constructor(storage) {
    this.#storage = allowed(storage);
    this.#load();
    addEventListener("storage", ({ key }) => {
      if (key === null) this.#load();
      else if (key.startsWith(PREFIX)) this.#reload(key.slice(PREFIX.length));
      else return;
      this.#tell(key?.slice(PREFIX.length));
    });
  }

  /** What the reader should know about the storage, or null. */
  get problem() {
    if (!this.#storage) return FORBIDDEN;
    return this.#unstored.size ? FULL : null;
  }

  get(exercise) {
    return this.#entries.get(exercise);
  }

  /** Keep what is written now; what was done once, here or in another tab, stays done. */
  set(exercise, entry) {
    this.#reload(exercise);
    const state = RANK[Math.max(rank(this.get(exercise)), rank(entry))];
    this.#keep(exercise, understood({ ...entry, state }));
    this.#tell(exercise);
  }

  all() {
    return Object.fromEntries([...this.#entries].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  clear() {
    for (const exercise of [...this.#entries.keys()]) this.#keep(exercise, undefined);
    this.#tell();
  }

  exportText() {
    return `${JSON.stringify(this.all(), null, 1)}\n`;
  }

  /** Add the entries of a file: done wins over tried, and otherwise the file wins. */
  importText(text) {
    const counts = { added: 0, changed: 0, same: 0 };
    for (const [exercise, entry] of entriesOf(text)) {
      this.#reload(exercise);
      const before = this.get(exercise);
      const after = merged(before, entry);
      const same = before && JSON.stringify(after) === JSON.stringify(before);
      counts[same ? "same" : before ? "changed" : "added"] += 1;
      if (!same) this.#keep(exercise, after);
    }
    this.#tell();
    return counts;
  }

  /** Call the function with the exercise that changed, or with nothing where many did. */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(exercise) {
    for (const listener of [...this.#listeners]) listener(exercise);
  }

  #load() {
    this.#entries.clear();
    for (const key of Object.keys(this.#storage ?? {})) {
      if (key.startsWith(PREFIX)) this.#reload(key.slice(PREFIX.length));
    }
    for (const [before, now] of Object.entries(MOVED)) {
      const entry = this.get(before);
      if (!entry) continue;
      this.#keep(before, undefined); // first, to make room
      this.#keep(now, merged(this.get(now), entry));
    }
  }

  #reload(exercise) {
    if (!NAME.test(exercise) || !this.#storage || this.#unstored.has(exercise)) return;
    const entry = parsed(this.#storage.getItem(PREFIX + exercise));
    if (entry) this.#entries.set(exercise, entry);
    else this.#entries.delete(exercise);
  }

  #keep(exercise, entry) {
    if (entry) this.#entries.set(exercise, entry);
    else this.#entries.delete(exercise);
    if (!this.#storage) return;
    try {
      if (entry) this.#storage.setItem(PREFIX + exercise, JSON.stringify(entry));
      else this.#storage.removeItem(PREFIX + exercise);
      this.#unstored.delete(exercise);
    } catch {
      this.#unstored.add(exercise);
    }
  }
}

export function openRecord({ storage } = {}) {
  return new Record(storage);
}
