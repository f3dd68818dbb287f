// Drawings of a walk on a loss.

import {
  HEIGHT,
  LEFT,
  TOP,
  WIDTH,
  contours,
  curve,
  parameters,
  place,
  pointAt,
  spot,
  tangentAt,
} from "./losses.js";
import { set, svg } from "../shared/dom.js";
import { canvas, text, trace } from "../shared/drawing.js";
import { number, rounded } from "../shared/numbers.js";

const CHART = { left: 34, right: 254, wall: 28, floor: 168 };

/** A parameter, or two of them in brackets. */
export function vector(w) {
  const numbers = w.map((value) => rounded(value, 4));
  return w.length === 1 ? numbers[0] : `(${numbers.join(", ")})`;
}

/** What stands behind a walk: the loss, and its formula and the numbers of both axes. */
function background(kind) {
  const names = parameters(kind);
  const [[left], [low]] = kind.seen;
  const across = kind.ticks[0].map((u) => [place(kind, [u, low])[0], TOP + HEIGHT + 20, u]);
  const up = kind.ticks[1].map((v) => [LEFT - 14, place(kind, [left, v])[1] + 5, v]);
  const axes = [
    [LEFT + WIDTH - 12, TOP + HEIGHT - 9, names[0]],
    [LEFT + 16, TOP + 18, names[1] ?? "L"],
  ];
  return {
    ground:
      names.length === 1
        ? svg("path", { d: curve(kind), class: "live-curve" })
        : svg("path", { d: contours(kind), class: "live-contours" }),
    words: [
      text(LEFT + WIDTH / 2, TOP - 11, `L = ${kind.formula}`),
      ...[...across, ...up].map(([x, y, value]) => text(x, y, number(value), "muted")),
      ...axes.map(([x, y, name]) => text(x, y, name, "italic live-clear")),
    ],
  };
}

/** A line with a dot for each point, and what draws it. */
function trail() {
  const [line, dots] = ["", " live-dots"].map((style) =>
    svg("path", { class: `live-way${style}` }),
  );
  const draw = (places) => {
    set(line, { d: trace(places) });
    set(dots, { d: places.map((p) => `${trace([p])}h0`).join("") });
  };
  return [[line, dots], draw];
}

/** The loss from the side or from above; choose(w) gets the place that the reader points at. */
export function landscape(kinds, choose) {
  const box = { x: LEFT, y: TOP, width: WIDTH, height: HEIGHT };
  const frame = svg("rect", { ...box, class: "live-frame live-field" });
  const inside = svg("svg", {
    ...box,
    viewBox: Object.values(box).join(" "),
    class: "live-inside",
    "aria-hidden": "true",
  });
  const words = svg("g");
  const tangent = svg("line", { class: "live-dashes" });
  const [way, drawWay] = trail();
  const start = svg("circle", { r: 9, class: "live-start" });
  const here = svg("circle", { r: 5, class: "live-here" });
  const scene = canvas(LEFT + WIDTH + 6, TOP + HEIGHT + 26, frame, inside, words);
  scene.classList.add("live-scene");
  const backgrounds = new Map(kinds.map((kind) => [kind, background(kind)]));
  let shown;

  const point = ({ clientX, clientY }) => {
    const { left, top, width, height } = frame.getBoundingClientRect();
    choose(pointAt(shown, [(clientX - left) / width, 1 - (clientY - top) / height]));
  };
  scene.onclick = point;
  start.onpointerdown = ({ pointerId }) => start.setPointerCapture(pointerId);
  start.onpointermove = (event) => event.buttons && point(event);

  const draw = (kind, path) => {
    if (shown !== kind) {
      inside.replaceChildren(backgrounds.get(kind).ground, tangent, ...way, start, here);
      words.replaceChildren(...backgrounds.get(kind).words);
      shown = kind;
    }
    const places = path.map((w) => spot(kind, w));
    const [[x, y], [cx, cy]] = [places.at(-1), places[0]];
    const [dx, dy] = tangentAt(kind, path.at(-1));
    drawWay(places);
    set(tangent, { x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy });
    set(start, { cx, cy });
    set(here, { cx: x, cy: y });
    const walked = `a walk of ${path.length - 1} steps from ${vector(path[0])}`;
    set(scene, {
      "aria-label": `The loss ${kind.formula}, and ${walked} to ${vector(path.at(-1))}`,
    });
  };
  return [scene, draw];
}

/** The loss at each step. */
export function chart() {
  const { left, right, wall, floor } = CHART;
  const axes = svg("path", { class: "live-frame", d: `M${left} ${wall}V${floor}H${right}` });
  const [line, drawLine] = trail();
  const [most, last] = [text(15, wall + 5, "", "muted"), text(right - 6, floor + 20, "", "muted")];
  const zeros = [text(22, floor + 5, "0", "muted"), text(left, floor + 20, "0", "muted")];
  const names = [text(left + 20, wall - 13, "loss"), text((left + right) / 2, floor + 20, "step")];
  const area = canvas(right + 6, floor + 26, axes, ...line, most, last, ...zeros, ...names);
  area.classList.add("live-chart");
  const draw = (losses) => {
    const [top, end] = [Math.max(...losses) || 1, Math.max(10, losses.length - 1)];
    const across = (step) => left + ((right - left) * step) / end;
    drawLine(losses.map((loss, step) => [across(step), floor - ((floor - wall) * loss) / top]));
    set(most, { text: number(top, 2) });
    set(last, { text: end });
    const ends = `from ${number(losses[0])} to ${number(losses.at(-1))}`;
    set(area, { "aria-label": `The loss at each of ${losses.length - 1} steps, ${ends}` });
  };
  return [area, draw];
}
