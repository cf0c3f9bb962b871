using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys.Attachments;

/// <summary>A channel's store of files on a real port, which can be slow, broken or gone.</summary>
public sealed class FilePeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FilePeer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();
    public ConcurrentQueue<(string Path, string? Authorization)> Asked { get; } = [];
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Files { get; } = [];

    public static async Task<FilePeer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var peer = new FilePeer(builder.Build());
        peer._app.MapFallback("/{**path}", async (HttpContext http) =>
        {
            string path = http.Request.Path.Value!.TrimStart('/');
            peer.Asked.Enqueue((path, http.Request.Headers.Authorization));
            if (peer.Files.TryGetValue(path, out Func<HttpContext, Task>? give))
                await give(http);
            else
                http.Response.StatusCode = 404;
        });
        await peer._app.StartAsync();
        return peer;
    }

    /// <summary>Puts a file there and returns its address.</summary>
    public string Put(string path, byte[] bytes, string type = "application/octet-stream")
    {
        Files[path] = http =>
        {
            http.Response.ContentType = type;
            return http.Response.Body.WriteAsync(bytes).AsTask();
        };
        return $"{Url}/{path}";
    }

    /// <summary>Begins to give a file and then waits.</summary>
    public string Hang(string path, Task until)
    {
        Files[path] = async http =>
        {
            http.Response.ContentLength = 500_000;
            await http.Response.Body.WriteAsync(Samples.Jpeg(1000));
            await http.Response.Body.FlushAsync();
            await Task.WhenAny(until, Task.Delay(Timeout.Infinite, http.RequestAborted));
        };
        return $"{Url}/{path}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
