namespace TuanLink.Routing.Triage;

/// <summary>Where sorting hands over to a human. The defaults are the measured ones of docs/sorting.md; all are
/// probabilities (0..1).</summary>
public sealed record TriageSettings
{
    public const string Section = "Triage";

    /// <summary>A topic below this probability is looked at by a human before it is acted on.</summary>
    public double TopicNeedsHumanBelow { get; init; } = 0.6;

    /// <summary>An act other than an inquiry is believed only from this probability on: a real inquiry taken for thanks
    /// would be lost, thanks taken for an inquiry costs a human a glance.</summary>
    public double ActBelievedFrom { get; init; } = 0.55;

    /// <summary>Where nothing is open, abuse and advertising are believed only where the words alone are so with this probability too: nobody looks at
    /// what was taken for them, and an angry report is a report.</summary>
    public double AbuseInWordsFrom { get; init; } = 0.5;

    /// <summary>Words are said to go on about the open inquiry only from this probability on.</summary>
    public double RelationBelievedFrom { get; init; } = 0.55;

    /// <summary>Words are said to begin another matter only from this probability on: most go on about the first, and a second
    /// inquiry in vain costs a second cadre. Between this and the one above the relation is Unsure.</summary>
    public double NewTopicBelievedFrom { get; init; } = 0.65;

    /// <summary>Urgency is Priority from this probability on.</summary>
    public double PriorityFrom { get; init; } = 0.5;

    /// <summary>How likely a crisis must be rather than harmlessness for a crisis to be raised.</summary>
    public double CrisisFrom { get; init; } = 0.45;

    /// <summary>How much likelier in a text of more than ninety characters, in which many small pieces add up.</summary>
    public double LongTextAdds { get; init; } = 0.4;

    /// <summary>Probability of crisis below which a sure concern stays one.</summary>
    public double CrisisAtLeast { get; init; } = 0.05;

    /// <summary>How likely a crisis or a concern must be rather than harmlessness for at least a concern to be raised.</summary>
    public double ConcernFrom { get; init; } = 0.2;

    /// <summary>Probability of being small talk, a command or an advertisement from which a short text without an expression
    /// of danger is taken for what it is (不需要了, 谢谢), however alarming its few characters; and from which an act is believed of someone
    /// about whom there is a mere concern.</summary>
    public double FixedWordsFrom { get; init; } = 0.8;

    /// <summary>Probability of crisis from which several messages read together raise one that none raises alone.</summary>
    public double CrisisTogetherFrom { get; init; } = 0.6;

    public static TriageSettings Default { get; } = new();

    /// <summary>Throws when a threshold lies outside 0..1, naming it.</summary>
    public void Check()
    {
        foreach (var property in typeof(TriageSettings).GetProperties().Where(p => p.PropertyType == typeof(double)))
            if ((double)property.GetValue(this)! is not (>= 0 and <= 1))
                throw new ArgumentException($"Triage: {property.Name} lies between 0 and 1, not at {property.GetValue(this)}");
    }
}
