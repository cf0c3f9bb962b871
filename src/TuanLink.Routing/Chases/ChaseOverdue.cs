using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Chases;

/// <summary>Takes the due steps of every unanswered item: each exactly once, in one transaction with its mark, also after a crash and on two nodes.</summary>
public sealed class ChaseOverdue(IDbContextFactory<RoutingDb> databases, ITransactions transactions, ChaseSchedule schedule, ResponseClock clock,
    Rosters rosters, WorkingCalendars calendars, AssignInquiry assign, Wording wording)
{
    /// <returns>How many steps were taken.</returns>
    public async Task<int> TakeDueSteps(DateTimeOffset now, CancellationToken cancel)
    {
        int taken = 0;
        foreach (long id in await Candidates(now, cancel))
            taken += await transactions.Run((db, inner) => TakeSteps(db, id, now, inner), cancel);
        return taken;
    }

    // Half of the shortest clock is the earliest a step can be due; the schedule itself decides on the item as it stands then.
    private async Task<List<long>> Candidates(DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset startedBy = now.AddMinutes(-clock.Options.CrisisMinutes / 2);
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        return await db.Inquiries
            .Where(i => (i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned || i.Status == InquiryStatus.Reopened)
                && i.RoundStartedAt <= startedBy)
            .OrderBy(i => i.ResponseDueAt).ThenBy(i => i.Id).Select(i => i.Id).ToListAsync(cancel);
    }

    private async Task<int> TakeSteps(RoutingDb db, long inquiryId, DateTimeOffset now, CancellationToken cancel)
    {
        Inquiry inquiry = await db.Inquiries.SingleAsync(i => i.Id == inquiryId, cancel);
        Roster roster = await rosters.Current(cancel);
        List<Unit> upwards = [.. roster.Upwards(inquiry.UnitId)];
        WorkingCalendar calendar = calendars.Of(upwards[0].Code);
        List<DueStep> due = [.. schedule.Due(inquiry, calendar, upwards.Count - 1, now)];
        if (due.Count == 0)
            return 0;
        HashSet<string> done = [.. await db.ChaseMarks.Where(m => m.InquiryId == inquiryId && m.Round == inquiry.Round).Select(m => m.Step).ToListAsync(cancel)];
        int taken = 0;
        foreach (DueStep step in due.Where(s => !done.Contains(s.Mark)))
        {
            db.ChaseMarks.Add(new ChaseMark { InquiryId = inquiryId, Round = inquiry.Round, Step = step.Mark, TakenAt = now });
            await Take(db, inquiry, step, roster, upwards, now, cancel);
            taken++;
        }
        return taken;
    }

    private async Task Take(RoutingDb db, Inquiry inquiry, DueStep step, Roster roster, List<Unit> upwards, DateTimeOffset now, CancellationToken cancel)
    {
        switch (step.Step)
        {
            case ChaseStep.Half:
                Tell(db, inquiry, [inquiry.HandlerId], "答复时限已过一半", false, now);
                db.Happened(inquiry.Id, now, Happening.Chased, "答复时限过半，已提醒处理人");
                break;
            case ChaseStep.FourFifths:
                Tell(db, inquiry, [inquiry.HandlerId, inquiry.OwnerId], "答复时限已过八成", true, now);
                db.Happened(inquiry.Id, now, Happening.Chased, "答复时限已过 80%，已提醒处理人和负责人");
                break;
            case ChaseStep.Overdue:
                Tell(db, inquiry, [inquiry.HandlerId, inquiry.OwnerId, .. Heads(roster, upwards[0], inquiry, DutyRole.Administrator)], "已超过答复时限", true, now);
                db.Happened(inquiry.Id, now, Happening.Overdue, $"超过答复时限，已报告{upwards[0].Name}管理员");
                if (await db.Conversations.FindAsync([inquiry.ConversationId], cancel) is { } conversation)
                    db.Owe(conversation, wording.Say("reminder_waiting", ("reference", inquiry.Reference),
                        ("handler", roster.HandlerOf(inquiry.HandlerId).PublicName)), now, inquiry.Id);
                break;
            // A crisis changes hands by its own ladder, in minutes.
            case ChaseStep.Reassign when inquiry.Risk != Risk.Crisis:
                await assign.Reassign(db, inquiry, "超时一个工作日仍未答复", now, cancel);
                break;
            case ChaseStep.LevelUp:
                Unit above = upwards[step.Level];
                Tell(db, inquiry, [.. Heads(roster, above, inquiry, DutyRole.Leader), .. Heads(roster, above, inquiry, DutyRole.Administrator)],
                    $"超时 {step.Level + 1} 个工作日仍未答复", true, now);
                db.Happened(inquiry.Id, now, Happening.Chased, $"超时 {step.Level + 1} 个工作日，已报{above.Name}");
                break;
            case ChaseStep.EffectiveOverdue:
                Tell(db, inquiry, [inquiry.OwnerId, .. Heads(roster, upwards[0], inquiry, DutyRole.Administrator)], "超过有效答复期限仍未解决", true, now);
                db.Happened(inquiry.Id, now, Happening.Chased, "超过有效答复期限，已提醒负责人和管理员");
                break;
        }
    }

    private static IEnumerable<long> Heads(Roster roster, Unit unit, Inquiry inquiry, DutyRole role) =>
        roster.OnPost(unit.Id, role).Where(c => c.Id != inquiry.AboutCadreId).Select(c => c.Id);

    private static void Tell(RoutingDb db, Inquiry inquiry, IEnumerable<long> people, string what, bool urgent, DateTimeOffset now)
    {
        foreach (long person in people.Distinct().Where(p => p != inquiry.AboutCadreId))
            db.Notify(person, $"{inquiry.Reference} {what}", now, inquiry.Id, urgent);
    }
}
