using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Assignments;

public sealed class ALeaveNeedsADeputy() : Refusal("请假须有在册的代理人，起止日期先后相接、尚未过去，且在一年之内。");

/// <summary>A cadre goes, for days or for good: in one transaction every open item and, for good, every contact has a new name on it.</summary>
public sealed class HandOverItems(Rosters rosters, AssignInquiry assign)
{
    private const int LongestLeave = 366;

    /// <summary>Notes a leave, whole days in Shanghai, the last one included; one that has begun hands over at once.</summary>
    /// <exception cref="Refusal">The days do not follow one another or lie too far off, or the deputy is not there.</exception>
    public async Task Plan(RoutingDb db, long cadreId, long deputyId, DateOnly first, DateOnly last, string? reason, DateTimeOffset now, CancellationToken cancel)
    {
        DateOnly today = ChinaTime.DateOf(now);
        if (cadreId == deputyId || last < first || last < today || first < today.AddDays(-LongestLeave) || last > today.AddDays(LongestLeave)
            || !await db.Cadres.AnyAsync(c => c.Id == deputyId && c.Active, cancel))
            throw new ALeaveNeedsADeputy();
        db.Leaves.Add(new Leave
        {
            CadreId = cadreId,
            DeputyId = deputyId,
            From = ChinaTime.Midnight(first).ToUniversalTime(),
            Until = ChinaTime.Midnight(last.AddDays(1)).ToUniversalTime(),
            Reason = Reasons.Read(reason),
        });
        await db.SaveChangesAsync(cancel);
        await BeginLeaves(db, now, cancel);
    }

    /// <summary>Begins the leaves whose time has come: the deputy holds and answers for what is open.</summary>
    /// <returns>How many items changed hands.</returns>
    public async Task<int> BeginLeaves(RoutingDb db, DateTimeOffset now, CancellationToken cancel)
    {
        int moved = 0;
        foreach (Leave leave in await db.Leaves.Where(l => l.HandedOverAt == null && l.From <= now && l.Until > now).OrderBy(l => l.Id).ToListAsync(cancel))
        {
            moved += await Move(db, leave.CadreId, leave.DeputyId, "请假交接", now, cancel);
            leave.HandedOverAt = now;
        }
        return moved;
    }

    /// <summary>A cadre leaves for good: items and contact links go to the successor, nothing is routed to the cadre any more.</summary>
    /// <returns>How many items changed hands.</returns>
    public async Task<int> Depart(RoutingDb db, long cadreId, long successorId, DateTimeOffset now, CancellationToken cancel)
    {
        if (cadreId == successorId)
            throw new TheReceiverHoldsItAlready();
        Cadre leaving = await db.Cadres.SingleOrDefaultAsync(c => c.Id == cadreId, cancel) ?? throw new TheReceiverIsNotThere();
        if (!await db.Cadres.AnyAsync(c => c.Id == successorId && c.Active, cancel))
            throw new TheReceiverIsNotThere();
        int moved = await Move(db, cadreId, successorId, "离任交接", now, cancel);
        foreach (ContactLink link in await db.ContactLinks.Where(l => l.CadreId == cadreId && l.Until == null).ToListAsync(cancel))
        {
            link.Until = now;
            if (!await db.ContactLinks.AnyAsync(l => l.CadreId == successorId && l.YouthId == link.YouthId && l.Until == null, cancel))
                db.ContactLinks.Add(new ContactLink { CadreId = successorId, YouthId = link.YouthId, Since = now, Through = link.Through, ThroughName = link.ThroughName });
        }
        await db.Duties.Where(d => d.CadreId == cadreId).ExecuteDeleteAsync(cancel);
        leaving.Active = false;
        leaving.OnDuty = false;
        return moved;
    }

    private async Task<int> Move(RoutingDb db, long fromId, long toId, string why, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        string taker = roster.HandlerOf(toId).PublicName;
        List<Inquiry> open = await db.Inquiries.Where(i => (i.HandlerId == fromId || i.OwnerId == fromId)
            && (i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned || i.Status == InquiryStatus.Answered || i.Status == InquiryStatus.Reopened))
            .OrderBy(i => i.Id).ToListAsync(cancel);
        foreach (Inquiry inquiry in open)
        {
            // A deputy who is the one complained of, or who cannot take it, is passed over like anybody else.
            bool conflict = inquiry.AboutCadreId == toId;
            if (inquiry.HandlerId == fromId && (conflict || !await db.TryGive(inquiry, toId, now, whateverTheLoad: true, cancel)))
                await assign.Reassign(db, inquiry, why, now, cancel);
            if (inquiry.OwnerId == fromId)
                inquiry.OwnerId = conflict ? inquiry.HandlerId : toId;
            await AssignInquiry.CancelOffers(db, inquiry.Id, now);
            db.Happened(inquiry.Id, now, Happening.Reassigned, $"{why}：由{taker}接手", null);
        }
        if (open.Count > 0)
            db.Notify(toId, $"{why}：{open.Count} 件在办诉求由您接手", now, urgent: true);
        return open.Count;
    }
}
