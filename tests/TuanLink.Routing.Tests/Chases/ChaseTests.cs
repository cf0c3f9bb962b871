using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Chases;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Tests.Chases;

public sealed class ChaseTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task An_unanswered_item_is_chased_at_half_four_fifths_and_all_of_its_time_and_then_reassigned(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        var expected = new List<string>();
        foreach ((string at, string? step) in new[]
        {
            ("2026-11-18 20:59", null), ("2026-11-18 21:00", "half"), ("2026-11-19 04:11", null), ("2026-11-19 04:12", "four-fifths"),
            ("2026-11-19 08:59", null), ("2026-11-19 09:00", "overdue"), ("2026-11-20 17:29", null), ("2026-11-20 17:30", "reassign"),
        })
        {
            office.Clock.MoveTo(FakeClock.China(at));
            await office.Get<ChaseOverdue>().TakeDueSteps(office.Now, default);
            if (step is not null)
                expected.Add(step);
            Assert.Equal(expected, await office.Steps(inquiry.Id));
        }
        Assert.Contains(await office.Told(office.Administrator), t => t.Contains("超过答复时限", StringComparison.Ordinal));
        Assert.NotEqual(office.Wang.Id, (await office.Inquiry(inquiry.Id)).HandlerId);
        Assert.Equal(office.Wang.Id, (await office.Inquiry(inquiry.Id)).OwnerId);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_step_is_taken_once_however_many_look_at_the_same_time(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        office.Clock.Advance(TimeSpan.FromHours(25));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => office.Get<ChaseOverdue>().TakeDueSteps(office.Now, default)));
        Assert.Equal(["half", "four-fifths", "overdue"], await office.Steps(inquiry.Id));
        Assert.Single(await office.Told(office.Administrator));
    }

    [Fact]
    public async Task An_answer_that_arrived_stops_the_chase_and_a_new_word_of_the_youth_begins_a_new_round()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        await office.Answer(inquiry.Id);
        office.Clock.Advance(TimeSpan.FromHours(30));
        await office.Get<ChaseOverdue>().TakeDueSteps(office.Now, default);
        Assert.Empty(await office.Steps(inquiry.Id));
        await office.FollowUp(inquiry.Id, "那如果没有身份证呢");
        office.Clock.Advance(TimeSpan.FromHours(13));
        await office.Get<ChaseOverdue>().TakeDueSteps(office.Now, default);
        Assert.Equal(["half"], await office.Steps(inquiry.Id));
    }

    [Fact]
    public async Task A_crisis_climbs_at_five_ten_and_fifteen_minutes_also_across_a_restart_until_a_human_acknowledges()
    {
        await using Office first = await Office.Open("2026-11-22 02:00");
        Inquiry inquiry = await first.Receive("不想活了", Topic.MentalHealth, risk: Risk.Crisis);
        first.Clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(0, await first.Get<ClimbCrisisLadders>().TakeDueSteps(first.Now, default));
        first.Clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Equal(1, await first.Get<ClimbCrisisLadders>().TakeDueSteps(first.Now, default));
        Office office = await first.Restart();
        office.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await office.Get<ClimbCrisisLadders>().TakeDueSteps(office.Now, default));
        Assert.Equal(0, await office.Get<ClimbCrisisLadders>().TakeDueSteps(office.Now, default));
        Assert.Equal(office.Leader.Id, (await office.Inquiry(inquiry.Id)).HandlerId);
        await office.Do(db => office.Get<HandleCrisis>().Acknowledge(db, inquiry.Id, office.Leader.Id, office.Now, default));
        office.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(0, await office.Get<ClimbCrisisLadders>().TakeDueSteps(office.Now, default));
        Assert.Equal(["crisis-1", "crisis-2"], (await office.Steps(inquiry.Id)).Where(s => s.StartsWith("crisis", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_crisis_ends_only_with_contact_follow_up_and_a_second_signature()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive("不想活了", Topic.MentalHealth, risk: Risk.Crisis);
        await office.Answer(inquiry.Id);
        await office.Confirm(inquiry.Id, Outcome.Resolved);
        Assert.True((await office.Inquiry(inquiry.Id)).IsOpen);
        var crises = office.Get<HandleCrisis>();
        await Assert.ThrowsAsync<AcknowledgeBeforeContact>(() => office.Do(db => crises.RecordContact(db, inquiry.Id, office.Responder.Id, "x", office.Now.AddDays(1), office.Now, default)));
        await office.Do(db => crises.Acknowledge(db, inquiry.Id, office.Responder.Id, office.Now, default));
        await office.Do(db => crises.RecordContact(db, inquiry.Id, office.Responder.Id, "已通话，母亲陪同", office.Now.AddDays(1), office.Now, default));
        await Assert.ThrowsAsync<SignOffNeedsASecondPerson>(() => office.Do(db => crises.SignOff(db, inquiry.Id, office.Responder.Id, office.Now, default)));
        await office.Do(db => crises.SignOff(db, inquiry.Id, office.Leader.Id, office.Now, default));
        await office.Confirm(inquiry.Id, Outcome.Resolved);
        Assert.Equal(InquiryStatus.Resolved, (await office.Inquiry(inquiry.Id)).Status);
    }
}
