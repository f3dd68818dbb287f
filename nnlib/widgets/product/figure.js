import { button, choice } from "../shared/controls.js";
import { html, set, svg } from "../shared/dom.js";
import { canvas, mix } from "../shared/drawing.js";
import { clamp, number, sum } from "../shared/numbers.js";
import { change, follow } from "../shared/traits.js";

const CELL = 42;
const GAP = 30;
const COLOURS = ["blue", "orange", "green", "purple"];
const FORMS = { rows: ["X", "W", "b", "Z"], columns: ["W", "X", "b", "Z"] };
const FORMULAS = { rows: "in rows: Z = X Wᵀ + b", columns: "in columns: Z = W X + b" };

/** Z = X Wᵀ + b, one example a row. */
export function compute({ X, W, b }) {
  return X.map((x) => W.map((w, i) => sum(x.map((value, j) => value * w[j])) + b[i]));
}

/** Whether a matrix stands on its side: W where examples are rows, all others where columns. */
const turned = (name, form) => (name === "W") === (form === "rows");

/** Where each matrix stands in a form, in cells: rows, columns and the left edge in units. */
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

const times = (p, q) => `${number(p)} · ${q < 0 ? `(${number(q)})` : number(q)}`;

function render({ model, el }) {
  const [X, W, b] = [model.get("X"), model.get("W"), model.get("b")];
  const values = { X, W, b: [b], Z: compute({ X, W, b }) };
  const sizes = Object.fromEntries(
    Object.entries(values).map(([name, rows]) => [name, [rows.length, rows[0].length]]),
  );
  const last = X.length * W.length;
  const height = CELL * Math.max(X.length, W.length, X[0].length);
  const width = Math.max(...Object.keys(FORMS).map((form) => layout(sizes, form).Z.right)) + 1;

  const cells = Object.entries(values).flatMap(([name, rows]) =>
    rows.flatMap((row, i) =>
      row.map((value, j) => {
        const box = svg("rect", { width: CELL, height: CELL, stroke: "var(--live-faint)" });
        const text = svg("text", { x: CELL / 2, y: CELL / 2 + 6 }, number(value));
        // The neuron and the example that a number belongs to; none means all of them.
        const neuron = { X: undefined, W: i, b: j, Z: j }[name];
        const example = { X: i, Z: i }[name];
        if (neuron !== undefined) text.style.fill = `var(--live-${COLOURS[neuron % 4]})`;
        const group = svg("g", { class: "live-moves" }, box, text);
        return { name, i, j, neuron, example, box, text, group };
      }),
    ),
  );
  const frames = Object.fromEntries(
    Object.keys(values).map((name) => {
      const box = svg("rect", { fill: "none", stroke: "var(--live-ink)" });
      const texts = ["italic", "muted", ""].map((style) => svg("text", { class: style }));
      return [name, { box, title: texts[0], shape: texts[1], sign: texts[2] }];
    }),
  );
  const drawing = canvas(
    width,
    height + 60,
    ...cells.map((cell) => cell.group),
    ...Object.values(frames).flatMap(Object.values),
  );
  const result = html("output", { class: "live-result live-sum", "aria-live": "polite" });
  const go = (by) => () => change(model, "steps", (model.get("steps") + by + last) % last || last);

  el.classList.add("live");
  el.append(
    html("div", { class: "live-row" }, drawing),
    result,
    html(
      "div",
      { class: "live-controls" },
      html("div", { class: "live-buttons" }, button("Back", go(-1)), button("Next number", go(1))),
      choice(model, "examples", "form", FORMULAS),
    ),
  );

  return follow(model, ["form", "steps"], () => {
    const [form, steps] = [model.get("form"), clamp(model.get("steps"), 1, last)];
    const [n, i] = [Math.floor((steps - 1) / W.length), (steps - 1) % W.length];
    const places = layout(sizes, form);
    const top = (name) => 30 + (height - places[name].rows * CELL) / 2;

    for (const cell of cells) {
      const [row, column] = turned(cell.name, form) ? [cell.j, cell.i] : [cell.i, cell.j];
      const x = places[cell.name].left + column * CELL;
      const y = top(cell.name) + row * CELL;
      const meets = (cell.neuron ?? i) === i && (cell.example ?? n) === n;
      const colour = cell.name === "X" ? "muted" : COLOURS[i % 4];
      set(cell.group, { style: `transform: translate(${x}px, ${y}px)` });
      set(cell.box, { fill: meets ? mix(colour, 24) : "var(--live-paper)" });
      if (cell.name === "Z")
        set(cell.text, { opacity: Number(cell.i * W.length + cell.j < steps) });
    }
    FORMS[form].forEach((name, position) => {
      const { rows, columns, left, right } = places[name];
      const { box, title, shape, sign } = frames[name];
      const [middle, y] = [(left + right) / 2, top(name)];
      set(box, { x: left, y, width: right - left, height: rows * CELL });
      const symbol = name === "W" && form === "rows" ? "Wᵀ" : name;
      const lengths = name === "b" && form === "rows" ? `(${columns},)` : `(${rows}, ${columns})`;
      const between = ["", "+", "=", ""][position];
      set(title, { x: middle, y: y - 9, text: symbol });
      set(shape, { x: middle, y: y + rows * CELL + 20, text: lengths });
      set(sign, { x: right + GAP / 2, y: 36 + height / 2, text: between });
    });

    const products = X[n].map((x, j) => times(x, W[i][j])).join(" + ");
    const bias = `${b[i] < 0 ? "−" : "+"} ${number(Math.abs(b[i]))}`;
    const answer = number(values.Z[n][i]);
    set(result, { text: `Example ${n}, neuron ${i}: ${products} ${bias} = ${answer}` });
    const done = `${steps} of ${last} numbers of Z are computed`;
    set(drawing, { "aria-label": `Examples ${FORMULAS[form]}. ${done}` });
  });
}

export default { render };
