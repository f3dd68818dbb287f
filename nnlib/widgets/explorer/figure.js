import { pictures } from "./pictures.js";
import { strips } from "./strips.js";
import { guide, removal } from "./ways.js";
import { controls, result, slider } from "../shared/controls.js";
import { beside, div, html, update } from "../shared/dom.js";
import { number, range } from "../shared/numbers.js";
import { signed } from "../shared/signed.js";
import { floats, halves, nibbles, traitsOf } from "../shared/traits.js";

const CONSTANT = ["living", "activations", "effects", "biases", "weights", "labels"];
const SHOWN = ["pictures", "seen", "sample"];
const SIZE = 28; // the height and width of the images whose weights are shown

/** How many images get the highest score for their label, if some neurons answer 0. */
function rightWithout({ activations, labels, effects, biases, out }) {
  const neurons = effects.length / biases.length;
  const left = range(neurons).filter((i) => !out.includes(i));
  const scores = (n) =>
    Array.from(biases, (b, k) =>
      left.reduce((z, i) => z + effects[k * neurons + i] * activations[n * neurons + i], b),
    );
  const answers = labels.map((_, n) => scores(n)).map((z) => z.indexOf(Math.max(...z)));
  return answers.filter((answer, n) => answer === labels[n]).length;
}

/** What a neuron answers, to which shares of each digit above a threshold, and its votes. */
export function compute({ activations, labels, effects, biases, neuron, threshold, out }) {
  const neurons = effects.length / biases.length;
  const strengths = labels.map((_, n) => activations[n * neurons + neuron]);
  const votes = Array.from(biases, (_, k) => effects[k * neurons + neuron]);
  const shares = range(votes.length).map((k) => {
    const own = strengths.filter((_, n) => labels[n] === k);
    return own.filter((a) => a > threshold).length / own.length;
  });
  const strongest = range(labels.length).sort((m, n) => strengths[n] - strengths[m]);
  const right = rightWithout({ activations, labels, effects, biases, out });
  return { strengths, votes, shares, strongest, right };
}

/** The largest share above the threshold, and the second one, in words. */
function ofShares(shares, { neuron, threshold }) {
  const order = range(shares.length).sort((j, k) => shares[k] - shares[j]);
  const [first, second] = order.map((k) => `${Math.round(100 * shares[k])} %`);
  return `Neuron ${neuron} is above ${number(threshold)} for ${first} of the images of ${order[0]} and for at most ${second} of any other digit.`;
}

/** How many answers are right, and without which neurons. */
function ofAnswers(right, all, out) {
  const names = out.length > 6 ? `${out.length} neurons` : `neuron ${out.join(", ")}`;
  const how = out.length ? `without ${names}` : "with all neurons";
  return `${right} of ${all} images are read right ${how}.`;
}

/** The activations of all neurons, image by image, from those of the living ones. */
function everyOne(answers, living, neurons) {
  const all = new Float32Array((answers.length / living.length) * neurons);
  answers.forEach((a, j) => {
    all[Math.floor(j / living.length) * neurons + living[j % living.length]] = a;
  });
  return all;
}

/** The weights of a neuron as an image, and what shows those of another. */
function weightsOf(weights) {
  const map = signed(SIZE);
  const key = html("div", { class: "muted" }, "its weights: blue, whole +; orange, half −");
  const show = (neuron) => {
    const own = weights.subarray(neuron * SIZE * SIZE, (neuron + 1) * SIZE * SIZE);
    map.draw(Array.from(own, (level) => level - 8));
    update(map.element, { "aria-label": `The weights of neuron ${neuron} as an image` });
  };
  return [html("div", { class: "map" }, map.element, key), show];
}

function render({ model, el, signal }) {
  const traits = traitsOf(model, signal);
  const sent = traits.read(...CONSTANT, ...SHOWN);
  const { labels } = sent;
  const [effects, biases] = [floats(sent.effects), floats(sent.biases)];
  const [classes, neurons] = [biases.length, effects.length / biases.length];
  const activations = everyOne(halves(sent.activations), sent.living, neurons);
  const given = { activations, labels, effects, biases };
  const most = Math.ceil(activations.reduce((top, a) => Math.max(top, a), 1));
  const [map, showMap] = weightsOf(nibbles(sent.weights));
  const answers = strips(labels, classes, most, (threshold) => traits.change({ threshold }));
  const shown = pictures(nibbles(sent.pictures), sent.seen, labels, sent.sample);
  const [above, read] = [div(""), div("")];
  const taken = removal(traits);

  el.classList.add("live", "live-explorer");
  el.append(
    beside(answers.element, map),
    shown.element,
    result({ spoken: true }, above, read),
    controls(
      slider(traits, "neuron", "neuron", { min: 0, max: neurons - 1, step: 1 }),
      slider(traits, "threshold", "threshold", { min: 0, max: most, step: 0.1 }),
      guide(traits),
      taken.element,
    ),
  );

  traits.follow(["neuron", "threshold", "out"], () => {
    const now = traits.read("neuron", "threshold", "out");
    const found = compute({ ...given, ...now });
    answers.draw(found, now.threshold);
    showMap(now.neuron);
    shown.draw(found);
    taken.draw(now);
    update(above, { text: ofShares(found.shares, now) });
    update(read, { text: ofAnswers(found.right, labels.length, now.out) });
  });
}

export default { render };
