using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Quartz;
using TuanLink.Bot.Jobs;
using TuanLink.Journeys.Attachments;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.ProblemLists;
using TuanLink.Routing.Responses;
using TuanLink.Routing.Tests.Database;
using TuanLink.Routing.Units;

namespace TuanLink.Journeys;

/// <summary>The service on a real PostgreSQL server: alone, and two nodes at once that share nothing but the database.</summary>
public sealed class PostgresJourneys : IAsyncLifetime
{
    private TestService _a = null!;
    private string _database = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.NewDatabaseAsync();
        _a = await TestService.Start(new() { Postgres = _database });
    }

    public async Task DisposeAsync()
    {
        Assert.True(_a.Errors.Count == 0, string.Join("\n", _a.Errors.Take(3)));
        await _a.DisposeAsync();
    }

    private Task<TestService> Another() => TestService.Start(new() { Postgres = _database, Beside = _a });

    [Fact]
    public async Task What_a_youth_sent_to_one_node_is_seen_at_the_other_and_a_link_is_fetched_once()
    {
        await using TestService b = await Another();
        await using FilePeer files = await FilePeer.Start();
        byte[] photo = Samples.Jpeg(700_000);
        DirectLineYouth youth = await new DirectLineYouth(_a.Http, _a.Bot).Begin();
        using HttpResponseMessage sent = await youth.Upload("厂里三个月没发工资了，这是工资条", "k1", new FormFile("工资条.jpg", photo));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        string address = (await youth.News())[0].GetProperty("attachments")[0].GetProperty("contentUrl").GetString()!;
        Assert.Equal(photo, await b.Http.GetByteArrayAsync(new Uri(b.Bot, new Uri(address).PathAndQuery)));

        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage said = await _a.Http.PostAsJsonAsync(new Uri(_a.Bot, "/api/messages"), new
            {
                type = "message", id = $"m{i}", channelId = "emulator", serviceUrl = _a.Connector.Url, text = "", conversation = new { id = "c" }, from = new { id = "y" }, recipient = new { id = "bot" },
                attachments = new[] { new { contentType = "image/png", contentUrl = files.Put($"{i}.png", Samples.Png), name = "a.png" } },
            });
            Assert.Equal(HttpStatusCode.OK, said.StatusCode);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (await _a.See(db => db.Attachments.CountAsync(a => a.State == AttachmentState.Kept)) < 11)
            await look.WaitForNextTickAsync(patience.Token);
        Assert.Equal(10, files.Asked.Count);
        Assert.Empty(b.Errors);
    }

    [Fact]
    public async Task The_whole_way_of_a_message_and_every_page_of_the_Admin_work_on_PostgreSQL()
    {
        await _a.Post("c1", "1", "厂里三个月没发工资了，找谁都没用");
        await _a.Post("c1", "1", "厂里三个月没发工资了，找谁都没用");
        await _a.Post("c2", "1", "我不想活了，今晚就走");
        Inquiry inquiry = await _a.InquiryOf("c1");
        using AdminPages cadre = await _a.SignIn(inquiry.HandlerId);
        string item = $"/inquiries/{inquiry.Reference}";
        await cadre.Post(item, $"{item}?handler=Note", ("Text", "已联系监察大队"));
        await cadre.Post(item, $"{item}?handler=Reply", ("Text", "明天上午 9 点到区人社局二楼监察大队，带劳动合同和考勤，我陪你去。"));
        Assert.Contains("我陪你去", (await _a.Heard("c1", 2))[1], StringComparison.Ordinal);
        await _a.Wait(TimeSpan.FromHours(3));
        await _a.Heard("c1", 3);
        await _a.Post("c1", "2", "没有解决");
        await _a.Heard("c1", 4);
        await cadre.Post(item, $"{item}?handler=Reply", ("Text", "监察大队今天 15:00 约谈厂方，工资本周五前发放，我跟到底。"));
        await _a.Heard("c1", 5);
        await _a.Wait(TimeSpan.FromHours(3));
        await _a.Heard("c1", 6);
        await _a.Post("c1", "3", "解决了");
        await _a.Heard("c1", 8);
        await _a.Post("c1", "4", "5星");
        await _a.Heard("c1", 9);
        inquiry = await _a.InquiryOf("c1");
        Assert.Equal((InquiryStatus.Resolved, Outcome.Resolved, 5, 1), (inquiry.Status, inquiry.Outcome, inquiry.Stars, inquiry.Round));
        for (int i = 0; i < 10; i++)
            await _a.Wait(TimeSpan.FromDays(1));

        using AdminPages admin = await AdminPages.SignIn(_a, "admin");
        Month month = Month.Of(_a.Now);
        await _a.Do(db => _a.Get<CompileProblemList>().Compile(db, inquiry.OwnerId, month.From, month.Until, _a.Now, default));
        foreach (string page in new[] { "/", "/?show=ended", "/?words=%00工资", "/?page-number=2147483647", item, "/triage", "/chases", "/problem-lists", $"/problem-lists?cadre={inquiry.OwnerId}", "/problem-lists?handler=Csv",
            "/response-rates", "/response-rates?by=Unit", "/response-rates?by=Topic", "/response-rates?handler=Xlsx&by=Handler", "/cadres", "/outbox", "/jobs", "/audit", "/inquiries/x%00" })
        {
            Shown shown = await admin.Get(page);
            Assert.True(shown.Status == HttpStatusCode.OK || page.StartsWith("/inquiries/x", StringComparison.Ordinal), $"{page} answers {shown.Status}");
        }
        Assert.Contains("100.0%", (await admin.Get("/response-rates?by=Kind")).Words, StringComparison.Ordinal);
        // Nine wrong passwords close an account on this engine, too.
        using var guesser = new AdminPages(_a.Admin);
        Shown last = null!;
        for (int i = 0; i < 9; i++)
            last = await guesser.Post("/sign-in", "/sign-in", ("Name", "auditor"), ("Password", "guess"));
        Assert.Contains("暂时锁定", last.Words, StringComparison.Ordinal);
        // And words nobody wants kept are gone.
        await _a.Post("c1", "5", "删除我的数据");
        await _a.Heard("c1", 10);
        await _a.Post("c1", "6", "确认删除");
        await _a.Heard("c1", 11);
        Assert.Equal(0, await _a.See(db => db.Messages.CountAsync(m => m.Text.Contains("工资"))));
    }

    [Fact]
    public async Task Two_nodes_deliver_everything_once_and_in_order()
    {
        await using TestService b = await Another();
        const int conversations = 6, turns = 5;
        // A slow channel, so that both nodes are at it while words pile up.
        _a.Connector.Hold = new TaskCompletionSource();
        await Task.WhenAll(Enumerable.Range(0, conversations).Select(async c =>
        {
            for (int turn = 0; turn < turns; turn++)
            {
                TestService node = (c + turn) % 2 == 0 ? _a : b;
                Assert.Equal(HttpStatusCode.OK, (await node.Post($"c{c}", $"{turn}", turn == 0 ? "宿舍的热水器坏了一星期没人修" : "进度")).StatusCode);
            }
        }));
        _a.Connector.Hold.SetResult();
        foreach (int c in Enumerable.Range(0, conversations))
            await _a.Heard($"c{c}", turns);
        await Idle();
        foreach (int c in Enumerable.Range(0, conversations))
        {
            List<long> ids = [.. _a.Replies.Where(r => r.GetProperty("conversation").GetProperty("id").GetString() == $"c{c}")
                .Select(r => long.Parse(r.GetProperty("id").GetString()![3..], System.Globalization.CultureInfo.InvariantCulture))];
            Assert.Equal(turns, ids.Count);
            Assert.Equal(ids.Order(), ids);
            Assert.Contains("收到了", (await _a.Heard($"c{c}", 1))[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_node_that_died_while_delivering_holds_nobody_up_for_ever_and_one_that_lives_is_left_alone()
    {
        await _a.Post("c1", "1", "想问一下入团申请书怎么写");
        await _a.Heard("c1", 1);
        await Idle();
        long soon = DateTime.UnixEpoch.AddYears(200).Ticks;
        await _a.Do(db => db.Database.ExecuteSqlAsync($"UPDATE conversations SET delivering_by = 'another', delivering_until = {soon}"));
        await _a.Post("c1", "2", "进度");
        await _a.Post("c2", "1", "想问一下入团申请书怎么写");
        await _a.Heard("c2", 1);
        Assert.Single(await _a.Heard("c1", 1));
        await _a.Do(db => db.Database.ExecuteSqlAsync($"UPDATE conversations SET delivering_until = 1 WHERE delivering_by = 'another'"));
        Assert.Equal(2, (await _a.Heard("c1", 2)).Count);
    }

    [Fact]
    public async Task Two_nodes_run_the_timetable_at_once_and_each_step_happens_once()
    {
        await using TestService b = await Another();
        foreach (int c in Enumerable.Range(0, 4))
            await _a.Post($"c{c}", "1", c == 0 ? "我不想活了，今晚就走" : "想问一下青年大学习补课的截止时间是什么时候");
        for (int i = 0; i < 8; i++)
        {
            _a.Clock.Advance(TimeSpan.FromHours(6));
            await Task.WhenAll(_a.Get<TimedJobs>().RunAllDue(default), b.Get<TimedJobs>().RunAllDue(default));
        }
        var marks = await _a.See(db => db.ChaseMarks.Select(m => new { m.InquiryId, m.Round, m.Step }).ToListAsync());
        Assert.True(marks.Count > 12);
        Assert.Equal(marks.Count, marks.Distinct().Count());
        // What the marks stand for happened as often as the marks: one word to the youth, one line in the story.
        foreach (long id in marks.Where(m => m.Step == "overdue").Select(m => m.InquiryId))
        {
            Assert.Equal(1, await _a.See(db => db.Timeline.CountAsync(t => t.InquiryId == id && t.Happening == Routing.Timeline.Happening.Overdue)));
            Assert.Equal(1, await _a.See(db => db.Outbox.CountAsync(o => o.InquiryId == id && o.Text.Contains("我们的责任"))));
        }
        var loads = await _a.See(db => db.Handlers.Select(h => new { h.OpenItems, Held = db.Holdings.Count(x => x.HandlerId == h.Id && x.Until == null) }).ToListAsync());
        Assert.All(loads, l => Assert.Equal(l.Held, l.OpenItems));
    }

    [Fact]
    public async Task A_cookie_and_a_token_of_one_node_are_good_at_the_other()
    {
        await using TestService b = await Another();
        using AdminPages atA = await AdminPages.SignIn(_a, "city");
        using var atB = new AdminPages(b.Admin);
        foreach (Cookie cookie in atA.Cookies.GetAllCookies())
            atB.Cookies.Add(b.Admin, new Cookie(cookie.Name, cookie.Value));
        Shown home = await atB.Get("/cadres");
        Assert.Equal((HttpStatusCode.OK, "/cadres"), (home.Status, home.At.AbsolutePath));
        // A form that one node showed may be sent to the other.
        Shown sent = await atB.Send("/notices", ("__RequestVerificationToken", await atA.Token("/notices")));
        Assert.Equal(HttpStatusCode.OK, sent.Status);

        // A chat page that talks now to one node and now to the other misses nothing and hears nothing twice.
        JsonElement ticket = await (await _a.Http.PostAsync(new Uri(_a.Bot, "/v3/directline/conversations"), null)).Content.ReadFromJsonAsync<JsonElement>();
        if (!ticket.TryGetProperty("token", out _))
            ticket = await (await _a.Http.PostAsync(new Uri(_a.Bot, "/v3/directline/tokens/generate"), null)).Content.ReadFromJsonAsync<JsonElement>();
        string id = ticket.GetProperty("conversationId").GetString()!;
        string mark = "";
        var heard = new List<string>();
        foreach (int i in Enumerable.Range(0, 6))
        {
            TestService node = i % 2 == 0 ? b : _a;
            using var post = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Bot, $"/v3/directline/conversations/{id}/activities")) { Content = JsonContent.Create(new { type = "message", text = i == 0 ? "团费怎么交" : "进度" }) };
            post.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ticket.GetProperty("token").GetString());
            Assert.Equal(HttpStatusCode.OK, (await node.Http.SendAsync(post)).StatusCode);
            using var poll = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Bot, $"/v3/directline/conversations/{id}/activities?watermark={mark}"));
            poll.Headers.Authorization = post.Headers.Authorization;
            JsonElement news = await (await node.Http.SendAsync(poll)).Content.ReadFromJsonAsync<JsonElement>();
            mark = news.GetProperty("watermark").GetString()!;
            heard.AddRange(news.GetProperty("activities").EnumerateArray().Select(x => x.GetProperty("id").GetString()!));
            Assert.True(heard.Count >= 2 * (i + 1), $"after turn {i} the page has heard {heard.Count}");
        }
        Assert.Equal(heard.Count, heard.Distinct().Count());
    }

    [Fact]
    public async Task The_scheduler_clusters_on_the_shared_database_and_keeps_the_history_of_all_nodes()
    {
        await using TestService b = await TestService.Start(new() { Postgres = _database, Beside = _a, Settings = { ["Jobs:OnlyByHand"] = "false" } });
        await using TestService c = await TestService.Start(new() { Postgres = _database, Beside = _a, Settings = { ["Jobs:OnlyByHand"] = "false" } });
        foreach (TestService node in new[] { b, c })
        {
            IScheduler scheduler = await node.Get<ISchedulerFactory>().GetScheduler();
            await scheduler.TriggerJob(new JobKey("close-unconfirmed"));
        }
        using AdminPages admin = await AdminPages.SignIn(c, "admin");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        int runs = 0;
        while (runs < 2)
        {
            string page = (await admin.Get("/jobs")).Words;
            runs = page[page.IndexOf("最近运行", StringComparison.Ordinal)..].Split("关闭未确认").Length - 1;
            Assert.True(runs >= 2 || await look.WaitForNextTickAsync(patience.Token), $"the history shows {runs} runs");
        }
    }

    // Until nothing is owed and nobody delivers.
    private async Task Idle()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await _a.See(async db => await db.Outbox.AnyAsync(o => o.State == Delivery.Queued) || await db.Conversations.AnyAsync(c => c.DeliveringBy != null)))
            await look.WaitForNextTickAsync(patience.Token);
    }
}
