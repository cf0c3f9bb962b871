using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TuanLink.Admin.SignIn;
using TuanLink.Bot;
using TuanLink.Bot.Jobs;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys;

/// <summary>What a journey wants to be otherwise than usual.</summary>
public sealed record Wanted
{
    /// <summary>A PostgreSQL database to run on instead of SQLite.</summary>
    public string? Postgres { get; init; }

    /// <summary>Hears every log line from Debug up.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>Another node's clock and connector, to be shared with it.</summary>
    public TestService? Beside { get; init; }

    public Dictionary<string, string?> Settings { get; init; } = [];
}

/// <summary>The whole service on real ports with the demo city and no stories in it, a connector that records replies, and a clock moved by hand.</summary>
public sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsConnector;
    private readonly string _folder;
    private readonly Wanted _wanted;
    private readonly Complaints _complaints;

    public HttpClient Http { get; } = new();
    public Connector Connector { get; }
    public FakeClock Clock { get; }
    public Uri Bot { get; }
    public Uri Admin { get; }

    /// <summary>What the service logged as errors.</summary>
    public IReadOnlyCollection<string> Errors => _complaints.Lines;

    public ConcurrentQueue<JsonElement> Replies => Connector.Replies;
    public DateTimeOffset Now => Clock.GetUtcNow();

    private TestService(WebApplication app, Connector connector, string folder, FakeClock clock, Wanted wanted, Complaints complaints)
    {
        (_app, Connector, _folder, Clock, _wanted, _complaints, _ownsConnector) = (app, connector, folder, clock, wanted, complaints, wanted.Beside is null);
        List<string> urls = [.. app.Urls];
        (Bot, Admin) = (new Uri(urls[0]), new Uri(urls[1]));
    }

    public static async Task<TestService> Start(Wanted? wanted = null)
    {
        wanted ??= new();
        // A second node has a folder of its own: what it shares with the first, it shares through the database.
        string folder = wanted.Postgres is null ? await Template.Copy() : Template.NewFolder();
        return await Start(folder, wanted.Beside?.Clock ?? new FakeClock(FakeClock.Morning), wanted.Beside?.Connector ?? await Connector.Start(), wanted);
    }

    private static async Task<TestService> Start(string folder, FakeClock clock, Connector connector, Wanted wanted)
    {
        var complaints = new Complaints();
        WebApplication app = Service.Build(["--environment", "Development"], builder =>
        {
            builder.Logging.ClearProviders().AddProvider(complaints);
            if (wanted.Log is { } log)
                builder.Logging.AddProvider(log);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Database:Folder"] = folder, ["Triage:ModelFolder"] = Template.Models, ["Service:BotPort"] = "0", ["Service:BotAddress"] = "127.0.0.1",
                ["Service:AdminPort"] = "0", ["Demo:Load"] = "false", ["Jobs:OnlyByHand"] = "true",
            });
            if (wanted.Postgres is { } connection)
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Database:Engine"] = "Postgres", ["Database:ConnectionString"] = connection });
            builder.Configuration.AddInMemoryCollection(wanted.Settings);
            builder.Services.AddKeyedSingleton<TimeProvider>("system", clock);
        });
        await Service.Prepare(app, CancellationToken.None);
        if (wanted.Postgres is not null && wanted.Beside is null)
            await Template.Populate(app);
        await app.StartAsync();
        return new TestService(app, connector, folder, clock, wanted, complaints);
    }

    /// <summary>The same data and the same connector, on a service started anew.</summary>
    public async Task<TestService> Restart()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        return await Start(_folder, Clock, Connector, _wanted);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<T> See<T>(Func<RoutingDb, Task<T>> look)
    {
        await using RoutingDb db = await Get<IDbContextFactory<RoutingDb>>().CreateDbContextAsync();
        return await look(db);
    }

    public Task Do(Func<RoutingDb, Task> work) => Get<ITransactions>().Run((db, _) => work(db), CancellationToken.None);

    public object Activity(string conversation, string id, string text, string? deliveryMode = null) => new
    {
        type = "message", id, channelId = "emulator", serviceUrl = Connector.Url, text, deliveryMode,
        conversation = new { id = conversation }, from = new { id = "youth-" + conversation }, recipient = new { id = "bot" },
    };

    public Task<HttpResponseMessage> Post(string conversation, string id, string text) =>
        Http.PostAsJsonAsync(new Uri(Bot, "/api/messages"), Activity(conversation, id, text));

    /// <summary>Moves the clock and lets every timed job do what became due.</summary>
    public async Task Wait(TimeSpan time)
    {
        await Deliveries.AreNoted(_app.Services, Now);
        Clock.Advance(time);
        await Get<TimedJobs>().RunAllDue(CancellationToken.None);
    }

    public async Task<List<string>> Heard(string conversation, int atLeast)
    {
        try
        {
            return await Connector.Heard(conversation, atLeast);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            throw new Xunit.Sdk.XunitException($"{e.Message}\n{_complaints}");
        }
    }

    public Task<Inquiry> InquiryOf(string conversation) => See(db => db.Inquiries.AsNoTracking()
        .SingleAsync(i => db.Conversations.Any(c => c.Id == i.ConversationId && c.ChannelConversationId == conversation)));

    public Task<string> CodeOf(long handlerId) => See(db => db.Handlers.Where(h => h.Id == handlerId).Select(h => h.Code).SingleAsync());

    /// <summary>Makes an account if there is none of that name; its password is the demo's.</summary>
    public async Task<string> Account(string name, Role role, string? person = null, string? unit = null)
    {
        await using AsyncServiceScope scope = _app.Services.CreateAsyncScope();
        AccountMade made = await scope.ServiceProvider.GetRequiredService<AccountDesk>().Create(name, role, person, unit, DemoAccounts.Password, default);
        Assert.True(made.Problem is null || made.Problem.Contains("taken", StringComparison.Ordinal), made.Problem);
        return name;
    }

    /// <summary>Signs a cadre or expert in, by the code or the id of the person.</summary>
    public async Task<AdminPages> SignIn(string person, Role role = Role.Cadre) =>
        await AdminPages.SignIn(this, await Account($"账号{person}", role, person));

    public async Task<AdminPages> SignIn(long handlerId) => await SignIn(await CodeOf(handlerId));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsConnector)
            await Connector.DisposeAsync();
        Http.Dispose();
        // Its own pools only: journeys run side by side.
        Directory.Delete(_folder, recursive: true);
    }
}
