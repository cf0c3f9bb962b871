using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Acts;
using TuanLink.Routing.Triage.Danger;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage;

/// <summary>All that is learned from the seeds in one go: one reading of a text answers every head.</summary>
internal sealed class TriageModel
{
    public const string TopicHead = "topic", KindHead = "kind", UrgencyHead = "urgency", DangerHead = "danger",
        DangerTypeHead = "danger_type", ActHead = "act", TurnHead = "turn";

    /// <summary>What the shipped model reads, as measured in docs/sorting.md.</summary>
    public static FeatureSettings Reading { get; } = new() { LongestGram = 3, LeastTexts = 3, BayesPower = 0.25 };

    private const int Folds = 2;

    public TriageModel(LinearModel linear, SmallNetwork turns, DangerWeights dangers, TurnFeatures leftOut = TurnFeatures.None)
    {
        (Linear, Turns, Dangers) = (linear, turns, dangers);
        (Topic, Kind, Urgency) = (linear.Head(TopicHead), linear.Head(KindHead), linear.Head(UrgencyHead));
        (Danger, DangerType) = (linear.Head(DangerHead), linear.Head(DangerTypeHead));
        (Act, Turn) = (linear.Head(ActHead), linear.Head(TurnHead));
        TurnReader = new TurnReader(linear, Topic, Kind, Act, Turn, leftOut);
    }

    public LinearModel Linear { get; }

    /// <summary>How the act of a message is told from what <see cref="TurnReader"/> reads of it.</summary>
    public SmallNetwork Turns { get; }
    public TurnReader TurnReader { get; }
    public DangerWeights Dangers { get; }
    public LearnedHead Topic { get; }
    public LearnedHead Kind { get; }

    /// <summary>Two answers: routine, or priority.</summary>
    public LearnedHead Urgency { get; }

    /// <summary>One answer per <see cref="Risk"/>.</summary>
    public LearnedHead Danger { get; }

    /// <summary>One answer per <see cref="RiskType"/> but None.</summary>
    public LearnedHead DangerType { get; }
    public LearnedHead Act { get; }

    /// <summary>One answer per <see cref="TurnAct"/>, from the words alone.</summary>
    public LearnedHead Turn { get; }

    public static TriageModel Learn(TriageSeeds seeds, FeatureSettings? reading = null, TurnFeatures leftOut = TurnFeatures.None)
    {
        var lessons = TriageLessons.From(seeds);
        Head[] heads =
        [
            new(TopicHead, Enum.GetValues<Topic>().Length, lessons.Topics, Cost: 0.5),
            new(KindHead, Enum.GetValues<InquiryKind>().Length, lessons.Kinds, Cost: 1, Balance: 0.5),
            new(UrgencyHead, 2, lessons.Urgencies, Cost: 1),
            new(DangerHead, Enum.GetValues<Risk>().Length, lessons.Dangers, Cost: 1, Balance: 0.5),
            new(DangerTypeHead, Enum.GetValues<RiskType>().Length - 1, lessons.DangerTypes, Cost: 1),
            new(ActHead, Enum.GetValues<ConversationAct>().Length, lessons.Acts, Cost: 1, Balance: 0.5),
            new(TurnHead, TurnActs.Count, lessons.Turns, Cost: 1, Balance: 0.5),
        ];
        var dangers = new DangerLessons(lessons, text => LinearLearner.PartOf(text, Folds));
        var lesson = LinearLearner.Learn(lessons.Texts, heads, reading ?? Reading, Folds, lessons.Examples, dangers.Asked);
        var words = StatedAsMeasured(lesson.Model, seeds.Calibration);
        var turnWeights = TurnLessons.NetworkOf(null);
        var dangerWeights = DangerWeights.Learn([]);
        // Neither reads what the other learns.
        Parallel.Invoke(
            () => dangerWeights = dangers.Learn(lesson, seeds.Patterns),
            () => turnWeights = TurnLessons.Learn(new TriageModel(words, turnWeights, dangerWeights, leftOut), lesson, lessons, seeds));
        return new TriageModel(words, turnWeights, dangerWeights, leftOut);
    }

    // The seeds are harder than life, being written to mislead, so what was fitted on them alone is too modest. How sure topic and kind may
    // be is measured on messages that taught nothing and that others wrote; which answers are favoured (the shifts) stays as learned.
    private static LinearModel StatedAsMeasured(LinearModel model, IReadOnlyList<SeedMessage> measured)
    {
        if (measured.Count == 0) return model;
        var scores = measured.Select(m =>
        {
            var all = new float[model.Stride];
            model.Score(m.Text, all);
            return all;
        }).ToArray();
        LearnedHead Stated(LearnedHead head, Func<SeedMessage, int> truth) => head with
        {
            Calibration = Calibration.Fit([.. scores.Select(s => s[head.Offset..(head.Offset + head.Answers)])], [.. measured.Select(truth)],
                head.Answers, head.Calibration.Shift),
        };
        return model.StatedBy([.. model.Heads.Select(h => h.Name switch
        {
            TopicHead => Stated(h, m => (int)m.Topic),
            KindHead => Stated(h, m => (int)m.Kind),
            _ => h,
        })]);
    }
}
