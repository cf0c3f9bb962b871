using TuanLink.Routing.Cadres;
using TuanLink.Routing.Experts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Assignments;

/// <summary>What the policy knows of an inquiry when it looks for people.</summary>
/// <param name="UnitId">The youth's unit.</param>
/// <param name="LinkedCadres">The cadres the youth is linked to, longest link first.</param>
/// <param name="NamedRegion">The unit whose region the words name, if it lies below the youth's unit.</param>
/// <param name="Excluded">Nobody of these is ever proposed: the one complained of, the one who failed to answer.</param>
public sealed record AssignmentCase(long UnitId, Topic Topic, Risk Risk, IReadOnlyList<long> LinkedCadres, Unit? NamedRegion, IReadOnlySet<long> Excluded);

/// <summary>How busy a person is at this moment.</summary>
public readonly record struct Load(int OpenItems, int Capacity, DateTimeOffset? LastAssignedAt)
{
    public double Share => (double)OpenItems / Math.Max(1, Capacity);
    public bool HasRoom => OpenItems < Capacity;
}

/// <summary>A person to try, and why. The claim may still fail; then the next is tried.</summary>
/// <param name="WhateverTheLoad">Responsible however full their hands are.</param>
public sealed record Candidate(Handler Person, string Reason, bool WhateverTheLoad);

/// <summary>Whom an inquiry goes to, in the order of DOMAIN.md §4. Pure: roster, loads and moment in, people in order out.</summary>
public static class AssignmentPolicy
{
    /// <summary>Who answers for the item, best first; the last ones are the duty desks up to the root, so the list ends empty only where nobody exists.</summary>
    public static IEnumerable<Candidate> Owners(AssignmentCase item, Roster roster, IReadOnlyDictionary<long, Load> loads, DateTimeOffset now)
    {
        foreach (long linked in item.LinkedCadres)
            if (roster.FindCadre(linked) is { } cadre && Standing(cadre, roster, now) is { } standing && !item.Excluded.Contains(standing.Person.Id))
                yield return standing;
        Unit unit = item.NamedRegion ?? roster.UnitOf(item.UnitId);
        string place = item.NamedRegion is null ? "" : $"（诉求提到{item.NamedRegion.Region}）";
        foreach (Candidate candidate in ByLoad(roster.CadresOf(unit.Id), $"{unit.Name}值守干部{place}"))
            yield return candidate;
        foreach (Candidate candidate in ByLoad(roster.CadresBelow(unit), $"{unit.Name}下属组织干部{place}"))
            yield return candidate;
        foreach (Candidate desk in DutyDesks(item, roster, now))
            yield return desk;

        IEnumerable<Candidate> ByLoad(IEnumerable<Cadre> cadres, string what) => cadres
            .Where(c => !item.Excluded.Contains(c.Id) && roster.IsPresent(c, now) && loads.TryGetValue(c.Id, out Load load) && load.HasRoom)
            // Who takes this topic comes before who takes anything; who does not take it is not asked.
            .Where(c => c.Topics.Count == 0 || c.Topics.Contains(item.Topic))
            .OrderBy(c => c.Topics.Count == 0)
            .ThenBy(c => loads[c.Id].Share).ThenBy(c => loads[c.Id].LastAssignedAt ?? DateTimeOffset.MinValue).ThenBy(c => c.Id)
            .Select(c => new Candidate(c, $"{what}：在手 {loads[c.Id].OpenItems}/{loads[c.Id].Capacity} 件，负荷最低", false));
    }

    /// <summary>Who is called in a crisis: the responders of the unit by rank, then up the tree, then leaders. Capacity and topic do not count.</summary>
    public static IEnumerable<Candidate> CrisisResponders(AssignmentCase item, Roster roster, DateTimeOffset now)
    {
        foreach (Unit unit in roster.Upwards(item.UnitId))
            foreach (Cadre responder in roster.OnPost(unit.Id, DutyRole.CrisisResponder))
                if (!item.Excluded.Contains(responder.Id) && roster.IsPresent(responder, now))
                    yield return new Candidate(responder, $"{unit.Name}危机值守人", true);
        foreach (Unit unit in roster.Upwards(item.UnitId))
            foreach (Cadre leader in roster.OnPost(unit.Id, DutyRole.Leader))
                if (!item.Excluded.Contains(leader.Id))
                    yield return new Candidate(leader, $"无危机值守人在岗，报{unit.Name}负责人", true);
        foreach (Candidate desk in DutyDesks(item, roster, now))
            yield return desk;
    }

    /// <summary>The experts to offer it to: alliance by topic and region, least loaded first.</summary>
    public static IEnumerable<Candidate> Experts(AssignmentCase item, Roster roster, IReadOnlyDictionary<long, Load> loads)
    {
        string region = (item.NamedRegion ?? roster.UnitOf(item.UnitId)).Region;
        return roster.ExpertsFor(item.Topic, region)
            .Where(e => e.Active && e.OnDuty && !item.Excluded.Contains(e.Id) && loads.TryGetValue(e.Id, out Load load) && load.HasRoom)
            .OrderBy(e => e.CredentialCheckedAt is null)
            .ThenBy(e => loads[e.Id].Share).ThenBy(e => loads[e.Id].LastAssignedAt ?? DateTimeOffset.MinValue).ThenBy(e => e.Id)
            .Select(e => new Candidate(e, $"服务联盟专家，在手 {loads[e.Id].OpenItems}/{loads[e.Id].Capacity} 件", false));
    }

    /// <summary>The duty desk of the unit, then of each unit above; if no desk is filled, anybody who is there.</summary>
    public static IEnumerable<Candidate> DutyDesks(AssignmentCase item, Roster roster, DateTimeOffset now)
    {
        foreach (Unit unit in roster.Upwards(item.UnitId))
            foreach (Cadre cadre in roster.OnPost(unit.Id, DutyRole.DutyDesk))
                if (!item.Excluded.Contains(cadre.Id) && roster.LeaveOf(cadre.Id, now) is null)
                    yield return new Candidate(cadre, $"{unit.Name}值班岗", true);
        foreach (Unit unit in roster.Upwards(item.UnitId))
            foreach (Cadre cadre in roster.OnPost(unit.Id, DutyRole.Administrator).Concat(roster.OnPost(unit.Id, DutyRole.Leader)))
                if (!item.Excluded.Contains(cadre.Id))
                    yield return new Candidate(cadre, $"{unit.Name}无值班人，报管理员", true);
        foreach (Cadre cadre in roster.Cadres)
            if (!item.Excluded.Contains(cadre.Id))
                yield return new Candidate(cadre, "无值班岗可用，由在册干部兜底", true);
    }

    // 首接负责: a link holds whatever the load; who is away is stood in for by the deputy.
    private static Candidate? Standing(Cadre linked, Roster roster, DateTimeOffset now)
    {
        if (!linked.Active)
            return null;
        if (roster.LeaveOf(linked.Id, now) is not { } leave)
            return linked.OnDuty ? new Candidate(linked, "直接联系该青年的干部（首接负责）", true) : null;
        return roster.FindCadre(leave.DeputyId) is { } deputy && roster.IsPresent(deputy, now)
            ? new Candidate(deputy, $"联系干部{linked.Name}请假，由代理人负责", true)
            : null;
    }
}
