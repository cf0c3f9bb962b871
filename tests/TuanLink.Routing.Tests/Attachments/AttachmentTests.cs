using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Tests.Attachments;

public sealed class AttachmentTests
{
    private const int Part = AttachmentPart.Length;

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Bytes_are_read_as_they_were_kept_from_any_place(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        foreach (int length in new[] { 4, Part - 1, Part, Part + 1, 3 * Part, 3 * Part + 5 })
        {
            byte[] photo = Photo(length);
            var (kept, failure) = await office.Get<AttachmentBytes>().Keep(new Trickle(photo), default);
            Assert.Equal((null, "image/jpeg", length), (failure, kept!.MediaType, kept.Size));
            await using Stream stream = office.Get<AttachmentBytes>().Open(new Attachment { Name = "a", Key = kept.Key, Size = kept.Size });
            using var all = new MemoryStream();
            await stream.CopyToAsync(all);
            Assert.Equal(photo, all.ToArray());
            foreach (int from in new[] { 0, length / 2, length - 1 })
            {
                stream.Seek(from, SeekOrigin.Begin);
                byte[] rest = new byte[length - from];
                await stream.ReadExactlyAsync(rest);
                Assert.Equal(photo[from..], rest);
            }
            Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        }
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_is_not_taken_leaves_no_byte(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        var bytes = office.Get<AttachmentBytes>();
        Assert.Equal((null, AttachmentFailure.TooLarge), await bytes.Keep(new MemoryStream(Photo(SentFile.Largest + 1)), default));
        Assert.Equal((null, AttachmentFailure.KindNotTaken), await bytes.Keep(new MemoryStream("<svg/>"u8.ToArray()), default));
        Assert.Equal((null, AttachmentFailure.Empty), await bytes.Keep(new MemoryStream(), default));
        await Assert.ThrowsAsync<IOException>(() => bytes.Keep(new Trickle(Photo(2 * Part + 7), breaksOff: true), default));
        Assert.Equal(0, await office.See(db => db.AttachmentParts.CountAsync()));
        Assert.Equal(SentFile.Largest, (await bytes.Keep(new MemoryStream(Photo(SentFile.Largest)), default)).Kept!.Size);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Bytes_that_no_message_names_go_after_a_day_and_no_others(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        var bytes = office.Get<AttachmentBytes>();
        Inquiry inquiry = await office.Receive();
        Attachment owned = await Send(office, inquiry, Photo(Part + 9));
        await bytes.Keep(new MemoryStream(Photo(2 * Part)), default);
        Assert.Equal(0, await bytes.Sweep(office.Now, default));
        office.Clock.Advance(TimeSpan.FromHours(25));
        await bytes.Keep(new MemoryStream(Photo(100)), default);
        Assert.Equal(1, await bytes.Sweep(office.Now, default));
        Assert.Equal(0, await bytes.Sweep(office.Now, default));
        Assert.Equal(2, await office.See(db => db.AttachmentParts.Select(p => p.Key).Distinct().CountAsync()));
        Assert.Equal(2, await office.See(db => db.AttachmentParts.CountAsync(p => p.Key == owned.Key)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_erasure_takes_bytes_and_names_and_what_is_fetched_afterwards_belongs_to_nobody(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive(), other = await office.Receive();
        await Send(office, inquiry, Photo(Part + 9));
        Attachment others = await Send(office, other, Photo(10));
        Attachment awaited = await office.Do(async db => RecordAttachments.Add(db, await MessageOf(db, inquiry), [new SentFile("我的病历.jpg", AttachmentOrigin.Link, "https://files.example.com/secret")], office.Now)[0]);
        Assert.True(await office.Do(async db => await office.Get<EraseYouth>().Erase(db, await db.Youths.SingleAsync(y => y.Id == inquiry.YouthId), office.Now, default)));
        Assert.Equal([others.Id], await office.See(db => db.Attachments.Select(a => a.Id).ToListAsync()));
        Assert.Equal([others.Key!], await office.See(db => db.AttachmentParts.Select(p => p.Key).Distinct().ToListAsync()));
        Assert.False(await office.Do(db => office.Get<RecordAttachments>().Settle(db, awaited.Id, new KeptBytes("k", "image/jpeg", 1), null, office.Now, default)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_fails_is_told_to_the_handler_and_the_youth_in_words_that_name_no_file(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive();
        Attachment awaited = await office.Do(async db => RecordAttachments.Add(db, await MessageOf(db, inquiry), [new SentFile("我的病历.jpg", AttachmentOrigin.WeChat, "media-1")], office.Now)[0]);
        Assert.True(await office.Do(db => office.Get<RecordAttachments>().Settle(db, awaited.Id, null, AttachmentFailure.Gone, office.Now, default)));
        Assert.False(await office.Do(db => office.Get<RecordAttachments>().Settle(db, awaited.Id, null, AttachmentFailure.Gone, office.Now, default)));
        Attachment settled = await office.See(db => db.Attachments.SingleAsync());
        Assert.Equal((AttachmentState.Failed, AttachmentFailure.Gone, ""), (settled.State, settled.Failure, settled.Address));
        string told = (await office.Story(inquiry.Id))[^1];
        Assert.Equal("青年发来的附件没有保存：渠道上已经没有这个文件", told);
        Assert.Single((await office.SaidTo(inquiry.ConversationId)).FindAll(t => t.Contains("渠道上已经没有这个文件", StringComparison.Ordinal)));
        Assert.Contains(await office.See(db => db.Notices.Where(n => n.HandlerId == inquiry.HandlerId).Select(n => n.Text).ToListAsync()), t => t.EndsWith("青年发来的附件没有保存", StringComparison.Ordinal));
    }

    private static async Task<Attachment> Send(Office office, Inquiry inquiry, byte[] photo)
    {
        KeptBytes kept = (await office.Get<AttachmentBytes>().Keep(new MemoryStream(photo), default)).Kept!;
        return await office.Do(async db => RecordAttachments.Add(db, await MessageOf(db, inquiry), [new SentFile("照片.jpg", AttachmentOrigin.Upload, Kept: kept)], office.Now)[0]);
    }

    private static Task<Message> MessageOf(RoutingDb db, Inquiry inquiry) => db.Messages.FirstAsync(m => m.InquiryId == inquiry.Id);

    private static byte[] Photo(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }.AsSpan(0, Math.Min(4, length)).CopyTo(bytes);
        return bytes;
    }

    /// <summary>Comes in odd pieces, as from a network, and may break off at the end.</summary>
    private sealed class Trickle(byte[] bytes, bool breaksOff = false) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer[..Math.Min(buffer.Length, 61_337)], cancellationToken);
            return read == 0 && breaksOff ? throw new IOException("hung up") : read;
        }
    }
}
