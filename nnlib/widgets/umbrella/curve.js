// The graph of the activation function, and where the neuron stands on it.

import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";
import { ACTIVATIONS, clamp, number, range } from "../shared/numbers.js";

const EDGE = 12;
const HEIGHTS = { step: 1, sigmoid: 1, relu: EDGE };
const LITTLE = 1e-9;

/** The z at which the function is drawn; one is just above the jump. */
const PLACES = [...range(241).map((k) => (k - 120) / 10), LITTLE].toSorted((p, q) => p - q);

export function curve() {
  const path = svg("path", { class: "live-line" });
  const dot = svg("circle", { r: 6, class: "live-full" });
  const axes = svg("path", { class: "live-frame", d: "M20 150H220M120 16V150" });
  const top = label(106, 34, "");
  const names = [label(212, 172, "z", "italic"), label(120, 12, "a", "italic")];
  const marks = [label(120, 172, "0", "muted"), label(36, 172, "−10", "muted"), top];
  const element = canvas(240, 180, axes, path, ...names, ...marks, dot);
  const draw = (activation, { z, a }) => {
    const most = HEIGHTS[activation];
    const place = (at, value) => [
      120 + (100 / EDGE) * clamp(at, -EDGE, EDGE),
      150 - 120 * clamp(value / most, 0, 1),
    ];
    update(path, { d: trace(PLACES.map((at) => place(at, ACTIVATIONS[activation](at)))) });
    const [cx, cy] = place(z, a);
    update(dot, { cx, cy });
    update(top, { text: number(most) });
    const spoken = `${activation}: at z = ${number(z)} the activation is ${number(a, 3)}`;
    update(element, { "aria-label": `The graph of the activation function, ${spoken}` });
  };
  return { element, draw };
}
