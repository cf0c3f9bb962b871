using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Routing.Clocks;

/// <summary>
/// The service's time: the system's, plus how far it was moved forward in development so that a newcomer sees a chase happen.
/// The move is kept with the data it produced; it goes forward only, since what happened cannot come to lie in the future.
/// </summary>
public sealed class MovableClock(TimeProvider system) : TimeProvider
{
    private const string SettingName = "clock_offset_ticks";
    private long _offset;

    /// <summary>How far the clock stands before the system's.</summary>
    public TimeSpan Offset => new(Interlocked.Read(ref _offset));

    public override DateTimeOffset GetUtcNow() => system.GetUtcNow() + Offset;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    public override long TimestampFrequency => system.TimestampFrequency;
    public override long GetTimestamp() => system.GetTimestamp() + (long)(Offset.TotalSeconds * system.TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes up where the last run of the service left the clock.</summary>
    public async Task Load(RoutingDb db, CancellationToken cancel)
    {
        if (await db.Settings.AsNoTracking().FirstOrDefaultAsync(s => s.Name == SettingName, cancel) is { } kept)
            Interlocked.Exchange(ref _offset, long.Parse(kept.Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Moves the clock forward and keeps the move.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is not forward, or more than 60 days.</exception>
    public async Task Advance(ITransactions transactions, TimeSpan by, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(by, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by, TimeSpan.FromDays(60));
        long moved = Interlocked.Read(ref _offset) + by.Ticks;
        await transactions.Run(async (db, inner) =>
        {
            string value = moved.ToString(CultureInfo.InvariantCulture);
            if (await db.Settings.FirstOrDefaultAsync(s => s.Name == SettingName, inner) is { } kept)
                kept.Value = value;
            else
                db.Settings.Add(new Setting { Name = SettingName, Value = value });
        }, cancel);
        Interlocked.Exchange(ref _offset, moved);
    }
}
