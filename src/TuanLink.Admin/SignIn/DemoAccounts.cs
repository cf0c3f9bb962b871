using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.SignIn;

/// <summary>Sign-ins for the demo city, in Development only: every role once, and the busiest cadre.</summary>
public sealed class DemoAccounts(IServiceProvider services, IDbContextFactory<RoutingDb> databases)
{
    /// <summary>The password of every demo account: it guards invented data on a developer's machine.</summary>
    public const string Password = "youth-voice-demo";

    /// <summary>Makes the accounts that are missing.</summary>
    /// <returns>What to print.</returns>
    public async Task<IReadOnlyList<string>> EnsureMade(CancellationToken cancel)
    {
        var wanted = new List<(string Name, Role Role, string? Person, string? Unit, string What)>
        {
            ("admin", Role.SystemAdministrator, null, null, "系统管理员"),
            ("auditor", Role.Auditor, null, null, "审计员（只看数字）"),
        };
        await using (RoutingDb db = await databases.CreateDbContextAsync(cancel))
        {
            Unit? city = await db.Units.Where(u => u.Kind == UnitKind.City).OrderBy(u => u.Id).FirstOrDefaultAsync(cancel);
            if (city is null)
                return [];
            Cadre? head = await db.Cadres.Where(c => db.Duties.Any(d => d.UnitId == city.Id && d.CadreId == c.Id && d.Role == DutyRole.Administrator)).OrderBy(c => c.Id).FirstOrDefaultAsync(cancel);
            wanted.Add(("city", Role.UnitAdministrator, head?.Code, city.Code, $"{city.Name}管理员"));
            foreach (Cadre cadre in await db.Cadres.Where(c => c.Active && c.Id != (head == null ? 0 : head.Id)).OrderByDescending(c => c.OpenItems).ThenBy(c => c.Id).Take(2).ToListAsync(cancel))
                wanted.Add((cadre.Name, Role.Cadre, cadre.Code, null, $"团干部 {cadre.PublicName}"));
            Cadre? responder = await db.Cadres.Where(c => db.Duties.Any(d => d.UnitId == city.Id && d.CadreId == c.Id && d.Role == DutyRole.CrisisResponder)).OrderBy(c => c.Id).FirstOrDefaultAsync(cancel);
            if (responder is not null && wanted.TrueForAll(w => w.Person != responder.Code))
                wanted.Add((responder.Name, Role.Cadre, responder.Code, null, $"危机值守 {responder.PublicName}"));
            if (await db.Experts.Where(e => e.OnDuty).OrderByDescending(e => e.OpenItems).ThenBy(e => e.Id).FirstOrDefaultAsync(cancel) is { } expert)
                wanted.Add((expert.Name, Role.Expert, expert.Code, null, expert.PublicName));
        }
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<SignInDb>();
        // Who was made at the first start stays printed at every later one, even when loads have changed since.
        if (!await accounts.Users.AnyAsync(u => u.UserName == "admin", cancel))
            foreach (var (name, role, person, unit, _) in wanted)
                await scope.ServiceProvider.GetRequiredService<AccountDesk>().Create(name, role, person, unit, Password, cancel);
        List<Account> made = await accounts.Users.AsNoTracking().OrderBy(a => a.Id).ToListAsync(cancel);
        return [.. made.Select(a => $"  {a.UserName}  /  {Password}    {wanted.FirstOrDefault(w => w.Name == a.UserName).What ?? a.Role.ToString()}")];
    }
}
