using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Cadres;

/// <summary>Somebody who can hold an inquiry: a <see cref="Cadre"/> or a partner's expert.</summary>
public abstract class Handler
{
    public long Id { get; set; }

    /// <summary>The register's code of this person, unique.</summary>
    public required string Code { get; set; }

    public required string Name { get; set; }
    public string? Phone { get; set; }

    /// <summary>How many open items this person can hold at once; at least 1.</summary>
    public int Capacity { get; set; } = 20;

    /// <summary>The open items held now; kept in the same transaction as every assignment, so that load is read without counting.</summary>
    public int OpenItems { get; set; }

    /// <summary>When an item last came to this person: ties of load go to whoever has been idle longest.</summary>
    public DateTimeOffset? LastAssignedAt { get; set; }

    /// <summary>The topics this person takes; none means all.</summary>
    public List<Topic> Topics { get; set; } = [];

    /// <summary>Whether this person takes new items now: a cadre's on/off duty, an expert's availability.</summary>
    public bool OnDuty { get; set; } = true;

    /// <summary>False once the person has left: nothing is routed to them any more, their past stays theirs.</summary>
    public bool Active { get; set; } = true;

    /// <summary>How this person is shown to a youth (亮身份), e.g. 共青团临江市委 王某某 or 专家 李某（律师）.</summary>
    public string PublicName { get; set; } = "";
}
