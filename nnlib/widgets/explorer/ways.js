// Buttons: to the neuron that tells a digit best, and to take neurons out.

import { button, buttons, titled } from "../shared/controls.js";
import { update } from "../shared/dom.js";

/** Buttons that take a neuron out or put it back, and that put back all. */
export function removal(traits) {
  const toggle = button("", () => {
    const { neuron, out } = traits.read("neuron", "out");
    const others = out.filter((i) => i !== neuron);
    traits.change({ out: others.length < out.length ? others : [...out, neuron] });
  });
  const all = button("Put all back", () => traits.change({ out: [] }));
  const draw = ({ neuron, out }) => {
    const gone = out.includes(neuron);
    update(toggle, { text: `${gone ? "Put" : "Take"} neuron ${neuron} ${gone ? "back" : "out"}` });
  };
  return { element: buttons(toggle, all), draw };
}

/** A button for each digit: to the neuron that tells it best from the others. */
export function guide(traits) {
  const shows = traits.get("clearest").map((neuron, k) =>
    update(
      button(`${k}`, () => traits.change({ neuron })),
      { "aria-label": `go to the neuron that tells ${k} best` },
    ),
  );
  const row = buttons(...shows);
  row.classList.add("digits");
  return titled("go to the neuron that tells best a", row);
}
