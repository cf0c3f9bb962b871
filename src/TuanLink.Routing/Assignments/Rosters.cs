using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Routing.Assignments;

/// <summary>Hands out the roster: kept for half a minute, read anew at once after a change made on this machine.</summary>
public sealed class Rosters(IDbContextFactory<RoutingDb> databases, TimeProvider time)
{
    // Another node's change is seen after this long at most; the claim itself always checks the table.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Kept? _kept;

    public ValueTask<Roster> Current(CancellationToken cancel) =>
        _kept is { } kept && time.GetElapsedTime(kept.Stamp) < Fresh ? new(kept.Roster) : new(Read(cancel));

    /// <summary>Call after changing units, cadres, posts, leaves, experts or alliances, once committed.</summary>
    public void Changed() => _kept = null;

    private async Task<Roster> Read(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            if (_kept is { } kept && time.GetElapsedTime(kept.Stamp) < Fresh)
                return kept.Roster;
            await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
            Roster roster = await Roster.Read(db, time.GetUtcNow(), cancel);
            _kept = new(roster, time.GetTimestamp());
            return roster;
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Kept(Roster Roster, long Stamp);
}
