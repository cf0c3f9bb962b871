namespace TuanLink.Routing.Timeline;

/// <summary>Who did what to the service itself, or saw whose data. Never deleted, carries no words of a youth.</summary>
public sealed class AuditEntry
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>The account's name, or "system".</summary>
    public required string Actor { get; set; }

    public required string Action { get; set; }
    public string Subject { get; set; } = "";
    public string Detail { get; set; } = "";
}
