namespace TuanLink.Routing.Inquiries;

/// <summary>Whose words a message is. System words are never a response (DOMAIN.md §6).</summary>
public enum Author { Youth, Cadre, Expert, System }

/// <summary>Words in a conversation, in either direction, or a private note among handlers.</summary>
public sealed class Message
{
    public long Id { get; set; }
    public long ConversationId { get; set; }

    /// <summary>The inquiry they belong to; none for greetings, commands and the like.</summary>
    public long? InquiryId { get; set; }

    public Author Author { get; set; }

    /// <summary>The cadre or expert who wrote it.</summary>
    public long? HandlerId { get; set; }

    public required string Text { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>The channel's id of an inbound activity: unique within the conversation, so that a resent one is known.</summary>
    public string? ActivityId { get; set; }

    /// <summary>Seen by handlers only; never a response.</summary>
    public bool IsPrivateNote { get; set; }

    /// <summary>For a handler's words: whether they say something (DOMAIN.md §6).</summary>
    public bool IsSubstantive { get; set; }

    /// <summary>Why the words were judged perfunctory, shown before sending; none if substantive.</summary>
    public string? PerfunctoryReason { get; set; }

    /// <summary>When a handler's words arrived at the youth; none while queued or failed.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }
}
