// The most probable next words in a list, with bars for their probabilities.

import { counted } from "./paper.js";
import { button } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { range, sum } from "../shared/numbers.js";

const SHOWN = 12; // words in the list
const COLUMNS = ["model", "language", "drawn from"];

/** What fills a row of the list: a word, and a bar for each column. */
function filler(row) {
  const name = row.appendChild(html("span", {}, ""));
  const bars = COLUMNS.map((column, k) => {
    row.append(html("span", { class: "unseen" }, `, ${column} `));
    return row.appendChild(html("span", { class: `share share-${k}` }, ""));
  });
  row.classList.add("line");
  const words = (p, k) => {
    if (p === undefined) return "–";
    if (p === 0) return k === 2 ? "✕ cut" : "0";
    return p.toFixed(2);
  };
  return (word, shares) => {
    update(name, { text: word === "." ? "full stop" : word });
    shares.forEach((p, k) => {
      update(bars[k], { text: words(p, k), style: `--share: ${(p ?? 0).toFixed(3)}` });
    });
  };
}

/** The titles of the columns, and what says how many words are left to draw from. */
function header() {
  const lost = html("small", {}, "");
  const kept = html("output", {}, "");
  const below = ["unchanged", lost, kept];
  const titles = COLUMNS.map((title, k) => html("span", {}, title, html("small", {}, below[k])));
  const element = html("div", { class: "line titles" }, html("span", {}, "next word"), ...titles);
  const draw = (found, running) => {
    update(lost, { text: found.language ? "exact" : "no sentence" });
    update(kept, { text: counted(found.drawn.filter(Boolean).length) });
    update(kept, { "aria-live": running ? "off" : "polite" });
  };
  return { element, draw };
}

/** The list; append(id) is called for the word that the reader chooses. */
export function choices(vocabulary, append) {
  let likely = [];
  const top = header();
  const rows = range(SHOWN).map((place) => button("", () => append(likely[place])));
  const others = html("div", { class: "others" });
  const fills = rows.map(filler);
  const fillOthers = filler(others);
  const group = { role: "group", "aria-label": "The most probable next words; choose one" };

  const draw = (found, running) => {
    const order = range(vocabulary.length).sort((i, j) => found.scores[j] - found.scores[i]);
    const rest = order.slice(SHOWN);
    const shares = (ids) =>
      [found.model, found.language, found.drawn].map((p) => p && sum(ids.map((id) => p[id])));
    likely = order.slice(0, SHOWN);
    fills.forEach((fill, k) => fill(vocabulary[likely[k]], shares([likely[k]])));
    fillOthers(`${rest.length} others`, shares(rest));
    top.draw(found, running);
  };
  return { elements: [top.element, html("div", group, ...rows), others], draw };
}
