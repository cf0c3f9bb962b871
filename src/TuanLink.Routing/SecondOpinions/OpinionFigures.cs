using System.Diagnostics.Metrics;

namespace TuanLink.Routing.SecondOpinions;

/// <summary>How asking went.</summary>
public enum AskingOutcome { Given, OutOfTime, Unreachable, NotTheSchema }

/// <summary>Counts how asking went, by outcome alone: no words, no numbers of inquiries.</summary>
public static class OpinionFigures
{
    public const string MeterName = "TuanLink.SecondOpinions", CounterName = "tuanlink.second_opinions";

    private static readonly Counter<long> Asked = new Meter(MeterName).CreateCounter<long>(CounterName, "{answer}", "Answers of the second opinion by outcome");

    public static void Count(AskingOutcome outcome) => Asked.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
}
