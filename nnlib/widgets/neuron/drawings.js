// The plane of both inputs with the line of a neuron, and the surface of its answers.

import { svg, update } from "../shared/dom.js";
import { between, canvas, label, points, tint } from "../shared/drawing.js";
import { ACTIVATIONS, clamp, number, range, sum } from "../shared/numbers.js";
import {
  arrow,
  axis,
  border,
  circles,
  CORNERS,
  flat,
  frame,
  MIDDLE,
  scales,
  SQUARE,
} from "../shared/plane.js";

const HEIGHTS = { step: [0, 1], sigmoid: [0, 1], tanh: [-1, 1], relu: [0, 3], leaky_relu: [-1, 3] };
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

/** The square with z at each of its corners, and the part of the line that lies in it. */
const square = (w, b) => SQUARE.map((p) => [...p, w[0] * p[0] + w[1] * p[1] + b]);
const lineOf = (w, b) => between(square(w, b), 0, 0);

/** Where a point of the box stands in the picture, its height being between 0 and 1. */
function raised([x1, x2], height) {
  const [u, v] = [x1 - 0.5, x2 - 0.5];
  return [146 + 100 * (0.9 * u - 0.44 * v), 190 - 60 * (0.44 * u + 0.9 * v) - 84 * height];
}

const polygons = () => range(STRIPS).map(() => svg("polygon", { class: "strip" }));

/** The point of the line that is nearest to the middle, and its distance from there. */
function foot(w, b) {
  const length = Math.hypot(...w);
  const away = -(w[0] * MIDDLE[0] + w[1] * MIDDLE[1] + b) / length;
  return { away, from: MIDDLE.map((x, i) => x + (away * w[i]) / length) };
}

/** The plane from above: strips, the line with w as an arrow, and the corners with their answers. */
function planeFromAbove() {
  const [strips, line, weights, corners] = [polygons(), border(), arrow(), circles()];
  const name = label(0, 0, "w", "italic live-clear");
  const answers = CORNERS.map(flat).map(([x, y]) => label(x, y - 13, "", "live-clear"));
  const above = [frame(SQUARE.map(flat)), ...corners.dots, weights.element, name, ...answers];
  const draw = ({ w, b, a, wanted, right }) => {
    update(line, { points: points(lineOf(w, b).map(flat)) });
    const { away, from } = foot(w, b);
    const seen = Math.abs(away) < 0.9;
    weights.draw(from, seen ? w.map((x) => x / 5) : [0, 0]);
    const [x, y] = flat(from.map((start, i) => start + w[i] / 5 + 0.1 * Math.sign(w[i])));
    update(name, seen ? { x, y: y + 4, text: "w" } : { text: "" });
    CORNERS.forEach((_, i) => {
      corners.draw(i, wanted[i], !right[i]);
      update(answers[i], { text: number(a[i], 3) });
    });
  };
  const element = canvas(280, 300, ...strips, line, ...above, ...scales());
  return { element, strips, draw };
}

/** The surface from the side: strips at their heights, and the shadow of the line below them. */
function surfaceFromAside() {
  const [strips, shadow] = [polygons(), border()];
  const ends = [0, 1].map((height) => raised([-0.5, 1.5], height));
  const heights = ends.map(([x, y]) => label(x - 10, y + 4, ""));
  const ground = frame(SQUARE.map((p) => raised(p, 0)));
  const names = [axis(204, 272, 0), axis(46, 258, 1), label(ends[1][0] - 10, 20, "a", "italic")];
  const parts = [ground, shadow, ...strips, ...heights, ...names];
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
    const away = 0.44 * w[0] + 0.9 * w[1] < 0 ? 1 : -1; // what lies further back is drawn first
    const found = cutIntoStrips(square(w, b)).sort((p, q) => away * (p.z - q.z));
    range(STRIPS).forEach((k) => drawStrip(k, found[k]?.polygon ?? [], { activation, low, high }));
    update(surface.shadow, { points: points(lineOf(w, b).map((p) => raised(p, 0))) });
    surface.heights.forEach((tick, k) => update(tick, { text: number([low, high][k]) }));
    plane.draw({ w, b, ...corners });
  };
  return { plane: plane.element, surface: surface.element, draw };
}
