using System.Globalization;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Measures whether the graver stands above the less grave, on lines of label (high, low), tab, text, without a
/// header.</summary>
public static class EvaluateSeverity
{
    /// <returns>How often a high one ranks above a low one (area under the curve).</returns>
    /// <exception cref="MalformedFile">The file is missing or a line is wrong.</exception>
    public static double Run(Func<TriageInquiry> sorter, string path, TextWriter output, string? predictionsPath = null)
    {
        var rows = EvaluateTrainer.Read(path);
        foreach (var (index, row) in rows.Index())
            if (row.Label is not ("high" or "low")) throw new MalformedFile(path, index + 1, $"\"{row.Label}\" is none of high, low");
        if (rows.DistinctBy(r => r.Label).Count() < 2) throw new MalformedFile(path, 0, "texts of both high and low are needed");
        using var file = new PredictionsFile(predictionsPath);
        var triage = sorter();
        var read = rows.ConvertAll(row => (row.Label, Verdict: triage.Sort(row.Text, TriageContext.First)));
        foreach (var (index, (label, verdict)) in read.Index())
            file.Write($"{index + 1}", label, SeedCodes.Code(verdict.Risk), verdict.Severity);
        output.WriteLine("label\tn\tcrisis\tconcern\tnone");
        foreach (var group in read.GroupBy(r => r.Label).OrderBy(g => g.Key, StringComparer.Ordinal))
            output.WriteLine($"{group.Key}\t{group.Count()}\t{group.Count(r => r.Verdict.Risk == Risk.Crisis)}\t{group.Count(r => r.Verdict.Risk == Risk.Concern)}\t{group.Count(r => r.Verdict.Risk == Risk.None)}");
        var ranked = Confidence.RankedAbove(Severities("high"), Severities("low"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"high ranks over low (AUC) {ranked:F4}"));
        return ranked;

        double[] Severities(string label) => [.. read.Where(r => r.Label == label).Select(r => r.Verdict.Severity)];
    }
}
