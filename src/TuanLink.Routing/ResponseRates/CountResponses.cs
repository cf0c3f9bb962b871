using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.ResponseRates;

/// <summary>By what a table of figures is broken down.</summary>
public enum Breakdown { Cadre, Handler, Unit, Topic, Kind, Channel }

/// <summary>One line of a table: what it is of, and its figures. <paramref name="Key"/> is the id or code of it.</summary>
public sealed record FigureLine(string Key, Figures Figures);

/// <summary>A period's figures of a unit's whole subtree, and broken down. Whole and lines come from the same facts read once.</summary>
public sealed record FigureTable(Figures Whole, IReadOnlyList<FigureLine> Lines);

/// <summary>Counts what is published. A cadre's rate is of what they own (首接负责), however far it was passed on.</summary>
public static class CountResponses
{
    /// <param name="unitPath">The subtree counted.</param>
    public static async Task<FigureTable> Count(RoutingDb db, string unitPath, Breakdown by, DateTimeOffset from, DateTimeOffset until, DateTimeOffset asOf, CancellationToken cancel)
    {
        IQueryable<Inquiry> cohort = db.Inquiries.Where(i => db.Units.Any(u => u.Id == i.UnitId && u.Path.StartsWith(unitPath)));
        List<InquiryFacts> facts = await InquiryFacts.Of(db, cohort, from, until, cancel);
        IQueryable<Inquiry> created = cohort.Where(i => i.CreatedAt >= from && i.CreatedAt < until);
        HashSet<long> reopened = [.. await db.Timeline.Where(t => t.Happening == Happening.Reopened && created.Any(i => i.Id == t.InquiryId)).Select(t => t.InquiryId).Distinct().ToListAsync(cancel)];
        ILookup<long, long> asked = (await db.Confirmations.Where(c => created.Any(i => i.Id == c.InquiryId)).Select(c => c.InquiryId).ToListAsync(cancel)).ToLookup(i => i);
        ILookup<long, bool> replies = (await db.Messages
            .Where(m => m.HandlerId != null && !m.IsPrivateNote && m.DeliveredAt != null && created.Any(i => i.Id == m.InquiryId))
            .Select(m => new { m.InquiryId, m.IsSubstantive }).ToListAsync(cancel)).ToLookup(m => m.InquiryId!.Value, m => m.IsSubstantive);
        Dictionary<long, string> paths = by == Breakdown.Unit ? await db.Units.ToDictionaryAsync(u => u.Id, u => u.Path, cancel) : [];

        IEnumerable<FigureLine> lines = by == Breakdown.Unit
            // A unit's line is its whole subtree, so an inquiry stands in the line of every unit above it.
            ? paths.Where(p => p.Value.StartsWith(unitPath, StringComparison.Ordinal))
                .Select(p => (p.Key, Within: facts.Where(f => paths[f.UnitId].StartsWith(p.Value, StringComparison.Ordinal)).ToList()))
                .Where(p => p.Within.Count > 0).Select(p => new FigureLine(Text(p.Key), Of(p.Within)))
            : facts.GroupBy(f => KeyOf(f, by)).Select(g => new FigureLine(g.Key, Of([.. g])));
        return new(Of(facts), [.. lines.OrderByDescending(l => l.Figures.Inquiries).ThenBy(l => l.Key, StringComparer.Ordinal)]);

        Figures Of(List<InquiryFacts> part) => Figures.Of(part, part.Sum(f => asked[f.Id].Count()), part.Count(f => reopened.Contains(f.Id)),
            new(part.Sum(f => replies[f.Id].Count(substantive => !substantive)), part.Sum(f => replies[f.Id].Count())), asOf);
    }

    private static string KeyOf(InquiryFacts fact, Breakdown by) => by switch
    {
        Breakdown.Cadre => Text(fact.OwnerId),
        Breakdown.Handler => Text(fact.HandlerId),
        Breakdown.Topic => fact.Topic.ToString(),
        Breakdown.Kind => fact.Kind.ToString(),
        Breakdown.Channel => fact.Channel,
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };

    private static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
