using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>POST /api/messages: an activity in, 200 only once what it did is on disk (PROTOCOLS.md §1).</summary>
public static class MessagesEndpoint
{
    public static void MapBotFramework(this IEndpointRouteBuilder routes) => routes.MapPost("/api/messages", Take);

    private static async Task Take(HttpContext http, ChannelTrust trust, CalmRefusal limits, AttachedFiles attached, Turns turns, TypingNotice typing, IOptions<BotFrameworkOptions> options)
    {
        if (!http.Request.HasJsonContentType())
        {
            await Refuse(http, StatusCodes.Status415UnsupportedMediaType, "An activity is sent as application/json.");
            return;
        }
        TrustedCaller? caller;
        try
        {
            caller = await trust.Recognise(http);
        }
        catch (KeysUnavailable)
        {
            http.Response.Headers.RetryAfter = "10";
            await Refuse(http, StatusCodes.Status503ServiceUnavailable, "The caller cannot be judged now; come again.");
            return;
        }
        if (caller is null)
        {
            await Distrust(http);
            return;
        }
        InboundActivity activity;
        try
        {
            using JsonDocument json = await JsonBody.Read(http, options.Value.LargestBody);
            activity = InboundActivity.Read(json.RootElement);
        }
        catch (BodyTooLarge)
        {
            await Refuse(http, StatusCodes.Status413PayloadTooLarge, $"The body is larger than {options.Value.LargestBody} bytes.");
            return;
        }
        catch (Exception e) when (e is JsonException or WrongJson)
        {
            await Refuse(http, StatusCodes.Status400BadRequest, e is WrongJson ? e.Message : "The body is not valid JSON.");
            return;
        }
        if (activity.Words is not { } words)
        {
            http.Response.StatusCode = activity.Type == "invoke" ? StatusCodes.Status501NotImplemented : StatusCodes.Status200OK;
            return;
        }
        if (!caller.Covers(words))
        {
            await Distrust(http);
            return;
        }
        if (!words.AnswerInline && !options.Value.MayCall(words.ServiceUrl))
        {
            await Refuse(http, StatusCodes.Status403Forbidden, "The serviceUrl is not one this service may call.");
            return;
        }
        if (await limits.Answered(http, words, isServer: true))
            return;
        try
        {
            words = words with { Files = await attached.Keep(words.Files, links: true, http.RequestAborted) };
            TurnTaken taken = await attached.TakeWith(words.Files, typing.Until(turns.Take(words, null, http.RequestAborted), words));
            if (words.AnswerInline)
                await AnswerInline(http, taken);
        }
        catch (NobodyToAnswer nobody)
        {
            http.Response.Headers.RetryAfter = "60";
            await Refuse(http, StatusCodes.Status503ServiceUnavailable, nobody.Message);
        }
    }

    private static async Task AnswerInline(HttpContext http, TurnTaken taken)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("activities");
            foreach (OutboxMessage reply in taken.Replies)
                OutboundActivity.Write(json, reply, taken.Conversation, null, reply.CreatedAt);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static Task Distrust(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Refuse(http, StatusCodes.Status401Unauthorized, "The caller is not trusted.");
    }

    private static Task Refuse(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error = new { code = status, message = why } }, http.RequestAborted);
    }
}
