using TuanLink.Routing.Inquiries;
using TuanLink.Routing.ProblemLists;

namespace TuanLink.Routing.Tests.ProblemLists;

public sealed class ProblemGroupingTests
{
    private static readonly ProblemFact[] Facts =
    [
        Fact(1, "新港的末班车太早了，八点四十就没了"), Fact(2, "末班车太早，新港这边八点四十就没车了"), Fact(3, "食堂的饭卡充值不到账"),
        Fact(4, "新港末班车八点四十就没了，太早"), Fact(5, "图书馆周末能不能开门"),
    ];

    [Fact]
    public void Near_identical_words_are_one_problem_and_recurrent_ones_come_first()
    {
        List<ProblemEntry> entries = ProblemGrouping.Group(Facts, [], new Dictionary<long, string>(), Known);
        Assert.Equal(3, entries.Count);
        Assert.Equal([1L, 2L, 4L], entries[0].Items.Select(i => i.InquiryId));
        Assert.Equal(3, entries[0].DistinctYouths);
    }

    [Fact]
    public void The_same_data_in_any_order_gives_the_same_list()
    {
        string Seen(IEnumerable<ProblemFact> facts) => string.Join(';', ProblemGrouping.Group(facts, [], new Dictionary<long, string>(), Known)
            .Select(e => $"{e.Rank}:{e.Title}:{string.Join(',', e.Items.Select(i => i.InquiryId))}"));
        string first = Seen(Facts);
        var random = new Random(7);
        for (int i = 0; i < 50; i++)
            Assert.Equal(first, Seen(Facts.OrderBy(_ => random.Next())));
    }

    [Fact]
    public void Paraphrases_that_name_the_same_things_are_one_problem_and_a_place_alone_is_none()
    {
        ProblemFact[] card =
        [
            Fact(1, "饭卡充了一百，机器上还是三块"), Fact(2, "校园卡昨天充值到现在没到账，中午吃不上饭"), Fact(3, "一卡通余额不对，刚存的钱去哪了，到账记录也没有"),
            Fact(4, "食堂的菜太咸了"), Fact(5, "食堂饭卡丢了怎么补"), Fact(6, "厂里拖欠两个月工资"), Fact(7, "薪水一直拖着不发，房租都交不上"), Fact(8, "工资条看不懂，想问问怎么算的"),
        ];
        Assert.Equal([[1L, 2, 3], [6, 7], [4], [5], [8]], ProblemGrouping.Group(card, [], new Dictionary<long, string>(), Known).Select(e => e.Items.Select(i => i.InquiryId)));
    }

    private static readonly Things Known = Things.Read(Path.Combine(AppContext.BaseDirectory, "seeds", "things.tsv"));

    private static ProblemFact Fact(long id, string words) =>
        new(id, id, ProblemCategory.Difficulty, Topic.Livelihood, words, FakeClock.China("2026-11-01 09:00").AddDays(id), true);
}
