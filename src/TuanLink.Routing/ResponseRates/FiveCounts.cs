using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.ResponseRates;

/// <summary>How an inquiry stands against the clock of the first answer.</summary>
public enum Standing { OnTime, Late, Overdue, NotYetDue, WithdrawnOrDismissed }

/// <summary>The five counts a response rate is always shown with (DOMAIN.md §7). They add up to the cohort: nothing can hide between them.</summary>
public readonly record struct FiveCounts(int OnTime, int Late, int Overdue, int NotYetDue, int WithdrawnOrDismissed)
{
    public int Total => OnTime + Late + Overdue + NotYetDue + WithdrawnOrDismissed;

    /// <summary>响应率 = on time ÷ (on time + late + overdue); none where nothing was due: no data is never 0 % or 100 %.</summary>
    public double? ResponseRate => OnTime + Late + Overdue is > 0 and int due ? (double)OnTime / due : null;

    public FiveCounts With(Standing standing, int by = 1) => standing switch
    {
        Standing.OnTime => this with { OnTime = OnTime + by },
        Standing.Late => this with { Late = Late + by },
        Standing.Overdue => this with { Overdue = Overdue + by },
        Standing.NotYetDue => this with { NotYetDue = NotYetDue + by },
        Standing.WithdrawnOrDismissed => this with { WithdrawnOrDismissed = WithdrawnOrDismissed + by },
        _ => throw new ArgumentOutOfRangeException(nameof(standing)),
    };

    public static FiveCounts operator +(FiveCounts a, FiveCounts b) => new(a.OnTime + b.OnTime, a.Late + b.Late, a.Overdue + b.Overdue,
        a.NotYetDue + b.NotYetDue, a.WithdrawnOrDismissed + b.WithdrawnOrDismissed);

    /// <summary>
    /// Where one inquiry counts. Answered means a delivered substantive human reply (DOMAIN.md §6). An answer counts even if the youth took
    /// the matter back afterwards; what was taken back or dismissed before any answer is its own count, also when it was overdue by then.
    /// </summary>
    public static Standing Classify(InquiryStatus status, DateTimeOffset dueAt, DateTimeOffset? answeredAt, DateTimeOffset asOf)
    {
        if (answeredAt is { } answered && answered <= asOf)
            return answered <= dueAt ? Standing.OnTime : Standing.Late;
        if (status is InquiryStatus.Withdrawn or InquiryStatus.Dismissed)
            return Standing.WithdrawnOrDismissed;
        return dueAt <= asOf ? Standing.Overdue : Standing.NotYetDue;
    }
}
