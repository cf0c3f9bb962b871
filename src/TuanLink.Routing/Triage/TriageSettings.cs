namespace TuanLink.Routing.Triage;

/// <summary>Where sorting hands over to a human. The defaults are the measured ones of docs/sorting.md.</summary>
public sealed record TriageSettings
{
    /// <summary>A topic below this probability is looked at by a human before it is acted on (0..1).</summary>
    public double TopicNeedsHumanBelow { get; init; } = 0.5;

    /// <summary>An act other than an inquiry is believed only from this probability on: a real inquiry taken for thanks
    /// would be lost, thanks taken for an inquiry costs a human a glance.</summary>
    public double ActBelievedFrom { get; init; } = 0.6;

    /// <summary>A relation to the open inquiry is stated only from this probability on; else it is Unsure.</summary>
    public double RelationBelievedFrom { get; init; } = 0.6;

    /// <summary>Probability of crisis from which the learned screen alone raises a crisis.</summary>
    public double CrisisFrom { get; init; } = 0.5;

    /// <summary>Probability of crisis or concern from which the learned screen alone raises a concern.</summary>
    public double ConcernFrom { get; init; } = 0.4;

    public static TriageSettings Default { get; } = new();
}
