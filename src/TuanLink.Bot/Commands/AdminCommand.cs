using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;

namespace TuanLink.Bot.Commands;

/// <summary>admin create: makes the first administrator, or any account, from the machine the service runs on.</summary>
public static class AdminCommand
{
    public static async Task<int> Create(string[] args)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        bool passwordFromInput = args.Contains("--password-stdin");
        for (int i = 0; i < args.Length; i++)
            if (args[i] is "--name" or "--role" or "--unit" or "--person")
            {
                if (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal))
                    return Wrong($"{args[i]} needs a value.");
                said[args[i]] = args[++i];
            }
            else if (args[i] != "--password-stdin" && !args[i].Contains(':', StringComparison.Ordinal))
                return Wrong($"'{args[i]}' is not understood.");
        if (!said.TryGetValue("--name", out string? name))
            return Wrong("--name is needed.");
        if (!Enum.TryParse(said.GetValueOrDefault("--role", nameof(Role.SystemAdministrator)), ignoreCase: true, out Role role) || !Enum.IsDefined(role))
            return Wrong($"--role is '{said["--role"]}'; it must be one of {string.Join(", ", Enum.GetNames<Role>())}.");

        await using WebApplication service = Service.Build([.. args.Where(a => a.Contains(':', StringComparison.Ordinal))]);
        await service.Services.MigrateRoutingDatabase(CancellationToken.None);
        await service.Services.MigrateSignIn(CancellationToken.None);
        string? password = passwordFromInput ? Console.In.ReadLine() : null;
        AccountMade made = await service.Services.GetRequiredService<AccountDesk>()
            .Create(name, role, said.GetValueOrDefault("--person"), said.GetValueOrDefault("--unit"), password, CancellationToken.None);
        if (made.Problem is not null)
            return Wrong(made.Problem, 1);
        Console.WriteLine(passwordFromInput ? $"Made {role} {name}." : $"Made {role} {name}. Password (shown once): {made.Password}");
        return 0;
    }

    private static int Wrong(string why, int code = 2)
    {
        Console.Error.WriteLine(why);
        return code;
    }
}
