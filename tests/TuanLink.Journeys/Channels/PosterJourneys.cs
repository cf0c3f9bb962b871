using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using TuanLink.Admin.SignIn;
using TuanLink.Bot.Commands;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Units;

namespace TuanLink.Journeys.Channels;

public sealed class PosterJourneys : IAsyncLifetime
{
    private WeChatPeer _peer = null!;
    private ChannelService _service = null!;

    public async Task InitializeAsync()
    {
        _peer = await WeChatPeer.Start();
        _service = await ChannelService.Start(new(_peer.Settings()) { ["Service:PublicAddress"] = "https://youth.example.cn/" });
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task A_cadre_prints_ones_own_poster_an_administrator_the_subtrees_and_nobody_anothers()
    {
        List<Cadre> cadres = await _service.See(db => db.Cadres.Where(c => c.Active).OrderBy(c => c.Id).ToListAsync());
        List<Unit> units = await _service.See(db => db.Units.ToListAsync());
        Unit county = units.First(u => u.Kind == UnitKind.County);
        Cadre inside = cadres.First(c => units.Single(u => u.Id == c.UnitId).Path.StartsWith(county.Path, StringComparison.Ordinal));
        Cadre outside = cadres.First(c => !units.Single(u => u.Id == c.UnitId).Path.StartsWith(county.Path, StringComparison.Ordinal));

        using HttpClient cadre = await SignIn("海报干部", Role.Cadre, person: inside.Code);
        string own = await cadre.GetStringAsync(new Uri(_service.Admin, $"/posters/cadre/{inside.Id}"));
        string code = await _service.Get<ContactCodes>().Of(CodeOf.Cadre(inside.Id), default);
        Assert.All([inside.Name, inside.Position, county.Name, code, "https://youth.example.cn/?from=" + code, "24 小时内", "12355"], part => Assert.Contains(part, own, StringComparison.Ordinal));
        // One code for the chat page, one for WeChat.
        Assert.Equal(2, Regex.Count(own, "<svg"));
        Assert.Equal<int[]>([404, 404], [await Status(cadre, $"/posters/cadre/{outside.Id}"), await Status(cadre, $"/posters/unit/{county.Id}")]);
        Assert.DoesNotContain(outside.PublicName, await cadre.GetStringAsync(new Uri(_service.Admin, "/posters")), StringComparison.Ordinal);

        using HttpClient administrator = await SignIn("海报管理员", Role.UnitAdministrator, unit: county.Code);
        Assert.Equal<int[]>([200, 200, 404, 404], [await Status(administrator, $"/posters/cadre/{inside.Id}"), await Status(administrator, $"/posters/unit/{county.Id}"),
            await Status(administrator, $"/posters/cadre/{outside.Id}"), await Status(administrator, $"/posters/unit/{county.ParentId}")]);
        Assert.NotEqual(200, await Status(administrator, "/channels"));

        using HttpClient auditor = await SignIn("海报审计", Role.Auditor);
        Assert.NotEqual(200, await Status(auditor, $"/posters/cadre/{inside.Id}"));
        Assert.NotEqual(200, await Status(_service.Http, $"/posters/cadre/{inside.Id}"));
    }

    [Fact]
    public async Task A_code_is_the_same_each_time_and_no_other_is_believed()
    {
        ContactCodes codes = _service.Get<ContactCodes>();
        string code = await codes.Of(CodeOf.Unit(7), default);
        Assert.Equal(code, await codes.Of(CodeOf.Unit(7), default));
        Assert.Equal(CodeOf.Unit(7), await codes.Read(code.ToLowerInvariant(), default));
        foreach (string wrong in new[] { "", "U7", "U7-", code.Replace("U7", "U8", StringComparison.Ordinal), code.Replace("U7", "G7", StringComparison.Ordinal), code + "A", code[..^1], "U-7", "U99999999999999999999-AAAAAAAAAAAA", new string('U', 9999) })
            Assert.Null(await codes.Read(wrong, default));
    }

    [Fact]
    public async Task The_chat_page_opened_by_a_code_links_the_youth_says_so_and_lets_go_on_request()
    {
        Unit branch = await _service.See(db => db.Units.FirstAsync(u => u.Kind == UnitKind.Branch && db.Cadres.Any(c => c.UnitId == u.Id && c.Active)));
        string code = await _service.Get<ContactCodes>().Of(CodeOf.Unit(branch.Id), default);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        IPage youth = await (await browser.NewContextAsync(new() { Locale = "zh-CN" })).NewPageAsync();
        await youth.GotoAsync(new Uri(_service.Bot, "/?from=" + code).ToString());
        await Assertions.Expect(youth.GetByText("先交给 ta").First).ToBeVisibleAsync(new() { Timeout = 20000 });
        Assert.DoesNotContain("from=", youth.Url, StringComparison.Ordinal);
        long cadre = await Linked();
        Assert.Equal(branch.Id, await _service.See(db => db.Cadres.Where(c => c.Id == cadre).Select(c => c.UnitId).SingleAsync()));
        await youth.GetByRole(AriaRole.Button, new() { Name = "不用联系", Exact = true }).ClickAsync(new() { Timeout = 20000 });
        await Assertions.Expect(youth.GetByText("已经解除联系").First).ToBeVisibleAsync(new() { Timeout = 20000 });
        Assert.Equal(0, await Linked());

        Task<long> Linked() => _service.See(db => db.ContactLinks.Where(l => l.Until == null && db.Conversations.Any(c => c.YouthId == l.YouthId && c.Channel == "directline")).Select(l => l.CadreId).SingleOrDefaultAsync());
    }

    [Fact]
    public async Task The_channels_page_shows_how_they_are_and_sends_a_test_to_oneself()
    {
        await WeChatPeer.Post(_service, WeChatPeer.Text("o1", _peer.Next(), "厂里三个月没发工资了，找谁都没用"));
        string pseudonym = await _service.See(db => db.Youths.Where(y => db.Conversations.Any(c => c.YouthId == y.Id && c.Channel == "wechat")).Select(y => y.Pseudonym).SingleAsync());
        using HttpClient administrator = await SignIn("渠道管理员", Role.SystemAdministrator);
        string page = await administrator.GetStringAsync(new Uri(_service.Admin, "/channels"));
        Assert.All(["微信公众号", "聊天页", "尚未取得"], part => Assert.Contains(part, page, StringComparison.Ordinal));
        await Press(administrator, page, "/channels?handler=SignIn", new() { ["channel"] = "wechat" });
        await Press(administrator, page, "/channels?handler=Test", new() { ["pseudonym"] = pseudonym });
        await _service.Until(() => Task.FromResult(_peer.Sent.Any(m => m.ToString().Contains("测试消息", StringComparison.Ordinal))), "the test did not come");
        Assert.Contains("有效至", await administrator.GetStringAsync(new Uri(_service.Admin, "/channels")), StringComparison.Ordinal);
        Assert.Equal(2, await _service.See(db => db.Audit.CountAsync(a => a.Actor == "渠道管理员")));

        Assert.Equal(0, await WeChatCommand.PutMenu(_service.Get<IServiceProvider>(), default));
        Assert.Equal("进度", Assert.Single(_peer.Menus).GetProperty("button")[0].GetProperty("key").GetString());
    }

    private async Task<int> Status(HttpClient http, string path)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(_service.Admin, path));
        return (int)answer.StatusCode;
    }

    private async Task<HttpClient> SignIn(string name, Role role, string? person = null, string? unit = null)
    {
        await using (AsyncServiceScope scope = _service.Get<IServiceProvider>().CreateAsyncScope())
            Assert.Null((await scope.ServiceProvider.GetRequiredService<AccountDesk>().Create(name, role, person, unit, DemoAccounts.Password, default)).Problem);
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        string page = await http.GetStringAsync(new Uri(_service.Admin, "/sign-in"));
        await Press(http, page, "/sign-in", new() { ["Name"] = name, ["Password"] = DemoAccounts.Password });
        return http;
    }

    private async Task Press(HttpClient http, string page, string path, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = Regex.Match(page, "__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent(fields);
        using HttpResponseMessage answer = await http.PostAsync(new Uri(_service.Admin, path), form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }
}
