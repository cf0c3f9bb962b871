using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TuanLink.Routing.Triage.Danger;

/// <summary>Weighs everything known about a text's danger (<see cref="DangerFeatures"/>) into the probabilities of none, concern
/// and crisis: logistic weights, one row per <see cref="Inquiries.Risk"/>.</summary>
internal sealed class DangerWeights(float[] weights, float gate)
{
    public const int Answers = 3;

    /// <summary>A gate that lets every text through.</summary>
    public const float NoGate = float.NegativeInfinity;

    private const int Steps = 60;
    private const float Rate = 0.18f, Decay = 0.0005f;

    /// <summary>A described text: its features, its level (a <see cref="Inquiries.Risk"/>), how much it counts, and the most danger
    /// learned of it (<see cref="DangerFeatures.Margin"/>).</summary>
    public sealed record Row(float[] Features, int Level, float Weight, float Margin);

    public float[] Weights => weights;

    /// <summary>Texts of which less danger than this was learned are not weighed: they are harmless.</summary>
    public float Gate => gate;

    /// <summary>Probabilities (they sum to 1) of the three levels.</summary>
    public void Apply(ReadOnlySpan<float> features, Span<double> probabilities)
    {
        var highest = double.NegativeInfinity;
        for (var a = 0; a < Answers; a++)
            highest = Math.Max(highest, probabilities[a] = Product(weights.AsSpan(a * features.Length, features.Length), features));
        var total = 0.0;
        for (var a = 0; a < Answers; a++) total += probabilities[a] = Math.Exp(probabilities[a] - highest);
        for (var a = 0; a < Answers; a++) probabilities[a] /= total;
    }

    /// <summary>Learns from described texts whose scores came from a part of the learner that had not seen them. Each level
    /// weighs the same in all, however many texts it has.</summary>
    public static DangerWeights Learn(IReadOnlyList<Row> rows, float gate)
    {
        var learned = new DangerWeights(new float[Answers * DangerFeatures.Count], gate);
        var weights = learned.Weights;
        var totals = new double[Answers];
        foreach (var row in rows) totals[row.Level] += row.Weight;
        float[] gradient = new float[weights.Length], mean = new float[weights.Length], square = new float[weights.Length];
        Span<double> probabilities = stackalloc double[Answers];
        for (var step = 1; step <= Steps && rows.Count > 0; step++)
        {
            Array.Clear(gradient);
            foreach (var row in rows)
            {
                learned.Apply(row.Features, probabilities);
                var share = row.Weight / (Answers * totals[row.Level]);
                for (var a = 0; a < Answers; a++)
                    Add(gradient.AsSpan(a * DangerFeatures.Count, DangerFeatures.Count), row.Features,
                        (float)(share * (probabilities[a] - (row.Level == a ? 1 : 0))));
            }
            var rate = Rate * (1 - (float)step / (Steps + 1));
            for (var w = 0; w < weights.Length; w++)
            {   // Adam
                var g = gradient[w] + Decay * weights[w];
                mean[w] = 0.9f * mean[w] + 0.1f * g;
                square[w] = 0.99f * square[w] + 0.01f * g * g;
                weights[w] -= rate * (mean[w] / (1 - MathF.Pow(0.9f, step))) / (MathF.Sqrt(square[w] / (1 - MathF.Pow(0.99f, step))) + 1e-9f);
            }
        }
        return learned;
    }

    // Eight lanes on every machine, so that the same sums come out in the same order everywhere.
    private static float Product(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var left = MemoryMarshal.Cast<float, Vector256<float>>(first);
        var right = MemoryMarshal.Cast<float, Vector256<float>>(second);
        var sums = Vector256<float>.Zero;
        for (var i = 0; i < left.Length; i++) sums += left[i] * right[i];
        var sum = Vector256.Sum(sums);
        for (var i = 8 * left.Length; i < first.Length; i++) sum += first[i] * second[i];
        return sum;
    }

    private static void Add(Span<float> sums, ReadOnlySpan<float> values, float factor)
    {
        var into = MemoryMarshal.Cast<float, Vector256<float>>(sums);
        var from = MemoryMarshal.Cast<float, Vector256<float>>(values);
        for (var i = 0; i < into.Length; i++) into[i] += from[i] * factor;
        for (var i = 8 * into.Length; i < sums.Length; i++) sums[i] += values[i] * factor;
    }
}
