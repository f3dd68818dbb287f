// What happens to one query in a head: its key against each, and what is taken from each.

import { captions, fixed, largest, strip } from "./strip.js";
import { radios } from "../shared/controls.js";
import { div, html, svg, update } from "../shared/dom.js";
import { canvas, mix } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

const SCORES = ["products", "scaled", "masked"];
const BESIDE = 7; // features with numbers that two tables have beside each other
const BAR = 34; // the width of a weight of 1

const cell = (...content) => html("td", {}, ...content);
const row = (style, ...cells) => html("tr", { class: style }, ...cells);

/** A column's title, a note below it, and perhaps what its features are called. */
function heading(title, note, names = "", style = "") {
  const words = html("span", {}, title);
  const element = html("th", { scope: "col", class: style }, words, html("div", {}, note), names);
  return { element, words };
}

/** A bar with its number, and what fills it. */
function meter() {
  const bar = svg("rect", { y: 2, height: 10, class: "live-full" });
  const words = html("span", {}, "");
  const bars = update(canvas(BAR, 14, bar), { "aria-hidden": "true" });
  const fill = (weight) => {
    update(bar, { width: BAR * weight });
    update(words, { text: fixed(weight) });
  };
  return { element: html("div", { class: "weight" }, bars, words), fill };
}

/** The two rows of a token, in the two tables, and what fills them. */
function rowsOf({ entering, d, width, numbers }, name) {
  const [key, value, part] = [d, width, width].map((size) => strip(size, numbers));
  const token = strip(entering, true);
  const scores = SCORES.map((step) => html("td", { class: step }, ""));
  const [weight, giver] = [meter(), html("th", { scope: "row" }, "")];
  const features = [...(entering ? [token] : []), key].map(({ element }) => cell(element));
  const asked = row("", html("th", { scope: "row" }, name), ...features, ...scores);
  const gives = row("", giver, cell(weight.element), cell(value.element), cell(part.element));
  const fill = (word, s, found, tops) => {
    const share = found.weights[s];
    const style = `background: ${mix("blue", 16 * share)}`;
    const later = found.masked[s] === -Infinity ? "later" : "";
    for (const element of [asked, gives]) update(element, { class: later, style });
    update(giver, { text: word });
    SCORES.forEach((step, c) => update(scores[c], { text: fixed(found[step][s]) }));
    weight.fill(share);
    if (entering) token.fill(found.tokens[s], tops.tokens, `features of ${word}`);
    key.fill(found.keys[s], tops.keys, `key of ${word}`);
    value.fill(found.values[s], tops.values, `value of ${word}`);
    const parts = found.values[s].map((x) => share * x);
    part.fill(parts, tops.values, `weight times value of ${word}`);
  };
  const hide = () => [asked, gives].forEach((element) => update(element, { class: "unused" }));
  return { asked, gives, fill, hide };
}

/** The names of the tokens in the first table; where they can be chosen, choose(s) is called. */
function askedNames(most, choose) {
  const words = range(most).map(() => html("span", {}, ""));
  const options = words.map((word) => ({ name: "", content: [word] }));
  const group = choose ? radios("token that is asked", options, choose) : null;
  const fill = (names, s) => {
    group?.check(s);
    names.forEach((name, k) => {
      update(words[k], { text: name });
      if (group) update(group.inputs[k], { "aria-label": `look at token ${k}, ${name}` });
    });
  };
  return { names: group?.labels ?? words, fill };
}

/** An empty row, for what is beside it in the other table. */
const beside = () => row("beside", html("td", { colspan: 6 }, "\u00a0"));

/** What is in the first table before its rows: titles, and the query. */
function asking({ entering, d, numbers }, names) {
  const [token, query] = [strip(entering, true), strip(d, numbers)];
  const who = html("th", { scope: "row" }, "");
  const scale = heading(`÷ √${d}`, "score", "", "scaled");
  const mask = heading("mask", "later: −∞", "", "masked");
  const titles = [
    heading("token", "that is asked"),
    ...(entering ? [heading("x", "features", captions(names?.x))] : []),
    heading("k", "offers", captions(names?.q)),
    heading("q · k", "does it fit?"),
    scale,
    mask,
  ];
  const head = html("thead", {}, row("", ...titles.map(({ element }) => element)));
  const blank = html("td", { class: "muted", colspan: 3 }, "looks for");
  const features = [...(entering ? [token] : []), query].map(({ element }) => cell(element));
  const first = row("query", who, ...features, blank);
  const fill = (word, found, { t, ...how }, tops) => {
    update(who, { text: `q of “${word}”` });
    update(scale.words, { text: how.scale === "none" ? "no scale" : `÷ √${d}` });
    update(mask.words, { text: how.mask === "none" ? "no mask" : "mask" });
    update(mask.element.children[1], { text: how.mask === "none" ? "none hidden" : "later: −∞" });
    if (entering) token.fill(found.tokens[t], tops.tokens, `features of ${word}`);
    query.fill(found.query, tops.keys, `query of ${word}`);
  };
  return { head, first, fill };
}

/** What is in the second table around its rows: titles, and the sum. */
function taking({ width, numbers }, names) {
  const total = strip(width, numbers);
  const titles = [
    heading("token", "that is asked"),
    heading("softmax", "weight"),
    heading("v", "hands over", captions(names?.v)),
    heading("weight · v", "its share", captions(names?.v)),
  ];
  const head = html("thead", {}, row("", ...titles.map(({ element }) => element)));
  const first = beside(); // the query
  const said = html("th", { scope: "row", colspan: 3 }, "");
  const last = row("total", said, cell(total.element));
  const fill = (word, output, top) => {
    update(said, { text: `the sum, what “${word}” takes home:` });
    total.fill(output, top, "the weighted sum");
  };
  return { head, first, last, fill };
}

/** Two tables of as many rows as there are tokens; entering is the size of the tokens, if shown. */
export function steps(most, shape, names, choose) {
  const [top, bottom] = [asking(shape, names), taking(shape, names)];
  const asked = askedNames(most, choose);
  const rows = asked.names.map((name) => rowsOf(shape, name));
  const table = (title, head, ...all) =>
    div(
      html("div", { class: "title" }, title),
      html("table", { class: "steps" }, head, html("tbody", {}, ...all)),
    );
  const first = rows.map((r) => r.asked);
  const second = rows.map((r) => r.gives);
  const element = html(
    "div",
    { class: "tables" },
    table("1. Does the key fit the query?", top.head, top.first, ...first, beside()),
    table("2. Weigh the values and add", bottom.head, bottom.first, ...second, bottom.last),
  );
  const { numbers, entering, d, width } = shape;
  const stacked = numbers && entering + d + 2 * width > BESIDE ? " stacked" : "";
  const fill = (words, found, { t, s, scale, mask, switches }) => {
    const tops = {
      tokens: largest(found.tokens),
      keys: largest(found.queries, found.keys),
      values: largest(found.values),
    };
    const idle = { scale: scale === "none" || d === 1, mask: mask === "none" };
    const without = Object.keys(idle).filter((name) => idle[name] && !switches.includes(name));
    const hidden = without.map((name) => ` no-${name}`).join("");
    update(element, { class: `tables${stacked}${hidden}` });
    top.fill(words[t], found, { t, scale, mask }, tops);
    asked.fill(words, s);
    rows.forEach((r, k) => (k < words.length ? r.fill(words[k], k, found, tops) : r.hide()));
    bottom.fill(words[t], found.output, tops.values);
  };
  return { element, fill };
}
