// The traits of a figure: to read, to change and to follow.

/** The numbers of a binary trait, which arrives as a DataView. */
export function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** Change a trait, in the page and in Python. */
export function change(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

/** Call draw now and whenever one of the traits changes; returns what ends that. */
export function follow(model, names, draw) {
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => names.forEach((name) => model.off(`change:${name}`, draw));
}
