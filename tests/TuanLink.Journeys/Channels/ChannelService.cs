using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TuanLink.Admin.SignIn;
using TuanLink.Bot;
using TuanLink.Bot.Channels.Outside;
using TuanLink.Bot.Jobs;
using TuanLink.Routing.Database;
using TuanLink.Routing.Imports;

namespace TuanLink.Journeys.Channels;

/// <summary>The whole service on real ports with the demo city, with the channel settings a test asks for and names that lead where it says.</summary>
public sealed class ChannelService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private ChannelService(WebApplication app, string folder, FakeClock clock, SaidInLogs log)
    {
        (_app, _folder, Clock, Log) = (app, folder, clock, log);
        List<string> urls = [.. app.Urls];
        (Bot, Admin) = (new Uri(urls[0]), new Uri(urls[1]));
    }

    public FakeClock Clock { get; }
    public Uri Bot { get; }
    public Uri Admin { get; }

    /// <summary>Everything that was logged, from the most talkative level up.</summary>
    public SaidInLogs Log { get; }
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public static async Task<ChannelService> Start(Dictionary<string, string?> settings, FakeClock? clock = null, ResolveName? names = null)
    {
        clock ??= new FakeClock(new DateTimeOffset(2026, 11, 18, 1, 0, 0, TimeSpan.Zero));
        string folder = NewFolder();
        foreach (string file in Directory.GetFiles(await City.Value))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var log = new SaidInLogs();
        WebApplication app = Build(folder, settings, log, clock, names);
        await Service.Prepare(app, CancellationToken.None);
        // A database of a server's begins empty; the first node fills it.
        if (settings.ContainsKey("Database:ConnectionString"))
        {
            await using RoutingDb db = await app.Services.GetRequiredService<IDbContextFactory<RoutingDb>>().CreateDbContextAsync();
            if (!await db.Units.AnyAsync())
                await Populate(app);
        }
        await app.StartAsync();
        return new ChannelService(app, folder, clock, log);
    }

    // A learned sorter and the city's people, made once a run; each service begins with a copy.
    private static readonly Lazy<Task<string>> City = new(async () =>
    {
        string folder = NewFolder();
        await using (WebApplication app = Build(folder, [], new SaidInLogs(), new FakeClock(new DateTimeOffset(2026, 11, 18, 1, 0, 0, TimeSpan.Zero)), null))
        {
            await Service.Prepare(app, CancellationToken.None);
            await Populate(app);
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    private static async Task Populate(WebApplication app)
    {
        await app.Services.GetRequiredService<ImportCity>().Import(Path.Combine(AppContext.BaseDirectory, "seeds", "city"), CancellationToken.None);
        await app.Services.GetRequiredService<DemoAccounts>().EnsureMade(CancellationToken.None);
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("tuanlink-channels-").FullName;

    private static WebApplication Build(string folder, Dictionary<string, string?> settings, SaidInLogs log, FakeClock clock, ResolveName? names) =>
        Service.Build(["--environment", "Development"], builder =>
        {
            builder.Logging.ClearProviders().AddProvider(log);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings)
            {
                ["Database:Folder"] = folder, ["Service:BotPort"] = "0", ["Service:BotAddress"] = "127.0.0.1", ["Service:AdminPort"] = "0",
                ["Demo:Load"] = "false", ["Jobs:OnlyByHand"] = "true", ["Logging:LogLevel:TuanLink"] = "Trace",
            });
            builder.Services.AddKeyedSingleton<TimeProvider>("system", clock);
            if (names is not null)
                builder.Services.AddSingleton(names);
        });

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<T> See<T>(Func<RoutingDb, Task<T>> look)
    {
        await using RoutingDb db = await Get<IDbContextFactory<RoutingDb>>().CreateDbContextAsync();
        return await look(db);
    }

    public Task Do(Func<RoutingDb, Task> work) => Get<ITransactions>().Run((db, _) => work(db), CancellationToken.None);

    /// <summary>Moves the clock and lets every timed job do what became due.</summary>
    public async Task Wait(TimeSpan time)
    {
        await Deliveries.AreNoted(_app.Services, Clock.GetUtcNow());
        Clock.Advance(time);
        await Get<TimedJobs>().RunAllDue(CancellationToken.None);
    }

    /// <summary>Looks until it is so; the thing itself is waited for, with the clock moved a little at each look so that retries fall due.</summary>
    public async Task Until(Func<Task<bool>> so, string what)
    {
        try
        {
            await Eventually.Until(so, () => Clock.Advance(TimeSpan.FromMilliseconds(200)));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(what);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Http.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Keeps what is logged.</summary>
public sealed class SaidInLogs : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _said = new();
    public string All => string.Join('\n', _said);
    public ILogger CreateLogger(string categoryName) => new Voice(this);
    public void Dispose() { }

    private sealed class Voice(SaidInLogs kept) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            kept._said.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
