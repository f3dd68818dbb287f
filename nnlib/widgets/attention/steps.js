// What happens to one query in a head: a row for each token that is asked, a column for each step.

import { fixed, strip } from "./strip.js";
import { html, svg, update } from "../shared/dom.js";
import { canvas, mix } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

const NOTES = [
  "that is asked",
  "does its key fit?",
  "score",
  "later: −∞",
  "weight",
  "what it hands over",
  "its share",
];
const BAR = 34; // the width of a weight of 1

/** The row of one token, and what fills it. */
function rowOf(features) {
  const head = html("th", { scope: "row" }, "");
  const numbers = range(3).map(() => html("td", {}, ""));
  const bar = svg("rect", { y: 2, height: 10, class: "live-full" });
  const bars = update(canvas(BAR, 14, bar), { "aria-hidden": "true" });
  const share = html("span", {}, "");
  const [value, part] = [strip(features), strip(features)];
  const cells = [
    html("td", {}, html("div", { class: "weight" }, bars, share)),
    html("td", {}, value.element),
    html("td", { class: "extra" }, part.element),
  ];
  const element = html("tr", {}, head, ...numbers, ...cells);
  const fill = (word, { products, scaled, masked, weight, values }, highest) => {
    const style = `background: ${mix("blue", 16 * weight)}`;
    update(element, { class: masked === -Infinity ? "later" : "", style });
    update(head, { text: word });
    [products, scaled, masked].forEach((x, c) => update(numbers[c], { text: fixed(x) }));
    update(bar, { width: BAR * weight });
    update(share, { text: fixed(weight) });
    value.fill(values, highest, `the value of ${word}`);
    const parts = values.map((x) => weight * x);
    part.fill(parts, highest, "its share of the sum");
  };
  return { element, fill };
}

/** The titles of the columns, with a note below each. */
function header(features) {
  const titles = NOTES.map(() => html("span", {}, ""));
  const notes = NOTES.map((note) => html("div", {}, note));
  const heads = titles.map((title, c) => {
    const style = c + 1 < titles.length ? "" : "extra";
    return html("th", { scope: "col", class: style }, title, notes[c]);
  });
  const draw = (scale, mask) => {
    const names = [
      "token",
      "q · k",
      scale === "none" ? "no scale" : `÷ √${features}`,
      mask === "none" ? "no mask" : "mask",
      "softmax",
      "v",
      "weight · v",
    ];
    names.forEach((name, c) => update(titles[c], { text: name }));
    update(notes[3], { text: mask === "none" ? "none hidden" : NOTES[3] });
  };
  return { element: html("thead", {}, html("tr", {}, ...heads)), draw };
}

/** The table and the sum below it. */
export function steps(most, features) {
  const top = header(features);
  const rows = range(most).map(() => rowOf(features));
  const body = html("tbody", {}, ...rows.map(({ element }) => element));
  const table = html("table", { class: "steps" }, top.element, body);
  const [said, total] = [html("span", {}, ""), strip(features)];
  const below = html("div", { class: "total" }, said, total.element);
  const fill = (words, found, { t, scale, mask }) => {
    const highest = Math.max(...found.values.flat().map(Math.abs)) || 1;
    top.draw(scale, mask);
    rows.forEach((row, s) => {
      if (s >= words.length) update(row.element, { class: "unused" });
      else row.fill(words[s], stepsOf(found, s), highest);
    });
    update(said, { text: `The sum of weight · v, what “${words[t]}” takes home:` });
    total.fill(found.output, highest, "the weighted sum");
  };
  return { features, element: html("div", {}, table, below), fill };
}

/** What happens to one of the tokens that are asked. */
const stepsOf = ({ products, scaled, masked, weights, values }, s) => ({
  products: products[s],
  scaled: scaled[s],
  masked: masked[s],
  weight: weights[s],
  values: values[s],
});
