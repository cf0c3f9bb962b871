using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Units;

namespace TuanLink.Journeys;

/// <summary>A city with one inquiry of hostile words, and one of everybody signed in.</summary>
public sealed class StaffedService : IAsyncLifetime
{
    public const string Hostile = "想问下入团申请 <script>alert(1)</script><img src=x onerror=alert(2)> \"'><b>怎么写";
    public const string Formula = "=HYPERLINK(\"http://evil\",\"补贴\")怎么申请青年大学习";

    public TestService Service { get; private set; } = null!;
    public Inquiry Inquiry { get; private set; } = null!;
    public AdminPages Handler { get; private set; } = null!;
    public AdminPages Stranger { get; private set; } = null!;
    public AdminPages Admin { get; private set; } = null!;
    public AdminPages Auditor { get; private set; } = null!;
    public AdminPages Administrator { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Service = await TestService.Start();
        await Service.Post("c1", "1", Hostile);
        await Service.Post("c2", "1", Formula);
        Inquiry = await Service.InquiryOf("c1");
        Handler = await Service.SignIn(Inquiry.HandlerId);
        Stranger = await Service.SignIn("C040");
        Admin = await AdminPages.SignIn(Service, "admin");
        Auditor = await AdminPages.SignIn(Service, "auditor");
        Administrator = await AdminPages.SignIn(Service, "city");
    }

    public async Task DisposeAsync() => await Service.DisposeAsync();

    public AdminPages By(string who) => who switch { "handler" => Handler, "stranger" => Stranger, "admin" => Admin, "auditor" => Auditor, _ => Administrator };
}

public sealed class WrongFormJourneys(StaffedService staff) : IClassFixture<StaffedService>
{
    private readonly TestService _service = staff.Service;

    public static TheoryData<string, string, HttpStatusCode, string> WrongAddresses()
    {
        var table = new TheoryData<string, string, HttpStatusCode, string>();
        void Add(string who, HttpStatusCode status, string words, params string[] paths)
        {
            foreach (string path in paths)
                table.Add(who, path, status, words);
        }
        Add("admin", HttpStatusCode.NotFound, "没有这个页面", "/nowhere", "/inquiries/QS-261118-9999-A", "/inquiries/x", "/inquiries/..%2f..%2fetc", "/inquiries/QS-261118-0001-%F0%9F%98%80",
            "/inquiries", "/problem-lists?cadre=999999", "/problem-lists?handler=Csv&cadre=-1", "/response-rates?unit=999999", "/response-rates?handler=Xlsx&unit=0", "/calendar?year=1900", "/calendar?unit=999999", "/status/abc");
        Add("admin", HttpStatusCode.BadRequest, "有一项填得不对", "/?topic=Nope", "/?topic=99", "/?page-number=abc", "/?page-number=99999999999999", "/jobs?failed=maybe", "/response-rates?month=2026-13",
            "/response-rates?month=abc", "/response-rates?by=Nope", "/response-rates?unit=abc", "/response-rates?handler=Csv&month=9999-99", "/problem-lists?month=0000-01", "/problem-lists?month=2026-1", "/calendar?year=soon", "/calendar?unit=x", "/problem-lists?cadre=abc");
        Add("admin", HttpStatusCode.OK, "我的诉求", "/?show=nothing", "/?show=", "/?words=%00%27%22%25_", "/?page-number=-5", "/?page-number=2147483647", "/?words=" + new string('x', 3000));
        Add("stranger", HttpStatusCode.Forbidden, "您不能查看这一页", "/jobs", "/outbox", "/audit", "/chases");
        Add("stranger", HttpStatusCode.OK, "国庆节", "/calendar");
        Add("stranger", HttpStatusCode.OK, "还没有 2027 年的放假安排", "/calendar?year=2027");
        Add("auditor", HttpStatusCode.Forbidden, "您不能查看这一页", "/calendar");
        Add("stranger", HttpStatusCode.NotFound, "没有这个页面", "/calendar?unit=1", "/inquiries/{reference}", "/response-rates?unit=1", "/problem-lists?cadre=1");
        Add("auditor", HttpStatusCode.Forbidden, "您不能查看这一页", "/triage", "/jobs", "/cadres", "/outbox", "/notices", "/inquiries/{reference}");
        Add("administrator", HttpStatusCode.Forbidden, "您不能查看这一页", "/jobs", "/audit");
        return table;
    }

