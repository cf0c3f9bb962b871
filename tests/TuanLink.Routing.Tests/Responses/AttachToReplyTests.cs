using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Timeline;

namespace TuanLink.Routing.Tests.Responses;

public sealed class AttachToReplyTests
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Files_are_owed_behind_the_words_each_by_itself_and_only_the_words_stop_the_clock(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive();
        Message reply = (await office.Reply(inquiry.Id)).Message!;
        Assert.Empty(await Attach(office, reply, inquiry.HandlerId, ("路线图.png", Png), ("../流程.png", Png)));
        List<OutboxMessage> owed = await office.See(db => db.Outbox.Where(o => o.Id >= db.Outbox.First(r => r.MessageId == reply.Id).Id).OrderBy(o => o.Id).ToListAsync());
        List<Attachment> files = await office.See(db => db.Attachments.OrderBy(a => a.Id).ToListAsync());
        Assert.Equal([(reply.Id, null), (null, files[0].Id), (null, files[1].Id)], owed.Select(o => (o.MessageId, o.AttachmentId)));
        Assert.Equal(["附件：路线图.png", "附件：流程.png"], owed.Skip(1).Select(o => o.Text));
        Assert.All(owed, o => Assert.Equal((owed[0].Speaker, owed[0].SpeakerName), (o.Speaker, o.SpeakerName)));
        Assert.All(files, f => Assert.Equal((reply.Id, inquiry.ConversationId, AttachmentState.Kept, "image/png"), (f.MessageId, f.ConversationId, f.State, f.MediaType)));
        Assert.Contains(await office.Story(inquiry.Id), s => s.EndsWith("随回复附上：路线图.png", StringComparison.Ordinal));
        Assert.Equal([("王账号", inquiry.Reference, "路线图.png"), ("王账号", inquiry.Reference, "流程.png")],
            (await office.See(db => db.Audit.OrderBy(a => a.Id).Where(a => a.Action == "回复附件").ToListAsync())).Select(a => (a.Actor, a.Subject, a.Detail)));

        // A file that arrives alone is no answer; one that does not is told by itself.
        await office.Do(db => office.Get<RecordDelivery>().Arrived(db, owed[1], office.Now, default));
        Assert.Null((await office.Inquiry(inquiry.Id)).FirstResponseAt);
        await office.Do(db => office.Get<RecordDelivery>().Failed(db, owed[2], "渠道返回 400", null, office.Now, default));
        Assert.Equal(["附件已送达", "回复的附件未能送达"], (await office.Story(inquiry.Id)).TakeLast(2));
        Assert.Equal([Delivery.Sent, Delivery.Dead], await office.See(db => db.Outbox.Where(o => o.AttachmentId != null).OrderBy(o => o.Id).Select(o => o.State).ToListAsync()));
        await office.Do(db => office.Get<RecordDelivery>().Arrived(db, owed[0], office.Now, default));
        Assert.NotNull((await office.Inquiry(inquiry.Id)).AnsweredAt);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_is_wrong_with_a_file_costs_that_file_and_nothing_else(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive();
        Message reply = (await office.Reply(inquiry.Id)).Message!;
        IReadOnlyList<NotAttached> failed = await Attach(office, reply, inquiry.HandlerId, ("程序.exe", "MZ"u8.ToArray()), ("好.png", Png), ("空.png", []), ("第四个.png", Png));
        Assert.Equal(["“程序.exe”（只收图片、录音和 PDF，这个文件不是）", "“空.png”（文件是空的）", "“第四个.png”（一次最多 3 个文件）"], failed.Select(f => f.InWords));
        // Nobody adds to another's reply, to a youth's words or to a note.
        Message youth = await office.See(db => db.Messages.FirstAsync(m => m.Author == Author.Youth));
        Message note = await office.Do(db => office.Get<WriteNote>().Write(db, inquiry.Id, inquiry.HandlerId, "内部", office.Now, default));
        foreach ((Message to, long by) in new[] { (reply, office.Lawyer.Id), (youth, inquiry.HandlerId), (note, inquiry.HandlerId) })
            Assert.Equal(AttachmentFailure.NotStored, Assert.Single(await Attach(office, to, by, ("不该.png", Png))).Failure);
        Assert.Equal(["好.png"], await office.See(db => db.Attachments.Select(a => a.Name).ToListAsync()));
        Assert.Equal(1, await office.See(db => db.AttachmentParts.CountAsync()));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Handlers_and_the_youth_each_have_a_days_room_of_their_own(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive();
        Message reply = (await office.Reply(inquiry.Id)).Message!;
        await office.Do(db => { db.Attachments.Add(new Attachment { Name = "a", ConversationId = inquiry.ConversationId, MessageId = reply.Id, Size = 100L * 1024 * 1024, At = office.Now }); return Task.CompletedTask; });
        Assert.Equal(AttachmentFailure.TooOften, Assert.Single(await Attach(office, reply, inquiry.HandlerId, ("a.png", Png))).Failure);
        string conversation = await office.See(db => db.Conversations.Where(c => c.Id == inquiry.ConversationId).Select(c => c.ChannelConversationId).SingleAsync());
        Assert.True(await office.Get<AttachmentBytes>().HasRoom("test", conversation, default));
        office.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Empty(await Attach(office, reply, inquiry.HandlerId, ("a.png", Png)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_erasure_takes_the_files_their_names_and_what_was_still_to_be_sent_and_nothing_follows_it(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive();
        Message reply = (await office.Reply(inquiry.Id)).Message!;
        await Attach(office, reply, inquiry.HandlerId, ("给小张的材料.png", Png));
        await office.Do(async db => (await db.Inquiries.SingleAsync()).Status = InquiryStatus.Closed);
        Assert.True(await office.Do(async db => await office.Get<EraseYouth>().Erase(db, await db.Youths.SingleAsync(y => y.Id == inquiry.YouthId), office.Now, default)));
        Assert.Equal((0, 0, 0), await office.See(async db => (await db.Attachments.CountAsync(), await db.AttachmentParts.CountAsync(), await db.Outbox.CountAsync())));
        Assert.Equal((0, 0), await office.See(async db => (await db.Timeline.CountAsync(t => t.Text.Contains("小张")), await db.Audit.CountAsync(a => a.Detail.Contains("小张")))));
        AuditEntry entry = await office.See(db => db.Audit.SingleAsync(a => a.Action == "回复附件"));
        Assert.Equal(("王账号", inquiry.Reference, "已删除"), (entry.Actor, entry.Subject, entry.Detail));
        // An upload that took longer than the erasure.
        Assert.Equal(AttachmentFailure.NotStored, Assert.Single(await Attach(office, reply, inquiry.HandlerId, ("晚到.png", Png))).Failure);
        Assert.Equal((0, 0), await office.See(async db => (await db.Attachments.CountAsync(), await db.AttachmentParts.CountAsync())));
    }

    private static Task<IReadOnlyList<NotAttached>> Attach(Office office, Message reply, long by, params (string Name, byte[] Bytes)[] files) =>
        office.Get<AttachToReply>().Attach(reply.Id, by, "王账号", [.. files.Select(f => new GivenFile(f.Name, () => new MemoryStream(f.Bytes)))], default);
}
