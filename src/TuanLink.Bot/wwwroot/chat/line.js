/* The line to the service: Direct Line 3.0 by WebSocket, and by polling where none stays open. What is heard goes to memory first, then to the page. */

import { memory, keep, randomId, KEPT } from "./memory.js";
import * as files from "./files.js";

const ROOT = "/v3/directline/";
const PATIENCE = 20000; // ms for one request
const PATIENCE_WITH_FILES = 300000; // ten megabytes through a village's mast
const LONGEST_WAIT = 15000; // ms between two tries
const REFUSED_FOR_GOOD = [400, 413, 415, 422];
const NOT_OURS_ANY_MORE = [401, 403, 404, 410];

/* Whoever asks while it is being done gets the same. */
function once(work) {
  let doing = null;
  return how => doing ??= work(how).finally(() => { doing = null; });
}

let ears;
let lively = Date.now(), failures = 0, timer, ended = false;

class Refusal extends Error {
  constructor(answer, why) {
    super("HTTP " + answer.status);
    this.status = answer.status;
    this.wait = (Number(answer.headers.get("Retry-After")) || 0) * 1000;
    this.why = why;
  }
}

async function ask(method, path, body, token) {
  const stop = new AbortController();
  const carries = body instanceof FormData;
  const bell = setTimeout(() => stop.abort(), carries ? PATIENCE_WITH_FILES : PATIENCE);
  const headers = {};
  if (token) headers.Authorization = "Bearer " + token;
  if (body && !carries) headers["Content-Type"] = "application/json";
  try {
    // keepalive: words already on their way arrive even when the page is left; browsers allow it 64 KB.
    const answer = await fetch(ROOT + path, {
      method, headers, body: carries ? body : body && JSON.stringify(body), cache: "no-store", keepalive: method === "POST" && !carries, signal: stop.signal,
    });
    const said = await answer.json().catch(() => ({}));
    // Why files are refused, the service tells for people to read.
    if (!answer.ok) throw new Refusal(answer, carries && said.error && said.error.message);
    return said;
  } finally { clearTimeout(bell); }
}

const here = () => "conversations/" + encodeURIComponent(memory.conversation);

function take(ticket) {
  memory.token = ticket.token;
  memory.tokenFrom = Date.now();
  memory.tokenEnds = memory.tokenFrom + (ticket.expires_in || 1800) * 1000;
  keep();
}

/* A new token for the same conversation, or else a new conversation, and the page says so. */
async function rejoin(anew) {
  if (memory.conversation && memory.token && !anew) {
    try { return take(await ask("POST", "tokens/refresh", undefined, memory.token)); }
    catch (e) { if (!NOT_OURS_ANY_MORE.includes(e.status)) throw e; }
  }
  const user = { id: memory.user };
  const ticket = await ask("POST", "tokens/generate", { user });
  const opened = await ask("POST", "conversations", { user, locale: "zh-CN", from: from || undefined }, ticket.token);
  if (from) introduced();
  if (opened.conversationId !== memory.conversation) {
    if (memory.conversation && memory.talk.length) note("之前的对话已经过期，现在是一段新的。上面的记录还在；在等回复的话，把编号告诉我们。");
    drop();
    memory.conversation = opened.conversationId;
    memory.watermark = "";
  }
  take(opened);
}

/* Whose poster brought this person here: told to the service once, then gone from the address. */
const query = new URLSearchParams(location.search);
let from = query.get("from");

function introduced() {
  from = null;
  // The name of a site whose frame this is stays.
  query.delete("from");
  history.replaceState(null, "", "?" + query);
}

const join = once(rejoin);

async function speak(method, path, body) {
  if (!memory.token || !memory.conversation) await join(false);
  for (let attempt = 0; ; attempt++) {
    const used = memory.token;
    try { return await ask(method, here() + path(), body, used); }
    catch (e) {
      if (!NOT_OURS_ANY_MORE.includes(e.status) || attempt === 3) throw e;
      if (memory.token === used) await join(attempt > 0);
    }
  }
}

/* ---- hearing ---- */

function note(text) {
  const item = { kind: "note", at: Date.now(), text };
  memory.talk.push(item);
  ears.talk(item);
}

function deliver(item, id, at, arrived) {
  memory.outbox = memory.outbox.filter(waiting => waiting !== item);
  files.drop(item.cid);
  const said = { kind: "mine", cid: item.cid, id, at, text: item.text };
  if (arrived) said.files = arrived;
  memory.talk.push(said);
  ears.talk(said);
  ears.outbox();
}

