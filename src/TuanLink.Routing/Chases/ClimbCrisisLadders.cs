using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Chases;

/// <summary>Climbs the ladder of every crisis no human has acknowledged: each rung exactly once, re-checked in the transaction that takes it.</summary>
public sealed class ClimbCrisisLadders(IDbContextFactory<RoutingDb> databases, ITransactions transactions, Rosters rosters)
{
    // After a long stop of the service the top is told once more, not once for every hour missed.
    private const int MostRungsAtOnce = 12;

    /// <returns>How many rungs were taken.</returns>
    public async Task<int> TakeDueSteps(DateTimeOffset now, CancellationToken cancel)
    {
        List<Inquiry> waiting;
        ILookup<long, string> done;
        await using (RoutingDb db = await databases.CreateDbContextAsync(cancel))
        {
            DateTimeOffset firstRung = now - CrisisLadder.FirstRung;
            IQueryable<Inquiry> unacknowledged = db.Inquiries.AsNoTracking()
                .Where(i => i.Risk == Risk.Crisis && i.CrisisAcknowledgedAt == null && i.CrisisSince != null && i.CrisisSince <= firstRung
                    && (i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned || i.Status == InquiryStatus.Answered || i.Status == InquiryStatus.Reopened));
            waiting = await unacknowledged.OrderBy(i => i.CrisisSince).ToListAsync(cancel);
            done = (await db.ChaseMarks.Where(m => m.Step.StartsWith("crisis-") && unacknowledged.Any(i => i.Id == m.InquiryId))
                .Select(m => new { m.InquiryId, m.Step }).ToListAsync(cancel)).ToLookup(m => m.InquiryId, m => m.Step);
        }
        Roster roster = await rosters.Current(cancel);
        int taken = 0;
        // Most wait between two rungs: they cost no transaction.
        foreach (Inquiry inquiry in waiting.Where(i => CrisisLadder.Due(i, roster.Upwards(i.UnitId).Count() - 1, now).Any(rung => !done[i.Id].Contains(rung.Mark))))
            taken += await transactions.Run((db, inner) => Climb(db, inquiry.Id, now, inner), cancel);
        return taken;
    }

    private async Task<int> Climb(RoutingDb db, long inquiryId, DateTimeOffset now, CancellationToken cancel)
    {
        Inquiry inquiry = await db.Inquiries.SingleAsync(i => i.Id == inquiryId, cancel);
        Roster roster = await rosters.Current(cancel);
        List<Unit> upwards = [.. roster.Upwards(inquiry.UnitId)];
        List<CrisisRung> due = [.. CrisisLadder.Due(inquiry, upwards.Count - 1, now)];
        if (due.Count == 0)
            return 0;
        HashSet<string> done = [.. await db.ChaseMarks.Where(m => m.InquiryId == inquiryId && m.Step.StartsWith("crisis-")).Select(m => m.Step).ToListAsync(cancel)];
        int taken = 0;
        foreach (CrisisRung rung in due.Where(r => !done.Contains(r.Mark)).Take(MostRungsAtOnce))
        {
            // A crisis keeps one ladder however often it is reopened.
            db.ChaseMarks.Add(new ChaseMark { InquiryId = inquiryId, Round = 0, Step = rung.Mark, TakenAt = now });
            await Take(db, inquiry, rung, roster, upwards, now, cancel);
            taken++;
        }
        return taken;
    }

    private static async Task Take(RoutingDb db, Inquiry inquiry, CrisisRung rung, Roster roster, List<Unit> upwards, DateTimeOffset now, CancellationToken cancel)
    {
        int level = Math.Clamp(rung.Number - 2, 0, upwards.Count - 1);
        Unit unit = upwards[level];
        List<Cadre> called = [.. (rung.Number switch
        {
            1 => upwards.SelectMany(u => roster.OnPost(u.Id, DutyRole.CrisisResponder)).Where(c => c.Id != inquiry.HandlerId && roster.IsPresent(c, now)),
            2 => upwards.SelectMany(u => roster.OnPost(u.Id, DutyRole.Leader)),
            _ => upwards.Skip(level).SelectMany(u => roster.OnPost(u.Id, DutyRole.CrisisResponder).Concat(roster.OnPost(u.Id, DutyRole.Leader))),
        }).Where(c => c.Id != inquiry.AboutCadreId).DistinctBy(c => c.Id).Take(rung.Number < 3 ? 1 : 2)];

        Cadre? next = called.FirstOrDefault();
        if (next is not null && next.Id != inquiry.HandlerId)
            await db.TryGive(inquiry, next.Id, now, whateverTheLoad: true, cancel);
        string who = next is null ? "没有下一位可呼叫的人" : $"呼叫{next.PublicName}";
        string minutes = $"{(rung.At - inquiry.CrisisSince!.Value).TotalMinutes:0} 分钟无人确认";
        db.Happened(inquiry.Id, now, Happening.CrisisEscalated, rung.Number switch
        {
            1 => $"危急 {minutes}，{who}",
            2 => $"危急 {minutes}，报单位负责人，{who}",
            _ => $"危急 {minutes}，报{unit.Name}，{who}",
        });
        IEnumerable<long> told = called.Select(c => c.Id).Append(inquiry.HandlerId).Append(inquiry.OwnerId)
            .Concat(roster.OnPost(unit.Id, DutyRole.Administrator).Select(a => a.Id));
        foreach (long person in told.Distinct().Where(p => p != inquiry.AboutCadreId))
            db.Notify(person, $"危急：{inquiry.Reference} {minutes}，请立即确认并联系", now, inquiry.Id, urgent: true);
    }
}
