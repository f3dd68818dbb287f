// A drawing of 28 × 28 pixels: the pen, and the place that MNIST would give it.

import { AREA, SIZE } from "../shared/easel.js";
import { clamp, dot, range, sum } from "../shared/numbers.js";

const PEN = 1.5; // the radius of the pen, in pixels
const [BOX, FAINTEST] = [20, 0.3]; // as in nnlib.datasets.place

/** The drawing after a stroke of the pen from one place to another. */
export function inked(drawing, to, from) {
  const along = to.map((x, axis) => x - from[axis]);
  const length = Math.hypot(...along);
  return Float32Array.from(drawing, (ink, j) => {
    const away = [Math.floor(j / SIZE) + 0.5, (j % SIZE) + 0.5].map((x, axis) => x - from[axis]);
    const t = clamp((away[0] * along[0] + away[1] * along[1]) / (length * length || 1), 0, 1);
    const distance = Math.hypot(away[0] - t * along[0], away[1] - t * along[1]);
    return Math.max(ink, clamp(PEN + 0.5 - distance, 0, 1));
  });
}

/** For each of 28 pixels, the shares of it that lie on each pixel of the drawing. */
function shares(start, scale) {
  return range(SIZE).map((i) => {
    const from = start + i / scale;
    return range(SIZE).map((j) => {
      return Math.max(Math.min(from + 1 / scale, j + 1) - Math.max(from, j), 0) * scale;
    });
  });
}

/** A drawing as MNIST would have it: nnlib.datasets.place. */
export function place(drawing, by) {
  const rows = range(SIZE).map((i) => Array.from(drawing.slice(i * SIZE, (i + 1) * SIZE)));
  const columns = rows.map((_, j) => rows.map((row) => row[j]));
  const darkest = Math.max(...drawing);
  if (!(darkest > 0)) return new Array(AREA).fill(0);
  const ends = [rows, columns].map((lines) => {
    const dark = lines.map((line) => line.some((ink) => ink > FAINTEST * darkest));
    return [dark.indexOf(true), dark.lastIndexOf(true) + 1];
  });
  const scale = BOX / Math.max(...ends.map(([first, end]) => end - first));
  const edges = ends.map(([first, end]) => Math.floor((SIZE - scale * (end - first)) / 2));

  const put = () => {
    const [R, C] = ends.map(([first], axis) => shares(first - edges[axis] / scale, scale));
    const narrow = C.map((share) => rows.map((row) => dot(share, row)));
    return R.flatMap((share) => narrow.map((column) => dot(share, column)));
  };
  if (by === "mass") {
    const image = put();
    for (const axis of [0, 1]) {
      const where = (j) => (axis ? j % SIZE : Math.floor(j / SIZE));
      const centre = sum(image.map((ink, j) => ink * where(j))) / sum(image);
      edges[axis] += Math.floor(SIZE / 2 - centre + 0.5);
    }
  }
  return put();
}
