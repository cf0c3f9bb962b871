using System.Diagnostics;
using System.Globalization;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Measures topic, kind and urgency on labelled messages: a TSV with the header id, topic, kind, urgency, text.</summary>
public static class EvaluateTopics
{
    /// <summary>What was measured.</summary>
    public sealed record Result(LabelScores Topics, LabelScores Kinds, LabelScores Urgencies,
        IReadOnlyList<(double Probability, bool Right)> TopicPredictions, double MessagesPerSecond)
    {
        public double AccuracyOfMostConfident(double coverage) => Confidence.AccuracyAt(TopicPredictions, coverage);
        public double CalibrationError => Confidence.CalibrationError(TopicPredictions);
    }

    /// <param name="sorter">Gives the sorter; asked only once the file has been read and found right.</param>
    /// <param name="path">The labelled messages.</param>
    /// <param name="output">Where the figures go.</param>
    /// <param name="predictionsPath">A file for every single prediction, or null.</param>
    /// <param name="progress">Told how far it is; null for silence.</param>
    /// <param name="speed">Whether messages a second are measured too.</param>
    /// <exception cref="MalformedFile">The file is missing or a line is wrong.</exception>
    public static Result Run(Func<TriageInquiry> sorter, string path, TextWriter output, string? predictionsPath = null,
        Action<string>? progress = null, bool speed = true)
    {
        var rows = Read(path);
        var result = new Result(new(), new(), new(), [], 0);
        var predictions = new List<(double, bool)>();
        TriageInquiry triage;
        using (var file = new PredictionsFile(predictionsPath, "kind_prediction", "urgency_prediction"))
        {
            progress?.Invoke("learning from the seeds");
            triage = sorter();
            foreach (var (index, (id, topic, kind, urgency, text)) in rows.Index())
            {
                if (index % 1000 == 0) progress?.Invoke($"{index} of {rows.Count}");
                var verdict = triage.Sort(text, TriageContext.First);
                var guess = SeedCodes.Code(verdict.Topic);
                var kindGuess = SeedCodes.Code(verdict.Kind);
                var urgencyGuess = SeedCodes.Code(verdict.Urgency);
                result.Topics.Add(topic, guess);
                result.Kinds.Add(kind, kindGuess);
                result.Urgencies.Add(urgency, urgencyGuess);
                predictions.Add((verdict.TopicProbability, topic == guess));
                file.Write(id, topic, guess, verdict.TopicProbability, kindGuess, urgencyGuess);
            }
        }
        result = result with
        {
            TopicPredictions = predictions,
            MessagesPerSecond = !speed ? double.NaN : MeasureSpeed([.. rows.Select(r => r.Text)], text => triage.Sort(text, TriageContext.First)),
        };
        result.Topics.Write(output, "topic");
        result.Kinds.Write(output, "kind");
        result.Urgencies.Write(output, "urgency");
        Confidence.Write(output, predictions);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"messages/s {result.MessagesPerSecond:F0}"));
        return result;
    }

    /// <summary>Messages a second over at least half a second, on up to two threads, one message at a time each.</summary>
    internal static double MeasureSpeed<T>(IReadOnlyList<string> texts, Func<string, T> sort)
    {
        if (texts.Count == 0) return double.NaN;
        foreach (var text in texts.Take(2000)) sort(text);
        var clock = Stopwatch.StartNew();
        long done = 0;
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(2, Environment.ProcessorCount) }, thread =>
        {
            long own = 0;
            for (var i = thread; clock.ElapsedMilliseconds < 500; i += 2, own++) sort(texts[i % texts.Count]);
            Interlocked.Add(ref done, own);
        });
        return done / clock.Elapsed.TotalSeconds;
    }

    private static List<(string Id, string Topic, string Kind, string Urgency, string Text)> Read(string path)
    {
        var rows = new List<(string, string, string, string, string)>();
        foreach (var line in TabbedFile.ReadPlain(path, "id", "topic", "kind", "urgency", "text"))
        {
            rows.Add((line.Values[0], SeedCodes.Code(SeedCodes.Read<Topic>(line, line.Values[1])),
                SeedCodes.Code(SeedCodes.Read<InquiryKind>(line, line.Values[2])),
                SeedCodes.Code(SeedCodes.Read<Urgency>(line, line.Values[3])), line.Values[4]));
        }
        return rows.Count > 0 ? rows : throw new MalformedFile(path, 0, "the file holds no messages");
    }
}
