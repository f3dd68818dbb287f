// Attention, for figures that look into it and for those that use it.

/** The mean of some values, each with its weight. */
const blend = (weights, values) =>
  values[0].map((_, c) => sum(weights.map((weight, s) => weight * values[s][c])));

/** One query against some keys: scores before and after the scale, weights, and what they take. */
function attend(q, keys, values) {
  const products = keys.map((key) => sum(q.map((x, i) => x * key[i])));
  const scores = products.map((product) => product / Math.sqrt(q.length));
  const weights = softmax(scores);
  return { products, scores, weights, output: blend(weights, values) };
}
