import { answers } from "./answers.js";
import { lines } from "./lines.js";
import { choice, controls, result, slider } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { ACTIVATIONS, dot, number, range, rounded, sum } from "../shared/numbers.js";
import { CORNERS, MIDDLE } from "../shared/plane.js";
import { traitsOf } from "../shared/traits.js";

const GOAL = [0, 1, 1, 0];
const THIRD = {
  and: { w: [1, 1], b: -1.5 },
  or: { w: [1, 1], b: -0.5 },
  "but not": { w: [1, -1], b: -0.5 },
};
const NAMES = { and: "1 and 2", or: "1 or 2", "but not": "1 but not 2" };

const fires = ({ w, b }, x) => ACTIVATIONS.step(dot(w, x) + b);

/** Both lines as weights and biases, what their neurons answer at each corner, and the third. */
export function compute({ angle, shift, third }) {
  const w = angle
    .map((degrees) => (degrees * Math.PI) / 180)
    .map((t) => [Math.cos(t), Math.sin(t)]);
  const b = w.map((way, k) => -(dot(way, MIDDLE) + shift[k]));
  const hidden = CORNERS.map((x) => w.map((way, k) => fires({ w: way, b: b[k] }, x)));
  return { w, b, hidden, answers: hidden.map((a) => fires(THIRD[third], a)) };
}

function sliders(traits) {
  const turned = { min: -180, max: 180, step: 5 };
  const moved = { min: -1, max: 1, step: 0.05 };
  const both = range(2).map((index) =>
    div(
      slider(traits, `turn line ${index + 1}`, "angle", { index, ...turned }),
      slider(traits, `move line ${index + 1}`, "shift", { index, ...moved }),
    ),
  );
  return controls(...both, choice(traits, "neuron 3 fires for", "third", NAMES));
}

/** The weights and the bias of a neuron, as one writes them. */
const written = (w, b) => `w = (${w.map((x) => rounded(x, 2)).join(", ")}), b = ${rounded(b, 2)}`;

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const put = (name, k, value) => traits.change({ [name]: traits.get(name).with(k, value) });
  const [plane, seen] = [lines(put), answers()];
  const [score, values] = [html("span"), html("span", { class: "muted" })];

  el.classList.add("live", "live-xor");
  el.append(
    beside(plane.element, seen.element),
    result({ spoken: true }, score, values),
    sliders(traits),
  );

  traits.follow(["angle", "shift", "third"], () => {
    const given = traits.read("angle", "shift", "third");
    const found = compute(given);
    const right = found.answers.map((a, i) => a === GOAL[i]);
    const fired = range(4).map((k) => fires(THIRD[given.third], [k >> 1, k & 1]));
    plane.draw({ ...given, ...found, fired, goal: GOAL, right });
    seen.draw({ ...found, third: THIRD[given.third], goal: GOAL });
    const count = sum(right.map(Number));
    update(score, { text: `Correct: ${count} of 4 corners${count === 4 ? ": XOR" : ""}. ` });
    const neurons = found.w.map((w, k) => `Neuron ${k + 1}: ${written(w, found.b[k])}.`);
    update(values, { text: neurons.join(" ") });
    const spoken = CORNERS.map((p, i) => `(${p.join(", ")}): ${number(found.answers[i])}`);
    update(plane.element, {
      "aria-label": `Two lines in the plane. Answers: ${spoken.join("; ")}`,
    });
  });
}

export default { render };
