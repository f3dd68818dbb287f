// Losses to walk on, as a curve or as a map.

import { cut, trace } from "../shared/drawing.js";
import { clamp, range } from "../shared/numbers.js";

export const LEFT = 30;
export const TOP = 28;
export const WIDTH = 380;
export const HEIGHT = 240;
const [COLUMNS, ROWS, LEVELS] = [60, 40, 14];

/** The losses of chapter 3: what of them is seen, and where a walk begins. */
export const LOSSES = {
  parabola: {
    formula: "(w − 3)²",
    loss: ([w]) => (w - 3) ** 2,
    gradient: ([w]) => [2 * (w - 3)],
    seen: [
      [-4, 10],
      [0, 49],
    ],
    ticks: [
      [-4, 0, 3, 10],
      [0, 20, 40],
    ],
    step: 0.1,
    start: [0, 0],
    lr: 0.1,
    rates: { min: 0.05, max: 1.2, step: 0.05 },
  },
  "two valleys": {
    formula: "w⁴ − 3w² + w + 4",
    loss: ([w]) => w ** 4 - 3 * w ** 2 + w + 4,
    gradient: ([w]) => [4 * w ** 3 - 6 * w + 1],
    seen: [
      [-2.2, 2.2],
      [0, 11],
    ],
    ticks: [
      [-2, -1, 0, 1, 2],
      [0, 5, 10],
    ],
    step: 0.05,
    start: [0.2, 0],
    lr: 0.02,
    rates: { min: 0.01, max: 0.3, step: 0.01 },
  },
  "narrow valley": {
    formula: "½ w₁² + 5 w₂²",
    loss: ([w1, w2]) => w1 ** 2 / 2 + 5 * w2 ** 2,
    gradient: ([w1, w2]) => [w1, 10 * w2],
    seen: [
      [-9, 5],
      [-4.4, 4.4],
    ],
    ticks: [
      [-8, -4, 0, 4],
      [-4, 0, 4],
    ],
    step: 0.1,
    start: [-8, 1.5],
    lr: 0.02,
    rates: { min: 0.01, max: 0.25, step: 0.01 },
  },
  saddle: {
    formula: "½ w₁² + ¼ (w₂² − 1)²",
    loss: ([w1, w2]) => w1 ** 2 / 2 + (w2 ** 2 - 1) ** 2 / 4,
    gradient: ([w1, w2]) => [w1, w2 ** 3 - w2],
    seen: [
      [-2.2, 2.2],
      [-1.4, 1.4],
    ],
    ticks: [
      [-2, -1, 0, 1, 2],
      [-1, 0, 1],
    ],
    step: 0.01,
    start: [-1.8, 0],
    lr: 0.2,
    rates: { min: 0.05, max: 1.2, step: 0.05 },
  },
};

/** How many parameters a loss has, and what they are called. */
export const parameters = ({ gradient }) => (gradient([0, 0]).length === 1 ? ["w"] : ["w₁", "w₂"]);

/** Where a pair of values of the two axes stands in the drawing. */
export function place({ seen: [across, up] }, [u, v]) {
  const share = (x, [low, high]) => (x - low) / (high - low);
  return [LEFT + WIDTH * share(u, across), TOP + HEIGHT * (1 - share(v, up))];
}

/** Where the point of a walk stands in the drawing. */
export const spot = (kind, w) => place(kind, w.length === 1 ? [w[0], kind.loss(w)] : w);

/** Half a tangent of a loss over one parameter, 45 units long; nothing for two. */
export function tangentAt({ seen: [across, up], gradient }, w) {
  if (w.length > 1) return [0, 0];
  const [dx, dy] = [WIDTH / (across[1] - across[0]), (-gradient(w)[0] * HEIGHT) / (up[1] - up[0])];
  return [dx, dy].map((d) => (45 * d) / Math.hypot(dx, dy));
}

/** A loss over one parameter as a curve. */
export function curve(kind) {
  const [[left, right]] = kind.seen;
  return trace(range(121).map((k) => spot(kind, [left + (k / 120) * (right - left)])));
}

/** A loss over two parameters as lines of equal height, straight in each triangle of a grid. */
export function contours(kind) {
  const [[left, right], [low, high]] = kind.seen;
  const corner = (i, j) => {
    const w = [left + (i / COLUMNS) * (right - left), low + (j / ROWS) * (high - low)];
    return [...w, kind.loss(w)];
  };
  const triangles = range(ROWS * COLUMNS).flatMap((k) => {
    const [i, j] = [k % COLUMNS, Math.floor(k / COLUMNS)];
    const [p, q] = [corner(i, j), corner(i + 1, j + 1)];
    return [
      [p, q, corner(i + 1, j)],
      [p, q, corner(i, j + 1)],
    ];
  });
  const top = Math.max(...triangles.flat().map((p) => p[2]));
  const levels = range(LEVELS).map((k) => (top * k) / LEVELS);
  const lines = triangles.flatMap((triangle) => {
    const [least, most] = [Math.min, Math.max].map((end) => end(...triangle.map((p) => p[2])));
    const crossed = levels.filter((level) => least < level && level < most);
    return crossed.map((level) => cut(cut(triangle, level, 1), level, -1));
  });
  return lines.map((line) => trace(line.map((w) => place(kind, w)))).join("");
}

/** The pair of values at a share of the width and of the height, rounded. */
export function pointAt({ seen, step }, shares) {
  return shares.map((share, i) => {
    const [low, high] = seen[i];
    const value = low + clamp(share, 0, 1) * (high - low);
    return Number((Math.round(value / step) * step).toFixed(2));
  });
}
