// A row for each score: its name, the score, and its probability as a bar.

import { svg, update } from "../shared/dom.js";
import { canvas, label } from "../shared/drawing.js";
import { rounded, sum } from "../shared/numbers.js";

const [LEFT, RIGHT, HEIGHT] = [170, 490, 42];
const WIDTH = 600;

const percent = (p) => `${(100 * p).toFixed(1)} %`;

/** The drawing, and what draws some scores and probabilities. */
export function bars(names) {
  const y = (i) => 30 + HEIGHT * i;
  const middle = (i) => y(i) + HEIGHT / 2 + 4;
  const scores = names.map((_, i) => label(120, middle(i), ""));
  const shares = names.map((_, i) => label(0, middle(i), ""));
  const boxes = names.map((_, i) =>
    svg("rect", { x: LEFT, y: y(i) + 6, height: HEIGHT - 12, class: "live-full" }),
  );
  const heads = [label(120, 18, "score", "muted"), label(LEFT + 45, 18, "probability", "muted")];
  const titles = names.map((name, i) => label(40, middle(i), name));
  const total = label(WIDTH / 2, y(names.length) + 20, "", "muted");
  const frame = svg("path", { class: "live-frame", d: `M${LEFT} 28V${y(names.length)}` });
  const parts = [...heads, ...titles, ...scores, ...boxes, ...shares, frame, total];
  const element = canvas(WIDTH, y(names.length) + 26, ...parts);

  const draw = ({ scores: z, p }) => {
    p.forEach((share, i) => {
      const width = (RIGHT - LEFT) * share;
      update(boxes[i], { width: width.toFixed(1) });
      update(scores[i], { text: rounded(z[i], 2) });
      update(shares[i], { x: (LEFT + width + 48).toFixed(1), text: percent(share) });
    });
    update(total, { text: `together ${percent(sum(p))}` });
    const said = names.map((name, i) => `${name}: score ${rounded(z[i], 2)}, ${percent(p[i])}`);
    update(element, { "aria-label": `Probabilities of the scores. ${said.join("; ")}` });
  };
  return { element, draw };
}
