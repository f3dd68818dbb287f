// The memory of a fresh interpreter, which the browser keeps for the next page: an interpreter that
// begins with it starts in a fraction of the time. Without storage every page starts from nothing.

const NAME = "nnlib";
const LATEST = "latest";

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store(mode) {
  const opening = indexedDB.open(NAME);
  opening.onupgradeneeded = () => opening.result.createObjectStore(NAME);
  const database = await settled(opening);
  return database.transaction(NAME, mode).objectStore(NAME);
}

/** The snapshot that was kept, if it is of this version. */
export async function keptSnapshot(version) {
  try {
    const kept = await settled((await store("readonly")).get(LATEST));
    return kept?.version === version ? kept.snapshot : null;
  } catch {
    return null;
  }
}

/** Keep the snapshot in the place of the one before, or forget that one. */
export async function keepSnapshot(version, snapshot) {
  try {
    await settled((await store("readwrite")).put({ version, snapshot }, LATEST));
  } catch {
    // The browser has no room, or allows none.
  }
}
