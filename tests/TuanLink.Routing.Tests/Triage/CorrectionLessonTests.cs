using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Corrections;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Tests.Triage;

public sealed class CorrectionLessonTests
{
    private long _ids;

    [Fact]
    public void The_last_word_about_each_field_counts_and_what_nobody_spoke_of_is_not_taught()
    {
        CorrectedMessage message = Only(Said(1, "押金不退", topic: Topic.Study, kind: InquiryKind.HelpRequest), Said(1, "押金不退", topic: Topic.Rights));
        Assert.Equal(new CorrectedMessage("押金不退", Topic.Rights, InquiryKind.HelpRequest), message);
    }

    [Fact]
    public void A_danger_can_be_raised_but_neither_lowered_nor_taken_back()
    {
        Assert.Null(Only(Said(1, "活着没意思", topic: Topic.Study, saidRisk: Risk.Crisis, risk: Risk.None)).Danger);
        Assert.Equal(Risk.Crisis, Only(Said(2, "站在楼顶", risk: Risk.Crisis), Said(2, "站在楼顶", risk: Risk.Concern), Said(2, "站在楼顶", risk: Risk.None)).Danger);
    }

    [Fact]
    public void No_correction_teaches_the_danger_screen_that_something_is_harmless()
    {
        TriageSeeds seeds = TriageSeeds.Read(SmallSeeds.Folder);
        CorrectedMessage[] lessons = [new("甲", Topic.Other, Urgency: Urgency.Routine), new("乙", Danger: Risk.Concern), new("丙", Topic.Study)];
        int[] before = TriageLessons.From(seeds).Dangers, after = TriageLessons.From(seeds.TaughtBy(lessons)).Dangers;
        Assert.Equal(before.Count(d => d == (int)Risk.None), after.Count(d => d == (int)Risk.None));
        Assert.Equal(before.Count(d => d == (int)Risk.Concern) + 1, after.Count(d => d == (int)Risk.Concern));
    }

    [Fact]
    public void Of_one_person_only_so_many_count_the_newest_and_the_same_words_once()
    {
        List<CorrectionWithWords> all = [.. Enumerable.Range(0, 200).Select(i => Said(100 + i, $"第{i}件", by: 7, topic: Topic.Other)),
            .. Enumerable.Range(0, 40).Select(i => Said(500 + i, "一模一样", by: 8, topic: Topic.Study)), Said(900, "别人的话", by: 9, topic: Topic.Family)];
        CorrectionLessons lessons = CorrectionLessons.From(all, 30);
        List<CorrectedMessage> counted = [.. lessons.Taught, .. lessons.HeldOut];
        Assert.Equal(30, counted.Count(m => m.Topic == Topic.Other));
        Assert.Contains(counted, m => m.Text == "第199件");
        Assert.Single(counted, m => m.Topic == Topic.Study);
        Assert.Single(counted, m => m.Topic == Topic.Family);
    }

    [Fact]
    public void What_is_set_aside_for_measuring_is_chosen_by_the_words_alone_and_never_taught()
    {
        List<CorrectionWithWords> all = [.. Enumerable.Range(0, 100).Select(i => Said(i, $"这是第{i}件事情", by: i, topic: Topic.Study))];
        CorrectionLessons lessons = CorrectionLessons.From(all, 30);
        Assert.Equal(100, lessons.Taught.Count + lessons.HeldOut.Count);
        Assert.InRange(lessons.HeldOut.Count, 8, 35);
        Assert.All(lessons.HeldOut, m => Assert.True(TriageSeeds.IsHeldOut(m.Text)));
        Assert.All(lessons.Taught, m => Assert.False(TriageSeeds.IsHeldOut(m.Text)));
    }

    [Fact]
    public void A_correction_whose_words_are_gone_teaches_nothing() =>
        Assert.Empty(CorrectionLessons.From([Said(1, "", topic: Topic.Study), Said(2, "有话但没有说法")], 30).LessonIds);

    private CorrectionWithWords Said(long inquiry, string text, long by = 1, Topic? topic = null, InquiryKind? kind = null, Risk saidRisk = Risk.None, Risk? risk = null) =>
        new(new SortingCorrection { Id = ++_ids, InquiryId = inquiry, ById = by, Topic = topic, Kind = kind, SaidRisk = saidRisk, Risk = risk }, text);

    private static CorrectedMessage Only(params CorrectionWithWords[] said)
    {
        CorrectionLessons lessons = CorrectionLessons.From(said, 30);
        return Assert.Single(lessons.Taught.Concat(lessons.HeldOut));
    }
}
