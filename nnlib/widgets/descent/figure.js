import { chart, landscape, vector } from "./landscape.js";
import { LOSSES, parameters } from "./losses.js";
import { button, same, segments, slider } from "../shared/controls.js";
import { html, set } from "../shared/dom.js";
import { rounded } from "../shared/numbers.js";
import { change, follow } from "../shared/traits.js";

const LIMIT = 1000; // a walk ends where the loss is larger: it diverges
const MOST = 100; // steps
const FLAT = 0.01; // a slope that counts as almost 0
const PAUSE = 100; // milliseconds between the steps of a run

/** The points of a walk and their losses; it ends early where the loss exceeds LIMIT. */
export function compute({ loss, start, lr, momentum, steps }) {
  const { loss: height, gradient } = LOSSES[loss];
  const path = [start.slice(0, parameters(LOSSES[loss]).length)];
  let velocity = path[0].map(() => 0);
  while (path.length <= steps && height(path.at(-1)) <= LIMIT) {
    const slopes = gradient(path.at(-1));
    velocity = velocity.map((v, i) => (momentum ?? 0) * v + slopes[i]);
    path.push(path.at(-1).map((w, i) => w - lr * velocity[i]));
  }
  return { path, losses: path.map(height) };
}

/** Where the walk is, and what to notice about its last step. */
function report(kind, path, losses) {
  const [old, now] = [path.at(-2) ?? path[0], path.at(-1)];
  const [before, after] = [old, now].map(kind.gradient);
  const [slope, names] = now.length === 1 ? ["slope", [""]] : ["gradient", [" in w₁", " in w₂"]];
  // Along one axis a step overshoots if it goes downhill and ends where downhill is backwards.
  const over = names.filter(
    (_, i) => (now[i] - old[i]) * before[i] < 0 && before[i] * after[i] < 0,
  );
  const notices = [
    [losses.at(-1) > LIMIT, ` It diverges: the loss has grown beyond ${LIMIT}.`],
    [Math.hypot(...after) < FLAT, " Here the ground is almost flat."],
    [over.length > 0, ` The last step overshot${over.join(" and")}.`],
    [true, ""],
  ];
  const [, notice] = notices.find(([holds]) => holds);
  const loss = rounded(losses.at(-1), 4);
  return `Step ${path.length - 1}: w = ${vector(now)}, loss ${loss}, ${slope} ${vector(after)}.${notice}`;
}

function render({ model, el }) {
  const names = model.get("losses");
  const kind = () => LOSSES[model.get("loss")];
  const walked = () => {
    const traits = ["loss", "start", "lr", "momentum"].map((name) => [name, model.get(name)]);
    return compute({ ...Object.fromEntries(traits), steps: Math.min(model.get("steps"), MOST) });
  };
  const walk = (steps) => change(model, "steps", Math.min(steps, MOST));
  const taken = () => walked().path.length - 1;
  const ended = ({ path, losses }) => path.length > MOST || losses.at(-1) > LIMIT;

  let timer; // of a run
  const rest = () => (timer = clearInterval(timer));
  const go = (steps) => () => {
    rest();
    walk(steps());
    draw();
  };
  const run = () => {
    if (timer) return go(taken)();
    if (ended(walked())) walk(0);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return walk(MOST);
    timer = setInterval(() => walk(taken() + 1), PAUSE);
    draw();
  };

  const [scene, drawScene] = landscape(
    names.map((name) => LOSSES[name]),
    (w) => {
      const start = parameters(kind()).length === 1 ? [w[0], model.get("start")[1]] : w;
      change(model, "start", start);
    },
  );
  const [losses, drawLosses] = chart();
  const result = html("output", { class: "live-result" });
  const runs = button("Run", run);
  const buttons = html(
    "div",
    { class: "live-buttons" },
    button(
      "Step",
      go(() => taken() + 1),
    ),
    runs,
    button(
      "Start again",
      go(() => 0),
    ),
  );

  const [kinds, pick] = segments("loss", same(names), (name) => {
    go(() => 0)();
    for (const trait of ["start", "lr"]) change(model, trait, LOSSES[name][trait]);
    change(model, "loss", name);
  });
  const sliders = Object.fromEntries(
    names.map((name) => {
      const { seen, step, rates } = LOSSES[name];
      const starts = parameters(LOSSES[name]).map((parameter, index) => {
        const [min, max] = seen[index];
        return slider(model, `start ${parameter}`, "start", { index, min, max, step });
      });
      return [name, html("div", {}, slider(model, "learning rate", "lr", rates), ...starts)];
    }),
  );
  const left = html("div");
  const right = html("div", {}, buttons);
  if (model.get("momentum") !== null) {
    right.append(slider(model, "momentum", "momentum", { min: 0, max: 1, step: 0.05 }));
  }
  if (names.length > 1) right.append(kinds);

  el.classList.add("live");
  el.append(
    html("div", { class: "live-row" }, scene, losses),
    result,
    html("div", { class: "live-controls" }, left, right),
  );

  const draw = () => {
    const found = walked();
    const name = model.get("loss");
    if (ended(found)) rest();
    if (left.firstChild !== sliders[name]) left.replaceChildren(sliders[name]);
    pick(name);
    drawScene(kind(), found.path);
    drawLosses(found.losses);
    set(runs, { text: timer ? "Stop" : "Run" });
    set(result, { "aria-live": timer ? "off" : "polite" }); // a run is announced at its end
    set(result, { text: report(kind(), found.path, found.losses) });
  };
  const end = follow(model, ["loss", "start", "lr", "momentum", "steps"], draw);
  return () => {
    rest();
    end();
  };
}

export default { render };
