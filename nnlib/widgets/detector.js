const SIZE = 28;
const HALF = 1; // the brush covers this many pixels on each side of the one that it is on
const BRUSHES = { "+1": "+1", "-1": "−1", "+5.5": "+5.5", "-5.5": "−5.5", "+0": "0" };
const [COLUMN, HEIGHT] = [34, 200];
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The weighted sum of each image, and what a step neuron with bias b answers. */
export function compute({ images, w, b }) {
  const sums = range(images.length / w.length).map((n) => {
    let total = 0;
    for (let j = 0; j < w.length; j++) total += images[n * w.length + j] * w[j];
    return total;
  });
  return { sums, a: sums.map((s) => ACTIVATIONS.step(s + b)) };
}

/** The weights after one touch of the brush. */
function painted(w, row, column, weight) {
  const result = Float32Array.from(w);
  for (let i = Math.max(row - HALF, 0); i <= Math.min(row + HALF, SIZE - 1); i++) {
    const end = i * SIZE + Math.min(column + HALF, SIZE - 1);
    result.fill(weight, i * SIZE + Math.max(column - HALF, 0), end + 1);
  }
  return result;
}

/** An image as a picture, with a colour for each ink between 0 and 1. */
function picture(image, colour) {
  const area = html("canvas", { width: SIZE, height: SIZE, "aria-hidden": "true" });
  const context = area.getContext("2d");
  const data = context.createImageData(SIZE, SIZE);
  image.forEach((ink, j) => data.data.set(colour(ink), 4 * j));
  context.putImageData(data, 0, 0);
  return area;
}

const grey = (ink) => [255 * ink, 255 * ink, 255 * ink, 255];
const ghost = (ink) => [110, 110, 110, 120 * ink];

/** The grid that the reader paints on; paint(row, column) is called with the pixel. */
function easel(pixels, paint, weightAt) {
  const cursor = svg("rect", { width: 2 * HALF + 1, height: 2 * HALF + 1, class: "live-cursor" });
  const place = html("output", { class: "unseen", "aria-live": "polite" });
  const grid = set(canvas(SIZE, SIZE, ...pixels, cursor), {
    class: "live-paint", role: "application", tabindex: 0, "data-lm-suppress-shortcuts": "true",
    "aria-label": "Weights, 28 rows by 28 columns: arrow keys move the brush, the space bar paints",
  });
  let [row, column] = [13, 13];
  const go = (i, j) => {
    [row, column] = [clamp(i, 0, SIZE - 1), clamp(j, 0, SIZE - 1)];
    set(cursor, { x: column - HALF, y: row - HALF });
  };
  const touch = (event) => {
    const { left, top, width } = grid.getBoundingClientRect();
    const pixel = (distance) => Math.floor((SIZE * distance) / width);
    go(pixel(event.clientY - top), pixel(event.clientX - left));
    if (event.buttons) paint(row, column);
  };
  grid.onpointerdown = (event) => {
    grid.setPointerCapture(event.pointerId);
    touch(event);
  };
  grid.onpointermove = touch;
  grid.onkeydown = (event) => {
    const [down, right] = ARROWS[event.key] ?? [0, 0];
    if (event.key !== " " && !(down || right)) return;
    event.preventDefault();
    go(row + down, column + right);
    if (event.key === " " || event.shiftKey) paint(row, column);
    const weight = number(weightAt(row, column));
    set(place, { text: `row ${row}, column ${column}, weight ${weight}` });
  };
  go(row, column);
  return [grid, place];
}

