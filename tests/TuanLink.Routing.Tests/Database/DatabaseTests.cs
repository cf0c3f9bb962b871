using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using TuanLink.Routing.Database;

namespace TuanLink.Routing.Tests.Database;

public sealed class DatabaseTests
{
    [Fact]
    public async Task Migrations_make_on_SQLite_what_the_model_says()
    {
        string folder = Directory.CreateTempSubdirectory("tuanlink-test-").FullName;
        const string columns = "SELECT m.name || '.' || p.name || ' ' || p.type || ' ' || p.\"notnull\" || ' ' || p.pk FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'";
        const string indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
        await Compare(new DatabaseOptions { ConnectionString = $"Data Source={folder}/a.db;Pooling=false" }, new DatabaseOptions { ConnectionString = $"Data Source={folder}/b.db;Pooling=false" }, columns, indexes);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task Migrations_make_on_PostgreSQL_what_the_model_says() => await Compare(
        new DatabaseOptions { Engine = Engine.Postgres, ConnectionString = await PostgresServer.NewDatabaseAsync() },
        new DatabaseOptions { Engine = Engine.Postgres, ConnectionString = await PostgresServer.NewDatabaseAsync() },
        "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'");

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_first_start_on_an_empty_database_logs_no_error(Engine engine)
    {
        string folder = Directory.CreateTempSubdirectory("tuanlink-test-").FullName;
        var errors = new List<string>();
        var builder = new DbContextOptionsBuilder<RoutingDb>();
        DatabaseModule.Use(builder, new DatabaseOptions
        {
            Engine = engine,
            ConnectionString = engine == Engine.Postgres ? await PostgresServer.NewDatabaseAsync() : $"Data Source={folder}/a.db;Pooling=false",
        });
        builder.LogTo(errors.Add, LogLevel.Error);
        await using (var db = new RoutingDb(builder.Options))
            await db.Migrate(CancellationToken.None);
        Directory.Delete(folder, true);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task One_work_that_fails_harms_none_that_share_its_commit()
    {
        await using Office office = await Office.Open();
        var works = Enumerable.Range(0, 40).Select(i => office.Do(async db =>
        {
            db.Settings.Add(new Setting { Name = $"s{i}", Value = "x" });
            if (i % 7 == 3)
                throw new FormatException($"work {i}");
            await Task.Yield();
        })).ToList();
        await Task.WhenAll(works.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
        List<string> kept = await office.See(db => db.Settings.Select(s => s.Name).ToListAsync());
        for (int i = 0; i < 40; i++)
            Assert.Equal(!works[i].IsFaulted, kept.Contains($"s{i}"));
        Assert.Equal(6, works.Count(w => w.IsFaulted));
        Assert.All(works.Where(w => w.IsFaulted), w => Assert.IsType<FormatException>(w.Exception!.InnerException));
    }

    private static async Task Compare(DatabaseOptions migrated, DatabaseOptions created, params string[] queries)
    {
        await using RoutingDb a = Open(migrated);
        await a.Database.MigrateAsync();
        await using RoutingDb b = Open(created);
        // The server's own database exists already; only the tables are to be made.
        await b.GetService<IRelationalDatabaseCreator>().EnsureCreatedAsync();
        if (created.Engine == Engine.Postgres && !(await Read(b, queries[0])).Exists(c => c.Contains("inquiries", StringComparison.Ordinal)))
            await b.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        foreach (string query in queries)
        {
            List<string> expected = await Read(b, query);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await Read(a, query));
        }
    }

    private static RoutingDb Open(DatabaseOptions options)
    {
        var builder = new DbContextOptionsBuilder<RoutingDb>();
        DatabaseModule.Use(builder, options);
        return new RoutingDb(builder.Options);
    }

    private static async Task<List<string>> Read(RoutingDb db, string query)
    {
        await db.Database.OpenConnectionAsync();
        await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = query;
        var rows = new List<string>();
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            if (!reader.GetString(0).Contains("__EFMigrations", StringComparison.Ordinal))
                rows.Add(reader.GetString(0));
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
