namespace TuanLink.Routing.Experts;

/// <summary>The three types of League-affiliated youth social organisations: 志愿服务, 创业就业, 文艺体育.</summary>
public enum OrganisationType { Volunteering, StartupEmployment, CultureSports }

/// <summary>How closely a partner is tied: 紧密层, 骨干层, 协同层.</summary>
public enum PartnerLayer { Close, Backbone, Cooperating }

public enum Registration { Registered, Filed, Pending }

/// <summary>A partner organisation (团属青年社会组织).</summary>
public sealed class PartnerOrganisation
{
    public long Id { get; set; }
    public required string Code { get; set; }
    public required string Name { get; set; }
    public OrganisationType Type { get; set; }
    public PartnerLayer Layer { get; set; }
    public string Region { get; set; } = "";
    public long GuidingUnitId { get; set; }
    public Registration Registration { get; set; }
}

/// <summary>An event a partner held; an active one holds one every month or two.</summary>
public sealed class OrganisationEvent
{
    public long Id { get; set; }
    public long OrganisationId { get; set; }
    public required string Title { get; set; }
    public DateTimeOffset At { get; set; }
    public int Attendees { get; set; }
}
