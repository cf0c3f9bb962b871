namespace TuanLink.Routing.Outbox;

/// <summary>A word to a cadre or expert, shown in their pages: an item came, a clock runs out, a delivery failed.</summary>
public sealed class Notice
{
    public long Id { get; set; }
    public long HandlerId { get; set; }
    public long? InquiryId { get; set; }
    public required string Text { get; set; }

    /// <summary>Whether it must not be overlooked: a crisis, an overdue item, a failed delivery.</summary>
    public bool IsUrgent { get; set; }

    public DateTimeOffset At { get; set; }
    public DateTimeOffset? ReadAt { get; set; }
}
