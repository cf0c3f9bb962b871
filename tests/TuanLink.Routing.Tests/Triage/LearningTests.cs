using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Seeds;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Routing.Tests.Triage;

public sealed class LearningTests
{
    // A matter of this office alone, which no seed knows: the youth station's cards.
    private static readonly string[] Openings = ["请问", "想问下", "你好"];
    private static readonly string[] Middles = ["青驿卡", "青驿卡续期", "青驿卡押金", "青驿卡房间", "青驿卡门禁", "青驿卡补办", "青驿卡升级", "青驿卡挂失"];
    private static readonly string[] Ends = ["找谁", "怎么弄", "在哪里看"];
    private static IEnumerable<string> LocalMatters => from m in Middles from e in Ends from o in Openings select o + m + e;

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_humans_put_right_is_learned_at_night_and_sorts_from_then_on_on_every_node(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine, settings: SmallSeeds.Settings());
        SorterInUse sorter = office.Get<SorterInUse>();
        // Another node of the same service: the same database, its own memory.
        var other = new SorterInUse(office.Get<IDbContextFactory<RoutingDb>>(), office.Get<IOptions<DatabaseOptions>>(), office.Get<IOptions<TriageSettings>>(), office.Get<IOptions<TriageOptions>>());
        await CorrectAll(office, LocalMatters, Topic.Livelihood);
        Assert.Equal(1, await office.Get<LearnFromCorrections>().LearnIfDue(office.Now, default));

        ModelVersion version = await office.See(db => db.ModelVersions.SingleAsync());
        Assert.True(version.Judgement == Judgement.Promoted, version.Reason);
        Comparison figures = Comparison.FromJson(version.Figures);
        Assert.True(figures.Corrections.ChallengerRight > figures.Corrections.ChampionRight);
        Verdict verdict = sorter.Sort("请问青驿卡丢了怎么弄", TriageContext.First);
        Assert.Equal((Topic.Livelihood, version.Id), (verdict.Topic, verdict.ModelVersion));
        Assert.NotEqual(Topic.Livelihood, other.Sort("请问青驿卡丢了怎么弄", TriageContext.First).Topic);
        Assert.True(await other.TakeUp(default));
        Assert.Equal(verdict.TopicProbability, other.Sort("请问青驿卡丢了怎么弄", TriageContext.First).TopicProbability);

        // The same night again: nothing new, nothing done.
        Assert.Equal(0, await office.Get<LearnFromCorrections>().LearnIfDue(office.Now.AddDays(1), default));

