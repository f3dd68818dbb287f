// The drawings of the figure: the weights of a head, and what happens to one query in it.

import { html, set, svg } from "../shared/dom.js";
import { canvas, mix, tint, trace } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

const COLUMNS = [
  "that is asked",
  "does its key fit?",
  "score",
  "later: −∞",
  "weight",
  "what it hands over",
  "its share",
];
const [BAR, STRIP] = [34, 64]; // the width of the bar of a weight, and of some features

/** Two digits after the point, so that the numbers of a column stand below each other. */
function fixed(x) {
  if (x === -Infinity) return "−∞";
  return (Math.abs(x) < 0.005 ? "0.00" : x.toFixed(2)).replace("-", "−");
}

/** Some features as a strip of squares, and what fills it. */
function strip(features) {
  const width = STRIP / features;
  const cells = range(features).map((i) => {
    return svg("rect", { x: i * width, width, height: 12, class: "live-cell" });
  });
  const drawing = set(canvas(STRIP, 12, ...cells), { "aria-label": "the features of a token" });
  const fill = (values, most, name) => {
    values.forEach((value, i) => set(cells[i], { fill: tint(value / most) }));
    set(drawing, { "aria-label": `${name}: ${values.map(fixed).join(", ")}` });
  };
  return { drawing, fill };
}

/** The weights of a head, with a frame around the row of one token; and what fills them. */
export function overview(most) {
  const cells = range(most * most).map((j) => {
    const place = { x: j % most, y: Math.floor(j / most), width: 1, height: 1 };
    return svg("rect", { ...place, "shape-rendering": "crispedges" });
  });
  const lines = range(2 * most).map((c) => {
    return trace([
      [c / 2, c / 2],
      [Math.min(c, most), Math.max(c - most, 0)],
    ]);
  });
  const hatch = svg("path", { d: lines.join(""), class: "live-hatch" });
  const frame = svg("rect", { height: 1, class: "live-asks" });
  const inside = svg("svg", { class: "live-inside" }, hatch, ...cells); // without unused rows
  const drawing = set(canvas(most, most, inside, frame), { "aria-hidden": "true" });
  const fill = (weights, t, masked) => {
    weights.forEach((row, i) =>
      row.forEach((weight, j) => {
        set(cells[i * most + j], { fill: masked && j > i ? "none" : tint(weight) });
      }),
    );
    set(drawing, { viewBox: `0 0 ${weights.length} ${weights.length}` });
    set(frame, { y: t, width: weights.length });
  };
  return { drawing, fill };
}

/** A row for each token that is asked, and a column for each step; and what fills them. */
export function steps(most, features) {
  const rows = range(most).map(() => {
    const head = html("th", { scope: "row" }, "");
    const numbers = range(3).map(() => html("td", {}, ""));
    const bar = svg("rect", { y: 2, height: 10, class: "live-full" });
    const bars = set(canvas(BAR, 14, bar), { "aria-hidden": "true" });
    const weight = html("span", {}, "");
    const [value, share] = range(2).map(() => strip(features));
    const element = html(
      "tr",
      {},
      head,
      ...numbers,
      html("td", {}, html("div", { class: "live-weight" }, bars, weight)),
      html("td", {}, value.drawing),
      html("td", { class: "live-extra" }, share.drawing),
    );
    return { element, head, numbers, bar, weight, value, share };
  });
  const [titles, notes] = ["span", "div"].map((tag) => COLUMNS.map((note) => html(tag, {}, note)));
  const heads = titles.map((title, c) => {
    const style = c + 1 < titles.length ? "" : "live-extra";
    return html("th", { scope: "col", class: style }, title, notes[c]);
  });
  const table = html(
    "table",
    { class: "live-steps" },
    html("thead", {}, html("tr", {}, ...heads)),
    html("tbody", {}, ...rows.map(({ element }) => element)),
  );
  const [said, total] = [html("span", {}, ""), strip(features)];

  const fill = (
    words,
    { products, scaled, masked, weights, output, values },
    t,
    { scale, mask },
  ) => {
    const highest = Math.max(...values.flat().map(Math.abs)) || 1;
    const names = [
      "token",
      "q · k",
      scale === "none" ? "no scale" : `÷ √${features}`,
      mask === "none" ? "no mask" : "mask",
      "softmax",
      "v",
      "weight · v",
    ];
    names.forEach((name, c) => set(titles[c], { text: name }));
    set(notes[3], { text: mask === "none" ? "none hidden" : COLUMNS[3] });
    rows.forEach(({ element }, s) =>
      set(element, { class: s < words.length ? "" : "live-unused" }),
    );
    words.forEach((word, s) => {
      const { element, head, numbers, bar, weight, value, share } = rows[s];
      const background = `background: ${mix("blue", 16 * weights[s])}`;
      set(element, { class: masked[s] === -Infinity ? "live-later" : "", style: background });
      set(head, { text: word });
      [products, scaled, masked].forEach((column, c) =>
        set(numbers[c], { text: fixed(column[s]) }),
      );
      set(bar, { width: BAR * weights[s] });
      set(weight, { text: fixed(weights[s]) });
      value.fill(values[s], highest, `the value of ${word}`);
      share.fill(
        values[s].map((x) => weights[s] * x),
        highest,
        "its share of the sum",
      );
    });
    set(said, { text: `The sum of weight · v, what “${words[t]}” takes home:` });
    total.fill(output, highest, "the weighted sum");
  };
  const element = html("div", {}, table, html("div", { class: "live-total" }, said, total.drawing));
  return { element, fill };
}
