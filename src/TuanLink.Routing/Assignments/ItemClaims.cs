using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Assignments;

/// <summary>
/// Puts an inquiry into one person's hands and takes it out again. The count of open items, the span of holding and the handler
/// change together in the caller's transaction, so that two people never hold one item and a load is never wrong.
/// </summary>
public static class ItemClaims
{
    /// <summary>Gives the item to a person if they can take one more; fails without a trace if they cannot.</summary>
    /// <param name="whateverTheLoad">For those who are responsible however full their hands are: crisis responders, linked cadres, duty desks.</param>
    public static async Task<bool> TryGive(this RoutingDb db, Inquiry inquiry, long handlerId, DateTimeOffset now, bool whateverTheLoad, CancellationToken cancel)
    {
        IQueryable<Handler> taker = db.Handlers.Where(h => h.Id == handlerId && h.Active);
        if (!whateverTheLoad)
            taker = taker.Where(h => h.OnDuty && h.OpenItems < h.Capacity);
        int taken = await taker.ExecuteUpdateAsync(set => set
            .SetProperty(h => h.OpenItems, h => h.OpenItems + 1)
            .SetProperty(h => h.LastAssignedAt, now), cancel);
        if (taken == 0)
            return false;
        if (inquiry.HandlerId != 0)
            await db.LetGo(inquiry, now, cancel);
        inquiry.HandlerId = handlerId;
        if (inquiry.Id == 0)
            await db.SaveChangesAsync(cancel);
        db.Holdings.Add(new Holding { InquiryId = inquiry.Id, HandlerId = handlerId, From = now });
        return true;
    }

    /// <summary>Ends the current holding: the item is over, or goes to somebody else.</summary>
    public static async Task LetGo(this RoutingDb db, Inquiry inquiry, DateTimeOffset now, CancellationToken cancel)
    {
        Holding? open = db.Holdings.Local.FirstOrDefault(h => h.InquiryId == inquiry.Id && h.Until == null)
            ?? await db.Holdings.FirstOrDefaultAsync(h => h.InquiryId == inquiry.Id && h.Until == null, cancel);
        if (open is null)
            return;
        open.Until = now;
        long holder = open.HandlerId;
        await db.Handlers.Where(h => h.Id == holder && h.OpenItems > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.OpenItems, h => h.OpenItems - 1), cancel);
    }
}
