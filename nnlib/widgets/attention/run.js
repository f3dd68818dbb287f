// The model run on some words, with every step of every head.

import { attend, blend } from "../shared/attend.js";
import { affine, softmax, supply } from "../shared/network.js";
import { range, sum } from "../shared/numbers.js";

export const STEPS = ["products", "scaled", "masked", "weights", "output", "added"];

/** The parameters of the model, from numbers in a row. */
function unpack({ vocabulary, context, features, heads, widths, predicts }, numbers) {
  const next = supply(numbers);
  const table = (rows) => range(rows).map(() => Array.from(next(features)));
  const dense = (rows, columns) => ({ W: next(rows * columns), b: next(rows) });
  const tokens = table(vocabulary);
  const positions = table(context);
  const layers = heads.map((count, l) => {
    const [d, width] = widths[l];
    const qkv = dense(count * (2 * d + width), features);
    return { count, d, width, qkv, out: dense(features, count * width) };
  });
  const output = predicts ? dense(vocabulary, features) : null;
  return { tokens, positions, layers, output };
}

/** The queries, keys and values of each head, from the features of all tokens. */
function split({ count, d, width, qkv }, x) {
  const rows = x.map((row) => affine(qkv, row));
  const cut = (from, size) => rows.map((row) => row.slice(from, from + size));
  return range(count).map((h) => ({
    queries: cut(h * d, d),
    keys: cut((count + h) * d, d),
    values: cut(2 * count * d + h * width, width),
  }));
}

/** What one head does for each token, step by step. */
function look({ queries, keys, values }, { scale, mask }) {
  return queries.map((q, t) => {
    const { products, scores } = attend(q, keys, values);
    const scaled = scale === "none" ? products : scores;
    const masked = scaled.map((score, s) => (mask === "none" || s <= t ? score : -Infinity));
    const weights = softmax(masked);
    return { products, scaled, masked, weights, output: blend(weights, values) };
  });
}

/** What a head adds to a token: its output times those columns of W_o that are its own. */
function share({ out, count, width }, h, output) {
  const padded = range(count).flatMap((j) => (j === h ? output : Array(width).fill(0)));
  return affine({ W: out.W, b: Array(out.b.length).fill(0) }, padded);
}

/**
 * The model run on some words, without the heads that are off. Each step is a list: for each head,
 * those of the first layer first, what it finds for each token. Before, after and bias belong to
 * the layers: the tokens that enter one, those that leave it, and what is added to all. The
 * probabilities are those of the word after each token.
 */
export function compute({ ids, weights, scale, mask, off, ...sizes }) {
  const model = unpack(sizes, new Float32Array(weights));
  const names = [...STEPS, "queries", "keys", "values", "before", "after", "bias"];
  const found = Object.fromEntries(names.map((name) => [name, []]));
  let x = ids.map((id, t) => model.tokens[id].map((value, i) => value + model.positions[t][i]));
  for (const layer of model.layers) {
    const bias = Array.from(layer.out.b);
    const first = found.values.length;
    const heads = split(layer, x).map((parts, h) => {
      const head = look(parts, { scale, mask });
      const silent = off.includes(first + h);
      for (const row of head) {
        const taken = silent ? row.output.map(() => 0) : row.output;
        row.added = share(layer, h, taken);
      }
      for (const step of STEPS) found[step].push(head.map((row) => row[step]));
      for (const [name, part] of Object.entries(parts)) found[name].push(part);
      return head;
    });
    found.before.push(x);
    x = x.map((row, t) =>
      row.map((value, i) => value + bias[i] + sum(heads.map((head) => head[t].added[i]))),
    );
    found.after.push(x);
    found.bias.push(bias);
  }
  if (!model.output) return found;
  return { ...found, probabilities: x.map((row) => softmax(affine(model.output, row))) };
}
