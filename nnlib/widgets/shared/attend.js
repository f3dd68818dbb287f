// Attention, for figures that look into it and for those that use it.

import { softmax } from "./network.js";
import { dot } from "./numbers.js";

/** The mean of some values, each with its weight. */
export function blend(weights, values) {
  const mean = values[0].map(() => 0);
  weights.forEach((weight, s) => {
    values[s].forEach((value, c) => (mean[c] += weight * value));
  });
  return mean;
}

/** One query against some keys: scores before and after the scale, weights, and what they take. */
export function attend(q, keys, values) {
  const products = keys.map((key) => dot(q, key));
  const scores = products.map((product) => product / Math.sqrt(q.length));
  const weights = softmax(scores);
  return { products, scores, weights, output: blend(weights, values) };
}
