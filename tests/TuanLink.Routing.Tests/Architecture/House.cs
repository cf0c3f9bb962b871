using System.Text.RegularExpressions;

namespace TuanLink.Routing.Tests.Architecture;

/// <summary>A source file as the house rules see it: where it lies below src, with slashes, and what it says.</summary>
public sealed record Source(string Path, string Text)
{
    public string Project => Path.Split('/')[0];

    /// <summary>The room within its project: the first folder, else the file itself.</summary>
    public string Room => Path.Split('/') is [_, var room, _, ..] ? room : System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>The rules of docs/architecture.md, read from sources: each names the files that break it.</summary>
public static partial class House
{
    private static readonly string[] Junk = ["common", "helpers", "helper", "utils", "util", "services", "managers", "core", "shared", "misc", "lib", "extensions"];

    // Who may know what lies above: the tables of all rooms; what a commit owes.
    private static readonly Dictionary<string, string[]> Above = new(StringComparer.Ordinal)
    {
        ["TuanLink.Routing/Database/RoutingDb.cs"] = ["*"],
        ["TuanLink.Routing/Database/Schema.cs"] = ["*"],
        ["TuanLink.Routing/Database/"] = ["Outbox"],
    };

    private static readonly string[] MeetingPlaces = ["TuanLink.Bot/Service.cs", "TuanLink.Bot/Jobs/JobsBoard.cs", "TuanLink.Bot/Channels/ChannelsBoard.cs", "TuanLink.Bot/Commands/AdminCommand.cs"];

    /// <summary>The rows of the table of rooms, from the floor up.</summary>
    public static IReadOnlyList<string[]> Floors(string architecture)
    {
        IEnumerable<string> table = architecture.Split('\n').SkipWhile(l => !l.StartsWith("| room |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'));
        return [.. table.Select(l => l.Split('|')[1].Split(',', StringSplitOptions.TrimEntries))];
    }

    /// <summary>Uses of a room by a lower one, and rooms the table does not know.</summary>
    public static IEnumerable<string> LooksUp(IEnumerable<Source> sources, IReadOnlyList<string[]> floors)
    {
        Dictionary<string, int> floorOf = floors.SelectMany((rooms, floor) => rooms.Select(r => (r, floor))).ToDictionary(r => r.r, r => r.floor, StringComparer.Ordinal);
        foreach (Source source in sources.Where(s => s.Project == "TuanLink.Routing" && s.Room != "RoutingModule"))
        {
            if (!floorOf.TryGetValue(source.Room, out int own))
            {
                yield return $"{source.Path}: the table has no room {source.Room}";
                continue;
            }
            foreach (string used in Named(source.Text).Where(r => floorOf.TryGetValue(r, out int floor) && floor > own).Distinct())
                if (!Above.Any(a => source.Path.StartsWith(a.Key, StringComparison.Ordinal) && (a.Value.Contains(used) || a.Value.Contains("*"))))
                    yield return $"{source.Path} uses {used}, which stands above it";
        }
    }

    /// <summary>Bot and Admin knowing one another, and the domain knowing either or the web.</summary>
    public static IEnumerable<string> Meet(IEnumerable<Source> sources)
    {
        foreach (Source source in sources)
            foreach (string stranger in source.Project switch
            {
                "TuanLink.Admin" => ["TuanLink.Bot"],
                "TuanLink.Bot" when !MeetingPlaces.Contains(source.Path) => ["TuanLink.Admin"],
                "TuanLink.Routing" => ["TuanLink.Bot", "TuanLink.Admin", "Microsoft.AspNetCore"],
                _ => Array.Empty<string>(),
            })
                if (Code(source.Text).Contains(stranger, StringComparison.Ordinal))
                    yield return $"{source.Path} knows {stranger}";
    }

    /// <summary>Time taken from the machine instead of TimeProvider, or waited for.</summary>
    public static IEnumerable<string> WallClocks(IEnumerable<Source> sources) =>
        sources.SelectMany(s => WallClock().Matches(Code(s.Text)).Select(m => $"{s.Path} takes {m.Value}"));

    public static IEnumerable<string> JunkFolders(IEnumerable<Source> sources) =>
        sources.SelectMany(s => s.Path.Split('/')[..^1].Where(f => Junk.Contains(f.ToLowerInvariant())).Select(f => $"{s.Path} lies in a folder named {f}"));

    public static IEnumerable<string> TooLong(IEnumerable<Source> sources, int most = 400) =>
        sources.Where(s => !s.Path.Contains("/Migrations/", StringComparison.Ordinal) && s.Text.Count(c => c == '\n') > most).Select(s => $"{s.Path} has more than {most} lines");

    // A room is named by its namespace, or, from the root, by a file of the root: InquiryDesk, EraseYouth.
    private static IEnumerable<string> Named(string text)
    {
        string code = Code(text);
        return RoomName().Matches(code).Select(m => m.Groups[1].Value).Concat(RootName().Matches(code).Select(m => m.Value));
    }

    // What is said in comments and texts binds nobody.
    private static string Code(string text) => Comment().Replace(Quoted().Replace(text, "\"\""), "");

    [GeneratedRegex(@"\bRouting\.([A-Z]\w+)")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"\b(InquiryDesk|EraseYouth)\b")]
    private static partial Regex RootName();

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(UtcNow|Now|Today)\b|\bThread\.Sleep\b|\bTask\.Delay\b|\bEnvironment\.TickCount")]
    private static partial Regex WallClock();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
