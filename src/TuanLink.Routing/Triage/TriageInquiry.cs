using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Acts;
using TuanLink.Routing.Triage.Danger;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Triage;

/// <summary>Sorts a youth's message: topic, kind, urgency, danger, what it does in the conversation. Pure and thread safe:
/// the same seeds, text and context give the same verdict, everywhere, without a network.</summary>
public sealed class TriageInquiry
{
    private const int Alternatives = 3, Reasons = 3;

    // Messages read together for danger, for what is said in pieces (我 / 不想 / 活了).
    private const int Together = 4, TogetherCharacters = 200;

    private readonly TriageModel _model;
    private readonly TriageSettings _settings;
    private readonly DangerScreen _screen;

    internal TriageInquiry(TriageModel model, IReadOnlyList<DangerPattern> patterns, TriageSettings settings)
    {
        settings.Check();
        (_model, _settings, _screen) = (model, settings, new DangerScreen(model, patterns, settings));
    }

    /// <summary>Learns from the seeds folder, or loads what was learned from the very same seeds by the very same code.</summary>
    /// <param name="seedsFolder">The seeds folder (holding messages/, phrases/, danger/, acts/).</param>
    /// <param name="cacheFolder">Where the learned model is kept between starts, or null to keep none.</param>
    /// <param name="settings">Thresholds, or null for the defaults.</param>
    /// <exception cref="MalformedFile">A seed file is missing or wrong; file and line are named.</exception>
    public static TriageInquiry Train(string seedsFolder, string? cacheFolder, TriageSettings? settings = null) =>
        // The seeds' lines, tens of thousands, are read only where something is to be learned: a start has no time for them.
        Kept(TriageSeeds.HashOf(seedsFolder), cacheFolder) is { } model
            ? new(model, TriageSeeds.ReadPatterns(seedsFolder), settings ?? TriageSettings.Default)
            : Train(TriageSeeds.Read(seedsFolder), settings, cacheFolder);

    /// <summary>Where a build leaves what it learned from the seeds it ships, so that not even the first start has to learn.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "learned");

    /// <summary>Learns from the seeds and keeps what was learned, whatever was kept before.</summary>
    /// <exception cref="MalformedFile">A seed file is missing or wrong; file and line are named.</exception>
    public static void Keep(string seedsFolder, string folder)
    {
        var seeds = TriageSeeds.Read(seedsFolder);
        new TriageModelFile(folder, seeds.ContentHash).Save(TriageModel.Learn(seeds));
    }

    /// <summary>Learns from seeds already read.</summary>
    /// <param name="cacheFolder">As above; null keeps none.</param>
    public static TriageInquiry Train(TriageSeeds seeds, TriageSettings? settings = null, string? cacheFolder = null)
    {
        var model = Kept(seeds.ContentHash, cacheFolder);
        if (model is null)
        {
            model = TriageModel.Learn(seeds);
            if (cacheFolder is not null)
                new TriageModelFile(cacheFolder, seeds.ContentHash).Save(model);
        }
        return new(model, seeds.Patterns, settings ?? TriageSettings.Default);
    }

    // Without a folder of its own, a sorter is learned whatever was shipped.
    private static TriageModel? Kept(string contentHash, string? cacheFolder) => cacheFolder is null ? null
        : new TriageModelFile(cacheFolder, contentHash).Load() ?? new TriageModelFile(ShippedFolder, contentHash).Load();

    /// <summary>Learns from seeds already read, reading texts in another way than the shipped one: for measuring.</summary>
    internal static TriageInquiry Train(TriageSeeds seeds, TriageSettings? settings, FeatureSettings reading,
        TurnFeatures leftOut = TurnFeatures.None) =>
        new(TriageModel.Learn(seeds, reading, leftOut), seeds.Patterns, settings ?? TriageSettings.Default);

    /// <summary>The expressions of a text that speak for a topic, strongest first; none where nothing does.</summary>
    public IReadOnlyList<string> WhyTopic(string text, Topic topic) =>
        StrongestWords.Of(_model.Linear, TextNormaliser.Normalise(Cut(text)), _model.Topic.Offset + (int)topic, Reasons);

