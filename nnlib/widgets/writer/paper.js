// What a GPT has written, what is said about it, and a field to add to it.

import { button, buttons } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { range, sum } from "../shared/numbers.js";
import { parse, typing } from "../shared/sentence.js";

/** The text, with a bar for the surprise at each word. */
export function paper(room) {
  const start = html("span", { class: "muted" }, ".");
  const spans = range(room).map(() => html("span", { class: "gone" }, ""));
  const element = html("p", { class: "sheet" }, start, ...spans.flatMap((span) => [" ", span]));
  const write = (words, { surprises, exact }) => {
    spans.forEach((span, t) => {
      if (t >= words.length) {
        update(span, { class: "gone" });
        return;
      }
      const style = `--nats: ${Math.min(surprises[t], 5).toFixed(2)}`;
      const kind = exact[t] === Infinity ? "never" : "said";
      update(span, { text: words[t], style, class: kind });
    });
  };
  return { element, write };
}

export const counted = (n) => (n === 1 ? "1 word" : `${n} words`);

/** How the language compares; its surprise is undefined where it has no such sentence. */
function compared(exact) {
  if (exact === undefined) return ". The language has no sentence that begins like this.";
  if (exact === Infinity) return ". The language never writes it here.";
  return `; for the language ${exact === 0 ? "0" : exact.toFixed(2)}.`;
}

/** What there is to say about the last word, and about the text. */
export function verdict(words, { surprises, exact }, { entropy, room }) {
  if (!words.length) return { last: "Nothing is written yet. A sentence begins.", mean: "" };
  const nats = (value) => `${value.toFixed(2)} nats`;
  const mean = `${nats(sum(surprises) / words.length)}. Entropy: ${nats(entropy)}.`;
  const full = words.length < room ? "" : " The text is full: the model cannot see more.";
  const surprise = nats(surprises.at(-1));
  return {
    last: `Surprise at “${words.at(-1)}”: ${surprise}${compared(exact.at(-1))}`,
    mean: `Mean of ${counted(words.length)}: ${mean}${full}`,
  };
}

/** A field for words to append. */
export function writing(vocabulary, append) {
  const name = `live-${Math.random()}`;
  const words = vocabulary.map((value) => html("option", { value }));
  const known = html("datalist", { id: name }, ...words);
  const note = html("output", {}, "");
  const add = () => {
    const found = parse(input.value, vocabulary, Infinity);
    update(note, { text: found.problem ?? "", class: found.problem ? "live-problem" : "" });
    if (found.problem) return;
    input.value = "";
    append(found.words.map((word) => vocabulary.indexOf(word)));
  };
  const onkeydown = ({ key }) => {
    if (key === "Enter") add();
  };
  const input = typing({ list: name, enterkeyhint: "done", onkeydown });
  const labelled = html("label", {}, html("span", {}, "add words"), input);
  return html("div", { class: "writing" }, buttons(labelled, button("Add", add)), known, note);
}
