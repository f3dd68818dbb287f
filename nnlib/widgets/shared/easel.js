// A grid of 28 × 28 pixels that the reader paints on, by pointer and by keyboard.

import { html, svg, update } from "./dom.js";
import { canvas } from "./drawing.js";
import { clamp, range } from "./numbers.js";

export const SIZE = 28;
export const AREA = SIZE * SIZE;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export const grey = (ink) => [255 * ink, 255 * ink, 255 * ink, 255];

/** One of several images in a row. */
export const imageAt = (images, n) => images.slice(n * AREA, (n + 1) * AREA);

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
  return range(AREA).map((j) =>
    svg("rect", { x: j % SIZE, y: Math.floor(j / SIZE), width: 1.02, height: 1.02 }),
  );
}

/** Where the brush or the pen is: [row, column], with fractions where a pointer is. */
function cursorOf(width) {
  const element = svg("rect", { width, height: width, class: "live-cursor" });
  let place;
  const pixel = () => place.map(Math.floor);
  const go = (to) => {
    place = to.map((x) => clamp(x, 0, SIZE - 0.01));
    const [row, column] = pixel();
    update(element, { x: column - (width - 1) / 2, y: row - (width - 1) / 2 });
  };
  go([SIZE / 2 - 0.5, SIZE / 2 - 0.5]);
  return { element, go, pixel, place: () => place };
}

/** Strokes of the pointer: paint(place, last) is called along each. */
function followPointer(grid, cursor, paint) {
  let stroke; // the last place of a stroke that has begun
  const touch = (event) => {
    const { left, top, width } = grid.getBoundingClientRect();
    cursor.go([event.clientY - top, event.clientX - left].map((x) => (SIZE * x) / width));
    if (!event.buttons) {
      stroke = undefined;
      return;
    }
    paint(cursor.place(), stroke ?? cursor.place());
    stroke = cursor.place();
  };
  grid.onpointerdown = (event) => {
    grid.setPointerCapture(event.pointerId);
    stroke = undefined;
    touch(event);
  };
  grid.onpointermove = touch;
}

/** Keys: arrows move, presses(event) says whether a key paints, and tell what there is to say. */
function followKeys(grid, cursor, { paint, presses, tell, said }) {
  const middle = (pixel) => pixel.map((x) => x + 0.5);
  grid.onkeydown = (event) => {
    const way = ARROWS[event.key];
    if (event.key !== " " && !way) return;
    event.preventDefault();
    const last = cursor.pixel();
    if (way) cursor.go(middle(last).map((x, axis) => x + way[axis]));
    if (presses(event)) paint(middle(cursor.pixel()), middle(last));
    const [row, column] = cursor.pixel();
    update(said, { text: `row ${row}, column ${column}, ${tell(row, column)}` });
  };
}

/** The grid with a cursor of some width, and what says where the cursor is. */
export function easel(pixels, words, width, { paint, presses, tell }) {
  const cursor = cursorOf(width);
  const said = html("output", { class: "unseen", "aria-live": "polite" });
  const grid = update(canvas(SIZE, SIZE, ...pixels, cursor.element), {
    class: "live-paint",
    role: "application",
    tabindex: 0,
    "data-lm-suppress-shortcuts": "true",
    "aria-label": words,
  });
  followPointer(grid, cursor, paint);
  followKeys(grid, cursor, { paint, presses, tell, said });
  return { grid, said };
}
