import { neuronChart, outputChart } from "./charts.js";
import { choice, controls, result, slider } from "../shared/controls.js";
import { beside, div, update } from "../shared/dom.js";
import { softmax } from "../shared/network.js";
import { dot, number, range, rounded, sum } from "../shared/numbers.js";
import { floats, traitsOf } from "../shared/traits.js";

const [DIGITS, HIDDEN] = [10, 16];
const mean = (rows) => rows[0].map((_, k) => sum(rows.map((row) => row[k])) / rows.length);

/** Means over the chosen examples: what each output wishes, and what of it arrives at a neuron. */
export function compute({ activations, W, b, chosen, neuron }) {
  const rows = chosen.map((example) => {
    const a = activations[example];
    const p = softmax(W.map((w, i) => dot(w, a) + b[i]));
    const wishes = p.map((share, i) => Number(i === example) - share);
    return { p, wishes, weights: wishes.map((wish) => wish * a[neuron]) };
  });
  const [p, wishes, weights] = ["p", "wishes", "weights"].map((name) =>
    mean(rows.map((row) => row[name])),
  );
  const parts = wishes.map((wish, i) => wish * W[i][neuron]);
  return { p, wishes, weights, parts, total: sum(parts) };
}

/** The numbers of a trait, in rows. */
function rowsOf(view, length) {
  const numbers = floats(view);
  return range(numbers.length / length).map((n) =>
    Array.from(numbers.subarray(n * length, (n + 1) * length)),
  );
}

/** What is given by Python and never changes here. */
function givenBy(traits) {
  const [activations, W] = ["activations", "W"].map((name) => rowsOf(traits.get(name), HIDDEN));
  const b = Array.from(floats(traits.get("b")));
  const images = rowsOf(traits.get("images"), 196);
  return { activations, W, b, images };
}

/** What the figure says: what is asked of the neuron, and of its weights. */
function sentence({ total, together, neuron, activation }) {
  const asked = Math.abs(total) < 5e-4 ? "to stay as it is" : total > 0 ? "to rise" : "to fall";
  const size = rounded(Math.abs(total), 3);
  if (together) return `In the mean of ten images neuron ${neuron} is asked ${asked}: ${size}.`;
  const silent = activation === 0 ? " It is silent: nothing is asked of its weights." : "";
  return `Neuron ${neuron}, with activation ${number(activation, 3)}, is asked ${asked}: ${size}.${silent}`;
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const given = givenBy(traits);
  const [outputs, arriving] = [outputChart(), neuronChart()];
  const said = result({ spoken: true });
  const digits = slider(traits, "digit", "example", { min: 0, max: DIGITS - 1, step: 1 });
  const neurons = slider(traits, "neuron", "neuron", { min: 0, max: HIDDEN - 1, step: 1 });
  const views = choice(traits, "whose wishes", "view", { one: "this image", mean: "mean of ten" });

  el.classList.add("live", "live-vote");
  el.append(beside(outputs.element, arriving.element), said, controls(div(digits, neurons), views));

  traits.follow(["example", "neuron", "view"], () => {
    const { example, neuron, view } = traits.read("example", "neuron", "view");
    const together = view === "mean";
    const chosen = together ? range(DIGITS) : [example];
    const found = compute({ ...given, chosen, neuron });
    const image = mean(chosen.map((n) => given.images[n]));
    const activation = given.activations[example][neuron];
    outputs.draw({ ...found, image, right: together ? undefined : example });
    arriving.draw({ ...found, w: given.W.map((row) => row[neuron]) });
    update(said, { text: sentence({ ...found, together, neuron, activation }) });
  });
}

export default { render };
