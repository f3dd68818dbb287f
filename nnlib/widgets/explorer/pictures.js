// The images that a neuron answers to most strongly, and others that were drawn at random.

import { div, html, update } from "../shared/dom.js";
import { range } from "../shared/numbers.js";

const [SIDE, MANY] = [10, 8];

/** An image of a few greys. */
function paint(area, levels) {
  const context = area.getContext("2d");
  const data = context.createImageData(SIDE, SIDE);
  levels.forEach((level, j) => data.data.set([17 * level, 17 * level, 17 * level, 255], 4 * j));
  context.putImageData(data, 0, 0);
}

/** A row of images with a title, each with the activation below it. */
function rowOf(title, image, labels) {
  const size = { width: SIDE, height: SIDE, role: "img" };
  const areas = range(Math.min(MANY, labels.length)).map(() => html("canvas", size));
  const words = areas.map(() => html("span", { class: "muted" }));
  const cells = areas.map((area, k) => div(area, words[k]));
  const element = html("div", {}, title, html("div", { class: "images" }, ...cells));
  const draw = (chosen, strengths) => {
    chosen.slice(0, MANY).forEach((n, k) => {
      paint(areas[k], image(n));
      update(words[k], { text: strengths[n].toFixed(1) });
      update(areas[k], { "aria-label": `an image of ${labels[n]}` });
    });
  };
  return { element, draw };
}

/** Two rows: the strongest answers, and the sample. */
export function pictures(images, seen, labels, sample) {
  const places = new Map(seen.map((n, place) => [n, SIDE * SIDE * place]));
  const image = (n) => images.subarray(places.get(n), places.get(n) + SIDE * SIDE);
  const top = rowOf("Its strongest answers, each with the activation", image, labels);
  const some = rowOf("Its answers to images drawn at random", image, labels);
  const element = html("div", { class: "live-row" }, top.element, some.element);
  const draw = ({ strengths, strongest }) => {
    top.draw(strongest, strengths);
    some.draw(
      sample.toSorted((m, n) => strengths[n] - strengths[m]),
      strengths,
    );
  };
  return { element, draw };
}
