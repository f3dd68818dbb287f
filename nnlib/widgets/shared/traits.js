// The traits of a figure.

/** To read, change and follow the traits of a model, until the signal ends it. */
export function traitsOf(model, signal) {
  const get = (name) => model.get(name);
  const read = (...names) => Object.fromEntries(names.map((name) => [name, get(name)]));
  /** Change traits, in the page and in Python. */
  const change = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  /** Call draw now and whenever one of the traits changes. */
  const follow = (names, draw) => {
    for (const name of names) {
      model.on(`change:${name}`, draw);
      signal.addEventListener("abort", () => model.off(`change:${name}`, draw));
    }
    draw();
  };
  return { get, read, change, follow };
}

/** The numbers of a binary trait, which arrives as a DataView, and the way back. */
export function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
export function bytes(numbers) {
  return new DataView(Float32Array.from(numbers).buffer);
}

/** The numbers of a trait that travels as float16. */
export function halves(view) {
  return Float32Array.from({ length: view.byteLength / 2 }, (_, k) => {
    const bits = view.getUint16(2 * k, true);
    const [exponent, fraction] = [(bits >> 10) & 31, (bits & 1023) / 1024];
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
    return bits >> 15 ? -size : size;
  });
}

/** Numbers from 0 to 15, two of which travel in a byte. */
export function nibbles(view) {
  const half = (k) => (view.getUint8(k >> 1) >> (4 * (k % 2))) & 15;
  return Uint8Array.from({ length: 2 * view.byteLength }, (_, k) => half(k));
}
