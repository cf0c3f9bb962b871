using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.SignIn;

/// <summary>An account that was made, with its password in clear this one time; or why it was not.</summary>
public sealed record AccountMade(string? Password, string? Problem);

/// <summary>Makes accounts.</summary>
public sealed class AccountDesk(UserManager<Account> users, IDbContextFactory<RoutingDb> databases, ITransactions transactions, TimeProvider time)
{
    private const string PasswordLetters = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ";

    /// <param name="person">The code of the cadre or expert; needed for those roles.</param>
    /// <param name="unit">The code of the unit; needed for a unit administrator unless the person's unit is meant.</param>
    /// <param name="password">None makes one.</param>
    public async Task<AccountMade> Create(string name, Role role, string? person, string? unit, string? password, CancellationToken cancel)
    {
        Handler? handler = null;
        Unit? place = null;
        await using (RoutingDb db = await databases.CreateDbContextAsync(cancel))
        {
            if (person is not null && (handler = await db.Handlers.FirstOrDefaultAsync(h => h.Code == person, cancel)) is null)
                return new(null, $"There is no cadre or expert with the code '{person}'.");
            if (unit is not null && (place = await db.Units.FirstOrDefaultAsync(u => u.Code == unit, cancel)) is null)
                return new(null, $"There is no unit with the code '{unit}'.");
            if (place is null && handler is Cadre cadre)
                place = await db.Units.FirstOrDefaultAsync(u => u.Id == cadre.UnitId, cancel);
        }
        if (role is Role.Cadre && handler is not Cadre || role is Role.Expert && handler is not Routing.Experts.Expert)
            return new(null, $"The role {role} needs the code of a {role.ToString().ToLowerInvariant()}.");
        if (role is Role.UnitAdministrator && place is null)
            return new(null, "A unit administrator needs the code of a unit.");

        password ??= RandomNumberGenerator.GetString(PasswordLetters, 16);
        var account = new Account { UserName = name, Role = role, HandlerId = handler?.Id, UnitId = role is Role.UnitAdministrator or Role.Cadre ? place?.Id : null, LockoutEnabled = true };
        IdentityResult result = await users.CreateAsync(account, password);
        if (!result.Succeeded)
            return new(null, string.Join(" ", result.Errors.Select(e => e.Description)));
        await transactions.Run((db, _) =>
        {
            db.Audit.Add(new AuditEntry { At = time.GetUtcNow(), Actor = "system", Action = "建立账号", Subject = name, Detail = role.ToString() });
            return Task.CompletedTask;
        }, cancel);
        return new(password, null);
    }
}
