// Parts that live figures share. This text stands in front of each figure's own module.

/** The activation functions of chapter 1, by their names in nnlib.neuron. */
const ACTIVATIONS = {
  step: (z) => (z > 0 ? 1 : 0),
  sigmoid: (z) => Math.exp(Math.min(z, 0)) / (1 + Math.exp(-Math.abs(z))),
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  leaky_relu: (z) => Math.max(z, 0) + 0.1 * Math.min(z, 0),
};

const sum = (numbers) => numbers.reduce((total, x) => total + x, 0);
const range = (n) => Array.from({ length: n }, (_, i) => i);
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

function dot(p, q) {
  let total = 0;
  for (let j = 0; j < p.length; j++) total += p[j] * q[j];
  return total;
}

/** As nnlib.plots writes a number: up to four digits, with a true minus sign. */
function number(value, digits = 4) {
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/** The same, with no more than some digits after the point. */
const rounded = (value, digits) => number(Number(value.toFixed(digits)));

/** A colour of the page, thinned with its paper. */
function mix(colour, percent) {
  return `color-mix(in srgb, var(--live-${colour}) ${percent.toFixed(1)}%, var(--live-paper))`;
}

/** Blue for positive shares of 1, orange for negative ones, and paper for 0. */
function tint(share) {
  return mix(share < 0 ? "orange" : "blue", 100 * Math.min(Math.abs(share), 1));
}

/** The numbers of a binary trait, which arrives as a DataView. */
function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** Set attributes, events such as oninput, and the text of a node, as far as they are new. */
function set(node, { text, ...attributes }) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value;
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
  // A new text node would make the browser look at the styles of the whole page again.
  if (text !== undefined && node.firstChild) node.firstChild.data = text;
  else if (text !== undefined) node.append(text);
  return node;
}

const maker = (namespace) => (tag, attributes = {}, ...children) => {
  const node = set(document.createElementNS(namespace, tag), attributes);
  node.append(...children);
  return node;
};
const html = maker("http://www.w3.org/1999/xhtml");
const svg = maker("http://www.w3.org/2000/svg");

/** A drawing area in its own units; its aria-label must say what is seen. */
function canvas(width, height, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, ...children);
}

/** Words in a drawing; the corners of a polygon; and a line through some places, for a path. */
const text = (x, y, content, style = "") => svg("text", { x, y, class: style }, content);
const points = (places) => places.map((p) => p.map((x) => x.toFixed(1)).join()).join(" ");
const trace = (places) => `M${places.map((p) => p.map((x) => x.toFixed(1))).join("L")}`;

/** The part of a polygon where side * (z - level) is not negative; a vertex is [x1, x2, z]. */
function cut(polygon, level, side) {
  return polygon.flatMap((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    const [s, t] = [side * (p[2] - level), side * (q[2] - level)];
    const crossing = p.map((value, k) => value + (s / (s - t)) * (q[k] - value));
    return [...(s >= 0 ? [p] : []), ...(s * t < 0 ? [crossing] : [])];
  });
}

/** A native control: JupyterLab would otherwise take its arrow keys. */
function control(tag, attributes, ...children) {
  return html(tag, { "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);
}

/** Change a trait, in the page and in Python. */
function change(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

/** Call draw now and whenever one of the traits changes; returns what ends that. */
function follow(model, names, draw) {
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => names.forEach((name) => model.off(`change:${name}`, draw));
}

/** What a screen reader says once nothing has changed for a moment, and how to tell it. */
function herald(pause = 700) {
  const spoken = html("output", { class: "unseen", "aria-live": "polite" });
  let timer;
  const tell = (words) => {
    clearTimeout(timer);
    timer = setTimeout(() => set(spoken, { text: words }), pause);
  };
  return [spoken, tell];
}

/** A labelled slider for a trait, or for one element of a trait that is a list. */
function slider(model, label, name, { index, ...limits }) {
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
function radios(label, options, choose) {
  const shared = { type: "radio", class: "unseen", name: `live-${Math.random()}` };
  const inputs = options.map(([name], k) =>
    control("input", { ...shared, "aria-label": name, onchange: () => choose(k) }),
  );
  const labels = options.map(([, ...content], k) => html("label", {}, inputs[k], ...content));
  const group = html("div", { role: "radiogroup", "aria-label": label }, ...labels);
  return [group, (k) => (inputs[k].checked = true)];
}

/** One of several words in a row; options maps each value to its word. */
function segments(label, options, choose) {
  const values = Object.keys(options);
  const words = values.map((value) => [options[value], html("span", {}, options[value])]);
  const [group, pick] = radios(label, words, (k) => choose(values[k]));
  group.classList.add("live-segments");
  const element = html("div", { class: "live-choice" }, html("span", {}, label), group);
  return [element, (value) => pick(values.indexOf(value))];
}

/** One of several values of a trait. */
function choice(model, label, name, options) {
  const [element, pick] = segments(label, options, (value) => change(model, name, value));
  follow(model, [name], () => pick(model.get(name)));
  return element;
}

/** A button. */
function button(label, onclick) {
  return control("button", { type: "button", onclick }, label);
}

/** Words that are shown as they are. */
const same = (words) => Object.fromEntries(words.map((word) => [word, word]));
