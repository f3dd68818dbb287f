// Native controls, each for a trait or for a function to call.

import { html, set } from "./dom.js";
import { number } from "./numbers.js";
import { change, follow } from "./traits.js";

/** A native control: JupyterLab would otherwise take its arrow keys. */
export function control(tag, attributes, ...children) {
  return html(tag, { "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);
}

/** What a screen reader says once nothing has changed for a moment, and how to tell it. */
export function herald(pause = 700) {
  const spoken = html("output", { class: "unseen", "aria-live": "polite" });
  let timer;
  const tell = (words) => {
    clearTimeout(timer);
    timer = setTimeout(() => set(spoken, { text: words }), pause);
  };
  return [spoken, tell];
}

/** A labelled slider for a trait, or for one element of a trait that is a list. */
export function slider(model, label, name, { index, ...limits }) {
  const value = () => [model.get(name)].flat()[index ?? 0];
  const input = control("input", { type: "range", ...limits });
  const output = html("output", { "aria-live": "off" });
  input.oninput = () => {
    const chosen = Number(input.value);
    change(model, name, index === undefined ? chosen : model.get(name).with(index, chosen));
  };
  follow(model, [name], () => {
    input.value = value();
    set(output, { text: number(value()) });
    set(input, { "aria-valuetext": number(value()) });
  });
  const labelled = html("label", {}, html("span", {}, label), input);
  return html("div", { class: "live-slider" }, labelled, output);
}

/** A group of radio buttons, and what chooses one of them: an option is [name, ...content]. */
export function radios(label, options, choose) {
  const shared = { type: "radio", class: "unseen", name: `live-${Math.random()}` };
  const inputs = options.map(([name], k) =>
    control("input", { ...shared, "aria-label": name, onchange: () => choose(k) }),
  );
  const labels = options.map(([, ...content], k) => html("label", {}, inputs[k], ...content));
  const group = html("div", { role: "radiogroup", "aria-label": label }, ...labels);
  return [group, (k) => (inputs[k].checked = true)];
}

/** One of several words in a row; options maps each value to its word. */
export function segments(label, options, choose) {
  const values = Object.keys(options);
  const words = values.map((value) => [options[value], html("span", {}, options[value])]);
  const [group, pick] = radios(label, words, (k) => choose(values[k]));
  group.classList.add("live-segments");
  const element = html("div", { class: "live-choice" }, html("span", {}, label), group);
  return [element, (value) => pick(values.indexOf(value))];
}

/** One of several values of a trait. */
export function choice(model, label, name, options) {
  const [element, pick] = segments(label, options, (value) => change(model, name, value));
  follow(model, [name], () => pick(model.get(name)));
  return element;
}

/** A button. */
export function button(label, onclick) {
  return control("button", { type: "button", onclick }, label);
}

/** Words that are shown as they are. */
export const same = (words) => Object.fromEntries(words.map((word) => [word, word]));
