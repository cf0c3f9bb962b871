using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;
using static TuanLink.Journeys.Eventually;

namespace TuanLink.Journeys;

[Collection(InABrowser.Name)]
public sealed class BrowserJourneys(Chromium browser) : IAsyncLifetime
{
    private TestService _service = null!;
    public async Task InitializeAsync() => _service = await TestService.Start();
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_youth_writes_a_cadre_answers_the_youth_confirms_and_the_page_of_figures_counts_it()
    {
        IPage youth = await browser.Youth(_service);
        await youth.Say("超龄离团要办什么手续，单位催我交证明");
        await youth.Sees("收到了");
        IPage cadre = await HandlerOfTheOne();
        await cadre.GetByRole(AriaRole.Link, new() { Name = "超龄离团" }).First.ClickAsync();
        await cadre.Reply("已收到，请耐心等待。");
        await cadre.Sees("没有回答青年的问题");
        // The words that were warned about are still there to be mended.
        await Assertions.Expect(cadre.GetByLabel("回复", new() { Exact = true })).ToHaveValueAsync("已收到，请耐心等待。");
        await cadre.Reply("28 周岁自然离团，带团员证到你单位团支部登记，当场开离团证明，不收费。");
        await cadre.Sees("已发出");
        await youth.Sees("当场开离团证明");

        Assert.Equal(("100.0%", "0.0%", "1", "0", "0", "0", "0"), await Figures());
        await _service.Wait(TimeSpan.FromHours(3));
        await youth.Choose("解决了");
        await youth.Choose("3 星");
        await youth.Sees("记下了");
        // A second thought about the stars replaces the first and is no new matter.
        await youth.Choose("5 星");
        await youth.Sees("你打了 5 星");
        await Until(async () => (await _service.See(db => db.Inquiries.SingleAsync())).Stars == 5);
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal((InquiryStatus.Resolved, Outcome.Resolved, 5), (inquiry.Status, inquiry.Outcome, inquiry.Stars));
        Assert.Equal(("100.0%", "100.0%", "1", "0", "0", "0", "0"), await Figures());
    }

    [Fact]
    public async Task No_does_not_count_as_solved_and_brings_the_matter_back_to_its_hands_until_it_is()
    {
        IPage youth = await browser.Youth(_service);
        await youth.Say("团员证弄丢了怎么补办，转接材料要用");
        await youth.Sees("收到了");
        IPage cadre = await HandlerOfTheOne();
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        string item = new Uri(_service.Admin, $"/inquiries/{inquiry.Reference}").ToString();
        await cadre.GotoAsync(item);
        await cadre.Reply("到校团委 302 室填补办申请表，交一张一寸照片，三天后取。");
        await youth.Sees("三天后取");
        await _service.Wait(TimeSpan.FromHours(3));
        await youth.Choose("没有解决");
        await youth.Sees("已经重新打开");

        inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal((InquiryStatus.Assigned, 1, (DateTimeOffset?)null), (inquiry.Status, inquiry.Round, inquiry.RoundAnsweredAt));
        Assert.Equal(("100.0%", "0.0%", "1", "0", "0", "0", "0"), await Figures());
        await cadre.GotoAsync(new Uri(_service.Admin, "/notices").ToString());
        await cadre.Sees("青年反馈没有解决，请重新办理");
        await cadre.GotoAsync(item);
        await cadre.Reply("我替你问过了：毕业生走线上补办，小程序“团员补办”里提交，今天 17:00 前审完。");
        await youth.Sees("今天 17:00 前审完");
        await _service.Wait(TimeSpan.FromHours(3));
        await youth.Choose("部分解决");
        await youth.Sees("记为部分解决");
        Assert.Equal(("100.0%", "100.0%", "1", "0", "0", "0", "0"), await Figures());
        inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal((InquiryStatus.Resolved, Outcome.Partly), (inquiry.Status, inquiry.Outcome));
    }

