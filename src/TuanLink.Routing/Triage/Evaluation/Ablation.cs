using TuanLink.Routing.Triage.Acts;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>One way to learn with something left out or changed, to see what it is worth.</summary>
internal sealed record Ablation(string Name, FeatureSettings Reading, Func<TriageSeeds, TriageSeeds> Seeds,
    TurnFeatures LeftOut = TurnFeatures.None)
{
    public static Ablation Whole { get; } = new("as shipped", TriageModel.Reading, s => s);

    public static IReadOnlyList<Ablation> All { get; } =
    [
        Whole,
        Reads("single characters only", r => r with { LongestGram = 1 }),
        Reads("runs of up to 2 characters", r => r with { LongestGram = 2 }),
        Reads("runs of up to 4 characters", r => r with { LongestGram = 4 }),
        Reads("features seen twice kept", r => r with { LeastTexts = 2 }),
        Reads("features seen once kept", r => r with { LeastTexts = 1 }),
        Reads("the text's end read twice", r => r with { TailCharacters = 30 }),
        Reads("without naive Bayes scaling", r => r with { BayesPower = 0 }),
        Reads("full naive Bayes scaling", r => r with { BayesPower = 1 }),
        Reads("every digit alike", r => r with { FoldDigits = true }),
        Teaches("without topic phrases", s => s with { Phrases = [] }),
        Teaches("without danger expressions", s => s with { Patterns = [] }),
        Teaches("half of the danger seeds", s => s with { Danger = [.. s.Danger.Where(d => FeatureReader.KeyOf(d.Text) / 7 % 2 == 0)] }),
        Teaches("without ordinary danger seeds", s => s with { Danger = [.. s.Danger.Where(d => d.Level != Inquiries.Risk.None)] }),
        Teaches("turns say nothing of danger", s => s with
        {
            Turns = [.. s.Turns.Select(t => t with { Danger = TaughtDanger.Nothing })],
            Conversations = [.. s.Conversations.Select(c => c with { Turns = [.. c.Turns.Select(t => t with { Danger = TaughtDanger.Nothing })] })],
        }),
        Teaches("without acts", s => s with { Acts = [.. s.Acts.Where((_, i) => i % 4 == 0)] }),
        Teaches("without conversations", s => s with { Conversations = [] }),
        Teaches("without pairs of messages", s => s with { Turns = [] }),
        Ignores("act: without what the words suggest", TurnFeatures.Words),
        Ignores("act: without shape", TurnFeatures.Shape),
        Ignores("act: without turns of phrase", TurnFeatures.Markers),
        Ignores("act: without the open inquiry", TurnFeatures.Open | TurnFeatures.Matter),
        Ignores("act: without likeness to the open inquiry", TurnFeatures.Matter),
        Ignores("act: without what came before", TurnFeatures.Before),
        Teaches("without hard messages", s => s with { Messages = [.. s.Messages.Where(m => !m.Hard)] }),
        Teaches("half of the messages", s => s.Where(text => FeatureReader.KeyOf(text) / 7 % 2 == 0)),
    ];

    private static Ablation Reads(string name, Func<FeatureSettings, FeatureSettings> change) =>
        new(name, change(TriageModel.Reading), s => s);

    private static Ablation Ignores(string name, TurnFeatures features) => new(name, TriageModel.Reading, s => s, features);

    private static Ablation Teaches(string name, Func<TriageSeeds, TriageSeeds> change) => new(name, TriageModel.Reading, change);
}
