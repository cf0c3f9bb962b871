using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.ResponseRates;

/// <summary>
/// Closes the figures of a month eight days after it ended, when every routine clock of it has run out. What changes later is written
/// beside them as a correction with its date and cause; the closed figures themselves are never altered (DOMAIN.md §7).
/// </summary>
public sealed class CloseResponsePeriod(ITransactions transactions)
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(8);
    private const int MonthsCorrected = 12;

    /// <summary>Closes what is due and corrects what is closed; doing it again changes nothing.</summary>
    /// <returns>How many rows were closed or corrected.</returns>
    public async Task<int> CloseDue(DateTimeOffset now, CancellationToken cancel)
    {
        int done = 0;
        Month month = Month.Of(now - Grace).Before;
        for (int i = 0; i < MonthsCorrected; i++, month = month.Before)
        {
            Month period = month;
            done += await transactions.Run((db, inner) => Close(db, period, now, inner), cancel);
        }
        return done;
    }

    private static async Task<int> Close(RoutingDb db, Month month, DateTimeOffset now, CancellationToken cancel)
    {
        (DateTimeOffset from, DateTimeOffset until) = (month.From, month.Until);
        // What had not fallen due at the end of the period is judged when it is closed; an inquiry is always somewhere.
        List<InquiryFacts> facts = await InquiryFacts.Of(db, db.Inquiries, from, until, cancel);
        Dictionary<(long Unit, long Cadre), FiveCounts> counted = facts.GroupBy(f => (f.UnitId, f.OwnerId))
            .ToDictionary(g => g.Key, g => g.Aggregate(new FiveCounts(), (sum, f) => sum.With(FiveCounts.Classify(f.Status, f.FirstResponseDueAt, f.AnsweredAt, now))));
        List<ClosedRate> closed = await db.ClosedRates.Where(r => r.From == from && r.Until == until).ToListAsync(cancel);
        ILookup<long, RateCorrection> corrections = (await db.RateCorrections.Where(c => db.ClosedRates.Any(r => r.Id == c.ClosedRateId && r.From == from)).ToListAsync(cancel)).ToLookup(c => c.ClosedRateId);
        bool firstTime = closed.Count == 0;
        int done = 0;

        foreach (((long unit, long cadre), FiveCounts counts) in counted.OrderBy(c => c.Key))
        {
            ClosedRate? row = closed.FirstOrDefault(r => r.UnitId == unit && r.CadreId == cadre);
            if (row is null)
            {
                // A pair that appears only later (an item went to a new owner) begins at nothing, so that its figure is a correction.
                FiveCounts start = firstTime ? counts : new();
                row = db.ClosedRates.Add(new ClosedRate
                {
                    From = from, Until = until, UnitId = unit, CadreId = cadre, ClosedAt = now,
                    OnTime = start.OnTime, Late = start.Late, Overdue = start.Overdue, NotYetDue = start.NotYetDue, WithdrawnOrDismissed = start.WithdrawnOrDismissed,
                }).Entity;
                await db.SaveChangesAsync(cancel);
                closed.Add(row);
                done++;
            }
            done += Correct(db, row, corrections[row.Id], counts, now);
        }
        foreach (ClosedRate gone in closed.Where(r => !counted.ContainsKey((r.UnitId, r.CadreId))))
            done += Correct(db, gone, corrections[gone.Id], new(), now);
        return done;
    }

    private static int Correct(RoutingDb db, ClosedRate row, IEnumerable<RateCorrection> earlier, FiveCounts counts, DateTimeOffset now)
    {
        FiveCounts standing = earlier.MaxBy(c => c.Id) is { } last
            ? new(last.OnTime, last.Late, last.Overdue, last.NotYetDue, last.WithdrawnOrDismissed)
            : new(row.OnTime, row.Late, row.Overdue, row.NotYetDue, row.WithdrawnOrDismissed);
        if (standing == counts)
            return 0;
        db.RateCorrections.Add(new RateCorrection
        {
            ClosedRateId = row.Id, At = now, Cause = Cause(standing, counts),
            OnTime = counts.OnTime, Late = counts.Late, Overdue = counts.Overdue, NotYetDue = counts.NotYetDue, WithdrawnOrDismissed = counts.WithdrawnOrDismissed,
        });
        return 1;
    }

    private static string Cause(FiveCounts before, FiveCounts after) =>
        after.Total != before.Total ? "诉求的负责人或归属单位有变动"
        : after.WithdrawnOrDismissed != before.WithdrawnOrDismissed ? "有诉求在关闭后撤回、排除或恢复"
        : after.Late > before.Late ? "有超时诉求在关闭后得到答复"
        : "有诉求的紧急程度或答复状态在关闭后变动";
}
