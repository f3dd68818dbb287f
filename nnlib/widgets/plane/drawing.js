// The plane as a grid with the four corners of the exclusive or, before the layer and after it.

import { closest } from "./parting.js";
import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

export const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const FILLED = [false, true, true, false];
const EDGE = 3; // of both drawings, which reach from -EDGE to EDGE
const [SIDE, TOP] = [280, 24];
const UNIT = SIDE / (2 * EDGE);
const TICKS = range(9).map((k) => k / 2 - 2);
const SAMPLES = range(81).map((k) => k / 20 - 2);
const LINES = TICKS.flatMap((c) => [SAMPLES.map((t) => [c, t]), SAMPLES.map((t) => [t, c])]);
const along = ([p, q]) => range(21).map((k) => p.map((x, i) => x + ((q[i] - x) * k) / 20));
const SQUARE = [0, 2, 3, 1].map((i) => CORNERS[i]);
const BORDER = SQUARE.flatMap((p, i) => along([p, SQUARE[(i + 1) % 4]]));

const at = ([x, y]) => [SIDE / 2 + UNIT * x, SIDE / 2 - UNIT * y];
const isAxis = (line) => [0, 1].some((axis) => line.every((place) => place[axis] === 0));
const ends = (line) => [line[0], line.at(-1)];

/** An arrow with its name at the tip, for where a unit vector goes. */
function arrow(kind, words) {
  const line = svg("path", { class: `arrow ${kind}` });
  const name = label(0, 0, words, `live-clear ${kind}`);
  const draw = (from, to) => {
    const [p, q] = [at(from), at(to)];
    const length = Math.hypot(q[0] - p[0], q[1] - p[1]);
    const [u, v] = length ? [(q[0] - p[0]) / length, (q[1] - p[1]) / length] : [0, 0];
    const tip = [q[0] - 9 * u, q[1] - 9 * v]; // clear of the point that stands there
    const barb = (turn) => [tip[0] - 9 * u + turn * 5 * v, tip[1] - 9 * v - turn * 5 * u];
    const far = length > 24;
    update(line, { d: far ? `${trace([p, tip])}${trace([barb(1), tip, barb(-1)])}` : "" });
    update(name, { x: q[0] + 38 * u, y: q[1] + 18 * v + 14 * Math.abs(u) + 5 });
  };
  return { elements: [line, name], draw };
}

/** One drawing of the plane, and what draws it as moved by a function. */
function plane(title, columns) {
  const grid = LINES.map((line) => svg("path", { class: isAxis(line) ? "grid axis" : "grid" }));
  const square = svg("path", { class: "square" });
  const line = svg("path", { class: "live-line live-dashes" });
  const arrows = [arrow("first", columns[0]), arrow("second", columns[1])];
  const dots = FILLED.map((filled) =>
    svg("circle", { r: 6.5, class: filled ? "dot filled" : "dot" }),
  );
  const names = svg("g", {}, ...arrows.flatMap(({ elements }) => elements));
  const size = { y: TOP, width: SIDE, height: SIDE };
  const frame = svg("rect", { class: "live-frame", ...size });
  const box = svg(
    "svg",
    { class: "live-inside", "aria-hidden": true, ...size },
    square,
    ...grid,
    line,
    names,
    ...dots,
  );
  const element = canvas(SIDE, TOP + SIDE, label(SIDE / 2, 14, title, "muted"), box, frame);
  const draw = (move, { straight, gap }) => {
    const path = (places) => trace(move(straight ? ends(places) : places).map(at));
    grid.forEach((part, k) => update(part, { d: path(LINES[k]) }));
    update(square, { d: `${trace(move(BORDER).map(at))}Z` });
    const [origin, one, two] = move([CORNERS[0], CORNERS[2], CORNERS[1]]);
    update(names, { visibility: straight ? "visible" : "hidden" });
    arrows[0].draw(origin, one);
    arrows[1].draw(origin, two);
    const corners = move(CORNERS);
    dots.forEach((dot, i) => {
      const [cx, cy] = at(corners[i]);
      update(dot, { cx: cx.toFixed(1), cy: cy.toFixed(1) });
    });
    update(line, { d: gap > 1e-6 ? parting(corners) : "" });
  };
  return { element, draw };
}

/** The line that leaves the filled corners on one side, as far from both kinds as possible. */
function parting(corners) {
  const [p, q] = closest([corners[1], corners[2]], [corners[0], corners[3]]);
  const middle = [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
  const length = Math.hypot(p[0] - q[0], p[1] - q[1]);
  const way = [(q[1] - p[1]) / length, (p[0] - q[0]) / length];
  const far = (t) => at([middle[0] + t * way[0], middle[1] + t * way[1]]);
  return trace([far(-20), far(20)]);
}

/** Both drawings, and what draws them for a function that moves points. */
export function planes() {
  const [before, after] = [
    plane("before", ["(1, 0)", "(0, 1)"]),
    plane("after the layer", ["column 0", "column 1"]),
  ];
  before.draw((points) => points, { straight: true, gap: 0 });
  update(before.element, {
    "aria-label":
      "The plane before the layer: a grid of squares, filled points at (0, 1) and (1, 0), " +
      "empty ones at (0, 0) and (1, 1), which no straight line separates",
  });
  return { before: before.element, after: after.element, draw: after.draw };
}
