using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>What was read of danger in one text.</summary>
internal sealed record DangerReading(Risk Risk, RiskType Type, bool SomeoneElse, double Severity, IReadOnlyList<string> Evidence)
{
    public static DangerReading Nothing { get; } = new(Risk.None, RiskType.None, false, 0, []);
}

/// <summary>Reads a text for danger to life, body or freedom: by what was learned from the seeds, by the expressions of the
/// lexicon, and once more with evasive spellings undone. Tuned to miss nothing: a false alarm costs a human a look.</summary>
internal sealed class DangerScreen(TriageModel model, IReadOnlyList<DangerPattern> patterns, TriageSettings settings)
{
    private const int MostEvidence = 4;

    // Longer than this nobody writes a greeting or a command, but many a farewell.
    private const int FixedWords = 12;

    private const int LongText = 90;

    // What is left of a danger in a harmless context, and in an exaggeration that nothing dangerous stands beside.
    private const float Harmless = 0.3f, Exaggerated = 0.1f;

    private static readonly Topic[] PlainTopics = [Topic.Entrepreneurship, Topic.Livelihood, Topic.Volunteering, Topic.CultureSports, Topic.LeagueAffairs];

    private readonly DangerLexicon _lexicon = new(patterns);

    /// <summary>Reads one text whose scores are already known.</summary>
    public DangerReading Read(string text, ReadOnlySpan<float> scores)
    {
        if (text.Length > LinearModel.LongestText) text = text[..LinearModel.LongestText];
        var buffer = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        ReadOnlySpan<char> normal = buffer[..TextNormaliser.Normalise(text, buffer)];
        if (HarmlessContexts.WithoutExaggeration(normal) is { } plain)
        {
            Span<float> plainly = stackalloc float[model.Linear.Stride];
            model.Linear.ScoreNormal(plain, plainly);
            return ReadNormal(plain, plainly, exaggerates: true);
        }
        var reading = ReadNormal(normal, scores);
        if (Evasions.Undo(normal) is not { } meant) return reading;
        Span<float> again = stackalloc float[model.Linear.Stride];
        model.Linear.ScoreNormal(meant, again);
        return Worse(reading, ReadNormal(meant, again));
    }

    /// <summary>Reads one text.</summary>
    public DangerReading Read(string text)
    {
        Span<float> scores = stackalloc float[model.Linear.Stride];
        model.Linear.Score(text, scores);
        return Read(text, scores);
    }

    /// <summary>The graver of two readings, with the evidence of both when they are equally grave.</summary>
    public static DangerReading Worse(DangerReading first, DangerReading second) =>
        second.Risk > first.Risk ? second
        : second.Risk < first.Risk || first.Risk == Risk.None ? first
        : first with { Evidence = [.. first.Evidence.Concat(second.Evidence).Distinct().Take(MostEvidence)] };

    private DangerReading ReadNormal(ReadOnlySpan<char> normal, ReadOnlySpan<float> scores, bool exaggerates = false)
    {
        Span<float> dangers = stackalloc float[model.Danger.Answers];
        LinearModel.Probabilities(model.Danger, scores, dangers);
        var crisis = dangers[(int)Risk.Crisis] + dangers[(int)Risk.Concern] / 2;
        var any = dangers[(int)Risk.Crisis] + dangers[(int)Risk.Concern];
        if (exaggerates) (crisis, any) = (crisis * Exaggerated, any * Exaggerated);
        else if (any >= settings.LexiconFrom && any < settings.HarmlessBelow && HarmlessContexts.In(normal))
            (crisis, any) = (crisis * Harmless, any * Harmless);
        var bare = BareWords.In(normal);
        var heeded = any >= settings.LexiconFrom || bare is not null;
        var severity = heeded ? Severity.Of(normal, crisis) : crisis / 2;
        var hits = heeded ? _lexicon.Find(normal) : null;
        var gravest = hits?.Max(h => h.Pattern.Level) ?? Risk.None;
        // the longer a text, the more of it only sounds like danger
        var length = normal.Length > LongText ? settings.LongTextAdds : 0;
        // where no expression of danger stands and the matter is surely another, its words are better explained by that
        if (bare is null && gravest == Risk.None && PlainMatter(scores) >= settings.PlainMatterFrom) length += settings.PlainMatterAdds;
        var risk =
            bare is not null || crisis >= settings.CrisisFrom + length
                || (gravest == Risk.Crisis && crisis >= settings.CrisisWithLexiconFrom + length) ? Risk.Crisis
            : any >= settings.ConcernFrom + length || gravest != Risk.None ? Risk.Concern
            : Risk.None;
        if (risk != Risk.None && bare is null && gravest == Risk.None && normal.Length <= FixedWords && IsTalk(scores)) risk = Risk.None;
        if (risk == Risk.None) return DangerReading.Nothing with { Severity = severity };
        var type = bare is not null && hits is null ? RiskType.SelfHarm : TypeOf(hits, gravest, scores);
        var place = hits?.Where(h => h.Pattern.Level == gravest).Min(h => h.Start) ?? normal.Length;
        return new DangerReading(risk, type, AboutWhom.IsSomeoneElse(normal, place), severity, EvidenceOf(normal, bare, hits, risk));
    }

    // How surely the text is about what seldom stands beside a danger.
    private float PlainMatter(ReadOnlySpan<float> scores)
    {
        Span<float> topics = stackalloc float[model.Topic.Answers];
        LinearModel.Probabilities(model.Topic, scores, topics);
        var plain = 0f;
        foreach (var topic in PlainTopics) plain += topics[(int)topic];
        return plain;
    }

    private bool IsTalk(ReadOnlySpan<float> scores)
    {
        Span<float> acts = stackalloc float[model.Act.Answers];
        LinearModel.Probabilities(model.Act, scores, acts);
        return 1 - acts[(int)ConversationAct.Inquiry] >= settings.FixedWordsFrom;
    }

    private RiskType TypeOf(List<DangerLexicon.Hit>? hits, Risk gravest, ReadOnlySpan<float> scores)
    {
        Span<float> types = stackalloc float[model.DangerType.Answers];
        LinearModel.Probabilities(model.DangerType, scores, types);
        foreach (var hit in hits ?? [])
            if (hit.Pattern.Level == gravest) types[(int)hit.Pattern.Type - 1] += 0.3f;
        var best = 0;
        for (var t = 1; t < types.Length; t++) if (types[t] > types[best]) best = t;
        return (RiskType)(best + 1);
    }

    private List<string> EvidenceOf(ReadOnlySpan<char> normal, string? bare, List<DangerLexicon.Hit>? hits, Risk risk)
    {
        var evidence = new List<string>();
        if (bare is not null) evidence.Add(bare);
        foreach (var hit in hits ?? [])
        {
            var words = new string(normal[hit.Start..hit.End]);
            if (evidence.Count < MostEvidence && !evidence.Any(e => e.Contains(words, StringComparison.Ordinal))) evidence.Add(words);
        }
        if (evidence.Count > 0) return evidence;
        evidence = StrongestWords.Of(model.Linear, normal, model.Danger.Offset + (int)risk, MostEvidence - 1);
        if (evidence.Count == 0) evidence.Add(new string(normal[..Math.Min(20, normal.Length)]));
        return evidence;
    }
}
