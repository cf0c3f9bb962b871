using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Timeline;

namespace TuanLink.Routing.Tests.Assignments;

public sealed class AssignInquiryTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_linked_youth_goes_to_the_linked_cadre_whatever_the_load(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        for (int i = 0; i < 5; i++)
            Assert.Equal(office.Wang.Id, (await office.Receive(linkedTo: office.Wang)).OwnerId);
        Assert.Equal(5, await office.See(db => db.Cadres.Where(c => c.Id == office.Wang.Id).Select(c => c.OpenItems).SingleAsync()));
    }

    [Fact]
    public async Task Without_a_link_the_least_loaded_takes_it_and_the_desk_takes_what_nobody_has_room_for()
    {
        await using Office office = await Office.Open();
        var owners = new List<long>();
        for (int i = 0; i < 7; i++)
        {
            owners.Add((await office.Receive()).OwnerId);
            office.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(3, owners.Count(o => o == office.Wang.Id));
        Assert.Equal(3, owners.Count(o => o == office.Li.Id));
        Assert.Equal(office.Desk.Id, owners[6]);
    }

    [Fact]
    public async Task A_crisis_goes_to_the_responder_at_once_while_the_linked_cadre_stays_accountable()
    {
        await using Office office = await Office.Open("2026-11-22 02:00");
        Inquiry inquiry = await office.Receive("我不想活了", Topic.MentalHealth, risk: Risk.Crisis, linkedTo: office.Wang);
        Assert.Equal((office.Wang.Id, office.Responder.Id), (inquiry.OwnerId, inquiry.HandlerId));
        Assert.Equal(office.Now.AddMinutes(5), inquiry.ResponseDueAt);
        string safe = (await office.SaidTo(inquiry.ConversationId))[0];
        Assert.All(["12355", "12356", "110", "120"], number => Assert.Contains(number, safe, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_complaint_never_reaches_the_one_complained_of()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive("我要投诉王小明，态度很差", Topic.LeagueAffairs, InquiryKind.ProblemReport, linkedTo: office.Wang);
        Assert.Equal(office.Wang.Id, inquiry.AboutCadreId);
        Assert.NotEqual(office.Wang.Id, inquiry.OwnerId);
        Assert.NotEqual(office.Wang.Id, inquiry.HandlerId);
        Assert.Empty(await office.Told(office.Wang));
        await Assert.ThrowsAsync<NeverToTheOneComplainedOf>(() => office.Do(db =>
            office.Get<TransferInquiry>().Offer(db, inquiry.Id, inquiry.HandlerId, office.Wang.Id, "你熟", office.Now, default)));
        for (int i = 0; i < 3; i++)
        {
            await office.Do(async db => await office.Get<AssignInquiry>().Reassign(db, await db.Inquiries.SingleAsync(x => x.Id == inquiry.Id), "测试", office.Now, default));
            Assert.NotEqual(office.Wang.Id, (await office.Inquiry(inquiry.Id)).HandlerId);
        }
    }

    [Fact]
    public async Task An_expert_is_offered_a_professional_topic_and_the_owner_holds_it_until_the_expert_accepts()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive("厂里不发工资", Topic.Rights, linkedTo: office.Li);
        Assert.Equal(office.Li.Id, inquiry.HandlerId);
        Handoff offer = await office.See(db => db.Handoffs.SingleAsync());
        Assert.Equal(office.Lawyer.Id, offer.ToId);
        await office.Do(db => office.Get<TransferInquiry>().Accept(db, offer.Id, office.Lawyer.Id, office.Now, default));
        inquiry = await office.Inquiry(inquiry.Id);
        Assert.Equal((office.Li.Id, office.Lawyer.Id), (inquiry.OwnerId, inquiry.HandlerId));
    }

    [Fact]
    public async Task An_offer_nobody_answers_lapses_and_the_item_stays_where_it_is()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive("厂里不发工资", Topic.Rights, linkedTo: office.Li);
        office.Clock.Advance(TimeSpan.FromHours(30));
        Assert.Equal(1, await office.Do(db => office.Get<TransferInquiry>().ExpireOffers(db, office.Now, default)));
        Assert.Equal(office.Li.Id, (await office.Inquiry(inquiry.Id)).HandlerId);
        Handoff offer = await office.See(db => db.Handoffs.SingleAsync());
        await Assert.ThrowsAsync<TheOfferIsOver>(() => office.Do(db => office.Get<TransferInquiry>().Accept(db, offer.Id, office.Lawyer.Id, office.Now, default)));
    }

    [Fact]
    public async Task Passing_an_item_back_alerts_the_administrator_and_restarts_no_clock()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        DateTimeOffset due = inquiry.ResponseDueAt;
        await Pass(office, inquiry.Id, office.Wang, office.Li);
        Assert.Empty(await office.Told(office.Administrator));
        await Pass(office, inquiry.Id, office.Li, office.Wang);
        Assert.Contains(await office.Told(office.Administrator), text => text.Contains("二传手", StringComparison.Ordinal));
        inquiry = await office.Inquiry(inquiry.Id);
        Assert.Equal((due, due, 2), (inquiry.ResponseDueAt, inquiry.FirstResponseDueAt, inquiry.Transfers));
        Assert.Equal(3, await office.See(db => db.Holdings.CountAsync(h => h.InquiryId == inquiry.Id)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Two_who_want_the_last_place_at_once_never_both_get_it(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        await office.Receive(linkedTo: office.Lawyer is null ? null : office.Wang);
        await office.Receive(linkedTo: office.Wang);
        Inquiry[] rivals = [await office.Receive(linkedTo: office.Li), await office.Receive(linkedTo: office.Li)];
        bool[] taken = await Task.WhenAll(rivals.Select(r => office.Do(async db =>
            await db.TryGive(await db.Inquiries.SingleAsync(i => i.Id == r.Id), office.Wang.Id, office.Now, whateverTheLoad: false, default))));
        Assert.Single(taken, t => t);
        Assert.Equal(3, await office.See(db => db.Cadres.Where(c => c.Id == office.Wang.Id).Select(c => c.OpenItems).SingleAsync()));
    }

    [Fact]
    public async Task On_PostgreSQL_whoever_is_given_an_item_whatever_the_load_holds_no_other_giving_up()
    {
        await using Office office = await Office.Open(engine: Engine.Postgres);
        Inquiry[] items = [await office.Receive(linkedTo: office.Wang), await office.Receive(linkedTo: office.Wang)];
        var goesOn = new TaskCompletionSource();
        var isGiven = new TaskCompletionSource();
        Task<bool> slow = office.Do(async db =>
        {
            bool given = await Give(db, items[0], office.Desk);
            isGiven.TrySetResult();
            await goesOn.Task;
            return given;
        });
        await isGiven.Task;
        Assert.True(await office.Do(db => Give(db, items[1], office.Desk)).WaitAsync(TimeSpan.FromSeconds(20)));
        goesOn.SetResult();
        Assert.True(await slow);
        Assert.Equal((0, 2), (await OpenItems(office, office.Wang), await OpenItems(office, office.Desk)));
    }

    [Fact]
    public async Task On_PostgreSQL_nobody_is_given_an_item_who_leaves_while_it_is_being_given()
    {
        await using Office office = await Office.Open(engine: Engine.Postgres);
        Inquiry item = await office.Receive(linkedTo: office.Wang);
        var goesOn = new TaskCompletionSource();
        var isGiven = new TaskCompletionSource();
        Task<bool> given = office.Do(async db =>
        {
            bool taken = await Give(db, item, office.Li);
            isGiven.TrySetResult();
            await goesOn.Task;
            return taken;
        });
        await isGiven.Task;
        await office.Do(db => office.Get<HandOverItems>().Depart(db, office.Li.Id, office.Desk.Id, office.Now, default));
        goesOn.SetResult();
        Assert.False(await given);
        Assert.Equal(office.Wang.Id, (await office.Inquiry(item.Id)).HandlerId);
        Assert.Equal((1, 0), (await OpenItems(office, office.Wang), await OpenItems(office, office.Li)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Who_is_passed_by_in_one_go_has_neither_more_nor_less_in_hand(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry item = await office.Receive(linkedTo: office.Wang);
        await office.Do(async db =>
        {
            Inquiry passed = await db.Inquiries.SingleAsync(i => i.Id == item.Id);
            foreach (Cadre next in (Cadre[])[office.Desk, office.Li, office.Desk, office.Li])
                Assert.True(await db.TryGive(passed, next.Id, office.Now, whateverTheLoad: true, default));
        });
        Assert.Equal((0, 0, 1), (await OpenItems(office, office.Wang), await OpenItems(office, office.Desk), await OpenItems(office, office.Li)));
    }

    [Fact]
    public async Task A_leave_hands_open_items_to_the_deputy_and_new_ones_too()
    {
        await using Office office = await Office.Open();
        Inquiry before = await office.Receive(linkedTo: office.Wang);
        await office.Do(async db =>
        {
            db.Leaves.Add(new Leave { CadreId = office.Wang.Id, DeputyId = office.Li.Id, From = office.Now, Until = office.Now.AddDays(3) });
            await db.SaveChangesAsync();
            await office.Get<HandOverItems>().BeginLeaves(db, office.Now, default);
        });
        office.Get<Rosters>().Changed();
        Inquiry moved = await office.Inquiry(before.Id);
        Assert.Equal((office.Li.Id, office.Li.Id), (moved.OwnerId, moved.HandlerId));
        Assert.Equal(office.Li.Id, (await office.Receive(linkedTo: office.Wang)).OwnerId);
    }

    [Fact]
    public async Task Who_departs_leaves_no_item_and_no_contact_without_a_name()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        await office.Do(db => office.Get<HandOverItems>().Depart(db, office.Wang.Id, office.Li.Id, office.Now, default));
        Assert.Equal(office.Li.Id, (await office.Inquiry(inquiry.Id)).OwnerId);
        Assert.Equal(office.Li.Id, await office.See(db => db.ContactLinks.Where(l => l.YouthId == inquiry.YouthId && l.Until == null).Select(l => l.CadreId).SingleAsync()));
        Assert.Equal(0, await office.See(db => db.Cadres.Where(c => c.Id == office.Wang.Id).Select(c => c.OpenItems).SingleAsync()));
    }

    [Fact]
    public async Task Danger_in_a_later_message_calls_the_responder_and_calming_words_lower_nothing()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive("作业太多", Topic.Study, linkedTo: office.Wang);
        await office.FollowUp(inquiry.Id, "我真的撑不下去了 再见", Risk.Crisis);
        inquiry = await office.Inquiry(inquiry.Id);
        Assert.Equal((Risk.Crisis, office.Responder.Id, office.Now.AddMinutes(5)), (inquiry.Risk, inquiry.HandlerId, inquiry.ResponseDueAt));
        await office.FollowUp(inquiry.Id, "没事了");
        Assert.Equal(Risk.Crisis, (await office.Inquiry(inquiry.Id)).Risk);
        await Assert.ThrowsAsync<LoweringRiskNeedsAReason>(() => office.Do(async db =>
            await office.Get<CorrectSorting>().Correct(db, await db.Inquiries.SingleAsync(i => i.Id == inquiry.Id), office.Leader.Id, new Correction(Risk: Risk.None), office.Now, default)));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_people_hold_is_always_what_their_load_says(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        var random = new Random(2611);
        var ids = new List<long>();
        Cadre[] cadres = [office.Wang, office.Li, office.Responder, office.Desk];
        for (int step = 0; step < 120; step++)
        {
            office.Clock.Advance(TimeSpan.FromMinutes(random.Next(1, 200)));
            try
            {
                long id = ids.Count == 0 ? 0 : ids[random.Next(ids.Count)];
                switch (ids.Count < 4 ? 0 : random.Next(7))
                {
                    case 0: ids.Add((await office.Receive("x" + step, risk: random.Next(6) == 0 ? Risk.Crisis : Risk.None, linkedTo: random.Next(2) == 0 ? office.Wang : null)).Id); break;
                    case 1: await office.Answer(id); break;
                    case 2: await office.Confirm(id, (Outcome)random.Next(3)); break;
                    case 3: await office.Do(async db => await office.Get<AssignInquiry>().Reassign(db, await db.Inquiries.SingleAsync(i => i.Id == id && i.EndedAt == null && i.ResolvedAt == null), "x", office.Now, default)); break;
                    case 4: await office.Do(async db => await EndInquiry.Withdraw(db, await db.Inquiries.SingleAsync(i => i.Id == id && i.EndedAt == null && i.ResolvedAt == null), office.Now, default)); break;
                    case 5: await office.FollowUp(id, "还有", random.Next(5) == 0 ? Risk.Crisis : Risk.None); break;
                    default: await Pass(office, id, null, cadres[random.Next(cadres.Length)]); break;
                }
            }
            catch (Exception refused) when (refused is Refusal or InvalidOperationException)
            {
                // A rule said no: then nothing may have changed, which is what the counts below prove.
            }
            Dictionary<long, int> held = await office.See(db => db.Inquiries
                .Where(i => i.Status == InquiryStatus.AwaitingTriage || i.Status == InquiryStatus.Assigned || i.Status == InquiryStatus.Answered || i.Status == InquiryStatus.Reopened)
                .GroupBy(i => i.HandlerId).ToDictionaryAsync(g => g.Key, g => g.Count()));
            Dictionary<long, int> said = await office.See(db => db.Handlers.Where(h => h.OpenItems != 0).ToDictionaryAsync(h => h.Id, h => h.OpenItems));
            Assert.Equal(held.OrderBy(h => h.Key), said.OrderBy(h => h.Key));
        }
    }

    private static async Task<bool> Give(RoutingDb db, Inquiry item, Cadre to) =>
        await db.TryGive(await db.Inquiries.SingleAsync(i => i.Id == item.Id), to.Id, item.CreatedAt, whateverTheLoad: true, default);

    private static Task<int> OpenItems(Office office, Cadre cadre) => office.See(db => db.Cadres.Where(c => c.Id == cadre.Id).Select(c => c.OpenItems).SingleAsync());

    private static async Task Pass(Office office, long inquiryId, Cadre? from, Cadre to)
    {
        Inquiry inquiry = await office.Inquiry(inquiryId);
        Handoff offer = await office.Do(db => office.Get<TransferInquiry>().Offer(db, inquiryId, from?.Id ?? inquiry.HandlerId, to.Id, "他更熟悉", office.Now, default));
        await office.Do(db => office.Get<TransferInquiry>().Accept(db, offer.Id, to.Id, office.Now, default));
    }
}
