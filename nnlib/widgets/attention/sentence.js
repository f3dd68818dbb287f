// The tokens of the sentence, to choose from.

import { radios, titled } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { mix } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

/** The tokens, each as dark as its weight; choose(t, last) is called for the one that asks. */
export function tokens(most, choose) {
  const chips = range(most).map(() => html("span", {}, ""));
  const options = chips.map((chip) => ({ name: "", content: [chip] }));
  let read = [];
  const pick = (t) => choose(t, t + 1 === read.length);
  const { element, inputs, labels, check } = radios("token that asks", options, pick);
  element.classList.add("live-segments", "tokens");
  const draw = ({ words, names, t }, { weights, masked }) => {
    read = names;
    check(t);
    chips.forEach((chip, s) => {
      update(labels[s], { class: s < names.length ? "" : "unused" });
      if (s >= names.length) return;
      update(inputs[s], { "aria-label": `${words[s]}, token ${s}` });
      const style = `background: ${mix("blue", 45 * weights[s])}`;
      update(chip, { text: names[s], class: masked[s] === -Infinity ? "later" : "", style });
    });
  };
  return { element: titled("token that asks", element), draw };
}
