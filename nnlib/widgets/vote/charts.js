// The two drawings: the outputs with their wishes, and what arrives of them at a neuron.

import { svg, update } from "../shared/dom.js";
import { canvas, label, tint, trace } from "../shared/drawing.js";
import { clamp, range, rounded } from "../shared/numbers.js";

const [WIDTH, HEIGHT, TOP, ROW, SIDE] = [360, 350, 34, 27, 14];
const middle = (i) => TOP + ROW * (i + 0.5);

/** A number with its sign; 0 has none. */
function signed(value) {
  const text = rounded(value, 2);
  return value > 0 && text !== "0" ? `+${text}` : text;
}

/** An arrow from a line at x, as long as a value; and the value beside its column. */
function arrowAt(x, y, scale, reach, place, bold = false) {
  const shaft = svg("path");
  const text = label(place, y + 4, "", "");
  const draw = (value) => {
    const end = x + clamp(scale * value, -reach, reach);
    const back = Math.abs(end - x) < 6 ? (end - x) / 2 : 5 * Math.sign(end - x);
    const spread = 1.6 * Math.abs(back);
    const head = trace([
      [end - back, y - spread / 2],
      [end, y],
      [end - back, y + spread / 2],
    ]);
    const way = value < 0 ? "falls" : "rises";
    const line = trace([
      [x, y],
      [end, y],
    ]);
    update(shaft, { d: line + head, class: `arrow ${way}${bold ? " total" : ""}` });
    update(text, { text: signed(value) });
  };
  return { parts: [shaft, text], draw };
}

/** A column of arrows, one for each output, with a line where they begin and a heading. */
function arrows({ x, scale, reach, place, head }, count) {
  const rows = range(count).map((i) => arrowAt(x, middle(i), scale, reach, place));
  const zero = svg("path", {
    class: "zero",
    d: trace([
      [x, TOP],
      [x, TOP + ROW * count],
    ]),
  });
  const title = label(x, 18, head, "muted");
  const draw = (values) => values.forEach((value, i) => rows[i].draw(value));
  return { parts: [zero, title, ...rows.flatMap(({ parts }) => parts)], draw };
}

const names = (x) => range(10).map((i) => label(x, middle(i) + 4, i, ""));

/** The image, and the ten outputs: probabilities as bars, wishes as arrows. */
export function outputChart() {
  const pixels = range(SIDE * SIDE).map((j) =>
    svg("rect", { x: 6 * (j % SIDE), y: 6 * Math.floor(j / SIDE), width: 6.1, height: 6.1 }),
  );
  const image = svg("g", { transform: `translate(0 ${TOP})` }, ...pixels);
  const digits = names(108);
  const bars = range(10).map((i) =>
    svg("rect", { class: "share", x: 120, y: middle(i) - 8, height: 16 }),
  );
  const shares = range(10).map((i) => label(178, middle(i) + 4, "", ""));
  const wishes = arrows(
    { x: 236, scale: 80, reach: 80, place: 342, head: "wish y − p" },
    digits.length,
  );
  const heads = [label(150, 18, "p", "muted italic")];
  const element = canvas(
    WIDTH,
    HEIGHT,
    image,
    ...digits,
    ...bars,
    ...shares,
    ...heads,
    ...wishes.parts,
  );

  const draw = ({ p, wishes: values, image: ink, right }) => {
    ink.forEach((shade, j) => update(pixels[j], { fill: tint(Math.round(20 * shade) / 20) }));
    p.forEach((share, i) => {
      update(bars[i], { width: (40 * share).toFixed(1) });
      update(shares[i], { text: rounded(share, 2) });
      update(digits[i], { class: i === right ? "right" : "" });
    });
    wishes.draw(values);
    const spoken = p.map((share, i) => `${i}: p ${rounded(share, 2)}, wish ${signed(values[i])}`);
    update(element, { "aria-label": `Ten outputs and their wishes. ${spoken.join("; ")}` });
  };
  return { element, draw };
}

/** At one neuron: ten weights, each wish times its weight, their sum, and what weights are asked. */
export function neuronChart() {
  const digits = names(8);
  const weights = range(10).map((i) => label(50, middle(i) + 4, "", ""));
  const column = { scale: 100, reach: 56 };
  const parts = arrows({ ...column, x: 135, place: 208, head: "wish × weight" }, 10);
  const asked = arrows(
    { ...column, scale: 22, x: 278, place: 344, head: "wish of the weight" },
    10,
  );
  const y = TOP + ROW * 10 + 20;
  const total = arrowAt(135, y, column.scale, column.reach, 208, true);
  const words = [label(44, 18, "weight", "muted"), label(46, y + 4, "added up", "muted")];
  const line = svg("path", {
    class: "zero",
    d: trace([
      [80, y - 18],
      [232, y - 18],
    ]),
  });
  const element = canvas(
    WIDTH,
    HEIGHT,
    line,
    ...[...digits, ...weights, ...words, ...parts.parts, ...asked.parts, ...total.parts],
  );

  const draw = ({ w, parts: values, weights: wanted, total: sum }) => {
    w.forEach((weight, i) => update(weights[i], { text: `× ${rounded(weight, 2)}` }));
    parts.draw(values);
    asked.draw(wanted);
    total.draw(sum);
    const spoken = values.map((value, i) => `from ${i} ${signed(value)}`).join(", ");
    update(element, { "aria-label": `What arrives: ${spoken}; added up ${signed(sum)}` });
  };
  return { element, draw };
}
