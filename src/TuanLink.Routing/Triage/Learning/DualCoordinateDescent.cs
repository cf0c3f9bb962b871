namespace TuanLink.Routing.Triage.Learning;

/// <summary>Learns one linear separator (L2-regularised squared hinge loss) by dual coordinate descent, the method of
/// Hsieh et al. (2008). Same rows, same order, same result: the shuffles are seeded.</summary>
internal static class DualCoordinateDescent
{
    private const int MostEpochs = 60;

    /// <summary>How far from the best the last steps may be. On texts of other writers a nearer approach gains nothing (docs/sorting.md).</summary>
    public const double Tolerance = 1;

    /// <summary>Learns weights (and, last, the bias) that separate the positive rows from the others.</summary>
    /// <param name="rows">All texts.</param>
    /// <param name="chosen">The rows to learn from.</param>
    /// <param name="positive">For each row of <paramref name="rows"/>, whether it belongs to the class.</param>
    /// <param name="squares">The squared scale of each column. The rows are never scaled: weights are kept as they apply to unscaled rows,
    /// and a step moves them by the square.</param>
    /// <param name="cost">Penalty of an error on a row.</param>
    /// <param name="tolerance">See <see cref="Tolerance"/>.</param>
    public static float[] Learn(SparseRows rows, int[] chosen, Func<int, bool> positive, float[] squares, Func<int, double> cost, double tolerance = Tolerance)
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
        }
        var order = new int[chosen.Length];
        for (var k = 0; k < order.Length; k++) order[k] = k;
        var shuffle = new Shuffle(20_140_304);
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
                var gradient = signs[k] * Score(weights, columns, values) - 1 + alpha[k] * diagonal[k];
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
                if (lengths[k] == 0) lengths[k] = 1 + SquaredLength(columns, values, squares) + diagonal[k];
                var before = alpha[k];
                alpha[k] = Math.Max(before - gradient / lengths[k], 0);
                Add(weights, columns, values, squares, (float)((alpha[k] - before) * signs[k]));
            }
            if (highest - lowest <= tolerance)
            {
                if (active == order.Length) break;
                active = order.Length;
                ceiling = double.PositiveInfinity;
                continue;
            }
            ceiling = highest <= 0 ? double.PositiveInfinity : highest;
        }
        return weights;
    }

    /// <summary>The score of one row.</summary>
    public static float ScoreOf(SparseRows rows, int row, float[] weights) =>
        Score(weights, rows.Columns(row), rows.Values(row));

    private static double SquaredLength(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float[] squares)
    {
        values = values[..columns.Length];
        var sum = 0.0;
        for (var j = 0; j < columns.Length; j++) sum += values[j] * values[j] * squares[columns[j]];
        return sum;
    }

    // Four sums side by side, in an order of their own on every machine: one waits for its last addition, four do not.
    private static float Score(float[] weights, ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
    {
        values = values[..columns.Length];
        float first = weights[^1], second = 0, third = 0, fourth = 0;
        var j = 0;
        for (; j + 3 < columns.Length; j += 4)
        {
            first += weights[columns[j]] * values[j];
            second += weights[columns[j + 1]] * values[j + 1];
            third += weights[columns[j + 2]] * values[j + 2];
            fourth += weights[columns[j + 3]] * values[j + 3];
        }
        for (; j < columns.Length; j++) first += weights[columns[j]] * values[j];
        return first + second + (third + fourth);
    }

    private static void Add(float[] weights, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float[] squares, float step)
    {
        values = values[..columns.Length];
        weights[^1] += step;
        for (var j = 0; j < columns.Length; j++) weights[columns[j]] += step * values[j] * squares[columns[j]];
    }

    // xorshift64* (Vigna 2016): millions of draws, each a few instructions, the same everywhere.
    private struct Shuffle(ulong seed)
    {
        private ulong _state = seed;

        public int Next(int from, int until)
        {
            _state ^= _state >> 12;
            _state ^= _state << 25;
            _state ^= _state >> 27;
            return from + (int)(((_state * 0x2545F4914F6CDD1D >> 32) * (ulong)(until - from)) >> 32);
        }
    }
}
