import { inked, place } from "./drawing.js";
import { lights, percent } from "./lights.js";
import { explanation } from "./why.js";
import { button, buttons, choice, controls, herald, result, titled } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { AREA, SIZE, easel, grey, imageAt, picture, squares } from "../shared/easel.js";
import { forwards, layered, softmax, transposed } from "../shared/network.js";
import { ACTIVATIONS, range, sum } from "../shared/numbers.js";
import { bytes, floats, halves, traitsOf } from "../shared/traits.js";

const PLACES = { mass: "its centre of mass", box: "its box" };
const CONSTANT = ["sizes", "weights", "scales", "explain"];
const HELP = "Draw here. Or with keys: arrows move, the space bar lowers and lifts the pen.";

/** The input, every activation, and what each pixel and the biases add to one of the scores, or to
    how far it is above its strongest rival. */
export function compute({ drawing, by, sizes, weights, output, rivalled }) {
  const network = layered(sizes, Float32Array.from(weights));
  const input = place(drawing, by);
  const a = forwards(network, input, ACTIVATIONS.relu);
  const scores = a.at(-1);
  const probabilities = softmax(scores);
  const chosen = output ?? scores.indexOf(Math.max(...scores));
  const highest = Math.max(...scores.filter((_, k) => k !== chosen));
  const rival = rivalled ? scores.findIndex((z, k) => k !== chosen && z === highest) : null;
  let slopes = scores.map((_, k) => Number(k === chosen) - Number(k === rival));
  let bias = 0;
  for (let l = network.length - 1; l >= 0; l--) {
    bias += sum(slopes.map((slope, i) => slope * network[l].b[i]));
    slopes = transposed(network[l], slopes);
    if (l > 0) slopes = slopes.map((slope, i) => (a[l][i] > 0 ? slope : 0));
  }
  const contributions = slopes.map((slope, j) => slope * input[j]);
  const explained = { chosen, rival, contributions, bias };
  return { input, hidden: a.slice(1, -1), scores, probabilities, ...explained };
}

/** The parameters: for each row of a W and for each b, whole numbers times a scale. */
function weightsOf(sizes, sent, scales) {
  const lengths = sizes.slice(1).flatMap((rows, l) => [...new Array(rows).fill(sizes[l]), rows]);
  const each = lengths.flatMap((length, k) => new Array(length).fill(scales[k]));
  return Float32Array.from(each, (scale, j) => scale * sent.getInt8(j));
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

/** What the network reads, in words. */
function answer(drawing, { probabilities }) {
  const best = probabilities.indexOf(Math.max(...probabilities));
  const read = `${best}: ${percent(probabilities[best])}.`;
  if (drawing.some((ink) => ink > 0)) return `The network reads ${read}`;
  return `Nothing is drawn yet. From its biases alone the network says ${read}`;
}

/** The buttons that draw an example or nothing. */
function exampleButtons(traits, put) {
  const [names, examples] = [traits.get("names"), halves(traits.get("examples"))];
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
  const { sizes, weights: sent, scales, explain } = traits.read(...CONSTANT);
  const weights = weightsOf(sizes, sent, floats(scales));
  const drawing = () => floats(traits.get("drawing"));
  const put = (image) => traits.change({ drawing: bytes(image) });
  const examples = exampleButtons(traits, put);
  const paper = sheet(drawing, put);
  const input = given();
  const [reading, total] = [div(""), div("")];
  const explained = explain && explanation(traits, range(sizes.at(-1)), total);
  const network = lights(sizes);
  const { element: spoken, tell } = herald();
  const [map, scores] = explain ? [[explained.element], explained.choices] : [[], []];

  el.classList.add("live", "live-digit");
  el.append(
    beside(paper.element, ...map, html("div", { class: "seen" }, input.element, network.element)),
    result({ spoken: false }, reading, total),
    paper.said,
    spoken,
    controls(
      titled("or start from an example", examples),
      div(choice(traits, "put into the middle", "by", PLACES), ...scores),
    ),
  );

  traits.follow(["drawing", "by", "output", "rivalled"], () => {
    const [now, chosen] = [drawing(), traits.read("by", "output", "rivalled")];
    const found = compute({ drawing: now, sizes, weights, ...chosen });
    paper.draw(now);
    input.draw(found.input, chosen.by);
    network.draw(found);
    if (explain) explained.draw(found);
    const words = answer(now, found);
    update(reading, { text: words });
    traits.change({ input: bytes(found.input) });
    tell(words);
  });
}

export default { render };
