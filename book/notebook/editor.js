// A field for Python code: a textarea without colours over a <pre> that shows them.

import { highlight } from "./highlight.js";

const INDENT = "    ";
const HINT = "Tab indents. To leave the field, press Escape, then Tab.";

let editors = 0;

/** Put text in the place of what stands between two places, so that the browser can undo it. */
function replace(area, start, end, text) {
  area.setSelectionRange(start, end);
  const done = text
    ? document.execCommand("insertText", false, text)
    : start === end || document.execCommand("delete");
  if (done) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input"));
}

const lineStart = (area, at) => area.value.lastIndexOf("\n", at - 1) + 1;
const beforeCaret = (area) => {
  const at = area.selectionStart;
  return area.value.slice(lineStart(area, at), at);
};

/** Enter: keep the indentation, and indent after a colon. */
function newLine(area) {
  const line = beforeCaret(area);
  const indentation = line.match(/^[ \t]*/)[0];
  const opens = /:\s*(?:#.*)?$/.test(line);
  replace(area, area.selectionStart, area.selectionEnd, `\n${indentation}${opens ? INDENT : ""}`);
}

/** Move the selected lines to the right, or to the left. */
function shift(area, left) {
  const { selectionStart, selectionEnd, value } = area;
  const caret = selectionStart === selectionEnd;
  const start = lineStart(area, selectionStart);
  const last = caret || value[selectionEnd - 1] !== "\n" ? selectionEnd : selectionEnd - 1;
  const end = (value.indexOf("\n", last) + 1 || value.length + 1) - 1;
  const lines = value.slice(start, end);
  const moved = left ? lines.replace(/^(?: {1,4}|\t)/gm, "") : lines.replace(/^(?=.)/gm, INDENT);
  if (moved === lines) return;
  replace(area, start, end, moved);
  const grown = moved.length - lines.length;
  if (caret) area.setSelectionRange(...Array(2).fill(Math.max(start, selectionStart + grown)));
  else area.setSelectionRange(start, end + grown);
}

/** Tab: indent what is selected, or go to the next stop. */
function indent(area) {
  const { selectionStart, selectionEnd } = area;
  if (selectionStart !== selectionEnd) shift(area, false);
  else {
    const text = INDENT.slice(beforeCaret(area).length % INDENT.length);
    replace(area, selectionStart, selectionEnd, text);
  }
}

/** Backspace within the indentation: back to the stop before. Otherwise it is the browser's. */
function back(area) {
  const line = beforeCaret(area);
  const { selectionStart, selectionEnd } = area;
  if (selectionStart !== selectionEnd || !/^ +$/.test(line)) return false;
  replace(
    area,
    selectionStart - (line.length % INDENT.length || INDENT.length),
    selectionStart,
    "",
  );
  return true;
}

/** The keys that do more than in other fields. */
function keys(area, onSubmit) {
  let leaving = false;
  area.addEventListener("blur", () => {
    leaving = false;
  });
  area.addEventListener("keydown", (event) => {
    const { key, shiftKey } = event;
    if (event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (key !== "Enter") return;
      event.preventDefault();
      onSubmit?.();
    } else if (key === "Tab" && !leaving) {
      event.preventDefault();
      if (shiftKey) shift(area, true);
      else indent(area);
    } else if (key === "Enter") {
      event.preventDefault();
      newLine(area);
    } else if (key === "Backspace" && back(area)) event.preventDefault();
    if (key !== "Shift") leaving = key === "Escape";
  });
}

function textarea(label, hint) {
  const area = document.createElement("textarea");
  const attributes = {
    "aria-describedby": hint,
    "aria-label": label,
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    rows: 1,
    spellcheck: false,
    wrap: "off",
  };
  for (const [name, value] of Object.entries(attributes)) area.setAttribute(name, value);
  return area;
}

/** An editor with the source in it; onInput hears of each change, onSubmit of Ctrl+Enter. */
export function editor({ label, source, onInput, onSubmit }) {
  const element = document.createElement("div");
  element.className = "editor highlight";
  const hint = `editor-hint-${++editors}`;
  element.innerHTML =
    `<div class="editor-sheet"><pre aria-hidden="true"></pre></div>` +
    `<p class="editor-hint" id="${hint}">${HINT}</p>`;
  const shown = element.querySelector("pre");
  const area = textarea(label, hint);
  shown.after(area);
  const colour = () => {
    shown.innerHTML = `${highlight(area.value)}\n`;
  };
  area.addEventListener("input", () => {
    colour();
    onInput?.(area.value);
  });
  keys(area, onSubmit);
  area.value = source;
  colour();
  return {
    element,
    area,
    get value() {
      return area.value;
    },
    set value(text) {
      area.value = text;
      colour();
    },
    focus: () => area.focus(),
  };
}
