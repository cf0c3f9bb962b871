namespace TuanLink.Routing.Youths;

/// <summary>One activity as a fetching channel (the chat page) shows it. Its id is the watermark: entries of a conversation are read in this order, each once.</summary>
public sealed class TranscriptEntry
{
    public long Id { get; set; }
    public long ConversationId { get; set; }

    /// <summary>The activity's id on the wire, unique within the conversation.</summary>
    public required string ActivityId { get; set; }

    /// <summary>The whole activity as JSON.</summary>
    public required string Json { get; set; }

    public DateTimeOffset At { get; set; }
}
