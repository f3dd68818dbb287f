// A walk downhill, and what there is to say about it.

import { LOSSES, parameters, vector } from "./losses.js";
import { rounded } from "../shared/numbers.js";

const LIMIT = 1000; // a walk ends where the loss is larger: it diverges
export const MOST = 100; // steps
const FLAT = 0.01; // a slope that counts as almost 0
const NOTHING = 1e-9; // and one that counts as 0

/** The points of a walk and their losses; it ends early where the loss exceeds LIMIT. */
export function compute({ loss, start, lr, momentum, steps }) {
  const { loss: height, gradient } = LOSSES[loss];
  const path = [start.slice(0, parameters(LOSSES[loss]).length)];
  let velocity = path[0].map(() => 0);
  while (path.length <= steps && height(path.at(-1)) <= LIMIT) {
    const slopes = gradient(path.at(-1));
    velocity = velocity.map((v, i) => (momentum ?? 0) * v + slopes[i]);
    path.push(path.at(-1).map((w, i) => w - lr * velocity[i]));
  }
  return { path, losses: path.map(height) };
}

export const ended = ({ path, losses }) => path.length > MOST || losses.at(-1) > LIMIT;

/** Where the walk is, and what to notice about its last step. */
export function report(kind, { path, losses }) {
  const [old, now] = [path.at(-2) ?? path[0], path.at(-1)];
  const [before, after] = [old, now].map(kind.gradient);
  const [slope, names] = now.length === 1 ? ["slope", [""]] : ["gradient", [" in w₁", " in w₂"]];
  // Along one axis a step overshoots if it goes downhill and ends where downhill is backwards.
  const downhill = (i) => (now[i] - old[i]) * before[i] < 0;
  const over = names.filter((_, i) => downhill(i) && before[i] * after[i] < 0);
  const notices = [
    [losses.at(-1) > LIMIT, ` It diverges: the loss has grown beyond ${LIMIT}.`],
    [Math.hypot(...after) < NOTHING, ` Here the ${slope} is 0, and the walk stands still.`],
    [Math.hypot(...after) < FLAT, " Here the ground is almost flat."],
    [over.length > 0, ` The last step overshot${over.join(" and")}.`],
    [true, ""],
  ];
  const [, notice] = notices.find(([holds]) => holds);
  const where = `w = ${vector(now)}, loss ${rounded(losses.at(-1), 4)}`;
  return `Step ${path.length - 1}: ${where}, ${slope} ${vector(after)}.${notice}`;
}
