namespace TuanLink.Routing.ResponseRates;

/// <summary>The five counts of a closed period for one cadre in one unit; units and wholes are sums of these, so nothing is counted twice.</summary>
public sealed class ClosedRate
{
    public long Id { get; set; }
    public DateTimeOffset From { get; set; }
    public DateTimeOffset Until { get; set; }
    public long UnitId { get; set; }
    public long CadreId { get; set; }
    public int OnTime { get; set; }
    public int Late { get; set; }
    public int Overdue { get; set; }
    public int NotYetDue { get; set; }
    public int WithdrawnOrDismissed { get; set; }
    public DateTimeOffset ClosedAt { get; set; }
}

/// <summary>A later change to a closed period, shown beside it with its date and cause; the closed figures are never altered.</summary>
public sealed class RateCorrection
{
    public long Id { get; set; }
    public long ClosedRateId { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Cause { get; set; }
    public int OnTime { get; set; }
    public int Late { get; set; }
    public int Overdue { get; set; }
    public int NotYetDue { get; set; }
    public int WithdrawnOrDismissed { get; set; }
}
