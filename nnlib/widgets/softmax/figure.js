import { bars } from "./bars.js";
import { controls, result, slider } from "../shared/controls.js";
import { beside, div, update } from "../shared/dom.js";
import { softmax } from "../shared/network.js";
import { range, rounded } from "../shared/numbers.js";
import { traitsOf } from "../shared/traits.js";

const SCORE = { min: -4, max: 4, step: 0.1 };

/** The scores, multiplied and shifted, and their probabilities. */
export function compute({ z, shift, factor }) {
  const scores = z.map((score) => factor * score + shift);
  return { scores, p: softmax(scores) };
}

/** The two most probable ones, compared in words. */
function compared(names, { scores, p }) {
  const order = range(p.length).sort((i, j) => p[j] - p[i] || i - j);
  const [first, second] = order;
  const lead = rounded(scores[first] - scores[second], 2);
  const times = rounded(p[first] / p[second], p[first] > 100 * p[second] ? 0 : 2);
  return `${names[first]} has ${lead} more than ${names[second]}, and is ${times} times as likely.`;
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const names = traits.get("names");
  const drawing = bars(names);
  const said = result({ spoken: true });
  const scores = names.map((name, index) =>
    slider(traits, `score of ${name}`, "z", { index, ...SCORE }),
  );
  const all = div(
    slider(traits, "multiply all by", "factor", { min: 0, max: 4, step: 0.1 }),
    slider(traits, "add to all", "shift", SCORE),
  );

  el.classList.add("live", "live-softmax");
  el.append(beside(drawing.element), said, controls(div(...scores), all));

  traits.follow(["z", "shift", "factor"], () => {
    const found = compute(traits.read("z", "shift", "factor"));
    drawing.draw(found);
    update(said, { text: compared(names, found) });
  });
}

export default { render };
