// The drawing of the matrices: a cell for each number, and a frame around each matrix.

import { svg, update } from "../shared/dom.js";
import { canvas, mix } from "../shared/drawing.js";
import { number } from "../shared/numbers.js";

const CELL = 42;
const GAP = 30;
const COLOURS = ["blue", "orange", "green", "purple"];
const FORMS = { rows: ["X", "W", "b", "Z"], columns: ["W", "X", "b", "Z"] };
const SIGNS = ["", "+", "=", ""]; // after the first matrix, the second, and so on

/** Whether a matrix stands on its side: W where examples are rows, all others where columns. */
const turned = (name, form) => (name === "W") === (form === "rows");

/** Where each matrix stands in a form: rows and columns in cells, the edges in units. */
function layout(sizes, form) {
  let left = 1;
  return Object.fromEntries(
    FORMS[form].map((name) => {
      const [rows, columns] = turned(name, form) ? [...sizes[name]].reverse() : sizes[name];
      const place = { rows, columns, left };
      left += columns * CELL + GAP;
      return [name, { ...place, right: left - GAP }];
    }),
  );
}

/** A number of a matrix, which moves when the form changes. */
function cellOf(name, i, j, value) {
  const box = svg("rect", { width: CELL, height: CELL, stroke: "var(--live-faint)" });
  const words = svg("text", { x: CELL / 2, y: CELL / 2 + 6 }, number(value));
  // The neuron and the example that a number belongs to; none means all of them.
  const neuron = { X: undefined, W: i, b: j, Z: j }[name];
  const example = { X: i, Z: i }[name];
  if (neuron !== undefined) words.style.fill = `var(--live-${COLOURS[neuron % 4]})`;
  const group = svg("g", { class: "moves" }, box, words);
  const draw = (form, { left, top }, now) => {
    const [row, column] = turned(name, form) ? [j, i] : [i, j];
    const meets = (neuron ?? now.neuron) === now.neuron && (example ?? now.example) === now.example;
    const colour = name === "X" ? "muted" : COLOURS[now.neuron % 4];
    const moved = `translate(${left + column * CELL}px, ${top + row * CELL}px)`;
    update(group, { style: `transform: ${moved}` });
    update(box, { fill: meets ? mix(colour, 24) : "var(--live-paper)" });
    if (name === "Z") update(words, { opacity: Number(now.computed(i, j)) });
  };
  return { name, group, draw };
}

/** The frame of a matrix, with its name above, its shape below, and a sign on its right. */
function frameOf(name) {
  const box = svg("rect", { fill: "none", stroke: "var(--live-ink)" });
  const [title, shape, sign] = ["italic", "muted", ""].map((style) =>
    svg("text", { class: style }),
  );
  const draw = (form, { rows, columns, left, right, top }, middle) => {
    const centre = (left + right) / 2;
    const lengths = name === "b" && form === "rows" ? `(${columns},)` : `(${rows}, ${columns})`;
    const symbol = name === "W" && form === "rows" ? "Wᵀ" : name;
    update(box, { x: left, y: top, width: right - left, height: rows * CELL });
    update(title, { x: centre, y: top - 9, text: symbol });
    update(shape, { x: centre, y: top + rows * CELL + 20, text: lengths });
    update(sign, { x: right + GAP / 2, y: middle, text: SIGNS[FORMS[form].indexOf(name)] });
  };
  return { name, elements: [box, title, shape, sign], draw };
}

/** The drawing of matrices by their names, each a list of rows. */
export function matrices(values) {
  const sizes = Object.fromEntries(
    Object.entries(values).map(([name, rows]) => [name, [rows.length, rows[0].length]]),
  );
  const layouts = Object.fromEntries(Object.keys(FORMS).map((form) => [form, layout(sizes, form)]));
  const places = Object.values(layouts).flatMap(Object.values);
  const height = CELL * Math.max(...places.map(({ rows }) => rows));
  const width = Math.max(...places.map(({ right }) => right)) + 1;
  const cells = Object.entries(values).flatMap(([name, rows]) =>
    rows.flatMap((row, i) => row.map((value, j) => cellOf(name, i, j, value))),
  );
  const frames = Object.keys(values).map(frameOf);
  const groups = cells.map(({ group }) => group);
  const element = canvas(width, height + 60, ...groups, ...frames.flatMap((f) => f.elements));
  const draw = (form, now) => {
    const at = (name) => {
      const place = layouts[form][name];
      return { ...place, top: 30 + (height - place.rows * CELL) / 2 };
    };
    for (const cell of cells) cell.draw(form, at(cell.name), now);
    for (const frame of frames) frame.draw(form, at(frame.name), 36 + height / 2);
  };
  return { element, draw };
}
