namespace TuanLink.Bot.Channels.Limits;

/// <summary>
/// One youth's recent words that were taken for abuse or advertisement, as many as decide whether the youth is slowed, and no longer than
/// they decide it. Only who ever sent such words has one.
/// </summary>
public sealed class Conduct(LimitOptions limits)
{
    private readonly Lock _lock = new();
    private readonly Allowance _pace = new(1, TimeSpan.FromMinutes(limits.SlowedEveryMinutes));

    // A ring: when full, the next place holds the oldest.
    private readonly long[] _abuses = new long[limits.AbuseMessages];
    private int _next;
    private DateTimeOffset _slowedUntil;
    private long _whole;
    private bool _isTold;

    public bool IsSlowed(DateTimeOffset now)
    {
        lock (_lock)
            return now < _slowedUntil;
    }

    /// <summary>Such words were taken. The last of so many slows the youth from now on; one more while slowed, for longer.</summary>
    public void Abused(DateTimeOffset now)
    {
        lock (_lock)
        {
            _abuses[_next] = now.UtcTicks;
            _next = (_next + 1) % _abuses.Length;
            long oldest = _abuses[_next];
            if (oldest == 0 || now.UtcTicks - oldest > limits.AbuseMinutes * TimeSpan.TicksPerMinute)
                return;
            if (now >= _slowedUntil)
            {
                _isTold = false;
                // These words were the first of the slower pace.
                _pace.Take(ref _whole, now);
            }
            _slowedUntil = now.AddMinutes(limits.SlowedMinutes);
        }
    }

    /// <summary>Takes one message of the slower pace.</summary>
    /// <returns>How long until the next is taken; zero if this one is, and for whoever is not slowed.</returns>
    public TimeSpan Take(DateTimeOffset now)
    {
        lock (_lock)
        {
            TimeSpan left = _slowedUntil - now;
            if (left <= TimeSpan.Zero)
                return TimeSpan.Zero;
            TimeSpan wait = _pace.Take(ref _whole, now);
            return wait < left ? wait : left;
        }
    }

    /// <summary>Whether the youth is to be told now; once each time they are slowed.</summary>
    public bool TryTell()
    {
        lock (_lock)
        {
            bool tells = !_isTold;
            _isTold = true;
            return tells;
        }
    }
}
