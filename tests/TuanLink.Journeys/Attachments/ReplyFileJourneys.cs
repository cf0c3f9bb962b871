using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using static TuanLink.Journeys.Eventually;

namespace TuanLink.Journeys.Attachments;

/// <summary>A cadre answers with files: from the form without JavaScript to the youth, on the chat page's protocol and on a Bot Framework channel.</summary>
public sealed class ReplyFileJourneys : IAsyncLifetime
{
    private const string Words = "带这张路线图到区政务大厅二楼团委窗口，周三下午有人在，电话 0000-1234。";
    private TestService _service = null!;

    public async Task InitializeAsync() => _service = await TestService.Start(new() { Settings = { ["Service:PublicAddress"] = "https://youth.example.cn/", ["Attachments:LinkHours"] = "48" } });

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task The_words_come_first_then_each_file_which_the_youth_opens_and_nobody_else()
    {
        DirectLineYouth youth = await new DirectLineYouth(_service.Http, _service.Bot).Begin();
        await youth.Say("想问一下入团申请书怎么写");
        await youth.News();
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        using AdminPages handler = await _service.SignIn(inquiry.HandlerId);
        Shown item = await Reply(handler, inquiry, Words, new("路线图.png", Samples.Png), new("申请书范文.pdf", Samples.Pdf));
        Assert.Contains("已发出", item.Words, StringComparison.Ordinal);
        List<JsonElement> news = await Hear(youth, 3);
        Assert.Equal([Words, "", ""], news.Select(n => n.GetProperty("text").GetString()));
        Assert.All(news, n => Assert.Equal("cadre", n.GetProperty("channelData").GetProperty("tuanlink").GetProperty("speaker").GetString()));
        foreach ((JsonElement activity, string name, string type, byte[] bytes) in new[] { (news[1], "路线图.png", "image/png", Samples.Png), (news[2], "申请书范文.pdf", "application/pdf", Samples.Pdf) })
        {
            JsonElement file = Assert.Single(activity.GetProperty("attachments").EnumerateArray());
            Assert.Equal((name, type), (file.GetProperty("name").GetString(), file.GetProperty("contentType").GetString()));
            var address = new Uri(file.GetProperty("contentUrl").GetString()!);
            Assert.Equal(_service.Bot.Authority, address.Authority);
            Assert.Equal(bytes, await _service.Http.GetByteArrayAsync(address));
            Assert.Equal(HttpStatusCode.NotFound, await Status(new Uri(address.GetLeftPart(UriPartial.Path))));
            // A youth's transcript address opens nothing at the other door.
            Assert.Equal(HttpStatusCode.NotFound, await Status(new Uri(_service.Bot, $"/files/{address.Segments[^1]}{address.Query}")));
        }
        // The handler sees what became of each.
        await Until(() => _service.See(db => db.Outbox.AllAsync(o => o.State == Delivery.Sent)));
        item = await handler.Get($"/inquiries/{inquiry.Reference}");
        Assert.Equal(3, item.Words.Split("已送达 11月").Length - 1);
        Assert.Contains("随回复附上：申请书范文.pdf", item.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("附件：路线图.png", item.Words, StringComparison.Ordinal);

        // Erased, they are gone for both.
        string again = (await youth.News(fromBeginning: true)).Last(n => n.TryGetProperty("attachments", out _)).GetProperty("attachments")[0].GetProperty("contentUrl").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await Status(new Uri(again)));
        await youth.Say("删除我的数据");
        await youth.Say("确认删除");
        Assert.Equal(HttpStatusCode.NotFound, await Status(new Uri(again)));
        Assert.Equal((0, 0), await _service.See(async db => (await db.Attachments.CountAsync(), await db.AttachmentParts.CountAsync())));
        Assert.Empty(_service.Errors);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_never_costs_the_words_and_words_that_are_not_sent_stay_in_the_form()
    {
        await _service.Post("c1", "1", "想问一下入团申请书怎么写");
        await _service.Heard("c1", 1);
        Inquiry inquiry = await _service.InquiryOf("c1");
        using AdminPages handler = await _service.SignIn(inquiry.HandlerId);
        Shown item = await Reply(handler, inquiry, Words, new("木马<b>.png", Samples.Html), new("好.png", Samples.Png), new("三.png", Samples.Png), new("四.png", Samples.Png));
        Assert.Contains("文字已发出，有附件没附上：“木马b.png”（只收图片、录音和 PDF，这个文件不是）、“四.png”（一次最多 3 个文件）。", item.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("木马<b>", item.Html, StringComparison.Ordinal);
        Assert.Equal(4, (await _service.Heard("c1", 4)).Count);

        // Empty of words, or saying nothing: not sent, and nothing kept of the file.
        foreach ((string words, string why) in new[] { ("  ", "回复须有内容"), ("收到，请耐心等待", "现在发送不会停止计时") })
        {
            item = await Reply(handler, inquiry, words, new FormFile("五.png", Samples.Png));
            Assert.Contains(why, item.Words, StringComparison.Ordinal);
            Assert.Contains("文字还在，附件要重新选一次", item.Words, StringComparison.Ordinal);
            Assert.Contains($">{words}</textarea>", item.Html, StringComparison.Ordinal);
        }
        item = await Reply(handler, inquiry, new string('长', 4001), new FormFile("五.png", Samples.Png));
        Assert.Contains("不超过 4000 字", item.Words, StringComparison.Ordinal);
        // A file far beyond what is taken is named, and the words went out.
        item = await Reply(handler, inquiry, "周三下午两点在二楼等您，路上打 0000-1234。", new FormFile("大片.jpg", Samples.Jpeg(40 * 1024 * 1024)));
        Assert.Contains("“大片.jpg”（文件超过 10 MB）", item.Words, StringComparison.Ordinal);
        Assert.Equal(["好.png", "三.png"], await _service.See(db => db.Attachments.OrderBy(a => a.Id).Select(a => a.Name).ToListAsync()));
        Assert.Equal(2, await _service.See(db => db.AttachmentParts.CountAsync()));

        // Somebody who does not handle the item attaches nothing.
        string stranger = await _service.See(db => db.Cadres.Where(c => c.Active && c.Id != inquiry.HandlerId && c.Id != inquiry.OwnerId).Select(c => c.Code).FirstAsync());
        using AdminPages other = await _service.SignIn(stranger);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Upload("/notices", $"/inquiries/{inquiry.Reference}?handler=Reply", [("Text", Words)], new FormFile("x.png", Samples.Png))).Status);
        Assert.Empty(_service.Errors);
    }

