// Native controls, each for a trait or for a function to call.

import { html, update } from "./dom.js";
import { number } from "./numbers.js";

/** A native control: JupyterLab would otherwise take its arrow keys. */
export function control(tag, attributes, ...children) {
  return html(tag, { "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);
}

/** A button, and some of them in a row. */
export function button(words, onclick) {
  return control("button", { type: "button", onclick }, words);
}
export const buttons = (...children) => html("div", { class: "live-buttons" }, ...children);

/** The controls of a figure, in columns where there is room. */
export const controls = (...children) => html("div", { class: "live-controls" }, ...children);

/** What a figure says in words; a screen reader says it too, if it is spoken. */
export function result({ spoken }, ...children) {
  const live = spoken ? "polite" : "off";
  return html("output", { class: "live-result", "aria-live": live }, ...children);
}

/** What only a screen reader says, as soon as nothing has changed for a moment. */
export function herald(pause = 700) {
  const element = html("output", { class: "unseen", "aria-live": "polite" });
  let timer;
  const tell = (words) => {
    clearTimeout(timer);
    timer = setTimeout(() => update(element, { text: words }), pause);
  };
  return { element, tell };
}

/** A labelled slider for a trait, or for one element of a trait that is a list. */
export function slider(traits, words, name, { index, ...limits }) {
  const value = () => [traits.get(name)].flat()[index ?? 0];
  const input = control("input", { type: "range", ...limits });
  const output = html("output", { "aria-live": "off" });
  input.oninput = () => {
    const chosen = Number(input.value);
    const list = index !== undefined;
    traits.change({ [name]: list ? traits.get(name).with(index, chosen) : chosen });
  };
  traits.follow([name], () => {
    input.value = value();
    update(output, { text: number(value()) });
    update(input, { "aria-valuetext": number(value()) });
  });
  const labelled = html("label", {}, html("span", {}, words), input);
  return html("div", { class: "live-slider" }, labelled, output);
}

/** A group of radio buttons, and what checks one of them: an option has a name and some content. */
export function radios(title, options, choose) {
  const alike = { type: "radio", class: "unseen", name: `live-${Math.random()}` };
  const inputs = options.map(({ name }, k) =>
    control("input", { ...alike, "aria-label": name, onchange: () => choose(k) }),
  );
  const labels = options.map(({ content }, k) => html("label", {}, inputs[k], ...content));
  const element = html("div", { role: "radiogroup", "aria-label": title }, ...labels);
  const check = (k) => {
    inputs[k].checked = true;
  };
  return { element, inputs, labels, check };
}

/** A title above what can be chosen. */
export function titled(title, ...content) {
  return html("div", { class: "live-choice" }, html("span", {}, title), ...content);
}

/** One of several words in a row; options maps each value to its word, or is a list of words. */
export function segments(title, options, choose) {
  const pairs = Array.isArray(options)
    ? options.map((word) => [word, word])
    : Object.entries(options);
  const words = pairs.map(([, word]) => ({ name: word, content: [html("span", {}, word)] }));
  const group = radios(title, words, (k) => choose(pairs[k][0]));
  group.element.classList.add("live-segments");
  const check = (value) => group.check(pairs.findIndex(([found]) => found === value));
  return { element: titled(title, group.element), check };
}

/** One of several values of a trait. */
export function choice(traits, title, name, options) {
  const { element, check } = segments(title, options, (value) => traits.change({ [name]: value }));
  traits.follow([name], () => check(traits.get(name)));
  return element;
}
