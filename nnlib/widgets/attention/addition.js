// What is added to a token: the share of each head, which can be switched off.

import { captions, largest, strip } from "./strip.js";
import { control } from "../shared/controls.js";
import { html, update } from "../shared/dom.js";

export const ROOM = 8; // features whose numbers can be read on a phone

/** A strip with a label, and what fills it. */
function line(features, label) {
  const cells = strip(features, features <= ROOM);
  return { element: html("div", { class: "line" }, label, cells.element), fill: cells.fill };
}

/** The line of one head, with its switch. */
function lineOf({ name, k }, features, toggle) {
  const box = control("input", { type: "checkbox", onchange: () => toggle(k) });
  const label = html("label", {}, "+ ", box, html("span", {}, name ?? "the sum"));
  const added = line(features, label);
  const fill = (values, most, off) => {
    box.checked = !off;
    update(added.element, { class: off ? "line out" : "line" });
    added.fill(values, most, `added by ${name ?? "the head"}`);
  };
  return { element: added.element, fill };
}

/** The sum that a token becomes in a layer with these heads; toggle(k) switches head k. */
export function addition(heads, features, { names, projected }, toggle) {
  const who = html("span", {}, "");
  const called = (words) => line(features, html("span", {}, words));
  const [before, bias, after] = [line(features, who), called("+ the bias"), called("= afterwards")];
  const shares = heads.map((head) => lineOf(head, features, toggle));
  const sums = heads.length > 1 ? "each head’s sum" : "the sum";
  const title = `3. Add ${sums}${projected ? ", times Wₒ," : ""} to the token`;
  const element = html(
    "div",
    { class: "addition" },
    html("div", { class: "title" }, title),
    html("div", { class: "line" }, html("span", {}), captions(names?.x)),
    before.element,
    ...shares.map((share) => share.element),
    bias.element,
    after.element,
  );
  const fill = (word, t, layer, off) => {
    const most = largest(layer.before[t], layer.after[t], ...layer.added.map((all) => all[t]));
    update(who, { text: `“${word}”` });
    before.fill(layer.before[t], most, `features of ${word}`);
    shares.forEach((share, h) => share.fill(layer.added[h][t], most, off.includes(heads[h].k)));
    update(bias.element, { class: layer.bias.some((b) => b) ? "line" : "unused" });
    bias.fill(layer.bias, most, "the bias");
    after.fill(layer.after[t], most, `features of ${word} afterwards`);
  };
  return { element, fill };
}
