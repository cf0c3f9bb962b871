using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Evaluation;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Tests.Triage;

public class SeedTests
{
    private static readonly TriageSeeds Seeds = TriageSeeds.Read(Sorter.SeedsFolder);

    [Fact]
    public void Every_topic_has_two_hundred_messages_and_a_quarter_of_them_are_hard() =>
        Assert.All(Enum.GetValues<Topic>(), topic =>
        {
            var messages = Seeds.Messages.Where(m => m.Topic == topic).ToArray();
            Assert.True(messages.Length >= 200, $"{topic} has {messages.Length}");
            Assert.True(messages.Count(m => m.Hard) * 4 >= messages.Length, $"{topic} has {messages.Count(m => m.Hard)} hard ones");
        });

    [Fact]
    public void A_third_of_all_messages_are_hard() =>
        Assert.True(Seeds.Messages.Count(m => m.Hard) * 3 >= Seeds.Messages.Count);

    [Fact]
    public void No_message_is_nearly_the_same_as_another()
    {
        var twins = SeedFolds.Twins(Seeds.Messages.Select(m => m.Text), least: 0.8).Select(t => $"{t.First} / {t.Second}").ToArray();
        Assert.True(twins.Length == 0, string.Join("\n", twins.Take(10)));
    }

    [Fact]
    public void No_text_is_both_dangerous_and_harmless()
    {
        var harmless = Seeds.Danger.Where(d => d.Level == Risk.None).Select(d => d.Text).ToHashSet();
        Assert.DoesNotContain(Seeds.Danger, d => d.Level == Risk.Crisis && harmless.Contains(d.Text));
    }

    [Fact]
    public void Texts_that_are_nearly_the_same_fall_into_the_same_part()
    {
        var folds = new SeedFolds(["宿舍的热水器坏了三天没人修怎么办", "宿舍的热水器坏了三天没人修咋办", "团员证丢了怎么补"]);
        Assert.Equal(folds.Of("宿舍的热水器坏了三天没人修怎么办"), folds.Of("宿舍的热水器坏了三天没人修咋办"));
    }

    [Theory]
    [InlineData("刀")]
    [InlineData("🔪")]
    public void An_expression_of_one_character_is_refused_since_it_would_be_met_everywhere(string pattern)
    {
        using var folder = new SeedsOfOneTwelfth();
        File.AppendAllText(Path.Combine(folder.Path, "danger", "lexicon.tsv"), $"crisis\tviolence\t{pattern}\t\n");
        Assert.Contains("two characters", Assert.Throws<TuanLink.Routing.Triage.MalformedFile>(() => TriageSeeds.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crisis")]
    [InlineData("crisis:none")]
    [InlineData("none:medical")]
    [InlineData("danger:medical")]
    public void A_danger_that_is_no_level_and_type_is_refused_with_its_line(string danger)
    {
        using var folder = new SeedsOfOneTwelfth();
        File.AppendAllText(Path.Combine(folder.Path, "messages", "study.tsv"), $"consultation\tpriority\t0\t一条写错的消息\t{danger}\n");
        var wrong = Assert.Throws<TuanLink.Routing.Triage.MalformedFile>(() => TriageSeeds.Read(folder.Path));
        Assert.True(wrong.Line > 1);
        Assert.Contains(danger, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_file_with_an_unknown_code_is_refused_with_its_line()
    {
        using var folder = new SeedsOfOneTwelfth();
        File.AppendAllText(Path.Combine(folder.Path, "messages", "study.tsv"), "consultation\tsoon\t0\t一条写错的消息\n");
        var wrong = Assert.Throws<TuanLink.Routing.Triage.MalformedFile>(() => TriageSeeds.Read(folder.Path));
        Assert.True(wrong.Line > 1);
        Assert.Contains("soon", wrong.Message, StringComparison.Ordinal);
    }
}
