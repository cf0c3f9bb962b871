namespace TuanLink.Routing.Triage.Learning;

/// <summary>Turns the scores of one head into probabilities that sum to 1, fitted on scores the learner gave to texts it had
/// not seen: softmax(Slope · score + Shift), of which the share Doubt is given to all answers alike, because even the
/// plainest text may be labelled otherwise.</summary>
internal sealed record Calibration(float Slope, float[] Shift, float Doubt = 0)
{
    private const int Steps = 200;

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
        var scale = (1 - Doubt) / sum;
        for (var c = 0; c < scores.Length; c++) probabilities[c] = probabilities[c] * scale + Doubt / scores.Length;
    }

    /// <summary>Fits slope, shifts and doubt to the least log loss by plain gradient steps; shifts are held near 0.</summary>
    /// <param name="scores">Scores of unseen texts, <paramref name="answers"/> a text.</param>
    /// <param name="labels">The right answer of each text.</param>
    /// <param name="answers">How many answers the head has.</param>
    /// <param name="shifts">Shifts to keep; only slope and doubt are fitted then, for which a few hundred texts suffice.</param>
    public static Calibration Fit(IReadOnlyList<float[]> scores, IReadOnlyList<int> labels, int answers, float[]? shifts = null)
    {
        // shifts, then the slope, then the doubt's logit
        var parameters = new double[answers + 2];
        for (var c = 0; c < shifts?.Length; c++) parameters[c] = shifts[c];
        (parameters[answers], parameters[answers + 1]) = (3, -3);
        var mean = new double[answers + 2];
        var square = new double[answers + 2];
        var gradient = new double[answers + 2];
        var probabilities = new double[answers];
        for (var step = 1; step <= Steps; step++)
        {
            Array.Clear(gradient);
            var doubt = 1 / (1 + Math.Exp(-parameters[answers + 1]));
            for (var i = 0; i < scores.Count; i++)
            {
                Softmax(scores[i], parameters, probabilities);
                var sure = probabilities[labels[i]];
                var stated = (1 - doubt) * sure + doubt / answers;
                var share = (1 - doubt) * sure / stated;
                for (var c = 0; c < answers; c++)
                {
                    var error = share * (probabilities[c] - (labels[i] == c ? 1 : 0));
                    gradient[c] += error;
                    gradient[answers] += error * scores[i][c];
                }
                gradient[answers + 1] -= (1.0 / answers - sure) / stated * doubt * (1 - doubt);
            }
            for (var c = shifts is null ? 0 : answers; c < parameters.Length; c++)
            {   // Adam
                var g = gradient[c] / Math.Max(1, scores.Count) + (c < answers ? 0.002 * parameters[c] : 0);
                mean[c] = 0.9 * mean[c] + 0.1 * g;
                square[c] = 0.99 * square[c] + 0.01 * g * g;
                var rate = 0.15 * (1 - (double)step / (Steps + 1));
                parameters[c] -= rate * (mean[c] / (1 - Math.Pow(0.9, step))) /
                                 (Math.Sqrt(square[c] / (1 - Math.Pow(0.99, step))) + 1e-9);
            }
        }
        return new Calibration((float)parameters[answers], Array.ConvertAll(parameters[..answers], p => (float)p),
            (float)(1 / (1 + Math.Exp(-parameters[answers + 1]))));
    }

    private static void Softmax(float[] scores, double[] parameters, double[] probabilities)
    {
        var answers = probabilities.Length;
        var highest = double.NegativeInfinity;
        for (var c = 0; c < answers; c++)
            highest = Math.Max(highest, probabilities[c] = parameters[answers] * scores[c] + parameters[c]);
        var sum = 0.0;
        for (var c = 0; c < answers; c++) sum += probabilities[c] = Math.Exp(probabilities[c] - highest);
        for (var c = 0; c < answers; c++) probabilities[c] /= sum;
    }
}
