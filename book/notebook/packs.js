// The packs in which Python comes: scripts that the page adds, because a page opened from a file
// may fetch nothing. A pack is one call, pythonPack(name, { file: base64 of gzip }).

const arrived = {};

globalThis.pythonPack = (name, files) => {
  arrived[name] = files;
};

function addScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = resolve;
    script.onerror = reject;
    script.src = address;
    document.head.append(script);
  });
}

function decoded(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

async function unpacked(base64) {
  const stream = new Blob([decoded(base64)]).stream();
  const open = stream.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(open).arrayBuffer());
}

/** The files of a pack: { name: bytes }. */
export async function loadPack(folder, name) {
  const address = `${folder}${name}.js`;
  try {
    await addScript(address);
    const files = Object.entries(arrived[name]);
    delete arrived[name];
    return Object.fromEntries(
      await Promise.all(files.map(async ([file, text]) => [file, await unpacked(text)])),
    );
  } catch {
    throw new Error(
      `A part of Python, ${name}.js, could not be read: it is missing or damaged. ` +
        "Reload the page, or ask whoever put the book there for a complete copy.",
    );
  }
}
