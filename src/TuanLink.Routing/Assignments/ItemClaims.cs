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
/// may not be there is taken at once; what depends on no load is counted last (<see cref="LateCounts"/>), and the row is held for the commit alone.
/// </remarks>
public static class ItemClaims
{
    private static readonly PreparedSql TakeWithRoom =
        new("UPDATE handlers SET open_items = open_items + 1, last_assigned_at = $1 WHERE id = $2 AND active AND on_duty AND open_items < capacity");

    private static readonly PreparedSql TakeWhateverTheLoad =
        new("UPDATE handlers SET open_items = open_items + 1, last_assigned_at = $1 WHERE id = $2 AND active");

    private static readonly PreparedSql IsActive = new("SELECT active FROM handlers WHERE id = $1");

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
        db.WrittenLast ??= new LateCounts();
        ((LateCounts)db.WrittenLast).Add(handlerId, items, assignedAt);
    }
}
