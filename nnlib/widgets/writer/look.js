// What a model and the language make of a text, and the draw of its next token.

import { distribution } from "./choose.js";
import { walk } from "./language.js";
import { softmax } from "../shared/network.js";
import { sum } from "../shared/numbers.js";

const FACTOR = 48271; // of the generator that draws
const MODULUS = 2 ** 31 - 1;

/** -ln p of one token, when p is the softmax of the scores. */
function surprise(scores, id) {
  const highest = Math.max(...scores);
  return Math.log(sum(scores.map((score) => Math.exp(score - highest)))) + highest - scores[id];
}

/** The surprise at each token after the first, and the probabilities of the next one. */
export function look(read, states, ids, how) {
  const scores = read(ids);
  const { possible, never } = walk(states, ids);
  const [last, allowed] = [scores.at(-1), possible.at(-1)];
  const written = ids.slice(1);
  return {
    scores: last,
    surprises: written.map((id, t) => surprise(scores[t], id)),
    exact: written.map((id, t) => {
      if (never[t]) return Infinity;
      return possible[t] && -Math.log(possible[t].get(id).share);
    }),
    model: softmax(last),
    language: allowed && last.map((_, id) => allowed.get(id)?.share ?? 0),
    drawn: distribution(last, how),
  };
}

/** A token drawn from probabilities, and the next state of the generator. */
export function draw(p, state) {
  const seed = (FACTOR * state) % MODULUS;
  let rest = seed / MODULUS;
  const id = p.findIndex((part) => (rest -= part) < 0);
  return { id: id < 0 ? p.findLastIndex((part) => part > 0) : id, seed };
}
