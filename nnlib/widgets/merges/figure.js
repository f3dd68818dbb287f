import { history, visible, vocabulary } from "./encode.js";
import { ROOM, strip } from "./strip.js";
import { button, buttons, controls, result, slider } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { typing } from "../shared/sentence.js";
import { traitsOf } from "../shared/traits.js";

/** The tokens of a text after so many merges. */
export function compute({ text, merges, step }) {
  return history(text, merges).findLast(({ made }) => made <= step).ids;
}

const counted = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** What is seen: how many tokens, and what the last merge was that changed the text. */
function told(states, here, { merges, step, names }) {
  const { made, ids } = states[here];
  const size = `${counted(states[0].ids.length, "byte")}, ${counted(ids.length, "token")}.`;
  if (!made) return `${size} No merge has changed the text: every byte is a token.`;
  const [left, right, whole] = [merges[2 * made - 2], merges[2 * made - 1], 255 + made];
  const joined = `${names[left]} + ${names[right]} → ${names[whole]}`;
  const then = step > made ? "The last one that changed it" : "The last one";
  return `${size} ${then} is merge ${made} of ${merges.length / 2}: ${joined}`;
}

/** A field for the text, and a note on one that is too long. */
function writing(traits) {
  const note = html("output", {}, "");
  const oninput = () => {
    const size = new TextEncoder().encode(input.value).length;
    const long = size > ROOM;
    const words = `These are ${size} bytes, and there is room for ${ROOM}.`;
    update(note, { text: long ? words : "", class: long ? "live-problem" : "" });
    if (!long) traits.change({ text: input.value });
  };
  const input = typing({ oninput });
  traits.follow(["text"], () => {
    if (input.value !== traits.get("text")) input.value = traits.get("text");
  });
  const label = html("label", {}, html("span", {}, "text"), input);
  return html("div", { class: "writing" }, label, note);
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { merges } = traits.read("merges");
  const names = vocabulary(merges).map(visible);
  const tokens = strip(names);
  const said = result({ spoken: true });
  let states = [];
  let here = 0;
  const go = (by) => {
    const next = states[here + by];
    if (next) traits.change({ step: next.made });
  };
  const all = () => traits.change({ step: merges.length / 2 });

  el.classList.add("live", "live-merges");
  el.append(
    writing(traits),
    tokens.element,
    said,
    buttons(
      button("Back", () => go(-1)),
      button("Next merge", () => go(1)),
      button("None", () => traits.change({ step: 0 })),
      button("All", all),
    ),
    controls(slider(traits, "merges", "step", { min: 0, max: merges.length / 2, step: 1 })),
  );

  const draw = () => {
    const step = traits.get("step");
    here = states.findLastIndex(({ made }) => made <= step);
    tokens.draw(states[here]);
    update(said, { text: told(states, here, { merges, step, names }) });
  };
  traits.follow(["text"], () => {
    states = history(traits.get("text"), merges);
    draw();
  });
  traits.follow(["step"], draw);
}

export default { render };
