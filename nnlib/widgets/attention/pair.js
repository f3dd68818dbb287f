// Two tokens, feature by feature: the query of one, the key and the value of the other.

import { fixed, strip, largest } from "./strip.js";
import { html, update } from "../shared/dom.js";
import { dot, number } from "../shared/numbers.js";

/** Some named strips with numbers, and what fills them. */
export function pair({ d, width }) {
  const lines = [d, d, d, width, width].map((size) => {
    const [name, end, cells] = [html("span", {}, ""), html("span", {}, ""), strip(size, true)];
    return { name, end, cells, element: html("div", { class: "line" }, name, cells.element, end) };
  });
  const title = html("div", { class: "muted" }, "");
  const element = html("div", { class: "pair" }, title, ...lines.map((line) => line.element));
  const fill = (words, { query, keys, values, weights }, { t, s }) => {
    const products = query.map((x, i) => x * keys[s][i]);
    const parts = values[s].map((x) => weights[s] * x);
    const [ours, theirs] = [largest(query, keys), largest(values)];
    const shown = [
      [`q of “${words[t]}”`, query, ours, ""],
      [`k of “${words[s]}”`, keys[s], ours, ""],
      ["q × k", products, largest(products), `sum: ${fixed(dot(query, keys[s]))}`],
      [`v of “${words[s]}”`, values[s], theirs, ""],
      [`${number(Number(weights[s].toFixed(2)))} · v`, parts, theirs, ""],
    ];
    update(title, {
      text: `“${words[t]}” asks “${words[s]}”, feature by feature (choose another in table 1)`,
    });
    shown.forEach(([name, numbers, most, end], k) => {
      update(lines[k].name, { text: name });
      update(lines[k].end, { text: end });
      lines[k].cells.fill(numbers, most, name);
    });
  };
  return { element, fill };
}
