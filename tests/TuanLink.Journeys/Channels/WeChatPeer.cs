using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TuanLink.Journeys.Channels;

/// <summary>Plays WeChat: calls the account's callback and answers its API.</summary>
public sealed class WeChatPeer : IAsyncDisposable
{
    public const string Token = "aTokenOfTheAccount", App = "wx0123456789abcdef", Secret = "theSecretOfTheAccount", Account = "gh_account";
    private readonly WebApplication _app;
    private int _lastMessage;

    private WeChatPeer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();
    public int TokensIssued;
    public ConcurrentQueue<JsonElement> Sent { get; } = new();
    public ConcurrentQueue<JsonElement> CalledBack { get; } = new();
    public ConcurrentQueue<JsonElement> Menus { get; } = new();

    /// <summary>What youths sent, by media id.</summary>
    public ConcurrentDictionary<string, (byte[] Bytes, string Type)> Media { get; } = new();

    /// <summary>The errcode the API answers a custom message with, by the token it carried.</summary>
    public Func<string, int> Answers { get; set; } = _ => 0;

    /// <summary>A picture uploaded, as its form said it.</summary>
    public sealed record Upload(string Kind, string Field, string Name, string Type, byte[] Bytes, string MediaId);

    public ConcurrentQueue<Upload> Uploads { get; } = new();

    /// <summary>The errcode an upload is answered with.</summary>
    public volatile int UploadAnswer;

    /// <summary>How many of the next uploads are not found when they are to be sent.</summary>
    public int LosesUploads;

    /// <summary>Whether cards are taken.</summary>
    public volatile bool TakesCards = true;

    private readonly ConcurrentDictionary<string, bool> _known = new();

