using System.Text;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>
/// Sends later words by customer-service message. WeChat takes five within 48 hours of the youth's last words; what comes outside waits,
/// its handler is told, and it is sent when the youth next writes. A picture or card is one of the five.
/// </summary>
public sealed class WeChatSender(WeChatApi api, WeChatFiles files, SentJournal journal, IDbContextFactory<RoutingDb> databases, Wording wording, TimeProvider time)
{
    /// <summary>Begins the failure of words that wait for the youth; <see cref="PutBack"/> finds them by it.</summary>
    private const string Waiting = "微信窗口已关：";
    private const int MostInWindow = 5;
    private static readonly TimeSpan Window = TimeSpan.FromHours(48);

    /// <summary>The longest text WeChat takes, in bytes of UTF-8.</summary>
    public const int LongestText = 2000;

    /// <param name="file">The file the words stand for; then it is sent in their place.</param>
    public async Task<SendResult> Send(OutboxMessage owed, Conversation to, Attachment? file, CancellationToken cancel)
    {
        if (!api.Enabled)
            return new SendResult("微信渠道没有启用", IsRefused: true);
        List<string> parts = Parts(WordsOf(owed));
        int needed = file is null ? parts.Count : 1;
        if (time.GetUtcNow() - to.LastInboundAt > Window)
            return await Wait(owed, to, "青年上次来信已超过 48 小时", cancel);
        int left = MostInWindow - await SentInWindow(to, cancel);
        if (needed > left)
            return await Wait(owed, to, "48 小时内的 5 条已用完", cancel);
        try
        {
            if (file is not null)
            {
                await files.Send(to.ChannelUserId, file, to, cancel);
                return SendResult.Sent;
            }
            for (int i = 0; i < parts.Count; i++)
                await api.SendCustom(Message(to.ChannelUserId, parts[i], i == parts.Count - 1 ? owed.Actions : ""), cancel);
            if (needed < left && LinkCard.Of(owed) is { } card)
                await Offer(card, to, cancel);
            return SendResult.Sent;
        }
        catch (WeChatError error)
        {
            return error.Code switch
            {
                45015 or 45047 => await Wait(owed, to, $"微信返回 {error.Code}", cancel),
                // Busy, or a limit of the day: these pass.
                -1 or 45009 or 45011 => new SendResult($"微信返回 {error.Code}"),
                40007 => new SendResult("微信不认上传的图片（40007）", IsRefused: true),
                43004 => new SendResult("青年已取消关注公众号", IsRefused: true),
                _ => new SendResult($"微信返回 {error.Code}", IsRefused: true),
            };
        }
        catch (HttpRequestException)
        {
            return new SendResult("连接微信失败");
        }
    }

    // The words hold the link already: a card that WeChat does not take is no reason to send them again.
    private async Task Offer(LinkCard card, Conversation to, CancellationToken cancel)
    {
        try
        {
            await api.SendCustom(card.Message(to.ChannelUserId), cancel);
        }
        catch (Exception e) when (e is WeChatError or HttpRequestException)
        {
            // Tried once.
        }
    }

    // Words of a person are worth one call back; it carries none of them.
    private async Task<SendResult> Wait(OutboxMessage owed, Conversation to, string why, CancellationToken cancel)
    {
        if (owed.MessageId is not null && owed.Attempts == 0)
            try
            {
                await api.CallBack(to.ChannelUserId, wording.Say("reply_waits"), cancel);
            }
            catch (Exception e) when (e is WeChatError or HttpRequestException)
            {
                why += "，模板消息也没有发出";
            }
        return new SendResult($"{Waiting}{why}，等青年再次来信时补发", IsRefused: true);
    }

    /// <summary>What waited for the youth is owed anew, in the turn that brings their next words.</summary>
    public static async Task PutBack(RoutingDb db, long conversationId, DateTimeOffset now)
    {
        foreach (OutboxMessage waiting in await db.Outbox.Where(o => o.ConversationId == conversationId && o.State == Delivery.Dead && o.LastError != null && o.LastError.StartsWith(Waiting)).ToListAsync())
            (waiting.State, waiting.Attempts, waiting.DueAt) = (Delivery.Queued, 0, now);
    }

    /// <summary>The words as WeChat shows them: whose they are stands in the text, since it shows no sender of ours.</summary>
    public static string WordsOf(OutboxMessage owed) => owed.SpeakerName.Length > 0 ? $"【{owed.SpeakerName}】\n{owed.Text}" : owed.Text;

    // Passive replies carry no try: what has one was sent by customer-service message. What was sent a moment ago may not be noted yet.
    private async Task<int> SentInWindow(Conversation to, CancellationToken cancel)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        List<long> unnoted = journal.UnnotedOf(to.Id);
        List<OutboxMessage> sent = await db.Outbox.AsNoTracking().Where(o => o.ConversationId == to.Id
                && ((o.State == Delivery.Sent && o.Attempts > 0 && o.SentAt > to.LastInboundAt) || (o.State == Delivery.Queued && unnoted.Contains(o.Id))))
            .OrderByDescending(o => o.Id).Take(MostInWindow).ToListAsync(cancel);
        return sent.Sum(Messages);
    }

    // A card that found no room any more, or was not taken, is counted as well: then the window is nearly full anyway.
    private static int Messages(OutboxMessage sent) => sent.AttachmentId is not null ? 1 : Parts(WordsOf(sent)).Count + (LinkCard.Of(sent) is null ? 0 : 1);

    private static object Message(string to, string text, string actions) => actions.Length == 0
        ? new { touser = to, msgtype = "text", text = new { content = text } }
        : new
        {
            touser = to,
            msgtype = "msgmenu",
            msgmenu = new { head_content = text + "\n", list = actions.Split('\n').Select((content, i) => new { id = $"{i + 1}", content }), tail_content = "" },
        };

    // Cut between lines where one ends in the last half, and never inside a character.
    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        while (Encoding.UTF8.GetByteCount(text) > LongestText)
        {
            int end = 0;
            for (int bytes = 0; end < text.Length;)
            {
                Rune.DecodeFromUtf16(text.AsSpan(end), out Rune rune, out int units);
                if (bytes + rune.Utf8SequenceLength > LongestText)
                    break;
                bytes += rune.Utf8SequenceLength;
                end += units;
            }
            int line = text.LastIndexOf('\n', end - 1);
            if (line > end / 2)
                end = line + 1;
            parts.Add(text[..end].TrimEnd());
            text = text[end..];
        }
        parts.Add(text);
        return parts;
    }
}
