using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Versions;

/// <summary>
/// Measures two sets of lessons against each other. Both sorters are learned here without the seeds set aside, so that neither has seen
/// what it is measured on; what is put to use afterwards learns from these too.
/// </summary>
public static class CompareSorters
{
    public static Comparison Compare(TriageSeeds seeds, TriageSettings settings, IReadOnlyList<CorrectedMessage> champion,
        IReadOnlyList<CorrectedMessage> challenger, IReadOnlyList<CorrectedMessage> heldOut)
    {
        TriageSeeds shown = seeds.Where(text => !TriageSeeds.IsHeldOut(text));
        TriageInquiry Learn(IReadOnlyList<CorrectedMessage> lessons) => TriageInquiry.Train(shown.TaughtBy(lessons), settings);
        TriageInquiry plain = Learn([]);
        TaughtSorter old = new(plain, champion, Learn), young = new(plain, challenger, Learn);
        return Compare(seeds.Where(TriageSeeds.IsHeldOut), heldOut, text => old.Sort(text, TriageContext.First), text => young.Sort(text, TriageContext.First));
    }

    internal static Comparison Compare(TriageSeeds unseen, IReadOnlyList<CorrectedMessage> heldOut, Func<string, Verdict> champion, Func<string, Verdict> challenger)
    {
        var topics = new SortedDictionary<Topic, Paired>();
        Paired corrections = Paired.None, crisis = Paired.None, danger = Paired.None, harmless = Paired.None;
        void AddTopic(Topic topic, Verdict old, Verdict young) =>
            topics[topic] = topics.GetValueOrDefault(topic, Paired.None).Add(old.Topic == topic, young.Topic == topic);
        void AddDanger(Risk risk, Verdict old, Verdict young)
        {
            if (risk == Risk.Crisis) crisis = crisis.Add(old.Risk == Risk.Crisis, young.Risk == Risk.Crisis);
            if (risk == Risk.None) harmless = harmless.Add(old.Risk == Risk.None, young.Risk == Risk.None);
            else danger = danger.Add(old.Risk != Risk.None, young.Risk != Risk.None);
        }
        foreach (SeedMessage seed in unseen.Messages)
            AddTopic(seed.Topic, champion(seed.Text), challenger(seed.Text));
        foreach (DangerSeed seed in unseen.Danger)
            AddDanger(seed.Level, champion(seed.Text), challenger(seed.Text));
        foreach (CorrectedMessage said in heldOut)
        {
            Verdict old = champion(said.Text), young = challenger(said.Text);
            corrections = corrections.Add(Agrees(old, said), Agrees(young, said));
            if (said.Topic is { } topic) AddTopic(topic, old, young);
            if (said.Danger is { } risk) AddDanger(risk, old, young);
        }
        return new(topics, corrections, crisis, danger, harmless);
    }

    private static bool Agrees(Verdict verdict, CorrectedMessage said) =>
        (said.Topic is null || verdict.Topic == said.Topic) && (said.Kind is null || verdict.Kind == said.Kind)
        && (said.Urgency is null || (verdict.Urgency == Urgency.Routine) == (said.Urgency == Urgency.Routine))
        && (said.Danger is null || verdict.Risk >= said.Danger);
}
