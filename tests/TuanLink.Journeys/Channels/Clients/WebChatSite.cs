using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys.Channels.Clients;

/// <summary>A school's own site with Microsoft's Web Chat on its page: its server gets the token for its secret, its page never sees the secret.</summary>
public sealed class WebChatSite : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-site-of-the-school";
    private const string Package = "botframework-webchat", Version = "4.18.1", Script = "webchat-es5.js";
    private static readonly Lock Fetching = new();

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private Uri? _bot;

    private WebChatSite(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<WebChatSite> Start()
    {
        string place = NodePeer.Place("webchat-peer");
        // The bundle is whole: of the package only that one file is needed, and none of its hundreds of dependencies.
        lock (Fetching)
            if (!File.Exists(Path.Combine(place, Script)))
            {
                NodePeer.Run("npm", place, "pack", "--silent", $"{Package}@{Version}");
                NodePeer.Run("tar", place, "-xzf", $"{Package}-{Version}.tgz", "--strip-components=2", $"package/dist/{Script}");
            }
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = new WebChatSite(builder.Build());
        site._app.MapGet("/", () => Results.File(Path.Combine(place, "page.html"), "text/html; charset=utf-8"));
        site._app.MapGet("/" + Script, () => Results.File(Path.Combine(place, Script), "text/javascript; charset=utf-8"));
        site._app.MapPost("/token", site.Token);
        await site._app.StartAsync();
        return site;
    }

    /// <summary>The service whose Direct Line the page talks to; it must allow the page's origin.</summary>
    public void TalkTo(TestService service) => _bot = service.Bot;

    private async Task<IResult> Token()
    {
        const string user = "pupil-7";
        using var ask = new HttpRequestMessage(HttpMethod.Post, new Uri(_bot!, "/v3/directline/tokens/generate")) { Content = JsonContent.Create(new { user = new { id = user } }) };
        ask.Headers.Authorization = new("Bearer", Secret);
        JsonElement ticket = await (await _http.SendAsync(ask)).Content.ReadFromJsonAsync<JsonElement>();
        return Results.Json(new { token = ticket.GetProperty("token").GetString(), user, domain = new Uri(_bot!, "/v3/directline").ToString() });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }
}
