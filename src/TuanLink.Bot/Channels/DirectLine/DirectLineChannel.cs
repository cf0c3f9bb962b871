using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Cards;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>Direct Line 3.0 for the chat page (PROTOCOLS.md §3): start, post, poll or listen. What is shown is the transcript; its row ids are the watermark.</summary>
public static class DirectLineChannel
{
    public const string Id = "directline";
    private const int LargestBody = 64 * 1024;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapDirectLine(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder line = routes.MapGroup("/v3/directline").RequireCors(DirectLineSites.Cors);
        line.MapPost("/tokens/generate", Generate);
        line.MapPost("/tokens/refresh", Refresh);
        line.MapPost("/conversations", Start);
        line.MapGet("/conversations/{id}", Reconnect);
        line.MapGet("/conversations/{id}/activities", Poll);
        line.MapPost("/conversations/{id}/activities", Post);
        line.MapGet("/conversations/{id}/stream", Stream);
    }

    private static async Task<IResult> Generate(HttpContext http, DirectLineTokens tokens, DirectLineSites sites, IOptions<DirectLineOptions> options)
    {
        Asker asker = sites.Judge(http);
        if (asker == Asker.WrongSecret)
            return Error(401, "BadSecret", "The secret of a site is needed.");
        if (asker == Asker.StrangePage)
            return Error(403, "BadOrigin", "A page of another site gets its token from its own server, which has the site's secret.");
        string user;
        try
        {
            user = await UserIn(http, asker == Asker.Site);
        }
        catch (Exception e) when (e is JsonException or WrongJson or BodyTooLarge)
        {
            return Error(400, "BadArgument", "The body is not valid.");
        }
        string conversation = NewConversationId();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new { conversationId = conversation, token = tokens.Issue(conversation, user, asker == Asker.Site && options.Value.Cards), expires_in = (int)DirectLineTokens.Life.TotalSeconds });
    }

    private static IResult Refresh(HttpContext http, DirectLineTokens tokens) =>
        tokens.Read(http.Request.Headers.Authorization, out _) is { } ticket ? Ticket(http, tokens, ticket, null) : NotOurs();

    private static async Task<IResult> Start(HttpContext http, DirectLineTokens tokens, Turns turns, ArrivalByCode codes, TurnLimits limits, DirectLineStreams streams)
    {
        if (tokens.Read(http.Request.Headers.Authorization, out bool expired) is not { } ticket || expired)
            return expired ? Expired() : NotOurs();
        CodeOf? code;
        try
        {
            code = await codes.Read(await FromIn(http), http.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or WrongJson or BodyTooLarge)
        {
            return Error(400, "BadArgument", "The body is not valid.");
        }
        // From an address that begins too many, nothing is stored before there are words; whoever is in danger can still write them.
        if (!limits.Meet(Id, ticket.ConversationId, limits.AddressOf(http)))
            return Ticket(http, tokens, ticket, 201);
        // Beginning is arriving: the welcome is in the transcript before the page first looks.
        var arrival = new IncomingWords(Id, ticket.ConversationId, null, ticket.UserId, "tuanlink", "", "", IsArrival: true, ShowsCards: ticket.ShowsCards);
        await turns.Take(arrival, Show(null, code is null ? null : (db, speaker, now) => codes.Arrive(db, speaker, code, now)), http.RequestAborted);
        streams.Wake(ticket.ConversationId);
        return Ticket(http, tokens, ticket, 201);
    }

    private static IResult Reconnect(HttpContext http, string id, string? watermark, DirectLineTokens tokens) =>
        tokens.Read(http.Request.Headers.Authorization, out _) is { } ticket
            ? ticket.ConversationId == id ? Ticket(http, tokens, ticket, null, TranscriptNews.Mark(watermark)) : Elsewhere()
            : NotOurs();

    private static async Task Poll(HttpContext http, string id, string? watermark, DirectLineTokens tokens, IDbContextFactory<RoutingDb> databases)
    {
        if (Admit(http, id, tokens) is { } refused)
        {
            await refused.ExecuteAsync(http);
            return;
        }
        long mark = TranscriptNews.Mark(watermark);
        await using RoutingDb db = await databases.CreateDbContextAsync(http.RequestAborted);
        byte[] body = TranscriptNews.Write(await TranscriptNews.After(db, id, mark, http.RequestAborted), mark);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    // A browser cannot give a WebSocket a header: the token is in the address, which is why no line of a log carries addresses.
    private static async Task Stream(HttpContext http, string id, string? watermark, string? t, DirectLineTokens tokens, DirectLineStreams streams)
    {
        DirectLineTicket? ticket = tokens.Read("Bearer " + t, out bool expired);
        IResult? refused = ticket is null ? NotOurs() : expired ? Expired() : ticket.ConversationId != id ? Elsewhere()
            : http.WebSockets.IsWebSocketRequest ? null : Error(400, "BadArgument", "This is the address of a WebSocket.");
        if (refused is not null)
        {
            await refused.ExecuteAsync(http);
            return;
        }
        var accept = new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(20), KeepAliveTimeout = TimeSpan.FromSeconds(20) };
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(accept);
        await streams.Serve(socket, ticket!, TranscriptNews.Mark(watermark));
    }

    private static async Task<IResult> Post(HttpContext http, string id, DirectLineTokens tokens, Turns turns, TypingNotice typing, CalmRefusal limits, DirectLineStreams streams)
    {
        if (Admit(http, id, tokens) is { } refused)
            return refused;
        if (!http.Request.HasJsonContentType())
            return Error(415, "BadArgument", "An activity is sent as application/json.");
        DirectLineTicket ticket = tokens.Read(http.Request.Headers.Authorization, out _)!;
        try
        {
            using JsonDocument json = await JsonBody.Read(http, LargestBody);
            JsonElement activity = json.RootElement;
            if (activity.ValueKind != JsonValueKind.Object)
                throw new WrongJson("An activity is a JSON object.");
            string type = activity.Id("type") ?? throw new WrongJson("'type' is missing.");
            if (activity.Part("from")?.Id("id") is { Length: > 0 } from && from != ticket.UserId && IsNamed(ticket.UserId))
                return Error(403, "BadUser", "The token belongs to another user.");
            string? clientId = activity.Part("channelData")?.Id("clientActivityID");
            // A client that did not hear our answer says the same again with the same id of its own: that is a repeat.
            string activityId = clientId is null ? $"u-{Guid.NewGuid():N}" : $"c-{Fingerprint(clientId)}";
            if (type != "message")
                return Results.Json(new { id = activityId });
            (string text, CardClick? click) = SubmittedValue.In(activity);
            var words = new IncomingWords(Id, id, activityId, ticket.UserId, "tuanlink", "", text, HasAttachments: activity.Length("attachments") > 0, ShowsCards: ticket.ShowsCards, Click: click);
            if (await limits.Answered(http, words, isServer: false))
            {
                streams.Wake(id);
                return Results.Empty;
            }
            var echo = new Echo(activityId, activity.Words("text")?.Trim(), Raw(activity, "value"), ticket.UserId, Raw(activity, "channelData"));
            await typing.Until(turns.Take(words, Show(echo), http.RequestAborted), words);
            streams.Wake(id);
            return Results.Json(new { id = activityId });
        }
        catch (BodyTooLarge)
        {
            return Error(413, "MessageSizeTooBig", $"The body is larger than {LargestBody} bytes.");
        }
        catch (Exception e) when (e is JsonException or WrongJson)
        {
            return Error(400, "BadArgument", e is WrongJson ? e.Message : "The body is not valid JSON.");
        }
        catch (NobodyToAnswer nobody)
        {
            http.Response.Headers.RetryAfter = "60";
            return Error(503, "ServiceUnavailable", nobody.Message);
        }
    }

    /// <summary>Puts owed words of a fetching conversation where they are fetched.</summary>
    public static void Show(RoutingDb db, OutboxMessage owed, Conversation to, string? reference, DateTimeOffset at) =>
        db.Transcript.Add(new TranscriptEntry
        {
            ConversationId = to.Id,
            ActivityId = OutboundActivity.IdOf(owed),
            Json = Encoding.UTF8.GetString(OutboundActivity.Write(owed, to, reference, at)),
            At = at,
        });

    // The echo of the youth's words and the bot's answer appear in the very commit that takes the words.
    private static Func<RoutingDb, Speaker, IReadOnlyList<OutboxMessage>, DateTimeOffset, Task> Show(Echo? echo,
        Func<RoutingDb, Speaker, DateTimeOffset, Task<OutboxMessage?>>? alsoOwed = null) =>
        async (db, speaker, owed, now) =>
        {
            if (alsoOwed is not null && await alsoOwed(db, speaker, now) is { } more)
                owed = [.. owed, more];
            if (echo is { } own)
                db.Transcript.Add(new TranscriptEntry { ConversationId = speaker.Conversation.Id, ActivityId = own.Id, Json = Write(own, speaker, now), At = now });
            foreach (OutboxMessage reply in owed)
            {
                Show(db, reply, speaker.Conversation, null, now);
                (reply.State, reply.SentAt) = (Delivery.Sent, now);
            }
        };

    // What is echoed of the youth's own activity: a client knows it by its channelData, and a press on a card by its value.
    private sealed record Echo(string Id, string? Text, string? Value, string User, string? ChannelData);

    private static string? Raw(JsonElement activity, string name) =>
        activity.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? field.GetRawText() : null;

    private static string Write(Echo own, Speaker speaker, DateTimeOffset now)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            json.WriteString("type", "message");
            json.WriteString("id", own.Id);
            json.WriteString("timestamp", now.UtcDateTime);
            json.WriteString("channelId", Id);
            json.WriteStartObject("from");
            json.WriteString("id", own.User);
            json.WriteString("role", "user");
            json.WriteEndObject();
            json.WriteStartObject("conversation");
            json.WriteString("id", speaker.Conversation.ChannelConversationId);
            json.WriteEndObject();
            if (own.Text is not null || own.Value is null)
                json.WriteString("text", own.Text ?? "");
            if (own.Value is not null)
            {
                json.WritePropertyName("value");
                json.WriteRawValue(own.Value);
            }
            if (own.ChannelData is not null)
            {
                json.WritePropertyName("channelData");
                json.WriteRawValue(own.ChannelData);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static IResult? Admit(HttpContext http, string id, DirectLineTokens tokens)
    {
        if (tokens.Read(http.Request.Headers.Authorization, out bool expired) is not { } ticket)
            return NotOurs();
        return expired ? Expired() : ticket.ConversationId == id ? null : Elsewhere();
    }

    private const string Unnamed = "dl-";

    // Nobody was told this id: whatever a client calls its user then, it is this one.
    private static string NewUserId() => $"{Unnamed}{Guid.NewGuid():N}";

    private static bool IsNamed(string user) => !user.StartsWith(Unnamed, StringComparison.Ordinal);

    private static async Task<string> UserIn(HttpContext http, bool isSite)
    {
        string own = NewUserId();
        if (!http.Request.HasJsonContentType() || http.Request.ContentLength == 0)
            return own;
        using JsonDocument json = await JsonBody.Read(http, LargestBody);
        string? asked = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Part("user")?.Id("id") : null;
        if (asked is not { Length: > 0 and <= 64 } || !asked.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@') || !IsNamed(asked))
            return own;
        // A site knows its own people. From a page anybody could claim another's name; what looks like a random id of a device may be kept.
        return isSite || asked.Length >= 16 && asked.StartsWith("dl_", StringComparison.Ordinal) ? asked : own;
    }

    // The code of the poster that brought the youth here.
    private static async Task<string?> FromIn(HttpContext http)
    {
        if (!http.Request.HasJsonContentType() || http.Request.ContentLength == 0)
            return null;
        using JsonDocument json = await JsonBody.Read(http, LargestBody);
        return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Id("from") : null;
    }

    private static string NewConversationId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static IResult Ticket(HttpContext http, DirectLineTokens tokens, DirectLineTicket ticket, int? status, long mark = 0)
    {
        http.Response.Headers.CacheControl = "no-store";
        string token = tokens.Issue(ticket.ConversationId, ticket.UserId, ticket.ShowsCards);
        // Before a proxy that ends TLS the page is on https, and must be sent to wss.
        bool isSecure = http.Request.IsHttps || "https".Equals(http.Request.Headers["X-Forwarded-Proto"], StringComparison.OrdinalIgnoreCase);
        string watermark = mark > 0 ? string.Create(CultureInfo.InvariantCulture, $"watermark={mark}&") : "";
        return Results.Json(new
        {
            conversationId = ticket.ConversationId,
            token,
            expires_in = (int)DirectLineTokens.Life.TotalSeconds,
            streamUrl = $"{(isSecure ? "wss" : "ws")}://{http.Request.Host}/v3/directline/conversations/{ticket.ConversationId}/stream?{watermark}t={token}",
        }, statusCode: status);
    }

    private static IResult NotOurs() => Error(401, "BadToken", "A valid token is needed.");
    private static IResult Expired() => Error(403, "TokenExpired", "The token has expired.");
    private static IResult Elsewhere() => Error(403, "BadConversation", "The token belongs to another conversation.");
    private static IResult Error(int status, string code, string message) => Results.Json(new { error = new { code, message } }, statusCode: status);
}
