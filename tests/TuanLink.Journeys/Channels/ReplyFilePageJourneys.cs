using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using TuanLink.Journeys.Attachments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys.Channels;

/// <summary>A cadre answers with a picture in a real browser, and the youth sees it in the talk.</summary>
[Collection(InABrowser.Name)]
public sealed class ReplyFilePageJourneys(Chromium browser) : IAsyncLifetime
{
    private const string Words = "按这张图走：区政务大厅二楼团委窗口，周三下午有人在，电话 0000-1234。";
    private TestService _service = null!;
    private IPage _youth = null!;
    private Inquiry _inquiry = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.Start();
        _youth = await browser.Youth(_service);
        await _youth.Say("想问一下入团申请书怎么写");
        await _youth.Sees("收到了");
        _inquiry = await _service.See(db => db.Inquiries.SingleAsync());
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData(true, 1280)]
    [InlineData(true, 390)]
    [InlineData(false, 390)]
    public async Task The_picture_a_cadre_attaches_is_seen_in_the_talk(bool javaScript, int width)
    {
        IPage cadre = await Cadre(javaScript, width);
        await cadre.GetByLabel("附件，可以不加").SetInputFilesAsync([Png("路线图.png"), new() { Name = "范文.pdf", MimeType = "application/pdf", Buffer = Samples.Pdf }]);
        await cadre.Reply(Words);
        await cadre.Sees("已发出");
        await _youth.Sees(Words);
        await _youth.WaitForFunctionAsync("() => [...document.querySelectorAll('#log .theirs img')].some(i => i.complete && i.naturalWidth > 0)");
        await Assertions.Expect(_youth.GetByRole(AriaRole.Link, new() { Name = "范文.pdf" })).ToBeVisibleAsync();
        // One person said all this: the name stands there once.
        Assert.Equal(1, await _youth.Locator("#log .cadre .by").CountAsync());
        Assert.Equal(1, await cadre.Locator(".talk .handler .files img").CountAsync());
        foreach (IPage page in new[] { cadre, _youth })
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0, "The page is wider than its window.");
        // Still there for whoever comes back.
        await _youth.ReloadAsync();
        await _youth.WaitForFunctionAsync("() => [...document.querySelectorAll('#log .theirs img')].some(i => i.complete && i.naturalWidth > 0)");
    }

    [Fact]
    public async Task The_field_is_reached_by_keyboard_and_what_would_be_refused_is_said_before_it_is_sent()
    {
        IPage cadre = await Cadre(true, 1280);
        ILocator field = cadre.GetByLabel("附件，可以不加");
        await cadre.GetByLabel("回复", new() { Exact = true }).FillAsync(Words);
        await cadre.Keyboard.PressAsync("Tab");
        await Assertions.Expect(field).ToBeFocusedAsync();
        await field.SetInputFilesAsync([Png("1.png"), Png("2.png"), Png("3.png"), Png("4.png")]);
        await cadre.Sees("一次最多 3 个文件。请重新选择附件，您写的话还在。");
        await field.SetInputFilesAsync(new FilePayload { Name = "大.jpg", MimeType = "image/jpeg", Buffer = Samples.Jpeg(SentFile.Largest + 1) });
        await cadre.Sees("“大.jpg”有 10.0 MB，超过 10 MB");
        await Assertions.Expect(field).ToHaveJSPropertyAsync("files.length", 0);
        await field.SetInputFilesAsync(Png("好.png"));
        await Assertions.Expect(cadre.GetByText("请重新选择附件")).ToHaveCountAsync(0);
        await cadre.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await cadre.Sees("已发出");
        Assert.Equal(["好.png"], await _service.See(db => db.Attachments.Select(a => a.Name).ToListAsync()));
    }

    private async Task<IPage> Cadre(bool javaScript, int width)
    {
        await _service.Account("经办人", Routing.Assignments.Role.Cadre, await _service.CodeOf(_inquiry.HandlerId));
        IPage cadre = await browser.SignIn(_service, "经办人", width, javaScript);
        await cadre.GotoAsync(new Uri(_service.Admin, $"/inquiries/{_inquiry.Reference}").ToString());
        return cadre;
    }

    private static FilePayload Png(string name) => new() { Name = name, MimeType = "image/png", Buffer = Samples.Png };
}
