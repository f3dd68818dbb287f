import { choice, same, slider } from "../shared/controls.js";
import { html, set, svg } from "../shared/dom.js";
import { canvas, cut, mix, points, text, tint } from "../shared/drawing.js";
import { ACTIVATIONS, clamp, number, range, sum } from "../shared/numbers.js";
import { follow } from "../shared/traits.js";

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const GOALS = { and: [0, 0, 0, 1], or: [0, 1, 1, 1], "exclusive or": [0, 1, 1, 0] };
const NAMES = {
  step: "step",
  sigmoid: "sigmoid",
  tanh: "tanh",
  relu: "ReLU",
  leaky_relu: "leaky ReLU",
};
const HEIGHTS = { step: [0, 1], sigmoid: [0, 1], tanh: [-1, 1], relu: [0, 3], leaky_relu: [-1, 3] };
const SQUARE = [
  [-0.5, -0.5],
  [1.5, -0.5],
  [1.5, 1.5],
  [-0.5, 1.5],
];
const STRIPS = 40; // enough for the steepest neuron on the sliders
const LITTLE = 1e-9;
const WEIGHT = { min: -4, max: 4, step: 0.1 };

/** Pre-activations and activations of one neuron for a list of examples. */
export function compute({ x, w, b, activation }) {
  const z = x.map((row) => sum(row.map((value, i) => value * w[i])) + b);
  return { z, a: z.map(ACTIVATIONS[activation]) };
}

/** The square in strips between parallel lines on which z is half a unit more each time. */
function strips(square) {
  const [low, high] = [Math.min, Math.max].map((end) => end(...square.map((p) => p[2])));
  const width = Math.max(0.5, (high - low) / (STRIPS - 4));
  const first = Math.floor(low / width);
  const lines = range(Math.floor(high / width) - first + 2).map((k) => width * (first + k));
  // A jump at 0 becomes a strip of its own, next to nothing wide.
  const levels = lines.flatMap((z) => (z === 0 ? [-LITTLE, LITTLE] : [z]));
  return range(levels.length - 1).map((k) => ({
    z: (levels[k] + levels[k + 1]) / 2,
    polygon: cut(cut(square, levels[k], 1), levels[k + 1], -1),
  }));
}

const flat = ([x1, x2]) => [24 + 120 * (x1 + 0.5), 264 - 120 * (x2 + 0.5)];

/** Where a point of the box stands in the picture, its height being between 0 and 1. */
function raised([x1, x2], height) {
  const [u, v] = [x1 - 0.5, x2 - 0.5];
  return [146 + 100 * (0.9 * u - 0.44 * v), 190 - 60 * (0.44 * u + 0.9 * v) - 84 * height];
}

const axis = (x, y, i) => svg("text", { x, y }, svg("tspan", { class: "italic" }, "x"), "₁₂"[i]);

function render({ model, el }) {
  const polygons = () => range(STRIPS).map(() => svg("polygon", { class: "live-strip" }));
  const frame = (corners) => svg("polygon", { class: "live-frame", points: points(corners) });
  const [above, aside] = [polygons(), polygons()];
  const [line, shadow] = range(2).map(() => svg("polyline", { class: "live-line" }));
  const dots = CORNERS.map(flat).map(([cx, cy]) => svg("circle", { cx, cy, r: 7 }));
  const answers = CORNERS.map(flat).map(([x, y]) => text(x, y - 13, ""));
  const ticks = [0, 1].map((height) => raised([-0.5, 1.5], height));
  const heights = ticks.map(([x, y]) => text(x - 10, y + 4, ""));
  const numbers = [
    [84, 281, "0"],
    [204, 281, "1"],
    [12, 209, "0"],
    [12, 89, "1"],
  ];

  const plane = canvas(
    280,
    300,
    ...above,
    line,
    frame(SQUARE.map(flat)),
    ...dots,
    ...answers,
    ...numbers.map((place) => text(...place, "muted")),
    axis(144, 292, 0),
    axis(8, 149, 1),
  );
  const surface = canvas(
    280,
    300,
    frame(SQUARE.map((p) => raised(p, 0))),
    shadow,
    ...aside,
    ...heights,
    axis(204, 272, 0),
    axis(46, 258, 1),
  );
  const [score, values] = [html("span"), html("span", { class: "unseen" })];
  const result = html("output", { class: "live-result", "aria-live": "polite" }, score, values);

  el.classList.add("live");
  el.append(
    html("div", { class: "live-row" }, plane, surface),
    result,
    html(
      "div",
      { class: "live-controls" },
      html(
        "div",
        {},
        slider(model, "weight w₁", "w", { index: 0, ...WEIGHT }),
        slider(model, "weight w₂", "w", { index: 1, ...WEIGHT }),
        slider(model, "bias b", "b", WEIGHT),
      ),
      html(
        "div",
        {},
        choice(model, "activation function", "activation", NAMES),
        choice(model, "filled corners should fire", "goal", same(Object.keys(GOALS))),
      ),
    ),
  );

  return follow(model, ["w", "b", "activation", "goal"], () => {
    const [w, b, activation] = ["w", "b", "activation"].map((name) => model.get(name));
    const [low, high] = HEIGHTS[activation];
    const square = SQUARE.map((p) => [...p, w[0] * p[0] + w[1] * p[1] + b]);
    const away = 0.44 * w[0] + 0.9 * w[1] < 0 ? 1 : -1; // what lies further back is drawn first
    const found = strips(square).sort((p, q) => away * (p.z - q.z));
    for (const k of range(STRIPS)) {
      const polygon = found[k]?.polygon ?? [];
      const a = polygon.map((p) => ACTIVATIONS[activation](p[2]));
      const mean = sum(a) / a.length || 0;
      const fill = tint(0.6 * (mean < 0 ? -mean / low : mean / high));
      const height = (value) => (clamp(value, low, high) - low) / (high - low);
      const lifted = mean > high ? [] : polygon.map((p, i) => raised(p, height(a[i])));
      set(above[k], { fill, points: points(polygon.map(flat)) });
      set(aside[k], { fill, points: points(lifted) });
    }
    const border = cut(cut(square, 0, 1), 0, -1);
    set(line, { points: points(border.map(flat)) });
    set(shadow, { points: points(border.map((p) => raised(p, 0))) });
    heights.forEach((height, k) => set(height, { text: number([low, high][k]) }));

    const { z, a } = compute({ x: CORNERS, w, b, activation });
    const wanted = GOALS[model.get("goal")];
    const right = z.map((value, i) => value > 0 === Boolean(wanted[i]));
    dots.forEach((dot, i) => {
      set(dot, {
        fill: mix("ink", 100 * wanted[i]),
        stroke: mix(right[i] ? "ink" : "orange", 100),
        "stroke-width": right[i] ? 1.5 : 5,
      });
    });
    answers.forEach((answer, i) => set(answer, { text: number(a[i], 3) }));
    const spoken = CORNERS.map((p, i) => `(${p.join(", ")}): ${number(a[i], 3)}`).join("; ");
    set(plane, { "aria-label": `The plane of both inputs. Activations at the corners: ${spoken}` });
    set(surface, {
      "aria-label": `The activation as a height over the plane: ${NAMES[activation]}`,
    });
    set(score, { text: `On the right side of the line: ${sum(right.map(Number))} of 4 corners.` });
    set(values, { text: ` Activations: ${spoken}.` });
  });
}

export default { render };
