import { headChooser, headsOf } from "./heads.js";
import { STEPS, compute } from "./run.js";
import { tokens } from "./sentence.js";
import { steps } from "./steps.js";
import { choice, herald, result } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { range, sum } from "../shared/numbers.js";
import { field } from "../shared/sentence.js";
import { floats, traitsOf } from "../shared/traits.js";

const SCALES = { "1/√d": "÷ √d", none: "off" };
const MASKS = { causal: "hide later tokens", none: "off" };

/** The largest shares of 1 and what they belong to, in words. */
function largest(shares, words, say) {
  const order = range(shares.length).sort((i, j) => shares[j] - shares[i]);
  const kept = order.slice(0, 3).filter((i) => shares[i] >= 0.005);
  return kept.map((i) => say(`${Math.round(100 * shares[i])}\u00a0%`, words[i])).join(", ");
}

/** From where the token that asks takes how much. */
function taking(name, words, t, weights) {
  const from = largest(weights, words, (share, word) => `${share} from “${word}”`);
  const later = Math.round(100 * sum(weights.slice(t + 1)));
  const ahead = later ? `; ${later}\u00a0% come from later tokens` : "";
  return `In ${name}, “${words[t]}” takes ${from}${ahead}.`;
}

/** What the model expects after the token that asks. */
function expecting(probabilities, vocabulary) {
  const expected = largest(probabilities, vocabulary, (share, word) => `${word} (${share})`);
  return `With all its heads, the model expects next: ${expected}.`;
}

/** The numbers for the sentence of the traits, and which token and which head to look at. */
function reading(traits) {
  const { vocabulary, context, features, heads } = traits.read(
    "vocabulary",
    "context",
    "features",
    "heads",
  );
  const weights = floats(traits.get("weights"));
  const sizes = { vocabulary: vocabulary.length, context, features, heads };
  const words = () => traits.get("sentence").split(" ");
  const now = () => {
    const { token, head, scale, mask } = traits.read("token", "head", "scale", "mask");
    const t = Math.min(token ?? Infinity, words().length - 1);
    const ids = words().map((word) => vocabulary.indexOf(word));
    const found = compute({ ids, weights, scale, mask, ...sizes });
    const mine = Object.fromEntries(STEPS.map((step) => [step, found[step][head][t]]));
    return { words: words(), t, head, scale, mask, found, mine };
  };
  return { vocabulary, context, features, heads: headsOf(heads), words, now };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { vocabulary, context, features, heads, words, now } = reading(traits);
  const { element: spoken, tell } = herald();
  const chips = tokens(context, (t) => traits.change({ token: t + 1 < words().length ? t : null }));
  const chooser = headChooser(heads, context, (head) => traits.change({ head }));
  const [taken, next, place] = [div(""), div(""), div()];
  const switches = [
    choice(traits, "scale", "scale", SCALES),
    choice(traits, "mask", "mask", MASKS),
  ];
  const typed = field(traits, context, tell);

  el.classList.add("live", "live-attention");
  el.append(
    typed,
    chips.element,
    beside(chooser.element, html("div", { class: "switches" }, ...switches)),
    place,
    result({ spoken: false }, taken, next),
    spoken,
  );

  let table; // its strips have as many squares as a head has features
  traits.follow(["sentence", "token", "head", "scale", "mask"], () => {
    const { words: read, t, head, scale, mask, found, mine } = now();
    const { name, count } = heads[head];
    chips.draw(read, { t, ...mine });
    chooser.draw(found.weights, { t, head, masked: mask === "causal" });
    if (table?.features !== features / count) {
      table = steps(context, features / count);
      place.replaceChildren(table.element);
    }
    table.fill(read, { ...mine, values: found.values[head] }, { t, scale, mask });
    update(taken, { text: taking(name, read, t, mine.weights) });
    update(next, { text: expecting(found.probabilities[t], vocabulary) });
    tell(`${taken.textContent} ${next.textContent}`);
  });
}

export { compute };

export default { render };
