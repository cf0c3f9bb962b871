using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys;

/// <summary>A language model's endpoint on a real port, speaking OpenAI's chat completions; what it answers is the test's choice.</summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <summary>The words of every request, all roles, as a model would read them.</summary>
    public ConcurrentQueue<string> Heard { get; } = [];
    public ConcurrentQueue<string> Keys { get; } = [];

    /// <summary>How it answers; the youth's words as it was told them are given.</summary>
    public Func<HttpContext, string, Task> Answer { get; set; } = (http, _) => Says(http, Opinion());

    public string Address { get; }

    private ModelServer(WebApplication app) => (_app, Address) = (app, app.Urls.First() + "/v1");

    public static async Task<ModelServer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        ModelServer? server = null;
        app.MapPost("/v1/chat/completions", async (HttpContext http) =>
        {
            if (http.Request.ContentLength is null)
            {
                http.Response.StatusCode = 411;
                return;
            }
            string body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            server!.Keys.Enqueue(http.Request.Headers.Authorization.ToString());
            string[] said = [.. JsonDocument.Parse(body).RootElement.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!)];
            string data = said[1];
            server!.Heard.Enqueue(string.Join('\n', said));
            await server!.Answer(http, JsonDocument.Parse(data).RootElement.GetProperty("message").GetString()!);
        });
        await app.StartAsync();
        return server = new ModelServer(app);
    }

    /// <summary>An answer of the schema.</summary>
    public static string Opinion(string? topic = "rights", string danger = "none", string summary = "想知道补贴怎么领", string evidence = "") =>
        JsonSerializer.Serialize(new { topic, danger, evidence, summary });

    /// <summary>A chat completion that says these words.</summary>
    public static Task Says(HttpContext http, string content) =>
        http.Response.WriteAsJsonAsync(new { id = "c1", @object = "chat.completion", choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content } } } });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
