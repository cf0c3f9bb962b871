using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Acts;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage;

/// <summary>The seeds as training texts, each with its answer to every question, or -1 where it does not teach it.
/// Messages come first, the words and phrases that only lend knowledge last.</summary>
internal sealed class TriageLessons
{
    // Every message is an inquiry, and whatever tells of danger: so many alike would outweigh what is said in conversations, and take a quarter of
    // the learning's time.
    private const int ActsEvery = 3;

    private readonly List<string> _texts = [];
    private readonly List<(int Topic, int Kind, int Urgency, int Danger, int Type, int Act, int Turn)> _labels = [];

    public IReadOnlyList<string> Texts => _texts;

    /// <summary>How many of the texts are messages, not phrases.</summary>
    public int Examples { get; private set; }

    /// <summary>Where the acts begin, the pairs of messages (one text each: the second), and the conversations, turn after turn.</summary>
    public int FirstAct { get; private set; }
    public int FirstPair { get; private set; }
    public int FirstTurn { get; private set; }

    public int[] Topics => [.. _labels.Select(l => l.Topic)];
    public int[] Kinds => [.. _labels.Select(l => l.Kind)];
    public int[] Urgencies => [.. _labels.Select(l => l.Urgency)];
    public int[] Dangers => [.. _labels.Select(l => l.Danger)];
    /// <summary>The danger (a <see cref="Risk"/>) one text teaches, or -1.</summary>
    public int Danger(int text) => _labels[text].Danger;

    /// <summary>Whether a text is a message of a known topic (what is not, is of the danger seeds or the like).</summary>
    public bool IsMessage(int text) => _labels[text].Topic >= 0;

    public int[] DangerTypes => [.. _labels.Select(l => l.Type)];
    public int[] Acts => [.. _labels.Select(l => l.Act)];
    public int[] Turns => [.. _labels.Select(l => l.Turn)];

    public static TriageLessons From(TriageSeeds seeds)
    {
        var lessons = new TriageLessons();
        foreach (var (n, m) in seeds.Messages.Index())
        {
            var act = n % ActsEvery == 0;
            lessons.Add(m.Text, topic: (int)m.Topic, kind: (int)m.Kind, urgency: m.Urgency == Urgency.Routine ? 0 : 1,
                danger: (int?)m.Danger.Level ?? -1, type: (int)m.Danger.Type - 1, act: act ? (int)ConversationAct.Inquiry : -1, turn: act ? (int)TurnAct.NewInquiry : -1);
        }
        foreach (var (n, d) in seeds.Danger.Index())
            lessons.Add(d.Text, danger: (int)d.Level, type: (int)d.Type - 1,
                act: d.Level != Risk.None && n % ActsEvery == 0 ? (int)ConversationAct.Inquiry : -1);
        lessons.FirstAct = lessons._texts.Count;
        foreach (var a in seeds.Acts)
            lessons.Add(a.Text, danger: (int)Risk.None, act: (int)a.Act, turn: (int)TurnActs.Of(a.Act));
        foreach (var c in seeds.Corrected)
            lessons.Add(c.Text, topic: (int?)c.Topic ?? -1, kind: (int?)c.Kind ?? -1, urgency: c.Urgency is null ? -1 : c.Urgency == Urgency.Routine ? 0 : 1,
                // never harmlessness: a danger can be raised by a correction, not unlearned
                danger: (int?)c.Danger ?? -1, act: (int)ConversationAct.Inquiry);
        lessons.FirstPair = lessons._texts.Count;
        foreach (var t in seeds.Turns)
            lessons.Add(t.Text, danger: (int?)t.Danger.Level ?? -1, type: (int)t.Danger.Type - 1, turn: (int)TurnActs.Of(t.Relation));
        lessons.FirstTurn = lessons._texts.Count;
        foreach (var t in seeds.Conversations.SelectMany(c => c.Turns))
            lessons.Add(t.Text, topic: (int?)t.Topic ?? -1, act: (int)TurnActs.ActOf(t.Act), turn: (int)t.Act,
                danger: (int?)t.Danger.Level ?? -1, type: (int)t.Danger.Type - 1);
        lessons.Examples = lessons._texts.Count;
        foreach (var p in seeds.Phrases) lessons.Add(p.Text, topic: (int)p.Topic);
        foreach (var p in seeds.Patterns) lessons.Add(p.Pattern, danger: (int)p.Level, type: (int)p.Type - 1);
        return lessons;
    }

    private void Add(string text, int topic = -1, int kind = -1, int urgency = -1, int danger = -1, int type = -1,
        int act = -1, int turn = -1)
    {
        _texts.Add(text);
        _labels.Add((topic, kind, urgency, danger, type, act, turn));
    }
}
