using System.Globalization;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Measures the sorter on its own seeds by five-fold cross-validation (<see cref="SeedFolds"/>): every text is sorted
/// by a model that has not seen it. The seeds' writers being few, the figures flatter; what they are good for is telling a
/// better sorter from a worse one.</summary>
public static class EvaluateSeeds
{
    /// <summary>What was measured over all five parts.</summary>
    internal sealed class Result
    {
        public LabelScores Topics { get; } = new();
        public LabelScores Kinds { get; } = new();
        public LabelScores Urgencies { get; } = new();
        public LabelScores Acts { get; } = new();
        public LabelScores Relations { get; } = new();
        public LabelScores Turns { get; } = new();
        public List<(double Probability, bool Right)> TopicPredictions { get; } = [];
        public List<(string Label, string Type, bool Hard, Risk Read, double Severity)> Dangers { get; } = [];

        public double CrisisRecall => Share("crisis", r => r == Risk.Crisis);
        public double CrisisAlarm => Share("crisis", r => r != Risk.None);
        public double FalseCrisis => Share("none", r => r == Risk.Crisis);

        private double Share(string label, Func<Risk, bool> counts) =>
            Dangers.Where(d => d.Label == label).Select(d => counts(d.Read) ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();
    }

    /// <param name="seedsFolder">The seeds to measure on.</param>
    /// <param name="output">Where the figures go.</param>
    /// <param name="predictionsPath">A file for every single prediction, or null.</param>
    /// <param name="ablation">True to measure again without each kind of feature and each family of seeds.</param>
    /// <param name="progress">Told which part is being measured; null for silence.</param>
    public static void Run(string seedsFolder, TextWriter output, string? predictionsPath = null, bool ablation = false,
        Action<string>? progress = null)
    {
        var seeds = TriageSeeds.Read(seedsFolder);
        var folds = FoldsOf(seeds);
        using var file = new PredictionsFile(predictionsPath, "text");
        var whole = Measure(seeds, folds, Ablation.Whole, file, progress);
        whole.Topics.Write(output, "topic");
        whole.Kinds.Write(output, "kind");
        whole.Urgencies.Write(output, "urgency");
        whole.Acts.Write(output, "act");
        whole.Relations.Write(output, "relation");
        whole.Turns.Write(output, "act in conversation");
        Confidence.Write(output, whole.TopicPredictions);
        WriteDanger(output, whole);
        if (!ablation) return;
        output.WriteLine("variant\ttopic_F1\tat_80%\tECE\tkind_F1\turgency_F1\tact_F1\tturn\tturn_F1\tcrisis\talarm\tfalse_crisis");
        foreach (var variant in Ablation.All)
        {
            progress?.Invoke(variant.Name);
            var r = variant == Ablation.Whole ? whole : Measure(seeds, folds, variant, null, progress);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{variant.Name}\t{r.Topics.MacroF1:F4}\t{Confidence.AccuracyAt(r.TopicPredictions, 0.8):F4}\t{Confidence.CalibrationError(r.TopicPredictions):F4}\t{r.Kinds.MacroF1:F4}\t{r.Urgencies.MacroF1:F4}\t{r.Acts.MacroF1:F4}\t{r.Turns.Accuracy:F4}\t{r.Turns.MacroF1:F4}\t{r.CrisisRecall:F4}\t{r.CrisisAlarm:F4}\t{r.FalseCrisis:F4}"));
        }
    }

    internal static SeedFolds FoldsOf(TriageSeeds seeds) =>
        new(seeds.Messages.Select(m => m.Text).Concat(seeds.Danger.Select(d => d.Text)).Concat(seeds.Acts.Select(a => a.Text))
            .Concat(seeds.Turns.Select(t => t.Text)).Concat(seeds.Conversations.Select(c => c.Text)));

    internal static Result Measure(TriageSeeds seeds, SeedFolds folds, Ablation variant, PredictionsFile? file, Action<string>? progress)
    {
        var result = new Result();
        var taught = variant.Seeds(seeds);
        for (var fold = 0; fold < SeedFolds.Count; fold++)
        {
            progress?.Invoke($"{variant.Name}, part {fold + 1} of {SeedFolds.Count}");
            var part = fold;
            var sorter = TriageInquiry.Train(taught.Where(text => folds.Of(text) != part), null, variant.Reading, variant.LeftOut);
            Add(result, sorter, seeds.Where(text => folds.Of(text) == part), file);
        }
        return result;
    }

