// What happens to one query in a head: its key against each, and what is taken from each.

import { captions, fixed, largest, strip } from "./strip.js";
import { radios } from "../shared/controls.js";
import { div, html, svg, update } from "../shared/dom.js";
import { canvas, mix } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

const BAR = 34; // the width of a weight of 1

const cell = (...content) => html("td", {}, ...content);
const row = (style, ...cells) => html("tr", { class: style }, ...cells);

/** A column's title, a note below it, and perhaps what its features are called. */
function heading(title, note, ...names) {
  const words = html("span", {}, title);
  const element = html("th", { scope: "col" }, words, html("div", {}, note), ...names);
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
function rowsOf({ d, width, numbers }, name) {
  const [key, value, part] = [strip(d, numbers), strip(width, numbers), strip(width, numbers)];
  const scores = range(3).map(() => cell(""));
  const [weight, giver] = [meter(), html("th", { scope: "row" }, "")];
  const asked = row("", html("th", { scope: "row" }, name), cell(key.element), ...scores);
  const gives = row("", giver, cell(weight.element), cell(value.element), cell(part.element));
  const fill = (word, s, found, tops) => {
    const share = found.weights[s];
    const style = `background: ${mix("blue", 16 * share)}`;
    const later = found.masked[s] === -Infinity ? "later" : "";
    for (const element of [asked, gives]) update(element, { class: later, style });
    update(giver, { text: word });
    [found.products, found.scaled, found.masked].forEach((all, c) =>
      update(scores[c], { text: fixed(all[s]) }),
    );
    weight.fill(share);
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
const beside = () => row("beside", html("td", { colspan: 5 }, "\u00a0"));

/** What is in the first table before its rows: titles, and the query. */
function asking({ d, numbers }, names) {
  const query = strip(d, numbers);
  const who = html("th", { scope: "row" }, "");
  const [scale, mask] = [heading(`÷ √${d}`, "score"), heading("mask", "later: −∞")];
  const titles = [
    heading("token", "that is asked"),
    heading("k", "offers", captions(names?.q)),
    heading("q · k", "does it fit?"),
    scale,
    mask,
  ];
  const head = html("thead", {}, row("", ...titles.map(({ element }) => element)));
  const blank = html("td", { class: "muted", colspan: 3 }, "looks for");
  const first = row("query", who, cell(query.element), blank);
  const fill = (word, found, how, top) => {
    update(who, { text: `q of “${word}”` });
    update(scale.words, { text: how.scale === "none" ? "no scale" : `÷ √${d}` });
    update(mask.words, { text: how.mask === "none" ? "no mask" : "mask" });
    update(mask.element.lastChild, { text: how.mask === "none" ? "none hidden" : "later: −∞" });
    query.fill(found.query, top, `query of ${word}`);
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

/** Two tables of as many rows as there are tokens. */
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
  const fill = (words, found, { t, s, scale, mask, switches }) => {
    const tops = { keys: largest(found.queries, found.keys), values: largest(found.values) };
    const idle = { scale: scale === "none" || shape.d === 1, mask: mask === "none" };
    const without = Object.keys(idle).filter((name) => idle[name] && !switches.includes(name));
    const hidden = without.map((name) => ` no-${name}`).join("");
    update(element, { class: `tables${hidden}` });
    top.fill(words[t], found, { scale, mask }, tops.keys);
    asked.fill(words, s);
    rows.forEach((r, k) => (k < words.length ? r.fill(words[k], k, found, tops) : r.hide()));
    bottom.fill(words[t], found.output, tops.values);
  };
  return { element, fill };
}
