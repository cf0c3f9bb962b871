namespace TuanLink.Routing.Timeline;

/// <summary>What kind of thing happened to an inquiry.</summary>
public enum Happening
{
    Received, Sorted, Routed, FollowedUp, RiskRaised, RiskLowered, Acknowledged, Replied, Delivered, DeliveryFailed, Noted,
    Transferred, ExpertOffered, ExpertAccepted, ExpertDeclined, HandoffExpired, Corrected, Chased, Overdue, Reassigned,
    CrisisEscalated, CrisisAcknowledged, ContactRecorded, SignedOff, AskedIfHelpful, Confirmed, Reopened, Closed,
    Withdrawn, Dismissed, Merged, Erased, PassedAround, HumanAsked, AttachmentKept, AttachmentFailed, FileAttached,
}

/// <summary>One thing that happened to an inquiry, with its reason in words. Carries no words of the youth.</summary>
public sealed class TimelineEntry
{
    public long Id { get; set; }
    public long InquiryId { get; set; }
    public DateTimeOffset At { get; set; }
    public Happening Happening { get; set; }

    /// <summary>The cadre or expert who did it; none for the system and the youth.</summary>
    public long? ActorId { get; set; }

    public required string Text { get; set; }
}
