using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using TuanLink.Routing.Attachments;

namespace TuanLink.Journeys.Channels;

/// <summary>Pictures and voice notes on the chat page, from the button to the talk.</summary>
[Collection(InABrowser.Name)]
public sealed class ChatFileJourneys(Chromium browser) : IAsyncLifetime
{
    private TestService _service = null!;
    private IPage _youth = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.Start();
        _youth = await browser.Youth(_service);
        await _youth.Sees("这里是共青团的青年之声");
    }

    public async Task DisposeAsync() => await _service.DisposeAsync();

    private ILocator Held => _youth.Locator(".held");

    [Fact]
    public async Task A_photograph_is_looked_at_taken_back_sent_without_the_place_where_it_was_taken_and_still_seen_hours_later()
    {
        await Choose(("宿舍.jpg", "image/jpeg", await Photograph()), ("另一张.png", "image/png", Encoding.ASCII.GetBytes("no picture")), ("程序.exe", "application/x-msdownload", [1]));
        await _youth.Sees("只能发图片、录音和 PDF。");
        await Assertions.Expect(Held).ToHaveCountAsync(2);
        await _youth.EvaluateAsync("""
            bytes => {
              const chosen = new DataTransfer();
              chosen.items.add(new File([new Uint8Array(bytes)], "太大.pdf", { type: "application/pdf" }));
              document.getElementById("file").files = chosen.files;
              document.getElementById("file").dispatchEvent(new Event("change"));
            }
            """, SentFile.Largest + 1);
        await _youth.Sees("“太大.pdf”有 10.0 MB，超过 10 MB，没有添加。");
        await Assertions.Expect(Held).ToHaveCountAsync(2);
        await _youth.GetByRole(AriaRole.Button, new() { Name = "不发送 另一张.png" }).ClickAsync();
        await Assertions.Expect(Held).ToHaveCountAsync(1);
        await _youth.Say("宿舍漏水，找谁修");
        await Assertions.Expect(Held).ToHaveCountAsync(0);
        await _youth.Sees("收到了");
        await IsSeen();
        Assert.Equal(1, await _youth.Locator(".mine").CountAsync());
        (string text, Attachment kept, byte[] bytes) = await _service.See(async db =>
        {
            Attachment row = await db.Attachments.SingleAsync();
            return (await db.Messages.Select(m => m.Text).SingleAsync(), row, await db.AttachmentParts.Where(p => p.Key == row.Key).Select(p => p.Bytes).SingleAsync());
        });
        Assert.Equal(("宿舍漏水，找谁修", "宿舍.jpg", "image/jpeg", AttachmentState.Kept), (text, kept.Name, kept.MediaType, kept.State));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("Exif"u8));

        // The address opens for two hours; whoever comes back later gets another.
        string first = (await _youth.Locator("#log .file img").GetAttributeAsync("src"))!;
        _service.Clock.Advance(TimeSpan.FromHours(3));
        await _youth.ReloadAsync();
        await _youth.WaitForFunctionAsync("old => document.querySelector('#log .file img') && document.querySelector('#log .file img').src !== old", first);
        await IsSeen();
        Assert.Equal(1, await _youth.Locator(".mine").CountAsync());
    }

    [Fact]
    public async Task A_voice_note_is_recorded_thrown_away_recorded_again_and_heard_in_the_talk()
    {
        ILocator voice = _youth.GetByRole(AriaRole.Button, new() { Name = "录一段语音" });
        await voice.ClickAsync();
        await _youth.GetByRole(AriaRole.Button, new() { Name = "取消" }).ClickAsync();
        await Assertions.Expect(voice).ToBeVisibleAsync();
        await Assertions.Expect(Held).ToHaveCountAsync(0);

        await voice.ClickAsync();
        await Assertions.Expect(_youth.Locator("#length")).ToHaveTextAsync("0:01", new() { Timeout = 20000 });
        await _youth.GetByRole(AriaRole.Button, new() { Name = "录好了" }).ClickAsync();
        await Assertions.Expect(Held.Locator("audio")).ToBeVisibleAsync();
        await _youth.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await Assertions.Expect(_youth.Locator("#log .mine audio")).ToBeVisibleAsync(new() { Timeout = 20000 });
        await _youth.WaitForFunctionAsync("() => document.querySelector('#log audio').readyState >= 1");
        Assert.Equal(("audio/webm", AttachmentState.Kept), await _service.See(db => db.Attachments.Select(a => ValueTuple.Create(a.MediaType, a.State)).SingleAsync()));
    }

    [Fact]
    public async Task After_a_minute_a_recording_ends_by_itself()
    {
        await _youth.Clock.InstallAsync();
        await _youth.GetByRole(AriaRole.Button, new() { Name = "录一段语音" }).ClickAsync();
        await Assertions.Expect(_youth.Locator("#rec")).ToBeVisibleAsync();
        await _youth.Clock.FastForwardAsync(61_000);
        await Assertions.Expect(Held.Locator("audio")).ToHaveAttributeAsync("aria-label", "语音 60 秒.webm");
    }

    [Fact]
    public async Task Without_leave_to_use_the_microphone_the_youth_is_told_calmly_and_without_one_there_is_no_button()
    {
        // Whoever allows something else only has refused this.
        await _youth.Context.ClearPermissionsAsync();
        await _youth.Context.GrantPermissionsAsync(["geolocation"]);
        ILocator voice = _youth.GetByRole(AriaRole.Button, new() { Name = "录一段语音" });
        await voice.ClickAsync();
        await _youth.Sees("没有使用麦克风的许可。没关系，可以打字");
        await Assertions.Expect(voice).ToBeEnabledAsync();
        await Assertions.Expect(_youth.GetByRole(AriaRole.Textbox)).ToBeVisibleAsync();
        await _youth.AddInitScriptAsync("delete window.MediaRecorder");
        await _youth.ReloadAsync();
        await _youth.Sees("这里是共青团的青年之声");
        await Assertions.Expect(voice).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_picture_chosen_without_a_network_waits_through_a_reload_before_the_words_behind_it()
    {
        byte[] picture = await Photograph();
        await _youth.Context.SetOfflineAsync(true);
        await Choose(("宿舍.jpg", "image/jpeg", picture));
        await _youth.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await _youth.Say("这是刚拍的，找谁修");
        await Assertions.Expect(_youth.Locator(".failed")).ToHaveCountAsync(2, new() { Timeout = 20000 });
        await Assertions.Expect(_youth.Locator(".failed img")).ToBeVisibleAsync();
        await _youth.Context.RouteAsync("**/v3/directline/**", route => route.AbortAsync());
        await _youth.Context.SetOfflineAsync(false);
        await _youth.ReloadAsync();
        await Assertions.Expect(_youth.Locator(".unsent img")).ToBeVisibleAsync();
        await _youth.Context.UnrouteAllAsync();
        await _youth.GetByRole(AriaRole.Button, new() { Name = "重试" }).First.ClickAsync();
        await Assertions.Expect(_youth.Locator("#log .mine")).ToHaveCountAsync(2, new() { Timeout = 20000 });
        await IsSeen();
        Assert.Equal(["", "这是刚拍的，找谁修"], await _service.See(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Text).ToListAsync()));
        Assert.Equal(1, await _service.See(db => db.Attachments.CountAsync()));
    }

    [Fact]
    public async Task A_file_the_service_will_not_take_is_said_to_be_refused_and_keeps_no_words_waiting()
    {
        await Choose(("假的.png", "image/png", Encoding.ASCII.GetBytes("MZ, no picture at all")));
        await _youth.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await Assertions.Expect(_youth.Locator(".refused")).ToHaveCountAsync(1, new() { Timeout = 20000 });
        await _youth.Say("团费怎么交");
        await _youth.Sees("收到了");
        await _youth.GetByRole(AriaRole.Button, new() { Name = "删除", Exact = true }).ClickAsync();
        await Assertions.Expect(_youth.Locator(".unsent")).ToHaveCountAsync(0);
    }

    private Task Choose(params (string Name, string Type, byte[] Bytes)[] files) =>
        _youth.Locator("#file").SetInputFilesAsync(files.Select(f => new FilePayload { Name = f.Name, MimeType = f.Type, Buffer = f.Bytes }));

    private Task IsSeen() => _youth.WaitForFunctionAsync("() => { const seen = document.querySelector('#log .mine .file img'); return seen && seen.complete && seen.naturalWidth === 40; }");

    /// <summary>A real photograph, with the note of a camera in it.</summary>
    private async Task<byte[]> Photograph()
    {
        string drawn = await _youth.EvaluateAsync<string>("""
            () => { const sheet = Object.assign(document.createElement("canvas"), { width: 40, height: 30 }); sheet.getContext("2d").fillRect(5, 5, 20, 10); return sheet.toDataURL("image/jpeg").split(",")[1]; }
            """);
        byte[] bytes = Convert.FromBase64String(drawn), note = [0xFF, 0xE1, 0, 40, .. "Exif\0\0"u8, .. new byte[32]];
        return [.. bytes[..2], .. note, .. bytes[2..]];
    }
}
