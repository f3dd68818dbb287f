// The stream of a transformer, and what its last norm and its scores make of each place in it.

import { emptyPast, gpt, scoresOf, stream } from "../shared/gpt.js";
import { softmax } from "../shared/network.js";
import { range, sum } from "../shared/numbers.js";

/** The names of the parts that can be switched off; without a head it is the MLP. */
export const part = (l, h) => (h === undefined ? `MLP ${l}` : `attention ${l}, head ${h}`);

/** The places in the stream: after the embedding, and after each layer, with its parts. */
export function placesOf(heads, blocks) {
  const layers = range(blocks).flatMap((l) => [
    { name: `attention ${l}`, parts: range(heads).map((h) => part(l, h)) },
    { name: `MLP ${l}`, parts: [part(l)] },
  ]);
  return [{ name: "the embedding", parts: [] }, ...layers];
}

const size = (x) => Math.sqrt(sum(x.map((value) => value ** 2)));

/** For each place in the stream of the last token: the next token, and what was added, how long. */
export function look(model, ids, names) {
  const off = (l, h) => names.includes(part(l, h));
  const past = emptyPast(model);
  const places = ids.map((id, t) => stream(model, id, t, past, off)).at(-1);
  return {
    probabilities: places.map((x) => softmax(scoresOf(model, x))),
    added: places.map((x, k) => size(k ? x.map((value, i) => value - places[k - 1][i]) : x)),
    lengths: places.map(size),
  };
}

export function compute({ vocab, sizes, weights, ids, off }) {
  return look(gpt(vocab, sizes, Float64Array.from(weights)), ids, off);
}
