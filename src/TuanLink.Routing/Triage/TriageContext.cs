using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Triage;

/// <summary>What is already known when a message arrives: nothing, or the conversation so far.</summary>
/// <param name="EarlierTexts">The youth's own earlier messages in this conversation, oldest first. The last few
/// are read together with the message for danger told in pieces.</param>
/// <param name="OpenInquiry">The inquiry that is still open in this conversation, or null.</param>
/// <param name="RiskSoFar">The risk already recorded. The verdict's risk is never below it: only a named human lowers it.</param>
public sealed record TriageContext(
    IReadOnlyList<string> EarlierTexts,
    OpenInquiry? OpenInquiry = null,
    Risk RiskSoFar = Risk.None)
{
    /// <summary>How many earlier messages the service remembers.</summary>
    public const int Remembered = 12;

    /// <summary>A first message: nothing came before it.</summary>
    public static TriageContext First { get; } = new([]);
}

/// <summary>The open inquiry a message may belong to.</summary>
/// <param name="Text">Its first words.</param>
/// <param name="Said">Those of the earlier messages that belong to it, oldest first; null where that is not known.</param>
public sealed record OpenInquiry(Topic Topic, string Text, IReadOnlyList<string>? Said = null);
