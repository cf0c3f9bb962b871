using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.ProblemLists;

/// <summary>What problems are about, each with the words people use for it (seeds/things.tsv): 饭卡 and 校园卡 are one thing.</summary>
public sealed class Things
{
    private readonly (string Thing, string[] Words)[] _things;

    private Things((string, string[])[] things) => _things = things;

    public static Things None { get; } = new([]);

    /// <exception cref="MalformedFile">A line is wrong; file and line are named.</exception>
    public static Things Read(string file) => new([.. TabbedFile.Read(file, "thing", "words").Select(line =>
        line.Values[1].Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? (line.Values[0], words) : throw line.Wrong("a thing needs words"))]);

    /// <summary>The things a text names.</summary>
    public HashSet<string> NamedIn(string text) =>
        [.. _things.Where(t => t.Words.Any(w => text.Contains(w, StringComparison.Ordinal))).Select(t => t.Thing)];
}
