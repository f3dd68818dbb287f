// Losses to walk on.

import { rounded } from "../shared/numbers.js";

/** The losses of chapter 3: what of them is seen, and where a walk begins. */
export const LOSSES = {
  parabola: {
    formula: "(w − 3)²",
    loss: ([w]) => (w - 3) ** 2,
    gradient: ([w]) => [2 * (w - 3)],
    seen: [
      [-4, 10],
      [0, 49],
    ],
    ticks: [
      [-4, 0, 3, 10],
      [0, 20, 40],
    ],
    step: 0.1,
    start: [0, 0],
    lr: 0.1,
    rates: { min: 0.05, max: 1.2, step: 0.05 },
  },
  "two valleys": {
    formula: "w⁴ − 3w² + w + 4",
    loss: ([w]) => w ** 4 - 3 * w ** 2 + w + 4,
    gradient: ([w]) => [4 * w ** 3 - 6 * w + 1],
    seen: [
      [-2.2, 2.2],
      [0, 11],
    ],
    ticks: [
      [-2, -1, 0, 1, 2],
      [0, 5, 10],
    ],
    step: 0.05,
    start: [0.2, 0],
    lr: 0.02,
    rates: { min: 0.01, max: 0.3, step: 0.01 },
  },
  "narrow valley": {
    formula: "½ w₁² + 5 w₂²",
    loss: ([w1, w2]) => w1 ** 2 / 2 + 5 * w2 ** 2,
    gradient: ([w1, w2]) => [w1, 10 * w2],
    seen: [
      [-9, 5],
      [-4.4, 4.4],
    ],
    ticks: [
      [-8, -4, 0, 4],
      [-4, 0, 4],
    ],
    levels: [1, 5, 10, 20, 40, 60, 80, 100, 120],
    labelled: [
      [0, 2],
      [0, Math.sqrt(8)],
      [0, 4],
    ],
    step: 0.1,
    start: [-8, 1.5],
    lr: 0.02,
    rates: { min: 0.01, max: 0.25, step: 0.01 },
  },
  saddle: {
    formula: "½ w₁² + ¼ (w₂² − 1)²",
    loss: ([w1, w2]) => w1 ** 2 / 2 + (w2 ** 2 - 1) ** 2 / 4,
    gradient: ([w1, w2]) => [w1, w2 ** 3 - w2],
    seen: [
      [-2.2, 2.2],
      [-1.4, 1.4],
    ],
    ticks: [
      [-2, -1, 0, 1, 2],
      [-1, 0, 1],
    ],
    levels: [0.02, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5],
    labelled: [
      [Math.sqrt(0.5), 0],
      [Math.sqrt(1.5), 0],
      [Math.sqrt(3.5), 0],
    ],
    step: 0.01,
    start: [-1.8, 0],
    lr: 0.2,
    rates: { min: 0.05, max: 1.2, step: 0.05 },
  },
};

/** How many parameters a loss has, and what they are called. */
export const parameters = ({ gradient }) => (gradient([0, 0]).length === 1 ? ["w"] : ["w₁", "w₂"]);

/** A parameter, or two of them in brackets. */
export function vector(w) {
  const numbers = w.map((value) => rounded(value, 4));
  return w.length === 1 ? numbers[0] : `(${numbers.join(", ")})`;
}
