import { share, table } from "./places.js";
import { compute, look, placesOf } from "./run.js";
import { button, buttons, herald, radios, result, titled } from "../shared/controls.js";
import { div, html, update } from "../shared/dom.js";
import { gpt } from "../shared/gpt.js";
import { range } from "../shared/numbers.js";
import { field } from "../shared/sentence.js";
import { halves, traitsOf } from "../shared/traits.js";

const best = (p) => p.indexOf(Math.max(...p));

/** The tokens, of which the model sees one and those before it; choose(t) picks that one. */
function tokens(most, choose) {
  const chips = range(most).map(() => html("span", {}, ""));
  const options = chips.map((chip) => ({ name: "", content: [chip] }));
  const { element, inputs, labels, check } = radios("last token that is read", options, choose);
  element.classList.add("live-segments");
  const draw = (words, t) => {
    check(t);
    labels.forEach((label, s) => {
      update(label, { class: s < words.length ? "" : "unused" });
      if (s >= words.length) return;
      update(inputs[s], { "aria-label": `${words[s]}, token ${s}` });
      update(chips[s], { text: words[s], class: s > t ? "later" : "" });
    });
  };
  return { element: titled("last token that is read", element), draw };
}

/** From which place on the answer stays the most likely next token. */
function where(probabilities, answer, places) {
  const wrong = probabilities.findLastIndex((p) => best(p) !== answer);
  const from = places[wrong + 1].name;
  const there = share(probabilities[wrong + 1][answer]);
  return `It is the most likely word from ${from} on (${there} there).`;
}

/** What the model answers, and what becomes of it without some parts. */
function verdict({ found, first, answer, off, words, vocabulary, places }) {
  const end = first.probabilities.at(-1);
  const said = `“${vocabulary[answer]}”`;
  const asked = `After “${words.join(" ")}” the model expects ${said} (${share(end[answer])}).`;
  if (!off.length) return [asked, where(first.probabilities, answer, places)];
  const p = found.probabilities.at(-1);
  const now = best(p);
  const instead = now === answer ? "still first" : `behind “${vocabulary[now]}” (${share(p[now])})`;
  const lost = `${said} has ${share(p[answer])}, ${instead}.`;
  return [asked, `Without ${off.map((name) => name.replace(", ", " ")).join(", ")}: ${lost}`];
}

/** The numbers for the traits, with all parts on and as they are switched. */
function reading(traits) {
  const { vocabulary, sizes } = traits.read("vocabulary", "sizes");
  const weights = Float64Array.from(halves(traits.get("weights")));
  const model = gpt(vocabulary.length, sizes, weights);
  const places = placesOf(sizes[2], sizes[3]);
  const all = () => traits.get("sentence").split(" ");
  const now = () => {
    const off = traits.get("off");
    const t = Math.min(traits.get("token") ?? Infinity, all().length - 1);
    const words = all().slice(0, t + 1);
    const ids = words.map((word) => vocabulary.indexOf(word));
    const first = look(model, ids, []);
    const found = off.length ? look(model, ids, off) : first;
    const answer = best(first.probabilities.at(-1));
    return { found, first, answer, off, words, vocabulary, places, t };
  };
  return { places, room: sizes[0], all, now };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { places, room, all, now } = reading(traits);
  const { element: spoken, tell } = herald();
  const chips = tokens(room, (t) => traits.change({ token: t + 1 < all().length ? t : null }));
  const parts = places.flatMap((place) => place.parts);
  const rows = table(places, (name, on) => {
    const off = traits.get("off");
    traits.change({ off: parts.filter((part) => (part === name ? !on : off.includes(part))) });
  });
  const [asked, said] = [div(""), div("")];

  el.classList.add("live", "live-stream");
  el.append(
    field(traits, room, tell),
    chips.element,
    rows.element,
    buttons(button("Switch all on", () => traits.change({ off: [] }))),
    result({ spoken: false }, asked, said),
    spoken,
  );

  traits.follow(["sentence", "token", "off"], () => {
    const seen = now();
    chips.draw(all(), seen.t);
    rows.draw(seen.found, seen.first, seen);
    const [first, second] = verdict(seen);
    update(asked, { text: first });
    update(said, { text: second });
    tell(`${first} ${second}`);
  });
}

export { compute };

export default { render };
