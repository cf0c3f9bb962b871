/* What goes along with the next message: files and voice notes, looked at, heard and taken back before anything is sent. */

import { make, button } from "./view.js";
import { addressOf, hide } from "./files.js";

const LARGEST = 10 * 1024 * 1024; // bytes of one file
const MOST = 5; // files of one message
const LONGEST_EDGE = 2560; // pixels a photograph keeps
const TAKEN = /^(image\/(?!svg)|audio\/|application\/pdf$)/;

export const size = bytes => bytes < 1048576 ? Math.ceil(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(1) + " MB";

/* A camera writes into a photograph where it was taken. Drawn anew it shows only what it shows, and travels faster. */
async function bare(file) {
  if (!/^image\/(jpeg|webp)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
    const sheet = Object.assign(make("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    sheet.getContext("2d").drawImage(picture, 0, 0, sheet.width, sheet.height);
    const drawn = await new Promise(done => sheet.toBlob(done, "image/jpeg", .88));
    return drawn ? new File([drawn], file.name.replace(/\.\w+$/, "") + ".jpg", { type: drawn.type }) : file;
  } catch { return file; }
}

/* `tell` says a sentence about what could not be added; `changed` is called after each change. */
export function tray(box, tell, changed) {
  let files = [];

  function show() {
    box.textContent = "";
    for (const file of files) {
      const item = make("li", "held");
      const away = button("away", "×", () => take(file, true));
      away.setAttribute("aria-label", "不发送 " + file.name);
      item.append(preview(file), away);
      box.append(item);
    }
    box.hidden = !files.length;
    box.scrollLeft = box.scrollWidth;
    changed();
  }

  function take(file, byHand) {
    files = files.filter(other => other !== file);
    hide(file);
    show();
    if (byHand) (box.querySelector("button") || document.getElementById("words")).focus();
  }

  return {
    count: () => files.length,
    async add(chosen) {
      const why = new Set();
      for (const given of chosen) {
        if (!TAKEN.test(given.type)) { why.add("只能发图片、录音和 PDF。"); continue; }
        const file = await bare(given);
        if (!file.size) why.add(`“${file.name}”是空的，没有添加。`);
        else if (file.size > LARGEST) why.add(`“${file.name}”有 ${size(file.size)}，超过 10 MB，没有添加。`);
        else if (files.length >= MOST) why.add(`一次最多 ${MOST} 个文件，其余的可以下一条再发。`);
        else files.push(file);
      }
      tell([...why].join(""));
      show();
    },
    /* Hands the files over; the tray is empty then. */
    empty() {
      const handed = files;
      files = [];
      show();
      return handed;
    },
  };
}

function preview(file) {
  if (file.type.startsWith("image/")) return Object.assign(make("img"), { src: addressOf(file), alt: file.name });
  if (!file.type.startsWith("audio/")) return make("span", "name", `${file.name} · ${size(file.size)}`);
  const voice = Object.assign(make("audio"), { src: addressOf(file), controls: true });
  voice.setAttribute("aria-label", file.name);
  return voice;
}
