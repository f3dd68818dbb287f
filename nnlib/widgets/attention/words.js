// What the figure says in words.

import { range, sum } from "../shared/numbers.js";

/** The words of a sentence; those that it has twice with their places: the₁, the₄. */
export function naming(words) {
  const low = (t) => String(t).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
  const twice = (word) => words.indexOf(word) !== words.lastIndexOf(word);
  return words.map((word, t) => (twice(word) ? word + low(t) : word));
}

/** The largest shares of 1 and what they belong to. */
function greatest(shares, words, say) {
  const order = range(shares.length).sort((i, j) => shares[j] - shares[i]);
  const kept = order.slice(0, 3).filter((i) => shares[i] >= 0.005);
  return kept.map((i) => say(`${Math.round(100 * shares[i])}\u00a0%`, words[i])).join(", ");
}

/** From where the token that asks takes how much. */
export function taking(head, words, t, weights) {
  const from = greatest(weights, words, (share, word) => `${share} from “${word}”`);
  const later = Math.round(100 * sum(weights.slice(t + 1)));
  const ahead = later ? `; ${later}\u00a0% come from later tokens` : "";
  const where = head ? `In ${head}, ` : "";
  return `${where}“${words[t]}” takes ${from}${ahead}.`;
}

/** What the model expects after the token that asks, and what it would with all its heads. */
export function expecting(now, complete, vocabulary, out) {
  const list = (shares) => greatest(shares, vocabulary, (share, word) => `${word} (${share})`);
  if (!out.length) return `With all its heads, the model expects next: ${list(now)}.`;
  const without = `Without ${out.join(" and ")}, the model expects next: ${list(now)}.`;
  return `${without} With all its heads: ${list(complete)}.`;
}
