/* The chat page: hands the person's words to the line, and shows what comes back. */

import { memory, keep, draft, forget, letGo } from "./memory.js";
import { find, dropAll } from "./files.js";
import * as wire from "./line.js";
import { line, unsentLine, attachments, button } from "./view.js";
import { tray } from "./tray.js";
import { canRecord, record, end } from "./voice.js";

const LIMIT = 4000; // characters a message may have
const OUTCOMES = ["解决了", "部分解决", "没有解决"];
const WIRE = {
  fine: "",
  offline: "网络断开了。写好的话会留着，连上就发出去。",
  trouble: "暂时连不上，正在重试。写好的话会留着。",
};

const $ = id => document.getElementById(id);
const byKeys = matchMedia("(pointer: fine)");
const scroll = $("scroll"), log = $("log"), unsent = $("unsent"), words = $("words"), choices = $("choices");

/* ---- the talk ---- */

const lines = new Map(); // what was said → its line
let last = null;
let reference = "";
let atEnd = true;

const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; };

scroll.addEventListener("scroll", () => {
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  if (atEnd) $("below").hidden = true;
}, { passive: true });
// Neither the keyboard nor a picture that comes later must cover the last words.
if (window.ResizeObserver) {
  const watch = new ResizeObserver(() => { if (atEnd) toEnd(); });
  watch.observe(scroll);
  watch.observe(scroll.firstElementChild);
}

function rate(n) {
  keep();
  wire.say(n + "星");
}

function show(item) {
  const part = line(item, last, reference, rate, wire.retell);
  const el = part.lastElementChild;
  lines.set(item, el);
  log.append(part);
  last = item;
  reference = item.reference || reference;
  return el;
}

/* Their addresses are new, or known only now. */
function showFiles(item) {
  const el = lines.get(item), shown = el && el.querySelector(".files"), files = el && attachments(item.files, wire.retell);
  if (shown) shown.replaceWith(files);
  else if (el) el.querySelector(".state").before(files);
}

function hear(item) {
  const stay = atEnd || item.kind === "mine";
  const el = show(item);
  showChoices();
  if (!stay) $("below").hidden = false;
  else if (item.kind === "theirs" && el.offsetHeight > scroll.clientHeight - 40) scroll.scrollTop = el.offsetTop - 12;
  else toEnd();
}

function showUnsent() {
  if (unsent.querySelector(":focus-visible")) words.focus();
  unsent.textContent = "";
  for (const item of memory.outbox) unsent.append(unsentLine(item, wire.retry, () => wire.unsay(item.cid)));
  showChoices();
}

/* What the last speaker offers to say with one tap: gone once used, or once something else was said. */
function showChoices() {
  const asker = memory.talk.filter(item => item.actions || item.ask === "outcome").pop();
  const answered = !asker || asker.ask === "stars" || asker.used || !asker.ask && (memory.outbox.length || memory.talk.indexOf(asker) < memory.talk.map(i => i.kind).lastIndexOf("mine"));
  const focused = choices.contains(document.activeElement);
  choices.textContent = "";
  choices.hidden = true;
  if (!answered) {
    choices.classList.toggle("outcome", asker.ask === "outcome");
    for (const answer of asker.actions || OUTCOMES)
      choices.append(button("choice", answer, event => {
        asker.used = true;
        utter(answer);
        if (event.detail === 0) words.focus(); // pressed by keyboard
      }));
    choices.hidden = false;
  }
  if (focused && choices.hidden) words.focus();
}

/* ---- writing ---- */

function utter(text, files) {
  atEnd = true;
  wire.say(text, files);
  toEnd();
}

function fit() {
  words.style.height = "auto";
  words.style.height = Math.min(words.scrollHeight, 150) + "px";
  const left = LIMIT - words.value.length;
  const count = $("count");
  count.textContent = left > 400 ? "" : left < 0 ? `超出 ${-left} 字` : `还可以写 ${left} 字`;
  count.classList.toggle("over", left < 0);
  $("send").disabled = !words.value.trim() && !carried.count() || left < 0;
}

function send() {
  fit();
  if ($("send").disabled) return;
  const text = words.value.trim();
  words.value = draft("");
  utter(text, carried.empty());
  tell("");
}

/* ---- files and voice notes ---- */

function tell(sentence) { $("tell").textContent = sentence; }

const carried = tray($("tray"), tell, fit);

$("pick").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async () => {
  const chosen = [...$("file").files];
  $("file").value = "";
  await carried.add(chosen);
  $("send").focus();
});
words.addEventListener("paste", event => {
  const { files } = event.clipboardData;
  if (!files.length) return;
  event.preventDefault();
  carried.add(files);
});

function recording(on) {
  for (const id of ["pick", "words", "voice", "send"]) $(id).hidden = on || id === "voice" && !canRecord;
  $("rec").hidden = !on;
  if (on) $("done").focus();
}

$("voice").addEventListener("click", async () => {
  tell("");
  $("voice").disabled = true;
  const note = await record(passed => {
    if ($("rec").hidden) recording(true);
    $("length").textContent = passed;
  }, tell);
  $("voice").disabled = false;
  recording(false);
  if (note) await carried.add([note]);
  $(note ? "send" : "voice").focus();
});
$("done").addEventListener("click", () => end(true));
$("drop").addEventListener("click", () => end(false));

