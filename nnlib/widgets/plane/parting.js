// The closest points of two segments, which tell whether a line can stand between them.

import { clamp } from "../shared/numbers.js";

const minus = (p, q) => [p[0] - q[0], p[1] - q[1]];
const cross = (p, q) => p[0] * q[1] - p[1] * q[0];

/** On which side of the line through a and b a point is. */
const side = ([a, b], p) => Math.sign(cross(minus(b, a), minus(p, a)));
const cut = (s, t) => side(s, t[0]) * side(s, t[1]) < 0 && side(t, s[0]) * side(t, s[1]) < 0;

/** The point of a segment that is closest to p. */
function nearest([a, b], p) {
  const [along, to] = [minus(b, a), minus(p, a)];
  const length = along[0] ** 2 + along[1] ** 2;
  const share = length ? clamp((along[0] * to[0] + along[1] * to[1]) / length, 0, 1) : 0;
  return [a[0] + share * along[0], a[1] + share * along[1]];
}

/** A point of each segment, as close to each other as they come. */
export function closest(s, t) {
  if (cut(s, t)) return [s[0], s[0]];
  const pairs = [...t.map((q) => [nearest(s, q), q]), ...s.map((p) => [p, nearest(t, p)])];
  const far = ([p, q]) => Math.hypot(...minus(p, q));
  return pairs.reduce((best, pair) => (far(pair) < far(best) ? pair : best));
}
