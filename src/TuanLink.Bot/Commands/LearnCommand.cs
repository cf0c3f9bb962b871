using System.Diagnostics;
using System.Globalization;
using TuanLink.Routing.Database;
using TuanLink.Routing.Triage;

namespace TuanLink.Bot.Commands;

/// <summary>learn: learns from the seeds that travel with the program and keeps the result beside it, where a first start finds it. The build calls it.</summary>
public static class LearnCommand
{
    /// <param name="folder">Where the learned sorter is kept; what was learned there from other seeds or by other code is removed.</param>
    /// <exception cref="MalformedFile">A seed file is missing or wrong; file and line are named.</exception>
    public static void Learn(string folder)
    {
        long began = Stopwatch.GetTimestamp();
        TriageInquiry.Keep(new DatabaseOptions().SeedsFolder, folder);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Learned into {folder} in {Stopwatch.GetElapsedTime(began).TotalSeconds:n1} s."));
    }
}