    /// <summary>Sorts one message.</summary>
    public Verdict Sort(string text, TriageContext context) => Read(text)(context);

    /// <summary>Reads all that a message tells by itself; sorting it then waits for nothing but its place in the conversation.</summary>
    internal Func<TriageContext, Verdict> Read(string text)
    {
        text = Cut(text);
        var normal = TextNormaliser.Normalise(text);
        var scores = new float[_model.Linear.Stride];
        _model.Linear.ScoreNormal(normal, scores);
        var danger = _screen.Read(normal, scores);
        return context => Sort(text, normal, scores, danger, context);
    }

    private static string Cut(string text) => text.Length > LinearModel.LongestText ? text[..LinearModel.LongestText] : text;

    private Verdict Sort(string text, ReadOnlySpan<char> normal, ReadOnlySpan<float> scores, DangerReading own, TriageContext context)
    {
        Span<float> topics = stackalloc float[_model.Topic.Answers];
        LinearModel.Probabilities(_model.Topic, scores, topics);
        var topic = Highest(topics);
        Span<float> kinds = stackalloc float[_model.Kind.Answers];
        LinearModel.Probabilities(_model.Kind, scores, kinds);
        // whoever is in danger now wants somebody to act, however it is put
        var kind = own.Risk == Risk.Crisis ? (int)InquiryKind.HelpRequest : Highest(kinds);
        var (urgency, urgencyProbability) = Best(_model.Urgency, scores);
        var danger = DangerSoFar(normal, context, own);
        Span<float> acts = stackalloc float[TurnActs.Count];
        ReadTurn(normal, scores, context, acts);
        var (act, actProbability) = ReadAct(acts, scores, own.Risk, isOpen: context.OpenInquiry is not null);
        return new Verdict
        {
            Topic = (Topic)topic,
            TopicProbability = topics[topic],
            Alternatives = NextTopics(topics, topic),
            Kind = (InquiryKind)kind,
            KindProbability = kinds[kind],
            Urgency = danger.Risk == Risk.Crisis ? Urgency.Crisis
                : danger.Risk == Risk.Concern || (urgency == 1 && urgencyProbability >= _settings.PriorityFrom) ? Urgency.Priority
                : Urgency.Routine,
            Category = ProposeCategory.For((InquiryKind)kind, (Topic)topic, text),
            Risk = danger.Risk,
            RiskType = danger.Type,
            AboutSomeoneElse = danger.SomeoneElse,
            Severity = danger.Severity,
            Evidence = danger.Evidence,
            NeedsHuman = topics[topic] < _settings.TopicNeedsHumanBelow,
            Act = act,
            ActProbability = actProbability,
            Relation = context.OpenInquiry is null ? TurnRelation.Unsure : Relate(acts),
        };
    }

    // The gravest of this message, the last few together, and what was recorded: it never falls by itself. The earlier ones were read when they
    // came; to read them again one by one would raise what a named human has lowered.
    private DangerReading DangerSoFar(ReadOnlySpan<char> normal, TriageContext context, DangerReading own)
    {
        var danger = own;
        if (danger.Risk < Risk.Crisis && context.RiskSoFar < Risk.Crisis && context.EarlierTexts.Count > 0)
        {
            Span<char> joined = stackalloc char[TogetherCharacters];
            var together = joined[..Join(context.EarlierTexts, normal, joined)];
            // What the earlier ones say without this message was heard when they came.
            if (together.Length > normal.Length && ReadTogether(together) is { Risk: Risk.Crisis } crisis && ReadTogether(together[..^normal.Length]).Risk < Risk.Crisis)
                danger = DangerScreen.Worse(danger, crisis);
        }
        return AtLeast(context.RiskSoFar, danger);
    }

    private DangerReading ReadTogether(ReadOnlySpan<char> joined)
    {
        Span<float> scores = stackalloc float[_model.Linear.Stride];
        _model.Linear.ScoreNormal(joined, scores);
        Span<float> dangers = stackalloc float[_model.Danger.Answers];
        LinearModel.Probabilities(_model.Danger, scores, dangers);
        return dangers[(int)Risk.Crisis] >= _settings.CrisisTogetherFrom ? _screen.Read(joined, scores) : DangerReading.Nothing;
    }

