using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys;

public sealed class BrowserJourneys
{
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    [Fact]
    public async Task A_youth_writes_in_the_chat_page_an_administrator_answers_in_the_Admin_and_the_youth_confirms()
    {
        await using TestService service = await TestService.Start();
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        IPage youth = await (await browser.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 844 }, Locale = "zh-CN" })).NewPageAsync();
        await youth.GotoAsync(service.Bot.ToString());
        await youth.GetByRole(AriaRole.Textbox).FillAsync("超龄离团要办什么手续，单位催我交证明");
        await youth.Keyboard.PressAsync("Enter");
        await Assertions.Expect(youth.GetByText("收到了").First).ToBeVisibleAsync(new() { Timeout = 15000 });
        Inquiry inquiry = await service.See(db => db.Inquiries.SingleAsync());

        // The one who holds it signs in and answers.
        string code = await service.See(db => db.Handlers.Where(h => h.Id == inquiry.HandlerId).Select(h => h.Code).SingleAsync());
        await using (var scope = service.Get<IServiceProvider>().CreateAsyncScope())
            Assert.Null((await scope.ServiceProvider.GetRequiredService<AccountDesk>().Create("处理人", Role.Cadre, code, null, DemoAccounts.Password, default)).Problem);
        IPage cadre = await (await browser.NewContextAsync(new() { Locale = "zh-CN" })).NewPageAsync();
        await cadre.GotoAsync(new Uri(service.Admin, "/").ToString());
        await cadre.GetByLabel("姓名或账号").FillAsync("处理人");
        await cadre.GetByLabel("密码").FillAsync(DemoAccounts.Password);
        await cadre.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        await cadre.GetByRole(AriaRole.Link, new() { Name = "超龄离团" }).First.ClickAsync();
        ILocator reply = cadre.GetByLabel("回复", new() { Exact = true });
        await reply.FillAsync("已收到，请耐心等待。");
        await cadre.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await Assertions.Expect(cadre.GetByText("没有回答青年的问题")).ToBeVisibleAsync();
        await reply.FillAsync("28 周岁自然离团，带团员证到你单位团支部登记，当场开离团证明，不收费。");
        await cadre.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await Assertions.Expect(cadre.GetByText("已发出")).ToBeVisibleAsync();

        await Assertions.Expect(youth.GetByText("当场开离团证明")).ToBeVisibleAsync(new() { Timeout = 20000 });
        await service.Wait(TimeSpan.FromHours(3));
        await youth.GetByRole(AriaRole.Button, new() { Name = "解决了", Exact = true }).ClickAsync(new() { Timeout = 20000 });
        await Assertions.Expect(youth.GetByText("几颗星").First).ToBeVisibleAsync(new() { Timeout = 20000 });
        inquiry = await service.See(db => db.Inquiries.SingleAsync());
        Assert.Equal((InquiryStatus.Resolved, Outcome.Resolved), (inquiry.Status, inquiry.Outcome));
    }
}
