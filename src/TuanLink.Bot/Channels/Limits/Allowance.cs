namespace TuanLink.Bot.Channels.Limits;

/// <summary>
/// So many at once and then one each interval, as one number: the moment at which the allowance would be whole again (the generic cell
/// rate algorithm). The framework's limiters measure by the machine's own clock, which no test can move; this one is told the moment.
/// </summary>
public sealed class Allowance(int burst, TimeSpan interval)
{
    private readonly long _interval = Math.Max(1, interval.Ticks);

    // A whole allowance lies this far back.
    private readonly long _depth = burst * Math.Max(1, interval.Ticks);

    /// <summary>Takes one.</summary>
    /// <param name="whole">The moment kept so far, in ticks; 0 for a whole allowance. Changed only if one was taken.</param>
    /// <returns>How long until there is one again; zero if one was taken.</returns>
    public TimeSpan Take(ref long whole, DateTimeOffset now)
    {
        while (true)
        {
            long was = Interlocked.Read(ref whole);
            long next = Math.Max(was, now.UtcTicks) + _interval;
            if (next - now.UtcTicks > _depth)
                return TimeSpan.FromTicks(next - now.UtcTicks - _depth);
            if (Interlocked.CompareExchange(ref whole, next, was) == was)
                return TimeSpan.Zero;
        }
    }
}
