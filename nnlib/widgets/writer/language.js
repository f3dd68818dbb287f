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
 * What the language may say at each place of a text, whose first token ends a sentence, and
 * whether each later token is one that it never says there.
 *
 * After such a token the shares are unknown until a sentence ends. But the language may then be in
 * any state to which that token leads, and says nothing that none of these states says.
 */
export function walk(states, [stop, ...ids]) {
  let at = [states[0]];
  let known = true;
  const possible = [states[0]];
  const never = [];
  for (const id of ids) {
    const said = at.filter((arcs) => arcs.has(id));
    never.push(!said.length);
    known = id === stop || (known && said.length > 0);
    const from = said.length ? said : states.filter((arcs) => arcs.has(id));
    at = id === stop ? [states[0]] : from.map((arcs) => states[arcs.get(id).after]);
    possible.push(known ? at[0] : undefined);
  }
  return { possible, never };
}
