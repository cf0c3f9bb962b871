namespace TuanLink.Routing.Youths;

/// <summary>One youth on one channel: where their words come from and where the answers go.</summary>
public sealed class Conversation
{
    public long Id { get; set; }
    public long YouthId { get; set; }

    /// <summary>The channel's id as on the wire (emulator, directline, …).</summary>
    public required string Channel { get; set; }

    /// <summary>The channel's id of this conversation; unique within the channel.</summary>
    public required string ChannelConversationId { get; set; }

    /// <summary>Where replies go (Bot Framework); empty for channels that fetch.</summary>
    public string ServiceUrl { get; set; } = "";

    /// <summary>The youth's account on the channel.</summary>
    public string ChannelUserId { get; set; } = "";

    /// <summary>The bot's account on the channel.</summary>
    public string ChannelBotId { get; set; } = "";

    /// <summary>Whether the youth's client shows Adaptive Cards; others get words and choices alone.</summary>
    public bool ShowsCards { get; set; }

    public DateTimeOffset? WelcomedAt { get; set; }

    /// <summary>Which process delivers to this conversation until when, so that two never do at once.</summary>
    public string? DeliveringBy { get; set; }
    public DateTimeOffset? DeliveringUntil { get; set; }

    public DateTimeOffset LastInboundAt { get; set; }

    /// <summary>What the bot last asked and still awaits an answer to.</summary>
    public PendingQuestion Pending { get; set; }

    /// <summary>The inquiry the pending question is about.</summary>
    public long? PendingInquiryId { get; set; }

    /// <summary>The message whose place is being asked (same matter or a new one?).</summary>
    public long? PendingMessageId { get; set; }
}

/// <summary>A question of the bot that the youth's next words may answer. None of them ever blocks a new message.</summary>
public enum PendingQuestion { None, Helpful, Stars, SameOrNew, Erase, WithdrawWhich }
