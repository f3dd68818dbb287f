// A grid of 28 × 28 pixels that the reader paints on, by pointer and by keyboard.

import { html, set, svg } from "./dom.js";
import { canvas } from "./drawing.js";
import { clamp, range } from "./numbers.js";

export const SIZE = 28;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export const grey = (ink) => [255 * ink, 255 * ink, 255 * ink, 255];

/** An image as a picture, with a colour for each ink between 0 and 1. */
export function picture(image, colour, area = html("canvas", { width: SIZE, height: SIZE })) {
  const context = area.getContext("2d");
  const data = context.createImageData(SIZE, SIZE);
  image.forEach((ink, j) => data.data.set(colour(ink), 4 * j));
  context.putImageData(data, 0, 0);
  return area;
}

/** The squares of a grid, to be filled. */
export function squares() {
  return range(SIZE * SIZE).map((j) => {
    return svg("rect", { x: j % SIZE, y: Math.floor(j / SIZE), width: 1.02, height: 1.02 });
  });
}

/**
 * The grid, and what says where its cursor is. A place is [row, column], with fractions where a
 * pointer is; paint(place, last) is called along a stroke, presses(event) says whether a key
 * paints, and tell(row, column) what there is to say of a pixel.
 */
export function easel(pixels, label, width, { paint, presses, tell }) {
  const cursor = svg("rect", { width, height: width, class: "live-cursor" });
  const said = html("output", { class: "unseen", "aria-live": "polite" });
  const grid = set(canvas(SIZE, SIZE, ...pixels, cursor), {
    class: "live-paint",
    role: "application",
    tabindex: 0,
    "data-lm-suppress-shortcuts": "true",
    "aria-label": label,
  });
  let place = [SIZE / 2 - 0.5, SIZE / 2 - 0.5];
  let stroke; // the last place of a stroke that has begun
  const pixel = () => place.map(Math.floor);
  const go = (to) => {
    place = to.map((x) => clamp(x, 0, SIZE - 0.01));
    const [row, column] = pixel();
    set(cursor, { x: column - (width - 1) / 2, y: row - (width - 1) / 2 });
  };
  const touch = (event) => {
    const { left, top, width: wide } = grid.getBoundingClientRect();
    go([event.clientY - top, event.clientX - left].map((x) => (SIZE * x) / wide));
    if (!event.buttons) return (stroke = undefined);
    paint(place, stroke ?? place);
    stroke = place;
  };
  grid.onpointerdown = (event) => {
    grid.setPointerCapture(event.pointerId);
    stroke = undefined;
    touch(event);
  };
  grid.onpointermove = touch;
  grid.onkeydown = (event) => {
    const way = ARROWS[event.key];
    if (event.key !== " " && !way) return;
    event.preventDefault();
    const last = pixel();
    if (way) go(pixel().map((x, axis) => x + way[axis] + 0.5));
    if (presses(event))
      paint(
        pixel().map((x) => x + 0.5),
        last.map((x) => x + 0.5),
      );
    const [row, column] = pixel();
    set(said, { text: `row ${row}, column ${column}, ${tell(row, column)}` });
  };
  go(place);
  return [grid, said];
}
