using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.BotFramework;

/// <summary>Sends an activity to the connector at the conversation's serviceUrl (PROTOCOLS.md §1).</summary>
public sealed class BotFrameworkSender(IOptions<BotFrameworkOptions> options, ConnectorCalls calls, FileLinks links, Wording wording, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <param name="file">The file the words stand for: sent as an address from which the channel fetches it, or, where we have none, as a word that it waits.</param>
    public async Task<SendResult> Send(OutboxMessage owed, Conversation to, string? reference, Attachment? file, CancellationToken cancel)
    {
        if (!options.Value.MayCall(to.ServiceUrl))
            return new SendResult("serviceUrl 不在允许之列", IsRefused: true);
        OutboundFile? fetched = file is not null && links.To(file, to) is { } address ? new(file.Name, file.MediaType, address) : null;
        if (file is not null && fetched is null)
            owed.Text = wording.Say("reply_file_waits", ("name", file.Name));
        using var content = new ByteArrayContent(OutboundActivity.Write(owed, to, reference, time.GetUtcNow(), fetched));
        content.Headers.ContentType = Json;
        if (owed.Replaces is { } replaced)
        {
            await calls.Offer(HttpMethod.Put, new Uri($"{Activities(to.ServiceUrl, to.ChannelConversationId)}/{Uri.EscapeDataString(replaced)}"), content, cancel);
            return SendResult.Sent;
        }
        string path = Activities(to.ServiceUrl, to.ChannelConversationId);
        if (owed.ReplyToId is { } replyTo)
            path += "/" + Uri.EscapeDataString(replyTo);
        try
        {
            using HttpResponseMessage answer = await calls.Post(new Uri(path), content, cancel);
            if (answer.IsSuccessStatusCode)
            {
                if (owed.Tone == "outcome" && to.ShowsCards)
                    owed.SentAs = await IdIn(answer, cancel);
                return SendResult.Sent;
            }
            bool refused = (int)answer.StatusCode is >= 300 and < 500 && answer.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
            return new SendResult($"渠道返回 {(int)answer.StatusCode}", refused, AskedToWait(answer));
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return new SendResult(e is TaskCanceledException ? "渠道 15 秒没有应答" : "连接渠道失败");
        }
    }

    /// <summary>Where a conversation's activities are posted: appended to the serviceUrl's path, which is not always the root.</summary>
    public static string Activities(string serviceUrl, string conversation) =>
        $"{serviceUrl.TrimEnd('/')}/v3/conversations/{Uri.EscapeDataString(conversation)}/activities";

    private TimeSpan? AskedToWait(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - time.GetUtcNow() : null;

    // Some channels name the activity, some answer nothing; only the name is of use, and only if it is one.
    private static async Task<string?> IdIn(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel), JsonFields.Reading);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.Id("id") is { Length: > 0 } id ? id : null;
        }
        catch (Exception e) when (e is JsonException or WrongJson)
        {
            return null;
        }
    }
}
