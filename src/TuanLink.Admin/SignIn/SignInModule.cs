using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using TuanLink.Routing.Database;

namespace TuanLink.Admin.SignIn;

public static class SignInModule
{
    private const string HistoryTable = "__sign_in_migrations";

    internal static void Use(DbContextOptionsBuilder options, DatabaseOptions chosen)
    {
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
        if (chosen.Engine == Engine.Postgres)
            options.UseNpgsql(chosen.ConnectionString, e => e.MigrationsAssembly(typeof(SignInDb).Assembly.GetName().Name).MigrationsHistoryTable(HistoryTable));
        else
            options.UseSqlite(DatabaseModule.SqliteConnectionString(chosen), e => e.MigrationsAssembly(typeof(SignInDb).Assembly.GetName().Name).MigrationsHistoryTable(HistoryTable));
    }

    /// <summary>Brings the accounts' tables to the newest schema.</summary>
    public static async Task MigrateSignIn(this IServiceProvider services, CancellationToken cancel)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SignInDb>().Migrate(cancel);
    }
}
