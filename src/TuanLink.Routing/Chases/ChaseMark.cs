namespace TuanLink.Routing.Chases;

/// <summary>A step of a ladder that was taken; unique per inquiry, round and step, so that each is taken exactly once.</summary>
public sealed class ChaseMark
{
    public long Id { get; set; }
    public long InquiryId { get; set; }
    public int Round { get; set; }

    /// <summary>The step's name, e.g. half, crisis-2.</summary>
    public required string Step { get; set; }

    public DateTimeOffset TakenAt { get; set; }
}
