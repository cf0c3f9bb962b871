using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Assignments;

/// <summary>
/// Puts an inquiry into one person's hands and takes it out again. The count of open items, the span of holding and the handler
/// change together in the caller's transaction, so that two people never hold one item and a load is never wrong.
/// </summary>
public static class ItemClaims
{
    private static readonly PreparedSql TakeWithRoom =
        new("UPDATE handlers SET open_items = open_items + 1, last_assigned_at = $1 WHERE id = $2 AND active AND on_duty AND open_items < capacity");

    private static readonly PreparedSql TakeWhateverTheLoad =
        new("UPDATE handlers SET open_items = open_items + 1, last_assigned_at = $1 WHERE id = $2 AND active");

    private static readonly RowQuery<Holding> OpenHolding = new("inquiry_id = $1 AND until IS NULL");

    private static readonly PreparedSql PutDown = new("UPDATE handlers SET open_items = open_items - 1 WHERE id = $1 AND open_items > 0");

    /// <summary>Gives the item to a person if they can take one more; fails without a trace if they cannot.</summary>
    /// <param name="whateverTheLoad">For those who are responsible however full their hands are: crisis responders, linked cadres, duty desks.</param>
    public static async Task<bool> TryGive(this RoutingDb db, Inquiry inquiry, long handlerId, DateTimeOffset now, bool whateverTheLoad, CancellationToken cancel)
    {
        if (await (whateverTheLoad ? TakeWhateverTheLoad : TakeWithRoom).Execute(db, now, handlerId) == 0)
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
        await PutDown.Execute(db, holder);
        if (db.Loads is { } loads && loads.TryGetValue(holder, out Load load))
            loads[holder] = load with { OpenItems = load.OpenItems - 1 };
    }
}
