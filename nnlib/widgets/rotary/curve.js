// The score of every distance, and the one that is set.

import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";
import { range, rounded } from "../shared/numbers.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [56, 588, 26, 160];

/** The drawing for some distances, where no score is larger than the most. */
export function curve(distances, most) {
  const last = distances.at(-1);
  const across = (distance) => LEFT + ((RIGHT - LEFT) * (distance + last)) / (2 * last);
  const up = (score) => BOTTOM - ((BOTTOM - TOP) * (score + most)) / (2 * most);
  const line = svg("path", { class: "live-line" });
  const drop = svg("path", { class: "live-dashes" });
  const dot = svg("circle", { r: 6, class: "here" });
  const frame = svg("path", {
    class: "live-frame",
    d: `M${LEFT} ${TOP}V${BOTTOM}M${LEFT} ${up(0)}H${RIGHT}`,
  });
  const ticks = range(5).map((i) => Math.round((last / 2) * (i - 2)));
  const marks = [
    ...ticks.map((x) => label(across(x), BOTTOM + 26, rounded(x, 0), "muted")),
    ...[-most, 0, most].map((y) => label(LEFT - 24, up(y) + 5, rounded(y, 1), "muted")),
  ];
  const names = [
    label((LEFT + RIGHT) / 2, BOTTOM + 50, "distance m − n"),
    label(LEFT, 12, "score"),
  ];
  const element = canvas(600, BOTTOM + 58, frame, drop, line, ...marks, ...names, dot);
  const draw = (distance, { score, scores }) => {
    update(line, { d: trace(distances.map((x, j) => [across(x), up(scores[j])])) });
    const [x, y] = [across(distance), up(score)].map((value) => value.toFixed(1));
    update(drop, { d: `M${x} ${BOTTOM}V${y}` });
    update(dot, { cx: x, cy: y });
    const highest = distances[scores.indexOf(Math.max(...scores))];
    const spoken = `The score over the distance, highest at ${rounded(highest, 2)}`;
    const now = `at distance ${rounded(distance, 0)} it is ${rounded(score, 2)}`;
    update(element, { "aria-label": `${spoken}; ${now}` });
  };
  return { element, draw };
}
