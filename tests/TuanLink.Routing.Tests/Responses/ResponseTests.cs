using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;

namespace TuanLink.Routing.Tests.Responses;

public sealed class ResponseTests
{
    [Theory]
    [InlineData("已收到，请耐心等待。")]
    [InlineData("您好！您反映的问题已转相关部门处理，感谢您对共青团工作的关心和支持！")]
    [InlineData("收到")]
    public async Task A_reply_that_only_says_received_is_warned_of_and_does_not_stop_the_clock(string words)
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        ResponseSent warned = await office.Reply(inquiry.Id, words);
        Assert.NotNull(warned.Warning);
        Assert.Equal(0, await office.See(db => db.Messages.CountAsync(m => m.HandlerId != null)));
        await office.Reply(inquiry.Id, words, anyway: true);
        await office.DeliverAll();
        inquiry = await office.Inquiry(inquiry.Id);
        Assert.NotNull(inquiry.FirstResponseAt);
        Assert.Null(inquiry.AnsweredAt);
        Assert.Equal(InquiryStatus.Assigned, inquiry.Status);
    }

    [Theory]
    [InlineData("可以")]
    [InlineData("下午3点")]
    [InlineData("你好，具体是哪个学校？")]
    [InlineData("周三带身份证到政务大厅二楼办")]
    public async Task A_short_exact_answer_is_no_boilerplate(string words)
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        Assert.Null((await office.Reply(inquiry.Id, words)).Warning);
    }

    [Fact]
    public async Task The_same_words_to_another_matter_are_noticed()
    {
        await using Office office = await Office.Open();
        Inquiry first = await office.Receive(topic: Topic.Study, linkedTo: office.Wang);
        Inquiry second = await office.Receive(topic: Topic.Rights, linkedTo: office.Wang);
        const string words = "你可以先到所在街道的服务窗口说明情况，工作人员会登记后安排专人联系你，三个工作日内给结果。";
        Assert.Null((await office.Reply(first.Id, words)).Warning);
        Assert.Contains(first.Reference, (await office.Reply(second.Id, words)).Warning, StringComparison.Ordinal);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_reply_that_did_not_arrive_is_no_reply(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        await office.DeliverAll();
        await office.Reply(inquiry.Id);
        Assert.Null((await office.Inquiry(inquiry.Id)).AnsweredAt);
        OutboxMessage owed = await office.See(db => db.Outbox.SingleAsync(o => o.MessageId != null));
        await office.Do(db => office.Get<RecordDelivery>().Failed(db, owed, "渠道返回 404", null, office.Now, default));
        Assert.Null((await office.Inquiry(inquiry.Id)).AnsweredAt);
        Assert.Contains(await office.Told(office.Wang), t => t.Contains("未能送达", StringComparison.Ordinal));
        await office.Do(db => office.Get<RecordDelivery>().Resend(db, owed.Id, office.Now, default));
        await office.DeliverAll();
        Assert.Equal((office.Now, InquiryStatus.Answered), ((await office.Inquiry(inquiry.Id)).AnsweredAt, (await office.Inquiry(inquiry.Id)).Status));
    }

    [Fact]
    public async Task The_youth_is_asked_once_by_day_and_silence_closes_apart_from_solved()
    {
        await using Office office = await Office.Open("2026-11-18 19:30");
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        await office.Answer(inquiry.Id);
        var ask = office.Get<AskForConfirmation>();
        office.Clock.MoveTo(FakeClock.China("2026-11-18 23:00"));
        Assert.Equal(0, await office.Do(db => ask.AskDue(db, office.Now, default)));
        office.Clock.MoveTo(FakeClock.China("2026-11-19 08:00"));
        Assert.Equal(1, await office.Do(db => ask.AskDue(db, office.Now, default)));
        Assert.Equal(0, await office.Do(db => ask.AskDue(db, office.Now, default)));
        office.Clock.Advance(TimeSpan.FromDays(6.9));
        Assert.Equal(0, await office.Do(db => office.Get<CloseUnconfirmed>().CloseDue(db, office.Now, default)));
        office.Clock.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal(1, await office.Do(db => office.Get<CloseUnconfirmed>().CloseDue(db, office.Now, default)));
        inquiry = await office.Inquiry(inquiry.Id);
        Assert.Equal((InquiryStatus.Closed, (Outcome?)null, (DateTimeOffset?)null), (inquiry.Status, inquiry.Outcome, inquiry.ResolvedAt));
    }

    [Fact]
    public async Task Not_solved_opens_it_again_for_somebody_who_is_there()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        await office.Answer(inquiry.Id);
        await office.Confirm(inquiry.Id, Outcome.Resolved);
        Assert.Equal(InquiryStatus.Resolved, (await office.Inquiry(inquiry.Id)).Status);
        await office.Do(db => db.Cadres.Where(c => c.Id == office.Wang.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.OnDuty, false)));
        office.Get<TuanLink.Routing.Assignments.Rosters>().Changed();
        await office.Confirm(inquiry.Id, Outcome.NotResolved);
        inquiry = await office.Inquiry(inquiry.Id);
        Assert.Equal((InquiryStatus.Assigned, 1), (inquiry.Status, inquiry.Round));
        Assert.Equal(office.Li.Id, inquiry.HandlerId);
        Assert.Null(inquiry.RoundAnsweredAt);
    }
}