    [Fact]
    public async Task A_cadre_goes_on_leave_and_the_deputy_finds_the_work_and_goes_on_with_it()
    {
        await _service.Post("c1", "1", "想问一下入团申请书怎么写，班里说这周要交");
        Inquiry inquiry = await _service.InquiryOf("c1");
        IPage cadre = await HandlerOfTheOne();
        var (deputy, deputyName) = await _service.See(async db =>
        {
            long unit = await db.Cadres.Where(c => c.Id == inquiry.HandlerId).Select(c => c.UnitId).SingleAsync();
            var other = await db.Cadres.Where(c => c.UnitId == unit && c.Id != inquiry.HandlerId && c.OnDuty).OrderBy(c => c.Id).FirstAsync();
            return (other.Id, other.PublicName);
        });
        await cadre.GotoAsync(new Uri(_service.Admin, "/cadres").ToString());
        await cadre.GetByText("登记请假").ClickAsync();
        await cadre.GetByLabel("代理人").SelectOptionAsync($"{deputy}");
        await cadre.GetByLabel("从").FillAsync("2026-11-18");
        await cadre.GetByLabel("到（含）").FillAsync("2026-11-20");
        await cadre.GetByLabel("理由").FillAsync("陪护家人");
        await cadre.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await cadre.Sees("请假已登记");
        await cadre.Sees($"{deputyName} 代理（已交接）");

        Inquiry moved = await _service.InquiryOf("c1");
        Assert.Equal((deputy, deputy), (moved.HandlerId, moved.OwnerId));
        Assert.Equal(inquiry.ResponseDueAt, moved.ResponseDueAt);
        IPage standIn = await browser.SignIn(_service, await _service.Account("代理", Role.Cadre, await _service.CodeOf(deputy)));
        await standIn.GetByRole(AriaRole.Link, new() { Name = "入团申请书" }).First.ClickAsync();
        await standIn.Sees("请假交接");
        await standIn.Reply("申请书写三段：认识、经历、决心，八百字左右，手写，本周五前交给支书。");
        Assert.Contains("八百字左右", (await _service.Heard("c1", 2))[1], StringComparison.Ordinal);

        // Nothing new goes to whoever is away.
        foreach (int i in Enumerable.Range(2, 12))
            await _service.Post($"c{i}", "1", $"想问一下第{i}期青年大学习在哪里补");
        Assert.Equal(0, await _service.See(db => db.Inquiries.CountAsync(i => i.HandlerId == inquiry.HandlerId || i.OwnerId == inquiry.HandlerId)));
    }

    [Fact]
    public async Task What_a_cadre_typed_survives_a_warning_a_lost_session_and_a_browser_without_scripts()
    {
        await _service.Post("c1", "1", "想问一下入团申请书怎么写，班里说这周要交");
        Inquiry inquiry = await _service.InquiryOf("c1");
        string account = await _service.Account("处理人", Role.Cadre, await _service.CodeOf(inquiry.HandlerId));
        string item = new Uri(_service.Admin, $"/inquiries/{inquiry.Reference}").ToString();
        IPage cadre = await browser.SignIn(_service, account);
        await cadre.GotoAsync(item);
        var complaints = new List<string>();
        cadre.Console += (_, line) => complaints.Add(line.Text);
        await cadre.EvaluateAsync("window.stayed = true");
        await cadre.Reply("已收到，请耐心等待。");
        await cadre.Sees("没有回答青年的问题");
        ILocator field = cadre.GetByLabel("回复", new() { Exact = true });
        await Assertions.Expect(field).ToHaveValueAsync("已收到，请耐心等待。");
        // The page was never left, and its policy against foreign scripts had nothing to object to.
        Assert.True(await cadre.EvaluateAsync<bool>("window.stayed === true"));
        Assert.DoesNotContain(complaints, c => c.Contains("Content Security Policy", StringComparison.Ordinal));

        const string words = "申请书写三段：认识、经历、决心，手写，本周五前交给支书。";
        await cadre.Context.ClearCookiesAsync();
        await cadre.Reply(words);
        await cadre.Sees("您写的话还在");
        await Assertions.Expect(field).ToHaveValueAsync(words);

        IPage plain = await browser.SignIn(_service, account, javaScript: false);
        await plain.GotoAsync(item);
        await plain.Reply("已收到，请耐心等待。");
        await plain.Sees("没有回答青年的问题");
        await Assertions.Expect(plain.GetByLabel("回复", new() { Exact = true })).ToHaveValueAsync("已收到，请耐心等待。");
        await plain.Reply(words);
        Assert.Contains("本周五前", (await _service.Heard("c1", 2))[1], StringComparison.Ordinal);
    }

    private async Task<IPage> HandlerOfTheOne()
    {
        long handler = await _service.See(db => db.Inquiries.Select(i => i.HandlerId).SingleAsync());
        return await browser.SignIn(_service, await _service.Account("处理人", Role.Cadre, await _service.CodeOf(handler)));
    }

    // Response rate, effective-reply rate, and the five counts as an auditor reads them off the page.
    private async Task<(string, string, string, string, string, string, string)> Figures()
    {
        IPage auditor = await browser.SignIn(_service, "auditor");
        await auditor.GotoAsync(new Uri(_service.Admin, "/response-rates").ToString());
        IReadOnlyList<string> figures = await auditor.Locator(".tally span b").AllTextContentsAsync();
        IReadOnlyList<string> line = await auditor.Locator("#figures tbody tr td").AllTextContentsAsync();
        Assert.Equal((figures[0], figures[4], figures[5], figures[6]), (line[2], line[4], line[5], line[6]));
        await auditor.Context.CloseAsync();
        return (figures[0], figures[1], figures[4], figures[5], figures[6], figures[7], figures[8]);
    }
}
