import { choices } from "./choices.js";
import { distribution } from "./choose.js";
import { automaton } from "./language.js";
import { draw, look } from "./look.js";
import { paper, verdict, writing } from "./paper.js";
import { button, buttons, controls, herald, result, slider } from "../shared/controls.js";
import { div, update } from "../shared/dom.js";
import { gpt, reader } from "../shared/gpt.js";
import { runner } from "../shared/runner.js";
import { floats, halves, traitsOf } from "../shared/traits.js";

const PAUSE = 350; // milliseconds between the words of a run
const AT_ONCE = 20; // words of a run where motion is unwelcome

/** All numbers of the figure for one text. */
export function compute({ vocab, sizes, weights, arcs, ids, seed, ...how }) {
  const read = reader(gpt(vocab, sizes, Float64Array.from(weights)));
  const found = look(read, automaton(arcs), ids, how);
  return { ...found, ...draw(found.drawn, seed) };
}

/** The text as ids, after the full stop that stands before it; and what reads and lengthens it. */
function writerOf(traits) {
  const { vocabulary, sizes } = traits.read("vocabulary", "sizes");
  const weights = Float64Array.from(halves(traits.get("weights")));
  const read = reader(gpt(vocabulary.length, sizes, weights));
  const states = automaton(floats(traits.get("arcs")));
  const room = sizes[0] - 1; // the full stop in front takes a place too
  const how = () => {
    const { temperature, top_k, top_p } = traits.read("temperature", "top_k", "top_p");
    return { temperature, top_k, top_p: top_p < 1 ? top_p : null };
  };
  const words = () => traits.get("text").split(" ").filter(Boolean);
  const written = () => [".", ...words()].map((word) => vocabulary.indexOf(word));
  const put = (ids) => {
    const kept = ids.slice(1, room + 1).map((id) => vocabulary[id]);
    traits.change({ text: kept.join(" ") });
  };
  const longer = (ids) => {
    if (ids.length > room) return ids;
    const { id, seed } = draw(distribution(read(ids).at(-1), how()), traits.get("seed"));
    traits.change({ seed });
    return [...ids, id];
  };
  return { room, words, written, put, longer, look: (ids) => look(read, states, ids, how()) };
}

/** The ways to change the text: a run, and edit(change), which ends it first. */
function editing(writer, show, signal) {
  let ids; // during a run, they may be ahead of the text that is shown
  const settle = () => {
    writer.put(ids);
    show();
  };
  const step = (seen) => {
    ids = writer.longer(ids);
    const more = ids.length <= writer.room;
    if (seen && more) writer.put(ids);
    return more;
  };
  const run = runner({ step, settle, pause: PAUSE, atOnce: AT_ONCE, signal });
  const edit = (change) => {
    if (run.running()) {
      run.stop();
      settle();
    }
    writer.put(change(ids));
  };
  const reload = () => {
    ids = writer.written();
    return ids;
  };
  return { run, edit, reload };
}

/** How the next word is drawn. */
const sampling = (traits, most) =>
  div(
    slider(traits, "temperature", "temperature", { min: 0, max: 2, step: 0.05 }),
    slider(traits, "top-k", "top_k", { min: 1, max: most, step: 1 }),
    slider(traits, "top-p", "top_p", { min: 0.05, max: 1, step: 0.05 }),
  );

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const vocabulary = traits.get("vocabulary");
  const writer = writerOf(traits);
  const { run, edit, reload } = editing(writer, () => show(), signal);
  const sheet = paper(writer.room);
  const list = choices(vocabulary, (id) => edit((ids) => [...ids, id]));
  const [last, mean] = [div(""), div("")];
  const { element: spoken, tell } = herald();

  el.classList.add("live", "live-writer");
  el.append(
    sheet.element,
    result({ spoken: false }, last, mean),
    spoken,
    ...list.elements,
    buttons(
      button("Next word", () => edit(writer.longer)),
      run.element,
      button("Remove last", () => edit((ids) => ids.slice(0, Math.max(ids.length - 1, 1)))),
      button("Clear", () => edit((ids) => ids.slice(0, 1))),
    ),
    controls(
      sampling(traits, vocabulary.length),
      writing(vocabulary, (more) => edit((ids) => [...ids, ...more])),
    ),
  );

  const show = () => {
    const words = writer.words();
    const found = writer.look(reload());
    sheet.write(words, found);
    list.draw(found, run.running());
    const said = verdict(words, found, { entropy: traits.get("entropy"), room: writer.room });
    update(last, { text: said.last });
    update(mean, { text: said.mean });
    if (!run.running()) tell(`${said.last} ${said.mean}`);
  };
  traits.follow(["text", "temperature", "top_k", "top_p"], show);
}

export default { render };
