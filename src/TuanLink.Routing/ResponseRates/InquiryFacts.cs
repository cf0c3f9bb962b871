using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.ResponseRates;

/// <summary>What a figure needs of an inquiry: no words, no youth.</summary>
public sealed record InquiryFacts(long Id, long UnitId, long OwnerId, long HandlerId, Topic Topic, InquiryKind Kind, string Channel, InquiryStatus Status,
    DateTimeOffset CreatedAt, DateTimeOffset FirstResponseDueAt, DateTimeOffset? FirstResponseAt, DateTimeOffset? AnsweredAt, DateTimeOffset? ResolvedAt,
    Outcome? Outcome, int? Stars, int Transfers)
{
    /// <summary>The cohort: inquiries created in the period. What was merged into another is counted there, once.</summary>
    public static async Task<List<InquiryFacts>> Of(RoutingDb db, IQueryable<Inquiry> inquiries, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel) =>
        await inquiries.AsNoTracking()
            .Where(i => i.CreatedAt >= from && i.CreatedAt < until && i.Status != InquiryStatus.Merged)
            .Select(i => new InquiryFacts(i.Id, i.UnitId, i.OwnerId, i.HandlerId, i.Topic, i.Kind, i.Channel, i.Status,
                i.CreatedAt, i.FirstResponseDueAt, i.FirstResponseAt, i.AnsweredAt, i.ResolvedAt, i.Outcome, i.Stars, i.Transfers))
            .ToListAsync(cancel);
}
