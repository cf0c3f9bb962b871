using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys.Channels;

/// <summary>What a channel may do to a reply.</summary>
public enum Fault { None, Busy, Broken, CutBefore, CutAfter, Slow }

/// <summary>A channel's connector that fails in every way a network knows, as its script says; it remembers what it took, repeats included.</summary>
public sealed class FaultyConnector : IAsyncDisposable
{
    private const string Name = """{"id":"a-name-of-its-own"}""";
    private readonly ConcurrentQueue<Fault> _script;
    private WebApplication? _app;

    private FaultyConnector(IEnumerable<Fault> script) => _script = new(script);

    /// <summary>Conversation and id of what it took, in order.</summary>
    public ConcurrentQueue<(string Conversation, string Id)> Taken { get; } = [];

    /// <summary>Replies brought here, whatever came of them.</summary>
    public int Asked;

    /// <summary>What it asks for when it is busy, in seconds.</summary>
    public int RetryAfter { get; init; } = 30;

    public string Url { get; private set; } = "http://127.0.0.1:0";

    public static async Task<FaultyConnector> Start(IEnumerable<Fault> script, int retryAfter = 30)
    {
        var connector = new FaultyConnector(script) { RetryAfter = retryAfter };
        await connector.Rise();
        return connector;
    }

    /// <summary>Listens, at the same place as before.</summary>
    public async Task Rise()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        _app = builder.Build();
        _app.MapPost("/{**path}", Take);
        await _app.StartAsync();
        Url = _app.Urls.First();
    }

    /// <summary>Listens no more: connections are refused.</summary>
    public async Task Fall()
    {
        await _app!.DisposeAsync();
        _app = null;
    }

    private async Task Take(HttpContext http)
    {
        using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body);
        JsonElement activity = json.RootElement;
        if (activity.GetProperty("type").GetString() == "typing")
            return;
        Interlocked.Increment(ref Asked);
        Fault fault = _script.TryDequeue(out Fault next) ? next : Fault.None;
        if (fault == Fault.CutBefore)
        {
            http.Abort();
            return;
        }
        if (fault is Fault.Busy or Fault.Broken)
        {
            http.Response.StatusCode = fault == Fault.Busy ? 429 : 500;
            if (fault == Fault.Busy)
                http.Response.Headers.RetryAfter = RetryAfter.ToString(CultureInfo.InvariantCulture);
            return;
        }
        if (fault == Fault.Slow)
            await Task.Delay(500, http.RequestAborted);
        Taken.Enqueue((activity.GetProperty("conversation").GetProperty("id").GetString()!, activity.GetProperty("id").GetString()!));
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Name.Length;
        await http.Response.WriteAsync(Name[..10]);
        if (fault == Fault.CutAfter)
        {
            // Taken, but the caller cannot know: the answer ends in the middle of its body.
            await http.Response.Body.FlushAsync();
            http.Abort();
            return;
        }
        await http.Response.WriteAsync(Name[10..]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
