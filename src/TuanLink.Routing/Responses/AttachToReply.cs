using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Responses;

/// <summary>A file a handler chose to go with a reply.</summary>
/// <param name="Name">What the handler's device calls it.</param>
/// <param name="Open">Begins to read it; whoever reads ends the stream.</param>
public sealed record GivenFile(string Name, Func<Stream> Open);

/// <summary>A file that does not go with the reply, and why.</summary>
public sealed record NotAttached(string Name, AttachmentFailure Failure)
{
    /// <summary>For the handler, e.g. “程序.exe”（只收图片、录音和 PDF，这个文件不是）.</summary>
    public string InWords => $"“{Name}”（{(Failure == AttachmentFailure.TooMany ? $"一次最多 {AttachToReply.Most} 个文件" : FailureNames.Of(Failure))}）";
}

/// <summary>
/// Files go out behind the words they belong to. The words are owed already: whatever is wrong with a file costs that file and nothing
/// else. Each file is owed by itself, so that one a channel refuses is seen, tried again and sent anew by itself; it is no answer and stops
/// no clock.
/// </summary>
public sealed class AttachToReply(ITransactions transactions, AttachmentBytes bytes, Rosters rosters, Wording wording, TimeProvider time, ILogger<AttachToReply> log)
{
    /// <summary>The most files that go with one reply; each is of the kinds and the size a youth may send (<see cref="SentFile.Largest"/>).</summary>
    public const int Most = 3;

    /// <summary>What the audit calls it; an erasure finds the entries by it and takes the files' names out.</summary>
    internal const string Audited = "回复附件";

    /// <summary>Keeps the files and owes them behind a reply just sent.</summary>
    /// <param name="messageId">The reply.</param>
    /// <param name="byId">Who wrote it.</param>
    /// <param name="account">The account that did it, for the audit.</param>
    /// <returns>Those that do not go with it; none if all do.</returns>
    public async Task<IReadOnlyList<NotAttached>> Attach(long messageId, long byId, string account, IReadOnlyList<GivenFile> files, CancellationToken cancel)
    {
        var failed = new List<NotAttached>();
        for (int i = 0; i < files.Count; i++)
        {
            AttachmentFailure? why = i >= Most ? AttachmentFailure.TooMany : await AttachOne(messageId, byId, account, files[i], cancel);
            if (why is { } failure)
                failed.Add(new(FileNames.Clean(files[i].Name), failure));
        }
        return failed;
    }

    private async Task<AttachmentFailure?> AttachOne(long messageId, long byId, string account, GivenFile file, CancellationToken cancel)
    {
        KeptBytes? kept = null;
        try
        {
            if (!await bytes.HasRoomForAnswers(messageId, cancel))
                return AttachmentFailure.TooOften;
            await using Stream stream = file.Open();
            (kept, AttachmentFailure? failure) = await bytes.Keep(stream, cancel);
            if (kept is null)
                return failure;
            await transactions.Run((db, inner) => Add(db, messageId, byId, account, file.Name, kept, time.GetUtcNow(), inner), cancel);
            return null;
        }
        catch (Exception e)
        {
            if (kept is not null)
                await bytes.Forget([kept.Key]);
            // The words went out before the youth withdrew or had everything erased; a file must not follow.
            if (e is not Refusal)
                log.LogError(e, "A file of a reply could not be kept; the reply goes out without it.");
            return AttachmentFailure.NotStored;
        }
    }

    private async Task Add(RoutingDb db, long messageId, long byId, string account, string name, KeptBytes kept, DateTimeOffset now, CancellationToken cancel)
    {
        Message message = await db.Messages.FindAsync([messageId], cancel) ?? throw new NoSuchInquiry();
        if (message.HandlerId != byId || message.IsPrivateNote || message.InquiryId is not { } inquiryId)
            throw new OnlyTheHandlerMay();
        Inquiry inquiry = await RecordResponse.MayWrite(db, inquiryId, byId, cancel);
        Conversation conversation = await db.Conversations.FindAsync([message.ConversationId], cancel) ?? throw new NoSuchInquiry();
        if (await db.Youths.AnyAsync(y => y.Id == conversation.YouthId && y.ErasedAt != null, cancel))
            throw new InquiryIsOver();
        Handler writer = (await rosters.Current(cancel)).HandlerOf(byId);
        Attachment row = RecordAttachments.Add(db, message, [new SentFile(name, AttachmentOrigin.Upload, Kept: kept)], now)[0];
        OutboxMessage owed = db.Owe(conversation, wording.Say("reply_file", ("name", row.Name)), now, inquiryId);
        (owed.AttachmentId, owed.Speaker, owed.SpeakerName) = (row.Id, writer is Cadre ? "cadre" : "expert", writer.PublicName);
        db.Happened(inquiryId, now, Happening.FileAttached, $"{writer.PublicName}随回复附上：{row.Name}", byId);
        db.Audit.Add(new AuditEntry { At = now, Actor = account, Action = Audited, Subject = inquiry.Reference, Detail = row.Name });
    }
}
