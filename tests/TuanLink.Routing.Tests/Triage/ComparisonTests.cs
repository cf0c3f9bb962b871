using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Versions;

namespace TuanLink.Routing.Tests.Triage;

public sealed class ComparisonTests
{
    private static readonly Paired Same = new(50, 40, 40, 0, 0);
    private static readonly Paired Better = new(20, 10, 15, 0, 5);

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 0, 0.03125)]
    [InlineData(4, 0, 0.0625)]
    [InlineData(0, 5, 1)]
    [InlineData(8, 2, 0.0546875)]
    [InlineData(9, 1, 0.0107421875)]
    [InlineData(600, 400, 1.3642320780330075e-10)]
    public void The_sign_test_gives_the_exact_binomial_tail(int losses, int wins, double p) =>
        Assert.Equal(p, SignTest.OfWorse(losses, wins), p < 1e-6 ? 1e-12 : 1e-9);

    [Fact]
    public void A_challenger_that_is_better_and_nowhere_worse_has_nothing_against_it() => Assert.Empty(Of().Objections());

    [Fact]
    public void Each_rule_alone_refuses_it_and_says_why()
    {
        Assert.Contains("没有更好", Assert.Single(Of(corrections: new(20, 10, 10, 3, 3)).Objections()), StringComparison.Ordinal);
        Assert.Contains("权益维护", Assert.Single(Of(rights: new(50, 40, 35, 5, 0)).Objections()), StringComparison.Ordinal);
        Assert.Contains("危急召回", Assert.Single(Of(crisis: new(100, 95, 94, 1, 0)).Objections()), StringComparison.Ordinal);
        Assert.Contains("危险召回", Assert.Single(Of(danger: new(150, 140, 139, 4, 3)).Objections()), StringComparison.Ordinal);
        Assert.Contains("误报", Assert.Single(Of(harmless: new(100, 80, 70, 12, 2)).Objections()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_that_lost_no_more_than_chance_explains_is_not_worse() =>
        Assert.Empty(Of(rights: new(50, 40, 36, 4, 0)).Objections());

    [Fact]
    public void Figures_are_the_same_after_they_were_kept()
    {
        Comparison figures = Of(rights: new(50, 40, 36, 4, 0));
        Comparison kept = Comparison.FromJson(figures.ToJson());
        Assert.Equal(figures.Topics, kept.Topics);
        Assert.Equal((figures.Corrections, figures.Crisis, figures.Harmless), (kept.Corrections, kept.Crisis, kept.Harmless));
    }

    private static Comparison Of(Paired? corrections = null, Paired? rights = null, Paired? crisis = null, Paired? danger = null, Paired? harmless = null) =>
        new(new Dictionary<Topic, Paired> { [Topic.Rights] = rights ?? Same, [Topic.Study] = Same }, corrections ?? Better, crisis ?? Same, danger ?? Same, harmless ?? Same);
}
