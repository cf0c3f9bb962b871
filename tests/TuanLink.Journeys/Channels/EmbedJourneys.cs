using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace TuanLink.Journeys.Channels;

/// <summary>The button on other sites: each site is a server of its own on another port, which to a browser is another origin.</summary>
[Collection(InABrowser.Name)]
public sealed class EmbedJourneys(Chromium browser) : IAsyncLifetime
{
    private readonly OtherSite _school = new(), _stranger = new();
    private TestService _service = null!;

    public async Task InitializeAsync()
    {
        await _school.Start();
        await _stranger.Start();
        _service = await TestService.Start(new() { Settings = { ["Channels:DirectLine:Frames:school:0"] = _school.Address.GetLeftPart(UriPartial.Authority) } });
        _school.Bot = _stranger.Bot = _service.Bot;
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _school.DisposeAsync();
        await _stranger.DisposeAsync();
    }

    [Fact]
    public async Task A_sites_button_opens_the_chat_beside_its_page_and_gives_the_focus_back()
    {
        IPage pupil = await browser.Visitor(_school.Address, 1280);
        var complaints = new List<string>();
        pupil.Console += (_, line) => complaints.Add(line.Text);
        ILocator button = pupil.GetByRole(AriaRole.Button, new() { Name = "青年之声" });
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-expanded", "false");
        await button.FocusAsync();
        await pupil.Keyboard.PressAsync("Enter");
        ILocator shut = pupil.GetByRole(AriaRole.Button, new() { Name = "收起", Exact = true });
        await Assertions.Expect(shut).ToHaveAttributeAsync("aria-expanded", "true");
        IFrameLocator chat = pupil.FrameLocator("iframe");
        await Assertions.Expect(chat.GetByText("这里是共青团的青年之声")).ToBeVisibleAsync(new() { Timeout = 20000 });
        // The keys go where the person looks.
        await Assertions.Expect(chat.GetByRole(AriaRole.Textbox)).ToBeFocusedAsync();
        await pupil.Keyboard.TypeAsync("想问一下团费怎么交");
        await pupil.Keyboard.PressAsync("Enter");
        await Assertions.Expect(chat.GetByText("收到了").Last).ToBeVisibleAsync(new() { Timeout = 20000 });

        await pupil.Keyboard.PressAsync("Escape");
        await Assertions.Expect(pupil.Locator("iframe")).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
        await pupil.Keyboard.PressAsync("Enter");
        await Assertions.Expect(chat.GetByText("收到了").Last).ToBeVisibleAsync();
        // Leaving in a hurry takes the talk off the site's page and leaves that page as it was.
        await chat.GetByRole(AriaRole.Button, new() { Name = "快速离开" }).ClickAsync();
        await Assertions.Expect(pupil.Locator("iframe")).ToHaveCountAsync(0);
        await Assertions.Expect(pupil.GetByText("校园主页")).ToBeVisibleAsync();
        await button.ClickAsync();
        await Assertions.Expect(chat.GetByRole(AriaRole.Button, new() { Name = "打开对话" })).ToBeVisibleAsync(new() { Timeout = 20000 });
        await chat.GetByRole(AriaRole.Button, new() { Name = "打开对话" }).ClickAsync();
        await Assertions.Expect(chat.GetByText("收到了").Last).ToBeVisibleAsync(new() { Timeout = 20000 });
        Assert.Equal(1, await _service.See(db => db.Messages.CountAsync()));
        Assert.DoesNotContain(complaints, c => c.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_phone_the_chat_fills_the_screen_and_is_folded_away_from_inside()
    {
        IPage pupil = await browser.Visitor(_school.Address, 360);
        ILocator button = pupil.GetByRole(AriaRole.Button, new() { Name = "青年之声" });
        await button.ClickAsync();
        ILocator fold = pupil.FrameLocator("iframe").GetByRole(AriaRole.Button, new() { Name = "收起对话" });
        await Assertions.Expect(fold).ToBeVisibleAsync(new() { Timeout = 20000 });
        LocatorBoundingBoxResult frame = (await pupil.Locator("iframe").BoundingBoxAsync())!;
        Assert.Equal((0, 0, 360, 844), (frame.X, frame.Y, frame.Width, frame.Height));
        await fold.ClickAsync();
        await Assertions.Expect(pupil.Locator("iframe")).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_site_that_was_not_configured_shows_no_chat_whatever_name_it_gives_and_offers_the_page_itself()
    {
        IPage visitor = await browser.Visitor(_stranger.Address, 1280);
        await visitor.GetByRole(AriaRole.Button, new() { Name = "青年之声" }).ClickAsync();
        ILocator instead = visitor.GetByRole(AriaRole.Link, new() { Name = "在新窗口打开" });
        await Assertions.Expect(instead).ToBeVisibleAsync(new() { Timeout = 20000 });
        await Assertions.Expect(instead).ToHaveAttributeAsync("href", _service.Bot.ToString());
        await Assertions.Expect(visitor.Locator("iframe")).ToHaveCountAsync(0);
        Assert.Equal(0, await _service.See(db => db.Conversations.CountAsync()));
        // Nor may the school's pages do so without its name.
        foreach ((string address, bool may) in new[] { ("?site=school", true), ("", false), ("?site=other", false), ("?site=school&site=school", false) })
        {
            string policy = (await _service.Http.GetAsync(new Uri(_service.Bot, address))).Headers.GetValues("Content-Security-Policy").Single();
            Assert.Equal(may, policy.EndsWith("frame-ancestors 'self' " + _school.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
        }
    }

    /// <summary>A site of somebody else's with the snippet on its page and a strict policy against inline scripts and styles.</summary>
    private sealed class OtherSite : IAsyncDisposable
    {
        private readonly WebApplication _app;

        public OtherSite()
        {
            WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.MapGet("/", (HttpContext http) =>
            {
                string bot = Bot!.GetLeftPart(UriPartial.Authority);
                http.Response.Headers.ContentSecurityPolicy = $"default-src 'self'; script-src {bot}; frame-src {bot}";
                return Results.Content($"""<!doctype html><html lang="zh"><head><title>学校</title><script src="{bot}/chat/embed.js" data-site="school" async></script></head><body><h1>校园主页</h1></body></html>""", "text/html; charset=utf-8");
            });
        }

        public Uri? Bot { get; set; }
        public Uri Address => new(_app.Urls.First());
        public Task Start() => _app.StartAsync();
        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
