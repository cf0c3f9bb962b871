using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Measures conversation acts on JSONL: {"id", "turns": [{"text", "expected", "topic"?}]}, where expected is
/// new_inquiry, follow_up, new_topic_inquiry, greeting, thanks_close, status_query, ask_human, withdraw, erase or
/// abuse_or_ad. The conversation so far is the context of each turn, as in the service.</summary>
public static class EvaluateConversations
{
    /// <exception cref="MalformedFile">The file is missing or a line is wrong.</exception>
    public static LabelScores Run(Func<TriageInquiry> sorter, string path, TextWriter output, string? predictionsPath = null,
        Action<string>? progress = null)
    {
        var scores = new LabelScores();
        var topics = new LabelScores();
        using (var file = new PredictionsFile(predictionsPath))
        {
            var conversations = ConversationFile.Read(path);
            progress?.Invoke("learning from the seeds");
            var triage = sorter();
            foreach (var conversation in conversations)
                foreach (var (index, (turn, verdict, guess)) in PlayConversation.Of(triage, conversation).Index())
                {
                    scores.Add(turn.Code, guess);
                    if (turn.Topic is { } topic) topics.Add(SeedCodes.Code(topic), SeedCodes.Code(verdict.Topic));
                    file.Write($"{conversation.Id}#{index + 1}", turn.Code, guess, verdict.ActProbability);
                }
        }
        scores.Write(output, "act");
        if (topics.Count > 0) topics.Write(output, "topic");
        return scores;
    }
}
