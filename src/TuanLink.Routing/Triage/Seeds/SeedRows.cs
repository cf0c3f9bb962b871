using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage.Seeds;

/// <summary>A message written by hand, with what it should be sorted as.</summary>
public sealed record SeedMessage(Topic Topic, InquiryKind Kind, Urgency Urgency, bool Hard, string Text)
{
    /// <summary>What its words teach of danger. What is plainly routine is harmless; what presses may be dangerous too, and teaches what was read out of it.</summary>
    public TaughtDanger Danger { get; init; } = Urgency == Urgency.Routine ? TaughtDanger.Harmless : TaughtDanger.Nothing;
}

/// <summary>A word or phrase that speaks of a topic.</summary>
public sealed record PhraseSeed(Topic Topic, string Text);

/// <summary>A message that is dangerous, worrying, or only sounds so (<see cref="Risk.None"/>).</summary>
public sealed record DangerSeed(Risk Level, RiskType Type, bool Hard, string Text);

/// <summary>A message of which only what it does in the conversation is known.</summary>
public sealed record ActSeed(ConversationAct Act, string Text);

/// <summary>Two messages of one youth and whether the second goes on about the first.</summary>
public sealed record TurnSeed(string Previous, string Text, TurnRelation Relation)
{
    public TaughtDanger Danger { get; init; } = TaughtDanger.Harmless;
}

/// <summary>What a text teaches of danger, read by itself.</summary>
/// <param name="Level">None where it could be read either way: it teaches nothing.</param>
public readonly record struct TaughtDanger(Risk? Level, RiskType Type)
{
    public static TaughtDanger Nothing { get; } = new(null, RiskType.None);
    public static TaughtDanger Harmless { get; } = new(Risk.None, RiskType.None);

    /// <summary>Reads none, unclear, or a level and a type: crisis:medical.</summary>
    public static bool TryRead(string written, out TaughtDanger read)
    {
        read = written == "none" ? Harmless : Nothing;
        if (written is "none" or "unclear") return true;
        if (written.Split(':') is not [var level, var type] || !SeedCodes.TryRead(level, out Risk danger) || danger == Risk.None
            || !SeedCodes.TryRead(type, out RiskType kind) || kind == RiskType.None) return false;
        read = new(danger, kind);
        return true;
    }
}

/// <summary>An expression of danger, or one that takes danger away (hyperbole, games, songs: softening).</summary>
/// <param name="Level">Crisis or Concern; None for a softening expression.</param>
public sealed record DangerPattern(Risk Level, RiskType Type, string Pattern, string Note, string Origin);
