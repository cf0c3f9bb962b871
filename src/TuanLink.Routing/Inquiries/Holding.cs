namespace TuanLink.Routing.Inquiries;

/// <summary>A span in which one person held an inquiry: the time each hop took is attributed by these.</summary>
public sealed class Holding
{
    public long Id { get; set; }
    public long InquiryId { get; set; }
    public long HandlerId { get; set; }
    public DateTimeOffset From { get; set; }
    public DateTimeOffset? Until { get; set; }
}
