using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;

namespace TuanLink.Routing.Responses;

/// <summary>What came of sending words to a youth. Here, and nowhere else, a reply becomes an answer: when it arrived.</summary>
public sealed class RecordDelivery
{
    private static readonly PreparedSql BotWordsArrived =
        new($"UPDATE outbox SET state = '{nameof(Delivery.Sent)}', sent_at = $1, attempts = attempts + 1, last_error = NULL, sent_as = $2 WHERE id = $3 AND state <> '{nameof(Delivery.Sent)}'");

    /// <summary>The words arrived. A substantive one of a human stops the clock (DOMAIN.md §6).</summary>
    public async Task Arrived(RoutingDb db, OutboxMessage sent, DateTimeOffset at, CancellationToken cancel)
    {
        if (sent.MessageId is null && sent.AttachmentId is null)
        {
            // The bot's own words stop no clock.
            await BotWordsArrived.Execute(db, at, sent.SentAs, sent.Id);
            return;
        }
        OutboxMessage owed = await db.Outbox.FindAsync([sent.Id], cancel) ?? sent;
        if (owed.State == Delivery.Sent)
            return;
        (owed.State, owed.SentAt, owed.LastError) = (Delivery.Sent, at, null);
        owed.Attempts++;
        if (owed is { AttachmentId: not null, InquiryId: { } item })
            db.Happened(item, at, Happening.Delivered, "附件已送达");
        if (owed.MessageId is not { } messageId || await db.Messages.FindAsync([messageId], cancel) is not { } message)
            return;
        message.DeliveredAt = at;
        if (message.InquiryId is not { } inquiryId || await db.Inquiries.FindAsync([inquiryId], cancel) is not { } inquiry)
            return;
        inquiry.FirstResponseAt ??= at;
        db.Happened(inquiry.Id, at, Happening.Delivered, message.IsSubstantive ? "回复已送达，答复时钟停止" : "回复已送达（不是实质答复，继续计时）");
        if (!message.IsSubstantive)
            return;
        inquiry.AnsweredAt ??= at;
        // Words the youth sent after the reply was written wait for an answer of their own.
        if (inquiry.IsOpen && message.At >= inquiry.RoundStartedAt)
        {
            inquiry.RoundAnsweredAt ??= at;
            inquiry.Status = InquiryStatus.Answered;
        }
    }

    /// <summary>The words did not arrive: they are tried again, or given up and put before a human.</summary>
    /// <param name="nextTry">None gives up.</param>
    public async Task Failed(RoutingDb db, OutboxMessage tried, string cause, DateTimeOffset? nextTry, DateTimeOffset now, CancellationToken cancel)
    {
        OutboxMessage? owed = await db.Outbox.FindAsync([tried.Id], cancel);
        if (owed is null || owed.State != Delivery.Queued)
            return;
        owed.Attempts++;
        owed.LastError = cause.Length <= 300 ? cause : cause[..300];
        if (nextTry is { } next)
        {
            owed.DueAt = next;
            return;
        }
        owed.State = Delivery.Dead;
        if (owed.InquiryId is not { } inquiryId || await db.Inquiries.FindAsync([inquiryId], cancel) is not { } inquiry)
            return;
        string what = owed.AttachmentId is not null ? "回复的附件未能送达" : owed.MessageId is null ? "系统消息未能送达" : "回复未能送达，不计为答复";
        db.Happened(inquiryId, now, Happening.DeliveryFailed, what);
        db.Notify(inquiry.HandlerId, $"{inquiry.Reference} {what}，请在诉求页重发或换一种方式联系", now, inquiryId, urgent: true);
    }

    /// <summary>Puts given-up words back into the queue.</summary>
    /// <exception cref="Refusal">There are no such words, or they were not given up.</exception>
    public async Task Resend(RoutingDb db, long outboxId, DateTimeOffset now, CancellationToken cancel)
    {
        int put = await db.Outbox.Where(o => o.Id == outboxId && o.State == Delivery.Dead).ExecuteUpdateAsync(set => set
            .SetProperty(o => o.State, Delivery.Queued).SetProperty(o => o.Attempts, 0).SetProperty(o => o.DueAt, now), cancel);
        if (put == 0)
            throw new NothingToResend();
    }
}

public sealed class NothingToResend() : Refusal("这条消息不在失败之列，无须重发。");
