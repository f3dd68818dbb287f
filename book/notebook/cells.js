// The code cells of a page: each can be run, and changed.

import { editor } from "./editor.js";
import { running } from "./running.js";
import { output } from "./output.js";

function button(words, label, onclick) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", onclick);
  return made;
}

class Cell {
  #editor;

  constructor(element, number, { page, fails }, notebook) {
    Object.assign(this, { element, number, page, fails, notebook });
    this.input = element.querySelector(".cell_input");
    this.given = this.input.querySelector("pre").textContent.trimEnd();
    this.output = output(element);
    this.#placeTools();
  }

  get source() {
    return this.#editor?.value ?? this.given;
  }

  #placeTools() {
    const of = `cell ${this.number}`;
    this.tools = document.createElement("div");
    this.tools.className = "cell-tools";
    this.note = document.createElement("span");
    this.note.className = "cell-note";
    this.note.textContent = this.#promise();
    this.progress = running(this.notebook.python);
    const more = [
      button("Edit", `Edit ${of}`, () => this.edit().focus()),
      button("Run all above", `Run all above ${of}`, () => this.run(true)),
      button("Restart", "Restart Python", () => this.restart()),
    ];
    for (const each of more) each.className = "more";
    const run = button("Run", `Run ${of}`, () => this.run());
    this.resetButton = button("Reset", `Reset ${of}`, () => this.reset());
    this.resetButton.hidden = true;
    this.tools.append(run, this.resetButton, ...more, this.note);
    this.input.after(this.tools, this.progress.element);
    this.input.addEventListener("dblclick", () => this.edit().focus());
  }

  /** What a reader should know before the cell runs. */
  #promise() {
    const { note = "", seconds } = this.page ?? {};
    return [note, seconds ? `It takes about ${seconds} s.` : ""].filter(Boolean).join(" ");
  }

  /** Put an editor in the place of the code. */
  edit() {
    if (this.#editor) return this.#editor;
    this.#editor = editor({
      label: `Code of cell ${this.number}`,
      source: this.given,
      onInput: () => {
        this.resetButton.hidden = false;
      },
      onSubmit: () => this.run(),
    });
    this.input.querySelector(".highlight").replaceWith(this.#editor.element);
    return this.#editor;
  }

  /** Where the page runs less than the book did, say so in the code before it runs. */
  prepare() {
    if (this.source !== this.given || !this.page?.replace) return;
    this.edit().value = this.page.replace.reduce(
      (source, [from, to]) => source.replace(from, () => to),
      this.given,
    );
  }

  reset() {
    if (this.#editor) this.#editor.value = this.given;
    this.output.restore();
    this.resetButton.hidden = true;
    this.tools.querySelector("button").focus();
  }

  restart() {
    this.note.textContent = "Python begins anew: what the cells had defined is gone.";
    this.notebook.python.stop();
  }

  async run(everything = false) {
    this.element.ariaBusy = "true";
    this.started = undefined;
    this.progress.begin();
    try {
      await this.notebook.run(this, everything);
    } catch (error) {
      if (this.started === undefined) this.output.begin();
      this.output.add("error", error.message);
    } finally {
      this.element.ariaBusy = "false";
      this.progress.end(this.tools.querySelector("button"));
    }
  }

  hear({ kind, text }) {
    if (kind === "start") {
      this.started = performance.now();
      this.output.begin();
    } else if (kind === "end") {
      this.element.dataset.seconds = (performance.now() - this.started) / 1000;
      this.output.finish();
      this.resetButton.hidden = false;
    } else this.output.add(kind, text);
  }
}

class Notebook {
  constructor(python, cells) {
    this.python = python;
    this.imports = document.querySelector("#cell-0 pre").textContent;
    this.cells = cells.map(
      (known, number) => this.#visible(known, number) ?? { source: known.source ?? "" },
    );
  }

  #visible(known, number) {
    const element = document.getElementById(`cell-${number}`);
    if (known.exercise || known.live || !element?.querySelector(".cell_input")) return null;
    return new Cell(element, number, known, this);
  }

  /** The cell that shows an event. The errors of a cell that is not in the page are not lost. */
  #speaker({ cell, kind }, target) {
    const own = this.cells[cell];
    return own.hear ? own : { hear: kind === "error" ? (event) => target.hear(event) : () => {} };
  }

  run(target, everything) {
    for (const cell of this.cells.slice(0, target.number + 1)) cell.prepare?.();
    const request = {
      sources: this.cells.map((cell) => cell.source),
      fails: this.cells.map((cell) => cell.fails ?? false),
      target: target.number,
      everything,
    };
    return this.python.run(request, (event) => {
      if (event.kind === "progress") target.progress.step(event);
      else this.#speaker(event, target).hear(event);
    });
  }
}

export function openNotebook(python, cells) {
  return new Notebook(python, cells);
}
