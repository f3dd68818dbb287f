// Numbers and features as they are shown in the steps.

import { svg, update } from "../shared/dom.js";
import { canvas, tint } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

const WIDTH = 64; // of all features together

/** Two digits after the point, so that the numbers of a column stand below each other. */
export function fixed(x) {
  if (x === -Infinity) return "−∞";
  return (Math.abs(x) < 0.005 ? "0.00" : x.toFixed(2)).replace("-", "−");
}

/** Some features as a strip of squares, and what fills it. */
export function strip(features) {
  const width = WIDTH / features;
  const cells = range(features).map((i) =>
    svg("rect", { x: i * width, width, height: 12, class: "feature" }),
  );
  const element = update(canvas(WIDTH, 12, ...cells), { "aria-label": "the features of a token" });
  const fill = (values, most, name) => {
    values.forEach((value, i) => update(cells[i], { fill: tint(value / most) }));
    update(element, { "aria-label": `${name}: ${values.map(fixed).join(", ")}` });
  };
  return { element, fill };
}