    [Fact]
    public async Task A_bot_framework_channel_gets_an_address_it_can_fetch_for_a_while()
    {
        await _service.Post("c1", "1", "想问一下入团申请书怎么写");
        await _service.Heard("c1", 1);
        Inquiry inquiry = await _service.InquiryOf("c1");
        using AdminPages handler = await _service.SignIn(inquiry.HandlerId);
        await Reply(handler, inquiry, Words, new FormFile("路线图.png", Samples.Png));
        List<string> heard = await _service.Heard("c1", 3);
        Assert.EndsWith(Words, heard[1], StringComparison.Ordinal);
        Assert.EndsWith("附件：路线图.png", heard[2], StringComparison.Ordinal);
        JsonElement file = Assert.Single(_service.Replies.Last().GetProperty("attachments").EnumerateArray());
        Assert.Equal(("image/png", "路线图.png"), (file.GetProperty("contentType").GetString(), file.GetProperty("name").GetString()));
        string address = file.GetProperty("contentUrl").GetString()!;
        Assert.StartsWith("https://youth.example.cn/files/", address, StringComparison.Ordinal);
        var here = new Uri(_service.Bot, new Uri(address).PathAndQuery);
        using (HttpResponseMessage answer = await _service.Http.GetAsync(here))
        {
            Assert.Equal(Samples.Png, await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal(("nosniff", "inline"), (answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Content.Headers.ContentDisposition!.DispositionType));
        }
        string until = address.Split("?t=")[1].Split('.')[0];
        foreach (string wrong in new[] { here.AbsolutePath, $"{here.AbsolutePath}?t={until}.x", here.PathAndQuery.Replace(until, "9999999999", StringComparison.Ordinal), $"/files/{new string('0', 32)}{here.Query}", "/files/x" })
            Assert.Equal(HttpStatusCode.NotFound, await Status(new Uri(_service.Bot, wrong)));
        // The Admin's port has no such door.
        Assert.NotEqual(HttpStatusCode.OK, await Status(new Uri(_service.Admin, here.PathAndQuery)));
        _service.Clock.Advance(TimeSpan.FromHours(47));
        Assert.Equal(HttpStatusCode.OK, await Status(here));
        _service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.NotFound, await Status(here));
    }

