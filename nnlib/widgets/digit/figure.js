import { inked, place } from "./drawing.js";
import { lights, percent } from "./lights.js";
import {
  button,
  buttons,
  choice,
  controls,
  herald,
  result,
  segments,
  titled,
} from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { canvas, tint } from "../shared/drawing.js";
import { AREA, SIZE, easel, grey, imageAt, picture, squares } from "../shared/easel.js";
import { forwards, layered, softmax, transposed } from "../shared/network.js";
import { ACTIVATIONS, range, sum } from "../shared/numbers.js";
import { bytes, floats, traitsOf } from "../shared/traits.js";

const PLACES = { mass: "its centre of mass", box: "its box" };
const HELP = "Draw here. Or with keys: arrows move, the space bar lowers and lifts the pen.";

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

const small = (shown, words) =>
  html("div", { class: "small-image" }, shown, html("div", { class: "muted" }, words));

/** The sheet that is drawn on. */
function sheet(drawing, put) {
  let down = false; // whether the keys draw
  const pixels = squares();
  const { grid, said } = easel(pixels, `Drawing, 28 rows by 28 columns. ${HELP}`, 3, {
    paint: (to, from) => put(inked(drawing(), to, from)),
    presses(event) {
      if (event.key === " ") down = !down;
      grid.classList.toggle("down", down);
      return down;
    },
    tell: () => (down ? "pen down" : "pen up"),
  });
  const element = html("div", { class: "sheet" }, grid, html("div", { class: "muted" }, HELP));
  const draw = (image) => {
    image.forEach((ink, j) => update(pixels[j], { fill: `rgb(${grey(ink).slice(0, 3)})` }));
  };
  return { element, said, draw };
}

/** What the network gets. */
function given() {
  const area = update(html("canvas", { width: SIZE, height: SIZE }), { role: "img" });
  const draw = (input, by) => {
    picture(input, grey, area);
    const words = `What the network gets: the drawing, moved by ${PLACES[by]}`;
    update(area, { "aria-label": words });
  };
  return { element: small(area, "input, 28\u00a0×\u00a028"), draw };
}

/** Why a score is what it is: the contributions of the pixels, and their sum in words. */
function explanation(traits, answers, total) {
  const pixels = squares();
  const map = canvas(SIZE, SIZE, ...pixels);
  const digits = Object.fromEntries(answers.map((k) => [k, k]));
  const options = { ...digits, likely: "the most probable" };
  const outputs = segments("contributions to the score of", options, (value) =>
    traits.change({ output: value === "likely" ? null : Number(value) }),
  );
  const draw = ({ contributions, scores, chosen }) => {
    const largest = Math.max(...contributions.map(Math.abs)) || 1;
    contributions.forEach((part, j) => update(pixels[j], { fill: tint(part / largest) }));
    const [ink, score] = [sum(contributions), scores[chosen]].map((value) => value.toFixed(3));
    const biases = (score - ink).toFixed(3); // so that what is shown adds up in every digit
    const sums = `Pixels ${ink} + biases ${biases} = ${score}, the score of ${chosen}.`;
    update(total, { text: sums.replaceAll("-", "−") });
    update(map, { "aria-label": `Contributions of the pixels to the score of ${chosen}` });
    outputs.check(String(traits.get("output") ?? "likely"));
  };
  return { element: small(map, "contributions"), choices: outputs.element, draw };
}

/** What the network reads, in words. */
function answer(drawing, { probabilities }) {
  if (!drawing.some((ink) => ink > 0)) return "Nothing is drawn yet.";
  const best = probabilities.indexOf(Math.max(...probabilities));
  return `The network reads ${best}: ${percent(probabilities[best])}.`;
}

/** The buttons that draw an example or nothing. */
function exampleButtons(traits, put) {
  const [names, examples] = [traits.get("names"), floats(traits.get("examples"))];
  const shows = names.map((name, n) =>
    update(
      button(name, () => put(imageAt(examples, n))),
      { "aria-label": `show an example: ${name}` },
    ),
  );
  return buttons(
    ...shows,
    button("Clear", () => put(new Float32Array(AREA))),
  );
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const { sizes, weights: sent, explain } = traits.read("sizes", "weights", "explain");
  const weights = floats(sent);
  const drawing = () => floats(traits.get("drawing"));
  const put = (image) => traits.change({ drawing: bytes(image) });
  const examples = exampleButtons(traits, put);
  const paper = sheet(drawing, put);
  const input = given();
  const [reading, total] = [div(""), div("")];
  const explained = explain && explanation(traits, range(sizes.at(-1)), total);
  const network = lights(sizes);
  const { element: spoken, tell } = herald();
  const [map, scores] = explain ? [[explained.element], [explained.choices]] : [[], []];

  el.classList.add("live", "live-digit");
  el.append(
    beside(paper.element, html("div", { class: "pair" }, input.element, ...map), network.element),
    result({ spoken: false }, reading, total),
    paper.said,
    spoken,
    controls(
      titled("or start from an example", examples),
      div(choice(traits, "put into the middle", "by", PLACES), ...scores),
    ),
  );

  traits.follow(["drawing", "by", "output"], () => {
    const [now, { by, output }] = [drawing(), traits.read("by", "output")];
    const found = compute({ drawing: now, by, sizes, weights, output });
    paper.draw(now);
    input.draw(found.input, by);
    network.draw(found);
    if (explain) explained.draw(found);
    const words = answer(now, found);
    update(reading, { text: words });
    traits.change({ input: bytes(found.input) });
    tell(words);
  });
}

export default { render };
