using System.Security.Cryptography;
using System.Text;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Seeds;

/// <summary>Everything sorting learns from, read from the seeds folder (seeds/README.md says what each file is).</summary>
public sealed record TriageSeeds
{
    private const string Lexicon = "danger/lexicon.tsv";

    // In this order they are hashed; a name with strokes, so that the hash is the same on every system.
    private static readonly string[] Files =
    [
        .. Enum.GetValues<Topic>().Select(MessagesOf),
        "danger/crisis.tsv", "danger/concern.tsv", "danger/none.tsv", Lexicon,
        "acts/acts.tsv", "acts/turns.tsv", "acts/conversations.jsonl", "phrases/topics.tsv", "calibration/messages.tsv",
    ];

    public required IReadOnlyList<SeedMessage> Messages { get; init; }
    public required IReadOnlyList<DangerSeed> Danger { get; init; }
    public required IReadOnlyList<DangerPattern> Patterns { get; init; }
    public required IReadOnlyList<ActSeed> Acts { get; init; }
    public required IReadOnlyList<TurnSeed> Turns { get; init; }

    /// <summary>What youths said from the first word on, each message with what it does there.</summary>
    public required IReadOnlyList<ConversationSeed> Conversations { get; init; }

    /// <summary>Words and short phrases that belong to a topic: each teaches like a very short message.</summary>
    public required IReadOnlyList<PhraseSeed> Phrases { get; init; }

    /// <summary>Messages by writers who wrote none of the others, with their labels. They teach nothing: on them it is measured how sure the
    /// sorter may say it is.</summary>
    public IReadOnlyList<SeedMessage> Calibration { get; init; } = [];

    /// <summary>What humans put right in this office's own messages; none in the seeds themselves.</summary>
    public IReadOnlyList<CorrectedMessage> Corrected { get; init; } = [];

    /// <summary>Hash over the files' names and contents: the same seeds give the same hash.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Reads a seeds folder.</summary>
    /// <exception cref="MalformedFile">A file is missing or a line is wrong; file and line are named.</exception>
    public static TriageSeeds Read(string folder)
    {
        string In(string path) => Path.Combine(folder, path);
        return new TriageSeeds
        {
            Messages = [.. Enum.GetValues<Topic>().SelectMany(t => ReadMessages(In(MessagesOf(t)), t))],
            Danger =
            [
                .. ReadDanger(In("danger/crisis.tsv"), Risk.Crisis),
                .. ReadDanger(In("danger/concern.tsv"), Risk.Concern),
                .. ReadDanger(In("danger/none.tsv"), Risk.None),
            ],
            Patterns = ReadPatterns(folder),
            Acts = [.. ReadActs(In("acts/acts.tsv"))],
            Turns = [.. ReadTurns(In("acts/turns.tsv"))],
            Conversations = ConversationFile.Read(In("acts/conversations.jsonl")),
            Phrases = [.. ReadPhrases(In("phrases/topics.tsv"))],
            Calibration = [.. ReadCalibration(In("calibration/messages.tsv"))],
            ContentHash = HashOf(folder),
        };
    }

    /// <summary>The expressions of danger alone: all that a sorter needs of the seeds once it has learned.</summary>
    /// <exception cref="MalformedFile">The file is missing or a line is wrong; file and line are named.</exception>
    public static IReadOnlyList<DangerPattern> ReadPatterns(string folder) => [.. ReadPatternFile(Path.Combine(folder, Lexicon))];

