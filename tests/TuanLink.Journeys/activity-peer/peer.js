// One activity a line; what is wrong with it comes back as one JSON array of sentences a line.
process.removeAllListeners("warning").on("warning", () => {});
const { activityZodSchema } = require("@microsoft/agents-activity");
const { AdaptiveCard, SerializationContext, Versions } = require("adaptivecards/dist/adaptivecards.js");

const known = new Set(Object.keys(activityZodSchema.shape));

function faultsOfCard(content) {
  const context = new SerializationContext(Versions.v1_3);
  const card = new AdaptiveCard();
  card.parse(content, context);
  const faults = [];
  for (let i = 0; i < context.eventCount; i++) faults.push("card: " + context.getEventAt(i).message);
  if (card.getItemCount() === 0 && card.getActionCount() === 0) faults.push("card: empty");
  return faults;
}

function faults(activity) {
  const judged = activityZodSchema.safeParse(activity);
  const found = judged.success ? [] : judged.error.issues.map(issue => `${issue.path.join(".")}: ${issue.message}`);
  for (const name of Object.keys(activity)) if (!known.has(name)) found.push(`${name}: not in the schema`);
  for (const attachment of activity.attachments || [])
    if (attachment.contentType === "application/vnd.microsoft.card.adaptive") found.push(...faultsOfCard(attachment.content));
  return found;
}

require("readline").createInterface({ input: process.stdin })
  .on("line", line => console.log(JSON.stringify({ faults: faults(JSON.parse(line)) })));
