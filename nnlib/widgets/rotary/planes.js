// A plane for each pair of features, with the arrows of the query and of the key.

import { svg, update } from "../shared/dom.js";
import { canvas, label, trace } from "../shared/drawing.js";
import { number, range, rounded } from "../shared/numbers.js";

const [X, Y, RADIUS, WEDGE] = [100, 106, 72, 30];
const [HEAD, ASIDE] = [9, 0.13]; // ASIDE keeps the names of arrows that meet apart

/** A point so far from the middle, at an angle that is counted counterclockwise. */
const at = (length, angle) => [X + length * Math.cos(angle), Y - length * Math.sin(angle)];

const barb = ([x, y], angle) => [x + HEAD * Math.cos(angle), y - HEAD * Math.sin(angle)];

/** The same angle, from −π to π. */
const around = (angle) => Math.atan2(Math.sin(angle), Math.cos(angle));

const degrees = (angle) => `${rounded((around(angle) * 180) / Math.PI, 0)}°`;

/** How long the arrow of each pair of x is. */
export function lengths(x) {
  const half = x.length / 2;
  return range(half).map((i) => Math.hypot(x[i], x[i + half]));
}

function arrow(name) {
  const line = svg("path", { class: `arrow ${name}` });
  const head = svg("path", { class: `arrow head ${name}` });
  const words = label(0, 0, name, `live-clear italic ${name}`);
  const draw = (length, angle, side) => {
    const tip = at(length, angle);
    update(head, { d: trace([barb(tip, angle + 2.7), tip, barb(tip, angle - 2.7)]) });
    update(line, { d: trace([[X, Y], tip]) });
    const [x, y] = at(length + 12, angle + side * ASIDE);
    update(words, { x: x.toFixed(1), y: (y + 4).toFixed(1) });
  };
  return { parts: [line, head, words], draw };
}

/** The angle between the arrows, from the key to the query. */
function wedgePath(from, to) {
  const between = around(to - from);
  const [a, b] = [from, to].map((angle) =>
    at(WEDGE, angle)
      .map((x) => x.toFixed(1))
      .join(),
  );
  return `M${X},${Y}L${a}A${WEDGE},${WEDGE} 0 0 ${between > 0 ? 0 : 1} ${b}Z`;
}

function plane(i, half, most) {
  const wedge = svg("path", { class: "wedge" });
  const circle = svg("circle", { cx: X, cy: Y, r: RADIUS, class: "live-frame" });
  const axes = svg("path", { class: "axes", d: `M${X - 88} ${Y}h176M${X} ${Y - 88}v176` });
  const [query, key] = [arrow("q"), arrow("k")];
  const [title, product] = [label(X, 12, ""), label(X, 212, "")];
  const parts = [circle, axes, wedge, ...key.parts, ...query.parts];
  const element = canvas(200, 218, ...parts, title, product);
  const polar = (x) => [Math.hypot(x[i], x[i + half]), Math.atan2(x[i + half], x[i])];
  const draw = (found) => {
    const [[size, angle], [width, turn]] = [polar(found.query), polar(found.key)];
    const side = around(angle - turn) < 0 ? -1 : 1;
    query.draw((RADIUS * size) / most, angle, side);
    key.draw((RADIUS * width) / most, turn, -side);
    update(wedge, { d: wedgePath(turn, angle) });
    const speed = `${number(found.speeds[i], 2)} a place`;
    update(title, { text: `pair ${i}: ${speed}` });
    update(product, { text: `q · k = ${rounded(found.products[i], 2)}` });
    const where = `q at ${degrees(angle)}, k at ${degrees(turn)}, ${degrees(angle - turn)} between`;
    const spoken = `Pair ${i}, ${speed}: ${where}, product ${rounded(found.products[i], 2)}`;
    update(element, { "aria-label": spoken });
  };
  return { element, draw };
}

/** A drawing for each pair, and what draws a query and a key that are turned. */
export function planes(q, k) {
  const half = q.length / 2;
  const most = Math.max(...lengths(q), ...lengths(k));
  const each = range(half).map((i) => plane(i, half, most));
  const draw = (found) => each.forEach((one) => one.draw(found));
  return { elements: each.map((one) => one.element), draw };
}
