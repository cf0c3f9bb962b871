namespace TuanLink.Journeys;

/// <summary>The system's clock as a test moves it.</summary>
public sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    /// <summary>A Wednesday, nine o'clock in Shanghai.</summary>
    public static DateTimeOffset Morning { get; } = new(2026, 11, 18, 1, 0, 0, TimeSpan.Zero);

    private long _ticks = now.UtcTicks;
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
