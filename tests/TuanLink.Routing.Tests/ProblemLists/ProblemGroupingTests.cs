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
        List<ProblemEntry> entries = ProblemGrouping.Group(Facts, [], new Dictionary<long, string>());
        Assert.Equal(3, entries.Count);
        Assert.Equal([1L, 2L, 4L], entries[0].Items.Select(i => i.InquiryId));
        Assert.Equal(3, entries[0].DistinctYouths);
    }

    [Fact]
    public void The_same_data_in_any_order_gives_the_same_list()
    {
        string Seen(IEnumerable<ProblemFact> facts) => string.Join(';', ProblemGrouping.Group(facts, [], new Dictionary<long, string>())
            .Select(e => $"{e.Rank}:{e.Title}:{string.Join(',', e.Items.Select(i => i.InquiryId))}"));
        string first = Seen(Facts);
        var random = new Random(7);
        for (int i = 0; i < 50; i++)
            Assert.Equal(first, Seen(Facts.OrderBy(_ => random.Next())));
    }

    private static ProblemFact Fact(long id, string words) =>
        new(id, id, ProblemCategory.Difficulty, Topic.Livelihood, words, FakeClock.China("2026-11-01 09:00").AddDays(id), true);
}
