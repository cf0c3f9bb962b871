using FsCheck;
using FsCheck.Fluent;
using TuanLink.Routing.Triage;
using TuanLink.Routing.Triage.Wording;

namespace TuanLink.Routing.Tests.Triage;

public class PropertyTests
{
    private static readonly Config Few = Config.QuickThrowOnFailure.WithMaxTest(200);

    // Any text, and text out of what people really type: hanzi, signs, emoji halves, invisible characters.
    private static readonly Gen<string> Texts = Gen.OneOf(
        ArbMap.Default.ArbFor<string>().Generator.Select(s => s ?? ""),
        Gen.Elements("我", "不想", "活", "死", "了", "ＡＢ", "５", " ", "　", "!!!", "。。。", "😭", "\ud83d", "\u200b", "學", "zs", "\n", "a", "①", "☺", "^")
            .ListOf().Select(string.Concat));

    [Fact]
    public void Normalising_twice_is_normalising_once() =>
        Check.One(Few, Prop.ForAll(Texts.ToArbitrary(), text =>
            TextNormaliser.Normalise(TextNormaliser.Normalise(text)) == TextNormaliser.Normalise(text)));

    [Fact]
    public void Normalising_never_lengthens() =>
        Check.One(Few, Prop.ForAll(Texts.ToArbitrary(), text => TextNormaliser.Normalise(text).Length <= text.Length));

    [Fact]
    public void No_text_makes_sorting_fail_and_probabilities_stay_probabilities() =>
        Check.One(Few, Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            var verdict = Sorter.Sort(text, text, "早");
            return verdict is { TopicProbability: >= 0 and <= 1, KindProbability: >= 0 and <= 1, Severity: >= 0 and <= 1 };
        }));

    [Fact]
    public void Whatever_follows_a_danger_in_the_conversation_leaves_it_a_danger() =>
        Check.One(Few.WithMaxTest(50), Prop.ForAll(Texts.ToArbitrary(), text =>
            Sorter.Shipped.Sort(text, new TriageContext(["他拿刀追着我砍，救命"], RiskSoFar: TuanLink.Routing.Inquiries.Risk.Crisis)).Risk == TuanLink.Routing.Inquiries.Risk.Crisis));
}
