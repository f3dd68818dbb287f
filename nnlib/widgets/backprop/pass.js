// A pass forwards and a pass backwards, step by step.

import { ACTIVATIONS, number, rounded } from "../shared/numbers.js";

const H = 1e-5; // how far the finite differences step to either side, as in nnlib.descent

/** The traits, and the letters of their numbers. */
export const GIVEN = {
  w: ["w₁₁", "w₁₂", "w₂₁", "w₂₂", "w₃₁", "w₃₂"],
  b: ["b₁", "b₂", "b₃"],
  x: ["x₁", "x₂"],
  y: ["y"],
};
/** What is computed in each step. */
export const STEPS = [
  ["z₁", "w₁₁ · x₁ + w₁₂ · x₂ + b₁"],
  ["a₁", "σ(z₁)"],
  ["z₂", "w₂₁ · x₁ + w₂₂ · x₂ + b₂"],
  ["a₂", "σ(z₂)"],
  ["z₃", "w₃₁ · a₁ + w₃₂ · a₂ + b₃"],
  ["a₃", "σ(z₃)"],
  ["L", "(a₃ − y)²"],
  ["da₃", "2 · (a₃ − y)"],
  ["dz₃", "da₃ · a₃ · (1 − a₃)"],
  ["dw₃₁", "dz₃ · a₁"],
  ["dw₃₂", "dz₃ · a₂"],
  ["db₃", "dz₃"],
  ["da₁", "dz₃ · w₃₁"],
  ["da₂", "dz₃ · w₃₂"],
  ["dz₁", "da₁ · a₁ · (1 − a₁)"],
  ["dw₁₁", "dz₁ · x₁"],
  ["dw₁₂", "dz₁ · x₂"],
  ["db₁", "dz₁"],
  ["dz₂", "da₂ · a₂ · (1 − a₂)"],
  ["dw₂₁", "dz₂ · x₁"],
  ["dw₂₂", "dz₂ · x₂"],
  ["db₂", "dz₂"],
  ["dx₁", "dz₁ · w₁₁ + dz₂ · w₂₁"],
  ["dx₂", "dz₁ · w₁₂ + dz₂ · w₂₂"],
];
export const FORWARD = 7; // of these steps
const LETTER = /d?[wbxaz][₁₂₃]+|L|y/g;

function forward({ w, b, x, y }) {
  const z = [0, 1].map((i) => w[2 * i] * x[0] + w[2 * i + 1] * x[1] + b[i]);
  const a = z.map(ACTIVATIONS.sigmoid);
  z.push(w[4] * a[0] + w[5] * a[1] + b[2]);
  a.push(ACTIVATIONS.sigmoid(z[2]));
  return { z, a, loss: (a[2] - y) ** 2 };
}

/** All values and gradients, and finite differences for w, b and x, one after the other. */
export function compute(given) {
  const { w, x, y } = given;
  const { z, a, loss } = forward(given);
  const slopes = a.map((value) => value * (1 - value));
  const da3 = 2 * (a[2] - y);
  const dz3 = da3 * slopes[2];
  const da = [dz3 * w[4], dz3 * w[5], da3];
  const dz = da.map((gradient, i) => gradient * slopes[i]);
  const dw = [dz[0] * x[0], dz[0] * x[1], dz[1] * x[0], dz[1] * x[1], dz3 * a[0], dz3 * a[1]];
  const dx = [0, 1].map((j) => dz[0] * w[j] + dz[1] * w[2 + j]);
  const differences = ["w", "b", "x"].flatMap((name) =>
    given[name].map((value, i) => {
      const at = (changed) => forward({ ...given, [name]: given[name].with(i, changed) }).loss;
      return (at(value + H) - at(value - H)) / (2 * H);
    }),
  );
  return { z, a, loss, da, dz, dw, db: dz, dx, differences };
}

/** The same by letters. */
export function byLetter(given, { z, a, loss, da, dz, dw, db, dx }) {
  const letters = { ...GIVEN, z: ["z₁", "z₂", "z₃"], a: ["a₁", "a₂", "a₃"], L: ["L"] };
  for (const name of ["w", "b", "x", "z", "a"])
    letters[`d${name}`] = letters[name].map((l) => `d${l}`);
  const values = { ...given, z, a, L: loss, da, dz, dw, db, dx };
  return Object.fromEntries(
    Object.entries(letters).flatMap(([name, all]) =>
      all.map((letter, i) => [letter, [values[name]].flat()[i]]),
    ),
  );
}

/** Three decimals, or three digits where the number is smaller. */
const short = (value) => (Math.abs(value) < 1 ? number(value, 3) : rounded(value, 3));

/** A formula with numbers in place of letters; negative ones in brackets unless they come first. */
function filled(formula, values) {
  return formula.replace(LETTER, (letter, at) => {
    const first = at === 0 || formula[at - 1] === "(";
    return first || values[letter] >= 0 ? short(values[letter]) : `(${short(values[letter])})`;
  });
}

/** The part of a formula that goes along an edge, and what comes of it. */
function product(edge, [name, formula], values) {
  if (edge === "L") return `${filled(formula, values)} = ${short(values[name])}`;
  const term = formula.split(" + ").find((part) => part.includes(edge)) ?? formula;
  const result = term.match(LETTER).reduce((total, letter) => total * values[letter], 1);
  return `${filled(term, values)} = ${short(result)}`;
}

/** The step that was taken last: what is known by then, and what it uses and says. */
export function stepAt(count, values) {
  const taken = STEPS.slice(0, count);
  const [name, formula] = taken.at(-1) ?? ["", ""];
  const letters = [...Object.values(GIVEN).flat(), ...taken.map(([letter]) => letter)];
  const known = Object.fromEntries(letters.map((letter) => [letter, short(values[letter])]));
  const backward = count > FORWARD;
  const used = /^L$|^da₃$/.test(name) ? ["L"] : (`${name} ${formula}`.match(/w[₁₂₃]+/g) ?? []);
  const node = name.match(/^d?[zab](.)$/)?.[1] ?? name.replace("d", "");
  /** What an edge has to say. */
  const carried = (edge) => {
    if (used.includes(edge)) return product(edge, [name, formula], values);
    if (edge === "L") return backward ? "" : undefined;
    const gradient = known[`d${edge}`];
    return gradient && `d${edge} = ${gradient}`;
  };
  const numbers = /[ (]/.test(formula) ? ` = ${filled(formula, values)}` : "";
  const equation = `${name} = ${formula}${numbers} = ${known[name]}`;
  const way = backward ? "backward" : "forward";
  const said = name ? `, ${way}: ${equation}` : ": nothing is computed yet";
  const words = `Step ${count} of ${STEPS.length}${said}`;
  return { name, known, active: [...used, node], backward, carried, words };
}
