namespace TuanLink.Routing.Triage.Learning;

/// <summary>Turns the scores of one head into probabilities that sum to 1: softmax(Slope · score + Shift), fitted on
/// scores the learner gave to texts it had not seen.</summary>
internal sealed record Calibration(float Slope, float[] Shift)
{
    public void Apply(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        var highest = float.NegativeInfinity;
        for (var c = 0; c < scores.Length; c++)
        {
            probabilities[c] = Slope * scores[c] + Shift[c];
            highest = MathF.Max(highest, probabilities[c]);
        }
        var sum = 0f;
        for (var c = 0; c < scores.Length; c++) sum += probabilities[c] = MathF.Exp(probabilities[c] - highest);
        for (var c = 0; c < scores.Length; c++) probabilities[c] /= sum;
    }

    /// <summary>Fits slope and shifts to the least log loss by plain gradient steps; shifts are held near 0.</summary>
    /// <param name="scores">Scores of unseen texts, <paramref name="answers"/> a text.</param>
    /// <param name="labels">The right answer of each text.</param>
    public static Calibration Fit(IReadOnlyList<float[]> scores, IReadOnlyList<int> labels, int answers, bool shifts = true)
    {
        var parameters = new double[answers + 1]; // shifts, then the slope
        parameters[answers] = 3;
        var mean = new double[answers + 1];
        var square = new double[answers + 1];
        var gradient = new double[answers + 1];
        var probabilities = new double[answers];
        const int steps = 150;
        for (var step = 1; step <= steps; step++)
        {
            Array.Clear(gradient);
            for (var i = 0; i < scores.Count; i++)
            {
                Softmax(scores[i], parameters, probabilities);
                for (var c = 0; c < answers; c++)
                {
                    var error = probabilities[c] - (labels[i] == c ? 1 : 0);
                    gradient[c] += error;
                    gradient[answers] += error * scores[i][c];
                }
            }
            for (var c = 0; c <= answers; c++)
            {   // Adam
                var g = gradient[c] / Math.Max(1, scores.Count) + (c < answers ? 0.002 * parameters[c] : 0);
                if (c < answers && !shifts) g = 0;
                mean[c] = 0.9 * mean[c] + 0.1 * g;
                square[c] = 0.99 * square[c] + 0.01 * g * g;
                var rate = 0.15 * (1 - (double)step / (steps + 1));
                parameters[c] -= rate * (mean[c] / (1 - Math.Pow(0.9, step))) /
                                 (Math.Sqrt(square[c] / (1 - Math.Pow(0.99, step))) + 1e-9);
            }
        }
        return new Calibration((float)parameters[answers], Array.ConvertAll(parameters[..answers], p => (float)p));
    }

    private static void Softmax(float[] scores, double[] parameters, double[] probabilities)
    {
        var highest = double.NegativeInfinity;
        for (var c = 0; c < scores.Length; c++)
            highest = Math.Max(highest, probabilities[c] = parameters[^1] * scores[c] + parameters[c]);
        var sum = 0.0;
        for (var c = 0; c < scores.Length; c++) sum += probabilities[c] = Math.Exp(probabilities[c] - highest);
        for (var c = 0; c < scores.Length; c++) probabilities[c] /= sum;
    }
}
