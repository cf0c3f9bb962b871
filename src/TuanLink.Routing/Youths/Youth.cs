namespace TuanLink.Routing.Youths;

/// <summary>One young person, known by a pseudonym (e.g. 青年-7F3K). Nothing else about them is kept unless they give it.</summary>
public sealed class Youth
{
    public long Id { get; set; }
    public required string Pseudonym { get; set; }

    /// <summary>The unit the youth belongs to or came through; none is answered by the service's home unit.</summary>
    public long? UnitId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the youth had their data erased: the row stays so that past totals do, the person is gone from it.</summary>
    public DateTimeOffset? ErasedAt { get; set; }
}
