// node peer.js SERVICE SECRET: talks every script of the folder, each in a conversation of its own; one JSON a script a line.
process.removeAllListeners("warning").on("warning", () => {});
const path = require("path");
const { BotDriver } = require("botium-core");
const [service, secret] = process.argv.slice(2);

async function token(user) {
  const answer = await fetch(service + "/v3/directline/tokens/generate", {
    method: "POST",
    headers: { Authorization: "Bearer " + secret, "Content-Type": "application/json" },
    body: JSON.stringify({ user: { id: user } }),
  });
  return (await answer.json()).token;
}

async function talk(convo, user) {
  const container = await new BotDriver({
    PROJECTNAME: "TuanLink",
    CONTAINERMODE: "directline3",
    DIRECTLINE3_SECRET: await token(user),
    DIRECTLINE3_DOMAIN: service + "/v3/directline",
    DIRECTLINE3_ACTIVITY_TEMPLATE: { type: "message", from: { id: user }, locale: "zh-CN" },
    DIRECTLINE3_BUTTON_TYPE: "message",
    DIRECTLINE3_BUTTON_VALUE_FIELD: "text",
    WAITFORBOTTIMEOUT: 30000,
  }).Build();
  try {
    await container.Start();
    await convo.Run(container);
    return { talk: convo.header.name, steps: convo.conversation.length };
  } catch (e) {
    return { talk: convo.header.name, failed: String(e.message || e) };
  } finally {
    await container.Stop();
    await container.Clean();
  }
}

(async () => {
  const compiler = new BotDriver({ SCRIPTING_MATCHING_MODE: "include" }).BuildCompiler();
  compiler.ReadScriptsFromDirectory(path.join(__dirname, "talks"));
  let number = 0;
  for (const convo of compiler.convos) process.stdout.write(JSON.stringify(await talk(convo, "pupil-" + ++number)) + "\n");
  process.exit();
})();
