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
        DangerTypeHead = "danger_type", ActHead = "act", RelationHead = "relation";

    /// <summary>What the shipped model reads, as measured in docs/sorting.md.</summary>
    public static FeatureSettings Reading { get; } = new() { LongestGram = 2, LeastTexts = 1, TailCharacters = 30, BayesPower = 0.25 };

    private const int Folds = 4;

    public TriageModel(LinearModel linear, RelationWeights relations, DangerWeights dangers)
    {
        (Linear, Relations, Dangers) = (linear, relations, dangers);
        (Topic, Kind, Urgency) = (linear.Head(TopicHead), linear.Head(KindHead), linear.Head(UrgencyHead));
        (Danger, DangerType) = (linear.Head(DangerHead), linear.Head(DangerTypeHead));
        (Act, Relation) = (linear.Head(ActHead), linear.Head(RelationHead));
    }

    public LinearModel Linear { get; }
    public RelationWeights Relations { get; }
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
    public LearnedHead Relation { get; }

    public static TriageModel Learn(TriageSeeds seeds, FeatureSettings? reading = null)
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
            new(RelationHead, 2, lessons.Relations, Cost: 1),
        ];
        var dangers = new DangerLessons(lessons, text => LinearLearner.PartOf(text, Folds));
        var lesson = LinearLearner.Learn(lessons.Texts, heads, reading ?? Reading, Folds, lessons.Examples, dangers.Asked);
        var relation = lesson.Model.Head(RelationHead);
        var relations = RelationWeights.Learn(seeds.Turns, lesson.Model, lesson.Model.Head(TopicHead),
            i => lesson.Unseen[^1][lessons.FirstTurn + i][1]);
        return new TriageModel(lesson.Model, relations, dangers.Learn(lesson, seeds.Patterns));
    }
}
