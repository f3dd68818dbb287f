import { chart } from "./chart.js";
import { button, buttons, controls, radios, result, segments, slider } from "../shared/controls.js";
import { beside, div, html, svg, update } from "../shared/dom.js";
import { tint } from "../shared/drawing.js";
import { AREA, SIZE, easel, grey, imageAt, picture, squares } from "../shared/easel.js";
import { ACTIVATIONS, number, range } from "../shared/numbers.js";
import { bytes, floats, traitsOf } from "../shared/traits.js";

const HALF = 1; // the brush covers this many pixels on each side of the one that it is on
const BRUSHES = { "+1": "+1", "-1": "−1", "+5.5": "+5.5", "-5.5": "−5.5", "+0": "0" };
const HELP = "Weights, 28 rows by 28 columns: arrow keys move the brush, the space bar paints";

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
function painted(w, [row, column], weight) {
  const after = Float32Array.from(w);
  for (let i = Math.max(row - HALF, 0); i <= Math.min(row + HALF, SIZE - 1); i++) {
    const end = i * SIZE + Math.min(column + HALF, SIZE - 1);
    after.fill(weight, i * SIZE + Math.max(column - HALF, 0), end + 1);
  }
  return after;
}

/** The weights as a picture to paint on, with a pale image under it, and the brushes. */
function painting(weights, put) {
  let brush = "-5.5"; // it belongs to the page and not to the neuron, so it is no trait
  const pixels = squares();
  const under = svg("image", { class: "under", width: SIZE, height: SIZE });
  const { grid, said } = easel([...pixels, under], HELP, 2 * HALF + 1, {
    paint: (to) => put(painted(weights(), to.map(Math.floor), Number(brush))),
    presses: (event) => event.key === " " || event.shiftKey,
    tell: (row, column) => `weight ${number(weights()[row * SIZE + column])}`,
  });
  const brushes = segments("paint", BRUSHES, (value) => {
    brush = value;
  });
  brushes.check(brush);
  const draw = (w) => {
    const largest = w.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
    w.forEach((weight, j) => {
      const share = Math.sign(weight) * (0.3 + (0.7 * Math.abs(weight)) / largest);
      update(pixels[j], { fill: tint(share) });
    });
  };
  return { grid, said, under, brushes: brushes.element, draw };
}

/** The images in a row, each with its answer; the chosen one lies under the weights. */
function answering(images, names, under) {
  const ghost = (ink) => [110, 110, 110, 120 * ink];
  const ghosts = names.map((_, n) => picture(imageAt(images, n), ghost).toDataURL());
  const show = (n) => update(under, { href: ghosts[n] });
  const answers = names.map(() => html("span"));
  const digits = names.map((name, n) => {
    const shown = update(picture(imageAt(images, n), grey), { "aria-hidden": "true" });
    return { name, content: [shown, answers[n]] };
  });
  const { element, check } = radios("shown under the weights", digits, show);
  element.classList.add("digits");
  element.prepend(html("div", { class: "muted italic" }, "a"));
  check(0);
  show(0);
  const draw = (a) => {
    answers.forEach((answer, n) => update(answer, { class: a[n] ? "" : "muted", text: a[n] }));
  };
  return { element, draw };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { images: sent, names, ...start } = traits.read("images", "names", "w", "b");
  const images = floats(sent);
  const weights = () => floats(traits.get("w"));
  const put = (w) => traits.change({ w: bytes(w) });
  const paint = painting(weights, put);
  const answers = answering(images, names, paint.under);
  const sums = chart(names);
  const said = result({ spoken: true });
  const clear = button("All to 0", () => put(new Float32Array(AREA)));
  const again = button("Start again", () => traits.change(start));

  el.classList.add("live", "live-detector");
  el.append(
    beside(paint.grid, html("div", { class: "wide" }, sums.element, answers.element)),
    said,
    paint.said,
    controls(
      div(paint.brushes, buttons(clear, again)),
      slider(traits, "bias b", "b", { min: -150, max: 150, step: 1 }),
    ),
  );

  traits.follow(["w", "b"], () => {
    const [w, b] = [weights(), traits.get("b")];
    const found = compute({ images, w, b });
    paint.draw(w);
    sums.draw(found, b);
    answers.draw(found.a);
    const fires = names.filter((_, n) => found.a[n]).join(", ") || "none of them";
    update(said, { text: `Threshold ${number(-b)}. The neuron fires for ${fires}.` });
  });
}

export default { render };
