using System.Globalization;

namespace TuanLink.Routing.Triage.Evaluation;

/// <summary>Whether probabilities can be trusted: accuracy of the most confident part, and calibration error.</summary>
public static class Confidence
{
    private const int Bins = 10;

    /// <summary>Accuracy of the most confident <paramref name="coverage"/> (0..1] of the predictions; NaN without any.</summary>
    public static double AccuracyAt(IReadOnlyList<(double Probability, bool Right)> predictions, double coverage)
    {
        var kept = predictions.OrderByDescending(p => p.Probability)
            .Take((int)Math.Round(predictions.Count * coverage, MidpointRounding.AwayFromZero)).ToArray();
        return kept.Length == 0 ? double.NaN : kept.Average(p => p.Right ? 1.0 : 0);
    }

    /// <summary>Expected calibration error over ten equal bins: the mean distance of stated probability and accuracy.</summary>
    public static double CalibrationError(IReadOnlyList<(double Probability, bool Right)> predictions) =>
        predictions.Count == 0 ? double.NaN : predictions
            .GroupBy(p => Math.Min(Bins - 1, (int)(p.Probability * Bins)))
            .Sum(b => Math.Abs(b.Average(p => p.Probability) - b.Average(p => p.Right ? 1.0 : 0)) * b.Count()) / predictions.Count;

    /// <summary>How often one of <paramref name="high"/> stands above one of <paramref name="low"/> (area under the curve), ties
    /// counting half; NaN when either is empty.</summary>
    public static double RankedAbove(IReadOnlyList<double> high, IReadOnlyList<double> low)
    {
        if (high.Count == 0 || low.Count == 0) return double.NaN;
        var sorted = low.Order().ToArray();
        var above = 0.0;
        foreach (var value in high)
        {
            var (below, notAbove) = (CountBelow(sorted, value, false), CountBelow(sorted, value, true));
            above += below + (notAbove - below) / 2.0;
        }
        return above / high.Count / low.Count;
    }

    private static int CountBelow(double[] sorted, double value, bool orEqual)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || (orEqual && sorted[middle] <= value)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Writes accuracy by coverage, share and accuracy by threshold, and the calibration error.</summary>
    public static void Write(TextWriter output, IReadOnlyList<(double Probability, bool Right)> predictions)
    {
        output.WriteLine("coverage\taccuracy");
        foreach (var coverage in (double[])[1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5])
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{coverage:F2}\t{AccuracyAt(predictions, coverage):F4}"));
        output.WriteLine("threshold\tshare_kept\taccuracy_kept");
        foreach (var threshold in (double[])[0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
        {
            var kept = predictions.Where(p => p.Probability >= threshold).ToArray();
            var accuracy = kept.Length == 0 ? double.NaN : kept.Average(p => p.Right ? 1.0 : 0);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{threshold:F2}\t{(double)kept.Length / Math.Max(1, predictions.Count):F4}\t{accuracy:F4}"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"expected calibration error {CalibrationError(predictions):F4}"));
    }
}
