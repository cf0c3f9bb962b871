using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;

namespace TuanLink.Routing.Assignments;

/// <summary>How many open items a transaction gives to whom and takes from whom whatever their load, counted when nothing else is left to write.</summary>
internal sealed class LateCounts : IWrittenLast
{
    private static readonly PreparedSql Count =
        new("UPDATE handlers SET open_items = greatest(open_items + $1, 0), last_assigned_at = coalesce($2::bigint, last_assigned_at) WHERE id = $3 AND (active OR $2::bigint IS NULL)");

    private readonly SortedDictionary<long, (int Items, DateTimeOffset? AssignedAt)> _counts = [];

    /// <param name="assignedAt">When an item was given; none where one was taken.</param>
    public void Add(long handlerId, int items, DateTimeOffset? assignedAt)
    {
        (int Items, DateTimeOffset? AssignedAt) before = _counts.GetValueOrDefault(handlerId);
        _counts[handlerId] = (before.Items + items, assignedAt ?? before.AssignedAt);
    }

    /// <inheritdoc/>
    /// <exception cref="DbUpdateConcurrencyException">Who was given an item has left meanwhile: the work is to be done again.</exception>
    public async Task Write(RoutingDb db)
    {
        // In one order everywhere, so that no two wait for each other.
        foreach ((long handlerId, (int items, DateTimeOffset? assignedAt)) in _counts)
            if (await Count.Execute(db, items, assignedAt?.UtcTicks, handlerId) == 0)
                throw new DbUpdateConcurrencyException($"Handler {handlerId} left while an item was being given.");
    }
}
