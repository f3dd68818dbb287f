// The plane of both inputs with the line of a neuron, and the surface of its answers.

import { svg, update } from "../shared/dom.js";
import { between, canvas, label, mix, points, tint } from "../shared/drawing.js";
import { ACTIVATIONS, clamp, number, range, sum } from "../shared/numbers.js";

export const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const HEIGHTS = { step: [0, 1], sigmoid: [0, 1], tanh: [-1, 1], relu: [0, 3], leaky_relu: [-1, 3] };
const SQUARE = [
  [-0.5, -0.5],
  [1.5, -0.5],
  [1.5, 1.5],
  [-0.5, 1.5],
];
const STRIPS = 40; // enough for the steepest neuron on the sliders
const LITTLE = 1e-9;

/** The square in strips between parallel lines on which z is half a unit more each time. */
function cutIntoStrips(square) {
  const [low, high] = [Math.min, Math.max].map((end) => end(...square.map((p) => p[2])));
  const width = Math.max(0.5, (high - low) / (STRIPS - 4));
  const first = Math.floor(low / width);
  const lines = range(Math.floor(high / width) - first + 2).map((k) => width * (first + k));
  // A jump at 0 becomes a strip of its own, next to nothing wide.
  const levels = lines.flatMap((z) => (z === 0 ? [-LITTLE, LITTLE] : [z]));
  return range(levels.length - 1).map((k) => ({
    z: (levels[k] + levels[k + 1]) / 2,
    polygon: between(square, levels[k], levels[k + 1]),
  }));
}

const flat = ([x1, x2]) => [24 + 120 * (x1 + 0.5), 264 - 120 * (x2 + 0.5)];

/** Where a point of the box stands in the picture, its height being between 0 and 1. */
function raised([x1, x2], height) {
  const [u, v] = [x1 - 0.5, x2 - 0.5];
  return [146 + 100 * (0.9 * u - 0.44 * v), 190 - 60 * (0.44 * u + 0.9 * v) - 84 * height];
}

const axis = (x, y, i) => svg("text", { x, y }, svg("tspan", { class: "italic" }, "x"), "₁₂"[i]);

const frame = (corners) => svg("polygon", { class: "live-frame", points: points(corners) });
const polygons = () => range(STRIPS).map(() => svg("polygon", { class: "strip" }));
const border = () => svg("polyline", { class: "live-line" });

/** The plane from above: strips, the line, and the corners with their activations. */
function planeFromAbove() {
  const [strips, line] = [polygons(), border()];
  const dots = CORNERS.map(flat).map(([cx, cy]) => svg("circle", { cx, cy, r: 7 }));
  const answers = CORNERS.map(flat).map(([x, y]) => label(x, y - 13, ""));
  const numbers = [
    label(84, 281, "0", "muted"),
    label(204, 281, "1", "muted"),
    label(12, 209, "0", "muted"),
    label(12, 89, "1", "muted"),
  ];
  const axes = [axis(144, 292, 0), axis(8, 149, 1)];
  const parts = [
    ...strips,
    line,
    frame(SQUARE.map(flat)),
    ...dots,
    ...answers,
    ...numbers,
    ...axes,
  ];
  const drawCorners = ({ a, wanted, right }) => {
    dots.forEach((dot, i) => {
      update(dot, {
        fill: mix("ink", 100 * wanted[i]),
        stroke: mix(right[i] ? "ink" : "orange", 100),
        "stroke-width": right[i] ? 1.5 : 5,
      });
    });
    answers.forEach((answer, i) => update(answer, { text: number(a[i], 3) }));
  };
  return { element: canvas(280, 300, ...parts), strips, line, drawCorners };
}

/** The surface from the side: strips at their heights, and the shadow of the line below them. */
function surfaceFromAside() {
  const [strips, shadow] = [polygons(), border()];
  const ends = [0, 1].map((height) => raised([-0.5, 1.5], height));
  const heights = ends.map(([x, y]) => label(x - 10, y + 4, ""));
  const ground = frame(SQUARE.map((p) => raised(p, 0)));
  const parts = [ground, shadow, ...strips, ...heights, axis(204, 272, 0), axis(46, 258, 1)];
  return { element: canvas(280, 300, ...parts), strips, shadow, heights };
}

/** Both drawings, and what draws them for a neuron and what it makes of the corners. */
export function drawings() {
  const [plane, surface] = [planeFromAbove(), surfaceFromAside()];
  const drawStrip = (k, polygon, { activation, low, high }) => {
    const a = polygon.map((p) => ACTIVATIONS[activation](p[2]));
    const mean = sum(a) / a.length || 0;
    const fill = tint(0.6 * (mean < 0 ? -mean / low : mean / high));
    const height = (value) => (clamp(value, low, high) - low) / (high - low);
    const lifted = mean > high ? [] : polygon.map((p, i) => raised(p, height(a[i])));
    update(plane.strips[k], { fill, points: points(polygon.map(flat)) });
    update(surface.strips[k], { fill, points: points(lifted) });
  };
  const draw = ({ w, b, activation, ...corners }) => {
    const [low, high] = HEIGHTS[activation];
    const square = SQUARE.map((p) => [...p, w[0] * p[0] + w[1] * p[1] + b]);
    const away = 0.44 * w[0] + 0.9 * w[1] < 0 ? 1 : -1; // what lies further back is drawn first
    const found = cutIntoStrips(square).sort((p, q) => away * (p.z - q.z));
    range(STRIPS).forEach((k) => drawStrip(k, found[k]?.polygon ?? [], { activation, low, high }));
    const line = between(square, 0, 0);
    update(plane.line, { points: points(line.map(flat)) });
    update(surface.shadow, { points: points(line.map((p) => raised(p, 0))) });
    surface.heights.forEach((tick, k) => update(tick, { text: number([low, high][k]) }));
    plane.drawCorners(corners);
  };
  return { plane: plane.element, surface: surface.element, draw };
}
