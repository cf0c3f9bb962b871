using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Journeys;

/// <summary>A service whose sorter is sure of nothing, so that every item waits at the desk.</summary>
public sealed class UnsureService : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;
    public async Task InitializeAsync() => Service = await TestService.Start(new() { Settings = { ["Triage:TopicNeedsHumanBelow"] = "1" } });
    public async Task DisposeAsync() => await Service.DisposeAsync();
}

public sealed class TriageDeskJourneys(UnsureService unsure) : IClassFixture<UnsureService>
{
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    [Fact]
    public async Task The_desk_shows_why_and_is_worked_by_single_clicks_and_keys_without_JavaScript_on_a_phone()
    {
        TestService service = unsure.Service;
        await service.Post("c1", "1", "厂里三个月没发工资了，找谁都没用");
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        await service.Post("c2", "1", "想问一下入团申请书怎么写");
        Inquiry wages = await service.InquiryOf("c1"), league = await service.InquiryOf("c2");
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        IPage page = await SignIn(browser, service, "city");

        await page.GotoAsync(new Uri(service.Admin, "/triage").ToString());
        ILocator items = page.Locator("ul.desk > li");
        // Whoever waits longest comes first; why, and what else it may be, stands beside.
        await Assertions.Expect(items.First).ToHaveAttributeAsync("id", wages.Reference);
        await Assertions.Expect(items.First.Locator(".why").Last).ToContainTextAsync("因为：「");
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390);

        // One key puts the kind right; the item stays until its topic is chosen.
        ILocator kind = items.First.GetByRole(AriaRole.Button, new() { Name = "意见建议" }).First;
        await kind.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("主题仍待确认")).ToBeVisibleAsync();
        // One click on the topic finishes it.
        await items.First.Locator("button.pick.first").ClickAsync();
        await Assertions.Expect(page.GetByText($"{wages.Reference} 已研判：{ChineseNames.Of(wages.Topic)}")).ToBeVisibleAsync();
        await Assertions.Expect(items).ToHaveCountAsync(1);
        // A topic the sorter did not think of.
        await items.First.GetByText("其他主题", new() { Exact = true }).ClickAsync();
        await items.First.GetByLabel("其他主题").SelectOptionAsync(nameof(Topic.CultureSports));
        await items.First.GetByRole(AriaRole.Button, new() { Name = "选这个" }).ClickAsync();
        await Assertions.Expect(page.GetByText("没有需要研判的诉求")).ToBeVisibleAsync();

        List<SortingCorrection> kept = await service.See(db => db.SortingCorrections.OrderBy(c => c.Id).ToListAsync());
        Assert.Equal([(wages.Id, null, InquiryKind.Suggestion), (wages.Id, wages.Topic, null), (league.Id, (Topic?)Topic.CultureSports, (InquiryKind?)null)], kept.Select(c => (c.InquiryId, c.Topic, c.Kind)));
        Assert.All(await service.See(db => db.Inquiries.ToListAsync()), i => Assert.Equal(InquiryStatus.Assigned, i.Status));
        await page.GotoAsync(new Uri(service.Admin, $"/inquiries/{wages.Reference}").ToString());
        await Assertions.Expect(page.Locator("dl.facts").First).ToContainTextAsync("人工确认");
    }

    [Fact]
    public async Task Only_a_system_administrator_chooses_the_version_that_sorts_and_it_is_audited()
    {
        TestService service = unsure.Service;
        await service.Do(db =>
        {
            var none = new Comparison(new Dictionary<Topic, Paired>(), Paired.None, Paired.None, Paired.None, Paired.None);
            db.ModelVersions.Add(new ModelVersion { TrainedAt = service.Clock.GetUtcNow(), ContentHash = new string('a', 64), Lessons = "", Judgement = Judgement.Promoted, Reason = "更好", Figures = none.ToJson() });
            return Task.CompletedTask;
        });
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        IPage other = await SignIn(browser, service, "city");
        await other.GotoAsync(new Uri(service.Admin, "/model-versions").ToString());
        await Assertions.Expect(other.GetByText("您不能查看这一页")).ToBeVisibleAsync();

        IPage page = await SignIn(browser, service, "admin");
        await page.GotoAsync(new Uri(service.Admin, "/model-versions").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "改用这个版本" }).ClickAsync();
        await Assertions.Expect(page.GetByText("现在由版本 1分类")).ToBeVisibleAsync();
        Assert.Equal(1, service.Get<SorterInUse>().Version);
        await page.GetByRole(AriaRole.Button, new() { Name = "退回基础版本" }).ClickAsync();
        await Assertions.Expect(page.GetByText("现在由基础版本分类")).ToBeVisibleAsync();
        Assert.Equal(0, service.Get<SorterInUse>().Version);
        Assert.Equal(2, await service.See(db => db.Audit.CountAsync(a => a.Actor == "admin" && a.Action == "改用分类模型版本")));
    }

    private static async Task<IPage> SignIn(IBrowser browser, TestService service, string name)
    {
        IPage page = await (await browser.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 }, Locale = "zh-CN", JavaScriptEnabled = name == "admin" })).NewPageAsync();
        await page.GotoAsync(new Uri(service.Admin, "/").ToString());
        await page.GetByLabel("姓名或账号").FillAsync(name);
        await page.GetByLabel("密码").FillAsync(DemoAccounts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        return page;
    }
}
