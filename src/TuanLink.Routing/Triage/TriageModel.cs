using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage;

/// <summary>All that is learned from the seeds in one go: one reading of a text answers every head.</summary>
internal sealed class TriageModel
{
    public const string TopicHead = "topic", KindHead = "kind", UrgencyHead = "urgency", DangerHead = "danger",
        DangerTypeHead = "danger_type", ActHead = "act", RelationHead = "relation";

    /// <summary>What the shipped model reads, as measured in docs/sorting.md.</summary>
    public static FeatureSettings Reading { get; } = new()
    {
        LongestGram = 3, LeastTexts = 1, BayesPower = 0.5, FoldDigits = false,
    };

    public TriageModel(LinearModel linear)
    {
        Linear = linear;
        (Topic, Kind, Urgency) = (linear.Head(TopicHead), linear.Head(KindHead), linear.Head(UrgencyHead));
        (Danger, DangerType) = (linear.Head(DangerHead), linear.Head(DangerTypeHead));
        (Act, Relation) = (linear.Head(ActHead), linear.Head(RelationHead));
    }

    public LinearModel Linear { get; }
    public LearnedHead Topic { get; }
    public LearnedHead Kind { get; }
    public LearnedHead Urgency { get; }
    public LearnedHead Danger { get; }
    public LearnedHead DangerType { get; }
    public LearnedHead Act { get; }
    public LearnedHead Relation { get; }

    public static LinearLearner.Lesson Learn(TriageSeeds seeds, FeatureSettings reading, int folds = 3)
    {
        var texts = new List<string>();
        var labels = new Labels();
        foreach (var m in seeds.Messages)
            labels.Add(texts, m.Text, topic: (int)m.Topic, kind: (int)m.Kind,
                urgency: m.Urgency == Inquiries.Urgency.Routine ? 0 : 1,
                danger: m.Urgency == Inquiries.Urgency.Crisis ? -1 : (int)Risk.None, act: (int)ConversationAct.Inquiry);
        foreach (var d in seeds.Danger)
            labels.Add(texts, d.Text, danger: (int)d.Level, type: (int)d.Type - 1,
                act: d.Level == Risk.None ? -1 : (int)ConversationAct.Inquiry);
        foreach (var a in seeds.Acts)
            labels.Add(texts, a.Text, danger: (int)Risk.None, act: (int)a.Act);
        foreach (var t in seeds.Turns)
            labels.Add(texts, t.Text, relation: t.Relation == TurnRelation.NewTopic ? 1 : 0);

        Head[] heads =
        [
            new(TopicHead, Enum.GetValues<Topic>().Length, [.. labels.Topic], Cost: 1),
            new(KindHead, Enum.GetValues<InquiryKind>().Length, [.. labels.Kind], Cost: 1, Balance: 0.5),
            new(UrgencyHead, 2, [.. labels.Urgency], Cost: 1),
            new(DangerHead, 3, [.. labels.Danger], Cost: 1, Balance: 0.5),
            new(DangerTypeHead, 5, [.. labels.Type], Cost: 1),
            new(ActHead, Enum.GetValues<ConversationAct>().Length, [.. labels.Act], Cost: 1, Balance: 0.5),
            new(RelationHead, 2, [.. labels.Relation], Cost: 1),
        ];
        return LinearLearner.Learn(texts, heads, reading, new ConceptWords(seeds.Concepts), folds);
    }

    // One label list a head, all as long as the list of texts.
    private sealed class Labels
    {
        public List<int> Topic { get; } = [];
        public List<int> Kind { get; } = [];
        public List<int> Urgency { get; } = [];
        public List<int> Danger { get; } = [];
        public List<int> Type { get; } = [];
        public List<int> Act { get; } = [];
        public List<int> Relation { get; } = [];

        public void Add(List<string> texts, string text, int topic = -1, int kind = -1, int urgency = -1,
            int danger = -1, int type = -1, int act = -1, int relation = -1)
        {
            texts.Add(text);
            Topic.Add(topic);
            Kind.Add(kind);
            Urgency.Add(urgency);
            Danger.Add(danger);
            Type.Add(type);
            Act.Add(act);
            Relation.Add(relation);
        }
    }
}
