// What lights up in the network: the neurons of the hidden layers, and the probabilities.

import { svg, update } from "../shared/dom.js";
import { canvas, tint } from "../shared/drawing.js";
import { number, range, sum } from "../shared/numbers.js";

const [HEIGHT, PER_COLUMN, WIDE] = [224, 16, 150]; // of the drawing of the layers

/** A probability in percent, with one digit after the point. */
export const percent = (p) => `${number(Math.round(1000 * p) / 10)} %`;

/** Squares for the neurons of each hidden layer in columns of 16, and their number below. */
function neurons(hidden) {
  const columns = hidden.map((size) => Math.ceil(size / PER_COLUMN));
  const cell = Math.min(HEIGHT / PER_COLUMN, (WIDE - 10 * hidden.length) / sum(columns));
  const gap = (WIDE - cell * sum(columns)) / hidden.length;
  let left = gap / 2;
  return hidden.map((size, l) => {
    const top = (HEIGHT - cell * Math.min(size, PER_COLUMN)) / 2;
    const squares = range(size).map((i) => {
      const x = left + cell * Math.floor(i / PER_COLUMN);
      const place = { x, y: top + cell * (i % PER_COLUMN), width: cell - 1.5, height: cell - 1.5 };
      return svg("rect", { ...place, stroke: "var(--live-faint)" });
    });
    const middle = left + (cell * columns[l]) / 2;
    left += cell * columns[l] + gap;
    return { squares, count: svg("text", { x: middle, y: HEIGHT + 18, class: "muted" }, size) };
  });
}

/** The layers of a network of some sizes, and a bar for each answer; and what draws them. */
export function lights(sizes) {
  const answers = range(sizes.at(-1));
  const layers = neurons(sizes.slice(1, -1));
  const [height, left] = [HEIGHT / answers.length, sizes.length > 2 ? WIDE + 10 : 10];
  const middle = (k) => height * (k + 0.5) + 5;
  const digits = answers.map((k) => svg("text", { x: left, y: middle(k) }, k));
  const bars = answers.map((k) =>
    svg("rect", { x: left + 12, y: height * k + 4, height: height - 8 }),
  );
  const shares = answers.map((k) => svg("text", { x: left + 108, y: middle(k) }, ""));
  const squares = layers.flatMap((layer) => layer.squares);
  const counts = layers.map((layer) => layer.count);
  const parts = [...squares, ...counts, ...digits, ...bars, ...shares];
  const element = canvas(left + 136, HEIGHT + 24, ...parts);

  const draw = ({ hidden, probabilities }) => {
    layers.forEach((layer, l) => {
      const most = Math.max(...hidden[l]) || 1;
      layer.squares.forEach((square, i) => update(square, { fill: tint(hidden[l][i] / most) }));
    });
    const best = probabilities.indexOf(Math.max(...probabilities));
    probabilities.forEach((p, k) => {
      update(bars[k], { width: 64 * p, class: k === best ? "live-full" : "live-pale" });
      update(shares[k], { text: percent(p), class: k === best ? "" : "muted" });
    });
    const list = probabilities.map((p, k) => `${k}: ${percent(p)}`).join("; ");
    update(element, { "aria-label": `The activations of every layer. Probabilities: ${list}` });
  };
  return { element, draw };
}
