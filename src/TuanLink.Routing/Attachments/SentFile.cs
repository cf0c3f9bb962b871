namespace TuanLink.Routing.Attachments;

/// <summary>Bytes that are on disk.</summary>
/// <param name="Key">The name they lie under.</param>
public sealed record KeptBytes(string Key, string MediaType, long Size);

/// <summary>A file that came with words, as far as its channel has it by now: kept, failed, or still to be fetched from its address.</summary>
public sealed record SentFile(string Name, AttachmentOrigin Origin, string Address = "", KeptBytes? Kept = null, AttachmentFailure? Failure = null)
{
    /// <summary>The most files taken with one message.</summary>
    public const int Most = 5;

    /// <summary>The largest file taken, in bytes.</summary>
    public const int Largest = 10 * 1024 * 1024;
}
