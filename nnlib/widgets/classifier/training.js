// A neuron with two inputs in training: its loss, its answers, and a step down its gradient.

import { ACTIVATIONS } from "../shared/numbers.js";

/** The pre-activation of a neuron with the weights [w1, w2, b]. */
export const height = ([w1, w2, b], [x1, x2]) => w1 * x1 + w2 * x2 + b;

/** The surprise at the right answer, where z is far from 0 too. */
const surprise = (z, yes) => {
  const against = yes ? -z : z;
  return Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(z)));
};

/** The loss, what is answered wrongly, and how many examples are found and falsely reported. */
export function judge({ x, y }, weights) {
  let [loss, found, alarms] = [0, 0, 0];
  const wrong = [];
  x.forEach((point, n) => {
    const z = height(weights, point);
    loss += surprise(z, y[n]) / x.length;
    found += Number(z > 0 && y[n] === 1);
    alarms += Number(z > 0 && y[n] === 0);
    if (z > 0 !== (y[n] === 1)) wrong.push(point);
  });
  return { loss, wrong, found, alarms };
}

/** The weights after one step of gradient descent on the mean cross-entropy. */
export function stepDown({ x, y }, lr, weights) {
  const gradient = [0, 0, 0];
  x.forEach((point, n) => {
    const error = (ACTIVATIONS.sigmoid(height(weights, point)) - y[n]) / x.length;
    gradient[0] += error * point[0];
    gradient[1] += error * point[1];
    gradient[2] += error;
  });
  return weights.map((w, i) => w - lr * gradient[i]);
}
