using System.Text.Json;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Acts;

namespace TuanLink.Routing.Triage.Seeds;

/// <summary>One message of a conversation and what it does there.</summary>
/// <param name="Code">As the file says it: new_inquiry, new_topic_inquiry, follow_up, or the code of an act.</param>
/// <param name="Topic">Of an inquiry, where the file tells it.</param>
public sealed record ConversationTurn(string Text, string Code, Topic? Topic)
{
    /// <summary>What the words by themselves teach of danger.</summary>
    public TaughtDanger Danger { get; init; } = TaughtDanger.Harmless;

    public TurnAct Act { get; } = Code == ConversationFile.NewTopic ? TurnAct.NewInquiry : SeedCodes.TryRead(Code, out TurnAct act) ? act
        : throw new ArgumentException($"\"{Code}\" is no act", nameof(Code));
}

/// <summary>What one youth said, from the first word on.</summary>
/// <param name="Id">As the file names it, or the number of its line.</param>
public sealed record ConversationSeed(string Id, IReadOnlyList<ConversationTurn> Turns)
{
    /// <summary>All of it as one text, by which conversations are told apart.</summary>
    public string Text { get; } = string.Join('\n', Turns.Select(t => t.Text));
}

/// <summary>Reads conversations as JSONL: {"id"?, "turns": [{"text", "act", "topic"?, "danger"?}]}; "expected" may stand for "act".</summary>
internal static class ConversationFile
{
    /// <summary>An inquiry where there was one before. The service opens one either way.</summary>
    public const string NewTopic = "new_topic_inquiry";

    public static readonly string[] Codes =
        [.. SeedCodes.All<TurnAct>().Take((int)TurnAct.FollowUp + 1), NewTopic, .. SeedCodes.All<TurnAct>().Skip((int)TurnAct.FollowUp + 1)];

    private sealed record Turn(string? Text, string? Act, string? Expected, string? Topic, string? Danger);
    private sealed record Conversation(JsonElement Id, List<Turn?>? Turns);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <exception cref="MalformedFile">The file is missing, empty, or a line is wrong.</exception>
    public static IReadOnlyList<ConversationSeed> Read(string path)
    {
        var read = new List<ConversationSeed>();
        foreach (var (index, line) in TabbedFile.AllLines(path).Index())
            if (!string.IsNullOrWhiteSpace(line)) read.Add(ReadLine(path, index + 1, line));
        return read.Count > 0 ? read : throw new MalformedFile(path, 0, "the file holds no conversations");
    }

    private static ConversationSeed ReadLine(string path, int number, string line)
    {
        Conversation? conversation;
        try
        {
            conversation = JsonSerializer.Deserialize<Conversation>(line, Json);
        }
        catch (JsonException wrong)
        {
            throw new MalformedFile(path, number, wrong.Message);
        }
        if (conversation?.Turns is not { Count: > 0 } turns) throw new MalformedFile(path, number, "no turns");
        var id = conversation.Id.ValueKind == JsonValueKind.Undefined ? $"{number}" : conversation.Id.ToString();
        return new ConversationSeed(id, [.. turns.Select(t => ReadTurn(path, number, t))]);
    }

    private static ConversationTurn ReadTurn(string path, int number, Turn? turn)
    {
        if (string.IsNullOrWhiteSpace(turn?.Text)) throw new MalformedFile(path, number, "a turn without text");
        var written = turn.Act ?? turn.Expected ?? "";
        var code = Codes.FirstOrDefault(c => string.Equals(SeedCodes.Bare(c), SeedCodes.Bare(written), StringComparison.OrdinalIgnoreCase))
            ?? throw new MalformedFile(path, number, $"\"{written}\" is none of {string.Join(", ", Codes)}");
        if (!TaughtDanger.TryRead(turn.Danger ?? "none", out var danger))
            throw new MalformedFile(path, number, $"danger is none, unclear or a level and a type (crisis:medical), not \"{turn.Danger}\"");
        if (string.IsNullOrEmpty(turn.Topic)) return new ConversationTurn(turn.Text, code, null) { Danger = danger };
        return SeedCodes.TryRead(turn.Topic, out Topic topic) ? new ConversationTurn(turn.Text, code, topic) { Danger = danger }
            : throw new MalformedFile(path, number, $"\"{turn.Topic}\" is no topic");
    }
}
