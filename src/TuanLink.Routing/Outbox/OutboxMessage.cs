namespace TuanLink.Routing.Outbox;

/// <summary>Where an owed message stands. Dead ones have used up their tries and wait for a human.</summary>
public enum Delivery { Queued, Sent, Dead, Cancelled }

/// <summary>Words owed to a youth, saved with the fact that caused them and sent afterwards, in order within their conversation.</summary>
public sealed class OutboxMessage
{
    public long Id { get; set; }
    public long ConversationId { get; set; }
    public long? InquiryId { get; set; }

    /// <summary>The handler's message these words carry; none for the bot's own words.</summary>
    public long? MessageId { get; set; }

    /// <summary>The handler's file these words stand for; none for words alone.</summary>
    public long? AttachmentId { get; set; }

    /// <summary>The activity this answers, as the channel named it.</summary>
    public string? ReplyToId { get; set; }

    public required string Text { get; set; }

    /// <summary>Who speaks: bot, cadre, expert; with the name shown to the youth.</summary>
    public string Speaker { get; set; } = "bot";
    public string SpeakerName { get; set; } = "";

    /// <summary>Buttons offered with the words, one a line; none if empty.</summary>
    public string Actions { get; set; } = "";

    /// <summary>A hint to the page on how to show it: safe, outcome, stars or empty.</summary>
    public string Tone { get; set; } = "";

    /// <summary>An Adaptive Card that says the same with buttons, as JSON, for conversations that show cards; none if empty.</summary>
    public string Card { get; set; } = "";

    /// <summary>The activity, as its channel named it, whose place these words take: a courtesy, tried once. None for words of their own.</summary>
    public string? Replaces { get; set; }

    /// <summary>What the channel named the activity these words became; kept only for words that others may take the place of.</summary>
    public string? SentAs { get; set; }

    public Delivery State { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Not before this moment: the backoff after a failed try.</summary>
    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }
    public string? LastError { get; set; }
}
