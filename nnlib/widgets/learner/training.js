// Training in the page: the loss of a network with two classes, and a step down its gradient.

import { forwards, layered, softmax, transposed } from "../shared/network.js";
import { ACTIVATIONS } from "../shared/numbers.js";

const SLOPES = { tanh: (a) => 1 - a * a, relu: (a) => (a > 0 ? 1 : 0) }; // from the activation

/** The loss, and how many points the network puts into the right class. */
export function judge({ x, y }, network, activation) {
  let [loss, right] = [0, 0];
  y.forEach((kind, n) => {
    const z = forwards(network, x[n], ACTIVATIONS[activation]).at(-1);
    const p = softmax(z);
    loss -= Math.log(p[kind]) / y.length;
    const ahead = p[kind] - p[1 - kind];
    right += ahead === 0 ? 0.5 : Number(ahead > 0); // a tie is right half of the time
  });
  return { loss, right };
}

/** One step of gradient descent on the mean cross-entropy of all points; returns the loss. */
export function stepDown({ x, y }, { sizes, activation, lr }, numbers) {
  const network = layered(sizes, numbers);
  const gradient = new Float64Array(numbers.length);
  const grads = layered(sizes, gradient);
  let loss = 0;
  y.forEach((kind, n) => {
    const a = forwards(network, x[n], ACTIVATIONS[activation]);
    const p = softmax(a.at(-1));
    loss -= Math.log(p[kind]) / y.length;
    let dz = p.map((share, k) => (share - Number(k === kind)) / y.length);
    for (let l = network.length - 1; l >= 0; l--) {
      const { W, b } = grads[l];
      const before = a[l];
      for (let i = 0, k = 0; i < dz.length; i++) {
        b[i] += dz[i];
        for (let j = 0; j < before.length; j++, k++) W[k] += dz[i] * before[j];
      }
      if (l > 0) dz = transposed(network[l], dz).map((d, i) => d * SLOPES[activation](before[i]));
    }
  });
  for (let k = 0; k < numbers.length; k++) numbers[k] -= lr * gradient[k];
  return loss;
}
