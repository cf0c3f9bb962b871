// One JSON request a line: {do: "start", …}, {do: "post", …}, {do: "cut"}. What the client says comes back as one JSON a line.
process.removeAllListeners("warning").on("warning", () => {});

const Socket = require("ws");
const sockets = new Set();
global.XMLHttpRequest = require("xhr2");
global.WebSocket = class extends Socket {
  constructor(address) {
    super(address);
    sockets.add(this);
    this.on("open", () => say({ opened: true }));
    this.on("close", code => { sockets.delete(this); say({ closed: code }); });
  }
};
const { DirectLine } = require("botframework-directlinejs");

// Between a cut and its next try the client waits 3 to 15 seconds.
DirectLine.prototype.getRetryDelay = () => 20;

const say = words => console.log(JSON.stringify(words));
let line;

require("readline").createInterface({ input: process.stdin }).on("line", asked => {
  const ask = JSON.parse(asked);
  if (ask.do === "start") {
    line = new DirectLine({ domain: ask.domain, token: ask.token, webSocket: ask.webSocket, pollingInterval: 200 });
    line.connectionStatus$.subscribe(status => say({ status }));
    line.activity$.subscribe(activity => say({ heard: activity }), error => say({ failed: String(error) }));
  } else if (ask.do === "post") {
    line.postActivity(ask.activity).subscribe(id => say({ posted: id }), error => say({ failed: String(error) }));
  } else if (ask.do === "cut") {
    for (const socket of sockets) socket.terminate();
  }
}).on("close", () => process.exit());
