// The loss at each step, as a curve.

import { svg, update } from "../shared/dom.js";
import { canvas } from "../shared/drawing.js";
import { clamp, number } from "../shared/numbers.js";

const [LEFT, TOP, WIDTH, HEIGHT] = [40, 12, 230, 200];
const BOTTOM = TOP + HEIGHT;
const LEAST = 20; // steps on the axis

/** The corners of the curve: no more of them than there is room for. */
function corners(losses, highest) {
  const stride = Math.ceil(losses.length / WIDTH);
  const kept = losses.map((loss, k) => [k, loss]).filter(([k]) => k % stride === 0);
  const last = Math.max(losses.length - 1, LEAST);
  return kept.map(([k, loss]) => {
    const y = TOP + HEIGHT * (1 - clamp(loss / highest, 0, 1));
    return `${(LEFT + (WIDTH * k) / last).toFixed(1)},${y.toFixed(1)}`;
  });
}

/** The drawing, and what draws some losses. */
export function curve() {
  const line = svg("polyline", { class: "live-line" });
  const axes = svg("polyline", {
    class: "live-frame",
    points: `${LEFT},${TOP} ${LEFT},${BOTTOM} ${LEFT + WIDTH},${BOTTOM}`,
  });
  const pale = (x, y, words) => svg("text", { x, y, class: "muted" }, words);
  const [most, last] = [pale(LEFT - 20, TOP + 8, ""), pale(LEFT + WIDTH, BOTTOM + 18, "")];
  const zero = pale(LEFT - 20, BOTTOM, "0");
  const names = [pale(LEFT + 24, TOP - 2, "loss"), pale(LEFT + WIDTH / 2, BOTTOM + 18, "step")];
  const element = canvas(280, 246, axes, line, most, last, zero, ...names);

  const draw = (losses) => {
    const highest = Math.max(1, ...losses.filter(Number.isFinite));
    const now = number(losses.at(-1), 3);
    update(line, { points: corners(losses, highest).join(" ") });
    update(most, { text: number(highest, 2) });
    update(last, { text: Math.max(losses.length - 1, LEAST) });
    update(element, { "aria-label": `The loss over ${losses.length - 1} steps, now ${now}` });
  };
  return { element, draw };
}
