using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys;

/// <summary>A channel's connector: it takes replies on a real port and remembers them.</summary>
public sealed class Connector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Connector(WebApplication app) => _app = app;

    /// <summary>What it heard and took, in order of arrival.</summary>
    public ConcurrentQueue<JsonElement> Replies { get; } = [];

    /// <summary>That somebody is writing: no words, and never counted among them.</summary>
    public ConcurrentQueue<JsonElement> Typing { get; } = [];

    /// <summary>What took the place of an activity, by the name it had been given here.</summary>
    public ConcurrentQueue<(string Id, JsonElement Activity)> Updates { get; } = [];

    /// <summary>What it answers; 200 unless a test says otherwise.</summary>
    public volatile int Status = 200;

    /// <summary>Held back until set, when a test wants an answer to be long in coming.</summary>
    public volatile TaskCompletionSource? Hold;

    public string Url => _app.Urls.First();

    public static async Task<Connector> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var connector = new Connector(builder.Build());
        connector._app.MapPost("/{**path}", async (HttpContext http) =>
        {
            using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body);
            if (json.RootElement.GetProperty("type").GetString() == "typing")
            {
                connector.Typing.Enqueue(json.RootElement.Clone());
                return Results.Json(new { id = "" });
            }
            if (connector.Status == 200)
                connector.Replies.Enqueue(json.RootElement.Clone());
            if (connector.Hold is { } hold)
                await hold.Task;
            return Results.Json(new { id = $"here-{json.RootElement.GetProperty("id").GetString()}" }, statusCode: connector.Status);
        });
        connector._app.MapPut("/{**path}", async (HttpContext http, string path) =>
        {
            using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body);
            connector.Updates.Enqueue((path.Split('/')[^1], json.RootElement.Clone()));
            return Results.Json(new { id = path.Split('/')[^1] }, statusCode: connector.Status);
        });
        await connector._app.StartAsync();
        return connector;
    }

    /// <summary>The words heard in a conversation, once there are at least so many.</summary>
    public async Task<List<string>> Heard(string conversation, int atLeast)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            List<string> heard = [.. Replies.Where(r => r.GetProperty("conversation").GetProperty("id").GetString() == conversation).Select(r => r.GetProperty("text").GetString()!)];
            if (heard.Count >= atLeast)
                return heard;
            try
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Only {heard.Count} of {atLeast} replies came to {conversation}: {string.Join(" / ", heard)}");
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
