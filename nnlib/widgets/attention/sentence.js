// The sentence: typed into a field, and as tokens to choose from.

import { radios, titled } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { mix } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";
import { parse, typing } from "../shared/sentence.js";

/**
 * A field for the trait "sentence", and a note below it. While the text is not one that the model
 * can read, the note says why, the trait keeps its value, and the field what is typed.
 */
export function field(traits, most, tell) {
  const vocabulary = traits.get("vocabulary");
  const hint = `Edit the sentence: up to ${most} tokens. Empty the field to see all words.`;
  const input = typing({});
  const note = html("div", { class: "muted" }, hint);
  input.oninput = () => {
    const { words, problem } = parse(input.value, vocabulary, most);
    update(input, { "aria-invalid": Boolean(problem) });
    update(note, { text: problem ?? hint, class: problem ? "live-problem" : "muted" });
    if (problem) tell(problem);
    else traits.change({ sentence: words.join(" ") });
  };
  traits.follow(["sentence"], () => {
    const sentence = traits.get("sentence");
    if (parse(input.value, vocabulary, most).words?.join(" ") === sentence) return;
    input.value = sentence;
    input.oninput();
  });
  const labelled = html("label", { class: "typed" }, html("span", {}, "sentence"), input);
  return html("div", {}, labelled, note);
}

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
