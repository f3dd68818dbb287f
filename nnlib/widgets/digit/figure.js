import { inked, place } from "./drawing.js";
import { button, choice, herald, same, segments } from "../shared/controls.js";
import { html, set, svg } from "../shared/dom.js";
import { canvas, tint } from "../shared/drawing.js";
import { SIZE, easel, grey, picture, squares } from "../shared/easel.js";
import { forwards, layered, softmax, transposed } from "../shared/network.js";
import { ACTIVATIONS, number, range, sum } from "../shared/numbers.js";
import { change, floats, follow } from "../shared/traits.js";

const PLACES = { mass: "its centre of mass", box: "its box" };
const HELP = "Draw here. Or with keys: arrows move, the space bar lowers and lifts the pen.";
const [HEIGHT, PER_COLUMN, WIDE] = [224, 16, 150]; // of the drawing of the layers

/** The input, every activation, and what each pixel and the biases add to one of the scores. */
export function compute({ drawing, by, sizes, weights, output }) {
  const network = layered(sizes, Float32Array.from(weights));
  const input = place(drawing, by);
  const a = forwards(network, input, ACTIVATIONS.relu);
  const scores = a.at(-1);
  const probabilities = softmax(scores);
  const chosen = output ?? scores.indexOf(Math.max(...scores));
  let slopes = scores.map((_, k) => Number(k === chosen));
  let bias = 0;
  for (let l = network.length - 1; l >= 0; l--) {
    bias += sum(slopes.map((slope, i) => slope * network[l].b[i]));
    slopes = transposed(network[l], slopes);
    if (l > 0) slopes = slopes.map((slope, i) => (a[l][i] > 0 ? slope : 0));
  }
  const contributions = slopes.map((slope, j) => slope * input[j]);
  return { input, hidden: a.slice(1, -1), scores, probabilities, chosen, contributions, bias };
}

/** Squares for the neurons of each hidden layer in columns of 16, and their number below. */
function neurons(hidden) {
  const columns = hidden.map((size) => Math.ceil(size / PER_COLUMN));
  const cell = Math.min(HEIGHT / PER_COLUMN, (WIDE - 10 * hidden.length) / sum(columns));
  const gap = (WIDE - cell * sum(columns)) / hidden.length;
  let left = gap / 2;
  return hidden.map((size, l) => {
    const top = (HEIGHT - cell * Math.min(size, PER_COLUMN)) / 2;
    const squares = range(size).map((i) => {
      const x = left + cell * Math.floor(i / PER_COLUMN);
      const place = { x, y: top + cell * (i % PER_COLUMN), width: cell - 1.5, height: cell - 1.5 };
      return svg("rect", { ...place, stroke: "var(--live-faint)" });
    });
    const middle = left + (cell * columns[l]) / 2;
    left += cell * columns[l] + gap;
    return { squares, count: svg("text", { x: middle, y: HEIGHT + 18, class: "muted" }, size) };
  });
}