        // One click back: the seeds alone sort, and the next night does not undo it.
        Assert.True(await office.Do(db => UseVersion.Choose(db, 0, "admin", office.Now, default)));
        await sorter.TakeUp(default);
        Assert.Equal(0, sorter.Sort("请问青驿卡丢了怎么弄", TriageContext.First).ModelVersion);
        Assert.Equal(0, await office.Get<LearnFromCorrections>().LearnIfDue(office.Now.AddDays(2), default));
        Assert.Equal(["启用分类模型版本", "改用分类模型版本"], await office.See(db => db.Audit.OrderBy(a => a.Id).Select(a => a.Action).ToListAsync()));
        // And forward again.
        Assert.True(await office.Do(db => UseVersion.Choose(db, version.Id, "admin", office.Now, default)));
        Assert.True(await sorter.TakeUp(default));
        Assert.Equal(Topic.Livelihood, sorter.Sort("请问青驿卡丢了怎么弄", TriageContext.First).Topic);
    }

    [Fact]
    public async Task A_version_survives_a_restart_and_is_learned_again_where_its_file_is_gone()
    {
        Office office = await Office.Open(settings: SmallSeeds.Settings());
        await CorrectAll(office, LocalMatters, Topic.Livelihood);
        await office.Get<LearnFromCorrections>().LearnIfDue(office.Now, default);
        double before = office.Get<SorterInUse>().Sort("请问青驿卡丢了怎么弄", TriageContext.First).TopicProbability;
        string models = Path.Combine(office.Get<IOptions<DatabaseOptions>>().Value.Folder, "models");
        Assert.Single(Directory.GetFiles(models, "*.model", SearchOption.AllDirectories));
        Directory.Delete(models, recursive: true);
        await using Office again = await office.Restart();
        await again.Get<SorterInUse>().TakeUp(default);
        Assert.Equal(before, again.Get<SorterInUse>().Sort("请问青驿卡丢了怎么弄", TriageContext.First).TopicProbability);
        string kept = Assert.Single(Directory.GetDirectories(models));

        // A youth is erased: by the next night no file holds what their words taught, and the version goes on without them.
        long taught = (await again.See(db => db.ModelVersions.SingleAsync())).LessonIds.First();
        await again.Do(async db => await again.Get<EraseYouth>().Erase(db,
            await db.Youths.SingleAsync(y => db.SortingCorrections.Any(c => c.Id == taught && db.Inquiries.Any(i => i.Id == c.InquiryId && i.YouthId == y.Id))), again.Now, default));
        await again.Get<SorterInUse>().ForgetErased(default);
        Assert.NotEqual(kept, Assert.Single(Directory.GetDirectories(models)));
        Assert.Equal(1, again.Get<SorterInUse>().Version);
    }

    [Fact]
    public async Task A_person_who_calls_every_danger_harmless_makes_no_danger_overlooked()
    {
        await using Office office = await Office.Open(settings: SmallSeeds.Settings());
        SorterInUse sorter = office.Get<SorterInUse>();
        string[] dangers = [.. sorter.Seeds.Danger.Where(d => d.Level == Risk.Crisis).Select(d => d.Text)];
        Dictionary<string, Risk> before = dangers.Distinct().ToDictionary(t => t, t => sorter.Sort(t, TriageContext.First).Risk);
        foreach (string text in dangers)
        {
            Inquiry inquiry = await office.Receive(text, Topic.MentalHealth, risk: Risk.Concern, linkedTo: office.Wang);
            await Correct(office, inquiry.Id, office.Wang, new Correction(Topic.Other, Urgency: Urgency.Routine, Risk: Risk.None, Reason: "没事"));
        }
        Assert.Equal(1, await office.Get<LearnFromCorrections>().LearnIfDue(office.Now, default));
        ModelVersion version = await office.See(db => db.ModelVersions.SingleAsync());
        Assert.True(version.Taught <= 30);
        // Refused or not: whatever sorts now reads every danger it read before.
        Assert.All(before.Where(b => b.Value == Risk.Crisis), b => Assert.Equal(Risk.Crisis, sorter.Sort(b.Key, TriageContext.First).Risk));
        // Even what was taught, were it put to use, unlearns none.
        TaughtSorter taught = sorter.Learned(await office.See(db => SorterInUse.LessonsOf(db, version, default)));
        Assert.All(before, b => Assert.Equal(b.Value, taught.Sort(b.Key, TriageContext.First).Risk));
    }

    [Fact]
    public void A_danger_that_was_raised_is_learned_and_none_is_read_more_lightly_than_the_seeds_read_it()
    {
        TriageSeeds seeds = TriageSeeds.Read(SmallSeeds.Folder);
        TriageInquiry plain = TriageInquiry.Train(seeds);
        CorrectedMessage[] lessons = [.. LocalMatters.Take(40).Select(t => new CorrectedMessage(t, Topic.Other, Danger: Risk.Crisis))];
        var taught = new TaughtSorter(plain, lessons, part => TriageInquiry.Train(seeds.TaughtBy(part)));
        string raised = LocalMatters.Skip(41).First();
        Assert.Equal(Risk.None, plain.Sort(raised, TriageContext.First).Risk);
        Verdict verdict = taught.Sort(raised, TriageContext.First);
        Assert.Equal((Risk.Crisis, Urgency.Crisis, Topic.Other), (verdict.Risk, verdict.Urgency, verdict.Topic));
        Assert.All(seeds.Danger, d => Assert.True(taught.Sort(d.Text, TriageContext.First).Risk >= plain.Sort(d.Text, TriageContext.First).Risk));
    }

    [Fact]
    public async Task Too_few_new_corrections_or_learning_switched_off_train_nothing()
    {
        await using Office office = await Office.Open(settings: SmallSeeds.Settings());
        await CorrectAll(office, LocalMatters.Take(19), Topic.Livelihood);
        Assert.Equal(0, await office.Get<LearnFromCorrections>().LearnIfDue(office.Now, default));
        await using Office off = await Office.Open(settings: SmallSeeds.Settings(("Learning:Enabled", "false"), ("Learning:LeastNewCorrections", "1")));
        await CorrectAll(off, LocalMatters.Take(5), Topic.Livelihood);
        Assert.Equal(0, await off.Get<LearnFromCorrections>().LearnIfDue(off.Now, default));
    }

    [Fact]
    public async Task A_version_that_was_refused_or_never_was_cannot_be_chosen()
    {
        await using Office office = await Office.Open(settings: SmallSeeds.Settings());
        await office.Do(db =>
        {
            db.ModelVersions.Add(new ModelVersion { ContentHash = "x", Lessons = "", Judgement = Judgement.Refused, Reason = "更差", Figures = "{}" });
            return Task.CompletedTask;
        });
        Assert.False(await office.Do(db => UseVersion.Choose(db, 1, "admin", office.Now, default)));
        Assert.False(await office.Do(db => UseVersion.Choose(db, 99, "admin", office.Now, default)));
        Assert.False(await office.Do(db => UseVersion.Choose(db, 0, "admin", office.Now, default)));
        Assert.Equal(0, await office.See(db => db.Audit.CountAsync()));
    }

    [Theory]
    [InlineData("Triage:TopicNeedsHumanBelow", "1.5", "Triage:TopicNeedsHumanBelow is '1.5'")]
    [InlineData("Triage:CrisisFrom", "-0.1", "Triage:CrisisFrom is '-0.1'")]
    [InlineData("Learning:MostOfOnePerson", "0", "Learning:MostOfOnePerson is '0'")]
    [InlineData("Learning:LeastNewCorrections", "0", "Learning:LeastNewCorrections is '0'")]
    public async Task A_wrong_threshold_is_told_at_start_with_key_and_value(string key, string value, string sentence)
    {
        await using Office office = await Office.Open(settings: SmallSeeds.Settings((key, value)));
        var wrong = Assert.Throws<OptionsValidationException>(() => office.Get<IStartupValidator>().Validate());
        Assert.Contains(sentence, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_threshold_of_certainty_is_the_configured_one()
    {
        await using Office sure = await Office.Open(settings: SmallSeeds.Settings(("Triage:TopicNeedsHumanBelow", "0")));
        await using Office unsure = await Office.Open(settings: SmallSeeds.Settings(("Triage:TopicNeedsHumanBelow", "1")));
        Assert.False(sure.Get<SorterInUse>().Sort("想问一下", TriageContext.First).NeedsHuman);
        Assert.True(unsure.Get<SorterInUse>().Sort("厂里三个月没发工资了", TriageContext.First).NeedsHuman);
    }

    // Six people share the work, so that nobody's corrections are too many to count.
    private static async Task CorrectAll(Office office, IEnumerable<string> texts, Topic topic)
    {
        Cadre[] people = [office.Wang, office.Li, office.Desk, office.Responder, office.Leader, office.Administrator];
        foreach ((int i, string text) in texts.Index())
        {
            Inquiry inquiry = await office.Receive(text, Topic.Other, unsure: true);
            await Correct(office, inquiry.Id, people[i % people.Length], new Correction(topic));
        }
    }

    private static Task Correct(Office office, long id, Cadre by, Correction correction) => office.Do(async db =>
        await office.Get<CorrectSorting>().Correct(db, await db.Inquiries.SingleAsync(i => i.Id == id), by.Id, correction, office.Now, default));
}
