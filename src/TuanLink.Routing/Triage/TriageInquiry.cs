using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage;

/// <summary>Sorts a youth's message: topic, kind, urgency, danger, what it does in the conversation. Pure and thread safe:
/// the same seeds, text and context give the same verdict, everywhere, without a network.</summary>
public sealed class TriageInquiry
{
    private readonly TriageModel _model;
    private readonly TriageSettings _settings;

    private TriageInquiry(TriageModel model, TriageSettings settings) => (_model, _settings) = (model, settings);

    /// <summary>Learns from the seeds folder, or loads what was learned from the very same seeds by the very same code.</summary>
    /// <param name="seedsFolder">The seeds folder (holding messages/, danger/, acts/, concepts/).</param>
    /// <param name="cacheFolder">Where the learned model is kept between starts, or null to keep none.</param>
    /// <param name="settings">Thresholds, or null for the defaults.</param>
    /// <exception cref="MalformedFile">A seed file is missing or wrong; file and line are named.</exception>
    public static TriageInquiry Train(string seedsFolder, string? cacheFolder, TriageSettings? settings = null)
    {
        _ = cacheFolder;
        return Train(TriageSeeds.Read(seedsFolder), settings);
    }

    /// <summary>Learns from seeds already read.</summary>
    public static TriageInquiry Train(TriageSeeds seeds, TriageSettings? settings = null)
    {
        var lesson = TriageModel.Learn(seeds, TriageModel.Reading);
        return new TriageInquiry(new TriageModel(lesson.Model), settings ?? TriageSettings.Default);
    }

    /// <summary>Sorts one message.</summary>
    public Verdict Sort(string text, TriageContext context)
    {
        Span<float> scores = stackalloc float[_model.Linear.Stride];
        _model.Linear.Score(text, scores);
        Span<float> topics = stackalloc float[_model.Topic.Answers];
        LinearModel.Probabilities(_model.Topic, scores, topics);
        Span<float> kinds = stackalloc float[_model.Kind.Answers];
        LinearModel.Probabilities(_model.Kind, scores, kinds);
        Span<float> urgencies = stackalloc float[2];
        LinearModel.Probabilities(_model.Urgency, scores, urgencies);
        Span<float> dangers = stackalloc float[3];
        LinearModel.Probabilities(_model.Danger, scores, dangers);
        Span<float> acts = stackalloc float[_model.Act.Answers];
        LinearModel.Probabilities(_model.Act, scores, acts);

        var risk = dangers[2] >= _settings.CrisisFrom ? Risk.Crisis
            : dangers[1] + dangers[2] >= _settings.ConcernFrom ? Risk.Concern : Risk.None;
        risk = (Risk)Math.Max((int)risk, (int)context.RiskSoFar);
        var topic = Highest(topics);
        var kind = Highest(kinds);
        var act = Highest(acts);
        if (acts[act] < _settings.ActBelievedFrom) act = (int)ConversationAct.Inquiry;
        return new Verdict
        {
            Topic = (Topic)topic,
            TopicProbability = topics[topic],
            Alternatives = [],
            Kind = (InquiryKind)kind,
            KindProbability = kinds[kind],
            Urgency = risk == Risk.Crisis ? Urgency.Crisis
                : risk == Risk.Concern || urgencies[1] >= 0.5 ? Urgency.Priority : Urgency.Routine,
            Category = ProblemCategory.Difficulty,
            Risk = risk,
            RiskType = RiskType.None,
            AboutSomeoneElse = false,
            Evidence = [],
            Reasons = [],
            NeedsHuman = topics[topic] < _settings.TopicNeedsHumanBelow,
            Act = (ConversationAct)act,
            ActProbability = acts[act],
            Relation = TurnRelation.Unsure,
        };
    }

    private static int Highest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++) if (values[i] > values[best]) best = i;
        return best;
    }
}
