using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.ProblemLists;

/// <summary>Compiles each cadre's problem list (问题清单) from what the cadre answers for; nobody fills in a form.</summary>
public sealed class CompileProblemList(IDbContextFactory<RoutingDb> databases, ITransactions transactions, Things things)
{
    /// <summary>Compiles this month's list of every cadre who has inquiries in it, and last month's during the first days of a month.</summary>
    /// <returns>How many lists were compiled.</returns>
    public async Task<int> CompileDue(DateTimeOffset now, CancellationToken cancel)
    {
        int compiled = 0;
        var month = Month.Of(now);
        foreach (Month period in ChinaTime.Of(now).Day <= 3 ? [month.Before, month] : new[] { month })
        {
            List<long> cadres;
            await using (RoutingDb db = await databases.CreateDbContextAsync(cancel))
                cadres = await db.Inquiries.Where(i => i.CreatedAt >= period.From && i.CreatedAt < period.Until).Select(i => i.OwnerId).Distinct().Order().ToListAsync(cancel);
            foreach (long cadre in cadres)
            {
                await transactions.Run((db, inner) => Compile(db, cadre, period.From, period.Until, now, inner), cancel);
                compiled++;
            }
        }
        return compiled;
    }

    /// <summary>Compiles one cadre's list of a period; an earlier compilation of the same period is replaced.</summary>
    public async Task<ProblemList> Compile(RoutingDb db, long cadreId, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel)
    {
        List<ProblemFact> facts = await Facts(db, cadreId, from, until, cancel);
        ProblemList? before = await db.ProblemLists.AsNoTracking().Include(l => l.Entries).ThenInclude(e => e.Items).AsSplitQuery()
            .Where(l => l.CadreId == cadreId && l.Until == from).FirstOrDefaultAsync(cancel);
        List<long> earlier = before?.Entries.SelectMany(e => e.Items).Select(i => i.InquiryId).ToList() ?? [];
        Dictionary<long, string> wordsBefore = await db.Inquiries.Where(i => earlier.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.Headline, cancel);

        if (await db.ProblemLists.FirstOrDefaultAsync(l => l.CadreId == cadreId && l.From == from && l.Until == until, cancel) is { } old)
        {
            db.ProblemLists.Remove(old);
            await db.SaveChangesAsync(cancel);
        }
        var list = new ProblemList { CadreId = cadreId, From = from, Until = until, CompiledAt = now, Entries = ProblemGrouping.Group(facts, before?.Entries ?? [], wordsBefore, things) };
        db.ProblemLists.Add(list);
        await db.SaveChangesAsync(cancel);
        return list;
    }

    private static async Task<List<ProblemFact>> Facts(RoutingDb db, long cadreId, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel)
    {
        List<Inquiry> inquiries = await db.Inquiries.AsNoTracking()
            .Where(i => i.OwnerId == cadreId && i.CreatedAt >= from && i.CreatedAt < until && i.AboutCadreId != cadreId
                && i.Status != InquiryStatus.Withdrawn && i.Status != InquiryStatus.Dismissed && i.Status != InquiryStatus.Merged)
            .ToListAsync(cancel);
        List<long> ids = inquiries.ConvertAll(i => i.Id);
        Dictionary<long, string> opening = (await db.Messages.AsNoTracking().Where(m => m.Author == Author.Youth && m.Text != "" && m.InquiryId != null && ids.Contains(m.InquiryId.Value))
            .OrderBy(m => m.Id).Select(m => new { m.InquiryId, m.Text }).ToListAsync(cancel))
            .GroupBy(m => m.InquiryId!.Value).ToDictionary(g => g.Key, g => g.First().Text);
        return inquiries.ConvertAll(i => new ProblemFact(i.Id, i.YouthId, i.Category, i.Topic, opening.GetValueOrDefault(i.Id, ""), i.CreatedAt, i.IsOpen));
    }
}
