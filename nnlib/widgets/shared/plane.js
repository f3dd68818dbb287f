// The plane of two inputs, with the four corners of true and false.

import { svg, update } from "./dom.js";
import { label, points, trace } from "./drawing.js";

export const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
export const SQUARE = [
  [-0.5, -0.5],
  [1.5, -0.5],
  [1.5, 1.5],
  [-0.5, 1.5],
];
export const MIDDLE = [0.5, 0.5];
const [LEFT, BOTTOM, UNIT] = [24, 264, 120];

/** Where a point of the plane stands in a picture of 280 × 300, and the way back. */
export const flat = ([x1, x2]) => [LEFT + UNIT * (x1 + 0.5), BOTTOM - UNIT * (x2 + 0.5)];
export const unflat = ([x, y]) => [(x - LEFT) / UNIT - 0.5, (BOTTOM - y) / UNIT - 0.5];

/** The name of an axis, a letter with its number. */
export const axis = (x, y, i, letter = "x") =>
  svg("text", { x, y }, svg("tspan", { class: "italic" }, letter), "₁₂"[i]);

export const frame = (corners) => svg("polygon", { class: "live-frame", points: points(corners) });
export const border = (style = "") => svg("polyline", { class: `live-line ${style}` });

/** The numbers at both axes, and their names. */
export function scales(letter = "x") {
  const numbers = [
    [84, 281, "0"],
    [204, 281, "1"],
    [12, 209, "0"],
    [12, 89, "1"],
  ];
  const marks = numbers.map(([x, y, words]) => label(x, y, words, "muted"));
  return [...marks, axis(144, 292, 0, letter), axis(8, 149, 1, letter)];
}

/** A circle at each corner, and what fills it or not and rings it where it is wrong. */
export function circles() {
  const dots = CORNERS.map(flat).map(([cx, cy]) => svg("circle", { cx, cy, r: 7 }));
  const draw = (i, filled, wrong) => {
    const stroke = `var(--live-${wrong ? "orange" : "ink"})`;
    const fill = `var(--live-${filled ? "ink" : "paper"})`;
    update(dots[i], { fill, stroke, "stroke-width": wrong ? 5 : 1.5 });
  };
  return { dots, draw };
}

/** An arrow in the picture, from one point of the plane by a step; none where there is no step. */
export function arrow() {
  const element = svg("path", { class: "live-arrow" });
  const draw = (from, way) => {
    const length = Math.hypot(...way);
    const to = from.map((x, i) => x + way[i]);
    const [u, v] = way.map((x) => x / length);
    const back = (side) => [to[0] - 0.09 * u - side * 0.05 * v, to[1] - 0.09 * v + side * 0.05 * u];
    const head = [back(1), to, back(-1)].map(flat);
    update(element, { d: length ? trace([from, to].map(flat)) + trace(head) : "" });
  };
  return { element, draw };
}
