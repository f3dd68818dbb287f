import { curve } from "./curve.js";
import { plane } from "./plane.js";
import { judge, stepDown } from "./training.js";
import { button, buttons, choice, controls, result, slider } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { forwards, layered, softmax } from "../shared/network.js";
import { ACTIVATIONS, number, range } from "../shared/numbers.js";
import { runner } from "../shared/runner.js";
import { bytes, floats, traitsOf } from "../shared/traits.js";

const NAMES = { tanh: "tanh", relu: "ReLU" };
const PER_FRAME = 4; // steps
const AT_ONCE = 100 / PER_FRAME; // frames of a run where motion is unwelcome
const LAST = 5000; // steps at most

/** The parameters after some steps of gradient descent, and the loss before each of them. */
export function compute({ x, y, weights, steps, ...how }) {
  const numbers = Float64Array.from(weights);
  const losses = range(steps).map(() => stepDown({ x, y }, how, numbers));
  return { weights: Array.from(numbers), losses };
}

/** The points of one data set, and their classes. */
function dataset(traits) {
  const { names, data } = traits.read("names", "data");
  const rows = floats(traits.get("examples"));
  const length = rows.length / names.length;
  const chosen = rows.subarray(names.indexOf(data) * length).subarray(0, length);
  const row = (n) => chosen.subarray(3 * n, 3 * n + 3);
  const all = range(length / 3);
  return { x: all.map((n) => Array.from(row(n).subarray(0, 2))), y: all.map((n) => row(n)[2]) };
}

/** The network in training: its points, its numbers, and the loss before each step so far. */
function learning(traits) {
  let data, numbers, losses;
  const load = () => {
    data = dataset(traits);
    return data;
  };
  const restart = () => {
    numbers = Float64Array.from(floats(traits.get("start")));
    losses = [];
  };
  const train = (steps) => {
    const how = traits.read("sizes", "activation", "lr");
    for (let k = 0; k < steps && losses.length < LAST; k++)
      losses.push(stepDown(data, how, numbers));
  };
  const goesOn = () => losses.length < LAST;
  const now = () => ({ data, numbers, losses, network: layered(traits.get("sizes"), numbers) });
  return { load, restart, train, goesOn, now };
}

/** What is seen of the training: the plane, the curve, and a sentence. */
function view(traits) {
  const [field, chart] = [plane(), curve()];
  const said = result({ spoken: false }, "");
  const draw = ({ data, losses, network }) => {
    const activation = traits.get("activation");
    field.fill((x) => softmax(forwards(network, x, ACTIVATIONS[activation]).at(-1)));
    const { loss, right } = judge(data, network, activation);
    chart.draw([...losses, loss]);
    const score = `${right} of ${data.y.length} points right`;
    update(said, { text: `Step ${losses.length}: loss ${number(loss, 3)}, ${score}.` });
    const spoken = `The answers for the whole plane, and the points: ${score}`;
    update(field.element, { "aria-label": spoken });
  };
  return { drawings: beside(field.element, chart.element), said, points: field.show, draw };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const learner = learning(traits);
  const { drawings, said, points, draw } = view(traits);
  const spoken = html("output", { class: "unseen", "aria-live": "polite" });
  const show = () => draw(learner.now());
  const settle = () => {
    show();
    update(spoken, { text: said.textContent });
    const { numbers, losses } = learner.now();
    traits.change({ weights: bytes(numbers), steps: losses.length });
  };
  const step = (seen) => {
    learner.train(PER_FRAME);
    if (seen) show();
    return learner.goesOn();
  };
  const run = runner({ step, settle, atOnce: AT_ONCE, signal });
  const once = button("Step", () => {
    learner.train(1);
    settle();
  });
  const restart = () => {
    run.stop();
    learner.restart();
    settle();
  };
  const rate = slider(traits, "learning rate", "lr", { min: 0.05, max: 3, step: 0.05 });
  const walk = buttons(once, run.element, button("Start again", restart));
  const data = choice(traits, "points", "data", traits.get("names"));
  const activation = choice(traits, "activation function", "activation", NAMES);
  el.classList.add("live", "live-learner");
  el.append(drawings, said, spoken, controls(div(walk, rate), div(data, activation)));

  traits.follow(["data"], () => {
    points(learner.load());
    restart();
  });
  traits.follow(["activation", "start"], restart);
}

export default { render };
