// Numbers and features as they are shown in the steps.

import { html, update } from "../shared/dom.js";
import { tint } from "../shared/drawing.js";
import { number, range } from "../shared/numbers.js";

/** Two digits after the point, so that the numbers of a column stand below each other. */
export function fixed(x) {
  if (x === -Infinity) return "−∞";
  return (Math.abs(x) < 0.005 ? "0.00" : x.toFixed(2)).replace("-", "−");
}

/** As short as it can be read in a narrow cell. */
const brief = (x) => number(Number(x.toFixed(2)), 3);

/** Blue and whole for a positive share of 1, orange and half as high for a negative one. */
function paint(share) {
  return share < 0 ? `linear-gradient(0deg, ${tint(share)} 50%, transparent 50%)` : tint(share);
}

/** Some features as a row of cells, with paler ones for numbers to stand in; and what fills it. */
export function strip(features, numbers) {
  const cells = range(features).map(() => html("span", {}, ""));
  const element = html(
    "div",
    { class: `strip${numbers ? " numbers" : ""}`, role: "img" },
    ...cells,
  );
  const fill = (values, most, name) => {
    values.forEach((value, i) => {
      const share = value / most;
      update(cells[i], { style: `background: ${numbers ? tint(0.45 * share) : paint(share)}` });
      if (numbers) update(cells[i], { text: brief(value) });
    });
    const said = `${name}: ${values.map(fixed).join(", ")}`;
    update(element, { "aria-label": said, title: said });
  };
  return { element, fill };
}

/** What the features of a strip are called, to stand above it. */
export function captions(names = []) {
  return html("div", { class: "strip captions" }, ...names.map((name) => html("span", {}, name)));
}

/** The largest of some numbers, nested in lists, without their signs. */
export const largest = (...lists) => Math.max(...lists.flat(Infinity).map(Math.abs)) || 1;
