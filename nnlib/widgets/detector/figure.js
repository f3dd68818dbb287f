import { button, radios, segments, slider } from "../shared/controls.js";
import { html, set, svg } from "../shared/dom.js";
import { canvas, tint } from "../shared/drawing.js";
import { SIZE, easel, grey, picture, squares } from "../shared/easel.js";
import { ACTIVATIONS, number, range } from "../shared/numbers.js";
import { change, floats, follow } from "../shared/traits.js";

const HALF = 1; // the brush covers this many pixels on each side of the one that it is on
const BRUSHES = { "+1": "+1", "-1": "−1", "+5.5": "+5.5", "-5.5": "−5.5", "+0": "0" };
const [COLUMN, HEIGHT] = [34, 200];

/** The weighted sum of each image, and what a step neuron with bias b answers. */
export function compute({ images, w, b }) {
  const sums = range(images.length / w.length).map((n) => {
    let total = 0;
    for (let j = 0; j < w.length; j++) total += images[n * w.length + j] * w[j];
    return total;
  });
  return { sums, a: sums.map((s) => ACTIVATIONS.step(s + b)) };
}

/** The weights after one touch of the brush. */
function painted(w, row, column, weight) {
  const result = Float32Array.from(w);
  for (let i = Math.max(row - HALF, 0); i <= Math.min(row + HALF, SIZE - 1); i++) {
    const end = i * SIZE + Math.min(column + HALF, SIZE - 1);
    result.fill(weight, i * SIZE + Math.max(column - HALF, 0), end + 1);
  }
  return result;
}

const ghost = (ink) => [110, 110, 110, 120 * ink];

function render({ model, el }) {
  const images = floats(model.get("images"));
  const [names, start] = [model.get("names"), model.get("w")];
  const image = (n) => images.subarray(n * SIZE * SIZE, (n + 1) * SIZE * SIZE);
  const weights = () => floats(model.get("w"));
  const put = (w) => change(model, "w", new DataView(w.buffer));
  let brush = "-5.5"; // it belongs to the page and not to the neuron, so it is no trait

  const pixels = squares();
  const under = svg("image", { class: "live-pixels", width: SIZE, height: SIZE });
  const label = "Weights, 28 rows by 28 columns: arrow keys move the brush, the space bar paints";
  const [grid, place] = easel([...pixels, under], label, 2 * HALF + 1, {
    paint: ([y, x]) => put(painted(weights(), Math.floor(y), Math.floor(x), Number(brush))),
    presses: (event) => event.key === " " || event.shiftKey,
    tell: (row, column) => `weight ${number(weights()[row * SIZE + column])}`,
  });

  const [width, line] = [COLUMN * (names.length + 1), { x1: COLUMN }];
  const bars = names.map((_, n) => svg("rect", { x: COLUMN * (n + 1) + 7, width: COLUMN - 14 }));
  const sums = names.map((_, n) => svg("text", { x: COLUMN * (n + 1.5), class: "live-clear" }));
  const product = svg("text", { x: COLUMN / 2, class: "muted italic" }, "w · x");
  const zero = svg("line", { class: "live-frame", x2: width, ...line });
  const threshold = svg("line", { class: "live-dashes", x2: width, ...line });
  const chart = canvas(width, HEIGHT + 20, product, ...bars, zero, threshold, ...sums);

  const answers = names.map(() => html("span"));
  const ghosts = names.map((_, n) => picture(image(n), ghost).toDataURL());
  const show = (n) => set(under, { href: ghosts[n] });
  const digits = names.map((name, n) => [
    name,
    set(picture(image(n), grey), { "aria-hidden": "true" }),
    answers[n],
  ]);
  const [row, pickDigit] = radios("shown under the weights", digits, show);
  row.classList.add("live-digits");
  row.prepend(html("div", { class: "muted italic" }, "a"));

  const [brushes, pickBrush] = segments("paint", BRUSHES, (value) => (brush = value));
  const result = html("output", { class: "live-result", "aria-live": "polite" });

  el.classList.add("live");
  el.append(
    html("div", { class: "live-row" }, grid, html("div", { class: "live-wide" }, chart, row)),
    result,
    place,
    html(
      "div",
      { class: "live-controls" },
      html(
        "div",
        {},
        brushes,
        html(
          "div",
          { class: "live-buttons" },
          button("All to 0", () => put(new Float32Array(SIZE * SIZE))),
          button("Start again", () => change(model, "w", start)),
        ),
      ),
      slider(model, "bias b", "b", { min: -150, max: 150, step: 1 }),
    ),
  );
  pickBrush(brush);
  pickDigit(0);
  show(0);

  return follow(model, ["w", "b"], () => {
    const [w, b] = [weights(), model.get("b")];
    const largest = w.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
    w.forEach((weight, j) => {
      const share = Math.sign(weight) * (0.3 + (0.7 * Math.abs(weight)) / largest);
      set(pixels[j], { fill: tint(share) });
    });

    const found = compute({ images, w, b });
    const [top, bottom] = [Math.max(40, -b, ...found.sums), Math.min(0, -b, ...found.sums)];
    const y = (value) => 18 + ((top - value) / (top - bottom)) * (HEIGHT - 18);
    found.sums.forEach((s, n) => {
      const fires = found.a[n] === 1;
      const place = { y: Math.min(y(s), y(0)), height: Math.abs(y(s) - y(0)) };
      set(bars[n], { ...place, class: fires ? "live-full" : "live-pale" });
      set(sums[n], { y: s < 0 ? y(s) + 14 : y(s) - 4, text: number(Math.round(s)) });
      set(answers[n], { class: fires ? "" : "muted", text: found.a[n] });
    });
    set(product, { y: y(0) + 4 });
    set(zero, { y1: y(0), y2: y(0) });
    set(threshold, { y1: y(-b), y2: y(-b) });

    const spoken = names.map((name, n) => `${name}: ${number(found.sums[n])}`).join("; ");
    set(chart, { "aria-label": `Weighted sums: ${spoken}` });
    const fires = names.filter((_, n) => found.a[n]).join(", ") || "none of them";
    set(result, { text: `Threshold ${number(-b)}. The neuron fires for ${fires}.` });
  });
}

export default { render };