function render({ model, el }) {
  const [sizes, weights] = [model.get("sizes"), floats(model.get("weights"))];
  const [names, examples] = [model.get("names"), floats(model.get("examples"))];
  const answers = range(sizes.at(-1));
  const explains = model.get("explain");
  const drawing = () => floats(model.get("drawing"));
  const put = (image) => change(model, "drawing", new DataView(image.buffer));
  const example = (n) => examples.slice(n * SIZE * SIZE, (n + 1) * SIZE * SIZE);
  let down = false; // whether the keys draw

  const pixels = squares();
  const [grid, where] = easel(pixels, `Drawing, 28 rows by 28 columns. ${HELP}`, 3, {
    paint: (to, from) => put(inked(drawing(), to, from)),
    presses: (event) => {
      if (event.key === " ") down = !down;
      grid.classList.toggle("live-down", down);
      return down;
    },
    tell: () => (down ? "pen down" : "pen up"),
  });
  const input = set(html("canvas", { width: SIZE, height: SIZE }), { role: "img" });
  const parts = squares();
  const map = canvas(SIZE, SIZE, ...parts);
  const layers = neurons(sizes.slice(1, -1));
  const [row, left] = [HEIGHT / answers.length, sizes.length > 2 ? WIDE + 10 : 10];
  const middle = (k) => row * (k + 0.5) + 5;
  const digits = answers.map((k) => svg("text", { x: left, y: middle(k) }, k));
  const bars = answers.map((k) => svg("rect", { x: left + 12, y: row * k + 4, height: row - 8 }));
  const shown = answers.map((k) => svg("text", { x: left + 108, y: middle(k) }, ""));
  const lights = canvas(
    left + 136,
    HEIGHT + 24,
    ...layers.flatMap((layer) => layer.squares),
    ...layers.map((layer) => layer.count),
    ...digits,
    ...bars,
    ...shown,
  );
  const labelled = (picture, text) =>
    html("div", { class: "live-small" }, picture, html("div", { class: "muted" }, text));
  const reading = html("div", {}, "");
  const total = html("div", {}, "");
  const result = html("output", { class: "live-result", "aria-live": "off" }, reading, total);
  const [spoken, tell] = herald();

  const rivals = { ...same(answers), likely: "the most probable" };
  const [outputs, pickOutput] = segments("contributions to the score of", rivals, (value) =>
    change(model, "output", value === "likely" ? null : Number(value)),
  );
  const show = (name, n) =>
    set(
      button(name, () => put(example(n))),
      { "aria-label": `show an example: ${name}` },
    );
  const clear = button("Clear", () => put(new Float32Array(SIZE * SIZE)));
  el.classList.add("live");
  el.append(
    html(
      "div",
      { class: "live-row" },
      html("div", { class: "live-sheet" }, grid, html("div", { class: "muted" }, HELP)),
      html(
        "div",
        { class: "live-pair" },
        labelled(input, "input, 28 × 28"),
        ...(explains ? [labelled(map, "contributions")] : []),
      ),
      lights,
    ),
    result,
    where,
    spoken,
    html(
      "div",
      { class: "live-controls" },
      html(
        "div",
        { class: "live-choice" },
        html("span", {}, "or start from an example"),
        html("div", { class: "live-buttons" }, ...names.map(show), clear),
      ),
      html(
        "div",
        {},
        choice(model, "put into the middle", "by", PLACES),
        ...(explains ? [outputs] : []),
      ),
    ),
  );

  return follow(model, ["drawing", "by", "output"], () => {
    const [now, by, output] = [drawing(), model.get("by"), model.get("output")];
    const found = compute({ drawing: now, by, sizes, weights, output });
    const { probabilities, chosen, contributions, scores } = found;
    const best = probabilities.indexOf(Math.max(...probabilities));
    now.forEach((ink, j) => set(pixels[j], { fill: `rgb(${grey(ink).slice(0, 3)})` }));
    picture(found.input, grey, input);
    set(input, { "aria-label": `What the network gets: the drawing, moved by ${PLACES[by]}` });
    layers.forEach((layer, l) => {
      const most = Math.max(...found.hidden[l]) || 1;
      layer.squares.forEach((square, i) => set(square, { fill: tint(found.hidden[l][i] / most) }));
    });
    const percent = probabilities.map((p) => `${number(Math.round(1000 * p) / 10)} %`);
    answers.forEach((k) => {
      set(bars[k], { width: 64 * probabilities[k], class: k === best ? "live-full" : "live-pale" });
      set(shown[k], { text: percent[k], class: k === best ? "" : "muted" });
    });
    const list = percent.map((text, k) => `${k}: ${text}`).join("; ");
    set(lights, { "aria-label": `The activations of every layer. Probabilities: ${list}` });

    const empty = !now.some((ink) => ink > 0);
    const words = empty ? "Nothing is drawn yet." : `The network reads ${best}: ${percent[best]}.`;
    set(reading, { text: words });
    if (explains) {
      const largest = Math.max(...contributions.map(Math.abs)) || 1;
      contributions.forEach((part, j) => set(parts[j], { fill: tint(part / largest) }));
      const [ink, score] = [sum(contributions), scores[chosen]].map((value) => value.toFixed(3));
      const biases = (score - ink).toFixed(3); // so that what is shown adds up in every digit
      const sums = `Pixels ${ink} + biases ${biases} = ${score}, the score of ${chosen}.`;
      set(total, { text: sums.replaceAll("-", "−") });
      set(map, { "aria-label": `Contributions of the pixels to the score of ${chosen}` });
      pickOutput(output === null ? "likely" : String(output));
    }
    change(model, "input", new DataView(Float32Array.from(found.input).buffer));
    tell(words);
  });
}

export default { render };
