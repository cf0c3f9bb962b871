using TuanLink.Bot.Commands;

return await CommandLine.Run(args);
