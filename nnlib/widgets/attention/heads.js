// The weights of the heads, to choose one of them.

import { radios, titled } from "../shared/controls.js";
import { html, svg, update } from "../shared/dom.js";
import { canvas, tint, trace } from "../shared/drawing.js";
import { range } from "../shared/numbers.js";

/** The weights of a head, with a frame around the row of one token; and what fills them. */
function overview(most) {
  const cells = range(most * most).map((j) => {
    const place = { x: j % most, y: Math.floor(j / most), width: 1, height: 1 };
    return svg("rect", { ...place, "shape-rendering": "crispedges" });
  });
  const lines = range(2 * most).map((c) => {
    return trace([
      [c / 2, c / 2],
      [Math.min(c, most), Math.max(c - most, 0)],
    ]);
  });
  const hatch = svg("path", { d: lines.join(""), class: "hatch" });
  const frame = svg("rect", { height: 1, class: "asks" });
  const inside = svg("svg", { class: "live-inside" }, hatch, ...cells); // without unused rows
  const element = update(canvas(most, most, inside, frame), { "aria-hidden": "true" });
  const fill = (weights, t, masked) => {
    weights.forEach((row, i) =>
      row.forEach((weight, j) => {
        update(cells[i * most + j], { fill: masked && j > i ? "none" : tint(weight) });
      }),
    );
    update(element, { viewBox: `0 0 ${weights.length} ${weights.length}` });
    update(frame, { y: t, width: weights.length });
  };
  return { element, fill };
}

/** All heads, those of the first layer first, each with what it is called. */
export function headsOf(counts) {
  return counts.flatMap((count, l) =>
    range(count).map((h) => ({
      name: counts.length > 1 ? `layer ${l}, head ${h}` : `head ${h}`,
      count,
    })),
  );
}

/** A map of the weights for each head; choose(k) is called for the one that the reader picks. */
export function headChooser(heads, most, choose) {
  const maps = heads.map(() => overview(most));
  const options = heads.map(({ name }, k) => ({
    name,
    content: [maps[k].element, html("span", {}, name)],
  }));
  const group = radios("head", options, choose);
  group.element.classList.add("heads");
  const draw = (weights, { t, head, masked }) => {
    group.check(head);
    maps.forEach((map, k) => map.fill(weights[k], t, masked));
  };
  return { element: titled("head (each row asks, each column is asked)", group.element), draw };
}
