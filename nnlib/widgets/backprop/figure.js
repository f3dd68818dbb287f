import { EDGES, network } from "./nodes.js";
import { FORWARD, GIVEN, STEPS, byLetter, compute, stepAt } from "./pass.js";
import { table } from "./table.js";
import { button, buttons, controls, result, slider } from "../shared/controls.js";
import { beside, update } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { traitsOf } from "../shared/traits.js";

const LETTERS = Object.values(GIVEN).flat();

/** The buttons and the slider that go from step to step. */
function stepper(traits) {
  const now = () => traits.get("step");
  const go = (step) => traits.change({ step: clamp(step, 0, STEPS.length) });
  return buttons(
    button("Back", () => go(now() - 1)),
    button("Next", () => go(now() + 1)),
    button("To the loss", () => go(FORWARD)),
    button("To the end", () => go(STEPS.length)),
    slider(traits, "step", "step", { min: 0, max: STEPS.length, step: 1 }),
  );
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const drawing = network();
  const tables = [table(traits, ["w"]), table(traits, ["b", "x", "y"])];
  const said = result({ spoken: true });

  el.classList.add("live", "live-backprop");
  el.append(
    beside(drawing.element),
    said,
    stepper(traits),
    controls(...tables.map(({ element }) => element)),
  );

  traits.follow(["w", "b", "x", "y", "step"], () => {
    const given = traits.read(...Object.keys(GIVEN));
    const found = compute(given);
    const values = byLetter(given, found);
    const step = stepAt(traits.get("step"), values);
    const texts = Object.keys(EDGES).map((edge) => [edge, step.carried(edge)]);
    drawing.draw({ ...step, carried: Object.fromEntries(texts) });
    for (const { letter, draw } of tables.flatMap(({ rows }) => rows)) {
      const gradient = values[`d${letter}`];
      const difference = found.differences[LETTERS.indexOf(letter)];
      const reached = `d${letter}` in step.known;
      draw({ reached, current: step.name === `d${letter}`, found: { gradient, difference } });
    }
    update(said, { text: step.words });
    update(drawing.element, { "aria-label": `The network with its values. ${step.words}` });
  });
}

export { compute };

export default { render };
