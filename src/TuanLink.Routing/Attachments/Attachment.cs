namespace TuanLink.Routing.Attachments;

/// <summary>Where an attachment's bytes stand. Pending ones are still to be fetched from their channel.</summary>
public enum AttachmentState { Pending, Kept, Failed }

/// <summary>How an attachment reached us: with the request itself, by a link of its channel, or by WeChat's number of it.</summary>
public enum AttachmentOrigin { Upload, Link, WeChat }

/// <summary>Why an attachment was not kept.</summary>
public enum AttachmentFailure { TooLarge, TooMany, TooOften, KindNotTaken, Empty, CutOff, NoAddress, AddressRefused, Gone, Refused, NoAnswer, NotStored }

/// <summary>
/// A file that came with a youth's message, or goes with a handler's. The message stands whatever becomes of it. Its name goes with an
/// erasure, as the bytes do, which lie apart under <see cref="Key"/>.
/// </summary>
public sealed class Attachment
{
    public long Id { get; set; }
    public long ConversationId { get; set; }
    public long MessageId { get; set; }

    /// <summary>What its sender's device called it, cleaned (<see cref="FileNames"/>).</summary>
    public required string Name { get; set; }

    /// <summary>What its first bytes say it is (<see cref="MediaTypes"/>); empty while there are none.</summary>
    public string MediaType { get; set; } = "";

    /// <summary>In bytes; 0 while there are none.</summary>
    public long Size { get; set; }

    public AttachmentState State { get; set; }
    public AttachmentFailure? Failure { get; set; }
    public AttachmentOrigin Origin { get; set; }

    /// <summary>The link, or WeChat's media id; it may open doors, so it is forgotten as soon as it is no longer needed.</summary>
    public string Address { get; set; } = "";

    /// <summary>The random name its bytes lie under, and by which it is fetched; none while there are none.</summary>
    public string? Key { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>How often fetching was begun.</summary>
    public int Attempts { get; set; }

    /// <summary>A pending one is not fetched before this moment; whoever begins to fetch moves it on, so that two never do at once.</summary>
    public DateTimeOffset DueAt { get; set; }
}
