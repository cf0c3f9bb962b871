using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using TuanLink.Journeys.Attachments;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Responses;

namespace TuanLink.Journeys.Channels.Clients;

/// <summary>Microsoft's Web Chat, unchanged, in a real Chromium on another site's page.</summary>
[Collection(InABrowser.Name)]
public sealed class WebChatJourneys(Chromium browser) : IAsyncLifetime
{
    private WebChatSite _site = null!;
    private TestService _service = null!;

    public async Task InitializeAsync()
    {
        _site = await WebChatSite.Start();
        _service = await TestService.Start(new()
        {
            // Asked before the page's token ends: moved by hand, the clock would leap over its renewals.
            Settings = { ["Clocks:AskAfterHours"] = "0.25", ["Channels:DirectLine:Sites:school"] = WebChatSite.Secret, ["Channels:DirectLine:AllowedOrigins:0"] = _site.Url.GetLeftPart(UriPartial.Authority) },
        });
        _site.TalkTo(_service);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_youth_writes_presses_buttons_and_cards_and_nothing_fails_to_be_sent()
    {
        IPage page = await browser.Visitor(_site.Url, 390);
        var complaints = new List<string>();
        page.Console += (_, line) => { if (line.Type == "error") complaints.Add($"{line.Text} {line.Location}"); };
        await page.Sees("这里是共青团的青年之声");
        await page.Say("学校食堂的饭卡充值不到账，找谁处理");
        await page.Sees(new Regex("收到了，编号 QS-"));

        // Suggested actions.
        await page.Say("删除我的数据");
        await page.Choose("先不删");
        await page.Sees("什么都没有删");

        // The status as a card, and its button.
        await page.Say("进度");
        ILocator card = page.Locator(".ac-adaptiveCard");
        await Assertions.Expect(card).ToContainTextAsync("负责人", new() { Timeout = 20000 });
        await Assertions.Expect(card).ToContainTextAsync("学校食堂的饭卡充值不到账");
        await card.GetByRole(AriaRole.Button, new() { Name = "找人工" }).ClickAsync();
        await page.Sees("已经告诉");

        // A cadre answers; stars and outcome are given on the card in one press.
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        await _service.Do(db => _service.Get<RecordResponse>().Send(db, inquiry.Id, inquiry.HandlerId, "到一食堂二楼充值处，带校园卡，工作日 9 点到 17 点，当场补到账。", false, _service.Now, default));
        await page.Sees("当场补到账");
        // Web Chat shows no sender: whose words they are stands in them.
        await page.Sees(new Regex("^【共青团"));
        await _service.Wait(TimeSpan.FromMinutes(20));
        await page.Sees("这个回复解决你的问题了吗");
        ILocator question = page.Locator(".ac-adaptiveCard").Last;
        await question.Locator("select").SelectOptionAsync("4");
        await Screenshot(page, "question");
        await question.GetByRole(AriaRole.Button, new() { Name = "解决了", Exact = true }).ClickAsync();
        await page.Sees("就记为解决了");
        await page.Sees("谢谢，记下了");
        inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal((InquiryStatus.Resolved, Outcome.Resolved, 4), (inquiry.Status, inquiry.Outcome, inquiry.Stars));

        // The page itself says something no card of ours says.
        await page.EvaluateAsync("() => new Promise(done => window.line.postActivity({ type: 'message', from: { id: 'pupil-7' }, value: { tuanlink: 'drop' }, channelData: { postBack: true } }).subscribe(done))");
        await page.Sees("点它没有记下什么");

        // A picture, chosen and sent as the youth does it.
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "充值记录.png", MimeType = "image/png", Buffer = Samples.Png });
        // Web Chat makes a small picture of it first, and ticks it when it is ready to go.
        await Assertions.Expect(page.Locator(".webchat__attachment-icon--checked")).ToBeVisibleAsync(new() { Timeout = 20000 });
        await page.Say("这是充值记录的截图");
        // First the page's own copy; then, with the echo, what the service kept.
        ILocator kept = page.Locator("img[alt*='充值记录'][src*='/v3/directline/attachments/']");
        await Assertions.Expect(kept).ToBeVisibleAsync(new() { Timeout = 20000 });
        Assert.Equal(1, await kept.EvaluateAsync<int>("async picture => { await picture.decode(); return picture.naturalWidth; }"));
        Assert.Equal(("充值记录.png", "image/png"), await _service.See(db => db.Attachments.Select(a => ValueTuple.Create(a.Name, a.MediaType)).SingleAsync()));

        await Screenshot(page, "end");
        // What Web Chat shows beside words it could not send, in its own Chinese.
        await Assertions.Expect(page.GetByText("发送失败")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText(new Regex("无法发送|重试"))).ToHaveCountAsync(0);
        Assert.Empty(complaints);
        Assert.Empty(_service.Errors);
    }

    // For human eyes, where a folder for pictures is named.
    private static async Task Screenshot(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TUANLINK_PICTURES") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"webchat-{name}.png") });
    }
}
