// What the reader types, made of the words of a vocabulary.

import { control } from "./controls.js";
import { html, update } from "./dom.js";
import { range } from "./numbers.js";

/** The words of a text as the vocabulary writes them, or what is wrong with it. */
export function parse(typed, vocabulary, most) {
  const alike = (start) =>
    vocabulary.filter((w) => w.toLowerCase().startsWith(start.toLowerCase()));
  const known = (word) =>
    vocabulary.includes(word) ? word : alike(word).find((w) => w.length === word.length);
  const pieces = typed.split(/\s+/).filter(Boolean);
  const words = pieces.flatMap((piece) =>
    known(piece) ? piece : piece.match(/[\p{L}\p{N}]+|./gu),
  );
  const unknown = words.find((word) => !known(word));
  if (!words.length) return { problem: `Write a word. The model knows: ${vocabulary.join(" ")}` };
  if (unknown) {
    const starts = range(unknown.length + 1).map((cut) => unknown.slice(0, unknown.length - cut));
    const nearest = alike(starts.find((start) => alike(start).length));
    return { problem: `The model does not know “${unknown}”. It knows: ${nearest.join(" ")}` };
  }
  if (words.length > most) {
    return { problem: `These are ${words.length} tokens, and the model reads ${most} at most.` };
  }
  return { words: words.map(known) };
}

/** A field of one line, for words. */
export function typing(attributes) {
  const plain = { type: "text", autocapitalize: "none", autocomplete: "off", spellcheck: "false" };
  return control("input", { ...plain, ...attributes });
}

/**
 * A field for the trait "sentence", and a note below it. While the text is not one that the model
 * can read, the note says why, the trait keeps its value, and the field what is typed.
 */
export function field(traits, most, tell) {
  const vocabulary = traits.get("vocabulary");
  const hint = `Edit the sentence: up to ${most} tokens. Empty the field to see all words.`;
  const input = typing({});
  const note = html("div", { class: "muted" }, hint);
  input.oninput = () => {
    const { words, problem } = parse(input.value, vocabulary, most);
    update(input, { "aria-invalid": Boolean(problem) });
    update(note, { text: problem ?? hint, class: problem ? "live-problem" : "muted" });
    if (problem) tell(problem);
    else traits.change({ sentence: words.join(" ") });
  };
  traits.follow(["sentence"], () => {
    const sentence = traits.get("sentence");
    if (parse(input.value, vocabulary, most).words?.join(" ") === sentence) return;
    input.value = sentence;
    input.oninput();
  });
  const labelled = html("label", { class: "live-typed" }, html("span", {}, "sentence"), input);
  return html("div", {}, labelled, note);
}