    private static void Add(Result result, TriageInquiry sorter, TriageSeeds part, PredictionsFile? file)
    {
        foreach (var m in part.Messages)
        {
            var verdict = sorter.Sort(m.Text, TriageContext.First);
            var (truth, guess) = (SeedCodes.Code(m.Topic), SeedCodes.Code(verdict.Topic));
            result.Topics.Add(truth, guess);
            result.TopicPredictions.Add((verdict.TopicProbability, truth == guess));
            result.Kinds.Add(SeedCodes.Code(m.Kind), SeedCodes.Code(verdict.Kind));
            result.Urgencies.Add(SeedCodes.Code(m.Urgency), SeedCodes.Code(verdict.Urgency));
            file?.Write("topic", truth, guess, verdict.TopicProbability, m.Text);
            file?.Write("kind", SeedCodes.Code(m.Kind), SeedCodes.Code(verdict.Kind), verdict.KindProbability, m.Text);
            file?.Write("urgency", SeedCodes.Code(m.Urgency), SeedCodes.Code(verdict.Urgency), verdict.Severity, m.Text);
            file?.Write("message_act", "inquiry", SeedCodes.Code(verdict.Act), verdict.ActProbability, m.Text);
        }
        foreach (var d in part.Danger)
        {
            var verdict = sorter.Sort(d.Text, TriageContext.First);
            result.Dangers.Add((SeedCodes.Code(d.Level), SeedCodes.Code(d.Type), d.Hard, verdict.Risk, verdict.Severity));
            file?.Write("danger", SeedCodes.Code(d.Level), SeedCodes.Code(verdict.Risk), verdict.Severity, d.Text);
        }
        foreach (var a in part.Acts)
        {
            var verdict = sorter.Sort(a.Text, TriageContext.First);
            result.Acts.Add(SeedCodes.Code(a.Act), SeedCodes.Code(verdict.Act));
            file?.Write("act", SeedCodes.Code(a.Act), SeedCodes.Code(verdict.Act), verdict.ActProbability, a.Text);
        }
        foreach (var t in part.Turns)
        {
            var open = new OpenInquiry(sorter.Sort(t.Previous, TriageContext.First).Topic, t.Previous);
            var verdict = sorter.Sort(t.Text, new TriageContext([t.Previous], open));
            var guess = SeedCodes.Code(verdict.Relation == TurnRelation.NewTopic ? TurnRelation.NewTopic : TurnRelation.FollowUp);
            result.Relations.Add(SeedCodes.Code(t.Relation), guess);
            file?.Write("relation", SeedCodes.Code(t.Relation), guess, 0, $"{t.Previous} / {t.Text}");
            file?.Write("turn_act", "inquiry", SeedCodes.Code(verdict.Act), verdict.ActProbability, t.Text);
        }
        foreach (var (turn, verdict, guess) in part.Conversations.SelectMany(c => PlayConversation.Of(sorter, c)))
        {
            result.Turns.Add(turn.Code, guess);
            file?.Write("turn", turn.Code, guess, verdict.ActProbability, turn.Text);
        }
    }

    private static void WriteDanger(TextWriter output, Result result)
    {
        output.WriteLine("danger\tof\tn\tas_crisis\tas_crisis_or_concern");
        foreach (var label in result.Dangers.GroupBy(d => d.Label).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Row(label.Key, "(all)", label);
            Row(label.Key, "(hard)", label.Where(d => d.Hard));
            foreach (var type in label.GroupBy(d => d.Type).OrderBy(g => g.Key, StringComparer.Ordinal)) Row(label.Key, type.Key, type);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"severity of crisis over concern {Confidence.RankedAbove(Severities("crisis"), Severities("concern")):F4}, of crisis over none {Confidence.RankedAbove(Severities("crisis"), Severities("none")):F4}"));

        double[] Severities(string label) => [.. result.Dangers.Where(d => d.Label == label).Select(d => d.Severity)];
        void Row(string label, string of, IEnumerable<(string, string, bool, Risk Read, double)> read)
        {
            var risks = read.Select(d => d.Read).ToArray();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{label}\t{of}\t{risks.Length}\t{risks.Count(r => r == Risk.Crisis) / (double)risks.Length:F4}\t{risks.Count(r => r != Risk.None) / (double)risks.Length:F4}"));
        }
    }
}
