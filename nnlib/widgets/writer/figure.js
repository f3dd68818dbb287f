import { button, herald, slider } from "../shared/controls.js";
import { html, set } from "../shared/dom.js";
import { softmax } from "../shared/network.js";
import { range, sum } from "../shared/numbers.js";
import { change, floats, follow } from "../shared/traits.js";
import { distribution, gpt, reader } from "./gpt.js";
import { automaton, walk } from "./language.js";
import { counted, line, paper, verdict, writing } from "./paper.js";

const SHOWN = 12; // words in the list
const [PAUSE, AT_ONCE] = [350, 20]; // of a run: milliseconds between words; words without motion
const [FACTOR, MODULUS] = [48271, 2 ** 31 - 1]; // of the generator that draws

/** -ln p of one token, when p is the softmax of the scores. */
function surprise(scores, id) {
  const highest = Math.max(...scores);
  return Math.log(sum(scores.map((score) => Math.exp(score - highest)))) + highest - scores[id];
}

/** The surprise at each token after the first, and the probabilities of the next one. */
function look(read, states, ids, how) {
  const scores = read(ids);
  const possible = walk(states, ids);
  const [last, allowed] = [scores.at(-1), possible.at(-1)];
  const written = ids.slice(1);
  return {
    scores: last,
    surprises: written.map((id, t) => surprise(scores[t], id)),
    exact: written.map((id, t) => possible[t] && -Math.log(possible[t].get(id)?.share ?? 0)),
    model: softmax(last),
    language: allowed && last.map((_, id) => allowed.get(id)?.share ?? 0),
    drawn: distribution(last, how),
  };
}

/** A token drawn from probabilities, and the next state of the generator. */
function draw(p, state) {
  const seed = (FACTOR * state) % MODULUS;
  let rest = seed / MODULUS;
  const id = p.findIndex((part) => (rest -= part) < 0);
  return { id: id < 0 ? p.findLastIndex((part) => part > 0) : id, seed };
}

/** All numbers of the figure for one text. */
export function compute({ vocab, sizes, weights, arcs, ids, seed, ...how }) {
  const read = reader(gpt(vocab, sizes, Float64Array.from(weights)));
  const found = look(read, automaton(arcs), ids, how);
  return { ...found, ...draw(found.drawn, seed) };
}

function render({ model, el }) {
  const [vocabulary, sizes] = [model.get("vocabulary"), model.get("sizes")];
  const weights = Float64Array.from(floats(model.get("weights")));
  const read = reader(gpt(vocabulary.length, sizes, weights));
  const states = automaton(floats(model.get("arcs")));
  const stop = vocabulary.indexOf(".");
  const room = sizes[0] - 1; // the full stop in front takes a place too
  const how = () => {
    const top_p = model.get("top_p") < 1 ? model.get("top_p") : null;
    return { temperature: model.get("temperature"), top_k: model.get("top_k"), top_p };
  };

  let [ids, likely] = [[], []]; // the text, and the words of the list
  const put = (text) => {
    const words = text.slice(1, room + 1).map((id) => vocabulary[id]);
    change(model, "text", words.join(" "));
  };
  const another = () => {
    if (ids.length > room) return ids;
    const { id, seed } = draw(distribution(read(ids).at(-1), how()), model.get("seed"));
    model.set("seed", seed);
    return [...ids, id];
  };

  let [timer, left] = [0, 0]; // of a run; where motion is unwelcome, words to write before a look
  const quiet = matchMedia("(prefers-reduced-motion: reduce)");
  const rest = () => {
    timer = clearTimeout(timer);
    put(ids);
    show();
  };
  const advance = () => {
    ids = another();
    left -= 1;
    if (ids.length > room || (quiet.matches && left <= 0)) return rest();
    if (!quiet.matches) put(ids);
    timer = setTimeout(advance, quiet.matches ? 0 : PAUSE);
  };
  const run = () => {
    if (timer) return rest();
    left = AT_ONCE;
    timer = setTimeout(advance, 0);
    set(runs, { text: "Stop" });
  };
  const edit = (make) => {
    if (timer) rest();
    put(make());
  };

  const [sheet, write] = paper(room);
  const kept = html("output", {}, "");
  const lost = html("small", {}, "");
  const heads = [
    ["model", "unchanged"],
    ["language", lost],
    ["drawn from", kept],
  ];
  const titles = heads.map(([title, below]) => html("span", {}, title, html("small", {}, below)));
  const rows = range(SHOWN).map((place) => {
    return button("", () => edit(() => [...ids, likely[place]]));
  });
  const others = html("div", { class: "live-others" });
  const fills = [...rows, others].map(line);
  const [last, mean] = [html("div", {}, ""), html("div", {}, "")];
  const result = html("output", { class: "live-result", "aria-live": "off" }, last, mean);
  const [spoken, tell] = herald();
  const runs = button("Run", run);
  const most = vocabulary.length;

  el.classList.add("live");
  el.append(
    sheet,
    result,
    spoken,
    html("div", { class: "live-line live-titles" }, html("span", {}, "next word"), ...titles),
    html(
      "div",
      { role: "group", "aria-label": "The most probable next words; choose one" },
      ...rows,
    ),
    others,
    html(
      "div",
      { class: "live-buttons" },
      button("Next word", () => edit(another)),
      runs,
      button("Remove last", () => edit(() => ids.slice(0, Math.max(ids.length - 1, 1)))),
      button("Clear", () => edit(() => [stop])),
    ),
    html(
      "div",
      { class: "live-controls" },
      html(
        "div",
        {},
        slider(model, "temperature", "temperature", { min: 0, max: 2, step: 0.05 }),
        slider(model, "top-k", "top_k", { min: 1, max: most, step: 1 }),
        slider(model, "top-p", "top_p", { min: 0.05, max: 1, step: 0.05 }),
      ),
      writing(vocabulary, (more) => edit(() => [...ids, ...more])),
    ),
  );

  const show = () => {
    const words = model.get("text").split(" ").filter(Boolean);
    ids = [stop, ...words.map((word) => vocabulary.indexOf(word))];
    const found = look(read, states, ids, how());
    const order = range(most).sort((i, j) => found.scores[j] - found.scores[i]);
    likely = order.slice(0, SHOWN);
    write(words, found);
    const columns = [found.model, found.language, found.drawn];
    fills.forEach((fill, place) => {
      const listed = place < SHOWN;
      const all = listed ? [likely[place]] : order.slice(SHOWN);
      const share = (p) => p && sum(all.map((id) => p[id]));
      fill(listed ? vocabulary[likely[place]] : `${all.length} others`, columns.map(share));
    });
    set(lost, { text: found.language ? "exact" : "no sentence" });
    set(kept, { text: counted(found.drawn.filter(Boolean).length) });
    const [first, second] = verdict(words, found, { entropy: model.get("entropy"), room });
    set(last, { text: first });
    set(mean, { text: second });
    set(runs, { text: timer ? "Stop" : "Run" });
    set(kept, { "aria-live": timer ? "off" : "polite" });
    if (!timer) tell(`${first} ${second}`);
  };
  const end = follow(model, ["text", "temperature", "top_k", "top_p"], show);
  return () => {
    clearTimeout(timer);
    end();
  };
}

export default { render };
