// The nearest neighbours of the chosen word, in a table.

import { control } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { range } from "../shared/numbers.js";

const written = (cosine) => cosine.toFixed(2).replace("-", "−");

/** A row with a button that goes to its word. */
function rowOf(choose) {
  let word;
  const go = control("button", { type: "button", onclick: () => choose(word) });
  const cells = range(2).map(() => html("td", {}));
  const element = html("tr", {}, html("th", { scope: "row" }, go), ...cells);
  const draw = (i, words) => {
    word = i;
    words.forEach((text, k) => update(k ? cells[k - 1] : go, { text }));
  };
  return { element, draw };
}

/** The table, and what is said of it. */
export function neighbours(words, classes, kind, many, choose) {
  const rows = range(Math.min(many, words.length - 1)).map(() => rowOf(choose));
  const heads = ["nearest", "class", "cosine"].map((head) => html("th", { scope: "col" }, head));
  const title = html("div", { class: "chosen" });
  const body = html("tbody", {}, ...rows.map((row) => row.element));
  const table = html("table", {}, html("thead", {}, html("tr", {}, ...heads)), body);
  const element = html("div", {}, title, table);
  const named = (i) => `“${words[i]}” (${classes[kind[i]]})`;
  const draw = ({ chosen, near, cosines }) => {
    update(title, { text: named(chosen) });
    near.forEach((i, k) => rows[k].draw(i, [words[i], classes[kind[i]], written(cosines[i])]));
  };
  const said = ({ chosen, near, cosines }) => {
    const list = near.map((i) => `${words[i]} ${written(cosines[i])}`).join(", ");
    return `${named(chosen)}. Nearest: ${list}.`;
  };
  return { element, draw, said };
}
