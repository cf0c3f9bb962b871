using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys.Attachments;

/// <summary>Who sees a youth's files, how, and that nobody does after an erasure.</summary>
public sealed class AdminFileJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    private DirectLineYouth _youth = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.Start();
        _youth = await new DirectLineYouth(_service.Http, _service.Bot).Begin();
        using HttpResponseMessage sent = await _youth.Upload("宿舍水管爆了三天没人修，这是照片和录音", "k1", new FormFile("漏水<b>.png", Samples.Png), new FormFile("楼管的话.wav", Samples.Wav), new FormFile("报修单.pdf", Samples.Pdf),
            new FormFile("微信录音.amr", Samples.Amr), new FormFile("网页.html", Samples.Html));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Pictures_are_seen_recordings_heard_and_the_rest_saved_and_what_failed_says_why()
    {
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        using AdminPages handler = await _service.SignIn(inquiry.HandlerId);
        Shown item = await handler.Get($"/inquiries/{inquiry.Reference}");
        Assert.Equal((1, 1), (Regex.Count(item.Html, "<img src=\"/inquiries/"), Regex.Count(item.Html, "<audio controls")));
        Assert.Contains("报修单.pdf", item.Words, StringComparison.Ordinal);
        Assert.Contains("网页.html：没有保存，只收图片、录音和 PDF，这个文件不是", item.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("漏水<b>", item.Html, StringComparison.Ordinal);
        foreach ((string name, string type, string way) in new[] { ("漏水b.png", "image/png", "inline"), ("楼管的话.wav", "audio/wav", "inline"), ("报修单.pdf", "application/pdf", "attachment"), ("微信录音.amr", "audio/amr", "attachment") })
        {
            long id = await _service.See(db => db.Attachments.Where(a => a.Name == name).Select(a => a.Id).SingleAsync());
            using HttpResponseMessage file = await handler.Raw(new HttpRequestMessage(HttpMethod.Get, $"/inquiries/{inquiry.Reference}/attachments/{id}"));
            Assert.Equal((HttpStatusCode.OK, type, way, name), (file.StatusCode, file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.DispositionType, file.Content.Headers.ContentDisposition.FileNameStar));
            Assert.Equal(("nosniff", "default-src 'none'; sandbox", "no-store, no-cache"), (file.Headers.GetValues("X-Content-Type-Options").Single(), file.Headers.GetValues("Content-Security-Policy").Single(), file.Headers.CacheControl!.ToString()));
            using HttpResponseMessage saved = await handler.Raw(new HttpRequestMessage(HttpMethod.Get, $"/inquiries/{inquiry.Reference}/attachments/{id}?save"));
            Assert.Equal("attachment", saved.Content.Headers.ContentDisposition!.DispositionType);
        }
        Assert.Contains("media-src 'self'", (await handler.Raw(new HttpRequestMessage(HttpMethod.Get, $"/inquiries/{inquiry.Reference}"))).Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_there_for_whoever_may_read_the_words_and_for_nobody_else()
    {
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        long file = await _service.See(db => db.Attachments.OrderBy(a => a.Id).Select(a => a.Id).FirstAsync());
        string path = $"/inquiries/{inquiry.Reference}/attachments/{file}";
        List<long> experts = await _service.See(db => db.Experts.OrderBy(e => e.Id).Select(e => e.Id).ToListAsync());
        List<Cadre> strangers = await _service.See(db => db.Cadres.Where(c => c.Active && c.Id != inquiry.HandlerId && c.Id != inquiry.OwnerId).OrderBy(c => c.Id).ToListAsync());
        string unit = await _service.See(db => db.Units.Where(u => u.Id == inquiry.UnitId).Select(u => u.Code).SingleAsync());
        string elsewhere = await _service.See(db => db.Units.Where(u => u.ParentId == inquiry.UnitId).OrderBy(u => u.Id).Select(u => u.Code).FirstAsync());
        await _service.Account("本单位管理员", Role.UnitAdministrator, unit: unit);
        await _service.Account("外单位管理员", Role.UnitAdministrator, unit: elsewhere);
        await _service.Account("负责人", Role.Cadre, await _service.CodeOf(inquiry.OwnerId));
        await _service.Account("别的干部", Role.Cadre, strangers[0].Code);
        await _service.Account("别的专家", Role.Expert, await _service.CodeOf(experts[0]));
        foreach ((string account, bool sees) in new[] { ("负责人", true), ("本单位管理员", true), ("admin", true), ("外单位管理员", false), ("别的干部", false), ("别的专家", false), ("auditor", false) })
        {
            using AdminPages pages = new(_service.Admin);
            await pages.Post("/sign-in", "/sign-in", ("Name", account), ("Password", DemoAccounts.Password));
            Shown item = await pages.Get($"/inquiries/{inquiry.Reference}"), shown = await pages.Get(path);
            Assert.True(sees == (item.Status == HttpStatusCode.OK && item.Words.Contains("宿舍水管", StringComparison.Ordinal)), $"{account} and the item: {item.Status} {item.At}");
            Assert.True(sees == (shown.Status == HttpStatusCode.OK && shown.At.AbsolutePath == path), $"{account} and the file: {shown.Status} {shown.At}");
            Assert.True(sees == shown.Html.Contains("PNG", StringComparison.Ordinal), account);
        }
        using (var nobody = new AdminPages(_service.Admin))
            Assert.Equal("/sign-in", (await nobody.Get(path)).At.AbsolutePath);
        // A complaint about a cadre: not even the owner, were it them.
        await _service.Do(async db => (await db.Inquiries.SingleAsync()).AboutCadreId = inquiry.OwnerId);
        using (AdminPages owner = await AdminPages.SignIn(_service, "负责人"))
            Assert.Equal(HttpStatusCode.NotFound, (await owner.Get(path)).Status);
        await _service.Do(async db => (await db.Inquiries.SingleAsync()).AboutCadreId = null);

        // Nor by way of another item one may read, nor what failed, nor what is none.
        DirectLineYouth other = await new DirectLineYouth(_service.Http, _service.Bot).Begin();
        await other.Say("想问一下入团申请书怎么写");
        string another = await _service.See(db => db.Inquiries.Where(i => i.Id != inquiry.Id).Select(i => i.Reference).SingleAsync());
        long failed = await _service.See(db => db.Attachments.Where(a => a.State == AttachmentState.Failed).Select(a => a.Id).SingleAsync());
        using AdminPages admin = await AdminPages.SignIn(_service, "admin");
        foreach (string wrong in new[] { $"/inquiries/{another}/attachments/{file}", $"/inquiries/{inquiry.Reference}/attachments/{failed}", $"/inquiries/{inquiry.Reference}/attachments/999999", $"/inquiries/{inquiry.Reference}/attachments/x", $"/inquiries/x/attachments/{file}" })
            Assert.Equal(HttpStatusCode.NotFound, (await admin.Get(wrong)).Status);
        // The bot's port knows no such page.
        using HttpResponseMessage bot = await _service.Http.GetAsync(new Uri(_service.Bot, path));
        Assert.Equal(HttpStatusCode.NotFound, bot.StatusCode);
    }

    [Fact]
    public async Task After_an_erasure_neither_name_nor_byte_is_left()
    {
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        string address = (await _youth.News())[0].GetProperty("attachments")[0].GetProperty("contentUrl").GetString()!;
        long file = await _service.See(db => db.Attachments.OrderBy(a => a.Id).Select(a => a.Id).FirstAsync());
        await _youth.Say("删除我的数据");
        // What comes with the very word that erases is erased too.
        await _youth.Upload("确认删除", "k9", new FormFile("最后一张.png", Samples.Png));
        Assert.Contains(await _youth.News(fromBeginning: true), n => n.GetProperty("text").GetString()!.Contains("已经删除", StringComparison.Ordinal));
        Assert.Equal((0, 0), await _service.See(async db => (await db.Attachments.CountAsync(), await db.AttachmentParts.CountAsync())));
        using HttpResponseMessage gone = await _service.Http.GetAsync(new Uri(address));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using AdminPages admin = await AdminPages.SignIn(_service, "admin");
        Assert.Equal(HttpStatusCode.NotFound, (await admin.Get($"/inquiries/{inquiry.Reference}/attachments/{file}")).Status);
        Shown item = await admin.Get($"/inquiries/{inquiry.Reference}");
        Assert.DoesNotContain("报修单", item.Words, StringComparison.Ordinal);
        Assert.Contains("（内容已删除）", item.Words, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0, 0), await _service.See(async db => (await db.Timeline.CountAsync(t => t.Text.Contains("报修单")), await db.Notices.CountAsync(n => n.Text.Contains("报修单")),
            await db.Transcript.CountAsync(t => t.Json.Contains("报修单") || t.Json.Contains("最后一张")), await db.Outbox.CountAsync(o => o.Text.Contains("报修单")))));
        Assert.Empty(_service.Errors);
    }
}
