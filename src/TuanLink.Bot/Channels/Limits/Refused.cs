using System.Globalization;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels.Limits;

/// <summary>Words that are not taken now.</summary>
/// <param name="Wait">How long until they would be.</param>
/// <param name="Tell">Whether the youth is to be told in the conversation.</param>
/// <param name="SlowedTo">Minutes between messages of a youth who is slowed for abuse or advertisement; none for floods.</param>
public sealed record Refused(TimeSpan Wait, bool Tell, int? SlowedTo = null)
{
    /// <summary>What the youth is told.</summary>
    public string InWords(Wording wording) => SlowedTo is { } minutes
        ? wording.Say("slowed", ("minutes", minutes.ToString(CultureInfo.InvariantCulture))) : wording.Say("rate_limited");
}
