namespace TuanLink.Routing.Attachments;

/// <summary>A piece of an attachment's bytes; all but the last are <see cref="Length"/> long.</summary>
public sealed class AttachmentPart
{
    /// <summary>256 KiB: written in a few milliseconds, so that no turn of another youth ever waits behind a whole film.</summary>
    public const int Length = 256 * 1024;

    public long Id { get; set; }
    public required string Key { get; set; }

    /// <summary>Its place, from 0.</summary>
    public int Number { get; set; }

    public required byte[] Bytes { get; set; }
    public DateTimeOffset At { get; set; }
}
