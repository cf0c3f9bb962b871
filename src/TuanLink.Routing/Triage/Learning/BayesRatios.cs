namespace TuanLink.Routing.Triage.Learning;

/// <summary>How strongly each feature speaks for or against one class, as the size of its log-count ratio. Scaling the
/// features by it before learning lets the few telling ones outweigh the many idle ones.</summary>
internal static class BayesRatios
{
    private const double Smoothing = 0.1, Least = 0.05;

    public static float[] Of(SparseRows rows, int[] chosen, Func<int, bool> positive, double power)
    {
        var inside = new float[rows.Width];
        var outside = new float[rows.Width];
        var positives = 0;
        foreach (var row in chosen)
        {
            var belongs = positive(row);
            if (belongs) positives++;
            var sums = belongs ? inside : outside;
            var columns = rows.Columns(row);
            var values = rows.Values(row);
            for (var j = 0; j < columns.Length; j++) sums[columns[j]] += values[j];
        }
        var insideTotal = positives + 2 * Smoothing;
        var outsideTotal = chosen.Length - positives + 2 * Smoothing;
        var ratios = new float[rows.Width];
        for (var j = 0; j < ratios.Length; j++)
        {
            var ratio = (inside[j] + Smoothing) / insideTotal / ((outside[j] + Smoothing) / outsideTotal);
            ratios[j] = (float)Raised(Math.Abs(Math.Log(ratio)) + Least, power);
        }
        return ratios;
    }

    // A hundred thousand features for each of two hundred problems: roots are ten times as quick as a power.
    private static double Raised(double value, double power) => power switch
    {
        1 => value,
        0.5 => Math.Sqrt(value),
        0.25 => Math.Sqrt(Math.Sqrt(value)),
        _ => Math.Pow(value, power),
    };
}
