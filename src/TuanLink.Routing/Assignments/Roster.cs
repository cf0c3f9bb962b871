using System.Buffers;
using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Experts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Assignments;

/// <summary>
/// Who is where, as of a moment ago: units, cadres, posts, leaves, experts, alliances. Read in one piece and kept, since it changes
/// seldom and every message asks it. What changes with every message (load) is never read from here.
/// </summary>
public sealed class Roster
{
    private readonly FrozenDictionary<long, Unit> _units;
    private readonly FrozenDictionary<string, Unit> _unitsByCode;
    private readonly FrozenDictionary<long, Handler> _handlers;
    private readonly ILookup<long, Cadre> _cadresOf;
    private readonly ILookup<(long Unit, DutyRole Role), Duty> _duties;
    private readonly ILookup<long, Leave> _leaves;
    private readonly ILookup<Topic, (string Region, long ExpertId)> _alliances;
    private readonly SearchValues<string> _cadreNames;
    private readonly Cadre[] _cadres;
    private readonly Unit[] _regions;

    private Roster(List<Unit> units, List<Handler> handlers, List<Duty> duties, List<Leave> leaves,
        IEnumerable<(Topic Topic, string Region, long ExpertId)> alliances, DateTimeOffset readAt)
    {
        ReadAt = readAt;
        _units = units.ToFrozenDictionary(u => u.Id);
        _unitsByCode = units.ToFrozenDictionary(u => u.Code, StringComparer.Ordinal);
        _handlers = handlers.ToFrozenDictionary(h => h.Id);
        _cadres = handlers.OfType<Cadre>().Where(c => c.Active).OrderBy(c => c.Id).ToArray();
        _cadresOf = _cadres.ToLookup(c => c.UnitId);
        _duties = duties.OrderBy(d => d.Rank).ThenBy(d => d.Id).ToLookup(d => (d.UnitId, d.Role));
        _leaves = leaves.ToLookup(l => l.CadreId);
        _alliances = alliances.ToLookup(a => a.Topic, a => (a.Region, a.ExpertId));
        _cadreNames = SearchValues.Create(_cadres.Select(c => c.Name).Where(n => n.Length > 1).Distinct().ToArray(), StringComparison.Ordinal);
        // The smallest unit that bears a region's name answers for it.
        _regions = units.Where(u => u.Region.Length > 1 && u.Kind is UnitKind.County or UnitKind.City or UnitKind.Township)
            .OrderByDescending(u => u.Path.Length).ThenBy(u => u.Id).ToArray();
    }

    public DateTimeOffset ReadAt { get; }
    public bool IsEmpty => _cadres.Length == 0;
    public IEnumerable<Unit> Units => _units.Values;
    public IReadOnlyList<Cadre> Cadres => _cadres;
    public IEnumerable<Handler> Handlers => _handlers.Values;

    public Unit UnitOf(long id) => _units[id];
    public Unit? UnitByCode(string code) => _unitsByCode.GetValueOrDefault(code);
    public Handler HandlerOf(long id) => _handlers[id];
    public Handler? FindHandler(long id) => _handlers.GetValueOrDefault(id);
    public Cadre? FindCadre(long id) => _handlers.GetValueOrDefault(id) as Cadre;

    /// <summary>The unit and its ancestors, nearest first.</summary>
    public IEnumerable<Unit> Upwards(long unitId)
    {
        for (Unit? unit = _units.GetValueOrDefault(unitId); unit is not null; unit = unit.ParentId is { } parent ? _units.GetValueOrDefault(parent) : null)
            yield return unit;
    }

    public IEnumerable<Cadre> CadresOf(long unitId) => _cadresOf[unitId];

    /// <summary>The cadres of all units below this one.</summary>
    public IEnumerable<Cadre> CadresBelow(Unit unit) =>
        _cadres.Where(c => c.UnitId != unit.Id && _units[c.UnitId].Path.StartsWith(unit.Path, StringComparison.Ordinal));

    /// <summary>Who fills a post of a unit, first to be asked first.</summary>
    public IEnumerable<Cadre> OnPost(long unitId, DutyRole role) =>
        _duties[(unitId, role)].Select(d => FindCadre(d.CadreId)).OfType<Cadre>().Where(c => c.Active);

    /// <summary>The leave a cadre is on now.</summary>
    public Leave? LeaveOf(long cadreId, DateTimeOffset now) =>
        _leaves[cadreId].FirstOrDefault(l => l.From <= now && now < l.Until);

    /// <summary>Whether the person takes items now: has not left, is on duty, is not on leave.</summary>
    public bool IsPresent(Handler handler, DateTimeOffset now) =>
        handler.Active && handler.OnDuty && LeaveOf(handler.Id, now) is null;

    /// <summary>The experts of the alliances for a topic that serve the region.</summary>
    public IEnumerable<Expert> ExpertsFor(Topic topic, string region) =>
        _alliances[topic].Where(a => a.Region.Length == 0 || region.Length == 0 || a.Region == region || IsWithin(region, a.Region))
            .Select(a => _handlers.GetValueOrDefault(a.ExpertId)).OfType<Expert>()
            .Where(e => e.Topics.Count == 0 || e.Topics.Contains(topic))
            .DistinctBy(e => e.Id);

    /// <summary>The cadre whose name stands in the text.</summary>
    public Cadre? CadreNamedIn(string text) =>
        text.AsSpan().IndexOfAny(_cadreNames) < 0 ? null
            : _cadres.Where(c => c.Name.Length > 1 && text.Contains(c.Name, StringComparison.Ordinal)).MaxBy(c => c.Name.Length);

    /// <summary>The unit below the given one whose region the text names.</summary>
    public Unit? RegionNamedIn(string text, Unit within) =>
        _regions.FirstOrDefault(u => u.Id != within.Id && u.Path.StartsWith(within.Path, StringComparison.Ordinal)
            && u.Region != within.Region && text.Contains(u.Region, StringComparison.Ordinal));

    // A region lies within another when a unit serving it stands below a unit serving the other.
    private bool IsWithin(string region, string outer) =>
        _units.Values.Any(u => u.Region == region && Upwards(u.Id).Any(a => a.Region == outer));

    internal static async Task<Roster> Read(RoutingDb db, DateTimeOffset now, CancellationToken cancel)
    {
        List<Unit> units = await db.Units.AsNoTracking().ToListAsync(cancel);
        List<Handler> handlers = await db.Handlers.AsNoTracking().ToListAsync(cancel);
        List<Duty> duties = await db.Duties.AsNoTracking().ToListAsync(cancel);
        List<Leave> leaves = await db.Leaves.AsNoTracking().Where(l => l.Until > now).ToListAsync(cancel);
        var alliances = await db.Alliances.AsNoTracking().ToDictionaryAsync(a => a.Id, cancel);
        var members = await db.AllianceMembers.AsNoTracking().OrderBy(m => m.Id).ToListAsync(cancel);
        var experts = handlers.OfType<Expert>().ToList();
        IEnumerable<(Topic, string, long)> served = members.SelectMany(m => experts
            .Where(e => m.ExpertId == e.Id || (m.OrganisationId is not null && m.OrganisationId == e.OrganisationId))
            .Select(e => (alliances[m.AllianceId].Topic, alliances[m.AllianceId].Region, e.Id)));
        return new Roster(units, handlers, duties, leaves, served, now);
    }
}
