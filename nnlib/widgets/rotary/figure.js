import { curve } from "./curve.js";
import { lengths, planes } from "./planes.js";
import { button, buttons, controls, result, slider } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { clamp, dot, range, rounded, sum } from "../shared/numbers.js";
import { traitsOf } from "../shared/traits.js";

const LAST = 24; // places go from 0 to this one
const FINE = 4; // points of the curve a place
const DEGREE = Math.PI / 180;
const PLACE = { min: 0, max: LAST, step: 1 };
const AHEAD = { min: -180, max: 180, step: 10 };

/** The distances for which the score is drawn. */
const DISTANCES = range(2 * LAST * FINE + 1).map((j) => j / FINE - LAST);

/** Each pair of features i and i + d / 2 turned by an angle of its own. */
function turned(x, angles) {
  const pairs = angles.map((angle, i) => {
    const [a, b, cos, sin] = [x[i], x[i + angles.length], Math.cos(angle), Math.sin(angle)];
    return [a * cos - b * sin, b * cos + a * sin];
  });
  return [...pairs.map(([a]) => a), ...pairs.map(([, b]) => b)];
}

/** What each pair adds to the score of a query and a key. */
function shares(q, k, half) {
  return range(half).map((i) => q[i] * k[i] + q[i + half] * k[i + half]);
}

/** A query turned by its place m and a key by its place n, their score, and that of each distance. */
export function compute({ q, k, ahead, m, n, base }) {
  const half = q.length / 2;
  const speeds = range(half).map((i) => base ** (-i / half));
  const by = (place) => speeds.map((speed) => speed * place);
  const start = turned(
    k,
    ahead.map((degrees) => degrees * DEGREE),
  );
  const [query, key] = [turned(q, by(m)), turned(start, by(n))];
  const products = shares(query, key, half);
  const scores = DISTANCES.map((distance) => dot(turned(q, by(distance)), start));
  return { speeds, query, key, products, score: sum(products), scores };
}

/** The sum of the products in words; a negative number after a plus sign is in brackets. */
function told(m, n, { products, score }) {
  const terms = products.map((x) => rounded(x, 2));
  const added = terms.map((x, i) => (i && x.startsWith("−") ? `(${x})` : x)).join(" + ");
  return `m − n = ${rounded(m - n, 0)}. Score: ${added} = ${rounded(score, 2)}.`;
}

/** Two buttons that move query and key by one place together. */
function together(traits) {
  const move = (step) => () => {
    const { m, n } = traits.read("m", "n");
    const by = clamp(step, -Math.min(m, n), LAST - Math.max(m, n));
    traits.change({ m: m + by, n: n + by });
  };
  return buttons(button("Both one back", move(-1)), button("Both one on", move(1)));
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { q, k, base } = traits.read("q", "k", "base");
  const half = q.length / 2;
  const pictures = planes(q, k);
  const graph = curve(DISTANCES, dot(lengths(q), lengths(k)));
  const said = result({ spoken: true });
  const places = div(
    slider(traits, "query at m", "m", PLACE),
    slider(traits, "key at n", "n", PLACE),
    together(traits),
  );
  const turns = range(half).map((index) =>
    slider(traits, `k in pair ${index} (°)`, "ahead", { index, ...AHEAD }),
  );

  el.classList.add("live", "live-rotary");
  const row = beside(...pictures.elements);
  el.append(
    row,
    said,
    html("div", { class: "graph" }, graph.element),
    controls(places, div(...turns)),
  );

  traits.follow(["m", "n", "ahead"], () => {
    const { m, n, ahead } = traits.read("m", "n", "ahead");
    const found = compute({ q, k, ahead, m, n, base });
    pictures.draw(found);
    graph.draw(m - n, found);
    update(said, { text: told(m, n, found) });
  });
}

export default { render };
