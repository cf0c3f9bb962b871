using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Attachments;

/// <summary>Records, in the caller's transaction, which files came with a message and what became of each. What fails is told to the youth and to the handler.</summary>
public sealed class RecordAttachments(Wording wording)
{
    /// <summary>A row for each file of a message, in the transaction that takes the message.</summary>
    public static IReadOnlyList<Attachment> Add(RoutingDb db, Message message, IReadOnlyList<SentFile> files, DateTimeOffset now)
    {
        var rows = new List<Attachment>(files.Count);
        foreach (SentFile file in files)
        {
            var row = new Attachment
            {
                ConversationId = message.ConversationId,
                MessageId = message.Id,
                Name = FileNames.Clean(file.Name),
                Origin = file.Origin,
                Address = file.Kept is null && file.Failure is null ? file.Address : "",
                MediaType = file.Kept?.MediaType ?? "",
                Size = file.Kept?.Size ?? 0,
                Key = file.Kept?.Key,
                State = file.Kept is not null ? AttachmentState.Kept : file.Failure is not null ? AttachmentState.Failed : AttachmentState.Pending,
                Failure = file.Failure,
                At = now,
                DueAt = now,
            };
            db.Append(row);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Tells of those that failed at once; called when the message has found its inquiry.</summary>
    public void TellFailures(RoutingDb db, Conversation conversation, Message message, IReadOnlyList<Attachment> rows, DateTimeOffset now)
    {
        List<AttachmentFailure> failures = [.. rows.Where(r => r.Failure is not null).Select(r => r.Failure!.Value)];
        if (failures.Count == 0)
            return;
        string why = string.Join('；', failures.Distinct().Select(FailureNames.Of));
        if (message.InquiryId is { } inquiry)
            db.Happened(inquiry, now, Happening.AttachmentFailed, $"青年发来 {rows.Count} 个附件，{failures.Count} 个没有保存：{why}");
        db.Owe(conversation, wording.Say("attachment_failed", ("why", why)), now, message.InquiryId, replyToId: message.ActivityId);
    }

    /// <summary>A pending one has been fetched, or never will be.</summary>
    /// <returns>False if it is not awaited any more (erased, or another node was first): the bytes belong to nobody then.</returns>
    public async Task<bool> Settle(RoutingDb db, long id, KeptBytes? kept, AttachmentFailure? failure, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.Attachments.FirstOrDefaultAsync(a => a.Id == id && a.State == AttachmentState.Pending, cancel) is not { } row)
            return false;
        (row.State, row.Failure, row.Address) = (kept is null ? AttachmentState.Failed : AttachmentState.Kept, failure, "");
        if (kept is not null)
            (row.Key, row.MediaType, row.Size) = (kept.Key, kept.MediaType, kept.Size);
        long? inquiryId = await db.Messages.Where(m => m.Id == row.MessageId).Select(m => m.InquiryId).FirstOrDefaultAsync(cancel);
        if (inquiryId is { } inquiry)
            db.Happened(inquiry, now, kept is null ? Happening.AttachmentFailed : Happening.AttachmentKept, kept is null
                ? $"青年发来的附件没有保存：{FailureNames.Of(failure!.Value)}" : $"青年发来的{FailureNames.KindOf(kept.MediaType)}已从渠道取回");
        if (kept is not null)
            return true;
        if (inquiryId is not null && await db.Inquiries.Where(i => i.Id == inquiryId).Select(i => new { i.HandlerId, i.Reference }).FirstOrDefaultAsync(cancel) is { } item)
            db.Notify(item.HandlerId, $"{item.Reference} 青年发来的附件没有保存", now, inquiryId);
        Conversation conversation = await db.Conversations.SingleAsync(c => c.Id == row.ConversationId, cancel);
        db.Owe(conversation, wording.Say("attachment_failed", ("why", FailureNames.Of(failure!.Value))), now, inquiryId);
        return true;
    }
}
