// The model run on some words, with every step of every head.

import { attend, blend } from "../shared/attend.js";
import { affine, softmax, supply } from "../shared/network.js";
import { range } from "../shared/numbers.js";

export const STEPS = ["products", "scaled", "masked", "weights", "output"];

/** The parameters of the model, from numbers in a row. */
function unpack({ vocabulary, context, features, heads }, numbers) {
  const next = supply(numbers);
  const table = (rows) => range(rows).map(() => Array.from(next(features)));
  const dense = (rows) => ({ W: next(rows * features), b: next(rows) });
  return {
    tokens: table(vocabulary),
    positions: table(context),
    layers: heads.map((count) => ({ count, qkv: dense(3 * features), out: dense(features) })),
    output: dense(vocabulary),
  };
}

/** What one head does for each token, step by step. */
function look(queries, keys, values, { scale, mask }) {
  return queries.map((q, t) => {
    const { products, scores } = attend(q, keys, values);
    const scaled = scale === "none" ? products : scores;
    const masked = scaled.map((score, s) => (mask === "none" || s <= t ? score : -Infinity));
    const weights = softmax(masked);
    return { products, scaled, masked, weights, output: blend(weights, values) };
  });
}

/**
 * The model run on some words. Each step is a list: for each head, those of the first layer first,
 * what it finds for each token. The probabilities are those of the word after each token.
 */
export function compute({ ids, weights, scale, mask, ...sizes }) {
  const model = unpack(sizes, new Float32Array(weights));
  const found = { values: [], ...Object.fromEntries(STEPS.map((step) => [step, []])) };
  let x = ids.map((id, t) => model.tokens[id].map((value, i) => value + model.positions[t][i]));
  for (const { count, qkv, out } of model.layers) {
    const rows = x.map((row) => affine(qkv, row));
    const size = sizes.features / count;
    const heads = range(count).map((h) => {
      const [queries, keys, values] = range(3).map((part) => {
        const from = part * sizes.features + h * size;
        return rows.map((row) => row.slice(from, from + size));
      });
      const head = look(queries, keys, values, { scale, mask });
      for (const step of STEPS) found[step].push(head.map((row) => row[step]));
      found.values.push(values);
      return head;
    });
    x = x.map((row, t) => {
      const added = affine(
        out,
        heads.flatMap((head) => head[t].output),
      );
      return row.map((value, i) => value + added[i]);
    });
  }
  return { ...found, probabilities: x.map((row) => softmax(affine(model.output, row))) };
}
