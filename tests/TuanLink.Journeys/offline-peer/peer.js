// node peer.js PORT BOT: Direct Line at PORT, its turns sent to BOT. Says {"port": PORT} once it listens.
process.removeAllListeners("warning").on("warning", () => {});
const [port, bot] = process.argv.slice(2);
console.log = () => {};
const app = require("express")();
const listen = app.listen.bind(app);
app.listen = (at, then) => listen(at, "127.0.0.1", () => {
  then();
  process.stdout.write(JSON.stringify({ port: Number(at) }) + "\n");
});
require("offline-directline").initializeRoutes(app, Number(port), bot);
process.stdin.on("end", () => process.exit()).resume();
