// Where the losses and their walks stand in the drawing: as a curve, or as a map.

import { between, trace } from "../shared/drawing.js";
import { clamp, range } from "../shared/numbers.js";

export const BOX = { x: 30, y: 28, width: 380, height: 240 };
const [COLUMNS, ROWS] = [60, 40];

/** Where a pair of values of the two axes stands in the drawing. */
export function place({ seen: [across, up] }, [u, v]) {
  const share = (x, [low, high]) => (x - low) / (high - low);
  return [BOX.x + BOX.width * share(u, across), BOX.y + BOX.height * (1 - share(v, up))];
}

/** Where the point of a walk stands in the drawing. */
export const spot = (kind, w) => place(kind, w.length === 1 ? [w[0], kind.loss(w)] : w);

/** Half a tangent of a loss over one parameter, 45 units long; nothing for two. */
export function tangentAt({ seen: [across, up], gradient }, w) {
  if (w.length > 1) return [0, 0];
  const dx = BOX.width / (across[1] - across[0]);
  const dy = (-gradient(w)[0] * BOX.height) / (up[1] - up[0]);
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
  const lines = triangles.flatMap((triangle) => {
    const [least, most] = [Math.min, Math.max].map((end) => end(...triangle.map((p) => p[2])));
    const crossed = kind.levels.filter((level) => least < level && level < most);
    return crossed.map((level) => between(triangle, level, level));
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