    [Fact]
    public async Task Without_a_public_address_the_youth_is_told_that_a_file_waits()
    {
        await using TestService closed = await TestService.Start();
        await closed.Post("c1", "1", "想问一下入团申请书怎么写");
        await closed.Heard("c1", 1);
        Inquiry inquiry = await closed.InquiryOf("c1");
        using AdminPages handler = await closed.SignIn(inquiry.HandlerId);
        await Reply(handler, inquiry, Words, new FormFile("路线图.png", Samples.Png));
        Assert.Contains("还有一个附件“路线图.png”", (await closed.Heard("c1", 3))[2], StringComparison.Ordinal);
        Assert.False(closed.Replies.Last().TryGetProperty("attachments", out _));
    }

    [Fact]
    public async Task A_file_a_channel_refuses_is_seen_by_the_handler_and_sent_anew_by_itself()
    {
        await _service.Post("c1", "1", "想问一下入团申请书怎么写");
        await _service.Heard("c1", 1);
        Inquiry inquiry = await _service.InquiryOf("c1");
        using AdminPages handler = await _service.SignIn(inquiry.HandlerId);
        _service.Connector.Status = 415;
        await Reply(handler, inquiry, Words, new FormFile("路线图.png", Samples.Png));
        await Until(() => _service.See(db => db.Outbox.AnyAsync(o => o.AttachmentId != null && o.State == Delivery.Dead)), ASecondPasses);
        Shown item = await handler.Get($"/inquiries/{inquiry.Reference}");
        Assert.Equal((2, 1), (item.Words.Split("未送达：渠道返回 415").Length - 1, item.Words.Split("重新发送附件").Length - 1));
        Assert.Contains("回复的附件未能送达", (await handler.Get("/notices")).Words, StringComparison.Ordinal);
        _service.Connector.Status = 200;
        long file = await _service.See(db => db.Outbox.Where(o => o.AttachmentId != null).Select(o => o.Id).SingleAsync());
        await handler.Post($"/inquiries/{inquiry.Reference}", $"/inquiries/{inquiry.Reference}?handler=Resend&id={file}");
        await Until(() => _service.See(db => db.Outbox.AnyAsync(o => o.Id == file && o.State == Delivery.Sent)), ASecondPasses);
        Assert.Single(_service.Replies.Last().GetProperty("attachments").EnumerateArray());
    }

    private static Task<Shown> Reply(AdminPages handler, Inquiry inquiry, string words, params FormFile[] files) =>
        handler.Upload($"/inquiries/{inquiry.Reference}", $"/inquiries/{inquiry.Reference}?handler=Reply", [("Text", words)], files);

    private async Task<HttpStatusCode> Status(Uri address)
    {
        using HttpResponseMessage answer = await _service.Http.GetAsync(address);
        return answer.StatusCode;
    }

    private async Task<List<JsonElement>> Hear(DirectLineYouth youth, int count)
    {
        var heard = new List<JsonElement>();
        await Until(async () =>
        {
            heard.AddRange(await youth.News());
            return heard.Count >= count;
        });
        return heard;
    }

    private void ASecondPasses() => _service.Clock.Advance(TimeSpan.FromSeconds(1));
}
