// One neuron as it is drawn everywhere: inputs, weights, sum, bias, answer.

import { svg, update } from "../shared/dom.js";
import { canvas, label, mix } from "../shared/drawing.js";
import { number } from "../shared/numbers.js";

const [ROW, TOP] = [58, 74];
const [INPUT, WEIGHT, PRODUCT, SUM] = [112, 188, 268, 372];
const WIDTH = { sum: 470, bias: 560, activation: 610 };

const line = (x1, y1, x2, y2, style = "edge") => svg("line", { x1, y1, x2, y2, class: style });
const circle = (cx, cy, r = 20) => svg("circle", { cx, cy, r, class: "node" });

/** The way of one input: its value, its weight, their product, and on to the sum. */
function way(name, i, middle) {
  const y = TOP + ROW * i;
  const edge = line(INPUT + 20, y, PRODUCT - 26, y, "weighted");
  const onward = line(PRODUCT + 26, y, SUM - 21, middle, "weighted");
  const texts = [label(INPUT, y + 5, ""), label(WEIGHT, y - 8, ""), label(PRODUCT, y + 5, "")];
  const parts = [edge, onward, circle(INPUT, y), label(44, y + 5, name), ...texts];
  const draw = (x, w, product) => {
    const stroke = mix(w < 0 ? "orange" : w > 0 ? "blue" : "faint", 100);
    const look = { stroke, "stroke-width": 1 + 1.4 * Math.abs(w) };
    update(edge, look);
    update(onward, look);
    [number(x), `× ${number(w)}`, number(product)].forEach((text, k) => update(texts[k], { text }));
  };
  return { parts, draw };
}

/** The neuron with all that is shown of it so far, and what draws its numbers. */
export function diagram(names, parts) {
  const middle = TOP + (ROW * (names.length - 1)) / 2;
  const ways = names.map((name, i) => way(name, i, middle));
  const [bias, out, answer] = [label(SUM, 16, ""), label(0, middle - 10, ""), label(0, 0, "")];
  const lamp = circle(0, middle);
  const heads = { inputs: INPUT, weights: WEIGHT, products: PRODUCT };
  const titles = Object.entries(heads).map(([text, x]) => label(x, 36, text, "muted"));
  const later = parts === "sum" ? [] : [line(SUM, 22, SUM, middle - 20), bias];
  const end = parts === "sum" ? [] : [lamp, answer];
  if (parts === "activation") end.push(label(500, middle + 5, "φ", "italic"));
  if (parts === "activation") end.push(line(520, middle, 600, middle));
  const onward = line(SUM + 20, middle, parts === "sum" ? 460 : 480, middle);
  const sigma = [circle(SUM, middle), label(SUM, middle + 6, "Σ")];
  update(lamp, { cx: 500 });
  update(out, { x: parts === "sum" ? 422 : 436 });
  const place = parts === "activation" ? { x: 562, y: middle - 10 } : { x: 500, y: middle + 40 };
  update(answer, place);
  const height = TOP + ROW * names.length - 24;
  const all = [...titles, ...ways.flatMap((each) => each.parts), onward, ...later, ...sigma];
  const element = canvas(WIDTH[parts], height, ...all, out, ...end);

  const draw = ({ x, w, b }, { products, sum, z, a }) => {
    ways.forEach((each, i) => each.draw(x[i], w[i], products[i]));
    update(bias, { text: `b = ${number(b)}` });
    update(out, { text: parts === "sum" ? number(sum) : `z = ${number(z)}` });
    update(lamp, { fill: mix("blue", parts === "bias" && z > 0 ? 100 : 0) });
    const said = parts === "activation" ? `a = ${number(a, 3)}` : z > 0 ? "fires" : "silent";
    update(answer, { text: said });
    const inputs = names.map((name, i) => `${name} ${number(x[i])} times ${number(w[i])}`);
    const rest = parts === "sum" ? `sum ${number(sum)}` : `bias ${number(b)}; ${said}`;
    update(element, { "aria-label": `A neuron: ${inputs.join(", ")}; ${rest}` });
  };
  return { element, draw };
}
