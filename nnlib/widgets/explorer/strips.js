// A row for each digit: a dot for each image, the share above the threshold, and the vote.

import { svg, update } from "../shared/dom.js";
import { canvas, label } from "../shared/drawing.js";
import { clamp, range, rounded } from "../shared/numbers.js";

const [ROW, TOP, WIDTH] = [22, 22, 470];
const [LEFT, RIGHT] = [30, 240]; // the ends of the scale of activations
const [SHARE, ZERO, LONGEST, VOTE] = [296, 366, 52, 466]; // where shares and votes stand

/** Dots as one path; each image keeps its height in the strip. */
function dots(strengths, x, y) {
  const places = strengths.map(({ a, n }) => {
    return `M${x(a).toFixed(1)} ${(y + 13 * (((n * 0.618) % 1) - 0.5)).toFixed(1)}h0`;
  });
  return places.join("");
}

/** The row of one digit, and what draws it. */
function rowOf(k, labels, x) {
  const middle = TOP + ROW * (k + 0.5);
  const [pale, full] = ["below", "above"].map((name) => svg("path", { class: name }));
  const share = label(SHARE, middle + 5, "", "end");
  const bar = svg("rect", { y: middle - 7, height: 14 });
  const vote = label(VOTE, middle + 5, "", "end muted");
  const own = range(labels.length).filter((n) => labels[n] === k);
  const draw = ({ strengths, shares, votes }, threshold, largest) => {
    const all = own.map((n) => ({ a: strengths[n], n }));
    const parts = [all.filter(({ a }) => a <= threshold), all.filter(({ a }) => a > threshold)];
    [pale, full].forEach((path, part) => update(path, { d: dots(parts[part], x, middle) }));
    update(share, { text: `${Math.round(100 * shares[k])} %` });
    const length = (LONGEST * Math.abs(votes[k])) / largest;
    const place = { x: votes[k] < 0 ? ZERO - length : ZERO, width: length };
    update(bar, { ...place, class: votes[k] < 0 ? "against" : "live-full" });
    update(vote, { text: rounded(votes[k], 2) });
  };
  return { elements: [label(12, middle + 5, k), pale, full, share, bar, vote], draw };
}

/** The rows of all digits over one scale; move is called where the reader puts the threshold. */
export function strips(labels, classes, most, move) {
  const x = (a) => LEFT + ((RIGHT - LEFT) * a) / most;
  const bottom = TOP + ROW * classes;
  const rows = range(classes).map((k) => rowOf(k, labels, x));
  const heads = [
    label((LEFT + RIGHT) / 2, 14, "activation", "muted"),
    label(SHARE, 14, "above", "end muted"),
    label(ZERO, 14, "vote", "muted"),
  ];
  const ticks = range(most / 2 + 1).map((k) => label(x(2 * k), bottom + 18, 2 * k, "muted"));
  const axis = svg("line", { class: "live-frame", x1: LEFT, x2: RIGHT, y1: bottom, y2: bottom });
  const zero = svg("line", { class: "live-frame", x1: ZERO, x2: ZERO, y1: TOP, y2: bottom });
  const line = svg("line", { class: "live-dashes", y1: TOP - 4, y2: bottom });
  const parts = rows.flatMap((row) => row.elements);
  const element = canvas(WIDTH, bottom + 24, ...heads, axis, zero, ...ticks, ...parts, line);
  element.onpointerdown = element.onpointermove = (event) => {
    const { left, width } = element.getBoundingClientRect();
    const place = ((event.clientX - left) * WIDTH) / width;
    if (!event.buttons || place > RIGHT + 20) return;
    const chosen = (most * (place - LEFT)) / (RIGHT - LEFT);
    move(Math.round(10 * clamp(chosen, 0, most)) / 10);
  };

  const draw = (found, threshold) => {
    const largest = Math.max(...found.votes.map(Math.abs)) || 1;
    for (const row of rows) row.draw(found, threshold, largest);
    update(line, { x1: x(threshold), x2: x(threshold) });
    const list = found.shares.map(
      (share, k) => `${k}: ${Math.round(100 * share)} %, vote ${rounded(found.votes[k], 2)}`,
    );
    update(element, { "aria-label": `Above the threshold, by digit. ${list.join("; ")}` });
  };
  return { element, draw };
}
