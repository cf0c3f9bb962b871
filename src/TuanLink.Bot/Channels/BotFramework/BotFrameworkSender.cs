using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>Sends an activity to the connector at the conversation's serviceUrl (PROTOCOLS.md §1).</summary>
public sealed class BotFrameworkSender(IOptions<BotFrameworkOptions> options, ConnectorCalls calls, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    public async Task<SendResult> Send(OutboxMessage owed, Conversation to, string? reference, CancellationToken cancel)
    {
        if (!options.Value.MayCall(to.ServiceUrl))
            return new SendResult("serviceUrl 不在允许之列", IsRefused: true);
        string path = $"{to.ServiceUrl.TrimEnd('/')}/v3/conversations/{Uri.EscapeDataString(to.ChannelConversationId)}/activities";
        if (owed.ReplyToId is { } replyTo)
            path += "/" + Uri.EscapeDataString(replyTo);
        try
        {
            using var content = new ByteArrayContent(OutboundActivity.Write(owed, to, reference, time.GetUtcNow()));
            content.Headers.ContentType = Json;
            using HttpResponseMessage answer = await calls.Post(new Uri(path), content, cancel);
            if (answer.IsSuccessStatusCode)
                return SendResult.Sent;
            bool refused = (int)answer.StatusCode is >= 300 and < 500 && answer.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
            return new SendResult($"渠道返回 {(int)answer.StatusCode}", refused, answer.Headers.RetryAfter?.Delta);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return new SendResult(e is TaskCanceledException ? "渠道 15 秒没有应答" : "连接渠道失败");
        }
    }
}
