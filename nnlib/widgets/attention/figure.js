import { ROOM, addition } from "./addition.js";
import { headChooser, headsOf } from "./heads.js";
import { pair } from "./pair.js";
import { STEPS, compute } from "./run.js";
import { field, tokens } from "./sentence.js";
import { steps } from "./steps.js";
import { expecting, naming, taking } from "./words.js";
import { choice, herald, result } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { floats, traitsOf } from "../shared/traits.js";

const SIZES = ["context", "features", "heads", "widths", "predicts"];
const HOW = ["scale", "mask", "off"];
const LOOKS = ["context", "features", "names", "projected", "switches"];
const FEW = 4; // features whose numbers stand in the tables
const CHOICES = {
  scale: { "1/√d": "÷ √d", none: "off" },
  mask: { causal: "hide later tokens", none: "off" },
};

/** The numbers for the sentence of the traits, and which tokens and which head to look at. */
function reading(traits) {
  const vocabulary = traits.get("vocabulary");
  const given = { ...traits.read(...SIZES), vocabulary: vocabulary.length };
  const weights = floats(traits.get("weights"));
  return () => {
    const words = traits.get("sentence").split(" ");
    const { token, asked, head, ...how } = traits.read("token", "asked", "head", ...HOW);
    const ids = words.map((word) => vocabulary.indexOf(word));
    const found = compute({ ids, weights, ...how, ...given });
    const complete = how.off.length ? compute({ ids, weights, ...how, ...given, off: [] }) : found;
    const last = words.length - 1;
    const t = Math.min(token ?? last, last);
    const mine = Object.fromEntries(STEPS.map((step) => [step, found[step][head][t]]));
    const s = Math.min(asked ?? mine.weights.indexOf(Math.max(...mine.weights)), last);
    const [queries, keys, values] = [found.queries, found.keys, found.values].map((x) => x[head]);
    Object.assign(mine, { queries, keys, values, query: queries[t] });
    return { words, names: naming(words), t, s, head, ...how, found, complete, mine };
  };
}

/** The steps in the heads of a layer, and what fills them. */
function inside(traits, heads, layer) {
  const [d, width] = traits.get("widths")[layer];
  const { context, features, names, projected, switches } = traits.read(...LOOKS);
  const own = heads.filter((head) => head.layer === layer);
  const numbers = Math.max(d, width) <= FEW;
  const look = (asked) => traits.change({ asked });
  const toggle = (k) => {
    const off = traits.get("off");
    traits.change({ off: off.includes(k) ? off.filter((j) => j !== k) : [...off, k].toSorted() });
  };
  const entering = numbers && features <= FEW && !switches.length ? features : 0;
  const shape = { entering, d, width, numbers };
  const table = steps(context, shape, names, numbers ? null : look);
  const closer = numbers ? null : pair({ d, width });
  const sum = addition(own, features, { names, projected }, toggle);
  const half = numbers && features <= ROOM ? "" : " (half as high where it has no number)";
  const legend = `Blue is +, orange is −${half}, and paler is nearer to 0.`;
  const key = html("div", { class: "muted legend" }, legend);
  const element = div(table.element, ...(closer ? [closer.element] : []), sum.element, key);
  const fill = (now) => {
    const { names: words, t, found, mine, off } = now;
    const [before, after, bias] = [found.before, found.after, found.bias].map((all) => all[layer]);
    const added = own.map(({ k }) => found.added[k]);
    table.fill(words, { ...mine, tokens: before }, { ...now, switches });
    closer?.fill(words, mine, now);
    sum.fill(words[t], t, { before, added, bias, after }, off);
  };
  return { layer, element, fill };
}

/** What the figure says in words, below its drawings and aloud. */
function saying(heads, vocabulary, tell) {
  const [taken, next] = [div(""), div("")];
  const element = result({ spoken: false }, taken, next);
  const fill = ({ names, t, head, off, found, complete, mine }) => {
    update(taken, { text: taking(heads[head].name, names, t, mine.weights) });
    const [guess, whole] = [found, complete].map(({ probabilities }) => probabilities?.[t]);
    const out = off.map((k) => heads[k].name ?? "the head");
    if (guess) update(next, { text: expecting(guess, whole, vocabulary, out) });
    tell(`${taken.textContent} ${next.textContent}`);
  };
  return { element, fill };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const read = reading(traits);
  const context = traits.get("context");
  const heads = headsOf(traits.get("heads"));
  const { element: spoken, tell } = herald();
  const chips = tokens(context, (token, last) =>
    traits.change({ token: last ? null : token, asked: null }),
  );
  const chooser = headChooser(heads, context, (head) => traits.change({ head, asked: null }));
  const switches = traits.get("switches").map((name) => choice(traits, name, name, CHOICES[name]));
  const said = saying(heads, traits.get("vocabulary"), tell);
  const place = div();

  el.classList.add("live", "live-attention");
  el.append(
    field(traits, context, tell),
    chips.element,
    beside(chooser.element, html("div", { class: "switches" }, ...switches)),
    place,
    said.element,
    spoken,
  );

  let view;
  traits.follow(["sentence", "token", "asked", "head", ...HOW], () => {
    const now = read();
    const { t, head, mask, off, found, mine } = now;
    const { layer } = heads[head];
    if (view?.layer !== layer) {
      view = inside(traits, heads, layer);
      place.replaceChildren(view.element);
    }
    chips.draw(now, mine);
    chooser.draw(found.weights, { t, head, masked: mask === "causal", off });
    view.fill(now);
    said.fill(now);
  });
}

export { compute };

export default { render };
