// The tokens of a text in a row, each in a box with its number below.

import { html, update } from "../shared/dom.js";
import { range } from "../shared/numbers.js";

export const ROOM = 120; // bytes, so that many tokens at most

export function strip(names) {
  const places = range(ROOM).map(() => {
    const [name, number] = [html("b", {}, ""), html("small", {}, "")];
    return { name, number, box: html("span", { class: "gone" }, name, number) };
  });
  const element = html("p", { class: "tokens" }, ...places.map(({ box }) => box));
  /** The tokens; those that the last merge made are marked. */
  const draw = ({ made, ids }) => {
    places.forEach(({ name, number, box }, t) => {
      if (t >= ids.length) {
        update(box, { class: "gone" });
        return;
      }
      const id = ids[t];
      update(box, { class: made && id === 255 + made ? "token new" : "token" });
      update(name, { text: names[id] });
      update(number, { text: String(id) });
    });
  };
  return { element, draw };
}
