using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Journeys.Attachments;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;

namespace TuanLink.Journeys.Channels;

/// <summary>Pictures, files and links that go out to WeChat.</summary>
public sealed class WeChatFileJourneys : BesideWeChat
{
    private const string Words = "带这张路线图到区政务大厅二楼团委窗口，周三下午有人在，电话 0000-1234。";

    [Fact]
    public async Task A_picture_is_uploaded_and_sent_as_one_and_any_other_file_is_a_card_that_opens()
    {
        Inquiry inquiry = await Begin();
        await Reply(inquiry, Words, ("路线图.png", Samples.Png), ("申请书范文.pdf", Samples.Pdf));
        await Sent(3);
        Assert.Equal(["text", "image", "news"], Kinds());
        WeChatPeer.Upload upload = Assert.Single(Peer.Uploads);
        Assert.Equal(("image", "media", "picture.png", "image/png"), (upload.Kind, upload.Field, upload.Name, upload.Type));
        Assert.Equal(Samples.Png, upload.Bytes);
        Assert.Equal(("o1", upload.MediaId), (Peer.Sent.ElementAt(1).GetProperty("touser").GetString(), Peer.Sent.ElementAt(1).GetProperty("image").GetProperty("media_id").GetString()));
        JsonElement card = Assert.Single(Peer.Sent.Last().GetProperty("news").GetProperty("articles").EnumerateArray());
        Assert.Equal("申请书范文.pdf", card.GetProperty("title").GetString());
        string address = card.GetProperty("url").GetString()!;
        Assert.StartsWith("https://youth.example.cn/files/", address, StringComparison.Ordinal);
        Assert.Equal(Samples.Pdf, await Service.Http.GetByteArrayAsync(new Uri(Service.Bot, new Uri(address).PathAndQuery)));
        await Service.Until(() => Service.See(db => db.Outbox.AllAsync(o => o.State == Delivery.Sent)), "not all was noted");
        Assert.DoesNotContain("?t=", Service.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain("access-1", Service.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_public_address_a_picture_still_goes_and_of_another_file_a_word()
    {
        Inquiry inquiry = await Begin(address: "");
        await Reply(inquiry, Words, ("路线图.png", Samples.Png), ("申请书范文.pdf", Samples.Pdf));
        await Sent(3);
        Assert.Equal(["text", "image", "text"], Kinds());
        Assert.Contains("还有一个附件“申请书范文.pdf”", Peer.Sent.Last().GetProperty("text").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_refused_and_a_media_id_not_known_are_tried_once_more_and_a_picture_not_taken_becomes_a_card()
    {
        Inquiry inquiry = await Begin();
        await Reply(inquiry, Words);
        await Sent(1);
        // The token ends on the server in between; the first upload is not found when it is sent.
        Peer.Answers = token => token == "access-1" ? 42001 : 0;
        Peer.LosesUploads = 1;
        await Attach(inquiry, ("路线图.png", Samples.Png));
        await Sent(2);
        Assert.Equal((2, 2, "image"), (Peer.TokensIssued, Peer.Uploads.Count, Kinds()[1]));
        // Refused as a picture: by its address then.
        Peer.UploadAnswer = 40009;
        await Attach(inquiry, ("大图.png", Samples.Png));
        await Sent(3);
        Assert.Equal("news", Kinds()[2]);
        // Never known: given up, and its handler is told.
        Peer.UploadAnswer = 0;
        Peer.LosesUploads = 100;
        await Attach(inquiry, ("丢了.png", Samples.Png));
        await Service.Until(() => Service.See(db => db.Outbox.AnyAsync(o => o.State == Delivery.Dead && o.LastError!.Contains("40007"))), "it was not given up");
        Assert.True(await Service.See(db => db.Notices.AnyAsync(n => n.HandlerId == inquiry.HandlerId && n.IsUrgent && n.Text.Contains("回复的附件未能送达"))));
    }

    [Fact]
    public async Task Each_picture_is_one_of_the_five_and_what_finds_no_room_waits_for_the_youth()
    {
        Inquiry inquiry = await Begin();
        await Reply(inquiry, Words, ("1.png", Samples.Png), ("2.pdf", Samples.Pdf), ("3.png", Samples.Png));
        await Reply(inquiry, "另外周五上午也可以来，九点以后，二楼。", ("4.png", Samples.Png));
        await Service.Until(() => Service.See(db => db.Outbox.AnyAsync(o => o.State == Delivery.Dead)), "the sixth was not given up");
        Assert.Equal(["text", "image", "news", "image", "text"], Kinds());
        Assert.Equal(2, Peer.Uploads.Count);
        OutboxMessage waits = await Service.See(db => db.Outbox.SingleAsync(o => o.State == Delivery.Dead));
        Assert.Contains("48 小时内的 5 条已用完", waits.LastError, StringComparison.Ordinal);
        Assert.NotNull(waits.AttachmentId);
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "谢谢，知道了"));
        await Sent(6);
        Assert.Equal("image", Kinds()[5]);

        // Outside the 48 hours nothing is uploaded in vain.
        Service.Clock.Advance(TimeSpan.FromHours(49));
        await Attach(inquiry, ("晚了.png", Samples.Png));
        await Service.Until(() => Service.See(db => db.Outbox.AnyAsync(o => o.State == Delivery.Dead && o.LastError!.Contains("超过 48 小时"))), "it was not given up");
        Assert.Equal(3, Peer.Uploads.Count);
    }

    [Fact]
    public async Task What_was_sent_a_moment_ago_counts_among_the_five_before_it_is_noted()
    {
        await Begin();
        using var answers = new ManualResetEventSlim();
        Peer.Answers = _ => answers.Wait(TimeSpan.FromSeconds(20)) ? 0 : -1;
        await Service.Do(async db =>
        {
            Routing.Youths.Conversation conversation = await db.Conversations.SingleAsync();
            for (int i = 1; i <= 6; i++)
                db.Owe(conversation, $"第 {i} 条", Service.Clock.GetUtcNow());
        });
        // SQLite's one writer is busy from before the first is taken until after the fifth: no note is written in between.
        var busy = new TaskCompletionSource();
        Task writer = Service.Do(_ => busy.Task);
        answers.Set();
        await Sent(5);
        // Read once more for the sixth, which is not sent.
        await Service.See(db => db.Outbox.CountAsync());
        busy.SetResult();
        await writer;
        await Service.Until(() => Service.See(db => db.Outbox.AnyAsync(o => o.State == Delivery.Dead)), "the sixth was not given up");
        Assert.Equal(5, Peer.Sent.Count);
    }

    [Fact]
    public async Task One_link_in_the_words_is_a_card_too_where_there_is_room_and_never_costs_the_words()
    {
        Inquiry inquiry = await Begin();
        string words = "申请书的写法和范文都在这里，先看第二节：https://www.example.cn/a?b=c&d=1 有不懂的再问我。";
        await Reply(inquiry, words);
        await Sent(2);
        Assert.Equal(["text", "news"], Kinds());
        Assert.EndsWith(words, Peer.Sent.First().GetProperty("text").GetProperty("content").GetString(), StringComparison.Ordinal);
        JsonElement card = Assert.Single(Peer.Sent.Last().GetProperty("news").GetProperty("articles").EnumerateArray());
        Assert.Equal(("https://www.example.cn/a?b=c&d=1", "www.example.cn", "申请书的写法和范文都在这里，先看第二节： 有不懂的再问我"),
            (card.GetProperty("url").GetString(), card.GetProperty("description").GetString(), card.GetProperty("title").GetString()));
        // Two links, one that is not secure, a link alone: words only.
        await Reply(inquiry, "两处都行，先看 https://a.example.cn/ 再看 https://b.example.cn/ 的第三页。");
        await Reply(inquiry, "老网站还在用，地址是 http://old.example.cn/ 周三下午之前能打开。");
        await Sent(4);
        // Room for the words and for nothing else.
        await Reply(inquiry, "报名表在这里下载，填好带来：https://c.example.cn/form");
        await Sent(5);
        await Service.Until(() => Service.See(db => db.Outbox.AllAsync(o => o.State == Delivery.Sent)), "not all was noted");
        Assert.Equal(["text", "news", "text", "text", "text"], Kinds());

        // A card that is refused: the words arrived all the same, once.
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "谢谢，知道了"));
        Peer.TakesCards = false;
        await Reply(inquiry, "新的报名表在这里，周三前填好：https://d.example.cn/form");
        await Sent(6);
        await Service.Until(() => Service.See(db => db.Outbox.AllAsync(o => o.State == Delivery.Sent)), "not all was noted");
        Assert.Equal("text", Kinds()[5]);
    }

    private async Task<Inquiry> Begin(string address = "https://youth.example.cn/")
    {
        Service = await ChannelService.Start(new(Peer.Settings()) { ["Service:PublicAddress"] = address });
        await WeChatPeer.Post(Service, WeChatPeer.Text("o1", Peer.Next(), "想问一下入团申请书怎么写"));
        // What is sent after the youth's words is sent later than they came.
        Service.Clock.Advance(TimeSpan.FromSeconds(1));
        return await Service.See(db => db.Inquiries.SingleAsync());
    }

    private async Task Reply(Inquiry inquiry, string words, params (string Name, byte[] Bytes)[] files)
    {
        await Service.Do(db => Service.Get<RecordResponse>().Send(db, inquiry.Id, inquiry.HandlerId, words, true, Service.Clock.GetUtcNow(), default));
        await Attach(inquiry, files);
    }

    private async Task Attach(Inquiry inquiry, params (string Name, byte[] Bytes)[] files)
    {
        long reply = await Service.See(db => db.Messages.Where(m => m.HandlerId == inquiry.HandlerId).MaxAsync(m => m.Id));
        Assert.Empty(await Service.Get<AttachToReply>().Attach(reply, inquiry.HandlerId, "账号", [.. files.Select(f => new GivenFile(f.Name, () => new MemoryStream(f.Bytes)))], default));
    }

    private Task Sent(int count) => Service.Until(() => Task.FromResult(Peer.Sent.Count >= count), $"message {count} did not come");

    private List<string> Kinds() => [.. Peer.Sent.Select(m => m.GetProperty("msgtype").GetString()!)];
}
