using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Journeys.Channels;

/// <summary>The chat page in the hands of a youth: keys, lost connections, coming back, leaving in a hurry.</summary>
[Collection(InABrowser.Name)]
public sealed class ChatPageJourneys(Chromium browser) : IAsyncLifetime
{
    private const string Welcome = "这里是共青团的青年之声";
    private TestService _service = null!;
    public async Task InitializeAsync() => _service = await TestService.Start();
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Words_that_are_still_being_composed_are_not_sent()
    {
        IPage youth = await Arrive();
        ILocator words = youth.GetByRole(AriaRole.Textbox);
        await words.ClickAsync();
        ICDPSession keys = await youth.Context.NewCDPSessionAsync(youth);
        await keys.SendAsync("Input.imeSetComposition", new() { ["text"] = "tuanfei", ["selectionStart"] = 7, ["selectionEnd"] = 7 });
        // Enter takes the letters as they stand in many input methods; it is theirs, not ours.
        await keys.SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "rawKeyDown", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13 });
        await keys.SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13 });
        Assert.Equal(0, await youth.Locator(".mine").CountAsync());
        await keys.SendAsync("Input.imeSetComposition", new() { ["text"] = "", ["selectionStart"] = 0, ["selectionEnd"] = 0 });
        await keys.SendAsync("Input.insertText", new() { ["text"] = "团费怎么交" });
        await youth.Keyboard.PressAsync("Shift+Enter");
        await youth.Keyboard.TypeAsync("毕业了还要不要交");
        Assert.Equal(0, await youth.Locator(".mine").CountAsync());
        await youth.Keyboard.PressAsync("Enter");
        await youth.Sees("收到了");
        Assert.Equal("团费怎么交\n毕业了还要不要交", await _service.See(db => db.Messages.Select(m => m.Text).SingleAsync()));
    }

    [Fact]
    public async Task What_is_written_without_a_network_waits_through_a_reload_and_arrives_once_and_in_order()
    {
        IPage youth = await Arrive();
        await youth.Context.SetOfflineAsync(true);
        await youth.Sees("网络断开了");
        foreach (string words in new[] { "想问一下团费怎么交", "毕业两年了还要不要交", "在外地可以线上交吗" })
            await youth.Say(words);
        await youth.GetByRole(AriaRole.Textbox).FillAsync("还没写完的");
        await Assertions.Expect(youth.Locator(".failed")).ToHaveCountAsync(3, new() { Timeout = 20000 });
        await youth.Sees("未发送");

        // The phone is put away; the page comes back while the service cannot be reached yet.
        await youth.Context.RouteAsync("**/v3/directline/**", route => route.AbortAsync());
        await youth.Context.SetOfflineAsync(false);
        await youth.ReloadAsync();
        await Assertions.Expect(youth.Locator(".unsent")).ToHaveCountAsync(3);
        await Assertions.Expect(youth.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("还没写完的");
        await youth.Context.UnrouteAllAsync();
        await youth.GetByRole(AriaRole.Button, new() { Name = "重试" }).First.ClickAsync();
        await Assertions.Expect(youth.Locator("#log .mine")).ToHaveCountAsync(3, new() { Timeout = 20000 });
        await Assertions.Expect(youth.Locator(".unsent")).ToHaveCountAsync(0);
        Assert.Equal(["想问一下团费怎么交", "毕业两年了还要不要交", "在外地可以线上交吗"], await _service.See(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Text).ToListAsync()));
    }

    [Fact]
    public async Task Words_whose_answer_was_lost_are_not_said_twice()
    {
        IPage youth = await Arrive();
        int taken = 0;
        await youth.RouteAsync("**/activities", async route =>
        {
            if (route.Request.Method != "POST" || Interlocked.Increment(ref taken) > 1)
            {
                await route.ContinueAsync();
                return;
            }
            await route.FetchAsync();
            await route.AbortAsync();
        });
        await youth.Say("想问一下团费怎么交");
        await youth.Sees("收到了");
        await Assertions.Expect(youth.Locator(".unsent")).ToHaveCountAsync(0, new() { Timeout = 20000 });
        Assert.Equal(1, await youth.Locator(".mine").CountAsync());
        Assert.Equal(1, await _service.See(db => db.Messages.CountAsync()));
    }

    [Fact]
    public async Task Whoever_comes_back_finds_the_talk_even_where_the_device_kept_only_the_token_and_can_clear_it()
    {
        IPage youth = await Arrive();
        await youth.Say("想问一下团费怎么交");
        await youth.Sees("收到了");
        await youth.ReloadAsync();
        await youth.Sees("收到了");
        // A full store keeps no words: they are told again from the beginning, each once.
        await youth.EvaluateAsync("""
            () => {
              const kept = JSON.parse(localStorage.getItem("tuanlink.chat"));
              window.addEventListener("pagehide", () => localStorage.setItem("tuanlink.chat", JSON.stringify({ ...kept, talk: [], watermark: "" })));
            }
            """);
        _service.Clock.Advance(TimeSpan.FromHours(2));
        await youth.ReloadAsync();
        await youth.Sees("收到了");
        await youth.Sees(Welcome);
        await Assertions.Expect(youth.Locator(".mine")).ToHaveCountAsync(1);
        await Assertions.Expect(youth.Locator(".theirs")).ToHaveCountAsync(2);

        await youth.GetByRole(AriaRole.Button, new() { Name = "更多" }).ClickAsync();
        await youth.GetByRole(AriaRole.Button, new() { Name = "清除此设备上的记录" }).ClickAsync();
        await youth.GetByRole(AriaRole.Button, new() { Name = "再点一次，确认清除" }).ClickAsync();
        await Assertions.Expect(youth.Locator(".mine")).ToHaveCountAsync(0);
        await youth.Sees(Welcome);
        await youth.Say("再问一下团员证丢了怎么补");
        await youth.Sees("收到了");
        Assert.Equal(2, await _service.See(db => db.Messages.Select(m => m.ConversationId).Distinct().CountAsync()));
    }

    [Fact]
    public async Task A_conversation_that_cannot_be_continued_is_followed_by_a_new_one_and_the_youth_is_told()
    {
        IPage youth = await Arrive();
        await youth.Say("想问一下团费怎么交");
        await youth.Sees("收到了");
        _service.Clock.Advance(TimeSpan.FromDays(120));
        await youth.ReloadAsync();
        await youth.Sees("之前的对话已经过期");
        await youth.Say("再问一下团员证丢了怎么补");
        await youth.Sees("团员证丢了怎么补");
        await Assertions.Expect(youth.Locator(".unsent")).ToHaveCountAsync(0, new() { Timeout = 20000 });
        Assert.Equal(2, await _service.See(db => db.Messages.Select(m => m.ConversationId).Distinct().CountAsync()));
    }

    [Fact]
    public async Task After_the_socket_is_cut_another_opens_and_nothing_is_missing_or_heard_twice()
    {
        IPage youth = await browser.Youth(_service);
        await youth.AddInitScriptAsync("""
            window.sockets = [];
            window.WebSocket = class extends WebSocket { constructor(...given) { super(...given); window.sockets.push(this); } };
            """);
        await youth.ReloadAsync();
        await youth.Sees(Welcome);
        await youth.WaitForFunctionAsync("() => window.sockets.length === 1 && window.sockets[0].readyState === 1");
        await youth.Say("想问一下团费怎么交");
        await youth.Sees("收到了");
        await youth.EvaluateAsync("() => window.sockets[0].close()");
        await youth.WaitForFunctionAsync("() => window.sockets.length === 2 && window.sockets[1].readyState === 1");
        await youth.Say("补充一下，我是去年毕业的");
        await youth.Sees("补充一下");
        await Assertions.Expect(youth.Locator(".unsent")).ToHaveCountAsync(0, new() { Timeout = 20000 });
        // The answers to both may still be on their way; in the end the page shows what the transcript holds, each once.
        string[] shown = [], held = [];
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (int i = 0; i < 200 && (held.Length < 5 || held.Length != shown.Length) && await look.WaitForNextTickAsync(); i++)
        {
            // The first visit, cut short by the reload, may have begun a conversation of its own.
            held = await _service.See(db => db.Transcript.Where(t => t.ConversationId == db.Conversations.Max(c => c.Id)).OrderBy(t => t.Id).Select(t => t.Json).ToArrayAsync());
            shown = await youth.EvaluateAsync<string[]>("() => [...document.querySelectorAll('#log .line, #log .note')].map(l => l.innerText)");
        }
        Assert.True(held.Length == shown.Length, $"{string.Join('\n', held)}\nis shown as\n{string.Join('\n', shown)}");
    }

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard_alone()
    {
        IPage youth = await Arrive();
        await Assertions.Expect(youth.GetByRole(AriaRole.Textbox)).ToBeFocusedAsync();
        await youth.Keyboard.TypeAsync("想问一下团费怎么交");
        await youth.Keyboard.PressAsync("Enter");
        await youth.Sees("收到了");
        await Assertions.Expect(youth.GetByRole(AriaRole.Textbox)).ToBeFocusedAsync();

        // From the top: leaving, the menu and the four numbers come before the talk.
        await youth.GetByRole(AriaRole.Button, new() { Name = "快速离开" }).FocusAsync();
        var order = new List<string>();
        for (int i = 0; i < 10; i++)
        {
            if (i > 0)
                await youth.Keyboard.PressAsync("Tab");
            order.Add(await youth.EvaluateAsync<string>("() => document.activeElement.id || document.activeElement.getAttribute('href') || document.activeElement.dataset.say || ''"));
        }
        Assert.Equal(["leave", "more", "tel:12355", "tel:12356", "tel:110", "tel:120", "scroll", "进度", "找人工", "撤回"], order);
        await youth.GetByRole(AriaRole.Button, new() { Name = "更多" }).FocusAsync();
        await youth.Keyboard.PressAsync("Enter");
        await youth.Sees("这台设备上存着你的对话");
        await youth.Keyboard.PressAsync("Escape");
        await Assertions.Expect(youth.GetByRole(AriaRole.Button, new() { Name = "更多" })).ToBeFocusedAsync();
        await Assertions.Expect(youth.Locator("#log")).ToHaveAttributeAsync("aria-live", "polite");
    }

    [Fact]
    public async Task Whoever_leaves_in_a_hurry_leaves_a_blank_page_behind_that_no_way_back_leads_from()
    {
        IPage youth = await Arrive();
        await youth.Say("想问一下团费怎么交");
        await youth.Sees("收到了");
        await youth.GetByRole(AriaRole.Button, new() { Name = "快速离开" }).ClickAsync();
        await youth.WaitForURLAsync("about:blank");
        await youth.GoBackAsync();
        Assert.Equal("about:blank", youth.Url);
        // Next time a plain cover comes first.
        await youth.GotoAsync(_service.Bot.ToString());
        await Assertions.Expect(youth.GetByRole(AriaRole.Button, new() { Name = "打开对话" })).ToBeVisibleAsync();
        await Assertions.Expect(youth.GetByText("团费怎么交")).ToBeHiddenAsync();
        await youth.GetByRole(AriaRole.Button, new() { Name = "打开对话" }).ClickAsync();
        await youth.Sees("收到了");
    }

    [Fact]
    public async Task The_whole_page_weighs_less_than_60_kilobytes_and_keeps_to_its_own_policy()
    {
        IPage youth = await browser.Youth(_service);
        var weights = new System.Collections.Concurrent.ConcurrentDictionary<string, Task<byte[]>>();
        var complaints = new List<string>();
        youth.Console += (_, line) => complaints.Add(line.Text);
        youth.Response += (_, answer) =>
        {
            if (!answer.Url.Contains("/v3/", StringComparison.Ordinal))
                weights[answer.Url] = answer.BodyAsync();
        };
        await (await youth.Context.NewCDPSessionAsync(youth)).SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await youth.ReloadAsync();
        await youth.Sees(Welcome);
        await Task.WhenAll(weights.Values);
        Assert.True(weights.Count >= 9, string.Join(' ', weights.Keys));
        Assert.InRange(weights.Values.Sum(w => w.Result.Length), 30_000, 60 * 1024);
        Assert.DoesNotContain(complaints, c => c.Contains("Content Security Policy", StringComparison.Ordinal));
        string policy = (await _service.Http.GetAsync(_service.Bot)).Headers.GetValues("Content-Security-Policy").Single();
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        foreach (string number in new[] { "12355", "12356", "110", "120" })
            await Assertions.Expect(youth.Locator($"nav a[href='tel:{number}']")).ToBeVisibleAsync();
        // Nothing hangs over the edge of the narrowest phone.
        await youth.SetViewportSizeAsync(360, 640);
        Assert.Equal(360, await youth.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task What_only_sounds_like_a_withdrawal_is_asked_with_buttons_and_its_handler_reads_it()
    {
        IPage youth = await Arrive();
        await youth.Say("厂里三个月没发工资了，找谁都没用");
        await youth.Sees("收到了");
        await youth.Say("算了，不麻烦你们了");
        await youth.Sees("你是想撤回");
        await youth.Choose("不撤回");
        await youth.Sees("照常有人负责");
        Inquiry inquiry = await _service.See(db => db.Inquiries.SingleAsync());
        Assert.True(inquiry.IsOpen);

        await _service.Account("经办人", Routing.Assignments.Role.Cadre, await _service.CodeOf(inquiry.HandlerId));
        IPage cadre = await browser.SignIn(_service, "经办人");
        await cadre.GotoAsync(new Uri(_service.Admin, $"/inquiries/{inquiry.Reference}").ToString());
        await cadre.Sees("算了，不麻烦你们了");
        await cadre.Sees("好，不撤回");
    }

    private async Task<IPage> Arrive()
    {
        IPage youth = await browser.Youth(_service);
        await youth.Sees(Welcome);
        return youth;
    }
}
