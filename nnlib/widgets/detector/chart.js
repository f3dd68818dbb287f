// The weighted sum of each image as a bar, and the threshold.

import { svg, update } from "../shared/dom.js";
import { canvas } from "../shared/drawing.js";
import { number } from "../shared/numbers.js";

const [COLUMN, HEIGHT] = [34, 200];

/** A bar for each name, and what draws the sums, the answers and the bias. */
export function chart(names) {
  const width = COLUMN * (names.length + 1);
  const bars = names.map((_, n) => svg("rect", { x: COLUMN * (n + 1) + 7, width: COLUMN - 14 }));
  const numbers = names.map((_, n) => svg("text", { x: COLUMN * (n + 1.5), class: "live-clear" }));
  const product = svg("text", { x: COLUMN / 2, class: "muted italic" }, "w · x");
  const zero = svg("line", { class: "live-frame", x2: width, x1: COLUMN });
  const threshold = svg("line", { class: "live-dashes", x2: width, x1: COLUMN });
  const element = canvas(width, HEIGHT + 20, product, ...bars, zero, threshold, ...numbers);

  const draw = ({ sums, a }, b) => {
    const [top, bottom] = [Math.max(40, -b, ...sums), Math.min(0, -b, ...sums)];
    const y = (value) => 18 + ((top - value) / (top - bottom)) * (HEIGHT - 18);
    sums.forEach((s, n) => {
      const place = { y: Math.min(y(s), y(0)), height: Math.abs(y(s) - y(0)) };
      update(bars[n], { ...place, class: a[n] ? "live-full" : "live-pale" });
      update(numbers[n], { y: s < 0 ? y(s) + 14 : y(s) - 4, text: number(Math.round(s)) });
    });
    update(product, { y: y(0) + 4 });
    update(zero, { y1: y(0), y2: y(0) });
    update(threshold, { y1: y(-b), y2: y(-b) });
    const spoken = names.map((name, n) => `${name}: ${number(sums[n])}`).join("; ");
    update(element, { "aria-label": `Weighted sums: ${spoken}` });
  };
  return { element, draw };
}
