// Why a score is what it is, or why it is above that of its strongest rival.

import { segments } from "../shared/controls.js";
import { div, html, update } from "../shared/dom.js";
import { SIZE } from "../shared/easel.js";
import { sum } from "../shared/numbers.js";
import { signed } from "../shared/signed.js";

/** What the contributions add up to, in numbers that add up as they are shown. */
function sums({ contributions, bias, chosen, rival }) {
  const parts = [sum(contributions), bias].map((value) => Math.round(100 * value));
  const [ink, biases, total] = [...parts, sum(parts)].map((value) => (value / 100).toFixed(2));
  const less = rival === null ? "" : ` minus that of ${rival}`;
  const what = `the score of ${chosen}${less}`;
  return `Pixels ${ink} + biases ${biases} = ${total}, ${what}.`.replaceAll("-", "−");
}

/** Why a score is what it is: the contributions of the pixels, and their sum in words. */
export function explanation(traits, answers, total) {
  const map = signed(SIZE);
  const key = html("div", { class: "muted" }, "blue, whole: for; orange, half: against");
  const title = div("");
  const digits = Object.fromEntries(answers.map((k) => [k, k]));
  const options = { ...digits, likely: "the most probable" };
  const outputs = segments("contributions to the score of", options, (value) =>
    traits.change({ output: value === "likely" ? null : Number(value) }),
  );
  const against = segments(
    "and not of",
    { alone: "nothing", rival: "its strongest rival" },
    (value) => traits.change({ rivalled: value === "rival" }),
  );
  const draw = (found) => {
    map.draw(found.contributions);
    update(total, { text: sums(found) });
    const { chosen, rival } = found;
    const words = rival === null ? `for ${chosen}` : `${chosen} and not ${rival}`;
    update(title, { text: words });
    update(map.element, { "aria-label": `Contributions of the pixels: ${words}` });
    outputs.check(String(traits.get("output") ?? "likely"));
    against.check(traits.get("rivalled") ? "rival" : "alone");
  };
  const element = html("div", { class: "why" }, title, map.element, key);
  return { element, choices: [outputs.element, against.element], draw };
}
