using TuanLink.Routing.Cadres;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Experts;

/// <summary>An expert (专家) of a partner organisation, or independent.</summary>
public sealed class Expert : Handler
{
    public long? OrganisationId { get; set; }

    /// <summary>The profession shown to youths, e.g. 律师.</summary>
    public string Title { get; set; } = "";

    /// <summary>The regions served, by everyday name; none means everywhere.</summary>
    public List<string> Regions { get; set; } = [];

    public string Credential { get; set; } = "";
    public long? CredentialCheckedBy { get; set; }
    public DateTimeOffset? CredentialCheckedAt { get; set; }
}

/// <summary>A service alliance (服务联盟): the experts and organisations of one topic in one region.</summary>
public sealed class ServiceAlliance
{
    public long Id { get; set; }
    public required string Code { get; set; }
    public required string Name { get; set; }
    public Topic Topic { get; set; }
    public string Region { get; set; } = "";
}

/// <summary>Membership of an expert or an organisation in an alliance; exactly one of the two is set.</summary>
public sealed class AllianceMember
{
    public long Id { get; set; }
    public long AllianceId { get; set; }
    public long? ExpertId { get; set; }
    public long? OrganisationId { get; set; }
}
