using Microsoft.Extensions.Options;
using TuanLink.Routing.Triage;

namespace TuanLink.Bot.Commands;

/// <summary>The service's commands: serve when none is named.</summary>
public static class CommandLine
{
    private const string Usage = """
        usage: TuanLink.Bot [serve] [--Section:Key=value …]
               TuanLink.Bot admin create --name NAME [--role SystemAdministrator|UnitAdministrator|Auditor|Cadre|Expert] [--unit CODE] [--person CODE] [--password-stdin]
               TuanLink.Bot import FOLDER
               TuanLink.Bot wechat menu
               TuanLink.Bot learn [--into FOLDER]
               TuanLink.Bot evaluate topics|crisis|severity|replies FILE.tsv | conversations FILE.jsonl | trainer TRAIN.tsv TEST.tsv | seeds [--ablation]  [--predictions FILE]
               TuanLink.Bot evaluate held-out [--ablation]
        """;

    /// <returns>0 for success, 1 for a wrong setting or a rule broken, 2 for wrong usage or a malformed file.</returns>
    public static async Task<int> Run(string[] args)
    {
        try
        {
            switch (args)
            {
                case [] or ["serve", ..] or [['-', ..], ..]:
                    await Service.Serve(args is ["serve", ..] ? args[1..] : args);
                    return 0;
                case ["admin", "create", ..]:
                    return await AdminCommand.Create(args[2..]);
                case ["import", var folder, ..]:
                    return await ImportCommand.Import(folder, args[2..]);
                case ["wechat", "menu", ..]:
                    return await WeChatCommand.PutMenu(args[2..]);
                case ["learn", .. var rest] when rest is [] or ["--into", _]:
                    LearnCommand.Learn(rest is [_, var into] ? into : TriageInquiry.ShippedFolder);
                    return 0;
                case ["evaluate", ..]:
                    if (EvaluateCommand.Run(args[1..]))
                        return 0;
                    goto default;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }
        catch (OptionsValidationException wrong)
        {
            foreach (string sentence in wrong.Failures)
                Console.Error.WriteLine(sentence);
            return 1;
        }
        catch (InvalidOperationException wrong) when (wrong.InnerException is FormatException or ArgumentException && wrong.Message.Contains("configuration value", StringComparison.OrdinalIgnoreCase))
        {
            // The binder names the key; a value that is no number at all never reaches the rules.
            Console.Error.WriteLine(wrong.Message);
            return 1;
        }
        catch (IOException busy) when (busy.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            Console.Error.WriteLine($"{busy.Message} Set Service:BotPort or Service:AdminPort to another port.");
            return 1;
        }
        catch (MalformedFile malformed)
        {
            Console.Error.WriteLine(malformed.Message);
            return 2;
        }
    }
}
