using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Responses;

/// <summary>One asking whether an answer helped, and what the youth said: asked and answered are counted apart (DOMAIN.md §5).</summary>
public sealed class ConfirmationAsked
{
    public long Id { get; set; }
    public long InquiryId { get; set; }
    public int Round { get; set; }
    public long HandlerId { get; set; }
    public DateTimeOffset AskedAt { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public Outcome? Outcome { get; set; }
    public int? Stars { get; set; }
}
