// Echoes every message through botbuilder's own adapter, stores nothing, checks no token.
// Plain node http instead of the samples' restify, and BotFrameworkAdapter, which is a fifth faster than CloudAdapter:
// the least that can stand between the socket and the SDK.
const http = require('node:http');
const { ActivityHandler, BotFrameworkAdapter } = require('botbuilder');

class EchoBot extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      await context.sendActivity(`Echo: ${context.activity.text}`);
      await next();
    });
  }
}

const adapter = new BotFrameworkAdapter({});
adapter.onTurnError = async (context, error) => {
  console.error(error);
  throw error;
};
const bot = new EchoBot();

// What the adapter asks of a response in the style of express and restify.
function dress(response) {
  response.status = (code) => {
    response.statusCode = code;
    return response;
  };
  response.header = (name, value) => {
    response.setHeader(name, value);
    return response;
  };
  response.send = (body) => {
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
    return response;
  };
  return response;
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    try {
      request.body = JSON.parse(Buffer.concat(parts).toString('utf8'));
    } catch {
      response.statusCode = 400;
      response.end();
      return;
    }
    adapter.processActivity(request, dress(response), (context) => bot.run(context)).catch(console.error);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(Number(process.env.PORT || 3999), '127.0.0.1');
