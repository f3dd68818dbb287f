// The drawing of a network with two inputs, two hidden neurons and one output.

import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";

// Where each node stands, its radius, and its name in the drawing.
const NODES = {
  "x₁": [32, 80, 28, "x₁"],
  "x₂": [32, 250, 28, "x₂"],
  "₁": [250, 80, 40, "1"],
  "₂": [250, 250, 40, "2"],
  "₃": [410, 165, 40, "3"],
  L: [494, 262, 28, "L"],
};
// Each edge by its weight: where it begins and ends, and where its product is written. That of the
// loss is broken into two lines.
export const EDGES = {
  "w₁₁": ["x₁", "₁", 80, 67],
  "w₁₂": ["x₂", "₁", 4, 178],
  "w₂₁": ["x₁", "₂", 4, 155],
  "w₂₂": ["x₂", "₂", 80, 293],
  "w₃₁": ["₁", "₃", 300, 98],
  "w₃₂": ["₂", "₃", 300, 261],
  L: ["₃", "L", 474, 203],
};
// Where each value is written, and what comes before it.
const LABELS = {
  "x₁": [32, 94, ""],
  "x₂": [32, 264, ""],
  y: [480, 312, "y = "],
  L: [494, 276, ""],
  "z₁": [250, 80, "z "],
  "z₂": [250, 250, "z "],
  "z₃": [410, 165, "z "],
  "a₁": [250, 98, "a "],
  "a₂": [250, 268, "a "],
  "a₃": [410, 183, "a "],
  "b₁": [222, 32, "b₁ = "],
  "b₂": [222, 204, "b₂ = "],
  "b₃": [384, 118, "b₃ = "],
  "w₁₁": [80, 50, "w₁₁ = "],
  "w₁₂": [4, 195, "w₁₂ = "],
  "w₂₁": [4, 138, "w₂₁ = "],
  "w₂₂": [80, 276, "w₂₂ = "],
  "w₃₁": [300, 81, "w₃₁ = "],
  "w₃₂": [300, 244, "w₃₂ = "],
  "dx₁": [4, 34, "dx₁ = "],
  "dx₂": [4, 304, "dx₂ = "],
  "da₁": [214, 138, "da₁ = "],
  "da₂": [214, 308, "da₂ = "],
  "da₃": [458, 150, "da₃ = "],
  "dz₁": [214, 155, "dz₁ = "],
  "dz₂": [214, 325, "dz₂ = "],
  "dz₃": [458, 167, "dz₃ = "],
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
  const element = label(x, y, "", `live-clear ${looks.join(" ")}`);
  const draw = (known) => {
    update(element, { text: known[name] === undefined ? "" : before + known[name] });
  };
  return { element, draw };
}

/** The product of an edge, in one line or, where there is little room, in two. */
function productOf(name, x, y) {
  const lines = [label(x, y, "", ""), label(x, y + 17, "", "")];
  const draw = (text, colour) => {
    const broken = name === "L" && text.includes(" = ");
    const parts = broken ? text.split(/ (?== )/) : [text, ""];
    lines.forEach((line, k) =>
      update(line, { class: `left live-clear ${colour}`, text: parts[k] }),
    );
  };
  return { lines, draw };
}

/** An edge: the way forth, the way back once it is open, and the product that goes along it. */
function edgeOf([name, [from, to, x, y]]) {
  const [forth, back] = [arrow(from, to), arrow(to, from)].map((d) => svg("path", { d }));
  const product = productOf(name, x, y);
  const draw = ({ backward, carried }, look) => {
    const open = backward && carried[name] !== undefined;
    update(forth, { class: `edge ${backward ? "" : look(name)}` });
    update(back, { class: `edge return ${backward ? look(name) : ""}`, opacity: open ? 1 : 0 });
    product.draw(carried[name] ?? "", backward ? "gradient" : "value");
  };
  return { arrows: [forth, back], lines: product.lines, draw };
}

/**
 * The network, and what draws it: the texts of the values that are known, the step that is shown,
 * and for each edge what it carries, which is undefined while the way back is not open.
 */
export function network() {
  const nodes = Object.entries(NODES).map(nodeOf);
  const values = Object.entries(LABELS).map(valueOf);
  const edges = Object.entries(EDGES).map(edgeOf);
  const names = Object.values(NODES).map(([x, y, r, name]) =>
    label(x, y - (r > 30 ? 20 : 6), name, "muted"),
  );
  const element = canvas(
    566,
    330,
    ...edges.flatMap(({ arrows }) => arrows),
    ...nodes.map((node) => node.element),
    ...names,
    ...values.map((value) => value.element),
    ...edges.flatMap(({ lines }) => lines),
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
