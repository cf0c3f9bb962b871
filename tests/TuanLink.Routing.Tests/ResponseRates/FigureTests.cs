using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.ResponseRates;
using TuanLink.Routing.Units;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Tests.ResponseRates;

public sealed class FigureTests
{
    [Fact]
    public void No_data_is_never_a_percentage() => Assert.Null(new FiveCounts(0, 0, 0, 5, 2).ResponseRate);

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task The_five_counts_add_up_to_everything_that_came_in(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry onTime = await office.Receive(linkedTo: office.Wang);
        Inquiry late = await office.Receive(linkedTo: office.Wang);
        await office.Receive(linkedTo: office.Wang);
        Inquiry gone = await office.Receive(linkedTo: office.Wang);
        await office.Do(async db => await TuanLink.Routing.Assignments.EndInquiry.Withdraw(db, await db.Inquiries.SingleAsync(i => i.Id == gone.Id), office.Now, default));
        await office.Answer(onTime.Id);
        await office.Confirm(onTime.Id, Outcome.Resolved);
        office.Clock.Advance(TimeSpan.FromHours(25));
        await office.Answer(late.Id);
        await office.Receive(linkedTo: office.Wang);
        FigureTable table = await Count(office);
        Assert.Equal(new FiveCounts(1, 1, 1, 1, 1), table.Whole.Counts);
        Assert.Equal(1 / 3d, table.Whole.Counts.ResponseRate);
        Assert.Equal(new Share(1, 4), table.Whole.EffectiveReply);
        Assert.Equal(table.Whole.Counts, table.Lines.Aggregate(new FiveCounts(), (sum, line) => sum + line.Figures.Counts));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Erasing_a_youth_changes_no_past_figure_and_leaves_no_word(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        const string secret = "我把攒了三年的压岁钱借给了同桌";
        Inquiry inquiry = await office.Receive(secret, linkedTo: office.Wang);
        await office.Answer(inquiry.Id);
        await office.Confirm(inquiry.Id, Outcome.Partly);
        await office.Do(db => office.Get<TuanLink.Routing.ProblemLists.CompileProblemList>().Compile(db, office.Wang.Id, Month.Of(office.Now).From, Month.Of(office.Now).Until, office.Now, default));
        Figures before = (await Count(office)).Whole;
        Assert.True(await office.Do(async db => await office.Get<EraseYouth>().Erase(db, await db.Youths.SingleAsync(y => y.Id == inquiry.YouthId), office.Now, default)));
        Figures after = (await Count(office)).Whole;
        Assert.Equal(before with { }, after);
        Assert.All(await office.See(db => db.Messages.Select(m => m.Text).ToListAsync()), text => Assert.Empty(text));
        Assert.DoesNotContain(await office.See(db => db.ProblemEntries.Select(e => e.Title).ToListAsync()), t => t.Contains("压岁钱", StringComparison.Ordinal));
        Assert.Equal("", (await office.Inquiry(inquiry.Id)).Headline);
    }

    [Fact]
    public async Task A_closed_month_is_never_altered_only_corrected_beside()
    {
        await using Office office = await Office.Open("2026-10-20 09:00");
        Inquiry inquiry = await office.Receive(linkedTo: office.Wang);
        var close = office.Get<CloseResponsePeriod>();
        office.Clock.MoveTo(FakeClock.China("2026-11-08 12:00"));
        Assert.Equal(0, await close.CloseDue(office.Now, default));
        office.Clock.MoveTo(FakeClock.China("2026-11-09 12:00"));
        Assert.Equal(1, await close.CloseDue(office.Now, default));
        Assert.Equal(0, await close.CloseDue(office.Now, default));
        await office.Answer(inquiry.Id);
        Assert.Equal(1, await close.CloseDue(office.Now, default));
        Assert.Equal(0, await close.CloseDue(office.Now, default));
        ClosedRate closed = await office.See(db => db.ClosedRates.SingleAsync());
        RateCorrection correction = await office.See(db => db.RateCorrections.SingleAsync());
        Assert.Equal((1, 0), (closed.Overdue, closed.Late));
        Assert.Equal((0, 1), (correction.Overdue, correction.Late));
        Assert.NotEmpty(correction.Cause);
    }

    private static Task<FigureTable> Count(Office office) => office.See(db =>
        CountResponses.Count(db, office.City.Path, Breakdown.Cadre, Month.Of(office.Now).From, Month.Of(office.Now).Until, office.Now, default));
}