function hearOwn(activity, cid, at, carried) {
  const waiting = memory.outbox.find(item => item.cid === cid);
  if (waiting) return deliver(waiting, activity.id, at, carried);
  const known = cid && memory.talk.find(item => item.cid === cid);
  if (known) {
    known.id = activity.id;
    known.at = at;
  } else if (activity.text || carried) {
    const said = { kind: "mine", cid, id: activity.id, at, text: String(activity.text || "") };
    if (carried) said.files = carried;
    memory.talk.push(said);
    ears.talk(said);
  }
}

/* What an activity carries. Our own files are asked for where the page came from. */
function filesOf(activity) {
  const carried = [];
  for (const file of Array.isArray(activity.attachments) ? activity.attachments : []) {
    try {
      const { protocol, pathname, search, href } = new URL(file.contentUrl, location.href);
      const url = pathname.startsWith(ROOT) ? location.origin + pathname + search : href;
      if (/^https?:$/.test(protocol)) carried.push({ type: String(file.contentType), url, name: String(file.name || "文件") });
    } catch { /* a card, or nonsense */ }
  }
  return carried.length ? carried : undefined;
}

/* The addresses of files open for a while only: told again from the beginning, they are fresh. */
let retold = 0;
export function retell() {
  if (Date.now() - retold < 60000) return;
  retold = Date.now();
  memory.watermark = "";
  wake();
}

function hear(activity) {
  const { from = {}, channelData: data = {} } = activity;
  if (activity.type !== "message") return;
  const at = Date.parse(activity.timestamp) || Date.now();
  const carried = filesOf(activity);
  const known = activity.id && memory.talk.find(item => item.id === activity.id);
  if (known && carried) ears.files(Object.assign(known, { files: carried }));
  if (known || memory.talk.length >= KEPT && at < memory.talk[0].at) return;
  if (from.id === memory.user || from.role === "user") return hearOwn(activity, data.clientActivityID, at, carried);
  const { speaker = "bot", name, reference, tone, ask: asks } = data.tuanlink || {};
  const item = { kind: "theirs", id: activity.id, at, text: String(activity.text || ""), speaker, name: String(name || from.name || ""), reference, tone, ask: asks };
  const offered = activity.suggestedActions && activity.suggestedActions.actions;
  if (Array.isArray(offered) && offered.length) item.actions = offered.map(({ title, value }) => String(value || title || ""));
  if (carried) item.files = carried;
  if (!item.text && !item.actions && !item.ask && !carried) return;
  memory.talk.push(item);
  lively = Date.now();
  ears.talk(item);
}

const listen = once(async () => {
  const news = await speak("GET", () => "/activities?watermark=" + memory.watermark);
  return ended ? 0 : takeNews(news);
});

/* A poll and the socket may bring the same: each activity is heard once, and the mark never goes back. */
function takeNews(news) {
  const activities = Array.isArray(news.activities) ? news.activities : [];
  activities.forEach(hear);
  const fresh = Number(news.watermark) > Number(memory.watermark);
  if (fresh) memory.watermark = String(news.watermark);
  if (activities.length) keep();
  return fresh ? activities.length : 0;
}

/* ---- the socket: what is said is here at once, and a quiet line costs nothing ---- */

let socket = null;
let shortLived = 0; // sockets in a row that did not last
let socketsFrom = 0; // not before this moment, where a proxy on the way lets none through

const live = () => socket !== null && socket.readyState === 1;

function drop() {
  const old = socket;
  socket = null; // so that its end is none of our business
  if (old) old.close();
}

