// The GPT of chapter 12, which reads one token at a time, and the choice of the next one.

import { attend } from "../shared/attend.js";
import { affine, softmax, supply } from "../shared/network.js";
import { ACTIVATIONS, dot, range, sum } from "../shared/numbers.js";

/** Its parts from its parameters in a row; sizes are context, features, heads, and blocks. */
export function gpt(vocab, [context, d, heads, blocks], numbers) {
  const next = supply(numbers);
  const rows = (n) => range(n).map(() => next(d));
  const norm = () => ({ gamma: next(d), beta: next(d) });
  const dense = (n, columns) => ({ W: next(n * columns), b: next(n) });
  const block = () => ({
    attention: { norm: norm(), qkv: dense(3 * d, d), out: dense(d, d) },
    mlp: { norm: norm(), wide: dense(4 * d, d), narrow: dense(d, 4 * d) },
  });
  const tables = { tokens: rows(vocab), positions: rows(context) };
  return { heads, ...tables, blocks: range(blocks).map(block), norm: norm() };
}

const plus = (x, y) => x.map((value, i) => value + y[i]);
const gelu = (x) => x * ACTIVATIONS.sigmoid(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x));

/** LayerNorm: mean 0 and variance 1 over the features, then a scale and a shift. */
function normed({ gamma, beta }, x) {
  const mean = sum(x) / x.length;
  const centred = x.map((value) => value - mean);
  const deviation = Math.sqrt(sum(centred.map((value) => value ** 2)) / x.length + 1e-5);
  return centred.map((value, i) => (gamma[i] * value) / deviation + beta[i]);
}

/** What one more token, at some position, becomes; its keys and values join the past. */
function extend(model, id, position, past) {
  let x = plus(Array.from(model.tokens[id]), model.positions[position]);
  for (const [l, { attention, mlp }] of model.blocks.entries()) {
    const made = affine(attention.qkv, normed(attention.norm, x));
    const size = x.length / model.heads;
    const part = (k, h) => made.slice(k * x.length + h * size, k * x.length + (h + 1) * size);
    past[l].forEach(([keys, values], h) => {
      keys.push(part(1, h));
      values.push(part(2, h));
    });
    const outputs = past[l].flatMap((there, h) => attend(part(0, h), ...there).output);
    x = plus(x, affine(attention.out, outputs));
    x = plus(x, affine(mlp.narrow, affine(mlp.wide, normed(mlp.norm, x)).map(gelu)));
  }
  return normed(model.norm, x);
}

/** A function from a text to the scores after each of its tokens; it computes only what is new. */
export function reader(model) {
  let [read, scores] = [[], []];
  const past = model.blocks.map(() => range(model.heads).map(() => [[], []])); // keys and values
  return (ids) => {
    const changed = ids.findIndex((id, t) => id !== read[t]);
    const same = changed < 0 ? ids.length : changed;
    for (const list of past.flat(2)) list.length = Math.min(list.length, same);
    for (let t = same; t < ids.length; t++) {
      const x = extend(model, ids[t], t, past);
      scores[t] = model.tokens.map((row) => dot(x, row));
    }
    scores.length = ids.length;
    read = ids;
    return scores;
  };
}

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
