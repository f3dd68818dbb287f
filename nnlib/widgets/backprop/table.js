// Tables of numbers to edit, with the gradient of each and its finite differences.

import { GIVEN } from "./pass.js";
import { control } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";
import { number } from "../shared/numbers.js";

const HEADS = ["", "value", "gradient", "finite differences"];

/** A field for one number of a trait. */
function field(traits, name, index, letter) {
  const value = () => [traits.get(name)].flat()[index];
  const input = control("input", { type: "number", step: 0.1, "aria-label": letter });
  input.oninput = () => {
    const chosen = input.valueAsNumber;
    if (!Number.isFinite(chosen)) return; // while it is being typed
    const list = Array.isArray(traits.get(name));
    traits.change({ [name]: list ? traits.get(name).with(index, chosen) : chosen });
  };
  traits.follow([name], () => {
    if (input.valueAsNumber !== value()) input.value = value();
  });
  return input;
}

/** The row of one number, and what fills it. */
function rowOf(letter, input) {
  const [gradient, difference] = [html("td", { class: "gradient" }), html("td")];
  const head = html("th", { scope: "row" }, letter);
  const element = html("tr", {}, head, html("td", {}, input), gradient, difference);
  const draw = ({ reached, current, found }) => {
    update(element, { class: current ? "current" : "" });
    update(gradient, { text: reached ? number(found.gradient) : "" });
    update(difference, { text: reached ? number(found.difference) : "" });
  };
  return { letter, element, draw };
}

/** The table of some traits, and its rows. */
export function table(traits, names) {
  const rows = names.flatMap((name) =>
    GIVEN[name].map((letter, index) => rowOf(letter, field(traits, name, index, letter))),
  );
  const heads = html("tr", {}, ...HEADS.map((word) => html("th", {}, word)));
  const body = html("tbody", {}, ...rows.map(({ element }) => element));
  return { element: html("table", {}, html("thead", {}, heads), body), rows };
}
