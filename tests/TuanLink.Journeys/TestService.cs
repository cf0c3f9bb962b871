using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TuanLink.Admin.SignIn;
using TuanLink.Bot;
using TuanLink.Bot.Jobs;
using TuanLink.Routing.Database;
using TuanLink.Routing.Imports;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys;

/// <summary>The whole service on real ports with the demo city and no stories in it, a connector that records replies, and a clock moved by hand.</summary>
public sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly WebApplication _sink;
    private readonly bool _ownsSink;
    private readonly HttpClient _http = new();
    private readonly string _folder;

    /// <summary>What the connector heard, in order of arrival.</summary>
    public ConcurrentQueue<JsonElement> Replies { get; }

    /// <summary>What the connector answers; 200 unless a test says otherwise.</summary>
    public int SinkStatus { get => _status[0]; set => _status[0] = value; }

    private readonly int[] _status;
    private IReadOnlyDictionary<string, string?>? _settings;

    public FakeClock Clock { get; }
    public Uri Bot { get; }
    public Uri Admin { get; }
    public string SinkUrl { get; }

    private TestService(WebApplication app, WebApplication sink, bool ownsSink, string folder, FakeClock clock, ConcurrentQueue<JsonElement> replies, int[] status)
    {
        (_app, _sink, _ownsSink, _folder, Clock, Replies, _status) = (app, sink, ownsSink, folder, clock, replies, status);
        List<string> urls = [.. app.Urls];
        (Bot, Admin, SinkUrl) = (new Uri(urls[0]), new Uri(urls[1]), sink.Urls.First());
    }

    /// <param name="settings">What this service is told besides what all are.</param>
    public static async Task<TestService> Start(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var replies = new ConcurrentQueue<JsonElement>();
        int[] status = [200];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication sink = builder.Build();
        sink.MapPost("/{**path}", async (HttpContext http) =>
        {
            using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body);
            if (status[0] == 200)
                replies.Enqueue(json.RootElement.Clone());
            return Results.Json(new { id = "1" }, statusCode: status[0]);
        });
        await sink.StartAsync();
        var clock = new FakeClock(new DateTimeOffset(2026, 11, 18, 1, 0, 0, TimeSpan.Zero)); // a Wednesday, nine o'clock in Shanghai
        return await Start(Directory.CreateTempSubdirectory("tuanlink-journey-").FullName, clock, sink, replies, status, settings);
    }

    private static async Task<TestService> Start(string folder, FakeClock clock, WebApplication sink, ConcurrentQueue<JsonElement> replies, int[] status, IReadOnlyDictionary<string, string?>? settings)
    {
        WebApplication app = Service.Build(["--environment", "Development"], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Database:Folder"] = folder, ["Service:BotPort"] = "0", ["Service:BotAddress"] = "127.0.0.1", ["Service:AdminPort"] = "0",
                ["Demo:Load"] = "false", ["Jobs:OnlyByHand"] = "true",
            });
            builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
            builder.Services.AddKeyedSingleton<TimeProvider>("system", clock);
        });
        await Service.Prepare(app, CancellationToken.None);
        await app.Services.GetRequiredService<ImportCity>().Import(Path.Combine(AppContext.BaseDirectory, "seeds", "city"), CancellationToken.None);
        await app.Services.GetRequiredService<DemoAccounts>().EnsureMade(CancellationToken.None);
        await app.StartAsync();
        return new TestService(app, sink, true, folder, clock, replies, status) { _settings = settings };
    }

    /// <summary>The same data and the same connector, on a service started anew.</summary>
    public async Task<TestService> Restart()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        return await Start(_folder, Clock, _sink, Replies, _status, _settings);
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
        type = "message", id, channelId = "emulator", serviceUrl = SinkUrl, text, deliveryMode,
        conversation = new { id = conversation }, from = new { id = "youth-" + conversation }, recipient = new { id = "bot" },
    };

    public Task<HttpResponseMessage> Post(string conversation, string id, string text) =>
        _http.PostAsJsonAsync(new Uri(Bot, "/api/messages"), Activity(conversation, id, text));

    public HttpClient Http => _http;

    /// <summary>Moves the clock and lets every timed job do what became due.</summary>
    public async Task Wait(TimeSpan time)
    {
        Clock.Advance(time);
        await Get<TimedJobs>().RunAllDue(CancellationToken.None);
    }

    /// <summary>The words the connector heard in a conversation, once there are at least so many.</summary>
    public async Task<List<string>> Heard(string conversation, int atLeast)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            List<string> heard = [.. Replies.Where(r => r.GetProperty("conversation").GetProperty("id").GetString() == conversation).Select(r => r.GetProperty("text").GetString()!)];
            if (heard.Count >= atLeast)
                return heard;
            Assert.True(await look.WaitForNextTickAsync(patience.Token), $"only {heard.Count} of {atLeast} replies came");
        }
    }

    public Task<Inquiry> InquiryOf(string conversation) => See(db => db.Inquiries
        .SingleAsync(i => db.Conversations.Any(c => c.Id == i.ConversationId && c.ChannelConversationId == conversation)));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsSink)
            await _sink.DisposeAsync();
        _http.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
