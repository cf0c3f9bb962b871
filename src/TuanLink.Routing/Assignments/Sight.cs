using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Routing.Assignments;

/// <summary>What an account may do. One account has one role.</summary>
public enum Role { Cadre, Expert, UnitAdministrator, SystemAdministrator, Auditor }

/// <summary>Who is looking.</summary>
/// <param name="HandlerId">The cadre or expert the account belongs to; none for accounts that handle nothing.</param>
/// <param name="UnitPath">The path of the unit an administrator answers for; its subtree is theirs.</param>
public sealed record Viewer(Role Role, long? HandlerId, string? UnitPath, string Name);

/// <summary>
/// Which inquiries somebody may read (DOMAIN.md §4.1, §9): experts and cadres what they handle, own or are offered; a unit administrator
/// the subtree; a system administrator all; an auditor no text at all. Nobody ever what complains of them.
/// </summary>
public static class Sight
{
    /// <summary>The inquiries whose words the viewer may read.</summary>
    public static IQueryable<Inquiry> ReadableBy(this IQueryable<Inquiry> inquiries, RoutingDb db, Viewer viewer)
    {
        long? self = viewer.HandlerId;
        if (self is not null)
            inquiries = inquiries.Where(i => i.AboutCadreId == null || i.AboutCadreId != self);
        return viewer.Role switch
        {
            Role.SystemAdministrator => inquiries,
            Role.UnitAdministrator when viewer.UnitPath is { } path => inquiries.Where(i =>
                db.Units.Any(u => u.Id == i.UnitId && u.Path.StartsWith(path))
                || i.HandlerId == self || i.OwnerId == self
                || db.Handoffs.Any(h => h.InquiryId == i.Id && h.ToId == self && h.Outcome == HandoffOutcome.Pending)),
            Role.Cadre or Role.Expert when self is not null => inquiries.Where(i =>
                i.HandlerId == self || i.OwnerId == self
                || db.Handoffs.Any(h => h.InquiryId == i.Id && h.ToId == self && h.Outcome == HandoffOutcome.Pending)),
            _ => inquiries.Where(_ => false),
        };
    }

    /// <summary>The units whose figures the viewer may see; figures carry no words.</summary>
    public static IQueryable<Unit> CountableBy(this IQueryable<Unit> units, RoutingDb db, Viewer viewer) => viewer.Role switch
    {
        Role.SystemAdministrator or Role.Auditor => units,
        Role.UnitAdministrator when viewer.UnitPath is { } path => units.Where(u => u.Path.StartsWith(path)),
        Role.Cadre => units.Where(u => db.Cadres.Any(c => c.Id == viewer.HandlerId && c.UnitId == u.Id)),
        _ => units.Where(_ => false),
    };
}
