using System.Diagnostics;
using System.Globalization;
using TuanLink.Routing.Triage.Learning;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Trains the same learner on any labelled texts and measures it on others: two files of label, tab, text, without
/// a header.</summary>
public static class EvaluateTrainer
{
    /// <summary>What is read from texts of any length: as for messages, but with the head of long texts, and only what
    /// occurs twice.</summary>
    internal static FeatureSettings Reading { get; } = new()
    {
        LongestGram = 3, LeastTexts = 3, HeadCharacters = 20, FoldDigits = true, BayesPower = 0.5,
    };

    // Between texts of the same writers, unlike for ours, a nearer approach gains a little.
    internal const double Cost = 3, Tolerance = 0.1;

    /// <summary>What was measured.</summary>
    public sealed record Result(LabelScores Scores, double TrainingSeconds, double MessagesPerSecond, long ModelBytes);

    /// <exception cref="MalformedFile">A file is missing or a line is wrong.</exception>
    public static Result Run(string trainPath, string testPath, TextWriter output, string? predictionsPath = null,
        Action<string>? progress = null)
    {
        var train = Read(trainPath);
        var test = Read(testPath);
        var labels = train.Select(r => r.Label).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (labels.Length < 2) throw new MalformedFile(trainPath, 0, "at least two labels are needed");
        progress?.Invoke($"learning {labels.Length} labels from {train.Count} texts");
        var clock = Stopwatch.StartNew();
        var model = Learn(train, labels);
        var seconds = clock.Elapsed.TotalSeconds;

        var scores = new LabelScores();
        using (var file = new PredictionsFile(predictionsPath))
        {
            for (var i = 0; i < test.Count; i++)
            {
                var (answer, probability) = Answer(model, test[i].Text);
                scores.Add(test[i].Label, labels[answer]);
                file.Write((i + 1).ToString(CultureInfo.InvariantCulture), test[i].Label, labels[answer], probability);
            }
        }
        var speed = EvaluateTopics.MeasureSpeed([.. test.Select(r => r.Text)], text => Answer(model, text));
        scores.Write(output, "label");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"training {seconds:F2} s, messages/s {speed:F0}, model {model.Size / 1e6:F1} MB, features {model.Vocabulary.Count}"));
        return new Result(scores, seconds, speed, model.Size);
    }

    internal static LinearModel Learn(IReadOnlyList<(string Label, string Text)> train, string[] labels)
    {
        var places = labels.Index().ToDictionary(l => l.Item, l => l.Index);
        var head = new Head("label", labels.Length, [.. train.Select(r => places[r.Label])], Cost);
        return LinearLearner.Learn([.. train.Select(r => r.Text)], [head], Reading, tolerance: Tolerance).Model;
    }

    internal static (int Answer, double Probability) Answer(LinearModel model, string text)
    {
        Span<float> scores = stackalloc float[model.Stride];
        model.Score(text, scores);
        var head = model.Heads[0];
        Span<float> probabilities = stackalloc float[head.Answers];
        LinearModel.Probabilities(head, scores, probabilities);
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++) if (probabilities[i] > probabilities[best]) best = i;
        return (best, probabilities[best]);
    }

    internal static List<(string Label, string Text)> Read(string path)
    {
        var rows = new List<(string, string)>();
        foreach (var (index, line) in TabbedFile.AllLines(path).Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab <= 0 || tab == line.Length - 1) throw new MalformedFile(path, index + 1, "a label, a tab and a text are needed");
            rows.Add((line[..tab].Trim(), line[(tab + 1)..]));
        }
        return rows.Count > 0 ? rows : throw new MalformedFile(path, 0, "the file holds no texts");
    }
}
