// Buttons: to the neuron that tells a digit best, and to take neurons out.

import { button, buttons, titled } from "../shared/controls.js";
import { update } from "../shared/dom.js";
import { range, sum } from "../shared/numbers.js";

/** For each class, the neuron that tells it best: the most pairs in which its images win. */
function clearest({ activations, labels, classes }) {
  const neurons = activations.length / labels.length;
  const wins = (k, i) => {
    const value = (n) => activations[n * neurons + i];
    const [own, others] = [true, false].map((mine) =>
      range(labels.length).filter((n) => (labels[n] === k) === mine),
    );
    const over = (n) => others.map((m) => (Math.sign(value(n) - value(m)) + 1) / 2);
    return sum(own.map((n) => sum(over(n))));
  };
  return range(classes).map((k) => {
    const all = range(neurons).map((i) => wins(k, i));
    return all.indexOf(Math.max(...all));
  });
}

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
export function guide(traits, given, classes) {
  let found;
  const to = (k) => {
    found ??= clearest({ ...given, classes });
    traits.change({ neuron: found[k] });
  };
  const shows = range(classes).map((k) =>
    update(
      button(`${k}`, () => to(k)),
      { "aria-label": `go to the neuron that tells ${k} best` },
    ),
  );
  const row = buttons(...shows);
  row.classList.add("digits");
  return titled("go to the neuron that tells best a", row);
}
