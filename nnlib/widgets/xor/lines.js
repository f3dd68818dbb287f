// Two lines over the corners of XOR, to be moved and turned.

import { svg, update } from "../shared/dom.js";
import { between, canvas, label, points, tint } from "../shared/drawing.js";
import { clamp, dot, number, range } from "../shared/numbers.js";
import {
  arrow,
  border,
  circles,
  CORNERS,
  flat,
  frame,
  MIDDLE,
  scales,
  SQUARE,
  unflat,
} from "../shared/plane.js";

const ARROW = 0.35;

/** Where a line is nearest to the middle: there its arrow begins. */
const foot = (w, shift) => MIDDLE.map((x, i) => x + shift * w[i]);

/** The part of the square where both neurons answer as said, each with its side. */
function region(sides, w, b) {
  return sides.reduce((polygon, side, k) => {
    const height = polygon.map((p) => [p[0], p[1], dot(w[k], p) + b[k]]);
    return side ? between(height, 0, Infinity) : between(height, -Infinity, 0);
  }, SQUARE);
}

/** Pulls a handle: change gets the point of the plane that the pointer is on. */
function pulled(handle, element, change) {
  handle.onpointerdown = (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  handle.onpointermove = (event) => {
    if (!event.buttons) return;
    const { left, top, width } = element.getBoundingClientRect();
    const scale = 280 / width;
    change(unflat([(event.clientX - left) * scale, (event.clientY - top) * scale]));
  };
}

/** One line with its arrow, its number, and two handles. */
function movable(k) {
  const [line, way] = [border(k ? "second" : ""), arrow()];
  const handles = range(2).map(() => svg("circle", { r: 11, class: "handle" }));
  const name = label(0, 0, String(k + 1), "live-clear");
  const draw = (w, b, shift) => {
    const from = foot(w, shift);
    const step = w.map((x) => ARROW * x);
    const tip = from.map((x, i) => x + step[i]);
    const square = SQUARE.map((p) => [...p, dot(w, p) + b]);
    update(line, { points: points(between(square, 0, 0).map(flat)) });
    way.draw(from, step);
    const [feet, tips] = [from, tip].map(flat);
    update(handles[0], { cx: feet[0], cy: feet[1] });
    update(handles[1], { cx: tips[0], cy: tips[1] });
    const beyond = flat(from.map((x, i) => x + (ARROW + 0.2) * w[i]));
    update(name, { x: beyond[0], y: beyond[1] + 5 });
  };
  return { parts: [line, way.element, name], handles, draw };
}

/** The plane from above; put(trait, line, value) is called when a handle is pulled. */
export function lines(put) {
  const regions = range(4).map(() => svg("polygon"));
  const [both, corners] = [range(2).map(movable), circles()];
  const answers = CORNERS.map(flat).map(([x, y]) => label(x, y - 13, "", "live-clear"));
  const drawn = both.flatMap((each) => each.parts);
  const handles = both.flatMap((each) => each.handles);
  const shown = [...corners.dots, ...answers, ...drawn, ...handles];
  const element = canvas(280, 300, ...regions, frame(SQUARE.map(flat)), ...shown, ...scales());
  let now;
  both.forEach(({ handles: [move, turn] }, k) => {
    pulled(move, element, (p) => {
      const away = dot(now.w[k], p) - dot(now.w[k], MIDDLE);
      put("shift", k, clamp(Math.round(20 * away) / 20, -1, 1));
    });
    pulled(turn, element, (p) => {
      const [u, v] = foot(now.w[k], now.shift[k]).map((x, i) => p[i] - x);
      put("angle", k, 5 * Math.round((36 * Math.atan2(v, u)) / Math.PI));
    });
  });
  const draw = (given) => {
    now = given;
    regions.forEach((polygon, n) => {
      const area = region([n >> 1, n & 1], given.w, given.b);
      update(polygon, { points: points(area.map(flat)), fill: tint(0.3 * given.fired[n]) });
    });
    both.forEach((each, k) => each.draw(given.w[k], given.b[k], given.shift[k]));
    CORNERS.forEach((_, i) => {
      corners.draw(i, given.goal[i], !given.right[i]);
      update(answers[i], { text: number(given.answers[i]) });
    });
  };
  return { element, draw };
}
