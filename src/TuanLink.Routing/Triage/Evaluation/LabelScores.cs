using System.Globalization;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Precision, recall and F1 of each label, counted from pairs of truth and prediction.</summary>
public sealed class LabelScores
{
    private readonly Dictionary<string, (int Right, int Predicted, int True)> _counts = new(StringComparer.Ordinal);

    public int Count { get; private set; }
    public int Right { get; private set; }

    public void Add(string truth, string prediction)
    {
        Count++;
        Change(truth, 0, 0, 1);
        Change(prediction, 0, 1, 0);
        if (truth != prediction) return;
        Right++;
        Change(truth, 1, 0, 0);
    }

    /// <summary>All counts of several.</summary>
    public static LabelScores Together(IEnumerable<LabelScores> several)
    {
        var all = new LabelScores();
        foreach (var scores in several)
        {
            all.Count += scores.Count;
            all.Right += scores.Right;
            foreach (var (label, c) in scores._counts) all.Change(label, c.Right, c.Predicted, c.True);
        }
        return all;
    }

    /// <summary>Share of right predictions; NaN without any.</summary>
    public double Accuracy => Count == 0 ? double.NaN : (double)Right / Count;

    /// <summary>Mean F1 over the labels that occur in truth; NaN without any.</summary>
    public double MacroF1 => _counts.Any(c => c.Value.True > 0)
        ? _counts.Where(c => c.Value.True > 0).Average(c => F1(c.Value)) : double.NaN;

    public double Recall(string label) => _counts.TryGetValue(label, out var c) && c.True > 0 ? (double)c.Right / c.True : double.NaN;

    /// <summary>Writes a line a label and the means.</summary>
    public void Write(TextWriter output, string title)
    {
        output.WriteLine($"{title}\tprecision\trecall\tf1\tn");
        foreach (var (label, c) in _counts.OrderBy(c => c.Key, StringComparer.Ordinal))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{label}\t{Share(c.Right, c.Predicted):F4}\t{Share(c.Right, c.True):F4}\t{F1(c):F4}\t{c.True}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{title} macro-F1 {MacroF1:F4}, accuracy {Accuracy:F4}, n {Count}"));
    }

    private void Change(string label, int right, int predicted, int truth)
    {
        var c = _counts.GetValueOrDefault(label);
        _counts[label] = (c.Right + right, c.Predicted + predicted, c.True + truth);
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static double F1((int Right, int Predicted, int True) c) =>
        c.Predicted + c.True == 0 ? 0 : 2.0 * c.Right / (c.Predicted + c.True);
}
