// The loss from the side or from above, with the walk on it.

import { trail } from "./chart.js";
import { parameters, vector } from "./losses.js";
import { BOX, contours, curve, place, pointAt, spot, tangentAt } from "./plane.js";
import { svg, update } from "../shared/dom.js";
import { canvas, label } from "../shared/drawing.js";
import { number } from "../shared/numbers.js";

const { x: LEFT, y: TOP, width: WIDTH, height: HEIGHT } = BOX;

/** What stands behind a walk: the loss, and its formula and the numbers of both axes. */
function background(kind) {
  const [across, up] = parameters(kind);
  const [[left], [low]] = kind.seen;
  const numbers = [
    ...kind.ticks[0].map((u) => [place(kind, [u, low])[0], TOP + HEIGHT + 20, u]),
    ...kind.ticks[1].map((v) => [LEFT - 14, place(kind, [left, v])[1] + 5, v]),
  ];
  const heights = (kind.labelled ?? []).map((w) => {
    const [x, y] = place(kind, w);
    return label(x, y + 4, number(kind.loss(w), 3), "height live-clear");
  });
  return {
    ground: up
      ? svg("path", { d: contours(kind), class: "contours" })
      : svg("path", { d: curve(kind), class: "curve" }),
    words: [
      ...heights,
      label(LEFT + WIDTH / 2, TOP - 11, `L = ${kind.formula}`),
      ...numbers.map(([x, y, value]) => label(x, y, number(value), "muted")),
      label(LEFT + WIDTH - 12, TOP + HEIGHT - 9, across, "italic live-clear"),
      label(LEFT + 16, TOP + 18, up ?? "L", "italic live-clear"),
    ],
  };
}

/** The walk: its trail, its first point, the point that is reached, and the tangent there. */
function walker() {
  const way = trail();
  const tangent = svg("line", { class: "live-dashes" });
  const start = svg("circle", { r: 9, class: "start" });
  const here = svg("circle", { r: 5, class: "here" });
  const draw = (kind, path) => {
    const places = path.map((w) => spot(kind, w));
    const [[x, y], [cx, cy]] = [places.at(-1), places[0]];
    const [dx, dy] = tangentAt(kind, path.at(-1));
    way.draw(places);
    update(tangent, { x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy });
    update(start, { cx, cy });
    update(here, { cx: x, cy: y });
  };
  return { elements: [tangent, ...way.elements, start, here], start, draw };
}

/** The drawing; choose(w) gets the place that the reader points at. */
export function landscape(kinds, choose) {
  const frame = svg("rect", { ...BOX, class: "live-frame field" });
  const view = {
    viewBox: Object.values(BOX).join(" "),
    class: "live-inside",
    "aria-hidden": "true",
  };
  const inside = svg("svg", { ...BOX, ...view });
  const words = svg("g");
  const walk = walker();
  const element = canvas(LEFT + WIDTH + 6, TOP + HEIGHT + 26, frame, inside, words);
  element.classList.add("scene");
  const backgrounds = new Map(kinds.map((kind) => [kind, background(kind)]));
  let shown;

  const point = ({ clientX, clientY }) => {
    const { left, top, width, height } = frame.getBoundingClientRect();
    choose(pointAt(shown, [(clientX - left) / width, 1 - (clientY - top) / height]));
  };
  element.onclick = point;
  walk.start.onpointerdown = ({ pointerId }) => walk.start.setPointerCapture(pointerId);
  walk.start.onpointermove = (event) => event.buttons && point(event);

  const draw = (kind, path) => {
    if (shown !== kind) {
      inside.replaceChildren(backgrounds.get(kind).ground, ...walk.elements);
      words.replaceChildren(...backgrounds.get(kind).words);
      shown = kind;
    }
    walk.draw(kind, path);
    const walked = `a walk of ${path.length - 1} steps from ${vector(path[0])}`;
    const spoken = `The loss ${kind.formula}, and ${walked} to ${vector(path.at(-1))}`;
    update(element, { "aria-label": spoken });
  };
  return { element, draw };
}
