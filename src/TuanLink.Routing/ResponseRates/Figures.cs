using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.ResponseRates;

/// <summary>A share with the count it was made from; none of it where the count is zero (无数据).</summary>
public readonly record struct Share(int Part, int Of)
{
    public double? Value => Of == 0 ? null : (double)Part / Of;
}

/// <summary>A middle and a ninth tenth with their count: a bare mean hides the worst.</summary>
public readonly record struct Spread(TimeSpan? Median, TimeSpan? P90, int Count)
{
    internal static Spread Of(IEnumerable<TimeSpan> spans)
    {
        List<TimeSpan> sorted = [.. spans.Order()];
        return sorted.Count == 0 ? new(null, null, 0) : new(At(0.5), At(0.9), sorted.Count);

        // Nearest rank: always a value that really occurred.
        TimeSpan At(double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
    }
}

/// <summary>What is published of a set of inquiries (DOMAIN.md §7), each figure with its n. Pure: facts and moment in, figures out.</summary>
/// <param name="EffectiveReply">有效回复率: confirmed by the youth ÷ all not withdrawn or dismissed.</param>
/// <param name="Resolution">解决率: resolved ÷ the same.</param>
/// <param name="Silent">Answered or closed without a word of the youth: its own figure, never counted as solved.</param>
/// <param name="Satisfied">4–5 stars ÷ respondents.</param>
/// <param name="Rated">Respondents ÷ asked.</param>
public sealed record Figures(int Inquiries, FiveCounts Counts, Share EffectiveReply, Share Resolution, int Silent, double? MeanStars, Share Satisfied,
    Share Rated, Spread FirstResponse, Spread UntilResolved, Share Reopened, double? TransfersPerItem, Share Perfunctory)
{
    /// <param name="asked">Askings whether it helped, of these inquiries.</param>
    /// <param name="reopened">How many of these inquiries were reopened at least once.</param>
    /// <param name="replies">Delivered human replies of these inquiries, and how many of them were perfunctory.</param>
    public static Figures Of(IReadOnlyCollection<InquiryFacts> facts, int asked, int reopened, Share replies, DateTimeOffset asOf)
    {
        var counts = new FiveCounts();
        foreach (InquiryFacts fact in facts)
            counts = counts.With(FiveCounts.Classify(fact.Status, fact.FirstResponseDueAt, fact.AnsweredAt, asOf));
        List<InquiryFacts> kept = [.. facts.Where(f => f.Status is not (InquiryStatus.Withdrawn or InquiryStatus.Dismissed))];
        List<int> stars = [.. facts.Where(f => f.Stars is not null).Select(f => f.Stars!.Value)];
        return new(
            facts.Count,
            counts,
            new(kept.Count(f => f.AnsweredAt is not null && f.Outcome is Outcome.Resolved or Outcome.Partly), kept.Count),
            new(kept.Count(f => f.Status == InquiryStatus.Resolved), kept.Count),
            kept.Count(f => f.Outcome is null && (f.Status == InquiryStatus.Closed || f.Status == InquiryStatus.Answered)),
            stars.Count == 0 ? null : stars.Average(),
            new(stars.Count(s => s >= 4), stars.Count),
            new(stars.Count, asked),
            Spread.Of(facts.Where(f => f.FirstResponseAt is not null).Select(f => f.FirstResponseAt!.Value - f.CreatedAt)),
            Spread.Of(facts.Where(f => f.ResolvedAt is not null).Select(f => f.ResolvedAt!.Value - f.CreatedAt)),
            new(reopened, facts.Count),
            facts.Count == 0 ? null : facts.Average(f => (double)f.Transfers),
            replies);
    }
}
