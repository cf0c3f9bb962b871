using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Journeys;

/// <summary>An inquiry goes from hand to hand, or must not go to one; all through the Admin's pages.</summary>
public sealed partial class HandoverJourneys : IAsyncLifetime
{
    private TestService _service = null!;
    public async Task InitializeAsync() => _service = await TestService.Start();
    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Passing_an_item_there_and_back_without_an_answer_alerts_the_units_administrator()
    {
        await _service.Post("c1", "1", "想问一下青年大学习补课的截止时间是什么时候");
        Inquiry inquiry = await _service.InquiryOf("c1");
        long other = await AnotherThan(inquiry.HandlerId, inquiry.UnitId);
        using AdminPages a = await _service.SignIn(inquiry.HandlerId);
        using AdminPages b = await _service.SignIn(other);
        using AdminPages administrator = await AdministratorOf(inquiry.UnitId);

        // Without a reason nothing moves.
        Assert.Contains("转办须写明理由", (await Transfer(a, inquiry, other, " ")).Words, StringComparison.Ordinal);
        Assert.Contains("已发出请求", (await Transfer(a, inquiry, other, "这件事归您那边的团支部管")).Words, StringComparison.Ordinal);
        Assert.Equal(inquiry.HandlerId, (await _service.InquiryOf("c1")).HandlerId);
        Assert.Contains("现在由您处理", (await Accept(b)).Words, StringComparison.Ordinal);
        Assert.Equal((other, inquiry.OwnerId), ((await _service.InquiryOf("c1")).HandlerId, inquiry.OwnerId));
        Assert.DoesNotContain("二传手", (await administrator.Get("/notices")).Words, StringComparison.Ordinal);

        await _service.Wait(TimeSpan.FromHours(2));
        await Transfer(b, inquiry, inquiry.HandlerId, "还是您熟");
        await Accept(a);
        Inquiry back = await _service.InquiryOf("c1");
        Assert.Equal((inquiry.HandlerId, 2, inquiry.ResponseDueAt), (back.HandlerId, back.Transfers, back.ResponseDueAt));
        Shown notices = await administrator.Get("/notices");
        Assert.Contains($"{inquiry.Reference} 转回曾经的处理人，没有实质答复（二传手）", notices.Words, StringComparison.Ordinal);
        Assert.Contains("1 条紧急提醒", notices.Html, StringComparison.Ordinal);
        // Each hop is charged with the time it held the item.
        Shown item = await administrator.Get($"/inquiries/{inquiry.Reference}");
        Assert.Contains("2小时", item.Words[item.Words.IndexOf("谁持有了多久", StringComparison.Ordinal)..], StringComparison.Ordinal);
        // The youth hears each time who answers now.
        Assert.Equal(2, (await _service.Heard("c1", 3)).Count(w => w.Contains("不用再说一遍", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_complained_of_a_cadre_neither_reaches_nor_shows_itself_to_that_cadre()
    {
        Cadre accused = await _service.See(db => db.Cadres.SingleAsync(c => c.Name == "高一鸣"));
        await _service.Post("c1", "1", "我要投诉高一鸣，上次找他办事态度很差，一直推诿不理人");
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.Equal(accused.Id, inquiry.AboutCadreId);
        Assert.DoesNotContain(accused.Id, new[] { inquiry.HandlerId, inquiry.OwnerId });

        using AdminPages his = await _service.SignIn(accused.Code);
        foreach (string page in new[] { "/", "/?show=all", "/triage", "/notices", "/problem-lists" })
            Assert.DoesNotContain(inquiry.Reference, (await his.Get(page)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await his.Get($"/inquiries/{inquiry.Reference}")).Status);
        using AdminPages others = await _service.SignIn(inquiry.HandlerId);
        Shown item = await others.Get($"/inquiries/{inquiry.Reference}");
        Assert.Contains("已对其回避", item.Words, StringComparison.Ordinal);
        // He is not among those it can be passed to, and a forged form does not pass it either.
        Assert.DoesNotContain($"value=\"{accused.Id}\"", item.Html[item.Html.IndexOf("id=\"to\"", StringComparison.Ordinal)..item.Html.IndexOf("id=\"treason\"", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("不能转给诉求所涉及的干部", (await Transfer(others, inquiry, accused.Id, "请看一下")).Words, StringComparison.Ordinal);

        // Neither the chase nor its reassignment brings it to him.
        for (int i = 0; i < 12; i++)
            await _service.Wait(TimeSpan.FromHours(8));
        Assert.Equal(0, await _service.See(db => db.Holdings.CountAsync(h => h.HandlerId == accused.Id)));
        Assert.Equal(0, await _service.See(db => db.Notices.CountAsync(n => n.HandlerId == accused.Id)));
    }

    [Fact]
    public async Task A_youth_who_complains_of_my_cadre_without_a_name_is_not_answered_by_that_cadre()
    {
        await _service.Post("c1", "1", "你好");
        Cadre linked = await _service.See(db => db.Cadres.SingleAsync(c => c.Code == "C009"));
        await _service.Do(async db => db.ContactLinks.Add(new ContactLink
        {
            CadreId = linked.Id, YouthId = await db.Conversations.Where(c => c.ChannelConversationId == "c1").Select(c => c.YouthId).SingleAsync(), Since = _service.Now.AddDays(-30),
        }));
        await _service.Post("c1", "2", "联系我的干部收了我的材料就再也不理我，我要反映这个情况");
        Inquiry inquiry = await _service.InquiryOf("c1");
        Assert.Equal(linked.Id, inquiry.AboutCadreId);
        Assert.DoesNotContain(linked.Id, new[] { inquiry.HandlerId, inquiry.OwnerId });
    }

    [Fact]
    public async Task An_expert_who_declines_makes_room_for_the_next_and_the_owner_stays_accountable()
    {
        await _service.Post("c1", "1", "厂里三个月没发工资了，找谁都没用，劳动仲裁怎么申请");
        Inquiry inquiry = await _service.InquiryOf("c1");
        Handoff first = await Offer(inquiry.Id);
        using AdminPages expert = await AdminPages.SignIn(_service, await _service.Account("专家一", Role.Expert, await _service.CodeOf(first.ToId)));
        Assert.Contains("婉拒须写明理由", (await expert.Post("/", $"/?handler=Decline&id={first.Id}", ("reason", ""))).Words, StringComparison.Ordinal);
        Assert.Contains("已婉拒", (await expert.Post("/", $"/?handler=Decline&id={first.Id}", ("reason", "本周出庭，排不开"))).Words, StringComparison.Ordinal);
        Handoff second = await Offer(inquiry.Id);
        Assert.NotEqual(first.ToId, second.ToId);
        using AdminPages next = await AdminPages.SignIn(_service, await _service.Account("专家二", Role.Expert, await _service.CodeOf(second.ToId)));
        await Accept(next);
        Inquiry taken = await _service.InquiryOf("c1");
        Assert.Equal((second.ToId, inquiry.OwnerId), (taken.HandlerId, taken.OwnerId));
        Assert.Equal(HttpStatusCode.NotFound, (await expert.Get($"/inquiries/{inquiry.Reference}")).Status);

        Task<Handoff> Offer(long id) => _service.See(db => db.Handoffs.SingleAsync(h => h.InquiryId == id && h.Outcome == HandoffOutcome.Pending));
    }

    private static Task<Shown> Transfer(AdminPages by, Inquiry inquiry, long to, string reason) =>
        by.Post($"/inquiries/{inquiry.Reference}", $"/inquiries/{inquiry.Reference}?handler=Transfer", ("to", $"{to}"), ("reason", reason));

    private static async Task<Shown> Accept(AdminPages by)
    {
        Match offer = AcceptForm().Match(WebUtility.HtmlDecode((await by.Get("/")).Html));
        Assert.True(offer.Success, "nothing is offered");
        return await by.Post("/", offer.Groups[1].Value);
    }

    private Task<long> AnotherThan(long cadre, long unit) =>
        _service.See(db => db.Cadres.Where(c => c.UnitId == unit && c.Id != cadre && c.OnDuty && !db.Duties.Any(d => d.CadreId == c.Id && d.Role == DutyRole.Administrator)).OrderBy(c => c.Id).Select(c => c.Id).FirstAsync());

    private async Task<AdminPages> AdministratorOf(long unit)
    {
        string code = await _service.See(db => db.Cadres.Where(c => db.Duties.Any(d => d.UnitId == unit && d.CadreId == c.Id && d.Role == DutyRole.Administrator)).Select(c => c.Code).FirstAsync());
        return await _service.SignIn(code, Role.UnitAdministrator);
    }

    [GeneratedRegex("action=\"(/\\?[^\"]*handler=Accept[^\"]*)\"")]
    private static partial Regex AcceptForm();
}
