import { judge, step } from "./training.js";
import { button, choice, same, slider } from "../shared/controls.js";
import { html, set, svg } from "../shared/dom.js";
import { canvas, tint } from "../shared/drawing.js";
import { forwards, layered, softmax } from "../shared/network.js";
import { ACTIVATIONS, clamp, number, range } from "../shared/numbers.js";
import { change, floats, follow } from "../shared/traits.js";

const NAMES = { tanh: "tanh", relu: "ReLU" };
const [EDGE, SIDE, CELLS] = [2.6, 280, 30]; // the plane, its drawing, and its squares in a row
const CURVE = { left: 40, top: 12, width: 230, height: 200 };
const [AT_ONCE, LAST] = [100, 5000]; // steps of Run where motion is unwelcome; steps at most
const PER_FRAME = 4;

/** The parameters after some steps of gradient descent, and the loss before each of them. */
export function compute({ x, y, weights, steps, ...how }) {
  const numbers = Float64Array.from(weights);
  const losses = range(steps).map(() => step({ x, y }, how, numbers));
  return { weights: Array.from(numbers), losses };
}

/** The points of one data set, and their classes. */
function dataset(model) {
  const rows = floats(model.get("examples"));
  const names = model.get("names");
  const length = rows.length / names.length;
  const chosen = rows.subarray(names.indexOf(model.get("data")) * length).subarray(0, length);
  const row = (n) => chosen.subarray(3 * n, 3 * n + 3);
  const all = range(length / 3);
  return { x: all.map((n) => Array.from(row(n).subarray(0, 2))), y: all.map((n) => row(n)[2]) };
}

const along = (x) => (SIDE * (x + EDGE)) / (2 * EDGE);
const place = ([x1, x2]) => [along(x1), SIDE - along(x2)];

/** A point of the plane: a disc for class 1, a square for class 0. */
function mark(kind, [x, y]) {
  const [tag, shape] = kind
    ? ["circle", { r: 3.6 }]
    : ["rect", { x: -3, y: -3, width: 6, height: 6 }];
  const colour = `var(--live-${kind ? "blue" : "orange"})`;
  const transform = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  return svg(tag, {
    ...shape,
    transform,
    fill: colour,
    stroke: "var(--live-paper)",
    "stroke-width": 0.7,
  });
}

