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
    update(hatch, { class: masked ? "hatch" : "unused" });
  };
  return { element, fill };
}

/** All heads, those of the first layer first, each with what it is called, if it is not alone. */
export function headsOf(counts) {
  const heads = counts.flatMap((count, layer) => range(count).map((h) => ({ layer, h })));
  return heads.map(({ layer, h }, k) => {
    const name = counts.length > 1 ? `layer ${layer}, head ${h}` : `head ${h}`;
    return { name: heads.length > 1 ? name : null, layer, k };
  });
}

/** A map of the weights for each head; choose(k) is called for the one that the reader picks. */
export function headChooser(heads, most, choose) {
  const maps = heads.map(() => overview(most));
  const words = heads.map(({ name }) => html("span", {}, name ?? ""));
  const options = heads.map(({ name }, k) => ({ name, content: [maps[k].element, words[k]] }));
  const group = heads.length > 1 ? radios("head", options, choose) : null;
  const content = group?.element ?? html("div", {}, maps[0].element);
  content.classList.add("heads");
  const draw = (weights, { t, head, masked, off }) => {
    group?.check(head);
    maps.forEach((map, k) => map.fill(weights[k], t, masked));
    group?.labels.forEach((label, k) => {
      update(label, { class: off.includes(k) ? "out" : "" });
      update(words[k], { text: heads[k].name + (off.includes(k) ? ", off" : "") });
    });
  };
  const title = `${group ? "head" : "weights"} (each row asks, each column is asked)`;
  return { element: titled(title, content), draw };
}
