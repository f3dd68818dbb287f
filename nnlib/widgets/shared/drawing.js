// Parts of drawings, and their colours.

import { svg } from "./dom.js";

/** A colour of the page, thinned with its paper. */
export function mix(colour, percent) {
  return `color-mix(in srgb, var(--live-${colour}) ${percent.toFixed(1)}%, var(--live-paper))`;
}

/** Blue for positive shares of 1, orange for negative ones, and paper for 0. */
export function tint(share) {
  return mix(share < 0 ? "orange" : "blue", 100 * Math.min(Math.abs(share), 1));
}

/** A drawing area in its own units; its aria-label must say what is seen. */
export function canvas(width, height, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, ...children);
}

/** Words in a drawing; the corners of a polygon; and a line through some places, for a path. */
export const label = (x, y, words, style = "") => svg("text", { x, y, class: style }, words);
export const points = (places) => places.map((p) => p.map((x) => x.toFixed(1)).join()).join(" ");
export const trace = (places) => `M${places.map((p) => p.map((x) => x.toFixed(1))).join("L")}`;

/** The part of a polygon where side * (z - level) is not negative; a vertex is [x1, x2, z]. */
function clip(polygon, level, side) {
  return polygon.flatMap((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    const [s, t] = [side * (p[2] - level), side * (q[2] - level)];
    const crossing = p.map((value, k) => value + (s / (s - t)) * (q[k] - value));
    return [...(s >= 0 ? [p] : []), ...(s * t < 0 ? [crossing] : [])];
  });
}

/** The part of a polygon where z is between two levels. */
export const between = (polygon, low, high) => clip(clip(polygon, low, 1), high, -1);
