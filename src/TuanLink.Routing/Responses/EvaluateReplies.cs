using System.Globalization;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Responses;

/// <summary>Measures the judgement of replies on a labelled file (columns label, reply): how often good ones are warned of, and empty ones caught.</summary>
public static class EvaluateReplies
{
    /// <exception cref="Triage.MalformedFile">The file is missing or wrong; file and line are named.</exception>
    public static void Run(string seedsFolder, string file, TextWriter output)
    {
        EmptyWords empty = EmptyWords.Read(Path.Combine(seedsFolder, "replies.tsv"));
        var all = new Dictionary<string, int> { ["substantive"] = 0, ["perfunctory"] = 0 };
        var warned = new Dictionary<string, int>(all);
        foreach (TabbedFile.Line line in TabbedFile.Read(file, "label", "reply"))
        {
            if (!all.ContainsKey(line.Values[0]))
                throw line.Wrong($"'{line.Values[0]}' is neither substantive nor perfunctory");
            all[line.Values[0]]++;
            warned[line.Values[0]] += empty.Are(line.Values[1]) ? 1 : 0;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"substantive replies warned of   {warned["substantive"]} of {all["substantive"]} ({(double)warned["substantive"] / Math.Max(1, all["substantive"]):P2})"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"perfunctory replies caught      {warned["perfunctory"]} of {all["perfunctory"]} ({(double)warned["perfunctory"] / Math.Max(1, all["perfunctory"]):P2})"));
    }
}
