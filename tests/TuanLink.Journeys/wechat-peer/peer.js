// One JSON request a line, one JSON answer a line: {do: "seal", …} or {do: "open", …}.
process.removeAllListeners("warning").on("warning", () => {});
const Crypt = require("wechat-crypto");
require("readline").createInterface({ input: process.stdin }).on("line", line => {
  const ask = JSON.parse(line);
  const crypt = new Crypt(ask.token, ask.key, ask.app);
  if (ask.do === "seal") {
    const encrypt = crypt.encrypt(ask.text);
    console.log(JSON.stringify({ encrypt, signature: crypt.getSignature(ask.timestamp, ask.nonce, encrypt) }));
  } else {
    const opened = crypt.decrypt(ask.encrypt);
    console.log(JSON.stringify({ text: opened.message, app: opened.id, signature: crypt.getSignature(ask.timestamp, ask.nonce, ask.encrypt) }));
  }
});
