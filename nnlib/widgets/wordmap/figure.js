import { key } from "./marks.js";
import { wordMap } from "./map.js";
import { neighbours } from "./neighbours.js";
import { choice, controls, herald } from "../shared/controls.js";
import { beside, html } from "../shared/dom.js";
import { dot, range } from "../shared/numbers.js";
import { typing } from "../shared/sentence.js";
import { floats, traitsOf } from "../shared/traits.js";

const NEAR = 6; // neighbours that are shown

/** Rows of numbers, one below the other, from numbers in a row. */
const rowsOf = (numbers, length) =>
  range(numbers.length / length).map((i) => numbers.subarray(i * length, (i + 1) * length));

/** Of the rows of one table: the cosines with a chosen one, and all others, the nearest first. */
export function compute({ vectors, size, chosen }) {
  const rows = rowsOf(Float64Array.from(vectors), size);
  const cosines = rows.map((row) => {
    return dot(row, rows[chosen]) / Math.sqrt(dot(row, row) * dot(rows[chosen], rows[chosen]));
  });
  const others = range(rows.length).filter((i) => i !== chosen);
  return { cosines, order: others.sort((i, j) => cosines[j] - cosines[i] || i - j) };
}

/** A field that goes to the word which is typed. */
function finder(words, choose) {
  const field = typing({ "aria-label": "find a word", placeholder: "find a word" });
  field.oninput = () => {
    const typed = field.value.trim().toLowerCase();
    const found = words.findIndex((word) => word.toLowerCase() === typed);
    if (found >= 0) choose(found);
  };
  return field;
}

/** What the traits say of the network that is shown. */
function reading(traits) {
  const { networks, words } = traits.read("networks", "words");
  const [vectors, places] = ["vectors", "places"].map((name) => {
    const numbers = floats(traits.get(name));
    return rowsOf(numbers, numbers.length / networks.length);
  });
  return () => {
    const m = networks.indexOf(traits.get("network"));
    const chosen = words.indexOf(traits.get("word"));
    const size = vectors[m].length / words.length;
    const found = compute({ vectors: vectors[m], size, chosen });
    return { chosen, places: rowsOf(places[m], 2), near: found.order.slice(0, NEAR), ...found };
  };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { networks, words, classes, kind } = traits.read("networks", "words", "classes", "kind");
  const now = reading(traits);
  const choose = (i) => traits.change({ word: words[i] });
  const { element: spoken, tell } = herald();
  const map = wordMap(words, kind, choose);
  const list = neighbours(words, classes, kind, NEAR, choose);
  const network = choice(traits, "network", "network", networks);

  el.classList.add("live", "live-wordmap");
  el.append(
    beside(map.element, html("div", { class: "near" }, list.element)),
    key(classes),
    controls(network, finder(words, choose)),
    spoken,
  );

  traits.follow(["word", "network"], () => {
    const found = now();
    map.draw(found);
    list.draw(found);
    tell(list.said(found));
  });
}

export default { render };
