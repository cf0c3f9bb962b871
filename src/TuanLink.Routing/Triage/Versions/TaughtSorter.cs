using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Corrections;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>
/// A sorter with lessons. Topic, kind and urgency are learned from all of them; danger is learned apart, from the seeds and the dangers
/// humans raised alone, and is never below what the seeds alone read: so no correction of a topic moves it, and none can dull it.
/// </summary>
public sealed class TaughtSorter
{
    private readonly TriageInquiry _seeds, _taught;
    private readonly TriageInquiry? _raised;

    /// <param name="seeds">Learned from the seeds alone.</param>
    /// <param name="lessons">What humans put right.</param>
    /// <param name="learn">Learns from the seeds and these, or loads what was learned from them.</param>
    public TaughtSorter(TriageInquiry seeds, IReadOnlyList<CorrectedMessage> lessons, Func<IReadOnlyList<CorrectedMessage>, TriageInquiry> learn)
    {
        _seeds = seeds;
        IReadOnlyList<CorrectedMessage> sorting = Sorting(lessons), dangers = Dangers(lessons);
        _taught = sorting.Count == 0 ? seeds : learn(sorting);
        _raised = dangers.Count == 0 ? null : learn(dangers);
    }

    /// <summary>What the lessons say of anything but danger.</summary>
    public static IReadOnlyList<CorrectedMessage> Sorting(IReadOnlyList<CorrectedMessage> lessons) =>
        [.. lessons.Select(l => l with { Danger = null }).Where(l => l != new CorrectedMessage(l.Text))];

    /// <summary>The dangers the lessons raise.</summary>
    public static IReadOnlyList<CorrectedMessage> Dangers(IReadOnlyList<CorrectedMessage> lessons) =>
        [.. lessons.Where(l => l.Danger is not null).Select(l => new CorrectedMessage(l.Text, Danger: l.Danger))];

    public Verdict Sort(string text, TriageContext context) => Read(text)(context);

    /// <summary>Reads what a message tells by itself (<see cref="TriageInquiry"/>).</summary>
    internal Func<TriageContext, Verdict> Read(string text)
    {
        Func<TriageContext, Verdict> seeds = _seeds.Read(text);
        Func<TriageContext, Verdict>? raised = _raised?.Read(text), taught = ReferenceEquals(_taught, _seeds) ? null : _taught.Read(text);
        return context => Together(seeds(context), raised?.Invoke(context), taught?.Invoke(context));
    }

    private static Verdict Together(Verdict danger, Verdict? raised, Verdict? sorted)
    {
        if (raised is not null && raised.Risk > danger.Risk)
            danger = raised;
        return sorted is null ? danger : danger with
        {
            Topic = sorted.Topic, TopicProbability = sorted.TopicProbability, Alternatives = sorted.Alternatives,
            NeedsHuman = sorted.NeedsHuman, Kind = sorted.Kind, KindProbability = sorted.KindProbability, Category = sorted.Category, Relation = sorted.Relation,
            // Where either read a danger, its urgency is the danger's; else it is what was learned.
            Urgency = danger.Risk != Risk.None || sorted.Risk != Risk.None ? danger.Urgency : sorted.Urgency,
        };
    }

    /// <summary>The expressions of a text that speak for a topic, strongest first.</summary>
    public IReadOnlyList<string> WhyTopic(string text, Topic topic) => _taught.WhyTopic(text, topic);
}
