/* A voice note: one press begins, one ends, one throws it away. Nothing leaves the device before the person sends it. */

const LONGEST = 60; // seconds
const KINDS = [["audio/webm;codecs=opus", "webm"], ["audio/mp4", "m4a"], ["audio/ogg;codecs=opus", "ogg"]];

const kind = window.MediaRecorder && KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));

/* Not every browser can, and none may on a page without TLS. */
export const canRecord = kind && window.isSecureContext && navigator.mediaDevices;

const clock = seconds => Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");

const WHY_NOT = {
  NotAllowedError: "没有使用麦克风的许可。没关系，可以打字；想录音的话，在浏览器设置里允许麦克风。",
  NotFoundError: "没有找到麦克风，可以打字说。",
};

let stop = null;

/* Ends the recording if there is one; `keep` says whether what was said is wanted. */
export function end(keep) {
  if (stop) stop(keep);
}

/* Returns the voice note as a file, or nothing; `length` is told the time that has passed. */
export async function record(length, tell) {
  let sound;
  try { sound = await navigator.mediaDevices.getUserMedia({ audio: true }); }
  catch (e) {
    tell(WHY_NOT[e.name] || "麦克风现在用不了，可以打字说。");
    return undefined;
  }
  return new Promise(done => {
    const recorder = new MediaRecorder(sound, { mimeType: kind[0], audioBitsPerSecond: 32000 });
    const parts = [];
    const began = Date.now();
    let wanted = true; // also when the microphone is pulled out
    const passed = () => Math.min(LONGEST, Math.round((Date.now() - began) / 1000));
    const show = () => length(clock(passed()));
    const beat = setInterval(() => {
      show();
      if (passed() >= LONGEST) end(true);
    }, 250);
    recorder.ondataavailable = event => { if (event.data.size) parts.push(event.data); };
    recorder.onstop = () => {
      stop = null;
      clearInterval(beat);
      sound.getTracks().forEach(track => track.stop());
      done(wanted && parts.length ? new File(parts, `语音 ${Math.max(1, passed())} 秒.${kind[1]}`, { type: kind[0].split(";")[0] }) : undefined);
    };
    stop = keep => {
      wanted = keep;
      recorder.stop();
    };
    show();
    recorder.start();
  });
}
