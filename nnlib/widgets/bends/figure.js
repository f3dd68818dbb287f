import { charts } from "./charts.js";
import { knob } from "./knob.js";
import { button, buttons, choice, controls, result, slider } from "../shared/controls.js";
import { beside, div, update } from "../shared/dom.js";
import { clamp, range, rounded, sum } from "../shared/numbers.js";
import { traitsOf } from "../shared/traits.js";

const END = 6; // of the input, which runs from 0
const X = range(121).map((k) => (END * k) / 120);
const TARGETS = {
  hat: (x) => Math.max(0, 1 - Math.abs(x - 2)),
  sine: Math.sin,
  parabola: (x) => (x - 3) ** 2 / 4.5 - 1,
};

/** What each neuron adds at some places, and the sum with the bias. */
function added({ c, v, b, x }) {
  const parts = c.map((place, k) => x.map((at) => v[k] * Math.max(at - place, 0)));
  return { parts, y: x.map((_, n) => b + sum(parts.map((part) => part[n]))) };
}

/** The weights and the bias with which the sum meets a curve at every bend, and at the end. */
function followed(c, curve) {
  const order = range(c.length).sort((i, j) => c[i] - c[j]);
  const places = [...order.map((k) => c[k]), END];
  const v = c.map(() => 0);
  let before = 0;
  order.forEach((k, n) => {
    const [from, to] = [places[n], places[n + 1]];
    if (to - from < 1e-9) return; // two bends in one place: the other one does it
    const slope = (curve(to) - curve(from)) / (to - from);
    v[k] = slope - before;
    before = slope;
  });
  return { v, b: curve(places[0]) };
}

/** The output at some places, and the weights and the bias that follow a target. */
export function compute({ c, v, b, x, target }) {
  const { v: weights, b: bias } = followed(c, TARGETS[target]);
  return { y: added({ c, v, b, x }).y, v: weights, b: bias };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const move = (k, place) => {
    const c = traits.get("c").with(k, clamp(Math.round(20 * place) / 20, 0, END));
    traits.change({ c, chosen: String(k) });
  };
  const drawing = charts({ end: END, places: () => traits.get("c"), move });
  const said = result({ spoken: true });
  const follow = button("Follow the curve", () =>
    traits.change(followed(traits.get("c"), TARGETS[traits.get("target")])),
  );
  const clear = button("All weights 0", () =>
    traits.change({ v: traits.get("v").map(() => 0), b: 0 }),
  );
  const names = traits.get("c").map((_, k) => String(k));
  const one = div(
    choice(traits, "neuron", "chosen", names),
    knob(traits, "place c", "c", { min: 0, max: END, step: 0.05 }),
    knob(traits, "weight v", "v", { min: -4, max: 4, step: 0.05 }),
  );
  const rest = div(
    choice(traits, "curve to follow", "target", Object.keys(TARGETS)),
    slider(traits, "bias b", "b", { min: -2, max: 2, step: 0.05 }),
    buttons(follow, clear),
  );

  el.classList.add("live", "live-bends");
  el.append(beside(drawing.sum, drawing.parts), said, controls(one, rest));

  traits.follow(["c", "v", "b", "target", "chosen"], () => {
    const { c, v, b, target, chosen } = traits.read("c", "v", "b", "target", "chosen");
    const wanted = X.map(TARGETS[target]);
    const { parts, y } = added({ c, v, b, x: X });
    const far = Math.max(...y.map((height, n) => Math.abs(height - wanted[n])));
    const { y: heights } = added({ c, v, b, x: c });
    drawing.draw({ x: X, wanted, y, heights, parts, c, chosen: Number(chosen) });
    update(said, { text: `The sum is at most ${rounded(far, 2)} away from the ${target}.` });
  });
}

export default { render };
