using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Responses;

public sealed class AReplyNeedsWords() : Refusal($"回复须有内容，且不超过 {RecordResponse.LongestReply} 字。");

/// <summary>What came of sending: the message, or a warning and nothing changed.</summary>
public sealed record ResponseSent(Message? Message, string? Warning);

/// <summary>A cadre or expert answers a youth. The words are owed through the outbox; only their arrival counts (DOMAIN.md §6).</summary>
public sealed class RecordResponse(Rosters rosters, ReplyJudgement judgement)
{
    /// <summary>In UTF-16 units.</summary>
    public const int LongestReply = 4000;

    /// <summary>Sends the words, or warns once that they say nothing.</summary>
    /// <param name="sendAnyway">Sends perfunctory words all the same; recorded, and they stop no clock.</param>
    /// <exception cref="Refusal">The writer neither handles nor owns the item, is complained of in it, it has ended, or there are no words.</exception>
    public async Task<ResponseSent> Send(RoutingDb db, long inquiryId, long byId, string text, bool sendAnyway, DateTimeOffset now, CancellationToken cancel)
    {
        Inquiry inquiry = await MayWrite(db, inquiryId, byId, cancel);
        text = Words(text);
        string? reason = await judgement.Judge(db, inquiry, byId, text, cancel);
        if (reason is not null && !sendAnyway)
            return new(null, reason);

        Handler writer = (await rosters.Current(cancel)).HandlerOf(byId);
        Conversation conversation = await db.Conversations.FindAsync([inquiry.ConversationId], cancel) ?? throw new NoSuchInquiry();
        var message = new Message
        {
            ConversationId = conversation.Id,
            InquiryId = inquiryId,
            Author = writer is Cadre ? Author.Cadre : Author.Expert,
            HandlerId = byId,
            Text = text,
            At = now,
            IsSubstantive = reason is null,
            PerfunctoryReason = reason,
        };
        db.Messages.Add(message);
        await db.SaveChangesAsync(cancel);
        OutboxMessage owed = db.Owe(conversation, text, now, inquiryId);
        (owed.MessageId, owed.Speaker, owed.SpeakerName) = (message.Id, writer is Cadre ? "cadre" : "expert", writer.PublicName);
        db.Happened(inquiryId, now, Happening.Replied, reason is null ? $"{writer.PublicName}回复" : $"{writer.PublicName}回复（提示后仍发送，不计为有效答复）", byId);
        return new(message, null);
    }

    /// <summary>Why the words would be judged perfunctory; none if they say something.</summary>
    public async Task<string?> Judge(RoutingDb db, long inquiryId, long byId, string text, CancellationToken cancel) =>
        await judgement.Judge(db, await MayWrite(db, inquiryId, byId, cancel), byId, Words(text), cancel);

    internal static async Task<Inquiry> MayWrite(RoutingDb db, long inquiryId, long byId, CancellationToken cancel)
    {
        Inquiry inquiry = await db.Inquiries.FindAsync([inquiryId], cancel) ?? throw new NoSuchInquiry();
        if (inquiry.AboutCadreId == byId)
            throw new NoSuchInquiry();
        if (byId != inquiry.HandlerId && byId != inquiry.OwnerId)
            throw new OnlyTheHandlerMay();
        // A silent youth may still be told something after the item closed itself; what the youth ended is over.
        return inquiry.IsOpen || inquiry.Status == InquiryStatus.Closed ? inquiry : throw new InquiryIsOver();
    }

    internal static string Words(string text)
    {
        // PostgreSQL keeps no NUL; nobody means one.
        text = text.Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").Trim();
        return text.Length is > 0 and <= LongestReply ? text : throw new AReplyNeedsWords();
    }
}
