// A labelled slider for that element of a list which belongs to the chosen neuron.

import { control } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { number } from "../shared/numbers.js";

export function knob(traits, words, name, limits) {
  const chosen = () => Number(traits.get("chosen"));
  const input = control("input", { type: "range", ...limits });
  const output = html("output", { "aria-live": "off" });
  input.oninput = () =>
    traits.change({ [name]: traits.get(name).with(chosen(), Number(input.value)) });
  traits.follow([name, "chosen"], () => {
    const value = traits.get(name)[chosen()];
    input.value = value;
    update(output, { text: number(value, 3) });
    update(input, { "aria-valuetext": number(value, 3) });
  });
  const labelled = html("label", {}, html("span", {}, words), input);
  return html("div", { class: "live-slider" }, labelled, output);
}
