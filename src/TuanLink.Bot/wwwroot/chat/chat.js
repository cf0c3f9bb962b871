/* The chat page: hands the person's words to the line, and shows what comes back. */

import { memory, keep, draft, forget, letGo } from "./memory.js";
import * as wire from "./line.js";
import { line, unsentLine, choiceButton } from "./view.js";

const LIMIT = 4000; // characters a message may have
const COUNT_FROM = 3600;
const OUTCOMES = ["解决了", "部分解决", "没有解决"];
const WIRE = {
  fine: "",
  offline: "网络断开了。写好的话会留着，连上就发出去。",
  trouble: "暂时连不上，正在重试。写好的话会留着。",
};

const $ = id => document.getElementById(id);
const scroll = $("scroll"), log = $("log"), unsent = $("unsent"), words = $("words"), choices = $("choices");

/* ---- the talk ---- */

let last = null;
let reference = "";
let atEnd = true;

const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; };

scroll.addEventListener("scroll", () => {
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  if (atEnd) $("below").hidden = true;
}, { passive: true });
// The keyboard opening or the composer growing must not cover the last words.
if (window.ResizeObserver) new ResizeObserver(() => { if (atEnd) toEnd(); }).observe(scroll);

function rate(n) {
  keep();
  wire.say(n + "星");
}

function show(item, fresh) {
  const part = line(item, last, reference, rate);
  const el = part.lastElementChild;
  if (fresh && item.kind !== "mine") el.classList.add("fresh");
  log.append(part);
  last = item;
  reference = item.reference || reference;
  return el;
}

function hear(item) {
  if (item.kind === "theirs") quiet();
  const stay = atEnd || item.kind === "mine";
  const el = show(item, true);
  showChoices();
  if (!stay) $("below").hidden = false;
  else if (item.kind === "theirs" && el.offsetHeight > scroll.clientHeight - 40) scroll.scrollTop = el.offsetTop - 12;
  else toEnd();
}

function showUnsent() {
  unsent.textContent = "";
  for (const item of memory.outbox) unsent.append(unsentLine(item, wire.retry, () => wire.unsay(item.cid)));
  showChoices();
}

let hush;
function quiet() {
  clearTimeout(hush);
  $("typing").hidden = true;
}
function typing() {
  clearTimeout(hush);
  $("typing").hidden = false;
  if (atEnd) toEnd();
  hush = setTimeout(quiet, 5000);
}

/* What the last speaker offers to say with one tap: gone once used, or once something else was said. */
function showChoices() {
  const asker = memory.talk.filter(item => item.actions || item.ask === "outcome").pop();
  const answered = !asker || asker.used || !asker.ask && (memory.outbox.length || memory.talk.indexOf(asker) < memory.talk.map(i => i.kind).lastIndexOf("mine"));
  const focused = choices.contains(document.activeElement);
  choices.textContent = "";
  choices.hidden = true;
  if (!answered && asker.ask !== "stars") {
    choices.classList.toggle("outcome", asker.ask === "outcome");
    for (const action of asker.actions || OUTCOMES.map(word => ({ title: word, value: word }))) {
      const el = choiceButton(action, event => {
        asker.used = true;
        const byKeyboard = event.detail === 0;
        utter(action.value);
        if (byKeyboard) words.focus();
      });
      if (el) choices.append(el);
    }
    choices.hidden = !choices.childElementCount;
  }
  if (focused && choices.hidden) words.focus();
}

/* ---- writing ---- */

function utter(text) {
  atEnd = true;
  wire.say(text);
  toEnd();
}

function fit() {
  words.style.height = "auto";
  words.style.height = Math.min(words.scrollHeight, 150) + "px";
  const left = LIMIT - words.value.length;
  const count = $("count");
  count.textContent = words.value.length < COUNT_FROM ? "" : left < 0 ? `超出 ${-left} 字` : `还可以写 ${left} 字`;
  count.classList.toggle("over", left < 0);
  $("send").disabled = !words.value.trim() || left < 0;
}

function send() {
  fit();
  if ($("send").disabled) return;
  const text = words.value.trim();
  words.value = draft("");
  fit();
  utter(text);
}

words.addEventListener("input", () => {
  fit();
  draft(words.value);
  wire.stir();
});
words.addEventListener("keydown", event => {
  // 229: some input methods end composing before this key is told.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  if (!matchMedia("(pointer: fine)").matches && !event.ctrlKey && !event.metaKey) return;
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
    const go = armed || !button.dataset.sure;
    if (go) {
      disarm();
      return act();
    }
    button.textContent = button.dataset.sure;
    button.classList.add("armed");
    armed = setTimeout(disarm, 5000);
  });
}

function clearAll() {
  wire.hangUp();
  forget();
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

/* Nothing stays to be seen: the page empties, leaves the history, and next time shows a cover first. */
function leave() {
  wire.hangUp();
  memory.covered = true;
  keep();
  document.body.textContent = "";
  document.title = "\u200b";
  try { window.WeixinJSBridge.call("closeWindow"); } catch { /* not inside WeChat */ }
  location.replace("about:blank");
}
$("leave").addEventListener("click", leave);

let escapes = [];
document.addEventListener("keydown", event => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (!$("panel").hidden) {
    menu(false);
    $("more").focus();
  }
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

function cover(id) {
  for (const sheet of document.querySelectorAll(".cover")) sheet.hidden = sheet.id !== id;
  document.body.classList.toggle("covered", id !== "");
}

function begin() {
  cover("");
  memory.covered = false;
  keep();
  for (const id of ["foot", "leave", "more"]) $(id).hidden = false;
  memory.talk.forEach(item => show(item, false));
  showUnsent();
  words.value = draft();
  fit();
  toEnd();
  if (matchMedia("(pointer: fine)").matches) words.focus();
  let greeted = memory.talk.length > 0;
  $("opening").hidden = greeted;
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  wire.open({
    talk: hear,
    outbox: showUnsent,
    typing,
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
  cover("elsewhere");
});
$("here").addEventListener("click", () => location.reload());
$("resume").addEventListener("click", begin);

if (memory.covered && memory.talk.length + memory.outbox.length + draft().length) {
  cover("cover");
} else begin();
