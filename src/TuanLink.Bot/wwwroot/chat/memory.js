/* What this device keeps: one conversation, its words, and what has not been delivered yet. */

const KEY = "tuanlink.chat";
const DRAFT = "tuanlink.chat.draft";
export const KEPT = 400; // messages

let closed = false;

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, b => b.toString(16).padStart(2, "0")).join("");
}

/* talk: {kind: mine|theirs|note, id, cid, at, text, files: [{type, url, name}], …}; outbox: {cid, at, text, files: [{type, name}], tries, state: sending|failed|refused, why}. */
function nothing() {
  return {
    user: "dl_" + randomId(), conversation: "", token: "", tokenFrom: 0, tokenEnds: 0, watermark: "",
    talk: [], outbox: [], covered: false,
  };
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept && typeof kept.user === "string" && Array.isArray(kept.talk) && Array.isArray(kept.outbox) ? kept : {};
  } catch { return {}; }
}

export const memory = Object.assign(nothing(), read());

export function keep() {
  if (closed) return;
  if (memory.talk.length > KEPT) memory.talk.splice(0, memory.talk.length - KEPT);
  // A full store must still hold the conversation and the unsent words; the talk can be fetched again from its beginning.
  for (const less of [{}, { talk: [], watermark: "" }]) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...memory, ...less }));
      return;
    } catch { /* full, or forbidden: then this page's own memory has to do */ }
  }
}

export function draft(text) {
  try {
    if (text === undefined) return localStorage.getItem(DRAFT) || "";
    if (text && !closed) localStorage.setItem(DRAFT, text);
    else localStorage.removeItem(DRAFT);
  } catch { /* forbidden */ }
  return text || "";
}

/* After this the page writes nothing any more: another window has the word, or there is nothing to keep. */
export function letGo() { closed = true; }

export function forget() {
  letGo();
  try {
    localStorage.removeItem(KEY);
    localStorage.removeItem(DRAFT);
  } catch { /* forbidden: nothing was kept */ }
}