function render({ model, el }) {
  const images = floats(model.get("images"));
  const [names, start] = [model.get("names"), model.get("w")];
  const image = (n) => images.subarray(n * SIZE * SIZE, (n + 1) * SIZE * SIZE);
  const weights = () => floats(model.get("w"));
  const put = (w) => change(model, "w", new DataView(w.buffer));
  let brush = "-5.5"; // it belongs to the page and not to the neuron, so it is no trait

  const pixels = range(SIZE * SIZE).map((j) => {
    return svg("rect", { x: j % SIZE, y: Math.floor(j / SIZE), width: 1.02, height: 1.02 });
  });
  const under = svg("image", { class: "live-pixels", width: SIZE, height: SIZE });
  const [grid, place] = easel(
    [...pixels, under],
    (row, column) => put(painted(weights(), row, column, Number(brush))),
    (row, column) => weights()[row * SIZE + column],
  );

  const [width, line] = [COLUMN * (names.length + 1), { x1: COLUMN }];
  const bars = names.map((_, n) => svg("rect", { x: COLUMN * (n + 1) + 7, width: COLUMN - 14 }));
  const sums = names.map((_, n) => svg("text", { x: COLUMN * (n + 1.5), class: "live-clear" }));
  const product = svg("text", { x: COLUMN / 2, class: "muted italic" }, "w · x");
  const zero = svg("line", { class: "live-frame", x2: width, ...line });
  const threshold = svg("line", { class: "live-dashes", x2: width, ...line });
  const chart = canvas(width, HEIGHT + 20, product, ...bars, zero, threshold, ...sums);

  const answers = names.map(() => html("span"));
  const ghosts = names.map((_, n) => picture(image(n), ghost).toDataURL());
  const show = (n) => set(under, { href: ghosts[n] });
  const digits = names.map((name, n) => [name, picture(image(n), grey), answers[n]]);
  const [row, pickDigit] = radios("shown under the weights", digits, show);
  row.classList.add("live-digits");
  row.prepend(html("div", { class: "muted italic" }, "a"));

  const [brushes, pickBrush] = segments("paint", BRUSHES, (value) => (brush = value));
  const result = html("output", { class: "live-result", "aria-live": "polite" });

  el.classList.add("live");
  el.append(
    html("div", { class: "live-row" }, grid, html("div", { class: "live-wide" }, chart, row)),
    result,
    place,
    html("div", { class: "live-controls" },
      html("div", {}, brushes,
        html("div", { class: "live-buttons" },
          button("All to 0", () => put(new Float32Array(SIZE * SIZE))),
          button("Start again", () => change(model, "w", start)))),
      slider(model, "bias b", "b", { min: -150, max: 150, step: 1 })),
  );
  pickBrush(brush);
  pickDigit(0);
  show(0);

  return follow(model, ["w", "b"], () => {
    const [w, b] = [weights(), model.get("b")];
    const largest = w.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
    w.forEach((weight, j) => {
      const share = Math.sign(weight) * (0.3 + (0.7 * Math.abs(weight)) / largest);
      set(pixels[j], { fill: tint(share) });
    });

    const found = compute({ images, w, b });
    const [top, bottom] = [Math.max(40, -b, ...found.sums), Math.min(0, -b, ...found.sums)];
    const y = (value) => 18 + ((top - value) / (top - bottom)) * (HEIGHT - 18);
    found.sums.forEach((s, n) => {
      const fires = found.a[n] === 1;
      const place = { y: Math.min(y(s), y(0)), height: Math.abs(y(s) - y(0)) };
      set(bars[n], { ...place, class: fires ? "live-full" : "live-pale" });
      set(sums[n], { y: s < 0 ? y(s) + 14 : y(s) - 4, text: number(Math.round(s)) });
      set(answers[n], { class: fires ? "" : "muted", text: found.a[n] });
    });
    set(product, { y: y(0) + 4 });
    set(zero, { y1: y(0), y2: y(0) });
    set(threshold, { y1: y(-b), y2: y(-b) });

    const spoken = names.map((name, n) => `${name}: ${number(found.sums[n])}`).join("; ");
    set(chart, { "aria-label": `Weighted sums: ${spoken}` });
    const fires = names.filter((_, n) => found.a[n]).join(", ") || "none of them";
    set(result, { text: `Threshold ${number(-b)}. The neuron fires for ${fires}.` });
  });
}

export default { render };
