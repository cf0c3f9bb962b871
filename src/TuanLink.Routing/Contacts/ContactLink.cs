namespace TuanLink.Routing.Contacts;

/// <summary>The two halves of 1+100: youths known through a branch, and through a youth organisation or club.</summary>
public enum LinkThrough { Branch, Organisation }

/// <summary>A cadre keeps direct contact with a youth (1+100).</summary>
public sealed class ContactLink
{
    public long Id { get; set; }
    public long CadreId { get; set; }
    public long YouthId { get; set; }
    public DateTimeOffset Since { get; set; }
    public DateTimeOffset? Until { get; set; }
    public LinkThrough Through { get; set; }
    public string ThroughName { get; set; } = "";
}
