using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Chases;

/// <summary>A rung of the crisis ladder that is due.</summary>
/// <param name="Number">1 next person, 2 unit leader, 3 parent unit, then one unit higher with each.</param>
public sealed record CrisisRung(int Number, DateTimeOffset At)
{
    public string Mark => $"crisis-{Number}";
}

/// <summary>
/// The crisis ladder (DOMAIN.md §5): unacknowledged by a human after 5, 10, 15 minutes it climbs to the next person, the unit's leader,
/// the parent unit; then every 15 minutes one unit higher, and at the root every hour, until somebody acknowledges. Pure.
/// </summary>
public static class CrisisLadder
{
    /// <summary>How long a crisis waits for a human before the first step.</summary>
    public static TimeSpan FirstRung => Rung;

    private static readonly TimeSpan Rung = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Higher = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AtTheTop = TimeSpan.FromHours(1);

    /// <param name="levels">How many units stand above the youth's unit.</param>
    public static IEnumerable<CrisisRung> Due(Inquiry inquiry, int levels, DateTimeOffset now)
    {
        if (!inquiry.IsOpen || inquiry.Risk != Risk.Crisis || inquiry.CrisisSince is not { } since || inquiry.CrisisAcknowledgedAt is not null)
            yield break;
        DateTimeOffset at = since;
        for (int number = 1; ; number++)
        {
            at += number <= 3 ? Rung : number - 2 <= levels ? Higher : AtTheTop;
            if (at > now)
                yield break;
            yield return new CrisisRung(number, at);
        }
    }
}
