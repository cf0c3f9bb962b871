using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Assignments;

/// <summary>A youth who came by a poster's code becomes the contact of the cadre or branch that hung it (1+100), and may undo that at any time.</summary>
public sealed class LinkYouth(Rosters rosters)
{
    /// <summary>Links the youth; a branch's code links to the cadre who leads it, another unit's only places the youth there.</summary>
    /// <returns>Whom to name to the youth, and whether that is a person; none if nothing changed or nobody is there any more.</returns>
    public async Task<(string Name, bool IsPerson)?> Link(RoutingDb db, Youth youth, CodeOf code, DateTimeOffset now, CancellationToken cancel)
    {
        Roster roster = await rosters.Current(cancel);
        Cadre? cadre = code.IsCadre ? roster.FindCadre(code.Id) is { Active: true } named ? named : null : LeaderOf(roster, code.Id);
        Unit? unit = code.IsCadre ? cadre is null ? null : roster.UnitOf(cadre.UnitId) : roster.Units.FirstOrDefault(u => u.Id == code.Id);
        if (unit is null)
            return null;
        bool isNew = youth.UnitId is null;
        // Where a youth belongs is not changed by a poster they pass.
        youth.UnitId ??= unit.Id;
        if (cadre is not null && !await db.ContactLinks.AnyAsync(l => l.YouthId == youth.Id && l.CadreId == cadre.Id && l.Until == null, cancel))
        {
            db.ContactLinks.Add(new ContactLink { CadreId = cadre.Id, YouthId = youth.Id, Since = now, Through = LinkThrough.Branch, ThroughName = unit.Name });
            isNew = true;
        }
        return isNew ? (cadre?.PublicName ?? unit.Name, cadre is not null) : null;
    }

    /// <summary>Ends every contact of the youth, as the youth asked.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> Unlink(RoutingDb db, Youth youth, DateTimeOffset now, CancellationToken cancel)
    {
        int ended = await db.ContactLinks.Where(l => l.YouthId == youth.Id && l.Until == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.Until, now), cancel);
        // Without a person there was only the unit that a poster placed the youth in.
        if (ended == 0)
            youth.UnitId = null;
        return ended;
    }

    private static Cadre? LeaderOf(Roster roster, long unitId) => roster.Units.FirstOrDefault(u => u.Id == unitId) is { Kind: UnitKind.Branch }
        ? roster.OnPost(unitId, DutyRole.Leader).FirstOrDefault() ?? roster.CadresOf(unitId).FirstOrDefault() : null;
}
