using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Cards;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.DirectLine;

/// <summary>Direct Line 3.0 for the chat page (PROTOCOLS.md §3): start, post, poll or listen. What is shown is the transcript; its row ids are the watermark.</summary>
public static class DirectLineChannel
{
    public const string Id = "directline";
    internal const int LargestBody = 64 * 1024;

    public static void MapDirectLine(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder line = routes.MapGroup("/v3/directline").RequireCors(DirectLineSites.Cors);
        line.MapPost("/tokens/generate", Generate);
        line.MapPost("/tokens/refresh", Refresh);
        line.MapPost("/conversations", Start);
        line.MapGet("/conversations/{id}", Reconnect);
        line.MapGet("/conversations/{id}/activities", Poll);
        line.MapPost("/conversations/{id}/activities", Post);
        line.MapPost("/conversations/{id}/upload", (HttpContext http, string id, string? userId, DirectLineUpload upload) => upload.Take(http, id, userId));
        line.MapGet("/attachments/{key}", (HttpContext http, string key, string? t, DirectLineFiles files, DirectLineTokens tokens, IDbContextFactory<RoutingDb> databases, AttachmentBytes bytes) =>
            files.Serve(http, key, t, tokens, databases, bytes));
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

    private static async Task Poll(HttpContext http, string id, string? watermark, DirectLineTokens tokens, DirectLineFiles files, IDbContextFactory<RoutingDb> databases)
    {
        if (Admit(http, id, tokens) is { } refused)
        {
            await refused.ExecuteAsync(http);
            return;
        }
        long mark = TranscriptNews.Mark(watermark);
        await using RoutingDb db = await databases.CreateDbContextAsync(http.RequestAborted);
        byte[] body = TranscriptNews.Write(await TranscriptNews.After(db, files, id, mark, http.RequestAborted), mark, Here(http));
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
        await streams.Serve(socket, ticket!, TranscriptNews.Mark(watermark), Here(http));
    }

    private static async Task<IResult> Post(HttpContext http, string id, DirectLineTokens tokens, Turns turns, TypingNotice typing, CalmRefusal limits, AttachedFiles attached, DirectLineStreams streams)
    {
        if (Admit(http, id, tokens) is { } refused)
            return refused;
        if (!http.Request.HasJsonContentType())
            return Error(415, "BadArgument", "An activity is sent as application/json.");
        DirectLineTicket ticket = tokens.Read(http.Request.Headers.Authorization, out _)!;
        try
        {
            using JsonDocument json = await JsonBody.Read(http, LargestBody);
            var (said, notYou) = ReadActivity(json.RootElement, ticket);
            if (said is null)
                return notYou!;
            if (said.Type != "message")
                return Results.Json(new { id = said.Id });
            var words = new IncomingWords(Id, id, said.Id, ticket.UserId, "tuanlink", "", said.Text, ShowsCards: ticket.ShowsCards, Click: said.Click) { Files = AttachedFiles.Read(json.RootElement) };
            if (await limits.Answered(http, words, isServer: false))
            {
                streams.Wake(id);
                return Results.Empty;
            }
            // A page sends its files themselves: whatever a link of a stranger leads to is not fetched.
            words = words with { Files = await attached.Keep(words.Files, links: false, http.RequestAborted) };
            var echo = new DirectLineEcho(said.Id, said.Text, ticket.UserId, said.ChannelData, words.Files, Here(http)) { Value = said.Value };
            await attached.TakeWith(words.Files, typing.Until(turns.Take(words, Show(echo), http.RequestAborted), words));
            streams.Wake(id);
            return Results.Json(new { id = said.Id });
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
    public static void Show(RoutingDb db, OutboxMessage owed, Conversation to, string? reference, DateTimeOffset at, OutboundFile? file = null) =>
        db.Transcript.Add(new TranscriptEntry
        {
            ConversationId = to.Id,
            ActivityId = OutboundActivity.IdOf(owed),
            Json = Encoding.UTF8.GetString(OutboundActivity.Write(owed, to, reference, at, file)),
            At = at,
        });

    /// <summary>What a youth's activity says of itself.</summary>
    /// <param name="Click">What was pressed on a card; then there is no text.</param>
    /// <param name="Value">As the client sent it, in JSON: it knows its own press by it.</param>
    internal sealed record Said(string Type, string Id, string Text, CardClick? Click, string? Value, string? ChannelData);

    /// <returns>Either what was said, or why it is refused.</returns>
    /// <exception cref="WrongJson">It breaks the protocol.</exception>
    internal static (Said? Said, IResult? Refused) ReadActivity(JsonElement activity, DirectLineTicket ticket)
    {
        if (activity.ValueKind != JsonValueKind.Object)
            throw new WrongJson("An activity is a JSON object.");
        string type = activity.Id("type") ?? throw new WrongJson("'type' is missing.");
        if (!IsOwn(activity.Part("from")?.Id("id"), ticket))
            return (null, NotYou());
        JsonElement? channelData = activity.Part("channelData");
        string? clientId = channelData?.Id("clientActivityID");
        (string text, CardClick? click) = SubmittedValue.In(activity);
        string? value = activity.Has("value", out JsonElement pressed) && pressed.ValueKind != JsonValueKind.Null ? pressed.GetRawText() : null;
        // A client that did not hear our answer says the same again with the same id of its own: that is a repeat.
        return (new(type, clientId is null ? NewActivityId() : $"c-{Fingerprint(clientId)}", text, click, value, channelData?.GetRawText()), null);
    }

    internal static string NewActivityId() => $"u-{Guid.NewGuid():N}";

    /// <summary>Whether a user named beside a token is the token's; where nobody was told the id, any name is.</summary>
    internal static bool IsOwn(string? user, DirectLineTicket ticket) => string.IsNullOrEmpty(user) || user == ticket.UserId || !IsNamed(ticket.UserId);

    internal static IResult NotYou() => Error(403, "BadUser", "The token belongs to another user.");

    /// <summary>Scheme and host as the client sees them: before a proxy that ends TLS the page is on https.</summary>
    internal static string Here(HttpContext http) => $"http{(IsSecure(http) ? "s" : "")}://{http.Request.Host}";

    private static bool IsSecure(HttpContext http) => http.Request.IsHttps || "https".Equals(http.Request.Headers["X-Forwarded-Proto"], StringComparison.OrdinalIgnoreCase);

    // The echo of the youth's words and the bot's answer appear in the very commit that takes the words.
    internal static Func<RoutingDb, Speaker, IReadOnlyList<OutboxMessage>, DateTimeOffset, Task> Show(DirectLineEcho? echo,
        Func<RoutingDb, Speaker, DateTimeOffset, Task<OutboxMessage?>>? alsoOwed = null) =>
        async (db, speaker, owed, now) =>
        {
            if (alsoOwed is not null && await alsoOwed(db, speaker, now) is { } more)
                owed = [.. owed, more];
            if (echo is not null)
                db.Transcript.Add(new TranscriptEntry { ConversationId = speaker.Conversation.Id, ActivityId = echo.Id, Json = echo.Write(speaker, now), At = now });
            foreach (OutboxMessage reply in owed)
            {
                Show(db, reply, speaker.Conversation, null, now);
                (reply.State, reply.SentAt) = (Delivery.Sent, now);
            }
        };

    internal static IResult? Admit(HttpContext http, string id, DirectLineTokens tokens)
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
        string watermark = mark > 0 ? string.Create(CultureInfo.InvariantCulture, $"watermark={mark}&") : "";
        return Results.Json(new
        {
            conversationId = ticket.ConversationId,
            token,
            expires_in = (int)DirectLineTokens.Life.TotalSeconds,
            streamUrl = $"ws{(IsSecure(http) ? "s" : "")}://{http.Request.Host}/v3/directline/conversations/{ticket.ConversationId}/stream?{watermark}t={token}",
        }, statusCode: status);
    }

    private static IResult NotOurs() => Error(401, "BadToken", "A valid token is needed.");
    private static IResult Expired() => Error(403, "TokenExpired", "The token has expired.");
    private static IResult Elsewhere() => Error(403, "BadConversation", "The token belongs to another conversation.");
    internal static IResult Error(int status, string code, string message) => Results.Json(new { error = new { code, message } }, statusCode: status);
}
