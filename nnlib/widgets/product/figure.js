import { matrices } from "./matrices.js";
import { button, buttons, choice, controls, result } from "../shared/controls.js";
import { beside, update } from "../shared/dom.js";
import { clamp, number, sum } from "../shared/numbers.js";
import { traitsOf } from "../shared/traits.js";

const FORMULAS = { rows: "in rows: Z = X Wᵀ + b", columns: "in columns: Z = W X + b" };

/** Z = X Wᵀ + b, one example a row. */
export function compute({ X, W, b }) {
  return X.map((x) => W.map((w, i) => sum(x.map((value, j) => value * w[j])) + b[i]));
}

/** The sum that makes one number of Z, in numbers. */
function equation(x, w, bias, z) {
  const bracketed = (q) => (q < 0 ? `(${number(q)})` : number(q));
  const times = (p, q) => `${number(p)} · ${bracketed(q)}`;
  const products = x.map((value, j) => times(value, w[j])).join(" + ");
  return `${products} ${bias < 0 ? "−" : "+"} ${number(Math.abs(bias))} = ${number(z)}`;
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { X, W, b } = traits.read("X", "W", "b");
  const Z = compute({ X, W, b });
  const last = X.length * W.length;
  const drawing = matrices({ X, W, b: [b], Z });
  const said = result({ spoken: true });
  const go = (by) => traits.change({ steps: (traits.get("steps") + by + last) % last || last });
  const back = button("Back", () => go(-1));
  const next = button("Next number", () => go(1));

  el.classList.add("live", "live-product");
  el.append(
    beside(drawing.element),
    said,
    controls(buttons(back, next), choice(traits, "examples", "form", FORMULAS)),
  );

  traits.follow(["form", "steps"], () => {
    const [form, steps] = [traits.get("form"), clamp(traits.get("steps"), 1, last)];
    const [example, neuron] = [Math.floor((steps - 1) / W.length), (steps - 1) % W.length];
    const computed = (i, j) => i * W.length + j < steps;
    drawing.draw(form, { example, neuron, computed });
    const sums = equation(X[example], W[neuron], b[neuron], Z[example][neuron]);
    update(next, { text: steps === last ? "Begin again" : "Next number" });
    update(said, { text: `Example ${example}, neuron ${neuron}: ${sums}` });
    const done = `${steps} of ${last} numbers of Z are computed`;
    update(drawing.element, { "aria-label": `Examples ${FORMULAS[form]}. ${done}` });
  });
}

export default { render };
