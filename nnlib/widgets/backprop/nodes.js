// The drawing of a network with two inputs, two hidden neurons and one output.

import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";

// Where each node stands, and its radius; neurons are named by their numbers.
const NODES = {
  "x₁": [32, 85, 28],
  "x₂": [32, 245, 28],
  "₁": [212, 85, 38],
  "₂": [212, 245, 38],
  "₃": [364, 165, 38],
  L: [456, 165, 27],
};
// Each edge by its weight: where it begins and ends, and where its product is written.
export const EDGES = {
  "w₁₁": ["x₁", "₁", 96, 50],
  "w₁₂": ["x₂", "₁", 4, 196],
  "w₂₁": ["x₁", "₂", 4, 153],
  "w₂₂": ["x₂", "₂", 96, 309],
  "w₃₁": ["₁", "₃", 264, 91],
  "w₃₂": ["₂", "₃", 264, 267],
  L: ["₃", "L", 326, 70],
};
// Where each value is written, and what comes before it.
const LABELS = {
  "x₁": [32, 99, ""],
  "x₂": [32, 259, ""],
  t: [438, 212, "t = "],
  L: [456, 179, ""],
  "z₁": [212, 81, "z "],
  "z₂": [212, 241, "z "],
  "z₃": [364, 161, "z "],
  "a₁": [212, 101, "a "],
  "a₂": [212, 261, "a "],
  "a₃": [364, 181, "a "],
  "b₁": [246, 54, "b₁ = "],
  "b₂": [178, 198, "b₂ = "],
  "b₃": [330, 118, "b₃ = "],
  "w₁₁": [96, 33, "w₁₁ = "],
  "w₁₂": [4, 179, "w₁₂ = "],
  "w₂₁": [4, 136, "w₂₁ = "],
  "w₂₂": [96, 292, "w₂₂ = "],
  "w₃₁": [264, 74, "w₃₁ = "],
  "w₃₂": [264, 250, "w₃₂ = "],
  "dx₁": [4, 46, "dx₁ = "],
  "dx₂": [4, 292, "dx₂ = "],
  "da₁": [170, 142, "da₁ = "],
  "da₂": [246, 290, "da₂ = "],
  "da₃": [322, 222, "da₃ = "],
  "dz₁": [170, 159, "dz₁ = "],
  "dz₂": [246, 307, "dz₂ = "],
  "dz₃": [322, 239, "dz₃ = "],
};

/** An arrow between two nodes, on the left of the straight line, so that both ways have room. */
function arrow(from, to) {
  const [[x, y, r], [x2, y2, r2]] = [NODES[from], NODES[to]];
  const length = Math.hypot(x2 - x, y2 - y);
  const [u, v] = [(x2 - x) / length, (y2 - y) / length];
  const at = (along, aside) => [x + along * u + aside * v, y + along * v - aside * u];
  const [start, end] = [r + 5, length - r2 - 5];
  return trace([at(start, 4), at(end, 4)]) + trace([at(end - 8, 0), at(end, 4), at(end - 8, 8)]);
}

/** A neuron, an input or the loss: a circle. */
function nodeOf([name, [cx, cy, r]]) {
  const element = svg("circle", { cx, cy, r });
  const draw = (look) => update(element, { class: `node ${look(name)}` });
  return { element, draw };
}

/** A value or a gradient in the drawing; it is there as soon as it is known. */
function valueOf([name, [x, y, before]]) {
  const looks = [before.includes("=") ? "left" : "", name[0] === "d" ? "gradient" : ""];
  const element = label(x, y, "", looks.join(" "));
  const draw = (known) => {
    update(element, { text: known[name] === undefined ? "" : before + known[name] });
  };
  return { element, draw };
}

/** An edge: the way forth, the way back once it is open, and the product that goes along it. */
function edgeOf([name, [from, to, x, y]]) {
  const [forth, back] = [arrow(from, to), arrow(to, from)].map((d) => svg("path", { d }));
  const product = label(x, y, "", "");
  const draw = ({ backward, carried }, look) => {
    const colour = backward ? "gradient" : "value";
    const opacity = carried[name] === undefined ? 0 : 1;
    update(forth, { class: `edge ${backward ? "" : look(name)}` });
    update(back, { class: `edge return ${backward ? look(name) : ""}`, opacity });
    update(product, { class: `left live-clear ${colour}`, text: carried[name] ?? "" });
  };
  return { arrows: [forth, back], product, draw };
}

/**
 * The network, and what draws it: the texts of the values that are known, the step that is shown,
 * and for each edge what it carries, which is undefined while the way back is not open.
 */
export function network() {
  const nodes = Object.entries(NODES).map(nodeOf);
  const values = Object.entries(LABELS).map(valueOf);
  const edges = Object.entries(EDGES).map(edgeOf);
  const names = ["x₁", "x₂", "L"].map((name) =>
    label(NODES[name][0], NODES[name][1] - 6, name, "muted"),
  );
  const element = canvas(
    490,
    322,
    ...edges.flatMap(({ arrows }) => arrows),
    ...nodes.map((node) => node.element),
    ...names,
    ...values.map((value) => value.element),
    ...edges.map(({ product }) => product),
  );
  element.classList.add("network");

  const draw = (step) => {
    const active = step.backward ? "back" : "forth";
    const look = (name) => (step.active.includes(name) ? active : "");
    for (const node of nodes) node.draw(look);
    for (const value of values) value.draw(step.known);
    for (const edge of edges) edge.draw(step, look);
  };
  return { element, draw };
}
