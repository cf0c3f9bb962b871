using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.Contacts;

/// <summary>Whose posters somebody may print: a cadre one's own, an administrator those of the subtree.</summary>
public static class PosterSight
{
    public static IQueryable<Cadre> PostersOf(this IQueryable<Cadre> cadres, RoutingDb db, Viewer viewer) => viewer.Role switch
    {
        Role.UnitAdministrator or Role.SystemAdministrator => cadres.Where(c => c.Active && db.Units.CountableBy(db, viewer).Any(u => u.Id == c.UnitId)),
        Role.Cadre => cadres.Where(c => c.Active && c.Id == viewer.HandlerId),
        _ => cadres.Where(_ => false),
    };

    public static IQueryable<Unit> PostersOf(this IQueryable<Unit> units, RoutingDb db, Viewer viewer) =>
        viewer.Role is Role.UnitAdministrator or Role.SystemAdministrator ? units.CountableBy(db, viewer) : units.Where(_ => false);
}

/// <summary>The posters there are to print.</summary>
public sealed class PostersModel : AdminPage
{
    private const int MostShown = 200;

    [FromQuery(Name = "q")] public string? Words { get; set; }
    public List<Unit> Units { get; private set; } = [];
    public List<Cadre> Cadres { get; private set; } = [];

    public async Task OnGetAsync()
    {
        string words = Words?.Trim() ?? "";
        Units = await Db.Units.PostersOf(Db, Viewer).Where(u => words == "" || u.Name.Contains(words)).OrderBy(u => u.Path).Take(MostShown).ToListAsync(Cancel);
        Cadres = await Db.Cadres.PostersOf(Db, Viewer).Where(c => words == "" || c.PublicName.Contains(words)).OrderBy(c => c.UnitId).ThenBy(c => c.Id).Take(MostShown).ToListAsync(Cancel);
    }
}
