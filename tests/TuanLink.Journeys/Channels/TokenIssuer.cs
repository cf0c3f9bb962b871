using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys.Channels;

/// <summary>Plays the channels' issuer, Entra's sign-in and a connector on one local port.</summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    public const string App = "11111111-2222-3333-4444-555555555555";
    public const string Secret = "s3cret-of-the-app";
    public const string Tenant = "d6d49420-f39b-4df7-a1dc-d59a935871db";
    private const string Metadata = "/v1/.well-known/openidconfiguration";

    private readonly WebApplication _app;
    private readonly List<object> _keys = [];

    public RSA Key { get; } = RSA.Create(2048);
    public RSA Stranger { get; } = RSA.Create(2048);
    public bool IsDown { get; set; }
    public int KeysRead;
    public int TokensIssued;

    /// <summary>What the connector answers to a token, e.g. 401 to an old one.</summary>
    public Func<string?, int> Connector { get; set; } = _ => 200;
    public ConcurrentQueue<(string? Authorization, JsonElement Activity)> Heard { get; } = new();

    /// <summary>The token each fetch of a file carried; empty if none.</summary>
    public ConcurrentQueue<string> Fetched { get; } = new();

    private TokenIssuer(WebApplication app) => _app = app;
    public string Url => _app.Urls.First();

    public static async Task<TokenIssuer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new TokenIssuer(builder.Build());
        issuer.Show("k1", issuer.Key, "emulator", "msteams");
        issuer._app.MapGet(Metadata, issuer.About);
        issuer._app.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", issuer.About);
        issuer._app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref issuer.KeysRead);
            return issuer.IsDown ? Results.StatusCode(500) : Results.Json(new { keys = issuer._keys });
        });
        issuer._app.MapPost("/{tenant}/oauth2/v2.0/token", async (HttpContext http) =>
        {
            IFormCollection form = await http.Request.ReadFormAsync();
            return form["client_id"] == App && form["client_secret"] == Secret && form["grant_type"] == "client_credentials" && form["scope"] == "https://api.botframework.com/.default"
                ? Results.Json(new { access_token = $"own-{Interlocked.Increment(ref issuer.TokensIssued)}", expires_in = 3600, token_type = "Bearer" })
                : Results.Json(new { error = "invalid_client", error_description = $"{form["client_secret"]} is wrong" }, statusCode: 401);
        });
        issuer._app.MapPost("/connector/{**path}", async (HttpContext http) =>
        {
            string? authorization = http.Request.Headers.Authorization;
            using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body);
            // On a busy machine somebody is seen writing; that is no reply.
            if (json.RootElement.GetProperty("type").GetString() == "typing")
                return Results.Ok();
            int status = issuer.Connector(authorization);
            if (status == 200)
                issuer.Heard.Enqueue((authorization, json.RootElement.Clone()));
            return Results.Json(new { id = "1" }, statusCode: status);
        });
        issuer._app.MapGet("/connector/{**path}", (HttpContext http) =>
        {
            issuer.Fetched.Enqueue(http.Request.Headers.Authorization.ToString());
            return Results.Bytes(Attachments.Samples.Png, "image/png");
        });
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>Shows a key to the world.</summary>
    public void Show(string id, RSA key, params string[] endorsements)
    {
        RSAParameters p = key.ExportParameters(false);
        _keys.Add(new { kty = "RSA", use = "sig", kid = id, n = Base64Url.EncodeToString(p.Modulus!), e = Base64Url.EncodeToString(p.Exponent!), endorsements });
    }

    public Dictionary<string, string?> Settings => new()
    {
        ["Channels:BotFramework:AppId"] = App, ["Channels:BotFramework:AppSecret"] = Secret,
        ["Channels:BotFramework:ChannelMetadata"] = Url + Metadata, ["Channels:BotFramework:LoginAddress"] = Url,
        ["Channels:BotFramework:AllowedServiceUrls:0"] = Url + "/connector",
    };

    /// <summary>A token that a channel would carry, with whatever a test changes in it.</summary>
    public string Token(DateTimeOffset now, Action<Dictionary<string, object?>>? claims = null, Action<Dictionary<string, object?>>? header = null, RSA? key = null)
    {
        var head = new Dictionary<string, object?> { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = "k1" };
        var said = new Dictionary<string, object?>
        {
            ["iss"] = "https://api.botframework.com", ["aud"] = App, ["serviceurl"] = Url + "/connector",
            ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(), ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        header?.Invoke(head);
        claims?.Invoke(said);
        string signed = $"{Part(head)}.{Part(said)}";
        return $"{signed}.{Base64Url.EncodeToString((key ?? Key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public static string Part(Dictionary<string, object?> json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    private IResult About() => IsDown ? Results.StatusCode(500) : Results.Json(new { issuer = "https://api.botframework.com", jwks_uri = Url + "/keys" });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
        Stranger.Dispose();
    }
}
