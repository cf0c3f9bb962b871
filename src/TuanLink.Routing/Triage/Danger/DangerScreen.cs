using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>What was read of danger in one text.</summary>
internal sealed record DangerReading(Risk Risk, RiskType Type, bool SomeoneElse, double Severity, IReadOnlyList<string> Evidence)
{
    public static DangerReading Nothing { get; } = new(Risk.None, RiskType.None, false, 0, []);
}

/// <summary>Reads a text for danger to life, body or freedom: what was learned of the whole and of its pieces, the expressions
/// of the lexicon and what surrounds them are weighed together (<see cref="DangerWeights"/>); once more with evasive spellings
/// undone. Tuned to miss nothing: a false alarm costs a human a look.</summary>
internal sealed class DangerScreen
{
    private const int MostEvidence = 4;

    // Longer than this nobody writes a greeting or a command, but many a farewell.
    private const int FixedWords = 12;

    private const int LongText = 90;

    // How much the first reading of the whole text counts beside what was weighed from all the features, in which the few texts that are
    // described alike speak too loudly. Measured on sets by other hands (docs/sorting.md).
    private const double FirstReading = 1.5;

    private readonly TriageModel _model;
    private readonly TriageSettings _settings;
    private readonly DangerFeatures _features;

    public DangerScreen(TriageModel model, IReadOnlyList<DangerPattern> patterns, TriageSettings settings) =>
        (_model, _settings, _features) = (model, settings, new DangerFeatures(model.Linear, new DangerLexicon(patterns)));

    /// <summary>Reads one normalised text whose scores are already known.</summary>
    public DangerReading Read(ReadOnlySpan<char> normal, ReadOnlySpan<float> scores)
    {
        var reading = ReadNormal(normal, scores);
        if (Evasions.Undo(normal) is not { } meant) return reading;
        Span<float> again = stackalloc float[_model.Linear.Stride];
        _model.Linear.ScoreNormal(meant, again);
        return Worse(reading, ReadNormal(meant, again));
    }

    /// <summary>The graver of two readings, with the evidence of both when they are equally grave.</summary>
    public static DangerReading Worse(DangerReading first, DangerReading second) =>
        second.Risk > first.Risk ? second
        : second.Risk < first.Risk || first.Risk == Risk.None ? first
        : first with { Evidence = [.. first.Evidence.Concat(second.Evidence).Distinct().Take(MostEvidence)] };

    private DangerReading ReadNormal(ReadOnlySpan<char> normal, ReadOnlySpan<float> scores)
    {
        Span<Range> pieces = stackalloc Range[Clauses.Most];
        pieces = pieces[..Clauses.Cut(normal, pieces)];
        Span<float> pieceScores = stackalloc float[3 * pieces.Length], own = stackalloc float[_model.Linear.Stride];
        for (var p = 0; p < pieces.Length; p++) _features.ScorePiece(normal[pieces[p]], own, pieceScores[(3 * p)..]);
        var bare = BareWords.In(normal);
        if (bare is null && _features.Margin(scores, pieceScores) < _model.Dangers.Gate) return DangerReading.Nothing;
        Span<float> features = stackalloc float[DangerFeatures.Count];
        var hits = _features.Describe(normal, scores, pieces, pieceScores, bare is not null, features);
        Span<float> dangers = stackalloc float[DangerWeights.Answers];
        _model.Dangers.Network.Probabilities(features, dangers);
        double crisis = dangers[(int)Risk.Crisis];
        var any = crisis + dangers[(int)Risk.Concern];
        var gravest = hits?.Max(h => h.Pattern.Level) ?? Risk.None;
        var severity = Severity.Of(normal, crisis);
        var first = scores.Slice(_model.Danger.Offset, DangerWeights.Answers);
        double none = dangers[(int)Risk.None];
        var risk = bare is not null || (crisis >= _settings.CrisisAtLeast && Rather(crisis, none, first[(int)Risk.Crisis] - first[(int)Risk.None]) >= _settings.CrisisFrom + (normal.Length > LongText ? _settings.LongTextAdds : 0)) ? Risk.Crisis
            : Rather(any, none, Math.Max(first[(int)Risk.Crisis], first[(int)Risk.Concern]) - first[(int)Risk.None]) >= _settings.ConcernFrom ? Risk.Concern
            : Risk.None;
        if (risk != Risk.None && bare is null && gravest == Risk.None && normal.Length <= FixedWords && IsTalk(scores)) risk = Risk.None;
        if (risk == Risk.None) return DangerReading.Nothing with { Severity = severity };
        var type = bare is not null && hits is null ? RiskType.SelfHarm : TypeOf(hits, gravest, scores);
        var place = hits?.Where(h => h.Pattern.Level == gravest).Min(h => h.Start) ?? normal.Length;
        return new DangerReading(risk, type, AboutWhom.IsSomeoneElse(normal, place), severity, EvidenceOf(normal, bare, hits, risk));
    }

    // How likely a danger is rather than none (0..1): what was weighed, and the margin of the first reading.
    private static double Rather(double danger, double none, float margin) =>
        1 / (1 + none / Math.Max(danger, 1e-9) * Math.Exp(-FirstReading * margin));

    private bool IsTalk(ReadOnlySpan<float> scores)
    {
        Span<float> acts = stackalloc float[_model.Act.Answers];
        LinearModel.Probabilities(_model.Act, scores, acts);
        return 1 - acts[(int)ConversationAct.Inquiry] >= _settings.FixedWordsFrom;
    }

    private RiskType TypeOf(List<DangerLexicon.Hit>? hits, Risk gravest, ReadOnlySpan<float> scores)
    {
        Span<float> types = stackalloc float[_model.DangerType.Answers];
        LinearModel.Probabilities(_model.DangerType, scores, types);
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
        evidence = StrongestWords.Of(_model.Linear, normal, _model.Danger.Offset + (int)risk, MostEvidence - 1);
        if (evidence.Count == 0) evidence.Add(new string(normal[..Math.Min(20, normal.Length)]));
        return evidence;
    }
}