    // The last few messages as one text; nothing where they are long enough to stand by themselves.
    private static int Join(IReadOnlyList<string> earlier, ReadOnlySpan<char> normal, Span<char> into)
    {
        var written = 0;
        for (var i = Math.Max(0, earlier.Count - Together + 1); i < earlier.Count; i++)
        {
            if (written + earlier[i].Length + normal.Length > into.Length) return 0;
            written += TextNormaliser.Normalise(earlier[i], into[written..]);
        }
        normal.CopyTo(into[written..]);
        return written + normal.Length;
    }

    private static DangerReading AtLeast(Risk recorded, DangerReading danger) =>
        recorded > danger.Risk ? danger with { Risk = recorded } : danger;

    private void ReadTurn(ReadOnlySpan<char> normal, ReadOnlySpan<float> scores, TriageContext context, Span<float> acts)
    {
        Span<float> row = stackalloc float[TurnReader.Width];
        _model.TurnReader.Read(normal, scores, context, row);
        _model.Turns.Probabilities(row, acts);
    }

    private (ConversationAct Act, double Probability) ReadAct(ReadOnlySpan<float> acts, ReadOnlySpan<float> scores, Risk risk, bool isOpen)
    {
        var inquiry = acts[(int)TurnAct.NewInquiry] + acts[(int)TurnAct.FollowUp];
        var best = (int)TurnAct.FollowUp + 1 + Highest(acts[((int)TurnAct.FollowUp + 1)..]);
        if (inquiry >= acts[best]) return (ConversationAct.Inquiry, inquiry);
        var act = TurnActs.ActOf((TurnAct)best);
        // whoever is in danger is heard, whatever else the words look like; a mere concern gives way to what they plainly are
        var heard = risk != Risk.None && (acts[best] < _settings.FixedWordsFrom || (risk == Risk.Crisis && act != ConversationAct.AskHuman));
        // an angry report is one: 垃圾 is rubbish before it is an insult; beside an open inquiry its handler sees it either way
        var angry = act == ConversationAct.AbuseOrAd && !isOpen && InWords(act, scores) < _settings.AbuseInWordsFrom;
        return (heard || angry || acts[best] < _settings.ActBelievedFrom ? ConversationAct.Inquiry : act, acts[best]);
    }

    private float InWords(ConversationAct act, ReadOnlySpan<float> scores)
    {
        Span<float> alone = stackalloc float[_model.Act.Answers];
        LinearModel.Probabilities(_model.Act, scores, alone);
        return alone[(int)act];
    }

    private TurnRelation Relate(ReadOnlySpan<float> acts)
    {
        var inquiry = acts[(int)TurnAct.NewInquiry] + acts[(int)TurnAct.FollowUp];
        var isNew = acts[(int)TurnAct.NewInquiry] / inquiry;
        return isNew >= _settings.NewTopicBelievedFrom ? TurnRelation.NewTopic
            : 1 - isNew >= _settings.RelationBelievedFrom ? TurnRelation.FollowUp
            : TurnRelation.Unsure;
    }

    private static TopicGuess[] NextTopics(ReadOnlySpan<float> topics, int best)
    {
        Span<float> left = stackalloc float[topics.Length];
        topics.CopyTo(left);
        left[best] = -1;
        var next = new TopicGuess[Alternatives];
        for (var i = 0; i < next.Length; i++)
        {
            var topic = Highest(left);
            next[i] = new TopicGuess((Topic)topic, left[topic]);
            left[topic] = -1;
        }
        return next;
    }

    private static (int Answer, double Probability) Best(LearnedHead head, ReadOnlySpan<float> scores)
    {
        Span<float> probabilities = stackalloc float[head.Answers];
        LinearModel.Probabilities(head, scores, probabilities);
        var best = Highest(probabilities);
        return (best, probabilities[best]);
    }

    private static int Highest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++) if (values[i] > values[best]) best = i;
        return best;
    }
}
