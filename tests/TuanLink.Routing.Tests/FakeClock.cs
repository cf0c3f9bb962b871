using System.Globalization;

namespace TuanLink.Routing.Tests;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public DateTimeOffset Advance(TimeSpan by) => new(Interlocked.Add(ref _ticks, by.Ticks), TimeSpan.Zero);

    public DateTimeOffset MoveTo(DateTimeOffset moment)
    {
        Interlocked.Exchange(ref _ticks, moment.UtcTicks);
        return moment.ToUniversalTime();
    }

    /// <summary>A moment in Shanghai, e.g. "2026-11-18 09:00".</summary>
    public static DateTimeOffset China(string text) =>
        new(DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), TimeSpan.FromHours(8));
}
