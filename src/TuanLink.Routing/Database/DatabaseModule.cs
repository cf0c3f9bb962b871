using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Outbox;

namespace TuanLink.Routing.Database;

public static class DatabaseModule
{
    /// <summary>Registers the database of the chosen engine and the one way to write to it.</summary>
    public static IServiceCollection AddRoutingDatabase(this IServiceCollection services)
    {
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsRule>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<SecretKeys>();
        services.AddSingleton<RowIds>();
        services.AddPooledDbContextFactory<RoutingDb>((provider, options) =>
            Use(options, provider.GetRequiredService<IOptions<DatabaseOptions>>().Value), poolSize: 256);
        services.AddSingleton<ITransactions>(provider =>
        {
            var databases = provider.GetRequiredService<IDbContextFactory<RoutingDb>>();
            var signal = provider.GetRequiredService<OutboxSignal>();
            return provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Engine == Engine.Sqlite
                ? new GroupCommit(databases, signal, provider.GetRequiredService<RowIds>())
                : new PostgresTransactions(databases, signal);
        });
        return services;
    }

    /// <summary>The rule of the options, for the host, which needs the folder before its services stand.</summary>
    public static IValidateOptions<DatabaseOptions> Rule { get; } = new DatabaseOptionsRule();

    /// <summary>Points a context at the engine the options name.</summary>
    public static void Use(DbContextOptionsBuilder options, DatabaseOptions chosen)
    {
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning)).EnableThreadSafetyChecks(false);
        if (chosen.Engine == Engine.Postgres)
            options.UseNpgsql(chosen.ConnectionString);
        else
            options.UseSqlite(SqliteConnectionString(chosen)).AddInterceptors(new SqlitePragmas());
    }

    /// <summary>The SQLite connection string: as configured, or tuanlink.db in the data folder.</summary>
    public static string SqliteConnectionString(DatabaseOptions options) =>
        options.ConnectionString is { Length: > 0 } given
            ? given
            : new SqliteConnectionStringBuilder { DataSource = Path.Combine(options.Folder, "tuanlink.db") }.ToString();

    /// <summary>Brings the database to the newest schema; makes the folder and the file where missing.</summary>
    public static async Task MigrateRoutingDatabase(this IServiceProvider services, CancellationToken cancel)
    {
        DatabaseOptions options = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        Directory.CreateDirectory(options.Folder);
        await using RoutingDb db = await services.GetRequiredService<IDbContextFactory<RoutingDb>>().CreateDbContextAsync(cancel);
        await db.Migrate(cancel);
    }

    /// <summary>Brings a database to the newest schema. The table that remembers how far it is, is made first: PostgreSQL would be asked for
    /// it before it exists, and the failed question stand in the log as an error on every first start.</summary>
    public static async Task Migrate(this DbContext db, CancellationToken cancel)
    {
        if (db.Database.IsNpgsql() && await db.Database.CanConnectAsync(cancel))
            await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancel);
        // Migrating writes a lock before it looks whether there is anything to do: most starts have nothing, and look first.
        if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            await db.Database.MigrateAsync(cancel);
    }

    /// <summary>Durable and patient: a commit is on disk when it returns, readers never wait, erased bytes are overwritten.</summary>
    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        private const string Pragmas =
            "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData data) => Apply(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData data, CancellationToken cancel)
        {
            Apply(connection);
            return Task.CompletedTask;
        }

        // A pooled connection comes back with its settings: each native handle is told once. Six statements at every opening were
        // a good part of a turn's time.
        private static readonly ConditionalWeakTable<object, object> Told = [];

        private static void Apply(DbConnection connection)
        {
            if (!Told.TryAdd(SqliteLane.HandleOf(connection), true))
                return;
            using DbCommand command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }
    }
}
