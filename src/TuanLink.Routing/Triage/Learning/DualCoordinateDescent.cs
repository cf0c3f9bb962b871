namespace TuanLink.Routing.Triage.Learning;

/// <summary>Learns one linear separator (L2-regularised squared hinge loss) by dual coordinate descent, the method of
/// Hsieh et al. (2008). Same rows, same order, same result: the shuffles are seeded.</summary>
internal static class DualCoordinateDescent
{
    private const int MostEpochs = 60;
    private const double Tolerance = 0.1;

    /// <summary>Learns weights (and, last, the bias) that separate the positive rows from the others.</summary>
    /// <param name="rows">All texts.</param>
    /// <param name="chosen">The rows to learn from.</param>
    /// <param name="positive">For each row of <paramref name="rows"/>, whether it belongs to the class.</param>
    /// <param name="scale">A factor per column (naive Bayes ratios), or null for 1.</param>
    /// <param name="cost">Penalty of an error on a row.</param>
    /// <returns>Weights to be applied to the unscaled rows; the last is the bias.</returns>
    public static float[] Learn(SparseRows rows, int[] chosen, Func<int, bool> positive, float[]? scale, Func<int, double> cost)
    {
        var weights = new float[rows.Width + 1];
        var alpha = new double[chosen.Length];
        var signs = new sbyte[chosen.Length];
        var diagonal = new double[chosen.Length];
        var lengths = new double[chosen.Length];
        for (var k = 0; k < chosen.Length; k++)
        {
            signs[k] = positive(chosen[k]) ? (sbyte)1 : (sbyte)-1;
            diagonal[k] = 0.5 / cost(chosen[k]);
            lengths[k] = 1 + SquaredLength(rows, chosen[k], scale) + diagonal[k];
        }
        var order = new int[chosen.Length];
        for (var k = 0; k < order.Length; k++) order[k] = k;
        var shuffle = new Random(20_140_304);
        var active = order.Length;
        var ceiling = double.PositiveInfinity;
        for (var epoch = 0; epoch < MostEpochs; epoch++)
        {
            double highest = double.NegativeInfinity, lowest = double.PositiveInfinity;
            for (var s = 0; s < active; s++)
            {
                var other = shuffle.Next(s, active);
                (order[s], order[other]) = (order[other], order[s]);
            }
            for (var s = 0; s < active; s++)
            {
                var k = order[s];
                var columns = rows.Columns(chosen[k]);
                var values = rows.Values(chosen[k]);
                var gradient = signs[k] * Score(weights, columns, values, scale) - 1 + alpha[k] * diagonal[k];
                var projected = gradient;
                if (alpha[k] == 0)
                {
                    if (gradient > ceiling)
                    {   // far on the right side: put aside until the end
                        active--;
                        (order[s], order[active]) = (order[active], order[s]);
                        s--;
                        continue;
                    }
                    if (gradient > 0) projected = 0;
                }
                highest = Math.Max(highest, projected);
                lowest = Math.Min(lowest, projected);
                if (Math.Abs(projected) < 1e-12) continue;
                var before = alpha[k];
                alpha[k] = Math.Max(before - gradient / lengths[k], 0);
                Add(weights, columns, values, scale, (float)((alpha[k] - before) * signs[k]));
            }
            if (highest - lowest <= Tolerance)
            {
                if (active == order.Length) break;
                active = order.Length;
                ceiling = double.PositiveInfinity;
                continue;
            }
            ceiling = highest <= 0 ? double.PositiveInfinity : highest;
        }
        if (scale is not null)
            for (var j = 0; j < rows.Width; j++) weights[j] *= scale[j];
        return weights;
    }

    /// <summary>The score of one row.</summary>
    public static float ScoreOf(SparseRows rows, int row, float[] weights) =>
        Score(weights, rows.Columns(row), rows.Values(row), null);

    private static double SquaredLength(SparseRows rows, int row, float[]? scale)
    {
        var columns = rows.Columns(row);
        var values = rows.Values(row);
        var sum = 0.0;
        for (var j = 0; j < columns.Length; j++)
        {
            var v = scale is null ? values[j] : values[j] * scale[columns[j]];
            sum += v * v;
        }
        return sum;
    }

    private static float Score(float[] weights, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float[]? scale)
    {
        var sum = weights[^1];
        if (scale is null)
            for (var j = 0; j < columns.Length; j++) sum += weights[columns[j]] * values[j];
        else
            for (var j = 0; j < columns.Length; j++) sum += weights[columns[j]] * values[j] * scale[columns[j]];
        return sum;
    }

    private static void Add(float[] weights, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float[]? scale, float step)
    {
        weights[^1] += step;
        if (scale is null)
            for (var j = 0; j < columns.Length; j++) weights[columns[j]] += step * values[j];
        else
            for (var j = 0; j < columns.Length; j++) weights[columns[j]] += step * values[j] * scale[columns[j]];
    }
}
