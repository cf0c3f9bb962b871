using Microsoft.EntityFrameworkCore;
using TuanLink.Bot.Cards;
using TuanLink.Bot.Channels.BotFramework;
using TuanLink.Bot.Channels.DirectLine;
using TuanLink.Bot.Channels.WeChat;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Imports;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels;

/// <summary>What came of one try to send.</summary>
/// <param name="Failure">Why it failed, for an administrator; none if it arrived.</param>
/// <param name="IsRefused">The channel will not take these words however often they are sent.</param>
/// <param name="RetryAfter">How long the channel asked us to wait.</param>
/// <param name="IsGone">Nobody is owed these words any more: they were erased, or sent by somebody else, and nothing is to be noted.</param>
public sealed record SendResult(string? Failure = null, bool IsRefused = false, TimeSpan? RetryAfter = null, bool IsGone = false)
{
    public static SendResult Sent { get; } = new();
    public static SendResult Gone { get; } = new(IsGone: true);
    public bool IsSent => Failure is null;
}

/// <summary>Hands owed words to the channel of their conversation.</summary>
public sealed class Senders(IDbContextFactory<RoutingDb> databases, ITransactions transactions, BotFrameworkSender botFramework, WeChatSender weChat, DirectLineStreams streams, SentJournal journal, OutcomeCard outcomeCard, TimeProvider time)
{
    public async Task<SendResult> Send(OwedWords words, CancellationToken cancel)
    {
        (OutboxMessage owed, Conversation? to) = words;
        string? reference = null;
        Attachment? file = null;
        // The bot's own words need nothing more than the turn already knew.
        if (to is null || owed.MessageId is not null || owed.AttachmentId is not null)
        {
            await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
            if (!await db.Outbox.AnyAsync(o => o.Id == owed.Id && o.State == Delivery.Queued, cancel))
                return SendResult.Gone;
            to = await db.Conversations.AsNoTracking().FirstOrDefaultAsync(c => c.Id == owed.ConversationId, cancel);
            if (owed.AttachmentId is { } attached)
                file = await db.Attachments.AsNoTracking().FirstOrDefaultAsync(a => a.Id == attached && a.State == AttachmentState.Kept, cancel);
            if (owed.MessageId is not null || file is not null)
                reference = await db.Inquiries.Where(i => i.Id == owed.InquiryId).Select(i => i.Reference).FirstOrDefaultAsync(cancel);
        }
        if (to is null)
            return new SendResult("会话已不存在", IsRefused: true);
        if (owed.AttachmentId is not null && file is null)
            return new SendResult("附件已不存在", IsRefused: true);
        if (owed.Tone == "outcome" && to.ShowsCards)
            owed.Card = await CardOf(owed, cancel);
        if (to.Channel == DirectLineChannel.Id)
        {
            await transactions.Run((db, inner) => Show(db, owed, to, reference, file, inner), cancel);
            streams.Wake(to.ChannelConversationId);
            return SendResult.Sent;
        }
        if (to.Channel == DemoCity.Channel)
            return SendResult.Sent;
        if (journal.WasSent(owed))
            return SendResult.Sent;
        SendResult result = await SendOutside(owed, to, reference, file, cancel);
        if (result.IsSent)
            journal.Keep(owed);
        return result;
    }

    private async Task<SendResult> SendOutside(OutboxMessage owed, Conversation to, string? reference, Attachment? file, CancellationToken cancel)
    {
        if (to.Channel == WeChatMessage.Channel)
            return await weChat.Send(owed, to, file, cancel);
        return to.ServiceUrl.Length == 0
            ? new SendResult("该渠道没有可送达的地址", IsRefused: true)
            : await botFramework.Send(owed, to, reference, file, cancel);
    }

    // Made when it is sent: the domain that asks knows nothing of cards.
    private async Task<string> CardOf(OutboxMessage question, CancellationToken cancel)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync(cancel);
        var asked = await db.Inquiries.Where(i => i.Id == question.InquiryId)
            .Select(i => new { i.Reference, Round = db.Confirmations.Where(c => c.InquiryId == i.Id).Max(c => (int?)c.Round) }).FirstOrDefaultAsync(cancel);
        return asked is { Round: { } round } ? outcomeCard.Of(asked.Reference, round) : "";
    }

    // A repeat after a crash finds its entry there already.
    private async Task Show(RoutingDb db, OutboxMessage owed, Conversation to, string? reference, Attachment? file, CancellationToken cancel)
    {
        // The page reads on from the last id it saw: on PostgreSQL ids of one conversation are given under its lock, as a turn does.
        if (db.IsPostgres)
            await db.Database.ExecuteSqlAsync($"SELECT 1 FROM conversations WHERE id = {to.Id} FOR UPDATE", cancel);
        string id = OutboundActivity.IdOf(owed);
        if (!await db.Transcript.AnyAsync(t => t.ConversationId == to.Id && t.ActivityId == id, cancel))
            DirectLineChannel.Show(db, owed, to, reference, time.GetUtcNow(), file is null ? null : new(file.Name, file.MediaType, DirectLineFiles.UnsignedAnywhere(file.Key!)));
    }
}
