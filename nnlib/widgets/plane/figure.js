import { CORNERS, planes } from "./drawing.js";
import { closest } from "./parting.js";
import { button, buttons, choice, controls, result, slider } from "../shared/controls.js";
import { beside, div, update } from "../shared/dom.js";
import { ACTIVATIONS, rounded } from "../shared/numbers.js";
import { traitsOf } from "../shared/traits.js";

const NAMES = { none: "none", relu: "ReLU", sigmoid: "sigmoid" };
const PRESETS = {
  "as it was": { W: [1, 0, 0, 1], b: [0, 0], activation: "none" },
  turn: { W: [0.9, -0.5, 0.5, 0.9], b: [0, 0], activation: "none" },
  stretch: { W: [1.5, 0, 0, 0.5], b: [0, 0], activation: "none" },
  slant: { W: [1, 0.8, 0, 1], b: [0, 0], activation: "none" },
  flatten: { W: [1, 0.6, 0.5, 0.3], b: [0, 0], activation: "none" },
  fold: { W: [0.9, -0.5, 0.5, 0.9], b: [0, 0], activation: "relu" },
  "XOR apart": { W: [2, -1, -1, 2], b: [-0.5, -0.5], activation: "relu" },
};
const WEIGHT = { min: -2, max: 2, step: 0.1 };

/** Where the layer sends points, applied once or twice. */
function moved({ points, W, b, activation, applied }) {
  const phi = activation === "none" ? (z) => z : ACTIVATIONS[activation];
  const layer = ([x, y]) => [phi(W[0] * x + W[1] * y + b[0]), phi(W[2] * x + W[3] * y + b[1])];
  return points.map((p) => (applied === "twice" ? layer(layer(p)) : layer(p)));
}

/** Where points go, and how far apart the corners of both kinds of the exclusive or are then. */
export function compute({ points, ...layer }) {
  const corners = moved({ points: CORNERS, ...layer });
  const [p, q] = closest([corners[1], corners[2]], [corners[0], corners[3]]);
  return { points: moved({ points, ...layer }), gap: Math.hypot(p[0] - q[0], p[1] - q[1]) };
}

const pair = (p) => `(${p.map((x) => rounded(x, 2)).join(", ")})`;

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const drawing = planes();
  const said = result({ spoken: true });
  const presets = Object.entries(PRESETS).map(([name, preset]) =>
    button(name, () => traits.change(preset)),
  );
  const weight = (words, index) => slider(traits, words, "W", { index, ...WEIGHT });
  const bias = (words, index) => slider(traits, words, "b", { index, ...WEIGHT });
  const first = div(weight("w₀₀", 0), weight("w₀₁", 1), bias("b₀", 0));
  const second = div(weight("w₁₀", 2), weight("w₁₁", 3), bias("b₁", 1));

  el.classList.add("live", "live-plane");
  el.append(
    beside(drawing.before, drawing.after),
    said,
    buttons(...presets),
    controls(
      first,
      second,
      choice(traits, "activation function φ", "activation", NAMES),
      choice(traits, "the layer is applied", "applied", ["once", "twice"]),
    ),
  );

  traits.follow(["W", "b", "activation", "applied"], () => {
    const layer = traits.read("W", "b", "activation", "applied");
    const move = (points) => moved({ points, ...layer });
    const corners = move(CORNERS);
    const { gap } = compute({ points: [], ...layer });
    drawing.draw(move, { straight: layer.activation === "none", gap });
    const goes = CORNERS.map((p, i) => `${pair(p)} → ${pair(corners[i])}`).join(", ");
    const line = `${gap > 1e-6 ? "A" : "No"} straight line separates the filled from the empty points.`;
    update(said, { text: `${goes}. ${line}` });
    const straight = layer.activation === "none" ? "The grid has straight lines" : "The grid bends";
    update(drawing.after, { "aria-label": `The plane after the layer. ${straight}. ${goes}.` });
  });
}

export default { render };
