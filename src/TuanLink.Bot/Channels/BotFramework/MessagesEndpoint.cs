using System.Buffers;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>POST /api/messages: an activity in, 200 only once what it did is on disk (PROTOCOLS.md §1).</summary>
public static class MessagesEndpoint
{
    public static void MapBotFramework(this IEndpointRouteBuilder routes) => routes.MapPost("/api/messages", Take);

    private static async Task Take(HttpContext http, Turns turns, IOptions<BotFrameworkOptions> options)
    {
        if (!http.Request.HasJsonContentType())
        {
            await Refuse(http, StatusCodes.Status415UnsupportedMediaType, "An activity is sent as application/json.");
            return;
        }
        // Without an app id there are no tokens: only this machine is believed.
        if (http.Connection.RemoteIpAddress is { } caller && !IPAddress.IsLoopback(caller))
        {
            await Refuse(http, StatusCodes.Status401Unauthorized, "No app id is configured; only callers on this machine are served.");
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
        if (!words.AnswerInline && !options.Value.MayCall(words.ServiceUrl))
        {
            await Refuse(http, StatusCodes.Status403Forbidden, "The serviceUrl is not on this machine and not among Channels:BotFramework:AllowedServiceUrls.");
            return;
        }
        try
        {
            TurnTaken taken = await turns.Take(words, null, http.RequestAborted);
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

    private static Task Refuse(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error = new { code = status, message = why } }, http.RequestAborted);
    }
}
