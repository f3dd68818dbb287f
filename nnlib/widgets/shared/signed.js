// Images of signed numbers that can be read without colour.

import { svg, update } from "./dom.js";
import { canvas, tint } from "./drawing.js";

const LEVELS = 10; // of strength, on each side of 0

/** A map of pixels, row by row: blue and whole for positive, orange and half as high for negative. */
export function signed(size) {
  const shades = Array.from({ length: 2 * LEVELS }, (_, k) => {
    const share = ((k % LEVELS) + 1) / LEVELS;
    return svg("path", {
      fill: tint(k < LEVELS ? share : -share),
      "shape-rendering": "crispedges",
    });
  });
  const paper = svg("rect", { width: size, height: size, fill: "var(--live-paper)" });
  const frame = svg("rect", {
    width: size,
    height: size,
    class: "live-frame",
    "stroke-width": 0.1,
  });
  const element = canvas(size, size, paper, ...shades, frame);
  const draw = (values) => {
    const largest = Math.max(...values.map(Math.abs)) || 1;
    const paths = shades.map(() => "");
    values.forEach((value, j) => {
      const level = Math.round((LEVELS * Math.abs(value)) / largest);
      if (!level) return;
      const height = value > 0 ? 1 : 0.5;
      const k = level - 1 + (value > 0 ? 0 : LEVELS);
      paths[k] += `M${j % size} ${Math.floor(j / size)}h1v${height}h-1z`;
    });
    shades.forEach((shade, k) => update(shade, { d: paths[k] }));
  };
  return { element, draw };
}
