/* How the talk looks. Every word from outside enters the page as text, never as markup. */

import { seen, addressOf } from "./files.js";

const ROLES = { cadre: "团干部", expert: "专家", bot: "自动回复" };
const APART = 5 * 60000; // ms after which a line gets its own time and name again

export function make(tag, look, text) {
  const el = document.createElement(tag);
  if (look) el.className = look;
  if (text !== undefined) el.textContent = text;
  return el;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#i-" + name);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export function button(look, text, act) {
  const el = make("button", look, text);
  el.type = "button";
  el.addEventListener("click", act);
  return el;
}

/* People read Chinese time, wherever the phone is. */
const china = ms => new Date(ms + 8 * 3600000).toISOString();

function timeLabel(at) {
  const [then, now, yesterday] = [at, Date.now(), Date.now() - 86400000].map(china);
  const clock = then.slice(11, 16);
  if (then.slice(0, 10) === now.slice(0, 10)) return clock;
  if (then.slice(0, 10) === yesterday.slice(0, 10)) return "昨天 " + clock;
  const [year, month, day] = then.slice(0, 10).split("-").map(Number);
  return `${then.slice(0, 4) === now.slice(0, 4) ? "" : year + "年"}${month}月${day}日 ${clock}`;
}

/* 共青团临江市委 王某某 → the unit, and the person. */
function person(name) {
  const cut = name.trim().search(/\s\S+$/);
  return cut < 0 ? { who: name.trim(), unit: "" } : { who: name.slice(cut).trim(), unit: name.slice(0, cut).trim() };
}

const outward = (href, look, text) => Object.assign(make("a", look, text), { href, target: "_blank", rel: "noopener noreferrer" });

/* Links can be tapped and show their whole address; nothing is opened or fetched by itself. */
function words(text, look) {
  const p = make("p", look);
  let from = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'，。；！？、（）《》【】“”]+/g)) {
    p.append(text.slice(from, found.index), outward(found[0], "", found[0]));
    from = found.index + found[0].length;
  }
  p.append(text.slice(from));
  return p;
}

/* A picture is seen and a voice heard in its place if it comes from this service; anything else is a link. */
function attached({ type, url, name }, stale) {
  const ours = new URL(url).origin === location.origin;
  if (ours && /^audio\/(?!amr)/.test(type)) {
    const box = make("div", "voice");
    const voice = Object.assign(make("audio"), { src: url, controls: true, preload: "metadata" });
    voice.setAttribute("aria-label", name);
    voice.addEventListener("error", stale);
    box.append(voice, make("span", "", name));
    return box;
  }
  const link = outward(url, "file", name);
  if (ours && /^image\/(jpeg|png|gif|webp)$/.test(type)) {
    const picture = Object.assign(make("img"), { src: url, alt: name });
    picture.addEventListener("error", () => {
      link.textContent = name;
      stale();
    });
    link.textContent = "";
    link.append(picture);
  }
  return link;
}

/* `stale` is called when an address has ceased to open. */
export function attachments(files, stale) {
  const box = make("div", "files");
  box.append(...files.map(file => attached(file, stale)));
  return box;
}

/* The numbers of the page's head once more, large. */
function hotlines() {
  const box = make("div", "lines");
  for (const call of document.querySelectorAll(".hot a")) box.append(call.cloneNode(true));
  return box;
}

function byline(item) {
  const { who, unit } = person(item.name);
  const by = make("div", "by");
  const human = item.speaker === "cadre" || item.speaker === "expert";
  const face = make("span", "face", human ? Array.from(who)[0] || "" : undefined);
  face.setAttribute("aria-hidden", "true");
  if (!human) face.append(icon("mark"));
  const name = make("p", "who");
  name.append(make("b", "", human ? who || ROLES[item.speaker] : item.name || "青年之声"), make("span", "role", ROLES[item.speaker] || ROLES.bot));
  const names = make("div", "names");
  names.append(name);
  if (human && unit) names.append(make("p", "unit", unit));
  by.append(face, names);
  return by;
}

function stars(item, rate) {
  const box = make("div", "stars");
  const row = make("div", "row");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "打几颗星，一颗最低，五颗最高");
  const said = make("p", "said");
  const show = () => {
    Array.from(row.children).forEach((star, i) => {
      star.classList.toggle("lit", i < (item.rated || 0));
      star.setAttribute("aria-pressed", String(i + 1 === item.rated));
    });
    said.textContent = item.rated ? `你打了 ${item.rated} 星，想改再点一次` : "一颗最低，五颗最高";
  };
  for (let n = 1; n <= 5; n++) {
    const star = button("star", undefined, () => {
      if (item.rated === n) return;
      item.rated = n;
      show();
      rate(n);
    });
    star.setAttribute("aria-label", n + " 星");
    star.append(icon("star"));
    row.append(star);
  }
  show();
  box.append(row, said);
  return box;
}

/* One line of the talk; `before` is the line above it, `reference` the number shown last. */
export function line(item, before, reference, rate, stale) {
  const out = document.createDocumentFragment();
  const apart = !before || item.at - before.at > APART;
  if (apart) {
    const time = make("time", "when", timeLabel(item.at));
    time.dateTime = new Date(item.at).toISOString();
    out.append(time);
  }
  if (item.kind === "note") {
    out.append(words(item.text, "note"));
    return out;
  }
  const el = make("div", "line " + (item.kind === "mine" ? "mine" : "theirs " + (ROLES[item.speaker] ? item.speaker : "bot")));
  if (item.kind === "mine") {
    mine(el, item.text, item.files, stale);
    el.append(make("span", "state", "已送达"));
  } else {
    const same = !apart && before.speaker === item.speaker && before.name === item.name && before.tone !== "safe";
    if (item.tone === "safe") el.classList.add("safe");
    else if (same) {
      el.classList.add("on");
      el.append(make("span", "unseen", person(item.name).who + "："));
    } else el.append(byline(item));
    const bubble = make("div", "said");
    if (item.text) bubble.append(words(item.text));
    if (item.tone === "safe") bubble.append(hotlines());
    if (item.ask === "stars") bubble.append(stars(item, rate));
    // A file has a frame of its own.
    if (bubble.hasChildNodes()) el.append(bubble);
    if (item.files) el.append(attachments(item.files, stale));
    if (item.reference && item.reference !== reference) {
      const ref = make("p", "ref", "编号 ");
      ref.append(make("span", "", item.reference));
      el.append(ref);
    }
  }
  out.append(el);
  return out;
}

function mine(el, text, files, stale) {
  el.append(make("span", "unseen", "我说："));
  if (text) el.append(make("p", "said", text));
  if (files) el.append(attachments(files, stale));
}

export function unsentLine(item, retry, unsay) {
  const el = make("div", "line mine unsent " + item.state);
  mine(el, item.text, item.files && seen(item.cid).map(file => ({ type: file.type, url: addressOf(file), name: file.name })), () => {});
  const row = make("div", "state", item.state === "sending" ? "发送中" : item.why || "未发送");
  if (item.state !== "sending") row.append(button("again", "重试", retry), button("drop", "删除", unsay));
  el.append(row);
  return el;
}
