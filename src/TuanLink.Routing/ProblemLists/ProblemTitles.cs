using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.ProblemLists;

/// <summary>Titles of problem lists are words of a youth: when that youth's data is erased, the titles become the topic's name.</summary>
public static class ProblemTitles
{
    public static async Task Forget(RoutingDb db, IReadOnlyList<long> inquiryIds, CancellationToken cancel)
    {
        foreach (ProblemEntry entry in await db.ProblemEntries.Where(e => e.Items.Any(i => inquiryIds.Contains(i.InquiryId))).ToListAsync(cancel))
            entry.Title = $"{ChineseNames.Of(entry.Topic)}方面的诉求";
    }
}