    /// <summary>The <see cref="ContentHash"/> of a folder, without reading what its lines say.</summary>
    /// <exception cref="MalformedFile">A file is missing.</exception>
    public static string HashOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in Files)
        {
            string file = Path.Combine(folder, path);
            if (!File.Exists(file)) throw new MalformedFile(file, 0, "the file does not exist");
            hash.AppendData(Encoding.UTF8.GetBytes(path + "\n"));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether a text is set aside for measuring. One in five, by the text alone, fixed before any tuning.</summary>
    public static bool IsHeldOut(string text) => FeatureReader.KeyOf(text) % 5 == 3;

    /// <summary>The seeds whose texts meet a condition (patterns and phrases are kept: they are
    /// knowledge, not examples).</summary>
    public TriageSeeds Where(Func<string, bool> condition) => this with
    {
        Messages = [.. Messages.Where(m => condition(m.Text))],
        Danger = [.. Danger.Where(d => condition(d.Text))],
        Acts = [.. Acts.Where(a => condition(a.Text))],
        Turns = [.. Turns.Where(t => condition(t.Text))],
        Conversations = [.. Conversations.Where(c => condition(c.Text))],
    };

    private static string MessagesOf(Topic topic) => $"messages/{SeedCodes.Code(topic)}.tsv";

    private static IEnumerable<SeedMessage> ReadMessages(string path, Topic topic)
    {
        foreach (var line in TabbedFile.Read(path, "kind", "urgency", "hard", "text", "danger?"))
        {
            var message = new SeedMessage(topic, SeedCodes.Read<InquiryKind>(line, line.Values[0]),
                SeedCodes.Read<Urgency>(line, line.Values[1]), Flag(line, line.Values[2]), Text(line, line.Values[3]));
            yield return message with { Danger = Taught(line, line.Values[4], message.Danger) };
        }
    }

    private static IEnumerable<SeedMessage> ReadCalibration(string path)
    {
        foreach (var line in TabbedFile.Read(path, "topic", "kind", "urgency", "text"))
            yield return new SeedMessage(SeedCodes.Read<Topic>(line, line.Values[0]), SeedCodes.Read<InquiryKind>(line, line.Values[1]),
                SeedCodes.Read<Urgency>(line, line.Values[2]), Hard: false, Text(line, line.Values[3]));
    }

    private static IEnumerable<DangerSeed> ReadDanger(string path, Risk level)
    {
        foreach (var line in TabbedFile.Read(path, "type", "hard", "text"))
            yield return new DangerSeed(level,
                // what only sounds dangerous is typed by why it is harmless (hyperbole, game…), which is not a danger
                level == Risk.None ? RiskType.None : SeedCodes.Read<RiskType>(line, line.Values[0]),
                Flag(line, line.Values[1]), Text(line, line.Values[2]));
    }

    private static IEnumerable<DangerPattern> ReadPatternFile(string path)
    {
        foreach (var line in TabbedFile.Read(path, "level", "type", "pattern", "note?"))
        {
            var level = line.Values[0] == "soften" ? Risk.None : SeedCodes.Read<Risk>(line, line.Values[0]);
            if (level == Risk.None && line.Values[0] != "soften") throw line.Wrong("the level is crisis, concern or soften");
            var type = level == Risk.None ? RiskType.None : SeedCodes.Read<RiskType>(line, line.Values[1]);
            var pattern = Text(line, line.Values[2]);
            if (TextNormaliser.Normalise(pattern).Length < 2) throw line.Wrong("an expression has at least two characters");
            yield return new DangerPattern(level, type, pattern, line.Values[3], $"{path}, line {line.Number}");
        }
    }

    private static IEnumerable<ActSeed> ReadActs(string path)
    {
        foreach (var line in TabbedFile.Read(path, "act", "text"))
            yield return new ActSeed(SeedCodes.Read<ConversationAct>(line, line.Values[0]), Text(line, line.Values[1]));
    }

    private static IEnumerable<TurnSeed> ReadTurns(string path)
    {
        foreach (var line in TabbedFile.Read(path, "previous", "text", "relation", "danger?"))
            yield return new TurnSeed(Text(line, line.Values[0]), Text(line, line.Values[1]), SeedCodes.Read<TurnRelation>(line, line.Values[2]))
            {
                Danger = Taught(line, line.Values[3], TaughtDanger.Harmless),
            };
    }

    private static IEnumerable<PhraseSeed> ReadPhrases(string path)
    {
        foreach (var line in TabbedFile.Read(path, "topic", "phrases"))
        {
            var topic = SeedCodes.Read<Topic>(line, line.Values[0]);
            foreach (var phrase in Text(line, line.Values[1]).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return new PhraseSeed(topic, phrase);
        }
    }

    private static bool Flag(TabbedFile.Line line, string value) => value switch
    {
        "0" => false,
        "1" => true,
        _ => throw line.Wrong($"hard is 0 or 1, not \"{value}\""),
    };

    private static TaughtDanger Taught(TabbedFile.Line line, string value, TaughtDanger otherwise) =>
        value.Length == 0 ? otherwise : TaughtDanger.TryRead(value, out var read) ? read
        : throw line.Wrong($"danger is none, unclear or a level and a type (crisis:medical), not \"{value}\"");

    private static string Text(TabbedFile.Line line, string value) =>
        string.IsNullOrWhiteSpace(value) ? throw line.Wrong("the text is empty") : value.Trim();
}
