namespace TuanLink.Routing.Assignments;

/// <summary>Why an inquiry is to change hands.</summary>
public enum HandoffKind { Transfer, ExpertOffer }

/// <summary>How an offer ended; Pending while nobody answered.</summary>
public enum HandoffOutcome { Pending, Accepted, Declined, Expired, Cancelled }

/// <summary>An offer of an inquiry from one person to another: it moves only when the receiver accepts.</summary>
public sealed class Handoff
{
    public long Id { get; set; }
    public long InquiryId { get; set; }
    public HandoffKind Kind { get; set; }
    public long FromId { get; set; }
    public long ToId { get; set; }
    public required string Reason { get; set; }
    public DateTimeOffset OfferedAt { get; set; }

    /// <summary>When an unanswered offer lapses and the item stays with its owner.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public HandoffOutcome Outcome { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public string? DeclineReason { get; set; }
}