function tune() {
  if (socket || ended || !window.WebSocket || Date.now() < socketsFrom) return;
  let mine;
  try { mine = socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${ROOT}${here()}/stream?watermark=${memory.watermark}&t=${memory.token}`); }
  catch {
    socketsFrom = Infinity;
    return;
  }
  let opened = Infinity;
  mine.onopen = () => { opened = Date.now(); };
  mine.onmessage = frame => {
    if (ended || socket !== mine || !frame.data) return;
    try { takeNews(JSON.parse(frame.data)); }
    catch { drop(); }
  };
  mine.onclose = () => {
    if (socket !== mine) return;
    socket = null;
    shortLived = Date.now() - opened > 20000 ? 0 : shortLived + 1;
    if (shortLived) socketsFrom = Date.now() + (shortLived > 3 ? 300000 : 1000 * 2 ** shortLived);
    wake();
  };
}

/* ---- saying ---- */

let again;

/* Words go out one after another in the order they were written. */
const flush = once(async () => {
  clearTimeout(again);
  let next;
  while (!ended && (next = memory.outbox.find(item => item.state !== "refused"))) {
    const wait = await post(next);
    ears.outbox();
    if (wait) {
      again = setTimeout(flush, wait);
      break;
    }
  }
});

/* Returns the milliseconds to wait before trying again, 0 when this one is settled. */
async function post(item) {
  try {
    // An earlier try may have arrived without our hearing of it: its echo then settles it, and it is not said twice.
    if (item.tries > 0) for (let page = 0; page < 50 && await listen(); page++);
    if (!memory.outbox.includes(item)) return 0;
    const activity = {
      type: "message", from: { id: memory.user }, locale: "zh-CN", textFormat: "plain", text: item.text,
      channelData: { clientActivityID: item.cid },
    };
    const body = item.files ? await parcel(activity, item.cid) : activity;
    if (!body) throw Object.assign(new Error("files gone"), { status: 400, why: "文件没有留住，请重新选一次" });
    item.tries++;
    keep();
    const { id } = await speak("POST", () => item.files ? "/upload?userId=" + encodeURIComponent(memory.user) : "/activities", body);
    if (!id) throw new Error("not accepted");
    // Where the files can be seen, only the echo tells.
    if (item.files) await listen();
    if (memory.outbox.includes(item)) deliver(item, id, Date.now());
    keep();
    if (!live()) wake();
    return 0;
  } catch (e) {
    item.failed = (item.failed || 0) + 1;
    // Files that the service cannot take must not keep the words behind them waiting.
    const forGood = REFUSED_FOR_GOOD.includes(e.status) || item.files && e.status && item.failed > 2;
    if (forGood) Object.assign(item, { state: "refused", why: e.why });
    else if (item.failed > 1 || navigator.onLine === false) {
      // What was written after it waits behind it, and says so too.
      for (const waiting of memory.outbox) if (waiting.state === "sending") waiting.state = "failed";
    }
    keep();
    return forGood ? 0 : Math.max(e.wait || 0, Math.min(LONGEST_WAIT, 500 * 2 ** item.failed));
  }
}

async function parcel(activity, cid) {
  const carried = await files.find(cid);
  if (!carried) return undefined;
  const form = new FormData();
  form.append("activity", new Blob([JSON.stringify(activity)], { type: "application/vnd.microsoft.activity" }));
  for (const file of carried) form.append("file", file, file.name);
  return form;
}

export function say(text, carried = []) {
  const item = { cid: randomId(), at: Date.now(), text, tries: 0, state: "sending" };
  if (carried.length) {
    item.files = carried.map(({ type, name }) => ({ type, name }));
    files.hold(item.cid, carried);
  }
  memory.outbox.push(item);
  keep();
  ears.outbox();
  stir();
  flush();
}

export function retry() {
  for (const item of memory.outbox) Object.assign(item, { state: "sending", failed: 0 });
  ears.outbox();
  flush();
  wake();
}

export function unsay(cid) {
  memory.outbox = memory.outbox.filter(item => item.cid !== cid);
  files.drop(cid);
  keep();
  ears.outbox();
}

/* ---- the rhythm of listening ---- */

function pause() {
  if (failures) return Math.min(LONGEST_WAIT, 1000 * 2 ** (failures - 1));
  if (live()) return 20000; // only to be sure
  if (document.hidden) return 15000;
  const quiet = Date.now() - lively;
  return quiet < 60000 ? 1000 : quiet < 300000 ? 5000 : 10000;
}

async function round() {
  let wait = 0;
  try {
    if (memory.token && Date.now() > (memory.tokenFrom + memory.tokenEnds) / 2) await join(false).catch(e => {
      if (Date.now() > memory.tokenEnds) throw e;
      memory.tokenFrom = Date.now(); // it still works: try again half-way to its end
    });
    if (from && memory.conversation && memory.token) {
      await ask("POST", "conversations", { user: { id: memory.user }, locale: "zh-CN", from }, memory.token);
      introduced();
    }
    const heard = await listen();
    ears.wire("fine");
    if (failures) flush();
    failures = 0;
    if (heard && live()) drop(); // it should have told this: it is dead and does not know it
    if (!heard) tune();
    wait = heard ? 200 : pause();
  } catch (e) {
    drop();
    failures++;
    if (failures > 1 || navigator.onLine === false) ears.wire(navigator.onLine === false ? "offline" : "trouble");
    wait = Math.max(e.wait || 0, pause());
  }
  clearTimeout(timer);
  if (!ended) timer = setTimeout(wake, wait);
}

const turn = once(round);
function wake() {
  clearTimeout(timer);
  if (!ended) turn();
}

/* The person is here: listen at the quick pace. */
export function stir() {
  const slept = !failures && !live() && pause() > 1000;
  lively = Date.now();
  if (slept) wake();
}

export function open(listeners) {
  ears = listeners;
  addEventListener("online", () => { failures = 0; wake(); flush(); });
  addEventListener("offline", () => ears.wire("offline"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { lively = Date.now(); wake(); flush(); } });
  wake();
  flush();
}

export function hangUp() {
  ended = true;
  drop();
  clearTimeout(timer);
  clearTimeout(again);
}