words.addEventListener("input", () => {
  fit();
  draft(words.value);
  wire.stir();
});
words.addEventListener("keydown", event => {
  // 229: some input methods end composing before this key is told.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  if (!byKeys.matches && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  send();
});
$("write").addEventListener("submit", event => {
  event.preventDefault();
  send();
});
// Tapping 发送 must not fold the keyboard away.
$("send").addEventListener("mousedown", event => event.preventDefault());
$("below").addEventListener("click", () => { atEnd = true; toEnd(); });

/* ---- what needs a second tap ---- */

function sure(button, act) {
  const label = button.textContent;
  let armed = 0;
  const disarm = () => {
    clearTimeout(armed);
    armed = 0;
    button.textContent = label;
    button.classList.remove("armed");
  };
  button.addEventListener("blur", disarm);
  button.addEventListener("click", () => {
    if (armed || !button.dataset.sure) {
      disarm();
      return act();
    }
    button.textContent = button.dataset.sure;
    button.classList.add("armed");
    armed = setTimeout(disarm, 5000);
  });
}

async function clearAll() {
  wire.hangUp();
  forget();
  await dropAll();
  location.reload();
}

$("quick").querySelectorAll("button").forEach(button => sure(button, () => utter(button.dataset.say)));
sure($("clear"), clearAll);
sure($("restart"), clearAll);
sure($("erase"), () => {
  menu(false);
  utter("删除我的数据");
});

/* ---- menu and leaving ---- */

function menu(open) {
  $("panel").hidden = !open;
  $("more").setAttribute("aria-expanded", String(open));
}
$("more").addEventListener("click", () => menu($("panel").hidden));
document.addEventListener("pointerdown", event => {
  if (!$("panel").hidden && !event.target.closest("#panel, #more")) menu(false);
});

/* In a frame of another site (embed.js) the page asks its host to be folded away. */
const framed = parent !== window;
const tellHost = what => { if (framed) parent.postMessage("tuanlink:" + what, "*"); };
$("fold").addEventListener("click", () => tellHost("fold"));

/* The page empties, leaves the history, and next time shows a cover first. */
function leave() {
  wire.hangUp();
  end(false);
  memory.covered = true;
  keep();
  document.body.textContent = "";
  document.title = "\u200b";
  tellHost("leave");
  try { window.WeixinJSBridge.call("closeWindow"); } catch { /* not inside WeChat */ }
  /* Not before its host has heard it. */
  setTimeout(() => location.replace("about:blank"), framed ? 500 : 0);
}
$("leave").addEventListener("click", leave);

let escapes = [];
document.addEventListener("keydown", event => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (!$("panel").hidden) {
    menu(false);
    $("more").focus();
  } else if (!$("rec").hidden) end(false);
  else tellHost("fold");
  escapes = escapes.concat(event.timeStamp).filter(t => event.timeStamp - t < 2000);
  if (escapes.length > 2) leave();
});
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

/* ---- the room the keyboard leaves ---- */

const seen = window.visualViewport;
function room() {
  if (seen.scale > 1.05) return;
  document.documentElement.style.setProperty("--room", seen.height + "px");
  if (document.activeElement === words) scrollTo(0, 0);
}
if (seen) {
  seen.addEventListener("resize", room);
  room();
}

/* ---- beginning ---- */

function cover(why) {
  if (why) $("closed").textContent = why;
  $("cover").hidden = false;
  document.body.classList.add("covered");
}

function begin() {
  memory.covered = false;
  for (const id of ["foot", "leave", "more"]) $(id).hidden = false;
  $("fold").hidden = !framed;
  recording(false);
  memory.talk.forEach(show);
  showUnsent();
  Promise.all(memory.outbox.filter(item => item.files).map(item => find(item.cid))).then(showUnsent);
  words.value = draft();
  fit();
  toEnd();
  const write = () => { if (byKeys.matches && document.activeElement === document.body) words.focus(); };
  addEventListener("focus", write); // a frame gets it later
  write();
  if (memory.talk.some(item => item.files)) memory.watermark = ""; // fresh addresses
  let greeted = memory.talk.length > 0;
  $("opening").hidden = greeted;
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  wire.open({
    talk: hear,
    files: showFiles,
    outbox: showUnsent,
    wire: state => {
      if (state === "fine" && !greeted) $("opening").hidden = greeted = true;
      if ($("wire").textContent !== WIRE[state]) $("wire").textContent = WIRE[state];
    },
  });
}

/* One window at a time talks, or a message could be sent twice. */
if (navigator.locks) navigator.locks.request("tuanlink.chat", { steal: true }, () => new Promise(() => {})).catch(() => {
  wire.hangUp();
  letGo();
  cover("对话已在另一个窗口打开");
});
$("resume").addEventListener("click", () => {
  memory.covered = false;
  keep();
  location.reload();
});

if (memory.covered && memory.talk.length + memory.outbox.length + draft().length) cover();
else begin();
tellHost("ready");
