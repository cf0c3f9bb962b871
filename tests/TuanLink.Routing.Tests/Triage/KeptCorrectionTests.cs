using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Tests.Triage;

public sealed class KeptCorrectionTests
{
    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_correction_keeps_what_the_sorter_said_what_the_human_said_who_when_and_the_words(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive("押金不退，房东不接电话", Topic.Livelihood, InquiryKind.Consultation, linkedTo: office.Wang, unsure: true);
        await Correct(office, inquiry.Id, new Correction(Topic.Rights, InquiryKind.HelpRequest));
        SortingCorrection kept = Assert.Single(await Kept(office));
        Assert.Equal((inquiry.Id, office.Wang.Id, office.Now), (kept.InquiryId, kept.ById, kept.At));
        Assert.Equal((Topic.Livelihood, InquiryKind.Consultation, 0.3, 0), (kept.SaidTopic, kept.SaidKind, kept.SaidWith, kept.SaidByVersion));
        Assert.Equal((Topic.Rights, InquiryKind.HelpRequest), (kept.Topic, kept.Kind));
        Assert.Null(kept.Urgency);
        Assert.Null(kept.Risk);
        Assert.Equal("押金不退，房东不接电话", await office.See(db => db.Messages.Where(m => m.Id == kept.MessageId).Select(m => m.Text).SingleAsync()));
    }

    [Fact]
    public async Task A_second_correction_still_tells_what_the_sorter_said_first()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(topic: Topic.Study, linkedTo: office.Wang, unsure: true);
        await Correct(office, inquiry.Id, new Correction(Topic.Family));
        await Correct(office, inquiry.Id, new Correction(Topic.Rights));
        Assert.All(await Kept(office), c => Assert.Equal((Topic.Study, 0.3), (c.SaidTopic, c.SaidWith)));
    }

    [Fact]
    public async Task One_thing_put_right_leaves_the_item_at_the_desk_until_its_topic_is_chosen()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(topic: Topic.Study, linkedTo: office.Wang, unsure: true);
        await Correct(office, inquiry.Id, new Correction(Kind: InquiryKind.ProblemReport, Settles: false));
        Inquiry waiting = await office.Inquiry(inquiry.Id);
        Assert.Equal((InquiryStatus.AwaitingTriage, InquiryKind.ProblemReport, 0.3), (waiting.Status, waiting.Kind, waiting.SortedWith));
        await Correct(office, inquiry.Id, new Correction(Topic.Study));
        Inquiry settled = await office.Inquiry(inquiry.Id);
        Assert.Equal((InquiryStatus.Assigned, 1.0), (settled.Status, settled.SortedWith));
        Assert.Equal([null, Topic.Study], (await Kept(office)).Select(c => c.Topic));
    }

    [Fact]
    public async Task A_danger_raised_at_the_desk_calls_the_responder_at_once()
    {
        await using Office office = await Office.Open();
        Inquiry inquiry = await office.Receive(topic: Topic.Study, linkedTo: office.Wang, unsure: true);
        await Correct(office, inquiry.Id, new Correction(Risk: Risk.Crisis, Settles: false));
        Inquiry raised = await office.Inquiry(inquiry.Id);
        Assert.Equal((InquiryStatus.Assigned, office.Responder.Id), (raised.Status, raised.HandlerId));
        Assert.Equal(Risk.Crisis, Assert.Single(await Kept(office)).Risk);
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_youth_who_is_erased_leaves_no_correction(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry erased = await office.Receive(linkedTo: office.Wang, unsure: true);
        Inquiry other = await office.Receive(linkedTo: office.Wang, unsure: true);
        await Correct(office, erased.Id, new Correction(Topic.Study));
        await Correct(office, other.Id, new Correction(Topic.Study));
        await office.Do(async db => await office.Get<EraseYouth>().Erase(db, await db.Youths.SingleAsync(y => y.Id == erased.YouthId), office.Now, default));
        Assert.Equal(other.Id, Assert.Single(await Kept(office)).InquiryId);
    }

    private static Task Correct(Office office, long id, Correction correction) => office.Do(async db =>
        await office.Get<CorrectSorting>().Correct(db, await db.Inquiries.SingleAsync(i => i.Id == id), office.Wang.Id, correction, office.Now, default));

    private static Task<List<SortingCorrection>> Kept(Office office) => office.See(db => db.SortingCorrections.OrderBy(c => c.Id).ToListAsync());
}
