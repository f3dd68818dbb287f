import { EDGES, network } from "./nodes.js";
import { FORWARD, GIVEN, STEPS, byLetter, compute, filled, product, short } from "./pass.js";
import { button, control, slider } from "../shared/controls.js";
import { html, set } from "../shared/dom.js";
import { clamp, number } from "../shared/numbers.js";
import { change, follow } from "../shared/traits.js";

/** A table of numbers to edit, and its rows: letter, row, and cells for both gradients. */
function table(model, traits) {
  const rows = traits.flatMap((name) =>
    GIVEN[name].map((letter, index) => {
      const value = () => [model.get(name)].flat()[index];
      const input = control("input", { type: "number", step: 0.1, "aria-label": letter });
      input.oninput = () => {
        const chosen = input.valueAsNumber;
        if (!Number.isFinite(chosen)) return; // while it is being typed
        change(model, name, name === "t" ? chosen : model.get(name).with(index, chosen));
      };
      follow(model, [name], () => {
        if (input.valueAsNumber !== value()) input.value = value();
      });
      const [gradient, difference] = [html("td", { class: "live-gradient" }), html("td")];
      const head = html("th", { scope: "row" }, letter);
      const row = html("tr", {}, head, html("td", {}, input), gradient, difference);
      return [letter, row, gradient, difference];
    }),
  );
  const heads = ["", "value", "gradient", "finite differences"].map((word) => html("th", {}, word));
  const body = html("tbody", {}, ...rows.map(([, row]) => row));
  return [html("table", {}, html("thead", {}, html("tr", {}, ...heads)), body), ...rows];
}

function render({ model, el }) {
  const [drawing, drawNetwork] = network();
  const tables = [["w"], ["b", "x", "t"]].map((names) => table(model, names));
  const rows = tables.flatMap(([, ...found]) => found);
  const result = html("output", { class: "live-result", "aria-live": "polite" });
  const go = (step) => () => change(model, "step", clamp(step(), 0, STEPS.length));
  const now = () => model.get("step");

  el.classList.add("live");
  el.append(
    html("div", { class: "live-row" }, drawing),
    result,
    html(
      "div",
      { class: "live-buttons" },
      button(
        "Back",
        go(() => now() - 1),
      ),
      button(
        "Next",
        go(() => now() + 1),
      ),
      button(
        "To the loss",
        go(() => FORWARD),
      ),
      button(
        "To the end",
        go(() => STEPS.length),
      ),
      slider(model, "step", "step", { min: 0, max: STEPS.length, step: 1 }),
    ),
    html("div", { class: "live-controls" }, ...tables.map(([element]) => element)),
  );

  return follow(model, ["w", "b", "x", "t", "step"], () => {
    const given = Object.fromEntries(Object.keys(GIVEN).map((name) => [name, model.get(name)]));
    const found = compute(given);
    const values = byLetter(given, found);
    const taken = STEPS.slice(0, now());
    const [name, formula] = taken.at(-1) ?? ["", ""];
    const letters = Object.values(GIVEN).flat();
    const known = Object.fromEntries(
      [...letters, ...taken.map(([letter]) => letter)].map((letter) => [
        letter,
        short(values[letter]),
      ]),
    );

    const backward = now() > FORWARD;
    const used = /^L$|^da₃$/.test(name) ? ["L"] : (`${name} ${formula}`.match(/w[₁₂₃]+/g) ?? []);
    const node = name.match(/^d?[zab](.)$/)?.[1] ?? name.replace("d", "");
    const carried = (edge) => {
      if (used.includes(edge)) return product(edge, taken.at(-1), values);
      if (edge === "L") return backward ? "" : undefined;
      return known[`d${edge}`] && `d${edge} = ${known[`d${edge}`]}`;
    };
    const texts = Object.fromEntries(Object.keys(EDGES).map((edge) => [edge, carried(edge)]));
    drawNetwork({ known, active: [...used, node], backward, carried: texts });
    for (const [letter, row, gradient, difference] of rows) {
      const reached = `d${letter}` in known;
      set(row, { class: name === `d${letter}` ? "live-current" : "" });
      set(gradient, { text: reached ? number(values[`d${letter}`]) : "" });
      set(difference, { text: reached ? number(found.differences[letters.indexOf(letter)]) : "" });
    }

    const stage = `Step ${now()} of ${STEPS.length}`;
    const numbers = /[ (]/.test(formula) ? ` = ${filled(formula, values)}` : "";
    const equation = `${name} = ${formula}${numbers} = ${known[name]}`;
    const said = name
      ? `, ${backward ? "backward" : "forward"}: ${equation}`
      : ": nothing is computed yet";
    set(result, { text: `${stage}${said}` });
    set(drawing, { "aria-label": `The network with its values. ${stage}${said}` });
  });
}

export { compute };

export default { render };
