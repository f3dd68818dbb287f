// A network of dense layers, for figures that run one.

import { sum } from "./numbers.js";

/** A function that takes the next numbers of a row, as many as it is asked for. */
export function supply(numbers) {
  let start = 0;
  return (length) => numbers.subarray(start, (start += length));
}

/** Layers from numbers in a row: W and b of the first, W and b of the second, and so on. */
export function layered(sizes, numbers) {
  const next = supply(numbers);
  return sizes.slice(1).map((rows, l) => ({ W: next(rows * sizes[l]), b: next(rows) }));
}

/** W x + b */
export function affine({ W, b }, x) {
  const z = new Array(b.length);
  for (let i = 0, k = 0; i < z.length; i++) {
    let total = b[i];
    for (let j = 0; j < x.length; j++, k++) total += W[k] * x[j];
    z[i] = total;
  }
  return z;
}

/** Wᵀ dz */
export function transposed({ W, b }, dz) {
  const columns = W.length / b.length;
  const dx = new Array(columns).fill(0);
  dz.forEach((d, i) => {
    for (let j = 0, k = i * columns; d && j < columns; j++, k++) dx[j] += W[k] * d;
  });
  return dx;
}

/** The input, what each hidden layer makes of it, and the scores. */
export function forwards(network, x, activation) {
  const found = [x];
  network.forEach((layer, l) => {
    const z = affine(layer, found[l]);
    found.push(l + 1 < network.length ? z.map(activation) : z);
  });
  return found;
}

export function softmax(scores) {
  const highest = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - highest));
  const total = sum(parts);
  return parts.map((part) => part / total);
}
