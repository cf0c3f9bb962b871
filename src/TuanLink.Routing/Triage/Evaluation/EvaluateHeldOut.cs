using System.Globalization;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Measures the sorter on every set of seeds/held-out (topics-*.tsv, danger-*.tsv, conversations-*.jsonl), each by itself and all of
/// a kind together: what docs/sorting.md states.</summary>
public static class EvaluateHeldOut
{
    private const string Ordinary = "ordinary";

    /// <param name="seedsFolder">The seeds: what is learned, and the sets.</param>
    /// <param name="output">Where the figures go.</param>
    /// <param name="ablation">True to measure again without each kind of feature and each family of seeds.</param>
    /// <param name="progress">Told what is being measured; null for silence.</param>
    /// <exception cref="MalformedFile">A file is missing or wrong; file and line are named.</exception>
    public static void Run(string seedsFolder, TextWriter output, bool ablation = false, Action<string>? progress = null)
    {
        var seeds = TriageSeeds.Read(seedsFolder);
        var folder = Path.Combine(seedsFolder, "held-out");
        if (!Directory.Exists(folder)) throw new MalformedFile(folder, 0, "the folder does not exist");
        var whole = Measure(Learn(seeds, Ablation.Whole), folder, progress);
        output.WriteLine("set\tn\ttopic_F1\tat_80%\tECE\tkind_F1");
        foreach (var set in whole.Topics) output.WriteLine(set.ToString());
        output.WriteLine("set\tcrises\tas_crisis\tas_crisis_or_concern\talarming\tas_crisis\tconcerns\tas_crisis\tordinary\tas_crisis\tas_crisis_or_concern");
        foreach (var set in whole.Dangers) output.WriteLine(set.ToString());
        output.WriteLine("set\tturns\taccuracy\tmacro_F1");
        foreach (var (name, acts) in whole.Acts)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{acts.Count}\t{acts.Accuracy:F4}\t{acts.MacroF1:F4}"));
        if (!ablation) return;
        output.WriteLine("variant\ttopic_F1\tat_80%\tECE\tkind_F1\tcrisis\tcrisis_or_concern\tfalse_crisis\tordinary_alarmed\tacts");
        foreach (var variant in Ablation.All)
        {
            progress?.Invoke(variant.Name);
            var r = variant == Ablation.Whole ? whole : Measure(Learn(seeds, variant), folder, null);
            var (topics, dangers, acts) = (r.Topics[^1].Result, r.Dangers[^1], r.Acts[^1].Scores);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{variant.Name}\t{topics.Topics.MacroF1:F3}\t{topics.AccuracyOfMostConfident(0.8):F3}\t{topics.CalibrationError:F3}\t{topics.Kinds.MacroF1:F3}\t{dangers.Crises.CrisisShare:F3}\t{dangers.Crises.AlarmShare:F3}\t{dangers.Alarming.CrisisShare:F3}\t{dangers.Ordinary.AlarmShare:F3}\t{acts.Accuracy:F3}"));
        }
    }

    private static TriageInquiry Learn(TriageSeeds seeds, Ablation variant) =>
        TriageInquiry.Train(variant.Seeds(seeds), null, variant.Reading, variant.LeftOut);

    private static Result Measure(TriageInquiry sorter, string folder, Action<string>? progress)
    {
        List<TopicSet> topics = [.. Sets(folder, "topics-*.tsv", progress).Select(f => new TopicSet(f.Name, EvaluateTopics.Run(() => sorter, f.Path, TextWriter.Null, speed: false)))];
        List<DangerSet> dangers = [.. Sets(folder, "danger-*.tsv", progress).Select(f => DangerSet.Of(f.Name, EvaluateCrisis.Run(() => sorter, f.Path, TextWriter.Null)))];
        List<(string Name, LabelScores Scores)> acts = [.. Sets(folder, "conversations-*.jsonl", progress).Select(f => (f.Name, EvaluateConversations.Run(() => sorter, f.Path, TextWriter.Null)))];
        topics.Add(new("topics", new(LabelScores.Together(topics.Select(t => t.Result.Topics)), LabelScores.Together(topics.Select(t => t.Result.Kinds)),
            LabelScores.Together(topics.Select(t => t.Result.Urgencies)), [.. topics.SelectMany(t => t.Result.TopicPredictions)], 0)));
        dangers.Add(DangerSet.Together(dangers));
        acts.Add(("conversations", LabelScores.Together(acts.Select(a => a.Scores))));
        return new(topics, dangers, acts);
    }

    // In the order of their numbers.
    private static IEnumerable<(string Name, string Path)> Sets(string folder, string pattern, Action<string>? progress)
    {
        foreach (var path in Directory.GetFiles(folder, pattern).OrderBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            progress?.Invoke(name);
            yield return (name, path);
        }
    }

    private sealed record Result(IReadOnlyList<TopicSet> Topics, IReadOnlyList<DangerSet> Dangers, IReadOnlyList<(string Name, LabelScores Scores)> Acts);

    private sealed record TopicSet(string Name, EvaluateTopics.Result Result)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Name}\t{Result.Topics.Count}\t{Result.Topics.MacroF1:F4}\t{Result.AccuracyOfMostConfident(0.8):F4}\t{Result.CalibrationError:F4}\t{Result.Kinds.MacroF1:F4}");
    }

    /// <param name="Alarming">What only looks dangerous; what nobody would take for it is <see cref="Ordinary"/>.</param>
    private sealed record DangerSet(string Name, EvaluateCrisis.Row Crises, EvaluateCrisis.Row Concerns, EvaluateCrisis.Row Alarming, EvaluateCrisis.Row Ordinary)
    {
        public static DangerSet Of(string name, IReadOnlyList<EvaluateCrisis.Row> rows)
        {
            EvaluateCrisis.Row All(string label) => Sum(rows.Where(r => r.Label == label && r.Type.Length == 0));
            return new(name, All("crisis"), All("concern"),
                Sum(rows.Where(r => r is { Label: "none", Type: not ("" or EvaluateHeldOut.Ordinary) })),
                Sum(rows.Where(r => r is { Label: "none", Type: EvaluateHeldOut.Ordinary })));
        }

        public static DangerSet Together(IReadOnlyList<DangerSet> sets) =>
            new("danger", Sum(sets.Select(s => s.Crises)), Sum(sets.Select(s => s.Concerns)), Sum(sets.Select(s => s.Alarming)), Sum(sets.Select(s => s.Ordinary)));

        private static EvaluateCrisis.Row Sum(IEnumerable<EvaluateCrisis.Row> rows) => rows.Aggregate(new EvaluateCrisis.Row("", "", 0, 0, 0), (sum, r) =>
            sum with { Count = sum.Count + r.Count, Crisis = sum.Crisis + r.Crisis, CrisisOrConcern = sum.CrisisOrConcern + r.CrisisOrConcern });

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Name}\t{Crises.Count}\t{Crises.CrisisShare:F4}\t{Crises.AlarmShare:F4}\t{Alarming.Count}\t{Alarming.CrisisShare:F4}\t{Concerns.Count}\t{Concerns.CrisisShare:F4}\t{Ordinary.Count}\t{Ordinary.Crisis}\t{Ordinary.CrisisOrConcern}");
    }
}
