using TuanLink.Routing.Database;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Evaluation;

namespace TuanLink.Bot.Commands;

/// <summary>evaluate: runs the shipped sorter, or its learner, over a labelled file and prints the figures.</summary>
public static class EvaluateCommand
{
    /// <returns>False if the words are not understood.</returns>
    /// <exception cref="MalformedFile">The file is missing or wrong; file and line are named.</exception>
    public static bool Run(string[] args)
    {
        string? predictions = null;
        int flag = Array.IndexOf(args, "--predictions");
        if (flag >= 0)
        {
            if (flag + 1 >= args.Length)
                return false;
            predictions = args[flag + 1];
            args = [.. args[..flag], .. args[(flag + 2)..]];
        }
        switch (args)
        {
            case ["topics", var file]:
                EvaluateTopics.Run(Sorter, file, Console.Out, predictions, Progress());
                return true;
            case ["crisis", var file]:
                EvaluateCrisis.Run(Sorter, file, Console.Out, predictions, Progress());
                return true;
            case ["conversations", var file]:
                EvaluateConversations.Run(Sorter, file, Console.Out, predictions, Progress());
                return true;
            case ["severity", var file]:
                EvaluateSeverity.Run(Sorter, file, Console.Out, predictions);
                return true;
            case ["seeds"]:
            case ["seeds", "--ablation"]:
                EvaluateSeeds.Run(new DatabaseOptions().SeedsFolder, Console.Out, predictions, args.Length > 1, Progress());
                return true;
            case ["held-out"] when predictions is null:
            case ["held-out", "--ablation"] when predictions is null:
                EvaluateHeldOut.Run(new DatabaseOptions().SeedsFolder, Console.Out, args.Length > 1, Progress());
                return true;
            case ["replies", var file]:
                EvaluateReplies.Run(new DatabaseOptions().SeedsFolder, file, Console.Out);
                return true;
            case ["trainer", var train, var test]:
                EvaluateTrainer.Run(train, test, Console.Out, predictions, Progress());
                return true;
            default:
                return false;
        }
    }

    // Only a person at a terminal wants to see it.
    private static Action<string>? Progress() => Console.IsErrorRedirected ? null
        : step => Console.Error.Write($"\r\u001b[K{step}");

    private static TriageInquiry Sorter() => TriageInquiry.Train(new DatabaseOptions().SeedsFolder, cacheFolder: null);
}
