// Byte pair encoding, merge after merge: nnlib.tokens.BPETokenizer.

const WORDS = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The bytes of each word, which takes the space before it along. */
export function bytesOf(text) {
  const encoder = new TextEncoder();
  return (text.match(WORDS) ?? []).map((word) => Array.from(encoder.encode(word)));
}

/** The tokens of a word with one in the place of each such pair, from left to right. */
function merge(ids, left, right, token) {
  const merged = [];
  for (const id of ids) {
    if (id === right && merged.at(-1) === left) merged[merged.length - 1] = token;
    else merged.push(id);
  }
  return merged;
}

/** The text as bytes, and after each merge that changes it: how many merges, and the tokens. */
export function history(text, merges) {
  let words = bytesOf(text);
  const states = [{ made: 0, ids: words.flat() }];
  for (let k = 0; 2 * k < merges.length; k++) {
    words = words.map((ids) => merge(ids, merges[2 * k], merges[2 * k + 1], 256 + k));
    const ids = words.flat();
    if (ids.length < states.at(-1).ids.length) states.push({ made: k + 1, ids });
  }
  return states;
}

/** The bytes of each token. */
export function vocabulary(merges) {
  const tokens = Array.from({ length: 256 }, (_, byte) => [byte]);
  for (let k = 0; k < merges.length; k += 2) {
    tokens.push([...tokens[merges[k]], ...tokens[merges[k + 1]]]);
  }
  return tokens;
}

/** A token for the eye, as nnlib.tokens.visible writes it. */
export function visible(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return text.decode(Uint8Array.from(bytes)).replaceAll(" ", "␣").replaceAll("\n", "⏎");
  } catch {
    return bytes.map((byte) => `<${byte.toString(16).toUpperCase().padStart(2, "0")}>`).join("");
  }
}