function render({ model, el }) {
  const sizes = model.get("sizes");
  const width = SIDE / CELLS;
  const cells = range(CELLS * CELLS).map((j) => {
    const at = { x: width * (j % CELLS), y: width * Math.floor(j / CELLS) };
    return svg("rect", { ...at, width: width + 0.3, height: width + 0.3 });
  });
  const centres = cells.map((_, j) => {
    const at = (k) => -EDGE + (2 * EDGE * (k + 0.5)) / CELLS;
    return [at(j % CELLS), -at(Math.floor(j / CELLS))];
  });
  const dots = svg("g");
  const frame = svg("rect", { class: "live-frame", width: SIDE, height: SIDE });
  const field = svg("g", { "shape-rendering": "crispedges" }, ...cells);
  const plane = canvas(SIDE, SIDE, field, frame, dots);

  const { left, top, width: wide, height } = CURVE;
  const line = svg("polyline", { class: "live-line" });
  const axes = svg("polyline", {
    class: "live-frame",
    points: `${left},${top} ${left},${top + height} ${left + wide},${top + height}`,
  });
  const label = (x, y, content) => svg("text", { x, y, class: "muted" }, content);
  const [most, last] = [label(left - 20, top + 8, ""), label(left + wide, top + height + 18, "")];
  const chart = canvas(
    SIDE,
    SIDE - 34,
    axes,
    line,
    most,
    last,
    label(left - 20, top + height, "0"),
    label(left + 24, top - 2, "loss"),
    label(left + wide / 2, top + height + 18, "step"),
  );
  const result = html("output", { class: "live-result", "aria-live": "off" }, "");
  const spoken = html("output", { class: "unseen", "aria-live": "polite" });

  let data, numbers, losses;
  const shades = [];
  let [running, unseen] = [false, 0]; // unseen: how many steps to make before the next look
  const quiet = matchMedia("(prefers-reduced-motion: reduce)");
  const train = (steps) => {
    const how = { sizes, activation: model.get("activation"), lr: model.get("lr") };
    for (let k = 0; k < steps && losses.length < LAST; k++) losses.push(step(data, how, numbers));
  };

  function show() {
    const activation = model.get("activation");
    const network = layered(sizes, numbers);
    centres.forEach((centre, j) => {
      const p = softmax(forwards(network, centre, ACTIVATIONS[activation]).at(-1));
      const shade = Math.round(12 * (p[1] - p[0])) / 20; // few shades, so few squares change
      if (shades[j] !== shade) set(cells[j], { fill: tint((shades[j] = shade)) });
    });
    const { loss, right } = judge(data, network, activation);
    const curve = [...losses, loss];
    const highest = Math.max(1, ...curve.filter(Number.isFinite));
    const stride = Math.ceil(curve.length / wide);
    const kept = curve.map((value, k) => [k, value]).filter(([k]) => k % stride === 0);
    const spots = kept.map(([k, value]) => {
      const y = top + height * (1 - clamp(value / highest, 0, 1));
      return `${(left + (wide * k) / Math.max(curve.length - 1, 20)).toFixed(1)},${y.toFixed(1)}`;
    });
    set(line, { points: spots.join(" ") });
    set(most, { text: number(highest, 2) });
    set(last, { text: Math.max(curve.length - 1, 20) });
    const score = `${right} of ${data.y.length} points right`;
    const words = `Step ${losses.length}: loss ${number(loss, 3)}, ${score}.`;
    set(result, { text: words });
    set(plane, { "aria-label": `The answers for the whole plane, and the points: ${score}` });
    set(chart, { "aria-label": `The loss over ${losses.length} steps, now ${number(loss, 3)}` });
  }

  function tell() {
    set(spoken, { text: result.textContent });
    model.set("weights", new DataView(Float32Array.from(numbers).buffer));
    change(model, "steps", losses.length);
  }

  function pause() {
    running = false;
    set(go, { text: "Run" });
    tell();
  }

  function advance() {
    if (!running) return;
    train(PER_FRAME);
    unseen -= PER_FRAME;
    if (unseen <= 0) show();
    const over = losses.length >= LAST || (quiet.matches && unseen <= 0);
    if (over || !el.isConnected) pause();
    else requestAnimationFrame(advance);
  }

  const go = button("Run", () => {
    if (running) return pause();
    running = true;
    unseen = quiet.matches ? AT_ONCE : 0;
    set(go, { text: "Stop" });
    requestAnimationFrame(advance);
  });
  const once = button("Step", () => {
    train(1);
    show();
    tell();
  });
  const restart = () => {
    [numbers, losses] = [Float64Array.from(floats(model.get("start"))), []];
    show();
    pause();
  };
  const choose = () => {
    data = dataset(model);
    dots.replaceChildren(...data.y.map((kind, n) => mark(kind, place(data.x[n]))));
    restart();
  };

  el.classList.add("live");
  el.append(
    html("div", { class: "live-row" }, plane, chart),
    result,
    spoken,
    html(
      "div",
      { class: "live-controls" },
      html(
        "div",
        {},
        html("div", { class: "live-buttons" }, once, go, button("Start again", restart)),
        slider(model, "learning rate", "lr", { min: 0.05, max: 3, step: 0.05 }),
      ),
      html(
        "div",
        {},
        choice(model, "points", "data", same(model.get("names"))),
        choice(model, "activation function", "activation", NAMES),
      ),
    ),
  );
  const forget = [follow(model, ["data"], choose), follow(model, ["activation", "start"], restart)];
  return () => forget.forEach((end) => end());
}

export default { render };
