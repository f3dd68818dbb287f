import { curve } from "./curve.js";
import { diagram } from "./diagram.js";
import { choice, controls, result, slider } from "../shared/controls.js";
import { beside, div, update } from "../shared/dom.js";
import { ACTIVATIONS, number, range, sum } from "../shared/numbers.js";
import { traitsOf } from "../shared/traits.js";

const NAMES = { step: "step", sigmoid: "sigmoid", relu: "ReLU" };
const INPUT = { min: 0, max: 5, step: 0.5 };
const WEIGHT = { min: -3, max: 3, step: 0.5 };
const BIAS = { min: -15, max: 15, step: 0.5 };

/** Each product of one neuron, their sum, the pre-activation and the activation. */
export function compute({ x, w, b, activation }) {
  const products = x.map((value, i) => value * w[i]);
  const z = sum(products) + b;
  return { products, sum: sum(products), z, a: ACTIVATIONS[activation](z) };
}

/** A sum as one writes it: negative numbers in brackets. */
const added = (numbers) =>
  numbers.map((x, i) => (i && x < 0 ? `(${number(x)})` : number(x))).join(" + ");

/** What the neuron does with its inputs, in words. */
function told({ products, sum: total, z, a }, { b, parts }) {
  if (parts === "sum") return `Weighted sum: ${added(products)} = ${number(total)}.`;
  const shifted = `${added([total, b])} = ${number(z)}`;
  if (parts === "activation") return `z = ${shifted}, and a = ${number(a, 3)}.`;
  const fires = z > 0 ? "is above 0: it fires." : "is not above 0: it is silent.";
  return `${shifted} ${fires}`;
}

function sliders(traits, names, parts, graph) {
  const each = (words, name, limits) =>
    range(names.length).map((index) => slider(traits, words(index), name, { index, ...limits }));
  const inputs = each((i) => names[i], "x", INPUT);
  const weights = each((i) => `weight w${"₁₂₃₄₅₆₇₈₉"[i]}`, "w", WEIGHT);
  const bias = parts === "sum" ? [] : [slider(traits, "bias b", "b", BIAS)];
  const title = "activation function";
  const all = parts === "activation";
  const functions = all ? [choice(traits, title, "activation", NAMES)] : [];
  const groups = [inputs, weights, [...bias, ...functions], all ? [graph] : []];
  return controls(...groups.filter((group) => group.length).map((group) => div(...group)));
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { names, parts } = traits.read("names", "parts");
  const neuron = diagram(names, parts);
  const graph = curve();
  const said = result({ spoken: true });

  el.classList.add("live", "live-umbrella");
  el.append(beside(neuron.element), said, sliders(traits, names, parts, graph.element));

  traits.follow(["x", "w", "b", "activation"], () => {
    const given = traits.read("x", "w", "b", "activation");
    const found = compute(given);
    neuron.draw(given, found);
    graph.draw(given.activation, found);
    update(said, { text: told(found, { b: given.b, parts }) });
  });
}

export default { render };
