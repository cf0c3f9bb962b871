using System.Text.Json;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Measures conversation acts on JSONL: {"id", "turns": [{"text", "expected", "topic"?}]}, where expected is
/// new_inquiry, follow_up, new_topic_inquiry, greeting, thanks_close, status_query, ask_human, withdraw, erase or
/// abuse_or_ad. The conversation so far is the context of each turn, as in the service.</summary>
public static class EvaluateConversations
{
    private static readonly string[] Expectations =
    [
        "new_inquiry", "follow_up", "new_topic_inquiry", "greeting", "thanks_close", "status_query", "ask_human", "withdraw",
        "erase", "abuse_or_ad",
    ];

    private sealed record Turn(string? Text, string? Expected, string? Topic);
    private sealed record Conversation(JsonElement Id, List<Turn>? Turns);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <exception cref="MalformedFile">The file is missing or a line is wrong.</exception>
    public static LabelScores Run(Func<TriageInquiry> sorter, string path, TextWriter output, string? predictionsPath = null,
        Action<string>? progress = null)
    {
        var scores = new LabelScores();
        var topics = new LabelScores();
        using (var file = new PredictionsFile(predictionsPath))
        {
            var conversations = Read(path).ToList();
            progress?.Invoke("learning from the seeds");
            var triage = sorter();
            foreach (var (number, conversation) in conversations)
            {
                var earlier = new List<string>();
                OpenInquiry? open = null;
                foreach (var (index, turn) in conversation.Turns!.Index())
                {
                    var verdict = triage.Sort(turn.Text!, new TriageContext(earlier, open));
                    var guess = GuessOf(verdict, open);
                    var expected = Expectations.First(e => Means(e, turn.Expected));
                    scores.Add(expected, guess);
                    if (SeedCodes.TryRead<Topic>(turn.Topic ?? "", out var topic)) topics.Add(SeedCodes.Code(topic), SeedCodes.Code(verdict.Topic));
                    var id = conversation.Id.ValueKind == JsonValueKind.Undefined ? $"{number}" : conversation.Id.ToString();
                    file.Write($"{id}#{index + 1}", expected, guess, verdict.ActProbability);
                    earlier.Add(turn.Text!);
                    open = guess switch
                    {
                        "new_inquiry" or "new_topic_inquiry" => new OpenInquiry(verdict.Topic, turn.Text!),
                        "withdraw" or "erase" => null,
                        _ => open,
                    };
                }
            }
        }
        scores.Write(output, "act");
        if (topics.Count > 0) topics.Write(output, "topic");
        return scores;
    }

    /// <summary>The verdict in the words of the file. An unsure relation is a follow-up: the message stays with the open
    /// inquiry, where a human reads it.</summary>
    private static string GuessOf(Verdict verdict, OpenInquiry? open) => verdict.Act != ConversationAct.Inquiry
        ? SeedCodes.Code(verdict.Act)
        : open is null ? "new_inquiry"
        : verdict.Relation == TurnRelation.NewTopic ? "new_topic_inquiry"
        : "follow_up";

    private static bool Means(string expectation, string? written) =>
        string.Equals(SeedCodes.Bare(expectation), SeedCodes.Bare(written ?? ""), StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(int Number, Conversation Conversation)> Read(string path)
    {
        var any = false;
        foreach (var (index, line) in TabbedFile.AllLines(path).Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            Conversation? conversation;
            try
            {
                conversation = JsonSerializer.Deserialize<Conversation>(line, Json);
            }
            catch (JsonException wrong)
            {
                throw new MalformedFile(path, index + 1, wrong.Message);
            }
            if (conversation?.Turns is not { Count: > 0 }) throw new MalformedFile(path, index + 1, "no turns");
            foreach (var turn in conversation.Turns)
            {
                if (string.IsNullOrEmpty(turn.Text)) throw new MalformedFile(path, index + 1, "a turn without text");
                if (!Expectations.Any(e => Means(e, turn.Expected)))
                    throw new MalformedFile(path, index + 1, $"\"{turn.Expected}\" is none of {string.Join(", ", Expectations)}");
                if (!string.IsNullOrEmpty(turn.Topic) && !SeedCodes.TryRead<Topic>(turn.Topic, out _))
                    throw new MalformedFile(path, index + 1, $"\"{turn.Topic}\" is no topic");
            }
            any = true;
            yield return (index + 1, conversation);
        }
        if (!any) throw new MalformedFile(path, 0, "the file holds no conversations");
    }
}
