// The places in the stream, one below the other, with a switch for each part that adds to it.

import { control } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { range } from "../shared/numbers.js";

const SHOWN = 3; // words at each place

/** A share of 1 as it is written. */
export const share = (p) => p.toFixed(2);

/** A switch for one part of the model. */
function switchOf(name, flip) {
  const box = control("input", { type: "checkbox", "aria-label": name });
  box.onchange = () => flip(name, box.checked);
  const short = name.replace(/.*, /, "");
  const element = html("label", {}, box, html("span", {}, short));
  const draw = (off) => {
    box.checked = !off;
    update(element, { class: off ? "off" : "" });
  };
  return { name, element, draw };
}

/** The name of a place, with the switches of what adds there. */
function headOf({ name, parts }, flip) {
  const switches = parts.map((part) => switchOf(part, flip));
  const title = parts.includes(name) ? [] : [html("div", {}, name)]; // else it is on the switch
  const group = html("div", { class: "parts" }, ...switches.map(({ element }) => element));
  const element = html("th", { scope: "row" }, ...title, ...(parts.length ? [group] : []));
  const draw = (off) => switches.forEach((one) => one.draw(off.includes(one.name)));
  return { element, draw };
}

/** The row of one place, and what fills it. */
function rowOf(place, flip) {
  const head = headOf(place, flip);
  const added = html("div", { class: "added" }, "");
  const long = html("td", { class: "extra" }, "");
  const [now, before] = [html("span", {}, ""), html("small", { class: "muted" }, "")];
  const bar = html("div", { class: "share" }, now, " ", before);
  const words = range(SHOWN).map(() => html("span", { class: "word" }, ""));
  const cells = [html("td", {}, added), long, html("td", {}, bar)];
  const likely = html(
    "td",
    {},
    html("div", { class: "words" }, ...words.flatMap((word) => [word, " "])),
  );
  const element = html("tr", {}, head.element, ...cells, likely);
  const draw = ({ p, first, ...sizes }, { answer, off, highest, vocabulary }) => {
    head.draw(off);
    update(added, { text: sizes.added.toFixed(2), style: `--share: ${sizes.added / highest}` });
    update(long, { text: sizes.length.toFixed(2) });
    const style = `--share: ${p[answer].toFixed(4)}; --before: ${first[answer].toFixed(4)}`;
    update(bar, { style, class: off.length ? "share compared" : "share" });
    update(now, { text: share(p[answer]) });
    update(before, { text: off.length ? `was ${share(first[answer])}` : "" });
    const order = range(p.length).sort((i, j) => p[j] - p[i]);
    words.forEach((word, k) => {
      update(word, {
        text: `${vocabulary[order[k]]} ${share(p[order[k]])}`,
        class: order[k] === answer ? "word answer" : "word",
        style: `--share: ${p[order[k]].toFixed(3)}`,
      });
    });
  };
  return { element, draw };
}

/** The titles of the columns; that of the third is the answer. */
function header() {
  const answer = html("span", {}, "");
  const title = (style, content, note) =>
    html("th", { scope: "col", class: style }, content, html("div", {}, note));
  const titles = [
    title("", "after", "part of the model"),
    title("", "adds", "length"),
    title("extra", "stream", "length"),
    title("", answer, "the answer"),
    title("", "most likely next", "if the model ended here"),
  ];
  const draw = (word) => update(answer, { text: `“${word}”` });
  return { element: html("thead", {}, html("tr", {}, ...titles)), draw };
}

/** The table; flip(name, on) is called for the part that the reader switches. */
export function table(places, flip) {
  const top = header();
  const rows = places.map((place) => rowOf(place, flip));
  const body = html("tbody", {}, ...rows.map(({ element }) => element));
  const draw = (found, first, how) => {
    const highest = Math.max(...found.added, ...first.added);
    top.draw(how.vocabulary[how.answer]);
    rows.forEach((row, k) => {
      const now = { p: found.probabilities[k], first: first.probabilities[k] };
      row.draw({ ...now, added: found.added[k], length: found.lengths[k] }, { ...how, highest });
    });
  };
  return { element: html("table", {}, top.element, body), draw };
}
