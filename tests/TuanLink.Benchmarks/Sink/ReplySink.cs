using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace TuanLink.Benchmarks.Sink;

/// <summary>The channel's side of the protocol: takes replies at <c>…/v3/conversations/…</c> and answers <c>200 {"id":"1"}</c>.</summary>
internal sealed class ReplySink : IAsyncDisposable
{
    private static readonly byte[] Accepted = "{\"id\":\"1\"}"u8.ToArray();

    private readonly WebApplication app;
    private readonly Func<string, Stream, Task> onReply;

    private ReplySink(WebApplication app, Func<string, Stream, Task> onReply)
    {
        this.app = app;
        this.onReply = onReply;
        app.Run(AnswerAsync);
    }

    /// <summary>The serviceUrl to put into activities.</summary>
    public string ServiceUrl { get; private set; } = "";

    /// <summary>Answers GET /counts; null where nobody asks.</summary>
    public Func<string>? Counts { get; init; }

    /// <param name="port">0 takes a free one.</param>
    /// <param name="onReply">Called with the path and the body of each reply, before it is answered.</param>
    public static async Task<ReplySink> StartAsync(
        int port, Func<string, Stream, Task> onReply, Func<string>? counts, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var sink = new ReplySink(builder.Build(), onReply) { Counts = counts };
        await sink.app.StartAsync(cancellation);
        var addresses = sink.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        sink.ServiceUrl = addresses.Addresses.Single();
        return sink;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path == "/counts" && Counts is not null)
        {
            await context.Response.WriteAsync(Counts(), context.RequestAborted);
            return;
        }

        if (!path.Contains("/v3/conversations/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await onReply(path, context.Request.Body);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Accepted.Length;
        await context.Response.Body.WriteAsync(Accepted, context.RequestAborted);
    }
}

/// <summary>Where in the path of a reply the conversation and the activity it answers stand.</summary>
internal static class ReplyPath
{
    /// <summary>The conversation id in <c>…/v3/conversations/{id}/…</c>.</summary>
    public static string Conversation(string path)
    {
        var rest = path.AsSpan(path.IndexOf("/v3/conversations/", StringComparison.Ordinal) + "/v3/conversations/".Length);
        var end = rest.IndexOf('/');
        return Uri.UnescapeDataString((end < 0 ? rest : rest[..end]).ToString());
    }

    /// <summary>The turn number in <c>…/activities/{run}-{number}</c>; -1 where the reply names no turn of ours.</summary>
    public static int Turn(string path)
    {
        var activities = path.LastIndexOf("/activities/", StringComparison.Ordinal);
        var dash = path.LastIndexOf('-');
        return activities >= 0
            && dash > activities
            && int.TryParse(path.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var turn)
                ? turn
                : -1;
    }
}