    public static async Task<WeChatPeer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var peer = new WeChatPeer(builder.Build());
        peer._app.MapPost("/cgi-bin/stable_token", async (HttpContext http) =>
        {
            JsonElement ask = await Json(http);
            return ask.GetProperty("appid").GetString() == App && ask.GetProperty("secret").GetString() == Secret && ask.GetProperty("grant_type").GetString() == "client_credential"
                ? Results.Json(new { access_token = $"access-{Interlocked.Increment(ref peer.TokensIssued)}", expires_in = 7200 })
                : Results.Json(new { errcode = 40125, errmsg = "invalid appsecret" });
        });
        peer._app.MapPost("/cgi-bin/message/custom/send", async (HttpContext http, string access_token) =>
        {
            JsonElement message = await Json(http);
            int code = peer.Answers(access_token);
            string kind = message.GetProperty("msgtype").GetString()!;
            if (code == 0 && kind == "image" && !peer._known.ContainsKey(message.GetProperty("image").GetProperty("media_id").GetString()!))
                code = 40007;
            if (code == 0 && kind == "news" && !peer.TakesCards)
                code = 45008;
            if (code == 0)
                peer.Sent.Enqueue(message);
            return Results.Json(new { errcode = code, errmsg = code == 0 ? "ok" : "no" });
        });
        peer._app.MapPost("/cgi-bin/message/template/send", async (HttpContext http) =>
        {
            peer.CalledBack.Enqueue(await Json(http));
            return Results.Json(new { errcode = 0, errmsg = "ok" });
        });
        peer._app.MapPost("/cgi-bin/menu/create", async (HttpContext http) =>
        {
            peer.Menus.Enqueue(await Json(http));
            return Results.Json(new { errcode = 0, errmsg = "ok" });
        });
        peer._app.MapPost("/cgi-bin/qrcode/create", async (HttpContext http) =>
        {
            JsonElement ask = await Json(http);
            return Results.Json(new { ticket = "t", url = "http://weixin.qq.com/q/" + ask.GetProperty("action_info").GetProperty("scene").GetProperty("scene_str").GetString() });
        });
        peer._app.MapPost("/cgi-bin/media/upload", async (HttpContext http, string access_token, string type) =>
        {
            int code = peer.Answers(access_token) is not 0 and int no ? no : peer.UploadAnswer;
            // Read as it stands on the wire: WeChat takes no boundary in quotes, no name without, and no second name.
            string edge = http.Request.ContentType!["multipart/form-data; boundary=".Length..];
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            string wire = Encoding.Latin1.GetString(body.ToArray());
            Match form = Regex.Match(wire, $"^--{Regex.Escape(edge)}\r\n(?<head>(?:[^\r\n]+\r\n)+)\r\n(?<bytes>.*)\r\n--{Regex.Escape(edge)}--\r\n$", RegexOptions.Singleline);
            Match head = Regex.Match(form.Groups["head"].Value, "Content-Disposition: form-data; name=\"(?<field>[^\"]+)\"; filename=\"(?<name>[ -~]+)\"\r\n");
            Match kind = Regex.Match(form.Groups["head"].Value, "Content-Type: (?<type>[^\r]+)\r\n");
            if (code != 0 || edge.Contains('"') || !form.Success || !head.Success || !kind.Success)
                return Results.Json(new { errcode = code == 0 ? 41005 : code, errmsg = "no" });
            string id = $"media-{peer.Uploads.Count + 1}";
            peer.Uploads.Enqueue(new(type, head.Groups["field"].Value, head.Groups["name"].Value, kind.Groups["type"].Value, Encoding.Latin1.GetBytes(form.Groups["bytes"].Value), id));
            if (Interlocked.Decrement(ref peer.LosesUploads) < 0)
                peer._known[id] = true;
            return Results.Json(new { type, media_id = id, created_at = 1 });
        });
        peer._app.MapGet("/cgi-bin/media/get", (string access_token, string media_id) =>
        {
            int code = peer.Answers(access_token);
            return code == 0 && peer.Media.TryGetValue(media_id, out var media) ? Results.Bytes(media.Bytes, media.Type)
                // As WeChat does: status 200, and JSON that calls itself text.
                : Results.Text($"{{\"errcode\":{(code == 0 ? 40007 : code)},\"errmsg\":\"no\"}}", "text/plain");
        });
        await peer._app.StartAsync();
        return peer;
    }

    public Dictionary<string, string?> Settings(int answerWithin = 4000, string key = "") => new()
    {
        ["WeChat:Enabled"] = "true", ["WeChat:Token"] = Token, ["WeChat:AppId"] = App, ["WeChat:AppSecret"] = Secret, ["WeChat:EncodingAesKey"] = key,
        ["WeChat:ApiAddress"] = Url, ["WeChat:AnswerWithin"] = answerWithin.ToString(CultureInfo.InvariantCulture),
    };

    public string Next() => $"2500{Interlocked.Increment(ref _lastMessage):D6}";

    public static string Text(string from, string id, string text) => Message(from, $"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content><MsgId>{id}</MsgId>");

    public static string Event(string from, string name, string key, long at = 1) => Message(from, $"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event><EventKey><![CDATA[{key}]]></EventKey>", at);

    public static string Message(string from, string rest, long at = 1) =>
        $"<xml><ToUserName><![CDATA[{Account}]]></ToUserName><FromUserName><![CDATA[{from}]]></FromUserName><CreateTime>{at}</CreateTime>{rest}</xml>";

    /// <summary>Posts a body as WeChat does, signed unless a test says otherwise.</summary>
    public static async Task<(int Status, string Body)> Post(ChannelService service, string body, string? signature = null, DateTimeOffset? at = null, string query = "")
    {
        string timestamp = (at ?? service.Clock.GetUtcNow()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), nonce = "8675309";
        signature ??= Sign(Token, timestamp, nonce);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/xml");
        using HttpResponseMessage answer = await service.Http.PostAsync(new Uri(service.Bot, $"/api/wechat?signature={signature}&timestamp={timestamp}&nonce={nonce}{query}"), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static string Sign(params string[] parts) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Order(StringComparer.Ordinal)))));

    /// <summary>The words of a passive reply; empty for "success". Fails if the reply is not to the one who wrote.</summary>
    public static string Words(string body, string to)
    {
        if (body == "success")
            return "";
        XElement xml = XDocument.Parse(body).Root!;
        Assert.Equal((to, Account, "text"), (xml.Element("ToUserName")!.Value, xml.Element("FromUserName")!.Value, xml.Element("MsgType")!.Value));
        return xml.Element("Content")!.Value;
    }

    private static async Task<JsonElement> Json(HttpContext http)
    {
        using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body);
        return json.RootElement.Clone();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
