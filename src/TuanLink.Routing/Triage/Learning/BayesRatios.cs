namespace TuanLink.Routing.Triage.Learning;

/// <summary>How strongly each feature speaks for or against one class, as the size of its log-count ratio (Wang and Manning 2012). Scaling the
/// features by it before learning lets the few telling ones outweigh the many idle ones.</summary>
internal static class BayesRatios
{
    private const float Smoothing = 0.1f, Least = 0.05f;

    /// <summary>What some rows hold of each feature, with its logarithm: the same for every class that is told apart in them.</summary>
    public sealed record Whole(float[] Sums, float[] Logs, int Rows)
    {
        public static Whole Of(SparseRows rows, int[] chosen)
        {
            var sums = Sum(rows, chosen);
            return new Whole(sums, Array.ConvertAll(sums, s => MathF.Log(s + Smoothing)), chosen.Length);
        }
    }

    /// <summary>The square of each feature's scale.</summary>
    /// <param name="whole">All rows learned from.</param>
    /// <param name="inside">Those of the class.</param>
    /// <param name="power">The scale is the ratio to this power; 0 scales nothing.</param>
    public static float[] Squared(SparseRows rows, Whole whole, int[] inside, double power)
    {
        var ratios = Sum(rows, inside);
        var shift = MathF.Log(whole.Rows - inside.Length + 2 * Smoothing) - MathF.Log(inside.Length + 2 * Smoothing);
        var never = MathF.Log(Smoothing);
        for (var j = 0; j < ratios.Length; j++)
        {
            // Most features never occur in a class, and what they hold outside is then all there is.
            var log = ratios[j] == 0 ? never - whole.Logs[j]
                : MathF.Log(ratios[j] + Smoothing) - MathF.Log(Math.Max(0, whole.Sums[j] - ratios[j]) + Smoothing);
            ratios[j] = Raised(MathF.Abs(log + shift) + Least, 2 * power);
        }
        return ratios;
    }

    private static float[] Sum(SparseRows rows, int[] chosen)
    {
        var sums = new float[rows.Width];
        foreach (var row in chosen)
        {
            var columns = rows.Columns(row);
            var values = rows.Values(row)[..columns.Length];
            for (var j = 0; j < columns.Length; j++) sums[columns[j]] += values[j];
        }
        return sums;
    }

    // A quarter of a million features for each of two hundred problems: roots are ten times as quick as a power.
    private static float Raised(float value, double power) => power switch
    {
        0 => 1,
        0.5 => MathF.Sqrt(value),
        1 => value,
        2 => value * value,
        _ => MathF.Pow(value, (float)power),
    };
}