    [Theory, MemberData(nameof(WrongAddresses))]
    public async Task A_wrong_or_forbidden_address_gets_a_page_in_Chinese_that_says_so(string who, string path, HttpStatusCode status, string words)
    {
        Shown shown = await staff.By(who).Get(path.Replace("{reference}", staff.Inquiry.Reference, StringComparison.Ordinal));
        Assert.Equal(status, shown.Status);
        Assert.Contains(words, shown.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", shown.Html, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string, HttpStatusCode, string> WrongForms()
    {
        string long5000 = new('长', 5000);
        const string item = "/inquiries/{reference}";
        return new()
        {
            // who, action, field=value&…, page with the token, status, words shown
            { "handler", $"{item}?handler=Reply", "", item, HttpStatusCode.OK, "回复须有内容" },
            { "handler", $"{item}?handler=Reply", "Text=%20%0A", item, HttpStatusCode.OK, "回复须有内容" },
            { "handler", $"{item}?handler=Reply", "Text=%00", item, HttpStatusCode.BadRequest, "出了点问题" },
            { "handler", $"{item}?handler=Reply", $"Text={long5000}", item, HttpStatusCode.OK, "不超过 4000 字" },
            { "handler", $"{item}?handler=Reply", "Text=x&anyway=perhaps", item, HttpStatusCode.BadRequest, "有一项填得不对" },
            { "handler", $"{item}?handler=Note", "Text=", item, HttpStatusCode.OK, "须有内容" },
            { "handler", $"{item}?handler=Transfer", "to=&reason=x", item, HttpStatusCode.BadRequest, "有一项填得不对" },
            { "handler", $"{item}?handler=Transfer", "to=abc&reason=x", item, HttpStatusCode.BadRequest, "有一项填得不对" },
            { "handler", $"{item}?handler=Transfer", "to=999999&reason=x", item, HttpStatusCode.OK, "接收人不在岗" },
            { "handler", $"{item}?handler=Transfer", "to=-1&reason=x", item, HttpStatusCode.OK, "接收人不在岗" },
            { "handler", $"{item}?handler=Transfer", "to=5", item, HttpStatusCode.OK, "转办须写明理由" },
            { "handler", $"{item}?handler=Transfer", $"to=5&reason={new string('理', 600)}", item, HttpStatusCode.OK, "理由不能超过" },
            { "handler", $"{item}?handler=Correct", "topic=Nope&kind=Consultation&urgency=Routine&category=Difficulty&risk=None", item, HttpStatusCode.BadRequest, "有一项填得不对" },
            { "handler", $"{item}?handler=Correct", "topic=999&kind=Consultation&urgency=Routine&category=Difficulty&risk=None", item, HttpStatusCode.BadRequest, "有一项填得不对" },
            { "handler", $"{item}?handler=Correct", "", item, HttpStatusCode.BadRequest, "有一项填得不对" },
            { "handler", $"{item}?handler=Acknowledge", "", item, HttpStatusCode.OK, "不是危急诉求" },
            { "handler", $"{item}?handler=Contact", "outcome=x&followUp=yesterday", item, HttpStatusCode.OK, "不是危急诉求" },
            { "handler", $"{item}?handler=Contact", "outcome=x&followUp=0001-01-01T00:00", item, HttpStatusCode.OK, "不是危急诉求" },
            { "handler", $"{item}?handler=SignOff", "", item, HttpStatusCode.OK, "不是危急诉求" },
            { "handler", $"{item}?handler=Dismiss", "second=5", item, HttpStatusCode.OK, "由另一名干部确认" },
            { "handler", $"{item}?handler=Dismiss", "second=999999&reason=x", item, HttpStatusCode.OK, "由另一名干部确认" },
            { "handler", $"{item}?handler=Resend", "id=999999", item, HttpStatusCode.NotFound, "没有这个页面" },
            { "handler", $"{item}?handler=Nope", "", item, HttpStatusCode.NotFound, "没有这个页面" },
            { "handler", item, "", item, HttpStatusCode.NotFound, "没有这个页面" },
            { "handler", "/inquiries/QS-261118-9999-A?handler=Reply", "Text=x", item, HttpStatusCode.NotFound, "没有这个页面" },
            { "stranger", $"{item}?handler=Reply", "Text=我来回答", "/cadres", HttpStatusCode.NotFound, "没有这个页面" },
            { "stranger", $"{item}?handler=Note", "Text=我来看看", "/cadres", HttpStatusCode.NotFound, "没有这个页面" },
            { "stranger", "/?handler=Accept&id=1", "", "/cadres", HttpStatusCode.OK, "没有这件诉求" },
            { "stranger", "/?handler=Decline&id=abc", "reason=x", "/cadres", HttpStatusCode.BadRequest, "有一项填得不对" },
            { "stranger", "/triage", "reference={reference}&topic=Study&kind=Consultation&urgency=Routine", "/cadres", HttpStatusCode.NotFound, "没有这个页面" },
            { "stranger", "/cadres?handler=Leave", "cadre=1&deputy=2&from=2026-11-19&until=2026-11-20", "/cadres", HttpStatusCode.NotFound, "没有这个页面" },
            { "stranger", "/cadres?handler=Depart", "cadre=1&successor=2", "/cadres", HttpStatusCode.NotFound, "没有这个页面" },
            { "stranger", "/jobs?handler=Run", "key=chase-overdue", "/cadres", HttpStatusCode.Forbidden, "您不能查看这一页" },
            { "stranger", "/outbox", "id=1", "/cadres", HttpStatusCode.Forbidden, "您不能查看这一页" },
            { "administrator", "/cadres?handler=Leave", "cadre={self}&deputy={self}&from=2026-11-19&until=2026-11-20", "/cadres", HttpStatusCode.OK, "请假须有在册的代理人" },
            { "administrator", "/cadres?handler=Leave", "cadre={self}&deputy=5&from=2026-11-20&until=2026-11-19", "/cadres", HttpStatusCode.OK, "请假须有在册的代理人" },
            { "administrator", "/cadres?handler=Leave", "cadre={self}&deputy=5&from=0001-01-01&until=9999-12-31", "/cadres", HttpStatusCode.OK, "请假须有在册的代理人" },
            { "administrator", "/cadres?handler=Leave", "cadre={self}&deputy=5&from=morgen&until=", "/cadres", HttpStatusCode.OK, "请假须有在册的代理人" },
            { "administrator", "/cadres?handler=Leave", "cadre={self}&deputy=999999&from=2026-11-19&until=2026-11-20", "/cadres", HttpStatusCode.OK, "请假须有在册的代理人" },
            { "administrator", "/cadres?handler=Depart", "cadre={self}&successor=999999", "/cadres", HttpStatusCode.OK, "接收人不在岗" },
            { "administrator", "/cadres?handler=Depart", "cadre={self}&successor={self}", "/cadres", HttpStatusCode.OK, "已经在接收人手上" },
            { "administrator", "/cadres?handler=Depart", "cadre=1&successor=2", "/cadres", HttpStatusCode.NotFound, "没有这个页面" },
            { "administrator", "/outbox", "id=999999", "/cadres", HttpStatusCode.NotFound, "没有这个页面" },
            { "administrator", "/outbox", "id=abc", "/cadres", HttpStatusCode.BadRequest, "有一项填得不对" },
            { "administrator", "/problem-lists?month=nope", "", "/cadres", HttpStatusCode.BadRequest, "有一项填得不对" },
            { "admin", "/cadres?handler=Duty", "on=false", "/jobs", HttpStatusCode.OK, "没有绑定团干部" },
            { "admin", "/cadres?handler=Duty", "on=7", "/jobs", HttpStatusCode.BadRequest, "有一项填得不对" },
            { "admin", "/jobs?handler=Run", "key=nothing", "/jobs", HttpStatusCode.NotFound, "没有这个页面" },
            { "admin", "/jobs?handler=Run", "", "/jobs", HttpStatusCode.NotFound, "没有这个页面" },
            { "admin", "/jobs?handler=Clock", "hours=-1", "/jobs", HttpStatusCode.NotFound, "没有这个页面" },
            { "admin", "/jobs?handler=Clock", "hours=many", "/jobs", HttpStatusCode.BadRequest, "有一项填得不对" },
            { "auditor", "/response-rates", "", "/audit", HttpStatusCode.NotFound, "没有这个页面" },
            { "auditor", $"{item}?handler=Reply", "Text=x", "/audit", HttpStatusCode.Forbidden, "您不能查看这一页" },
        };
    }

    [Theory, MemberData(nameof(WrongForms))]
    public async Task A_wrong_form_is_refused_in_Chinese_and_changes_nothing(string who, string action, string fields, string page, HttpStatusCode status, string words)
    {
        string Filled(string text) => text.Replace("{reference}", staff.Inquiry.Reference, StringComparison.Ordinal).Replace("{self}", "6", StringComparison.Ordinal);
        string before = await Everything();
        (string, string)[] form = [.. Filled(fields).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).Select(f => (f[0], Uri.UnescapeDataString(f[1])))];
        // The auditor's pages have no form but the one to leave by, and its token serves all.
        Shown shown = await staff.By(who).Post(Filled(page), Filled(action), form);
        Assert.True(status == shown.Status && shown.Words.Contains(words, StringComparison.Ordinal), $"{(int)shown.Status}: {shown.Words.ReplaceLineEndings(" ")[..Math.Min(900, shown.Words.Length)]}");
        Assert.Equal(before, await Everything());
    }

    [Theory]
    [InlineData("handler", "/inquiries/{reference}?handler=Reply", "Text")]
    [InlineData("handler", "/?handler=Accept&id=1", "x")]
    [InlineData("handler", "/notices", "x")]
    [InlineData("administrator", "/outbox", "id")]
    [InlineData("admin", "/jobs?handler=Run", "key")]
    [InlineData("admin", "/sign-in?handler=Out", "x")]
    public async Task A_form_without_its_hidden_token_is_refused(string who, string action, string field)
    {
        string before = await Everything();
        foreach (string token in new[] { "", "garbage" })
        {
            Shown shown = await staff.By(who).Send(action.Replace("{reference}", staff.Inquiry.Reference, StringComparison.Ordinal), (field, "1"), ("__RequestVerificationToken", token));
            Assert.Equal(HttpStatusCode.BadRequest, shown.Status);
            Assert.Contains("没有任何内容被改动", shown.Words, StringComparison.Ordinal);
        }
        Assert.Equal(before, await Everything());
    }

    [Fact]
    public async Task What_was_typed_is_still_there_after_a_refusal_and_the_refusal_is_shown_once()
    {
        string item = $"/inquiries/{staff.Inquiry.Reference}";
        string tooLong = "开头的话" + new string('长', 4000) + "<i>结尾";
        Shown refused = await staff.Handler.Post(item, $"{item}?handler=Reply", ("Text", tooLong));
        Assert.Contains(tooLong, WebUtility.HtmlDecode(refused.Html), StringComparison.Ordinal);
        refused = await staff.Handler.Post(item, $"{item}?handler=Transfer", ("to", "999999"), ("reason", "写了很久的理由"));
        Assert.Contains("写了很久的理由", refused.Html, StringComparison.Ordinal);
        refused = await staff.Handler.Post(item, $"{item}?handler=Note", ("Text", new string('记', 4001)));
        Assert.Contains(new string('记', 4001), refused.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", (await staff.Handler.Get(item)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_words_are_shown_as_words_on_every_page_that_shows_them()
    {
        string item = $"/inquiries/{staff.Inquiry.Reference}";
        await staff.Handler.Post(item, $"{item}?handler=Note", ("Text", "<script>alert(3)</script>"));
        Month month = Month.Of(_service.Now);
        await _service.Do(db => _service.Get<CompileProblemList>().Compile(db, staff.Inquiry.OwnerId, month.From, month.Until, _service.Now, default));
        int seen = 0;
        foreach (string path in new[] { "/", "/?show=all", "/?words=%22%3E%3Cscript%3Ealert(4)%3C/script%3E", item, "/triage", "/notices", $"/problem-lists?cadre={staff.Inquiry.OwnerId}", "/cadres" })
        {
            Shown shown = await staff.Handler.Get(path);
            Assert.Equal(HttpStatusCode.OK, shown.Status);
            Assert.DoesNotContain("<script>alert", shown.Html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img src=x", shown.Html, StringComparison.OrdinalIgnoreCase);
            seen += shown.Html.Contains("&lt;script&gt;alert", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.True(seen >= 3, $"shown on {seen} pages only: the test looks in the wrong place");
    }

    [Fact]
    public async Task A_spreadsheet_gets_no_formula_from_anybodys_words()
    {
        Inquiry formula = await _service.InquiryOf("c2");
        Month month = Month.Of(_service.Now);
        await _service.Do(db => _service.Get<CompileProblemList>().Compile(db, formula.OwnerId, month.From, month.Until, _service.Now, default));
        string csv = Encoding.UTF8.GetString(await staff.Admin.File($"/problem-lists?handler=Csv&cadre={formula.OwnerId}"));
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil\"\"", csv, StringComparison.Ordinal);
        Assert.StartsWith("\uFEFF", csv, StringComparison.Ordinal);

        string name = "=1+1|cmd";
        await _service.Do(db => db.Cadres.Where(c => c.Id == formula.OwnerId).ExecuteUpdateAsync(set => set.SetProperty(c => c.PublicName, name)));
        _service.Get<Rosters>().Changed();
        csv = Encoding.UTF8.GetString(await staff.Admin.File("/response-rates?handler=Csv&by=Cadre"));
        Assert.Contains("\r\n'=1+1|cmd,", csv, StringComparison.Ordinal);
        using var book = new ZipArchive(new MemoryStream(await staff.Admin.File("/response-rates?handler=Xlsx&by=Cadre")));
        using var reader = new StreamReader(book.Entries.Single(e => e.FullName.Contains("sheet", StringComparison.Ordinal) && e.FullName.EndsWith(".xml", StringComparison.Ordinal)).Open());
        string sheet = await reader.ReadToEndAsync();
        Assert.Contains(name, sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("<x:f>", sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("<f>", sheet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_sees_the_sign_in_and_nothing_else()
    {
        using var nobody = new AdminPages(_service.Admin);
        foreach (string path in new[] { "/", $"/inquiries/{staff.Inquiry.Reference}", "/triage", "/chases", "/problem-lists", "/problem-lists?handler=Csv", "/response-rates", "/response-rates?handler=Xlsx", "/cadres", "/outbox", "/jobs", "/audit", "/notices" })
            Assert.Equal("/sign-in", (await nobody.Get(path)).At.AbsolutePath);
        foreach ((string name, string password, string words) in new[]
        {
            ("", "", "请填写账号和密码"), ("admin", "", "请填写账号和密码"), ("admin", "wrong", "账号或密码不对"), ("nobody", DemoAccounts.Password, "账号或密码不对"),
            ("admin' or 1=1 --", "x", "账号或密码不对"), (new string('x', 20_000), new string('y', 20_000), "账号或密码不对"), ("<script>alert(1)</script>", "x", "账号或密码不对"),
        })
        {
            Shown shown = await nobody.Post("/sign-in", "/sign-in", ("Name", name), ("Password", password));
            Assert.Contains(words, shown.Words, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", shown.Html, StringComparison.Ordinal);
        }
        // A sign-in never leads away from here.
        Shown home = await nobody.Post("/sign-in", "/sign-in?back=https%3A%2F%2Fevil.example%2F", ("Name", "auditor"), ("Password", DemoAccounts.Password));
        Assert.Equal(_service.Admin.Authority, home.At.Authority);
    }

    // Everything that a form could have changed, as one text.
    private Task<string> Everything() => _service.See(async db => string.Join('|',
        await db.Messages.CountAsync(), await db.Outbox.CountAsync(), await db.Handoffs.CountAsync(), await db.Leaves.CountAsync(), await db.Timeline.CountAsync(), await db.Audit.CountAsync(),
        await db.Cadres.CountAsync(c => c.Active), await db.Cadres.CountAsync(c => c.OnDuty), await db.Settings.CountAsync(),
        string.Join(',', await db.Inquiries.OrderBy(i => i.Id).Select(i => $"{i.Topic}{i.Kind}{i.Urgency}{i.Status}{i.HandlerId}{i.Version}").ToListAsync())));
}
