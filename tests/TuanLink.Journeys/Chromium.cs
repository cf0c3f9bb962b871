using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TuanLink.Admin.SignIn;

namespace TuanLink.Journeys;

[CollectionDefinition(Name)]
public sealed class InABrowser : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}

/// <summary>One Chromium for all journeys that need a real browser; each person in a journey has a profile of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // A microphone that beeps.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-fake-device-for-media-stream",
    ];

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>A youth with a phone, on the chat page.</summary>
    public Task<IPage> Youth(TestService service) => Visitor(service.Bot, 390);

    /// <summary>Somebody on any page.</summary>
    public async Task<IPage> Visitor(Uri address, int width)
    {
        IPage page = await (await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 844 }, Locale = "zh-CN", Permissions = ["microphone"] })).NewPageAsync();
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Somebody at a desk, signed in to the Admin.</summary>
    public async Task<IPage> SignIn(TestService service, string account, int width = 1280, bool javaScript = true)
    {
        IBrowserContext context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, Locale = "zh-CN", JavaScriptEnabled = javaScript });
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(service.Admin, "/").ToString());
        await page.GetByLabel("姓名或账号").FillAsync(account);
        await page.GetByLabel("密码").FillAsync(DemoAccounts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "登录" }).ClickAsync();
        return page;
    }
}

public static class Hands
{
    /// <summary>The youth types and sends.</summary>
    public static async Task Say(this IPage youth, string words)
    {
        await youth.GetByRole(AriaRole.Textbox).FillAsync(words);
        await youth.Keyboard.PressAsync("Enter");
    }

    /// <summary>The youth presses one of the answers the bot offers.</summary>
    public static Task Choose(this IPage youth, string answer) =>
        youth.GetByRole(AriaRole.Button, new() { Name = answer, Exact = true }).Last.ClickAsync(new() { Timeout = 20000 });

    /// <summary>The handler writes into the form of the item and sends.</summary>
    public static async Task Reply(this IPage cadre, string words)
    {
        await cadre.GetByLabel("回复", new() { Exact = true }).FillAsync(words);
        await cadre.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
    }

    public static Task Sees(this IPage person, string words) =>
        Assertions.Expect(person.GetByText(words).Last).ToBeVisibleAsync(new() { Timeout = 20000 });

    public static Task Sees(this IPage person, Regex words) =>
        Assertions.Expect(person.GetByText(words).Last).ToBeVisibleAsync(new() { Timeout = 20000 });
}
