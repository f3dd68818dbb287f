import { overview, steps } from "./heads.js";
import { attend, blend } from "../shared/attend.js";
import { choice, herald, radios } from "../shared/controls.js";
import { html, set } from "../shared/dom.js";
import { mix } from "../shared/drawing.js";
import { affine, softmax, supply } from "../shared/network.js";
import { range, sum } from "../shared/numbers.js";
import { field } from "../shared/sentence.js";
import { change, floats, follow } from "../shared/traits.js";

const STEPS = ["products", "scaled", "masked", "weights", "output"];
const SCALES = { "1/√d": "÷ √d", none: "off" };
const MASKS = { causal: "hide later tokens", none: "off" };

/** The parameters of the model, from numbers in a row. */
function unpack({ vocabulary, context, features, heads }, numbers) {
  const next = supply(numbers);
  const table = (rows) => range(rows).map(() => Array.from(next(features)));
  const dense = (rows) => ({ W: next(rows * features), b: next(rows) });
  return {
    tokens: table(vocabulary),
    positions: table(context),
    layers: heads.map((count) => ({ count, qkv: dense(3 * features), out: dense(features) })),
    output: dense(vocabulary),
  };
}

/** What one head does for each token, step by step. */
function look(queries, keys, values, { scale, mask }) {
  return queries.map((q, t) => {
    const { products, scores } = attend(q, keys, values);
    const scaled = scale === "none" ? products : scores;
    const masked = scaled.map((score, s) => (mask === "none" || s <= t ? score : -Infinity));
    const weights = softmax(masked);
    return { products, scaled, masked, weights, output: blend(weights, values) };
  });
}

/**
 * The model run on some words. Each step is a list: for each head, those of the first layer first,
 * what it finds for each token. The probabilities are those of the word after each token.
 */
export function compute({ ids, weights, scale, mask, ...sizes }) {
  const model = unpack(sizes, new Float32Array(weights));
  const found = { values: [], ...Object.fromEntries(STEPS.map((step) => [step, []])) };
  let x = ids.map((id, t) => model.tokens[id].map((value, i) => value + model.positions[t][i]));
  for (const { count, qkv, out } of model.layers) {
    const rows = x.map((row) => affine(qkv, row));
    const size = sizes.features / count;
    const heads = range(count).map((h) => {
      const [queries, keys, values] = range(3).map((part) => {
        const from = part * sizes.features + h * size;
        return rows.map((row) => row.slice(from, from + size));
      });
      const head = look(queries, keys, values, { scale, mask });
      for (const step of STEPS) found[step].push(head.map((row) => row[step]));
      found.values.push(values);
      return head;
    });
    x = x.map((row, t) => {
      const added = affine(
        out,
        heads.flatMap((head) => head[t].output),
      );
      return row.map((value, i) => value + added[i]);
    });
  }
  return { ...found, probabilities: x.map((row) => softmax(affine(model.output, row))) };
}

/** The largest shares of 1 and what they belong to, in words. */
function largest(shares, words, say) {
  const order = range(shares.length).sort((i, j) => shares[j] - shares[i]);
  const kept = order.slice(0, 3).filter((i) => shares[i] >= 0.005);
  return kept.map((i) => say(`${Math.round(100 * shares[i])}\u00a0%`, words[i])).join(", ");
}

function render({ model, el }) {
  const [vocabulary, weights] = [model.get("vocabulary"), floats(model.get("weights"))];
  const [context, features, heads] = ["context", "features", "heads"].map((name) =>
    model.get(name),
  );
  const sizes = { vocabulary: vocabulary.length, context, features, heads };
  const all = heads.flatMap((count, l) =>
    range(count).map((h) => ({
      name: heads.length > 1 ? `layer ${l}, head ${h}` : `head ${h}`,
      size: features / count,
      map: overview(context),
    })),
  );
  const sentence = () => model.get("sentence").split(" ");
  const titled = (title, content) =>
    html("div", { class: "live-choice" }, html("span", {}, title), content);

  const [spoken, tell] = herald();
  const [typed, leave] = field(model, vocabulary, context, tell);
  const chips = range(context).map(() => html("span", {}, ""));
  const [tokens, pickToken] = radios(
    "token that asks",
    chips.map((chip) => ["", chip]),
    (t) => change(model, "token", t + 1 < sentence().length ? t : null),
  );
  tokens.classList.add("live-segments", "live-tokens");
  const options = all.map(({ name, map }) => [name, map.drawing, html("span", {}, name)]);
  const [group, pickHead] = radios("head", options, (k) => change(model, "head", k));
  group.classList.add("live-heads");
  const [taken, next, place] = [html("div", {}, ""), html("div", {}, ""), html("div")];
  const result = html("output", { class: "live-result", "aria-live": "off" }, taken, next);

  el.classList.add("live");
  el.append(
    typed,
    titled("token that asks", tokens),
    html(
      "div",
      { class: "live-row" },
      titled("head (each row asks, each column is asked)", group),
      html(
        "div",
        { class: "live-switches" },
        choice(model, "scale", "scale", SCALES),
        choice(model, "mask", "mask", MASKS),
      ),
    ),
    place,
    result,
    spoken,
  );

  let way;
  const names = ["token", "head", "scale", "mask"];
  const forget = follow(model, ["sentence", ...names], () => {
    const [token, head, scale, mask] = names.map((name) => model.get(name));
    const [words, { name, size }] = [sentence(), all[head]];
    const t = Math.min(token ?? Infinity, words.length - 1);
    const ids = words.map((word) => vocabulary.indexOf(word));
    const found = compute({ ids, weights, scale, mask, ...sizes });
    const mine = Object.fromEntries(STEPS.map((step) => [step, found[step][head][t]]));

    pickToken(t);
    pickHead(head);
    chips.forEach((chip, s) => {
      const used = s < words.length;
      set(chip.parentElement, { class: used ? "" : "live-unused" });
      if (!used) return;
      set(chip.previousElementSibling, { "aria-label": `${words[s]}, token ${s}` });
      set(chip, {
        text: words[s],
        class: mine.masked[s] === -Infinity ? "live-later" : "",
        style: `background: ${mix("blue", 45 * mine.weights[s])}`,
      });
    });
    all.forEach(({ map }, k) => map.fill(found.weights[k], t, mask === "causal"));
    if (way?.size !== size) {
      way = { size, ...steps(context, size) };
      place.replaceChildren(way.element);
    }
    way.fill(words, { ...mine, values: found.values[head] }, t, { scale, mask });

    const from = largest(mine.weights, words, (share, word) => `${share} from “${word}”`);
    const later = Math.round(100 * sum(mine.weights.slice(t + 1)));
    const ahead = later ? `; ${later}\u00a0% come from later tokens` : "";
    const expected = largest(
      found.probabilities[t],
      vocabulary,
      (share, word) => `${word} (${share})`,
    );
    set(taken, { text: `In ${name}, “${words[t]}” takes ${from}${ahead}.` });
    set(next, { text: `With all its heads, the model expects next: ${expected}.` });
    tell(`${taken.textContent} ${next.textContent}`);
  });
  return () => [leave, forget].forEach((end) => end());
}

export default { render };
