// The words as marks in the plane, of which one is chosen, by pointer or by arrow keys.

import { mark } from "./marks.js";
import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

const [WIDTH, HEIGHT, EDGE] = [420, 340, 22];
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** Where the words stand in the picture, so that they fill it. */
function onThePicture(places) {
  const bounds = [0, 1].map((axis) => {
    const values = places.map((place) => place[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const share = (place, axis) => {
    const [low, high] = bounds[axis];
    return (place[axis] - low) / (high - low || 1);
  };
  return places.map((place) => [
    EDGE + (WIDTH - 2 * EDGE) * share(place, 0),
    HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share(place, 1),
  ]);
}

/** The nearest word in a direction, within 45 degrees of it. */
function nextIn(spots, chosen, [right, down]) {
  const [x, y] = spots[chosen];
  const far = spots.map(([u, v]) => {
    const along = (u - x) * right + (v - y) * down;
    const aside = Math.abs((u - x) * down) + Math.abs((v - y) * right);
    return along > 0 && aside <= along ? Math.hypot(along, aside) : Infinity;
  });
  const nearest = Math.min(...far);
  return Number.isFinite(nearest) ? far.indexOf(nearest) : chosen;
}

/** The word nearest to a pointer. */
function nearestTo(event, element, spots) {
  const { left, top, width } = element.getBoundingClientRect();
  const [x, y] = [event.clientX - left, event.clientY - top].map((c) => (c * WIDTH) / width);
  const far = spots.map(([u, v]) => Math.hypot(u - x, v - y));
  return far.indexOf(Math.min(...far));
}

/** The map; choose is called for the word that the reader points at. */
export function wordMap(words, kind, choose) {
  const marks = words.map((_, i) => mark(kind[i]));
  const lines = svg("path", { class: "lines" });
  const ring = svg("circle", { r: 9, class: "ring" });
  const name = label(0, 0, "", "live-clear name");
  const element = update(canvas(WIDTH, HEIGHT, lines, ...marks, ring, name), {
    role: "application",
    tabindex: 0,
    "data-lm-suppress-shortcuts": "true",
  });
  let [spots, at] = [[], 0];
  element.onpointerdown = element.onpointermove = (event) => {
    if (event.buttons) choose(nearestTo(event, element, spots));
  };
  element.onkeydown = (event) => {
    if (!ARROWS[event.key]) return;
    event.preventDefault();
    choose(nextIn(spots, at, ARROWS[event.key]));
  };

  const draw = ({ chosen, places, near }) => {
    [spots, at] = [onThePicture(places), chosen];
    const [x, y] = spots[chosen];
    range(words.length).forEach((i) => {
      update(marks[i], { transform: `translate(${spots[i].map((c) => c.toFixed(1))})` });
    });
    update(lines, { d: near.map((i) => trace([spots[chosen], spots[i]])).join("") });
    update(ring, { cx: x, cy: y });
    update(name, { x: Math.min(Math.max(x, 30), WIDTH - 30), y: y < 40 ? y + 26 : y - 14 });
    update(name, { text: words[chosen] });
    const words_near = near.map((i) => words[i]).join(", ");
    update(element, {
      "aria-label": `Map of ${words.length} words; arrow keys go from word to word. Chosen: ${words[chosen]}. Nearest: ${words_near}.`,
    });
  };
  return { element, draw };
}
