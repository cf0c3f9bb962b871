using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage;

/// <summary>What sorting made of one message. Probabilities lie in 0..1 and are calibrated: of the verdicts given at
/// 0.8, about eight in ten are right.</summary>
public sealed record Verdict
{
    public required Topic Topic { get; init; }
    public required double TopicProbability { get; init; }

    /// <summary>The next likely topics, most likely first, without <see cref="Topic"/>.</summary>
    public required IReadOnlyList<TopicGuess> Alternatives { get; init; }

    public required InquiryKind Kind { get; init; }
    public required double KindProbability { get; init; }

    /// <summary>Crisis whenever <see cref="Risk"/> is Crisis; at least Priority when it is Concern.</summary>
    public required Urgency Urgency { get; init; }
    public required ProblemCategory Category { get; init; }

    /// <summary>Danger read from this message and the conversation so far; never below the context's.</summary>
    public required Risk Risk { get; init; }
    public required RiskType RiskType { get; init; }

    /// <summary>How grave the danger reads (0..1), for ordering the people in danger among themselves: a plan, means, a time
    /// or a farewell above a wish to die, that above talk of the past or of others.</summary>
    public double Severity { get; init; }

    /// <summary>True when the one in danger is someone else (a classmate, a child), not the writer.</summary>
    public required bool AboutSomeoneElse { get; init; }

    /// <summary>The youth's own expressions that led to <see cref="Risk"/>, for the human who reads it.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>True when the topic is too uncertain to act on alone: a human should look at the sorting first.</summary>
    public required bool NeedsHuman { get; init; }

    public required ConversationAct Act { get; init; }
    public required double ActProbability { get; init; }
    public required TurnRelation Relation { get; init; }

    /// <summary>The version of the sorter that gave it; 0 is what the seeds alone teach.</summary>
    public long ModelVersion { get; init; }

    /// <summary>Of a message without words, a picture alone: nothing can be said, a human has to look.</summary>
    public static Verdict OfNoWords { get; } = new()
    {
        Topic = Topic.Other, TopicProbability = 0, Alternatives = [], Kind = InquiryKind.HelpRequest, KindProbability = 0, Urgency = Urgency.Routine,
        Category = ProblemCategory.Difficulty, Risk = Risk.None, RiskType = RiskType.None, AboutSomeoneElse = false, Evidence = [],
        NeedsHuman = true, Act = ConversationAct.Inquiry, ActProbability = 0, Relation = TurnRelation.Unsure,
    };
}

/// <summary>One topic and how likely it is (0..1).</summary>
public sealed record TopicGuess(Topic Topic, double Probability);
