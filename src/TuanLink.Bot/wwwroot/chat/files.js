/* Files on their way: too large for localStorage, they wait in IndexedDB until they have arrived, so that closing the page loses none. */

const NAME = "tuanlink.chat";

const held = new Map(); // cid → its files, as far as this page has seen them
const shown = new Map(); // file → the address under which this page shows it

let opening;
function base() {
  opening ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("files");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opening;
}

/* Where the browser keeps nothing, this page's own memory has to do. */
async function store(mode, act) {
  try {
    const files = (await base()).transaction("files", mode).objectStore("files");
    return await new Promise((done, fail) => {
      const asked = act(files);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  } catch { return undefined; }
}

export async function hold(cid, files) {
  held.set(cid, files);
  await store("readwrite", kept => kept.put(files, cid));
}

/* The files of a message; none if they are gone. */
export async function find(cid) {
  if (!held.has(cid)) {
    const kept = await store("readonly", files => files.get(cid));
    if (kept) held.set(cid, kept);
  }
  return held.get(cid);
}

export const seen = cid => held.get(cid) || [];

export function addressOf(file) {
  if (!shown.has(file)) shown.set(file, URL.createObjectURL(file));
  return shown.get(file);
}

export function hide(file) {
  URL.revokeObjectURL(shown.get(file));
  shown.delete(file);
}

export async function drop(cid) {
  seen(cid).forEach(hide);
  held.delete(cid);
  await store("readwrite", files => files.delete(cid));
}

export const dropAll = () => store("readwrite", files => files.clear());
