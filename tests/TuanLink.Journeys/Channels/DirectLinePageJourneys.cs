using Microsoft.Playwright;

namespace TuanLink.Journeys.Channels;

/// <summary>The chat page's own line, in a real browser.</summary>
[Collection(InABrowser.Name)]
public sealed class DirectLinePageJourneys(Chromium browser)
{
    [Fact]
    public async Task The_page_is_told_by_its_socket_and_asks_no_more()
    {
        await using TestService service = await TestService.Start();
        IPage youth = await browser.Youth(service);
        await youth.Sees("这里是共青团的青年之声");
        // Whichever socket tells it: on a busy machine the first page's may open only now. And words said before the socket is open may come by
        // a poll, after which nothing comes by it.
        var frame = new TaskCompletionSource();
        bool isSaid = false;
        youth.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => { if (Volatile.Read(ref isSaid)) frame.TrySetResult(); };
        await youth.AddInitScriptAsync("WebSocket = class extends WebSocket { constructor(...of) { super(...of); this.addEventListener('open', () => window.isToldBySocket = true); } }");
        await youth.ReloadAsync();
        await youth.WaitForFunctionAsync("() => window.isToldBySocket && document.getElementById('log').childElementCount > 0");
        int polls = 0;
        youth.Request += (_, asked) => polls += asked.Method == "GET" && asked.Url.Contains("/activities", StringComparison.Ordinal) ? 1 : 0;
        Volatile.Write(ref isSaid, true);
        await youth.Say("团费怎么交，毕业了还要不要交");
        await youth.Sees("收到了");
        await frame.Task.WaitAsync(TimeSpan.FromSeconds(20));
        // One poll may have been on its way when the socket opened; without a socket there is one a second.
        Assert.InRange(polls, 0, 1);
        Assert.Equal(1, await youth.GetByText("团费怎么交，毕业了还要不要交").CountAsync());
    }

    [Fact]
    public async Task Where_no_socket_stays_open_the_page_asks_and_still_hears_each_thing_once()
    {
        await using TestService service = await TestService.Start();
        IPage youth = await browser.Youth(service);
        await youth.AddInitScriptAsync("window.WebSocket = class { constructor() { throw new Error('none'); } };");
        await youth.ReloadAsync();
        await youth.Say("团费怎么交，毕业了还要不要交");
        await youth.Sees("收到了");
        Assert.Equal(1, await youth.GetByText("团费怎么交，毕业了还要不要交").CountAsync());
    }
}
