using System.Runtime.Intrinsics;

namespace TuanLink.Routing.Triage.Acts;

/// <summary>Multinomial logistic regression over a <see cref="TurnReader"/>'s row: how likely each <see cref="TurnAct"/> is, its
/// words and its place in the conversation taken together.</summary>
/// <param name="weights">A line of <see cref="Lanes"/> weights per feature.</param>
internal sealed class TurnWeights(float[] weights)
{
    // Nine answers, padded to one vector; sums never cross lanes, so every machine comes to the same.
    public const int Lanes = 16;

    private const int Steps = 250;
    private const float Rate = 0.15f, Decay = 0.0003f;

    public float[] Weights => weights;

    /// <summary>Writes the probability of every act (0..1, together 1).</summary>
    public void Probabilities(ReadOnlySpan<float> row, Span<float> acts)
    {
        var sums = Vector512<float>.Zero;
        for (var f = 0; f < row.Length; f++)
            if (row[f] is not 0 and var value) sums += Line(weights, f) * value;
        Softmax(sums, acts);
    }

    /// <summary>Learns from rows by full-batch Adam steps: no chance, no order.</summary>
    /// <param name="rows">One a message.</param>
    /// <param name="acts">What each message does.</param>
    /// <param name="shares">How much each counts.</param>
    public static TurnWeights Learn(IReadOnlyList<float[]> rows, IReadOnlyList<TurnAct> acts, IReadOnlyList<float> shares)
    {
        var width = TurnReader.Width;
        var learned = new TurnWeights(new float[width * Lanes]);
        var (gradient, mean, square) = (new float[width * Lanes], new float[width * Lanes], new float[width * Lanes]);
        var told = rows.Select(row => Enumerable.Range(0, width).Where(f => row[f] != 0).ToArray()).ToArray();
        var total = Math.Max(1, shares.Sum());
        for (var step = 1; step <= Steps && rows.Count > 0; step++)
        {
            Array.Clear(gradient);
            for (var i = 0; i < rows.Count; i++) AddGradient(learned.Weights, rows[i], told[i], (int)acts[i], shares[i] / total, gradient);
            var rate = (float)(Rate * (1 - (double)step / (Steps + 1)));
            Step(learned.Weights, gradient, mean, square, rate, 1 - MathF.Pow(0.9f, step), 1 - MathF.Pow(0.99f, step));
        }
        return learned;
    }

    private static void AddGradient(float[] weights, float[] row, int[] told, int act, float share, float[] gradient)
    {
        var sums = Vector512<float>.Zero;
        foreach (var f in told) sums += Line(weights, f) * row[f];
        Span<float> errors = stackalloc float[Lanes];
        errors.Clear();
        Softmax(sums, errors[..TurnActs.Count]);
        errors[act] -= 1;
        var shared = Vector512.Create<float>(errors) * share;
        foreach (var f in told) (Line(gradient, f) + shared * row[f]).CopyTo(gradient, f * Lanes);
    }

    // Adam
    private static void Step(float[] weights, float[] gradient, float[] mean, float[] square, float rate, float meanScale, float squareScale)
    {
        for (var w = 0; w < gradient.Length; w++)
        {
            var g = gradient[w] + Decay * weights[w];
            mean[w] = 0.9f * mean[w] + 0.1f * g;
            square[w] = 0.99f * square[w] + 0.01f * g * g;
            weights[w] -= rate * (mean[w] / meanScale) / (MathF.Sqrt(square[w] / squareScale) + 1e-7f);
        }
    }

    private static Vector512<float> Line(float[] lines, int feature) => Vector512.Create(lines, feature * Lanes);

    private static void Softmax(Vector512<float> sums, Span<float> probabilities)
    {
        var highest = sums[0];
        for (var c = 1; c < probabilities.Length; c++) highest = MathF.Max(highest, sums[c]);
        var total = 0f;
        for (var c = 0; c < probabilities.Length; c++) total += probabilities[c] = MathF.Exp(sums[c] - highest);
        for (var c = 0; c < probabilities.Length; c++) probabilities[c] /= total;
    }
}
