using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.Cadres;

/// <summary>Cadres with their load and whether they are there; leaves with a deputy, and leaving for good with a successor.</summary>
public sealed class IndexModel : AdminPage
{
    public List<(Cadre Cadre, Unit Unit, int Links)> Items { get; private set; } = [];
    public List<Leave> Leaves { get; private set; } = [];
    public bool Administers => Viewer.Role is Role.UnitAdministrator or Role.SystemAdministrator;

    public async Task OnGetAsync()
    {
        IQueryable<Unit> units = Db.Units.CountableBy(Db, Viewer);
        var rows = await Db.Cadres.Where(c => c.Active && units.Any(u => u.Id == c.UnitId))
            .Select(c => new { c, Links = Db.ContactLinks.Count(l => l.CadreId == c.Id && l.Until == null) }).ToListAsync(Cancel);
        Items = rows.Select(r => (r.c, Roster.UnitOf(r.c.UnitId), r.Links)).OrderBy(r => r.Item2.Path, StringComparer.Ordinal).ThenByDescending(r => r.c.OpenItems).ToList();
        List<long> ids = Items.ConvertAll(i => i.Cadre.Id);
        DateTimeOffset now = Now;
        Leaves = await Db.Leaves.Where(l => ids.Contains(l.CadreId) && l.Until > now).OrderBy(l => l.From).ToListAsync(Cancel);
    }

    public async Task<IActionResult> OnPostDutyAsync(bool on)
    {
        await Change((db, cancel) =>
            {
                long self = Self;
                return db.Cadres.Where(c => c.Id == self).ExecuteUpdateAsync(set => set.SetProperty(c => c.OnDuty, on), cancel);
            },
            on ? "您已上岗，会收到新的诉求。" : "您已离岗，新的诉求不再分给您；在办的仍由您负责。", on ? "上岗" : "离岗", Viewer.Name);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostLeaveAsync(long cadre, long deputy, string? from, string? until, string? reason)
    {
        if (!await MayChange(cadre))
            return NotFound();
        bool done = await Change(async (db, cancel) =>
        {
            if (Moment(from) is not { } first || Moment(until) is not { } last)
                throw new ALeaveNeedsADeputy();
            // One that has begun takes effect now, not at the next run of a job.
            await Service<HandOverItems>().Plan(db, cadre, deputy, DateOnly.FromDateTime(first), DateOnly.FromDateTime(last), reason, Now, cancel);
        }, "请假已登记；开始时在办诉求交给代理人。", "登记请假", NameOf(cadre));
        if (done)
            return RedirectToPage();
        await OnGetAsync();
        return Again();
    }

    public async Task<IActionResult> OnPostDepartAsync(long cadre, long successor)
    {
        if (!Administers || !await MayChange(cadre))
            return NotFound();
        await Change((db, cancel) => Service<HandOverItems>().Depart(db, cadre, successor, Now, cancel), "离任已办理：在办诉求和联系青年都已有新的负责人。", "办理离任", NameOf(cadre));
        return RedirectToPage();
    }

    private async Task<bool> MayChange(long cadre) =>
        (Viewer.Role == Role.Cadre && cadre == Viewer.HandlerId)
        || (Administers && await Db.Cadres.AnyAsync(c => c.Id == cadre && Db.Units.CountableBy(Db, Viewer).Any(u => u.Id == c.UnitId), Cancel));

    private async Task<bool> Change(Func<RoutingDb, CancellationToken, Task> work, string done, string action, string subject)
    {
        bool taken = await Try(async (db, cancel) =>
        {
            await work(db, cancel);
            db.Audit.Add(new AuditEntry { At = Now, Actor = Viewer.Name, Action = action, Subject = subject });
        }, done);
        Service<Rosters>().Changed();
        return taken;
    }
}
