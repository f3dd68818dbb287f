// Numbers: small sums, how they are written, and the activation functions.

/** The activation functions of chapter 1, by their names in nnlib.neuron. */
export const ACTIVATIONS = {
  step: (z) => (z > 0 ? 1 : 0),
  sigmoid: (z) => Math.exp(Math.min(z, 0)) / (1 + Math.exp(-Math.abs(z))),
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  leaky_relu: (z) => Math.max(z, 0) + 0.1 * Math.min(z, 0),
};

export const sum = (numbers) => numbers.reduce((total, x) => total + x, 0);
export const range = (n) => Array.from({ length: n }, (_, i) => i);
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

export function dot(p, q) {
  let total = 0;
  for (let j = 0; j < p.length; j++) total += p[j] * q[j];
  return total;
}

/** As nnlib.plots writes a number: up to four digits, with a true minus sign. */
export function number(value, digits = 4) {
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/** The same, with no more than some digits after the point. */
export const rounded = (value, digits) => number(Number(value.toFixed(digits)));
