// The answers of the network for the whole plane, with the points that it learns.

import { svg, update } from "../shared/dom.js";
import { canvas, tint } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

const EDGE = 2.6; // of the plane, which reaches from -EDGE to EDGE
const SIDE = 280; // of its drawing
const CELLS = 30; // its squares in a row

const along = (x) => (SIDE * (x + EDGE)) / (2 * EDGE);
const place = ([x1, x2]) => [along(x1), SIDE - along(x2)];

/** A point of the plane: a disc for class 1, a square for class 0. */
function mark(kind, [x, y]) {
  const [tag, shape] = kind
    ? ["circle", { r: 3.6 }]
    : ["rect", { x: -3, y: -3, width: 6, height: 6 }];
  const transform = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  const fill = `var(--live-${kind ? "blue" : "orange"})`;
  const look = { fill, stroke: "var(--live-paper)", "stroke-width": 0.7 };
  return svg(tag, { ...shape, transform, ...look });
}

/** The drawing, what puts the points there, and what fills the plane with the answers. */
export function plane() {
  const width = SIDE / CELLS;
  const cells = range(CELLS * CELLS).map((j) => {
    const at = { x: width * (j % CELLS), y: width * Math.floor(j / CELLS) };
    return svg("rect", { ...at, width: width + 0.3, height: width + 0.3 });
  });
  const centres = cells.map((_, j) => {
    const at = (k) => -EDGE + (2 * EDGE * (k + 0.5)) / CELLS;
    return [at(j % CELLS), -at(Math.floor(j / CELLS))];
  });
  const dots = svg("g");
  const frame = svg("rect", { class: "live-frame", width: SIDE, height: SIDE });
  const field = svg("g", { "shape-rendering": "crispedges" }, ...cells);
  const shades = [];

  const show = ({ x, y }) => {
    dots.replaceChildren(...y.map((kind, n) => mark(kind, place(x[n]))));
  };
  const fill = (probabilities) => {
    centres.forEach((centre, j) => {
      const p = probabilities(centre);
      const shade = Math.round(12 * (p[1] - p[0])) / 20; // few shades, so few squares change
      if (shades[j] !== shade) update(cells[j], { fill: tint(shade) });
      shades[j] = shade;
    });
  };
  return { element: canvas(SIDE, SIDE, field, frame, dots), show, fill };
}
