// What a GPT has written, what may come next, and what is said about both.

import { button } from "../shared/controls.js";
import { html, set } from "../shared/dom.js";
import { range, sum } from "../shared/numbers.js";
import { parse, typing } from "../shared/sentence.js";

const COLUMNS = ["model", "language", "drawn from"];

/** A row of the list, and what fills it: a word, and a bar for each column. */
export function line(row) {
  const name = row.appendChild(html("span", {}, ""));
  const bars = COLUMNS.map((column, k) => {
    row.append(html("span", { class: "unseen" }, `, ${column} `));
    return row.appendChild(html("span", { class: `live-share live-share-${k}` }, ""));
  });
  row.classList.add("live-line");
  return (word, shares) => {
    set(name, { text: word === "." ? "full stop" : word });
    shares.forEach((p, k) => {
      const none = k === 2 ? "✕ cut" : "0";
      const text = p === undefined ? "–" : p === 0 ? none : p.toFixed(2);
      set(bars[k], { text, style: `--share: ${(p ?? 0).toFixed(3)}` });
    });
  };
}

/** The text, with a bar for the surprise at each word. */
export function paper(room) {
  const start = html("span", { class: "muted" }, ".");
  const spans = range(room).map(() => html("span", { class: "live-gone" }, ""));
  const sheet = html("p", { class: "live-sheet" }, start, ...spans.flatMap((span) => [" ", span]));
  const write = (words, { surprises, exact }) => {
    spans.forEach((span, t) => {
      if (t >= words.length) return set(span, { class: "live-gone" });
      const style = `--nats: ${Math.min(surprises[t], 5).toFixed(2)}`;
      const kind = exact[t] === Infinity ? "live-never" : "live-said";
      return set(span, { text: words[t], style, class: kind });
    });
  };
  return [sheet, write];
}

export const counted = (n) => (n === 1 ? "1 word" : `${n} words`);

/** What there is to say about the last word, and about the text. */
export function verdict(words, { surprises, exact }, { entropy, room }) {
  if (!words.length) return ["Nothing is written yet. A sentence begins.", ""];
  const [nats, floor] = [(value) => `${value.toFixed(2)} nats`, exact.at(-1)];
  const compared =
    {
      0: "; for the language 0.",
      Infinity: ". The language never writes it here.",
      undefined: ". The language has no sentence that begins like this.",
    }[floor] ?? `; for the language ${floor.toFixed(2)}.`;
  const mean = `${nats(sum(surprises) / words.length)}. Entropy: ${nats(entropy)}.`;
  const full = words.length < room ? "" : " The text is full: the model cannot see more.";
  return [
    `Surprise at “${words.at(-1)}”: ${nats(surprises.at(-1))}${compared}`,
    `Mean of ${counted(words.length)}: ${mean}${full}`,
  ];
}

/** A field for words to append. */
export function writing(vocabulary, append) {
  const name = `live-${Math.random()}`;
  const known = html(
    "datalist",
    { id: name },
    ...vocabulary.map((value) => html("option", { value })),
  );
  const problem = html("output", {}, "");
  const add = () => {
    const found = parse(input.value, vocabulary, Infinity);
    set(problem, { text: found.problem ?? "", class: found.problem ? "live-problem" : "" });
    if (found.problem) return;
    input.value = "";
    append(found.words.map((word) => vocabulary.indexOf(word)));
  };
  const onkeydown = ({ key }) => {
    if (key === "Enter") add();
  };
  const input = typing({ list: name, enterkeyhint: "done", onkeydown });
  const label = html("label", {}, html("span", {}, "add words"), input);
  const parts = html("div", { class: "live-buttons" }, label, button("Add", add));
  return html("div", { class: "live-writing" }, parts, known, problem);
}
