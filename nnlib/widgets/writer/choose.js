// The choice of the next token.

import { softmax } from "../shared/network.js";
import { range, sum } from "../shared/numbers.js";

/** The probabilities from which the next token is drawn: nnlib.gpt.next_token_distribution. */
export function distribution(scores, { temperature, top_k, top_p }) {
  if (temperature === 0) [temperature, top_k] = [1, 1];
  const highest = Math.max(...scores);
  let p = softmax(scores.map((score) => (score - highest) / temperature));
  const order = range(p.length).sort((i, j) => scores[j] - scores[i]);
  const keep = (n) => {
    const kept = new Set(order.slice(0, n));
    const total = sum(order.slice(0, n).map((i) => p[i]));
    p = p.map((part, i) => (kept.has(i) ? part / total : 0));
  };
  if (top_k !== null) keep(top_k);
  if (top_p !== null) {
    let reached = 0;
    keep(order.findIndex((i) => (reached += p[i]) >= top_p) + 1 || p.length);
  }
  return p;
}
