// The language of chapter 8, for figures that compare a model with it.

/** For each state, the share of each token that may come, and the state after it. */
export function automaton(arcs) {
  const states = [];
  for (let j = 0; j < arcs.length; j += 4) {
    const [state, id, share, after] = arcs.slice(j, j + 4);
    (states[state] ??= new Map()).set(id, { share, after });
  }
  return states;
}

/**
 * What the language may say at each place of a text, whose first token ends a sentence.
 *
 * After what it never says there is nothing, until a sentence ends.
 */
export function walk(states, [stop, ...ids]) {
  const possible = [states[0]];
  ids.forEach((id, t) => {
    possible.push(id === stop ? states[0] : states[possible[t]?.get(id)?.after]);
  });
  return possible;
}
