using System.Globalization;
using System.Security.Claims;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;

namespace TuanLink.Admin.Frame;

public static class Viewers
{
    /// <summary>Who is looking, from the sign-in cookie; the unit's path is looked up, since units may move.</summary>
    public static Viewer Of(ClaimsPrincipal user, Roster roster)
    {
        Role role = Enum.Parse<Role>(user.FindFirstValue(AccountClaims.Role) ?? nameof(Role.Auditor));
        long? unit = Number(user.FindFirstValue(AccountClaims.Unit));
        string? path = unit is { } id ? roster.Units.FirstOrDefault(u => u.Id == id)?.Path : null;
        return new(role, Number(user.FindFirstValue(AccountClaims.Handler)), path, user.Identity?.Name ?? "");
    }

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
