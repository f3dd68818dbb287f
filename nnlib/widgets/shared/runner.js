// A run of steps that the reader starts and stops.

import { button } from "./controls.js";
import { update } from "./dom.js";

/**
 * A run and its button. step(seen) makes the next step and says whether there are more; between two
 * of them is a pause in milliseconds, or a frame. Where motion is unwelcome, as many steps as said
 * by atOnce are made unseen. settle() follows when the run is over.
 */
export function runner({ step, settle, pause, atOnce, signal }) {
  const quiet = matchMedia("(prefers-reduced-motion: reduce)");
  let current; // what is left of the run that goes on, if there is one

  const stop = () => {
    current = undefined;
    update(element, { text: "Run" });
  };
  const end = () => {
    stop();
    settle();
  };
  const advance = (run) => {
    if (run !== current) return;
    const more = step(!quiet.matches);
    run.left -= 1;
    if (run !== current) return;
    if (!more || (quiet.matches && run.left <= 0)) end();
    else if (pause && !quiet.matches) setTimeout(advance, pause, run);
    else requestAnimationFrame(() => advance(run));
  };
  const start = () => {
    current = { left: atOnce };
    update(element, { text: "Stop" });
    advance(current);
  };
  const element = button("Run", () => (current ? end() : start()));
  signal.addEventListener("abort", stop);
  return { element, stop, running: () => Boolean(current) };
}
