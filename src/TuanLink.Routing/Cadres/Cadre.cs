namespace TuanLink.Routing.Cadres;

/// <summary>How a cadre is employed (专职, 挂职, 兼职): it sets the 1+100 quota.</summary>
public enum Employment { FullTime, Seconded, PartTime }

/// <summary>A League cadre (团干部) of a unit.</summary>
public sealed class Cadre : Handler
{
    public long UnitId { get; set; }
    public Employment Employment { get; set; }
    public string Position { get; set; } = "";
}

/// <summary>Days a cadre is away and who holds the items meanwhile. Both moments are inclusive-exclusive, UTC.</summary>
public sealed class Leave
{
    public long Id { get; set; }
    public long CadreId { get; set; }
    public long DeputyId { get; set; }
    public DateTimeOffset From { get; set; }
    public DateTimeOffset Until { get; set; }
    public string Reason { get; set; } = "";

    /// <summary>When the open items went to the deputy; none while the leave has not begun.</summary>
    public DateTimeOffset? HandedOverAt { get; set; }
}
