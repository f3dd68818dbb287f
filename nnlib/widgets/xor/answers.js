// What the third neuron sees: each corner where the answers of the first two have put it.

import { svg, update } from "../shared/dom.js";
import { between, canvas, label, points, tint } from "../shared/drawing.js";
import { dot } from "../shared/numbers.js";
import { border, circles, CORNERS, flat, frame, scales, SQUARE } from "../shared/plane.js";

/** The plane of both answers: a circle is filled, empty, or ringed where both kinds meet. */
export function answers() {
  const [side, line, places] = [svg("polygon"), border(), circles()];
  const names = CORNERS.map(flat).map(([x, y]) => label(x, y - 14, "", "live-clear"));
  const shown = [frame(SQUARE.map(flat)), ...places.dots, ...names, ...scales("a")];
  const element = canvas(280, 300, side, line, ...shown);
  const draw = ({ hidden, third, goal }) => {
    const square = SQUARE.map((p) => [...p, dot(third.w, p) + third.b]);
    const polygon = between(square, 0, Infinity).map(flat);
    update(side, { points: points(polygon), fill: tint(0.3) });
    update(line, { points: points(between(square, 0, 0).map(flat)) });
    const spoken = [];
    CORNERS.forEach((place, k) => {
      const here = CORNERS.flatMap((_, i) => (String(hidden[i]) === String(place) ? [i] : []));
      const wanted = new Set(here.map((i) => goal[i]));
      const text = here.map((i) => `(${CORNERS[i].join(", ")})`).join(" ");
      places.draw(k, wanted.has(1), wanted.size > 1);
      update(places.dots[k], { visibility: here.length ? "visible" : "hidden" });
      update(names[k], { text });
      if (text) spoken.push(`at (${place.join(", ")}): ${text}`);
    });
    const told = `The plane of the answers of neurons 1 and 2. Corners ${spoken.join("; ")}`;
    update(element, { "aria-label": told });
  };
  return { element, draw };
}
