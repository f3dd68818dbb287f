// The sum of all neurons beside the curve to follow, and what each neuron adds.

import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";
import { clamp, range } from "../shared/numbers.js";

const [WIDTH, HEIGHT, TOP] = [280, 200, 24];

/** An empty chart with its scale, and what belongs inside its frame. */
function chart(title, end, high, ...inside) {
  const at = ([x, y]) => [(WIDTH * x) / end, (HEIGHT * (high - y)) / (2 * high)];
  const size = { y: TOP, width: WIDTH, height: HEIGHT };
  const zero = svg("path", { class: "zero", d: trace([at([0, 0]), at([end, 0])]) });
  const box = svg("svg", { class: "live-inside", "aria-hidden": true, ...size }, zero, ...inside);
  const frame = svg("rect", { class: "live-frame", ...size });
  const words = [
    label(WIDTH / 2, 14, title, "muted"),
    label(6, TOP + HEIGHT + 18, "0", "muted"),
    label(WIDTH / 2, TOP + HEIGHT + 18, "input x", "muted"),
    label(WIDTH - 6, TOP + HEIGHT + 18, String(end), "muted"),
    label(12, TOP + 15, String(high), "muted"),
    label(14, TOP + HEIGHT - 5, `−${high}`, "muted"),
  ];
  return { element: canvas(WIDTH, TOP + HEIGHT + 24, box, frame, ...words), at };
}

/** The place of the pointer moves the bend that was nearest when it went down. */
function followPointer(element, end, places, move) {
  const across = (event) => {
    const { left, width } = element.getBoundingClientRect();
    return clamp((end * (event.clientX - left)) / width, 0, end);
  };
  let held;
  element.onpointerdown = (event) => {
    element.setPointerCapture(event.pointerId);
    const far = places().map((c) => Math.abs(c - across(event)));
    held = far.indexOf(Math.min(...far));
    move(held, across(event));
  };
  element.onpointermove = (event) => {
    if (event.buttons && held !== undefined) move(held, across(event));
  };
}

/** Both charts, and what draws them. */
export function charts({ end, places, move }) {
  const count = places().length;
  const target = svg("path", { class: "target" });
  const line = svg("path", { class: "live-line" });
  const dots = range(count).map(() => svg("circle", { r: 5.5, class: "bend" }));
  const lines = range(count).map(() => svg("path", { class: "part" }));
  const sum = chart("the sum, and the curve (dashed)", end, 2, target, line, ...dots);
  const parts = chart("what each neuron adds", end, 4, ...lines);
  followPointer(sum.element, end, places, move);

  const draw = ({ x, wanted, y, heights, parts: added, c, chosen }) => {
    const path = (scale, values) => trace(values.map((value, n) => scale([x[n], value])));
    update(target, { d: path(sum.at, wanted) });
    update(line, { d: path(sum.at, y) });
    dots.forEach((dot, k) => {
      const [cx, cy] = sum.at([c[k], heights[k]]);
      const kind = k === chosen ? "bend chosen" : "bend";
      update(dot, { cx: cx.toFixed(1), cy: clamp(cy, 5, HEIGHT - 5).toFixed(1), class: kind });
    });
    lines.forEach((part, k) => {
      update(part, { d: path(parts.at, added[k]), class: k === chosen ? "part chosen" : "part" });
    });
    const where = c.map((place) => place.toFixed(2)).join(", ");
    update(sum.element, { "aria-label": `The sum over the input, with bends at ${where}` });
    update(parts.element, { "aria-label": `What each neuron adds; neuron ${chosen} is thick` });
  };
  return { sum: sum.element, parts: parts.element, draw };
}
