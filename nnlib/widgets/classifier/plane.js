// The plane of both inputs: the examples, and the line, the arrow and the doubt of a neuron.

import { height } from "./training.js";
import { svg, update } from "../shared/dom.js";
import { between, canvas, label, points, trace } from "../shared/drawing.js";

const [LEFT, TOP, SIDE] = [26, 10, 300];
const SQUARE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const DOUBT = Math.log(9); // the pre-activation at which a neuron is sure to nine tenths

const place = ([x1, x2]) => [LEFT + SIDE * x1, TOP + SIDE * (1 - x2)];
const dots = (rows) => rows.map((x) => `${trace([place(x)])}h0`).join("");
const circle = "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0";
const circles = (rows) => rows.map((x) => trace([place(x)]) + circle).join("");
const crosses = (rows) => rows.map((x) => `${trace([place(x)])}m-2-2l4 4m0-4l-4 4`).join("");

/** From the middle of the line, or else of the plane, where w points; longer for a larger w. */
function arrow(weights, line) {
  const [w1, w2] = weights;
  const size = Math.hypot(w1, w2);
  if (size === 0) return "";
  const along = line.toSorted((p, q) => p[0] - q[0] || p[1] - q[1]);
  const middle = [0, 1].map((i) => ((along[0]?.[i] ?? 1) + (along.at(-1)?.[i] ?? 0)) / 2);
  const [x, y] = place(middle);
  const reach = (90 * size) / (size + 8);
  const [dx, dy] = [(reach * w1) / size, (-reach * w2) / size];
  const head = [
    [x + 0.75 * dx - 0.12 * dy, y + 0.75 * dy + 0.12 * dx],
    [x + dx, y + dy],
    [x + 0.75 * dx + 0.12 * dy, y + 0.75 * dy - 0.12 * dx],
  ];
  return `${trace([[x, y], head[1]])}${trace(head)}`;
}

/** The names of both axes, and their ends. */
function words([across, up]) {
  const bottom = TOP + SIDE;
  const turn = { transform: `rotate(-90 12 ${TOP + SIDE / 2})` };
  return [
    label(LEFT + SIDE / 2, bottom + 18, across),
    update(label(12, TOP + SIDE / 2 + 5, up), turn),
    label(LEFT, bottom + 18, "0", "muted"),
    label(LEFT + SIDE - 4, bottom + 18, "1", "muted"),
    label(LEFT - 12, TOP + 12, "1", "muted"),
  ];
}

/** The drawing of some examples, and what draws a neuron there. */
export function plane({ x, y }, axes) {
  const frame = svg("rect", { class: "live-frame", x: LEFT, y: TOP, width: SIDE, height: SIDE });
  const others = svg("path", { class: "no", d: crosses(x.filter((_, n) => y[n] === 0)) });
  const wanted = svg("path", { class: "yes", d: dots(x.filter((_, n) => y[n] === 1)) });
  const rings = svg("path", { class: "wrong" });
  const edges = svg("path", { class: "live-dashes doubt" });
  const side = svg("polygon", { class: "fires" });
  const line = svg("polyline", { class: "live-line" });
  const pointer = svg("path", { class: "arrow" });
  const marks = [side, others, wanted, rings, frame, edges, line, pointer];
  const element = canvas(LEFT + SIDE + 4, TOP + SIDE + 24, ...marks, ...words(axes));

  const draw = (weights, wrong) => {
    const square = SQUARE.map((corner) => [...corner, height(weights, corner)]);
    const level = (z) => between(square, z, z);
    const flat = weights[0] === 0 && weights[1] === 0;
    const border = flat ? [] : level(0);
    const doubt = flat ? [] : [level(-DOUBT), level(DOUBT)].filter((found) => found.length > 1);
    update(side, { points: points(flat ? [] : between(square, 0, Infinity).map(place)) });
    update(line, { points: points(border.map(place)) });
    update(edges, { d: doubt.map((found) => trace(found.map(place))).join("") });
    update(pointer, { d: arrow(weights, border) });
    update(rings, { d: circles(wrong) });
  };
  return { element, draw };
}
