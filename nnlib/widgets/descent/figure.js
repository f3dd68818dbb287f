import { chart } from "./chart.js";
import { landscape } from "./landscape.js";
import { LOSSES, parameters } from "./losses.js";
import { MOST, compute, ended, report } from "./walk.js";
import { button, buttons, controls, result, segments, slider } from "../shared/controls.js";
import { beside, div, update } from "../shared/dom.js";
import { runner } from "../shared/runner.js";
import { traitsOf } from "../shared/traits.js";

const PAUSE = 100; // milliseconds between the steps of a run

/** The walk that the traits describe. */
function walkOf(traits) {
  const now = () => {
    const steps = Math.min(traits.get("steps"), MOST);
    return compute({ ...traits.read("loss", "start", "lr", "momentum"), steps });
  };
  const taken = () => now().path.length - 1;
  const go = (steps) => traits.change({ steps: Math.min(steps, MOST) });
  return { now, taken, go };
}

/** The buttons that walk. */
function stepper(walk, draw, signal) {
  const next = (seen) => (seen ? walk.taken() + 1 : MOST);
  const run = runner({
    step(seen) {
      walk.go(ended(walk.now()) ? 0 : next(seen));
      return true;
    },
    settle: () => go(walk.taken()),
    pause: PAUSE,
    atOnce: MOST,
    signal,
  });
  const go = (steps) => {
    run.stop();
    walk.go(steps);
    draw();
  };
  const step = button("Step", () => go(walk.taken() + 1));
  const again = button("Start again", () => go(0));
  return { element: buttons(step, run.element, again), run, go };
}

/** The sliders of one loss, which have limits of their own. */
function sliders(traits, kind) {
  const starts = parameters(kind).map((parameter, index) => {
    const [[min, max], step] = [kind.seen[index], kind.step];
    return slider(traits, `start ${parameter}`, "start", { index, min, max, step });
  });
  return div(slider(traits, "learning rate", "lr", kind.rates), ...starts);
}

/** What can be chosen for all losses, and which of them it is: as many steps on each. */
function choices(traits, names, { element, run }) {
  const first = traits.read("loss", "start", "lr");
  const kinds = segments("loss", names, (loss) => {
    run.stop();
    const { start, lr } = loss === first.loss ? first : LOSSES[loss];
    traits.change({ start, lr, loss });
  });
  const column = div(element);
  if (traits.get("momentum") !== null) {
    column.append(slider(traits, "momentum", "momentum", { min: 0, max: 1, step: 0.05 }));
  }
  if (names.length > 1) column.append(kinds.element);
  return { column, check: kinds.check };
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const names = traits.get("losses");
  const kind = () => LOSSES[traits.get("loss")];
  const kinds = names.map((name) => LOSSES[name]);
  const scene = landscape(kinds, (w) => {
    const start = parameters(kind()).length === 1 ? [w[0], traits.get("start")[1]] : w;
    traits.change({ start });
  });
  const losses = chart();
  const said = result({ spoken: true });
  const walk = walkOf(traits);
  const steps = stepper(walk, () => draw(), signal);
  const { column, check } = choices(traits, names, steps);
  const limits = new Map(kinds.map((found) => [found, sliders(traits, found)]));
  const left = div();

  el.classList.add("live", "live-descent");
  el.append(beside(scene.element, losses.element), said, controls(left, column));

  const draw = () => {
    const found = walk.now();
    if (ended(found)) steps.run.stop();
    if (left.firstChild !== limits.get(kind())) left.replaceChildren(limits.get(kind()));
    check(traits.get("loss"));
    scene.draw(kind(), found.path);
    losses.draw(found.losses);
    // A run is announced at its end.
    update(said, { "aria-live": steps.run.running() ? "off" : "polite" });
    update(said, { text: report(kind(), found) });
  };
  traits.follow(["loss", "start", "lr", "momentum", "steps"], draw);
}

export { compute };

export default { render };
