// The loss at each step, and the trail that it shares with the landscape.

import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";
import { number } from "../shared/numbers.js";

const [LEFT, RIGHT, WALL, FLOOR] = [34, 254, 28, 168]; // of the axes

/** A line with a dot for each point. */
export function trail() {
  const [line, dots] = ["way", "way dots"].map((style) => svg("path", { class: style }));
  const draw = (places) => {
    update(line, { d: trace(places) });
    update(dots, { d: places.map((p) => `${trace([p])}h0`).join("") });
  };
  return { elements: [line, dots], draw };
}

/** The loss at each step. */
export function chart() {
  const axes = svg("path", { class: "live-frame", d: `M${LEFT} ${WALL}V${FLOOR}H${RIGHT}` });
  const way = trail();
  const most = label(15, WALL + 5, "", "muted");
  const last = label(RIGHT - 6, FLOOR + 20, "", "muted");
  const zeros = [label(22, FLOOR + 5, "0", "muted"), label(LEFT, FLOOR + 20, "0", "muted")];
  const names = [
    label(LEFT + 20, WALL - 13, "loss"),
    label((LEFT + RIGHT) / 2, FLOOR + 20, "step"),
  ];
  const parts = [axes, ...way.elements, most, last, ...zeros, ...names];
  const element = canvas(RIGHT + 6, FLOOR + 26, ...parts);
  element.classList.add("chart");
  const draw = (losses) => {
    const [top, end] = [Math.max(...losses) || 1, Math.max(10, losses.length - 1)];
    const across = (step) => LEFT + ((RIGHT - LEFT) * step) / end;
    way.draw(losses.map((loss, step) => [across(step), FLOOR - ((FLOOR - WALL) * loss) / top]));
    update(most, { text: number(top, 2) });
    update(last, { text: end });
    const ends = `from ${number(losses[0])} to ${number(losses.at(-1))}`;
    update(element, { "aria-label": `The loss at each of ${losses.length - 1} steps, ${ends}` });
  };
  return { element, draw };
}
