// The GPT of chapter 12, which reads one token at a time, and what is in its stream.

import { attend } from "./attend.js";
import { affine, supply } from "./network.js";
import { ACTIVATIONS, range, sum } from "./numbers.js";

/**
 * Its parts from its parameters in a row; sizes are context, features, heads, and blocks. Where the
 * row ends with the last norm, the scores are products with the embeddings.
 */
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
  const parts = { blocks: range(blocks).map(block), norm: norm(), scores: dense(vocab, d) };
  const tied = { W: numbers.subarray(0, vocab * d), b: new Float64Array(vocab) };
  return { heads, ...tables, ...parts, ...(parts.scores.b.length ? {} : { scores: tied }) };
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

/** The keys and values of each head of each block, before anything is read. */
export const emptyPast = (model) => model.blocks.map(() => range(model.heads).map(() => [[], []]));

/**
 * The stream of one more token, at some position: after its embedding, and after each layer. Its
 * keys and values join the past. What is off hands over zeros: off(block, head), or off(block) for
 * the MLP.
 */
export function stream(model, id, position, past, off = () => false) {
  let x = plus(Array.from(model.tokens[id]), model.positions[position]);
  const places = [x];
  for (const [l, { attention, mlp }] of model.blocks.entries()) {
    const made = affine(attention.qkv, normed(attention.norm, x));
    const size = x.length / model.heads;
    const part = (k, h) => made.slice(k * x.length + h * size, k * x.length + (h + 1) * size);
    const outputs = past[l].flatMap(([keys, values], h) => {
      keys.push(part(1, h));
      values.push(part(2, h));
      return off(l, h) ? new Array(size).fill(0) : attend(part(0, h), keys, values).output;
    });
    x = plus(x, affine(attention.out, outputs));
    places.push(x);
    const thought = () => affine(mlp.narrow, affine(mlp.wide, normed(mlp.norm, x)).map(gelu));
    x = off(l) ? x : plus(x, thought());
    places.push(x);
  }
  return places;
}

/** The scores of the next token, as they follow from what is in a stream. */
export const scoresOf = (model, x) => affine(model.scores, normed(model.norm, x));

/** A function from a text to the scores after each of its tokens; it computes only what is new. */
export function reader(model) {
  let [read, scores] = [[], []];
  const past = emptyPast(model);
  return (ids) => {
    const changed = ids.findIndex((id, t) => id !== read[t]);
    const same = changed < 0 ? ids.length : changed;
    for (const list of past.flat(2)) list.length = Math.min(list.length, same);
    for (let t = same; t < ids.length; t++) {
      scores[t] = scoresOf(model, stream(model, ids[t], t, past).at(-1));
    }
    scores.length = ids.length;
    read = ids;
    return scores;
  };
}
