using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Assignments;

/// <summary>
/// Puts an inquiry into one person's hands and takes it out again. The count of open items, the span of holding and the handler
/// change together in the caller's transaction, so that two people never hold one item and a load is never wrong.
/// </summary>
/// <remarks>
/// On PostgreSQL a changed row is held until the commit, and all that nobody else has room for goes to one duty desk. So only a place that
/// may not be there is taken at once; what depends on no load is counted last (<see cref="CountLast"/>), and the row is held for the commit alone.
/// </remarks>
public static class ItemClaims
{
    private static readonly PreparedSql TakeWithRoom =
        new("UPDATE handlers SET open_items = open_items + 1, last_assigned_at = $1 WHERE id = $2 AND active AND on_duty AND open_items < capacity");

    private static readonly PreparedSql TakeWhateverTheLoad =
        new("UPDATE handlers SET open_items = open_items + 1, last_assigned_at = $1 WHERE id = $2 AND active");

    private static readonly PreparedSql IsActive = new("SELECT active FROM handlers WHERE id = $1");

    private static readonly PreparedSql Count =
        new("UPDATE handlers SET open_items = greatest(open_items + $1, 0), last_assigned_at = coalesce($2::bigint, last_assigned_at) WHERE id = $3 AND (active OR $2::bigint IS NULL)");

    private static readonly RowQuery<Holding> OpenHolding = new("inquiry_id = $1 AND until IS NULL");

    private static readonly PreparedSql PutDown = new("UPDATE handlers SET open_items = open_items - 1 WHERE id = $1 AND open_items > 0");

    /// <summary>Gives the item to a person if they can take one more; fails without a trace if they cannot.</summary>
    /// <param name="whateverTheLoad">For those who are responsible however full their hands are: crisis responders, linked cadres, duty desks.</param>
    public static async Task<bool> TryGive(this RoutingDb db, Inquiry inquiry, long handlerId, DateTimeOffset now, bool whateverTheLoad, CancellationToken cancel)
    {
        if (!await TryTake(db, handlerId, now, whateverTheLoad))
            return false;
        if (db.Loads is { } loads && loads.TryGetValue(handlerId, out Load load))
            loads[handlerId] = load with { OpenItems = load.OpenItems + 1, LastAssignedAt = now };
        if (inquiry.HandlerId != 0)
            await db.LetGo(inquiry, now, cancel);
        inquiry.HandlerId = handlerId;
        db.Holdings.Add(new Holding { InquiryId = inquiry.Id, HandlerId = handlerId, From = now });
        return true;
    }

    /// <summary>Ends the current holding: the item is over, or goes to somebody else.</summary>
    public static async Task LetGo(this RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        Holding? open = db.ChangeTracker.Entries<Holding>().Select(e => e.Entity).FirstOrDefault(h => h.InquiryId == inquiry.Id && h.Until == null)
            ?? await OpenHolding.First(db, inquiry.Id);
        if (open is null)
            return;
        open.Until = now;
        long holder = open.HandlerId;
        if (db.IsPostgres)
            Later(db, holder, -1, null);
        else
            await PutDown.Execute(db, holder);
        if (db.Loads is { } loads && loads.TryGetValue(holder, out Load load))
            loads[holder] = load with { OpenItems = load.OpenItems - 1 };
    }

    /// <summary>Counts what was put off. Called right before the commit, when nothing else is left to write.</summary>
    /// <exception cref="DbUpdateConcurrencyException">Who was given an item has left meanwhile: the work is to be done again.</exception>
    internal static async Task CountLast(RoutingDb db)
    {
        if (db.CountedLast is not { } counts)
            return;
        db.CountedLast = null;
        // In one order everywhere, so that no two wait for each other.
        foreach ((long handlerId, LateCount late) in counts.Where(c => c.Value != default).OrderBy(c => c.Key))
            if (await Count.Execute(db, late.Items, late.AssignedAt?.UtcTicks, handlerId) == 0)
                throw new DbUpdateConcurrencyException($"Handler {handlerId} left while an item was being given.");
    }

    private static async ValueTask<bool> TryTake(RoutingDb db, long handlerId, DateTimeOffset now, bool whateverTheLoad)
    {
        if (!whateverTheLoad)
            return await TakeWithRoom.Execute(db, now, handlerId) > 0;
        if (!db.IsPostgres)
            return await TakeWhateverTheLoad.Execute(db, now, handlerId) > 0;
        if (!await IsActive.First(db, row => row.Flag(0), false, handlerId))
            return false;
        Later(db, handlerId, 1, now);
        return true;
    }

    private static void Later(RoutingDb db, long handlerId, int items, DateTimeOffset? assignedAt)
    {
        Dictionary<long, LateCount> counts = db.CountedLast ??= [];
        LateCount before = counts.GetValueOrDefault(handlerId);
        counts[handlerId] = new(before.Items + items, assignedAt ?? before.AssignedAt);
    }
}

/// <summary>What is to be added to a handler's open items at the end of a transaction, and when the last of them was assigned.</summary>
internal readonly record struct LateCount(int Items, DateTimeOffset? AssignedAt);
