// An exercise in the page: a field for the answer, what can be asked about it, and the verdict.

import { editor } from "./editor.js";
import { running } from "./running.js";

const CHECK_LINE = /\s*^ex\.\w+\.check\([^]*$/m;
const PAUSE = 400; // milliseconds without a key, after which what was typed is stored
const NEITHER_RIGHT_NOR_WRONG = ["not attempted", "unchanged result"];

function button(words, onclick) {
  return Object.assign(document.createElement("button"), {
    type: "button",
    textContent: words,
    onclick,
  });
}

function make(className) {
  return Object.assign(document.createElement("div"), { className });
}

/** Open a fold, and go there. */
function show(fold) {
  fold.open = true;
  const summary = fold.querySelector("summary");
  summary.focus({ preventScroll: true });
  fold.scrollIntoView({ block: "nearest" });
}

class ExerciseBox {
  #given;
  #editor;
  #kept; // what Reset took away
  #timer;
  #checking = false;

  constructor(box, { python, record, imports }) {
    Object.assign(this, { box, python, record, imports });
    this.exercise = box.dataset.exercise;
    this.call = box.dataset.call;
    this.#placeEditor();
    this.#placeTools();
    record.onChange((exercise) => {
      if (exercise === undefined || exercise === this.exercise) this.#follow();
    });
    this.#follow();
    for (const event of ["pagehide", "visibilitychange"]) {
      addEventListener(event, () => this.#store(), true);
    }
    this.#editor.area.addEventListener("blur", () => this.#store());
    box.classList.add("is-live");
  }

  #placeEditor() {
    const shown = this.box.querySelector(".cell_input .highlight");
    this.#given = shown.querySelector("pre").textContent.replace(CHECK_LINE, "").trimEnd();
    this.#editor = editor({
      label: "Your answer",
      source: this.record.get(this.exercise)?.answer ?? this.#given,
      onInput: () => this.#typed(),
      onSubmit: () => this.#check(),
    });
    shown.replaceWith(this.#editor.element);
  }

  #placeTools() {
    const folds = [...this.box.querySelectorAll(".answers > details")];
    const named = (word) =>
      folds.filter((fold) => fold.querySelector("summary").textContent.startsWith(word));
    const [hints, [solution]] = [named("Hint"), named("Solution")];
    const tools = make("exercise-tools");
    this.checkButton = button("Check", () => this.#check());
    this.resetButton = button("Reset", () => this.#reset());
    tools.append(this.checkButton);
    if (hints.length) {
      tools.append(button("Hint", () => show(hints.find((fold) => !fold.open) ?? hints.at(-1))));
    }
    if (solution) tools.append(button("Solution", () => show(solution)));
    tools.append(this.resetButton);
    this.progress = running(this.python);
    this.verdict = make("exercise-verdict");
    this.verdict.role = "status";
    const parts = [tools, this.progress.element, this.verdict];
    this.box.querySelector(".cell").append(...parts);
  }

  #typed() {
    this.#kept = undefined;
    this.resetButton.textContent = "Reset";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#store(), PAUSE);
  }

  /** What differs between the record and the page goes into the record. */
  #store(state, code = this.#editor.value) {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (code !== this.#editor.value) this.#typed(); // since it was checked
    const answer = code === this.#given ? undefined : code;
    const before = this.record.get(this.exercise);
    if (!state && before?.answer === answer) return;
    const call = this.call === this.exercise.split(".")[1] ? undefined : this.call;
    this.record.set(this.exercise, { state, answer, call: answer && call });
    this.#warn();
  }

  /** Once on a page: what the reader writes here is not kept. */
  #warn() {
    if (!this.record.problem || document.querySelector(".exercise-problem")) return;
    const problem = make("exercise-problem");
    problem.role = "alert";
    problem.textContent = this.record.problem;
    this.verdict.before(problem);
  }

  /** What differs between the record and the page comes into the page. */
  #follow() {
    const entry = this.record.get(this.exercise);
    const answer = entry?.answer ?? this.#given;
    if (!this.#timer && this.#editor.value !== answer) this.#editor.value = answer;
    const title = this.box.querySelector(".admonition-title");
    const mark = title.querySelector(".exercise-done");
    if (entry?.state !== "done") mark?.remove();
    else if (!mark) {
      title.insertAdjacentHTML(
        "beforeend",
        ` <span class="exercise-done"><span aria-hidden="true">✓</span>` +
          `<span class="unseen">done</span></span>`,
      );
    }
  }

  #reset() {
    const undo = this.#kept !== undefined;
    const text = undo ? this.#kept : this.#given;
    if (!undo && this.#editor.value === text) return;
    this.#kept = undo ? undefined : this.#editor.value;
    this.resetButton.textContent = undo ? "Reset" : "Undo reset";
    this.#editor.value = text;
    this.verdict.replaceChildren();
    this.#store();
  }

  async #check() {
    if (this.#checking) return;
    this.#setChecking(true);
    this.progress.begin();
    this.verdict.replaceChildren();
    const { exercise, imports, call } = this;
    const code = this.#editor.value;
    try {
      const asked = { exercise, imports, code, call };
      const { status, html, said } = await this.python.check(asked);
      this.verdict.innerHTML = html;
      if (said) this.#print(said);
      if (status === "correct") this.#store("done", code);
      else if (!NEITHER_RIGHT_NOR_WRONG.includes(status)) this.#store("tried", code);
    } catch (error) {
      this.verdict.textContent = error.message;
    } finally {
      this.progress.end(this.checkButton);
      this.#setChecking(false);
    }
  }

  /** What the answer printed stands below the verdict. */
  #print(said) {
    const pre = document.createElement("pre");
    pre.textContent = said;
    pre.tabIndex = 0;
    pre.role = "group";
    pre.ariaLabel = "Printed";
    this.verdict.append(pre);
  }

  #setChecking(checking) {
    this.#checking = checking;
    this.checkButton.setAttribute("aria-disabled", checking);
  }
}

export function exerciseBox(box, options) {
  return new ExerciseBox(box, options);
}
