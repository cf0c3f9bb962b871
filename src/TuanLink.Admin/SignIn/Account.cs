using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Assignments;

namespace TuanLink.Admin.SignIn;

/// <summary>Somebody who may sign in: one role, and the person and unit it is held for.</summary>
public sealed class Account : IdentityUser<long>
{
    public Role Role { get; set; }

    /// <summary>The cadre or expert this account belongs to.</summary>
    public long? HandlerId { get; set; }

    /// <summary>The unit an administrator answers for.</summary>
    public long? UnitId { get; set; }
}

/// <summary>The accounts, in tables of their own beside the domain's.</summary>
public sealed class SignInDb(DbContextOptions<SignInDb> options) : IdentityUserContext<Account, long>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Account>().ToTable("accounts").Property(a => a.Role).HasConversion<string>();
        builder.Entity<IdentityUserClaim<long>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<long>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<long>>().ToTable("account_tokens");
    }
}

/// <summary>Puts role, person and unit into the sign-in cookie, so that a page needs no look-up to know who is there.</summary>
public sealed class AccountClaims(UserManager<Account> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<Account>(users, options)
{
    public const string Role = "tuanlink:role";
    public const string Handler = "tuanlink:handler";
    public const string Unit = "tuanlink:unit";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        ClaimsIdentity identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Role, user.Role.ToString()));
        if (user.HandlerId is { } handler)
            identity.AddClaim(new Claim(Handler, handler.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (user.UnitId is { } unit)
            identity.AddClaim(new Claim(Unit, unit.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return identity;
    }
}
