import { plane } from "./plane.js";
import { judge, stepDown } from "./training.js";
import { curve } from "../learner/curve.js";
import { button, buttons, controls, result, slider } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { number, range } from "../shared/numbers.js";
import { runner } from "../shared/runner.js";
import { traitsOf } from "../shared/traits.js";

const PER_FRAME = 2; // steps
const AT_ONCE = 100 / PER_FRAME; // frames of a run where motion is unwelcome
const LAST = 5000; // steps at most
const WHOLE = 65535; // a coordinate of 1, in two bytes

/** The weights after some steps of gradient descent, and what is seen at the end of them. */
export function compute({ x, y, weights, lr, steps }) {
  let now = weights;
  const losses = range(steps).map(() => {
    const { loss } = judge({ x, y }, now);
    now = stepDown({ x, y }, lr, now);
    return loss;
  });
  const { loss, found, alarms } = judge({ x, y }, now);
  return { weights: now, losses: [...losses, loss], found, alarms };
}

/** The examples: those with the answer yes come first. */
function examples(traits) {
  const packed = traits.get("points");
  const all = range(packed.byteLength / 4);
  const at = (byte) => packed.getUint16(byte, true) / WHOLE;
  const count = traits.get("count");
  return {
    x: all.map((n) => [at(4 * n), at(4 * n + 2)]),
    y: all.map((n) => Number(n < count)),
  };
}

/** The neuron in training: its weights, and the loss before each step so far. */
function learning(traits, data) {
  let weights, losses;
  const put = (numbers) => {
    weights = [...numbers];
    losses = [];
  };
  const goesOn = () => losses.length < LAST;
  const train = (steps) => {
    for (let k = 0; k < steps && goesOn(); k++) {
      losses.push(judge(data, weights).loss);
      weights = stepDown(data, traits.get("lr"), weights);
    }
  };
  const now = () => ({ weights, losses, ...judge(data, weights) });
  put(traits.get("weights"));
  return { put, train, goesOn, now };
}

/** What is seen of the training: the plane, the curve, and two sentences. */
function view(traits, data) {
  const [field, chart] = [plane(data, traits.get("axes")), curve()];
  const [score, where] = [html("span"), html("span", { class: "muted" })];
  const { names, count } = traits.read("names", "count");
  const all = data.x.length;
  const draw = ({ weights, losses, loss, wrong, found, alarms }) => {
    field.draw(weights, wrong);
    chart.draw([...losses, loss]);
    const right = `${all - wrong.length} of ${all} right`;
    const kinds = `Found ${found} of ${count} ${names[0]}, with ${alarms} false alarms`;
    const [w1, w2, b] = weights.map((w) => number(w, 3));
    update(score, { text: `Step ${losses.length}: loss ${number(loss, 3)}, ${right}. ${kinds}.` });
    update(where, { text: ` w = (${w1}, ${w2}), b = ${b}` });
    const spoken = `The examples in the plane of both inputs, and the line of the neuron: ${right}`;
    update(field.element, { "aria-label": spoken });
  };
  const said = result({ spoken: false }, score, where);
  return { drawings: beside(field.element, chart.element), said, draw };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const data = examples(traits);
  const learner = learning(traits, data);
  const { drawings, said, draw } = view(traits, data);
  const spoken = html("output", { class: "unseen", "aria-live": "polite" });
  const settle = () => {
    const now = learner.now();
    draw(now);
    update(spoken, { text: said.textContent });
    traits.change({ weights: now.weights, steps: now.losses.length });
  };
  const step = (seen) => {
    learner.train(PER_FRAME);
    if (seen) draw(learner.now());
    return learner.goesOn();
  };
  const run = runner({ step, settle, atOnce: AT_ONCE, signal });
  const act = (words, change) =>
    button(words, () => {
      run.stop();
      change();
      settle();
    });
  const once = act("Step", () => learner.train(1));
  const again = act("Start again", () => learner.put([0, 0, 0]));
  const hand = act("Put my hand-set weights here", () => learner.put(traits.get("by_hand")));
  const rate = slider(traits, "learning rate", "lr", { min: 1, max: 60, step: 1 });
  const [yes, no] = traits.get("names");
  const key = html("p", { class: "key muted" }, `● ${yes}   × ${no}   ○ answered wrongly`);

  el.classList.add("live", "live-classifier");
  el.append(key, drawings, said, spoken);
  el.append(controls(div(buttons(once, run.element, again)), div(rate), div(buttons(hand))));
  settle();
}

export default { render };
