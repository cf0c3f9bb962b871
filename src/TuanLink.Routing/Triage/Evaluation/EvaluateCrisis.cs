using System.Globalization;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Triage.Seeds;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Measures the danger screen on a TSV with the columns label (crisis, concern, none) and text, optionally id and
/// type (of danger, or of what only sounds so).</summary>
public static class EvaluateCrisis
{
    /// <summary>How many texts of a label (or of a type of it) there were and how they were read.</summary>
    public sealed record Row(string Label, string Type, int Count, int Crisis, int CrisisOrConcern)
    {
        public double CrisisShare => Count == 0 ? double.NaN : (double)Crisis / Count;
        public double AlarmShare => Count == 0 ? double.NaN : (double)CrisisOrConcern / Count;
    }

    /// <returns>A row per label (type empty) and one per label and type.</returns>
    /// <exception cref="MalformedFile">The file is missing or a line is wrong.</exception>
    public static IReadOnlyList<Row> Run(Func<TriageInquiry> sorter, string path, TextWriter output,
        string? predictionsPath = null, Action<string>? progress = null)
    {
        var read = new List<(string Label, string Type, Risk Risk)>();
        var lines = TabbedFile.ReadPlain(path, "label", "text", "type?", "id?")
            .Select(line => (Line: line, Label: SeedCodes.Code(SeedCodes.Read<Risk>(line, line.Values[0])))).ToList();
        if (lines.Count == 0) throw new MalformedFile(path, 0, "the file holds no texts");
        using (var file = new PredictionsFile(predictionsPath))
        {
            progress?.Invoke("learning from the seeds");
            var triage = sorter();
            foreach (var (index, (line, label)) in lines.Index())
            {
                if (index % 1000 == 0) progress?.Invoke($"{index} of {lines.Count}");
                var verdict = triage.Sort(line.Values[1], TriageContext.First);
                read.Add((label, line.Values[2].Trim(), verdict.Risk));
                var id = line.Values[3].Length > 0 ? line.Values[3] : line.Number.ToString(CultureInfo.InvariantCulture);
                file.Write(id, label, SeedCodes.Code(verdict.Risk), verdict.Severity);
            }
        }
        var rows = read.GroupBy(r => r.Label).OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => g.GroupBy(r => r.Type).Where(t => t.Key.Length > 0).OrderBy(t => t.Key, StringComparer.Ordinal)
                .Select(t => RowOf(g.Key, t.Key, [.. t.Select(r => r.Risk)])).Prepend(RowOf(g.Key, "", [.. g.Select(r => r.Risk)])))
            .ToList();
        output.WriteLine("label\ttype\tn\tas_crisis\tas_crisis_or_concern");
        foreach (var row in rows)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Label}\t{(row.Type.Length == 0 ? "(all)" : row.Type)}\t{row.Count}\t{row.CrisisShare:F4}\t{row.AlarmShare:F4}"));
        return rows;
    }

    private static Row RowOf(string label, string type, Risk[] risks) =>
        new(label, type, risks.Length, risks.Count(r => r == Risk.Crisis), risks.Count(r => r != Risk.None));
}
