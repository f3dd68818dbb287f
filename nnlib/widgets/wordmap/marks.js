// A shape for each class, so that classes are told apart without colour.

import { html, svg } from "../shared/dom.js";
import { canvas } from "../shared/drawing.js";

const ROUND = "M-4.2 0a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0z";
const SHAPES = [
  [ROUND, "full"],
  ["M-4-4h8v8h-8z", "full"],
  ["M-4-4h8v8h-8z", "open"],
  ["M0-5l5 9h-10z", "full"],
  ["M0-5l5 9h-10z", "open"],
  ["M0-5.5l5 5.5l-5 5.5l-5-5.5z", "full"],
  ["M-5 0h10M0-5v10", "line"],
  ["M-4-4l8 8M-4 4l8-8", "line"],
  ["M0-5.5l5 5.5l-5 5.5l-5-5.5z", "open"],
  ["M0 5l5-9h-10z", "open"],
  ["M0 5l5-9h-10z", "full"],
  [ROUND, "open"],
];

/** The mark of a class, around 0. */
export function mark(k) {
  const [d, style] = SHAPES[k % SHAPES.length];
  return svg("path", { d, class: `mark ${style}` });
}

/** All marks, each with the name of its class. */
export function key(classes) {
  const entries = classes.map((name, k) => {
    const picture = canvas(14, 14, svg("g", { transform: "translate(7 7)" }, mark(k)));
    picture.setAttribute("aria-hidden", "true");
    return html("span", {}, picture, name);
  });
  return html("div", { class: "key muted" }, ...entries);
}
