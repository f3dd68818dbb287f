import { drawings } from "./drawings.js";
import { choice, controls, result, slider } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { ACTIVATIONS, number, sum } from "../shared/numbers.js";
import { CORNERS } from "../shared/plane.js";
import { traitsOf } from "../shared/traits.js";

const GOALS = { and: [0, 0, 0, 1], or: [0, 1, 1, 1], "exclusive or": [0, 1, 1, 0] };
const NAMES = {
  step: "step",
  sigmoid: "sigmoid",
  tanh: "tanh",
  relu: "ReLU",
  leaky_relu: "leaky ReLU, slope 0.1",
};
const FIRST = ["step", "sigmoid", "relu"]; // the others come at the end of the chapter
const WEIGHT = { min: -4, max: 4, step: 0.1 };

/** Pre-activations and activations of one neuron for a list of examples. */
export function compute({ x, w, b, activation }) {
  const z = x.map((row) => sum(row.map((value, i) => value * w[i])) + b);
  return { z, a: z.map(ACTIVATIONS[activation]) };
}

function inputs(traits, offered) {
  const names = Object.fromEntries(Object.entries(NAMES).filter(([name]) => offered.has(name)));
  const weights = div(
    slider(traits, "weight w₁", "w", { index: 0, ...WEIGHT }),
    slider(traits, "weight w₂", "w", { index: 1, ...WEIGHT }),
    slider(traits, "bias b", "b", WEIGHT),
  );
  const choices = div(
    choice(traits, "activation function", "activation", names),
    choice(traits, "filled corners should fire", "goal", Object.keys(GOALS)),
  );
  return controls(weights, choices);
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { plane, surface, draw } = drawings();
  const [score, values] = [html("span"), html("span", { class: "unseen" })];
  const given = traits.get("activation");
  const offered = new Set([...FIRST, given]);

  el.classList.add("live", "live-neuron");
  el.append(
    beside(plane, surface),
    result({ spoken: true }, score, values),
    inputs(traits, offered),
  );

  traits.follow(["w", "b", "activation", "goal"], () => {
    const { w, b, activation } = traits.read("w", "b", "activation");
    const { z, a } = compute({ x: CORNERS, w, b, activation });
    const wanted = GOALS[traits.get("goal")];
    const right = z.map((value, i) => value > 0 === Boolean(wanted[i]));
    draw({ w, b, activation, a, wanted, right });

    const spoken = CORNERS.map((p, i) => `(${p.join(", ")}): ${number(a[i], 3)}`).join("; ");
    const above = `The plane of both inputs. Activations at the corners: ${spoken}`;
    const aside = `The activation as a height over the plane: ${NAMES[activation]}`;
    const wrong = right.includes(false) ? " A ring marks a wrong one." : "";
    const sides = `Correct: ${sum(right.map(Number))} of 4 corners.${wrong}`;
    update(plane, { "aria-label": above });
    update(surface, { "aria-label": aside });
    update(score, { text: sides });
    update(values, { text: ` Activations: ${spoken}.` });
  });
}

export default { render };
